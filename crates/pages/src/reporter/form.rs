//! The one page to write a letter and to read its answer on.

use maud::{Markup, html};
use record::FormLanguage;

use super::questions::{Questions, Read};
use super::texts::{self, Texts};
use super::{OfficePage, Script, fingerprint, foot, head, hex, top, word_list};
use crate::shell::{self, Head, Reach};

/// The whole page, in one response.
///
/// It stands in a folder of its language (`en/form.html`); what it fetches stands beside that
/// folder. Without its script it explains itself and offers what is left.
#[must_use]
pub fn form(language: FormLanguage, office: &OfficePage, script: &Script<'_>) -> Vec<u8> {
    let texts = texts::of(language);
    let office = &office.spoken_in(language);
    let sentences = Sentences::of(language);
    let (says, runs) = (
        format!("../{}", sentences.file_name()),
        format!("../{}", script.file_name()),
    );
    let head = Head {
        scripts: &[(&says, sentences.sha256()), (&runs, script.sha256())],
        ..head(language, texts, Reach::Script)
    };
    // An office that takes no files offers none.
    let files = script.files(language).filter(|_| office.own.files_mb > 0);
    let pure = script.pure(language);
    let new_words = script.new_words(language);
    let by = By::Page {
        files: files.as_ref(),
        new_words: new_words.as_ref(),
        pure: pure.as_ref(),
    };
    shell::page(&head, &body(language, office, texts, &by))
}

/// What the page's script says in one language: a script of its own that runs before it.
///
/// It stands beside the page and not in it, so that the form is no heavier for those whose browser
/// runs no script, and stays within what one response may weigh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentences {
    name: &'static str,
    language: FormLanguage,
    bytes: Vec<u8>,
}

impl Sentences {
    /// Those of a language.
    #[must_use]
    pub fn of(language: FormLanguage) -> Self {
        let said = object(&texts::of(language).spoken.each());
        Self {
            name: "sentences",
            language,
            bytes: format!("document.sentences={said}\n").into_bytes(),
        }
    }

    /// Those of the script for files.
    pub(super) fn of_files(language: FormLanguage, code: &[u8]) -> Self {
        let said = texts::of(language).files.each();
        Self::before("files", language, &said, code)
    }

    /// Those of the script for new words.
    pub(super) fn of_new_words(language: FormLanguage, code: &[u8]) -> Self {
        let said = texts::of(language).new_words.each();
        Self::before("new-words", language, &said, code)
    }

    /// Those of the script that brings cryptography along.
    pub(super) fn of_pure(language: FormLanguage, code: &[u8]) -> Self {
        let said = texts::of(language).bare.each();
        Self::before("pure", language, &said, code)
    }

    /// What a script says, with the script itself behind it: one fetch.
    fn before(
        name: &'static str,
        language: FormLanguage,
        said: &[(&str, &str)],
        code: &[u8],
    ) -> Self {
        let said = format!("Object.assign(document.sentences,{});\n", object(said));
        Self {
            name,
            language,
            bytes: [said.as_bytes(), code].concat(),
        }
    }

    /// The file's name in the site: changes with its bytes, so that it may be cached for ever.
    #[must_use]
    pub fn file_name(&self) -> String {
        let hash = self.sha256();
        let name = hex(hash.get(..8).unwrap_or_default());
        format!("{}-{}-{name}.js", self.name, self.language.tag())
    }

    /// The file. A `<` never stands in the sentences, so that they may also stand inside a page.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its SHA-256.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        use sha2::Digest;
        sha2::Sha256::digest(&self.bytes).into()
    }
}

/// Names and texts as a script writes them.
fn object(entries: &[(&str, &str)]) -> String {
    let pairs = entries
        .iter()
        .map(|(name, text)| format!("{name}:\"{}\"", escaped(text)))
        .collect::<Vec<_>>();
    format!("{{{}}}", pairs.join(","))
}

fn body(language: FormLanguage, office: &OfficePage, texts: &'static Texts, by: &By<'_>) -> Markup {
    html! {
        body spellcheck="false" data-root=(hex(&office.root.0)) data-mailbox=(hex(&office.mailbox.0))
            data-list=(word_list(language)) {
            (top(language, office, texts, &|other| format!("../{}/form.html", other.tag())))
            (content(language, office, texts, by))
            p id="spoken" class="skip" role="status" {}
            (foot(texts))
        }
    }
}

