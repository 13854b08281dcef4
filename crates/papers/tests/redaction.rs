//! What is taken out of a text.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "../../casework/tests/scene/mod.rs"]
mod scene;

use casework::*;
use papers::documents::DocumentLanguage;
use papers::redaction::{CannotRemove, Mask, Passage, Reason, names_in, quoted};
use record::{ActId, Item, Response, ResponseId, Term};
use scene::*;

fn without(text: &str, names: &[&str]) -> String {
    let masks = names_in(text, names, Reason::PersonalData);
    let passage = Passage::from(text).cut(&masks).unwrap();
    let mut left = String::new();
    for piece in passage.pieces() {
        match piece {
            papers::redaction::Piece::Kept(text) => left.push_str(text),
            papers::redaction::Piece::Removed(_) => left.push('#'),
        }
    }
    left
}

#[test]
fn a_name_is_found_however_it_is_spelled() {
    for (text, left) in [
        ("Aïcha Kaboré left.", "# left."),
        ("AICHA KABORE left.", "# left."),
        ("Ai\u{308}cha\nKabore\u{301} left.", "# left."),
        ("A\u{200B}ïcha Kaboré", "#"),
        ("\u{202E}Aïcha Kaboré", "\u{202E}#"),
        ("Aïcha-Kaboré, Aïcha, and Kaboré", "#, #, and #"),
        ("No one of that name", "No one of that name"),
    ] {
        assert_eq!(without(text, &["Aïcha Kaboré"]), left);
    }
    assert_eq!(without("وأمينة كابوري هنا", &["أمينة كابوري"]), "و# هنا");
    assert_eq!(without("记者阿米娜昨天被捕", &["阿米娜"]), "记者#昨天被捕");
}

#[test]
fn a_part_of_a_name_is_no_name_inside_another_word_or_without_its_capital() {
    assert_eq!(
        without("The rose. Rosemary. Rose.", &["Rose Diallo"]),
        "The rose. Rosemary. #."
    );
    assert_eq!(
        without("An Angolan, an Italian and An", &["An"]),
        "# Angolan, an Italian and #"
    );
}

#[test]
fn an_initial_before_an_apostrophe_goes_with_its_name() {
    for (text, left) in [
        ("O'Connor was there, o’connor too.", "# was there, # too."),
        ("Mr O Connor and Connor", "Mr # and #"),
        ("Sean O\u{2019}\u{200B}Connor", "#"),
        ("No connoisseur", "No connoisseur"),
    ] {
        assert_eq!(without(text, &["Sean O’Connor"]), left);
    }
    assert_eq!(without("Ali N'Diaye", &["Awa N’Diaye"]), "Ali #");
}

#[test]
fn an_answer_that_is_quoted_reads_in_the_order_in_which_it_stands() {
    let mut scene = answered();
    let response = Response {
        id: ResponseId(2),
        by: "Ministry\u{202E}".into(),
        way: Term::told("note-verbale"),
        kinds: vec![Term::told("denied-facts")],
        text: "We did \u{202E}ton\u{202C} order it.".into(),
        authenticity: Term::told("asked-back"),
        ..Response::default()
    };
    scene.does("amina", |case, stamp| {
        record_response(case, None, response, stamp)
    });
    let page = page(scene.the_case());
    let quote = quoted(&page, ResponseId(2), &[]).unwrap();
    assert_eq!(quote.says.kept(), "We did ⟦U+202E⟧ton⟦U+202C⟧ order it.");
    assert_eq!(quote.by.kept(), "Ministry⟦U+202E⟧");
}

#[test]
fn nothing_is_removed_by_a_mask_that_names_no_part_of_the_text() {
    let passage = Passage::from("né à Goma");
    let cut = |span| {
        passage.cut(&[Mask {
            span,
            reason: Reason::Safety,
        }])
    };
    assert_eq!(cut(0..2), Err(CannotRemove::InsideACharacter));
    assert_eq!(cut(3..3), Err(CannotRemove::NothingThere));
    assert_eq!(cut(3..99), Err(CannotRemove::NothingThere));
    assert_eq!(
        cut(usize::MAX - 1..usize::MAX),
        Err(CannotRemove::NothingThere)
    );
    let left = cut(7..11).unwrap();
    assert_eq!(left.kept(), "né à ");
    assert_eq!(
        left.reading(DocumentLanguage::French),
        "né à […] (sécurité d’une personne)"
    );
}

