//! Claims about what comes in, what goes back, and the course of a case.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{Origin, Report, Term};
use scene::*;

fn slot(slot: u16) -> Slot {
    Slot { day: TODAY, slot }
}

fn sealed(leaf: u8, conversation: Option<Conversation>) -> Arrival {
    Arrival {
        report: Report::default(),
        came: Came::Sealed {
            leaf: Leaf([leaf; 32]),
            sealed_by: SealedBy::Doorstep,
            conversation,
            acknowledges: Some(TODAY),
            saw_epoch: None,
            hands_over: None,
        },
    }
}

#[test]
fn a_letter_is_taken_in_once() {
    let mut scene = Scene::with_a_letter();
    let stamp = scene.stamp("bo");
    let again = intake(&scene.office, sealed(7, Some(Conversation([9; 32]))), stamp);
    assert_eq!(again, Err(CannotTakeIn::AlreadyTaken));
}

#[test]
fn two_desks_that_open_the_same_letter_open_the_same_case() {
    let (one, other) = (Scene::with_a_letter(), Scene::with_a_letter());
    assert_eq!(one.case, other.case);
    // And where both logs meet, the second entry decides nothing.
    let mut log = one.log.clone();
    log.extend(other.log.clone());
    let office = Office::fold(log);
    assert_eq!((office.cases().len(), office.misfits().len()), (1, 1));
}

#[test]
fn a_later_letter_of_the_same_words_joins_its_case_and_any_other_does_not() {
    let mut scene = Scene::with_a_letter();
    let first = scene.case;
    assert_eq!(scene.letter(8, Some(Conversation([9; 32]))), first);
    assert_eq!(scene.the_case().letters().len(), 2);
    assert_ne!(scene.letter(10, Some(Conversation([4; 32]))), first);
    assert_ne!(scene.letter(11, None), first);
    assert_eq!(scene.office.cases().len(), 3);
}

#[test]
fn an_unreadable_letter_is_recorded_and_may_be_read_later_by_a_desk_that_has_the_key() {
    let mut scene = Scene::empty();
    let stamp = scene.stamp("amina");
    let entry = unreadable(&scene.office, Leaf([7; 32]), Unreadable::NoKey, stamp).unwrap();
    scene.put(entry);
    assert_eq!(scene.office.unread()[0].why, Unreadable::NoKey);
    let stamp = scene.stamp("amina");
    let again = unreadable(&scene.office, Leaf([7; 32]), Unreadable::Junk, stamp);
    assert_eq!(again, Err(CannotTakeIn::AlreadyTaken));
    scene.letter(7, None);
    assert!(scene.office.unread().is_empty());
    assert_eq!(scene.the_case().letters().len(), 1);
}

#[test]
fn an_answer_counts_as_read_only_by_a_signed_letter_of_a_later_day_that_names_its_day() {
    let letter = |day: u32, acknowledges: Option<u32>, words: u8| {
        let mut scene = Scene::with_a_letter();
        let stamp = scene.stamp("amina");
        let entry = reply(scene.the_case(), "We read it.", vec![slot(0)], stamp).unwrap();
        scene.put(entry);
        let mut arrival = sealed(8, Some(Conversation([words; 32])));
        if let Came::Sealed {
            acknowledges: says, ..
        } = &mut arrival.came
        {
            *says = acknowledges;
        }
        let mut stamp = scene.stamp("amina");
        stamp.at.day = day;
        let entry = intake(&scene.office, arrival, stamp).unwrap();
        scene.put(entry);
        let case = scene.the_case();
        case.is_read(&case.replies()[0])
    };
    assert!(letter(TODAY + 3, Some(TODAY), 9));
    assert!(
        letter(TODAY + 9, Some(TODAY + 5), 9),
        "found when posted again"
    );
    assert!(!letter(TODAY + 3, Some(TODAY - 1), 9), "an older answer");
    assert!(!letter(TODAY + 3, None, 9));
    assert!(!letter(TODAY, Some(TODAY), 9), "perhaps written before");
    assert!(!letter(TODAY + 3, Some(TODAY), 4), "another's words");
}