/// Where the form stands.
pub(super) enum By<'a> {
    /// On a page of the office's site, which offers the scripts for files, for new words and for
    /// browsers without cryptography if there are any.
    Page {
        files: Option<&'a Sentences>,
        new_words: Option<&'a Sentences>,
        pure: Option<&'a Sentences>,
    },
    /// In a file of its own, which nothing can be sent from: what it says first, how a sealed letter
    /// is carried, where a copied board is chosen.
    Kit {
        first: &'a Markup,
        carried: &'a Markup,
        board: &'a Markup,
        change: &'static str,
    },
}

impl By<'_> {
    fn files(&self) -> Option<&Sentences> {
        match self {
            Self::Page { files, .. } => *files,
            // A kit posts nothing: what is too large for a letter travels beside it.
            Self::Kit { .. } => None,
        }
    }

    fn new_words(&self) -> Option<&Sentences> {
        match self {
            Self::Page { new_words, .. } => *new_words,
            // Words are changed once a relay has signed for it, and a kit never hears of that.
            Self::Kit { .. } => None,
        }
    }

    /// The last step's heading, its button, and what is said before it is pressed.
    fn sends(&self, texts: &Texts) -> (&'static str, &'static str, Vec<&'static str>) {
        let (form, kit) = (&texts.form, &texts.kit);
        match self {
            Self::Page { .. } => (form.send_heading, form.send, vec![form.send_1, form.send_2]),
            Self::Kit { .. } => (kit.seal, kit.seal, vec![kit.seal_1]),
        }
    }

    fn pure(&self) -> Option<&Sentences> {
        match self {
            Self::Page { pure, .. } => *pure,
            // A kit has it inside.
            Self::Kit { .. } => None,
        }
    }
}

/// Where a page finds one more script, and what its bytes must be.
fn fetched(script: Option<&Sentences>) -> (Option<String>, Option<String>) {
    script
        .map(|script| {
            let hash = shell::base64(&script.sha256());
            (
                format!("../{}", script.file_name()),
                format!("sha256-{hash}"),
            )
        })
        .unzip()
}

/// What is between the strip on top and the foot.
pub(super) fn content(
    language: FormLanguage,
    office: &OfficePage,
    texts: &'static Texts,
    by: &By<'_>,
) -> Markup {
    let t = &texts.form;
    let q = Questions {
        texts: t,
        labels: texts.labels,
        read: Read::ByScript,
        own: &office.own,
        speaks: (language, &office.languages),
    };
    let step = |id: &str, heading: &str, inside: &Markup| {
        let skipped = (!office.own.asks_in(id)).then_some("");
        html! { section id=(id) class="step" data-skip=[skipped] hidden[id != "story"] { h1 tabindex="-1" { (heading) } (inside) } }
    };
    let (src, hash) = fetched(by.pure());
    html! {
            main id="main" tabindex="-1" {
                section id="start" {
                    h1 tabindex="-1" { (office.fill(t.heading)) }
                    p { (t.lead) }
                    (office.greeting(language))
                    @match by {
                        By::Page { .. } => {
                            p class="note" { (office.fill(t.only_office)) }
                            noscript { (unscripted(office, texts)) }
                        }
                        By::Kit { first, .. } => (first),
                    }
                    div class="scripted" {
                        p id="loading" class="hint" { (t.loading) }
                        div id="trouble" class="care" role="alert" data-src=[src] data-integrity=[hash] hidden {}
                        @if matches!(by, By::Page { .. }) { p id="kit" hidden { a href="../kit.html" download { (t.kit_link) } } }
                        div class="row" {
                            button type="button" id="write" disabled { (t.write) }
                            button type="button" id="read" class="quiet" disabled { (t.read) }
                        }
                    }
                    details {
                        summary { (t.begin_heading) }
                        ul { li { (t.begin_1) } li { (t.begin_2) } li { (t.begin_3) } @if matches!(by, By::Page { .. }) { li { (office.fill(t.begin_4)) } } }
                        h2 { (t.stays_heading) }
                        (stays(t))
                        p { (t.pinned) }
                        (fingerprint(office))
                    }
                }
                div id="letter" class="scripted" {
                    (step("story", t.story_heading, &q.story()))
                    (step("what", t.acts_heading, &q.acts()))
                    (step("who", t.people_heading, &q.people()))
                    (step("writer", t.you_heading, &q.writer()))
                    (step("uses", t.consent_heading, &q.consent()))
                    (step("words", t.words_heading, &words(t, by)))
                    (step("send", by.sends(texts).0, &send(texts, by, office.own.files_mb)))
                    div id="steps" class="row" hidden {
                        button type="button" id="next" { (t.next) }
                        button type="button" id="back" class="quiet" { (t.back) }
                        button type="button" id="to-end" class="plain" { (t.to_end) }
                        span id="place" class="soft" data-text=(t.step) {}
                    }
                }
                @if let By::Kit { carried, .. } = by { (carried) }
                (sent(t, by))
                (reading(t, by))
            }
    }
}

