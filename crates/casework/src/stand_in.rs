//! Who answers for someone else: a guardian for a child, next of kin for the dead, and a lawyer,
//! next of kin or the office for someone who cannot be asked. (decision 0054)
//!
//! Whoever is said to have done an act of the case answers for nobody. Who cannot be asked is
//! answered for by two people, for fourteen days, for a confidential urgent appeal or a
//! disappearance and nothing else; once reached, the person answers alone. Those who answer for the
//! same person and do not agree are all recorded, and nothing is used until a person says which
//! answer stands, and why.

use record::{Date, PersonId};

use crate::case::{Case, RecordedConsent};
use crate::entry::{ConsentSeconded, DisagreementResolved, Entry, PersonReached, Stamp};
use crate::field::refusals;
use crate::text::Text;

/// The one purpose for which someone may be answered for who cannot be asked.
pub(crate) const CONFINED_TO: &str = "un-confidential";
/// The letters it may become.
pub(crate) const CONFINED_LETTERS: [&str; 2] = ["urgent-appeal", "wgeid-humanitarian"];
/// Who may answer for someone who cannot be asked.
pub(crate) const MAY_STAND_IN: [&str; 3] = ["lawyer", "next-of-kin", "office"];
/// Days, with the one on which it was recorded, after which such an answer is over.
const STAND_IN_DAYS: u32 = 14;
/// From this age on a person answers alone.
pub(crate) const OF_AGE: u16 = 18;

