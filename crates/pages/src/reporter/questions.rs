//! The questions of the short form, the same with script and without.
//!
//! Every one may be left empty. The words offered are those of `record::vocabulary`; a code that is
//! ticked travels as it stands there.

use maud::{Markup, html};
use record::vocabulary::{self, Entry, Language};

use super::texts::Form;

/// Acts offered at once, commonest first; all others stand behind their families.
const COMMON_ACTS: [&str; 12] = [
    "threat",
    "death-threat",
    "intimidation",
    "arbitrary-arrest",
    "beating",
    "killing",
    "enforced-disappearance",
    "premises-raid",
    "smear-campaign",
    "online-harassment",
    "surveillance-digital",
    "reprisal",
];

/// Uses asked about at once.
const COMMON_PURPOSES: [&str; 5] = [
    "documentation-internal",
    "protection-help",
    "statistics",
    "un-confidential",
    "state-transmission",
];

/// Uses that stay inside the office and can be ended there.
const REVOCABLE: [&str; 2] = ["documentation-internal", "protection-help"];

/// Uses in which no identity appears at all: how much of it to show is not asked.
const NAMELESS: [&str; 2] = ["statistics", "public-anonymous"];

/// Who fills the form in: the script, which reads ids, or a browser without it, which sends names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// By the script. Text fields have no name, so that no browser ever submits or remembers them.
    ByScript,
    /// By the doorstep, as form fields.
    AsFields,
}

/// The questions in one language.
pub(super) struct Questions {
    pub(super) language: Language,
    pub(super) texts: &'static Form,
    pub(super) read: Read,
}

