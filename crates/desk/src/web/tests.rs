//! Claims about the door and the pages, without a socket.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_core::SeedableRng;
use record::Report;

mod by_hand;
mod elsewhere;
mod filter;
mod readable;

use super::*;
use crate::settings::OfficeSettings;
use vault::{Cost, Passphrase};

const HOST: &str = "127.0.0.1:4711";
pub(super) const NOON: u64 = 20_779 * 86_400 + 43_200;

pub(super) struct Browser {
    pub(super) house: House,
    clock: Arc<AtomicU64>,
    cookies: Vec<String>,
    _folder: tempfile::TempDir,
}

pub(super) struct Page {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) location: String,
}

impl Browser {
    /// A desk with two imported cases, and a browser that opened the link.
    pub(super) fn at_a_desk() -> Self {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(4);
        let text = format!(
            "name = \"A <b>test</b>\"\nlanguages = [\"en\", \"fr\"]\nrelays = [\"http://127.0.0.1:1\"]\n\
             relay_key = \"{}\"\nsmallest_cell = 2\npublication_delay_days = 0\nzone = \"Asia/Tokyo\"\n",
            "ab".repeat(32)
        );
        let folder = tempfile::tempdir().unwrap();
        let settings = OfficeSettings::read(&text).unwrap();
        let mut desk = Desk::create(
            &folder.path().join("office"),
            &text,
            settings,
            &Passphrase::new("the passphrase"),
            Cost::REHEARSAL,
            NOON,
            &mut rng,
        )
        .unwrap()
        .desk;
        let report = |narrative: &str| Report {
            narrative: narrative.to_owned(),
            ..Report::default()
        };
        let reports = vec![
            report("They came at night.\u{202E}gpj.exe <script>alert(1)</script>"),
            report("Someone followed me."),
        ];
        desk.import(reports, false, NOON, &mut rng).unwrap();
        let clock = Arc::new(AtomicU64::new(NOON));
        let ticking = Arc::clone(&clock);
        let house = House::new(desk, HOST.to_owned(), move || {
            ticking.load(Ordering::Relaxed)
        })
        .with_lens(crate::pictures::codes_in);
        let link = house.new_link();
        let mut browser = Self {
            house,
            clock,
            cookies: Vec::new(),
            _folder: folder,
        };
        let entered = browser.get(link.strip_prefix("http://127.0.0.1:4711").unwrap());
        assert_eq!((entered.status, entered.location.as_str()), (303, "/"));
        browser
    }

    fn ask(&mut self, asked: Asked) -> Page {
        let answered = self.house.answer(&asked);
        for cookie in &answered.cookies {
            let pair = cookie.split(';').next().unwrap().to_owned();
            let name = pair.split('=').next().unwrap().to_owned();
            self.cookies.retain(|kept| !kept.starts_with(&name));
            self.cookies.push(pair);
        }
        Page {
            status: answered.status,
            text: String::from_utf8(answered.body).unwrap(),
            location: answered.location.unwrap_or_default(),
        }
    }

    fn asked(&self, method: &str, path: &str) -> Asked {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Asked {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            host: Some(HOST.to_owned()),
            origin: (method == "POST").then(|| format!("http://{HOST}")),
            fetch_site: Some("same-origin".to_owned()),
            cookie: Some(self.cookies.join("; ")),
            body: Vec::new(),
            files: Vec::new(),
            cut: false,
        }
    }

    pub(super) fn get(&mut self, path: &str) -> Page {
        let asked = self.asked("GET", path);
        self.ask(asked)
    }

    fn token(&mut self) -> String {
        let page = self.get("/").text;
        let at = page.split("name=\"token\" value=\"").nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    }

    pub(super) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token();
        let mut body = format!("token={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let mut asked = self.asked("POST", path);
        asked.body = body.into_bytes();
        self.ask(asked)
    }

    /// What a real browser is answered when it sends a form.
    fn sends_off(&mut self, path: &str, fields: &str) -> Answered {
        let token = self.token();
        let mut asked = self.asked("POST", path);
        asked.body = format!("token={token}&{fields}").into_bytes();
        self.house.answer_browser(&asked)
    }

    /// Lets days pass.
    pub(super) fn days_later(&self, days: u64) {
        self.clock.store(NOON + days * 86_400, Ordering::Relaxed);
    }

