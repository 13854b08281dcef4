//! Counting: facts to a table of everything by everything, which is then only ever shown two ways.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;

use record::vocabulary::{Acts, Victims};
use record::{Code, Country, Date, Fact, Language, Period, Place, Span};

use crate::terms::{PeriodSize, PlaceNames, PlaceSize, Terms};

/// What a table may be divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The kind of act.
    Act,
    /// When.
    Period,
    /// Where.
    Place,
    /// Which group the victim belongs to.
    Victim,
}

impl Dimension {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Act, Self::Period, Self::Place, Self::Victim];
    /// Every pair of them: each is one table, the first down, the second across.
    pub const PAIRS: [(Self, Self); 6] = [
        (Self::Act, Self::Period),
        (Self::Act, Self::Place),
        (Self::Act, Self::Victim),
        (Self::Place, Self::Period),
        (Self::Victim, Self::Period),
        (Self::Place, Self::Victim),
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Period => "period",
            Self::Place => "place",
            Self::Victim => "victim",
        }
    }

    /// The heading in a language.
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Act, Language::English) => "Kind of act",
            (Self::Act, Language::French) => "Type d’acte",
            (Self::Period, Language::English) => "Period",
            (Self::Period, Language::French) => "Période",
            (Self::Place, Language::English) => "Place",
            (Self::Place, Language::French) => "Lieu",
            (Self::Victim, Language::English) => "Who was attacked",
            (Self::Victim, Language::French) => "Personnes visées",
        }
    }
}

/// One row or column: a stable code and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The stable code.
    pub code: String,
    /// The English label.
    pub en: String,
    /// The French label.
    pub fr: String,
}

impl Category {
    /// The label in a language.
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
        }
    }
}

/// The categories one fact falls into, as positions within each dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind(pub(crate) [u16; 4]);

impl Kind {
    pub(crate) fn on(self, dimension: Dimension) -> u16 {
        let [act, period, place, victim] = self.0;
        match dimension {
            Dimension::Act => act,
            Dimension::Period => period,
            Dimension::Place => place,
            Dimension::Victim => victim,
        }
    }

    pub(crate) fn with(self, dimension: Dimension, position: u16) -> Self {
        let Self([mut act, mut period, mut place, mut victim]) = self;
        match dimension {
            Dimension::Act => act = position,
            Dimension::Period => period = position,
            Dimension::Place => place = position,
            Dimension::Victim => victim = position,
        }
        Self([act, period, place, victim])
    }
}

/// Counted facts, not protected yet: what [`protect()`](crate::protect()) takes. There is no way to
/// publish this, to write it or to look into it.
pub struct Counted {
    pub(crate) terms: Terms,
    pub(crate) cut_off: Date,
    pub(crate) categories: [Vec<Category>; 4],
    pub(crate) kinds: BTreeMap<Kind, u32>,
}

impl Counted {
    pub(crate) fn of(&self, dimension: Dimension) -> &[Category] {
        let [act, period, place, victim] = &self.categories;
        match dimension {
            Dimension::Act => act,
            Dimension::Period => period,
            Dimension::Place => place,
            Dimension::Victim => victim,
        }
    }
}

/// The facts whose period, as a release shows it, ended early enough.
pub fn late_enough<'a>(facts: &'a [Fact], terms: &Terms) -> impl Iterator<Item = &'a Fact> {
    let cut_off = terms.cut_off();
    let size = terms.period;
    facts.iter().filter(move |fact| {
        // The day after the period is the first of the days that must lie behind.
        match (shown(fact.period(), size).day_after(), cut_off) {
            (Some(after), Some(cut_off)) => after <= cut_off,
            _ => false,
        }
    })
}

/// Counts verified acts, each once for every person or group it was done to.
///
/// Acts below reasonable grounds to believe are not counted, nor those whose period ended too
/// lately. What is not known is a category of its own.
pub fn count(facts: &[Fact], terms: &Terms, places: &PlaceNames) -> Counted {
    let counted: Vec<&Fact> = late_enough(facts, terms)
        .filter(|fact| fact.standard().is_verified())
        .collect();
    let acts = positions(counted.iter().map(|fact| fact.act()));
    let periods = positions(
        counted
            .iter()
            .map(|fact| shown(fact.period(), terms.period)),
    );
    let spots = positions(counted.iter().map(|fact| spot(fact.place(), terms.place)));
    let victims = positions(counted.iter().map(|fact| fact.victim()));
    // Where all is in one country, its name in every heading would only be noise.
    let countries: BTreeSet<Country> = spots.keys().filter_map(|spot| spot.country()).collect();
    let in_one_country = countries.len() == 1;
    let mut kinds = BTreeMap::new();
    for fact in counted {
        let (Some(act), Some(period), Some(place), Some(victim)) = (
            acts.get(&fact.act()),
            periods.get(&shown(fact.period(), terms.period)),
            spots.get(&spot(fact.place(), terms.place)),
            victims.get(&fact.victim()),
        ) else {
            continue;
        };
        *kinds
            .entry(Kind([*act, *period, *place, *victim]))
            .or_insert(0_u32) += fact.acts();
    }
    Counted {
        terms: terms.clone(),
        cut_off: terms.cut_off().unwrap_or(terms.today),
        categories: [
            acts.into_keys().map(act_category).collect(),
            periods
                .into_keys()
                .map(|period| period_category(period, terms.period))
                .collect(),
            spots
                .into_keys()
                .map(|spot| place_category(spot, terms.place, places, in_one_country))
                .collect(),
            victims.into_keys().map(victim_category).collect(),
        ],
        kinds,
    }
}

