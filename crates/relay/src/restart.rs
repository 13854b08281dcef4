//! A store that lacks its newest epochs is made ready to go on: under numbers that nobody was ever
//! shown. (protocol §6.1, decision 0041)
//!
//! The number is the second in which it is made ready, since 1970. An epoch lasts a second or more,
//! so no board has come so far, and two restores from one backup do not meet. Only a restart before,
//! by a clock that ran ahead, can have come so far: then the number is that one and as many more as
//! seconds passed since the newest epoch of the backup was closed.

use std::fs;
use std::path::Path;

use envelope::Epoch;
use envelope::board::Manifest;

use crate::backup::{CannotBackUp, at};
use crate::segments::{self, CannotOpenShelf, write_whole};
use crate::store::Item;

/// The first second that no clock shows before the year 2106.
const FAR_AHEAD: u64 = 1 << 32;
/// No number of an epoch comes so far: a script counts exactly up to here.
const MOST_NUMBER: u64 = 1 << 53;

/// Gives the open epoch of a store on which nobody runs a number beyond all that were published,
/// with the letters it took. What nobody saw an epoch of begins anew at 0.
///
/// # Errors
/// [`CannotBackUp::ClockBehind`], [`CannotBackUp::ClockAhead`] or a store that is damaged, before
/// anything was changed; or what the disk said, and then once more from the beginning.
pub(crate) fn prepare(folder: &Path, now: u64) -> Result<(), CannotBackUp> {
    let Some(newest) = segments::newest_closed(folder)? else {
        return Ok(());
    };
    if now >= FAR_AHEAD {
        return Err(CannotBackUp::ClockAhead);
    }
    let since = now.checked_sub(closed_at(folder, newest)?);
    let since = since.ok_or(CannotBackUp::ClockBehind)?;
    let letters = folder.join("letters");
    let open = segments::open_segments(folder)?;
    let highest = open.last().copied().unwrap_or(newest.0);
    let beyond = highest.saturating_add(since).saturating_add(1);
    let first = now.max(beyond);
    if first >= MOST_NUMBER {
        return Err(damaged(&letters));
    }
    let of = |number: u64| letters.join(number.to_string());
    // The highest first, so that none takes another's place. Their heads keep the number they were
    // begun under: a rename is whole or not at all.
    let renamed: Vec<(u64, u64)> = open.iter().copied().zip(first..).collect();
    for (number, to) in renamed.into_iter().rev() {
        fs::rename(of(number), of(to)).map_err(at(&letters))?;
    }
    if open.is_empty() {
        segments::begin_empty(&of(first), Epoch(first)).map_err(at(&letters))?;
    }
    segments::sync_folder(&letters).map_err(at(&letters))?;
    let path = folder.join(Item::Restart.path());
    write_whole(&path, &first.to_be_bytes()).map_err(at(&path))
}

/// The second in which an epoch was closed, as its manifest says.
fn closed_at(folder: &Path, epoch: Epoch) -> Result<u64, CannotBackUp> {
    let path = folder.join(Item::Manifest(epoch).path());
    let file = fs::read(&path).map_err(at(&path))?;
    let manifest = Manifest::unverified(&file).ok_or_else(|| damaged(&path))?;
    Ok(manifest.day.first_second() + u64::from(manifest.second))
}

fn damaged(path: &Path) -> CannotBackUp {
    let file = path.display().to_string();
    CannotOpenShelf::Damaged { file }.into()
}

