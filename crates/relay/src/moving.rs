//! A store changes its place or its version, and one of the two that then exist never runs.
//!
//! Two stores with one key are two signed histories, which is what a relay that hides letters looks
//! like. So whatever makes a second store marks the first as `moved`: it is left byte for byte as
//! it was, and no relay starts on it before somebody says so.
//!
//! - [`out`] writes a backup while nothing runs and marks the store; `restore` makes it anew on
//!   another machine.
//! - [`upgrade`] does the same on one machine, with the steps between two versions in between. The
//!   old store is the way back.
//! - [`back`] goes it, and refuses where that would lose letters.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use envelope::Epoch;

use crate::backup::{self, CannotBackUp};
use crate::cli::Ending;
use crate::plain_files::{self, To, as_its_account};
use crate::restart;
use crate::segments::{self, CannotOpenShelf, FolderShelf, MOVED, VERSION, write_whole};
use crate::store::{Item, Shelf};
use crate::twin;

/// Where an upgraded store keeps what it held when it was made.
const UPGRADED: &str = "upgraded";

/// One change from a version to the next, on a copy that nobody uses yet.
pub(crate) struct Step {
    /// The version it begins with.
    pub(crate) from: u32,
    /// Makes the folder one of the next version. Killed in the middle it is begun again on a new
    /// copy, so it need not be able to go on.
    pub(crate) apply: fn(&Path) -> io::Result<()>,
}

/// Every step there has been. Empty: version 1 is the first.
const STEPS: &[Step] = &[];

/// Why a store was neither moved nor upgraded nor gone back to.
#[derive(Debug)]
#[non_exhaustive]
pub enum CannotMove {
    /// The store or the copy of it.
    BackUp(CannotBackUp),
    /// The folder to make is there and not empty.
    NotEmpty,
    /// No program of this release knows a way from that version.
    NoWay {
        /// The version of the store.
        version: u32,
    },
    /// Going back would lose what came since the upgrade.
    WouldLose,
    /// The folder is no store that came out of an upgrade.
    NotUpgraded,
    /// The store was never moved: there is nothing to undo.
    NotMoved,
    /// A file cannot be read or written.
    Disk {
        /// Which.
        file: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl std::fmt::Display for CannotMove {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BackUp(error) => error.fmt(f),
            Self::NotEmpty => write!(
                f,
                "the folder to make is there and not empty: name one that is not there yet; nothing was changed"
            ),
            Self::NoWay { version } => write!(
                f,
                "this program knows no way from version {version} to {VERSION}: upgrade with a release in between first; nothing was changed"
            ),
            Self::WouldLose => write!(
                f,
                "letters came or epochs were listed since the upgrade, and going back would lose them; nothing was changed. Let the office collect everything, then say --losing-what-came-since; the older store waits for a newer notice of the office before it takes letters"
            ),
            Self::NotUpgraded => write!(
                f,
                "--from is no store that an upgrade made: name the folder that `temoin-relay upgrade` wrote; nothing was changed"
            ),
            Self::NotMoved => write!(
                f,
                "this store was not moved, and a relay may run on it: there is nothing to undo"
            ),
            Self::Disk { file, kind } => write!(
                f,
                "`{file}` cannot be read or written ({kind}): check the name, the rights and the room on the disk, then try again{}",
                plain_files::told_to_give(*kind)
            ),
        }
    }
}

impl CannotMove {
    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::BackUp(error) => error.ending(),
            Self::Disk { .. } => Ending::Failed,
            _ => Ending::Refused,
        }
    }
}

impl From<CannotBackUp> for CannotMove {
    fn from(error: CannotBackUp) -> Self {
        Self::BackUp(error)
    }
}

