//! What is thought of before something leaves.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::Code;
use scene::*;

const TO: &str = "The Rapporteur";

fn writes(scene: &Scene, stamp: Stamp) -> Result<Entry, CannotCommunicate> {
    let case = scene.the_case();
    let day = stamp.at.date().unwrap();
    let covered = case.covers(purpose("un-special-procedures"), TO, level("none"), day);
    let kind = Code::of("urgent-appeal").unwrap();
    let letter = Communication::new(covered.unwrap(), kind, TO, "Please act.", day).unwrap();
    communicate(case, &letter, stamp)
}

fn packs(scene: &Scene, stamp: Stamp) -> Result<Entry, CannotSend> {
    let case = scene.the_case();
    let day = stamp.at.date().unwrap();
    let covered = case.covers(purpose("un-special-procedures"), TO, level("none"), day);
    send_package(
        case,
        &Package::new(covered.unwrap(), TO).unwrap(),
        "",
        stamp,
    )
}

fn later(scene: &mut Scene, days: u32) -> Stamp {
    let mut stamp = scene.stamp("amina");
    stamp.at.day += days;
    stamp
}

fn consented() -> Scene {
    Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures")
}

#[test]
fn nothing_leaves_before_somebody_said_who_knows_what_is_likely_and_who_was_warned() {
    let mut scene = consented();
    let stamp = later(&mut scene, 0);
    assert_eq!(
        writes(&scene, stamp.clone()),
        Err(CannotCommunicate::NotForeseen)
    );
    assert_eq!(packs(&scene, stamp.clone()), Err(CannotSend::NotForeseen));
    for (known_by, reaction, warned) in [("", "b", "c"), ("a", " ", "c"), ("a", "b", "\n")] {
        let asked = foresee(
            scene.the_case(),
            TO,
            level("none"),
            known_by,
            reaction,
            warned,
            stamp.clone(),
        );
        assert_eq!(asked, Err(CannotForesee::Unanswered));
    }
    let nobody = foresee(scene.the_case(), " ", level("none"), "a", "b", "c", stamp);
    assert_eq!(nobody, Err(CannotForesee::NobodyNamed));
    // Thought of for one recipient is not thought of for another.
    scene.foresees("The Ministry");
    let stamp = later(&mut scene, 0);
    assert_eq!(writes(&scene, stamp), Err(CannotCommunicate::NotForeseen));
    scene.foresees("the  rapporteur");
    let stamp = later(&mut scene, 0);
    assert!(writes(&scene, stamp.clone()).is_ok());
    assert!(packs(&scene, stamp).is_ok());
}

#[test]
fn what_was_foreseen_two_weeks_ago_is_thought_of_again() {
    let mut scene = consented();
    scene.foresees(TO);
    let last = later(&mut scene, FORESIGHT_DAYS - 1);
    assert!(writes(&scene, last).is_ok());
    let over = later(&mut scene, FORESIGHT_DAYS);
    assert_eq!(writes(&scene, over), Err(CannotCommunicate::NotForeseen));
}

#[test]
fn a_letter_for_which_nothing_was_foreseen_decides_nothing_wherever_it_was_written() {
    let mut scene = consented();
    let letter = {
        let mut there = consented();
        there.foresees(TO);
        let stamp = later(&mut there, 0);
        writes(&there, stamp).unwrap()
    };
    scene.office.apply(letter);
    assert!(scene.the_case().outgoing().is_empty());
    assert_eq!(scene.office.misfits().len(), 1);
}

#[test]
fn who_stands_back_foresees_nothing() {
    let mut scene = consented();
    scene.sends();
    scene.does("amina", |case, stamp| {
        recuse(case, Colleague::read("amina").unwrap(), "A cousin.", stamp)
    });
    let asked = scene.tries("amina", |case, stamp| {
        foresee(case, TO, level("none"), "a", "b", "c", stamp)
    });
    assert_eq!(asked, Err(CannotForesee::Recused));
}

#[test]
fn what_was_foreseen_before_a_reprisal_is_thought_of_again() {
    let mut scene = consented();
    scene.sends();
    let stamp = later(&mut scene, 1);
    assert!(writes(&scene, stamp).is_ok());
    scene.day += 1;
    scene.does("amina", |case, stamp| {
        check_in(case, 1, 1, "They came.", Some(record::ActId(1)), stamp)
    });
    let stamp = later(&mut scene, 0);
    assert_eq!(writes(&scene, stamp), Err(CannotCommunicate::NotForeseen));
    scene.foresees(TO);
    let stamp = later(&mut scene, 0);
    assert!(writes(&scene, stamp).is_ok());
}

#[test]
fn what_is_confidential_is_not_made_public() {
    let mut scene = consented();
    scene.foresees(TO);
    for (how, fits) in [
        (Dispatch::Portal, true),
        (Dispatch::PlainEmail, true),
        (Dispatch::Public, false),
    ] {
        let stamp = later(&mut scene, 0);
        let case = scene.the_case();
        let day = stamp.at.date().unwrap();
        let covered = case.covers(purpose("un-special-procedures"), TO, level("none"), day);
        let kind = Code::of("urgent-appeal").unwrap();
        let letter = Communication::new(covered.unwrap(), kind, TO, "Please act.", day);
        let sent = communicate(case, &letter.unwrap().dispatched(how, ""), stamp);
        assert_eq!(sent.is_ok(), fits, "{how:?}");
        if !fits {
            assert_eq!(sent, Err(CannotCommunicate::NotThisWay));
        }
    }
}

#[test]
fn a_receipt_that_comes_after_the_letter_stands_with_it() {
    let mut scene = consented();
    let letter = scene.sends();
    let none = scene.tries("amina", |case, stamp| {
        note_receipt(case, letter, " ", stamp)
    });
    assert_eq!(none, Err(CannotNoteReceipt::NothingWritten));
    let other = scene.tries("amina", |case, stamp| {
        note_receipt(case, letter + 1, "17", stamp)
    });
    assert_eq!(other, Err(CannotNoteReceipt::NoSuchLetter));
    scene.does("amina", |case, stamp| {
        note_receipt(case, letter, "A-17", stamp)
    });
    let receipts: Vec<&str> = scene
        .the_case()
        .receipts(letter)
        .map(Text::as_str)
        .collect();
    assert_eq!(receipts, ["A-17"]);
}

#[test]
fn what_was_foreseen_without_a_name_is_thought_of_again_with_one() {
    let mut scene = consented();
    scene.does("amina", |case, stamp| {
        foresee(case, TO, level("initials"), "a", "b", "c", stamp)
    });
    let day = scene.day;
    let held = |identity: &str| {
        scene
            .the_case()
            .foresight(TO, level(identity), day)
            .is_some()
    };
    assert!(held("none") && held("initials"));
    assert!(!held("full-name"));
}
