//! An office over weeks and months: answers that wait to be read, keys that end, cases that are
//! erased.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use rehearsal::stage::{Hand, Reporter, Stage, an_arrest_in};

const ANSWER: &str = "We have read it. Is she still held?";

/// An office that answered, and a reporter who has not come back yet.
fn an_answer_waits(seed: u64) -> (Stage, Reporter) {
    let mut stage = Stage::with_an_office(seed);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.the_caseworker_replies(1, ANSWER);
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    (stage, amina)
}

/// Weeks of an office at work: it publishes, collects, and its relay closes epochs.
fn weeks_pass(stage: &mut Stage, weeks: u64) {
    for _ in 0..weeks {
        stage.days_pass(7);
        stage.the_office_publishes_its_notice();
        stage.an_epoch_passes();
        stage.the_desk_collects();
    }
}

#[test]
fn an_answer_that_nobody_read_is_found_after_half_a_year_once() {
    let (mut stage, amina) = an_answer_waits(21);
    assert_eq!(amina.is_told(&stage), [ANSWER]);
    weeks_pass(&mut stage, 26);
    assert_eq!(amina.is_told(&stage), [ANSWER]);
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.replies()[0].reposted.len(), 2, "once in two months");
    assert_eq!(stage.alarms(), []);
}

#[test]
fn an_answer_that_was_read_and_one_of_a_closed_case_are_left_alone() {
    let (mut stage, mut amina) = an_answer_waits(22);
    amina.acknowledges = amina.reads(&stage).iter().map(|answer| answer.day).max();
    stage.days_pass(1);
    amina.reports(&an_arrest_in("Kasai, again"), &mut stage);
    weeks_pass(&mut stage, 18);
    let case = stage.desk.case(1).unwrap();
    assert!(case.is_read(&case.replies()[0]));
    assert!(case.replies()[0].reposted.is_empty());

    let (mut stage, _) = an_answer_waits(23);
    let now = stage.now;
    stage
        .desk
        .decide(1, now, |c, s| {
            casework::change_state(c, casework::State::Closed, "Nothing more to do.", None, s)
        })
        .unwrap();
    weeks_pass(&mut stage, 18);
    let case = stage.desk.case(1).unwrap();
    assert!(case.replies()[0].reposted.is_empty());
}

#[test]
fn once_words_may_be_in_other_hands_nothing_more_reaches_them() {
    let (mut stage, mut amina) = an_answer_waits(24);
    stage.the_caseworker_replies(1, "A second answer, still on the desk.");
    let now = stage.now;
    stage
        .desk
        .stop_answers(1, "Her phone was taken.", now)
        .unwrap();
    amina.reports(&an_arrest_in("Kasai, again"), &mut stage);
    let told_before = stage.desk.case(1).unwrap().acknowledged().len();
    weeks_pass(&mut stage, 10);
    assert!(amina.is_told(&stage).iter().all(|text| text == ANSWER));
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.letters().len(), 2, "letters are still taken in");
    assert_eq!(case.acknowledged().len(), told_before, "but not answered");
    assert!(case.replies()[0].reposted.is_empty());
    assert_eq!(stage.alarms(), []);
}

#[test]
fn an_answer_that_names_somebody_the_letter_told_of_is_looked_at_once_more() {
    let mut stage = Stage::with_an_office(25);
    let mut amina = stage.a_reporter();
    let mut report = an_arrest_in("Kasai");
    report.victims.push(record::VictimAsTold {
        told: "The neighbour, Zubaida".to_owned(),
        ..record::VictimAsTold::default()
    });
    amina.reports(&report, &mut stage);
    stage.the_desk_collects();
    let named = [desk::Consequence::NamesSomeone];
    assert_eq!(stage.desk.consequences(1, "Is Zubaida still held?"), named);
    assert_eq!(stage.desk.consequences(1, "Is she still held?"), []);
    assert_eq!(
        stage.desk.consequences(1, "The neighbour: is she held?"),
        []
    );
}

/// The periods whose intake keys the desk holds, and the conversation keys.
fn keys_held(stage: &Stage) -> (Vec<u32>, Vec<u32>) {
    let r = stage.desk.vault().read();
    let of = |role| r.numbers(role).unwrap();
    (of(vault::Role::Intake), of(vault::Role::Conversation))
}

/// Days from the stage's beginning to the day after the first key's grace is over.
const GRACE_OVER: u64 = 5 * 7;

#[test]
fn a_key_waits_for_a_desk_that_was_away_and_no_longer_than_its_hard_limit() {
    for (days_away, is_opened) in [(GRACE_OVER + 6, true), (GRACE_OVER + 20, false)] {
        let mut stage = Stage::with_an_office(26);
        let (first, _) = keys_held(&stage);
        let mut amina = stage.a_reporter();
        amina.reports(&an_arrest_in("Kasai"), &mut stage);
        stage.days_pass(days_away);
        let alarms = stage.alarms();
        let due = |a: &desk::Alarm| matches!(a, desk::Alarm::KeyDue { days: 1..=14 });
        assert!(alarms.iter().any(due), "{alarms:?}");
        let collected = stage.the_desk_collects();
        assert_eq!(collected.new_cases, u32::from(is_opened));
        assert_eq!(collected.unreadable, u32::from(!is_opened));
        assert!(!keys_held(&stage).0.contains(&first[0]), "then it goes");
    }
}

