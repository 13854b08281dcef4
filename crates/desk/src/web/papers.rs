//! What leaves: a letter or material of a case as a document, looked at before it is saved.
//!
//! Nothing is recorded here and nothing is kept: the document is made from the case as it is at that
//! moment, once to be looked at and once more to be saved. If the case changed in between, or what was
//! typed, it is looked at again first: what is saved is what was seen.

use std::hash::{DefaultHasher, Hasher};

use casework::{Case, Communication, Package};
use envelope::Day;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use papers::documents::{Document, DocumentLanguage, Enclosure, Office, Removal, Row, Submission};
use papers::documents::{docx, text};
use papers::redaction::{Mask, Reason, names_in};
use record::vocabulary::{Communications, IdentityLevels, Purposes};
use record::{Code, Date, Item, Language};

use super::asked::{Answered, Asked, Fields};
use super::case::{Shown, item_choice};
use super::show::{Draft, Part, View, frame, sentence};
use super::{House, held, language};
use crate::desk::Desk;
use crate::reply::WayBack;

const FORM: &str = "papers";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What became of what was typed.
enum Looked {
    /// Nothing was typed yet.
    Not,
    /// No document: why, and what to do.
    Refused(String),
    /// The document, as it would be saved.
    At(Box<Document>),
    /// The document is not the one that was looked at.
    Changed(Box<Document>),
}

impl House {
    /// The page on which a document is asked for.
    pub(super) fn papers(&self, session: usize, asked: &Asked, number: &str) -> Answered {
        self.papers_with(session, asked, number, &Fields::default(), Looked::Not)
    }

    /// Makes the document that was asked for: to be looked at, or to be saved as it was looked at.
    pub(super) fn make_papers(
        &self,
        session: usize,
        asked: &Asked,
        number: &str,
        fields: &Fields,
    ) -> Answered {
        let now = (self.clock)();
        let made = {
            let mut room = held(&self.room);
            room.last_hand = now;
            let tongue = language(asked, room.language);
            let Some(desk) = &room.desk else {
                drop(room);
                return self.locked(session, asked, 200, None, fields);
            };
            let Some((place, case)) = found(desk, number) else {
                return Answered::nothing_here();
            };
            made(desk, place, case, fields, now).map_err(|why| why.sentence(tongue))
        };
        let document = match made {
            Ok(document) => document,
            Err(why) => {
                return self.papers_with(session, asked, number, fields, Looked::Refused(why));
            }
        };
        let form = fields.text("as");
        if form.is_empty() {
            let looked = Looked::At(Box::new(document));
            return self.papers_with(session, asked, number, fields, looked);
        }
        if fields.text("seen") != seen(&document) {
            let looked = Looked::Changed(Box::new(document));
            return self.papers_with(session, asked, number, fields, looked);
        }
        let saved = match form {
            "docx" => docx(&document)
                .ok()
                .map(|body| (body, WORD, "document.docx")),
            _ => Some((text(&document), "text/plain; charset=utf-8", "document.txt")),
        };
        saved.map_or_else(Answered::nothing_here, |(body, kind, name)| {
            Answered::saved(body, kind, name)
        })
    }

    fn papers_with(
        &self,
        session: usize,
        asked: &Asked,
        number: &str,
        fields: &Fields,
        looked: Looked,
    ) -> Answered {
        let (token, said) = self.session(session);
        let room = held(&self.room);
        let Some(desk) = &room.desk else {
            return Answered::nothing_here();
        };
        let Some((place, case)) = found(desk, number) else {
            return Answered::nothing_here();
        };
        let status = match looked {
            Looked::Refused(_) | Looked::Changed(_) => 422,
            Looked::Not | Looked::At(_) => 200,
        };
        let view = View {
            language: language(asked, room.language),
            zone: TimeZone::UTC,
            office: &desk.settings().name,
            author: desk.author().to_string(),
            token: &token,
            path: &asked.path,
            unread: desk.office().unread().len(),
            said,
            // What was typed stands in the form again, refused or not.
            draft: Some(Draft {
                form: FORM.to_owned(),
                fields: fields.clone(),
                why: String::new(),
            })
            .filter(|draft| !draft.fields.is_empty()),
            now: (self.clock)(),
        };
        let shown = Shown {
            number: place,
            case,
            way_back: WayBack::NoVoice,
            desk,
        };
        Answered::page(status, page(&view, &shown, fields, &looked))
    }
}

