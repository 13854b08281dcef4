//! Claims about the ledger of consent: item by item, who answers for someone else, what a withdrawal
//! stops and begins, and that the case is asked once more when something leaves. (decision 0054)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{
    Act, ActId, Code, Consent, ConsentAsTold, Date, Forewarning, Ground, Involvement, Item,
    Language, Person, PersonId, Report, Term, Trait,
};
use scene::*;

const CHILD: PersonId = PersonId(1);
const MOTHER: PersonId = PersonId(2);
const FATHER: PersonId = PersonId(3);
/// In a case of their own, without the family.
const SISTER: PersonId = PersonId(1);
const UNCLE: PersonId = PersonId(2);

fn covers(scene: &Scene, use_: &str, items: &[Item]) -> Result<Vec<u32>, NotCovered> {
    let day = Date::of_day_number(scene.day).unwrap();
    scene
        .the_case()
        .covers_items(purpose(use_), "WGAD", items, level("none"), day)
        .map(|covered| covered.consents().to_vec())
}

fn with(purpose: &str, change: impl FnOnce(&mut Consent)) -> Consent {
    let mut consent = yes(purpose);
    change(&mut consent);
    consent
}

fn kind(code: &str) -> Code<record::vocabulary::Communications> {
    Code::of(code).unwrap()
}

impl Scene {
    fn records(&mut self, consent: Consent) {
        self.does("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
    }

    fn refuses(&mut self, consent: Consent, why: CannotRecord) {
        let refused = self.tries("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
        assert_eq!(refused, Err(why));
    }

    /// A child, the mother and the father, of whom nothing is said yet.
    fn with_a_family() -> Self {
        let mut scene = Self::with_a_letter();
        for (id, name, born) in [
            (CHILD, "Noor", 2012),
            (MOTHER, "Samira", 1980),
            (FATHER, "Idris", 1978),
        ] {
            let person = Person {
                id,
                names: vec![name.into()],
                birth_year: Some(born),
                ..Person::default()
            };
            scene.does("amina", |case, stamp| record_person(case, person, stamp));
        }
        scene.does("amina", |case, stamp| code_event(case, in_goma(), stamp));
        scene.does("amina", |case, stamp| code_act(case, arrest(), stamp));
        scene
    }

    /// A sister and an uncle of whoever wrote.
    fn with_relatives() -> Self {
        let mut scene = Self::with_a_letter();
        for (id, name) in [(SISTER, "Awa"), (UNCLE, "Musa")] {
            let person = Person {
                id,
                names: vec![name.into()],
                ..Person::default()
            };
            scene.does("amina", |case, stamp| record_person(case, person, stamp));
        }
        scene
    }

    /// A letter in which whoever wrote tells an age, signed by the words or not.
    fn with_an_age(bands: &[(&str, bool)]) -> Self {
        let mut scene = Self::empty();
        for (n, (band, signed)) in (7_u8..).zip(bands) {
            let report = Report {
                age: Term::told(*band),
                ..Report::default()
            };
            scene.letter_of(report, n, signed.then_some(Conversation([9; 32])));
        }
        scene
    }

    /// The same act again, now with somebody who had a part in it.
    fn accuses(&mut self, part: Involvement) {
        let act = Act {
            involvements: vec![part],
            ..arrest()
        };
        self.does("amina", |case, stamp| code_act(case, act, stamp));
    }

    /// The lawyer answers, for someone who cannot be asked, and Bo stands by it.
    fn cannot_ask(&mut self) {
        self.records(lawyers());
        let number = self.the_case().consents().len();
        self.does("bo", |case, stamp| {
            second(case, u32::try_from(number).unwrap(), stamp)
        });
    }
}

fn by_guardian(person: PersonId, answer: &str) -> Consent {
    with("un-confidential", |consent| {
        consent.subject = CHILD;
        consent.giver = Term::told("guardian");
        consent.giver_person = Some(person);
        consent.giver_told = "a parent; the child is twelve".into();
        consent.child_view = "wants it told, without the school's name".into();
        consent.answer = Term::told(answer);
    })
}

fn lawyers() -> Consent {
    with("un-confidential", |consent| {
        consent.answer = Term::told("cannot-ask");
        consent.giver = Term::told("lawyer");
        consent.giver_told = "Maître K., her lawyer; she was taken and nobody has seen her".into();
    })
}

fn by_family(who: PersonId, answer: &str) -> Consent {
    with("un-confidential", |consent| {
        consent.answer = Term::told(answer);
        consent.giver = Term::told("next-of-kin");
        consent.giver_person = Some(who);
        consent.giver_told = "a relative; nobody has seen her".into();
    })
}

#[test]
fn a_guardian_says_yes_for_a_child_only_and_no_for_anybody_not_known_to_be_grown() {
    let about_the_writer = |giver_person, answer: &str| Consent {
        subject: PersonId(0),
        giver_person,
        ..by_guardian(MOTHER, answer)
    };
    let recorded = |bands: &[(&str, bool)], answer: &str| {
        let mut scene = Scene::with_an_age(bands);
        let sister = Person {
            id: SISTER,
            birth_year: Some(1980),
            ..Person::default()
        };
        scene.does("amina", |case, stamp| record_person(case, sister, stamp));
        scene
            .tries("amina", |case, stamp| {
                record_consent(case, about_the_writer(Some(SISTER), answer), None, stamp)
            })
            .map(drop)
    };
    // What the newest letter says that the words signed, both ways.
    for (bands, expected) in [
        (&[("0-17", true)][..], Ok(())),
        (&[("0-17", false)], Ok(())),
        (&[("60-plus", true)], Err(CannotRecord::NotAChild)),
        (&[("60-plus", false)], Err(CannotRecord::AgeNotTold)),
        (&[("", true)], Err(CannotRecord::AgeNotTold)),
        (
            &[("0-17", true), ("18-24", true)],
            Err(CannotRecord::NotAChild),
        ),
        (&[("18-24", true), ("0-17", true)], Ok(())),
        (&[("0-17", true), ("", true)], Ok(())),
    ] {
        assert_eq!(recorded(bands, "yes"), expected, "{bands:?}");
    }
    assert_eq!(recorded(&[("", true)], "no"), Ok(()));

    // The age recorded of a child is corrected to nothing: the guardian's yes covers nothing then.
    let mut scene = Scene::with_a_family();
    scene.records(by_guardian(MOTHER, "yes"));
    let unknown = Person {
        id: CHILD,
        ..Person::default()
    };
    scene.does("amina", |case, stamp| record_person(case, unknown, stamp));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::AgeNotTold)
    );
}

