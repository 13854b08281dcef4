//! Claims about what is due, and about which case comes first.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{
    Act, ActId, Commitment, CommitmentId, Consent, Date, Law, LawId, Response, ResponseId, Term,
};
use scene::*;

const TERMS: Terms = Terms { acknowledge: 3 };

fn sent() -> Scene {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures");
    scene.sends();
    scene
}

/// The days after today on which something of this kind is due.
fn due(scene: &Scene, due: Due) -> Vec<u32> {
    let clocks = scene.the_case().clocks(TERMS);
    let of_kind = clocks.iter().filter(|clock| clock.due == due);
    of_kind.map(|clock| clock.day - TODAY).collect()
}

#[test]
fn a_clock_is_late_the_day_after_its_day_and_shows_itself_a_while_before() {
    let clock = |due| Clock {
        day: TODAY,
        due,
        about: None,
    };
    assert_eq!(
        clock(Due::Reply).standing(TODAY + 1),
        Standing::Overdue { by: 1 }
    );
    assert_eq!(clock(Due::Reply).standing(TODAY), Standing::Now { left: 0 });
    assert_eq!(
        clock(Due::Reply).standing(TODAY - 7),
        Standing::Now { left: 7 }
    );
    assert_eq!(
        clock(Due::Reply).standing(TODAY - 8),
        Standing::Later { left: 8 }
    );
    assert_eq!(
        clock(Due::Consent).standing(TODAY - 30),
        Standing::Now { left: 30 }
    );
    assert!(!clock(Due::CheckIn).presses(TODAY - 1) && clock(Due::CheckIn).presses(TODAY));
}

#[test]
fn a_reporter_with_words_is_told_in_time_and_nobody_else_can_be() {
    let mut scene = Scene::with_a_letter();
    assert_eq!(due(&scene, Due::Acknowledgement), [3]);
    scene.does("amina", |case, stamp| {
        stop_answers(case, "The paper was found.", stamp)
    });
    assert!(due(&scene, Due::Acknowledgement).is_empty());
    scene.does("amina", |case, stamp| {
        resume_answers(case, "It was not.", stamp)
    });
    scene.does("amina", |case, stamp| {
        acknowledge(
            case,
            Slot {
                day: TODAY,
                slot: 0,
            },
            stamp,
        )
    });
    assert!(due(&scene, Due::Acknowledgement).is_empty());
    scene.letter(8, None);
    assert!(due(&scene, Due::Acknowledgement).is_empty());
}

#[test]
fn a_consent_runs_out_unless_it_was_given_again_or_taken_back() {
    let until = |days: u32, to: &str| Consent {
        recipient: to.into(),
        last_day: Date::of_day_number(TODAY + days),
        ..yes("un-special-procedures")
    };
    let mut scene = Scene::with_a_letter().coded();
    let mut give = |consent| scene.does("amina", |c, s| record_consent(c, consent, None, s));
    give(until(40, "The Rapporteur"));
    give(until(20, "The Working Group"));
    // Without a last day it does not run out.
    give(yes("statistics"));
    assert_eq!(due(&scene, Due::Consent), [20, 40]);
    scene.does("amina", |c, s| {
        record_consent(c, until(300, "the rapporteur"), None, s)
    });
    assert_eq!(due(&scene, Due::Consent), [20, 300]);
    scene.does("amina", |case, stamp| {
        withdraw(case, 2, "She called.", stamp)
    });
    assert_eq!(due(&scene, Due::Consent), [300]);
}

#[test]
fn after_a_letter_somebody_looks_in_on_days_one_seven_and_thirty_even_if_the_case_has_ended() {
    let mut scene = sent();
    assert_eq!(due(&scene, Due::CheckIn), [1]);
    let look =
        |after| move |case: &Case, stamp| check_in(case, 1, after, "All is calm.", None, stamp);
    scene.does("amina", |case, stamp| {
        change_state(case, State::Closed, "Nothing more to do.", None, stamp)
    });
    assert_eq!(due(&scene, Due::CheckIn), [1]);
    scene.does("amina", look(1));
    assert_eq!(due(&scene, Due::CheckIn), [7]);
    scene.day = TODAY + 30;
    // A later one stands for those that were missed.
    scene.does("amina", look(30));
    assert!(due(&scene, Due::CheckIn).is_empty());
    assert_eq!(scene.the_case().clocks(TERMS), []);
}

