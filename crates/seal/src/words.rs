//! The words a reporter keeps: drawn by the machine, never chosen. (protocol §3)
//!
//! Words become numbers here, and only the numbers go further: spelling, accents and case can
//! then never change a key.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A published list of words, known by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordList {
    /// EFF's first short list, 1,296 words of at most five letters: nine are drawn. (decision 0046)
    English,
    /// The French list of BIP-39, 2,048 words: nine are drawn.
    French,
    /// The Spanish list of BIP-39, 2,048 words: nine are drawn.
    Spanish,
    /// The simplified Chinese list of BIP-39, 2,048 characters: nine are drawn.
    Chinese,
    /// Four digits and the check digit that follows from them, 10,000 groups: seven are drawn. For
    /// languages that have no published list. (decision 0016)
    Digits,
}

const ENGLISH: &str = include_str!("../words/en.txt");
const FRENCH: &str = include_str!("../words/fr.txt");
const SPANISH: &str = include_str!("../words/es.txt");
const CHINESE: &str = include_str!("../words/zh.txt");

/// Digits of a group, the check digit last.
const GROUP: usize = 5;
const GROUPS: usize = 10_000;

/// The groups in the form of the lists, one a line: made while this compiles.
static DIGITS: [u8; GROUPS * (GROUP + 1)] = groups();

#[allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "runs while it compiles, and its numbers are digits"
)]
const fn groups() -> [u8; GROUPS * (GROUP + 1)] {
    let mut out = [b'\n'; GROUPS * (GROUP + 1)];
    let mut group = 0;
    while group < GROUPS {
        let mut rest = group;
        let mut place = GROUP - 1;
        while place > 0 {
            place -= 1;
            out[group * (GROUP + 1) + place] = (rest % 10) as u8;
            rest /= 10;
        }
        // ISO/IEC 7064, MOD 11,10: every single wrong digit shows.
        let mut product = 10;
        while place < GROUP - 1 {
            let at = group * (GROUP + 1) + place;
            let sum = (out[at] as u32 + product) % 10;
            product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
            out[at] += b'0';
            place += 1;
        }
        out[group * (GROUP + 1) + place] = b'0' + ((11 - product) % 10) as u8;
        group += 1;
    }
    out
}

impl WordList {
    /// All, by number.
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::French,
        Self::Spanish,
        Self::Chinese,
        Self::Digits,
    ];

    /// The number that goes into the key derivation.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::English => 1,
            Self::French => 2,
            Self::Spanish => 3,
            Self::Chinese => 4,
            Self::Digits => 5,
        }
    }

    /// The list to draw from for a language: digits where it has none of its own and another
    /// script than the lists, English for all others.
    #[must_use]
    pub fn of_language(language: &str) -> Self {
        match language.split('-').next() {
            Some("fr") => Self::French,
            Some("es") => Self::Spanish,
            Some("zh") => Self::Chinese,
            Some("ar" | "ru") => Self::Digits,
            _ => Self::English,
        }
    }

    /// The list typed words are most likely of: of those that draw as many, the one that knows most
    /// of them. `None` if no list draws as many.
    #[must_use]
    pub fn of_typed(typed: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .filter_map(|list| {
                let pieces = list.pieces(typed);
                let folded: BTreeSet<String> = list.words().map(fold).collect();
                let known = pieces.iter().filter(|p| folded.contains(*p)).count();
                (pieces.len() == list.drawn()).then_some((known, list))
            })
            // The last of several that know as many would win.
            .rev()
            .max_by_key(|(known, _)| *known)
            .map(|(_, list)| list)
    }

    /// The file of the site that holds the list, without its folder; none is needed for digits.
    #[must_use]
    pub fn file(self) -> Option<&'static str> {
        match self {
            Self::English => Some("en"),
            Self::French => Some("fr"),
            Self::Spanish => Some("es"),
            Self::Chinese => Some("zh"),
            Self::Digits => None,
        }
    }

    /// Its words, in order.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::English => ENGLISH.lines(),
            Self::French => FRENCH.lines(),
            Self::Spanish => SPANISH.lines(),
            Self::Chinese => CHINESE.lines(),
            // Nothing but digits and line ends.
            Self::Digits => std::str::from_utf8(&DIGITS).unwrap_or_default().lines(),
        }
    }

    /// How many words the list has.
    #[must_use]
    pub fn len(self) -> u16 {
        match self {
            Self::English => 1_296,
            Self::French | Self::Spanish | Self::Chinese => 2_048,
            Self::Digits => 10_000,
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
            Self::Digits => 7,
            Self::English | Self::French | Self::Spanish | Self::Chinese => 9,
        }
    }

    /// What was typed, piece by piece and folded: words stand apart, Chinese characters need not,
    /// and digits may be grouped in any way.
    fn pieces(self, typed: &str) -> Vec<String> {
        let apart: Vec<String> = typed
            .split(|c: char| c.is_whitespace() || ",;،؛、，；".contains(c))
            .map(fold)
            .filter(|piece| !piece.is_empty())
            .collect();
        if apart.len() == self.drawn() {
            return apart;
        }
        let size = match self {
            Self::Chinese => 1,
            Self::Digits => GROUP,
            _ => return apart,
        };
        let all: Vec<char> = apart.iter().flat_map(|p| p.chars()).collect();
        let all: Vec<char> = all.into_iter().filter(|c| *c != '-').collect();
        all.chunks(size).map(String::from_iter).collect()
    }

    /// The word of an index; empty beyond the list.
    #[must_use]
    pub fn word(self, index: u16) -> &'static str {
        self.words().nth(usize::from(index)).unwrap_or("")
    }
}