impl From<CannotOpenShelf> for CannotMove {
    fn from(error: CannotOpenShelf) -> Self {
        Self::BackUp(error.into())
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotMove {
    let file = path.display().to_string();
    move |error| CannotMove::Disk {
        file,
        kind: error.kind(),
    }
}

/// Writes a store into one file for another machine; it does not run here any more.
///
/// Gives back what to do there.
///
/// # Errors
/// [`CannotMove`]; the store may still run.
pub fn out(folder: &Path, to: &Path) -> Result<String, CannotMove> {
    let _held = as_its_account(folder, || {
        segments::check_version(folder)?;
        refuse_moved(folder)?;
        Ok::<_, CannotMove>(segments::take_lock(folder)?)
    })?;
    let newest = backup::write(folder, to)?;
    as_its_account(folder, || mark_moved(folder))?;
    let last_seen = newest.map_or_else(String::new, |epoch| format!(" --last-seen {}", epoch.0));
    let waits = match newest {
        Some(_) => "",
        None => {
            "\nNo epoch was closed yet: it takes letters when the office has published once more."
        }
    };
    Ok(format!(
        "{}\nThis store does not run here any more. On the new machine, once and never again:\n  temoin-relay restore --from FILE --folder FOLDER{last_seen}{waits}\nThen destroy the file: it holds the relay's key.",
        backup::newest_in_words(newest)
    ))
}

/// Lets a store run again that was moved.
///
/// # Errors
/// [`CannotMove::NotMoved`] if it was not.
pub fn undo(folder: &Path) -> Result<String, CannotMove> {
    as_its_account(folder, || {
        segments::check_version(folder)?;
        let _held = segments::take_lock(folder)?;
        match unmark_moved(folder)? {
            true => Ok(()),
            false => Err(CannotMove::NotMoved),
        }
    })?;
    Ok("the store may run here again; destroy the file that was made of it and whatever was restored from it".to_owned())
}

/// Makes a store of this program's version out of an older one, which is left as it was.
///
/// # Errors
/// [`CannotMove`]; the older store may still run under the older program.
pub fn upgrade(folder: &Path, file: &Path, to: &Path) -> Result<String, CannotMove> {
    upgrade_by(STEPS, folder, file, to)
}

fn upgrade_by(steps: &[Step], folder: &Path, file: &Path, to: &Path) -> Result<String, CannotMove> {
    let Some((version, way, _held)) = as_its_account(folder, || way_from(steps, folder))? else {
        return Ok(format!(
            "the store is of version {VERSION}, which this program writes: there is nothing to do"
        ));
    };
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(CannotMove::NotEmpty);
    }
    // Empty, it is given; what comes into it is made by whose it is.
    let left = plain_files::told_of_left(twin::take_place(folder, to)?);
    backup::write_any_version(folder, file)?;
    // The archive names the old version, and the new store is to have another.
    let archive = fs::File::open(file).map_err(at(file))?;
    as_its_account(folder, || {
        drop(backup::unpack(archive, to)?);
        for step in way {
            (step.apply)(to).map_err(at(to))?;
        }
        // The version comes last: before it the folder is no store.
        let path = to.join("version");
        write_whole(&path, segments::version_text().as_bytes()).map_err(at(&path))?;
        let holds = holding(to)?;
        let path = to.join(UPGRADED);
        write_whole(&path, &holds).map_err(at(&path))?;
        mark_moved(folder)
    })?;
    Ok(format!(
        "upgraded from version {version} to {VERSION}. The older store is as it was and does not run any more; the file is a backup of it.\nSet `folder` in the settings to the new store and start the relay. The way back, as long as no letter has come:\n  temoin-relay rollback --from NEW --folder OLD{left}"
    ))
}

/// The version of a store, the steps from it to this program's, and the store's lock; nothing if it is
/// of this version.
type Way<'a> = Option<(u32, Vec<&'a Step>, fs::File)>;

fn way_from<'a>(steps: &'a [Step], folder: &Path) -> Result<Way<'a>, CannotMove> {
    let version = segments::version(folder)?;
    if version > VERSION {
        return Err(CannotOpenShelf::NewerVersion { version }.into());
    }
    if version == VERSION {
        return Ok(None);
    }
    refuse_moved(folder)?;
    let way: Vec<&Step> = (version..VERSION)
        .map_while(|from| steps.iter().find(|step| step.from == from))
        .collect();
    if u32::try_from(way.len()) != Ok(VERSION - version) {
        return Err(CannotMove::NoWay { version });
    }
    Ok(Some((version, way, segments::take_lock(folder)?)))
}

