//! What a relay promises, without a socket: each test is a sentence of the protocol.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use envelope::board::{self, DayLists, ManifestHash, Opening, SignedManifest};
use envelope::{Day, Epoch, Leaf, NONCE_BYTES, Period, Posting, PuzzleAnswer, Receipt};
use envelope::{SizeClass, puzzle};
use proptest::prelude::*;
use rand_core::{Rng, SeedableRng};

use crate::answer::{Answer, Freshness};
use crate::relay::{Beside, CannotClose, CannotOpen, Limits, Relay};
use crate::sample::{
    self, CELLS, EPOCH_SECONDS, MAILBOX, NOW, cell, header, posting, posting_of, root, secret, sign,
};
use crate::segments::FolderShelf;
use crate::store::{
    CannotStore, Done, Incoming, Item, MemoryShelf, Position, Quota, Shelf, Stored, Terms,
};

fn rng() -> rand_chacha::ChaCha20Rng {
    rand_chacha::ChaCha20Rng::seed_from_u64(7)
}

fn open(shelf: Arc<dyn Shelf>) -> Relay {
    Relay::open(shelf, secret(), root(), Limits::default(), NOW).unwrap()
}

fn relay_over(shelf: &Arc<dyn Shelf>) -> Relay {
    let relay = open(Arc::clone(shelf));
    assert_eq!(relay.put_notice(&sign(&sample::body(1)), NOW).status, 204);
    relay
}

fn relay() -> Relay {
    relay_over(&(Arc::new(MemoryShelf::default()) as Arc<dyn Shelf>))
}

fn leaf_of(posting: &[u8]) -> Leaf {
    Posting::parse(posting).unwrap().leaf()
}

fn receipt(answer: &Answer, posting: &[u8]) -> Receipt {
    let key = secret().public();
    Receipt::verify(answer.body.bytes(), leaf_of(posting), &MAILBOX, &key).unwrap()
}

fn ask(relay: &Relay, method: &str, path: &str, body: &[u8]) -> Answer {
    let header = header(method, path, body, NOW);
    relay.answer(method, path, Some(&header), body, NOW)
}

fn board_file(relay: &Relay, path: &str) -> Vec<u8> {
    let answer = relay.board_file(path, NOW);
    assert_eq!(answer.status, 200, "{path}");
    answer.body.bytes().to_vec()
}

fn manifest(relay: &Relay, epoch: u64) -> SignedManifest {
    let file = board_file(relay, &format!("{epoch}/manifest"));
    SignedManifest::verify(&file, &MAILBOX, &secret().public()).unwrap()
}

/// Every letter an epoch lists, as its openings say, checked against its manifest.
fn listed(relay: &Relay, epoch: u64) -> Vec<Leaf> {
    let leaves = board_file(relay, &format!("{epoch}/leaves"));
    let openings = ask(relay, "GET", &format!("/office/openings/{epoch}"), b"");
    assert_eq!(openings.status, 200);
    let manifest = manifest(relay, epoch);
    let opened = board::check_leaves(manifest.manifest(), &leaves, openings.body.bytes()).unwrap();
    let letters = opened.into_iter().filter_map(|opening| match opening {
        Opening::Letter(leaf) => Some(leaf),
        Opening::Dummy(_) => None,
    });
    letters.collect()
}

/// A relay over a shelf at another time, with a notice in force then.
fn relay_at(shelf: &Arc<dyn Shelf>, sequence: u64, now: u64) -> Relay {
    let relay = Relay::open(Arc::clone(shelf), secret(), root(), Limits::default(), now).unwrap();
    let notice = sign(&sample::body_on(sequence, now, secret().public()));
    assert_eq!(relay.put_notice(&notice, now).status, 204);
    relay
}

/// The office looks at an epoch of the board.
fn looks_at(relay: &Relay, epoch: u64, now: u64) -> u16 {
    let path = format!("/office/openings/{epoch}");
    let header = header("GET", &path, b"", now);
    relay.answer("GET", &path, Some(&header), b"", now).status
}

/// Which of the first epochs still have leaves, tags, openings and cells; each all or none.
fn kept(shelf: &Arc<dyn Shelf>, epochs: u64) -> Vec<u64> {
    let whole = |e: &u64| {
        let e = Epoch(*e);
        let items = [
            Item::Leaves(e),
            Item::Tags(e),
            Item::Openings(e),
            Item::Page(e, 0),
        ];
        let there = items.map(|item| shelf.read(item).unwrap().is_some());
        assert!(there.iter().all(|t| *t == there[0]), "{e:?}: {there:?}");
        there[0]
    };
    (0..epochs).filter(whole).collect()
}

const LATER: u64 = NOW + 436 * 86_400;

/// Days between then and later that have an epoch, one a month.
fn days_between() -> impl Iterator<Item = Day> {
    let (then, later) = (Day::of_unix_seconds(NOW), Day::of_unix_seconds(LATER));
    (then.0 + 1..later.0).step_by(34).map(Day)
}

/// An epoch closes on a day: what the relay reads of that.
fn a_day_has_an_epoch(shelf: &Arc<dyn Shelf>, day: Day) {
    let entry = [[0xff; 8].as_slice(), &[0; 4]].concat();
    shelf.put(Item::Day(day.0), &entry).unwrap();
}

fn days_pass(shelf: &Arc<dyn Shelf>) {
    days_between().for_each(|day| a_day_has_an_epoch(shelf, day));
}

/// Three epochs of 436 days ago, and one of today.
fn an_old_board(shelf: &Arc<dyn Shelf>) -> Relay {
    let first = relay_over(shelf);
    for _ in 0..3 {
        first.close_epoch(NOW, &mut rng()).unwrap();
    }
    drop(first);
    let relay = relay_at(shelf, 2, LATER);
    relay.close_epoch(LATER, &mut rng()).unwrap();
    // After it: such files are no epochs', and nobody signs for them.
    days_pass(shelf);
    relay
}

#[test]
fn what_is_old_and_was_looked_at_is_given_up_and_the_chain_and_the_lists_still_lead() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let relay = an_old_board(&shelf);
    let close = |relay: &Relay| {
        let closed = relay.close_epoch(LATER, &mut rng()).unwrap();
        closed.manifest().kept_from.0
    };
    assert_eq!(close(&relay), 0, "nobody looked");
    assert_eq!(looks_at(&relay, 2, LATER), 200);
    assert_eq!(close(&relay), 2, "the one looked at may not be done with");
    assert_eq!(
        kept(&shelf, 6),
        [0, 1, 2, 3, 4, 5],
        "said before it is done"
    );
    assert_eq!(looks_at(&relay, 5, LATER), 200);
    assert_eq!(close(&relay), 3, "what is of today stays");
    assert_eq!(kept(&shelf, 7), [2, 3, 4, 5, 6]);
    close(&relay);
    assert_eq!(kept(&shelf, 8), [3, 4, 5, 6, 7]);
    assert_eq!(looks_at(&relay, 1, LATER), 404);

    let newest = manifest_at(&relay, 7);
    let mut hash = newest.hash();
    for epoch in (0..8).rev() {
        let signed = manifest_at(&relay, epoch);
        assert_eq!(signed.hash(), hash);
        hash = signed.manifest().previous;
    }
    assert_eq!(hash, ManifestHash::NONE);
    let mut lists = DayLists::of(newest.manifest(), Day(0));
    for day in [Day::of_unix_seconds(NOW), Day::of_unix_seconds(LATER)] {
        let list = relay.board_file(&format!("days/{}", day.0), LATER);
        lists.add(day, list.body.bytes()).unwrap();
    }
    let read = lists.verify(|_| Err(board::NotTheSignedDays));
    assert_eq!(read.unwrap().len(), 8);
}

