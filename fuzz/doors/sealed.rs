//! Doors of the pure rooms: what a letter, a cell, a board and a notice are read with.

use casework::{Entry, Office};
use ed25519_dalek::{Signer, SigningKey};
use envelope::board::{SignedManifest, check_leaves, read_day};
use envelope::keys::{RelayKey, RootKey};
use envelope::notice::{Notice, root_signed_bytes, to_file};
use envelope::office_request::Claimed;
use envelope::{Cell, Leaf, MailboxId, Period, Posting, Receipt, is_deterministic, labels};
use open::IntakeSecret;
use record::Report;
use seal::words::{WordList, Words};

const MAILBOX: MailboxId = MailboxId([0; 16]);

/// A key whose signatures are good: what lies behind a signature is a door as well.
fn signer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

/// A report as a desk opens it: read, written, and read again it says the same.
pub fn report(bytes: &[u8]) {
    if let Ok(report) = Report::decode(bytes) {
        let written = report.encode();
        let again = Report::decode(&written).map(|report| report.encode());
        assert_eq!(again, Ok(written), "a report changed when it was written");
        let _remarks = report.remarks();
    }
}

/// A report as a file of reports holds it.
pub fn draft(bytes: &[u8]) {
    if let Ok((report, _remarks)) = record::draft::read(bytes) {
        let written = record::draft::write(&report);
        let again = record::draft::read(&written).map(|(report, _)| report.encode());
        assert_eq!(
            again,
            Ok(report.encode()),
            "a draft changed when it was written"
        );
    }
}

/// What an opened letter holds: length, body, signature, and the body itself.
pub fn letter_inside(bytes: &[u8]) {
    let _split = seal::split_inside(bytes);
    let _kind = seal::body_kind(bytes);
    for period in [Period::Week(0), Period::Week(2_900)] {
        if let Ok(body) = seal::LetterBody::decode(bytes, period) {
            let again = seal::LetterBody::decode(&body.encode(), period);
            assert!(again.is_ok(), "a body that was read is not read again");
        }
    }
}

/// Nonce and letter, as posted, and the letter as a desk tries to open it.
pub fn posting(bytes: &[u8]) {
    if let Ok(posting) = Posting::parse(bytes) {
        let _leaf = posting.leaf();
        let _last = posting.period().last_day(7);
        let keys = [IntakeSecret::from_seed(posting.period(), &[1; 32])];
        let opened = open::letter(posting.letter(), &MAILBOX, &keys);
        assert!(opened.is_err(), "nobody sealed this");
    }
}

/// A cell of the board.
pub fn cell(bytes: &[u8]) {
    if let Ok(cell) = Cell::parse(bytes) {
        let _tags = (cell.tag(), cell.short_tag());
    }
}

/// A notice file as a relay serves it, and a body that a root signed.
pub fn notice(bytes: &[u8]) {
    let believed = Notice::verify_any_day(bytes, &RootKey([0; 32]));
    assert!(believed.is_err(), "nobody signed this");
    let root = RootKey(signer().verifying_key().to_bytes());
    let signature = signer().sign(&root_signed_bytes(bytes)).to_bytes();
    let _signed = Notice::verify_any_day(&to_file(bytes, &signature, &[]), &root);
}

/// A manifest file, and manifest bytes that a relay signed; leaves and openings beside it.
pub fn manifest(bytes: &[u8]) {
    let believed = SignedManifest::verify(bytes, &MAILBOX, &RelayKey([0; 32]));
    assert!(believed.is_err(), "nobody signed this");
    let relay = RelayKey(signer().verifying_key().to_bytes());
    let message = [labels::MANIFEST.as_bytes(), bytes].concat();
    let mut file = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut file);
    // Writing to a `Vec` cannot fail.
    let _written = encoder
        .array(2)
        .and_then(|e| e.bytes(bytes))
        .and_then(|e| e.bytes(&signer().sign(&message).to_bytes()));
    if let Ok(signed) = SignedManifest::verify(&file, &MAILBOX, &relay) {
        let _leaves = check_leaves(signed.manifest(), bytes, bytes);
    }
}

