//! The words a reporter keeps: drawn by the machine, never chosen. (protocol §3)
//!
//! Words become numbers here, and only the numbers go further: spelling, accents and case can
//! then never change a key.

use rand_core::CryptoRng;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A published list of words, known by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordList {
    /// EFF's long list, 7,776 words: seven are drawn.
    English,
    /// The French list of BIP-39, 2,048 words: nine are drawn.
    French,
}

const ENGLISH: &str = include_str!("../words/en.txt");
const FRENCH: &str = include_str!("../words/fr.txt");

impl WordList {
    /// All, by number.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The number that goes into the key derivation.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::English => 1,
            Self::French => 2,
        }
    }

    /// The list of a language, English if it has none of its own.
    #[must_use]
    pub fn of_language(language: &str) -> Self {
        if language.split('-').next() == Some("fr") {
            Self::French
        } else {
            Self::English
        }
    }

    /// Its words, in order.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::English => ENGLISH.lines(),
            Self::French => FRENCH.lines(),
        }
    }

    /// How many words the list has.
    #[must_use]
    pub fn len(self) -> u16 {
        match self {
            Self::English => 7_776,
            Self::French => 2_048,
        }
    }

    /// Never: a list has words. Here because a `len` asks for it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many are drawn, so that nobody can guess them: at least 90 bits.
    #[must_use]
    pub fn drawn(self) -> usize {
        match self {
            Self::English => 7,
            Self::French => 9,
        }
    }

    /// The word of an index; empty beyond the list.
    #[must_use]
    pub fn word(self, index: u16) -> &'static str {
        self.words().nth(usize::from(index)).unwrap_or("")
    }
}

/// Folds what a person typed to the form in which words are compared: lower case, no accents, no
/// spaces around.
#[must_use]
pub fn fold(typed: &str) -> String {
    typed
        .trim()
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Why typed words are not words of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotTheWords {
    /// Another number of words than are drawn.
    Count {
        /// How many were typed.
        typed: usize,
        /// How many there should be.
        expected: usize,
    },
    /// This one is not in the list.
    Unknown {
        /// Place among the typed words, from 0.
        position: usize,
        /// Words of the list that stand nearest to it, best first.
        neighbours: Vec<&'static str>,
    },
}

/// A reporter's words, as numbers. Shows nothing; gone from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Words {
    #[zeroize(skip)]
    list: WordList,
    indices: Vec<u16>,
}

impl Words {
    /// Draws words, each uniformly.
    pub fn draw(list: WordList, rng: &mut impl CryptoRng) -> Self {
        let zone = u16::MAX - u16::MAX % list.len();
        let mut indices = Vec::with_capacity(list.drawn());
        while indices.len() < list.drawn() {
            let mut two = [0; 2];
            rng.fill_bytes(&mut two);
            let number = u16::from_be_bytes(two);
            // Numbers above the last whole multiple of the list would favour its beginning.
            if number < zone {
                indices.push(number % list.len());
            }
        }
        Self { list, indices }
    }

    /// Takes words from their numbers, as in a vector; `None` if one is beyond the list.
    #[must_use]
    pub fn from_indices(list: WordList, indices: Vec<u16>) -> Option<Self> {
        let right = indices.len() == list.drawn() && indices.iter().all(|i| *i < list.len());
        right.then_some(Self { list, indices })
    }

    /// Reads typed words, forgiving case, accents and spaces.
    ///
    /// # Errors
    /// [`NotTheWords`] names the word that is not in the list, with its neighbours.
    pub fn read(list: WordList, typed: &str) -> Result<Self, NotTheWords> {
        let typed: Vec<String> = typed.split_whitespace().map(fold).collect();
        if typed.len() != list.drawn() {
            return Err(NotTheWords::Count {
                typed: typed.len(),
                expected: list.drawn(),
            });
        }
        let folded: Vec<(String, u16)> = list.words().map(fold).zip(0..).collect();
        let mut indices = Vec::with_capacity(typed.len());
        for (position, word) in typed.iter().enumerate() {
            match folded.iter().find(|(w, _)| w == word) {
                Some((_, index)) => indices.push(*index),
                None => {
                    return Err(NotTheWords::Unknown {
                        position,
                        neighbours: near(list, word),
                    });
                }
            }
        }
        Ok(Self { list, indices })
    }

