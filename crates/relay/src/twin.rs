//! A second disk: every byte that an answer hangs on is synced to both before the answer goes out.
//!
//! The second folder is the same store, file by file, so that either is a whole relay should the
//! other be lost. Letters are written by [`TwinSegment`] to two files with one batch; other files go
//! to the second folder first, so that a failure there changes nothing. If one disk does not take
//! it, no letter is taken (`503`): a promise is kept twice or not given.
//!
//! At a start [`in_step`] brings both together: what is whole in either open segment counts, and of
//! all else the first folder is the truth. A second folder that is no copy is not made one by the
//! way: a disk that was not mounted looks exactly like that.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use envelope::Epoch;

use crate::appending::{Appending, BLOCK_BYTES};
use crate::cli::{Ending, tell};
use crate::index::Index;
use crate::plain_files::{self, To, as_its_account};
use crate::restart;
use crate::segments::{
    self, CannotOpenShelf, MOVED, SEGMENT_HEAD, SegmentFile, recover, write_whole,
};
use crate::store::Item;

/// The second folder of a running store.
pub(crate) struct Second {
    folder: PathBuf,
    /// Whether the operator was told that it fails.
    told: AtomicBool,
    _lock: File,
}

impl Second {
    /// Takes the second folder of a store, and brings both in step.
    ///
    /// # Errors
    /// [`CannotOpenShelf`]
    pub(crate) fn open(first: &Path, second: &Path) -> Result<Arc<Self>, CannotOpenShelf> {
        let is_copy = segments::check_version(second).is_ok()
            && !second.join(MOVED).exists()
            && *segments::seed(first)? == *segments::seed(second)?;
        if !is_copy {
            return Err(CannotOpenShelf::SecondIsNoCopy);
        }
        let lock = segments::take_lock(second)?;
        in_step(first, second, &mut copy)?;
        Ok(Arc::new(Self {
            folder: second.to_owned(),
            told: AtomicBool::new(false),
            _lock: lock,
        }))
    }

    /// Writes a file of the store, durably.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        // Were the disk gone, its folders would be made anew where it was mounted.
        let written = match self.folder.join("version").exists() {
            true => write_whole(&self.folder.join(path), bytes),
            false => Err(io::ErrorKind::NotFound.into()),
        };
        self.noted(written)
    }

    /// Removes a file of the store, if it is there.
    pub(crate) fn remove(&self, path: &str) -> io::Result<()> {
        let removed = match fs::remove_file(self.folder.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        self.noted(removed)
    }

    /// Tells the operator once that the disk fails, and once that it works again.
    fn noted<T>(&self, done: io::Result<T>) -> io::Result<T> {
        match &done {
            Err(error) => {
                if !self.told.swap(true, Ordering::Relaxed) {
                    let kind = error.kind();
                    tell(
                        Ending::Failed,
                        &format!(
                            "the second folder does not take it ({kind}): no letter is taken until it does; mend its disk, or take `second_folder` out of the settings and start again"
                        ),
                    );
                }
            }
            Ok(_) => {
                if self.told.swap(false, Ordering::Relaxed) {
                    tell(Ending::Done, &"the second folder works again");
                }
            }
        }
        done
    }
}

/// A segment on two disks.
pub(crate) struct TwinSegment {
    first: Appending,
    second: Arc<Second>,
    place: PathBuf,
    /// The second file; none after it failed, until a cut brings it in step.
    copy: Option<Appending>,
}

impl TwinSegment {
    /// Opens or makes a segment of the first folder, and its copy.
    pub(crate) fn open(path: &Path, second: &Arc<Second>) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default();
        let place = second.folder.join("letters").join(name);
        let made = Appending::open(&place).and_then(|copy| {
            // Its name has to be on the disk like its bytes.
            File::open(second.folder.join("letters"))?.sync_all()?;
            Ok(copy)
        });
        let copy = second.noted(made)?;
        Ok(Self {
            first: Appending::open(path)?,
            second: Arc::clone(second),
            place,
            copy: Some(copy),
        })
    }

    /// Does something with the copy. A copy that failed once is opened anew only by a cut.
    fn with_copy(&mut self, work: impl FnOnce(&mut Appending) -> io::Result<()>) -> io::Result<()> {
        let done = match &mut self.copy {
            Some(copy) => work(copy),
            None => Err(io::ErrorKind::NotConnected.into()),
        };
        if done.is_err() {
            self.copy = None;
        }
        self.second.noted(done)
    }
}

