//! Claims about who works on a case: leading, handing over, standing back, tasks, duplicates, and
//! the two people an exception needs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::vocabulary::Corroborations;
use record::{ActId, Code, Date, Term};
use scene::*;

fn colleague(code: &str) -> Colleague {
    Colleague::read(code).unwrap()
}

fn grade(code: &str) -> Code<Corroborations> {
    Code::of(code).unwrap()
}

impl Scene {
    fn gives(&mut self, by: &str, to: &str) {
        self.does(by, |case, stamp| {
            assign(case, Some(colleague(to)), "They know the region.", stamp)
        });
    }

    fn asks_for(&mut self, code: &str, by: &str, team: Team) -> Result<Entry, CannotSetGrade> {
        let stamp = self.stamp(by);
        set_grade(
            &self.office,
            grade(code),
            "As the team agreed.",
            team,
            stamp,
        )
    }

    /// The fold takes an entry that no function here gave: it was decided on another desk.
    fn misfit(&mut self, entry: Entry) -> &'static str {
        let before = self.office.misfits().len();
        self.office.apply(entry);
        assert_eq!(self.office.misfits().len(), before + 1);
        self.office.misfits()[before].why
    }
}

#[test]
fn a_case_is_taken_from_nobody_without_a_reason() {
    let mut scene = Scene::with_a_letter();
    let to = |name| Some(colleague(name));
    scene.does("amina", |case, stamp| assign(case, to("bo"), "", stamp));
    assert_eq!(scene.the_case().lead(), Some(&colleague("bo")));
    let taken = scene.tries("amina", |case, stamp| assign(case, to("amina"), " ", stamp));
    assert_eq!(taken, Err(CannotAssign::NothingTold));
    let again = scene.tries("amina", |case, stamp| assign(case, to("bo"), "x", stamp));
    assert_eq!(again, Err(CannotAssign::AlreadyTheirs));
    // Whoever leads may lay it down without one.
    scene.does("bo", |case, stamp| assign(case, None, "", stamp));
    assert_eq!(scene.the_case().lead(), None);
    assert_eq!(Colleague::read("Bo"), None);
}

#[test]
fn who_hands_a_case_over_says_what_the_next_must_know_and_open_tasks_go_along() {
    let mut scene = Scene::with_a_letter();
    let handed = scene.tries("bo", |case, stamp| {
        hand_over(case, colleague("bo"), "x", stamp)
    });
    assert_eq!(handed, Err(CannotAssign::NobodyLeads));
    scene.gives("amina", "amina");
    for (number, who) in [(1, "amina"), (2, "amina"), (3, "bo")] {
        scene.does("amina", |case, stamp| {
            set_task(
                case,
                number,
                "Call the lawyer.",
                colleague(who),
                None,
                stamp,
            )
        });
    }
    scene.does("amina", |case, stamp| {
        finish_task(case, 1, "She calls back.", stamp)
    });
    let silent = scene.tries("amina", |case, stamp| {
        hand_over(case, colleague("chi"), " ", stamp)
    });
    assert_eq!(silent, Err(CannotAssign::NothingTold));
    scene.does("amina", |case, stamp| {
        hand_over(case, colleague("chi"), "Never call after six.", stamp)
    });
    let case = scene.the_case();
    assert_eq!(case.lead(), Some(&colleague("chi")));
    assert_eq!(case.handed_over().len(), 1);
    let whose: Vec<&str> = case.tasks().map(|task| task.who.as_str()).collect();
    // What was done stays theirs who did it.
    assert_eq!(whose, ["amina", "chi", "bo"]);
}

