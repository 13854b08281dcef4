//! A claim about stored bytes: a vault that was written earlier reads as it was written.
//!
//! `entries.txt` has one entry of every kind, as hexadecimal digits. Lines are only added. The
//! fuzzer begins with them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use std::collections::BTreeMap;

use casework::*;
use record::{
    Act, ActId, ActLink, Commitment, CommitmentId, Consent, Cooperation, Date, Event, EventLink,
    Help, HelpId, Involvement, Law, LawId, Legality, Person, PersonId, Remedy, RemedyId, Report,
    Response, ResponseId, Restriction, SourceId, Step, StepId, TechnologyUse, Term, Trait,
};
use scene::*;

const WRITTEN: &str = include_str!("entries.txt");

fn slot(slot: u16) -> Slot {
    Slot { day: TODAY, slot }
}

fn day(days: u32) -> Option<Date> {
    Date::of_day_number(TODAY + days)
}

fn bo() -> Colleague {
    Colleague::read("bo").unwrap()
}

/// A case in which everything happens once.
fn everything() -> Vec<Entry> {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures");
    let first = scene.case;
    // Before there is a case, and beside it.
    let stamp = scene.stamp("amina");
    let entry = unreadable(&scene.office, Leaf([1; 32]), Unreadable::NoKey, stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    let grade = record::Code::of("c3").unwrap();
    let entry = set_grade(&scene.office, grade, "As agreed.", Team::Several, stamp).unwrap();
    scene.put(entry);
    scene.does("amina", |c, s| triage(c, "soon".into(), "He is held.", s));
    scene.does("amina", |c, s| acknowledge(c, slot(0), s));
    scene.does("amina", |c, s| {
        reply(c, "Are you safe?", vec![slot(1), slot(2)], s)
    });
    scene.does("amina", |c, s| repost(c, 1, vec![slot(3), slot(4)], s));
    scene.does("amina", |c, s| stop_answers(c, "The paper was found.", s));
    scene.does("bo", |c, s| resume_answers(c, "It was not.", s));
    scene.letter(8, Some(Conversation([9; 32])));
    let arrival = Arrival {
        report: Report::default(),
        came: Came::Sealed {
            leaf: Leaf([6; 32]),
            sealed_by: SealedBy::Page,
            conversation: Some(Conversation([9; 32])),
            acknowledges: Some(TODAY),
            saw_epoch: Some(12),
            hands_over: Some(Conversation([10; 32])),
        },
    };
    let stamp = scene.stamp("amina");
    let entry = intake(&scene.office, arrival, stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    let words = change_words(
        &scene.office,
        scene.the_case(),
        Leaf([6; 32]),
        Conversation([10; 32]),
        stamp,
    );
    scene.put(words.unwrap());
    scene.does("amina", |c, s| note(c, "Call before noon.", s));

    scene.does("amina", |c, s| {
        assign(c, Some(bo()), "Bo knows the region.", s)
    });
    scene.does("bo", |c, s| {
        set_task(c, 1, "Call the lawyer.", bo(), day(3), s)
    });
    scene.does("bo", |c, s| finish_task(c, 1, "She calls back.", s));
    let zoe = || Colleague::read("zoe").unwrap();
    scene.does("bo", |c, s| hand_over(c, zoe(), "Never call after six.", s));
    scene.does("bo", |c, s| recuse(c, bo(), "A cousin.", s));
    scene.does("amina", |c, s| end_recusal(c, bo(), "He was moved.", s));
    scene.does("amina", |c, s| {
        let law = Law {
            id: LawId(1),
            title: "On associations".into(),
            kind: "law".into(),
            status: "in-force".into(),
            review: day(90),
            legality: Legality {
                necessary: Some(false),
                ..Legality::default()
            },
            ..Law::default()
        };
        record_law(c, law, s)
    });
    scene.does("amina", |c, s| {
        let use_ = purpose("un-special-procedures");
        let kind = record::Code::of("allegation-letter");
        propose_exception(c, use_, kind, "The Rapporteur", "He may die.", s)
    });
    scene.does("bo", |c, s| agree_to_exception(c, 1, "Yes.", s));
    scene.sends();
    scene.does("amina", |c, s| {
        set_deadline(c, 1, day(60), day(60), "Their letter.", s)
    });
    let response = Response {
        id: ResponseId(1),
        by: "Ministry of Justice".into(),
        way: "note-verbale".into(),
        kinds: vec!["denied-facts".into()],
        text: "The allegation is without merit.".into(),
        answered: vec!["1".into()],
        unanswered: vec!["2".into()],
        authenticity: "asked-back".into(),
        ..Response::default()
    };
    scene.does("amina", |c, s| record_response(c, Some(1), response, s));
    scene.does("amina", |c, s| {
        let step = Step {
            id: StepId(1),
            kind: "investigation".into(),
            acts: vec![ActId(1)],
            by: "The prosecutor".into(),
            prompt: Some(false),
            grounds: "After a year.".into(),
            impunity: "total".into(),
            ..Step::default()
        };
        record_step(c, step, s)
    });
    scene.does("amina", |c, s| {
        let remedy = Remedy {
            id: RemedyId(1),
            person: Some(PersonId(1)),
            kind: "release".into(),
            status: "delivered".into(),
            asked: Some(true),
            own_view: "It came late.".into(),
            ..Remedy::default()
        };
        record_remedy(c, remedy, s)
    });
    scene.does("amina", |c, s| {
        let help = Help {
            id: HelpId(1),
            kind: "relocation".into(),
            provider: "A partner".into(),
            effect: "minor".into(),
            ..Help::default()
        };
        record_help(c, help, s)
    });
    scene.does("amina", |c, s| {
        let promise = Commitment {
            id: CommitmentId(1),
            by: "The State".into(),
            text: "An inquiry.".into(),
            due: day(300),
            status: "made".into(),
            ..Commitment::default()
        };
        record_commitment(c, promise, s)
    });
    scene.does("amina", |c, s| {
        check_in(c, 1, 1, "They came at night.", Some(ActId(1)), s)
    });
    scene.does("amina", |c, s| {
        keep_from_state(c, "He is in their hands.", s)
    });
    scene.does("amina", |c, s| follow_up(c, "Nothing new.", s));
    scene.does("amina", |c, s| record_ground(c, ground("deceased"), s));
    scene.does("amina", |c, s| withdraw(c, 1, "She called.", s));
    scene.does("amina", |c, s| change_state(c, State::Closed, "", None, s));
    scene.does("bo", |c, s| reopen(c, "A new letter.", s));
    assert_eq!(scene.case, first);
    scene.does("bo", |c, s| erase(c, "The person asked.", s));
    scene.log
}

/// What has more fields than the first entry of its kind shows.
fn with_every_field() -> Vec<Entry> {
    let mut scene = Scene::empty();
    let by_a_child = record::Report {
        age: "0-17".into(),
        ..record::Report::default()
    };
    scene.letter_of(by_a_child, 7, Some(Conversation([9; 32])));
    let mut scene = scene.coded();
    scene.does("amina", |c, s| {
        let law = Law {
            id: LawId(1),
            title: "On drones".into(),
            kind: "decree".into(),
            ..Law::default()
        };
        record_law(c, law, s)
    });
    let person = Person {
        least: Some(3),
        best: Some(5),
        most: Some(9),
        traits: vec![Trait {
            dimension: "gender".into(),
            value: "woman".into(),
            how_known: "self".into(),
            ..Trait::default()
        }],
        ..journalist()
    };
    scene.does("amina", |c, s| record_person(c, person, s));
    let event = Event {
        id: record::EventId(2),
        chain: vec![EventLink {
            event: record::EventId(1),
            how: "led-to".into(),
            grounds: "The same officer.".into(),
            ..EventLink::default()
        }],
        restriction: Restriction {
            kind: "shutdown-full".into(),
            scope: "regional".into(),
            networks: vec!["mobile".into()],
            people: Some(400_000),
            ..Restriction::default()
        },
        ..in_goma()
    };
    scene.does("amina", |c, s| code_event(c, event, s));
    let act = Act {
        id: ActId(2),
        chain: vec![ActLink {
            act: ActId(1),
            how: "answered".into(),
            ..ActLink::default()
        }],
        laws: vec![LawId(1)],
        legality: Legality {
            legal_basis: Some(false),
            reasons: "No text names it.".into(),
            ..Legality::default()
        },
        involvements: vec![Involvement {
            kind: "state-police".into(),
            degree: "ordered".into(),
            standing: "charged".into(),
            attribution: "state-tolerated".into(),
            company_link: "contributed".into(),
            unit: "The third brigade".into(),
            ..Involvement::default()
        }],
        technologies: vec![TechnologyUse {
            technology: "spyware".into(),
            report: Some(SourceId(1)),
            confidence: "2".into(),
            ..TechnologyUse::default()
        }],
        cooperation: vec![Cooperation {
            victim: Some(PersonId(1)),
            body: "treaty-body".into(),
            kind: "testimony".into(),
            phase: "cooperated".into(),
            strength: "said-so".into(),
            ..Cooperation::default()
        }],
        ..arrest()
    };
    scene.does("amina", |c, s| code_act(c, act, s));
    let aunt = Person {
        id: PersonId(2),
        ..Person::default()
    };
    scene.does("amina", |c, s| record_person(c, aunt, s));
    let child = Consent {
        giver: Term::told("guardian"),
        giver_told: "Her aunt.".into(),
        giver_person: Some(PersonId(2)),
        child_view: "She agrees.".into(),
        last_day: day(30),
        ..yes("statistics")
    };
    scene.does("amina", |c, s| record_consent(c, child, None, s));
    scene.does("amina", |c, s| {
        refer(c, "The ombudsman", "A land dispute.", s)
    });
    // The last entry of each kind: those that came before are in the other case.
    scene.log.split_off(5)
}

/// A page, in a log of its own: those above are as they were written.
fn what_was_published() -> Vec<Entry> {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("public-anonymous");
    scene.does("amina", |c, s| {
        keep_from_state(c, "He is in their hands.", s)
    });
    let stamp = scene.stamp("amina");
    let (case, item) = (scene.the_case(), [record::Item::Act(ActId(1))]);
    let use_ = purpose("public-anonymous");
    let covered = case.covers_items(use_, "", &item, level("none"), today());
    let page = PublicPage::new(covered.unwrap(), case.response_block(TODAY).unwrap()).unwrap();
    let entry = publish(case, &page, "https://office.example/goma", stamp).unwrap();
    scene.put(entry);
    scene.log
}

/// A letter that says how it left: those before said nothing, and read as before.
fn what_says_how_it_left() -> Vec<Entry> {
    let mut scene = Scene::with_a_letter().consents("un-special-procedures");
    scene.foresees("The Rapporteur");
    let stamp = scene.stamp("amina");
    let (use_, to) = (purpose("un-special-procedures"), "The Rapporteur");
    let covered = scene.the_case().covers(use_, to, level("none"), today());
    let kind = record::Code::of("urgent-appeal").unwrap();
    let letter = Communication::new(covered.unwrap(), kind, to, "Dear …", today())
        .unwrap()
        .dispatched(Dispatch::Portal, "R-17");
    let entry = communicate(scene.the_case(), &letter, stamp).unwrap();
    scene.put(entry);
    scene.does("amina", |c, s| note_receipt(c, 1, "R-18", s));
    let out = scene.the_case().outgoing().last().unwrap();
    assert_eq!(out.sent.dispatch, Some(Dispatch::Portal));
    assert_eq!(out.sent.receipt.as_str(), "R-17");
    scene.log.split_off(2)
}

#[test]
fn what_was_written_once_is_read_and_written_alike() {
    let mut lines = BTreeMap::new();
    for (suffix, log) in [
        ("", everything()),
        ("-more", with_every_field()),
        ("", what_was_published()),
        ("-left", what_says_how_it_left()),
    ] {
        for entry in log {
            let kind = entry.what().kind();
            let hex: String = entry
                .encode()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let name = (kind.number(), format!("{}{suffix}", kind.code()));
            lines.entry(name).or_insert(hex);
        }
    }
    // A newer kind adds its number here and its line there. Those of the ledger, from 50, have
    // their claims in `ledger.rs`.
    let mut numbers: Vec<u32> = lines.keys().map(|(number, _)| *number).collect();
    numbers.dedup();
    let known: Vec<u32> = (1..=25).chain(30..=49).chain(58..=59).collect();
    assert_eq!(numbers, known);

    let written: BTreeMap<&str, &str> = WRITTEN
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let differs: Vec<String> = lines
        .iter()
        .filter(|((_, name), hex)| written.get(name.as_str()) != Some(&hex.as_str()))
        .map(|((_, name), hex)| format!("{name}: {hex}"))
        .collect();
    assert!(
        differs.is_empty(),
        "new kinds: add to tests/entries.txt; bytes that changed: an older vault no longer reads\n{}",
        differs.join("\n")
    );
    for hex in written.values() {
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let entry = Entry::decode(&bytes).unwrap();
        assert!(!matches!(entry.what(), What::Unknown { .. }));
        assert_eq!(entry.encode(), bytes);
    }
}
