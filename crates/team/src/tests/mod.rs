//! Walks of several desks around a relay in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod apart;
mod circles;
mod insiders;
mod leaving;
mod relay;
mod restored;
mod stage;
