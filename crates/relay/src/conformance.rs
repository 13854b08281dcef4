//! What every shelf must keep, whatever it is made of. A store proves itself by passing
//! [`check_all`]; the claims are sentences.

use std::sync::Arc;
use std::sync::mpsc::channel;

use envelope::{Epoch, NONCE_BYTES, SizeClass};

use crate::store::{Incoming, Item, Kept, Position, Quota, Shelf, Terms, Together};

/// No bound.
const ROOM: Quota = Quota {
    letters: u64::MAX,
    bytes: u64::MAX,
};

/// A claim a shelf broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

type Check = Result<(), Broken>;

fn claim(holds: bool, what: &str) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Broken(what.to_owned()))
    }
}

fn stored<T>(result: Result<T, crate::store::CannotStore>) -> Result<T, Broken> {
    result.map_err(|error| Broken(error.to_string()))
}

fn letter(n: u8, class: SizeClass) -> Result<Incoming, Broken> {
    let mut bytes = vec![n; NONCE_BYTES + class.bytes()];
    if let Some(version) = bytes.get_mut(NONCE_BYTES) {
        *version = 1;
    }
    let (incoming, _) = Incoming::of(bytes).map_err(|_| Broken("a posting is refused".into()))?;
    Ok(incoming)
}

fn keep_with(shelf: &dyn Shelf, n: u8, class: SizeClass, quota: Quota) -> Result<Kept, Broken> {
    keep_on(shelf, n, class, Terms::open(quota))
}

fn keep_on(shelf: &dyn Shelf, n: u8, class: SizeClass, terms: Terms) -> Result<Kept, Broken> {
    let (tell, kept) = channel();
    let done = Box::new(move |fate, _: Option<&Together>| {
        tell.send(fate).ok();
    });
    shelf.keep(letter(n, class)?, terms, done);
    kept.recv()
        .map_err(|_| Broken("a letter's sender never hears of it".into()))
}

fn keep(shelf: &dyn Shelf, n: u8) -> Result<Kept, Broken> {
    keep_with(shelf, n, SizeClass::FourKiB, ROOM)
}

/// Checks every claim, each on an empty shelf of its own.
///
/// # Errors
/// [`Broken`] names the first claim that does not hold.
pub fn check_all(empty: &dyn Fn() -> Arc<dyn Shelf>) -> Check {
    a_letter_is_kept_once(&*empty())?;
    letters_come_back_whole_and_in_order(&*empty())?;
    a_page_of_letters_holds_at_least_one(&*empty())?;
    a_full_lane_keeps_nothing_and_still_knows_its_letters(&*empty())?;
    lanes_fill_apart_and_a_crowded_one_asks_for_work(&*empty())?;
    a_turn_is_final_and_loses_none(&empty())?;
    discarding_takes_the_bytes_and_leaves_the_knowledge(&*empty())?;
    files_are_put_whole_and_removed(&*empty())?;
    the_newest_manifest_is_the_newest_closed(&*empty())?;
    senders_at_the_same_time_are_all_answered(&empty())
}

fn a_letter_is_kept_once(shelf: &dyn Shelf) -> Check {
    claim(
        keep(shelf, 1)? == Kept::New(Epoch(0)),
        "the first letter is new in epoch 0",
    )?;
    claim(
        keep(shelf, 1)? == Kept::Known(Epoch(0)),
        "the same bytes again are known in the same epoch",
    )?;
    claim(
        stored(shelf.accepted(Epoch(0)))?.len() == 1,
        "a repeat is not accepted twice",
    )?;
    claim(
        stored(shelf.letters_after(Position(0), usize::MAX))?.len() == 1,
        "a repeat is not stored twice",
    )
}

