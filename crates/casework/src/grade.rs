//! How well corroborated a case must be before it goes to the UN or to a State.
//!
//! The team sets the grade. Below it, one person says why it must go all the same and another
//! agrees; what is sent then is marked. Raising the grade takes one person, lowering it two, for
//! otherwise one person alone could send anything by lowering it first. (decision 0052)

use std::collections::BTreeSet;

use record::vocabulary::{Communications, Corroborations, Purposes};
use record::{ActId, Code, Item, SourceId, Term};

use crate::assess::Team;
use crate::case::Case;
use crate::cover::same_recipient;
use crate::entry::{Author, Communicated, Entry, Moment, PackageSent, Stamp};
use crate::field::{content, refusals};
use crate::office::Office;
use crate::state::State;
use crate::text::Text;

content! {
    /// The grade below which nothing goes to the UN or a State.
    GradeSet {
        /// The grade.
        0 grade: Term<Corroborations>,
        /// Why.
        1 reason: Text,
        /// Whether it is lowered by one person, because the office has no other. Always shown.
        2 one_person_office: bool,
    }
    /// Someone says why a letter must go although the case is below the grade.
    ExceptionProposed {
        /// Its number in the case, from 1.
        0 number: u32,
        /// To whom the letter goes.
        1 to: Text,
        /// Why.
        2 reason: Text,
        /// For which purpose.
        3 purpose: Term<Purposes>,
        /// As what kind of letter; none for material.
        4 kind: Term<Communications>,
    }
    /// A second person agrees.
    ExceptionAgreed {
        /// The number of the exception.
        0 number: u32,
        /// What they say.
        1 reason: Text,
    }
}

/// The grade an office asks for, and who wants it lower.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grade {
    pub(crate) required: Option<Code<Corroborations>>,
    pub(crate) lower: Option<(Code<Corroborations>, Author)>,
    pub(crate) lowered_alone: bool,
}

impl Grade {
    /// The grade in force; none before one was set.
    pub fn required(&self) -> Option<Code<Corroborations>> {
        self.required
    }

    /// A lower grade that one person wants, and that waits for a second.
    pub fn waits_for_a_second(&self) -> Option<(Code<Corroborations>, &Author)> {
        self.lower.as_ref().map(|(grade, by)| (*grade, by))
    }

    /// Whether the office's only person lowered it. To be shown wherever the grade is.
    pub fn lowered_alone(&self) -> bool {
        self.lowered_alone
    }

    pub(crate) fn set(&mut self, set: &GradeSet, by: &Author) {
        let Some(grade) = set.grade.code() else {
            return;
        };
        let lowers = self.required.is_some_and(|required| grade < required);
        let second = self
            .lower
            .as_ref()
            .is_some_and(|(wanted, first)| *wanted == grade && first.person() != by.person());
        if !lowers || second || set.one_person_office {
            self.lowered_alone = lowers && !second;
            self.required = Some(grade);
            self.lower = None;
        } else {
            self.lower = Some((grade, by.clone()));
        }
    }
}

/// A letter that may go although the case is below the grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its number in the case.
    pub number: u32,
    /// To whom.
    pub to: Text,
    /// For which purpose.
    pub purpose: Term<Purposes>,
    /// As what kind of letter; none for material.
    pub kind: Term<Communications>,
    /// Why.
    pub reason: Text,
    /// Who said so, and when.
    pub proposed: (Moment, Author),
    /// Who agreed, when, and what they said.
    pub agreed: Option<(Moment, Author, Text)>,
    /// Whether a letter went by it. It holds for one.
    pub used: bool,
}

/// Days an exception holds once two people agreed: what could not wait is not kept in a drawer.
const HOLDS: u32 = 14;

/// What is about to leave, as far as its grade is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// For which purpose.
    pub purpose: Code<Purposes>,
    /// As what kind of letter; none for material.
    pub kind: Option<Code<Communications>>,
    /// To whom.
    pub to: &'a str,
    /// What of the case; empty means the whole case.
    pub items: &'a [Item],
    /// On which day.
    pub day: u32,
}

