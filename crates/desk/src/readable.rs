//! Readable files: what left the vault as a file that anybody can read who gets it. Each stands on a
//! list in the vault before it leaves, and until a person removed it.
//!
//! A list is all it can be. Where a browser saved a file, and what was copied from it since, no
//! program here sees.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use record::Language;
use vault::{Failed, Reading, Writing};

use crate::desk::{Desk, Ledger};
use crate::hex;
use crate::office_keys::counter;

/// The setting under which the list lies: a line for each.
const READABLE: &str = "readable-files";
/// How many ever stood on the list: a number is not given twice.
const COUNTED: &str = "readable-files-counted";

/// No file of figures is as large.
const MOST_WRITTEN: u64 = 64 << 20;

/// A readable file, or several that were written together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadableFile {
    /// Its number on the list, never given again.
    pub number: u64,
    /// What it holds.
    pub holds: Holds,
    /// The case it is of.
    pub case: Option<u64>,
    /// Where it lies, as far as the desk knows.
    pub lies: Lies,
    /// The second at which it left.
    pub at: u64,
    /// Who let it leave.
    pub by: String,
}

/// What a readable file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A letter or material of a case, written for its recipient.
    Document,
    /// A file that came with a letter.
    File,
    /// Published figures: made to be read by anybody.
    Figures,
}

/// Where a readable file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lies {
    /// A browser was given it under this name. Where it saved it, only whoever saved it knows.
    Saved(String),
    /// The desk wrote these files into this folder.
    Written(PathBuf, Vec<WrittenFile>),
}

/// A file the desk wrote, as it knows it again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenFile {
    /// Its name within the folder.
    pub name: String,
    /// The hash of what was written.
    pub content: [u8; 32],
}

/// How a readable file went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The desk deleted what it had written. So many files of those names are no longer as it wrote
    /// them: they are somebody else's, and stay.
    Deleted(usize),
    /// A person said that they removed it. The desk cannot look.
    SaidSo,
}

/// Why a readable file is still on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRemove {
    /// It is not on the list: somebody was quicker.
    NotListed,
    /// It could not be deleted.
    Disk(std::io::ErrorKind),
    /// The vault could not be read or written.
    Store(Failed),
}

impl CannotRemove {
    /// The sentence for the caseworker.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        match (self, language) {
            (Self::NotListed, Language::English) => "It is no longer on the list.".to_owned(),
            (Self::NotListed, Language::French) => "Il n’est plus sur la liste.".to_owned(),
            (Self::Disk(kind), Language::English) => format!(
                "It could not be deleted: {kind}. Put the disk in or close what has it open, then try again. If you removed it yourself, say so."
            ),
            (Self::Disk(_), Language::French) => "Il n’a pas pu être supprimé. Branchez le disque ou fermez ce qui l’utilise, puis réessayez. Si vous l’avez supprimé vous-même, dites-le.".to_owned(),
            (Self::Store(failed), Language::English) => failed.to_string(),
            (Self::Store(_), Language::French) => "Le coffre n’a pas pu être lu ou écrit ; rien n’a été retiré de la liste.".to_owned(),
        }
    }
}

impl std::fmt::Display for CannotRemove {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for CannotRemove {}

impl From<Failed> for CannotRemove {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

impl Desk {
    /// The readable files that still lie outside, in the order they left.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn readable_files(&self) -> Result<Vec<ReadableFile>, Failed> {
        read(&self.vault().read())
    }

    /// Puts a file on the list that a browser is about to be given.
    ///
    /// # Errors
    /// [`Failed`]: then it may not leave.
    pub fn lets_out(
        &mut self,
        holds: Holds,
        name: &str,
        case: Option<u64>,
        now: u64,
    ) -> Result<(), Failed> {
        let lies = Lies::Saved(name.to_owned());
        self.change(|ledger, w| put(ledger, w, holds, case, lies, now))
    }

    /// Removes a readable file: deletes what the desk wrote; of what a browser saved, and where a
    /// person says that they did it themselves, takes their word.
    ///
    /// # Errors
    /// [`CannotRemove`]: it stays on the list.
    pub fn remove_readable(&mut self, number: u64, said_so: bool) -> Result<Removed, CannotRemove> {
        let found = self.readable_files()?.into_iter();
        let mut found = found.filter(|file| file.number == number);
        let removed = match found.next().ok_or(CannotRemove::NotListed)?.lies {
            Lies::Written(folder, files) if !said_so => {
                let left = delete(&folder, &files).map_err(|e| CannotRemove::Disk(e.kind()))?;
                Removed::Deleted(left)
            }
            _ => Removed::SaidSo,
        };
        self.change(|_, w| {
            let mut files = read(w)?;
            files.retain(|file| file.number != number);
            write(w, &files)
        })?;
        Ok(removed)
    }
}

/// Puts files on the list that are about to be written into a folder, in the place of files of the
/// same folder: those are written over.
pub(crate) fn will_be_written(
    ledger: &Ledger,
    w: &Writing<'_>,
    holds: Holds,
    folder: &Path,
    written: &[(String, Vec<u8>)],
    now: u64,
) -> Result<(), Failed> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut files = read(w)?;
    let mut here: BTreeMap<String, [u8; 32]> = BTreeMap::new();
    files.retain(|file| match &file.lies {
        Lies::Written(of, earlier) if *of == folder => {
            here.extend(earlier.iter().map(|one| (one.name.clone(), one.content)));
            false
        }
        _ => true,
    });
    let written = written.iter();
    here.extend(written.map(|(name, bytes)| (name.clone(), envelope::hash(bytes))));
    let here = here.into_iter();
    let here = here.map(|(name, content)| WrittenFile { name, content });
    write(w, &files)?;
    // A path that cannot be written on a line is told as well as it can be, and left to a person.
    let lies = match folder.to_str() {
        Some(path) if !path.contains(char::is_control) => Lies::Written(folder, here.collect()),
        _ => Lies::Saved(record::text::line(&folder.to_string_lossy(), 300)),
    };
    put(ledger, w, holds, None, lies, now)
}

