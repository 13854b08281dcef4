//! `temoin-relay setup`: settings, a unit of systemd, samples for nginx, Caddy and tor, and the
//! store, in one command that asks nothing.
//!
//! What is to be written is decided first ([`plan`], pure) and compared with what is there. A file
//! that says the same is left; one that says something else stops everything before a byte is
//! written. So the command may be given again: what an existing `relay.toml` says need not be said
//! a second time.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use envelope::keys::{RelaySecret, RootKey};

use crate::cli::Ending;
use crate::plain_files::{self, To};
use crate::relay::hex;
use crate::segments::{self, CannotOpenShelf};
use crate::settings::{SAMPLE, Settings, SettingsRefused};

/// The unit of systemd, as the package installs it.
pub(crate) const UNIT: &str = include_str!("../../../packaging/temoin-relay.service");
/// nginx in front of the relay.
pub(crate) const NGINX: &str = include_str!("../../../packaging/nginx.conf");
/// Caddy in front of the relay.
pub(crate) const CADDY: &str = include_str!("../../../packaging/Caddyfile");
/// The relay as an onion service.
pub(crate) const TORRC: &str = include_str!("../../../packaging/torrc");

/// Where the settings are, unless another place is named.
pub(crate) const SETTINGS: &str = "/etc/temoin-relay/relay.toml";
/// Where the store is, unless another place is named.
const FOLDER: &str = "/var/lib/temoin-relay/store";
/// What the unit lets the relay write below.
const STATE: &str = "/var/lib/temoin-relay";
const LISTEN: &str = "127.0.0.1:8080";
const ACCOUNT: &str = "temoin-relay";
/// What the samples and the unit say where a machine's own value belongs.
const SAMPLE_NAME: &str = "relay.example.org";
const SAMPLE_PROGRAM: &str = "/usr/bin/temoin-relay";
const PACKAGED_UNIT: &str = "usr/lib/systemd/system/temoin-relay.service";
const OWN_UNIT: &str = "/etc/systemd/system/temoin-relay.service";
const OWN_FOLDER: &str = "/etc/systemd/system/temoin-relay.service.d/folder.conf";

/// What an operator says.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The office's root key, 64 hexadecimal digits, as `temoin` printed it
    #[arg(long, value_name = "HEX")]
    office_root: Option<String>,
    /// The name of the relay in the web, such as relay.example.org; without one no samples for web
    /// servers are written
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where the relay listens [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The store [default: /var/lib/temoin-relay/store]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The folder of the office's pages
    #[arg(long)]
    site: Option<PathBuf>,
    /// The relay's onion, such as http://….onion, once tor has drawn it
    #[arg(long, value_name = "ORIGIN")]
    onion: Option<String>,
    /// Print what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Another root folder than /, for an image of a machine
    #[arg(long, value_name = "FOLDER", default_value = "/")]
    system: PathBuf,
}

/// Why nothing was set up. Nothing was written.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum CannotSetUp {
    /// The office's root was not said.
    NoRoot,
    /// A value would not hold in a file of settings.
    Wrong {
        /// Which, and how it looks when it is right.
        why: &'static str,
    },
    /// Files are there and say something else.
    There {
        /// Which.
        files: Vec<String>,
    },
    /// `relay.toml` is there and says something else than the command.
    SaidOtherwise {
        /// Which setting.
        setting: &'static str,
    },
    /// The account of the relay is not on this machine.
    NoAccount,
    /// The existing `relay.toml`, or the one that would be written, does not read.
    Settings(SettingsRefused),
    /// The store cannot be made or is of no use.
    Store(CannotOpenShelf),
    /// A file cannot be written.
    Disk {
        /// Which.
        file: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
}

