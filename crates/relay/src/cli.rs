//! The command line: parse, call one function, print.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use envelope::keys::{RelayKey, RelaySecret};

use crate::drop_point::{self, CannotDrop, DropPoint, Passed, Room};
use crate::relay::hex;
use crate::segments::{self, CannotOpenShelf};
use crate::settings::{self, Settings};
use crate::{backup, doctor, moving, serve, setup, twin};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Ending {
    /// Done.
    Done = 0,
    /// Tried, and it failed.
    Failed = 1,
    /// Asked for in a way the program does not know.
    Usage = 2,
    /// What was handed in was refused: settings, a store, a backup.
    Refused = 3,
    /// What it needed could not be reached.
    Unreachable = 4,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Accepts and keeps sealed letters that nobody here can read, lists them, and serves the board.
///
/// Exit codes: 0 ok, 1 failed, 2 usage, 3 refused input, 4 unreachable.
#[derive(Parser)]
#[command(name = "temoin-relay", version, about, long_about)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Set this machine up: settings, unit of systemd, samples for nginx, Caddy and tor, and the
    /// store. Overwrites nothing, asks nothing, and may be given again
    Setup(setup::Wanted),
    /// Look for what an operator can get wrong, and say what to do. Changes nothing; ends with 1 if
    /// something has to be mended
    Doctor {
        /// The settings
        #[arg(long, default_value = setup::SETTINGS)]
        settings: PathBuf,
    },
    /// Make a store and the relay's key; print the public key, which goes into the office's notice
    Init {
        /// The folder to make
        #[arg(long)]
        folder: PathBuf,
    },
    /// Run the relay until it is told to stop
    Serve {
        /// The settings; `temoin-relay sample` prints a file to begin with
        #[arg(long)]
        settings: PathBuf,
    },
    /// Copy a store into one file, also while the relay runs. The file holds the relay's key
    Backup {
        /// The store
        #[arg(long)]
        folder: PathBuf,
        /// The file to write; it must not exist yet
        #[arg(long)]
        to: PathBuf,
    },
    /// Make a store from a backup. It serves the board at once, and takes letters and closes epochs
    /// only when the office has put a newer notice
    Restore {
        /// The backup
        #[arg(long)]
        from: PathBuf,
        /// The folder to make
        #[arg(long)]
        folder: PathBuf,
        /// The newest epoch that anyone has seen, as the desk shows it. If it is the newest of the
        /// backup, nothing was published after it, and the relay goes on at once
        #[arg(long, value_name = "EPOCH")]
        last_seen: Option<u64>,
    },
    /// Copy a store onto a second disk, for `second_folder` of the settings; the relay has to be
    /// stopped
    Second {
        /// The store
        #[arg(long)]
        folder: PathBuf,
        /// The folder to make
        #[arg(long)]
        to: PathBuf,
    },
    /// Write a store into one file for another machine. It does not run here any more; the relay has
    /// to be stopped. What is printed says the one command for the other machine
    Move {
        /// The store
        #[arg(long)]
        folder: PathBuf,
        /// The file to write; it must not exist yet, and it holds the relay's key
        #[arg(long, required_unless_present = "undo", conflicts_with = "undo")]
        to: Option<PathBuf>,
        /// Let the store run here again: only if nothing ever ran that was made of it
        #[arg(long)]
        undo: bool,
    },
    /// Make a store of this program's version out of an older one, which is left as it was and does
    /// not run any more
    Upgrade {
        /// The older store
        #[arg(long)]
        folder: PathBuf,
        /// The newer store to make
        #[arg(long)]
        to: PathBuf,
        /// A backup of the older store, written before anything else; it must not exist yet
        #[arg(long)]
        backup: PathBuf,
    },
    /// Go back from an upgrade: the older store may run again, the newer one does not
    Rollback {
        /// The newer store
        #[arg(long)]
        from: PathBuf,
        /// The older store
        #[arg(long)]
        folder: PathBuf,
        /// Also if letters came since, which the older store does not have
        #[arg(long)]
        losing_what_came_since: bool,
    },
    /// Be a drop point: keep sealed letters for an office, and pass them on by a stick or a line.
    /// It cannot read them, and signs for none of them
    Drop {
        /// The folder of the letters; made if it is not there
        #[arg(long)]
        folder: PathBuf,
        /// The office's root: 64 hexadecimal digits, or its fingerprint of ten groups of four digits
        #[arg(long, value_name = "ROOT")]
        root: envelope::pin::Pin,
        /// The office's notice; kept, so that it need not be named again
        #[arg(long, value_name = "FILE")]
        notice: Option<PathBuf>,
        /// Take the letters of a stick in; what is kept is taken off the stick
        #[arg(long, value_name = "FOLDER")]
        take: Option<PathBuf>,
        /// Take letters in by HTTP at this address, until told to stop
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<std::net::SocketAddr>,
        /// Pass letters on to the office's relay: once, or every minute while listening
        #[arg(long, value_name = "URL")]
        forward: Option<String>,
        /// Reach that relay through Tor at this address; an onion address goes through Tor anyway
        #[arg(long, value_name = "ADDRESS", requires = "forward")]
        socks: Option<std::net::SocketAddr>,
        /// Write every letter kept onto a stick; they stay here until the relay signed for them
        #[arg(long, value_name = "FOLDER")]
        give: Option<PathBuf>,
        /// Letters kept at most
        #[arg(long, default_value_t = 10_000)]
        most_letters: usize,
        /// Mebibytes kept at most
        #[arg(long, default_value_t = 2_048)]
        most_mebibytes: u64,
    },
    /// Print commented settings to begin with
    Sample,
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
    match cli.verb {
        Verb::Setup(wanted) => setup::run(&wanted),
        Verb::Doctor { settings } => doctor::run(&settings),
        Verb::Init { folder } => match found(&folder) {
            Ok(public) => say(&format!("relay key {}", hex(&public.0))),
            Err(error) => tell(ending_of(&error), &error),
        },
        Verb::Serve { settings } => match Settings::read(&settings) {
            Ok(settings) => serve::run(&settings),
            Err(error) => tell(Ending::Refused, &error),
        },
        Verb::Backup { folder, to } => match backup::write(&folder, &to) {
            Ok(newest) => say(&backup::newest_in_words(newest)),
            Err(error) => tell(error.ending(), &error),
        },
        Verb::Restore {
            from,
            folder,
            last_seen,
        } => match backup::restore(&from, &folder, last_seen.map(envelope::Epoch), serve::now()) {
            Ok(restored) => say(&restored),
            Err(error) => tell(error.ending(), &error),
        },
        Verb::Second { folder, to } => match twin::make(&folder, &to) {
            Ok(left) => say(&format!(
                "copied, for the account that the store belongs to; put the folder into the settings as `second_folder`{}",
                crate::plain_files::told_of_left(left)
            )),
            Err(error) => tell(ending_of(&error), &error),
        },
        Verb::Move { folder, to, .. } => moved(match to {
            Some(to) => moving::out(&folder, &to),
            None => moving::undo(&folder),
        }),
        Verb::Upgrade { folder, to, backup } => moved(moving::upgrade(&folder, &backup, &to)),
        Verb::Rollback {
            from,
            folder,
            losing_what_came_since,
        } => moved(moving::back(
            &from,
            &folder,
            losing_what_came_since,
            serve::now(),
        )),
        Verb::Drop {
            folder,
            root,
            notice,
            take,
            listen,
            forward,
            socks,
            give,
            most_letters,
            most_mebibytes,
        } => {
            let room = Room {
                letters: most_letters,
                bytes: most_mebibytes.saturating_mul(1 << 20),
            };
            let notice = match notice.map(|file| read_notice(&file)).transpose() {
                Ok(notice) => notice,
                Err(ending) => return ending,
            };
            match DropPoint::open(&folder, &root, notice.as_deref(), room) {
                Ok(point) => {
                    let (take, give) = (take.as_deref(), give.as_deref());
                    let line = forward.as_deref().map(|url| match socks {
                        Some(at) => carry::http::Relay::through(url, at),
                        None => carry::http::Relay::new(url),
                    });
                    match line.transpose() {
                        Ok(line) => drop_point(point, take, give, line, listen),
                        Err(error) => tell(Ending::Usage, &error),
                    }
                }
                Err(error) => tell(Ending::Refused, &error),
            }
        }
        Verb::Sample => say(settings::SAMPLE.trim_end()),
    }
}

