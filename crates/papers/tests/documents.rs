//! What leaves of a case, in every form it can leave in.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "../../casework/tests/scene/mod.rs"]
mod scene;

use casework::*;
use papers::documents::{
    CannotDocument, Document, DocumentLanguage, Enclosure, Office, Removal, Row, Section,
    Submission, docx, text,
};
use papers::redaction::{Mask, Reason, names_in};
use record::vocabulary::Communications;
use record::*;
use scene::*;

const TO: &str = "The Rapporteur";

/// Words that stand somewhere in the case, and the least of the identity at which they may leave.
/// None: they leave at no level, because nobody agreed to that, or because they are the office's.
const PLANTED: [(&str, Option<&str>); 29] = [
    ("Kaboré", Some("full-name")),
    ("أمينة", Some("full-name")),
    ("阿米娜", Some("full-name")),
    ("tel-planted", Some("full-name-and-contact")),
    ("note-planted", None),
    ("Ouédraogo", None),
    ("bakary-planted", None),
    ("title-planted", None),
    ("event-planted", None),
    ("evening-planted", Some("full-name")),
    ("corner-planted", Some("full-name")),
    ("town-planted", Some("full-name")),
    ("Plantain", Some("full-name")),
    ("grounds-planted", Some("full-name")),
    ("act-planted", Some("full-name")),
    ("list-planted", Some("full-name")),
    ("kind-planted", Some("full-name")),
    ("operator-planted", Some("full-name")),
    ("answer-planted", Some("full-name")),
    ("second-planted", None),
    ("Quellmann", None),
    ("found-planted", None),
    ("says-planted", None),
    ("reasons-planted", None),
    ("gaps-planted", Some("full-name")),
    ("court-planted", Some("full-name")),
    ("internal-planted", None),
    ("condition-planted", Some("full-name")),
    ("narrative-planted", None),
];

const LEVELS: [&str; 5] = [
    "none",
    "pseudonym",
    "initials",
    "full-name",
    "full-name-and-contact",
];

/// A case in which a word is planted in every place that somebody fills in.
fn planted() -> Scene {
    let mut scene = Scene::empty();
    let report = Report {
        narrative: "narrative-planted: I saw it.".into(),
        ..Report::default()
    };
    scene.letter_of(report, 7, Some(Conversation([9; 32])));
    let amina = Person {
        names: vec![
            "Aïcha Kaboré".into(),
            "أمينة كابوري".into(),
            "阿米娜".into(),
        ],
        contact: "tel-planted".into(),
        note: "note-planted".into(),
        ..journalist()
    };
    let bakary = Person {
        id: PersonId(2),
        names: vec!["Bakary Ouédraogo".into()],
        contact: "bakary-planted".into(),
        ..Person::default()
    };
    for person in [amina, bakary] {
        scene.does("amina", |case, stamp| record_person(case, person, stamp));
    }
    let mut event = in_goma();
    event.title = "title-planted".into();
    event.narrative = "event-planted".into();
    event.when.told = "evening-planted".into();
    event.place.told = "corner-planted".into();
    event.place.admin2 = "town-planted".into();
    scene.does("amina", |case, stamp| code_event(case, event, stamp));
    scene.does("amina", |case, stamp| {
        record_source(case, quellmann(), stamp)
    });
    scene.does("amina", |case, stamp| {
        code_act(case, planted_arrest(), stamp)
    });
    let second = Act {
        id: ActId(2),
        kind: Term::told("torture"),
        note: "second-planted".into(),
        ..arrest()
    };
    scene.does("amina", |case, stamp| code_act(case, second, stamp));
    let finding = Assessment {
        reasons: "reasons-planted".into(),
        gaps: "gaps-planted".into(),
        ..belief()
    };
    scene.does("amina", |case, stamp| assess(case, finding, stamp));
    scene.does("bo", |case, stamp| {
        review(case, 1, true, "", Team::Several, stamp)
    });
    scene.does("amina", |case, stamp| verify(case, ActId(1), 1, stamp));
    let step = record::Step {
        id: StepId(1),
        kind: Term::told("complaint-filed"),
        acts: vec![ActId(1)],
        day: Date::new(2024, 3, 5),
        by: "court-planted".into(),
        ..record::Step::default()
    };
    scene.does("amina", |case, stamp| record_step(case, step, stamp));
    scene.does("amina", |case, stamp| note(case, "internal-planted", stamp));
    for purpose in ["un-special-procedures", "share-partner-org"] {
        scene.agrees(purpose, "full-name-and-contact");
    }
    scene
}

