//! Which letters are known, and which epoch lists each: twelve bytes a letter, and a look at the
//! board before one is called known.
//!
//! Letters of an epoch that is not closed are held by half their leaf. Those of closed epochs are
//! held by the first eight bytes of the leaf and the number of the epoch, in sorted runs that are
//! joined as they grow; whatever matches is then sought whole in the epoch's own list on the disk.
//! Nothing here is written down: a start makes it anew from the lists and the open segments, so that
//! no file of it can be missing, damaged or of an older release. (decision 0032)

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use envelope::board::OPENING_BYTES;
use envelope::{Epoch, Leaf};

use crate::store::Item;

const LEAF_BYTES: usize = 32;

/// Every letter that was kept, by its leaf.
pub(crate) struct Index {
    /// The store's folder.
    folder: PathBuf,
    /// Half of each leaf, by epoch. A second letter with the same half would have to be sought for
    /// 2^64 hashes by its own sender, who would gain that his second letter is not kept.
    open: BTreeMap<u64, HashSet<[u8; 16]>>,
    /// Each at least twice as long as the next.
    closed: Vec<Run>,
    /// Lists of epochs before this one were given up: their letters are not known any more.
    kept_from: Epoch,
}

impl Index {
    /// Of a store's folder; knows no letter yet.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            open: BTreeMap::new(),
            closed: Vec::new(),
            kept_from: Epoch(0),
        }
    }

    /// Which epoch lists a letter, if it is known.
    ///
    /// # Errors
    /// What the system said, if the list that would tell cannot be read.
    pub(crate) fn find(&self, leaf: &Leaf) -> io::Result<Option<Epoch>> {
        let half = half(leaf);
        let open = self.open.iter().find(|(_, known)| known.contains(&half));
        if let Some((epoch, _)) = open {
            return Ok(Some(Epoch(*epoch)));
        }
        for epoch in self.closed.iter().flat_map(|run| run.with_key(key(&half))) {
            if epoch >= self.kept_from && is_listed(&self.folder, epoch, leaf)? {
                return Ok(Some(epoch));
            }
        }
        Ok(None)
    }

    /// The board keeps the lists of this epoch and of those after it.
    pub(crate) fn keep_from(&mut self, epoch: Epoch) {
        self.kept_from = self.kept_from.max(epoch);
    }

    /// Adds a letter of an epoch that is not closed.
    pub(crate) fn add(&mut self, leaf: &Leaf, epoch: Epoch) {
        self.open.entry(epoch.0).or_default().insert(half(leaf));
    }

    /// From now on the letters of an epoch are found in its list, which lies on the disk whole.
    pub(crate) fn close(&mut self, epoch: Epoch) {
        let Some(known) = self.open.remove(&epoch.0) else {
            return;
        };
        let mut keys: Vec<u64> = known.iter().map(key).collect();
        drop(known);
        keys.sort_unstable();
        self.push(Run::of(keys, epoch));
    }

    /// Adds the letters of an epoch that was closed before, from its list; says how many they are.
    ///
    /// # Errors
    /// What the system said; `InvalidData` if list and openings are not of one epoch.
    pub(crate) fn add_closed(&mut self, epoch: Epoch) -> io::Result<u32> {
        let open = |item: Item| {
            let file = File::open(self.folder.join(item.path()))?;
            let length = file.metadata()?.len();
            Ok::<_, io::Error>((BufReader::with_capacity(64 * 1_024, file), length))
        };
        let (mut leaves, listed) = open(Item::Leaves(epoch))?;
        let (mut openings, opened) = open(Item::Openings(epoch))?;
        let listed = listed / LEAF_BYTES as u64;
        if opened / OPENING_BYTES as u64 != listed {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut keys = Vec::new();
        let (mut leaf, mut opening) = ([0; LEAF_BYTES], [0; OPENING_BYTES]);
        for _ in 0..listed {
            leaves.read_exact(&mut leaf)?;
            openings.read_exact(&mut opening)?;
            if opening.first() == Some(&0) {
                keys.push(key(&half(&Leaf(leaf))));
            }
        }
        let letters = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        if !keys.is_sorted() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.push(Run::of(keys, epoch));
        Ok(letters)
    }

    /// Joins runs until each is at least twice as long as the next, so that there are few of them
    /// and a letter is copied seldom.
    fn push(&mut self, run: Run) {
        if run.keys.is_empty() {
            return;
        }
        let mut run = run;
        while let Some(before) = self.closed.pop_if(|b| b.keys.len() < 2 * run.keys.len()) {
            run = before.joined(&run);
        }
        self.closed.push(run);
    }
}

