//! Words typed by a person: which list they are of, and whether they stand inside a report.
//!
//! Words in a report would open the answers to whoever reads the report, now or later. Nothing
//! here keeps or shows a typed word.

use std::collections::HashSet;

use record::Report;
use seal::words::{NotTheWords, WordList, Words, fold};

/// Reads typed words. Without a named list they tell it themselves.
///
/// # Errors
/// [`NotTheWords`] says how many there should be, or which one is not in the list.
pub fn read(list: Option<WordList>, typed: &str) -> Result<Words, NotTheWords> {
    let list = list.or_else(|| WordList::of_typed(typed));
    let list = list.unwrap_or(WordList::English);
    Words::read(list, typed)
}

/// Looks for words in reports. Holds the folded lists, made once for a whole file.
pub struct WordsEye {
    lists: Vec<(usize, HashSet<String>)>,
    known: HashSet<String>,
    /// Three of the person's own characters in a row: single ones stand in every Chinese text.
    rows: Vec<String>,
}

impl WordsEye {
    /// An eye for any words, and for these in particular if the person has some.
    #[must_use]
    pub fn new(known: Option<&Words>) -> Self {
        Self {
            lists: WordList::ALL
                .into_iter()
                // Its characters are the commonest there are: any story is made of them.
                .filter(|list| *list != WordList::Chinese)
                .map(|list| (list.drawn(), list.words().map(fold).collect()))
                .collect(),
            known: known
                .filter(|words| words.list() != WordList::Chinese)
                .into_iter()
                .flat_map(|words| words.shown().map(fold))
                .collect(),
            rows: known
                .filter(|words| words.list() == WordList::Chinese)
                .map(|words| words.shown().map(fold).collect::<Vec<_>>())
                .unwrap_or_default()
                .windows(3)
                .map(<[String]>::concat)
                .collect(),
        }
    }

    /// Whether somebody's words seem to stand in one of the report's texts: as many words of one
    /// list in a row as are drawn, or more than half of the person's own words anywhere.
    ///
    /// Prose does not do the first: the lists hold no articles and few of the small words.
    #[must_use]
    pub fn sees_words_in(&self, report: &Report) -> bool {
        texts(report).into_iter().any(|text| {
            let written = written_words(text);
            let dense = written.concat();
            self.stands_in_a_row(&written)
                || self.stands_anywhere(&written)
                || self.rows.iter().any(|row| dense.contains(row))
        })
    }

    fn stands_in_a_row(&self, written: &[String]) -> bool {
        self.lists.iter().any(|(drawn, list)| {
            let mut row = 0;
            written.iter().any(|word| {
                row = if list.contains(word) { row + 1 } else { 0 };
                row >= *drawn
            })
        })
    }

    fn stands_anywhere(&self, written: &[String]) -> bool {
        let found: HashSet<&String> = written
            .iter()
            .filter(|word| self.known.contains(*word))
            .collect();
        !self.known.is_empty() && found.len() * 2 > self.known.len()
    }
}

/// The words of a text as they are compared; numbers before them, as in a numbered list, left out:
/// those have fewer digits than a group of list 5.
fn written_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-' && !is_accent(c))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
        .map(fold)
        .filter(|word| word.len() >= 5 || !word.chars().all(|c| c.is_ascii_digit()))
        .collect()
}

/// An accent written after its letter does not end a word.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// Everything a report tells in free words.
fn texts(report: &Report) -> Vec<&str> {
    let mut texts = vec![
        report.narrative.as_str(),
        &report.when.told,
        &report.place.told,
        &report.perpetrators.told,
        &report.safety,
        &report.contact,
    ];
    texts.extend(report.victims.iter().map(|victim| victim.told.as_str()));
    texts.extend(report.asked.iter().map(|answer| answer.told.as_str()));
    texts.extend(report.sources.iter().map(|source| source.found.as_str()));
    texts
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    fn drawn(list: WordList) -> Words {
        Words::draw(list, &mut rand_chacha::ChaCha20Rng::seed_from_u64(11))
    }

    fn telling(narrative: impl Into<String>) -> Report {
        Report {
            narrative: narrative.into(),
            ..Report::default()
        }
    }

    #[test]
    fn the_number_of_typed_words_tells_their_list() {
        for list in WordList::ALL {
            let typed: Vec<&str> = drawn(list).shown().collect();
            assert_eq!(read(None, &typed.join(" ")).unwrap().list(), list);
        }
    }

    #[test]
    fn words_typed_into_a_report_are_seen_whatever_stands_between_them() {
        let apart = |list: &WordList| *list != WordList::Chinese;
        for list in WordList::ALL.into_iter().filter(apart) {
            let words: Vec<&str> = drawn(list).shown().collect();
            let eye = WordsEye::new(None);
            for between in [" ", ", ", "\n", " 1. ", " - "] {
                let report = telling(format!("They came. {} And left.", words.join(between)));
                assert!(eye.sees_words_in(&report), "{between:?}");
            }
            let upper = telling(words.join(" ").to_uppercase());
            assert!(eye.sees_words_in(&upper));
            let contact = Report {
                contact: words.join(" "),
                ..Report::default()
            };
            assert!(eye.sees_words_in(&contact));
        }
    }

    #[test]
    fn more_than_half_of_ones_own_words_are_seen_in_any_order() {
        let words = drawn(WordList::English);
        let mut shown: Vec<&str> = words.shown().collect();
        shown.reverse();
        let some = telling(format!(
            "My words: {} and the rest",
            shown
                .iter()
                .take(5)
                .copied()
                .collect::<Vec<_>>()
                .join(" of the ")
        ));
        assert!(WordsEye::new(Some(&words)).sees_words_in(&some));
        assert!(!WordsEye::new(None).sees_words_in(&some));
    }

    #[test]
    fn ones_own_characters_are_seen_in_a_row_and_not_one_by_one() {
        let words = drawn(WordList::Chinese);
        let shown: Vec<&str> = words.shown().collect();
        let eye = WordsEye::new(Some(&words));
        let row = shown.iter().skip(2).take(3).copied().collect::<Vec<_>>();
        assert!(eye.sees_words_in(&telling(format!("他们来了。{}", row.join("、")))));
        let mut apart = shown.clone();
        apart.reverse();
        assert!(!eye.sees_words_in(&telling(apart.join("他们来了"))));
    }

    #[test]
    fn a_story_is_not_taken_for_words() {
        let eye = WordsEye::new(None);
        for story in [
            "",
            "On the evening of 3 March two officers stopped the car of a journalist near the market, took her telephone and held her until morning.",
            "Le 3 mars au soir, deux agents ont arrêté la voiture d’une journaliste près du marché, pris son téléphone et l’ont retenue jusqu’au matin.",
        ] {
            assert!(!eye.sees_words_in(&telling(story)), "{story}");
        }
    }
}