impl SegmentFile for TwinSegment {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.first.write_at(at, bytes)?;
        self.with_copy(|copy| copy.write_at(at, bytes))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.first.sync()?;
        self.with_copy(|copy| copy.sync())
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        self.first.cut(len)?;
        // Of a copy that failed nothing is certain, not even what it took a moment before.
        let anew = self.copy.is_none();
        if anew {
            self.copy = Appending::open(&self.place).ok();
        }
        let first = self.first.file();
        let mended = match &mut self.copy {
            Some(copy) if anew => write_anew(first, copy.file(), len).and_then(|()| copy.cut(len)),
            Some(copy) => copy.cut(len),
            None => Err(io::ErrorKind::NotConnected.into()),
        };
        if mended.is_err() {
            self.copy = None;
        }
        self.second.noted(mended)
    }
}

/// Writes a copy from its beginning, up to a length.
fn write_anew(mut first: &File, mut copy: &File, len: u64) -> io::Result<()> {
    first.seek(SeekFrom::Start(0))?;
    copy.seek(SeekFrom::Start(0))?;
    let written = io::copy(&mut first.take(len), &mut copy)?;
    match written == len {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotOpenShelf {
    let file = path.display().to_string();
    move |error| CannotOpenShelf::Disk {
        file,
        kind: error.kind(),
    }
}

/// How a file is copied.
type Copying<'a> = &'a mut dyn FnMut(&Path, &Path) -> io::Result<()>;

/// Where a check of a disk puts what it finds: root's own, in the uppermost folder.
const LOST_AND_FOUND: &str = "lost+found";

/// Makes a copy of a store on a second disk, while no relay runs. One that was begun is finished.
///
/// Gives back how many names in it were left to whoever has them, as [`plain_files::give`] does.
///
/// # Errors
/// [`CannotOpenShelf`]; without a version the folder is no copy yet.
pub(crate) fn make(first: &Path, second: &Path) -> Result<u64, CannotOpenShelf> {
    make_by(first, second, &mut copy)
}

fn make_by(
    first: &Path,
    second: &Path,
    copy: &mut (dyn FnMut(&Path, &Path) -> io::Result<()> + Send),
) -> Result<u64, CannotOpenShelf> {
    // What the account cannot see is not absent: whoever asks looks first.
    is_free(first, second)?;
    let _lock = as_its_account(first, || may_be_made(first, second))?;
    let left = take_place(first, second)?;
    as_its_account(first, || {
        // What was given may be another folder than the one looked at before.
        is_free(first, second)?;
        // The key comes first: with it the folder is known for a copy that was begun.
        let (ours, theirs) = (first.join("relay.key"), second.join("relay.key"));
        if is_absent(&theirs)? {
            copy(&ours, &theirs).map_err(at(&theirs))?;
        }
        for name in ["letters", "openings", "board/days", "keys"] {
            let path = second.join(name);
            fs::create_dir_all(&path).map_err(at(&path))?;
        }
        in_step(first, second, copy)?;
        let version = second.join("version");
        write_whole(&version, segments::version_text().as_bytes()).map_err(at(&version))
    })?;
    Ok(left)
}

/// Looks whether a copy can be made, and takes the lock of the first folder for it.
fn may_be_made(first: &Path, second: &Path) -> Result<File, CannotOpenShelf> {
    segments::check_version(first)?;
    let lock = segments::take_lock(first)?;
    plain_files::refuse_planted(first)?;
    // A copy that was begun may be the account's by now; what it cannot look into it cannot fill.
    match plain_files::refuse_planted(second) {
        Err(planted @ CannotOpenShelf::Planted { .. }) => Err(planted),
        _ => Ok(lock),
    }
}

/// Names of a folder in which a copy may begin: a disk's own, and a key half written.
const NOTHING_YET: [&str; 2] = [LOST_AND_FOUND, "relay.key.new"];

/// Refuses a second folder that holds anything but a copy of the first that was begun.
fn is_free(first: &Path, second: &Path) -> Result<(), CannotOpenShelf> {
    if !is_absent(&second.join("version"))? {
        return Err(CannotOpenShelf::AlreadyAStore);
    }
    let key = second.join("relay.key");
    if !is_absent(&key)? {
        // A key and no version: a copy that was begun. Of another store, it is none of ours.
        let is_ours = plain_files::open(&key).is_ok()
            && segments::seed(second)
                .is_ok_and(|theirs| segments::seed(first).is_ok_and(|ours| *ours == *theirs));
        return match is_ours {
            true => Ok(()),
            false => Err(CannotOpenShelf::AlreadyAStore),
        };
    }
    if is_absent(second)? {
        return Ok(());
    }
    for entry in fs::read_dir(second).map_err(at(second))? {
        let name = entry.map_err(at(second))?.file_name();
        if !NOTHING_YET.iter().any(|ours| name == *ours) {
            return Err(CannotOpenShelf::SecondNotEmpty);
        }
    }
    Ok(())
}

/// Whether nothing stands at a path. What cannot be looked at may be anything.
fn is_absent(path: &Path) -> Result<bool, CannotOpenShelf> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(at(path)(error)),
    }
}

