//! Claims about changing the words of a conversation. (protocol §4.4)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::Report;
use scene::*;

const OLD: Conversation = Conversation([9; 32]);
const NEW: Conversation = Conversation([10; 32]);
const NEWER: Conversation = Conversation([11; 32]);

fn slot(slot: u16) -> Slot {
    Slot { day: TODAY, slot }
}

fn told(leaf: u8, words: Conversation, text: &str, to: Option<Conversation>) -> Arrival {
    Arrival {
        report: Report {
            narrative: text.to_owned(),
            ..Report::default()
        },
        came: Came::Sealed {
            leaf: Leaf([leaf; 32]),
            sealed_by: SealedBy::Page,
            conversation: Some(words),
            acknowledges: Some(TODAY + 90),
            saw_epoch: None,
            hands_over: to,
        },
    }
}

/// Takes a letter in, on a later day than anything that was answered.
fn comes(scene: &mut Scene, arrival: Arrival) -> CaseId {
    let mut stamp = scene.stamp("amina");
    stamp.at.day = TODAY + 1;
    let entry = intake(&scene.office, arrival, stamp).unwrap();
    let case = entry.case().unwrap();
    scene.put(entry);
    case
}

fn change(scene: &mut Scene, leaf: u8, to: Conversation) -> Result<Entry, CannotChangeWords> {
    let stamp = scene.stamp("amina");
    change_words(&scene.office, scene.the_case(), Leaf([leaf; 32]), to, stamp)
}

/// A letter under these words changes them to others, and that is followed.
fn changes(scene: &mut Scene, leaf: u8, from: Conversation, to: Conversation) {
    comes(scene, told(leaf, from, "", Some(to)));
    let entry = change(scene, leaf, to).unwrap();
    scene.put(entry);
}

#[test]
fn after_a_change_the_case_goes_on_under_the_new_words() {
    let mut scene = Scene::with_a_letter();
    let case = scene.case;
    changes(&mut scene, 8, OLD, NEW);
    assert_eq!(scene.the_case().conversation(), Some(NEW));
    assert_eq!(comes(&mut scene, told(12, NEW, "I am safe.", None)), case);
    let letters = scene.the_case().letters();
    assert!(
        letters.iter().all(|letter| letter.signed),
        "before and after"
    );
    assert!(scene.the_case().changed_by(&letters[1]).is_some());
    assert_eq!(scene.the_case().former_words()[0].conversation, OLD);
    assert!(!scene.the_case().began_with_a_change());
    // The log alone gives the same.
    assert_eq!(Office::fold(scene.log.clone()), scene.office);
}

#[test]
fn a_letter_under_old_words_is_kept_and_carries_neither_consent_nor_acknowledgement() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        reply(case, "Come.", vec![slot(0)], stamp)
    });

    comes(
        &mut scene,
        Arrival {
            ..told(8, OLD, "", Some(NEW))
        },
    );
    let read_before = scene.the_case().is_read(&scene.the_case().replies()[0]);
    assert!(read_before, "signed, on a later day");
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        reply(case, "Come.", vec![slot(0)], stamp)
    });
    let mut silent = told(8, OLD, "", Some(NEW));
    if let Came::Sealed { acknowledges, .. } = &mut silent.came {
        *acknowledges = None;
    }
    comes(&mut scene, silent);
    let entry = change(&mut scene, 8, NEW).unwrap();
    scene.put(entry);
    let case = scene.case;
    assert_eq!(
        comes(&mut scene, told(13, OLD, "Publish my name.", None)),
        case
    );
    let found = scene.the_case();
    let late = found.letters().last().unwrap();
    assert!(found.came_under_old_words(late) && !late.signed);
    assert!(!found.is_read(&found.replies()[0]));
    let consent = scene.tries("bo", |case, stamp| {
        record_consent(
            case,
            record::Consent {
                form: record::Term::told("in-app"),
                ..yes("statistics")
            },
            Some(Leaf([13; 32])),
            stamp,
        )
    });
    assert_eq!(consent, Err(CannotRecord::NotSigned));
}

