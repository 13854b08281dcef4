//! An office over weeks and months: answers that wait to be read, keys that end, cases that are
//! erased.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use rehearsal::stage::{Reporter, Stage, an_arrest_in};

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
        stage.the_desk_collects();
        stage.an_epoch_passes();
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
