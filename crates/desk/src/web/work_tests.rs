//! Claims about the pages on which a case is worked on: dates, letters out, answers, what came
//! after, who works on it, what is made public.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use super::tests::{Browser, NOON, Page, answer, options};

const TODAY: u32 = 20_779;

/// A letter to a mandate, under a consent that stands.
const LETTER: [(&str, &str); 6] = [
    ("kind", "urgent-appeal"),
    ("to", "The Special Rapporteur"),
    ("purpose", ""),
    ("identity", "none"),
    ("day", ""),
    ("body", "Dear Rapporteur,\nhe was taken in the night."),
];

/// Fields, some of them changed.
fn with<'a>(
    fields: &[(&'a str, &'a str)],
    changed: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = fields
        .iter()
        .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed).copied().collect()
}

fn done(page: &Page) {
    assert_eq!(page.status, 303, "{}", page.text);
}

impl Browser {
    fn consents(&mut self, purpose: &str) {
        let yes = answer(&[("purpose", purpose), ("answer", "yes")]);
        done(&self.post("/case/1/consent", &yes));
    }

    /// Sends a letter of case 1, as far as this desk records it.
    fn sends(&mut self) {
        self.consents("un-special-procedures");
        self.weighs();
        let left = [
            ("confirmed", "yes"),
            ("dispatch", "portal"),
            ("receipt", "R-17"),
        ];
        done(&self.post("/case/1/write", &with(&LETTER, &left)));
    }

    /// Answers the three questions before the letter leaves.
    fn weighs(&mut self) {
        let look = self.post("/case/1/write", &with(&LETTER, &WEIGHED));
        assert!(within(&look.text, "foreseen", "</dl>").contains("her brother"));
    }

    fn codes_an_act(&mut self) {
        let act = [
            ("kind", "beating"),
            ("group", "hrd"),
            ("stage", "completed"),
            ("sphere", "offline"),
            ("first", "2026-05-02"),
        ];
        done(&self.post("/case/1/code", &act));
    }

    fn verifies(&mut self) {
        self.codes_an_act();
        let source = [("kind", "witness"), ("says", "saw it")];
        done(&self.post("/case/1/source", &source));
        let assessed = [
            ("act", "1"),
            ("standard", "grounds-to-believe"),
            ("corroboration", "c1"),
            ("sources", "1"),
            ("reasons", "seen"),
        ];
        done(&self.post("/case/1/assess", &assessed));
        let review = [("assessment", "1"), ("agrees", "yes")];
        done(&self.post("/case/1/review", &review));
        let verified = [("act", "1"), ("assessment", "1")];
        done(&self.post("/case/1/verify", &verified));
    }

    fn case_1<T>(&self, look: impl FnOnce(&casework::Case) -> T) -> T {
        self.house
            .with_desk(|desk| look(desk.case(1).unwrap()))
            .unwrap()
    }
}

/// What stands between an id and the end of its element's kind.
fn within<'a>(page: &'a str, id: &str, end: &str) -> &'a str {
    page.split(&format!("id=\"{id}\""))
        .nth(1)
        .and_then(|rest| rest.split(end).next())
        .unwrap_or_else(|| panic!("no {id}"))
}

// ── Dates ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_task_stands_in_the_queue_under_its_day_with_whose_it_is_until_it_is_done() {
    let mut browser = Browser::at_a_desk();
    let task = [
        ("what", "Call the lawyer"),
        ("who", "bo"),
        ("by", "2026-11-24"),
    ];
    done(&browser.post("/case/2/task", &task));
    let dates = browser.get("/?show=due").text;
    let list = within(&dates, "dates-now", "</ul>");
    assert!(
        list.contains("Call the lawyer") && list.contains("in 2 days"),
        "{list}"
    );
    assert!(list.contains("· bo") && list.contains("/case/2#todo-1"));
    browser.days_later(5);
    let dates = browser.get("/?show=due").text;
    assert!(within(&dates, "dates-late", "</ul>").contains("3 days late"));
    let waiting = browser.get("/").text;
    assert!(within(&waiting, "case-2", "</li>").contains("3 days late"));
    assert!(!within(&waiting, "case-1", "</li>").contains("late"));
    done(&browser.post("/case/2/task-done", &[("id", "1"), ("how", "called")]));
    assert!(browser.get("/?show=due").text.contains("id=\"no-dates\""));
    assert!(browser.get("/case/2").text.contains("called"));
}

