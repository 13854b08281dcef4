//! What the pages promise, checked on their bytes.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests may")]
#![allow(
    clippy::disallowed_methods,
    reason = "two tests read the script's sources"
)]

use std::io::Write;

use sha2::Digest;

use super::*;

const LANGUAGES: [FormLanguage; 6] = FormLanguage::ALL;

/// Compressed bytes of the page to write on, and of the landing page. One more fails.
const FORM_BUDGET: usize = 14_000;
const LANDING_BUDGET: usize = 10_000;
/// Compressed bytes of what the script says, which comes beside the form.
const SENTENCES_BUDGET: usize = 3_500;

fn office() -> OfficePage {
    OfficePage {
        name: "Sample Office for Rights Defenders".to_owned(),
        languages: LANGUAGES.to_vec(),
        mailbox: MailboxId([7; 16]),
        root: RootKey([9; 32]),
        doorstep: Some("https://doorstep.example/".to_owned()),
        exit: None,
        figures: Some("figures/index.html".to_owned()),
        own: Own::default(),
    }
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

fn text(page: Vec<u8>) -> String {
    String::from_utf8(page).unwrap()
}

fn forms() -> Vec<String> {
    let script = Script::of(b"0");
    LANGUAGES
        .iter()
        .map(|language| text(form(*language, &office(), &script)))
        .collect()
}

fn every_page() -> Vec<String> {
    let (office, words) = (office(), (["one", "two"].as_slice(), "three four"));
    let mut pages = forms();
    for language in LANGUAGES {
        pages.push(text(landing(language, &office, "../")));
        pages.push(text(sealed(language, &office)));
        pages.push(text(doorstep_form(language, &office)));
        pages.push(text(doorstep_done(language, &office, Some(words))));
        pages.push(text(doorstep_done(language, &office, None)));
        pages.push(text(doorstep_busy(language, &office, TYPED)));
        for why in [Unsent::Empty, Unsent::TooLarge, Unsent::Relay] {
            pages.push(text(doorstep_unsent(language, &office, why, &[])));
        }
    }
    pages
}

#[test]
fn pages_stay_within_their_budgets() {
    for language in LANGUAGES {
        let form = gzipped(&form(language, &office(), &Script::of(b"0")));
        let landing = gzipped(&landing(language, &office(), "../"));
        let sentences = gzipped(Sentences::of(language).bytes());
        println!(
            "{}: form {form}, landing {landing}, sentences {sentences}",
            language.tag()
        );
        assert!(
            sentences <= SENTENCES_BUDGET,
            "sentences in {}: {sentences} bytes",
            language.tag()
        );
        assert!(
            form <= FORM_BUDGET,
            "form in {}: {form} bytes",
            language.tag()
        );
        assert!(
            landing <= LANDING_BUDGET,
            "landing in {}: {landing} bytes",
            language.tag()
        );
    }
}

#[test]
fn a_sealed_letter_is_handed_in_without_script_from_every_language() {
    let script = Script::of(b"0");
    for language in LANGUAGES {
        let link = "id=\"sealed\" href=\"";
        for (page, to) in [
            (form(language, &office(), &script), "sealed.html\""),
            (landing(language, &office(), ""), "sealed.html\""),
        ] {
            let page = text(page);
            let unscripted = page.split("<noscript>").skip(1);
            let offered = unscripted.filter_map(|part| part.split("</noscript>").next());
            let offers = |part: &str| part.contains(link) && part.contains(to);
            assert!(offered.into_iter().any(offers), "{}", language.tag());
        }
        let page = text(sealed(language, &office()));
        let action = format!("action=\"../letters/{}\"", language.tag());
        assert!(page.contains(&action) && page.contains("enctype=\"multipart/form-data\""));
        assert!(page.contains("form-action 'self'") || page.contains("form-action &#39;self"));
        assert!(!page.contains("<script"));
    }
}

#[test]
fn nothing_on_a_page_comes_from_elsewhere_or_runs_inline() {
    for page in every_page() {
        for word in [
            "<img",
            "<iframe",
            "<link rel=\"stylesheet\"",
            "@import",
            "url(",
            " style=\"",
            " onclick",
            " onload",
            "javascript:",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        let own = ["page", "sentences"].map(|name| format!("<script src=\"../{name}-"));
        let own: usize = own.iter().map(|start| page.matches(start).count()).sum();
        assert_eq!(page.matches("<script").count(), own);
    }
}

#[test]
fn the_form_alone_may_play_what_was_recorded_in_it_and_nothing_from_anywhere() {
    for page in every_page() {
        let policy = page.split("Content-Security-Policy").nth(1).unwrap();
        let policy = policy.split('>').next().unwrap();
        let media: Vec<&str> = policy.split(';').filter(|p| p.contains("blob")).collect();
        let form = policy.contains("script-src");
        assert_eq!(
            media,
            if form {
                vec!["media-src blob:"]
            } else {
                vec![]
            }
        );
    }
    assert!(forms().iter().all(|form| form.contains("media-src blob:")));
}

#[test]
fn no_french_number_is_parted_from_its_unit_at_the_end_of_a_line() {
    let sentences = text(Sentences::of(FormLanguage::French).bytes().to_vec());
    let page = text(form(FormLanguage::French, &office(), &Script::of(b"0")));
    for text in [&sentences, &page] {
        assert!(!text.contains("} ko") && !text.contains("6 ko"), "{text}");
    }
}

#[test]
fn no_french_text_ends_in_a_colon_without_its_space() {
    let (office, script) = (office(), Script::of(b"0").with_new_words(b"code()"));
    let page = text(form(FormLanguage::French, &office, &script));
    for node in page.split('>').filter_map(|part| part.split('<').next()) {
        if let Some(before) = node.trim_end().strip_suffix(':') {
            assert!(before.ends_with('\u{a0}'), "{node}");
        }
    }
}

#[test]
fn a_mailbox_name_stands_apart_from_the_words_is_never_broken_and_never_turned_round() {
    let mut pages = forms();
    let words = (["one", "two"].as_slice(), "three four");
    let done = |language| text(doorstep_done(language, &office(), Some(words)));
    pages.extend(LANGUAGES.map(done));
    for page in pages {
        assert!(page.contains(".box b{display:table;") && page.contains("white-space:nowrap"));
        let ids = ["mailbox", "sent-mailbox", "found-mailbox", "same-mailbox"];
        let shown: Vec<&str> = ids
            .into_iter()
            .filter(|id| page.contains(&format!("id=\"{id}\"")))
            .collect();
        assert!(shown.contains(&"mailbox"));
        for id in shown {
            let name = format!("<b id=\"{id}\" class=\"code\" dir=\"ltr\">");
            let before = page.split(&name).next().unwrap();
            let holder = before.rfind("<p ").unwrap();
            assert!(before[holder..].contains("class=\"box\""), "{id}");
        }
    }
}

#[test]
fn a_wish_is_said_of_the_choice_without_words_alone() {
    for page in forms() {
        let label = page
            .split("<label")
            .find(|label| label.contains("name=\"keep\" value=\"none\""))
            .unwrap();
        let label = label.split("</label>").next().unwrap();
        assert!(label.contains("id=\"none-wish\""));
    }
}

#[test]
fn stopping_answers_and_taking_new_words_name_each_other_where_both_are_offered() {
    for language in LANGUAGES {
        let t = &texts::of(language).form;
        assert!(t.exposed_or.contains(t.change), "{}", language.tag());
        assert!(t.change_note.contains(t.exposed), "{}", language.tag());
        let script = Script::of(b"0");
        let without = text(form(language, &office(), &script));
        assert!(!without.contains(t.exposed_or));
        let both = text(form(language, &office(), &script.with_new_words(b"code()")));
        assert!(both.contains(t.exposed_or) && both.contains(t.change_note));
    }
}

#[test]
fn no_title_says_what_the_page_is_about() {
    for page in every_page() {
        let title = page
            .split("<title>")
            .nth(1)
            .unwrap()
            .split("</title>")
            .next()
            .unwrap();
        assert!(
            ["Form", "Formulaire", "Formulario", "Форма", "表单", "نموذج"].contains(&title),
            "{title}"
        );
        assert!(page.contains("noindex") && page.contains("\"referrer\" content=\"no-referrer\""));
    }
}

#[test]
fn the_scripted_form_can_be_submitted_by_nobody_but_the_script() {
    for page in forms() {
        assert!(!page.contains("<form") && !page.contains("type=\"submit\""));
        for textarea in page.split("<textarea").skip(1) {
            let tag = textarea.split('>').next().unwrap();
            assert!(
                !tag.contains(" name=") && tag.contains("autocomplete=\"off\""),
                "{tag}"
            );
        }
        for input in page.split("<input").skip(1) {
            let tag = input.split('>').next().unwrap();
            let choice = tag.contains("radio") || tag.contains("checkbox");
            assert!(
                choice || (!tag.contains(" name=") && tag.contains("autocomplete=\"off\"")),
                "{tag}"
            );
        }
    }
}

#[test]
fn every_act_and_every_use_can_be_chosen_exactly_once() {
    for page in forms() {
        for act in record::vocabulary::acts() {
            let offered = page
                .matches(&format!("type=\"checkbox\" value=\"{}\"", act.code))
                .count();
            // A few codes are words of two lists.
            assert!(offered >= 1, "{} is offered {offered} times", act.code);
        }
        for purpose in record::vocabulary::purposes() {
            assert_eq!(
                page.matches(&format!("data-purpose=\"{}\"", purpose.code))
                    .count(),
                1
            );
        }
    }
}

#[test]
fn ids_are_unique_and_labels_point_at_something() {
    for page in every_page() {
        let ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| other == &id).count(), 1, "{id}");
        }
        for attribute in [" for=\"", " aria-describedby=\"", " aria-labelledby=\""] {
            for target in page
                .split(attribute)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
            {
                assert!(ids.contains(&target), "{attribute}{target}");
            }
        }
    }
}