fn moved(done: Result<String, moving::CannotMove>) -> Ending {
    match done {
        Ok(told) => say(&told),
        Err(error) => tell(error.ending(), &error),
    }
}

/// What was asked of a drop point, in this order: in from a stick, on over a line, out to a stick.
fn drop_point(
    point: DropPoint,
    take: Option<&std::path::Path>,
    give: Option<&std::path::Path>,
    line: Option<carry::http::Relay>,
    listen: Option<std::net::SocketAddr>,
) -> Ending {
    let mut ending = Ending::Done;
    if let Some(stick) = take {
        let taken = point.take(stick, &mut crate::relay::system_randomness());
        let words = [
            match line {
                Some(_) => "taken in and off the stick",
                None => {
                    "taken in and off the stick; kept here, not yet with the office: pass them on with --forward or --give"
                }
            },
            "did not fit",
            "are no letters of this office and stay on the stick",
        ];
        ending = ending.max(told(taken, words));
    }
    if let (Some(line), None) = (&line, listen) {
        let words = [
            "signed for by the office's relay and taken out",
            "stay until the line holds",
            "refused for good and set aside in the folder `refused`",
        ];
        let passed = drop_point::pass_on(&point, line);
        if passed.as_ref().is_ok_and(|passed| passed.stay > 0) {
            ending = ending.max(Ending::Unreachable);
        }
        ending = ending.max(told(passed, words));
    }
    if let Some(stick) = give {
        let given = point.give(stick, &mut crate::relay::system_randomness());
        let words = [
            "written onto the stick; they stay here too",
            "stay",
            "are damaged",
        ];
        ending = ending.max(told(given, words));
    }
    match listen {
        Some(to) => ending.max(drop_point::serve(point, to, line)),
        None => ending,
    }
}

