//! Before something leaves: three questions.
//!
//! A letter that helps one person can betray another: whoever knows which detail came from whom
//! can tell who spoke. So nothing about a case goes to anybody before somebody wrote down who knows
//! what, what reaction is likely, and who was warned; what was thought of two weeks ago is thought
//! of again. Counting names nobody and is not asked. (HRC 48/17 4, 9; decision 0066)
//!
//! Absent: looking in afterwards (`follow`), and what covers the sending (`cover`).

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
}

/// Records what was thought of before something goes to a recipient.
pub fn foresee(
    case: &Case,
    to: impl Into<Text>,
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
    };
    may_foresee(case, &foreseen)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotForesee::Recused);
    }
    Entry::written(stamp, Some(case.id()), foreseen.into()).map_err(|_| CannotForesee::TooLong)
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

    /// The newest that was foreseen for a recipient and still holds on a day.
    pub fn foresight(&self, to: &str, day: u32) -> Option<&Foresight> {
        let mut newest = self.sending.foreseen.iter().rev();
        newest.find(|one| {
            same_recipient(&one.foreseen.to, to)
                && day.saturating_sub(one.at.day) < FORESIGHT_DAYS
                // A desk's clock that runs a day ahead is an honest one.
                && one.at.day <= day.saturating_add(1)
        })
    }
}