/// Makes the second folder a folder of the account that the first belongs to: by itself where it
/// may, and else by root's hand. Gives back how many names in it were left.
///
/// # Errors
/// [`CannotOpenShelf`]
pub(crate) fn take_place(first: &Path, second: &Path) -> Result<u64, CannotOpenShelf> {
    if !rustix::process::geteuid().is_root() {
        return fs::create_dir_all(second).map_err(at(second)).map(|()| 0);
    }
    let owner = fs::metadata(first).map_err(at(first))?;
    // What is given to an account that does not get there is of no use to it.
    let absolute = std::path::absolute(second).map_err(at(second))?;
    let above = absolute.ancestors().skip(1).find(|above| above.exists());
    as_its_account(first, || {
        if let Some(above) = above {
            let within = above.join(second.file_name().unwrap_or_default());
            plain_files::refuse_unreached(&within, owner.uid())?;
        }
        // Where it may, it makes it itself, and where not, root does.
        drop(fs::create_dir_all(second));
        Ok::<_, CannotOpenShelf>(())
    })?;
    plain_files::make_to_give(second).map_err(at(second))?;
    let theirs = To::Account(owner.uid(), owner.gid());
    // Before it is a store, so that what fails here can be tried again.
    plain_files::give(second, theirs).map_err(at(second))
}

/// Brings two folders of one store in step. Nobody may run on either. Whatever an interruption
/// leaves of the second is brought in step by the next: of its board only the number of epochs counts.
fn in_step(first: &Path, second: &Path, copy: Copying<'_>) -> Result<(), CannotOpenShelf> {
    let epochs = segments::closed_epochs(first)?;
    if second.join("board").exists() && segments::manifests(second)?.len() > epochs.len() + 1 {
        // A first folder that is behind was restored or lies on a failing disk.
        return Err(CannotOpenShelf::SecondKnowsMore);
    }
    let closed = epochs.last().map_or(0, |newest| newest.saturating_add(1));
    let names = files_of(first)?;
    if has_letters_before_a_restart(first, second, closed)? {
        return Err(CannotOpenShelf::SecondKnowsMore);
    }
    for name in &names {
        let open = name
            .strip_prefix("letters/")
            .and_then(|n| n.parse::<u64>().ok())
            .filter(|epoch| *epoch >= closed);
        let (one, other) = (first.join(name), second.join(name));
        if let Some(epoch) = open
            && other.exists()
        {
            join_segments(&one, &other, Epoch(epoch), copy)?;
        }
        if !same(&one, &other, open.is_some() || !name.contains('/')).map_err(at(&other))? {
            copy(&one, &other).map_err(at(&other))?;
        }
    }
    for name in files_of(second)? {
        let segment = name.strip_prefix("letters/").and_then(|n| n.parse().ok());
        let (one, other) = (first.join(&name), second.join(&name));
        if segment.is_some_and(|epoch: u64| epoch >= closed) && !one.exists() {
            // An open segment that only the second disk still has.
            copy(&other, &one).map_err(at(&one))?;
        } else if !names.contains(&name) {
            fs::remove_file(&other).map_err(at(&other))?;
        }
    }
    Ok(())
}