#[test]
fn a_case_in_which_something_is_late_stands_before_one_alike_in_which_nothing_is() {
    let mut browser = Browser::at_a_desk();
    let order = |browser: &mut Browser| {
        let page = browser.get("/").text;
        let at = |id: &str| page.find(id).unwrap();
        at("id=\"case-1\"") < at("id=\"case-2\"")
    };
    assert!(order(&mut browser));
    let task = [("what", "Call"), ("who", "bo"), ("by", "2026-11-20")];
    done(&browser.post("/case/2/task", &task));
    assert!(!order(&mut browser));
    // What a person judged comes before what is late.
    done(&browser.post("/case/1/triage", &[("urgency", "now"), ("reason", "")]));
    assert!(order(&mut browser));
}

#[test]
fn under_yours_stand_the_cases_that_i_lead_and_those_with_a_task_of_mine() {
    let mut browser = Browser::at_a_desk();
    let me = browser
        .house
        .with_desk(|desk| desk.author().person().to_owned())
        .unwrap();
    assert!(browser.get("/?show=mine").text.contains("id=\"no-cases\""));
    done(&browser.post("/case/1/assign", &[("who", &me), ("reason", "")]));
    let mine = browser.get("/?show=mine").text;
    assert!(mine.contains("id=\"case-1\"") && !mine.contains("id=\"case-2\""));
    let task = [("what", "Call"), ("who", me.as_str()), ("by", "")];
    done(&browser.post("/case/2/task", &task));
    assert!(browser.get("/?show=mine").text.contains("id=\"case-2\""));
}

const WEIGHED: [(&str, &str); 4] = [
    ("weighed", "yes"),
    ("known_by", "her brother knows of the night"),
    ("reaction", "another visit"),
    ("warned", "both, by phone"),
];

// ── Letters and answers ────────────────────────────────────────────────────────────────────────

#[test]
fn a_letter_without_consent_is_refused_in_words_and_comes_back_as_it_was_typed() {
    let mut browser = Browser::at_a_desk();
    let page = browser.post("/case/1/write", &LETTER);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("id=\"write-refused\""));
    assert!(page.text.contains("Nobody was asked about this use"));
    assert!(page.text.contains("he was taken in the night."));
    assert!(page.text.contains("value=\"The Special Rapporteur\""));
    assert!(options(&page.text, "write-kind").contains("value=\"urgent-appeal\" selected"));
    // A no is told as a no, though another purpose was not asked about.
    let no = answer(&[("purpose", "un-special-procedures"), ("answer", "no")]);
    done(&browser.post("/case/1/consent", &no));
    let page = browser.post("/case/1/write", &LETTER);
    assert!(
        page.text.contains("The answer to this use was no"),
        "{}",
        page.text
    );
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 0);
}

#[test]
fn a_letter_is_read_over_before_it_is_recorded_and_not_recorded_before_it_is_said_how_it_left() {
    let mut browser = Browser::at_a_desk();
    browser.consents("un-special-procedures");
    let look = browser.post("/case/1/write", &LETTER);
    assert_eq!(look.status, 200);
    assert!(within(&look.text, "rests-on", "</dd>").contains("#consent-1"));
    assert!(within(&look.text, "letter", "</div></div>").contains("he was taken in the night."));
    assert!(within(&look.text, "consequences", "</ul>").contains("a summons"));
    // Even one that says how it left: nobody has read it over.
    let unread = with(&LETTER, &[("dispatch", "portal")]);
    assert_eq!(browser.post("/case/1/write", &unread).status, 200);
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 0);
    // The three questions come first, each answered.
    assert!(look.text.contains("id=\"weigh\"") && !look.text.contains("id=\"dispatch\""));
    let half = [WEIGHED[0], WEIGHED[1], WEIGHED[2], ("warned", " ")];
    let page = browser.post("/case/1/write", &with(&LETTER, &half));
    assert!(page.text.contains("id=\"weigh-refused\""));
    assert!(within(&page.text, "weigh-reaction", "</textarea>").contains("another visit"));
    let early = with(&LETTER, &[("confirmed", "yes"), ("dispatch", "portal")]);
    let page = browser.post("/case/1/write", &early);
    assert!(
        page.text.contains("who else knows each detail"),
        "{}",
        page.text
    );
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 0);
    browser.weighs();
    let unsaid = with(&LETTER, &[("confirmed", "yes"), ("dispatch", "")]);
    let page = browser.post("/case/1/write", &unsaid);
    assert!(page.text.contains("id=\"dispatch-refused\""));
    assert!(page.text.contains("he was taken in the night."));
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 0);
    let back = browser.post("/case/1/rewrite", &LETTER);
    assert!(within(&back.text, "write-body", "</textarea>").contains("he was taken"));
    let left = [
        ("confirmed", "yes"),
        ("dispatch", "plain-email"),
        ("receipt", "R-17"),
    ];
    done(&browser.post("/case/1/write", &with(&LETTER, &left)));
    let page = browser.get("/case/1").text;
    let sent = within(&page, "sent-1", "</article>");
    for told in ["Plain e-mail", "R-17", "answer awaited", "21 Jan 2027"] {
        assert!(sent.contains(told), "{told}: {sent}");
    }
}

