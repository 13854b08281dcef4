//! Claims about reports that are taken down, about translations beside them and about sentences for
//! answers.

use super::*;

/// A visit, as its form is sent; what is named again is changed.
fn visit<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fields = [
        ("channel", "walk-in"),
        ("told_on", "2026-11-20"),
        ("by", "A field monitor"),
        ("language", "sw"),
        ("narrative", "Walikuja usiku.\u{202e}gpj"),
        ("place", "Goma"),
        ("country", "CD"),
        ("note", "She was calm."),
    ];
    let kept = fields
        .into_iter()
        .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    kept.chain(changed.iter().copied()).collect()
}

impl Browser {
    pub(super) fn bring(&mut self, fields: &[(&str, &str)], files: &[&[u8]]) -> Page {
        let token = self.token();
        let mut body = format!("token={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let mut asked = self.asked("POST", "/by-hand");
        asked.body = body.into_bytes();
        asked.files = files.iter().map(|file| file.to_vec()).collect();
        self.ask(asked)
    }

    /// A file of a case, as it would be saved.
    fn saved(&self, case: u64, number: u32) -> Option<Vec<u8>> {
        let saved = self.house.with_desk(|desk| {
            let out = desk.hand_out(case, number).unwrap()?;
            let mut bytes = Vec::new();
            for number in 0.. {
                match desk.chunk(&out, number).unwrap() {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => break,
                }
            }
            Some(bytes)
        });
        saved.unwrap()
    }
}

const MAIL: &[u8] = b"From: Juma <j@example.org>\r\nDate: Wed, 18 Nov 2026 10:00:00 +0000\r\n\
    Subject: At night\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\n\r\nThey came again.\r\n--b\r\nContent-Type: image/png\r\n\
    Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAAN\r\n--b--\r\n";

#[test]
fn a_visit_is_taken_down_and_its_case_says_how_and_by_whom() {
    let mut browser = Browser::at_a_desk();
    let done = browser.bring(&visit(&[]), &[]);
    assert_eq!(
        (done.status, done.location.as_str()),
        (303, "/case/3#letters")
    );
    let page = browser.get("/case/3").text;
    for words in [
        "In person",
        "A field monitor",
        "2026-11-20",
        "She was calm.",
        "Walikuja usiku.⟦U+202E⟧gpj",
        "Congo",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("signed by the reporter"));
    // What is told later joins it.
    assert!(page.contains("/by-hand?case=3"));
    assert!(browser.get("/by-hand?case=3").text.contains("value=\"3\""));
    let again = visit(&[("case", "3"), ("channel", "call"), ("narrative", "Tena.")]);
    assert_eq!(browser.bring(&again, &[]).location, "/case/3#letters");
    assert_eq!(browser.cases(), 3);
    let search = browser.post("/search", &[("typed", "walikuja calm")]);
    assert!(search.text.contains("/case/3"));
}

/// What is changed in the form, and what is said in English and French.
type Refusal<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn a_refused_form_comes_back_filled_in_both_languages_and_takes_nothing_down() {
    let mut browser = Browser::at_a_desk();
    let refusals: [Refusal<'_>; 5] = [
        (&[("channel", "")], "choose how it came", "voie d’arrivée"),
        (&[("told_on", "yesterday")], "YYYY-MM-DD", "AAAA-MM-JJ"),
        (
            &[("told_on", "2027-01-01")],
            "still to come",
            "pas encore venu",
        ),
        (&[("case", "99")], "no case of this number", "aucun dossier"),
        (
            &[("reads", "yes")],
            "the file is empty",
            "le fichier est vide",
        ),
    ];
    for (changed, en, fr) in refusals {
        for (language, why) in [("en", en), ("fr", fr)] {
            browser.post("/language", &[("language", language), ("back", "/")]);
            let page = browser.bring(&visit(changed), &[]);
            assert_eq!(page.status, 422, "{why}");
            let refused = page.text.split("by-hand-refused").nth(1).unwrap();
            let refused = refused.split("</p>").next().unwrap().to_lowercase();
            assert!(refused.contains(&why.to_lowercase()), "{why}: {refused}");
            assert!(page.text.contains("Walikuja usiku."), "{why}");
            assert!(page.text.contains("<option value=\"CD\" selected"), "{why}");
        }
    }
    assert_eq!(browser.cases(), 2);
}

#[test]
fn an_e_mail_is_read_beside_its_bytes_and_is_taken_down_once() {
    let mut browser = Browser::at_a_desk();
    let fields = visit(&[("channel", "email"), ("told_on", ""), ("reads", "yes")]);
    let done = browser.bring(&fields, &[MAIL, b"a scan beside it"]);
    assert_eq!(done.location, "/case/3#letters");
    let page = browser.get("/case/3").text;
    for words in [
        "At night",
        "They came again.",
        "Juma &lt;j@example.org&gt;",
        "2026-11-18",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("Walikuja"), "what was typed is left aside");
    assert_eq!(browser.saved(3, 1).unwrap(), MAIL);
    assert_eq!(browser.saved(3, 2).unwrap(), b"\x89PNG\r\n\x1a\n\0\0\0\r");
    assert_eq!(browser.saved(3, 3).unwrap(), b"a scan beside it");
    assert_eq!(browser.saved(3, 4), None);
    let again = browser.bring(&fields, &[MAIL]);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("already taken down"));
    // In a mailbox it is known all the same, whatever parts and quotes there, and the other is new.
    let mailbox = [
        b"From j@example.org Wed Mar  6 10:00:00 2024\n",
        MAIL,
        b"\nFrom k@example.org Wed Mar  6 11:00:00 2024\nFrom: k@example.org\n\nNew.\n",
    ]
    .concat();
    // What was typed of one person is not put on the words of another.
    for typed in ["safety", "contact", "language", "place"] {
        let mut fields = several();
        fields.push((typed, "sw"));
        let page = browser.bring(&fields, &[&mailbox]);
        assert_eq!(page.status, 422, "{typed}");
        assert!(page.text.contains("may be of several people"), "{typed}");
    }
    browser.bring(&several(), &[&mailbox]);
    let page = browser.get("/").text;
    assert!(page.contains("Taken down: 1. Here before: 1."));
    assert!(page.contains("what the message says of itself"));
    let done = browser.bring(&several(), &[&mailbox]);
    assert_eq!(done.status, 422, "all of it was here before");
    assert_eq!(browser.cases(), 4);
}

