//! What lies beneath the relay: one small trait, and a store in memory that keeps it.
//!
//! A [`Shelf`] keeps letters in the order they came, in the epoch that was open when they came,
//! and a few named files. It reads no letter and decides nothing but "new, known, full or not
//! now". Every implementation passes the same suite, `conformance`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use envelope::board::Accepted;
use envelope::{Epoch, Leaf, LetterHash, NONCE_BYTES, Period, Posting, RECEIPTS_TOGETHER, Receipt};

/// Why a shelf did not do what it was asked. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotStore {
    /// The disk is full, broken or read-only: make room and the relay goes on by itself.
    Disk(std::io::ErrorKind),
    /// What was read back is not what was written: restore from a backup.
    Damaged,
}

impl std::fmt::Display for CannotStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Disk(kind) => write!(
                f,
                "the store's disk does not take it ({kind}): make room or mend the disk; the relay goes on by itself"
            ),
            Self::Damaged => write!(
                f,
                "a file of the store is not what was written: stop the relay and restore the store from a backup"
            ),
        }
    }
}

impl From<std::io::Error> for CannotStore {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error.kind())
    }
}

/// A posting that was checked and hashed, on its way to the shelf.
pub struct Incoming {
    leaf: Leaf,
    letter: LetterHash,
    bytes: Vec<u8>,
}

impl Incoming {
    /// Takes a posting's bytes with the names computed from them.
    ///
    /// # Errors
    /// Gives back what [`Posting::parse`] says.
    pub fn of(bytes: Vec<u8>) -> Result<(Self, Period), envelope::NotAPosting> {
        let posting = Posting::parse(&bytes)?;
        let (letter, period) = (posting.letter_hash(), posting.period());
        let leaf = Leaf::of(letter, posting.nonce());
        Ok((
            Self {
                leaf,
                letter,
                bytes,
            },
            period,
        ))
    }

    /// Its name.
    #[must_use]
    pub fn leaf(&self) -> Leaf {
        self.leaf
    }

    /// Hash of the letter alone.
    #[must_use]
    pub fn letter_hash(&self) -> LetterHash {
        self.letter
    }

    /// The client's nonce.
    #[must_use]
    pub fn nonce(&self) -> [u8; NONCE_BYTES] {
        self.bytes
            .first_chunk()
            .copied()
            .unwrap_or([0; NONCE_BYTES])
    }

    /// The sealed letter.
    #[must_use]
    pub fn sealed(&self) -> &[u8] {
        self.bytes.get(NONCE_BYTES..).unwrap_or(&[])
    }
}

/// How much one epoch takes in a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Letters.
    pub letters: u64,
    /// Bytes of letters.
    pub bytes: u64,
}

/// On what terms one letter is taken.
///
/// An epoch has two lanes, and what one takes is nothing to the other, so that a flood of strangers
/// keeps out nobody who was given a token. (protocol §8.1)
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What an epoch takes in the lane for whoever brings a token; `None` if this letter brings none.
    pub introduced: Option<Quota>,
    /// What an epoch takes in the lane for anyone.
    pub open: Quota,
    /// Bits of a puzzle that the open lane asks at most; 0: never any. (protocol §8.2)
    pub most_bits: u8,
    /// Bits that the letter brings.
    pub bits: u8,
}

impl Terms {
    /// In the open lane, with this quota and without a puzzle.
    #[must_use]
    pub fn open(quota: Quota) -> Self {
        Self {
            introduced: None,
            open: quota,
            most_bits: 0,
            bits: 0,
        }
    }
}

/// Letters, and bytes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Load {
    letters: u64,
    bytes: u64,
}

impl Load {
    /// With one letter more, if that stays within the quota.
    fn with(self, size: u64, quota: Quota) -> Option<Self> {
        let with = Self {
            letters: self.letters.saturating_add(1),
            bytes: self.bytes.saturating_add(size),
        };
        (with.letters <= quota.letters && with.bytes <= quota.bytes).then_some(with)
    }
}

/// What the open epoch took so far, lane by lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    open: Load,
    introduced: Load,
}

impl Taken {
    /// What was found after a restart. Nothing tells then who had brought a token, so all of it
    /// counts as open.
    pub(crate) fn found(letters: u64, bytes: u64) -> Self {
        Self {
            open: Load { letters, bytes },
            introduced: Load::default(),
        }
    }

    /// Letters in all.
    pub(crate) fn letters(&self) -> u64 {
        self.open.letters + self.introduced.letters
    }

