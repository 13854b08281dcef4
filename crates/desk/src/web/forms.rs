//! What was typed becomes what casework is asked to decide. Reads fields, decides nothing.

use casework::{AfterWithdrawal, State, Team};
use rand_core::CryptoRng;
use record::vocabulary::{Attributions, CompanyLinks};
use record::{
    Act, ActId, Assessment, Consent, Date, Event, EventId, Forewarning, Ground, Involvement, Item,
    Person, PersonId, Source, SourceId, TechnologyUse, VictimOfAct, When,
};

use super::asked::Fields;
use super::communications::{self, Drafted};
use super::made_public::{self, Wanted};
use super::translations;
use super::{after, duty, measures};
use crate::desk::{CannotDecide, Desk};
use crate::reply::Consequence;

/// What became of a form.
pub(crate) enum Outcome {
    /// Recorded; where on the page to go on.
    Done(&'static str),
    /// An answer as it would go out, to be looked at before it does, and what to think of.
    LookOver(String, Vec<Consequence>),
    /// A letter as it would leave, to be read over before it does.
    ReadOver(Box<Drafted>),
    /// A public page as it would stand, to be looked at before anyone records it.
    LookAtPage(Box<Wanted>),
}

pub(crate) const fn refused(en: &'static str, fr: &'static str) -> CannotDecide {
    CannotDecide::Refused { en, fr }
}

const NOT_A_DAY: CannotDecide = refused(
    "a day is written YYYY-MM-DD, a month YYYY-MM, a year YYYY",
    "un jour s’écrit AAAA-MM-JJ, un mois AAAA-MM, une année AAAA",
);
const NOT_A_YEAR: CannotDecide = refused(
    "write the year of birth in four digits",
    "écrivez l’année de naissance en quatre chiffres",
);
const NOT_UNDERSTOOD: CannotDecide = refused(
    "tick that you know it cannot be brought back",
    "cochez que vous savez que rien ne pourra être rétabli",
);
const NOT_A_NUMBER: CannotDecide = refused(
    "write a count as a whole number, in digits",
    "écrivez le nombre en chiffres, sans virgule",
);
const NOT_IN_ORDER: CannotDecide = refused(
    "the counts must be in order: at least, how many, at most",
    "les nombres doivent être dans l’ordre : au moins, combien, au plus",
);
pub(crate) const NOT_CHOSEN: CannotDecide = refused(
    "choose in each list first: nothing was recorded",
    "choisissez d’abord dans chaque liste : rien n’a été enregistré",
);
const NOT_SAID: CannotDecide = refused(
    "say first whether you agree: nothing was recorded",
    "dites d’abord si vous êtes d’accord : rien n’a été enregistré",
);
pub(crate) const NOTHING_HERE: CannotDecide = refused(
    "this is no longer there; look at the page again",
    "cet élément n’existe plus ; relisez la page",
);
const NO_GROUP: CannotDecide = refused(
    "say which group the person or people belong to; it is counted under it",
    "indiquez à quel groupe appartient la personne ou le groupe ; l’acte est compté sous lui",
);

/// Takes one form of a case's page.
pub(crate) fn take(
    desk: &mut Desk,
    number: u64,
    verb: &str,
    fields: &Fields,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<Outcome, CannotDecide> {
    match verb {
        "reply" => reply(desk, number, fields, now, rng),
        "stop" => {
            desk.stop_answers(number, fields.text("reason"), now)?;
            Ok(Outcome::Done("conversation"))
        }
        "resume" => {
            desk.decide(number, now, |case, stamp| {
                casework::resume_answers(case, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("conversation"))
        }
        "erase" => {
            if !fields.ticked("understood") {
                return Err(NOT_UNDERSTOOD);
            }
            desk.erase(number, fields.text("reason"), now, rng)?;
            Ok(Outcome::Done("main"))
        }
        "triage" => {
            if fields.text("urgency").is_empty() {
                return Err(NOT_CHOSEN);
            }
            let urgency = fields.text("urgency").into();
            desk.decide(number, now, |case, stamp| {
                casework::triage(case, urgency, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("progress"))
        }
        "state" => state(desk, number, fields, now),
        "reopen" => {
            desk.decide(number, now, |case, stamp| {
                casework::reopen(case, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("progress"))
        }
        "note" => {
            desk.decide(number, now, |case, stamp| {
                casework::note(case, fields.text("text"), stamp)
            })?;
            Ok(Outcome::Done("notes"))
        }
        "consent" => consent(desk, number, fields, now),
        "told" => told(desk, number, fields, now),
        "withdraw" => {
            let which = whole(fields.text("consent"))?.unwrap_or(0);
            desk.decide(number, now, |case, stamp| {
                casework::withdraw(case, which, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("consents"))
        }
        "second" => {
            let which = whole(fields.text("consent"))?.unwrap_or(0);
            desk.decide(number, now, |case, stamp| {
                casework::second(case, which, stamp)
            })?;
            Ok(Outcome::Done("consents"))
        }
        "reach" => {
            let which = whole(fields.text("consent"))?.unwrap_or(0);
            let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
            let subject = case.consent(which).ok_or(NOTHING_HERE)?.consent.subject;
            desk.decide(number, now, |case, stamp| {
                casework::reach(case, subject, fields.text("how"), stamp)
            })?;
            Ok(Outcome::Done("consents"))
        }
        "resolve" => {
            let which = whole(fields.text("consent"))?.ok_or(NOT_CHOSEN)?;
            desk.decide(number, now, |case, stamp| {
                casework::resolve(case, which, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("consents"))
        }
        "choose" => {
            let which = whole(fields.text("consent"))?.unwrap_or(0);
            let choice = AfterWithdrawal::of(fields.text("choice")).ok_or(NOT_CHOSEN)?;
            desk.decide(number, now, |case, stamp| {
                casework::choose_after_withdrawal(case, which, choice, fields.text("reason"), stamp)
            })?;
            Ok(Outcome::Done("consents"))
        }
        "ground" => ground(desk, number, fields, now),
        "translate" | "review-translation" => translations::take(desk, number, verb, fields, now),
        "code" => code(desk, number, fields, now),
        "source" => source(desk, number, fields, now),
        "assess" => assess(desk, number, fields, now),
        "review" => review(desk, number, fields, now),
        "verify" => {
            let act = ActId(whole(fields.text("act"))?.unwrap_or(0));
            let finding = whole(fields.text("assessment"))?.unwrap_or(0);
            desk.decide(number, now, |case, stamp| {
                casework::verify(case, act, finding, stamp)
            })?;
            Ok(Outcome::Done("acts"))
        }
        other => communications::take(desk, number, other, fields, now)
            .or_else(|| after::take(desk, number, other, fields, now))
            .or_else(|| duty::take(desk, number, other, fields, now))
            .or_else(|| made_public::take(desk, number, other, fields, now))
            .or_else(|| measures::take(desk, number, other, fields, now))
            .unwrap_or(Err(NOTHING_HERE)),
    }
}

fn reply(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<Outcome, CannotDecide> {
    let text = fields.text("text");
    if !fields.ticked("confirmed") {
        let text = desk.look_over(number, text, now)?;
        let consequences = desk.consequences(number, &text);
        return Ok(Outcome::LookOver(text, consequences));
    }
    desk.reply(number, text, now, rng)?;
    Ok(Outcome::Done("conversation"))
}

fn state(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<Outcome, CannotDecide> {
    let to = State::of(fields.text("to")).ok_or(NOTHING_HERE)?;
    let original = whole(fields.text("duplicate_of"))?;
    let original = match original {
        Some(n) => Some(desk.case(n.into()).ok_or(CannotDecide::NoSuchCase)?.id()),
        None => None,
    };
    let (reason, referred) = (fields.text("reason"), fields.text("referred_to"));
    desk.decide_among(number, now, |office, case, stamp| match (to, original) {
        (State::Duplicate, Some(original)) => {
            casework::mark_duplicate(office, case, original, reason, stamp)
        }
        (State::OutOfMandate, _) if !referred.is_empty() => {
            casework::refer(case, referred, reason, stamp)
        }
        _ => casework::change_state(case, to, reason, None, stamp),
    })?;
    Ok(Outcome::Done("progress"))
}

fn consent(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    if ["purpose", "answer", "giver", "form"]
        .iter()
        .any(|name| fields.text(name).is_empty())
    {
        return Err(NOT_CHOSEN);
    }
    let consent = Consent {
        subject: PersonId(whole(fields.text("subject"))?.unwrap_or(0)),
        purpose: fields.text("purpose").into(),
        recipient: fields.text("recipient").to_owned(),
        identity: fields.text("identity").into(),
        answer: fields.text("answer").into(),
        giver: fields.text("giver").into(),
        giver_told: fields.text("giver_told").to_owned(),
        child_view: fields.text("child_view").to_owned(),
        form: fields.text("form").into(),
        language: fields.text("language").to_owned(),
        conditions: fields.text("conditions").to_owned(),
        items: fields.all("items").map(Item::read).collect(),
        last_day: day(fields.text("last_day"))?,
        ask_again: day(fields.text("ask_again"))?,
        giver_person: chosen_person(fields, "giver_person")?,
        forewarning: Forewarning {
            beyond_recall: fields.text("beyond_recall").to_owned(),
            who_will_know: fields.text("who_will_know").to_owned(),
            likely_reaction: fields.text("likely_reaction").to_owned(),
            risk_reviewed: day(fields.text("risk_reviewed"))?,
            ..Forewarning::default()
        },
        ..Consent::default()
    };
    // A guardian who is not in the case yet is recorded with the answer, or neither is.
    let name = fields.text("giver_name").trim();
    let new = !name.is_empty() && consent.giver_person.is_none() && !consent.giver.is("self");
    let mut giver = new.then(|| Person {
        unit: "individual".into(),
        names: vec![name.to_owned()],
        ..Person::default()
    });
    // So is the year in which a child was born, where none is known: by it a guardian may answer.
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let born = year(fields.text("child_born"))?.filter(|_| consent.giver.is("guardian"));
    let mut child = case
        .person(consent.subject)
        .filter(|child| child.birth_year.is_none() && born.is_some())
        .map(|child| Person {
            birth_year: born,
            ..child.clone()
        });
    let mut consent = Some(consent);
    desk.decide_each(number, now, |_, case, stamp| {
        if let Some(child) = child.take() {
            let recorded = casework::record_person(case, child, stamp);
            return Some(recorded.map_err(CannotDecide::from));
        }
        if let Some(mut giver) = giver.take() {
            giver.id = case.next_person();
            if let Some(consent) = consent.as_mut() {
                consent.giver_person = Some(giver.id);
            }
            let recorded = casework::record_person(case, giver, stamp);
            return Some(recorded.map_err(CannotDecide::from));
        }
        let recorded = casework::record_consent(case, consent.take()?, None, stamp);
        Some(recorded.map_err(CannotDecide::from))
    })?;
    Ok(Outcome::Done("consents"))
}

/// The person of the case that was chosen in a list; none where nobody was.
pub(crate) fn chosen_person(fields: &Fields, name: &str) -> Result<Option<PersonId>, CannotDecide> {
    let chosen = whole(fields.text(name))?.filter(|number| *number != 0);
    Ok(chosen.map(PersonId))
}

/// A consent that a signed letter brought, recorded as it was told there.
fn told(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<Outcome, CannotDecide> {
    let place = |name: &str| -> Result<usize, CannotDecide> {
        let n = whole(fields.text(name))?.ok_or(NOTHING_HERE)?;
        usize::try_from(n).map_err(|_| NOTHING_HERE)
    };
    let (letter, which) = (place("letter")?, place("consent")?);
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let letter = case.letters().get(letter).ok_or(NOTHING_HERE)?;
    let report = letter.report.as_ref().map_err(|_| NOTHING_HERE)?;
    let said = report.consents.get(which).ok_or(NOTHING_HERE)?;
    let consent = Consent {
        subject: PersonId(0),
        purpose: said.purpose.clone(),
        // Not asked where a use shows no identity at all, and unsaid otherwise: nothing is shown.
        identity: if said.identity.is_empty() {
            "none".into()
        } else {
            said.identity.clone()
        },
        answer: said.answer.clone(),
        giver: "self".into(),
        form: "in-app".into(),
        language: report.language.clone(),
        ..Consent::default()
    };
    let leaf = letter.leaf;
    desk.decide(number, now, |case, stamp| {
        casework::record_consent(case, consent, leaf, stamp)
    })?;
    Ok(Outcome::Done("consents"))
}

fn ground(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    if fields.text("kind").is_empty() {
        return Err(NOT_CHOSEN);
    }
    let ground = Ground {
        kind: fields.text("kind").into(),
        purposes: fields.all("purposes").map(Into::into).collect(),
        reason: fields.text("reason").to_owned(),
        source: whole(fields.text("source"))?.map(SourceId),
        subject: chosen_person(fields, "subject")?,
        ..Ground::default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_ground(case, ground, stamp)
    })?;
    Ok(Outcome::Done("consents"))
}

fn source(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    if fields.text("kind").is_empty() {
        return Err(NOT_CHOSEN);
    }
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let source = Source {
        id: case.next_source(),
        kind: fields.text("kind").into(),
        name: fields.text("name").to_owned(),
        found: fields.text("found").to_owned(),
        says: fields.text("says").to_owned(),
        reliability: fields.text("reliability").into(),
        independence_group: fields.text("independence_group").to_owned(),
        fears_reprisal: fields.ticked("fears_reprisal").then_some(true),
        ..Source::default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::record_source(case, source, stamp)
    })?;
    Ok(Outcome::Done("sources"))
}

/// An act, with the event it belongs to and whom it was done to: three entries of the log, all of
/// them or none.
fn code(desk: &mut Desk, number: u64, fields: &Fields, now: u64) -> Result<Outcome, CannotDecide> {
    if ["kind", "stage", "sphere"]
        .iter()
        .any(|name| fields.text(name).is_empty())
    {
        return Err(NOT_CHOSEN);
    }
    let case = desk.case(number).ok_or(CannotDecide::NoSuchCase)?;
    let corrected = match whole(fields.text("id"))? {
        Some(id) => Some(case.act(ActId(id)).ok_or(NOTHING_HERE)?),
        None => None,
    };
    let chosen = whole(fields.text("event"))?.map(EventId);
    let event_id = match (corrected, chosen) {
        (Some(act), _) => act.event,
        (None, Some(event)) => case.event(event).ok_or(NOTHING_HERE)?.id,
        (None, None) => case.next_event(),
    };
    let person_id = corrected
        .and_then(|act| act.victims.first())
        .map_or_else(|| case.next_person(), |victim| victim.person);

    let old_event = case.event(event_id);
    let event = Event {
        id: event_id,
        when: when(fields, old_event.map(|event| &event.when))?,
        place: place(fields, old_event.map(|event| &event.place)),
        tier: tier(fields).into(),
        sphere: fields.text("sphere").into(),
        narrative: fields.text("narrative").to_owned(),
        ..old_event.cloned().unwrap_or_default()
    };
    let (least, best, most) = (
        whole(fields.text("least"))?,
        whole(fields.text("best"))?,
        whole(fields.text("most"))?,
    );
    let counts: Vec<u32> = [least, best, most].into_iter().flatten().collect();
    if !counts.is_sorted() {
        return Err(NOT_IN_ORDER);
    }
    if fields.text("group").is_empty() {
        return Err(NO_GROUP);
    }
    let old_person = case.person(person_id);
    let mut person = Person {
        id: person_id,
        groups: vec![fields.text("group").into()],
        least,
        best,
        most,
        ..old_person.cloned().unwrap_or_default()
    };
    if person.unit.is_empty() {
        let several = counts.last().is_some_and(|n| *n > 1);
        person.unit = if several { "group" } else { "individual" }.into();
    }
    let name = fields.text("name");
    match person.names.first_mut() {
        Some(first) => name.clone_into(first),
        None if !name.is_empty() => person.names.push(name.to_owned()),
        None => {}
    }
    let mut act = Act {
        id: corrected.map_or_else(|| case.next_act(), |act| act.id),
        event: event_id,
        kind: fields.text("kind").into(),
        stage: fields.text("stage").into(),
        sphere: fields.text("sphere").into(),
        ..corrected.cloned().unwrap_or_default()
    };
    if act.victims.is_empty() {
        act.victims.push(VictimOfAct {
            person: person_id,
            ..VictimOfAct::default()
        });
    }
    let by = fields.text("perpetrator");
    let known = chosen_person(fields, "perpetrator_person")?;
    let (who, unit) = (
        fields.text("perpetrator_name"),
        fields.text("perpetrator_unit"),
    );
    let said = !by.is_empty() || known.is_some() || !who.is_empty() || !unit.is_empty();
    match act.involvements.first_mut() {
        Some(first) => {
            first.kind = by.into();
            first.person = known;
            who.clone_into(&mut first.name);
            unit.clone_into(&mut first.unit);
        }
        None if said => act.involvements.push(Involvement {
            kind: by.into(),
            person: known,
            name: who.to_owned(),
            unit: unit.to_owned(),
            attribution: record::Term::<Attributions>::default(),
            company_link: record::Term::<CompanyLinks>::default(),
            ..Involvement::default()
        }),
        None => {}
    }
    let (means, product) = (fields.text("technology"), fields.text("product"));
    match act.technologies.first_mut() {
        Some(first) => {
            first.technology = means.into();
            product.clone_into(&mut first.product);
        }
        None if !means.is_empty() || !product.is_empty() => act.technologies.push(TechnologyUse {
            technology: means.into(),
            product: product.to_owned(),
            ..TechnologyUse::default()
        }),
        None => {}
    }
    desk.decide_each(number, now, |step, case, stamp| match step {
        0 => Some(casework::code_event(case, event.clone(), stamp)),
        1 => Some(casework::record_person(case, person.clone(), stamp)),
        2 => Some(casework::code_act(case, act.clone(), stamp)),
        _ => None,
    })?;
    Ok(Outcome::Done("acts"))
}

fn assess(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    if fields.text("standard").is_empty() {
        return Err(NOT_CHOSEN);
    }
    let mut sources = Vec::new();
    for source in fields.all("sources") {
        sources.extend(whole(source)?.map(SourceId));
    }
    let assessment = Assessment {
        act: whole(fields.text("act"))?.map(ActId),
        standard: fields.text("standard").into(),
        corroboration: fields.text("corroboration").into(),
        credibility: fields.text("credibility").into(),
        sources,
        reasons: fields.text("reasons").to_owned(),
        contradictions: fields.text("contradictions").to_owned(),
        gaps: fields.text("gaps").to_owned(),
        ..Assessment::default()
    };
    desk.decide(number, now, |case, stamp| {
        casework::assess(case, assessment, stamp)
    })?;
    Ok(Outcome::Done("findings"))
}

fn review(
    desk: &mut Desk,
    number: u64,
    fields: &Fields,
    now: u64,
) -> Result<Outcome, CannotDecide> {
    let which = whole(fields.text("assessment"))?.unwrap_or(0);
    let agrees = match fields.text("agrees") {
        "yes" => true,
        "no" => false,
        _ => return Err(NOT_SAID),
    };
    let team = if desk.settings().one_person {
        Team::OnePerson
    } else {
        Team::Several
    };
    desk.decide(number, now, |case, stamp| {
        casework::review(case, which, agrees, fields.text("reasons"), team, stamp)
    })?;
    Ok(Outcome::Done("findings"))
}

/// The form a request was made with: what is shown again when it is refused.
pub(crate) fn form_of(verb: &str, fields: &Fields) -> String {
    match verb {
        "review" => format!("review-{}", fields.text("assessment")),
        "translate" => format!("translate-{}", fields.text("letter")),
        "review-translation" => format!("review-translation-{}", fields.text("translation")),
        "keep-draft" => "write".to_owned(),
        "verify" => format!("form-verify-{}", fields.text("act")),
        "withdraw" | "second" | "reach" | "choose" => {
            format!("{verb}-{}", fields.text("consent"))
        }
        "told" => {
            let n = |name| fields.text(name).parse::<u64>().map_or(0, |n: u64| n + 1);
            format!("told-{}-{}", n("letter"), n("consent"))
        }
        // Of a numbered thing: the form beside it.
        other => match fields.text("id") {
            "" => other.to_owned(),
            id => format!("{other}-{id}"),
        },
    }
}

pub(crate) fn whole(text: &str) -> Result<Option<u32>, CannotDecide> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| NOT_A_NUMBER),
    }
}

/// A year of birth, in four digits.
fn year(text: &str) -> Result<Option<u16>, CannotDecide> {
    match text.trim() {
        "" => Ok(None),
        text if text.len() == 4 => text.parse().map(Some).map_err(|_| NOT_A_YEAR),
        _ => Err(NOT_A_YEAR),
    }
}

pub(crate) fn day(text: &str) -> Result<Option<Date>, CannotDecide> {
    match text.trim() {
        "" => Ok(None),
        text => Date::read(text).map(Some).ok_or(NOT_A_DAY),
    }
}

/// A day, a month or a year, and how precise that is.
pub(crate) fn precision(text: &str) -> Result<&'static str, CannotDecide> {
    let year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if text.is_empty() {
        Ok("")
    } else if Date::read(text).is_some() {
        Ok("day")
    } else if Date::read(&format!("{text}-01")).is_some() {
        Ok("month")
    } else if year(text) && text != "0000" {
        Ok("year")
    } else {
        Err(NOT_A_DAY)
    }
}

fn when(fields: &Fields, old: Option<&When>) -> Result<When, CannotDecide> {
    let (first, last) = (fields.text("first"), fields.text("last"));
    let known = precision(first)?;
    precision(last)?;
    let known = if fields.ticked("about") && !first.is_empty() {
        "about"
    } else {
        known
    };
    Ok(When {
        first: first.to_owned(),
        last: last.to_owned(),
        precision: known.into(),
        ..old.cloned().unwrap_or_default()
    })
}

fn place(fields: &Fields, old: Option<&record::Where>) -> record::Where {
    record::Where {
        told: fields.text("place").to_owned(),
        country: fields.text("country").to_owned(),
        admin1: fields.text("admin1").to_owned(),
        ..old.cloned().unwrap_or_default()
    }
}

fn tier(fields: &Fields) -> &'static str {
    if fields.text("country").is_empty() {
        "unknown"
    } else if fields.text("admin1").is_empty() {
        "country"
    } else {
        "admin1"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_precise_as_it_was_written() {
        for (text, known) in [
            ("2024-02-29", "day"),
            ("2024-02", "month"),
            ("2024", "year"),
            ("", ""),
        ] {
            assert_eq!(precision(text), Ok(known), "{text}");
        }
        for text in [
            "2023-02-29",
            "2024-13",
            "24",
            "yesterday",
            "2024-2-1",
            "0000",
        ] {
            assert_eq!(precision(text), Err(NOT_A_DAY), "{text}");
        }
    }
}
