//! 1,340 real incidents become reports, and none is lost on the way.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use papers::imports::{CannotImport, Format, read};
use record::Report;

const FILE: &[u8] = include_bytes!("../../../tests/data/incidents/2020pb-incidents.json");

fn imported() -> Vec<Report> {
    read(Format::Incidents2020pb, FILE)
        .unwrap()
        .into_iter()
        .map(|i| i.report)
        .collect()
}

/// Counted from the file itself, by nothing of ours.
fn direct_count() -> BTreeMap<(String, String), u64> {
    let file: serde_json::Value = serde_json::from_slice(FILE).unwrap();
    let mut counts = BTreeMap::new();
    for row in file["data"].as_array().unwrap() {
        let state = row["state"].as_str().unwrap();
        let tags: BTreeSet<&str> = row["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t.as_str().unwrap())
            .collect();
        for tag in tags {
            *counts
                .entry((tag.to_owned(), state.to_owned()))
                .or_insert(0) += 1;
        }
    }
    counts
}

#[test]
fn every_incident_is_read_and_the_counts_by_tag_and_state_are_those_of_the_file() {
    let reports = imported();
    assert_eq!(reports.len(), 1_340);
    assert_eq!(papers::labels_by_first_tier(&reports), direct_count());
    assert_eq!(direct_count().values().sum::<u64>(), 6_253);
}

#[test]
fn no_import_invents_a_consent_and_each_says_where_it_comes_from() {
    for report in imported() {
        assert!(report.consents.is_empty());
        assert_eq!(report.origin.set, "2020pb");
        assert!(!report.origin.id.is_empty());
        assert!(report.channel.is("import"));
        assert!(
            report
                .sources
                .iter()
                .all(|s| s.kind.is("open-source-online"))
        );
    }
}

#[test]
fn a_report_written_as_a_line_is_read_back_the_same() {
    let reports = imported();
    let lines: String = reports
        .iter()
        .map(|r| record::draft::write(r) + "\n")
        .collect();
    let again = read(Format::Reports, lines.as_bytes()).unwrap();
    assert_eq!(again.len(), reports.len());
    assert!(again.iter().zip(&reports).all(|(a, b)| a.report == *b));
}

#[test]
fn a_broken_file_is_refused_whole_with_its_place_and_none_of_its_words() {
    for (file, expected) in [
        (&b"{\"data\": [{\"id\": 7}]}"[..], "a field is missing"),
        (b"{\"data\": [", "ends too early"),
        (b"{\"data\": secretword}", "not JSON"),
        (b"", "ends too early"),
        (b"[1, 2]", "a field is missing"),
    ] {
        let refused = read(Format::Incidents2020pb, file).err().unwrap();
        let said = refused.to_string();
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains("secretword"));
    }
    let lines = b"{\"narrative\": \"fine\"}\n\n{\"narrative\": secretword}\n";
    let Err(CannotImport::NotThisFormat { line, what, .. }) = read(Format::Reports, lines) else {
        panic!("a broken line was read");
    };
    assert_eq!(line, 3);
    assert!(!what.contains("secretword"));
}