#[test]
fn a_consent_taken_back_between_the_look_and_the_sending_stops_the_letter() {
    let mut browser = Browser::at_a_desk();
    browser.consents("un-special-procedures");
    assert_eq!(browser.post("/case/1/write", &LETTER).status, 200);
    let called = [("consent", "1"), ("reason", "called")];
    done(&browser.post("/case/1/withdraw", &called));
    let left = [("confirmed", "yes"), ("dispatch", "portal")];
    let page = browser.post("/case/1/write", &with(&LETTER, &left));
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The consent was withdrawn"));
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 0);
}

#[test]
fn somebodys_no_is_not_stepped_over_by_another_purpose_that_fits_the_letter() {
    let mut browser = Browser::at_a_desk();
    browser.consents("un-confidential");
    let no = answer(&[("purpose", "un-special-procedures"), ("answer", "no")]);
    done(&browser.post("/case/1/consent", &no));
    let page = browser.post("/case/1/write", &with(&LETTER, &[("purpose", "")]));
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The answer to this use was no"));
    let named = with(&LETTER, &[("purpose", "un-confidential")]);
    assert_eq!(browser.post("/case/1/write", &named).status, 200);
}

#[test]
fn a_letter_that_would_be_refused_is_not_shown_to_be_taken_away() {
    let mut browser = Browser::at_a_desk();
    browser.consents("un-special-procedures");
    let me = browser.case_1(|case| case.letters()[0].by.person().to_owned());
    let back = [("who", me.as_str()), ("reason", "a cousin")];
    done(&browser.post("/case/1/stand-back", &back));
    let page = browser.post("/case/1/write", &LETTER);
    assert_eq!(page.status, 422);
    assert!(!page.text.contains("id=\"letter\""));
}

#[test]
fn a_letter_recorded_twice_is_one_and_its_receipt_may_come_later() {
    let mut browser = Browser::at_a_desk();
    browser.consents("un-special-procedures");
    browser.weighs();
    let left = with(&LETTER, &[("confirmed", "yes"), ("dispatch", "portal")]);
    done(&browser.post("/case/1/write", &left));
    done(&browser.post("/case/1/write", &left));
    assert_eq!(browser.case_1(|case| case.outgoing().len()), 1);
    let page = browser.get("/case/1").text;
    assert!(within(&page, "sent-1", "</article>").contains("her brother knows"));
    let noted = [("id", "1"), ("receipt", "R-18")];
    done(&browser.post("/case/1/receipt", &noted));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "sent-1", "</article>").contains("R-18"));
}

#[test]
fn an_answer_keeps_every_word_and_only_what_was_read_in_it_is_corrected() {
    let mut browser = Browser::at_a_desk();
    browser.sends();
    let words = "  The allegation is without merit.\n\n  — The Ministry ";
    let came = [
        ("letter", "1"),
        ("by", "Ministry of Justice"),
        ("way", "note-verbale"),
        ("text", words),
        ("day", "2026-11-22"),
        ("kinds", "denied-facts"),
        ("authenticity", "not-checked"),
        ("answered", "the arrest\nthe charge"),
    ];
    for (missing, says) in [
        ("by", "Say by whom"),
        ("text", "word for word"),
        ("authenticity", "Say how it was checked"),
        ("kinds", "Choose from the lists"),
    ] {
        let page = browser.post("/case/1/response", &with(&came, &[(missing, "")]));
        assert_eq!(page.status, 422, "{missing}");
        assert!(page.text.contains(says), "{missing}");
    }
    done(&browser.post("/case/1/response", &came));
    let read = [
        ("id", "1"),
        ("kinds", "admitted-facts"),
        ("authenticity", "asked-back"),
        ("checked", "by telephone"),
        ("text", "something else"),
        ("by", "somebody else"),
    ];
    done(&browser.post("/case/1/response", &read));
    let (count, text, by, kinds) = browser.case_1(|case| {
        let only = &case.responses()[0].response;
        let kinds: Vec<String> = only.kinds.iter().map(|k| k.as_str().to_owned()).collect();
        (
            case.responses().len(),
            only.text.clone(),
            only.by.clone(),
            kinds,
        )
    });
    assert_eq!(
        (count, text.as_str(), by.as_str()),
        (1, words, "Ministry of Justice")
    );
    assert_eq!(kinds, ["admitted-facts"]);
    let page = browser.get("/case/1").text;
    assert!(within(&page, "answer-1", "id=\"add-check-in-1\"").contains("by telephone"));
}

