//! A case on one page: what was told, the conversation, what may be done with it, what the office
//! made of it, and who decided what.

use casework::{
    AfterWithdrawal, AnswerWaits, Case, CaseId, Kind, LetterIn, RecordedConsent, State,
};
use maud::{Markup, html};
use record::text::{line, shown};
use record::vocabulary::{
    self, Acts, Answers, ConsentForms, ConsentGivers, Corroborations, Credibilities, Grounds,
    IdentityLevels, Purposes, Reliabilities, SourceTypes, Spheres, Stages, Standards, Urgencies,
    Victims,
};
use record::{Act, ActId, Country, Item, Report, Seen};
use vault::FileStanding;

use super::after;
use super::asked::Fields;
use super::by_hand;
use super::communications;
use super::due;
use super::duty;
use super::elsewhere;
use super::made_public;
use super::measures;
use super::next::{Next, counted_today, first_form, next_steps};
use super::queue::{title, turn, urgency};
use super::show::{Part, View, frame, sentence, told};
use super::translations;
use crate::desk::{Desk, moment};
use crate::evidence::Evidence;
use crate::reply::{Consequence, WayBack};
use crate::settings::Question;

/// What the page of a case needs beside the case.
pub(crate) struct Shown<'a> {
    pub(crate) number: u64,
    pub(crate) case: &'a Case,
    pub(crate) way_back: WayBack,
    pub(crate) desk: &'a Desk,
}

pub(crate) fn page(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let (case, number) = (shown.case, shown.number);
    let heading = format!("{} {number}", view.say("Case", "Dossier"));
    if case.state() == State::Erased {
        let body = html! {
            h1 { (heading) }
            p.note { (view.say("This case was erased. What is left is that there was something.", "Ce dossier a été effacé. Il n’en reste que la trace de son existence.")) }
            p id="in-backups" {
                (view.say(
                    "Backups made before that still hold it, each until the day on its sheet. Destroy them now, or write this case's number on their sheets, and the numbers of those erased with it: whoever restores one says ",
                    "Les sauvegardes faites avant cela le contiennent encore, chacune jusqu’au jour écrit sur sa feuille. Détruisez-les maintenant, ou écrivez sur leurs feuilles le numéro de ce dossier et ceux des dossiers effacés avec lui\u{a0}: qui en restaure une ajoute ",
                ))
                code { "--erased " (number) } "."
            }
            (super::readable::of_case(view, shown.desk, case))
            (history(view, case))
        };
        return frame(view, Part::Cases, &heading, &body);
    }
    let steps = next_steps(case);
    // One form stands open, that of what comes next; the others are a click away.
    let open = first_form(&steps);
    let body = html! {
        p.row {
            a href="/" { (view.say("← All cases", "← Tous les dossiers")) }
            a id="to-timeline" href={ "/case/" (number) "/timeline" } { (view.say("In the order of days", "Dans l’ordre des jours")) }
        }
        h1 { (heading) (view.colon()) (title(view, case)) }
        p.row id="standing" {
            span.chip { (case.state().label(view.language)) }
            (urgency(view, case))
            (turn(view, case))
            span.soft.code { (case.reference()) }
            span.soft { (view.say("opened ", "ouvert : ")) (view.time(case.opened_at())) }
        }
        (words_first(view, shown))
        (who_reads(view, case))
        @if !steps.is_empty() {
            nav aria-label=(view.say("What this case waits for", "Ce que ce dossier attend")) {
                ul.steps id="next" {
                    @for step in &steps {
                        li { a.chip.news href={ "#" (step.anchor()) } { (step.text(view.language)) } }
                    }
                }
            }
        }
        (due::of_case(view, case, moment(view.now).day))
        div.case {
            div {
                (letters(view, shown))
                (conversation(view, shown))
                (duty::section(view, shown))
                (notes(view, shown))
            }
            div {
                (progress(view, shown, open))
                (consents(view, shown, open))
                (acts(view, shown, open))
                (sources(view, shown, open))
                (findings(view, shown, open))
            }
        }
        div.case {
            div {
                (communications::section(view, shown))
                (made_public::section(view, shown))
            }
            div {
                (after::section(view, shown))
                (measures::section(view, shown))
                (elsewhere::section(view, shown))
            }
        }
        (history(view, case))
    };
    frame(view, Part::Cases, &heading, &body)
}

fn who_reads(view: &View<'_>, case: &Case) -> Markup {
    html! {
        p.note id="who-reads" {
            strong { (view.say("Who can read this: ", "Qui peut lire ceci : ")) }
            (view.say(
                "you, on this desk, with the passphrase. The relay cannot.",
                "vous, sur ce poste, avec la phrase secrète. Le relais ne le peut pas.",
            )) " "
            @if case.letters().iter().any(|letter| letter.sealed_by == Some(casework::SealedBy::Doorstep)) {
                (view.say("A letter came over the doorstep, which could have read it.", "Une lettre est passée par la page sans script, qui aurait pu la lire.")) " "
            }
            @if case.conversation().is_some() {
                (view.say("What you answer is read by whoever has the reporter’s words, now or later.", "Vos réponses sont lisibles par quiconque possède les mots de la personne, aujourd’hui ou plus tard."))
            }
        }
    }
}

// ── What was told ──────────────────────────────────────────────────────────────────────────────

fn letters(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    html! {
        section.block id="letters" aria-labelledby="letters-heading" {
            h2 id="letters-heading" { (view.say("What was told", "Ce qui a été raconté")) }
            @for (n, one) in shown.case.letters().iter().enumerate() {
                (letter(view, shown, n + 1, one))
                @if n > 0 && one.signed { (order(view, shown.case, n)) }
                (files(view, shown, n))
                (translations::beside(view, shown.number, shown.case, n + 1))
            }
            (by_hand::further(view, shown.number, shown.case))
        }
    }
}

/// What came with a letter, and how far it has come. A file is saved, never shown: what a stranger
/// sent may harm the machine that opens it.
fn files(view: &View<'_>, shown: &Shown<'_>, letter: usize) -> Markup {
    let files: Vec<_> = shown
        .desk
        .evidence(shown.number)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(of, file)| (of == letter).then_some(file))
        .collect();
    html! {
        @if !files.is_empty() {
            div id={ "files-" (letter + 1) } {
                h4 { (view.say("Files", "Fichiers")) }
                ul {
                    @for file in &files {
                        li id={ "file-" (file.number) } {
                            (view.say("File ", "Fichier ")) (file.number)
                            @if let Some(announced) = &file.announced {
                                @if let Some(kind) = announced.kind { " · " (kind.label(view.language)) }
                                " · " (size(view, announced.size))
                            }
                            " · " (standing(view, file))
                            @if file.standing == FileStanding::Complete {
                                " " a href={ "/case/" (shown.number) "/file/" (file.number) } download { (view.say("Save", "Enregistrer")) }
                            }
                            @if file.refused > 0 {
                                br; span.soft {
                                    (view.say("Pieces that named this file and were not kept: ", "Fragments qui désignaient ce fichier et n’ont pas été gardés : ")) (file.refused)
                                }
                            }
                        }
                    }
                }
                p.soft { (view.say(
                    "The desk does not open files: what a stranger sent may take over the machine that does. Open them on a machine without network that holds nothing else.",
                    "Le poste n’ouvre pas les fichiers : ce qu’envoie une personne inconnue peut prendre le contrôle de l’appareil qui l’ouvre. Ouvrez-les sur un appareil sans réseau qui ne contient rien d’autre.",
                )) }
            }
        }
    }
}

fn standing(view: &View<'_>, file: &Evidence) -> Markup {
    let of = file
        .announced
        .map_or(0, |announced| announced.full_pieces());
    html! {
        @match file.standing {
            FileStanding::Waiting => {
                span.chip { (view.say("arriving: ", "en cours d’arrivée : ")) (file.arrived) (view.say(" of ", " sur ")) (of) }
            }
            FileStanding::Complete => span.chip.sure { (view.say("complete", "complet")) },
            FileStanding::OtherContent => span.chip.care {
                (view.say("not the file that was announced: ask for it again", "ce n’est pas le fichier annoncé : demandez-le de nouveau"))
            },
            FileStanding::OverLimit => span.chip.care {
                (view.say("larger than this office takes, not kept: raise “attachments_mb” and ask for it again", "plus grand que ce que ce bureau accepte, non gardé : augmentez « attachments_mb » et demandez-le de nouveau"))
            },
            FileStanding::Impossible => span.chip.care {
                (view.say("announced in a way that cannot be true: ask for it again", "annoncé d’une façon impossible : demandez-le de nouveau"))
            },
        }
    }
}

/// Bytes in the unit people know; decimal, as files are sized elsewhere.
fn size(view: &View<'_>, bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => (1, view.say("bytes", "octets")),
        1_000..1_000_000 => (1_000, view.say("kB", "ko")),
        1_000_000..1_000_000_000 => (1_000_000, view.say("MB", "Mo")),
        _ => (1_000_000_000, view.say("GB", "Go")),
    };
    format!("{} {name}", bytes.div_ceil(unit))
}

/// What is known of the order of a letter and the one that came before it. (protocol §4)
fn order(view: &View<'_>, case: &Case, n: usize) -> Markup {
    html! {
        @match case.written(n - 1, n) {
            casework::Written::AsTheyCame => {}
            casework::Written::TurnedAround => p.care {
                (view.say("This letter was written before the one above, although it came later: its writer had seen an older board. What the one above says is newer.", "Cette lettre a été écrite avant la précédente, bien qu’arrivée après : son auteur avait vu un tableau plus ancien. Ce que dit la précédente est plus récent."))
            },
            casework::Written::NotKnown => p.soft {
                (view.say("Nothing that the relay could not change says which of these two letters was written first. If one takes back what the other says, ask.", "Rien d’infalsifiable par le relais n’indique laquelle de ces deux lettres a été écrite en premier. Si l’une retire ce que dit l’autre, demandez."))
            },
        }
    }
}

