//! Claims about choosing cases, and about searches that are kept under a name.

use super::*;

impl Browser {
    /// The numbers of the cases a page lists.
    fn listed(&mut self, path: &str) -> Vec<u32> {
        numbers(&self.get(path).text)
    }

    /// Makes case 1 a beating in Chad by a phone that was broken into, urgent, led by somebody.
    fn knows_case_1(&mut self) {
        let act = [
            ("kind", "beating"),
            ("group", "hrd"),
            ("stage", "completed"),
            ("sphere", "offline"),
            ("country", "TD"),
            ("technology", "spyware"),
        ];
        for (verb, fields) in [
            ("code", act.as_slice()),
            (
                "triage",
                &[("urgency", "now"), ("reason", "They wait outside.")],
            ),
            ("assign", &[("who", "zoe")]),
            (
                "task",
                &[("what", "Call"), ("who", "bo"), ("by", "2026-11-24")],
            ),
        ] {
            let page = self.post(&format!("/case/1/{verb}"), fields);
            assert_eq!(page.status, 303, "{verb}: {}", page.text);
        }
    }

    /// The sign that stands for zoe in an address.
    fn sign(&mut self) -> String {
        let page = self.get("/?show=open").text;
        let choice = options(&page, "filter-lead").to_owned();
        let before = choice.split(">zoe<").next().unwrap();
        let value = before.rsplit("value=\"").next().unwrap();
        value.split('"').next().unwrap().to_owned()
    }
}

fn numbers(page: &str) -> Vec<u32> {
    page.split("<li id=\"case-")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn each_part_of_a_choice_leaves_only_the_cases_that_fit_it() {
    let mut browser = Browser::at_a_desk();
    browser.knows_case_1();
    assert_eq!(browser.listed("/?show=open"), [1, 2]);
    let sign = browser.sign();
    for (name, fits, fits_not) in [
        ("state", "documenting", "closed"),
        ("urgency", "now", "soon"),
        ("country", "TD", "CD"),
        ("act", "beating", "killing"),
        ("technology", "spyware", "phishing"),
        ("lead", sign.as_str(), "0badc0de"),
        ("due", "week", "late"),
    ] {
        let path = format!("/?show=open&{name}={fits}");
        assert_eq!(browser.listed(&path), [1], "{name}");
        let path = format!("/?show=open&{name}={fits_not}");
        let page = browser.get(&path).text;
        assert_eq!(numbers(&page), [0; 0], "{name}");
        assert!(page.contains("fits what was chosen"), "{name}");
    }
    assert_eq!(browser.listed("/?show=open&urgency=none"), [2]);
    assert_eq!(browser.listed("/?show=open&lead=nobody"), [2]);
    assert_eq!(browser.listed("/?show=open&lead=me"), [0; 0]);
    // All that is chosen must fit.
    assert_eq!(
        browser.listed("/?show=open&country=TD&urgency=none"),
        [0; 0]
    );
    // What no list knows is not chosen.
    assert_eq!(
        browser.listed("/?show=open&country=Z%22&act=x&due=1"),
        [1, 2]
    );
    browser.days_later(30);
    assert_eq!(browser.listed("/?show=open&due=late&act=beating"), [1]);
}

#[test]
fn an_address_holds_codes_and_no_word_that_was_typed_and_no_colleague() {
    let mut browser = Browser::at_a_desk();
    browser.knows_case_1();
    let sign = browser.sign();
    assert!(sign.len() == 8 && !sign.contains("zoe"), "{sign}");
    let page = browser.get("/?show=mine&act=beating").text;
    assert!(page.contains("<form id=\"filter\" method=\"get\" action=\"/\""));
    assert!(
        page.contains("href=\"/?show=ended&amp;act=beating\""),
        "kept from list to list"
    );
    // Where words are looked for, the form is sent.
    let found = browser
        .post("/search", &[("typed", "followed"), ("urgency", "none")])
        .text;
    assert!(found.contains("<form id=\"filter\" method=\"post\" action=\"/search\""));
    let saved = browser.post("/saved", &[("typed", "followed"), ("name", "Shadows")]);
    let refused = browser.post("/saved", &[("typed", "followed"), ("name", "")]);
    let saved_page = browser.get("/saved/1").text;
    assert_eq!(saved.location, "/saved/1");
    for page in [&found, &refused.text, &saved_page] {
        let after = |at: &'static str| page.split(at).skip(1);
        let addresses = after("href=\"").chain(after("action=\""));
        let addresses: Vec<&str> = addresses.filter_map(|at| at.split('"').next()).collect();
        assert!(addresses.contains(&"/search"), "no page was looked at");
        for address in addresses {
            assert!(!address.contains("followed"), "{address}");
        }
        for form in page.split("method=\"get\"").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert!(
                !form.contains("followed"),
                "words in a form that is asked for"
            );
        }
    }
}

