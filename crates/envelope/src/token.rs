//! One-time posting tokens: what an office hands to people it knows, and what its relay is told of
//! them. (protocol §8.1)
//!
//! A token lets one letter into a lane of its own while strangers crowd the other. The relay holds
//! hashes in lists of one fixed length, filled whether or not anybody was given anything, so that a
//! list tells neither how many conversations an office has nor who is in them.

use std::fmt;

use data_encoding::BASE32_NOPAD;

use crate::{hex, labels, posting::hash_of};

/// Bytes of a token.
pub const TOKEN_BYTES: usize = 16;
/// Name of the header a token is posted in.
pub const TOKEN_HEADER: &str = "temoin-token";
/// Letters and digits of an introduction code.
pub const CODE_CHARACTERS: usize = 28;
/// Hashes in every list.
pub const TOKENS_PER_LIST: usize = 1_024;
/// Bytes of every list.
pub const TOKEN_LIST_BYTES: usize = TOKENS_PER_LIST * 32;

/// A token: whoever holds it may post one letter with it. Shown to nobody, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub [u8; TOKEN_BYTES]);

impl Token {
    /// Reads a token as it stands in the header: 32 hexadecimal digits in lower case, in no other
    /// form.
    #[must_use]
    pub fn of_header(value: &str) -> Option<Self> {
        hex::parse(value).map(Self)
    }

    /// As it stands in the header.
    #[must_use]
    pub fn header_value(&self) -> String {
        hex::of(&self.0)
    }

    /// As an introduction code, for paper: seven groups of four, of which the last twelve bits are
    /// a check, so that a mistyped code is told where it is typed and nowhere else.
    #[must_use]
    pub fn code(&self) -> String {
        let digits = BASE32_NOPAD.encode(&self.with_check());
        let groups = digits.as_bytes().chunks(4).take(CODE_CHARACTERS / 4);
        let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
        groups.join("-")
    }

    /// Reads a code as a person types it: in either case, with or without what parts the groups,
    /// with the digits that look like letters taken for these. `None` if it is not one.
    #[must_use]
    pub fn of_code(typed: &str) -> Option<Self> {
        let mut digits: Vec<u8> = Vec::with_capacity(CODE_CHARACTERS + 1);
        for character in typed.chars() {
            let digit = match character.to_ascii_uppercase() {
                '0' => b'O',
                '1' => b'I',
                '8' => b'B',
                c @ ('A'..='Z' | '2'..='7') => u8::try_from(c).ok()?,
                '-' | '–' | ' ' | '\n' | '\r' | '\t' | '\u{a0}' => continue,
                _ => return None,
            };
            if digits.len() == CODE_CHARACTERS {
                return None;
            }
            digits.push(digit);
        }
        // 28 digits are 17 bytes and a half: the last half is empty.
        digits.push(b'A');
        let bytes = BASE32_NOPAD.decode(&digits).ok()?;
        let token = Self(*bytes.first_chunk::<TOKEN_BYTES>()?);
        (bytes == token.with_check()).then_some(token)
    }

    fn with_check(&self) -> Vec<u8> {
        let TokenHash([first, second, ..]) = self.hash();
        [&self.0[..], &[first, second & 0xf0]].concat()
    }

    /// What the office tells its relay of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(hash_of(&[labels::TOKEN.as_bytes(), &self.0]))
    }
}

/// `H("temoin/1/token" ‖ token)`: recognises a token without being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// Exactly [`TOKENS_PER_LIST`] hashes in ascending order, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenList(Vec<TokenHash>);

/// The bytes are no list: another length, or not ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATokenList;

impl fmt::Display for NotATokenList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a list of tokens: it has exactly {TOKENS_PER_LIST} different hashes of 32 bytes in ascending order"
        )
    }
}

