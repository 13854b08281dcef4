//! Coming back with the words: which files of the board are fetched, and what they say.
//!
//! What is fetched must tell nothing: every reader takes the same lists; then the pages of the
//! hits, or one page as the words and the day choose it. Files come from a [`Board`], which is a
//! relay, a mirror or a copy on a stick; nothing of it is believed without the office's voice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use envelope::board::{
    CELLS_PER_PAGE, DAYS_GONE_BACK, DayLists, MOST_DAY_BYTES, NotTheSignedDays, SHORT_TAG_BYTES,
    SignedManifest,
};
use envelope::{CELL_BYTES, Cell, Day, Epoch};
use seal::{Answer, CannotRead, CellBody, Expected, Master, Reading, assemble, open_cell};

use crate::office::Office;

/// Days that every reader looks through.
pub const WINDOW: u32 = 90;
/// Cells tried under one tag: more than these are somebody's noise.
const CELLS_PER_TAG: usize = 16;

/// No file of a board is larger.
const MOST_BYTES: u64 = MOST_DAY_BYTES;

/// Where files of the board come from.
pub trait Board {
    /// A file by its path below `/board/`; `None` where there is none.
    ///
    /// # Errors
    /// [`BoardUnreachable`] if it cannot be told whether there is one.
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, BoardUnreachable>;
}

impl Board for carry::http::Relay {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, BoardUnreachable> {
        self.board_file(path).map_err(|_| BoardUnreachable)
    }
}

/// A copy of the board in a folder: a mirror on a stick.
pub struct CopyOfBoard(PathBuf);

impl CopyOfBoard {
    /// The copy in a folder that holds `board/`, or is it.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        let below = folder.join("board");
        Self(if below.is_dir() {
            below
        } else {
            folder.to_owned()
        })
    }
}

impl Board for CopyOfBoard {
    fn file(&self, path: &str) -> Result<Option<Vec<u8>>, BoardUnreachable> {
        let mut bytes = Vec::new();
        let read = File::open(self.0.join(path))
            .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Ok(length) if length as u64 > MOST_BYTES => Ok(None),
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(BoardUnreachable),
        }
    }
}

/// The board gave no answer; try again, or take a copy of it from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardUnreachable;

/// Why nothing was searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotSearch {
    /// The board gave no answer.
    Unreachable,
    /// Its lists do not lead to the manifest the office's relay signed: take another copy of the
    /// board, and tell the office. (protocol §6)
    NotTheSignedLists,
}

impl From<NotTheSignedDays> for CannotSearch {
    fn from(_: NotTheSignedDays) -> Self {
        Self::NotTheSignedLists
    }
}

impl From<BoardUnreachable> for CannotSearch {
    fn from(_: BoardUnreachable) -> Self {
        Self::Unreachable
    }
}

/// Which bodies are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Those of the hits, or one if there are none: little, and their number can be counted.
    OfHits,
    /// All of the period: much, and tells nothing.
    All,
}

/// What was found in a stretch of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the office said, in its order.
    pub answers: Vec<Answer>,
    /// First day searched.
    pub first: Day,
    /// Last day searched.
    pub last: Day,
    /// Days of the window that have no list: nothing closed on them.
    pub days_without_list: u32,
    /// Cells under one's own tags that the office's voice did not sign: not shown.
    pub forged: u32,
    /// Cells under one's own tags that could not be read, or whose page was not there.
    pub damaged: u32,
    /// Pages fetched, which somebody on the line could count.
    pub pages: usize,
}

impl Found {
    /// Day of the newest complete answer, for the letter that acknowledges it.
    #[must_use]
    pub fn newest_answer(&self) -> Option<Day> {
        self.answers
            .iter()
            .filter(|a| a.text.is_some())
            .map(|a| a.day)
            .max()
    }
}

/// A listed cell: its epoch and its place there.
type Place = (Epoch, usize);

/// Searches the board of `office` for answers to these words, in the `days` days up to its today; in
/// 35 more if the lists of these do not lead, as where a clock went back just before them. (protocol
/// §6)
///
/// # Errors
/// [`CannotSearch`]; what was found until then is not told, because it may mislead.
pub fn search(
    master: &Master,
    office: &Office,
    days: u32,
    pages: Pages,
    board: &impl Board,
) -> Result<Found, CannotSearch> {
    where_lists_lead(days, &CannotSearch::NotTheSignedLists, |days| {
        search_in(master, office, days, pages, board)
    })
}

/// Reads a window of `days` days, and, if its lists do not lead, one that begins 35 days earlier: an
/// epoch that closed by a clock that went back cannot sign the days between, and a window that begins
/// just after one of these does not lead. (protocol §6)
pub(crate) fn where_lists_lead<T, E: PartialEq>(
    days: u32,
    do_not_lead: &E,
    mut read: impl FnMut(u32) -> Result<T, E>,
) -> Result<T, E> {
    match read(days) {
        Err(why) if why == *do_not_lead => read(days.saturating_add(DAYS_GONE_BACK)),
        read => read,
    }
}