    /// Counts a letter of this many bytes in: where its token leads, if there is room, or else in
    /// the open lane, if there is room and its puzzle is solved.
    ///
    /// # Errors
    /// [`Kept::Full`] or [`Kept::Puzzle`]; nothing was counted.
    pub(crate) fn admit(&mut self, size: u64, terms: &Terms) -> Result<(), Kept> {
        if let Some(with) = terms.introduced.and_then(|q| self.introduced.with(size, q)) {
            self.introduced = with;
            return Ok(());
        }
        let with = self.open.with(size, terms.open).ok_or(Kept::Full)?;
        let asked = puzzle::asked(self.open.letters, terms.open.letters)
            .max(puzzle::asked(self.open.bytes, terms.open.bytes))
            .min(terms.most_bits);
        // One bit less than was asked will do: whoever worked while the load rose is not sent back.
        if terms.bits.saturating_add(1) < asked {
            return Err(Kept::Puzzle { bits: asked });
        }
        self.open = with;
        Ok(())
    }
}

/// How the cost of posting rises with the load.
mod puzzle {
    /// Bits that are asked first: a moment's work on any phone.
    const FIRST_BITS: u64 = 8;

    /// Bits to ask when a lane has taken this much of its quota: none up to a quarter, then one
    /// more with each sixteenth.
    pub(super) fn asked(taken: u64, quota: u64) -> u8 {
        let (taken, quota) = (u128::from(taken), u128::from(quota.max(1)));
        let sixteenths = u64::try_from(taken * 16 / quota).unwrap_or(u64::MAX);
        match sixteenths.checked_sub(4) {
            Some(more) => u8::try_from(more.saturating_add(FIRST_BITS)).unwrap_or(u8::MAX),
            None => 0,
        }
    }
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Stored and synced; this epoch lists it.
    New(Epoch),
    /// It was here already, stored and synced; this epoch lists it.
    Known(Epoch),
    /// The epoch's lanes are full for it; nothing was kept.
    Full,
    /// The open lane is crowded: the letter is taken if it brings a puzzle's answer; nothing was kept.
    Puzzle {
        /// Bits to ask for.
        bits: u8,
    },
    /// The store cannot take it now; nothing was kept.
    NotNow,
}

/// New letters that one sync made durable: their receipts share one signature. (protocol §4.2)
pub struct Together {
    leaves: Vec<Leaf>,
    receipts: OnceLock<Vec<Receipt>>,
}

impl Together {
    /// Of these letters, at most [`RECEIPTS_TOGETHER`].
    #[must_use]
    pub fn of(leaves: &[Leaf]) -> Self {
        let served = leaves.get(..RECEIPTS_TOGETHER).unwrap_or(leaves);
        Self {
            leaves: served.to_vec(),
            receipts: OnceLock::new(),
        }
    }

    /// The receipt of one of them. Who asks first has all of them signed by `sign`, which gives
    /// back receipts in the order of the leaves.
    pub fn receipt(
        &self,
        leaf: Leaf,
        sign: impl FnOnce(&[Leaf]) -> Vec<Receipt>,
    ) -> Option<Receipt> {
        let receipts = self.receipts.get_or_init(|| sign(&self.leaves));
        let at = self.leaves.iter().position(|there| *there == leaf)?;
        receipts.get(at).copied()
    }
}

/// Called once, from whatever thread, when a letter's fate is certain; a new letter learns with
/// which others it was synced.
pub type Done = Box<dyn FnOnce(Kept, Option<&Together>) + Send>;

/// Place of a letter in the order of collecting: its epoch, and its number in it from 1.
///
/// On the wire it is one `u64`, so that `after=0` means "from the beginning".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

impl Position {
    /// Of letter `number` (from 1) of an epoch.
    #[must_use]
    pub fn new(epoch: Epoch, number: u32) -> Self {
        Self(
            epoch
                .0
                .saturating_mul(1 << 32)
                .saturating_add(number.into()),
        )
    }

    /// Its epoch.
    #[must_use]
    pub fn epoch(self) -> Epoch {
        Epoch(self.0 >> 32)
    }

    /// Its number in the epoch.
    #[must_use]
    pub fn number(self) -> u32 {
        u32::try_from(self.0 & 0xffff_ffff).unwrap_or(u32::MAX)
    }
}