/// Says what came of it, in numbers: how many passed, stay, were refused.
fn told(passed: Result<Passed, CannotDrop>, words: [&str; 3]) -> Ending {
    let passed = match passed {
        Ok(passed) => passed,
        Err(error) => return tell(Ending::Failed, &error),
    };
    let counts = [passed.passed, passed.stay, passed.refused];
    let mut ending = Ending::Done;
    for (number, (count, words)) in counts.into_iter().zip(words).enumerate() {
        if number == 0 || count > 0 {
            ending = ending.max(say(&format!("letters: {count} {words}")));
        }
    }
    ending
}

fn read_notice(file: &std::path::Path) -> Result<Vec<u8>, Ending> {
    std::fs::read(file).map_err(|error| {
        let (name, kind) = (file.display(), error.kind());
        tell(
            Ending::Refused,
            &format!("{name} cannot be read ({kind}): name the office's notice"),
        )
    })
}

/// No core dump may hold a letter or a key, and nobody else on the machine reads the store.
fn harden() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A system that refuses these has no dumps to switch off; there is no better way to go on.
    rustix::process::setrlimit(Resource::Core, none).ok();
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Makes a store with a key drawn from the system; gives back its public half.
pub(crate) fn found(folder: &std::path::Path) -> Result<RelayKey, CannotOpenShelf> {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    rand_core::Rng::fill_bytes(&mut crate::relay::system_randomness(), seed.as_mut());
    segments::found(folder, &seed)?;
    Ok(RelaySecret::from_seed(&seed).public())
}

pub(crate) fn ending_of(error: &CannotOpenShelf) -> Ending {
    match error {
        CannotOpenShelf::Disk { .. } => Ending::Failed,
        _ => Ending::Refused,
    }
}

/// Prints what was asked for.
pub(crate) fn say(text: &str) -> Ending {
    use std::io::Write;
    let mut out = std::io::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ending::Done,
        Err(_) => Ending::Failed,
    }
}

/// Tells the operator what went wrong.
pub(crate) fn tell(ending: Ending, error: &impl std::fmt::Display) -> Ending {
    use std::io::Write;
    // If the error output is closed there is nobody to tell.
    drop(writeln!(std::io::stderr(), "temoin-relay: {error}"));
    ending
}
