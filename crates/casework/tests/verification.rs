//! Claims about how sure an office may say it is, and about what is counted.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{ActId, Assessment, Term};
use scene::*;

impl Scene {
    fn assessed(mut self, change: impl FnOnce(&mut Assessment)) -> Self {
        let mut assessment = belief();
        change(&mut assessment);
        self.does("amina", |case, stamp| assess(case, assessment, stamp));
        self
    }

    fn reviewed(mut self, person: &str, agrees: bool) -> Self {
        self.does(person, |case, stamp| {
            review(
                case,
                1,
                agrees,
                "I looked at the order too.",
                Team::Several,
                stamp,
            )
        });
        self
    }

    fn verifying(&mut self) -> Result<Entry, CannotVerify> {
        self.tries("amina", |case, stamp| verify(case, ActId(1), 1, stamp))
    }
}

#[test]
fn nothing_is_verified_without_an_assessment_that_someone_else_reviewed() {
    let mut scene = Scene::with_a_letter().coded();
    assert_eq!(scene.verifying(), Err(CannotVerify::NoSuchAssessment));
    let mut scene = scene.assessed(|_| {});
    assert_eq!(scene.verifying(), Err(CannotVerify::NotReviewed));
    let own = scene.tries("amina", |case, stamp| {
        review(case, 1, true, "", Team::Several, stamp)
    });
    assert_eq!(own, Err(CannotReview::OwnAssessment));
    let mut scene = scene.reviewed("bo", true);
    assert!(scene.verifying().is_ok());
}

#[test]
fn two_desks_of_one_person_are_one_person() {
    let mut scene = Scene::with_a_letter().coded().assessed(|_| {});
    let stamp = Stamp {
        by: Author::new("amina", "laptop").unwrap(),
        ..scene.stamp("amina")
    };
    let refused = review(scene.the_case(), 1, true, "", Team::Several, stamp);
    assert_eq!(refused, Err(CannotReview::OwnAssessment));
}

#[test]
fn in_an_office_of_one_person_the_assessor_reviews_alone_and_it_is_shown() {
    let mut scene = Scene::with_a_letter().coded().assessed(|_| {});
    scene.does("amina", |case, stamp| {
        review(case, 1, true, "", Team::OnePerson, stamp)
    });
    scene.does("amina", |case, stamp| verify(case, ActId(1), 1, stamp));
    let case = scene.the_case();
    assert!(case.verification(ActId(1)).unwrap().one_person_office);
    assert!(case.findings()[0].reviews[0].one_person_office);

    // A colleague's review is an ordinary one.
    let scene = Scene::with_a_letter().verified();
    assert!(
        !scene
            .the_case()
            .verification(ActId(1))
            .unwrap()
            .one_person_office
    );
}

#[test]
fn verified_means_reasonable_grounds_to_believe_or_more() {
    for (standard, expected) in [
        ("unassessed", Err(CannotVerify::BelowStandard)),
        ("grounds-to-suspect", Err(CannotVerify::BelowStandard)),
        ("grounds-to-believe", Ok(())),
        ("balance-of-probabilities", Ok(())),
        ("judicially-established", Ok(())),
        ("not-established", Err(CannotVerify::BelowStandard)),
        ("disproved", Err(CannotVerify::BelowStandard)),
    ] {
        let mut scene = Scene::with_a_letter()
            .coded()
            .assessed(|assessment| assessment.standard = Term::told(standard))
            .reviewed("bo", true);
        assert_eq!(scene.verifying().map(drop), expected, "{standard}");
    }
}

#[test]
fn grounds_to_believe_need_a_source_and_every_finding_needs_reasons() {
    let mut scene = Scene::with_a_letter().coded();
    let without = |change: &dyn Fn(&mut Assessment)| {
        let mut assessment = belief();
        change(&mut assessment);
        assessment
    };
    let sourceless = without(&|assessment| assessment.sources.clear());
    let refused = scene.tries("amina", |case, stamp| assess(case, sourceless, stamp));
    assert_eq!(refused, Err(CannotAssess::NoSource));
    let reasonless = without(&|assessment| assessment.reasons = "  ".into());
    let refused = scene.tries("amina", |case, stamp| assess(case, reasonless, stamp));
    assert_eq!(refused, Err(CannotAssess::NoReasons));
    let elsewhere = without(&|assessment| assessment.sources.push(record::SourceId(7)));
    let refused = scene.tries("amina", |case, stamp| assess(case, elsewhere, stamp));
    assert_eq!(refused, Err(CannotAssess::NoSuchSource));
}

#[test]
fn a_review_that_disagrees_says_why_and_ends_what_was_verified() {
    let mut scene = Scene::with_a_letter().verified();
    let silent = scene.tries("bo", |case, stamp| {
        review(case, 1, false, " ", Team::Several, stamp)
    });
    assert_eq!(silent, Err(CannotReview::NoReasons));
    let mut scene = scene.reviewed("bo", false);
    assert!(scene.the_case().verification(ActId(1)).is_none());
    assert_eq!(scene.verifying(), Err(CannotVerify::NotReviewed));
}

