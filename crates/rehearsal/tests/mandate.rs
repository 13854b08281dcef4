//! What the five resolutions ask and what answers it: no paragraph is dropped, no feature is claimed
//! without a test, and `docs/mandate.md` says what `docs/mandate.toml` says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mandate {
    feature: Vec<Feature>,
    text: Vec<Resolution>,
}

/// Something a person can do with Temoin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feature {
    code: String,
    name: String,
    what: String,
    state: State,
    /// What of it is not built.
    #[serde(default)]
    missing: String,
    /// `file: test`.
    tests: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum State {
    Built,
    Part,
    Wall,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolution {
    tag: String,
    title: String,
    rows: Vec<Row>,
}

/// Paragraphs, whom they address, what they ask, features that answer, and a remark.
#[derive(Deserialize)]
struct Row(String, String, String, String, String);

impl Row {
    /// `PP5`, or `PP1–PP4` for all four.
    fn paragraphs(&self) -> Vec<String> {
        let Some((first, last)) = self.0.split_once('–') else {
            return vec![self.0.clone()];
        };
        let number = |one: &str| one.strip_prefix("PP").unwrap().parse::<u8>().unwrap();
        (number(first)..=number(last))
            .map(|number| format!("PP{number}"))
            .collect()
    }

    fn features(&self) -> impl Iterator<Item = &str> {
        self.3.split_whitespace()
    }
}

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn mandate() -> Mandate {
    toml::from_str(&std::fs::read_to_string(house().join("docs/mandate.toml")).unwrap()).unwrap()
}

#[test]
fn every_paragraph_of_the_five_resolutions_stands_in_one_row() {
    let all = std::fs::read_to_string(house().join("crates/record/tests/paragraphs.txt")).unwrap();
    // The indicator is cited by words and is no paragraph of a resolution.
    let all: BTreeSet<&str> = all.lines().filter(|one| !one.starts_with("SDG")).collect();
    assert!(all.len() > 250, "{}", all.len());
    let mut seen = BTreeSet::new();
    for text in mandate().text {
        for paragraph in text.rows.iter().flat_map(Row::paragraphs) {
            let paragraph = format!("{} {paragraph}", text.tag);
            assert!(
                all.contains(paragraph.as_str()),
                "{paragraph} is in no resolution"
            );
            assert!(seen.insert(paragraph.clone()), "{paragraph} stands twice");
        }
    }
    let dropped: Vec<&&str> = all.iter().filter(|one| !seen.contains(**one)).collect();
    assert!(dropped.is_empty(), "dropped: {dropped:?}");
}

#[test]
fn every_row_names_features_that_exist_or_says_why_there_is_none() {
    let mandate = mandate();
    let known: BTreeSet<&str> = mandate
        .feature
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(known.len(), mandate.feature.len(), "a code stands twice");
    let mut asked = BTreeSet::new();
    for (text, row) in mandate
        .text
        .iter()
        .flat_map(|text| text.rows.iter().map(move |row| (text, row)))
    {
        let place = format!("{} {}", text.tag, row.0);
        for feature in row.features() {
            assert!(known.contains(feature), "{place}: no feature {feature}");
            asked.insert(feature);
        }
        assert!(
            row.features().next().is_some() || !row.4.is_empty(),
            "{place}: no feature and no reason"
        );
    }
    assert_eq!(asked, known, "a feature that no paragraph asks for");
}

#[test]
fn every_feature_names_tests_that_exist_and_says_what_it_lacks() {
    for feature in mandate().feature {
        let code = &feature.code;
        assert!(!feature.tests.is_empty(), "{code} names no test");
        assert_eq!(
            feature.state == State::Built,
            feature.missing.is_empty(),
            "{code}: what is built lacks nothing, what is not says what it lacks"
        );
        for claim in &feature.tests {
            let (file, name) = claim.split_once(": ").unwrap();
            let source = std::fs::read_to_string(house().join(file))
                .unwrap_or_else(|_| panic!("{code} names {file}, which does not exist"));
            let there = match file.ends_with(".rs") {
                true => source.contains(&format!("fn {name}(")),
                false => source.contains(name),
            };
            assert!(there, "{code} names {claim}, which does not exist");
        }
    }
}

#[test]
fn the_page_says_what_the_data_say() {
    let path = house().join("docs/mandate.md");
    let page = page(&mandate());
    if std::env::var_os("TEMOIN_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/mandate.md is not what docs/mandate.toml says; write it with \
         `TEMOIN_WRITE=1 cargo test -p rehearsal --test mandate`"
    );
}

fn page(mandate: &Mandate) -> String {
    let mut page = String::from(
        "# What was asked, and what answers it\n\
         Five resolutions of the United Nations are the mandate of this project. Here is each of \
         their paragraphs, in a few words of ours, with the features that answer it; then each \
         feature, what it lacks, and the tests that hold it. Written from `docs/mandate.toml`; a \
         test sees to it that no paragraph is missing and no test is invented \
         (`crates/rehearsal/tests/mandate.rs`).\n\n\
         *built*: the rules are there and held by tests, which does not say that every rule has a \
         form at the desk yet (`CHANGELOG.md` does). *part*: something is missing, and it is said. \
         *wall*: a place is left for it, and nothing more. Preambular paragraphs (PP) are counted in \
         their order.\n\n## Features\n",
    );
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &mandate.text {
        for row in &text.rows {
            for feature in row.features() {
                *asked.entry(feature).or_default() += row.paragraphs().len();
            }
        }
    }
    // Writing to a `String` cannot fail.
    for feature in &mandate.feature {
        let state = match feature.state {
            State::Built => "built",
            State::Part => "part",
            State::Wall => "wall",
        };
        let times = asked
            .get(feature.code.as_str())
            .copied()
            .unwrap_or_default();
        let paragraphs = if times == 1 {
            "paragraph"
        } else {
            "paragraphs"
        };
        let _written = write!(
            page,
            "\n### {} {}\n*{state}*, asked for by {times} {paragraphs}. {}",
            feature.code, feature.name, feature.what
        );
        if !feature.missing.is_empty() {
            let _written = write!(page, " **Missing:** {}", feature.missing);
        }
        page.push('\n');
        for claim in &feature.tests {
            let _written = write!(page, "\n- `{claim}`");
        }
        page.push('\n');
    }
    for text in &mandate.text {
        let _written = write!(
            page,
            "\n## {}: {}\n\n| paragraph | to | asks | answered by |\n|---|---|---|---|\n",
            text.tag, text.title
        );
        for row in &text.rows {
            let answer: Vec<&str> = row.features().chain([row.4.as_str()]).collect();
            let answer = answer.join(" ");
            let _written = writeln!(
                page,
                "| {} | {} | {} | {} |",
                row.0,
                row.1,
                row.2,
                answer.trim()
            );
        }
    }
    page
}
