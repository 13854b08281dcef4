//! Who works on a case: the colleague who leads it, those who stand back from it, what is to be
//! done by when, and handing over.
//!
//! A colleague is named by the short code that stands on their entries. Absent: who may read a
//! case. Keys decide that, and the team's log.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use minicbor::decode::{self, Decoder};
use record::vocabulary::Corroborations;
use record::{Code, Date};

use crate::case::Case;
use crate::entry::{AfterWithdrawal, Author, CaseId, Entry, Kind, Moment, Stamp};
use crate::field::{Field, Writer, Written, content, refusals};
use crate::grade::Exception;
use crate::office::Office;
use crate::state::State;
use crate::text::Text;

/// A person of the office, by the short code that stands on their entries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colleague(String);

impl Colleague {
    /// A colleague, if the code is short and plain: 1 to 24 lower-case letters, digits, hyphens.
    pub fn read(code: &str) -> Option<Self> {
        // The same shape as on an entry, so that the two can be compared.
        Author::new(code, "desk").map(|author| Self(author.person().to_owned()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an entry is theirs, from whichever desk.
    pub fn is(&self, author: &Author) -> bool {
        self.0 == author.person()
    }
}

impl fmt::Display for Colleague {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Field for Colleague {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(&self.0).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        Self::read(from.str()?).ok_or_else(|| decode::Error::message("not a colleague"))
    }
}

content! {
    /// Someone leads the case from now on.
    Assigned {
        /// Who; none means nobody does.
        0 to: Option<Colleague>,
        /// Why, when it is taken from somebody else.
        1 reason: Text,
    }
    /// The case passes from one colleague to another, with what is to be done in it.
    HandedOver {
        /// From whom.
        0 from: Colleague,
        /// To whom.
        1 to: Colleague,
        /// What the next one must know.
        2 told: Text,
    }
    /// A colleague stands back from the case and decides nothing in it.
    Recused {
        /// Who.
        0 who: Colleague,
        /// Why.
        1 reason: Text,
    }
    /// What kept a colleague from the case is over.
    RecusalEnded {
        /// Who.
        0 who: Colleague,
        /// Why.
        1 reason: Text,
    }
    /// Something is to be done. The same number again changes it.
    TaskSet {
        /// Its number in the case, from 1.
        0 number: u32,
        /// What.
        1 what: Text,
        /// By whom.
        2 who: Colleague,
        /// By which day.
        3 by: Option<Date>,
    }
    /// It was done, or need not be done any more.
    TaskDone {
        /// Its number.
        0 number: u32,
        /// What came of it.
        1 how: Text,
    }
}

/// Something to be done in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number, from 1.
    pub number: u32,
    /// What.
    pub what: Text,
    /// By whom.
    pub who: Colleague,
    /// By which day.
    pub by: Option<Date>,
    /// When it was done, by whom, and what came of it.
    pub done: Option<(Moment, Author, Text)>,
}

/// Why a colleague decides nothing in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recusal {
    /// Why.
    pub reason: Text,
    /// When that was recorded.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// That a colleague no longer stands back from a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecusalOver {
    /// Who stood back.
    pub who: Colleague,
    /// Why that is over.
    pub reason: Text,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
    /// Whether everyone who ever wrote into the log stood back then, so that one of them ended it.
    /// To be shown wherever the case is.
    pub nobody_left: bool,
}

/// The part of a case that says who works on it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Duty {
    pub(crate) lead: Option<Colleague>,
    pub(crate) handed: Vec<(Moment, HandedOver)>,
    pub(crate) recused: BTreeMap<Colleague, Recusal>,
    pub(crate) recusals_over: Vec<RecusalOver>,
    /// Everyone who ever wrote into the office's log: one set for all cases.
    pub(crate) colleagues: Arc<BTreeSet<String>>,
    pub(crate) tasks: BTreeMap<u32, Task>,
    pub(crate) duplicates: BTreeSet<CaseId>,
    pub(crate) referred_to: Option<Text>,
    pub(crate) required: Option<Code<Corroborations>>,
    pub(crate) exceptions: Vec<Exception>,
}

