//! Claims about what comes after a letter: answers, steps, remedies, help, commitments, the public
//! page; and about what came before what.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{
    Act, ActId, ActLink, Commitment, CommitmentId, Consent, Cooperation, Date, Event, EventId,
    EventLink, Help, HelpId, Involvement, Item, Language, Law, LawId, Person, PersonId, Remedy,
    RemedyId, Response, ResponseId, SourceId, Step, StepId, TechnologyUse, Term, Trait,
};
use scene::*;

fn day(number: u32) -> Option<Date> {
    Date::of_day_number(number)
}

fn denial() -> Response {
    Response {
        id: ResponseId(1),
        by: "Ministry of Justice".into(),
        way: Term::told("note-verbale"),
        kinds: vec![Term::told("denied-facts")],
        text: "The allegation is without merit.".into(),
        unanswered: vec!["Where he is held.".into()],
        authenticity: Term::told("asked-back"),
        ..Response::default()
    }
}

fn silence() -> Response {
    Response {
        id: ResponseId(1),
        kinds: vec![Term::told("none-by-deadline")],
        ..Response::default()
    }
}

fn remedy(status: &str) -> Remedy {
    Remedy {
        id: RemedyId(1),
        person: Some(PersonId(1)),
        kind: Term::told("compensation"),
        status: Term::told(status),
        ..Remedy::default()
    }
}

fn sent() -> Scene {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures")
        .consents("public-anonymous");
    scene.sends();
    scene
}

impl Scene {
    fn answers(&mut self, letter: Option<u32>, response: Response) -> Result<Entry, CannotFollow> {
        self.tries("amina", |case, stamp| {
            record_response(case, letter, response, stamp)
        })
    }

    fn answered(&mut self, letter: Option<u32>, response: Response) {
        let entry = self.answers(letter, response).unwrap();
        self.put(entry);
    }
}

#[test]
fn an_answer_says_by_whom_word_for_word_and_how_it_was_checked() {
    let mut scene = sent();
    let mut with = |change: fn(&mut Response)| {
        let mut response = denial();
        change(&mut response);
        scene.answers(Some(1), response).map(drop)
    };
    assert_eq!(with(|r| r.by = " ".into()), Err(CannotFollow::NobodyNamed));
    assert_eq!(with(|r| r.text.clear()), Err(CannotFollow::NothingWritten));
    assert_eq!(with(|r| r.kinds.clear()), Err(CannotFollow::UnknownWord));
    assert_eq!(
        with(|r| r.kinds.push("shrug".into())),
        Err(CannotFollow::UnknownWord)
    );
    assert_eq!(
        with(|r| r.way = "rumour".into()),
        Err(CannotFollow::UnknownWord)
    );
    let unchecked: fn(&mut Response) = |r| r.authenticity = Term::default();
    assert_eq!(with(unchecked), Err(CannotFollow::NotSaidHowChecked));
    assert_eq!(with(|r| r.id = ResponseId(2)), Err(CannotFollow::NoNumber));
    // "Not checked" is an answer too.
    assert_eq!(with(|r| r.authenticity = "not-checked".into()), Ok(()));
    let elsewhere = scene.answers(Some(2), denial());
    assert_eq!(elsewhere, Err(CannotFollow::NoSuchLetter));
}

#[test]
fn the_words_of_an_answer_are_never_edited_and_what_was_made_of_it_may_be() {
    let mut scene = sent();
    scene.answered(Some(1), denial());
    let mut edited = denial();
    edited.text = "The allegation has merit.".into();
    assert_eq!(scene.answers(Some(1), edited), Err(CannotFollow::Unedited));
    let mut other = denial();
    other.by = "Ministry of Defence".into();
    assert_eq!(scene.answers(Some(1), other), Err(CannotFollow::Unedited));
    assert_eq!(scene.answers(None, denial()), Err(CannotFollow::Unedited));
    let mut read_again = denial();
    read_again.kinds.push("hostile".into());
    read_again.answered = vec!["Who gave the order.".into()];
    scene.answered(Some(1), read_again.clone());
    let recorded = scene.the_case().responses();
    assert_eq!((recorded.len(), &recorded[0].response), (1, &read_again));
}

