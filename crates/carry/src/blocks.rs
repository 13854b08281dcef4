//! A letter as lines of text, for any chat, any e-mail, or paper and a patient person.
//! (protocol §11.3)
//!
//! Each line has a check of its own, so that a line spoilt on the way is missed and not mistaken;
//! order, gaps and what stands around the lines do not matter.

use std::collections::BTreeMap;

use data_encoding::BASE32_NOPAD;
use envelope::{NONCE_BYTES, SizeClass};

use crate::symbols::session_of;

/// Bytes of the letter in one line: 72 characters, which no program breaks.
pub const LINE_BYTES: usize = 33;
/// No posting is longer.
const MOST_BYTES: usize = SizeClass::TwoHundredFiftySixKiB.bytes() + NONCE_BYTES;
/// Letters one text may hold.
const MOST_LETTERS: usize = 64;

/// Writes bytes as lines; nothing for more than a posting.
#[must_use]
pub fn lines(bytes: &[u8]) -> Vec<String> {
    if bytes.len() > MOST_BYTES {
        return Vec::new();
    }
    let session = session_of(bytes);
    let parts: Vec<&[u8]> = bytes.chunks(LINE_BYTES).collect();
    // A posting has at most 7,945 lines.
    let count = u16::try_from(parts.len()).unwrap_or(u16::MAX);
    let line = |(number, part): (u16, &&[u8])| {
        let mut line = [
            &session[..],
            &number.to_be_bytes(),
            &count.to_be_bytes(),
            part,
        ]
        .concat();
        let check = crc32fast::hash(&line);
        line.extend_from_slice(&check.to_be_bytes());
        BASE32_NOPAD.encode(&line)
    };
    (0..).zip(&parts).map(line).collect()
}

/// A letter found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Whole.
    Whole(Vec<u8>),
    /// Lines are missing or were spoilt: their numbers, from 1.
    Lacking(Vec<usize>),
}

/// Finds the letters of a text, in the order in which their first lines stand.
#[must_use]
pub fn read(text: &str) -> Vec<Found> {
    let mut order: Vec<([u8; 4], u16)> = Vec::new();
    let mut parts: BTreeMap<([u8; 4], u16), BTreeMap<u16, Vec<u8>>> = BTreeMap::new();
    for word in text.split_whitespace() {
        let Some((letter, number, part)) = read_line(word) else {
            continue;
        };
        if !parts.contains_key(&letter) {
            if order.len() == MOST_LETTERS {
                continue;
            }
            order.push(letter);
        }
        parts.entry(letter).or_default().insert(number, part);
    }
    let whole = |letter: &([u8; 4], u16)| {
        let held = parts.get(letter)?;
        let lacking: Vec<usize> = (0..letter.1)
            .filter(|number| !held.contains_key(number))
            .map(|number| usize::from(number) + 1)
            .collect();
        if !lacking.is_empty() {
            return Some(Found::Lacking(lacking));
        }
        let bytes = held.values().flatten().copied().collect::<Vec<u8>>();
        // Lines that lie together make no letter: every one of them counts as spoilt.
        Some(if session_of(&bytes) == letter.0 {
            Found::Whole(bytes)
        } else {
            Found::Lacking((1..=usize::from(letter.1)).collect())
        })
    };
    order.iter().filter_map(whole).collect()
}

type Line = (([u8; 4], u16), u16, Vec<u8>);

fn read_line(word: &str) -> Option<Line> {
    // Longer than a line can be: no need to look at it.
    if word.len() > 100 {
        return None;
    }
    let bytes = BASE32_NOPAD
        .decode(word.to_ascii_uppercase().as_bytes())
        .ok()?;
    let (line, check) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(line) != u32::from_be_bytes(*check) {
        return None;
    }
    let (session, rest) = line.split_first_chunk::<4>()?;
    let (number, rest) = rest.split_first_chunk::<2>()?;
    let (count, part) = rest.split_first_chunk::<2>()?;
    let (number, count) = (u16::from_be_bytes(*number), u16::from_be_bytes(*count));
    let fits = number < count
        && usize::from(count) <= MOST_BYTES.div_ceil(LINE_BYTES)
        && (1..=LINE_BYTES).contains(&part.len());
    fits.then(|| ((*session, count), number, part.to_vec()))
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;

    fn bytes(len: usize) -> Vec<u8> {
        (0..len)
            .map(|n| u8::try_from(n * 7 % 251).unwrap())
            .collect()
    }

    #[test]
    fn lines_pasted_in_any_order_among_other_words_are_the_letter() {
        let letter = bytes(4_112);
        let mut shuffled = lines(&letter);
        assert_eq!((shuffled.len(), shuffled[0].len()), (125, 72));
        shuffled.reverse();
        let text = format!("> hello,\n> {}\nbye", shuffled.join("\n> ").to_lowercase());
        assert!(read(&text) == [Found::Whole(letter)]);
    }

    #[test]
    fn a_spoilt_line_is_named_by_its_number_and_sending_it_again_is_enough() {
        let letter = bytes(4_112);
        let mut sent = lines(&letter);
        let good = sent[36].clone();
        let other = if good.starts_with('A') { "B" } else { "A" };
        sent[36].replace_range(0..1, other);
        assert_eq!(read(&sent.join("\n")), [Found::Lacking(vec![37])]);
        sent.push(good);
        assert!(read(&sent.join("\n")) == [Found::Whole(letter)]);
    }

    #[test]
    fn any_one_character_changed_in_a_line_spoils_it() {
        let line = lines(&bytes(20)).remove(0);
        for at in 0..line.len() {
            let mut bent = line.clone();
            let other = if &line[at..=at] == "A" { "B" } else { "A" };
            bent.replace_range(at..=at, other);
            assert_eq!(read(&bent), [], "character {at}");
        }
    }

    #[test]
    fn a_text_without_lines_holds_no_letter_and_noise_makes_none() {
        assert_eq!(read(""), []);
        assert_eq!(read(&"A".repeat(1_000_000)), []);
        let noise: String = (0..200)
            .flat_map(|n| lines(&bytes(40 + n)))
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(read(&noise).len(), MOST_LETTERS);
    }
}