fn letter(view: &View<'_>, shown: &Shown<'_>, n: usize, letter: &LetterIn) -> Markup {
    let questions = &shown.desk.settings().questions;
    html! {
        article id={ "letter-" (n) } {
            h3 {
                @if letter.taken.is_some() { (view.say("Report taken down ", "Signalement consigné ")) }
                @else { (view.say("Letter ", "Lettre ")) }
                (n) " · " (view.time(letter.at))
            }
            p.row {
                (view.chip(&letter.channel, ""))
                @if letter.signed {
                    span.chip.sure { (view.say("signed by the reporter’s words", "signée par les mots de la personne")) }
                } @else if letter.former {
                    span.chip { (view.say("signed by words that were given up", "signée par des mots abandonnés")) }
                } @else if letter.leaf.is_some() {
                    span.chip { (view.say("no words taken: no answer possible", "envoyée sans mots : pas de réponse possible")) }
                }
            }
            @if let Some(taken) = &letter.taken { (by_hand::how_taken(view, taken, &letter.by)) }
            (words_of(view, shown, n, letter))
            @match &letter.report {
                Ok(report) => { (report_told(view, report, questions, letter.hands_over.is_some())) }
                Err(_) => {
                    p.care { (view.say("This letter was written with a newer release. Update this desk, then open the case again.", "Cette lettre a été écrite avec une version plus récente. Mettez ce poste à jour, puis rouvrez le dossier.")) }
                }
            }
        }
    }
}

/// What a letter has to do with a change of words. (protocol §4.4)
fn words_of(view: &View<'_>, shown: &Shown<'_>, n: usize, letter: &LetterIn) -> Markup {
    let case = shown.case;
    let speaks = letter.hands_over.and_then(|words| {
        let other = shown.desk.office().case_of_conversation(words)?;
        (other.id() != case.id()).then_some(other.id())
    });
    let elsewhere = html! {
        @if let Some(other) = speaks {
            " " (view.say("The words it names speak in another case: ", "Les mots qu’elle indique parlent dans un autre dossier : ")) (link(view, shown, other)) ". "
            (view.say("Read both together.", "Lisez les deux ensemble."))
        }
    };
    html! {
        @if case.changed_by(letter).is_some() {
            p.note id={ "changes-words-" (n) } {
                (view.say("This letter changes the words of the conversation.", "Cette lettre change les mots de la conversation."))
                " " a href="#words-changed" { (view.say("What that means", "Ce que cela signifie")) }
            }
        } @else if case.came_under_old_words(letter) {
            div.care id={ "old-words-" (n) } {
                p { strong { (view.say("The old words were used after they had been changed.", "Les anciens mots ont servi après avoir été changés.")) } }
                p { (view.say(
                    "Either the old paper is in other hands, or the change of words was not made by the reporter. The letter may also have been written before the change and held back on its way.",
                    "Soit l’ancien papier est entre d’autres mains, soit le changement de mots ne venait pas de la personne. Il se peut aussi que la lettre ait été écrite avant le changement et retenue en chemin.",
                )) }
                p { (view.say(
                    "No consent counts by this letter, nothing it says about answers is believed, and answers do not go to the old words. Find out by another way whom you are speaking with. Until then, stop all answers if they could put somebody in danger.",
                    "Cette lettre ne vaut aucun consentement, ce qu’elle dit des réponses n’est pas cru, et les réponses ne vont plus aux anciens mots. Vérifiez par une autre voie à qui vous parlez. D’ici là, arrêtez toutes les réponses si elles peuvent mettre quelqu’un en danger.",
                )) }
                @if letter.report.as_ref().is_ok_and(|report| report.words.is("exposed")) {
                    p.says-exposed { (view.say(
                        "It says that the words may be in other hands. Under old words that stops answers once after each change of words, and no longer once somebody here has stopped them or taken them up: otherwise whoever has the old paper could silence the conversation for good. Look under “Conversation” whether they are stopped now; if in doubt, stop them yourself.",
                        "Elle dit que les mots sont peut-être entre d’autres mains. Sous d’anciens mots, cela n’arrête les réponses qu’une seule fois après chaque changement de mots, et plus du tout dès que quelqu’un, ici, les a arrêtées ou reprises : sinon, quiconque détient l’ancien papier pourrait faire taire la conversation pour toujours. Regardez sous « Conversation » si elles sont arrêtées en ce moment ; dans le doute, arrêtez-les vous-même.",
                    )) }
                }
                @if letter.hands_over.is_some() {
                    p { (view.say("It asks for another change of words. That was not followed.", "Elle demande un autre changement de mots. Il n’a pas été suivi.")) (elsewhere) }
                }
            }
        } @else if case.asks_in_vain(letter) {
            p.care id={ "unfollowed-" (n) } {
                (view.say(
                    "This letter asks to change the words to some that this desk knows from elsewhere. That was not followed: answers go where they went before. Find out by another way what is meant.",
                    "Cette lettre demande de passer à des mots que ce poste connaît déjà par ailleurs. Ce changement n’a pas été suivi : les réponses vont où elles allaient. Vérifiez par une autre voie ce qui est voulu.",
                )) (elsewhere)
            }
        } @else if letter.former {
            p.note { (view.say("It says once more that the words were changed. Nothing needs to be done.", "Elle répète que les mots ont été changés. Il n’y a rien à faire.")) }
        }
    }
}

/// `changes` when the letter asks to change the words: then it need tell nothing.
fn report_told(view: &View<'_>, report: &Report, questions: &[Question], changes: bool) -> Markup {
    let mut remarks = report.remarks();
    remarks.retain(|remark| !(changes && remark.seen == Seen::NothingTold));
    html! {
        @if !remarks.is_empty() {
            div.note {
                p { strong { (view.say("Worth noticing", "À remarquer")) } }
                ul {
                    @for remark in remarks { li { (remark.sentence(view.language)) } }
                }
                p.soft { (view.say("The original is kept byte for byte; a mark like ⟦U+202E⟧ stands for a character that would mislead the eye.", "L’original est conservé octet par octet ; un signe comme ⟦U+202E⟧ remplace un caractère qui tromperait l’œil.")) }
            }
        }
        @if !report.narrative.trim().is_empty() { (told(&report.narrative)) }
        dl.facts {
            (fact(view.say("When", "Quand"), &when_told(view, report)))
            (fact(view.say("Where", "Où"), &where_told(view, report)))
            @if !report.acts.is_empty() {
                dt { (view.say("What was done", "Ce qui a été fait")) }
                dd { @for act in &report.acts { (view.chip(act, "")) " " } }
            }
            @for victim in &report.victims {
                dt { (view.say("Against whom", "Contre qui")) }
                dd {
                    (shown_inline(&victim.told)) " "
                    @for group in &victim.groups { (view.chip(group, "")) " " }
                    (counts(victim.least, victim.best, victim.most))
                }
                (fact(view.say("Who may speak for them, as told", "Qui peut parler en leur nom, selon la personne"), &victim.speaks))
            }
            @if !report.perpetrators.told.is_empty() || !report.perpetrators.codes.is_empty() {
                dt { (view.say("Said to be responsible", "Auteurs présumés")) }
                dd {
                    (shown_inline(&report.perpetrators.told)) " "
                    @for code in &report.perpetrators.codes { (view.chip(code, "")) " " }
                }
            }
            @if !report.relation.is_empty() {
                dt { (view.say("Who is writing", "Qui écrit")) }
                dd { (report.relation.label(view.language)) }
            }
            @if !report.helping.knows.is_empty() {
                dt { (view.say("Does the person know", "La personne est-elle au courant")) }
                dd { (report.helping.knows.label(view.language)) }
            }
            @for answer in &report.asked {
                @let question = questions.iter().find(|question| question.id == answer.question);
                (fact(&question.map_or_else(|| shown(&answer.question).to_string(), |question| question.text_in(view.language).to_owned()), &answer.told))
            }
            (fact(view.say("Safety: what must not be done", "Sécurité : ce qu’il ne faut pas faire"), &report.safety))
            (fact(view.say("Another contact", "Autre contact"), &report.contact))
            (fact(view.say("Code of the office, as typed", "Code du bureau, tel que tapé"), &report.code))
            @if !report.age.is_empty() {
                dt { (view.say("Age of whoever writes", "Âge de la personne qui écrit")) }
                dd { (report.age.label(view.language)) }
            }
            @if !report.words.is_empty() {
                dt { (view.say("About their words", "À propos de ses mots")) }
                dd { b { (report.words.label(view.language)) } }
            }
            @if !report.urgency.is_empty() {
                dt { (view.say("Urgency, as told", "Urgence, selon la personne")) }
                dd { (report.urgency.label(view.language)) }
            }
            @for source in &report.sources {
                dt { (view.say("Source", "Source")) }
                dd { (source.kind.label(view.language)) " " (shown_inline(&source.found)) }
            }
            @if !report.labels.is_empty() {
                dt { (view.say("Labels of the source", "Mots-clés de la source")) }
                dd { @for label in &report.labels { span.chip { (shown(label)) } " " } }
            }
            @if !report.origin.set.is_empty() {
                dt { (view.say("From", "Provenance")) }
                dd { (shown(&report.origin.set)) " " code { (shown(&report.origin.id)) } }
            }
        }
    }
}

pub(crate) fn fact(name: &str, text: &str) -> Markup {
    html! {
        @if !text.trim().is_empty() {
            dt { (name) }
            dd dir="auto" { (shown(text)) }
        }
    }
}

pub(crate) fn shown_inline(text: &str) -> Markup {
    html! { @if !text.is_empty() { span dir="auto" { (shown(text)) } } }
}

fn counts(least: Option<u32>, best: Option<u32>, most: Option<u32>) -> Markup {
    html! {
        @match (least, best, most) {
            (None, None, None) => {}
            (least, best, most) => {
                span.soft {
                    @if let Some(best) = best { (best) }
                    @if least.is_some() || most.is_some() {
                        " (" (least.map_or_else(|| "?".to_owned(), |n| n.to_string())) "–"
                        (most.map_or_else(|| "?".to_owned(), |n| n.to_string())) ")"
                    }
                }
            }
        }
    }
}

fn when_told(view: &View<'_>, report: &Report) -> String {
    when_text(view, &report.when)
}

pub(crate) fn when_text(view: &View<'_>, when: &record::When) -> String {
    let mut parts = Vec::new();
    if !when.told.is_empty() {
        parts.push(when.told.clone());
    }
    match (when.first.as_str(), when.last.as_str()) {
        ("", "") => {}
        (first, "") => parts.push(first.to_owned()),
        ("", last) => parts.push(format!("… {last}")),
        (first, last) => parts.push(format!("{first} – {last}")),
    }
    if !when.precision.is_empty() {
        parts.push(format!("({})", when.precision.label(view.language)));
    }
    parts.join(" ")
}

fn where_told(view: &View<'_>, report: &Report) -> String {
    place_text(view, &report.place)
}

