//! Claims about reports that somebody took down, and about translations beside them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use record::{Date, Origin};
use scene::*;

fn translated(letter: u32, language: &str, translator: Translator) -> Translated {
    Translated {
        number: 1,
        letter,
        language: language.into(),
        text: "They came at night.".into(),
        translator,
        name: "Z.".into(),
        doubts: "“usiku” may be evening.".into(),
    }
}

/// A case that a visit opened.
fn visited() -> Scene {
    let mut scene = Scene::empty();
    let stamp = scene.stamp("amina");
    let entry = take_down(&scene.office, told_by_hand(1, "Walikuja usiku."), stamp).unwrap();
    scene.case = entry.case().unwrap();
    scene.put(entry);
    scene
}

#[test]
fn a_visit_opens_a_case_that_is_news_and_has_no_words_and_no_signature() {
    let scene = visited();
    let case = scene.the_case();
    assert!(case.has_news());
    assert_eq!(case.conversation(), None);
    let letter = &case.letters()[0];
    assert!(!letter.signed && letter.leaf.is_none() && letter.channel.is("walk-in"));
    let taken = letter.taken.as_ref().unwrap();
    assert_eq!(taken.told_on, Date::of_day_number(TODAY));
    assert_eq!(taken.by.as_str(), "A field monitor");
}

#[test]
fn what_is_told_later_joins_its_case_and_is_news_there() {
    let mut scene = visited();
    scene.does("amina", |case, stamp| note(case, "Called.", stamp));
    assert!(!scene.the_case().has_news());
    let again = ToldByHand {
        channel: "call".into(),
        ..told_by_hand(1, "They came again.")
    };
    let stamp = scene.stamp("amina");
    let entry = take_down(&scene.office, again, stamp).unwrap();
    scene.put(entry);
    assert_eq!(scene.office.cases().len(), 1);
    assert_eq!(scene.the_case().letters().len(), 2);
    assert!(scene.the_case().has_news());
    assert!(!scene.the_case().letters()[1].signed);
}

#[test]
fn what_cannot_be_a_visit_is_refused_with_what_to_do() {
    let mut scene = visited();
    scene.does("amina", |case, stamp| {
        recuse(case, Colleague::read("bo").unwrap(), "A cousin.", stamp)
    });
    let refused = |scene: &mut Scene, person: &str, told: ToldByHand| {
        let stamp = scene.stamp(person);
        take_down(&scene.office, told, stamp).unwrap_err()
    };
    let with = |case: u8, change: fn(&mut ToldByHand)| {
        let mut told = told_by_hand(case, "They came.");
        change(&mut told);
        told
    };
    let tomorrow = with(2, |told| {
        told.taken.told_on = Date::of_day_number(TODAY + 1)
    });
    assert_eq!(refused(&mut scene, "amina", tomorrow), CannotTakeIn::NotYet);
    let nothing = with(2, |told| told.report.narrative = String::new());
    assert_eq!(
        refused(&mut scene, "amina", nothing),
        CannotTakeIn::NothingTold
    );
    let joins = with(1, |_| {});
    assert_eq!(refused(&mut scene, "bo", joins), CannotTakeIn::Recused);
    scene.does("amina", |case, stamp| erase(case, "She asked.", stamp));
    let joins = with(1, |_| {});
    assert_eq!(
        refused(&mut scene, "amina", joins),
        CannotTakeIn::CaseErased
    );
    // A file alone is enough: a scan says what nobody has typed yet.
    let scan = with(3, |told| {
        told.report.narrative = String::new();
        told.taken.originals = Some(Leaf([5; 32]));
    });
    let stamp = scene.stamp("amina");
    assert!(take_down(&scene.office, scan, stamp).is_ok());
}