#[test]
fn an_answer_that_was_not_read_lies_under_the_old_words_until_it_is_posted_again() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        reply(case, "Come.", vec![slot(0)], stamp)
    });
    changes(&mut scene, 8, OLD, NEW);
    let case = scene.the_case();
    assert!(case.lies_under_old_words(&case.replies()[0]));
    scene.does("amina", |case, stamp| repost(case, 1, vec![slot(1)], stamp));
    let case = scene.the_case();
    assert!(!case.lies_under_old_words(&case.replies()[0]));
    changes(&mut scene, 14, NEW, NEWER);
    let case = scene.the_case();
    assert!(
        case.lies_under_old_words(&case.replies()[0]),
        "changed twice"
    );
    scene.does("amina", |case, stamp| {
        reply(case, "Hello.", vec![slot(2)], stamp)
    });
    let case = scene.the_case();
    assert!(!case.lies_under_old_words(&case.replies()[1]));
}

#[test]
fn a_letter_says_nothing_of_answers_that_its_words_could_not_read() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        reply(case, "Do not go home.", vec![slot(0)], stamp)
    });
    let mut silent = told(8, OLD, "", Some(NEW));
    if let Came::Sealed { acknowledges, .. } = &mut silent.came {
        *acknowledges = None;
    }
    comes(&mut scene, silent);
    let entry = change(&mut scene, 8, NEW).unwrap();
    scene.put(entry);
    // Under the new words another answer was read, of a later day.
    comes(&mut scene, told(12, NEW, "I read it.", None));
    let case = scene.the_case();
    assert!(!case.is_read(&case.replies()[0]), "sealed to the old words");
    scene.does("amina", |case, stamp| repost(case, 1, vec![slot(1)], stamp));
    comes(&mut scene, told(13, NEW, "And this.", None));
    let case = scene.the_case();
    assert!(case.is_read(&case.replies()[0]));
}

#[test]
fn answers_that_were_stopped_stay_stopped_when_the_words_change() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        stop_answers(case, "She called.", stamp)
    });
    changes(&mut scene, 8, OLD, NEW);
    let refused = scene.tries("amina", |case, stamp| {
        reply(case, "Hi", vec![slot(0)], stamp)
    });
    assert_eq!(refused, Err(CannotReply::Stopped));
    scene.does("amina", |case, stamp| {
        resume_answers(case, "She called again.", stamp)
    });
    let taken = scene.tries("amina", |case, stamp| {
        reply(case, "Hi", vec![slot(0)], stamp)
    });
    assert!(taken.is_ok());
}

#[test]
fn only_a_letter_under_words_in_force_changes_them() {
    let mut scene = Scene::with_a_letter();
    comes(&mut scene, told(8, OLD, "", Some(NEW)));
    let absent = change(&mut scene, 77, NEW);
    assert_eq!(absent, Err(CannotChangeWords::NotInForce));
    let entry = change(&mut scene, 8, NEW).unwrap();
    scene.put(entry);
    // Somebody who has the old paper tries it as well, and so does one who had it first.
    comes(&mut scene, told(15, OLD, "It is me.", Some(NEWER)));
    let late = change(&mut scene, 15, NEWER);
    assert_eq!(late, Err(CannotChangeWords::NotInForce));
    let case = scene.the_case();
    assert!(case.came_under_old_words(case.letters().last().unwrap()));
    // Nor does the letter that changed them serve once more.
    let entry = change(&mut scene, 8, NEWER);
    assert_eq!(entry, Err(CannotChangeWords::NotInForce), "it served once");
}

#[test]
fn words_that_were_given_up_do_not_come_back() {
    let mut scene = Scene::with_a_letter();
    changes(&mut scene, 8, OLD, NEW);
    comes(&mut scene, told(16, NEW, "", Some(OLD)));
    let back = change(&mut scene, 16, OLD);
    assert_eq!(back, Err(CannotChangeWords::InForceBefore));
    let case = scene.the_case();
    assert!(case.asks_in_vain(case.letters().last().unwrap()));
    assert_eq!(case.conversation(), Some(NEW));
}