pub(crate) fn place_text(view: &View<'_>, place: &record::Where) -> String {
    let country = Country::read(&place.country).map_or_else(
        || place.country.clone(),
        |country| country.label(view.language).to_owned(),
    );
    [&place.told, &place.admin2, &place.admin1, &country]
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

// ── The conversation ───────────────────────────────────────────────────────────────────────────

fn conversation(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    html! {
        section.block id="conversation" aria-labelledby="conversation-heading" {
            h2 id="conversation-heading" { (view.say("Conversation", "Conversation")) }
            @if let Some((at, _)) = case.acknowledged().last() {
                p.soft { (view.say("The reporter finds the note that the letter was opened, sealed on ", "La personne trouvera l’avis d’ouverture de sa lettre, scellé le ")) (view.time(*at)) "." }
            }
            @if !case.replies().is_empty() {
                ol.talk {
                    @for reply in case.replies() {
                        li.ours id={ "reply-" (reply.number) } {
                            p.soft { (view.say("Answer ", "Réponse ")) (reply.number) " · " (view.time(reply.at)) " · " code { (reply.by) } }
                            @if case.is_read(reply) {
                                p.row { span.chip.sure { (view.say("a later letter says it was read", "lue, selon une lettre ultérieure")) } }
                            } @else if case.lies_under_old_words(reply) {
                                p.soft { (view.say("Sealed to the old words; it is posted again for the new ones at a next visit, unless answers are stopped.", "Scellée pour les anciens mots ; elle sera publiée de nouveau pour les nouveaux à une prochaine visite, sauf si les réponses sont arrêtées.")) }
                            } @else if let Some((at, _)) = reply.reposted.last() {
                                p.soft { (view.say("No letter says yet that it was read; posted again on ", "Aucune lettre n’indique encore qu’elle a été lue ; publiée de nouveau le ")) (view.time(*at)) "." }
                            }
                            (told(reply.text.as_str()))
                        }
                    }
                }
            }
            (must_not(view, case))
            (words_changed(view, shown))
            @match shown.way_back {
                WayBack::Open { cells_left: 0 } => p.note { (view.say("Today’s places for this conversation are used up; answer tomorrow.", "Les places du jour pour cette conversation sont épuisées ; répondez demain.")) },
                WayBack::Open { .. } => { (reply_form(view, shown)) }
                WayBack::NoWords => p.note id="no-answer" { (view.say("No words were taken with this letter, so no answer can be found. Use another contact if one was given.", "Cette lettre a été envoyée sans mots : aucune réponse ne peut être retrouvée. Utilisez un autre contact s’il a été donné.")) },
                WayBack::InAnotherCase => {}
                WayBack::FirstLetterMissing => p.care { (view.say("The first letter of this conversation has not arrived, and with it the key for answers. It may still be on its way.", "La première lettre de cette conversation n’est pas arrivée, ni la clé de réponse qu’elle contient. Elle est peut-être encore en chemin.")) },
                WayBack::KeyDestroyed => p.care { (view.say("The key of this conversation was destroyed on its day. Only a new letter of the reporter opens the way again.", "La clé de cette conversation a été détruite à son terme. Seule une nouvelle lettre de la personne rouvrira la voie.")) },
                WayBack::Stopped => { (stopped(view, case)) }
                WayBack::NoVoice => p.care { (view.say("No published notice names the office’s voice for today: publish one, then answer.", "Aucun avis publié ne nomme la voix du bureau pour aujourd’hui : publiez-en un, puis répondez.")) },
            }
            @if case.conversation().is_some() { (other_hands(view, shown)) }
        }
    }
}

/// A link to another case.
fn link(view: &View<'_>, shown: &Shown<'_>, id: CaseId) -> Markup {
    html! {
        @if let Some(number) = shown.desk.number_of(id) {
            a href={ "/case/" (number) } { (view.say("case ", "dossier ")) (number) }
        }
    }
}

/// That the words were changed, before anything else of the case is read.
fn words_first(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    html! {
        @if let Some(last) = shown.case.former_words().last() {
            p.care id="words-first" {
                strong { (view.say("The words of this conversation were changed: ", "Les mots de cette conversation ont été changés : ")) (view.time(last.at)) "." } " "
                (view.say("Before you answer, make sure by another way that you are speaking with the same person.", "Avant de répondre, vérifiez par une autre voie que vous parlez bien à la même personne.")) " "
                a href="#words-changed" { (view.say("What that means", "Ce que cela signifie")) }
            }
        }
        @if let Some(to) = shown.case.moved_to() {
            p.care id="moved-first" {
                strong { (view.say("Answer in the case where these words speak now: ", "Répondez dans le dossier où parlent désormais ces mots : ")) (link(view, shown, to)) "." }
            }
        }
    }
}

/// That the words were changed, and what nobody can know about it.
fn words_changed(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let link = |id| link(view, shown, id);
    let asks = |letter: &LetterIn, other: &Case| {
        let ours = |one: &LetterIn| one.conversation == letter.hands_over;
        letter.hands_over.is_some()
            && other.changed_by(letter).is_none()
            && case.letters().iter().any(ours)
    };
    let others = shown.desk.office().cases();
    let named = others.filter(|other| {
        other.id() != case.id() && other.letters().iter().any(|letter| asks(letter, other))
    });
    html! {
        @if let Some(to) = case.moved_to() {
            p.care id="words-moved" {
                (view.say("The words of these letters speak in another case now, whose words were changed to them: ", "Les mots de ces lettres parlent désormais dans un autre dossier, dont les mots ont été changés pour ceux-ci : ")) (link(to)) ". "
                (view.say("Read both together, and answer there.", "Lisez les deux ensemble, et répondez là-bas."))
            }
        }
        @for other in named {
            p.care.words-named {
                (view.say("A letter of another case asks to change its words to these, and that was not followed: ", "Une lettre d’un autre dossier demande de passer à ces mots, et cela n’a pas été suivi : ")) (link(other.id())) ". "
                (view.say("Read both together.", "Lisez les deux ensemble."))
            }
        }
        @if let Some(last) = case.former_words().last() {
            div.care id="words-changed" {
                p { strong { (view.say("The words were changed: ", "Les mots ont été changés : ")) (view.time(last.at)) } }
                p { (view.say(
                    "A letter under the old words said so, and the new words agreed. That does not show who did it: whoever has read the old words can do it too. Before you send anything that could put somebody in danger, make sure by another way that you are speaking with the same person.",
                    "Une lettre signée par les anciens mots l’a dit, et les nouveaux mots l’ont confirmé. Cela ne montre pas qui l’a fait : quiconque a lu les anciens mots le peut aussi. Avant d’envoyer quoi que ce soit qui puisse mettre quelqu’un en danger, vérifiez par une autre voie que vous parlez bien à la même personne.",
                )) }
                p { (view.say(
                    "From now on answers go to the new words alone, whoever has them. Those that no letter said were read are posted again for them. The old words still open what was sent to them before.",
                    "Désormais, les réponses ne vont qu’aux nouveaux mots, quelle que soit la personne qui les possède. Celles qu’aucune lettre n’a dit lues sont publiées de nouveau pour eux. Les anciens mots ouvrent toujours ce qui leur a été envoyé auparavant.",
                )) }
                @if case.began_with_a_change() {
                    p { (view.say(
                        "This desk did not know the old words: the letters written with them are still on their way, or were lost. What comes of them is shown with a warning.",
                        "Ce poste ne connaissait pas les anciens mots : les lettres écrites avec eux sont encore en chemin, ou perdues. Celles qui arriveront seront signalées.",
                    )) }
                }
                @for joined in case.former_words().iter().filter_map(|former| former.joined) {
                    p {
                        (view.say("Letters under the new words had come before and opened a case: ", "Des lettres signées par les nouveaux mots étaient arrivées avant et avaient ouvert un dossier : ")) (link(joined)) ". "
                        (view.say("Read both together.", "Lisez les deux ensemble."))
                    }
                }
            }
        }
    }
}

fn stopped(view: &View<'_>, case: &Case) -> Markup {
    html! {
        div.care id="stopped" {
            p { strong { (view.say("Answers are stopped: the words may be in other hands.", "Les réponses sont arrêtées : les mots sont peut-être entre d’autres mains.")) } }
            @if let Some(stopped) = case.stopped() {
                p.soft { (view.time(stopped.at)) " · " code { (stopped.by) } }
                (told(stopped.reason.as_str()))
            }
            p { (view.say("What was posted before stays readable to whoever has the words. Later letters under these words may be somebody else’s.", "Ce qui a été publié auparavant reste lisible par quiconque possède les mots. Les prochaines lettres signées par ces mots peuvent venir de quelqu’un d’autre.")) }
        }
    }
}

/// The way to say that somebody else may read along, and the way back.
fn other_hands(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let why = |form: &str| {
        view.line(
            form,
            "reason",
            view.say("How you know", "Comment vous le savez"),
            "",
            "",
        )
    };
    let action = |verb: &str| format!("/case/{}/{verb}", shown.number);
    if shown.case.stopped().is_some() {
        let (text, button) = (
            view.say("Take answers up again", "Reprendre les réponses"),
            view.say("Take up again", "Reprendre"),
        );
        let fields = html! { (why("resume")) };
        view.folded(
            "resume",
            text,
            false,
            view.form("resume", &action("resume"), button, fields),
        )
    } else {
        let (text, button) = (
            view.say(
                "The words may be in other hands",
                "Les mots sont peut-être entre d’autres mains",
            ),
            view.say("Stop all answers", "Arrêter toutes les réponses"),
        );
        let fields = html! {
            p.hint { (view.say("Nothing more is sealed to these words, and what still waits on this desk is not sent.", "Plus rien n’est scellé pour ces mots, et ce qui attend encore sur ce poste n’est pas envoyé.")) }
            (why("stop"))
        };
        view.folded(
            "stop",
            text,
            false,
            view.form("stop", &action("stop"), button, fields),
        )
    }
}

fn reply_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let fields = html! {
        (view.lines(
            "reply", "text",
            view.say("Your answer", "Votre réponse"),
            view.say("The reporter reads it with their words, on any device. Write as if somebody looked over their shoulder.", "La personne la lit avec ses mots, sur n’importe quel appareil. Écrivez comme si quelqu’un regardait par-dessus son épaule."),
            "",
        ))
        p.hint { (view.say("You see it once more before it goes.", "Vous la reverrez avant qu’elle ne parte.")) }
    };
    let form = view.form(
        "reply",
        &format!("/case/{}/reply", shown.number),
        view.say("Look at it once more", "La relire"),
        fields,
    );
    view.folded(
        "reply",
        view.say("Write an answer", "Écrire une réponse"),
        false,
        html! { (form) (translations::phrases(view, shown.number, shown.case)) },
    )
}

