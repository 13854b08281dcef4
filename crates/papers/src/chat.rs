//! Chats as their programs export them: lines of text (WhatsApp) in the date formats of its many
//! languages, and JSON (Telegram Desktop; Signal by `sigtop` or `signal-cli`).
//!
//! A chat becomes one report: who wrote what, in order. Which of two days `3/4` means is decided by
//! the other dates of the file, by a person, or by nobody: then the days stay as they are written.
//!
//! Three signs stand before what are not plain words of whoever sent them: [`PASSED_ON`], [`CHANGED`]
//! and [`PLACE`]. They are the same in every language.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use record::{Date, Report};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::brought::{
    Brought, CannotRead, LONGEST_CHAT, LONGEST_NARRATIVE, Noticed, check_size, narrative,
};

/// A line that begins a message stands among so many, or this is no chat.
const FIRST_LINES: usize = 20;

/// Before words that were passed on, with the name of whoever said them where it is known.
pub const PASSED_ON: char = '↪';
/// Before words that take the place of earlier ones.
pub const CHANGED: char = '✎';
/// Before a place that was sent as latitude and longitude (RFC 5870).
pub const PLACE: &str = "geo:";

/// Nobody exported a chat before this year: a date of two digits that would be older is another one.
const FIRST_YEAR: u16 = 2009;

/// In which order a date is written where that cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 31/12/2026, as in most of the world.
    DayFirst,
    /// 12/31/2026, as in the United States.
    MonthFirst,
    /// 26/12/31, as in East Asia and Hungary.
    YearFirst,
}

impl DayOrder {
    const ALL: [Self; 3] = [Self::DayFirst, Self::MonthFirst, Self::YearFirst];
}

/// One message of a chat.
struct Said {
    /// When, as far as it is known: `2026-12-31 14:05`, or as it was written.
    when: String,
    day: Option<Date>,
    /// Empty where the program itself speaks.
    who: String,
    text: String,
}

fn brought(number: usize, end: usize, said: &[Said], mut noticed: BTreeSet<Noticed>) -> Brought {
    let mut told = String::new();
    for one in said {
        if !told.is_empty() {
            told.push('\n');
        }
        told.push_str(&one.when);
        if !one.who.is_empty() {
            told.push(' ');
            push_inside(&mut told, &one.who);
        }
        told.push_str(": ");
        push_inside(&mut told, &one.text);
        if told.len() > LONGEST_NARRATIVE {
            // The rest would be cut in any case.
            break;
        }
    }
    Brought {
        number,
        report: Report {
            narrative: narrative(told, &mut noticed),
            channel: "chat".into(),
            ..Report::default()
        },
        original: 0..end,
        told_on: said
            .iter()
            .filter_map(|one| one.day)
            .max_by_key(|day| day.day_number()),
        enclosed: Vec::new(),
        is_mail: false,
        noticed,
    }
}

/// What somebody wrote, each further line of it set in: none looks like the message of another.
fn push_inside(told: &mut String, text: &str) {
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            told.push('\n');
            if !line.is_empty() {
                told.push_str("  ");
            }
        }
        told.push_str(line);
    }
}

// ── Lines of text ──────────────────────────────────────────────────────────────────────────────

