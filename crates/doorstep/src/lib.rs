//! The doorstep: for a reporter whose browser runs no script. A plain form in, a sealed letter
//! posted to the relay, a page that says so; in memory, at once, forgotten.
//!
//! It is a process and a program of its own, off unless an office runs it, and linked into no
//! relay: what it takes is open until it has sealed it, so whoever runs it could keep it. Its page
//! says that before anything is typed, and names the ways that seal on one's own device first.
//! What it seals is marked ([`seal::SealedBy::Doorstep`]), and the desk shows the mark.
//!
//! Few workers, a plain "too many at once" beyond them: sealed letters, which go to the relay
//! itself, are never slowed by it.
//!
//! **Absent**: a log, an address, a cookie, a session, a disk, the reading of answers, and
//! anything that opens a letter.

mod cli;
pub mod form;
pub mod sealing;
pub mod serve;
pub mod settings;

pub use cli::{Ending, command, run};
