//! The doorstep's pages: the same questions as plain form fields, and what comes back.
//!
//! They say what the doorstep is before anything is typed: whoever runs it could read along.

use maud::{Markup, html};
use record::FormLanguage;

use super::form;
use super::questions::{Questions, Read};
use super::texts;
use super::{OfficePage, foot, head, top};
use crate::shell::{self, Reach};

/// Names of the form's fields, as a browser sends them.
pub mod field {
    /// What happened.
    pub const NARRATIVE: &str = "narrative";
    /// When, as told.
    pub const WHEN: &str = "when";
    /// The day, `YYYY-MM-DD` or whatever was typed.
    pub const DAY: &str = "day";
    /// Where, as told.
    pub const WHERE: &str = "where";
    /// Two letters of ISO 3166, or empty.
    pub const COUNTRY: &str = "country";
    /// Codes of acts; repeated.
    pub const ACTS: &str = "acts";
    /// Who was attacked, as told.
    pub const VICTIMS: &str = "victims";
    /// How many.
    pub const COUNT: &str = "count";
    /// Codes of victim groups; repeated.
    pub const GROUPS: &str = "groups";
    /// Who did it, as told.
    pub const PERPETRATORS: &str = "perpetrators";
    /// Codes of perpetrators; repeated.
    pub const KINDS: &str = "kinds";
    /// Code of who is writing.
    pub const RELATION: &str = "relation";
    /// Whether the person knows.
    pub const KNOWS: &str = "knows";
    /// Code of the urgency.
    pub const URGENCY: &str = "urgency";
    /// What must not be done.
    pub const SAFETY: &str = "safety";
    /// Another way to reach the person.
    pub const CONTACT: &str = "contact";
    /// `0-17` when a child writes.
    pub const AGE: &str = "age";
    /// Who may speak for many.
    pub const SPEAKS: &str = "speaks";
    /// A code the office gave beforehand.
    pub const CODE: &str = "code";
    /// Followed by the code of a purpose: the answer.
    pub const CONSENT_PREFIX: &str = "consent.";
    /// Followed by the code of a purpose: the level of identity.
    pub const IDENTITY_PREFIX: &str = "identity.";
    /// `yes` or `no`: whether words are wanted.
    pub const WORDS: &str = "words";
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// Every field was empty.
    Empty,
    /// More than one letter holds.
    TooLarge,
    /// The relay was not reached or did not take it.
    Relay,
}

/// The form. It is sent as `POST` to the address it came from.
#[must_use]
pub fn doorstep_form(language: FormLanguage, office: &OfficePage) -> Vec<u8> {
    let texts = texts::of(language);
    let (f, t) = (&texts.form, &texts.doorstep);
    let q = Questions {
        texts: f,
        labels: texts.labels,
        read: Read::AsFields,
        own: &office.own,
        speaks: (language, &office.languages),
    };
    let section = |heading: &str, inside: Markup| html! { h2 { (heading) } (inside) };
    let inside = html! {
        h1 { (office.fill(t.heading)) }
        div class="care" { p { b { (t.warning) } } p { (t.better) } }
        p { (t.lead) }
        form method="post" autocomplete="off" accept-charset="utf-8" {
            (section(f.story_heading, q.story()))
            (section(f.acts_heading, q.acts()))
            (section(f.people_heading, q.people()))
            (section(f.you_heading, q.writer()))
            (section(f.consent_heading, q.consent()))
            h2 { (f.words_heading) }
            fieldset {
                legend { (t.want_words) }
                p class="hint" { (t.reading) }
                label class="tick" { input type="radio" name=(field::WORDS) value="yes" required; (t.want_words_yes) }
                label class="tick" { input type="radio" name=(field::WORDS) value="no"; (t.want_words_no) }
            }
            p class="row" { button type="submit" id="send" { (t.send) } }
        }
    };
    page(language, office, &inside, Reach::Form)
}