/// Reads a chat exported as lines of text. No day is read that comes after `latest`.
///
/// # Errors
/// [`CannotRead`].
pub fn lines(file: &[u8], order: Option<DayOrder>, latest: Date) -> Result<Brought, CannotRead> {
    check_size(file, LONGEST_CHAT)?;
    // Nothing in such a file tells a message from words that look like the beginning of one.
    let mut noticed = BTreeSet::from([Noticed::LinesOfText]);
    let text = decoded(file, &mut noticed);
    let mut heads: Vec<(Stamp<'_>, String)> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        match Stamp::read(line) {
            Some((stamp, rest)) => heads.push((stamp, rest.to_owned())),
            None => match heads.last_mut() {
                Some((_, said)) => {
                    said.push('\n');
                    said.push_str(line);
                }
                None if place >= FIRST_LINES => return Err(CannotRead::NotAChat),
                None => {}
            },
        }
    }
    if heads.is_empty() {
        return Err(CannotRead::NotAChat);
    }
    let stamps: Vec<&Stamp<'_>> = heads.iter().map(|(stamp, _)| stamp).collect();
    let order = order_of(&stamps, order, latest);
    let mut said = Vec::with_capacity(heads.len());
    for (stamp, rest) in heads {
        let day = stamp.day(order, latest);
        if day.is_none() {
            noticed.insert(Noticed::DaysNotSure);
        }
        let when = match (day, stamp.hour()) {
            (Some(day), Some(hour)) => format!("{day} {hour}"),
            (Some(day), None) => format!("{day} {}", stamp.time),
            (None, _) => stamp.whole.to_owned(),
        };
        let (who, text) = match rest.split_once(": ") {
            Some((who, text)) if !who.contains('\n') => (who.to_owned(), text.to_owned()),
            _ => (String::new(), rest),
        };
        if names_a_file(&text) {
            noticed.insert(Noticed::FilesElsewhere);
        }
        said.push(Said {
            when,
            day,
            who,
            text,
        });
    }
    Ok(brought(1, file.len(), &said, noticed))
}

/// UTF-8, or UTF-16 where its mark says so.
fn decoded(file: &[u8], noticed: &mut BTreeSet<Noticed>) -> String {
    let wide = |of: fn([u8; 2]) -> u16| {
        let (pairs, _) = file.as_chunks::<2>();
        let units = pairs.iter().skip(1).map(|pair| of(*pair));
        char::decode_utf16(units)
            .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    let text: String = match file {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(file).into_owned(),
    };
    if text.contains(char::REPLACEMENT_CHARACTER) {
        noticed.insert(Noticed::NotItsCharset);
    }
    text
}

/// How programs stand in for a picture that was left out, or name one that lies beside the export.
fn names_a_file(text: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "<Media omitted>",
        "<Médias omis>",
        "<Multimedia omitido>",
        "<Без медиафайлов>",
        "<تم استبعاد الوسائط>",
        "<省略多媒体文件>",
        "<attached",
        "<pièce jointe",
        "<adjunto",
    ];
    SIGNS.iter().any(|sign| text.contains(sign)) || text.ends_with("(file attached)")
}

/// The time that begins a message, as it is written.
struct Stamp<'a> {
    numbers: [u32; 3],
    /// How many digits each number has.
    digits: [usize; 3],
    /// Whether dots part the numbers: nobody who writes dots puts the month first.
    dots: bool,
    /// Whether blanks stand between the numbers: with dots and none of them, the year is last.
    spaced: bool,
    /// The time of day as it is written.
    time: &'a str,
    /// Date and time as they are written.
    whole: &'a str,
}

/// Marks that turn or hold a reading direction, and the mark of a file's encoding: some exports set
/// them around dates and names.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// The value of a digit of the scripts in which phones write dates.
fn digit(character: char) -> Option<u32> {
    let from = match character {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{9e6}'..='\u{9ef}' => '\u{9e6}',
        _ => return None,
    };
    u32::from(character).checked_sub(u32::from(from))
}

/// What is left of a line, eaten from its front.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn skip(&mut self, which: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(which);
    }

    /// One to four digits: their value, and how many they were.
    fn number(&mut self) -> Option<(u32, usize)> {
        self.skip(is_mark);
        let (mut value, mut count, mut end) = (0, 0, 0);
        for (at, character) in self.0.char_indices() {
            let Some(digit) = digit(character) else { break };
            value = value * 10 + digit;
            count += 1;
            end = at + character.len_utf8();
            if count > 4 {
                return None;
            }
        }
        self.0 = self.0.get(end..)?;
        (count > 0).then_some((value, count))
    }

    /// What parts the numbers of a date: one sign, and blanks after a dot.
    fn parting(&mut self) -> Option<char> {
        self.skip(is_mark);
        let sign = self.0.chars().next()?;
        if !matches!(sign, '/' | '-' | '.' | '年' | '月') {
            return None;
        }
        self.0 = self.0.get(sign.len_utf8()..)?;
        if sign == '.' {
            self.skip(char::is_whitespace);
        }
        Some(sign)
    }
}

