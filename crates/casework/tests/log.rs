//! Claims about the log: the same entries give the same office, nothing is lost that this release
//! does not know, and an entry that breaks a rule decides nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use record::{
    Act, ActId, ActLink, Code, Commitment, CommitmentId, Help, HelpId, Law, LawId, PersonId,
    Remedy, RemedyId, Response, ResponseId, SourceId, Step, StepId, Term,
};
use scene::*;

fn config(cases: u32) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(48),
        failure_persistence: None,
        ..Config::default()
    }
}

/// An entry as a newer release would write it: another kind, or one more field in its content.
fn of_a_newer_release(like: &Entry, kind: u32) -> Vec<u8> {
    let mut to = minicbor::Encoder::new(Vec::new());
    to.map(9).unwrap();
    to.u8(0).unwrap().u64(VERSION).unwrap();
    to.u8(1).unwrap().u64(like.position()).unwrap();
    to.u8(2).unwrap().u32(like.at().day).unwrap();
    to.u8(3).unwrap().u32(like.at().second).unwrap();
    to.u8(4).unwrap().str(&like.by().to_string()).unwrap();
    to.u8(5).unwrap().bytes(&like.case().unwrap().0).unwrap();
    to.u8(6).unwrap().u32(kind).unwrap();
    to.u8(7).unwrap().map(2).unwrap();
    to.u8(0).unwrap().str("a note").unwrap();
    to.u8(77)
        .unwrap()
        .array(1)
        .unwrap()
        .str("of a later year")
        .unwrap();
    to.u8(9).unwrap().bool(true).unwrap();
    to.into_writer()
}

#[test]
fn what_a_newer_release_wrote_is_kept_byte_for_byte() {
    let scene = Scene::with_a_letter();
    let unknown = of_a_newer_release(&scene.log[0], 999);
    let entry = Entry::decode(&unknown).unwrap();
    assert_eq!(entry.what(), &What::Unknown { kind: 999 });
    assert_eq!(entry.encode(), unknown);

    // A kind we know, with a field we do not: read, and kept.
    let known = of_a_newer_release(&scene.log[0], Kind::NoteAdded.number());
    let entry = Entry::decode(&known).unwrap();
    assert_eq!(entry.what().kind(), Kind::NoteAdded);
    assert_eq!(entry.encode(), known);

    // It decides nothing here, and is shown to be there.
    let mut log = scene.log.clone();
    log.push(Entry::decode(&unknown).unwrap());
    let office = Office::fold(log);
    assert_eq!(office.misfits(), []);
    assert_eq!(office.unknown().len(), 1);
    assert_eq!(office.case(scene.case).unwrap().history().len(), 2);
}

#[test]
fn an_entry_of_a_newer_version_is_refused_in_words_and_a_damaged_one_too() {
    let entry = &Scene::with_a_letter().log[0];
    let mut newer = entry.encode().to_vec();
    assert_eq!(newer[1..3], [0, 1]);
    newer[2] = 9;
    assert_eq!(
        Entry::decode(&newer),
        Err(NotAnEntry::TooNew { version: 9 })
    );
    let bytes = entry.encode();
    for length in 0..bytes.len() {
        assert_eq!(Entry::decode(&bytes[..length]), Err(NotAnEntry::Damaged));
    }
    let longer = [bytes, &[0]].concat();
    assert_eq!(Entry::decode(&longer), Err(NotAnEntry::Damaged));
}

#[test]
fn an_entry_that_nobody_could_have_decided_decides_nothing() {
    // The review is taken out of the log: the act is not verified, and the office is told why.
    let scene = Scene::with_a_letter().verified();
    let log = scene
        .log
        .iter()
        .filter(|entry| entry.what().kind() != Kind::Reviewed)
        .cloned();
    let office = Office::fold(log);
    assert!(
        office
            .case(scene.case)
            .unwrap()
            .verification(ActId(1))
            .is_none()
    );
    let misfits: Vec<Kind> = office
        .misfits()
        .iter()
        .map(|misfit| misfit.line.kind)
        .collect();
    assert_eq!(misfits, [Kind::Verified]);
    assert!(office.misfits()[0].why.contains("review"));
}

