//! The shelf on a disk: one append-only file of letters an epoch, synced in groups by one thread.
//!
//! ```text
//! folder/version      "temoin relay store 1"
//! folder/lock         held by the one relay that runs
//! folder/relay.key    32 bytes, the relay's seed
//! folder/letters/{epoch}        "TEMOINL1" ‖ epoch u64 ‖ records
//! folder/openings/{epoch}       what the office is shown of each leaf
//! folder/board/…                the files of the board, as served (protocol §6)
//! folder/notice, keys/{period}, waiting, collected, tokens, spent
//! folder/restored, restart      after a restore: see `backup`
//!
//! epoch in a head: the one the segment was begun for; a restart gives it a higher number by its name
//! record = length u32 ‖ leaf 32 ‖ letter hash 32 ‖ nonce 16 ‖ letter
//! ```
//! A record needs no checksum of its own: the leaf checks the header and the letter hash checks the
//! letter. At the start the segments of epochs not yet closed are read and checked whole, and a
//! torn tail is cut; closed ones are known from their leaves and openings.
//!
//! Senders hand letters over a channel; the writer takes all that wait, appends them with one write
//! and one `fdatasync`, and then answers them all. Nobody waits for a lock.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use envelope::board::{Accepted, Manifest};
use envelope::{Epoch, Leaf, LetterHash, NONCE_BYTES, RECEIPTS_TOGETHER, SizeClass, hash};

use crate::appending::{Appending, BLOCK_BYTES};
use crate::index::Index;
use crate::plain_files;
use crate::restart;
use crate::store::{
    CannotStore, Done, Incoming, Item, Kept, Position, Shelf, Stored, Taken, Terms, Together, lock,
};
use crate::twin::{Second, TwinSegment};

/// First bytes of every segment; the last of them is the version.
const MAGIC: [u8; 8] = *b"TEMOINL1";
pub(crate) const SEGMENT_HEAD: u64 = 16;
const RECORD_HEAD: usize = 4 + 32 + 32 + NONCE_BYTES;
/// What one write appends at most: bounds the writer's memory, far above what one sync earns.
const BATCH_BYTES: usize = 4 * 1_024 * 1_024;
/// The version of the folder, and the words before it.
pub(crate) const VERSION: u32 = 1;
/// The mark of a store that went elsewhere: no relay runs on it.
pub(crate) const MOVED: &str = "moved";
const VERSION_WORDS: &str = "temoin relay store ";

/// Why a store's folder cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum CannotOpenShelf {
    /// Not a store: `temoin-relay init` makes one.
    NotAStore,
    /// There is a store already: it is not overwritten.
    AlreadyAStore,
    /// Written by a newer release: update this one. Nothing was touched.
    NewerVersion {
        /// Its version.
        version: u32,
    },
    /// Written by an older release: `temoin-relay upgrade` makes a newer one of it.
    OlderVersion {
        /// Its version.
        version: u32,
    },
    /// It went to another machine or another folder, and may run there.
    Moved,
    /// The second folder is no copy of the store: its disk may not be mounted.
    SecondIsNoCopy,
    /// The folder for a copy is not empty, and no copy was begun in it.
    SecondNotEmpty,
    /// The second folder has epochs that the first does not.
    SecondKnowsMore,
    /// Another relay runs on it.
    InUse,
    /// A name in the folder is no file that a relay makes: a link, or a file with other names.
    Planted {
        /// Which.
        file: String,
    },
    /// Root acts with the rights of the account that the store belongs to, and it does not get there.
    NotReached {
        /// Which file or folder.
        file: String,
        /// Number of the account.
        account: u32,
    },
    /// Root of this place may not take the rights of the account that the store belongs to.
    NoRights {
        /// Number of the account.
        account: u32,
    },
    /// A file is not what was written: restore from a backup.
    Damaged {
        /// Which.
        file: String,
    },
    /// The folder cannot be read or written.
    Disk {
        /// Which file or folder.
        file: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl std::fmt::Display for CannotOpenShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAStore => write!(
                f,
                "the folder holds no relay's store: make one with `temoin-relay init --folder …`"
            ),
            Self::AlreadyAStore => write!(
                f,
                "the folder holds a relay's store already, and it was left as it is: name another folder"
            ),
            Self::NewerVersion { version } => write!(
                f,
                "the store is of version {version}, this program reads up to {VERSION}: update temoin-relay; nothing was changed"
            ),
            Self::OlderVersion { version } => write!(
                f,
                "the store is of version {version}, this program writes {VERSION}: make a newer one of it with `temoin-relay upgrade`; nothing was changed"
            ),
            Self::Moved => write!(
                f,
                "this store was moved, and a relay with its key may run elsewhere; two of them would look like a relay that lies. If none has ever run on what was made of it, say `temoin-relay move --undo --folder …`"
            ),
            Self::SecondIsNoCopy => write!(
                f,
                "the second folder is no copy of this store: mount its disk, or make a copy with `temoin-relay second`; nothing was changed"
            ),
            Self::SecondNotEmpty => write!(
                f,
                "the folder for the copy is not empty, and holds no copy of this store that was begun: name one that is empty or not there yet; nothing was changed"
            ),
            Self::SecondKnowsMore => write!(
                f,
                "the second folder has epochs that the first does not: the first was restored, or its disk is failing; nothing was changed. If the second is the whole one, make it `folder` and take `second_folder` out"
            ),
            Self::InUse => write!(
                f,
                "another temoin-relay runs on this folder: stop it first, or name another folder"
            ),
            Self::Planted { file } => write!(
                f,
                "`{file}` is no file that a relay makes, but a link, or a file that has a name elsewhere too; nothing was changed. See with `ls -l` what it leads to. If you made it to keep a part of the store on another disk: stop the relay, copy what it leads to, remove the link, make a folder in its place, and mount the other disk there (`mount --bind FOLDER PLACE`, and a line in /etc/fstab). If you did not make it, remove it: somebody else has the relay's account"
            ),
            Self::NotReached { file, account } => write!(
                f,
                "`{file}` is looked for with the rights of account {account}, to whom the store belongs: it must be able to enter every folder above (`namei -l` shows them, `chmod o+x` lets it in). Name folders from `/` on, or go to a folder that it can enter first; nothing was changed"
            ),
            Self::NoRights { account } => write!(
                f,
                "root cannot take the rights of account {account}, to whom the store belongs: give the command as that account, or where root may change accounts (`CAP_SETUID`, `CAP_SETGID`); nothing was changed"
            ),
            Self::Damaged { file } => write!(
                f,
                "`{file}` is not what was written: restore the store from a backup with `temoin-relay restore`"
            ),
            Self::Disk { file, kind } => write!(
                f,
                "`{file}` cannot be read or written ({kind}): check that the folder is there and belongs to the relay's user{}",
                plain_files::told_to_give(*kind)
            ),
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotOpenShelf {
    let file = path.display().to_string();
    move |error| CannotOpenShelf::Disk {
        file,
        kind: error.kind(),
    }
}

/// A name that is not followed. Who made it could write anything into a terminal with it.
pub(crate) fn planted(path: &Path) -> CannotOpenShelf {
    let file = path.display().to_string().escape_debug().to_string();
    CannotOpenShelf::Planted { file }
}

/// Makes an empty store with this seed for the relay's key.
///
/// # Errors
/// [`CannotOpenShelf`]; a folder that is a store already is not touched.
pub(crate) fn found(folder: &Path, seed: &[u8; 32]) -> Result<(), CannotOpenShelf> {
    if folder.join("version").exists() || folder.join("relay.key").exists() {
        return Err(CannotOpenShelf::AlreadyAStore);
    }
    for name in ["", "letters", "openings", "board", "board/days", "keys"] {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(at(&path))?;
    }
    write_whole(&folder.join("relay.key"), seed).map_err(at(&folder.join("relay.key")))?;
    let version = version_text();
    // The version comes last: without it the folder is not yet a store.
    write_whole(&folder.join("version"), version.as_bytes()).map_err(at(&folder.join("version")))
}

/// Reads the relay's seed.
pub(crate) fn seed(folder: &Path) -> Result<zeroize::Zeroizing<[u8; 32]>, CannotOpenShelf> {
    let path = folder.join("relay.key");
    let bytes = zeroize::Zeroizing::new(fs::read(&path).map_err(at(&path))?);
    let seed = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| CannotOpenShelf::Damaged {
        file: path.display().to_string(),
    })?;
    Ok(zeroize::Zeroizing::new(seed))
}