#[test]
fn everything_a_colleague_leads_is_handed_over_but_where_the_next_one_stands_back() {
    let mut scene = Scene::empty();
    let cases: Vec<CaseId> = (1..=4).map(|leaf| scene.letter(leaf, None)).collect();
    for case in &cases[..3] {
        scene.case = *case;
        scene.gives("amina", "amina");
    }
    scene.case = cases[0];
    scene.does("amina", |case, stamp| {
        change_state(case, State::Closed, "Done.", None, stamp)
    });
    scene.case = cases[1];
    scene.does("bo", |case, stamp| {
        recuse(case, colleague("bo"), "A cousin.", stamp)
    });
    let stamp = scene.stamp("amina");
    let all = hand_over_all(
        &scene.office,
        &colleague("amina"),
        &colleague("bo"),
        "I leave.",
        &stamp,
    );
    let all = all.unwrap();
    assert_eq!(all.left, [cases[1]]);
    for entry in all.entries {
        scene.put(entry);
    }
    let leads = |id: &CaseId| scene.office.case(*id).unwrap().lead().cloned();
    // An ended case too: whoever wants it opened again finds somebody who is there.
    assert_eq!(leads(&cases[0]), Some(colleague("bo")));
    assert_eq!(leads(&cases[1]), Some(colleague("amina")));
    assert_eq!(leads(&cases[2]), Some(colleague("bo")));
    assert_eq!(leads(&cases[3]), None);
    let stamp = scene.stamp("amina");
    let nothing = hand_over_all(
        &scene.office,
        &colleague("zoe"),
        &colleague("bo"),
        "x",
        &stamp,
    );
    assert_eq!(nothing.map(drop), Err(CannotAssign::NobodyLeads));
}

#[test]
fn who_stands_back_decides_nothing_but_what_protects_someone_at_once() {
    let mut scene = Scene::with_a_letter().verified().consents("statistics");
    scene.gives("bo", "amina");
    // Made while nobody had said anything, and put into the log afterwards.
    let late = [
        scene
            .tries("amina", |case, stamp| note(case, "A note.", stamp))
            .unwrap(),
        scene
            .tries("amina", |case, stamp| code_act(case, arrest(), stamp))
            .unwrap(),
        scene
            .tries("amina", |case, stamp| erase(case, "Why not.", stamp))
            .unwrap(),
    ];
    let wordless = scene.tries("bo", |case, stamp| {
        recuse(case, colleague("amina"), "", stamp)
    });
    assert_eq!(wordless, Err(CannotRecuse::NoReason));
    scene.does("bo", |case, stamp| {
        recuse(
            case,
            colleague("amina"),
            "The officer is her brother.",
            stamp,
        )
    });
    macro_rules! refused {
        ($refusal:expr, $decide:expr) => {
            assert_eq!(scene.tries("amina", $decide), Err($refusal))
        };
    }
    refused!(CannotTriage::Recused, |c, s| triage(c, "now".into(), "", s));
    refused!(CannotNote::Recused, |c, s| note(c, "A note.", s));
    refused!(CannotMove::Recused, |c, s| change_state(
        c,
        State::Closed,
        "x",
        None,
        s
    ));
    refused!(CannotMove::Recused, |c, s| refer(c, "A clinic", "x", s));
    refused!(CannotMove::Recused, |c, s| erase(c, "x", s));
    refused!(CannotDescribe::Recused, |c, s| record_person(
        c,
        journalist(),
        s
    ));
    refused!(CannotDescribe::Recused, |c, s| code_event(c, in_goma(), s));
    refused!(CannotDescribe::Recused, |c, s| code_act(c, arrest(), s));
    refused!(CannotAssess::Recused, |c, s| record_source(c, witness(), s));
    refused!(CannotAssess::Recused, |c, s| assess(c, belief(), s));
    refused!(CannotVerify::Recused, |c, s| verify(c, ActId(1), 1, s));
    refused!(CannotReply::Recused, |c, s| reply(
        c,
        "An answer.",
        vec![Slot {
            day: TODAY,
            slot: 0
        }],
        s
    ));
    refused!(CannotRecord::Recused, |c, s| record_consent(
        c,
        yes("media"),
        None,
        s
    ));
    refused!(CannotRecord::Recused, |c, s| record_ground(
        c,
        ground("deceased"),
        s
    ));
    refused!(CannotTask::Recused, |c, s| set_task(
        c,
        1,
        "x",
        colleague("bo"),
        None,
        s
    ));
    refused!(CannotAssign::Recused, |c, s| assign(
        c,
        Some(colleague("bo")),
        "x",
        s
    ));
    refused!(CannotRecuse::OwnRecusal, |c, s| end_recusal(
        c,
        colleague("amina"),
        "x",
        s
    ));
    for entry in late {
        assert!(scene.misfit(entry).contains("stands back"));
    }
    assert_eq!(scene.the_case().verified_acts().count(), 1);

    // A withdrawal is never refused, and the case can still be passed on.
    let stamp = scene.stamp("amina");
    let withdrawn = withdraw(scene.the_case(), 1, "She called.", stamp).unwrap();
    scene.office.apply(withdrawn);
    assert!(scene.the_case().consents()[0].withdrawn.is_some());
    let stamp = scene.stamp("amina");
    let handed = hand_over(
        scene.the_case(),
        colleague("bo"),
        "All is in the notes.",
        stamp,
    );
    scene.office.apply(handed.unwrap());
    assert_eq!(scene.the_case().lead(), Some(&colleague("bo")));
    // She is given nothing here any more.
    let task = scene.tries("bo", |c, s| {
        set_task(c, 1, "x", colleague("amina"), None, s)
    });
    assert_eq!(task, Err(CannotTask::TheyStandBack));
    let given = scene.tries("bo", |c, s| assign(c, Some(colleague("amina")), "x", s));
    assert_eq!(given, Err(CannotAssign::TheyStandBack));
    // Somebody else says that it is over.
    let stamp = scene.stamp("bo");
    let over = end_recusal(scene.the_case(), colleague("amina"), "He was moved.", stamp).unwrap();
    scene.office.apply(over);
    assert!(scene.tries("amina", |c, s| note(c, "A note.", s)).is_ok());
}

