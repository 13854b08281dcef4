//! The files of a vault and the locks on them.
//!
//! ```text
//! vault.temoin          the header: which store is in force, and its key under the passphrase
//! vault-{number}.store  the encrypted store in force; a change of key makes the next number
//! vault.lock            held by the desk that has the vault open
//! ```
//! A change of key writes the whole store anew under the new key, then puts the new header in
//! place in one step; a desk killed between the two opens the old one as if nothing had happened.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;

use rand_core::CryptoRng;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

use crate::locked::{CannotUnlock, Cost, Passphrase, PassphraseKey};
use crate::tables::{self, Failed, Reading, Writing};

/// The header's file name within the vault's folder.
pub const HEADER_FILE: &str = "vault.temoin";
/// Setting that is 1 while something was erased and the data key is still the old one.
const ERASING: &str = "erasing";
const LOCK_FILE: &str = "vault.lock";
const LABEL: &[u8; 16] = b"temoin vault\0\0\0\0";

/// An open vault. Dropping it closes the file and lets another desk open it.
pub struct Vault {
    db: Connection,
    folder: PathBuf,
    passphrase_key: PassphraseKey,
    number: u64,
    _lock: File,
}

/// Why no vault was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotCreate {
    /// The folder holds a vault already: choose another folder, or open that one.
    AlreadyThere,
    /// No passphrase was given.
    EmptyPassphrase,
    /// Another desk works in this folder.
    InUse,
    /// The disk said no: see whether it is full or may be written.
    Disk(io::ErrorKind),
    /// The store could not be written.
    Store(Failed),
}

/// Why a vault stays closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotOpen {
    /// The folder holds none: create an office, or restore a backup into it.
    NoVault,
    /// Another desk has it open: close that one first.
    InUse,
    /// Wrong passphrase, damaged header, or a newer one.
    Locked(CannotUnlock),
    /// Written by a newer release: update this one. Nothing was changed.
    TooNew {
        /// The version the store has.
        version: u32,
    },
    /// The passphrase is right and the store is damaged: restore a backup.
    Damaged,
    /// The disk said no.
    Disk(io::ErrorKind),
    /// The store could not be read.
    Store(Failed),
}

impl std::fmt::Display for CannotCreate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AlreadyThere => f.write_str(
                "this folder holds a vault already; choose another folder, or open that one",
            ),
            Self::EmptyPassphrase => {
                f.write_str("a vault needs a passphrase; choose six words or more")
            }
            Self::InUse => f.write_str("another desk works in this folder; close it first"),
            Self::Disk(kind) => write!(f, "the vault could not be written: {kind}"),
            Self::Store(failed) => failed.fmt(f),
        }
    }
}

impl std::fmt::Display for CannotOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoVault => f.write_str(
                "this folder holds no vault; create an office, or restore a backup into it",
            ),
            Self::InUse => f.write_str("another desk has this vault open; close that one first"),
            Self::Locked(locked) => locked.fmt(f),
            Self::TooNew { version } => write!(
                f,
                "this vault was written by a newer release (store {version}, this release reads up to {}); update first; nothing was changed",
                tables::VERSION
            ),
            Self::Damaged => {
                f.write_str("the passphrase is right but the store is damaged; restore a backup")
            }
            Self::Disk(kind) => write!(f, "the vault could not be read: {kind}"),
            Self::Store(failed) => failed.fmt(f),
        }
    }
}

impl std::error::Error for CannotCreate {}
impl std::error::Error for CannotOpen {}

impl From<CannotUnlock> for CannotOpen {
    fn from(locked: CannotUnlock) -> Self {
        Self::Locked(locked)
    }
}

