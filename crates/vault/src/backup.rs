//! A backup: one sealed file, and a sheet of paper with its key.
//!
//! ```text
//! head   label 16 ‖ version u16 ‖ made on day u32 ‖ destroy the sheet by day u32 ‖ nonce prefix 7
//! pieces of 65,536 bytes (the last shorter), each AES-256-GCM under the sheet's key:
//!        nonce = prefix ‖ count u32 ‖ 1 for the last piece; associated data = head
//! inside key of the copy 32 ‖ the store, still encrypted under that key
//! ```
//! The copy on its way to the file is encrypted too, so no moment has readable bytes on the disk.
//! The sheet names the day by which it must be destroyed: on the day after, the vault's key
//! changes because a key in it is due, and a sheet that outlives that day would keep the key alive
//! (protocol §9). Restoring draws a new data key and destroys what is due.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::locked::{Cost, Passphrase};
use crate::sheet::Sheet;
use crate::store::{self, CannotOpen, HEADER_FILE, Vault, draw_key, private_file, private_folder};
use crate::tables::Failed;

const LABEL: &[u8; 16] = b"temoin backup\0\0\0";
const VERSION: u16 = 1;
const HEAD_BYTES: usize = 16 + 2 + 4 + 4 + 7;
const PIECE_BYTES: usize = 65_536;

/// What a backup left behind.
pub struct Sealed {
    /// To be printed; it is in no file.
    pub sheet: Sheet,
    /// Destroy the sheet by this day. `None`: nothing in the vault has an end.
    pub destroy_by: Option<u32>,
}

/// Why there is no backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotBackUp {
    /// A file of that name exists: choose another name.
    AlreadyThere,
    /// The disk said no.
    Disk(io::ErrorKind),
    /// The store could not be read.
    Store(Failed),
}

/// Why nothing was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRestore {
    /// The folder holds a vault: choose an empty one.
    NotEmpty,
    /// No new passphrase was given.
    EmptyPassphrase,
    /// The sheet is of another backup, or the file is damaged or cut.
    WrongSheetOrDamaged,
    /// Written by a newer release: update this one.
    TooNew {
        /// The version the file has.
        version: u32,
    },
    /// The disk said no.
    Disk(io::ErrorKind),
    /// The store could not be written.
    Store(Failed),
}

impl std::fmt::Display for CannotBackUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AlreadyThere => f.write_str("a file of that name exists; choose another name"),
            Self::Disk(kind) => write!(f, "the backup could not be written: {kind}"),
            Self::Store(failed) => failed.fmt(f),
        }
    }
}

impl std::fmt::Display for CannotRestore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotEmpty => f.write_str("this folder holds a vault already; restore into an empty one"),
            Self::EmptyPassphrase => f.write_str("a vault needs a passphrase; choose six words or more"),
            Self::WrongSheetOrDamaged => f.write_str("the sheet is of another backup, or the file is damaged or cut; compare the groups, then try another copy"),
            Self::TooNew { version } => write!(f, "this backup was written by a newer release (version {version}); update first"),
            Self::Disk(kind) => write!(f, "the backup could not be restored: {kind}"),
            Self::Store(failed) => failed.fmt(f),
        }
    }
}

impl std::error::Error for CannotBackUp {}
impl std::error::Error for CannotRestore {}