#[test]
fn a_signed_letter_gives_the_answer_it_says_and_no_other() {
    let told = |purpose: &str, answer: &str, identity: &str| ConsentAsTold {
        purpose: Term::told(purpose),
        answer: Term::told(answer),
        identity: Term::told(identity),
        ..ConsentAsTold::default()
    };
    let mut scene = Scene::empty();
    let report = Report {
        consents: vec![
            told("public-named", "no", "none"),
            told("media", "yes", "initials"),
            told("statistics", "yes", ""),
        ],
        ..Report::default()
    };
    scene.letter_of(report, 7, Some(Conversation([9; 32])));
    let sister = Person {
        id: SISTER,
        ..Person::default()
    };
    scene.does("amina", |case, stamp| record_person(case, sister, stamp));
    let mut recorded = |purpose: &str, change: fn(&mut Consent)| {
        let consent = with(purpose, |consent| {
            consent.form = Term::told("in-app");
            consent.forewarning = Forewarning::default();
            change(consent);
        });
        scene
            .tries("amina", |case, stamp| {
                record_consent(case, consent, Some(Leaf([7; 32])), stamp)
            })
            .map(drop)
    };
    let forged = Err(CannotRecord::NotWhatTheLetterSays);
    let initials = |consent: &mut Consent| consent.identity = Term::told("initials");
    assert_eq!(recorded("public-named", |_| {}), forged);
    assert_eq!(recorded("un-confidential", |_| {}), forged);
    assert_eq!(recorded("media", |_| {}), forged);
    assert_eq!(
        recorded("media", |one| one.identity = Term::told("full-name")),
        forged
    );
    assert_eq!(
        recorded("statistics", |one| one.identity = Term::told("initials")),
        forged
    );
    assert_eq!(recorded("statistics", |one| one.subject = SISTER), forged);
    assert_eq!(
        recorded("statistics", |one| one.recipient = "Ministry".into()),
        forged
    );
    assert_eq!(
        recorded("statistics", |one| one.items = vec![Item::Narrative]),
        forged
    );
    let by_another = |one: &mut Consent| {
        one.giver = Term::told("next-of-kin");
        one.giver_person = Some(SISTER);
        one.giver_told = "the sister".into();
    };
    assert_eq!(recorded("statistics", by_another), forged);

    assert_eq!(recorded("media", initials), Ok(()));
    assert_eq!(recorded("statistics", |_| {}), Ok(()));
    assert_eq!(
        recorded("public-named", |one| one.answer = Term::told("no")),
        Ok(())
    );
}

/// An entry as another program would write it: the bytes of an answer, with others in their place.
fn rewritten(entry: &Entry, from: &[u8], to: &[u8]) -> Entry {
    assert_eq!(from.len(), to.len());
    let mut bytes = entry.encode().to_vec();
    let at = bytes.windows(from.len()).position(|part| part == from);
    let at = at.unwrap();
    bytes[at..at + from.len()].copy_from_slice(to);
    Entry::decode(&bytes).unwrap()
}

#[test]
fn that_somebody_was_not_asked_replaces_no_answer() {
    let not_asked = |change: fn(&mut Consent)| {
        with("un-confidential", |consent| {
            consent.answer = Term::told("not-asked");
            change(consent);
        })
    };
    for of_the_recipient in ["", "WGAD"] {
        let mut scene = Scene::with_a_letter();
        scene.records(not_asked(|_| {}));
        assert_eq!(
            covers(&scene, "un-confidential", &[]),
            Err(NotCovered::NotAsked)
        );
        scene.records(with("un-confidential", |consent| {
            consent.answer = Term::told("no");
            consent.recipient = of_the_recipient.into();
        }));
        scene.records(not_asked(|_| {}));
        scene.records(not_asked(|consent| consent.recipient = "WGAD".into()));
        assert_eq!(
            covers(&scene, "un-confidential", &[]),
            Err(NotCovered::SaidNo)
        );
    }
    // Nor does it give the word to others.
    let mut scene = Scene::with_a_letter();
    scene.records(with("un-confidential", |consent| {
        consent.answer = Term::told("no");
    }));
    scene.records(not_asked(|_| {}));
    scene.cannot_ask();
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::SaidNo)
    );
}

#[test]
fn a_yes_of_an_earlier_release_without_warnings_is_kept_and_covers_nothing() {
    let mut scene = Scene::with_a_letter();
    let warned = scene.tries("amina", |case, stamp| {
        record_consent(case, yes("media"), None, stamp)
    });
    // As it was written before: nothing of who will know.
    let old = rewritten(
        &warned.unwrap(),
        b"The recipient, and whoever works there.",
        b"                                       ",
    );
    scene.put(old);
    assert_eq!(covers(&scene, "media", &[]), Err(NotCovered::NotForewarned));
    scene.records(yes("media"));
    assert_eq!(covers(&scene, "media", &[]), Ok(vec![2]));
}

#[test]
fn no_answer_is_lost_over_a_number_that_decided_nothing_and_no_no_over_one_that_is_taken() {
    // Two desks answered under one number at once.
    let mut scene = Scene::with_a_letter();
    let answered = |scene: &mut Scene, by: &str, use_: &str, answer: &str| {
        let consent = with(use_, |consent| consent.answer = Term::told(answer));
        let entry = scene.tries(by, |case, stamp| record_consent(case, consent, None, stamp));
        entry.unwrap()
    };
    let no = answered(&mut scene, "bo", "media", "no");
    let taken = answered(&mut scene, "bo", "research", "yes");
    let yes_first = answered(&mut scene, "amina", "media", "yes");
    scene.put(yes_first);
    scene.put(no);
    let numbers =
        |case: &Case| -> Vec<u32> { case.consents().iter().map(|one| one.number).collect() };
    assert_eq!(numbers(scene.the_case()), [1, 2]);
    assert_eq!(covers(&scene, "media", &[]), Err(NotCovered::SaidNo));
    // A yes under a taken number is nobody's: another entry may speak of that number.
    let mut office = Office::fold(scene.log.clone());
    office.apply(taken);
    assert_eq!(office.misfits().len(), 1);
    assert_eq!(numbers(office.case(scene.case).unwrap()), [1, 2]);

    // An entry in between decided nothing: those after it count.
    scene.records(yes("research"));
    scene.records(yes("nhri"));
    let mut log = scene.log.clone();
    log.remove(log.len() - 2);
    let office = Office::fold(log);
    assert_eq!(office.misfits(), []);
    assert_eq!(numbers(office.case(scene.case).unwrap()), [1, 2, 4]);
}

#[test]
fn a_recipient_is_the_same_however_the_name_was_typed() {
    let mut scene = Scene::with_a_letter();
    scene.records(with("media", |consent| {
        consent.recipient = "Radio  Caf\u{e9}".into();
    }));
    for (typed, expected) in [
        ("radio cafe\u{301}", Ok(())),
        (" RADIO\u{a0}CAF\u{c9} ", Ok(())),
        ("Radio Cafe", Err(NotCovered::OtherRecipient)),
        ("RadioCaf\u{e9}", Err(NotCovered::OtherRecipient)),
    ] {
        let covered = scene
            .the_case()
            .covers(purpose("media"), typed, level("none"), today());
        assert_eq!(covered.map(drop), expected, "{typed:?}");
    }
}

#[test]
fn a_child_who_is_hurt_at_home_is_helped_on_their_own_yes() {
    let mut scene = Scene::with_a_family();
    for (use_, expected) in [
        ("protection-help", Ok(vec![1])),
        ("documentation-internal", Ok(vec![2])),
        ("media", Err(NotCovered::GuardianNotAsked)),
    ] {
        scene.records(with(use_, |consent| consent.subject = CHILD));
        assert_eq!(covers(&scene, use_, &[]), expected);
    }
    // A guardian's no does not stand in the way of help.
    scene.records(Consent {
        purpose: Term::told("protection-help"),
        ..by_guardian(FATHER, "no")
    });
    assert_eq!(covers(&scene, "protection-help", &[]), Ok(vec![1]));
}

