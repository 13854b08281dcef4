//! Searches that somebody saved under a name. They lie in the vault: what an office looks for says
//! what it works on.

use record::Language;
use vault::{Failed, Reading, Writing};

use crate::desk::Desk;
use crate::office_keys::counter;
use crate::web::asked::Fields;

/// The setting under which they lie: a line for each.
const SAVED: &str = "saved-searches";
/// How many were ever saved: a number is not given twice.
const COUNTED: &str = "saved-searches-counted";
/// How many are kept: more are no list that anybody reads.
const MOST: usize = 40;
/// The most characters of a name, and bytes of what is looked for.
const LONGEST_NAME: usize = 60;
const LONGEST_QUERY: usize = 4 << 10;

/// A search under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// Its number, never given again.
    pub number: u64,
    /// What it is called.
    pub name: String,
    /// What it looks for, as the form it was typed into.
    pub query: String,
}

/// Why a search was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotSave {
    /// It has no name.
    NoName,
    /// It looks for nothing.
    Nothing,
    /// Name or search are too long.
    TooLong,
    /// So many are kept already: forget one first.
    TooMany,
    /// The vault could not be read or written.
    Store(Failed),
}

impl CannotSave {
    /// The sentence for the caseworker.
    #[must_use]
    pub fn sentence(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::NoName => ("give it a name", "donnez-lui un nom"),
            Self::Nothing => (
                "choose something to look for first",
                "choisissez d’abord ce qu’il faut chercher",
            ),
            Self::TooLong => (
                "this is too long; shorten it",
                "c’est trop long ; raccourcissez",
            ),
            Self::TooMany => (
                "forty searches are saved already; forget one first",
                "quarante recherches sont déjà gardées ; supprimez-en une d’abord",
            ),
            Self::Store(_) => (
                "the vault could not be read or written; nothing was saved",
                "le coffre n’a pas pu être lu ou écrit ; rien n’a été gardé",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl std::fmt::Display for CannotSave {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentence(Language::English))
    }
}

impl std::error::Error for CannotSave {}

impl From<Failed> for CannotSave {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

impl Desk {
    /// The saved searches, by name.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn saved_searches(&self) -> Result<Vec<SavedSearch>, Failed> {
        let mut saved = read(&self.vault().read())?;
        saved.sort_by_cached_key(|one| (one.name.to_lowercase(), one.number));
        Ok(saved)
    }

    /// Saves a search; one of the same name is replaced.
    ///
    /// # Errors
    /// [`CannotSave`].
    pub fn save_search(&mut self, name: &str, query: &str) -> Result<u64, CannotSave> {
        let name = name.trim();
        if name.is_empty() {
            return Err(CannotSave::NoName);
        }
        if query.is_empty() {
            return Err(CannotSave::Nothing);
        }
        let too_long = name.chars().count() > LONGEST_NAME || query.len() > LONGEST_QUERY;
        if too_long || name.contains(char::is_control) || query.contains(char::is_control) {
            return Err(CannotSave::TooLong);
        }
        let mut saved = read(&self.vault().read())?;
        saved.retain(|one| one.name != name);
        if saved.len() >= MOST {
            return Err(CannotSave::TooMany);
        }
        let number = self.change(|_, w| {
            let number = counter(w, COUNTED)?.unwrap_or(0).saturating_add(1);
            w.set(COUNTED, &number.to_be_bytes())?;
            saved.push(SavedSearch {
                number,
                name: name.to_owned(),
                query: query.to_owned(),
            });
            write(w, &saved)?;
            Ok(number)
        })?;
        Ok(number)
    }

    /// The saved searches whose words find one of these cases: they may name somebody of it. A list
    /// that cannot be read holds up no erasing: it goes whole.
    pub(crate) fn searches_for(&self, cases: &[u64]) -> Result<Vec<u64>, Failed> {
        let mut telling = Vec::new();
        let saved = match read(&self.vault().read()) {
            Err(Failed::Damaged) => return Ok(telling),
            saved => saved?,
        };
        for one in saved {
            let asked_for = Fields::read(one.query.as_bytes());
            // Its name alone may do so, too.
            for words in [asked_for.text("typed"), one.name.as_str()] {
                if !words.is_empty() && self.search(words)?.iter().any(|n| cases.contains(n)) {
                    telling.push(one.number);
                }
            }
        }
        Ok(telling)
    }

    /// Forgets a saved search; one that is gone already is as good.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn forget_search(&mut self, number: u64) -> Result<(), Failed> {
        self.change(|_, w| forget(w, &[number]))
    }
}

/// Forgets saved searches; all of them where they cannot be read.
pub(crate) fn forget(w: &Writing<'_>, numbers: &[u64]) -> Result<(), Failed> {
    let mut saved = match read(w) {
        Err(Failed::Damaged) => Vec::new(),
        saved => saved?,
    };
    saved.retain(|one| !numbers.contains(&one.number));
    write(w, &saved)
}

fn read(r: &Reading<'_>) -> Result<Vec<SavedSearch>, Failed> {
    let kept = r.setting(SAVED)?.unwrap_or_default();
    let kept = String::from_utf8(kept).map_err(|_| Failed::Damaged)?;
    let one = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        Some(SavedSearch {
            number: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
            query: parts.next()?.to_owned(),
        })
    };
    let saved = kept.lines().map(|line| one(line).ok_or(Failed::Damaged));
    saved.collect()
}

fn write(w: &Writing<'_>, saved: &[SavedSearch]) -> Result<(), Failed> {
    let lines: Vec<String> = saved
        .iter()
        .map(|one| format!("{}\t{}\t{}", one.number, one.name, one.query))
        .collect();
    w.set(SAVED, lines.join("\n").as_bytes())
}
