//! What the store holds, and, with `evidence`, the only SQL in the house.
//!
//! The log of entries is the truth; letters, cells and secrets are what the log's work needs; the
//! index for searching can be thrown away and built again.

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Version of the tables below.
pub(crate) const VERSION: u32 = 7;

/// Each step brings a store from its number to the next. Steps are never changed, only added.
const STEPS: [&str; 7] = [
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
     CREATE TABLE secrets (
        role INTEGER NOT NULL, owner INTEGER NOT NULL, number INTEGER NOT NULL,
        last_day INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (role, owner, number)) WITHOUT ROWID;
     CREATE INDEX secrets_by_last_day ON secrets (last_day);
     CREATE TABLE conversations (
        number INTEGER PRIMARY KEY, signing_key BLOB NOT NULL UNIQUE, reply_key BLOB NOT NULL);
     CREATE TABLE letters (
        leaf BLOB PRIMARY KEY, position INTEGER NOT NULL, day INTEGER NOT NULL,
        state INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB) WITHOUT ROWID;
     CREATE TABLE entries (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL);
     CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE, owner INTEGER NOT NULL,
        posted INTEGER, listed INTEGER, bytes BLOB NOT NULL);
     CREATE TABLE batch (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), bytes BLOB NOT NULL);",
    "CREATE VIRTUAL TABLE found_words USING fts5 (
        text, owner UNINDEXED, part UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
     INSERT INTO found_words (found_words, rank) VALUES ('secure-delete', 1);
     CREATE VIRTUAL TABLE found_pieces USING fts5 (
        text, owner UNINDEXED, part UNINDEXED, tokenize = 'trigram remove_diacritics 1');
     INSERT INTO found_pieces (found_pieces, rank) VALUES ('secure-delete', 1);",
    crate::evidence::STEP,
    // The hash of an entry whose bytes were erased: the chain is walked past it.
    "ALTER TABLE entries ADD COLUMN gone BLOB;",
    // Manifests that were checked, and those that letters name and nobody has shown here yet.
    "CREATE TABLE manifests (hash BLOB PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID;
     CREATE TABLE named_manifests (hash BLOB PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;",
    // What a letter is under whatever leaf it comes: the hash of its sealed bytes, without nonce.
    "ALTER TABLE letters ADD COLUMN sealed BLOB;
     CREATE INDEX letters_by_sealed ON letters (sealed);",
    // Tags of cells of conversations that are forgotten.
    "CREATE TABLE spent (tag BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;",
];

/// Days for which a tag is kept once its cell was taken back or its conversation is forgotten. A tag is made from the day on
/// which it is used, so that nobody comes to it again; the desk's clock may have been ahead.
const DAYS_SPENT: u32 = 35;

/// What the last step added, taken away: an older store, for the test of bringing one up to date.
#[cfg(test)]
pub(crate) const UNDO_LAST_STEP: &str = "DROP TABLE spent; PRAGMA user_version = 6;";

/// The store said no. It tells nothing of what was to be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failed {
    /// The disk is full: make room, then try again; nothing was half-written.
    DiskFull,
    /// The disk cannot be read or written.
    Disk,
    /// What was read is not what was written: restore a backup.
    Damaged,
    /// The store refused; this is a fault of the program.
    Refused,
}

impl Failed {
    pub(crate) fn of_disk(e: &std::io::Error) -> Self {
        if e.kind() == std::io::ErrorKind::StorageFull {
            Self::DiskFull
        } else {
            Self::Disk
        }
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DiskFull => "the disk is full; make room and try again; nothing was half-written",
            Self::Disk => "the disk cannot be read or written",
            Self::Damaged => "the store is damaged; restore a backup",
            Self::Refused => "the store refused; this is a fault of the program, please report it",
        })
    }
}

impl std::error::Error for Failed {}

impl From<rusqlite::Error> for Failed {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match e.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::NotADatabase | Code::DatabaseCorrupt) => Self::Damaged,
            Some(Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly) => Self::Disk,
            _ => Self::Refused,
        }
    }
}

pub(crate) fn version(db: &Connection) -> Result<u32, Failed> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Takes the steps from `version` on, all or none.
pub(crate) fn bring_up_to_date(db: &Connection, version: u32) -> Result<(), Failed> {
    let transaction = db.unchecked_transaction()?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Opens letters of a period (the number).
    Intake,
    /// Signs requests to the relay in a period (the number).
    Credential,
    /// Signs answers from a day on (the number) to its last day.
    Voice,
    /// This desk.
    Desk,
    /// Tags and seals answers of a conversation (the owner) in a period (the number).
    Conversation,
}

