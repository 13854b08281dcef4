//! The office's side: opening letters, sealing replies, the office's own keys, and the table that
//! says which key may be stored under which.
//!
//! The relay never links this room; that is what "the relay cannot read" rests on. What this room
//! does **not** do: decide anything about a case, keep anything on a disk, ask for the time.

mod cell;
mod keys;
mod letter;
pub mod lifetimes;
mod notice;
mod piece;

pub use cell::{CannotAnswer, Correspondent, answer, key_of_day, opened};
pub use keys::{CredentialSecret, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};
pub use letter::{CannotOpen, HandedOver, Opened, OpenedLetter, Pinned, Reporter, letter, posted};
pub use notice::{sign_notice, signed_request};
pub use piece::{Complete, DoesNotFit, Held, NotTheFile, OpenedPiece, Reassembly};
