//! 1,340 real incidents all the way: sealed, posted, listed, collected, opened, counted; and the
//! counts are those of the file.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use papers::imports::{Format, read};
use record::Report;
use rehearsal::stage::Stage;

const FILE: &[u8] = include_bytes!("../../../tests/data/incidents/2020pb-incidents.json");

#[test]
fn every_incident_arrives_and_is_counted_as_in_the_file() {
    let imported = read(Format::Incidents2020pb, FILE).unwrap();
    let mut stage = Stage::with_an_office(1);
    for incident in &imported {
        let letter = stage.seals_without_words(&incident.report);
        let (status, receipt) = stage.posts(&letter);
        assert!(status == 201 && receipt.is_some());
    }
    let listed = stage.an_epoch_passes();
    assert_eq!(listed.manifest().leaves, 2_048, "64, doubled until all fit");
    let collected = stage.the_desk_collects();
    assert_eq!((collected.new_cases, collected.unreadable), (1_340, 0));
    assert_eq!(stage.alarms(), [], "every listed letter was handed over");

    let opened: Vec<Report> = stage
        .desk
        .cases()
        .flat_map(|(_, case)| case.letters())
        .map(|letter| letter.report.clone().unwrap())
        .collect();
    let sent: Vec<Report> = imported.into_iter().map(|i| i.report).collect();
    assert_eq!(
        papers::labels_by_first_tier(&opened),
        papers::labels_by_first_tier(&sent)
    );
    let direct: serde_json::Value = serde_json::from_slice(FILE).unwrap();
    let journalists = direct["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| {
            row["tags"]
                .as_array()
                .unwrap()
                .iter()
                .any(|tag| tag == "journalist")
        })
        .count() as u64;
    let counted: u64 = papers::labels_by_first_tier(&opened)
        .into_iter()
        .filter(|((label, _), _)| label == "journalist")
        .map(|(_, n)| n)
        .sum();
    assert_eq!(counted, journalists);
    assert!(opened.iter().all(|report| report.consents.is_empty()));
}
