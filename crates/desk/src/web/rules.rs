//! Rules the whole office sets for itself, and handing over everything somebody leads: decisions
//! that belong to no single case.

use casework::{Colleague, Team};
use maud::{Markup, html};
use record::vocabulary::Corroborations;
use record::{Code, Language};

use super::asked::Fields;
use super::case::choose;
use super::forms::{NOT_CHOSEN, refused};
use super::show::View;
use crate::desk::{CannotDecide, Desk};

const NO_COLLEAGUE: CannotDecide = refused(
    "name both colleagues by the short codes that stand on their entries",
    "désignez les deux personnes par les codes courts inscrits sur leurs décisions",
);

/// The grade the office asks for, and the forms of the whole office.
pub(crate) fn section(view: &View<'_>, desk: &Desk) -> Markup {
    let grade = desk.office().grade();
    let label =
        |code: Code<Corroborations>| record::Term::from(code).label(view.language).into_owned();
    html! {
        section.block aria-labelledby="grade-heading" {
            h2 id="grade-heading" { (view.say("How sure before it goes to the UN or a State", "Niveau exigé avant l’ONU ou un État")) }
            p id="grade" {
                @match grade.required() {
                    Some(required) => { strong { (label(required)) } " " (view.say("or better.", "ou mieux.")) }
                    None => { (view.say("No grade is set: nothing is held back for want of corroboration.", "Aucun niveau n’est fixé : rien n’est retenu faute de corroboration.")) }
                }
                @if grade.lowered_alone() { " " span.chip.now { (view.say("lowered by the office’s only person", "abaissé par la seule personne du bureau")) } }
            }
            @if let Some((lower, by)) = grade.waits_for_a_second() {
                p.note id="grade-waits" {
                    code { (by) } " " (view.say("wants it lowered to ", "souhaite l’abaisser à ")) strong { (label(lower)) } ". "
                    (view.say("It waits until a second person sets the same.", "Cela attend qu’une deuxième personne fixe le même."))
                }
            }
            (view.folded("set-grade", view.say("Set the grade", "Fixer le niveau"), false, view.form(
                "set-grade", "/office/set-grade", view.say("Set", "Fixer"), html! {
                    p.hint { (view.say("One person sets or raises it. Lowering it takes two.", "Une personne le fixe ou l’élève. Il en faut deux pour l’abaisser.")) }
                    (view.choice::<Corroborations>("set-grade", "grade", view.say("Grade", "Niveau"), "", Some(choose(view))))
                    (view.line("set-grade", "reason", view.say("Why", "Pourquoi"), "", ""))
                },
            )))
        }
        section.block aria-labelledby="leaving-heading" {
            h2 id="leaving-heading" { (view.say("A colleague leaves, or is away", "Départ ou absence d’une personne")) }
            (view.folded("hand-over-all", view.say("Hand over every case they lead", "Transmettre tous les dossiers dont elle est responsable"), false, view.form(
                "hand-over-all", "/office/hand-over-all", view.say("Hand over everything", "Tout transmettre"), html! {
                    div.fields {
                        (view.line("hand-over-all", "from", view.say("From whom", "De qui"), "", desk.author().person()))
                        (view.line("hand-over-all", "to", view.say("To whom", "À qui"), "", ""))
                    }
                    (view.lines("hand-over-all", "told", view.say("What the next one must know", "Ce que la personne suivante doit savoir"), view.say("It is written into each case.", "Ce texte est inscrit dans chaque dossier."), ""))
                },
            )))
        }
    }
}

/// Takes one form of the whole office; `None` if it is none of them. What comes back is said.
pub(crate) fn take(
    desk: &mut Desk,
    verb: &str,
    fields: &Fields,
    now: u64,
    language: Language,
) -> Option<Result<String, CannotDecide>> {
    match verb {
        "set-grade" => Some(set_grade(desk, fields, now, language)),
        "hand-over-all" => Some(hand_over_all(desk, fields, now, language)),
        _ => None,
    }
}

fn set_grade(
    desk: &mut Desk,
    fields: &Fields,
    now: u64,
    language: Language,
) -> Result<String, CannotDecide> {
    let grade = Code::of(fields.text("grade")).ok_or(NOT_CHOSEN)?;
    let team = if desk.settings().one_person {
        Team::OnePerson
    } else {
        Team::Several
    };
    desk.decide_for_all(now, |office, stamp| {
        let reason = fields.text("reason");
        casework::set_grade(office, grade, reason, team, stamp).map(|entry| vec![entry])
    })?;
    Ok(match language {
        Language::English => "Recorded.",
        Language::French => "Enregistré.",
    }
    .to_owned())
}

fn hand_over_all(
    desk: &mut Desk,
    fields: &Fields,
    now: u64,
    language: Language,
) -> Result<String, CannotDecide> {
    let colleague = |name: &str| Colleague::read(fields.text(name)).ok_or(NO_COLLEAGUE);
    let (from, to) = (colleague("from")?, colleague("to")?);
    let mut counts = (0, 0);
    desk.decide_for_all(now, |office, stamp| {
        let all = casework::hand_over_all(office, &from, &to, fields.text("told"), &stamp)?;
        counts = (all.entries.len(), all.left.len());
        Ok::<_, casework::CannotAssign>(all.entries)
    })?;
    Ok(match (language, counts) {
        (Language::English, (n, 0)) => format!("Cases handed over: {n}."),
        (Language::French, (n, 0)) => format!("Dossiers transmis : {n}."),
        (Language::English, (n, left)) => format!(
            "Cases handed over: {n}. Left, because whoever was to have them stands back from them: {left}."
        ),
        (Language::French, (n, left)) => format!(
            "Dossiers transmis : {n}. Restés en place, parce que la personne désignée s’en est déportée : {left}."
        ),
    })
}
