//! The command line: parse, call one function, print.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser, Subcommand};

use crate::ending::{Ending, Unfinished};
use crate::office::{Publishing, SiteAsked};
use crate::synced::synced_by;
use crate::{office, passphrase, pictures, reports};

/// The office: founding it, its notice and pages, its desk, its backups.
///
/// The passphrase of the vault is read from --passphrase-file, from the file that
/// TEMOIN_PASSPHRASE_FILE names, or asked on the terminal.
///
/// Exit codes: 0 ok, 1 failed, 2 usage, 3 refused input, 4 unreachable.
#[derive(Parser)]
#[command(name = "temoin", version, about, long_about)]
struct Cli {
    /// A file whose first line is the passphrase
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Work though a sync program copies the office's folder elsewhere
    #[arg(long, global = true)]
    in_synced_folder: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Found an office, publish its notice, change its settings
    #[command(subcommand)]
    Office(OfficeVerb),
    /// Write the office's pages and the list of their hashes
    Site {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// The page's script, or the folder it was built into
        #[arg(long)]
        script: PathBuf,
        /// The folder to write
        #[arg(long)]
        to: PathBuf,
        /// Address of the doorstep, if the office runs one
        #[arg(long, value_name = "URL")]
        doorstep: Option<String>,
        /// A folder of published figures to put beside the pages
        #[arg(long, value_name = "DIR")]
        figures: Option<PathBuf>,
    },
    /// Open the desk: local pages in a browser on this machine, and visits to the relay
    Desk {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// Where to listen; only this machine can reach it
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
        /// Do not visit the relay
        #[arg(long)]
        offline: bool,
    },
    /// Visit the relay once: collect, open, answer "opened", check its board, post answers
    Collect {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
    },
    /// Print introduction codes to hand out on paper, one a line; each is shown this once and lets
    /// one letter into a crowded relay
    Codes {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// How many, 100 at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
        count: u16,
    },
    /// Read a letter from photographs of its codes: say how many codes are still missing, and when
    /// none is, take the letter in, or write it as a parcel
    Pictures {
        /// Photographs (PNG, JPEG), or folders of them
        #[arg(required = true)]
        from: Vec<PathBuf>,
        /// The office's folder: whole letters are taken in
        #[arg(long, required_unless_present = "to", conflicts_with = "to")]
        folder: Option<PathBuf>,
        /// Write whole letters into this folder, as parcels that a relay or a drop point takes; no
        /// passphrase is asked
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Read one picture from the standard input, for a desk or for `pictures`
    #[command(name = desk::apart::VERB, hide = true)]
    ReadPicture,
    /// Take reports of a file in as cases
    Import {
        /// The file
        file: PathBuf,
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// What the file is: reports (one JSON object a line), 2020pb
        #[arg(long = "as", value_name = "FORMAT", default_value = "reports")]
        format: String,
        /// The reports are public already: record that as the ground for counting them
        #[arg(long)]
        public_source: bool,
    },
    /// Publish figures: tables of verified acts that reveal nobody, as CSV, JSON and pages
    Figures {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// The folder to write
        #[arg(long)]
        to: PathBuf,
        /// Name of the release; today's date if nothing is said
        #[arg(long)]
        release: Option<String>,
        /// How finely time is shown
        #[arg(long, value_parser = ["month", "quarter", "year"], default_value = "quarter")]
        period: String,
        /// How finely place is shown
        #[arg(long, value_parser = ["admin1", "country"], default_value = "admin1")]
        place: String,
    },
    /// Count reports by their labels and first tiers: of a file as it stands, or of the office
    Count {
        /// The file; without it, the office's cases are counted
        file: Option<PathBuf>,
        /// The office's folder
        #[arg(long, required_unless_present = "file")]
        folder: Option<PathBuf>,
        /// What the file is: reports, 2020pb
        #[arg(long = "as", value_name = "FORMAT", default_value = "reports")]
        format: String,
        /// What to count by
        #[arg(long, value_parser = ["labels,admin1"], default_value = "labels,admin1")]
        by: String,
    },
    /// Write a sealed backup, and print the sheet with its key
    Backup {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// The file to write; it must not exist yet
        #[arg(long)]
        to: PathBuf,
    },
    /// Restore a backup into an empty folder, under a new passphrase
    Restore {
        /// The backup
        #[arg(long)]
        from: PathBuf,
        /// The folder to make
        #[arg(long)]
        folder: PathBuf,
        /// A file with the groups of the sheet; otherwise they are asked on the terminal
        #[arg(long, value_name = "FILE")]
        sheet_file: Option<PathBuf>,
        /// Numbers of cases erased since the backup was made, as they stand on the sheet: 3,17
        #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
        erased: Vec<u64>,
    },
    /// Check a file of settings; errors name the line
    Check {
        /// The file
        settings: PathBuf,
    },
    /// Print commented settings to begin with
    Sample,
}

impl Verb {
    /// The folder of the office's vault, where the command works on one.
    fn office(&self) -> Option<&Path> {
        match self {
            Self::Office(
                OfficeVerb::Create { folder, .. }
                | OfficeVerb::Publish { folder, .. }
                | OfficeVerb::Settings { folder, .. },
            )
            | Self::Site { folder, .. }
            | Self::Desk { folder, .. }
            | Self::Collect { folder }
            | Self::Codes { folder, .. }
            | Self::Import { folder, .. }
            | Self::Figures { folder, .. }
            | Self::Backup { folder, .. }
            | Self::Restore { folder, .. } => Some(folder),
            Self::Pictures { folder, .. } | Self::Count { folder, .. } => folder.as_deref(),
            Self::ReadPicture | Self::Check { .. } | Self::Sample => None,
        }
    }
}

#[derive(Subcommand)]
enum OfficeVerb {
    /// Found an office: its vault, its keys, its roots
    Create {
        /// The folder to make
        #[arg(long)]
        folder: PathBuf,
        /// The settings; `temoin sample` prints a file to begin with
        #[arg(long)]
        settings: PathBuf,
    },
    /// Sign a new notice with keys for twelve weeks ahead, and put both to the relay
    Publish {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// The folder of the office's pages, as `temoin site` wrote it
        #[arg(long, value_name = "DIR")]
        site: Option<PathBuf>,
        /// The file of the root key, when it is not in the folder
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
        /// A file with the root's passphrase, when it is another
        #[arg(long, value_name = "FILE")]
        root_passphrase_file: Option<PathBuf>,
        /// Replace the office's voice from today on: a desk was lost, or somebody left
        #[arg(long)]
        new_voice: bool,
        /// Write the notice to a file as well, for mirrors and kits
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Take over a changed file of settings
    Settings {
        /// The office's folder
        #[arg(long)]
        folder: PathBuf,
        /// The settings
        #[arg(long)]
        settings: PathBuf,
    },
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
    match obey(cli) {
        Ok(said) if said.is_empty() => Ending::Done,
        Ok(said) => say(&said),
        Err(unfinished) => {
            // If the error output is closed there is nobody to tell.
            drop(writeln!(std::io::stderr(), "temoin: {}", unfinished.line));
            unfinished.ending
        }
    }
}

fn obey(cli: Cli) -> Result<String, Unfinished> {
    if let Some(folder) = cli.verb.office().filter(|_| !cli.in_synced_folder) {
        not_synced(folder)?;
    }
    let file = cli.passphrase_file.as_deref();
    let vault = || passphrase::known(file, "the vault");
    match cli.verb {
        Verb::Office(OfficeVerb::Create { folder, settings }) => {
            office::check(&settings)?;
            office::create(&folder, &settings, &passphrase::new(file)?)
        }
        Verb::Office(OfficeVerb::Publish {
            folder,
            site,
            root,
            root_passphrase_file,
            new_voice,
            to,
        }) => {
            let asked = Publishing {
                folder,
                site,
                root,
                new_voice,
                to,
            };
            let of_root = match root_passphrase_file.as_deref() {
                Some(file) => Some(passphrase::known(Some(file), "the root")?),
                None => None,
            };
            office::publish(&asked, &vault()?, of_root.as_ref())
        }
        Verb::Office(OfficeVerb::Settings { folder, settings }) => {
            office::change_settings(&folder, &settings, &vault()?)
        }
        Verb::Site {
            folder,
            script,
            to,
            doorstep,
            figures,
        } => {
            let asked = SiteAsked {
                folder,
                script,
                to,
                doorstep,
                figures,
            };
            office::site(&asked, &vault()?)
        }
        Verb::Desk {
            folder,
            listen,
            offline,
        } => office::open_desk(&folder, listen, !offline, &vault()?),
        Verb::Collect { folder } => office::collect(&folder, &vault()?),
        Verb::Codes { folder, count } => office::introduction_codes(&folder, count, &vault()?),
        Verb::Pictures { from, folder, to } => {
            let read = pictures::read(&from)?;
            match (folder, to) {
                (Some(folder), _) => pictures::take_in(&read, &folder, &vault()?),
                (None, Some(to)) => pictures::write(&read, &to),
                // The command line asks for one of them.
                (None, None) => Err(Unfinished::refused("name an office's folder or --to")),
            }
        }
        Verb::ReadPicture => desk::apart::bound_memory()
            .and_then(|()| desk::apart::read_picture(std::io::stdin(), std::io::stdout()))
            .map(|()| String::new())
            .map_err(|e| Unfinished::failed(format!("a picture could not be read: {}", e.kind()))),
        Verb::Import {
            file,
            folder,
            format,
            public_source,
        } => reports::import(&file, &format, public_source, &folder, &vault()?),
        Verb::Figures {
            folder,
            to,
            release,
            period,
            place,
        } => reports::figures(&folder, &to, release.as_deref(), &period, &place, &vault()?),
        Verb::Count {
            file,
            folder,
            format,
            by: _,
        } => match (file, folder) {
            (Some(file), _) => reports::count(&file, &format),
            (None, Some(folder)) => reports::count_cases(&folder, &vault()?),
            // The command line asks for one of them.
            (None, None) => Err(Unfinished::refused("name a file or an office's folder")),
        },
        Verb::Backup { folder, to } => {
            office::back_up(&folder, &to, &vault()?).map(|said| said.to_string())
        }
        Verb::Restore {
            from,
            folder,
            sheet_file,
            erased,
        } => {
            let sheet = passphrase::sheet(sheet_file.as_deref())?;
            office::restore(&from, &folder, &sheet, &passphrase::new(file)?, &erased)
        }
        Verb::Check { settings } => office::check(&settings),
        Verb::Sample => Ok(desk::settings::SAMPLE.trim_end().to_owned()),
    }
}

/// Refuses a folder that a sync program copies elsewhere.
fn not_synced(folder: &Path) -> Result<(), Unfinished> {
    // Of a folder that is not there yet, what is there above it says where it will lie.
    let there = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let whole = there
        .ancestors()
        .find_map(|above| {
            let real = std::fs::canonicalize(above).ok()?;
            Some(real.join(there.strip_prefix(above).ok()?))
        })
        .unwrap_or_else(|| there.clone());
    match synced_by(&whole, |path| path.exists()) {
        None => Ok(()),
        Some(program) => Err(Unfinished::refused(format!(
            "{} seems to be kept alike on other machines by {program}: old versions of the vault would stay there, and keys that this desk destroys would come back. Move the folder out of it; if you must, add --in-synced-folder",
            folder.display()
        ))),
    }
}

/// No core dump may hold a letter or a key, and nobody else on the machine reads what is written.
fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // A system that refuses these has no dumps to switch off; there is no better way to go on.
        rustix::process::setrlimit(Resource::Core, none).ok();
        rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
}

/// Prints what was asked for.
pub(crate) fn say(text: &str) -> Ending {
    let mut out = std::io::stdout();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ending::Done,
        Err(_) => Ending::Failed,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
