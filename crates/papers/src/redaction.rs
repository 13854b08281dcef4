//! Taking words out of a text before it leaves.
//!
//! What is removed is gone: a [`Passage`] holds what is left and, in the place of each removal, the
//! reason for it, and no writer can bring back what it does not hold. Each removal is seen by its
//! reader as `[…]` with its reason. Whoever looks at a preview looks at what leaves, because both are
//! written from the same passages. (decision 0062)
//!
//! Absent: the decision what to remove. [`names_in`] finds what a list of names says must not stand
//! there; a person looks, and may remove more.

use std::fmt;
use std::ops::Range;

use casework::{PublicPage, StatesReply};
use record::{Date, Language, ResponseId};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::documents::DocumentLanguage;

/// Why something was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It tells who somebody is, and nobody agreed to that for this recipient.
    NotCovered,
    /// It is about somebody else, whom this does not concern.
    PersonalData,
    /// It would tell who spoke to the office.
    Source,
    /// It tells who a child is.
    Child,
    /// It would put somebody in danger.
    Safety,
}

impl Reason {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::NotCovered,
        Self::PersonalData,
        Self::Source,
        Self::Child,
        Self::Safety,
    ];

    /// The reason in words.
    pub const fn label(self, language: DocumentLanguage) -> &'static str {
        let [en, fr, es] = match self {
            Self::NotCovered => [
                "identity not to be shown",
                "identité à ne pas communiquer",
                "identidad que no debe comunicarse",
            ],
            Self::PersonalData => [
                "personal data of someone else",
                "données personnelles d’un tiers",
                "datos personales de otra persona",
            ],
            Self::Source => [
                "protection of a source",
                "protection d’une source",
                "protección de una fuente",
            ],
            Self::Child => [
                "protection of a child",
                "protection d’un enfant",
                "protección de un menor",
            ],
            Self::Safety => [
                "someone’s safety",
                "sécurité d’une personne",
                "seguridad de una persona",
            ],
        };
        match language {
            DocumentLanguage::English => en,
            DocumentLanguage::French => fr,
            DocumentLanguage::Spanish => es,
        }
    }
}

/// A part of a text that is to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Which bytes of the text.
    pub span: Range<usize>,
    /// Why.
    pub reason: Reason,
}

/// Why nothing was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotRemove {
    /// The part lies beyond the text, or is empty: mark it again.
    NothingThere,
    /// The part begins or ends inside a character: mark it again.
    InsideACharacter,
    /// There is no such answer on the page: look at the list again.
    NoSuchAnswer,
}

impl CannotRemove {
    /// What to do, in a language.
    pub const fn sentence(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::NothingThere => (
                "there is nothing to remove at this place; mark it again",
                "il n’y a rien à retirer à cet endroit ; marquez-le de nouveau",
            ),
            Self::InsideACharacter => (
                "this begins or ends inside a character; mark it again",
                "cela commence ou finit au milieu d’un caractère ; marquez-le de nouveau",
            ),
            Self::NoSuchAnswer => (
                "there is no such answer on this page; look at the list again",
                "cette page n’a pas cette réponse ; relisez la liste",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl fmt::Display for CannotRemove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence(Language::English))
    }
}

impl std::error::Error for CannotRemove {}

/// A piece of a passage.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// What is left.
    Kept(String),
    /// Something stood here.
    Removed(Reason),
}

impl Piece {
    /// Not before names were looked for: a mark that nobody sees could part a name in two.
    fn safe_to_show(self) -> Self {
        match self {
            Self::Kept(text) => Self::Kept(record::text::shown(&text).into_owned()),
            removed @ Self::Removed(_) => removed,
        }
    }
}

/// A text without what was removed from it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passage {
    pieces: Vec<Piece>,
}

// What people told must not reach a log.
impl fmt::Debug for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Passage({} bytes, {} removed)",
            self.kept().len(),
            self.removed().count()
        )
    }
}

