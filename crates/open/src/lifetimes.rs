//! The lifetime order: which key lies under which, and when each is destroyed. (protocol §9)
//!
//! *A key that is to be destroyed at time t may be wrapped or stored only under keys destroyed no
//! later than t.* Otherwise destroying it destroys nothing: whoever recorded the wrapping opens it
//! with the longer-lived key. [`WRAPS`] is the whole table; the test walks every edge over many
//! terms and days.

use envelope::{Day, Period};

/// How long keys live, from the office's notice and settings.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Days of a week period.
    pub period_days: u32,
    /// Days a week's keys outlive it.
    pub grace_days: u32,
    /// Days a carry quarter's keys outlive it.
    pub carry_grace_days: u32,
    /// Days an intake key is held beyond that at most, while a letter may still wait for it.
    pub hold_days: u32,
}

impl Terms {
    /// Last day on which the intake key of a period still exists. On the day after, it is
    /// destroyed, unless a letter may wait for it.
    #[must_use]
    pub fn last_day_of_key(&self, period: Period) -> Day {
        let grace = match period {
            Period::Week(_) => self.grace_days,
            Period::Carry(_) => self.carry_grace_days,
        };
        period.last_day(self.period_days).plus(grace)
    }

    /// Last day on which an intake key may be held, whatever waits: the hard limit. (protocol §3)
    #[must_use]
    pub fn latest_day_of_key(&self, period: Period) -> Day {
        self.last_day_of_key(period).plus(self.hold_days)
    }

    /// Whether a conversation key must be called held as long as an intake key is: the letter of
    /// that period holds it, or it can be derived from one that such a letter holds.
    #[must_use]
    pub fn is_held_with(conversation: Period, intake: Period) -> bool {
        match (conversation, intake) {
            (Period::Week(conversation), Period::Week(intake)) => conversation >= intake,
            (Period::Carry(conversation), Period::Carry(intake)) => conversation == intake,
            _ => false,
        }
    }

    /// Whether the keys of a week may travel in the log under a circle key of another week: not
    /// under one of a later week, which outlives them.
    #[must_use]
    pub fn may_travel_under(week: u32, circle: u32) -> bool {
        circle <= week
    }

    /// Last day of the vault key in force on `today`: the desk changes it whenever a key is
    /// destroyed, so that an old copy of the file keeps nothing that is due.
    #[must_use]
    pub fn last_day_of_vault_key(&self, today: Day, held: &[Period]) -> Day {
        let due = held
            .iter()
            .map(|p| self.last_day_of_key(*p))
            .filter(|last| *last >= today);
        due.min().unwrap_or(Day(u32::MAX))
    }
}

/// Keys that are destroyed on a schedule, or that hold such keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Private half of an intake or carry key.
    Intake,
    /// Conversation key of a period.
    Conversation,
    /// Key of the vault file between two changes.
    Vault,
    /// Key on the sheet of a backup.
    BackupSheet,
    /// A desk's own key of a period, to which keys of the log are wrapped. (protocol §12)
    DeskSealing,
    /// Key of the log between desks.
    Team,
    /// What is left of a team key that was destroyed before it was renewed.
    Bridge,
    /// Key of a circle.
    Circle,
    /// Key of a case: destroyed when the case is erased, and gone from the relay's copy of the log
    /// with the last circle key that wrapped it.
    Case,
}

/// `inner` lies under `outer`: wrapped by it, stored in what it seals, or derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrap {
    /// What lies inside.
    pub inner: Kind,
    /// What opens it.
    pub outer: Kind,
    /// How.
    pub by: &'static str,
}

