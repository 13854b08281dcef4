//! The key that advances with each period: tags and psk of answers come from it. (protocol §3, §5)

use envelope::{Day, Period, labels};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::master::expand;

/// Answers one conversation can be given in a day.
pub const SLOTS_PER_DAY: u16 = 16;

/// The conversation key of one period. Whoever holds it finds, and with the reply key opens, the
/// answers of this period and the later ones; never of an earlier one.
#[derive(Clone)]
pub struct ConversationKey {
    key: Zeroizing<[u8; 32]>,
    period: Period,
}

impl ConversationKey {
    pub(crate) fn first(key: Zeroizing<[u8; 32]>, first_period: u32) -> Self {
        Self {
            key,
            period: Period::Week(first_period),
        }
    }

    pub(crate) fn of_carry(key: Zeroizing<[u8; 32]>, number: u32) -> Self {
        Self {
            key,
            period: Period::from_number(number),
        }
    }

    /// As a letter carried it.
    #[must_use]
    pub fn from_letter(key: [u8; 32], period: Period) -> Self {
        Self {
            key: Zeroizing::new(key),
            period,
        }
    }

    /// Its period.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The secret bytes, for the letter that carries them and the vault that keeps them.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// This key moved forward to a later week period. One of a carry quarter stays as it is, and
    /// an earlier period than its own cannot be reached: the key of today is given back.
    #[must_use]
    pub fn at(&self, period: u32) -> Self {
        let mut moved = self.clone();
        while let Period::Week(p) = moved.period
            && p < period
        {
            moved.key = mac(moved.key.as_ref(), &[labels::NEXT.as_bytes()]);
            moved.period = Period::Week(p.saturating_add(1));
        }
        moved
    }

    /// Where the answer of a day and slot is found.
    #[must_use]
    pub fn tag(&self, day: Day, slot: u16) -> [u8; 16] {
        self.tag_maker().tag(day, slot)
    }

    pub(crate) fn tag_maker(&self) -> TagMaker {
        TagMaker(expand(self.key.as_ref(), labels::CELL_TAG, &[]))
    }

    /// The psk of the cells of this period.
    #[must_use]
    pub fn psk(&self) -> Zeroizing<[u8; 32]> {
        expand(self.key.as_ref(), labels::CELL_PSK, &[])
    }
}

/// The tag key of one period, derived once for all its days and slots.
pub(crate) struct TagMaker(Zeroizing<[u8; 32]>);

impl TagMaker {
    pub(crate) fn tag(&self, day: Day, slot: u16) -> [u8; 16] {
        let whole = mac(
            self.0.as_ref(),
            &[&day.0.to_be_bytes(), &slot.to_be_bytes()],
        );
        whole.first_chunk::<16>().copied().unwrap_or_default()
    }
}

pub(crate) fn mac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // HMAC takes keys of any length; this refusal cannot happen.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Zeroizing::default();
    };
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_moves_forward_and_never_back() {
        let now = ConversationKey::from_letter([1; 32], Period::Week(10));
        assert_eq!(now.at(12).bytes(), now.at(11).at(12).bytes());
        assert_eq!(now.at(9).bytes(), now.bytes());
        let carried = ConversationKey::from_letter([1; 32], Period::Carry(7));
        assert_eq!(carried.at(4_000).bytes(), carried.bytes());
    }

    #[test]
    fn each_day_and_slot_has_a_tag_of_its_own() {
        let key = ConversationKey::from_letter([1; 32], Period::Week(10));
        let tags: std::collections::BTreeSet<_> = (0..20)
            .flat_map(|d| (0..SLOTS_PER_DAY).map(move |s| (d, s)))
            .map(|(d, s)| key.tag(Day(d), s))
            .collect();
        assert_eq!(tags.len(), 20 * usize::from(SLOTS_PER_DAY));
    }
}
