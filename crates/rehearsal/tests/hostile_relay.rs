//! A relay that drops, repeats, reorders, alters, rewrites, freezes: each is told in words, and
//! nothing that was acknowledged is lost by it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use desk::{Alarm, Request, Response};
use envelope::board::{DayLists, DaysHash, Manifest, NotTheSignedDays, SignedManifest};
use envelope::keys::RelaySecret;
use envelope::notice::NoticeRefused;
use envelope::{Day, Epoch};
use record::Language;
use rehearsal::stage::{Hand, Stage, an_arrest_in};

/// Records of an answer to "what letters came" (protocol §8), taken apart.
fn records(mut body: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while body.len() > 60 {
        let length = u32::from_be_bytes(body[56..60].try_into().unwrap()) as usize;
        found.push(body[..60 + length].to_vec());
        body = &body[60 + length..];
    }
    found
}

fn on_letters(mut change: impl FnMut(Vec<Vec<u8>>) -> Vec<Vec<u8>> + 'static) -> Hand {
    Box::new(move |request: &Request, mut response: Response| {
        if request.path.starts_with("/office/letters") && response.status == 200 {
            response.body = change(records(&response.body)).concat();
        }
        response
    })
}

fn three_letters(seed: u64) -> Stage {
    let mut stage = Stage::with_an_office(seed);
    for n in 0..3 {
        let letter = stage.seals_without_words(&an_arrest_in(&format!("Kasai {n}")));
        assert_eq!(stage.posts(&letter).0, 201);
    }
    stage
}

fn words(alarms: &[Alarm]) -> String {
    alarms
        .iter()
        .map(|a| a.what(Language::English) + a.advice(Language::English))
        .collect()
}

#[test]
fn a_letter_that_is_listed_and_never_handed_over_is_told() {
    let mut stage = three_letters(1);
    stage.an_epoch_passes();
    stage.the_desk_collects_through(on_letters(|mut all| {
        if all.len() > 1 {
            all.remove(1);
        }
        all
    }));
    assert_eq!(stage.desk.cases().count(), 2);
    let alarms = stage.alarms();
    assert!(
        alarms.iter().any(|a| matches!(a, Alarm::LostLetter { .. })),
        "{alarms:?}"
    );
    assert!(words(&alarms).contains("never handed over"));
}

#[test]
fn a_repeated_letter_is_one_letter() {
    let mut stage = three_letters(2);
    // The relay's repetition: the same letters once more, as if they had come later.
    stage.the_desk_collects_through(on_letters(|all| {
        let mut again = all.clone();
        for record in &mut again {
            record[7] = record[7].wrapping_add(100);
        }
        [all, again].concat()
    }));
    assert_eq!(stage.desk.cases().count(), 3);
}

#[test]
fn a_letter_posted_twice_is_one_letter_promised_to_one_epoch() {
    let mut stage = three_letters(9);
    let letter = stage.seals_without_words(&an_arrest_in("Kasai"));
    let (first, receipt) = stage.posts(&letter);
    let (again, same) = stage.posts(&letter);
    assert_eq!((first, again), (201, 200));
    assert_eq!(receipt.unwrap().epoch(), same.unwrap().epoch());
    stage.the_desk_collects();
    assert_eq!(stage.desk.cases().count(), 4);
}

#[test]
fn reordered_letters_are_all_opened() {
    let mut stage = three_letters(3);
    stage.the_desk_collects_through(on_letters(|mut all| {
        all.reverse();
        all
    }));
    stage.the_desk_collects();
    assert_eq!(stage.desk.cases().count(), 3);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
}

#[test]
fn an_altered_letter_is_recorded_as_unreadable() {
    let mut stage = three_letters(4);
    stage.the_desk_collects_through(on_letters(|mut all| {
        if let Some(first) = all.first_mut() {
            *first.last_mut().unwrap() ^= 1;
        }
        all
    }));
    let alarms = stage.alarms();
    assert!(
        alarms
            .iter()
            .any(|a| matches!(a, Alarm::AlteredLetter { .. })),
        "{alarms:?}"
    );
    assert_eq!(
        stage.desk.cases().count(),
        2,
        "the others are opened all the same"
    );
}

#[test]
fn a_rewritten_epoch_is_told() {
    let mut stage = three_letters(5);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    // The board of another past, signed by the same relay.
    let mut other = three_letters(6);
    other.now = stage.now - 21_600;
    other.an_epoch_passes();
    let bent = other.board("newest").unwrap();
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/board/newest" {
            response.body.clone_from(&bent);
        }
        response
    }));
    let alarms = stage.alarms();
    assert!(
        alarms
            .iter()
            .any(|a| matches!(a, Alarm::WentBack { .. } | Alarm::Fork { .. })),
        "a board of another past is not passed over: {alarms:?}"
    );
}

