//! The questions of the short form, the same with script and without.
//!
//! Every one may be left empty. The words offered are those of `record::vocabulary`; a code that is
//! ticked travels as it stands there.

use maud::{Markup, html};
use record::FormLanguage;
use record::vocabulary::{self, Entry, Vocabulary};

use super::own::{self, Own};
use super::texts::Form;
use super::texts::labels::Labels;

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

/// Answers about the person one writes for, the best of them first.
const HELPING: [&str; 4] = ["agrees", "yes", "no", "cannot-ask"];

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
pub(super) struct Questions<'o> {
    pub(super) texts: &'static Form,
    pub(super) labels: Labels,
    pub(super) read: Read,
    /// What the office leaves out, and asks besides.
    pub(super) own: &'o Own,
    /// The page's language, and those of the office.
    pub(super) speaks: (FormLanguage, &'o [FormLanguage]),
}

impl Questions<'_> {
    fn name<'a>(&self, name: &'a str) -> Option<&'a str> {
        (self.read == Read::AsFields).then_some(name)
    }

    /// A question, out of sight where the office leaves it out: the script finds it all the same.
    fn optional(&self, id: &str, question: &Markup) -> Markup {
        html! {
            @if self.own.asks(id) { (question) } @else { div hidden { (question) } }
        }
    }

    /// What the office asks besides, in words.
    fn own(&self) -> Markup {
        let (language, languages) = self.speaks;
        html! {
            div id="own" {
                @for (n, question) in (1..).zip(&self.own.questions) {
                    @if let Some(said) = own::found(&question.text, language, languages) {
                        div class="field" {
                            label for={ "own-" (n) } dir="auto" { (own::sentence(language, said)) }
                            textarea id={ "own-" (n) } data-id=(question.id) autocomplete="off" {}
                        }
                    }
                }
            }
        }
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

    fn tick(&self, kind: &str, group: &str, list: &Vocabulary, entry: &'static Entry) -> Markup {
        // Radios need a name to be one group; ticks only where a browser is to send them.
        let name = if kind == "radio" {
            Some(group)
        } else {
            self.name(group)
        };
        html! {
            label class="tick" { input type=(kind) name=[name] value=(entry.code); (self.labels.of(list, entry)) }
        }
    }

    fn radios(&self, id: &str, legend: &str, list: &'static Vocabulary) -> Markup {
        html! {
            fieldset id=(id) { legend { (legend) } @for entry in list { (self.tick("radio", id, list, entry)) } }
        }
    }

    fn ticks(&self, id: &str, summary: &str, list: &'static Vocabulary) -> Markup {
        html! {
            details id=(id) { summary { (summary) } @for entry in list { (self.tick("checkbox", id, list, entry)) } }
        }
    }

    /// What happened, when, where.
    pub(super) fn story(&self) -> Markup {
        let t = self.texts;
        html! {
            (self.area("narrative", t.story_label, t.story_hint, "tall"))
            @if self.read == Read::ByScript { p id="room" class="hint" {} }
            (self.optional("when", &self.line("when", t.when_label, t.when_hint, "text")))
            (self.optional("day", &self.line("day", t.day_label, "", "date")))
            (self.optional("where", &self.line("where", t.where_label, t.where_hint, "text")))
            (self.optional("country", &self.country()))
            label class="tick" {
                input type="checkbox" id="age" name=[self.name("age")] value="0-17";
                span { b { (t.child_label) } @if self.read == Read::ByScript { span class="hint" { (t.child_note) } } }
            }
        }
    }

    fn country(&self) -> Markup {
        let t = self.texts;
        html! {
            div class="field" {
                (self.label("country", t.country_label, ""))
                // Two hundred and fifty names weigh more than the rest of the questions: with script
                // the browser itself knows them, and only the codes travel.
                @if self.read == Read::ByScript {
                    select id="country" autocomplete="off" data-codes=(codes()) { option value="" { (t.country_none) } }
                } @else {
                    select id="country" name="country" {
                        option value="" { (t.country_none) }
                        @for (code, name) in self.labels.countries() { option value=(code) { (name) } }
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
                @for entry in common { (self.tick("checkbox", "acts", acts, entry)) }
                details {
                    summary { (t.acts_more) }
                    @for family in vocabulary::act_families() {
                        details {
                            summary { (self.labels.of(vocabulary::act_families(), family)) }
                            @for entry in acts.iter().filter(|a| a.family == family.code && !COMMON_ACTS.contains(&a.code)) {
                                (self.tick("checkbox", "acts", acts, entry))
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
            (self.optional("victims", &self.area("victims", t.victims_label, t.victims_hint, "")))
            (self.optional("count", &self.line("count", t.count_label, "", "number")))
            (self.optional("count", &self.line("speaks", t.speaks_label, t.speaks_hint, "text")))
            (self.optional("groups", &self.ticks("groups", t.groups_more, vocabulary::victims())))
            (self.optional("perpetrators", &self.area("perpetrators", t.perpetrators_label, t.perpetrators_hint, "")))
            (self.optional("kinds", &self.ticks("kinds", t.perpetrators_more, vocabulary::perpetrators())))
            @if self.read == Read::ByScript { (self.own()) }
        }
    }

    /// Who is writing, what they fear.
    pub(super) fn writer(&self) -> Markup {
        let t = self.texts;
        let helping = vocabulary::helping();
        html! {
            (self.radios("relation", t.relation_label, vocabulary::reporter_relations()))
            fieldset id="knows" {
                legend { (t.knows_label) }
                @for entry in HELPING.iter().filter_map(|code| helping.find(code)) { (self.tick("radio", "knows", helping, entry)) }
            }
            p class="hint" id="knows-note" { (t.knows_note) }
            (self.radios("urgency", t.urgency_label, vocabulary::urgencies()))
            (self.area("safety", t.safety_label, t.safety_hint, ""))
            (self.optional("contact", &self.line("contact", t.contact_label, t.contact_hint, "text")))
            (self.optional("code", &self.line("code", t.colleague_label, t.colleague_hint, "text")))
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

    fn purpose(&self, purpose: &'static Entry) -> Markup {
        let t = self.texts;
        let code = purpose.code;
        let nameless = NAMELESS.contains(&code);
        // With script the choices stand once, under the first use, and are copied from there.
        let chosen_here = self.read == Read::AsFields || COMMON_PURPOSES.first() == Some(&code);
        let (answers, levels) = (vocabulary::answers(), vocabulary::identity_levels());
        html! {
            div class="pair" data-purpose=(code) data-nameless[nameless] role="group" aria-labelledby={ "p-" (code) } {
                p {
                    b id={ "p-" (code) } { (self.labels.of(vocabulary::purposes(), purpose)) }
                    @if !REVOCABLE.contains(&code) { span class="hint" { (t.irreversible) } }
                }
                @if chosen_here {
                select aria-label=(t.consent_answer) name=[self.name(&format!("consent.{code}"))] autocomplete="off" {
                    option value="" { (t.answer_unsaid) }
                    @for answer in answers.iter().filter(|a| a.code != "not-asked") {
                        option value=(answer.code) { (self.labels.of(answers, answer)) }
                    }
                }
                @if !nameless {
                    select aria-label=(t.consent_identity) name=[self.name(&format!("identity.{code}"))] autocomplete="off" {
                        option value="" { (t.identity_unsaid) }
                        @for level in levels { option value=(level.code) { (self.labels.of(levels, level)) } }
                    }
                }
                }
            }
        }
    }
}

/// Which of the 26 × 26 pairs of letters are countries, row by row, four pairs to a hexadecimal
/// digit, the first of them highest: a quarter of the letters themselves.
fn codes() -> String {
    let letters = || (b'A'..=b'Z').map(char::from);
    let pairs: Vec<bool> = letters()
        .flat_map(|a| letters().map(move |b| String::from_iter([a, b])))
        .map(|pair| record::Country::read(&pair).is_some())
        .collect();
    let digit = |four: &[bool]| four.iter().fold(0, |sum, is| sum << 1 | u32::from(*is));
    pairs
        .chunks(4)
        .filter_map(|four| char::from_digit(digit(four), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn the_pairs_say_which_letters_are_a_country() {
        let codes = codes();
        let is = |at: u32| {
            let digit = codes
                .chars()
                .nth(at as usize / 4)
                .and_then(|c| c.to_digit(16));
            digit.is_some_and(|digit| digit >> (3 - at % 4) & 1 == 1)
        };
        assert_eq!(codes.len(), 169);
        let letters = || b'A'..=b'Z';
        let pairs = letters().flat_map(|a| letters().map(move |b| [a, b]));
        for (at, pair) in (0..).zip(pairs) {
            let known =
                std::str::from_utf8(&pair).is_ok_and(|p| record::Country::read(p).is_some());
            assert_eq!(is(at), known, "{pair:?}");
        }
    }
}
