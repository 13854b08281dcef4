//! Talking with the reporter: that the letter was opened, and answers.
//!
//! Absent: sealing. The desk seals what is decided here into cells.

use crate::case::Case;
use crate::entry::{
    Acknowledged, AnswersResumed, AnswersStopped, Entry, Replied, Reposted, Slot, Stamp,
};
use crate::field::refusals;
use crate::state::State;
use crate::text::Text;

/// How many places a day has in one conversation (protocol §5).
pub const SLOTS_A_DAY: u16 = 16;

refusals! {
    /// Why nothing goes back.
    CannotReply {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// The reporter took no words.
        NoWords
            "no words were taken with this letter, so no answer can be found; use another contact if one was given"
            "cette lettre a été envoyée sans mots, aucune réponse ne peut donc être retrouvée ; utilisez un autre contact s’il a été donné",
        /// Nothing is written.
        NothingWritten
            "write an answer first"
            "écrivez d’abord une réponse",
        /// The place is taken, or is none.
        SlotTaken
            "there is already an answer in this place of the day; take a free one, or wait for tomorrow"
            "cette place de la journée est déjà prise ; prenez-en une libre ou attendez demain",
        /// No place is named.
        NoSlot
            "the day has no free place left for an answer of this length; shorten it, or send it tomorrow"
            "il ne reste pas assez de places aujourd’hui pour une réponse de cette longueur ; raccourcissez-la ou envoyez-la demain",
        /// The words may be in other hands.
        Stopped
            "answers are stopped, because the words may be in other hands; take them up again first, or use another contact"
            "les réponses sont arrêtées, car les mots sont peut-être entre d’autres mains ; reprenez-les d’abord, ou utilisez un autre contact",
        /// Another answer has this number.
        NumberTaken
            "another answer was sent meanwhile; look at it, then send this one"
            "une autre réponse vient d’être envoyée ; lisez-la, puis envoyez celle-ci",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "the answer is too long; shorten it"
            "la réponse est trop longue ; raccourcissez-la",
    }
    /// Why answers are not stopped, or not taken up again.
    CannotStop {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// They are stopped.
        AlreadyStopped
            "answers are stopped already"
            "les réponses sont déjà arrêtées",
        /// They are not stopped.
        NotStopped
            "answers are not stopped"
            "les réponses ne sont pas arrêtées",
        /// No answer was possible.
        NoWords
            "no words were taken with this letter, so there are no answers to stop"
            "cette lettre a été envoyée sans mots, il n’y a donc pas de réponses à arrêter",
        /// No reason.
        NoReason
            "say how you know"
            "indiquez comment vous le savez",
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

/// Records that an "opened" cell was sealed for this slot.
pub fn acknowledge(case: &Case, slot: Slot, stamp: Stamp) -> Result<Entry, CannotReply> {
    let acknowledged = Acknowledged { slot };
    may_acknowledge(case, &acknowledged)?;
    Entry::written(stamp, Some(case.id()), acknowledged.into()).map_err(|_| CannotReply::TooLong)
}

/// Records an answer, and the slots its parts are sealed for.
///
/// How many slots a text needs is the seal's to say; [`Case::free_slots`] says which are free.
pub fn reply(
    case: &Case,
    text: impl Into<Text>,
    slots: Vec<Slot>,
    stamp: Stamp,
) -> Result<Entry, CannotReply> {
    let replied = Replied {
        number: next_number(case),
        text: text.into(),
        slots,
    };
    may_reply(case, &replied)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotReply::Recused);
    }
    Entry::written(stamp, Some(case.id()), replied.into()).map_err(|_| CannotReply::TooLong)
}

/// Records that an answer is sealed once more, and the slots its parts are sealed for now.
///
/// Whether it is time to is the desk's to say; [`Case::is_read`] says whether it is needed.
pub fn repost(
    case: &Case,
    number: u32,
    slots: Vec<Slot>,
    stamp: Stamp,
) -> Result<Entry, CannotReply> {
    let reposted = Reposted { number, slots };
    may_repost(case, &reposted)?;
    Entry::written(stamp, Some(case.id()), reposted.into()).map_err(|_| CannotReply::TooLong)
}

/// Records that the words may be in other hands: from now on nothing goes back.
pub fn stop_answers(
    case: &Case,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotStop> {
    let stopped = AnswersStopped {
        reason: reason.into(),
    };
    may_stop(case, &stopped)?;
    Entry::written(stamp, Some(case.id()), stopped.into()).map_err(|_| CannotStop::TooLong)
}

/// Records that answers may go back again, and how that is known.
pub fn resume_answers(
    case: &Case,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotStop> {
    let resumed = AnswersResumed {
        reason: reason.into(),
    };
    may_resume(case, &resumed)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotStop::Recused);
    }
    Entry::written(stamp, Some(case.id()), resumed.into()).map_err(|_| CannotStop::TooLong)
}

fn next_number(case: &Case) -> u32 {
    case.replies()
        .last()
        .map_or(1, |reply| reply.number.saturating_add(1))
}

pub(crate) fn may_acknowledge(case: &Case, acknowledged: &Acknowledged) -> Result<(), CannotReply> {
    may_send(case, std::slice::from_ref(&acknowledged.slot))
}

pub(crate) fn may_reply(case: &Case, replied: &Replied) -> Result<(), CannotReply> {
    if replied.text.is_blank() {
        return Err(CannotReply::NothingWritten);
    }
    if replied.number != next_number(case) {
        return Err(CannotReply::NumberTaken);
    }
    may_send(case, &replied.slots)
}

pub(crate) fn may_repost(case: &Case, reposted: &Reposted) -> Result<(), CannotReply> {
    if !case.replies().iter().any(|r| r.number == reposted.number) {
        return Err(CannotReply::NothingWritten);
    }
    may_send(case, &reposted.slots)
}

pub(crate) fn may_stop(case: &Case, stopped: &AnswersStopped) -> Result<(), CannotStop> {
    if case.state() == State::Erased {
        return Err(CannotStop::CaseErased);
    }
    if case.conversation().is_none() {
        return Err(CannotStop::NoWords);
    }
    if case.stopped().is_some() {
        return Err(CannotStop::AlreadyStopped);
    }
    if stopped.reason.is_blank() {
        return Err(CannotStop::NoReason);
    }
    Ok(())
}

pub(crate) fn may_resume(case: &Case, resumed: &AnswersResumed) -> Result<(), CannotStop> {
    if case.state() == State::Erased {
        return Err(CannotStop::CaseErased);
    }
    if case.stopped().is_none() {
        return Err(CannotStop::NotStopped);
    }
    if resumed.reason.is_blank() {
        return Err(CannotStop::NoReason);
    }
    Ok(())
}

fn may_send(case: &Case, slots: &[Slot]) -> Result<(), CannotReply> {
    if case.state() == State::Erased {
        return Err(CannotReply::CaseErased);
    }
    if case.conversation().is_none() {
        return Err(CannotReply::NoWords);
    }
    if case.stopped().is_some() {
        return Err(CannotReply::Stopped);
    }
    if slots.is_empty() {
        return Err(CannotReply::NoSlot);
    }
    for (at, slot) in slots.iter().enumerate() {
        let twice = slots.iter().take(at).any(|before| before == slot);
        if twice || !case.free_slots(slot.day).any(|free| free == slot.slot) {
            return Err(CannotReply::SlotTaken);
        }
    }
    Ok(())
}