/// Goes back to the store an upgrade was made of, in this second since 1970.
///
/// # Errors
/// [`CannotMove`]; nothing was changed.
pub fn back(from: &Path, folder: &Path, losing: bool, now: u64) -> Result<String, CannotMove> {
    let may_go = as_its_account(folder, || may_go_back(from, folder, losing))?;
    // What root left in it before is read from here on by the account that the store belongs to.
    let left = plain_files::give(folder, To::ItsOwner).map_err(at(folder))?;
    let left = plain_files::told_of_left(left);
    let Pair { whole, _held } = may_go;
    as_its_account(folder, || {
        if !whole {
            restart::prepare(folder, now)?;
            let mark = folder.join(Item::Restored.path());
            write_whole(&mark, b"").map_err(at(&mark))?;
        }
        // First the newer one stops: at no time may both run.
        mark_moved(from)?;
        unmark_moved(folder)
    })?;
    let next = if whole {
        "nothing had come since the upgrade, and nothing is lost"
    } else {
        "what came since the upgrade stays in the newer store; the older one takes letters when the office has published a newer notice"
    };
    Ok(format!(
        "{next}. Set `folder` in the settings to the older store, install the older program and start it.{left}"
    ))
}

/// An upgraded store and the one it was made of, on which nobody runs.
struct Pair {
    /// Whether nothing came since the upgrade.
    whole: bool,
    _held: fs::File,
}

fn may_go_back(from: &Path, folder: &Path, losing: bool) -> Result<Pair, CannotMove> {
    let Ok(held) = fs::read(from.join(UPGRADED)) else {
        return Err(CannotMove::NotUpgraded);
    };
    refuse_moved(from)?;
    if !folder.join(MOVED).exists() {
        return Err(CannotMove::NotMoved);
    }
    let _held = segments::take_lock(folder)?;
    for store in [from, folder] {
        plain_files::refuse_planted(store)?;
    }
    let whole = holding(from)? == held;
    match whole || losing {
        true => Ok(Pair { whole, _held }),
        false => Err(CannotMove::WouldLose),
    }
}

/// What a store holds: how many epochs are closed, and where its last letter stands.
fn holding(folder: &Path) -> Result<Vec<u8>, CannotMove> {
    let shelf = FolderShelf::open(folder)?;
    let closed = shelf.newest_closed().map_or(0, |Epoch(newest)| newest + 1);
    let held = shelf.held().map_err(|_| CannotOpenShelf::Damaged {
        file: folder.join("letters").display().to_string(),
    })?;
    // Epochs whose letters were discarded since are not news; the highest place is.
    let last = held.last().map_or(0, |(_, position)| position.0);
    Ok([closed.to_be_bytes(), last.to_be_bytes()].concat())
}

fn refuse_moved(folder: &Path) -> Result<(), CannotMove> {
    if folder.join(MOVED).exists() {
        return Err(CannotOpenShelf::Moved.into());
    }
    Ok(())
}

fn mark_moved(folder: &Path) -> Result<(), CannotMove> {
    let path = folder.join(MOVED);
    write_whole(&path, b"").map_err(at(&path))
}

