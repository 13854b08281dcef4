//! An office with one log, and people who decide in it: a scene for the claims.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of the scene, and a test may stop at the first surprise"
)]

use casework::*;
use record::{
    Act, ActId, Assessment, Code, Consent, Date, Event, EventId, Forewarning, Ground, Person,
    PersonId, Report, Source, SourceId, Term, VictimOfAct,
};

/// 2025-03-03.
pub(crate) const TODAY: u32 = 20_150;

pub(crate) struct Scene {
    pub(crate) log: Vec<Entry>,
    pub(crate) office: Office,
    pub(crate) case: CaseId,
    /// The day on which whatever comes next is decided.
    pub(crate) day: u32,
    second: u32,
}

pub(crate) fn author(person: &str) -> Author {
    Author::new(person, "desk-1").unwrap()
}

pub(crate) fn today() -> Date {
    Date::of_day_number(TODAY).unwrap()
}

impl Scene {
    /// An office into which one letter came, signed by words.
    pub(crate) fn with_a_letter() -> Self {
        let mut scene = Self::empty();
        scene.letter(7, Some(Conversation([9; 32])));
        scene
    }

    pub(crate) fn empty() -> Self {
        Self {
            log: Vec::new(),
            office: Office::default(),
            case: CaseId([0; 16]),
            day: TODAY,
            second: 0,
        }
    }

    pub(crate) fn letter(&mut self, leaf: u8, conversation: Option<Conversation>) -> CaseId {
        let report = Report {
            narrative: format!("What happened, letter {leaf}."),
            ..Report::default()
        };
        self.letter_of(report, leaf, conversation)
    }

    pub(crate) fn letter_of(
        &mut self,
        report: Report,
        leaf: u8,
        conversation: Option<Conversation>,
    ) -> CaseId {
        let arrival = Arrival {
            report,
            came: Came::Sealed {
                leaf: Leaf([leaf; 32]),
                sealed_by: SealedBy::Page,
                conversation,
                acknowledges: None,
                saw_epoch: None,
                hands_over: None,
            },
        };
        let stamp = self.stamp("amina");
        let entry = intake(&self.office, arrival, stamp).unwrap();
        self.case = entry.case().unwrap();
        self.put(entry);
        self.case
    }

    pub(crate) fn stamp(&mut self, person: &str) -> Stamp {
        self.second += 1;
        let at = Moment {
            day: self.day,
            second: self.second,
        };
        self.office.stamp(at, author(person))
    }

    pub(crate) fn put(&mut self, entry: Entry) {
        self.log.push(entry.clone());
        self.office.apply(entry);
        assert_eq!(self.office.misfits(), []);
    }

    pub(crate) fn the_case(&self) -> &Case {
        self.office.case(self.case).unwrap()
    }

    /// Someone decides something about the case, and it is written into the log.
    pub(crate) fn does<E: std::fmt::Debug>(
        &mut self,
        person: &str,
        decide: impl FnOnce(&Case, Stamp) -> Result<Entry, E>,
    ) {
        let entry = self.tries(person, decide).unwrap();
        self.put(entry);
    }

    /// Someone would decide something about the case.
    pub(crate) fn tries<E>(
        &mut self,
        person: &str,
        decide: impl FnOnce(&Case, Stamp) -> Result<Entry, E>,
    ) -> Result<Entry, E> {
        let stamp = self.stamp(person);
        decide(self.the_case(), stamp)
    }

    /// A journalist was arrested in Goma on 2 March 2024; a witness says so.
    pub(crate) fn coded(mut self) -> Self {
        self.does("amina", |case, stamp| {
            record_person(case, journalist(), stamp)
        });
        self.does("amina", |case, stamp| code_event(case, in_goma(), stamp));
        self.does("amina", |case, stamp| code_act(case, arrest(), stamp));
        self.does("amina", |case, stamp| record_source(case, witness(), stamp));
        self
    }

    /// And the office believes it: Amina assessed, Bo reviewed, Amina verified.
    pub(crate) fn verified(self) -> Self {
        let mut scene = self.coded();
        scene.does("amina", |case, stamp| assess(case, belief(), stamp));
        scene.does("bo", |case, stamp| {
            review(case, 1, true, "", Team::Several, stamp)
        });
        scene.does("amina", |case, stamp| verify(case, ActId(1), 1, stamp));
        scene
    }

