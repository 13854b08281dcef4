//! Changing the words: the letter under the old ones that names the new ones. (protocol §4.4)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod office;

use envelope::board::ManifestHash;
use envelope::{Cell, SizeClass};
use office::{MAILBOX, Office, TODAY};
use open::{Correspondent, OpenedLetter, Pinned, Reporter};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::Report;
use seal::words::{WordList, Words};
use seal::{CannotSeal, ConversationKey, Master, Reading, SealedBy, SealedLetter, WordsUse};

fn words(list: WordList, seed: u64) -> Master {
    let words = Words::draw(list, &mut ChaCha20Rng::seed_from_u64(seed));
    Master::of(&words, &MAILBOX)
}

fn how(first: bool) -> WordsUse {
    WordsUse {
        first,
        generation: 0,
        first_period: 2_960,
        acknowledges: Some(TODAY),
    }
}

fn change(office: &Office, old: &Master, new: &Master, text: &str) -> SealedLetter {
    let report = Report {
        narrative: text.to_owned(),
        ..Report::default()
    };
    let rng = &mut ChaCha20Rng::seed_from_u64(4);
    let seen = Some(ManifestHash([7; 32]));
    let by = SealedBy::Native;
    // It says of itself that it is the first: a change of words is a later letter all the same.
    seal::handover_letter(&report, (old, how(true)), new, seen, by, &office.key(), rng).unwrap()
}

fn opened(office: &Office, sealed: &SealedLetter) -> OpenedLetter {
    office.open(sealed.letter()).unwrap()
}

fn pinned(master: &Master) -> Pinned {
    Pinned {
        signing_key: master.signing_secret().public(),
        reply_key: master.reply_secret().public(),
    }
}

#[test]
fn a_handover_is_by_the_old_words_and_brings_whole_keys_of_the_new_ones() {
    let office = Office::new();
    let (old, new) = (words(WordList::English, 1), words(WordList::French, 2));
    let letter = opened(&office, &change(&office, &old, &new, ""));
    assert!(pinned(&old).continues(letter.reporter()));
    assert!(!pinned(&new).continues(letter.reporter()));
    assert!(
        letter.to_pin().is_none(),
        "the old reply key is not repeated"
    );
    assert_eq!(letter.acknowledges(), Some(TODAY));
    let to_pin = letter.handover().unwrap().to_pin();
    assert_eq!(to_pin.signing_key, new.signing_secret().public());
    assert!(to_pin.reply_key == new.reply_secret().public());

    // What the new words write next continues what was handed over, though it brings only a hash.
    let rng = &mut ChaCha20Rng::seed_from_u64(5);
    let words = Some((&new, how(false)));
    let report = Report::default();
    let next = seal::letter(&report, words, None, SealedBy::Page, &office.key(), rng).unwrap();
    let next = opened(&office, &next);
    assert!(to_pin.continues(next.reporter()));
    assert!(
        next.handover().is_none(),
        "an ordinary letter changes nothing"
    );
    let Reporter::Words {
        conversation_key, ..
    } = next.reporter()
    else {
        panic!("no words");
    };
    let handed = letter.handover().unwrap().conversation_key();
    assert_eq!(handed.bytes(), conversation_key.bytes());
}

#[test]
fn a_change_of_words_without_a_story_is_no_longer_than_any_short_letter() {
    let office = Office::new();
    let (old, new) = (words(WordList::English, 1), words(WordList::French, 2));
    for text in ["", "My paper has been seen.", &"x".repeat(1_000)] {
        let letter = change(&office, &old, &new, text);
        let class = SizeClass::of_letter_len(letter.letter().len());
        assert_eq!(class, Some(SizeClass::FourKiB));
    }
}

#[test]
fn words_are_not_changed_into_themselves() {
    let office = Office::new();
    let old = words(WordList::English, 1);
    let rng = &mut ChaCha20Rng::seed_from_u64(4);
    let report = Report::default();
    let again = words(WordList::English, 1);
    let sealed = seal::handover_letter(
        &report,
        (&old, how(false)),
        &again,
        None,
        SealedBy::Page,
        &office.key(),
        rng,
    );
    assert!(matches!(sealed, Err(CannotSeal::SameWords)));
}

/// Whether the words find and open a cell among those of a window.
fn reads(office: &Office, master: &Master, cell: &Cell) -> bool {
    let reading = Reading::of(
        master,
        office.notice().body(),
        TODAY.minus(20),
        TODAY.plus(20),
    );
    let (reply, public) = (master.reply_secret(), master.reply_secret().public());
    reading.hit(&cell.short_tag()).iter().any(|place| {
        let voice = Some(office.voice.public());
        let (day, slot, key) = (place.day, place.slot, &place.key);
        seal::open_cell(cell, &MAILBOX, day, slot, key, &reply, &public, voice).is_ok()
    })
}

#[test]
fn old_words_read_what_was_sealed_before_the_change_and_nothing_of_what_comes_after() {
    let office = Office::new();
    let (old, new) = (words(WordList::English, 1), words(WordList::French, 2));
    let letter = opened(&office, &change(&office, &old, &new, ""));
    let Reporter::Words {
        conversation_key: before,
        ..
    } = letter.reporter()
    else {
        panic!("no words");
    };
    let sealed_to = |pinned: &Pinned, conversation_key: &ConversationKey| {
        let to = Correspondent {
            mailbox: &MAILBOX,
            period_days: 7,
            reply_key: &pinned.reply_key,
            conversation_key,
            voice: &office.voice,
        };
        let rng = &mut ChaCha20Rng::seed_from_u64(6);
        open::answer(&to, 1, "Come.", None, (TODAY.plus(9), 3), rng)
            .unwrap()
            .remove(0)
    };
    let earlier = sealed_to(&pinned(&old), before);
    let handed = letter.handover().unwrap();
    let later = sealed_to(handed.to_pin(), handed.conversation_key());
    assert!(reads(&office, &old, &earlier) && !reads(&office, &new, &earlier));
    assert!(reads(&office, &new, &later) && !reads(&office, &old, &later));
}
