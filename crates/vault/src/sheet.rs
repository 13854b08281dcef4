//! The key on the sheet of a backup, as text a person can copy from paper.
//!
//! Thirty-two random bytes and two check bytes, in an alphabet without I, L, O and U, eleven
//! groups of five. What is easily misread is read as it was meant.

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECKED_BYTES: usize = 34;

/// The key of one backup. It stands on paper and nowhere else.
pub struct Sheet(Zeroizing<[u8; 32]>);

/// These are not the groups of a sheet: compare them with the paper, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MistypedSheet;

impl std::fmt::Display for MistypedSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "these are not the eleven groups of a sheet; compare them with the paper, one by one",
        )
    }
}

impl std::error::Error for MistypedSheet {}

impl Sheet {
    pub(crate) fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        rng.fill_bytes(key.as_mut());
        Self(key)
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.0
    }

    /// The groups to print.
    #[must_use]
    pub fn groups(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; CHECKED_BYTES]);
        for (to, from) in bytes.iter_mut().zip(self.0.iter().chain(&self.check())) {
            *to = *from;
        }
        let mut out = Zeroizing::new(String::with_capacity(66));
        let (mut held, mut bits, mut written) = (0_u32, 0_u32, 0_u32);
        for byte in bytes.iter().copied().chain([0]) {
            held = (held << 8) | u32::from(byte);
            bits += 8;
            while bits >= 5 && written < 55 {
                bits -= 5;
                if written > 0 && written.is_multiple_of(5) {
                    out.push(' ');
                }
                let index = usize::try_from((held >> bits) & 31).unwrap_or(0);
                out.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
                written += 1;
            }
            held &= 0xff;
        }
        out
    }

    /// Reads the groups back, in capitals or not, with or without spaces and hyphens.
    ///
    /// # Errors
    /// [`MistypedSheet`].
    pub fn read(text: &str) -> Result<Self, MistypedSheet> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(CHECKED_BYTES + 1));
        let (mut held, mut bits, mut read) = (0_u32, 0_u32, 0_u32);
        for typed in text.chars() {
            if typed.is_whitespace() || typed == '-' {
                continue;
            }
            let meant = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET
                .iter()
                .position(|known| char::from(*known) == meant)
                .and_then(|at| u32::try_from(at).ok())
                .ok_or(MistypedSheet)?;
            read += 1;
            held = (held << 5) | value;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 0xff).unwrap_or(0));
            }
            held &= 0xff;
            if read > 55 {
                return Err(MistypedSheet);
            }
        }
        let (key, check) = bytes.split_first_chunk::<32>().ok_or(MistypedSheet)?;
        let sheet = Self(Zeroizing::new(*key));
        if read == 55 && check == sheet.check() {
            Ok(sheet)
        } else {
            Err(MistypedSheet)
        }
    }

    fn check(&self) -> [u8; 2] {
        let digest = Sha256::new()
            .chain_update(b"temoin sheet")
            .chain_update(self.0.as_ref())
            .finalize();
        digest.first_chunk::<2>().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use rand_core::SeedableRng;

    #[test]
    fn the_groups_read_back_however_a_person_types_them() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(9);
        for _ in 0..50 {
            let sheet = Sheet::draw(&mut rng);
            let groups = sheet.groups();
            assert_eq!(groups.split(' ').count(), 11);
            let typed = groups
                .to_lowercase()
                .replace(' ', "-")
                .replace('0', "o")
                .replace('1', "l");
            assert_eq!(Sheet::read(&typed).unwrap().key(), sheet.key());
        }
    }

    #[test]
    fn one_wrong_character_or_one_missing_is_noticed() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(9);
        let groups = Sheet::draw(&mut rng).groups();
        let mut missed = 0;
        for at in 0..groups.len() {
            let mut typed: Vec<char> = groups.chars().collect();
            let Some(c) = typed.get_mut(at).filter(|c| **c != ' ') else {
                continue;
            };
            *c = if *c == '7' { '8' } else { '7' };
            let typed: String = typed.into_iter().collect();
            missed += u32::from(Sheet::read(&typed).is_ok());
        }
        assert_eq!(missed, 0);
        assert!(Sheet::read(groups.get(1..).unwrap()).is_err());
        assert!(Sheet::read("").is_err());
        assert!(Sheet::read("é").is_err());
    }
}
