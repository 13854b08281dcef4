//! Claims about the page on which a document is looked at and saved.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use super::tests::{Browser, Page, answer};

const LETTER: [(&str, &str); 7] = [
    ("kind", "urgent-appeal"),
    ("purpose", "un-special-procedures"),
    ("identity", "none"),
    ("tongue", "fr"),
    ("to", "The Special Rapporteur"),
    ("office", "House of Testimony"),
    ("body", "They took him at night. Amadou Traoré saw it."),
];

/// The letter, with some fields in other words.
fn letter<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = LETTER.iter();
    let kept = kept.filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed).copied().collect()
}

impl Browser {
    fn agrees(&mut self, purpose: &str) {
        let yes = answer(&[("purpose", purpose), ("answer", "yes")]);
        assert_eq!(self.post("/case/1/consent", &yes).status, 303);
    }

    fn looks(&mut self, changed: &[(&str, &str)]) -> Page {
        self.post("/case/1/papers", &letter(changed))
    }
}

/// Every word of the preview.
fn leaves(page: &Page) -> &str {
    let rest = page.text.split("id=\"leaves\"").nth(1).expect("no preview");
    rest.split("</div>").next().unwrap()
}

fn seen(page: &Page) -> String {
    let rest = page.text.split("name=\"seen\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn nothing_is_shown_that_no_consent_covers_and_what_was_typed_is_not_lost() {
    let mut browser = Browser::at_a_desk();
    assert!(
        browser
            .get("/case/1")
            .text
            .contains("href=\"/case/1/papers\"")
    );
    assert_eq!(browser.get("/case/1/papers").status, 200);
    assert_eq!(browser.get("/case/99/papers").status, 404);
    let refused = browser.looks(&[]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("id=\"papers-refused\""));
    assert!(!refused.text.contains("id=\"leaves\""));
    assert!(refused.text.contains("Amadou Traoré saw it."));
}

#[test]
fn what_is_saved_is_what_was_seen_in_the_language_that_was_chosen() {
    let mut browser = Browser::at_a_desk();
    browser.agrees("un-special-procedures");
    let page = browser.looks(&[]);
    assert_eq!(page.status, 200);
    let preview = leaves(&page);
    assert!(preview.contains("Circonstances détaillées") && preview.contains("House of Testimony"));
    let seen = seen(&page);
    let saved = browser.looks(&[("as", "text"), ("seen", &seen)]);
    assert_eq!(saved.status, 200);
    let shown = preview.split_once('>').unwrap().1;
    assert_eq!(saved.text, shown.replace("&amp;", "&"));
    // Field by field, the same.
    assert!(page.text.contains("id=\"copy-0\""));
}

#[test]
fn a_document_that_changed_since_it_was_seen_is_looked_at_again_before_it_is_saved() {
    let mut browser = Browser::at_a_desk();
    browser.agrees("un-special-procedures");
    let seen = seen(&browser.looks(&[]));
    let other = [("as", "text"), ("seen", &seen), ("body", "Another letter.")];
    let changed = browser.looks(&other);
    assert_eq!(changed.status, 422);
    assert!(changed.text.contains("id=\"papers-changed\""));
    assert!(leaves(&changed).contains("Another letter."));
}

#[test]
fn consent_withdrawn_between_looking_and_saving_leaves_nothing_to_save() {
    let mut browser = Browser::at_a_desk();
    browser.agrees("un-special-procedures");
    let seen = seen(&browser.looks(&[]));
    let withdrawn = browser.post("/case/1/withdraw", &[("consent", "1"), ("reason", "asked")]);
    assert_eq!(withdrawn.status, 303);
    let saved = browser.looks(&[("as", "text"), ("seen", &seen)]);
    assert_eq!(saved.status, 422);
    assert!(saved.text.contains("id=\"papers-refused\""));
    assert!(!saved.text.contains("id=\"leaves\""));
}

#[test]
fn a_word_that_is_taken_out_is_neither_in_the_preview_nor_in_what_is_saved() {
    let mut browser = Browser::at_a_desk();
    browser.agrees("un-special-procedures");
    let out = ("out", "amadou traore");
    let page = browser.looks(&[out]);
    assert!(!leaves(&page).contains("Amadou") && leaves(&page).contains("[…] ("));
    let seen = seen(&page);
    let saved = browser.looks(&[out, ("as", "text"), ("seen", &seen)]);
    assert_eq!(saved.status, 200);
    assert!(!saved.text.contains("Amadou") && saved.text.contains("[…] ("));
}

#[test]
fn a_desk_that_locked_keeps_the_letter_in_its_page() {
    let mut browser = Browser::at_a_desk();
    browser.house.lock();
    let locked = browser.looks(&[]);
    assert!(locked.text.contains("Amadou Traoré"));
    assert!(!locked.text.contains("id=\"leaves\""));
}