impl From<String> for Passage {
    fn from(text: String) -> Self {
        let pieces = match text.is_empty() {
            true => Vec::new(),
            false => vec![Piece::Kept(text)],
        };
        Self { pieces }
    }
}

impl From<&str> for Passage {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl Passage {
    /// What somebody wrote, without names that must not stand in it, and safe to show. A name that
    /// is part of one that may stand there stays: a family has one name.
    pub(crate) fn told(text: &str, kept_back: &[&str], shown: &[&str]) -> Self {
        let mut may_stand = Vec::new();
        let letters = folded(text);
        for name in shown {
            may_stand.extend(spans(text, &letters, &word(name), Looked::default()));
        }
        let mut masks = names_in(text, kept_back, Reason::NotCovered);
        masks.retain(|mask| {
            let inside =
                |span: &Range<usize>| span.start <= mask.span.start && mask.span.end <= span.end;
            !may_stand.iter().any(inside)
        });
        // A mask that names no part of the text would leave nothing of it rather than a name.
        let cut = Self::from(text).cut(&masks).unwrap_or_default();
        cut.safe_to_show()
    }

    /// A word that may not stand anywhere in it, seen as removed.
    pub(crate) fn held_back() -> Self {
        Self {
            pieces: vec![Piece::Removed(Reason::NotCovered)],
        }
    }

    /// Signs that turn the reading direction or are not seen are written out: words that read in
    /// another order than they stand are other words.
    fn safe_to_show(self) -> Self {
        Self {
            pieces: self.pieces.into_iter().map(Piece::safe_to_show).collect(),
        }
    }

    /// What it consists of.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether nothing stands in it and nothing was removed.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// What is left of the text, one piece after the other. Masks name their bytes in it.
    pub fn kept(&self) -> String {
        let kept = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Kept(text) => Some(text.as_str()),
            Piece::Removed(_) => None,
        });
        kept.collect()
    }

    /// Why something was removed, for each removal in its order.
    pub fn removed(&self) -> impl Iterator<Item = Reason> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Kept(_) => None,
            Piece::Removed(reason) => Some(*reason),
        })
    }

    /// The passage as its reader sees it: each removal is `[…]` with its reason.
    pub fn reading(&self, language: DocumentLanguage) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Kept(text) => out.push_str(text),
                Piece::Removed(reason) => {
                    out.push_str("[…] (");
                    out.push_str(reason.label(language));
                    out.push(')');
                }
            }
        }
        out
    }

    /// The passage without more of it. Where masks overlap, one removal is left.
    ///
    /// # Errors
    /// When a mask names no part of [`Passage::kept`]. Then nothing is removed.
    pub fn cut(&self, masks: &[Mask]) -> Result<Self, CannotRemove> {
        let text = self.kept();
        for mask in masks {
            let Range { start, end } = mask.span;
            if start >= end || end > text.len() {
                return Err(CannotRemove::NothingThere);
            }
            if !(text.is_char_boundary(start) && text.is_char_boundary(end)) {
                return Err(CannotRemove::InsideACharacter);
            }
        }
        let mut masks = masks.to_vec();
        masks.sort_by_key(|mask| (mask.span.start, mask.span.end));
        let mut whole: Vec<Mask> = Vec::new();
        for mask in masks {
            match whole.last_mut() {
                Some(last) if mask.span.start < last.span.end => {
                    last.span.end = last.span.end.max(mask.span.end);
                }
                _ => whole.push(mask),
            }
        }
        let mut cut = Self::default();
        let mut offset = 0;
        for piece in &self.pieces {
            let Piece::Kept(text) = piece else {
                cut.push(piece.clone());
                continue;
            };
            let (first, end) = (offset, offset + text.len());
            offset = end;
            let mut at = first;
            for mask in &whole {
                let from = mask.span.start.max(first);
                let to = mask.span.end.min(end);
                if from >= to {
                    continue;
                }
                cut.keep(text.get(at - first..from - first));
                cut.push(Piece::Removed(mask.reason));
                at = to;
            }
            cut.keep(text.get(at - first..));
        }
        Ok(cut)
    }

    fn keep(&mut self, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.push(Piece::Kept(text.to_owned()));
        }
    }

    fn push(&mut self, piece: Piece) {
        // One removal that reaches over an earlier one is seen once.
        if self.pieces.last() != Some(&piece) || matches!(piece, Piece::Kept(_)) {
            self.pieces.push(piece);
        }
    }
}

