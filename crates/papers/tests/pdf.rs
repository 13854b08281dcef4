//! What leaves as PDF.
#![cfg(feature = "pdf")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "../../casework/tests/scene/mod.rs"]
mod scene;

use std::io::Read as _;

use casework::*;
use papers::documents::{CannotPrint, Document, DocumentLanguage, Fonts, Office, Submission, pdf};
use record::{Code, Consent, Person, PersonId, Term};
use scene::*;

const FONT: &[u8] = include_bytes!("../../../tests/data/fonts/DejaVuSans.ttf");
const TO: &str = "The Rapporteur";

fn fonts() -> Fonts {
    Fonts::of(vec![FONT.to_vec()]).unwrap()
}

/// A letter of a case in which somebody with this name agreed to be named.
fn document(name: &str, body: &str) -> Document {
    let mut scene = Scene::with_a_letter().coded();
    let person = Person {
        names: vec![name.into()],
        ..journalist()
    };
    scene.does("amina", |case, stamp| record_person(case, person, stamp));
    let consent = Consent {
        subject: PersonId(1),
        identity: Term::told("full-name"),
        ..yes("un-special-procedures")
    };
    scene.does("amina", |case, stamp| {
        record_consent(case, consent, None, stamp)
    });
    let case = scene.the_case();
    let use_ = purpose("un-special-procedures");
    let covered = case.covers(use_, TO, level("full-name"), today()).unwrap();
    let kind = Code::of("urgent-appeal").unwrap();
    let letter = Communication::new(covered, kind, TO, body, today()).unwrap();
    let offices = [Office {
        name: "House of Testimony".into(),
        ..Office::default()
    }];
    let submission = Submission {
        language: DocumentLanguage::English,
        offices: &offices,
        enclosures: &[],
    };
    Document::of_letter(&letter, &submission).unwrap()
}

/// The file and everything that is packed in it.
fn unpacked(file: &[u8]) -> Vec<u8> {
    let mut all = file.to_vec();
    let mut rest = file;
    let find = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).position(|w| w == needle);
    while let Some(at) = find(rest, b"stream\n") {
        rest = &rest[at + 7..];
        let end = find(rest, b"endstream").unwrap_or(rest.len());
        let mut stream = Vec::new();
        // A stream that is not packed stands in the file already.
        if flate2::read::ZlibDecoder::new(&rest[..end])
            .read_to_end(&mut stream)
            .is_ok()
        {
            all.extend(stream);
        }
        rest = &rest[end..];
    }
    all
}

#[test]
fn names_in_latin_and_arabic_letters_are_set_and_two_writings_are_the_same_bytes() {
    for name in ["A\u{ef}cha Kabor\u{e9}", "أمينة كابوري"] {
        let document = document(name, "What happened.");
        let first = pdf(&document, &fonts()).unwrap();
        assert!(first.starts_with(b"%PDF-"));
        assert!(first == pdf(&document, &fonts()).unwrap());
    }
}

#[test]
fn a_printed_file_names_no_author_no_program_and_no_other_day() {
    let file = unpacked(&pdf(&document("Ana", "What happened."), &fonts()).unwrap());
    let file = String::from_utf8_lossy(&file);
    assert!(file.contains("/ToUnicode"), "nothing was unpacked");
    for word in [
        "/Author",
        "/Creator",
        "/Producer",
        "Date",
        "krilla",
        "typst",
    ] {
        assert!(!file.contains(word), "{word}");
    }
}

#[test]
fn a_name_that_no_font_can_show_gives_no_file_and_no_box() {
    let chinese = document("阿米娜", "What happened.");
    let refused = pdf(&chinese, &fonts()).err();
    assert_eq!(refused, Some(CannotPrint::NoGlyph { characters: 3 }));
    assert_eq!(Fonts::of(Vec::new()).err(), Some(CannotPrint::NoFont));
    let broken = Fonts::of(vec![FONT[..2_000].to_vec(), b"no font".to_vec()]);
    assert!(broken.is_err() || pdf(&chinese, &broken.unwrap()).is_err());
}

#[test]
fn a_long_letter_is_set_on_as_many_pages_as_it_needs() {
    let pages = |body: &str| {
        let file = unpacked(&pdf(&document("Ana", body), &fonts()).unwrap());
        let file = String::from_utf8_lossy(&file).into_owned();
        file.matches("/MediaBox").count()
    };
    let long = "They came again, and nobody stopped them. ".repeat(600);
    assert!(pages("Short.") <= 3);
    assert!(pages(&long) > pages("Short.") + 4);
}
