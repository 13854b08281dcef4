//! The queue: alarms on top, then every case with what it waits for and by when.

use casework::{Case, Clock, Place};
use maud::{Markup, html};
use record::text::line;

use super::asked::Fields;
use super::due::{self, pressing};
use super::filter::{self, Filter};
use super::next::next_steps;
use super::show::{Part, View, frame};
use crate::alarm::Alarm;
use crate::desk::Desk;
use crate::saved::SavedSearch;

/// Which cases are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Waiting,
    Mine,
    Due,
    Answered,
    Open,
    Ended,
}

impl Which {
    fn of(show: &str) -> Self {
        match show {
            "mine" => Self::Mine,
            "due" => Self::Due,
            "answered" => Self::Answered,
            "open" => Self::Open,
            "ended" => Self::Ended,
            _ => Self::Waiting,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::Mine => "mine",
            Self::Due => "due",
            Self::Answered => "answered",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }
}

/// The most cases on one page; the search finds the others.
const MOST: usize = 300;

/// A case with its clocks, computed once for a page.
pub(crate) struct Row<'a> {
    pub(crate) number: u64,
    pub(crate) case: &'a Case,
    pub(crate) clocks: Vec<Clock>,
    place: Place,
}

impl<'a> Row<'a> {
    fn of((number, case): (u64, &'a Case), today: u32) -> Self {
        let clocks = case.clocks(casework::Terms::default());
        Self {
            number,
            place: case.place(&clocks, today),
            case,
            clocks,
        }
    }

    /// Whether somebody has something to do in it today.
    fn waits(&self, today: u32) -> bool {
        self.case.waits(&self.clocks, today)
            && (!next_steps(self.case).is_empty() || pressing(&self.clocks, today).next().is_some())
    }
}

/// Whether a case is led by whoever decides at this desk, or asks something of them.
fn is_mine(desk: &Desk, case: &Case) -> bool {
    let me = desk.author();
    let led = !case.state().is_ended() && case.lead().is_some_and(|lead| lead.is(me));
    let mut open = case.tasks().filter(|task| task.done.is_none());
    led || open.any(|task| task.who.is(me))
}

pub(crate) fn page(
    view: &View<'_>,
    desk: &Desk,
    alarms: &[Alarm],
    asked_for: &Fields,
    saved: Option<&SavedSearch>,
) -> Markup {
    let today = crate::desk::moment(view.now).day;
    let which = Which::of(asked_for.text("show"));
    let filter = Filter::read(asked_for);
    let mut shown: Vec<Row<'_>> = desk
        .cases()
        .filter(|(_, case)| match which {
            Which::Waiting | Which::Due => true,
            Which::Mine => is_mine(desk, case),
            Which::Answered => case.waits_for_the_reporter(today),
            Which::Open => !case.state().is_ended(),
            Which::Ended => case.state().is_ended(),
        })
        .filter(|(_, case)| filter.fits(desk, case))
        .map(|one| Row::of(one, today))
        .filter(|row| which != Which::Waiting || row.waits(today))
        .filter(|row| filter.fits_clocks(&row.clocks, today))
        .collect();
    shown.sort_by_key(|row| row.place);
    let found = shown.len();
    let tabs = [
        (
            Which::Waiting,
            "waiting",
            view.say("Waiting for you", "En attente de vous"),
        ),
        (Which::Mine, "mine", view.say("Yours", "À votre nom")),
        (Which::Due, "due", view.say("Dates", "Échéances")),
        (
            Which::Answered,
            "answered",
            view.say("Answer sent", "Réponse envoyée"),
        ),
        (
            Which::Open,
            "open",
            view.say("All open", "Tous les dossiers ouverts"),
        ),
        (Which::Ended, "ended", view.say("Ended", "Terminés")),
    ];
    // What was chosen stays chosen from one list to the next.
    let chosen = filter::in_an_address(asked_for);
    let path = |show: &str| match (show, chosen.as_str()) {
        ("waiting", "") => "/".to_owned(),
        (show, "") => format!("/?show={show}"),
        (show, chosen) => format!("/?show={show}&{chosen}"),
    };
    let body = html! {
        h1 { (view.say("Cases", "Dossiers")) }
        (alarm_list(view, alarms))
        nav aria-label=(view.say("Which cases", "Quels dossiers")) {
            ul.tabs {
                @for (tab, show, name) in tabs {
                    li { a href=(path(show)) aria-current=[(tab == which).then_some("page")] { (name) } }
                }
            }
        }
        (filter::ways(view, desk))
        (visited(view, desk))
        (filter::choosing(view, desk, asked_for, false, !filter.is_empty()))
        (filter::keeping(view, asked_for, saved))
        @match which {
            Which::Waiting => p.soft { (view.say(
                "First what happens now, then what happens soon, then cases of which nobody has said how urgent they are; among those alike, what is late for longest.",
                "D’abord ce qui se passe maintenant, puis ce qui est imminent, puis les dossiers dont personne n’a dit l’urgence ; à urgence égale, le plus en retard.",
            )) },
            Which::Mine => p.soft { (view.say(
                "Cases that wait, and that you lead or in which a task is yours.",
                "Dossiers en attente dont vous êtes responsable, ou dans lesquels une tâche vous revient.",
            )) },
            Which::Due => p.soft { (view.say(
                "Dates are computed from what is recorded, and end with what was done. Nobody has to set a reminder.",
                "Les échéances se calculent à partir de ce qui est enregistré et s’arrêtent avec ce qui est fait. Personne n’a de rappel à poser.",
            )) },
            Which::Answered => p.soft { (view.say(
                "The office has answered and no letter came after that. After fourteen days a case waits for you again.",
                "Le bureau a répondu et aucune lettre n’est venue depuis. Après quatorze jours, le dossier vous attend de nouveau.",
            )) },
            _ => {}
        }
        @if which == Which::Due {
            (due::all(view, &shown, today, MOST))
        } @else if shown.is_empty() {
            p.note id="no-cases" {
                @if !filter.is_empty() {
                    (view.say("No case of this list fits what was chosen. ", "Aucun dossier de cette liste ne correspond aux choix. "))
                    a href={ "/?show=" (which.code()) } { (view.say("Choose nothing", "Retirer les choix")) }
                } @else { @match which {
                    Which::Waiting | Which::Due => { (view.say("Nothing waits for you.", "Rien ne vous attend.")) }
                    Which::Mine => { (view.say("Nothing waits under your name.", "Rien n’attend à votre nom.")) }
                    Which::Answered => { (view.say("No case waits for its reporter.", "Aucun dossier n’attend la personne qui l’a écrit.")) }
                    Which::Open => { (view.say("There is no open case.", "Il n’y a aucun dossier ouvert.")) }
                    Which::Ended => { (view.say("No case has ended yet.", "Aucun dossier n’est encore terminé.")) }
                } }
            }
        } @else {
            (list(view, shown.get(..MOST).unwrap_or(&shown), today))
            @if found > MOST {
                p.soft { (view.say("Only the first 300 are shown; search for the others.", "Seuls les 300 premiers sont affichés ; cherchez les autres.")) }
            }
        }
        p { a id="to-by-hand" href=(super::by_hand::PATH) { (view.say("Take down a report", "Consigner un signalement")) } }
        p { a id="to-pictures" href=(super::UPLOAD_PATH) { (view.say("Read codes from pictures", "Lire des codes sur des photos")) } }
    };
    frame(view, Part::Cases, view.say("Cases", "Dossiers"), &body)
}

/// The result of a search: by words, by what was chosen, or both.
pub(crate) fn results(
    view: &View<'_>,
    desk: &Desk,
    asked_for: &Fields,
    saved: Option<&SavedSearch>,
) -> Markup {
    let today = crate::desk::moment(view.now).day;
    let filter = Filter::read(asked_for);
    let found = match asked_for.text("typed") {
        "" if filter.is_empty() => Vec::new(),
        "" => desk.cases().map(|(number, _)| number).collect(),
        typed => desk.search(typed).unwrap_or_default(),
    };
    let mut shown: Vec<Row<'_>> = found
        .iter()
        .filter_map(|number| Some((*number, desk.case(*number)?)))
        .filter(|(_, case)| filter.fits(desk, case))
        .map(|one| Row::of(one, today))
        .filter(|row| filter.fits_clocks(&row.clocks, today))
        .collect();
    let fit = shown.len();
    shown.truncate(MOST);
    let body = html! {
        h1 { (view.say("Found", "Résultats")) }
        (filter::ways(view, desk))
        (filter::choosing(view, desk, asked_for, true, !filter.is_empty()))
        (filter::keeping(view, asked_for, saved))
        @if shown.is_empty() {
            p.note id="no-cases" {
                @if filter.is_empty() { (view.say("No case has all of these words. Try fewer, or the beginning of one.", "Aucun dossier ne contient tous ces mots. Essayez-en moins, ou le début d’un seul.")) }
                @else { (view.say("No case has these words and fits what was chosen.", "Aucun dossier ne contient ces mots tout en correspondant aux choix.")) }
            }
        } @else {
            p.soft { (fit) " " (if fit == 1 { view.say("case", "dossier") } else { view.say("cases", "dossiers") }) }
            (list(view, &shown, today))
            @if fit > MOST {
                p.soft { (view.say("Only the first 300 are shown.", "Seuls les 300 premiers sont affichés.")) }
            }
        }
        @if found.len() as u64 == u64::from(crate::desk::MOST_FOUND) && !asked_for.text("typed").is_empty() {
            p.soft { (view.say("Only the 200 cases that fit the words best were looked at.", "Seuls les 200 dossiers qui correspondent le mieux aux mots ont été examinés.")) }
        }
    };
    frame(view, Part::Cases, view.say("Found", "Résultats"), &body)
}

fn list(view: &View<'_>, rows: &[Row<'_>], today: u32) -> Markup {
    html! {
        ul.queue id="cases" {
            @for row in rows { (shown_row(view, row, today)) }
        }
    }
}