/// Whether the second folder alone has letters of an open epoch whose number a restart of the first
/// gave up: they were acknowledged after the backup was made, and would be passed over for good.
fn has_letters_before_a_restart(
    first: &Path,
    second: &Path,
    closed: u64,
) -> Result<bool, CannotOpenShelf> {
    let segment = |name: &str| name.strip_prefix("letters/")?.parse::<u64>().ok();
    let mine: Vec<PathBuf> = files_of(first)?
        .iter()
        .filter(|name| segment(name).is_some_and(|epoch| epoch >= closed))
        .map(|name| first.join(name))
        .collect();
    let restart = fs::read(first.join(Item::Restart.path())).ok();
    let Some(restart) = restart.and_then(|file| restart::number(&file)) else {
        return Ok(false);
    };
    for name in files_of(second)? {
        if !segment(&name).is_some_and(|epoch| (closed..restart.0).contains(&epoch)) {
            continue;
        }
        let other = second.join(&name);
        let mut known = fs::metadata(&other).map_err(at(&other))?.len() <= SEGMENT_HEAD;
        for one in &mine {
            known = known || same_letters(one, &other).map_err(at(&other))?;
        }
        if !known {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives the first of two open segments what is whole in the second alone.
fn join_segments(
    one: &Path,
    other: &Path,
    epoch: Epoch,
    copy: Copying<'_>,
) -> Result<(), CannotOpenShelf> {
    // Nothing is looked up in what is found here.
    let end = |path: &Path| recover(path, epoch, &mut Index::new(path)).map_err(at(path));
    let (mine, theirs) = (end(one)?.end, end(other)?.end);
    if theirs > mine && other.exists() {
        copy(other, one).map_err(at(one))?;
    }
    Ok(())
}

/// Names of a store's files, below its folder, in order.
fn files_of(folder: &Path) -> Result<Vec<String>, CannotOpenShelf> {
    let mut names = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(within) = open.pop() {
        let Ok(entries) = fs::read_dir(&within) else {
            continue;
        };
        for entry in entries {
            let path = entry.map_err(at(&within))?.path();
            // What a check of the disk found there is neither copied nor removed.
            if path.ends_with(LOST_AND_FOUND) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str) else {
                continue;
            };
            // Half-written files and those set aside are nobody's; version and lock are each one's own.
            let own = matches!(name, "version" | "lock" | MOVED) || name.starts_with("upgraded");
            if name == "relay.key" || !(own || name.contains('.')) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}

/// Whether two files are alike: by their bytes, or by length alone where they never change.
fn same(one: &Path, other: &Path, by_bytes: bool) -> io::Result<bool> {
    let length = |path: &Path| fs::metadata(path).map(|data| data.len());
    let Ok(theirs) = length(other) else {
        return Ok(false);
    };
    if length(one)? != theirs {
        return Ok(false);
    }
    Ok(!by_bytes || fs::read(one)? == fs::read(other)?)
}

/// Whether two segments hold the same bytes but for what fills the last block of one.
fn same_letters(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (fs::read(one)?, fs::read(other)?);
    let (short, long) = match one.len() < other.len() {
        true => (one, other),
        false => (other, one),
    };
    let filling = long.strip_prefix(short.as_slice());
    Ok(filling.is_some_and(|rest| rest.len() < BLOCK_BYTES && rest.iter().all(|byte| *byte == 0)))
}

/// Copies a file durably: beside its place, synced, moved there.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)?;
    let mut source = plain_files::open(from)?;
    let (mut target, beside) = plain_files::make_beside(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    fs::rename(&beside, to)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::sample;
    use crate::segments::FolderShelf;
    use crate::store::{Incoming, Kept, Quota, Shelf, Terms};

    struct House(tempfile::TempDir);

    impl House {
        fn new() -> Self {
            let house = Self(tempfile::tempdir().unwrap());
            segments::found(&house.first(), &sample::RELAY_SEED).unwrap();
            make(&house.first(), &house.second()).unwrap();
            house
        }

        fn first(&self) -> PathBuf {
            self.0.path().join("first")
        }

        fn second(&self) -> PathBuf {
            self.0.path().join("second")
        }

        fn open(&self) -> FolderShelf {
            FolderShelf::open_twice(&self.first(), &self.second()).unwrap()
        }

        fn alike(&self) -> bool {
            let (one, other) = (self.first(), self.second());
            let names = files_of(&one).unwrap();
            names == files_of(&other).unwrap()
                && names
                    .iter()
                    .all(|name| same(&one.join(name), &other.join(name), true).unwrap())
        }
    }

    fn keep(shelf: &FolderShelf, n: u32) -> Kept {
        let (tell, kept) = channel();
        let (incoming, _) = Incoming::of(sample::posting(n)).unwrap();
        let room = Quota {
            letters: u64::MAX,
            bytes: u64::MAX,
        };
        shelf.keep(
            incoming,
            Terms::open(room),
            Box::new(move |fate, _| tell.send(fate).unwrap()),
        );
        kept.recv().unwrap()
    }

    fn letters(folder: &Path) -> usize {
        let shelf = FolderShelf::open(folder).unwrap();
        shelf.accepted(Epoch(0)).unwrap().len()
    }

    #[test]
    fn what_a_link_in_the_store_leads_to_is_not_copied_to_a_second_disk() {
        use std::os::unix::fs::symlink;
        let house = tempfile::tempdir().unwrap();
        let (first, second) = (house.path().join("first"), house.path().join("second"));
        segments::found(&first, &sample::RELAY_SEED).unwrap();
        let others = house.path().join("others");
        fs::create_dir(&others).unwrap();
        fs::write(others.join("secret"), "theirs").unwrap();
        for (place, leads_to) in [
            ("notice", others.join("secret")),
            ("keys/12", others.join("secret")),
            ("board/7", others.clone()),
            ("board/round", PathBuf::from(".")),
        ] {
            symlink(&leads_to, first.join(place)).unwrap();
            let refused = make(&first, &second).unwrap_err();
            assert!(
                matches!(&refused, CannotOpenShelf::Planted { file } if file.ends_with(place)),
                "{place}"
            );
            assert!(!second.exists());
            fs::remove_file(first.join(place)).unwrap();
        }
        make(&first, &second).unwrap();
    }

    #[test]
    fn a_copy_that_was_begun_is_not_finished_through_a_link() {
        use std::os::unix::fs::symlink;
        let house = tempfile::tempdir().unwrap();
        let (first, second) = (house.path().join("first"), house.path().join("second"));
        segments::found(&first, &sample::RELAY_SEED).unwrap();
        make(&first, &second).unwrap();
        fs::remove_file(second.join("version")).unwrap();
        fs::remove_dir(second.join("keys")).unwrap();
        let others = house.path().join("others");
        fs::create_dir(&others).unwrap();
        fs::write(others.join("12"), "theirs").unwrap();
        symlink(&others, second.join("keys")).unwrap();
        let refused = make(&first, &second).unwrap_err();
        assert!(matches!(&refused, CannotOpenShelf::Planted { .. }));
        assert_eq!(fs::read(others.join("12")).unwrap(), b"theirs");
        fs::remove_file(second.join("keys")).unwrap();
        make(&first, &second).unwrap();
    }

    #[test]
    fn a_folder_that_turns_into_a_link_while_root_copies_leads_to_nothing_of_roots() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        // Root alone is able to do more than the account of the store.
        if !rustix::process::getuid().is_root() {
            return;
        }
        let house = tempfile::tempdir().unwrap();
        fs::set_permissions(house.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let (first, second) = (house.path().join("first"), house.path().join("second"));
        segments::found(&first, &sample::RELAY_SEED).unwrap();
        fs::write(first.join("keys/12"), "ours").unwrap();
        plain_files::give(&first, To::Account(4_242, 4_243)).unwrap();
        let others = house.path().join("others");
        fs::create_dir(&others).unwrap();
        let (within, place) = (second.join("keys"), others.clone());
        let begun = make_by(&first, &second, &mut move |from, to| {
            if from.ends_with("keys/12") {
                fs::remove_dir(&within)?;
                symlink(&place, &within)?;
            }
            copy(from, to)
        });
        assert!(begun.is_err());
        assert_eq!(fs::read_dir(&others).unwrap().count(), 0);
        fs::remove_file(second.join("keys")).unwrap();
        make(&first, &second).unwrap();
    }

    /// A first store of another account, where this test may give files away.
    fn first_of_an_account() -> (tempfile::TempDir, PathBuf, PathBuf) {
        use std::os::unix::fs::PermissionsExt;
        let house = tempfile::tempdir().unwrap();
        fs::set_permissions(house.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let (first, second) = (house.path().join("first"), house.path().join("second"));
        segments::found(&first, &sample::RELAY_SEED).unwrap();
        if rustix::process::getuid().is_root() {
            plain_files::give(&first, To::Account(4_242, 4_243)).unwrap();
        }
        (house, first, second)
    }

    #[test]
    fn a_store_that_the_account_cannot_look_into_is_no_second_and_stays_as_it_was() {
        use std::os::unix::fs::PermissionsExt;
        let (_house, first, second) = first_of_an_account();
        let shut = fs::Permissions::from_mode(0o700);
        segments::found(&second, &[9; 32]).unwrap();
        fs::set_permissions(&second, shut).unwrap();
        for name in ["letters/0", "keys/12"] {
            fs::write(second.join(name), "theirs").unwrap();
        }
        let seen = fs::metadata(&second).unwrap();
        let before = (files_of(&second).unwrap(), seen.uid(), seen.mode());
        for _ in 0..2 {
            let refused = make(&first, &second);
            assert!(matches!(refused, Err(CannotOpenShelf::AlreadyAStore)));
            let seen = fs::metadata(&second).unwrap();
            let after = (files_of(&second).unwrap(), seen.uid(), seen.mode());
            assert_eq!(after, before);
            assert_eq!(*segments::seed(&second).unwrap(), [9; 32]);
            assert!(!first.join("letters/0").exists());
            // Nor one of which the key alone tells whose it is.
            fs::remove_file(second.join("version")).ok();
        }
    }

    #[test]
    fn a_second_folder_with_anything_in_it_but_a_disks_own_folder_is_left_as_it_is() {
        let (_house, first, second) = first_of_an_account();
        fs::create_dir(&second).unwrap();
        fs::write(second.join("photographs"), "theirs").unwrap();
        let refused = make(&first, &second);
        assert!(matches!(refused, Err(CannotOpenShelf::SecondNotEmpty)));
        assert_eq!(fs::read(second.join("photographs")).unwrap(), b"theirs");
        assert_eq!(fs::read_dir(&second).unwrap().count(), 1);
        fs::remove_file(second.join("photographs")).unwrap();
        let found = second.join("lost+found/#12");
        fs::create_dir(second.join("lost+found")).unwrap();
        fs::write(&found, "found").unwrap();
        make(&first, &second).unwrap();
        drop(FolderShelf::open_twice(&first, &second).unwrap());
        assert_eq!(fs::read(found).unwrap(), b"found");
    }

    #[test]
    fn stores_on_disks_of_their_own_are_copied_restored_and_put_back() {
        use std::os::unix::fs::PermissionsExt;
        let (house, first, second) = first_of_an_account();
        let own = |folder: &Path| {
            fs::create_dir(folder.join("lost+found")).unwrap();
            let shut = fs::Permissions::from_mode(0o700);
            fs::set_permissions(folder.join("lost+found"), shut).unwrap();
        };
        for place in ["", "letters", "keys", "board"] {
            own(&first.join(place));
        }
        fs::create_dir(&second).unwrap();
        own(&second);
        make(&first, &second).unwrap();
        let file = house.path().join("file");
        crate::backup::write(&first, &file).unwrap();
        let restored = house.path().join("restored");
        fs::create_dir(&restored).unwrap();
        own(&restored);
        crate::backup::restore(&file, &restored, None, 2_000_000_000).unwrap();
        crate::moving::out(&first, &house.path().join("moved")).unwrap();
        crate::moving::undo(&first).unwrap();
        drop(FolderShelf::open_twice(&first, &second).unwrap());
    }

    #[test]
    fn a_file_that_root_left_in_an_accounts_store_is_told_with_how_to_give_it() {
        use std::os::unix::fs::{PermissionsExt, chown};
        let (house, first, second) = first_of_an_account();
        let left = first.join("letters/0");
        fs::write(&left, "").unwrap();
        fs::set_permissions(&left, fs::Permissions::from_mode(0o000)).unwrap();
        if rustix::process::getuid().is_root() {
            chown(&left, Some(0), Some(0)).unwrap();
        }
        let told = [
            make(&first, &second).unwrap_err().to_string(),
            crate::backup::write(&first, &house.path().join("file"))
                .unwrap_err()
                .to_string(),
        ];
        if rustix::process::getuid().is_root() {
            for told in told {
                assert!(
                    told.contains("letters/0") && told.contains("chown"),
                    "{told}"
                );
            }
        }
    }

    #[test]
    fn folders_that_root_makes_above_a_copy_let_its_account_through_and_shut_ones_are_named_before()
    {
        use std::os::unix::fs::PermissionsExt;
        let (house, first, _) = first_of_an_account();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let new = house.path().join("new");
        make(&first, &new.join("x/y")).unwrap();
        let is_root = rustix::process::getuid().is_root();
        if is_root {
            assert_eq!((mode(&new), mode(&new.join("x"))), (0o711, 0o711));
            let shut = house.path().join("shut");
            fs::create_dir(&shut).unwrap();
            fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
            let refused = make(&first, &shut.join("x/y"));
            assert!(matches!(refused, Err(CannotOpenShelf::NotReached { .. })));
            assert_eq!(fs::read_dir(&shut).unwrap().count(), 0);
        }
    }

    #[test]
    fn a_second_disk_that_root_made_belongs_to_the_account_of_the_first() {
        let (_house, first, second) = first_of_an_account();
        make(&first, &second).unwrap();
        let of = |path: &Path| {
            let seen = fs::metadata(path).unwrap();
            (seen.uid(), seen.gid())
        };
        for place in ["", "letters", "relay.key", "version"] {
            assert_eq!(of(&second.join(place)), of(&first), "{place}");
        }
    }

    #[test]
    fn a_store_on_two_disks_keeps_what_every_shelf_must_keep() {
        let houses = std::cell::RefCell::new(Vec::new());
        let checked = crate::conformance::check_all(&|| {
            let house = House::new();
            let shelf: Arc<dyn Shelf> = Arc::new(house.open());
            houses.borrow_mut().push(house);
            shelf
        });
        assert_eq!(checked, Ok(()));
        for house in houses.into_inner() {
            assert!(house.alike());
        }
    }

    #[test]
    fn every_acknowledged_letter_and_every_file_is_in_both_and_either_is_a_whole_relay() {
        let house = House::new();
        let shelf = house.open();
        for n in 0..5 {
            assert_eq!(keep(&shelf, n), Kept::New(Epoch(0)));
        }
        shelf.put(Item::Waiting, b"cells").unwrap();
        drop(shelf);
        assert!(house.alike());
        for lost in [house.first(), house.second()] {
            let left = if lost == house.first() {
                house.second()
            } else {
                house.first()
            };
            fs::rename(&lost, house.0.path().join("lost")).unwrap();
            assert_eq!(letters(&left), 5);
            assert_eq!(*segments::seed(&left).unwrap(), sample::RELAY_SEED);
            fs::rename(house.0.path().join("lost"), &lost).unwrap();
        }
    }

    #[test]
    fn while_the_second_disk_is_away_nothing_is_promised_and_afterwards_it_goes_on() {
        let house = House::new();
        let shelf = house.open();
        assert_eq!(keep(&shelf, 1), Kept::New(Epoch(0)));
        shelf.turn(Epoch(0)).unwrap();
        let away = house.0.path().join("away");
        fs::rename(house.second(), &away).unwrap();
        fs::create_dir(house.second()).unwrap();
        assert_eq!(keep(&shelf, 2), Kept::NotNow);
        assert!(shelf.put(Item::Waiting, b"cells").is_err());
        assert_eq!(shelf.read(Item::Waiting).unwrap(), None);
        assert!(shelf.put(Item::Manifest(Epoch(0)), b"manifest").is_err());
        assert_eq!(shelf.newest_closed(), None);
        // Nothing was written where the disk is not.
        assert_eq!(fs::read_dir(house.second()).unwrap().count(), 0);
        fs::remove_dir(house.second()).unwrap();
        fs::rename(&away, house.second()).unwrap();
        assert_eq!(keep(&shelf, 2), Kept::New(Epoch(1)));
        shelf.put(Item::Waiting, b"cells").unwrap();
        drop(shelf);
        assert!(house.alike());
    }

    #[test]
    fn what_is_whole_on_either_disk_counts_after_a_crash() {
        let house = House::new();
        let shelf = house.open();
        for n in 0..3 {
            keep(&shelf, n);
        }
        drop(shelf);
        let length = |folder: &Path| fs::metadata(folder.join("letters/0")).unwrap().len();
        let whole = length(&house.first());
        for broken in [house.first(), house.second()] {
            let file = crate::appending::open_file(&broken.join("letters/0")).unwrap();
            file.set_len(whole - 10).unwrap();
            let shelf = house.open();
            assert_eq!(shelf.accepted(Epoch(0)).unwrap().len(), 3);
            drop(shelf);
            assert!(house.alike());
        }
        fs::remove_file(house.first().join("letters/0")).unwrap();
        drop(house.open());
        assert_eq!(length(&house.first()), whole);
    }

    /// A disk that fails after so many files, each of the last half written.
    fn failing_after(mut left: usize) -> impl FnMut(&Path, &Path) -> io::Result<()> {
        move |from, to| {
            if left == 0 {
                fs::create_dir_all(to.parent().unwrap())?;
                let mut beside = to.as_os_str().to_owned();
                beside.push(".new");
                fs::write(beside, b"half")?;
                return Err(io::ErrorKind::StorageFull.into());
            }
            left -= 1;
            copy(from, to)
        }
    }

    fn close(shelf: &FolderShelf, epochs: std::ops::Range<u64>) {
        for epoch in epochs.map(Epoch) {
            shelf.turn(epoch).unwrap();
            shelf.put(Item::Leaves(epoch), b"").unwrap();
            shelf.put(Item::Openings(epoch), b"").unwrap();
            shelf.put(Item::Manifest(epoch), b"m").unwrap();
        }
    }

    #[test]
    fn a_copy_that_was_interrupted_after_any_file_is_finished_by_the_next() {
        // Twelve epochs: by name, the tenth comes before the second.
        let made = tempfile::tempdir().unwrap();
        let first = made.path().join("first");
        segments::found(&first, &sample::RELAY_SEED).unwrap();
        let shelf = FolderShelf::open(&first).unwrap();
        close(&shelf, 0..12);
        keep(&shelf, 1);
        // By name one that comes after the key.
        shelf.put(Item::Waiting, b"").unwrap();
        drop(shelf);
        let files = files_of(&first).unwrap().len();
        for after in 0..=files {
            let second = made.path().join(format!("second-{after}"));
            let begun = make_by(&first, &second, &mut failing_after(after));
            assert_eq!(begun.is_ok(), after == files);
            if begun.is_err() {
                let refused = FolderShelf::open_twice(&first, &second).err();
                assert!(matches!(refused, Some(CannotOpenShelf::SecondIsNoCopy)));
                make(&first, &second).unwrap();
            }
            drop(FolderShelf::open_twice(&first, &second).unwrap());
            assert_eq!(files_of(&first).unwrap(), files_of(&second).unwrap());
        }
    }

    #[test]
    fn a_second_disk_that_was_away_is_caught_up_with_after_any_interruption() {
        let behind = |house: &House| {
            close(&house.open(), 0..2);
            let alone = FolderShelf::open(&house.first()).unwrap();
            close(&alone, 2..12);
            keep(&alone, 1);
        };
        for after in 0.. {
            let house = House::new();
            behind(&house);
            let done = in_step(&house.first(), &house.second(), &mut failing_after(after)).is_ok();
            assert_eq!(house.open().accepted(Epoch(12)).unwrap().len(), 1);
            assert!(house.alike(), "{after}");
            if done {
                assert!(after > 30);
                break;
            }
        }
    }

    #[test]
    fn what_a_kill_leaves_behind_the_last_letter_reaches_the_second_disk_and_harms_nobody() {
        let house = House::new();
        let alone = FolderShelf::open(&house.first()).unwrap();
        keep(&alone, 1);
        drop(alone);
        let path = house.first().join("letters/0");
        let mut killed = fs::read(&path).unwrap();
        let letters_end = killed.len();
        killed.resize(letters_end.next_multiple_of(BLOCK_BYTES), 0);
        fs::write(&path, &killed).unwrap();
        close(&house.open(), 0..1);
        let second = FolderShelf::open(&house.second()).unwrap();
        assert_eq!(second.accepted(Epoch(0)).unwrap().len(), 1);
        let collected = second.letters_after(crate::store::Position(0), usize::MAX);
        assert_eq!(collected.unwrap().len(), 1);
        drop(second);
        // Nor are the same letters others for it.
        let exact = house.0.path().join("exact");
        fs::write(&exact, killed.get(..letters_end).unwrap()).unwrap();
        let long = house.0.path().join("long");
        let is = |bytes: &[u8]| {
            fs::write(&long, bytes).unwrap();
            same_letters(&exact, &long).unwrap() && same_letters(&long, &exact).unwrap()
        };
        assert!(is(&killed));
        assert!(!is(&[killed.as_slice(), &[0; BLOCK_BYTES]].concat()));
        *killed.last_mut().unwrap() = 1;
        assert!(!is(&killed));
    }

    #[test]
    fn a_manifest_that_only_the_second_disk_has_was_shown_to_nobody_and_goes() {
        let house = House::new();
        fs::create_dir_all(house.second().join("board/0")).unwrap();
        fs::write(house.second().join("board/0/manifest"), "m").unwrap();
        drop(house.open());
        assert!(house.alike());
        for epoch in 0..2 {
            let board = house.second().join(format!("board/{epoch}"));
            fs::create_dir_all(&board).unwrap();
            fs::write(board.join("manifest"), "m").unwrap();
        }
        let refused = FolderShelf::open_twice(&house.first(), &house.second()).err();
        assert!(matches!(refused, Some(CannotOpenShelf::SecondKnowsMore)));
    }

    #[test]
    fn while_a_relay_runs_none_starts_on_its_copy_and_none_with_the_copy_for_its_second() {
        let house = House::new();
        let running = house.open();
        assert_eq!(keep(&running, 1), Kept::New(Epoch(0)));
        let refused = FolderShelf::open(&house.second()).err();
        assert!(matches!(refused, Some(CannotOpenShelf::InUse)));
        let other = house.0.path().join("other");
        segments::found(&other, &sample::RELAY_SEED).unwrap();
        let refused = FolderShelf::open_twice(&other, &house.second()).err();
        assert!(matches!(refused, Some(CannotOpenShelf::InUse)));
        assert_eq!(keep(&running, 2), Kept::New(Epoch(0)));
        drop(running);
        assert!(house.alike());
        assert_eq!(letters(&house.second()), 2);
    }

    #[test]
    fn a_second_folder_that_is_no_copy_is_refused_and_left_as_it_is() {
        let house = House::new();
        let open = |second: &Path| FolderShelf::open_twice(&house.first(), second).err();
        let empty = house.0.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let refused = open(&empty);
        assert!(matches!(refused, Some(CannotOpenShelf::SecondIsNoCopy)));
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
        let other = house.0.path().join("other");
        segments::found(&other, &[9; 32]).unwrap();
        let refused = open(&other);
        assert!(matches!(refused, Some(CannotOpenShelf::SecondIsNoCopy)));
        for _ in 0..2 {
            let again = make(&house.first(), &other);
            assert!(matches!(again, Err(CannotOpenShelf::AlreadyAStore)));
            // Nor one of which nothing but another relay's key is left.
            fs::remove_file(other.join("version")).ok();
        }
    }
}
