//! Coming back with the words: which tags to look for, and how parts become answers. (protocol §6)

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use envelope::notice::NoticeBody;
use envelope::{Day, Period, Token, labels};

use crate::conversation::{SLOTS_PER_DAY, mac};
use crate::{CellBody, CellKind, ConversationKey, Master};

/// How many lines of conversation keys a reader tries.
const GENERATIONS: u8 = 4;

/// Days of the longest window: what a relay keeps.
pub const MOST_WINDOW_DAYS: u32 = 400;
/// Quarters before the window in which a letter by carry key may have set out: a stick travels for
/// a year.
const QUARTERS_ON_THE_WAY: u32 = 4;

/// One place where an answer to these words may be.
#[derive(Clone)]
pub struct Expected {
    /// Day of the tag.
    pub day: Day,
    /// Slot of that day.
    pub slot: u16,
    /// Key that opens what is found there.
    pub key: ConversationKey,
}

/// Everything a reader looks for in a window of days, by what the lists show: the first eight
/// bytes of a tag. Computed before any list is fetched, so that what is fetched tells nothing.
pub struct Reading {
    expected: BTreeMap<[u8; 8], Vec<Expected>>,
}

impl Reading {
    /// All tags of these words from `first` to `last`, in every generation and carry quarter.
    ///
    /// `last` may be what a relay says is today. So that a wrong one costs nothing, days beyond
    /// the longest window are passed over: the notice's last day is the end of time here, and
    /// [`MOST_WINDOW_DAYS`] before it the beginning.
    #[must_use]
    pub fn of(master: &Master, office: &NoticeBody, first: Day, last: Day) -> Self {
        let last = last.min(office.last_day);
        let first = first.max(last.minus(MOST_WINDOW_DAYS - 1));
        let mut lines: Vec<ConversationKey> = (0..GENERATIONS)
            .map(|g| {
                master.conversation_key(Period::Week(office.first_period), g, office.first_period)
            })
            .collect();
        lines.extend(
            carry_quarters(office, first, last)
                .into_iter()
                .map(|p| master.conversation_key(p, 0, office.first_period)),
        );
        let mut expected: BTreeMap<[u8; 8], Vec<Expected>> = BTreeMap::new();
        for line in lines {
            let mut key = line;
            let mut tags = key.tag_maker();
            for day in (first.0..=last.0).map(Day) {
                let Period::Week(p) = Period::of(day, office.period_days) else {
                    continue;
                };
                let moved = key.at(p);
                if moved.period() != key.period() {
                    key = moved;
                    tags = key.tag_maker();
                }
                for slot in 0..SLOTS_PER_DAY {
                    let tag = tags.tag(day, slot);
                    let short = tag.first_chunk::<8>().copied().unwrap_or_default();
                    let place = Expected {
                        day,
                        slot,
                        key: key.clone(),
                    };
                    expected.entry(short).or_default().push(place);
                }
            }
        }
        Self { expected }
    }

    /// What a listed tag may be, if it may be for these words.
    #[must_use]
    pub fn hit(&self, short_tag: &[u8; 8]) -> &[Expected] {
        self.expected.get(short_tag).map_or(&[], Vec::as_slice)
    }
}

/// The carry quarters whose letters may be answered in a window: from a year before it, but none
/// before the office began, to its end; and those the notice lists, because a kit may have sealed
/// to one that is to come. (protocol §6)
fn carry_quarters(office: &NoticeBody, first: Day, last: Day) -> BTreeSet<Period> {
    let founded = Period::Week(office.first_period).first_day(office.period_days);
    let (Period::Carry(founded), Period::Carry(from), Period::Carry(to)) = (
        Period::carry_of(founded),
        Period::carry_of(first),
        Period::carry_of(last),
    ) else {
        return BTreeSet::new();
    };
    let listed = office.keys.intake.iter().map(|(period, _)| *period);
    (from.saturating_sub(QUARTERS_ON_THE_WAY).max(founded)..=to)
        .map(Period::Carry)
        .chain(listed.filter(|period| matches!(period, Period::Carry(_))))
        .collect()
}

/// Which of the window's pages is fetched when nothing was found, so that "found" and "nothing"
/// look alike: counted over all pages of the window, by epoch and then by page. `None` without any.
#[must_use]
pub fn page_without_hit(master: &Master, last: Day, pages: u32) -> Option<u32> {
    let key = master.derive(labels::PAGE_WITHOUT_HIT, &[]);
    let whole = mac(key.as_ref(), &[&last.0.to_be_bytes()]);
    let four = whole.first_chunk::<4>().copied().unwrap_or_default();
    u32::from_be_bytes(four).checked_rem(pages)
}

/// What the office said, in its order. Printed for debugging without its words.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it is.
    pub kind: CellKind,
    /// Day of its first part.
    pub day: Day,
    /// Its number in the conversation.
    pub number: u32,
    /// Its words; `None` while parts are missing.
    pub text: Option<String>,
    /// What lets one later letter past a flood.
    pub token: Option<Token>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("kind", &self.kind)
            .field("day", &self.day)
            .field("number", &self.number)
            .field("whole", &self.text.is_some())
            .finish_non_exhaustive()
    }
}

/// An answer while its parts come in.
struct Parts<'a> {
    day: Day,
    kind: CellKind,
    count: u16,
    texts: BTreeMap<u16, &'a str>,
    token: Option<Token>,
}

/// Joins opened parts into answers: by number, each part once, whatever order they came in.
#[must_use]
pub fn assemble(opened: &[(Day, CellBody)]) -> Vec<Answer> {
    let mut answers: BTreeMap<(u32, u8), Parts<'_>> = BTreeMap::new();
    for (day, body) in opened {
        let order = u8::from(body.kind != CellKind::Opened);
        let parts = answers
            .entry((body.answer, order))
            .or_insert_with(|| Parts {
                day: *day,
                kind: body.kind,
                count: body.parts,
                texts: BTreeMap::new(),
                token: None,
            });
        parts.day = parts.day.min(*day);
        parts.texts.entry(body.part).or_insert(&body.text);
        // Posted again, an answer brings another: the newest is the likeliest to be good.
        if body.token.is_some() {
            parts.token.clone_from(&body.token);
        }
    }
    answers
        .into_iter()
        .map(
            |(
                (number, _),
                Parts {
                    day,
                    kind,
                    count,
                    texts,
                    token,
                },
            )| {
                let text = (0..count).map(|n| texts.get(&n).copied()).collect();
                Answer {
                    kind,
                    day,
                    number,
                    text,
                    token,
                }
            },
        )
        .collect()
}
