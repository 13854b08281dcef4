//! The relay's promise to list a letter. (protocol §4.2)
//!
//! One signature serves up to 64 letters that were synced together: it is over the root of a tree
//! of fixed depth, and each receipt carries the way from its leaf to that root. A receipt has one
//! length and looks alike however many came with it. (decision 0013)

use rand_core::CryptoRng;

use crate::keys::{RelayKey, RelaySecret, SIGNATURE_BYTES};
use crate::posting::hash_of;
use crate::{Epoch, Leaf, MailboxId, labels};

/// Hashes from a leaf's place to the root.
const HEIGHT: usize = 6;
/// Letters one signature can serve.
pub const RECEIPTS_TOGETHER: usize = 1 << HEIGHT;
/// Length of a receipt.
pub const RECEIPT_BYTES: usize = 1 + 32 + 8 + 1 + HEIGHT * 32 + SIGNATURE_BYTES;

/// How many epochs beyond the next one a receipt may promise.
const MOST_EPOCHS_AHEAD: u64 = 2;

/// Says that a letter is stored and synced, and which epoch will list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    leaf: Leaf,
    epoch: Epoch,
    place: u8,
    beside: [[u8; 32]; HEIGHT],
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
    /// Signs for one letter that has been stored and synced; never earlier.
    #[must_use]
    pub fn sign(
        leaf: Leaf,
        epoch: Epoch,
        mailbox: &MailboxId,
        relay: &RelaySecret,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let (tree, signature) = Tree::of(&[leaf], rng).sign(epoch, mailbox, relay);
        tree.receipt(0, leaf, epoch, signature)
    }

    /// Signs once for letters that were synced together, and gives each its receipt, in their
    /// order. Takes the first [`RECEIPTS_TOGETHER`]; of none there is none.
    #[must_use]
    pub fn sign_together(
        leaves: &[Leaf],
        epoch: Epoch,
        mailbox: &MailboxId,
        relay: &RelaySecret,
        rng: &mut impl CryptoRng,
    ) -> Vec<Self> {
        if leaves.is_empty() {
            return Vec::new();
        }
        let (tree, signature) = Tree::of(leaves, rng).sign(epoch, mailbox, relay);
        let each = leaves.iter().take(RECEIPTS_TOGETHER).enumerate();
        each.map(|(number, leaf)| tree.receipt(number, *leaf, epoch, signature))
            .collect()
    }

    /// As sent.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; RECEIPT_BYTES] {
        let whole = [
            &[1][..],
            &self.leaf.0,
            &self.epoch.0.to_be_bytes(),
            &[self.place],
            self.beside.as_flattened(),
            &self.signature,
        ]
        .concat();
        // The parts have these lengths by their types.
        whole.try_into().unwrap_or([0; RECEIPT_BYTES])
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
        let receipt = Self::read(bytes).ok_or(ReceiptRefused::Malformed)?;
        if receipt.leaf != posted {
            return Err(ReceiptRefused::OtherLetter);
        }
        let message = signed_bytes(&receipt.root(), receipt.epoch, mailbox);
        relay
            .verify(&message, &receipt.signature)
            .map_err(|_| ReceiptRefused::Unsigned)?;
        Ok(receipt)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let whole: &[u8; RECEIPT_BYTES] = bytes.try_into().ok()?;
        let (version, rest) = whole.split_first()?;
        let (leaf, rest) = rest.split_first_chunk::<32>()?;
        let (epoch, rest) = rest.split_first_chunk::<8>()?;
        let (place, rest) = rest.split_first()?;
        let (beside, signature) = rest.split_at_checked(HEIGHT * 32)?;
        (*version == 1 && usize::from(*place) < RECEIPTS_TOGETHER).then_some(Self {
            leaf: Leaf(*leaf),
            epoch: Epoch(u64::from_be_bytes(*epoch)),
            place: *place,
            beside: beside.as_chunks::<32>().0.try_into().ok()?,
            signature: signature.try_into().ok()?,
        })
    }

    fn root(&self) -> [u8; 32] {
        let mut node = hash_of(&[&[0], &self.leaf.0]);
        let mut place = self.place;
        for beside in &self.beside {
            node = if place & 1 == 0 {
                inner(&node, beside)
            } else {
                inner(beside, &node)
            };
            place >>= 1;
        }
        node
    }

    /// Whether the promise is far beyond the newest epoch known to be closed. Ask for the newest
    /// manifest again before refusing: time passes while a letter is written.
    #[must_use]
    pub fn too_far(&self, newest: Option<Epoch>) -> bool {
        let next = newest.map_or(0, |newest| newest.0.saturating_add(1));
        self.epoch.0 > next.saturating_add(MOST_EPOCHS_AHEAD)
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

/// The nodes of one signature, from the leaves' own row to the two below the root.
struct Tree {
    rows: [Vec<[u8; 32]>; HEIGHT],
    root: [u8; 32],
    /// Where each letter stands.
    places: Vec<u8>,
}

impl Tree {
    /// Gives every letter a place by chance and fills with random bytes what a receipt shows of
    /// the empty ones.
    fn of(leaves: &[Leaf], rng: &mut impl CryptoRng) -> Self {
        let mut chance = [0; RECEIPTS_TOGETHER * 8];
        rng.fill_bytes(&mut chance);
        let mut drawn: Vec<(&[u8; 8], u8)> = chance.as_chunks().0.iter().zip(0u8..).collect();
        drawn.sort_unstable();
        let places: Vec<u8> = drawn.iter().zip(leaves).map(|((_, p), _)| *p).collect();

        let mut row: Vec<Option<[u8; 32]>> = vec![None; RECEIPTS_TOGETHER];
        for (place, leaf) in places.iter().zip(leaves) {
            if let Some(node) = row.get_mut(usize::from(*place)) {
                *node = Some(hash_of(&[&[0], &leaf.0]));
            }
        }
        let rows = std::array::from_fn(|_| {
            let mut shown = Vec::with_capacity(row.len());
            let mut above = Vec::with_capacity(row.len() / 2);
            for [left, right] in row.as_chunks().0 {
                let mut filled = |node: &Option<[u8; 32]>| {
                    node.unwrap_or_else(|| {
                        let mut random = [0; 32];
                        rng.fill_bytes(&mut random);
                        random
                    })
                };
                if left.is_none() && right.is_none() {
                    // No way passes here, so nobody is shown what is not there.
                    shown.extend([[0; 32]; 2]);
                    above.push(None);
                } else {
                    let (left, right) = (filled(left), filled(right));
                    shown.extend([left, right]);
                    above.push(Some(inner(&left, &right)));
                }
            }
            row = above;
            shown
        });
        Self {
            rows,
            root: row.first().copied().flatten().unwrap_or_default(),
            places,
        }
    }

    fn sign(
        self,
        epoch: Epoch,
        mailbox: &MailboxId,
        relay: &RelaySecret,
    ) -> (Self, [u8; SIGNATURE_BYTES]) {
        let signature = relay.sign(&signed_bytes(&self.root, epoch, mailbox));
        (self, signature)
    }

    fn receipt(
        &self,
        number: usize,
        leaf: Leaf,
        epoch: Epoch,
        signature: [u8; SIGNATURE_BYTES],
    ) -> Receipt {
        let place = self.places.get(number).copied().unwrap_or_default();
        let mut beside = [[0; 32]; HEIGHT];
        for ((height, row), to) in (0..).zip(&self.rows).zip(&mut beside) {
            let at = usize::from(place >> height) ^ 1;
            *to = row.get(at).copied().unwrap_or_default();
        }
        Receipt {
            leaf,
            epoch,
            place,
            beside,
            signature,
        }
    }
}

fn inner(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    hash_of(&[&[1], left, right])
}

fn signed_bytes(root: &[u8; 32], epoch: Epoch, mailbox: &MailboxId) -> Vec<u8> {
    [
        labels::RECEIPT.as_bytes(),
        &mailbox.0,
        &epoch.0.to_be_bytes(),
        root,
    ]
    .concat()
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    const MAILBOX: MailboxId = MailboxId([2; 16]);

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(1)
    }

    fn relay() -> RelaySecret {
        RelaySecret::from_seed(&[1; 32])
    }

    fn leaves(n: usize) -> Vec<Leaf> {
        (1..=n)
            .map(|i| Leaf([u8::try_from(i).unwrap(); 32]))
            .collect()
    }

    #[test]
    fn a_receipt_holds_for_its_letter_its_office_and_its_relay_alone() {
        let leaf = Leaf([3; 32]);
        let bytes = Receipt::sign(leaf, Epoch(4), &MAILBOX, &relay(), &mut rng()).to_bytes();
        assert_eq!(
            Receipt::verify(&bytes, leaf, &MAILBOX, &relay().public())
                .unwrap()
                .epoch(),
            Epoch(4)
        );

        let other = |leaf, mailbox, key: RelayKey| Receipt::verify(&bytes, leaf, mailbox, &key);
        assert_eq!(
            other(Leaf([9; 32]), &MAILBOX, relay().public()),
            Err(ReceiptRefused::OtherLetter)
        );
        assert_eq!(
            other(leaf, &MailboxId([9; 16]), relay().public()),
            Err(ReceiptRefused::Unsigned)
        );
        let stranger = RelaySecret::from_seed(&[9; 32]).public();
        assert_eq!(
            other(leaf, &MAILBOX, stranger),
            Err(ReceiptRefused::Unsigned)
        );
        for at in 0..RECEIPT_BYTES {
            let mut bent = bytes;
            bent[at] ^= 1;
            assert!(
                Receipt::verify(&bent, leaf, &MAILBOX, &relay().public()).is_err(),
                "byte {at}"
            );
        }
    }

    #[test]
    fn letters_synced_together_share_one_signature_and_each_receipt_holds_for_its_own_alone() {
        for n in [1, 2, 3, 31, 63, 64] {
            let leaves = leaves(n);
            let receipts =
                Receipt::sign_together(&leaves, Epoch(4), &MAILBOX, &relay(), &mut rng());
            assert_eq!(receipts.len(), n);
            for (receipt, leaf) in receipts.iter().zip(&leaves) {
                let held = Receipt::verify(&receipt.to_bytes(), *leaf, &MAILBOX, &relay().public());
                assert_eq!(held, Ok(*receipt));
                assert_eq!(receipt.signature, receipts[0].signature);
            }
            // Another's way to the root does not carry this leaf there.
            if n > 1 {
                let mut swapped = receipts[0];
                swapped.leaf = leaves[1];
                let bytes = swapped.to_bytes();
                assert_eq!(
                    Receipt::verify(&bytes, leaves[1], &MAILBOX, &relay().public()),
                    Err(ReceiptRefused::Unsigned)
                );
            }
        }
        assert!(Receipt::sign_together(&[], Epoch(4), &MAILBOX, &relay(), &mut rng()).is_empty());
    }

    #[test]
    fn a_receipt_does_not_tell_how_many_came_together() {
        // Of one letter alone and of sixty-four: one length, a place that is nobody's choice, and
        // six hashes that never are zeros, equal, or the same twice.
        let mut rng = rng();
        for n in [1, 2, 64] {
            let mut places = std::collections::BTreeSet::new();
            let mut beside = std::collections::BTreeSet::new();
            for _ in 0..1_000 {
                let receipts =
                    Receipt::sign_together(&leaves(n), Epoch(4), &MAILBOX, &relay(), &mut rng);
                places.insert(receipts[0].place);
                assert_eq!(receipts[0].to_bytes().len(), RECEIPT_BYTES);
                // Low in a tree of few letters the same ones meet again; above, all differs each time.
                let lowest = if n == 1 { 0 } else { 3 };
                for node in &receipts[0].beside[lowest..] {
                    assert!(*node != [0; 32] && beside.insert(*node));
                }
            }
            assert_eq!(places.len(), RECEIPTS_TOGETHER, "{n} together");
        }
    }

    #[test]
    fn a_promise_more_than_two_epochs_beyond_the_next_is_too_far() {
        let receipt = |epoch| {
            let leaf = Leaf([3; 32]);
            Receipt::sign(leaf, Epoch(epoch), &MAILBOX, &relay(), &mut rng())
        };
        for (newest, most) in [(None, 2), (Some(Epoch(0)), 3), (Some(Epoch(9)), 12)] {
            assert!(!receipt(0).too_far(newest) && !receipt(most).too_far(newest));
            assert!(receipt(most + 1).too_far(newest) && receipt(u64::MAX).too_far(newest));
        }
        assert!(!receipt(u64::MAX).too_far(Some(Epoch(u64::MAX))));
    }

    #[test]
    fn a_place_beyond_the_tree_is_malformed() {
        let leaf = Leaf([3; 32]);
        let mut bytes = Receipt::sign(leaf, Epoch(4), &MAILBOX, &relay(), &mut rng()).to_bytes();
        bytes[41] |= 64;
        assert_eq!(
            Receipt::verify(&bytes, leaf, &MAILBOX, &relay().public()),
            Err(ReceiptRefused::Malformed)
        );
    }
}
