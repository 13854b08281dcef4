//! How sure the office is, and why.
//!
//! Reliability belongs to a source, credibility to what it says this time, and independence must
//! be argued: two papers that copy one agency are one source, and share an independence group.
//! Absent: what follows from it. Whether a case may be counted or sent is casework's to decide.

use crate::date::Date;
use crate::event::ActId;
use crate::part::{Kept, keys, number, stored};
use crate::vocabulary::{
    Corroborations, Credibilities, Reliabilities, SourceTypes, Standards, Term,
};

number! {
    /// The number of a source within its case.
    SourceId
}

/// Someone or something that gave information.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The number in the case.
    pub id: SourceId,
    /// What kind.
    pub kind: Term<SourceTypes>,
    /// How it is called in the case: a pseudonym, a title.
    pub name: String,
    /// Where it can be found: an address, a shelf mark.
    pub found: String,
    /// What it says, or a summary.
    pub says: String,
    /// The day it was given or taken.
    pub day: Option<Date>,
    /// How far it can be relied on.
    pub reliability: Term<Reliabilities>,
    /// Sources with the same word here are one source; empty means independent of all others.
    pub independence_group: String,
    /// Whether it fears reprisals.
    pub fears_reprisal: Option<bool>,
    /// Whether it may be asked again.
    pub may_be_asked: Option<bool>,
    /// What this release could not read.
    pub kept: Kept,
}

/// A reasoned finding about one act, or about the case as a whole.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// The act it is about; none means the whole case.
    pub act: Option<ActId>,
    /// The standard of proof that was reached.
    pub standard: Term<Standards>,
    /// How well it is corroborated.
    pub corroboration: Term<Corroborations>,
    /// How credible the information is, taken together.
    pub credibility: Term<Credibilities>,
    /// The sources it rests on.
    pub sources: Vec<SourceId>,
    /// Why, and why the sources are independent.
    pub reasons: String,
    /// What contradicts it.
    pub contradictions: String,
    /// What was not verified.
    pub gaps: String,
    /// Who assessed.
    pub assessor: String,
    /// Who reviewed; never the assessor.
    pub reviewer: String,
    /// The day.
    pub day: Option<Date>,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Source {
    1 id 2 kind 3 name 4 found 5 says 6 day 7 reliability 8 independence_group 9 fears_reprisal
    10 may_be_asked
});
keys!(Assessment {
    1 act 2 standard 3 corroboration 4 credibility 5 sources 6 reasons 7 contradictions 8 gaps
    9 assessor 10 reviewer 11 day
});
stored!(Source Assessment);
