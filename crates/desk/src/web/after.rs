//! What came after: steps towards those responsible, remedies with the victim's own view, help,
//! and what States and companies said they would do. What is recorded can be corrected; the log
//! keeps both.

use casework::{Case, State};
use maud::{Markup, html};
use record::text::line;
use record::vocabulary::{
    AccountabilitySteps, CommitmentStatuses, Help as Helps, Impacts, ImpunityStatuses, List,
    Remedies, RemedyStatuses, Term,
};
use record::{
    ActId, Commitment, CommitmentId, Date, Help, HelpId, PersonId, Remedy, RemedyId, Step, StepId,
};

use super::asked::Fields;
use super::case::{Shown, choose, fact, person_choice_of, person_name};
use super::forms::{NOT_CHOSEN, NOTHING_HERE, Outcome, chosen_person, day, whole};
use super::show::View;
use crate::desk::{CannotDecide, Desk, moment};

/// Forms of this part of the page: one that comes back opens it.
const FORMS: [&str; 4] = ["step", "remedy", "help", "commitment"];

/// Everything that came after, and the forms for it.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let counts = [
        case.steps().count(),
        case.remedies().count(),
        case.help().count(),
        case.commitments().count(),
    ];
    let recorded: usize = counts.iter().sum();
    let without = case
        .days_without_action(moment(view.now).day)
        .filter(|_| !case.state().is_ended());
    let told = if recorded == 0 {
        String::new()
    } else {
        recorded.to_string()
    };
    let body = html! {
        @if let Some(days) = without {
            p id="without-action" {
                span.chip { (days) " " (if days == 1 { view.say("day", "jour") } else { view.say("days", "jours") }) } " "
                (view.say("without anything done by an authority, as far as is recorded.", "sans rien de fait par une autorité, d’après ce qui est enregistré."))
                @if let Some(impunity) = case.impunity() {
                    " " (view.say("Impunity: ", "Impunité : ")) (view.chip(impunity, ""))
                }
            }
        }
        h3 { (view.say("Steps towards those responsible", "Démarches contre les responsables")) }
        @for step in case.steps() { (one_step(view, shown, step)) }
        (view.folded("step", view.say("Record a step", "Enregistrer une démarche"), false, step_form(view, shown, None)))
        h3 { (view.say("Remedies", "Réparations")) }
        @for remedy in case.remedies() { (one_remedy(view, shown, remedy)) }
        (view.folded("remedy", view.say("Record a remedy", "Enregistrer une réparation"), false, remedy_form(view, shown, None)))
        h3 { (view.say("Help", "Aide")) }
        @for help in case.help() { (one_help(view, shown, help)) }
        (view.folded("help", view.say("Record help that was given", "Enregistrer une aide apportée"), false, help_form(view, shown, None)))
        h3 { (view.say("Commitments", "Engagements")) }
        @for promise in case.commitments() { (one_commitment(view, shown, promise)) }
        (view.folded("commitment", view.say("Record a commitment", "Enregistrer un engagement"), false, commitment_form(view, shown, None)))
    };
    let goes_on = matches!(
        case.state(),
        State::ResponseReceived | State::NoResponse | State::FollowUp
    );
    view.part(
        "after",
        view.say("What came after", "Ce qui a suivi"),
        &told,
        recorded > 0 || goes_on || view.came_back_to(&FORMS),
        &body,
    )
}

fn written(view: &View<'_>, day: Option<Date>) -> String {
    day.map(|day| view.date(day)).unwrap_or_default()
}

fn whose(view: &View<'_>, case: &Case, person: Option<PersonId>) -> String {
    match person {
        Some(person) => person_name(view, case, person),
        None => view
            .say("all victims of the case", "toutes les victimes du dossier")
            .to_owned(),
    }
}

/// The form of a new thing, or of the one that is corrected.
fn form_id(verb: &str, corrected: Option<u32>) -> String {
    corrected.map_or_else(|| verb.to_owned(), |id| format!("{verb}-{id}"))
}

