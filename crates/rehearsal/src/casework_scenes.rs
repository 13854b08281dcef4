//! What a caseworker does on a case, step by step, as a scene needs it.

use record::vocabulary::{Communications, IdentityLevels, Purposes};
use record::{
    Act, Assessment, Code, Consent, Event, Forewarning, Ground, Person, PersonId, Source,
    VictimOfAct, When, Where,
};

use crate::stage::Stage;

/// The day on which the act of these scenes was done.
pub const DAY_OF_THE_ACT: &str = "2026-11-20";

impl Stage {
    /// Describes what happened: one arrest, of one defender, in a region of the office's list.
    pub fn the_caseworker_describes_an_arrest(&mut self, case: u64, region: &str) {
        let now = self.now;
        let person = |case: &casework::Case| Person {
            id: case.next_person(),
            groups: vec!["hrd".into()],
            ..Person::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::record_person(c, person(c), s))
            .unwrap();
        let when = When {
            first: DAY_OF_THE_ACT.to_owned(),
            precision: "day".into(),
            ..When::default()
        };
        let place = Where {
            country: "CD".to_owned(),
            admin1: region.to_owned(),
            ..Where::default()
        };
        let event = |c: &casework::Case| Event {
            id: c.next_event(),
            when: when.clone(),
            place: place.clone(),
            tier: "admin1".into(),
            ..Event::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::code_event(c, event(c), s))
            .unwrap();
        let act = |c: &casework::Case| Act {
            id: c.next_act(),
            event: c.events().last().unwrap().id,
            kind: "arbitrary-arrest".into(),
            stage: "completed".into(),
            victims: vec![VictimOfAct {
                person: c.people().last().unwrap().id,
                groups: vec!["hrd".into()],
                ..VictimOfAct::default()
            }],
            ..Act::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::code_act(c, act(c), s))
            .unwrap();
    }

    /// Assesses with a source and reasons, reviews, marks the act verified.
    pub fn the_caseworker_verifies(&mut self, case: u64) {
        let now = self.now;
        let source = |c: &casework::Case| Source {
            id: c.next_source(),
            kind: "witness".into(),
            reliability: "b".into(),
            ..Source::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::record_source(c, source(c), s))
            .unwrap();
        let assessment = |c: &casework::Case| Assessment {
            act: c.acts().last().map(|act| act.id),
            standard: "grounds-to-believe".into(),
            corroboration: "c0".into(),
            credibility: "2".into(),
            sources: c.sources().map(|source| source.id).collect(),
            reasons: "Seen by a witness whose account holds together.".to_owned(),
            ..Assessment::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::assess(c, assessment(c), s))
            .unwrap();
        let team = casework::Team::OnePerson;
        self.desk
            .decide(case, now, |c, s| {
                let number = c.findings().last().unwrap().number;
                casework::review(c, number, true, "Read again after a night.", team, s)
            })
            .unwrap();
        self.desk
            .decide(case, now, |c, s| {
                let (act, finding) = (c.acts().last().unwrap().id, c.findings().last().unwrap());
                casework::verify(c, act, finding.number, s)
            })
            .unwrap();
    }

    /// Records a yes towards one recipient, given by voice after what must be said before it.
    pub fn the_caseworker_records_consent(&mut self, case: u64, purpose: &str, recipient: &str) {
        let now = self.now;
        let consent = Consent {
            subject: PersonId(0),
            purpose: purpose.into(),
            recipient: recipient.to_owned(),
            identity: "none".into(),
            answer: "yes".into(),
            giver: "self".into(),
            form: "oral-noted".into(),
            forewarning: Forewarning {
                beyond_recall: "What was read cannot be unread.".to_owned(),
                who_will_know: "The recipient, and whoever works there.".to_owned(),
                likely_reaction: "A summons.".to_owned(),
                risk_reviewed: self.desk.today(now),
                ..Forewarning::default()
            },
            ..Consent::default()
        };
        self.desk
            .decide(case, now, |c, s| {
                casework::record_consent(c, consent, None, s)
            })
            .unwrap();
    }

    /// Records that a report was public, and where it can be found.
    pub fn the_caseworker_records_a_public_source(&mut self, case: u64) {
        let now = self.now;
        let source = |c: &casework::Case| Source {
            id: c.next_source(),
            kind: "media".into(),
            found: "An invented newspaper, page 3".to_owned(),
            ..Source::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::record_source(c, source(c), s))
            .unwrap();
        let ground = |c: &casework::Case| Ground {
            kind: "public-source".into(),
            purposes: vec!["statistics".into()],
            reason: "Published before it was imported.".to_owned(),
            source: c.sources().last().map(|source| source.id),
            ..Ground::default()
        };
        self.desk
            .decide(case, now, |c, s| casework::record_ground(c, ground(c), s))
            .unwrap();
    }

    /// Writes to an authority, if consent covers it.
    ///
    /// # Errors
    /// Why it is not covered.
    pub fn the_office_writes_to(
        &mut self,
        case: u64,
        purpose: &str,
        kind: &str,
        authority: &str,
    ) -> Result<(), casework::NotCovered> {
        let now = self.now;
        let today = record::Date::of_day_number(self.today().0).unwrap();
        let purpose = Code::<Purposes>::of(purpose).unwrap();
        let identity = Code::<IdentityLevels>::of("none").unwrap();
        let kind = Code::<Communications>::of(kind).unwrap();
        self.desk
            .case(case)
            .unwrap()
            .covers(purpose, authority, identity, today)?;
        self.desk
            .decide(case, now, |c, stamp| {
                casework::foresee(
                    c,
                    authority,
                    identity,
                    "Her sister knows of the phone.",
                    "Another summons.",
                    "She was called, and her sister.",
                    stamp,
                )
            })
            .unwrap();
        self.desk
            .decide(case, now, |c, stamp| {
                let covered = c.covers(purpose, authority, identity, today).unwrap();
                let body = "We ask who asked you for her location, and by which law.";
                let letter =
                    casework::Communication::new(covered, kind, authority, body, today).unwrap();
                casework::communicate(c, &letter, stamp)
            })
            .unwrap();
        Ok(())
    }
}