/// What stands in the file `version`.
pub(crate) fn version_text() -> String {
    format!("{VERSION_WORDS}{VERSION}\n")
}

/// The version of a store, whichever program wrote it.
pub(crate) fn version(folder: &Path) -> Result<u32, CannotOpenShelf> {
    let path = folder.join("version");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(CannotOpenShelf::NotAStore);
        }
        Err(error) => return Err(at(&path)(error)),
    };
    let version = text
        .strip_prefix(VERSION_WORDS)
        .and_then(|rest| rest.trim_end().parse::<u32>().ok());
    version.ok_or(CannotOpenShelf::NotAStore)
}

/// Checks that a folder is a store this release reads.
pub(crate) fn check_version(folder: &Path) -> Result<(), CannotOpenShelf> {
    match version(folder)? {
        VERSION => Ok(()),
        version if version > VERSION => Err(CannotOpenShelf::NewerVersion { version }),
        version => Err(CannotOpenShelf::OlderVersion { version }),
    }
}

/// Takes the folder's lock for as long as the file lives.
pub(crate) fn take_lock(folder: &Path) -> Result<File, CannotOpenShelf> {
    let path = folder.join("lock");
    // Root may be the first who takes it: the account that the folder belongs to is to take it next.
    let file = plain_files::open_or_make_theirs(folder, "lock").map_err(at(&path))?;
    let Some(file) = file else {
        return Err(planted(&path));
    };
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(CannotOpenShelf::InUse),
        Err(fs::TryLockError::Error(error)) => Err(at(&path)(error)),
    }
}

/// Writes a file beside its place, syncs it, moves it there and syncs the folder.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
    }
    let (mut file, beside) = plain_files::make_beside(path)?;
    let written = (|| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_folder(folder)
    })();
    if written.is_err() {
        // Best effort: what is left beside its place is never read.
        drop(fs::remove_file(&beside));
    }
    written
}

pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A segment being written. A trait so that a test can be a disk that is full.
pub(crate) trait SegmentFile: Send {
    /// Less than a block of zeros may follow what is written, until it is cut.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
    fn cut(&mut self, len: u64) -> io::Result<()>;
}

impl SegmentFile for Appending {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        Self::write_at(self, at, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        Self::sync(self)
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        Self::cut(self, len)
    }
}

pub(crate) type OpenSegment = Box<dyn Fn(&Path) -> io::Result<Box<dyn SegmentFile>> + Send>;

fn open_segment_file(path: &Path) -> io::Result<Box<dyn SegmentFile>> {
    Ok(Box::new(Appending::open(path)?))
}

/// Where a batch's answers are given: somewhere that does not keep the next batch from the disk.
pub(crate) type Elsewhere = Box<dyn Fn(Box<dyn FnOnce() + Send>) + Send>;

/// What readers may see of the writer's work. Held for an assignment, never while the disk works.
struct Seen {
    open: Epoch,
    /// Synced bytes of the open segment.
    synced: u64,
    newest_closed: Option<Epoch>,
    /// Letters in each segment that is on the disk.
    counts: BTreeMap<u64, u32>,
    /// Where the last reader stopped, so that collecting page by page does not walk from the start.
    hint: (Position, u64),
}

enum Order {
    Keep(Incoming, Terms, Done),
    Turn(Epoch, Sender<Result<(), CannotStore>>),
    /// The first epoch's list is on the disk, and its manifest, which keeps the board from the other on.
    Closed(Epoch, Epoch),
}

/// The shelf on a disk.
pub struct FolderShelf {
    folder: PathBuf,
    seen: Arc<Mutex<Seen>>,
    orders: Option<Sender<Order>>,
    writer: Option<JoinHandle<()>>,
    cut: u64,
    second: Option<Arc<Second>>,
    _lock: File,
}

impl FolderShelf {
    /// Opens a store: checks its version, takes its lock, cuts a torn tail, and starts the writer.
    ///
    /// # Errors
    /// [`CannotOpenShelf`]
    pub fn open(folder: &Path) -> Result<Self, CannotOpenShelf> {
        Self::open_answering(folder, None, Box::new(|answers| answers()))
    }

    /// Opens a store that is kept in a second folder too, on another disk: see `twin`.
    ///
    /// # Errors
    /// [`CannotOpenShelf`]
    pub fn open_twice(folder: &Path, second: &Path) -> Result<Self, CannotOpenShelf> {
        Self::open_answering(folder, Some(second), Box::new(|answers| answers()))
    }