#[test]
fn masks_that_overlap_are_seen_as_one_and_leave_nothing_between_them() {
    let passage = Passage::from("0123456789");
    let mask = |span, reason| Mask { span, reason };
    let left = passage
        .cut(&[
            mask(4..8, Reason::Source),
            mask(2..5, Reason::Child),
            mask(8..9, Reason::Child),
        ])
        .unwrap();
    assert_eq!(left.kept(), "019");
    assert_eq!(left.removed().collect::<Vec<_>>(), [Reason::Child]);
    // More is removed of what is left, by its own places.
    let less = left.cut(&[mask(1..3, Reason::Safety)]).unwrap();
    assert_eq!(less.kept(), "0");
}

fn answered() -> Scene {
    let mut scene = Scene::with_a_letter()
        .verified()
        .consents("un-special-procedures")
        .consents("public-anonymous");
    let letter = scene.sends();
    let response = Response {
        id: ResponseId(1),
        by: "Ministry of Justice".into(),
        way: Term::told("note-verbale"),
        kinds: vec![Term::told("denied-facts")],
        text: "Colonel Brume has ordered no arrest. Ms. Tanoh, of 4 Rue du Puits, complained."
            .into(),
        authenticity: Term::told("asked-back"),
        ..Response::default()
    };
    scene.does("amina", |case, stamp| {
        record_response(case, Some(letter), response, stamp)
    });
    scene
}

fn page(case: &Case) -> PublicPage<'_> {
    let items = [Item::Act(ActId(1))];
    let covered = case.covers_items(
        purpose("public-anonymous"),
        "",
        &items,
        level("none"),
        today(),
    );
    PublicPage::new(covered.unwrap(), case.response_block(TODAY).unwrap()).unwrap()
}

#[test]
fn an_answer_is_quoted_word_for_word_but_for_others_and_stays_whole_in_the_case() {
    let scene = answered();
    let page = page(scene.the_case());
    let whole = quoted(&page, ResponseId(1), &[]).unwrap();
    assert_eq!(
        whole.says.kept(),
        scene.the_case().responses()[0].response.text
    );
    let text = whole.says.kept();
    let masks = names_in(&text, &["Tanoh", "4 Rue du Puits"], Reason::PersonalData);
    let quote = quoted(&page, ResponseId(1), &masks).unwrap();
    assert_eq!(
        quote.says.reading(DocumentLanguage::English),
        "Colonel Brume has ordered no arrest. Ms. […] (personal data of someone else), of […] \
         (personal data of someone else), complained."
    );
    assert!(
        scene.the_case().responses()[0]
            .response
            .text
            .contains("Tanoh")
    );
    assert_eq!(quote.by.kept(), "Ministry of Justice");
}

#[test]
fn only_an_answer_of_the_page_is_quoted() {
    let scene = answered();
    let page = page(scene.the_case());
    assert_eq!(
        quoted(&page, ResponseId(2), &[]),
        Err(CannotRemove::NoSuchAnswer)
    );
    let beyond = Mask {
        span: 0..9_999,
        reason: Reason::Safety,
    };
    assert_eq!(
        quoted(&page, ResponseId(1), &[beyond]),
        Err(CannotRemove::NothingThere)
    );
}

#[test]
fn a_name_is_found_with_another_apostrophe_in_capitals_of_its_language_and_with_two_letters() {
    for (text, name, left) in [
        ("Mme N’Guessan vint.", "Awa N'Guessan", "Mme # vint."),
        ("O'CONNOR spoke.", "O’Connor", "# spoke."),
        ("IŞIL and Isil came.", "Işıl", "# and # came."),
        ("Lukasz Walesa", "Łukasz Wałęsa", "#"),
        ("ΝΙΚΟΣ came.", "Νίκος", "# came."),
        ("Officer Ng and the ng.", "Mei Ng", "Officer # and the ng."),
        (
            "La police arrêta Cruz.",
            "Ana de La Cruz",
            "La police arrêta #.",
        ),
    ] {
        assert_eq!(without(text, &[name]), left, "{name}");
    }
}

#[test]
fn of_a_contact_the_number_and_the_address_are_found_alone_and_no_other_word() {
    let contact = "Signal +226 70000000, aicha.k@example.org";
    let text = "Signal works. Write to aicha.k@example.org or 70000000.";
    assert_eq!(without(text, &[contact]), "Signal works. Write to # or #.");
}
