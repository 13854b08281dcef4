//! Small secrets under a passphrase: the vault's header, and the office's root that is kept apart.
//!
//! ```text
//! label 16 ‖ version u16 ‖ memory KiB u32 ‖ passes u32 ‖ lanes u32 ‖ salt 32 ‖ number u64 ‖ nonce 12 ‖ sealed secret
//! ```
//! Everything before the nonce is bound as associated data. A wrong passphrase, an altered file
//! and a file that is none at all give one answer after the same work, so that trying tells a
//! thief nothing.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Version of the format above.
const VERSION: u16 = 1;
const LABEL_BYTES: usize = 16;
const SALT_BYTES: usize = 32;
const BOUND_BYTES: usize = LABEL_BYTES + 2 + 4 + 4 + 4 + SALT_BYTES + 8;
const NONCE_BYTES: usize = 12;
/// No header may ask for more memory than this: it would be a way to stop a desk.
const MOST_MEMORY_KIB: u32 = 2 * 1_024 * 1_024;
const MOST_PASSES: u32 = 64;
const MOST_LANES: u32 = 16;

/// What a person types. Gone from memory when dropped; it prints nothing.
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    /// Takes the bytes as typed, without the line's end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Whether anything was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How much work one try of a passphrase is: Argon2id's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What an office uses: at least half a second on an ordinary machine, and a quarter of a
    /// gigabyte for every try.
    pub const STRONG: Self = Self {
        memory_kib: 256 * 1_024,
        passes: 4,
        lanes: 1,
    };

    /// For rehearsals only: protects nothing.
    pub const REHEARSAL: Self = Self {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    fn is_bearable(self) -> bool {
        (8..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MOST_PASSES).contains(&self.passes)
            && (1..=MOST_LANES).contains(&self.lanes)
            && self.memory_kib >= 8 * self.lanes
    }
}

/// Why a secret stays locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotUnlock {
    /// The passphrase is not the one, or the file is damaged: type it again, and if you are sure
    /// of it, restore a backup.
    WrongOrDamaged,
    /// Written by a newer release: update this one. Nothing was changed.
    TooNew {
        /// The version the file has.
        version: u16,
    },
}

impl std::fmt::Display for CannotUnlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WrongOrDamaged => f.write_str(
                "the passphrase is not the one, or the file is damaged; type it again, and if you are sure of it, restore a backup",
            ),
            Self::TooNew { version } => write!(
                f,
                "this was written by a newer release (format {version}, this release reads up to {VERSION}); update first; nothing was changed"
            ),
        }
    }
}

impl std::error::Error for CannotUnlock {}

/// The key a passphrase makes, with what it takes to make it again.
pub(crate) struct PassphraseKey {
    cost: Cost,
    salt: [u8; SALT_BYTES],
    key: Zeroizing<[u8; 32]>,
}

impl PassphraseKey {
    pub(crate) fn draw(passphrase: &Passphrase, cost: Cost, rng: &mut impl CryptoRng) -> Self {
        let mut salt = [0; SALT_BYTES];
        rng.fill_bytes(&mut salt);
        Self::derive(passphrase, cost, salt)
    }

    fn derive(passphrase: &Passphrase, cost: Cost, salt: [u8; SALT_BYTES]) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        let done = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| argon2.hash_password_into(&passphrase.0, &salt, key.as_mut()));
        if done.is_err() {
            // Terms out of bounds were refused before; a key of zeros opens nothing.
            key.fill(0);
        }
        Self { cost, salt, key }
    }

    /// Locks `secret` under this key. `number` is bound, readable by anyone.
    pub(crate) fn lock(
        &self,
        label: &[u8; LABEL_BYTES],
        number: u64,
        secret: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        let mut out = Vec::with_capacity(BOUND_BYTES + NONCE_BYTES + secret.len() + 16);
        out.extend_from_slice(label);
        out.extend_from_slice(&VERSION.to_be_bytes());
        out.extend_from_slice(&self.cost.memory_kib.to_be_bytes());
        out.extend_from_slice(&self.cost.passes.to_be_bytes());
        out.extend_from_slice(&self.cost.lanes.to_be_bytes());
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&number.to_be_bytes());
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let sealed = Aes256Gcm::new((&*self.key).into())
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: &out,
                },
            )
            .unwrap_or_default();
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens a file with the passphrase; the key comes back too, for locking again later.
    pub(crate) fn unlock(
        label: &[u8; LABEL_BYTES],
        passphrase: &Passphrase,
        file: &[u8],
    ) -> Result<(Self, u64, Zeroizing<Vec<u8>>), CannotUnlock> {
        let Some(parts) = Parts::read(label, file)? else {
            // Not one of our files, or its terms are absurd. The same work as ever, the same
            // answer as ever.
            drop(Self::derive(passphrase, Cost::STRONG, [0; SALT_BYTES]));
            return Err(CannotUnlock::WrongOrDamaged);
        };
        let key = Self::derive(passphrase, parts.cost, parts.salt);
        let payload = Payload {
            msg: parts.sealed,
            aad: parts.bound,
        };
        let secret = Aes256Gcm::new((&*key.key).into())
            .decrypt(&Nonce::from(parts.nonce), payload)
            .map_err(|_| CannotUnlock::WrongOrDamaged)?;
        Ok((key, parts.number, Zeroizing::new(secret)))
    }
}