fn found<'d>(desk: &'d Desk, number: &str) -> Option<(u64, &'d Case)> {
    let number = number.parse().ok()?;
    Some((number, desk.case(number)?))
}

/// Why there is no document.
enum Why {
    NotChosen,
    NotCovered(casework::NotCovered),
    CannotCommunicate(casework::CannotCommunicate),
    CannotSend(casework::CannotSend),
    CannotDocument(papers::documents::CannotDocument),
}

impl Why {
    fn sentence(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::NotChosen, Language::English) => {
                "choose a use and how much of the identity is shown"
            }
            (Self::NotChosen, Language::French) => "choisissez l’usage et la part d’identité",
            (Self::NotCovered(why), _) => why.sentence(language),
            (Self::CannotCommunicate(why), _) => why.sentence(language),
            (Self::CannotSend(why), _) => why.sentence(language),
            (Self::CannotDocument(why), _) => why.sentence(language),
        };
        sentence(text)
    }
}

/// The document of what was typed, from the case as it is now.
fn made(desk: &Desk, number: u64, case: &Case, fields: &Fields, now: u64) -> Result<Document, Why> {
    let purpose: Code<Purposes> = Code::of(fields.text("purpose")).ok_or(Why::NotChosen)?;
    let identity: Code<IdentityLevels> = Code::of(fields.text("identity")).ok_or(Why::NotChosen)?;
    let kind: Option<Code<Communications>> = Code::of(fields.text("kind"));
    let today = Date::of_day_number(Day::of_unix_seconds(now).0).ok_or(Why::NotChosen)?;
    let to = fields.text("to");
    let items: Vec<Item> = fields.all("items").map(Item::read).collect();
    let covered = case
        .covers_items(purpose, to, &items, identity, today)
        .map_err(Why::NotCovered)?;
    let mut offices = vec![Office {
        name: fields.text("office").to_owned(),
        address: fields.text("address").to_owned(),
        contact: fields.text("contact").to_owned(),
    }];
    let others = fields.text("others").lines().map(str::trim);
    offices.extend(others.filter(|name| !name.is_empty()).map(|name| Office {
        name: name.to_owned(),
        ..Office::default()
    }));
    let enclosures = enclosures(desk, number);
    let tongue = DocumentLanguage::of_tag(fields.text("tongue"));
    let submission = Submission {
        language: tongue.unwrap_or(DocumentLanguage::English),
        offices: &offices,
        enclosures: &enclosures,
    };
    let document = match kind {
        Some(kind) => {
            let letter = Communication::new(covered, kind, to, fields.text("body"), today)
                .map_err(Why::CannotCommunicate)?;
            Document::of_letter(&letter, &submission)
        }
        None => {
            let package = Package::new(covered, to).map_err(Why::CannotSend)?;
            Document::of_package(&package, &submission)
        }
    };
    let document = document.map_err(Why::CannotDocument)?;
    let out: Vec<&str> = fields.text("out").lines().map(str::trim).collect();
    let reason = Reason::ALL
        .into_iter()
        .find(|reason| code_of(*reason) == fields.text("reason"))
        .unwrap_or(Reason::PersonalData);
    document
        .without(&removals(&document, &out, reason))
        .map_err(Why::CannotDocument)
}

fn enclosures(desk: &Desk, number: u64) -> Vec<Enclosure> {
    let files = desk.evidence(number).unwrap_or_default();
    let files = files.into_iter().filter_map(|(_, file)| {
        let announced = file.announced?;
        Some(Enclosure {
            content: announced.content,
            title: format!(
                "{}.{}",
                file.number,
                announced.kind.map_or("bin", record::MediaKind::ending)
            ),
        })
    });
    files.collect()
}