fn letters_come_back_whole_and_in_order(shelf: &dyn Shelf) -> Check {
    for (n, class) in (1..).zip(SizeClass::ALL) {
        keep_with(shelf, n, class, ROOM)?;
    }
    let all = stored(shelf.letters_after(Position(0), usize::MAX))?;
    claim(all.len() == 4, "letters of every class come back")?;
    let mut last = Position(0);
    for ((n, class), back) in (1..).zip(SizeClass::ALL).zip(&all) {
        let sent = letter(n, class)?;
        claim(back.sealed == sent.sealed(), "a letter comes back whole")?;
        claim(
            back.leaf == sent.leaf() && back.nonce == sent.nonce(),
            "with its own leaf and nonce",
        )?;
        claim(back.position > last, "positions rise")?;
        last = back.position;
    }
    let second = all.get(1).map_or(Position(0), |letter| letter.position);
    claim(
        stored(shelf.letters_after(second, usize::MAX))?.as_slice() == all.get(2..).unwrap_or(&[]),
        "after a position come exactly the later ones",
    )?;
    claim(
        stored(shelf.letters_after(last, usize::MAX))?.is_empty(),
        "after the last comes nothing",
    )?;
    let hashes: Vec<_> = stored(shelf.accepted(Epoch(0)))?;
    claim(
        hashes
            .iter()
            .map(|a| a.nonce)
            .eq(all.iter().map(|l| l.nonce)),
        "an epoch accepted what it stored, in the same order",
    )
}

fn a_page_of_letters_holds_at_least_one(shelf: &dyn Shelf) -> Check {
    for n in 1..=5 {
        keep(shelf, n)?;
    }
    claim(
        stored(shelf.letters_after(Position(0), 1))?.len() == 1,
        "a budget too small for one letter still brings one",
    )?;
    let mut after = Position(0);
    let mut seen = 0;
    while let Some(last) = stored(shelf.letters_after(after, 2 * 4_096))?.last() {
        after = last.position;
        seen += 1;
    }
    claim(
        seen == 3,
        "five letters come in three pages of two, none twice",
    )
}

fn a_full_lane_keeps_nothing_and_still_knows_its_letters(shelf: &dyn Shelf) -> Check {
    let two = Quota {
        letters: 2,
        bytes: u64::MAX,
    };
    let small = SizeClass::FourKiB;
    for n in 1..=2 {
        claim(
            keep_with(shelf, n, small, two)? == Kept::New(Epoch(0)),
            "a letter within the quota is kept",
        )?;
    }
    claim(
        keep_with(shelf, 3, small, two)? == Kept::Full,
        "one over the number is refused",
    )?;
    claim(
        keep_with(shelf, 2, small, two)? == Kept::Known(Epoch(0)),
        "a repeat is known in a full lane",
    )?;
    let bytes = Quota {
        letters: u64::MAX,
        bytes: 3 * 4_096,
    };
    claim(
        keep_with(shelf, 4, SizeClass::SixteenKiB, bytes)? == Kept::Full,
        "one over the bytes is refused",
    )?;
    claim(
        keep_with(shelf, 5, small, bytes)? == Kept::New(Epoch(0)),
        "one that still fits is kept",
    )?;
    stored(shelf.turn(Epoch(0)))?;
    claim(
        keep_with(shelf, 3, small, two)? == Kept::New(Epoch(1)),
        "the next epoch has room again",
    )
}

