//! What is due, by when and whose. Nothing is decided here: casework computes the clocks, and this
//! says them in words and points at the place on the page where each is done.

use casework::{Case, Clock, Due, Standing};
use maud::{Markup, html};
use record::text::line;

use super::queue::{Row, title};
use super::show::View;

/// Days ahead of which the list of dates still speaks.
const AHEAD: u32 = 60;

/// The clocks about which somebody should do something today, the longest overdue first.
pub(crate) fn pressing(clocks: &[Clock], today: u32) -> impl Iterator<Item = &Clock> {
    clocks.iter().filter(move |clock| clock.presses(today))
}

/// Where on the page of its case it is done.
pub(crate) fn anchor(clock: Clock) -> String {
    match (clock.due, clock.about) {
        (Due::Acknowledgement, _) => "conversation".to_owned(),
        (Due::Consent | Due::Second, Some(number)) => format!("consent-{number}"),
        (Due::Consent | Due::Second, None) => "consents".to_owned(),
        (
            Due::Reply | Due::Confidentiality | Due::CheckIn | Due::HalfYear | Due::Year,
            Some(number),
        ) => format!("sent-{number}"),
        (Due::Task, Some(number)) => format!("todo-{number}"),
        (Due::Commitment, Some(number)) => format!("promise-{number}"),
        (Due::LawReview, Some(number)) => format!("measure-{number}"),
        (Due::Task, None) => "duty".to_owned(),
        (Due::Commitment, None) => "after".to_owned(),
        (Due::LawReview, None) => "laws".to_owned(),
        _ => "sent".to_owned(),
    }
}

/// How a clock stands today, as a small sign with its day.
pub(crate) fn standing(view: &View<'_>, clock: Clock, today: u32) -> Markup {
    let class = match clock.standing(today) {
        Standing::Overdue { .. } => "now",
        Standing::Now { .. } => "news",
        Standing::Later { .. } => "",
    };
    let text = match clock.standing(today) {
        Standing::Overdue { by: 1 } => view.say("1 day late", "1 jour de retard").to_owned(),
        Standing::Overdue { by } => {
            format!("{by} {}", view.say("days late", "jours de retard"))
        }
        Standing::Now { left: 0 } => view.say("today", "aujourd’hui").to_owned(),
        Standing::Now { left: 1 } | Standing::Later { left: 1 } => {
            view.say("tomorrow", "demain").to_owned()
        }
        Standing::Now { left } | Standing::Later { left } => format!(
            "{} {left} {}",
            view.say("in", "dans"),
            view.say("days", "jours")
        ),
    };
    html! { span class={ "chip " (class) } { (text) } }
}

/// Whose it is: the one who has the task, else whoever leads the case.
fn whose(case: &Case, clock: Clock) -> Option<String> {
    let task = || {
        let mut tasks = case.tasks();
        tasks.find(|task| clock.due == Due::Task && Some(task.number) == clock.about)
    };
    task()
        .map(|task| task.who.to_string())
        .or_else(|| case.lead().map(ToString::to_string))
}

/// What exactly it is about, in a few words.
pub(crate) fn about(view: &View<'_>, case: &Case, clock: Clock) -> String {
    let Some(number) = clock.about else {
        return String::new();
    };
    match clock.due {
        Due::Task => case
            .tasks()
            .find(|task| task.number == number)
            .map(|task| line(task.what.as_str(), 80)),
        Due::Commitment => case
            .commitments()
            .find(|one| one.id.0 == number)
            .map(|one| line(&one.text, 80)),
        Due::LawReview => case
            .laws()
            .find(|law| law.id.0 == number)
            .map(|law| line(&law.title, 80)),
        Due::Consent | Due::Second => case
            .consent(number)
            .map(|one| one.consent.purpose.label(view.language).into_owned()),
        _ => case.letter_out(number).map(|out| {
            let kind = out.sent.kind.label(view.language);
            format!("{kind}, {}", line(out.sent.to.as_str(), 60))
        }),
    }
    .unwrap_or_default()
}

/// One line: what, about what, how it stands, by when and whose.
fn clock_line(view: &View<'_>, case: &Case, clock: Clock, today: u32, to: &str) -> Markup {
    let about = about(view, case, clock);
    html! {
        (standing(view, clock, today)) " "
        a href={ (to) "#" (anchor(clock)) } { (clock.due.label(view.language)) }
        @if !about.is_empty() { (view.colon()) bdi { (about) } }
        " " span.soft { (view.day(envelope::Day(clock.day))) }
        @if let Some(who) = whose(case, clock) { " " span.soft { "· " (who) } }
    }
}

/// What is due in one case, on its page.
pub(crate) fn of_case(view: &View<'_>, case: &Case, today: u32) -> Markup {
    let clocks = case.clocks(casework::Terms::default());
    html! {
        @if !clocks.is_empty() {
            details.due id="due" open[pressing(&clocks, today).next().is_some()] {
                summary {
                    (view.say("Dates", "Échéances")) " "
                    span.soft { (clocks.len()) }
                }
                ul {
                    @for clock in &clocks { li { (clock_line(view, case, *clock, today, "")) } }
                }
            }
        }
    }
}

/// What is due in all cases, by day.
pub(crate) fn all(view: &View<'_>, rows: &[Row<'_>], today: u32, most: usize) -> Markup {
    let until = today.saturating_add(AHEAD);
    let mut clocks: Vec<(Clock, &Row<'_>)> = rows
        .iter()
        .flat_map(|row| row.clocks.iter().map(move |clock| (*clock, row)))
        .filter(|(clock, _)| clock.day <= until)
        .collect();
    clocks.sort_by_key(|(clock, row)| (*clock, row.number));
    let found = clocks.len();
    clocks.truncate(most);
    let late = |clock: Clock| clock.day < today;
    let now = |clock: Clock| !late(clock) && clock.presses(today);
    let parts: [(&str, &str, Vec<_>); 3] = [
        (
            "late",
            view.say("Late", "En retard"),
            clocks.iter().filter(|(clock, _)| late(*clock)).collect(),
        ),
        (
            "now",
            view.say("Now", "Maintenant"),
            clocks.iter().filter(|(clock, _)| now(*clock)).collect(),
        ),
        (
            "later",
            view.say(
                "In the next sixty days",
                "Dans les soixante prochains jours",
            ),
            clocks
                .iter()
                .filter(|(clock, _)| !late(*clock) && !now(*clock))
                .collect(),
        ),
    ];
    html! {
        @if clocks.is_empty() {
            p.note id="no-dates" { (view.say("Nothing is due in the next sixty days.", "Rien n’arrive à échéance dans les soixante prochains jours.")) }
        }
        @for (id, heading, clocks) in &parts {
            @if !clocks.is_empty() {
                h2 { (heading) }
                ul.dates id={ "dates-" (id) } {
                    @for (clock, row) in clocks {
                        li {
                            (clock_line(view, row.case, *clock, today, &format!("/case/{}", row.number)))
                            br; span.soft { (row.number) ". " bdi { (title(view, row.case)) } }
                        }
                    }
                }
            }
        }
        @if found > most {
            p.soft { (view.say("Only the first 300 dates are shown.", "Seules les 300 premières échéances sont affichées.")) }
        }
    }
}
