//! Signed restarts: how a board goes on after a relay was restored from a copy that lacks its newest
//! epochs. (protocol §6.1, decision 0041)
//!
//! Every manifest carries the list of all restarts before it, so that the newest one tells each
//! reader which numbers are no epochs, and nobody takes a gap for something hidden.

use crate::Epoch;
use crate::board::ManifestHash;

/// Restarts that a manifest holds at most: a relay that lost its disk so often is to be replaced.
pub const MOST_RESTARTS: usize = 64;

/// The board went on in `epoch` from `after`; what was published under the numbers between is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    /// The first epoch after the restart.
    pub epoch: Epoch,
    /// The last epoch before it that stands.
    pub after: Epoch,
    /// That epoch's manifest.
    pub hash: ManifestHash,
}

/// All restarts of a board up to one of its epochs, the oldest first.
///
/// Each continues from an epoch that stands: one of before the first restart, or of after an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restarts(Vec<Restart>);

impl Restarts {
    /// A list, if it can be one: each goes on beyond the number it continues from, from an epoch
    /// there is, and none begins before the one it follows. At most [`MOST_RESTARTS`].
    #[must_use]
    pub fn of(list: Vec<Restart>) -> Option<Self> {
        let mut begun = Epoch(0);
        for restart in &list {
            if restart.hash == ManifestHash::NONE
                || restart.after < begun
                || restart.epoch <= restart.after
            {
                return None;
            }
            begun = restart.epoch;
        }
        (list.len() <= MOST_RESTARTS).then_some(Self(list))
    }

    /// The list with one more.
    #[must_use]
    pub fn and(&self, restart: Restart) -> Option<Self> {
        Self::of([self.0.as_slice(), &[restart]].concat())
    }

    /// Each, the oldest first.
    #[must_use]
    pub fn as_slice(&self) -> &[Restart] {
        &self.0
    }

    /// Those up to an epoch.
    #[must_use]
    pub fn up_to(&self, epoch: Epoch) -> Self {
        let until = self.0.iter().filter(|restart| restart.epoch <= epoch);
        Self(until.copied().collect())
    }

    /// The restart that begins with an epoch.
    #[must_use]
    pub fn beginning(&self, epoch: Epoch) -> Option<&Restart> {
        self.0.iter().find(|restart| restart.epoch == epoch)
    }

    /// The restart that continues from an epoch.
    #[must_use]
    pub fn continuing(&self, epoch: Epoch) -> Option<&Restart> {
        self.0.iter().find(|restart| restart.after == epoch)
    }

    /// The restart over which the epoch of a number was lost, if it was one.
    #[must_use]
    pub fn over(&self, epoch: Epoch) -> Option<&Restart> {
        let over = |restart: &&Restart| restart.after < epoch && epoch < restart.epoch;
        self.0.iter().find(over)
    }

    /// The epoch before one that stands.
    #[must_use]
    pub fn before(&self, epoch: Epoch) -> Option<Epoch> {
        match self.beginning(epoch) {
            Some(restart) => Some(restart.after),
            None => epoch.0.checked_sub(1).map(Epoch),
        }
    }

    /// The epoch after one that stands.
    #[must_use]
    pub fn after(&self, epoch: Epoch) -> Epoch {
        let next = self.continuing(epoch);
        next.map_or_else(|| epoch.next(), |restart| restart.epoch)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn restart(after: u64, epoch: u64) -> Restart {
        Restart {
            epoch: Epoch(epoch),
            after: Epoch(after),
            hash: ManifestHash([1; 32]),
        }
    }

    #[test]
    fn the_epochs_that_stand_are_walked_alike_in_both_directions() {
        let restarts = Restarts::of(vec![restart(5, 100), restart(100, 200), restart(201, 300)]);
        let restarts = restarts.unwrap();
        let mut forward = vec![Epoch(3)];
        while forward.len() < 9 {
            forward.push(restarts.after(*forward.last().unwrap()));
        }
        let numbers: Vec<u64> = forward.iter().map(|e| e.0).collect();
        assert_eq!(numbers, [3, 4, 5, 100, 200, 201, 300, 301, 302]);
        for pair in forward.windows(2) {
            if let [one, next] = pair {
                assert_eq!(restarts.before(*next), Some(*one));
                assert_eq!(restarts.over(*one), None);
            }
        }
        assert_eq!(restarts.before(Epoch(0)), None);
        for lost in [6, 99, 101, 199, 202, 299] {
            assert!(restarts.over(Epoch(lost)).is_some(), "{lost}");
        }
        assert_eq!(restarts.up_to(Epoch(199)).as_slice().len(), 1);
    }

    #[test]
    fn what_cannot_be_a_list_of_restarts_is_none() {
        let of = |list: &[Restart]| Restarts::of(list.to_vec()).is_some();
        assert!(of(&[]) && of(&[restart(0, 1)]) && of(&[restart(0, 9), restart(9, 10)]));
        assert!(!of(&[restart(4, 4)]), "not beyond");
        assert!(!of(&[restart(4, 3)]), "back");
        assert!(!of(&[restart(4, 9), restart(8, 12)]), "from a lost one");
        assert!(!of(&[restart(4, 9), restart(2, 12)]), "under the first");
        let nothing = Restart {
            hash: ManifestHash::NONE,
            ..restart(4, 9)
        };
        assert!(!of(&[nothing]), "from nothing");
        let many = |n: u64| {
            (0..n)
                .map(|i| restart(2 * i, 2 * i + 2))
                .collect::<Vec<_>>()
        };
        assert!(of(&many(64)) && !of(&many(65)));
    }
}
