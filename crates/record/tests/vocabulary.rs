//! What the lists promise: codes and numbers that never change, labels in both languages, and a
//! paragraph behind every word.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use record::Language::{English, French};
use record::vocabulary::{self, Acts, SdgGroup, Standards, Victims};
use record::{Code, Language, Term};

/// Every code this project ever gave out, one `list number code` a line. Lines are only added.
const GIVEN_OUT: &str = include_str!("codes.txt");
/// The paragraphs there are to cite.
const PARAGRAPHS: &str = include_str!("paragraphs.txt");

#[test]
fn no_code_and_no_number_ever_changes() {
    for line in GIVEN_OUT.lines() {
        let mut words = line.split(' ');
        let (list, number, code) = (
            words.next().unwrap(),
            words.next().unwrap(),
            words.next().unwrap(),
        );
        let vocabulary = vocabulary::all().into_iter().find(|one| one.name() == list);
        let found = vocabulary
            .unwrap_or_else(|| panic!("the list {list} is gone"))
            .find(code);
        let now = found.map(|entry| entry.number.to_string());
        assert_eq!(
            now.as_deref(),
            Some(number),
            "{line}: codes are never changed or reused"
        );
    }
}

#[test]
fn every_code_is_written_down_as_given_out() {
    let given: BTreeSet<&str> = GIVEN_OUT.lines().collect();
    let mut missing = Vec::new();
    for list in vocabulary::all() {
        for entry in list {
            let line = format!("{} {} {}", list.name(), entry.number, entry.code);
            if !given.contains(line.as_str()) {
                missing.push(line);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "new codes: add to tests/codes.txt\n{}",
        missing.join("\n")
    );
}

#[test]
fn codes_are_unique_kebab_case_words_and_numbers_are_unique_from_one() {
    let kebab = |code: &str| {
        code.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    };
    let mut names = BTreeSet::new();
    for list in vocabulary::all() {
        assert!(
            names.insert(list.name()) && kebab(list.name()),
            "{}",
            list.name()
        );
        let (mut codes, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for entry in list {
            assert!(kebab(entry.code), "{} {}", list.name(), entry.code);
            assert!(
                codes.insert(entry.code),
                "{} {} twice",
                list.name(),
                entry.code
            );
            assert!(
                numbers.insert(entry.number),
                "{} {} twice",
                list.name(),
                entry.number
            );
            assert!(entry.number > 0);
            assert_eq!(list.find(entry.code), Some(entry));
            assert_eq!(list.numbered(entry.number), Some(entry));
        }
        assert!(!list.is_empty());
    }
}

#[test]
fn every_word_has_a_label_of_its_own_in_english_and_in_french() {
    for list in vocabulary::all() {
        for language in [English, French] {
            assert!(!list.label(language).is_empty());
            let mut seen = BTreeMap::new();
            for entry in list {
                let label = entry.label(language);
                let context = format!("{} {} {label:?}", list.name(), entry.code);
                assert!(!label.is_empty() && label.trim() == label, "{context}");
                assert!(!label.contains('\'') && !label.contains("  "), "{context}");
                assert!(!label.ends_with('.'), "{context}");
                assert_eq!(
                    seen.insert(label, entry.code),
                    None,
                    "{context} stands twice"
                );
            }
        }
    }
}

#[test]
fn every_word_cites_a_paragraph_that_exists() {
    let paragraphs: BTreeSet<&str> = PARAGRAPHS.lines().collect();
    for list in vocabulary::all() {
        for entry in list {
            assert!(!entry.mandate.is_empty(), "{} {}", list.name(), entry.code);
            for paragraph in entry.mandate {
                let context = format!("{} {}: {paragraph}", list.name(), entry.code);
                assert!(paragraphs.contains(paragraph), "{context}");
            }
        }
    }
}

#[test]
fn every_act_stands_in_a_family_that_exists_and_no_family_is_empty() {
    let families: BTreeSet<&str> = vocabulary::acts().iter().map(|act| act.family).collect();
    let known: BTreeSet<&str> = vocabulary::act_families()
        .iter()
        .map(|one| one.code)
        .collect();
    assert_eq!(families, known);
}

#[test]
fn references_to_the_events_standard_formats_have_their_shape() {
    for list in vocabulary::all() {
        for reference in list.iter().flat_map(|entry| entry.esf) {
            let digits = reference.term.bytes().all(|byte| byte.is_ascii_digit());
            let twelve =
                !matches!(reference.thesaurus, 4 | 24) || [0, 12].contains(&reference.term.len());
            assert!(
                digits && twelve && (1..=69).contains(&reference.thesaurus),
                "{reference:?}"
            );
        }
    }
}

#[test]
fn the_three_groups_of_the_indicator_are_all_there() {
    for group in [
        SdgGroup::Defender,
        SdgGroup::Journalist,
        SdgGroup::TradeUnionist,
    ] {
        assert!(
            vocabulary::victims()
                .iter()
                .any(|entry| entry.sdg_group == Some(group))
        );
    }
}

#[test]
fn only_reasonable_grounds_to_believe_and_above_are_called_verified() {
    let verified: Vec<&str> = vocabulary::standards()
        .iter()
        .map(|entry| entry.code)
        .filter(|code| Term::<Standards>::told(*code).is_verified())
        .collect();
    assert_eq!(
        verified,
        [
            "grounds-to-believe",
            "balance-of-probabilities",
            "judicially-established"
        ]
    );
    assert!(!Term::<Standards>::told("grounds-to-believe-surely").is_verified());
}

#[test]
fn every_coded_dimension_has_its_list_and_not_asked_is_never_no() {
    let mut lists = 0;
    for dimension in vocabulary::dimensions() {
        let Some(values) = vocabulary::values_of(dimension.code) else {
            continue;
        };
        lists += 1;
        if values.find("no").is_some() {
            assert!(values.find("not-asked").is_some() && values.find("not-said").is_some());
        }
    }
    assert_eq!(lists, 15);
}

#[test]
fn an_unknown_word_is_kept_shown_safely_and_not_printed_in_a_debug_text() {
    let term: Term<Acts> = Term::told("amina\u{202E}");
    assert_eq!(term.as_str(), "amina\u{202E}");
    assert_eq!(term.label(English), "amina⟦U+202E⟧");
    assert_eq!(term.code(), None);
    assert_eq!(format!("{term:?}"), "(a word not in the list)");
    assert_eq!(Term::<Acts>::known("amina"), None);
}

#[test]
fn a_code_goes_to_its_number_and_back() {
    let code = Code::<Victims>::of("journalist").unwrap();
    assert_eq!(Code::<Victims>::numbered(code.number()), Some(code));
    assert_eq!(code.label(French), "Journaliste");
    assert_eq!(Term::from(code).as_str(), "journalist");
    assert_eq!(Code::<Victims>::numbered(0), None);
}

#[test]
fn french_answers_french_and_every_other_language_is_answered_in_english() {
    for (tag, language) in [
        ("fr", French),
        ("FR-cd", French),
        ("fr_CA", French),
        ("en", English),
        ("frr", English),
        ("ln", English),
        ("", English),
    ] {
        assert_eq!(Language::of_tag(tag), language, "{tag}");
    }
}
