//! What of a case is made public, with the reply of those it accuses beside it. A page is put
//! together from what casework hands out of it, and shown before anyone records that it is public.

use casework::{PublicPage, PublishedPage, StatesReply};
use maud::{Markup, html};
use record::text::line;
use record::vocabulary::{IdentityLevels, List, Purposes, Term};
use record::{Code, Item, Language};

use super::asked::Fields;
use super::case::{Shown, choose, fact, item_choice, when_text};
use super::communications::items_told;
use super::forms::{NOT_CHOSEN, NOTHING_HERE, Outcome};
use super::show::{Part, View, frame, sentence, told};
use crate::desk::{CannotDecide, Desk, moment};

/// What was asked for on the form of a page: looked up anew each time it is used.
pub(crate) struct Wanted {
    purpose: Code<Purposes>,
    identity: Code<IdentityLevels>,
    place: String,
    items: Vec<Item>,
}

/// What was made public, what would stand in the place of the reply, and the form.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let today = moment(view.now).day;
    let published = case.published().len();
    let heard = case.response_block(today);
    let told = match published {
        0 => String::new(),
        published => published.to_string(),
    };
    let body = html! {
        @for (n, page) in case.published().iter().enumerate() { (one_page(view, shown, n + 1, page)) }
        p id="reply-of-the-accused" {
            @match &heard {
                Ok(block) => {
                    span.chip.sure { (view.say("may carry", "peut porter")) } " "
                    @match block.reply() {
                        StatesReply::Answered(answers) => {
                            (view.say("the answers of those it accuses: ", "les réponses des personnes mises en cause : ")) (answers.len())
                        }
                        StatesReply::NoneByDeadline { due } => { (view.say("that none came by the last day: ", "qu’aucune réponse n’est venue dans le délai : ")) (view.day(envelope::Day(*due))) }
                        StatesReply::NotTransmitted(why) => { (view.say("why they were not asked: ", "pourquoi elles n’ont pas été interrogées : ")) span dir="auto" { (record::text::shown(why.as_str())) } }
                    }
                }
                Err(why) => { span.chip { (view.say("not yet", "pas encore")) } " " span.soft { (sentence(why.sentence(view.language))) } }
            }
        }
        (view.folded("publish", view.say("Make something of it public", "En rendre une partie publique"), false, publish_form(view, shown)))
    };
    view.part(
        "public",
        view.say("Made public", "Rendu public"),
        &told,
        published > 0 || view.came_back_to(&["publish"]),
        &body,
    )
}

fn one_page(view: &View<'_>, shown: &Shown<'_>, n: usize, page: &PublishedPage) -> Markup {
    let what = &page.published;
    html! {
        article id={ "published-" (n) } {
            h4 { bdi { (line(what.place.as_str(), 120)) } }
            p.row { (view.chip(&what.purpose, "")) (view.chip(&what.identity, "")) span.soft { (view.date(what.day)) " · " code { (page.by) } } }
            p.soft { (items_told(view, shown, &what.items)) }
        }
    }
}

fn publish_form(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let fields = html! {
        p.hint { (view.say("Only acts that are verified and covered stand on a page. You see it before it is recorded; this desk publishes nothing by itself.", "Seuls les actes vérifiés et couverts figurent sur une page. Vous la voyez avant tout enregistrement ; ce poste ne publie rien lui-même.")) }
        div.fields {
            (view.choice_of("publish", "purpose", view.say("Under which consent", "Au titre de quel consentement"), Purposes::vocabulary(), "", Some(choose(view)), |code| matches!(code, "public-anonymous" | "public-named")))
            (view.choice::<IdentityLevels>("publish", "identity", view.say("How much of the identity it shows", "Part d’identité qu’elle montre"), "none", None))
            (view.line("publish", "place", view.say("Where", "Où"), view.say("The address of the page or the title of the report.", "L’adresse de la page ou le titre du rapport."), ""))
        }
        (item_choice(view, shown, "publish", view.say("Nothing ticked: the whole case, as far as it is verified and covered.", "Rien de coché : tout le dossier, dans la mesure où il est vérifié et couvert."), &Fields::default()))
    };
    view.form(
        "publish",
        &format!("/case/{}/publish", shown.number),
        view.say(
            "Look up consent and look at the page",
            "Vérifier le consentement et voir la page",
        ),
        fields,
    )
}

fn page_of<'a>(
    case: &'a casework::Case,
    wanted: &Wanted,
    now: u64,
) -> Result<PublicPage<'a>, CannotDecide> {
    let at = moment(now);
    let today = at.date().ok_or(NOTHING_HERE)?;
    let covered = case.covers_items(
        wanted.purpose,
        &wanted.place,
        &wanted.items,
        wanted.identity,
        today,
    )?;
    Ok(PublicPage::new(covered, case.response_block(at.day)?)?)
}

/// Takes the form of this part of the page; `None` if it is another.
pub(crate) fn take(
    desk: &mut Desk,
    number: u64,
    verb: &str,
    fields: &Fields,
    now: u64,
) -> Option<Result<Outcome, CannotDecide>> {
    (verb == "publish").then(|| publish(desk, number, fields, now))
}