#[test]
fn an_office_cannot_break_out_of_its_own_name() {
    let hostile = OfficePage {
        name: "</title><script>alert(1)</script>".to_owned(),
        ..office()
    };
    for language in LANGUAGES {
        for page in [
            landing(language, &hostile, ""),
            form(language, &hostile, &Script::of(b"0")),
            doorstep_form(language, &hostile),
        ] {
            assert!(!text(page).contains("<script>"));
        }
    }
}

#[test]
fn the_doorstep_warns_before_anything_is_typed() {
    let page = text(doorstep_form(FormLanguage::English, &office()));
    let warning = page
        .find("could keep your words, read all your answers")
        .unwrap();
    assert!(warning < page.find("<form").unwrap());
    assert!(
        forms()
            .iter()
            .all(|form| form.contains("https://doorstep.example/"))
    );
    let without = OfficePage {
        doorstep: None,
        ..office()
    };
    assert!(
        !text(form(FormLanguage::English, &without, &Script::of(b"0"))).contains("id=\"doorstep\"")
    );
}

#[test]
fn the_script_for_files_is_offered_by_its_hash_and_fetched_by_nobody_who_adds_none() {
    let script = Script::of(b"0").with_files(b"code()");
    for language in LANGUAGES {
        let added = script.files(language).unwrap();
        let page = text(form(language, &office(), &script));
        let name = added.file_name();
        assert!(page.contains(&format!("data-src=\"../{name}\" data-integrity=\"sha256-")));
        assert!(!page.contains(&format!(" src=\"../{name}\"")));
        assert!(added.bytes().ends_with(b"code()"));
        assert!(
            added
                .bytes()
                .starts_with(b"Object.assign(document.sentences,{")
        );
        let without = text(form(language, &office(), &Script::of(b"0")));
        assert!(without.contains("id=\"add-files\" class=\"quiet\" hidden"));
    }
}

