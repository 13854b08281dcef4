//! A counted fact: what figures may know of a case, and all they may know.
//!
//! A row of small numbers. There is no text in it, no name, no place finer than a first tier, no
//! day: what is not here cannot be published by mistake.

use std::num::NonZeroU16;

use crate::country::Country;
use crate::date::Date;
use crate::vocabulary::{Acts, Code, PlaceTiers, Standards, Victims};

/// One act against one victim group, coded for counting. Counts one act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    act: Code<Acts>,
    period: Period,
    place: Place,
    victim: Code<Victims>,
    standard: Code<Standards>,
    victims: u32,
}

impl Fact {
    /// Puts a coded row together.
    ///
    /// **From a case, only `casework::countable` may call this**, for it alone knows whether a
    /// ground covers counting the case. Others have rows of their own making to count: an engine
    /// that reads a file of coded rows, and tests.
    pub const fn coded(
        act: Code<Acts>,
        period: Period,
        place: Place,
        victim: Code<Victims>,
        standard: Code<Standards>,
        victims: u32,
    ) -> Self {
        Self {
            act,
            period,
            place,
            victim,
            standard,
            victims,
        }
    }

    /// The kind of act.
    pub const fn act(self) -> Code<Acts> {
        self.act
    }

    /// When.
    pub const fn period(self) -> Period {
        self.period
    }

    /// Where.
    pub const fn place(self) -> Place {
        self.place
    }

    /// Which group of victims.
    pub const fn victim(self) -> Code<Victims> {
        self.victim
    }

    /// The standard of proof that was reached.
    pub const fn standard(self) -> Code<Standards> {
        self.standard
    }

    /// How many acts this row counts: one, always.
    pub const fn acts(self) -> u32 {
        1
    }

    /// How many victims this act had, as well as it is known.
    pub const fn victims(self) -> u32 {
        self.victims
    }
}

/// The time a fact is counted under: a year, a quarter or a month, never a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: u16,
    span: Span,
}

/// The part of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// The whole year, because no more is known or told.
    Year,
    /// A quarter, 1 to 4.
    Quarter(u8),
    /// A month, 1 to 12.
    Month(u8),
}

impl Period {
    /// A whole year.
    pub const fn of_year(year: u16) -> Self {
        Self {
            year,
            span: Span::Year,
        }
    }

    /// The quarter a day falls into.
    pub fn quarter_of(date: Date) -> Self {
        Self {
            year: date.year(),
            span: Span::Quarter(date.month().div_ceil(3)),
        }
    }

    /// The month a day falls into.
    pub fn month_of(date: Date) -> Self {
        Self {
            year: date.year(),
            span: Span::Month(date.month()),
        }
    }

    /// A quarter, 1 to 4.
    pub fn quarter(year: u16, quarter: u8) -> Option<Self> {
        (1..=4).contains(&quarter).then_some(Self {
            year,
            span: Span::Quarter(quarter),
        })
    }

    /// A month, 1 to 12.
    pub fn month(year: u16, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self {
            year,
            span: Span::Month(month),
        })
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The part of the year.
    pub const fn span(self) -> Span {
        self.span
    }

    /// The same time, told less exactly: the quarter of a month.
    pub fn as_quarter(self) -> Self {
        match self.span {
            Span::Month(month) => Self {
                year: self.year,
                span: Span::Quarter(month.div_ceil(3)),
            },
            Span::Quarter(_) | Span::Year => self,
        }
    }

    /// The same time, told least exactly.
    pub const fn as_year(self) -> Self {
        Self::of_year(self.year)
    }

    /// The first day after it, from which a delay of publication is counted.
    pub fn day_after(self) -> Option<Date> {
        let last_month = match self.span {
            Span::Year => 12,
            Span::Quarter(quarter) => quarter.saturating_mul(3),
            Span::Month(month) => month,
        };
        if last_month >= 12 {
            Date::new(self.year.checked_add(1)?, 1, 1)
        } else {
            Date::new(self.year, last_month.checked_add(1)?, 1)
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.span {
            Span::Year => write!(f, "{:04}", self.year),
            Span::Quarter(quarter) => write!(f, "{:04}-Q{quarter}", self.year),
            Span::Month(month) => write!(f, "{:04}-{month:02}", self.year),
        }
    }
}

/// The place a fact is counted under: a country or a first tier of it, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    tier: Code<PlaceTiers>,
    country: Option<Country>,
    admin1: Option<NonZeroU16>,
}

impl Place {
    /// Nothing is known or may be told about the place; `None` only if the list lost the word.
    pub fn unknown() -> Option<Self> {
        Some(Self {
            tier: Code::of("unknown")?,
            country: None,
            admin1: None,
        })
    }

    /// A country.
    pub fn in_country(country: Country) -> Option<Self> {
        Some(Self {
            tier: Code::of("country")?,
            country: Some(country),
            admin1: None,
        })
    }

    /// A first tier of a country, by its number in the office's own list of places.
    pub fn in_admin1(country: Country, admin1: NonZeroU16) -> Option<Self> {
        Some(Self {
            tier: Code::of("admin1")?,
            country: Some(country),
            admin1: Some(admin1),
        })
    }

    /// How precise it is.
    pub const fn tier(self) -> Code<PlaceTiers> {
        self.tier
    }

    /// The country, unless unknown.
    pub const fn country(self) -> Option<Country> {
        self.country
    }

    /// The first tier's number in the office's list, if told.
    pub const fn admin1(self) -> Option<NonZeroU16> {
        self.admin1
    }
}