fn quellmann() -> Source {
    Source {
        name: "Quellmann".into(),
        found: "found-planted".into(),
        says: "says-planted".into(),
        ..witness()
    }
}

fn planted_arrest() -> Act {
    let mut act = Act {
        involvements: vec![Involvement {
            kind: Term::told("state-police"),
            name: "Sergeant Plantain".into(),
            unit: "Third unit".into(),
            grounds: "grounds-planted".into(),
            ..Involvement::default()
        }],
        technologies: vec![TechnologyUse {
            detection: Term::told("kind-planted"),
            technology: Term::told("spyware"),
            operator: "operator-planted".into(),
            ..TechnologyUse::default()
        }],
        cooperation: vec![Cooperation {
            body: Term::told("human-rights-council"),
            kind: Term::told("testimony"),
            grounds: "answer-planted".into(),
            ..Cooperation::default()
        }],
        reasons: vec![Term::told("list-planted")],
        note: "act-planted".into(),
        ..arrest()
    };
    act.when.told = "evening-planted".into();
    act
}

/// What the person agreed to: who they are, and the first act.
fn items() -> [Item; 2] {
    [Item::Person(PersonId(1)), Item::Act(ActId(1))]
}

trait Agrees {
    fn agrees(&mut self, purpose: &str, identity: &str);
}

impl Agrees for Scene {
    fn agrees(&mut self, purpose: &str, identity: &str) {
        let consent = Consent {
            subject: PersonId(1),
            items: items().to_vec(),
            identity: Term::told(identity),
            conditions: "condition-planted".into(),
            ..yes(purpose)
        };
        self.does("amina", |case, stamp| {
            record_consent(case, consent, None, stamp)
        });
    }
}

const BODY: &str = "We write about Aïcha Kaboré, who was arrested.\n\nBakary OUEDRAOGO and Quellmann \
                    saw it; أمينة كابوري and 阿米娜 are other spellings.";

fn kind(code: &str) -> Code<Communications> {
    Code::of(code).unwrap()
}

fn letter<'a>(case: &'a Case, kind_: &str, identity: &str) -> Communication<'a> {
    let use_ = match kind_ {
        "reprisals-submission" | "individual-complaint" => "un-confidential",
        "company-letter" => "company-transmission",
        _ => "un-special-procedures",
    };
    let covered = case.covers_items(purpose(use_), TO, &items(), level(identity), today());
    Communication::new(covered.unwrap(), kind(kind_), TO, BODY, today()).unwrap()
}

fn offices() -> Vec<Office> {
    vec![Office {
        name: "House of Testimony".into(),
        address: "1 Lake Road".into(),
        contact: "cases@house.example".into(),
    }]
}

fn in_language(language: DocumentLanguage, offices: &[Office]) -> Submission<'_> {
    Submission {
        language,
        offices,
        enclosures: &[],
    }
}

fn english(letter: &Communication<'_>) -> Document {
    let offices = offices();
    Document::of_letter(letter, &in_language(DocumentLanguage::English, &offices)).unwrap()
}