/// An answer of those accused, as it may stand on a public page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// By whom.
    pub by: Passage,
    /// The day on it.
    pub day: Option<Date>,
    /// What it says, without personal data of others.
    pub says: Passage,
}

/// An answer that stands on a public page, word for word but for what was removed of it, and with the
/// signs written out that would turn its words around. The answer in the case stays as it came.
///
/// # Errors
/// When the page has no such answer, or a mask names no part of it.
pub fn quoted(
    page: &PublicPage<'_>,
    answer: ResponseId,
    masks: &[Mask],
) -> Result<Quoted, CannotRemove> {
    let StatesReply::Answered(answers) = page.response().reply() else {
        return Err(CannotRemove::NoSuchAnswer);
    };
    let mut answers = answers.iter().map(|recorded| &recorded.response);
    let answer = answers
        .find(|response| response.id == answer)
        .ok_or(CannotRemove::NoSuchAnswer)?;
    Ok(Quoted {
        by: Passage::from(answer.by.as_str()).safe_to_show(),
        day: answer.day,
        says: Passage::from(answer.text.as_str())
            .cut(masks)?
            .safe_to_show(),
    })
}

/// Every place of a text where one of these names stands: in capitals or not, with accents or
/// without, with one space or a line end between its words. Of a name of several words each word is
/// found too, where it begins like a name.
///
/// Where a script joins words, or writes them without spaces, a name is found inside a longer word:
/// rather one removal too many, which somebody sees, than one too few.
pub fn names_in(text: &str, names: &[&str], reason: Reason) -> Vec<Mask> {
    let letters = folded(text);
    let mut masks = Vec::new();
    for name in names {
        let whole = word(name);
        let parts: Vec<&[char]> = whole.split(|letter| *letter == ' ').collect();
        let short = whole.len() < 4 && !whole.iter().copied().any(is_joined);
        // A name of two letters is also a small word.
        let begins = name.trim_start().chars().next();
        let looked_for = Looked {
            like_a_name: short && begins.is_some_and(char::is_uppercase),
            apart: short,
        };
        masks.extend(spans(text, &letters, &whole, looked_for));
        if parts.len() < 2 {
            continue;
        }
        if is_contact(&whole) {
            // A number or an address is found alone; what stands beside it is no name.
            for part in parts.iter().map(|part| without_points(part)) {
                if is_contact(part) {
                    masks.extend(spans(text, &letters, part, Looked::default()));
                }
            }
            continue;
        }
        for part in name.split(|c: char| c.is_whitespace() || is_dash(c)) {
            // O’Connor is one part: its initial goes with it, whatever its capitals.
            let part = word(part);
            if part.contains(&' ') {
                let looked_for = Looked {
                    like_a_name: false,
                    apart: true,
                };
                masks.extend(spans(text, &letters, &part, looked_for));
            }
        }
        for part in parts {
            let joined = part.iter().copied().any(is_joined);
            // A family name may have two letters; the small words between names have as many.
            let small: String = part.iter().collect();
            if part.len() < 2 || SMALL_WORDS.contains(&small.as_str()) {
                continue;
            }
            let looked_for = Looked {
                like_a_name: true,
                apart: !joined,
            };
            masks.extend(spans(text, &letters, part, looked_for));
        }
    }
    masks.sort_by_key(|span| (span.start, span.end));
    masks.dedup();
    let masks = masks.into_iter();
    masks.map(|span| Mask { span, reason }).collect()
}

/// Words of two letters that stand within names and begin sentences.
const SMALL_WORDS: [&str; 14] = [
    "af", "al", "av", "bn", "da", "de", "di", "do", "du", "ed", "el", "la", "le", "os",
];