fn correct(view: &View<'_>, form: &str, inside: Markup) -> Markup {
    view.folded(form, view.say("Correct it", "Corriger"), false, inside)
}

fn hidden_id(corrected: Option<u32>) -> Markup {
    html! { @if let Some(id) = corrected { input type="hidden" name="id" value=(id); } }
}

fn record(view: &View<'_>, corrected: bool) -> &'static str {
    if corrected {
        view.say("Record the correction", "Enregistrer la correction")
    } else {
        view.say("Record", "Enregistrer")
    }
}

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

fn one_step(view: &View<'_>, shown: &Shown<'_>, step: &Step) -> Markup {
    let checks = [
        (view.say("prompt", "rapide"), step.prompt),
        (view.say("impartial", "impartiale"), step.impartial),
        (view.say("independent", "indépendante"), step.independent),
    ];
    html! {
        article id={ "step-of-" (step.id.0) } {
            h4 { (step.id.0) ". " (step.kind.label(view.language)) (view.colon()) bdi { (line(&step.by, 80)) } }
            p.row {
                @if let Some(day) = step.day { span.soft { (view.date(day)) } }
                (view.chip(&step.impunity, ""))
                @for (name, answer) in checks {
                    @match answer {
                        Some(true) => span.chip.sure { (name) },
                        Some(false) => span.chip.now { (view.say("not ", "pas ")) (name) },
                        None => {}
                    }
                }
                @for ActId(act) in &step.acts { a.chip href={ "#act-" (act) } { (view.say("act ", "acte ")) (act) } }
            }
            dl.facts {
                (fact(view.say("Grounds", "Motifs"), &step.grounds))
                (fact(view.say("What came of it", "Ce qui en est sorti"), &step.outcome))
            }
            (correct(view, &form_id("step", Some(step.id.0)), step_form(view, shown, Some(step))))
        }
    }
}

fn step_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Step>) -> Markup {
    let empty = Step::default();
    let (read, id) = (old.unwrap_or(&empty), old.map(|step| step.id.0));
    let form = form_id("step", id);
    let form = form.as_str();
    let fields = html! {
        (hidden_id(id))
        div.fields {
            (view.choice::<AccountabilitySteps>(form, "kind", view.say("Which step", "Quelle démarche"), read.kind.as_str(), Some(choose(view))))
            (view.line(form, "by", view.say("By which court, prosecutor or body", "Par quel tribunal, parquet ou organe"), "", &read.by))
            (view.day_line(form, "day", view.say("Day", "Jour"), read.day))
            (view.choice::<ImpunityStatuses>(form, "impunity", view.say("How far those responsible go free", "Degré d’impunité à ce stade"), read.impunity.as_str(), Some(view.say("not judged", "non évalué"))))
        }
        @if shown.case.acts().next().is_some() {
            fieldset {
                legend { (view.say("About which acts", "À propos de quels actes")) }
                p.hint { (view.say("Nothing ticked: the whole case.", "Rien de coché : tout le dossier.")) }
                @for act in shown.case.acts() {
                    (view.tick(form, "acts", &act.id.0.to_string(), html! { (act.id.0) ". " (act.kind.label(view.language)) }, read.acts.contains(&act.id)))
                }
            }
        }
        fieldset {
            legend { (view.say("If it is an investigation", "S’il s’agit d’une enquête")) }
            p.hint { (view.say("Each answer needs a ground.", "Chaque réponse doit être motivée.")) }
            div.fields {
                (view.yes_or_no(form, "prompt", view.say("Was it prompt?", "A-t-elle été rapide ?"), read.prompt))
                (view.yes_or_no(form, "impartial", view.say("Impartial?", "Impartiale ?"), read.impartial))
                (view.yes_or_no(form, "independent", view.say("Independent of those it is about?", "Indépendante des personnes visées ?"), read.independent))
            }
            (view.line(form, "grounds", view.say("What the answers rest on", "Sur quoi reposent ces réponses"), "", &read.grounds))
        }
        (view.lines(form, "outcome", view.say("What came of it", "Ce qui en est sorti"), "", &read.outcome))
    };
    let action = format!("/case/{}/step", shown.number);
    view.form(form, &action, record(view, id.is_some()), fields)
}

