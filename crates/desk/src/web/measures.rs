//! Laws and orders that acts are based on, shutdowns and blocks, and the cooperation with the UN
//! that an act was aimed at. Whether a measure was lawful a person says, question by question.

use maud::{Markup, html};
use record::text::line;
use record::vocabulary::{
    Acts, Bodies, CooperationPhases, Cooperations, LinkStrengths, List, MeasureStatuses, Measures,
    RestrictionScopes, Term,
};
use record::{
    Act, ActId, Cooperation, Event, EventId, Law, LawId, Legality, PersonId, Restriction,
};

use super::asked::Fields;
use super::case::{Shown, choose, fact, person_name, place_text, when_text};
use super::communications::lines;
use super::forms::{NOT_CHOSEN, NOTHING_HERE, Outcome, chosen_person, day, whole};
use super::show::View;
use crate::desk::{CannotDecide, Desk};

/// Forms of this part of the page: one that comes back opens it.
const FORMS: [&str; 4] = ["law", "restriction", "cooperation", "based-on"];
/// Acts that take the network or a service away.
const SHUTDOWNS: [&str; 8] = [
    "shutdown-full",
    "shutdown-platform",
    "throttling",
    "content-filtering",
    "network-restriction",
    "comms-disruption",
    "dos-attack",
    "encryption-restriction",
];

/// Laws, restrictions, cooperation, and the forms for them.
pub(crate) fn section(view: &View<'_>, shown: &Shown<'_>) -> Markup {
    let case = shown.case;
    let restrictions = case
        .events()
        .filter(|event| event.restriction != Restriction::default());
    let restrictions: Vec<&Event> = restrictions.collect();
    let aimed: Vec<&Act> = case
        .acts()
        .filter(|act| !act.cooperation.is_empty() || !act.laws.is_empty())
        .collect();
    let recorded = case.laws().count() + restrictions.len() + aimed.len();
    let told = match recorded {
        0 => String::new(),
        recorded => recorded.to_string(),
    };
    let body = html! {
        h3 { (view.say("Laws and orders", "Lois et mesures")) }
        @for law in case.laws() { (one_law(view, shown, law)) }
        (view.folded("law", view.say("Record a law or an order", "Enregistrer une loi ou une mesure"), false, law_form(view, shown, None)))
        @if case.acts().next().is_some() {
            h3 { (view.say("Acts: what they were based on and aimed at", "Actes : sur quoi ils reposent et ce qu’ils visaient")) }
            p.hint { (view.say("An act that is changed here must be assessed, reviewed and verified anew.", "Un acte modifié ici doit être évalué, relu et vérifié de nouveau.")) }
            @for act in case.acts() { (one_act(view, shown, act)) }
        }
        @if case.events().next().is_some() {
            h3 { (view.say("Shutdowns and blocks", "Coupures et blocages")) }
            @for event in case.events() { (one_event(view, shown, event)) }
        }
    };
    view.part(
        "laws",
        view.say(
            "Laws, restrictions, cooperation",
            "Lois, restrictions, coopération",
        ),
        &told,
        recorded > 0 || view.came_back_to(&FORMS),
        &body,
    )
}

/// The four questions, as far as somebody answered them.
fn legality_shown(view: &View<'_>, legality: &Legality) -> Markup {
    let answers = [
        (
            view.say("a clear law allows it", "une loi claire le permet"),
            legality.legal_basis,
        ),
        (view.say("necessary", "nécessaire"), legality.necessary),
        (
            view.say("proportionate", "proportionnée"),
            legality.proportionate,
        ),
        (
            view.say("not discriminatory", "non discriminatoire"),
            legality.non_discriminatory,
        ),
    ];
    html! {
        @for (name, answer) in answers {
            @if let Some(yes) = answer {
                span class={ "chip " (if yes { "sure" } else { "now" }) } { (name) (view.colon()) (if yes { view.say("yes", "oui") } else { view.say("no", "non") }) } " "
            }
        }
    }
}