#[test]
fn a_day_of_withdrawal_in_an_answer_itself_is_a_withdrawal() {
    let mut scene = Scene::with_a_letter();
    scene.records(Consent {
        last_day: Date::of_day_number(TODAY + 9),
        ..yes("statistics")
    });
    assert_eq!(covers(&scene, "statistics", &[]), Ok(vec![1]));
    // Another program wrote the day as that of withdrawal: key 15 in the place of key 14.
    let mut scene = Scene::with_a_letter();
    let until = scene.tries("amina", |case, stamp| {
        let until = Consent {
            last_day: Date::of_day_number(TODAY + 9),
            ..yes("statistics")
        };
        record_consent(case, until, None, stamp)
    });
    let until = until.unwrap();
    let value = match until.what() {
        What::ConsentRecorded(recorded) => recorded.consent.encode().unwrap(),
        _ => unreachable!(),
    };
    let at = value.iter().rposition(|byte| *byte == 0x0e).unwrap();
    let mut other = value.clone();
    other[at] = 0x0f;
    scene.put(rewritten(&until, &value, &other));
    let found = &scene.the_case().consents()[0].consent;
    assert!(found.last_day.is_none() && found.withdrawn.is_some());
    assert_eq!(
        covers(&scene, "statistics", &[]),
        Err(NotCovered::Withdrawn)
    );
}

#[test]
fn a_death_that_names_nobody_lets_nobody_speak_for_someone_who_lives() {
    let mut scene = Scene::with_a_letter();
    let sister = Person {
        id: SISTER,
        ..Person::default()
    };
    scene.does("amina", |case, stamp| record_person(case, sister, stamp));
    let somebody = Ground {
        source: None,
        ..ground("deceased")
    };
    scene.does("amina", |case, stamp| record_ground(case, somebody, stamp));
    for subject in [PersonId(0), SISTER] {
        let yes = Consent {
            subject,
            ..by_family(SISTER, "yes")
        };
        scene.refuses(yes, CannotRecord::NotTheirsToGive);
    }
}

#[test]
fn a_relative_who_allows_something_is_a_person_of_the_case_and_ends_when_accused() {
    let mut scene = Scene::with_a_family();
    let unnamed = |answer: &str| Consent {
        giver_person: None,
        ..by_family(FATHER, answer)
    };
    scene.refuses(unnamed("cannot-ask"), CannotRecord::GiverNotRecorded);
    // A no is taken from whoever says it.
    scene.records(Consent {
        purpose: Term::told("media"),
        ..unnamed("no")
    });
    scene.records(by_family(FATHER, "cannot-ask"));
    scene.does("bo", |case, stamp| second(case, 2, stamp));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));
    scene.accuses(Involvement {
        person: Some(FATHER),
        ..Involvement::default()
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::GiverAccused)
    );
}

#[test]
fn a_consent_for_one_act_covers_no_other_and_not_the_whole_case() {
    let mut scene = Scene::with_a_letter().coded();
    let second_act = Act {
        id: ActId(2),
        ..arrest()
    };
    scene.does("amina", |case, stamp| code_act(case, second_act, stamp));
    let (first, second) = (Item::Act(ActId(1)), Item::Act(ActId(2)));
    scene.records(with("media", |consent| consent.items = vec![first.clone()]));
    assert_eq!(
        covers(&scene, "media", std::slice::from_ref(&first)),
        Ok(vec![1])
    );
    for more in [
        vec![second.clone()],
        vec![first.clone(), second.clone()],
        vec![first.clone(), Item::Narrative],
        vec![first.clone(), Item::Person(PersonId(1))],
        vec![first.clone(), Item::Attachment([3; 32])],
        vec![],
    ] {
        let refused = covers(&scene, "media", &more);
        assert_eq!(refused, Err(NotCovered::SomeItemsOnly), "{more:?}");
    }
    // The rest is asked for, and both rest on what was said of each.
    scene.records(with("media", |consent| {
        consent.items = vec![second.clone()]
    }));
    let both = [first.clone(), second.clone()];
    assert_eq!(covers(&scene, "media", &both), Ok(vec![1, 2]));
    assert_eq!(covers(&scene, "media", &[]), Err(NotCovered::SomeItemsOnly));
}

#[test]
fn a_no_about_one_act_bars_it_and_the_whole_case_and_leaves_the_other_acts() {
    let mut scene = Scene::with_a_letter().coded();
    scene.records(yes("media"));
    scene.records(with("media", |consent| {
        consent.answer = Term::told("no");
        consent.items = vec![Item::Act(ActId(1))];
    }));
    let act = [Item::Act(ActId(1))];
    assert_eq!(covers(&scene, "media", &act), Err(NotCovered::SaidNo));
    assert_eq!(covers(&scene, "media", &[]), Err(NotCovered::SaidNo));
    assert_eq!(covers(&scene, "media", &[Item::Narrative]), Ok(vec![1]));
}

#[test]
fn an_item_of_a_newer_release_narrows_a_consent_and_never_widens_it() {
    let mut scene = Scene::with_a_letter().coded();
    let strange = with("media", |consent| {
        consent.items = vec![Item::read("voice-3")];
    });
    scene.refuses(strange, CannotRecord::NoSuchItem);
    let nowhere = with("media", |consent| {
        consent.items = vec![Item::Act(ActId(9))];
    });
    scene.refuses(nowhere, CannotRecord::NoSuchItem);
    scene.records(yes("media"));
    let strange = [Item::read("voice-3")];
    assert_eq!(
        covers(&scene, "media", &strange),
        Err(NotCovered::SomeItemsOnly)
    );
}

#[test]
fn a_yes_that_says_more_than_this_release_reads_covers_nothing() {
    let mut scene = Scene::with_a_letter();
    // A newer release wrote the same answer, with a key this one does not know.
    let mut bytes = yes("media").encode().unwrap();
    bytes[0] += 1;
    bytes.extend([0x18, 0x63, 0x41, 0x07]);
    let newer = Consent::decode(&bytes).unwrap();
    assert!(!newer.kept.is_empty());
    scene.records(newer);
    assert_eq!(covers(&scene, "media", &[]), Err(NotCovered::NotUnderstood));
}

#[test]
fn an_act_is_counted_only_if_it_is_among_what_is_covered() {
    let mut scene = Scene::with_a_letter().verified();
    scene.records(with("statistics", |consent| {
        consent.items = vec![Item::Act(ActId(1)), Item::Narrative];
    }));
    let count = |items: &[Item]| {
        let case = scene.the_case();
        let covered = case
            .covers_items(purpose("statistics"), "", items, level("none"), today())
            .unwrap();
        countable(case, &covered, &Places::default()).map(|facts| facts.len())
    };
    assert_eq!(count(&[Item::Act(ActId(1))]), Ok(1));
    assert_eq!(
        count(&[Item::Narrative]),
        Err(NotCountable::NothingVerified)
    );
}

#[test]
fn a_yes_to_what_leaves_the_office_needs_what_was_said_before_it() {
    let mut scene = Scene::with_a_letter();
    type Change = fn(&mut Forewarning);
    let omissions: [Change; 4] = [
        |said| said.beyond_recall = " ".into(),
        |said| said.who_will_know = String::new(),
        |said| said.likely_reaction = String::new(),
        |said| said.risk_reviewed = None,
    ];
    for omit in omissions {
        let unsaid = with("state-transmission", |consent| {
            omit(&mut consent.forewarning)
        });
        scene.refuses(unsaid.clone(), CannotRecord::NotForewarned);
        // A no needs no warning, and neither does what stays.
        let no = Consent {
            answer: Term::told("no"),
            ..unsaid.clone()
        };
        scene.records(no);
        let stays = Consent {
            purpose: Term::told("documentation-internal"),
            ..unsaid
        };
        scene.records(stays);
    }
    scene.records(yes("state-transmission"));
}

