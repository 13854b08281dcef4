//! What is posted: a nonce and a letter of exactly one size class; and what is listed: its leaf.
//! (protocol §4, §4.2)

use sha2::{Digest, Sha256};

use crate::Period;

/// First byte of every letter and cell.
pub const LETTER_VERSION: u8 = 1;
/// The client's random bytes that make a leaf unguessable to who holds only the sealed bytes.
pub const NONCE_BYTES: usize = 16;
/// Length of an X-Wing encapsulation.
pub const ENCAPSULATION_BYTES: usize = 1_120;
/// Every cell has this length.
pub const CELL_BYTES: usize = 4_096;

/// SHA-256, the protocol's `H`.
#[must_use]
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// `H` of several pieces, one after another.
pub(crate) fn hash_of(pieces: &[&[u8]]) -> [u8; 32] {
    let mut h = Sha256::new();
    for piece in pieces {
        h.update(piece);
    }
    h.finalize().into()
}

/// The only lengths a letter may have, so that length tells four things and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// 4,096 bytes: a short report.
    FourKiB,
    /// 16,384 bytes: a long one.
    SixteenKiB,
    /// 65,536 bytes.
    SixtyFourKiB,
    /// 262,144 bytes: also every piece of an attachment.
    TwoHundredFiftySixKiB,
}

impl SizeClass {
    /// All, smallest first.
    pub const ALL: [Self; 4] = [
        Self::FourKiB,
        Self::SixteenKiB,
        Self::SixtyFourKiB,
        Self::TwoHundredFiftySixKiB,
    ];

    /// Bytes of a letter of this class, version byte first.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::FourKiB => 4_096,
            Self::SixteenKiB => 16_384,
            Self::SixtyFourKiB => 65_536,
            Self::TwoHundredFiftySixKiB => 262_144,
        }
    }

    /// The class of a letter of this many bytes, if it is exactly one.
    #[must_use]
    pub fn of_letter_len(len: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.bytes() == len)
    }

    /// Bytes of CBOR a letter of this class holds: less version, period, encapsulation, tag and
    /// the length field.
    #[must_use]
    pub fn capacity(self) -> usize {
        self.bytes() - 5 - ENCAPSULATION_BYTES - 16 - 4
    }

    /// The smallest class that holds this much CBOR.
    #[must_use]
    pub fn holding(cbor_len: usize) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|class| class.capacity() >= cbor_len)
    }
}

/// Hash of a letter's bytes, the part of its leaf that does not need the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LetterHash(pub [u8; 32]);

/// Names a posted letter without telling anything of it: the idempotent id, and what is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf(pub [u8; 32]);

impl Leaf {
    /// Leaf of a letter under its nonce.
    #[must_use]
    pub fn of(letter: LetterHash, nonce: &[u8; NONCE_BYTES]) -> Self {
        Self(hash_of(&[&[0x00], &letter.0, nonce]))
    }

    /// A leaf that stands for no letter; looks like any other to who lacks the nonce.
    #[must_use]
    pub fn dummy(nonce: &[u8; NONCE_BYTES]) -> Self {
        Self(hash_of(&[&[0x01], nonce]))
    }
}

/// Why bytes are not a posting. The relay answers each with its own status and keeps nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAPosting {
    /// Not 16 bytes more than a size class: pad the letter to the next class.
    NotASizeClass,
    /// Larger than the largest class: send it as pieces.
    TooLarge,
    /// A version this release does not speak: update the sender, or the relay.
    OtherVersion {
        /// The version byte found.
        version: u8,
    },
}

/// A nonce and a letter of exactly one size class, checked.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'a> {
    nonce: &'a [u8; NONCE_BYTES],
    letter: &'a [u8],
    class: SizeClass,
    period: Period,
}

