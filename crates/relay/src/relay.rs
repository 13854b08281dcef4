//! The whole relay without a socket: routes, postings, notice, board, the office's requests and
//! the closing of epochs. Time is handed in with every call.

use std::fmt::Write;
use std::sync::{Arc, Mutex, RwLock};

use envelope::board::{
    self, CELLS_PER_PAGE, ClosedEpoch, Closing, DaysHash, MOST_DAYS_READ, ManifestHash, Restart,
    Restarts, SHORT_TAG_BYTES, SignedManifest,
};
use envelope::keys::{RelayKey, RelaySecret, RootKey};
use envelope::notice::Notice;
use envelope::office_request::Claimed;
use envelope::{CELL_BYTES, Cell, Day, Epoch, Leaf, NotAPosting, Period, PuzzleAnswer, Receipt};
use envelope::{SizeClass, Token};
use rand_core::CryptoRng;

use crate::answer::{Answer, Body, Freshness, Media};
use crate::epochs;
use crate::form_page::Words;
use crate::restart;
use crate::store::{
    CannotStore, Incoming, Item, Kept, Position, Quota, Shelf, Stored, Terms, Together, lock,
};
use crate::tally::Tally;
use crate::tokens::{self, Tokens};

/// Sealed bytes the office gets in one answer.
const LETTERS_PER_ANSWER: usize = 4 * 1_024 * 1_024;
/// Cells an epoch may have at most: what one request of the office may weigh hangs on it.
const MOST_CELLS: u32 = 1_024;
/// What a notice may ask for as an epoch's least number of leaves.
const MOST_LEAVES: u32 = 65_536;
/// Days whose lists come in one file.
const DAYS_PER_TEN: u32 = 10;
/// How far back a cell is recognised as one that was listed already.
const REPEAT_DAYS: u32 = 8;

/// What readers look through, and the longest time a notice lasts: a clock that ran ahead as far as
/// a notice in force allows, and was mended, has then taken nothing that somebody looks for.
pub(crate) const LEAST_BOARD_DAYS: u32 = MOST_DAYS_READ + NOTICE_DAYS;
/// The longest time a notice lasts.
const NOTICE_DAYS: u32 = envelope::notice::MOST_DAYS;
/// Epochs a manifest gives up beyond the one before it. A board grows by one, so that an old one is
/// caught up with, and no single wrong clock empties it.
const GIVEN_UP_AT_ONCE: u32 = 16;

/// What an operator bounds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// What an epoch takes in the open lane.
    pub quota: Quota,
    /// What it takes of letters that bring a token.
    pub introduced: Quota,
    /// Bits of a puzzle that a crowded open lane asks at most; 0: never any.
    pub puzzle_bits: u8,
    /// Days a letter's bytes stay after the office collected them.
    pub keep_letters_days: u32,
    /// Days an epoch's leaves and cells stay on the board; never fewer than 435.
    pub keep_board_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            quota: Quota {
                letters: 100_000,
                bytes: 8 << 30,
            },
            introduced: Quota {
                letters: 10_000,
                bytes: 1 << 30,
            },
            puzzle_bits: 18,
            keep_letters_days: 14,
            keep_board_days: LEAST_BOARD_DAYS,
        }
    }
}

/// Why a relay does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotOpen {
    /// The store cannot be read.
    Store(CannotStore),
    /// The notice in the store is not signed by the pinned root.
    NoticeOfAnotherRoot,
    /// The newest manifest in the store is not signed by this relay for this office.
    BoardOfAnotherRelay,
}

impl std::fmt::Display for CannotOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::NoticeOfAnotherRoot => write!(
                f,
                "the notice in the store is not signed by `office_root`: check office_root in the settings, or use a folder of its own for each office"
            ),
            Self::BoardOfAnotherRelay => write!(
                f,
                "the board in the store is not signed by this relay's key: the folder was mixed from two relays; restore it from one backup"
            ),
        }
    }
}

impl From<CannotStore> for CannotOpen {
    fn from(error: CannotStore) -> Self {
        Self::Store(error)
    }
}

/// Why an epoch was not closed. It stays as it was, and the next attempt closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotClose {
    /// No notice says how many leaves and cells an epoch has: the office has to put one.
    NoNotice,
    /// The store was restored and the office has not confirmed it yet.
    Restored,
    /// The board was restarted as often as a manifest can tell.
    RestoredTooOften,
    /// The store does not take it.
    Store(CannotStore),
}

impl std::fmt::Display for CannotClose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoNotice => write!(f, "no epoch closes before the office has put its notice"),
            Self::Restored => write!(
                f,
                "no epoch closes after a restore before the office has put a newer notice"
            ),
            Self::RestoredTooOften => write!(
                f,
                "this relay was restored from backups so often that its board cannot tell it any more: found a new relay for the office"
            ),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<CannotStore> for CannotClose {
    fn from(error: CannotStore) -> Self {
        Self::Store(error)
    }
}

