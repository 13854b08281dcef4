//! Parcels in a folder: on a stick, a card, or a disk that a courier takes to a relay.
//!
//! The time of a file is the same for all and its name is drawn, so that a folder does not tell in
//! which order letters were written. What is found in a folder is hostile until it has been read as
//! a posting: links are not followed, nothing is read that cannot be a parcel, and no name that was
//! found there is ever used to make another.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use envelope::{NONCE_BYTES, Posting, SizeClass};
use rand_core::CryptoRng;

use crate::parcel;

/// Noon of 1 January 2000 UTC: a time every file system can hold, and every zone shows as that day.
const TIME: u64 = 946_728_000;
/// Files of one folder that are looked at; a stick that holds more is somebody's trap.
const MOST_FILES: usize = 100_000;

/// Why a letter was not written, or a folder not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotCarry {
    /// The folder cannot be read or written.
    Disk {
        /// Which folder or file.
        file: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// More files than any courier carries.
    TooMany {
        /// Which folder.
        folder: PathBuf,
    },
    /// The bytes are no letter: the file is damaged or of another kind.
    NotALetter {
        /// Which file; the folder if the bytes were to be written.
        file: PathBuf,
    },
}

impl std::fmt::Display for CannotCarry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Disk { file, kind } => write!(
                f,
                "{} cannot be read or written ({kind}): check that the stick is in and not full",
                file.display()
            ),
            Self::TooMany { folder } => write!(
                f,
                "{} holds more files than can be looked at: move the letters into a folder of their own",
                folder.display()
            ),
            Self::NotALetter { file } => write!(
                f,
                "{} is no sealed letter: it is damaged or of another kind; leave it out, or take it from another copy",
                file.display()
            ),
        }
    }
}

fn at(file: &Path) -> impl FnOnce(io::Error) -> CannotCarry {
    let file = file.to_owned();
    move |error| CannotCarry::Disk {
        file,
        kind: error.kind(),
    }
}

/// Writes a posting into a folder under a random name; gives back the file.
///
/// # Errors
/// [`CannotCarry`]; no half-written file is left.
pub fn write_letter(
    folder: &Path,
    posting: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<PathBuf, CannotCarry> {
    if Posting::parse(posting).is_err() {
        return Err(CannotCarry::NotALetter {
            file: folder.to_owned(),
        });
    }
    let name = loop {
        let name = parcel::name(rng);
        if !folder.join(&name).exists() {
            break name;
        }
    };
    let file = folder.join(&name);
    let beside = file.with_extension("TMP");
    let written = write_file(&beside, posting)
        .and_then(|()| fs::rename(&beside, &file))
        // The name itself must survive a stick that is pulled out.
        .and_then(|()| File::open(folder)?.sync_all());
    if written.is_err() {
        // Best effort: a folder is read by the ending of its parcels.
        fs::remove_file(&beside).ok();
    }
    written.map_err(at(&file))?;
    Ok(file)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(TIME);
    file.set_times(FileTimes::new().set_modified(time).set_accessed(time))?;
    file.sync_all()
}

/// A letter found in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its file.
    pub file: PathBuf,
    /// The posting, checked in length and version.
    pub posting: Vec<u8>,
}

