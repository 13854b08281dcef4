//! The queue: alarms on top, then every case with what it waits for.

use casework::Case;
use maud::{Markup, html};
use record::text::line;

use super::next::next_steps;
use super::show::{Part, View, frame};
use crate::alarm::Alarm;
use crate::desk::Desk;

/// Which cases are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Waiting,
    Answered,
    Open,
    Ended,
}

impl Which {
    pub(crate) fn of(query: &str) -> Self {
        match query {
            "show=answered" => Self::Answered,
            "show=open" => Self::Open,
            "show=ended" => Self::Ended,
            _ => Self::Waiting,
        }
    }
}

/// The most cases on one page; the search finds the others.
const MOST: usize = 300;

pub(crate) fn page(view: &View<'_>, desk: &Desk, alarms: &[Alarm], which: Which) -> Markup {
    let today = crate::desk::moment(view.now).day;
    let mut shown: Vec<(u64, &Case)> = desk
        .cases()
        .filter(|(_, case)| match which {
            Which::Waiting => !next_steps(case).is_empty() && !case.waits_for_the_reporter(today),
            Which::Answered => case.waits_for_the_reporter(today),
            Which::Open => !case.state().is_ended(),
            Which::Ended => case.state().is_ended(),
        })
        .collect();
    // What happens now, then news, then whoever has waited longest.
    shown.sort_by_key(|(number, case)| (pressing(case), !case.has_news(), *number));
    let found = shown.len();
    shown.truncate(MOST);
    let tabs = [
        (
            Which::Waiting,
            "/",
            view.say("Waiting for you", "En attente de vous"),
        ),
        (
            Which::Answered,
            "/?show=answered",
            view.say("Answered", "Répondus"),
        ),
        (
            Which::Open,
            "/?show=open",
            view.say("All open", "Tous les dossiers ouverts"),
        ),
        (Which::Ended, "/?show=ended", view.say("Ended", "Terminés")),
    ];
    let body = html! {
        h1 { (view.say("Cases", "Dossiers")) }
        (alarm_list(view, alarms))
        nav aria-label=(view.say("Which cases", "Quels dossiers")) {
            ul.tabs {
                @for (tab, path, name) in tabs {
                    li { a href=(path) aria-current=[(tab == which).then_some("page")] { (name) } }
                }
            }
        }
        (visited(view, desk))
        @match which {
            Which::Waiting => p.soft { (view.say(
                "First what happens now, then what happens soon, then cases of which nobody has said how urgent they are.",
                "D’abord ce qui se passe maintenant, puis ce qui est imminent, puis les dossiers dont personne n’a dit l’urgence.",
            )) },
            Which::Answered => p.soft { (view.say(
                "The office has answered and no letter came after that. After fourteen days a case waits for you again.",
                "Le bureau a répondu et aucune lettre n’est venue depuis. Après quatorze jours, le dossier vous attend de nouveau.",
            )) },
            _ => {}
        }
        @if shown.is_empty() {
            p.note id="no-cases" {
                @match which {
                    Which::Waiting => { (view.say("Nothing waits for you.", "Rien ne vous attend.")) }
                    Which::Answered => { (view.say("No case waits for its reporter.", "Aucun dossier n’attend la personne qui l’a écrit.")) }
                    Which::Open => { (view.say("There is no open case.", "Il n’y a aucun dossier ouvert.")) }
                    Which::Ended => { (view.say("No case has ended yet.", "Aucun dossier n’est encore terminé.")) }
                }
            }
        } @else {
            (list(view, &shown))
            @if found > MOST {
                p.soft { (view.say("Only the first 300 are shown; search for the others.", "Seuls les 300 premiers sont affichés ; cherchez les autres.")) }
            }
        }
        p { a id="to-pictures" href=(super::UPLOAD_PATH) { (view.say("Read codes from pictures", "Lire des codes sur des photos")) } }
    };
    frame(view, Part::Cases, view.say("Cases", "Dossiers"), &body)
}

/// The result of a search.
pub(crate) fn results(view: &View<'_>, desk: &Desk, numbers: &[u64]) -> Markup {
    let shown: Vec<(u64, &Case)> = numbers
        .iter()
        .filter_map(|number| Some((*number, desk.case(*number)?)))
        .collect();
    let body = html! {
        h1 { (view.say("Found", "Résultats")) }
        @if shown.is_empty() {
            p.note id="no-cases" { (view.say("No case has all of these words. Try fewer, or the beginning of one.", "Aucun dossier ne contient tous ces mots. Essayez-en moins, ou le début d’un seul.")) }
        } @else {
            p.soft { (shown.len()) " " (if shown.len() == 1 { view.say("case", "dossier") } else { view.say("cases", "dossiers") }) }
            (list(view, &shown))
        }
    };
    frame(view, Part::Cases, view.say("Found", "Résultats"), &body)
}

