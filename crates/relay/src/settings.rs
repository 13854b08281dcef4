//! What an operator writes in `relay.toml`. Errors name the line and say what to do.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use envelope::keys::RootKey;
use envelope::puzzle::MOST_BITS;
use serde::{Deserialize, Deserializer};

use crate::relay::{LEAST_BOARD_DAYS, Limits};
use crate::store::Quota;

/// A sample of the file, with every setting explained.
pub const SAMPLE: &str = include_str!("../relay.sample.toml");

/// Settings of a relay.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its store.
    pub folder: PathBuf,
    /// The same store on another disk, written before every promise.
    pub second_folder: Option<PathBuf>,
    /// The office's pinned root.
    pub office_root: RootKey,
    /// The office's pages, if it has any.
    pub site: Option<PathBuf>,
    /// Where counters are shown, on loopback.
    pub counters: Option<SocketAddr>,
    /// Origin of a doorstep the form may be sent to.
    pub doorstep: Option<String>,
    /// Origin of the relay's onion service, told to browsers that know onions.
    pub onion: Option<String>,
    /// What the relay takes.
    pub limits: Limits,
    /// Connections at the same time.
    pub connections: usize,
    /// Seconds for the head of a request.
    pub header_seconds: u64,
    /// Seconds for its body.
    pub body_seconds: u64,
}

/// Why settings were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsRefused {
    /// The file cannot be read.
    Unreadable {
        /// Which.
        file: String,
        /// What the system said.
        kind: std::io::ErrorKind,
    },
    /// A line is wrong.
    Wrong {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
}

impl std::fmt::Display for SettingsRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { file, kind } => write!(
                f,
                "{file} cannot be read ({kind}): name the settings with --settings; `temoin-relay sample` prints a file to begin with"
            ),
            Self::Wrong { file, line, why } => write!(
                f,
                "{file}, line {line}: {why}; mend that line, or see `temoin-relay sample`"
            ),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(deserialize_with = "address")]
    listen: SocketAddr,
    folder: PathBuf,
    second_folder: Option<PathBuf>,
    #[serde(deserialize_with = "root")]
    office_root: RootKey,
    site: Option<PathBuf>,
    #[serde(default, deserialize_with = "loopback")]
    counters: Option<SocketAddr>,
    #[serde(default, deserialize_with = "origin")]
    doorstep: Option<String>,
    #[serde(default, deserialize_with = "onion")]
    onion: Option<String>,
    #[serde(default = "fourteen")]
    keep_letters_days: u32,
    #[serde(default = "least_board_days", deserialize_with = "board_days")]
    keep_board_days: u32,
    #[serde(default)]
    limits: FileLimits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileLimits {
    letters_per_epoch: u64,
    mebibytes_per_epoch: u64,
    introduced_letters_per_epoch: u64,
    introduced_mebibytes_per_epoch: u64,
    #[serde(deserialize_with = "puzzle")]
    puzzle_bits: u8,
    #[serde(deserialize_with = "at_least_one")]
    connections: u64,
    #[serde(deserialize_with = "at_least_one")]
    header_seconds: u64,
    #[serde(deserialize_with = "at_least_one")]
    body_seconds: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            letters_per_epoch: 100_000,
            mebibytes_per_epoch: 8_192,
            introduced_letters_per_epoch: 10_000,
            introduced_mebibytes_per_epoch: 1_024,
            puzzle_bits: 18,
            connections: 1_024,
            header_seconds: 30,
            body_seconds: 300,
        }
    }
}

fn fourteen() -> u32 {
    14
}

fn wrong<T, E: serde::de::Error>(why: &str) -> Result<T, E> {
    Err(E::custom(why))
}

fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .or_else(|_| wrong("not an address and port such as \"127.0.0.1:8080\""))
}

fn loopback<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    let at = address(from)?;
    if at.ip().is_loopback() {
        Ok(Some(at))
    } else {
        wrong("counters are shown on loopback only, such as \"127.0.0.1:9301\"")
    }
}

fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    // The text goes into a header of every page: only what an origin is made of may be in it.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(Some(text)),
        _ => wrong("not an origin such as \"https://doorstep.example.org\", without a path"),
    }
}

fn onion<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    let name = text
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix(".onion"));
    // Version 3: 35 bytes in base 32, in small letters.
    let fits = |c: char| matches!(c, 'a'..='z' | '2'..='7');
    match name {
        Some(name) if name.len() == 56 && name.chars().all(fits) => Ok(Some(text)),
        _ => wrong(
            "not an onion such as \"http://….onion\", with 56 letters and digits and without a path: copy what stands in tor's file `hostname`",
        ),
    }
}

fn root<'de, D: Deserializer<'de>>(from: D) -> Result<RootKey, D::Error> {
    let text = String::deserialize(from)?;
    root_of(&text).map_or_else(wrong, Ok)
}

/// A root key as `temoin` prints it.
///
/// # Errors
/// What to do about a text that is none.
pub(crate) fn root_of(text: &str) -> Result<RootKey, &'static str> {
    let mut key = [0; 32];
    let digits = text.as_bytes().as_chunks::<2>();
    let mut good = text.len() == 64 && digits.1.is_empty();
    for (to, pair) in key.iter_mut().zip(digits.0) {
        let digits = std::str::from_utf8(pair).ok();
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => *to = byte,
            None => good = false,
        }
    }
    if good {
        Ok(RootKey(key))
    } else {
        Err("not 64 hexadecimal digits: copy the root key that `temoin` printed for the office")
    }
}

fn puzzle<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::try_from(u64::deserialize(from)?) {
        Ok(bits) if bits <= MOST_BITS => Ok(bits),
        _ => wrong("at most 22: no sender's program works for more; 0 never asks"),
    }
}

fn at_least_one<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    match u64::deserialize(from)? {
        0 => wrong("at least 1"),
        n => Ok(n),
    }
}

fn least_board_days() -> u32 {
    LEAST_BOARD_DAYS
}

fn board_days<'de, D: serde::Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    let days = u32::deserialize(d)?;
    if days < LEAST_BOARD_DAYS {
        return Err(serde::de::Error::custom(format!(
            "readers look through 400 days of the board: at least {LEAST_BOARD_DAYS} have to stay"
        )));
    }
    Ok(days)
}