/// Every place where one of these words stands.
fn removals(document: &Document, words: &[&str], reason: Reason) -> Vec<Removal> {
    let words: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !word.is_empty())
        .collect();
    let mut removals = Vec::new();
    if words.is_empty() {
        return removals;
    }
    for (chapter, part) in document.chapters().iter().enumerate() {
        for (row, line) in part.rows().iter().enumerate() {
            let (Row::Paragraph(passage)
            | Row::Answer {
                answer: passage, ..
            }) = line
            else {
                continue;
            };
            let masks: Vec<Mask> = names_in(&passage.kept(), &words, reason);
            removals.extend(masks.into_iter().map(|mask| Removal { chapter, row, mask }));
        }
    }
    removals
}

fn code_of(reason: Reason) -> &'static str {
    match reason {
        Reason::NotCovered => "not-covered",
        Reason::PersonalData => "personal-data",
        Reason::Source => "source",
        Reason::Child => "child",
        Reason::Safety => "safety",
    }
}

/// By what a document is known that was looked at: another one has another sign. It guards against
/// a case that changed meanwhile, not against anybody.
fn seen(document: &Document) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(&text(document));
    format!("{:016x}", hasher.finish())
}

fn page(view: &View<'_>, shown: &Shown<'_>, fields: &Fields, looked: &Looked) -> Markup {
    let heading = view.say("What leaves", "Ce qui sort");
    let case_path = format!("/case/{}", shown.number);
    let body = html! {
        p.row { a href=(case_path) { (view.say("← The case", "← Le dossier")) } }
        h1 { (heading) }
        p.note id="who-reads" {
            strong { (view.say("Who can read this: ", "Qui peut lire ceci : ")) }
            (view.say(
                "you, on this desk. A document you save is an ordinary file: whoever gets it can read it. Making one records nothing; record in the case what you send.",
                "vous, sur ce poste. Un document enregistré est un fichier ordinaire : quiconque l’obtient peut le lire. Le préparer n’enregistre rien dans le dossier ; notez-y ce que vous transmettez.",
            ))
        }
        @match looked {
            Looked::Not => {},
            Looked::Refused(why) => p.care role="alert" id="papers-refused" tabindex="-1" autofocus {
                strong { (view.say("No document: ", "Pas de document : ")) } (why)
            },
            Looked::Changed(document) => {
                p.care role="alert" id="papers-changed" tabindex="-1" autofocus {
                    (view.say("This is not the document you looked at: the case or what you typed has changed. Look at it again, then save it.", "Ce n’est plus le document que vous aviez lu : le dossier ou votre saisie a changé. Relisez-le, puis enregistrez-le."))
                }
                (preview(view, &case_path, fields, document))
            },
            Looked::At(document) => (preview(view, &case_path, fields, document)),
        }
        (asking(view, shown))
    };
    frame(view, Part::Cases, heading, &body)
}

/// The document as it would be saved, with the ways to save it.
fn preview(view: &View<'_>, case_path: &str, fields: &Fields, document: &Document) -> Markup {
    let written = String::from_utf8_lossy(&text(document)).into_owned();
    let tongue = document.language().tag();
    html! {
        section.block id="preview" aria-labelledby="preview-heading" {
            h2 id="preview-heading" { (view.say("Every word that leaves", "Chaque mot qui sort")) }
            @if document.has_removals() {
                p.care id="removed" { (view.say("Where […] stands, something was removed. Read on both sides of it whether it can still be guessed.", "Là où figure […], quelque chose a été retiré. Lisez ce qui l’entoure : peut-on encore le deviner ?")) }
            }
            div.told id="leaves" lang=(tongue) dir="auto" tabindex="0" role="group" aria-labelledby="preview-heading" { (written) }
            form id="save" method="post" action={ (case_path) "/papers" } autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                @for (name, value) in fields.iter().filter(|(name, _)| !matches!(*name, "token" | "as" | "seen")) {
                    input type="hidden" name=(name) value=(value);
                }
                input type="hidden" name="seen" value=(seen(document));
                div.row {
                    button type="submit" name="as" value="docx" { (view.say("Save for a text processor (DOCX)", "Enregistrer pour un traitement de texte (DOCX)")) }
                    button.quiet type="submit" name="as" value="text" { (view.say("Save as plain text", "Enregistrer en texte brut")) }
                }
            }
            details id="copy" {
                summary { (view.say("Field by field, to copy into a form online", "Champ par champ, à copier dans un formulaire en ligne")) }
                @for (place, (question, answer)) in document.questions().iter().enumerate() {
                    div.field {
                        label for={ "copy-" (place) } lang=(tongue) { (question) }
                        textarea id={ "copy-" (place) } rows="2" readonly lang=(tongue) dir="auto" { "\n" (answer) }
                    }
                }
            }
        }
    }
}

