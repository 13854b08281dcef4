//! The kit: the form in one file, for a machine without a network, and the sheet that vouches for
//! it on paper. (protocol §11.6)
//!
//! Every language stands in it as a template; its script takes one and leaves the others alone. It
//! holds the office's notice and the keys of its carry quarters, and its policy lets no request out.

use fast_qr::{ECL, QRBuilder};
use maud::{Markup, PreEscaped, html};
use record::FormLanguage;

use super::form::{By, content, escaped, mailbox};
use super::texts::{self, Texts, filled};
use super::{OfficePage, foot, head, hex, top, word_list};
use crate::shell::{self, Reach, base64_of};

/// What a kit is made of, beside the office's pages.
#[derive(Clone, Copy, Debug)]
pub struct Kit<'a> {
    /// The kit's script, as built from `reporter/`.
    pub script: &'a str,
    /// The office's notice.
    pub notice: &'a [u8],
    /// Carry keys the notice vouches for: the number of the quarter and its public key.
    pub keys: &'a [(u32, &'a [u8])],
    /// The last day of the last of these quarters, as `YYYY-MM-DD`: the kit seals nothing after it.
    pub until: &'a str,
    /// Word lists by their number (protocol §3), one word a line.
    pub words: &'a [(u8, &'a [u8])],
}

/// More rules for the kit: its codes are dark on light whatever the colours of the page.
const STYLE: &str = "canvas{background:#fff;max-width:100%;image-rendering:pixelated}#grid{display:flex;flex-wrap:wrap;gap:1rem}#grid figure{margin:0}#grid canvas{width:14rem}textarea.code{width:100%;min-height:12rem;direction:ltr}";

/// The file, for all languages of the office.
#[must_use]
pub fn kit(office: &OfficePage, kit: &Kit<'_>) -> Vec<u8> {
    let first = office
        .languages
        .first()
        .copied()
        .unwrap_or(FormLanguage::English);
    // Leaving a file that asks for nothing must not ask for anything either.
    let office = OfficePage {
        exit: Some("about:blank".to_owned()),
        ..office.clone()
    };
    let languages: Vec<FormLanguage> = FormLanguage::ALL
        .into_iter()
        .filter(|language| *language == first || office.languages.contains(language))
        .collect();
    let data = html! {
        script type="text/plain" id="notice" { (base64_of(kit.notice)) }
        @for (period, key) in kit.keys {
            script type="text/plain" class="key" data-period=(period) { (base64_of(key)) }
        }
        @for (number, words) in kit.words {
            script type="text/plain" id={ "words-" (number) } { (PreEscaped(String::from_utf8_lossy(words).replace('<', ""))) }
        }
        @for language in &languages {
            template id={ "in-" (language.tag()) } lang=(language.lang()) dir=(texts::of(*language).frame.dir)
                data-root=(hex(&office.root.0)) data-mailbox=(hex(&office.mailbox.0))
                data-list=(word_list(*language)) data-says=(says(*language)) {
                (inside(*language, &office, kit))
            }
        }
    };
    // Shown until the script has put a language in its place.
    let body = html! {
        main { @for language in &languages { p lang=(language.lang()) dir=(texts::of(*language).frame.dir) { (texts::of(*language).kit.needs_script) } } }
    };
    let texts = texts::of(first);
    let head = shell::Head {
        style: STYLE,
        ..head(first, texts, Reach::Read)
    };
    shell::alone(&head, &data, &body, kit.script)
}

