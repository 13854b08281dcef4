//! Public keys by role, and the relay's own secret. A key of one role cannot stand for another.
//!
//! The secrets of the office and of reporters are not here, on purpose: they live in `open` and
//! `seal`, which the relay does not link.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Length of every signature.
pub const SIGNATURE_BYTES: usize = 64;

/// A signature did not verify, or its key is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

/// Checks one signature, strictly (no weak keys, no second form of the same signature).
fn verify(key: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
    let signature = Signature::from_slice(signature).map_err(|_| BadSignature)?;
    key.verify_strict(message, &signature)
        .map_err(|_| BadSignature)
}

macro_rules! public_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// Checks a signature by this key over `message`, which begins with its label.
            ///
            /// # Errors
            /// [`BadSignature`] and nothing more: why it failed is of use only to a forger.
            pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
                verify(&self.0, message, signature)
            }
        }
    };
}

public_key! {
    /// The office's root: offline, pinned, signs notices.
    RootKey
}
public_key! {
    /// A relay: signs receipts and manifests.
    RelayKey
}
public_key! {
    /// A desk: signs key lists and log entries.
    DeskKey
}
public_key! {
    /// The office's voice in a stretch of days: signs what a reporter is shown as the office's.
    VoiceKey
}
public_key! {
    /// What an office shows its relay in a period, instead of a person's key.
    CredentialKey
}
public_key! {
    /// The key the words bring back: signs a reporter's letters.
    ReporterKey
}

/// An X-Wing public key of the office, or of a reporter: 1,216 bytes.
pub const SEALING_KEY_BYTES: usize = 1_216;

/// The relay's signing secret. Shows nothing, copies nowhere.
pub struct RelaySecret(SigningKey);

impl RelaySecret {
    /// From 32 random bytes, kept by the relay in a file of its own.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The key that goes into the notice.
    #[must_use]
    pub fn public(&self) -> RelayKey {
        RelayKey(self.0.verifying_key().to_bytes())
    }

    /// Signs bytes that begin with their label.
    #[must_use]
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(message).to_bytes()
    }
}