#[test]
fn a_task_is_done_once_and_changed_only_before() {
    let mut scene = Scene::with_a_letter();
    let by = Date::of_day_number(TODAY + 3);
    let set = |number, what: &'static str| {
        move |case: &Case, stamp| set_task(case, number, what, colleague("bo"), by, stamp)
    };
    assert_eq!(scene.tries("amina", set(2, "x")), Err(CannotTask::NoNumber));
    assert_eq!(scene.tries("amina", set(0, "x")), Err(CannotTask::NoNumber));
    assert_eq!(
        scene.tries("amina", set(1, " ")),
        Err(CannotTask::NothingWritten)
    );
    scene.does("amina", set(1, "Call the lawyer."));
    scene.does("amina", set(1, "Call the lawyer and the sister."));
    assert_eq!(scene.the_case().tasks().count(), 1);
    let none = scene.tries("bo", |case, stamp| finish_task(case, 2, "", stamp));
    assert_eq!(none, Err(CannotTask::NoSuchTask));
    scene.does("bo", |case, stamp| {
        finish_task(case, 1, "Both called.", stamp)
    });
    let again = scene.tries("bo", |case, stamp| finish_task(case, 1, "", stamp));
    assert_eq!(again, Err(CannotTask::AlreadyDone));
    assert_eq!(
        scene.tries("amina", set(1, "More.")),
        Err(CannotTask::AlreadyDone)
    );
}

#[test]
fn duplicates_are_linked_from_both_sides_and_never_in_a_circle() {
    let mut scene = Scene::empty();
    let [one, two, three] = [1, 2, 3].map(|leaf| scene.letter(leaf, None));
    let doubles = |scene: &mut Scene, case: CaseId, of: CaseId| {
        scene.case = case;
        let stamp = scene.stamp("amina");
        mark_duplicate(
            &scene.office,
            scene.office.case(case).unwrap(),
            of,
            "The same arrest.",
            stamp,
        )
    };
    let of = |scene: &Scene, case: CaseId| -> Vec<CaseId> {
        scene.office.case(case).unwrap().duplicates().collect()
    };
    let entry = doubles(&mut scene, one, two).unwrap();
    scene.put(entry);
    assert_eq!(of(&scene, two), [one]);
    assert_eq!(scene.office.case(one).unwrap().duplicate_of(), Some(two));
    assert_eq!(
        doubles(&mut scene, two, one),
        Err(CannotMove::OriginalIsADuplicate)
    );
    assert_eq!(
        doubles(&mut scene, three, one),
        Err(CannotMove::OriginalIsADuplicate)
    );
    assert_eq!(
        doubles(&mut scene, three, three),
        Err(CannotMove::NoOriginal)
    );
    assert_eq!(
        doubles(&mut scene, three, CaseId([9; 16])),
        Err(CannotMove::NoSuchOriginal)
    );
    // Said on the case alone, it is asked again when it is read.
    let circle = scene.tries("amina", |case, stamp| {
        change_state(case, State::Duplicate, "x", Some(one), stamp)
    });
    scene.office.apply(circle.unwrap());
    assert_eq!(scene.office.misfits().len(), 1);
    assert_eq!(scene.the_case().state(), State::Received);
    // A chain is none: the original may double another in its turn, and the letters stay.
    let stamp = scene.stamp("amina");
    let entry = mark_duplicate(
        &scene.office,
        scene.office.case(two).unwrap(),
        three,
        "x",
        stamp,
    );
    scene.office.apply(entry.unwrap());
    assert_eq!((of(&scene, two), of(&scene, three)), (vec![one], vec![two]));
    assert_eq!(scene.office.case(one).unwrap().letters().len(), 1);
    // Opened again, it stands for itself.
    let stamp = scene.stamp("bo");
    let entry = reopen(scene.office.case(one).unwrap(), "Another arrest.", stamp);
    scene.office.apply(entry.unwrap());
    assert_eq!(of(&scene, two), []);
    assert_eq!(scene.office.case(one).unwrap().duplicate_of(), None);
}

