//! From counted facts to tables that reveal nobody.
//!
//! [`count()`] makes two-way tables of verified acts from facts whose time lies far enough back;
//! [`protect()`] withholds every number that is small and every number that would give a small one
//! away, and has the result attacked before it hands it out. Only [`protect()`] makes a
//! [`Published`], so a table that was not protected cannot be published.
//!
//! What is protected: nobody who reads a release, with all its tables and all their totals, can
//! narrow a withheld number down to fewer possible values than the threshold. This is shown for
//! every withheld number by worlds of other acts that would give exactly the same release
//! (`protect.rs`), and checked independently by linear programs that see only what is published
//! (`attack.rs`).
//!
//! **Absent**: names of people, free text, files, clock, randomness. The same facts and terms give
//! the same bytes.

mod attack;
mod count;
mod protect;
mod published;
mod terms;

pub use attack::{Interval, Unsolved, attack};
pub use count::{Category, Counted, Dimension, count, late_enough};
pub use protect::{NotPublishable, protect};
pub use published::{Earlier, NotARelease, Number, Published, Table, VERSION};
pub use terms::{NotAReleaseId, PeriodSize, PlaceNames, PlaceSize, ReleaseId, Terms};

#[cfg(test)]
mod tests;