fn manifest_at(relay: &Relay, epoch: u64) -> SignedManifest {
    let file = relay.board_file(&format!("{epoch}/manifest"), LATER);
    SignedManifest::verify(file.body.bytes(), &MAILBOX, &secret().public()).unwrap()
}

#[test]
fn nothing_is_given_up_that_is_young_uncollected_or_by_a_clock_beyond_the_notice() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let first = relay_over(&shelf);
    first.close_epoch(NOW, &mut rng()).unwrap();
    assert_eq!(first.post(posting(1), NOW).status, 201);
    for _ in 0..2 {
        first.close_epoch(NOW, &mut rng()).unwrap();
    }
    assert_eq!(looks_at(&first, 2, NOW), 200);
    days_pass(&shelf);
    let ahead = first.close_epoch(LATER, &mut rng()).unwrap();
    assert_eq!(ahead.manifest().kept_from, Epoch(0), "beyond the notice");
    drop(first);
    let young = LATER - 86_400;
    let relay = relay_at(&shelf, 2, young);
    assert_eq!(looks_at(&relay, 2, young), 200);
    let closed = relay.close_epoch(young, &mut rng()).unwrap();
    assert_eq!(closed.manifest().kept_from, Epoch(0), "435 days");
    let closed = relay.close_epoch(LATER, &mut rng()).unwrap();
    assert_eq!(closed.manifest().kept_from, Epoch(1), "a letter waits");
}

#[test]
fn a_clock_that_jumped_ahead_gives_nothing_up_and_days_that_passed_do() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let first = relay_over(&shelf);
    for _ in 0..3 {
        first.close_epoch(NOW, &mut rng()).unwrap();
    }
    drop(first);
    // The office's clock ran ahead too: its notice is in force.
    let relay = relay_at(&shelf, 2, LATER);
    assert_eq!(looks_at(&relay, 2, LATER), 200);
    let kept = |now| {
        let closed = relay.close_epoch(now, &mut rng()).unwrap();
        closed.manifest().kept_from
    };
    for hours in 0..48 {
        assert_eq!(kept(LATER + hours * 3_600), Epoch(0), "{hours}");
    }
    days_pass(&shelf);
    let day = days_between().nth(5).unwrap();
    shelf.remove(Item::Day(day.0)).unwrap();
    shelf.remove(Item::Day(day.0 + 34)).unwrap();
    a_day_has_an_epoch(&shelf, day.plus(35));
    assert_eq!(kept(LATER + 48 * 3_600), Epoch(0), "two months without");
    a_day_has_an_epoch(&shelf, day);
    assert_eq!(kept(LATER + 72 * 3_600), Epoch(2));
}

#[test]
fn what_is_given_up_goes_from_both_disks_whatever_a_kill_left_on_one() {
    for left in [None, Some("first"), Some("second")] {
        let house = tempfile::tempdir().unwrap();
        let at = |name: &str| house.path().join(name);
        crate::segments::found(&at("first"), &sample::RELAY_SEED).unwrap();
        crate::twin::make(&at("first"), &at("second")).unwrap();
        let open = || {
            let shelf = FolderShelf::open_twice(&at("first"), &at("second")).unwrap();
            Arc::new(shelf) as Arc<dyn Shelf>
        };
        let shelf = open();
        let relay = an_old_board(&shelf);
        assert_eq!(looks_at(&relay, 3, LATER), 200);
        relay.close_epoch(LATER, &mut rng()).unwrap();
        // The last that goes: what a kill leaves is of it.
        let files = [
            "board/2/leaves",
            "board/2/tags",
            "board/2/cells-0",
            "openings/2",
        ];
        let kept: Vec<_> = files
            .iter()
            .map(|file| std::fs::read(at("second").join(file)).unwrap())
            .collect();
        relay.close_epoch(LATER, &mut rng()).unwrap();
        drop((relay, shelf));
        if let Some(disk) = left {
            for (file, bytes) in files.iter().zip(kept) {
                std::fs::write(at(disk).join(file), bytes).unwrap();
            }
            drop(relay_at(&open(), 3, LATER));
        }
        for file in files {
            assert!(!at("first").join(file).exists(), "{left:?} {file}");
            assert!(!at("second").join(file).exists(), "{left:?} {file}");
        }
        assert!(at("second").join("board/0/manifest").exists());
        assert!(at("second").join("board/3/leaves").exists());
    }
}

#[test]
fn a_kill_between_the_manifest_and_any_removal_leaves_nothing_behind_for_good() {
    for changes in 0..10 {
        let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
        let relay = an_old_board(&shelf);
        assert_eq!(looks_at(&relay, 3, LATER), 200);
        let closed = relay.close_epoch(LATER, &mut rng()).unwrap();
        assert_eq!(closed.manifest().kept_from, Epoch(3));
        drop(relay);
        let dying: Arc<dyn Shelf> = Arc::new(Dying {
            inner: Arc::clone(&shelf),
            left: AtomicUsize::new(changes),
            lists: AtomicUsize::new(0),
        });
        drop(Relay::open(
            dying,
            secret(),
            root(),
            Limits::default(),
            LATER,
        ));
        drop(
            Relay::open(
                Arc::clone(&shelf),
                secret(),
                root(),
                Limits::default(),
                LATER,
            )
            .unwrap(),
        );
        assert_eq!(kept(&shelf, 5), [3, 4], "after {changes} changes");
    }
}

#[test]
fn a_store_on_a_disk_opens_whatever_a_kill_left_of_what_was_given_up() {
    let folder = tempfile::tempdir().unwrap();
    crate::segments::found(folder.path(), &sample::RELAY_SEED).unwrap();
    let open = || Arc::new(FolderShelf::open(folder.path()).unwrap()) as Arc<dyn Shelf>;
    let shelf = open();
    let relay = an_old_board(&shelf);
    assert_eq!(looks_at(&relay, 3, LATER), 200);
    relay.close_epoch(LATER, &mut rng()).unwrap();
    drop((relay, shelf));
    for half in ["openings/1", "board/1/cells-0"] {
        std::fs::remove_file(folder.path().join(half)).unwrap();
    }
    let shelf = open();
    let relay = relay_at(&shelf, 3, LATER);
    assert_eq!(kept(&shelf, 5), [3, 4]);
    relay.close_epoch(LATER, &mut rng()).unwrap();
    drop((relay, shelf));
    assert_eq!(kept(&open(), 6), [3, 4, 5]);
}

/// Every cell the board shows.
fn cells_of(relay: &Relay, epoch: u64) -> Vec<Vec<u8>> {
    let page = board_file(relay, &format!("{epoch}/cells-0"));
    page.chunks(4_096).map(<[u8]>::to_vec).collect()
}

// ── Letters ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_letter_of_every_class_gets_a_receipt_for_the_epoch_that_lists_it() {
    let relay = relay();
    for (n, class) in (0..).zip(SizeClass::ALL) {
        let sent = posting_of(class, n);
        let answer = relay.post(sent.clone(), NOW);
        assert_eq!(answer.status, 201);
        assert_eq!(receipt(&answer, &sent).epoch(), Epoch(0));
    }
    relay.close_epoch(NOW, &mut rng()).unwrap();
    assert_eq!(listed(&relay, 0).len(), 4);
    let late = relay.post(posting(9), NOW);
    assert_eq!(receipt(&late, &posting(9)).epoch(), Epoch(1));
}