// ── Remedies ───────────────────────────────────────────────────────────────────────────────────

fn one_remedy(view: &View<'_>, shown: &Shown<'_>, remedy: &Remedy) -> Markup {
    html! {
        article id={ "remedy-of-" (remedy.id.0) } {
            h4 { (remedy.id.0) ". " (remedy.kind.label(view.language)) (view.colon()) (whose(view, shown.case, remedy.person)) }
            p.row {
                (view.chip(&remedy.status, if remedy.status.is("delivered") { "sure" } else { "" }))
                @if let Some(day) = remedy.day { span.soft { (view.date(day)) } }
                @if remedy.asked == Some(false) {
                    span.chip.now { (view.say("the victim was not asked", "la victime n’a pas été consultée")) }
                }
            }
            @if !remedy.own_view.trim().is_empty() {
                p.soft { (view.say("What the victim thinks of it:", "Ce qu’en pense la victime :")) }
                (super::show::told(&remedy.own_view))
            }
            dl.facts {
                (fact(view.say("By whom", "Par qui"), &remedy.by))
                (fact(view.say("How much", "Combien"), &remedy.amount))
                (fact(view.say("Note", "Note"), &remedy.note))
            }
            (correct(view, &form_id("remedy", Some(remedy.id.0)), remedy_form(view, shown, Some(remedy))))
        }
    }
}

fn remedy_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Remedy>) -> Markup {
    let empty = Remedy::default();
    let (read, id) = (old.unwrap_or(&empty), old.map(|remedy| remedy.id.0));
    let form = form_id("remedy", id);
    let form = form.as_str();
    let everyone = view.say("all victims of the case", "toutes les victimes du dossier");
    let fields = html! {
        (hidden_id(id))
        div.fields {
            (view.choice::<Remedies>(form, "kind", view.say("What", "Quoi"), read.kind.as_str(), Some(choose(view))))
            (view.choice::<RemedyStatuses>(form, "status", view.say("Where it stands", "Où cela en est"), read.status.as_str(), Some(choose(view))))
            (person_choice_of(view, form, "person", shown.case, (view.say("For whom", "Pour qui"), everyone), read.person))
            (view.line(form, "by", view.say("Who decided or promised it", "Qui l’a décidée ou promise"), "", &read.by))
            (view.day_line(form, "day", view.say("Day of that", "À quelle date"), read.day))
            (view.line(form, "amount", view.say("How much, in the words of the decision", "Combien, dans les mots de la décision"), "", &read.amount))
        }
        fieldset {
            legend { (view.say("The victim’s own view", "L’avis de la victime")) }
            (view.yes_or_no(form, "asked", view.say("Was the victim asked what they think of it?", "La victime a-t-elle été consultée ?"), read.asked))
            (view.lines(form, "own_view", view.say("What they said, in their words", "Ce qu’elle a dit, dans ses mots"), "", &read.own_view))
        }
        (view.lines(form, "note", view.say("What else is to be said", "Autres précisions"), "", &read.note))
    };
    let action = format!("/case/{}/remedy", shown.number);
    view.form(form, &action, record(view, id.is_some()), fields)
}

// ── Help ───────────────────────────────────────────────────────────────────────────────────────

fn one_help(view: &View<'_>, shown: &Shown<'_>, help: &Help) -> Markup {
    html! {
        article id={ "help-of-" (help.id.0) } {
            h4 { (help.id.0) ". " (help.kind.label(view.language)) (view.colon()) (whose(view, shown.case, help.person)) }
            p.row {
                (view.chip(&help.effect, ""))
                span.soft { (written(view, help.first_day)) @if help.last_day.is_some() { " – " (written(view, help.last_day)) } }
            }
            dl.facts {
                (fact(view.say("By whom", "Par qui"), &help.provider))
                (fact(view.say("What came of it", "Ce qui en est sorti"), &help.outcome))
            }
            (correct(view, &form_id("help", Some(help.id.0)), help_form(view, shown, Some(help))))
        }
    }
}