impl Vault {
    /// Makes an empty vault in a folder, which is created for this user alone.
    ///
    /// # Errors
    /// [`CannotCreate`]; nothing that was there is touched.
    pub fn create(
        folder: &Path,
        passphrase: &Passphrase,
        cost: Cost,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, CannotCreate> {
        if passphrase.is_empty() {
            return Err(CannotCreate::EmptyPassphrase);
        }
        let disk = |e: io::Error| CannotCreate::Disk(e.kind());
        private_folder(folder).map_err(disk)?;
        let lock = take_lock(folder).map_err(|e| match e {
            TryLockError::WouldBlock => CannotCreate::InUse,
            TryLockError::Error(e) => disk(e),
        })?;
        if folder.join(HEADER_FILE).exists() {
            return Err(CannotCreate::AlreadyThere);
        }
        let passphrase_key = PassphraseKey::draw(passphrase, cost, rng);
        let data_key = draw_key(rng);
        let number = 1;
        let db = connect(&store_path(folder, number), &data_key, true).map_err(|e| match e {
            CannotOpen::Disk(kind) => CannotCreate::Disk(kind),
            CannotOpen::Store(failed) => CannotCreate::Store(failed),
            _ => CannotCreate::Store(Failed::Damaged),
        })?;
        tables::bring_up_to_date(&db, 0).map_err(CannotCreate::Store)?;
        let header = passphrase_key.lock(LABEL, number, data_key.as_ref(), rng);
        put_in_place(folder, HEADER_FILE, &header).map_err(disk)?;
        Ok(Self {
            db,
            folder: whole(folder),
            passphrase_key,
            number,
            _lock: lock,
        })
    }

    /// Opens the vault of a folder.
    ///
    /// # Errors
    /// [`CannotOpen`]; a vault that stays closed was not changed.
    pub fn open(folder: &Path, passphrase: &Passphrase) -> Result<Self, CannotOpen> {
        let header = match fs::read(folder.join(HEADER_FILE)) {
            Ok(header) => header,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(CannotOpen::NoVault),
            Err(e) => return Err(CannotOpen::Disk(e.kind())),
        };
        let lock = take_lock(folder).map_err(|e| match e {
            TryLockError::WouldBlock => CannotOpen::InUse,
            TryLockError::Error(e) => CannotOpen::Disk(e.kind()),
        })?;
        let (passphrase_key, number, secret) = PassphraseKey::unlock(LABEL, passphrase, &header)?;
        let data_key: &[u8; 32] = secret
            .as_slice()
            .try_into()
            .map_err(|_| CannotOpen::Damaged)?;
        let db = connect(&store_path(folder, number), data_key, false)?;
        let version = tables::version(&db).map_err(|failed| match failed {
            Failed::Damaged => CannotOpen::Damaged,
            failed => CannotOpen::Store(failed),
        })?;
        if version > tables::VERSION {
            return Err(CannotOpen::TooNew { version });
        }
        if version < tables::VERSION {
            keep_copy_before(folder, number, version, &db)?;
            tables::bring_up_to_date(&db, version).map_err(CannotOpen::Store)?;
        }
        let vault = Self {
            db,
            folder: whole(folder),
            passphrase_key,
            number,
            _lock: lock,
        };
        vault.remove_stores_but(number);
        Ok(vault)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks something up.
    #[must_use]
    pub fn read(&self) -> Reading<'_> {
        Reading::over(&self.db)
    }

    /// Changes something: all of it or nothing, and on the disk before this returns.
    ///
    /// # Errors
    /// What `change` fails with, or the failure to keep it.
    pub fn write<T, E: From<Failed>>(
        &mut self,
        change: impl FnOnce(&Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Failed::from)?;
        let done = change(&Writing::over(&transaction))?;
        transaction.commit().map_err(Failed::from)?;
        Ok(done)
    }

    /// Destroys every secret whose last day is over, and if there was one, moves the whole store
    /// under a new data key: a copy of the old file under the old key would still hold it.
    /// Returns how many secrets were destroyed.
    ///
    /// # Errors
    /// The store could not be written; what was due stays due.
    pub fn destroy_due(&mut self, today: u32, rng: &mut impl CryptoRng) -> Result<usize, Failed> {
        let destroyed = self.write(|w| w.destroy_secrets_before(today))?;
        if destroyed > 0 {
            self.rekey(rng)?;
        }
        Ok(destroyed)
    }

    /// Erases entries of the log, owners of the index and conversations, together with what
    /// `record` writes, and moves the whole store under a new data key: a copy of the old file
    /// would still hold them. When only the change of key fails it is due, and
    /// [`Vault::finish_erasing`] does it.
    ///
    /// # Errors
    /// What `record` fails with, or the store could not be written: then nothing is erased.
    pub fn erase<E: From<Failed>>(
        &mut self,
        entries: &[u64],
        owners: &[u64],
        conversations: &[u64],
        today: u32,
        rng: &mut impl CryptoRng,
        record: impl FnOnce(&Writing<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.write(|w| {
            record(w)?;
            w.erase_entries(entries)?;
            for owner in owners {
                w.unindex(*owner)?;
            }
            for conversation in conversations {
                w.forget_conversation(*conversation, today)?;
            }
            Ok::<(), E>(w.set(ERASING, &[1])?)
        })?;
        Ok(self.finish_erasing(rng)?)
    }

    /// Changes the data key if something was erased since it was last changed.
    ///
    /// # Errors
    /// The store could not be written; it stays due.
    pub fn finish_erasing(&mut self, rng: &mut impl CryptoRng) -> Result<(), Failed> {
        if self.read().setting(ERASING)?.is_none_or(|due| due != [1]) {
            return Ok(());
        }
        self.rekey(rng)?;
        self.write(|w| w.set(ERASING, &[0]))
    }

    /// Moves everything under a new data key; the old file and its wrapped key are removed.
    ///
    /// # Errors
    /// The store could not be written; the vault goes on under the old key.
    pub fn rekey(&mut self, rng: &mut impl CryptoRng) -> Result<(), Failed> {
        let data_key = draw_key(rng);
        let number = self.number.saturating_add(1);
        let path = store_path(&self.folder, number);
        remove_store(&path);
        export(&self.db, &path, &data_key)?;
        let db = connect(&path, &data_key, false).map_err(|_| Failed::Damaged)?;
        if tables::version(&db)? != tables::VERSION {
            return Err(Failed::Damaged);
        }
        let header = self
            .passphrase_key
            .lock(LABEL, number, data_key.as_ref(), rng);
        put_in_place(&self.folder, HEADER_FILE, &header).map_err(|e| Failed::of_disk(&e))?;
        self.db = db;
        self.number = number;
        self.remove_stores_but(number);
        Ok(())
    }

    /// A consistent copy under another key, for a backup.
    pub(crate) fn export(&self, to: &Path, key: &[u8; 32]) -> Result<(), Failed> {
        export(&self.db, to, key)
    }

    /// Removes stores of other numbers and copies kept before a migration: a change of key left
    /// them behind, and their keys are gone from the header.
    fn remove_stores_but(&self, number: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let other = name
                .to_str()
                .and_then(|name| name.strip_prefix("vault-"))
                .and_then(|name| name.split_once(".store"))
                .and_then(|(n, _)| n.parse::<u64>().ok())
                .is_some_and(|n| n != number);
            if other {
                // A file that cannot be removed now is tried again at the next opening.
                drop(fs::remove_file(entry.path()));
            }
        }
    }
}

/// Puts a store that lies elsewhere into an empty folder, under a new passphrase and a new key.
pub(crate) fn settle(
    folder: &Path,
    from: &Path,
    from_key: &[u8; 32],
    passphrase: &Passphrase,
    cost: Cost,
    rng: &mut impl CryptoRng,
) -> Result<Vault, CannotOpen> {
    let disk = |e: io::Error| CannotOpen::Disk(e.kind());
    let lock = take_lock(folder).map_err(|e| match e {
        TryLockError::WouldBlock => CannotOpen::InUse,
        TryLockError::Error(e) => disk(e),
    })?;
    let source = connect(from, from_key, false)?;
    let version = tables::version(&source).map_err(|_| CannotOpen::Damaged)?;
    if version > tables::VERSION {
        return Err(CannotOpen::TooNew { version });
    }
    let (passphrase_key, data_key, number) =
        (PassphraseKey::draw(passphrase, cost, rng), draw_key(rng), 1);
    let path = store_path(folder, number);
    export(&source, &path, &data_key).map_err(CannotOpen::Store)?;
    drop(source);
    let db = connect(&path, &data_key, false)?;
    if version < tables::VERSION {
        tables::bring_up_to_date(&db, version).map_err(CannotOpen::Store)?;
    }
    let header = passphrase_key.lock(LABEL, number, data_key.as_ref(), rng);
    put_in_place(folder, HEADER_FILE, &header).map_err(disk)?;
    Ok(Vault {
        db,
        folder: whole(folder),
        passphrase_key,
        number,
        _lock: lock,
    })
}

/// The folder by its whole path: it stays right if the program moves elsewhere.
fn whole(folder: &Path) -> PathBuf {
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

pub(crate) fn draw_key(rng: &mut impl CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    rng.fill_bytes(key.as_mut());
    key
}

fn store_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("vault-{number}.store"))
}