    /// Either, and answers are given by `elsewhere`: signing and waking senders then goes on while
    /// the writer is at its next batch. One call a batch.
    ///
    /// # Errors
    /// [`CannotOpenShelf`]
    pub(crate) fn open_answering(
        folder: &Path,
        second: Option<&Path>,
        elsewhere: Elsewhere,
    ) -> Result<Self, CannotOpenShelf> {
        let Some(second) = second else {
            return Self::open_with(folder, Box::new(open_segment_file), elsewhere);
        };
        check_version(folder)?;
        let second = {
            // Both are brought in step while nobody runs on either.
            let _held = take_lock(folder)?;
            Second::open(folder, second)?
        };
        let copy = Arc::clone(&second);
        let open = move |path: &Path| {
            let twin: Box<dyn SegmentFile> = Box::new(TwinSegment::open(path, &copy)?);
            Ok(twin)
        };
        let mut shelf = Self::open_with(folder, Box::new(open), elsewhere)?;
        shelf.second = Some(second);
        Ok(shelf)
    }

    pub(crate) fn open_with(
        folder: &Path,
        open_segment: OpenSegment,
        elsewhere: Elsewhere,
    ) -> Result<Self, CannotOpenShelf> {
        check_version(folder)?;
        if folder.join(MOVED).exists() {
            return Err(CannotOpenShelf::Moved);
        }
        let held = take_lock(folder)?;
        let closed = closed_epochs(folder)?;
        let mut index = Index::new(folder);
        let mut counts = BTreeMap::new();
        let segments = numbers_in(&folder.join("letters"))?;
        let kept_from = match closed.last() {
            Some(newest) => {
                let path = folder.join(Item::Manifest(Epoch(*newest)).path());
                let file = fs::read(&path).map_err(at(&path))?;
                Manifest::unverified(&file).map_or(Epoch(0), |newest| newest.kept_from)
            }
            None => Epoch(0),
        };
        index.keep_from(kept_from);
        // Of what was given up there may be nothing, or what a kill left.
        for epoch in closed.range(kept_from.0..).copied() {
            let list = folder.join(Item::Leaves(Epoch(epoch)).path());
            let letters = match index.add_closed(Epoch(epoch)) {
                Ok(letters) => letters,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    return Err(CannotOpenShelf::Damaged {
                        file: list.display().to_string(),
                    });
                }
                Err(error) => return Err(at(&list)(error)),
            };
            if segments.contains(&epoch) {
                counts.insert(epoch, letters);
            }
        }
        let mut cut = 0;
        let first = first_open(folder, &closed)?;
        let mut open = first;
        let mut taken = Taken::default();
        let mut synced = 0;
        for epoch in segments.range(first..) {
            let path = folder.join("letters").join(epoch.to_string());
            let recovered = recover(&path, Epoch(*epoch), &mut index).map_err(at(&path))?;
            cut += recovered.cut;
            if recovered.letters > 0 {
                counts.insert(*epoch, u32::try_from(recovered.letters).unwrap_or(u32::MAX));
            }
            open = *epoch;
            taken = Taken::found(recovered.letters, recovered.bytes);
            synced = recovered.end;
        }
        let seen = Arc::new(Mutex::new(Seen {
            open: Epoch(open),
            synced,
            newest_closed: closed.last().copied().map(Epoch),
            counts,
            hint: (Position(0), SEGMENT_HEAD),
        }));
        let (orders, inbox) = channel();
        let writer = Writer {
            letters: folder.join("letters"),
            open_segment,
            elsewhere,
            index,
            open: Epoch(open),
            segment: None,
            end: synced,
            suspect: false,
            taken,
            seen: Arc::clone(&seen),
            buffer: Vec::new(),
        };
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .stack_size(256 * 1_024)
            .spawn(move || writer.run(&inbox))
            .map_err(at(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
            seen,
            orders: Some(orders),
            writer: Some(writer),
            cut,
            second: None,
            _lock: held,
        })
    }

    /// Bytes cut from the end of segments when the store was opened: letters whose senders never
    /// got a receipt.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.cut
    }

    fn path(&self, item: Item) -> PathBuf {
        self.folder.join(item.path())
    }

    fn reader(&self, epoch: Epoch) -> Result<Option<Reader>, CannotStore> {
        let (open, synced) = {
            let seen = lock(&self.seen);
            (seen.open, seen.synced)
        };
        let path = self.folder.join("letters").join(epoch.0.to_string());
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let end = if epoch == open {
            synced
        } else {
            file.metadata()?.len()
        };
        Ok(Some(Reader { file, end }))
    }
}