impl Role {
    fn number(self) -> u8 {
        match self {
            Self::Intake => 1,
            Self::Credential => 2,
            Self::Voice => 3,
            Self::Desk => 4,
            Self::Conversation => 5,
        }
    }
}

/// A secret with the last day on which it may exist.
pub struct Secret {
    /// What for.
    pub role: Role,
    /// Whose: the conversation's number, otherwise 0.
    pub owner: u64,
    /// Period or first day.
    pub number: u32,
    /// On the day after, it is destroyed.
    pub last_day: u32,
    /// The secret itself.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// Opened; its words stand in the log.
    Opened,
    /// It could not be opened; its bytes are kept for another try.
    Unreadable,
    /// Listed by the relay and never handed over.
    Lost,
}

impl LetterState {
    fn number(self) -> u8 {
        match self {
            Self::Opened => 1,
            Self::Unreadable => 2,
            Self::Lost => 3,
        }
    }

    fn from_number(n: u8) -> Self {
        match n {
            1 => Self::Opened,
            2 => Self::Unreadable,
            _ => Self::Lost,
        }
    }
}

/// A letter as the vault remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLetter {
    /// Its leaf: the id that a replay cannot get around.
    pub leaf: [u8; 32],
    /// Position at the relay.
    pub position: u64,
    /// Day it was collected.
    pub day: u32,
    /// What became of it.
    pub state: LetterState,
    /// Why, as a code of the desk; empty for an opened one.
    pub reason: String,
    /// The sealed bytes, kept only while it is unreadable.
    pub bytes: Option<Vec<u8>>,
}

/// A sealed cell that waits, or was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxCell {
    /// Order of sealing.
    pub number: u64,
    /// Its tag: used once.
    pub tag: [u8; 16],
    /// The conversation it is for.
    pub owner: u64,
    /// Second at which the relay acknowledged it.
    pub posted: Option<u64>,
    /// Epoch that lists it.
    pub listed: Option<u64>,
    /// The same bytes at every try.
    pub bytes: Vec<u8>,
}

/// What was pinned at the first letter of a conversation: public keys, bound to one person's words.
pub struct PinnedKeys {
    /// Letters of this conversation are signed by it.
    pub signing_key: [u8; 32],
    /// Answers are sealed to it.
    pub reply_key: Vec<u8>,
}

/// The end of the log, as far as it was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// How many entries.
    pub entries: u64,
    /// The last hash; zeros for an empty log.
    pub head: [u8; 32],
}

/// The log was altered at this position, or something is missing before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenChain {
    /// First entry that does not fit.
    pub position: u64,
}

/// Questions to the store.
pub struct Reading<'a>(&'a Connection);

impl<'a> Reading<'a> {
    pub(crate) fn over(db: &'a Connection) -> Self {
        Self(db)
    }

