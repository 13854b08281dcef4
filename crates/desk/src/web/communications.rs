//! Letters of a case to authorities and companies, what they answered, and looking in on people
//! afterwards. Shows what casework recorded and takes the forms; what may leave, casework decides.

use casework::{
    CHECK_INS, CannotCommunicate, Case, Communication, Covered, Dispatch, Entry, Exception,
    Foresight, Leaving, NotCovered, Outgoing, PackageOut, RecordedResponse, Stamp, State,
};
use maud::{Markup, html};
use record::text::line;
use record::vocabulary::{
    AnswerWays, Authenticities, Communications, IdentityLevels, List, Purposes, Responses,
};
use record::{ActId, Code, Date, Item, Language, Response, ResponseId, Term};

use super::asked::Fields;
use super::case::{Shown, choose, fact, item_choice, item_name, must_not, shown_inline};
use super::forms::{NOT_CHOSEN, NOTHING_HERE, Outcome, day, refused, whole};
use super::show::{Part, View, frame, sentence, told};
use crate::desk::{CannotDecide, Desk, moment};

const NO_DISPATCH: CannotDecide = refused(
    "say how it leaves; nothing was recorded, so do not send it yet",
    "indiquez comment elle part ; rien n’a été enregistré, ne l’envoyez donc pas encore",
);

/// What of a letter is kept while it is being written.
const DRAFTED: [&str; 7] = ["kind", "to", "purpose", "identity", "day", "items", "body"];

/// That no reprisal followed: said, and not left standing.
const NO_REPRISAL: &str = "none";

/// Forms of this part of the page: one that comes back opens it.
const FORMS: [&str; 11] = [
    "write", "response", "deadline", "check-in", "receipt", "none", "keep", "look", "except",
    "agree", "material",
];

/// Letters that went out, their answers, and the forms for both.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let (sent, came) = (case.outgoing().len(), case.responses().len());
    let kept = kept_draft(shown);
    let drafted = !kept.is_empty();
    let anything = sent + came + case.exceptions().len() > 0 || case.not_transmitted().is_some();
    let anything = anything || drafted || !case.packages().is_empty();
    let decided = case.state() == State::Decision;
    let told = match (sent, came) {
        (0, 0) => String::new(),
        (sent, came) => format!(
            "{}{}{sent}, {}{}{came}",
            view.say("sent", "envoyées"),
            view.colon(),
            view.say("answers", "réponses"),
            view.colon()
        ),
    };
    let body = html! {
        p.row { a id="to-papers" href={ "/case/" (shown.number) "/papers" } { (view.say("Documents: prepare what leaves, in the order its recipient asks", "Documents : préparer ce qui sort, dans l’ordre demandé par le destinataire")) } }
        @for out in case.outgoing() { (letter_out(view, shown, out)) }
        @for (n, out) in case.packages().iter().enumerate() { (material_out(view, shown, n + 1, out)) }
        @for answer in case.responses().iter().filter(|one| one.letter.is_none()) {
            (answer_in(view, shown, answer))
        }
        @for (at, by, found) in case.followed_up() {
            p.soft { (view.say("Looked at again: ", "Réexaminé : ")) (view.time(*at)) " · " code { (by) } }
            (super::show::told(found.as_str()))
        }
        @if let Some(why) = case.not_transmitted() {
            div.note id="kept-from-state" {
                p { strong { (view.say("Nothing goes to the State or the company:", "Rien n’est transmis à l’État ni à l’entreprise :")) } " " (shown_inline(why.as_str())) }
            }
        }
        @for exception in case.exceptions() { (exception_shown(view, shown, exception)) }
        (view.folded("write", if drafted { view.say("Go on with the letter that is kept", "Reprendre la lettre gardée") } else { view.say("Write a letter", "Écrire une lettre") }, false, write_form(view, shown, &kept)))
        (view.folded("response", view.say("Enter an answer that came", "Saisir une réponse reçue"), false, response_form(view, shown, None)))
        (view.folded("material", view.say("Record material that was handed over", "Enregistrer des éléments remis"), false, material_form(view, shown)))
        @if case.required_grade().is_some() {
            (view.folded("except", view.say("Ask for an exception to the grade", "Demander une exception au niveau exigé"), false, exception_form(view, shown)))
        }
        (view.folded("keep", view.say("Keep it from the State, for someone’s safety", "Ne rien transmettre à l’État, pour la sécurité de quelqu’un"), false, view.form(
            "keep",
            &format!("/case/{}/keep", shown.number),
            view.say("Record", "Enregistrer"),
            html! {
                p.hint { (view.say("A public page then says this in the place of their answer.", "Une page publique le dira à la place de leur réponse.")) }
                (view.lines("keep", "reason", view.say("Why, in words that may be public", "Pourquoi, en des termes qui peuvent être publics"), "", ""))
            },
        )))
        @if sent > 0 {
            (view.folded("look", view.say("You looked at the case again", "Vous avez réexaminé le dossier"), false, view.form(
                "look",
                &format!("/case/{}/look", shown.number),
                view.say("Record", "Enregistrer"),
                html! { (view.lines("look", "found", view.say("What you found", "Ce que vous avez constaté"), "", "")) },
            )))
        }
    };
    view.part(
        "sent",
        view.say(
            "Letters to authorities and companies",
            "Lettres aux autorités et aux entreprises",
        ),
        &told,
        anything || decided || view.came_back_to(&FORMS),
        &body,
    )
}

fn material_out(view: &View<'_>, shown: &Shown<'_>, n: usize, out: &PackageOut) -> Markup {
    let what = &out.package;
    html! {
        article id={ "material-" (n) } {
            h3 { (view.say("Material", "Éléments")) " → " bdi { (line(what.to.as_str(), 80)) } }
            p.row {
                (view.chip(&what.purpose, "")) (view.chip(&what.identity, ""))
                @if let Some(exception) = out.below_grade {
                    span.chip.now { (view.say("below the grade, by exception ", "sous le niveau exigé, par exception ")) (exception) }
                }
                span.soft { (view.date(what.day)) " · " code { (out.by) } }
            }
            dl.facts {
                (fact(view.say("About", "À propos de"), &items_told(view, shown, &what.items)))
                (fact(view.say("How it went", "Comment cela est parti"), what.note.as_str()))
            }
        }
    }
}