#[test]
fn the_same_letter_again_gets_a_receipt_for_the_same_epoch_even_after_it() {
    let relay = relay();
    relay.post(posting(1), NOW);
    for close in [false, true] {
        if close {
            relay.close_epoch(NOW, &mut rng()).unwrap();
        }
        let again = relay.post(posting(1), NOW);
        assert_eq!(again.status, 200);
        assert_eq!(receipt(&again, &posting(1)).epoch(), Epoch(0));
    }
    relay.close_epoch(NOW, &mut rng()).unwrap();
    assert_eq!(listed(&relay, 0), [leaf_of(&posting(1))]);
    assert!(listed(&relay, 1).is_empty());
}

#[test]
fn what_is_no_letter_is_refused_by_its_own_status_and_nothing_is_kept() {
    let relay = relay();
    let small = NONCE_BYTES + SizeClass::FourKiB.bytes();
    let with_version = |version| {
        let mut bytes = posting(1);
        bytes[NONCE_BYTES] = version;
        bytes
    };
    let in_period = |period: Period| sample::posting_in(period, SizeClass::FourKiB, 1);
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("empty", vec![], 400),
        ("one byte", vec![1], 400),
        ("a nonce alone", vec![1; NONCE_BYTES], 400),
        ("one byte short", posting(1)[..small - 1].to_vec(), 400),
        ("one byte long", [posting(1), vec![0]].concat(), 400),
        (
            "a letter without its nonce",
            posting(1)[NONCE_BYTES..].to_vec(),
            400,
        ),
        ("between two classes", vec![1; 10_000], 400),
        ("larger than any", vec![1; 262_144 + NONCE_BYTES + 1], 413),
        ("ten megabytes", vec![1; 10 << 20], 413),
        ("version 0", with_version(0), 415),
        ("version 2", with_version(2), 415),
        ("version 255", with_version(255), 415),
        ("a period before the first", in_period(Period::Week(0)), 410),
        ("a period to come", in_period(Period::Week(2_999_999)), 410),
        (
            "a carry quarter the notice does not list",
            in_period(Period::Carry(228)),
            410,
        ),
    ];
    for (what, bytes, status) in cases {
        let early = relay.refuse_length(bytes.len() as u64);
        if let Some(early) = &early {
            assert_eq!(early.status, status, "{what}, by its length");
        }
        assert_eq!(early.is_some(), matches!(status, 400 | 413), "{what}");
        let answer = relay.post(bytes, NOW);
        assert_eq!(answer.status, status, "{what}");
        if status == 410 {
            assert_eq!(answer.body.bytes(), b"seal again with the newest notice");
        }
    }
    let kept = ask(&relay, "GET", "/office/letters?after=0", b"");
    assert_eq!((kept.status, kept.body.bytes().len()), (200, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_of_a_right_size_are_refused(seed: u64, class in 0usize..4, version_right: bool) {
        let mut bytes = vec![0; NONCE_BYTES + SizeClass::ALL[class].bytes()];
        rand_chacha::ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
        // No random period is the one of the notice; and if it were, it would be a letter.
        if version_right {
            bytes[NONCE_BYTES] = 1;
        }
        let status = relay().post(bytes, NOW).status;
        prop_assert!(status == 410 || status == 415, "{}", status);
    }

    #[test]
    fn whatever_is_asked_gets_an_answer_and_an_office_path_without_its_key_is_unknown(
        method in "(GET|POST|PUT|DELETE|OPTIONS|[A-Z]{1,8})",
        path in "/(office/|board/|days/|letters|keys/|openings/)?[ -~]{0,40}",
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let relay = relay();
        let answer = relay.answer(&method, &path, Some("7.8.9"), &body, NOW);
        prop_assert!(matches!(answer.status, 200 | 204 | 400 | 404), "{} {} {}", method, path, answer.status);
    }
}

#[test]
fn without_a_notice_in_force_no_letter_is_taken() {
    let relay = open(Arc::new(MemoryShelf::default()));
    assert_eq!(relay.post(posting(1), NOW).status, 410);
    assert_eq!(relay.put_notice(&sign(&sample::body(1)), NOW).status, 204);
    assert_eq!(relay.post(posting(1), NOW).status, 201);
    let after_the_last_day = NOW + 21 * 86_400;
    assert_eq!(relay.post(posting(2), after_the_last_day).status, 410);
}

#[test]
fn a_full_lane_says_when_the_next_epoch_begins_and_still_knows_its_letters() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let limits = Limits {
        quota: Quota {
            letters: 2,
            bytes: u64::MAX,
        },
        puzzle_bits: 0,
        ..Limits::default()
    };
    let relay = Relay::open(shelf, secret(), root(), limits, NOW).unwrap();
    relay.put_notice(&sign(&sample::body(1)), NOW);
    assert_eq!(relay.post(posting(1), NOW).status, 201);
    assert_eq!(relay.post(posting(2), NOW).status, 201);
    let full = relay.post(posting(3), NOW + 30);
    assert_eq!(full.status, 429);
    assert_eq!(full.retry_after, Some(u64::from(EPOCH_SECONDS) - 30));
    assert_eq!(relay.post(posting(2), NOW).status, 200);
    relay.close_epoch(NOW, &mut rng()).unwrap();
    assert_eq!(relay.post(posting(3), NOW).status, 201);
}

fn with_limits(shelf: &Arc<dyn Shelf>, limits: Limits) -> Relay {
    let relay = Relay::open(Arc::clone(shelf), secret(), root(), limits, NOW).unwrap();
    assert_eq!(relay.put_notice(&sign(&sample::body(1)), NOW).status, 204);
    relay
}

/// Two letters an epoch in either lane, and no puzzle.
fn two_and_two() -> Limits {
    let two = Quota {
        letters: 2,
        bytes: u64::MAX,
    };
    Limits {
        quota: two,
        introduced: two,
        puzzle_bits: 0,
        ..Limits::default()
    }
}

fn with_token(list: u32, n: u16) -> Beside {
    Beside {
        token: Some(sample::token(list, n)),
        puzzle: None,
    }
}

#[test]
fn a_token_lets_one_letter_past_a_flood_and_a_repeat_of_it_is_known() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let relay = with_limits(&shelf, two_and_two());
    let list = sample::token_list(1);
    assert_eq!(ask(&relay, "PUT", "/office/tokens", &list).status, 204);
    for n in 0..2 {
        assert_eq!(relay.post(posting(n), NOW).status, 201);
    }
    assert_eq!(relay.post(posting(2), NOW).status, 429);
    let introduced = |relay: &Relay, n, token| relay.post_with(posting(n), token, NOW).status;
    assert_eq!(introduced(&relay, 2, with_token(1, 7)), 201);
    assert_eq!(introduced(&relay, 2, with_token(1, 7)), 200, "a repeat");
    assert_eq!(relay.post(posting(2), NOW).status, 200, "also without it");
    assert_eq!(introduced(&relay, 3, with_token(1, 7)), 429, "another leaf");
    let relay = with_limits(&shelf, two_and_two());
    assert_eq!(introduced(&relay, 2, with_token(1, 7)), 200);
    assert_eq!(
        introduced(&relay, 3, with_token(1, 7)),
        429,
        "spent after a restart too"
    );
    assert_eq!(introduced(&relay, 3, with_token(1, 8)), 201);
}