/// Everything that leaves: each form by its name, as bytes with nothing packed in them.
fn forms(document: &Document) -> Vec<(&'static str, String)> {
    let copied: Vec<String> = document
        .questions()
        .into_iter()
        .map(|(question, answer)| format!("{question}\t{answer}"))
        .collect();
    let docx = docx(document).unwrap();
    // Its parts are stored and not packed: what stands in them stands in the file.
    vec![
        ("text", String::from_utf8(text(document)).unwrap()),
        ("docx", String::from_utf8_lossy(&docx).into_owned()),
        ("copy view", copied.join("\n")),
    ]
}

#[test]
fn no_planted_word_that_is_not_covered_leaves_in_any_form() {
    let scene = planted();
    for (rank, identity) in LEVELS.iter().enumerate() {
        let letter = letter(scene.the_case(), "urgent-appeal", identity);
        for (form, leaves) in forms(&english(&letter)) {
            for (word, from) in PLANTED {
                let may = from.is_some_and(|from| {
                    LEVELS.iter().position(|level| *level == from).unwrap() <= rank
                });
                assert_eq!(leaves.contains(word), may, "{word} as {form} at {identity}");
            }
            // A name that may not be shown is not there in capitals or without its accents either.
            for spelled in ["OUEDRAOGO", "Ouedraogo", "Bakary"] {
                assert!(
                    !leaves.contains(spelled),
                    "{spelled} as {form} at {identity}"
                );
            }
            // The act nobody agreed to is not there, and its number is not missed.
            assert!(!leaves.contains("Torture"), "{form} at {identity}");
        }
    }
}

#[test]
fn a_package_shows_no_more_than_a_letter() {
    let scene = planted();
    for (rank, identity) in LEVELS.iter().enumerate() {
        let use_ = purpose("share-partner-org");
        let case = scene.the_case();
        let covered = case.covers_items(use_, "Partner", &items(), level(identity), today());
        let package = Package::new(covered.unwrap(), "Partner").unwrap();
        let offices = offices();
        let submission = in_language(DocumentLanguage::French, &offices);
        let document = Document::of_package(&package, &submission).unwrap();
        for (form, leaves) in forms(&document) {
            for (word, from) in PLANTED {
                let least = from.map(|from| LEVELS.iter().position(|l| *l == from).unwrap());
                if least.is_none_or(|least| least > rank) {
                    assert!(!leaves.contains(word), "{word} as {form} at {identity}");
                }
            }
        }
    }
}

#[test]
fn two_writings_of_one_document_are_the_same_bytes_whatever_was_written_between() {
    let scene = planted();
    let first = english(&letter(scene.the_case(), "urgent-appeal", "full-name"));
    let other = english(&letter(scene.the_case(), "allegation-letter", "none"));
    let (text_1, docx_1) = (text(&first), docx(&first).unwrap());
    let _ = docx(&other).unwrap();
    // Another one is half written.
    let _ = docx_rs::Paragraph::new();
    let again = english(&letter(scene.the_case(), "urgent-appeal", "full-name"));
    assert_eq!(first, again);
    assert_eq!(text_1, text(&again));
    assert!(docx_1 == docx(&again).unwrap());
}

#[test]
fn a_text_processors_file_names_no_author_no_program_and_no_other_day() {
    let scene = planted();
    let document = english(&letter(scene.the_case(), "urgent-appeal", "none"));
    let file = String::from_utf8_lossy(&docx(&document).unwrap()).into_owned();
    for word in [
        "creator",
        "lastModified",
        "created",
        "modified",
        "1970-",
        "unknown<",
        "Application",
        "docx-rs",
        "Company",
        "revision",
    ] {
        assert!(!file.contains(word), "{word}");
    }
}

#[test]
fn what_was_not_verified_travels_in_every_form_and_language() {
    let mut scene = Scene::with_a_letter().coded();
    scene.agrees("un-special-procedures", "full-name");
    for (language, says) in [
        (DocumentLanguage::English, "This act has not been assessed"),
        (DocumentLanguage::French, "Cet acte n’a pas été évalué"),
        (DocumentLanguage::Spanish, "Este acto no ha sido valorado"),
    ] {
        let letter = letter(scene.the_case(), "urgent-appeal", "none");
        let offices = offices();
        let document = Document::of_letter(&letter, &in_language(language, &offices)).unwrap();
        for (form, leaves) in forms(&document) {
            assert!(leaves.contains(says), "{form}: {says}");
        }
    }
}