fn legality_fields(view: &View<'_>, form: &str, read: &Legality) -> Markup {
    html! {
        fieldset {
            legend { (view.say("Could it be lawful?", "Peut-elle être licite ?")) }
            p.hint { (view.say("Four questions of the treaties; leave open what nobody examined.", "Quatre questions posées par les traités ; laissez ouvertes celles que personne n’a examinées.")) }
            div.fields {
                (view.yes_or_no(form, "legal_basis", view.say("Does a clear and public law allow it?", "Une loi claire et publique la permet-elle ?"), read.legal_basis))
                (view.yes_or_no(form, "necessary", view.say("Is it necessary for an aim the treaties name?", "Est-elle nécessaire à un but prévu par les traités ?"), read.necessary))
                (view.yes_or_no(form, "proportionate", view.say("Is it proportionate?", "Est-elle proportionnée ?"), read.proportionate))
                (view.yes_or_no(form, "non_discriminatory", view.say("Does it treat people alike?", "Traite-t-elle tout le monde de la même façon ?"), read.non_discriminatory))
            }
            (view.line(form, "legality_reasons", view.say("Why", "Pourquoi"), "", &read.reasons))
        }
    }
}

fn legality(fields: &Fields, old: &Legality) -> Legality {
    let answer = |name: &str| match fields.text(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Legality {
        legal_basis: answer("legal_basis"),
        necessary: answer("necessary"),
        proportionate: answer("proportionate"),
        non_discriminatory: answer("non_discriminatory"),
        reasons: fields.text("legality_reasons").to_owned(),
        ..old.clone()
    }
}

fn one_law(view: &View<'_>, shown: &Shown<'_>, law: &Law) -> Markup {
    html! {
        article id={ "measure-" (law.id.0) } {
            h4 { (law.id.0) ". " bdi { (line(&law.title, 100)) } }
            p.row { (view.chip(&law.kind, "")) (view.chip(&law.status, "")) @if let Some(day) = law.day { span.soft { (view.date(day)) } } }
            p { (legality_shown(view, &law.legality)) }
            dl.facts {
                (fact(view.say("Articles", "Articles"), &law.articles))
                (fact(view.say("What it says", "Ce qu’elle dit"), &law.says))
                (fact(view.say("Why", "Pourquoi"), &law.legality.reasons))
                (fact(view.say("To be looked at again", "À réexaminer le"), &law.review.map(|day| view.date(day)).unwrap_or_default()))
            }
            @let form = format!("law-{}", law.id.0);
            (view.folded(&form, view.say("Correct it", "Corriger"), false, law_form(view, shown, Some(law))))
        }
    }
}

fn law_form(view: &View<'_>, shown: &Shown<'_>, old: Option<&Law>) -> Markup {
    let empty = Law::default();
    let read = old.unwrap_or(&empty);
    let form = old.map_or_else(|| "law".to_owned(), |law| format!("law-{}", law.id.0));
    let form = form.as_str();
    let fields = html! {
        @if let Some(law) = old { input type="hidden" name="id" value=(law.id.0); }
        (view.line(form, "title", view.say("What it is called", "Son intitulé"), "", &read.title))
        div.fields {
            (view.choice::<Measures>(form, "kind", view.say("What kind", "Quel type"), read.kind.as_str(), Some(choose(view))))
            (view.choice::<MeasureStatuses>(form, "status", view.say("Where it stands", "Où elle en est"), read.status.as_str(), Some(view.say("not known", "inconnu"))))
            (view.day_line(form, "day", view.say("Its day", "Sa date"), read.day))
            (view.day_line(form, "review", view.say("To be looked at again", "À réexaminer le"), read.review))
            (view.line(form, "articles", view.say("Articles that matter here", "Articles en cause"), "", &read.articles))
        }
        (view.lines(form, "says", view.say("What it says, or where that can be read", "Ce qu’elle dit, ou où le lire"), "", &read.says))
        (legality_fields(view, form, &read.legality))
    };
    view.form(
        form,
        &format!("/case/{}/law", shown.number),
        view.say("Record", "Enregistrer"),
        fields,
    )
}

fn one_act(view: &View<'_>, shown: &Shown<'_>, act: &Act) -> Markup {
    let (case, number) = (shown.case, act.id.0);
    html! {
        article id={ "aimed-" (number) } {
            h4 { (number) ". " (act.kind.label(view.language)) }
            @for LawId(id) in &act.laws {
                @if let Some(law) = case.laws().find(|law| law.id.0 == *id) {
                    p { (view.say("Based on: ", "Fondé sur : ")) a href={ "#measure-" (id) } { bdi { (line(&law.title, 80)) } } }
                }
            }
            @for with in &act.cooperation {
                p.row {
                    (view.chip(&with.phase, "")) (view.chip(&with.kind, "")) (view.chip(&with.body, ""))
                    (view.chip(&with.strength, "news"))
                }
                dl.facts {
                    (fact(view.say("Mechanism", "Mécanisme"), &with.mechanism))
                    (fact(view.say("What this rests on", "Sur quoi cela repose"), &with.grounds))
                }
            }
            @if case.laws().next().is_some() {
                @let form = format!("based-on-{number}");
                (view.folded(&form, view.say("Based on which laws", "Fondé sur quelles lois"), false, view.form(
                    &form, &format!("/case/{}/based-on", shown.number), view.say("Record", "Enregistrer"), html! {
                        input type="hidden" name="id" value=(number);
                        @for law in case.laws() {
                            (view.tick(&form, "laws", &law.id.0.to_string(), html! { (law.id.0) ". " bdi { (line(&law.title, 80)) } }, act.laws.contains(&law.id)))
                        }
                    },
                )))
            }
            @let form = format!("cooperation-{number}");
            (view.folded(&form, view.say("It answered cooperation with the UN or another body", "Il répond à une coopération avec l’ONU ou un autre organe"), false, cooperation_form(view, shown, act, &form)))
        }
    }
}

fn cooperation_form(view: &View<'_>, shown: &Shown<'_>, act: &Act, form: &str) -> Markup {
    let who: Vec<(String, String)> = std::iter::once((
        "0".to_owned(),
        view.say("all victims of the act", "toutes les victimes de l’acte")
            .to_owned(),
    ))
    .chain(act.victims.iter().map(|victim| {
        let PersonId(id) = victim.person;
        (id.to_string(), person_name(view, shown.case, victim.person))
    }))
    .collect();
    let fields = html! {
        input type="hidden" name="id" value=(act.id.0);
        div.fields {
            (view.choice_among(form, "victim", view.say("Whose cooperation", "Coopération de qui"), "0", &who))
            (view.choice::<Bodies>(form, "body", view.say("With whom", "Avec qui"), "", Some(choose(view))))
            (view.choice::<Cooperations>(form, "kind", view.say("What it was", "En quoi elle consistait"), "", Some(choose(view))))
            (view.choice::<CooperationPhases>(form, "phase", view.say("Before, during or after", "Avant, pendant ou après"), "", Some(choose(view))))
            (view.choice::<LinkStrengths>(form, "strength", view.say("How well it is shown that the act answered it", "Solidité du lien avec l’acte"), "", Some(choose(view))))
            (view.line(form, "mechanism", view.say("Which mechanism or mandate", "Quel mécanisme ou mandat"), "", ""))
            (view.day_line(form, "day", view.say("When", "Quand"), None))
            (view.line(form, "paragraph", view.say("Paragraph of a report of the Secretary-General", "Paragraphe d’un rapport du Secrétaire général"), "", ""))
        }
        (view.lines(form, "grounds", view.say("What this rests on", "Sur quoi cela repose"), "", ""))
    };
    view.form(
        form,
        &format!("/case/{}/cooperation", shown.number),
        view.say("Add", "Ajouter"),
        fields,
    )
}

fn one_event(view: &View<'_>, shown: &Shown<'_>, event: &Event) -> Markup {
    let (number, cut) = (event.id.0, &event.restriction);
    let form = format!("restriction-{number}");
    html! {
        article id={ "restricted-" (number) } {
            h4 {
                (view.say("Event ", "Événement ")) (number) " "
                span.soft { (line(&format!("{} {}", when_text(view, &event.when), place_text(view, &event.place)), 70)) }
            }
            @if *cut != Restriction::default() {
                p.row { (view.chip(&cut.kind, "")) (view.chip(&cut.scope, "")) @if let Some(people) = cut.people { span.soft { (people) " " (view.say("people", "personnes")) } } }
                p { (legality_shown(view, &cut.legality)) }
                dl.facts {
                    (fact(view.say("Area", "Zone"), &cut.area))
                    (fact(view.say("From, to", "Du, au"), &[cut.first.as_str(), cut.last.as_str()].join(" – ")))
                    (fact(view.say("Networks", "Réseaux"), &cut.networks.join("\n")))
                    (fact(view.say("Services", "Services"), &cut.services.join("\n")))
                    (fact(view.say("Ordered by", "Ordonnée par"), &cut.ordered_by))
                    (fact(view.say("By which text", "Par quel texte"), &cut.instrument))
                    (fact(view.say("Reason given", "Raison donnée"), &cut.official_reason))
                    (fact(view.say("Reason believed", "Raison supposée"), &cut.believed_reason))
                    (fact(view.say("Measurements", "Mesures"), &cut.measurements.join("\n")))
                }
            }
            (view.folded(&form, view.say("The network or a service was taken away", "Le réseau ou un service a été coupé"), false, restriction_form(view, shown, event, &form)))
        }
    }
}

fn restriction_form(view: &View<'_>, shown: &Shown<'_>, event: &Event, form: &str) -> Markup {
    let read = &event.restriction;
    let people = read.people.map(|n| n.to_string()).unwrap_or_default();
    let one = view.say("One on each line.", "Un par ligne.");
    let fields = html! {
        input type="hidden" name="id" value=(event.id.0);
        div.fields {
            (view.choice_of(form, "kind", view.say("What was done", "Ce qui a été fait"), Acts::vocabulary(), read.kind.as_str(), Some(choose(view)), |code| SHUTDOWNS.contains(&code)))
            (view.choice::<RestrictionScopes>(form, "scope", view.say("How far it reached", "Étendue"), read.scope.as_str(), Some(view.say("not known", "inconnue"))))
            (view.line(form, "area", view.say("Where, in words", "Où, en mots"), "", &read.area))
            (view.line(form, "first", view.say("When it began", "Début"), view.say("Day and hour, as told.", "Jour et heure, tels que rapportés."), &read.first))
            (view.line(form, "last", view.say("When it ended", "Fin"), view.say("Day and hour, as told.", "Jour et heure, tels que rapportés."), &read.last))
            (view.line(form, "people", view.say("How many people it touched", "Combien de personnes touchées"), "", &people))
            (view.line(form, "ordered_by", view.say("Who ordered it", "Qui l’a ordonnée"), "", &read.ordered_by))
            (view.line(form, "instrument", view.say("By which text", "Par quel texte"), "", &read.instrument))
            (view.line(form, "official_reason", view.say("Reason that was given", "Raison donnée"), "", &read.official_reason))
            (view.line(form, "believed_reason", view.say("Reason it is believed to have", "Raison supposée"), "", &read.believed_reason))
        }
        (view.lines(form, "networks", view.say("Which networks", "Quels réseaux"), one, &read.networks.join("\n")))
        (view.lines(form, "services", view.say("Which services", "Quels services"), one, &read.services.join("\n")))
        (view.lines(form, "measurements", view.say("Where measurements of it can be found", "Où trouver des mesures de cette coupure"), one, &read.measurements.join("\n")))
        (legality_fields(view, form, &read.legality))
    };
    view.form(
        form,
        &format!("/case/{}/restriction", shown.number),
        view.say("Record", "Enregistrer"),
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
    let done = match verb {
        "law" => law(desk, number, fields, now),
        "restriction" => restriction(desk, number, fields, now),
        "cooperation" => cooperation(desk, number, fields, now),
        "based-on" => based_on(desk, number, fields, now),
        _ => return None,
    };
    Some(done.map(|()| Outcome::Done("laws")))
}

fn law(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = whole(fields.text("id"))?.map(LawId);
    let old = case.laws().find(|law| Some(law.id) == id);
    if id.is_some() && old.is_none() {
        return Err(NOTHING_HERE);
    }
    if fields.text("kind").is_empty() {
        return Err(NOT_CHOSEN);
    }
    let old = old.cloned().unwrap_or_default();
    let law = Law {
        id: id.unwrap_or(case.next_law()),
        title: fields.text("title").to_owned(),
        kind: fields.text("kind").into(),
        articles: fields.text("articles").to_owned(),
        day: day(fields.text("day"))?,
        status: fields.text("status").into(),
        review: day(fields.text("review"))?,
        says: fields.text("says").to_owned(),
        legality: legality(fields, &old.legality),
        ..old
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_law(case, law, stamp)
    })
}

fn restriction(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = EventId(whole(fields.text("id"))?.unwrap_or(0));
    let event = case.event(id).ok_or(NOTHING_HERE)?.clone();
    if fields.text("kind").is_empty() {
        return Err(NOT_CHOSEN);
    }
    let text = |name: &str| fields.text(name).to_owned();
    let old = event.restriction.clone();
    let restriction = Restriction {
        kind: fields.text("kind").into(),
        scope: fields.text("scope").into(),
        area: text("area"),
        networks: lines(fields.text("networks")),
        services: lines(fields.text("services")),
        ordered_by: text("ordered_by"),
        instrument: text("instrument"),
        official_reason: text("official_reason"),
        believed_reason: text("believed_reason"),
        first: text("first"),
        last: text("last"),
        people: whole(fields.text("people"))?,
        measurements: lines(fields.text("measurements")),
        legality: legality(fields, &old.legality),
        ..old
    };
    let event = Event {
        restriction,
        ..event
    };
    desk.decide(number, now, |case, stamp| {
        casework::code_event(case, event, stamp)
    })
}

fn cooperation(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = ActId(whole(fields.text("id"))?.unwrap_or(0));
    let mut act = case.act(id).ok_or(NOTHING_HERE)?.clone();
    if ["body", "kind", "phase", "strength"]
        .iter()
        .any(|name| fields.text(name).is_empty())
    {
        return Err(NOT_CHOSEN);
    }
    act.cooperation.push(Cooperation {
        victim: chosen_person(fields, "victim")?,
        body: Term::told(fields.text("body")),
        mechanism: fields.text("mechanism").to_owned(),
        kind: Term::told(fields.text("kind")),
        phase: Term::told(fields.text("phase")),
        day: day(fields.text("day"))?,
        strength: Term::told(fields.text("strength")),
        grounds: fields.text("grounds").to_owned(),
        paragraph: fields.text("paragraph").to_owned(),
        ..Cooperation::default()
    });
    desk.decide(number, now, |case, stamp| {
        casework::code_act(case, act, stamp)
    })
}

fn based_on(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<(), CannotDecide> {
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let id = ActId(whole(fields.text("id"))?.unwrap_or(0));
    let mut act = case.act(id).ok_or(NOTHING_HERE)?.clone();
    act.laws.clear();
    for law in fields.all("laws") {
        act.laws.extend(whole(law)?.map(LawId));
    }
    desk.decide(number, now, |case, stamp| {
        casework::code_act(case, act, stamp)
    })
}