#[test]
fn a_token_that_is_spent_unknown_or_bent_is_answered_exactly_like_none() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let relay = with_limits(&shelf, two_and_two());
    ask(&relay, "PUT", "/office/tokens", &sample::token_list(1));
    assert_eq!(
        relay.post_with(posting(1), with_token(1, 7), NOW).status,
        201
    );
    let spent = sample::token(1, 7).header_value();
    let bent = [
        spent.clone(),
        sample::token(9, 7).header_value(),
        spent.to_uppercase(),
        spent[1..].to_owned(),
        format!("{spent}00"),
        String::new(),
        "é".to_owned(),
    ];
    for full in [false, true] {
        if full {
            for n in 100..102 {
                assert_eq!(relay.post(posting(n), NOW).status, 201);
            }
        }
        let first = if full { 400 } else { 200 };
        for (n, token) in (first..).zip(&bent) {
            let (mine, other) = (n, n + 50);
            let with = relay.post_with(posting(mine), Beside::read(Some(token), None), NOW);
            let without = relay.post(posting(other), NOW);
            if full {
                assert_eq!((with.status, without.status), (429, 429), "{token:?}");
                assert_eq!(with.body.bytes(), without.body.bytes());
                assert_eq!(with.retry_after, without.retry_after);
                assert_eq!(with.puzzle, without.puzzle);
            } else {
                assert_eq!((with.status, without.status), (201, 201), "{token:?}");
                relay.close_epoch(NOW, &mut rng()).unwrap();
            }
        }
    }
}

#[test]
fn a_token_whose_letter_was_not_kept_is_as_good_as_before() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let limits = Limits {
        quota: Quota {
            letters: 0,
            bytes: 0,
        },
        ..two_and_two()
    };
    let relay = with_limits(&shelf, limits);
    ask(&relay, "PUT", "/office/tokens", &sample::token_list(1));
    for (n, at) in [(1, 8), (2, 9)] {
        assert_eq!(
            relay.post_with(posting(n), with_token(1, at), NOW).status,
            201
        );
    }
    let full = relay.post_with(posting(3), with_token(1, 20), NOW + 30);
    assert_eq!(full.status, 429, "the lane of tokens has an end too");
    assert_eq!(full.retry_after, Some(u64::from(EPOCH_SECONDS) - 30));
    let repeat = relay.post_with(posting(1), with_token(1, 20), NOW);
    assert_eq!(repeat.status, 200, "a repeat needs none");
    relay.close_epoch(NOW + 100, &mut rng()).unwrap();
    assert_eq!(
        relay
            .post_with(posting(3), with_token(1, 20), NOW + 100)
            .status,
        201
    );
}

#[test]
fn a_crowded_relay_asks_for_work_bound_to_one_letter_and_asks_nothing_when_the_epoch_is_over() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let limits = Limits {
        quota: Quota {
            letters: 8,
            bytes: u64::MAX,
        },
        puzzle_bits: 9,
        ..two_and_two()
    };
    let relay = with_limits(&shelf, limits);
    for n in 0..2 {
        let quiet = relay.post(posting(n), NOW);
        assert_eq!((quiet.status, quiet.puzzle), (201, None));
    }
    let asked = relay.post(posting(2), NOW + 30);
    assert_eq!((asked.status, asked.puzzle), (429, Some(8)));
    assert_eq!(asked.retry_after, Some(u64::from(EPOCH_SECONDS) - 30));
    let solved = |n, bits| Beside {
        token: None,
        puzzle: puzzle::solve(&MAILBOX, &leaf_of(&posting(n)), bits),
    };
    let few = Beside {
        token: None,
        puzzle: (0..)
            .map(PuzzleAnswer)
            .find(|p| p.bits(&MAILBOX, &leaf_of(&posting(2))) < 7),
    };
    assert_eq!(relay.post_with(posting(2), few, NOW).status, 429);
    assert_eq!(
        relay.post_with(posting(3), solved(2, 8), NOW).puzzle,
        Some(8),
        "an answer for another letter"
    );
    assert_eq!(relay.post_with(posting(2), solved(2, 8), NOW).status, 201);
    assert_eq!(
        relay.post(posting(2), NOW).status,
        200,
        "a repeat is asked nothing"
    );
    let mut most = 0;
    for n in 3..8 {
        most = relay.post(posting(n), NOW).puzzle.unwrap().max(most);
        assert_eq!(relay.post_with(posting(n), solved(n, 9), NOW).status, 201);
    }
    assert_eq!(most, 9, "never more than the settings say");
    let full = relay.post_with(posting(8), solved(8, 12), NOW);
    assert_eq!(
        (full.status, full.puzzle),
        (429, None),
        "no work opens a full lane"
    );
    relay.close_epoch(NOW + 100, &mut rng()).unwrap();
    assert_eq!(relay.post(posting(8), NOW + 100).status, 201);
}

#[test]
fn nothing_on_the_board_or_in_the_store_tells_which_letter_a_token_let_in() {
    let stores = [None, Some(with_token(1, 7))].map(|token| {
        let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
        let relay = with_limits(&shelf, two_and_two());
        ask(&relay, "PUT", "/office/tokens", &sample::token_list(1));
        let sent = token.unwrap_or_default();
        assert_eq!(relay.post_with(posting(1), sent, NOW).status, 201);
        relay.close_epoch(NOW, &mut rng()).unwrap();
        let held = ask(&relay, "GET", "/office/letters?after=0", b"");
        let board =
            ["leaves", "manifest", "cells-0"].map(|f| board_file(&relay, &format!("0/{f}")));
        (
            board,
            held.body.bytes().to_vec(),
            shelf.read(Item::Openings(Epoch(0))),
        )
    });
    assert!(stores[0] == stores[1]);
}

// ── Notice and keys ────────────────────────────────────────────────────────────────────────────

#[test]
fn a_notice_is_replaced_by_a_higher_number_only() {
    let relay = relay();
    let notice = |n| sign(&sample::body(n));
    assert_eq!(relay.put_notice(&notice(5), NOW).status, 204);
    for old in [0, 1, 4] {
        assert_eq!(relay.put_notice(&notice(old), NOW).status, 409);
    }
    let mut other = sample::body(5);
    other.name = "Another".to_owned();
    assert_eq!(relay.put_notice(&sign(&other), NOW).status, 409);
    assert_eq!(
        relay.put_notice(&notice(5), NOW).status,
        204,
        "the same again"
    );
    assert_eq!(relay.notice_file().body.bytes(), notice(5));
}

#[test]
fn a_notice_that_is_forged_foreign_stale_or_for_another_relay_is_refused() {
    let relay = relay();
    let refused = |file: &[u8], now: u64| relay.put_notice(file, now).status;
    let good = sign(&sample::body(2));
    for at in (0..good.len()).step_by(7) {
        let mut bent = good.clone();
        bent[at] ^= 1;
        assert_eq!(refused(&bent, NOW), 400, "byte {at}");
    }
    assert_eq!(refused(b"", NOW), 400);
    assert_eq!(refused(&good, NOW + 40 * 86_400), 400);
    let changed = |change: &dyn Fn(&mut envelope::notice::NoticeBody)| {
        let mut body = sample::body(2);
        change(&mut body);
        sign(&body)
    };
    let other_relay =
        changed(&|b| b.relay_key = envelope::keys::RelaySecret::from_seed(&[9; 32]).public());
    let other_mailbox = changed(&|b| b.mailbox = envelope::MailboxId([9; 16]));
    let other_root = changed(&|b| b.root = envelope::keys::RootKey([9; 32]));
    let too_many = changed(&|b| b.shape.cells = 1_025);
    for file in [other_relay, other_mailbox, other_root, too_many] {
        assert_eq!(refused(&file, NOW), 400);
    }
    assert_eq!(refused(&good, NOW), 204);
}

