//! Files that come with letters: what a report announces, the pieces that arrive before or after
//! it in any order, and the file handed out again, piece by piece, once it is complete.
//!
//! Nothing here opens a file, names it as its sender did, or holds more of it than one piece. A
//! piece that cannot be kept is counted and told on the case, or, while nobody announced its file,
//! beside the letters that could not be read.

use envelope::{Day, Leaf};
use open::{Complete, Held, OpenedPiece, Reassembly};
use seal::{Attachment, FileId};
use vault::{
    AnnouncedFile, Failed, FileStanding, HeldPiece, LetterState, Reading, StoredLetter,
    Unannounced, Writing,
};
use zeroize::Zeroizing;

use crate::desk::{Desk, Ledger};
use crate::intake::Became;
use crate::office_keys::counter;

/// Pieces that were not kept because too many waited for a report that nobody sent.
const NOT_KEPT: &str = "pieces-not-kept";

/// A file of a case, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its number among the case's files, from 1.
    pub number: u32,
    /// What its letter announced of it; `None` if that cannot be read any more.
    pub announced: Option<Attachment>,
    /// How far it has come.
    pub standing: FileStanding,
    /// Pieces with content that arrived.
    pub arrived: u32,
    /// Pieces that named it and were not kept.
    pub refused: u32,
}

/// What waits for a report, and what could not wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stray {
    /// Pieces that no report names so far.
    pub waiting: Unannounced,
    /// Pieces that were not kept because too many waited.
    pub not_kept: u64,
}

/// A complete file on its way out of the desk. Only [`Desk::hand_out`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOut {
    complete: Complete,
    name: String,
}

impl HandOut {
    /// The name the desk gives it: case, number, and an ending of a short list.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    #[must_use]
    pub fn announced(&self) -> &Attachment {
        self.complete.announced()
    }
}

impl Desk {
    /// The files of a case, in the order of its letters.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn evidence(&self, case: u64) -> Result<Vec<(usize, Evidence)>, Failed> {
        let r = self.vault.read();
        let letters = self
            .case(case)
            .map(casework::Case::letters)
            .unwrap_or_default();
        let mut files = Vec::new();
        for (letter, leaf) in letters
            .iter()
            .enumerate()
            .filter_map(|(n, l)| Some((n, l.files_under()?)))
        {
            for file in r.attachments_of(&leaf.0)? {
                let number = u32::try_from(files.len() + 1).unwrap_or(u32::MAX);
                let evidence = Evidence {
                    number,
                    announced: Attachment::decode(&file.announced).ok(),
                    standing: file.standing,
                    arrived: file.arrived,
                    refused: file.refused,
                };
                files.push((letter, evidence));
            }
        }
        Ok(files)
    }

    /// Pieces that belong to no letter so far.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn stray_pieces(&self) -> Result<Stray, Failed> {
        let r = self.vault.read();
        Ok(Stray {
            waiting: r.unannounced()?,
            not_kept: counter(&r, NOT_KEPT)?.unwrap_or(0),
        })
    }

    /// A file of a case to be handed out: only a complete one. Its content is looked at once more.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn hand_out(&self, case: u64, number: u32) -> Result<Option<HandOut>, Failed> {
        let files = self.evidence(case)?;
        let found = files.into_iter().find(|(_, one)| one.number == number);
        let Some((_, evidence)) = found.filter(|(_, one)| one.standing == FileStanding::Complete)
        else {
            return Ok(None);
        };
        let Some(announced) = evidence.announced else {
            return Ok(None);
        };
        let complete = whole(&self.vault.read(), &announced)?;
        let ending = announced.kind.map_or("bin", record::MediaKind::ending);
        Ok(complete.map(|complete| HandOut {
            complete,
            name: format!("case-{case}-file-{number}.{ending}"),
        }))
    }

    /// One chunk of a file that is handed out; `None` after the last.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn chunk(&self, of: &HandOut, number: u32) -> Result<Option<Zeroizing<Vec<u8>>>, Failed> {
        let of = of.announced();
        match u32::try_from(of.chunk_bytes(number)) {
            Ok(length) if length > 0 => {
                let file = &of.file.0;
                self.vault.read().chunk(file, number, of.pieces, length)
            }
            _ => Ok(None),
        }
    }
}

