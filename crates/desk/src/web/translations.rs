//! Translations beside what was told, and sentences to put into an answer.

use casework::{Case, Translated, Translation, Translator};
use maud::{Markup, html};
use record::FormLanguage;
use record::text::shown;

use super::asked::Fields;
use super::forms::Outcome;
use super::show::{View, told};
use crate::desk::{CannotDecide, Desk};
use crate::phrases::{Phrase, direction_of, name_of};

const NOTHING_HERE: CannotDecide = CannotDecide::Refused {
    en: "this is no longer there; look at the page again",
    fr: "cet élément n’existe plus ; relisez la page",
};
const NOT_CHOSEN: CannotDecide = CannotDecide::Refused {
    en: "choose in each list first: nothing was recorded",
    fr: "choisissez d’abord dans chaque liste : rien n’a été enregistré",
};

/// The translations of a letter, and a form for a further one.
pub(crate) fn beside(view: &View<'_>, number: u64, case: &Case, letter: usize) -> Markup {
    let place = u32::try_from(letter).unwrap_or(u32::MAX);
    let mut all = case.translations().iter().filter(|one| one.letter == place);
    let readable = case
        .letters()
        .get(letter.wrapping_sub(1))
        .is_some_and(|letter| letter.report.is_ok());
    html! {
        @for one in all.by_ref() { (translation(view, number, one)) }
        @if readable { (form(view, number, letter)) }
    }
}

fn translation(view: &View<'_>, number: u64, one: &Translation) -> Markup {
    html! {
        article.block id={ "translation-" (one.number) } {
            h4 {
                (view.say("Translation ", "Traduction ")) (one.number) " · "
                span.code { (shown(one.language.as_str())) }
            }
            p.row {
                @if one.translator == Translator::Machine {
                    span.chip.care { (view.say("made by a program", "faite par un programme")) }
                }
                @match one.reviews.last() {
                    None => span.chip { (view.say("not reviewed", "non relue")) },
                    Some(review) if review.agrees => span.chip.sure { (view.say("reviewed", "relue")) },
                    Some(_) => span.chip.now { (view.say("a reviewer does not agree", "désaccord à la relecture")) },
                }
                span.soft {
                    (view.say("by ", "par "))
                    @if one.translator == Translator::Myself { code { (one.by) } }
                    @else { span dir="auto" { (shown(one.name.as_str())) } ", " (view.say("entered by ", "saisie par ")) code { (one.by) } }
                    " · " (view.time(one.at))
                }
            }
            div lang=(shown(one.language.as_str())) { (told(one.text.as_str())) }
            @if !one.doubts.is_blank() {
                p.note { strong { (view.say("In doubt: ", "Points douteux : ")) } span dir="auto" { (shown(one.doubts.as_str())) } }
            }
            @for review in &one.reviews {
                p {
                    @if review.agrees { span.chip.sure { (view.say("says what the original says", "dit ce que dit l’original")) } }
                    @else { span.chip.now { (view.say("does not say what the original says", "ne dit pas ce que dit l’original")) } }
                    " " code { (review.by) } " " (view.time(review.at)) " "
                    span dir="auto" { (shown(review.remarks.as_str())) }
                }
            }
            (review_form(view, number, one))
        }
    }
}

fn form(view: &View<'_>, number: u64, letter: usize) -> Markup {
    let id = format!("translate-{letter}");
    let chosen = view.typed(&id, "translator", "");
    let fields = html! {
        input type="hidden" name="letter" value=(letter);
        p.hint { (view.say(
            "The original stays as it is. Give no testimony to a service on the network: it would be read there. A program on this machine may help.",
            "L’original reste tel quel. Ne confiez aucun témoignage à un service en ligne : il y serait lu. Un programme sur cet appareil peut aider.",
        )) }
        div.fields {
            (view.line(&id, "language", view.say("Into which language", "Vers quelle langue"), view.say("Its short tag: en, fr…", "Son code court : en, fr…"), view.language.tag()))
            div.field {
                label for={ (id) "-translator" } { (view.say("Who translated", "Qui a traduit")) }
                select id={ (id) "-translator" } name="translator" {
                    option value="" selected[chosen.is_empty()] { (view.say("Choose", "Choisissez")) }
                    @for one in Translator::ALL {
                        option value=(one.code()) selected[one.code() == chosen] { (one.label(view.language)) }
                    }
                }
            }
            (view.line(&id, "name", view.say("Which person or program", "Quelle personne ou quel programme"), view.say("As the office calls them; a program with its version.", "Le nom en usage au bureau ; un programme avec sa version."), ""))
        }
        (view.lines(&id, "text", view.say("Translation", "Traduction"), "", ""))
        (view.lines(&id, "doubts", view.say("What is in doubt", "Points douteux"), view.say("Words that mean two things, places that could not be read.", "Mots à double sens, passages illisibles."), ""))
    };
    view.folded(
        &id,
        view.say("Add a translation", "Ajouter une traduction"),
        false,
        view.form(
            &id,
            &format!("/case/{number}/translate"),
            view.say("Add it", "L’ajouter"),
            fields,
        ),
    )
}