fn help_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Help>) -> Markup {
    let empty = Help::default();
    let (read, id) = (old.unwrap_or(&empty), old.map(|help| help.id.0));
    let form = form_id("help", id);
    let form = form.as_str();
    let everyone = view.say("all victims of the case", "toutes les victimes du dossier");
    let fields = html! {
        (hidden_id(id))
        div.fields {
            (view.choice::<Helps>(form, "kind", view.say("What kind", "Quel type"), read.kind.as_str(), Some(choose(view))))
            (person_choice_of(view, form, "person", shown.case, (view.say("For whom", "Pour qui"), everyone), read.person))
            (view.line(form, "provider", view.say("By whom", "Par qui"), "", &read.provider))
            (view.day_line(form, "first_day", view.say("First day", "Premier jour"), read.first_day))
            (view.day_line(form, "last_day", view.say("Last day", "Dernier jour"), read.last_day))
            (view.choice::<Impacts>(form, "effect", view.say("What it did", "Son effet"), read.effect.as_str(), Some(view.say("not judged", "non évalué"))))
        }
        (view.lines(form, "outcome", view.say("What came of it", "Ce qui en est sorti"), "", &read.outcome))
    };
    let action = format!("/case/{}/help", shown.number);
    view.form(form, &action, record(view, id.is_some()), fields)
}

// ── Commitments ────────────────────────────────────────────────────────────────────────────────

fn one_commitment(view: &View<'_>, shown: &Shown<'_>, promise: &Commitment) -> Markup {
    html! {
        article id={ "promise-" (promise.id.0) } {
            h4 { (promise.id.0) ". " bdi { (line(&promise.by, 80)) } }
            p.row {
                (view.chip(&promise.status, match promise.status.as_str() { "kept" => "sure", "broken" => "now", _ => "" }))
                @if promise.day.is_some() { span.soft { (view.say("made ", "pris le ")) (written(view, promise.day)) } }
                @if promise.due.is_some() { span.soft { (view.say("to be kept by ", "à tenir au plus tard le ")) (written(view, promise.due)) } }
            }
            (super::show::told(&promise.text))
            dl.facts {
                (fact(view.say("Where it was said", "Où cela a été dit"), &promise.source))
                (fact(view.say("What its state rests on", "Sur quoi repose cet état"), &promise.grounds))
            }
            (correct(view, &form_id("commitment", Some(promise.id.0)), commitment_form(view, shown, Some(promise))))
        }
    }
}

fn commitment_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Commitment>) -> Markup {
    let empty = Commitment::default();
    let (read, id) = (old.unwrap_or(&empty), old.map(|promise| promise.id.0));
    let form = form_id("commitment", id);
    let form = form.as_str();
    let fields = html! {
        (hidden_id(id))
        div.fields {
            (view.line(form, "by", view.say("By whom", "De qui"), view.say("A State or a company.", "Un État ou une entreprise."), &read.by))
            (view.choice::<CommitmentStatuses>(form, "status", view.say("Where it stands", "Où cela en est"), read.status.as_str(), Some(choose(view))))
            (view.day_line(form, "day", view.say("When it was made", "Quand il a été pris"), read.day))
            (view.day_line(form, "due", view.say("By when it is to be kept", "À tenir avant quand"), read.due))
        }
        (view.lines(form, "text", view.say("What was said", "Ce qui a été dit"), "", &read.text))
        (view.line(form, "source", view.say("Where it was said", "Où cela a été dit"), "", &read.source))
        (view.line(form, "grounds", view.say("What its state rests on", "Sur quoi repose cet état"), "", &read.grounds))
    };
    let action = format!("/case/{}/commitment", shown.number);
    view.form(form, &action, record(view, id.is_some()), fields)
}

// ── What was typed ─────────────────────────────────────────────────────────────────────────────

