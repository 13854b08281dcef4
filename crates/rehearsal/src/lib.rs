//! The whole journey in memory, with a fixed clock and seeded randomness; and the maker of the
//! vectors that hold Rust and script together. Development only: nothing that ships links it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a rehearsal fails by panicking, and meets only bytes it made itself"
)]

pub mod casework_scenes;
pub mod stage;
pub mod team_vectors;
pub mod vectors;