/// What was handed to somebody as material, with the three questions that come first.
fn material_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let leaves = |code: &str| {
        !matches!(
            code,
            "documentation-internal" | "statistics" | "public-anonymous" | "public-named"
        )
    };
    let fields = html! {
        p.hint { (view.say("Consent is looked up when you record it. Without consent nothing is recorded, and nothing may be handed over.", "Le consentement est vérifié à l’enregistrement. Sans consentement, rien n’est enregistré et rien ne doit être remis.")) }
        div.fields {
            (view.line("material", "to", view.say("To whom", "À qui"), "", ""))
            (view.choice_of("material", "purpose", view.say("For which use", "Pour quel usage"), Purposes::vocabulary(), "", Some(choose(view)), leaves))
            (view.choice::<IdentityLevels>("material", "identity", view.say("How much of the identity it shows", "Part d’identité qu’ils montrent"), "", Some(choose(view))))
        }
        (item_choice(view, shown, "material", view.say("Nothing ticked: the whole case.", "Rien de coché : tout le dossier."), &Fields::default()))
        (view.line("material", "note", view.say("How it went: encrypted file, by hand, a receipt", "Comment : fichier chiffré, en main propre, récépissé"), "", ""))
        fieldset {
            legend { (view.say("Three questions first", "Trois questions d’abord")) }
            p.hint { (view.say("Needed unless they were answered for this recipient in the last fourteen days.", "Nécessaires, sauf si elles ont reçu réponse pour ce destinataire au cours des quatorze derniers jours.")) }
            (view.lines("material", "known_by", known_by(view), "", ""))
            (view.lines("material", "reaction", reaction(view), "", ""))
            (view.lines("material", "warned", warned(view), "", ""))
        }
    };
    view.form(
        "material",
        &format!("/case/{}/material", shown.number),
        view.say(
            "Look up consent and record it",
            "Vérifier le consentement et enregistrer",
        ),
        fields,
    )
}

/// Records material with what was foreseen for its recipient: both, or neither.
fn material(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let (Some(purpose), Some(identity)) = (
        Code::<Purposes>::of(fields.text("purpose")),
        Code::<IdentityLevels>::of(fields.text("identity")),
    ) else {
        return Err(NOT_CHOSEN);
    };
    let items: Vec<Item> = fields.all("items").map(Item::read).collect();
    let (to, note) = (fields.text("to"), fields.text("note"));
    let [known_by, reaction, warned] = WEIGHED.map(|field| fields.text(field));
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let foreseen = case.foresight(to, identity, moment(now).day).is_some();
    let hand = |case: &Case, stamp: casework::Stamp| {
        let today = stamp.at.date().ok_or(NOTHING_HERE)?;
        let covered = case.covers_items(purpose, to, &items, identity, today)?;
        let package = casework::Package::new(covered, to)?;
        casework::send_package(case, &package, note, stamp).map_err(CannotDecide::from)
    };
    // Consent first: a question nobody may ask is not written down.
    let today = moment(now).date().ok_or(NOTHING_HERE)?;
    case.covers_items(purpose, to, &items, identity, today)?;
    desk.decide_each(number, now, |step, case, stamp| {
        match step + usize::from(foreseen) {
            0 => {
                let recorded =
                    casework::foresee(case, to, identity, known_by, reaction, warned, stamp);
                Some(recorded.map_err(CannotDecide::from))
            }
            1 => Some(hand(case, stamp)),
            _ => None,
        }
    })?;
    Ok(Outcome::Done("sent"))
}

/// Whether a letter waits for an answer, has one, or had its time.
fn awaited(case: &Case, out: &Outgoing) -> bool {
    let clocks = case.clocks(casework::Terms::default());
    clocks
        .iter()
        .any(|clock| clock.due == casework::Due::Reply && clock.about == Some(out.number))
}

fn letter_out(view: &View<'_>, shown: &Shown<'_>, out: &Outgoing) -> Markup {
    let (case, today) = (shown.case, moment(view.now).day);
    let number = out.number;
    let waits = awaited(case, out);
    let due = case.reply_due(out);
    html! {
        article id={ "sent-" (number) } {
            h3 {
                (number) ". " (out.sent.kind.label(view.language)) " → " bdi { (line(out.sent.to.as_str(), 80)) }
            }
            p.row {
                (view.chip(&out.sent.purpose, ""))
                (view.chip(&out.sent.identity, ""))
                @if let Some(how) = out.sent.dispatch { span.chip { (how.label(view.language)) } }
                @if waits && due < today {
                    span.chip.now { (view.say("no answer in time", "aucune réponse à temps")) }
                } @else if waits {
                    span.chip.news { (view.say("answer awaited", "réponse attendue")) }
                }
                @if let Some(exception) = out.below_grade {
                    span.chip.now { (view.say("below the grade, by exception ", "sous le niveau exigé, par exception ")) (exception) }
                }
            }
            p.soft { (view.say("recorded ", "enregistrée : ")) (view.time(out.at)) " · " code { (out.by) } }
            dl.facts {
                @for receipt in case.receipts(number) { (fact(view.say("Receipt", "Récépissé"), receipt.as_str())) }
                dt { (view.say("Day on it", "Date de la lettre")) }
                dd { (view.date(out.sent.day)) }
                dt { (view.say("About", "À propos de")) }
                dd { (items_told(view, shown, &out.sent.items)) }
                @if casework::awaits_answer(out) {
                    dt { (view.say("Answer due", "Réponse attendue le")) }
                    dd { (view.day(envelope::Day(due))) }
                    dt { (view.say("Confidential until", "Confidentielle jusqu’au")) }
                    dd { (view.day(envelope::Day(case.confidential_until(out)))) }
                }
            }
            details {
                summary { (view.say("What it said", "Ce qu’elle disait")) }
                (told(out.sent.body.as_str()))
            }
            @if let Some(foresight) = case.foreseen().iter().rev().find(|one| one.at <= out.at && one.foreseen.to == out.sent.to) {
                details {
                    summary { (view.say("What was weighed before it left, and who was warned", "Ce qui a été pesé avant l’envoi, et qui a été prévenu")) }
                    (weighed(view, foresight))
                }
            }
            @if case.receipts(number).next().is_none() {
                @let form = format!("receipt-{number}");
                (view.folded(&form, view.say("Note the receipt", "Noter le récépissé"), false, view.form(&form, &format!("/case/{}/receipt", shown.number), view.say("Note it", "Le noter"), html! {
                    input type="hidden" name="id" value=(number);
                    (view.line(&form, "receipt", view.say("Number of the receipt, or who took it", "Numéro de récépissé, ou qui l’a reçue"), "", ""))
                })))
            }
            @for answer in case.responses().iter().filter(|one| one.letter == Some(number)) {
                (answer_in(view, shown, answer))
            }
            @for looked in case.check_ins().iter().filter(|one| one.letter == number) {
                p.soft {
                    (view.say("Looked in after ", "Nouvelles prises après ")) (looked.after) (if looked.after == 1 { view.say(" day: ", " jour : ") } else { view.say(" days: ", " jours : ") }) (view.time(looked.at)) " · " code { (looked.by) }
                    @if let Some(ActId(act)) = looked.reprisal {
                        " " a.chip.now href={ "#act-" (act) } { (view.say("reprisal: act ", "représailles : acte ")) (act) }
                    }
                }
                (told(looked.found.as_str()))
            }
            (check_in_form(view, shown, out))
            (deadline_form(view, shown, out))
            @if waits && due < today {
                div.row {
                    (view.one_button(
                        &format!("none-{number}"),
                        &format!("/case/{}/none", shown.number),
                        &number.to_string(),
                        view.say("Record that no answer came in time", "Enregistrer qu’aucune réponse n’est arrivée à temps"),
                    ))
                }
            }
        }
    }
}

