//! Where a passphrase comes from: a file, a file named by the environment, or the terminal.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use vault::Passphrase;
use zeroize::Zeroizing;

use crate::ending::Unfinished;
use crate::files;

/// Names a file with the passphrase, when no option does.
const FROM_ENVIRONMENT: &str = "TEMOIN_PASSPHRASE_FILE";

/// The passphrase of a vault that is there.
pub(crate) fn known(file: Option<&Path>, of_what: &str) -> Result<Passphrase, Unfinished> {
    match from_file(file)? {
        Some(passphrase) => Ok(passphrase),
        None => ask(&format!("Passphrase of {of_what}: ")),
    }
}

/// Nothing shorter protects a vault whose disk somebody copied. That something is longer says
/// nothing of how it was chosen: the question names the dice. (The least that NIST SP 800-63B-4
/// takes is 15, where tries are counted; on a copied disk nobody counts them.)
const LEAST: usize = 20;

/// A passphrase for a vault that is made: from a file, or typed twice on a terminal; 20 signs or more.
pub(crate) fn new(file: Option<&Path>) -> Result<Passphrase, Unfinished> {
    if let Some(text) = text_from_file(file)? {
        return long_enough(&text);
    }
    let first = ask_text(
        "New passphrase: nine words drawn with dice from EFF's short list of 1,296, seven from the long one of 7,776, or more: ",
    )?;
    let again = ask_text("Once more: ")?;
    if first != again {
        return Err(Unfinished::refused(
            "the two are not the same; nothing was made",
        ));
    }
    long_enough(&first)
}

fn long_enough(text: &str) -> Result<Passphrase, Unfinished> {
    if text.chars().count() < LEAST {
        return Err(Unfinished::refused(format!(
            "the passphrase is shorter than {LEAST} signs, and whoever copies the disk can try all of those; draw words with dice; nothing was made"
        )));
    }
    Ok(Passphrase::new(text))
}

/// The groups of a sheet, from a file or the terminal.
pub(crate) fn sheet(file: Option<&Path>) -> Result<vault::Sheet, Unfinished> {
    let text = match file {
        Some(path) => Zeroizing::new(files::read_text(path)?),
        None => ask_text("The eleven groups on the sheet: ")?,
    };
    Ok(vault::Sheet::read(&text)?)
}

fn from_file(file: Option<&Path>) -> Result<Option<Passphrase>, Unfinished> {
    Ok(text_from_file(file)?.map(|text| Passphrase::new(&text)))
}

fn text_from_file(file: Option<&Path>) -> Result<Option<Zeroizing<String>>, Unfinished> {
    let from_environment: Option<OsString> = std::env::var_os(FROM_ENVIRONMENT);
    let path = match (file, from_environment) {
        (Some(path), _) => path.to_owned(),
        (None, Some(path)) => PathBuf::from(path),
        (None, None) => return Ok(None),
    };
    let text = Zeroizing::new(files::read_text(&path)?);
    let first = text.lines().next().unwrap_or_default();
    if first.is_empty() {
        return Err(Unfinished::refused(format!(
            "{}: the first line holds the passphrase, and it is empty",
            path.display()
        )));
    }
    Ok(Some(Zeroizing::new(first.to_owned())))
}

fn ask(question: &str) -> Result<Passphrase, Unfinished> {
    ask_text(question).map(|text| Passphrase::new(&text))
}

/// Asks on the terminal itself, whatever the standard streams are, and shows nothing of it.
#[cfg(unix)]
fn ask_text(question: &str) -> Result<Zeroizing<String>, Unfinished> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let no_terminal = || {
        Unfinished::refused(format!(
            "there is no terminal to ask on; name a file with --passphrase-file or {FROM_ENVIRONMENT}"
        ))
    };
    let mut terminal = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(|_| no_terminal())?;
    let shown = tcgetattr(&terminal).map_err(|_| no_terminal())?;
    let mut hidden = shown.clone();
    hidden.local_modes -= LocalModes::ECHO;
    let mut line = Zeroizing::new(String::with_capacity(256));
    let asked = write!(terminal, "{question}")
        .and_then(|()| terminal.flush())
        .and_then(|()| Ok(tcsetattr(&terminal, OptionalActions::Now, &hidden)?))
        .and_then(|()| BufReader::new(&terminal).read_line(&mut line).map(drop));
    // The terminal shows again what is typed, whatever happened.
    let restored = tcsetattr(&terminal, OptionalActions::Now, &shown).is_ok();
    let ended = writeln!(terminal).is_ok();
    if asked.is_err() || !restored || !ended {
        return Err(no_terminal());
    }
    let typed = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(typed);
    Ok(line)
}

#[cfg(not(unix))]
fn ask_text(_question: &str) -> Result<Zeroizing<String>, Unfinished> {
    Err(Unfinished::refused(format!(
        "on this system name a file with --passphrase-file or {FROM_ENVIRONMENT}"
    )))
}
