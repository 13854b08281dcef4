//! The lists of days, in which people look for answers: what the relay signs of them has to be what
//! its epochs show. Nobody but the office knows which cells are its own. (protocol §6)

use std::collections::{BTreeMap, BTreeSet};

use envelope::board::{
    DayLists, MOST_DAY_BYTES, Manifest, NotTheSignedDays, SHORT_TAG_BYTES, SignedManifest,
};
use envelope::{Day, Epoch};

/// Tags as listed, in their order.
pub(crate) type Tags = Vec<[u8; SHORT_TAG_BYTES]>;

/// What has to be at hand first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// The manifest of another epoch.
    Manifest(Epoch),
    /// The file of a day.
    Day(Day),
}

enum Stopped {
    Hidden,
    At(Epoch),
}

impl From<NotTheSignedDays> for Stopped {
    fn from(_: NotTheSignedDays) -> Self {
        Self::Hidden
    }
}

/// Days that come between an epoch and the one before it on an earlier day, at most: no clock goes
/// back further than a notice lasts.
const MOST_DAYS_BETWEEN: u32 = envelope::notice::MOST_DAYS;

/// Bytes of the files of days that one epoch is checked with, at most.
const MOST_BYTES: u64 = 4 * MOST_DAY_BYTES;

/// Which days the epochs closed on that this desk was shown, in the order of their numbers: by it
/// the desk knows what a file of a day has to list. After a fork it begins anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownDays(Vec<Run>);

/// Epochs that follow one another, and one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    day: Day,
    first: Epoch,
    last: Epoch,
}

/// Bytes of a run as the vault keeps it.
const RUN_BYTES: usize = 20;

impl ShownDays {
    /// As the vault keeps them.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let run = |run: &[u8; RUN_BYTES]| {
            let (day, epochs) = run.split_first_chunk()?;
            let (first, last) = epochs.split_first_chunk()?;
            Some(Run {
                day: Day(u32::from_be_bytes(*day)),
                first: Epoch(u64::from_be_bytes(*first)),
                last: Epoch(u64::from_be_bytes(last.try_into().ok()?)),
            })
        };
        Self(bytes.as_chunks().0.iter().filter_map(run).collect())
    }

    /// For the vault.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * RUN_BYTES);
        for run in &self.0 {
            bytes.extend_from_slice(&run.day.0.to_be_bytes());
            bytes.extend_from_slice(&run.first.0.to_be_bytes());
            bytes.extend_from_slice(&run.last.0.to_be_bytes());
        }
        bytes
    }

    /// Without epochs beyond a number.
    pub(crate) fn up_to(mut self, last: Epoch) -> Self {
        self.0.retain(|run| run.first <= last);
        if let Some(run) = self.0.last_mut() {
            run.last = run.last.min(last);
        }
        self
    }

    /// With the next epoch.
    pub(crate) fn and(mut self, manifest: &Manifest) -> Self {
        let (epoch, day) = (manifest.epoch, manifest.day);
        match self.0.last_mut() {
            Some(run) if run.day == day && run.last.next() == epoch => run.last = epoch,
            _ => self.0.push(Run {
                day,
                first: epoch,
                last: epoch,
            }),
        }
        self
    }

    /// The day after that of the last epoch which closed before `day`; `day` if none did.
    fn first_before(&self, day: Day) -> Day {
        let before = self.0.iter().rev().find(|run| run.day < day);
        before.map_or(day, |run| run.day.plus(1))
    }

    fn within(&self, first: Day, last: Day) -> impl Iterator<Item = Run> + '_ {
        let within = move |run: &&Run| first <= run.day && run.day <= last;
        self.0.iter().filter(within).copied()
    }
}

/// Files of days, as served in this visit.
#[derive(Debug, Default)]
pub(crate) struct DayFiles(BTreeMap<Day, Vec<u8>>);

impl DayFiles {
    /// Keeps a file; one that is too long, or too much beside the others, is as good as none.
    pub(crate) fn put(&mut self, day: Day, mut file: Vec<u8>) {
        let beside: u64 = self.0.values().map(|file| file.len() as u64).sum();
        let bytes = file.len() as u64;
        if bytes > MOST_DAY_BYTES || beside.saturating_add(bytes) > MOST_BYTES {
            file = Vec::new();
        }
        self.0.insert(day, file);
    }

    fn only(&mut self, first: Day, last: Day) {
        self.0.retain(|day, _| first <= *day && *day <= last);
    }
}

/// Whether the file of an epoch's day leads, from the days before it, to what the epoch's manifest
/// signs, and lists this epoch with as many tags as it has cells: those of its cells, where they are
/// known. The days before it are those of the last epoch that closed on one, and what was shown to
/// close between: no epoch that this desk was shown is left out.
pub(crate) fn fits(
    signed: &SignedManifest,
    tags: Option<&Tags>,
    files: &mut DayFiles,
    days: &ShownDays,
    shown: &BTreeMap<Epoch, SignedManifest>,
) -> Result<bool, Needs> {
    // That it gives up an epoch too soon is told as that.
    let manifest = &Manifest {
        kept_from: Epoch(0),
        ..signed.manifest().clone()
    };
    let day = manifest.day;
    let first = days.first_before(day);
    let mut needed: BTreeSet<Day> = days.within(first, day).map(|run| run.day).collect();
    needed.insert(day);
    if needed.len() as u64 > u64::from(MOST_DAYS_BETWEEN) {
        return Ok(false);
    }
    files.only(first, day);
    let mut lists = DayLists::of(manifest, first);
    for day in needed {
        let file = files.0.get(&day).ok_or(Needs::Day(day))?;
        if lists.add(day, file).is_err() {
            return Ok(false);
        }
    }
    match lists.verify(|epoch| shown.get(&epoch).cloned().ok_or(Stopped::At(epoch))) {
        Err(Stopped::Hidden) => Ok(false),
        Err(Stopped::At(epoch)) if epoch == manifest.epoch => Ok(false),
        Err(Stopped::At(epoch)) => Err(Needs::Manifest(epoch)),
        Ok(entries) => {
            let listed: BTreeSet<Epoch> = entries.iter().map(|entry| entry.epoch).collect();
            let all = days.within(first, day).all(|run| {
                let count = run.last.0.saturating_sub(run.first.0).saturating_add(1);
                listed.range(run.first..=run.last).count() as u64 == count
            });
            Ok(all
                && entries.iter().any(|entry| {
                    entry.epoch == manifest.epoch
                        && entry.tags.len() as u64 == manifest.cells
                        && tags.is_none_or(|tags| *tags == entry.tags)
                }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_were_shown_read_back_and_go_back_to_any_epoch() {
        let run = |day, first, last| Run {
            day: Day(day),
            first: Epoch(first),
            last: Epoch(last),
        };
        let days = ShownDays(vec![run(9, 0, 3), run(8, 4, 4), run(9, 700, 701)]);
        assert_eq!(ShownDays::read(&days.to_bytes()), days);
        let at = |epoch| days.clone().up_to(Epoch(epoch)).0;
        assert_eq!(at(700), [run(9, 0, 3), run(8, 4, 4), run(9, 700, 700)]);
        assert_eq!(at(6), [run(9, 0, 3), run(8, 4, 4)]);
        assert_eq!(at(2), [run(9, 0, 2)]);
    }
}