/// Reads the parcels of a folder one by one, in the order of their names. Files of other kinds,
/// folders and links are left alone; a damaged parcel is an error of its own and stops no other.
///
/// # Errors
/// [`CannotCarry`] if the folder cannot be read.
pub fn read_letters(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Found, CannotCarry>> + use<>, CannotCarry> {
    let mut files = Vec::new();
    for (seen, entry) in fs::read_dir(folder).map_err(at(folder))?.enumerate() {
        if seen == MOST_FILES {
            return Err(CannotCarry::TooMany {
                folder: folder.to_owned(),
            });
        }
        let entry = entry.map_err(at(folder))?;
        let file = entry.path();
        // What the entry itself is: a link is not a file, wherever it leads.
        let whole = entry.file_type().is_ok_and(|kind| kind.is_file());
        if whole && parcel::is_named_like_one(&file) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files.into_iter().map(read_letter))
}

fn read_letter(file: PathBuf) -> Result<Found, CannotCarry> {
    let most = SizeClass::TwoHundredFiftySixKiB.bytes() + NONCE_BYTES + 1;
    let mut posting = Vec::new();
    File::open(&file)
        .and_then(|open| open.take(most as u64).read_to_end(&mut posting))
        .map_err(at(&file))?;
    if Posting::parse(&posting).is_err() {
        return Err(CannotCarry::NotALetter { file });
    }
    Ok(Found { file, posting })
}

/// Takes a parcel out of its folder once it is safe elsewhere.
///
/// # Errors
/// [`CannotCarry::Disk`]; the parcel is still there, and may be carried twice without harm.
pub fn remove(found: &Found) -> Result<(), CannotCarry> {
    fs::remove_file(&found.file).map_err(at(&found.file))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(3)
    }

    fn posting(class: SizeClass) -> Vec<u8> {
        let mut bytes = vec![5; NONCE_BYTES + class.bytes()];
        *bytes.get_mut(NONCE_BYTES).unwrap() = 1;
        bytes
    }

    #[test]
    fn letters_of_every_class_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = rng();
        for class in SizeClass::ALL {
            write_letter(folder.path(), &posting(class), &mut rng).unwrap();
        }
        let found: Vec<Found> = read_letters(folder.path())
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut lengths: Vec<usize> = found
            .iter()
            .map(|f| f.posting.len() - NONCE_BYTES)
            .collect();
        lengths.sort_unstable();
        assert_eq!(lengths, SizeClass::ALL.map(SizeClass::bytes));
    }

    #[test]
    fn a_folder_does_not_tell_in_which_order_letters_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = rng();
        let written: Vec<PathBuf> = (0..20)
            .map(|_| write_letter(folder.path(), &posting(SizeClass::FourKiB), &mut rng).unwrap())
            .collect();
        let mut by_name = written.clone();
        by_name.sort();
        assert_ne!(written, by_name);
        let times: std::collections::BTreeSet<SystemTime> = written
            .iter()
            .map(|file| fs::metadata(file).unwrap().modified().unwrap())
            .collect();
        assert_eq!(times.len(), 1);
        for file in written {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            assert_eq!((name.len(), name.ends_with(".BIN")), (12, true));
        }
    }

    #[test]
    fn a_damaged_letter_is_named_and_stops_no_other() {
        let folder = tempfile::tempdir().unwrap();
        write_letter(folder.path(), &posting(SizeClass::FourKiB), &mut rng()).unwrap();
        let mut cut = posting(SizeClass::FourKiB);
        cut.truncate(99);
        for (name, bytes) in [
            ("cut.bin", cut),
            ("zz (1).BIN", posting(SizeClass::SixteenKiB)),
            ("photo.jpg", vec![1, 2, 3]),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        fs::write(folder.path().join("huge.bin"), vec![1; 600_000]).unwrap();
        let (good, bad): (Vec<_>, Vec<_>) = read_letters(folder.path())
            .unwrap()
            .partition(|found| found.is_ok());
        assert_eq!(good.len(), 2);
        assert_eq!(bad.len(), 2);
    }

    #[test]
    fn what_is_no_letter_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_letter(folder.path(), b"hello", &mut rng()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn links_folders_and_pipes_named_like_parcels_are_left_alone() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let outside = elsewhere.path().join("outside");
        fs::write(&outside, posting(SizeClass::FourKiB)).unwrap();
        std::os::unix::fs::symlink(&outside, folder.path().join("LINK2345.BIN")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("ZERO2345.BIN")).unwrap();
        fs::create_dir(folder.path().join("FOLDER22.BIN")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(folder.path().join("PIPE2345.BIN"))
            .status();
        assert!(made.unwrap().success());
        assert_eq!(read_letters(folder.path()).unwrap().count(), 0);
        assert!(outside.exists());
    }

    #[test]
    fn a_parcel_half_written_is_never_named_like_one() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("gone");
        assert!(write_letter(&missing, &posting(SizeClass::FourKiB), &mut rng()).is_err());
        fs::write(folder.path().join("ABCDEFGH.TMP"), vec![1; 100]).unwrap();
        assert_eq!(read_letters(folder.path()).unwrap().count(), 0);
    }
}
