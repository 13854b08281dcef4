//! A report that somebody of the office took down: from a visit, a call, a paper, an e-mail, a chat.
//!
//! It is a report like any other, and says beside it how it came, who took it down and on which day
//! it was told. What was brought is kept as it was; the entry holds only the name under which.
//!
//! Absent: words. Whoever came has none by this, no letter is signed, and no consent is in it: what
//! they agreed to is recorded as an answer given by mouth. (decision 0064)

use record::vocabulary::Channels;
use record::{Date, Report, Term};

use crate::case::{Case, LetterIn};
use crate::entry::{CaseId, Entry, Leaf, Letter, ReportBytes, Stamp};
use crate::field::content;
use crate::intake::CannotTakeIn;
use crate::office::Office;
use crate::state::State;
use crate::text::Text;

/// The channels by which a report comes to a person and not to the desk.
const BY_HAND: [&str; 5] = ["walk-in", "call", "paper", "email", "chat"];

content! {
    /// A report that somebody took down. It opens a case, or joins one that is there.
    TakenDown {
        /// What was told, and by which channel. It has no leaf and no words.
        0 letter: Letter,
        /// The day on which it was told or written.
        1 told_on: Option<Date>,
        /// Who took it down, when that was not whoever enters it.
        2 by: Text,
        /// The name under which what was brought is kept: random.
        3 originals: Option<Leaf>,
        /// What whoever took it down adds. For the office alone.
        4 note: Text,
    }
}

/// How a report was taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The day on which it was told or written.
    pub told_on: Option<Date>,
    /// Who took it down, when that was not whoever entered it.
    pub by: Text,
    /// The name under which what was brought is kept.
    pub originals: Option<Leaf>,
    /// What whoever took it down adds. For the office alone.
    pub note: Text,
}

/// What somebody told, to be taken down.
pub struct ToldByHand {
    /// The case it belongs to, or a new name: sixteen random bytes.
    pub case: CaseId,
    /// What was told.
    pub report: Report,
    /// By which way.
    pub channel: Term<Channels>,
    /// How it was taken down.
    pub taken: Taken,
}

/// Takes a report down: it opens a case of a new name, or joins the case of this name.
///
/// Never judges it, and never makes a conversation: whoever came has no words by this.
pub fn take_down(office: &Office, told: ToldByHand, stamp: Stamp) -> Result<Entry, CannotTakeIn> {
    let ToldByHand {
        case,
        report,
        channel,
        taken,
    } = told;
    let Taken {
        told_on,
        by,
        originals,
        note,
    } = taken;
    let content = TakenDown {
        letter: Letter {
            leaf: None,
            report: ReportBytes::of(&report),
            channel,
            sealed_by: None,
            conversation: None,
            acknowledges: None,
            saw_epoch: None,
            hands_over: None,
        },
        told_on,
        by,
        originals,
        note,
    };
    may_take_down(office, office.case(case), &content, &stamp)?;
    Entry::written(stamp, Some(case), content.into()).map_err(|_| CannotTakeIn::TooLong)
}

pub(crate) fn may_take_down(
    office: &Office,
    case: Option<&Case>,
    taken: &TakenDown,
    stamp: &Stamp,
) -> Result<(), CannotTakeIn> {
    let letter = &taken.letter;
    if !BY_HAND.iter().any(|channel| letter.channel.is(channel)) {
        return Err(CannotTakeIn::UnknownChannel);
    }
    // What only a sealed letter has: a visit must never look signed.
    if letter.leaf.is_some() || letter.conversation.is_some() || letter.hands_over.is_some() {
        return Err(CannotTakeIn::LooksSealed);
    }
    if let Some(case) = case {
        if case.state() == State::Erased {
            return Err(CannotTakeIn::CaseErased);
        }
        if case.is_recused(&stamp.by) {
            return Err(CannotTakeIn::Recused);
        }
    }
    if taken.told_on.is_some() && taken.told_on > stamp.at.date() {
        return Err(CannotTakeIn::NotYet);
    }
    if taken.originals.is_some_and(|name| office.knows(name)) {
        return Err(CannotTakeIn::AlreadyTaken);
    }
    let report = letter.report.report();
    if let Ok(report) = &report {
        let empty = Report {
            language: report.language.clone(),
            channel: report.channel.clone(),
            ..Report::default()
        };
        if *report == empty && taken.originals.is_none() {
            return Err(CannotTakeIn::NothingTold);
        }
        if !report.origin.is_empty() && office.case_of_origin(&report.origin).is_some() {
            return Err(CannotTakeIn::AlreadyTakenDown);
        }
    }
    Ok(())
}

impl TakenDown {
    /// The report as it stands in its case.
    pub(crate) fn into_letter(self, stamp: &Stamp) -> LetterIn {
        LetterIn {
            taken: Some(Taken {
                told_on: self.told_on,
                by: self.by,
                originals: self.originals,
                note: self.note,
            }),
            ..LetterIn::of(self.letter, false, stamp)
        }
    }
}