struct Parts<'a> {
    bound: &'a [u8],
    cost: Cost,
    salt: [u8; SALT_BYTES],
    number: u64,
    nonce: [u8; NONCE_BYTES],
    sealed: &'a [u8],
}

impl<'a> Parts<'a> {
    /// `None`: not such a file. Only a well-formed label makes a newer version sayable.
    fn read(label: &[u8; LABEL_BYTES], file: &'a [u8]) -> Result<Option<Self>, CannotUnlock> {
        let Some(rest) = file.strip_prefix(label) else {
            return Ok(None);
        };
        let Some((version, _)) = rest.split_first_chunk::<2>() else {
            return Ok(None);
        };
        let version = u16::from_be_bytes(*version);
        if version > VERSION {
            return Err(CannotUnlock::TooNew { version });
        }
        let read = || {
            let (bound, rest) = file.split_at_checked(BOUND_BYTES)?;
            let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
            let mut at = Fields(bound.get(LABEL_BYTES + 2..)?);
            let cost = Cost {
                memory_kib: at.u32()?,
                passes: at.u32()?,
                lanes: at.u32()?,
            };
            let salt = at.take::<SALT_BYTES>()?;
            let number = u64::from_be_bytes(at.take()?);
            cost.is_bearable().then_some(Self {
                bound,
                cost,
                salt,
                number,
                nonce: *nonce,
                sealed,
            })
        };
        Ok(read())
    }
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }
}

const APART: &[u8; LABEL_BYTES] = b"temoin apart\0\0\0\0";

/// Locks a small secret that is kept outside the vault, such as the office's root.
#[must_use]
pub fn seal_under(
    passphrase: &Passphrase,
    cost: Cost,
    secret: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    PassphraseKey::draw(passphrase, cost, rng).lock(APART, 0, secret, rng)
}

/// Opens what [`seal_under`] locked.
///
/// # Errors
/// [`CannotUnlock`].
pub fn unseal_under(
    passphrase: &Passphrase,
    file: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CannotUnlock> {
    PassphraseKey::unlock(APART, passphrase, file).map(|(_, _, secret)| secret)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may stop at the first surprise"
    )]

    use super::*;
    use rand_core::SeedableRng;

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(3)
    }

    #[test]
    fn what_was_locked_opens_with_the_same_passphrase_only() {
        let file = seal_under(
            &Passphrase::new("one two\n"),
            Cost::REHEARSAL,
            b"root",
            &mut rng(),
        );
        let open = |p: &str| unseal_under(&Passphrase::new(p), &file).map(|s| s.to_vec());
        assert_eq!(open("one two"), Ok(b"root".to_vec()));
        assert_eq!(open("one tw"), Err(CannotUnlock::WrongOrDamaged));
        assert_eq!(open(""), Err(CannotUnlock::WrongOrDamaged));
    }

    #[test]
    fn every_altered_byte_gives_the_answer_of_a_wrong_passphrase() {
        let passphrase = Passphrase::new("p");
        let file = seal_under(&passphrase, Cost::REHEARSAL, b"root", &mut rng());
        // The version and the terms are tried apart: they may ask for more work.
        for at in (0..16).chain(30..file.len()) {
            let mut bent = file.clone();
            bent[at] ^= 1;
            if at < 16 {
                // Costs a full try: two of them are enough.
                if at % 8 != 0 {
                    continue;
                }
            }
            assert_eq!(
                unseal_under(&passphrase, &bent).map(|s| s.to_vec()),
                Err(CannotUnlock::WrongOrDamaged),
                "byte {at}"
            );
        }
    }

    #[test]
    fn a_newer_format_is_refused_in_words_that_say_so() {
        let passphrase = Passphrase::new("p");
        let mut file = seal_under(&passphrase, Cost::REHEARSAL, b"root", &mut rng());
        file[17] = 9;
        let refused = unseal_under(&passphrase, &file)
            .map(|s| s.to_vec())
            .unwrap_err();
        assert_eq!(refused, CannotUnlock::TooNew { version: 9 });
        assert!(refused.to_string().contains("newer release"));
    }

    #[test]
    fn absurd_terms_never_ask_for_the_memory() {
        for terms in [
            [u32::MAX, 1, 1],
            [64, u32::MAX, 1],
            [64, 1, u32::MAX],
            [0, 0, 0],
        ] {
            let cost = Cost {
                memory_kib: terms[0],
                passes: terms[1],
                lanes: terms[2],
            };
            assert!(!cost.is_bearable(), "{terms:?}");
        }
        assert!(Cost::STRONG.is_bearable());
        const { assert!(Cost::STRONG.memory_kib >= 256 * 1_024 && Cost::STRONG.passes >= 3) };
    }
}