    fn cases(&self) -> usize {
        self.house
            .with_desk(|desk| desk.office().cases().len())
            .unwrap()
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[test]
fn whoever_has_no_business_here_gets_a_bare_404() {
    let mut browser = Browser::at_a_desk();
    let nothing = Answered::nothing_here();
    let good = browser.asked("GET", "/case/1");
    assert_eq!(browser.ask(good.clone()).status, 200);
    let token = browser.token();
    let strangers = [
        Asked {
            cookie: None,
            ..good.clone()
        },
        Asked {
            host: Some("attacker.example:4711".to_owned()),
            ..good.clone()
        },
        Asked {
            host: Some("localhost:4711".to_owned()),
            ..good.clone()
        },
        Asked {
            fetch_site: Some("cross-site".to_owned()),
            ..good.clone()
        },
        Asked {
            method: "PUT".to_owned(),
            ..good.clone()
        },
        Asked {
            path: "/case/1/../../etc".to_owned(),
            ..good.clone()
        },
        Asked {
            method: "POST".to_owned(),
            path: "/case/1/note".to_owned(),
            origin: Some("http://attacker.example".to_owned()),
            body: format!("token={token}&text=x").into_bytes(),
            ..good.clone()
        },
        Asked {
            method: "POST".to_owned(),
            path: "/case/1/note".to_owned(),
            origin: Some(format!("http://{HOST}")),
            body: b"text=x".to_vec(),
            ..good.clone()
        },
        Asked {
            method: "POST".to_owned(),
            path: "/lock".to_owned(),
            origin: None,
            body: format!("token={token}").into_bytes(),
            ..good.clone()
        },
    ];
    for stranger in strangers {
        assert_eq!(browser.house.answer(&stranger), nothing, "{stranger:?}");
    }
    let notes = browser
        .house
        .with_desk(|desk| desk.case(1).unwrap().notes().len());
    assert_eq!(notes, Some(0), "still open, and nothing was written");
}

#[test]
fn what_was_told_is_shown_and_never_becomes_the_page() {
    let mut browser = Browser::at_a_desk();
    for path in ["/", "/case/1", "/?show=open"] {
        let page = browser.get(path).text;
        assert!(page.contains("They came at night."), "{path}");
        assert!(page.contains("⟦U+202E⟧"), "{path}");
        assert!(
            !page.contains('\u{202E}') && !page.contains("<script"),
            "{path}"
        );
        assert!(!page.contains("<b>test"), "{path}");
    }
}

/// Pages of a desk with two cases of which nothing was decided.
const PAGES: [&str; 7] = [
    "/",
    "/case/1",
    "/case/1/timeline",
    "/unread",
    "/figures",
    "/office",
    "/readable-files",
];

#[test]
fn no_page_has_a_script_a_foreign_address_or_a_style_of_its_own() {
    let mut browser = Browser::at_a_desk();
    for path in PAGES.into_iter().chain(["/case/99"]) {
        for language in ["en", "fr"] {
            browser.post("/language", &[("language", language), ("back", "/")]);
            let page = browser.get(path);
            assert!(
                page.text.contains(&format!("<html lang=\"{language}\"")),
                "{path}"
            );
            for word in [
                "<script",
                "style=\"",
                "<style",
                "onclick",
                "https://",
                "src=\"http",
            ] {
                assert!(!page.text.contains(word), "{path}: {word}");
            }
            let ids: Vec<&str> = page
                .text
                .split(" id=\"")
                .skip(1)
                .filter_map(|at| at.split('"').next())
                .collect();
            let mut once = ids.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), ids.len(), "{path}: an id stands twice");
        }
    }
    assert_eq!(browser.get("/case/99").status, 404);
    assert_eq!(browser.get("/style.css").status, 200);
}

#[test]
fn a_chooser_of_files_is_as_large_as_any_button_of_the_desk() {
    let rule = |of: &str| {
        let lines = STYLE.lines();
        let found = lines.filter_map(|line| line.strip_prefix(of)?.strip_prefix('{'));
        let said: Vec<&str> = found
            .flat_map(|rule| rule.trim_end_matches('}').split(';'))
            .collect();
        said
    };
    let (button, chooser) = (rule("button"), rule("::file-selector-button"));
    let sizes = [
        "font",
        "font-weight",
        "min-height",
        "padding",
        "border",
        "border-radius",
    ];
    for size in sizes {
        let of = |rule: &[&str]| {
            let said = rule.iter().filter_map(|one| one.split_once(':'));
            said.filter(|(name, _)| *name == size)
                .map(|(_, value)| value.to_owned())
                .next()
        };
        assert!(of(&button).is_some(), "{size}");
        assert_eq!(of(&chooser), of(&button), "{size}");
    }
}

#[test]
fn the_two_languages_say_the_same_things() {
    let mut browser = Browser::at_a_desk();
    for path in PAGES {
        let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
        browser.post("/language", &[("language", "en"), ("back", path)]);
        let english = browser.get(path).text;
        browser.post("/language", &[("language", "fr"), ("back", path)]);
        let french = browser.get(path).text;
        assert_eq!(shape(&english), shape(&french), "{path}");
        assert_ne!(english, french);
        for word in ["Cases", "Office", "Figures", "Lock"] {
            assert!(!french.contains(&format!(">{word}<")), "{path}: {word}");
        }
    }
}