#[test]
fn nothing_a_person_told_appears_in_a_debug_text() {
    let mut scene = Scene::with_a_letter().verified().consents("statistics");
    scene.does("amina", |case, stamp| note(case, "planted-word", stamp));
    scene.does("amina", |case, stamp| {
        let mut source = witness();
        source.found = "planted-word".into();
        record_source(case, source, stamp)
    });
    scene.does("amina", |case, stamp| {
        reply(
            case,
            "planted-word",
            vec![Slot {
                day: TODAY,
                slot: 0,
            }],
            stamp,
        )
    });
    let shown = format!("{:?} {:?}", scene.office, scene.log);
    for told in [
        "planted-word",
        "What happened",
        "Nord-Kivu",
        "W1",
        &scene.case.to_string(),
    ] {
        assert!(!shown.contains(told), "{told}");
    }
}

/// An erasing as nobody here would write it.
fn erasing(scene: &mut Scene, id: CaseId, why: &str, leaves: &[u8], places: &[u64]) -> Entry {
    let stamp = scene.stamp("amina");
    let mut to = minicbor::Encoder::new(Vec::new());
    to.map(8).unwrap();
    to.u8(0).unwrap().u64(VERSION).unwrap();
    to.u8(1).unwrap().u64(stamp.position).unwrap();
    to.u8(2).unwrap().u32(stamp.at.day).unwrap();
    to.u8(3).unwrap().u32(stamp.at.second).unwrap();
    to.u8(4).unwrap().str(&stamp.by.to_string()).unwrap();
    to.u8(5).unwrap().bytes(&id.0).unwrap();
    to.u8(6).unwrap().u32(Kind::Erased.number()).unwrap();
    to.u8(7).unwrap().map(3).unwrap();
    to.u8(0).unwrap().str(why).unwrap();
    to.u8(1).unwrap().array(leaves.len() as u64).unwrap();
    for leaf in leaves {
        to.bytes(&[*leaf; 32]).unwrap();
    }
    to.u8(2).unwrap().array(places.len() as u64).unwrap();
    for place in places {
        to.u64(*place).unwrap();
    }
    Entry::decode(&to.into_writer()).unwrap()
}

#[test]
fn an_erasing_says_why_and_takes_nothing_that_is_another_cases() {
    // Two cases, at 0 and 1; at 2 a letter that nobody could read.
    let fresh = || {
        let mut scene = Scene::empty();
        let (one, two) = (scene.letter(1, None), scene.letter(2, None));
        let stamp = scene.stamp("amina");
        let unread = unreadable(&scene.office, Leaf([3; 32]), Unreadable::NoKey, stamp);
        scene.put(unread.unwrap());
        (scene, one, two)
    };
    let nowhere = CaseId([5; 16]);
    let refused = |of: usize, why, leaves: &[u8], places: &[u64]| {
        let (mut scene, one, two) = fresh();
        let id = [one, two, nowhere][of];
        let entry = erasing(&mut scene, id, why, leaves, places);
        scene.office.apply(entry);
        let there = [one, two].map(|id| scene.office.case(id).unwrap().state());
        let lost = [4, 9]
            .iter()
            .any(|leaf| scene.office.knows(Leaf([*leaf; 32])));
        let refused = scene.office.misfits().len() == 1;
        assert_eq!(refused, there == [State::Received; 2] && !lost);
        assert!(!refused || (0..9).all(|place| !scene.office.was_erased(place)));
        refused
    };
    assert!(!refused(0, "She asked.", &[1], &[0]));
    assert!(refused(0, " ", &[1], &[0]), "no reason");
    assert!(refused(0, "x", &[1], &[0, 1]), "a place of the other case");
    assert!(refused(0, "x", &[1], &[0, 2]), "a place of no case");
    assert!(refused(0, "x", &[1], &[0, 7]), "a place to come");
    assert!(refused(0, "x", &[1, 2], &[0]), "a letter of the other case");
    assert!(
        refused(0, "x", &[1, 3], &[0]),
        "a letter that waits for its key"
    );
    assert!(refused(0, "x", &[1, 4], &[0]), "a letter to come");
    assert!(refused(2, "x", &[4], &[]), "a case that never was");
    // Where nothing of the case is left to compare with, others keep what is theirs all the same.
    for leaf in [2, 3] {
        let (mut scene, one, _) = fresh();
        let entry = erasing(&mut scene, one, "x", &[1, leaf], &[0]);
        let mut anew = Office::fold(scene.log.iter().skip(1).cloned());
        anew.apply(entry);
        assert_eq!(anew.misfits().len(), 1, "letter {leaf}");
    }
    // What an erasing left is read anew as it was.
    let (mut scene, one, _) = fresh();
    scene.case = one;
    scene.does("amina", |case, stamp| erase(case, "She asked.", stamp));
    let kept = scene.log.iter().skip(1).cloned();
    let anew = Office::fold(kept);
    assert_eq!(anew.misfits(), []);
    assert_eq!(anew.case(one).unwrap().state(), State::Erased);
    assert!(anew.knows(Leaf([1; 32])) && anew.was_erased(0));
}