/// What a request is about, read from method, path and query alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// `POST /letters`
    PostLetter,
    /// `POST /letters/{language}`: sealed files of a plain form, answered by a page in that language.
    PostForm(&'a str),
    /// `OPTIONS` of what a kit from a file may ask.
    Preflight,
    /// `GET /health`
    Health,
    /// `GET /leave`
    Leave,
    /// `GET /office/notice`
    Notice,
    /// `PUT /office/notice`
    PutNotice,
    /// `GET /office/keys/{period}`
    Key(u32),
    /// `PUT /office/keys/{period}`
    PutKey(u32),
    /// `GET /board/…`
    Board(&'a str),
    /// One of the office's own requests, if its credential signed it.
    Office(Errand),
    /// A page of the site, by its path.
    Page(&'a str),
    /// Anything else.
    Unknown,
}

/// What an office asks of its relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// `GET /office/letters?after=…`
    Letters(Position),
    /// `POST /office/collected?upto=…`
    Collected(Position),
    /// `GET /office/openings/{epoch}`
    Openings(Epoch),
    /// `POST /office/cells`
    Cells,
    /// `PUT /office/tokens`
    Tokens,
}

/// A number in its one form: no sign, no leading zero.
fn number<N: std::str::FromStr + ToString>(text: &str) -> Option<N> {
    let n: N = text.parse().ok()?;
    (n.to_string() == text).then_some(n)
}

impl<'a> Route<'a> {
    /// Reads method, path and query.
    #[must_use]
    pub fn of(method: &str, path: &'a str, query: Option<&str>) -> Self {
        let office = path.strip_prefix("/office/");
        let argument = |name: &str| {
            let value = query?.strip_prefix(name)?.strip_prefix('=')?;
            number(value).map(Position)
        };
        let found = match (method, path, office) {
            ("POST", "/letters", _) if query.is_none() => Some(Self::PostLetter),
            ("POST", path, None) if query.is_none() => path
                .strip_prefix("/letters/")
                .filter(|tag| Words::of(tag).is_some())
                .map(Self::PostForm),
            ("OPTIONS", "/letters", _) => Some(Self::Preflight),
            ("GET", "/health", _) => Some(Self::Health),
            ("GET", "/leave", _) => Some(Self::Leave),
            ("GET", _, Some("notice")) => Some(Self::Notice),
            ("PUT", _, Some("notice")) => Some(Self::PutNotice),
            ("GET", _, Some("letters")) => {
                argument("after").map(|p| Self::Office(Errand::Letters(p)))
            }
            ("POST", _, Some("collected")) => {
                argument("upto").map(|p| Self::Office(Errand::Collected(p)))
            }
            ("POST", _, Some("cells")) if query.is_none() => Some(Self::Office(Errand::Cells)),
            ("PUT", _, Some("tokens")) if query.is_none() => Some(Self::Office(Errand::Tokens)),
            (method, _, Some(rest)) => match (method, rest.split_once('/')) {
                ("GET", Some(("keys", p))) => number(p).map(Self::Key),
                ("PUT", Some(("keys", p))) => number(p).map(Self::PutKey),
                ("GET", Some(("openings", e))) => {
                    number(e).map(|e| Self::Office(Errand::Openings(Epoch(e))))
                }
                _ => None,
            },
            ("GET", path, None) => Some(match path.strip_prefix("/board/") {
                Some(file) => Self::Board(file),
                None => Self::Page(path),
            }),
            _ => None,
        };
        found.unwrap_or(Self::Unknown)
    }
}

/// A notice that was verified, with its bytes and what is asked of it for every letter.
struct Standing {
    file: Arc<[u8]>,
    notice: Notice,
}

impl Standing {
    fn in_force(&self, now: u64) -> bool {
        let (today, body) = (Day::of_unix_seconds(now), self.notice.body());
        body.first_day <= today && today <= body.last_day
    }
}

/// The newest closed epoch, as every reader asks for it.
#[derive(Clone)]
struct Newest {
    epoch: Epoch,
    hash: ManifestHash,
    closed: u64,
    restarts: Restarts,
    kept_from: Epoch,
    file: Arc<[u8]>,
}

/// What only the office's requests and the closing touch. Accepting a letter never waits for it.
struct Desk {
    waiting: Vec<Cell>,
    /// Epochs up to this one stand in their day files.
    in_days: Option<Epoch>,
    /// What the days before this one have come to, once it was looked up.
    before: Option<(Day, DaysHash)>,
    /// Whether this day came as days come, once the files of the days before it were read.
    passed: Option<(Day, bool)>,
    /// The highest epoch whose openings the office asked for since this process began: it looks at
    /// one after the other, so that all before it were looked at.
    looked_at: Option<Epoch>,
    /// Since when the first epoch runs, as long as none is closed.
    since: u64,
}

/// What a letter's sender sends beside it: nothing, in quiet times. What does not read counts as
/// not sent. (protocol §8)
#[derive(Default)]
pub struct Beside {
    /// From `Temoin-Token`.
    pub token: Option<Token>,
    /// From `Temoin-Puzzle`.
    pub puzzle: Option<PuzzleAnswer>,
}

impl Beside {
    /// From the values of the two headers.
    #[must_use]
    pub fn read(token: Option<&str>, puzzle: Option<&str>) -> Self {
        Self {
            token: token.and_then(Token::of_header),
            puzzle: puzzle.and_then(PuzzleAnswer::of_header),
        }
    }
}

/// A relay of one office.
pub struct Relay {
    shelf: Arc<dyn Shelf>,
    secret: Arc<RelaySecret>,
    root: RootKey,
    limits: Limits,
    standing: RwLock<Option<Arc<Standing>>>,
    newest: RwLock<Option<Newest>>,
    restored: RwLock<bool>,
    /// The number under which the board goes on after a restore.
    restart: Option<Epoch>,
    desk: Mutex<Desk>,
    tokens: Arc<Tokens>,
    tally: Tally,
}

fn seen<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .clone()
}

fn set<T>(lock: &RwLock<T>, value: T) {
    *lock
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner) = value;
}

impl Relay {
    /// Opens a relay over a shelf: checks the notice and the newest manifest, and finishes what a
    /// kill interrupted.
    ///
    /// # Errors
    /// [`CannotOpen`]
    pub fn open(
        shelf: Arc<dyn Shelf>,
        secret: RelaySecret,
        root: RootKey,
        limits: Limits,
        now: u64,
    ) -> Result<Self, CannotOpen> {
        let standing = match shelf.read(Item::Notice)? {
            Some(file) => Some(Arc::new(Standing {
                notice: Notice::verify_any_day(&file, &root)
                    .map_err(|_| CannotOpen::NoticeOfAnotherRoot)?,
                file: file.into(),
            })),
            None => None,
        };
        let restored = shelf.read(Item::Restored)?.is_some();
        let restart = shelf.read(Item::Restart)?;
        let restart = restart.and_then(|file| restart::number(&file));
        let tokens = Arc::new(Tokens::open(&*shelf)?);
        let relay = Self {
            shelf,
            secret: Arc::new(secret),
            root,
            limits,
            standing: RwLock::new(standing),
            newest: RwLock::new(None),
            restored: RwLock::new(restored),
            restart,
            desk: Mutex::new(Desk {
                waiting: Vec::new(),
                in_days: None,
                before: None,
                passed: None,
                looked_at: None,
                since: now,
            }),
            tokens,
            tally: Tally::default(),
        };
        if let Some(epoch) = relay.shelf.newest_closed() {
            let signed = relay
                .manifest(epoch)?
                .ok_or(CannotOpen::BoardOfAnotherRelay)?;
            set(&relay.newest, Some(Newest::of(&signed)));
        }
        {
            let mut desk = lock(&relay.desk);
            desk.waiting = relay.still_waiting()?;
            desk.in_days = relay.listed_in_days()?;
            relay.mend(&mut desk, seen(&relay.newest).as_ref())?;
            // What a kill interrupted; a disk that refuses keeps nobody from starting.
            relay.give_up(seen(&relay.newest).as_ref()).ok();
        }
        Ok(relay)
    }