/// What of a case something is about, in words.
pub(crate) fn items_told(view: &View<'_>, shown: &Shown<'_>, items: &[Item]) -> String {
    if items.is_empty() {
        return view.say("the whole case", "tout le dossier").to_owned();
    }
    let names: Vec<String> = items
        .iter()
        .map(|item| item_name(view, shown, item))
        .collect();
    names.join(", ")
}

fn answer_in(view: &View<'_>, shown: &Shown<'_>, recorded: &RecordedResponse) -> Markup {
    let response = &recorded.response;
    let number = response.id.0;
    let none = response
        .kinds
        .iter()
        .any(|kind| kind.is("none-by-deadline"));
    html! {
        div.answer id={ "answer-" (number) } {
            @if none {
                p { span.chip.now { (view.say("no answer in time", "aucune réponse à temps")) } " " span.soft { (view.time(recorded.at)) " · " code { (recorded.by) } } }
            } @else {
                h4 {
                    (view.say("Answer ", "Réponse ")) (number) (view.colon()) bdi { (line(&response.by, 80)) }
                }
                p.row {
                    @for kind in &response.kinds { (view.chip(kind, "")) }
                    (view.chip(&response.way, ""))
                    @let checked = !matches!(response.authenticity.as_str(), "not-checked" | "doubtful");
                    (view.chip(&response.authenticity, if checked { "sure" } else { "now" }))
                }
                (told(&response.text))
                dl.facts {
                    (fact(view.say("Day on it", "Date de la réponse"), &response.day.map(|day| view.date(day)).unwrap_or_default()))
                    (fact(view.say("Reached us", "Reçue le"), &response.received.map(|day| view.date(day)).unwrap_or_default()))
                    (fact(view.say("Language", "Langue"), &response.language))
                    (fact(view.say("How it was checked", "Comment elle a été vérifiée"), &response.checked))
                    (fact(view.say("Points it answers", "Points auxquels elle répond"), &response.answered.join("\n")))
                    (fact(view.say("Points it leaves open", "Points laissés sans réponse"), &response.unanswered.join("\n")))
                    (fact(view.say("New in it", "Éléments nouveaux"), &response.new_facts))
                }
                p.soft { (view.say("entered ", "saisie : ")) (view.time(recorded.at)) " · " code { (recorded.by) } }
                (view.folded(
                    &format!("response-{number}"),
                    view.say("Correct what was made of it", "Corriger la lecture qui en est faite"),
                    false,
                    response_form(view, shown, Some(recorded)),
                ))
            }
        }
    }
}

/// An answer as it came, or, with `old`, what the office read in one: never its words.
fn response_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&RecordedResponse>) -> Markup {
    let case = shown.case;
    let empty = Response::default();
    let read = old.map_or(&empty, |old| &old.response);
    let form = old.map_or_else(
        || "response".to_owned(),
        |old| format!("response-{}", old.response.id.0),
    );
    let form = form.as_str();
    let letters: Vec<(String, String)> = std::iter::once((
        String::new(),
        view.say("none of our letters", "aucune de nos lettres")
            .to_owned(),
    ))
    .chain(case.outgoing().iter().map(|out| {
        let kind = out.sent.kind.label(view.language);
        let to = line(out.sent.to.as_str(), 50);
        (
            out.number.to_string(),
            format!("{}. {kind}, {to}", out.number),
        )
    }))
    .collect();
    let newest = case
        .outgoing()
        .iter()
        .rev()
        .find(|out| awaited(case, out))
        .map(|out| out.number.to_string())
        .unwrap_or_default();
    let fields = html! {
        @if let Some(old) = old {
            input type="hidden" name="id" value=(old.response.id.0);
            p.hint { (view.say("The words of an answer stay as they came. Only what the office read in them is changed.", "Les mots d’une réponse restent tels qu’ils sont arrivés. Seule la lecture qu’en fait le bureau est modifiée.")) }
        } @else {
            div.fields {
                (view.choice_among(form, "letter", view.say("It answers", "Elle répond à"), &newest, &letters))
                (view.line(form, "by", view.say("By whom", "De qui"), "", ""))
                (view.choice::<AnswerWays>(form, "way", view.say("How it came", "Comment elle est arrivée"), "", Some(choose(view))))
                (view.line(form, "language", view.say("Its language", "Sa langue"), view.say("A code: fr, ar, sw.", "Un code : fr, ar, sw."), ""))
                (view.day_line(form, "day", view.say("Day on it", "Date de la réponse"), None))
                (view.day_line(form, "received", view.say("Day it reached the office", "Jour de son arrivée au bureau"), None))
            }
            (view.lines(form, "text", view.say("Every word of it", "Chaque mot de la réponse"), view.say("As it came, in its own language. It cannot be changed later.", "Telle qu’elle est arrivée, dans sa langue. Elle ne pourra plus être modifiée."), ""))
        }
        (view.ticks::<Responses>(form, "kinds", view.say("What it amounts to", "Ce qu’elle représente"), &read.kinds, |code| code != "none-by-deadline"))
        div.fields {
            (view.choice::<Authenticities>(form, "authenticity", view.say("How it was checked that it is from them", "Comment vous avez vérifié qu’elle vient d’eux"), read.authenticity.as_str(), Some(choose(view))))
            (view.line(form, "checked", view.say("What the check showed", "Ce que la vérification a montré"), "", &read.checked))
        }
        (view.lines(form, "answered", view.say("Points it answers", "Points auxquels elle répond"), view.say("One on each line.", "Un par ligne."), &read.answered.join("\n")))
        (view.lines(form, "unanswered", view.say("Points it leaves open", "Points laissés sans réponse"), view.say("One on each line.", "Un par ligne."), &read.unanswered.join("\n")))
        (view.lines(form, "new_facts", view.say("What it says that the office did not know", "Ce qu’elle dit que le bureau ne savait pas"), "", &read.new_facts))
    };
    view.form(
        form,
        &format!("/case/{}/response", shown.number),
        view.say("Record the answer", "Enregistrer la réponse"),
        fields,
    )
}