#[test]
fn a_change_of_words_is_told_with_what_it_does_not_show_in_both_languages() {
    let mut browser = Browser::at_a_desk();
    let words = |n: u8| casework::Conversation([n; 32]);
    let letter = |leaf: u8, by: u8, to: Option<u8>| casework::Arrival {
        report: Report {
            narrative: to.map_or_else(|| format!("letter {leaf}"), |_| String::new()),
            words: if leaf == 4 {
                "exposed".into()
            } else {
                record::Term::default()
            },
            ..Report::default()
        },
        came: casework::Came::Sealed {
            leaf: casework::Leaf([leaf; 32]),
            sealed_by: casework::SealedBy::Page,
            conversation: Some(words(by)),
            acknowledges: None,
            saw_epoch: None,
            hands_over: to.map(words),
        },
    };
    let arrivals = [
        letter(1, 1, None),
        // Overtakes the change.
        letter(2, 2, None),
        letter(3, 1, Some(2)),
        // After it: by the old words, to a third; by the new ones, back to the old.
        letter(4, 1, Some(3)),
        letter(5, 2, Some(1)),
    ];
    let entered = browser.house.with_desk(|desk| {
        desk.change(|ledger, w| {
            for arrival in arrivals {
                let to = match &arrival.came {
                    casework::Came::Sealed {
                        leaf, hands_over, ..
                    } => Some((*leaf, *hands_over)),
                    _ => None,
                };
                let entry = casework::intake(&ledger.office, arrival, ledger.stamp(NOON)).unwrap();
                let case = entry.case().unwrap();
                ledger.enter(w, entry)?;
                if let Some((leaf, Some(to))) = to {
                    let case = ledger.office.case(case).unwrap();
                    let stamp = ledger.stamp(NOON);
                    let changed = casework::change_words(&ledger.office, case, leaf, to, stamp);
                    if let Ok(entry) = changed {
                        ledger.enter(w, entry)?;
                    }
                }
            }
            Ok(())
        })
    });
    entered.unwrap().unwrap();
    let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
    let mut shapes = Vec::new();
    for (language, proof, other, tagged, entered, untold) in [
        (
            "en",
            "That does not show who did it",
            "or the change of words was not made by the reporter",
            "old words used after a change",
            "Words changed by a letter · entered by <code>",
            "Nothing is told in words",
        ),
        (
            "fr",
            "Cela ne montre pas qui l’a fait",
            "soit le changement de mots ne venait pas de la personne",
            "anciens mots utilisés après un changement",
            "Mots changés par une lettre · enregistré par <code>",
            "Rien n’est raconté",
        ),
    ] {
        browser.post("/language", &[("language", language), ("back", "/")]);
        let page = browser.get("/case/3").text;
        for told in [
            proof,
            other,
            "id=\"changes-words-2\"",
            "id=\"old-words-3\"",
            "id=\"unfollowed-4\"",
            "href=\"/case/4\"",
            entered,
            "id=\"erased-with-it\"",
            "class=\"says-exposed\"",
        ] {
            assert!(page.contains(told), "{language}: {told}");
        }
        assert!(
            !page.contains(untold),
            "{language}: a change need tell nothing"
        );
        let at = |part: &str| page.find(part).unwrap();
        assert!(at("id=\"words-first\"") < at("id=\"letter-1\""));
        let joined = browser.get("/case/4").text;
        assert!(joined.contains("id=\"words-moved\"") && joined.contains("href=\"/case/3\""));
        let at = |part: &str| joined.find(part).unwrap();
        assert!(at("id=\"moved-first\"") < at("id=\"letter-1\""));
        assert!(!joined.contains("id=\"no-answer\""), "words were taken");
        assert!(!joined.contains("id=\"erased-with-it\""), "it alone");
        assert_eq!(page.matches("class=\"says-exposed\"").count(), 1);
        assert!(browser.get("/?show=open").text.contains(tagged));
        shapes.push((shape(&page), shape(&joined)));
    }
    assert_eq!(shapes[0], shapes[1]);
}

#[test]
fn times_are_in_the_offices_zone_and_utc_for_machines() {
    let mut browser = Browser::at_a_desk();
    let page = browser.get("/case/1").text;
    assert!(
        page.contains("22 Nov 2026, 21:00"),
        "noon UTC is nine in the evening in Tokyo"
    );
    assert!(page.contains("datetime=\"2026-11-22T12:00:00Z\""));
}

