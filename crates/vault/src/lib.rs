//! The vault: the one encrypted file on a desk's disk. Nothing else touches it.
//!
//! ```text
//! passphrase ── Argon2id ── passphrase key ── AES-256-GCM ── data key ── SQLCipher ── everything
//!               vault.temoin (the header: terms, salt, wrapped data key)    vault-{n}.store
//! ```
//!
//! What it does: keeps settings, secrets with the last day each may live, letters by leaf, the
//! hash-chained entries of the log, cells waiting to be posted, the pieces of files and an index
//! for searching; destroys what is due and then moves everything under a new data key, because a copy of the old
//! file under the old key would still hold what was destroyed; writes sealed backups and restores
//! them.
//!
//! What it does **not** do: look into an entry, know what a case is, ask for the time or for
//! randomness (both are handed in), or print. A *day* is whole days since 1970-01-01 UTC.

mod backup;
mod evidence;
mod locked;
mod sheet;
mod store;
mod tables;

pub use backup::{CannotBackUp, CannotRestore, Sealed, restore};
pub use evidence::{AnnouncedFile, FileStanding, HeldPiece, Unannounced};
pub use locked::{CannotUnlock, Cost, Passphrase, seal_under, unseal_under};
pub use sheet::{MistypedSheet, Sheet};
pub use store::{CannotCreate, CannotOpen, HEADER_FILE, Vault};
pub use tables::{
    BrokenChain, Chain, Failed, LetterState, OutboxCell, PinnedKeys, Reading, Role, Secret,
    StoredLetter, Writing,
};