fn list(view: &View<'_>, cases: &[(u64, &Case)]) -> Markup {
    html! {
        ul.queue id="cases" {
            @for (number, case) in cases { (row(view, *number, case)) }
        }
    }
}

fn row(view: &View<'_>, number: u64, case: &Case) -> Markup {
    let steps = next_steps(case);
    html! {
        li id={ "case-" (number) } {
            h2 { a href={ "/case/" (number) } { (number) ". " bdi { (title(view, case)) } } }
            p.meta {
                @if case.has_news() { span.chip.news { (view.say("New letter", "Nouvelle lettre")) } }
                @if old_words(case) { span.chip.now { (view.say("old words used after a change", "anciens mots utilisés après un changement")) } }
                (urgency(view, case))
                (turn(view, case))
                span.chip { (case.state().label(view.language)) }
                @if let Some(letter) = case.letters().last() {
                    span.soft { (view.time(letter.at)) }
                    span.soft { (letter.channel.label(view.language)) }
                }
                span.soft.code { (case.reference()) }
            }
            p.wait {
                @if let Some(first) = steps.first() {
                    a href={ "/case/" (number) "#" (first.anchor()) } { (first.text(view.language)) }
                    @if steps.len() > 1 {
                        span.soft { " +" (steps.len() - 1) }
                        span.unseen { " " (view.say("more things", "autres choses")) }
                    }
                }
            }
        }
    }
}

/// Whether there is news in a case in which words were used that had been given up.
fn old_words(case: &Case) -> bool {
    let used = |letter| case.came_under_old_words(letter);
    case.has_news() && case.letters().iter().any(used)
}

/// Whose turn it is, when the office has answered.
pub(crate) fn turn(view: &View<'_>, case: &Case) -> Markup {
    html! {
        @if let Some(at) = case.answered() {
            span.chip.sure { (view.say("answered, no letter since: ", "répondu, aucune lettre depuis : ")) (view.time(at)) }
        }
    }
}

/// How urgent a person judged it; before that, what the reporter said, marked as told.
pub(crate) fn urgency(view: &View<'_>, case: &Case) -> Markup {
    let class = |is_now: bool| if is_now { "now" } else { "" };
    if !case.urgency().is_empty() {
        return view.chip(case.urgency(), class(case.urgency().is("now")));
    }
    let told = told_urgency(case);
    html! {
        @if let Some(told) = told.filter(|told| !told.is_empty()) {
            span class={ "chip " (class(told.is("now"))) } {
                (view.say("told: ", "dit : ")) (told.label(view.language))
            }
        } @else if !case.state().is_ended() {
            span.chip { (view.say("urgency not known", "urgence inconnue")) }
        }
    }
}

fn told_urgency(case: &Case) -> Option<&record::Term<record::vocabulary::Urgencies>> {
    let newest = case.letters().last()?;
    Some(&newest.report.as_ref().ok()?.urgency)
}

fn pressing(case: &Case) -> u16 {
    let judged = case.urgency().code();
    let told = || told_urgency(case).and_then(|told| told.code());
    // What nobody has said may be the worst: it stands before everything that can wait.
    judged.or_else(told).map_or(2, |code| match code.as_str() {
        "now" => 0,
        "soon" => 1,
        "unknown" => 2,
        _ => 5,
    })
}

/// The first words of what was told, safe to show on one line.
pub(crate) fn title(view: &View<'_>, case: &Case) -> String {
    let told = case
        .letters()
        .first()
        .and_then(|letter| letter.report.as_ref().ok())
        .map(|report| line(&report.narrative, 110))
        .unwrap_or_default();
    if told.is_empty() {
        view.say("Nothing told in words", "Rien de raconté")
            .to_owned()
    } else {
        told
    }
}

pub(crate) fn alarm_list(view: &View<'_>, alarms: &[Alarm]) -> Markup {
    html! {
        @if !alarms.is_empty() {
            section id="alarms" aria-label=(view.say("Alarms", "Alertes")) {
                ul.alarms {
                    @for (n, alarm) in alarms.iter().enumerate() {
                        li.care id={ "alarm-" (n + 1) } {
                            div {
                                p { strong { (alarm.what(view.language)) } }
                                p { (alarm.advice(view.language)) }
                            }
                            @if let Some(line) = alarm.line() {
                                form method="post" action="/alarm" {
                                    input type="hidden" name="token" value=(view.token);
                                    button.quiet type="submit" name="alarm" value=(line) {
                                        (view.say("I have seen to it", "Je m’en suis occupé"))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn visited(view: &View<'_>, desk: &Desk) -> Markup {
    html! {
        p.soft id="visited" {
            @match desk.last_visit() {
                Some(at) => {
                    (view.say("The relay was last visited on ", "Dernière visite au relais : ")) (view.time_of(at)) "."
                }
                None => { (view.say("The relay was not visited since this desk was opened.", "Le relais n’a pas été visité depuis l’ouverture de ce poste.")) }
            }
        }
    }
}
