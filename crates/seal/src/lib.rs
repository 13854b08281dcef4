//! The reporter's side: words, sealing a letter and the pieces of its files to an office, reading
//! the office's replies.
//!
//! What this room does **not** do: it opens no letter, not even one it sealed a moment ago; it
//! knows no office's secret; it touches no disk, clock, network or system randomness.
//!
//! ```text
//! words ── master ─┬─ reply key      (answers are sealed to it)
//!                  ├─ signing key    (letters are signed with it)
//!                  └─ conversation keys, one a period (tags and psk of answers)
//! ```

mod cell;
mod conversation;
mod letter;
mod master;
mod piece;
mod reading;
pub mod words;

pub use cell::{
    CELL_TEXT_BYTES, CannotRead, CellBody, CellKind, cell_info, cell_signed_bytes, open_cell,
};
pub use conversation::{ConversationKey, SLOTS_PER_DAY};
pub use letter::{
    CannotSeal, Conversation, Handover, LetterBody, MalformedLetter, ReplyKeyRef, SealedBy,
    SealedLetter, WordsUse, body_kind, handover_letter, letter, letter_info, letter_signed_bytes,
    letter_with_files, split_inside,
};
pub use master::{MailboxName, Master, ReplyKey, ReplySecret, SigningSecret};
pub use piece::{
    Attachment, CHUNK_BYTES, CannotAttach, ContentHash, FileId, MOST_ATTACHMENTS, MOST_FILE_BYTES,
    PieceBody, padded_count, piece,
};
pub use reading::{Answer, Expected, MOST_WINDOW_DAYS, Reading, assemble, page_without_hit};