#[test]
fn a_board_that_goes_back_is_told() {
    let mut stage = three_letters(7);
    let old = stage.an_epoch_passes().to_file();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/board/newest" {
            response.body.clone_from(&old);
        }
        response
    }));
    let alarms = stage.alarms();
    assert!(
        alarms.iter().any(|a| matches!(a, Alarm::WentBack { .. })),
        "{alarms:?}"
    );
}

#[test]
fn a_frozen_notice_is_refused_and_told() {
    let mut stage = three_letters(8);
    let old = stage
        .relay
        .answer("GET", "/office/notice", None, &[], stage.now);
    stage.days_pass(20);
    stage.the_office_publishes_its_notice();
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/office/notice" {
            response.body = old.body.bytes().to_vec();
        }
        response
    }));
    let alarms = stage.alarms();
    assert!(
        alarms.iter().any(|a| matches!(a, Alarm::OldNotice { .. })),
        "{alarms:?}"
    );

    stage.days_pass(40);
    assert!(
        matches!(stage.notice(), Err(NoticeRefused::Expired { .. })),
        "nobody seals to it"
    );
}

#[test]
fn a_relay_that_shows_two_readers_two_boards_is_told_by_the_letter_of_one() {
    let mut stage = Stage::with_an_office(10);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    // The relay, or somebody before it, shows this reporter another board: same key, other past.
    let mut other = three_letters(11);
    other.now = stage.now;
    other.an_epoch_passes();
    let theirs = other.an_epoch_passes().hash();
    let mut amina = stage.a_reporter();
    amina.saw = Some(theirs);
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), [], "it may be of the epoch that comes next");
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let alarms = stage.alarms();
    assert!(
        matches!(alarms[..], [Alarm::TwoBoards { .. }]),
        "{alarms:?}"
    );
    assert!(words(&alarms).contains("never shown"));
}

#[test]
fn a_letter_that_names_an_epoch_the_desk_has_not_looked_at_yet_is_no_alarm() {
    let mut stage = Stage::with_an_office(12);
    let mut amina = stage.a_reporter();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    for n in 0..4 {
        // The newest there is, closed after the desk's last visit.
        amina.saw = Some(stage.an_epoch_passes().hash());
        amina.reports(&an_arrest_in(&format!("Kasai {n}")), &mut stage);
        stage.the_desk_collects();
    }
    stage.an_epoch_passes();
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
}

#[test]
fn letters_that_the_relay_turns_around_are_ordered_by_the_boards_they_name() {
    let mut stage = Stage::with_an_office(13);
    let mut amina = stage.a_reporter();
    let earlier = stage.an_epoch_passes().hash();
    let later = stage.an_epoch_passes().hash();
    stage.the_desk_collects();
    amina.saw = Some(earlier);
    amina.reports(&an_arrest_in("Kasai, first"), &mut stage);
    amina.saw = Some(later);
    amina.reports(&an_arrest_in("Kasai, then"), &mut stage);
    amina.reports(&an_arrest_in("Kasai, at once after"), &mut stage);
    // Positions in the order they are handed over; the letters behind them turned around.
    stage.the_desk_collects_through(on_letters(|mut all| {
        if all.len() == 3 {
            let heads: Vec<Vec<u8>> = all.iter().map(|record| record[..8].to_vec()).collect();
            all.swap(0, 1);
            for (record, head) in all.iter_mut().zip(heads) {
                record[..8].copy_from_slice(&head);
            }
        }
        all
    }));
    let case = stage.desk.case(1).unwrap();
    let told = &case.letters()[0].report.as_ref().unwrap().narrative;
    assert!(told.ends_with("then."), "the relay turned them around");
    assert_eq!(case.written(0, 1), casework::Written::TurnedAround);
    assert_eq!(case.written(1, 2), casework::Written::AsTheyCame);
    assert_eq!(case.written(0, 2), casework::Written::NotKnown, "one board");
}

#[test]
fn letters_that_are_handed_over_under_too_high_positions_hide_no_later_ones() {
    let mut stage = three_letters(14);
    stage.the_desk_collects_through(on_letters(|mut all| {
        for record in &mut all {
            record[5] = 1;
        }
        all
    }));
    assert_eq!(stage.desk.cases().count(), 3);
    let letter = stage.seals_without_words(&an_arrest_in("Kasai, later"));
    assert_eq!(stage.posts(&letter).0, 201);
    stage.the_desk_collects();
    assert_eq!(
        stage.desk.cases().count(),
        3,
        "it asks only for higher ones"
    );
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let alarms = stage.alarms();
    let lost = |a: &Alarm| matches!(a, Alarm::LostLetter { .. });
    assert!(alarms.iter().any(lost), "{alarms:?}");
    stage.the_desk_collects();
    assert_eq!(stage.desk.cases().count(), 4, "and then for everything");
}

