//! A whole store in one file, and back.
//!
//! The file is an ordinary `tar` (`tar tf` lists it); its last entry, `SHA256SUMS`, names every
//! other with its hash. It holds the relay's key: keep it as you keep the store.
//!
//! It is written while the relay runs: closed epochs never change, so they are copied up to the
//! newest one there is at the beginning; of the open one whatever is whole. Day files and the copy
//! of the newest manifest are not copied, because the relay makes them from the epochs.
//!
//! **A restored relay does not fork its chain.** If the relay went on after the backup was made,
//! epochs were published that the backup does not know; closing epochs again under the same numbers
//! would show two histories. So a restored store carries a mark. Marked, the relay serves the board
//! and hands letters to the office, but takes no letter (`503`) and closes no epoch, until the
//! office puts a notice with a higher number. Then it goes on under a number that nobody was ever
//! shown, in an epoch that says so, signed: a restart (protocol §6.1). None of this if the operator
//! said at restoring that nobody has seen a later epoch.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use envelope::Epoch;
use sha2::{Digest, Sha256};

use crate::appending::BLOCK_BYTES;
use crate::cli::{Ending, ending_of};
use crate::plain_files;
use crate::relay::hex;
use crate::restart;
use crate::segments::{self, CannotOpenShelf, write_whole};
use crate::store::Item;

const SUMS: &str = "SHA256SUMS";
const BLOCK: usize = 512;
/// Bytes of sums that are read back: some 100 for each file of a store.
const MOST_SUMS: u64 = 1 << 30;

/// Why a backup was not written or not restored.
#[derive(Debug)]
#[non_exhaustive]
pub enum CannotBackUp {
    /// The store cannot be used.
    Store(CannotOpenShelf),
    /// The file to write exists: a backup is never overwritten.
    Exists {
        /// Which.
        file: String,
    },
    /// Not a backup of a relay, or a damaged one. Nothing that could be started was made.
    NotABackup {
        /// At which entry it was noticed.
        entry: String,
    },
    /// This machine's clock is behind the newest epoch: a number beyond it could not be told.
    ClockBehind,
    /// This machine's clock is beyond the year 2105: a number of it would stay for good.
    ClockAhead,
    /// A file cannot be read or written.
    Disk {
        /// Which.
        file: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl std::fmt::Display for CannotBackUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Exists { file } => {
                write!(
                    f,
                    "`{file}` exists and was left as it is: name another file"
                )
            }
            Self::NotABackup { entry } => write!(
                f,
                "not a whole backup of a relay (noticed at `{entry}`): take another copy; what was unpacked so far is no store and may be deleted"
            ),
            Self::ClockBehind => write!(
                f,
                "this machine's clock is behind the board in the store: set it (`timedatectl set-ntp true`), then try again with an empty folder"
            ),
            Self::ClockAhead => write!(
                f,
                "this machine's clock is far ahead: set it (`timedatectl set-ntp true`), then try again with an empty folder"
            ),
            Self::Disk { file, kind } => write!(
                f,
                "`{file}` cannot be read or written ({kind}): check the name, the rights and the room on the disk, then try again{}",
                plain_files::told_to_give(*kind)
            ),
        }
    }
}

impl CannotBackUp {
    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::Store(error) => ending_of(error),
            Self::Exists { .. }
            | Self::NotABackup { .. }
            | Self::ClockBehind
            | Self::ClockAhead => Ending::Refused,
            Self::Disk { .. } => Ending::Failed,
        }
    }
}

impl From<CannotOpenShelf> for CannotBackUp {
    fn from(error: CannotOpenShelf) -> Self {
        Self::Store(error)
    }
}

pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotBackUp {
    let file = path.display().to_string();
    move |error| CannotBackUp::Disk {
        file,
        kind: error.kind(),
    }
}

fn damaged(entry: &str) -> CannotBackUp {
    CannotBackUp::NotABackup {
        entry: entry.to_owned(),
    }
}

/// Writes a backup; gives back the newest epoch in it.
///
/// # Errors
/// [`CannotBackUp`]; no file is left behind.
pub fn write(folder: &Path, to: &Path) -> Result<Option<Epoch>, CannotBackUp> {
    plain_files::as_its_account(folder, || segments::check_version(folder))?;
    write_any_version(folder, to)
}

