//! Consent, and the other grounds on which an office may use what it holds.
//!
//! One consent is one answer: of one person, for one purpose, towards one recipient, about named
//! items, showing so much of the identity. Absent: the decision whether a use is covered; casework
//! takes it, at the moment of the use.

use crate::assessment::SourceId;
use crate::date::Date;
use crate::part::{Kept, keys, stored};
use crate::person::PersonId;
use crate::vocabulary::{
    Answers, ConsentForms, ConsentGivers, Grounds, IdentityLevels, Purposes, Term,
};

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
    pub items: Vec<String>,
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

keys!(Consent {
    1 subject 2 purpose 3 recipient 4 items 5 identity 6 answer 7 giver 8 giver_told 9 child_view
    10 form 11 language 12 conditions 13 first_day 14 last_day 15 withdrawn 16 recorded_by
});
keys!(Ground { 1 kind 2 subject 3 purposes 4 reason 5 source 6 day 7 recorded_by });
stored!(Consent Ground);