#[test]
fn the_same_change_said_once_more_changes_nothing_and_is_no_warning() {
    let mut scene = Scene::with_a_letter();
    changes(&mut scene, 8, OLD, NEW);
    comes(&mut scene, told(18, OLD, "As I said.", Some(NEW)));
    let case = scene.the_case();
    assert!(!case.came_under_old_words(case.letters().last().unwrap()));
    assert_eq!(case.former_words().len(), 1);
}

#[test]
fn a_letter_under_old_words_is_kept_though_it_says_what_another_said() {
    let mut scene = Scene::with_a_letter();
    changes(&mut scene, 8, OLD, NEW);
    comes(&mut scene, told(17, OLD, "", None));
    comes(&mut scene, told(18, OLD, "", None));
    let leaves = scene.the_case().letters().iter().map(|letter| letter.leaf);
    assert!(leaves.eq([7, 8, 17, 18].map(|n| Some(Leaf([n; 32])))));
}

#[test]
fn letters_under_new_words_that_came_first_are_joined_and_not_lost() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    let early = comes(&mut scene, told(19, NEW, "Written after the change.", None));
    assert_ne!(early, first, "nothing is known of these words yet");
    changes(&mut scene, 8, OLD, NEW);
    let other = scene.office.case(early).unwrap();
    assert_eq!(other.moved_to(), Some(first));
    assert_eq!((other.letters().len(), other.conversation()), (1, None));
    assert!(other.has_news(), "somebody has still to read it");
    assert_eq!(scene.the_case().former_words()[0].joined, Some(early));
    let next = comes(&mut scene, told(20, NEW, "And this.", None));
    assert_eq!(next, first);
    assert_eq!(Office::fold(scene.log.clone()), scene.office);
}

/// The log as it is kept once a case was erased: of that case, only that it was.
fn erases(scene: &mut Scene, case: CaseId) {
    let stamp = scene.stamp("amina");
    let entry = erase(scene.office.case(case).unwrap(), "Asked for.", stamp).unwrap();
    scene.log.retain(|entry| entry.case() != Some(case));
    scene.log.push(entry);
    scene.office = Office::fold(scene.log.clone());
}

#[test]
fn words_given_up_in_between_stay_given_up_when_the_case_that_told_so_is_erased() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    // Two changes came turned around.
    scene.case = comes(&mut scene, told(8, NEW, "", Some(NEWER)));
    let between = scene.case;
    let entry = change(&mut scene, 8, NEWER).unwrap();
    scene.put(entry);
    scene.case = first;
    changes(&mut scene, 12, OLD, NEW);
    assert_eq!(scene.office.joined_with(first), [between]);
    erases(&mut scene, between);
    assert!(scene.office.misfits().is_empty());
    let given_up = scene.the_case().former_words().iter();
    let given_up: Vec<_> = given_up.map(|former| former.conversation).collect();
    assert_eq!(given_up, [OLD, NEW]);
    assert_eq!(comes(&mut scene, told(13, NEW, "Me.", None)), first);
    let case = scene.the_case();
    assert!(case.came_under_old_words(case.letters().last().unwrap()));
    assert!(scene.office.misfits().is_empty());
    assert_eq!(scene.the_case().conversation(), Some(NEWER));
    assert_eq!(Office::fold(scene.log.clone()), scene.office);
}

#[test]
fn a_case_is_joined_with_all_whose_words_led_to_it() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    let early = comes(&mut scene, told(19, NEW, "Written after the change.", None));
    changes(&mut scene, 8, OLD, NEW);
    let later = comes(&mut scene, told(20, NEWER, "And after another.", None));
    changes(&mut scene, 12, NEW, NEWER);
    assert_eq!(scene.office.joined_with(first), [early, later]);
    assert!(scene.office.joined_with(early).is_empty());
}

