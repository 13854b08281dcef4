//! The office's secrets by role. None prints itself, none is copied by accident, all are gone
//! from memory when dropped. (protocol §3 of the design: office, desk, voice, intake)

use ed25519_dalek::{Signer, SigningKey};
use envelope::Period;
use envelope::keys::{CredentialKey, DeskKey, RootKey, SEALING_KEY_BYTES, VoiceKey};
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

macro_rules! signing_secret {
    ($(#[$doc:meta])* $name:ident, $public:ident) => {
        $(#[$doc])*
        pub struct $name(SigningKey);

        impl $name {
            /// Draws a new one.
            pub fn draw(rng: &mut impl CryptoRng) -> Self {
                let mut seed = Zeroizing::new([0; 32]);
                rng.fill_bytes(seed.as_mut());
                Self(SigningKey::from_bytes(&seed))
            }

            /// From the seed the vault keeps.
            #[must_use]
            pub fn from_seed(seed: &[u8; 32]) -> Self {
                Self(SigningKey::from_bytes(seed))
            }

            /// The seed, for the vault alone.
            #[must_use]
            pub fn seed(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(self.0.to_bytes())
            }

            /// The public half.
            #[must_use]
            pub fn public(&self) -> $public {
                $public(self.0.verifying_key().to_bytes())
            }

            pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
                self.0.sign(message).to_bytes()
            }
        }
    };
}

signing_secret! {
    /// The office's root. Offline but for the moment a notice is signed.
    RootSecret, RootKey
}
signing_secret! {
    /// A desk.
    DeskSecret, DeskKey
}
signing_secret! {
    /// The office's voice in a stretch of days.
    VoiceSecret, VoiceKey
}
signing_secret! {
    /// What the office shows its relay in a period.
    CredentialSecret, CredentialKey
}

impl DeskSecret {
    /// Signs an entry or a snapshot of the log between desks. The message begins with its label.
    /// (protocol §12)
    #[must_use]
    pub fn sign_for_team(&self, message: &[u8]) -> [u8; 64] {
        self.sign(message)
    }
}

/// Opens the letters of one period. Destroyed on schedule; what was sealed to it is then gone.
pub struct IntakeSecret {
    period: Period,
    seed: Zeroizing<[u8; 32]>,
}

impl IntakeSecret {
    /// Draws the key of a period.
    pub fn draw(period: Period, rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self { period, seed }
    }

    /// From the seed the vault keeps.
    #[must_use]
    pub fn from_seed(period: Period, seed: &[u8; 32]) -> Self {
        Self {
            period,
            seed: Zeroizing::new(*seed),
        }
    }

    /// The seed, for the vault alone. It *is* the X-Wing private key.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Its period.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The public half, for the relay and the notice.
    #[must_use]
    pub fn public(&self) -> Box<[u8; SEALING_KEY_BYTES]> {
        let mut out = Box::new([0; SEALING_KEY_BYTES]);
        if let Some(private) = self.private() {
            out.copy_from_slice(&XWing::sk_to_pk(&private).to_bytes());
        }
        out
    }

    pub(crate) fn private(&self) -> Option<<XWing as Kem>::PrivateKey> {
        <XWing as Kem>::PrivateKey::from_bytes(self.seed.as_ref()).ok()
    }
}
