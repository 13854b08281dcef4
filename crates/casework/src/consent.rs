//! Recording what may be done: consent, other grounds, withdrawal.
//!
//! What a report says about consent is told, not given: only what a caseworker records counts, and
//! it stands on a letter that the reporter's words signed, or on the caseworker who heard it and
//! whose name stands beside it. A ground that is not consent is recorded as what it is. Who may
//! answer for someone else stands in `stand_in`. (decision 0054)

use record::{Consent, Ground, Item, PersonId};

use crate::case::{Case, LetterIn, RecordedConsent};
use crate::entry::{
    AfterWithdrawal, ConsentRecorded, ConsentWithdrawn, Entry, ErasureChosen, GroundRecorded, Leaf,
    Stamp,
};
use crate::field::refusals;
use crate::stand_in::{Age, CONFINED_TO, MAY_STAND_IN};
use crate::state::State;
use crate::text::Text;

refusals! {
    /// Why a consent or a ground is not recorded.
    CannotRecord {
        /// Whoever records stands back from the case.
        Recused
            "you stand back from this case; a colleague must record this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit l’enregistrer",
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
        /// The letter says nothing of it, or something else.
        NotWhatTheLetterSays
            "the letter does not say this; record what it says, or ask the person and record who asked and how"
            "la lettre ne dit pas cela ; enregistrez ce qu’elle dit, ou demandez à la personne, puis indiquez qui l’a demandé et comment",
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
        /// The items are none of this case.
        NoSuchItem
            "choose persons, acts, attachments or the narrative of this case; record them first if they are missing"
            "choisissez des personnes, des actes, des pièces jointes ou le récit de ce dossier ; enregistrez-les d’abord s’ils manquent",
        /// Whoever says yes for another is no person of the case.
        GiverNotRecorded
            "record the guardian or relative as a person of the case first, so that it is seen if they are named as a perpetrator"
            "enregistrez d’abord le parent, le tuteur ou le proche comme personne du dossier, pour que l’on voie s’il est mis en cause",
        /// Whoever gives it is said to have done an act of the case.
        GiverAccused
            "whoever gives this is named as a perpetrator in this case and cannot answer for the person; find someone else who may"
            "la personne qui donne cette réponse est mise en cause dans ce dossier et ne peut pas répondre pour la victime ; trouvez quelqu’un d’autre qui en ait le droit",
        /// A guardian for someone of age.
        NotAChild
            "the person is of age and answers alone; ask the person"
            "la personne est majeure et répond elle-même ; demandez-lui",
        /// A guardian's yes, and nothing says that it is for a child.
        AgeNotTold
            "a guardian says yes for a child only, and nothing here tells the person's age; record the age, or ask the person"
            "un parent ou un tuteur ne dit oui que pour un enfant, et rien ici n’indique l’âge de la personne ; enregistrez son âge, ou demandez-lui",
        /// A yes by someone who may not give one.
        NotTheirsToGive
            "only the person says yes, a guardian for a child, or next of kin for someone whose death is recorded; for anyone else, choose “cannot be asked”"
            "seuls peuvent dire oui la personne, un parent ou un tuteur pour un enfant, ou un proche pour une personne dont le décès est enregistré ; sinon, choisissez « impossible de consulter la personne »",
        /// "Cannot be asked", and nobody who may answer instead.
        NobodyInstead
            "say who answers instead: a lawyer, next of kin, or this office"
            "indiquez qui répond à sa place : un avocat ou une avocate, un proche, ou ce bureau",
        /// "Cannot be asked", for a use that must wait for the person.
        OnlyConfidential
            "for someone who cannot be asked, only a confidential urgent appeal or a disappearance goes to the UN; anything else waits for the person"
            "quand il est impossible de consulter la personne, seul un appel urgent confidentiel ou une disparition peut aller à l’ONU ; le reste attend la personne",
        /// A yes, and nothing said before it.
        NotForewarned
            "before a yes, say what cannot be taken back, who will know and what reaction is likely, and look at the risk together; then record each, with the day"
            "avant un oui, dites ce qui ne pourra pas être repris, qui le saura et quelle réaction est probable, et examinez le risque ensemble ; puis notez chaque point, avec la date",
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
    /// Why no choice about erasing is recorded.
    CannotChoose {
        /// It was not withdrawn.
        NotWithdrawn
            "this choice follows a withdrawal; record the withdrawal first"
            "ce choix suit un retrait ; enregistrez d’abord le retrait",
        /// The same was chosen before.
        AlreadyChosen
            "this was chosen before; nothing needs to be done"
            "ce choix est déjà enregistré ; il n’y a rien à faire",
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
        consent: Box::new(Consent {
            recorded_by: stamp.by.to_string(),
            withdrawn: None,
            ..consent
        }),
        letter,
    };
    may_record_consent(case, &recorded, &stamp)?;
    let consent = &recorded.consent;
    if is_yes(consent) && !was_forewarned(consent) {
        return Err(CannotRecord::NotForewarned);
    }
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

/// Withdraws a consent. It covers nothing from here on. What already went out under it stands in
/// [`Case::went_out_under`], and from here on [`Case::erasure_to_choose`] asks what the person wants
/// to become of the rest.
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

/// Records what the person wants to become of the material after a withdrawal. To erase is a
/// decision of its own that follows: [`erase`](crate::erase).
pub fn choose_after_withdrawal(
    case: &Case,
    consent: u32,
    choice: AfterWithdrawal,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotChoose> {
    let chosen = ErasureChosen {
        consent,
        choice,
        reason: reason.into(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotChoose::Recused);
    }
    may_choose(case, &chosen)?;
    Entry::written(stamp, Some(case.id()), chosen.into()).map_err(|_| CannotChoose::TooLong)
}

impl Case {
    /// A consent by its number.
    pub fn consent(&self, number: u32) -> Option<&RecordedConsent> {
        self.consents()
            .iter()
            .find(|recorded| recorded.number == number)
    }

    /// The consents that were withdrawn and of which nobody said yet whether what rested on them is
    /// to be erased or kept.
    pub fn erasure_to_choose(&self) -> impl Iterator<Item = &RecordedConsent> {
        self.consents()
            .iter()
            .filter(|recorded| recorded.withdrawn.is_some() && recorded.chosen.is_none())
    }

    /// Whether a person chose, after a withdrawal, that the case be erased: it still is there.
    pub fn is_to_be_erased(&self) -> bool {
        self.consents()
            .iter()
            .any(|recorded| matches!(recorded.chosen, Some((_, AfterWithdrawal::Erase))))
    }

    /// Whether the case has a thing that an answer may be about. Of attachments the case knows
    /// nothing: whoever keeps them does.
    pub(crate) fn has(&self, item: &Item) -> bool {
        match item {
            Item::Person(person) => self.person(*person).is_some(),
            Item::Act(act) => self.act(*act).is_some(),
            Item::Attachment(_) | Item::Narrative => true,
            Item::Unknown(_) => false,
        }
    }
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
    // A number before this may be missing, because its entry decided nothing. A no is never lost
    // over its number: see `number_of`.
    if is_yes(consent) && number_of(case, recorded) != recorded.number {
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
            let mut letters = case.letters().iter();
            let letter = letters
                .find(|letter| letter.leaf == Some(leaf) && letter.signed)
                .ok_or(CannotRecord::NotSigned)?;
            if !says(letter, consent) {
                return Err(CannotRecord::NotWhatTheLetterSays);
            }
        }
        (true, None) => return Err(CannotRecord::NotSigned),
        (false, Some(_)) => return Err(CannotRecord::NotInTheLetter),
        (false, None) => {}
    }
    if consent.recorded_by != stamp.by.to_string() {
        return Err(CannotRecord::NotTheRecorder);
    }
    if !consent.items.iter().all(|item| case.has(item)) {
        return Err(CannotRecord::NoSuchItem);
    }
    if !consent.giver.is("self") {
        may_answer_for_another(case, consent, stamp)?;
    }
    if consent.answer.is("cannot-ask") {
        if !MAY_STAND_IN.contains(&consent.giver.as_str()) {
            return Err(CannotRecord::NobodyInstead);
        }
        if !consent.purpose.is(CONFINED_TO) {
            return Err(CannotRecord::OnlyConfidential);
        }
    }
    if let (Some(first), Some(last)) = (consent.first_day, consent.last_day)
        && last < first
    {
        return Err(CannotRecord::DaysOutOfOrder);
    }
    Ok(())
}

/// Whether a letter says this answer, and no other: of whoever wrote it, for all recipients, about
/// the whole case. A signature stands under what was written, not under what a caseworker enters.
fn says(letter: &LetterIn, consent: &Consent) -> bool {
    let theirs = consent.subject == PersonId(0)
        && consent.giver.is("self")
        && consent.giver_person.is_none()
        && consent.recipient.trim().is_empty()
        && consent.items.is_empty();
    let told = letter.report.as_ref().map(|report| &*report.consents);
    theirs
        && told.unwrap_or_default().iter().any(|told| {
            // Not asked where a use shows no identity at all, and unsaid otherwise: nothing is shown.
            let identity = if told.identity.is_empty() {
                consent.identity.is("none")
            } else {
                told.identity == consent.identity
            };
            identity && told.purpose == consent.purpose && told.answer == consent.answer
        })
}

fn may_answer_for_another(
    case: &Case,
    consent: &Consent,
    stamp: &Stamp,
) -> Result<(), CannotRecord> {
    if consent.giver_told.trim().is_empty() {
        return Err(CannotRecord::GiverNotTold);
    }
    let guardian = consent.giver.is("guardian");
    match consent.giver_person {
        Some(giver) if case.person(giver).is_none() => return Err(CannotRecord::GiverNotRecorded),
        Some(giver) if case.is_accused(giver) => return Err(CannotRecord::GiverAccused),
        // Only a person of the case is found when they turn out to be accused. A relative's no needs
        // none of this: it is never refused.
        None if guardian || (consent.giver.is("next-of-kin") && is_yes(consent)) => {
            return Err(CannotRecord::GiverNotRecorded);
        }
        _ => {}
    }
    if guardian {
        if consent.child_view.trim().is_empty() {
            return Err(CannotRecord::ChildNotHeard);
        }
        let age = stamp.at.date().map(|day| case.age_of(consent.subject, day));
        match age {
            Some(Age::Grown) => return Err(CannotRecord::NotAChild),
            // A no protects, whatever the age.
            Some(Age::Unknown) | None if is_yes(consent) => return Err(CannotRecord::AgeNotTold),
            _ => {}
        }
    } else if consent.answer.is("yes")
        && !(consent.giver.is("next-of-kin") && case.is_dead(consent.subject))
    {
        return Err(CannotRecord::NotTheirsToGive);
    }
    Ok(())
}

/// Whether an answer allows something: the person's yes, or another's for someone who cannot be
/// asked.
pub(crate) fn is_yes(consent: &Consent) -> bool {
    consent.answer.is("yes") || consent.answer.is("cannot-ask")
}

/// So many numbers in a row may be missing, each of an entry that decided nothing: a bound, so that
/// no single entry uses all numbers up.
const MISSING_AT_MOST: u32 = 1000;

/// The number under which an answer is kept: its own, or, where that is taken, the next.
pub(crate) fn number_of(case: &Case, recorded: &ConsentRecorded) -> u32 {
    let next = next_consent(case);
    let ahead = recorded.number.checked_sub(next);
    if ahead.is_some_and(|ahead| ahead <= MISSING_AT_MOST) {
        recorded.number
    } else {
        next
    }
}

/// What never leaves the office, or only as a number.
pub(crate) const WITHIN_THE_OFFICE: [&str; 2] = ["documentation-internal", "statistics"];

/// Whether was said before an answer what must be. A letter's own form says it, and what never
/// leaves the office can be taken back.
pub(crate) fn was_forewarned(consent: &Consent) -> bool {
    let said = &consent.forewarning;
    consent.form.is("in-app")
        || WITHIN_THE_OFFICE.contains(&consent.purpose.as_str())
        || (said.risk_reviewed.is_some()
            && [
                &said.beyond_recall,
                &said.who_will_know,
                &said.likely_reaction,
            ]
            .iter()
            .all(|text| !text.trim().is_empty()))
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
    match case.consent(withdrawn.consent) {
        None => Err(CannotWithdraw::NoSuchConsent),
        Some(recorded) if recorded.withdrawn.is_some() => Err(CannotWithdraw::AlreadyWithdrawn),
        Some(_) => Ok(()),
    }
}

pub(crate) fn may_choose(case: &Case, chosen: &ErasureChosen) -> Result<(), CannotChoose> {
    let recorded = case.consent(chosen.consent);
    match recorded.filter(|recorded| recorded.withdrawn.is_some()) {
        None => Err(CannotChoose::NotWithdrawn),
        Some(recorded)
            if recorded
                .chosen
                .is_some_and(|(_, before)| before == chosen.choice) =>
        {
            Err(CannotChoose::AlreadyChosen)
        }
        Some(_) => Ok(()),
    }
}