/// The letter was sealed, posted, and its receipt verified. Shows the words once, with the name of
/// the mailbox, if words were wanted.
#[must_use]
pub fn doorstep_done(
    language: FormLanguage,
    office: &OfficePage,
    words: Option<(&[&str], &str)>,
) -> Vec<u8> {
    let texts = texts::of(language);
    let (f, t) = (&texts.form, &texts.doorstep);
    let inside = html! {
        h1 { (t.done_heading) }
        p class="good" { (t.done_1) }
        @if let Some((words, mailbox)) = words {
            p { (t.done_words) }
            ol id="drawn-words" class="note" { @for word in words { li class="code" { (word) } } }
            p class="care" { (f.words_caution) }
            (form::mailbox(f, "mailbox", mailbox))
            p class="hint" { (f.mailbox_note) }
            p { (t.reading) }
        } @else { p { (t.done_none) } }
        p { (t.done_device) }
    };
    page(language, office, &inside, Reach::Read)
}

/// All workers are taken; nothing was sent. `typed` are the fields as they came, to be sent again
/// from this page: the form itself is not kept by a browser, and a story is not told twice.
#[must_use]
pub fn doorstep_busy(
    language: FormLanguage,
    office: &OfficePage,
    typed: &[(&str, &str)],
) -> Vec<u8> {
    let t = &texts::of(language).doorstep;
    told(language, office, t.busy_heading, t.busy_1, typed)
}

/// Nothing was sent, and why. `typed` as in [`doorstep_busy`].
#[must_use]
pub fn doorstep_unsent(
    language: FormLanguage,
    office: &OfficePage,
    why: Unsent,
    typed: &[(&str, &str)],
) -> Vec<u8> {
    let t = &texts::of(language).doorstep;
    let (heading, text) = match why {
        Unsent::Empty => (t.empty_heading, t.empty_1),
        Unsent::TooLarge => (t.large_heading, t.large_1),
        Unsent::Relay => (t.unsent_heading, t.unsent_1),
    };
    told(language, office, heading, text, typed)
}

fn told(
    language: FormLanguage,
    office: &OfficePage,
    heading: &str,
    text: &str,
    typed: &[(&str, &str)],
) -> Vec<u8> {
    let (f, t) = (&texts::of(language).form, &texts::of(language).doorstep);
    // What was written stays in sight and can be changed; what was chosen goes along unseen.
    let written = [
        (field::NARRATIVE, f.story_label),
        (field::WHEN, f.when_label),
        (field::WHERE, f.where_label),
        (field::VICTIMS, f.victims_label),
        (field::PERPETRATORS, f.perpetrators_label),
        (field::SAFETY, f.safety_label),
        (field::CONTACT, f.contact_label),
        (field::SPEAKS, f.speaks_label),
        (field::CODE, f.colleague_label),
    ];
    let label = |name: &str| {
        written
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, l)| *l)
    };
    let inside = html! {
        h1 { (heading) }
        p class="care" { (text) }
        @if typed.is_empty() {
            p { a href={ "?" (language.tag()) } { (t.back) } }
        } @else {
            form method="post" autocomplete="off" accept-charset="utf-8" {
                @for (name, value) in typed {
                    @if let Some(label) = label(name) {
                        // A browser leaves out the first line end of a field, so one is given.
                        @if !value.trim().is_empty() {
                            div class="field" {
                                label for=(name) { (label) }
                                textarea id=(name) name=(name) autocomplete="off" { "\n" (value) }
                            }
                        }
                    } @else { input type="hidden" name=(name) value=(value); }
                }
                p class="row" { button type="submit" id="send" { (t.send) } }
            }
        }
    };
    let reach = if typed.is_empty() {
        Reach::Read
    } else {
        Reach::Form
    };
    page(language, office, &inside, reach)
}

fn page(language: FormLanguage, office: &OfficePage, inside: &Markup, reach: Reach) -> Vec<u8> {
    let texts = texts::of(language);
    let body = html! {
        body spellcheck="false" {
            (top(language, office, texts, &|other| format!("?{}", other.tag())))
            main id="main" tabindex="-1" { (inside) }
            (foot(texts))
        }
    };
    shell::page(&head(language, texts, reach), &body)
}