fn search_in(
    master: &Master,
    office: &Office,
    days: u32,
    pages: Pages,
    board: &impl Board,
) -> Result<Found, CannotSearch> {
    let last = office.day();
    let first = last.minus(days.max(1) - 1);
    let expected = Reading::of(master, office.notice().body(), first, last);
    let mut found = Found {
        answers: Vec::new(),
        first,
        last,
        days_without_list: 0,
        forged: 0,
        damaged: 0,
        pages: 0,
    };

    let lists = Lists::fetch(office, first, last, board)?;
    found.days_without_list = last.0 - first.0 + 1 - lists.days;
    let mut hits: BTreeMap<[u8; SHORT_TAG_BYTES], Vec<Place>> = BTreeMap::new();
    for (tag, place) in lists.tags() {
        let places = hits.entry(tag).or_default();
        if !expected.hit(&tag).is_empty() && places.len() < CELLS_PER_TAG {
            places.push(place);
        }
    }
    hits.retain(|_, places| !places.is_empty());

    let hit_pages = hits
        .values()
        .flatten()
        .map(|(epoch, index)| (*epoch, index / CELLS_PER_PAGE));
    let mut wanted: BTreeSet<(Epoch, usize)> = match pages {
        Pages::OfHits => hit_pages.collect(),
        Pages::All => lists.pages().collect(),
    };
    if wanted.is_empty() {
        wanted.extend(lists.page_without_hit(master, last));
    }
    let mut bodies = BTreeMap::new();
    for (epoch, k) in wanted {
        let page = board.file(&format!("{}/cells-{k}", epoch.0))?;
        found.pages += 1;
        bodies.insert((epoch, k), page);
    }

    let reader = Reader {
        office,
        reply: master.reply_secret(),
        reply_public: master.reply_secret().public(),
    };
    let mut parts = Vec::new();
    for (tag, places) in &hits {
        for (epoch, index) in places {
            let page = bodies
                .get(&(*epoch, index / CELLS_PER_PAGE))
                .and_then(Option::as_deref);
            match page.and_then(|page| cell_of(page, index % CELLS_PER_PAGE)) {
                Some(cell) => match reader.open(&cell, expected.hit(tag)) {
                    Ok(part) => parts.push(part),
                    Err(CannotRead::NotTheOffice) => found.forged += 1,
                    // Eight equal bytes of a tag and no more: somebody else's cell.
                    Err(CannotRead::NotForUs) => {}
                    Err(_) => found.damaged += 1,
                },
                None => found.damaged += 1,
            }
        }
    }
    found.answers = assemble(&parts);
    Ok(found)
}

/// The day lists of the window, led to the newest manifest.
#[derive(Default)]
struct Lists {
    epochs: BTreeMap<Epoch, Vec<[u8; SHORT_TAG_BYTES]>>,
    days: u32,
}

impl Lists {
    fn fetch(
        office: &Office,
        first: Day,
        last: Day,
        board: &impl Board,
    ) -> Result<Self, CannotSearch> {
        let Some(newest) = office.newest().map(SignedManifest::manifest) else {
            // No epoch was ever closed: there is nothing to list.
            return Ok(Self::default());
        };
        let refused = CannotSearch::NotTheSignedLists;
        let body = office.notice().body();
        let mut lists = DayLists::of(newest, first).closed_every(body.epoch_seconds);
        for day in (first.0..=last.0).map(Day) {
            let file = board.file(&format!("days/{}", day.0))?;
            if let Some(file) = file.filter(|file| file.len() as u64 <= MOST_DAY_BYTES) {
                lists.add(day, &file).map_err(|_| refused)?;
            }
        }
        let days = lists.days();
        let entries = lists.verify(|epoch| {
            let file = board.file(&format!("{}/manifest", epoch.0))?;
            SignedManifest::verify(&file.ok_or(refused)?, &body.mailbox, &body.relay_key)
                .map_err(|_| refused)
        })?;
        Ok(Self {
            epochs: entries.into_iter().map(|e| (e.epoch, e.tags)).collect(),
            days,
        })
    }

    fn tags(&self) -> impl Iterator<Item = ([u8; SHORT_TAG_BYTES], Place)> + '_ {
        self.epochs.iter().flat_map(|(epoch, tags)| {
            tags.iter()
                .enumerate()
                .map(|(index, tag)| (*tag, (*epoch, index)))
        })
    }

    fn pages(&self) -> impl Iterator<Item = (Epoch, usize)> + '_ {
        self.epochs
            .iter()
            .flat_map(|(epoch, tags)| (0..tags.len().div_ceil(CELLS_PER_PAGE)).map(|k| (*epoch, k)))
    }

    fn page_without_hit(&self, master: &Master, last: Day) -> Option<(Epoch, usize)> {
        let pages = u32::try_from(self.pages().count()).unwrap_or(u32::MAX);
        let choice = seal::page_without_hit(master, last, pages)?;
        self.pages().nth(usize::try_from(choice).ok()?)
    }
}

struct Reader<'a> {
    office: &'a Office,
    reply: seal::ReplySecret,
    reply_public: seal::ReplyKey,
}

impl Reader<'_> {
    /// Tries every place the tag may stand for; the most telling refusal is given back.
    fn open(&self, cell: &Cell, expected: &[Expected]) -> Result<(Day, CellBody), CannotRead> {
        let notice = self.office.notice();
        let mut refused = CannotRead::NotForUs;
        for place in expected {
            let opened = open_cell(
                cell,
                &notice.body().mailbox,
                place.day,
                place.slot,
                &place.key,
                &self.reply,
                &self.reply_public,
                notice.voice_on(place.day),
            );
            match opened {
                Ok(body) => return Ok((place.day, body)),
                Err(CannotRead::NotForUs) => {}
                Err(other) => refused = other,
            }
        }
        Err(refused)
    }
}

fn cell_of(page: &[u8], index: usize) -> Option<Cell> {
    let start = index.checked_mul(CELL_BYTES)?;
    let end = start.checked_add(CELL_BYTES)?;
    Cell::parse(page.get(start..end)?).ok()
}
