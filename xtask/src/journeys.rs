//! Journeys in a real browser, driven by node with `puppeteer-core` from `reporter/journeys/`.

use crate::broken::{Try, stop};

/// Bytes on the socket.
pub(crate) struct Weights {
    /// From the relay, until a field of the form takes text.
    pub(crate) form: u64,
    /// Both directions, until the receipt shows.
    pub(crate) report: u64,
}

/// Weighs the form and a report with a fresh profile.
pub(crate) fn weigh() -> Try<Weights> {
    stop("the stage is not up")
}