#[test]
fn a_case_outside_the_mandate_says_where_it_went_until_it_is_opened_again() {
    let mut scene = Scene::with_a_letter();
    let nowhere = scene.tries("amina", |case, stamp| {
        refer(case, " ", "A land dispute.", stamp)
    });
    assert_eq!(nowhere, Err(CannotMove::NowhereReferred));
    let why = scene.tries("amina", |case, stamp| {
        refer(case, "The ombudsman", "", stamp)
    });
    assert_eq!(why, Err(CannotMove::NoReason));
    scene.does("amina", |case, stamp| {
        refer(case, "The ombudsman", "A land dispute.", stamp)
    });
    let case = scene.the_case();
    assert_eq!(case.state(), State::OutOfMandate);
    assert_eq!(case.referred_to().unwrap().as_str(), "The ombudsman");
    scene.does("amina", |case, stamp| {
        reopen(case, "It was a reprisal.", stamp)
    });
    assert_eq!(scene.the_case().referred_to(), None);
}

#[test]
fn whoever_wrote_a_report_down_does_not_review_what_is_made_of_it() {
    let mut scene = Scene::empty();
    writes_down(&mut scene, "bo", 1);
    let mut scene = scene.coded();
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    let by = |team| move |case: &Case, stamp| review(case, 1, true, "", team, stamp);
    assert_eq!(
        scene.tries("bo", by(Team::Several)),
        Err(CannotReview::OwnReport)
    );
    scene.does("chi", by(Team::Several));
    assert!(!scene.the_case().findings()[0].reviews[0].one_person_office);
    // That the office has one person is not believed of an office where others write.
    assert_eq!(
        scene.tries("bo", by(Team::OnePerson)),
        Err(CannotReview::OwnReport)
    );
}

/// What somebody said to one of the office, who wrote it down.
fn writes_down(scene: &mut Scene, by: &str, case: u8) {
    let stamp = scene.stamp(by);
    let told = told_by_hand(case, "They came at night.");
    let entry = take_down(&scene.office, told, stamp).unwrap();
    scene.case = entry.case().unwrap();
    scene.put(entry);
}

#[test]
fn in_an_office_of_one_who_wrote_the_report_down_reviews_alone_and_it_is_marked() {
    let mut scene = Scene::empty();
    writes_down(&mut scene, "amina", 1);
    let mut scene = scene.coded();
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    scene.does("amina", |case, stamp| {
        review(case, 1, true, "", Team::OnePerson, stamp)
    });
    assert!(scene.the_case().findings()[0].reviews[0].one_person_office);
}

