//! The item: what the relay keeps. (protocol §12.1)

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::keys::{COMMITMENT_BYTES, NONCE_BYTES, TAG_BYTES, TeamKey};
use crate::place::TeamId;

/// The version of an item, its first byte.
pub const ITEM_VERSION: u8 = 1;
const AROUND: usize = 1 + COMMITMENT_BYTES + NONCE_BYTES + TAG_BYTES + 4;

/// The five lengths of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemSize {
    /// 1 KiB: most edits.
    Tiny,
    /// 4 KiB.
    Small,
    /// 16 KiB.
    Medium,
    /// 64 KiB.
    Large,
    /// 320 KiB: the longest entry of casework, and a renewal for many desks.
    Huge,
}

impl ItemSize {
    /// All, ascending.
    pub const ALL: [Self; 5] = [
        Self::Tiny,
        Self::Small,
        Self::Medium,
        Self::Large,
        Self::Huge,
    ];

    /// Its bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Tiny => 1_024,
            Self::Small => 4_096,
            Self::Medium => 16_384,
            Self::Large => 65_536,
            Self::Huge => 327_680,
        }
    }

    /// The size that so many bytes are.
    #[must_use]
    pub fn of(bytes: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.bytes() == bytes)
    }

    fn holding(inside: usize) -> Option<Self> {
        let needed = inside.checked_add(AROUND)?;
        Self::ALL.into_iter().find(|size| size.bytes() >= needed)
    }
}

fn aad(team: &TeamId, position: u64) -> Vec<u8> {
    [&[ITEM_VERSION][..], &team.0, &position.to_be_bytes()].concat()
}

/// Seals what stands inside; `None` if it is longer than any item.
pub(crate) fn seal(
    team: &TeamId,
    position: u64,
    key: &TeamKey,
    inside: &[u8],
    rng: &mut impl CryptoRng,
) -> Option<Vec<u8>> {
    let size = ItemSize::holding(inside.len())?;
    let length = u32::try_from(inside.len()).ok()?;
    let room = size.bytes() - (AROUND - 4);
    let mut plain = Zeroizing::new(Vec::with_capacity(room));
    plain.extend_from_slice(&length.to_be_bytes());
    plain.extend_from_slice(inside);
    plain.resize(room, 0);
    let sealed = key.seal_item(position, &aad(team, position), &plain, rng);
    let commitment = key.commitment(position);
    Some([&[ITEM_VERSION][..], &commitment, &sealed].concat())
}

/// Commitment and what is sealed, of an item of a right length and version.
/// Another version is none either: whoever keeps the relay could write one, and stop every desk.
pub(crate) fn split(item: &[u8]) -> Option<(&[u8], &[u8])> {
    let (version, rest) = item.split_first()?;
    if *version != ITEM_VERSION {
        return None;
    }
    ItemSize::of(item.len())?;
    rest.split_at_checked(COMMITMENT_BYTES)
}

/// What stands inside, or nothing if it is not sealed so.
pub(crate) fn open(
    team: &TeamId,
    position: u64,
    key: &TeamKey,
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let plain = key.open_item(position, &aad(team, position), sealed)?;
    let (length, rest) = plain.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (inside, zeros) = rest.split_at_checked(length)?;
    zeros
        .iter()
        .all(|byte| *byte == 0)
        .then(|| Zeroizing::new(inside.to_vec()))
}
