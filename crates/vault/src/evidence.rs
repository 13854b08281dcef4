//! Files that came with letters: what was announced of each, and the pieces that arrived, each in
//! a row of its own, encrypted like everything in the store.
//!
//! No file is ever whole here, in memory or on a disk: a piece goes in and comes out by itself.
//! What belongs together is decided elsewhere; this is the SQL of it.

use rusqlite::{OptionalExtension, Row, params};
use zeroize::Zeroizing;

use crate::tables::{Failed, Reading, Writing};

/// The tables of files, the third step of the store.
pub(crate) const STEP: &str = "CREATE TABLE attachments (
        leaf BLOB NOT NULL, place INTEGER NOT NULL, file BLOB NOT NULL, announced BLOB NOT NULL,
        standing INTEGER NOT NULL, arrived INTEGER NOT NULL, refused INTEGER NOT NULL,
        PRIMARY KEY (leaf, place)) WITHOUT ROWID;
     CREATE INDEX attachments_by_file ON attachments (file);
     CREATE TABLE pieces (
        file BLOB NOT NULL, number INTEGER NOT NULL, count INTEGER NOT NULL,
        length INTEGER NOT NULL, hash BLOB NOT NULL, chunk BLOB NOT NULL,
        PRIMARY KEY (file, number, count, length));";

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileStanding {
    /// Pieces are missing.
    Waiting,
    /// All there, and the content is the one that was announced.
    Complete,
    /// All there, and the content is another.
    OtherContent,
    /// Larger than the office takes: its pieces are not kept.
    OverLimit,
    /// Announced in a way that cannot be true: its pieces are not kept.
    Impossible,
}

impl FileStanding {
    fn number(self) -> u8 {
        match self {
            Self::Waiting => 1,
            Self::Complete => 2,
            Self::OtherContent => 3,
            Self::OverLimit => 4,
            Self::Impossible => 5,
        }
    }

    fn from_number(n: u8) -> Self {
        match n {
            1 => Self::Waiting,
            2 => Self::Complete,
            3 => Self::OtherContent,
            4 => Self::OverLimit,
            _ => Self::Impossible,
        }
    }
}

/// A file as a letter announced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// The letter's leaf.
    pub leaf: [u8; 32],
    /// Its place among the letter's files, from 0.
    pub place: u32,
    /// Its pieces name it by this.
    pub file: [u8; 16],
    /// What was announced, as it stood in the letter.
    pub announced: Vec<u8>,
    /// How far it has come.
    pub standing: FileStanding,
    /// Pieces with content that arrived and belong to it.
    pub arrived: u32,
    /// Pieces that named it and were not kept.
    pub refused: u32,
}

/// A piece that is kept, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldPiece {
    /// Which piece of its file, from 0.
    pub number: u32,
    /// How many it says there are.
    pub count: u32,
    /// Bytes it carries.
    pub length: u32,
    /// SHA-256 of them.
    pub hash: [u8; 32],
}

/// Pieces of files that no letter announced so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unannounced {
    /// How many.
    pub pieces: u64,
    /// Of how many files.
    pub files: u64,
    /// Their bytes together.
    pub bytes: u64,
}