/// Folds what a person typed to the form in which words are compared: no spaces around, lower case,
/// NFKD without its marks (accents, the hamza on an alef), one form of each Arabic letter, ASCII
/// digits. (protocol §3)
#[must_use]
pub fn fold(typed: &str) -> String {
    typed
        .trim()
        .to_lowercase()
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .filter_map(|c| match c {
            // Tatweel only stretches a word.
            '\u{640}' => None,
            // Alef wasla; alef maksura and the Persian yeh; teh marbuta; the Persian kaf.
            '\u{671}' => Some('\u{627}'),
            '\u{649}' | '\u{6cc}' => Some('\u{64a}'),
            '\u{629}' => Some('\u{647}'),
            '\u{6a9}' => Some('\u{643}'),
            // Arabic-Indic digits, and those of Persian and Urdu.
            '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => {
                char::from_digit(u32::from(c) & 15, 10)
            }
            other => Some(other),
        })
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
        let typed = list.pieces(typed);
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

/// Up to four words of the list with the fewest differing letters. None for digits: a group with
/// another digit is as likely as any, and guessing would defeat the check.
fn near(list: WordList, folded: &str) -> Vec<&'static str> {
    if list == WordList::Digits {
        return Vec::new();
    }
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
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

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
    fn typed_words_tell_their_list() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(5);
        for list in WordList::ALL {
            let words: Vec<&str> = Words::draw(list, &mut rng).shown().collect();
            assert_eq!(WordList::of_typed(&words.join(" ")), Some(list));
        }
        assert_eq!(WordList::of_typed("one two"), None);
    }

    #[test]
    fn characters_need_no_spaces_and_digits_any_grouping_or_script() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(6);
        let words = Words::draw(WordList::Chinese, &mut rng);
        let joined: String = words.shown().collect();
        let read = Words::read(WordList::Chinese, &joined).unwrap();
        assert_eq!(read.password(), words.password());
        let words = Words::draw(WordList::Digits, &mut rng);
        let joined: String = words.shown().collect();
        let spread: Vec<String> = joined.chars().map(String::from).collect();
        let other = |zero: u32| -> String {
            let digit = |c: char| char::from_u32(zero + c.to_digit(10).unwrap()).unwrap();
            words
                .shown()
                .map(|w| w.chars().map(digit).chain([' ']).collect::<String>())
                .collect()
        };
        for typed in [
            joined,
            spread.join(" "),
            other(0x660),
            other(0x6f0),
            other(0xff10),
        ] {
            let read = Words::read(WordList::Digits, &typed).unwrap();
            assert_eq!(read.password(), words.password(), "{typed}");
        }
    }

    #[test]
    fn one_wrong_digit_is_named_by_its_group() {
        let groups: Vec<&str> = WordList::Digits.words().collect();
        // ISO/IEC 7064 gives 0794 the check digit 5.
        assert_eq!(
            (groups[0], groups[794], groups[9_999]),
            ("00005", "07945", "99996")
        );
        let known: BTreeSet<&str> = groups.iter().copied().collect();
        for group in groups.iter().step_by(37) {
            for place in 0..GROUP {
                for digit in '0'..='9' {
                    let mut wrong: Vec<char> = group.chars().collect();
                    wrong[place] = digit;
                    let wrong: String = wrong.into_iter().collect();
                    assert!(
                        wrong == *group || !known.contains(wrong.as_str()),
                        "{group} {wrong}"
                    );
                }
            }
        }
        let typed = "00005 07945 99996 00005 07946 00005 00005";
        assert_eq!(
            Words::read(WordList::Digits, typed).err(),
            Some(NotTheWords::Unknown {
                position: 4,
                neighbours: Vec::new()
            })
        );
    }

    #[test]
    fn one_word_written_in_many_ways_folds_to_one() {
        for (typed, folded) in [
            ("  Éléphant\n", "elephant"),
            ("E\u{301}LE\u{301}PHANT", "elephant"),
            ("ﬁn", "fin"),
            ("ÑANDÚ", "nandu"),
            ("Ёлка", "елка"),
            ("أَحْمَد", "احمد"),
            ("إسـلام", "اسلام"),
            ("آمنة", "امنه"),
            ("ٱسم", "اسم"),
            ("مستشفى", "مستشفي"),
            ("سؤال", "سوال"),
            ("کتاب", "كتاب"),
            ("٠١٢٣٤", "01234"),
            ("۵۶۷۸۹", "56789"),
            ("０１", "01"),
        ] {
            assert_eq!(fold(typed), folded, "{typed}");
            assert_eq!(fold(folded), folded, "{typed}");
        }
    }

    #[test]
    fn a_mistyped_word_is_named_with_its_neighbours() {
        let Err(NotTheWords::Unknown {
            position,
            neighbours,
        }) = Words::read(
            WordList::English,
            "acid acorn acrx acts afar affix aged agent agile",
        )
        else {
            panic!("a word that is not in the list was read");
        };
        assert_eq!(position, 2);
        assert_eq!(neighbours.first(), Some(&"acre"));
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