#[test]
fn an_answer_is_due_until_there_is_one_or_none_came_in_time() {
    let mut scene = sent();
    assert_eq!(due(&scene, Due::Reply), [60]);
    scene.does("amina", |case, stamp| {
        let later = Date::of_day_number(TODAY + 90);
        set_deadline(case, 1, later, later, "The mission asked for it.", stamp)
    });
    assert_eq!(
        (due(&scene, Due::Reply), due(&scene, Due::Confidentiality)),
        (vec![90], vec![90])
    );
    let answer = |id, kind: &str| Response {
        id: ResponseId(id),
        by: "The State".into(),
        text: "We received it.".into(),
        way: "letter".into(),
        authenticity: "not-checked".into(),
        kinds: vec![Term::told(kind)],
        ..Response::default()
    };
    scene.does("amina", |c, s| {
        record_response(c, Some(1), answer(1, "acknowledged"), s)
    });
    assert_eq!(due(&scene, Due::Reply), [90]);
    scene.does("amina", |c, s| {
        record_response(c, Some(1), answer(2, "denied-facts"), s)
    });
    assert!(due(&scene, Due::Reply).is_empty());
}

#[test]
fn a_case_is_looked_at_again_after_half_a_year_and_every_year() {
    let mut scene = sent();
    let mut looked = |after: u32| {
        scene.day = TODAY + after;
        scene.does("amina", |case, stamp| {
            follow_up(case, "Nothing new.", stamp)
        });
        (
            due(&scene, Due::HalfYear),
            due(&scene, Due::Year),
            due(&scene, Due::Confidentiality),
        )
    };
    // Too early to count for the half year, and for the end of confidentiality.
    assert_eq!(looked(59), (vec![182], vec![], vec![60]));
    assert_eq!(looked(60), (vec![182], vec![], vec![]));
    assert_eq!(looked(152), (vec![], vec![365], vec![]));
    assert_eq!(looked(334), (vec![], vec![365], vec![]));
    assert_eq!(looked(335), (vec![], vec![730], vec![]));
    assert_eq!(looked(1_200), (vec![], vec![4 * 365], vec![]));
}

#[test]
fn a_reprisal_proposes_an_urgent_letter_until_one_goes() {
    let mut scene = sent();
    scene.day = TODAY + 7;
    scene.does("amina", |case, stamp| {
        let raid = Act {
            id: ActId(2),
            kind: "premises-raid".into(),
            ..arrest()
        };
        code_act(case, raid, stamp)
    });
    scene.does("amina", |case, stamp| {
        check_in(
            case,
            1,
            7,
            "They searched the office.",
            Some(ActId(2)),
            stamp,
        )
    });
    assert_eq!(due(&scene, Due::UrgentFollowUp), [7]);
    // It does not end with the case.
    scene.does("amina", |case, stamp| {
        change_state(case, State::Closed, "Nothing more to do.", None, stamp)
    });
    assert_eq!(due(&scene, Due::UrgentFollowUp), [7]);
    assert_eq!(queue(&scene.office, TODAY + 7, TERMS).len(), 1);
    // A letter to a company is no answer to it.
    let mut scene = scene.consents("company-transmission");
    scene.foresees("A firm");
    let stamp = scene.stamp("amina");
    let day = stamp.at.date().unwrap();
    let case = scene.the_case();
    let covered = case.covers(
        purpose("company-transmission"),
        "A firm",
        level("none"),
        day,
    );
    let kind = record::Code::of("company-letter").unwrap();
    let letter = Communication::new(covered.unwrap(), kind, "A firm", "…", day).unwrap();
    let entry = communicate(case, &letter, stamp).unwrap();
    scene.put(entry);
    assert_eq!(due(&scene, Due::UrgentFollowUp), [7]);
    scene.sends();
    assert!(due(&scene, Due::UrgentFollowUp).is_empty());
}

#[test]
fn tasks_commitments_and_laws_are_due_on_their_days_until_they_are_settled() {
    let mut scene = Scene::with_a_letter();
    let day = |days: u32| Date::of_day_number(TODAY + days);
    let amina = Colleague::read("amina").unwrap();
    scene.does("amina", |c, s| set_task(c, 1, "Call.", amina, day(2), s));
    let promise = |status: &str| Commitment {
        id: CommitmentId(1),
        by: "The State".into(),
        text: "An inquiry.".into(),
        due: day(40),
        status: Term::told(status),
        ..Commitment::default()
    };
    scene.does("amina", |c, s| {
        record_commitment(c, promise("under-way"), s)
    });
    let law = Law {
        id: LawId(1),
        title: "On associations".into(),
        kind: "law".into(),
        review: day(50),
        ..Law::default()
    };
    scene.does("amina", |c, s| record_law(c, law, s));
    let days = [Due::Task, Due::Commitment, Due::LawReview].map(|kind| due(&scene, kind));
    assert_eq!(days, [[2], [40], [50]]);
    scene.does("amina", |c, s| finish_task(c, 1, "Called.", s));
    scene.does("amina", |c, s| record_commitment(c, promise("broken"), s));
    assert_eq!(
        (due(&scene, Due::Task), due(&scene, Due::Commitment)),
        (vec![], vec![])
    );
}

