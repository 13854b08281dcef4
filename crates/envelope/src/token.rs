//! One-time posting tokens: what an office hands to people it knows, and what its relay is told of
//! them. (protocol §8.1)
//!
//! A token lets one letter into a lane of its own while strangers crowd the other. The relay holds
//! hashes in lists of one fixed length, filled whether or not anybody was given anything, so that a
//! list tells neither how many conversations an office has nor who is in them.

use std::fmt;

use crate::{hex, labels, posting::hash_of};

/// Bytes of a token.
pub const TOKEN_BYTES: usize = 16;
/// Name of the header a token is posted in.
pub const TOKEN_HEADER: &str = "temoin-token";
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