#[test]
fn an_author_is_two_short_plain_codes() {
    assert_eq!(
        Author::read("amina/desk-1")
            .map(|author| author.person().to_owned())
            .as_deref(),
        Some("amina")
    );
    for bad in [
        "",
        "/",
        "amina",
        "amina/",
        "/desk",
        "Amina/desk",
        "a b/desk",
        "a/b/c",
        "é/desk",
    ] {
        assert_eq!(Author::read(bad), None, "{bad}");
    }
    let id = Scene::with_a_letter().case;
    assert_eq!(CaseId::read(&id.to_string()), Some(id));
    assert_eq!(CaseId::read("zz"), None);
}

const KINDS_OF_TRIES: u8 = 48;

fn someone(which: u8) -> Colleague {
    Colleague::read(["amina", "bo", "chi"][usize::from(which % 3)]).unwrap()
}

/// Anything anyone might try, one number each.
fn try_something(scene: &mut Scene, what: u8, which: u8, person: &str) {
    let stamp = scene.stamp(person);
    let number = u32::from(which % 3);
    let case = scene.the_case();
    let entry = match what % KINDS_OF_TRIES {
        0 => acknowledge(
            case,
            Slot {
                day: TODAY,
                slot: u16::from(which % 18),
            },
            stamp,
        )
        .ok(),
        1 => reply(
            case,
            "An answer.",
            vec![Slot {
                day: TODAY,
                slot: u16::from(which % 18),
            }],
            stamp,
        )
        .ok(),
        2 => triage(
            case,
            Term::told(["now", "soon", "never"][usize::from(which % 3)]),
            "",
            stamp,
        )
        .ok(),
        3 => {
            let mut person = journalist();
            person.id = PersonId(number);
            record_person(case, person, stamp).ok()
        }
        4 => code_event(case, in_goma(), stamp).ok(),
        5 => {
            let mut act = arrest();
            act.id = ActId(number);
            code_act(case, act, stamp).ok()
        }
        6 => {
            let mut source = witness();
            source.id = SourceId(number);
            record_source(case, source, stamp).ok()
        }
        7 => {
            let mut consent = yes(["statistics", "media"][usize::from(which % 2)]);
            consent.answer = Term::told(["yes", "no", "ask-again"][usize::from(which % 3)]);
            record_consent(case, consent, None, stamp).ok()
        }
        8 => withdraw(case, number, "", stamp).ok(),
        9 => record_ground(
            case,
            ground(["deceased", "public-source"][usize::from(which % 2)]),
            stamp,
        )
        .ok(),
        10 | 11 => {
            let mut assessment = belief();
            assessment.act = (!which.is_multiple_of(4)).then_some(ActId(number));
            assessment.standard = Term::told(
                ["grounds-to-believe", "grounds-to-suspect"][usize::from(which % 5 / 4)],
            );
            assess(case, assessment, stamp).ok()
        }
        12 | 13 => {
            let team = if which.is_multiple_of(7) {
                Team::OnePerson
            } else {
                Team::Several
            };
            review(
                case,
                number,
                !which.is_multiple_of(4),
                "Looked.",
                team,
                stamp,
            )
            .ok()
        }
        14 | 15 => verify(case, ActId(number), u32::from(which % 5), stamp).ok(),
        16 => note(case, "A note.", stamp).ok(),
        17 => {
            let to = State::ALL[usize::from(which) % State::ALL.len()];
            change_state(case, to, "Because.", None, stamp).ok()
        }
        18 => reopen(case, "Because.", stamp).ok(),
        20 => assign(case, Some(someone(which)), "Because.", stamp).ok(),
        21 => hand_over(case, someone(which), "All is in the notes.", stamp).ok(),
        // Rarely, or nobody would decide anything in the end.
        22 if which < 4 => recuse(case, someone(which), "A cousin.", stamp).ok(),
        22 | 23 => end_recusal(case, someone(which), "Over.", stamp).ok(),
        24 => set_task(case, number, "Call.", someone(which), None, stamp).ok(),
        25 => finish_task(case, number, "Called.", stamp).ok(),
        26 => {
            let grade = Code::of(["c1", "c2", "c3"][usize::from(which % 3)]).unwrap();
            set_grade(&scene.office, grade, "So.", Team::Several, stamp).ok()
        }
        27 => {
            let use_ = purpose("un-special-procedures");
            let kind = Code::of("urgent-appeal");
            propose_exception(case, use_, kind, "The Rapporteur", "It cannot wait.", stamp).ok()
        }
        28 => agree_to_exception(case, number, "", stamp).ok(),
        29 | 30 => {
            let (use_, to) = (purpose("un-special-procedures"), "The Rapporteur");
            let covered = case.covers(use_, to, level("none"), today());
            let kind = Code::of("urgent-appeal").unwrap();
            let letter = covered.map(|covered| Communication::new(covered, kind, to, "…", today()));
            letter
                .ok()
                .and_then(|letter| communicate(case, &letter.unwrap(), stamp).ok())
        }
        31 => record_consent(case, yes("un-special-procedures"), None, stamp).ok(),
        32 => {
            let response = Response {
                id: ResponseId(number),
                by: "The State".into(),
                text: ["No.", "Yes."][usize::from(which / 20)].into(),
                way: "letter".into(),
                authenticity: "not-checked".into(),
                kinds: vec![Term::told(
                    ["acknowledged", "token"][usize::from(which % 2)],
                )],
                ..Response::default()
            };
            let letter = (!which.is_multiple_of(5)).then_some(number);
            record_response(case, letter, response, stamp).ok()
        }
        33 => {
            let step = Step {
                id: StepId(number),
                kind: "charge".into(),
                by: "A court".into(),
                ..Step::default()
            };
            record_step(case, step, stamp).ok()
        }
        34 => {
            let remedy = Remedy {
                id: RemedyId(number),
                kind: "release".into(),
                status: Term::told(["promised", "delivered"][usize::from(which % 2)]),
                asked: Some(false),
                ..Remedy::default()
            };
            record_remedy(case, remedy, stamp).ok()
        }
        35 => {
            let help = Help {
                id: HelpId(number),
                kind: "shelter".into(),
                ..Help::default()
            };
            record_help(case, help, stamp).ok()
        }
        36 => {
            let promise = Commitment {
                id: CommitmentId(number),
                by: "The State".into(),
                text: "An inquiry.".into(),
                status: "made".into(),
                ..Commitment::default()
            };
            record_commitment(case, promise, stamp).ok()
        }
        37 => {
            let law = Law {
                id: LawId(number),
                title: "On associations".into(),
                kind: "law".into(),
                ..Law::default()
            };
            record_law(case, law, stamp).ok()
        }
        38 => {
            let act = Act {
                id: ActId(number),
                chain: vec![ActLink {
                    act: ActId(u32::from(which / 14)),
                    ..ActLink::default()
                }],
                laws: vec![LawId(1)],
                ..arrest()
            };
            code_act(case, act, stamp).ok()
        }
        39 => check_in(
            case,
            number,
            [1, 7, 30][usize::from(which % 3)],
            "Calm.",
            None,
            stamp,
        )
        .ok(),
        40 => {
            let day = record::Date::of_day_number(TODAY + u32::from(which));
            set_deadline(case, number, day, None, "So.", stamp).ok()
        }
        41 => keep_from_state(case, "Danger.", stamp).ok(),
        42 => follow_up(case, "Nothing new.", stamp).ok(),
        43 => {
            let other = scene.office.cases().nth(usize::from(which)).map(Case::id);
            other.and_then(|of| mark_duplicate(&scene.office, case, of, "The same.", stamp).ok())
        }
        46 | 47 => {
            let to = "The Rapporteur";
            foresee(
                case,
                to,
                level("none"),
                "Her brother.",
                "Another visit.",
                "He was.",
                stamp,
            )
            .ok()
        }
        44 => refer(case, "The ombudsman", "Land.", stamp).ok(),
        45 => {
            let others = scene.office.cases().count();
            let other = scene.office.cases().nth(usize::from(which) % others);
            scene.case = other.map_or(scene.case, Case::id);
            None
        }
        _ => {
            // Sometimes under words nobody knows: another case.
            let words = if which < 25 { 9 } else { which };
            scene.letter(which, Some(Conversation([words; 32])));
            None
        }
    };
    if let Some(entry) = entry {
        scene.put(entry);
    }
}

