//! What the parts of a case promise: they come back as they were stored, keep what they do not
//! know, and refuse to be stored when they could not be read again.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::num::NonZeroU16;

use proptest::prelude::*;
use record::{
    Act, ActId, ActLink, Assessment, Code, Commitment, CommitmentId, Consent, Cooperation, Country,
    Date, Event, EventId, EventLink, Fact, Forewarning, Ground, Help, HelpId, Involvement, Item,
    Law, LawId, Legality, Malformed, NotARecord, Period, Person, PersonId, Place, Remedy, RemedyId,
    Response, ResponseId, Restriction, Source, SourceId, Step, StepId, TechnologyUse, TooLarge,
    Trait, VictimOfAct,
};

fn day(text: &str) -> Option<Date> {
    Date::read(text)
}

fn an_act() -> Act {
    Act {
        id: ActId(1),
        event: EventId(1),
        kind: "arbitrary-arrest".into(),
        stage: "completed".into(),
        extraterritorial: Some(false),
        reasons: vec!["documentation-work".into()],
        victims: vec![VictimOfAct {
            person: PersonId(1),
            groups: vec!["journalist".into()],
            after: "in-hiding".into(),
            ..VictimOfAct::default()
        }],
        involvements: vec![Involvement {
            kind: "state-police".into(),
            attribution: "state-committed".into(),
            degree: "ordered".into(),
            standing: "charged".into(),
            unit: "The third brigade".into(),
            person: Some(PersonId(4)),
            ..Involvement::default()
        }],
        technologies: vec![TechnologyUse {
            technology: "imsi-catcher".into(),
            report: Some(SourceId(2)),
            confidence: "2".into(),
            ..TechnologyUse::default()
        }],
        chain: vec![ActLink {
            act: ActId(2),
            how: "announced".into(),
            grounds: "The same number called.".into(),
            ..ActLink::default()
        }],
        laws: vec![LawId(1)],
        legality: Legality {
            legal_basis: Some(true),
            proportionate: Some(false),
            ..Legality::default()
        },
        cooperation: vec![Cooperation {
            victim: Some(PersonId(1)),
            body: "treaty-body".into(),
            kind: "testimony".into(),
            phase: "cooperated".into(),
            strength: "said-so".into(),
            day: day("2024-02-28"),
            ..Cooperation::default()
        }],
        ..Act::default()
    }
}

fn a_consent() -> Consent {
    Consent {
        subject: PersonId(1),
        purpose: "un-special-procedures".into(),
        recipient: "Special Rapporteur on defenders".into(),
        items: vec![
            Item::Narrative,
            Item::Act(ActId(2)),
            Item::Person(PersonId(1)),
            Item::Attachment([7; 32]),
            Item::read("voice-3"),
        ],
        identity: "initials".into(),
        answer: "yes".into(),
        giver: "self".into(),
        form: "oral-noted".into(),
        first_day: day("2024-03-05"),
        last_day: day("2025-03-05"),
        withdrawn: day("2024-06-01"),
        giver_person: Some(PersonId(3)),
        forewarning: Forewarning {
            beyond_recall: "what the mandate has read".into(),
            who_will_know: "the mandate, and the State after sixty days".into(),
            likely_reaction: "a summons".into(),
            risk_reviewed: day("2024-03-04"),
            ..Forewarning::default()
        },
        ask_again: day("2024-09-01"),
        ..Consent::default()
    }
}

/// Each part in turn: written, read back, equal, and the same bytes again.
macro_rules! comes_back {
    ($($part:ident: $value:expr;)*) => {
        $({
            let part: $part = $value;
            let bytes = part.encode().unwrap();
            assert_eq!($part::decode(&bytes).as_ref(), Ok(&part), stringify!($part));
            assert_eq!($part::decode(&bytes).unwrap().encode().unwrap(), bytes, stringify!($part));

            // A newer release's key, and a newer version.
            let mut with_key = bytes.clone();
            if let Some(head) = with_key.first_mut() {
                *head += 1;
            }
            with_key.extend([0x18, 0x63, 0x41, 0x07]);
            // The head of a map of more than 22 entries would be longer; none is.
            assert!(bytes.first().is_some_and(|head| *head < 0xb7));
            let newer = $part::decode(&with_key).unwrap();
            assert_eq!(newer.kept.len(), 1, stringify!($part));
            assert_eq!(newer.encode().unwrap(), with_key, stringify!($part));
            let mut too_new = bytes;
            *too_new.get_mut(2).unwrap() = 2;
            let refused = $part::decode(&too_new).err();
            assert_eq!(refused, Some(NotARecord::TooNew { version: 2 }), stringify!($part));
            assert_eq!($part::decode(&[0xa0]).err(), Some(NotARecord::Unversioned));
        })*
    };
}