#[test]
fn for_a_child_a_guardian_is_asked_and_the_child_is_heard() {
    let mut scene = Scene::with_a_family();
    scene.records(with("un-confidential", |consent| consent.subject = CHILD));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::GuardianNotAsked)
    );
    let silent = Consent {
        child_view: "  ".into(),
        ..by_guardian(MOTHER, "yes")
    };
    scene.refuses(silent, CannotRecord::ChildNotHeard);
    let unnamed = Consent {
        giver_person: None,
        ..by_guardian(MOTHER, "yes")
    };
    scene.refuses(unnamed, CannotRecord::GiverNotRecorded);
    let nobody = Consent {
        giver_person: Some(PersonId(9)),
        ..by_guardian(MOTHER, "yes")
    };
    scene.refuses(nobody, CannotRecord::GiverNotRecorded);
    scene.records(by_guardian(MOTHER, "yes"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1, 2]));
    // The child's no is never outvoted by a guardian.
    scene.records(with("un-confidential", |consent| {
        consent.subject = CHILD;
        consent.answer = Term::told("no");
    }));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::SaidNo)
    );
}

#[test]
fn a_child_who_wrote_alone_is_a_child() {
    let mut scene = Scene::empty();
    let arrival = Arrival {
        report: Report {
            narrative: "My teacher beats us.".into(),
            age: Term::told("0-17"),
            ..Report::default()
        },
        came: Came::Sealed {
            leaf: Leaf([7; 32]),
            sealed_by: SealedBy::Page,
            conversation: Some(Conversation([9; 32])),
            acknowledges: None,
            saw_epoch: None,
            hands_over: None,
        },
    };
    let stamp = scene.stamp("amina");
    let entry = intake(&scene.office, arrival, stamp).unwrap();
    scene.case = entry.case().unwrap();
    scene.put(entry);
    scene.records(yes("media"));
    assert_eq!(
        covers(&scene, "media", &[]),
        Err(NotCovered::GuardianNotAsked)
    );
}

#[test]
fn nobody_loses_a_childs_protection_by_a_year_or_a_second_remark() {
    let mut scene = Scene::with_a_family();
    let band = |value: &str| Trait {
        dimension: Term::told("age"),
        how_known: Term::told("self"),
        value: value.into(),
        ..Trait::default()
    };
    // Today is in 2025.
    let people: [(Option<u16>, &[&str], bool); 7] = [
        (Some(2008), &[], true),
        (Some(2007), &[], true),
        (Some(2006), &[], false),
        (None, &["0-17"], true),
        (None, &["25-34", "0-17"], true),
        (None, &["25-34"], false),
        (None, &[], false),
    ];
    for (birth_year, bands, child) in people {
        let person = Person {
            id: CHILD,
            birth_year,
            traits: bands.iter().map(|value| band(value)).collect(),
            ..Person::default()
        };
        scene.does("amina", |case, stamp| record_person(case, person, stamp));
        let found = scene.the_case().is_a_child(CHILD, today());
        assert_eq!(found, child, "{birth_year:?} {bands:?}");
    }
}

#[test]
fn a_guardian_does_not_answer_for_someone_of_age_even_if_they_once_did() {
    let mut scene = Scene::with_a_family();
    let grown = Consent {
        subject: MOTHER,
        ..by_guardian(FATHER, "yes")
    };
    scene.refuses(grown, CannotRecord::NotAChild);
    scene.records(by_guardian(MOTHER, "yes"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    // 2031: Noor was born in 2012.
    scene.day = TODAY + 6 * 366;
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::OfAge)
    );
}

#[test]
fn a_guardian_who_is_the_alleged_perpetrator_answers_for_nobody() {
    let by_number = Involvement {
        person: Some(FATHER),
        ..Involvement::default()
    };
    let by_name = Involvement {
        name: " idris".into(),
        ..Involvement::default()
    };
    for part in [by_number, by_name] {
        let mut scene = Scene::with_a_family();
        scene.accuses(part);
        for answer in ["yes", "no"] {
            scene.refuses(by_guardian(FATHER, answer), CannotRecord::GiverAccused);
        }
        scene.records(by_guardian(MOTHER, "yes"));
        assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    }
}

#[test]
fn what_a_guardian_answered_ends_for_good_when_they_are_recorded_as_perpetrator() {
    let mut scene = Scene::with_a_family();
    scene.records(by_guardian(FATHER, "yes"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    scene.accuses(Involvement {
        person: Some(FATHER),
        ..Involvement::default()
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::GiverAccused)
    );
    // The act is corrected: what ended does not come back by itself.
    scene.does("amina", |case, stamp| code_act(case, arrest(), stamp));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::GiverAccused)
    );
    scene.records(by_guardian(FATHER, "yes"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));
    // A name that turns out to be theirs ends it as well.
    scene.accuses(Involvement {
        name: "Abu Noor".into(),
        ..Involvement::default()
    });
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));
    let known = Person {
        id: FATHER,
        names: vec!["Idris".into(), "abu noor".into()],
        ..Person::default()
    };
    scene.does("amina", |case, stamp| record_person(case, known, stamp));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::GiverAccused)
    );
}

#[test]
fn only_a_guardian_or_the_kin_of_the_dead_says_yes_for_another() {
    let mut scene = Scene::with_a_family();
    for giver in ["lawyer", "office", "next-of-kin"] {
        let yes = Consent {
            subject: MOTHER,
            giver: Term::told(giver),
            ..by_family(FATHER, "yes")
        };
        scene.refuses(yes, CannotRecord::NotTheirsToGive);
    }
    let of_another = Ground {
        subject: Some(FATHER),
        source: None,
        ..ground("deceased")
    };
    let of_her = Ground {
        subject: Some(MOTHER),
        ..of_another.clone()
    };
    let kin = Consent {
        subject: MOTHER,
        ..by_family(FATHER, "yes")
    };
    scene.does("amina", |case, stamp| {
        record_ground(case, of_another, stamp)
    });
    scene.refuses(kin.clone(), CannotRecord::NotTheirsToGive);
    scene.does("amina", |case, stamp| record_ground(case, of_her, stamp));
    scene.records(kin);
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
}

#[test]
fn who_cannot_be_asked_is_answered_for_by_two_people_for_one_use_and_by_few() {
    let mut scene = Scene::with_a_letter();
    for giver in ["self", "guardian"] {
        let wrong = Consent {
            giver: Term::told(giver),
            giver_person: None,
            ..lawyers()
        };
        let refused = scene.tries("amina", |case, stamp| {
            record_consent(case, wrong, None, stamp)
        });
        assert!(refused.is_err(), "{giver}");
    }
    for other in [
        "un-special-procedures",
        "media",
        "statistics",
        "state-transmission",
    ] {
        let wider = Consent {
            purpose: Term::told(other),
            ..lawyers()
        };
        scene.refuses(wider, CannotRecord::OnlyConfidential);
    }
    scene.records(lawyers());
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::SecondMissing)
    );
    assert_eq!(scene.the_case().to_be_seconded(TODAY).count(), 1);
    // Two desks of one person are one person.
    let other_desk = Author::new("amina", "desk-2").unwrap();
    let alone = scene.tries("amina", |case, stamp| {
        let stamp = Stamp {
            by: other_desk,
            ..stamp
        };
        second(case, 1, stamp)
    });
    assert_eq!(alone, Err(CannotSecond::SamePerson));
    scene.does("bo", |case, stamp| second(case, 1, stamp));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    assert_eq!(scene.the_case().to_be_seconded(TODAY).count(), 0);
    let twice = scene.tries("bo", |case, stamp| second(case, 1, stamp));
    assert_eq!(twice, Err(CannotSecond::NotNeeded));
}