    /// Their list.
    #[must_use]
    pub fn list(&self) -> WordList {
        self.list
    }

    /// The words themselves, to be shown once.
    pub fn shown(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.indices.iter().map(|i| self.list.word(*i))
    }

    /// List number and indices: the password of the key derivation.
    pub(crate) fn password(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let mut out = zeroize::Zeroizing::new(Vec::with_capacity(1 + 2 * self.indices.len()));
        out.push(self.list.number());
        for index in &self.indices {
            out.extend_from_slice(&index.to_be_bytes());
        }
        out
    }
}

/// Up to four words of the list with the fewest differing letters.
fn near(list: WordList, folded: &str) -> Vec<&'static str> {
    let bounded: String = folded.chars().take(24).collect();
    let mut scored: Vec<(usize, &'static str)> = list
        .words()
        .map(|w| (edits(&bounded, &fold(w)), w))
        .collect();
    scored.sort_by_key(|(distance, _)| *distance);
    scored
        .into_iter()
        .take(4)
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, w)| w)
        .collect()
}

/// Levenshtein distance, one row at a time.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let here = (*cell + 1)
                .min(left + 1)
                .min(diagonal + usize::from(ca != *cb));
            diagonal = *cell;
            left = here;
            *cell = here;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use rand_core::SeedableRng;
    use std::collections::BTreeSet;

    #[test]
    fn each_list_has_its_number_of_words_and_no_two_alike_after_folding() {
        for list in WordList::ALL {
            assert_eq!(list.words().count(), usize::from(list.len()));
            let folded: BTreeSet<String> = list.words().map(fold).collect();
            assert_eq!(folded.len(), usize::from(list.len()));
            assert!(
                list.words()
                    .all(|w| !w.contains(char::is_whitespace) && !w.is_empty())
            );
        }
    }

    #[test]
    fn drawn_words_are_worth_ninety_bits() {
        for list in WordList::ALL {
            let bits = f64::from(list.len()).log2() * list.drawn() as f64;
            assert!(bits >= 90.0, "{bits}");
        }
    }

    #[test]
    fn typed_words_are_forgiven_case_accents_and_spaces() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(3);
        for list in WordList::ALL {
            let words = Words::draw(list, &mut rng);
            let typed: Vec<String> = words.shown().map(|w| fold(w).to_uppercase()).collect();
            let read = Words::read(list, &format!("  {} ", typed.join("\n\t"))).unwrap();
            assert_eq!(read.password(), words.password());
        }
    }

    #[test]
    fn a_mistyped_word_is_named_with_its_neighbours() {
        let Err(NotTheWords::Unknown {
            position,
            neighbours,
        }) = Words::read(
            WordList::English,
            "abacus abdomen abdominul abide abiding ability ablaze",
        )
        else {
            panic!("a word that is not in the list was read");
        };
        assert_eq!(position, 2);
        assert_eq!(neighbours.first(), Some(&"abdominal"));
        let huge = "z".repeat(10_000_000);
        assert!(Words::read(WordList::French, &format!("{huge} a b c d e f g h")).is_err());
    }

    #[test]
    fn every_index_of_a_list_can_be_drawn_and_none_beyond_it() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(4);
        let mut seen = BTreeSet::new();
        for _ in 0..4_000 {
            seen.extend(
                Words::draw(WordList::French, &mut rng)
                    .indices
                    .iter()
                    .copied(),
            );
        }
        assert_eq!(seen.len(), 2_048);
        assert!(seen.iter().all(|i| *i < 2_048));
    }
}
