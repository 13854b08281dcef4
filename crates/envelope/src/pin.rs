//! How a person names an office: by what the office gave them on paper, and nothing a relay says.

use std::str::FromStr;

use minicbor::Decoder;

use crate::keys::RootKey;
use crate::notice::{NoticeRefused, fingerprint};

/// What a person was given, on paper or by voice, to know the office by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// The root key itself.
    Root(RootKey),
    /// Its fingerprint, as shown: ten groups of four digits.
    Fingerprint(String),
}

/// Neither 64 hexadecimal digits nor ten groups of four digits; copy it again from the office's
/// own paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPin;

impl std::fmt::Display for NotAPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "write the office's root as 64 hexadecimal digits, or its fingerprint as ten groups of four digits",
        )
    }
}

impl std::error::Error for NotAPin {}

impl FromStr for Pin {
    type Err = NotAPin;

    fn from_str(typed: &str) -> Result<Self, NotAPin> {
        let bare: Vec<u8> = typed
            .bytes()
            .filter(|b| !matches!(b, b' ' | b'-' | b'\t'))
            .collect();
        if bare.len() == 40 && bare.iter().all(u8::is_ascii_digit) {
            let groups: Vec<&str> = bare
                .as_chunks::<4>()
                .0
                .iter()
                .filter_map(|g| std::str::from_utf8(g).ok())
                .collect();
            return Ok(Self::Fingerprint(groups.join(" ")));
        }
        let mut root = [0; 32];
        let (pairs, rest) = bare.as_chunks::<2>();
        if pairs.len() != root.len() || !rest.is_empty() {
            return Err(NotAPin);
        }
        for (byte, [high, low]) in root.iter_mut().zip(pairs) {
            let digit = |b: &u8| {
                char::from(*b)
                    .to_digit(16)
                    .and_then(|d| u8::try_from(d).ok())
            };
            let (Some(high), Some(low)) = (digit(high), digit(low)) else {
                return Err(NotAPin);
            };
            *byte = high << 4 | low;
        }
        Ok(Self::Root(RootKey(root)))
    }
}

impl Pin {
    /// The root a notice must be signed by. With a fingerprint it is the one the notice names, if
    /// that has the fingerprint: the notice is still to be verified under it.
    ///
    /// # Errors
    /// [`NoticeRefused`]: it names another root, or none.
    pub fn root(&self, notice_file: &[u8]) -> Result<RootKey, NoticeRefused> {
        match self {
            Self::Root(root) => Ok(*root),
            Self::Fingerprint(shown) => {
                let named = named_root(notice_file).ok_or(NoticeRefused::Malformed)?;
                if fingerprint(&named) == *shown {
                    Ok(named)
                } else {
                    Err(NoticeRefused::OtherRoot)
                }
            }
        }
    }
}

/// The root a notice names, before anybody vouches for it.
fn named_root(file: &[u8]) -> Option<RootKey> {
    let mut outer = Decoder::new(file);
    outer.array().ok()?;
    let mut body = Decoder::new(outer.bytes().ok()?);
    for _ in 0..body.map().ok()??.min(64) {
        if body.u64().ok()? == 6 {
            return body.bytes().ok()?.try_into().ok().map(RootKey);
        }
        body.skip().ok()?;
    }
    None
}