#[test]
fn no_answer_in_time_is_recorded_after_the_last_day_and_a_late_answer_still_counts() {
    let mut scene = sent();
    scene.day = TODAY + 60;
    assert_eq!(
        scene.answers(Some(1), silence()),
        Err(CannotFollow::TooEarly)
    );
    scene.does("amina", |case, stamp| {
        set_deadline(
            case,
            1,
            day(TODAY + 90),
            None,
            "The mission asked for it.",
            stamp,
        )
    });
    scene.day = TODAY + 61;
    assert_eq!(
        scene.answers(Some(1), silence()),
        Err(CannotFollow::TooEarly)
    );
    scene.day = TODAY + 91;
    let both = Response {
        kinds: vec!["none-by-deadline".into(), "token".into()],
        ..silence()
    };
    assert_eq!(
        scene.answers(Some(1), both),
        Err(CannotFollow::AnswerAndNone)
    );
    assert_eq!(
        scene.answers(None, silence()),
        Err(CannotFollow::NoSuchLetter)
    );
    scene.answered(Some(1), silence());
    assert_eq!(scene.the_case().state(), State::NoResponse);
    let late = Response {
        id: ResponseId(2),
        ..denial()
    };
    scene.answered(Some(1), late);
    assert_eq!(scene.the_case().state(), State::ResponseReceived);
}

#[test]
fn no_last_day_is_before_the_letter() {
    let mut scene = sent();
    let set = |reply, confidential| {
        move |case: &Case, stamp| set_deadline(case, 1, reply, confidential, "So.", stamp)
    };
    let before = Err(CannotFollow::DaysOutOfOrder);
    assert_eq!(scene.tries("amina", set(day(TODAY - 1), None)), before);
    assert_eq!(
        scene.tries("amina", set(day(TODAY + 9), day(TODAY - 1))),
        before
    );
    assert!(scene.tries("amina", set(day(TODAY), day(TODAY))).is_ok());
}

#[test]
fn a_receipt_is_no_answer_and_a_word_to_the_press_moves_no_case() {
    let mut scene = sent();
    let mut receipt = denial();
    receipt.kinds = vec!["acknowledged".into(), "requests-more-info".into()];
    scene.answered(Some(1), receipt);
    assert_eq!(scene.the_case().state(), State::Transmitted);
    let statement = Response {
        id: ResponseId(2),
        way: "press".into(),
        authenticity: "official-publication".into(),
        ..denial()
    };
    scene.answered(None, statement);
    assert_eq!(scene.the_case().state(), State::Transmitted);
    let answer = Response {
        id: ResponseId(3),
        ..denial()
    };
    scene.answered(Some(1), answer);
    assert_eq!(scene.the_case().state(), State::ResponseReceived);
}

#[test]
fn the_three_questions_are_asked_of_an_investigation_and_each_answer_is_grounded() {
    let mut scene = sent();
    let step = |kind: &str, grounds: &str| Step {
        id: StepId(1),
        kind: kind.into(),
        acts: vec![ActId(1)],
        by: "The prosecutor".into(),
        independent: Some(false),
        grounds: grounds.into(),
        ..Step::default()
    };
    let mut tries = |step: Step| {
        let done = scene.tries("amina", |case, stamp| record_step(case, step, stamp));
        done.map(drop)
    };
    assert_eq!(
        tries(step("investigation", "")),
        Err(CannotFollow::ChecksNotGrounded)
    );
    assert_eq!(
        tries(step("trial", "His own unit.")),
        Err(CannotFollow::ChecksNotGrounded)
    );
    assert_eq!(tries(step("pardon", "x")), Err(CannotFollow::UnknownWord));
    let mut other_act = step("investigation", "His own unit.");
    other_act.acts = vec![ActId(9)];
    assert_eq!(tries(other_act), Err(CannotFollow::NoSuchAct));
    let mut nobody = step("investigation", "His own unit.");
    nobody.by.clear();
    assert_eq!(tries(nobody), Err(CannotFollow::NobodyNamed));
    scene.does("amina", |case, stamp| {
        record_step(case, step("investigation", "His own unit."), stamp)
    });
    assert_eq!(scene.the_case().state(), State::FollowUp);
}

#[test]
fn days_without_action_run_from_the_act_until_an_authority_acts() {
    let mut scene = Scene::with_a_letter().verified();
    let act = u32::try_from(Date::read("2024-03-02").unwrap().day_number()).unwrap();
    let idle = |scene: &Scene, today| scene.the_case().days_without_action(today);
    assert_eq!(idle(&scene, act + 100), Some(100));
    let step = |id, kind: &str, day: u32| Step {
        id: StepId(id),
        kind: kind.into(),
        by: "Someone".into(),
        day: Date::of_day_number(day),
        impunity: if id == 2 {
            "total".into()
        } else {
            Term::default()
        },
        ..Step::default()
    };
    // A complaint is what a victim does.
    scene.does("amina", |c, s| {
        record_step(c, step(1, "complaint-filed", act + 10), s)
    });
    assert_eq!(idle(&scene, act + 100), Some(100));
    scene.does("amina", |c, s| {
        record_step(c, step(2, "investigation", act + 40), s)
    });
    scene.does("amina", |c, s| {
        record_step(c, step(3, "charge", act + 30), s)
    });
    assert_eq!(idle(&scene, act + 100), Some(60));
    assert_eq!(idle(&scene, act), None);
    assert!(scene.the_case().impunity().unwrap().is("total"));
    assert_eq!(
        Scene::with_a_letter().the_case().days_without_action(act),
        None
    );
}

