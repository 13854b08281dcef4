//! What happened, as the office sets it out: who did what to whom.
//!
//! The unit is the act: one kind of act, inside an event, against victims, with those involved in
//! it. Counting events, acts and victims gives three different numbers, so they are three things.
//!
//! Absent: how sure anyone is. That is an [`Assessment`](crate::Assessment).

use crate::assessment::SourceId;
use crate::date::Date;
use crate::measure::{LawId, Legality, Restriction};
use crate::part::{Kept, keys, number, stored};
use crate::person::PersonId;
use crate::report::{When, Where};
use crate::vocabulary::{
    Acts, Aftermaths, AgeBands, Attributions, Bodies, Chains, CompanyLinks, Contexts,
    CooperationPhases, Cooperations, Credibilities, Degrees, Detections, Dimensions, LinkStrengths,
    Perpetrators, PlaceTiers, Reasons, Scales, Spheres, Stages, Standings, Technologies, Term,
    Victims,
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
    /// How events that came before are tied to it, where more is known than that they led to it.
    pub chain: Vec<EventLink>,
    /// The shutdown or block that it was, if it was one.
    pub restriction: Restriction,
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
    /// How acts that came before are tied to it.
    pub chain: Vec<ActLink>,
    /// The laws and orders it was based on.
    pub laws: Vec<LawId>,
    /// Whether it could be lawful: the four questions.
    pub legality: Legality,
    /// The cooperation with the UN or another body that it was aimed at.
    pub cooperation: Vec<Cooperation>,
    /// What this release could not read.
    pub kept: Kept,
}

/// How an event is tied to one that came before.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EventLink {
    /// The event that came before.
    pub event: EventId,
    /// How.
    pub how: Term<Chains>,
    /// What this rests on.
    pub grounds: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// How an act is tied to one that came before: a threat nine days before a beating.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ActLink {
    /// The act that came before.
    pub act: ActId,
    /// How.
    pub how: Term<Chains>,
    /// What this rests on.
    pub grounds: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// Cooperation of a victim, or of someone close, with a body that an act was aimed at: what makes
/// it a reprisal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cooperation {
    /// The victim it is about; none means all victims of the act.
    pub victim: Option<PersonId>,
    /// With whom.
    pub body: Term<Bodies>,
    /// Which mechanism, committee or mandate.
    pub mechanism: String,
    /// What it was.
    pub kind: Term<Cooperations>,
    /// Whether it was wanted, under way or over.
    pub phase: Term<CooperationPhases>,
    /// Online or in person.
    pub sphere: Term<Spheres>,
    /// When.
    pub day: Option<Date>,
    /// How well it is shown that the act answered it.
    pub strength: Term<LinkStrengths>,
    /// What this rests on.
    pub grounds: String,
    /// The paragraph of a report of the Secretary-General that names the case.
    pub paragraph: String,
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
    /// How old, at that time.
    pub age: Term<AgeBands>,
    /// How the person was afterwards.
    pub after: Term<Aftermaths>,
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
    /// Which part.
    pub degree: Term<Degrees>,
    /// What became of them.
    pub standing: Term<Standings>,
    /// The name of the unit, force or department.
    pub unit: String,
    /// Who it is, when that is a person or group of the case: a relative, a guardian.
    pub person: Option<PersonId>,
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
    /// The examination that found it, as a source of the case.
    pub report: Option<SourceId>,
    /// How far that can be believed.
    pub confidence: Term<Credibilities>,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Event {
    1 id 2 title 3 when 4 place 5 tier 6 sphere 7 contexts 8 narrative 9 follows 10 chain
    11 restriction
});
keys!(Act {
    1 id 2 event 3 kind 4 when 5 stage 6 sphere 7 scale 8 extraterritorial 9 reasons 10 bias
    11 victims 12 involvements 13 technologies 14 note 15 chain 16 laws 17 legality 18 cooperation
});
keys!(EventLink { 1 event 2 how 3 grounds });
keys!(ActLink { 1 act 2 how 3 grounds });
keys!(Cooperation {
    1 victim 2 body 3 mechanism 4 kind 5 phase 6 sphere 7 day 8 strength 9 grounds 10 paragraph
});
keys!(VictimOfAct { 1 person 2 groups 3 age 4 after });
keys!(Involvement { 1 kind 2 name 3 attribution 4 company_link 5 grounds 6 degree 7 standing 8 unit
    9 person
});
keys!(TechnologyUse { 1 technology 2 product 3 vendor 4 operator 5 detection 6 report 7 confidence });
stored!(Event Act);
