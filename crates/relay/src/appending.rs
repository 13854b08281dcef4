//! A segment's file, written past the system's page cache.
//!
//! Letters are written once, synced at once, and read once, days later: a copy of them in the page
//! cache costs a page, a copy and the writing-back of each, and helps nobody. On Linux whole blocks
//! go to the disk from this program's own buffer (`O_DIRECT`); a sync then finds nothing left to
//! write but the file's new length. Where the file system has no such way, the file is written as
//! any other.
//!
//! The last block is filled with zeros up to its end, and written again, with what stood in it, by
//! the next batch. Until the segment is [cut](Appending::cut) it is longer by that.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// What offsets, lengths and addresses have to be multiples of: no disk's blocks are larger.
pub(crate) const BLOCK_BYTES: usize = 4_096;

/// What one call writes at most: bounds the buffer.
const MOST_BYTES: usize = 256 * BLOCK_BYTES;

/// Root may open a segment too, and its folder is another account's.
const NOFOLLOW: i32 = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();

/// A segment's file, open for reading and for both ways of writing.
pub(crate) struct Appending {
    file: File,
    past_the_cache: Option<File>,
    buffer: Blocks,
    /// Where the buffer's first byte belongs, and how many of it the file has there: less than a
    /// block. `None` if that has to be read.
    held: Option<(u64, usize)>,
}

impl Appending {
    /// Opens a file, or makes an empty one.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: open_file(path)?,
            past_the_cache: past_the_cache(path),
            buffer: Blocks::default(),
            held: None,
        })
    }

    /// The file, for reading.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Writes at an offset; up to a block of zeros may follow. What stands from there on is lost.
    pub(crate) fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let held = self.held.take();
        // The head of a segment stays alone until there is a letter.
        let Some(direct) = self.past_the_cache.as_ref().filter(|_| at > 0) else {
            return self.file.write_all_at(bytes, at);
        };
        let block = BLOCK_BYTES as u64;
        let mut start = at - at % block;
        let mut before = usize::try_from(at % block).unwrap_or(0);
        if held != Some((start, before)) {
            let lead = self.buffer.at_least(before);
            self.file.read_exact_at(lead, start)?;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(MOST_BYTES - before));
            let filled = before + now.len();
            let blocks = self.buffer.at_least(filled.next_multiple_of(BLOCK_BYTES));
            let (_, free) = blocks.split_at_mut(before);
            let (place, padding) = free.split_at_mut(now.len());
            place.copy_from_slice(now);
            padding.fill(0);
            match direct.write_all_at(blocks, start) {
                // A file system that opens a file so, and then does not write it.
                Err(error) if is_no_way(error.kind()) => {
                    self.past_the_cache = None;
                    return self.file.write_all_at(bytes, at);
                }
                written => written?,
            }
            before = filled % BLOCK_BYTES;
            blocks.copy_within(filled - before..filled, 0);
            start += (filled - before) as u64;
            rest = later;
        }
        self.held = Some((start, before));
        Ok(())
    }

    /// Until this returns, nothing that was written is promised.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Ends the file at a length.
    pub(crate) fn cut(&mut self, len: u64) -> io::Result<()> {
        self.held = None;
        self.file.set_len(len)
    }
}

fn is_no_way(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
    )
}

/// Opens a file for reading and writing, or makes an empty one; never through a link.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .custom_flags(NOFOLLOW)
        .open(path)
}

#[cfg(target_os = "linux")]
fn past_the_cache(path: &Path) -> Option<File> {
    let flag = i32::try_from(rustix::fs::OFlags::DIRECT.bits()).ok()?;
    let mut options = OpenOptions::new();
    let flags = flag | NOFOLLOW;
    options.write(true).custom_flags(flags).open(path).ok()
}

#[cfg(not(target_os = "linux"))]
fn past_the_cache(_: &Path) -> Option<File> {
    None
}

/// Bytes that begin where a block may.
#[derive(Default)]
struct Blocks(Vec<u8>);

impl Blocks {
    /// The first bytes, with what stood in them.
    fn at_least(&mut self, bytes: usize) -> &mut [u8] {
        let begin = |bytes: &Vec<u8>| bytes.as_ptr().align_offset(BLOCK_BYTES).min(BLOCK_BYTES);
        if self.0.len() < bytes + BLOCK_BYTES {
            let grown = vec![0; bytes.next_power_of_two() + BLOCK_BYTES];
            let old = std::mem::replace(&mut self.0, grown);
            let (from, to) = (begin(&old), begin(&self.0));
            let kept = old.get(from..).unwrap_or_default();
            let kept = kept.get(..kept.len().min(BLOCK_BYTES)).unwrap_or_default();
            if let Some(place) = self.0.get_mut(to..to + kept.len()) {
                place.copy_from_slice(kept);
            }
        }
        let begin = begin(&self.0);
        self.0.get_mut(begin..begin + bytes).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    /// What a file holds after some batches: each written once or, cut off first, twice.
    fn written(batches: &[(Vec<u8>, bool)], direct: bool) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        let mut file = Appending::open(&path).unwrap();
        if !direct {
            file.past_the_cache = None;
        }
        file.write_at(0, &[7; 16]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), 16);
        let mut end = 16;
        for (bytes, again) in batches {
            file.write_at(end, bytes).unwrap();
            file.sync().unwrap();
            if *again {
                file.cut(end).unwrap();
                file.write_at(end, bytes).unwrap();
                file.sync().unwrap();
            }
            end += bytes.len() as u64;
            let now = fs::read(&path).unwrap();
            let (whole, padding) = now.split_at(usize::try_from(end).unwrap());
            assert!(whole.ends_with(bytes));
            assert!(padding.len() < BLOCK_BYTES && padding.iter().all(|byte| *byte == 0));
        }
        file.cut(end).unwrap();
        fs::read(&path).unwrap()
    }

    #[test]
    fn a_segment_is_neither_opened_nor_made_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (theirs, none) = (folder.path().join("theirs"), folder.path().join("none"));
        std::fs::write(&theirs, "theirs").unwrap();
        for leads_to in [&theirs, &none] {
            let planted = folder.path().join("0");
            std::os::unix::fs::symlink(leads_to, &planted).unwrap();
            assert!(Appending::open(&planted).is_err());
            assert!(past_the_cache(&planted).is_none());
            std::fs::remove_file(&planted).unwrap();
        }
        assert!(!none.exists());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_segment_holds_the_same_bytes_whichever_way_it_was_written(
            batches in proptest::collection::vec(
                (any::<u8>(), prop_oneof![1..9_000_usize, Just(4_080), Just(4_096), 1_040_000..1_060_000_usize], any::<bool>()),
                1..6,
            ),
        ) {
            let batches: Vec<_> = batches
                .into_iter()
                .map(|(first, len, again)| {
                    ((0..=u8::MAX).cycle().map(|n| n.wrapping_add(first) | 1).take(len).collect(), again)
                })
                .collect();
            prop_assert_eq!(written(&batches, true), written(&batches, false));
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn here_segments_are_written_past_the_page_cache() {
        let folder = tempfile::tempdir().unwrap();
        let file = Appending::open(&folder.path().join("segment")).unwrap();
        assert!(
            file.past_the_cache.is_some(),
            "no claim of this file was tried"
        );
    }
}