fn lanes_fill_apart_and_a_crowded_one_asks_for_work(shelf: &dyn Shelf) -> Check {
    let small = SizeClass::FourKiB;
    let four = Quota {
        letters: 4,
        bytes: u64::MAX,
    };
    let open = |n, most_bits, bits| {
        let terms = Terms {
            introduced: None,
            open: four,
            most_bits,
            bits,
        };
        keep_on(shelf, n, small, terms)
    };
    let introduced = |n| {
        let terms = Terms {
            introduced: Some(four),
            ..Terms::open(four)
        };
        keep_on(shelf, n, small, terms)
    };
    claim(
        open(1, 22, 0)? == Kept::New(Epoch(0)),
        "a quiet lane asks for nothing",
    )?;
    let Kept::Puzzle { bits } = open(2, 22, 0)? else {
        return claim(false, "a lane that is a quarter full asks for a puzzle");
    };
    claim(
        open(2, 22, bits - 2)? == Kept::Puzzle { bits },
        "two bits less will not do",
    )?;
    claim(
        open(1, 22, 0)? == Kept::Known(Epoch(0)),
        "a repeat is asked for nothing",
    )?;
    claim(
        open(2, 22, bits - 1)? == Kept::New(Epoch(0)),
        "one bit less than was asked will do",
    )?;
    claim(
        matches!(open(3, 22, 0)?, Kept::Puzzle { bits: more } if more > bits),
        "the fuller the lane, the more it asks",
    )?;
    claim(
        open(3, 5, 0)? == Kept::Puzzle { bits: 5 },
        "never more than the most",
    )?;
    for n in 3..=4 {
        claim(
            open(n, 0, 0)? == Kept::New(Epoch(0)),
            "a most of 0 never asks",
        )?;
    }
    claim(
        open(5, 22, 22)? == Kept::Full,
        "no answer opens a full lane",
    )?;
    for n in 10..14 {
        claim(
            introduced(n)? == Kept::New(Epoch(0)),
            "a full lane takes nothing from the other",
        )?;
    }
    claim(introduced(14)? == Kept::Full, "the other has an end too")?;
    stored(shelf.turn(Epoch(0)))?;
    claim(
        open(5, 22, 0)? == Kept::New(Epoch(1)),
        "the next epoch begins anew",
    )?;
    for n in 14..21 {
        claim(
            introduced(n)? == Kept::New(Epoch(1)),
            "who finds the lane of tokens full goes by the open one while there is room",
        )?;
    }
    Ok(())
}

fn a_turn_is_final_and_loses_none(shelf: &Arc<dyn Shelf>) -> Check {
    let senders: Vec<_> = (0..4u8)
        .map(|sender| {
            let shelf = Arc::clone(shelf);
            std::thread::spawn(move || {
                (0..25)
                    .map(|n| Ok((n + 25 * sender, keep(&*shelf, n + 25 * sender)?)))
                    .collect::<Result<Vec<_>, Broken>>()
            })
        })
        .collect();
    let mut frozen = Vec::new();
    for _ in 0..5 {
        let from = shelf.open_epoch();
        stored(shelf.turn(from))?;
        claim(shelf.open_epoch() == from.next(), "a turn opens the next")?;
        stored(shelf.turn(from))?;
        claim(shelf.open_epoch() == from.next(), "a turn is done once")?;
        frozen.push((from, stored(shelf.accepted(from))?));
    }
    let mut promised = Vec::new();
    for sender in senders {
        let sent = sender
            .join()
            .map_err(|_| Broken("a sender panicked".into()))??;
        promised.extend(sent);
    }
    for (epoch, accepted) in frozen {
        claim(
            stored(shelf.accepted(epoch))? == accepted,
            "what an epoch took is final once it is turned",
        )?;
    }
    for (n, kept) in promised {
        let Kept::New(epoch) = kept else {
            return Err(Broken("a new letter is not new".into()));
        };
        let nonce = letter(n, SizeClass::FourKiB)?.nonce();
        let mut found = 0;
        for e in 0..=shelf.open_epoch().0 {
            let there = stored(shelf.accepted(Epoch(e)))?;
            let here = there.iter().filter(|a| a.nonce == nonce).count();
            claim(
                here == usize::from(Epoch(e) == epoch),
                "a letter is in the epoch it was promised, once",
            )?;
            found += here;
        }
        claim(found == 1, "no letter is lost between two epochs")?;
    }
    Ok(())
}