#[test]
fn a_key_is_taken_and_shown_only_while_the_notice_vouches_for_it() {
    let relay = relay();
    let period = sample::week().number();
    assert_eq!(relay.key_file(period).status, 404);
    assert_eq!(relay.put_key(period, &[8; 1_216]).status, 400);
    assert_eq!(relay.put_key(period, &[9; 1_215]).status, 400);
    assert_eq!(relay.put_key(period + 1, &sample::intake_key()).status, 400);
    assert_eq!(relay.put_key(period, &sample::intake_key()).status, 204);
    assert_eq!(relay.key_file(period).body.bytes(), sample::intake_key());
    let mut next = sample::body(2);
    next.keys.intake[0].0 = Period::Week(2_999_999);
    assert_eq!(relay.put_notice(&sign(&next), NOW).status, 204);
    assert_eq!(relay.key_file(period).status, 404);
    assert_eq!(
        relay.post(posting(1), NOW).status,
        410,
        "its key is destroyed"
    );
}

#[test]
fn a_store_of_another_office_or_another_relay_is_not_opened() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    relay_over(&shelf).close_epoch(NOW, &mut rng()).unwrap();
    let other = envelope::keys::RootKey([7; 32]);
    let refused = Relay::open(Arc::clone(&shelf), secret(), other, Limits::default(), NOW);
    assert_eq!(refused.err(), Some(CannotOpen::NoticeOfAnotherRoot));
    let key = envelope::keys::RelaySecret::from_seed(&[7; 32]);
    let refused = Relay::open(shelf, key, root(), Limits::default(), NOW);
    assert_eq!(refused.err(), Some(CannotOpen::BoardOfAnotherRelay));
}

// ── The office ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn an_office_request_without_its_credential_is_answered_like_anything_unknown() {
    let relay = relay();
    relay.close_epoch(NOW, &mut rng()).unwrap();
    let unknown = relay.answer("GET", "/nothing/here", None, b"", NOW);
    let errands = [
        ("GET", "/office/letters?after=0", vec![]),
        ("POST", "/office/collected?upto=0", vec![]),
        ("GET", "/office/openings/0", vec![]),
        ("POST", "/office/cells", cell(1)),
        ("PUT", "/office/tokens", sample::token_list(1)),
    ];
    for (method, path, body) in errands {
        let right = header(method, path, &body, NOW);
        let headers = [
            None,
            Some(String::new()),
            Some("1.2.3".to_owned()),
            Some(header("DELETE", path, &body, NOW)),
            Some(header(method, "/office/openings/1", &body, NOW)),
            Some(header(method, path, b"other", NOW)),
            Some(header(method, path, &body, NOW - 601)),
            Some(header(method, path, &body, NOW + 601)),
            Some(right.replace(&right[..4], "1234")),
        ];
        for claimed in headers {
            let answer = relay.answer(method, path, claimed.as_deref(), &body, NOW);
            assert_eq!(
                format!("{answer:?}"),
                format!("{unknown:?}"),
                "{path} {claimed:?}"
            );
        }
        let answer = relay.answer(method, path, Some(&right), &body, NOW);
        assert!(matches!(answer.status, 200 | 204), "{path}");
    }
}

#[test]
fn the_office_collects_every_letter_page_by_page_with_its_own_leaf_and_nonce() {
    let relay = relay();
    let sent: Vec<Vec<u8>> = (0..40)
        .map(|n| posting_of(SizeClass::TwoHundredFiftySixKiB, n))
        .collect();
    for (n, one) in sent.iter().enumerate() {
        assert_eq!(relay.post(one.clone(), NOW).status, 201);
        if n == 20 {
            relay.close_epoch(NOW, &mut rng()).unwrap();
        }
    }
    let mut after = 0;
    let mut got = Vec::new();
    loop {
        let answer = ask(
            &relay,
            "GET",
            &format!("/office/letters?after={after}"),
            b"",
        );
        let mut rest = answer.body.bytes();
        if rest.is_empty() {
            break;
        }
        assert!(rest.len() < (4 << 20) + 16 * 60 + 1);
        while !rest.is_empty() {
            after = u64::from_be_bytes(*rest.first_chunk().unwrap());
            let (leaf, nonce) = (&rest[8..40], &rest[40..56]);
            let length = u32::from_be_bytes(rest[56..60].try_into().unwrap()) as usize;
            let posting = [nonce, &rest[60..60 + length]].concat();
            assert_eq!(leaf, leaf_of(&posting).0);
            got.push(posting);
            rest = &rest[60 + length..];
        }
    }
    assert!(got == sent);
}

#[test]
fn letters_are_deleted_a_fixed_time_after_they_were_collected_and_their_leaves_stay() {
    let relay = relay();
    relay.post(posting(1), NOW);
    relay.close_epoch(NOW, &mut rng()).unwrap();
    relay.post(posting(2), NOW);
    let first = Position::new(Epoch(0), 1).0;
    let bytes = || {
        ask(&relay, "GET", "/office/letters?after=0", b"")
            .body
            .bytes()
            .len()
    };
    assert_eq!(
        ask(
            &relay,
            "POST",
            &format!("/office/collected?upto={first}"),
            b""
        )
        .status,
        204
    );
    let two = bytes();
    let day = 86_400;
    relay.tidy(NOW + 14 * day - 1).unwrap();
    assert_eq!(bytes(), two, "too early");
    relay.tidy(NOW + 14 * day).unwrap();
    assert_eq!(bytes(), two / 2, "the uncollected one stays");
    assert_eq!(relay.post(posting(1), NOW).status, 200, "still known");
    assert_eq!(listed(&relay, 0), [leaf_of(&posting(1))]);
    relay.tidy(NOW + 1_000 * day).unwrap();
    assert_eq!(bytes(), two / 2);
}

#[test]
fn the_offices_cells_stand_on_the_board_once_and_filling_does_the_rest() {
    let relay = relay();
    let body = [cell(7), cell(8)].concat();
    let put = |body: &[u8]| ask(&relay, "POST", "/office/cells", body);
    assert_eq!(put(&body).status, 204);
    assert_eq!(put(&body).status, 204, "the same again");
    relay.close_epoch(NOW, &mut rng()).unwrap();
    let cells = cells_of(&relay, 0);
    assert_eq!(cells.len(), CELLS as usize);
    assert_eq!(cells.iter().filter(|c| **c == cell(7)).count(), 1);
    assert_eq!(cells.iter().filter(|c| **c == cell(8)).count(), 1);
    assert_eq!(put(&body).status, 204, "again, after it was listed");
    relay.close_epoch(NOW, &mut rng()).unwrap();
    assert!(!cells_of(&relay, 1).contains(&cell(7)));
    assert_eq!(cells_of(&relay, 1).len(), CELLS as usize);
}

