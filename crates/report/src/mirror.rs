//! A copy of the office's board in a folder: for a stick, for any static host, for a reader without
//! a line. (protocol §6, §11.5)
//!
//! Nothing is copied that was not checked. The newest manifest is signed by the relay of the notice;
//! it names the one before it by its hash, and so on back; each manifest names its leaves and its
//! cells by their roots. Day files are not copied at all: they are made from the checked cells, so
//! that whoever serves the board cannot slip another list in.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use envelope::board::{
    CELLS_PER_PAGE, DayLists, MOST_CELLS, Manifest, ManifestHash, NotTheSignedDays, SignedManifest,
    merkle_root, read_day,
};
use envelope::{CELL_BYTES, Cell, Day, Epoch, Period};

use crate::office::Office;
use crate::reading::{Board, BoardUnreachable, CopyOfBoard, where_lists_lead};

/// Why a board was not copied, or not further. What was written until then is good, and the next
/// try goes on from it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotMirror {
    /// The place gives no answer.
    Unreachable,
    /// The place has no board yet.
    NoBoard,
    /// The place lacks a file that its own newest manifest promises.
    Missing {
        /// Which, below `/board/`.
        path: String,
    },
    /// A file there is not the one that was signed: take another address, and tell the office.
    NotTheSigned {
        /// Which, below `/board/`.
        path: String,
    },
    /// The place serves an older board than the one in the folder.
    Older {
        /// Day of the newest epoch there.
        there: Day,
        /// Day of the newest epoch here.
        here: Day,
    },
    /// The board there does not continue the one in the folder: somebody shows two.
    Forked {
        /// The last epoch of the folder, which the other board contradicts.
        epoch: u64,
    },
    /// The folder cannot be written.
    Disk {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl From<BoardUnreachable> for CannotMirror {
    fn from(BoardUnreachable: BoardUnreachable) -> Self {
        Self::Unreachable
    }
}

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Epochs now in the folder for the days asked for, and for 35 more where their lists lead only
    /// from there.
    pub epochs: usize,
    /// Files that were fetched; the others were there, and good.
    pub fetched: usize,
    /// When the newest epoch seen there closed, in seconds since 1970.
    pub newest: u64,
    /// Day of the newest epoch of the folder, if the relay was restored from a backup since and says,
    /// signed, that this epoch is lost. The board goes on from one that both have.
    pub restarted: Option<Day>,
}

/// Copies the board of the last `days` days, the notice, and the keys it vouches for; of 35 more days
/// if the lists of these do not lead, as for readers.
///
/// `keys` are fetched keys; those the notice does not vouch for are left out.
///
/// # Errors
/// [`CannotMirror`]
pub fn mirror(
    office: &Office,
    notice_file: &[u8],
    keys: &[(Period, Vec<u8>)],
    from: &impl Board,
    to: &Path,
    days: u32,
) -> Result<Copied, CannotMirror> {
    let newest = office.newest().ok_or(CannotMirror::NoBoard)?;
    let mut copy = Copying {
        office,
        from,
        here: CopyOfBoard::in_folder(to),
        board: to.join("board"),
        fetched: 0,
    };
    let known = copy.known();
    if let Some(known) = &known
        && known.manifest().epoch > newest.manifest().epoch
    {
        return Err(CannotMirror::Older {
            there: newest.manifest().day,
            here: known.manifest().day,
        });
    }
    let restarted = match &known {
        Some(known) => copy.restarted(known, newest.manifest())?,
        None => None,
    };
    let last = newest.manifest().day;
    let do_not_lead = not_signed(&format!("days/{}", last.0));
    let (day_files, epochs) = where_lists_lead(days.max(1), &do_not_lead, |days| {
        copy.window(newest, known.as_ref(), last.minus(days - 1))
    })?;
    let begun = day_files.keys().next().copied().unwrap_or(last);
    for day in begun.0..=last.0 {
        let file = day_files.get(&Day(day)).map_or(&[][..], Vec::as_slice);
        copy.write(&format!("days/{day}"), file)?;
    }
    copy.place("office/notice", notice_file)?;
    for (period, key) in keys {
        if office.notice().intake_key(*period, key).is_ok() {
            copy.place(&format!("office/keys/{}", period.number()), key)?;
        }
    }
    let given_up = copy.given_up(newest.manifest())?;
    // Last: whoever reads in the meantime finds the board as it was, whole.
    copy.write("newest", &newest.to_file())?;
    for file in given_up {
        fs::remove_file(&file).map_err(|error| disk(&file, &error))?;
    }
    let seen = newest.manifest();
    Ok(Copied {
        epochs,
        fetched: copy.fetched,
        newest: seen.day.first_second() + u64::from(seen.second),
        restarted,
    })
}