/// Every place where a scheduled key lies under another.
pub const WRAPS: [Wrap; 23] = [
    Wrap {
        inner: Kind::Conversation,
        outer: Kind::Intake,
        by: "a letter carries the conversation key of its own period",
    },
    Wrap {
        inner: Kind::Conversation,
        outer: Kind::Conversation,
        by: "the next period's is derived from this one's",
    },
    Wrap {
        inner: Kind::Intake,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Conversation,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Intake,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Conversation,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Vault,
        outer: Kind::BackupSheet,
        by: "a backup is sealed under its sheet, and restoring draws a new vault key",
    },
    Wrap {
        inner: Kind::Team,
        outer: Kind::DeskSealing,
        by: "a renewal wraps it to each desk's key of its own period",
    },
    Wrap {
        inner: Kind::Circle,
        outer: Kind::DeskSealing,
        by: "a renewal wraps it to each desk's key of its own period",
    },
    Wrap {
        inner: Kind::Case,
        outer: Kind::Circle,
        by: "an entry carries it under the circle key in force",
    },
    Wrap {
        inner: Kind::Intake,
        outer: Kind::Circle,
        by: "a week's key travels in the log under a circle key of that week or of one before",
    },
    Wrap {
        inner: Kind::Conversation,
        outer: Kind::Circle,
        by: "it travels in the log like the intake key of its week",
    },
    Wrap {
        inner: Kind::DeskSealing,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::DeskSealing,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Team,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Team,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Bridge,
        outer: Kind::Team,
        by: "it is derived when the team key is destroyed in force, and goes with the next renewal",
    },
    Wrap {
        inner: Kind::Bridge,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Bridge,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Circle,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Circle,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
    Wrap {
        inner: Kind::Case,
        outer: Kind::Vault,
        by: "the desk stores it",
    },
    Wrap {
        inner: Kind::Case,
        outer: Kind::BackupSheet,
        by: "a backup holds the vault's keys",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The last day of an intake key while `held` is held to its hard limit.
    fn intake_end(terms: &Terms, period: Period, held: Option<Period>) -> Day {
        if held == Some(period) {
            terms.latest_day_of_key(period)
        } else {
            terms.last_day_of_key(period)
        }
    }

    /// The last day of a conversation key meanwhile.
    fn conversation_end(terms: &Terms, period: Period, held: Option<Period>) -> Day {
        let planned = terms.last_day_of_key(period);
        match held.filter(|intake| Terms::is_held_with(period, *intake)) {
            Some(intake) => planned.max(terms.latest_day_of_key(intake)),
            None => planned,
        }
    }

    /// Last days of one key and of the key it lies under, for every pair the edge can make on
    /// `today`.
    fn pairs(edge: Wrap, terms: &Terms, today: Day, kept: Option<Period>) -> Vec<(Day, Day)> {
        let Period::Week(now) = Period::of(today, terms.period_days) else {
            return vec![];
        };
        let Period::Carry(quarter) = Period::carry_of(today) else {
            return vec![];
        };
        let held: Vec<Period> = (now.saturating_sub(60)..now + 12)
            .map(Period::Week)
            .chain((quarter.saturating_sub(6)..quarter + 4).map(Period::Carry))
            .filter(|p| terms.last_day_of_key(*p) >= today)
            .collect();
        let intake = |p: &Period| intake_end(terms, *p, kept);
        let talk = |p: &Period| conversation_end(terms, *p, kept);
        // The desk changes the vault's key whenever any key in it is destroyed.
        let team_end = |p: &u32| terms.last_day_of_key(Period::Week(*p));
        // Those of the log are not held beyond their day, whatever waits for an intake key.
        let of_log = held.iter().map(|p| terms.last_day_of_key(*p));
        let ends = held.iter().map(intake).chain(held.iter().map(talk));
        let ends = ends.chain(of_log);
        let vault = ends.filter(|end| *end >= today).min();
        let vault = vault.unwrap_or(Day(u32::MAX));
        assert!(kept.is_some() || vault == terms.last_day_of_vault_key(today, &held));
        match (edge.inner, edge.outer) {
            // Decision 0004: a letter under a carry key has a conversation key of that quarter.
            (Kind::Conversation, Kind::Intake) => {
                held.iter().map(|p| (talk(p), intake(p))).collect()
            }
            (Kind::Conversation, Kind::Conversation) => (now.saturating_sub(60)..now + 12)
                .map(|p| (talk(&Period::Week(p + 1)), talk(&Period::Week(p))))
                .collect(),
            // The sheet of a backup says "destroy me" on the day the vault key changes.
            (Kind::Vault, Kind::BackupSheet) => vec![(vault, vault)],
            // What the log carries of a week, under what the week's desks hold.
            (Kind::Team | Kind::Circle, Kind::DeskSealing) => (now.saturating_sub(60)..now + 12)
                .map(|p| (team_end(&p), team_end(&p)))
                .collect(),
            // An erased case that was last written in this week: the newest of its circle keys
            // ends it.
            (Kind::Case, Kind::Circle) => (now.saturating_sub(20)..=now)
                .map(|p| (team_end(&now), team_end(&p)))
                .collect(),
            // Also under the key of a circle that was renewed since, as far as that may carry it.
            (Kind::Intake | Kind::Conversation, Kind::Circle) => (now..now + 12)
                .flat_map(|circle| (now..now + 12).map(move |p| (p, circle)))
                .filter(|(p, circle)| Terms::may_travel_under(*p, *circle))
                .map(|(p, circle)| {
                    let week = Period::Week(p);
                    let end = match edge.inner {
                        Kind::Intake => intake(&week),
                        _ => talk(&week),
                    };
                    (end, team_end(&circle))
                })
                .collect(),
            // It goes with the next renewal, whenever that is.
            (Kind::Bridge, Kind::Team) => (now.saturating_sub(60)..now + 12)
                .map(|p| (Day(u32::MAX), team_end(&p)))
                .collect(),
            (Kind::Bridge, Kind::Vault | Kind::BackupSheet) => vec![(Day(u32::MAX), vault)],
            (Kind::DeskSealing | Kind::Team | Kind::Circle, Kind::Vault | Kind::BackupSheet) => {
                (now.saturating_sub(60)..now + 12)
                    .map(|p| team_end(&p))
                    .filter(|end| *end >= today)
                    .map(|end| (end, vault))
                    .collect()
            }
            // Erasing a case changes the vault's key at once, whenever that is.
            (Kind::Case, Kind::Vault | Kind::BackupSheet) => vec![(Day(u32::MAX), vault)],
            (Kind::Conversation, _) => held.iter().map(|p| (talk(p), vault)).collect(),
            (Kind::Intake, _) => held.iter().map(|p| (intake(p), vault)).collect(),
            _ => panic!("an edge nobody has thought about: {edge:?}"),
        }
    }

    #[test]
    fn no_key_lies_under_one_that_outlives_it() {
        for (period_days, grace_days, carry_grace_days) in [(7, 28, 365), (1, 0, 30), (14, 90, 10)]
        {
            let terms = Terms {
                period_days,
                grace_days,
                carry_grace_days,
                hold_days: 14,
            };
            for today in (20_000..21_000).step_by(9).map(Day) {
                // No key held, or one whose grace just ended: this week's, or a quarter's.
                let over = Day(today.0 - 1 - grace_days);
                let carried = Day(today.0.saturating_sub(carry_grace_days + 92));
                let kept = [Period::of(over, period_days), Period::carry_of(carried)];
                for kept in [None, kept.first().copied(), kept.last().copied()] {
                    for edge in WRAPS {
                        let pairs = pairs(edge, &terms, today, kept);
                        assert!(!pairs.is_empty());
                        for (inner, outer) in pairs {
                            assert!(
                                outer <= inner,
                                "{edge:?} on {today}, {kept:?} held: {outer} is after {inner}"
                            );
                        }
                    }
                }
            }
        }
    }
}