#[test]
fn an_answer_posted_again_takes_places_of_its_own() {
    let mut scene = Scene::with_a_letter();
    let stamp = scene.stamp("amina");
    let entry = reply(scene.the_case(), "We read it.", vec![slot(0)], stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    let again = repost(scene.the_case(), 1, vec![slot(0)], stamp.clone());
    assert_eq!(again, Err(CannotReply::SlotTaken));
    let other = repost(scene.the_case(), 2, vec![slot(1)], stamp.clone());
    assert_eq!(
        other,
        Err(CannotReply::NothingWritten),
        "there is no second"
    );
    scene.put(repost(scene.the_case(), 1, vec![slot(1)], stamp).unwrap());
    let case = scene.the_case();
    assert_eq!(case.free_slots(TODAY).next(), Some(2));
    assert_eq!(case.replies().len(), 1, "it is the same answer");
    assert_eq!(case.replies()[0].reposted.len(), 1);
}

#[test]
fn while_words_may_be_in_other_hands_nothing_goes_back() {
    let mut scene = Scene::with_a_letter();
    let stamp = scene.stamp("amina");
    let entry = reply(scene.the_case(), "We read it.", vec![slot(0)], stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    let silent = stop_answers(scene.the_case(), " ", stamp.clone());
    assert_eq!(silent, Err(CannotStop::NoReason));
    scene.put(stop_answers(scene.the_case(), "She called.", stamp).unwrap());
    let stamp = scene.stamp("amina");
    let case = scene.the_case();
    let refused = Err(CannotReply::Stopped);
    assert_eq!(reply(case, "Hello?", vec![slot(1)], stamp.clone()), refused);
    assert_eq!(acknowledge(case, slot(1), stamp.clone()), refused);
    assert_eq!(repost(case, 1, vec![slot(1)], stamp.clone()), refused);
    let again = stop_answers(case, "Again.", stamp.clone());
    assert_eq!(again, Err(CannotStop::AlreadyStopped));
    scene.put(resume_answers(scene.the_case(), "New words.", stamp).unwrap());
    let stamp = scene.stamp("amina");
    assert!(reply(scene.the_case(), "Hello.", vec![slot(1)], stamp).is_ok());
    assert!(scene.office.misfits().is_empty());
}

#[test]
fn two_letters_are_ordered_by_the_boards_their_writers_saw_and_by_nothing_else() {
    let order = |one: Option<u64>, other: Option<u64>| {
        let mut scene = Scene::empty();
        for (leaf, epoch) in [(7, one), (8, other)] {
            let mut arrival = sealed(leaf, Some(Conversation([9; 32])));
            if let Came::Sealed { saw_epoch, .. } = &mut arrival.came {
                *saw_epoch = epoch;
            }
            let stamp = scene.stamp("amina");
            let entry = intake(&scene.office, arrival, stamp).unwrap();
            scene.case = entry.case().unwrap();
            scene.put(entry);
        }
        scene.the_case().written(0, 1)
    };
    assert_eq!(order(Some(4), Some(9)), Written::AsTheyCame);
    assert_eq!(order(Some(9), Some(4)), Written::TurnedAround);
    assert_eq!(order(Some(4), Some(4)), Written::NotKnown);
    assert_eq!(order(None, Some(4)), Written::NotKnown);
    assert_eq!(order(Some(4), None), Written::NotKnown);
}

#[test]
fn a_report_of_a_data_set_is_imported_once() {
    let mut scene = Scene::empty();
    let import = |case: u8| Arrival {
        report: Report {
            origin: Origin {
                set: "set".into(),
                id: "7".into(),
                ..Origin::default()
            },
            ..Report::default()
        },
        came: Came::Imported {
            case: CaseId([case; 16]),
        },
    };
    let stamp = scene.stamp("amina");
    let entry = intake(&scene.office, import(1), stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    assert_eq!(
        intake(&scene.office, import(2), stamp),
        Err(CannotTakeIn::AlreadyImported)
    );
}

#[test]
fn how_a_report_came_is_what_the_desk_saw_not_what_the_report_says() {
    let mut scene = Scene::empty();
    let mut arrival = sealed(1, None);
    arrival.report.channel = Term::told("walk-in");
    let stamp = scene.stamp("amina");
    let entry = intake(&scene.office, arrival, stamp).unwrap();
    scene.case = entry.case().unwrap();
    scene.put(entry);
    assert!(scene.the_case().letters()[0].channel.is("doorstep"));

    let by_hand = |channel: &str| ToldByHand {
        channel: Term::told(channel),
        ..told_by_hand(5, "They came at night.")
    };
    for stranger in ["pigeon", "page", "import", "courier"] {
        let stamp = scene.stamp("amina");
        assert_eq!(
            take_down(&scene.office, by_hand(stranger), stamp),
            Err(CannotTakeIn::UnknownChannel)
        );
    }
    let stamp = scene.stamp("amina");
    assert!(take_down(&scene.office, by_hand("walk-in"), stamp).is_ok());
}

#[test]
fn no_answer_goes_to_someone_who_took_no_words() {
    let mut scene = Scene::empty();
    scene.letter(1, None);
    let refused = scene.tries("amina", |case, stamp| {
        reply(case, "We read it.", vec![slot(0)], stamp)
    });
    assert_eq!(refused, Err(CannotReply::NoWords));
    let refused = scene.tries("amina", |case, stamp| acknowledge(case, slot(0), stamp));
    assert_eq!(refused, Err(CannotReply::NoWords));
}

#[test]
fn no_two_answers_lie_in_one_place() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| acknowledge(case, slot(0), stamp));
    scene.does("amina", |case, stamp| {
        reply(case, "One.", vec![slot(1), slot(2)], stamp)
    });
    for slots in [
        vec![slot(0)],
        vec![slot(2)],
        vec![slot(3), slot(3)],
        vec![slot(16)],
    ] {
        let refused = scene.tries("bo", |case, stamp| reply(case, "Two.", slots, stamp));
        assert_eq!(refused, Err(CannotReply::SlotTaken));
    }
    let refused = scene.tries("bo", |case, stamp| reply(case, "Two.", vec![], stamp));
    assert_eq!(refused, Err(CannotReply::NoSlot));
    let refused = scene.tries("bo", |case, stamp| reply(case, " \n", vec![slot(3)], stamp));
    assert_eq!(refused, Err(CannotReply::NothingWritten));
    let free: Vec<u16> = scene.the_case().free_slots(TODAY).collect();
    assert_eq!(free, (3..16).collect::<Vec<u16>>());
    assert_eq!(scene.the_case().free_slots(TODAY + 1).count(), 16);
    scene.does("bo", |case, stamp| {
        reply(case, "Two.", vec![slot(3)], stamp)
    });
    assert_eq!(scene.the_case().replies()[1].number, 2);
}

#[test]
fn a_letter_after_the_last_decision_is_news() {
    let mut scene = Scene::with_a_letter();
    assert!(scene.the_case().has_news());
    scene.does("amina", |case, stamp| acknowledge(case, slot(0), stamp));
    assert!(scene.the_case().has_news(), "nobody has looked yet");
    scene.does("amina", |case, stamp| {
        triage(case, Term::told("soon"), "", stamp)
    });
    assert!(!scene.the_case().has_news());
    scene.letter(8, Some(Conversation([9; 32])));
    assert!(scene.the_case().has_news());
}

#[test]
fn an_answered_case_waits_for_its_reporter_for_a_fortnight_and_no_longer() {
    let mut scene = Scene::with_a_letter();
    assert_eq!(scene.the_case().answered(), None);
    let answer = |case: &Case, stamp| reply(case, "We read it.", vec![slot(0)], stamp);
    scene.does("amina", answer);
    assert!(scene.the_case().answered().is_some());
    assert!(scene.the_case().waits_for_the_reporter(TODAY + 13));
    assert!(!scene.the_case().waits_for_the_reporter(TODAY + 14));
    scene.letter(8, Some(Conversation([9; 32])));
    assert_eq!(scene.the_case().answered(), None, "a letter came after it");
    assert!(!scene.the_case().waits_for_the_reporter(TODAY));
}

#[test]
fn decisions_move_a_case_forward_and_never_back() {
    let mut scene = Scene::with_a_letter();
    let state = |scene: &Scene| scene.the_case().state();
    assert_eq!(state(&scene), State::Received);
    scene.does("amina", |case, stamp| {
        triage(case, Term::told("now"), "he is held", stamp)
    });
    assert_eq!(state(&scene), State::Triaged);
    scene.does("amina", |case, stamp| acknowledge(case, slot(0), stamp));
    assert_eq!(state(&scene), State::Triaged);
    let mut scene = scene.verified();
    assert_eq!(state(&scene), State::Decision);
    scene.does("amina", |case, stamp| {
        triage(case, Term::told("past"), "", stamp)
    });
    assert_eq!(state(&scene), State::Decision);
    assert!(scene.the_case().urgency().is("past"));
    let refused = scene.tries("amina", |case, stamp| {
        triage(case, Term::told("asap"), "", stamp)
    });
    assert_eq!(refused, Err(CannotTriage::UnknownWord));
}

#[test]
fn the_end_of_a_case_has_a_reason_and_what_was_never_sent_awaits_no_answer() {
    let mut scene = Scene::with_a_letter();
    let mut to = |state, reason: &str, of| {
        scene
            .tries("amina", |case, stamp| {
                change_state(case, state, reason, of, stamp)
            })
            .map(drop)
    };
    assert_eq!(
        to(State::Transmitted, "I say so", None),
        Err(CannotMove::NothingSent)
    );
    assert_eq!(
        to(State::AwaitingResponse, "", None),
        Err(CannotMove::NothingSent)
    );
    assert_eq!(to(State::Closed, "", None), Err(CannotMove::NoReason));
    assert_eq!(
        to(State::OutOfMandate, " ", None),
        Err(CannotMove::NoReason)
    );
    assert_eq!(
        to(State::Duplicate, "same", None),
        Err(CannotMove::NoOriginal)
    );
    assert_eq!(
        to(State::Erased, "asked for", None),
        Err(CannotMove::EraseInstead)
    );
    assert_eq!(to(State::Received, "", None), Err(CannotMove::AlreadyThere));
    assert_eq!(to(State::ConsentPending, "", None), Ok(()));
    assert_eq!(to(State::Unremedied, "", None), Ok(()));

    scene.does("amina", |case, stamp| {
        change_state(case, State::Unremedied, "", None, stamp)
    });
    scene.does("amina", |case, stamp| {
        change_state(case, State::Closed, "", None, stamp)
    });
    let moved = scene.tries("amina", |case, stamp| {
        change_state(case, State::Documenting, "new", None, stamp)
    });
    assert_eq!(moved, Err(CannotMove::Ended));
    scene.does("bo", |case, stamp| reopen(case, "a new letter", stamp));
    assert_eq!(scene.the_case().state(), State::Documenting);
    let again = scene.tries("bo", |case, stamp| reopen(case, "again", stamp));
    assert_eq!(again, Err(CannotMove::NotEnded));
}

#[test]
fn an_erased_case_holds_nothing_and_its_letters_do_not_come_back() {
    let mut scene = Scene::with_a_letter().verified().consents("statistics");
    scene.does("amina", |case, stamp| note(case, "something secret", stamp));
    scene.letter(8, Some(Conversation([9; 32])));
    let without_reason = scene.tries("bo", |case, stamp| erase(case, " ", stamp));
    assert_eq!(without_reason, Err(CannotMove::NoReason));
    scene.does("bo", |case, stamp| erase(case, "the person asked", stamp));

    let case = scene.the_case();
    assert_eq!(case.state(), State::Erased);
    assert!(case.letters().is_empty() && case.notes().is_empty() && case.consents().is_empty());
    assert_eq!(
        case.people().count() + case.acts().count() + case.verified_acts().count(),
        0
    );
    assert_eq!(
        case.covers(purpose("statistics"), "", level("none"), today())
            .map(drop),
        Err(NotCovered::CaseErased)
    );

    // The log's keeper destroys every entry of the case but the last. What is left suffices.
    let erased = scene.case;
    let last: Vec<Entry> = scene
        .log
        .iter()
        .filter(|entry| entry.what().kind() == Kind::Erased)
        .cloned()
        .collect();
    for office in [&scene.office, &Office::fold(last)] {
        for leaf in [7, 8] {
            let stamp = office.stamp(
                Moment {
                    day: TODAY,
                    second: 0,
                },
                author("bo"),
            );
            let again = intake(office, sealed(leaf, Some(Conversation([9; 32]))), stamp);
            assert_eq!(again, Err(CannotTakeIn::AlreadyTaken));
        }
        assert_eq!(office.case(erased).unwrap().state(), State::Erased);
    }
    // Later entries of other desks about it decide nothing.
    let refused = scene.tries("amina", |case, stamp| {
        record_person(case, journalist(), stamp)
    });
    assert_eq!(refused, Err(CannotDescribe::CaseErased));
}
