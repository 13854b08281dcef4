//! Files a command reads and writes.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::ending::Unfinished;

/// The largest file of reports that is read: what does not fit memory is not for a desk.
const MOST_BYTES: u64 = 1 << 30;

/// Reads a file a person named.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Unfinished> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
        .map_err(|e| Unfinished::refused(cannot(path, "read", &e)))?;
    Ok(bytes)
}

/// Reads a text.
pub(crate) fn read_text(path: &Path) -> Result<String, Unfinished> {
    String::from_utf8(read(path)?).map_err(|_| {
        Unfinished::refused(format!(
            "{}: not a text in UTF-8; save it as one",
            path.display()
        ))
    })
}

/// Writes a file that holds a secret: for this user alone, never over another.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Unfinished> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(|e| Unfinished::failed(cannot(path, "written", &e)))
}

/// Writes a file that anyone may read, and its folders.
pub(crate) fn write_public(path: &Path, bytes: &[u8]) -> Result<(), Unfinished> {
    let done = match path.parent() {
        Some(parent) => fs::create_dir_all(parent),
        None => Ok(()),
    };
    done.and_then(|()| fs::write(path, bytes))
        .map_err(|e| Unfinished::failed(cannot(path, "written", &e)))
}

fn cannot(path: &Path, verb: &str, e: &io::Error) -> String {
    format!("{} cannot be {verb}: {}", path.display(), e.kind())
}