#[test]
fn that_no_answer_came_can_be_recorded_only_when_the_last_day_is_over() {
    let mut browser = Browser::at_a_desk();
    browser.sends();
    let set = [("id", "1"), ("reply", "2026-11-25"), ("reason", "")];
    let page = browser.post("/case/1/deadline", &set);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("id=\"deadline-1-refused\""));
    let set = with(&set, &[("reason", "Their own letter")]);
    done(&browser.post("/case/1/deadline", &set));
    assert!(!browser.get("/case/1").text.contains("id=\"none-1\""));
    assert_eq!(browser.post("/case/1/none", &[("id", "1")]).status, 422);
    browser.days_later(4);
    assert!(browser.get("/case/1").text.contains("id=\"none-1\""));
    done(&browser.post("/case/1/none", &[("id", "1")]));
    let page = browser.get("/case/1").text;
    assert!(page.contains("no answer in time") && !page.contains("id=\"none-1\""));
}

#[test]
fn a_reprisal_found_after_a_letter_puts_the_case_in_front_of_the_queue() {
    let mut browser = Browser::at_a_desk();
    browser.sends();
    browser.codes_an_act();
    browser.days_later(1);
    assert!(browser.get("/?show=due").text.contains("/case/1#sent-1"));
    let unsaid = [("id", "1"), ("after", "1"), ("found", "")];
    let page = browser.post("/case/1/check-in", &unsaid);
    assert!(page.text.contains("id=\"check-in-1-refused\""));
    done(&browser.post("/case/2/triage", &[("urgency", "now"), ("reason", "")]));
    let looked = [
        ("id", "1"),
        ("after", "1"),
        ("found", "They came back."),
        ("reprisal", "1"),
    ];
    done(&browser.post("/case/1/check-in", &looked));
    let page = browser.get("/").text;
    assert!(page.find("id=\"case-1\"").unwrap() < page.find("id=\"case-2\"").unwrap());
    assert!(within(&page, "case-1", "</li>").contains("A reprisal followed a letter"));
    assert!(browser.get("/case/1").text.contains("href=\"#act-1\""));
}

#[test]
fn below_the_grade_a_letter_waits_for_an_exception_of_two_people() {
    let mut browser = Browser::at_a_desk();
    let grade = [("grade", "c2"), ("reason", "As agreed.")];
    done(&browser.post("/office/set-grade", &grade));
    assert!(within(&browser.get("/office").text, "grade", "</p>").contains("or better"));
    browser.consents("un-special-procedures");
    let page = browser.post("/case/1/write", &LETTER);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("below the grade your office set"));
    let asked = [
        ("kind", "urgent-appeal"),
        ("purpose", "un-special-procedures"),
        ("to", "The Special Rapporteur"),
        ("reason", "He may die."),
    ];
    done(&browser.post("/case/1/except", &asked));
    let own = browser.post("/case/1/agree", &[("id", "1"), ("reason", "")]);
    assert_eq!(own.status, 422);
    assert!(own.text.contains("id=\"agree-1-refused\""));
    let page = browser.post("/case/1/write", &LETTER);
    assert!(page.text.contains("waits for a second person"));
}

// ── What came after ────────────────────────────────────────────────────────────────────────────

#[test]
fn an_investigation_is_judged_by_three_questions_that_each_need_a_ground() {
    let mut browser = Browser::at_a_desk();
    let step = [
        ("kind", "investigation"),
        ("by", "The prosecutor"),
        ("day", "2026-10-01"),
        ("prompt", "no"),
        ("impartial", ""),
        ("independent", "yes"),
        ("grounds", ""),
    ];
    let page = browser.post("/case/1/step", &step);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("id=\"step-refused\""));
    assert!(options(&page.text, "step-prompt").contains("value=\"no\" selected"));
    let step = with(&step, &[("grounds", "After a year.")]);
    done(&browser.post("/case/1/step", &step));
    let corrected = with(&step, &[("id", "1"), ("prompt", "yes")]);
    done(&browser.post("/case/1/step", &corrected));
    let prompt = browser.case_1(|case| {
        assert_eq!(case.steps().count(), 1);
        case.steps().next().unwrap().prompt
    });
    assert_eq!(prompt, Some(true));
    assert_eq!(
        browser
            .post("/case/1/step", &with(&step, &[("id", "9")]))
            .status,
        422
    );
}