#[test]
fn what_is_answered_for_someone_who_cannot_be_asked_becomes_an_urgent_appeal_and_nothing_else() {
    let mut scene = Scene::with_a_letter();
    scene.cannot_ask();
    let case = scene.the_case();
    let covered = || {
        case.covers(
            purpose("un-confidential"),
            "WGEID",
            level("full-name"),
            today(),
        )
    };
    // The lawyer allowed no identity.
    assert_eq!(covered().map(drop), Err(NotCovered::LessIdentity));
    let covered = || {
        case.covers(purpose("un-confidential"), "WGEID", level("none"), today())
            .unwrap()
    };
    assert!(covered().is_confined());
    for (code, allowed) in [
        ("urgent-appeal", true),
        ("wgeid-humanitarian", true),
        ("allegation-letter", false),
        ("joint-letter", false),
        ("individual-complaint", false),
        ("reprisals-submission", false),
    ] {
        let letter = Communication::new(covered(), kind(code), "WGEID", "She is gone.", today());
        let expected = if allowed {
            Ok(())
        } else {
            Err(CannotCommunicate::OnlyUrgent)
        };
        assert_eq!(letter.map(drop), expected, "{code}");
    }
    let package = Package::new(covered(), "WGEID").map(drop);
    assert_eq!(package, Err(CannotSend::OnlyUrgent));
}

#[test]
fn what_is_answered_for_someone_who_cannot_be_asked_is_over_after_fourteen_days() {
    let mut scene = Scene::with_a_letter();
    scene.records(Consent {
        last_day: Date::of_day_number(TODAY + 90),
        ..lawyers()
    });
    scene.does("bo", |case, stamp| second(case, 1, stamp));
    scene.day = TODAY + 13;
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    scene.day = TODAY + 14;
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::StandInOver)
    );
    // Nobody revives it later by standing by it.
    scene.records(lawyers());
    scene.day = TODAY + 28;
    let late = scene.tries("bo", |case, stamp| second(case, 2, stamp));
    assert_eq!(late, Err(CannotSecond::Over));
    scene.cannot_ask();
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![3]));
}

#[test]
fn once_the_person_is_reached_only_their_own_answer_decides() {
    let mut scene = Scene::with_a_letter();
    let early = scene.tries("amina", |case, stamp| {
        reach(case, PersonId(0), "by phone", stamp)
    });
    assert_eq!(early, Err(CannotReach::NobodyAnswered));
    scene.cannot_ask();
    let untold = scene.tries("amina", |case, stamp| reach(case, PersonId(0), " ", stamp));
    assert_eq!(untold, Err(CannotReach::NotTold));
    scene.does("amina", |case, stamp| {
        reach(
            case,
            PersonId(0),
            "she called; Amina knows her voice",
            stamp,
        )
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::PersonReached)
    );
    scene.records(yes("un-confidential"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));

    // Whoever answers about anything was reached, and a no outlasts every later stand-in.
    let mut scene = Scene::with_a_letter();
    scene.cannot_ask();
    scene.records(yes("statistics"));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::PersonReached)
    );
    scene.records(with("un-confidential", |consent| {
        consent.answer = Term::told("no");
    }));
    scene.cannot_ask();
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::SaidNo)
    );
}

#[test]
fn someone_who_vanishes_after_an_answer_ran_out_can_be_answered_for() {
    let mut scene = Scene::with_a_letter();
    scene.records(with("un-confidential", |consent| {
        consent.last_day = Date::of_day_number(TODAY - 1);
    }));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::NotToday)
    );
    scene.cannot_ask();
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));
}

#[test]
fn relatives_who_disagree_are_both_recorded_and_block_until_a_person_says_why() {
    let mut scene = Scene::with_a_family();
    scene.records(by_guardian(MOTHER, "yes"));
    let nothing = scene.tries("bo", |case, stamp| resolve(case, 1, "agreed", stamp));
    assert_eq!(nothing, Err(CannotResolve::NoDisagreement));
    scene.records(by_guardian(FATHER, "no"));
    assert_eq!(scene.the_case().consents().len(), 2);
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::Disagree)
    );
    let silent = scene.tries("bo", |case, stamp| resolve(case, 1, " ", stamp));
    assert_eq!(silent, Err(CannotResolve::NoReason));
    let why = "the mother has custody; the judgment is in the case";
    scene.does("bo", |case, stamp| resolve(case, 1, why, stamp));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    assert_eq!(&*scene.the_case().resolved()[0].reason, why);

    // An answer that came since was not looked at.
    scene.records(by_guardian(FATHER, "no"));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::Disagree)
    );
    scene.does("bo", |case, stamp| resolve(case, 3, "he was right", stamp));
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::SaidNo)
    );
    // The father comes round: nobody disagrees any more.
    scene.records(by_guardian(FATHER, "yes"));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1, 4]));
}

#[test]
fn an_answer_that_stands_decides_nothing_it_does_not_speak_of_and_none_that_was_replaced_comes_back()
 {
    let mut scene = Scene::with_a_family();
    let second_act = Act {
        id: ActId(2),
        ..arrest()
    };
    scene.does("amina", |case, stamp| code_act(case, second_act, stamp));
    let (first, second) = ([Item::Act(ActId(1))], [Item::Act(ActId(2))]);
    scene.records(Consent {
        items: first.to_vec(),
        ..by_guardian(MOTHER, "yes")
    });
    scene.records(by_guardian(MOTHER, "yes"));
    scene.records(by_guardian(FATHER, "no"));
    let disagree = Err(NotCovered::Disagree);
    scene.does("bo", |case, stamp| resolve(case, 1, "custody", stamp));
    assert_eq!(covers(&scene, "un-confidential", &second), disagree);
    assert_eq!(covers(&scene, "un-confidential", &[]), disagree);
    // The mother's second answer replaced her first for the first act too.
    assert_eq!(covers(&scene, "un-confidential", &first), disagree);
    scene.does("bo", |case, stamp| resolve(case, 2, "custody", stamp));
    assert_eq!(covers(&scene, "un-confidential", &second), Ok(vec![2]));
}

#[test]
fn a_relative_who_takes_an_answer_back_is_not_outvoted_by_another() {
    let mut scene = Scene::with_relatives();
    scene.cannot_ask();
    scene.records(by_family(SISTER, "cannot-ask"));
    scene.does("bo", |case, stamp| second(case, 2, stamp));
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1, 2]));
    scene.does("amina", |case, stamp| {
        withdraw(case, 2, "she is afraid", stamp)
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::Disagree)
    );
    let gone = scene.tries("bo", |case, stamp| resolve(case, 2, "she may not", stamp));
    assert_eq!(gone, Err(CannotResolve::Over));
}

