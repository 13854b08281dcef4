//! The relay: accept letters nobody here can read, keep them, list them, close epochs, and serve
//! the board and the office's signed pages.
//!
//! [`Relay`] is the whole decision, without a socket and without a clock: every call is handed the
//! second it happens in. [`serve`] is the thin HTTP skin over it, [`store::Shelf`] what lies
//! beneath. [`drop_point`] is the other thing the program can be. This room links `envelope` and
//! `carry` alone of ours, so nothing in it can open a letter or a cell.
//!
//! What is absent on purpose: an access log, a client's address or its user agent, a cookie, a
//! counter with a label. Accepting a letter takes no password hash and no lock that is held while
//! something slow happens.

mod answer;
mod appending;
pub mod backup;
mod cli;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod doctor;
pub mod drop_point;
pub mod epochs;
mod form_page;
pub mod forms;
mod index;
pub mod moving;
mod plain_files;
mod relay;
mod restart;
mod segments;
pub mod serve;
pub mod settings;
mod setup;
pub mod site;
pub mod store;
mod tally;
mod tokens;
mod twin;

pub use answer::{Answer, Body, Freshness, Media};
pub use cli::{Ending, command, run};
pub use relay::{Beside, CannotClose, CannotOpen, Errand, Fate, Limits, Posted, Relay, Route};
pub use segments::{CannotOpenShelf, FolderShelf};
pub use tally::Tally;

/// Prepared inputs that several tests share: an office, its notice, letters of random bytes.
#[cfg(test)]
mod sample;

#[cfg(test)]
mod claims;