    pub(crate) fn db(&self) -> &'a Connection {
        self.0
    }

    /// A setting.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        Ok(self
            .0
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// The secrets of a role and an owner, in the order of their numbers.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn secrets(&self, role: Role, owner: u64) -> Result<Vec<Secret>, Failed> {
        let mut query = self.0.prepare_cached(
            "SELECT number, last_day, bytes FROM secrets WHERE role = ?1 AND owner = ?2 ORDER BY number",
        )?;
        let rows = query.query_map(params![role.number(), signed(owner)], |row| {
            Ok(Secret {
                role,
                owner,
                number: row.get(0)?,
                last_day: row.get(1)?,
                bytes: Zeroizing::new(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first last day among secrets: on the day after, the data key changes. `None` while no
    /// secret has an end.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn first_last_day(&self) -> Result<Option<u32>, Failed> {
        Ok(self
            .0
            .prepare_cached("SELECT min(last_day) FROM secrets WHERE last_day < ?1")?
            .query_row([u32::MAX], |row| row.get(0))?)
    }

    /// The conversation that was pinned with this signing key.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn conversation_of(&self, signing_key: &[u8; 32]) -> Result<Option<u64>, Failed> {
        let number: Option<i64> = self
            .0
            .prepare_cached("SELECT number FROM conversations WHERE signing_key = ?1")?
            .query_row([signing_key], |row| row.get(0))
            .optional()?;
        Ok(number.map(i64::cast_unsigned))
    }

    /// Signing key and reply key pinned for a conversation.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn pinned(&self, conversation: u64) -> Result<Option<PinnedKeys>, Failed> {
        Ok(self
            .0
            .prepare_cached("SELECT signing_key, reply_key FROM conversations WHERE number = ?1")?
            .query_row([signed(conversation)], |row| {
                Ok(PinnedKeys {
                    signing_key: row.get(0)?,
                    reply_key: row.get(1)?,
                })
            })
            .optional()?)
    }

    /// The numbers of all pinned conversations.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn conversations(&self) -> Result<Vec<u64>, Failed> {
        let mut query = self
            .0
            .prepare_cached("SELECT number FROM conversations ORDER BY number")?;
        let rows = query.query_map([], |row| row.get::<_, i64>(0))?;
        rows.map(|row| Ok(row?.cast_unsigned())).collect()
    }

    /// A letter by its leaf.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn letter(&self, leaf: &[u8; 32]) -> Result<Option<StoredLetter>, Failed> {
        Ok(self
            .0
            .prepare_cached(
                "SELECT leaf, position, day, state, reason, bytes FROM letters WHERE leaf = ?1",
            )?
            .query_row([leaf], read_letter)
            .optional()?)
    }

    /// Whether a letter of these sealed bytes was opened, whatever its leaf was.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn was_opened(&self, sealed: &[u8; 32]) -> Result<bool, Failed> {
        Ok(self
            .0
            .prepare_cached("SELECT 1 FROM letters WHERE sealed = ?1")?
            .exists([sealed])?)
    }

    /// Letters in a state, oldest first.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn letters(&self, state: LetterState) -> Result<Vec<StoredLetter>, Failed> {
        let mut query = self.0.prepare_cached(
            "SELECT leaf, position, day, state, reason, bytes FROM letters WHERE state = ?1 ORDER BY position",
        )?;
        let rows = query.query_map([state.number()], read_letter)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Entries from a position on (the first is 0), in order, without those that were erased.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn entries(&self, from: u64) -> Result<Vec<(u64, Vec<u8>)>, Failed> {
        let mut query = self.0.prepare_cached(
            "SELECT position, bytes FROM entries WHERE position >= ?1 AND gone IS NULL ORDER BY position",
        )?;
        let rows = query.query_map([signed(from)], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The epoch of a manifest that was checked.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn epoch_of_manifest(&self, hash: &[u8; 32]) -> Result<Option<u64>, Failed> {
        let epoch: Option<i64> = self
            .0
            .prepare_cached("SELECT epoch FROM manifests WHERE hash = ?1")?
            .query_row([hash], |row| row.get(0))
            .optional()?;
        Ok(epoch.map(i64::cast_unsigned))
    }

    /// Manifests that letters name and that were not shown here, each with the newest epoch that
    /// was known when the first such letter came.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn named_manifests(&self) -> Result<Vec<([u8; 32], u64)>, Failed> {
        let mut query = self
            .0
            .prepare_cached("SELECT hash, since FROM named_manifests ORDER BY hash")?;
        let rows = query.query_map([], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Places in the log whose content was erased.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn erased_entries(&self) -> Result<Vec<u64>, Failed> {
        let mut query = self.0.prepare_cached(
            "SELECT position FROM entries WHERE gone IS NOT NULL ORDER BY position",
        )?;
        let rows = query.query_map([], |row| row.get::<_, i64>(0))?;
        rows.map(|row| Ok(row?.cast_unsigned())).collect()
    }

    /// The numbers under which secrets of a role are held, whoever they belong to.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn numbers(&self, role: Role) -> Result<Vec<u32>, Failed> {
        let mut query = self.0.prepare_cached(
            "SELECT DISTINCT number FROM secrets WHERE role = ?1 ORDER BY number",
        )?;
        let rows = query.query_map([role.number()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Walks the whole log and checks that every hash follows from all before it.
    ///
    /// # Errors
    /// [`Failed`]; the inner result tells where the chain breaks.
    pub fn check_chain(&self) -> Result<Result<Chain, BrokenChain>, Failed> {
        let mut query = self
            .0
            .prepare_cached("SELECT position, hash, bytes, gone FROM entries ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut chain = Chain {
            entries: 0,
            head: [0; 32],
        };
        while let Some(row) = rows.next()? {
            let position = row.get::<_, i64>(0)?.cast_unsigned();
            let (hash, bytes): ([u8; 32], Vec<u8>) = (row.get(1)?, row.get(2)?);
            let gone: Option<[u8; 32]> = row.get(3)?;
            let digest = gone.unwrap_or_else(|| Sha256::digest(&bytes).into());
            let expected = chain.entries;
            if position != expected || hash != link(&chain.head, &digest) {
                return Ok(Err(BrokenChain { position: expected }));
            }
            chain = Chain {
                entries: expected + 1,
                head: hash,
            };
        }
        Ok(Ok(chain))
    }

    /// Cells that are not listed yet, oldest first.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn unlisted_cells(&self) -> Result<Vec<OutboxCell>, Failed> {
        self.cells("listed IS NULL", 0_i64)
    }

    /// The cell of a tag.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn cell(&self, tag: &[u8; 16]) -> Result<Option<OutboxCell>, Failed> {
        Ok(self.cells("tag = ?1", tag)?.pop())
    }

    /// Cells that are listed from one epoch to another, oldest first.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn cells_listed(&self, first: u64, last: u64) -> Result<Vec<OutboxCell>, Failed> {
        let mut cells = self.cells("listed >= ?1", signed(first))?;
        cells.retain(|cell| cell.listed.is_some_and(|epoch| epoch <= last));
        Ok(cells)
    }

    /// The cells of a conversation, oldest first.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn cells_of(&self, conversation: u64) -> Result<Vec<OutboxCell>, Failed> {
        self.cells("owner = ?1", signed(conversation))
    }

    /// Whether the outbox holds or held a cell of this tag, also one that was taken back or whose
    /// conversation is forgotten since: it cannot take another one.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn has_cell(&self, tag: &[u8; 16]) -> Result<bool, Failed> {
        Ok(self
            .0
            .prepare_cached(
                "SELECT 1 FROM outbox WHERE tag = ?1 UNION ALL SELECT 1 FROM spent WHERE tag = ?1",
            )?
            .exists([tag])?)
    }

    fn cells(&self, which: &str, value: impl ToSql) -> Result<Vec<OutboxCell>, Failed> {
        let mut query = self.0.prepare_cached(&format!(
            "SELECT number, tag, owner, posted, listed, bytes FROM outbox WHERE {which} AND ?1 = ?1 ORDER BY number"
        ))?;
        let rows = query.query_map([value], |row| {
            Ok(OutboxCell {
                number: row.get::<_, i64>(0)?.cast_unsigned(),
                tag: row.get(1)?,
                owner: row.get::<_, i64>(2)?.cast_unsigned(),
                posted: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
                listed: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
                bytes: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The batch of cells that is being posted, exactly as it was first sent.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn batch(&self) -> Result<Option<Vec<u8>>, Failed> {
        Ok(self
            .0
            .prepare_cached("SELECT bytes FROM batch")?
            .query_row([], |row| row.get(0))
            .optional()?)
    }

    /// Whether nothing is indexed: a new store, or one whose index was just made.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn index_is_empty(&self) -> Result<bool, Failed> {
        Ok(self
            .0
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM found_words)", [], |row| {
                row.get(0)
            })?)
    }

    /// Owners whose indexed text holds every word typed, best first: whole words and beginnings of
    /// words, accents aside; from three characters on also pieces within words, which is how
    /// writing without spaces is found.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn search(&self, typed: &str, most: u32) -> Result<Vec<u64>, Failed> {
        let words: Vec<String> = typed
            .split_whitespace()
            .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
            .collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let beginnings: Vec<String> = words.iter().map(|word| format!("{word}*")).collect();
        let mut found = self.found("found_words", &beginnings.join(" "), most)?;
        if typed
            .split_whitespace()
            .all(|word| word.chars().count() >= 3)
        {
            for owner in self.found("found_pieces", &words.join(" "), most)? {
                if !found.contains(&owner) {
                    found.push(owner);
                }
            }
        }
        Ok(found)
    }

    fn found(&self, table: &str, query: &str, most: u32) -> Result<Vec<u64>, Failed> {
        let mut search = self.0.prepare_cached(&format!(
            "SELECT owner, min(rank) AS best FROM (SELECT owner, rank FROM {table} WHERE {table} MATCH ?1) GROUP BY owner ORDER BY best LIMIT ?2"
        ))?;
        let rows = search.query_map(params![query, most], |row| row.get::<_, i64>(0))?;
        rows.map(|row| Ok(row?.cast_unsigned())).collect()
    }
}

