//! Who works on a case: who leads it, handing over, standing back, and what is to be done by when.
//! A colleague is named by the short code that stands on their entries.

use casework::{Case, Colleague, Task};
use maud::{Markup, html};

use super::asked::Fields;
use super::case::{Shown, shown_inline};
use super::forms::{NOTHING_HERE, Outcome, day, refused, whole};
use super::show::{View, told};
use crate::desk::{CannotDecide, Desk};

const NO_COLLEAGUE: CannotDecide = refused(
    "name a colleague by the short code that stands on their entries: lower-case letters, digits, hyphens",
    "désignez une ou un collègue par le code court inscrit sur ses décisions : lettres minuscules, chiffres, tirets",
);

/// Forms of this part of the page: one that comes back opens it.
const FORMS: [&str; 7] = [
    "assign",
    "hand-over",
    "stand-back",
    "end-recusal",
    "task",
    "task-done",
    "release",
];

/// Who works on the case, and the forms for it.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let open = case.tasks().filter(|task| task.done.is_none()).count();
    let anything = case.lead().is_some()
        || case.tasks().next().is_some()
        || case.recused().next().is_some()
        || !case.recusals_over().is_empty();
    let told = match (case.lead(), open) {
        (Some(lead), 0) => lead.to_string(),
        (Some(lead), open) => format!("{lead} · {}", tasks_told(view, open)),
        (None, 0) => String::new(),
        (None, open) => tasks_told(view, open),
    };
    let body = html! {
        (standing_back(view, shown))
        (lead(view, shown))
        h3 { (view.say("Tasks", "Tâches")) }
        (tasks(view, shown))
        (view.folded("task", view.say("Set a task", "Créer une tâche"), false, task_form(view, shown, None)))
    };
    view.part(
        "duty",
        view.say("Who works on it", "Qui s’en occupe"),
        &told,
        anything || view.came_back_to(&FORMS),
        &body,
    )
}

fn tasks_told(view: &View<'_>, open: usize) -> String {
    let tasks = if open == 1 {
        view.say("open task", "tâche en cours")
    } else {
        view.say("open tasks", "tâches en cours")
    };
    format!("{open} {tasks}")
}

/// A field for a colleague, with everyone who ever wrote into the log to choose from.
fn colleague(view: &View<'_>, shown: &Shown<'_>, form: &str, label: &str, value: &str) -> Markup {
    let id = format!("{form}-who");
    html! {
        div.field {
            label for=(id) { (label) }
            span.hint id={ (id) "-hint" } { (view.say("The short code on their entries.", "Le code court inscrit sur ses décisions.")) }
            input type="text" id=(id) name="who" value=(view.typed(form, "who", value)) list={ (id) "-known" }
                autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby={ (id) "-hint" };
            datalist id={ (id) "-known" } {
                @for known in shown.desk.office().colleagues() { option value=(known); }
            }
        }
    }
}