/// What the script says: the page's sentences, and the kit's own in their place.
fn says(language: FormLanguage) -> String {
    let Texts {
        spoken, kit_spoken, ..
    } = texts::of(language);
    let mut entries = spoken.each();
    for (name, text) in kit_spoken.each() {
        match entries.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => entry.1 = text,
            None => entries.push((name, text)),
        }
    }
    let pairs = entries
        .iter()
        .map(|(name, text)| format!("\"{name}\":\"{}\"", escaped(text)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

fn inside(language: FormLanguage, office: &OfficePage, kit: &Kit<'_>) -> Markup {
    let texts = texts::of(language);
    let office = &office.spoken_in(language);
    let t = &texts.kit;
    let until = filled(t.good_until, &office.name).replace("{date}", kit.until);
    let first = html! {
        p class="note" { (t.lead) }
        p id="until" class="note" { b { (until) } }
        p class="hint" { (t.openable_longer) }
    };
    let board = html! {
        div class="field" {
            label for="board" { (t.board_label) }
            p id="board-hint" class="hint" { (t.board_hint) }
            input type="file" id="board" aria-describedby="board-hint" multiple webkitdirectory;
            p id="board-status" role="status" {}
        }
    };
    let carried = carried(texts);
    html! {
        (top(language, office, texts, &|other| format!("#{}", other.tag())))
        (content(language, office, texts, &By::Kit { first: &first, carried: &carried, board: &board, change: t.change }))
        p id="spoken" class="skip" role="status" {}
        (foot(texts))
    }
}

/// The ways to carry a letter that was sealed.
fn carried(texts: &Texts) -> Markup {
    let (t, f) = (&texts.kit, &texts.form);
    html! {
        section id="carried" hidden {
            h1 tabindex="-1" { (t.carried_heading) }
            p class="care" { (t.carried_1) }
            div id="carried-words" {
                p { (f.sent_words) }
                (mailbox(f, "carried-mailbox", ""))
                p class="hint" { (f.mailbox_note) }
            }
            p id="carried-none" { (f.sent_none) }
            p { button type="button" id="save" { (t.save) } }
            p class="hint" { (t.save_note) }
            p id="save-status" role="status" {}
            p { button type="button" id="codes" class="quiet" { (t.codes) } }
            p class="hint" { (t.codes_note) }
            div id="showing" hidden {
                figure { canvas id="code-picture" role="img" aria-labelledby="code-number" {} figcaption id="code-number" {} }
                div class="row" {
                    button type="button" id="pause" data-go-on=(t.go_on) { (t.pause) }
                    button type="button" id="slower" class="quiet" { (t.slower) }
                    button type="button" id="hide-codes" class="plain" { (t.hide_codes) }
                }
            }
            p { button type="button" id="still" class="quiet" { (t.still) } }
            div id="grid" hidden {}
            p { button type="button" id="lines" class="quiet" { (t.lines) } }
            p id="lines-hint" class="hint" { (t.lines_note) }
            textarea id="text-lines" class="code" readonly hidden aria-describedby="lines-hint" aria-labelledby="lines" {}
            p { button type="button" id="carried-close" { (t.carried_close) } }
        }
    }
}

/// A sheet to print: whose kit it is, the fingerprint as text and as a code, the digest of the file.
#[must_use]
pub fn sheet(language: FormLanguage, office: &OfficePage, digest: &[u8; 32]) -> Vec<u8> {
    let texts = texts::of(language);
    let t = &texts.kit;
    let fingerprint = envelope::notice::fingerprint(&office.root);
    let shown = hex(digest);
    let groups: Vec<&str> = (0..8)
        .filter_map(|at| shown.get(at * 8..at * 8 + 8))
        .collect();
    let body = html! {
        body {
            main {
                h1 { (filled(t.sheet_heading, &office.name)) }
                p { (t.sheet_1) }
                p class="code" dir="ltr" { (fingerprint) }
                p { (code(&fingerprint)) }
                p { (t.sheet_digest) }
                p class="code" dir="ltr" { (groups.join(" ")) }
            }
        }
    };
    shell::page(&head(language, texts, Reach::Read), &body)
}

/// A QR code as lines of a drawing. The text beside it says the same.
fn code(text: &str) -> Markup {
    let Ok(code) = QRBuilder::new(text.as_bytes()).ecl(ECL::M).build() else {
        return html! {};
    };
    let mut drawn = String::new();
    for y in 0..code.size {
        for x in 0..code.size {
            let row = code.data.get(y * code.size..).unwrap_or_default();
            if row.get(x).is_some_and(|module| module.value()) {
                drawn.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
            }
        }
    }
    let side = code.size + 8;
    html! {
        svg width="200" height="200" viewBox=(format!("0 0 {side} {side}")) role="img" aria-label=(text) {
            path fill="#fff" d=(format!("M0 0h{side}v{side}h-{side}z")) {}
            path fill="#000" d=(drawn) {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may")]
    #![allow(
        clippy::disallowed_methods,
        reason = "one test reads the script's source"
    )]
    use super::super::Own;
    use super::*;
    use envelope::MailboxId;
    use envelope::keys::RootKey;

    fn office() -> OfficePage {
        OfficePage {
            name: "Sample Office".to_owned(),
            languages: FormLanguage::ALL.to_vec(),
            mailbox: MailboxId([7; 16]),
            root: RootKey([9; 32]),
            doorstep: Some("https://doorstep.example/".to_owned()),
            exit: Some("https://example.org/".to_owned()),
            figures: Some("figures/index.html".to_owned()),
            own: Own::default(),
        }
    }

    fn script() -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reporter/src/kit.ts");
        std::fs::read_to_string(folder).unwrap()
    }

    #[test]
    fn every_element_and_sentence_the_kits_script_asks_for_is_in_the_kit() {
        let (made, script, says) = (made(), script(), says(FormLanguage::English));
        let named = |call: &str| -> Vec<String> {
            let calls = script.split(call).skip(1);
            let names = calls.filter_map(|rest| rest.split_once('"'));
            names.map(|(name, _)| name.to_owned()).collect()
        };
        for call in [
            "$(\"",
            "Element>(\"",
            "on(\"",
            "show(\"",
            "status(\"",
            "arrive(\"",
        ] {
            for id in named(call) {
                let languages = made.matches(&format!(" id=\"{id}\"")).count();
                assert_eq!(languages, FormLanguage::ALL.len(), "#{id}");
            }
        }
        for name in named("say(\"") {
            assert!(says.contains(&format!("\"{name}\":")), "{name}");
        }
        let own = texts::of(FormLanguage::English).kit_spoken.each();
        let page = texts::of(FormLanguage::English).spoken.each();
        for (name, _) in own {
            let instead = page.iter().any(|(known, _)| *known == name);
            assert!(
                instead || named("say(\"").contains(&name.to_owned()),
                "nobody says {name}"
            );
        }
    }

    fn made() -> String {
        let kit = Kit {
            script: "1<2",
            notice: &[1; 900],
            keys: &[(2_147_483_871, &[5; 1_216])],
            until: "2027-12-31",
            words: &[(1, b"abacus\nabdomen"), (2, b"abaisser")],
        };
        String::from_utf8(super::kit(&office(), &kit)).unwrap()
    }

    #[test]
    fn the_kit_seals_and_does_not_say_that_it_sends_or_that_a_letter_arrives() {
        let made = made();
        for language in FormLanguage::ALL {
            let texts = texts::of(language);
            let button = format!("id=\"seal\">{}<", texts.kit.seal);
            assert!(made.contains(&button), "{button}");
            for of_a_page in [texts.form.send, texts.form.send_1, texts.form.send_2] {
                assert!(!made.contains(of_a_page), "{of_a_page}");
            }
        }
    }

    #[test]
    fn the_kit_holds_every_language_and_names_nothing_to_fetch() {
        let made = made();
        for language in FormLanguage::ALL {
            assert!(made.contains(&format!("<template id=\"in-{}\"", language.tag())));
        }
        for asked in [
            "http:",
            "https:",
            "src=",
            "url(",
            "connect-src",
            "unsafe",
            "@import",
            "ping=",
        ] {
            assert!(!made.contains(asked), "{asked}");
        }
        assert!(made.contains("default-src &#39;none&#39;") || made.contains("default-src 'none'"));
        // The script stands as it was built: its hash is in the policy.
        assert!(made.contains("<script>1<2</script>"));
    }

    #[test]
    fn the_kit_offers_no_new_words_and_says_in_every_language_where_they_are_taken() {
        let made = made();
        let shown = made.matches("<p hidden><button type=\"button\" id=\"change\"");
        assert_eq!(shown.count(), FormLanguage::ALL.len());
        for language in FormLanguage::ALL {
            assert!(made.contains(texts::of(language).kit.change));
        }
    }

    #[test]
    fn every_language_says_until_when_the_kit_is_good() {
        let made = made();
        assert!(made.matches("2027-12-31").count() >= FormLanguage::ALL.len());
        assert_eq!(
            made.matches("webkitdirectory").count(),
            FormLanguage::ALL.len()
        );
    }

    /// What does not compress: keys and a notice look like this.
    fn noise(length: usize) -> Vec<u8> {
        use sha2::Digest;
        let blocks = (0_u64..).flat_map(|n| sha2::Sha256::digest(n.to_be_bytes()).to_vec());
        blocks.take(length).collect()
    }

    /// The script has 48,000 of the 180,000 of the whole, kept by its own build.
    #[test]
    fn without_its_script_the_kit_in_six_languages_is_within_its_budget() {
        use std::io::Write;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../seal/words");
        let list = |name: &str| std::fs::read(format!("{folder}/{name}.txt")).unwrap();
        let [english, french, spanish, chinese] = ["en", "fr", "es", "zh"].map(list);
        let key = noise(1_216);
        let kit = Kit {
            script: "",
            notice: &noise(4_000),
            keys: &[1, 2, 3, 4, 5].map(|n| (n, key.as_slice())),
            until: "2027-12-31",
            words: &[(1, &english), (2, &french), (3, &spanish), (4, &chinese)],
        };
        let bytes = super::kit(&office(), &kit);
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(&bytes).unwrap();
        let compressed = out.finish().unwrap().len();
        assert!(compressed <= 132_000, "{compressed} bytes");
    }

    #[test]
    fn the_same_kit_is_made_of_the_same_bytes() {
        assert_eq!(made(), made());
    }

    #[test]
    fn the_sheet_shows_the_fingerprint_as_text_and_as_a_code() {
        let sheet = String::from_utf8(sheet(FormLanguage::French, &office(), &[0xab; 32])).unwrap();
        let fingerprint = envelope::notice::fingerprint(&office().root);
        assert_eq!(sheet.matches(&fingerprint).count(), 2);
        assert!(sheet.contains("<svg") && sheet.contains("abababab abababab"));
    }
}