refusals! {
    /// Why a grade is not set.
    CannotSetGrade {
        /// No list has this word.
        UnknownWord
            "choose the grade from the list"
            "choisissez le niveau dans la liste",
        /// It is in force.
        AlreadySet
            "this grade is in force already"
            "ce niveau est déjà en vigueur",
        /// The same person again.
        NeedsASecond
            "you asked for this lower grade already; a second person must agree"
            "vous avez déjà demandé ce niveau plus bas ; une deuxième personne doit l’approuver",
        /// No reason.
        NoReason
            "say why"
            "indiquez pourquoi",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a letter does not go below the grade.
    BelowGrade {
        /// Nothing allows it.
        NotCorroborated
            "the case is below the grade your office set for the UN and States; have it assessed and reviewed, or let two people decide on an exception"
            "le dossier n’atteint pas le niveau que votre bureau exige pour l’ONU et les États ; faites-le évaluer et relire, ou décidez d’une exception à deux",
        /// It holds no longer.
        Lapsed
            "the exception lapsed after fourteen days; decide on it anew"
            "l’exception a expiré au bout de quatorze jours ; décidez-en de nouveau",
        /// One person said so.
        NeedsASecond
            "the exception waits for a second person to agree"
            "l’exception attend l’accord d’une deuxième personne",
    }
    /// Why an exception is not recorded.
    CannotExcept {
        /// None is needed.
        NotNeeded
            "the case reaches the grade; no exception is needed"
            "le dossier atteint le niveau exigé ; aucune exception n’est nécessaire",
        /// No recipient or no reason.
        NothingWritten
            "name the recipient and say why it cannot wait"
            "indiquez le destinataire et pourquoi cela ne peut pas attendre",
        /// No purpose or no kind of letter.
        UnknownWord
            "choose from the lists what the letter is for and what kind of letter it is"
            "choisissez dans les listes à quoi sert la lettre et quel type de lettre c’est",
        /// Another has this number.
        NumberTaken
            "another exception was recorded meanwhile; look at it first"
            "une autre exception vient d’être enregistrée ; lisez-la d’abord",
        /// There is none.
        NoSuchException
            "there is no exception of this number that waits; look at the list again"
            "aucune exception en attente ne porte ce numéro ; relisez la liste",
        /// The same person.
        OwnException
            "whoever asked for the exception cannot agree to it; ask a colleague"
            "la personne qui a demandé l’exception ne peut pas l’approuver ; demandez à une ou un collègue",
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
    /// The grade its office asks for before it goes to the UN or a State.
    pub fn required_grade(&self) -> Option<Code<Corroborations>> {
        self.duty.required
    }

    /// How many independent sources these are: those of one group are one.
    pub fn independent(&self, sources: &[SourceId]) -> usize {
        let distinct = sources.iter().filter_map(|id| self.source(*id));
        let distinct = distinct.map(|source| match source.independence_group.trim() {
            "" => (Some(source.id), String::new()),
            group => (None, group.to_lowercase()),
        });
        distinct.collect::<BTreeSet<_>>().len()
    }

    /// How well an act is corroborated: by the finding that rules, if somebody reviewed it and
    /// agreed, and the act was not changed since; and no better than its sources bear, as they are
    /// known now.
    pub fn grade_of(&self, act: ActId) -> Option<Code<Corroborations>> {
        let (changed, _) = self.acts.get(&act)?;
        let finding = self.finding_about(act)?;
        let agreed = finding.reviews.last().is_some_and(|review| review.agrees);
        let grade = finding.assessment.corroboration.code();
        let borne = bears(self.independent(&finding.assessment.sources))?;
        let grade = grade.filter(|_| agreed && finding.position > *changed)?;
        Some(grade.min(borne))
    }

    /// How well the case is corroborated: as its weakest act, because a letter tells of all of
    /// them. None when nothing was coded, or one act has no grade.
    pub fn grade(&self) -> Option<Code<Corroborations>> {
        self.weakest(self.acts.keys())
    }

    /// How well a part of the case is corroborated: as the weakest of the acts it names. What was
    /// told and what was attached speak of all of them.
    pub fn grade_of_items(&self, items: &[Item]) -> Option<Code<Corroborations>> {
        let tells_of_all = |item: &Item| !matches!(item, Item::Act(_) | Item::Person(_));
        let acts: Vec<ActId> = items
            .iter()
            .filter_map(|item| match item {
                Item::Act(act) => Some(*act),
                _ => None,
            })
            .collect();
        if acts.is_empty() || items.iter().any(tells_of_all) {
            return self.grade();
        }
        self.weakest(acts.iter())
    }

    fn weakest<'a>(&self, acts: impl Iterator<Item = &'a ActId>) -> Option<Code<Corroborations>> {
        let mut weakest = None;
        for act in acts {
            let grade = self.grade_of(*act)?;
            weakest = Some(weakest.map_or(grade, |so_far: Code<_>| so_far.min(grade)));
        }
        weakest
    }

    /// Letters that may go although the case is below the grade.
    pub fn exceptions(&self) -> &[Exception] {
        &self.duty.exceptions
    }

    /// Whether something may go as far as its grade is concerned: `Ok(None)` if the grade is
    /// reached or not asked for, `Ok(Some(n))` by exception number n.
    pub fn may_leave(&self, leaving: Leaving<'_>) -> Result<Option<u32>, BelowGrade> {
        let Some(required) = self.duty.required else {
            return Ok(None);
        };
        if !is_graded(leaving.purpose.as_str())
            || self.grade_of_items(leaving.items) >= Some(required)
        {
            return Ok(None);
        }
        let same = |exception: &&Exception| {
            !exception.used
                && exception.purpose.is(leaving.purpose.as_str())
                && exception.kind.code() == leaving.kind
                && same_recipient(&exception.to, leaving.to)
        };
        let mut refused = BelowGrade::NotCorroborated;
        for exception in self.duty.exceptions.iter().filter(same) {
            match &exception.agreed {
                Some((at, ..)) if leaving.day < at.day.saturating_add(HOLDS) => {
                    return Ok(Some(exception.number));
                }
                Some(_) => refused = BelowGrade::Lapsed,
                None => refused = BelowGrade::NeedsASecond,
            }
        }
        Err(refused)
    }
}

impl Communicated {
    pub(crate) fn leaving(&self, stamp: &Stamp) -> Option<Leaving<'_>> {
        Some(Leaving {
            purpose: self.purpose.code()?,
            kind: self.kind.code(),
            to: &self.to,
            items: &self.items,
            day: stamp.at.day,
        })
    }
}