/// Changes to the store, within one transaction.
pub struct Writing<'a>(Reading<'a>);

impl<'a> std::ops::Deref for Writing<'a> {
    type Target = Reading<'a>;

    fn deref(&self) -> &Reading<'a> {
        &self.0
    }
}

impl<'a> Writing<'a> {
    pub(crate) fn over(db: &'a Connection) -> Self {
        Self(Reading(db))
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn set(&self, name: &str, value: &[u8]) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)")?
            .execute(params![name, value])?;
        Ok(())
    }

    /// Keeps a secret; one of the same role, owner and number is replaced.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_secret(&self, secret: &Secret) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO secrets (role, owner, number, last_day, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                secret.role.number(),
                signed(secret.owner),
                secret.number,
                secret.last_day,
                secret.bytes.as_slice()
            ])?;
        Ok(())
    }

    /// Notes a manifest that was checked, and with it that it was shown here.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_manifest(&self, hash: &[u8; 32], epoch: u64) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO manifests (hash, epoch) VALUES (?1, ?2)")?
            .execute(params![hash, signed(epoch)])?;
        self.forget_named(hash)
    }

    /// Notes that a letter names a manifest that was not shown here, and the newest epoch known.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn name_manifest(&self, hash: &[u8; 32], since: u64) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR IGNORE INTO named_manifests (hash, since) VALUES (?1, ?2)")?
            .execute(params![hash, signed(since)])?;
        Ok(())
    }

    /// Forgets that a letter named a manifest: it was shown, or that it was not was said aloud.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn forget_named(&self, hash: &[u8; 32]) -> Result<(), Failed> {
        self.db()
            .prepare_cached("DELETE FROM named_manifests WHERE hash = ?1")?
            .execute([hash])?;
        Ok(())
    }

    /// Moves the last day of the secrets of a role and a number, whoever they belong to.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn set_last_day(&self, role: Role, number: u32, last_day: u32) -> Result<(), Failed> {
        self.db()
            .prepare_cached("UPDATE secrets SET last_day = ?3 WHERE role = ?1 AND number = ?2")?
            .execute(params![role.number(), number, last_day])?;
        Ok(())
    }

    /// Erases the content of entries; their hashes stay, so that the chain can be walked. Only
    /// [`crate::Vault::erase`] calls it: it changes the data key afterwards.
    pub(crate) fn erase_entries(&self, positions: &[u64]) -> Result<(), Failed> {
        for position in positions {
            let position = signed(*position);
            let bytes: Option<Vec<u8>> = self
                .db()
                .prepare_cached("SELECT bytes FROM entries WHERE position = ?1 AND gone IS NULL")?
                .query_row([position], |row| row.get(0))
                .optional()?;
            if let Some(bytes) = bytes {
                let digest: [u8; 32] = Sha256::digest(bytes).into();
                self.db()
                    .prepare_cached(
                        "UPDATE entries SET bytes = x'', gone = ?2 WHERE position = ?1",
                    )?
                    .execute(params![position, digest])?;
            }
        }
        Ok(())
    }

    /// Forgets a conversation: its pinned keys, its secrets, and every cell of it. Their tags
    /// are kept for a while: the same words may write once more, and a tag that is used twice would
    /// show that.
    pub(crate) fn forget_conversation(&self, conversation: u64, today: u32) -> Result<(), Failed> {
        let of = signed(conversation);
        self.db().execute(
            "INSERT OR REPLACE INTO spent (tag, until) SELECT tag, ?2 FROM outbox WHERE owner = ?1",
            params![of, today.saturating_add(DAYS_SPENT)],
        )?;
        self.withdraw_cells(conversation, today)?;
        self.db()
            .execute("DELETE FROM outbox WHERE owner = ?1", [of])?;
        self.db().execute(
            "DELETE FROM secrets WHERE role = ?1 AND owner = ?2",
            params![Role::Conversation.number(), of],
        )?;
        self.db()
            .execute("DELETE FROM conversations WHERE number = ?1", [of])?;
        Ok(())
    }

    /// Takes everything of an owner out of the index.
    pub(crate) fn unindex(&self, owner: u64) -> Result<(), Failed> {
        for table in ["found_words", "found_pieces"] {
            self.db()
                .prepare_cached(&format!("DELETE FROM {table} WHERE owner = ?1"))?
                .execute([signed(owner)])?;
        }
        Ok(())
    }

    /// Deletes secrets whose last day lies before `today`, and tags that nobody comes to any more.
    /// Only [`crate::Vault::destroy_due`]
    /// calls it: it changes the data key afterwards.
    pub(crate) fn destroy_secrets_before(&self, today: u32) -> Result<usize, Failed> {
        self.db()
            .execute("DELETE FROM spent WHERE until < ?1", [today])?;
        Ok(self
            .db()
            .execute("DELETE FROM secrets WHERE last_day < ?1", [today])?)
    }

    /// Pins the keys of a new conversation; its number comes back. The reply key is empty when the
    /// first letter, which carries it whole, has not arrived yet.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn pin(&self, signing_key: &[u8; 32], reply_key: &[u8]) -> Result<u64, Failed> {
        self.db()
            .prepare_cached("INSERT INTO conversations (signing_key, reply_key) VALUES (?1, ?2)")?
            .execute(params![signing_key, reply_key])?;
        Ok(self.db().last_insert_rowid().cast_unsigned())
    }

    /// Adds the reply key to a conversation that was pinned without one.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn complete_pin(&self, conversation: u64, reply_key: &[u8]) -> Result<(), Failed> {
        self.db()
            .prepare_cached("UPDATE conversations SET reply_key = ?2 WHERE number = ?1 AND length(reply_key) = 0")?
            .execute(params![signed(conversation), reply_key])?;
        Ok(())
    }

    /// Remembers a letter; what was known under its leaf is replaced.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_letter(&self, letter: &StoredLetter) -> Result<(), Failed> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO letters (leaf, position, day, state, reason, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                letter.leaf,
                signed(letter.position),
                letter.day,
                letter.state.number(),
                letter.reason,
                letter.bytes
            ])?;
        Ok(())
    }

    /// Remembers a letter that was opened, and the hash of its sealed bytes.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn put_opened(&self, letter: &StoredLetter, sealed: &[u8; 32]) -> Result<(), Failed> {
        self.put_letter(letter)?;
        self.db()
            .prepare_cached("UPDATE letters SET sealed = ?2 WHERE leaf = ?1")?
            .execute(params![letter.leaf, sealed])?;
        Ok(())
    }

    /// Appends an entry to the log; its position comes back.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn append(&self, bytes: &[u8]) -> Result<u64, Failed> {
        let last: Option<(i64, [u8; 32])> = self
            .db()
            .prepare_cached("SELECT position, hash FROM entries ORDER BY position DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (position, head) = match last {
            Some((last, head)) => (last + 1, head),
            None => (0, [0; 32]),
        };
        self.db()
            .prepare_cached("INSERT INTO entries (position, hash, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![
                position,
                link(&head, &Sha256::digest(bytes).into()),
                bytes
            ])?;
        Ok(position.cast_unsigned())
    }

    /// Puts a sealed cell into the outbox.
    ///
    /// # Errors
    /// [`Failed`]; a tag that was used before is refused.
    pub fn queue_cell(
        &self,
        tag: &[u8; 16],
        conversation: u64,
        bytes: &[u8],
    ) -> Result<(), Failed> {
        if self.has_cell(tag)? {
            return Err(Failed::Refused);
        }
        self.db()
            .prepare_cached("INSERT INTO outbox (tag, owner, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![tag, signed(conversation), bytes])?;
        Ok(())
    }

    /// Notes that the relay acknowledged a cell, which is not listed yet; `None` puts it back in the
    /// queue.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn mark_posted(&self, tag: &[u8; 16], second: Option<u64>) -> Result<(), Failed> {
        self.db()
            .prepare_cached("UPDATE outbox SET posted = ?2, listed = NULL WHERE tag = ?1")?
            .execute(params![tag, second.map(signed)])?;
        Ok(())
    }

    /// Takes the cells of a conversation out of the queue that no relay acknowledged, and all of
    /// its cells out of the batch: one that is listed may be on its way once more. What is left of
    /// the batch stays in its place, with zeros for what was taken out, since the relay may have taken
    /// it and the answer be lost. For the same reason the tags of what was taken out are kept for a
    /// while. Returns how many.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn withdraw_cells(&self, conversation: u64, today: u32) -> Result<usize, Failed> {
        let mut cells = self.cells_of(conversation)?;
        let mut batch = self.batch()?.unwrap_or_default();
        let length = cells.first().map_or(1, |cell| cell.bytes.len().max(1));
        let mut taken_out = false;
        for sent in batch.chunks_mut(length) {
            if cells.iter().any(|cell| cell.bytes == sent) {
                sent.fill(0);
                taken_out = true;
            }
        }
        if taken_out {
            self.set_batch(Some(&batch))?;
        }
        cells.retain(|cell| cell.posted.is_none() && cell.listed.is_none());
        let until = today.saturating_add(DAYS_SPENT);
        for cell in &cells {
            self.db()
                .prepare_cached("INSERT OR REPLACE INTO spent (tag, until) VALUES (?1, ?2)")?
                .execute(params![cell.tag, until])?;
            self.db()
                .execute("DELETE FROM outbox WHERE tag = ?1", [cell.tag])?;
        }
        Ok(cells.len())
    }

    /// Notes that an epoch lists a cell.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn mark_listed(&self, tag: &[u8; 16], epoch: u64) -> Result<(), Failed> {
        self.db()
            .prepare_cached("UPDATE outbox SET listed = ?2 WHERE tag = ?1")?
            .execute(params![tag, signed(epoch)])?;
        Ok(())
    }

    /// Cells that were listed from one epoch to another wait to be posted again: what was listed
    /// there is lost, or nobody looks for it there.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn unlist_cells_of(&self, first: u64, last: u64) -> Result<(), Failed> {
        self.db()
            .prepare_cached(
                "UPDATE outbox SET listed = NULL, posted = NULL WHERE listed BETWEEN ?1 AND ?2",
            )?
            .execute([signed(first), signed(last)])?;
        Ok(())
    }

    /// Keeps the batch that is about to be posted, or forgets it.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn set_batch(&self, batch: Option<&[u8]>) -> Result<(), Failed> {
        match batch {
            Some(bytes) => self
                .db()
                .prepare_cached("INSERT OR REPLACE INTO batch (only_one, bytes) VALUES (1, ?1)")?
                .execute([bytes])?,
            None => self.db().execute("DELETE FROM batch", [])?,
        };
        Ok(())
    }

    /// Indexes a text of an owner for searching; a part indexed before is replaced.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn index(&self, owner: u64, part: &str, text: &str) -> Result<(), Failed> {
        for table in ["found_words", "found_pieces"] {
            self.db()
                .prepare_cached(&format!(
                    "DELETE FROM {table} WHERE owner = ?1 AND part = ?2"
                ))?
                .execute(params![signed(owner), part])?;
            self.db()
                .prepare_cached(&format!(
                    "INSERT INTO {table} (text, owner, part) VALUES (?1, ?2, ?3)"
                ))?
                .execute(params![text, signed(owner), part])?;
        }
        Ok(())
    }

    /// Empties the index, before it is built again from the log.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn forget_index(&self) -> Result<(), Failed> {
        Ok(self
            .db()
            .execute_batch("DELETE FROM found_words; DELETE FROM found_pieces;")?)
    }
}

