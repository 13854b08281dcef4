//! Recording what may be done: consent, other grounds, withdrawal.
//!
//! What a report says about consent is told, not given: only what a caseworker records counts, and
//! it stands on a letter that the reporter's words signed, or on the caseworker who heard it and
//! whose name stands beside it. A ground that is not consent is recorded as what it is.

use record::{Consent, Ground, PersonId};

use crate::case::Case;
use crate::entry::{ConsentRecorded, ConsentWithdrawn, Entry, GroundRecorded, Leaf, Stamp};
use crate::field::refusals;
use crate::state::State;
use crate::text::Text;

refusals! {
    /// Why a consent or a ground is not recorded.
    CannotRecord {
        /// Whoever records stands back from the case.
        Recused
            "you stand back from this case; a colleague must record this"
            "vous êtes en retrait de ce dossier ; une ou un collègue doit l’enregistrer",
        /// Purpose, answer, identity level, giver or form is no word of the lists.
        UnknownWord
            "choose purpose, answer, identity level, giver and form from the lists"
            "choisissez dans les listes l’usage, la réponse, la part d’identité, l’auteur et la forme",
        /// The person is not in the case.
        NoSuchPerson
            "record the person first, then what the person answered"
            "enregistrez d’abord la personne, puis sa réponse",
        /// "In the app" without a signed letter.
        NotSigned
            "this letter was not signed by the reporter's words, so no consent counts by it; ask the person, and record who asked and how"
            "cette lettre n’est pas signée par les mots de la personne et ne vaut pas consentement ; demandez-le-lui, puis indiquez qui l’a demandé et comment",
        /// A letter named for a consent given by voice or hand.
        NotInTheLetter
            "a consent given by voice or on paper does not stand on a letter; name the letter only for one given in it"
            "un consentement oral ou sur papier ne repose pas sur une lettre ; n’indiquez une lettre que s’il y figure",
        /// The recorder is someone else.
        NotTheRecorder
            "whoever records a consent stands beside it by name"
            "la personne qui enregistre un consentement y figure nommément",
        /// Given by someone else without saying who and why.
        GiverNotTold
            "say who gave it for the person, in what relation, and why the person could not"
            "indiquez qui l’a donné à la place de la personne, à quel titre, et pourquoi elle ne le pouvait pas",
        /// A guardian spoke and the child was not heard.
        ChildNotHeard
            "record what the child said as well"
            "notez aussi ce que l’enfant a dit",
        /// The last day is before the first.
        DaysOutOfOrder
            "the last day is before the first; correct the days"
            "le dernier jour précède le premier ; corrigez les dates",
        /// A ground this office cannot record alone.
        NotThisGround
            "only a public source or the person's death can be recorded as a ground here; for anything else, ask for consent"
            "seuls une source publique ou le décès de la personne peuvent être enregistrés ici ; pour le reste, demandez le consentement",
        /// The ground does not reach so far.
        NotThisPurpose
            "this ground allows documenting, counting, research and publishing without names, nothing more; for anything else, ask for consent"
            "ce fondement permet de documenter, de compter, de faire de la recherche et de publier sans noms, rien de plus ; pour le reste, demandez le consentement",
        /// No reason.
        NoReason
            "say why the ground holds"
            "indiquez pourquoi ce fondement vaut ici",
        /// A public source that nobody can look up.
        NoSource
            "record the public source first, with where it can be found"
            "enregistrez d’abord la source publique et l’endroit où la trouver",
        /// Another one has this number.
        NumberTaken
            "another one was recorded meanwhile; look at it first"
            "un autre enregistrement vient d’être fait ; lisez-le d’abord",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a consent is not withdrawn.
    CannotWithdraw {
        /// There is none of this number.
        NoSuchConsent
            "there is no consent of this number; look at the list again"
            "aucun consentement ne porte ce numéro ; relisez la liste",
        /// It was withdrawn before.
        AlreadyWithdrawn
            "it was already withdrawn; nothing needs to be done"
            "il a déjà été retiré ; il n’y a rien à faire",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
}

/// Records one answer to one question. `letter` names the signed letter it stands in, and is none
/// for an answer given by voice or on paper; whoever records it stands beside it by name.
///
/// The subject is [`PersonId`]`(0)` for whoever wrote the report, or a person of the case.
pub fn record_consent(
    case: &Case,
    consent: Consent,
    letter: Option<Leaf>,
    stamp: Stamp,
) -> Result<Entry, CannotRecord> {
    let recorded = ConsentRecorded {
        number: next_consent(case),
        consent: Consent {
            recorded_by: stamp.by.to_string(),
            withdrawn: None,
            ..consent
        },
        letter,
    };
    may_record_consent(case, &recorded, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotRecord::Recused);
    }
    Entry::written(stamp, Some(case.id()), recorded.into()).map_err(|_| CannotRecord::TooLong)
}

/// Records a ground other than consent, and why it holds.
pub fn record_ground(case: &Case, ground: Ground, stamp: Stamp) -> Result<Entry, CannotRecord> {
    let recorded = GroundRecorded {
        number: next_ground(case),
        ground: Ground {
            recorded_by: stamp.by.to_string(),
            day: stamp.at.date(),
            ..ground
        },
    };
    may_record_ground(case, &recorded, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotRecord::Recused);
    }
    Entry::written(stamp, Some(case.id()), recorded.into()).map_err(|_| CannotRecord::TooLong)
}