#[test]
fn once_a_second_person_has_written_nobody_decides_alone() {
    let mut scene = Scene::with_a_letter().coded();
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    let alone = |case: &Case, stamp| review(case, 1, true, "", Team::OnePerson, stamp);
    // Said while it was so, and put into the log after somebody else had written.
    let late = scene.tries("amina", alone).unwrap();
    let entry = scene.asks_for("c3", "amina", Team::OnePerson).unwrap();
    scene.put(entry);
    let lower = scene.asks_for("c1", "amina", Team::OnePerson).unwrap();
    let other = scene.letter(8, None);
    scene.does("bo", |case, stamp| note(case, "I am new here.", stamp));
    let first = scene.log[0].case().unwrap();
    scene.case = first;
    assert_ne!(other, first);
    assert_eq!(
        scene.tries("amina", alone),
        Err(CannotReview::OwnAssessment)
    );
    assert!(scene.misfit(late).contains("assess"));
    // Her wish to lower the grade waits for Bo.
    scene.office.apply(lower);
    assert_eq!(scene.office.grade().required(), Some(grade("c3")));
    assert!(scene.office.grade().waits_for_a_second().is_some());
}

fn sends(scene: &mut Scene, by: &str) -> Result<Entry, CannotCommunicate> {
    if scene.the_case().foreseen().is_empty() {
        scene.foresees("The Rapporteur");
    }
    let stamp = scene.stamp(by);
    let covered = scene
        .the_case()
        .covers(
            purpose("un-special-procedures"),
            "The Rapporteur",
            level("none"),
            today(),
        )
        .unwrap();
    let kind = Code::of("urgent-appeal").unwrap();
    let letter = Communication::new(covered, kind, "The Rapporteur", "Dear …", today()).unwrap();
    communicate(scene.the_case(), &letter, stamp)
}

#[test]
fn below_the_grade_nothing_goes_to_the_un_until_two_people_say_why_and_it_is_marked() {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures");
    assert!(sends(&mut scene, "amina").is_ok());
    let entry = scene.asks_for("c3", "amina", Team::Several).unwrap();
    scene.put(entry);
    // The act reached C1.
    assert_eq!(scene.the_case().grade(), Some(grade("c1")));
    assert_eq!(
        sends(&mut scene, "amina"),
        Err(CannotCommunicate::BelowGrade)
    );
    let propose = |to: &'static str, why: &'static str| {
        move |case: &Case, stamp| {
            let (use_, kind) = (purpose("un-special-procedures"), Code::of("urgent-appeal"));
            propose_exception(case, use_, kind, to, why, stamp)
        }
    };
    let silent = scene.tries("amina", propose("The Rapporteur", " "));
    assert_eq!(silent, Err(CannotExcept::NothingWritten));
    scene.does(
        "amina",
        propose("The Rapporteur", "She may be dead tomorrow."),
    );
    assert_eq!(sends(&mut scene, "bo"), Err(CannotCommunicate::BelowGrade));
    let agree = |case: &Case, stamp| agree_to_exception(case, 1, "", stamp);
    assert_eq!(scene.tries("amina", agree), Err(CannotExcept::OwnException));
    scene.does("bo", agree);
    assert_eq!(
        scene.tries("chi", agree),
        Err(CannotExcept::NoSuchException)
    );
    let entry = sends(&mut scene, "amina").unwrap();
    scene.put(entry.clone());
    assert_eq!(scene.the_case().outgoing()[0].below_grade, Some(1));
    // It held for one letter, and the log cannot play it twice.
    assert_eq!(
        sends(&mut scene, "amina"),
        Err(CannotCommunicate::BelowGrade)
    );
    assert!(scene.misfit(entry).contains("grade"));
}

#[test]
fn a_grade_that_nobody_reviewed_or_that_an_act_outgrew_is_none() {
    let mut scene = Scene::with_a_letter().coded();
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    assert_eq!(scene.the_case().grade(), None);
    let by =
        |agrees| move |case: &Case, stamp| review(case, 1, agrees, "So.", Team::Several, stamp);
    scene.does("bo", by(true));
    assert_eq!(scene.the_case().grade(), Some(grade("c1")));
    scene.does("chi", by(false));
    assert_eq!(scene.the_case().grade(), None);
    scene.does("chi", by(true));
    // A second act that nobody assessed: the case is as weak as that.
    scene.does("amina", |case, stamp| {
        let second = record::Act {
            id: ActId(2),
            ..arrest()
        };
        code_act(case, second, stamp)
    });
    assert_eq!(scene.the_case().grade(), None);
    scene.does("amina", |case, stamp| {
        let finding = record::Assessment {
            act: Some(ActId(2)),
            corroboration: Term::told("c0"),
            ..belief()
        };
        assess(case, finding, stamp)
    });
    scene.does("bo", |case, stamp| {
        review(case, 2, true, "", Team::Several, stamp)
    });
    assert_eq!(scene.the_case().grade(), Some(grade("c0")));
    scene.does("amina", |case, stamp| code_act(case, arrest(), stamp));
    assert_eq!(scene.the_case().grade(), None);
}

