//! Bytes of a fixed length as hexadecimal digits in lower case, in one form only: what headers
//! carry.

use std::fmt::Write;

/// As digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a `String` cannot fail.
        write!(out, "{byte:02x}").ok();
    }
    out
}

/// From digits; `None` for another length, upper case or anything else.
pub(crate) fn parse<const N: usize>(text: &str) -> Option<[u8; N]> {
    let lower_hex = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 2 * N || !text.as_bytes().iter().all(lower_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (to, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *to = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
