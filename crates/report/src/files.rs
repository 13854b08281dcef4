//! Files that go with a report: read twice, once to announce their content and once to seal it,
//! never whole in memory unless a picture must be cleaned.
//!
//! A picture of a known kind loses what its camera wrote into it; of anything else a person is told
//! that it stays. No name of a file travels, and none is told but to the person who gave it.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rand_core::CryptoRng;
use record::MediaKind;
use seal::{Attachment, CHUNK_BYTES, CannotAttach, ContentHash, FileId};
use zeroize::Zeroizing;

use crate::pictures::{self, NotCleaned};

/// Whether pictures leave as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// What a camera wrote into them is taken out.
    Strip,
    /// The person wants the original sent, with all that is in it.
    Keep,
}

/// What a sender should know of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Cleaned.
    Cleaned,
    /// What programs and cameras wrote into it stays inside.
    MetadataStays,
}

/// Why a file is not sent. Nothing of its report was sent either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotTake {
    /// It cannot be read.
    Disk(io::ErrorKind),
    /// Nothing in it, or too much.
    Attach(CannotAttach),
    /// The picture is cut or no picture, or too large to be cleaned here.
    NotCleaned,
    /// It is another file now than when it was announced.
    Changed,
}

impl From<io::Error> for CannotTake {
    fn from(error: io::Error) -> Self {
        Self::Disk(error.kind())
    }
}

/// A file that is ready to go, with what its report announces of it.
pub struct Ready {
    from: From_,
    announced: Attachment,
    /// What the person should know.
    pub told: Told,
}

enum From_ {
    Disk(PathBuf),
    /// A cleaned picture.
    Memory(Zeroizing<Vec<u8>>),
}

impl From_ {
    fn reader(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(match self {
            Self::Disk(path) => Box::new(File::open(path)?),
            Self::Memory(bytes) => Box::new(Cursor::new(bytes.as_slice())),
        })
    }

    /// The content hash. Nothing can be sealed before it is known, so two threads make it: each
    /// hashes a run of chunks, and the runs are taken in order.
    fn content(&self) -> io::Result<ContentHash> {
        let mut content = ContentHash::new();
        for first in (0_u64..).step_by(2 * RUN) {
            let runs = std::thread::scope(|scope| {
                let second = scope.spawn(move || self.hashed(first + RUN as u64));
                let runs = [self.hashed(first), join(second)];
                runs.into_iter().collect::<io::Result<Vec<_>>>()
            })?;
            for run in runs {
                for (chunk, bytes) in &run {
                    content.take_hashed(*chunk, *bytes);
                }
                // The file ends here. Had it grown between the two, its second reading would say so.
                if run.len() < RUN || run.last().is_some_and(|(_, bytes)| *bytes < CHUNK_BYTES) {
                    return Ok(content);
                }
            }
        }
        Ok(content)
    }

    /// The hashes of at most [`RUN`] chunks from this one on, and how many bytes each is of.
    fn hashed(&self, first: u64) -> io::Result<Vec<([u8; 32], usize)>> {
        let mut reader = self.reader()?;
        reader.seek(SeekFrom::Start(first * CHUNK_BYTES as u64))?;
        let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
        let mut hashes = Vec::new();
        while hashes.len() < RUN {
            let n = fill(&mut reader, &mut chunk)?;
            if n > 0 {
                let bytes = chunk.get(..n).unwrap_or_default();
                hashes.push((envelope::hash(bytes), n));
            }
            if n < CHUNK_BYTES {
                break;
            }
        }
        Ok(hashes)
    }
}