/// The same of a store that an upgrade is about to read.
pub(crate) fn write_any_version(folder: &Path, to: &Path) -> Result<Option<Epoch>, CannotBackUp> {
    let file = match OpenOptions::new().write(true).create_new(true).open(to) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(CannotBackUp::Exists {
                file: to.display().to_string(),
            });
        }
        Err(error) => return Err(at(to)(error)),
    };
    // The file is made by whoever asks. The store is read by whose it is: should a folder of it turn
    // into a link meanwhile, nothing else comes into the file.
    let write = || write_into(folder, file, to);
    let written = plain_files::as_its_account(folder, write);
    if written.is_err() {
        // Half a backup must not be taken for one.
        drop(fs::remove_file(to));
    }
    written
}

fn write_into(folder: &Path, file: File, to: &Path) -> Result<Option<Epoch>, CannotBackUp> {
    plain_files::refuse_planted(folder)?;
    let mut archive = Archive {
        file: io::BufWriter::with_capacity(1 << 18, file),
        sums: String::new(),
    };
    let closed = segments::closed_epochs(folder)?;
    let newest = closed.last().copied().map(Epoch);
    for name in ["version", "relay.key"] {
        archive.copy(folder, name, to)?;
    }
    for epoch in closed {
        let board = format!("board/{epoch}");
        for name in names_in(&folder.join(&board))? {
            archive.copy(folder, &format!("{board}/{name}"), to)?;
        }
        archive.copy(folder, &Item::Openings(Epoch(epoch)).path(), to)?;
    }
    for within in ["letters", "keys"] {
        for name in names_in(&folder.join(within))? {
            archive.copy(folder, &format!("{within}/{name}"), to)?;
        }
    }
    let beside = [
        Item::Notice,
        Item::Waiting,
        Item::Collected,
        Item::Restored,
        Item::Restart,
    ];
    for item in beside {
        archive.copy(folder, &item.path(), to)?;
    }
    archive.finish().map_err(at(to))?;
    Ok(newest)
}

/// Plain files of a folder that belong to a store, in order.
fn names_in(folder: &Path) -> Result<Vec<String>, CannotBackUp> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        // A disk that is mounted here has a folder of its own.
        if entry.file_type().map_err(at(folder))?.is_dir() {
            continue;
        }
        let name = entry.file_name();
        // What is half written, or set aside from a broken disk, is not part of the store.
        names.extend(name.into_string().ok().filter(|n| !n.contains('.')));
    }
    names.sort();
    Ok(names)
}

/// Which of two files could not be read or written.
enum CannotCopy {
    From(io::Error),
    To(io::Error),
}

struct Archive {
    file: io::BufWriter<File>,
    sums: String,
}

impl Archive {
    /// Adds a file of the store; one that is not there (any more) is left out.
    fn copy(&mut self, folder: &Path, name: &str, to: &Path) -> Result<(), CannotBackUp> {
        let path = folder.join(name);
        // Root may make the archive, and what a link leads to is not the store's to read.
        let from = match plain_files::open(&path) {
            Ok(from) => from,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(at(&path)(error)),
        };
        let length = from.metadata().map_err(at(&path))?.len();
        let read = |error: CannotCopy| match error {
            CannotCopy::From(error) => at(&path)(error),
            CannotCopy::To(error) => at(to)(error),
        };
        self.add(name, length, from).map_err(read)
    }

    /// Adds a file that is as long as it was said to be.
    fn add(&mut self, name: &str, length: u64, from: impl Read) -> Result<(), CannotCopy> {
        use CannotCopy::{From, To};
        self.file.write_all(&head(name, length)).map_err(To)?;
        let mut from = from.take(length);
        let mut sum = Sha256::new();
        let mut copied = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let n = from.read(&mut buffer).map_err(From)?;
            let Some(part) = buffer.get(..n).filter(|part| !part.is_empty()) else {
                break;
            };
            sum.update(part);
            self.file.write_all(part).map_err(To)?;
            copied += part.len() as u64;
        }
        let missing = usize::try_from(length - copied).unwrap_or(usize::MAX);
        let filling = [0; BLOCK_BYTES - 1];
        match filling.get(..missing) {
            // A segment was cut to its last letter meanwhile: what filled its last block is missing.
            Some(filling) if name.starts_with("letters/") => {
                sum.update(filling);
                self.file.write_all(filling).map_err(To)?;
            }
            Some([]) => {}
            // The disk of the store is full or failing.
            _ => return Err(From(io::ErrorKind::UnexpectedEof.into())),
        }
        self.file.write_all(padding(length)).map_err(To)?;
        self.sums
            .push_str(&format!("{}  {name}\n", hex(&sum.finalize())));
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        let length = self.sums.len() as u64;
        self.file.write_all(&head(SUMS, length))?;
        self.file.write_all(self.sums.as_bytes())?;
        self.file.write_all(padding(length))?;
        self.file.write_all(&[0; 2 * BLOCK])?;
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }
}