impl<'a> Stamp<'a> {
    /// The time that begins a line, and what follows it.
    fn read(line: &'a str) -> Option<(Self, &'a str)> {
        let line = line.trim_start_matches(is_mark);
        let bracketed = line.strip_prefix('[');
        let mut rest = Rest(bracketed.unwrap_or(line));
        let begin = rest.0;
        let (first, first_digits) = rest.number()?;
        let one = rest.parting()?;
        let (second, second_digits) = rest.number()?;
        let other = rest.parting()?;
        let (third, third_digits) = rest.number()?;
        let fits = one == other || (one == '年' && other == '月');
        if !fits || second_digits > 2 || (first_digits > 2 && third_digits > 2) {
            return None;
        }
        let dated = begin.len() - rest.0.len();
        let spaced = begin.get(..dated)?.contains(char::is_whitespace);
        rest.skip(is_mark);
        rest.skip(|character| matches!(character, '.' | '日'));
        // Up to the hour: blanks, a comma, "à", "下午"; nothing that ends a name.
        let clock = rest.0;
        let hour = clock
            .char_indices()
            .take(16)
            .take_while(|(_, character)| !matches!(character, ':' | ']' | '[' | '<'))
            .find(|(_, character)| digit(*character).is_some())?
            .0;
        rest.0 = clock.get(hour..)?;
        let (hours, _) = rest.number()?;
        // Canada writes 14 h 05.
        let blank = |character: char| character == ' ' || character == '\u{a0}';
        rest.skip(blank);
        rest.0 = rest.0.strip_prefix([':', '.', 'h', '时', '時'])?;
        rest.skip(blank);
        let (minutes, minute_digits) = rest.number()?;
        if hours > 24 || minutes > 59 || minute_digits != 2 {
            return None;
        }
        if let Some(after) = rest.0.strip_prefix([':', '.']) {
            rest.0 = after;
            rest.number()?;
        }
        // What follows the time: nothing, "PM", "م"; then what parts it from the name.
        let (end, after) = if bracketed.is_some() {
            let end = rest.0.find(']')?;
            (end, rest.0.get(end + 1..)?)
        } else {
            let end = rest.0.find(" - ")?;
            (end, rest.0.get(end + 3..)?)
        };
        if rest.0.get(..end)?.chars().count() > 12 {
            return None;
        }
        let ended = begin.len() - rest.0.len() + end;
        let clocked = begin.len() - clock.len();
        let blank = |character: char| {
            character.is_whitespace() || is_mark(character) || matches!(character, ',' | '،')
        };
        let stamp = Self {
            numbers: [first, second, third],
            digits: [first_digits, second_digits, third_digits],
            dots: one == '.',
            spaced,
            time: begin.get(clocked..ended)?.trim_matches(blank),
            whole: begin.get(..ended)?.trim_matches(blank),
        };
        Some((stamp, after.trim_start_matches(' ')))
    }

    fn is_year_first(&self) -> bool {
        let [first, ..] = self.digits;
        first > 2
    }

    /// The day it means, in the order that holds for the file.
    fn day(&self, order: Option<DayOrder>, latest: Date) -> Option<Date> {
        let [first, second, third] = self.numbers;
        let order = if self.is_year_first() {
            DayOrder::YearFirst
        } else {
            order?
        };
        let (year, month, day) = match order {
            DayOrder::YearFirst => (first, second, third),
            DayOrder::DayFirst => (third, second, first),
            DayOrder::MonthFirst => (third, first, second),
        };
        let [first_digits, _, last_digits] = self.digits;
        let year_digits = match order {
            DayOrder::YearFirst => first_digits,
            DayOrder::DayFirst | DayOrder::MonthFirst => last_digits,
        };
        let year = u16::try_from(year).ok()?;
        let (year, earliest) = match year_digits {
            1 => return None,
            2 => (2000 + year, FIRST_YEAR),
            _ => (year, 1990),
        };
        // A year of another calendar is left as it is written.
        if !(earliest..=latest.year()).contains(&year) {
            return None;
        }
        let small = |number: u32| u8::try_from(number).ok();
        let day = Date::new(year, small(month)?, small(day)?)?;
        (day <= latest).then_some(day)
    }