#[test]
fn the_script_for_new_words_is_offered_by_its_hash_and_fetched_by_nobody_who_keeps_theirs() {
    let script = Script::of(b"0").with_new_words(b"code()");
    for language in LANGUAGES {
        let added = script.new_words(language).unwrap();
        let page = text(form(language, &office(), &script));
        let name = added.file_name();
        assert!(name.starts_with("new-words-"));
        assert!(page.contains(&format!("data-src=\"../{name}\" data-integrity=\"sha256-")));
        assert!(!page.contains(&format!(" src=\"../{name}\"")));
        assert!(added.bytes().ends_with(b"code()"));
        let without = text(form(language, &office(), &Script::of(b"0")));
        assert!(without.contains("<p hidden><button type=\"button\" id=\"change\""));
    }
    let site = crate::site(&office(), &script, &[], Vec::new());
    let served = |path: &str| site.files.iter().any(|(known, _)| known == path);
    for language in LANGUAGES {
        assert!(served(&script.new_words(language).unwrap().file_name()));
    }
}

#[test]
fn the_script_for_bare_browsers_is_offered_by_its_hash_and_fetched_by_no_other() {
    let script = Script::of(b"0").with_pure(b"code()");
    for language in LANGUAGES {
        let added = script.pure(language).unwrap();
        let page = text(form(language, &office(), &script));
        let name = added.file_name();
        assert!(page.contains(&format!("data-src=\"../{name}\" data-integrity=\"sha256-")));
        assert!(!page.contains(&format!(" src=\"../{name}\"")));
        assert!(added.bytes().ends_with(b"code()"));
        let site = crate::site(&office(), &script, &[], Vec::new());
        assert!(site.files.iter().any(|(path, _)| *path == name));
    }
}