#[test]
fn what_a_remedy_is_worth_is_the_victims_to_say() {
    let mut scene = Scene::with_a_letter().verified();
    let mut tries = |remedy: Remedy| {
        let done = scene.tries("amina", |case, stamp| record_remedy(case, remedy, stamp));
        done.map(drop)
    };
    assert_eq!(tries(remedy("promised")), Ok(()));
    assert_eq!(
        tries(remedy("delivered")),
        Err(CannotFollow::VictimNotAsked)
    );
    assert_eq!(
        tries(remedy("inadequate")),
        Err(CannotFollow::VictimNotAsked)
    );
    let asked = |asked, view: &str| Remedy {
        asked: Some(asked),
        own_view: view.into(),
        ..remedy("delivered")
    };
    assert_eq!(tries(asked(true, " ")), Err(CannotFollow::VictimNotAsked));
    assert_eq!(
        tries(asked(false, "I am glad.")),
        Err(CannotFollow::VictimNotAsked)
    );
    assert_eq!(tries(asked(false, "")), Ok(()));
    assert_eq!(tries(asked(true, "I am glad.")), Ok(()));
    assert_eq!(tries(remedy("maybe")), Err(CannotFollow::UnknownWord));
    let mut nobody = remedy("sought");
    nobody.person = Some(PersonId(7));
    assert_eq!(tries(nobody), Err(CannotFollow::NoSuchPerson));
    let none = Remedy {
        id: RemedyId(1),
        kind: "none".into(),
        ..Remedy::default()
    };
    assert_eq!(tries(none), Ok(()));
}

#[test]
fn a_case_is_closed_by_where_its_remedy_stands_or_by_a_reason() {
    let close = |case: &Case, stamp| change_state(case, State::Closed, "", None, stamp);
    let repaired = |case: &Case, stamp| change_state(case, State::Remedied, "", None, stamp);
    let mut scene = Scene::with_a_letter().verified();
    assert_eq!(scene.tries("amina", close), Err(CannotMove::NoReason));
    scene.does("amina", |case, stamp| {
        record_remedy(case, remedy("promised"), stamp)
    });
    assert!(scene.tries("amina", close).is_ok());
    // A promise repairs nothing.
    assert_eq!(scene.tries("amina", repaired), Err(CannotMove::NoReason));
    scene.does("amina", |case, stamp| {
        let delivered = Remedy {
            asked: Some(true),
            own_view: "I am glad.".into(),
            ..remedy("delivered")
        };
        record_remedy(case, delivered, stamp)
    });
    assert_eq!(scene.the_case().remedies().count(), 1);
    scene.does("amina", repaired);
    scene.does("amina", close);
}

