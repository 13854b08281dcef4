//! Claims about consent and other grounds: nothing is used that nobody allowed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{Code, Consent, ConsentAsTold, Ground, Person, PersonId, Report, Term};
use scene::*;

fn covers(scene: &Scene, use_: &str, to: &str, shown: &str) -> Result<Vec<u32>, NotCovered> {
    scene
        .the_case()
        .covers(purpose(use_), to, level(shown), today())
        .map(|covered| covered.consents().to_vec())
}

fn with(purpose: &str, change: impl FnOnce(&mut Consent)) -> Consent {
    let mut consent = yes(purpose);
    change(&mut consent);
    consent
}

impl Scene {
    fn records(&mut self, consent: Consent) {
        self.does("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
    }
}

#[test]
fn nothing_is_covered_before_someone_was_asked_whatever_the_report_says() {
    let scene = Scene::with_a_letter().coded();
    assert_eq!(
        covers(&scene, "statistics", "", "none"),
        Err(NotCovered::NotAsked)
    );
}

#[test]
fn a_consent_in_a_letter_counts_only_if_the_words_signed_that_letter() {
    let in_the_letter = || with("statistics", |consent| consent.form = Term::told("in-app"));

    let mut scene = Scene::empty();
    scene.letter(1, None);
    let refused = scene.tries("amina", |case, stamp| {
        record_consent(case, in_the_letter(), Some(Leaf([1; 32])), stamp)
    });
    assert_eq!(refused, Err(CannotRecord::NotSigned));

    let told = ConsentAsTold {
        purpose: Term::told("statistics"),
        answer: Term::told("yes"),
        ..ConsentAsTold::default()
    };
    let report = Report {
        consents: vec![told],
        ..Report::default()
    };
    scene.letter_of(report, 2, Some(Conversation([9; 32])));
    for letter in [None, Some(Leaf([1; 32]))] {
        let refused = scene.tries("amina", |case, stamp| {
            record_consent(case, in_the_letter(), letter, stamp)
        });
        assert_eq!(refused, Err(CannotRecord::NotSigned));
    }
    scene.does("amina", |case, stamp| {
        record_consent(case, in_the_letter(), Some(Leaf([2; 32])), stamp)
    });
    assert_eq!(covers(&scene, "statistics", "", "none"), Ok(vec![1]));
}

#[test]
fn whoever_hears_a_consent_stands_beside_it_by_name() {
    let mut scene = Scene::with_a_letter();
    scene.records(with("statistics", |consent| {
        consent.recorded_by = "someone else".into()
    }));
    assert_eq!(
        scene.the_case().consents()[0].consent.recorded_by,
        "amina/desk-1"
    );
}

#[test]
fn a_consent_given_for_someone_says_by_whom_and_a_child_is_heard() {
    let mut scene = Scene::with_a_letter().coded();
    let guardian = || {
        with("statistics", |consent| {
            consent.giver = Term::told("guardian");
            consent.giver_person = Some(PersonId(1));
        })
    };
    let refused = scene.tries("amina", |case, stamp| {
        record_consent(case, guardian(), None, stamp)
    });
    assert_eq!(refused, Err(CannotRecord::GiverNotTold));
    let told = with("statistics", |consent| {
        consent.giver = Term::told("guardian");
        consent.giver_told = "the grandmother, who brings the child up".into();
        consent.giver_person = Some(PersonId(1));
    });
    let refused = scene.tries("amina", |case, stamp| {
        record_consent(case, told.clone(), None, stamp)
    });
    assert_eq!(refused, Err(CannotRecord::ChildNotHeard));
    // The person is no child before that is recorded.
    let heard = Consent {
        subject: PersonId(1),
        child_view: "wants it told".into(),
        ..told
    };
    let refused = scene.tries("amina", |case, stamp| {
        record_consent(case, heard.clone(), None, stamp)
    });
    assert_eq!(refused, Err(CannotRecord::AgeNotTold));
    let child = Person {
        birth_year: Some(2012),
        ..journalist()
    };
    scene.does("amina", |case, stamp| record_person(case, child, stamp));
    scene.records(heard);
}

#[test]
fn a_withdrawal_stops_use_at_once_and_an_older_yes_does_not_come_back() {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("statistics")
        .consents("statistics");
    assert_eq!(covers(&scene, "statistics", "", "none"), Ok(vec![2]));
    scene.does("bo", |case, stamp| withdraw(case, 2, "by phone", stamp));
    assert_eq!(
        covers(&scene, "statistics", "", "none"),
        Err(NotCovered::Withdrawn)
    );
    let again = scene.tries("bo", |case, stamp| withdraw(case, 2, "", stamp));
    assert_eq!(again, Err(CannotWithdraw::AlreadyWithdrawn));

    // Asked again, and yes.
    scene.records(yes("statistics"));
    assert_eq!(covers(&scene, "statistics", "", "none"), Ok(vec![3]));
}

#[test]
fn what_was_covered_when_it_was_written_is_not_sent_after_a_withdrawal() {
    let mut scene = Scene::with_a_letter().verified();
    scene.records(with("un-special-procedures", |consent| {
        consent.identity = Term::told("full-name");
    }));
    scene.foresees("WGAD");
    // The letter is written on one desk, while consent is withdrawn on another: their entries meet
    // in the log.
    let sent = {
        let stamp = scene.stamp("amina");
        let case = scene.the_case();
        let covered = case
            .covers(
                purpose("un-special-procedures"),
                "WGAD",
                level("full-name"),
                today(),
            )
            .unwrap();
        let letter = Communication::new(
            covered,
            Code::of("urgent-appeal").unwrap(),
            "WGAD",
            "Please act.",
            today(),
        )
        .unwrap();
        communicate(case, &letter, stamp).unwrap()
    };
    scene.does("bo", |case, stamp| {
        withdraw(case, 1, "came to the office", stamp)
    });
    let mut log = scene.log.clone();
    log.push(sent);
    let office = Office::fold(log);
    assert_eq!(office.misfits().len(), 1);
    assert!(office.case(scene.case).unwrap().outgoing().is_empty());
}

#[test]
fn a_letter_goes_to_the_recipient_and_for_the_purpose_that_was_covered() {
    let mut scene = Scene::with_a_letter().verified();
    scene.records(with("un-special-procedures", |_| {}));
    scene.foresees("WGAD");
    let stamp = scene.stamp("amina");
    let case = scene.the_case();
    let covered = |to: &str| {
        case.covers(purpose("un-special-procedures"), to, level("none"), today())
            .unwrap()
    };
    let kind = |code: &str| Code::of(code).unwrap();
    let write = |to: &str, code: &str| {
        Communication::new(covered("WGAD"), kind(code), to, "Please act.", today()).map(drop)
    };
    assert_eq!(write("WGAD", "urgent-appeal"), Ok(()));
    assert_eq!(
        write("The Ministry", "urgent-appeal"),
        Err(CannotCommunicate::OtherRecipient)
    );
    assert_eq!(
        write("WGAD", "company-letter"),
        Err(CannotCommunicate::OtherPurpose)
    );
    assert_eq!(
        write(" ", "urgent-appeal"),
        Err(CannotCommunicate::NothingWritten)
    );

    let letter = Communication::new(
        covered("WGAD"),
        kind("urgent-appeal"),
        "WGAD",
        "Please act.",
        today(),
    )
    .unwrap();
    let sent = communicate(case, &letter, stamp).unwrap();
    scene.put(sent);
    assert_eq!(scene.the_case().state(), State::Transmitted);
    assert_eq!(scene.the_case().outgoing()[0].sent.consents, [1]);
}

#[test]
fn one_persons_no_is_never_outvoted() {
    let mut scene = Scene::with_a_letter().coded();
    scene.records(yes("statistics"));
    scene.records(with("statistics", |consent| {
        consent.subject = PersonId(1);
        consent.answer = Term::told("no");
    }));
    assert_eq!(
        covers(&scene, "statistics", "", "none"),
        Err(NotCovered::SaidNo)
    );
    scene.records(with("statistics", |consent| {
        consent.subject = PersonId(1);
        consent.answer = Term::told("ask-again");
    }));
    assert_eq!(
        covers(&scene, "statistics", "", "none"),
        Err(NotCovered::AskAgain)
    );
    scene.records(with("statistics", |consent| consent.subject = PersonId(1)));
    assert_eq!(covers(&scene, "statistics", "", "none"), Ok(vec![1, 4]));
}

#[test]
fn a_consent_covers_its_recipient_its_identity_level_and_its_days_and_no_more() {
    let mut scene = Scene::with_a_letter();
    scene.records(with("state-transmission", |consent| {
        consent.recipient = "Ministry of Justice".into();
        consent.identity = Term::told("initials");
        consent.last_day = record::Date::of_day_number(TODAY);
    }));
    let ask = |to: &str, shown: &str| covers(&scene, "state-transmission", to, shown);
    assert_eq!(ask("ministry of justice ", "none"), Ok(vec![1]));
    assert_eq!(ask("Ministry of Justice", "initials"), Ok(vec![1]));
    assert_eq!(
        ask("Ministry of Justice", "full-name"),
        Err(NotCovered::LessIdentity)
    );
    assert_eq!(
        ask("Ministry of the Interior", "none"),
        Err(NotCovered::OtherRecipient)
    );
    assert_eq!(
        covers(&scene, "media", "Ministry of Justice", "none"),
        Err(NotCovered::NotAsked)
    );
    let tomorrow = record::Date::of_day_number(TODAY + 1).unwrap();
    let late = scene.the_case().covers(
        purpose("state-transmission"),
        "Ministry of Justice",
        level("none"),
        tomorrow,
    );
    assert_eq!(late.map(drop), Err(NotCovered::NotToday));
}

#[test]
fn a_later_no_to_everyone_ends_an_earlier_yes_to_one() {
    let mut scene = Scene::with_a_letter();
    scene.records(with("media", |consent| consent.recipient = "Radio".into()));
    assert_eq!(covers(&scene, "media", "Radio", "none"), Ok(vec![1]));
    scene.records(with("media", |consent| consent.answer = Term::told("no")));
    assert_eq!(
        covers(&scene, "media", "Radio", "none"),
        Err(NotCovered::SaidNo)
    );
    // A no to one does not end with a later yes to all.
    scene.records(with("media", |consent| {
        consent.recipient = "Radio".into();
        consent.answer = Term::told("no");
    }));
    scene.records(yes("media"));
    assert_eq!(
        covers(&scene, "media", "Radio", "none"),
        Err(NotCovered::SaidNo)
    );
    assert_eq!(covers(&scene, "media", "Paper", "none"), Ok(vec![4]));
}

#[test]
fn a_public_source_is_recorded_as_what_it_is_and_names_nobody() {
    let mut scene = Scene::with_a_letter().coded();
    // The only source is a witness: nobody can look that up.
    let refused = scene.tries("amina", |case, stamp| {
        record_ground(case, ground("public-source"), stamp)
    });
    assert_eq!(refused, Err(CannotRecord::NoSource));

    scene.does("amina", |case, stamp| {
        let mut paper = witness();
        paper.kind = Term::told("media");
        paper.found = "Le Potentiel, 3 March 2024, page 2".into();
        record_source(case, paper, stamp)
    });
    scene.does("amina", |case, stamp| {
        record_ground(case, ground("public-source"), stamp)
    });
    assert!(scene.the_case().consents().is_empty());

    let case = scene.the_case();
    let covered = case
        .covers(purpose("statistics"), "", level("none"), today())
        .unwrap();
    assert_eq!((covered.consents(), covered.ground()), (&[][..], Some(1)));
    assert_eq!(
        covers(&scene, "statistics", "", "full-name"),
        Err(NotCovered::LessIdentity)
    );
    assert_eq!(
        covers(&scene, "research", "", "none"),
        Err(NotCovered::NotAsked)
    );
    assert_eq!(
        covers(&scene, "un-special-procedures", "WGAD", "none"),
        Err(NotCovered::NotAsked)
    );

    let wider = Ground {
        purposes: vec![Term::told("un-special-procedures")],
        ..ground("public-source")
    };
    let refused = scene.tries("amina", |case, stamp| record_ground(case, wider, stamp));
    assert_eq!(refused, Err(CannotRecord::NotThisPurpose));
}

#[test]
fn no_ground_overrides_a_no() {
    let mut scene = Scene::with_a_letter().coded();
    scene.does("amina", |case, stamp| {
        record_ground(
            case,
            Ground {
                source: None,
                ..ground("deceased")
            },
            stamp,
        )
    });
    assert_eq!(covers(&scene, "statistics", "", "none"), Ok(vec![]));
    scene.records(with("statistics", |consent| {
        consent.giver = Term::told("next-of-kin");
        consent.giver_told = "the brother; the person has died".into();
        consent.answer = Term::told("no");
    }));
    assert_eq!(
        covers(&scene, "statistics", "", "none"),
        Err(NotCovered::SaidNo)
    );
}

#[test]
fn a_ground_needs_a_reason_and_only_two_can_be_recorded_by_one_person() {
    let mut scene = Scene::with_a_letter().coded();
    for kind in ["disappeared", "vital-interest", "legal-duty", "consent", ""] {
        let refused = scene.tries("amina", |case, stamp| {
            record_ground(case, ground(kind), stamp)
        });
        assert_eq!(refused, Err(CannotRecord::NotThisGround), "{kind}");
    }
    let silent = Ground {
        reason: " ".into(),
        ..ground("deceased")
    };
    let refused = scene.tries("amina", |case, stamp| record_ground(case, silent, stamp));
    assert_eq!(refused, Err(CannotRecord::NoReason));
}
