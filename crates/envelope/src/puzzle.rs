//! What a relay under a flood may ask of a stranger's program: to try numbers until a hash begins
//! with enough zero bits. (protocol §8.2)
//!
//! The cost of posting then rises with the load, and never hangs on an address. The answer is bound
//! to one leaf and travels beside the letter: on the board, a letter that was asked for it looks
//! like any other leaf. (decision 0030)

use sha2::{Digest, Sha256};

use crate::{Leaf, MailboxId, hex, labels};

/// Name of the header, both of the demand (a number of bits) and of the answer.
pub const PUZZLE_HEADER: &str = "temoin-puzzle";
/// More than this a relay cannot be set to ask, and no program works for.
pub const MOST_BITS: u8 = 22;

/// A number that was found, and counts for one leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PuzzleAnswer(pub u64);

impl PuzzleAnswer {
    /// Reads an answer as it stands in the header: 16 hexadecimal digits in lower case.
    #[must_use]
    pub fn of_header(value: &str) -> Option<Self> {
        hex::parse(value).map(|bytes| Self(u64::from_be_bytes(bytes)))
    }

    /// As it stands in the header.
    #[must_use]
    pub fn header_value(self) -> String {
        hex::of(&self.0.to_be_bytes())
    }

    /// Zero bits with which the hash of this answer begins.
    #[must_use]
    pub fn bits(self, mailbox: &MailboxId, leaf: &Leaf) -> u8 {
        let mut hasher = begun(mailbox, leaf);
        hasher.update(self.0.to_be_bytes());
        leading_zeros(&hasher.finalize())
    }
}

/// Reads a demand as it stands in the header: a decimal number from 1 to [`MOST_BITS`].
#[must_use]
pub fn bits_of_header(value: &str) -> Option<u8> {
    let bits: u8 = value.parse().ok()?;
    ((1..=MOST_BITS).contains(&bits) && bits.to_string() == value).then_some(bits)
}

/// Tries numbers from 0 until one is good for `bits`, at most [`MOST_BITS`]: on the average
/// `2^bits` hashes. `None` for more bits.
#[must_use]
pub fn solve(mailbox: &MailboxId, leaf: &Leaf, bits: u8) -> Option<PuzzleAnswer> {
    if bits > MOST_BITS {
        return None;
    }
    // Label, mailbox, leaf and the first byte of a number below 2^56 fill one block of the hash,
    // which is the same for all of them.
    let mut first_block = begun(mailbox, leaf);
    first_block.update([0]);
    (0..1 << 56).map(PuzzleAnswer).find(|answer| {
        let mut hasher = first_block.clone();
        let [_, rest @ ..] = answer.0.to_be_bytes();
        hasher.update(rest);
        leading_zeros(&hasher.finalize()) >= bits
    })
}

fn begun(mailbox: &MailboxId, leaf: &Leaf) -> Sha256 {
    Sha256::new()
        .chain_update(labels::PUZZLE)
        .chain_update(mailbox.0)
        .chain_update(leaf.0)
}

fn leading_zeros(hash: &[u8]) -> u8 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    let next = hash.get(whole).map_or(0, |byte| byte.leading_zeros());
    u8::try_from(whole * 8)
        .unwrap_or(u8::MAX)
        .saturating_add(u8::try_from(next).unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const MAILBOX: MailboxId = MailboxId([1; 16]);

    #[test]
    fn an_answer_is_good_for_its_leaf_and_its_mailbox_alone() {
        let leaf = Leaf([2; 32]);
        let answer = solve(&MAILBOX, &leaf, 12).unwrap();
        assert!(answer.bits(&MAILBOX, &leaf) >= 12);
        assert!(answer.bits(&MAILBOX, &Leaf([3; 32])) < 12);
        assert!(answer.bits(&MailboxId([2; 16]), &leaf) < 12);
        for fewer in 0..answer.0 {
            assert!(PuzzleAnswer(fewer).bits(&MAILBOX, &leaf) < 12);
        }
    }

    #[test]
    fn nobody_works_for_more_than_the_most() {
        assert_eq!(solve(&MAILBOX, &Leaf([2; 32]), MOST_BITS + 1), None);
        assert_eq!(bits_of_header("22"), Some(22));
        for demand in [
            "", "0", "23", "255", "256", "+1", "01", " 1", "1 ", "-1", "x",
        ] {
            assert_eq!(bits_of_header(demand), None, "{demand:?}");
        }
    }

    #[test]
    fn zero_bits_are_counted_from_the_first_byte() {
        let counts: [(&[u8], u8); 5] = [
            (&[0x80], 0),
            (&[1], 7),
            (&[0, 0xff], 8),
            (&[0, 0, 0x10], 19),
            (&[0; 32], 255),
        ];
        for (hash, bits) in counts {
            assert_eq!(leading_zeros(hash), bits);
        }
    }

    #[test]
    fn an_answers_header_has_one_form() {
        let answer = PuzzleAnswer(0xabc);
        assert_eq!(answer.header_value(), "0000000000000abc");
        assert_eq!(
            PuzzleAnswer::of_header(&answer.header_value()),
            Some(answer)
        );
        for value in [
            "",
            "abc",
            "0000000000000ABC",
            "00000000000000abc",
            "0x00000000000abc",
        ] {
            assert_eq!(PuzzleAnswer::of_header(value), None, "{value:?}");
        }
    }
}