#[test]
fn consent_withdrawn_between_preview_and_sending_refuses_letter_and_package() {
    let mut scene = Scene::with_a_letter().verified();
    scene.records(yes("un-confidential"));
    scene.foresees("WGAD");
    // The preview is on the screen: it was written from the case as it was.
    let seen = Office::fold(scene.log.clone());
    let before = seen.case(scene.case).unwrap();
    let covered = || {
        before
            .covers(purpose("un-confidential"), "WGAD", level("none"), today())
            .unwrap()
    };
    let letter = Communication::new(
        covered(),
        kind("urgent-appeal"),
        "WGAD",
        "Please act.",
        today(),
    )
    .unwrap();
    let package = Package::new(covered(), "WGAD").unwrap();
    let stamp = scene.stamp("amina");
    assert!(communicate(scene.the_case(), &letter, stamp.clone()).is_ok());
    assert!(send_package(scene.the_case(), &package, "by hand", stamp).is_ok());

    scene.does("bo", |case, stamp| withdraw(case, 1, "by phone", stamp));
    let stamp = scene.stamp("amina");
    assert_eq!(
        communicate(scene.the_case(), &letter, stamp.clone()),
        Err(CannotCommunicate::NoLongerCovered)
    );
    assert_eq!(
        send_package(scene.the_case(), &package, "by hand", stamp.clone()),
        Err(CannotSend::NoLongerCovered)
    );

    // And nothing goes out of one case by what another covers.
    let first = scene.case;
    scene.letter(8, Some(Conversation([8; 32])));
    assert_ne!(scene.case, first);
    assert_eq!(
        communicate(scene.the_case(), &letter, stamp.clone()),
        Err(CannotCommunicate::OtherCase)
    );
    assert_eq!(
        send_package(scene.the_case(), &package, "by hand", stamp),
        Err(CannotSend::OtherCase)
    );
}

#[test]
fn what_is_sent_rests_on_what_covers_it_when_it_is_sent() {
    let mut scene = Scene::with_a_letter().verified();
    scene.records(yes("un-confidential"));
    let seen = Office::fold(scene.log.clone());
    let before = seen.case(scene.case).unwrap();
    let covered = before
        .covers(purpose("un-confidential"), "WGAD", level("none"), today())
        .unwrap();
    let letter =
        Communication::new(covered, kind("urgent-appeal"), "WGAD", "Act.", today()).unwrap();
    scene.does("bo", |case, stamp| withdraw(case, 1, "", stamp));
    scene.records(yes("un-confidential"));
    scene.foresees("WGAD");
    scene.does("amina", |case, stamp| communicate(case, &letter, stamp));
    assert_eq!(scene.the_case().outgoing()[0].sent.consents, [2]);
}

#[test]
fn what_went_out_rests_on_every_answer_that_covered_it_whatever_its_entry_claims() {
    let mut scene = Scene::with_a_family();
    scene.records(by_guardian(MOTHER, "yes"));
    scene.records(yes("media"));
    scene.records(with("media", |consent| consent.subject = MOTHER));
    scene.records(Consent {
        items: vec![Item::Act(ActId(1))],
        ..with("media", |consent| consent.subject = MOTHER)
    });
    scene.foresees("WGAD");
    scene.foresees("Radio");
    let letter = scene.tries("amina", |case, stamp| {
        let covered = case.covers(purpose("un-confidential"), "WGAD", level("none"), today());
        let letter = Communication::new(
            covered.unwrap(),
            kind("urgent-appeal"),
            "WGAD",
            "Act.",
            today(),
        );
        communicate(case, &letter.unwrap(), stamp)
    });
    let package = scene.tries("amina", |case, stamp| {
        let covered = case.covers(purpose("media"), "Radio", level("none"), today());
        let package = Package::new(covered.unwrap(), "Radio").unwrap();
        send_package(case, &package, "", stamp)
    });
    // Before these entries, other desks took an answer back and recorded others.
    scene.does("bo", |case, stamp| withdraw(case, 1, "", stamp));
    scene.records(by_guardian(MOTHER, "yes"));
    scene.records(by_guardian(FATHER, "yes"));
    scene.records(yes("media"));
    scene.put(letter.unwrap());
    scene.put(package.unwrap());
    let case = scene.the_case();
    // Two guardians said yes: whoever of them takes it back is told what went out.
    assert_eq!(case.outgoing()[0].sent.consents, [5, 6]);
    assert_eq!(case.went_out_under(1).len(), 0);
    assert_eq!(case.went_out_under(5).len(), 1);
    // What the mother set apart was part of the whole.
    assert_eq!(case.packages()[0].package.consents, [3, 4, 7]);
}

#[test]
fn a_withdrawal_lists_what_already_went_out_and_asks_what_becomes_of_the_rest() {
    let mut scene = Scene::with_a_letter().verified();
    let act = Item::Act(ActId(1));
    scene.records(with("un-confidential", |consent| {
        consent.items = vec![act.clone()];
    }));
    scene.records(yes("share-partner-org"));
    scene.foresees("WGAD");
    scene.foresees("Partner");
    scene.does("amina", |case, stamp| {
        let items = [act.clone()];
        let covered = case
            .covers_items(
                purpose("un-confidential"),
                "WGAD",
                &items,
                level("none"),
                today(),
            )
            .unwrap();
        let letter =
            Communication::new(covered, kind("urgent-appeal"), "WGAD", "Act.", today()).unwrap();
        communicate(case, &letter, stamp)
    });
    scene.does("amina", |case, stamp| {
        let covered = case
            .covers(
                purpose("share-partner-org"),
                "Partner",
                level("none"),
                today(),
            )
            .unwrap();
        send_package(
            case,
            &Package::new(covered, "Partner").unwrap(),
            "a disk",
            stamp,
        )
    });
    assert_eq!(scene.the_case().went_out().len(), 2);
    assert_eq!(scene.the_case().erasure_to_choose().count(), 0);
    let early = scene.tries("bo", |case, stamp| {
        choose_after_withdrawal(case, 1, AfterWithdrawal::Erase, "", stamp)
    });
    assert_eq!(early, Err(CannotChoose::NotWithdrawn));

    scene.does("bo", |case, stamp| withdraw(case, 1, "came by", stamp));
    let case = scene.the_case();
    let out = case.went_out_under(1);
    assert_eq!(out.len(), 1);
    assert_eq!((&**out[0].to, out[0].day), ("WGAD", today()));
    assert_eq!((out[0].what, out[0].items), (Outside::Letter, &[act][..]));
    for language in [Language::English, Language::French] {
        assert!(!out[0].beyond_recall(language).is_empty());
    }
    let asked: Vec<u32> = case.erasure_to_choose().map(|one| one.number).collect();
    assert_eq!(asked, [1]);
    scene.does("bo", |case, stamp| {
        choose_after_withdrawal(case, 1, AfterWithdrawal::Keep, "for later", stamp)
    });
    assert_eq!(scene.the_case().erasure_to_choose().count(), 0);
    assert!(!scene.the_case().is_to_be_erased());
    // Minds are changed.
    scene.does("bo", |case, stamp| {
        choose_after_withdrawal(case, 1, AfterWithdrawal::Erase, "", stamp)
    });
    assert!(scene.the_case().is_to_be_erased());
    let again = scene.tries("bo", |case, stamp| {
        choose_after_withdrawal(case, 1, AfterWithdrawal::Erase, "", stamp)
    });
    assert_eq!(again, Err(CannotChoose::AlreadyChosen));
}

