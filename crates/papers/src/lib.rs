//! Bytes of open formats in and out. No disk, no network, no decision: what a file says becomes
//! reports and remarks, what is covered of a case becomes a document, and whoever called decides what
//! to do with them.

pub mod brought;
pub mod chat;
mod count;
pub mod documents;
pub mod imports;
pub mod mail;
pub mod redaction;

pub use count::{LabelsByPlace, labels_by_first_tier};
