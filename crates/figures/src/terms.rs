//! The terms of a release: what an office decides before it counts.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU16;

use record::{Country, Date};

/// The terms of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How the release is called.
    pub release: ReleaseId,
    /// The day it is made, in the office's zone.
    pub today: Date,
    /// How many days must lie between the end of a period and the release.
    pub delay_days: u32,
    /// Numbers from 1 to one below this are withheld. At least 2.
    pub threshold: u32,
    /// How finely time is shown.
    pub period: PeriodSize,
    /// How finely place is shown.
    pub place: PlaceSize,
}

impl Terms {
    /// The day before which a period must have ended to be counted.
    pub fn cut_off(&self) -> Option<Date> {
        let day = self
            .today
            .day_number()
            .checked_sub(i64::from(self.delay_days))?;
        Date::of_day_number(u32::try_from(day).ok()?)
    }

    /// The threshold that holds: never below 2, or nothing would be protected.
    pub(crate) fn least_shown(&self) -> u32 {
        self.threshold.max(2)
    }
}

/// How finely time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodSize {
    /// By year.
    Year,
    /// By quarter.
    Quarter,
    /// By month.
    Month,
}

/// How finely place is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceSize {
    /// By country.
    Country,
    /// By first tier: province, region, state.
    FirstTier,
}

/// The name of a release, which is also part of file names: lower-case letters, digits, hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId(String);

/// A name a release cannot have; use 1 to 40 lower-case letters, digits and hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAReleaseId;

impl ReleaseId {
    /// Reads a name.
    pub fn new(name: &str) -> Result<Self, NotAReleaseId> {
        let plain = (1..=40).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if plain {
            Ok(Self(name.to_owned()))
        } else {
            Err(NotAReleaseId)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NotAReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "name the release with 1 to 40 lower-case letters, digits and hyphens, such as 2025-q1",
        )
    }
}

impl std::error::Error for NotAReleaseId {}

/// What the first tiers of the office's list are called.
#[derive(Clone, Debug, Default)]
pub struct PlaceNames(BTreeMap<(Country, NonZeroU16), (String, String)>);

impl PlaceNames {
    /// A first tier, by its number in the office's list, and its names in English and French.
    pub fn add(&mut self, country: Country, number: NonZeroU16, en: &str, fr: &str) {
        self.0
            .insert((country, number), (en.to_owned(), fr.to_owned()));
    }

    pub(crate) fn of(&self, country: Country, number: NonZeroU16) -> (String, String) {
        self.0.get(&(country, number)).cloned().unwrap_or_else(|| {
            let number = number.to_string();
            (number.clone(), number)
        })
    }
}