impl Settings {
    /// Reads a file of settings.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the line.
    pub fn read(path: &Path) -> Result<Self, SettingsRefused> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| SettingsRefused::Unreadable {
            file: file.clone(),
            kind: error.kind(),
        })?;
        Self::parse(&text, &file, path.parent().unwrap_or(Path::new(".")))
    }

    /// Reads settings from text. `base` is what relative paths are relative to.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the line.
    pub fn parse(text: &str, file: &str, base: &Path) -> Result<Self, SettingsRefused> {
        let read: File = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or("");
            SettingsRefused::Wrong {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                why: error.message().trim().replace('\n', ", "),
            }
        })?;
        Ok(Self {
            listen: read.listen,
            folder: base.join(read.folder),
            second_folder: read.second_folder.map(|folder| base.join(folder)),
            office_root: read.office_root,
            site: read.site.map(|site| base.join(site)),
            counters: read.counters,
            doorstep: read.doorstep,
            onion: read.onion,
            limits: Limits {
                quota: Quota {
                    letters: read.limits.letters_per_epoch,
                    bytes: read.limits.mebibytes_per_epoch.saturating_mul(1 << 20),
                },
                introduced: Quota {
                    letters: read.limits.introduced_letters_per_epoch,
                    bytes: read
                        .limits
                        .introduced_mebibytes_per_epoch
                        .saturating_mul(1 << 20),
                },
                puzzle_bits: read.limits.puzzle_bits,
                keep_letters_days: read.keep_letters_days,
                keep_board_days: read.keep_board_days,
            },
            connections: usize::try_from(read.limits.connections).unwrap_or(usize::MAX),
            header_seconds: read.limits.header_seconds,
            body_seconds: read.limits.body_seconds,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, SettingsRefused> {
        Settings::parse(text, "relay.toml", Path::new("/etc/temoin"))
    }

    #[test]
    fn the_sample_reads_and_says_the_defaults() {
        let settings = parse(SAMPLE).unwrap();
        assert_eq!(settings.listen.port(), 8_080);
        assert_eq!(settings.folder, Path::new("/var/lib/temoin-relay/store"));
        // Every default that the sample shows behind a # is the default.
        let shown: String = SAMPLE
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") && !rest.starts_with(char::is_uppercase) => rest,
                _ => line,
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let all = parse(&shown).unwrap();
        assert_eq!(all.limits.quota, settings.limits.quota);
        assert_eq!(all.limits.introduced, settings.limits.introduced);
        assert_eq!(all.limits.puzzle_bits, settings.limits.puzzle_bits);
        let default = Limits::default();
        assert_eq!(settings.limits.introduced, default.introduced);
        assert_eq!(settings.limits.puzzle_bits, default.puzzle_bits);
        assert_eq!(
            all.limits.keep_letters_days,
            settings.limits.keep_letters_days
        );
        assert_eq!(
            (all.connections, all.header_seconds, all.body_seconds),
            (
                settings.connections,
                settings.header_seconds,
                settings.body_seconds
            )
        );
        assert!(all.site.is_some() && all.counters.is_some() && all.doorstep.is_some());
        assert!(all.onion.is_some() && all.second_folder.is_some());
    }

    #[test]
    fn an_error_names_its_line() {
        let wrong = |from: &str, to: &str, line: usize, says: &str| {
            let text = format!(
                "listen = \"127.0.0.1:0\"\nfolder = \"store\"\noffice_root = \"{}\"\n",
                "ab".repeat(32)
            );
            assert!(parse(&text).is_ok());
            let refused = parse(&text.replace(from, to)).unwrap_err();
            let told = refused.to_string();
            assert!(
                told.contains(&format!("relay.toml, line {line}:")),
                "{told}"
            );
            assert!(told.contains(says), "{told}");
        };
        wrong("127.0.0.1:0", "everywhere", 1, "not an address");
        wrong("\"store\"", "7", 2, "string");
        wrong("abab", "abzb", 3, "64 hexadecimal digits");
        wrong("abab", "ab", 3, "64 hexadecimal digits");
        wrong("folder", "foldr", 2, "foldr");
        wrong(
            "folder = \"store\"",
            "folder = \"store\"\ncounters = \"0.0.0.0:9\"",
            3,
            "loopback",
        );
        wrong(
            "folder = \"store\"",
            "folder = \"store\"\ndoorstep = \"https://a b\"",
            3,
            "origin",
        );
        wrong(
            "folder = \"store\"",
            "folder = \"store\"\nonion = \"http://short.onion\"",
            3,
            "hostname",
        );
        for (bits, says) in [("23", "at most 22"), ("-1", "integer"), ("\"x\"", "u64")] {
            wrong(
                "folder = \"store\"",
                &format!("folder = \"store\"\nlimits.puzzle_bits = {bits}"),
                3,
                says,
            );
        }
        wrong(
            "folder = \"store\"",
            "folder = \"store\"\nlimits.introduced_letters_per_epoch = -5",
            3,
            "integer",
        );
        wrong("folder = \"store\"\n", "", 1, "folder");
    }

    #[test]
    fn a_relative_folder_is_beside_the_settings() {
        let text = format!(
            "listen = \"127.0.0.1:0\"\nfolder = \"store\"\noffice_root = \"{}\"\n",
            "ab".repeat(32)
        );
        assert_eq!(parse(&text).unwrap().folder, Path::new("/etc/temoin/store"));
    }
}