/// A form beside a file of several messages: nothing in it is of one person.
fn several() -> Vec<(&'static str, &'static str)> {
    vec![
        ("channel", "email"),
        ("reads", "yes"),
        ("note", "As exported."),
    ]
}

#[test]
fn a_file_that_cannot_be_read_takes_nothing_down_and_leaves_nothing_behind() {
    let mut browser = Browser::at_a_desk();
    let fields = visit(&[("channel", "chat"), ("reads", "yes")]);
    let chat = "06.03.2024, 14:05 - Juma: Walikuja.".as_bytes();
    let mailbox = b"From x Wed Mar  6 10:00:00 2024\nFrom: a@example.org\n\nOne\n\nFrom x Wed Mar  6 11:00:00 2024\nFrom: b@example.org\n\nTwo\n";
    let large = vec![7; 70 << 20];
    let refusals: [(&[&[u8]], &str); 6] = [
        (&[b"no chat at all"], "neither an e-mail"),
        (&[b"{\"messages\":["], "Line 1, column"),
        (&[b"PK\x03\x04"], "This is an archive"),
        (&[mailbox, b"a picture"], "one chat or mailbox at a time"),
        (&[chat, &large], "MiB"),
        (&[&large], "MiB"),
    ];
    for (files, why) in refusals {
        let page = browser.bring(&fields, files);
        assert_eq!(page.status, 422, "{why}");
        assert!(page.text.contains(why), "{why}");
    }
    // Kept as it is, it is held to what the office takes.
    browser
        .house
        .with_desk(|desk| desk.ledger.settings.attachments_mb = 1);
    let page = browser.bring(&visit(&[]), &[&large]);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("attachments_mb"));
    let mut cut = browser.asked("POST", "/by-hand");
    cut.body = format!("token={}&narrative=Walikuja", browser.token()).into_bytes();
    cut.cut = true;
    let page = browser.ask(cut);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("too much at once") && page.text.contains("Walikuja"));
    let left = browser.house.with_desk(|desk| {
        let stray = desk.stray_pieces().unwrap();
        (desk.office().cases().len(), stray.waiting.pieces)
    });
    assert_eq!(left, Some((2, 0)));
    assert_eq!(browser.bring(&fields, &[chat]).location, "/case/3#letters");
}