#[test]
fn the_sites_manifest_names_every_file_in_order() {
    let site = crate::site(
        &office(),
        &Script::of(b"script").with_files(b"files"),
        &[("en", b"a\n"), ("fr", b"b\n")],
        vec![("figures/index.html".to_owned(), vec![1])],
    );
    let paths: Vec<&str> = site.files.iter().map(|(path, _)| path.as_str()).collect();
    assert!(
        paths.contains(&"index.html")
            && paths.contains(&"fr/form.html")
            && paths.contains(&"words/en.txt")
    );
    let mut decoder = minicbor::Decoder::new(&site.manifest);
    assert_eq!(decoder.map().unwrap(), Some(site.files.len() as u64));
    let mut before = (0, String::new());
    while decoder.position() < site.manifest.len() {
        let path = decoder.str().unwrap().to_owned();
        decoder.bytes().unwrap();
        assert!(paths.contains(&path.as_str()) && before < (path.len(), path.clone()));
        before = (path.len(), path);
    }
}

fn script_sources() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reporter/src");
    let files = std::fs::read_dir(folder).unwrap();
    // What is the kit's alone is checked beside it.
    let files = files.map(|file| file.unwrap().path()).filter(|file| {
        !file
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("kit")
    });
    files
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

#[test]
fn every_sentence_handed_to_the_script_is_spoken_by_it() {
    let script = script_sources();
    let texts = texts::of(FormLanguage::English);
    for (name, _) in [
        texts.spoken.each(),
        texts.files.each(),
        texts.new_words.each(),
        texts.bare.each(),
    ]
    .concat()
    {
        assert!(
            script.contains(&format!("\"{name}\"")),
            "nobody says {name}"
        );
    }
}