fn check_in_form(view: &View<'_>, shown: &Shown<'_>, out: &Outgoing) -> Markup {
    let case = shown.case;
    let today = moment(view.now).day;
    let done: Vec<u16> = case
        .check_ins()
        .iter()
        .filter(|looked| looked.letter == out.number)
        .map(|looked| looked.after)
        .collect();
    let next = CHECK_INS
        .into_iter()
        .find(|after| done.iter().max() < Some(after));
    let form = format!("check-in-{}", out.number);
    let days: Vec<(String, String)> = CHECK_INS
        .into_iter()
        .map(|after| {
            let days = if after == 1 {
                view.say("day", "jour")
            } else {
                view.say("days", "jours")
            };
            (
                after.to_string(),
                format!("{} {after} {days}", view.say("after", "après")),
            )
        })
        .collect();
    let acts: Vec<(String, String)> = std::iter::once((String::new(), choose(view).to_owned()))
        .chain([(
            NO_REPRISAL.to_owned(),
            view.say("no reprisal", "pas de représailles").to_owned(),
        )])
        .chain(case.acts().map(|act| {
            let kind = act.kind.label(view.language);
            (act.id.0.to_string(), format!("{}. {kind}", act.id.0))
        }))
        .collect();
    let presses = next.is_some_and(|after| out.at.day.saturating_add(u32::from(after)) <= today);
    let fields = html! {
        input type="hidden" name="id" value=(out.number);
        div.fields {
            (view.choice_among(&form, "after", view.say("Which look", "Quelle échéance"), &next.unwrap_or(30).to_string(), &days))
            (view.choice_among(&form, "reprisal", view.say("Was it answered by a reprisal? Set out the act first", "Y a-t-il eu des représailles ? Décrivez d’abord l’acte"), "", &acts))
        }
        (view.lines(&form, "found", view.say("What you found", "Ce que vous avez constaté"), "", ""))
    };
    html! {
        details id={ "add-" (form) } class=[presses.then_some("pressing")] open[view.came_back(&form)] {
            summary { (view.say("Look in on the people concerned", "Prendre des nouvelles des personnes concernées")) }
            (view.form(&form, &format!("/case/{}/check-in", shown.number), view.say("Record", "Enregistrer"), fields))
        }
    }
}

fn deadline_form(view: &View<'_>, shown: &Shown<'_>, out: &Outgoing) -> Markup {
    let form = format!("deadline-{}", out.number);
    let set = shown.case.deadline(out.number);
    let fields = html! {
        input type="hidden" name="id" value=(out.number);
        p.hint { (view.say("Sixty days, unless they gave another day.", "Soixante jours, sauf si une autre date a été donnée.")) }
        div.fields {
            (view.day_line(&form, "reply", view.say("Last day for an answer", "Dernier jour pour répondre"), set.and_then(|set| set.reply)))
            (view.day_line(&form, "confidential", view.say("Last day of confidentiality", "Dernier jour de confidentialité"), set.and_then(|set| set.confidential)))
        }
        (view.line(&form, "reason", view.say("Who set it, or where it stands", "Qui l’a fixé, ou où cela est écrit"), "", ""))
    };
    view.folded(
        &form,
        view.say("Set other days", "Fixer d’autres dates"),
        false,
        view.form(
            &form,
            &format!("/case/{}/deadline", shown.number),
            view.say("Set", "Enregistrer"),
            fields,
        ),
    )
}

/// The letter that is being written in the case; nothing where none is kept.
fn kept_draft(shown: &Shown<'_>) -> Fields {
    let form = shown.desk.draft(shown.number).ok().flatten();
    Fields::read(form.unwrap_or_default().as_bytes())
}

// ── Writing a letter ───────────────────────────────────────────────────────────────────────────