#[test]
fn a_refused_form_comes_back_with_everything_that_was_typed() {
    let mut browser = Browser::at_a_desk();
    let typed = "a long text that nobody wants to write again";
    let page = browser.post(
        "/case/1/code",
        &[
            ("kind", "killing"),
            ("first", "yesterday"),
            ("group", "hrd"),
            ("narrative", typed),
            ("country", "SN"),
        ],
    );
    assert_eq!(page.status, 422);
    assert!(page.text.contains(typed));
    assert!(page.text.contains("value=\"yesterday\""));
    assert!(page.text.contains("<option value=\"SN\" selected"));
    assert!(page.text.contains("YYYY-MM-DD"));
    let acts = browser
        .house
        .with_desk(|desk| desk.case(1).unwrap().acts().count());
    assert_eq!(acts, Some(0), "nothing of it was recorded");
}

#[test]
fn a_case_goes_from_told_to_verified_to_counted() {
    let mut browser = Browser::at_a_desk();
    for case in ["1", "2"] {
        let go = |browser: &mut Browser, verb: &str, fields: &[(&str, &str)]| {
            let page = browser.post(&format!("/case/{case}/{verb}"), fields);
            assert_eq!(page.status, 303, "{verb}: {}", page.text);
        };
        let b = &mut browser;
        go(
            b,
            "triage",
            &[("urgency", "soon"), ("reason", "it may go on")],
        );
        go(
            b,
            "source",
            &[("kind", "witness"), ("name", "W1"), ("says", "saw it")],
        );
        go(
            b,
            "code",
            &[
                ("kind", "arbitrary-arrest"),
                ("first", "2026-05"),
                ("country", "SN"),
                ("admin1", ""),
                ("group", "hrd"),
                ("best", "2"),
                ("stage", "completed"),
                ("sphere", "offline"),
                ("narrative", "taken"),
            ],
        );
        go(
            b,
            "consent",
            &[
                ("purpose", "statistics"),
                ("answer", "yes"),
                ("identity", "none"),
                ("subject", "0"),
                ("giver", "self"),
                ("form", "oral-noted"),
            ],
        );
        go(
            b,
            "assess",
            &[
                ("act", "1"),
                ("standard", "grounds-to-believe"),
                ("sources", "1"),
                ("reasons", "seen, and told alike"),
            ],
        );
        let early = b.post(
            &format!("/case/{case}/verify"),
            &[("act", "1"), ("assessment", "1")],
        );
        assert_eq!(early.status, 422, "not before somebody looked again");
        go(b, "review", &[("assessment", "1"), ("agrees", "yes")]);
        let page = b.get(&format!("/case/{case}")).text;
        assert!(page.contains("id=\"verify-1\""));
        go(b, "verify", &[("act", "1"), ("assessment", "1")]);
    }
    let page = browser.get("/case/1").text;
    assert!(page.contains("reviewed by the assessor alone"));
    let figures = browser.get("/figures").text;
    assert!(figures.contains("<strong>2</strong> cases may be counted"));
    assert!(figures.contains("id=\"publish\""), "{figures}");
    let published = browser.post(
        "/figures/publish",
        &[
            ("release", "2026-q2"),
            ("period", "quarter"),
            ("place", "country"),
        ],
    );
    assert_eq!(published.status, 303);
    let folder = browser
        .house
        .with_desk(|desk| desk.figures_folder())
        .unwrap();
    for file in ["2026-q2/index.html", "2026-q2/2026-q2.json", "index.html"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let again = browser.post("/figures/publish", &[("release", "2026-q2")]);
    assert_eq!(again.status, 303);
    assert!(browser.get("/figures").text.contains("already"));
    browser.post("/case/1/withdraw", &[("consent", "1"), ("reason", "")]);
    assert!(
        browser
            .get("/figures")
            .text
            .contains("<strong>1</strong> case may be counted")
    );
}

#[test]
fn no_answer_about_consent_stands_there_before_somebody_chose_it() {
    let mut browser = Browser::at_a_desk();
    let page = browser.get("/case/1").text;
    for field in ["purpose", "answer", "giver", "form"] {
        let list = page
            .split(&format!("id=\"consent-{field}\""))
            .nth(1)
            .and_then(|rest| rest.split("</select>").next())
            .unwrap();
        let (first, rest) = list.split_once("</option>").unwrap();
        assert!(first.contains("value=\"\" selected"), "{field}: {first}");
        assert!(!rest.contains("selected"), "{field}");
    }
    let chosen = [
        ("purpose", "statistics"),
        ("answer", "yes"),
        ("identity", "none"),
        ("subject", "0"),
        ("giver", "self"),
        ("form", "oral-noted"),
    ];
    for left in ["purpose", "answer", "giver", "form"] {
        let fields: Vec<_> = chosen
            .iter()
            .map(|(name, value)| (*name, if *name == left { "" } else { *value }))
            .collect();
        browser.post("/case/1/consent", &fields);
        let consents = browser
            .house
            .with_desk(|desk| desk.case(1).unwrap().consents().len());
        assert_eq!(consents, Some(0), "{left}");
    }
}

/// The options of a list of a case's page.
pub(super) fn options<'a>(page: &'a str, id: &str) -> &'a str {
    page.split(&format!("id=\"{id}\""))
        .nth(1)
        .and_then(|rest| rest.split("</select>").next())
        .unwrap()
}