/// An answer as the reporter will read it, and what to think of before it goes for ever.
pub(crate) fn preview(
    view: &View<'_>,
    number: u64,
    case: &Case,
    text: &str,
    consequences: &[Consequence],
) -> Markup {
    let heading = view.say("This is what will be sent", "Voici ce qui sera envoyé");
    let button = |id: &str, verb: &str, class: &str, label: &str, confirmed: bool| {
        html! {
            form id=(id) method="post" action={ "/case/" (number) "/" (verb) } autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                input type="hidden" name="text" value=(text);
                @if confirmed { input type="hidden" name="confirmed" value="yes"; }
                button type="submit" class=[(!class.is_empty()).then_some(class)] { (label) }
            }
        }
    };
    let body = html! {
        h1 { (heading) }
        p.soft { a href={ "/case/" (number) } { (view.say("Case ", "Dossier ")) (number) } " · " code { (case.reference()) } }
        div id="answer" { (told(text)) }
        @if !consequences.is_empty() {
            div.care id="consequences" {
                p { strong { (view.say("Think of this first", "À considérer d’abord")) } }
                ul { @for consequence in consequences { li { (consequence.sentence(view.language)) } } }
            }
        }
        (must_not(view, case))
        p { (view.say("It cannot be taken back. Whoever has the reporter’s words can read it, now or later.", "Elle ne peut pas être reprise. Quiconque possède les mots de la personne peut la lire, aujourd’hui ou plus tard.")) }
        div.row {
            (button("send", "reply", "", view.say("Send this answer", "Envoyer cette réponse"), true))
            (button("change", "change", "quiet", view.say("Change it", "La modifier"), false))
        }
    };
    frame(view, Part::Cases, heading, &body)
}

/// What the letters of a case ask not to do.
pub(crate) fn must_not(view: &View<'_>, case: &Case) -> Markup {
    let warned: Vec<&str> = case
        .letters()
        .iter()
        .filter_map(|letter| letter.report.as_ref().ok())
        .map(|report| report.safety.as_str())
        .filter(|safety| !safety.trim().is_empty())
        .collect();
    html! {
        @if !warned.is_empty() {
            div.care id="must-not" {
                p { strong { (view.say("Before you answer: what must not be done", "Avant de répondre : ce qu’il ne faut pas faire")) } }
                @for text in warned { p dir="auto" { (shown(text)) } }
            }
        }
    }
}

// ── Where it stands ────────────────────────────────────────────────────────────────────────────

fn progress(view: &View<'_>, shown: &Shown<'_>, open: Option<Next>) -> Markup {
    let (case, number) = (shown.case, shown.number);
    let action = |verb: &str| format!("/case/{number}/{verb}");
    html! {
        section.block id="progress" aria-labelledby="progress-heading" {
            h2 id="progress-heading" { (view.say("Where it stands", "Où en est le dossier")) }
            @if let Some(original) = case.duplicate_of().and_then(|id| shown.desk.number_of(id)) {
                p.note { (view.say("The same as ", "Doublon du ")) a href={ "/case/" (original) } { (view.say("case ", "dossier ")) (original) } }
            }
            @if case.duplicates().next().is_some() {
                p.note id="duplicates" {
                    (view.say("Other cases are the same as this one, and linked: ", "D’autres dossiers sont des doublons de celui-ci, et y sont reliés : "))
                    @for (n, id) in case.duplicates().enumerate() { @if n > 0 { ", " } (link(view, shown, id)) } ". "
                    (view.say("Read their letters too: a duplicate is never deleted.", "Lisez aussi leurs lettres : un doublon n’est jamais supprimé."))
                }
            }
            @if let Some(referred) = case.referred_to() {
                p.note { (view.say("Referred to: ", "Orienté vers : ")) (shown_inline(referred.as_str())) }
            }
            (view.folded("triage", view.say("Set the urgency", "Évaluer l’urgence"), open == Some(Next::SetUrgency),
                view.form("triage", &action("triage"), view.say("Set", "Enregistrer"), html! {
                    (view.choice::<Urgencies>("triage", "urgency", view.say("How urgent", "Degré d’urgence"), case.urgency().as_str(), Some(choose(view))))
                    (view.line("triage", "reason", view.say("Why", "Pourquoi"), "", ""))
                })))
            @if case.state().is_ended() {
                (view.folded("reopen", view.say("Open it again", "Rouvrir le dossier"), false,
                    view.form("reopen", &action("reopen"), view.say("Open again", "Rouvrir"), html! {
                        (view.line("reopen", "reason", view.say("Why", "Pourquoi"), "", ""))
                    })))
            } @else {
                (view.folded("state", view.say("Move it on", "Faire avancer le dossier"), false,
                    view.form("state", &action("state"), view.say("Move", "Enregistrer"), html! {
                        div.field {
                            label for="state-to" { (view.say("To", "Vers")) }
                            select id="state-to" name="to" {
                                @for state in State::ALL.iter().filter(|s| **s != State::Erased && **s != case.state()) {
                                    option value=(state.code()) selected[view.typed("state", "to", "") == state.code()] { (state.label(view.language)) }
                                }
                            }
                        }
                        (view.line("state", "reason", view.say("Why", "Pourquoi"), view.say("Needed to go back, aside, or to the end.", "Nécessaire pour revenir en arrière, mettre de côté ou terminer."), ""))
                        (view.line("state", "duplicate_of", view.say("The same as case number", "Doublon du dossier numéro"), view.say("Only for a duplicate. Both stay, and each says so.", "Seulement pour un doublon. Les deux restent, et chacun l’indique."), ""))
                        (view.line("state", "referred_to", view.say("Referred to", "Orienté vers"), view.say("Only outside the mandate: who can take it.", "Seulement hors mandat : qui peut s’en charger."), ""))
                    })))
            }
            (view.folded("erase", view.say("Erase this case", "Effacer ce dossier"), false,
                view.form("erase", &action("erase"), view.say("Erase for ever", "Effacer définitivement"), html! {
                    p.hint { (view.say("Everything in it goes from this desk: letters, notes, findings, the keys of the conversation. What was sent to others, figures already published and answers already posted stay where they are. Backups can show it until the day on their sheets.", "Tout son contenu disparaît de ce poste : lettres, notes, conclusions, clés de la conversation. Ce qui a été transmis, les chiffres déjà publiés et les réponses déjà publiées restent où ils sont. Une sauvegarde peut encore le montrer jusqu’au jour inscrit sur sa feuille.")) }
                    (super::readable::of_case(view, shown.desk, case))
                    p.hint { (view.say("Saved searches whose words find it are forgotten with it. Others stay: forget those that name somebody of it.", "Les recherches gardées dont les mots le trouvent sont supprimées avec lui. Les autres restent : supprimez celles qui nomment quelqu’un de ce dossier.")) }
                    @let joined = shown.desk.office().joined_with(case.id());
                    @if !joined.is_empty() {
                        p.care id="erased-with-it" {
                            (view.say("Letters under the words of this conversation had opened other cases. They are erased with it: ", "Des lettres signées par les mots de cette conversation avaient ouvert d’autres dossiers. Ils seront effacés avec celui-ci : "))
                            @for (n, id) in joined.into_iter().enumerate() { @if n > 0 { ", " } (link(view, shown, id)) } "."
                        }
                    }
                    (view.line("erase", "reason", view.say("Why", "Pourquoi"), view.say("It stays; name nobody in it.", "Cette phrase reste ; n’y nommez personne."), ""))
                    div.field {
                        label { input type="checkbox" name="understood" value="yes" required; " " (view.say("I know that it cannot be brought back.", "Je sais que rien ne pourra être rétabli.")) }
                    }
                })))
        }
    }
}

// ── What may be done with it ───────────────────────────────────────────────────────────────────

fn consents(view: &View<'_>, shown: &Shown<'_>, open: Option<Next>) -> Markup {
    let (case, number) = (shown.case, shown.number);
    let today = moment(view.now).date();
    let told_consents: Vec<(usize, usize, &record::ConsentAsTold)> = case
        .letters()
        .iter()
        .enumerate()
        .filter(|(_, letter)| letter.signed)
        .filter_map(|(n, letter)| Some((n, letter.report.as_ref().ok()?)))
        .flat_map(|(n, report)| {
            report
                .consents
                .iter()
                .enumerate()
                .map(move |(k, consent)| (n, k, consent))
        })
        .filter(|(n, _, consent)| {
            let leaf = case.letters().get(*n).and_then(|letter| letter.leaf);
            !case.consents().iter().any(|recorded| {
                recorded.letter == leaf && recorded.consent.purpose == consent.purpose
            })
        })
        .collect();
    html! {
        section.block id="consents" aria-labelledby="consents-heading" {
            h2 id="consents-heading" { (view.say("What may be done with it", "Ce qui peut en être fait")) }
            p id="counted" {
                @match counted_today(case, today) {
                    Ok(()) => { span.chip.sure { (view.say("may be counted", "peut être compté")) } }
                    Err(why) => { span.chip { (view.say("not counted", "non compté")) } " " span.soft { (sentence(why.sentence(view.language))) } }
                }
            }
            @if !case.consents().is_empty() {
                ul {
                    @for recorded in case.consents() {
                        li id={ "consent-" (recorded.number) } { (recorded_consent(view, shown, recorded)) }
                    }
                }
            }
            (disagreements(view, shown))
            @for recorded in case.grounds() {
                p id={ "ground-" (recorded.number) } {
                    strong { (recorded.ground.kind.label(view.language)) } (view.colon())
                    (shown_inline(&recorded.ground.reason)) " "
                    @for purpose in &recorded.ground.purposes { (view.chip(purpose, "")) " " }
                }
            }
            @if !told_consents.is_empty() {
                h3 { (view.say("Said in a signed letter", "Dit dans une lettre signée")) }
                p.hint { (view.say("Nothing of it counts before you record it.", "Rien ne vaut avant que vous ne l’enregistriez.")) }
                ul {
                    @for (n, k, consent) in &told_consents {
                        li {
                            (consent.purpose.label(view.language)) (view.colon()) strong { (consent.answer.label(view.language)) }
                            " · " (consent.identity.label(view.language))
                            form id={ "told-" (n + 1) "-" (k + 1) } method="post" action={ "/case/" (number) "/told" } {
                                (view.head_of(&format!("told-{}-{}", n + 1, k + 1)))
                                input type="hidden" name="letter" value=(n);
                                input type="hidden" name="consent" value=(k);
                                button.quiet type="submit" { (view.say("Record it", "L’enregistrer")) }
                            }
                        }
                    }
                }
            }
            (view.folded("consent", view.say("Record an answer about consent", "Enregistrer une réponse sur le consentement"), open == Some(Next::RecordConsent) && told_consents.is_empty(), consent_form(view, shown)))
            (view.folded("ground", view.say("Record another ground", "Enregistrer un autre fondement"), false, ground_form(view, shown)))
        }
    }
}

