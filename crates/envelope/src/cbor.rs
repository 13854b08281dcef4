//! Small strictness around the CBOR library: one form only, bounded lists, fixed lengths, encoding
//! into memory.
//!
//! The library reads more than the protocol writes: long integers, doubled keys, keys in any
//! order. Two forms of one thing would be two hashes of it, and the script refuses the second; so
//! every reader of outside bytes asks [`is_deterministic`] first.

use minicbor::Encoder;
use minicbor::decode::Error;

pub(crate) type Writer = Encoder<Vec<u8>>;
pub(crate) type WriteResult = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
pub(crate) type ReadResult<T> = Result<T, Error>;

/// Encodes into memory, which cannot fail.
pub(crate) fn write(with: impl FnOnce(&mut Writer) -> WriteResult) -> Vec<u8> {
    let mut e = Encoder::new(Vec::new());
    match with(&mut e) {
        Ok(()) => e.into_writer(),
        Err(_) => Vec::new(),
    }
}

/// How deep lists and maps may stand inside one another; the outermost is 1.
const MOST_DEPTH: usize = 8;

/// Whether bytes are exactly one item in its only form: definite and shortest lengths, map keys
/// ascending, texts in UTF-8, at most eight lists or maps inside one another, and no kind of value
/// the protocol has no use for. Walks the bytes once and allocates nothing.
#[must_use]
pub fn is_deterministic(bytes: &[u8]) -> bool {
    after_item(bytes, MOST_DEPTH).is_some_and(<[u8]>::is_empty)
}

/// What follows the first item.
fn after_item(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let (major, argument, mut rest) = head(bytes)?;
    match major {
        0 => Some(rest),
        2 | 3 => {
            let (taken, after) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            (major == 2 || std::str::from_utf8(taken).is_ok()).then_some(after)
        }
        4 => {
            let inside = depth.checked_sub(1)?;
            // An item takes a byte at least, so a count beyond the bytes ends soon.
            for _ in 0..argument {
                rest = after_item(rest, inside)?;
            }
            Some(rest)
        }
        5 => {
            let inside = depth.checked_sub(1)?;
            let mut before: &[u8] = &[];
            for _ in 0..argument {
                let after = after_item(rest, inside)?;
                let key = rest.get(..rest.len().checked_sub(after.len())?)?;
                if !matches!(key.first()? >> 5, 0 | 3) || key <= before {
                    return None;
                }
                before = key;
                rest = after_item(after, inside)?;
            }
            Some(rest)
        }
        // False, true, null.
        7 => (20..=22).contains(&argument).then_some(rest),
        _ => None,
    }
}

/// Kind and argument of an item, the argument in its shortest form.
fn head(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (major, low) = (first >> 5, first & 31);
    let (size, least) = match low {
        0..=23 => return Some((major, u64::from(low), rest)),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        _ => return None,
    };
    let (argument, rest) = rest.split_at_checked(size)?;
    let argument = argument.iter().fold(0, |n, b| n << 8 | u64::from(*b));
    (argument >= least).then_some((major, argument, rest))
}

/// A definite count of at most 1,000; nothing is allocated from a count alone.
pub(crate) fn bounded(count: Option<u64>) -> ReadResult<u64> {
    count
        .filter(|n| *n <= 1_000)
        .ok_or_else(|| Error::message("a definite, bounded list"))
}

/// An array of exactly this many parts.
pub(crate) fn tuple(d: &mut minicbor::Decoder<'_>, parts: u64) -> ReadResult<()> {
    if d.array()? == Some(parts) {
        Ok(())
    } else {
        Err(Error::message("another number of parts"))
    }
}

/// Bytes of exactly the length asked for.
pub(crate) fn fixed<const N: usize>(bytes: &[u8]) -> ReadResult<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| Error::message("another length"))
}

#[cfg(test)]
mod tests {
    use super::is_deterministic;

    #[test]
    fn one_item_in_its_only_form_is_taken() {
        for item in [
            &[0x17][..],
            &[0x18, 0x18],
            &[0x43, 1, 2, 3],
            &[0x62, b'h', b'i'],
            &[0x83, 0xf4, 0xf5, 0xf6],
            &[0xa3, 0x00, 0x01, 0x18, 0x63, 0x80, 0x61, b'a', 0xa0],
        ] {
            assert!(is_deterministic(item), "{item:02x?}");
        }
    }

    #[test]
    fn every_second_form_is_refused() {
        for item in [
            &[][..],
            &[0x00, 0x00],
            &[0x18, 0x17],
            &[0x19, 0x00, 0xff],
            &[0x1a, 0x00, 0x00, 0xff, 0xff],
            &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            &[0x58, 0x01, 0x00],
            &[0x5f, 0x41, 0x00, 0xff],
            &[0x61, 0xff],
            &[0x9f, 0xff],
            &[0xa2, 0x01, 0x00, 0x00, 0x00],
            &[0xa2, 0x00, 0x00, 0x00, 0x00],
            &[0xa1, 0x40, 0x00],
            &[0xbf, 0xff],
            &[0x20],
            &[0xc0, 0x00],
            &[0xf7],
            &[0xf9, 0x00, 0x00],
            &[0x82, 0x00],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(!is_deterministic(item), "{item:02x?}");
        }
    }

    #[test]
    fn eight_lists_inside_one_another_and_no_ninth() {
        let nested = |n| [vec![0x81; n], vec![0x00]].concat();
        assert!(is_deterministic(&nested(8)));
        assert!(!is_deterministic(&nested(9)));
        assert!(!is_deterministic(&nested(200_000)));
    }
}