/// Whether there was a mark to take away.
fn unmark_moved(folder: &Path) -> Result<bool, CannotMove> {
    let path: PathBuf = folder.join(MOVED);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(at(&path)(error)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::sample;
    use crate::store::{Incoming, Kept, Quota, Terms};

    struct House(tempfile::TempDir);

    impl House {
        fn with_letters(count: u32) -> Self {
            let house = Self(tempfile::tempdir().unwrap());
            segments::found(&house.older(), &sample::RELAY_SEED).unwrap();
            keep(&house.older(), 0..count);
            house
        }

        /// A store of a version before the first, invented here: its seed is written backwards.
        fn of_version_zero(count: u32) -> Self {
            let house = Self::with_letters(count);
            let mut seed = sample::RELAY_SEED;
            seed.reverse();
            fs::write(house.older().join("relay.key"), seed).unwrap();
            fs::write(house.older().join("version"), "temoin relay store 0\n").unwrap();
            house
        }

        fn older(&self) -> PathBuf {
            self.0.path().join("old")
        }

        fn newer(&self) -> PathBuf {
            self.0.path().join("new")
        }

        fn file(&self) -> PathBuf {
            self.0.path().join("file")
        }

        fn upgrade(&self) -> Result<String, CannotMove> {
            upgrade_by(&[BACKWARDS], &self.older(), &self.file(), &self.newer())
        }
    }

    const BACKWARDS: Step = Step {
        from: 0,
        apply: |folder| {
            let mut seed = fs::read(folder.join("relay.key"))?;
            seed.reverse();
            fs::write(folder.join("relay.key"), seed)
        },
    };

    fn keep(folder: &Path, numbers: std::ops::Range<u32>) {
        let shelf = FolderShelf::open(folder).unwrap();
        for n in numbers {
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
            assert!(matches!(
                kept.recv().unwrap(),
                Kept::New(_) | Kept::Known(_)
            ));
        }
    }

    fn letters(folder: &Path) -> usize {
        let shelf = FolderShelf::open(folder).unwrap();
        shelf.accepted(Epoch(0)).unwrap().len()
    }

    fn refusal(folder: &Path) -> Option<CannotOpenShelf> {
        FolderShelf::open(folder).err()
    }

    #[test]
    fn a_store_that_was_moved_does_not_run_before_it_is_told_to() {
        let house = House::with_letters(3);
        let told = out(&house.older(), &house.file()).unwrap();
        assert!(told.contains("restore --from"), "{told}");
        assert!(matches!(
            refusal(&house.older()),
            Some(CannotOpenShelf::Moved)
        ));
        // A second file would be a second relay.
        let again = out(&house.older(), &house.0.path().join("again")).unwrap_err();
        assert!(again.to_string().contains("was moved"), "{again}");
        backup::restore(&house.file(), &house.newer(), None, 1_000).unwrap();
        assert_eq!(letters(&house.newer()), 3);
        undo(&house.older()).unwrap();
        assert_eq!(letters(&house.older()), 3);
        assert!(matches!(undo(&house.older()), Err(CannotMove::NotMoved)));
    }

    #[test]
    fn a_store_on_which_a_relay_runs_is_not_moved() {
        let house = House::with_letters(1);
        let running = FolderShelf::open(&house.older()).unwrap();
        let refused = out(&house.older(), &house.file()).unwrap_err();
        assert!(refused.to_string().contains("stop it first"), "{refused}");
        assert!(!house.file().exists());
        drop(running);
        assert_eq!(refusal(&house.older()).map(|e| e.to_string()), None);
    }

    #[test]
    fn a_store_of_this_version_is_left_alone_by_an_upgrade() {
        let house = House::with_letters(1);
        let told = upgrade(&house.older(), &house.file(), &house.newer()).unwrap();
        assert!(told.contains("nothing to do"), "{told}");
        assert!(!house.file().exists() && !house.newer().exists());
        assert_eq!(letters(&house.older()), 1);
    }

    #[test]
    fn an_older_store_is_not_run_on_but_upgraded_with_every_letter_into_another_folder() {
        let house = House::of_version_zero(5);
        let refused = refusal(&house.older()).unwrap();
        assert!(
            refused.to_string().contains("temoin-relay upgrade"),
            "{refused}"
        );
        house.upgrade().unwrap();
        assert_eq!(letters(&house.newer()), 5);
        assert_eq!(*segments::seed(&house.newer()).unwrap(), sample::RELAY_SEED);
        // The older one is as it was, but for its mark.
        let version = fs::read_to_string(house.older().join("version")).unwrap();
        assert_eq!(version, "temoin relay store 0\n");
        assert!(house.older().join(MOVED).exists() && house.file().exists());
    }

    #[test]
    fn a_version_without_a_way_and_a_folder_in_use_are_refused_before_anything_is_written() {
        let house = House::of_version_zero(1);
        let no_way = upgrade(&house.older(), &house.file(), &house.newer()).unwrap_err();
        assert!(matches!(no_way, CannotMove::NoWay { version: 0 }));
        fs::create_dir(house.newer()).unwrap();
        fs::write(house.newer().join("mine"), "").unwrap();
        assert!(matches!(house.upgrade(), Err(CannotMove::NotEmpty)));
        fs::write(house.older().join("version"), "temoin relay store 99\n").unwrap();
        let newer = house.upgrade().unwrap_err();
        assert!(newer.to_string().contains("update temoin-relay"), "{newer}");
        assert!(!house.file().exists() && !house.older().join(MOVED).exists());
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_store_to_its_older_program() {
        let house = House::of_version_zero(2);
        let failing = Step {
            from: 0,
            apply: |_| Err(io::ErrorKind::StorageFull.into()),
        };
        let failed = upgrade_by(&[failing], &house.older(), &house.file(), &house.newer());
        assert!(matches!(failed, Err(CannotMove::Disk { .. })));
        assert!(!house.older().join(MOVED).exists());
        assert!(matches!(
            refusal(&house.newer()),
            Some(CannotOpenShelf::NotAStore)
        ));
    }

    #[test]
    fn going_back_is_free_until_a_letter_comes_and_then_has_to_be_said() {
        let house = House::of_version_zero(2);
        house.upgrade().unwrap();
        assert!(back(&house.newer(), &house.older(), false, 1_000).is_ok());
        assert!(matches!(
            refusal(&house.newer()),
            Some(CannotOpenShelf::Moved)
        ));
        assert!(!house.older().join(MOVED).exists());
        assert!(!house.older().join("restored").exists());

        let house = House::of_version_zero(2);
        house.upgrade().unwrap();
        keep(&house.newer(), 2..3);
        let refused = back(&house.newer(), &house.older(), false, 1_000);
        assert!(matches!(refused, Err(CannotMove::WouldLose)));
        assert!(house.older().join(MOVED).exists());
        assert_eq!(letters(&house.newer()), 3);
        back(&house.newer(), &house.older(), true, 1_000).unwrap();
        assert!(house.older().join("restored").exists());
        assert!(matches!(
            refusal(&house.newer()),
            Some(CannotOpenShelf::Moved)
        ));
    }

    #[test]
    fn a_store_with_a_link_in_a_folders_place_is_not_gone_back_to() {
        let house = House::of_version_zero(2);
        house.upgrade().unwrap();
        let others = house.0.path().join("others");
        fs::create_dir(&others).unwrap();
        fs::write(others.join("7"), "theirs").unwrap();
        fs::rename(house.older().join("letters"), house.0.path().join("kept")).unwrap();
        std::os::unix::fs::symlink(&others, house.older().join("letters")).unwrap();
        let refused = back(&house.newer(), &house.older(), true, 1_000).unwrap_err();
        assert!(refused.to_string().contains("mount --bind"), "{refused}");
        assert_eq!(fs::read(others.join("7")).unwrap(), b"theirs");
        assert!(house.older().join(MOVED).exists());
        fs::remove_file(house.older().join("letters")).unwrap();
        fs::rename(house.0.path().join("kept"), house.older().join("letters")).unwrap();
        back(&house.newer(), &house.older(), true, 1_000).unwrap();
    }

    #[test]
    fn root_upgrades_a_store_with_the_rights_of_its_account_and_the_newer_is_that_accounts() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        /// Leaves behind who it was.
        const WHO: Step = Step {
            from: 0,
            apply: |folder| {
                let who = rustix::process::geteuid().as_raw();
                fs::write(folder.join("who"), who.to_string())?;
                (BACKWARDS.apply)(folder)
            },
        };
        let house = House::of_version_zero(2);
        fs::set_permissions(house.0.path(), fs::Permissions::from_mode(0o711)).unwrap();
        if rustix::process::getuid().is_root() {
            plain_files::give(&house.older(), To::Account(4_242, 4_243)).unwrap();
        }
        let due = fs::metadata(house.older()).unwrap();
        upgrade_by(&[WHO], &house.older(), &house.file(), &house.newer()).unwrap();
        let who = fs::read_to_string(house.newer().join("who")).unwrap();
        assert_eq!(who, due.uid().to_string());
        for place in ["", "letters", "relay.key", "version", UPGRADED] {
            let made = fs::metadata(house.newer().join(place)).unwrap();
            assert_eq!((made.uid(), made.gid()), (due.uid(), due.gid()), "{place}");
        }
        let moved = fs::metadata(house.older().join(MOVED)).unwrap();
        assert_eq!(moved.uid(), due.uid());
    }

    #[test]
    fn only_the_pair_of_an_upgrade_is_gone_back() {
        let house = House::with_letters(1);
        let other = House::with_letters(1);
        let none = back(&house.older(), &other.older(), true, 1_000);
        assert!(matches!(none, Err(CannotMove::NotUpgraded)));
        let house = House::of_version_zero(1);
        house.upgrade().unwrap();
        let not_moved = back(&house.newer(), &other.older(), true, 1_000);
        assert!(matches!(not_moved, Err(CannotMove::NotMoved)));
    }
}