    /// The key that goes into the notice.
    #[must_use]
    pub fn public_key(&self) -> RelayKey {
        self.secret.public()
    }

    /// What was counted.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Hash of the site's manifest in the notice, if the office has a site.
    #[must_use]
    pub fn site(&self) -> Option<[u8; 32]> {
        let site = seen(&self.standing)?.notice.body().site;
        (site != [0; 32]).then_some(site)
    }

    #[cfg(test)]
    pub(crate) fn shelf_for_tests(&self) -> &dyn Shelf {
        &*self.shelf
    }

    /// Whether the store was restored and waits for the office's newer notice.
    #[must_use]
    pub fn waits_for_the_office(&self) -> bool {
        seen(&self.restored)
    }

    /// The number of the epoch that will say that the board goes on after a restore, as long as it
    /// is not closed. Until then no letter is taken: what its receipt names has to be near the
    /// newest epoch that its sender sees.
    fn restarting(&self) -> Option<Epoch> {
        let newest = seen(&self.newest)?;
        self.restart.filter(|restart| newest.epoch < *restart)
    }

    // ── Letters ────────────────────────────────────────────────────────────────────────────────

    /// Takes a posting with nothing beside it and waits until its fate is certain. Protocol §4.2.
    pub fn post(&self, posting: Vec<u8>, now: u64) -> Answer {
        self.post_with(posting, Beside::default(), now)
    }

    /// Takes a posting with what came beside it and waits until its fate is certain.
    pub fn post_with(&self, posting: Vec<u8>, beside: Beside, now: u64) -> Answer {
        let (answer, heard) = std::sync::mpsc::channel();
        let begun = self.post_then(posting, beside, now, move |fate| {
            // The receiver below outlives this call.
            answer.send(fate).ok();
        });
        match begun {
            Err(refused) => refused,
            Ok(posted) => posted.answer(self, heard.recv().unwrap_or(Fate::LOST), now),
        }
    }

    /// Takes a posting without waiting: `done` is called once it is certain what became of it, and
    /// what is given back then makes the answer.
    ///
    /// # Errors
    /// The answer, when the posting is refused at once; `done` is then never called.
    pub fn post_then(
        &self,
        posting: Vec<u8>,
        beside: Beside,
        now: u64,
        done: impl FnOnce(Fate) + Send + 'static,
    ) -> Result<Posted, Answer> {
        let refused = |answer: Answer| {
            self.tally.posting(answer.status);
            Err(answer.elsewhere())
        };
        let (incoming, period) = match Incoming::of(posting) {
            Ok(read) => read,
            Err(NotAPosting::TooLarge) => return refused(too_large()),
            Err(NotAPosting::OtherVersion { .. }) => {
                return refused(Answer::text(
                    415,
                    "this relay does not speak that version: update the sender, or ask the office",
                ));
            }
            Err(_) => {
                return refused(no_size_class());
            }
        };
        let standing = seen(&self.standing).filter(|s| s.in_force(now) && s.notice.takes(period));
        let Some(standing) = standing else {
            return refused(Answer::text(410, "seal again with the newest notice"));
        };
        if self.waits_for_the_office() || self.restarting().is_some() {
            return refused(not_now());
        }
        let leaf = incoming.leaf();
        let (secret, mailbox) = (Arc::clone(&self.secret), standing.notice.body().mailbox);
        let token = beside.token.and_then(|t| self.tokens.hold(&t.hash()));
        let terms = Terms {
            introduced: token.map(|_| self.limits.introduced),
            open: self.limits.quota,
            most_bits: self.limits.puzzle_bits,
            bits: beside.puzzle.map_or(0, |p| p.bits(&mailbox, &leaf)),
        };
        let spending = token.map(|place| {
            let (tokens, shelf) = (Arc::clone(&self.tokens), Arc::clone(&self.shelf));
            move |kept| match kept {
                Kept::New(_) => tokens.spend(place, &*shelf),
                _ => tokens.give_back(place),
            }
        });
        let certain = move |kept, together: Option<&Together>| {
            if let Some(spending) = spending {
                spending(kept);
            }
            let receipt = match kept {
                Kept::New(epoch) => together.and_then(|together| {
                    together.receipt(leaf, |leaves| {
                        let rng = &mut system_randomness();
                        Receipt::sign_together(leaves, epoch, &mailbox, &secret, rng)
                    })
                }),
                _ => None,
            };
            done(Fate { kept, receipt });
        };
        self.shelf.keep(incoming, terms, Box::new(certain));
        Ok(Posted { leaf, standing })
    }

    /// Refuses a posting by the length it announces, before a byte of it is read.
    #[must_use]
    pub fn refuse_length(&self, announced: u64) -> Option<Answer> {
        let nonce = envelope::NONCE_BYTES;
        let length = usize::try_from(announced).unwrap_or(usize::MAX);
        let largest = SizeClass::TwoHundredFiftySixKiB.bytes() + nonce;
        let letter = length.checked_sub(nonce);
        let answer = if length > largest {
            too_large()
        } else if letter.and_then(SizeClass::of_letter_len).is_none() {
            no_size_class()
        } else {
            return None;
        };
        self.tally.posting(answer.status);
        Some(answer.elsewhere())
    }

    // ── Everything else ────────────────────────────────────────────────────────────────────────

    /// Answers any request but a form and a page of the site: those have ways of their own.
    /// `path` is path and query as sent, `header` the value of `Temoin-Office`.
    pub fn answer(
        &self,
        method: &str,
        path: &str,
        header: Option<&str>,
        body: &[u8],
        now: u64,
    ) -> Answer {
        let (bare, query) = match path.split_once('?') {
            Some((bare, query)) => (bare, Some(query)),
            None => (path, None),
        };
        match Route::of(method, bare, query) {
            Route::PostLetter => self.post(body.to_vec(), now),
            Route::Health => Answer::nothing(),
            Route::Leave => Answer::blank(),
            Route::Preflight => Answer::nothing().elsewhere(),
            Route::Notice => self.notice_file(),
            Route::Key(period) => self.key_file(period),
            Route::PutNotice => self.put_notice(body, now),
            Route::PutKey(period) => self.put_key(period, body),
            Route::Board(file) => self.board_file(file, now),
            Route::Office(errand) => self.office_request(errand, method, path, header, body, now),
            Route::PostForm(_) | Route::Page(_) | Route::Unknown => Answer::not_found(),
        }
    }

