//! Files that go with a report: what the report announces of each, and the pieces they travel in.
//! (protocol §4.3)
//!
//! A file is never held whole: its content hash is fed slice by slice, and each piece is sealed
//! from the one chunk it carries. Reading a file is the business of who calls.

use envelope::SizeClass;
use envelope::notice::IntakeKey;
use minicbor::Decoder;
use rand_core::CryptoRng;
use record::MediaKind;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::letter::{ReadResult, bounded, fixed, in_memory, seal_body};
use crate::{CannotSeal, MalformedLetter, SealedLetter};

/// Bytes of the file that a piece carries, unless it is the last of the file or padding.
pub const CHUNK_BYTES: usize = 254 * 1_024;
/// The most files one report announces.
pub const MOST_ATTACHMENTS: usize = 100;
/// The largest file there is a count for: 2^40 bytes.
pub const MOST_FILE_BYTES: u64 = 1 << 40;

/// Joins the pieces of one file; drawn at random, and in no relay's sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub [u8; 16]);

impl FileId {
    /// Draws one.
    #[must_use]
    pub fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        Self(id)
    }
}

/// What a report announces of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// H(H(chunk 0) ‖ H(chunk 1) ‖ …) over the file's chunks.
    pub content: [u8; 32],
    /// Its bytes.
    pub size: u64,
    /// Pieces it comes in, padding included.
    pub pieces: u32,
    /// Its pieces name it by this.
    pub file: FileId,
    /// What its first bytes told; `None` if that is not in the list.
    pub kind: Option<MediaKind>,
}

/// Why a file cannot be announced, or was announced in a way that cannot be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotAttach {
    /// There is nothing in it: leave it out.
    Empty,
    /// Larger than [`MOST_FILE_BYTES`]: divide it.
    TooLarge,
    /// Its size calls for another number of pieces: ask for the file again.
    WrongCount,
}

impl Attachment {
    /// Announces a file whose bytes went through `content`.
    ///
    /// # Errors
    /// [`CannotAttach`].
    pub fn of(
        content: ContentHash,
        file: FileId,
        kind: Option<MediaKind>,
    ) -> Result<Self, CannotAttach> {
        let (content, size) = content.end();
        Ok(Self {
            content,
            size,
            pieces: padded_count(size)?,
            file,
            kind,
        })
    }

    /// Whether what was announced can be true; it may come from anybody.
    ///
    /// # Errors
    /// [`CannotAttach`].
    pub fn check(&self) -> Result<(), CannotAttach> {
        if self.pieces == padded_count(self.size)? {
            Ok(())
        } else {
            Err(CannotAttach::WrongCount)
        }
    }

    /// Pieces that carry something; those after them are padding.
    #[must_use]
    pub fn full_pieces(&self) -> u32 {
        count(self.size)
    }

    /// Bytes of the file in the piece of this number; none in padding.
    #[must_use]
    pub fn chunk_bytes(&self, number: u32) -> usize {
        let before = u64::from(number) * CHUNK_BYTES as u64;
        let left = self.size.saturating_sub(before);
        usize::try_from(left).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES))
    }

    /// Reads one, as it stands in a letter.
    ///
    /// # Errors
    /// [`MalformedLetter`]. Whether it can be true is for [`Attachment::check`].
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedLetter> {
        if !envelope::is_deterministic(bytes) {
            return Err(MalformedLetter);
        }
        Self::read(&mut Decoder::new(bytes)).map_err(|_| MalformedLetter)
    }

    /// The bytes that stand in a letter.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        in_memory(|e| {
            e.map(4 + u64::from(self.kind.is_some()))?;
            e.u8(0)?.bytes(&self.content)?.u8(1)?.u64(self.size)?;
            e.u8(2)?.u32(self.pieces)?.u8(3)?.bytes(&self.file.0)?;
            if let Some(kind) = self.kind {
                e.u8(4)?.str(kind.code())?;
            }
            Ok(())
        })
    }

    pub(crate) fn read(d: &mut Decoder<'_>) -> ReadResult<Self> {
        let (mut content, mut size, mut pieces, mut file, mut kind) =
            (None, None, None, None, None);
        for _ in 0..bounded(d.map()?)? {
            match d.u64()? {
                0 => content = Some(fixed(d.bytes()?)?),
                1 => size = Some(d.u64()?),
                2 => pieces = Some(d.u32()?),
                3 => file = Some(FileId(fixed(d.bytes()?)?)),
                4 => kind = MediaKind::of_code(d.str()?),
                _ => d.skip()?,
            }
        }
        match (content, size, pieces, file) {
            (Some(content), Some(size), Some(pieces), Some(file)) => Ok(Self {
                content,
                size,
                pieces,
                file,
                kind,
            }),
            _ => Err(minicbor::decode::Error::message("a file has four parts")),
        }
    }
}

