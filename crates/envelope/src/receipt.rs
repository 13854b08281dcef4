//! The relay's promise to list a letter. (protocol §4.2)

use crate::keys::{RelayKey, RelaySecret, SIGNATURE_BYTES};
use crate::{Epoch, Leaf, MailboxId, labels};

/// Length of a receipt.
pub const RECEIPT_BYTES: usize = 1 + 32 + 8 + SIGNATURE_BYTES;

/// Says that a letter is stored and synced, and which epoch will list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    leaf: Leaf,
    epoch: Epoch,
    signature: [u8; SIGNATURE_BYTES],
}

/// Why a receipt proves nothing. Post the same bytes again, or to another address of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiptRefused {
    /// Not a receipt at all.
    Malformed,
    /// For another letter.
    OtherLetter,
    /// Not signed by the relay of the notice.
    Unsigned,
}

impl Receipt {
    /// Signs for a letter that has been stored and synced; never earlier.
    #[must_use]
    pub fn sign(leaf: Leaf, epoch: Epoch, mailbox: &MailboxId, relay: &RelaySecret) -> Self {
        Self {
            leaf,
            epoch,
            signature: relay.sign(&signed_bytes(leaf, epoch, mailbox)),
        }
    }

    /// As sent.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; RECEIPT_BYTES] {
        let mut out = [0; RECEIPT_BYTES];
        let parts = [1]
            .into_iter()
            .chain(self.leaf.0)
            .chain(self.epoch.0.to_be_bytes());
        for (to, from) in out.iter_mut().zip(parts.chain(self.signature)) {
            *to = from;
        }
        out
    }

    /// Reads a receipt for the letter that was posted.
    ///
    /// # Errors
    /// [`ReceiptRefused`]; the letter then counts as not sent.
    pub fn verify(
        bytes: &[u8],
        posted: Leaf,
        mailbox: &MailboxId,
        relay: &RelayKey,
    ) -> Result<Self, ReceiptRefused> {
        let whole: &[u8; RECEIPT_BYTES] =
            bytes.try_into().map_err(|_| ReceiptRefused::Malformed)?;
        let (version, rest) = whole.split_first().ok_or(ReceiptRefused::Malformed)?;
        let (leaf, rest) = rest
            .split_first_chunk::<32>()
            .ok_or(ReceiptRefused::Malformed)?;
        let (epoch, signature) = rest
            .split_first_chunk::<8>()
            .ok_or(ReceiptRefused::Malformed)?;
        if *version != 1 {
            return Err(ReceiptRefused::Malformed);
        }
        let (leaf, epoch) = (Leaf(*leaf), Epoch(u64::from_be_bytes(*epoch)));
        if leaf != posted {
            return Err(ReceiptRefused::OtherLetter);
        }
        relay
            .verify(&signed_bytes(leaf, epoch, mailbox), signature)
            .map_err(|_| ReceiptRefused::Unsigned)?;
        let signature = signature
            .try_into()
            .map_err(|_| ReceiptRefused::Malformed)?;
        Ok(Self {
            leaf,
            epoch,
            signature,
        })
    }

    /// The letter it is for.
    #[must_use]
    pub fn leaf(&self) -> Leaf {
        self.leaf
    }

    /// The epoch that must list it.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }
}

fn signed_bytes(leaf: Leaf, epoch: Epoch, mailbox: &MailboxId) -> Vec<u8> {
    [
        labels::RECEIPT.as_bytes(),
        &mailbox.0,
        &leaf.0,
        &epoch.0.to_be_bytes(),
    ]
    .concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_holds_for_its_letter_its_office_and_its_relay_alone() {
        let (relay, mailbox) = (RelaySecret::from_seed(&[1; 32]), MailboxId([2; 16]));
        let leaf = Leaf([3; 32]);
        let bytes = Receipt::sign(leaf, Epoch(4), &mailbox, &relay).to_bytes();
        assert_eq!(
            Receipt::verify(&bytes, leaf, &mailbox, &relay.public())
                .unwrap()
                .epoch(),
            Epoch(4)
        );

        let other = |leaf, mailbox, key: RelayKey| Receipt::verify(&bytes, leaf, mailbox, &key);
        assert_eq!(
            other(Leaf([9; 32]), &mailbox, relay.public()),
            Err(ReceiptRefused::OtherLetter)
        );
        assert_eq!(
            other(leaf, &MailboxId([9; 16]), relay.public()),
            Err(ReceiptRefused::Unsigned)
        );
        let stranger = RelaySecret::from_seed(&[9; 32]).public();
        assert_eq!(
            other(leaf, &mailbox, stranger),
            Err(ReceiptRefused::Unsigned)
        );
        for at in 0..RECEIPT_BYTES {
            let mut bent = bytes;
            *bent.get_mut(at).unwrap() ^= 1;
            assert!(
                Receipt::verify(&bent, leaf, &mailbox, &relay.public()).is_err(),
                "byte {at}"
            );
        }
    }
}