struct Copying<'a, B> {
    office: &'a Office,
    from: &'a B,
    here: CopyOfBoard,
    board: PathBuf,
    fetched: usize,
}

impl<B: Board> Copying<'_, B> {
    fn verify(&self, file: &[u8]) -> Option<SignedManifest> {
        let body = self.office.notice().body();
        SignedManifest::verify(file, &body.mailbox, &body.relay_key).ok()
    }

    /// Copies the epochs of the days from `first` on, back from the newest. Gives what the files of
    /// these days are made of, and how many epochs that is.
    ///
    /// The files are made from checked cells, and then have to be what readers are told by the
    /// manifests: a relay that signs for other lists is found by whoever knows the cells.
    fn window(
        &mut self,
        newest: &SignedManifest,
        known: Option<&SignedManifest>,
        first: Day,
    ) -> Result<(BTreeMap<Day, Vec<u8>>, usize), CannotMirror> {
        let epoch_seconds = self.office.notice().body().epoch_seconds;
        let restarts = &newest.manifest().restarts;
        let mut seen = BTreeMap::new();
        let mut entries: BTreeMap<(Day, Epoch), Vec<u8>> = BTreeMap::new();
        let mut next = Some(newest.clone());
        while let Some(signed) = next {
            let manifest = signed.manifest().clone();
            let path = format!("{}/manifest", manifest.epoch.0);
            if let Some(known) = known
                && known.manifest().epoch == manifest.epoch
                && known.hash() != signed.hash()
            {
                return Err(CannotMirror::Forked {
                    epoch: manifest.epoch.0,
                });
            }
            if manifest.restarts != restarts.up_to(manifest.epoch) {
                return Err(not_signed(&path));
            }
            self.write(&path, &signed.to_file())?;
            seen.insert(manifest.epoch, signed);
            // One manifest from before the first day: lists of days are checked from there on.
            if manifest.day < first {
                break;
            }
            let entry = self.epoch(&manifest)?;
            entries.insert((manifest.day, manifest.epoch), entry);
            next = match manifest.previous {
                ManifestHash::NONE => None,
                _ => Some(self.manifest_before(&manifest)?),
            };
        }
        if let Some(files) = lead(newest.manifest(), first, epoch_seconds, &entries, &seen) {
            return Ok((files, entries.len()));
        }
        // Epochs may have closed in these days before the one the walk ended at, by a clock that was
        // ahead. Which, the lists there may say: no more is believed of them.
        for day in (first.0..=newest.manifest().day.0).map(Day) {
            let list = self.from.file(&format!("days/{}", day.0))?;
            let hints = read_day(&list.unwrap_or_default()).unwrap_or_default();
            for epoch in hints.into_iter().map(|hint| hint.epoch) {
                let stands = epoch < newest.manifest().epoch && restarts.over(epoch).is_none();
                if !stands || seen.contains_key(&epoch) {
                    continue;
                }
                let path = format!("{}/manifest", epoch.0);
                let file = self.good(&path, |this, file| {
                    this.verify(file).is_some_and(|signed| {
                        let there = signed.manifest();
                        there.epoch == epoch
                            && there.day == day
                            && there.restarts == restarts.up_to(epoch)
                    })
                })?;
                let signed = self.verify(&file).ok_or_else(|| not_signed(&path))?;
                self.write(&path, &file)?;
                let entry = self.epoch(signed.manifest())?;
                entries.insert((day, epoch), entry);
                seen.insert(epoch, signed);
            }
        }
        lead(newest.manifest(), first, epoch_seconds, &entries, &seen)
            .map(|files| (files, entries.len()))
            .ok_or_else(|| not_signed(&format!("days/{}", newest.manifest().day.0)))
    }

    /// Files of this copy that the board gave up, and that nobody looks for any more by the manifest
    /// of their own epoch: whoever signs the newest cannot make copies lose what is younger.
    /// Manifests and lists of days stay.
    fn given_up(&self, newest: &Manifest) -> Result<Vec<PathBuf>, CannotMirror> {
        let within = |folder: &Path| -> Result<Vec<PathBuf>, CannotMirror> {
            let entries = fs::read_dir(folder).map_err(|error| disk(folder, &error))?;
            entries
                .map(|entry| Ok(entry.map_err(|error| disk(folder, &error))?.path()))
                .collect()
        };
        let mut files = Vec::new();
        for folder in within(&self.board)? {
            let name = folder.file_name().and_then(|name| name.to_str());
            let Some(epoch) = name.and_then(|name| name.parse().ok()).map(Epoch) else {
                continue;
            };
            if !newest.gave_up(epoch) {
                continue;
            }
            let goes = |file: &PathBuf| {
                let name = file.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| {
                    matches!(name, "leaves" | "tags") || name.starts_with("cells-")
                })
            };
            let going: Vec<PathBuf> = within(&folder)?.into_iter().filter(goes).collect();
            if going.is_empty() {
                continue;
            }
            let file = self.here.file(&format!("{}/manifest", epoch.0))?;
            // What this copy cannot tell the day of stays.
            let Some(own) = file.and_then(|file| self.verify(&file)) else {
                continue;
            };
            if !newest.may_give_up(own.manifest().day) {
                return Err(not_signed("newest"));
            }
            files.extend(going);
        }
        Ok(files)
    }

    /// The newest manifest of the folder, if there is a good one.
    fn known(&self) -> Option<SignedManifest> {
        let file = self.here.file("newest").ok()??;
        self.verify(&file)
    }

    /// The day of what the folder knows as the newest, if a signed restart says that it is lost: one
    /// that continues from a manifest the folder has too.
    fn restarted(
        &self,
        known: &SignedManifest,
        newest: &Manifest,
    ) -> Result<Option<Day>, CannotMirror> {
        let epoch = known.manifest().epoch;
        let Some(restart) = newest.restarts.over(epoch) else {
            return Ok(None);
        };
        let file = self.here.file(&format!("{}/manifest", restart.after.0))?;
        let here = file.and_then(|file| self.verify(&file));
        if here.is_some_and(|here| here.hash() != restart.hash) {
            return Err(CannotMirror::Forked {
                epoch: restart.after.0,
            });
        }
        Ok(Some(known.manifest().day))
    }

    fn manifest_before(&mut self, manifest: &Manifest) -> Result<SignedManifest, CannotMirror> {
        let number = manifest.restarts.before(manifest.epoch);
        let number = number.ok_or_else(|| not_signed("0/manifest"))?.0;
        let path = format!("{number}/manifest");
        let previous = manifest.previous;
        let file = self.good(&path, |this, file| {
            this.verify(file)
                .is_some_and(|s| s.hash() == previous && s.manifest().epoch.0 == number)
        })?;
        self.verify(&file).ok_or_else(|| not_signed(&path))
    }

    /// Copies the files of an epoch; gives back what it adds to its day's file.
    fn epoch(&mut self, manifest: &Manifest) -> Result<Vec<u8>, CannotMirror> {
        let epoch = manifest.epoch.0;
        let path = format!("{epoch}/leaves");
        let leaves = self.good(&path, |_, file| {
            let (leaves, rest) = file.as_chunks::<32>();
            rest.is_empty()
                && leaves.len() as u64 == manifest.leaves
                && merkle_root(leaves.iter().map(<[u8; 32]>::as_slice)) == manifest.leaf_root
        })?;
        self.write(&path, &leaves)?;

        if manifest.cells > MOST_CELLS {
            return Err(not_signed(&format!("{epoch}/cells")));
        }
        let count = usize::try_from(manifest.cells).unwrap_or(usize::MAX);
        let paths: Vec<String> = (0..count.div_ceil(CELLS_PER_PAGE))
            .map(|k| format!("{epoch}/cells-{k}"))
            .collect();
        // Pages are good only together: the root is over all of them. Those in the folder first.
        let mut pages = Vec::new();
        for path in &paths {
            pages.push(self.here.file(path)?.unwrap_or_default());
        }
        let mut cells = cells_of(&pages, manifest);
        if cells.is_none() {
            pages.clear();
            for path in &paths {
                pages.push(self.fetch(path)?);
            }
            cells = cells_of(&pages, manifest);
        }
        let cells = cells.ok_or_else(|| not_signed(&format!("{epoch}/cells")))?;
        for (path, page) in paths.iter().zip(&pages) {
            self.write(path, page)?;
        }
        let tags: Vec<u8> = cells.iter().flat_map(Cell::short_tag).collect();
        self.write(&format!("{epoch}/tags"), &tags)?;
        let listed = u32::try_from(cells.len()).unwrap_or(u32::MAX);
        Ok([&epoch.to_be_bytes()[..], &listed.to_be_bytes(), &tags].concat())
    }

    /// A file as it was signed: from the folder if it is good there, otherwise fetched.
    fn good(
        &mut self,
        path: &str,
        is_good: impl Fn(&Self, &[u8]) -> bool,
    ) -> Result<Vec<u8>, CannotMirror> {
        if let Some(file) = self.here.file(path)?
            && is_good(self, &file)
        {
            return Ok(file);
        }
        let file = self.fetch(path)?;
        if is_good(self, &file) {
            Ok(file)
        } else {
            Err(not_signed(path))
        }
    }

    fn fetch(&mut self, path: &str) -> Result<Vec<u8>, CannotMirror> {
        self.fetched += 1;
        self.from.file(path)?.ok_or_else(|| CannotMirror::Missing {
            path: path.to_owned(),
        })
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), CannotMirror> {
        self.put(&self.board.join(path), bytes)
    }

    fn place(&self, path: &str, bytes: &[u8]) -> Result<(), CannotMirror> {
        let above = self.board.parent().unwrap_or(&self.board);
        self.put(&above.join(path), bytes)
    }

    /// Writes a file whole or not at all; one that is there already is left as it is.
    fn put(&self, file: &Path, bytes: &[u8]) -> Result<(), CannotMirror> {
        if fs::read(file).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let beside = file.with_extension("TMP");
        let written = || -> io::Result<()> {
            fs::create_dir_all(file.parent().unwrap_or(&self.board))?;
            let mut open = File::create(&beside)?;
            open.write_all(bytes)?;
            open.sync_all()?;
            fs::rename(&beside, file)
        };
        written().map_err(|error| CannotMirror::Disk {
            file: file.to_owned(),
            kind: error.kind(),
        })
    }
}

