//! What an office sets of its pages beside its name and languages: what it greets with, which
//! questions it leaves out, what it asks besides, how much it takes. All of it is written into the
//! pages when they are made; nothing is fetched.

use maud::{Markup, html};
use record::FormLanguage;

use super::own_name;

/// Questions of the form an office may leave out. The story, what must not be done, the child's
/// way and what may be done with a letter are asked by every office.
pub const OPTIONAL: [&str; 12] = [
    "when",
    "day",
    "where",
    "country",
    "acts",
    "victims",
    "count",
    "groups",
    "perpetrators",
    "kinds",
    "contact",
    "code",
];

/// Those of them that fill the step about people, `speaks` going with `count`.
const ABOUT_PEOPLE: [&str; 5] = ["victims", "count", "groups", "perpetrators", "kinds"];

/// One sentence in the languages it was written in.
pub type Spoken = Vec<(FormLanguage, String)>;

/// A question of the office's own, answered in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnQuestion {
    /// What it is called in a report (protocol §4.1, key 21).
    pub id: String,
    /// The question.
    pub text: Spoken,
}

/// What an office sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its name where it has another one in a language.
    pub names: Spoken,
    /// A sentence of its own at the beginning.
    pub greeting: Spoken,
    /// Ids of [`OPTIONAL`] that it does not ask.
    pub left_out: Vec<String>,
    /// What it asks besides.
    pub questions: Vec<OwnQuestion>,
    /// Files of one letter together, in units of 2^20 bytes; 0 takes none.
    pub files_mb: u32,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            greeting: Vec::new(),
            left_out: Vec::new(),
            questions: Vec::new(),
            files_mb: 2_048,
        }
    }
}

impl Own {
    pub(super) fn asks(&self, id: &str) -> bool {
        !self.left_out.iter().any(|out| out == id)
    }

    /// Whether anything is left to ask in a step of the form.
    pub(super) fn asks_in(&self, step: &str) -> bool {
        match step {
            "what" => self.asks("acts"),
            "who" => !self.questions.is_empty() || ABOUT_PEOPLE.iter().any(|id| self.asks(id)),
            _ => true,
        }
    }
}

/// A sentence in a language, or else in the first of the office's languages that has it.
pub(super) fn found<'a>(
    spoken: &'a Spoken,
    language: FormLanguage,
    languages: &[FormLanguage],
) -> Option<(FormLanguage, &'a str)> {
    let said = |wanted: FormLanguage| {
        let has = spoken.iter().find(|(own, _)| *own == wanted);
        has.map(|(own, text)| (*own, text.as_str()))
    };
    let first = spoken.first().map(|(own, text)| (*own, text.as_str()));
    said(language)
        .or_else(|| languages.iter().copied().find_map(said))
        .or(first)
}

/// The sentence; one that is in another language says in which, and is read aloud as that one.
pub(super) fn sentence(page: FormLanguage, (language, text): (FormLanguage, &str)) -> Markup {
    html! {
        @if page == language { (text) }
        @else { "(" bdi lang=(language.lang()) { (own_name(language)) } ") " bdi lang=(language.lang()) { (text) } }
    }
}