pub(crate) fn remove_store(path: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        // Not there is what is wanted.
        drop(fs::remove_file(PathBuf::from(name)));
    }
}

/// The raw key as SQLCipher reads it: it then runs no key derivation of its own.
fn raw(key: &[u8; 32]) -> Zeroizing<String> {
    use std::fmt::Write;
    let mut out = Zeroizing::new(String::with_capacity(67));
    out.push_str("x'");
    for byte in key {
        // Writing to a string of sufficient room cannot fail.
        if write!(out, "{byte:02x}").is_err() {
            break;
        }
    }
    out.push('\'');
    out
}

fn connect(path: &Path, key: &[u8; 32], new: bool) -> Result<Connection, CannotOpen> {
    if new {
        private_file(path).map_err(|e| CannotOpen::Disk(e.kind()))?;
    }
    // SQLCipher registers itself after SQLite calls itself ready: of two first connections made at
    // once, the second may find a library without a cipher. The first is therefore made alone.
    static FIRST: Once = Once::new();
    FIRST.call_once(|| drop(Connection::open_in_memory()));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|_| CannotOpen::Damaged)?;
    let ready = || -> rusqlite::Result<()> {
        // SQLCipher would print what went wrong; whoever called says it in words instead.
        db.execute_batch("PRAGMA cipher_log_level = NONE;")?;
        let setting = Zeroizing::new(format!("PRAGMA key = \"{}\";", raw(key).as_str()));
        db.execute_batch(&setting)?;
        // Nothing of the store may lie in the clear in a temporary file or in freed pages.
        db.execute_batch(
            "PRAGMA cipher_memory_security = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA secure_delete = ON;
             PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA journal_mode = DELETE;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;",
        )?;
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
    };
    match ready().map_err(Failed::from) {
        Ok(()) => Ok(db),
        Err(Failed::Damaged) => Err(CannotOpen::Damaged),
        Err(failed) => Err(CannotOpen::Store(failed)),
    }
}

