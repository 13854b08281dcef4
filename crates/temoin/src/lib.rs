//! The office's command line: parse, call one function, print.
//!
//! Nothing a person told is ever printed but by a command that was asked for it; errors go to the
//! error output and say what to do next. Exit codes: 0 ok, 1 failed, 2 usage, 3 refused input,
//! 4 unreachable.

mod cli;
mod ending;
mod files;
mod office;
mod passphrase;
mod pictures;
mod reports;
mod synced;

pub use cli::{command, run};
pub use ending::Ending;
