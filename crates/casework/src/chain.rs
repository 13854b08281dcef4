//! What came before what, and by how many days: an online threat nine days before the beating.
//!
//! Dates are known to the day, the month or the year; an interval says no more than they do.

use record::vocabulary::Language;
use record::{Act, ActId, Date, EventId, When};

use crate::case::Case;

/// How many days lie between two things, as well as their dates tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// At least so many.
    pub least: u32,
    /// At most so many.
    pub most: u32,
}

impl Interval {
    /// In words, to be followed by what came later.
    pub fn says(self, language: Language) -> String {
        match (language, self.least, self.most) {
            (Language::English, 0, 0) => "on the same day as".into(),
            (Language::French, 0, 0) => "le même jour que".into(),
            (Language::English, 1, 1) => "one day before".into(),
            (Language::French, 1, 1) => "un jour avant".into(),
            (Language::English, days, most) if days == most => format!("{days} days before"),
            (Language::French, days, most) if days == most => format!("{days} jours avant"),
            (Language::English, least, most) => format!("{least} to {most} days before"),
            (Language::French, least, most) => format!("de {least} à {most} jours avant"),
        }
    }
}

impl Case {
    /// By how many days one act came before another; none when a date is not known, or the other
    /// was certainly first.
    pub fn interval(&self, before: ActId, after: ActId) -> Option<Interval> {
        between(self.span(self.act(before)?)?, self.span(self.act(after)?)?)
    }

    /// The same for two events.
    pub fn interval_of_events(&self, before: EventId, after: EventId) -> Option<Interval> {
        let span = |id| span(&self.event(id)?.when);
        between(span(before)?, span(after)?)
    }

    /// The days between which an act took place: its own, else its event's.
    pub(crate) fn span(&self, act: &Act) -> Option<(u32, u32)> {
        if act.when.first.trim().is_empty() {
            span(&self.event(act.event)?.when)
        } else {
            span(&act.when)
        }
    }

    /// Whether every act that is said to have come before could have.
    pub(crate) fn in_order(&self, act: &Act) -> bool {
        act.chain.iter().all(|link| {
            let before = self.act(link.act).and_then(|before| self.span(before));
            match (before, self.span(act)) {
                (Some(before), Some(after)) => between(before, after).is_some(),
                _ => true,
            }
        })
    }

    /// Whether one act leads back to another through the acts it is tied to.
    pub(crate) fn act_leads_back(&self, from: &Act, to: ActId) -> bool {
        let before = |id: ActId| -> Vec<ActId> {
            let act = if id == from.id {
                Some(from)
            } else {
                self.act(id)
            };
            act.map_or_else(Vec::new, |act| {
                act.chain.iter().map(|link| link.act).collect()
            })
        };
        leads_back(from.id, to, before)
    }

    /// Whether one event leads back to another through the events it follows.
    pub(crate) fn event_leads_back(&self, from: &record::Event, to: EventId) -> bool {
        let before = |id: EventId| -> Vec<EventId> {
            let event = if id == from.id {
                Some(from)
            } else {
                self.event(id)
            };
            event.map_or_else(Vec::new, |event| {
                let chain = event.chain.iter().map(|link| link.event);
                event.follows.iter().copied().chain(chain).collect()
            })
        };
        leads_back(from.id, to, before)
    }
}

fn leads_back<T: Copy + Ord>(from: T, to: T, before: impl Fn(T) -> Vec<T>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut waiting = before(from);
    while let Some(next) = waiting.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(before(next));
        }
    }
    false
}

fn between(before: (u32, u32), after: (u32, u32)) -> Option<Interval> {
    let most = after.1.checked_sub(before.0)?;
    Some(Interval {
        least: after.0.saturating_sub(before.1),
        most,
    })
}

/// The first and the last day on which something began, as far as its date is known.
pub(crate) fn span(when: &When) -> Option<(u32, u32)> {
    let first = when.first.trim();
    let number = |date: Date| u32::try_from(date.day_number()).ok();
    let precision = when.precision.as_str();
    if precision == "unknown" {
        return None;
    }
    let coarse = matches!(precision, "month" | "year" | "about");
    if let Some(day) = Date::read(first).filter(|_| !coarse) {
        let day = number(day)?;
        return Some((day, day));
    }
    let mut parts = first.split('-');
    let year: u16 = parts.next()?.parse().ok()?;
    // About the new year may be the old one: nothing is said but that it was near.
    if precision == "about" {
        let from = Date::new(year.checked_sub(1)?, 1, 1)?;
        let next = Date::new(year.checked_add(2)?, 1, 1)?;
        return Some((number(from)?, number(next)?.checked_sub(1)?));
    }
    let month = parts.next().and_then(|month| month.parse::<u8>().ok());
    let (from, next) = match month.filter(|_| precision != "year") {
        Some(12) => (
            Date::new(year, 12, 1)?,
            Date::new(year.checked_add(1)?, 1, 1)?,
        ),
        Some(month) => (
            Date::new(year, month, 1)?,
            Date::new(year, month.checked_add(1)?, 1)?,
        ),
        None => (
            Date::new(year, 1, 1)?,
            Date::new(year.checked_add(1)?, 1, 1)?,
        ),
    };
    Some((number(from)?, number(next)?.checked_sub(1)?))
}
