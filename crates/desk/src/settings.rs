//! What an office writes in `office.toml`. Errors name the line and say what to do.
//!
//! The settings are read once, when the office is founded, and then live in the vault; a file
//! that was changed later is taken over by name (`temoin office settings`), never by surprise.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::num::NonZeroU16;

use envelope::keys::RelayKey;
use pages::reporter::{OPTIONAL, Own, OwnQuestion, Spoken};
use record::{Country, FormLanguage, Language};
use serde::{Deserialize, Deserializer};

/// A sample of the file, with every setting explained.
pub const SAMPLE: &str = include_str!("../office.sample.toml");

/// Settings of an office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeSettings {
    /// The name people know it by.
    #[serde(deserialize_with = "a_name")]
    pub name: String,
    /// Languages of its pages, as tags; the first is what a visitor meets.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<String>,
    /// Addresses of its relay, the first one is asked.
    #[serde(deserialize_with = "addresses")]
    pub relays: Vec<String>,
    /// Where this machine's Tor takes connections, if the relay is asked through it.
    #[serde(default, deserialize_with = "socks")]
    pub socks: Option<SocketAddr>,
    /// The relay's key.
    #[serde(deserialize_with = "relay_key")]
    pub relay_key: RelayKey,
    /// Seconds of an epoch.
    #[serde(default = "an_hour", deserialize_with = "epoch_seconds")]
    pub epoch_seconds: u32,
    /// Leaves every epoch lists.
    #[serde(default = "sixty_four", deserialize_with = "leaves")]
    pub leaves_per_epoch: u32,
    /// Cells every epoch lists.
    #[serde(default = "sixty_four", deserialize_with = "cells")]
    pub cells_per_epoch: u32,
    /// Days of a week period.
    #[serde(default = "seven", deserialize_with = "period_days")]
    pub period_days: u32,
    /// Days a week's keys outlive it.
    #[serde(default = "four_weeks", deserialize_with = "grace_days")]
    pub grace_days: u32,
    /// Days a quarter's carry keys outlive it.
    #[serde(default = "a_year", deserialize_with = "carry_grace_days")]
    pub carry_grace_days: u32,
    /// Days a key is held beyond that at most, while letters may still wait for it.
    #[serde(default = "fourteen", deserialize_with = "hold_days")]
    pub hold_days: u32,
    /// The zone of times on screens.
    #[serde(default = "utc", deserialize_with = "zone")]
    pub zone: String,
    /// Short code of the person at this desk.
    #[serde(default = "a_person", deserialize_with = "short_code")]
    pub person: String,
    /// Short code of this desk.
    #[serde(default = "a_desk", deserialize_with = "short_code")]
    pub desk: String,
    /// Whether the office has one person, who may then review alone, which is always shown.
    #[serde(default = "yes")]
    pub one_person: bool,
    /// Seconds between two visits to the relay.
    #[serde(default = "a_minute", deserialize_with = "collect_seconds")]
    pub collect_seconds: u32,
    /// Whether every epoch gets its full number of cells, answers or not.
    #[serde(default = "yes")]
    pub cover: bool,
    /// Minutes without a hand on the desk after which it locks.
    #[serde(default = "fifteen", deserialize_with = "idle_minutes")]
    pub idle_minutes: u32,
    /// The files of one report together, in megabytes (2^20 bytes); what is beyond is not kept.
    #[serde(default = "two_gigabytes", deserialize_with = "attachments_mb")]
    pub attachments_mb: u32,
    /// Days a period rests before its figures are published.
    #[serde(default = "ninety", deserialize_with = "delay_days")]
    pub publication_delay_days: u32,
    /// The smallest number a published cell may show.
    #[serde(default = "five", deserialize_with = "smallest_cell")]
    pub smallest_cell: u32,
    /// Where the page's "leave now" leads.
    pub exit: Option<String>,
    /// Its name where it has another one in a language.
    #[serde(default)]
    pub names: BTreeMap<Tongue, Said<120>>,
    /// A sentence of its own at the beginning of its pages.
    #[serde(default)]
    pub greeting: BTreeMap<Tongue, Said<200>>,
    /// Questions of the form that it does not ask.
    #[serde(default, deserialize_with = "leave_out")]
    pub leave_out: Vec<String>,
    /// Questions of its own.
    #[serde(default, deserialize_with = "few_questions")]
    pub questions: Vec<Question>,
    /// The first tiers the office counts by.
    #[serde(default)]
    pub regions: Vec<Region>,
}

