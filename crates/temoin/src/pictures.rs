//! `temoin pictures`: from photographs of codes to a letter.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use desk::pictures::{MOST_BYTES, Pictures};
use desk::{Apart, Became, Desk};
use envelope::Posting;
use vault::Passphrase;

use crate::ending::Unfinished;
use crate::office::{now, randomness};

/// Pictures that are looked at in one go: a minute of film at thirty a second, and more.
const MOST_PICTURES: usize = 5_000;
/// Pictures that could not be read are named up to this many.
const MOST_NAMED: usize = 10;

/// What the pictures brought.
pub(crate) struct Photographed {
    letters: Vec<Vec<u8>>,
    lines: Vec<String>,
}

/// Reads every picture of the files and folders a person named.
pub(crate) fn read(from: &[PathBuf]) -> Result<Photographed, Unfinished> {
    let files = files_of(from)?;
    let apart = Apart::itself().map_err(|e| {
        Unfinished::failed(format!("this program cannot find itself: {}", e.kind()))
    })?;
    let mut pictures = Pictures::default();
    let (mut letters, mut refused) = (Vec::new(), Vec::new());
    let (mut codes, mut others, mut empty, mut let_go) = (0, 0, 0, 0);
    for file in &files {
        let looked = bounded(file)
            .map_err(|kind| kind.to_string())
            .and_then(|bytes| apart.codes_in(&bytes).map_err(|why| why.to_string()))
            .map(|texts| pictures.take(&texts));
        match looked {
            Ok(seen) => {
                codes += seen.codes;
                others += seen.others;
                let_go += seen.let_go;
                empty += usize::from(seen.codes + seen.others == 0);
                letters.extend(seen.letters);
            }
            Err(why) => refused.push(format!("{}: {why}", file.display())),
        }
    }
    let mut lines = vec![format!(
        "{}, {codes} of a letter's codes read",
        many(files.len(), "picture")
    )];
    if empty > 0 {
        lines.push(format!(
            "{} without a code that can be read: hold the camera closer and straight, without glare",
            many(empty, "picture")
        ));
    }
    if others > 0 {
        lines.push(format!("{} of something else", many(others, "code")));
    }
    if pictures.spoiled() > 0 {
        lines.push(
            "the codes of a letter do not fit together: one of the pictures shows a code that is not its; photograph a few more of its codes, put the pictures with these and run this again, without pictures whose origin you do not know"
                .to_owned(),
        );
    }
    if let_go > 0 {
        lines.push(format!(
            "{} begun and let go, because there were too many at once: give the pictures of a few letters at a time",
            many(let_go, "letter")
        ));
    }
    let unnamed = refused.len().saturating_sub(MOST_NAMED);
    refused.truncate(MOST_NAMED);
    lines.extend(refused);
    if unnamed > 0 {
        lines.push(format!("and {} more like these", many(unnamed, "picture")));
    }
    lines.extend(pictures.missing().into_iter().map(|missing| {
        format!(
            "one letter is not whole: {} still missing; photograph more of its codes, any of them, put the pictures with these and run this again",
            many(missing, "code")
        )
    }));
    Ok(Photographed { letters, lines })
}

/// Takes whole letters in at the office, as those the relay hands over.
pub(crate) fn take_in(
    read: &Photographed,
    folder: &Path,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let mut lines = read.whole()?;
    let mut desk = Desk::unlock(folder, passphrase)?;
    for letter in &read.letters {
        // The pictures' reader gives nothing else.
        let Ok(posting) = Posting::parse(letter) else {
            continue;
        };
        let became = match desk.take_by_hand(&posting, now(), &mut randomness()) {
            Ok(became) => became,
            // What was taken in before it stays, and is said.
            Err(failed) => {
                lines.push(format!(
                    "one letter is whole and could not be kept: {failed}"
                ));
                return Err(Unfinished::failed(lines.join("\n")));
            }
        };
        lines.push(
            match became {
                Became::NewCase => "one letter is whole: it became a case",
                Became::LetterOfACase => "one letter is whole: it belongs to a case that is there",
                Became::Piece => "one letter is whole: it is a piece of a file, and kept",
                Became::KnownBefore => "one letter is whole: it was here before",
                Became::Unreadable | Became::NotItsLeaf => {
                    "one letter is whole and does not open here; its bytes are kept"
                }
            }
            .to_owned(),
        );
    }
    Ok(lines.join("\n"))
}

/// Writes whole letters as parcels.
pub(crate) fn write(read: &Photographed, to: &Path) -> Result<String, Unfinished> {
    let mut lines = read.whole()?;
    fs::create_dir_all(to).map_err(|e| {
        Unfinished::failed(format!("{} cannot be made: {}", to.display(), e.kind()))
    })?;
    for letter in &read.letters {
        let file = carry::folder::write_letter(to, letter, &mut randomness())
            .map_err(Unfinished::failed)?;
        lines.push(format!("one letter is whole: {}", file.display()));
    }
    Ok(lines.join("\n"))
}

impl Photographed {
    /// What there is to say, if a letter is whole; otherwise the command did not do what it was
    /// asked, and the same lines say why.
    fn whole(&self) -> Result<Vec<String>, Unfinished> {
        if self.letters.is_empty() {
            Err(Unfinished::failed(format!(
                "no letter is whole yet\n{}",
                self.lines.join("\n")
            )))
        } else {
            Ok(self.lines.clone())
        }
    }
}

/// The files, and those that lie in folders, in the order of their names. Links and pipes in a
/// folder are left alone.
fn files_of(from: &[PathBuf]) -> Result<Vec<PathBuf>, Unfinished> {
    let cannot = |path: &Path, e: &std::io::Error| {
        Unfinished::refused(format!("{} cannot be read: {}", path.display(), e.kind()))
    };
    let mut files = Vec::new();
    for path in from {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(|e| cannot(path, &e))? {
            let entry = entry.map_err(|e| cannot(path, &e))?;
            if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                inside.push(entry.path());
            }
            if files.len() + inside.len() > MOST_PICTURES {
                break;
            }
        }
        inside.sort();
        files.extend(inside);
    }
    if files.len() > MOST_PICTURES {
        return Err(Unfinished::refused(format!(
            "more than {MOST_PICTURES} pictures: put those of one letter into a folder of their own"
        )));
    }
    Ok(files)
}

/// One byte more than a picture may have at most, so that it is seen to be too large.
fn bounded(file: &Path) -> Result<Vec<u8>, std::io::ErrorKind> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|open| open.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| e.kind())?;
    Ok(bytes)
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