#[test]
fn one_person_raises_the_grade_and_two_lower_it() {
    let mut scene = Scene::with_a_letter();
    let put = |scene: &mut Scene, code: &str, by: &str, team| {
        let entry = scene.asks_for(code, by, team).unwrap();
        scene.put(entry);
        scene.office.grade().required().map(Code::as_str)
    };
    assert_eq!(put(&mut scene, "c1", "amina", Team::Several), Some("c1"));
    assert_eq!(put(&mut scene, "c3", "amina", Team::Several), Some("c3"));
    let again = scene.asks_for("c3", "amina", Team::Several);
    assert_eq!(again, Err(CannotSetGrade::AlreadySet));
    assert_eq!(put(&mut scene, "c1", "amina", Team::Several), Some("c3"));
    let alone = scene.asks_for("c1", "amina", Team::Several);
    assert_eq!(alone, Err(CannotSetGrade::NeedsASecond));
    // Another lower grade is another wish.
    assert_eq!(put(&mut scene, "c2", "bo", Team::Several), Some("c3"));
    assert_eq!(put(&mut scene, "c2", "amina", Team::Several), Some("c2"));
    assert!(!scene.office.grade().lowered_alone());
    assert_eq!(scene.the_case().required_grade(), Some(grade("c2")));
    // A case that comes later is held to it as well.
    scene.letter(8, None);
    assert_eq!(scene.the_case().required_grade(), Some(grade("c2")));
    // Where there is nobody else, one lowers it, and it is marked.
    let mut scene = Scene::with_a_letter();
    assert_eq!(put(&mut scene, "c1", "amina", Team::OnePerson), Some("c1"));
    assert_eq!(put(&mut scene, "c0", "amina", Team::OnePerson), Some("c0"));
    assert!(scene.office.grade().lowered_alone());
}

#[test]
fn a_duplicate_stays_one_when_nothing_is_left_of_the_case_it_doubles() {
    let mut scene = Scene::empty();
    let [original, double] = [1, 2].map(|leaf| scene.letter(leaf, None));
    scene.case = double;
    let stamp = scene.stamp("amina");
    let marked = mark_duplicate(
        &scene.office,
        scene.the_case(),
        original,
        "The same arrest.",
        stamp,
    );
    scene.put(marked.unwrap());
    scene.case = original;
    scene.does("amina", |case, stamp| erase(case, "She asked.", stamp));
    // The content of what was erased is gone, and the log is read anew.
    let kept = scene
        .log
        .iter()
        .filter(|entry| !scene.office.was_erased(entry.position()));
    let anew = Office::fold(kept.cloned());
    assert_eq!(anew.cases().len(), 2);
    assert_eq!(anew.misfits(), []);
    assert_eq!(anew.case(double), scene.office.case(double));
    assert_eq!(anew.case(double).unwrap().state(), State::Duplicate);
    let doubles: Vec<CaseId> = anew.case(original).unwrap().duplicates().collect();
    assert_eq!(doubles, [double]);
}

fn stands_back(who: &str) -> impl Fn(&Case, Stamp) -> Result<Entry, CannotRecuse> {
    move |case, stamp| recuse(case, colleague(who), "A cousin.", stamp)
}

fn may_decide_again(who: &str) -> impl Fn(&Case, Stamp) -> Result<Entry, CannotRecuse> {
    move |case, stamp| end_recusal(case, colleague(who), "He was moved.", stamp)
}