    /// Whether its numbers can be a day in an order.
    fn fits(&self, order: DayOrder, latest: Date) -> bool {
        let shape = match order {
            DayOrder::DayFirst => true,
            DayOrder::MonthFirst => !self.dots,
            DayOrder::YearFirst => !self.dots || self.spaced,
        };
        shape && self.day(Some(order), latest).is_some()
    }

    /// The time of day of 24 hours, if its writing is known: `14:05`.
    fn hour(&self) -> Option<String> {
        const NOON: [&str; 7] = ["pm", "م", "下午", "晚上", "午後", "오후", "μμ"];
        const MORNING: [&str; 8] = ["am", "ص", "上午", "凌晨", "早上", "午前", "오전", "πμ"];
        let at = self.time.find(|character| digit(character).is_some())?;
        let mut rest = Rest(self.time.get(at..)?);
        let (hour, _) = rest.number()?;
        rest.skip(|character| digit(character).is_none());
        let (minute, _) = rest.number()?;
        let words: String = self
            .time
            .chars()
            .filter(|character| character.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect();
        let hour = match words.as_str() {
            "" | "à" | "um" | "h" => hour,
            half if NOON.contains(&half) && hour <= 12 => hour % 12 + 12,
            half if MORNING.contains(&half) && hour <= 12 => hour % 12,
            _ => return None,
        };
        Some(format!("{hour:02}:{minute:02}"))
    }
}

/// The order of the numbers, as the dates of a file together tell it: the only one in which each of
/// them is a day. Where there are several a person may say which of them, and where there is none a
/// person may say how the others are to be read. Where the file shows another order than a person
/// says, one of the two is wrong, and a line typed into a message is enough to turn a file: nobody
/// decides, and the days stay as they are written.
fn order_of(stamps: &[&Stamp<'_>], chosen: Option<DayOrder>, latest: Date) -> Option<DayOrder> {
    let fit: Vec<DayOrder> = DayOrder::ALL
        .into_iter()
        .filter(|order| {
            let mut shown = stamps.iter().filter(|stamp| !stamp.is_year_first());
            shown.all(|stamp| stamp.fits(*order, latest))
        })
        .collect();
    match *fit {
        [only] => chosen.is_none_or(|chosen| chosen == only).then_some(only),
        [] => chosen,
        _ => chosen.filter(|order| fit.contains(order)),
    }
}

// ── JSON ───────────────────────────────────────────────────────────────────────────────────────

/// Whether a file that begins with a brace or a bracket is JSON, and no chat whose lines begin with
/// brackets.
pub(crate) fn is_json(file: &[u8]) -> bool {
    let mut signs = file.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (signs.next(), signs.next()),
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']'))
    )
}

/// Reads an export in JSON: one chat. A file with the chats of several people is refused, because
/// the original stands beside its report: erasing one person's case would leave their words in
/// another's.
///
/// # Errors
/// [`CannotRead`].
pub fn json(file: &[u8]) -> Result<Vec<Brought>, CannotRead> {
    check_size(file, LONGEST_CHAT)?;
    let begins = file.iter().find(|byte| !byte.is_ascii_whitespace());
    let chats = if begins == Some(&b'[') {
        let messages: Chat<Sigtop> = serde_json::from_slice(file).map_err(at)?;
        vec![messages.heard]
    } else if is_envelope(file) {
        let (mut heard, mut with) = (Heard::default(), BTreeSet::new());
        for line in serde_json::Deserializer::from_slice(file).into_iter::<SignalCli>() {
            let line = line.map_err(at)?;
            with.extend(line.with());
            heard.take(line);
        }
        if with.len() > 1 {
            return Err(CannotRead::SeveralChats);
        }
        vec![heard]
    } else {
        let export: Telegram = serde_json::from_slice(file).map_err(at)?;
        export.chats()
    };
    let mut chats = chats.into_iter().filter(|chat| !chat.is_empty());
    let chat = chats.next().ok_or(CannotRead::NotAChat)?;
    if chats.next().is_some() {
        return Err(CannotRead::SeveralChats);
    }
    if chat.told.is_empty() {
        return Err(CannotRead::NotAChat);
    }
    let mut noticed = BTreeSet::new();
    if chat.told.iter().any(|told| told.names_a_file) {
        noticed.insert(Noticed::FilesElsewhere);
    }
    if chat.told.iter().any(|told| told.marked) {
        noticed.insert(Noticed::Signs);
    }
    if chat.unread {
        noticed.insert(Noticed::NotRead);
    }
    let said: Vec<Said> = chat.told.into_iter().map(|told| told.said).collect();
    Ok(vec![brought(1, file.len(), &said, noticed)])
}