#[test]
fn help_and_commitments_have_their_words_their_people_and_their_days_in_order() {
    let mut scene = Scene::with_a_letter().coded();
    let help = Help {
        id: HelpId(1),
        person: Some(PersonId(1)),
        kind: "relocation".into(),
        effect: "strong-positive".into(),
        first_day: day(TODAY),
        last_day: day(TODAY + 9),
        ..Help::default()
    };
    let mut helps = |change: fn(&mut Help)| {
        let mut help = help.clone();
        change(&mut help);
        scene
            .tries("amina", |case, stamp| record_help(case, help, stamp))
            .map(drop)
    };
    assert_eq!(helps(|_| ()), Ok(()));
    assert_eq!(
        helps(|h| h.kind = "prayer".into()),
        Err(CannotFollow::UnknownWord)
    );
    assert_eq!(
        helps(|h| h.effect = "good".into()),
        Err(CannotFollow::UnknownWord)
    );
    assert_eq!(
        helps(|h| h.person = Some(PersonId(4))),
        Err(CannotFollow::NoSuchPerson)
    );
    assert_eq!(
        helps(|h| h.last_day = day(TODAY - 1)),
        Err(CannotFollow::DaysOutOfOrder)
    );
    let promise = Commitment {
        id: CommitmentId(1),
        by: "The State".into(),
        text: "An inquiry within the year.".into(),
        day: day(TODAY),
        due: day(TODAY + 300),
        status: "made".into(),
        ..Commitment::default()
    };
    let mut promises = |change: fn(&mut Commitment)| {
        let mut promise = promise.clone();
        change(&mut promise);
        let done = scene.tries("amina", |c, s| record_commitment(c, promise, s));
        done.map(drop)
    };
    assert_eq!(promises(|_| ()), Ok(()));
    assert_eq!(promises(|p| p.by.clear()), Err(CannotFollow::NobodyNamed));
    assert_eq!(
        promises(|p| p.text.clear()),
        Err(CannotFollow::NothingWritten)
    );
    assert_eq!(
        promises(|p| p.status = Term::default()),
        Err(CannotFollow::UnknownWord)
    );
    assert_eq!(
        promises(|p| p.due = day(TODAY - 1)),
        Err(CannotFollow::DaysOutOfOrder)
    );
    assert_eq!(
        promises(|p| p.id = CommitmentId(3)),
        Err(CannotFollow::NoNumber)
    );
    // The same number again says where it stands now.
    for status in ["made", "kept"] {
        let promise = Commitment {
            status: status.into(),
            ..promise.clone()
        };
        scene.does("amina", |c, s| record_commitment(c, promise, s));
    }
    let stands: Vec<_> = scene
        .the_case()
        .commitments()
        .map(|p| p.status.as_str())
        .collect();
    assert_eq!(stands, ["kept"]);
}

#[test]
fn whoever_looks_in_says_what_was_found_once_for_each_of_the_days() {
    let mut scene = sent();
    let mut looks = |letter, after, found: &'static str, reprisal| {
        let look = |case: &Case, stamp| check_in(case, letter, after, found, reprisal, stamp);
        scene.tries("amina", look).map(drop)
    };
    assert_eq!(
        looks(2, 1, "All is calm.", None),
        Err(CannotFollow::NoSuchLetter)
    );
    assert_eq!(
        looks(1, 2, "All is calm.", None),
        Err(CannotFollow::NotACheckIn)
    );
    assert_eq!(looks(1, 1, " ", None), Err(CannotFollow::NothingWritten));
    let reprisal = Some(ActId(2));
    assert_eq!(
        looks(1, 1, "They came at night.", reprisal),
        Err(CannotFollow::NoSuchAct)
    );
    scene.does("amina", |case, stamp| {
        check_in(case, 1, 1, "All is calm.", None, stamp)
    });
    let again = scene.tries("bo", |case, stamp| {
        check_in(case, 1, 1, "Yes.", None, stamp)
    });
    assert_eq!(again, Err(CannotFollow::AlreadyDone));
    assert_eq!(scene.the_case().check_ins().len(), 1);
}

#[test]
fn nobody_looks_in_before_the_day_and_a_reprisal_is_linked_whenever_it_is_learned_of() {
    let mut scene = sent();
    let look = |after, reprisal| {
        move |case: &Case, stamp| check_in(case, 1, after, "They came.", reprisal, stamp)
    };
    assert_eq!(
        scene.tries("amina", look(30, None)),
        Err(CannotFollow::NotYet)
    );
    assert_eq!(
        scene.tries("amina", look(7, None)),
        Err(CannotFollow::NotYet)
    );
    scene.day = TODAY + 6;
    scene.does("amina", look(7, None));
    // The next was to be on day 30; a raid on day 12 does not wait, nor one on day 60.
    let raid = |scene: &mut Scene, act| {
        let raid = Act {
            id: ActId(act),
            kind: "premises-raid".into(),
            ..arrest()
        };
        scene.does("amina", |case, stamp| code_act(case, raid, stamp));
    };
    raid(&mut scene, 2);
    scene.day = TODAY + 12;
    scene.does("amina", look(7, Some(ActId(2))));
    let again = scene.tries("bo", look(1, Some(ActId(2))));
    assert_eq!(again, Err(CannotFollow::AlreadyDone));
    scene.day = TODAY + 31;
    scene.does("amina", look(30, None));
    let silent = scene.tries("amina", look(30, None));
    assert_eq!(silent, Err(CannotFollow::AlreadyDone));
    raid(&mut scene, 3);
    scene.day = TODAY + 60;
    scene.does("amina", look(30, Some(ActId(3))));
    let linked = scene.the_case().check_ins().iter();
    let linked: Vec<_> = linked.filter_map(|look| look.reprisal).collect();
    assert_eq!(linked, [ActId(2), ActId(3)]);
}