#[test]
fn an_epoch_that_is_dated_before_the_one_it_follows_is_told() {
    let mut stage = three_letters(15);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.now -= 86_400;
    stage.an_epoch_passes();
    stage.the_desk_collects();
    let alarms = stage.alarms();
    let dated = |a: &Alarm| matches!(a, Alarm::BackDated { .. });
    assert!(alarms.iter().any(dated), "{alarms:?}");
    assert!(words(&alarms).contains("set back"));
}

#[test]
fn an_epoch_that_is_hidden_or_repeated_is_told() {
    let mut stage = three_letters(16);
    let first = stage.an_epoch_passes().to_file();
    stage.an_epoch_passes();
    stage.an_epoch_passes();
    stage.the_desk_collects_through(Box::new(|request, mut response| {
        if request.path == "/board/1/manifest" {
            response.status = 404;
        }
        response
    }));
    let epoch = envelope::Epoch(1);
    assert_eq!(stage.alarms(), [Alarm::Gap { epoch }]);
    stage.desk.seen(Alarm::Gap { epoch }).unwrap();
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/board/1/manifest" {
            response.body.clone_from(&first);
        }
        response
    }));
    let alarms = stage.alarms();
    assert!(alarms.contains(&Alarm::Fork { epoch }), "{alarms:?}");
}

#[test]
fn a_board_that_stands_still_is_told_until_it_goes_on() {
    let mut stage = three_letters(17);
    let old = stage.an_epoch_passes().to_file();
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
    for _ in 0..9 {
        stage.an_epoch_passes();
    }
    // The relay goes on for others, and shows this desk the board of two days ago.
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path == "/board/newest" {
            response.body.clone_from(&old);
        }
        response
    }));
    let alarms = stage.alarms();
    assert!(
        matches!(alarms[..], [Alarm::StandsStill { .. }]),
        "{alarms:?}"
    );
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
}

/// A relay that signs its newest epoch for lists of its own making. To this desk it shows the lists
/// that belong to the board.
struct OtherLists {
    newest: SignedManifest,
    files: Vec<(Day, Vec<u8>)>,
}

impl OtherLists {
    fn signed(stage: &Stage, first: Day, bend: impl Fn(Day, &mut Vec<u8>)) -> Self {
        let newest = stage.newest().manifest().clone();
        let mut files = Vec::new();
        for day in (first.0..=newest.day.0).map(Day) {
            let mut file = stage.board(&format!("days/{}", day.0)).unwrap_or_default();
            bend(day, &mut file);
            files.push((day, file));
        }
        let listed = files.iter().filter(|(_, file)| !file.is_empty());
        let manifest = Manifest {
            days: listed.fold(DaysHash::NONE, |days, (day, file)| days.then(*day, file)),
            ..newest
        };
        Self {
            newest: SignedManifest::sign(manifest, &RelaySecret::from_seed(&[7; 32])),
            files,
        }
    }

    fn hand(&self) -> Hand {
        let (file, epoch) = (self.newest.to_file(), self.newest.manifest().epoch.0);
        Box::new(move |request, mut response| {
            let own = format!("/board/{epoch}/manifest");
            if request.path == "/board/newest" || request.path == own {
                response.body.clone_from(&file);
            }
            response
        })
    }

    fn is_read(&self, first: Day) -> bool {
        let mut lists = DayLists::of(self.newest.manifest(), first);
        for (day, file) in &self.files {
            lists.add(*day, file).unwrap();
        }
        lists.verify(|_| Err(NotTheSignedDays)).is_ok()
    }
}

/// A stage on which an answer was posted and listed, the day it began, and the epoch that lists it.
fn an_answer_is_listed(seed: u64) -> (Stage, Day, Epoch) {
    let mut stage = Stage::with_an_office(seed);
    let first = stage.today();
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.the_caseworker_replies(1, "We have it.");
    stage.the_desk_collects();
    let listed = stage.an_epoch_passes();
    (stage, first, listed.manifest().epoch)
}

/// Where an epoch's entry of sixteen cells lies in a file of a day.
fn entry_of(file: &[u8], epoch: Epoch) -> Option<usize> {
    let entries = file.chunks(12 + 8 * 16);
    let mut number = entries.map(|entry| entry[..8].to_vec());
    let at = number.position(|number| number == epoch.0.to_be_bytes());
    at.map(|at| at * (12 + 8 * 16))
}

