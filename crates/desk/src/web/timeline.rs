//! A case in the order of its days, as a plain list: what happened, what came and left, what is due.
//! A date that is known roughly says between which days it lies.

use casework::{Case, Days, Happening};
use maud::{Markup, html};
use record::text::line;

use super::case::{place_text, when_text};
use super::due;
use super::show::{Part, View, frame};
use crate::desk::moment;

pub(crate) fn page(view: &View<'_>, number: u64, case: &Case) -> Markup {
    let today = moment(view.now).day;
    let all = case.timeline(casework::Terms::default());
    let (past, ahead): (Vec<_>, Vec<_>) =
        all.dated.iter().partition(|(days, _)| days.first <= today);
    let heading = view.say("In the order of days", "Dans l’ordre des jours");
    let dated = |id: &str, name: &str, happenings: &[&(Days, Happening)]| {
        html! {
            @if !happenings.is_empty() {
                section aria-labelledby={ (id) "-heading" } {
                    h2 id={ (id) "-heading" } { (name) }
                    ol.dates id=(id) {
                        @for (days, happening) in happenings {
                            li { (when(view, *days)) " " (what(view, case, number, *happening, today)) }
                        }
                    }
                }
            }
        }
    };
    let body = html! {
        p.row { a href={ "/case/" (number) } { (view.say("← Case ", "← Dossier ")) (number) } }
        h1 { (view.say("Case ", "Dossier ")) (number) (view.colon()) (heading) }
        p.soft { (view.say(
            "Acts and events stand under the first day on which they can have begun. Nothing without a day is put anywhere.",
            "Les actes et les événements figurent au premier jour où ils ont pu commencer. Ce qui n’a pas de jour n’est placé nulle part.",
        )) }
        (dated("past", view.say("Up to today", "Jusqu’à aujourd’hui"), &past))
        (dated("ahead", view.say("Still to come", "À venir"), &ahead))
        @if !all.undated.is_empty() {
            section aria-labelledby="undated-heading" {
                h2 id="undated-heading" { (view.say("Without a day, or before 1970", "Sans jour connu, ou avant 1970")) }
                ul.dates id="undated" {
                    @for happening in &all.undated {
                        li { (what(view, case, number, *happening, today)) }
                    }
                }
            }
        }
    };
    frame(view, Part::Cases, heading, &body)
}

/// The day, or between which days it lies.
fn when(view: &View<'_>, days: Days) -> Markup {
    html! {
        strong { (view.day(envelope::Day(days.first))) }
        @if days.last != days.first {
            strong { (view.say(" to ", " au ")) (view.day(envelope::Day(days.last))) }
            " " span.chip { (view.say("day not known", "jour non connu")) }
        }
    }
}

/// What it was, with the way to its place on the case's page.
fn what(view: &View<'_>, case: &Case, number: u64, happening: Happening, today: u32) -> Markup {
    let (at, kind, more) = told(view, case, happening);
    html! {
        a href={ "/case/" (number) "#" (at) } { (kind) }
        @if !more.is_empty() { (view.colon()) bdi { (more) } }
        @match happening {
            Happening::Due(clock) => { " " (due::standing(view, clock, today)) }
            Happening::Act(id) if case.verification(id).is_none() => {
                " " span.chip { (view.say("alleged", "allégué")) }
            }
            _ => {}
        }
    }
}

