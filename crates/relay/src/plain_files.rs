//! Files of a folder that another account may write to, opened and made without following a link.
//!
//! Root gives some commands on a store that belongs to the relay's account: `setup`, `second`,
//! `move`, `upgrade`, `rollback`, `backup`. Whoever has that account could put a link where root is
//! about to write, read or give away. So what root does in a store is done with the rights of that
//! account ([`as_its_account`]): wherever a link leads, and whenever it was put there, nothing is
//! reached that the account does not reach itself. What root alone can do, to give files away, does
//! not go by a path below such a folder: a name is opened without following it, what was opened is
//! looked at, and that is used.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{Dir, Mode, OFlags};

use crate::segments::{self, CannotOpenShelf};

/// How deep the folders of a store lie at most, with room: each that is open takes a descriptor.
const DEPTH: usize = 16;

/// Whether a path's last name is not followed, and a queue in a file's place is not waited for.
const AS_IT_STANDS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK);

/// Flags for [`OpenOptions`] that open what stands at a path, and not what it leads to.
fn as_it_stands() -> i32 {
    AS_IT_STANDS.bits().cast_signed()
}

/// Opens a plain file for reading.
///
/// # Errors
/// What the system says; `InvalidInput` for anything else that can be opened.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(as_it_stands()).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Opens a plain file for reading and writing.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_to_change(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let file = options.custom_flags(as_it_stands()).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Whether something other than a plain file stands at a path.
pub(crate) fn is_something_else(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|seen| !seen.is_file())
}

/// Makes a new file beside a path, to be moved there once it is whole.
///
/// # Errors
/// What the system says.
pub(crate) fn make_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // A new file is never made through a link, nor in another's place.
    let make = || {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
    };
    let file = match make() {
        // Left by a crash, or put there: it is nobody's.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(&beside)?;
            make()?
        }
        other => other?,
    };
    Ok((file, beside))
}

/// Makes a folder and those missing above it, which anybody may pass through: below them something
/// is given to another account.
///
/// # Errors
/// What the system says; some may be made by then.
pub(crate) fn make_to_give(folder: &Path) -> io::Result<()> {
    for above in folder
        .ancestors()
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        if above.as_os_str().is_empty() || above.exists() {
            continue;
        }
        match fs::create_dir(above) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            made => made?,
        }
        // Whatever mask this program gave itself.
        rustix::fs::fchmod(open_folder(above)?, Mode::from_bits_retain(0o711))?;
    }
    fs::create_dir_all(folder)
}