#[test]
fn a_package_shows_what_is_covered_and_no_more_of_anybody_than_was_allowed() {
    let mut scene = Scene::with_a_letter().coded();
    let person = Person {
        names: vec!["Salomé Ndaye Mbuyi".into()],
        contact: "+243 000".into(),
        ..journalist()
    };
    scene.does("amina", |case, stamp| record_person(case, person, stamp));
    let other = Person {
        id: PersonId(2),
        names: vec!["Another".into()],
        ..journalist()
    };
    scene.does("amina", |case, stamp| record_person(case, other, stamp));
    let all = with("media", |consent| {
        consent.identity = Term::told("full-name-and-contact");
    });
    scene.records(all.clone());
    // Whoever wrote said yes to the whole case: nobody else in it did.
    let case = scene.the_case();
    let covered = case.covers(purpose("media"), "Radio", level("full-name"), today());
    let package = Package::new(covered.unwrap(), "Radio").unwrap();
    assert_eq!(package.people().count(), 0);
    scene.records(Consent {
        subject: PersonId(1),
        ..all
    });
    let items = [
        Item::Act(ActId(1)),
        Item::Person(PersonId(1)),
        Item::Person(PersonId(2)),
    ];
    let packed = |items: &[Item], shown: &str| {
        let case = scene.the_case();
        let covered = case
            .covers_items(purpose("media"), "Radio", items, level(shown), today())
            .unwrap();
        Package::new(covered, "Radio").unwrap()
    };
    let shown: [(&str, &[&str], bool); 4] = [
        ("pseudonym", &["P1"], false),
        ("initials", &["S.N.M."], false),
        ("full-name", &["Salomé Ndaye Mbuyi"], false),
        ("full-name-and-contact", &["Salomé Ndaye Mbuyi"], true),
    ];
    for (identity, called, contact) in shown {
        let package = packed(&items, identity);
        let people: Vec<_> = package.people().collect();
        assert_eq!(people.len(), 1, "{identity}");
        assert_eq!(people[0].called(), called, "{identity}");
        assert_eq!(people[0].contact().is_some(), contact, "{identity}");
        assert_eq!(
            (package.acts().count(), package.narratives().count()),
            (1, 0)
        );
        assert!(!package.has_attachment([1; 32]));
    }
    assert_eq!(packed(&items, "none").people().count(), 0);
    let told = packed(&[Item::Narrative, Item::Attachment([1; 32])], "full-name");
    assert_eq!((told.acts().count(), told.people().count()), (0, 0));
    assert_eq!(told.narratives().count(), 1);
    assert!(told.has_attachment([1; 32]) && !told.has_attachment([2; 32]));
}

#[test]
fn below_full_names_a_package_has_no_name_in_an_act_and_no_words_that_were_not_asked_for() {
    let mut scene = Scene::with_a_letter().coded();
    let named = Act {
        involvements: vec![Involvement {
            name: "Uncle Musa".into(),
            grounds: "Awa saw him".into(),
            person: Some(PersonId(1)),
            ..Involvement::default()
        }],
        note: "Awa was there".into(),
        ..arrest()
    };
    scene.does("amina", |case, stamp| code_act(case, named.clone(), stamp));
    scene.records(with("media", |consent| {
        consent.identity = Term::told("full-name");
    }));
    let case = scene.the_case();
    let packed = |items: &[Item], shown: &str| {
        let covered = case
            .covers_items(purpose("media"), "Radio", items, level(shown), today())
            .unwrap();
        let package = Package::new(covered, "Radio").unwrap();
        let acts: Vec<Act> = package.acts().collect();
        (acts, package.narratives().count())
    };
    let nameless = Act {
        involvements: vec![Involvement::default()],
        ..arrest()
    };
    for shown in ["none", "pseudonym", "initials"] {
        assert!(packed(&[], shown) == (vec![nameless.clone()], 0), "{shown}");
        assert_eq!(packed(&[Item::Narrative], shown).1, 1, "{shown}");
    }
    assert!(packed(&[], "full-name") == (vec![named], 1));
}

#[test]
fn where_nobody_was_asked_nothing_told_in_confidence_leaves_and_an_act_only_if_it_is_named() {
    let mut scene = Scene::with_a_letter().coded();
    let paper = record::Source {
        found: "page 2".into(),
        ..witness()
    };
    scene.does("amina", |case, stamp| record_source(case, paper, stamp));
    let public = Ground {
        purposes: vec![Term::told("research"), Term::told("documentation-internal")],
        ..ground("public-source")
    };
    scene.does("amina", |case, stamp| record_ground(case, public, stamp));
    for secret in [Item::Narrative, Item::Attachment([1; 32])] {
        let items = [Item::Act(ActId(1)), secret];
        assert_eq!(
            covers(&scene, "research", &items),
            Err(NotCovered::NotAsked)
        );
        assert_eq!(covers(&scene, "documentation-internal", &items), Ok(vec![]));
    }
    let case = scene.the_case();
    let packed = |items: &[Item]| {
        let covered = case
            .covers_items(purpose("research"), "Lab", items, level("none"), today())
            .unwrap();
        let package = Package::new(covered, "Lab").unwrap();
        let file = package.has_attachment([1; 32]);
        (package.acts().count(), package.narratives().count(), file)
    };
    assert_eq!(packed(&[]), (0, 0, false));
    assert_eq!(packed(&[Item::Act(ActId(1))]), (1, 0, false));
}

#[test]
fn of_a_case_that_was_withdrawn_or_is_on_hold_nothing_is_used_but_to_document_and_to_help() {
    for (state, why) in [
        (State::Withdrawn, NotCovered::CaseWithdrawn),
        (State::OnHoldSafety, NotCovered::OnHold),
    ] {
        let mut scene = Scene::with_a_letter().coded();
        let uses = [
            "documentation-internal",
            "protection-help",
            "media",
            "statistics",
        ];
        for use_ in uses {
            scene.records(yes(use_));
        }
        scene.does("amina", |case, stamp| {
            change_state(case, state, "they asked for it", None, stamp)
        });
        assert_eq!(covers(&scene, uses[0], &[]), Ok(vec![1]));
        assert_eq!(covers(&scene, uses[1], &[]), Ok(vec![2]));
        assert_eq!(covers(&scene, uses[2], &[]), Err(why));
        assert_eq!(covers(&scene, uses[3], &[]), Err(why));
    }
}

#[test]
fn of_a_duplicate_and_of_an_unfounded_case_nothing_is_sent() {
    let mut scene = Scene::with_a_letter();
    let original = scene.case;
    for state in [State::Duplicate, State::Unfounded] {
        let conversation = if state == State::Duplicate { 8 } else { 10 };
        scene.letter(conversation, Some(Conversation([conversation; 32])));
        scene.records(yes("media"));
        scene.records(yes("un-confidential"));
        let seen = Office::fold(scene.log.clone());
        let of = (state == State::Duplicate).then_some(original);
        scene.does("amina", |case, stamp| {
            change_state(case, state, "read twice", of, stamp)
        });
        let before = seen.case(scene.case).unwrap();
        let covered = |use_: &str| {
            before
                .covers(purpose(use_), "WGAD", level("none"), today())
                .unwrap()
        };
        let letter = Communication::new(
            covered("un-confidential"),
            kind("urgent-appeal"),
            "WGAD",
            "Act.",
            today(),
        );
        let package = Package::new(covered("media"), "WGAD").unwrap();
        let stamp = scene.stamp("amina");
        assert_eq!(
            communicate(scene.the_case(), &letter.unwrap(), stamp.clone()),
            Err(CannotCommunicate::SetAside)
        );
        assert_eq!(
            send_package(scene.the_case(), &package, "", stamp),
            Err(CannotSend::SetAside)
        );
    }
}

#[test]
fn what_is_for_the_office_or_for_counting_is_handed_to_nobody() {
    let mut scene = Scene::with_a_letter();
    for inside in ["documentation-internal", "statistics"] {
        scene.records(yes(inside));
        let case = scene.the_case();
        let covered = case
            .covers(purpose(inside), "Partner", level("none"), today())
            .unwrap();
        let package = Package::new(covered, "Partner").map(drop);
        assert_eq!(package, Err(CannotSend::StaysInside), "{inside}");
    }
    scene.records(yes("media"));
    let case = scene.the_case();
    let pack = |to: &str| {
        let covered = case.covers(purpose("media"), "Radio", level("none"), today());
        Package::new(covered.unwrap(), to).map(drop)
    };
    assert_eq!(pack("Radio"), Ok(()));
    assert_eq!(pack(" "), Err(CannotSend::NobodyNamed));
    assert_eq!(pack("Ministry"), Err(CannotSend::OtherRecipient));
}