fn write_form(view: &View<'_>, shown: &Shown<'_>, kept: &Fields) -> Markup {
    let today = moment(view.now).date();
    let day = Date::read(kept.text("day")).or(today);
    let number = shown.number;
    html! {
        form id="write" method="post" action={ "/case/" (number) "/write" } autocomplete="off" {
            (view.head_of("write"))
            p.hint { (view.say("Consent is looked up when you press the button, and once more when you record that it left. Nothing is sent by this desk.", "Le consentement est vérifié quand vous appuyez sur le bouton, puis de nouveau quand vous enregistrez l’envoi. Ce poste n’envoie rien lui-même.")) }
            div.fields {
                (view.choice::<Communications>("write", "kind", view.say("What kind of letter", "Type de lettre"), kept.text("kind"), Some(choose(view))))
                (view.line("write", "to", view.say("To whom", "À qui"), "", kept.text("to")))
                (purpose_choice(view, "write", kept.text("purpose")))
                (view.choice::<IdentityLevels>("write", "identity", view.say("How much of the identity it shows", "Part d’identité qu’elle montre"), kept.text("identity"), Some(choose(view))))
                (view.day_line("write", "day", view.say("Day on it", "Date de la lettre"), day))
            }
            (item_choice(view, shown, "write", view.say("Nothing ticked: the whole case.", "Rien de coché : tout le dossier."), kept))
            (view.lines("write", "body", view.say("The letter", "La lettre"), view.say("Write nothing that the consent does not allow: the desk cannot see a name in a text.", "N’écrivez rien que le consentement ne permette : le poste ne reconnaît pas un nom dans un texte."), kept.text("body")))
            div.row {
                button type="submit" { (view.say("Look up consent and read it over", "Vérifier le consentement et relire")) }
                button.quiet type="submit" formaction={ "/case/" (number) "/keep-draft" } { (view.say("Keep it for later", "La garder pour plus tard")) }
            }
        }
        @if !kept.is_empty() {
            (view.one_button("drop-draft", &format!("/case/{number}/drop-draft"), "", view.say("Throw the kept draft away", "Jeter le brouillon gardé")))
        }
    }
}

/// The purposes that letters serve; unchosen, the one that is covered is found.
fn purpose_choice(view: &View<'_>, form: &str, chosen: &str) -> Markup {
    let served = |code: &str| {
        Communications::vocabulary().iter().any(|kind| {
            Code::of(kind.code).is_some_and(|kind| casework::purposes_served(kind).contains(&code))
        })
    };
    view.choice_of(
        form,
        "purpose",
        view.say("Under which consent", "Au titre de quel consentement"),
        Purposes::vocabulary(),
        chosen,
        Some(view.say(
            "whichever this letter needs",
            "celui qu’il faut pour cette lettre",
        )),
        served,
    )
}

/// A letter as it would leave, and what it rests on.
pub(crate) struct Drafted {
    kind: Code<Communications>,
    purpose: Code<Purposes>,
    identity: Code<IdentityLevels>,
    day: Date,
    to: String,
    body: String,
    items: Vec<Item>,
    consents: Vec<u32>,
    ground: Option<u32>,
    confined: bool,
    exception: Option<u32>,
    /// What was typed about who knows, what is likely and who was warned.
    weighed: [String; 3],
    /// What shows that it left, as far as that is known yet.
    receipt: String,
    why: Option<CannotDecide>,
}

/// The three questions before something leaves, as fields.
const WEIGHED: [&str; 3] = ["known_by", "reaction", "warned"];

impl Drafted {
    /// What was foreseen for its recipient, while that still holds. Counting names nobody.
    fn is_weighed(&self, case: &Case, day: u32) -> bool {
        self.purpose.as_str() == "statistics"
            || case.foresight(&self.to, self.identity, day).is_some()
    }
}

/// What a letter may rest on: the consent that was named, or the first that this kind of letter
/// needs and that covers it. A refusal tells of a no before it tells of a question not asked.
fn looked_up<'a>(
    case: &'a Case,
    kind: Code<Communications>,
    fields: &Fields,
    items: &[Item],
    identity: Code<IdentityLevels>,
    today: Date,
) -> Result<Covered<'a>, CannotDecide> {
    let named = fields.text("purpose");
    let purposes = match named {
        "" => casework::purposes_served(kind).to_vec(),
        named => vec![named],
    };
    let mut missing = NotCovered::NotAsked;
    for purpose in purposes.into_iter().filter_map(Code::of) {
        match case.covers_items(purpose, fields.text("to"), items, identity, today) {
            Ok(covered) => return Ok(covered),
            Err(NotCovered::NotAsked) => {}
            // Somebody is against one of the uses: whoever writes says under which other it goes.
            Err(
                why @ (NotCovered::SaidNo
                | NotCovered::AskAgain
                | NotCovered::Withdrawn
                | NotCovered::Disagree
                | NotCovered::NotUnderstood),
            ) => return Err(why.into()),
            Err(why) => missing = why,
        }
    }
    Err(missing.into())
}

fn drafted(case: &Case, fields: &Fields, now: u64) -> Result<Drafted, CannotDecide> {
    let (Some(kind), Some(identity)) = (
        Code::<Communications>::of(fields.text("kind")),
        Code::<IdentityLevels>::of(fields.text("identity")),
    ) else {
        return Err(NOT_CHOSEN);
    };
    let at = moment(now);
    let today = at.date().ok_or(NOTHING_HERE)?;
    let items: Vec<Item> = fields.all("items").map(Item::read).collect();
    let covered = looked_up(case, kind, fields, &items, identity, today)?;
    let day = day(fields.text("day"))?.unwrap_or(today);
    let letter = Communication::new(covered, kind, fields.text("to"), fields.text("body"), day)?;
    let covered = letter.covered();
    let leaving = Leaving {
        purpose: covered.purpose(),
        kind: Some(kind),
        to: fields.text("to"),
        items: covered.items(),
        day: at.day,
    };
    Ok(Drafted {
        kind,
        purpose: covered.purpose(),
        identity,
        day,
        to: fields.text("to").to_owned(),
        body: fields.text("body").to_owned(),
        items: covered.items().to_vec(),
        consents: covered.consents().to_vec(),
        ground: covered.ground(),
        confined: covered.is_confined(),
        exception: case.may_leave(leaving)?,
        weighed: WEIGHED.map(|field| fields.text(field).to_owned()),
        receipt: fields.text("receipt").to_owned(),
        why: None,
    })
}