#[test]
fn a_public_page_carries_the_reply_or_why_there_is_none() {
    let block = |scene: &Scene, today| {
        let block = scene.the_case().response_block(today)?;
        Ok(match block.reply() {
            StatesReply::Answered(answers) => format!("{} answers", answers.len()),
            StatesReply::NoneByDeadline { due } => format!("none by {}", due - TODAY),
            StatesReply::NotTransmitted(why) => why.as_str().to_owned(),
        })
    };
    let mut quiet = Scene::with_a_letter()
        .verified()
        .consents("public-anonymous");
    assert_eq!(block(&quiet, TODAY), Err(CannotPublish::NeverAsked));
    let wordless = quiet.tries("amina", |case, stamp| keep_from_state(case, "", stamp));
    assert_eq!(wordless, Err(CannotFollow::NoReason));
    quiet.does("amina", |case, stamp| {
        keep_from_state(case, "He is in their hands.", stamp)
    });
    assert_eq!(block(&quiet, TODAY).unwrap(), "He is in their hands.");

    let mut scene = sent();
    assert_eq!(block(&scene, TODAY + 60), Err(CannotPublish::ReplyAwaited));
    assert_eq!(block(&scene, TODAY + 61), Err(CannotPublish::NotRecorded));
    // That it was once too dangerous does not silence an answer that is awaited.
    scene.does("amina", |case, stamp| {
        keep_from_state(case, "Danger.", stamp)
    });
    assert_eq!(block(&scene, TODAY + 61), Err(CannotPublish::NotRecorded));
    scene.day = TODAY + 61;
    scene.answered(Some(1), silence());
    assert_eq!(block(&scene, TODAY + 61).unwrap(), "none by 60");
    let late = Response {
        id: ResponseId(2),
        ..denial()
    };
    scene.answered(Some(1), late);
    assert_eq!(block(&scene, TODAY + 61).unwrap(), "1 answers");

    let case = scene.the_case();
    let page = |case: &Case, of: &Case, use_: &str| {
        let to = if use_ == "public-anonymous" {
            ""
        } else {
            "The Rapporteur"
        };
        let covered = case
            .covers(purpose(use_), to, level("none"), today())
            .unwrap();
        PublicPage::new(covered, of.response_block(TODAY + 61).unwrap()).map(drop)
    };
    assert_eq!(page(case, case, "public-anonymous"), Ok(()));
    assert_eq!(
        page(case, case, "un-special-procedures"),
        Err(CannotPublish::NotForPublication)
    );
    assert_eq!(
        page(case, quiet.the_case(), "public-anonymous"),
        Err(CannotPublish::OtherCase)
    );
    let mut unsure = Scene::with_a_letter().coded().consents("public-anonymous");
    unsure.does("amina", |case, stamp| {
        keep_from_state(case, "Danger.", stamp)
    });
    let unsure = unsure.the_case();
    assert_eq!(
        page(unsure, unsure, "public-anonymous"),
        Err(CannotPublish::NothingVerified)
    );
}

/// A verified act and another, of which one alone may be published; the State was not asked.
fn of_two_acts(may_be_published: u32) -> Scene {
    let mut scene = Scene::with_a_letter().verified();
    scene.does("amina", |case, stamp| {
        let second = Act {
            id: ActId(2),
            ..arrest()
        };
        code_act(case, second, stamp)
    });
    let consent = Consent {
        items: vec![Item::Act(ActId(may_be_published))],
        ..yes("public-anonymous")
    };
    scene.does("amina", |c, s| record_consent(c, consent, None, s));
    scene.does("amina", |c, s| {
        keep_from_state(c, "He is in their hands.", s)
    });
    scene
}

fn page_of<'a>(
    case: &'a Case,
    use_: &str,
    items: &[Item],
    identity: &str,
) -> Result<PublicPage<'a>, CannotPublish> {
    let covered = case.covers_items(purpose(use_), "", items, level(identity), today());
    PublicPage::new(covered.unwrap(), case.response_block(TODAY).unwrap())
}