fn discarding_takes_the_bytes_and_leaves_the_knowledge(shelf: &dyn Shelf) -> Check {
    keep(shelf, 1)?;
    stored(shelf.discard(Epoch(0)))?;
    claim(
        stored(shelf.held())?.len() == 1,
        "letters of the open epoch are not discarded",
    )?;
    stored(shelf.turn(Epoch(0)))?;
    keep(shelf, 2)?;
    claim(
        stored(shelf.held())?
            == [
                (Epoch(0), Position::new(Epoch(0), 1)),
                (Epoch(1), Position::new(Epoch(1), 1)),
            ],
        "what is held is told with the last position",
    )?;
    stored(shelf.discard(Epoch(0)))?;
    claim(
        stored(shelf.letters_after(Position(0), usize::MAX))?.len() == 1,
        "the bytes are gone",
    )?;
    claim(
        keep(shelf, 1)? == Kept::Known(Epoch(0)),
        "a repeat of a discarded letter is known",
    )?;
    claim(
        stored(shelf.held())?.len() == 1,
        "what was discarded is no longer held",
    )
}

fn files_are_put_whole_and_removed(shelf: &dyn Shelf) -> Check {
    let items = [
        Item::Notice,
        Item::Key(0x8000_00e3),
        Item::Page(Epoch(0), 3),
        Item::Day(20_780),
        Item::Waiting,
    ];
    for item in items {
        claim(
            stored(shelf.read(item))?.is_none(),
            "a file that was not put is not there",
        )?;
        stored(shelf.put(item, b"one, and longer"))?;
        stored(shelf.put(item, b"two"))?;
        claim(
            stored(shelf.read(item))?.as_deref() == Some(b"two"),
            "a file has what was put last",
        )?;
        stored(shelf.remove(item))?;
        stored(shelf.remove(item))?;
        claim(
            stored(shelf.read(item))?.is_none(),
            "a removed file is gone",
        )?;
    }
    Ok(())
}

fn the_newest_manifest_is_the_newest_closed(shelf: &dyn Shelf) -> Check {
    claim(
        shelf.newest_closed().is_none(),
        "nothing is closed at first",
    )?;
    for epoch in [Epoch(0), Epoch(1)] {
        stored(shelf.turn(epoch))?;
        stored(shelf.put(Item::Leaves(epoch), b""))?;
        claim(
            shelf.newest_closed() == epoch.0.checked_sub(1).map(Epoch),
            "an epoch without a manifest is not closed",
        )?;
        stored(shelf.put(Item::Manifest(epoch), b"manifest"))?;
        claim(
            shelf.newest_closed() == Some(epoch),
            "a manifest closes its epoch",
        )?;
    }
    Ok(())
}

fn senders_at_the_same_time_are_all_answered(shelf: &Arc<dyn Shelf>) -> Check {
    let (tell, answers) = channel();
    for n in 0..200u8 {
        let tell = tell.clone();
        let done = Box::new(move |kept, _: Option<&Together>| {
            tell.send(kept).ok();
        });
        // Every letter twice, at once.
        shelf.keep(letter(n / 2, SizeClass::FourKiB)?, Terms::open(ROOM), done);
    }
    drop(tell);
    let answers: Vec<Kept> = answers.iter().collect();
    let new = answers.iter().filter(|kept| matches!(kept, Kept::New(_)));
    claim(
        new.count() == 100,
        "of two equal letters at once one is new",
    )?;
    let known = answers.iter().filter(|kept| matches!(kept, Kept::Known(_)));
    claim(known.count() == 100, "and the other is known")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::store::MemoryShelf;

    #[test]
    fn the_shelf_in_memory_keeps_every_claim() {
        assert_eq!(check_all(&|| Arc::new(MemoryShelf::default())), Ok(()));
    }

    #[test]
    fn the_shelf_on_a_disk_keeps_every_claim() {
        let folders = std::cell::RefCell::new(Vec::new());
        let empty = || -> Arc<dyn Shelf> {
            let folder = tempfile::tempdir().unwrap();
            crate::segments::found(folder.path(), &[1; 32]).unwrap();
            let shelf = crate::FolderShelf::open(folder.path()).unwrap();
            folders.borrow_mut().push(folder);
            Arc::new(shelf)
        };
        assert_eq!(check_all(&empty), Ok(()));
    }
}