fn count(size: u64) -> u32 {
    u32::try_from(size.div_ceil(CHUNK_BYTES as u64)).unwrap_or(u32::MAX)
}

/// Pieces for a file of this size: rounded up by Padmé, so that a count tells little of a size
/// and costs at most an eighth more. (protocol §4.3; PURBs, PoPETs 2019, §4)
///
/// # Errors
/// [`CannotAttach::Empty`] and [`CannotAttach::TooLarge`].
pub fn padded_count(size: u64) -> Result<u32, CannotAttach> {
    if size == 0 {
        return Err(CannotAttach::Empty);
    }
    if size > MOST_FILE_BYTES {
        return Err(CannotAttach::TooLarge);
    }
    let n = count(size);
    let exponent = n.ilog2();
    // One piece has no exponent to take a logarithm of, and nothing to round.
    let kept = exponent.checked_ilog2().map_or(0, |log| log + 1);
    let step = (1_u32 << exponent.saturating_sub(kept)) - 1;
    Ok((n + step) & !step)
}

/// The content hash of a file, fed slice by slice in order, whatever the slices' lengths.
#[derive(Clone)]
pub struct ContentHash {
    chunks: Sha256,
    chunk: Sha256,
    in_chunk: usize,
    size: u64,
}

impl Default for ContentHash {
    fn default() -> Self {
        Self::new()
    }
}

impl ContentHash {
    /// Of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            chunks: Sha256::new(),
            chunk: Sha256::new(),
            in_chunk: 0,
            size: 0,
        }
    }

    /// Takes the next bytes of the file.
    pub fn take(&mut self, mut bytes: &[u8]) {
        self.size = self.size.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let room = CHUNK_BYTES - self.in_chunk;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.chunk.update(now);
            self.in_chunk += now.len();
            if self.in_chunk == CHUNK_BYTES {
                self.chunk_ends();
            }
            bytes = later;
        }
    }

    /// Takes the next chunk by its hash, where its bytes went by before. Only between chunks: what
    /// was taken of a chunk that has not ended would be lost, and is hashed as one first.
    pub fn take_hashed(&mut self, chunk: [u8; 32], bytes: usize) {
        if self.in_chunk > 0 {
            self.chunk_ends();
        }
        self.chunks.update(chunk);
        self.size = self.size.saturating_add(bytes as u64);
    }

    fn chunk_ends(&mut self) {
        self.chunks.update(self.chunk.finalize_reset());
        self.in_chunk = 0;
    }

    /// The hash, and how many bytes it is of.
    #[must_use]
    pub fn end(mut self) -> ([u8; 32], u64) {
        if self.in_chunk > 0 {
            self.chunk_ends();
        }
        (self.chunks.finalize().into(), self.size)
    }
}

/// The inside of a piece.
#[derive(Clone, PartialEq, Eq)]
pub struct PieceBody {
    /// Bytes of the file; none in padding.
    pub chunk: Zeroizing<Vec<u8>>,
    /// Which file.
    pub file: FileId,
    /// Which piece of it, from 0.
    pub number: u32,
    /// How many there are, padding included.
    pub count: u32,
}

impl PieceBody {
    /// Reads the body of a letter of kind 1. Unknown keys are passed over.
    ///
    /// # Errors
    /// [`MalformedLetter`], also for a chunk that is too long and a number beyond the count.
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedLetter> {
        if !envelope::is_deterministic(bytes) {
            return Err(MalformedLetter);
        }
        let mut d = Decoder::new(bytes);
        let (mut kind, mut chunk, mut file, mut number, mut count) = (None, None, None, None, None);
        let mut read = || -> ReadResult<()> {
            for _ in 0..bounded(d.map()?)? {
                match d.u64()? {
                    0 => kind = Some(d.u64()?),
                    1 => chunk = Some(d.bytes()?),
                    7 => file = Some(FileId(fixed(d.bytes()?)?)),
                    8 => number = Some(d.u32()?),
                    9 => count = Some(d.u32()?),
                    _ => d.skip()?,
                }
            }
            Ok(())
        };
        read().map_err(|_| MalformedLetter)?;
        match (kind, chunk, file, number, count) {
            (Some(1), Some(chunk), Some(file), Some(number), Some(count))
                if chunk.len() <= CHUNK_BYTES && number < count =>
            {
                Ok(Self {
                    chunk: Zeroizing::new(chunk.to_vec()),
                    file,
                    number,
                    count,
                })
            }
            _ => Err(MalformedLetter),
        }
    }
}

