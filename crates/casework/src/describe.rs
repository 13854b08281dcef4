//! Setting out what happened: people, events, acts.
//!
//! Each has a number in its case. The same number again corrects it, and the log keeps both.

use record::{Act, Event, Person};

use crate::case::Case;
use crate::entry::{ActCoded, Entry, EventCoded, PersonRecorded, Stamp};
use crate::field::refusals;
use crate::state::State;

refusals! {
    /// Why a description is not taken.
    CannotDescribe {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Numbers begin at 1.
        NoNumber
            "give it the case's next number, or the number of the one it corrects"
            "donnez-lui le prochain numéro du dossier, ou celui de l’élément corrigé",
        /// The event is not in the case.
        NoSuchEvent
            "code the event first; an act belongs to one"
            "codez d’abord l’événement ; un acte en fait partie",
        /// The act it is tied to is not in the case.
        NoSuchAct
            "code the act that came before first"
            "codez d’abord l’acte qui a précédé",
        /// The person is not in the case.
        NoSuchPerson
            "record the person or group first"
            "enregistrez d’abord la personne ou le groupe",
        /// The act is of no kind.
        NoKind
            "choose from the list what was done"
            "choisissez dans la liste ce qui a été fait",
        /// An event follows itself.
        Circle
            "an event cannot lead to itself"
            "un événement ne peut pas être sa propre suite",
        /// The law is not in the case.
        NoSuchLaw
            "record the law or order first"
            "enregistrez d’abord la loi ou la mesure",
        /// The source is not in the case.
        NoSuchSource
            "record the examination as a source first"
            "enregistrez d’abord l’expertise comme source",
        /// At least, about and at most do not rise.
        CountsOutOfOrder
            "at least, about and at most must not fall; correct the numbers"
            "au moins, environ et au plus ne doivent pas décroître ; corrigez les nombres",
        /// Something is known and nobody says how.
        NotSaidHowKnown
            "say of each thing you know about the person how you know it"
            "pour chaque chose que vous savez de la personne, indiquez comment vous le savez",
        /// It is said to have come before, and its date is later.
        WrongOrder
            "what came before has the later date; correct the dates, or turn the link around"
            "ce qui a précédé porte la date la plus tardive ; corrigez les dates ou inversez le lien",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
}

/// Records a person or a group, or corrects one.
pub fn record_person(case: &Case, person: Person, stamp: Stamp) -> Result<Entry, CannotDescribe> {
    may_record_person(case, &person)?;
    not_recused(case, &stamp)?;
    Entry::written(stamp, Some(case.id()), PersonRecorded { person }.into())
        .map_err(|_| CannotDescribe::TooLong)
}

/// Sets out an event, or corrects one. Its acts must then be verified anew.
pub fn code_event(case: &Case, event: Event, stamp: Stamp) -> Result<Entry, CannotDescribe> {
    may_code_event(case, &event)?;
    not_recused(case, &stamp)?;
    Entry::written(
        stamp,
        Some(case.id()),
        EventCoded {
            event: event.into(),
        }
        .into(),
    )
    .map_err(|_| CannotDescribe::TooLong)
}

/// Sets out an act, or corrects one. It must then be verified anew.
pub fn code_act(case: &Case, act: Act, stamp: Stamp) -> Result<Entry, CannotDescribe> {
    may_code_act(case, &act)?;
    not_recused(case, &stamp)?;
    Entry::written(stamp, Some(case.id()), ActCoded { act: act.into() }.into())
        .map_err(|_| CannotDescribe::TooLong)
}

pub(crate) fn may_record_person(case: &Case, person: &Person) -> Result<(), CannotDescribe> {
    numbered(case, person.id.0, case.next_person().0)?;
    let counts = [person.least, person.best, person.most];
    if !counts.into_iter().flatten().is_sorted() {
        return Err(CannotDescribe::CountsOutOfOrder);
    }
    if person
        .traits
        .iter()
        .any(|known| known.how_known.entry().is_none())
    {
        return Err(CannotDescribe::NotSaidHowKnown);
    }
    Ok(())
}

pub(crate) fn may_code_event(case: &Case, event: &Event) -> Result<(), CannotDescribe> {
    numbered(case, event.id.0, case.next_event().0)?;
    let chain = event.chain.iter().map(|link| &link.event);
    for before in event.follows.iter().chain(chain) {
        if *before == event.id {
            return Err(CannotDescribe::Circle);
        }
        if case.event(*before).is_none() {
            return Err(CannotDescribe::NoSuchEvent);
        }
    }
    if case.event_leads_back(event, event.id) {
        return Err(CannotDescribe::Circle);
    }
    Ok(())
}

pub(crate) fn may_code_act(case: &Case, act: &Act) -> Result<(), CannotDescribe> {
    numbered(case, act.id.0, case.next_act().0)?;
    if case.event(act.event).is_none() {
        return Err(CannotDescribe::NoSuchEvent);
    }
    if act.kind.entry().is_none() {
        return Err(CannotDescribe::NoKind);
    }
    if act
        .victims
        .iter()
        .any(|victim| case.person(victim.person).is_none())
    {
        return Err(CannotDescribe::NoSuchPerson);
    }
    for link in &act.chain {
        if link.act == act.id {
            return Err(CannotDescribe::Circle);
        }
        if case.act(link.act).is_none() {
            return Err(CannotDescribe::NoSuchAct);
        }
    }
    if case.act_leads_back(act, act.id) {
        return Err(CannotDescribe::Circle);
    }
    if !case.in_order(act) {
        return Err(CannotDescribe::WrongOrder);
    }
    if act
        .laws
        .iter()
        .any(|law| !case.after.laws.contains_key(law))
    {
        return Err(CannotDescribe::NoSuchLaw);
    }
    let mut reports = act.technologies.iter().filter_map(|used| used.report);
    if reports.any(|report| case.source(report).is_none()) {
        return Err(CannotDescribe::NoSuchSource);
    }
    // Cooperation is a victim's: of one who is named, or of all of them.
    let is_victim = |who| act.victims.iter().any(|victim| victim.person == who);
    let mut about = act.cooperation.iter().filter_map(|with| with.victim);
    if about.any(|who| !is_victim(who)) {
        return Err(CannotDescribe::NoSuchPerson);
    }
    Ok(())
}

fn not_recused(case: &Case, stamp: &Stamp) -> Result<(), CannotDescribe> {
    match case.is_recused(&stamp.by) {
        true => Err(CannotDescribe::Recused),
        false => Ok(()),
    }
}

fn numbered(case: &Case, number: u32, next: u32) -> Result<(), CannotDescribe> {
    if case.state() == State::Erased {
        return Err(CannotDescribe::CaseErased);
    }
    if (1..=next).contains(&number) {
        Ok(())
    } else {
        Err(CannotDescribe::NoNumber)
    }
}