#[test]
fn no_act_source_or_review_is_recorded_of_what_nobody_chose() {
    let mut browser = Browser::at_a_desk();
    let page = browser.get("/case/1").text;
    for field in ["code-kind", "code-stage", "code-sphere", "source-kind"] {
        let (first, rest) = options(&page, field).split_once("</option>").unwrap();
        assert!(first.contains("value=\"\" selected"), "{field}: {first}");
        assert!(!rest.contains("selected"), "{field}");
    }
    let act = [
        ("kind", "killing"),
        ("group", "hrd"),
        ("stage", "completed"),
        ("sphere", "offline"),
    ];
    for left in ["kind", "stage", "sphere"] {
        let fields = act.map(|(name, value)| (name, if name == left { "" } else { value }));
        assert_eq!(browser.post("/case/1/code", &fields).status, 422, "{left}");
    }
    let source = browser.post("/case/1/source", &[("kind", ""), ("says", "saw it")]);
    assert_eq!(source.status, 422);
    assert_eq!(browser.post("/case/1/code", &act).status, 303);
    let assessed = [
        ("act", "1"),
        ("standard", "grounds-to-suspect"),
        ("reasons", "told"),
    ];
    browser.post("/case/1/assess", &assessed);
    let review = browser.post("/case/1/review", &[("assessment", "1")]);
    assert_eq!(review.status, 422);
    let recorded = browser.house.with_desk(|desk| {
        let case = desk.case(1).unwrap();
        let reviews: usize = case.findings().iter().map(|f| f.reviews.len()).sum();
        (case.acts().count(), case.sources().count(), reviews)
    });
    assert_eq!(recorded, Some((1, 0, 0)));
}

#[test]
fn one_form_stands_open_that_of_what_comes_next() {
    let mut browser = Browser::at_a_desk();
    let open = |page: &str| -> Vec<String> {
        page.split("<details id=\"add-")
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
            .filter(|tag| tag.ends_with(" open"))
            .filter_map(|tag| tag.split('"').next().map(str::to_owned))
            .collect()
    };
    assert_eq!(open(&browser.get("/case/1").text), ["triage"]);
    browser.post("/case/1/triage", &[("urgency", "soon"), ("reason", "")]);
    assert_eq!(open(&browser.get("/case/1").text), ["consent"]);
    // A form that is refused stands open as well, with what was typed.
    let refused = browser.post("/case/1/source", &[("kind", "")]);
    assert_eq!(open(&refused.text), ["consent", "source"]);
}

#[test]
fn a_case_whose_urgency_nobody_knows_stands_before_those_that_can_wait() {
    let mut browser = Browser::at_a_desk();
    let first = |browser: &mut Browser| {
        let page = browser.get("/?show=open").text;
        let at = |id: &str| page.find(id).unwrap();
        assert!(page.contains("urgency not known"));
        if at("id=\"case-1\"") < at("id=\"case-2\"") {
            1
        } else {
            2
        }
    };
    browser.post("/case/1/triage", &[("urgency", "past"), ("reason", "")]);
    assert_eq!(first(&mut browser), 2);
    browser.post("/case/1/triage", &[("urgency", "soon"), ("reason", "")]);
    assert_eq!(first(&mut browser), 1);
}

#[test]
fn a_locked_desk_shows_nothing_and_keeps_what_was_being_typed_in_the_page() {
    let mut browser = Browser::at_a_desk();
    let token = browser.token();
    browser.house.lock();
    assert_eq!(browser.house.with_desk(|_| ()), None);
    for path in ["/", "/case/1", "/figures", "/office"] {
        let page = browser.get(path);
        assert!(page.text.contains("id=\"unlock\""), "{path}");
        assert!(!page.text.contains("They came"), "{path}");
    }
    let mut asked = browser.asked("POST", "/case/1/note");
    asked.body = format!("token={token}&text=half+a+thought").into_bytes();
    let page = browser.ask(asked);
    assert!(
        page.text
            .contains("name=\"kept.text\" value=\"half a thought\"")
    );

    let wrong = browser.post(
        "/unlock",
        &[
            ("passphrase", "not it"),
            ("to", "/case/1/note"),
            ("kept.text", "half a thought"),
        ],
    );
    assert_eq!(wrong.status, 403);
    assert!(wrong.text.contains("half a thought") && !wrong.text.contains("They came"));
    let right = browser.post(
        "/unlock",
        &[
            ("passphrase", "the passphrase"),
            ("to", "/case/1/note"),
            ("kept.text", "half a thought"),
        ],
    );
    assert_eq!(right.status, 200);
    assert!(right.text.contains("half a thought") && right.text.contains("They came"));
    assert_eq!(browser.cases(), 2);
}

