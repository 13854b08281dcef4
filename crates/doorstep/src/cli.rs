//! The command line: parse, call one function, print.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::serve;
use crate::settings::{SAMPLE, Settings};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ending {
    /// Done.
    Done = 0,
    /// Tried, and it failed.
    Failed = 1,
    /// Asked for in a way the program does not know.
    Usage = 2,
    /// The settings were refused.
    Refused = 3,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Seals letters for reporters whose browser runs no script, and posts them to the office's relay.
///
/// Whoever runs this could keep what is typed here; its page says so. In memory only, no log.
///
/// Exit codes: 0 ok, 1 failed, 2 usage, 3 refused input.
#[derive(Parser)]
#[command(name = "temoin-doorstep", version, about, long_about)]
struct Cli {
    /// The settings
    #[arg(long, required_unless_present = "sample")]
    settings: Option<PathBuf>,
    /// Print commented settings to begin with
    #[arg(long, conflicts_with = "settings")]
    sample: bool,
}

/// The command line as a value, for completions and manual pages.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with these arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Ending {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // If neither output can be written there is nobody to tell.
            drop(error.print());
            return if error.use_stderr() {
                Ending::Usage
            } else {
                Ending::Done
            };
        }
    };
    harden();
    match cli.settings {
        None => say(SAMPLE.trim_end()),
        Some(path) => match Settings::read(&path) {
            Ok(settings) => serve::run(&settings),
            Err(refused) => tell(Ending::Refused, &refused),
        },
    }
}

/// No core dump may hold what was typed, and nothing else on the machine may look into memory.
fn harden() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A system that refuses these has no dumps to switch off; there is no better way to go on.
    rustix::process::setrlimit(Resource::Core, none).ok();
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
}

/// Prints what was asked for.
pub(crate) fn say(text: &str) -> Ending {
    let mut out = std::io::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ending::Done,
        Err(_) => Ending::Failed,
    }
}

/// Tells the operator what went wrong.
pub(crate) fn tell(ending: Ending, error: &impl std::fmt::Display) -> Ending {
    // If the error output is closed there is nobody to tell.
    drop(writeln!(std::io::stderr(), "temoin-doorstep: {error}"));
    ending
}
