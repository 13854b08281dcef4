//! Laws, orders and restrictions: what an act was based on, or what took the network away.
//!
//! Absent: whether a measure was lawful. The four questions are asked and answered by a person.

use crate::date::Date;
use crate::part::{Kept, keys, number, stored};
use crate::vocabulary::{Acts, MeasureStatuses, Measures, RestrictionScopes, Term};

number! {
    /// The number of a law or order within its case.
    LawId
}

/// A law, an order or a practice that acts are based on.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Law {
    /// Its number in the case.
    pub id: LawId,
    /// What it is called.
    pub title: String,
    /// What kind.
    pub kind: Term<Measures>,
    /// The articles that matter here.
    pub articles: String,
    /// Its day.
    pub day: Option<Date>,
    /// Where it stands.
    pub status: Term<MeasureStatuses>,
    /// The day it is to be looked at again, by those who made it or by the office.
    pub review: Option<Date>,
    /// What it says, or where that can be read.
    pub says: String,
    /// Whether it could be lawful: the four questions.
    pub legality: Legality,
    /// What this release could not read.
    pub kept: Kept,
}

/// The four questions of a restriction of rights; what nobody answered is absent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Legality {
    /// Whether a clear and public law allows it.
    pub legal_basis: Option<bool>,
    /// Whether it is necessary for an aim that the treaties name.
    pub necessary: Option<bool>,
    /// Whether it is proportionate.
    pub proportionate: Option<bool>,
    /// Whether it treats people alike.
    pub non_discriminatory: Option<bool>,
    /// Why.
    pub reasons: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// The network or a service was taken away, or slowed down.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Restriction {
    /// What was done.
    pub kind: Term<Acts>,
    /// How much of the country it covered.
    pub scope: Term<RestrictionScopes>,
    /// Where, in words.
    pub area: String,
    /// Which networks.
    pub networks: Vec<String>,
    /// Which services.
    pub services: Vec<String>,
    /// Who ordered it.
    pub ordered_by: String,
    /// The text it was ordered by.
    pub instrument: String,
    /// The reason that was given.
    pub official_reason: String,
    /// The reason it is believed to have.
    pub believed_reason: String,
    /// The hour it began, as told.
    pub first: String,
    /// The hour it ended, as told.
    pub last: String,
    /// How many people it touched, as well as it is known.
    pub people: Option<u32>,
    /// Where measurements of it can be found.
    pub measurements: Vec<String>,
    /// Whether it could be lawful: the four questions.
    pub legality: Legality,
    /// What this release could not read.
    pub kept: Kept,
}

keys!(Law { 1 id 2 title 3 kind 4 articles 5 day 6 status 7 review 8 says 9 legality });
keys!(Legality { 1 legal_basis 2 necessary 3 proportionate 4 non_discriminatory 5 reasons });
keys!(Restriction {
    1 kind 2 scope 3 area 4 networks 5 services 6 ordered_by 7 instrument 8 official_reason
    9 believed_reason 10 first 11 last 12 people 13 measurements 14 legality
});
stored!(Law);