/// One answer: what it allows, who gave it, what it waits for, and what can be done about it.
fn recorded_consent(view: &View<'_>, shown: &Shown<'_>, recorded: &RecordedConsent) -> Markup {
    let consent = &recorded.consent;
    let (language, number) = (view.language, recorded.number);
    html! {
        (consent.purpose.label(language)) (view.colon())
        strong { (consent.answer.label(language)) }
        " · " (consent.identity.label(language))
        @if !consent.recipient.is_empty() { " → " (shown_inline(&consent.recipient)) }
        @if !consent.conditions.is_empty() { " · " (shown_inline(&consent.conditions)) }
        @if !consent.items.is_empty() {
            " · " (view.say("only about: ", "seulement à propos de : "))
            (consent.items.iter().map(|item| item_name(view, shown, item)).collect::<Vec<_>>().join(", "))
        }
        @if !consent.giver.is("self") {
            br; span.soft {
                (consent.giver.label(language)) (view.colon()) (shown_inline(&consent.giver_told))
                @if !consent.child_view.is_empty() { " · " (view.say("the child: ", "l’enfant : ")) (shown_inline(&consent.child_view)) }
            }
        }
        @if recorded.ended.is_some() {
            " " span.chip.now { (view.say("ended: whoever gave it is named as a perpetrator", "ne vaut plus : la personne qui l’a donné est mise en cause")) }
        }
        @for due in shown.case.answers_due().iter().filter(|due| due.number == number) {
            @if due.waits != AnswerWaits::Erasure {
                @let day = record::Date::of_day_number(due.day).map(|day| day.to_string());
                " " span.chip { (due.waits.label(language)) @if let Some(day) = day { " · " (day) } }
            }
        }
        @match &recorded.withdrawn {
            Some((at, reason)) => {
                " " span.chip.now { (view.say("withdrawn", "retiré")) } " " (view.time(*at)) " " (shown_inline(reason.as_str()))
                (went_out(view, shown, number))
                (after_withdrawal(view, shown, recorded))
            }
            None if consent.answer.is("yes") || consent.answer.is("cannot-ask") => {
                (went_out(view, shown, number))
                div.row {
                    @if consent.answer.is("cannot-ask") {
                        (small_form(view, shown, "second", number, view.say("I agree, as the second person", "Je confirme, comme deuxième personne"), &html! {}))
                        (reach_form(view, shown, number))
                    }
                    (small_form(view, shown, "withdraw", number, view.say("The person takes it back", "La personne le retire"), &html! {}))
                }
            }
            None => {}
        }
    }
}

/// A form of one button about one answer.
fn small_form(
    view: &View<'_>,
    shown: &Shown<'_>,
    verb: &str,
    consent: u32,
    button: &str,
    fields: &Markup,
) -> Markup {
    let form = format!("{verb}-{consent}");
    html! {
        form id=(form) method="post" action={ "/case/" (shown.number) "/" (verb) } autocomplete="off" {
            (view.head_of(&form))
            input type="hidden" name="consent" value=(consent);
            (fields)
            button.plain type="submit" { (button) }
        }
    }
}

fn reach_form(view: &View<'_>, shown: &Shown<'_>, consent: u32) -> Markup {
    let form = format!("reach-{consent}");
    let how = view.line(
        &form,
        "how",
        view.say(
            "If the person was reached: how, and how you know it is that person",
            "Si la personne a été jointe : comment, et comment vous savez que c’est elle",
        ),
        "",
        "",
    );
    let button = view.say("The person was reached", "La personne a été jointe");
    small_form(view, shown, "reach", consent, button, &how)
}

/// What already left under an answer, and what can no longer be taken back of it.
fn went_out(view: &View<'_>, shown: &Shown<'_>, consent: u32) -> Markup {
    let out = shown.case.went_out_under(consent);
    html! {
        @if !out.is_empty() {
            p { (view.say("Already gone out under it:", "Déjà sorti à ce titre :")) }
            ul id={ "out-" (consent) } {
                @for one in &out {
                    li {
                        (shown_inline(one.to.as_str())) " · " (one.day.to_string()) " · "
                        @if one.items.is_empty() {
                            (view.say("the whole case", "tout le dossier"))
                        } @else {
                            (one.items.iter().map(|item| item_name(view, shown, item)).collect::<Vec<_>>().join(", "))
                        }
                        br; span.soft { (one.beyond_recall(view.language)) }
                    }
                }
            }
        }
    }
}

/// After a withdrawal the person is asked once what is to become of the rest.
fn after_withdrawal(view: &View<'_>, shown: &Shown<'_>, recorded: &RecordedConsent) -> Markup {
    let number = recorded.number;
    html! {
        @match recorded.chosen {
            Some((at, choice)) => {
                p { span.chip { (choice.label(view.language)) } " " (view.time(at))
                    @if choice == AfterWithdrawal::Erase { " " (view.say("The case can be erased at the foot of this page.", "Le dossier peut être effacé au bas de cette page.")) }
                }
            }
            None => {
                @let form = format!("choose-{number}");
                (small_form(view, shown, "choose", number, view.say("Record the choice", "Enregistrer le choix"), &html! {
                    div.field {
                        label for={ (form) "-choice" } { (view.say("What should become of the rest?", "Que doit devenir le reste ?")) }
                        select id={ (form) "-choice" } name="choice" {
                            option value="" { (choose(view)) }
                            @for choice in AfterWithdrawal::ALL { option value=(choice.code()) { (choice.label(view.language)) } }
                        }
                    }
                }))
            }
        }
    }
}

/// Those who answer for somebody and do not agree: which answer stands is for a person to say.
fn disagreements(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let given: Vec<&RecordedConsent> = shown
        .case
        .consents()
        .iter()
        .filter(|one| !one.consent.giver.is("self") && one.ended.is_none())
        .collect();
    let several = given.iter().enumerate().any(|(n, one)| {
        given.iter().skip(n + 1).any(|other| {
            other.consent.subject == one.consent.subject
                && other.consent.purpose == one.consent.purpose
                && other.consent.answer != one.consent.answer
        })
    });
    html! {
        @for one in shown.case.resolved() {
            p.note {
                (view.say("Where they did not agree, this answer stands: ", "En cas de désaccord, cette réponse est retenue : "))
                (one.purpose.label(view.language)) ", " (view.say("no. ", "n° ")) (one.stands) (view.colon()) (shown_inline(one.reason.as_str()))
            }
        }
        @if several {
            (view.folded("resolve", view.say("Those who answer for a person do not agree", "Désaccord entre les personnes qui répondent à sa place"), false, view.form(
                "resolve",
                &format!("/case/{}/resolve", shown.number),
                view.say("This answer stands", "Cette réponse est retenue"),
                html! {
                    p.hint { (view.say("Nothing is used until somebody of the office says which answer stands, and why. A new answer opens the question again.", "Rien n’est utilisé avant qu’une personne du bureau n’indique quelle réponse est retenue, et pourquoi. Une nouvelle réponse rouvre la question.")) }
                    div.field {
                        label for="resolve-consent" { (view.say("Which answer", "Quelle réponse")) }
                        select id="resolve-consent" name="consent" {
                            option value="" { (choose(view)) }
                            @for one in &given {
                                @let id = one.number.to_string();
                                option value=(id) selected[view.typed("resolve", "consent", "") == id] {
                                    (one.consent.purpose.label(view.language)) (view.colon()) (one.consent.answer.label(view.language)) " · " (shown_inline(&one.consent.giver_told))
                                }
                            }
                        }
                    }
                    (view.lines("resolve", "reason", view.say("Why", "Pourquoi"), "", ""))
                },
            )))
        }
    }
}