impl Reading<'_> {
    /// The files of a letter, in its order.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn attachments_of(&self, leaf: &[u8; 32]) -> Result<Vec<AnnouncedFile>, Failed> {
        self.files("leaf = ?1", leaf)
    }

    /// Every announcement of a file: a letter that was sealed twice announces it twice.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn announced_as(&self, file: &[u8; 16]) -> Result<Vec<AnnouncedFile>, Failed> {
        self.files("file = ?1", file)
    }

    fn files(&self, which: &str, value: &[u8]) -> Result<Vec<AnnouncedFile>, Failed> {
        let mut query = self.db().prepare_cached(&format!(
            "SELECT leaf, place, file, announced, standing, arrived, refused FROM attachments WHERE {which} ORDER BY leaf, place"
        ))?;
        let rows = query.query_map([value], read_file)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The pieces of a file that are kept, in the order of their numbers.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn pieces_of(&self, file: &[u8; 16]) -> Result<Vec<HeldPiece>, Failed> {
        let mut query = self.db().prepare_cached(
            "SELECT number, count, length, hash FROM pieces WHERE file = ?1 ORDER BY number, count, length",
        )?;
        let rows = query.query_map([file], |row| {
            Ok(HeldPiece {
                number: row.get(0)?,
                count: row.get(1)?,
                length: row.get(2)?,
                hash: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of one piece.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn chunk(
        &self,
        file: &[u8; 16],
        number: u32,
        count: u32,
        length: u32,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Failed> {
        Ok(self
            .db()
            .prepare_cached("SELECT chunk FROM pieces WHERE file = ?1 AND number = ?2 AND count = ?3 AND length = ?4")?
            .query_row(params![file, number, count, length], |row| {
                row.get(0).map(Zeroizing::new)
            })
            .optional()?)
    }

    /// What waits for a letter to announce it.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn unannounced(&self) -> Result<Unannounced, Failed> {
        Ok(self
            .db()
            .prepare_cached(
                "SELECT count(*), count(DISTINCT file), coalesce(sum(length), 0) FROM pieces
                 WHERE file NOT IN (SELECT file FROM attachments)",
            )?
            .query_row([], |row| {
                Ok(Unannounced {
                    pieces: row.get::<_, i64>(0)?.cast_unsigned(),
                    files: row.get::<_, i64>(1)?.cast_unsigned(),
                    bytes: row.get::<_, i64>(2)?.cast_unsigned(),
                })
            })?)
    }
}

impl Writing<'_> {
    /// Keeps what is known of a file; what was known of the same place of the letter is replaced.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_attachment(&self, file: &AnnouncedFile) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO attachments (leaf, place, file, announced, standing, arrived, refused) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![
                file.leaf,
                file.place,
                file.file,
                file.announced,
                file.standing.number(),
                file.arrived,
                file.refused
            ])?;
        Ok(())
    }

    /// Keeps a piece, unless one of its place, count and length is there already: then nothing
    /// changes, and `false` comes back.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_piece(
        &self,
        file: &[u8; 16],
        piece: &HeldPiece,
        chunk: &[u8],
    ) -> Result<bool, Failed> {
        let kept = self
            .db()
            .prepare_cached("INSERT OR IGNORE INTO pieces (file, number, count, length, hash, chunk) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                file,
                piece.number,
                piece.count,
                piece.length,
                piece.hash,
                chunk
            ])?;
        Ok(kept == 1)
    }

    /// Deletes one piece.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn remove_piece(&self, file: &[u8; 16], piece: &HeldPiece) -> Result<(), Failed> {
        self.db()
            .prepare_cached(
                "DELETE FROM pieces WHERE file = ?1 AND number = ?2 AND count = ?3 AND length = ?4",
            )?
            .execute(params![file, piece.number, piece.count, piece.length])?;
        Ok(())
    }

    /// Deletes the files of a letter, and their pieces where no other letter announces them.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn forget_attachments(&self, leaf: &[u8; 32]) -> Result<(), Failed> {
        for file in self.attachments_of(leaf)? {
            self.db()
                .prepare_cached("DELETE FROM attachments WHERE leaf = ?1 AND place = ?2")?
                .execute(params![leaf, file.place])?;
            self.db()
                .prepare_cached("DELETE FROM pieces WHERE file = ?1 AND file NOT IN (SELECT file FROM attachments)")?
                .execute([file.file])?;
        }
        Ok(())
    }
}

fn read_file(row: &Row<'_>) -> rusqlite::Result<AnnouncedFile> {
    Ok(AnnouncedFile {
        leaf: row.get(0)?,
        place: row.get(1)?,
        file: row.get(2)?,
        announced: row.get(3)?,
        standing: FileStanding::from_number(row.get(4)?),
        arrived: row.get(5)?,
        refused: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use rusqlite::Connection;

    fn store() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        crate::tables::bring_up_to_date(&db, 0).unwrap();
        db
    }

    fn piece(number: u32, length: u32) -> HeldPiece {
        HeldPiece {
            number,
            count: 2,
            length,
            hash: [9; 32],
        }
    }

    fn announced(leaf: u8, place: u32) -> AnnouncedFile {
        AnnouncedFile {
            leaf: [leaf; 32],
            place,
            file: [7; 16],
            announced: vec![1],
            standing: FileStanding::Waiting,
            arrived: 0,
            refused: 0,
        }
    }

    #[test]
    fn the_first_piece_of_a_place_stays_and_another_length_stands_beside_it() {
        let db = store();
        let w = Writing::over(&db);
        assert!(w.put_piece(&[7; 16], &piece(0, 3), b"abc").unwrap());
        assert!(!w.put_piece(&[7; 16], &piece(0, 3), b"xyz").unwrap());
        assert!(w.put_piece(&[7; 16], &piece(0, 2), b"ab").unwrap());
        let chunk = |length| w.chunk(&[7; 16], 0, 2, length).unwrap().unwrap().to_vec();
        assert_eq!((chunk(3), chunk(2)), (b"abc".to_vec(), b"ab".to_vec()));
        assert!(w.chunk(&[8; 16], 0, 2, 3).unwrap().is_none());
        assert_eq!(w.pieces_of(&[7; 16]).unwrap(), [piece(0, 2), piece(0, 3)]);
    }

    #[test]
    fn pieces_wait_until_a_letter_announces_them_and_go_when_its_last_one_does() {
        let db = store();
        let w = Writing::over(&db);
        w.put_piece(&[7; 16], &piece(0, 3), b"abc").unwrap();
        let waiting = w.unannounced().unwrap();
        assert_eq!((waiting.pieces, waiting.files, waiting.bytes), (1, 1, 3));
        w.put_attachment(&announced(1, 0)).unwrap();
        w.put_attachment(&announced(2, 0)).unwrap();
        assert_eq!(w.unannounced().unwrap(), Unannounced::default());
        assert_eq!(w.announced_as(&[7; 16]).unwrap().len(), 2);
        w.forget_attachments(&[1; 32]).unwrap();
        assert_eq!(w.pieces_of(&[7; 16]).unwrap().len(), 1);
        w.forget_attachments(&[2; 32]).unwrap();
        assert!(w.pieces_of(&[7; 16]).unwrap().is_empty());
        assert!(w.announced_as(&[7; 16]).unwrap().is_empty());
    }
}