fn shown_row(view: &View<'_>, row: &Row<'_>, today: u32) -> Markup {
    let (number, case) = (row.number, row.case);
    let steps = next_steps(case);
    let first = pressing(&row.clocks, today).next();
    let more = pressing(&row.clocks, today).count() + steps.len();
    html! {
        li id={ "case-" (number) } {
            h2 { a href={ "/case/" (number) } { (number) ". " bdi { (title(view, case)) } } }
            p.meta {
                @if case.has_news() { span.chip.news { (view.say("New letter", "Nouvelle lettre")) } }
                @if old_words(case) { span.chip.now { (view.say("old words used after a change", "anciens mots utilisés après un changement")) } }
                (urgency(view, case))
                (turn(view, case))
                span.chip { (case.state().label(view.language)) }
                (led_by(view, case))
                @if let Some(letter) = case.letters().last() {
                    span.soft { (view.time(letter.at)) }
                    span.soft { (letter.channel.label(view.language)) }
                }
                span.soft.code { (case.reference()) }
            }
            p.wait {
                @if let Some(clock) = first {
                    a href={ "/case/" (number) "#" (due::anchor(*clock)) } { (clock.due.label(view.language)) } " "
                    (due::standing(view, *clock, today))
                } @else if let Some(step) = steps.first() {
                    a href={ "/case/" (number) "#" (step.anchor()) } { (step.text(view.language)) }
                }
                @if more > 1 {
                    " " span.soft { "+" (more - 1) }
                    span.unseen { " " (view.say("more things", "autres choses")) }
                }
            }
        }
    }
}

/// Who leads a case, where somebody does.
fn led_by(view: &View<'_>, case: &Case) -> Markup {
    html! {
        @if let Some(lead) = case.lead() {
            span.chip { (view.say("led by ", "responsable : ")) (lead) }
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
