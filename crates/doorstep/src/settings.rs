//! What an operator writes in `doorstep.toml`. Errors name the line and say what to do.

use std::net::SocketAddr;
use std::path::Path;

use carry::http::Relay;
use envelope::keys::RootKey;
use record::FormLanguage;
use serde::{Deserialize, Deserializer};

/// A sample of the file, with every setting explained.
pub const SAMPLE: &str = include_str!("../doorstep.sample.toml");

/// Settings of a doorstep.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where letters are posted.
    pub relay: Relay,
    /// The office's pinned root.
    pub office_root: RootKey,
    /// Languages of the page, the usual one first. Never empty.
    pub languages: Vec<FormLanguage>,
    /// Where "leave now" leads.
    pub exit: Option<String>,
    /// Letters sealed at the same time.
    pub workers: usize,
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
                "{file} cannot be read ({kind}): name the settings with --settings; `temoin-doorstep --sample` prints a file to begin with"
            ),
            Self::Wrong { file, line, why } => write!(
                f,
                "{file}, line {line}: {why}; mend that line, or see `temoin-doorstep --sample`"
            ),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(deserialize_with = "address")]
    listen: SocketAddr,
    #[serde(deserialize_with = "relay")]
    relay: Relay,
    #[serde(deserialize_with = "root")]
    office_root: RootKey,
    #[serde(default = "all", deserialize_with = "languages")]
    languages: Vec<FormLanguage>,
    #[serde(default, deserialize_with = "web_address")]
    exit: Option<String>,
    #[serde(default)]
    limits: FileLimits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileLimits {
    #[serde(deserialize_with = "at_least_one")]
    workers: usize,
    #[serde(deserialize_with = "at_least_one")]
    connections: usize,
    #[serde(deserialize_with = "at_least_one")]
    header_seconds: usize,
    #[serde(deserialize_with = "at_least_one")]
    body_seconds: usize,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            workers: 4,
            connections: 64,
            header_seconds: 30,
            body_seconds: 120,
        }
    }
}

fn all() -> Vec<FormLanguage> {
    let english = FormLanguage::English;
    let others = FormLanguage::ALL.into_iter().filter(|l| *l != english);
    std::iter::once(english).chain(others).collect()
}

fn wrong<T, E: serde::de::Error>(why: &str) -> Result<T, E> {
    Err(E::custom(why))
}

fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .or_else(|_| wrong("not an address and port such as \"127.0.0.1:8090\""))
}

fn relay<'de, D: Deserializer<'de>>(from: D) -> Result<Relay, D::Error> {
    let text = String::deserialize(from)?;
    Relay::new(&text)
        .or_else(|_| wrong("not the address of a relay such as \"https://relay.example.org\""))
}

fn web_address<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    if text.starts_with("https://") || text.starts_with("http://") {
        Ok(Some(text))
    } else {
        wrong("not an address such as \"https://www.example.org/weather\"")
    }
}

fn languages<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<FormLanguage>, D::Error> {
    let mut languages = Vec::new();
    for tag in Vec::<String>::deserialize(from)? {
        match FormLanguage::of_tag(&tag) {
            Some(language) if !languages.contains(&language) => languages.push(language),
            Some(_) => return wrong("a language stands there twice"),
            None => {
                return wrong(
                    "a language this page does not speak: it speaks \"ar\", \"zh\", \"en\", \"fr\", \"ru\" and \"es\"",
                );
            }
        }
    }
    if languages.is_empty() {
        wrong("at least one language")
    } else {
        Ok(languages)
    }
}

fn root<'de, D: Deserializer<'de>>(from: D) -> Result<RootKey, D::Error> {
    let text = String::deserialize(from)?;
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
        wrong("not 64 hexadecimal digits: copy the root key that `temoin` printed for the office")
    }
}

fn at_least_one<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    match usize::deserialize(from)? {
        0 => wrong("at least 1"),
        n => Ok(n),
    }
}

impl Settings {
    /// Reads a file of settings.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the line.
    pub fn read(path: &Path) -> Result<Self, SettingsRefused> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &file),
            Err(error) => Err(SettingsRefused::Unreadable {
                file,
                kind: error.kind(),
            }),
        }
    }

    /// Reads settings from text; `file` is what an error calls it.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the line.
    pub fn parse(text: &str, file: &str) -> Result<Self, SettingsRefused> {
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
            relay: read.relay,
            office_root: read.office_root,
            languages: read.languages,
            exit: read.exit,
            workers: read.limits.workers,
            connections: read.limits.connections,
            header_seconds: read.limits.header_seconds as u64,
            body_seconds: read.limits.body_seconds as u64,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_sample_reads_and_says_the_defaults() {
        let settings = Settings::parse(SAMPLE, "sample").unwrap();
        assert_eq!(settings.listen.port(), 8_090);
        assert_eq!(settings.languages, all());
        // Every default that the sample shows behind a # is the default.
        let shown: String = SAMPLE
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") && !rest.starts_with(char::is_uppercase) => rest,
                _ => line,
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let all = Settings::parse(&shown, "shown").unwrap();
        assert_eq!(all.languages, settings.languages);
        assert_eq!(
            (
                all.workers,
                all.connections,
                all.header_seconds,
                all.body_seconds
            ),
            (
                settings.workers,
                settings.connections,
                settings.header_seconds,
                settings.body_seconds
            )
        );
        assert!(all.exit.is_some() && settings.exit.is_none());
    }

    #[test]
    fn an_error_names_its_line() {
        let good = format!(
            "listen = \"127.0.0.1:0\"\nrelay = \"http://127.0.0.1:1\"\noffice_root = \"{}\"\nlanguages = [\"fr\"]\n[limits]\nworkers = 1\n",
            "ab".repeat(32)
        );
        assert_eq!(
            Settings::parse(&good, "x").unwrap().languages,
            [FormLanguage::French]
        );
        let wrong = |from: &str, to: &str, line: usize, says: &str| {
            let told = Settings::parse(&good.replace(from, to), "doorstep.toml")
                .unwrap_err()
                .to_string();
            assert!(
                told.contains(&format!("doorstep.toml, line {line}:")),
                "{told}"
            );
            assert!(told.contains(says), "{told}");
        };
        wrong("127.0.0.1:0", "here", 1, "an address and port");
        wrong("http://127.0.0.1:1", "relay", 2, "the address of a relay");
        wrong("abab", "abax", 3, "64 hexadecimal digits");
        wrong("\"fr\"", "\"xx\"", 4, "does not speak");
        wrong("\"fr\"", "\"fr\", \"fr\"", 4, "twice");
        wrong("[\"fr\"]", "[]", 4, "at least one language");
        wrong("workers = 1", "workers = 0", 6, "at least 1");
        wrong("workers = 1", "wrkers = 1", 6, "unknown field");
    }
}