fn export(db: &Connection, to: &Path, key: &[u8; 32]) -> Result<(), Failed> {
    private_file(to).map_err(|e| Failed::of_disk(&e))?;
    let path = to.to_str().ok_or(Failed::Disk)?;
    let version = tables::version(db)?;
    db.execute(
        "ATTACH DATABASE ?1 AS fresh KEY ?2",
        [path, raw(key).as_str()],
    )?;
    let copied = db
        .query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))
        .and_then(|()| db.execute_batch(&format!("PRAGMA fresh.user_version = {version};")));
    db.execute_batch("DETACH DATABASE fresh")?;
    copied?;
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|e| Failed::of_disk(&e))
}

/// A copy of the store as it was before its tables are changed. It lies under the same data key,
/// so the next change of key makes it unreadable, and it is then removed.
fn keep_copy_before(
    folder: &Path,
    number: u64,
    version: u32,
    db: &Connection,
) -> Result<(), CannotOpen> {
    // Everything committed is in the one file: the journal mode keeps no log beside it.
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|_| CannotOpen::Damaged)?;
    let copy = folder.join(format!("vault-{number}.store-before-{version}"));
    fs::copy(store_path(folder, number), copy)
        .map(|_| ())
        .map_err(|e| CannotOpen::Disk(e.kind()))
}

fn take_lock(folder: &Path) -> Result<File, TryLockError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    for_this_user(&mut options);
    let file = options
        .open(folder.join(LOCK_FILE))
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a new, empty file that only this user may read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    for_this_user(&mut options);
    options.open(path)
}

fn for_this_user(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _: &OpenOptions = options;
}