#[test]
fn the_same_message_is_taken_down_once_whatever_case_it_is_in() {
    let mut scene = visited();
    let of_a_file = |case| {
        let mut told = told_by_hand(case, "By e-mail.");
        told.channel = "email".into();
        told.report.origin = Origin {
            set: "file".into(),
            id: "ab12".into(),
            ..Origin::default()
        };
        told
    };
    let stamp = scene.stamp("amina");
    let entry = take_down(&scene.office, of_a_file(1), stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    assert_eq!(
        take_down(&scene.office, of_a_file(2), stamp),
        Err(CannotTakeIn::AlreadyTakenDown)
    );
}

#[test]
fn nobody_names_the_files_of_another_case_and_erasing_names_ones_own() {
    let mut scene = visited();
    let with_files = |case, name| {
        let mut told = told_by_hand(case, "With a scan.");
        told.taken.originals = Some(Leaf([name; 32]));
        told
    };
    let stamp = scene.stamp("amina");
    let entry = take_down(&scene.office, with_files(1, 7), stamp).unwrap();
    scene.put(entry);
    let stamp = scene.stamp("amina");
    assert_eq!(
        take_down(&scene.office, with_files(2, 7), stamp),
        Err(CannotTakeIn::AlreadyTaken)
    );
    let erased = scene.tries("amina", |case, stamp| erase(case, "She asked.", stamp));
    let entry = erased.unwrap();
    let What::Erased(erased) = entry.what() else {
        panic!("an erasing");
    };
    assert_eq!(erased.leaves, [Leaf([7; 32])]);
    scene.put(entry);
}

#[test]
fn an_original_stays_as_it_is_whatever_translations_stand_beside_it() {
    let mut scene = visited();
    let before = scene.the_case().letters()[0]
        .report
        .clone()
        .unwrap()
        .encode();
    scene.does("amina", |case, stamp| {
        translate(case, translated(1, "en", Translator::Machine), stamp)
    });
    scene.does("bo", |case, stamp| {
        let second = Translated {
            number: case.next_translation(),
            text: "They came in the evening.".into(),
            ..translated(1, "en", Translator::Myself)
        };
        translate(case, second, stamp)
    });
    let case = scene.the_case();
    assert_eq!(case.letters()[0].report.clone().unwrap().encode(), before);
    let texts: Vec<_> = case
        .translations()
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(texts, ["They came at night.", "They came in the evening."]);
    assert!(!case.translations()[0].is_reviewed());
}

#[test]
fn whoever_made_a_translation_does_not_review_it_and_one_made_by_a_machine_needs_a_person() {
    let mut scene = visited();
    scene.does("bo", |case, stamp| {
        translate(case, translated(1, "en", Translator::Myself), stamp)
    });
    let agrees =
        |number| move |case: &Case, stamp| review_translation(case, number, true, "", stamp);
    assert_eq!(
        scene.tries("bo", agrees(1)),
        Err(CannotReviewTranslation::OwnTranslation)
    );
    scene.does("amina", agrees(1));
    assert!(scene.the_case().translations()[0].is_reviewed());
    // Whoever sees a fault later says so, and it no longer counts as reviewed.
    let no_reason = scene.tries("chi", |case, stamp| {
        review_translation(case, 1, false, " ", stamp)
    });
    assert_eq!(no_reason, Err(CannotReviewTranslation::NoRemarks));
    scene.does("chi", |case, stamp| {
        review_translation(case, 1, false, "It was evening.", stamp)
    });
    assert!(!scene.the_case().translations()[0].is_reviewed());
    scene.does("bo", |case, stamp| {
        let machine = Translated {
            number: 2,
            ..translated(1, "fr", Translator::Machine)
        };
        translate(case, machine, stamp)
    });
    assert!(!scene.the_case().translations()[1].is_reviewed());
    scene.does("bo", agrees(2));
    assert_eq!(
        scene.tries("bo", agrees(9)),
        Err(CannotReviewTranslation::NoSuchTranslation)
    );
}

#[test]
fn what_is_no_translation_is_refused_with_what_to_do() {
    let scene = &mut visited();
    let mut refused = |translated: Translated| {
        scene
            .tries("amina", |case, stamp| translate(case, translated, stamp))
            .unwrap_err()
    };
    let by = |translator| translated(1, "en", translator);
    assert_eq!(
        refused(translated(2, "en", Translator::Myself)),
        CannotTranslate::NoSuchLetter
    );
    assert_eq!(
        refused(translated(0, "en", Translator::Myself)),
        CannotTranslate::NoSuchLetter
    );
    assert_eq!(
        refused(translated(1, "SW", Translator::Myself)),
        CannotTranslate::SameLanguage
    );
    for tag in ["", "e", "in English", "en\u{202e}"] {
        assert_eq!(
            refused(translated(1, tag, Translator::Myself)),
            CannotTranslate::NoLanguage
        );
    }
    let nameless = |translator| Translated {
        name: " ".into(),
        ..by(translator)
    };
    assert_eq!(
        refused(nameless(Translator::Machine)),
        CannotTranslate::NoName
    );
    assert_eq!(
        refused(nameless(Translator::Person)),
        CannotTranslate::NoName
    );
    let blank = Translated {
        text: "\n".into(),
        ..by(Translator::Myself)
    };
    assert_eq!(refused(blank), CannotTranslate::NothingWritten);
}

#[test]
fn two_desks_that_gave_one_number_lose_neither_translation() {
    let mut scene = visited();
    scene.does("amina", |case, stamp| {
        translate(case, translated(1, "en", Translator::Myself), stamp)
    });
    let second = translated(1, "fr", Translator::Myself);
    scene.does("bo", |case, stamp| translate(case, second, stamp));
    let numbers: Vec<u32> = scene
        .the_case()
        .translations()
        .iter()
        .map(|one| one.number)
        .collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn entries_of_these_kinds_are_read_as_they_were_written_once() {
    let mut scene = visited();
    let whole = ToldByHand {
        taken: Taken {
            told_on: Date::of_day_number(TODAY - 3),
            by: "A field monitor".into(),
            originals: Some(Leaf([4; 32])),
            note: "She was calm.".into(),
        },
        ..told_by_hand(2, "They came again.")
    };
    let stamp = scene.stamp("amina");
    let entry = take_down(&scene.office, whole, stamp).unwrap();
    scene.put(entry);
    scene.does("amina", |case, stamp| {
        translate(case, translated(1, "en", Translator::Person), stamp)
    });
    scene.does("bo", |case, stamp| {
        review_translation(case, 1, false, "It was evening.", stamp)
    });
    let written: Vec<(&str, &str)> = include_str!("entries.txt")
        .lines()
        .filter_map(|line| line.split_once(": "))
        .collect();
    let suffixes = ["", "-more", "", ""];
    let mut differs = Vec::new();
    for (entry, suffix) in scene.log.iter().zip(suffixes) {
        let hex: String = entry
            .encode()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let name = format!("{}{suffix}", entry.what().kind().code());
        if !written.contains(&(name.as_str(), hex.as_str())) {
            differs.push(format!("{name}: {hex}"));
        }
    }
    assert!(
        differs.is_empty(),
        "as in `entries.rs`\n{}",
        differs.join("\n")
    );
    assert_eq!(Office::fold(scene.log), scene.office);
}

#[test]
fn whoever_took_a_report_down_or_translated_it_reviews_nothing_of_it_whoever_entered_it() {
    let mut scene = Scene::empty();
    let mut told = told_by_hand(1, "Walikuja usiku.");
    told.taken.by = "Chi ".into();
    let stamp = scene.stamp("bo");
    let entry = take_down(&scene.office, told, stamp).unwrap();
    scene.case = entry.case().unwrap();
    scene.put(entry);
    scene.does("bo", |case, stamp| {
        let one = Translated {
            name: "chi".into(),
            ..translated(1, "en", Translator::Person)
        };
        translate(case, one, stamp)
    });
    let agrees = |case: &Case, stamp| review_translation(case, 1, true, "", stamp);
    assert_eq!(
        scene.tries("chi", agrees),
        Err(CannotReviewTranslation::OwnTranslation)
    );
    let mut scene = scene.coded();
    scene.does("amina", |case, stamp| assess(case, belief(), stamp));
    let by = |case: &Case, stamp| review(case, 1, true, "", Team::Several, stamp);
    assert_eq!(scene.tries("chi", by), Err(CannotReview::OwnReport));
    scene.does("dana", by);
}