/// Seals one piece. Every piece is a letter of the largest class, whatever it carries, and no
/// piece is signed: the signed report names the content it must add up to.
///
/// # Errors
/// [`CannotSeal::OtherChunk`] when the chunk is not as long as the announced file's piece of that
/// number; [`CannotSeal::BadKey`].
pub fn piece(
    attachment: &Attachment,
    number: u32,
    chunk: &[u8],
    key: &IntakeKey,
    rng: &mut impl CryptoRng,
) -> Result<SealedLetter, CannotSeal> {
    if number >= attachment.pieces || chunk.len() != attachment.chunk_bytes(number) {
        return Err(CannotSeal::OtherChunk);
    }
    let before = in_memory(|e| {
        e.map(5)?.u8(0)?.u8(1)?.u8(1)?;
        e.bytes_len(chunk.len() as u64).map(drop)
    });
    let after = in_memory(|e| {
        e.u8(7)?.bytes(&attachment.file.0)?.u8(8)?.u32(number)?;
        e.u8(9)?.u32(attachment.pieces).map(drop)
    });
    let body = [&before[..], chunk, &after[..]];
    seal_body(&body, None, SizeClass::TwoHundredFiftySixKiB, key, rng)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use envelope::hash;
    use proptest::prelude::*;

    const CHUNK: u64 = CHUNK_BYTES as u64;

    #[test]
    fn counts_are_rounded_as_padme_rounds_and_cost_at_most_an_eighth() {
        for (pieces, padded) in [
            (1, 1),
            (2, 2),
            (3, 3),
            (8, 8),
            (9, 10),
            (16, 16),
            (17, 18),
            (100, 104),
            (1_000, 1_024),
            (8_455, 8_704),
        ] {
            assert_eq!(padded_count(pieces * CHUNK), Ok(padded), "{pieces}");
        }
        for pieces in 1..20_000_u64 {
            let padded = u64::from(padded_count(pieces * CHUNK).unwrap());
            assert!(padded >= pieces && padded * 8 <= pieces * 9, "{pieces}");
            // A count that was rounded stays as it is: nobody can tell it from a true one.
            assert_eq!(padded_count(padded * CHUNK).map(u64::from), Ok(padded));
        }
        assert_eq!(padded_count(0), Err(CannotAttach::Empty));
        assert_eq!(padded_count(u64::MAX), Err(CannotAttach::TooLarge));
        assert!(padded_count(MOST_FILE_BYTES).is_ok());
    }

    #[test]
    fn the_content_hash_is_the_hash_of_the_chunks_hashes() {
        let file = vec![7; CHUNK_BYTES + 3];
        let mut hashed = ContentHash::new();
        hashed.take(&file);
        let (first, rest) = file.split_at(CHUNK_BYTES);
        let expected = hash(&[hash(first), hash(rest)].concat());
        assert_eq!(hashed.end(), (expected, CHUNK + 3));
        // A whole last chunk brings no empty one after it.
        let mut whole = ContentHash::new();
        whole.take(first);
        assert_eq!(whole.end().0, hash(&hash(first)));
    }

    #[test]
    fn what_is_announced_reads_back_and_a_false_count_is_seen() {
        let mut content = ContentHash::new();
        content.take(&[1; 1_000]);
        let file = FileId([9; 16]);
        let announced = Attachment::of(content, file, Some(MediaKind::Png)).unwrap();
        assert_eq!(Attachment::decode(&announced.encode()), Ok(announced));
        assert_eq!(announced.check(), Ok(()));
        for (size, pieces) in [(1_000, 2), (0, 0), (u64::MAX, 1), (CHUNK + 1, 1)] {
            let false_one = Attachment {
                size,
                pieces,
                ..announced
            };
            assert!(false_one.check().is_err(), "{size} in {pieces}");
        }
    }

    proptest! {
        #[test]
        fn slices_of_any_length_give_one_content_hash(cuts in prop::collection::vec(0usize..600_000, 0..6)) {
            let file: Vec<u8> = (0..600_000_u32).map(|i| i.to_le_bytes()[0] ^ 0x5a).collect();
            let mut at: Vec<usize> = cuts;
            at.sort_unstable();
            let mut sliced = ContentHash::new();
            let mut from = 0;
            for cut in at {
                sliced.take(file.get(from..cut).unwrap());
                from = cut;
            }
            sliced.take(file.get(from..).unwrap());
            let mut whole = ContentHash::new();
            whole.take(&file);
            prop_assert_eq!(sliced.end(), whole.end());
        }

        #[test]
        fn any_bytes_are_a_piece_or_malformed_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(piece) = PieceBody::decode(&bytes) {
                prop_assert!(piece.number < piece.count);
            }
            if let Ok(one) = Attachment::decode(&bytes) {
                prop_assert_eq!(Attachment::decode(&one.encode()), Ok(one));
            }
        }
    }
}
