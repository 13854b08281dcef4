//! Letters as files: on a stick, or in a folder a courier takes to a relay.
//!
//! A file is a posting as it would be sent, nonce first. Its name is drawn at random and its time
//! is the same for all, so that a folder does not tell in which order letters were written; names
//! are lower-case and short enough for FAT.

use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use envelope::{NONCE_BYTES, Posting, SizeClass};
use rand_core::CryptoRng;

/// How the name of a letter's file ends.
pub const ENDING: &str = "letter";
/// Noon of 1 January 2000 UTC: a time every file system can hold, and every zone shows as that day.
const TIME: u64 = 946_728_000;

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
    let name = format!("{:016x}", rng.next_u64());
    let file = folder.join(format!("{name}.{ENDING}"));
    let beside = folder.join(format!("{name}.new"));
    let written = write_file(&beside, posting).and_then(|()| fs::rename(&beside, &file));
    if written.is_err() {
        // Best effort: a folder is read by the ending of its letters.
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

/// Reads the letters of a folder one by one, in the order of their names. Files of other kinds are
/// left alone; a damaged letter is an error of its own and does not stop the others.
///
/// # Errors
/// [`CannotCarry`] if the folder cannot be read.
pub fn read_letters(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Found, CannotCarry>> + use<>, CannotCarry> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let file = entry.map_err(at(folder))?.path();
        let ending = file.extension().map(|e| e.eq_ignore_ascii_case(ENDING));
        if ending == Some(true) {
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
            assert!(
                name.len() < 32
                    && name
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.')
            );
        }
    }

    #[test]
    fn a_damaged_letter_is_named_and_stops_no_other() {
        let folder = tempfile::tempdir().unwrap();
        write_letter(folder.path(), &posting(SizeClass::FourKiB), &mut rng()).unwrap();
        let mut cut = posting(SizeClass::FourKiB);
        cut.truncate(99);
        for (name, bytes) in [
            ("cut.letter", cut),
            ("zz.LETTER", posting(SizeClass::SixteenKiB)),
            ("photo.jpg", vec![1, 2, 3]),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        fs::write(folder.path().join("huge.letter"), vec![1; 600_000]).unwrap();
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
}
