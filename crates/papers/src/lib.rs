//! Bytes of open formats in and out. No disk, no network, no decision: what a file says becomes
//! reports and remarks, and whoever called decides what to do with them.

mod count;
pub mod imports;

pub use count::{LabelsByPlace, labels_by_first_tier};