fn unscripted(office: &OfficePage, texts: &Texts) -> Markup {
    let t = &texts.form;
    html! {
        div class="care" {
            h2 { (t.unscripted_heading) }
            p { (t.unscripted_1) }
            ul { li { a id="sealed" href="sealed.html" { (texts.sealed.link) } } li { (t.unscripted_3) } }
            @if let Some(address) = &office.doorstep {
                p { (t.unscripted_doorstep) }
                p { b { (t.doorstep_warning) } }
                p { a id="doorstep" href=(address) rel="noreferrer" { (t.doorstep_link) } }
            }
        }
    }
}

fn words(t: &texts::Form, by: &By<'_>) -> Markup {
    let choice = |value: &str, name: &str, note: &str, wish: Option<&str>| {
        html! {
            label class="tick" {
                input type="radio" name="keep" value=(value);
                span { b { (name) } span class="hint" { (note) } @if let Some(wish) = wish { span id="none-wish" class="hint" hidden { (wish) } } }
            }
        }
    };
    // Where else to go from a letter that stops all answers.
    let instead = match by {
        By::Kit { change, .. } => Some(*change),
        By::Page { new_words, .. } => new_words.is_some().then_some(t.exposed_or),
    };
    html! {
        div id="new-words" {
            p { (t.words_1) }
            p { (t.words_2) }
            fieldset id="keep" {
                legend { (t.words_3) }
                (choice("learn", t.learn, t.learn_note, None))
                (choice("hide", t.hide, t.hide_note, None))
                (choice("none", t.none, t.none_note, Some(t.none_wish)))
            }
            div id="drawn" hidden {
                h2 id="drawn-heading" tabindex="-1" { (t.words_shown) }
                ol id="drawn-words" class="note" aria-labelledby="drawn-heading" {}
                p class="care" { (t.words_caution) }
                (mailbox(t, "mailbox", ""))
                p class="hint" { (t.mailbox_note) }
                button type="button" id="kept" data-learn=(t.learned) data-hide=(t.hidden) {}
            }
            div id="rehearsal" hidden {
                h2 tabindex="-1" { (t.rehearse_heading) }
                p { (t.rehearse_note) }
                div id="rehearsal-words" {}
                div class="row" {
                    button type="button" id="rehearse" { (t.rehearse_check) }
                    button type="button" id="show-again" class="quiet" { (t.show_again) }
                }
            }
            p id="words-status" role="status" {}
            p { button type="button" id="see-again" class="quiet" hidden { (t.show_again) } }
        }
        p id="exposed-note" class="care" hidden { (t.exposed_note) @if let Some(instead) = instead { " " (instead) } }
        p id="same-words" class="box" hidden { (t.continuing) b id="same-mailbox" class="code" dir="ltr" {} }
    }
}

/// A mailbox name, set apart from everything around it: it reads like two more of the words, and must
/// neither be taken for them, nor be parted at the end of a line, nor run from right to left.
pub(super) fn mailbox(t: &texts::Form, id: &str, name: &str) -> Markup {
    html! { p class="box" { (t.mailbox_name) b id=(id) class="code" dir="ltr" { (name) } } }
}