#[test]
fn a_remedy_is_not_delivered_before_the_victim_was_asked() {
    let mut browser = Browser::at_a_desk();
    let remedy = [
        ("kind", "compensation"),
        ("status", "delivered"),
        ("asked", ""),
        ("own_view", ""),
        ("person", "0"),
    ];
    let page = browser.post("/case/1/remedy", &remedy);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Say whether the victim was asked"));
    let view = "It is too little and came too late.";
    let remedy = with(&remedy, &[("asked", "yes"), ("own_view", view)]);
    done(&browser.post("/case/1/remedy", &remedy));
    assert!(within(&browser.get("/case/1").text, "remedy-of-1", "</article>").contains(view));
}

#[test]
fn help_and_commitments_are_kept_and_a_commitment_is_due_on_its_day() {
    let mut browser = Browser::at_a_desk();
    let help = [
        ("kind", "relocation"),
        ("person", "0"),
        ("provider", "A partner"),
        ("first_day", "2026-10-02"),
        ("last_day", "2026-10-01"),
    ];
    let page = browser.post("/case/1/help", &help);
    assert!(page.text.contains("The last day is before the first"));
    done(&browser.post("/case/1/help", &with(&help, &[("last_day", "")])));
    let promise = [
        ("by", "The State"),
        ("text", "An inquiry by the end of the month."),
        ("status", "made"),
        ("due", "2026-11-25"),
    ];
    done(&browser.post("/case/1/commitment", &promise));
    let dates = browser.get("/?show=due").text;
    assert!(dates.contains("An inquiry by the end of the month."));
    assert!(dates.contains("/case/1#promise-1"));
    let kept = with(&promise, &[("id", "1"), ("status", "kept")]);
    done(&browser.post("/case/1/commitment", &kept));
    assert!(browser.get("/?show=due").text.contains("id=\"no-dates\""));
}

// ── Who works on it ────────────────────────────────────────────────────────────────────────────

#[test]
fn handing_over_passes_on_the_case_with_its_tasks_and_what_the_next_one_must_know() {
    let mut browser = Browser::at_a_desk();
    let me = browser
        .house
        .with_desk(|desk| desk.author().person().to_owned())
        .unwrap();
    done(&browser.post("/case/1/assign", &[("who", &me)]));
    let task = [("what", "Call"), ("who", me.as_str()), ("by", "")];
    done(&browser.post("/case/1/task", &task));
    let unsaid = browser.post("/case/1/hand-over", &[("who", "bo"), ("told", "")]);
    assert_eq!(unsaid.status, 422);
    assert!(unsaid.text.contains("id=\"hand-over-refused\""));
    let nobody = browser.post("/case/1/hand-over", &[("who", "Bo!"), ("told", "x")]);
    assert!(nobody.text.contains("short code") && nobody.text.contains("value=\"Bo!\""));
    let told = "Never call after six.";
    done(&browser.post("/case/1/hand-over", &[("who", "bo"), ("told", told)]));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "lead", "</p>").contains("<strong>bo</strong>"));
    assert!(within(&page, "handed-over", "</div></div>").contains(told));
    assert!(within(&page, "todo-1", "</p>").contains("bo"));
}

#[test]
fn whoever_stands_back_decides_nothing_and_is_told_so_on_top_of_the_forms() {
    let mut browser = Browser::at_a_desk();
    let me = browser
        .house
        .with_desk(|desk| desk.author().person().to_owned())
        .unwrap();
    let back = [("who", me.as_str()), ("reason", "A cousin is named.")];
    done(&browser.post("/case/1/stand-back", &back));
    let page = browser.get("/case/1").text;
    assert!(page.contains("id=\"you-stand-back\""));
    let refused = browser.post("/case/1/note", &[("text", "a thought")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("You stand back from this case"));
    assert!(refused.text.contains("a thought"));
    // Nobody else ever wrote here: one who stands back ends it, and that is marked.
    let over = [("id", me.as_str()), ("reason", "It was another man.")];
    done(&browser.post("/case/1/end-recusal", &over));
    assert!(browser.get("/case/1").text.contains("nobody else was left"));
}

#[test]
fn everything_somebody_leads_is_handed_over_in_one_step() {
    let mut browser = Browser::at_a_desk();
    for case in [1, 2] {
        done(&browser.post(&format!("/case/{case}/assign"), &[("who", "bo")]));
    }
    let all = [("from", "bo"), ("to", "zoe"), ("told", "")];
    let page = browser.post("/office/hand-over-all", &all);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("id=\"hand-over-all-refused\""));
    let all = with(&all, &[("told", "All calls before noon.")]);
    done(&browser.post("/office/hand-over-all", &all));
    assert!(
        browser
            .get("/office")
            .text
            .contains("Cases handed over: 2.")
    );
    for case in [1, 2] {
        let page = browser.get(&format!("/case/{case}")).text;
        assert!(within(&page, "lead", "</p>").contains("zoe"));
    }
}

