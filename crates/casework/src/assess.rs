//! How sure the office is, and who looked twice.
//!
//! A finding has sources and reasons; another person reviews it; only then may an act be called
//! verified. In an office of one person the assessor may review alone, and that is marked and
//! shown. The newest finding about an act rules; none is ever overwritten.

use record::vocabulary::Standards;
use record::{ActId, Assessment, Code, Source};

use crate::case::Case;
use crate::count;
use crate::entry::{Assessed, Entry, Reviewed, SourceRecorded, Stamp, Verified};
use crate::field::refusals;
use crate::grade;
use crate::state::State;
use crate::text::Text;

/// How many people an office has to look twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Team {
    /// One: the assessor may review alone, and it is marked.
    OnePerson,
    /// Several: the reviewer is someone else.
    Several,
}

refusals! {
    /// Why a source or a finding is not recorded.
    CannotAssess {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Numbers begin at 1.
        NoNumber
            "give it the case's next number, or the number of the one it corrects"
            "donnez-lui le prochain numéro du dossier, ou celui de l’élément corrigé",
        /// The kind of source, the standard or the corroboration is no word of the lists.
        UnknownWord
            "choose the kind of source, the standard and the corroboration from the lists"
            "choisissez dans les listes le type de source, le niveau de preuve et la corroboration",
        /// The act is not in the case.
        NoSuchAct
            "code the act first"
            "codez d’abord l’acte",
        /// A source is not in the case.
        NoSuchSource
            "record the source first"
            "enregistrez d’abord la source",
        /// No reasons.
        NoReasons
            "give the reasons: they are what makes it a finding"
            "donnez les raisons : sans elles, ce n’est pas une évaluation",
        /// Reasonable grounds to believe, and no source.
        NoSource
            "reasonable grounds to believe need at least one source; name those it rests on"
            "des motifs raisonnables de croire exigent au moins une source ; indiquez celles sur lesquelles repose l’évaluation",
        /// Better corroborated than its sources bear.
        TooFewSources
            "corroboration counts independent sources: one for C0 and C1, two for C2 and C3, three for C4; name them, or choose a lower grade"
            "la corroboration compte les sources indépendantes : une pour C0 et C1, deux pour C2 et C3, trois pour C4 ; indiquez-les, ou choisissez un niveau inférieur",
        /// The assessor is someone else.
        NotTheAssessor
            "whoever assesses stands beside it by name"
            "la personne qui évalue y figure nommément",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a review is not recorded.
    CannotReview {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// There is none of this number.
        NoSuchAssessment
            "there is no assessment of this number; look at the list again"
            "aucune évaluation ne porte ce numéro ; relisez la liste",
        /// The assessor reviews.
        OwnAssessment
            "the assessor cannot review; ask a colleague, or, in an office of one person, say so in its settings"
            "la personne qui a évalué ne peut pas relire ; demandez à une collègue ou à un collègue ou, si le bureau n’a qu’une personne, indiquez-le dans ses réglages",
        /// Whoever wrote the report down reviews.
        OwnReport
            "whoever took the report down cannot review what is made of it; ask a colleague, or, in an office of one person, say so in its settings"
            "la personne qui a consigné le signalement ne peut pas relire ce qui en est tiré ; demandez à une collègue ou à un collègue ou, si le bureau n’a qu’une personne, indiquez-le dans ses réglages",
        /// Disagreement without reasons.
        NoReasons
            "say why you do not agree"
            "indiquez pourquoi vous n’êtes pas d’accord",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why an act is not called verified.
    CannotVerify {
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// The act is not in the case.
        NoSuchAct
            "code the act first"
            "codez d’abord l’acte",
        /// No finding of this number about the act.
        NoSuchAssessment
            "no assessment of this number speaks of this act; record one"
            "aucune évaluation de ce numéro ne porte sur cet acte ; enregistrez-en une",
        /// A newer finding speaks of the act.
        NotTheNewest
            "a newer assessment speaks of this act; verify by that one"
            "une évaluation plus récente porte sur cet acte ; appuyez-vous sur elle",
        /// The act was changed since.
        ActChanged
            "the act was changed after this assessment; assess it again"
            "l’acte a été modifié après cette évaluation ; évaluez-le de nouveau",
        /// Less than reasonable grounds to believe.
        BelowStandard
            "verified means reasonable grounds to believe, or more; this assessment reached less"
            "« vérifié » suppose des motifs raisonnables de croire, ou davantage ; cette évaluation n’y parvient pas",
        /// No source.
        NoSource
            "nothing is verified without a source; name those the assessment rests on"
            "rien n’est vérifié sans source ; indiquez celles sur lesquelles repose l’évaluation",
        /// No reasons.
        NoReasons
            "nothing is verified without reasons; write them into an assessment"
            "rien n’est vérifié sans raisons ; exposez-les dans une évaluation",
        /// Nobody reviewed it, or the last review disagreed.
        NotReviewed
            "someone must review the assessment and agree first"
            "l’évaluation doit d’abord être relue et approuvée",
        /// Not even the year is known.
        NoTime
            "say when it happened, at least the year; it is counted under it"
            "indiquez quand l’acte a eu lieu, au moins l’année ; il est compté sous elle",
        /// Nobody is named as the victim, or no group.
        NoVictim
            "say against whom it was done, and which group; it is counted under it"
            "indiquez qui était visé et quel groupe ; l’acte est compté sous lui",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
}

/// Records a source, or corrects one.
pub fn record_source(case: &Case, source: Source, stamp: Stamp) -> Result<Entry, CannotAssess> {
    may_record_source(case, &source)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotAssess::Recused);
    }
    Entry::written(stamp, Some(case.id()), SourceRecorded { source }.into())
        .map_err(|_| CannotAssess::TooLong)
}

/// Records a finding about an act, or about the whole case.
pub fn assess(case: &Case, assessment: Assessment, stamp: Stamp) -> Result<Entry, CannotAssess> {
    let assessed = Assessed {
        number: next_number(case),
        assessment: Assessment {
            assessor: stamp.by.person().to_owned(),
            reviewer: String::new(),
            day: stamp.at.date(),
            ..assessment
        },
    };
    may_assess(case, &assessed, &stamp)?;
    // An older entry that claims more is kept and counts for no more than its sources bear: see
    // [`Case::grade_of`].
    let borne = grade::bears(case.independent(&assessed.assessment.sources));
    if assessed.assessment.corroboration.code() > borne {
        return Err(CannotAssess::TooFewSources);
    }
    if case.is_recused(&stamp.by) {
        return Err(CannotAssess::Recused);
    }
    Entry::written(stamp, Some(case.id()), assessed.into()).map_err(|_| CannotAssess::TooLong)
}

/// Records that someone looked at a finding again.
pub fn review(
    case: &Case,
    assessment: u32,
    agrees: bool,
    reasons: impl Into<Text>,
    team: Team,
    stamp: Stamp,
) -> Result<Entry, CannotReview> {
    let own = case
        .findings()
        .iter()
        .any(|finding| finding.number == assessment && finding.by.person() == stamp.by.person());
    let reviewed = Reviewed {
        assessment,
        agrees,
        reasons: reasons.into(),
        // A review by someone else is an ordinary one, in the smallest office too.
        one_person_office: (own || wrote_it_down(case, &stamp)) && team == Team::OnePerson,
    };
    may_review(case, &reviewed, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotReview::Recused);
    }
    Entry::written(stamp, Some(case.id()), reviewed.into()).map_err(|_| CannotReview::TooLong)
}

