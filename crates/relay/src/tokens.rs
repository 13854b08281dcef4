//! Posting tokens at the relay: the lists the office put, and which of their places were used.
//! (protocol §8.1, decision 0029)
//!
//! What stands on the disk is a hash and whether it was used: not when, not by which letter. A
//! token that is unknown and one that was used are the same nothing, so that no answer tells them
//! apart.

use std::sync::Mutex;

use envelope::token::{TOKEN_LIST_BYTES, TOKENS_PER_LIST};
use envelope::{TokenHash, TokenList};

use crate::answer::Answer;
use crate::store::{CannotStore, Item, Shelf, lock};

/// Lists that are kept; the oldest goes when one more comes.
const MOST_LISTS: usize = 64;
/// Bytes of what an office puts: a number and a list.
pub(crate) const BODY_BYTES: usize = 4 + TOKEN_LIST_BYTES;
/// One bit for each place of a list.
const SPENT_BYTES: usize = TOKENS_PER_LIST / 8;

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    list: u32,
    at: usize,
}

/// Whether a token still lets a letter in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Free,
    /// A letter with it is on its way to the disk.
    Held,
    Spent,
}

struct List {
    number: u32,
    hashes: TokenList,
    marks: Vec<Mark>,
}

#[derive(Default)]
struct Lists {
    lists: Vec<List>,
    /// How often a token was spent.
    changes: u64,
}

/// The lists of one office.
#[derive(Default)]
pub(crate) struct Tokens {
    /// Held for a look or an assignment, never while the disk works.
    lists: Mutex<Lists>,
    /// Up to which change the disk knows. Held while it works; open letters never wait for it.
    written: Mutex<u64>,
}

impl Tokens {
    /// What a shelf holds.
    ///
    /// # Errors
    /// [`CannotStore`]
    pub(crate) fn open(shelf: &dyn Shelf) -> Result<Self, CannotStore> {
        let file = shelf.read(Item::Tokens)?.unwrap_or_default();
        let spent = shelf.read(Item::Spent)?.unwrap_or_default();
        let (records, rest) = file.as_chunks::<BODY_BYTES>();
        let (spent, behind) = spent.as_chunks::<{ 4 + SPENT_BYTES }>();
        if !rest.is_empty() || !behind.is_empty() {
            return Err(CannotStore::Damaged);
        }
        let mut lists = Vec::new();
        for record in records {
            let (number, hashes) = read(record).ok_or(CannotStore::Damaged)?;
            let used = spent.iter().find_map(|spent| {
                let (n, bits) = spent.split_first_chunk::<4>()?;
                (u32::from_be_bytes(*n) == number).then_some(bits)
            });
            lists.push(List {
                number,
                hashes,
                marks: marks(used.unwrap_or(&[])),
            });
        }
        Ok(Self {
            lists: Mutex::new(Lists { lists, changes: 0 }),
            written: Mutex::new(0),
        })
    }

    /// `PUT /office/tokens`: a list of a number higher than all here, or the same again.
    ///
    /// # Errors
    /// [`CannotStore`]; the lists are as they were.
    pub(crate) fn put(&self, body: &[u8], shelf: &dyn Shelf) -> Result<Answer, CannotStore> {
        let Some((number, hashes)) = read(body) else {
            return Ok(Answer::text(
                400,
                "not a number and 1024 different hashes in ascending order",
            ));
        };
        let mut written = lock(&self.written);
        let (mut file, follows) = {
            let held = lock(&self.lists);
            if let Some(known) = held.lists.iter().find(|list| list.number == number) {
                return Ok(if known.hashes == hashes {
                    Answer::nothing()
                } else {
                    already()
                });
            }
            if held.lists.last().is_some_and(|last| last.number > number) {
                return Ok(already());
            }
            let follows = (held.lists.len() + 1).saturating_sub(MOST_LISTS);
            let kept = held.lists.iter().skip(follows);
            let file: Vec<u8> = kept.flat_map(List::record).collect();
            (file, follows)
        };
        file.extend_from_slice(body);
        shelf.put(Item::Tokens, &file)?;
        let mut held = lock(&self.lists);
        held.lists.drain(..follows);
        held.lists.push(List {
            number,
            hashes,
            marks: marks(&[]),
        });
        if follows > 0 {
            // What was used of a list that is gone is written out with the next that is.
            held.changes += 1;
            let (changes, file) = (held.changes, held.spent());
            drop(held);
            shelf.put(Item::Spent, &file)?;
            *written = changes;
        }
        Ok(Answer::nothing())
    }

