//! The office as a sender finds it: its notice under the pinned root, the newest manifest, and
//! the day to go by. Bytes come in, checked values go out; nothing is fetched here.

use envelope::board::{ManifestRefused, SignedManifest};
use envelope::notice::{IntakeKey, Notice, NoticeRefused};
use envelope::{Day, Period};

pub use envelope::pin::{NotAPin, Pin};

/// Whose day counts when this machine's clock and the office's board are more than a day apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFrom {
    /// The newest manifest of the board.
    Board,
    /// This machine.
    Clock,
}

/// Why the office cannot be written to, or read, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotMeet {
    /// Its notice is not believed.
    Notice(NoticeRefused),
    /// Its board is not believed.
    Board(ManifestRefused),
    /// This machine's clock is wrong, or the board is an old one; a person must say which.
    ClocksApart {
        /// What this machine says.
        clock: Day,
        /// What the board says.
        board: Day,
    },
}

/// An office whose notice holds.
#[derive(Debug)]
pub struct Office {
    notice: Notice,
    newest: Option<SignedManifest>,
    day: Day,
}

impl Office {
    /// Believes an office: its notice under the pinned root, its newest manifest under the relay
    /// key of that notice, and clocks that agree within a day and an epoch.
    ///
    /// # Errors
    /// [`CannotMeet`] says what a person can do.
    pub fn meet(
        notice_file: &[u8],
        newest_file: Option<&[u8]>,
        pin: &Pin,
        unix_seconds: u64,
        day_from: Option<DayFrom>,
    ) -> Result<Self, CannotMeet> {
        let root = pin.root(notice_file).map_err(CannotMeet::Notice)?;
        let unseen = Notice::verify_any_day(notice_file, &root).map_err(CannotMeet::Notice)?;
        let (mailbox, relay) = (unseen.body().mailbox, unseen.body().relay_key);
        let newest = newest_file
            .map(|file| SignedManifest::verify(file, &mailbox, &relay))
            .transpose()
            .map_err(CannotMeet::Board)?;
        let clock = Day::of_unix_seconds(unix_seconds);
        let day = match (&newest, day_from) {
            (Some(newest), Some(DayFrom::Board)) => newest.manifest().day,
            (None, _) | (_, Some(DayFrom::Clock)) => clock,
            (Some(newest), None) => {
                let m = newest.manifest();
                let closed = m.day.first_second() + u64::from(m.second);
                let most = 86_400 + u64::from(unseen.body().epoch_seconds);
                if unix_seconds.abs_diff(closed) > most {
                    return Err(CannotMeet::ClocksApart {
                        clock,
                        board: m.day,
                    });
                }
                m.day
            }
        };
        // The same file under the same root, now with its day.
        let notice = Notice::verify(notice_file, &root, day).map_err(CannotMeet::Notice)?;
        Ok(Self {
            notice,
            newest,
            day,
        })
    }

    /// Its notice.
    #[must_use]
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// The newest epoch of its board, if there is one.
    #[must_use]
    pub fn newest(&self) -> Option<&SignedManifest> {
        self.newest.as_ref()
    }

    /// The day to go by.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// Periods a letter may be sealed to today, best first. A letter that travels by hand prefers
    /// the carry quarter, whose key lives long enough for the journey.
    #[must_use]
    pub fn periods(&self, journey: Journey) -> Vec<Period> {
        let week = Period::of(self.day, self.notice.body().period_days);
        let quarter = Period::carry_of(self.day);
        let order = match journey {
            Journey::Online => [week, quarter],
            Journey::ByHand => [quarter, week],
        };
        order
            .into_iter()
            .filter(|period| self.notice.takes(*period))
            .collect()
    }

    /// The first of these files that is a key the notice vouches for today.
    #[must_use]
    pub fn key_among<'a>(
        &self,
        journey: Journey,
        files: impl IntoIterator<Item = &'a [u8]> + Clone,
    ) -> Option<IntakeKey> {
        self.periods(journey).into_iter().find_map(|period| {
            files
                .clone()
                .into_iter()
                .find_map(|file| self.notice.intake_key(period, file).ok())
        })
    }
}

/// How the letter will travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// Posted at once.
    Online,
    /// In a folder, on a stick, for weeks perhaps.
    ByHand,
}