/// Whether it is a way to reach somebody: an address, or a number of some length.
fn is_contact(word: &[char]) -> bool {
    let digits = word.iter().filter(|letter| letter.is_numeric()).count();
    word.contains(&'@') || digits >= 5
}

/// A word without the points and commas around it.
fn without_points(word: &[char]) -> &[char] {
    let belongs = |letter: &char| letter.is_alphanumeric() || matches!(letter, '+' | '@');
    let begin = word.iter().position(belongs).unwrap_or(word.len());
    let end = word
        .iter()
        .rposition(belongs)
        .map_or(begin, |last| last + 1);
    word.get(begin..end).unwrap_or_default()
}

/// A name as it is compared.
fn word(name: &str) -> Vec<char> {
    let letters = folded(name.trim()).into_iter();
    letters.map(|letter| letter.what).collect()
}

/// How a word is looked for.
#[derive(Clone, Copy, Default)]
struct Looked {
    /// It must begin with a capital, where the script has any.
    like_a_name: bool,
    /// It must stand apart from other letters.
    apart: bool,
}

fn spans(text: &str, letters: &[Letter], word: &[char], looked: Looked) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if word.iter().all(|letter| *letter == ' ') {
        return found;
    }
    for (place, window) in letters.windows(word.len()).enumerate() {
        if !window
            .iter()
            .map(|letter| letter.what)
            .eq(word.iter().copied())
        {
            continue;
        }
        let (Some(first), Some(last)) = (window.first(), window.last()) else {
            continue;
        };
        let is_letter = |at: Option<&Letter>| at.is_some_and(|next| next.what.is_alphanumeric());
        let before = place.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(place + word.len());
        if looked.apart && (is_letter(before) || is_letter(after)) {
            continue;
        }
        let begins = text.get(first.start..).and_then(|rest| rest.chars().next());
        if looked.like_a_name && begins.is_some_and(char::is_lowercase) {
            continue;
        }
        found.push(first.start..last.end);
    }
    found
}

/// A letter as it is compared, and the bytes of the text that it stands for.
struct Letter {
    what: char,
    start: usize,
    end: usize,
}

fn folded(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        for part in std::iter::once(character).nfkd() {
            if is_combining_mark(part) || is_silent(part) {
                // A mark belongs to its letter and goes with it.
                if let Some(last) = letters.last_mut() {
                    last.end = end;
                }
            } else if part.is_whitespace() || is_dash(part) || is_apostrophe(part) {
                match letters.last_mut() {
                    Some(last) if last.what == ' ' => last.end = end,
                    Some(_) => letters.push(Letter {
                        what: ' ',
                        start,
                        end,
                    }),
                    None => {}
                }
            } else {
                let lower = part.to_lowercase().filter(|one| !is_combining_mark(*one));
                letters.extend(lower.map(|one| Letter {
                    what: plain(one),
                    start,
                    end,
                }));
            }
        }
    }
    letters
}

/// A character that changes how a word looks and not which word it is.
fn is_silent(character: char) -> bool {
    let unseen = matches!(
        character,
        '\u{00AD}'
            | '\u{0640}'
            | '\u{061C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    );
    unseen || (character.is_control() && !character.is_whitespace())
}

/// O'Connor, O’Connor and O Connor are one name.
fn is_apostrophe(character: char) -> bool {
    matches!(
        character,
        '\'' | '`' | '\u{00B4}' | '\u{02B9}'..='\u{02BD}' | '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{FF07}'
    )
}

/// Letters that no decomposition brings back to the one they are written for elsewhere.
fn plain(letter: char) -> char {
    match letter {
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ς' => 'σ',
        other => other,
    }
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}')
}

/// A letter of a script that joins small words to the next, or writes no spaces at all.
fn is_joined(letter: char) -> bool {
    letter.is_alphabetic()
        && !letter.is_lowercase()
        && !letter.is_uppercase()
        && u32::from(letter) >= 0x0590
}