fn write(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<Outcome, CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let draft = drafted(case, fields, now)?;
    if fields.ticked("weighed") {
        let [known_by, reaction, warned] = draft.weighed.each_ref().map(String::as_str);
        let recorded = desk.decide(number, now, |case, stamp| {
            casework::foresee(
                case,
                draft.to.as_str(),
                draft.identity,
                known_by,
                reaction,
                warned,
                stamp,
            )
        });
        let why = recorded.err();
        return Ok(Outcome::ReadOver(Box::new(Drafted { why, ..draft })));
    }
    if !fields.ticked("confirmed") {
        // Nobody takes a letter from here that would be refused when it is recorded.
        let unweighed = CannotDecide::from(CannotCommunicate::NotForeseen);
        desk.would_decide(number, now, |case, stamp| sent(case, &draft, None, stamp))
            .or_else(|why| (why == unweighed).then_some(()).ok_or(why))?;
        return Ok(Outcome::ReadOver(Box::new(draft)));
    }
    let Some(how) = Dispatch::of(fields.text("dispatch")) else {
        let why = Some(NO_DISPATCH);
        return Ok(Outcome::ReadOver(Box::new(Drafted { why, ..draft })));
    };
    // Pressed twice: it is recorded.
    let twice = |out: &Outgoing| {
        let sent = &out.sent;
        (sent.day, sent.to.as_str(), sent.body.as_str()) == (draft.day, &draft.to, &draft.body)
            && sent.kind.is(draft.kind.as_str())
            && out.at.day == moment(now).day
    };
    if !case.outgoing().iter().any(twice) {
        desk.decide(number, now, |case, stamp| {
            sent(case, &draft, Some(how), stamp)
        })?;
    }
    desk.keep_draft(number, "")?;
    Ok(Outcome::Done("sent"))
}

/// The entry by which a letter is recorded.
fn sent(
    case: &Case,
    draft: &Drafted,
    how: Option<Dispatch>,
    stamp: Stamp,
) -> Result<Entry, CannotDecide> {
    let today = stamp.at.date().ok_or(NOTHING_HERE)?;
    let (purpose, identity) = (draft.purpose, draft.identity);
    let covered = case.covers_items(purpose, &draft.to, &draft.items, identity, today)?;
    let (to, body) = (draft.to.as_str(), draft.body.as_str());
    let letter = Communication::new(covered, draft.kind, to, body, draft.day)?;
    let letter = match how {
        Some(how) => letter.dispatched(how, draft.receipt.as_str()),
        None => letter,
    };
    casework::communicate(case, &letter, stamp).map_err(CannotDecide::from)
}

fn receipt(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let letter = whole(fields.text("id"))?.unwrap_or(0);
    desk.decide(number, now, |case, stamp| {
        casework::note_receipt(case, letter, fields.text("receipt"), stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

/// What a word of a list is called.
fn called<L: List>(code: Code<L>, language: Language) -> String {
    Term::from(code).label(language).into_owned()
}

/// The letter as it would leave, what it rests on, and what to think of before it does.
pub(crate) fn read_over(view: &View<'_>, shown: &Shown<'_>, draft: &Drafted) -> Markup {
    let case = shown.case;
    let language = view.language;
    let heading = view.say("This is what leaves", "Voici ce qui part");
    let mut warnings: Vec<(&str, &str)> = Vec::new();
    for consent in draft.consents.iter().filter_map(|n| case.consent(*n)) {
        let said = &consent.consent.forewarning;
        for (name, text) in [
            (
                view.say("Who will know", "Qui le saura"),
                said.who_will_know.as_str(),
            ),
            (
                view.say("Likely reaction", "Réaction probable"),
                said.likely_reaction.as_str(),
            ),
            (
                view.say("Cannot be taken back", "Ne pourra pas être repris"),
                said.beyond_recall.as_str(),
            ),
            (
                view.say("Conditions", "Conditions"),
                consent.consent.conditions.as_str(),
            ),
        ] {
            if !text.trim().is_empty() {
                warnings.push((name, text));
            }
        }
    }
    let everything = html! {
        input type="hidden" name="token" value=(view.token);
        input type="hidden" name="kind" value=(draft.kind.as_str());
        input type="hidden" name="to" value=(draft.to);
        input type="hidden" name="purpose" value=(draft.purpose.as_str());
        input type="hidden" name="identity" value=(draft.identity.as_str());
        input type="hidden" name="day" value=(draft.day.to_string());
        input type="hidden" name="body" value=(draft.body);
        @for item in &draft.items { input type="hidden" name="items" value=(item.to_string()); }
    };
    let body = html! {
        h1 { (heading) }
        p.soft { a href={ "/case/" (shown.number) } { (view.say("Case ", "Dossier ")) (shown.number) } " · " code { (case.reference()) } }
        dl.facts {
            dt { (view.say("Kind", "Type")) } dd { (called(draft.kind, language)) }
            (fact(view.say("To", "À"), &draft.to))
            dt { (view.say("Day on it", "Date")) } dd { (view.date(draft.day)) }
            dt { (view.say("About", "À propos de")) } dd { (items_told(view, shown, &draft.items)) }
            dt { (view.say("Identity it may show", "Identité qu’elle peut montrer")) } dd { (called(draft.identity, language)) }
            dt { (view.say("It rests on", "Elle repose sur")) }
            dd id="rests-on" {
                @for (n, number) in draft.consents.iter().enumerate() {
                    @if n > 0 { ", " }
                    a href={ "/case/" (shown.number) "#consent-" (number) } { (view.say("consent no. ", "consentement n° ")) (number) }
                }
                @if let Some(ground) = draft.ground { (view.say("another ground, no. ", "un autre fondement, n° ")) (ground) }
                (view.colon()) (called(draft.purpose, language))
            }
        }
        div id="letter" { (told(&draft.body)) }
        @if draft.confined {
            p.care { (view.say("The person could not be asked: this stays confidential, and nothing else may be sent under it.", "La personne n’a pas pu être consultée : cela reste confidentiel, et rien d’autre ne peut être envoyé à ce titre.")) }
        }
        @if let Some(exception) = draft.exception {
            p.care { (view.say("The case is below the office’s grade. It goes by exception no. ", "Le dossier n’atteint pas le niveau exigé par le bureau. La lettre part par exception n° ")) (exception) "." }
        }
        div.care id="consequences" {
            p { strong { (view.say("Think of this before it leaves", "À considérer avant l’envoi")) } }
            ul {
                li { (view.say("Does the letter say anything that only the source could know? Whoever reads it may find out who spoke.", "La lettre dit-elle quelque chose que seule la source pouvait savoir ? Qui la lit peut en déduire qui a parlé.")) }
                li { (view.say("Who is warned that it leaves, and can they be reached tomorrow?", "Qui est prévenu de cet envoi, et peut-on joindre ces personnes demain ?")) }
                @for (name, text) in &warnings { li { (name) (view.colon()) span dir="auto" { (record::text::shown(text)) } } }
            }
        }
        (must_not(view, case))
        @if draft.is_weighed(case, moment(view.now).day) {
            @if let Some(foresight) = case.foresight(&draft.to, draft.identity, moment(view.now).day) {
                div id="foreseen" { (weighed(view, foresight)) }
                (view.folded("weigh-anew", view.say("Answer the three questions anew", "Répondre de nouveau aux trois questions"), false, weigh_form(view, shown, draft, &everything)))
            }
            (dispatch_form(view, shown, draft, &everything))
        } @else {
            (weigh_form(view, shown, draft, &everything))
        }
        form id="rewrite" method="post" action={ "/case/" (shown.number) "/rewrite" } autocomplete="off" {
            (everything)
            input type="hidden" name="office" value=(shown.desk.settings().name);
            input type="hidden" name="tongue" value=(view.language.tag());
            div.row {
                button.quiet type="submit" { (view.say("Change it", "La modifier")) }
                button.quiet type="submit" formaction={ "/case/" (shown.number) "/papers" } formtarget="_blank" {
                    (view.say("Make a document of it, in a new tab", "En faire un document, dans un nouvel onglet"))
                }
            }
        }
    };
    frame(view, Part::Cases, heading, &body)
}

fn known_by<'a>(view: &View<'a>) -> &'a str {
    view.say(
        "Who besides the source knows each detail",
        "Qui, outre la source, connaît chaque détail",
    )
}

fn reaction<'a>(view: &View<'a>) -> &'a str {
    view.say(
        "What reaction is likely, and against whom",
        "Quelle réaction est probable, et contre qui",
    )
}