#[test]
fn a_page_shows_the_acts_that_are_covered_and_verified_and_no_others() {
    let one = |act| vec![Item::Act(ActId(act))];
    // Act 1 is verified, and act 2 alone is covered.
    let scene = of_two_acts(2);
    let refused = page_of(scene.the_case(), "public-anonymous", &one(2), "none");
    assert_eq!(refused.map(drop), Err(CannotPublish::NothingVerified));
    let scene = of_two_acts(1).consents("public-named");
    let page = page_of(scene.the_case(), "public-anonymous", &one(1), "none").unwrap();
    let shown: Vec<ActId> = page.acts().map(|act| act.id).collect();
    assert_eq!(shown, [ActId(1)]);
    // The whole case is covered, and still what nobody verified is on no page.
    let page = page_of(scene.the_case(), "public-named", &[], "none").unwrap();
    assert_eq!(page.acts().count(), 1);
}

#[test]
fn an_anonymous_page_shows_nothing_of_who_somebody_is() {
    let mut scene = of_two_acts(1);
    let named = Consent {
        identity: Term::told("full-name"),
        ..yes("public-anonymous")
    };
    scene.does("amina", |c, s| record_consent(c, named, None, s));
    let page = |identity| {
        let page = page_of(scene.the_case(), "public-anonymous", &[], identity);
        page.map(drop)
    };
    assert_eq!(page("initials"), Err(CannotPublish::NotAnonymous));
    assert_eq!(page("none"), Ok(()));
}

#[test]
fn below_full_names_a_page_has_no_name_in_an_act_and_nothing_written_freely() {
    let mut scene = of_two_acts(1);
    let named = Act {
        involvements: vec![Involvement {
            name: "Uncle Musa".into(),
            grounds: "Awa saw him".into(),
            ..Involvement::default()
        }],
        note: "Awa was there".into(),
        ..arrest()
    };
    scene.does("amina", |case, stamp| code_act(case, named.clone(), stamp));
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    scene.does("bo", |case, stamp| {
        review(case, 2, true, "", Team::Several, stamp)
    });
    scene.does("amina", |case, stamp| verify(case, ActId(1), 2, stamp));
    let one = [Item::Act(ActId(1))];
    let page = page_of(scene.the_case(), "public-anonymous", &one, "none").unwrap();
    let nameless = Act {
        involvements: vec![Involvement::default()],
        ..arrest()
    };
    assert!(page.acts().eq([nameless]));
}

#[test]
fn a_duplicate_or_what_did_not_hold_is_on_no_page() {
    let mut scene = of_two_acts(1);
    let first = scene.case;
    let other = scene.letter(8, None);
    scene.case = first;
    for (state, of) in [(State::Unfounded, None), (State::Duplicate, Some(other))] {
        scene.does("bo", |c, s| change_state(c, state, "So.", of, s));
        let item = [Item::Act(ActId(1))];
        let refused = page_of(scene.the_case(), "public-anonymous", &item, "none");
        assert_eq!(refused.map(drop), Err(CannotPublish::NotPublished));
        scene.does("bo", |c, s| reopen(c, "Looked again.", s));
    }
}

#[test]
fn what_was_published_is_recorded_and_a_withdrawal_lists_it() {
    let mut scene = of_two_acts(1);
    let item = [Item::Act(ActId(1))];
    let publishes = |scene: &mut Scene, place: &'static str| {
        let stamp = scene.stamp("amina");
        let case = scene.the_case();
        let page = page_of(case, "public-anonymous", &item, "none").unwrap();
        publish(case, &page, place, stamp)
    };
    let nowhere = publishes(&mut scene, " ");
    assert_eq!(nowhere, Err(CannotPublish::NowhereNamed));
    let entry = publishes(&mut scene, "https://office.example/goma").unwrap();
    scene.put(entry.clone());
    assert_eq!(scene.the_case().published().len(), 1);
    let listed = scene.the_case().went_out_under(1);
    assert_eq!((listed.len(), listed[0].what), (1, Outside::Page));
    assert_eq!(listed[0].to.as_str(), "https://office.example/goma");
    // Withdrawn meanwhile, on another desk: it decides nothing.
    scene.does("amina", |c, s| withdraw(c, 1, "She called.", s));
    scene.office.apply(entry);
    assert!(scene.office.misfits()[0].why.contains("consent"));
    assert_eq!(scene.the_case().published().len(), 1);
    assert_eq!(scene.the_case().went_out_under(1).len(), 1);
}

fn towards<'a>(case: &'a Case, use_: &str, to: &str) -> Covered<'a> {
    case.covers(purpose(use_), to, level("none"), today())
        .unwrap()
}

fn tells_the_press(scene: &mut Scene) -> Result<Entry, CannotCommunicate> {
    scene.foresees("The press");
    let stamp = scene.stamp("amina");
    let case = scene.the_case();
    let kind = record::Code::of("press-release").unwrap();
    let covered = towards(case, "media", "The press");
    let release = Communication::new(covered, kind, "The press", "…", today()).unwrap();
    communicate(case, &release, stamp)
}

