//! A parcel: one letter as a file, for a stick, a card or an attachment. (protocol §11.1)
//!
//! Its bytes are a posting, as a relay takes it: nothing is added that could name a kind, a key, a
//! date or a person. This file says what a parcel is called; [`crate::folder`] writes and reads it.

use std::ffi::OsStr;
use std::path::Path;

use rand_core::CryptoRng;

/// How the name of a parcel ends. As common an ending as there is.
pub const ENDING: &str = "BIN";
/// Characters of a name before its ending.
const NAME_CHARACTERS: usize = 8;
/// Letters and digits that nobody confuses when a list is read aloud.
const CHARACTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Draws the name of a parcel: eight characters and the ending, all upper case. FAT keeps such a
/// name in its oldest form, so that no second entry with a long name is made beside it.
#[must_use]
pub fn name(rng: &mut impl CryptoRng) -> String {
    let mut drawn = [0; NAME_CHARACTERS];
    rng.fill_bytes(&mut drawn);
    let character = |byte: &u8| CHARACTERS.get(usize::from(byte % 32)).copied();
    let stem: String = drawn.iter().filter_map(character).map(char::from).collect();
    format!("{stem}.{ENDING}")
}

/// Whether a file is named like a parcel. Only the ending counts: browsers and people rename files.
#[must_use]
pub fn is_named_like_one(file: &Path) -> bool {
    file.extension()
        .is_some_and(|ending: &OsStr| ending.eq_ignore_ascii_case(ENDING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    #[test]
    fn a_name_is_one_that_fat_keeps_without_a_second_entry() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        for _ in 0..1_000 {
            let name = name(&mut rng);
            let (stem, ending) = name.split_once('.').unwrap_or_default();
            assert_eq!((stem.len(), ending.len()), (8, 3), "{name}");
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            assert!(stem.chars().all(plain) && ending.chars().all(plain));
            assert!(is_named_like_one(Path::new(&name)));
        }
        assert!(is_named_like_one(Path::new("k7q2m5xa (1).bin")));
        assert!(!is_named_like_one(Path::new("BIN")));
        assert!(!is_named_like_one(Path::new("photo.jpg")));
    }
}