impl Questions {
    fn name<'a>(&self, name: &'a str) -> Option<&'a str> {
        (self.read == Read::AsFields).then_some(name)
    }

    fn label(&self, id: &str, label: &str, hint: &str) -> Markup {
        html! {
            label for=(id) { (label) }
            @if !hint.is_empty() { span class="hint" id={ (id) "-hint" } { (hint) } }
        }
    }

    fn area(&self, id: &str, label: &str, hint: &str, class: &str) -> Markup {
        html! {
            div class="field" {
                (self.label(id, label, hint))
                textarea id=(id) name=[self.name(id)] class=[(!class.is_empty()).then_some(class)] autocomplete="off"
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-hint"))] {}
            }
        }
    }

    fn line(&self, id: &str, label: &str, hint: &str, kind: &str) -> Markup {
        html! {
            div class="field" {
                (self.label(id, label, hint))
                input id=(id) name=[self.name(id)] type=(kind) class=[(kind != "text").then_some("short")] autocomplete="off"
                    min=[(kind == "number").then_some("0")] max=[(kind == "number").then_some("4294967295")]
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-hint"))];
            }
        }
    }

    fn tick(&self, kind: &str, group: &str, entry: &Entry) -> Markup {
        // Radios need a name to be one group; ticks only where a browser is to send them.
        let name = if kind == "radio" {
            Some(group)
        } else {
            self.name(group)
        };
        html! {
            label class="tick" { input type=(kind) name=[name] value=(entry.code); (entry.label(self.language)) }
        }
    }

    fn radios(&self, id: &str, legend: &str, list: &vocabulary::Vocabulary) -> Markup {
        html! {
            fieldset id=(id) { legend { (legend) } @for entry in list { (self.tick("radio", id, entry)) } }
        }
    }

    fn ticks(&self, id: &str, summary: &str, list: &vocabulary::Vocabulary) -> Markup {
        html! {
            details id=(id) { summary { (summary) } @for entry in list { (self.tick("checkbox", id, entry)) } }
        }
    }

    /// What happened, when, where.
    pub(super) fn story(&self) -> Markup {
        let t = self.texts;
        html! {
            (self.area("narrative", t.story_label, t.story_hint, "tall"))
            @if self.read == Read::ByScript { p id="room" class="hint" {} }
            (self.line("when", t.when_label, t.when_hint, "text"))
            (self.line("day", t.day_label, "", "date"))
            (self.line("where", t.where_label, t.where_hint, "text"))
            div class="field" {
                (self.label("country", t.country_label, ""))
                // Two hundred and fifty names weigh more than the rest of the questions: with script
                // the browser itself knows them, and only the codes travel.
                @if self.read == Read::ByScript {
                    select id="country" autocomplete="off" data-codes=(codes()) { option value="" { (t.country_none) } }
                } @else {
                    select id="country" name="country" {
                        option value="" { (t.country_none) }
                        @for country in record::Country::all() { option value=(country.code()) { (country.label(self.language)) } }
                    }
                }
            }
        }
    }

    /// What kind of act.
    pub(super) fn acts(&self) -> Markup {
        let t = self.texts;
        let acts = vocabulary::acts();
        let common = COMMON_ACTS.iter().filter_map(|code| acts.find(code));
        html! {
            fieldset id="acts" {
                legend class="hint" { (t.acts_hint) }
                @for entry in common { (self.tick("checkbox", "acts", entry)) }
                details {
                    summary { (t.acts_more) }
                    @for family in vocabulary::act_families() {
                        details {
                            summary { (family.label(self.language)) }
                            @for entry in acts.iter().filter(|a| a.family == family.code && !COMMON_ACTS.contains(&a.code)) {
                                (self.tick("checkbox", "acts", entry))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Who was attacked, and who did it.
    pub(super) fn people(&self) -> Markup {
        let t = self.texts;
        html! {
            (self.area("victims", t.victims_label, t.victims_hint, ""))
            (self.line("count", t.count_label, "", "number"))
            (self.ticks("groups", t.groups_more, vocabulary::victims()))
            (self.area("perpetrators", t.perpetrators_label, t.perpetrators_hint, ""))
            (self.ticks("kinds", t.perpetrators_more, vocabulary::perpetrators()))
        }
    }

    /// Who is writing, what they fear.
    pub(super) fn writer(&self) -> Markup {
        let t = self.texts;
        html! {
            (self.radios("relation", t.relation_label, vocabulary::reporter_relations()))
            (self.radios("knows", t.knows_label, vocabulary::helping()))
            p class="hint" id="knows-note" { (t.knows_note) }
            (self.radios("urgency", t.urgency_label, vocabulary::urgencies()))
            (self.area("safety", t.safety_label, t.safety_hint, ""))
            (self.line("contact", t.contact_label, t.contact_hint, "text"))
        }
    }

    /// What may be done with it.
    pub(super) fn consent(&self) -> Markup {
        let t = self.texts;
        let purposes = vocabulary::purposes();
        html! {
            p { (t.consent_1) }
            p { (t.consent_2) }
            div id="consents" {
                @for purpose in COMMON_PURPOSES.iter().filter_map(|code| purposes.find(code)) { (self.purpose(purpose)) }
                details {
                    summary { (t.consent_more) }
                    @for purpose in purposes.iter().filter(|p| !COMMON_PURPOSES.contains(&p.code)) { (self.purpose(purpose)) }
                }
            }
        }
    }

    fn purpose(&self, purpose: &Entry) -> Markup {
        let t = self.texts;
        let code = purpose.code;
        let answers = vocabulary::answers();
        html! {
            div class="pair" data-purpose=(code) role="group" aria-labelledby={ "p-" (code) } {
                p {
                    b id={ "p-" (code) } { (purpose.label(self.language)) }
                    @if !REVOCABLE.contains(&code) { span class="hint" { (t.irreversible) } }
                }
                select aria-label=(t.consent_answer) name=[self.name(&format!("consent.{code}"))] autocomplete="off" {
                    option value="" { (t.answer_unsaid) }
                    @for answer in answers.iter().filter(|a| a.code != "not-asked") {
                        option value=(answer.code) { (answer.label(self.language)) }
                    }
                }
                @if !NAMELESS.contains(&code) {
                    select aria-label=(t.consent_identity) name=[self.name(&format!("identity.{code}"))] autocomplete="off" {
                        option value="" { (t.identity_unsaid) }
                        @for level in vocabulary::identity_levels() { option value=(level.code) { (level.label(self.language)) } }
                    }
                }
            }
        }
    }
}

/// Codes of all countries, two letters each, joined.
fn codes() -> String {
    record::Country::all().map(record::Country::code).collect()
}