impl<'a> Posting<'a> {
    /// Reads `nonce ‖ letter`. Looks at length, version and period, and at nothing else: the rest
    /// is sealed.
    ///
    /// # Errors
    /// [`NotAPosting`] says which of the three is wrong.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NotAPosting> {
        if bytes.len() > NONCE_BYTES + SizeClass::TwoHundredFiftySixKiB.bytes() {
            return Err(NotAPosting::TooLarge);
        }
        let (nonce, letter) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(NotAPosting::NotASizeClass)?;
        let class = SizeClass::of_letter_len(letter.len()).ok_or(NotAPosting::NotASizeClass)?;
        let (head, _) = letter
            .split_first_chunk::<5>()
            .ok_or(NotAPosting::NotASizeClass)?;
        let [version, p0, p1, p2, p3] = *head;
        if version != LETTER_VERSION {
            return Err(NotAPosting::OtherVersion { version });
        }
        let period = Period::from_number(u32::from_be_bytes([p0, p1, p2, p3]));
        Ok(Self {
            nonce,
            letter,
            class,
            period,
        })
    }

    /// The client's random bytes.
    #[must_use]
    pub fn nonce(&self) -> &'a [u8; NONCE_BYTES] {
        self.nonce
    }

    /// The sealed letter.
    #[must_use]
    pub fn letter(&self) -> &'a [u8] {
        self.letter
    }

    /// Its size class.
    #[must_use]
    pub fn size_class(&self) -> SizeClass {
        self.class
    }

    /// The key period it says it was sealed to, in clear so that a dead one is refused.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// Hash of the letter.
    #[must_use]
    pub fn letter_hash(&self) -> LetterHash {
        LetterHash(hash(self.letter))
    }

    /// Its name on the board.
    #[must_use]
    pub fn leaf(&self) -> Leaf {
        Leaf::of(self.letter_hash(), self.nonce)
    }
}

/// Why bytes are not a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotACell {
    /// Of another length, or of a version that never was.
    Malformed,
    /// Of a later version: whoever reads it needs a newer release.
    TooNew,
}

/// 4 KiB on the reply board: an answer, a part of one, or nothing at all. They look alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell(Box<[u8; CELL_BYTES]>);

impl Cell {
    /// Takes bytes of the right length and version.
    ///
    /// # Errors
    /// [`NotACell`] if the length or the version byte is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotACell> {
        let whole: &[u8; CELL_BYTES] = bytes.try_into().map_err(|_| NotACell::Malformed)?;
        match whole.first() {
            Some(&LETTER_VERSION) => Ok(Self(Box::new(*whole))),
            Some(&version) if version > LETTER_VERSION => Err(NotACell::TooNew),
            _ => Err(NotACell::Malformed),
        }
    }

    /// From bytes this crate made itself, version byte included.
    pub(crate) fn from_array(bytes: [u8; CELL_BYTES]) -> Self {
        Self(Box::new(bytes))
    }

    /// All 4,096 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; CELL_BYTES] {
        &self.0
    }

    /// Where its reader finds it, and nobody else can tell why.
    #[must_use]
    pub fn tag(&self) -> [u8; 16] {
        self.part::<1, 16>()
    }

    /// The first eight bytes of the tag, as listed.
    #[must_use]
    pub fn short_tag(&self) -> [u8; 8] {
        self.part::<1, 8>()
    }

    fn part<const FROM: usize, const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        for (to, from) in out.iter_mut().zip(self.0.iter().skip(FROM)) {
            *to = *from;
        }
        out
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

    fn posting_of(class: SizeClass) -> Vec<u8> {
        let mut bytes = vec![7u8; NONCE_BYTES + class.bytes()];
        bytes[NONCE_BYTES] = LETTER_VERSION;
        bytes
    }

    #[test]
    fn one_byte_off_a_class_is_refused() {
        for class in SizeClass::ALL {
            let right = posting_of(class);
            assert_eq!(Posting::parse(&right).unwrap().size_class(), class);
            assert!(Posting::parse(&right[..right.len() - 1]).is_err());
            let mut long = right.clone();
            long.push(0);
            assert!(Posting::parse(&long).is_err());
        }
        assert_eq!(Posting::parse(&[]).unwrap_err(), NotAPosting::NotASizeClass);
    }

    #[test]
    fn another_version_is_told_apart_from_a_wrong_size() {
        let mut bytes = posting_of(SizeClass::FourKiB);
        bytes[NONCE_BYTES] = 9;
        assert_eq!(
            Posting::parse(&bytes).unwrap_err(),
            NotAPosting::OtherVersion { version: 9 }
        );
    }

    #[test]
    fn a_dummy_leaf_differs_from_any_letters_leaf_under_the_same_nonce() {
        let nonce = [3; 16];
        assert_ne!(Leaf::dummy(&nonce), Leaf::of(LetterHash([0; 32]), &nonce));
    }

    #[test]
    fn what_fits_the_smallest_class_is_what_the_protocol_says() {
        assert_eq!(SizeClass::FourKiB.capacity(), 2_951);
        assert_eq!(SizeClass::holding(2_951), Some(SizeClass::FourKiB));
        assert_eq!(SizeClass::holding(2_952), Some(SizeClass::SixteenKiB));
        assert_eq!(SizeClass::holding(300_000), None);
    }
}