impl Ledger {
    /// Keeps what a letter announces, and looks for pieces that came before it.
    pub(crate) fn announce(
        &self,
        w: &Writing<'_>,
        leaf: Leaf,
        files: &[Attachment],
    ) -> Result<(), Failed> {
        let mut room = u64::from(self.settings.attachments_mb) << 20;
        for (place, announced) in (0..).zip(files) {
            let standing = if announced.check().is_err() {
                FileStanding::Impossible
            } else if announced.size > room {
                FileStanding::OverLimit
            } else {
                room -= announced.size;
                FileStanding::Waiting
            };
            let mut file = AnnouncedFile {
                leaf: leaf.0,
                place,
                file: announced.file.0,
                announced: announced.encode(),
                standing,
                arrived: 0,
                refused: 0,
            };
            for piece in w.pieces_of(&file.file)? {
                if standing == FileStanding::Waiting
                    && held(&file.file, &piece).fits(announced).is_ok()
                {
                    file.arrived += 1;
                } else if w.announced_as(&file.file)?.is_empty() {
                    w.remove_piece(&file.file, &piece)?;
                    file.refused += 1;
                }
            }
            completed(w, &mut file, announced)?;
            w.put_attachment(&file)?;
        }
        Ok(())
    }

    /// Keeps a piece where it belongs; one whose file nobody announced waits.
    pub(crate) fn take_piece(
        &self,
        w: &Writing<'_>,
        leaf: Leaf,
        position: u64,
        piece: &OpenedPiece,
        today: Day,
    ) -> Result<Became, Failed> {
        w.put_letter(&StoredLetter {
            leaf: leaf.0,
            position,
            day: today.0,
            state: LetterState::Opened,
            reason: String::new(),
            bytes: None,
        })?;
        let file = piece.file().0;
        let chunk = piece.chunk();
        let row = HeldPiece {
            number: piece.number(),
            count: piece.count(),
            length: u32::try_from(chunk.len()).unwrap_or(u32::MAX),
            hash: envelope::hash(chunk),
        };
        let announcements = w.announced_as(&file)?;
        if announcements.is_empty() {
            // Padding carries nothing that could be missed later.
            if chunk.is_empty() {
                return Ok(Became::Piece);
            }
            let most = u64::from(self.settings.attachments_mb) << 20;
            if w.unannounced()?.bytes.saturating_add(chunk.len() as u64) > most {
                let not_kept = counter(w, NOT_KEPT)?.unwrap_or(0) + 1;
                w.set(NOT_KEPT, &not_kept.to_be_bytes())?;
            } else {
                w.put_piece(&file, &row, chunk)?;
            }
            return Ok(Became::Piece);
        }
        let mut kept = None;
        for mut one in announcements {
            let Ok(announced) = Attachment::decode(&one.announced) else {
                continue;
            };
            let fits = piece.fits(&announced).is_ok();
            let taken = matches!(one.standing, FileStanding::Waiting);
            if fits && chunk.is_empty() {
                continue;
            }
            if fits && taken {
                let new = match kept {
                    Some(new) => new,
                    None => w.put_piece(&file, &row, chunk)?,
                };
                kept = Some(new);
                if !new {
                    continue;
                }
                one.arrived += 1;
                completed(w, &mut one, &announced)?;
            } else if fits
                && matches!(
                    one.standing,
                    FileStanding::Complete | FileStanding::OtherContent
                )
            {
                // A repeat of what is here.
                continue;
            } else {
                one.refused += 1;
            }
            w.put_attachment(&one)?;
        }
        Ok(Became::Piece)
    }
}

