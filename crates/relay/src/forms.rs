//! Sealed files out of a plain form (RFC 7578), one after the other, for browsers without script.
//!
//! A form is bounded as a whole, each file by the largest posting; names of files and of fields are
//! not even looked at. What is beyond the bound of a file is read past and not kept, so that the
//! files after it are still heard.

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http_body_util::{BodyDataStream, Full};
use hyper::body::{Body, Bytes};
use multer::{Constraints, Multipart, SizeLimit};

use crate::answer::Answer;
use crate::relay::too_large;

/// Files one form may bring.
pub const FILES: usize = 16;
/// Bytes of a posting of the largest class.
const POSTING_BYTES: usize = 262_144 + envelope::NONCE_BYTES;
/// Bytes of a form: its files, and what a browser writes around each.
pub const FORM_BYTES: usize = FILES * (POSTING_BYTES + 1_024);

/// Why a form ends before its files do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRead {
    /// The bytes are no form with files, or stop in the middle, or are more than a form may have.
    Broken,
    /// More than [`FILES`] files; those before were read.
    TooMany,
}

/// One file of a form: what it may be a posting of, or nothing that could be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// Its bytes, no more than the largest posting has. Whether they are one is not looked at.
    Bytes(Vec<u8>),
    /// Larger than any posting; not kept.
    TooLarge,
}

impl File {
    /// The bytes to hand in, or the answer that a larger body gets everywhere.
    pub(crate) fn posting(self) -> Result<Vec<u8>, Answer> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::TooLarge => Err(too_large()),
        }
    }
}

/// The files of a form that is still arriving.
pub struct Files {
    parts: Multipart<'static>,
    read: usize,
}

impl Files {
    /// The form in a body, if its content type is that of one.
    pub fn of<B>(content_type: &str, body: B) -> Option<Self>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        let boundary = multer::parse_boundary(content_type).ok()?;
        // RFC 2046 allows 70, and none that is empty.
        if boundary.is_empty() || boundary.len() > 70 {
            return None;
        }
        let whole = SizeLimit::new().whole_stream(FORM_BYTES as u64);
        let bounds = Constraints::new().size_limit(whole);
        let parts = Multipart::with_constraints(BodyDataStream::new(body), boundary, bounds);
        Some(Self { parts, read: 0 })
    }

    /// The next file that is not empty; `None` behind the last. A field left empty brings a part of
    /// no bytes.
    ///
    /// # Errors
    /// [`CannotRead`]; nothing is read after it.
    pub async fn next(&mut self) -> Result<Option<File>, CannotRead> {
        let broken = |_| CannotRead::Broken;
        while let Some(mut part) = self.parts.next_field().await.map_err(broken)? {
            let (mut bytes, mut length) = (Vec::new(), 0_usize);
            while let Some(chunk) = part.chunk().await.map_err(broken)? {
                length = length.saturating_add(chunk.len());
                if length <= POSTING_BYTES {
                    bytes.extend_from_slice(&chunk);
                }
            }
            if length == 0 {
                continue;
            }
            if self.read == FILES {
                return Err(CannotRead::TooMany);
            }
            self.read += 1;
            let file = if length > POSTING_BYTES {
                File::TooLarge
            } else {
                File::Bytes(bytes)
            };
            return Ok(Some(file));
        }
        Ok(None)
    }
}

/// The files of a form that is in memory as a whole, up to the first thing that ends it.
pub fn files_of(content_type: &str, body: Vec<u8>) -> (Vec<File>, Result<(), CannotRead>) {
    let mut found = Vec::new();
    let Some(mut files) = Files::of(content_type, Full::new(Bytes::from(body))) else {
        return (found, Err(CannotRead::Broken));
    };
    let reading = async {
        while let Some(file) = files.next().await? {
            found.push(file);
        }
        Ok(())
    };
    // All bytes are there, so nothing is waited for.
    let ended = match pin!(reading).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(ended) => ended,
        Poll::Pending => Err(CannotRead::Broken),
    };
    (found, ended)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=b";

    fn part(content: &[u8]) -> Vec<u8> {
        [&b"--b\r\nx: y\r\n\r\n"[..], content, b"\r\n"].concat()
    }

    fn form(parts: &[&[u8]]) -> Vec<u8> {
        let mut all: Vec<u8> = parts.iter().flat_map(|content| part(content)).collect();
        all.extend_from_slice(b"--b--\r\n");
        all
    }

    #[test]
    fn a_form_brings_the_bytes_of_its_files_and_nothing_else_of_them() {
        let kind = "multipart/form-data; boundary=\"--x7\"";
        let body = b"----x7\r\ncontent-disposition: form-data; name=\"letter\"; filename=\"../../a\"\r\n\r\nab\r\n-c\r\n----x7\r\ncontent-type: x\r\n\r\n\r\n----x7--\r\n";
        let whole = vec![File::Bytes(b"ab\r\n-c".to_vec())];
        assert_eq!(files_of(kind, body.to_vec()), (whole, Ok(())));
        for other in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "text/plain; boundary=b",
            "",
        ] {
            let (files, ended) = files_of(other, form(&[b"z"]));
            assert_eq!(
                (files.len(), ended),
                (0, Err(CannotRead::Broken)),
                "{other}"
            );
        }
    }

    #[test]
    fn a_form_that_stops_in_the_middle_never_passes_for_a_whole_one() {
        let body = form(&[b"first", b"second"]);
        for cut in 0..body.len() - 4 {
            let (files, ended) = files_of(KIND, body[..cut].to_vec());
            assert_eq!(ended, Err(CannotRead::Broken), "cut at {cut}");
            for file in files {
                // A file counts only when the boundary behind it was read.
                assert!(
                    [b"first".to_vec(), b"second".to_vec()]
                        .map(File::Bytes)
                        .contains(&file),
                    "cut at {cut}"
                );
            }
        }
    }

    #[test]
    fn a_file_beyond_the_largest_letter_is_passed_over_and_those_after_it_are_read() {
        let (largest, larger) = (vec![7; POSTING_BYTES], vec![7; POSTING_BYTES + 1]);
        let (files, ended) = files_of(KIND, form(&[&larger, &largest, b"z"]));
        assert_eq!(ended, Ok(()));
        assert_eq!(
            files,
            [
                File::TooLarge,
                File::Bytes(largest),
                File::Bytes(vec![b'z'])
            ]
        );
    }

    #[test]
    fn neither_too_many_files_nor_too_many_bytes_are_read() {
        let many = vec![&b"z"[..]; FILES + 1];
        let (files, ended) = files_of(KIND, form(&many));
        assert_eq!((files.len(), ended), (FILES, Err(CannotRead::TooMany)));
        let huge = vec![7; FORM_BYTES];
        assert_eq!(
            files_of(KIND, form(&[&huge])),
            (vec![], Err(CannotRead::Broken))
        );
        // A head that never ends is a form too large, not memory without end.
        let head = [b"--b\r\nx: ", &vec![b'y'; FORM_BYTES][..]].concat();
        assert_eq!(files_of(KIND, head), (vec![], Err(CannotRead::Broken)));
    }
}