/// Calls an act verified, by a finding that was reviewed.
pub fn verify(
    case: &Case,
    act: ActId,
    assessment: u32,
    stamp: Stamp,
) -> Result<Entry, CannotVerify> {
    let verified = Verified { act, assessment };
    may_verify(case, &verified)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotVerify::Recused);
    }
    Entry::written(stamp, Some(case.id()), verified.into()).map_err(|_| CannotVerify::TooLong)
}

fn next_number(case: &Case) -> u32 {
    case.findings()
        .last()
        .map_or(1, |finding| finding.number.saturating_add(1))
}

pub(crate) fn may_record_source(case: &Case, source: &Source) -> Result<(), CannotAssess> {
    if case.state() == State::Erased {
        return Err(CannotAssess::CaseErased);
    }
    if !(1..=case.next_source().0).contains(&source.id.0) {
        return Err(CannotAssess::NoNumber);
    }
    if source.kind.entry().is_none() {
        return Err(CannotAssess::UnknownWord);
    }
    Ok(())
}

pub(crate) fn may_assess(
    case: &Case,
    assessed: &Assessed,
    stamp: &Stamp,
) -> Result<(), CannotAssess> {
    let assessment = &assessed.assessment;
    if case.state() == State::Erased {
        return Err(CannotAssess::CaseErased);
    }
    if assessed.number != next_number(case) {
        return Err(CannotAssess::NoNumber);
    }
    if assessment.act.is_some_and(|act| case.act(act).is_none()) {
        return Err(CannotAssess::NoSuchAct);
    }
    if assessment.standard.entry().is_none()
        || !(assessment.corroboration.is_empty() || assessment.corroboration.entry().is_some())
    {
        return Err(CannotAssess::UnknownWord);
    }
    if assessment
        .sources
        .iter()
        .any(|source| case.source(*source).is_none())
    {
        return Err(CannotAssess::NoSuchSource);
    }
    if assessment.reasons.trim().is_empty() {
        return Err(CannotAssess::NoReasons);
    }
    if assessment.standard.is_verified() && assessment.sources.is_empty() {
        return Err(CannotAssess::NoSource);
    }
    if assessment.assessor != stamp.by.person() {
        return Err(CannotAssess::NotTheAssessor);
    }
    Ok(())
}

