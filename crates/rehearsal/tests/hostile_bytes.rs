//! No bytes from outside stop any reader: random ones, and sound ones bent, cut or joined.
#![allow(
    clippy::let_underscore_must_use,
    reason = "what a reader says of hostile bytes is not asked here"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::path::Path;

use envelope::board::{SignedManifest, check_leaves, read_day};
use envelope::keys::{RelayKey, RelaySecret, RootKey};
use envelope::notice::Notice;
use envelope::office_request::Claimed;
use envelope::{Cell, Day, Leaf, MailboxId, Period, Posting, Receipt};
use open::IntakeSecret;
use proptest::prelude::*;
use record::Report;
use seal::words::{WordList, Words};

/// Every reader of outside bytes in the house.
fn read_everything(bytes: &[u8]) {
    let mailbox = MailboxId([0; 16]);
    let relay = RelaySecret::from_seed(&[1; 32]).public();
    let _ = Posting::parse(bytes).map(|p| (p.leaf(), p.period().last_day(7)));
    let _ = Cell::parse(bytes);
    let _ = Receipt::verify(bytes, Leaf([0; 32]), &mailbox, &relay);
    let _ = Notice::verify(bytes, &RootKey([0; 32]), Day(0));
    let _ = read_day(bytes);
    let _ = seal::split_inside(bytes);
    let _ = seal::LetterBody::decode(bytes, Period::Week(0));
    let keys = [IntakeSecret::from_seed(Period::Week(0), &[1; 32])];
    let _ = open::letter(bytes, &mailbox, &keys);
    if let Ok(manifest) = SignedManifest::verify(bytes, &mailbox, &RelayKey([0; 32])) {
        let _ = check_leaves(manifest.manifest(), bytes, bytes);
    }
    if let Ok(report) = Report::decode(bytes) {
        let _ = report.remarks();
        assert_eq!(
            Report::decode(&report.encode()).map(|r| r.encode()),
            Ok(report.encode())
        );
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = Claimed::parse(&text);
    let _ = record::text::shown(&text);
    let _ = record::draft::read(&*text);
}

/// Bytes that are sound somewhere: everything in the vectors.
fn sound() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let Some((_, value)) = line.split_once(": ") else {
                    continue;
                };
                let pairs = value.as_bytes().chunks(2);
                let bytes: Option<Vec<u8>> = pairs
                    .map(|p| u8::from_str_radix(std::str::from_utf8(p).ok()?, 16).ok())
                    .collect();
                found.extend(bytes.filter(|b| b.len() > 2));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(256)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_stop_any_reader(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        read_everything(&bytes);
    }

    #[test]
    fn nothing_sealed_to_an_office_stops_its_desk(
        inside in proptest::collection::vec(any::<u8>(), 0..600),
        as_report in any::<bool>(),
    ) {
        // Well sealed, well padded: only what is inside is hostile.
        let inside = if as_report {
            let body = [&[0xa2, 0x00, 0x00, 0x01, 0x59][..], &u16::try_from(inside.len()).unwrap().to_be_bytes(), &inside].concat();
            [&[0x82, 0x59][..], &u16::try_from(body.len()).unwrap().to_be_bytes(), &body, &[0xf6]].concat()
        } else {
            inside
        };
        let key = IntakeSecret::from_seed(Period::Week(0), &[1; 32]);
        let letter = rehearsal::vectors::sealed_inside(&inside, Period::Week(0), &key);
        let _ = open::letter(&letter, &rehearsal::vectors::MAILBOX, &[key]);
    }

    #[test]
    fn typed_words_never_stop_a_reader(typed in any::<String>()) {
        for list in WordList::ALL {
            let _ = Words::read(list, &typed);
        }
    }
}

#[test]
fn sound_bytes_bent_cut_or_joined_stop_no_reader() {
    let sound = sound();
    assert!(sound.len() > 100, "{}", sound.len());
    let mut turn = 0usize;
    for (n, bytes) in sound.iter().enumerate() {
        read_everything(bytes);
        for _ in 0..6 {
            // A fixed walk over places and bits: no randomness, the same each time.
            turn = turn.wrapping_mul(6_364_136_223).wrapping_add(1_442_695_041);
            let mut bent = bytes.clone();
            let at = turn % bent.len();
            bent[at] ^= 1 << (turn / 7 % 8);
            read_everything(&bent);
            read_everything(&bytes[..at]);
        }
        let joined = [&bytes[..], &sound[(n * 31 + 7) % sound.len()]].concat();
        read_everything(&joined);
    }
}