#[test]
fn what_is_for_everyone_goes_out_as_a_page_and_to_the_press_with_the_reply() {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("public-anonymous")
        .consents("media");
    let parcel = Package::new(towards(scene.the_case(), "public-anonymous", "A"), "A");
    assert_eq!(parcel.map(drop), Err(CannotSend::PublishInstead));
    let early = tells_the_press(&mut scene);
    assert_eq!(early, Err(CannotCommunicate::ReplyMissing));
    scene.does("amina", |c, s| {
        keep_from_state(c, "He is in their hands.", s)
    });
    assert!(tells_the_press(&mut scene).is_ok());
}

/// Two acts: an online threat, and what followed.
fn threatened(first: &str, precision: &str) -> Scene {
    let mut scene = Scene::with_a_letter().coded();
    let mut threat = Act {
        id: ActId(2),
        kind: "online-threat".into(),
        ..arrest()
    };
    threat.when.first = first.into();
    threat.when.precision = Term::told(precision);
    scene.does("amina", |case, stamp| code_act(case, threat, stamp));
    scene
}

fn tied(to: u32) -> Act {
    Act {
        chain: vec![ActLink {
            act: ActId(to),
            how: "announced".into(),
            ..ActLink::default()
        }],
        ..arrest()
    }
}

#[test]
fn an_interval_says_no_more_than_the_dates_it_is_counted_from() {
    // The arrest was on 2 March 2024.
    let between = |first: &str, precision: &str| {
        let scene = threatened(first, precision);
        let interval = scene.the_case().interval(ActId(2), ActId(1))?;
        Some((
            interval.least,
            interval.most,
            interval.says(Language::English),
        ))
    };
    let says = |least, most, says: &str| Some((least, most, says.to_owned()));
    assert_eq!(between("2024-02-22", "day"), says(9, 9, "9 days before"));
    assert_eq!(between("2024-03-01", "day"), says(1, 1, "one day before"));
    assert_eq!(
        between("2024-03-02", "day"),
        says(0, 0, "on the same day as")
    );
    assert_eq!(
        between("2024-02-22", "month"),
        says(2, 30, "2 to 30 days before")
    );
    assert_eq!(between("2024-02", ""), says(2, 30, "2 to 30 days before"));
    assert_eq!(
        between("2023", "year"),
        says(62, 426, "62 to 426 days before")
    );
    // About that day may be the year before, or the year after.
    assert_eq!(
        between("2024-02-22", "about"),
        says(0, 426, "0 to 426 days before")
    );
    assert_eq!(
        between("2025-01-02", "about"),
        says(0, 61, "0 to 61 days before")
    );
    assert_eq!(between("2024-03-03", "day"), None);
    assert_eq!(between("2024-02-22", "unknown"), None);
    assert_eq!(between("in winter", "day"), None);
    let mut scene = threatened("2024-02-22", "day");
    // What came later is known to the month only.
    let mut april = Event {
        id: EventId(2),
        ..in_goma()
    };
    april.when.first = "2024-04".into();
    scene.does("amina", |case, stamp| code_event(case, april, stamp));
    let weeks = scene.the_case().interval_of_events(EventId(1), EventId(2));
    let weeks = weeks.unwrap();
    assert_eq!((weeks.least, weeks.most), (30, 59));
    assert_eq!(weeks.says(Language::French), "de 30 à 59 jours avant");
    let nine = scene.the_case().interval(ActId(2), ActId(1)).unwrap();
    assert_eq!(nine.says(Language::French), "9 jours avant");
}