pub(crate) fn may_review(
    case: &Case,
    reviewed: &Reviewed,
    stamp: &Stamp,
) -> Result<(), CannotReview> {
    let finding = case
        .findings()
        .iter()
        .find(|finding| finding.number == reviewed.assessment)
        .ok_or(CannotReview::NoSuchAssessment)?;
    let alone = reviewed.one_person_office && case.is_alone(&stamp.by);
    if finding.by.person() == stamp.by.person() && !alone {
        return Err(CannotReview::OwnAssessment);
    }
    if wrote_it_down(case, stamp) && !alone {
        return Err(CannotReview::OwnReport);
    }
    if !reviewed.agrees && reviewed.reasons.is_blank() {
        return Err(CannotReview::NoReasons);
    }
    Ok(())
}

/// Whether someone wrote a report of the case down: what a visitor said, what stood on paper. A
/// sealed letter is its writer's, and what was imported is the data set's.
fn wrote_it_down(case: &Case, stamp: &Stamp) -> bool {
    case.letters().iter().any(|letter| {
        let by = |person: &str| person.trim().eq_ignore_ascii_case(stamp.by.person());
        letter.leaf.is_none()
            && !letter.channel.is("import")
            && (by(letter.by.person()) || letter.taken.as_ref().is_some_and(|taken| by(&taken.by)))
    })
}

/// The standard that was reached, and whether no second person looked.
pub(crate) fn may_verify(
    case: &Case,
    verified: &Verified,
) -> Result<(Code<Standards>, bool), CannotVerify> {
    let (changed, act) = case
        .acts
        .get(&verified.act)
        .ok_or(CannotVerify::NoSuchAct)?;
    let finding = case
        .findings()
        .iter()
        .find(|finding| finding.number == verified.assessment && finding.is_about(verified.act))
        .ok_or(CannotVerify::NoSuchAssessment)?;
    if case
        .finding_about(verified.act)
        .is_some_and(|newest| newest.number != finding.number)
    {
        return Err(CannotVerify::NotTheNewest);
    }
    if *changed > finding.position {
        return Err(CannotVerify::ActChanged);
    }
    let standard = finding
        .assessment
        .standard
        .code()
        .filter(|standard| standard.is_verified())
        .ok_or(CannotVerify::BelowStandard)?;
    if finding.assessment.sources.is_empty() {
        return Err(CannotVerify::NoSource);
    }
    if finding.assessment.reasons.trim().is_empty() {
        return Err(CannotVerify::NoReasons);
    }
    let review = finding
        .reviews
        .last()
        .filter(|review| review.agrees)
        .ok_or(CannotVerify::NotReviewed)?;
    if count::period_of(case, act).is_none() {
        return Err(CannotVerify::NoTime);
    }
    if act.victims.is_empty()
        || act
            .victims
            .iter()
            .any(|victim| count::group_of(case, victim).is_none())
    {
        return Err(CannotVerify::NoVictim);
    }
    Ok((standard, review.one_person_office))
}
