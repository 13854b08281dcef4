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
use std::sync::atomic::{AtomicUsize, Ordering};

use envelope::Period;
use open::IntakeSecret;
use proptest::prelude::*;
use seal::words::{WordList, Words};

// The doors are those that `cargo xtask fuzz` opens for hours; here each is tried for seconds.
#[path = "../../../fuzz/doors/carried.rs"]
#[allow(
    unreachable_pub,
    reason = "a target of the fuzzer opens one, this test all"
)]
mod carried;
#[path = "../../../fuzz/doors/office.rs"]
#[allow(unreachable_pub, reason = "as above")]
mod office;
#[path = "../../../fuzz/doors/relay.rs"]
#[allow(unreachable_pub, reason = "as above")]
mod relay_doors;
#[path = "../../../fuzz/doors/sealed.rs"]
#[allow(unreachable_pub, reason = "as above")]
mod sealed;
#[path = "../../../fuzz/doors/team.rs"]
#[allow(unreachable_pub, reason = "as above")]
mod team_doors;

type Door = fn(&[u8]);

/// Every reader of outside bytes in the house, by the name of its target. Some cost more than others
/// (a wrong passphrase is slow on purpose), so each says how many inputs apart it is tried.
const DOORS: [(&str, usize, Door); 32] = [
    ("report", 1, sealed::report),
    ("draft", 1, sealed::draft),
    ("letter_inside", 1, sealed::letter_inside),
    ("posting", 1, sealed::posting),
    ("cell", 1, sealed::cell),
    ("notice", 1, sealed::notice),
    ("manifest", 1, sealed::manifest),
    ("receipt", 1, sealed::receipt),
    ("day", 1, sealed::day),
    ("office_request", 1, sealed::office_request),
    ("entry", 1, sealed::entry),
    ("import", 1, sealed::import),
    ("mail", 1, sealed::mail),
    ("chat", 1, sealed::chat),
    ("words", 1, sealed::words),
    ("relay_routes", 8, relay_doors::routes),
    ("relay_form", 1, relay_doors::form),
    ("relay_settings", 1, relay_doors::settings),
    ("relay_backup", 16, relay_doors::backup),
    ("frames", 1, carried::frames),
    ("blocks", 1, carried::blocks),
    ("parcel", 16, carried::parcel),
    ("doorstep_form", 1, office::form),
    ("doorstep_settings", 1, office::doorstep_settings),
    ("office_settings", 1, office::settings),
    ("office_header", 8, office::header),
    ("office_sheet", 1, office::sheet),
    ("vault_backup", 16, office::backup),
    ("picture", 1, office::picture),
    ("team_item", 8, team_doors::item),
    ("team_inside", 8, team_doors::inside),
    ("team_snapshot", 1, team_doors::snapshot),
];

fn read_everything(bytes: &[u8]) {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    for (_, apart, door) in DOORS {
        if turn.is_multiple_of(apart) {
            door(bytes);
        }
    }
}

/// What somebody brings to an office.
const SAMPLES: [&str; 6] = [
    "message.eml",
    "mailbox.mbox",
    "chat.txt",
    "chat-telegram.json",
    "chat-signal.json",
    "chat-signal-cli.json",
];

/// Bytes that are sound somewhere: everything in the vectors, an entry of every kind, and what
/// somebody brings.
fn sound() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let entries = std::fs::read_to_string(root.join("crates/casework/tests/entries.txt")).unwrap();
    found.extend(values(&entries));
    let mut folders = vec![root.join("vectors")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            found.extend(values(&std::fs::read_to_string(path).unwrap()));
        }
    }
    for brought in SAMPLES {
        let file = root.join("xtask/samples").join(brought);
        found.push(std::fs::read(file).unwrap());
    }
    found.sort();
    found.dedup();
    found
}

/// What stands as hexadecimal digits behind a name.
fn values(text: &str) -> Vec<Vec<u8>> {
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    let bytes = lines.filter_map(|(_, value)| {
        let pairs = value.as_bytes().chunks(2);
        pairs
            .map(|p| u8::from_str_radix(std::str::from_utf8(p).ok()?, 16).ok())
            .collect::<Option<Vec<u8>>>()
    });
    bytes.filter(|bytes| bytes.len() > 2).collect()
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
fn every_door_has_its_target_and_every_target_its_door() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/targets");
    let mut targets: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    targets.sort();
    let mut doors = DOORS.map(|(name, _, _)| name.to_owned());
    doors.sort();
    assert_eq!(targets, doors);
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