#[test]
fn every_part_of_a_case_comes_back_and_keeps_what_it_does_not_know() {
    comes_back! {
        Event: Event {
            id: EventId(2),
            title: "The arrest".into(),
            tier: "admin1".into(),
            contexts: vec!["protest".into()],
            follows: vec![EventId(1)],
            chain: vec![EventLink {
                event: EventId(1),
                how: "led-to".into(),
                ..EventLink::default()
            }],
            restriction: Restriction {
                kind: "shutdown-full".into(),
                scope: "regional".into(),
                networks: vec!["mobile".into()],
                legality: Legality {
                    necessary: Some(false),
                    ..Legality::default()
                },
                ..Restriction::default()
            },
            ..Event::default()
        };
        Act: an_act();
        Person: Person {
            id: PersonId(1),
            unit: "individual".into(),
            names: vec!["A. B.".into(), "أ. ب.".into()],
            groups: vec!["journalist".into()],
            traits: vec![Trait {
                dimension: "gender".into(),
                value: "woman".into(),
                how_known: "self".into(),
                ..Trait::default()
            }],
            best: Some(1),
            birth_year: Some(1990),
            ..Person::default()
        };
        Consent: a_consent();
        Ground: Ground {
            kind: "public-source".into(),
            purposes: vec!["statistics".into()],
            reason: "Printed in two papers.".into(),
            source: Some(SourceId(1)),
            day: day("2024-03-06"),
            ..Ground::default()
        };
        Source: Source {
            id: SourceId(1),
            kind: "media".into(),
            reliability: "b".into(),
            independence_group: "agency".into(),
            fears_reprisal: Some(true),
            ..Source::default()
        };
        Assessment: Assessment {
            act: Some(ActId(1)),
            standard: "grounds-to-believe".into(),
            corroboration: "c2".into(),
            credibility: "2".into(),
            sources: vec![SourceId(1), SourceId(2)],
            reasons: "Two that did not know of each other.".into(),
            assessor: "one".into(),
            reviewer: "two".into(),
            day: day("2024-03-07"),
            ..Assessment::default()
        };
        Law: Law {
            id: LawId(1),
            title: "Law on associations".into(),
            kind: "law".into(),
            status: "in-force".into(),
            legality: Legality {
                non_discriminatory: Some(false),
                reasons: "It names one language.".into(),
                ..Legality::default()
            },
            ..Law::default()
        };
        Response: Response {
            id: ResponseId(1),
            by: "Ministry of Justice".into(),
            day: day("2024-05-01"),
            way: "note-verbale".into(),
            kinds: vec!["denied-facts".into(), "investigation-opened".into()],
            text: "The Government has the honour …".into(),
            answered: vec!["1".into()],
            unanswered: vec!["2".into(), "3".into()],
            authenticity: "asked-back".into(),
            checked: "The mission confirmed it by telephone.".into(),
            received: day("2024-05-03"),
            language: "fr".into(),
            new_facts: "He was moved.".into(),
            ..Response::default()
        };
        Step: Step {
            id: StepId(1),
            kind: "investigation".into(),
            acts: vec![ActId(1)],
            prompt: Some(false),
            impartial: Some(true),
            independent: Some(true),
            grounds: "The court's file.".into(),
            by: "The prosecutor".into(),
            day: day("2024-05-04"),
            outcome: "Two officers were heard.".into(),
            impunity: "total".into(),
            ..Step::default()
        };
        Remedy: Remedy {
            id: RemedyId(1),
            person: Some(PersonId(1)),
            kind: "compensation".into(),
            status: "promised".into(),
            asked: Some(true),
            own_view: "It is not what I asked for.".into(),
            by: "The court".into(),
            day: day("2024-05-05"),
            amount: "A month's wage".into(),
            note: "Paid in two parts.".into(),
            ..Remedy::default()
        };
        Help: Help {
            id: HelpId(1),
            kind: "relocation".into(),
            provider: "A partner".into(),
            first_day: day("2024-05-01"),
            effect: "moderate-positive".into(),
            person: Some(PersonId(1)),
            last_day: day("2024-06-01"),
            outcome: "Safe for now.".into(),
            ..Help::default()
        };
        Commitment: Commitment {
            id: CommitmentId(1),
            by: "The State".into(),
            text: "To open an inquiry.".into(),
            due: day("2024-09-01"),
            day: day("2024-03-09"),
            source: "The review's record".into(),
            grounds: "Nobody was named yet.".into(),
            status: "made".into(),
            ..Commitment::default()
        };
    }
}

#[test]
fn a_part_that_could_not_be_read_again_is_not_stored() {
    let long = Event {
        narrative: "a".repeat(record::MAX_LEN),
        ..Event::default()
    };
    assert_eq!(long.encode(), Err(TooLarge(Malformed::TooLong)));
    let many = Person {
        names: vec!["a".into(); record::MAX_ENTRIES + 1],
        ..Person::default()
    };
    assert_eq!(many.encode(), Err(TooLarge(Malformed::TooMany)));
}