/// Every word of every answer, which nothing may ever change.
fn words_of_answers(case: &Case) -> Vec<String> {
    let answers = case.responses().iter();
    answers.map(|answer| answer.response.text.clone()).collect()
}

fn scripts() -> impl Strategy<Value = Vec<(u8, u8, bool)>> {
    proptest::collection::vec((any::<u8>(), 0..40_u8, any::<bool>()), 0..240)
}

fn played(script: &[(u8, u8, bool)]) -> Scene {
    let mut scene = Scene::with_a_letter().coded();
    let mut seen = std::collections::BTreeSet::from([7]);
    for (what, which, amina) in script {
        // A letter comes once.
        if what % KINDS_OF_TRIES == 19 && !seen.insert(*which) {
            continue;
        }
        try_something(
            &mut scene,
            *what,
            *which,
            if *amina { "amina" } else { "bo" },
        );
    }
    scene
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn the_same_log_always_gives_the_same_office(script in scripts()) {
        let scene = played(&script);
        // Folded whole, or entry by entry as they were decided; from values, or from bytes.
        let stored: Vec<Entry> = scene.log.iter().map(|entry| Entry::decode(entry.encode()).unwrap()).collect();
        prop_assert_eq!(&stored, &scene.log);
        let office = Office::fold(stored);
        prop_assert_eq!(&office, &scene.office);
        prop_assert_eq!(office.misfits(), []);
    }

    #[test]
    fn entries_of_a_newer_release_change_nothing_else(script in scripts(), at in any::<prop::sample::Index>()) {
        let scene = played(&script);
        let mut log = scene.log.clone();
        let strange = Entry::decode(&of_a_newer_release(&log[0], 4_711)).unwrap();
        log.insert(1 + at.index(log.len()), strange);
        let office = Office::fold(log);
        prop_assert_eq!(office.misfits(), []);
        let first = scene.log[0].case().unwrap();
        let (before, after) = (scene.office.case(first).unwrap(), office.case(first).unwrap());
        prop_assert_eq!(after.history().len(), before.history().len() + 1);
        prop_assert_eq!(after.state(), before.state());
        prop_assert_eq!(after.findings(), before.findings());
        prop_assert_eq!(after.verified_acts().count(), before.verified_acts().count());
    }

    /// A log with holes, as a dishonest or broken keeper would show it: whatever is still called
    /// verified has its reasons, its sources and its second pair of eyes, and whatever is covered
    /// has a yes that stands.
    #[test]
    fn no_order_of_entries_makes_something_verified_or_covered_that_nobody_decided(
        script in scripts(),
        lost in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        moved in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..4),
    ) {
        let scene = played(&script);
        let mut log = scene.log.clone();
        for (from, to) in moved {
            let entry = log.remove(from.index(log.len()));
            log.insert(to.index(log.len() + 1), entry);
        }
        for lost in lost {
            if log.len() > 1 {
                log.remove(lost.index(log.len()));
            }
        }
        let office = Office::fold(log);
        for case in office.cases() {
            for verified in case.verified_acts() {
                let verification = verified.verification();
                let finding = case.findings().iter().find(|finding| finding.number == verification.finding).unwrap();
                prop_assert!(finding.assessment.standard.is_verified());
                prop_assert!(!finding.assessment.sources.is_empty());
                prop_assert!(!finding.assessment.reasons.trim().is_empty());
                let review = finding.reviews.last().unwrap();
                prop_assert!(review.agrees);
                prop_assert!(review.by.person() != finding.by.person() || verification.one_person_office);
            }
            if let Ok(covered) = case.covers(purpose("statistics"), "", level("none"), today()) {
                let stands = |number: &u32| case.consents().iter().any(|recorded| {
                    recorded.number == *number && recorded.consent.answer.is("yes") && recorded.withdrawn.is_none()
                });
                prop_assert!(covered.ground().is_some() || !covered.consents().is_empty());
                prop_assert!(covered.consents().iter().all(stands));
            }
        }
    }

    /// The eight rules of the course of a case, asked of every case of every such log by other words
    /// than those that keep them.
    #[test]
    fn no_order_of_entries_breaks_a_rule_of_the_course(
        script in scripts(),
        lost in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        moved in proptest::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..4),
    ) {
        let scene = played(&script);
        let mut log = scene.log.clone();
        for (from, to) in moved {
            let entry = log.remove(from.index(log.len()));
            log.insert(to.index(log.len() + 1), entry);
        }
        for lost in lost {
            if log.len() > 1 {
                log.remove(lost.index(log.len()));
            }
        }
        // What was decided by people who stood back then, found by walking the log once more.
        let mut office = Office::default();
        let mut wrote = std::collections::BTreeSet::new();
        for entry in log {
            let (by, kind) = (entry.by().clone(), entry.what().kind());
            let case = entry.case().and_then(|id| office.case(id));
            let stood_back = case.is_some_and(|case| case.is_recused(&by));
            let others = ["amina", "bo"].map(author);
            let all = case.is_some_and(|case| others.iter().filter(|one| wrote.contains(one.person())).all(|one| case.is_recused(one)));
            wrote.insert(by.person().to_owned());
            let before: Vec<Vec<Line>> = office.cases().map(|case| case.history().to_vec()).collect();
            let ids: Vec<CaseId> = office.cases().map(Case::id).collect();
            let misfits = office.misfits().len();
            let answers: Vec<Vec<String>> = office.cases().map(words_of_answers).collect();
            office.apply(entry);
            let refused = office.misfits().len() > misfits;
            let protects = matches!(kind, Kind::ConsentWithdrawn | Kind::PersonReached | Kind::Recused | Kind::HandedOver);
            let last = kind == Kind::RecusalEnded && all;
            prop_assert!(!stood_back || refused || kind.is_automatic() || protects || last, "{kind:?}");
            // History is only ever added to, and a refused entry adds nothing.
            for ((id, before), answers) in ids.iter().zip(&before).zip(answers) {
                let case = office.case(*id).unwrap();
                prop_assert!(case.history().starts_with(before));
                prop_assert!(!refused || case.history().len() == before.len());
                prop_assert!(words_of_answers(case).starts_with(&answers));
            }
        }
        for case in office.cases() {
            // Linked from both sides, and nothing doubles itself.
            if let Some(original) = case.duplicate_of() {
                prop_assert_eq!(case.state(), State::Duplicate);
                // Unless nothing of it is here.
                let original = office.case(original);
                prop_assert!(original.is_none_or(|original| original.duplicates().any(|id| id == case.id())));
            }
            for double in case.duplicates() {
                prop_assert_eq!(office.case(double).unwrap().duplicate_of(), Some(case.id()));
                prop_assert!(double != case.id());
            }
            // Nothing went out without two people where it was marked, and each exception once.
            let mut used: Vec<u32> = case.outgoing().iter().filter_map(|out| out.below_grade).collect();
            for number in &used {
                let exception = case.exceptions().iter().find(|one| one.number == *number).unwrap();
                let (_, second, _) = exception.agreed.as_ref().unwrap();
                prop_assert!(second.person() != exception.proposed.1.person());
            }
            let sent = used.len();
            used.dedup();
            prop_assert_eq!(used.len(), sent);
            // What counts as awaiting or answered was sent.
            let awaits = [State::Transmitted, State::AwaitingResponse, State::ResponseReceived, State::NoResponse];
            prop_assert!(!awaits.contains(&case.state()) || !case.outgoing().is_empty());
            for act in case.acts() {
                for link in &act.chain {
                    prop_assert!(case.act(link.act).is_some());
                }
            }
            // A page has the reply, or the reason why there is none.
            if let Ok(block) = case.response_block(TODAY + 400) {
                match block.reply() {
                    StatesReply::Answered(answers) => prop_assert!(!answers.is_empty()),
                    StatesReply::NoneByDeadline { due } => prop_assert!(*due < TODAY + 400),
                    StatesReply::NotTransmitted(why) => prop_assert!(!why.is_blank()),
                }
            }
            for today in [0, TODAY, u32::MAX] {
                let late = case.clocks(Terms::default()).iter().filter(|clock| clock.presses(today)).count();
                prop_assert!(today > 0 || late == 0);
            }
        }
        for today in [0, TODAY + 1, u32::MAX] {
            prop_assert!(queue(&office, today, Terms::default()).len() <= office.cases().len());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_stumble(script in scripts(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5), which in any::<prop::sample::Index>()) {
        let scene = played(&script);
        let mut bytes = scene.log[which.index(scene.log.len())].encode().to_vec();
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        if let Ok(entry) = Entry::decode(&bytes) {
            prop_assert_eq!(entry.encode(), &bytes[..]);
            // Whatever it says now, folding it is no trouble.
            let mut log = scene.log.clone();
            log.push(entry);
            let office = Office::fold(log);
            prop_assert!(office.cases().len() <= scene.office.cases().len() + 1);
        }
    }
}