#[test]
fn erasing_a_case_takes_what_was_brought_with_it() {
    let mut browser = Browser::at_a_desk();
    browser.bring(&visit(&[]), &[b"a scan"]);
    assert_eq!(browser.saved(3, 1).unwrap(), b"a scan");
    let reason = [("reason", "She asked."), ("understood", "yes")];
    assert_eq!(browser.post("/case/3/erase", &reason).status, 303);
    assert_eq!(browser.saved(3, 1), None);
    let pieces = browser
        .house
        .with_desk(|desk| desk.stray_pieces().unwrap().waiting.pieces);
    assert_eq!(pieces, Some(0));
}

#[test]
fn what_was_being_taken_down_when_the_desk_locked_is_there_when_it_opens() {
    let mut browser = Browser::at_a_desk();
    let mut asked = browser.asked("POST", "/by-hand");
    let fields: String = visit(&[])
        .iter()
        .map(|(name, value)| format!("&{name}={}", encoded(value)))
        .collect();
    asked.body = format!("token={}{fields}", browser.token()).into_bytes();
    browser.house.lock();
    let locked = browser.ask(asked).text;
    let kept = |page: &str, name: &str| {
        let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
        Some(at.split('"').next()?.to_owned())
    };
    assert_eq!(kept(&locked, "to").as_deref(), Some("/by-hand"));
    let narrative = kept(&locked, "kept.narrative").unwrap();
    let token = kept(&locked, "token").unwrap();
    let mut asked = browser.asked("POST", "/unlock");
    asked.body = format!(
        "token={token}&passphrase=the+passphrase&to=/by-hand&kept.narrative={}",
        encoded(&narrative)
    )
    .into_bytes();
    let page = browser.ask(asked);
    assert_eq!(page.status, 200);
    assert!(page.text.contains("id=\"by-hand\"") && page.text.contains("Walikuja"));
}

#[test]
fn the_slip_says_how_to_write_in_each_of_six_languages_and_holds_no_words_of_the_case() {
    let mut browser = Browser::at_a_desk();
    browser.bring(&visit(&[("language", "ar")]), &[]);
    let (reference, fingerprint) = browser
        .house
        .with_desk(|desk| (desk.case(3).unwrap().reference(), desk.fingerprint()))
        .unwrap();
    let slip = |browser: &mut Browser, path: &str| {
        let page = browser.get(path).text;
        let slip = page.split("id=\"slip\"").nth(1).unwrap().to_owned();
        slip.split("</article>").next().unwrap().to_owned()
    };
    assert!(slip(&mut browser, "/case/3/slip").contains("dir=\"rtl\""));
    let mut said = std::collections::BTreeSet::new();
    for language in record::FormLanguage::ALL {
        let one = slip(
            &mut browser,
            &format!("/case/3/slip?lang={}", language.tag()),
        );
        assert!(one.contains(&reference) && one.contains(&fingerprint));
        assert!(one.contains("http://127.0.0.1:1"));
        assert!(!one.contains("Walikuja") && !one.contains("Goma"));
        assert!(said.insert(one), "{language:?}");
    }
    assert_eq!(browser.get("/case/99/slip").status, 404);
}