    /// Holds a token for a letter, if it is here and was not used.
    pub(crate) fn hold(&self, token: &TokenHash) -> Option<Place> {
        let mut held = lock(&self.lists);
        held.lists.iter_mut().find_map(|list| {
            let at = list.hashes.place(token)?;
            let mark = list.marks.get_mut(at)?;
            (*mark == Mark::Free).then(|| {
                *mark = Mark::Held;
                Place {
                    list: list.number,
                    at,
                }
            })
        })
    }

    /// The letter was not kept: its token is as good as before.
    pub(crate) fn give_back(&self, place: Place) {
        lock(&self.lists).mark(place, Mark::Free);
    }

    /// The letter was kept: its token is used up, and the disk knows it before the sender hears.
    /// A disk that fails is told with the next token; until then this program remembers.
    pub(crate) fn spend(&self, place: Place, shelf: &dyn Shelf) {
        let mine = {
            let mut held = lock(&self.lists);
            held.mark(place, Mark::Spent);
            held.changes += 1;
            held.changes
        };
        let mut written = lock(&self.written);
        if *written >= mine {
            return;
        }
        let (changes, file) = {
            let held = lock(&self.lists);
            (held.changes, held.spent())
        };
        if shelf.put(Item::Spent, &file).is_ok() {
            *written = changes;
        }
    }
}

impl Lists {
    fn mark(&mut self, place: Place, mark: Mark) {
        let list = self.lists.iter_mut().find(|list| list.number == place.list);
        if let Some(there) = list.and_then(|list| list.marks.get_mut(place.at)) {
            *there = mark;
        }
    }

    fn spent(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.lists.len() * (4 + SPENT_BYTES));
        for list in &self.lists {
            file.extend_from_slice(&list.number.to_be_bytes());
            let (eights, _) = list.marks.as_chunks::<8>();
            file.extend(eights.iter().map(|eight| {
                let bit = |bits: u8, mark: &Mark| bits << 1 | u8::from(*mark == Mark::Spent);
                eight.iter().fold(0, bit)
            }));
        }
        file
    }
}

impl List {
    fn record(&self) -> Vec<u8> {
        [&self.number.to_be_bytes()[..], &self.hashes.to_bytes()].concat()
    }
}

fn read(body: &[u8]) -> Option<(u32, TokenList)> {
    let (number, list) = body.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), TokenList::parse(list).ok()?))
}

fn marks(spent: &[u8]) -> Vec<Mark> {
    let is_spent = |at: usize| {
        let byte = spent.get(at / 8).copied().unwrap_or(0);
        byte >> (7 - at % 8) & 1 == 1
    };
    (0..TOKENS_PER_LIST)
        .map(|at| {
            if is_spent(at) {
                Mark::Spent
            } else {
                Mark::Free
            }
        })
        .collect()
}