fn asking(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let office = shown.desk.settings().name.as_str();
    let tongue = view.typed(FORM, "tongue", view.language.tag());
    let reason = view.typed(FORM, "reason", code_of(Reason::PersonalData));
    let said = match view.language {
        Language::English => DocumentLanguage::English,
        Language::French => DocumentLanguage::French,
    };
    html! {
        section.block id="ask" aria-labelledby="ask-heading" {
            h2 id="ask-heading" { (view.say("Prepare a document", "Préparer un document")) }
            form id=(FORM) method="post" action={ "/case/" (shown.number) "/papers" } autocomplete="off" {
                input type="hidden" name="token" value=(view.token);
                div.fields {
                    (view.choice::<Communications>(FORM, "kind", view.say("What it is", "De quoi il s’agit"), "", Some(view.say("Material of the case, without a letter", "Éléments du dossier, sans lettre"))))
                    (view.choice::<Purposes>(FORM, "purpose", view.say("For which use", "Pour quel usage"), "", Some(view.say("Choose", "Choisir"))))
                    (view.choice::<IdentityLevels>(FORM, "identity", view.say("How much of the identity it shows", "Part d’identité communiquée"), "none", None))
                    div.field {
                        label for="papers-tongue" { (view.say("Language of the document", "Langue du document")) }
                        select id="papers-tongue" name="tongue" {
                            @for one in DocumentLanguage::ALL {
                                option value=(one.tag()) lang=(one.tag()) selected[one.tag() == tongue] { (one.name()) }
                            }
                        }
                    }
                }
                (view.line(FORM, "to", view.say("To whom", "Destinataire"), view.say("as it was named when consent was asked", "tel qu’il a été nommé lors de la demande de consentement"), ""))
                (item_choice(view, shown, FORM, view.say("Nothing ticked: the whole case. Each must be covered by consent.", "Rien de coché : tout le dossier. Chaque élément doit être couvert par un consentement."), &Fields::default()))
                (view.lines(FORM, "body", view.say("The letter: what happened in detail, and what you ask for", "La lettre : les faits en détail, et ce que vous demandez"), view.say("Names that may not be shown are removed from it.", "Les noms qui ne doivent pas être communiqués en sont retirés."), ""))
                div.fields {
                    (view.line(FORM, "office", view.say("Who submits it", "Qui le présente"), "", office))
                    (view.line(FORM, "address", view.say("Address", "Adresse"), "", ""))
                    (view.line(FORM, "contact", view.say("How you can be reached", "Comment vous joindre"), "", ""))
                }
                (view.lines(FORM, "others", view.say("Other organisations that submit it with you", "Autres organisations qui le présentent avec vous"), view.say("one a line", "une par ligne"), ""))
                (view.lines(FORM, "out", view.say("Take out these words as well", "Retirer aussi ces mots"), view.say("one name or expression a line; each place is marked […]", "un nom ou une expression par ligne ; chaque endroit est marqué […]"), ""))
                div.field {
                    label for="papers-reason" { (view.say("Why they are taken out", "Pourquoi ils sont retirés")) }
                    select id="papers-reason" name="reason" {
                        @for one in Reason::ALL {
                            option value=(code_of(one)) selected[code_of(one) == reason] { (one.label(said)) }
                        }
                    }
                }
                div.row { button type="submit" { (view.say("Look at it", "Relire")) } }
            }
        }
    }
}
