//! What comes after: answers of States and companies, steps towards those responsible, remedies,
//! help, commitments, laws; looking in after a letter went out, and looking again later.
//!
//! An answer keeps every word it came with: what was made of it may be corrected, its words never.
//! The other parts have a number in their case; the same number again corrects one, and the log
//! keeps both.

use std::collections::BTreeMap;

use record::{
    ActId, Commitment, CommitmentId, Date, Help, HelpId, Law, LawId, Remedy, RemedyId, Response,
    ResponseId, Step, StepId, Term,
};

use crate::case::{Case, Outgoing};
use crate::entry::{Author, Entry, Moment, Stamp};
use crate::field::{content, refusals};
use crate::public::PublishedPage;
use crate::state::State;
use crate::text::Text;

/// Days after a letter went out on which the office looks in on those who could be made to pay for
/// it.
pub const CHECK_INS: [u16; 3] = [1, 7, 30];

/// Days that the special procedures give a State before they publish letter and answer.
const REPLY_DAYS: u32 = 60;

content! {
    /// An answer came, or none did in time.
    ResponseRecorded {
        /// The number of the letter it answers; none when nothing was sent.
        0 letter: Option<u32>,
        /// The answer.
        1 response: Response,
    }
    /// A step towards those responsible. The same number again corrects it.
    StepRecorded {
        /// The step.
        0 step: Step,
    }
    /// What repairs the harm, and where it stands. The same number again corrects it.
    RemedyRecorded {
        /// The remedy.
        0 remedy: Remedy,
    }
    /// Help that someone was given. The same number again corrects it.
    HelpRecorded {
        /// The help.
        0 help: Help,
    }
    /// What a State or a company said it would do. The same number again corrects it.
    CommitmentRecorded {
        /// The commitment.
        0 commitment: Commitment,
    }
    /// Someone looked in after a letter went out.
    CheckedIn {
        /// The number of the letter.
        0 letter: u32,
        /// Which of the days after it: 1, 7 or 30.
        1 after: u16,
        /// What was found.
        2 found: Text,
        /// The act, when it was answered by a reprisal.
        3 reprisal: Option<ActId>,
    }
    /// Until when an answer is awaited, and until when the letter is confidential.
    DeadlineSet {
        /// The number of the letter.
        0 letter: u32,
        /// The last day for an answer.
        1 reply: Option<Date>,
        /// The last day of confidentiality.
        2 confidential: Option<Date>,
        /// By whom, or where it stands.
        3 reason: Text,
    }
    /// A law or an order that acts are based on. The same number again corrects it.
    LawRecorded {
        /// The law.
        0 law: Law,
    }
    /// Nothing goes to the State or the company, because that would put someone in danger.
    NotTransmitted {
        /// Why.
        0 reason: Text,
    }
    /// Someone looked at the case again after a time.
    FollowedUp {
        /// What was found.
        0 found: Text,
    }
}

/// An answer, as recorded.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The number of the letter it answers.
    pub letter: Option<u32>,
    /// The answer.
    pub response: Response,
    /// When it was recorded.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// A look in after a letter went out.
#[derive(Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// The number of the letter.
    pub letter: u32,
    /// Which of the days after it.
    pub after: u16,
    /// What was found.
    pub found: Text,
    /// The act, when it was answered by a reprisal.
    pub reprisal: Option<ActId>,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// What was set for a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deadline {
    /// The last day for an answer.
    pub reply: Option<Date>,
    /// The last day of confidentiality.
    pub confidential: Option<Date>,
}

/// The part of a case that says what came after.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) responses: Vec<RecordedResponse>,
    pub(crate) steps: BTreeMap<StepId, Step>,
    pub(crate) remedies: BTreeMap<RemedyId, Remedy>,
    pub(crate) help: BTreeMap<HelpId, Help>,
    pub(crate) commitments: BTreeMap<CommitmentId, Commitment>,
    pub(crate) laws: BTreeMap<LawId, Law>,
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) deadlines: BTreeMap<u32, Deadline>,
    pub(crate) not_transmitted: Option<(Moment, Author, Text)>,
    pub(crate) followed_up: Vec<(Moment, Author, Text)>,
    pub(crate) published: Vec<PublishedPage>,
}

