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

    /// The epochs that closed after a day, from the first to the last of each stretch.
    pub(crate) fn after(&self, day: Day) -> impl Iterator<Item = (Epoch, Epoch)> + '_ {
        let after = self.0.iter().filter(move |run| run.day > day);
        after.map(|run| (run.first, run.last))
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

/// What the file of each day has come to, as far as it was checked: a later epoch of that day only
/// adds to it. Every epoch signs its day's file anew, and so could bend what stood there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing(Vec<Stood>);

/// The file of a day, up to the last epoch it was checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stood {
    day: Day,
    last: Epoch,
    bytes: u64,
    hash: [u8; 32],
}

/// Bytes of a file that stood, as the vault keeps it.
const STOOD_BYTES: usize = 52;

/// So many days are kept, those that were checked last: an epoch is checked with no more, also
/// after a clock that was ahead went back.
const DAYS_STANDING: usize = 2 * MOST_DAYS_BETWEEN as usize;

impl Standing {
    /// As the vault keeps them.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let stood = |stood: &[u8; STOOD_BYTES]| {
            let (day, rest) = stood.split_first_chunk()?;
            let (last, rest) = rest.split_first_chunk()?;
            let (bytes, hash) = rest.split_first_chunk()?;
            Some(Stood {
                day: Day(u32::from_be_bytes(*day)),
                last: Epoch(u64::from_be_bytes(*last)),
                bytes: u64::from_be_bytes(*bytes),
                hash: hash.try_into().ok()?,
            })
        };
        Self(bytes.as_chunks().0.iter().filter_map(stood).collect())
    }

    /// For the vault.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * STOOD_BYTES);
        for stood in &self.0 {
            bytes.extend_from_slice(&stood.day.0.to_be_bytes());
            bytes.extend_from_slice(&stood.last.0.to_be_bytes());
            bytes.extend_from_slice(&stood.bytes.to_be_bytes());
            bytes.extend_from_slice(&stood.hash);
        }
        bytes
    }

    /// Without what epochs beyond a number added: such a day is begun anew.
    pub(crate) fn up_to(mut self, last: Epoch) -> Self {
        self.0.retain(|stood| stood.last <= last);
        self
    }

    /// Without days that are to be begun anew.
    fn without(mut self, days: &BTreeSet<Day>) -> Self {
        self.0.retain(|stood| !days.contains(&stood.day));
        self
    }

    /// Whether the file of a day still begins with what stood there.
    fn begins(&self, day: Day, file: &[u8]) -> bool {
        self.0.iter().filter(|stood| stood.day == day).all(|stood| {
            let bytes = usize::try_from(stood.bytes).ok();
            let before = bytes.and_then(|bytes| file.get(..bytes));
            before.is_some_and(|before| envelope::hash(before) == stood.hash)
        })
    }

    /// With the file of a day as an epoch leaves it.
    fn with(mut self, day: Day, last: Epoch, file: &[u8]) -> Self {
        self.0.retain(|stood| stood.day != day);
        if self.0.len() >= DAYS_STANDING {
            self.0.remove(0);
        }
        self.0.push(Stood {
            day,
            last,
            bytes: file.len() as u64,
            hash: envelope::hash(file),
        });
        self
    }
}

/// What the lists say of an epoch.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Whether they hold what it has to have.
    pub(crate) fits: bool,
    /// What stands from now on. Where they do not fit, their days are begun anew: it is told once.
    pub(crate) standing: Standing,
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
/// close between: no epoch that this desk was shown is left out, and what stood in these files
/// before stands there still.
pub(crate) fn look(
    signed: &SignedManifest,
    tags: Option<&Tags>,
    files: &mut DayFiles,
    days: &ShownDays,
    standing: Standing,
    epoch_seconds: u32,
    shown: &BTreeMap<Epoch, SignedManifest>,
) -> Result<Looked, Needs> {
    // That it gives up an epoch too soon is told as that.
    let manifest = &Manifest {
        kept_from: Epoch(0),
        ..signed.manifest().clone()
    };
    let day = manifest.day;
    let first = days.first_before(day);
    let mut needed: BTreeSet<Day> = days.within(first, day).map(|run| run.day).collect();
    needed.insert(day);
    let anew = |standing: Standing, needed: &BTreeSet<Day>| Looked {
        fits: false,
        standing: standing.without(needed),
    };
    if needed.len() as u64 > u64::from(MOST_DAYS_BETWEEN) {
        return Ok(anew(standing, &needed));
    }
    files.only(first, day);
    let mut lists = DayLists::of(manifest, first).closed_every(epoch_seconds);
    for day in &needed {
        let file = files.0.get(day).ok_or(Needs::Day(*day))?;
        if lists.add(*day, file).is_err() {
            return Ok(anew(standing, &needed));
        }
    }
    let mut stands = standing.clone();
    for day in &needed {
        let file = lists.file(*day);
        if !standing.begins(*day, file) {
            return Ok(anew(standing, &needed));
        }
        stands = stands.with(*day, manifest.epoch, file);
    }
    match lists.verify(|epoch| shown.get(&epoch).cloned().ok_or(Stopped::At(epoch))) {
        Err(Stopped::Hidden) => Ok(anew(standing, &needed)),
        Err(Stopped::At(epoch)) if epoch == manifest.epoch => Ok(anew(standing, &needed)),
        Err(Stopped::At(epoch)) => Err(Needs::Manifest(epoch)),
        Ok(entries) => {
            let listed: BTreeSet<Epoch> = entries.iter().map(|entry| entry.epoch).collect();
            let all = days.within(first, day).all(|run| {
                let count = run.last.0.saturating_sub(run.first.0).saturating_add(1);
                listed.range(run.first..=run.last).count() as u64 == count
            });
            let fits = all
                && entries.iter().any(|entry| {
                    entry.epoch == manifest.epoch
                        && entry.tags.len() as u64 == manifest.cells
                        && tags.is_none_or(|tags| *tags == entry.tags)
                });
            if !fits {
                return Ok(anew(standing, &needed));
            }
            let standing = stands;
            Ok(Looked { fits, standing })
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

    #[test]
    fn files_that_stood_read_back_and_those_of_later_epochs_are_forgotten() {
        let standing = Standing::default()
            .with(Day(9), Epoch(3), &[1; 40])
            .with(Day(8), Epoch(4), &[2; 20])
            .with(Day(9), Epoch(5), &[1; 60]);
        assert_eq!(Standing::read(&standing.to_bytes()), standing);
        assert!(standing.begins(Day(9), &[1; 61]) && standing.begins(Day(7), &[]));
        assert!(!standing.begins(Day(9), &[1; 59]) && !standing.begins(Day(8), &[3; 20]));
        let back = standing.clone().up_to(Epoch(4));
        assert!(back.begins(Day(9), &[]) && !back.begins(Day(8), &[]));
        assert_eq!(standing.clone().up_to(Epoch(5)), standing);
    }

    #[test]
    fn no_more_days_are_kept_than_an_epoch_can_need() {
        let days = (0..500).map(|n| (Day(n), Epoch(n.into())));
        let all = days.fold(Standing::default(), |all, (day, epoch)| {
            all.with(day, epoch, &[1])
        });
        assert_eq!(all.0.len(), DAYS_STANDING);
        assert!(!all.begins(Day(499), &[]) && !all.begins(Day(430), &[]));
    }
}