impl TokenList {
    /// Of this many tokens, in whatever order.
    ///
    /// # Errors
    /// [`NotATokenList`] unless they are [`TOKENS_PER_LIST`] different ones.
    pub fn of(tokens: &[Token]) -> Result<Self, NotATokenList> {
        let mut hashes: Vec<TokenHash> = tokens.iter().map(Token::hash).collect();
        hashes.sort_unstable();
        Self::checked(hashes)
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`NotATokenList`]
    pub fn parse(bytes: &[u8]) -> Result<Self, NotATokenList> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() != TOKENS_PER_LIST {
            return Err(NotATokenList);
        }
        Self::checked(hashes.iter().copied().map(TokenHash).collect())
    }

    fn checked(hashes: Vec<TokenHash>) -> Result<Self, NotATokenList> {
        let ascending = hashes.is_sorted_by(|a, b| a < b);
        if ascending && hashes.len() == TOKENS_PER_LIST {
            Ok(Self(hashes))
        } else {
            Err(NotATokenList)
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.0).collect()
    }

    /// The place of a hash in it.
    #[must_use]
    pub fn place(&self, hash: &TokenHash) -> Option<usize> {
        self.0.binary_search(hash).ok()
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;

    fn tokens() -> Vec<Token> {
        (0..TOKENS_PER_LIST)
            .map(|n| {
                let mut token = [7; TOKEN_BYTES];
                token[..8].copy_from_slice(&(n as u64).to_be_bytes());
                Token(token)
            })
            .collect()
    }

    #[test]
    fn a_list_finds_its_tokens_and_no_other() {
        let list = TokenList::of(&tokens()).unwrap();
        assert_eq!(list.to_bytes().len(), TOKEN_LIST_BYTES);
        assert_eq!(TokenList::parse(&list.to_bytes()), Ok(list.clone()));
        for token in tokens() {
            assert!(list.place(&token.hash()).is_some());
        }
        assert_eq!(list.place(&Token([7; 16]).hash()), None);
    }

    #[test]
    fn a_list_of_another_length_order_or_with_one_hash_twice_is_refused() {
        let good = TokenList::of(&tokens()).unwrap().to_bytes();
        let mut swapped = good.clone();
        swapped[..64].rotate_left(32);
        let mut twice = good.clone();
        twice.copy_within(..32, 32);
        for bytes in [
            &good[..good.len() - 1],
            &good[32..],
            &[&good[..], &[255; 32]].concat(),
            &swapped,
            &twice,
            b"",
        ] {
            assert_eq!(TokenList::parse(bytes), Err(NotATokenList));
        }
        assert_eq!(TokenList::of(&tokens()[1..]), Err(NotATokenList));
        let mut same = tokens();
        same[1] = same[0].clone();
        assert_eq!(TokenList::of(&same), Err(NotATokenList));
    }

    #[test]
    fn a_code_is_read_as_people_type_it_and_a_slip_is_told() {
        for n in 0..200u8 {
            let token = Token([n.wrapping_mul(77); 16]);
            let code = token.code();
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4; 7]);
            for typed in [
                code.clone(),
                code.to_lowercase(),
                code.replace('-', ""),
                format!("  {}\n", code.replace('-', " ")),
                code.replace('O', "0").replace('I', "1").replace('B', "8"),
            ] {
                assert!(Token::of_code(&typed) == Some(token.clone()), "{typed}");
            }
        }
        let code = Token([9; 16]).code();
        let mut caught = 0;
        for at in 0..code.len() {
            let mut slip = code.clone().into_bytes();
            if slip[at] != b'-' {
                slip[at] = if slip[at] == b'A' { b'C' } else { b'A' };
                let slip = String::from_utf8(slip).unwrap();
                caught += usize::from(Token::of_code(&slip).is_none());
            }
        }
        assert_eq!(caught, CODE_CHARACTERS);
        for typed in [
            "",
            "AAAA",
            &code[1..],
            &format!("{code}A"),
            &"é".repeat(28),
            &"A".repeat(10_000),
            &code.replace('-', "_"),
        ] {
            assert!(Token::of_code(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn a_header_has_one_form() {
        let token = Token([0xab; 16]);
        assert!(Token::of_header(&token.header_value()) == Some(token));
        for value in [
            "",
            "ab",
            &"AB".repeat(16),
            &"ab".repeat(17),
            &"+1".repeat(16),
            &"é".repeat(16),
            &format!(" {}", "ab".repeat(16)),
        ] {
            assert!(Token::of_header(value).is_none(), "{value:?}");
        }
    }
}