#[test]
fn a_package_obeys_the_grade_and_whoever_stands_back_decides_nothing_of_the_ledger() {
    let mut scene = Scene::with_a_letter().coded();
    scene.records(yes("state-transmission"));
    scene.records(yes("media"));
    scene.cannot_ask();
    scene.foresees("Ministry");
    let packed = |case: &Case, use_: &str, stamp: Stamp| {
        let covered = case.covers(purpose(use_), "Ministry", level("none"), today());
        let package = Package::new(covered.unwrap(), "Ministry").unwrap();
        send_package(case, &package, "by hand", stamp)
    };
    let grade = {
        let stamp = scene.stamp("amina");
        set_grade(
            &scene.office,
            Code::of("c2").unwrap(),
            "agreed by the team",
            Team::Several,
            stamp,
        )
        .unwrap()
    };
    scene.put(grade);
    let low = scene.tries("amina", |case, stamp| {
        packed(case, "state-transmission", stamp)
    });
    assert_eq!(low, Err(CannotSend::BelowGrade));
    assert!(
        scene
            .tries("amina", |case, stamp| packed(case, "media", stamp))
            .is_ok()
    );

    let bo = Colleague::read("bo").unwrap();
    scene.does("amina", |case, stamp| {
        recuse(case, bo, "the brother of a victim", stamp)
    });
    let tries = scene.tries("bo", |case, stamp| packed(case, "media", stamp));
    assert_eq!(tries, Err(CannotSend::Recused));
    let tries = scene.tries("bo", |case, stamp| {
        record_consent(case, yes("media"), None, stamp)
    });
    assert_eq!(tries, Err(CannotRecord::Recused));
    let tries = scene.tries("bo", |case, stamp| second(case, 3, stamp));
    assert_eq!(tries, Err(CannotSecond::Recused));
    let tries = scene.tries("bo", |case, stamp| resolve(case, 3, "so", stamp));
    assert_eq!(tries, Err(CannotResolve::Recused));
    // What protects somebody at once is never refused.
    scene.does("bo", |case, stamp| {
        reach(case, PersonId(0), "she called", stamp)
    });
    scene.does("bo", |case, stamp| withdraw(case, 2, "she called", stamp));
    let tries = scene.tries("bo", |case, stamp| {
        choose_after_withdrawal(case, 2, AfterWithdrawal::Keep, "", stamp)
    });
    assert_eq!(tries, Err(CannotChoose::Recused));
}

#[test]
fn an_answer_tells_when_it_runs_out_and_when_to_ask_again_until_it_is_given_anew() {
    let day = |after: u32| Date::of_day_number(TODAY + after);
    let due = |scene: &Scene| -> Vec<(u32, AnswerWaits, u32)> {
        let due = scene.the_case().answers_due().into_iter();
        due.map(|one| (one.day - TODAY, one.waits, one.number))
            .collect()
    };
    let mut scene = Scene::with_a_family();
    scene.records(with("media", |consent| consent.last_day = day(30)));
    let later = |after: Option<u32>| {
        with("research", |consent| {
            consent.answer = Term::told("ask-again");
            consent.ask_again = after.and_then(day);
        })
    };
    scene.records(later(Some(7)));
    scene.records(lawyers());
    assert_eq!(
        due(&scene),
        [
            (0, AnswerWaits::Second, 3),
            (7, AnswerWaits::AskAgain, 2),
            (14, AnswerWaits::StandInEnds, 3),
            // It holds on its last day.
            (31, AnswerWaits::RunsOut, 1),
        ]
    );
    scene.does("bo", |case, stamp| second(case, 3, stamp));
    scene.records(with("media", |_| {}));
    scene.records(later(None));
    assert_eq!(due(&scene), [(0, AnswerWaits::AskAgain, 5)]);
    // About other items, or by somebody else, it is another answer.
    let act = vec![Item::Act(ActId(1))];
    scene.records(with("media", |consent| {
        consent.items = act;
        consent.last_day = day(3);
    }));
    scene.records(by_guardian(MOTHER, "yes"));
    let of_age = u32::try_from(Date::new(2031, 1, 1).unwrap().day_number()).unwrap() - TODAY;
    assert_eq!(
        due(&scene),
        [
            (0, AnswerWaits::AskAgain, 5),
            (4, AnswerWaits::RunsOut, 6),
            (of_age, AnswerWaits::OfAge, 7),
        ]
    );
    scene.does("bo", |case, stamp| withdraw(case, 6, "by phone", stamp));
    let found = due(&scene);
    assert!(found.contains(&(0, AnswerWaits::Erasure, 6)), "{found:?}");
    assert!(!found.iter().any(|one| one.1 == AnswerWaits::RunsOut));
}

#[test]
fn where_one_act_is_kept_back_the_others_are_counted_and_an_act_without_a_yes_never_is() {
    let mut scene = Scene::with_a_letter().verified();
    for id in [2, 3] {
        let act = Act {
            id: ActId(id),
            ..arrest()
        };
        scene.does("amina", |case, stamp| code_act(case, act, stamp));
    }
    let covered = |scene: &Scene| {
        scene
            .the_case()
            .covers_acts(purpose("statistics"), "", level("none"), today())
            .map(|covered| covered.items().to_vec())
    };
    let act = |id| Item::Act(ActId(id));
    assert_eq!(covered(&scene), Err(NotCovered::NotAsked));
    scene.records(with("statistics", |consent| {
        consent.items = vec![act(1), act(2)];
    }));
    assert_eq!(covered(&scene), Ok(vec![act(1), act(2)]));
    scene.records(with("statistics", |consent| {
        consent.items = vec![act(2)];
        consent.answer = Term::told("no");
    }));
    assert_eq!(covered(&scene), Ok(vec![act(1)]));
    let case = scene.the_case();
    let some = case
        .covers_acts(purpose("statistics"), "", level("none"), today())
        .unwrap();
    let facts = countable(case, &some, &Places::default()).unwrap();
    assert_eq!(facts.len(), 1);
    scene.records(yes("statistics"));
    assert_eq!(covered(&scene), Ok(vec![]));
    scene.records(with("statistics", |consent| {
        consent.answer = Term::told("no");
    }));
    assert_eq!(covered(&scene), Err(NotCovered::SaidNo));
}

#[test]
fn an_answer_taken_back_leaves_nothing_resolved_and_shows_that_whoever_gave_it_was_reached() {
    let mut scene = Scene::with_relatives();
    scene.cannot_ask();
    scene.records(by_family(SISTER, "cannot-ask"));
    scene.does("bo", |case, stamp| second(case, 2, stamp));
    scene.records(by_family(UNCLE, "no"));
    scene.does("bo", |case, stamp| {
        resolve(case, 1, "the uncle is abroad", stamp)
    });
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![1]));
    scene.does("amina", |case, stamp| {
        withdraw(case, 2, "she is afraid", stamp)
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::Disagree)
    );

    let mut scene = Scene::with_a_letter();
    scene.records(yes("statistics"));
    scene.cannot_ask();
    assert_eq!(covers(&scene, "un-confidential", &[]), Ok(vec![2]));
    scene.does("amina", |case, stamp| {
        withdraw(case, 1, "she called", stamp)
    });
    assert_eq!(
        covers(&scene, "un-confidential", &[]),
        Err(NotCovered::PersonReached)
    );
}