    /// `GET /office/notice`
    pub fn notice_file(&self) -> Answer {
        match seen(&self.standing) {
            Some(standing) => {
                Answer::new(200, Media::Bytes, Body::Shared(Arc::clone(&standing.file)))
                    .kept(Freshness::Ask)
            }
            None => Answer::not_found(),
        }
        .elsewhere()
    }

    /// `GET /office/keys/{period}`
    pub fn key_file(&self, period: u32) -> Answer {
        let vouched =
            seen(&self.standing).is_some_and(|s| s.notice.takes(Period::from_number(period)));
        let file = if vouched {
            self.shelf.read(Item::Key(period))
        } else {
            Ok(None)
        };
        match file {
            Ok(Some(key)) => Answer::bytes(200, key).kept(Freshness::Ask),
            Ok(None) => Answer::not_found(),
            Err(_) => not_now(),
        }
        .elsewhere()
    }

    /// `PUT /office/notice`: of the pinned root, in force today, naming this relay, newer than the
    /// one here. The same bytes again change nothing.
    pub fn put_notice(&self, file: &[u8], now: u64) -> Answer {
        let Ok(notice) = Notice::verify(file, &self.root, Day::of_unix_seconds(now)) else {
            return Answer::text(
                400,
                "not a notice of this office that holds today: check its signatures, its days and the relay's clock",
            );
        };
        let body = notice.body();
        if body.relay_key != self.secret.public() {
            return Answer::text(
                400,
                "the notice names another relay key: put the key that `temoin-relay init` printed into the notice",
            );
        }
        if body.shape.cells > MOST_CELLS || body.shape.leaves > MOST_LEAVES {
            return Answer::text(
                400,
                "an epoch has at most 65536 leaves and 1024 cells here: make the notice with fewer",
            );
        }
        let mut desk = lock(&self.desk);
        let before = seen(&self.standing);
        if let Some(before) = &before {
            if *before.file == *file {
                return Answer::nothing();
            }
            let old = before.notice.body();
            if body.sequence <= old.sequence {
                return Answer::text(
                    409,
                    "a notice of this or a higher number is here already: sign one with the next number",
                );
            }
            if body.mailbox != old.mailbox {
                return Answer::text(
                    400,
                    "the notice names another mailbox: an office keeps its mailbox for ever; a new office needs a relay of its own",
                );
            }
        }
        if self.shelf.put(Item::Notice, file).is_err() {
            return not_now();
        }
        if before.is_none() {
            desk.since = now;
        }
        let gone = before.iter().flat_map(|b| &b.notice.body().keys.intake);
        for (period, _) in gone.filter(|(period, _)| !notice.takes(*period)) {
            // A key that stays behind is not served: the notice no longer vouches for it.
            self.shelf.remove(Item::Key(period.number())).ok();
        }
        if self.waits_for_the_office() && self.shelf.remove(Item::Restored).is_ok() {
            set(&self.restored, false);
        }
        set(
            &self.standing,
            Some(Arc::new(Standing {
                file: file.into(),
                notice,
            })),
        );
        drop(desk);
        if self.restarting().is_some() {
            // At once, so that nobody is shown a board that is known to be cut. Where it does not
            // work, the next attempt is due.
            self.close_epoch_if_due(now, &mut system_randomness()).ok();
        }
        Answer::nothing()
    }

    /// `PUT /office/keys/{period}`: taken if the notice vouches for it.
    pub fn put_key(&self, period: u32, key: &[u8]) -> Answer {
        let vouched = seen(&self.standing)
            .and_then(|s| s.notice.intake_key(Period::from_number(period), key).ok());
        match vouched {
            None => Answer::text(
                400,
                "the notice here does not vouch for this key: put the notice that lists it first",
            ),
            Some(_) if self.shelf.put(Item::Key(period), key).is_ok() => Answer::nothing(),
            Some(_) => not_now(),
        }
    }

    /// `GET /board/…`. Only what a manifest lists is there; what is half closed is not.
    pub fn board_file(&self, file: &str, now: u64) -> Answer {
        self.find_board_file(file, now)
            .unwrap_or_else(|error| match error {
                None => Answer::not_found(),
                Some(_) => not_now(),
            })
            .elsewhere()
    }

    fn find_board_file(&self, file: &str, now: u64) -> Result<Answer, Option<CannotStore>> {
        let newest = seen(&self.newest);
        if file == "newest" {
            let newest = newest.ok_or(None)?;
            let body = Body::Shared(newest.file);
            return Ok(Answer::new(200, Media::Bytes, body).kept(Freshness::Ask));
        }
        let (folder, name) = file.split_once('/').ok_or(None)?;
        let today = Day::of_unix_seconds(now);
        // A day is over once an epoch closed on a later one, too: a clock that is ahead is mended.
        let closed = newest.as_ref().map(|n| Day::of_unix_seconds(n.closed));
        let over = closed.map_or(Day(0), |closed| closed.min(today));
        if folder == "days" {
            let day: u32 = number(name).ok_or(None)?;
            let bytes = self.shelf.read(Item::Day(day)).map_err(Some)?;
            // By a clock that was ahead, a day to come may have a list.
            if day > today.0 && bytes.is_none() {
                return Err(None);
            }
            let freshness = if day < over.0 {
                Freshness::Immutable
            } else {
                Freshness::Ask
            };
            return Ok(Answer::bytes(200, bytes.unwrap_or_default()).kept(freshness));
        }
        if folder == "tens" {
            let ten: u32 = number(name).ok_or(None)?;
            return self.ten_days(ten, today, over);
        }
        let epoch = Epoch(number(folder).ok_or(None)?);
        if newest.is_none_or(|newest| epoch > newest.epoch) {
            return Err(None);
        }
        let item = match name {
            "manifest" => Item::Manifest(epoch),
            "leaves" => Item::Leaves(epoch),
            "tags" => Item::Tags(epoch),
            page => Item::Page(
                epoch,
                page.strip_prefix("cells-").and_then(number).ok_or(None)?,
            ),
        };
        let bytes = self.shelf.read(item).map_err(Some)?.ok_or(None)?;
        Ok(Answer::bytes(200, bytes).kept(Freshness::Immutable))
    }