/// A question of the office's own, answered in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it is called in a report, for ever.
    #[serde(deserialize_with = "question_id")]
    pub id: String,
    /// The question, in one language or more.
    #[serde(deserialize_with = "asked")]
    pub text: BTreeMap<Tongue, Said<120>>,
}

impl Question {
    /// The question in a language of the desk, or else in the first that has it.
    #[must_use]
    pub fn text_in(&self, language: Language) -> &str {
        let own = self
            .text
            .iter()
            .find(|(tongue, _)| tongue.0.of_lists() == Some(language));
        own.or_else(|| self.text.iter().next())
            .map_or("", |(_, said)| &said.0)
    }
}

/// A language of the form, by its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tongue(pub FormLanguage);

impl Ord for Tongue {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.tag().cmp(other.0.tag())
    }
}

impl PartialOrd for Tongue {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'de> Deserialize<'de> for Tongue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(from)?;
        match FormLanguage::of_tag(&tag) {
            Some(language) => Ok(Self(language)),
            None => wrong("name a language: ar, zh, en, fr, ru or es"),
        }
    }
}

/// One sentence of an office for strangers: plain words up to a length, and no way to elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<const MOST: usize>(pub String);

impl<'de, const MOST: usize> Deserialize<'de> for Said<MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let lower = text.to_lowercase();
        let leads = ["://", "www.", "mailto:"]
            .iter()
            .any(|way| lower.contains(way));
        // What turns the direction of reading could make a sentence read as another.
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if text.trim().is_empty() || text.chars().count() > MOST {
            return wrong(&format!(
                "write one sentence of up to {MOST} characters, or leave the line out"
            ));
        }
        if leads || text.contains(['<', '>', '{', '}']) || text.contains(hidden) {
            return wrong("write plain words on one line: no link, no address, no markup");
        }
        Ok(Self(text))
    }
}

/// A first tier below a country, with a number that never changes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The country.
    #[serde(deserialize_with = "country")]
    pub country: Country,
    /// Its number, for ever.
    #[serde(deserialize_with = "region_number")]
    pub number: NonZeroU16,
    /// Every spelling it goes by; the first is shown.
    #[serde(deserialize_with = "spellings")]
    pub names: Vec<String>,
}

/// Why settings were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsRefused {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, and what to write instead.
    pub why: String,
}

impl std::fmt::Display for SettingsRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for SettingsRefused {}

impl OfficeSettings {
    /// Reads the file's text.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the first line that is wrong.
    pub fn read(text: &str) -> Result<Self, SettingsRefused> {
        let settings = Self::read_stored(text)?;
        // Nobody would read the list of such a day, nor believe a notice that promises it.
        if settings.day_is_too_long() {
            let named = |line: &str| {
                line.starts_with("epoch_seconds") || line.starts_with("cells_per_epoch")
            };
            return Err(SettingsRefused {
                line: text.lines().position(named).map_or(1, |at| at + 1),
                why: "with epochs this short and this many cells, the list of one day has more than 16 MiB, and nobody reads it: write more seconds or fewer cells".to_owned(),
            });
        }
        Ok(settings)
    }

    /// Whether the list of a day has more bytes than anybody reads.
    #[must_use]
    pub fn day_is_too_long(&self) -> bool {
        let bytes = envelope::notice::day_bytes(self.epoch_seconds, self.cells_per_epoch);
        bytes > envelope::board::MOST_DAY_BYTES
    }