#[test]
fn a_desk_without_a_hand_on_it_locks() {
    let mut browser = Browser::at_a_desk();
    browser.clock.store(NOON + 14 * 60, Ordering::Relaxed);
    browser.house.lock_if_idle();
    assert!(browser.house.with_desk(|_| ()).is_some());
    browser.get("/case/1");
    browser.clock.store(NOON + 28 * 60, Ordering::Relaxed);
    browser.house.lock_if_idle();
    assert!(
        browser.house.with_desk(|_| ()).is_some(),
        "a hand was on it"
    );
    browser.clock.store(NOON + 30 * 60, Ordering::Relaxed);
    browser.house.lock_if_idle();
    assert!(browser.house.with_desk(|_| ()).is_none());
}

#[test]
fn a_case_is_erased_only_by_whoever_ticked_that_it_cannot_come_back() {
    let mut browser = Browser::at_a_desk();
    let refused = browser.post("/case/1/erase", &[("reason", "asked for")]);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("cannot be brought back"));
    let silent = browser.post("/case/1/erase", &[("understood", "yes")]);
    assert_eq!(silent.status, 422, "a reason stays");
    let fields = [("reason", "asked for"), ("understood", "yes")];
    assert_eq!(browser.post("/case/1/erase", &fields).status, 303);
    let left = browser.get("/case/1").text;
    assert!(left.contains("was erased") && !left.contains("at night"));
    assert!(left.contains("--erased 1<"), "what a backup still holds");
    assert!(browser.get("/case/2").text.contains("followed me"));
}

#[test]
fn the_search_never_stands_in_an_address() {
    let mut browser = Browser::at_a_desk();
    let page = browser.post("/search", &[("typed", "followed")]);
    assert_eq!(page.status, 200);
    assert!(page.text.contains("id=\"case-2\"") && !page.text.contains("id=\"case-1\""));
    assert!(browser.get("/search?typed=followed").status == 404);
}

#[test]
fn a_way_back_to_another_site_leads_home() {
    let mut browser = Browser::at_a_desk();
    for back in [
        "http://attacker.example/",
        "//attacker.example/",
        "javascript:1",
    ] {
        let page = browser.post("/language", &[("language", "fr"), ("back", back)]);
        assert_eq!(page.location, "/", "{back}");
    }
}

#[test]
fn a_backup_shows_its_sheet_once_and_never_writes_over_a_file() {
    let mut browser = Browser::at_a_desk();
    let page = browser.post("/office/backup", &[("to", "copy")]);
    assert_eq!(page.status, 200);
    let sheet = page.text.split("id=\"sheet\">").nth(1).unwrap();
    let sheet = sheet.split('<').next().unwrap();
    assert!(vault::Sheet::read(sheet).is_ok(), "{sheet}");
    assert!(!browser.get("/office").text.contains(sheet));
    assert_eq!(
        browser.post("/office/backup", &[("to", "copy")]).status,
        422
    );
}

#[test]
fn a_notice_is_published_with_the_offices_root_only_and_its_passphrase_is_not_shown_again() {
    let mut browser = Browser::at_a_desk();
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(6);
    let folder = browser
        .house
        .with_desk(|desk| desk.vault().folder().to_owned())
        .unwrap();
    let other = vault::seal_under(
        &Passphrase::new("root words"),
        Cost::REHEARSAL,
        &[3; 32],
        &mut rng,
    );
    std::fs::write(folder.join("other.temoin"), other).unwrap();
    for (root, passphrase, says) in [
        ("not-there", "root words", "no root lies there"),
        ("other.temoin", "wrong words", "not the one"),
        ("other.temoin", "root words", "not this office"),
    ] {
        let fields = [("root", root), ("passphrase", passphrase)];
        let page = browser.post("/office/publish", &fields);
        assert_eq!(page.status, 422);
        assert!(page.text.to_lowercase().contains(says), "{says}");
        assert!(!page.text.contains(passphrase));
    }
}

