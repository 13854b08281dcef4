//! Claims about what else a desk knows of what a case speaks of, and about a case in the order of its
//! days.

use super::*;

/// An act, with what is known of it.
fn act<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("kind", "beating"),
        ("group", "hrd"),
        ("stage", "completed"),
        ("sphere", "offline"),
    ];
    fields.extend(more);
    fields
}

impl Browser {
    fn codes(&mut self, case: u64, more: &[(&str, &str)]) {
        let page = self.post(&format!("/case/{case}/code"), &act(more));
        assert_eq!(page.status, 303, "{}", page.text);
    }

    /// The page of one thing that a case speaks of, by how it is written there.
    fn looks_elsewhere(&mut self, case: u64, said: &str) -> Page {
        let page = self.get(&format!("/case/{case}")).text;
        let before = page
            .split(&format!("<bdi>{said}</bdi></a>"))
            .next()
            .unwrap()
            .rsplit("<a href=\"")
            .next()
            .unwrap();
        let path = before.split('"').next().unwrap().to_owned();
        assert!(path.contains("/elsewhere/"), "{said}: {path}");
        self.get(&path)
    }
}

/// What a list of a page holds.
fn list<'a>(page: &'a str, id: &str) -> &'a str {
    let rest = page.split(&format!("id=\"{id}\"")).nth(1);
    rest.map_or("", |rest| rest.split("l>").next().unwrap())
}

#[test]
fn the_same_person_place_unit_and_means_are_found_in_the_other_case_with_where_they_stand() {
    let mut browser = Browser::at_a_desk();
    browser.codes(
        1,
        &[
            ("name", "Amadou Traoré"),
            ("place", "Béni"),
            ("perpetrator_name", "Colonel Z"),
            ("perpetrator_unit", "5e brigade"),
            ("technology", "spyware"),
            ("product", "Kestrel"),
        ],
    );
    let shown = browser.get("/case/1").text;
    assert!(shown.contains("5e brigade") && shown.contains("Kestrel"));
    let alone = browser.looks_elsewhere(1, "Kestrel").text;
    assert!(
        alone.contains("id=\"nowhere-else\""),
        "its own case is not another"
    );
    browser.codes(
        2,
        &[
            ("name", "TRAORE, Amadou"),
            ("place", "beni"),
            ("perpetrator_unit", "5E Brigade"),
            ("technology", "spyware"),
            ("product", "kestrel"),
        ],
    );
    for (said, within, written) in [
        ("Amadou Traoré", "#acts\">person 1", "TRAORE, Amadou"),
        ("Béni", "#acts\">event 1", "beni"),
        ("5e brigade", "#act-1\">act 1", "5E Brigade"),
        ("Spyware", "#act-1\">act 1", "Spyware"),
        ("Kestrel", "#act-1\">act 1", "kestrel"),
    ] {
        let page = browser.looks_elsewhere(1, said).text;
        let found = list(&page, "elsewhere");
        assert!(found.contains("id=\"case-2\""), "{said}");
        assert!(
            found.contains(&format!("/case/2{within}")),
            "{said}: {found}"
        );
        assert!(found.contains(&format!("<bdi>{written}</bdi>")), "{said}");
    }
    let page = browser.looks_elsewhere(1, "Colonel Z").text;
    assert!(
        page.contains("id=\"nowhere-else\""),
        "another name is nobody's"
    );
    // What was erased is spoken of nowhere.
    browser.post(
        "/case/2/erase",
        &[("reason", "asked for"), ("understood", "yes")],
    );
    assert!(
        browser
            .looks_elsewhere(1, "Kestrel")
            .text
            .contains("id=\"nowhere-else\"")
    );
    for path in [
        "/case/1/elsewhere/0",
        "/case/1/elsewhere/99",
        "/case/9/elsewhere/1",
    ] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_source_is_looked_up_by_nobody() {
    let mut browser = Browser::at_a_desk();
    for case in [1, 2] {
        let source = [
            ("kind", "witness"),
            ("name", "Old Baker"),
            ("says", "saw it"),
        ];
        let page = browser.post(&format!("/case/{case}/source"), &source);
        assert_eq!(page.status, 303, "{}", page.text);
    }
    let page = browser.get("/case/1").text;
    assert!(page.contains("Old Baker") && !page.contains("/elsewhere/"));
}

#[test]
fn a_case_in_the_order_of_days_says_which_day_is_not_known_and_places_nothing_without_one() {
    let mut browser = Browser::at_a_desk();
    browser.codes(1, &[("first", "2026-05-02"), ("country", "TD")]);
    browser.codes(1, &[("first", "2026-03"), ("country", "TD")]);
    browser.codes(1, &[]);
    let task = [("what", "Call her"), ("who", "bo"), ("by", "2026-12-24")];
    assert_eq!(browser.post("/case/1/task", &task).status, 303);
    let page = browser.get("/case/1").text;
    assert!(page.contains("href=\"/case/1/timeline\""));
    let page = browser.get("/case/1/timeline").text;
    let past = list(&page, "past");
    let at = |what: &str| {
        past.find(what)
            .unwrap_or_else(|| panic!("no {what}: {past}"))
    };
    assert!(at("1 Mar 2026") < at("31 Mar 2026") && at("day not known") < at("2 May 2026"));
    assert!(at("#act-2") < at("#act-1") && at("#act-1") < at("#letter-1"));
    assert_eq!(past.matches("day not known").count(), 1);
    assert!(list(&page, "ahead").contains("Call her"));
    assert!(list(&page, "undated").contains("#act-3") && !past.contains("#act-3"));
    assert_eq!(browser.get("/case/9/timeline").status, 404);
}

#[test]
fn both_pages_hold_to_the_rules_of_all_pages() {
    let mut browser = Browser::at_a_desk();
    for case in [1, 2] {
        browser.codes(
            case,
            &[("name", "Amadou"), ("first", "2026"), ("country", "TD")],
        );
    }
    let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
    for path in ["/case/1/timeline", "/case/1/elsewhere/1", "/case/1"] {
        let pages = ["en", "fr"].map(|tag| {
            browser.post("/language", &[("language", tag), ("back", "/")]);
            let page = browser.get(path);
            assert_eq!(page.status, 200, "{path}");
            let ids: Vec<&str> = page.text.split(" id=\"").skip(1).collect();
            let ids: Vec<&str> = ids.iter().map(|at| at.split('"').next().unwrap()).collect();
            let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(once.len(), ids.len(), "{path}: an id stands twice");
            page.text
        });
        assert_eq!(shape(&pages[0]), shape(&pages[1]), "{path}");
        for word in ["What else", "In the order", "Up to", "In this case"] {
            assert!(!pages[1].contains(&format!(">{word}")), "{path}: {word}");
        }
    }
}
