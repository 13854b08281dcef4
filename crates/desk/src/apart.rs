//! A picture is read in a process of its own: whatever it does to the program that reads it, the
//! desk goes on, and a search without an end has one.
//!
//! The desk starts its own program once more, gives it the picture, and takes what it says within a
//! bound of bytes and of time. What that process cannot do: write anything, open a vault, go on when
//! it is no longer waited for, and on Linux take more memory than [`MOST_MEMORY`]. Elsewhere its memory
//! is bounded only by what the readers of pictures bound themselves.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::pictures::{MOST_BYTES, NotAPicture, codes_in};

/// The argument that has the program read one picture.
pub const VERB: &str = "read-picture";
/// So long a picture is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// Addresses that the process may use: the largest picture that is looked at takes less than half.
pub const MOST_MEMORY: u64 = 1 << 30;
/// More than all codes of a picture say.
const MOST_SAID: u64 = 1 << 20;

/// The program that reads pictures.
#[derive(Clone, Debug)]
pub struct Apart {
    program: PathBuf,
    patience: Duration,
}

impl Apart {
    /// The program that runs now.
    ///
    /// # Errors
    /// It cannot be told where it lies.
    pub fn itself() -> io::Result<Self> {
        Ok(Self {
            program: std::env::current_exe()?,
            patience: PATIENCE,
        })
    }

    /// The text of every code of a picture.
    ///
    /// # Errors
    /// [`NotAPicture`]; [`NotAPicture::GivenUp`] when the process ended by itself or took too long.
    pub fn codes_in(&self, picture: &[u8]) -> Result<Vec<String>, NotAPicture> {
        if picture.len() > MOST_BYTES {
            return Err(NotAPicture::TooLarge);
        }
        let mut child = Command::new(&self.program)
            .arg(VERB)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| NotAPicture::GivenUp)?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let (say, heard) = mpsc::channel();
        let said = std::thread::scope(|scope| {
            scope.spawn(move || {
                // One that ended before it read all has said why, or nothing.
                drop(to.map(|mut to| to.write_all(picture)));
            });
            scope.spawn(move || {
                let mut said = Vec::new();
                let read = from.map(|from| from.take(MOST_SAID).read_to_end(&mut said));
                drop(say.send(read.is_some_and(|read| read.is_ok()).then_some(said)));
            });
            let said = heard.recv_timeout(self.patience).ok().flatten();
            // Ended or not: both threads come to their end with it.
            drop(child.kill());
            drop(child.wait());
            said
        });
        said.and_then(|said| heard_of(&said))
            .unwrap_or(Err(NotAPicture::GivenUp))
    }
}

/// Called first in the process of its own, before it reads a byte: from then on the system refuses it
/// more than [`MOST_MEMORY`], and it ends. Elsewhere than on Linux nothing is bounded.
///
/// # Errors
/// The system does not say or take the bound.
pub fn bound_memory() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // Whoever started the desk may have bounded it more narrowly.
        let most = getrlimit(Resource::As).maximum;
        let most = Some(most.map_or(MOST_MEMORY, |most| most.min(MOST_MEMORY)));
        setrlimit(
            Resource::As,
            Rlimit {
                current: most,
                maximum: most,
            },
        )?;
    }
    Ok(())
}

/// What the process of its own does: one picture in, its codes out.
///
/// # Errors
/// The line to the desk broke.
pub fn read_picture(from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut picture = Vec::new();
    from.take(MOST_BYTES as u64 + 1).read_to_end(&mut picture)?;
    let mut said = Vec::new();
    match codes_in(&picture) {
        Ok(texts) => {
            said.push(0);
            for text in texts {
                let length = u32::try_from(text.len()).map_err(io::Error::other)?;
                said.extend_from_slice(&length.to_be_bytes());
                said.extend_from_slice(text.as_bytes());
            }
        }
        Err(why) => said.push(why.number()),
    }
    to.write_all(&said)?;
    to.flush()
}

/// A number, and behind 0 each text with its length; nothing else.
fn heard_of(said: &[u8]) -> Option<Result<Vec<String>, NotAPicture>> {
    let (number, mut rest) = said.split_first()?;
    if *number != 0 {
        return rest
            .is_empty()
            .then(|| NotAPicture::numbered(*number).map(Err))?;
    }
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (text, behind) = behind.split_at_checked(length)?;
        texts.push(String::from_utf8(text.to_vec()).ok()?);
        rest = behind;
    }
    Some(Ok(texts))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(path: &str) -> Apart {
        Apart {
            program: path.into(),
            patience: Duration::from_millis(50),
        }
    }

    #[test]
    fn a_process_that_dies_says_nonsense_or_never_ends_costs_one_picture_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let silent = folder.path().join("silent");
        std::fs::write(&silent, "#!/bin/sh\nexec tail -f /dev/null\n").unwrap();
        std::fs::set_permissions(&silent, PermissionsExt::from_mode(0o700)).unwrap();
        // One ends at once, one talks without end, one never says anything, one is not there.
        for path in [
            "/bin/false",
            "/usr/bin/yes",
            silent.to_str().unwrap(),
            "/nowhere",
        ] {
            let read = program(path).codes_in(&[7; 100_000]);
            assert_eq!(read, Err(NotAPicture::GivenUp), "{path}");
        }
    }

    #[test]
    fn what_the_process_says_is_what_is_heard_and_nothing_else_is() {
        let mut said = Vec::new();
        read_picture(&b"no picture"[..], &mut said).unwrap();
        assert_eq!(heard_of(&said), Some(Err(NotAPicture::OtherKind)));
        let whole = [&[0, 0, 0, 0, 2][..], b"ab", &[0, 0, 0, 0]].concat();
        let texts = vec!["ab".to_owned(), String::new()];
        assert_eq!(heard_of(&whole), Some(Ok(texts)));
        for wrong in [
            &[][..],
            &[9],
            &[1, 1],
            &[0, 0, 0, 0, 9, 1],
            &[0, 0],
            &[0, 0, 0, 0, 1, 255],
        ] {
            assert_eq!(heard_of(wrong), None, "{wrong:?}");
        }
    }
}