fn lead(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let action = |verb: &str| format!("/case/{}/{verb}", shown.number);
    let me = shown.desk.author().person();
    let mine = case.lead().is_some_and(|lead| lead.as_str() == me);
    html! {
        p id="lead" {
            (view.say("Led by ", "Responsable : "))
            @match case.lead() {
                Some(lead) => strong { (lead) },
                None => span.soft { (view.say("nobody yet", "personne pour l’instant")) },
            }
        }
        @if let Some((at, handed)) = case.handed_over().last() {
            div.note id="handed-over" {
                p { strong { (view.say("Handed over by ", "Transmis par ")) (handed.from) } " · " (view.time(*at)) }
                (told(handed.told.as_str()))
            }
        }
        @if !mine && !case.is_recused(shown.desk.author()) {
            form id="take" method="post" action=(action("assign")) autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                input type="hidden" name="who" value=(me);
                @if case.lead().is_none() {
                    div.row { button.quiet type="submit" { (view.say("I take it", "Je m’en charge")) } }
                } @else {
                    (view.line("take", "reason", view.say("To take it over yourself: why", "Pour le reprendre : pourquoi"), "", ""))
                    div.row { button.quiet type="submit" { (view.say("I take it over", "Je le reprends")) } }
                }
            }
        }
        (view.folded("assign", view.say("Give it to a colleague", "L’attribuer à quelqu’un d’autre"), false, view.form(
            "assign", &action("assign"), view.say("Assign", "Attribuer"), html! {
                (colleague(view, shown, "assign", view.say("Who leads it from now on", "Qui en est responsable désormais"), ""))
                (view.line("assign", "reason", view.say("Why", "Pourquoi"), view.say("Needed when it is taken from somebody else.", "Nécessaire si le dossier est retiré à quelqu’un."), ""))
            },
        )))
        @if case.lead().is_some() {
            (view.folded("hand-over", view.say("Hand it over, with what is to be done", "Le transmettre, avec ce qui reste à faire"), false, view.form(
                "hand-over", &action("hand-over"), view.say("Hand over", "Transmettre"), html! {
                    (colleague(view, shown, "hand-over", view.say("To whom", "À qui"), ""))
                    (view.lines("hand-over", "told", view.say("What the next one must know", "Ce que la personne suivante doit savoir"), view.say("Whom never to call, what was promised, what frightens whom.", "Qui ne jamais appeler, ce qui a été promis, ce qui fait peur à qui."), ""))
                },
            )))
            @if mine {
                (view.folded("release", view.say("Lead it no longer", "Ne plus en être responsable"), false, view.form(
                    "release", &action("release"), view.say("Nobody leads it", "Plus personne n’en est responsable"), html! {
                        (view.line("release", "reason", view.say("Why", "Pourquoi"), "", ""))
                    },
                )))
            }
        }
    }
}

fn standing_back(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let action = |verb: &str| format!("/case/{}/{verb}", shown.number);
    let me = shown.desk.author();
    html! {
        @if case.is_recused(me) {
            p.care id="you-stand-back" {
                strong { (view.say("You stand back from this case: ", "Votre déport de ce dossier est enregistré : ")) }
                (view.say("you decide nothing in it. You can hand it over.", "vous n’y décidez rien. Vous pouvez le transmettre."))
            }
        }
        @for (who, recusal) in case.recused() {
            div.note id={ "recused-" (who) } {
                p { strong { (who) " " (view.say("stands back", "s’est déporté")) } " · " (view.time(recusal.at)) " · " code { (recusal.by) } }
                (told(recusal.reason.as_str()))
                @let form = format!("end-recusal-{who}");
                (view.folded(&form, view.say("What kept them from it is over", "Ce qui l’en empêchait a pris fin"), false, view.form(
                    &form, &action("end-recusal"), view.say("Record", "Enregistrer"), html! {
                        input type="hidden" name="id" value=(who);
                        (view.line(&form, "reason", view.say("Why", "Pourquoi"), "", ""))
                    },
                )))
            }
        }
        @for over in case.recusals_over() {
            p.soft {
                (over.who) " " (view.say("stood back until ", "s’était déporté jusqu’au ")) (view.time(over.at)) " · " code { (over.by) } " · " (shown_inline(over.reason.as_str()))
                @if over.nobody_left { " " span.chip.now { (view.say("ended by one who stood back: nobody else was left", "levé par une personne qui s’était elle-même déportée de ce dossier : il ne restait personne d’autre")) } }
            }
        }
        (view.folded("stand-back", view.say("Somebody must stand back from it", "Quelqu’un doit s’en déporter"), false, view.form(
            "stand-back", &action("stand-back"), view.say("Record", "Enregistrer"), html! {
                p.hint { (view.say("A relative, a friend, a party: whoever stands back decides nothing here. They can still read; keys decide who reads, not this.", "Un proche, une amie, une partie : la personne qui se déporte ne décide rien ici. Elle peut encore lire ; ce sont les clés qui décident de la lecture, pas ceci.")) }
                (colleague(view, shown, "stand-back", view.say("Who", "Qui"), me.person()))
                (view.line("stand-back", "reason", view.say("Why", "Pourquoi"), view.say("Without the name of the person concerned.", "Sans le nom de la personne concernée."), ""))
            },
        )))
    }
}