#[test]
fn more_cells_than_the_epoch_has_are_refused_whole() {
    let relay = relay();
    let put = |cells: &[u8]| {
        let body: Vec<u8> = cells.iter().flat_map(|n| cell(*n)).collect();
        ask(&relay, "POST", "/office/cells", &body)
    };
    assert_eq!(put(&[1, 2, 3]).status, 204);
    let full = put(&[4, 5]);
    assert_eq!(full.status, 429);
    assert!(full.retry_after.is_some());
    assert_eq!(put(&[4]).status, 204, "the last place is still free");
    assert_eq!(put(&[4, 1]).status, 204, "none of them is new");
    for wrong in [vec![], vec![1; 4_095], vec![1; 4_097], vec![2; 4_096]] {
        assert_eq!(ask(&relay, "POST", "/office/cells", &wrong).status, 400);
    }
}

// ── Epochs and the board ───────────────────────────────────────────────────────────────────────

#[test]
fn an_epoch_is_due_when_the_clock_passes_a_multiple_of_its_length() {
    let relay = open(Arc::new(MemoryShelf::default()));
    assert!(!relay.epoch_is_due(NOW + 1_000), "no notice, no length");
    relay.put_notice(&sign(&sample::body(1)), NOW);
    let next = NOW - NOW % 100 + 100;
    assert!(!relay.epoch_is_due(next - 1));
    assert!(relay.epoch_is_due(next));
    relay.close_epoch(next, &mut rng()).unwrap();
    assert!(!relay.epoch_is_due(next + 99));
    assert!(relay.epoch_is_due(next + 100));
}

#[test]
fn the_board_shows_closed_epochs_as_immutable_files_and_nothing_else() {
    let relay = relay();
    let day = Day::of_unix_seconds(NOW);
    let status = |path: &str| relay.board_file(path, NOW).status;
    assert_eq!(status("newest"), 404);
    relay.post(posting(1), NOW);
    relay.close_epoch(NOW, &mut rng()).unwrap();
    relay.close_epoch(NOW + 100, &mut rng()).unwrap();
    for path in [
        "0/manifest",
        "0/leaves",
        "0/tags",
        "0/cells-0",
        "1/manifest",
    ] {
        assert_eq!(relay.board_file(path, NOW).freshness, Freshness::Immutable);
        assert_eq!(status(path), 200, "{path}");
    }
    assert_eq!(relay.board_file("newest", NOW).freshness, Freshness::Ask);
    assert_eq!(
        board_file(&relay, "newest"),
        board_file(&relay, "1/manifest")
    );
    let chained = manifest(&relay, 1);
    assert_eq!(chained.manifest().previous, manifest(&relay, 0).hash());
    let today = format!("days/{}", day.0);
    let entries = board::read_day(&board_file(&relay, &today)).unwrap();
    assert_eq!(
        entries.iter().map(|e| e.epoch.0).collect::<Vec<_>>(),
        [0, 1]
    );
    assert_eq!(relay.board_file(&today, NOW).freshness, Freshness::Ask);
    let yesterday = format!("days/{}", day.0 - 1);
    assert_eq!(
        relay.board_file(&yesterday, NOW).freshness,
        Freshness::Immutable
    );
    assert_eq!(
        board_file(&relay, &format!("days/{}", day.0 - 3)),
        b"",
        "a day without epochs"
    );
    let ten = format!("tens/{}", day.0 / 10);
    let mut of_ten = Vec::new();
    for one in day.0 / 10 * 10..day.0 / 10 * 10 + 10 {
        let list = match one <= day.0 {
            true => board_file(&relay, &format!("days/{one}")),
            false => Vec::new(),
        };
        of_ten.extend_from_slice(&u32::try_from(list.len()).unwrap().to_be_bytes());
        of_ten.extend_from_slice(&list);
    }
    assert_eq!(
        board_file(&relay, &ten),
        of_ten,
        "ten days are the files of the days"
    );
    assert_eq!(relay.board_file(&ten, NOW).freshness, Freshness::Ask);
    let before = format!("tens/{}", day.0 / 10 - 1);
    assert_eq!(
        relay.board_file(&before, NOW).freshness,
        Freshness::Immutable
    );
    for path in [
        "2/manifest",
        "0/openings",
        "0/cells-1",
        "0/cells-00",
        "00/leaves",
        "+0/leaves",
        "-1/tags",
        "0/../1/tags",
        "days/99999999",
        "days/",
        "tens/99999999",
        "tens/429496729",
        "tens/429496730",
        "tens/01",
        "",
        "0",
        "0/",
        "../notice",
        "0/manifest.new",
    ] {
        assert_eq!(status(path), 404, "{path}");
    }
}

/// Which epochs the day files of a window list, believed as every reader believes them.
fn read_window(relay: &Relay, first: Day, now: u64) -> Vec<u64> {
    let file = |path: &str| relay.board_file(path, now).body.bytes().to_vec();
    let signed =
        |path: &str| SignedManifest::verify(&file(path), &MAILBOX, &secret().public()).unwrap();
    let newest = signed("newest");
    let mut lists = board::DayLists::of(newest.manifest(), first);
    for day in first.0..=Day::of_unix_seconds(now).0 {
        lists.add(Day(day), &file(&format!("days/{day}"))).unwrap();
    }
    let entries = lists
        .verify(|epoch| Ok::<_, board::NotTheSignedDays>(signed(&format!("{}/manifest", epoch.0))));
    entries.unwrap().iter().map(|entry| entry.epoch.0).collect()
}

#[test]
fn day_files_lead_to_the_newest_manifest_over_days_restarts_and_a_clock_set_back_a_day() {
    let day = 86_400;
    let today = Day::of_unix_seconds(NOW);
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    let mut relay = relay_over(&shelf);
    // Two epochs a day, one day without any, a restart after each.
    let moments = [0, 100, day, day + 100, 3 * day];
    for (epoch, since) in (0..).zip(moments) {
        let now = NOW + since;
        relay.close_epoch(now, &mut rng()).unwrap();
        relay = open(Arc::clone(&shelf));
        assert_eq!(
            read_window(&relay, today, now),
            (0..=epoch).collect::<Vec<_>>()
        );
    }
    assert_eq!(read_window(&relay, today.plus(1), NOW + 3 * day), [2, 3, 4]);
    // The clock was a day ahead: epochs go on by the mended one, and the day that was not yet is
    // nobody's until it comes.
    let mended = NOW + 2 * day;
    assert!(relay.epoch_is_due(mended));
    relay.close_epoch(mended, &mut rng()).unwrap();
    assert_eq!(read_window(&relay, today, mended), [0, 1, 2, 3, 5]);
    relay = open(Arc::clone(&shelf));
    let come = NOW + 3 * day + 500;
    relay.close_epoch(come, &mut rng()).unwrap();
    assert_eq!(read_window(&relay, today, come), [0, 1, 2, 3, 5, 4, 6]);
}

#[test]
fn whatever_days_a_clock_went_through_the_newest_manifest_leads_over_all_of_them() {
    let day = |day: u64| NOW + day * 86_400;
    for (days, order) in [
        (&[2, 1, 3][..], &[1, 0, 2][..]),
        (&[2, 1, 2], &[1, 0, 2]),
        (&[3, 2, 1, 4, 5], &[2, 1, 0, 3, 4]),
        (&[2, 30, 3], &[0, 2]),
        (&[2, 30, 1, 3, 30], &[2, 0, 3, 1, 4]),
    ] {
        let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
        let mut relay = relay_over(&shelf);
        let mut now = NOW;
        for (at, later) in days.iter().enumerate() {
            now = day(*later) + u64::try_from(at).unwrap();
            relay.close_epoch(now, &mut rng()).unwrap();
            relay = open(Arc::clone(&shelf));
        }
        let first = Day::of_unix_seconds(NOW);
        assert_eq!(read_window(&relay, first, now), order, "{days:?}");
    }
}

