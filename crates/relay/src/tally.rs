//! Counters without labels: enough to see that a relay lives, too little to see who uses it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a relay has counted since it started. Shown on loopback only.
#[derive(Default, Debug)]
pub struct Tally {
    accepted: AtomicU64,
    refused: AtomicU64,
    not_now: AtomicU64,
    closed: AtomicU64,
}

impl Tally {
    /// Counts the answer to a posting.
    pub(crate) fn posting(&self, status: u16) {
        let counter = match status {
            200..=299 => &self.accepted,
            400..=499 => &self.refused,
            _ => &self.not_now,
        };
        counter.fetch_add(1, Relaxed);
    }

    /// Counts a closed epoch.
    pub(crate) fn epoch(&self) {
        self.closed.fetch_add(1, Relaxed);
    }

    /// In the text form monitoring programs read.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |name: &str, counter: &AtomicU64| {
            format!("# TYPE {name} counter\n{name} {}\n", counter.load(Relaxed))
        };
        [
            line("temoin_letters_accepted_total", &self.accepted),
            line("temoin_letters_refused_4xx_total", &self.refused),
            line("temoin_letters_refused_5xx_total", &self.not_now),
            line("temoin_epochs_closed_total", &self.closed),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_has_no_label_and_counts_by_class_of_status() {
        let tally = Tally::default();
        for status in [201, 200, 400, 503] {
            tally.posting(status);
        }
        let text = tally.text();
        assert!(text.contains("temoin_letters_accepted_total 2\n"), "{text}");
        assert!(text.contains("refused_4xx_total 1\n") && text.contains("refused_5xx_total 1\n"));
        assert!(!text.contains('{'), "a label: {text}");
    }
}