impl Vault {
    /// Writes a sealed backup to a new file.
    ///
    /// # Errors
    /// [`CannotBackUp`]; a file that was begun is removed.
    pub fn back_up(
        &self,
        to: &Path,
        today: u32,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, CannotBackUp> {
        if to.exists() {
            return Err(CannotBackUp::AlreadyThere);
        }
        let disk = |e: io::Error| CannotBackUp::Disk(e.kind());
        let (sheet, copy_key) = (Sheet::draw(rng), draw_key(rng));
        let destroy_by = self.read().first_last_day().map_err(CannotBackUp::Store)?;
        let mut prefix = [0; 7];
        rng.fill_bytes(&mut prefix);
        let head = Head {
            made: today,
            destroy_by: destroy_by.unwrap_or(u32::MAX),
            prefix,
        };
        let part = to.with_extension("part");
        store::remove_store(&part);
        let done = self
            .export(&part, &copy_key)
            .map_err(CannotBackUp::Store)
            .and_then(|()| {
                let copy = BufReader::new(File::open(&part).map_err(disk)?);
                let file = private_file(to).map_err(disk)?;
                let written = seal_stream(&head, &sheet, copy_key.as_slice().chain(copy), &file);
                written.and_then(|()| file.sync_all()).map_err(disk)
            });
        store::remove_store(&part);
        if done.is_err() {
            // Half a backup is worse than none: somebody would count on it.
            drop(fs::remove_file(to));
        }
        done.map(|()| Sealed { sheet, destroy_by })
    }
}

/// Restores a backup into an empty folder, under a new passphrase and a new data key, and destroys
/// what is due.
///
/// # Errors
/// [`CannotRestore`]; the backup itself is not touched.
pub fn restore(
    from: &Path,
    sheet: &Sheet,
    folder: &Path,
    passphrase: &Passphrase,
    cost: Cost,
    today: u32,
    rng: &mut impl CryptoRng,
) -> Result<Vault, CannotRestore> {
    if passphrase.is_empty() {
        return Err(CannotRestore::EmptyPassphrase);
    }
    if folder.join(HEADER_FILE).exists() {
        return Err(CannotRestore::NotEmpty);
    }
    let disk = |e: io::Error| CannotRestore::Disk(e.kind());
    let mut file = BufReader::new(File::open(from).map_err(disk)?);
    private_folder(folder).map_err(disk)?;
    let part = folder.join("restoring.part");
    store::remove_store(&part);
    let copied = private_file(&part)
        .map_err(disk)
        .and_then(|copy| open_stream(&mut file, sheet, &copy));
    let restored = copied.and_then(|copy_key| {
        store::settle(folder, &part, &copy_key, passphrase, cost, rng).map_err(|e| match e {
            CannotOpen::TooNew { version } => CannotRestore::TooNew { version },
            CannotOpen::Disk(kind) => CannotRestore::Disk(kind),
            CannotOpen::Store(failed) => CannotRestore::Store(failed),
            CannotOpen::InUse => CannotRestore::NotEmpty,
            _ => CannotRestore::WrongSheetOrDamaged,
        })
    });
    store::remove_store(&part);
    let mut vault = restored?;
    vault
        .destroy_due(today, rng)
        .map_err(CannotRestore::Store)?;
    Ok(vault)
}

struct Head {
    made: u32,
    destroy_by: u32,
    prefix: [u8; 7],
}

impl Head {
    fn bytes(&self) -> Vec<u8> {
        [
            &LABEL[..],
            &VERSION.to_be_bytes(),
            &self.made.to_be_bytes(),
            &self.destroy_by.to_be_bytes(),
            &self.prefix,
        ]
        .concat()
    }
}

fn nonce(prefix: &[u8; 7], count: u32, last: bool) -> [u8; 12] {
    let mut out = [0; 12];
    let count = count.to_be_bytes();
    let bytes = prefix.iter().chain(&count).copied().chain([u8::from(last)]);
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = from;
    }
    out
}

fn seal_stream(head: &Head, sheet: &Sheet, mut from: impl Read, to: &File) -> io::Result<()> {
    let cipher = Aes256Gcm::new(sheet.key().into());
    let bound = head.bytes();
    let mut to = BufWriter::new(to);
    to.write_all(&bound)?;
    let mut piece = read_piece(&mut from, PIECE_BYTES)?;
    let mut count = 0_u32;
    loop {
        let next = read_piece(&mut from, PIECE_BYTES)?;
        let last = next.is_empty();
        let payload = Payload {
            msg: &piece,
            aad: &bound,
        };
        let sealed = cipher
            .encrypt(&Nonce::from(nonce(&head.prefix, count, last)), payload)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        to.write_all(&sealed)?;
        if last {
            return to.flush();
        }
        // 2^32 pieces are 256 TiB.
        count = count
            .checked_add(1)
            .ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        piece = next;
    }
}

