//! What the words give: every key of a reporter, each under its own label. (protocol §3)

use ed25519_dalek::{Signer, SigningKey};
use envelope::keys::{ReporterKey, SEALING_KEY_BYTES, SIGNATURE_BYTES};
use envelope::{MailboxId, Period, hash, labels};
use hkdf::Hkdf;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, Serializable};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::ConversationKey;
use crate::words::{WordList, Words};

/// Rounds of PBKDF2: a third of a second in a browser, and that for every guess.
const ROUNDS: u32 = 600_000;

/// The words' secret in one office. Shows nothing; gone from memory when dropped.
pub struct Master {
    secret: Zeroizing<[u8; 32]>,
    list: WordList,
}

/// Two words that tell a reporter whether the words were typed right. Stored nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxName(pub &'static str, pub &'static str);

impl Master {
    /// Slow on purpose. The mailbox id is the salt: the same words elsewhere are other keys.
    #[must_use]
    pub fn of(words: &Words, mailbox: &MailboxId) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        pbkdf2::pbkdf2_hmac::<Sha512>(&words.password(), &mailbox.0, ROUNDS, secret.as_mut());
        Self {
            secret,
            list: words.list(),
        }
    }

    pub(crate) fn derive(&self, label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
        expand(self.secret.as_ref(), label, context)
    }

    /// Answers are sealed to this key.
    #[must_use]
    pub fn reply_secret(&self) -> ReplySecret {
        ReplySecret(self.derive(labels::REPLY_KEY, &[]))
    }

    /// Letters are signed with this key.
    #[must_use]
    pub fn signing_secret(&self) -> SigningSecret {
        SigningSecret(SigningKey::from_bytes(
            &self.derive(labels::SIGNING_KEY, &[]),
        ))
    }

    /// The conversation key a letter of `period` carries, in an office whose first period is
    /// `first_period`. A letter that travels by carry key has one of its own (decision 0004).
    #[must_use]
    pub fn conversation_key(
        &self,
        period: Period,
        generation: u8,
        first_period: u32,
    ) -> ConversationKey {
        match period {
            Period::Week(p) => {
                let first = self.derive(labels::CONVERSATION, &[generation]);
                ConversationKey::first(first, first_period).at(p)
            }
            Period::Carry(_) => {
                let number = period.number();
                let key = self.derive(labels::BY_CARRY, &number.to_be_bytes());
                ConversationKey::of_carry(key, number)
            }
        }
    }

    /// The two words shown when writing and when reading.
    #[must_use]
    pub fn mailbox_name(&self) -> MailboxName {
        let derived = self.derive(labels::MAILBOX_NAME, &[]);
        let word = |at: usize| {
            let four = derived
                .as_chunks::<4>()
                .0
                .get(at)
                .copied()
                .unwrap_or_default();
            let index = u32::from_be_bytes(four) % u32::from(self.list.len());
            self.list.word(u16::try_from(index).unwrap_or(0))
        };
        MailboxName(word(0), word(1))
    }
}

/// HKDF-SHA256 without salt, 32 bytes, under one label.
pub(crate) fn expand(ikm: &[u8], label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let info = [label.as_bytes(), context].concat();
    // HKDF refuses only lengths above 8,160 bytes.
    if Hkdf::<Sha256>::new(None, ikm)
        .expand(&info, out.as_mut())
        .is_err()
    {
        out.fill(0);
    }
    out
}

/// Opens what is sealed to a reporter. The 32-byte seed *is* the X-Wing private key.
pub struct ReplySecret(Zeroizing<[u8; 32]>);

impl ReplySecret {
    /// From a seed, as a vector has it.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*seed))
    }

    /// The key the first letter brings to the office.
    #[must_use]
    pub fn public(&self) -> ReplyKey {
        let bytes = self.private().map(|sk| XWing::sk_to_pk(&sk).to_bytes());
        let mut out = Box::new([0; SEALING_KEY_BYTES]);
        if let Some(bytes) = bytes {
            out.copy_from_slice(&bytes);
        }
        ReplyKey(out)
    }

    pub(crate) fn private(&self) -> Option<<XWing as Kem>::PrivateKey> {
        <XWing as Kem>::PrivateKey::from_bytes(self.0.as_ref()).ok()
    }
}

/// A reporter's public reply key.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyKey(pub Box<[u8; SEALING_KEY_BYTES]>);

impl ReplyKey {
    /// What later letters say instead of the whole key, and what the office signs over.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(self.0.as_ref())
    }
}

/// Signs a reporter's letters.
pub struct SigningSecret(SigningKey);

impl SigningSecret {
    /// The key desks pin at the first letter.
    #[must_use]
    pub fn public(&self) -> ReporterKey {
        ReporterKey(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(message).to_bytes()
    }
}
