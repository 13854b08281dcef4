//! From a case to counted facts: the only way there is.

use std::num::NonZeroU16;

use record::vocabulary::Victims;
use record::{Act, Code, Country, Date, Fact, Item, Period, Place, VictimOfAct, When};

use crate::case::{Case, VerifiedAct};
use crate::cover::Covered;
use crate::field::refusals;
use crate::state::State;

refusals! {
    /// Why nothing of a case is counted.
    NotCountable {
        /// The proof is about another case.
        OtherCase
            "the consent was looked up for another case; look it up for this one"
            "le consentement a été vérifié pour un autre dossier ; vérifiez-le pour celui-ci",
        /// The proof is about another purpose.
        NotForStatistics
            "the consent does not cover counting; ask for it"
            "le consentement ne couvre pas le comptage ; demandez-le",
        /// No act is verified.
        NothingVerified
            "no act of this case is verified; assess, have it reviewed, then verify"
            "aucun acte de ce dossier n’est vérifié ; évaluez, faites relire, puis vérifiez",
        /// It doubles another case, or did not hold.
        NotCounted
            "a duplicate or an unfounded case is not counted; nothing needs to be done"
            "un doublon ou un dossier non fondé n’est pas compté ; il n’y a rien à faire",
    }
}

/// The first tiers that an office counts by: its own list, with numbers that never change.
#[derive(Clone, Debug, Default)]
pub struct Places {
    rows: Vec<(Country, NonZeroU16, Vec<String>)>,
}

impl Places {
    /// A first tier, and every spelling it goes by. The number is for ever.
    pub fn add<'a>(
        &mut self,
        country: Country,
        number: NonZeroU16,
        names: impl IntoIterator<Item = &'a str>,
    ) {
        let names = names.into_iter().map(folded).collect();
        self.rows.push((country, number, names));
    }

    /// The number of a first tier by any of its spellings.
    pub fn find(&self, country: Country, name: &str) -> Option<NonZeroU16> {
        let name = folded(name);
        self.rows
            .iter()
            .find(|(of, _, names)| *of == country && names.contains(&name))
            .map(|(_, number, _)| *number)
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The counted facts of a case: its verified acts, covered for statistics, without any text. Where
/// some items only are covered, the acts among them.
///
/// One fact for each act and each person or group it was done to. A time is no finer than a month,
/// a place no finer than a first tier that the office's list has; what is not known is counted as
/// not known.
pub fn countable(
    case: &Case,
    covered: &Covered<'_>,
    places: &Places,
) -> Result<Vec<Fact>, NotCountable> {
    if !std::ptr::eq(covered.case(), case) {
        return Err(NotCountable::OtherCase);
    }
    if covered.purpose().as_str() != "statistics" {
        return Err(NotCountable::NotForStatistics);
    }
    if matches!(case.state(), State::Duplicate | State::Unfounded) {
        return Err(NotCountable::NotCounted);
    }
    let facts: Vec<Fact> = case
        .verified_acts()
        .filter(|verified| covered.has(&Item::Act(verified.act.id)))
        .flat_map(|verified| facts_of(verified, places))
        .collect();
    if facts.is_empty() {
        return Err(NotCountable::NothingVerified);
    }
    Ok(facts)
}

fn facts_of(verified: VerifiedAct<'_>, places: &Places) -> Vec<Fact> {
    let (case, act) = (verified.case, verified.act);
    let (Some(kind), Some(period), Some(place)) = (
        act.kind.code(),
        period_of(case, act),
        place_of(case, act, places),
    ) else {
        // Never so for a verified act: `may_verify` asked.
        return Vec::new();
    };
    act.victims
        .iter()
        .filter_map(|victim| {
            let person = case.person(victim.person)?;
            let people = person.best.or(person.least).or(person.most).unwrap_or(1);
            Some(Fact::coded(
                kind,
                period,
                place,
                group_of(case, victim)?,
                verified.verification.standard,
                people,
            ))
        })
        .collect()
}

/// The group a victim is counted under: the first that is named for the act, else for the person.
pub(crate) fn group_of(case: &Case, victim: &VictimOfAct) -> Option<Code<Victims>> {
    let person = case.person(victim.person)?;
    victim
        .groups
        .iter()
        .chain(&person.groups)
        .find_map(|group| group.code())
}

/// The time an act is counted under: its own, else its event's; a month, or a year if no more is
/// known. What lasted is counted where it began.
pub(crate) fn period_of(case: &Case, act: &Act) -> Option<Period> {
    let when = if act.when.first.trim().is_empty() {
        &case.event(act.event)?.when
    } else {
        &act.when
    };
    period(when)
}

fn period(when: &When) -> Option<Period> {
    let first = when.first.trim();
    if matches!(when.precision.as_str(), "year" | "about" | "unknown") {
        return year(first);
    }
    match Date::read(first).or_else(|| Date::read(&format!("{first}-01"))) {
        Some(day) => Some(Period::month_of(day)),
        None => year(first),
    }
}

/// The year that a day, a month or a year begins with.
fn year(first: &str) -> Option<Period> {
    let day = Date::read(first)
        .or_else(|| Date::read(&format!("{first}-01")))
        .or_else(|| Date::read(&format!("{first}-01-01")))?;
    Some(Period::of_year(day.year()))
}

fn place_of(case: &Case, act: &Act, places: &Places) -> Option<Place> {
    let event = case.event(act.event)?;
    let country = Country::read(event.place.country.trim());
    match country {
        None => Place::unknown(),
        Some(_) if event.tier.is("unknown") => Place::unknown(),
        Some(country) if event.tier.is("country") => Place::in_country(country),
        Some(country) => match places.find(country, &event.place.admin1) {
            Some(number) => Place::in_admin1(country, number),
            None => Place::in_country(country),
        },
    }
}