/// What stands in a choice that nobody has made yet: a decision of a person is never filled in
/// beforehand, so that one click records nothing that nobody said.
pub(crate) fn choose(view: &View<'_>) -> &'static str {
    view.say("choose", "à choisir")
}

fn consent_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    // What was typed into the folded part stays before the eyes.
    let typed = |name: &str| !view.typed("consent", name, "").is_empty();
    let somebody_else = !matches!(view.typed("consent", "giver", "self"), "" | "self")
        || ["giver_told", "giver_name", "child_born", "child_view"]
            .iter()
            .any(|name| typed(name));
    let fields = html! {
        div.fields {
            (view.choice::<Purposes>("consent", "purpose", view.say("For what", "Pour quel usage"), "", Some(choose(view))))
            (view.choice::<Answers>("consent", "answer", view.say("The answer", "La réponse"), "", Some(choose(view))))
            (view.choice::<IdentityLevels>("consent", "identity", view.say("How much of the identity may be shown", "Part d’identité communiquée"), "none", None))
            (person_choice(view, "consent", "subject", shown.case, view.say("Of whom", "De qui"), view.say("whoever wrote", "la personne qui écrit")))
            (view.choice::<ConsentGivers>("consent", "giver", view.say("Who gave it", "Qui l’a donné"), "", Some(choose(view))))
            (view.choice_of("consent", "form", view.say("How", "Comment"), <ConsentForms as vocabulary::List>::vocabulary(), "", Some(choose(view)), |code| code != "in-app"))
        }
        (view.line("consent", "recipient", view.say("Towards whom", "À destination de qui"), view.say("Empty when the use names the recipient well enough.", "Vide si l’usage désigne assez le destinataire."), ""))
        (item_choice(view, shown, "consent", view.say("Nothing ticked: the whole case. A yes to one act is no yes to another.", "Rien de coché : tout le dossier. Un oui pour un acte ne vaut pas pour un autre."), &Fields::default()))
        (view.line("consent", "conditions", view.say("Conditions", "Conditions"), "", ""))
        div.fields {
            (view.line("consent", "last_day", view.say("Last day it holds", "Dernier jour de validité"), view.say("YYYY-MM-DD; empty: until it is taken back.", "AAAA-MM-JJ ; vide : jusqu’à son retrait."), ""))
            (view.line("consent", "ask_again", view.say("Ask again on", "À redemander le"), view.say("YYYY-MM-DD; when the answer is “later”.", "AAAA-MM-JJ ; si la réponse est « plus tard »."), ""))
            (view.line("consent", "language", view.say("Language it was asked in", "Langue de la question"), view.say("A code: fr, ar, sw.", "Un code : fr, ar, sw."), ""))
        }
        fieldset {
            legend { (view.say("Said before the answer", "Dit avant la réponse")) }
            p.hint { (view.say("A yes to anything that leaves this office needs all four.", "Un oui à tout usage hors de ce bureau exige ces quatre points.")) }
            (view.line("consent", "beyond_recall", view.say("What cannot be taken back once it is sent", "Ce qui ne pourra pas être repris une fois transmis"), "", ""))
            (view.line("consent", "who_will_know", view.say("Who will know", "Qui le saura"), "", ""))
            (view.line("consent", "likely_reaction", view.say("What reaction is likely", "Quelle réaction est probable"), "", ""))
            (view.line("consent", "risk_reviewed", view.say("Day you looked at the risk together", "Jour où vous avez examiné le risque ensemble"), view.say("YYYY-MM-DD", "AAAA-MM-JJ"), ""))
        }
        details open[somebody_else] {
            summary { (view.say("Somebody else answered for the person", "Quelqu’un d’autre a répondu à sa place")) }
            p.hint { (view.say("A guardian answers for a child. For someone who cannot be asked, a lawyer, next of kin or this office answers “cannot be asked”: for a confidential urgent appeal or a disappearance only, with a second person, for fourteen days.", "Un parent ou un tuteur répond pour un enfant. Quand il est impossible de consulter la personne, un avocat, un proche ou ce bureau répond « impossible de consulter la personne » : seulement pour un appel urgent confidentiel ou une disparition, avec une deuxième personne, pendant quatorze jours.")) }
            (view.line("consent", "giver_told", view.say("Who, in what relation, and why the person could not", "Qui, à quel titre, et pourquoi la personne ne le pouvait pas"), "", ""))
            div.fields {
                (person_choice(view, "consent", "giver_person", shown.case, view.say("Who it is in this case", "Qui c’est dans ce dossier"), view.say("nobody recorded here", "personne d’enregistré ici")))
                (view.line("consent", "giver_name", view.say("Or the name of the guardian or relative, to record it here", "Ou le nom du parent, du tuteur ou du proche, pour l’enregistrer ici"), "", ""))
            }
            (view.line("consent", "child_born", view.say("For a child: the year of birth", "Pour un enfant : l’année de naissance"), view.say("YYYY; when no age is recorded yet. Choose the child as the person above.", "AAAA ; si aucun âge n’est encore enregistré. Choisissez l’enfant comme personne ci-dessus."), ""))
            (view.line("consent", "child_view", view.say("For a child: what the child said", "Pour un enfant : ce que l’enfant a dit"), "", ""))
        }
    };
    view.form(
        "consent",
        &format!("/case/{}/consent", shown.number),
        view.say("Record the answer", "Enregistrer la réponse"),
        fields,
    )
}

/// What an answer or a letter may be about, apart from the rest of the case.
pub(crate) fn item_choice(
    view: &View<'_>,
    shown: &Shown<'_>,
    form: &str,
    hint: &str,
    kept: &Fields,
) -> Markup {
    let case = shown.case;
    let mut items = vec![Item::Narrative];
    items.extend(case.acts().map(|act| Item::Act(act.id)));
    items.extend(case.people().map(|person| Item::Person(person.id)));
    items.extend(attachments(shown).map(|(_, item)| item));
    html! {
        fieldset {
            legend { (view.say("About what", "À propos de quoi")) }
            p.hint { (hint) }
            @for item in &items {
                @let code = item.to_string();
                (view.tick(form, "items", &code, html! { (item_name(view, shown, item)) }, kept.has("items", &code)))
            }
        }
    }
}

/// The files of a case that were announced, with their numbers.
fn attachments(shown: &Shown<'_>) -> impl Iterator<Item = (u32, Item)> {
    let files = shown.desk.evidence(shown.number).unwrap_or_default();
    files.into_iter().filter_map(|(_, file)| {
        let announced = file.announced?;
        Some((file.number, Item::Attachment(announced.content)))
    })
}

/// What an item is called on the page.
pub(crate) fn item_name(view: &View<'_>, shown: &Shown<'_>, item: &Item) -> String {
    let case = shown.case;
    match item {
        Item::Narrative => view
            .say("What was told, word for word", "Le récit, mot pour mot")
            .to_owned(),
        Item::Act(id) => {
            let kind = case
                .act(*id)
                .map(|act| act.kind.label(view.language).into_owned());
            format!(
                "{} {}{}{}",
                view.say("Act", "Acte"),
                id.0,
                view.colon(),
                kind.unwrap_or_default()
            )
        }
        Item::Person(id) => {
            let name = person_name(view, case, *id);
            format!(
                "{}{}{name}",
                view.say("Who this is", "L’identité de"),
                view.colon()
            )
        }
        Item::Attachment(_) => attachments(shown).find(|(_, one)| one == item).map_or_else(
            || view.say("A file", "Un fichier").to_owned(),
            |(number, _)| format!("{} {number}", view.say("File", "Fichier")),
        ),
        Item::Unknown(_) => view
            .say(
                "something of a newer release",
                "un élément d’une version plus récente",
            )
            .to_owned(),
    }
}

fn ground_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let sources: Vec<_> = shown
        .case
        .sources()
        .filter(|s| !s.found.trim().is_empty())
        .collect();
    let fields = html! {
        p.hint { (view.say("A public source or the person’s death allows documenting, counting, research and publishing without names. Nothing more.", "Une source publique ou le décès de la personne permet de documenter, compter, étudier et publier sans noms. Rien de plus.")) }
        div.fields {
            (view.choice_of("ground", "kind", view.say("Which ground", "Quel fondement"), <Grounds as vocabulary::List>::vocabulary(), "", Some(choose(view)), |code| matches!(code, "public-source" | "deceased")))
            (person_choice(view, "ground", "subject", shown.case, view.say("About whom", "De qui"), view.say("the whole case", "tout le dossier")))
            div.field {
                label for="ground-source" { (view.say("The source that shows it", "La source qui l’atteste")) }
                select id="ground-source" name="source" {
                    option value="" { (view.say("none", "aucune")) }
                    @for (n, source) in sources.iter().enumerate() {
                        @let id = source.id.0.to_string();
                        option value=(id) selected[view.typed("ground", "source", if n == 0 { &id } else { "" }) == id] { (source_name(view, source)) }
                    }
                }
            }
        }
        fieldset {
            legend { (view.say("For what", "Pour quels usages")) }
            @for code in ["documentation-internal", "statistics", "public-anonymous", "research"] {
                @if let Some(entry) = <Purposes as vocabulary::List>::vocabulary().find(code) {
                    (view.tick("ground", "purposes", code, html! { (entry.label(view.language)) }, false))
                }
            }
        }
        (view.lines("ground", "reason", view.say("Why it holds here", "Pourquoi il vaut ici"), "", ""))
    };
    view.form(
        "ground",
        &format!("/case/{}/ground", shown.number),
        view.say("Record the ground", "Enregistrer le fondement"),
        fields,
    )
}

pub(crate) fn person_choice(
    view: &View<'_>,
    form: &str,
    name: &str,
    case: &Case,
    label: &str,
    nobody: &str,
) -> Markup {
    person_choice_of(view, form, name, case, (label, nobody), None)
}

pub(crate) fn person_choice_of(
    view: &View<'_>,
    form: &str,
    name: &str,
    case: &Case,
    (label, nobody): (&str, &str),
    chosen: Option<record::PersonId>,
) -> Markup {
    let chosen = chosen
        .map(|person| person.0.to_string())
        .unwrap_or_default();
    html! {
        div.field {
            label for={ (form) "-" (name) } { (label) }
            select id={ (form) "-" (name) } name=(name) {
                option value="0" { (nobody) }
                @for person in case.people() {
                    @let id = person.id.0.to_string();
                    option value=(id) selected[view.typed(form, name, &chosen) == id] { (person_name(view, case, person.id)) }
                }
            }
        }
    }
}

// ── What happened ──────────────────────────────────────────────────────────────────────────────

pub(crate) fn person_name(view: &View<'_>, case: &Case, id: record::PersonId) -> String {
    let Some(person) = case.person(id) else {
        return String::new();
    };
    match person.names.first() {
        Some(name) if !name.trim().is_empty() => line(name, 60),
        _ => {
            let group = person
                .groups
                .first()
                .map(|group| group.label(view.language).into_owned());
            format!(
                "{} {}",
                group.unwrap_or_else(|| view.say("Person", "Personne").to_owned()),
                id.0
            )
        }
    }
}

fn acts(view: &View<'_>, shown: &Shown<'_>, open: Option<Next>) -> Markup {
    let case = shown.case;
    html! {
        section.block id="acts" aria-labelledby="acts-heading" {
            h2 id="acts-heading" { (view.say("What happened", "Ce qui s’est passé")) }
            @for act in case.acts() { (one_act(view, shown, act)) }
            (view.folded("code", view.say("Set out an act", "Décrire un acte"), open == Some(Next::CodeWhatHappened), act_form(view, shown, None)))
        }
    }
}

fn one_act(view: &View<'_>, shown: &Shown<'_>, act: &Act) -> Markup {
    let case = shown.case;
    let event = case.event(act.event);
    let when = if act.when.first.is_empty() {
        event.map(|event| &event.when)
    } else {
        Some(&act.when)
    };
    html! {
        article id={ "act-" (act.id.0) } {
            h3 {
                (act.id.0) ". " (act.kind.label(view.language)) " "
                @if let Some(verification) = case.verification(act.id) {
                    span.chip.sure { (view.say("verified", "vérifié")) " · " (verification.standard.label(view.language)) }
                    @if verification.one_person_office {
                        " " span.chip { (view.say("reviewed by the assessor alone", "relu par la seule personne qui a évalué")) }
                    }
                } @else {
                    span.chip { (view.say("alleged", "allégué")) }
                }
            }
            dl.facts {
                @if let Some(when) = when { (fact(view.say("When", "Quand"), &when_text(view, when))) }
                @if let Some(event) = event {
                    (fact(view.say("Where", "Où"), &place_text(view, &event.place)))
                    (fact(view.say("In the office’s words", "Dans les mots du bureau"), &event.narrative))
                }
                @for victim in &act.victims {
                    dt { (view.say("Against whom", "Contre qui")) }
                    dd {
                        (person_name(view, case, victim.person)) " "
                        @let person = case.person(victim.person);
                        @for group in victim.groups.iter().chain(person.map(|p| p.groups.as_slice()).unwrap_or_default()) { (view.chip(group, "")) " " }
                        @if let Some(person) = person { (counts(person.least, person.best, person.most)) }
                    }
                }
                @for involved in &act.involvements {
                    dt { (view.say("Said to be responsible", "Auteurs présumés")) }
                    dd {
                        (involved.kind.label(view.language)) " " (shown_inline(&involved.name))
                        @if !involved.unit.is_empty() { ", " (shown_inline(&involved.unit)) }
                    }
                }
                @for used in &act.technologies {
                    dt { (view.say("Technical means", "Moyen technique")) }
                    dd { (used.technology.label(view.language)) " " (shown_inline(&used.product)) }
                }
            }
            (view.folded(&format!("code-{}", act.id.0), view.say("Correct it", "Le corriger"), false, act_form(view, shown, Some(act))))
        }
    }
}

