//! `temoin-report`: the native reporter and courier. A file of reports in, sealed letters out, to
//! a relay or into a folder; words in, the office's answers out.
//!
//! It carries no office software: nothing here opens a letter, not even one it sealed a moment
//! ago. What decides is in [`reports`], [`office`], [`sending`] and [`reading`], which are handed
//! bytes and lines; the command line around them asks, fetches and prints.
//!
//! **Absent**: any state on this machine, any log, and any word of a report or of a reporter's
//! words in an error.

mod cli;
pub mod files;
pub mod mirror;
pub mod office;
pub mod pictures;
pub mod pieces;
pub mod reading;
pub mod reports;
pub mod sending;
mod terminal;
mod texts;
pub mod words;

pub use cli::{Ending, command, run};