fn padding(length: u64) -> &'static [u8] {
    const ZEROS: [u8; BLOCK] = [0; BLOCK];
    match usize::try_from(length % BLOCK as u64) {
        Ok(over) if over > 0 => ZEROS.get(over..).unwrap_or(&[]),
        _ => &[],
    }
}

/// Head of a tar entry (POSIX ustar; sizes beyond 8 GiB in GNU's binary form).
fn head(name: &str, length: u64) -> [u8; BLOCK] {
    let mut head = [0; BLOCK];
    let mut put = |from: usize, bytes: &[u8]| {
        for (to, byte) in head.iter_mut().skip(from).zip(bytes) {
            *to = *byte;
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    if length < 1 << 33 {
        put(124, format!("{length:011o}\0").as_bytes());
    } else {
        put(124, &[0x80, 0, 0, 0]);
        put(128, &length.to_be_bytes());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    for (to, byte) in head.iter_mut().skip(148).zip(sum.bytes()) {
        *to = byte;
    }
    head
}

/// Name and length of an entry; `None` at the end or for what this program never writes.
fn read_head(head: &[u8; BLOCK]) -> Option<(String, u64)> {
    let name = head.get(..100)?.split(|byte| *byte == 0).next()?;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    let field = head.get(124..136)?;
    let length = if field.first() == Some(&0x80) {
        u64::from_be_bytes(field.last_chunk().copied()?)
    } else {
        let digits = field.split(|byte| *byte == 0).next()?;
        u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?
    };
    // Written anew from name and length it must be the same head, sum included.
    (!name.is_empty() && self::head(&name, length) == *head).then_some((name, length))
}

/// Whether a name is one of a store's files: nothing else is ever unpacked.
fn belongs(name: &str) -> bool {
    let number = |text: &str| {
        let n: Option<u64> = text.parse().ok();
        n.is_some_and(|n| n.to_string() == text)
    };
    match name.split('/').collect::<Vec<_>>().as_slice() {
        [
            "version" | "relay.key" | "notice" | "waiting" | "collected" | "restored" | "restart"
            | "tokens" | "spent",
        ] => true,
        ["keys" | "openings" | "letters", n] => number(n),
        ["board", n, file] => {
            let page = file.strip_prefix("cells-").is_some_and(number);
            number(n) && (page || matches!(*file, "manifest" | "leaves" | "tags"))
        }
        _ => false,
    }
}

/// Makes a store from a backup, in this second since 1970; gives back what to tell the operator.
///
/// # Errors
/// [`CannotBackUp`]; the folder is then no store that a relay would start from.
pub fn restore(
    from: &Path,
    folder: &Path,
    last_seen: Option<Epoch>,
    now: u64,
) -> Result<String, CannotBackUp> {
    let archive = File::open(from).map_err(at(from))?;
    // Where the relay's account has the folder, or the one it is made in, root does nothing there
    // that this account could not: it may turn a folder into a link at any time.
    let mut whose = std::path::absolute(folder).map_err(at(folder))?;
    while fs::symlink_metadata(&whose).is_err() && whose.pop() {}
    let unpack = || restore_from(archive, folder, last_seen, now);
    plain_files::as_its_account(&whose, unpack)
}

fn restore_from(
    archive: File,
    folder: &Path,
    last_seen: Option<Epoch>,
    now: u64,
) -> Result<String, CannotBackUp> {
    if folder.join("version").exists() || folder.join("relay.key").exists() {
        return Err(CannotOpenShelf::AlreadyAStore.into());
    }
    // Root restores where the relay's account may have been before.
    if folder.exists() {
        plain_files::refuse_planted(folder)?;
    }
    let version = unpack(archive, folder)?;
    // Checked where it lies, under another name: the folder is no store before all is well.
    let aside = folder.join("unpacked");
    fs::create_dir_all(&aside).map_err(at(&aside))?;
    let checked = write_whole(&aside.join("version"), &version)
        .map_err(at(&aside))
        .and_then(|()| Ok(segments::check_version(&aside)?));
    fs::remove_dir_all(&aside).map_err(at(&aside))?;
    let upgrade = match checked {
        // What an older release wrote comes back as it was; the relay asks for the upgrade.
        Err(CannotBackUp::Store(CannotOpenShelf::OlderVersion { .. })) => {
            "; it is of an older version: `temoin-relay upgrade` makes a newer store of it"
        }
        Ok(()) => "",
        Err(refused) => return Err(refused),
    };
    let newest = segments::newest_closed(folder)?;
    let whole = last_seen.is_some_and(|seen| newest.is_some_and(|newest| seen <= newest));
    let mark = folder.join(Item::Restored.path());
    if !whole {
        restart::prepare(folder, now)?;
        write_whole(&mark, b"").map_err(at(&mark))?;
    }
    let path = folder.join("version");
    write_whole(&path, &version).map_err(at(&path))?;
    let next = if whole {
        "nothing was published after it: the relay goes on where it was"
    } else {
        "the relay serves the board; when the office has put a notice with a higher number, it says to all that it was restored, and takes letters and closes epochs"
    };
    Ok(format!("{}; {next}{upgrade}", newest_in_words(newest)))
}

/// Says which epoch is the newest of a backup.
#[must_use]
pub fn newest_in_words(newest: Option<Epoch>) -> String {
    newest.map_or_else(
        || "no epoch is closed yet in this backup".to_owned(),
        |newest| format!("newest epoch in this backup: {}", newest.0),
    )
}

/// Unpacks and checks everything but the version, which is given back: without it the folder is no
/// store yet.
pub(crate) fn unpack(archive: File, folder: &Path) -> Result<Vec<u8>, CannotBackUp> {
    for name in ["letters", "openings", "board/days", "keys"] {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(at(&path))?;
    }
    let mut archive = io::BufReader::with_capacity(1 << 18, archive);
    let mut sums = String::new();
    let mut version = None;
    let mut last = "the beginning".to_owned();
    loop {
        let mut block = [0; BLOCK];
        archive.read_exact(&mut block).map_err(|_| damaged(&last))?;
        let (name, length) = read_head(&block).ok_or_else(|| damaged(&last))?;
        let over = usize::try_from(length % BLOCK as u64).unwrap_or(0);
        let padding = if over == 0 { 0 } else { BLOCK - over };
        if name == SUMS {
            let mut listed = String::new();
            let read = (&mut archive)
                .take(length.min(MOST_SUMS))
                .read_to_string(&mut listed);
            read.map_err(|_| damaged(SUMS))?;
            let mut rest = Vec::new();
            (&mut archive)
                .take(1 << 16)
                .read_to_end(&mut rest)
                .map_err(|_| damaged(SUMS))?;
            return match version {
                Some(version) if listed == sums && rest.iter().all(|byte| *byte == 0) => {
                    Ok(version)
                }
                _ => Err(damaged(SUMS)),
            };
        }
        if !belongs(&name) {
            return Err(damaged(&name));
        }
        let mut content = (&mut archive).take(length);
        let mut sum = Sha256::new();
        if name == "version" {
            let mut bytes = Vec::new();
            (&mut content)
                .take(1_024)
                .read_to_end(&mut bytes)
                .map_err(|_| damaged(&name))?;
            sum.update(&bytes);
            version = Some(bytes);
        } else {
            let path = folder.join(&name);
            copy_out(&mut content, &path, &mut sum)?;
        }
        if content.limit() != 0 {
            return Err(damaged(&name));
        }
        let mut skipped = [0; BLOCK];
        let skipped = skipped.get_mut(..padding).unwrap_or(&mut []);
        archive.read_exact(skipped).map_err(|_| damaged(&name))?;
        if skipped.iter().any(|byte| *byte != 0) {
            return Err(damaged(&name));
        }
        sums.push_str(&format!("{}  {name}\n", hex(&sum.finalize())));
        last = name;
    }
}

fn copy_out(content: &mut impl Read, path: &Path, sum: &mut Sha256) -> Result<(), CannotBackUp> {
    let above: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    fs::create_dir_all(&above).map_err(at(&above))?;
    // What a restore that failed left there is written anew.
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed.map_err(at(path))?,
    }
    let new = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = new.map_err(at(path))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = content.read(&mut buffer).map_err(at(path))?;
        let Some(part) = buffer.get(..n).filter(|part| !part.is_empty()) else {
            break;
        };
        sum.update(part);
        file.write_all(part).map_err(at(path))?;
    }
    file.sync_all().map_err(at(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_in_a_store_leads_to_comes_into_no_backup() {
        let house = tempfile::tempdir().unwrap();
        let (folder, to) = (house.path().join("store"), house.path().join("file"));
        segments::found(&folder, &[7; 32]).unwrap();
        let theirs = house.path().join("theirs");
        fs::write(&theirs, "theirs").unwrap();
        std::os::unix::fs::symlink(&theirs, folder.join("letters/0")).unwrap();
        assert!(write(&folder, &to).is_err());
        assert!(!to.exists());
        fs::remove_file(folder.join("letters/0")).unwrap();
        // A folder's place can be taken by a link, too.
        fs::remove_dir(folder.join("keys")).unwrap();
        std::os::unix::fs::symlink(house.path(), folder.join("keys")).unwrap();
        let refused = write(&folder, &to).unwrap_err();
        assert!(refused.to_string().contains("mount --bind"), "{refused}");
        assert!(!to.exists());
        fs::remove_file(folder.join("keys")).unwrap();
        fs::create_dir(folder.join("keys")).unwrap();
        write(&folder, &to).unwrap();
    }

    #[test]
    fn a_backup_is_restored_through_no_link() {
        let house = tempfile::tempdir().unwrap();
        let place = |name: &str| house.path().join(name);
        segments::found(&place("store"), &[7; 32]).unwrap();
        fs::write(place("store").join("letters/0"), "letters").unwrap();
        write(&place("store"), &place("file")).unwrap();
        fs::create_dir_all(place("new/letters")).unwrap();
        fs::write(place("theirs"), "theirs").unwrap();
        std::os::unix::fs::symlink(place("theirs"), place("new/letters/0")).unwrap();
        let restore = || restore(&place("file"), &place("new"), None, 1_000_000_000);
        let refused = restore().unwrap_err();
        assert!(refused.to_string().contains("remove it"), "{refused}");
        assert_eq!(fs::read(place("theirs")).unwrap(), b"theirs");
        fs::remove_file(place("new/letters/0")).unwrap();
        restore().unwrap();
    }

    #[test]
    fn what_root_restores_into_an_accounts_folder_is_made_by_that_account() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        let house = tempfile::tempdir().unwrap();
        let place = |name: &str| house.path().join(name);
        fs::set_permissions(house.path(), fs::Permissions::from_mode(0o711)).unwrap();
        segments::found(&place("store"), &[7; 32]).unwrap();
        write(&place("store"), &place("file")).unwrap();
        // Root's alone, as a backup is.
        fs::set_permissions(place("file"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::create_dir(place("theirs")).unwrap();
        if rustix::process::getuid().is_root() {
            chown(place("theirs"), Some(4_242), Some(4_243)).unwrap();
        }
        let due = fs::metadata(place("theirs")).unwrap();
        let folder = place("theirs").join("within/store");
        restore(&place("file"), &folder, None, 1_000_000_000).unwrap();
        for made in ["", "letters", "relay.key", "version"] {
            let made = fs::metadata(folder.join(made)).unwrap();
            assert_eq!((made.uid(), made.gid()), (due.uid(), due.gid()));
        }
    }

    #[test]
    fn a_segment_that_is_cut_to_its_last_letter_while_it_is_copied_is_copied_and_no_other_file_is()
    {
        let folder = tempfile::tempdir().unwrap();
        let taken = |name: &str, missing: usize| {
            let file = File::create(folder.path().join("archive")).unwrap();
            let sums = String::new();
            let mut archive = Archive {
                file: io::BufWriter::new(file),
                sums,
            };
            let letters = [7; 5_000];
            let added = archive.add(name, (letters.len() + missing) as u64, letters.as_slice());
            added.map(|()| archive.sums)
        };
        for missing in [0, 1, BLOCK_BYTES - 1] {
            let whole = [[7; 5_000].as_slice(), &vec![0; missing]].concat();
            let sums = taken("letters/3", missing).ok();
            assert_eq!(
                sums,
                Some(format!("{}  letters/3\n", hex(&Sha256::digest(whole))))
            );
        }
        assert!(taken("letters/3", BLOCK_BYTES).is_err());
        assert!(taken("waiting", 1).is_err());
    }
}
