//! Heads and places: where a log stands, and which entry knew of which. (protocol §12.1, §12.3)

use envelope::keys::DeskKey;
use envelope::{hash, labels};
use rand_core::CryptoRng;

/// A team, by its founding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamId(pub [u8; 32]);

/// Where a log stands: how many items, and the chain over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// Items before it; also the position that comes next.
    pub count: u64,
    /// The chain.
    pub hash: [u8; 32],
}

/// Two words that one side draws and says first, so that nobody could search beforehand for another
/// log of the same four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge([u64; 2]);

impl Challenge {
    /// Draws one from the list both sides use; `None` for an empty list.
    #[must_use]
    pub fn draw(list: &[&str], rng: &mut impl CryptoRng) -> Option<Self> {
        let length = u64::try_from(list.len()).ok().filter(|n| *n > 0)?;
        Some(Self([0; 2].map(|_: u64| rng.next_u64() % length)))
    }

    /// As it was heard; `None` if a word is not of the list.
    #[must_use]
    pub fn heard(words: [&str; 2], list: &[&str]) -> Option<Self> {
        let mut out = [0; 2];
        for (number, word) in out.iter_mut().zip(words) {
            let at = list.iter().position(|of_list| *of_list == word)?;
            *number = u64::try_from(at).ok()?;
        }
        Some(Self(out))
    }

    /// As it is said; `None` for another list than it was drawn from.
    #[must_use]
    pub fn words<'a>(&self, list: &[&'a str]) -> Option<[&'a str; 2]> {
        let mut out = [""; 2];
        for (word, number) in out.iter_mut().zip(self.0) {
            word.clone_from(list.get(usize::try_from(number).ok()?)?);
        }
        Some(out)
    }
}

/// A head as two people say it to each other.
pub type HeadWords<'a> = [&'a str; 4];

impl Head {
    /// Of a log that holds nothing.
    pub const NOTHING: Self = Self {
        count: 0,
        hash: [0; 32],
    };

    /// The head after one more item, by what stood inside. Not by its ciphertext: two desks of one
    /// head have read the same, and what a relay lost can be sealed again.
    #[must_use]
    pub fn after(&self, inside: &[u8]) -> Self {
        self.then(&hash(inside))
    }

    /// The head after an item that was passed over: nothing was read of it.
    #[must_use]
    pub fn after_nothing(&self) -> Self {
        self.then(&[0; 32])
    }

    fn then(&self, read: &[u8; 32]) -> Self {
        let bytes = [labels::TEAM_HEAD.as_bytes(), &self.hash, read].concat();
        Self {
            count: self.count.saturating_add(1),
            hash: hash(&bytes),
        }
    }

    /// Four words of a list, to be compared by voice after one side said the challenge; `None` for an
    /// empty list. The list is handed in: this room keeps none.
    #[must_use]
    pub fn words<'a>(
        &self,
        challenge: &Challenge,
        team: &TeamId,
        list: &[&'a str],
    ) -> Option<HeadWords<'a>> {
        let (label, count) = (labels::TEAM_WORDS.as_bytes(), self.count.to_be_bytes());
        let [one, two] = challenge.0.map(u64::to_be_bytes);
        let digest = hash(&[label, &one, &two, &team.0, &count, &self.hash].concat());
        let length = u64::try_from(list.len()).ok().filter(|n| *n > 0)?;
        let mut words = [""; 4];
        for (word, eight) in words.iter_mut().zip(digest.as_chunks::<8>().0) {
            let index = usize::try_from(u64::from_be_bytes(*eight) % length).ok()?;
            word.clone_from(list.get(index)?);
        }
        Some(words)
    }
}

/// Where an entry stands, and what its author knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its position.
    pub position: u64,
    /// Items its author had seen when it was written.
    pub seen: u64,
    /// Its author's desk.
    pub desk: DeskKey,
    /// How many entries of this desk stand before it.
    pub number: u64,
}

/// Whether the author of `later` knew `earlier`: it stands before the head that `later` names, or
/// was written before on the same desk.
#[must_use]
pub fn saw(later: &Place, earlier: &Place) -> bool {
    earlier.position < later.seen || earlier.desk == later.desk && earlier.number < later.number
}

/// Whether neither author knew the other's entry: two edits of one field are then both kept and
/// shown, and a person resolves them.
#[must_use]
pub fn concurrent(one: &Place, other: &Place) -> bool {
    one.position != other.position && !saw(one, other) && !saw(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(position: u64, seen: u64, desk: u8, number: u64) -> Place {
        let desk = DeskKey([desk; 32]);
        Place {
            position,
            seen,
            desk,
            number,
        }
    }

    #[test]
    fn two_edits_are_concurrent_exactly_if_neither_author_knew_the_other() {
        let first = place(5, 5, 1, 0);
        let (blind, aware) = (place(6, 5, 2, 0), place(7, 6, 2, 1));
        assert!(concurrent(&first, &blind) && concurrent(&blind, &first));
        assert!(!concurrent(&first, &aware) && saw(&aware, &first) && !saw(&first, &aware));
        // Of one desk the later knew the earlier, though both were written offline.
        let (one, two) = (place(8, 5, 3, 0), place(9, 5, 3, 1));
        assert!(saw(&two, &one) && !concurrent(&one, &two));
        assert!(!concurrent(&first, &first));
    }

    #[test]
    fn the_words_of_a_head_change_with_challenge_team_count_and_chain() {
        let list: Vec<String> = (0..2_048).map(|n| n.to_string()).collect();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let (team, head) = (TeamId([1; 32]), Head::NOTHING.after(b"one"));
        let said = Challenge([3, 2_000]);
        let words = head.words(&said, &team, &list);
        assert!(words.is_some());
        assert_ne!(words, head.words(&said, &TeamId([2; 32]), &list));
        assert_ne!(words, Head { count: 2, ..head }.words(&said, &team, &list));
        assert_ne!(
            words,
            Head::NOTHING.after(b"two").words(&said, &team, &list)
        );
        assert_eq!(head.words(&said, &team, &[]), None);
        for other in [Challenge([4, 2_000]), Challenge([3, 2_001])] {
            assert_ne!(words, head.words(&other, &team, &list));
        }
        assert_eq!(said.words(&list), Some(["3", "2000"]));
        assert_eq!(Challenge::heard(["3", "2000"], &list), Some(said));
        assert_eq!(Challenge::heard(["3", "no word"], &list), None);
    }
}
