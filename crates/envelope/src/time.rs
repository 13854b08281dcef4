//! Days, key periods and epochs: the only clocks the protocol knows. (protocol §2)

/// Seconds of a day of Unix time.
pub(crate) const SECONDS_A_DAY: u64 = 86_400;

/// Whole days since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u32);

impl Day {
    /// The day that holds this second of Unix time; the last representable day if later.
    #[must_use]
    pub fn of_unix_seconds(seconds: u64) -> Self {
        Self(u32::try_from(seconds / SECONDS_A_DAY).unwrap_or(u32::MAX))
    }

    /// First second of this day.
    #[must_use]
    pub fn first_second(self) -> u64 {
        u64::from(self.0) * SECONDS_A_DAY
    }

    /// This day and `days` more, stopping at the end of time.
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// This day less `days`, stopping at 1970.
    #[must_use]
    pub fn minus(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    /// Year, month and day of month of the proleptic Gregorian calendar.
    #[must_use]
    pub fn civil(self) -> (u32, u32, u32) {
        // Days from civil, reversed: years counted from 1 March 0000, in eras of 400 years.
        let z = u64::from(self.0) + 719_468;
        let era = z / 146_097;
        let doe = z % 146_097;
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + u64::from(month <= 2);
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        (small(year), small(month), small(day))
    }

    /// The day of a civil date, or `None` before 1970 or for a date that does not exist.
    #[must_use]
    pub fn of_civil(year: u32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let y = u64::from(year) - u64::from(month <= 2);
        let era = y / 400;
        let yoe = y % 400;
        let m = u64::from(month);
        let mp = if m > 2 { m - 3 } else { m + 9 };
        let doy = (153 * mp + 2) / 5 + u64::from(day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let found = Self(u32::try_from((era * 146_097 + doe).checked_sub(719_468)?).ok()?);
        (found.civil() == (year, month, day)).then_some(found)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (y, m, d) = self.civil();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

/// Set in the number of a carry quarter, clear in the number of a week period.
pub const CARRY_BIT: u32 = 1 << 31;

/// The lifetime an intake key belongs to: a short period, or a quarter for letters that travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// `day / period_days`.
    Week(u32),
    /// Quarters since the first of 1970: what kits and couriers seal to.
    Carry(u32),
}

impl Period {
    /// The period of a day, in an office whose periods last `period_days` (0 counts as 1).
    #[must_use]
    pub fn of(day: Day, period_days: u32) -> Self {
        Self::Week((day.0 / period_days.max(1)) & !CARRY_BIT)
    }

    /// The carry quarter of a day.
    #[must_use]
    pub fn carry_of(day: Day) -> Self {
        let (year, month, _) = day.civil();
        Self::Carry(((year - 1970) * 4 + (month - 1) / 3) & !CARRY_BIT)
    }

    /// As it stands in a letter.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Week(p) => p & !CARRY_BIT,
            Self::Carry(q) => q | CARRY_BIT,
        }
    }

    /// The period a letter names. Every number names one.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        if number & CARRY_BIT == 0 {
            Self::Week(number)
        } else {
            Self::Carry(number & !CARRY_BIT)
        }
    }

    /// Last day on which this period is the current one.
    #[must_use]
    pub fn last_day(self, period_days: u32) -> Day {
        match self {
            Self::Week(p) => Day(p
                .saturating_add(1)
                .saturating_mul(period_days.max(1))
                .saturating_sub(1)),
            Self::Carry(q) => {
                let next = q.saturating_add(1);
                let (year, month) = (1970u32.saturating_add(next / 4), (next % 4) * 3 + 1);
                Day::of_civil(year, month, 1).map_or(Day(u32::MAX), |first| first.minus(1))
            }
        }
    }

    /// First day on which this period is the current one.
    #[must_use]
    pub fn first_day(self, period_days: u32) -> Day {
        match self {
            Self::Week(p) => Day(p.saturating_mul(period_days.max(1))),
            Self::Carry(q) => Day::of_civil(1970u32.saturating_add(q / 4), (q % 4) * 3 + 1, 1)
                .unwrap_or(Day(u32::MAX)),
        }
    }
}

/// Number of an epoch: 0, 1, 2 … without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u64);

impl Epoch {
    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_round_trip_over_four_centuries() {
        for n in 0..150_000 {
            let (y, m, d) = Day(n).civil();
            assert_eq!(Day::of_civil(y, m, d), Some(Day(n)));
        }
        assert_eq!(Day(20_779).to_string(), "2026-11-22");
        assert_eq!(Day::of_civil(2026, 2, 29), None);
    }

    #[test]
    fn a_period_number_says_which_kind_it_is() {
        for period in [
            Period::Week(0),
            Period::Week(2_968),
            Period::Carry(0),
            Period::Carry(227),
        ] {
            assert_eq!(Period::from_number(period.number()), period);
        }
    }

    #[test]
    fn first_and_last_day_of_a_period_lie_in_it() {
        for n in (19_000..22_000).step_by(13) {
            let week = Period::of(Day(n), 7);
            assert!(week.first_day(7) <= Day(n) && Day(n) <= week.last_day(7));
            let quarter = Period::carry_of(Day(n));
            assert!(quarter.first_day(7) <= Day(n) && Day(n) <= quarter.last_day(7));
            assert_eq!(Period::carry_of(quarter.last_day(7)), quarter);
            assert_ne!(Period::carry_of(quarter.last_day(7).plus(1)), quarter);
        }
    }
}