/// Takes one form of this part of the page; `None` if it is none of them.
pub(crate) fn take(
    desk: &mut Desk,
    number: u64,
    verb: &str,
    fields: &Fields,
    now: u64,
) -> Option<Result<Outcome, CannotDecide>> {
    let done = match verb {
        "step" => step(desk, number, fields, now),
        "remedy" => remedy(desk, number, fields, now),
        "help" => help(desk, number, fields, now),
        "commitment" => commitment(desk, number, fields, now),
        _ => return None,
    };
    Some(done.map(|()| Outcome::Done("after")))
}

/// A word that must be chosen.
fn word<L: List>(fields: &Fields, name: &str) -> Result<Term<L>, CannotDecide> {
    match fields.text(name) {
        "" => Err(NOT_CHOSEN),
        code => Ok(Term::told(code)),
    }
}

fn yes_or_no(fields: &Fields, name: &str) -> Option<bool> {
    match fields.text(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn step(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?.map(StepId);
    let old = case.steps().find(|step| Some(step.id) == id);
    if id.is_some() && old.is_none() {
        return Err(NOTHING_HERE);
    }
    let mut acts = Vec::new();
    for act in fields.all("acts") {
        acts.extend(whole(act)?.map(ActId));
    }
    let step = Step {
        id: id.unwrap_or(case.next_step()),
        kind: word(fields, "kind")?,
        acts,
        day: day(fields.text("day"))?,
        by: fields.text("by").to_owned(),
        prompt: yes_or_no(fields, "prompt"),
        impartial: yes_or_no(fields, "impartial"),
        independent: yes_or_no(fields, "independent"),
        grounds: fields.text("grounds").to_owned(),
        outcome: fields.text("outcome").to_owned(),
        impunity: fields.text("impunity").into(),
        ..old.cloned().unwrap_or_default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_step(case, step, stamp)
    })
}

fn remedy(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?.map(RemedyId);
    let old = case.remedies().find(|remedy| Some(remedy.id) == id);
    if id.is_some() && old.is_none() {
        return Err(NOTHING_HERE);
    }
    let remedy = Remedy {
        id: id.unwrap_or(case.next_remedy()),
        person: chosen_person(fields, "person")?,
        kind: word(fields, "kind")?,
        status: fields.text("status").into(),
        by: fields.text("by").to_owned(),
        day: day(fields.text("day"))?,
        amount: fields.text("amount").to_owned(),
        asked: yes_or_no(fields, "asked"),
        own_view: fields.text("own_view").to_owned(),
        note: fields.text("note").to_owned(),
        ..old.cloned().unwrap_or_default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_remedy(case, remedy, stamp)
    })
}

fn help(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?.map(HelpId);
    let old = case.help().find(|help| Some(help.id) == id);
    if id.is_some() && old.is_none() {
        return Err(NOTHING_HERE);
    }
    let help = Help {
        id: id.unwrap_or(case.next_help()),
        person: chosen_person(fields, "person")?,
        kind: word(fields, "kind")?,
        provider: fields.text("provider").to_owned(),
        first_day: day(fields.text("first_day"))?,
        last_day: day(fields.text("last_day"))?,
        effect: fields.text("effect").into(),
        outcome: fields.text("outcome").to_owned(),
        ..old.cloned().unwrap_or_default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_help(case, help, stamp)
    })
}

fn commitment(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?.map(CommitmentId);
    let old = case.commitments().find(|promise| Some(promise.id) == id);
    if id.is_some() && old.is_none() {
        return Err(NOTHING_HERE);
    }
    let commitment = Commitment {
        id: id.unwrap_or(case.next_commitment()),
        by: fields.text("by").to_owned(),
        text: fields.text("text").to_owned(),
        source: fields.text("source").to_owned(),
        day: day(fields.text("day"))?,
        due: day(fields.text("due"))?,
        status: word(fields, "status")?,
        grounds: fields.text("grounds").to_owned(),
        ..old.cloned().unwrap_or_default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_commitment(case, commitment, stamp)
    })
}