impl Drop for FolderShelf {
    fn drop(&mut self) {
        // Closing the channel ends the writer once it has answered all that wait.
        self.orders = None;
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

impl Shelf for FolderShelf {
    fn keep(&self, letter: Incoming, terms: Terms, done: Done) {
        let Some(orders) = &self.orders else {
            return done(Kept::NotNow, None);
        };
        if let Err(unsent) = orders.send(Order::Keep(letter, terms, done))
            && let Order::Keep(_, _, done) = unsent.0
        {
            done(Kept::NotNow, None);
        }
    }

    fn open_epoch(&self) -> Epoch {
        lock(&self.seen).open
    }

    fn newest_closed(&self) -> Option<Epoch> {
        lock(&self.seen).newest_closed
    }

    fn turn(&self, from: Epoch) -> Result<(), CannotStore> {
        let (answer, turned) = channel();
        let gone = CannotStore::Disk(io::ErrorKind::BrokenPipe);
        let orders = self.orders.as_ref().ok_or(gone)?;
        orders.send(Order::Turn(from, answer)).map_err(|_| gone)?;
        turned.recv().map_err(|_| gone)?
    }

    fn accepted(&self, epoch: Epoch) -> Result<Vec<Accepted>, CannotStore> {
        let mut accepted = Vec::new();
        if let Some(reader) = self.reader(epoch)? {
            let mut at = SEGMENT_HEAD;
            while let Some(head) = reader.head(at)? {
                accepted.push(Accepted {
                    letter: head.letter,
                    nonce: head.nonce,
                });
                at = head.end(at);
            }
        }
        Ok(accepted)
    }

    fn letters_after(&self, after: Position, budget: usize) -> Result<Vec<Stored>, CannotStore> {
        let (epochs, hint) = {
            let seen = lock(&self.seen);
            let epochs: Vec<u64> = seen
                .counts
                .range(after.epoch().0..)
                .map(|(e, _)| *e)
                .collect();
            (epochs, seen.hint)
        };
        let mut room = budget;
        let mut out: Vec<Stored> = Vec::new();
        'epochs: for epoch in epochs {
            let Some(reader) = self.reader(Epoch(epoch))? else {
                continue;
            };
            let (mut number, mut at) = if hint.0 == after && after.epoch().0 == epoch {
                (after.number(), hint.1)
            } else {
                (0, SEGMENT_HEAD)
            };
            while let Some(head) = reader.head(at)? {
                number += 1;
                let position = Position::new(Epoch(epoch), number);
                if position > after {
                    match room.checked_sub(head.length) {
                        Some(left) => room = left,
                        None if out.is_empty() => room = 0,
                        None => break 'epochs,
                    }
                    out.push(Stored {
                        position,
                        leaf: head.leaf,
                        nonce: head.nonce,
                        sealed: reader.sealed(at, &head)?,
                    });
                    lock(&self.seen).hint = (position, head.end(at));
                }
                at = head.end(at);
            }
        }
        Ok(out)
    }

    fn held(&self) -> Result<Vec<(Epoch, Position)>, CannotStore> {
        let seen = lock(&self.seen);
        let held = seen.counts.iter().filter(|(_, n)| **n > 0);
        Ok(held
            .map(|(e, n)| (Epoch(*e), Position::new(Epoch(*e), *n)))
            .collect())
    }

    fn discard(&self, epoch: Epoch) -> Result<(), CannotStore> {
        if epoch >= self.open_epoch() {
            return Ok(());
        }
        if let Some(second) = &self.second {
            second.remove(&format!("letters/{}", epoch.0))?;
        }
        let letters = self.folder.join("letters");
        match fs::remove_file(letters.join(epoch.0.to_string())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => sync_folder(&letters)?,
        }
        lock(&self.seen).counts.remove(&epoch.0);
        Ok(())
    }

    fn put(&self, item: Item, bytes: &[u8]) -> Result<(), CannotStore> {
        if let Some(second) = &self.second {
            // First: a failure there leaves the bytes here as they were.
            second.put(&item.path(), bytes)?;
        }
        let path = self.path(item);
        let written = write_whole(&path, bytes);
        if let Item::Manifest(epoch) = item {
            if written.is_err() {
                // A manifest that may not be on the disk must not be found by a restart.
                drop(fs::remove_file(&path));
            } else {
                let mut seen = lock(&self.seen);
                seen.newest_closed = seen.newest_closed.max(Some(epoch));
                drop(seen);
                if let Some(orders) = &self.orders {
                    // A writer that is gone keeps no letter, so it need not know them.
                    let kept = Manifest::unverified(bytes).map_or(Epoch(0), |m| m.kept_from);
                    orders.send(Order::Closed(epoch, kept)).ok();
                }
            }
        }
        Ok(written?)
    }

    fn read(&self, item: Item) -> Result<Option<Vec<u8>>, CannotStore> {
        match fs::read(self.path(item)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn remove(&self, item: Item) -> Result<(), CannotStore> {
        if let Some(second) = &self.second {
            second.remove(&item.path())?;
        }
        let path = self.path(item);
        match fs::remove_file(&path) {
            Ok(()) => Ok(sync_folder(path.parent().unwrap_or(&self.folder))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The head of a record that holds together.
struct Head {
    length: usize,
    leaf: Leaf,
    letter: LetterHash,
    nonce: [u8; NONCE_BYTES],
}

impl Head {
    fn parse(bytes: &[u8; RECORD_HEAD]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (leaf, rest) = rest.split_first_chunk::<32>()?;
        let (letter, nonce) = rest.split_first_chunk::<32>()?;
        let (leaf, letter) = (Leaf(*leaf), LetterHash(*letter));
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).ok()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        SizeClass::of_letter_len(length)?;
        (Leaf::of(letter, &nonce) == leaf).then_some(Self {
            length,
            leaf,
            letter,
            nonce,
        })
    }

    fn end(&self, at: u64) -> u64 {
        at.saturating_add((RECORD_HEAD + self.length) as u64)
    }
}

fn append_record(buffer: &mut Vec<u8>, letter: &Incoming) {
    let length = u32::try_from(letter.sealed().len()).unwrap_or(u32::MAX);
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(&letter.leaf().0);
    buffer.extend_from_slice(&letter.letter_hash().0);
    buffer.extend_from_slice(&letter.nonce());
    buffer.extend_from_slice(letter.sealed());
}

struct Reader {
    file: File,
    end: u64,
}

impl Reader {
    /// The head at an offset, `None` at the end or where only what fills the last block is left.
    fn head(&self, at: u64) -> Result<Option<Head>, CannotStore> {
        if at >= self.end || self.is_filling(at)? {
            return Ok(None);
        }
        let mut bytes = [0; RECORD_HEAD];
        self.file.read_exact_at(&mut bytes, at)?;
        let head = Head::parse(&bytes).ok_or(CannotStore::Damaged)?;
        if head.end(at) > self.end {
            return Err(CannotStore::Damaged);
        }
        Ok(Some(head))
    }

    /// Whether what is left is less than a block, and zeros: nobody's letter, since none is so short.
    fn is_filling(&self, at: u64) -> io::Result<bool> {
        let mut rest = [0; BLOCK_BYTES];
        let left = usize::try_from(self.end.saturating_sub(at)).unwrap_or(BLOCK_BYTES);
        let Some(rest) = rest.get_mut(..left).filter(|rest| rest.len() < BLOCK_BYTES) else {
            return Ok(false);
        };
        self.file.read_exact_at(rest, at)?;
        Ok(rest.iter().all(|byte| *byte == 0))
    }

    /// The letter of a head.
    fn sealed(&self, at: u64, head: &Head) -> Result<Vec<u8>, CannotStore> {
        let mut sealed = vec![0; head.length];
        self.file
            .read_exact_at(&mut sealed, at.saturating_add(RECORD_HEAD as u64))?;
        if hash(&sealed) != head.letter.0 {
            return Err(CannotStore::Damaged);
        }
        Ok(sealed)
    }
}

fn numbers_in(folder: &Path) -> Result<BTreeSet<u64>, CannotOpenShelf> {
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let name = entry.map_err(at(folder))?.file_name();
        if let Some(number) = name.to_str().and_then(|n| n.parse().ok()) {
            numbers.insert(number);
        }
    }
    Ok(numbers)
}

/// Epochs that have a manifest, in whatever order these came: a copy that is being made lacks some.
pub(crate) fn manifests(folder: &Path) -> Result<BTreeSet<u64>, CannotOpenShelf> {
    let board = folder.join("board");
    let mut closed = numbers_in(&board)?;
    closed.retain(|n| board.join(n.to_string()).join("manifest").exists());
    Ok(closed)
}

/// Epochs that have a manifest. They count from 0, without a gap but for restarts.
pub(crate) fn closed_epochs(folder: &Path) -> Result<BTreeSet<u64>, CannotOpenShelf> {
    let board = folder.join("board");
    let manifest = |n: u64| board.join(n.to_string()).join("manifest");
    let closed = manifests(folder)?;
    let mut expected = 0;
    for epoch in &closed {
        if *epoch != expected {
            let path = manifest(*epoch);
            let file = fs::read(&path).map_err(at(&path))?;
            let begins = Manifest::unverified(&file)
                .and_then(|m| Some(m.restarts.beginning(Epoch(*epoch))?.after.next().0));
            if begins != Some(expected) {
                return Err(CannotOpenShelf::Damaged {
                    file: manifest(expected).display().to_string(),
                });
            }
        }
        expected = epoch.saturating_add(1);
    }
    Ok(closed)
}

/// The newest epoch that has a manifest.
pub(crate) fn newest_closed(folder: &Path) -> Result<Option<Epoch>, CannotOpenShelf> {
    Ok(closed_epochs(folder)?.last().copied().map(Epoch))
}

/// The first number that an epoch which is not closed may have.
fn first_open(folder: &Path, closed: &BTreeSet<u64>) -> Result<u64, CannotOpenShelf> {
    let next = closed.last().map_or(0, |newest| newest.saturating_add(1));
    let path = folder.join(Item::Restart.path());
    let restart = match fs::read(&path) {
        Ok(file) => restart::number(&file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(at(&path)(error)),
    };
    Ok(restart.map_or(next, |restart| next.max(restart.0)))
}

/// Numbers of the segments of epochs that are not closed, ascending.
pub(crate) fn open_segments(folder: &Path) -> Result<Vec<u64>, CannotOpenShelf> {
    let next = closed_epochs(folder)?
        .last()
        .map_or(0, |newest| newest.saturating_add(1));
    let numbers = numbers_in(&folder.join("letters"))?;
    Ok(numbers.range(next..).copied().collect())
}

/// Makes a segment without letters.
pub(crate) fn begin_empty(path: &Path, epoch: Epoch) -> io::Result<()> {
    write_whole(path, &[MAGIC, epoch.0.to_be_bytes()].concat())
}

pub(crate) struct Recovered {
    letters: u64,
    bytes: u64,
    /// Where the last whole record ends.
    pub(crate) end: u64,
    cut: u64,
}

/// Reads a segment whole, adds its letters to the index, and cuts what is not a whole record.
///
/// What is cut was never acknowledged: an answer goes out only after everything before it is
/// synced. Should whole records follow a broken one, the disk itself has failed; the tail is then
/// kept beside the segment, as `{epoch}.cut`, for whoever can rescue it.
pub(crate) fn recover(path: &Path, epoch: Epoch, index: &mut Index) -> io::Result<Recovered> {
    let file = plain_files::open_to_change(path)?;
    let len = file.metadata()?.len();
    let mut found = [0; 16];
    if len >= SEGMENT_HEAD {
        file.read_exact_at(&mut found, 0)?;
    }
    let begun_for = match found.split_first_chunk::<8>() {
        Some((&MAGIC, number)) => number.try_into().ok().map(u64::from_be_bytes),
        _ => None,
    };
    if begun_for.is_none_or(|number| number > epoch.0) {
        // The head is synced before the first letter, so a short file without it holds none.
        return if len <= SEGMENT_HEAD {
            fs::remove_file(path)?;
            Ok(Recovered {
                letters: 0,
                bytes: 0,
                end: 0,
                cut: len,
            })
        } else {
            Err(io::Error::from(io::ErrorKind::InvalidData))
        };
    }
    let reader = Reader { file, end: len };
    let recovered = survey(&reader, epoch, index)?;
    if recovered.end < len {
        let broken = reader.head(recovered.end).ok().flatten();
        let follows = broken.map(|broken| whole(&reader, broken.end(recovered.end)));
        if let Some(Ok(Some(_))) = follows {
            let mut beside = path.as_os_str().to_owned();
            beside.push(".cut");
            let mut tail = vec![0; usize::try_from(recovered.cut).unwrap_or(usize::MAX)];
            reader.file.read_exact_at(&mut tail, recovered.end)?;
            write_whole(Path::new(&beside), &tail)?;
        }
        reader.file.set_len(recovered.end)?;
    }
    // A whole record may still be in memory only: a kill came between its write and its sync. From
    // now on it counts as known, so it has to be on the disk.
    reader.file.sync_all()?;
    Ok(recovered)
}

/// Reads the whole records of a segment that has its head, up to the first that is not.
fn survey(reader: &Reader, epoch: Epoch, index: &mut Index) -> io::Result<Recovered> {
    let mut recovered = Recovered {
        letters: 0,
        bytes: 0,
        end: SEGMENT_HEAD,
        cut: 0,
    };
    while let Some(head) = whole(reader, recovered.end)? {
        index.add(&head.leaf, epoch);
        recovered.letters += 1;
        recovered.bytes += head.length as u64;
        recovered.end = head.end(recovered.end);
    }
    if !reader.is_filling(recovered.end)? {
        recovered.cut = reader.end - recovered.end;
    }
    Ok(recovered)
}

/// The head of a record whose letter is whole too; an error only if the disk cannot be read, which
/// is no reason to cut anything.
fn whole(reader: &Reader, at: u64) -> io::Result<Option<Head>> {
    let read = || {
        let Some(head) = reader.head(at)? else {
            return Ok(None);
        };
        reader.sealed(at, &head)?;
        Ok(Some(head))
    };
    match read() {
        Ok(head) => Ok(head),
        Err(CannotStore::Damaged | CannotStore::Disk(io::ErrorKind::UnexpectedEof)) => Ok(None),
        Err(CannotStore::Disk(kind)) => Err(kind.into()),
    }
}

/// The one thread that appends.
struct Writer {
    letters: PathBuf,
    open_segment: OpenSegment,
    elsewhere: Elsewhere,
    index: Index,
    open: Epoch,
    segment: Option<Box<dyn SegmentFile>>,
    /// End of what is synced; 0 if the open epoch has no segment yet.
    end: u64,
    /// Something may lie after `end` that is not good: cut it before anything else is written.
    suspect: bool,
    /// What the open epoch took.
    taken: Taken,
    seen: Arc<Mutex<Seen>>,
    buffer: Vec<u8>,
}

impl Writer {
    fn run(mut self, inbox: &Receiver<Order>) {
        while let Ok(order) = inbox.recv() {
            let mut batch = Vec::new();
            let mut bytes = 0;
            let mut next = Some(order);
            let mut turn = None;
            let mut closed = None;
            while let Some(order) = next.take() {
                match order {
                    Order::Keep(letter, terms, done) => {
                        bytes += RECORD_HEAD + letter.sealed().len();
                        batch.push((letter, terms, done));
                        if bytes < BATCH_BYTES {
                            next = inbox.try_recv().ok();
                        }
                    }
                    Order::Turn(from, answer) => turn = Some((from, answer)),
                    Order::Closed(epoch, kept) => closed = Some((epoch, kept)),
                }
            }
            self.append(batch);
            if let Some((epoch, kept)) = closed {
                self.index.close(epoch);
                self.index.keep_from(kept);
            }
            if let Some((from, answer)) = turn {
                // Nobody waiting for the answer is no reason to stop.
                answer.send(self.turn(from)).ok();
            }
        }
        // What fills the last block; a start cuts it too.
        if let Some(mut file) = self.segment.take() {
            drop(file.cut(self.end).and_then(|()| file.sync()));
        }
    }

    /// Writes and syncs a batch, then answers it.
    fn append(&mut self, batch: Vec<(Incoming, Terms, Done)>) {
        self.buffer.clear();
        let before = self.taken;
        let mut fresh: HashSet<Leaf> = HashSet::new();
        let mut new: Vec<Leaf> = Vec::new();
        // Whether the verdict hangs on this batch being stored, the verdict, and who waits for it.
        let mut answers: Vec<(bool, Kept, Done)> = Vec::with_capacity(batch.len());
        for (letter, terms, done) in batch {
            let (leaf, size) = (letter.leaf(), letter.sealed().len() as u64);
            let known = self.index.find(&leaf);
            let (with_batch, kept) = if let Ok(Some(epoch)) = known {
                (false, Kept::Known(epoch))
            } else if known.is_err() {
                // Its list would tell whether it is here: nobody is promised anything till it does.
                (false, Kept::NotNow)
            } else if fresh.contains(&leaf) {
                (true, Kept::Known(self.open))
            } else if let Err(refused) = self.taken.admit(size, &terms) {
                (false, refused)
            } else {
                fresh.insert(leaf);
                new.push(leaf);
                append_record(&mut self.buffer, &letter);
                (true, Kept::New(self.open))
            };
            answers.push((with_batch, kept, done));
        }
        let stored = fresh.is_empty() || self.write().is_ok();
        if !stored {
            self.taken = before;
        } else if !fresh.is_empty() {
            for leaf in &fresh {
                self.index.add(leaf, self.open);
            }
            let mut seen = lock(&self.seen);
            seen.synced = self.end;
            let count = u32::try_from(self.taken.letters()).unwrap_or(u32::MAX);
            seen.counts.insert(self.open.0, count);
        }
        (self.elsewhere)(Box::new(move || tell(answers, &new, stored)));
        // A buffer given back is asked for page by page again, which costs more than to fill it.
        if self.buffer.capacity() > BATCH_BYTES {
            self.buffer = Vec::new();
        }
    }

    /// Appends the buffer and syncs; on any error the segment ends where it ended before.
    fn write(&mut self) -> io::Result<()> {
        let mut file = match self.segment.take() {
            Some(file) => file,
            None => self.begin_segment()?,
        };
        let written = self.settle(&mut *file).and_then(|()| {
            self.suspect = true;
            file.write_at(self.end, &self.buffer)?;
            file.sync()
        });
        match written {
            Ok(()) => {
                self.suspect = false;
                self.end += self.buffer.len() as u64;
            }
            Err(_) => drop(self.settle(&mut *file)),
        }
        self.segment = Some(file);
        written
    }

    /// Cuts what may lie after the last good record.
    fn settle(&mut self, file: &mut dyn SegmentFile) -> io::Result<()> {
        if self.suspect {
            file.cut(self.end)?;
            file.sync()?;
            self.suspect = false;
        }
        Ok(())
    }

    fn begin_segment(&mut self) -> io::Result<Box<dyn SegmentFile>> {
        let path = self.letters.join(self.open.0.to_string());
        let mut file = (self.open_segment)(&path)?;
        if self.end == 0 {
            let head = [MAGIC, self.open.0.to_be_bytes()].concat();
            let begun = file
                .cut(0)
                .and_then(|()| file.write_at(0, &head))
                .and_then(|()| file.sync())
                .and_then(|()| sync_folder(&self.letters));
            if let Err(error) = begun {
                // A file without a whole head would be cut at the next start anyway.
                drop(fs::remove_file(&path));
                return Err(error);
            }
            self.end = SEGMENT_HEAD;
        }
        Ok(file)
    }

    fn turn(&mut self, from: Epoch) -> Result<(), CannotStore> {
        if from != self.open {
            return Ok(());
        }
        if let Some(mut file) = self.segment.take() {
            // What may lie after the last letter, or fills its block: of a closed epoch it would count.
            self.suspect = true;
            let settled = self.settle(&mut *file);
            self.segment = Some(file);
            settled?;
        }
        self.segment = None;
        self.open = self.open.next();
        self.end = 0;
        self.taken = Taken::default();
        let mut seen = lock(&self.seen);
        seen.open = self.open;
        seen.synced = 0;
        Ok(())
    }
}

/// Tells every sender of a batch what became of the letter, and the new ones with which others.
fn tell(answers: Vec<(bool, Kept, Done)>, new: &[Leaf], stored: bool) {
    let groups: Vec<Together> = new.chunks(RECEIPTS_TOGETHER).map(Together::of).collect();
    let mut places = groups
        .iter()
        .flat_map(|group| std::iter::repeat_n(group, RECEIPTS_TOGETHER));
    for (with_batch, kept, done) in answers {
        match kept {
            _ if with_batch && !stored => done(Kept::NotNow, None),
            Kept::New(_) => done(kept, places.next()),
            _ => done(kept, None),
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::sample;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    const ROOM: crate::store::Quota = crate::store::Quota {
        letters: u64::MAX,
        bytes: u64::MAX,
    };

    fn store() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        found(folder.path(), &[1; 32]).unwrap();
        folder
    }

    fn keep(shelf: &FolderShelf, n: u32) -> Kept {
        let (tell, kept) = channel();
        let (letter, _) = Incoming::of(sample::posting(n)).unwrap();
        shelf.keep(
            letter,
            Terms::open(ROOM),
            Box::new(move |k, _| tell.send(k).unwrap()),
        );
        kept.recv().unwrap()
    }

    fn all(shelf: &FolderShelf) -> Vec<u32> {
        let letters = shelf.letters_after(Position(0), usize::MAX).unwrap();
        letters
            .iter()
            .map(|l| u32::from_be_bytes(*l.nonce.first_chunk().unwrap()))
            .collect()
    }

    #[test]
    fn cut_at_any_byte_of_the_last_record_no_acknowledged_letter_is_lost_and_none_doubled() {
        let folder = store();
        let path = folder.path().join("letters/0");
        let ends: Vec<u64> = {
            let shelf = FolderShelf::open(folder.path()).unwrap();
            (1..=3)
                .map(|n| {
                    assert_eq!(keep(&shelf, n), Kept::New(Epoch(0)));
                    lock(&shelf.seen).synced
                })
                .collect()
        };
        let whole = fs::read(&path).unwrap();
        for cut in ends[1]..=ends[2] {
            fs::write(&path, &whole[..usize::try_from(cut).unwrap()]).unwrap();
            let reader = Reader {
                file: File::open(&path).unwrap(),
                end: cut,
            };
            let surveyed = survey(&reader, Epoch(0), &mut Index::new(folder.path())).unwrap();
            let expected = if cut == ends[2] {
                (3, ends[2])
            } else {
                (2, ends[1])
            };
            assert_eq!((surveyed.letters, surveyed.end), expected, "cut at {cut}");
            // The whole way every hundred bytes: opening, knowing, taking the lost one again.
            if cut % 100 == 0 || cut == ends[2] {
                fs::write(&path, &whole[..usize::try_from(cut).unwrap()]).unwrap();
                let shelf = FolderShelf::open(folder.path()).unwrap();
                assert_eq!(keep(&shelf, 1), Kept::Known(Epoch(0)));
                assert_eq!(keep(&shelf, 2), Kept::Known(Epoch(0)));
                keep(&shelf, 3);
                assert_eq!(all(&shelf), [1, 2, 3], "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_tail_of_zeros_or_of_other_bytes_is_cut() {
        let folder = store();
        let path = folder.path().join("letters/0");
        {
            let shelf = FolderShelf::open(folder.path()).unwrap();
            keep(&shelf, 1);
            keep(&shelf, 2);
        }
        let whole = fs::read(&path).unwrap();
        let second = (whole.len() - 16) / 2 + 16;
        for from in [
            second,
            second + 3,
            second + 50,
            second + 84,
            whole.len() - 1,
        ] {
            for fill in [0, 0xff] {
                let mut bent = whole.clone();
                bent[from..].fill(fill);
                bent.extend_from_slice(&[fill; 5_000]);
                fs::write(&path, &bent).unwrap();
                let shelf = FolderShelf::open(folder.path()).unwrap();
                assert_eq!(all(&shelf), [1], "from {from}");
                assert!(shelf.cut() > 0);
                assert_eq!(keep(&shelf, 2), Kept::New(Epoch(0)));
                assert_eq!(all(&shelf), [1, 2]);
            }
        }
    }

    #[test]
    fn what_fills_a_segments_last_block_is_no_letter_and_is_gone_when_the_epoch_closes() {
        let folder = store();
        let path = folder.path().join("letters/0");
        let shelf = FolderShelf::open(folder.path()).unwrap();
        keep(&shelf, 1);
        keep(&shelf, 2);
        // As a kill leaves it: written by whole blocks.
        let mut killed = fs::read(&path).unwrap();
        let end = usize::try_from(lock(&shelf.seen).synced).unwrap();
        killed.resize(end.next_multiple_of(BLOCK_BYTES), 0);
        shelf.turn(Epoch(0)).unwrap();
        let len = || usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
        assert_eq!(len(), end);
        drop(shelf);
        fs::write(&path, &killed).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!((shelf.cut(), all(&shelf)), (0, vec![1, 2]));
        keep(&shelf, 3);
        drop(shelf);
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!((shelf.cut(), all(&shelf)), (0, vec![1, 2, 3]));
        assert_eq!(
            len(),
            end + (end - 16) / 2,
            "ended in peace, cut to its length"
        );
    }

    #[test]
    fn whole_letters_behind_a_broken_one_are_set_aside_not_thrown_away() {
        let folder = store();
        let path = folder.path().join("letters/0");
        {
            let shelf = FolderShelf::open(folder.path()).unwrap();
            for n in 1..=3 {
                keep(&shelf, n);
            }
        }
        let mut bent = fs::read(&path).unwrap();
        let record = (bent.len() - 16) / 3;
        bent[16 + record + 2_000] ^= 1;
        fs::write(&path, &bent).unwrap();
        let shelf = FolderShelf::open(folder.path()).unwrap();
        assert_eq!(all(&shelf), [1]);
        let aside = fs::read(folder.path().join("letters/0.cut")).unwrap();
        assert_eq!(aside, bent[16 + record..]);
    }

    #[test]
    fn a_link_in_the_place_of_an_open_segment_is_not_cut_or_written() {
        let folder = store();
        let theirs = folder.path().join("theirs");
        let bytes = [&MAGIC[..], &[0; 8], b"half of a record"].concat();
        fs::write(&theirs, &bytes).unwrap();
        std::os::unix::fs::symlink(&theirs, folder.path().join("letters/0")).unwrap();
        assert!(FolderShelf::open(folder.path()).is_err());
        assert_eq!(fs::read(&theirs).unwrap(), bytes);
    }

    #[test]
    fn a_lock_that_root_takes_first_can_be_taken_by_the_account_of_the_store() {
        let folder = store();
        if rustix::process::getuid().is_root() {
            std::os::unix::fs::chown(folder.path(), Some(4_242), Some(4_243)).unwrap();
        }
        drop(take_lock(folder.path()).unwrap());
        let of = |path: &Path| {
            let seen = fs::metadata(path).unwrap();
            (seen.uid(), seen.gid())
        };
        assert_eq!(of(&folder.path().join("lock")), of(folder.path()));
    }

    #[test]
    fn a_lock_that_leads_elsewhere_is_refused_and_what_it_leads_to_is_left() {
        use std::os::unix::fs::symlink;
        let folder = store();
        let other = tempfile::tempdir().unwrap();
        let theirs = other.path().join("theirs");
        fs::write(&theirs, "theirs").unwrap();
        // Root alone can make a folder somebody else's.
        let is_root = rustix::process::getuid().is_root();
        if is_root {
            std::os::unix::fs::chown(folder.path(), Some(4_242), Some(4_243)).unwrap();
        }
        let before = fs::metadata(&theirs).unwrap();
        let lock = folder.path().join("lock");
        let refused = || {
            let refused = take_lock(folder.path()).err().unwrap();
            assert!(matches!(refused, CannotOpenShelf::Planted { .. }));
            assert!(refused.to_string().contains("remove it"));
            let after = fs::metadata(&theirs).unwrap();
            assert_eq!((after.uid(), after.mode()), (before.uid(), before.mode()));
            assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
            fs::remove_file(&lock).unwrap();
        };
        symlink(&theirs, &lock).unwrap();
        refused();
        let none = other.path().join("none");
        symlink(&none, &lock).unwrap();
        refused();
        assert!(!none.exists());
        let queue = rustix::fs::FileType::Fifo;
        let rights = rustix::fs::Mode::RWXU;
        rustix::fs::mknodat(rustix::fs::CWD, &lock, queue, rights, 0).unwrap();
        refused();
        // A second name of a file that belongs to the folder's own account gives nothing away.
        fs::hard_link(&theirs, &lock).unwrap();
        if is_root {
            refused();
        }
        assert!(take_lock(folder.path()).is_ok());
    }

    #[test]
    fn a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
        let folder = store();
        fs::write(folder.path().join("version"), "temoin relay store 2\n").unwrap();
        let refused = FolderShelf::open(folder.path()).err().unwrap();
        assert!(matches!(
            refused,
            CannotOpenShelf::NewerVersion { version: 2 }
        ));
        assert!(refused.to_string().contains("update temoin-relay"));
        assert!(!folder.path().join("lock").exists());
        for text in ["", "temoin relay store x", "something else"] {
            fs::write(folder.path().join("version"), text).unwrap();
            let refused = FolderShelf::open(folder.path()).err();
            assert!(
                matches!(refused, Some(CannotOpenShelf::NotAStore)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_second_relay_on_one_folder_is_refused() {
        let folder = store();
        let _first = FolderShelf::open(folder.path()).unwrap();
        let second = FolderShelf::open(folder.path()).err();
        assert!(matches!(second, Some(CannotOpenShelf::InUse)));
        assert!(matches!(
            found(folder.path(), &[2; 32]),
            Err(CannotOpenShelf::AlreadyAStore)
        ));
    }

    /// How many more bytes the disk takes, and whether it syncs and cuts.
    #[derive(Default)]
    struct Disk {
        room: AtomicU64,
        syncs_fail: AtomicU64,
        cuts_fail: AtomicU64,
    }

    struct Failing {
        file: File,
        disk: Arc<Disk>,
    }

    fn fails(counter: &AtomicU64) -> io::Result<()> {
        let left = counter.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1));
        match left {
            Ok(_) => Err(io::ErrorKind::StorageFull.into()),
            Err(_) => Ok(()),
        }
    }

    impl SegmentFile for Failing {
        fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
            let room = self.disk.room.load(SeqCst);
            let fits = bytes.len().min(usize::try_from(room).unwrap());
            self.file.write_all_at(&bytes[..fits], at)?;
            self.disk.room.store(room - fits as u64, SeqCst);
            if fits < bytes.len() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            fails(&self.disk.syncs_fail)?;
            self.file.sync_data()
        }

        fn cut(&mut self, len: u64) -> io::Result<()> {
            fails(&self.disk.cuts_fail)?;
            self.file.set_len(len)
        }
    }

    fn on_a_failing(disk: &Arc<Disk>, folder: &Path) -> FolderShelf {
        let disk = Arc::clone(disk);
        let open = move |path: &Path| {
            let file = fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .open(path)?;
            let disk = Arc::clone(&disk);
            Ok(Box::new(Failing { file, disk }) as Box<dyn SegmentFile>)
        };
        FolderShelf::open_with(folder, Box::new(open), Box::new(|answers| answers())).unwrap()
    }

    #[test]
    fn a_full_disk_keeps_nothing_by_half_and_the_store_goes_on_when_there_is_room() {
        let folder = store();
        let disk = Arc::new(Disk::default());
        disk.room.store(10_000, SeqCst);
        let path = folder.path().join("letters/0");
        let shelf = on_a_failing(&disk, folder.path());
        assert_eq!(keep(&shelf, 1), Kept::New(Epoch(0)));
        assert_eq!(keep(&shelf, 2), Kept::New(Epoch(0)));
        let good = fs::metadata(&path).unwrap().len();
        assert_eq!(keep(&shelf, 3), Kept::NotNow);
        assert_eq!(fs::metadata(&path).unwrap().len(), good);
        assert_eq!(keep(&shelf, 2), Kept::Known(Epoch(0)));
        disk.room.store(1 << 30, SeqCst);
        assert_eq!(keep(&shelf, 3), Kept::New(Epoch(0)));
        assert_eq!(all(&shelf), [1, 2, 3]);
    }

    #[test]
    fn a_tail_that_could_not_be_cut_is_cut_before_anything_follows_it() {
        let folder = store();
        let disk = Arc::new(Disk::default());
        disk.room.store(1 << 30, SeqCst);
        let shelf = on_a_failing(&disk, folder.path());
        keep(&shelf, 1);
        disk.syncs_fail.store(1, SeqCst);
        disk.cuts_fail.store(4, SeqCst);
        assert_eq!(keep(&shelf, 2), Kept::NotNow);
        assert_eq!(keep(&shelf, 3), Kept::NotNow);
        assert_eq!(
            shelf.turn(Epoch(0)),
            Err(CannotStore::Disk(io::ErrorKind::StorageFull))
        );
        assert_eq!(shelf.open_epoch(), Epoch(0));
        assert_eq!(keep(&shelf, 4), Kept::New(Epoch(0)));
        assert_eq!(all(&shelf), [1, 4]);
        drop(shelf);
        assert_eq!(all(&FolderShelf::open(folder.path()).unwrap()), [1, 4]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_fails_and_however_often_it_restarts_what_was_acknowledged_is_there_once(
            steps in proptest::collection::vec((0u8..12, 0u32..9, 0u64..9_000), 1..40)
        ) {
            let folder = store();
            let disk = Arc::new(Disk::default());
            disk.room.store(1 << 30, SeqCst);
            let mut shelf = on_a_failing(&disk, folder.path());
            let mut promised: BTreeMap<u32, Epoch> = BTreeMap::new();
            for (what, n, amount) in steps {
                match what {
                    0 => disk.room.store(amount, SeqCst),
                    1 => disk.syncs_fail.store(1, SeqCst),
                    2 => disk.cuts_fail.store(amount % 3, SeqCst),
                    3 => disk.room.store(1 << 30, SeqCst),
                    4 => drop(shelf.turn(shelf.open_epoch())),
                    5 => {
                        drop(shelf);
                        shelf = on_a_failing(&disk, folder.path());
                    }
                    _ => match keep(&shelf, n) {
                        Kept::New(epoch) => prop_assert_eq!(promised.insert(n, epoch), None),
                        Kept::Known(epoch) => {
                            // Known without a promise: its sender never heard, but it was whole.
                            prop_assert_eq!(*promised.entry(n).or_insert(epoch), epoch);
                        }
                        Kept::NotNow => prop_assert!(!promised.contains_key(&n)),
                        Kept::Full | Kept::Puzzle { .. } => {
                            prop_assert!(false, "no quota here");
                        }
                    },
                }
            }
            drop(shelf);
            let shelf = FolderShelf::open(folder.path()).unwrap();
            for (n, epoch) in promised {
                let nonce = *sample::posting(n).first_chunk().unwrap();
                for e in 0..=shelf.open_epoch().0 {
                    let here = shelf.accepted(Epoch(e)).unwrap();
                    let count = here.iter().filter(|a| a.nonce == nonce).count();
                    prop_assert_eq!(count, usize::from(Epoch(e) == epoch));
                }
            }
        }
    }
}
