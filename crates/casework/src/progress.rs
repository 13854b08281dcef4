//! Moving a case along: urgency, states, notes, reopening, erasing.

use record::Term;
use record::vocabulary::Urgencies;

use crate::case::Case;
use crate::entry::{
    CaseId, Entry, Erased, Kind, NoteAdded, Reopened, Stamp, StateChanged, Triaged,
};
use crate::field::refusals;
use crate::office::Office;
use crate::state::State;
use crate::text::Text;

refusals! {
    /// Why an urgency is not set.
    CannotTriage {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// No list has this word.
        UnknownWord
            "choose how urgent it is from the list"
            "choisissez l’urgence dans la liste",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a note is not added.
    CannotNote {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Nothing is written.
        NothingWritten
            "write something first"
            "écrivez d’abord quelque chose",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "the note is too long; divide it"
            "la note est trop longue ; divisez-la",
    }
    /// Why a case does not move.
    CannotMove {
        /// It is there.
        AlreadyThere
            "the case already stands there"
            "le dossier est déjà dans cet état",
        /// It has ended.
        Ended
            "the case has ended; reopen it first"
            "le dossier est terminé ; rouvrez-le d’abord",
        /// It has not ended.
        NotEnded
            "the case is open already"
            "le dossier est déjà ouvert",
        /// Nothing was sent.
        NothingSent
            "nothing was sent from this case, so no answer can be awaited; send a letter first"
            "rien n’a été transmis pour ce dossier, aucune réponse n’est donc attendue ; transmettez d’abord une lettre",
        /// No reason.
        NoReason
            "say why"
            "indiquez pourquoi",
        /// A duplicate of nothing.
        NoOriginal
            "name the case it doubles; a duplicate is linked, never deleted"
            "indiquez le dossier dont c’est le doublon ; un doublon est relié, jamais supprimé",
        /// The original is not there.
        NoSuchOriginal
            "the case it doubles is not here; name one that is"
            "le dossier dont c’est le doublon n’est pas ici ; indiquez-en un qui s’y trouve",
        /// The original doubles another.
        OriginalIsADuplicate
            "the case you named is a duplicate itself; name the one it doubles"
            "le dossier indiqué est lui-même un doublon ; indiquez celui dont il est le doublon",
        /// Referred to nowhere.
        NowhereReferred
            "say where it was referred to; if nobody can take it, end it with a reason instead"
            "indiquez vers qui il a été orienté ; si personne ne peut le prendre, terminez-le avec une raison",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Erasing is another decision.
        EraseInstead
            "erasing is a decision of its own; choose it by name"
            "l’effacement est une décision à part ; choisissez-le expressément",
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

/// Sets how urgent a case is, as a person judged it.
pub fn triage(
    case: &Case,
    urgency: Term<Urgencies>,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotTriage> {
    if case.state() == State::Erased {
        return Err(CannotTriage::CaseErased);
    }
    if case.is_recused(&stamp.by) {
        return Err(CannotTriage::Recused);
    }
    let triaged = Triaged {
        urgency,
        reason: reason.into(),
    };
    may_triage(&triaged)?;
    Entry::written(stamp, Some(case.id()), triaged.into()).map_err(|_| CannotTriage::TooLong)
}

/// Adds a note for the office alone.
pub fn note(case: &Case, text: impl Into<Text>, stamp: Stamp) -> Result<Entry, CannotNote> {
    if case.state() == State::Erased {
        return Err(CannotNote::CaseErased);
    }
    if case.is_recused(&stamp.by) {
        return Err(CannotNote::Recused);
    }
    let noted = NoteAdded { text: text.into() };
    may_note(&noted)?;
    Entry::written(stamp, Some(case.id()), noted.into()).map_err(|_| CannotNote::TooLong)
}

/// Moves a case to another state.
///
/// Forward is free; back, aside and the end need a reason. That something was transmitted follows
/// from a communication and cannot be claimed without one.
pub fn change_state(
    case: &Case,
    to: State,
    reason: impl Into<Text>,
    duplicate_of: Option<CaseId>,
    stamp: Stamp,
) -> Result<Entry, CannotMove> {
    let changed = StateChanged {
        to,
        reason: reason.into(),
        duplicate_of,
        referred_to: None,
    };
    moved(case, changed, stamp)
}

/// Marks a case as the double of another. Both say so from then on, and nothing is deleted.
pub fn mark_duplicate(
    office: &Office,
    case: &Case,
    original: CaseId,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotMove> {
    may_double(office, case, original)?;
    change_state(case, State::Duplicate, reason, Some(original), stamp)
}

/// Ends a case that is outside the office's mandate, and says where it was referred to.
pub fn refer(
    case: &Case,
    to: impl Into<Text>,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotMove> {
    let changed = StateChanged {
        to: State::OutOfMandate,
        reason: reason.into(),
        duplicate_of: None,
        referred_to: Some(to.into()),
    };
    moved(case, changed, stamp)
}

fn moved(case: &Case, changed: StateChanged, stamp: Stamp) -> Result<Entry, CannotMove> {
    may_change_state(case, &changed)?;
    not_recused(case, &stamp)?;
    Entry::written(stamp, Some(case.id()), changed.into()).map_err(|_| CannotMove::TooLong)
}

fn not_recused(case: &Case, stamp: &Stamp) -> Result<(), CannotMove> {
    match case.is_recused(&stamp.by) {
        true => Err(CannotMove::Recused),
        false => Ok(()),
    }
}

/// Opens a case that had ended.
pub fn reopen(case: &Case, reason: impl Into<Text>, stamp: Stamp) -> Result<Entry, CannotMove> {
    let reopened = Reopened {
        reason: reason.into(),
    };
    may_reopen(case, &reopened)?;
    not_recused(case, &stamp)?;
    Entry::written(stamp, Some(case.id()), reopened.into()).map_err(|_| CannotMove::TooLong)
}

/// Erases the content of a case. Whoever keeps the log then destroys the case's other entries;
/// this one remains, and says that there was something.
pub fn erase(case: &Case, reason: impl Into<Text>, stamp: Stamp) -> Result<Entry, CannotMove> {
    let erased = Erased {
        reason: reason.into(),
        leaves: case.leaves().collect(),
        places: case.history().iter().map(|line| line.position).collect(),
    };
    if case.state() == State::Erased {
        return Err(CannotMove::CaseErased);
    }
    if erased.reason.is_blank() {
        return Err(CannotMove::NoReason);
    }
    if !case.may_decide(Kind::Erased, &stamp.by) {
        return Err(CannotMove::Recused);
    }
    Entry::written(stamp, Some(case.id()), erased.into()).map_err(|_| CannotMove::TooLong)
}

pub(crate) fn may_triage(triaged: &Triaged) -> Result<(), CannotTriage> {
    match triaged.urgency.entry() {
        Some(_) => Ok(()),
        None => Err(CannotTriage::UnknownWord),
    }
}

pub(crate) fn may_note(noted: &NoteAdded) -> Result<(), CannotNote> {
    if noted.text.is_blank() {
        return Err(CannotNote::NothingWritten);
    }
    Ok(())
}

pub(crate) fn may_change_state(case: &Case, changed: &StateChanged) -> Result<(), CannotMove> {
    let (from, to) = (case.state(), changed.to);
    if from == State::Erased {
        return Err(CannotMove::CaseErased);
    }
    if to == State::Erased {
        return Err(CannotMove::EraseInstead);
    }
    if from == to {
        return Err(CannotMove::AlreadyThere);
    }
    if from.is_ended() {
        return Err(CannotMove::Ended);
    }
    let awaits = matches!(
        to,
        State::Transmitted | State::AwaitingResponse | State::ResponseReceived | State::NoResponse
    );
    if awaits && case.outgoing().is_empty() {
        return Err(CannotMove::NothingSent);
    }
    if to == State::Duplicate && changed.duplicate_of.is_none_or(|of| of == case.id()) {
        return Err(CannotMove::NoOriginal);
    }
    // What doubles this case cannot be the original of it.
    if changed
        .duplicate_of
        .is_some_and(|of| case.duty.duplicates.contains(&of))
    {
        return Err(CannotMove::OriginalIsADuplicate);
    }
    if changed.referred_to.as_ref().is_some_and(Text::is_blank) {
        return Err(CannotMove::NowhereReferred);
    }
    // Where the remedy stands says why a case is closed; anything else must be said.
    let remedy_stands =
        matches!(from, State::Remedied | State::Unremedied) || case.remedies().next().is_some();
    let needs_reason = match to {
        State::Closed => !remedy_stands,
        // That the harm was repaired is recorded, or it is argued.
        State::Remedied => !case.remedies().any(|remedy| remedy.status.is("delivered")),
        _ => from.forward(to) != to,
    };
    if needs_reason && changed.reason.is_blank() {
        return Err(CannotMove::NoReason);
    }
    Ok(())
}

/// Whether a case may be called the double of another: it is there, and stands for itself. So links
/// never lead in a circle.
pub(crate) fn may_double(office: &Office, case: &Case, original: CaseId) -> Result<(), CannotMove> {
    let original = office.case(original).ok_or(CannotMove::NoSuchOriginal)?;
    if original.id() == case.id() {
        return Err(CannotMove::NoOriginal);
    }
    match original.state() {
        State::Erased => Err(CannotMove::NoSuchOriginal),
        State::Duplicate => Err(CannotMove::OriginalIsADuplicate),
        _ => Ok(()),
    }
}

pub(crate) fn may_reopen(case: &Case, reopened: &Reopened) -> Result<(), CannotMove> {
    if case.state() == State::Erased {
        return Err(CannotMove::CaseErased);
    }
    if !case.state().is_ended() {
        return Err(CannotMove::NotEnded);
    }
    if reopened.reason.is_blank() {
        return Err(CannotMove::NoReason);
    }
    Ok(())
}