/// Compares the content of a file whose last piece has come with what was announced.
fn completed(
    r: &Reading<'_>,
    file: &mut AnnouncedFile,
    announced: &Attachment,
) -> Result<(), Failed> {
    if file.standing == FileStanding::Waiting && file.arrived >= announced.full_pieces() {
        file.standing = match whole(r, announced)? {
            Some(_) => FileStanding::Complete,
            None => FileStanding::OtherContent,
        };
    }
    Ok(())
}

/// The file whole, by the hashes its pieces had when they were stored.
fn whole(r: &Reading<'_>, announced: &Attachment) -> Result<Option<Complete>, Failed> {
    let mut whole = Reassembly::of(announced);
    for piece in r.pieces_of(&announced.file.0)? {
        let held = held(&announced.file.0, &piece);
        if held.fits(announced).is_ok() && whole.take_hashed(piece.hash, held.bytes).is_err() {
            return Ok(None);
        }
    }
    Ok(whole.end().ok())
}

fn held(file: &[u8; 16], piece: &HeldPiece) -> Held {
    Held {
        file: FileId(*file),
        number: piece.number,
        count: piece.count,
        bytes: usize::try_from(piece.length).unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may stop at the first surprise"
    )]

    use super::*;
    use crate::intake::tests::Scene;
    use record::MediaKind;
    use seal::{CHUNK_BYTES, ContentHash, SealedLetter};

    fn content(bytes: usize) -> Vec<u8> {
        (0..=250_u8).cycle().take(bytes).collect()
    }

    fn announced(file: &[u8]) -> Attachment {
        let mut hash = ContentHash::new();
        hash.take(file);
        Attachment::of(hash, FileId([3; 16]), Some(MediaKind::Jpeg)).unwrap()
    }

    fn pieces(scene: &mut Scene, file: &[u8], of: &Attachment) -> Vec<SealedLetter> {
        let mut sealed = Vec::new();
        for number in 0..of.pieces {
            let from = (number as usize * CHUNK_BYTES).min(file.len());
            let chunk = &file[from..from + of.chunk_bytes(number)];
            sealed.push(seal::piece(of, number, chunk, &scene.key, &mut scene.rng).unwrap());
        }
        sealed
    }

    fn standing(scene: &Scene) -> (FileStanding, u32, u32) {
        let files = scene.founded.desk.evidence(1).unwrap();
        let (letter, file) = files.first().unwrap();
        assert_eq!(*letter, 0);
        (file.standing, file.arrived, file.refused)
    }

    fn handed_out(scene: &Scene) -> Option<Vec<u8>> {
        let desk = &scene.founded.desk;
        let out = desk.hand_out(1, 1).unwrap()?;
        assert_eq!(out.name(), "case-1-file-1.jpg");
        let mut bytes = Vec::new();
        let mut number = 0;
        while let Some(chunk) = desk.chunk(&out, number).unwrap() {
            bytes.extend_from_slice(&chunk);
            number += 1;
        }
        Some(bytes)
    }

    #[test]
    fn a_file_is_complete_with_its_last_piece_and_comes_out_byte_by_byte() {
        let mut scene = Scene::new();
        let file = content(2 * CHUNK_BYTES + 9);
        let of = announced(&file);
        let letter = scene.with_files(&[of]);
        assert_eq!(scene.takes(&letter, 1), Became::NewCase);
        assert_eq!(standing(&scene), (FileStanding::Waiting, 0, 0));
        let pieces = pieces(&mut scene, &file, &of);
        for (n, at) in [(1, 2), (2, 0)] {
            assert_eq!(scene.takes(&pieces[at], 2 + n), Became::Piece);
            assert_eq!(
                standing(&scene),
                (FileStanding::Waiting, u32::try_from(n).unwrap(), 0)
            );
            assert_eq!(handed_out(&scene), None, "never before it is complete");
        }
        assert_eq!(scene.takes(&pieces[0], 5), Became::KnownBefore);
        scene.takes(&pieces[1], 6);
        assert_eq!(standing(&scene), (FileStanding::Complete, 3, 0));
        assert_eq!(handed_out(&scene).unwrap(), file);
    }

    #[test]
    fn pieces_that_come_before_their_report_wait_and_are_told() {
        let mut scene = Scene::new();
        let file = content(CHUNK_BYTES + 9);
        let of = announced(&file);
        for (n, piece) in pieces(&mut scene, &file, &of).iter().enumerate() {
            assert_eq!(scene.takes(piece, 1 + n as u64), Became::Piece);
        }
        let stray = scene.founded.desk.stray_pieces().unwrap();
        assert_eq!(
            (stray.waiting.pieces, stray.waiting.files, stray.not_kept),
            (2, 1, 0)
        );
        let letter = scene.with_files(&[of]);
        scene.takes(&letter, 9);
        assert_eq!(standing(&scene), (FileStanding::Complete, 2, 0));
        assert_eq!(scene.founded.desk.stray_pieces().unwrap(), Stray::default());
        assert_eq!(handed_out(&scene).unwrap(), file);
    }

    #[test]
    fn another_content_than_was_announced_is_told_and_never_handed_out() {
        let mut scene = Scene::new();
        let file = content(CHUNK_BYTES + 9);
        let of = announced(&file);
        let letter = scene.with_files(&[of]);
        scene.takes(&letter, 1);
        let mut altered = file.clone();
        altered[7] ^= 1;
        for (n, piece) in pieces(&mut scene, &altered, &of).iter().enumerate() {
            scene.takes(piece, 2 + n as u64);
        }
        assert_eq!(standing(&scene), (FileStanding::OtherContent, 2, 0));
        assert_eq!(handed_out(&scene), None);
    }

    #[test]
    fn a_piece_that_does_not_belong_is_counted_and_changes_nothing() {
        let mut scene = Scene::new();
        let file = content(CHUNK_BYTES + 9);
        let of = announced(&file);
        let letter = scene.with_files(&[of]);
        scene.takes(&letter, 1);
        let longer = content(2 * CHUNK_BYTES + 9);
        let other = announced(&longer);
        let strange = pieces(&mut scene, &longer, &other);
        scene.takes(&strange[0], 2);
        assert_eq!(standing(&scene), (FileStanding::Waiting, 0, 1));
        for (n, piece) in pieces(&mut scene, &file, &of).iter().enumerate() {
            scene.takes(piece, 3 + n as u64);
        }
        assert_eq!(standing(&scene), (FileStanding::Complete, 2, 1));
    }

    #[test]
    fn more_than_the_office_takes_is_told_and_not_kept() {
        let mut scene = Scene::new();
        scene.founded.desk.ledger.settings.attachments_mb = 1;
        let file = content((1 << 20) + 1);
        let of = announced(&file);
        let sealed = pieces(&mut scene, &file, &of);
        for (n, piece) in sealed.iter().enumerate() {
            scene.takes(piece, 1 + n as u64);
        }
        let stray = scene.founded.desk.stray_pieces().unwrap();
        assert_eq!((stray.waiting.pieces, stray.not_kept), (4, 1));
        let letter = scene.with_files(&[of]);
        scene.takes(&letter, 9);
        assert_eq!(standing(&scene), (FileStanding::OverLimit, 0, 4));
        let again = pieces(&mut scene, &file, &of);
        scene.takes(&again[0], 10);
        assert_eq!(standing(&scene), (FileStanding::OverLimit, 0, 5));
    }

    #[test]
    fn a_file_announced_in_a_way_that_cannot_be_true_costs_nobody_the_report() {
        let mut scene = Scene::new();
        let of = Attachment {
            pieces: 9,
            ..announced(&content(10))
        };
        let letter = scene.with_files(&[of]);
        assert_eq!(scene.takes(&letter, 1), Became::NewCase);
        assert_eq!(standing(&scene), (FileStanding::Impossible, 0, 0));
    }
}