#[test]
fn what_a_clock_ahead_listed_is_shown_and_nothing_is_for_ever_before_a_later_day_has_an_epoch() {
    let relay = relay();
    let today = Day::of_unix_seconds(NOW);
    let ahead = today.plus(2);
    relay.close_epoch(NOW + 2 * 86_400, &mut rng()).unwrap();
    let shown = |day: Day, now| relay.board_file(&format!("days/{}", day.0), now);
    let entries = |day, now| board::read_day(shown(day, now).body.bytes()).unwrap().len();
    assert_eq!(entries(ahead, NOW), 1, "of the newest epoch");
    assert_eq!(shown(ahead.plus(1), NOW).status, 404);
    relay.close_epoch(NOW, &mut rng()).unwrap();
    assert_eq!(entries(ahead, NOW), 1, "of another");
    // However late it is: the newest epoch is of today.
    let late = NOW + 5 * 86_400;
    for (day, kept) in [(today.minus(1), true), (today, false), (ahead, false)] {
        let kept = if kept {
            Freshness::Immutable
        } else {
            Freshness::Ask
        };
        assert_eq!(shown(day, late).freshness, kept, "{day:?}");
    }
    let ten = relay.board_file(&format!("tens/{}", today.0 / 10), NOW + 20 * 86_400);
    assert_eq!(ten.freshness, Freshness::Ask);
    relay.close_epoch(late, &mut rng()).unwrap();
    assert_eq!(shown(ahead, late).freshness, Freshness::Immutable);
    let when_over = u64::from(today.0 / 10 * 10 + 10) * 86_400;
    for (now, kept) in [
        (when_over - 1, Freshness::Ask),
        (when_over, Freshness::Immutable),
    ] {
        relay.close_epoch(now, &mut rng()).unwrap();
        let ten = relay.board_file(&format!("tens/{}", today.0 / 10), now);
        assert_eq!(ten.freshness, kept);
    }
}

#[test]
fn by_a_clock_that_went_back_beyond_the_notice_no_epoch_closes() {
    let relay = relay();
    relay.close_epoch(NOW, &mut rng()).unwrap();
    let from = sample::body_on(1, NOW, secret().public()).first_day;
    assert!(!relay.epoch_is_due(1_000), "1970");
    assert!(!relay.epoch_is_due(from.first_second() - 1));
    assert!(relay.epoch_is_due(NOW + 86_400));
}

/// Does what the inner shelf does until it has changed something `left` times; then it is dead, as
/// after `kill -9` or on a full disk.
struct Dying {
    inner: Arc<dyn Shelf>,
    left: AtomicUsize,
    /// How many lists of days were read.
    lists: AtomicUsize,
}

impl Dying {
    fn change(&self) -> Result<(), CannotStore> {
        let left = self.left.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1));
        left.map(drop)
            .map_err(|_| CannotStore::Disk(std::io::ErrorKind::StorageFull))
    }
}

impl Shelf for Dying {
    fn keep(&self, letter: Incoming, terms: Terms, done: Done) {
        self.inner.keep(letter, terms, done);
    }
    fn open_epoch(&self) -> Epoch {
        self.inner.open_epoch()
    }
    fn newest_closed(&self) -> Option<Epoch> {
        self.inner.newest_closed()
    }
    fn turn(&self, from: Epoch) -> Result<(), CannotStore> {
        self.change()?;
        self.inner.turn(from)
    }
    fn accepted(&self, epoch: Epoch) -> Result<Vec<envelope::board::Accepted>, CannotStore> {
        self.inner.accepted(epoch)
    }
    fn letters_after(&self, after: Position, budget: usize) -> Result<Vec<Stored>, CannotStore> {
        self.inner.letters_after(after, budget)
    }
    fn held(&self) -> Result<Vec<(Epoch, Position)>, CannotStore> {
        self.inner.held()
    }
    fn discard(&self, epoch: Epoch) -> Result<(), CannotStore> {
        self.change()?;
        self.inner.discard(epoch)
    }
    fn put(&self, item: Item, bytes: &[u8]) -> Result<(), CannotStore> {
        self.change()?;
        self.inner.put(item, bytes)
    }
    fn read(&self, item: Item) -> Result<Option<Vec<u8>>, CannotStore> {
        if matches!(item, Item::Day(_)) {
            self.lists.fetch_add(1, SeqCst);
        }
        self.inner.read(item)
    }
    fn remove(&self, item: Item) -> Result<(), CannotStore> {
        self.change()?;
        self.inner.remove(item)
    }
}

#[test]
fn the_lists_of_400_days_are_read_at_one_closing_of_a_day_and_no_more() {
    let inner: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    drop(an_old_board(&inner));
    let counting = Arc::new(Dying {
        inner,
        left: AtomicUsize::new(usize::MAX),
        lists: AtomicUsize::new(0),
    });
    let shelf: Arc<dyn Shelf> = Arc::clone(&counting) as _;
    let relay = relay_at(&shelf, 3, LATER);
    let read = |epoch| {
        assert_eq!(looks_at(&relay, epoch, LATER), 200);
        counting.lists.store(0, SeqCst);
        let closed = relay.close_epoch(LATER, &mut rng()).unwrap();
        assert_eq!(closed.manifest().kept_from, Epoch(epoch));
        counting.lists.load(SeqCst)
    };
    assert!(read(2) >= 400, "the first that gives up");
    assert!(read(3) < 10);
}