fn act_form(view: &View<'_>, shown: &Shown<'_>, act: Option<&Act>) -> Markup {
    let case = shown.case;
    let id = act.map_or_else(|| "code".to_owned(), |act| format!("code-{}", act.id.0));
    let told = case
        .letters()
        .first()
        .and_then(|letter| letter.report.as_ref().ok());
    let event = act.and_then(|act| case.event(act.event));
    let person = act
        .and_then(|act| act.victims.first())
        .and_then(|victim| case.person(victim.person));
    let started = |of: fn(&Report) -> &str| told.map_or("", of);
    let when = act.map(|act| {
        if act.when.first.is_empty() {
            event.map_or(&act.when, |event| &event.when)
        } else {
            &act.when
        }
    });
    let place = event.map(|event| &event.place);
    let blamed = act.and_then(|act| act.involvements.first());
    let means = act.and_then(|act| act.technologies.first());
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let kind = act.map_or_else(
        || {
            told.and_then(|told| told.acts.first())
                .map_or("", |term| term.as_str())
        },
        |act| act.kind.as_str(),
    );
    let group = person.map_or_else(
        || {
            told.and_then(|told| told.victims.first())
                .and_then(|victim| victim.groups.first())
                .map_or("", |term| term.as_str())
        },
        |person| person.groups.first().map_or("", |term| term.as_str()),
    );
    let told_counts = told.and_then(|told| told.victims.first());
    let (least, best, most) = match person {
        Some(person) => (person.least, person.best, person.most),
        None => told_counts.map_or((None, None, None), |v| (v.least, v.best, v.most)),
    };
    let fields = html! {
        @if let Some(act) = act { input type="hidden" name="id" value=(act.id.0); }
        @else if case.events().next().is_some() {
            div.field {
                label for={ (id) "-event" } { (view.say("Part of", "Fait partie de")) }
                select id={ (id) "-event" } name="event" {
                    option value="" { (view.say("a new event", "un nouvel événement")) }
                    @for event in case.events() {
                        @let value = event.id.0.to_string();
                        option value=(value) selected[view.typed(&id, "event", "") == value] {
                            (view.say("event ", "événement ")) (value) (view.colon()) (line(&format!("{} {}", when_text(view, &event.when), place_text(view, &event.place)), 70))
                        }
                    }
                }
            }
        }
        (act_choice(view, &id, kind))
        div.fields {
            (view.line(&id, "first", view.say("First day", "Premier jour"), view.say("YYYY-MM-DD, YYYY-MM or YYYY", "AAAA-MM-JJ, AAAA-MM ou AAAA"), when.map_or(started(|r| &r.when.first), |when| &when.first)))
            (view.line(&id, "last", view.say("Last day, if it lasted", "Dernier jour, si cela a duré"), view.say("YYYY-MM-DD, YYYY-MM or YYYY", "AAAA-MM-JJ, AAAA-MM ou AAAA"), when.map_or(started(|r| &r.when.last), |when| &when.last)))
        }
        (view.tick(&id, "about", "yes", html! { (view.say("only roughly known", "connu approximativement")) }, when.is_some_and(|when| when.precision.is("about"))))
        div.fields {
            (country_choice(view, &id, place.map_or(started(|r| &r.place.country), |place| &place.country)))
            (region_line(view, shown, &id, place.map_or(started(|r| &r.place.admin1), |place| &place.admin1)))
            (view.line(&id, "place", view.say("The place itself, for this office alone", "Le lieu précis, pour ce bureau seul"), "", place.map_or(started(|r| &r.place.told), |place| &place.told)))
        }
        div.fields {
            (view.choice::<Victims>(&id, "group", view.say("Against whom: which group", "Contre qui : quel groupe"), group, Some(view.say("choose", "choisir"))))
            (view.line(&id, "name", view.say("Name or pseudonym, for this office alone", "Nom ou pseudonyme, pour ce bureau seul"), "", person.and_then(|p| p.names.first()).map_or("", String::as_str)))
            (view.line(&id, "best", view.say("How many people", "Combien de personnes"), view.say("Empty means one.", "Vide : une seule."), &number(best)))
            (view.line(&id, "least", view.say("At least", "Au moins"), "", &number(least)))
            (view.line(&id, "most", view.say("At most", "Au plus"), "", &number(most)))
        }
        div.fields {
            (view.choice::<record::vocabulary::Perpetrators>(&id, "perpetrator", view.say("Said to be responsible", "Auteur présumé"), act.and_then(|act| act.involvements.first()).map_or("", |i| i.kind.as_str()), Some(view.say("not said", "non précisé"))))
            (person_choice_of(view, &id, "perpetrator_person", case, (view.say("If it is someone of this case", "S’il s’agit d’une personne du dossier"), view.say("nobody recorded here", "personne d’enregistré ici")), act.and_then(|act| act.involvements.first()?.person)))
            (view.line(&id, "perpetrator_name", view.say("Their name, if known", "Son nom, s’il est connu"), "", blamed.map_or("", |one| &one.name)))
            (view.line(&id, "perpetrator_unit", view.say("Unit, force or department", "Unité, force ou service"), "", blamed.map_or("", |one| &one.unit)))
            (view.choice::<vocabulary::Technologies>(&id, "technology", view.say("By what technical means", "Moyen technique"), means.map_or("", |one| one.technology.as_str()), Some(view.say("none known", "aucun connu"))))
            (view.line(&id, "product", view.say("Product, if known", "Produit, s’il est connu"), "", means.map_or("", |one| &one.product)))
            (view.choice::<Stages>(&id, "stage", view.say("How far it went", "Jusqu’où l’acte est allé"), act.map_or("", |act| act.stage.as_str()), Some(choose(view))))
            (view.choice::<Spheres>(&id, "sphere", view.say("Online or offline", "En ligne ou hors ligne"), act.map_or("", |act| act.sphere.as_str()), Some(choose(view))))
        }
        (view.lines(&id, "narrative", view.say("What happened, in the office’s words", "Ce qui s’est passé, dans les mots du bureau"), "", event.map_or("", |event| &event.narrative)))
    };
    let button = match act {
        Some(_) => view.say("Record the correction", "Enregistrer la correction"),
        None => view.say("Record the act", "Enregistrer l’acte"),
    };
    view.form(&id, &format!("/case/{}/code", shown.number), button, fields)
}