/// Opens every piece into `to`; the key of the copy comes back.
fn open_stream(
    from: &mut impl Read,
    sheet: &Sheet,
    to: &File,
) -> Result<Zeroizing<[u8; 32]>, CannotRestore> {
    let disk = |e: io::Error| CannotRestore::Disk(e.kind());
    let damaged = CannotRestore::WrongSheetOrDamaged;
    let bound = read_piece(from, HEAD_BYTES).map_err(disk)?;
    let rest = bound.strip_prefix(LABEL).ok_or(damaged)?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(damaged)?;
    let version = u16::from_be_bytes(*version);
    if version > VERSION {
        return Err(CannotRestore::TooNew {
            version: version.into(),
        });
    }
    let prefix = *rest
        .last_chunk::<7>()
        .filter(|_| rest.len() == 15)
        .ok_or(damaged)?;
    let cipher = Aes256Gcm::new(sheet.key().into());
    let mut to = BufWriter::new(to);
    let mut key = None;
    let mut piece = read_piece(from, PIECE_BYTES + 16).map_err(disk)?;
    let mut count = 0_u32;
    loop {
        let next = read_piece(from, PIECE_BYTES + 16).map_err(disk)?;
        let last = next.is_empty();
        let payload = Payload {
            msg: &piece,
            aad: &bound,
        };
        let plain = cipher
            .decrypt(&Nonce::from(nonce(&prefix, count, last)), payload)
            .map_err(|_| damaged)?;
        let plain = Zeroizing::new(plain);
        let store = match key {
            Some(_) => plain.as_slice(),
            None => {
                let (first, store) = plain.split_first_chunk::<32>().ok_or(damaged)?;
                key = Some(Zeroizing::new(*first));
                store
            }
        };
        to.write_all(store).map_err(disk)?;
        if last {
            to.flush().map_err(disk)?;
            return key.ok_or(damaged);
        }
        count = count.checked_add(1).ok_or(damaged)?;
        piece = next;
    }
}