/// Where it breaks off; the library's own words may quote the file.
fn at(error: serde_json::Error) -> CannotRead {
    CannotRead::NotJson {
        line: error.line(),
        column: error.column(),
    }
}

/// A line of `signal-cli` begins with its envelope, or with the account it came to.
fn is_envelope(file: &[u8]) -> bool {
    let head: Vec<u8> = file
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(12)
        .collect();
    [&b"{\"envelope\""[..], b"{\"account\""]
        .iter()
        .any(|begins| head.starts_with(begins))
}

struct Told {
    said: Said,
    names_a_file: bool,
    /// Whether a sign stands before what are not plain words.
    marked: bool,
}

/// What a message of an export comes to.
enum Read {
    /// It tells something.
    Told(Told),
    /// It holds something that is not read here.
    Unread,
    /// A program notes something of its own.
    Nothing,
}

/// A message of an export.
trait Message {
    /// What it comes to.
    fn read(self) -> Read;
}

/// What the messages of a chat tell, and whether one of them holds something that is not read.
#[derive(Default)]
struct Heard {
    told: Vec<Told>,
    unread: bool,
}

impl Heard {
    fn take(&mut self, message: impl Message) {
        match message.read() {
            Read::Told(told) => self.told.push(told),
            Read::Unread => self.unread = true,
            Read::Nothing => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.told.is_empty() && !self.unread
    }
}

/// The messages of a chat that tell something. The others are let go as they are read: a file of
/// empty ones would take many times its length in memory.
struct Chat<M> {
    heard: Heard,
    of: PhantomData<M>,
}

impl<M> Default for Chat<M> {
    fn default() -> Self {
        Self {
            heard: Heard::default(),
            of: PhantomData,
        }
    }
}

impl<'de, M: Message + Deserialize<'de>> Deserialize<'de> for Chat<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reading<M>(PhantomData<M>);
        impl<'de, M: Message + Deserialize<'de>> Visitor<'de> for Reading<M> {
            type Value = Chat<M>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of messages")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut messages: A) -> Result<Chat<M>, A::Error> {
                let mut chat = Chat::default();
                while let Some(message) = messages.next_element::<M>()? {
                    chat.heard.take(message);
                }
                Ok(chat)
            }
        }
        from.deserialize_seq(Reading(PhantomData))
    }
}