/// Withdraws a consent. It covers nothing from here on; what already went out stands in
/// [`Case::outgoing`].
pub fn withdraw(
    case: &Case,
    consent: u32,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotWithdraw> {
    let withdrawn = ConsentWithdrawn {
        consent,
        reason: reason.into(),
    };
    may_withdraw(case, &withdrawn)?;
    Entry::written(stamp, Some(case.id()), withdrawn.into()).map_err(|_| CannotWithdraw::TooLong)
}

fn next_consent(case: &Case) -> u32 {
    case.consents()
        .last()
        .map_or(1, |recorded| recorded.number.saturating_add(1))
}

fn next_ground(case: &Case) -> u32 {
    case.grounds()
        .last()
        .map_or(1, |recorded| recorded.number.saturating_add(1))
}

pub(crate) fn may_record_consent(
    case: &Case,
    recorded: &ConsentRecorded,
    stamp: &Stamp,
) -> Result<(), CannotRecord> {
    let consent = &recorded.consent;
    if case.state() == State::Erased {
        return Err(CannotRecord::CaseErased);
    }
    if recorded.number != next_consent(case) {
        return Err(CannotRecord::NumberTaken);
    }
    let known = consent.purpose.entry().is_some()
        && consent.answer.entry().is_some()
        && consent.identity.entry().is_some()
        && consent.giver.entry().is_some()
        && consent.form.entry().is_some();
    if !known {
        return Err(CannotRecord::UnknownWord);
    }
    if consent.subject != PersonId(0) && case.person(consent.subject).is_none() {
        return Err(CannotRecord::NoSuchPerson);
    }
    match (consent.form.is("in-app"), recorded.letter) {
        (true, Some(leaf)) => {
            let signed = case
                .letters()
                .iter()
                .any(|letter| letter.leaf == Some(leaf) && letter.signed);
            if !signed {
                return Err(CannotRecord::NotSigned);
            }
        }
        (true, None) => return Err(CannotRecord::NotSigned),
        (false, Some(_)) => return Err(CannotRecord::NotInTheLetter),
        (false, None) => {}
    }
    if consent.recorded_by != stamp.by.to_string() {
        return Err(CannotRecord::NotTheRecorder);
    }
    if !consent.giver.is("self") && consent.giver_told.trim().is_empty() {
        return Err(CannotRecord::GiverNotTold);
    }
    if consent.giver.is("guardian") && consent.child_view.trim().is_empty() {
        return Err(CannotRecord::ChildNotHeard);
    }
    if let (Some(first), Some(last)) = (consent.first_day, consent.last_day)
        && last < first
    {
        return Err(CannotRecord::DaysOutOfOrder);
    }
    Ok(())
}

/// What a public source or a death allows without asking: nothing that names anyone.
pub(crate) const WITHOUT_ASKING: [&str; 4] = [
    "documentation-internal",
    "statistics",
    "public-anonymous",
    "research",
];

pub(crate) fn may_record_ground(
    case: &Case,
    recorded: &GroundRecorded,
    stamp: &Stamp,
) -> Result<(), CannotRecord> {
    let ground = &recorded.ground;
    if case.state() == State::Erased {
        return Err(CannotRecord::CaseErased);
    }
    if recorded.number != next_ground(case) {
        return Err(CannotRecord::NumberTaken);
    }
    if !(ground.kind.is("public-source") || ground.kind.is("deceased")) {
        return Err(CannotRecord::NotThisGround);
    }
    if ground.reason.trim().is_empty() {
        return Err(CannotRecord::NoReason);
    }
    if ground.purposes.is_empty()
        || !ground
            .purposes
            .iter()
            .all(|purpose| WITHOUT_ASKING.contains(&purpose.as_str()))
    {
        return Err(CannotRecord::NotThisPurpose);
    }
    if ground
        .subject
        .is_some_and(|subject| case.person(subject).is_none())
    {
        return Err(CannotRecord::NoSuchPerson);
    }
    if ground.kind.is("public-source") {
        let findable = ground
            .source
            .and_then(|source| case.source(source))
            .is_some_and(|source| !source.found.trim().is_empty());
        if !findable {
            return Err(CannotRecord::NoSource);
        }
    }
    if ground.recorded_by != stamp.by.to_string() {
        return Err(CannotRecord::NotTheRecorder);
    }
    Ok(())
}

pub(crate) fn may_withdraw(
    case: &Case,
    withdrawn: &ConsentWithdrawn,
) -> Result<(), CannotWithdraw> {
    match case
        .consents()
        .iter()
        .find(|recorded| recorded.number == withdrawn.consent)
    {
        None => Err(CannotWithdraw::NoSuchConsent),
        Some(recorded) if recorded.withdrawn.is_some() => Err(CannotWithdraw::AlreadyWithdrawn),
        Some(_) => Ok(()),
    }
}