#[test]
fn answers_that_were_stopped_under_the_new_words_stay_stopped_when_they_are_joined() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    scene.case = comes(&mut scene, told(19, NEW, "Written after the change.", None));
    scene.does("amina", |case, stamp| {
        stop_answers(case, "These too were seen.", stamp)
    });
    scene.case = first;
    changes(&mut scene, 8, OLD, NEW);
    let stopped = scene.the_case().stopped().unwrap();
    assert_eq!(stopped.reason.as_str(), "These too were seen.");
    let sent = scene.tries("amina", |case, stamp| {
        reply(case, "Come.", vec![slot(0)], stamp)
    });
    assert_eq!(sent, Err(CannotReply::Stopped));
    assert_eq!(Office::fold(scene.log.clone()), scene.office);
}

#[test]
fn old_words_stop_answers_once_after_a_change_and_never_against_a_person() {
    let exposed = |leaf| {
        let mut letter = told(leaf, OLD, &format!("{leaf}"), None);
        letter.report.words = "exposed".into();
        letter
    };
    let stops = |scene: &Scene| {
        let case = scene.the_case();
        case.stops_by(case.letters().last().unwrap())
    };
    let mut scene = Scene::with_a_letter();
    changes(&mut scene, 8, OLD, NEW);
    comes(&mut scene, told(12, OLD, "I am here.", None));
    assert!(!stops(&scene), "it does not say so");
    let mut again = told(13, OLD, "", Some(NEW));
    again.report.words = "exposed".into();
    comes(&mut scene, again);
    assert!(!stops(&scene), "it gives up what was given up");
    comes(&mut scene, exposed(14));
    assert!(stops(&scene));
    scene.does("amina", |case, stamp| stop_answers(case, "So.", stamp));
    scene.does("amina", |case, stamp| {
        resume_answers(case, "It is she.", stamp)
    });
    comes(&mut scene, exposed(15));
    assert!(!stops(&scene), "a person looked");
    // The words in force can say it at any time.
    let mut own = told(16, NEW, "", None);
    own.report.words = "exposed".into();
    comes(&mut scene, own);
    assert!(stops(&scene));
    changes(&mut scene, 17, NEW, NEWER);
    comes(&mut scene, exposed(18));
    assert!(stops(&scene), "another change, another time");
}

#[test]
fn words_to_which_something_was_sealed_in_another_case_are_not_joined_silently() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    let other = comes(&mut scene, told(19, NEW, "Another matter.", None));
    scene.case = other;
    scene.does("amina", |case, stamp| {
        reply(case, "Yes?", vec![slot(0)], stamp)
    });
    scene.case = first;
    comes(&mut scene, told(8, OLD, "", Some(NEW)));
    let refused = change(&mut scene, 8, NEW);
    assert_eq!(refused, Err(CannotChangeWords::PinnedElsewhere));
    let case = scene.the_case();
    assert_eq!(case.conversation(), Some(OLD));
    assert!(case.asks_in_vain(case.letters().last().unwrap()));
    assert_eq!(scene.office.case(other).unwrap().conversation(), Some(NEW));
}

#[test]
fn a_change_under_words_that_nobody_knows_opens_a_case_under_the_new_ones() {
    let mut scene = Scene::empty();
    scene.case = comes(&mut scene, told(8, OLD, "", Some(NEW)));
    let entry = change(&mut scene, 8, NEW).unwrap();
    scene.put(entry);
    assert_eq!(scene.the_case().conversation(), Some(NEW));
    assert!(scene.the_case().began_with_a_change());
    // Their first letter comes after all: into the same case, for a person to look at.
    let late = comes(&mut scene, told(7, OLD, "What happened.", None));
    assert_eq!(late, scene.case);
    let case = scene.the_case();
    assert!(case.came_under_old_words(case.letters().last().unwrap()));
}
