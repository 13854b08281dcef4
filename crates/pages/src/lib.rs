//! Every page a stranger sees, as bytes: what a reporter reads and writes on, what the public reads.
//!
//! A page is a function of plain values; it decides nothing, fetches nothing and knows no secret.
//! Each is one HTML response with its style inside, no font, no picture, nothing from elsewhere,
//! and a policy that forbids the browser anything the page does not need.
//!
//! **Absent**: files, sockets, clock, randomness; every decision about a case; every name of a
//! person.

pub mod figures;
pub mod reporter;
pub mod shell;
mod site;

pub use site::{Site, site};