#[test]
fn words_and_a_choice_both_have_to_fit() {
    let mut browser = Browser::at_a_desk();
    browser.knows_case_1();
    let mut found = |fields: &[(&str, &str)]| numbers(&browser.post("/search", fields).text);
    assert_eq!(found(&[("typed", "night"), ("country", "TD")]), [1]);
    assert_eq!(found(&[("typed", "followed"), ("country", "TD")]), [0; 0]);
    assert_eq!(found(&[("typed", ""), ("country", "TD")]), [1]);
    assert_eq!(found(&[("typed", "")]), [0; 0], "nothing was asked for");
}

#[test]
fn a_saved_search_lies_in_the_vault_under_its_name_until_somebody_forgets_it() {
    let mut browser = Browser::at_a_desk();
    browser.knows_case_1();
    let nameless = browser.post(
        "/saved",
        &[("show", "open"), ("country", "TD"), ("name", " ")],
    );
    assert_eq!(nameless.status, 422);
    assert!(nameless.text.contains("Give it a name"));
    assert!(
        nameless.text.contains("name=\"country\" value=\"TD\""),
        "what was chosen is kept"
    );
    let nothing = browser.post("/saved", &[("show", "open"), ("name", "All")]);
    assert_eq!(nothing.status, 422, "{}", nothing.text);
    assert!(nothing.text.contains("Choose something to look for first"));
    let chosen = [("show", "open"), ("country", "TD"), ("name", "Our <Chad>")];
    let saved = browser.post("/saved", &chosen);
    assert_eq!(saved.location, "/saved/1", "{}", saved.text);
    let words = [("typed", "followed"), ("name", "Shadows")];
    assert_eq!(browser.post("/saved", &words).location, "/saved/2");
    assert_eq!(browser.post("/lock", &[]).status, 303);
    browser.post("/unlock", &[("passphrase", "the passphrase"), ("to", "/")]);
    assert!(
        browser
            .get("/")
            .text
            .contains("<bdi>Our &lt;Chad&gt;</bdi>")
    );
    assert_eq!(browser.listed("/saved/1"), [1]);
    assert_eq!(browser.listed("/saved/2"), [2]);
    assert!(
        browser
            .get("/saved/1")
            .text
            .contains("href=\"/saved/1\" aria-current=\"page\"")
    );
    // The same name again is the same search, looked for in another way.
    let again = [("urgency", "none"), ("name", "Shadows")];
    assert_eq!(browser.post("/saved", &again).location, "/saved/3");
    assert_eq!(browser.get("/saved/2").location, "/");
    assert_eq!(
        browser.post("/saved/forget", &[("number", "1")]).status,
        303
    );
    assert!(!browser.get("/").text.contains("Our &lt;Chad&gt;"));
    assert_eq!(browser.get("/saved/1").location, "/");
}

#[test]
fn a_search_that_finds_a_case_by_words_goes_with_it_when_it_is_erased() {
    let mut browser = Browser::at_a_desk();
    for (typed, name) in [
        ("night", "One"),
        ("followed", "Two"),
        ("nobody", "At night"),
    ] {
        let fields = [("typed", typed), ("name", name)];
        assert_eq!(browser.post("/saved", &fields).status, 303);
    }
    let fields = [("reason", "asked"), ("understood", "yes")];
    assert_eq!(browser.post("/case/1/erase", &fields).status, 303);
    let left = browser
        .house
        .with_desk(|desk| desk.saved_searches().unwrap());
    let names: Vec<String> = left.unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Two"]);
    // A list that cannot be read holds up no erasing.
    let spoil = |desk: &mut Desk| desk.change(|_, w| w.set("saved-searches", b"\xff"));
    browser.house.with_desk(spoil).unwrap().unwrap();
    assert_eq!(browser.post("/case/2/erase", &fields).status, 303);
    assert!(browser.get("/case/2").text.contains("was erased"));
}

#[test]
fn the_pages_of_choosing_hold_to_the_rules_of_all_pages() {
    let mut browser = Browser::at_a_desk();
    browser.knows_case_1();
    browser.post("/saved", &[("country", "TD"), ("name", "Tchad")]);
    browser.post("/saved", &[("typed", "followed"), ("name", "Filature")]);
    let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
    let paths = [
        "/?show=open&country=TD",
        "/?act=killing",
        "/saved/1",
        "/saved/2",
    ];
    for path in paths {
        let pages = ["en", "fr"].map(|tag| {
            browser.post("/language", &[("language", tag), ("back", "/")]);
            let page = browser.get(path).text;
            let ids = |of: &str| -> Vec<String> {
                let at = page.split(of).skip(1);
                at.map(|rest| rest.split('"').next().unwrap().to_owned())
                    .collect()
            };
            let mut once = ids(" id=\"");
            once.sort_unstable();
            once.dedup();
            assert_eq!(
                once.len(),
                ids(" id=\"").len(),
                "{path}: an id stands twice"
            );
            for of in ids(" for=\"") {
                assert!(once.contains(&of), "{path}: a label of nothing, {of}");
            }
            page
        });
        assert_eq!(shape(&pages[0]), shape(&pages[1]), "{path}");
        for word in ["Choose", "Save", "Show these", "any<"] {
            assert!(!pages[1].contains(&format!(">{word}")), "{path}: {word}");
        }
    }
}