#[test]
fn every_element_and_sentence_the_script_asks_for_is_in_the_page() {
    let script = script_sources();
    let texts = texts::of(FormLanguage::English);
    let spoken = [
        texts.spoken.each(),
        texts.files.each(),
        texts.new_words.each(),
        texts.bare.each(),
    ]
    .concat();
    let named = |call: &str| -> Vec<String> {
        let calls = script.split(call).skip(1);
        calls
            .filter_map(|rest| rest.split_once('"'))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    for page in forms() {
        for call in [
            "$(\"",
            "$<HTMLSelectElement>(\"",
            " input(\"",
            "button(\"",
            " on(\"",
            "show(\"",
            "status(\"",
            "arrive(\"",
            "chosen(\"",
            "ticked(\"",
        ] {
            let ids = named(call);
            assert!(!ids.is_empty(), "{call}");
            for id in ids {
                // What the scripts for files and for new words show, they make themselves: the latter
                // takes parts of the form once more, under names that begin with "new-".
                let made = script.contains(&format!("id: \"{id}\""))
                    || script.contains(&format!("press(\"{id}\""));
                let id = match id.strip_prefix("new-") {
                    Some(original) if page.contains(&format!(" id=\"{original}\"")) => original,
                    _ => &id,
                };
                assert!(
                    made || page.contains(&format!(" id=\"{id}\"")),
                    "the page has no #{id}"
                );
            }
        }
    }
    for name in named("say(\"") {
        assert!(
            spoken.iter().any(|(known, _)| *known == name),
            "no sentence {name}"
        );
    }
}

/// A story somebody typed, with what could break out of a page in it.
const TYPED: &[(&str, &str)] = &[
    (
        "narrative",
        "first line\nsecond </textarea><script>alert(1)</script>",
    ),
    ("acts", "threat"),
    ("contact", " "),
    ("x\"><b>", "\"><script>alert(2)</script>"),
];

#[test]
fn what_was_typed_comes_back_to_be_sent_again_and_never_as_markup() {
    for language in LANGUAGES {
        let page = text(doorstep_busy(language, &office(), TYPED));
        assert!(
            page.contains("\nfirst line\nsecond &lt;/textarea&gt;"),
            "{page}"
        );
        assert!(
            page.contains("<input type=\"hidden\" name=\"acts\" value=\"threat\">"),
            "{page}"
        );
        assert!(!page.contains("<script") && !page.contains("<b>"), "{page}");
        assert!(
            page.contains("form-action 'self'") && !page.contains("id=\"contact\""),
            "{page}"
        );
    }
}

/// The office with something of its own in two languages.
fn outspoken() -> OfficePage {
    let said = |text: &str| vec![(FormLanguage::French, text.to_owned())];
    OfficePage {
        own: Own {
            names: said("Bureau d’essai"),
            greeting: said("Nous <b>lisons</b> chaque lettre."),
            left_out: ["acts", "day", "contact"].map(str::to_owned).to_vec(),
            questions: vec![OwnQuestion {
                id: "vehicle".to_owned(),
                text: said("Y avait-il un véhicule\u{a0}?"),
            }],
            files_mb: 7,
        },
        ..office()
    }
}

#[test]
fn an_offices_own_words_stand_in_its_pages_and_another_language_is_named() {
    let script = Script::of(b"0").with_files(b"code()");
    for language in LANGUAGES {
        let office = outspoken();
        let french = language == FormLanguage::French;
        for page in [
            landing(language, &office, ""),
            form(language, &office, &script),
        ] {
            let page = text(page);
            assert!(page.contains("Nous &lt;b&gt;lisons&lt;/b&gt; chaque lettre."));
            assert_eq!(page.contains("(<bdi lang=\"fr\">Français</bdi>)"), !french);
            assert_eq!(
                page.contains("Bureau d’essai"),
                french,
                "{}",
                language.tag()
            );
        }
        let page = text(form(language, &office, &script));
        assert!(page.contains("data-id=\"vehicle\"") && page.contains("Y avait-il un véhicule"));
        assert!(page.contains("data-most=\"7\""));
        assert!(page.contains("<section id=\"what\" class=\"step\" data-skip=\"\" hidden>"));
        assert_eq!(page.matches("data-skip").count(), 1);
        for id in ["day", "contact"] {
            let before = page.split(&format!(" id=\"{id}\"")).next().unwrap();
            let held = before.rfind("<div hidden>").unwrap();
            assert!(
                before[held..].matches("</div>").count() < 2,
                "{id} is asked"
            );
        }
        let none = OfficePage {
            own: Own {
                files_mb: 0,
                ..Own::default()
            },
            ..office
        };
        let page = text(form(language, &none, &script));
        assert!(page.contains("id=\"add-files\" class=\"quiet\" hidden"));
    }
}

#[test]
fn a_page_that_an_office_made_too_heavy_is_told() {
    let script = Script::of(b"0");
    let site = |office: &OfficePage| crate::site(office, &script, &[], vec![]);
    assert_eq!(site(&outspoken()).too_heavy(), None);
    let mut wordy = outspoken();
    // Nothing repeats in it, so that it does not become small.
    let noise = |n: u32| hex(&sha2::Sha256::digest(n.to_be_bytes()));
    let long: String = (0..60).map(noise).collect();
    wordy.own.greeting = vec![(FormLanguage::Russian, long)];
    assert_eq!(
        site(&wordy).too_heavy().map(|(page, _)| page),
        Some("ar/form.html")
    );
}