    /// Reads settings that were taken over before: an earlier release took some that
    /// [`Self::read`] refuses. The desk opens all the same, to be told what to change.
    pub(crate) fn read_stored(text: &str) -> Result<Self, SettingsRefused> {
        let settings: Self = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            let before = text.get(..at.min(text.len())).unwrap_or_default();
            SettingsRefused {
                line: before.matches('\n').count() + 1,
                why: e.message().trim().to_owned(),
            }
        })?;
        // A number that stands twice would merge two regions' figures for ever.
        let mut seen = std::collections::BTreeSet::new();
        for region in &settings.regions {
            if !seen.insert((region.country, region.number)) {
                let row = format!("number = {}", region.number);
                let lines: Vec<&str> = text.lines().collect();
                let line = lines.iter().rposition(|line| line.trim() == row);
                return Err(SettingsRefused {
                    line: line.map_or(1, |at| at + 1),
                    why: format!(
                        "the number {} stands twice for {}: give each region its own, for ever",
                        region.number,
                        region.country.code()
                    ),
                });
            }
        }
        let mut seen = BTreeSet::new();
        for question in &settings.questions {
            if !seen.insert(&question.id) {
                let row = format!("id = \"{}\"", question.id);
                let lines: Vec<&str> = text.lines().collect();
                let line = lines.iter().rposition(|line| line.trim() == row);
                return Err(SettingsRefused {
                    line: line.map_or(1, |at| at + 1),
                    why: format!(
                        "the question {} stands twice: give each its own id",
                        question.id
                    ),
                });
            }
        }
        Ok(settings)
    }

    /// What it sets of its pages, as they take it.
    #[must_use]
    pub fn own(&self) -> Own {
        Own {
            names: spoken(&self.names),
            greeting: spoken(&self.greeting),
            left_out: self.leave_out.clone(),
            questions: self
                .questions
                .iter()
                .map(|question| OwnQuestion {
                    id: question.id.clone(),
                    text: spoken(&question.text),
                })
                .collect(),
            files_mb: self.attachments_mb,
        }
    }

    /// The languages its reporters are met in, its own first.
    #[must_use]
    pub fn form_languages(&self) -> Vec<FormLanguage> {
        self.languages
            .iter()
            .filter_map(|tag| FormLanguage::of_tag(tag))
            .collect()
    }

    /// Those of them the desk speaks and figures are published in; English if it is none of them.
    #[must_use]
    pub fn page_languages(&self) -> Vec<Language> {
        let own: Vec<Language> = self
            .form_languages()
            .into_iter()
            .filter_map(FormLanguage::of_lists)
            .collect();
        if own.is_empty() {
            vec![Language::English]
        } else {
            own
        }
    }

    /// Its regions, as casework counts by them.
    #[must_use]
    pub fn places(&self) -> casework::Places {
        let mut places = casework::Places::default();
        for region in &self.regions {
            let names = region.names.iter().map(String::as_str);
            places.add(region.country, region.number, names);
        }
        places
    }
}

fn an_hour() -> u32 {
    3_600
}
fn sixty_four() -> u32 {
    64
}
fn seven() -> u32 {
    7
}
fn four_weeks() -> u32 {
    28
}
fn fourteen() -> u32 {
    14
}
fn a_year() -> u32 {
    365
}
fn utc() -> String {
    "UTC".to_owned()
}
fn a_person() -> String {
    "caseworker".to_owned()
}
fn a_desk() -> String {
    "desk-1".to_owned()
}
fn yes() -> bool {
    true
}
fn a_minute() -> u32 {
    60
}
fn two_gigabytes() -> u32 {
    2_048
}
fn fifteen() -> u32 {
    15
}
fn ninety() -> u32 {
    90
}
fn five() -> u32 {
    5
}

fn wrong<T, E: serde::de::Error>(why: &str) -> Result<T, E> {
    Err(E::custom(why))
}

fn a_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() || text.chars().count() > 120 {
        return wrong("write the name people know the office by, up to 120 characters");
    }
    Ok(text)
}