// ── Duplicates ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_duplicate_is_linked_from_both_sides_and_never_to_one_that_is_a_duplicate_itself() {
    let mut browser = Browser::at_a_desk();
    let double = |of: &'static str| {
        [
            ("to", "duplicate"),
            ("reason", "the same night"),
            ("duplicate_of", of),
        ]
    };
    done(&browser.post("/case/2/state", &double("1")));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "duplicates", "</p>").contains("/case/2"));
    assert!(browser.get("/case/2").text.contains("The same as"));
    let circle = browser.post("/case/1/state", &double("2"));
    assert_eq!(circle.status, 422);
    assert!(
        circle.text.contains("is a duplicate itself"),
        "{}",
        circle.text
    );
    let third = record::Report {
        narrative: "A third letter.".to_owned(),
        ..record::Report::default()
    };
    let mut rng = super::randomness();
    let import = |desk: &mut crate::desk::Desk| desk.import(vec![third], false, NOON, &mut rng);
    browser.house.with_desk(import).unwrap().unwrap();
    let chain = browser.post("/case/3/state", &double("2"));
    assert_eq!(chain.status, 422);
    let misfits = browser
        .house
        .with_desk(|desk| desk.office().misfits().len());
    assert_eq!(misfits, Some(0), "nothing was written that decides nothing");
}

// ── Made public ────────────────────────────────────────────────────────────────────────────────

#[test]
fn nothing_is_made_public_without_the_reply_or_why_there_is_none() {
    let mut browser = Browser::at_a_desk();
    browser.verifies();
    browser.consents("public-anonymous");
    let public = [
        ("purpose", "public-anonymous"),
        ("identity", "none"),
        ("place", "Report of 2026"),
        ("items", "act-1"),
    ];
    let page = browser.post("/case/1/publish", &public);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("were never asked"));
    assert!(page.text.contains("value=\"Report of 2026\""));
    let why = "He is in their hands.";
    done(&browser.post("/case/1/keep", &[("reason", why)]));
    let look = browser.post("/case/1/publish", &public);
    assert_eq!(look.status, 200);
    assert!(within(&look.text, "public-page", "</section>").contains(why));
    assert!(
        !look.text.contains("They came at night"),
        "what was told is not for a page"
    );
    assert_eq!(browser.case_1(|case| case.published().len()), 0);
    done(&browser.post("/case/1/publish", &with(&public, &[("confirmed", "yes")])));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "published-1", "</article>").contains("Report of 2026"));
}

// ── Laws, shutdowns, cooperation ───────────────────────────────────────────────────────────────

#[test]
fn a_law_is_looked_at_again_on_its_day_and_an_act_that_rests_on_it_is_verified_anew() {
    let mut browser = Browser::at_a_desk();
    browser.verifies();
    let law = [
        ("title", "On associations"),
        ("kind", "law"),
        ("review", "2026-11-27"),
        ("necessary", "no"),
        ("legality_reasons", "nobody was ever harmed"),
    ];
    done(&browser.post("/case/1/law", &law));
    assert!(browser.get("/?show=due").text.contains("/case/1#measure-1"));
    assert!(browser.case_1(|case| case.verification(record::ActId(1)).is_some()));
    let based = [("id", "1"), ("laws", "1")];
    done(&browser.post("/case/1/based-on", &based));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "aimed-1", "</article>").contains("#measure-1"));
    assert!(browser.case_1(|case| case.verification(record::ActId(1)).is_none()));
}

#[test]
fn cooperation_and_a_shutdown_are_recorded_on_the_act_and_the_event_they_belong_to() {
    let mut browser = Browser::at_a_desk();
    browser.codes_an_act();
    let with_the_un = [
        ("id", "1"),
        ("victim", "1"),
        ("body", "treaty-body"),
        ("kind", "testimony"),
        ("phase", "cooperated"),
        ("strength", ""),
    ];
    let page = browser.post("/case/1/cooperation", &with_the_un);
    assert!(page.text.contains("id=\"cooperation-1-refused\""));
    let with_the_un = with(&with_the_un, &[("strength", "likely")]);
    done(&browser.post("/case/1/cooperation", &with_the_un));
    let cut = [
        ("id", "1"),
        ("kind", "shutdown-full"),
        ("scope", "regional"),
        ("networks", "mobile\nfixed"),
        ("people", "400000"),
    ];
    done(&browser.post("/case/1/restriction", &cut));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "aimed-1", "</article>").contains("Treaty body"));
    assert!(within(&page, "restricted-1", "</article>").contains("400000"));
    let networks =
        browser.case_1(|case| case.events().next().unwrap().restriction.networks.clone());
    assert_eq!(networks, ["mobile", "fixed"]);
}

