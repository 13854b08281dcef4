//! Claims about the list of readable files that left the desk.

use super::*;

/// A letter under a consent that stands, as it is looked at.
const LETTER: [(&str, &str); 7] = [
    ("kind", "urgent-appeal"),
    ("purpose", "un-special-procedures"),
    ("identity", "none"),
    ("tongue", "en"),
    ("to", "The Special Rapporteur"),
    ("office", "House of Testimony"),
    ("body", "They took him at night."),
];

impl Browser {
    /// Saves a letter of case 1 as text.
    fn saves_a_letter(&mut self) -> Page {
        let yes = answer(&[("purpose", "un-special-procedures"), ("answer", "yes")]);
        assert_eq!(self.post("/case/1/consent", &yes).status, 303);
        let look = self.post("/case/1/papers", &LETTER).text;
        let seen = look.split("name=\"seen\" value=\"").nth(1).unwrap();
        let seen = seen.split('"').next().unwrap().to_owned();
        let mut fields = LETTER.to_vec();
        fields.extend([("seen", seen.as_str()), ("as", "text")]);
        self.post("/case/1/papers", &fields)
    }

    fn readable(&self) -> Vec<crate::ReadableFile> {
        let files = self.house.with_desk(|desk| desk.readable_files().unwrap());
        files.unwrap()
    }

    fn locks(&mut self) -> String {
        assert_eq!(self.post("/lock", &[]).status, 303);
        self.get("/").text
    }

    fn unlocks(&mut self) {
        let typed = [("passphrase", "the passphrase"), ("to", "/")];
        assert_eq!(self.post("/unlock", &typed).status, 303);
    }
}

#[test]
fn a_document_that_is_saved_stands_on_the_list_until_a_person_says_that_it_is_gone() {
    let mut browser = Browser::at_a_desk();
    assert!(
        browser
            .get("/readable-files")
            .text
            .contains("id=\"no-readable\"")
    );
    let looked = browser.post("/case/1/papers", &LETTER);
    assert_eq!(looked.status, 422, "nothing is covered yet");
    assert_eq!(
        browser.readable(),
        [],
        "what is only looked at does not leave"
    );
    assert!(browser.saves_a_letter().text.contains("took him at night"));
    let page = browser.get("/readable-files").text;
    for told in [
        "document.txt",
        "href=\"/case/1\"",
        "I have removed it",
        "name=\"number\" value=\"1\"",
    ] {
        assert!(page.contains(told), "{told}");
    }
    // It stands there after the desk was locked and opened again.
    browser.locks();
    browser.unlocks();
    assert_eq!(browser.readable().len(), 1);
    assert_eq!(
        browser.post("/readable-files", &[("number", "2")]).status,
        303
    );
    assert_eq!(
        browser.readable().len(),
        1,
        "another number removes nothing"
    );
    browser.post("/readable-files", &[("number", "1")]);
    assert!(browser.get("/").text.contains("by your word"));
    assert_eq!(browser.readable(), []);
    // Its number is not given again: a page that stands open elsewhere ticks off no other file.
    browser.saves_a_letter();
    assert_eq!(browser.readable()[0].number, 2);
}

#[test]
fn a_file_of_a_letter_leaves_only_when_it_stands_on_the_list() {
    let mut browser = Browser::at_a_desk();
    let told = [
        ("channel", "walk-in"),
        ("told_on", "2026-11-20"),
        ("by", "A monitor"),
        ("narrative", "With a scan."),
    ];
    let taken = browser.bring(&told, &[b"\x89PNG\r\n\x1a\nscan"]);
    assert_eq!(taken.status, 303, "{}", taken.text);
    let asked = browser.asked("GET", "/case/3/file/1");
    assert!(browser.house.answer(&asked).file.is_some());
    let listed = browser.readable();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].case, Some(3));
    assert_eq!(browser.get("/case/3/file/2").status, 404);
    assert_eq!(
        browser.readable().len(),
        1,
        "what is not handed out is not listed"
    );
}