impl PackageSent {
    pub(crate) fn leaving(&self, stamp: &Stamp) -> Option<Leaving<'_>> {
        Some(Leaving {
            purpose: self.purpose.code()?,
            kind: None,
            to: &self.to,
            items: &self.items,
            day: stamp.at.day,
        })
    }
}

/// The highest grade that so many independent sources bear.
pub(crate) fn bears(independent: usize) -> Option<Code<Corroborations>> {
    Code::of(match independent {
        0 => return None,
        1 => "c1",
        2 => "c3",
        _ => "c4",
    })
}

/// Whether something of a case reaches the UN or a State by a purpose. A prosecutor is the State,
/// and a national institution writes to it.
pub(crate) fn is_graded(purpose: &str) -> bool {
    matches!(
        purpose,
        "un-confidential"
            | "un-special-procedures"
            | "state-transmission"
            | "un-public-report"
            | "reprisals-sg-report"
            | "court-or-prosecutor"
            | "nhri"
    )
}

/// Sets the grade below which nothing goes to the UN or a State. A lower one than is in force
/// waits until a second person sets the same; in an office of one person it holds, and is marked.
pub fn set_grade(
    office: &Office,
    grade: Code<Corroborations>,
    reason: impl Into<Text>,
    team: Team,
    stamp: Stamp,
) -> Result<Entry, CannotSetGrade> {
    let lowers = office
        .grade()
        .required
        .is_some_and(|required| grade < required);
    let set = GradeSet {
        grade: grade.into(),
        reason: reason.into(),
        one_person_office: lowers && team == Team::OnePerson && office.is_alone(&stamp.by),
    };
    may_set_grade(office.grade(), &set, &stamp)?;
    Entry::written(stamp, None, set.into()).map_err(|_| CannotSetGrade::TooLong)
}