// ── The page as a whole ────────────────────────────────────────────────────────────────────────

/// A case in which everything was recorded once.
fn full() -> Browser {
    let mut browser = Browser::at_a_desk();
    browser.verifies();
    browser.sends();
    browser.consents("share-partner-org");
    let handed = [
        ("to", "A partner"),
        ("purpose", "share-partner-org"),
        ("identity", "none"),
        WEIGHED[1],
        WEIGHED[2],
        WEIGHED[3],
    ];
    done(&browser.post("/case/1/material", &handed));
    let came = [
        ("letter", "1"),
        ("by", "Ministry"),
        ("way", "press"),
        ("text", "No."),
        ("kinds", "denied-facts"),
        ("authenticity", "doubtful"),
    ];
    let promise = [
        ("by", "The State"),
        ("text", "An inquiry."),
        ("status", "made"),
    ];
    let all: [(&str, &[(&str, &str)]); 10] = [
        ("response", &came),
        (
            "step",
            &[("kind", "investigation"), ("by", "The prosecutor")],
        ),
        ("remedy", &[("kind", "release"), ("status", "sought")]),
        ("help", &[("kind", "medical"), ("effect", "minor")]),
        ("commitment", &promise),
        (
            "task",
            &[("what", "Call"), ("who", "bo"), ("by", "2026-11-24")],
        ),
        ("assign", &[("who", "bo")]),
        ("law", &[("title", "On drones"), ("kind", "decree")]),
        ("stand-back", &[("who", "zoe"), ("reason", "A cousin.")]),
        ("look", &[("found", "Nothing new.")]),
    ];
    for (verb, fields) in all {
        done(&browser.post(&format!("/case/1/{verb}"), fields));
    }
    browser
}

#[test]
fn a_full_case_says_the_same_in_both_languages_and_no_id_stands_twice() {
    let mut browser = full();
    let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
    for path in ["/case/1", "/?show=due", "/?show=mine", "/office", "/"] {
        browser.post("/language", &[("language", "en"), ("back", "/")]);
        let english = browser.get(path).text;
        browser.post("/language", &[("language", "fr"), ("back", "/")]);
        let french = browser.get(path).text;
        assert_eq!(shape(&english), shape(&french), "{path}");
        for page in [&english, &french] {
            let mut ids: Vec<&str> = page
                .split(" id=\"")
                .skip(1)
                .filter_map(|at| at.split('"').next())
                .collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{path}: an id stands twice");
            let labelled = page.split(" for=\"").skip(1);
            for of in labelled.filter_map(|at| at.split('"').next()) {
                assert!(ids.contains(&of), "{path}: a label of nothing, {of}");
            }
        }
        for word in [
            "Recorded",
            "Letters to",
            "What came after",
            "Made public",
            "Tasks",
        ] {
            assert!(!french.contains(&format!(">{word}")), "{path}: {word}");
        }
    }
}

#[test]
fn parts_in_which_nothing_is_recorded_are_folded_and_those_with_something_stand_open() {
    let mut browser = Browser::at_a_desk();
    let open = |page: &str, id: &str| {
        let part = within(page, id, "<summary");
        part.contains("<details class=\"part\" open")
    };
    let page = browser.get("/case/1").text;
    for id in ["sent", "after", "duty", "public", "laws"] {
        assert!(!open(&page, id), "{id}");
    }
    // A form that is refused opens the part it stands in.
    let refused = browser.post("/case/1/remedy", &[("kind", "")]).text;
    assert!(open(&refused, "after") && !open(&refused, "laws"));
    let mut browser = full();
    let page = browser.get("/case/1").text;
    for id in ["sent", "after", "duty", "laws"] {
        assert!(open(&page, id), "{id}");
    }
}

