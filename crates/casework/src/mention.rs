//! What a case speaks of that others may speak of too: a person, a place, a unit or an authority, a
//! technology; and where in the case. Spelling is folded, so that an accent or a capital keeps no two
//! apart.
//!
//! Absent: what is recorded as a source. A person of the case is looked up, a relative who answered
//! for somebody too.
//! The same spelling is no identity: whether two are one, a person decides.

use record::text::line;
use record::{ActId, EventId, PersonId, ResponseId, Term};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::case::Case;
use crate::field::choices;

/// The most characters of something that is looked for elsewhere: a whole sentence is no name.
const LONGEST: usize = 80;

choices! {
    /// What kind of thing is spoken of.
    Spoken {
        /// A person or group, a victim or an alleged perpetrator.
        1 Person "person" "Person or group" "Personne ou groupe",
        /// A place.
        2 Place "place" "Place" "Lieu",
        /// A unit, a force, an authority, a company.
        3 Authority "authority" "Unit, authority or company" "Unité, autorité ou entreprise",
        /// A kind of technology, by its code.
        4 Technology "technology" "Technical means" "Moyen technique",
        /// A product, or who makes it.
        5 Product "product" "Product or vendor" "Produit ou fournisseur",
    }
}

/// Where in a case something is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpokenIn {
    /// A report, by its place among the letters, from 1.
    Letter(usize),
    /// A person or group of the case.
    Person(PersonId),
    /// An event.
    Event(EventId),
    /// An act.
    Act(ActId),
    /// A letter to somebody outside.
    LetterOut(u32),
    /// An answer that came.
    Response(ResponseId),
}

/// Something a case speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What kind of thing.
    pub spoken: Spoken,
    /// As it is written there; of a kind of technology, its code.
    pub said: String,
    /// Where.
    pub within: SpokenIn,
    folded: String,
}

impl Mention {
    fn of(spoken: Spoken, said: &str, within: SpokenIn) -> Option<Self> {
        let said = said.trim();
        // The length first: a stranger's words may be long, and folding makes them longer.
        if said.chars().nth(LONGEST).is_some() {
            return None;
        }
        let folded = folded(said, spoken == Spoken::Person);
        (!folded.is_empty()).then(|| Self {
            spoken,
            said: line(said, LONGEST),
            within,
            folded,
        })
    }

    /// Whether another speaks of a thing of the same spelling. Names of a person may stand in another
    /// order.
    pub fn is_alike(&self, other: &Self) -> bool {
        self.spoken == other.spoken && self.folded == other.folded
    }
}

impl Case {
    /// Everything it speaks of that another case may speak of, in the order of the case.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut all = Vec::new();
        let mut add = |spoken, said: &str, within| all.extend(Mention::of(spoken, said, within));
        let place = |add: &mut dyn FnMut(Spoken, &str, SpokenIn), at: &record::Where, within| {
            for said in [&at.told, &at.admin2, &at.admin1] {
                add(Spoken::Place, said, within);
            }
        };
        for (n, letter) in (1..).zip(self.letters()) {
            if let Ok(report) = &letter.report {
                place(&mut add, &report.place, SpokenIn::Letter(n));
            }
        }
        for person in self.people() {
            for name in &person.names {
                add(Spoken::Person, name, SpokenIn::Person(person.id));
            }
        }
        for event in self.events() {
            place(&mut add, &event.place, SpokenIn::Event(event.id));
        }
        for act in self.acts() {
            let within = SpokenIn::Act(act.id);
            for one in &act.involvements {
                add(Spoken::Person, &one.name, within);
                add(Spoken::Authority, &one.unit, within);
            }
            for one in &act.technologies {
                add(Spoken::Technology, one.technology.as_str(), within);
                add(Spoken::Product, &one.product, within);
                add(Spoken::Product, &one.vendor, within);
                add(Spoken::Authority, &one.operator, within);
            }
        }
        for out in self.outgoing() {
            let within = SpokenIn::LetterOut(out.number);
            add(Spoken::Authority, out.sent.to.as_str(), within);
        }
        for came in self.responses() {
            let within = SpokenIn::Response(came.response.id);
            add(Spoken::Authority, &came.response.by, within);
        }
        all
    }
}

impl Spoken {
    /// What is written of such a thing, in a language: codes have labels.
    pub fn in_words(self, said: &str, language: record::Language) -> String {
        match self {
            Self::Technology => Term::<record::vocabulary::Technologies>::told(said)
                .label(language)
                .into_owned(),
            _ => said.to_owned(),
        }
    }
}

/// A spelling without what is typed one way or another: accents, capitals, signs between words, and
/// of a name the order of its words.
fn folded(said: &str, in_any_order: bool) -> String {
    let letters: String = said
        .nfkd()
        .filter(|letter| !is_accent(*letter) && !is_silent(*letter))
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_accent(*letter))
        .map(|letter| match letter {
            'ı' => 'i',
            'ł' => 'l',
            'ø' => 'o',
            'đ' | 'ð' => 'd',
            'ς' => 'σ',
            letter if letter.is_alphanumeric() || is_combining_mark(letter) => letter,
            _ => ' ',
        })
        .collect();
    let mut words: Vec<&str> = letters.split_whitespace().collect();
    if in_any_order {
        words.sort_unstable();
    }
    words.join(" ")
}

/// Marks that people leave out when they type: accents, Hebrew points, Arabic vowel signs. In other
/// scripts (Devanagari, Burmese, Thai, Khmer, kana) a mark is a sound, and makes another name.
fn is_accent(letter: char) -> bool {
    is_combining_mark(letter)
        && matches!(
            letter,
            '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{670}'
        )
}

/// Characters that change how a word looks and not which word it is.
fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{61C}' | '\u{640}' | '\u{2060}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(spoken: Spoken, one: &str, other: &str) -> bool {
        let of = |said| Mention::of(spoken, said, SpokenIn::Letter(1)).expect("a word");
        of(one).is_alike(&of(other))
    }

    #[test]
    fn a_spelling_is_the_same_whatever_its_accents_capitals_and_signs() {
        for (one, other) in [
            ("Amadou Traoré", "TRAORE, Amadou"),
            ("Łukasz Øberg", "oberg lukasz"),
            ("محمّد", "محـمد"),
            ("İpek Işık", "ipek isik"),
            ("Jean-Paul", "jean paul"),
            ("בן־דוד", "בן דוד"),
        ] {
            assert!(alike(Spoken::Person, one, other), "{one}, {other}");
        }
        assert!(!alike(Spoken::Person, "Amadou Traoré", "Amadou Diallo"));
        for (one, other) in [
            ("मीना", "मनु"),
            ("मुनि", "मान"),
            ("မောင်", "မင်း"),
            ("か", "が"),
        ] {
            assert!(!alike(Spoken::Person, one, other), "{one}, {other}");
        }
        assert!(
            !alike(Spoken::Place, "Nord Kivu", "Kivu Nord"),
            "a place is no name"
        );
        assert!(alike(Spoken::Place, "Béni", "beni"));
    }

    #[test]
    fn what_says_nothing_or_too_much_is_not_looked_for() {
        for said in ["", " ", "—", &"a very long sentence ".repeat(8)] {
            assert!(
                Mention::of(Spoken::Place, said, SpokenIn::Letter(1)).is_none(),
                "{said}"
            );
        }
    }
}