/// The number under which a store goes on, if it was made ready for that.
pub(crate) fn number(file: &[u8]) -> Option<Epoch> {
    Some(Epoch(u64::from_be_bytes(file.try_into().ok()?)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use envelope::board::{Closing, DaysHash, EpochShape, ManifestHash, Restarts, close_epoch};
    use rand_core::SeedableRng;

    use super::*;
    use crate::sample;
    use crate::segments::FolderShelf;
    use crate::store::{Incoming, Kept, Position, Quota, Shelf, Terms};
    use crate::twin;

    fn keep(shelf: &FolderShelf, n: u32) -> Kept {
        let (tell, kept) = std::sync::mpsc::channel();
        let (letter, _) = Incoming::of(sample::posting(n)).unwrap();
        let room = Quota {
            letters: 100,
            bytes: 1 << 30,
        };
        let done = Box::new(move |k, _: Option<&_>| tell.send(k).unwrap());
        shelf.keep(letter, Terms::open(room), done);
        kept.recv().unwrap()
    }

    /// When epoch 0 of [`store`] was closed.
    const CLOSED: u64 = 900;

    /// A manifest of epoch 0.
    fn manifest() -> Vec<u8> {
        let closing = Closing {
            mailbox: sample::MAILBOX,
            epoch: Epoch(0),
            now: CLOSED,
            previous: ManifestHash::NONE,
            days_before: DaysHash::NONE,
            day_file: &[],
            restarts: &Restarts::default(),
            kept_from: Epoch(0),
        };
        let shape = EpochShape {
            leaves: 1,
            cells: 1,
        };
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
        let closed = close_epoch(&closing, shape, &[], &[], &sample::secret(), &mut rng);
        closed.manifest.to_file()
    }

    /// A store with epoch 0 closed, and letters in the two after it.
    fn store() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        segments::found(folder.path(), &sample::RELAY_SEED).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        shelf.turn(Epoch(0)).unwrap();
        for item in [Item::Leaves(Epoch(0)), Item::Openings(Epoch(0))] {
            shelf.put(item, b"").unwrap();
        }
        shelf.put(Item::Manifest(Epoch(0)), &manifest()).unwrap();
        keep(&shelf, 1);
        keep(&shelf, 2);
        shelf.turn(Epoch(1)).unwrap();
        keep(&shelf, 3);
        folder
    }

    #[test]
    fn letters_of_the_open_epochs_go_to_numbers_nobody_was_shown_and_stay_known() {
        let folder = store();
        prepare(folder.path(), 1_000).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!(shelf.open_epoch(), Epoch(1_001));
        assert_eq!(shelf.newest_closed(), Some(Epoch(0)));
        assert_eq!(shelf.accepted(Epoch(1_000)).unwrap().len(), 2);
        assert_eq!(keep(&shelf, 2), Kept::Known(Epoch(1_000)));
        assert_eq!(keep(&shelf, 4), Kept::New(Epoch(1_001)));
        let letters = shelf.letters_after(Position(0), usize::MAX).unwrap();
        assert_eq!(letters.len(), 4);
    }

    #[test]
    fn a_segment_that_a_second_disk_hands_back_under_its_old_number_is_passed_over() {
        let folder = store();
        let old = folder.path().join("letters/1");
        let bytes = fs::read(&old).unwrap();
        prepare(folder.path(), 1_000).unwrap();
        fs::write(&old, bytes).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        let letters = shelf.letters_after(Position(0), usize::MAX).unwrap();
        assert_eq!(letters.len(), 3);
        assert_eq!(keep(&shelf, 1), Kept::Known(Epoch(1_000)));
    }

    #[test]
    fn letters_that_only_a_second_disk_has_are_not_passed_over() {
        let (folder, beside) = (store(), tempfile::tempdir().unwrap());
        let second = beside.path().join("second");
        twin::make(folder.path(), &second).unwrap();
        let open = folder.path().join("letters/2");
        let backed_up = fs::read(&open).unwrap();
        let opened = || FolderShelf::open_twice(folder.path(), &second);
        assert_eq!(keep(&opened().unwrap(), 4), Kept::New(Epoch(2)));
        // The first disk comes back from the backup; the second has one letter more.
        fs::write(&open, backed_up).unwrap();
        prepare(folder.path(), 1_000).unwrap();
        let refused = opened().err();
        assert!(matches!(refused, Some(CannotOpenShelf::SecondKnowsMore)));
        // Without that letter both go on.
        fs::copy(folder.path().join("letters/1001"), second.join("letters/2")).unwrap();
        assert_eq!(opened().unwrap().open_epoch(), Epoch(1_001));
    }

    #[test]
    fn made_ready_twice_no_letter_is_lost_or_doubled() {
        for (second, first) in [(1_000, 1_102), (1_001, 1_103), (5_000, 5_102)] {
            let folder = store();
            // As if the first time had ended between its two renames.
            let letters = folder.path().join("letters");
            fs::rename(letters.join("2"), letters.join("1001")).unwrap();
            prepare(folder.path(), second).unwrap();
            let shelf = FolderShelf::open(folder.path()).unwrap();
            assert_eq!(shelf.open_epoch(), Epoch(first + 1));
            let letters = shelf.letters_after(Position(0), usize::MAX).unwrap();
            assert_eq!(letters.len(), 3);
        }
    }

    #[test]
    fn an_open_epoch_without_letters_goes_on_beyond_too() {
        let folder = tempfile::tempdir().unwrap();
        segments::found(folder.path(), &sample::RELAY_SEED).unwrap();
        prepare(folder.path(), 1_000).unwrap();
        assert_eq!(
            FolderShelf::open(folder.path()).unwrap().open_epoch(),
            Epoch(0),
            "nobody saw an epoch"
        );
        let folder = store();
        let letters = folder.path().join("letters");
        fs::remove_file(letters.join("1")).unwrap();
        fs::remove_file(letters.join("2")).unwrap();
        prepare(folder.path(), 1_000).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!(keep(&shelf, 4), Kept::New(Epoch(1_000)));
    }

    #[test]
    fn a_clock_behind_the_newest_epoch_or_far_ahead_is_refused_and_nothing_is_changed() {
        let folder = store();
        let refused = |now| prepare(folder.path(), now).unwrap_err();
        assert!(matches!(refused(CLOSED - 1), CannotBackUp::ClockBehind));
        for now in [FAR_AHEAD, u64::MAX] {
            assert!(matches!(refused(now), CannotBackUp::ClockAhead));
        }
        assert!(folder.path().join("letters/1").exists());
        assert!(!folder.path().join("restart").exists());
        prepare(folder.path(), CLOSED).unwrap();
    }

    #[test]
    fn after_a_restart_by_a_clock_that_ran_ahead_the_number_is_beyond_all_since() {
        let folder = store();
        prepare(folder.path(), 1_000_000).unwrap();
        // The clock is right again. Since epoch 0 at most one epoch a second was published.
        prepare(folder.path(), 1_000).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        let first = 1_000_001 + (1_000 - CLOSED) + 1;
        assert_eq!(shelf.accepted(Epoch(first)).unwrap().len(), 2);
        assert_eq!(keep(&shelf, 4), Kept::New(Epoch(first + 1)));
        let told = shelf.read(Item::Restart).unwrap().unwrap();
        assert_eq!(number(&told), Some(Epoch(first)));
        drop(shelf);

        let last = folder.path().join(format!("letters/{}", first + 1));
        let far = folder.path().join(format!("letters/{}", u64::MAX));
        fs::rename(last, far).unwrap();
        let refused = prepare(folder.path(), 1_000).unwrap_err();
        assert!(matches!(refused, CannotBackUp::Store(_)), "no overflow");
    }
}