#[test]
fn a_close_that_is_cut_short_anywhere_is_finished_or_redone_and_the_chain_never_forks() {
    for restart in [true, false] {
        for changes in 0..14 {
            let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
            let first = relay_over(&shelf);
            let mut promised = BTreeMap::new();
            let mut post = |relay: &Relay, n: u32| {
                let answer = relay.post(posting(n), NOW);
                assert_eq!(answer.status, 201);
                promised.insert(n, receipt(&answer, &posting(n)).epoch().0);
            };
            post(&first, 1);
            first.close_epoch(NOW, &mut rng()).unwrap();
            post(&first, 2);
            assert_eq!(ask(&first, "POST", "/office/cells", &cell(9)).status, 204);
            drop(first);

            let dying = Arc::new(Dying {
                inner: Arc::clone(&shelf),
                left: AtomicUsize::new(changes),
                lists: AtomicUsize::new(0),
            });
            let relay = open(Arc::clone(&dying) as Arc<dyn Shelf>);
            let mut seen = BTreeMap::new();
            let cut_short = relay.close_epoch(NOW + 100, &mut rng());
            for file in ["leaves", "tags", "cells-0"] {
                let shown = |file: &str| relay.board_file(&format!("1/{file}"), NOW).status;
                assert_eq!(shown(file), shown("manifest"), "half an epoch is shown");
            }
            for epoch in 0..2 {
                let file = relay.board_file(&format!("{epoch}/manifest"), NOW);
                if file.status == 200 {
                    seen.insert(epoch, file.body.bytes().to_vec());
                }
            }
            post(&relay, 3);
            let relay = if restart {
                drop(relay);
                open(Arc::clone(&shelf))
            } else {
                dying.left.store(usize::MAX, SeqCst);
                relay
            };
            post(&relay, 4);
            let mut other = rand_chacha::ChaCha20Rng::seed_from_u64(8);
            for n in 2..4 {
                relay.close_epoch(NOW + 100 * n, &mut other).unwrap();
            }
            let newest = relay.shelf_for_tests().newest_closed().unwrap().0;
            assert!(newest == 2 || newest == 3, "{changes} {cut_short:?}");
            let mut cells = 0;
            for epoch in 0..=newest {
                let file = board_file(&relay, &format!("{epoch}/manifest"));
                if let Some(before) = seen.get(&epoch) {
                    assert_eq!(before, &file, "epoch {epoch} was shown in two forms");
                }
                if epoch > 0 {
                    let previous = manifest(&relay, epoch - 1).hash();
                    assert_eq!(manifest(&relay, epoch).manifest().previous, previous);
                }
                let here: Vec<Leaf> = listed(&relay, epoch);
                for (n, promised) in &promised {
                    let found = here.iter().filter(|l| **l == leaf_of(&posting(*n))).count();
                    assert_eq!(
                        found,
                        usize::from(*promised == epoch),
                        "letter {n}, epoch {epoch}"
                    );
                }
                cells += cells_of(&relay, epoch)
                    .iter()
                    .filter(|c| **c == cell(9))
                    .count();
            }
            assert_eq!(cells, 1, "a cell stands on the board once: {changes}");
            let day = board_file(&relay, &format!("days/{}", Day::of_unix_seconds(NOW).0));
            let days: Vec<u64> = board::read_day(&day)
                .unwrap()
                .iter()
                .map(|e| e.epoch.0)
                .collect();
            assert_eq!(days, (0..=newest).collect::<Vec<_>>());
            let copy = shelf.read(Item::Newest).unwrap().unwrap();
            assert_eq!(copy, board_file(&relay, &format!("{newest}/manifest")));
        }
    }
}

#[test]
fn an_epoch_that_cannot_be_closed_opens_one_after_it_and_no_more() {
    let dying = Arc::new(Dying {
        inner: Arc::new(MemoryShelf::default()),
        left: AtomicUsize::new(usize::MAX),
        lists: AtomicUsize::new(0),
    });
    let relay = relay_over(&(Arc::clone(&dying) as Arc<dyn Shelf>));
    for attempt in 0..5 {
        // Room to turn and for one file, never for a whole epoch.
        dying.left.store(2, SeqCst);
        assert!(relay.close_epoch(NOW + attempt * 100, &mut rng()).is_err());
        assert_eq!(dying.open_epoch(), Epoch(1));
    }
    dying.left.store(usize::MAX, SeqCst);
    relay.close_epoch(NOW + 900, &mut rng()).unwrap();
    assert_eq!(dying.open_epoch(), Epoch(1));
}

#[test]
fn letters_posted_while_epochs_close_are_each_listed_once_in_the_epoch_of_their_receipt() {
    let relay = Arc::new(relay());
    let senders: Vec<_> = (0..4u32)
        .map(|sender| {
            let relay = Arc::clone(&relay);
            std::thread::spawn(move || {
                let post = |n| {
                    let sent = posting(sender * 1_000 + n);
                    let answer = relay.post(sent.clone(), NOW);
                    assert_eq!(answer.status, 201);
                    (leaf_of(&sent), receipt(&answer, &sent).epoch().0)
                };
                (0..50).map(post).collect::<Vec<_>>()
            })
        })
        .collect();
    for n in 0..4 {
        relay.close_epoch(NOW + n * 100, &mut rng()).unwrap();
    }
    let promised: Vec<(Leaf, u64)> = senders
        .into_iter()
        .flat_map(|s| s.join().unwrap())
        .collect();
    relay.close_epoch(NOW + 500, &mut rng()).unwrap();
    let mut found = 0;
    for epoch in 0..5 {
        for leaf in listed(&relay, epoch) {
            assert!(promised.contains(&(leaf, epoch)));
            found += 1;
        }
    }
    assert_eq!(found, promised.len());
}

#[test]
fn a_restored_board_goes_on_under_a_number_nobody_was_shown_and_says_so_for_good() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    relay_over(&shelf).close_epoch(NOW, &mut rng()).unwrap();
    shelf.put(Item::Restored, b"").unwrap();
    shelf.put(Item::Restart, &NOW.to_be_bytes()).unwrap();
    let relay = open(Arc::clone(&shelf));
    assert_eq!(relay.put_notice(&sign(&sample::body(2)), NOW).status, 204);
    // From the first moment on, in every manifest, and after another start too.
    for _ in 0..3 {
        let relay = open(Arc::clone(&shelf));
        let newest = board_file(&relay, "newest");
        let newest = SignedManifest::verify(&newest, &MAILBOX, &secret().public()).unwrap();
        let newest = newest.manifest();
        let told = newest.restarts.as_slice();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].after, told[0].epoch), (Epoch(0), Epoch(NOW)));
        assert_eq!(told[0].hash, manifest(&relay, 0).hash());
        let before = newest.restarts.before(newest.epoch).unwrap();
        assert_eq!(manifest(&relay, before.0).hash(), newest.previous);
        relay.close_epoch(NOW + 100, &mut rng()).unwrap();
    }
    let listed = read_window(&open(shelf), Day::of_unix_seconds(NOW), NOW + 100);
    assert_eq!(listed, [0, NOW, NOW + 1, NOW + 2, NOW + 3]);
}

#[test]
fn a_restored_board_that_does_not_say_so_yet_takes_no_letter() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    relay_over(&shelf).close_epoch(NOW, &mut rng()).unwrap();
    // The office spoke; a kill came before the epoch that says so.
    shelf.put(Item::Restart, &NOW.to_be_bytes()).unwrap();
    let relay = open(shelf);
    assert_eq!(relay.post(posting(1), NOW).status, 503);
    assert!(relay.epoch_is_due(NOW));
    // The clock and the office's notice both find that; an epoch lasts a second.
    let closes = || relay.close_epoch_if_due(NOW, &mut rng()).unwrap();
    assert!(closes().is_some() && closes().is_none());
    assert!(!relay.epoch_is_due(NOW));
    assert_eq!(
        manifest(&relay, NOW).manifest().restarts.as_slice().len(),
        1
    );
}

#[test]
fn a_restored_store_takes_no_letter_and_closes_no_epoch_until_the_office_speaks() {
    let shelf: Arc<dyn Shelf> = Arc::new(MemoryShelf::default());
    relay_over(&shelf).close_epoch(NOW, &mut rng()).unwrap();
    shelf.put(Item::Restored, b"").unwrap();
    let relay = open(Arc::clone(&shelf));
    assert_eq!(relay.post(posting(1), NOW).status, 503);
    let closed = relay.close_epoch(NOW, &mut rng());
    assert_eq!(closed.err(), Some(CannotClose::Restored));
    assert_eq!(relay.board_file("0/manifest", NOW).status, 200);
    assert_eq!(
        relay.put_notice(&sign(&sample::body(1)), NOW).status,
        204,
        "the same notice"
    );
    assert_eq!(relay.post(posting(1), NOW).status, 503);
    assert_eq!(relay.put_notice(&sign(&sample::body(2)), NOW).status, 204);
    assert_eq!(relay.post(posting(1), NOW).status, 201);
    assert_eq!(
        open(shelf).post(posting(1), NOW).status,
        200,
        "also after a restart"
    );
}