/// A letter as it is handed to the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Where it stands.
    pub position: Position,
    /// Its name.
    pub leaf: Leaf,
    /// The client's nonce.
    pub nonce: [u8; NONCE_BYTES],
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// A file the relay keeps beside the letters. An enum, not a path: no name from outside reaches
/// the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// The office notice in force.
    Notice,
    /// The public intake or carry key of a period, by its number.
    Key(u32),
    /// A closed epoch's signed manifest. Writing it *is* closing the epoch.
    Manifest(Epoch),
    /// A closed epoch's leaves.
    Leaves(Epoch),
    /// A closed epoch's tags.
    Tags(Epoch),
    /// One page of a closed epoch's cells.
    Page(Epoch, u32),
    /// The tags of a day.
    Day(u32),
    /// The newest manifest, for whoever copies the folder.
    Newest,
    /// What the relay shows the office of each leaf. Not on the board.
    Openings(Epoch),
    /// Cells that wait for the next closing.
    Waiting,
    /// Hashes of posting tokens, list by list.
    Tokens,
    /// Which places of those lists were used.
    Spent,
    /// Which epochs the office has collected, and when.
    Collected,
    /// Set by a restore, until the office confirms it.
    Restored,
    /// The number under which the board goes on after a restore. Counts until that epoch is closed.
    Restart,
}

impl Item {
    /// Its path in a store's folder or archive.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Notice => "notice".to_owned(),
            Self::Key(period) => format!("keys/{period}"),
            Self::Manifest(e) => format!("board/{}/manifest", e.0),
            Self::Leaves(e) => format!("board/{}/leaves", e.0),
            Self::Tags(e) => format!("board/{}/tags", e.0),
            Self::Page(e, k) => format!("board/{}/cells-{k}", e.0),
            Self::Day(day) => format!("board/days/{day}"),
            Self::Newest => "board/newest".to_owned(),
            Self::Openings(e) => format!("openings/{}", e.0),
            Self::Waiting => "waiting".to_owned(),
            Self::Tokens => "tokens".to_owned(),
            Self::Spent => "spent".to_owned(),
            Self::Collected => "collected".to_owned(),
            Self::Restored => "restored".to_owned(),
            Self::Restart => "restart".to_owned(),
        }
    }
}

/// What keeps letters and files. The relay's only way to a disk.
pub trait Shelf: Send + Sync {
    /// Keeps a letter in the open epoch and calls `done` once that is certain: never before the
    /// bytes are synced. A letter whose leaf is known is never kept twice, and asked for nothing.
    fn keep(&self, letter: Incoming, terms: Terms, done: Done);

    /// The epoch that takes letters now.
    fn open_epoch(&self) -> Epoch;

    /// The newest epoch that has a manifest.
    fn newest_closed(&self) -> Option<Epoch>;

    /// From now on letters go to the epoch after `from`, and what `from` holds is final. Does
    /// nothing if `from` is no longer open.
    ///
    /// # Errors
    /// [`CannotStore`]; `from` is still open.
    fn turn(&self, from: Epoch) -> Result<(), CannotStore>;

    /// What an epoch took, in the order it came.
    ///
    /// # Errors
    /// [`CannotStore`] if the letters cannot be read.
    fn accepted(&self, epoch: Epoch) -> Result<Vec<Accepted>, CannotStore>;

    /// Synced letters after a position, in order: as many as fit `budget` bytes of sealed letters,
    /// at least one if there is one.
    ///
    /// # Errors
    /// [`CannotStore`] if the letters cannot be read.
    fn letters_after(&self, after: Position, budget: usize) -> Result<Vec<Stored>, CannotStore>;

    /// Epochs whose letters' bytes are still here, each with the position of its last letter.
    ///
    /// # Errors
    /// [`CannotStore`] if the letters cannot be read.
    fn held(&self) -> Result<Vec<(Epoch, Position)>, CannotStore>;

    /// Deletes the bytes of a closed epoch's letters. Their leaves stay known.
    ///
    /// # Errors
    /// [`CannotStore`]; the bytes are then still there.
    fn discard(&self, epoch: Epoch) -> Result<(), CannotStore>;

    /// Writes a whole file, durably: afterwards it has these bytes, or, if it failed, the old ones.
    ///
    /// # Errors
    /// [`CannotStore`]
    fn put(&self, item: Item, bytes: &[u8]) -> Result<(), CannotStore>;

    /// Reads a file; `None` if there is none.
    ///
    /// # Errors
    /// [`CannotStore`]
    fn read(&self, item: Item) -> Result<Option<Vec<u8>>, CannotStore>;