fn act_choice(view: &View<'_>, form: &str, chosen: &str) -> Markup {
    let chosen = view.typed(form, "kind", chosen);
    let list = <Acts as vocabulary::List>::vocabulary();
    html! {
        div.field {
            label for={ (form) "-kind" } { (view.say("What was done", "Ce qui a été fait")) }
            select id={ (form) "-kind" } name="kind" {
                option value="" selected[chosen.is_empty()] { (view.say("choose", "choisir")) }
                @for family in vocabulary::act_families().iter() {
                    optgroup label=(family.label(view.language)) {
                        @for entry in list.iter().filter(|entry| entry.family == family.code) {
                            option value=(entry.code) selected[entry.code == chosen] { (entry.label(view.language)) }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) fn country_choice(view: &View<'_>, form: &str, chosen: &str) -> Markup {
    let chosen = view.typed(form, "country", chosen);
    let mut countries: Vec<Country> = Country::all().collect();
    countries.sort_by_key(|country| folded(country.label(view.language)));
    html! {
        div.field {
            label for={ (form) "-country" } { (view.say("Country", "Pays")) }
            select id={ (form) "-country" } name="country" {
                option value="" selected[chosen.is_empty()] { (view.say("not known", "inconnu")) }
                @for country in countries {
                    option value=(country.code()) selected[country.code() == chosen] { (country.label(view.language)) }
                }
            }
        }
    }
}

/// Sorts É beside E: enough for a list of countries in two languages.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'À' | 'Â' | 'Å' | 'à' | 'â' | 'å' | 'ã' => 'a',
            'É' | 'È' | 'Ê' | 'é' | 'è' | 'ê' | 'ë' => 'e',
            'Î' | 'î' | 'ï' | 'í' => 'i',
            'Ô' | 'ô' | 'ö' | 'ó' => 'o',
            'Ç' | 'ç' => 'c',
            'ü' | 'û' => 'u',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn region_line(view: &View<'_>, shown: &Shown<'_>, form: &str, value: &str) -> Markup {
    let id = format!("{form}-admin1");
    html! {
        div.field {
            label for=(id) { (view.say("Province or region", "Province ou région")) }
            input type="text" id=(id) name="admin1" value=(view.typed(form, "admin1", value)) list={ (id) "-known" } autocomplete="off" spellcheck="false";
            datalist id={ (id) "-known" } {
                @for region in &shown.desk.settings().regions {
                    @if let Some(name) = region.names.first() {
                        option value=(name) { (name) " (" (region.country.label(view.language)) ")" }
                    }
                }
            }
        }
    }
}

// ── How sure ───────────────────────────────────────────────────────────────────────────────────

fn source_name(view: &View<'_>, source: &record::Source) -> String {
    let name = if source.name.trim().is_empty() {
        &source.found
    } else {
        &source.name
    };
    format!(
        "{}. {} {}",
        source.id.0,
        source.kind.label(view.language),
        line(name, 50)
    )
}

fn sources(view: &View<'_>, shown: &Shown<'_>, open: Option<Next>) -> Markup {
    let case = shown.case;
    html! {
        section.block id="sources" aria-labelledby="sources-heading" {
            h2 id="sources-heading" { (view.say("Sources", "Sources")) }
            @if case.sources().next().is_some() {
                ul {
                    @for source in case.sources() {
                        li id={ "source-" (source.id.0) } {
                            (source_name(view, source)) " "
                            (view.chip(&source.reliability, "")) " "
                            @if !source.independence_group.is_empty() { span.chip { (view.say("one with: ", "ne fait qu’un avec : ")) (shown_inline(&source.independence_group)) } " " }
                            @if source.fears_reprisal == Some(true) { span.chip.now { (view.say("fears reprisals", "craint des représailles")) } }
                            @if !source.found.is_empty() { div.soft { (shown_inline(&source.found)) } }
                            @if !source.says.is_empty() { (told(&source.says)) }
                        }
                    }
                }
            }
            (view.folded("source", view.say("Record a source", "Enregistrer une source"), open == Some(Next::RecordASource),
                view.form("source", &format!("/case/{}/source", shown.number), view.say("Record the source", "Enregistrer la source"), html! {
                    div.fields {
                        (view.choice::<SourceTypes>("source", "kind", view.say("What kind", "Quel type"), "", Some(choose(view))))
                        (view.choice::<Reliabilities>("source", "reliability", view.say("How far it can be relied on", "Fiabilité"), "", Some(view.say("not judged", "non évaluée"))))
                    }
                    (view.line("source", "name", view.say("How it is called here", "Nom donné ici"), view.say("A pseudonym or a title.", "Un pseudonyme ou un titre."), ""))
                    (view.line("source", "found", view.say("Where it can be found", "Où la trouver"), view.say("An address, a shelf mark. A public source needs it.", "Une adresse, une cote. Nécessaire pour une source publique."), ""))
                    (view.lines("source", "says", view.say("What it says", "Ce qu’elle dit"), "", ""))
                    (view.line("source", "independence_group", view.say("One with which other sources", "Ne fait qu’un avec quelles sources"), view.say("Sources with the same word here count as one.", "Les sources portant le même mot comptent pour une seule."), ""))
                    (view.tick("source", "fears_reprisal", "yes", html! { (view.say("fears reprisals", "craint des représailles")) }, false))
                })))
        }
    }
}

fn findings(view: &View<'_>, shown: &Shown<'_>, open: Option<Next>) -> Markup {
    let (case, number) = (shown.case, shown.number);
    let alone = shown.desk.settings().one_person;
    html! {
        section.block id="findings" aria-labelledby="findings-heading" {
            h2 id="findings-heading" { (view.say("How sure we are", "Degré de certitude")) }
            @for finding in case.findings() {
                article id={ "finding-" (finding.number) } {
                    h3 {
                        (view.say("Assessment ", "Évaluation ")) (finding.number) (view.colon()) (finding.assessment.standard.label(view.language))
                    }
                    p.row {
                        @match finding.assessment.act {
                            Some(ActId(act)) => span.chip { (view.say("act ", "acte ")) (act) },
                            None => span.chip { (view.say("the whole case", "tout le dossier")) },
                        }
                        (view.chip(&finding.assessment.corroboration, ""))
                        (view.chip(&finding.assessment.credibility, ""))
                        span.soft { (finding.assessment.sources.len()) " " (if finding.assessment.sources.len() == 1 { view.say("source", "source") } else { view.say("sources", "sources") }) }
                        span.soft { (view.time(finding.at)) " · " code { (finding.by) } }
                    }
                    (told(&finding.assessment.reasons))
                    dl.facts {
                        (fact(view.say("Against it", "Éléments contraires"), &finding.assessment.contradictions))
                        (fact(view.say("Not verified", "Non vérifié"), &finding.assessment.gaps))
                    }
                    @for review in &finding.reviews {
                        p {
                            @if review.agrees { span.chip.sure { (view.say("review agrees", "relecture favorable")) } }
                            @else { span.chip.now { (view.say("review disagrees", "relecture défavorable")) } }
                            @if review.one_person_office { " " span.chip { (view.say("by the assessor alone", "par la seule personne qui a évalué")) } }
                            " " code { (review.by) } " " (view.time(review.at)) " " (shown_inline(review.reasons.as_str()))
                        }
                    }
                    @if finding.reviews.is_empty() {
                        (review_form(view, number, finding.number, alone, open == Some(Next::Review)))
                    }
                    (verify_forms(view, case, number, finding))
                }
            }
            (view.folded("assess", view.say("Record an assessment", "Enregistrer une évaluation"), open == Some(Next::Assess), assess_form(view, shown)))
        }
    }
}

fn review_form(view: &View<'_>, number: u64, finding: u32, alone: bool, open: bool) -> Markup {
    let id = format!("review-{finding}");
    let fields = html! {
        input type="hidden" name="assessment" value=(finding);
        @if alone {
            p.hint { (view.say("This office has one person: you may review your own assessment, and every place that shows it says so.", "Ce bureau n’a qu’une personne : vous pouvez relire votre propre évaluation, et ce sera toujours indiqué.")) }
        } @else {
            p.hint { (view.say("Somebody other than the assessor reviews.", "La relecture revient à une autre personne que celle qui a évalué.")) }
        }
        fieldset {
            legend { (view.say("Do you agree?", "Êtes-vous d’accord ?")) }
            label.tick { input type="radio" name="agrees" value="yes" required checked[view.ticked(&id, "agrees", "yes", false)]; span { (view.say("I agree", "D’accord")) } }
            label.tick { input type="radio" name="agrees" value="no" checked[view.ticked(&id, "agrees", "no", false)]; span { (view.say("I do not agree", "Pas d’accord")) } }
        }
        (view.lines(&id, "reasons", view.say("Why", "Pourquoi"), view.say("Needed when you do not agree.", "Nécessaire en cas de désaccord."), ""))
    };
    view.folded(
        &id,
        view.say("Review it", "La relire"),
        open,
        view.form(
            &id,
            &format!("/case/{number}/review"),
            view.say("Record the review", "Enregistrer la relecture"),
            fields,
        ),
    )
}

fn verify_forms(view: &View<'_>, case: &Case, number: u64, finding: &casework::Finding) -> Markup {
    let ready = finding.assessment.standard.is_verified()
        && finding.reviews.last().is_some_and(|review| review.agrees);
    html! {
        @if ready {
            @for act in case.acts().filter(|act| finding.is_about(act.id) && case.verification(act.id).is_none()) {
                @let newest = case.finding_about(act.id).is_some_and(|newest| newest.number == finding.number);
                @if newest {
                    @let id = format!("verify-{}", act.id.0);
                    form id={ "form-" (id) } method="post" action={ "/case/" (number) "/verify" } {
                        (view.head_of(&format!("form-{id}")))
                        input type="hidden" name="act" value=(act.id.0);
                        input type="hidden" name="assessment" value=(finding.number);
                        button type="submit" id=(id) {
                            (view.say("Mark verified: ", "Marquer comme vérifié : ")) (act.kind.label(view.language))
                        }
                    }
                }
            }
        }
    }
}

fn assess_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let first = case
        .acts()
        .find(|act| case.verification(act.id).is_none())
        .map(|act| act.id.0.to_string())
        .unwrap_or_default();
    let fields = html! {
        @if case.sources().next().is_none() {
            p.hint { (view.say("Record at least one source first: reasonable grounds need one.", "Enregistrez d’abord au moins une source : des motifs raisonnables l’exigent.")) }
        }
        div.fields {
            div.field {
                label for="assess-act" { (view.say("About", "À propos de")) }
                select id="assess-act" name="act" {
                    option value="" { (view.say("the whole case", "tout le dossier")) }
                    @for act in case.acts() {
                        @let id = act.id.0.to_string();
                        option value=(id) selected[view.typed("assess", "act", &first) == id] { (id) ". " (act.kind.label(view.language)) }
                    }
                }
            }
            (view.choice::<Standards>("assess", "standard", view.say("Standard of proof reached", "Niveau de preuve atteint"), "", Some(choose(view))))
            (view.choice::<Corroborations>("assess", "corroboration", view.say("Corroboration", "Corroboration"), "", Some(view.say("not said", "non précisée"))))
            (view.choice::<Credibilities>("assess", "credibility", view.say("Credibility of what is said", "Crédibilité des informations"), "", Some(view.say("not said", "non précisée"))))
        }
        fieldset {
            legend { (view.say("It rests on", "Elle repose sur")) }
            @for source in case.sources() {
                (view.tick("assess", "sources", &source.id.0.to_string(), html! { (source_name(view, source)) }, true))
            }
        }
        (view.lines("assess", "reasons", view.say("Why, and why the sources are independent", "Pourquoi, et pourquoi les sources sont indépendantes"), view.say("Reasons make it a finding; they travel with it.", "Ce sont les raisons qui en font une évaluation ; elles la suivent partout."), ""))
        (view.lines("assess", "contradictions", view.say("What speaks against it", "Éléments contraires"), "", ""))
        (view.lines("assess", "gaps", view.say("What was not verified", "Ce qui n’a pas été vérifié"), "", ""))
    };
    view.form(
        "assess",
        &format!("/case/{}/assess", shown.number),
        view.say("Record the assessment", "Enregistrer l’évaluation"),
        fields,
    )
}

// ── The rest ───────────────────────────────────────────────────────────────────────────────────

fn notes(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    html! {
        section.block id="notes" aria-labelledby="notes-heading" {
            h2 id="notes-heading" { (view.say("Notes of the office", "Notes du bureau")) }
            @for note in shown.case.notes() {
                p.soft { (view.time(note.at)) " · " code { (note.by) } }
                (told(note.text.as_str()))
            }
            (view.folded("note", view.say("Add a note", "Ajouter une note"), false,
                view.form("note", &format!("/case/{}/note", shown.number), view.say("Add", "Ajouter"), html! {
                    (view.lines("note", "text", view.say("Note", "Note"), view.say("Never leaves the office.", "Ne quitte jamais le bureau."), ""))
                })))
        }
    }
}

fn history(view: &View<'_>, case: &Case) -> Markup {
    html! {
        section.block.history id="history" aria-labelledby="history-heading" {
            h2 id="history-heading" { (view.say("Who decided what", "Qui a décidé quoi")) }
            ol {
                @for line in case.history() {
                    li {
                        (view.time(line.at)) " · " (line.kind.label(view.language)) " · "
                        // Nobody in the office changes words; it enters what a letter did.
                        @if line.kind == Kind::WordsChanged { (view.say("entered by ", "enregistré par ")) }
                        code { (line.by) }
                    }
                }
            }
        }
    }
}
