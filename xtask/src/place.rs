//! Where things are: the checkout, what was built, and folders that vanish.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::broken::{Try, While, stop};
use crate::child::{self, Shown};

/// Which optimisation to build with. The gate and the demo share `Dev`, so that nothing is built
/// twice; figures are measured with `Release`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Builds these packages' binaries. Cargo's progress goes to stderr.
pub(crate) fn build(packages: &[&str], profile: Profile) -> Try<()> {
    let mut command = cargo();
    command.arg("build");
    if profile == Profile::Release {
        command.arg("--release");
        nameless(&mut command);
    }
    for package in packages {
        command.args(["--package", package]);
    }
    child::must("cargo build", &mut command, Shown::Yes)?;
    Ok(())
}

/// What is handed on names no folder of the machine it was built on, which often says whose it is.
fn nameless(command: &mut Command) {
    let mut flags: Vec<OsString> = std::env::var_os("CARGO_ENCODED_RUSTFLAGS")
        .filter(|flags| !flags.is_empty())
        .into_iter()
        .collect();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    for (from, to) in [(home, "/cargo"), (Some(root()), "/temoin")] {
        let Some(from) = from else { continue };
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(from);
        flag.push("=");
        flag.push(to);
        flags.push(flag);
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}".as_ref()));
}

/// Where binaries that were built lie.
pub(crate) fn programs(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    target().join(folder)
}

/// A binary that was built.
pub(crate) fn binary(name: &str, profile: Profile) -> PathBuf {
    programs(profile).join(name)
}

/// A command that runs a built binary.
pub(crate) fn command(name: &str, profile: Profile) -> Command {
    Command::new(binary(name, profile))
}

/// The folder of the reporter's script.
pub(crate) fn reporter() -> PathBuf {
    root().join("reporter")
}

/// The script, built; built again only when one of its sources changed.
pub(crate) fn script() -> Try<PathBuf> {
    let out = target().join("reporter");
    node_modules()?;
    let sources = hash_of(
        &reporter(),
        &["src"],
        &["build.mjs", "bundle.mjs", "package-lock.json"],
    )?;
    let stamp = out.join("sources.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|was| was == sources)
        && ["reporter.js", "files.js", "new-words.js", "kit.js"]
            .iter()
            .all(|name| out.join(name).is_file())
    {
        return Ok(out);
    }
    let mut command = node()?;
    command.arg("build.mjs").arg(&out).current_dir(reporter());
    let built = child::must("building the reporter's script", &mut command, Shown::No)?;
    eprint!("{}", built.said);
    std::fs::write(&stamp, sources).doing(|| format!("writing {}", stamp.display()))?;
    Ok(out)
}

/// `npm ci`, when the lock file is not the one that was installed.
pub(crate) fn node_modules() -> Try<()> {
    node()?;
    let lock = hash_of(&reporter(), &[], &["package-lock.json", "package.json"])?;
    let stamp = reporter().join("node_modules/.temoin-lock.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|was| was == lock) {
        return Ok(());
    }
    clean_node_modules()
}

/// `npm ci`, whatever was there before.
pub(crate) fn clean_node_modules() -> Try<()> {
    let mut command = Command::new("npm");
    command
        .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
        .current_dir(reporter());
    child::must("npm ci", &mut command, Shown::No)?;
    let lock = hash_of(&reporter(), &[], &["package-lock.json", "package.json"])?;
    let stamp = reporter().join("node_modules/.temoin-lock.sha256");
    std::fs::write(&stamp, lock).doing(|| format!("writing {}", stamp.display()))
}

/// Node, of a version that reads our scripts.
pub(crate) fn node() -> Try<Command> {
    let said = Command::new("node")
        .arg("--version")
        .output()
        .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned())
        .unwrap_or_default();
    let major: u32 = said
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    if major < 20 {
        return stop(format!(
            "Node 20 or newer is needed for the reporter's script (found: {}). On Debian and \
             Ubuntu: apt install nodejs npm, or a release from the project's own pages",
            if said.is_empty() { "none" } else { &said }
        ));
    }
    Ok(Command::new("node"))
}

/// A hash over files below folders and over single files, names included.
fn hash_of(base: &Path, folders: &[&str], files: &[&str]) -> Try<String> {
    let mut all: Vec<PathBuf> = files.iter().map(|file| base.join(file)).collect();
    for folder in folders {
        all.extend(files_below(&base.join(folder))?);
    }
    all.sort();
    let mut hash = Sha256::new();
    for file in all {
        let bytes = std::fs::read(&file).doing(|| format!("reading {}", file.display()))?;
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(Sha256::digest(&bytes));
    }
    Ok(hex(&hash.finalize()))
}

/// Every file below a folder, links not followed.
pub(crate) fn files_below(folder: &Path) -> Try<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let entries = std::fs::read_dir(&next).doing(|| format!("reading {}", next.display()))?;
        for entry in entries {
            let entry = entry.doing(|| format!("reading {}", next.display()))?;
            let kind = entry
                .file_type()
                .doing(|| format!("reading {}", next.display()))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a `String` cannot fail.
        let _written = write!(out, "{byte:02x}");
        out
    })
}

/// Bytes of hexadecimal text.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// A folder for one run, removed with all it holds when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Below the system's place for such folders.
    pub(crate) fn temporary(name: &str) -> Try<Self> {
        Self::below(&std::env::temp_dir(), name)
    }

    /// Below the target folder: on a disk, where the system's place may be in memory.
    pub(crate) fn on_disk(name: &str) -> Try<Self> {
        let base = target().join("xtask");
        std::fs::create_dir_all(&base).doing(|| format!("making {}", base.display()))?;
        Self::below(&base, name)
    }

    fn below(base: &Path, name: &str) -> Try<Self> {
        let mut random = [0; 8];
        std::fs::File::open("/dev/urandom")
            .and_then(|mut file| file.read_exact(&mut random))
            .doing(|| "drawing a folder's name".to_owned())?;
        let mut folder = OsString::from(format!("temoin-{name}-"));
        folder.push(hex(&random));
        let path = base.join(folder);
        std::fs::create_dir(&path).doing(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A place in it.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && self.0.exists()
        {
            eprintln!("xtask: {} could not be removed: {error}", self.0.display());
        }
    }
}

/// A copy of the program that runs now, to start again as another. The file it was started from may
/// have been built anew since: a test run of the whole workspace does that.
pub(crate) struct ThisProgram(Folder);

impl ThisProgram {
    /// Copies it.
    pub(crate) fn copied() -> Try<Self> {
        let folder = Folder::on_disk("program")?;
        std::fs::copy("/proc/self/exe", folder.join("xtask"))
            .doing(|| "copying this program".to_owned())?;
        Ok(Self(folder))
    }

    /// Where the copy lies until this is dropped.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.join("xtask")
    }
}