/// Up to `most` bytes; fewer only at the end.
fn read_piece(from: &mut impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(most);
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    from.by_ref().take(most).read_to_end(&mut piece)?;
    Ok(piece)
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
        rand_chacha::ChaCha20Rng::seed_from_u64(8)
    }

    fn vault_with_two_keys(folder: &Path) -> Vault {
        let mut vault =
            Vault::create(folder, &Passphrase::new("old"), Cost::REHEARSAL, &mut rng()).unwrap();
        vault
            .write(|w| {
                for (number, last_day) in [(1, 100), (2, 107)] {
                    w.put_secret(&Secret {
                        role: Role::Intake,
                        owner: 0,
                        number,
                        last_day,
                        bytes: Zeroizing::new(vec![1; 32]),
                    })?;
                }
                // More than one piece.
                w.set("large", &vec![5; 3 * PIECE_BYTES])?;
                w.index(4, "case", "a planted word")?;
                w.append(b"entry").map(drop)
            })
            .unwrap();
        vault
    }

    fn restored(from: &Path, sheet: &Sheet, to: &Path, today: u32) -> Result<Vault, CannotRestore> {
        let new = Passphrase::new("new");
        restore(from, sheet, to, &new, Cost::REHEARSAL, today, &mut rng())
    }

    #[test]
    fn a_backup_restores_into_an_empty_folder_under_a_new_passphrase() {
        let place = tempfile::tempdir().unwrap();
        let vault = vault_with_two_keys(&place.path().join("a"));
        let file = place.path().join("backup");
        let sealed = vault.back_up(&file, 90, &mut rng()).unwrap();
        assert_eq!(sealed.destroy_by, Some(100));
        let typed = Sheet::read(&sealed.sheet.groups()).unwrap();
        let folder = place.path().join("b");
        let restored = restored(&file, &typed, &folder, 90).unwrap();
        let r = restored.read();
        assert_eq!(r.setting("large").unwrap().unwrap().len(), 3 * PIECE_BYTES);
        assert_eq!(r.secrets(Role::Intake, 0).unwrap().len(), 2);
        assert_eq!(r.search("planted", 5).unwrap(), [4]);
        assert_eq!(r.check_chain().unwrap().unwrap().entries, 1);
        drop(restored);
        assert!(Vault::open(&folder, &Passphrase::new("old")).is_err());
        assert!(Vault::open(&folder, &Passphrase::new("new")).is_ok());
        let names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|n| n.contains("part"))
            .collect();
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn what_became_due_since_the_backup_is_destroyed_on_restoring() {
        let place = tempfile::tempdir().unwrap();
        let vault = vault_with_two_keys(&place.path().join("a"));
        let file = place.path().join("backup");
        let sealed = vault.back_up(&file, 90, &mut rng()).unwrap();
        let restored = restored(&file, &sealed.sheet, &place.path().join("b"), 101).unwrap();
        let left = restored.read().secrets(Role::Intake, 0).unwrap();
        assert_eq!(left.iter().map(|s| s.number).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn another_sheet_a_changed_byte_and_a_cut_file_restore_nothing() {
        let place = tempfile::tempdir().unwrap();
        let vault = vault_with_two_keys(&place.path().join("a"));
        let file = place.path().join("backup");
        let sealed = vault.back_up(&file, 90, &mut rng()).unwrap();
        let bytes = fs::read(&file).unwrap();
        let mut tried = 0;
        let mut refused = |name: &str, bytes: &[u8], sheet: &Sheet| {
            tried += 1;
            let (bent, to) = (
                place.path().join(name),
                place.path().join(format!("to {name}")),
            );
            fs::write(&bent, bytes).unwrap();
            let answer = restored(&bent, sheet, &to, 90).map(drop);
            assert_eq!(answer, Err(CannotRestore::WrongSheetOrDamaged), "{name}");
            assert!(!to.join(HEADER_FILE).exists());
        };
        let mut other = rand_chacha::ChaCha20Rng::seed_from_u64(99);
        refused("other sheet", &bytes, &Sheet::draw(&mut other));
        for cut in [
            0,
            10,
            HEAD_BYTES,
            HEAD_BYTES + PIECE_BYTES + 16,
            bytes.len() - 1,
        ] {
            refused(&format!("cut {cut}"), &bytes[..cut], &sealed.sheet);
        }
        for at in [0, 20, 24, HEAD_BYTES, bytes.len() - 1] {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            refused(&format!("bent {at}"), &bent, &sealed.sheet);
        }
        assert_eq!(tried, 11);
        let mut newer = bytes.clone();
        newer[17] = 7;
        fs::write(place.path().join("newer"), newer).unwrap();
        assert_eq!(
            restored(
                &place.path().join("newer"),
                &sealed.sheet,
                &place.path().join("n"),
                90
            )
            .map(drop),
            Err(CannotRestore::TooNew { version: 7 })
        );
    }

    #[test]
    fn a_backup_is_never_written_over_and_never_restored_over() {
        let place = tempfile::tempdir().unwrap();
        let vault = vault_with_two_keys(&place.path().join("a"));
        let file = place.path().join("backup");
        let sealed = vault.back_up(&file, 90, &mut rng()).unwrap();
        assert_eq!(
            vault.back_up(&file, 90, &mut rng()).map(drop),
            Err(CannotBackUp::AlreadyThere)
        );
        assert_eq!(
            restored(&file, &sealed.sheet, &place.path().join("a"), 90).map(drop),
            Err(CannotRestore::NotEmpty)
        );
    }

    #[test]
    fn no_readable_byte_reaches_the_backup() {
        let place = tempfile::tempdir().unwrap();
        let vault = vault_with_two_keys(&place.path().join("a"));
        let file = place.path().join("backup");
        drop(vault.back_up(&file, 90, &mut rng()).unwrap());
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"planted"));
        assert!(!bytes.windows(13).any(|w| w == b"SQLite format"));
    }
}