    /// The files of ten days in one, each behind its length: a reader on a slow line pays for
    /// requests more than for lists. (protocol §6, decision 0027)
    fn ten_days(&self, ten: u32, today: Day, over: Day) -> Result<Answer, Option<CannotStore>> {
        let first = ten.checked_mul(DAYS_PER_TEN).ok_or(None)?;
        if first > today.0 {
            return Err(None);
        }
        let mut all = Vec::new();
        for day in first..first.saturating_add(DAYS_PER_TEN) {
            let list = self.shelf.read(Item::Day(day)).map_err(Some)?;
            let list = list.unwrap_or_default();
            let length = u32::try_from(list.len()).map_err(|_| None)?;
            all.extend_from_slice(&length.to_be_bytes());
            all.extend_from_slice(&list);
        }
        let freshness = if first.saturating_add(DAYS_PER_TEN) <= over.0 {
            Freshness::Immutable
        } else {
            Freshness::Ask
        };
        Ok(Answer::bytes(200, all).kept(freshness))
    }

    // ── The office ─────────────────────────────────────────────────────────────────────────────

    /// Whether a header could be the office's, before the body is read: a credential of that
    /// period stands in the notice. The signature is checked once the body is here.
    #[must_use]
    pub fn may_be_the_office(&self, header: Option<&str>) -> bool {
        let claimed = header.and_then(Claimed::parse);
        claimed.is_some_and(|claimed| {
            seen(&self.standing).is_some_and(|s| {
                let credentials = &s.notice.body().keys.credentials;
                credentials.iter().any(|(p, _)| *p == claimed.period)
            })
        })
    }

    /// Bytes the body of an office request may have.
    #[must_use]
    pub fn most_office_bytes(&self, errand: Errand) -> usize {
        match errand {
            Errand::Cells => {}
            Errand::Tokens => return tokens::BODY_BYTES,
            Errand::Letters(_) | Errand::Collected(_) | Errand::Openings(_) => return 0,
        }
        let cells = seen(&self.standing).map_or(0, |s| s.notice.body().shape.cells);
        usize::try_from(cells).unwrap_or(0) * CELL_BYTES
    }

    /// One of the office's requests; `404` like anything unknown unless its credential signed it.
    pub fn office_request(
        &self,
        errand: Errand,
        method: &str,
        path_and_query: &str,
        header: Option<&str>,
        body: &[u8],
        now: u64,
    ) -> Answer {
        let believed = || {
            let claimed = Claimed::parse(header?)?;
            let standing = seen(&self.standing)?;
            let notice = standing.notice.body();
            let keys = notice.keys.credentials.iter();
            keys.filter(|(period, _)| *period == claimed.period)
                .any(|(_, key)| {
                    claimed
                        .verify(key, &notice.mailbox, now, method, path_and_query, body)
                        .is_ok()
                })
                .then_some(standing)
        };
        let Some(standing) = believed() else {
            return Answer::not_found();
        };
        let answer = match errand {
            Errand::Letters(after) => self.letters(after),
            Errand::Collected(upto) => self.collected(upto, now),
            Errand::Openings(epoch) => self.openings(epoch),
            Errand::Cells => self.take_cells(body, &standing, now),
            Errand::Tokens => self.tokens.put(body, &*self.shelf),
        };
        answer.unwrap_or_else(|_| not_now())
    }

    fn letters(&self, after: Position) -> Result<Answer, CannotStore> {
        let letters = self.shelf.letters_after(after, LETTERS_PER_ANSWER)?;
        Ok(Answer::bytes(200, encode_letters(&letters)))
    }

    fn openings(&self, epoch: Epoch) -> Result<Answer, CannotStore> {
        if seen(&self.newest).is_none_or(|newest| epoch > newest.epoch) {
            return Ok(Answer::not_found());
        }
        let openings = self.shelf.read(Item::Openings(epoch))?;
        if openings.is_some() {
            let mut desk = lock(&self.desk);
            desk.looked_at = desk.looked_at.max(Some(epoch));
        }
        Ok(openings.map_or_else(Answer::not_found, |openings| Answer::bytes(200, openings)))
    }

    fn collected(&self, upto: Position, now: u64) -> Result<Answer, CannotStore> {
        let _desk = lock(&self.desk);
        let mut collected = self.collections()?;
        let open = self.shelf.open_epoch();
        for (epoch, last) in self.shelf.held()? {
            let marked = collected.iter().any(|(e, _)| *e == epoch);
            if epoch < open && last <= upto && !marked {
                collected.push((epoch, now));
            }
        }
        self.shelf
            .put(Item::Collected, &encode_collections(&collected))?;
        Ok(Answer::nothing())
    }

    fn collections(&self) -> Result<Vec<(Epoch, u64)>, CannotStore> {
        let file = self.shelf.read(Item::Collected)?.unwrap_or_default();
        let pair = |record: &[u8; 16]| {
            let (epoch, second) = record.split_first_chunk::<8>()?;
            let second = <[u8; 8]>::try_from(second).ok()?;
            Some((
                Epoch(u64::from_be_bytes(*epoch)),
                u64::from_be_bytes(second),
            ))
        };
        Ok(file.as_chunks::<16>().0.iter().filter_map(pair).collect())
    }

    /// Deletes the bytes of letters that were collected long enough ago.
    ///
    /// # Errors
    /// [`CannotStore`]; the next call tries again.
    pub fn tidy(&self, now: u64) -> Result<(), CannotStore> {
        let _desk = lock(&self.desk);
        let collected = self.collections()?;
        let keep = u64::from(self.limits.keep_letters_days) * 86_400;
        let (gone, kept): (Vec<_>, Vec<_>) = collected
            .iter()
            .copied()
            .partition(|(_, second)| now.saturating_sub(*second) >= keep);
        for (epoch, _) in &gone {
            self.shelf.discard(*epoch)?;
        }
        if !gone.is_empty() {
            self.shelf
                .put(Item::Collected, &encode_collections(&kept))?;
        }
        Ok(())
    }