#[test]
fn a_key_waits_for_a_letter_that_the_relay_owes_and_conversations_of_its_time_with_it() {
    let mut stage = Stage::with_an_office(27);
    let (first, _) = keys_held(&stage);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Kasai"), &mut stage);
    let kept_back = stage.seals_without_words(&an_arrest_in("Kasai, kept back"));
    assert_eq!(stage.posts(&kept_back).0, 201);
    stage.an_epoch_passes();
    let (leaf, length) = (kept_back.leaf().0, kept_back.letter().len());
    let hides = || -> Hand {
        Box::new(move |request, mut response| {
            if request.path.starts_with("/office/letters")
                && let Some(at) = response.body.windows(32).position(|w| w == leaf)
            {
                response.body.drain(at - 8..at + 52 + length);
            }
            response
        })
    };
    for _ in 0..5 {
        stage.the_desk_collects_through(hides());
        stage.days_pass(7);
        stage.the_office_publishes_its_notice();
    }
    stage.days_pass(3);
    stage.the_desk_collects_through(hides());
    let (intake, conversations) = keys_held(&stage);
    assert!(intake.contains(&first[0]), "the letter may come after all");
    assert!(
        conversations.contains(&first[0]),
        "it could be read from a letter"
    );
    stage.days_pass(14);
    stage.the_office_publishes_its_notice();
    stage.the_desk_collects_through(hides());
    let (intake, conversations) = keys_held(&stage);
    assert!(!intake.contains(&first[0]), "the hard limit is over");
    assert!(!conversations.contains(&first[0]));
}

#[test]
fn an_erased_case_is_gone_from_the_vault_and_the_log_still_holds() {
    let mut stage = Stage::with_an_office(28);
    let mut amina = stage.a_reporter();
    amina.reports(&an_arrest_in("Mbandaka"), &mut stage);
    let mut benoit = stage.a_reporter();
    benoit.reports(&an_arrest_in("Kasai"), &mut stage);
    stage.the_desk_collects();
    stage.the_caseworker_replies(1, "Is there anyone else in Mbandaka?");
    let now = stage.now;
    let note = |c: &casework::Case, s| casework::note(c, "Her cousin is in Mbandaka.", s);
    stage.desk.decide(1, now, note).unwrap();
    let store = |stage: &Stage| {
        let files = std::fs::read_dir(stage.desk.vault().folder()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| name.ends_with(".store"))
            .collect::<Vec<_>>()
    };
    let before = store(&stage);
    stage.the_caseworker_erases(1, "The person asked for it.");
    assert_ne!(store(&stage), before, "the vault changed its key");

    let stage = stage.the_desk_is_opened_anew();
    assert_eq!(stage.alarms(), [], "the chain holds");
    let case = stage.desk.case(1).unwrap();
    assert_eq!(case.state(), casework::State::Erased);
    assert!(case.letters().is_empty());
    let told = &stage.desk.case(2).unwrap().letters()[0].report;
    assert!(
        told.as_ref().unwrap().narrative.ends_with("Kasai."),
        "case 2 is still case 2"
    );
    assert!(stage.desk.search("Mbandaka").unwrap().is_empty());
    let r = stage.desk.vault().read();
    let left = r.entries(0).unwrap();
    let holds = |bytes: &[u8]| bytes.windows(8).any(|w| w == b"Mbandaka");
    assert!(!left.iter().any(|(_, bytes)| holds(bytes)));
    assert_eq!(r.conversations().unwrap().len(), 1, "and its keys are gone");

    // The relay's copy of the letter does not bring it back.
    let mut stage = stage;
    stage.the_desk_collects_through(Box::new(|request, response| {
        let again = request.path.starts_with("/office/letters?after=0");
        assert!(!again, "the desk asks only for what is new");
        response
    }));
    assert_eq!(stage.desk.cases().count(), 2);
}

#[test]
fn a_letter_that_says_its_words_may_be_in_other_hands_stops_answers_by_itself() {
    let (mut stage, mut amina) = an_answer_waits(29);
    stage.the_caseworker_replies(1, "A second answer, still on the desk.");
    stage.days_pass(1);
    let mut report = an_arrest_in("Kasai, again");
    report.words = "exposed".into();
    amina.reports(&report, &mut stage);
    stage.the_desk_collects();
    stage.an_epoch_passes();
    stage.the_desk_collects();
    stage.an_epoch_passes();
    let case = stage.desk.case(1).unwrap();
    assert!(case.stopped().is_some());
    assert!(case.has_news(), "a person still has to read the letter");
    assert_eq!(case.acknowledged().len(), 1, "not even that it was opened");
    assert_eq!(amina.is_told(&stage), [ANSWER]);
}
