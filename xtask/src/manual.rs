//! `cargo xtask man`: completions and manual pages, written by an example of this package, so that
//! the tool itself starts without the office's software.

use std::path::PathBuf;

use crate::broken::{Try, stop};
use crate::child::{self, Shown};
use crate::place;

/// Writes them to a folder, `target/man` if none is named.
pub(crate) fn write(to: Option<&str>) -> Try<()> {
    let folder = to.map_or_else(|| place::target().join("man"), PathBuf::from);
    let mut command = place::cargo();
    command
        .args(["run", "--package", "xtask", "--example", "man", "--"])
        .arg(&folder);
    child::must("writing manual pages", &mut command, Shown::Yes)?;
    let files = place::files_below(&folder)?;
    let empty = files
        .iter()
        .find(|file| std::fs::metadata(file).map_or(true, |data| data.len() == 0));
    match empty {
        Some(file) => stop(format!("{} is empty", file.display())),
        None if files.is_empty() => stop("nothing was written"),
        None => Ok(()),
    }
}