/// H(hash before ‖ H(bytes)): an entry whose bytes are gone can still be walked past.
fn link(head: &[u8; 32], digest: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update(head)
        .chain_update(digest)
        .finalize()
        .into()
}

/// The store's integers are signed; ours come back bit by bit.
fn signed(n: u64) -> i64 {
    n.cast_signed()
}

fn read_letter(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredLetter> {
    Ok(StoredLetter {
        leaf: row.get(0)?,
        position: row.get::<_, i64>(1)?.cast_unsigned(),
        day: row.get(2)?,
        state: LetterState::from_number(row.get(3)?),
        reason: row.get(4)?,
        bytes: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn store() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        bring_up_to_date(&db, 0).unwrap();
        db
    }

    #[test]
    fn a_changed_a_missing_and_a_swapped_entry_are_each_found() {
        for tampering in [
            "UPDATE entries SET bytes = x'00' WHERE position = 1",
            "DELETE FROM entries WHERE position = 1",
            "UPDATE entries SET bytes = (SELECT bytes FROM entries WHERE position = 2) WHERE position = 1",
        ] {
            let db = store();
            let w = Writing::over(&db);
            for bytes in [b"one".as_slice(), b"two", b"three"] {
                w.append(bytes).unwrap();
            }
            assert_eq!(w.check_chain().unwrap().unwrap().entries, 3);
            db.execute_batch(tampering).unwrap();
            assert_eq!(
                w.check_chain().unwrap(),
                Err(BrokenChain { position: 1 }),
                "{tampering}"
            );
        }
    }

    #[test]
    fn an_erased_entry_leaves_a_chain_that_holds_and_no_byte_of_itself() {
        let db = store();
        let w = Writing::over(&db);
        for bytes in [b"one".as_slice(), b"two", b"three"] {
            w.append(bytes).unwrap();
        }
        let before = w.check_chain().unwrap().unwrap();
        w.erase_entries(&[1, 7]).unwrap();
        w.erase_entries(&[1]).unwrap();
        assert_eq!(w.check_chain().unwrap(), Ok(before));
        assert_eq!(w.erased_entries().unwrap(), [1]);
        assert_eq!(w.entries(0).unwrap().len(), 2);
        db.execute_batch("UPDATE entries SET gone = zeroblob(32) WHERE position = 1")
            .unwrap();
        assert_eq!(w.check_chain().unwrap(), Err(BrokenChain { position: 1 }));
    }

    #[test]
    fn a_tag_is_never_queued_twice() {
        let db = store();
        let w = Writing::over(&db);
        w.queue_cell(&[1; 16], 4, b"cell").unwrap();
        assert!(w.queue_cell(&[1; 16], 4, b"other").is_err());
        w.mark_posted(&[1; 16], Some(9)).unwrap();
        let cells = w.unlisted_cells().unwrap();
        assert_eq!(cells.first().unwrap().posted, Some(9));
        w.mark_listed(&[1; 16], 3).unwrap();
        assert!(w.unlisted_cells().unwrap().is_empty());
        assert_eq!(w.cells_of(4).unwrap().len(), 1);
        for (first, last, waits) in [(4, 8, 0), (0, 2, 0), (3, 3, 1)] {
            w.unlist_cells_of(first, last).unwrap();
            let cells = w.unlisted_cells().unwrap();
            assert_eq!(cells.len(), waits);
            assert!(cells.iter().all(|cell| cell.posted.is_none()));
        }
    }

    #[test]
    fn a_tag_of_a_forgotten_conversation_is_not_used_again_and_is_kept_no_longer_than_that() {
        let db = store();
        let w = Writing::over(&db);
        w.queue_cell(&[1; 16], 4, b"posted").unwrap();
        w.queue_cell(&[2; 16], 4, b"waits").unwrap();
        w.mark_posted(&[1; 16], Some(9)).unwrap();
        w.forget_conversation(4, 100).unwrap();
        assert!(w.cells_of(4).unwrap().is_empty());
        assert!(w.has_cell(&[1; 16]).unwrap());
        assert_eq!(w.queue_cell(&[1; 16], 5, b"again"), Err(Failed::Refused));
        assert!(w.has_cell(&[2; 16]).unwrap(), "its batch may be on the way");
        w.destroy_secrets_before(100 + DAYS_SPENT).unwrap();
        assert!(w.has_cell(&[1; 16]).unwrap());
        w.destroy_secrets_before(101 + DAYS_SPENT).unwrap();
        assert!(!w.has_cell(&[1; 16]).unwrap());
    }

    #[test]
    fn what_no_relay_has_can_be_taken_back_and_the_rest_cannot() {
        let db = store();
        let w = Writing::over(&db);
        w.queue_cell(&[1; 16], 4, b"gone").unwrap();
        w.queue_cell(&[2; 16], 4, b"here").unwrap();
        w.queue_cell(&[3; 16], 5, b"else").unwrap();
        w.mark_posted(&[1; 16], Some(9)).unwrap();
        w.set_batch(Some(b"elseheregonefill")).unwrap();
        assert_eq!(w.withdraw_cells(4, 100).unwrap(), 1);
        assert_eq!(w.cells_of(4).unwrap().len(), 1);
        assert_eq!(w.cells_of(5).unwrap().len(), 1);
        let rest = w.batch().unwrap();
        let zeros = b"else\0\0\0\0\0\0\0\0fill";
        assert_eq!(rest.as_deref(), Some(&zeros[..]), "it may be there");
        assert_eq!(w.withdraw_cells(5, 100).unwrap(), 1);
    }

    #[test]
    fn a_tag_whose_cell_was_taken_back_is_not_used_again_and_is_kept_no_longer_than_that() {
        let db = store();
        let w = Writing::over(&db);
        w.queue_cell(&[1; 16], 4, b"taken back").unwrap();
        assert_eq!(w.withdraw_cells(4, 100).unwrap(), 1);
        assert!(w.cells_of(4).unwrap().is_empty());
        assert!(w.has_cell(&[1; 16]).unwrap(), "a relay may have it");
        w.forget_conversation(4, 101).unwrap();
        assert_eq!(w.queue_cell(&[1; 16], 5, b"again"), Err(Failed::Refused));
        w.destroy_secrets_before(100 + DAYS_SPENT).unwrap();
        assert!(w.has_cell(&[1; 16]).unwrap());
        w.destroy_secrets_before(101 + DAYS_SPENT).unwrap();
        assert!(!w.has_cell(&[1; 16]).unwrap());
    }

    #[test]
    fn search_finds_words_beginnings_and_pieces_in_any_writing() {
        let db = store();
        let w = Writing::over(&db);
        w.index(1, "letter", "Elle a été arrêtée à Goma le 3 mars")
            .unwrap();
        w.index(2, "letter", "他们在北京被拘留了").unwrap();
        w.index(3, "letter", "اعتقلوه في المساء").unwrap();
        for (typed, owner) in [
            ("arretee", 1),
            ("ARRÊT", 1),
            ("goma mars", 1),
            ("北京被", 2),
            ("المساء", 3),
        ] {
            assert_eq!(w.search(typed, 10).unwrap(), [owner], "{typed}");
        }
        for nothing in ["kinshasa", "goma kinshasa", "", "\"", "a OR b NEAR(", "*"] {
            assert!(w.search(nothing, 10).unwrap().is_empty(), "{nothing}");
        }
        w.index(1, "letter", "changed").unwrap();
        assert!(w.search("goma", 10).unwrap().is_empty());
    }

    #[test]
    fn the_first_last_day_is_the_earliest_and_none_without_an_end() {
        let db = store();
        let w = Writing::over(&db);
        let put = |number, last_day| {
            w.put_secret(&Secret {
                role: Role::Intake,
                owner: 0,
                number,
                last_day,
                bytes: Zeroizing::new(vec![1]),
            })
            .unwrap();
        };
        assert_eq!(w.first_last_day().unwrap(), None);
        put(1, u32::MAX);
        assert_eq!(w.first_last_day().unwrap(), None);
        put(2, 300);
        put(3, 200);
        assert_eq!(w.first_last_day().unwrap(), Some(200));
    }
}