fn put(
    ledger: &Ledger,
    w: &Writing<'_>,
    holds: Holds,
    case: Option<u64>,
    lies: Lies,
    now: u64,
) -> Result<(), Failed> {
    let number = counter(w, COUNTED)?.unwrap_or(0).saturating_add(1);
    w.set(COUNTED, &number.to_be_bytes())?;
    let mut files = read(w)?;
    files.push(ReadableFile {
        number,
        holds,
        case,
        lies,
        at: now,
        by: ledger.author.to_string(),
    });
    write(w, &files)
}

/// Deletes files that are as they were written, and the folder if nothing else lies in it; how many
/// are not, and stay. One that is gone already is as good, but not where the folder is gone too: then
/// it may lie on a disk that was taken out.
fn delete(folder: &Path, files: &[WrittenFile]) -> std::io::Result<usize> {
    if !folder.is_dir() {
        return Err(ErrorKind::NotFound.into());
    }
    let mut left = 0;
    for file in files {
        let path = folder.join(&file.name);
        match std::fs::symlink_metadata(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(e),
            Ok(found) if found.is_file() && hash_of(&path)? == file.content => {
                std::fs::remove_file(&path)?;
            }
            Ok(_) => left += 1,
        }
    }
    // Other files of the folder are not the desk's to delete.
    std::fs::remove_dir(folder).ok();
    Ok(left)
}

fn hash_of(path: &Path) -> std::io::Result<[u8; 32]> {
    // Figures are small; whatever is larger than anything the desk writes is not of its hand.
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MOST_WRITTEN)
        .read_to_end(&mut bytes)?;
    Ok(envelope::hash(&bytes))
}

fn read(r: &Reading<'_>) -> Result<Vec<ReadableFile>, Failed> {
    let kept = r.setting(READABLE)?.unwrap_or_default();
    let kept = String::from_utf8(kept).map_err(|_| Failed::Damaged)?;
    let files = kept
        .lines()
        .map(|line| of_line(line).ok_or(Failed::Damaged));
    files.collect()
}

fn write(w: &Writing<'_>, files: &[ReadableFile]) -> Result<(), Failed> {
    let lines: Vec<String> = files.iter().map(line_of).collect();
    w.set(READABLE, lines.join("\n").as_bytes())
}

/// A file as a line of the list: its parts with tabs between.
fn line_of(file: &ReadableFile) -> String {
    let holds = match file.holds {
        Holds::Document => "document",
        Holds::File => "file",
        Holds::Figures => "figures",
    };
    let case = file.case.unwrap_or(0);
    let (how, lies) = match &file.lies {
        Lies::Saved(name) => ("saved", name.clone()),
        Lies::Written(folder, files) => {
            let files: Vec<String> = files
                .iter()
                .map(|one| format!("{} {}", hex::show(&one.content), one.name))
                .collect();
            (
                "written",
                format!("{}\t{}", folder.display(), files.join("\t")),
            )
        }
    };
    let ReadableFile { number, at, by, .. } = file;
    format!("{number}\t{at}\t{by}\t{holds}\t{case}\t{how}\t{lies}")
}

fn of_line(line: &str) -> Option<ReadableFile> {
    let mut parts = line.split('\t');
    let number = parts.next()?.parse().ok()?;
    let at = parts.next()?.parse().ok()?;
    let by = parts.next()?.to_owned();
    let holds = match parts.next()? {
        "document" => Holds::Document,
        "file" => Holds::File,
        "figures" => Holds::Figures,
        _ => return None,
    };
    let case: u64 = parts.next()?.parse().ok()?;
    let lies = match parts.next()? {
        "saved" => Lies::Saved(parts.next()?.to_owned()),
        "written" => Lies::Written(
            PathBuf::from(parts.next()?),
            parts.map(written_of).collect::<Option<_>>()?,
        ),
        _ => return None,
    };
    Some(ReadableFile {
        number,
        holds,
        case: (case > 0).then_some(case),
        lies,
        at,
        by,
    })
}

fn written_of(part: &str) -> Option<WrittenFile> {
    let (content, name) = part.split_once(' ')?;
    Some(WrittenFile {
        name: name.to_owned(),
        content: hex::read(content)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_list_reads_back() {
        let lies = [
            Lies::Saved("document.docx".to_owned()),
            Lies::Written(
                PathBuf::from("/srv/our figures"),
                vec![
                    WrittenFile {
                        name: "en.html".to_owned(),
                        content: [7; 32],
                    },
                    WrittenFile {
                        name: "2026 q1.json".to_owned(),
                        content: [0xa0; 32],
                    },
                ],
            ),
        ];
        for (lies, holds, case) in lies.into_iter().flat_map(|lies| {
            [
                (lies.clone(), Holds::Document, Some(3)),
                (lies.clone(), Holds::File, Some(1)),
                (lies, Holds::Figures, None),
            ]
        }) {
            let file = ReadableFile {
                number: 7,
                holds,
                case,
                lies,
                at: 1_795_000_000,
                by: "ana/desk".to_owned(),
            };
            assert_eq!(of_line(&line_of(&file)), Some(file));
        }
        assert_eq!(of_line("7\t1\tana"), None);
    }
}
