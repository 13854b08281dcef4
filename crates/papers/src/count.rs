//! Counting reports by what their data set said of them, before any office judged them.
//!
//! For checking that nothing was lost between a file and the cases it became. Such counts are not
//! figures: nobody verified them and nothing protects them, so they stay in the office.

use std::collections::BTreeMap;

use record::Report;

/// How many reports bear a label in a first-tier place, by (label, place).
pub type LabelsByPlace = BTreeMap<(String, String), u64>;

/// Counts labels by first tier. A report with three labels counts once under each; a label given
/// twice to one report counts once.
pub fn labels_by_first_tier<'a>(reports: impl IntoIterator<Item = &'a Report>) -> LabelsByPlace {
    let mut counts = LabelsByPlace::new();
    for report in reports {
        let mut labels: Vec<&String> = report.labels.iter().collect();
        labels.sort_unstable();
        labels.dedup();
        for label in labels {
            let key = (label.clone(), report.place.admin1.clone());
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}