#[test]
fn a_translation_stands_beside_an_original_that_stays_and_its_maker_does_not_review_it() {
    let mut browser = Browser::at_a_desk();
    browser.bring(&visit(&[]), &[]);
    let by = |translator| {
        [
            ("letter", "1"),
            ("language", "en"),
            ("translator", translator),
            ("name", "Local program 3.1"),
            ("text", "They came at night."),
            ("doubts", "“usiku” may be evening."),
        ]
    };
    let refused = browser.post("/case/3/translate", &by(""));
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("translate-1-refused"));
    assert!(
        refused.text.contains("“usiku” may be evening."),
        "still there"
    );
    assert_eq!(browser.post("/case/3/translate", &by("myself")).status, 303);
    assert_eq!(
        browser.post("/case/3/translate", &by("machine")).status,
        303
    );
    let page = browser.get("/case/3").text;
    assert!(page.contains("Walikuja usiku.") && page.contains("They came at night."));
    assert!(page.contains("made by a program") && page.contains("Local program 3.1"));
    assert_eq!(page.matches("not reviewed").count(), 2);
    let agrees = |number| [("translation", number), ("agrees", "yes"), ("remarks", "")];
    let own = browser.post("/case/3/review-translation", &agrees("1"));
    assert_eq!(own.status, 422);
    assert!(own.text.contains("review-translation-1-refused"));
    assert_eq!(
        browser
            .post("/case/3/review-translation", &agrees("2"))
            .status,
        303
    );
    let page = browser.get("/case/3").text;
    let second = page.split("id=\"translation-2\"").nth(1).unwrap();
    assert!(second.contains("made by a program"), "reviewed or not");
    assert_eq!(page.matches(">reviewed<").count(), 1);
    assert_eq!(
        browser.post("/case/3/translate", &[("letter", "x")]).status,
        422
    );
}

#[test]
fn a_sentence_is_put_into_an_answer_behind_what_was_typed() {
    let fields = Fields::read(b"text=Bonjour.&phrase=safe.fr&token=x");
    let with = translations::with_phrase(&fields).unwrap();
    let text = with.text("text");
    assert!(
        text.starts_with("Bonjour.\nÊtes-vous en sécurité"),
        "{text}"
    );
    assert!(!with.ticked("phrase"));
    for strange in ["", "safe", "safe.xx", "zanzibar.fr", ".fr"] {
        let fields = Fields::read(format!("text=x&phrase={strange}").as_bytes());
        assert!(translations::with_phrase(&fields).is_none(), "{strange}");
    }
}

#[test]
fn sentences_stand_behind_the_answers_own_button_the_reporters_language_first() {
    let mut browser = Browser::at_a_desk();
    browser.bring(&visit(&[("language", "ru")]), &[]);
    let view = View {
        language: Language::French,
        zone: TimeZone::UTC,
        office: "",
        author: String::new(),
        token: "",
        path: "/case/3",
        unread: 0,
        said: None,
        draft: None,
        now: NOON,
    };
    let shown = browser
        .house
        .with_desk(|desk| translations::phrases(&view, 3, desk.case(3).unwrap()).into_string())
        .unwrap();
    let buttons = shown.matches("<button").count();
    assert_eq!(buttons, 60);
    assert_eq!(shown.matches("form=\"reply\"").count(), buttons);
    assert!(!shown.contains("<form"), "it is part of a form elsewhere");
    let first = shown.split("</h3>").next().unwrap();
    assert!(first.ends_with("Русский"), "{first}");
}

#[test]
fn the_pages_of_reports_taken_down_hold_to_the_rules_of_all_pages() {
    let mut browser = Browser::at_a_desk();
    browser.bring(&visit(&[]), &[b"a scan"]);
    let shape = |page: &str| page.matches('<').count() - page.matches("<time").count();
    for path in ["/by-hand", "/case/3", "/case/3/slip"] {
        let mut shapes = Vec::new();
        for language in ["en", "fr"] {
            browser.post("/language", &[("language", language), ("back", "/")]);
            let page = browser.get(path);
            assert_eq!(page.status, 200);
            for word in ["<script", "style=\"", "onclick", "https://", "src=\"http"] {
                assert!(!page.text.contains(word), "{path}: {word}");
            }
            let mut ids: Vec<&str> = page
                .text
                .split(" id=\"")
                .skip(1)
                .filter_map(|at| at.split('"').next())
                .collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{path}: an id stands twice");
            shapes.push(shape(&page.text));
        }
        assert_eq!(shapes.first(), shapes.last(), "{path}");
    }
}