    /// Somebody wrote down what may come of it when something goes to this recipient.
    pub(crate) fn foresees(&mut self, to: &str) {
        let (known, likely) = ("Her brother knows of the arrest.", "They may come again.");
        self.does("amina", |case, stamp| {
            foresee(
                case,
                to,
                level("full-name-and-contact"),
                known,
                likely,
                "Her brother was called.",
                stamp,
            )
        });
    }

    /// A letter goes to the special procedures, under a consent that stands.
    pub(crate) fn sends(&mut self) -> u32 {
        self.foresees("The Rapporteur");
        let stamp = self.stamp("amina");
        let day = stamp.at.date().unwrap();
        let (use_, to) = (purpose("un-special-procedures"), "The Rapporteur");
        let covered = self
            .the_case()
            .covers(use_, to, level("none"), day)
            .unwrap();
        let kind = Code::of("allegation-letter").unwrap();
        let letter = Communication::new(covered, kind, to, "Dear …", day).unwrap();
        let entry = communicate(self.the_case(), &letter, stamp).unwrap();
        self.put(entry);
        self.the_case().outgoing().last().unwrap().number
    }

    pub(crate) fn consents(mut self, purpose: &str) -> Self {
        let consent = yes(purpose);
        self.does("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
        self
    }
}

pub(crate) fn journalist() -> Person {
    Person {
        id: PersonId(1),
        groups: vec![Term::told("journalist")],
        ..Person::default()
    }
}

pub(crate) fn in_goma() -> Event {
    let mut event = Event {
        id: EventId(1),
        tier: Term::told("admin1"),
        ..Event::default()
    };
    event.when.first = "2024-03-02".into();
    event.when.precision = Term::told("day");
    event.place.country = "CD".into();
    event.place.admin1 = "Nord-Kivu".into();
    event
}

pub(crate) fn arrest() -> Act {
    Act {
        id: ActId(1),
        event: EventId(1),
        kind: Term::told("arbitrary-arrest"),
        victims: vec![VictimOfAct {
            person: PersonId(1),
            ..VictimOfAct::default()
        }],
        ..Act::default()
    }
}

pub(crate) fn witness() -> Source {
    Source {
        id: SourceId(1),
        kind: Term::told("witness"),
        name: "W1".into(),
        ..Source::default()
    }
}

pub(crate) fn belief() -> Assessment {
    Assessment {
        act: Some(ActId(1)),
        standard: Term::told("grounds-to-believe"),
        corroboration: Term::told("c1"),
        sources: vec![SourceId(1)],
        reasons: "A witness who was there, and the order that was shown.".into(),
        ..Assessment::default()
    }
}

pub(crate) fn yes(purpose: &str) -> Consent {
    Consent {
        purpose: Term::told(purpose),
        answer: Term::told("yes"),
        identity: Term::told("none"),
        giver: Term::told("self"),
        form: Term::told("oral-noted"),
        forewarning: forewarned(),
        ..Consent::default()
    }
}

/// What was said before an answer.
pub(crate) fn forewarned() -> Forewarning {
    Forewarning {
        beyond_recall: "What was read cannot be unread.".into(),
        who_will_know: "The recipient, and whoever works there.".into(),
        likely_reaction: "A summons.".into(),
        risk_reviewed: Date::of_day_number(TODAY),
        ..Forewarning::default()
    }
}

pub(crate) fn ground(kind: &str) -> Ground {
    Ground {
        kind: Term::told(kind),
        purposes: vec![Term::told("statistics")],
        reason: "It is in the newspaper of that day.".into(),
        source: Some(SourceId(1)),
        ..Ground::default()
    }
}

pub(crate) fn purpose(code: &str) -> Code<record::vocabulary::Purposes> {
    Code::of(code).unwrap()
}

pub(crate) fn level(code: &str) -> Code<record::vocabulary::IdentityLevels> {
    Code::of(code).unwrap()
}

/// What somebody said to one of the office, as a case of its own.
pub(crate) fn told_by_hand(case: u8, narrative: &str) -> ToldByHand {
    ToldByHand {
        case: CaseId([case; 16]),
        report: Report {
            narrative: narrative.into(),
            language: "sw".into(),
            ..Report::default()
        },
        channel: Term::told("walk-in"),
        taken: Taken {
            told_on: Date::of_day_number(TODAY),
            by: "A field monitor".into(),
            originals: None,
            note: Text::default(),
        },
    }
}