#[test]
fn of_the_form_about_consent_the_part_for_somebody_elses_answer_is_folded_until_it_is_needed() {
    let mut browser = Browser::at_a_desk();
    let folded = |page: &str| {
        let form = within(page, "consent", "</form>");
        let (_, part) = form.split_once("<details").unwrap();
        !part.split('>').next().unwrap().contains("open")
    };
    assert!(folded(&browser.get("/case/1").text));
    let own = browser
        .post("/case/1/consent", &[("purpose", "media")])
        .text;
    assert!(folded(&own));
    let guardian = [("purpose", "media"), ("giver_told", "the mother")];
    assert!(!folded(&browser.post("/case/1/consent", &guardian).text));
}

#[test]
fn what_went_out_is_found_by_its_words() {
    let mut browser = Browser::at_a_desk();
    browser.sends();
    let page = browser.post("/search", &[("typed", "Rapporteur")]);
    assert!(page.text.contains("id=\"case-1\"") && !page.text.contains("id=\"case-2\""));
    assert_eq!(u64::from(TODAY) * 86_400 + 43_200, NOON);
}

// ── Material ───────────────────────────────────────────────────────────────────────────────────

#[test]
fn material_is_recorded_with_the_three_questions_or_neither_is() {
    let mut browser = Browser::at_a_desk();
    let material = [
        ("to", "A partner"),
        ("purpose", "share-partner-org"),
        ("identity", "none"),
        ("note", "an encrypted file"),
        WEIGHED[1],
        WEIGHED[2],
        ("warned", ""),
    ];
    let recorded =
        |browser: &Browser| browser.case_1(|case| (case.packages().len(), case.foreseen().len()));
    let page = browser.post("/case/1/material", &material);
    assert_eq!((page.status, recorded(&browser)), (422, (0, 0)));
    assert!(page.text.contains("Nobody was asked about this use"));
    assert!(page.text.contains("value=\"an encrypted file\""));
    browser.consents("share-partner-org");
    let page = browser.post("/case/1/material", &material);
    assert_eq!((page.status, recorded(&browser)), (422, (0, 0)));
    assert!(page.text.contains("id=\"material-refused\""));
    done(&browser.post("/case/1/material", &with(&material, &[WEIGHED[3]])));
    assert_eq!(recorded(&browser), (1, 1));
    let page = browser.get("/case/1").text;
    assert!(within(&page, "material-1", "</article>").contains("an encrypted file"));
    // Within fourteen days the questions are answered for this recipient.
    done(&browser.post("/case/1/material", &material));
    assert_eq!(recorded(&browser), (2, 1));
}

// ── Drafts ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_letter_that_is_kept_outlives_the_lock_and_goes_when_it_is_sent_or_thrown_away() {
    let mut browser = Browser::at_a_desk();
    let body = |browser: &mut Browser| {
        let page = browser.get("/case/1").text;
        let body = within(&page, "write-body", "</textarea>").to_owned();
        (page, body)
    };
    let typed = with(&LETTER, &[("items", "narrative")]);
    done(&browser.post("/case/1/keep-draft", &typed));
    browser.house.lock();
    let unlocked = [("passphrase", "the passphrase"), ("to", "/")];
    done(&browser.post("/unlock", &unlocked));
    let (page, kept) = body(&mut browser);
    assert!(kept.contains("he was taken in the night."));
    assert!(page.contains("value=\"The Special Rapporteur\""));
    assert!(options(&page, "write-kind").contains("value=\"urgent-appeal\" selected"));
    let ticked = "name=\"items\" value=\"narrative\" checked";
    assert!(within(&page, "write", "</form>").contains(ticked));
    assert!(!browser.get("/case/2").text.contains("he was taken"));
    assert_eq!(browser.case_1(|case| case.history().len()), 1, "no entry");
    done(&browser.post("/case/1/drop-draft", &[("id", "")]));
    assert!(!body(&mut browser).1.contains("he was taken"));

    done(&browser.post("/case/1/keep-draft", &typed));
    browser.sends();
    assert!(!body(&mut browser).1.contains("he was taken"));
    let long = "x".repeat(600 << 10);
    let page = browser.post("/case/1/keep-draft", &[("body", &long)]);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("id=\"write-refused\""));
}

#[test]
fn a_draft_goes_with_its_case() {
    let mut browser = Browser::at_a_desk();
    done(&browser.post("/case/1/keep-draft", &LETTER));
    done(&browser.post("/case/2/keep-draft", &LETTER));
    let erased = [("reason", "asked for"), ("understood", "yes")];
    done(&browser.post("/case/1/erase", &erased));
    let drafts = browser.house.with_desk(|desk| {
        let kept = desk.vault().read().setting("drafts").unwrap();
        String::from_utf8(kept.unwrap_or_default()).unwrap()
    });
    assert_eq!(drafts.unwrap().lines().count(), 1, "that of the other case");
}
