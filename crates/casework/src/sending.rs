//! Before something leaves: three questions.
//!
//! A letter that helps one person can betray another: whoever knows which detail came from whom
//! can tell who spoke. So no letter and no material goes to anybody before somebody wrote down who knows
//! what, what reaction is likely, and who was warned; what was thought of two weeks ago is thought
//! of again. Counting names nobody and is not asked. (HRC 48/17 4, 9; decision 0066)
//!
//! Absent: looking in afterwards (`follow`), what covers the sending (`cover`), public pages
//! (`public`), which rest on the reply.

use record::vocabulary::IdentityLevels;
use record::{Code, Term};

use crate::case::Case;
use crate::cover::same_recipient;
use crate::entry::{Author, Entry, Moment, Stamp};
use crate::field::{content, refusals};
use crate::state::State;
use crate::text::Text;

/// For how many days what was foreseen holds.
pub const FORESIGHT_DAYS: u32 = 14;

content! {
    /// What was thought of before something goes to a recipient.
    Foreseen {
        /// To whom it is to go.
        0 to: Text,
        /// Who besides the source knows each detail that would show.
        1 known_by: Text,
        /// What reaction is likely, and against whom.
        2 reaction: Text,
        /// Who was warned, and how; or why nobody was.
        3 warned: Text,
        /// How much of the identity it was answered for.
        4 identity: Term<IdentityLevels>,
    }
    /// What shows that a letter left, learnt after it was recorded.
    ReceiptNoted {
        /// The number of the letter.
        0 letter: u32,
        /// The number a portal gave, who took it, the day of the post.
        1 receipt: Text,
    }
}

refusals! {
    /// Why it is not recorded what is to be thought of before sending.
    CannotForesee {
        /// One of the questions has no answer.
        Unanswered
            "answer all three: who else knows each detail, what reaction is likely, who was warned; “nobody” is an answer, with the reason"
            "répondez aux trois questions : qui d’autre connaît chaque détail, quelle réaction est probable, qui a été prévenu ; « personne » est une réponse, avec la raison",
        /// No recipient.
        NobodyNamed
            "name the recipient first"
            "indiquez d’abord le destinataire",
        /// Nothing is left of the case.
        CaseErased
            "the case was erased; nothing more is recorded in it"
            "le dossier a été effacé ; plus rien n’y est enregistré",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
}

refusals! {
    /// Why a receipt is not noted.
    CannotNoteReceipt {
        /// The letter is not among those that went out.
        NoSuchLetter
            "no letter of this number went out of this case; look at the list again"
            "aucune lettre de ce numéro n’est partie de ce dossier ; relisez la liste",
        /// Nothing is written.
        NothingWritten
            "write down the number, or who took it"
            "notez le numéro, ou qui l’a reçue",
        /// Nothing is left of the case.
        CaseErased
            "the case was erased; nothing more is recorded in it"
            "le dossier a été effacé ; plus rien n’y est enregistré",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
}

/// What was foreseen, when and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foresight {
    /// What.
    pub foreseen: Foreseen,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// What a case knows of its sendings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sending {
    pub(crate) foreseen: Vec<Foresight>,
    pub(crate) receipts: Vec<(u32, Text)>,
}

/// Records what was thought of before something goes to a recipient.
pub fn foresee(
    case: &Case,
    to: impl Into<Text>,
    identity: Code<IdentityLevels>,
    known_by: impl Into<Text>,
    reaction: impl Into<Text>,
    warned: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotForesee> {
    let foreseen = Foreseen {
        to: to.into(),
        known_by: known_by.into(),
        reaction: reaction.into(),
        warned: warned.into(),
        identity: identity.into(),
    };
    may_foresee(case, &foreseen)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotForesee::Recused);
    }
    Entry::written(stamp, Some(case.id()), foreseen.into()).map_err(|_| CannotForesee::TooLong)
}

/// Notes what shows that a letter left: the number comes after the letter.
pub fn note_receipt(
    case: &Case,
    letter: u32,
    receipt: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotNoteReceipt> {
    let noted = ReceiptNoted {
        letter,
        receipt: receipt.into(),
    };
    may_note_receipt(case, &noted)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotNoteReceipt::Recused);
    }
    Entry::written(stamp, Some(case.id()), noted.into()).map_err(|_| CannotNoteReceipt::TooLong)
}

pub(crate) fn may_note_receipt(case: &Case, noted: &ReceiptNoted) -> Result<(), CannotNoteReceipt> {
    if case.state() == State::Erased {
        return Err(CannotNoteReceipt::CaseErased);
    }
    if case.letter_out(noted.letter).is_none() {
        return Err(CannotNoteReceipt::NoSuchLetter);
    }
    match noted.receipt.is_blank() {
        true => Err(CannotNoteReceipt::NothingWritten),
        false => Ok(()),
    }
}

pub(crate) fn may_foresee(case: &Case, foreseen: &Foreseen) -> Result<(), CannotForesee> {
    if case.state() == State::Erased {
        return Err(CannotForesee::CaseErased);
    }
    if foreseen.to.is_blank() {
        return Err(CannotForesee::NobodyNamed);
    }
    let answers = [&foreseen.known_by, &foreseen.reaction, &foreseen.warned];
    if answers.into_iter().any(Text::is_blank) {
        return Err(CannotForesee::Unanswered);
    }
    Ok(())
}

impl Case {
    /// What was foreseen, in the order it was recorded.
    pub fn foreseen(&self) -> &[Foresight] {
        &self.sending.foreseen
    }

    /// The receipts of a letter, in the order they were noted; the first may stand on the letter.
    pub fn receipts(&self, letter: u32) -> impl Iterator<Item = &Text> {
        let first = self.letter_out(letter).map(|out| &out.sent.receipt);
        let later = self.sending.receipts.iter();
        let later = later.filter(move |(number, _)| *number == letter);
        first
            .into_iter()
            .filter(|receipt| !receipt.is_blank())
            .chain(later.map(|(_, receipt)| receipt))
    }

    /// The newest that was foreseen for a recipient and so much of the identity, and still holds on
    /// a day: with a name more can happen than without. A reprisal ends what
    /// was foreseen before it was learnt of: what is likely is known better then.
    pub fn foresight(
        &self,
        to: &str,
        identity: Code<IdentityLevels>,
        day: u32,
    ) -> Option<&Foresight> {
        let reprisal = self.check_ins().iter().rev();
        let reprisal = reprisal.filter(|looked| looked.reprisal.is_some());
        let reprisal = reprisal.map(|looked| looked.at).max();
        let mut newest = self.sending.foreseen.iter().rev();
        newest.find(|one| {
            reprisal.is_none_or(|reprisal| one.at > reprisal) &&
            same_recipient(&one.foreseen.to, to)
                && one.foreseen.identity.code() >= Some(identity)
                && day.saturating_sub(one.at.day) < FORESIGHT_DAYS
                // A desk's clock that runs a day ahead is an honest one.
                && one.at.day <= day.saturating_add(1)
        })
    }
}