#[test]
fn an_act_that_is_changed_must_be_assessed_again() {
    let mut scene = Scene::with_a_letter().verified();
    scene.does("bo", |case, stamp| code_act(case, arrest(), stamp));
    assert!(scene.the_case().verification(ActId(1)).is_none());
    assert_eq!(scene.verifying(), Err(CannotVerify::ActChanged));

    // Its time and place stand in its event.
    let mut scene = Scene::with_a_letter().verified();
    scene.does("bo", |case, stamp| code_event(case, in_goma(), stamp));
    assert!(scene.the_case().verification(ActId(1)).is_none());
    assert_eq!(scene.verifying(), Err(CannotVerify::ActChanged));
}

#[test]
fn the_newest_finding_rules_and_the_older_ones_stay() {
    let mut scene = Scene::with_a_letter().verified();
    let doubt = Assessment {
        standard: Term::told("not-established"),
        ..belief()
    };
    scene.does("bo", |case, stamp| assess(case, doubt, stamp));
    let case = scene.the_case();
    assert!(case.verification(ActId(1)).is_none());
    assert_eq!(case.findings().len(), 2);
    assert_eq!(case.finding_about(ActId(1)).unwrap().number, 2);
    assert_eq!(scene.verifying(), Err(CannotVerify::NotTheNewest));
}

#[test]
fn an_act_without_a_year_or_a_victims_group_is_not_called_verified() {
    let verified_with = |first: &str, precision: &str, group: &str| {
        let mut scene = Scene::with_a_letter().coded();
        let (mut event, mut person) = (in_goma(), journalist());
        event.when.first = first.into();
        event.when.precision = Term::told(precision);
        person.groups = vec![Term::told(group)];
        scene.does("amina", |case, stamp| record_person(case, person, stamp));
        scene.does("amina", |case, stamp| code_event(case, event, stamp));
        let mut scene = scene.assessed(|_| {}).reviewed("bo", true);
        scene.verifying().map(drop)
    };
    assert_eq!(verified_with("2024", "year", "journalist"), Ok(()));
    assert_eq!(verified_with("2024-03", "month", "journalist"), Ok(()));
    assert_eq!(
        verified_with("", "unknown", "journalist"),
        Err(CannotVerify::NoTime)
    );
    assert_eq!(
        verified_with("in spring", "about", "journalist"),
        Err(CannotVerify::NoTime)
    );
    assert_eq!(
        verified_with("2024-03-02", "day", "a word from elsewhere"),
        Err(CannotVerify::NoVictim)
    );
}

#[test]
fn a_fact_is_no_finer_than_what_is_known() {
    let period_of = |first: &str, precision: &str| {
        let mut scene = Scene::with_a_letter().coded().consents("statistics");
        let mut event = in_goma();
        event.when.first = first.into();
        event.when.precision = Term::told(precision);
        event.place.admin1 = "somewhere that is in no list".into();
        scene.does("amina", |case, stamp| code_event(case, event, stamp));
        let mut scene = scene.assessed(|_| {}).reviewed("bo", true);
        scene.does("amina", |case, stamp| verify(case, ActId(1), 1, stamp));
        let case = scene.the_case();
        let covered = case
            .covers(purpose("statistics"), "", level("none"), today())
            .unwrap();
        let fact = countable(case, &covered, &Places::default()).unwrap()[0];
        assert_eq!(
            (fact.place().tier().as_str(), fact.place().admin1()),
            ("country", None)
        );
        fact.period().to_string()
    };
    assert_eq!(period_of("2024-03-02", "hour"), "2024-03");
    assert_eq!(period_of("2024-03-02", "day"), "2024-03");
    assert_eq!(period_of("2024-03-02", "month"), "2024-03");
    assert_eq!(period_of("2024-03-02", "about"), "2024");
    assert_eq!(period_of("2024-03-02", "year"), "2024");
    assert_eq!(period_of("2024-03", ""), "2024-03");
    assert_eq!(period_of("2024", ""), "2024");
}

#[test]
fn nothing_is_counted_that_is_not_verified_not_covered_or_counted_elsewhere() {
    let count = |scene: &Scene, use_: &str| {
        let case = scene.the_case();
        let covered = case
            .covers(purpose(use_), "", level("none"), today())
            .unwrap();
        countable(case, &covered, &Places::default()).map(|facts| facts.len())
    };
    let scene = Scene::with_a_letter().coded().consents("statistics");
    assert_eq!(
        count(&scene, "statistics"),
        Err(NotCountable::NothingVerified)
    );
    let scene = Scene::with_a_letter()
        .verified()
        .consents("statistics")
        .consents("research");
    assert_eq!(count(&scene, "statistics"), Ok(1));
    assert_eq!(
        count(&scene, "research"),
        Err(NotCountable::NotForStatistics)
    );

    let mut scene = scene;
    let first = scene.case;
    let original = scene.letter(8, None);
    scene.case = first;
    scene.does("bo", |case, stamp| {
        change_state(
            case,
            State::Duplicate,
            "the same arrest",
            Some(original),
            stamp,
        )
    });
    assert_eq!(count(&scene, "statistics"), Err(NotCountable::NotCounted));
}

#[test]
fn the_proof_for_one_case_counts_no_other() {
    let mut scene = Scene::with_a_letter().verified().consents("statistics");
    let first = scene.case;
    scene.letter(8, Some(Conversation([8; 32])));
    let scene = scene.verified();
    let (first, second) = (scene.office.case(first).unwrap(), scene.the_case());
    let covered = first
        .covers(purpose("statistics"), "", level("none"), today())
        .unwrap();
    assert_eq!(
        countable(second, &covered, &Places::default()),
        Err(NotCountable::OtherCase)
    );
}