refusals! {
    /// Why what came after is not recorded.
    CannotFollow {
        /// Numbers begin at 1, and an answer's is never given twice.
        NoNumber
            "give it the case's next number, or the number of the one it corrects"
            "donnez-lui le prochain numéro du dossier, ou celui de l’élément corrigé",
        /// A code is no word of its list.
        UnknownWord
            "choose from the lists what it is and where it stands"
            "choisissez dans les listes de quoi il s’agit et où cela en est",
        /// The letter is not among those that went out.
        NoSuchLetter
            "no letter of this number went out of this case; look at the list again"
            "aucune lettre de ce numéro n’est partie de ce dossier ; relisez la liste",
        /// The act is not in the case.
        NoSuchAct
            "code the act first"
            "codez d’abord l’acte",
        /// The person is not in the case.
        NoSuchPerson
            "record the person or group first"
            "enregistrez d’abord la personne ou le groupe",
        /// It does not say by whom.
        NobodyNamed
            "say by whom"
            "indiquez de qui cela vient",
        /// Nothing is written.
        NothingWritten
            "write down what was said or found; an answer word for word, as it came"
            "notez ce qui a été dit ou constaté ; une réponse mot pour mot, telle qu’elle est arrivée",
        /// An answer without how it was checked.
        NotSaidHowChecked
            "say how it was checked that this answer is from whom it says; if it was not, say that"
            "indiquez comment vous avez vérifié de qui vient cette réponse ; si ce n’est pas fait, dites-le",
        /// Its words would change.
        Unedited
            "the words of an answer stay as they came; correct only what you made of them"
            "les mots d’une réponse restent tels qu’ils sont arrivés ; ne corrigez que votre lecture",
        /// "No answer in time" with an answer.
        AnswerAndNone
            "either an answer came or none did in time; record one of the two"
            "soit une réponse est arrivée, soit aucune dans le délai ; enregistrez l’un des deux",
        /// Before the last day.
        TooEarly
            "the last day for an answer is not over; wait, or set another day and say who gave it"
            "le délai de réponse n’est pas écoulé ; attendez, ou fixez une autre date en disant qui l’a donnée",
        /// The three questions about something else, or without a ground.
        ChecksNotGrounded
            "whether it was prompt, impartial and independent is asked of an investigation, and each answer needs a ground"
            "la rapidité, l’impartialité et l’indépendance se demandent d’une enquête, et chaque réponse doit être motivée",
        /// Delivered, and nobody asked the victim.
        VictimNotAsked
            "say whether the victim was asked what they think of it, and what they said"
            "indiquez si la victime a été consultée sur cette réparation, et ce qu’elle a dit",
        /// The last day is before the first.
        DaysOutOfOrder
            "the last day is before the first; correct the days"
            "le dernier jour précède le premier ; corrigez les dates",
        /// No such day.
        NotACheckIn
            "look in after 1, 7 and 30 days; choose one of them"
            "les nouvelles se prennent après 1, 7 et 30 jours ; choisissez l’un de ces délais",
        /// Before its day.
        NotYet
            "it is too early for this look; take it on its day, or one day before"
            "il est trop tôt pour prendre ces nouvelles ; faites-le le jour prévu, ou la veille",
        /// It was done.
        AlreadyDone
            "this was recorded already; look at the list again"
            "cela est déjà enregistré ; relisez la liste",
        /// Neither of the two days.
        NoDay
            "give at least one of the two days, and say who set it"
            "indiquez au moins une des deux dates, et qui l’a fixée",
        /// No reason.
        NoReason
            "say why"
            "indiquez pourquoi",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
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

impl Case {
    /// Answers, in the order they were recorded.
    pub fn responses(&self) -> &[RecordedResponse] {
        &self.after.responses
    }

    /// Steps towards those responsible.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.after.steps.values()
    }

    /// What repairs the harm, and where it stands.
    pub fn remedies(&self) -> impl Iterator<Item = &Remedy> {
        self.after.remedies.values()
    }

    /// Help that was given.
    pub fn help(&self) -> impl Iterator<Item = &Help> {
        self.after.help.values()
    }

    /// What States and companies said they would do.
    pub fn commitments(&self) -> impl Iterator<Item = &Commitment> {
        self.after.commitments.values()
    }

    /// Laws and orders.
    pub fn laws(&self) -> impl Iterator<Item = &Law> {
        self.after.laws.values()
    }

    /// Looks in after letters went out.
    pub fn check_ins(&self) -> &[CheckIn] {
        &self.after.check_ins
    }

    /// Why nothing goes to the State or the company, while that is so.
    pub fn not_transmitted(&self) -> Option<&Text> {
        self.after.not_transmitted.as_ref().map(|(_, _, why)| why)
    }

    /// When someone looked at the case again, and what was found.
    pub fn followed_up(&self) -> &[(Moment, Author, Text)] {
        &self.after.followed_up
    }

    /// What was set for a letter.
    pub fn deadline(&self, letter: u32) -> Option<&Deadline> {
        self.after.deadlines.get(&letter)
    }

    /// The last day for an answer to a letter: as it was set, else sixty days after it went out.
    pub fn reply_due(&self, letter: &Outgoing) -> u32 {
        let set = self.deadline(letter.number).and_then(|set| set.reply);
        set.and_then(day)
            .unwrap_or(letter.at.day.saturating_add(REPLY_DAYS))
    }

    /// The last day on which a letter is confidential: as it was set, else sixty days after it
    /// went out.
    pub fn confidential_until(&self, letter: &Outgoing) -> u32 {
        let set = self
            .deadline(letter.number)
            .and_then(|set| set.confidential);
        set.and_then(day)
            .unwrap_or(letter.at.day.saturating_add(REPLY_DAYS))
    }

    /// A letter that went out, by its number.
    pub fn letter_out(&self, number: u32) -> Option<&Outgoing> {
        self.outgoing().iter().find(|out| out.number == number)
    }

    /// How far those responsible go free, as the newest step says that says it.
    pub fn impunity(&self) -> Option<&Term<record::vocabulary::ImpunityStatuses>> {
        let judged = self.after.steps.values().rev();
        let mut judged = judged.map(|step| &step.impunity);
        judged.find(|impunity| !impunity.is_empty())
    }

    /// Days since an authority last did something about the case, else since the last act. A
    /// complaint is what a victim does, and acknowledging one is not yet acting. None when no day
    /// is known.
    pub fn days_without_action(&self, today: u32) -> Option<u32> {
        let acted = self
            .after
            .steps
            .values()
            .filter(|step| !step.kind.is("complaint-filed"))
            .filter_map(|step| step.day);
        let acted = acted.filter_map(day).max();
        let since = acted.or_else(|| {
            let acts = self.acts().filter_map(|act| self.span(act));
            acts.map(|span| span.1).max()
        })?;
        today.checked_sub(since)
    }

    /// The numbers for a new answer, step, remedy, help, commitment or law.
    pub fn next_response(&self) -> ResponseId {
        let last = self.after.responses.last();
        ResponseId(last.map_or(1, |recorded| recorded.response.id.0.saturating_add(1)))
    }

    /// The number for a new step.
    pub fn next_step(&self) -> StepId {
        StepId(after_last(self.after.steps.keys().last().map(|id| id.0)))
    }

    /// The number for a new remedy.
    pub fn next_remedy(&self) -> RemedyId {
        RemedyId(after_last(self.after.remedies.keys().last().map(|id| id.0)))
    }

    /// The number for a new help.
    pub fn next_help(&self) -> HelpId {
        HelpId(after_last(self.after.help.keys().last().map(|id| id.0)))
    }

    /// The number for a new commitment.
    pub fn next_commitment(&self) -> CommitmentId {
        CommitmentId(after_last(
            self.after.commitments.keys().last().map(|id| id.0),
        ))
    }

    /// The number for a new law.
    pub fn next_law(&self) -> LawId {
        LawId(after_last(self.after.laws.keys().last().map(|id| id.0)))
    }
}

fn after_last(last: Option<u32>) -> u32 {
    last.map_or(1, |last| last.saturating_add(1))
}

fn day(date: Date) -> Option<u32> {
    u32::try_from(date.day_number()).ok()
}

/// Writes down what a question allowed, unless whoever decides stands back.
fn written(
    case: &Case,
    stamp: Stamp,
    may: Result<(), CannotFollow>,
    what: impl Into<crate::entry::What>,
) -> Result<Entry, CannotFollow> {
    may?;
    if case.is_recused(&stamp.by) {
        return Err(CannotFollow::Recused);
    }
    Entry::written(stamp, Some(case.id()), what.into()).map_err(|_| CannotFollow::TooLong)
}

/// Records an answer, word for word, or that none came in time. The same number again corrects
/// what was made of it, and never its words.
pub fn record_response(
    case: &Case,
    letter: Option<u32>,
    response: Response,
    stamp: Stamp,
) -> Result<Entry, CannotFollow> {
    let recorded = ResponseRecorded { letter, response };
    let may = may_record_response(case, &recorded, &stamp);
    written(case, stamp, may, recorded)
}

/// Records a step towards those responsible, or corrects one.
pub fn record_step(case: &Case, step: Step, stamp: Stamp) -> Result<Entry, CannotFollow> {
    let may = may_record_step(case, &step);
    written(case, stamp, may, StepRecorded { step })
}

/// Records a remedy, or where it stands now.
pub fn record_remedy(case: &Case, remedy: Remedy, stamp: Stamp) -> Result<Entry, CannotFollow> {
    let may = may_record_remedy(case, &remedy);
    written(case, stamp, may, RemedyRecorded { remedy })
}

/// Records help that someone was given, or corrects it.
pub fn record_help(case: &Case, help: Help, stamp: Stamp) -> Result<Entry, CannotFollow> {
    let may = may_record_help(case, &help);
    written(case, stamp, may, HelpRecorded { help })
}

/// Records what a State or a company said it would do, or where that stands now.
pub fn record_commitment(
    case: &Case,
    commitment: Commitment,
    stamp: Stamp,
) -> Result<Entry, CannotFollow> {
    let may = may_record_commitment(case, &commitment);
    written(case, stamp, may, CommitmentRecorded { commitment })
}

/// Records a law or an order, or corrects it.
pub fn record_law(case: &Case, law: Law, stamp: Stamp) -> Result<Entry, CannotFollow> {
    let may = may_record_law(case, &law);
    written(case, stamp, may, LawRecorded { law })
}

/// Records that someone looked in after a letter went out. A reprisal is coded as an act first; it
/// then stands linked to the letter, and an urgent follow-up is proposed.
pub fn check_in(
    case: &Case,
    letter: u32,
    after: u16,
    found: impl Into<Text>,
    reprisal: Option<ActId>,
    stamp: Stamp,
) -> Result<Entry, CannotFollow> {
    let checked = CheckedIn {
        letter,
        after,
        found: found.into(),
        reprisal,
    };
    let may = may_check_in(case, &checked, &stamp);
    written(case, stamp, may, checked)
}

/// Sets until when an answer to a letter is awaited, and until when it is confidential.
pub fn set_deadline(
    case: &Case,
    letter: u32,
    reply: Option<Date>,
    confidential: Option<Date>,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotFollow> {
    let set = DeadlineSet {
        letter,
        reply,
        confidential,
        reason: reason.into(),
    };
    let may = may_set_deadline(case, &set);
    written(case, stamp, may, set)
}

/// Records that nothing goes to the State or the company for someone's safety: what a public page
/// then says in place of their answer.
pub fn keep_from_state(
    case: &Case,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotFollow> {
    let kept = NotTransmitted {
        reason: reason.into(),
    };
    let may = may_keep(case, &kept);
    written(case, stamp, may, kept)
}

/// Records that someone looked at the case again, and what was found.
pub fn follow_up(case: &Case, found: impl Into<Text>, stamp: Stamp) -> Result<Entry, CannotFollow> {
    let followed = FollowedUp {
        found: found.into(),
    };
    let may = may_follow_up(case, &followed);
    written(case, stamp, may, followed)
}

fn is_there(case: &Case) -> Result<(), CannotFollow> {
    match case.state() {
        State::Erased => Err(CannotFollow::CaseErased),
        _ => Ok(()),
    }
}

fn numbered(case: &Case, number: u32, next: u32) -> Result<(), CannotFollow> {
    is_there(case)?;
    match (1..=next).contains(&number) {
        true => Ok(()),
        false => Err(CannotFollow::NoNumber),
    }
}

/// Whether an answer only says that none came in time.
fn says_none(response: &Response) -> bool {
    response
        .kinds
        .iter()
        .any(|kind| kind.is("none-by-deadline"))
}

/// Whether an answer is more than a receipt or a question back.
pub(crate) fn has_substance(response: &Response) -> bool {
    response.kinds.iter().any(|kind| {
        !matches!(
            kind.as_str(),
            "none-by-deadline" | "acknowledged" | "requests-more-info"
        )
    })
}

pub(crate) fn may_record_response(
    case: &Case,
    recorded: &ResponseRecorded,
    stamp: &Stamp,
) -> Result<(), CannotFollow> {
    let response = &recorded.response;
    numbered(case, response.id.0, case.next_response().0)?;
    let letter = match recorded.letter {
        Some(number) => Some(case.letter_out(number).ok_or(CannotFollow::NoSuchLetter)?),
        None => None,
    };
    if response.kinds.is_empty() || response.kinds.iter().any(|kind| kind.entry().is_none()) {
        return Err(CannotFollow::UnknownWord);
    }
    let earlier = case
        .responses()
        .iter()
        .find(|earlier| earlier.response.id == response.id);
    if let Some(earlier) = earlier {
        let same = &earlier.response;
        if (
            &same.text,
            &same.by,
            &same.language,
            same.day,
            same.received,
        ) != (
            &response.text,
            &response.by,
            &response.language,
            response.day,
            response.received,
        ) || earlier.letter != recorded.letter
        {
            return Err(CannotFollow::Unedited);
        }
    }
    if says_none(response) {
        if response.kinds.len() > 1 || !response.text.trim().is_empty() {
            return Err(CannotFollow::AnswerAndNone);
        }
        let letter = letter.ok_or(CannotFollow::NoSuchLetter)?;
        if case.reply_due(letter) >= stamp.at.day {
            return Err(CannotFollow::TooEarly);
        }
        return Ok(());
    }
    if response.by.trim().is_empty() {
        return Err(CannotFollow::NobodyNamed);
    }
    if response.text.trim().is_empty() {
        return Err(CannotFollow::NothingWritten);
    }
    if response.way.entry().is_none() {
        return Err(CannotFollow::UnknownWord);
    }
    if response.authenticity.entry().is_none() {
        return Err(CannotFollow::NotSaidHowChecked);
    }
    Ok(())
}

pub(crate) fn may_record_step(case: &Case, step: &Step) -> Result<(), CannotFollow> {
    numbered(case, step.id.0, case.next_step().0)?;
    if step.kind.entry().is_none() || !(step.impunity.is_empty() || step.impunity.entry().is_some())
    {
        return Err(CannotFollow::UnknownWord);
    }
    if step.acts.iter().any(|act| case.act(*act).is_none()) {
        return Err(CannotFollow::NoSuchAct);
    }
    if step.by.trim().is_empty() {
        return Err(CannotFollow::NobodyNamed);
    }
    let checked = step
        .prompt
        .or(step.impartial)
        .or(step.independent)
        .is_some();
    if checked && (!step.kind.is("investigation") || step.grounds.trim().is_empty()) {
        return Err(CannotFollow::ChecksNotGrounded);
    }
    Ok(())
}

pub(crate) fn may_record_remedy(case: &Case, remedy: &Remedy) -> Result<(), CannotFollow> {
    numbered(case, remedy.id.0, case.next_remedy().0)?;
    let nothing = remedy.kind.is("none") && remedy.status.is_empty();
    if remedy.kind.entry().is_none() || !(nothing || remedy.status.entry().is_some()) {
        return Err(CannotFollow::UnknownWord);
    }
    if remedy.person.is_some_and(|who| case.person(who).is_none()) {
        return Err(CannotFollow::NoSuchPerson);
    }
    // What was delivered, or is called too little, is the victim's to judge.
    let judged = remedy.status.is("delivered") || remedy.status.is("inadequate");
    let told = !remedy.own_view.trim().is_empty();
    if (judged && remedy.asked.is_none()) || (remedy.asked == Some(true)) != told {
        return Err(CannotFollow::VictimNotAsked);
    }
    Ok(())
}

pub(crate) fn may_record_help(case: &Case, help: &Help) -> Result<(), CannotFollow> {
    numbered(case, help.id.0, case.next_help().0)?;
    if help.kind.entry().is_none() || !(help.effect.is_empty() || help.effect.entry().is_some()) {
        return Err(CannotFollow::UnknownWord);
    }
    if help.person.is_some_and(|who| case.person(who).is_none()) {
        return Err(CannotFollow::NoSuchPerson);
    }
    let first = help.first_day.zip(help.last_day);
    if first.is_some_and(|(first, last)| last < first) {
        return Err(CannotFollow::DaysOutOfOrder);
    }
    Ok(())
}

pub(crate) fn may_record_commitment(
    case: &Case,
    commitment: &Commitment,
) -> Result<(), CannotFollow> {
    numbered(case, commitment.id.0, case.next_commitment().0)?;
    if commitment.status.entry().is_none() {
        return Err(CannotFollow::UnknownWord);
    }
    if commitment.by.trim().is_empty() {
        return Err(CannotFollow::NobodyNamed);
    }
    if commitment.text.trim().is_empty() {
        return Err(CannotFollow::NothingWritten);
    }
    let span = commitment.day.zip(commitment.due);
    if span.is_some_and(|(made, due)| due < made) {
        return Err(CannotFollow::DaysOutOfOrder);
    }
    Ok(())
}

pub(crate) fn may_record_law(case: &Case, law: &Law) -> Result<(), CannotFollow> {
    numbered(case, law.id.0, case.next_law().0)?;
    if law.kind.entry().is_none() || !(law.status.is_empty() || law.status.entry().is_some()) {
        return Err(CannotFollow::UnknownWord);
    }
    if law.title.trim().is_empty() {
        return Err(CannotFollow::NothingWritten);
    }
    Ok(())
}

pub(crate) fn may_check_in(
    case: &Case,
    checked: &CheckedIn,
    stamp: &Stamp,
) -> Result<(), CannotFollow> {
    is_there(case)?;
    let letter = case
        .letter_out(checked.letter)
        .ok_or(CannotFollow::NoSuchLetter)?;
    if !CHECK_INS.contains(&checked.after) {
        return Err(CannotFollow::NotACheckIn);
    }
    if checked.found.is_blank() {
        return Err(CannotFollow::NothingWritten);
    }
    if checked.reprisal.is_some_and(|act| case.act(act).is_none()) {
        return Err(CannotFollow::NoSuchAct);
    }
    // A later look stands for those before it: one that is not yet due would silence them.
    let due = letter.at.day.saturating_add(u32::from(checked.after));
    if due > stamp.at.day.saturating_add(1) {
        return Err(CannotFollow::NotYet);
    }
    // Reprisals keep to no calendar: one is linked to its letter whenever it is learned of.
    let done = |before: &CheckIn| {
        before.letter == checked.letter
            && match checked.reprisal {
                None => before.after == checked.after,
                reprisal => before.reprisal == reprisal,
            }
    };
    if case.check_ins().iter().any(done) {
        return Err(CannotFollow::AlreadyDone);
    }
    Ok(())
}

pub(crate) fn may_set_deadline(case: &Case, set: &DeadlineSet) -> Result<(), CannotFollow> {
    is_there(case)?;
    let letter = case
        .letter_out(set.letter)
        .ok_or(CannotFollow::NoSuchLetter)?;
    if set.reply.is_none() && set.confidential.is_none() {
        return Err(CannotFollow::NoDay);
    }
    // Before the letter nobody could answer it, and "none in time" would hold at once.
    let sent = i64::from(letter.at.day);
    let mut days = [set.reply, set.confidential].into_iter().flatten();
    if days.any(|day| day.day_number() < sent) {
        return Err(CannotFollow::DaysOutOfOrder);
    }
    if set.reason.is_blank() {
        return Err(CannotFollow::NoReason);
    }
    Ok(())
}

pub(crate) fn may_keep(case: &Case, kept: &NotTransmitted) -> Result<(), CannotFollow> {
    is_there(case)?;
    if kept.reason.is_blank() {
        return Err(CannotFollow::NoReason);
    }
    Ok(())
}

pub(crate) fn may_follow_up(case: &Case, followed: &FollowedUp) -> Result<(), CannotFollow> {
    is_there(case)?;
    if followed.found.is_blank() {
        return Err(CannotFollow::NothingWritten);
    }
    Ok(())
}

impl Case {
    pub(crate) fn take_response(&mut self, recorded: ResponseRecorded, stamp: &Stamp) {
        let response = recorded.response;
        // To a press cutting in a case from which nothing was sent, nobody waited for an answer.
        if recorded.letter.is_some() {
            let to = if says_none(&response) {
                Some(State::NoResponse)
            } else {
                has_substance(&response).then_some(State::ResponseReceived)
            };
            let late = self.state == State::NoResponse && to == Some(State::ResponseReceived);
            match to {
                Some(to) if late => self.state = to,
                Some(to) => self.state = self.state.forward(to),
                None => {}
            }
        }
        let mut before = self.after.responses.iter_mut();
        match before.find(|earlier| earlier.response.id == response.id) {
            Some(earlier) => earlier.response = response,
            None => self.after.responses.push(RecordedResponse {
                letter: recorded.letter,
                response,
                at: stamp.at,
                by: stamp.by.clone(),
            }),
        }
    }

    pub(crate) fn take_check_in(&mut self, checked: CheckedIn, stamp: &Stamp) {
        self.after.check_ins.push(CheckIn {
            letter: checked.letter,
            after: checked.after,
            found: checked.found,
            reprisal: checked.reprisal,
            at: stamp.at,
            by: stamp.by.clone(),
        });
    }
}