fn warned<'a>(view: &View<'a>) -> &'a str {
    view.say(
        "Who was warned, and how; or why nobody was",
        "Qui a été prévenu, et comment ; ou pourquoi personne",
    )
}

/// What was thought of before something left.
fn weighed(view: &View<'_>, foresight: &Foresight) -> Markup {
    let said = &foresight.foreseen;
    html! {
        dl.facts {
            (fact(known_by(view), said.known_by.as_str()))
            (fact(reaction(view), said.reaction.as_str()))
            (fact(warned(view), said.warned.as_str()))
            dt { (view.say("Written down by", "Noté par")) } dd { code { (foresight.by) } " · " (view.time(foresight.at)) }
        }
    }
}

/// Three questions, before the letter is taken from here.
fn weigh_form(view: &View<'_>, shown: &Shown<'_>, draft: &Drafted, everything: &Markup) -> Markup {
    let [known, likely, told] = draft.weighed.each_ref().map(String::as_str);
    html! {
        form id="weigh" method="post" action={ "/case/" (shown.number) "/write" } autocomplete="off" {
            (everything)
            input type="hidden" name="weighed" value="yes";
            @if let Some(why) = draft.why {
                p.care role="alert" id="weigh-refused" tabindex="-1" autofocus { (sentence(&why.sentence(view.language))) }
            }
            p { (view.say("Three questions come first. What you answer holds for this recipient, and for as much of the identity, for fourteen days.", "Trois questions d’abord. Vos réponses valent pour ce destinataire, et pour cette part d’identité, pendant quatorze jours.")) }
            (view.lines("weigh", "known_by", known_by(view), "", known))
            (view.lines("weigh", "reaction", reaction(view), "", likely))
            (view.lines("weigh", "warned", warned(view), "", told))
            div.row { button type="submit" { (view.say("Write this down and go on", "Noter ces réponses et continuer")) } }
        }
    }
}

fn dispatch_form(
    view: &View<'_>,
    shown: &Shown<'_>,
    draft: &Drafted,
    everything: &Markup,
) -> Markup {
    let language = view.language;
    html! {
        form id="dispatch" method="post" action={ "/case/" (shown.number) "/write" } autocomplete="off" {
            (everything)
            input type="hidden" name="confirmed" value="yes";
            @if let Some(why) = draft.why {
                p.care role="alert" id="dispatch-refused" tabindex="-1" autofocus { (sentence(&why.sentence(language))) }
            }
            p { (view.say("Say how it will leave, and press the button first: consent is looked up once more at that moment. Send it only when the page says that it is recorded.", "Dites comment elle partira, et appuyez d’abord sur le bouton : le consentement est vérifié une dernière fois à cet instant. Ne l’envoyez que lorsque la page dit qu’elle est enregistrée.")) }
            div.fields {
                div.field {
                    label for="dispatch-dispatch" { (view.say("How it leaves", "Comment elle part")) }
                    select id="dispatch-dispatch" name="dispatch" {
                        option value="" { (choose(view)) }
                        @for how in Dispatch::ALL { option value=(how.code()) { (how.label(language)) } }
                    }
                }
                (view.line("dispatch", "receipt", view.say("Number of the receipt, or who takes it", "Numéro de récépissé, ou qui la reçoit"), view.say("It can be noted later, with the letter.", "Il peut être noté plus tard, avec la lettre."), &draft.receipt))
            }
            p.hint { (view.say("Plain e-mail is read on its way: by the provider, by its State, by whoever has the password. Use it only for what may be public.", "Un courriel ordinaire se lit en chemin : par le fournisseur, par son État, par qui en a le mot de passe. Réservez-le à ce qui peut être public.")) }
            div.row { button type="submit" { (view.say("It leaves now: record it", "Elle part maintenant : l’enregistrer")) } }
        }
    }
}

// ── Below the grade ────────────────────────────────────────────────────────────────────────────

