//! What else this desk knows of a person, a place, an authority or a technology that a case speaks
//! of: the other cases in which the same spelling stands, each with where. Only cases this desk holds
//! are looked at. That two of one spelling are one, nobody says here.

use casework::{Case, Mention, SpokenIn};
use maud::{Markup, html};

use super::case::Shown;
use super::queue::title;
use super::show::{Part, View, frame};
use crate::desk::Desk;

/// The most cases that are listed.
const MOST: usize = 300;

/// What a case speaks of, each once, in the order of the case.
fn spoken_of(case: &Case) -> Vec<Mention> {
    let mut each: Vec<Mention> = Vec::new();
    for mention in case.mentions() {
        if !each.iter().any(|one| one.is_alike(&mention)) {
            each.push(mention);
        }
    }
    each
}

/// The part of a case's page with the ways to look.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let each = spoken_of(shown.case);
    let told = each.len().to_string();
    html! {
        @if !each.is_empty() {
            (view.part("elsewhere", view.say("What else is known", "Ce que l’on sait d’autre"), &told, false, &html! {
                p.soft { (view.say(
                    "Looks for the same spelling in the other cases of this desk.",
                    "Cherche la même orthographe dans les autres dossiers de ce poste.",
                )) }
                ul {
                    @for (place, mention) in (1..).zip(&each) {
                        li {
                            (mention.spoken.label(view.language)) (view.colon())
                            a href={ "/case/" (shown.number) "/elsewhere/" (place) } { bdi { (in_words(view, mention)) } }
                        }
                    }
                }
            }))
        }
    }
}

fn in_words(view: &View<'_>, mention: &Mention) -> String {
    mention.spoken.in_words(&mention.said, view.language)
}

/// The other cases that speak of one thing; `None` if the case speaks of no such.
pub(crate) fn page(view: &View<'_>, desk: &Desk, number: u64, place: usize) -> Option<Markup> {
    let case = desk.case(number)?;
    let mut each = spoken_of(case).into_iter();
    let wanted = each.nth(place.checked_sub(1)?)?;
    let of = |case: &Case| -> Vec<Mention> {
        let mentions = case.mentions().into_iter();
        mentions.filter(|one| one.is_alike(&wanted)).collect()
    };
    let mut found: Vec<(u64, &Case, Vec<Mention>)> = desk
        .cases()
        .filter(|(other, _)| *other != number)
        .map(|(other, case)| (other, case, of(case)))
        .filter(|(_, _, mentions)| !mentions.is_empty())
        .collect();
    let all = found.len();
    found.truncate(MOST);
    let said = in_words(view, &wanted);
    let heading = view.say("What else is known", "Ce que l’on sait d’autre");
    let body = html! {
        p.row { a href={ "/case/" (number) } { (view.say("← Case ", "← Dossier ")) (number) } }
        h1 { (heading) (view.colon()) bdi { (said) } }
        p { (wanted.spoken.label(view.language)) ". " (view.say("In this case: ", "Dans ce dossier : ")) (places(view, number, &of(case))) }
        p.note { (view.say(
            "The same spelling is not yet the same person or thing. Read both before you join anything, and tell nobody of one case what another told you.",
            "La même orthographe ne désigne pas encore la même personne ni la même chose. Lisez les deux avant tout rapprochement, et ne dites à personne d’un dossier ce qu’un autre vous a appris.",
        )) }
        @if found.is_empty() {
            p id="nowhere-else" { (view.say("No other case of this desk speaks of it in this spelling.", "Aucun autre dossier de ce poste n’en parle avec cette orthographe.")) }
        } @else {
            p.soft { (all) " " (if all == 1 { view.say("other case", "autre dossier") } else { view.say("other cases", "autres dossiers") }) }
            ul.dates id="elsewhere" {
                @for (other, case, mentions) in &found {
                    li id={ "case-" (other) } {
                        h2 { a href={ "/case/" (other) } { (other) ". " bdi { (title(view, case)) } } }
                        p {
                            span.chip { (case.state().label(view.language)) } " "
                            (places(view, *other, mentions))
                        }
                    }
                }
            }
            @if all > MOST {
                p.soft { (view.say("Only the first 300 are shown.", "Seuls les 300 premiers sont affichés.")) }
            }
        }
    };
    Some(frame(view, Part::Cases, heading, &body))
}

/// Where in a case something stands, each as a way there, with how it is written.
fn places(view: &View<'_>, number: u64, mentions: &[Mention]) -> Markup {
    html! {
        @for (n, mention) in mentions.iter().enumerate() {
            @if n > 0 { ", " }
            a href={ "/case/" (number) "#" (anchor(mention.within)) } { (within(view, mention.within)) }
            " (" bdi { (in_words(view, mention)) } ")"
        }
        "."
    }
}

fn within(view: &View<'_>, within: SpokenIn) -> String {
    let (name, number) = match within {
        SpokenIn::Letter(n) => (view.say("report", "signalement"), n.to_string()),
        SpokenIn::Person(id) => (view.say("person", "personne"), id.0.to_string()),
        SpokenIn::Event(id) => (view.say("event", "événement"), id.0.to_string()),
        SpokenIn::Act(id) => (view.say("act", "acte"), id.0.to_string()),
        SpokenIn::LetterOut(n) => (view.say("letter out", "lettre envoyée"), n.to_string()),
        SpokenIn::Response(id) => (view.say("answer", "réponse reçue"), id.0.to_string()),
    };
    format!("{name} {number}")
}

fn anchor(within: SpokenIn) -> String {
    match within {
        SpokenIn::Letter(n) => format!("letter-{n}"),
        SpokenIn::Act(id) => format!("act-{}", id.0),
        SpokenIn::LetterOut(n) => format!("sent-{n}"),
        SpokenIn::Response(id) => format!("answer-{}", id.0),
        SpokenIn::Person(_) | SpokenIn::Event(_) => "acts".to_owned(),
    }
}
