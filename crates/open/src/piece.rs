//! Pieces of files: opened, held against what a report announced, and read in order until their
//! content is what was announced. (protocol §4.3)
//!
//! A piece alone proves nothing, since nobody signed it. Only the hash of the whole, which stands
//! in a report, makes a [`Complete`]; and only [`Reassembly::end`] makes that.

use envelope::SizeClass;
use envelope::keys::SIGNATURE_BYTES;
use seal::{Attachment, CannotAttach, ContentHash, FileId, PieceBody};

use crate::CannotOpen;

/// A piece that was opened. Which file it is of stands inside; whether it belongs there, not yet.
pub struct OpenedPiece(PieceBody);

/// Why a piece is not one of an announced file. It is kept out of that file, and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoesNotFit {
    /// It names another file: wait for the report that announces it.
    OtherFile,
    /// It counts the pieces differently.
    OtherCount,
    /// It carries more or less than the file has in that place.
    OtherLength,
    /// The file was announced in a way that cannot be true.
    Announced(CannotAttach),
}

impl OpenedPiece {
    /// The file it names.
    #[must_use]
    pub fn file(&self) -> FileId {
        self.0.file
    }

    /// Which piece of it, from 0; always below [`OpenedPiece::count`].
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.number
    }

    /// How many pieces it says there are, padding included.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.0.count
    }

    /// Bytes of the file; none in padding.
    #[must_use]
    pub fn chunk(&self) -> &[u8] {
        &self.0.chunk
    }

    /// Whether it is a piece of this file, as far as one piece can tell.
    ///
    /// # Errors
    /// [`DoesNotFit`].
    pub fn fits(&self, announced: &Attachment) -> Result<(), DoesNotFit> {
        self.held().fits(announced)
    }

    /// What is known of it without its bytes.
    #[must_use]
    pub fn held(&self) -> Held {
        Held {
            file: self.file(),
            number: self.number(),
            count: self.count(),
            bytes: self.chunk().len(),
        }
    }
}

/// What is known of a piece without its bytes: it may have come before its report did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The file it names.
    pub file: FileId,
    /// Which piece of it, from 0.
    pub number: u32,
    /// How many it says there are.
    pub count: u32,
    /// Bytes of the file it carries.
    pub bytes: usize,
}

impl Held {
    /// Whether it is a piece of this file, as far as one piece can tell.
    ///
    /// # Errors
    /// [`DoesNotFit`].
    pub fn fits(&self, announced: &Attachment) -> Result<(), DoesNotFit> {
        announced.check().map_err(DoesNotFit::Announced)?;
        if self.file != announced.file {
            Err(DoesNotFit::OtherFile)
        } else if self.count != announced.pieces {
            Err(DoesNotFit::OtherCount)
        } else if self.bytes != announced.chunk_bytes(self.number) {
            Err(DoesNotFit::OtherLength)
        } else {
            Ok(())
        }
    }
}

pub(crate) fn read(
    class: SizeClass,
    body: &[u8],
    signature: Option<[u8; SIGNATURE_BYTES]>,
) -> Result<OpenedPiece, CannotOpen> {
    if signature.is_some() {
        // No key it could be by.
        return Err(CannotOpen::Forged);
    }
    // Protocol §4.3: a piece of another class would tell a relay how long its chunk is.
    if class != SizeClass::TwoHundredFiftySixKiB {
        return Err(CannotOpen::Malformed);
    }
    PieceBody::decode(body)
        .map(OpenedPiece)
        .map_err(|_| CannotOpen::Malformed)
}

/// Reads the chunks of a file one after another, holding none of them.
pub struct Reassembly {
    announced: Attachment,
    next: u32,
    content: ContentHash,
}

/// What was put together is not what the report announced: say so, and ask for it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTheFile {
    /// A chunk has another length than the file has in that place, or is one too many.
    OtherLength,
    /// Chunks are missing at the end.
    Incomplete,
    /// Every chunk is there, and the content is another.
    OtherContent,
}

/// A file whose content is the one its report announced. Only [`Reassembly::end`] makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complete {
    announced: Attachment,
}

impl Complete {
    /// What was announced, and is true.
    #[must_use]
    pub fn announced(&self) -> &Attachment {
        &self.announced
    }
}

impl Reassembly {
    /// Begins with the first chunk.
    #[must_use]
    pub fn of(announced: &Attachment) -> Self {
        Self {
            announced: *announced,
            next: 0,
            content: ContentHash::new(),
        }
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// [`NotTheFile::OtherLength`].
    pub fn take(&mut self, chunk: &[u8]) -> Result<(), NotTheFile> {
        self.expects(chunk.len())?;
        self.content.take(chunk);
        self.next += 1;
        Ok(())
    }

    /// Takes the next chunk by its hash, where whoever keeps it hashed it on arrival.
    ///
    /// # Errors
    /// [`NotTheFile::OtherLength`].
    pub fn take_hashed(&mut self, chunk: [u8; 32], bytes: usize) -> Result<(), NotTheFile> {
        self.expects(bytes)?;
        self.content.take_hashed(chunk, bytes);
        self.next += 1;
        Ok(())
    }

    fn expects(&self, bytes: usize) -> Result<(), NotTheFile> {
        if bytes == 0 || bytes != self.announced.chunk_bytes(self.next) {
            Err(NotTheFile::OtherLength)
        } else {
            Ok(())
        }
    }

    /// Compares the whole with what was announced.
    ///
    /// # Errors
    /// [`NotTheFile`].
    pub fn end(self) -> Result<Complete, NotTheFile> {
        let (content, size) = self.content.end();
        if size != self.announced.size {
            Err(NotTheFile::Incomplete)
        } else if content != self.announced.content {
            Err(NotTheFile::OtherContent)
        } else {
            Ok(Complete {
                announced: self.announced,
            })
        }
    }
}