fn languages<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let tags = Vec::<String>::deserialize(from)?;
    let mut seen = BTreeSet::new();
    let fine = |tag: &String| FormLanguage::of_tag(tag).is_some() && seen.insert(tag.clone());
    if tags.is_empty() || !tags.iter().all(fine) {
        return wrong(
            "list one or more of \"ar\", \"zh\", \"en\", \"fr\", \"ru\" and \"es\", each once, the office's own first",
        );
    }
    Ok(tags)
}

fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let addresses = Vec::<String>::deserialize(from)?;
    let fine = |address: &String| {
        let host = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '?', '#']))
    };
    if addresses.is_empty() || !addresses.iter().all(fine) {
        return wrong(
            "list the relay's address, such as \"https://relay.example.org\", without a path or a final slash",
        );
    }
    Ok(addresses)
}

fn socks<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(from)?;
    match text.parse() {
        Ok(at) => Ok(Some(at)),
        Err(_) => wrong(
            "write where Tor takes connections, such as \"127.0.0.1:9050\", or leave the line out",
        ),
    }
}

fn relay_key<'de, D: Deserializer<'de>>(from: D) -> Result<RelayKey, D::Error> {
    let text = String::deserialize(from)?;
    match crate::hex::read::<32>(&text) {
        Some(key) if key != [0; 32] => Ok(RelayKey(key)),
        _ => wrong("write the 64 hexadecimal digits that `temoin-relay init` printed as relay key"),
    }
}

fn within<'de, D: Deserializer<'de>>(
    from: D,
    range: std::ops::RangeInclusive<u32>,
    why: &str,
) -> Result<u32, D::Error> {
    let number = u32::deserialize(from)?;
    if range.contains(&number) {
        Ok(number)
    } else {
        wrong(why)
    }
}

fn epoch_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=86_400, "write 1 to 86400 seconds; 3600 is usual")
}
fn leaves<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=65_536, "write 1 to 65536 leaves; 64 is usual")
}
fn cells<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=1_024, "write 1 to 1024 cells; 64 is usual")
}
fn period_days<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=28, "write 1 to 28 days; 7 is usual")
}
fn grace_days<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 0..=180, "write 0 to 180 days; 28 is usual")
}
fn carry_grace_days<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 0..=1_000, "write 0 to 1000 days; 365 is usual")
}
fn hold_days<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 0..=90, "write 0 to 90 days; 14 is usual")
}
fn collect_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=86_400, "write 1 to 86400 seconds; 60 is usual")
}
fn idle_minutes<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 1..=600, "write 1 to 600 minutes; 15 is usual")
}
fn attachments_mb<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(
        from,
        0..=1_048_576,
        "write 0 to 1048576 megabytes; 2048 is usual, 0 takes no files",
    )
}
fn delay_days<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 0..=3_650, "write 0 to 3650 days; 90 is usual")
}
fn smallest_cell<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(
        from,
        2..=100,
        "write 2 to 100; 5 is usual, and less shows single people",
    )
}

fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => wrong(
            "write a zone of the IANA list, such as \"Africa/Dakar\" or \"Europe/Geneva\"; UTC is \"UTC\"",
        ),
    }
}

fn short_code<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let code = String::deserialize(from)?;
    match casework::Author::new(&code, "desk") {
        Some(_) => Ok(code),
        None => wrong("write 1 to 24 lower-case letters, digits or hyphens"),
    }
}

fn spoken<const MOST: usize>(said: &BTreeMap<Tongue, Said<MOST>>) -> Spoken {
    said.iter()
        .map(|(tongue, said)| (tongue.0, said.0.clone()))
        .collect()
}

fn leave_out<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let ids = Vec::<String>::deserialize(from)?;
    if ids.iter().any(|id| !OPTIONAL.contains(&id.as_str())) {
        return wrong(&format!(
            "list questions that may be left out: {}",
            OPTIONAL.join(", ")
        ));
    }
    Ok(ids)
}

fn few_questions<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Question>, D::Error> {
    let questions = Vec::<Question>::deserialize(from)?;
    if questions.len() > 3 {
        return wrong("ask up to 3 questions of your own: every one makes people stop sooner");
    }
    Ok(questions)
}