    /// Removes a file, if there is one.
    ///
    /// # Errors
    /// [`CannotStore`]
    fn remove(&self, item: Item) -> Result<(), CannotStore>;
}

/// A lock whose holder panicked still holds whole values here: every change is one assignment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A shelf in memory: for the rehearsal and for tests. Keeps nothing when it is dropped.
#[derive(Default)]
pub struct MemoryShelf(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    open: u64,
    letters: BTreeMap<u64, Vec<(LetterHash, Stored)>>,
    taken: Taken,
    known: BTreeMap<Leaf, Epoch>,
    items: BTreeMap<Item, Vec<u8>>,
}

impl Shelf for MemoryShelf {
    fn keep(&self, letter: Incoming, terms: Terms, done: Done) {
        let leaf = letter.leaf;
        let kept = {
            let mut memory = lock(&self.0);
            let open = memory.open;
            let size = letter.sealed().len() as u64;
            if let Some(epoch) = memory.known.get(&letter.leaf) {
                Kept::Known(*epoch)
            } else if let Err(refused) = memory.taken.admit(size, &terms) {
                refused
            } else {
                memory.known.insert(letter.leaf, Epoch(open));
                let nonce = letter.nonce();
                let there = memory.letters.entry(open).or_default();
                let number = u32::try_from(there.len() + 1).unwrap_or(u32::MAX);
                there.push((
                    letter.letter,
                    Stored {
                        position: Position::new(Epoch(open), number),
                        leaf: letter.leaf,
                        nonce,
                        sealed: letter.sealed().to_vec(),
                    },
                ));
                Kept::New(Epoch(open))
            }
        };
        match kept {
            Kept::New(_) => done(kept, Some(&Together::of(&[leaf]))),
            _ => done(kept, None),
        }
    }

    fn open_epoch(&self) -> Epoch {
        Epoch(lock(&self.0).open)
    }

    fn newest_closed(&self) -> Option<Epoch> {
        let memory = lock(&self.0);
        let manifests = memory.items.keys().filter_map(|item| match item {
            Item::Manifest(epoch) => Some(*epoch),
            _ => None,
        });
        manifests.max()
    }

    fn turn(&self, from: Epoch) -> Result<(), CannotStore> {
        let mut memory = lock(&self.0);
        if memory.open == from.0 {
            memory.open += 1;
            memory.taken = Taken::default();
        }
        Ok(())
    }

    fn accepted(&self, epoch: Epoch) -> Result<Vec<Accepted>, CannotStore> {
        let memory = lock(&self.0);
        let there = memory.letters.get(&epoch.0).map_or(&[][..], Vec::as_slice);
        Ok(there
            .iter()
            .map(|(letter, stored)| Accepted {
                letter: *letter,
                nonce: stored.nonce,
            })
            .collect())
    }

    fn letters_after(&self, after: Position, budget: usize) -> Result<Vec<Stored>, CannotStore> {
        let memory = lock(&self.0);
        let mut room = budget;
        let mut out = Vec::new();
        for (_, stored) in memory.letters.values().flatten() {
            if stored.position <= after {
                continue;
            }
            match room.checked_sub(stored.sealed.len()) {
                Some(left) => room = left,
                None if out.is_empty() => room = 0,
                None => break,
            }
            out.push(stored.clone());
        }
        Ok(out)
    }

    fn held(&self) -> Result<Vec<(Epoch, Position)>, CannotStore> {
        let memory = lock(&self.0);
        Ok(memory
            .letters
            .iter()
            .filter_map(|(epoch, there)| Some((Epoch(*epoch), there.last()?.1.position)))
            .collect())
    }

    fn discard(&self, epoch: Epoch) -> Result<(), CannotStore> {
        let mut memory = lock(&self.0);
        if epoch.0 < memory.open {
            memory.letters.remove(&epoch.0);
        }
        Ok(())
    }

    fn put(&self, item: Item, bytes: &[u8]) -> Result<(), CannotStore> {
        lock(&self.0).items.insert(item, bytes.to_vec());
        Ok(())
    }

    fn read(&self, item: Item) -> Result<Option<Vec<u8>>, CannotStore> {
        Ok(lock(&self.0).items.get(&item).cloned())
    }

    fn remove(&self, item: Item) -> Result<(), CannotStore> {
        lock(&self.0).items.remove(&item);
        Ok(())
    }
}