refusals! {
    /// Why nobody stands by an answer as a second person.
    CannotSecond {
        /// There is none of this number.
        NoSuchConsent
            "there is no consent of this number; look at the list again"
            "aucun consentement ne porte ce numéro ; relisez la liste",
        /// It needs no second person.
        NotNeeded
            "only an answer for someone who cannot be asked needs a second person, once"
            "seule une réponse donnée pour une personne qu’il est impossible de consulter exige un deuxième accord, une seule fois",
        /// It was recorded by the same person.
        SamePerson
            "whoever recorded it cannot be the second person; ask a colleague to look"
            "la personne qui l’a enregistrée ne peut pas donner le deuxième accord ; demandez à un ou une collègue",
        /// It was withdrawn, or is over.
        Over
            "this answer no longer counts; record a new one if it still is needed"
            "cette réponse ne vaut plus ; enregistrez-en une nouvelle si elle reste nécessaire",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "this is too long to be stored"
            "ceci est trop long pour être enregistré",
    }
    /// Why it is not recorded that someone was reached.
    CannotReach {
        /// The person is not in the case.
        NoSuchPerson
            "record the person first"
            "enregistrez d’abord la personne",
        /// Nobody answered for the person.
        NobodyAnswered
            "nobody answered for this person; record the person's own answer"
            "personne n’a répondu à sa place ; enregistrez la réponse de la personne elle-même",
        /// Nothing is said of how.
        NotTold
            "say how the person was reached, and how you know it is that person"
            "indiquez comment la personne a été jointe et comment vous savez que c’est elle",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten it"
            "ce texte est trop long pour être enregistré ; raccourcissez-le",
    }
    /// Why a disagreement is not resolved.
    CannotResolve {
        /// There is none of this number.
        NoSuchConsent
            "there is no consent of this number; look at the list again"
            "aucun consentement ne porte ce numéro ; relisez la liste",
        /// Nobody disagrees.
        NoDisagreement
            "nobody else answered this for the person; there is nothing to resolve"
            "personne d’autre n’a répondu à cela pour la personne ; il n’y a rien à trancher",
        /// It counts no more.
        Over
            "this answer no longer counts and cannot stand; choose another"
            "cette réponse ne vaut plus et ne peut pas être retenue ; choisissez-en une autre",
        /// No reason.
        NoReason
            "say why this answer stands and the other does not"
            "indiquez pourquoi cette réponse est retenue et l’autre non",
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

/// Stands, as a second person of the office, by an answer for someone who cannot be asked. Before
/// that it covers nothing.
pub fn second(case: &Case, consent: u32, stamp: Stamp) -> Result<Entry, CannotSecond> {
    let seconded = ConsentSeconded { consent };
    if case.is_recused(&stamp.by) {
        return Err(CannotSecond::Recused);
    }
    may_second(case, &seconded, &stamp)?;
    Entry::written(stamp, Some(case.id()), seconded.into()).map_err(|_| CannotSecond::TooLong)
}

/// Records that someone who could not be asked was reached: what others answered for them covers
/// nothing from here on, and the person is asked.
pub fn reach(
    case: &Case,
    subject: PersonId,
    how: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotReach> {
    let reached = PersonReached {
        subject,
        how: how.into(),
    };
    may_reach(case, &reached)?;
    Entry::written(stamp, Some(case.id()), reached.into()).map_err(|_| CannotReach::TooLong)
}

/// Decides which answer stands where those who answer for someone do not agree. It holds until one
/// of them answers anew, or takes an answer back.
pub fn resolve(
    case: &Case,
    stands: u32,
    reason: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotResolve> {
    let resolved = DisagreementResolved {
        stands,
        reason: reason.into(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotResolve::Recused);
    }
    may_resolve(case, &resolved)?;
    Entry::written(stamp, Some(case.id()), resolved.into()).map_err(|_| CannotResolve::TooLong)
}

pub(crate) fn may_second(
    case: &Case,
    seconded: &ConsentSeconded,
    stamp: &Stamp,
) -> Result<(), CannotSecond> {
    let recorded = case
        .consent(seconded.consent)
        .ok_or(CannotSecond::NoSuchConsent)?;
    if !recorded.consent.answer.is("cannot-ask") || recorded.seconded.is_some() {
        return Err(CannotSecond::NotNeeded);
    }
    let over = stamp.at.day >= stand_in_ends(recorded);
    if recorded.withdrawn.is_some()
        || recorded.ended.is_some()
        || over
        || case.was_reached(recorded)
    {
        return Err(CannotSecond::Over);
    }
    // Two desks of one person are one person.
    if recorded.by.person() == stamp.by.person() {
        return Err(CannotSecond::SamePerson);
    }
    Ok(())
}

pub(crate) fn may_reach(case: &Case, reached: &PersonReached) -> Result<(), CannotReach> {
    if reached.subject != PersonId(0) && case.person(reached.subject).is_none() {
        return Err(CannotReach::NoSuchPerson);
    }
    let stood_in = |recorded: &RecordedConsent| {
        recorded.consent.subject == reached.subject && recorded.consent.answer.is("cannot-ask")
    };
    if !case.consents().iter().any(stood_in) {
        return Err(CannotReach::NobodyAnswered);
    }
    if reached.how.is_blank() {
        return Err(CannotReach::NotTold);
    }
    Ok(())
}

pub(crate) fn may_resolve(
    case: &Case,
    resolved: &DisagreementResolved,
) -> Result<(), CannotResolve> {
    let stands = case
        .consent(resolved.stands)
        .ok_or(CannotResolve::NoSuchConsent)?;
    let (consent, giver) = (&stands.consent, giver(stands));
    let others = case.consents().iter().any(|other| {
        other.consent.subject == consent.subject
            && other.consent.purpose == consent.purpose
            && !other.consent.giver.is("self")
            && self::giver(other) != giver
    });
    if consent.giver.is("self") || !others {
        return Err(CannotResolve::NoDisagreement);
    }
    if stands.withdrawn.is_some() || stands.ended.is_some() {
        return Err(CannotResolve::Over);
    }
    if resolved.reason.is_blank() {
        return Err(CannotResolve::NoReason);
    }
    Ok(())
}

/// Who answered for somebody: a person of the case by number, anybody else as they are told. Told
/// in other words, they are somebody else: two answers then stand against each other until a person
/// looks, and none is lost.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Giver {
    Office,
    OfTheCase(PersonId),
    Told(String, String),
}

pub(crate) fn giver(recorded: &RecordedConsent) -> Giver {
    let consent = &recorded.consent;
    match consent.giver_person {
        _ if consent.giver.is("office") => Giver::Office,
        Some(person) => Giver::OfTheCase(person),
        None => Giver::Told(
            consent.giver.as_str().to_owned(),
            consent.giver_told.trim().to_lowercase(),
        ),
    }
}

/// The first day on which an answer for someone who cannot be asked is over.
pub(crate) fn stand_in_ends(recorded: &RecordedConsent) -> u32 {
    recorded.at.day.saturating_add(STAND_IN_DAYS)
}

/// Whether someone is of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Child,
    Grown,
    Unknown,
}

impl Case {
    /// Whether someone is of age on a day, as far as the case tells. In the year in which a person
    /// comes of age they count as a child: only the year is known.
    pub(crate) fn age_of(&self, subject: PersonId, day: Date) -> Age {
        let band = |told: &str| match told {
            "0-17" => Age::Child,
            "18-24" | "25-34" | "35-59" | "60-plus" => Age::Grown,
            _ => Age::Unknown,
        };
        if subject == PersonId(0) {
            return self.age_of_the_writer(band);
        }
        let Some(person) = self.person(subject) else {
            return Age::Unknown;
        };
        if let Some(born) = person.birth_year {
            let grown = day.year() > born.saturating_add(OF_AGE);
            return if grown { Age::Grown } else { Age::Child };
        }
        let told = person.traits.iter().filter(|one| one.dimension.is("age"));
        let told: Vec<Age> = told.map(|one| band(&one.value)).collect();
        // Where two things are told, nobody loses the protection of a child.
        [Age::Child, Age::Grown]
            .into_iter()
            .find(|age| told.contains(age))
            .unwrap_or(Age::Unknown)
    }

    /// The age of whoever wrote: what the newest letter says of it that their words signed. Where
    /// none does, a letter that says it is a child is believed, and no other: nothing less than
    /// their own words takes a child's protection away.
    fn age_of_the_writer(&self, band: impl Fn(&str) -> Age) -> Age {
        let told = |signed: bool| {
            let letters = self.letters().iter().rev();
            letters
                .filter(move |letter| letter.signed == signed)
                .filter_map(|letter| letter.report.as_ref().ok())
                .map(|report| band(report.age.as_str()))
        };
        if let Some(age) = told(true).find(|age| *age != Age::Unknown) {
            return age;
        }
        told(false)
            .find(|age| *age == Age::Child)
            .unwrap_or(Age::Unknown)
    }

    /// Whether someone is a child on a day, as far as the case tells: a guardian is asked, and the
    /// child heard.
    pub fn is_a_child(&self, subject: PersonId, day: Date) -> bool {
        self.age_of(subject, day) == Age::Child
    }

    /// Whether the death of this person is recorded: a death that names nobody is nobody's, or one
    /// entry would let relatives speak for someone who lives.
    pub(crate) fn is_dead(&self, subject: PersonId) -> bool {
        self.grounds().iter().any(|recorded| {
            recorded.ground.kind.is("deceased") && recorded.ground.subject == Some(subject)
        })
    }

    /// Whether a person of the case is said to have had a part in one of its acts: by number, or by
    /// a name that is one of the person's.
    pub fn is_accused(&self, person: PersonId) -> bool {
        let folded = |name: &str| name.trim().to_lowercase();
        let names: Vec<String> = self.person(person).map_or_else(Vec::new, |person| {
            let names = person.names.iter().map(|name| folded(name));
            names.filter(|name| !name.is_empty()).collect()
        });
        self.acts()
            .flat_map(|act| &act.involvements)
            .any(|part| part.person == Some(person) || names.contains(&folded(&part.name)))
    }

    /// Whether the person for whom this was answered was reached since.
    pub(crate) fn was_reached(&self, recorded: &RecordedConsent) -> bool {
        let last = self.reached.get(&recorded.consent.subject);
        last.is_some_and(|last| recorded.number <= *last)
    }

    /// The answers for someone who cannot be asked that wait for a second person of the office.
    pub fn to_be_seconded(&self, day: u32) -> impl Iterator<Item = &RecordedConsent> {
        self.consents().iter().filter(move |recorded| {
            recorded.consent.answer.is("cannot-ask")
                && recorded.seconded.is_none()
                && recorded.withdrawn.is_none()
                && recorded.ended.is_none()
                && day < stand_in_ends(recorded)
                && !self.was_reached(recorded)
        })
    }

    /// An answer came, or went: what follows from it for those given by others.
    pub(crate) fn answered_anew(&mut self, number: u32) {
        let Some(recorded) = self.consent(number) else {
            return;
        };
        let (subject, purpose) = (recorded.consent.subject, recorded.consent.purpose.clone());
        if recorded.consent.giver.is("self") {
            // Whoever answers, or takes an answer back, was reached.
            if !recorded.consent.answer.is("not-asked") {
                self.note_reached(subject);
            }
        } else {
            self.resolved
                .retain(|one| one.subject != subject || one.purpose != purpose);
        }
    }

    /// Whatever was answered for someone until now is over where the person could not be asked.
    pub(crate) fn note_reached(&mut self, subject: PersonId) {
        let last = self.consents().last().map_or(0, |last| last.number);
        self.reached.insert(subject, last);
    }

    /// Ends what those answered for others who are, by now, said to have done an act of the case.
    pub(crate) fn end_what_the_accused_gave(&mut self, stamp: &Stamp) {
        let accused: Vec<u32> = self
            .consents()
            .iter()
            .filter(|one| one.ended.is_none() && !one.consent.giver.is("self"))
            .filter(|one| {
                one.consent
                    .giver_person
                    .is_some_and(|by| self.is_accused(by))
            })
            .map(|one| one.number)
            .collect();
        for number in accused {
            let found = self.consents.iter_mut().find(|one| one.number == number);
            if let Some(recorded) = found {
                recorded.ended = Some(stamp.at);
            }
            self.answered_anew(number);
        }
    }
}
