//! What happened, as the office sets it out: who did what to whom.
//!
//! The unit is the act: one kind of act, inside an event, against victims, with those involved in
//! it. Counting events, acts and victims gives three different numbers, so they are three things.
//!
//! Absent: how sure anyone is. That is an [`Assessment`](crate::Assessment).

use crate::part::{Kept, keys, number, stored};
use crate::person::PersonId;
use crate::report::{When, Where};
use crate::vocabulary::{
    Acts, Attributions, CompanyLinks, Contexts, Detections, Dimensions, Perpetrators, PlaceTiers,
    Reasons, Scales, Spheres, Stages, Technologies, Term, Victims,
};

number! {
    /// The number of an event within its case.
    EventId
}
number! {
    /// The number of an act within its case.
    ActId
}

/// Something that happened at a time and a place, holding one act or more.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its number in the case.
    pub id: EventId,
    /// A short name for it, for the office alone.
    pub title: String,
    /// When.
    pub when: When,
    /// Where.
    pub place: Where,
    /// How precise the place is.
    pub tier: Term<PlaceTiers>,
    /// Online or offline.
    pub sphere: Term<Spheres>,
    /// During what.
    pub contexts: Vec<Term<Contexts>>,
    /// What happened, in the office's words.
    pub narrative: String,
    /// Events that came before and led to it: an online threat before an attack.
    pub follows: Vec<EventId>,
    /// What this release could not read.
    pub kept: Kept,
}

/// One kind of act, against victims, inside an event.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Act {
    /// Its number in the case.
    pub id: ActId,
    /// The event it belongs to.
    pub event: EventId,
    /// What was done.
    pub kind: Term<Acts>,
    /// When, if not the time of the whole event.
    pub when: When,
    /// How far it went.
    pub stage: Term<Stages>,
    /// Online or offline.
    pub sphere: Term<Spheres>,
    /// How many people it touched.
    pub scale: Term<Scales>,
    /// Whether it reached across a border.
    pub extraterritorial: Option<bool>,
    /// Because of what.
    pub reasons: Vec<Term<Reasons>>,
    /// The grounds of discrimination that played a part.
    pub bias: Vec<Term<Dimensions>>,
    /// Against whom.
    pub victims: Vec<VictimOfAct>,
    /// By whom, as alleged.
    pub involvements: Vec<Involvement>,
    /// By what technical means.
    pub technologies: Vec<TechnologyUse>,
    /// What else is to be said about it.
    pub note: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// A person or group as the victim of one act.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct VictimOfAct {
    /// Who.
    pub person: PersonId,
    /// As what: defender, relative, lawyer.
    pub groups: Vec<Term<Victims>>,
    /// What this release could not read.
    pub kept: Kept,
}

/// The part someone is said to have had in one act.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Involvement {
    /// What kind of actor.
    pub kind: Term<Perpetrators>,
    /// The name, if known.
    pub name: String,
    /// The State's part in it.
    pub attribution: Term<Attributions>,
    /// The company's part in it.
    pub company_link: Term<CompanyLinks>,
    /// What this rests on.
    pub grounds: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// A technology that was used in one act.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TechnologyUse {
    /// What kind.
    pub technology: Term<Technologies>,
    /// The product.
    pub product: String,
    /// Who makes or sells it.
    pub vendor: String,
    /// Who used it.
    pub operator: String,
    /// How it was found.
    pub detection: Term<Detections>,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Event { 1 id 2 title 3 when 4 place 5 tier 6 sphere 7 contexts 8 narrative 9 follows });
keys!(Act {
    1 id 2 event 3 kind 4 when 5 stage 6 sphere 7 scale 8 extraterritorial 9 reasons 10 bias
    11 victims 12 involvements 13 technologies 14 note
});
keys!(VictimOfAct { 1 person 2 groups });
keys!(Involvement { 1 kind 2 name 3 attribution 4 company_link 5 grounds });
keys!(TechnologyUse { 1 technology 2 product 3 vendor 4 operator 5 detection });
stored!(Event Act);