/// Letters of closed epochs, ascending by the beginning of their leaves.
struct Run {
    keys: Vec<u64>,
    /// The epoch of each.
    epochs: Vec<u32>,
}

impl Run {
    /// Of one epoch, from sorted keys.
    fn of(mut keys: Vec<u64>, epoch: Epoch) -> Self {
        keys.shrink_to_fit();
        let epoch = u32::try_from(epoch.0).unwrap_or(u32::MAX);
        Self {
            epochs: vec![epoch; keys.len()],
            keys,
        }
    }

    fn with_key(&self, key: u64) -> impl Iterator<Item = Epoch> {
        let first = self.keys.partition_point(|there| *there < key);
        let same = self.keys.iter().zip(&self.epochs).skip(first);
        same.take_while(move |(there, _)| **there == key)
            .map(|(_, epoch)| Epoch(u64::from(*epoch)))
    }

    fn joined(self, other: &Self) -> Self {
        let length = self.keys.len() + other.keys.len();
        let (mut keys, mut epochs) = (Vec::with_capacity(length), Vec::with_capacity(length));
        let mut mine = self.keys.iter().zip(&self.epochs).peekable();
        let mut theirs = other.keys.iter().zip(&other.epochs).peekable();
        loop {
            let next = match (mine.peek(), theirs.peek()) {
                (Some(one), Some(two)) if two.0 < one.0 => theirs.next(),
                (Some(_), _) => mine.next(),
                (None, _) => theirs.next(),
            };
            let Some((key, epoch)) = next else {
                return Self { keys, epochs };
            };
            keys.push(*key);
            epochs.push(*epoch);
        }
    }
}

fn half(leaf: &Leaf) -> [u8; 16] {
    leaf.0.first_chunk().copied().unwrap_or_default()
}

