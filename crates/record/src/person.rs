//! The people of a case: persons, and groups that are counted as one.
//!
//! A person can be victim, source and reporter in different records; which of these someone is
//! stands in those records and never here.

use crate::part::{Kept, keys, number, stored};
use crate::vocabulary::{self, CountingUnits, Dimensions, Entry, HowKnown, Term, Victims};

number! {
    /// The number of a person or group within its case.
    PersonId
}

/// A person, or a group, organisation or community counted as one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The number in the case.
    pub id: PersonId,
    /// What one entry stands for: one person, a family, an organisation.
    pub unit: Term<CountingUnits>,
    /// Names, in every script and every spelling that is used.
    pub names: Vec<String>,
    /// What kind of defender, relative or group.
    pub groups: Vec<Term<Victims>>,
    /// What is known for dividing counts, each with how it is known.
    pub traits: Vec<Trait>,
    /// At least how many people a group has.
    pub least: Option<u32>,
    /// How many, as well as it is known.
    pub best: Option<u32>,
    /// At most how many.
    pub most: Option<u32>,
    /// The year of birth.
    pub birth_year: Option<u16>,
    /// How the person may be reached.
    pub contact: String,
    /// What else is to be said.
    pub note: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// One thing known about a person, for dividing counts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Trait {
    /// Which dimension.
    pub dimension: Term<Dimensions>,
    /// The value: a code where the dimension has a list, otherwise the person's own words.
    pub value: String,
    /// How it is known.
    pub how_known: Term<HowKnown>,
    /// What this release could not read.
    pub kept: Kept,
}

impl Trait {
    /// The entry of the value, where the dimension has a list and the list has the value.
    pub fn entry(&self) -> Option<&'static Entry> {
        vocabulary::values_of(self.dimension.as_str())?.find(&self.value)
    }
}

keys!(Person {
    1 id 2 unit 3 names 4 groups 5 traits 6 least 7 best 8 most 9 birth_year 10 contact 11 note
});
keys!(Trait { 1 dimension 2 value 3 how_known });
stored!(Person);