fn publish(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let (Some(purpose), Some(identity)) = (
        Code::of(fields.text("purpose")),
        Code::of(fields.text("identity")),
    ) else {
        return Err(NOT_CHOSEN);
    };
    let wanted = Wanted {
        purpose,
        identity,
        place: fields.text("place").to_owned(),
        items: fields.all("items").map(Item::read).collect(),
    };
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    page_of(case, &wanted, now)?;
    if wanted.place.is_empty() {
        return Err(casework::CannotPublish::NowhereNamed.into());
    }
    if !fields.ticked("confirmed") {
        return Ok(Outcome::LookAtPage(Box::new(wanted)));
    }
    desk.decide(number, now, |case, stamp| {
        let page = page_of(case, &wanted, now)?;
        casework::publish(case, &page, wanted.place.as_str(), stamp).map_err(CannotDecide::from)
    })?;
    Ok(Outcome::Done("public"))
}

fn called<L: List>(code: Code<L>, language: Language) -> String {
    Term::from(code).label(language).into_owned()
}

/// The page as it would stand before the public, with the reply beside the finding.
pub(crate) fn look_at(view: &View<'_>, shown: &Shown<'_>, wanted: &Wanted) -> Markup {
    let (case, language) = (shown.case, view.language);
    let heading = view.say("This is what would be public", "Voici ce qui serait public");
    let page = page_of(case, wanted, view.now);
    let everything = html! {
        input type="hidden" name="token" value=(view.token);
        input type="hidden" name="purpose" value=(wanted.purpose.as_str());
        input type="hidden" name="identity" value=(wanted.identity.as_str());
        input type="hidden" name="place" value=(wanted.place);
        @for item in &wanted.items { input type="hidden" name="items" value=(item.to_string()); }
    };
    let body = html! {
        h1 { (heading) }
        p.soft { a href={ "/case/" (shown.number) } { (view.say("Case ", "Dossier ")) (shown.number) } " · " code { (case.reference()) } }
        dl.facts {
            (fact(view.say("Where", "Où"), &wanted.place))
            dt { (view.say("Under which consent", "Au titre de quel consentement")) } dd { (called(wanted.purpose, language)) }
            dt { (view.say("Identity it may show", "Identité qu’elle peut montrer")) } dd { (called(wanted.identity, language)) }
        }
        @match &page {
            Err(why) => p.care { (sentence(&why.sentence(language))) },
            Ok(page) => {
                section.block id="public-page" aria-labelledby="finding-heading" {
                    h2 id="finding-heading" { (view.say("What was found", "Ce qui est établi")) }
                    @for act in page.acts() {
                        article {
                            h3 { (act.kind.label(language)) }
                            dl.facts {
                                (fact(view.say("When", "Quand"), &when_text(view, &act.when)))
                                @for victim in act.victims.iter().filter(|victim| !victim.groups.is_empty()) {
                                    dt { (view.say("Against whom", "Contre qui")) }
                                    dd { @for group in &victim.groups { (view.chip(group, "")) " " } }
                                }
                                @for part in &act.involvements {
                                    dt { (view.say("Said to be responsible", "Auteurs présumés")) }
                                    dd { (part.kind.label(language)) " " span dir="auto" { (record::text::shown(&part.name)) } }
                                }
                            }
                        }
                    }
                    h2 { (view.say("What those it accuses say", "Ce que disent les personnes mises en cause")) }
                    @match page.response().reply() {
                        StatesReply::Answered(answers) => {
                            @for answer in answers {
                                p { strong dir="auto" { (record::text::shown(&answer.response.by)) } @if let Some(day) = answer.response.day { " · " (view.date(day)) } }
                                (told(&answer.response.text))
                            }
                        }
                        StatesReply::NoneByDeadline { due } => p { (view.say("They did not answer by the last day they had: ", "Aucune réponse n’est venue dans le délai : ")) (view.day(envelope::Day(*due))) },
                        StatesReply::NotTransmitted(why) => {
                            p { (view.say("They were not asked, for someone’s safety:", "Elles n’ont pas été interrogées, pour la sécurité de quelqu’un :")) }
                            (told(why.as_str()))
                        }
                    }
                }
                p.care { (view.say("An answer may name others. Take their personal data out before you publish, and show where you did.", "Une réponse peut nommer d’autres personnes. Retirez leurs données personnelles avant de publier, et montrez où vous l’avez fait.")) }
                form id="made-public" method="post" action={ "/case/" (shown.number) "/publish" } autocomplete="off" {
                    (everything)
                    input type="hidden" name="confirmed" value="yes";
                    p { (view.say("Published, it cannot be taken back: copies remain.", "Une fois publiée, elle ne peut plus être reprise : des copies resteront.")) }
                    div.row { button type="submit" { (view.say("It is public: record it", "Elle est publique : l’enregistrer")) } }
                }
            }
        }
        form id="republish" method="post" action={ "/case/" (shown.number) "/republish" } autocomplete="off" {
            (everything)
            div.row { button.quiet type="submit" { (view.say("Change it", "La modifier")) } }
        }
    };
    frame(view, Part::Cases, heading, &body)
}