/// Where it stands on the case's page, what it is, and what of it fits on a line.
fn told(view: &View<'_>, case: &Case, happening: Happening) -> (String, String, String) {
    let say = |en, fr| view.say(en, fr).to_owned();
    let short = |text: &str| line(text, 80);
    match happening {
        Happening::Event(id) => {
            let event = case.event(id);
            let more = event.map(|event| match event.title.as_str() {
                "" => place_text(view, &event.place),
                title => title.to_owned(),
            });
            (
                "acts".to_owned(),
                say("Event", "Événement"),
                short(&more.unwrap_or_default()),
            )
        }
        Happening::Act(id) => {
            let act = case.act(id);
            let kind = act.map(|act| act.kind.label(view.language).into_owned());
            let event = act.and_then(|act| case.event(act.event));
            let when = act.map(|act| match act.when.first.as_str() {
                "" => event.map_or_else(String::new, |event| when_text(view, &event.when)),
                _ => when_text(view, &act.when),
            });
            let place = event.map(|event| place_text(view, &event.place));
            let more: Vec<String> = [when, place].into_iter().flatten().collect();
            let more: Vec<&str> = more
                .iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            (
                format!("act-{}", id.0),
                kind.unwrap_or_default(),
                short(&more.join(", ")),
            )
        }
        Happening::Letter(n) => {
            let letter = case.letters().get(n.saturating_sub(1));
            let more = letter.map(|letter| letter.channel.label(view.language).into_owned());
            (
                format!("letter-{n}"),
                format!("{} {n}", view.say("Report", "Signalement")),
                more.unwrap_or_default(),
            )
        }
        Happening::Reply(n) => (
            format!("reply-{n}"),
            format!(
                "{} {n}",
                view.say("Answer to the reporter", "Réponse à la personne")
            ),
            String::new(),
        ),
        Happening::LetterOut(n) => {
            let out = case.letter_out(n);
            (
                format!("sent-{n}"),
                out.map(|out| out.sent.kind.label(view.language).into_owned())
                    .unwrap_or_default(),
                short(out.map_or("", |out| out.sent.to.as_str())),
            )
        }
        Happening::Material(n) => {
            let out = case.packages().get(n.saturating_sub(1));
            (
                format!("material-{n}"),
                say("Material handed over", "Éléments remis"),
                short(out.map_or("", |out| out.package.to.as_str())),
            )
        }
        Happening::Response(n) => {
            let came = case.responses().get(n.saturating_sub(1));
            let none = came.is_some_and(|came| {
                let mut kinds = came.response.kinds.iter();
                kinds.any(|kind| kind.is("none-by-deadline"))
            });
            (
                came.map_or_else(String::new, |came| format!("answer-{}", came.response.id.0)),
                if none {
                    say("No answer in time", "Aucune réponse à temps")
                } else {
                    say("Answer received", "Réponse reçue")
                },
                short(came.map_or("", |came| &came.response.by)),
            )
        }
        Happening::CheckIn(n) => {
            let look = case.check_ins().get(n.saturating_sub(1));
            let harmed = look.is_some_and(|look| look.reprisal.is_some());
            let more = if harmed {
                say(
                    "a reprisal was found",
                    "des représailles ont été constatées",
                )
            } else {
                String::new()
            };
            (
                look.map_or_else(|| "sent".to_owned(), |look| format!("sent-{}", look.letter)),
                say(
                    "Looked in on the people concerned",
                    "Prise de nouvelles auprès des personnes concernées",
                ),
                more,
            )
        }
        Happening::Step(id) => {
            let mut steps = case.steps();
            let step = steps.find(|step| step.id == id);
            (
                format!("step-of-{}", id.0),
                step.map(|step| step.kind.label(view.language).into_owned())
                    .unwrap_or_default(),
                short(step.map_or("", |step| &step.by)),
            )
        }
        Happening::Remedy(id) => {
            let mut remedies = case.remedies();
            let remedy = remedies.find(|remedy| remedy.id == id);
            let label = |remedy: &record::Remedy| {
                let kind = remedy.kind.label(view.language);
                format!("{kind}, {}", remedy.status.label(view.language))
            };
            (
                format!("remedy-of-{}", id.0),
                say("Remedy", "Réparation"),
                remedy.map(label).unwrap_or_default(),
            )
        }
        Happening::Help(id) => {
            let mut help = case.help();
            let one = help.find(|help| help.id == id);
            (
                format!("help-of-{}", id.0),
                say("Help", "Aide"),
                one.map(|help| help.kind.label(view.language).into_owned())
                    .unwrap_or_default(),
            )
        }
        Happening::Published(n) => {
            let page = case.published().get(n.saturating_sub(1));
            (
                format!("published-{n}"),
                say("Made public", "Rendu public"),
                short(page.map_or("", |page| page.published.place.as_str())),
            )
        }
        Happening::Due(clock) => (
            due::anchor(clock),
            clock.due.label(view.language).to_owned(),
            due::about(view, case, clock),
        ),
    }
}