/// Says why a letter must go although the case is below the grade.
///
/// It is for one purpose, one kind of letter (none for material) and one recipient, and holds for
/// fourteen days once a second person agreed.
pub fn propose_exception(
    case: &Case,
    purpose: Code<Purposes>,
    kind: Option<Code<Communications>>,
    to: impl Into<Text>,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotExcept> {
    let proposed = ExceptionProposed {
        number: next_number(case),
        to: to.into(),
        reason: reason.into(),
        purpose: purpose.into(),
        kind: kind.map_or_else(Term::default, Into::into),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotExcept::Recused);
    }
    may_propose(case, &proposed)?;
    Entry::written(stamp, Some(case.id()), proposed.into()).map_err(|_| CannotExcept::TooLong)
}

/// Agrees to an exception somebody else asked for.
pub fn agree_to_exception(
    case: &Case,
    number: u32,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotExcept> {
    let agreed = ExceptionAgreed {
        number,
        reason: reason.into(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotExcept::Recused);
    }
    may_agree(case, &agreed, &stamp)?;
    Entry::written(stamp, Some(case.id()), agreed.into()).map_err(|_| CannotExcept::TooLong)
}

fn next_number(case: &Case) -> u32 {
    case.exceptions()
        .last()
        .map_or(1, |exception| exception.number.saturating_add(1))
}

pub(crate) fn may_set_grade(
    grade: &Grade,
    set: &GradeSet,
    stamp: &Stamp,
) -> Result<(), CannotSetGrade> {
    let wanted = set.grade.code().ok_or(CannotSetGrade::UnknownWord)?;
    if grade.required == Some(wanted) {
        return Err(CannotSetGrade::AlreadySet);
    }
    if set.reason.is_blank() {
        return Err(CannotSetGrade::NoReason);
    }
    let own = grade
        .lower
        .as_ref()
        .is_some_and(|(lower, by)| *lower == wanted && by.person() == stamp.by.person());
    if own && !set.one_person_office {
        return Err(CannotSetGrade::NeedsASecond);
    }
    Ok(())
}

pub(crate) fn may_propose(case: &Case, proposed: &ExceptionProposed) -> Result<(), CannotExcept> {
    if case.state() == State::Erased {
        return Err(CannotExcept::CaseErased);
    }
    if proposed.number != next_number(case) {
        return Err(CannotExcept::NumberTaken);
    }
    let kind = &proposed.kind;
    if proposed.purpose.entry().is_none() || !(kind.is_empty() || kind.entry().is_some()) {
        return Err(CannotExcept::UnknownWord);
    }
    let reached = |required| case.grade() >= Some(required);
    if !is_graded(proposed.purpose.as_str()) || case.duty.required.is_none_or(reached) {
        return Err(CannotExcept::NotNeeded);
    }
    if proposed.to.is_blank() || proposed.reason.is_blank() {
        return Err(CannotExcept::NothingWritten);
    }
    Ok(())
}

pub(crate) fn may_agree(
    case: &Case,
    agreed: &ExceptionAgreed,
    stamp: &Stamp,
) -> Result<(), CannotExcept> {
    if case.state() == State::Erased {
        return Err(CannotExcept::CaseErased);
    }
    let exception = case
        .exceptions()
        .iter()
        .find(|exception| exception.number == agreed.number && exception.agreed.is_none())
        .ok_or(CannotExcept::NoSuchException)?;
    if exception.proposed.1.person() == stamp.by.person() {
        return Err(CannotExcept::OwnException);
    }
    Ok(())
}