fn question_id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let id = String::deserialize(from)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > 24 || !id.chars().all(plain) {
        return wrong("write 1 to 24 lower-case letters, digits or hyphens, and never change them");
    }
    Ok(id)
}

fn asked<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Tongue, Said<120>>, D::Error> {
    let text = BTreeMap::deserialize(from)?;
    if text.is_empty() {
        return wrong("write the question in one language at least, such as en = \"…\"");
    }
    Ok(text)
}

fn country<'de, D: Deserializer<'de>>(from: D) -> Result<Country, D::Error> {
    let code = String::deserialize(from)?;
    match Country::read(&code) {
        Some(country) => Ok(country),
        None => wrong("write the two capital letters of a country, such as \"SN\" (ISO 3166)"),
    }
}

fn region_number<'de, D: Deserializer<'de>>(from: D) -> Result<NonZeroU16, D::Error> {
    let number = u32::deserialize(from)?;
    match u16::try_from(number).ok().and_then(NonZeroU16::new) {
        Some(number) => Ok(number),
        None => wrong("write a number from 1 to 65535 and never change it"),
    }
}

fn spellings<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
        return wrong("list every spelling the region goes by, the one to be shown first");
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn sample() -> String {
        SAMPLE.replace(
            "relay_key = \"0000000000000000000000000000000000000000000000000000000000000000\"",
            &format!("relay_key = \"{}\"", "ab".repeat(32)),
        )
    }

    #[test]
    fn the_sample_is_read_once_the_relay_key_is_filled_in() {
        let settings = OfficeSettings::read(&sample()).unwrap();
        assert_eq!(settings.languages, ["en", "fr"]);
        let refused = OfficeSettings::read(SAMPLE).unwrap_err();
        assert!(refused.why.contains("temoin-relay init"), "{refused}");
    }

    #[test]
    fn every_setting_stands_in_the_sample() {
        let all = SAMPLE.replace("# ", "").replace('#', "");
        for name in [
            "name",
            "languages",
            "relays",
            "socks",
            "relay_key",
            "epoch_seconds",
            "leaves_per_epoch",
            "cells_per_epoch",
            "period_days",
            "grace_days",
            "carry_grace_days",
            "hold_days",
            "zone",
            "person",
            "desk",
            "one_person",
            "collect_seconds",
            "cover",
            "idle_minutes",
            "attachments_mb",
            "leave_out",
            "id",
            "text",
            "publication_delay_days",
            "smallest_cell",
            "exit",
            "country",
            "number",
            "names",
        ] {
            assert!(
                all.lines()
                    .any(|line| line.starts_with(&format!("{name} = "))),
                "{name}"
            );
        }
    }

    #[test]
    fn a_wrong_line_is_named_with_what_to_write() {
        for (from, to, says) in [
            ("name = \"An office\"", "name = \"\"", "name people know"),
            (
                "languages = [\"en\", \"fr\"]",
                "languages = [\"de\"]",
                "\"ru\" and \"es\"",
            ),
            (
                "languages = [\"en\", \"fr\"]",
                "languages = [\"en\", \"en\"]",
                "each once",
            ),
            ("zone = \"UTC\"", "zone = \"Europe/Atlantis\"", "IANA"),
            (
                "person = \"caseworker\"",
                "person = \"Jean Dupont\"",
                "lower-case",
            ),
            ("epoch_seconds = 3600", "epoch_seconds = 0", "1 to 86400"),
            ("epoch_seconds = 3600", "epoch_secs = 3600", "unknown field"),
            ("epoch_seconds = 3600", "epoch_seconds = ", ""),
        ] {
            let text = sample();
            assert!(text.contains(from), "{from}");
            let line = text.lines().position(|line| line == from).unwrap() + 1;
            let refused = OfficeSettings::read(&text.replace(from, to)).unwrap_err();
            assert_eq!(refused.line, line, "{to}: {refused}");
            assert!(refused.why.contains(says), "{refused}");
        }
    }

    #[test]
    fn a_board_whose_list_of_a_day_nobody_reads_is_refused() {
        let text = |cells: u32| {
            let short = sample().replace("epoch_seconds = 3600", "epoch_seconds = 40");
            let cells = format!("cells_per_epoch = {cells}");
            let line = |line: &str| match line.starts_with("cells_per_epoch") {
                true => cells.clone(),
                false => line.to_owned(),
            };
            short.lines().map(line).collect::<Vec<_>>().join("\n")
        };
        assert!(OfficeSettings::read(&text(969)).is_ok());
        let refused = OfficeSettings::read(&text(970)).unwrap_err();
        assert!(refused.why.contains("fewer cells"), "{refused}");
        let line = text(970).lines().nth(refused.line - 1).unwrap().to_owned();
        assert!(line.contains("epoch_seconds") || line.contains("cells_per_epoch"));
    }

    #[test]
    fn a_region_number_that_stands_twice_is_refused() {
        let region = "\n[[regions]]\ncountry = \"SN\"\nnumber = 4\nnames = [\"Dakar\"]\n";
        let text = format!("{}{region}{region}", sample());
        let refused = OfficeSettings::read(&text).unwrap_err();
        assert!(refused.why.contains("stands twice"));
        assert_eq!(refused.line, text.lines().count() - 1);
    }

    #[test]
    fn what_an_office_says_and_asks_is_taken_as_written() {
        let own = "leave_out = [\"kinds\"]\n[names]\nfr = \"Un bureau\"\n[greeting]\nen = \"We read all.\"\n\
                   [[questions]]\nid = \"vehicle\"\ntext = { en = \"Was there a vehicle?\", es = \"¿Había un vehículo?\" }\n";
        let settings = OfficeSettings::read(&with(own)).unwrap();
        let own = settings.own();
        assert_eq!(own.names, [(FormLanguage::French, "Un bureau".to_owned())]);
        assert_eq!(own.left_out, ["kinds"]);
        assert_eq!(own.files_mb, 2_048);
        let question = settings.questions.first().unwrap();
        assert_eq!(question.text_in(Language::English), "Was there a vehicle?");
        assert_eq!(question.text_in(Language::French), "Was there a vehicle?");
        assert_eq!(own.questions.first().unwrap().text.len(), 2);
    }

    /// The sample with more settings in front of its tables.
    fn with(more: &str) -> String {
        format!("{}\n{more}", sample().replace("leave_out = []\n", ""))
    }

    #[test]
    fn a_sentence_that_is_none_is_refused_by_its_line() {
        let lines = with("").lines().count();
        let long = format!("[greeting]\nen = \"Fine.\"\nfr = \"{}\"\n", "é".repeat(201));
        for (more, line, says) in [
            ("leave_out = [\"narrative\"]\n", 1, "may be left out"),
            (
                "[greeting]\nen = \"See https://elsewhere.example\"\n",
                2,
                "no link",
            ),
            ("[greeting]\nen = \"<b>Hello</b>\"\n", 2, "no markup"),
            ("[greeting]\nen = \"one\\ntwo\"\n", 2, "one line"),
            ("[greeting]\nen = \"a\\u202eb\"\n", 2, "plain words"),
            ("[greeting]\nde = \"Guten Tag\"\n", 2, "name a language"),
            (&long, 3, "200 characters"),
            (
                "[[questions]]\nid = \"Not so\"\ntext = { en = \"x\" }\n",
                2,
                "lower-case",
            ),
            ("[[questions]]\nid = \"a\"\ntext = {}\n", 3, "one language"),
            (
                "[[questions]]\nid = \"a\"\ntext = { en = \"x\" }\n[[questions]]\nid = \"a\"\ntext = { en = \"y\" }\n",
                5,
                "stands twice",
            ),
        ] {
            let refused = OfficeSettings::read(&with(more)).unwrap_err();
            assert!(refused.why.contains(says), "{more}: {refused}");
            assert_eq!(refused.line, lines + line, "{more}: {refused}");
        }
    }
}