#[derive(Debug, PartialEq, minicbor::Encode, minicbor::Decode)]
struct CaseOfAnotherRoom {
    #[n(0)]
    acts: Vec<Act>,
    #[n(1)]
    consent: Option<Consent>,
}

#[test]
fn parts_stand_inside_the_structures_of_other_rooms() {
    let case = CaseOfAnotherRoom {
        acts: vec![an_act(), an_act()],
        consent: Some(a_consent()),
    };
    let bytes = minicbor::to_vec(&case).unwrap();
    assert_eq!(minicbor::decode::<CaseOfAnotherRoom>(&bytes).unwrap(), case);
    for length in 0..bytes.len() {
        assert!(minicbor::decode::<CaseOfAnotherRoom>(bytes.get(..length).unwrap()).is_err());
    }
}

#[test]
fn nothing_of_a_person_appears_in_a_debug_text() {
    let person = Person {
        names: vec!["Amina".into()],
        ..Person::default()
    };
    assert!(!format!("{person:?}").contains("Amina"));
}

#[test]
fn a_trait_is_a_coded_value_only_where_its_dimension_has_the_word() {
    let of = |dimension: &str, value: &str| Trait {
        dimension: dimension.into(),
        value: value.into(),
        ..Trait::default()
    };
    assert!(of("gender", "woman").entry().is_some());
    assert!(of("gender", "female").entry().is_none());
    assert!(of("religion", "woman").entry().is_none());
}

#[test]
fn a_fact_is_a_small_row_of_numbers() {
    fn plain<T: Copy + Ord + std::hash::Hash + 'static>() {}
    plain::<Fact>();
    // No room for a text, nor for the address of one.
    assert!(size_of::<Fact>() <= 32 && align_of::<Fact>() < align_of::<&str>());
    let place =
        Place::in_admin1(Country::read("CD").unwrap(), NonZeroU16::new(3).unwrap()).unwrap();
    let fact = Fact::coded(
        Code::of("arbitrary-arrest").unwrap(),
        Period::quarter_of(Date::read("2024-12-31").unwrap()),
        place,
        Code::of("journalist").unwrap(),
        Code::of("grounds-to-believe").unwrap(),
        2,
    );
    assert_eq!(
        (
            fact.acts(),
            fact.victims(),
            fact.period().to_string().as_str()
        ),
        (1, 2, "2024-Q4")
    );
    assert_eq!(fact.place().tier().as_str(), "admin1");
}

#[test]
fn a_period_is_told_less_exactly_and_never_more() {
    let month = Period::month_of(Date::read("2024-05-17").unwrap());
    assert_eq!(month.to_string(), "2024-05");
    assert_eq!(month.as_quarter().to_string(), "2024-Q2");
    assert_eq!(
        month.as_quarter().as_year().as_quarter().to_string(),
        "2024"
    );
    let ends = |period: Period| period.day_after().map(|day| day.to_string());
    assert_eq!(ends(month).as_deref(), Some("2024-06-01"));
    assert_eq!(ends(month.as_quarter()).as_deref(), Some("2024-07-01"));
    assert_eq!(ends(month.as_year()).as_deref(), Some("2025-01-01"));
    assert_eq!(
        (Period::quarter(2024, 5), Period::month(2024, 0)),
        (None, None)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: proptest::test_runner::RngSeed::Fixed(47), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_alteration_of_a_stored_part_makes_the_reader_stumble(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for mut bytes in [an_act().encode().unwrap(), a_consent().encode().unwrap()] {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                *bytes.get_mut(at).unwrap() = *byte;
            }
            if let Ok(act) = Act::decode(&bytes) {
                act.encode().unwrap();
            }
            if let Ok(consent) = Consent::decode(&bytes) {
                consent.encode().unwrap();
            }
        }
    }
}

#[test]
fn an_item_is_read_as_it_is_written_and_what_is_no_item_stays_as_it_stands() {
    let items = [
        Item::Person(PersonId(0)),
        Item::Act(ActId(u32::MAX)),
        Item::Attachment([0xa0; 32]),
        Item::Narrative,
    ];
    for item in items {
        assert_eq!(Item::read(&item.to_string()), item);
    }
    // Two spellings of one item would be two answers about it.
    for text in [
        "",
        "act",
        "act-",
        "act-01",
        "act-+1",
        "act--1",
        "act-4294967296",
        "Act-1",
        "act-1 ",
        "person-x",
        "attachment-ab",
        "narrative-1",
    ] {
        assert_eq!(Item::read(text), Item::Unknown(text.to_owned()), "{text}");
        assert_eq!(Item::read(text).to_string(), text);
    }
    let loud = format!("attachment-{}", "AB".repeat(32));
    assert_eq!(Item::read(&loud), Item::Unknown(loud.clone()));
}