#[test]
fn grade_sources_and_gaps_travel_with_the_act_and_a_text_that_stays_behind_says_so() {
    let scene = planted();
    let with_names = english(&letter(scene.the_case(), "urgent-appeal", "full-name"));
    let without = english(&letter(scene.the_case(), "urgent-appeal", "initials"));
    for (form, leaves) in forms(&with_names) {
        for said in [
            "Reasonable grounds to believe",
            "C1 · One direct source and a document",
            "1, of them independent of each other: 1",
            "gaps-planted",
        ] {
            assert!(leaves.contains(said), "{form}: {said}");
        }
    }
    for (form, leaves) in forms(&without) {
        assert!(
            leaves.contains("Not written here, because it may name people"),
            "{form}"
        );
        assert!(
            leaves.contains("Conditions were set. They are not written here"),
            "{form}"
        );
    }
}

#[test]
fn the_choices_about_authorities_and_public_reports_are_written_as_they_were_given() {
    let mut scene = planted();
    scene.agrees("un-public-report", "initials");
    let document = english(&letter(scene.the_case(), "allegation-letter", "full-name"));
    let (_, leaves) = &forms(&document)[0];
    assert!(leaves.contains(
        "What of the identity may be shown to the authorities: Nothing: this was not agreed to."
    ));
    assert!(leaves.contains("What of the identity may stand in a public report: Initials"));
}

#[test]
fn each_recipient_finds_first_what_it_asks_first() {
    let mut scene = planted();
    for purpose in ["un-confidential", "company-transmission"] {
        scene.agrees(purpose, "none");
    }
    for (kind_, first) in [
        (
            "urgent-appeal",
            [Section::Victims, Section::Perpetrators, Section::Submitter],
        ),
        (
            "allegation-letter",
            [Section::Victims, Section::Perpetrators, Section::Submitter],
        ),
        (
            "company-letter",
            [Section::Submitter, Section::Facts, Section::Circumstances],
        ),
        (
            "reprisals-submission",
            [Section::Consent, Section::Submitter, Section::Victims],
        ),
        (
            "individual-complaint",
            [Section::Submitter, Section::Victims, Section::Consent],
        ),
    ] {
        let document = english(&letter(scene.the_case(), kind_, "none"));
        let sections: Vec<Section> = document
            .chapters()
            .iter()
            .filter_map(papers::documents::Chapter::section)
            .collect();
        assert_eq!(sections[..3], first, "{kind_}");
    }
}

#[test]
fn a_joint_submission_names_every_office_and_none_is_sent_by_nobody() {
    let scene = planted();
    let letter = letter(scene.the_case(), "joint-letter", "none");
    let mut offices = offices();
    offices.push(Office {
        name: "Second House".into(),
        ..Office::default()
    });
    let submission = in_language(DocumentLanguage::English, &offices);
    let document = Document::of_letter(&letter, &submission).unwrap();
    for (form, leaves) in forms(&document) {
        for name in [
            "House of Testimony",
            "Second House",
            "jointly by 2 organisations",
        ] {
            assert!(leaves.contains(name), "{form}: {name}");
        }
    }
    for nobody in [vec![], vec![Office::default()]] {
        let submission = in_language(DocumentLanguage::English, &nobody);
        assert_eq!(
            Document::of_letter(&letter, &submission).err(),
            Some(CannotDocument::NobodySubmits)
        );
    }
}