refusals! {
    /// Why a case is not given to a colleague.
    CannotAssign {
        /// They lead it.
        AlreadyTheirs
            "this colleague leads the case already"
            "cette personne est déjà responsable du dossier",
        /// Nobody leads it.
        NobodyLeads
            "nobody leads the case; assign it instead"
            "personne n’est responsable du dossier ; attribuez-le plutôt",
        /// Somebody else leads it.
        NotTheirs
            "this colleague does not lead the case; look again who does"
            "cette personne n’est pas responsable du dossier ; vérifiez qui l’est",
        /// They stand back from it.
        TheyStandBack
            "this colleague stands back from the case; choose someone else"
            "cette personne s’est déportée de ce dossier ; choisissez quelqu’un d’autre",
        /// Taken from somebody without a reason, or handed over without a word.
        NothingTold
            "say why, or what the next colleague must know"
            "indiquez pourquoi, ou ce que la personne suivante doit savoir",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; you can hand it over, and nothing else"
            "votre déport de ce dossier est enregistré ; vous pouvez transmettre le dossier, rien de plus",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a recusal is not recorded, or not ended.
    CannotRecuse {
        /// They stand back from it.
        AlreadyRecused
            "this colleague stands back from the case already"
            "cette personne s’est déjà déportée de ce dossier",
        /// They do not.
        NotRecused
            "this colleague does not stand back from the case"
            "cette personne ne s’est pas déportée de ce dossier",
        /// They end it themselves.
        OwnRecusal
            "whoever does not stand back must end a recusal; ask a colleague"
            "la fin d’un déport est décidée par quelqu’un d’autre ; demandez à une ou un collègue",
        /// Whoever records it stands back from it, and it is about another.
        Recused
            "you stand back from this case yourself; whoever does not must record this"
            "votre propre déport de ce dossier est enregistré ; une personne qui ne s’est pas déportée doit noter celui-ci",
        /// No reason.
        NoReason
            "say why; the name of the person concerned is not needed"
            "indiquez pourquoi ; le nom de la personne concernée n’est pas nécessaire",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a task is not set, or not done.
    CannotTask {
        /// Nothing is written.
        NothingWritten
            "write what is to be done"
            "écrivez ce qui est à faire",
        /// Numbers begin at 1.
        NoNumber
            "give it the case's next number, or the number of the task it changes"
            "donnez-lui le prochain numéro du dossier, ou celui de la tâche modifiée",
        /// There is none.
        NoSuchTask
            "there is no task of this number; look at the list again"
            "aucune tâche ne porte ce numéro ; relisez la liste",
        /// It is done.
        AlreadyDone
            "this task is done; set a new one"
            "cette tâche est faite ; créez-en une nouvelle",
        /// They stand back from the case.
        TheyStandBack
            "this colleague stands back from the case; choose someone else"
            "cette personne s’est déportée de ce dossier ; choisissez quelqu’un d’autre",
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

/// What the fold says of a decision by someone who stands back.
pub(crate) const STANDS_BACK: &str =
    "whoever decided this stands back from the case; a colleague must decide it";

impl Case {
    /// Who leads it.
    pub fn lead(&self) -> Option<&Colleague> {
        self.duty.lead.as_ref()
    }

    /// How it passed from one colleague to another, in its order.
    pub fn handed_over(&self) -> &[(Moment, HandedOver)] {
        &self.duty.handed
    }

    /// Who stands back from it, and why.
    pub fn recused(&self) -> impl Iterator<Item = (&Colleague, &Recusal)> {
        self.duty.recused.iter()
    }

    /// Who stood back from it once, and why that is over.
    pub fn recusals_over(&self) -> &[RecusalOver] {
        &self.duty.recusals_over
    }

    /// Whether nobody but this person ever wrote into the office's log.
    pub(crate) fn is_alone(&self, by: &Author) -> bool {
        let mut colleagues = self.duty.colleagues.iter();
        colleagues.all(|person| person == by.person())
    }

    /// Whether everyone who ever wrote into the office's log stands back: then nobody could ever
    /// decide anything here.
    pub(crate) fn nobody_is_left(&self) -> bool {
        let stands_back = |person: &str| self.duty.recused.keys().any(|who| who.0 == person);
        let mut colleagues = self.duty.colleagues.iter();
        colleagues.all(|person| stands_back(person))
    }

    /// Whether a person stands back from it.
    pub fn is_recused(&self, author: &Author) -> bool {
        self.duty.recused.keys().any(|who| who.is(author))
    }

    /// What is to be done and what was, in the order of their numbers.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.duty.tasks.values()
    }

    /// The number for a new task.
    pub fn next_task(&self) -> u32 {
        self.duty
            .tasks
            .keys()
            .last()
            .map_or(1, |number| number.saturating_add(1))
    }

    /// The cases that double this one: linked from both sides, never deleted.
    pub fn duplicates(&self) -> impl Iterator<Item = CaseId> {
        self.duty.duplicates.iter().copied()
    }

    /// Where it was referred to, when it is outside the mandate.
    pub fn referred_to(&self) -> Option<&Text> {
        self.duty.referred_to.as_ref()
    }

    /// Whether someone may decide something of this kind here. Who stands back decides nothing;
    /// but what protects someone at once is never refused, and the case can still be handed over.
    pub(crate) fn may_decide(&self, kind: Kind, by: &Author) -> bool {
        let always = kind.is_automatic()
            || matches!(
                kind,
                Kind::ConsentWithdrawn
                    | Kind::PersonReached
                    | Kind::Recused
                    | Kind::RecusalEnded
                    | Kind::HandedOver
            );
        // What a person wants erased is erased by whoever is there.
        let wanted = kind == Kind::Erased
            && self.consents.iter().any(|recorded| {
                let chosen = recorded.chosen.as_ref();
                chosen.is_some_and(|(_, choice)| *choice == AfterWithdrawal::Erase)
            });
        always || wanted || !self.is_recused(by)
    }
}

/// Says who leads a case, or that nobody does.
pub fn assign(
    case: &Case,
    to: Option<Colleague>,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotAssign> {
    let assigned = Assigned {
        to,
        reason: reason.into(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotAssign::Recused);
    }
    may_assign(case, &assigned, &stamp)?;
    Entry::written(stamp, Some(case.id()), assigned.into()).map_err(|_| CannotAssign::TooLong)
}

/// Passes a case on, with what is still to be done in it.
pub fn hand_over(
    case: &Case,
    to: Colleague,
    told: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotAssign> {
    let from = case.lead().cloned().ok_or(CannotAssign::NobodyLeads)?;
    let handed = HandedOver {
        from,
        to,
        told: told.into(),
    };
    may_hand_over(case, &handed, &stamp)?;
    Entry::written(stamp, Some(case.id()), handed.into()).map_err(|_| CannotAssign::TooLong)
}

/// What handing over everything comes to.
#[derive(Debug)]
pub struct EverythingHandedOver {
    /// One entry for each case, in the order of their places.
    pub entries: Vec<Entry>,
    /// Cases that must go to somebody else: whoever was to have them stands back from them.
    pub left: Vec<CaseId>,
}

/// Passes on every case a colleague leads, open or ended, and what they were to do in them. What
/// they were to do in cases of others stays with its case: whoever leads it gives it to somebody.
pub fn hand_over_all(
    office: &Office,
    from: &Colleague,
    to: &Colleague,
    told: impl Into<Text>,
    stamp: &Stamp,
) -> Result<EverythingHandedOver, CannotAssign> {
    let told = told.into();
    let mut all = EverythingHandedOver {
        entries: Vec::new(),
        left: Vec::new(),
    };
    for case in office.cases().filter(|case| case.lead() == Some(from)) {
        let mut next = stamp.clone();
        next.position = next.position.saturating_add(all.entries.len() as u64);
        match hand_over(case, to.clone(), told.clone(), next) {
            Ok(entry) => all.entries.push(entry),
            // Whoever hands over may stand back from one of them: a colleague hands over that one.
            Err(CannotAssign::TheyStandBack | CannotAssign::Recused) => all.left.push(case.id()),
            Err(refused) => return Err(refused),
        }
    }
    if all.entries.is_empty() && all.left.is_empty() {
        return Err(CannotAssign::NobodyLeads);
    }
    Ok(all)
}

/// Records that a colleague stands back from a case: from now on they decide nothing in it.
pub fn recuse(
    case: &Case,
    who: Colleague,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotRecuse> {
    let recused = Recused {
        who,
        reason: reason.into(),
    };
    may_recuse(case, &recused, &stamp)?;
    Entry::written(stamp, Some(case.id()), recused.into()).map_err(|_| CannotRecuse::TooLong)
}

/// Records that what kept a colleague from a case is over. Someone says so who does not stand back;
/// where everyone does, one of them, and it is marked.
pub fn end_recusal(
    case: &Case,
    who: Colleague,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotRecuse> {
    let ended = RecusalEnded {
        who,
        reason: reason.into(),
    };
    may_end_recusal(case, &ended, &stamp)?;
    Entry::written(stamp, Some(case.id()), ended.into()).map_err(|_| CannotRecuse::TooLong)
}

/// Sets something to be done, or changes it.
pub fn set_task(
    case: &Case,
    number: u32,
    what: impl Into<Text>,
    who: Colleague,
    by: Option<Date>,
    stamp: Stamp,
) -> Result<Entry, CannotTask> {
    let set = TaskSet {
        number,
        what: what.into(),
        who,
        by,
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotTask::Recused);
    }
    may_set_task(case, &set)?;
    Entry::written(stamp, Some(case.id()), set.into()).map_err(|_| CannotTask::TooLong)
}

/// Records that something was done, or need not be done any more.
pub fn finish_task(
    case: &Case,
    number: u32,
    how: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotTask> {
    let done = TaskDone {
        number,
        how: how.into(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotTask::Recused);
    }
    may_finish_task(case, &done)?;
    Entry::written(stamp, Some(case.id()), done.into()).map_err(|_| CannotTask::TooLong)
}

pub(crate) fn may_assign(
    case: &Case,
    assigned: &Assigned,
    stamp: &Stamp,
) -> Result<(), CannotAssign> {
    if case.state() == State::Erased {
        return Err(CannotAssign::CaseErased);
    }
    if case.lead() == assigned.to.as_ref() {
        return Err(CannotAssign::AlreadyTheirs);
    }
    stands_back(case, assigned.to.as_ref())?;
    let others = case.lead().is_some_and(|lead| !lead.is(&stamp.by));
    if others && assigned.reason.is_blank() {
        return Err(CannotAssign::NothingTold);
    }
    Ok(())
}

pub(crate) fn may_hand_over(
    case: &Case,
    handed: &HandedOver,
    stamp: &Stamp,
) -> Result<(), CannotAssign> {
    if case.state() == State::Erased {
        return Err(CannotAssign::CaseErased);
    }
    if case.lead() != Some(&handed.from) {
        return Err(CannotAssign::NotTheirs);
    }
    if handed.from == handed.to {
        return Err(CannotAssign::AlreadyTheirs);
    }
    stands_back(case, Some(&handed.to))?;
    // Who stands back passes on what is theirs, and takes nothing from others.
    if case.is_recused(&stamp.by) && !handed.from.is(&stamp.by) {
        return Err(CannotAssign::Recused);
    }
    if handed.told.is_blank() {
        return Err(CannotAssign::NothingTold);
    }
    Ok(())
}

fn stands_back(case: &Case, who: Option<&Colleague>) -> Result<(), CannotAssign> {
    match who {
        Some(who) if case.duty.recused.contains_key(who) => Err(CannotAssign::TheyStandBack),
        _ => Ok(()),
    }
}

/// Everyone may stand back. That somebody else does is for those to record who do not stand back
/// themselves, or one who stood back could take the case from all others.
pub(crate) fn may_recuse(
    case: &Case,
    recused: &Recused,
    stamp: &Stamp,
) -> Result<(), CannotRecuse> {
    if case.state() == State::Erased {
        return Err(CannotRecuse::CaseErased);
    }
    if case.duty.recused.contains_key(&recused.who) {
        return Err(CannotRecuse::AlreadyRecused);
    }
    if !recused.who.is(&stamp.by) && case.is_recused(&stamp.by) {
        return Err(CannotRecuse::Recused);
    }
    if recused.reason.is_blank() {
        return Err(CannotRecuse::NoReason);
    }
    Ok(())
}

pub(crate) fn may_end_recusal(
    case: &Case,
    ended: &RecusalEnded,
    stamp: &Stamp,
) -> Result<(), CannotRecuse> {
    if case.state() == State::Erased {
        return Err(CannotRecuse::CaseErased);
    }
    if !case.duty.recused.contains_key(&ended.who) {
        return Err(CannotRecuse::NotRecused);
    }
    // Where all stand back, one of them ends it, and it is marked.
    if (ended.who.is(&stamp.by) || case.is_recused(&stamp.by)) && !case.nobody_is_left() {
        return Err(CannotRecuse::OwnRecusal);
    }
    if ended.reason.is_blank() {
        return Err(CannotRecuse::NoReason);
    }
    Ok(())
}

pub(crate) fn may_set_task(case: &Case, set: &TaskSet) -> Result<(), CannotTask> {
    if case.state() == State::Erased {
        return Err(CannotTask::CaseErased);
    }
    if !(1..=case.next_task()).contains(&set.number) {
        return Err(CannotTask::NoNumber);
    }
    if case
        .duty
        .tasks
        .get(&set.number)
        .is_some_and(|task| task.done.is_some())
    {
        return Err(CannotTask::AlreadyDone);
    }
    if set.what.is_blank() {
        return Err(CannotTask::NothingWritten);
    }
    if case.duty.recused.contains_key(&set.who) {
        return Err(CannotTask::TheyStandBack);
    }
    Ok(())
}

pub(crate) fn may_finish_task(case: &Case, done: &TaskDone) -> Result<(), CannotTask> {
    if case.state() == State::Erased {
        return Err(CannotTask::CaseErased);
    }
    match case.duty.tasks.get(&done.number) {
        None => Err(CannotTask::NoSuchTask),
        Some(task) if task.done.is_some() => Err(CannotTask::AlreadyDone),
        Some(_) => Ok(()),
    }
}

impl Duty {
    pub(crate) fn hand_over(&mut self, handed: HandedOver, at: Moment) {
        self.lead = Some(handed.to.clone());
        let theirs = self.tasks.values_mut();
        for task in theirs.filter(|task| task.done.is_none() && task.who == handed.from) {
            task.who = handed.to.clone();
        }
        self.handed.push((at, handed));
    }

    pub(crate) fn set_task(&mut self, set: TaskSet) {
        let number = set.number;
        let task = Task {
            number,
            what: set.what,
            who: set.who,
            by: set.by,
            done: None,
        };
        self.tasks.insert(number, task);
    }
}
