//! Consent, and the other grounds on which an office may use what it holds.
//!
//! One consent is one answer: of one person, for one purpose, towards one recipient, about named
//! items, showing so much of the identity. Absent: the decision whether a use is covered; casework
//! takes it, at the moment of the use.

use std::fmt;

use crate::assessment::SourceId;
use crate::cbor::{self, Item as Cbor};
use crate::date::Date;
use crate::event::ActId;
use crate::part::{Kept, Value, keys, stored};
use crate::person::PersonId;
use crate::vocabulary::{
    Answers, ConsentForms, ConsentGivers, Grounds, IdentityLevels, Purposes, Term,
};

/// One thing of a case that may be used, or not, apart from the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// Who somebody is: a person or group of the case.
    Person(PersonId),
    /// One act.
    Act(ActId),
    /// An attachment, by its content hash.
    Attachment([u8; 32]),
    /// What was told in the person's own words.
    Narrative,
    /// Something of a newer release, as it stands there. It is never an item of this one, so an
    /// answer about it is an answer about nothing that is used here.
    Unknown(String),
}

impl Item {
    /// Reads what [`fmt::Display`] writes. Anything else is kept as it stands.
    pub fn read(text: &str) -> Self {
        let number = |digits: &str| {
            let number = digits.parse().ok()?;
            (digits == u32::to_string(&number)).then_some(number)
        };
        let known = match text.split_once('-') {
            Some(("person", digits)) => number(digits).map(|n| Self::Person(PersonId(n))),
            Some(("act", digits)) => number(digits).map(|n| Self::Act(ActId(n))),
            Some(("attachment", digits)) => hash(digits).map(Self::Attachment),
            None if text == "narrative" => Some(Self::Narrative),
            _ => None,
        };
        known.unwrap_or_else(|| Self::Unknown(text.to_owned()))
    }
}

fn hash(digits: &str) -> Option<[u8; 32]> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() != 64 || !digits.bytes().all(lower) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, to) in hash.iter_mut().enumerate() {
        *to = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person-{}", person.0),
            Self::Act(act) => write!(f, "act-{}", act.0),
            Self::Attachment(hash) => {
                f.write_str("attachment-")?;
                hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Self::Narrative => f.write_str("narrative"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

// The hash of a file, or a newer release's words, would say something in a log.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person(_) => "Person",
            Self::Act(_) => "Act",
            Self::Attachment(_) => "Attachment",
            Self::Narrative => "Narrative",
            Self::Unknown(_) => "Unknown",
        })
    }
}

impl Value for Item {
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self) -> Vec<u8> {
        cbor::text(&self.to_string())
    }
    fn read(item: Cbor<'_>) -> Option<Self> {
        item.text().map(Self::read)
    }
}

/// What was said to whoever answered, before the answer. A yes without it is not an informed one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Forewarning {
    /// What cannot be taken back once it is sent.
    pub beyond_recall: String,
    /// Who will know.
    pub who_will_know: String,
    /// How those it speaks of are likely to react.
    pub likely_reaction: String,
    /// The day the risk was last looked at together.
    pub risk_reviewed: Option<Date>,
    /// What this release could not read.
    pub kept: Kept,
}

/// One answer to one question, as a caseworker recorded it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// Whom it is about.
    pub subject: PersonId,
    /// For what.
    pub purpose: Term<Purposes>,
    /// Towards whom; empty means the purpose names the recipient well enough.
    pub recipient: String,
    /// About which items; empty means the whole case.
    pub items: Vec<Item>,
    /// How much of the identity may be shown.
    pub identity: Term<IdentityLevels>,
    /// The answer.
    pub answer: Term<Answers>,
    /// Who gave it.
    pub giver: Term<ConsentGivers>,
    /// When someone else gave it: who, in what relation, and why the person could not.
    pub giver_told: String,
    /// For a child: what the child said.
    pub child_view: String,
    /// How it was given.
    pub form: Term<ConsentForms>,
    /// The language it was asked in, as a BCP 47 tag.
    pub language: String,
    /// Conditions that were set.
    pub conditions: String,
    /// The first day it holds.
    pub first_day: Option<Date>,
    /// The last day it holds; none means until withdrawn.
    pub last_day: Option<Date>,
    /// The day it was withdrawn.
    pub withdrawn: Option<Date>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When someone else gave it: that person's number in the case.
    pub giver_person: Option<PersonId>,
    /// What was said before the answer.
    pub forewarning: Forewarning,
    /// When the answer was to be asked again: not before this day.
    pub ask_again: Option<Date>,
    /// What this release could not read.
    pub kept: Kept,
}

/// A ground other than consent, with the reason that must stand beside it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// Which ground.
    pub kind: Term<Grounds>,
    /// Whom it is about; none means the whole case.
    pub subject: Option<PersonId>,
    /// For which purposes.
    pub purposes: Vec<Term<Purposes>>,
    /// Why it holds here.
    pub reason: String,
    /// The source that shows it.
    pub source: Option<SourceId>,
    /// The day it was recorded.
    pub day: Option<Date>,
    /// Who recorded it.
    pub recorded_by: String,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Forewarning { 1 beyond_recall 2 who_will_know 3 likely_reaction 4 risk_reviewed });
keys!(Consent {
    1 subject 2 purpose 3 recipient 4 items 5 identity 6 answer 7 giver 8 giver_told 9 child_view
    10 form 11 language 12 conditions 13 first_day 14 last_day 15 withdrawn 16 recorded_by
    17 giver_person 18 forewarning 19 ask_again
});
keys!(Ground { 1 kind 2 subject 3 purposes 4 reason 5 source 6 day 7 recorded_by });
stored!(Consent Ground);
