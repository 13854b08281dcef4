//! The log between desks: what several desks of one office share. (protocol §12)
//!
//! Entries are signed by a desk, chained by hash, sealed under the team key, and inside that under
//! the key of a case or a circle: need-to-know is a matter of keys and not of screens. What
//! casework writes is opaque bytes here.
//!
//! What this room does **not** do: no file, socket, clock or randomness of its own; it decides
//! nothing about a case, and between two edits that did not know each other it chooses none.
//!
//! ```text
//! Outbox ── seal ──> item ──> relay ──> item ── Log::read ──> Read, or an Alarm
//!                                                 │
//!                                   Roster (who may), Keyring (who can)
//! ```

mod body;
mod cbor;
mod item;
mod keys;
mod leaving;
mod log;
mod outbox;
mod place;
mod roster;
mod snapshot;
#[cfg(test)]
mod tests;
mod told;

pub use body::{
    Act, CaseId, CircleId, DraftId, Founding, MOST_SEALING_KEYS, NotAPerson, PersonId, Renewal,
    Role, Scope, SealingKey, Vouch, Wrapped,
};
pub use item::{ITEM_VERSION, ItemSize};
pub use keys::{CaseKey, CircleKey, DateJumped, Keyring, SealingSecret, TeamKey};
pub use leaving::{CannotLeave, Step, ToDo, leaving};
pub use log::{Alarm, CannotPassOver, Log, Read, ReadWhat};
pub use outbox::{CannotSeal, Compared, Draft, Hand, Outbox, Sealed, What, found};
pub use place::{Challenge, Head, HeadWords, Place, TeamId, concurrent, saw};
pub use roster::{Effect, Refused, Roster};
pub use snapshot::{Snapshot, SnapshotRefused};
pub use told::Told;