/// Replaces a small file in one step: whole and synced before it takes the name.
fn put_in_place(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = folder.join(format!("{name}.part"));
    match fs::remove_file(&part) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = private_file(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, folder.join(name))?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may stop at the first surprise"
    )]

    use super::*;
    use crate::tables::{Role, Secret};
    use rand_core::SeedableRng;

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(5)
    }

    fn passphrase() -> Passphrase {
        Passphrase::new("correct horse")
    }

    fn made(folder: &Path) -> Vault {
        Vault::create(folder, &passphrase(), Cost::REHEARSAL, &mut rng()).unwrap()
    }

    fn intake(period: u32, last_day: u32) -> Secret {
        Secret {
            role: Role::Intake,
            owner: 0,
            number: period,
            last_day,
            bytes: Zeroizing::new(vec![7; 32]),
        }
    }

    /// The files of a folder with their bytes.
    fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap())
            .map(|e| {
                (
                    e.file_name().into_string().unwrap(),
                    fs::read(e.path()).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn a_vault_opens_with_its_passphrase_and_with_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        vault.write(|w| w.set("name", b"an office")).unwrap();
        drop(vault);
        let wrong = Vault::open(folder.path(), &Passphrase::new("correct hors")).map(drop);
        assert_eq!(wrong, Err(CannotOpen::Locked(CannotUnlock::WrongOrDamaged)));
        let vault = Vault::open(folder.path(), &passphrase()).unwrap();
        assert_eq!(vault.read().setting("name").unwrap().unwrap(), b"an office");
    }

    #[test]
    fn a_damaged_header_answers_like_a_wrong_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        drop(made(folder.path()));
        let path = folder.path().join(HEADER_FILE);
        let mut header = fs::read(&path).unwrap();
        *header.last_mut().unwrap() ^= 1;
        fs::write(&path, header).unwrap();
        assert_eq!(
            Vault::open(folder.path(), &passphrase()).map(drop),
            Err(CannotOpen::Locked(CannotUnlock::WrongOrDamaged))
        );
    }

    #[test]
    fn a_damaged_store_is_named_once_the_passphrase_is_right() {
        let folder = tempfile::tempdir().unwrap();
        drop(made(folder.path()));
        let path = store_path(folder.path(), 1);
        let mut store = fs::read(&path).unwrap();
        store[100] ^= 1;
        fs::write(&path, store).unwrap();
        assert_eq!(
            Vault::open(folder.path(), &passphrase()).map(drop),
            Err(CannotOpen::Damaged)
        );
    }

    #[test]
    fn a_store_of_a_newer_release_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let vault = made(folder.path());
        vault.db.pragma_update(None, "user_version", 99).unwrap();
        drop(vault);
        let before = files(folder.path());
        assert_eq!(
            Vault::open(folder.path(), &passphrase()).map(drop),
            Err(CannotOpen::TooNew { version: 99 })
        );
        assert_eq!(files(folder.path()), before);
    }

    #[test]
    fn two_desks_never_open_one_vault() {
        let folder = tempfile::tempdir().unwrap();
        let first = made(folder.path());
        assert_eq!(
            Vault::open(folder.path(), &passphrase()).map(drop),
            Err(CannotOpen::InUse)
        );
        assert_eq!(
            Vault::create(folder.path(), &passphrase(), Cost::REHEARSAL, &mut rng()).map(drop),
            Err(CannotCreate::InUse)
        );
        drop(first);
        assert_eq!(
            Vault::create(folder.path(), &passphrase(), Cost::REHEARSAL, &mut rng()).map(drop),
            Err(CannotCreate::AlreadyThere)
        );
        assert!(Vault::open(folder.path(), &passphrase()).is_ok());
    }

    #[test]
    fn nothing_that_was_written_lies_readable_in_any_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        let planted = b"the planted words nobody may find";
        vault
            .write(|w| {
                w.set("planted", planted)?;
                w.append(planted)?;
                w.index(1, "case", std::str::from_utf8(planted).unwrap())
            })
            .unwrap();
        for (name, bytes) in files(folder.path()) {
            let found = bytes.windows(7).any(|w| w == &planted[4..11]);
            assert!(!found, "{name}");
        }
    }

    #[test]
    fn destroying_a_due_key_changes_the_data_key_and_removes_the_old_store() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        vault
            .write(|w| {
                w.put_secret(&intake(10, 100))?;
                w.put_secret(&intake(11, 107))?;
                w.append(b"kept").map(drop)
            })
            .unwrap();
        assert_eq!(vault.destroy_due(100, &mut rng()).unwrap(), 0);
        let old_store = fs::read(store_path(folder.path(), 1)).unwrap();
        let old_header = fs::read(folder.path().join(HEADER_FILE)).unwrap();
        assert_eq!(vault.destroy_due(101, &mut rng()).unwrap(), 1);
        assert!(!store_path(folder.path(), 1).exists());
        let left = vault.read().secrets(Role::Intake, 0).unwrap();
        assert_eq!(left.iter().map(|s| s.number).collect::<Vec<_>>(), [11]);
        assert_eq!(vault.read().entries(0).unwrap().len(), 1);

        // Whoever holds the data key of before, and the new file, opens nothing.
        let (_, _, old_key) = PassphraseKey::unlock(LABEL, &passphrase(), &old_header).unwrap();
        let old_key: [u8; 32] = old_key.as_slice().try_into().unwrap();
        let new_store = store_path(folder.path(), 2);
        drop(vault);
        assert!(connect(&new_store, &old_key, false).is_err());
        // The same key opens the old file: the claim is about the key, not about a broken test.
        let copy = folder.path().join("copy");
        fs::write(&copy, old_store).unwrap();
        assert!(connect(&copy, &old_key, false).is_ok());
        assert!(Vault::open(folder.path(), &passphrase()).is_ok());
    }

    #[test]
    fn a_desk_killed_between_new_store_and_new_header_opens_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        vault.write(|w| w.append(b"kept").map(drop)).unwrap();
        let key = draw_key(&mut rng());
        vault.export(&store_path(folder.path(), 2), &key).unwrap();
        drop(vault);
        let vault = Vault::open(folder.path(), &passphrase()).unwrap();
        assert_eq!(vault.read().entries(0).unwrap().len(), 1);
        assert!(!store_path(folder.path(), 2).exists());
    }

    #[test]
    fn a_change_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        let failed: Result<(), Failed> = vault.write(|w| {
            w.append(b"half")?;
            Err(Failed::Disk)
        });
        assert_eq!(failed, Err(Failed::Disk));
        assert!(vault.read().entries(0).unwrap().is_empty());
    }

    #[test]
    fn a_full_disk_is_said_and_nothing_is_half_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = made(folder.path());
        let pages: u32 = vault
            .db
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        // What SQLite answers when the disk has no room for another page.
        let full = format!("PRAGMA max_page_count = {};", pages + 2);
        vault.db.execute_batch(&full).unwrap();
        let failed = vault.write(|w| {
            w.append(b"half")?;
            w.set("large", &[7; 100_000])
        });
        assert_eq!(failed, Err(Failed::DiskFull));
        assert!(failed.unwrap_err().to_string().contains("make room"));
        assert!(vault.read().entries(0).unwrap().is_empty());
        vault
            .db
            .execute_batch("PRAGMA max_page_count = 1000000;")
            .unwrap();
        vault.write(|w| w.append(b"whole").map(drop)).unwrap();
        assert_eq!(vault.read().check_chain().unwrap().unwrap().entries, 1);
    }

    #[test]
    fn an_older_store_is_copied_before_its_tables_change() {
        let folder = tempfile::tempdir().unwrap();
        let vault = made(folder.path());
        vault.db.execute_batch(tables::UNDO_LAST_STEP).unwrap();
        drop(vault);
        let mut vault = Vault::open(folder.path(), &passphrase()).unwrap();
        assert_eq!(tables::version(&vault.db).unwrap(), tables::VERSION);
        let copies = files(folder.path());
        let copies = copies.iter().filter(|(n, _)| n.contains("-before-"));
        assert_eq!(copies.count(), 1);
        vault.rekey(&mut rng()).unwrap();
        assert!(
            !files(folder.path())
                .iter()
                .any(|(n, _)| n.contains("-before-"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn every_file_is_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("office");
        let vault = made(&folder);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for entry in fs::read_dir(&folder).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
        drop(vault);
    }
}