/// The files of a window made of these entries, if they lead to the newest manifest.
fn lead(
    newest: &Manifest,
    first: Day,
    epoch_seconds: u32,
    entries: &BTreeMap<(Day, Epoch), Vec<u8>>,
    seen: &BTreeMap<Epoch, SignedManifest>,
) -> Option<BTreeMap<Day, Vec<u8>>> {
    let mut files: BTreeMap<Day, Vec<u8>> = BTreeMap::new();
    for ((day, _), entry) in entries {
        files.entry(*day).or_default().extend_from_slice(entry);
    }
    let mut lists = DayLists::of(newest, first).closed_every(epoch_seconds);
    for (day, file) in &files {
        lists.add(*day, file).ok()?;
    }
    lists
        .verify(|epoch| seen.get(&epoch).cloned().ok_or(NotTheSignedDays))
        .ok()?;
    Some(files)
}

fn disk(file: &Path, error: &io::Error) -> CannotMirror {
    CannotMirror::Disk {
        file: file.to_owned(),
        kind: error.kind(),
    }
}

fn not_signed(path: &str) -> CannotMirror {
    CannotMirror::NotTheSigned {
        path: path.to_owned(),
    }
}

/// The cells of an epoch, if these pages are the ones it signed.
fn cells_of(pages: &[Vec<u8>], manifest: &Manifest) -> Option<Vec<Cell>> {
    let mut cells = Vec::new();
    for page in pages {
        let (whole, rest) = page.as_chunks::<CELL_BYTES>();
        if !rest.is_empty() {
            return None;
        }
        for cell in whole {
            cells.push(Cell::parse(cell).ok()?);
        }
    }
    let root = merkle_root(cells.iter().map(|cell| cell.bytes().as_slice()));
    (cells.len() as u64 == manifest.cells && root == manifest.cell_root).then_some(cells)
}