#[test]
fn whoever_opens_the_desk_is_told_what_still_lies_outside_and_a_locked_one_tells_nobody() {
    let mut browser = Browser::at_a_desk();
    browser.locks();
    browser.unlocks();
    assert!(!browser.get("/").text.contains("outside the vault"));
    browser.saves_a_letter();
    assert!(!browser.locks().contains("outside"));
    browser.unlocks();
    // It locks by itself before the page was fetched that would have said it.
    browser.days_later(1);
    browser.house.lock_if_idle();
    let locked = browser.get("/").text;
    assert!(locked.contains("name=\"passphrase\"") && !locked.contains("outside"));
    browser.unlocks();
    assert!(browser.get("/").text.contains("One readable file still"));
    assert!(!browser.get("/").text.contains("One readable"), "told once");
    // Whoever erases the case is told, too, before and after.
    let told = "id=\"readable-of-case\"";
    assert!(browser.get("/case/1").text.contains(told));
    assert!(!browser.get("/case/2").text.contains(told));
    let fields = [("reason", "asked"), ("understood", "yes")];
    assert_eq!(browser.post("/case/1/erase", &fields).status, 303);
    assert!(browser.get("/case/1").text.contains(told));
}

#[test]
fn where_the_list_cannot_be_kept_nothing_leaves_and_nobody_is_told_that_nothing_did() {
    let mut browser = Browser::at_a_desk();
    let spoil = |desk: &mut Desk| desk.change(|_, w| w.set("readable-files", b"\xff"));
    browser.house.with_desk(spoil).unwrap().unwrap();
    let refused = browser.saves_a_letter();
    assert_eq!(
        (refused.status, refused.location.as_str()),
        (303, "/readable-files")
    );
    let page = browser.get("/readable-files").text;
    assert!(page.contains("id=\"unread\"") && !page.contains("no-readable"));
}

#[test]
fn what_the_desk_wrote_it_deletes_and_nothing_beside_it() {
    let mut browser = Browser::at_a_desk();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("2026-q1");
    std::fs::create_dir(&own).unwrap();
    for name in ["figures.csv", "changed.csv", "theirs.txt"] {
        std::fs::write(own.join(name), "1,2").unwrap();
    }
    let written = |desk: &mut Desk| {
        desk.change(|ledger, w| {
            let bytes = |name: &str| (name.to_owned(), b"1,2".to_vec());
            let files = ["figures.csv", "changed.csv", "gone.csv"].map(bytes);
            let holds = crate::Holds::Figures;
            crate::readable::will_be_written(ledger, w, holds, &own, &files, NOON)
        })
    };
    for _ in 0..2 {
        browser.house.with_desk(written).unwrap().unwrap();
    }
    assert_eq!(browser.readable().len(), 1, "written over, and told once");
    let page = browser.get("/readable-files").text;
    assert!(page.contains("figures.csv") && page.contains("Delete it"));
    assert!(
        !browser.locks().contains("outside the vault"),
        "made to be read"
    );
    browser.unlocks();
    let number = browser.readable()[0].number.to_string();
    // A disk that was taken out is not a deleted file.
    let away = folder.path().join("away");
    std::fs::rename(&own, &away).unwrap();
    browser.post("/readable-files", &[("number", &number)]);
    assert!(browser.get("/").text.contains("Put the disk in"));
    assert_eq!(browser.readable().len(), 1);
    std::fs::rename(&away, &own).unwrap();
    std::fs::write(own.join("changed.csv"), "somebody else's").unwrap();
    browser.post("/readable-files", &[("number", &number)]);
    assert!(
        browser
            .get("/")
            .text
            .contains("no longer as the desk wrote")
    );
    assert_eq!(browser.readable(), []);
    let left = |name: &str| own.join(name).exists();
    assert!(!left("figures.csv") && left("changed.csv") && left("theirs.txt"));
    // Where the folder is gone for good, a person's word ends it.
    browser.house.with_desk(written).unwrap().unwrap();
    std::fs::remove_dir_all(&own).unwrap();
    let number = browser.readable()[0].number.to_string();
    browser.post(
        "/readable-files",
        &[("number", &number), ("said_so", "yes")],
    );
    assert_eq!(browser.readable(), []);
}
