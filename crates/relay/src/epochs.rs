//! When an epoch closes. A pure decision: the clock is handed in.
//!
//! Epochs close at whole multiples of their length, so that the moment of closing tells nothing
//! about when a relay was started or a letter came.

/// Whether the open epoch is over: a multiple of `epoch_seconds` lies between the last closing (or
/// the start) and now.
///
/// A clock set back by a little waits; one set back by more than two epochs has been mended, and
/// epochs go on by the mended clock rather than stand still until the wrong time comes again.
#[must_use]
pub fn due(since: u64, now: u64, epoch_seconds: u32) -> bool {
    let length = u64::from(epoch_seconds.max(1));
    if now >= since {
        now / length > since / length
    } else {
        since - now > 2 * length
    }
}

/// Seconds until the open epoch may be over; never 0.
#[must_use]
pub fn seconds_left(now: u64, epoch_seconds: u32) -> u64 {
    let length = u64::from(epoch_seconds.max(1));
    length - now % length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_closes_at_whole_multiples_of_its_length_and_once() {
        assert!(!due(1_000, 1_000, 100));
        assert!(!due(1_000, 1_099, 100));
        assert!(due(1_000, 1_100, 100));
        assert!(due(1_099, 1_100, 100));
        assert!(!due(1_100, 1_199, 100));
    }

    #[test]
    fn a_relay_that_slept_through_three_epochs_closes_one() {
        assert!(due(1_000, 1_399, 100));
        assert!(!due(1_399, 1_399, 100));
    }

    #[test]
    fn a_clock_set_back_a_little_waits_and_one_set_back_by_years_goes_on() {
        assert!(!due(1_000, 950, 100));
        assert!(!due(1_000, 800, 100));
        assert!(due(1_000, 799, 100));
    }

    #[test]
    fn a_length_of_nothing_counts_as_a_second() {
        assert!(due(5, 6, 0));
        assert_eq!(seconds_left(5, 0), 1);
        assert_eq!(seconds_left(199, 100), 1);
        assert_eq!(seconds_left(200, 100), 100);
    }
}
