//! What becomes of a packet on a bad line: when it arrives, or that it does not. Decided from the
//! time it was handed over, the line's figures and a seed; nothing here waits or reads a clock.

use std::time::Duration;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// One direction of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Thousands of bits a second, headers included.
    pub(crate) kbit_s: u32,
    /// From one end to the other, once a packet is on the line.
    pub(crate) one_way: Duration,
    /// Share of packets lost, of a thousand.
    pub(crate) lost_of_1000: u32,
    /// How many are lost in a row, on average: 1 is no more often than chance has it.
    pub(crate) burst: u32,
    /// How long a packet waits for those before it; one that would wait longer is lost.
    pub(crate) queue: Duration,
}

impl Line {
    /// 50 kbit/s, 400 ms there and back, a queue of three seconds: what the goals of
    /// `docs/reach.md` are stated for.
    pub(crate) const SLOW: Self = Self {
        kbit_s: 50,
        one_way: Duration::from_millis(200),
        lost_of_1000: 0,
        burst: 1,
        queue: Duration::from_secs(3),
    };

    /// The same with this share of a thousand lost, in runs of this length.
    pub(crate) const fn losing(self, lost_of_1000: u32, burst: u32) -> Self {
        Self {
            lost_of_1000,
            burst,
            ..self
        }
    }

    fn on_the_line(&self, bytes: usize) -> Duration {
        let bits = bytes as u64 * 8;
        // A thousand bits a second is a bit a millisecond.
        Duration::from_nanos(bits * 1_000_000 / u64::from(self.kbit_s.max(1)))
    }
}

/// A line in use, in one direction.
pub(crate) struct Direction {
    line: Line,
    rng: ChaCha20Rng,
    free_at: Duration,
    losing: bool,
    cuts: Vec<(Duration, Duration)>,
}

impl Direction {
    /// A line nobody has used yet; the same seed loses the same packets.
    pub(crate) fn new(line: Line, seed: u64, cuts: Vec<(Duration, Duration)>) -> Self {
        Self {
            line,
            rng: ChaCha20Rng::seed_from_u64(seed),
            free_at: Duration::ZERO,
            losing: false,
            cuts,
        }
    }

    /// When a packet of so many bytes, handed over now, comes out at the other end; `None` when it
    /// is lost: the line is cut, the queue is full, or chance has it. What is lost on the way has
    /// used the line all the same.
    pub(crate) fn pass(&mut self, now: Duration, bytes: usize) -> Option<Duration> {
        let lost = self.loses();
        if self
            .cuts
            .iter()
            .any(|(from, to)| (*from..*to).contains(&now))
        {
            return None;
        }
        let begins = self.free_at.max(now);
        if begins - now > self.line.queue {
            return None;
        }
        self.free_at = begins + self.line.on_the_line(bytes);
        (!lost).then(|| self.free_at + self.line.one_way)
    }

    /// Two states, one in which packets pass and one in which they are lost (Gilbert's channel):
    /// the mean stay in the second is `burst`, the share of time there `lost_of_1000`.
    fn loses(&mut self) -> bool {
        let loss = f64::from(self.line.lost_of_1000) / 1_000.0;
        let chance = f64::from(self.rng.next_u32()) / f64::from(u32::MAX);
        if self.line.burst <= 1 {
            return chance < loss;
        }
        let ends = 1.0 / f64::from(self.line.burst);
        let begins = (ends * loss / (1.0 - loss).max(0.001)).min(1.0);
        self.losing = if self.losing {
            chance >= ends
        } else {
            chance < begins
        };
        self.losing
    }
}

/// When the line breaks: so many times within a time, each lasting so long, at moments drawn from
/// the seed, in order.
pub(crate) fn cuts(
    seed: u64,
    times: usize,
    within: Duration,
    lasting: Duration,
) -> Vec<(Duration, Duration)> {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut begins: Vec<Duration> = (0..times)
        .map(|_| within.mul_f64(f64::from(rng.next_u32()) / f64::from(u32::MAX)))
        .collect();
    begins.sort();
    begins.into_iter().map(|at| (at, at + lasting)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_packet_takes_its_time_on_the_line_and_then_the_way() {
        let mut line = Direction::new(Line::SLOW, 1, Vec::new());
        // 1,250 bytes are 10,000 bits: a fifth of a second at 50 kbit/s.
        assert_eq!(line.pass(ms(0), 1_250), Some(ms(200 + 200)));
        // The next one waits for it, and one that comes later does not.
        assert_eq!(line.pass(ms(0), 1_250), Some(ms(400 + 200)));
        assert_eq!(line.pass(ms(5_000), 1_250), Some(ms(5_200 + 200)));
    }

    #[test]
    fn what_would_wait_longer_than_the_queue_is_lost_and_takes_no_time() {
        let mut line = Direction::new(Line::SLOW, 1, Vec::new());
        let passed = (0..100)
            .filter(|_| line.pass(ms(0), 1_250).is_some())
            .count();
        // Three seconds of waiting are fifteen packets before it, and it is the sixteenth.
        assert_eq!(passed, 16);
        assert_eq!(line.pass(ms(3_200), 1_250), Some(ms(3_400 + 200)));
    }

    #[test]
    fn as_many_are_lost_as_said_and_in_runs_as_long_as_said() {
        for (burst, shortest, longest) in [(1, 1.0, 1.2), (4, 3.5, 4.5)] {
            let line = Line {
                kbit_s: 1_000_000,
                ..Line::SLOW
            };
            let mut line = Direction::new(line.losing(100, burst), 7, Vec::new());
            let fates: Vec<bool> = (0..50_000_u64)
                .map(|n| line.pass(ms(n * 10), 100).is_none())
                .collect();
            let lost = fates.iter().filter(|lost| **lost).count();
            let runs = fates.windows(2).filter(|two| *two == [false, true]).count();
            let run = lost as f64 / runs as f64;
            assert!((4_500..5_500).contains(&lost), "{lost} lost");
            assert!(
                (shortest..longest).contains(&run),
                "{run} in a row for {burst}"
            );
        }
    }

    #[test]
    fn the_same_seed_loses_the_same_packets() {
        let fates = |seed| -> Vec<bool> {
            let mut line = Direction::new(Line::SLOW.losing(300, 2), seed, Vec::new());
            (0..200_u64)
                .map(|n| line.pass(ms(n * 500), 100).is_some())
                .collect()
        };
        assert_eq!(fates(3), fates(3));
        assert_ne!(fates(3), fates(4));
    }

    #[test]
    fn nothing_passes_while_the_line_is_cut() {
        let cuts = cuts(9, 20, ms(60_000), ms(1_000));
        assert_eq!(cuts.len(), 20);
        assert!(cuts.is_sorted());
        let (from, to) = *cuts.first().unwrap();
        let mut line = Direction::new(Line::SLOW, 1, vec![(from, to)]);
        assert_eq!(line.pass(from, 100), None);
        assert_eq!(line.pass(to - ms(1), 100), None);
        assert!(line.pass(to, 100).is_some());
    }
}
