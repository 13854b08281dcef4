//! Deterministic CBOR (RFC 8949 §4.2.1): the part of it a record uses, and nothing more.
//!
//! A general reader takes too much for our purpose: it accepts long integers, unsorted and doubled
//! keys, and then two different byte strings mean the same report. Here an [`Item`] is proof that
//! bytes are one well-formed item, in its only spelling, within the bounds below; only
//! [`Item::parse`] makes one from bytes of unknown origin. Reading an item afterwards cannot fail
//! in any other way than being of another kind, and allocates nothing.
//!
//! Absent: floating point numbers, tags, undefined and other simple values. No record has a use
//! for them, and each has more than one spelling.

use std::fmt;

/// The longest record in bytes; the largest letter holds no more.
pub const MAX_LEN: usize = 256 * 1024;
/// How deep lists and maps may stand inside one another; the outermost is depth 1.
pub const MAX_DEPTH: usize = 8;
/// How many entries one list or map may have.
pub const MAX_ENTRIES: usize = 1_000;

/// Why bytes are not one deterministic item within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Longer than [`MAX_LEN`].
    TooLong,
    /// The bytes end before the item does.
    CutShort,
    /// Bytes follow the item.
    TrailingBytes,
    /// Lists and maps stand deeper inside one another than [`MAX_DEPTH`].
    TooDeep,
    /// A list or map has more than [`MAX_ENTRIES`] entries.
    TooMany,
    /// Not the only spelling: an indefinite length, a long integer, keys unsorted or doubled.
    NotDeterministic,
    /// A kind of value no record uses.
    Unsupported,
    /// A text is not UTF-8.
    NotText,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "longer than {MAX_LEN} bytes"),
            Self::CutShort => f.write_str("they end too early"),
            Self::TrailingBytes => f.write_str("something follows the end"),
            Self::TooDeep => write!(f, "more than {MAX_DEPTH} lists inside one another"),
            Self::TooMany => write!(f, "a list of more than {MAX_ENTRIES} entries"),
            Self::NotDeterministic => f.write_str("not written in the one agreed spelling"),
            Self::Unsupported => f.write_str("a kind of value that no record has"),
            Self::NotText => f.write_str("a text that is not UTF-8"),
        }
    }
}

const UINT: u8 = 0;
const NINT: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;
const FALSE: u64 = 20;
const TRUE: u64 = 21;
const NULL: u64 = 22;

/// One well-formed item in its only spelling, still as bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'a>(&'a [u8]);

impl<'a> Item<'a> {
    /// Checks the whole of `bytes`, to its last byte and its deepest list.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Self::parse_within(bytes, MAX_DEPTH)
    }

    /// The same for an item that stands inside others, where only `depth` more levels may stand.
    pub(crate) fn parse_within(bytes: &'a [u8], depth: usize) -> Result<Self, Malformed> {
        if bytes.len() > MAX_LEN {
            return Err(Malformed::TooLong);
        }
        let mut cursor = Cursor(bytes);
        let item = cursor.check(depth)?;
        if cursor.0.is_empty() {
            Ok(item)
        } else {
            Err(Malformed::TrailingBytes)
        }
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn uint(self) -> Option<u64> {
        match self.open()? {
            (UINT, value, _) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn int(self) -> Option<i64> {
        match self.open()? {
            (UINT, value, _) => i64::try_from(value).ok(),
            (NINT, value, _) => i64::try_from(value).ok().map(|value| -1 - value),
            _ => None,
        }
    }

    pub(crate) fn bool(self) -> Option<bool> {
        match self.open()? {
            (SIMPLE, FALSE, _) => Some(false),
            (SIMPLE, TRUE, _) => Some(true),
            _ => None,
        }
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.open(), Some((SIMPLE, NULL, _)))
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        match self.open()? {
            (TEXT, _, rest) => std::str::from_utf8(rest).ok(),
            _ => None,
        }
    }

    pub(crate) fn list(self) -> Option<impl Iterator<Item = Self>> {
        match self.open()? {
            (ARRAY, _, rest) => {
                let mut cursor = Cursor(rest);
                Some(std::iter::from_fn(move || cursor.next()))
            }
            _ => None,
        }
    }

    pub(crate) fn map(self) -> Option<impl Iterator<Item = (Self, Self)>> {
        match self.open()? {
            (MAP, _, rest) => {
                let mut cursor = Cursor(rest);
                Some(std::iter::from_fn(move || {
                    Some((cursor.next()?, cursor.next()?))
                }))
            }
            _ => None,
        }
    }

    fn open(self) -> Option<(u8, u64, &'a [u8])> {
        let mut cursor = Cursor(self.0);
        let (major, argument) = cursor.head().ok()?;
        Some((major, argument, cursor.0))
    }
}

/// What is still to be read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// The next item of bytes that were checked before.
    fn next(&mut self) -> Option<Item<'a>> {
        if self.0.is_empty() {
            None
        } else {
            self.check(MAX_DEPTH).ok()
        }
    }

    /// Steps over one item, which may hold `depth` more levels of lists and maps.
    fn check(&mut self, depth: usize) -> Result<Item<'a>, Malformed> {
        let start = self.0;
        let (major, argument) = self.head()?;
        match major {
            UINT | NINT => {}
            BYTES => {
                self.take(argument)?;
            }
            TEXT => {
                std::str::from_utf8(self.take(argument)?).map_err(|_| Malformed::NotText)?;
            }
            ARRAY => {
                let inside = depth.checked_sub(1).ok_or(Malformed::TooDeep)?;
                for _ in 0..entries(argument)? {
                    self.check(inside)?;
                }
            }
            MAP => {
                let inside = depth.checked_sub(1).ok_or(Malformed::TooDeep)?;
                let mut before: Option<&[u8]> = None;
                for _ in 0..entries(argument)? {
                    let key = self.check(inside)?.0;
                    if before.is_some_and(|before| before >= key) {
                        return Err(Malformed::NotDeterministic);
                    }
                    before = Some(key);
                    self.check(inside)?;
                }
            }
            SIMPLE if (FALSE..=NULL).contains(&argument) => {}
            _ => return Err(Malformed::Unsupported),
        }
        let length = start.len().saturating_sub(self.0.len());
        start.get(..length).map(Item).ok_or(Malformed::CutShort)
    }

    /// Reads the kind of an item and the number that belongs to it.
    fn head(&mut self) -> Result<(u8, u64), Malformed> {
        let first = self.take(1)?.first().copied().ok_or(Malformed::CutShort)?;
        let (major, info) = (first >> 5, first & 0x1f);
        if major == SIMPLE && !(u64::from(info) >= FALSE && u64::from(info) <= NULL) {
            return Err(Malformed::Unsupported);
        }
        let width = match info {
            0..=23 => return Ok((major, u64::from(info))),
            24..=27 => 1_u64 << (info - 24),
            31 => return Err(Malformed::NotDeterministic),
            _ => return Err(Malformed::Unsupported),
        };
        let argument = self
            .take(width)?
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        // The shortest spelling: a value that fits the next narrower width must stand there.
        let least = match width {
            1 => 24,
            2 => 1 << 8,
            4 => 1 << 16,
            _ => 1 << 32,
        };
        if argument < least {
            Err(Malformed::NotDeterministic)
        } else {
            Ok((major, argument))
        }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed::CutShort)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed::CutShort)?;
        self.0 = rest;
        Ok(taken)
    }
}