    fn take_cells(
        &self,
        body: &[u8],
        standing: &Standing,
        now: u64,
    ) -> Result<Answer, CannotStore> {
        let (chunks, rest) = body.as_chunks::<CELL_BYTES>();
        let cells: Option<Vec<Cell>> = chunks.iter().map(|c| Cell::parse(c).ok()).collect();
        let notice = standing.notice.body();
        let room = usize::try_from(notice.shape.cells).unwrap_or(0);
        let Some(cells) = cells.filter(|cells| rest.is_empty() && !cells.is_empty()) else {
            return Ok(Answer::text(
                400,
                "not one or more whole cells of 4096 bytes in version 1",
            ));
        };
        let mut desk = lock(&self.desk);
        let mut waiting = desk.waiting.clone();
        for cell in cells {
            if !waiting.contains(&cell) && !self.listed_already(&cell, now)? {
                waiting.push(cell);
            }
        }
        if waiting.len() > room {
            return Ok(Answer::text(
                429,
                "the next epoch has all its cells: come again when it is closed",
            )
            .later(epochs::seconds_left(now, notice.epoch_seconds)));
        }
        if waiting.len() > desk.waiting.len() {
            self.shelf.put(Item::Waiting, &join(&waiting))?;
            desk.waiting = waiting;
        }
        Ok(Answer::nothing())
    }

