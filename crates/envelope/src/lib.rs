//! The outside of a letter: size classes, leaves, epochs, receipts, board files, the office
//! notice, dummies and the requests that carry them. Anyone may read it.
//!
//! What this room does **not** do: it opens no letter and no cell, and no function in it accepts
//! an office's or a reporter's secret. The relay is built on this room alone; that is why a
//! seized relay can read nothing. No files, sockets, clock or system randomness.

pub mod board;
mod cbor;
pub mod dummy;
mod hex;
pub mod keys;
pub mod labels;
pub mod notice;
pub mod office_request;
pub mod pin;
mod posting;
pub mod puzzle;
mod receipt;
mod restart;
mod time;
pub mod token;

pub use cbor::is_deterministic;
pub use posting::{CELL_BYTES, Cell, ENCAPSULATION_BYTES, Leaf, LetterHash, NONCE_BYTES};
pub use posting::{LETTER_VERSION, NotACell, NotAPosting, Posting, SizeClass, hash};
pub use puzzle::PuzzleAnswer;
pub use receipt::{RECEIPT_BYTES, RECEIPTS_TOGETHER, Receipt, ReceiptRefused};
pub use time::{CARRY_BIT, Day, Epoch, Period};
pub use token::{Token, TokenHash, TokenList};

/// The office's random number, fixed at founding: the salt of the words and part of every `info`.
///
/// It is public. It is never changed, because changing it would cut every conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailboxId(pub [u8; 16]);