fn hide(file: &mut Vec<u8>, epoch: Epoch) {
    if let Some(at) = entry_of(file, epoch) {
        drop(file.drain(at..at + 12 + 8 * 16));
    }
}

#[test]
fn an_answer_that_is_left_out_of_a_signed_list_is_told_at_the_desk_and_no_reader_believes_the_list()
{
    let (mut stage, first, listed) = an_answer_is_listed(18);
    let other = OtherLists::signed(&stage, first, |_, file| hide(file, listed));
    assert!(!other.is_read(first));
    stage.the_desk_collects_through(other.hand());
    let day = stage.today();
    assert_eq!(stage.alarms(), [Alarm::AlteredDay { day }]);
    assert!(words(&stage.alarms()).contains("may not find your answers"));
}

#[test]
fn an_answer_that_is_listed_on_a_day_to_come_is_posted_again_and_found_on_its_own() {
    let mut stage = Stage::with_an_office(22);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_caseworker_replies(1, "We have it.");
    stage.the_desk_collects();
    // The relay's clock is three days ahead for one epoch, and mended.
    stage.days_pass(3);
    stage.an_epoch_passes();
    stage.now -= 3 * 86_400;
    stage.the_desk_collects();
    let alarms = stage.alarms();
    let ahead = |a: &Alarm| matches!(a, Alarm::Clocks { .. });
    assert!(alarms.iter().any(ahead), "{alarms:?}");
    // The first epoch of the right day shows whose clock it was; the second lists the answer.
    for _ in 0..2 {
        stage.an_epoch_passes();
        stage.the_desk_collects();
    }
    assert!(amina.is_told(&stage).contains(&"We have it.".to_owned()));
}

#[test]
fn an_answer_whose_tags_a_signed_list_bends_is_told_at_the_desk() {
    let (mut stage, first, listed) = an_answer_is_listed(19);
    let other = OtherLists::signed(&stage, first, |_, file| {
        if let Some(at) = entry_of(file, listed) {
            file[at + 12..at + 12 + 8 * 16].fill(7);
        }
    });
    assert!(
        other.is_read(first),
        "who does not know the cells believes it"
    );
    // Here the desk is shown the bent list too: it alone can tell.
    let (mut hand, files) = (other.hand(), other.files.clone());
    stage.the_desk_collects_through(Box::new(move |request, response| {
        let mut response = hand(request, response);
        for (day, file) in &files {
            if request.path == format!("/board/days/{}", day.0) {
                response.body.clone_from(file);
            }
        }
        response
    }));
    let day = stage.today();
    assert_eq!(stage.alarms(), [Alarm::AlteredDay { day }]);
}

#[test]
fn a_list_that_is_bent_after_the_desk_has_seen_it_is_told_with_the_next_epoch() {
    let (mut stage, first, listed) = an_answer_is_listed(20);
    stage.the_desk_collects();
    assert_eq!(stage.alarms(), []);
    for _ in 0..5 {
        stage.an_epoch_passes();
        stage.the_desk_collects();
    }
    assert_eq!(stage.alarms(), [], "over a day, all is well");
    stage.an_epoch_passes();
    let other = OtherLists::signed(&stage, first, |_, file| hide(file, listed));
    stage.the_desk_collects_through(other.hand());
    let day = stage.today();
    assert_eq!(stage.alarms(), [Alarm::AlteredDay { day }]);
}

#[test]
fn a_list_is_checked_from_a_manifest_the_desk_was_shown_and_another_is_told() {
    let (mut stage, first, _) = an_answer_is_listed(21);
    for _ in 0..5 {
        stage.the_desk_collects();
        stage.an_epoch_passes();
    }
    assert!(stage.today() > first);
    let newest = stage.newest().manifest().epoch.0;
    let (mailbox, key) = (stage.desk.identity().mailbox, stage.relay.public_key());
    stage.the_desk_collects_through(Box::new(move |request, mut response| {
        if request.path.ends_with("/manifest")
            && request.path != format!("/board/{newest}/manifest")
        {
            let shown = SignedManifest::verify(&response.body, &mailbox, &key).unwrap();
            let other = Manifest {
                second: 1,
                ..shown.manifest().clone()
            };
            let secret = RelaySecret::from_seed(&[7; 32]);
            response.body = SignedManifest::sign(other, &secret).to_file();
        }
        response
    }));
    let alarms = stage.alarms();
    let fork = |a: &Alarm| matches!(a, Alarm::Fork { epoch } if epoch.0 < newest);
    assert!(alarms.len() == 1 && alarms.iter().all(fork), "{alarms:?}");
}