    /// Whether the board of the last days lists this very cell. Looked up on the board itself, so
    /// that nothing here remembers which cells were the office's and which are filling.
    fn listed_already(&self, cell: &Cell, now: u64) -> Result<bool, CannotStore> {
        let today = Day::of_unix_seconds(now);
        for day in today.minus(REPEAT_DAYS).0..=today.0 {
            let file = self.shelf.read(Item::Day(day))?.unwrap_or_default();
            for entry in board::read_day(&file).map_err(|_| CannotStore::Damaged)? {
                for (at, _) in entry
                    .tags
                    .iter()
                    .enumerate()
                    .filter(|(_, tag)| **tag == cell.short_tag())
                {
                    let page = u32::try_from(at / CELLS_PER_PAGE).unwrap_or(u32::MAX);
                    let page = self.shelf.read(Item::Page(entry.epoch, page))?;
                    let cells = page.unwrap_or_default();
                    if cells.as_chunks::<CELL_BYTES>().0.contains(cell.bytes()) {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    // ── Epochs ─────────────────────────────────────────────────────────────────────────────────

    /// Whether the open epoch is over by the notice's length and this clock.
    #[must_use]
    pub fn epoch_is_due(&self, now: u64) -> bool {
        self.is_due(&lock(&self.desk), now)
    }

    fn is_due(&self, desk: &Desk, now: u64) -> bool {
        let Some(standing) = seen(&self.standing) else {
            return false;
        };
        // By a clock that went back beyond the notice nothing closes: whoever put it saw its first day.
        if Day::of_unix_seconds(now) < standing.notice.body().first_day {
            return false;
        }
        if self.restarting().is_some() {
            return true;
        }
        let since = seen(&self.newest).map_or(desk.since, |newest| newest.closed);
        epochs::due(since, now, standing.notice.body().epoch_seconds)
    }

    /// Closes the open epoch if it is over, and once whoever finds that it is: after a restart the
    /// office's notice and the clock both do, and an epoch lasts a second at least.
    ///
    /// # Errors
    /// [`CannotClose`]; the next call closes it.
    pub fn close_epoch_if_due(
        &self,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<SignedManifest>, CannotClose> {
        let mut desk = lock(&self.desk);
        if !self.is_due(&desk, now) {
            return Ok(None);
        }
        self.close(&mut desk, now, rng).map(Some)
    }

    /// Closes one epoch: the open one, or the one whose closing was interrupted.
    ///
    /// The order keeps the chain from forking: letters turn to the next epoch, files are written,
    /// the manifest last. Without a manifest nothing was shown, and the epoch is closed anew.
    ///
    /// # Errors
    /// [`CannotClose`]; the next call closes it.
    pub fn close_epoch(
        &self,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<SignedManifest, CannotClose> {
        self.close(&mut lock(&self.desk), now, rng)
    }

    fn close(
        &self,
        desk: &mut Desk,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<SignedManifest, CannotClose> {
        let standing = seen(&self.standing).ok_or(CannotClose::NoNotice)?;
        if self.waits_for_the_office() {
            return Err(CannotClose::Restored);
        }
        let newest = seen(&self.newest);
        self.mend(desk, newest.as_ref())?;
        // Whatever could not be removed is removed at a later closing: epochs close all the same.
        self.give_up(newest.as_ref()).ok();
        let (epoch, restarts) = self.next_epoch(newest.as_ref())?;
        self.shelf.turn(epoch)?;
        let accepted = self.shelf.accepted(epoch)?;
        let notice = standing.notice.body();
        let day = Day::of_unix_seconds(now);
        let days_before = match desk.before {
            Some((known, hash)) if known == day => hash,
            _ => self.days_before(day, newest.as_ref())?,
        };
        desk.before = Some((day, days_before));
        let day_file = self.shelf.read(Item::Day(day.0))?.unwrap_or_default();
        let kept_from = match &newest {
            Some(newest) if standing.in_force(now) => self.keeps_from(desk, newest, day)?,
            Some(newest) => newest.kept_from,
            None => Epoch(0),
        };
        let closing = Closing {
            mailbox: notice.mailbox,
            epoch,
            now,
            previous: newest.as_ref().map_or(ManifestHash::NONE, |n| n.hash),
            days_before,
            day_file: &day_file,
            restarts: &restarts,
            kept_from,
        };
        let closed = board::close_epoch(
            &closing,
            notice.shape,
            &accepted,
            &desk.waiting,
            &self.secret,
            rng,
        );
        self.write_epoch(epoch, &closed)?;
        self.tally.epoch();
        let room = usize::try_from(notice.shape.cells).unwrap_or(0);
        let listed = room.min(desk.waiting.len());
        drop(desk.waiting.drain(..listed));
        let newest = Newest::of(&closed.manifest);
        // Its day file first: who sees the newest manifest finds the lists it commits to.
        let mended = self.mend(desk, Some(&newest));
        set(&self.newest, Some(newest));
        mended?;
        Ok(closed.manifest)
    }

    /// Which epoch follows the newest, and every restart up to it.
    fn next_epoch(&self, newest: Option<&Newest>) -> Result<(Epoch, Restarts), CannotClose> {
        let Some(newest) = newest else {
            return Ok((Epoch(0), Restarts::default()));
        };
        let Some(epoch) = self.restarting() else {
            return Ok((newest.epoch.next(), newest.restarts.clone()));
        };
        let restart = Restart {
            epoch,
            after: newest.epoch,
            hash: newest.hash,
        };
        let restarts = newest.restarts.and(restart);
        Ok((epoch, restarts.ok_or(CannotClose::RestoredTooOften)?))
    }

    /// The first epoch that a manifest closed on `day` keeps: beyond those that are old enough, that
    /// the office has looked at, and whose letters it has collected. (protocol §6.2)
    fn keeps_from(&self, desk: &mut Desk, newest: &Newest, day: Day) -> Result<Epoch, CannotStore> {
        let mut kept = newest.kept_from;
        let held = self.shelf.held()?.into_iter().map(|(epoch, _)| epoch).min();
        let Some(looked_at) = desk.looked_at else {
            return Ok(kept);
        };
        let until = held.unwrap_or(looked_at).min(looked_at).min(newest.epoch);
        let keep = self.limits.keep_board_days.max(LEAST_BOARD_DAYS);
        for _ in 0..GIVEN_UP_AT_ONCE {
            if kept >= until {
                break;
            }
            let signed = self.manifest(kept)?.ok_or(CannotStore::Damaged)?;
            if signed.manifest().day >= day.minus(keep) {
                break;
            }
            kept = newest.restarts.after(kept);
        }
        if kept > newest.kept_from {
            let passed = match desk.passed {
                Some((known, passed)) if known == day => passed,
                _ => self.days_have_passed(day)?,
            };
            desk.passed = Some((day, passed));
            if !passed {
                return Ok(newest.kept_from);
            }
        }
        Ok(kept)
    }

    /// Whether `day` came as days come. A clock that jumped ahead leaves days without an epoch behind
    /// it, and what was given up by it could never be taken back. A machine that was off for as long
    /// looks the same: then old epochs stay longer than they must.
    fn days_have_passed(&self, day: Day) -> Result<bool, CannotStore> {
        let mut without = 0;
        for at in day.minus(MOST_DAYS_READ).0..day.0 {
            let file = self.shelf.read(Item::Day(at))?;
            let epochs = file.is_some_and(|file| !file.is_empty());
            without = if epochs { 0 } else { without + 1 };
            if without >= NOTICE_DAYS {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Removes what the newest manifest gives up. That manifest is on the disk, and the next one is
    /// not: whoever began to read or to copy the board in its epoch finds what it promised.
    fn give_up(&self, newest: Option<&Newest>) -> Result<(), CannotStore> {
        let Some(newest) = newest else {
            return Ok(());
        };
        let mut given_up = Vec::new();
        let mut epoch = newest.restarts.before(newest.kept_from);
        while let Some(e) = epoch
            && self.shelf.read(Item::Leaves(e))?.is_some()
        {
            given_up.push(e);
            epoch = newest.restarts.before(e);
        }
        // The oldest first, and of each its leaves last: what a kill leaves is found again.
        for epoch in given_up.into_iter().rev() {
            let signed = self.manifest(epoch)?.ok_or(CannotStore::Damaged)?;
            let pages = signed.manifest().cells.div_ceil(CELLS_PER_PAGE as u64);
            for k in 0..u32::try_from(pages).unwrap_or(u32::MAX) {
                self.shelf.remove(Item::Page(epoch, k))?;
            }
            for item in [
                Item::Tags(epoch),
                Item::Openings(epoch),
                Item::Leaves(epoch),
            ] {
                self.shelf.remove(item)?;
            }
        }
        Ok(())
    }

    /// What the days before `day` have come to: what the last epoch that closed on one of them says,
    /// and the files of the days between. A clock that went back is why it may not be the newest, and
    /// why there may be such days: that epoch could not sign them.
    fn days_before(&self, day: Day, newest: Option<&Newest>) -> Result<DaysHash, CannotStore> {
        let mut epoch = newest.map(|newest| newest.epoch);
        while let Some(e) = epoch {
            let signed = self.manifest(e)?.ok_or(CannotStore::Damaged)?;
            let last = signed.manifest();
            if last.day < day {
                let mut days = last.days;
                for between in last.day.0.saturating_add(1)..day.0 {
                    let file = self.shelf.read(Item::Day(between))?.unwrap_or_default();
                    if !file.is_empty() {
                        days = days.then(Day(between), &file);
                    }
                }
                return Ok(days);
            }
            epoch = last.restarts.before(e);
        }
        Ok(DaysHash::NONE)
    }

    fn write_epoch(&self, epoch: Epoch, closed: &ClosedEpoch) -> Result<(), CannotStore> {
        for (k, page) in (0..).zip(&closed.pages) {
            self.shelf.put(Item::Page(epoch, k), page)?;
        }
        self.shelf.put(Item::Leaves(epoch), &closed.leaves)?;
        self.shelf.put(Item::Tags(epoch), &closed.tags)?;
        self.shelf.put(Item::Openings(epoch), &closed.openings)?;
        self.shelf
            .put(Item::Manifest(epoch), &closed.manifest.to_file())
    }

    /// Brings what follows from the manifests into line with them: day files, the copy of the
    /// newest, the cells that still wait. Needed after a kill or a full disk; otherwise does only
    /// what the last closing left to do.
    fn mend(&self, desk: &mut Desk, newest: Option<&Newest>) -> Result<(), CannotStore> {
        let Some(newest) = newest else {
            return Ok(());
        };
        let restarts = &newest.restarts;
        let mut epoch = desk.in_days.map_or(Epoch(0), |last| restarts.after(last));
        if epoch > newest.epoch {
            return Ok(());
        }
        while epoch <= newest.epoch {
            self.enter_in_day(epoch)?;
            desk.in_days = Some(epoch);
            epoch = restarts.after(epoch);
        }
        self.shelf.put(Item::Newest, &newest.file)?;
        if desk.waiting.is_empty() {
            self.shelf.remove(Item::Waiting)
        } else {
            self.shelf.put(Item::Waiting, &join(&desk.waiting))
        }
    }

    fn enter_in_day(&self, epoch: Epoch) -> Result<(), CannotStore> {
        let signed = self.manifest(epoch)?.ok_or(CannotStore::Damaged)?;
        let day = signed.manifest().day.0;
        let mut file = self.shelf.read(Item::Day(day))?.unwrap_or_default();
        match board::read_day(&file) {
            Ok(entries) if entries.iter().any(|entry| entry.epoch == epoch) => return Ok(()),
            Ok(_) => {}
            Err(_) => file.clear(),
        }
        let tags = self
            .shelf
            .read(Item::Tags(epoch))?
            .ok_or(CannotStore::Damaged)?;
        let count = u32::try_from(tags.len() / SHORT_TAG_BYTES).unwrap_or(u32::MAX);
        file.extend_from_slice(&epoch.0.to_be_bytes());
        file.extend_from_slice(&count.to_be_bytes());
        file.extend_from_slice(&tags);
        self.shelf.put(Item::Day(day), &file)
    }

    /// The newest epoch that stands in its day file, looking back from the newest.
    fn listed_in_days(&self) -> Result<Option<Epoch>, CannotStore> {
        let mut epoch = seen(&self.newest).map(|newest| newest.epoch);
        while let Some(e) = epoch {
            let signed = self.manifest(e)?.ok_or(CannotStore::Damaged)?;
            let day = self.shelf.read(Item::Day(signed.manifest().day.0))?;
            // A day file that does not read is made anew from its epochs.
            let entries = board::read_day(&day.unwrap_or_default()).unwrap_or_default();
            if entries.iter().any(|entry| entry.epoch == e) {
                break;
            }
            epoch = signed.manifest().restarts.before(e);
        }
        Ok(epoch)
    }

    /// The cells that wait, without those the newest epoch lists: a kill between its manifest and
    /// the tidying leaves them.
    fn still_waiting(&self) -> Result<Vec<Cell>, CannotStore> {
        let file = self.shelf.read(Item::Waiting)?.unwrap_or_default();
        let mut listed = Vec::new();
        if let Some(newest) = seen(&self.newest)
            && !file.is_empty()
        {
            for k in 0.. {
                match self.shelf.read(Item::Page(newest.epoch, k))? {
                    Some(page) => listed.extend_from_slice(&page),
                    None => break,
                }
            }
        }
        let listed = listed.as_chunks::<CELL_BYTES>().0;
        let cells = file.as_chunks::<CELL_BYTES>().0.iter();
        Ok(cells
            .filter(|cell| !listed.contains(cell))
            .filter_map(|cell| Cell::parse(cell).ok())
            .collect())
    }

    fn manifest(&self, epoch: Epoch) -> Result<Option<SignedManifest>, CannotStore> {
        let Some(standing) = seen(&self.standing) else {
            return Ok(None);
        };
        let file = self.shelf.read(Item::Manifest(epoch))?;
        let mailbox = standing.notice.body().mailbox;
        Ok(file
            .and_then(|file| SignedManifest::verify(&file, &mailbox, &self.secret.public()).ok()))
    }
}

/// What became of a posting, with its receipt if it is new.
pub struct Fate {
    kept: Kept,
    receipt: Option<Receipt>,
}

impl Fate {
    /// Nothing was heard of it: as if it had not been kept.
    pub(crate) const LOST: Self = Self {
        kept: Kept::NotNow,
        receipt: None,
    };
}

/// A letter on its way: what the answer needs once its fate is certain.
pub struct Posted {
    leaf: Leaf,
    standing: Arc<Standing>,
}

impl Posted {
    /// The answer. A receipt exists only after the bytes are synced; a repeat's is signed here.
    pub fn answer(self, relay: &Relay, fate: Fate, now: u64) -> Answer {
        let notice = self.standing.notice.body();
        let signed = |epoch| {
            let rng = &mut system_randomness();
            Receipt::sign(self.leaf, epoch, &notice.mailbox, &relay.secret, rng)
        };
        let shown = |status, receipt: Receipt| Answer::bytes(status, receipt.to_bytes().to_vec());
        let answer = match fate.kept {
            Kept::New(epoch) => shown(201, fate.receipt.unwrap_or_else(|| signed(epoch))),
            Kept::Known(epoch) => shown(200, signed(epoch)),
            Kept::Full => Answer::text(
                429,
                "the relay has taken all the letters it can for now: send the same bytes again later",
            )
            .later(epochs::seconds_left(now, notice.epoch_seconds)),
            Kept::Puzzle { bits } => Answer::text(
                429,
                "many letters come at this moment: send the same bytes again with an answer to the puzzle, or later",
            )
            .later(epochs::seconds_left(now, notice.epoch_seconds))
            .asking(bits),
            Kept::NotNow => not_now(),
        };
        relay.tally.posting(answer.status);
        answer.elsewhere()
    }
}

impl Newest {
    fn of(signed: &SignedManifest) -> Self {
        let manifest = signed.manifest();
        Self {
            epoch: manifest.epoch,
            hash: signed.hash(),
            closed: manifest.day.first_second() + u64::from(manifest.second),
            restarts: manifest.restarts.clone(),
            kept_from: manifest.kept_from,
            file: signed.to_file().into(),
        }
    }
}

/// The system's randomness, as the trait wants it.
pub(crate) fn system_randomness() -> rand_core::UnwrapErr<getrandom::SysRng> {
    rand_core::UnwrapErr(getrandom::SysRng)
}

/// More bytes than any letter has.
pub(crate) fn too_large() -> Answer {
    Answer::text(
        413,
        "larger than the largest letter: send the attachment in pieces",
    )
}

pub(crate) fn no_size_class() -> Answer {
    Answer::text(
        400,
        "not a letter of one of the four sizes: send 16 bytes of nonce and a letter of 4096, 16384, 65536 or 262144 bytes",
    )
}

/// The store cannot do it now, and nothing was kept.
pub(crate) fn not_now() -> Answer {
    Answer::text(
        503,
        "the relay cannot do this now, and nothing was kept: send the same bytes again later",
    )
    .later(30)
}

fn join(cells: &[Cell]) -> Vec<u8> {
    cells.iter().flat_map(|cell| *cell.bytes()).collect()
}

fn encode_collections(collected: &[(Epoch, u64)]) -> Vec<u8> {
    let pairs = collected.iter();
    pairs
        .flat_map(|(epoch, second)| [epoch.0.to_be_bytes(), second.to_be_bytes()])
        .flatten()
        .collect()
}

/// Records of `GET /office/letters`. Protocol §8.
fn encode_letters(letters: &[Stored]) -> Vec<u8> {
    let size = letters.iter().map(|l| 60 + l.sealed.len()).sum();
    let mut out = Vec::with_capacity(size);
    for letter in letters {
        let length = u32::try_from(letter.sealed.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&letter.position.0.to_be_bytes());
        out.extend_from_slice(&letter.leaf.0);
        out.extend_from_slice(&letter.nonce);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&letter.sealed);
    }
    out
}

/// Bytes as hexadecimal digits, for what an operator copies by hand.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        // Writing to a `String` cannot fail.
        write!(out, "{byte:02x}").ok();
    }
    out
}