/// Chunks that one thread hashes in a row: some eight megabytes.
const RUN: usize = 32;

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// What a thread made; its panic goes on here.
fn join<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Ready {
    /// Reads a file once, cleans it if it is a picture, and announces its content.
    ///
    /// # Errors
    /// [`CannotTake`].
    pub fn take(
        path: &Path,
        metadata: Metadata,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, CannotTake> {
        let mut first = [0; 16];
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let read = fill(&mut file, &mut first)?;
        let kind = MediaKind::of_first_bytes(first.get(..read).unwrap_or_default());
        let cleans = metadata == Metadata::Strip && pictures::can_be_cleaned(kind);
        let (from, told) = match kind.filter(|_| cleans) {
            Some(kind) => {
                if length > pictures::MOST_BYTES {
                    return Err(CannotTake::NotCleaned);
                }
                let mut whole = Zeroizing::new(Vec::new());
                File::open(path)?.take(length).read_to_end(&mut whole)?;
                let clean =
                    pictures::cleaned(kind, &whole).map_err(|NotCleaned| CannotTake::NotCleaned)?;
                (From_::Memory(Zeroizing::new(clean)), Told::Cleaned)
            }
            None => (From_::Disk(path.to_owned()), Told::MetadataStays),
        };
        let announced =
            Attachment::of(from.content()?, FileId::draw(rng), kind).map_err(CannotTake::Attach)?;
        Ok(Self {
            from,
            announced,
            told,
        })
    }

    /// What its report says of it.
    #[must_use]
    pub fn announced(&self) -> &Attachment {
        &self.announced
    }

    /// Reads it again, chunk by chunk; padding comes as empty chunks at the end. `each` is given
    /// the number of the piece.
    ///
    /// # Errors
    /// What `each` fails with, or [`CannotTake`]: a file that changed meanwhile is noticed at its
    /// end at the latest.
    pub fn each_chunk<E: From<CannotTake>>(
        &self,
        mut each: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let of = &self.announced;
        let mut reader = self.from.reader().map_err(CannotTake::from)?;
        let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
        let mut content = ContentHash::new();
        for number in 0..of.pieces {
            let wanted = of.chunk_bytes(number);
            let room = chunk.get_mut(..wanted).unwrap_or_default();
            if fill(&mut reader, room).map_err(CannotTake::from)? < wanted {
                return Err(CannotTake::Changed.into());
            }
            content.take(room);
            each(number, room)?;
        }
        let more = fill(&mut reader, &mut [0]).map_err(CannotTake::from)?;
        if more > 0 || content.end() != (of.content, of.size) {
            return Err(CannotTake::Changed.into());
        }
        Ok(())
    }
}

/// Reads until the room is full or the file ends; how much came.
fn fill(from: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(left) = room.get_mut(filled..).filter(|left| !left.is_empty()) {
        match from.read(left) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Files by the line of the report they go with, from 1.
pub type Named = (usize, Vec<PathBuf>);

/// The files that lines of a file of reports name under `attach`, and the lines without that name:
/// what stands there is for this program alone, and must not travel.
#[must_use]
pub fn named_in(file: &[u8]) -> (Zeroizing<Vec<u8>>, Vec<Named>) {
    let mut out = Zeroizing::new(Vec::with_capacity(file.len()));
    let mut named = Vec::new();
    for (at, line) in file.split(|b| *b == b'\n').enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        match attach_of(line) {
            Some((rest, files)) => {
                out.extend_from_slice(rest.as_bytes());
                named.push((at + 1, files));
            }
            None => out.extend_from_slice(line),
        }
    }
    (out, named)
}

fn attach_of(line: &[u8]) -> Option<(String, Vec<PathBuf>)> {
    if !line.windows(8).any(|at| at == b"\"attach\"") {
        return None;
    }
    let mut value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let attach = value.as_object_mut()?.shift_remove("attach")?;
    // What is no name becomes one that cannot be read, so that its report is kept back.
    let one = |value: &serde_json::Value| PathBuf::from(value.as_str().unwrap_or_default());
    let files = match &attach {
        serde_json::Value::Array(list) => list.iter().map(one).collect(),
        single => vec![one(single)],
    };
    Some((value.to_string(), files))
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    fn ready(bytes: &[u8], metadata: Metadata) -> (Result<Ready, CannotTake>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, bytes).unwrap();
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        (Ready::take(&path, metadata, rng), folder)
    }

    fn read(ready: &Ready) -> Result<Vec<Vec<u8>>, CannotTake> {
        let mut chunks = Vec::new();
        ready.each_chunk(|number, chunk| {
            assert_eq!(number as usize, chunks.len());
            chunks.push(chunk.to_vec());
            Ok::<(), CannotTake>(())
        })?;
        Ok(chunks)
    }

    #[test]
    fn a_file_comes_in_its_chunks_with_empty_ones_for_padding() {
        let bytes: Vec<u8> = (0..=250).cycle().take(8 * CHUNK_BYTES + 7).collect();
        let (ready, _folder) = ready(&bytes, Metadata::Strip);
        let ready = ready.ok().unwrap();
        let chunks = read(&ready).unwrap();
        assert_eq!((chunks.len(), chunks[9].len()), (10, 0));
        assert_eq!(chunks.concat(), bytes);
        assert_eq!(ready.told, Told::MetadataStays);
    }

    #[test]
    fn the_hash_that_two_threads_make_is_that_of_the_whole_in_order() {
        let run = RUN * CHUNK_BYTES;
        for length in [1, run - 1, run, run + 1, 2 * run, 2 * run + 7, 3 * run] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let (ready, _folder) = ready(&bytes, Metadata::Strip);
            let mut whole = ContentHash::new();
            whole.take(&bytes);
            let announced = *ready.ok().unwrap().announced();
            assert_eq!((announced.content, announced.size), whole.end(), "{length}");
        }
    }

    #[test]
    fn a_file_that_changes_between_its_two_readings_is_noticed() {
        for changed in [&b"otherwise"[..], b"something longer", b"short"] {
            let (ready, folder) = ready(b"something", Metadata::Strip);
            std::fs::write(folder.path().join("f"), changed).unwrap();
            assert_eq!(read(&ready.ok().unwrap()), Err(CannotTake::Changed));
        }
    }

    #[test]
    fn an_empty_file_and_a_broken_picture_are_refused_and_the_original_only_on_request() {
        let (empty, _a) = ready(b"", Metadata::Strip);
        assert_eq!(empty.err(), Some(CannotTake::Attach(CannotAttach::Empty)));
        let broken = b"\xff\xd8\xff\xe1\x00\x10place";
        let (refused, _b) = ready(broken, Metadata::Strip);
        assert_eq!(refused.err(), Some(CannotTake::NotCleaned));
        let (kept, _c) = ready(broken, Metadata::Keep);
        assert_eq!(read(&kept.ok().unwrap()).unwrap().concat(), broken);
    }

    #[test]
    fn what_a_report_file_names_is_taken_out_of_what_is_sent() {
        let file = b"{\"narrative\":\"a\"}\n{\"attach\":[\"x.jpg\",\"y\"],\"narrative\":\"b\"}\n{\"attach\":\"z\"}\nno json \"attach\"";
        let (rest, named) = named_in(file);
        assert_eq!(
            String::from_utf8(rest.to_vec()).unwrap(),
            "{\"narrative\":\"a\"}\n{\"narrative\":\"b\"}\n{}\nno json \"attach\""
        );
        let path = |name: &str| PathBuf::from(name);
        assert_eq!(
            named,
            [(2, vec![path("x.jpg"), path("y")]), (3, vec![path("z")])]
        );
    }
}