#[test]
fn pictures_that_are_none_are_told_by_their_number_and_change_nothing() {
    let mut browser = Browser::at_a_desk();
    let token = browser.token();
    let mut asked = browser.asked("POST", "/pictures");
    asked.body = format!("token={token}").into_bytes();
    asked.files = vec![b"GIF89a".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec()];
    // Without the token nothing is looked at.
    let mut strange = asked.clone();
    strange.body.clear();
    assert_eq!(browser.ask(strange).status, 404);
    assert_eq!(browser.ask(asked).location, "/pictures");
    let page = browser.get("/pictures").text;
    assert!(page.contains("Picture 1: this is neither a PNG nor a JPEG"));
    assert!(page.contains("Picture 2: this picture is cut short or damaged"));
    assert!(page.contains("enctype=\"multipart/form-data\""));
    // Too much at once is told, though no field was read.
    let mut cut = browser.asked("POST", "/pictures");
    cut.cut = true;
    assert_eq!(browser.ask(cut).location, "/pictures");
    assert!(browser.get("/pictures").text.contains("too much at once"));
}

#[test]
fn only_a_browser_that_is_known_may_bring_pictures() {
    let browser = Browser::at_a_desk();
    let asked = browser.asked("POST", "/pictures");
    assert!(browser.house.takes_files(&asked));
    for strange in [
        Asked {
            cookie: None,
            ..asked.clone()
        },
        Asked {
            origin: None,
            ..asked.clone()
        },
        Asked {
            origin: Some("http://evil.example".to_owned()),
            ..asked.clone()
        },
        Asked {
            host: Some("evil.example".to_owned()),
            ..asked.clone()
        },
        Asked {
            path: "/search".to_owned(),
            ..asked.clone()
        },
        Asked {
            method: "GET".to_owned(),
            ..asked
        },
    ] {
        assert!(!browser.house.takes_files(&strange));
    }
}

/// A yes to something that leaves the office, with all that must be said before it.
const FOREWARNED: [(&str, &str); 9] = [
    ("identity", "none"),
    ("subject", "0"),
    ("giver", "self"),
    ("form", "oral-noted"),
    ("beyond_recall", "what they have read"),
    ("who_will_know", "the mandate"),
    ("likely_reaction", "a summons"),
    ("risk_reviewed", "2026-11-22"),
    ("giver_told", ""),
];

pub(super) fn answer<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FOREWARNED
        .into_iter()
        .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed.iter().copied()).collect()
}

#[test]
fn a_yes_to_what_leaves_the_office_is_not_recorded_before_its_warnings_are() {
    let mut browser = Browser::at_a_desk();
    let yes = [("purpose", "media"), ("answer", "yes")];
    for missing in [
        "beyond_recall",
        "who_will_know",
        "likely_reaction",
        "risk_reviewed",
    ] {
        let fields = answer(&[yes[0], yes[1], (missing, "")]);
        let page = browser.post("/case/1/consent", &fields);
        assert_eq!(page.status, 422, "{missing}");
        assert!(page.text.contains("id=\"consent-refused\""), "{missing}");
    }
    let page = browser.post("/case/1/consent", &answer(&yes));
    assert_eq!(page.status, 303, "{}", page.text);
}

#[test]
fn an_answer_about_one_item_says_so_on_the_page_and_a_withdrawal_asks_what_becomes_of_the_rest() {
    let mut browser = Browser::at_a_desk();
    let fields = answer(&[
        ("purpose", "media"),
        ("answer", "yes"),
        ("items", "narrative"),
    ]);
    assert_eq!(browser.post("/case/1/consent", &fields).status, 303);
    let page = browser.get("/case/1").text;
    assert!(page.contains("only about: What was told, word for word"));
    assert!(!page.contains("id=\"choose-1\""));
    let withdrawn = browser.post(
        "/case/1/withdraw",
        &[("consent", "1"), ("reason", "called")],
    );
    assert_eq!(withdrawn.status, 303);
    assert!(browser.get("/case/1").text.contains("id=\"choose-1\""));
    let unsaid = browser.post("/case/1/choose", &[("consent", "1"), ("choice", "")]);
    assert_eq!(unsaid.status, 422);
    let kept = browser.post("/case/1/choose", &[("consent", "1"), ("choice", "keep")]);
    assert_eq!(kept.status, 303);
    let page = browser.get("/case/1").text;
    assert!(page.contains("Keep it, use nothing") && !page.contains("id=\"choose-1\""));
}