fn review_form(view: &View<'_>, number: u64, one: &Translation) -> Markup {
    let id = format!("review-translation-{}", one.number);
    let fields = html! {
        input type="hidden" name="translation" value=(one.number);
        p.hint { (view.say("Somebody other than the translator compares it with the original.", "La comparaison avec l’original revient à une autre personne que celle qui a traduit.")) }
        fieldset {
            legend { (view.say("Does it say what the original says?", "Dit-elle ce que dit l’original ?")) }
            label.tick { input type="radio" name="agrees" value="yes" required checked[view.ticked(&id, "agrees", "yes", false)]; span { (view.say("Yes", "Oui")) } }
            label.tick { input type="radio" name="agrees" value="no" checked[view.ticked(&id, "agrees", "no", false)]; span { (view.say("No", "Non")) } }
        }
        (view.lines(&id, "remarks", view.say("What is to be changed", "Ce qu’il faut changer"), view.say("Needed when it does not. A better translation is added as a further one.", "Nécessaire si ce n’est pas le cas. Une meilleure traduction s’ajoute à côté."), ""))
    };
    view.folded(
        &id,
        view.say(
            "Compare it with the original",
            "La comparer avec l’original",
        ),
        false,
        view.form(
            &id,
            &format!("/case/{number}/review-translation"),
            view.say("Record the review", "Enregistrer la relecture"),
            fields,
        ),
    )
}

/// Takes one of this page's forms.
pub(crate) fn take(
    desk: &mut Desk,
    number: u64,
    verb: &str,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let whole = |name| fields.text(name).parse::<u32>().map_err(|_| NOTHING_HERE);
    if verb == "translate" {
        let translator = Translator::of(fields.text("translator")).ok_or(NOT_CHOSEN)?;
        let letter = whole("letter")?;
        desk.decide(number, now, |case, stamp| {
            let translated = Translated {
                number: case.next_translation(),
                letter,
                language: fields.text("language").to_ascii_lowercase().into(),
                text: fields.text("text").into(),
                translator,
                name: fields.text("name").into(),
                doubts: fields.text("doubts").into(),
            };
            casework::translate(case, translated, stamp)
        })?;
        return Ok(Outcome::Done("letters"));
    }
    let translation = whole("translation")?;
    let agrees = match fields.text("agrees") {
        "yes" => true,
        "no" => false,
        _ => return Err(NOT_CHOSEN),
    };
    desk.decide(number, now, |case, stamp| {
        casework::review_translation(case, translation, agrees, fields.text("remarks"), stamp)
    })?;
    Ok(Outcome::Done("letters"))
}

/// Sentences to put into an answer: each button brings the answer back with one more. They belong to
/// the form of the answer, so that what was typed comes along, and stand behind it: its own button is
/// its first.
pub(crate) fn phrases(view: &View<'_>, number: u64, case: &Case) -> Markup {
    let report = case
        .letters()
        .last()
        .and_then(|one| one.report.as_ref().ok());
    let language = report.and_then(|report| {
        let tag = report.language.split('-').next().unwrap_or_default();
        FormLanguage::of_tag(&tag.to_ascii_lowercase())
    });
    let open = view.came_back("reply");
    html! {
        details id="phrases" open[open] {
            summary { (view.say("Sentences to begin with", "Phrases toutes prêtes")) }
            @for one in ordered(language) {
                h3 lang=(one.lang()) { (name_of(one)) }
                ul lang=(one.lang()) dir=(direction_of(one)) {
                    @for phrase in Phrase::ALL {
                        li {
                            (phrase.text(one)) " "
                            button.quiet type="submit" form="reply" name="phrase" value={ (phrase.code()) "." (one.tag()) } formaction={ "/case/" (number) "/phrase" }
                                lang=(view.language.tag()) { (view.say("Put it in", "L’insérer")) }
                        }
                    }
                }
            }
        }
    }
}

/// The reporter's language first.
fn ordered(first: Option<FormLanguage>) -> impl Iterator<Item = FormLanguage> {
    let others = FormLanguage::ALL.into_iter();
    first
        .into_iter()
        .chain(others.filter(move |one| Some(*one) != first))
}

/// The answer with one more sentence.
pub(crate) fn with_phrase(fields: &Fields) -> Option<Fields> {
    let (code, tag) = fields.text("phrase").split_once('.')?;
    let phrase = Phrase::of(code)?.text(FormLanguage::of_tag(tag)?);
    let typed = fields.text("text");
    let text = if typed.is_empty() {
        phrase.to_owned()
    } else {
        format!("{typed}\n{phrase}")
    };
    Some(fields.without("phrase").with("text", text))
}