fn entries(argument: u64) -> Result<usize, Malformed> {
    match usize::try_from(argument) {
        Ok(count) if count <= MAX_ENTRIES => Ok(count),
        _ => Err(Malformed::TooMany),
    }
}

/// Writes an unsigned integer.
pub(crate) fn uint(value: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(9);
    head(&mut out, UINT, value);
    out
}

/// Writes a signed integer.
pub(crate) fn int(value: i64) -> Vec<u8> {
    let mut out = Vec::with_capacity(9);
    match u64::try_from(value) {
        Ok(value) => head(&mut out, UINT, value),
        // −1 − value is never negative here, and its bits are those of !value.
        Err(_) => head(&mut out, NINT, value.unsigned_abs().saturating_sub(1)),
    }
    out
}

/// Writes a boolean.
pub(crate) fn bool(value: bool) -> Vec<u8> {
    vec![if value { 0xf5 } else { 0xf4 }]
}

/// Writes null.
pub(crate) fn null() -> Vec<u8> {
    vec![0xf6]
}

/// Writes a text.
pub(crate) fn text(value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(9));
    head(&mut out, TEXT, length(value.len()));
    out.extend_from_slice(value.as_bytes());
    out
}

/// Writes a list of items already written.
pub(crate) fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    head(&mut out, ARRAY, length(items.len()));
    for item in items {
        out.extend_from_slice(item);
    }
    out
}

/// Writes a map of keys and values already written. A tree of byte strings is in the right order
/// by itself, and holds no key twice.
pub(crate) fn map(entries: &std::collections::BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    // At its whole length at once: what a report says is left in no smaller piece of memory that was
    // outgrown and is nobody's to wipe.
    let room = entries
        .iter()
        .map(|(key, value)| key.len().saturating_add(value.len()));
    let mut out = Vec::with_capacity(room.fold(9, usize::saturating_add));
    head(&mut out, MAP, length(entries.len()));
    for (key, value) in entries {
        out.extend_from_slice(key);
        out.extend_from_slice(value);
    }
    out
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let kind = major << 5;
    match u8::try_from(argument) {
        Ok(small @ 0..=23) => out.push(kind | small),
        Ok(byte) => out.extend_from_slice(&[kind | 24, byte]),
        Err(_) => {
            if let Ok(value) = u16::try_from(argument) {
                out.push(kind | 25);
                out.extend_from_slice(&value.to_be_bytes());
            } else if let Ok(value) = u32::try_from(argument) {
                out.push(kind | 26);
                out.extend_from_slice(&value.to_be_bytes());
            } else {
                out.push(kind | 27);
                out.extend_from_slice(&argument.to_be_bytes());
            }
        }
    }
}