#[test]
fn who_stands_back_takes_the_case_from_nobody_else() {
    let mut scene = Scene::with_a_letter();
    scene.does("bo", |case, stamp| note(case, "Call at noon.", stamp));
    let late = scene.tries("amina", stands_back("bo")).unwrap();
    scene.does("amina", stands_back("amina"));
    let refused = scene.tries("amina", stands_back("bo"));
    assert_eq!(refused, Err(CannotRecuse::Recused));
    assert!(scene.misfit(late).contains("stand back"));
    // Whoever does not stand back records it of another, and of themselves.
    assert!(scene.tries("bo", stands_back("chi")).is_ok());
    assert!(scene.tries("bo", stands_back("bo")).is_ok());
}

#[test]
fn where_all_who_ever_wrote_stand_back_one_of_them_ends_it_and_it_is_marked() {
    let mut scene = Scene::with_a_letter();
    scene.does("bo", |case, stamp| note(case, "Call at noon.", stamp));
    scene.does("amina", stands_back("amina"));
    // Bo is left.
    let early = scene.tries("amina", may_decide_again("amina"));
    assert_eq!(early, Err(CannotRecuse::OwnRecusal));
    scene.does("bo", stands_back("bo"));
    scene.does("amina", may_decide_again("amina"));
    scene.does("amina", may_decide_again("bo"));
    let marked: Vec<bool> = scene
        .the_case()
        .recusals_over()
        .iter()
        .map(|over| over.nobody_left)
        .collect();
    assert_eq!(marked, [true, false]);
    assert_eq!(scene.the_case().recused().count(), 0);
}

#[test]
fn what_a_person_wants_erased_is_erased_by_someone_who_stands_back_too() {
    let mut scene = Scene::with_a_letter().consents("statistics");
    scene.does("bo", stands_back("amina"));
    let erases = |case: &Case, stamp| erase(case, "She asked.", stamp);
    assert_eq!(scene.tries("amina", erases), Err(CannotMove::Recused));
    scene.does("bo", |case, stamp| withdraw(case, 1, "She called.", stamp));
    assert_eq!(scene.tries("amina", erases), Err(CannotMove::Recused));
    scene.does("bo", |case, stamp| {
        choose_after_withdrawal(case, 1, AfterWithdrawal::Erase, "All of it.", stamp)
    });
    scene.does("amina", erases);
    assert_eq!(scene.the_case().state(), State::Erased);
}

impl Scene {
    /// Another source of the case, of a group or of none.
    fn source(&mut self, group: &'static str) {
        self.does("amina", |case, stamp| {
            let source = record::Source {
                id: case.next_source(),
                independence_group: group.into(),
                ..witness()
            };
            record_source(case, source, stamp)
        });
    }

    fn finds(&mut self, code: &str, sources: &[u32]) -> Result<Entry, CannotAssess> {
        let finding = record::Assessment {
            corroboration: Term::told(code),
            sources: sources.iter().map(|id| record::SourceId(*id)).collect(),
            standard: Term::told("grounds-to-suspect"),
            ..belief()
        };
        self.tries("amina", |case, stamp| assess(case, finding, stamp))
    }
}

#[test]
fn corroboration_is_borne_by_sources_that_are_independent_of_each_other() {
    let mut scene = Scene::with_a_letter().coded();
    // The second and the third copy one agency; the fourth stands for itself.
    for group in ["agency", "Agency ", ""] {
        scene.source(group);
    }
    let few: Result<(), _> = Err(CannotAssess::TooFewSources);
    for (code, sources, borne) in [
        ("c0", &[][..], false),
        ("c4", &[], false),
        ("", &[], true),
        ("c1", &[1], true),
        ("c2", &[1], false),
        ("c2", &[2, 3], false),
        ("c2", &[1, 1], false),
        ("c3", &[1, 2, 3], true),
        ("c4", &[1, 2, 3], false),
        ("c4", &[1, 2, 4], true),
    ] {
        let found = scene.finds(code, sources).map(drop);
        assert_eq!(
            found,
            if borne { Ok(()) } else { few },
            "{code} {sources:?}"
        );
    }
    // Found out later: two of the three are one.
    let entry = scene.finds("c4", &[1, 2, 4]).unwrap();
    scene.put(entry);
    scene.does("bo", |case, stamp| {
        review(case, 1, true, "", Team::Several, stamp)
    });
    assert_eq!(scene.the_case().grade(), Some(grade("c4")));
    scene.does("bo", |case, stamp| {
        let copied = record::Source {
            independence_group: "agency".into(),
            ..witness()
        };
        record_source(case, copied, stamp)
    });
    assert_eq!(scene.the_case().grade(), Some(grade("c3")));
}