fn key(half: &[u8; 16]) -> u64 {
    half.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// Whether a closed epoch lists a leaf. A list is sorted, so some twenty small reads tell.
fn is_listed(folder: &Path, epoch: Epoch, leaf: &Leaf) -> io::Result<bool> {
    let list = File::open(folder.join(Item::Leaves(epoch).path()))?;
    let (mut from, mut to) = (0, list.metadata()?.len() / LEAF_BYTES as u64);
    while from < to {
        let middle = u64::midpoint(from, to);
        let mut there = [0; LEAF_BYTES];
        list.read_exact_at(&mut there, middle * LEAF_BYTES as u64)?;
        match there.cmp(&leaf.0) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    Ok(false)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use envelope::hash;
    use proptest::prelude::*;

    fn leaf(n: u32) -> Leaf {
        Leaf(hash(&n.to_be_bytes()))
    }

    /// Writes what a closing writes: these letters, and as many dummies.
    fn list(folder: &Path, epoch: Epoch, letters: &[Leaf]) {
        let dummies = letters.iter().map(|letter| (Leaf(hash(&letter.0)), 1));
        let mut all: Vec<(Leaf, u8)> = letters.iter().map(|l| (*l, 0)).chain(dummies).collect();
        all.sort_unstable();
        let leaves: Vec<u8> = all.iter().flat_map(|(leaf, _)| leaf.0).collect();
        let opening = |(_, kind): &(Leaf, u8)| {
            let mut opening = [0; OPENING_BYTES];
            opening.fill(*kind);
            opening
        };
        let openings: Vec<u8> = all.iter().flat_map(opening).collect();
        for (item, bytes) in [
            (Item::Leaves(epoch), leaves),
            (Item::Openings(epoch), openings),
        ] {
            let path = folder.join(item.path());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }

    #[test]
    fn a_letter_of_a_closed_epoch_costs_twelve_bytes_of_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::new(folder.path());
        for epoch in 0..40 {
            for n in 0..1_000 {
                index.add(&leaf(epoch * 1_000 + n), Epoch(u64::from(epoch)));
            }
            index.close(Epoch(u64::from(epoch)));
        }
        let bytes = |run: &Run| run.keys.capacity() * 8 + run.epochs.capacity() * 4;
        assert_eq!(index.closed.iter().map(bytes).sum::<usize>(), 40_000 * 12);
        assert!(index.open.is_empty());
        assert!(index.closed.len() < 8, "{} runs", index.closed.len());
    }

    #[test]
    fn two_letters_whose_leaves_begin_alike_are_two_letters() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::new(folder.path());
        let mut twin = leaf(1);
        if let Some(last) = twin.0.last_mut() {
            *last ^= 1;
        }
        list(folder.path(), Epoch(0), &[leaf(1)]);
        index.add(&leaf(1), Epoch(0));
        index.close(Epoch(0));
        assert_eq!(index.find(&leaf(1)).unwrap(), Some(Epoch(0)));
        assert_eq!(index.find(&twin).unwrap(), None);
        list(folder.path(), Epoch(1), &[twin]);
        index.add(&twin, Epoch(1));
        index.close(Epoch(1));
        assert_eq!(index.find(&leaf(1)).unwrap(), Some(Epoch(0)));
        assert_eq!(index.find(&twin).unwrap(), Some(Epoch(1)));
    }

    #[test]
    fn a_list_that_cannot_be_read_is_an_error_and_never_a_new_letter() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::new(folder.path());
        list(folder.path(), Epoch(0), &[leaf(1)]);
        assert_eq!(index.add_closed(Epoch(0)).unwrap(), 1);
        std::fs::remove_file(folder.path().join("board/0/leaves")).unwrap();
        assert!(index.find(&leaf(1)).is_err());
        assert_eq!(index.find(&leaf(2)).unwrap(), None);
    }

    #[test]
    fn letters_of_epochs_that_the_board_gave_up_are_new_letters() {
        let folder = tempfile::tempdir().unwrap();
        let mut index = Index::new(folder.path());
        for epoch in [0, 1] {
            list(
                folder.path(),
                Epoch(epoch),
                &[leaf(u32::try_from(epoch).unwrap())],
            );
            index.add_closed(Epoch(epoch)).unwrap();
        }
        std::fs::remove_file(folder.path().join("board/0/leaves")).unwrap();
        index.keep_from(Epoch(1));
        assert_eq!(index.find(&leaf(0)).unwrap(), None);
        assert_eq!(index.find(&leaf(1)).unwrap(), Some(Epoch(1)));
    }

    #[test]
    fn lists_that_are_not_of_one_epoch_or_not_in_order_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let letters: Vec<Leaf> = (0..4).map(leaf).collect();
        let path = folder.path().join("board/0/leaves");
        let refused = |index: &mut Index| index.add_closed(Epoch(0)).unwrap_err().kind();
        let mut index = Index::new(folder.path());
        list(folder.path(), Epoch(0), &letters);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, whole.get(32..).unwrap()).unwrap();
        assert_eq!(refused(&mut index), io::ErrorKind::InvalidData);
        let turned: Vec<u8> = whole.rchunks(32).flatten().copied().collect();
        std::fs::write(&path, turned).unwrap();
        assert_eq!(refused(&mut index), io::ErrorKind::InvalidData);
        assert!(index.closed.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_came_in_whichever_epoch_is_found_there_before_and_after_a_restart(
            epochs in proptest::collection::vec(0u32..60, 1..30)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut index = Index::new(folder.path());
            let mut from = 0;
            let mut expected = Vec::new();
            for (epoch, count) in (0..).map(Epoch).zip(&epochs) {
                let letters: Vec<Leaf> = (from..from + count).map(leaf).collect();
                letters.iter().for_each(|letter| index.add(letter, epoch));
                list(folder.path(), epoch, &letters);
                // The last one is still open.
                if epoch.0 + 1 < epochs.len() as u64 {
                    index.close(epoch);
                }
                expected.extend(letters.into_iter().map(|letter| (letter, epoch)));
                from += count;
            }
            let mut again = Index::new(folder.path());
            for epoch in 0..epochs.len() as u64 {
                again.add_closed(Epoch(epoch)).unwrap();
            }
            for (letter, epoch) in expected {
                prop_assert_eq!(index.find(&letter).unwrap(), Some(epoch));
                prop_assert_eq!(again.find(&letter).unwrap(), Some(epoch));
            }
            prop_assert_eq!(index.find(&leaf(from)).unwrap(), None);
            prop_assert_eq!(again.find(&leaf(from)).unwrap(), None);
        }
    }
}