#[test]
fn a_file_that_is_not_covered_is_not_even_listed() {
    let mut scene = planted();
    let consent = Consent {
        subject: PersonId(1),
        items: vec![Item::Act(ActId(1)), Item::Attachment([1; 32])],
        identity: Term::told("full-name"),
        ..yes("un-confidential")
    };
    scene.does("amina", |c, s| record_consent(c, consent, None, s));
    let of = [Item::Act(ActId(1)), Item::Attachment([1; 32])];
    let case = scene.the_case();
    let covered = case.covers_items(
        purpose("un-confidential"),
        TO,
        &of,
        level("full-name"),
        today(),
    );
    let kind_ = kind("individual-complaint");
    let letter = Communication::new(covered.unwrap(), kind_, TO, "Dear all", today()).unwrap();
    let enclosures = [[1; 32], [2; 32]].map(|content| Enclosure {
        content,
        title: format!("picture-{}", content[0]),
    });
    let offices = offices();
    let submission = Submission {
        enclosures: &enclosures,
        ..in_language(DocumentLanguage::English, &offices)
    };
    let document = Document::of_letter(&letter, &submission).unwrap();
    for (form, leaves) in forms(&document) {
        assert!(leaves.contains("Attachment 1: picture-1"), "{form}");
        assert!(!leaves.contains("picture-2"), "{form}");
    }
}

#[test]
fn what_somebody_took_out_is_gone_from_every_form_and_is_seen_with_its_reason() {
    let scene = planted();
    let whole = english(&letter(scene.the_case(), "urgent-appeal", "full-name"));
    let mut removals = Vec::new();
    for (chapter, part) in whole.chapters().iter().enumerate() {
        for (row, line) in part.rows().iter().enumerate() {
            if let Row::Paragraph(passage)
            | Row::Answer {
                answer: passage, ..
            } = line
            {
                let masks = names_in(&passage.kept(), &["Plantain", "arrested"], Reason::Safety);
                removals.extend(masks.into_iter().map(|mask| Removal { chapter, row, mask }));
            }
        }
    }
    assert_eq!(removals.len(), 2);
    let left = whole.without(&removals).unwrap();
    for (form, leaves) in forms(&left) {
        for word in ["Plantain", "who was arrested"] {
            assert!(!leaves.contains(word), "{word} as {form}");
        }
        assert!(
            leaves.contains("Sergeant [\u{2026}] (someone\u{2019}s safety)"),
            "{form}"
        );
        assert!(
            leaves.contains("words were removed before this document was written"),
            "{form}"
        );
    }
    // What the preview was made of is unchanged: whoever removes something gets another document.
    assert!(forms(&whole)[0].1.contains("Plantain"));
    let nowhere = Removal {
        chapter: 99,
        row: 0,
        mask: Mask {
            span: 0..1,
            reason: Reason::Safety,
        },
    };
    assert_eq!(whole.without(&[nowhere]), Err(CannotDocument::NoSuchPlace));
}

#[test]
fn the_copy_view_answers_what_the_document_answers() {
    let scene = planted();
    let document = english(&letter(scene.the_case(), "urgent-appeal", "full-name"));
    let written = String::from_utf8(text(&document)).unwrap();
    let questions = document.questions();
    let lines: usize = document
        .chapters()
        .iter()
        .map(|chapter| chapter.rows().len())
        .sum();
    assert!(questions.len() > 30 && questions.len() <= lines);
    for (question, answer) in questions {
        assert!(written.contains(&answer), "{question}");
    }
}

#[test]
fn the_urgent_appeal_reads_the_same_as_it_did_in_each_language() {
    let scene = planted();
    for language in DocumentLanguage::ALL {
        let letter = letter(scene.the_case(), "urgent-appeal", "full-name");
        let offices = offices();
        let document = Document::of_letter(&letter, &in_language(language, &offices)).unwrap();
        let written = String::from_utf8(text(&document)).unwrap();
        insta::assert_snapshot!(format!("urgent_appeal_{}", language.tag()), written);
    }
}

#[test]
fn a_document_cannot_be_made_of_anything_that_is_not_covered() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