#[test]
fn a_letter_about_some_acts_is_as_corroborated_as_the_weakest_of_them() {
    use std::slice::from_ref;
    let mut scene = Scene::with_a_letter().verified();
    // Who somebody is belongs to the whole case.
    let who = [record::Item::Person(record::PersonId(1))];
    assert_eq!(scene.the_case().grade_of_items(&who), Some(grade("c1")));
    scene.does("amina", |case, stamp| {
        let second = record::Act {
            id: ActId(2),
            ..arrest()
        };
        code_act(case, second, stamp)
    });
    let entry = scene.asks_for("c1", "amina", Team::Several).unwrap();
    scene.put(entry);
    let case = scene.the_case();
    let may = |items: &[record::Item], use_: &str| {
        case.may_leave(Leaving {
            purpose: purpose(use_),
            kind: None,
            to: "Someone",
            items,
            day: TODAY,
        })
    };
    use record::Item::{Act, Narrative, Person};
    let below = Err(BelowGrade::NotCorroborated);
    let (one, two) = (Act(ActId(1)), Act(ActId(2)));
    let person = Person(record::PersonId(1));
    for use_ in ["un-confidential", "court-or-prosecutor", "nhri"] {
        assert_eq!(may(&[], use_), below, "{use_}");
        assert_eq!(may(from_ref(&one), use_), Ok(None));
        assert_eq!(may(&[one.clone(), person.clone()], use_), Ok(None));
        assert_eq!(may(&[one.clone(), two.clone()], use_), below);
        // What was told tells of both, and who somebody is of neither.
        assert_eq!(may(&[one.clone(), Narrative], use_), below);
        assert_eq!(may(from_ref(&person), use_), below);
    }
    assert_eq!(may(&[], "share-partner-org"), Ok(None));
}

#[test]
fn an_exception_is_for_one_purpose_and_one_kind_of_letter_and_lapses_after_fourteen_days() {
    let mut scene = Scene::with_a_letter().verified();
    let entry = scene.asks_for("c3", "amina", Team::Several).unwrap();
    scene.put(entry);
    let (use_, appeal) = (purpose("un-special-procedures"), Code::of("urgent-appeal"));
    let why = "She may be dead tomorrow.";
    let propose = |of| {
        move |case: &Case, stamp| propose_exception(case, of, appeal, "The Rapporteur", why, stamp)
    };
    // To the press nothing is held back by the grade.
    let press = scene.tries("amina", propose(purpose("media")));
    assert_eq!(press, Err(CannotExcept::NotNeeded));
    scene.does("amina", propose(use_));
    let leaving = |use_: &str, kind, day| Leaving {
        purpose: purpose(use_),
        kind,
        to: "the Rapporteur",
        items: &[],
        day,
    };
    let may = |scene: &Scene, use_, kind, day| scene.the_case().may_leave(leaving(use_, kind, day));
    let (sp, day) = ("un-special-procedures", TODAY);
    assert_eq!(may(&scene, sp, appeal, day), Err(BelowGrade::NeedsASecond));
    scene.day = TODAY + 3;
    scene.does("bo", |case, stamp| agree_to_exception(case, 1, "", stamp));
    assert_eq!(may(&scene, sp, appeal, TODAY + 3), Ok(Some(1)));
    let below = Err(BelowGrade::NotCorroborated);
    let letter = Code::of("allegation-letter");
    assert_eq!(may(&scene, sp, letter, TODAY + 3), below);
    assert_eq!(may(&scene, sp, None, TODAY + 3), below);
    assert_eq!(may(&scene, "un-confidential", appeal, TODAY + 3), below);
    assert_eq!(may(&scene, sp, appeal, TODAY + 16), Ok(Some(1)));
    assert_eq!(may(&scene, sp, appeal, TODAY + 17), Err(BelowGrade::Lapsed));
}