fn tasks(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let (done, open): (Vec<&Task>, Vec<&Task>) =
        shown.case.tasks().partition(|task| task.done.is_some());
    html! {
        @for task in &open {
            article id={ "todo-" (task.number) } {
                p {
                    bdi { (shown_inline(task.what.as_str())) } " " span.chip { (task.who) }
                    @if let Some(by) = task.by { " " span.soft { (view.say("by ", "au plus tard le ")) (view.date(by)) } }
                }
                @let form = format!("task-done-{}", task.number);
                (view.folded(&form, view.say("It is done", "C’est fait"), false, view.form(
                    &form, &format!("/case/{}/task-done", shown.number), view.say("Done", "Fait"), html! {
                        input type="hidden" name="id" value=(task.number);
                        (view.line(&form, "how", view.say("What came of it", "Ce qui en est sorti"), "", ""))
                    },
                )))
                (view.folded(&format!("task-{}", task.number), view.say("Change it", "La modifier"), false, task_form(view, shown, Some(task))))
            }
        }
        @if !done.is_empty() {
            details {
                summary { (view.say("Done: ", "Faites : ")) (done.len()) }
                ul {
                    @for task in &done {
                        li id={ "todo-" (task.number) } {
                            bdi { (shown_inline(task.what.as_str())) }
                            @if let Some((at, by, how)) = &task.done {
                                " " span.soft { (view.time(*at)) " · " code { (by) } } " " (shown_inline(how.as_str()))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn task_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Task>) -> Markup {
    let form = old.map_or_else(|| "task".to_owned(), |task| format!("task-{}", task.number));
    let me = shown.desk.author().person();
    let fields = html! {
        @if let Some(task) = old { input type="hidden" name="id" value=(task.number); }
        (view.line(&form, "what", view.say("What is to be done", "Ce qui est à faire"), "", old.map_or("", |task| task.what.as_str())))
        div.fields {
            (colleague(view, shown, &form, view.say("By whom", "Par qui"), old.map_or(me, |task| task.who.as_str())))
            (view.day_line(&form, "by", view.say("By which day", "Avant quel jour"), old.and_then(|task| task.by)))
        }
    };
    let button = if old.is_some() {
        view.say("Change", "Modifier")
    } else {
        view.say("Set", "Créer")
    };
    view.form(
        &form,
        &format!("/case/{}/task", shown.number),
        button,
        fields,
    )
}

/// Takes one form of this part of the page; `None` if it is none of them.
pub(crate) fn take(
    desk: &mut Desk,
    number: u64,
    verb: &str,
    fields: &Fields,
    now: u64,
) -> Option<Result<Outcome, CannotDecide>> {
    let (reason, told) = (fields.text("reason"), fields.text("told"));
    let done = match verb {
        "assign" => named(fields, "who").and_then(|who| {
            desk.decide(number, now, |case, stamp| {
                casework::assign(case, Some(who), reason, stamp)
            })
        }),
        "release" => desk.decide(number, now, |case, stamp| {
            casework::assign(case, None, reason, stamp)
        }),
        "hand-over" => named(fields, "who").and_then(|who| {
            desk.decide(number, now, |case, stamp| {
                casework::hand_over(case, who, told, stamp)
            })
        }),
        "stand-back" => named(fields, "who").and_then(|who| {
            desk.decide(number, now, |case, stamp| {
                casework::recuse(case, who, reason, stamp)
            })
        }),
        "end-recusal" => named(fields, "id").and_then(|who| {
            desk.decide(number, now, |case, stamp| {
                casework::end_recusal(case, who, reason, stamp)
            })
        }),
        "task" => task(desk, number, fields, now),
        "task-done" => whole(fields.text("id")).and_then(|task| {
            desk.decide(number, now, |case, stamp| {
                casework::finish_task(case, task.unwrap_or(0), fields.text("how"), stamp)
            })
        }),
        _ => return None,
    };
    Some(done.map(|()| Outcome::Done("duty")))
}

fn named(fields: &Fields, name: &str) -> Result<Colleague, CannotDecide> {
    Colleague::read(fields.text(name)).ok_or(NO_COLLEAGUE)
}

fn task(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?;
    if id.is_some_and(|id| !has_task(case, id)) {
        return Err(NOTHING_HERE);
    }
    let task = id.unwrap_or(case.next_task());
    let (who, by) = (named(fields, "who")?, day(fields.text("by"))?);
    desk.decide(number, now, |case, stamp| {
        casework::set_task(case, task, fields.text("what"), who, by, stamp)
    })
}

fn has_task(case: &Case, number: u32) -> bool {
    case.tasks().any(|task| task.number == number)
}
