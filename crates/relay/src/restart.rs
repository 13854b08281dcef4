//! A store that lacks its newest epochs is made ready to go on: under numbers that nobody was ever
//! shown. (protocol §6.1, decision 0041)
//!
//! The number is the second in which it is made ready, since 1970. An epoch lasts a second or more,
//! so no board has come so far, and two restores from one backup do not meet.

use std::fs;
use std::path::Path;

use envelope::Epoch;

use crate::backup::{CannotBackUp, at};
use crate::segments::{self, write_whole};
use crate::store::Item;

/// Gives the open epoch of a store on which nobody runs a number beyond all that were published,
/// with the letters it took. What nobody saw an epoch of begins anew at 0.
///
/// # Errors
/// [`CannotBackUp::ClockBehind`] before anything was changed; or what the disk said, and then once
/// more from the beginning.
pub(crate) fn prepare(folder: &Path, now: u64) -> Result<(), CannotBackUp> {
    let Some(newest) = segments::newest_closed(folder)? else {
        return Ok(());
    };
    let open = segments::open_segments(folder)?;
    if open.iter().chain([&newest.0]).any(|number| *number >= now) {
        return Err(CannotBackUp::ClockBehind);
    }
    let letters = folder.join("letters");
    let of = |number: u64| letters.join(number.to_string());
    // The highest first, so that none takes another's place. Their heads keep the number they were
    // begun under: a rename is whole or not at all.
    let renamed: Vec<(u64, u64)> = open.iter().copied().zip(now..).collect();
    for (number, to) in renamed.into_iter().rev() {
        fs::rename(of(number), of(to)).map_err(at(&letters))?;
    }
    if open.is_empty() {
        segments::begin_empty(&of(now), Epoch(now)).map_err(at(&letters))?;
    }
    segments::sync_folder(&letters).map_err(at(&letters))?;
    let path = folder.join(Item::Restart.path());
    write_whole(&path, &now.to_be_bytes()).map_err(at(&path))
}

/// The number under which a store goes on, if it was made ready for that.
pub(crate) fn number(file: &[u8]) -> Option<Epoch> {
    Some(Epoch(u64::from_be_bytes(file.try_into().ok()?)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::sample;
    use crate::segments::FolderShelf;
    use crate::store::{Incoming, Kept, Position, Quota, Shelf, Terms};

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

    /// A store with epoch 0 closed, and letters in the two after it.
    fn store() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        segments::found(folder.path(), &sample::RELAY_SEED).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        shelf.turn(Epoch(0)).unwrap();
        for item in [Item::Leaves(Epoch(0)), Item::Openings(Epoch(0))] {
            shelf.put(item, b"").unwrap();
        }
        shelf.put(Item::Manifest(Epoch(0)), b"manifest").unwrap();
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
    fn made_ready_twice_no_letter_is_lost_or_doubled() {
        for second in [1_000, 1_001, 5_000] {
            let folder = store();
            // As if the first time had ended between its two renames.
            let letters = folder.path().join("letters");
            fs::rename(letters.join("2"), letters.join("1001")).unwrap();
            if second <= 1_001 {
                assert!(matches!(
                    prepare(folder.path(), second),
                    Err(CannotBackUp::ClockBehind)
                ));
                continue;
            }
            prepare(folder.path(), second).unwrap();
            let shelf = FolderShelf::open(folder.path()).unwrap();
            assert_eq!(shelf.open_epoch(), Epoch(second + 1));
            let letters = shelf.letters_after(Position(0), usize::MAX).unwrap();
            assert_eq!(letters.len(), 3);
        }
    }

    #[test]
    fn an_open_epoch_without_letters_goes_on_beyond_too_and_a_clock_behind_the_board_is_refused() {
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
        assert!(matches!(
            prepare(folder.path(), 0),
            Err(CannotBackUp::ClockBehind)
        ));
        prepare(folder.path(), 1_000).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!(keep(&shelf, 4), Kept::New(Epoch(1_000)));
    }
}