fn send(texts: &Texts, by: &By<'_>, most: u32) -> Markup {
    let (t, files) = (&texts.form, by.files());
    let (src, hash) = fetched(files);
    let (_, label, told) = by.sends(texts);
    html! {
        @for text in told { p { (text) } }
        div id="clock" class="care" hidden {
            h2 { (t.clock_heading) }
            p id="clock-dates" {}
            label class="tick" { input type="checkbox" id="clock-accept"; (t.clock_accept) }
        }
        p id="words-inside" class="care" hidden {}
        button type="button" id="add-files" class="quiet" hidden[files.is_none()] data-src=[src] data-integrity=[hash] data-most=(most) { (t.add_files) }
        div id="files" {}
        p id="room-at-end" class="hint" {}
        p id="sending" role="status" {}
        div class="row" { button type="button" id="seal" { (label) } button type="button" id="again" hidden { (t.again) } }
    }
}

/// What a device keeps on its own, whatever this page does.
fn stays(t: &texts::Form) -> Markup {
    html! { ul { @for text in [t.stays_1, t.stays_2, t.stays_3, t.stays_4] { li { (text) } } } }
}

fn sent(t: &texts::Form, by: &By<'_>) -> Markup {
    // Nothing is sent from a kit: it hands the letter over in words of its own.
    if matches!(by, By::Kit { .. }) {
        return html! { section id="sent" hidden { button type="button" id="sent-leave" { (t.sent_close) } } };
    }
    html! {
        section id="sent" hidden {
            h1 tabindex="-1" { (t.sent_heading) }
            div class="good" { p { (t.sent_1) } p id="sent-epoch" class="hint" {} }
            div id="sent-words" {
                p { (t.sent_words) }
                p { (t.sent_address) " " b id="address" class="code" dir="ltr" {} }
                (mailbox(t, "sent-mailbox", ""))
                p class="hint" { (t.mailbox_note) }
            }
            p id="sent-none" { (t.sent_none) }
            div id="sent-files" {}
            p id="sent-device" { (t.sent_device_1) }
            h2 { (t.stays_heading) }
            (stays(t))
            p { button type="button" id="sent-leave" { (t.sent_close) } }
        }
    }
}

fn reading(t: &texts::Form, by: &By<'_>) -> Markup {
    let (src, hash) = fetched(by.new_words());
    html! {
        section id="reading" hidden {
            h1 tabindex="-1" { (t.read_heading) }
            @if let By::Kit { board, .. } = by { (board) }
            div id="typing" {
                p { (t.read_1) }
                div class="field" {
                    label for="list" { (t.read_list) }
                    select id="list" class="short" autocomplete="off" { @for (number, name) in [(1, t.list_en), (2, t.list_fr), (3, t.list_es), (4, t.list_zh), (5, t.list_digits)] { option value=(number) { (name) } } }
                }
                div id="typed-words" {}
            }
            // Above the buttons that it speaks of, so that both are seen on a small screen.
            p id="reading-status" role="status" {}
            div class="row" {
                button type="button" id="look" { (t.look) }
                button type="button" id="follow-up" class="quiet" { (t.follow_up) }
                button type="button" id="exposed" class="quiet" { (t.exposed) }
                button type="button" id="reading-back" class="plain" { (t.back) }
            }
            div id="found" tabindex="-1" role="group" aria-labelledby="found-mailbox" hidden {
                (mailbox(t, "found-mailbox", ""))
                p class="hint" { (t.mailbox_compare) }
                div id="answers" {}
                p { button type="button" id="further" class="quiet" hidden { (t.further) } }
                p hidden[src.is_none()] {
                    button type="button" id="change" class="quiet" data-src=[&src] data-integrity=[hash] aria-describedby="change-note" { (t.change) }
                    span id="change-note" class="hint" { (t.change_note) }
                }
                @if let By::Kit { change, .. } = by { p class="hint" { (change) } }
            }
            p class="hint" { (t.read_privacy) }
        }
    }
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // The last two end a line in scripts of old.
            '<' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)))
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_text_cannot_end_the_block_it_stands_in() {
        assert_eq!(
            escaped("a\"b\\c</script>\n"),
            "a\\\"b\\\\c\\u003c/script>\\u000a"
        );
    }
}