#[test]
fn the_queue_goes_by_urgency_then_by_what_is_late_then_by_what_is_due() {
    let mut scene = Scene::empty();
    let cases: Vec<CaseId> = (1..=7)
        .map(|leaf| scene.letter(leaf, Some(Conversation([leaf; 32]))))
        .collect();
    let urgencies = ["past", "soon", "now", "past", "past", "past", "unknown"];
    let amina = Colleague::read("amina").unwrap();
    // Late by one day, by five, due today, due some day.
    let tasks = [(0, 1_u32), (3, 0), (4, 5)];
    for (n, urgency) in urgencies.iter().enumerate() {
        scene.case = cases[n];
        scene.does("amina", |c, s| triage(c, Term::told(*urgency), "", s));
        if let Some((_, late)) = tasks.iter().find(|(of, _)| *of == n) {
            let by = Date::of_day_number(TODAY - late);
            scene.does("amina", |c, s| {
                set_task(c, 1, "Call.", amina.clone(), by, s)
            });
        }
    }
    let order = |scene: &Scene| -> Vec<usize> {
        let place = |case: &&Case| cases.iter().position(|id| *id == case.id());
        queue(&scene.office, TODAY, TERMS)
            .iter()
            .filter_map(place)
            .collect()
    };
    assert_eq!(order(&scene), [2, 1, 6, 4, 0, 3, 5]);
    scene.case = cases[3];
    scene.does("amina", |c, s| finish_task(c, 1, "Called.", s));
    assert_eq!(order(&scene), [2, 1, 6, 4, 0, 3, 5]);
    // Where something came stands before whoever has waited longest.
    scene.letter(20, Some(Conversation([6; 32])));
    assert_eq!(order(&scene), [2, 1, 6, 4, 0, 5, 3]);
    scene.case = cases[2];
    scene.does("amina", |c, s| {
        change_state(c, State::Closed, "Done.", None, s)
    });
    assert_eq!(order(&scene), [1, 6, 4, 0, 5, 3]);
}

#[test]
fn a_case_that_waits_for_its_reporter_comes_back_when_something_in_it_is_due() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |case, stamp| {
        reply(
            case,
            "Are you safe?",
            vec![Slot {
                day: TODAY,
                slot: 0,
            }],
            stamp,
        )
    });
    assert_eq!(queue(&scene.office, TODAY, TERMS).len(), 0);
    let amina = Colleague::read("amina").unwrap();
    let by = Date::of_day_number(TODAY + 4);
    scene.does("amina", |c, s| set_task(c, 1, "Call.", amina, by, s));
    assert_eq!(queue(&scene.office, TODAY, TERMS).len(), 0);
    assert_eq!(queue(&scene.office, TODAY + 1, TERMS).len(), 1);
}

#[test]
fn a_case_that_had_ended_waits_again_when_somebody_writes_in_it() {
    let mut scene = Scene::with_a_letter();
    scene.does("amina", |c, s| {
        change_state(c, State::Closed, "Done.", None, s)
    });
    assert_eq!(queue(&scene.office, TODAY, TERMS).len(), 0);
    scene.letter(8, Some(Conversation([9; 32])));
    assert_eq!(queue(&scene.office, TODAY, TERMS).len(), 1);
    scene.does("amina", |c, s| note(c, "Thanks only.", s));
    assert_eq!(queue(&scene.office, TODAY, TERMS).len(), 0);
}

#[test]
fn an_answer_for_someone_who_cannot_be_asked_and_one_to_be_asked_again_have_their_days() {
    let mut scene = Scene::with_a_letter();
    let later = Consent {
        answer: Term::told("ask-again"),
        ask_again: Date::of_day_number(TODAY + 5),
        ..yes("media")
    };
    let lawyers = Consent {
        answer: Term::told("cannot-ask"),
        giver: Term::told("lawyer"),
        giver_told: "her lawyer; nobody has seen her".into(),
        ..yes("un-confidential")
    };
    for consent in [later, lawyers] {
        scene.does("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
    }
    assert_eq!(due(&scene, Due::Consent), [5, 13]);
    // A colleague is waited for from the first day.
    assert_eq!(due(&scene, Due::Second), [0]);
    scene.does("bo", |case, stamp| second(case, 2, stamp));
    assert!(due(&scene, Due::Second).is_empty());
}