fn already() -> Answer {
    Answer::text(
        409,
        "a list of this or a higher number is here already: put one with the next number",
    )
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::store::MemoryShelf;

    fn status(tokens: &Tokens, body: &[u8], shelf: &dyn Shelf) -> u16 {
        tokens.put(body, shelf).unwrap().status
    }

    #[test]
    fn a_token_is_held_once_and_given_back_or_spent_for_ever() {
        let shelf = MemoryShelf::default();
        let tokens = Tokens::open(&shelf).unwrap();
        let (first, other) = (sample::token(1, 5).hash(), sample::token(2, 5).hash());
        assert_eq!(tokens.hold(&first), None);
        assert_eq!(status(&tokens, &sample::token_list(1), &shelf), 204);
        let place = tokens.hold(&first).unwrap();
        assert_eq!(tokens.hold(&first), None, "held already");
        assert_eq!(tokens.hold(&other), None, "of no list");
        tokens.give_back(place);
        let place = tokens.hold(&first).unwrap();
        tokens.spend(place, &shelf);
        for tokens in [&tokens, &Tokens::open(&shelf).unwrap()] {
            assert_eq!(tokens.hold(&first), None, "spent");
            let free = (0..TOKENS_PER_LIST).filter(|n| {
                let hash = sample::token(1, u16::try_from(*n).unwrap()).hash();
                tokens.hold(&hash).is_some()
            });
            assert_eq!(free.count(), TOKENS_PER_LIST - 1);
        }
    }

    #[test]
    fn lists_come_in_ascending_numbers_and_the_oldest_goes() {
        let shelf = MemoryShelf::default();
        let tokens = Tokens::open(&shelf).unwrap();
        let put = |number| status(&tokens, &sample::token_list(number), &shelf);
        assert_eq!(put(7), 204);
        assert_eq!(put(7), 204, "the same again");
        assert_eq!(put(6), 409);
        let mut another = sample::token_list(8);
        another[..4].copy_from_slice(&7u32.to_be_bytes());
        assert_eq!(status(&tokens, &another, &shelf), 409);
        let used = tokens.hold(&sample::token(7, 1).hash()).unwrap();
        tokens.spend(used, &shelf);
        for number in 8..8 + u32::try_from(MOST_LISTS).unwrap() {
            let there = tokens.hold(&sample::token(7, 2).hash());
            assert!(there.is_some(), "{number}");
            tokens.give_back(there.unwrap());
            assert_eq!(put(number), 204);
        }
        for tokens in [&tokens, &Tokens::open(&shelf).unwrap()] {
            assert_eq!(tokens.hold(&sample::token(7, 2).hash()), None);
            assert!(tokens.hold(&sample::token(8, 2).hash()).is_some());
        }
        let spent = shelf.read(Item::Spent).unwrap().unwrap();
        assert_eq!(spent.len(), MOST_LISTS * (4 + SPENT_BYTES));
    }

    #[test]
    fn a_body_that_is_no_list_changes_nothing() {
        let shelf = MemoryShelf::default();
        let tokens = Tokens::open(&shelf).unwrap();
        let good = sample::token_list(1);
        let mut swapped = good.clone();
        swapped[4..68].rotate_left(32);
        for body in [
            &b""[..],
            &good[..4],
            &good[..good.len() - 1],
            &[&good[..], &[0]].concat(),
            &swapped,
        ] {
            assert_eq!(status(&tokens, body, &shelf), 400);
        }
        assert_eq!(shelf.read(Item::Tokens), Ok(None));
    }

    #[test]
    fn files_of_another_shape_are_damage_and_not_tokens() {
        for (item, bytes) in [
            (Item::Tokens, sample::token_list(1)[1..].to_vec()),
            (Item::Tokens, vec![7; BODY_BYTES]),
            (Item::Spent, vec![0; 5]),
        ] {
            let shelf = MemoryShelf::default();
            shelf.put(item, &bytes).unwrap();
            assert_eq!(Tokens::open(&shelf).err(), Some(CannotStore::Damaged));
        }
    }

    #[test]
    fn what_stands_on_the_disk_names_neither_a_token_nor_a_letter() {
        let shelf = MemoryShelf::default();
        let tokens = Tokens::open(&shelf).unwrap();
        status(&tokens, &sample::token_list(1), &shelf);
        let before = shelf.read(Item::Spent).unwrap();
        let token = sample::token(1, 3);
        tokens.spend(tokens.hold(&token.hash()).unwrap(), &shelf);
        let (file, spent) = (
            shelf.read(Item::Tokens).unwrap(),
            shelf.read(Item::Spent).unwrap(),
        );
        assert!(!file.unwrap().windows(16).any(|w| w == token.0));
        assert_eq!(before, None);
        let ones: u32 = spent.unwrap()[4..].iter().map(|b| b.count_ones()).sum();
        assert_eq!(ones, 1, "one bit for one token");
    }
}