#[test]
fn chains_lead_back_in_time_and_never_in_a_circle() {
    let codes = |scene: &mut Scene, act: Act| {
        scene
            .tries("amina", |case, stamp| code_act(case, act, stamp))
            .map(drop)
    };
    let mut scene = threatened("2024-02-22", "day");
    assert_eq!(codes(&mut scene, tied(1)), Err(CannotDescribe::Circle));
    assert_eq!(codes(&mut scene, tied(7)), Err(CannotDescribe::NoSuchAct));
    scene.does("amina", |case, stamp| code_act(case, tied(2), stamp));
    let back = Act {
        id: ActId(2),
        ..tied(1)
    };
    assert_eq!(codes(&mut scene, back), Err(CannotDescribe::Circle));
    let mut later = threatened("2024-03-03", "day");
    assert_eq!(codes(&mut later, tied(2)), Err(CannotDescribe::WrongOrder));
    // Where a date is not known, nothing speaks against it.
    let mut someday = threatened("in winter", "unknown");
    assert_eq!(codes(&mut someday, tied(2)), Ok(()));

    let event = |id, follows: &[u32], chain: &[u32]| Event {
        id: EventId(id),
        follows: follows.iter().map(|n| EventId(*n)).collect(),
        chain: chain
            .iter()
            .map(|n| EventLink {
                event: EventId(*n),
                ..EventLink::default()
            })
            .collect(),
        ..in_goma()
    };
    for coded in [event(2, &[1], &[]), event(3, &[], &[2])] {
        scene.does("amina", |case, stamp| code_event(case, coded, stamp));
    }
    let mut codes = |event| {
        scene
            .tries("amina", |case, stamp| code_event(case, event, stamp))
            .map(drop)
    };
    assert_eq!(codes(event(1, &[], &[3])), Err(CannotDescribe::Circle));
    assert_eq!(codes(event(1, &[3], &[])), Err(CannotDescribe::Circle));
    assert_eq!(codes(event(1, &[], &[9])), Err(CannotDescribe::NoSuchEvent));
    assert_eq!(codes(event(4, &[3], &[1])), Ok(()));
}

#[test]
fn an_act_rests_on_laws_examinations_and_victims_that_are_in_the_case() {
    let mut scene = Scene::with_a_letter().coded();
    let mut codes = |change: fn(&mut Act)| {
        let mut act = arrest();
        change(&mut act);
        scene
            .tries("amina", |case, stamp| code_act(case, act, stamp))
            .map(drop)
    };
    assert_eq!(
        codes(|act| act.laws = vec![LawId(1)]),
        Err(CannotDescribe::NoSuchLaw)
    );
    let examined: fn(&mut Act) = |act| {
        act.technologies = vec![TechnologyUse {
            technology: "spyware".into(),
            report: Some(SourceId(2)),
            ..TechnologyUse::default()
        }];
    };
    assert_eq!(codes(examined), Err(CannotDescribe::NoSuchSource));
    let bystander: fn(&mut Act) = |act| {
        act.cooperation = vec![Cooperation {
            victim: Some(PersonId(2)),
            ..Cooperation::default()
        }];
    };
    assert_eq!(codes(bystander), Err(CannotDescribe::NoSuchPerson));
    let law = |title: &str, kind: &str| Law {
        id: LawId(1),
        title: title.into(),
        kind: kind.into(),
        ..Law::default()
    };
    let untitled = scene.tries("amina", |c, s| record_law(c, law("", "law"), s));
    assert_eq!(untitled, Err(CannotFollow::NothingWritten));
    let unknown = scene.tries("amina", |c, s| record_law(c, law("On drones", "habit"), s));
    assert_eq!(unknown, Err(CannotFollow::UnknownWord));
    scene.does("amina", |c, s| {
        record_law(c, law("On associations", "law"), s)
    });
    scene.does("amina", |case, stamp| {
        let mut act = arrest();
        act.laws = vec![LawId(1)];
        code_act(case, act, stamp)
    });
    assert_eq!(scene.the_case().laws().count(), 1);
}

#[test]
fn a_group_is_counted_from_least_to_most_and_what_is_known_of_it_says_how() {
    let mut scene = Scene::with_a_letter();
    let group = |least, best, most| Person {
        id: PersonId(1),
        least,
        best,
        most,
        ..Person::default()
    };
    let mut records = |person: Person| {
        scene
            .tries("amina", |c, s| record_person(c, person, s))
            .map(drop)
    };
    assert_eq!(records(group(Some(4), Some(9), Some(20))), Ok(()));
    assert_eq!(records(group(None, Some(9), Some(9))), Ok(()));
    let out_of_order = Err(CannotDescribe::CountsOutOfOrder);
    assert_eq!(records(group(Some(10), Some(9), None)), out_of_order);
    assert_eq!(records(group(Some(10), None, Some(4))), out_of_order);
    let known = |how: &str| Person {
        id: PersonId(1),
        traits: vec![Trait {
            dimension: "gender".into(),
            value: "woman".into(),
            how_known: Term::told(how),
            ..Trait::default()
        }],
        ..Person::default()
    };
    assert_eq!(records(known("")), Err(CannotDescribe::NotSaidHowKnown));
    assert_eq!(
        records(known("guessed")),
        Err(CannotDescribe::NotSaidHowKnown)
    );
    assert_eq!(records(known("self")), Ok(()));
}