/// Gives every value that occurs its position in their order.
fn positions<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u16> {
    let mut positions: BTreeMap<T, u16> = values.map(|value| (value, 0)).collect();
    for (position, value) in positions.values_mut().enumerate() {
        *value = u16::try_from(position).unwrap_or(u16::MAX);
    }
    positions
}

/// A period told as finely as the release shows it, or as coarsely as it is known.
fn shown(period: Period, size: PeriodSize) -> Period {
    match size {
        PeriodSize::Year => period.as_year(),
        PeriodSize::Quarter => period.as_quarter(),
        PeriodSize::Month => period,
    }
}

/// A place told as finely as the release shows it. The order puts what is not known last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Tier(Country, NonZeroU16),
    Country(Country),
    Unknown,
}

fn spot(place: Place, size: PlaceSize) -> Spot {
    match (place.country(), place.admin1(), size) {
        (Some(country), Some(number), PlaceSize::FirstTier) => Spot::Tier(country, number),
        (Some(country), ..) => Spot::Country(country),
        (None, ..) => Spot::Unknown,
    }
}

fn act_category(act: Code<Acts>) -> Category {
    Category {
        code: act.as_str().to_owned(),
        en: act.label(Language::English).to_owned(),
        fr: act.label(Language::French).to_owned(),
    }
}

fn victim_category(victim: Code<Victims>) -> Category {
    Category {
        code: victim.as_str().to_owned(),
        en: victim.label(Language::English).to_owned(),
        fr: victim.label(Language::French).to_owned(),
    }
}

impl Spot {
    fn country(self) -> Option<Country> {
        match self {
            Self::Tier(country, _) | Self::Country(country) => Some(country),
            Self::Unknown => None,
        }
    }
}

fn place_category(
    spot: Spot,
    size: PlaceSize,
    places: &PlaceNames,
    in_one_country: bool,
) -> Category {
    match spot {
        Spot::Tier(country, number) => {
            let (mut en, mut fr) = places.of(country, number);
            if !in_one_country {
                en = format!("{en}, {}", country.label(Language::English));
                fr = format!("{fr}, {}", country.label(Language::French));
            }
            Category {
                code: format!("{}.{number}", country.code()),
                en,
                fr,
            }
        }
        Spot::Country(country) => {
            let (en, fr) = (
                country.label(Language::English),
                country.label(Language::French),
            );
            match size {
                PlaceSize::Country => Category {
                    code: country.code().to_owned(),
                    en: en.to_owned(),
                    fr: fr.to_owned(),
                },
                PlaceSize::FirstTier => Category {
                    code: country.code().to_owned(),
                    en: format!("{en}, where in it not known"),
                    fr: format!("{fr}, lieu précis inconnu"),
                },
            }
        }
        Spot::Unknown => Category {
            code: "unknown".to_owned(),
            en: "Not known".to_owned(),
            fr: "Inconnu".to_owned(),
        },
    }
}

fn period_category(period: Period, size: PeriodSize) -> Category {
    let year = period.year();
    let (en, fr) = match (period.span(), size) {
        (Span::Year, PeriodSize::Year) => (format!("{year}"), format!("{year}")),
        (Span::Year, PeriodSize::Quarter) => (
            format!("{year}, quarter not known"),
            format!("{year}, trimestre inconnu"),
        ),
        (Span::Year, PeriodSize::Month) => (
            format!("{year}, month not known"),
            format!("{year}, mois inconnu"),
        ),
        (Span::Quarter(quarter), PeriodSize::Month) => (
            format!("{year}, quarter {quarter}, month not known"),
            format!("{year}, {} trimestre, mois inconnu", ordinal(quarter)),
        ),
        (Span::Quarter(quarter), _) => (
            format!("{year}, quarter {quarter}"),
            format!("{year}, {} trimestre", ordinal(quarter)),
        ),
        (Span::Month(month), _) => {
            let (en, fr) = month_name(month);
            (format!("{en} {year}"), format!("{fr} {year}"))
        }
    };
    Category {
        code: period.to_string(),
        en,
        fr,
    }
}

fn ordinal(quarter: u8) -> &'static str {
    match quarter {
        1 => "1er",
        2 => "2e",
        3 => "3e",
        _ => "4e",
    }
}

fn month_name(month: u8) -> (&'static str, &'static str) {
    match month {
        1 => ("January", "janvier"),
        2 => ("February", "février"),
        3 => ("March", "mars"),
        4 => ("April", "avril"),
        5 => ("May", "mai"),
        6 => ("June", "juin"),
        7 => ("July", "juillet"),
        8 => ("August", "août"),
        9 => ("September", "septembre"),
        10 => ("October", "octobre"),
        11 => ("November", "novembre"),
        _ => ("December", "décembre"),
    }
}