/// A receipt as a relay answers it.
pub fn receipt(bytes: &[u8]) {
    let read = Receipt::verify(bytes, Leaf([0; 32]), &MAILBOX, &RelayKey([0; 32]));
    assert!(read.is_err(), "nobody signed this");
}

/// A day file of the board.
pub fn day(bytes: &[u8]) {
    let _day = read_day(bytes);
}

/// The header of an office's request.
pub fn office_request(bytes: &[u8]) {
    let _claimed = Claimed::parse(&String::from_utf8_lossy(bytes));
}

/// An entry of an office's log, read after others in which almost everything happened once.
pub fn entry(bytes: &[u8]) {
    let Ok(entry) = Entry::decode(bytes) else {
        return;
    };
    assert_eq!(entry.encode(), bytes, "another form of one entry");
    let earlier = LOG
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(kind, _)| !ENDS.contains(kind))
        .filter_map(|(_, hex)| Entry::decode(&from_hex(hex)?).ok());
    let mut office = Office::fold(earlier);
    let before = decided(&office);
    office.apply(entry);
    assert!(
        decided(&office) <= before + 1,
        "one entry decided two things"
    );
    for today in [0, 20_150, u32::MAX] {
        let _queue = casework::queue(&office, today, casework::Terms::default());
        for case in office.cases() {
            let _block = case.response_block(today);
            let _idle = case.days_without_action(today);
        }
    }
}

/// One entry of every kind.
const LOG: &str = include_str!("../../crates/casework/tests/entries.txt");
/// After these, hardly anything could be decided any more.
const ENDS: [&str; 4] = [
    "consent-withdrawn",
    "state-changed",
    "state-changed-more",
    "erased",
];

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn decided(office: &Office) -> usize {
    office.cases().map(|case| case.history().len()).sum()
}

/// A file of reports, in every form that is imported.
pub fn import(bytes: &[u8]) {
    for format in [
        papers::imports::Format::Reports,
        papers::imports::Format::Incidents2020pb,
    ] {
        let _read = papers::imports::read(format, bytes);
    }
}

/// An e-mail or a mailbox that somebody brings, whatever it looks like: none says more of itself
/// than its bytes hold, and every report of it can be sealed.
pub fn mail(bytes: &[u8]) {
    let one = papers::mail::message(bytes).map(|one| vec![one]);
    for read in [one, papers::mail::mailbox(bytes)].into_iter().flatten() {
        brought(bytes, &read);
    }
}

/// A chat that somebody brings, as lines or as JSON, with and without a word on its dates.
pub fn chat(bytes: &[u8]) {
    use papers::chat::{DayOrder, json, lines};
    let Some(latest) = record::Date::new(2026, 12, 1) else {
        return;
    };
    let orders = [
        DayOrder::DayFirst,
        DayOrder::MonthFirst,
        DayOrder::YearFirst,
    ];
    for order in orders.map(Some).into_iter().chain([None]) {
        let read = lines(bytes, order, latest);
        if let Ok(one) = read {
            brought(bytes, &[one]);
        }
    }
    if let Ok(read) = json(bytes) {
        brought(bytes, &read);
    }
    if let Ok(read) = papers::brought::read(bytes, None, latest) {
        brought(bytes, &read);
    }
}

fn brought(bytes: &[u8], read: &[papers::brought::Brought]) {
    assert!(!read.is_empty(), "neither a report nor a refusal");
    for one in read {
        assert!(bytes.get(one.original.clone()).is_some(), "no such bytes");
        let report = one.report.encode();
        assert!(report.len() < record::MAX_LEN, "no letter holds this");
        assert!(Report::decode(&report).is_ok(), "this is no report");
        let enclosed: usize = one.enclosed.iter().map(|file| file.bytes.len()).sum();
        assert!(enclosed <= bytes.len(), "more came out than went in");
    }
}

/// Words as a person types them, and a text as it is shown.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for list in WordList::ALL {
        let _words = Words::read(list, &text);
    }
    let _shown = record::text::shown(&text);
    let _deterministic = is_deterministic(bytes);
}