#[test]
fn a_guardian_is_recorded_with_the_answer_or_neither_is() {
    let mut browser = Browser::at_a_desk();
    let act = [
        ("kind", "beating"),
        ("group", "hrd"),
        ("stage", "completed"),
        ("sphere", "offline"),
    ];
    assert_eq!(browser.post("/case/1/code", &act).status, 303);
    let guardian = [
        ("purpose", "media"),
        ("answer", "yes"),
        ("giver", "guardian"),
        ("giver_name", "Samira"),
        ("giver_told", "the mother"),
        ("child_view", ""),
        ("child_born", "2014"),
        ("subject", "1"),
    ];
    let people = |browser: &mut Browser| {
        let counts = browser.house.with_desk(|desk| {
            let case = desk.case(1).unwrap();
            (case.people().count(), case.consents().len())
        });
        counts.unwrap()
    };
    let unheard = browser.post("/case/1/consent", &answer(&guardian));
    assert_eq!((unheard.status, people(&mut browser)), (422, (1, 0)));
    let mut heard = guardian;
    heard[5] = ("child_view", "wants it told");
    for unborn in ["", "14"] {
        let mut ageless = heard;
        ageless[6] = ("child_born", unborn);
        let page = browser.post("/case/1/consent", &answer(&ageless));
        assert_eq!((page.status, people(&mut browser)), (422, (1, 0)));
    }
    let page = browser.post("/case/1/consent", &answer(&heard));
    assert_eq!((page.status, people(&mut browser)), (303, (2, 1)));
    assert!(browser.get("/case/1").text.contains("wants it told"));
    // The mother turns out to be accused: her answer ends, and the page says so.
    let act = [
        ("kind", "beating"),
        ("group", "hrd"),
        ("stage", "completed"),
        ("sphere", "offline"),
        ("perpetrator_person", "2"),
    ];
    assert_eq!(browser.post("/case/1/code", &act).status, 303);
    let page = browser.get("/case/1").text;
    assert!(page.contains("ended: whoever gave it is named as a perpetrator"));
}

#[test]
fn an_answer_for_someone_who_cannot_be_asked_waits_for_a_colleague_and_ends_when_they_are_reached()
{
    let mut browser = Browser::at_a_desk();
    let lawyer = answer(&[
        ("purpose", "un-confidential"),
        ("answer", "cannot-ask"),
        ("giver", "lawyer"),
        ("giver_told", "her lawyer; nobody has seen her"),
    ]);
    assert_eq!(browser.post("/case/1/consent", &lawyer).status, 303);
    let page = browser.get("/case/1").text;
    assert!(page.contains("A second person of the office must agree"));
    let alone = browser.post("/case/1/second", &[("consent", "1")]);
    assert_eq!(alone.status, 422);
    assert!(alone.text.contains("id=\"second-1-refused\""));
    let untold = browser.post("/case/1/reach", &[("consent", "1"), ("how", "")]);
    assert_eq!(untold.status, 422);
    assert!(untold.text.contains("id=\"reach-1-refused\""));
    // Another relative says no: both stand there, and the page asks which one counts.
    let sister = answer(&[
        ("purpose", "un-confidential"),
        ("answer", "no"),
        ("giver", "next-of-kin"),
        ("giver_told", "her sister"),
    ]);
    assert_eq!(browser.post("/case/1/consent", &sister).status, 303);
    assert!(browser.get("/case/1").text.contains("id=\"add-resolve\""));
    let unsaid = browser.post("/case/1/resolve", &[("consent", "2"), ("reason", "")]);
    assert_eq!(unsaid.status, 422);
    let stands = [("consent", "2"), ("reason", "she was asked by her")];
    assert_eq!(browser.post("/case/1/resolve", &stands).status, 303);
    assert!(browser.get("/case/1").text.contains("this answer stands"));
    let reached = browser.post("/case/1/reach", &[("consent", "1"), ("how", "she called")]);
    assert_eq!(reached.status, 303);
    let page = browser.get("/case/1").text;
    assert!(!page.contains("A second person of the office must agree"));
}

#[test]
fn a_form_is_answered_with_an_address_and_the_page_stands_there_until_the_desk_locks() {
    let mut browser = Browser::at_a_desk();
    let answered = browser.sends_off("/case/1/triage", "reason=zeugmatical");
    assert_eq!((answered.status, answered.body.len()), (303, 0));
    let there = answered.location.unwrap();
    assert!(there.starts_with("/shown/") && there.len() == 39, "{there}");
    let look = |browser: &Browser, path: &str| {
        let asked = browser.asked("GET", path);
        browser.house.answer_browser(&asked)
    };
    for _ in 0..2 {
        let page = look(&browser, &there);
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains("zeugmatical"), "{text}");
    }
    // Nobody else sees it, and another name is none.
    let mut stranger = browser.asked("GET", &there);
    stranger.cookie = None;
    assert_eq!(browser.house.answer_browser(&stranger).status, 404);
    let none = look(&browser, &format!("/shown/{}", "0".repeat(32)));
    assert_eq!(none.location.as_deref(), Some("/"));
    browser.house.lock();
    assert_eq!(look(&browser, &there).location.as_deref(), Some("/"));
    // While it is locked what was typed is shown once, to be sent again.
    let kept = browser.sends_off("/case/1/note", "text=zeugmatical");
    let there = kept.location.unwrap();
    let page = String::from_utf8(look(&browser, &there).body).unwrap();
    assert!(page.contains("passphrase") && page.contains("zeugmatical"));
    assert_eq!(look(&browser, &there).location.as_deref(), Some("/"));
}