fn exception_shown(view: &View<'_>, shown: &Shown<'_>, exception: &Exception) -> Markup {
    let number = exception.number;
    html! {
        div.note id={ "exception-" (number) } {
            p {
                strong { (view.say("Exception to the grade, no. ", "Exception au niveau exigé, n° ")) (number) } " "
                (view.chip(&exception.purpose, "")) " " (view.chip(&exception.kind, "")) " → " (shown_inline(exception.to.as_str()))
            }
            (told(exception.reason.as_str()))
            p.soft { (view.say("asked for by ", "demandée par ")) code { (exception.proposed.1) } " · " (view.time(exception.proposed.0)) }
            @match &exception.agreed {
                Some((at, by, _)) => {
                    p { span.chip.sure { (view.say("agreed by ", "approuvée par ")) (by) } " " (view.time(*at))
                        @if exception.used { " " span.chip { (view.say("used", "utilisée")) } }
                    }
                }
                None => {
                    @let form = format!("agree-{number}");
                    (view.form(&form, &format!("/case/{}/agree", shown.number), view.say("I agree, as the second person", "J’approuve, comme deuxième personne"), html! {
                        input type="hidden" name="id" value=(number);
                        (view.line(&form, "reason", view.say("What you say to it", "Votre avis"), "", ""))
                    }))
                }
            }
        }
    }
}

fn exception_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let fields = html! {
        p.hint { (view.say("For one letter to one recipient, when it cannot wait. A second person must agree, and it lapses after fourteen days.", "Pour une seule lettre à un seul destinataire, quand elle ne peut pas attendre. Une deuxième personne doit l’approuver, et elle expire après quatorze jours.")) }
        div.fields {
            (view.choice::<Communications>("except", "kind", view.say("What kind of letter", "Type de lettre"), "", Some(choose(view))))
            (view.choice_of("except", "purpose", view.say("For what", "Pour quel usage"), Purposes::vocabulary(), "", Some(choose(view)), |_| true))
            (view.line("except", "to", view.say("To whom", "À qui"), "", ""))
        }
        (view.lines("except", "reason", view.say("Why it cannot wait", "Pourquoi cela ne peut pas attendre"), "", ""))
    };
    view.form(
        "except",
        &format!("/case/{}/except", shown.number),
        view.say("Ask for it", "La demander"),
        fields,
    )
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
    Some(match verb {
        "write" => write(desk, number, fields, now),
        "keep-draft" => desk
            .keep_draft(number, &fields.encoded(&DRAFTED))
            .map(|()| Outcome::Done("sent")),
        "drop-draft" => desk.keep_draft(number, "").map(|()| Outcome::Done("sent")),
        "material" => material(desk, number, fields, now),
        "response" => response(desk, number, fields, now),
        "none" => none_came(desk, number, fields, now),
        "receipt" => receipt(desk, number, fields, now),
        "check-in" => check_in(desk, number, fields, now),
        "deadline" => deadline(desk, number, fields, now),
        "keep" => desk
            .decide(number, now, |case, stamp| {
                casework::keep_from_state(case, fields.text("reason"), stamp)
            })
            .map(|()| Outcome::Done("sent")),
        "look" => desk
            .decide(number, now, |case, stamp| {
                casework::follow_up(case, fields.text("found"), stamp)
            })
            .map(|()| Outcome::Done("sent")),
        "except" => except(desk, number, fields, now),
        "agree" => agree(desk, number, fields, now),
        _ => return None,
    })
}

/// What stands on each line of a text.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn response(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let old = match whole(fields.text("id"))? {
        Some(id) => {
            let mut recorded = case.responses().iter();
            Some(
                recorded
                    .find(|one| one.response.id == ResponseId(id))
                    .ok_or(NOTHING_HERE)?,
            )
        }
        None => None,
    };
    let (letter, words) = match old {
        Some(old) => (old.letter, old.response.clone()),
        None => (
            whole(fields.text("letter"))?,
            Response {
                id: case.next_response(),
                by: fields.text("by").to_owned(),
                day: day(fields.text("day"))?,
                received: day(fields.text("received"))?,
                way: fields.text("way").into(),
                // Not a space of it is taken away: the words stay as they came.
                text: fields.all("text").next().unwrap_or_default().to_owned(),
                language: fields.text("language").to_owned(),
                ..Response::default()
            },
        ),
    };
    let response = Response {
        kinds: fields.all("kinds").map(Term::told).collect(),
        authenticity: fields.text("authenticity").into(),
        checked: fields.text("checked").to_owned(),
        answered: lines(fields.text("answered")),
        unanswered: lines(fields.text("unanswered")),
        new_facts: fields.text("new_facts").to_owned(),
        ..words
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_response(case, letter, response, stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

fn none_came(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let letter = whole(fields.text("id"))?;
    desk.decide(number, now, |case, stamp| {
        let none = Response {
            id: case.next_response(),
            kinds: vec![Term::told("none-by-deadline")],
            ..Response::default()
        };
        casework::record_response(case, letter, none, stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

fn check_in(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let letter = whole(fields.text("id"))?.unwrap_or(0);
    let after = whole(fields.text("after"))?.unwrap_or(0);
    let after = u16::try_from(after).unwrap_or(0);
    let reprisal = match fields.text("reprisal") {
        NO_REPRISAL => None,
        "" => return Err(NOT_CHOSEN),
        act => whole(act)?.map(ActId),
    };
    desk.decide(number, now, |case, stamp| {
        casework::check_in(case, letter, after, fields.text("found"), reprisal, stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

fn deadline(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let letter = whole(fields.text("id"))?.unwrap_or(0);
    let (reply, confidential) = (
        day(fields.text("reply"))?,
        day(fields.text("confidential"))?,
    );
    desk.decide(number, now, |case, stamp| {
        let reason = fields.text("reason");
        casework::set_deadline(case, letter, reply, confidential, reason, stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

fn except(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let purpose = Code::of(fields.text("purpose")).ok_or(NOT_CHOSEN)?;
    let kind = Some(Code::of(fields.text("kind")).ok_or(NOT_CHOSEN)?);
    desk.decide(number, now, |case, stamp| {
        let (to, reason) = (fields.text("to"), fields.text("reason"));
        casework::propose_exception(case, purpose, kind, to, reason, stamp)
    })?;
    Ok(Outcome::Done("sent"))
}

fn agree(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<Outcome, CannotDecide> {
    let which = whole(fields.text("id"))?.unwrap_or(0);
    desk.decide(number, now, |case, stamp| {
        casework::agree_to_exception(case, which, fields.text("reason"), stamp)
    })?;
    Ok(Outcome::Done("sent"))
}