/// Opens or makes a file of a folder that only its name is wanted of, and gives it to the account
/// that the folder belongs to. Nothing if it cannot be theirs: a link, or a file with other names.
///
/// # Errors
/// What the system says.
pub(crate) fn open_or_make_theirs(folder: &Path, name: &str) -> io::Result<Option<File>> {
    // The folder looked at and the one written to are one, should its name lead elsewhere meanwhile.
    let above = open_folder(folder)?;
    let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC | AS_IT_STANDS;
    let file = match rustix::fs::openat(&above, name, flags, Mode::from_bits_retain(0o666)) {
        Ok(file) => File::from(file),
        Err(_) if is_something_else(&folder.join(name)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (above, own) = (above.metadata()?, file.metadata()?);
    if !own.is_file() {
        return Ok(None);
    }
    if own.uid() != above.uid() {
        if own.nlink() != 1 {
            return Ok(None);
        }
        // Nobody but root may give a file away, nor has to.
        drop(fchown(&file, Some(above.uid()), Some(above.gid())));
    }
    Ok(Some(file))
}

/// Opens a folder. A link in its place is followed only if root made it, or whoever asks.
fn open_folder(folder: &Path) -> io::Result<File> {
    let mut flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let link = fs::symlink_metadata(folder)?;
    if !matches!(link.uid(), uid if uid == 0 || uid == rustix::process::geteuid().as_raw()) {
        flags |= OFlags::NOFOLLOW;
    }
    Ok(rustix::fs::open(folder, flags, Mode::empty())?.into())
}

/// Does something with the rights of the account that a folder belongs to, if root asks; with those
/// one has, if anybody else does, or where there is no such folder.
///
/// # Errors
/// [`CannotOpenShelf::NoRights`], [`CannotOpenShelf::NotReached`], or what the system says of the
/// folder: nothing was done then. Otherwise those of the work.
pub(crate) fn as_its_account<T: Send, E: Send + From<CannotOpenShelf>>(
    folder: &Path,
    work: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E> {
    let account = match rustix::process::geteuid().is_root() {
        true => match account_of(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            account => account.map_err(at(folder))?,
        },
        false => None,
    };
    let Some((user, group)) = account else {
        return work();
    };
    let list = |path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    let groups = Groups::of((user, group), &list("/etc/passwd"), &list("/etc/group"));
    // A thread of its own, and those it starts, have other rights than the rest of the process.
    std::thread::scope(|scope| {
        let worked = scope.spawn(move || {
            if take_rights_of(user, &groups).is_err() {
                return Err(CannotOpenShelf::NoRights { account: user }.into());
            }
            refuse_unreached(folder, user)?;
            work()
        });
        worked
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Says whose rights are too few, where a folder above does not let an account through.
///
/// # Errors
/// [`CannotOpenShelf::NotReached`]
pub(crate) fn refuse_unreached(folder: &Path, account: u32) -> Result<(), CannotOpenShelf> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(CannotOpenShelf::NotReached {
                file: folder.display().to_string(),
                account,
            })
        }
        _ => Ok(()),
    }
}

/// The groups of an account.
#[derive(Debug, PartialEq, Eq)]
struct Groups {
    /// What it makes is this one's.
    own: u32,
    all: Vec<u32>,
}

impl Groups {
    /// By the system's lists of accounts and groups; for an account that they do not name, the group
    /// of its folder.
    fn of((user, group): (u32, u32), accounts: &str, groups: &str) -> Self {
        let named = accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let (has, own) = (fields.nth(1)?, fields.next()?);
            (has.parse() == Ok(user)).then_some((name, own.parse().ok()?))
        });
        let Some((name, own)) = named else {
            return Self {
                own: group,
                all: vec![group],
            };
        };
        let further = groups.lines().filter_map(|line| {
            let mut fields = line.split(':').skip(2);
            let (number, members) = (fields.next()?, fields.next()?);
            let is_member = members.split(',').any(|member| member == name);
            number.parse().ok().filter(|_| is_member)
        });
        Self {
            own,
            all: std::iter::once(own).chain(further).collect(),
        }
    }
}

/// The account that a folder belongs to; none if that is root. A link is its maker's, whatever it
/// leads to, unless root made it.
pub(crate) fn account_of(folder: &Path) -> io::Result<Option<(u32, u32)>> {
    let seen = match fs::symlink_metadata(folder)? {
        seen if seen.uid() == 0 => fs::metadata(folder)?,
        seen => seen,
    };
    Ok((seen.uid() != 0).then(|| (seen.uid(), seen.gid())))
}

/// Gives up root's rights in this thread for those of a user and its groups, for good.
#[cfg(target_os = "linux")]
fn take_rights_of(user: u32, groups: &Groups) -> io::Result<()> {
    use rustix::fs::{Gid, Uid};
    let (user, group) = (Uid::from_raw(user), Gid::from_raw(groups.own));
    let all: Vec<Gid> = groups.all.iter().copied().map(Gid::from_raw).collect();
    rustix::thread::set_thread_groups(&all)?;
    rustix::thread::set_thread_res_gid(group, group, group)?;
    rustix::thread::set_thread_res_uid(user, user, user)?;
    Ok(())
}

/// Elsewhere an account is a process's: root's commands are held by [`refuse_planted`] alone.
#[cfg(not(target_os = "linux"))]
fn take_rights_of(_: u32, groups: &Groups) -> io::Result<()> {
    let _ = (groups.own, &groups.all);
    Ok(())
}

/// Refuses a folder in which a name, however deep, would lead a copy elsewhere: a link, or a file of
/// another account's that has a name elsewhere too.
///
/// A folder that is neither the account's nor of whose the whole is, and that cannot be looked into,
/// is passed over: a disk has one of root's own in its uppermost folder. Nothing is copied from it.
///
/// # Errors
/// [`CannotOpenShelf::Planted`]; [`CannotOpenShelf::Disk`] with the folder that cannot be read.
pub(crate) fn refuse_planted(folder: &Path) -> Result<(), CannotOpenShelf> {
    let owner = fs::metadata(folder).map_err(at(folder))?.uid();
    let ours = [owner, rustix::process::geteuid().as_raw()];
    let mut open = vec![(folder.to_path_buf(), owner)];
    while let Some((within, has)) = open.pop() {
        let entries = match fs::read_dir(&within) {
            // A relay runs: what it gave up is gone by now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied && !ours.contains(&has) =>
            {
                continue;
            }
            entries => entries.map_err(at(&within))?,
        };
        for entry in entries {
            let path = entry.map_err(at(&within))?.path();
            let seen = match fs::symlink_metadata(&path) {
                // And what it wrote beside its place is in it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                seen => seen.map_err(at(&path))?,
            };
            if seen.is_dir() {
                open.push((path, seen.uid()));
            } else if !seen.is_file() || (seen.nlink() != 1 && seen.uid() != owner) {
                return Err(segments::planted(&path));
            }
        }
    }
    Ok(())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotOpenShelf {
    let file = path.display().to_string();
    move |error| CannotOpenShelf::Disk {
        file,
        kind: error.kind(),
    }
}

/// To whom a folder is given.
#[derive(Clone, Copy)]
pub(crate) enum To {
    /// A user and a group.
    Account(u32, u32),
    /// Whoever has it now: what root made in it becomes theirs.
    ItsOwner,
}

/// Gives a folder and all in it to an account, and shuts its folders against all others.
///
/// Gives back how many names were left as they are: links, files that have another name elsewhere,
/// and what is no file at all. None of them is of a store's making, and what they lead to may be
/// anybody's.
///
/// # Errors
/// What the system says; some of it may be given by then.
pub(crate) fn give(folder: &Path, to: To) -> io::Result<u64> {
    let top = open_folder(folder)?;
    let (user, group) = match to {
        To::Account(user, group) => (user, group),
        To::ItsOwner => {
            let seen = top.metadata()?;
            (seen.uid(), seen.gid())
        }
    };
    let mut left = 0;
    let mut within = vec![enter(top, user, group)?];
    while let Some(folder) = within.last_mut() {
        let Some(entry) = folder.read() else {
            within.pop();
            continue;
        };
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | AS_IT_STANDS;
        let Ok(file) = rustix::fs::openat(folder.fd()?, name, flags, Mode::empty()) else {
            left += 1;
            continue;
        };
        let file = File::from(file);
        let seen = file.metadata()?;
        if seen.is_dir() && within.len() < DEPTH {
            within.push(enter(file, user, group)?);
        } else if (seen.uid(), seen.gid()) == (user, group) && !seen.is_dir() {
            // Theirs already.
        } else if seen.is_file() && seen.nlink() == 1 {
            fchown(&file, Some(user), Some(group))?;
        } else {
            left += 1;
        }
    }
    Ok(left)
}

/// Gives away a folder itself, and begins to read it.
fn enter(folder: File, user: u32, group: u32) -> io::Result<Dir> {
    fchown(&folder, Some(user), Some(group))?;
    rustix::fs::fchmod(&folder, Mode::RWXU)?;
    Ok(Dir::new(folder)?)
}

/// What the operator is told of names that were left as they are; nothing if there are none.
pub(crate) fn told_of_left(left: u64) -> String {
    match left {
        0 => String::new(),
        left => format!(
            "\nleft as they are: {left} names in the folder that a relay does not make there (links, files that have a name elsewhere too). Look at them with `find FOLDER -type l -o -type f -links +1`; whoever has the relay's account may have put them there"
        ),
    }
}

/// What the operator is told of a file that the store's account may not touch: root may have made it
/// there. Nothing of other failures.
pub(crate) fn told_to_give(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied => {
            ". What root does in a store it does with the rights of the account that the store belongs to; if root once left files there, give them to it (`chown -R ACCOUNT: STORE`)"
        }
        _ => "",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A folder of the account's, and beside it something that is not the account's.
    struct House(tempfile::TempDir);

    impl House {
        fn new() -> Self {
            let house = Self(tempfile::tempdir().unwrap());
            fs::create_dir_all(house.folder().join("board/3")).unwrap();
            fs::create_dir(house.others()).unwrap();
            fs::write(house.secret(), "theirs").unwrap();
            fs::set_permissions(house.others(), fs::Permissions::from_mode(0o755)).unwrap();
            house
        }

        fn folder(&self) -> PathBuf {
            self.0.path().join("store")
        }

        fn others(&self) -> PathBuf {
            self.0.path().join("others")
        }

        fn secret(&self) -> PathBuf {
            self.others().join("secret")
        }

        fn seen(&self) -> [(u32, u32, u32); 2] {
            [self.others(), self.secret()].map(|path| seen(&path))
        }
    }

    fn seen(path: &Path) -> (u32, u32, u32) {
        let seen = fs::metadata(path).unwrap();
        (seen.uid(), seen.gid(), seen.mode())
    }

    /// Another account where this test may give files away, its own where not.
    fn account() -> (u32, u32) {
        match rustix::process::getuid().is_root() {
            true => (4_242, 4_243),
            false => (
                rustix::process::getuid().as_raw(),
                rustix::process::getgid().as_raw(),
            ),
        }
    }

    #[test]
    fn what_a_link_in_the_folder_leads_to_is_not_given_away() {
        let house = House::new();
        let before = house.seen();
        fs::write(house.folder().join("board/3/leaves"), "").unwrap();
        symlink(house.others(), house.folder().join("letters")).unwrap();
        symlink(house.secret(), house.folder().join("board/3/manifest")).unwrap();
        symlink(".", house.folder().join("round")).unwrap();
        let (user, group) = account();
        let left = give(&house.folder(), To::Account(user, group)).unwrap();
        assert_eq!(left, 3);
        assert_eq!(house.seen(), before);
        for place in ["", "board", "board/3"] {
            let (has, of, mode) = seen(&house.folder().join(place));
            assert_eq!((has, of, mode & 0o777), (user, group, 0o700), "{place}");
        }
        let (has, of, _) = seen(&house.folder().join("board/3/leaves"));
        assert_eq!((has, of), (user, group));
        assert!(told_of_left(left).contains("3 names"));
    }

    #[test]
    fn a_file_that_has_a_name_elsewhere_is_not_given_away() {
        let house = House::new();
        let before = house.seen();
        fs::hard_link(house.secret(), house.folder().join("board/notice")).unwrap();
        let (user, group) = account();
        let left = give(&house.folder(), To::Account(user, group)).unwrap();
        assert_eq!(house.seen(), before);
        // To whom it belongs already it need not be given.
        assert_eq!(left, u64::from(before[1].0 != user));
    }

    #[test]
    fn a_queue_in_a_folder_and_folders_without_end_keep_nobody_waiting() {
        let house = House::new();
        let mut deep = house.folder();
        for _ in 0..2 * DEPTH {
            deep.push("d");
            fs::create_dir(&deep).unwrap();
        }
        let queue = house.folder().join("letters");
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, &queue, kind, Mode::RWXU, 0).unwrap();
        let (user, group) = account();
        let foreign = u64::from(rustix::process::getuid().is_root());
        let left = give(&house.folder(), To::Account(user, group)).unwrap();
        assert_eq!(left, 1 + foreign);
    }

    #[test]
    fn a_folder_given_to_its_owner_stays_theirs_with_all_that_root_wrote_in_it() {
        let house = House::new();
        let (user, group) = account();
        std::os::unix::fs::chown(house.folder(), Some(user), Some(group)).unwrap();
        fs::write(house.folder().join("restored"), "").unwrap();
        assert_eq!(give(&house.folder(), To::ItsOwner).unwrap(), 0);
        let (has, of, _) = seen(&house.folder().join("restored"));
        assert_eq!((has, of), (user, group));
    }

    #[test]
    fn a_file_made_beside_its_place_is_never_written_through_a_link() {
        let house = House::new();
        let path = house.folder().join("moved");
        let planted = house.folder().join("moved.new");
        for there in [house.secret(), house.others().join("not there yet")] {
            symlink(&there, &planted).unwrap();
            let (_, beside) = make_beside(&path).unwrap();
            assert_eq!(beside, planted);
            assert!(fs::symlink_metadata(&planted).unwrap().is_file());
            fs::remove_file(&planted).unwrap();
        }
        assert_eq!(fs::read_to_string(house.secret()).unwrap(), "theirs");
        assert!(!house.others().join("not there yet").exists());
    }

    #[test]
    fn what_a_crash_left_beside_a_place_is_written_anew() {
        let house = House::new();
        let path = house.folder().join("moved");
        fs::write(house.folder().join("moved.new"), "half of somethi").unwrap();
        let (_, beside) = make_beside(&path).unwrap();
        assert_eq!(fs::read_to_string(beside).unwrap(), "");
    }

    #[test]
    fn root_reaches_through_a_store_only_what_its_account_reaches() {
        let house = House::new();
        let (user, group) = account();
        let open = fs::Permissions::from_mode(0o711);
        fs::set_permissions(house.0.path(), open).unwrap();
        fs::set_permissions(house.secret(), fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::chown(house.folder(), Some(user), Some(group)).unwrap();
        let link = house.0.path().join("link");
        symlink(house.others(), &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(user), Some(group)).unwrap();
        let is_root = rustix::process::getuid().is_root();
        for (at, made) in [(house.folder(), true), (link, false)] {
            let (read, written) = as_its_account(&at, || {
                Ok::<_, CannotOpenShelf>((
                    fs::read(house.secret()).is_ok(),
                    fs::write(at.join("made"), ""),
                ))
            })
            .unwrap();
            assert_eq!((read, written.is_ok()), (!is_root, made || !is_root));
        }
        assert_eq!(seen(&house.folder().join("made")).0, user);
        // What it gave up there it still has everywhere else.
        fs::read(house.secret()).unwrap();
    }

    #[test]
    fn a_folder_of_roots_own_in_a_store_is_passed_over_and_any_other_that_is_shut_is_named() {
        use std::os::unix::fs::chown;
        let house = House::new();
        let store = house.folder();
        fs::set_permissions(house.0.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let (user, group) = account();
        give(&store, To::Account(user, group)).unwrap();
        let shut = store.join("board/shut");
        fs::create_dir(&shut).unwrap();
        let looked = |has: u32, mode: u32| {
            chown(&shut, Some(has), None).unwrap();
            fs::set_permissions(&shut, fs::Permissions::from_mode(mode)).unwrap();
            as_its_account(&store, || refuse_planted(&store))
        };
        if rustix::process::getuid().is_root() {
            looked(0, 0o700).unwrap();
        }
        let named = looked(user, 0o000);
        let is_named = |file: &str| Path::new(file) == shut;
        assert!(matches!(&named, Err(CannotOpenShelf::Disk { file, .. }) if is_named(file)));
        // What can be looked into is, whosever it is.
        symlink(house.secret(), shut.join("12")).unwrap();
        let has = if rustix::process::getuid().is_root() {
            0
        } else {
            user
        };
        let refused = looked(has, 0o755);
        assert!(matches!(refused, Err(CannotOpenShelf::Planted { .. })));
    }

    #[test]
    fn an_account_has_the_groups_that_the_systems_lists_give_it() {
        let accounts = "root:x:0:0::/root:/bin/sh\nbroken\nrelay:x:998:997::/:/bin/false\n\
                        again:x:998:5::/:/bin/false\n";
        let groups = "root:x:0:relays\nrelay:x:997:\ndisks:x:44:tor,relay\nbackup:x:34:relay\n\
                      tor:x:61:relay2\nbroken:x:six:relay\n";
        let of = |account| Groups::of(account, accounts, groups);
        let (own, all) = (997, vec![997, 44, 34]);
        assert_eq!(of((998, 12)), Groups { own, all });
        let (own, all) = (12, vec![12]);
        assert_eq!(of((4_242, 12)), Groups { own, all });
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_another_account_does_it_does_with_all_its_groups() {
        if !rustix::process::getuid().is_root() {
            return;
        }
        let groups = Groups {
            own: 4_243,
            all: vec![4_243, 4_244],
        };
        let has = std::thread::spawn(move || {
            take_rights_of(4_242, &groups).unwrap();
            fs::read_to_string("/proc/thread-self/status").unwrap()
        });
        let has = has.join().unwrap();
        let line = |start| has.lines().find(|line| line.starts_with(start)).unwrap();
        let numbers = |start| line(start).split_whitespace().skip(1).collect::<Vec<_>>();
        assert_eq!(numbers("Groups:"), ["4243", "4244"]);
        assert_eq!(numbers("Gid:"), ["4243"; 4]);
        assert_eq!(numbers("Uid:"), ["4242"; 4]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn root_that_may_not_take_an_accounts_rights_is_told_so_and_does_nothing() {
        use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
        if !rustix::process::getuid().is_root() {
            return;
        }
        let house = House::new();
        let (user, group) = account();
        give(&house.folder(), To::Account(user, group)).unwrap();
        let folder = house.folder();
        let done = std::thread::spawn(move || {
            let mut has = capabilities(None).unwrap();
            has.effective.remove(CapabilitySet::SETUID);
            set_capabilities(None, has).unwrap();
            as_its_account(&folder, || Ok(fs::write(folder.join("made"), "").is_ok()))
        });
        let refused = done.join().unwrap();
        assert!(matches!(refused, Err(CannotOpenShelf::NoRights { account }) if account == user));
        assert!(!house.folder().join("made").exists());
    }

    #[test]
    fn a_folder_that_its_account_does_not_reach_is_told_with_whose_rights_are_too_few() {
        let house = House::new();
        let (user, group) = account();
        give(&house.folder(), To::Account(user, group)).unwrap();
        let shut = fs::Permissions::from_mode(0o700);
        fs::set_permissions(house.0.path(), shut).unwrap();
        let nowhere = house.0.path().join("nowhere");
        let found = |folder: &Path| as_its_account(folder, || Ok(folder.exists()));
        if rustix::process::getuid().is_root() {
            let refused = found(&house.folder()).unwrap_err();
            assert!(
                matches!(&refused, CannotOpenShelf::NotReached { account, .. } if *account == user)
            );
            assert!(refused.to_string().contains("every folder above"));
        }
        // Where there is none, whoever asks sees that.
        assert!(!found(&nowhere).unwrap());
        let open = fs::Permissions::from_mode(0o711);
        fs::set_permissions(house.0.path(), open).unwrap();
        assert!(found(&house.folder()).unwrap());
    }

    #[test]
    fn a_link_that_the_account_put_in_a_folders_place_gives_nothing_away() {
        let house = House::new();
        let before = house.seen();
        let (user, group) = account();
        let link = house.0.path().join("link");
        symlink(house.others(), &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(user), Some(group)).unwrap();
        let given = give(&link, To::Account(user, group));
        assert_eq!(given.is_err(), rustix::process::getuid().is_root());
        if given.is_err() {
            assert_eq!(house.seen(), before);
        }
    }

    #[test]
    fn a_link_is_not_read_as_a_file_of_the_store() {
        let house = House::new();
        let planted = house.folder().join("notice");
        symlink(house.secret(), &planted).unwrap();
        assert!(open(&planted).is_err());
        assert!(open_to_change(&planted).is_err());
        assert!(open_to_change(&house.secret()).is_ok());
        assert!(open(&house.folder()).is_err());
        assert!(open(&house.secret()).is_ok());
    }
}