impl std::fmt::Display for CannotSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoRoot => write!(
                f,
                "say --office-root: the 64 digits that `temoin` printed when the office was founded"
            ),
            Self::Wrong { why } => write!(f, "{why}; nothing was written"),
            Self::There { files } => write!(
                f,
                "these files are there and say something else: {}; nothing was written. See with --dry-run what would be, and change or move them yourself",
                files.join(", ")
            ),
            Self::SaidOtherwise { setting } => write!(
                f,
                "relay.toml is there and says another `{setting}`; nothing was written. Change that line in it, or leave the flag out"
            ),
            Self::NoAccount => write!(
                f,
                "there is no account {ACCOUNT} on this machine; nothing was written. Make one: `useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin {ACCOUNT}`"
            ),
            Self::Settings(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Disk { file, kind } => write!(
                f,
                "`{file}` cannot be written ({kind}): run setup as root, or see with --dry-run what it would write"
            ),
        }
    }
}

impl CannotSetUp {
    fn ending(&self) -> Ending {
        match self {
            Self::NoRoot | Self::Wrong { .. } => Ending::Usage,
            Self::Disk { .. } => Ending::Failed,
            Self::Store(error) => crate::cli::ending_of(error),
            _ => Ending::Refused,
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CannotSetUp {
    let file = path.display().to_string();
    move |error| CannotSetUp::Disk {
        file,
        kind: error.kind(),
    }
}

/// Sets a machine up and says what comes next.
pub(crate) fn run(wanted: &Wanted) -> Ending {
    match set_up(wanted) {
        Ok(told) => crate::cli::say(told.trim_end()),
        Err(error) => crate::cli::tell(error.ending(), &error),
    }
}

/// A file to be written, by its place on the machine.
#[derive(Debug, PartialEq, Eq)]
struct Planned {
    place: PathBuf,
    text: String,
}

/// What the machine is to look like.
#[derive(Debug)]
struct Plan {
    folder: PathBuf,
    files: Vec<Planned>,
}

/// Where on this system a place is.
fn below(system: &Path, place: &Path) -> PathBuf {
    system.join(place.strip_prefix("/").unwrap_or(place))
}

fn set_up(wanted: &Wanted) -> Result<String, CannotSetUp> {
    let system = wanted.system.as_path();
    let file = below(system, Path::new(SETTINGS));
    let there = if file.exists() {
        Some(Settings::read(&file).map_err(CannotSetUp::Settings)?)
    } else {
        None
    };
    let packaged = system.join(PACKAGED_UNIT).exists();
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from(SAMPLE_PROGRAM));
    let plan = plan(wanted, there.as_ref(), packaged, &program)?;
    if wanted.dry_run {
        return Ok(shown(&plan));
    }
    let mut missing = Vec::new();
    let mut differ = Vec::new();
    for planned in &plan.files {
        let path = below(system, &planned.place);
        match fs::read(&path) {
            Ok(bytes) if bytes == planned.text.as_bytes() => {}
            Ok(_) => differ.push(planned.place.display().to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(planned),
            Err(error) => return Err(at(&path)(error)),
        }
    }
    if !differ.is_empty() {
        return Err(CannotSetUp::There { files: differ });
    }
    let (user, group) = account(system)?;
    let mut told = String::new();
    for planned in missing {
        write_new(&below(system, &planned.place), &planned.text)?;
        told.push_str(&format!("wrote {}\n", planned.place.display()));
    }
    let folder = below(system, &plan.folder);
    let public = match segments::check_version(&folder) {
        Ok(()) => {
            let seed = segments::seed(&folder).map_err(CannotSetUp::Store)?;
            told.push_str("the store is there and was left as it is\n");
            RelaySecret::from_seed(&seed).public()
        }
        Err(CannotOpenShelf::NotAStore) => {
            let public = crate::cli::found(&folder).map_err(CannotSetUp::Store)?;
            told.push_str("made the store\n");
            public
        }
        Err(other) => return Err(CannotSetUp::Store(other)),
    };
    let key = folder.join("relay.key");
    let all = match plan.folder.starts_with(STATE) {
        true => below(system, Path::new(STATE)),
        false => folder,
    };
    let left = plain_files::give(&all, To::Account(user, group)).map_err(at(&all))?;
    plain_files::open(&key)
        .and_then(|key| key.set_permissions(fs::Permissions::from_mode(0o600)))
        .map_err(at(&key))?;
    told.push_str(&format!("relay key {}\n", hex(&public.0)));
    told.push_str(&next(wanted.name.is_some(), !packaged));
    told.push_str(&plain_files::told_of_left(left));
    Ok(told)
}

/// Decides what is written.
fn plan(
    wanted: &Wanted,
    there: Option<&Settings>,
    packaged: bool,
    program: &Path,
) -> Result<Plan, CannotSetUp> {
    let otherwise = |setting| Err(CannotSetUp::SaidOtherwise { setting });
    let mut files = Vec::new();
    let (listen, folder) = if let Some(there) = there {
        let root = wanted.office_root.as_deref();
        let pinned = hex(&there.office_root.0);
        if root.is_some_and(|root| !root.eq_ignore_ascii_case(&pinned)) {
            return otherwise("office_root");
        }
        if wanted.listen.is_some_and(|listen| listen != there.listen) {
            return otherwise("listen");
        }
        if wanted.folder.as_ref().is_some_and(|f| *f != there.folder) {
            return otherwise("folder");
        }
        if wanted.site.is_some() && wanted.site != there.site {
            return otherwise("site");
        }
        if wanted.onion.is_some() && wanted.onion != there.onion {
            return otherwise("onion");
        }
        (there.listen, there.folder.clone())
    } else {
        let (text, settings) = settings(wanted)?;
        files.push(Planned {
            place: SETTINGS.into(),
            text,
        });
        (settings.listen, settings.folder)
    };
    if !packaged {
        let program = program.display().to_string();
        files.push(Planned {
            place: OWN_UNIT.into(),
            text: UNIT.replace(SAMPLE_PROGRAM, plain(&program)?),
        });
    }
    if !folder.starts_with(STATE) {
        let folder = folder.display().to_string();
        let folder = plain(&folder)?;
        files.push(Planned {
            place: OWN_FOLDER.into(),
            text: format!("# The store lies elsewhere.\n[Service]\nReadWritePaths={folder}\n"),
        });
    }
    let local = |text: &str| text.replace(LISTEN, &listen.to_string());
    let sample = |name: &str, text: String| Planned {
        place: Path::new("/etc/temoin-relay/samples").join(name),
        text,
    };
    files.push(sample("torrc", local(TORRC)));
    if let Some(name) = &wanted.name {
        let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if name.is_empty() || !name.chars().all(host) {
            return Err(CannotSetUp::Wrong {
                why: "--name is a name alone, such as relay.example.org",
            });
        }
        let named = |text: &str| local(text).replace(SAMPLE_NAME, name);
        files.push(sample("nginx.conf", named(NGINX)));
        files.push(sample("Caddyfile", named(CADDY)));
    }
    Ok(Plan { folder, files })
}

/// A path that means itself in a unit and in settings.
fn plain(path: &str) -> Result<&str, CannotSetUp> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    if path.starts_with('/') && path.chars().all(plain) {
        Ok(path)
    } else {
        Err(CannotSetUp::Wrong {
            why: "a path is to begin with / and to have letters, digits and . - _ + alone",
        })
    }
}

/// The sample settings with a machine's own values in them.
fn settings(wanted: &Wanted) -> Result<(String, Settings), CannotSetUp> {
    let Some(root) = &wanted.office_root else {
        return Err(CannotSetUp::NoRoot);
    };
    let digits = root.chars().all(|c| c.is_ascii_hexdigit());
    if root.len() != 2 * RootKey([0; 32]).0.len() || !digits {
        return Err(CannotSetUp::Wrong {
            why: "--office-root is 64 hexadecimal digits: copy what `temoin` printed for the office",
        });
    }
    let mut text = SAMPLE.replace(&"0".repeat(64), root);
    if let Some(listen) = wanted.listen {
        text = text.replace(LISTEN, &listen.to_string());
    }
    if let Some(folder) = &wanted.folder {
        text = text.replace(FOLDER, plain(&folder.display().to_string())?);
    }
    if let Some(site) = &wanted.site {
        let line = format!("site = \"{}\"", plain(&site.display().to_string())?);
        text = text.replace("# site = \"/srv/temoin-site\"", &line);
    }
    if let Some(onion) = &wanted.onion {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/');
        if !onion.chars().all(fits) {
            return Err(CannotSetUp::Wrong {
                why: "--onion is an origin such as http://….onion, without a path",
            });
        }
        let (before, after) = text
            .split_once("# onion = \"")
            .and_then(|(before, rest)| Some((before, rest.split_once('"')?.1)))
            .unwrap_or((text.as_str(), ""));
        text = format!("{before}onion = \"{onion}\"{after}");
    }
    let base = Path::new(SETTINGS).parent().unwrap_or(Path::new("/"));
    let read = Settings::parse(&text, "relay.toml", base).map_err(CannotSetUp::Settings)?;
    Ok((text, read))
}

/// What `--dry-run` prints.
fn shown(plan: &Plan) -> String {
    let mut text = String::from("Nothing was written. These files would be:\n");
    for planned in &plan.files {
        text.push_str(&format!(
            "\n──── {}\n{}",
            planned.place.display(),
            planned.text
        ));
    }
    text.push_str(&format!(
        "\n──── {}\na store with a new key, unless one is there; for the account {ACCOUNT} alone\n",
        plan.folder.display()
    ));
    text
}

fn next(web: bool, own_unit: bool) -> String {
    let mut steps = String::from("\nWhat comes next:\n");
    if web {
        steps.push_str("- TLS: copy samples/nginx.conf or samples/Caddyfile from /etc/temoin-relay to its place; the first lines of each say where\n");
    }
    steps.push_str("- onion: put samples/torrc at the end of tor's own, then the name that tor draws into relay.toml\n");
    if own_unit {
        steps.push_str("- systemctl daemon-reload\n");
    }
    steps.push_str(
        "- systemctl enable --now temoin-relay
- give the office the relay key and the address; it puts both into its settings and publishes
- temoin-relay doctor
",
    );
    steps
}

/// User and group of the relay's account, as the system's list has them.
fn account(system: &Path) -> Result<(u32, u32), CannotSetUp> {
    let list = fs::read_to_string(system.join("etc/passwd")).unwrap_or_default();
    let found = list.lines().find_map(|line| {
        let mut fields = line.split(':');
        let named = fields.next() == Some(ACCOUNT);
        let (user, group) = (fields.nth(1)?, fields.next()?);
        named.then_some((user.parse().ok()?, group.parse().ok()?))
    });
    found.ok_or(CannotSetUp::NoAccount)
}

/// Writes a file that must not be there, readable for all: nothing in it is secret.
fn write_new(path: &Path, text: &str) -> Result<(), CannotSetUp> {
    use io::Write;
    let folder = path.parent().unwrap_or(Path::new("/"));
    for above in folder.ancestors().collect::<Vec<_>>().into_iter().rev() {
        if !above.as_os_str().is_empty() && !above.exists() {
            fs::create_dir(above).map_err(at(above))?;
            fs::set_permissions(above, fs::Permissions::from_mode(0o755)).map_err(at(above))?;
        }
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(at(path))?;
    file.write_all(text.as_bytes()).map_err(at(path))?;
    file.set_permissions(fs::Permissions::from_mode(0o644))
        .map_err(at(path))?;
    file.sync_all().map_err(at(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const ROOT: &str = "abababababababababababababababababababababababababababababababab";

    /// An image of a machine with the relay's account, which is the account this test runs as.
    fn machine() -> tempfile::TempDir {
        let system = tempfile::tempdir().unwrap();
        let etc = system.path().join("etc");
        fs::create_dir(&etc).unwrap();
        let user = rustix::process::getuid().as_raw();
        let group = rustix::process::getgid().as_raw();
        let list = format!("root:x:0:0::/root:/bin/sh\n{ACCOUNT}:x:{user}:{group}::/:/bin/false\n");
        fs::write(etc.join("passwd"), list).unwrap();
        system
    }

    fn wanted(system: &Path) -> Wanted {
        Wanted {
            office_root: Some(ROOT.to_owned()),
            name: Some("relay.invented.test".to_owned()),
            system: system.to_owned(),
            ..Wanted::default()
        }
    }

    fn read(system: &Path, place: &str) -> String {
        fs::read_to_string(below(system, Path::new(place))).unwrap()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn files(system: &Path) -> usize {
        let mut count = 0;
        let mut open = vec![system.to_path_buf()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    count += 1;
                }
            }
        }
        count
    }

    #[test]
    fn a_machine_is_set_up_with_its_own_values_and_its_key_is_kept_from_others() {
        let system = machine();
        let told = set_up(&wanted(system.path())).unwrap();
        let settings = below(system.path(), Path::new(SETTINGS));
        let read_back = Settings::read(&settings).unwrap();
        assert_eq!(hex(&read_back.office_root.0), ROOT);
        assert_eq!(read_back.folder, Path::new(FOLDER));
        assert_eq!(mode(&settings), 0o644);
        let store = below(system.path(), Path::new(FOLDER));
        assert_eq!(mode(&store), 0o700);
        assert_eq!(mode(&store.join("relay.key")), 0o600);
        let public = RelaySecret::from_seed(&segments::seed(&store).unwrap()).public();
        assert!(
            told.contains(&format!("relay key {}", hex(&public.0))),
            "{told}"
        );
        for sample in ["nginx.conf", "Caddyfile"] {
            let text = read(
                system.path(),
                &format!("/etc/temoin-relay/samples/{sample}"),
            );
            assert!(text.contains("relay.invented.test") && !text.contains(SAMPLE_NAME));
        }
        assert!(read(system.path(), OWN_UNIT).contains("ProtectSystem=strict"));
    }

    #[test]
    fn given_again_it_changes_nothing_and_need_not_be_told_twice() {
        let system = machine();
        let first = set_up(&wanted(system.path())).unwrap();
        let before = files(system.path());
        let key = |told: &str| {
            let line = told.lines().find(|line| line.starts_with("relay key"));
            line.unwrap().to_owned()
        };
        let again = set_up(&Wanted {
            system: system.path().to_owned(),
            ..Wanted::default()
        })
        .unwrap();
        assert_eq!(key(&again), key(&first));
        assert!(!again.contains("wrote"), "{again}");
        assert_eq!(files(system.path()), before);
    }

    #[test]
    fn a_file_that_says_something_else_stops_everything_before_a_byte_is_written() {
        let system = machine();
        let torrc = below(system.path(), Path::new("/etc/temoin-relay/samples/torrc"));
        fs::create_dir_all(torrc.parent().unwrap()).unwrap();
        fs::write(&torrc, "mine").unwrap();
        let before = files(system.path());
        let refused = set_up(&wanted(system.path())).unwrap_err();
        assert!(refused.to_string().contains("samples/torrc"), "{refused}");
        assert_eq!(refused.ending(), Ending::Refused);
        assert_eq!(files(system.path()), before);
        assert_eq!(fs::read_to_string(torrc).unwrap(), "mine");
    }

    #[test]
    fn settings_that_are_there_win_over_what_is_said_otherwise() {
        let system = machine();
        set_up(&wanted(system.path())).unwrap();
        let otherwise = |change: fn(&mut Wanted), setting: &str| {
            let mut wanted = wanted(system.path());
            change(&mut wanted);
            let refused = set_up(&wanted).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{setting}`")), "{refused}");
        };
        otherwise(|w| w.office_root = Some("cd".repeat(32)), "office_root");
        otherwise(|w| w.listen = Some(([127, 0, 0, 1], 81).into()), "listen");
        otherwise(|w| w.folder = Some("/srv/x".into()), "folder");
        otherwise(|w| w.site = Some("/srv/x".into()), "site");
        otherwise(|w| w.onion = Some("http://x.onion".into()), "onion");
    }

    #[test]
    fn a_dry_run_prints_everything_and_writes_nothing() {
        let system = machine();
        let before = files(system.path());
        let mut wanted = wanted(system.path());
        wanted.dry_run = true;
        let shown = set_up(&wanted).unwrap();
        for part in [
            ROOT,
            "ProtectSystem=strict",
            "HiddenServiceDir",
            "proxy_pass",
            "reverse_proxy",
        ] {
            assert!(shown.contains(part), "{part}");
        }
        assert_eq!(files(system.path()), before);
    }

    #[test]
    fn every_value_that_is_said_stands_in_the_files() {
        let onion = format!("http://{}.onion", "a".repeat(56));
        let wanted = Wanted {
            office_root: Some(ROOT.to_owned()),
            listen: Some(([127, 0, 0, 1], 9_090).into()),
            folder: Some("/srv/store".into()),
            site: Some("/srv/pages".into()),
            onion: Some(onion.clone()),
            name: Some("relay.invented.test".into()),
            ..Wanted::default()
        };
        let plan = plan(&wanted, None, true, Path::new("/usr/bin/temoin-relay")).unwrap();
        let text = |end: &str| {
            let file = plan.files.iter().find(|f| f.place.ends_with(end));
            file.unwrap().text.as_str()
        };
        let read = Settings::parse(text("relay.toml"), "relay.toml", Path::new("/")).unwrap();
        assert_eq!(read.listen.port(), 9_090);
        assert_eq!(read.folder, Path::new("/srv/store"));
        assert_eq!(read.site.as_deref(), Some(Path::new("/srv/pages")));
        assert_eq!(read.onion, Some(onion));
        for sample in ["torrc", "nginx.conf", "Caddyfile"] {
            assert!(text(sample).contains("127.0.0.1:9090"), "{sample}");
        }
        assert!(text("folder.conf").contains("ReadWritePaths=/srv/store"));
        // The package brings the unit.
        assert!(plan.files.iter().all(|f| f.place != Path::new(OWN_UNIT)));
    }

    #[test]
    fn what_would_break_a_file_is_refused() {
        let refused = |change: fn(&mut Wanted)| {
            let mut wanted = wanted(Path::new("/"));
            change(&mut wanted);
            plan(&wanted, None, true, Path::new("/usr/bin/x"))
                .unwrap_err()
                .ending()
        };
        assert_eq!(refused(|w| w.office_root = None), Ending::Usage);
        assert_eq!(
            refused(|w| w.office_root = Some("zz".repeat(32))),
            Ending::Usage
        );
        assert_eq!(refused(|w| w.name = Some("a; b".into())), Ending::Usage);
        assert_eq!(
            refused(|w| w.folder = Some("/a\"\nb".into())),
            Ending::Usage
        );
        assert_eq!(refused(|w| w.site = Some("here".into())), Ending::Usage);
        assert_eq!(refused(|w| w.onion = Some("\"".into())), Ending::Usage);
        assert_eq!(
            refused(|w| w.onion = Some("http://short.onion".into())),
            Ending::Refused
        );
    }

    #[test]
    fn without_the_account_nothing_is_written_and_the_line_that_makes_it_is_said() {
        let system = tempfile::tempdir().unwrap();
        let refused = set_up(&wanted(system.path())).unwrap_err();
        assert!(
            refused.to_string().contains("useradd --system"),
            "{refused}"
        );
        assert_eq!(files(system.path()), 0);
    }
}