/// A text that is one string, or pieces of which some have a form: what of it is words.
#[derive(Default)]
struct Words(String);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or its pieces")
            }
            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words(text.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Words, E> {
                Ok(Words::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut pieces: A) -> Result<Words, A::Error> {
                let mut all = Words::default();
                while let Some(piece) = pieces.next_element::<Words>()? {
                    all.0.push_str(&piece.0);
                }
                Ok(all)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut piece: A) -> Result<Words, A::Error> {
                let mut words = Words::default();
                while let Some(key) = piece.next_key::<String>()? {
                    if key == "text" {
                        words = piece.next_value()?;
                    } else {
                        piece.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(words)
            }
        }
        from.deserialize_any(Reading)
    }
}

/// A number or a text, as it is written.
#[derive(Default)]
struct Plain(String);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Plain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
                Ok(Plain(text.to_owned()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
                Ok(Plain(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
                Ok(Plain(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
                Ok(Plain(number.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Plain, E> {
                Ok(Plain::default())
            }
        }
        from.deserialize_any(Reading)
    }
}

/// Whether something stands under a key, whatever it is.
#[derive(Default)]
struct There(bool);

impl<'de> Deserialize<'de> for There {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::<IgnoredAny>::deserialize(from).map(|value| Self(value.is_some()))
    }
}

/// `result.json` of Telegram Desktop: one chat, or all of them.
#[derive(Deserialize)]
struct Telegram {
    #[serde(default)]
    messages: Chat<TelegramMessage>,
    #[serde(default)]
    chats: TelegramList,
}

#[derive(Default, Deserialize)]
struct TelegramList {
    #[serde(default)]
    list: Vec<TelegramChat>,
}

#[derive(Deserialize)]
struct TelegramChat {
    #[serde(default)]
    messages: Chat<TelegramMessage>,
}

#[derive(Deserialize)]
struct TelegramMessage {
    #[serde(default, rename = "type")]
    kind: Plain,
    #[serde(default)]
    date: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    actor: Option<String>,
    #[serde(default)]
    action: String,
    #[serde(default)]
    text: Words,
    #[serde(default)]
    photo: There,
    #[serde(default)]
    file: There,
    /// Whoever said it first; there and empty where that person hides their name.
    #[serde(default, deserialize_with = "there_or_not")]
    forwarded_from: Option<Plain>,
    #[serde(default)]
    place_name: Plain,
    #[serde(default)]
    location_information: Option<TelegramPlace>,
    #[serde(default)]
    contact_information: Option<TelegramContact>,
    #[serde(default)]
    poll: Option<TelegramPoll>,
}

/// A key with `null` is there: nothing is known of whom it would name.
fn there_or_not<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Plain>, D::Error> {
    Plain::deserialize(from).map(Some)
}

#[derive(Deserialize)]
struct TelegramPlace {
    #[serde(default)]
    latitude: Plain,
    #[serde(default)]
    longitude: Plain,
}

#[derive(Deserialize)]
struct TelegramContact {
    #[serde(default)]
    first_name: Plain,
    #[serde(default)]
    last_name: Plain,
    #[serde(default)]
    phone_number: Plain,
}

#[derive(Deserialize)]
struct TelegramPoll {
    #[serde(default)]
    question: Words,
    #[serde(default)]
    answers: Words,
}

impl Telegram {
    fn chats(self) -> Vec<Heard> {
        let all = self.chats.list.into_iter().map(|chat| chat.messages.heard);
        std::iter::once(self.messages.heard).chain(all).collect()
    }
}

impl Message for TelegramMessage {
    fn read(self) -> Read {
        let (day, time) = self.date.split_once('T').unwrap_or((&self.date, ""));
        let mut parts = vec![self.text.0, self.place_name.0];
        let mut marked = false;
        if let Some(place) = self.location_information {
            parts.push(format!("{PLACE}{},{}", place.latitude.0, place.longitude.0));
            marked = true;
        }
        if let Some(contact) = self.contact_information {
            let named = [contact.first_name, contact.last_name, contact.phone_number];
            let named: Vec<String> = named.into_iter().map(|part| part.0).collect();
            parts.push(named.join(" ").trim().to_owned());
        }
        if let Some(poll) = self.poll {
            parts.extend([poll.question.0, poll.answers.0]);
        }
        parts.retain(|part| !part.is_empty());
        let mut text = parts.join("\n");
        if text.is_empty() {
            text = self.action;
        }
        if let Some(first) = self.forwarded_from {
            marked = true;
            text = match first.0.as_str() {
                "" => format!("{PASSED_ON} {text}"),
                first => format!("{PASSED_ON} {first}: {text}"),
            };
        }
        let names_a_file = self.photo.0 || self.file.0;
        if text.is_empty() && !names_a_file {
            return match self.kind.0.as_str() {
                "" => Read::Nothing,
                _ => Read::Unread,
            };
        }
        Read::Told(Told {
            said: Said {
                day: Date::read(day),
                when: format!("{day} {}", time.get(..5).unwrap_or(time))
                    .trim()
                    .to_owned(),
                who: self.from.or(self.actor).unwrap_or_default(),
                text,
            },
            names_a_file,
            marked,
        })
    }
}

/// A message as Signal Desktop keeps it and `sigtop` writes it out.
#[derive(Deserialize)]
struct Sigtop {
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    sent_at: Option<i64>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    attachments: Vec<IgnoredAny>,
}

impl Message for Sigtop {
    fn read(self) -> Read {
        let text = self.body.unwrap_or_default();
        if text.is_empty() && self.attachments.is_empty() {
            return match self.kind.as_str() {
                "incoming" | "outgoing" => Read::Unread,
                _ => Read::Nothing,
            };
        }
        Read::Told(Told {
            said: said_at(self.sent_at, self.source.unwrap_or(self.kind), text),
            names_a_file: !self.attachments.is_empty(),
            marked: false,
        })
    }
}

/// A line of `signal-cli receive`: what came in, and what the account wrote on another device.
#[derive(Deserialize)]
struct SignalCli {
    envelope: SignalEnvelope,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalEnvelope {
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    source_name: Option<String>,
    #[serde(default)]
    timestamp: Option<i64>,
    #[serde(default)]
    data_message: Option<SignalMessage>,
    #[serde(default)]
    edit_message: Option<SignalEdit>,
    #[serde(default)]
    sync_message: Option<SignalSync>,
    #[serde(default)]
    call_message: There,
    #[serde(default)]
    story_message: There,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalSync {
    #[serde(default)]
    sent_message: Option<SignalSent>,
}

/// What the account itself wrote; a correction of it stands inside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalSent {
    #[serde(default)]
    destination: Option<String>,
    #[serde(default)]
    edit_message: Option<SignalEdit>,
    #[serde(flatten)]
    message: SignalMessage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalEdit {
    data_message: SignalMessage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalGroup {
    #[serde(default)]
    group_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignalMessage {
    #[serde(default)]
    group_info: Option<SignalGroup>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    attachments: Vec<IgnoredAny>,
}

impl SignalEnvelope {
    /// The message in it, whether it takes the place of another, and to whom it went if the account
    /// wrote it.
    fn message(&self) -> Option<(&SignalMessage, bool, Option<&String>)> {
        let sent = self.sync_message.as_ref();
        let sent = sent.and_then(|sync| sync.sent_message.as_ref());
        if let Some(message) = &self.data_message {
            Some((message, false, None))
        } else if let Some(edit) = &self.edit_message {
            Some((&edit.data_message, true, None))
        } else {
            sent.map(|sent| match &sent.edit_message {
                Some(edit) => (&edit.data_message, true, sent.destination.as_ref()),
                None => (&sent.message, false, sent.destination.as_ref()),
            })
        }
    }
}

impl SignalCli {
    /// With whom the chat is: a group, else the other side.
    fn with(&self) -> Option<String> {
        let (message, _, to) = self.envelope.message()?;
        Some(match &message.group_info {
            Some(group) => format!("group {}", group.group_id),
            None => to
                .or(self.envelope.source.as_ref())
                .cloned()
                .unwrap_or_default(),
        })
    }
}

impl Message for SignalCli {
    fn read(self) -> Read {
        let Self { envelope } = self;
        let Some((message, changed, _)) = envelope.message() else {
            return match envelope.call_message.0 || envelope.story_message.0 {
                true => Read::Unread,
                false => Read::Nothing,
            };
        };
        let text = message.message.as_deref().unwrap_or_default();
        let names_a_file = !message.attachments.is_empty();
        if text.is_empty() && !names_a_file {
            return Read::Unread;
        }
        let text = match changed {
            true => format!("{CHANGED} {text}"),
            false => text.to_owned(),
        };
        let named = envelope.source_name.filter(|name| !name.is_empty());
        let who = named.or(envelope.source).unwrap_or_default();
        Read::Told(Told {
            said: said_at(envelope.timestamp, who, text),
            names_a_file,
            marked: changed,
        })
    }
}

/// Milliseconds since 1970 as a day and a time, in UTC.
fn said_at(milliseconds: Option<i64>, who: String, text: String) -> Said {
    let seconds = milliseconds.unwrap_or_default() / 1_000;
    let day = u32::try_from(seconds / 86_400)
        .ok()
        .filter(|day| *day > 0)
        .and_then(Date::of_day_number);
    let minutes = seconds.rem_euclid(86_400) / 60;
    let when = day.map_or_else(String::new, |day| {
        format!("{day} {:02}:{:02} UTC", minutes / 60, minutes % 60)
    });
    Said {
        when,
        day,
        who,
        text,
    }
}
