//! Whether a use is covered, and what may then leave.
//!
//! [`Covered`] is the proof. It borrows the case, so the case cannot change while anyone holds it:
//! a withdrawal ends every proof, and it must be asked for again.

use std::collections::{BTreeMap, BTreeSet};

use record::vocabulary::{Communications, IdentityLevels, Purposes};
use record::{Code, Date, Item, PersonId, Term};

use unicode_normalization::UnicodeNormalization;

use crate::case::{Case, RecordedConsent};
use crate::consent::{WITHIN_THE_OFFICE, WITHOUT_ASKING, is_yes, was_forewarned};
use crate::contents::Contents;
use crate::entry::{Communicated, Dispatch, Entry, Stamp};
use crate::field::refusals;
use crate::stand_in::{Age, CONFINED_LETTERS, giver, stand_in_ends};
use crate::state::State;
use crate::text::Text;

/// Proof that consent, or another recorded ground, covers one use on one day. Only
/// [`Case::covers`] makes one.
#[derive(Debug)]
pub struct Covered<'a> {
    case: &'a Case,
    purpose: Code<Purposes>,
    recipient: Text,
    items: Vec<Item>,
    identity: Code<IdentityLevels>,
    today: Date,
    confined: bool,
    consents: Vec<u32>,
    ground: Option<u32>,
}

impl<'a> Covered<'a> {
    /// The case.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// For what.
    pub fn purpose(&self) -> Code<Purposes> {
        self.purpose
    }

    /// Towards whom.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Of which items, in order; empty means the whole case.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Whether an item is among them. Where nobody was asked, what leaves the office is named: the
    /// whole case has in it what was told in confidence.
    pub fn has(&self, item: &Item) -> bool {
        let stays = WITHIN_THE_OFFICE.contains(&self.purpose.as_str());
        let whole = self.items.is_empty() && (self.ground.is_none() || stays);
        whole || self.items.contains(item)
    }

    /// Whether who somebody is may be shown: an answer it rests on is theirs, or names them.
    pub fn speaks_of(&self, person: PersonId) -> bool {
        self.has(&Item::Person(person))
            && self
                .consents
                .iter()
                .filter_map(|number| self.case.consent(*number))
                .any(|recorded| {
                    let consent = &recorded.consent;
                    consent.subject == person || consent.items.contains(&Item::Person(person))
                })
    }

    /// Whether it rests on an answer for someone who cannot be asked: then it may become a
    /// confidential urgent appeal or the humanitarian procedure for the disappeared, and nothing
    /// else.
    pub fn is_confined(&self) -> bool {
        self.confined
    }

    /// How much of the identity may be shown.
    pub fn identity(&self) -> Code<IdentityLevels> {
        self.identity
    }

    /// On which day.
    pub fn day(&self) -> Date {
        self.today
    }

    /// The numbers of the consents it rests on; empty when it rests on another ground.
    pub fn consents(&self) -> &[u32] {
        &self.consents
    }

    /// The number of the other ground it rests on.
    pub fn ground(&self) -> Option<u32> {
        self.ground
    }
}

refusals! {
    /// Why a use is not covered.
    NotCovered {
        /// Nobody said anything, and no ground is recorded.
        NotAsked
            "nobody was asked about this use; ask, and record the answer"
            "personne n’a été interrogé sur cet usage ; demandez, puis enregistrez la réponse",
        /// The answer was no.
        SaidNo
            "the answer to this use was no"
            "la réponse à cet usage a été non",
        /// The person wants to be asked each time.
        AskAgain
            "the person wants to be asked again before this use; ask"
            "la personne souhaite être consultée de nouveau avant cet usage ; demandez-lui",
        /// It was withdrawn.
        Withdrawn
            "the consent was withdrawn; nothing may be used"
            "le consentement a été retiré ; rien ne peut être utilisé",
        /// It has run out, or has not begun.
        NotToday
            "the consent does not hold today; ask again"
            "le consentement n’est pas valable aujourd’hui ; demandez-le de nouveau",
        /// It shows less of the identity.
        LessIdentity
            "the consent allows showing less of the identity; show less, or ask"
            "le consentement permet de montrer moins de l’identité ; montrez-en moins ou demandez",
        /// It names another recipient.
        OtherRecipient
            "the consent names another recipient; ask for this one"
            "le consentement désigne un autre destinataire ; demandez pour celui-ci",
        /// It is about some items only.
        SomeItemsOnly
            "the consent is about some items only, not the whole case; ask for the rest"
            "le consentement ne porte que sur certains éléments, pas sur tout le dossier ; demandez pour le reste",
        /// Those who answer for the person do not agree.
        Disagree
            "those who answer for the person do not agree; nothing is used until you record which answer stands, and why"
            "les personnes qui répondent à sa place ne sont pas d’accord ; rien n’est utilisé avant que vous n’indiquiez quelle réponse est retenue, et pourquoi",
        /// A child said yes, and no guardian.
        GuardianNotAsked
            "the person is a child; ask a parent or guardian as well, or whoever has that duty"
            "la personne est un enfant ; demandez aussi à un parent, à un tuteur ou à qui en a la charge",
        /// A guardian answered for someone who is of age now.
        OfAge
            "the person is of age now and answers alone; ask the person"
            "la personne est désormais majeure et répond elle-même ; demandez-lui",
        /// A guardian answered, and nothing says any more that it is for a child.
        AgeNotTold
            "a guardian answered, and nothing here tells the person's age; record the age, or ask the person"
            "un parent ou un tuteur a répondu, et rien ici n’indique l’âge de la personne ; enregistrez son âge, ou demandez-lui",
        /// Whoever answered for the person is said to have done an act of the case.
        GiverAccused
            "whoever answered for the person is named as a perpetrator in this case, so the answer ended; find someone else who may answer"
            "la personne qui a répondu à sa place est mise en cause dans ce dossier et sa réponse ne vaut plus ; trouvez quelqu’un d’autre qui en ait le droit",
        /// Someone who could not be asked was reached.
        PersonReached
            "the person was reached, and what others answered has ended; ask the person"
            "la personne a été jointe et ce que d’autres ont répondu ne vaut plus ; demandez-lui",
        /// No second person stands by an answer for someone who cannot be asked.
        SecondMissing
            "a second person of the office must agree first that the person cannot be asked"
            "une deuxième personne du bureau doit d’abord confirmer qu’il est impossible de consulter la personne",
        /// The fourteen days are over.
        StandInOver
            "the fourteen days are over; try again to reach the person, and if you cannot, record it anew"
            "les quatorze jours sont écoulés ; essayez de nouveau de joindre la personne, sinon enregistrez une nouvelle réponse",
        /// A yes of an earlier release, and nothing said before it.
        NotForewarned
            "the yes was recorded without what must be said before it; ask again, with the warnings"
            "le oui a été enregistré sans ce qui doit être dit avant ; demandez de nouveau, avec les avertissements",
        /// A newer release recorded more than this one reads.
        NotUnderstood
            "a newer release recorded more about this answer than this one reads; update first"
            "une version plus récente a enregistré sur cette réponse plus que celle-ci ne sait lire ; faites d’abord la mise à jour",
        /// The person took consent back for the case.
        CaseWithdrawn
            "the case was withdrawn by the person; it is used only to document and to help"
            "la personne a retiré son dossier ; il ne sert plus qu’à documenter et à aider",
        /// The case is held back.
        OnHold
            "the case is on hold for someone’s safety; it is used only to document and to help until it goes on"
            "le dossier est suspendu pour la sécurité d’une personne ; jusqu’à sa reprise, il ne sert qu’à documenter et à aider",
        /// Nothing is left of the case.
        CaseErased
            "the case is erased"
            "le dossier est effacé",
    }
    /// Why nothing is sent.
    CannotCommunicate {
        /// Covered for another purpose than this kind of letter serves.
        OtherPurpose
            "the consent is for another purpose than this letter serves; ask for that one"
            "le consentement vaut pour un autre usage que celui de cette lettre ; demandez pour celui-ci",
        /// Covered for another recipient.
        OtherRecipient
            "the consent was looked up for another recipient; look it up for this one"
            "le consentement a été vérifié pour un autre destinataire ; vérifiez-le pour celui-ci",
        /// No recipient or no text.
        NothingWritten
            "name the recipient and write the letter first"
            "indiquez le destinataire et rédigez d’abord la lettre",
        /// Another case.
        OtherCase
            "this was written from another case; open it there"
            "ce texte a été rédigé à partir d’un autre dossier ; ouvrez-le là",
        /// The person cannot be asked.
        OnlyUrgent
            "for someone who cannot be asked, only an urgent appeal or the humanitarian procedure for the disappeared may be sent"
            "quand il est impossible de consulter la personne, seuls un appel urgent ou la procédure humanitaire pour les personnes disparues peuvent être transmis",
        /// To the press, and without the reply of those it accuses.
        ReplyMissing
            "a press release carries the reply of those it accuses; record their answer, or why there is none"
            "un communiqué porte la réponse des personnes mises en cause ; enregistrez leur réponse, ou pourquoi il n’y en a pas",
        /// No longer covered at the moment of sending.
        NoLongerCovered
            "consent does not cover this at the moment of sending; nothing was sent"
            "au moment de l’envoi, le consentement ne couvre pas cet usage ; rien n’a été transmis",
        /// A duplicate, or unfounded.
        SetAside
            "the case is a duplicate or was found to be unfounded; nothing is sent of it"
            "le dossier est un doublon ou a été jugé non fondé ; rien n’en est transmis",
        /// Made public, or readable on its way, and the consent does not go so far.
        NotThisWay
            "this consent does not allow this way: what is confidential is neither made public nor, for someone who could not be asked, put into plain e-mail"
            "ce consentement ne permet pas cette voie : ce qui est confidentiel n’est pas rendu public ni, pour une personne impossible à consulter, mis dans un courriel ordinaire",
        /// Nobody wrote down what may come of it.
        NotForeseen
            "first write down who else knows each detail, what reaction is likely and who was warned: for this recipient, within the last fourteen days"
            "notez d’abord qui d’autre connaît chaque détail, quelle réaction est probable et qui a été prévenu : pour ce destinataire, au cours des quatorze derniers jours",
        /// Below the grade the office asks for, and no exception.
        BelowGrade
            "the case is below the grade your office set for the UN and States; have it assessed and reviewed, or let two people decide on an exception"
            "le dossier n’atteint pas le niveau que votre bureau exige pour l’ONU et les États ; faites-le évaluer et relire, ou décidez d’une exception à deux",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "the letter is too long to be stored; shorten it"
            "la lettre est trop longue pour être enregistrée ; raccourcissez-la",
    }
}

impl Case {
    /// Whether a use of the whole case is covered: this purpose, towards this recipient (empty if
    /// the purpose names one well enough, as counting does), showing so much of the identity, today.
    ///
    /// Of each person who was asked, the newest answer counts; an answer that names the recipient
    /// counts before one that does not; and one person's no is never outvoted, nor replaced by
    /// another ground. A person's own answer counts before any that others gave for them. A public
    /// source or a death covers what [`record_ground`](crate::record_ground) allows, where nobody
    /// objected.
    pub fn covers(
        &self,
        purpose: Code<Purposes>,
        recipient: &str,
        identity: Code<IdentityLevels>,
        today: Date,
    ) -> Result<Covered<'_>, NotCovered> {
        self.covers_items(purpose, recipient, &[], identity, today)
    }

    /// Whether a use of some items is covered, and no others; none named means the whole case. An
    /// answer about one act is no answer about another, and an answer about the whole case is one
    /// about each of its items.
    pub fn covers_items(
        &self,
        purpose: Code<Purposes>,
        recipient: &str,
        items: &[Item],
        identity: Code<IdentityLevels>,
        today: Date,
    ) -> Result<Covered<'_>, NotCovered> {
        if self.state() == State::Erased {
            return Err(NotCovered::CaseErased);
        }
        if !EVEN_THEN.contains(&purpose.as_str()) {
            match self.state() {
                State::Withdrawn => return Err(NotCovered::CaseWithdrawn),
                State::OnHoldSafety => return Err(NotCovered::OnHold),
                _ => {}
            }
        }
        let asked = Asked {
            case: self,
            about: self
                .consents()
                .iter()
                .filter(|recorded| recorded.consent.purpose.is(purpose.as_str()))
                .collect(),
            recipient,
            identity,
            today,
            protects: EVEN_THEN.contains(&purpose.as_str()),
        };
        let answers = asked.answers(items)?;
        let items: BTreeSet<Item> = items.iter().cloned().collect();
        // Where nobody was asked, not a word that was told in confidence leaves, and no file.
        let confidential = !WITHIN_THE_OFFICE.contains(&purpose.as_str())
            && items
                .iter()
                .any(|item| matches!(item, Item::Narrative | Item::Attachment(_)));
        let covered = |consents: Vec<u32>, ground| Covered {
            case: self,
            purpose,
            recipient: recipient.into(),
            items: items.into_iter().collect(),
            identity,
            today,
            confined: consents
                .iter()
                .filter_map(|number| self.consent(*number))
                .any(|recorded| recorded.consent.answer.is("cannot-ask")),
            consents,
            ground,
        };
        let open = match answers {
            Ok(consents) => return Ok(covered(consents, None)),
            Err(open) => open,
        };
        let ground = self.grounds().iter().rev().find(|recorded| {
            recorded.ground.subject.is_none()
                && WITHOUT_ASKING.contains(&purpose.as_str())
                && recorded
                    .ground
                    .purposes
                    .iter()
                    .any(|allowed| allowed.is(purpose.as_str()))
        });
        match ground {
            Some(_) if identity.as_str() != "none" => Err(NotCovered::LessIdentity),
            Some(_) if confidential => Err(open),
            Some(recorded) => Ok(covered(Vec::new(), Some(recorded.number))),
            None => Err(open),
        }
    }

    /// Whether a use is covered of the whole case, or else of the acts that are covered one by one:
    /// what may be counted is counted, though somebody keeps another act back. What is missing for
    /// the whole case is told where no act is covered.
    pub fn covers_acts(
        &self,
        purpose: Code<Purposes>,
        recipient: &str,
        identity: Code<IdentityLevels>,
        today: Date,
    ) -> Result<Covered<'_>, NotCovered> {
        let whole = self.covers(purpose, recipient, identity, today);
        let Err(missing) = whole else {
            return whole;
        };
        let items: Vec<Item> = self
            .acts()
            .map(|act| Item::Act(act.id))
            .filter(|item| {
                let one = std::slice::from_ref(item);
                self.covers_items(purpose, recipient, one, identity, today)
                    .is_ok()
            })
            .collect();
        if items.is_empty() {
            return Err(missing);
        }
        self.covers_items(purpose, recipient, &items, identity, today)
    }
}

/// What protects the person: it goes on though a case is withdrawn or on hold for someone's safety,
/// and for it a child's own yes suffices.
const EVEN_THEN: [&str; 2] = ["documentation-internal", "protection-help"];

/// Whether the office found that a case is another's or did not hold: nothing leaves of it.
pub(crate) fn is_set_aside(case: &Case) -> bool {
    matches!(case.state(), State::Duplicate | State::Unfounded)
}

/// A use that is asked about, and every answer about its purpose.
struct Asked<'a> {
    case: &'a Case,
    about: Vec<&'a RecordedConsent>,
    recipient: &'a str,
    identity: Code<IdentityLevels>,
    today: Date,
    /// Whether the use protects whoever is asked: a child who is hurt at home needs nobody's leave
    /// for it.
    protects: bool,
}

impl<'a> Asked<'a> {
    /// The consents that cover it, or what is missing; an objection at once, because no other ground
    /// takes its place.
    fn answers(&self, items: &[Item]) -> Result<Result<Vec<u32>, NotCovered>, NotCovered> {
        let subjects: BTreeSet<PersonId> =
            self.about.iter().map(|one| one.consent.subject).collect();
        let mut consents = BTreeSet::new();
        let mut open = None;
        let parts: Vec<Option<&Item>> = if items.is_empty() {
            vec![None]
        } else {
            items.iter().map(Some).collect()
        };
        for part in &parts {
            let mut answered = false;
            for subject in &subjects {
                match self.answer_of(*subject, *part) {
                    None => {}
                    Some(Ok(numbers)) => {
                        answered = true;
                        consents.extend(numbers);
                    }
                    Some(Err(objection)) if objection.is_objection() => return Err(objection),
                    Some(Err(shortfall)) => {
                        answered = true;
                        open = open.or(Some(shortfall));
                    }
                }
            }
            let unknown = matches!(part, Some(Item::Unknown(_)));
            if unknown || !answered {
                open = open.or(Some(if subjects.is_empty() {
                    NotCovered::NotAsked
                } else {
                    NotCovered::SomeItemsOnly
                }));
            }
        }
        if items.is_empty() {
            // The whole case has in it whatever anybody set apart.
            let apart: BTreeSet<&Item> = self
                .about
                .iter()
                .flat_map(|one| &one.consent.items)
                .collect();
            for (item, subject) in apart
                .into_iter()
                .flat_map(|item| subjects.iter().map(move |subject| (item, subject)))
            {
                match self.answer_of(*subject, Some(item)) {
                    None => {}
                    Some(Ok(numbers)) => consents.extend(numbers),
                    Some(Err(objection)) if objection.is_objection() => return Err(objection),
                    Some(Err(shortfall)) => open = open.or(Some(shortfall)),
                }
            }
        }
        Ok(match open {
            Some(shortfall) => Err(shortfall),
            None => Ok(consents.into_iter().collect()),
        })
    }

    /// What stands about one item, or about the whole case, for one person: the numbers of the
    /// consents that cover it, or none if nothing was said of it.
    fn answer_of(
        &self,
        subject: PersonId,
        part: Option<&Item>,
    ) -> Option<Result<Vec<u32>, NotCovered>> {
        let mine: Vec<&RecordedConsent> = self
            .about
            .iter()
            .filter(|one| one.consent.subject == subject)
            .copied()
            .collect();
        let about_it: Vec<&RecordedConsent> = mine
            .iter()
            .filter(|one| {
                one.consent.items.is_empty()
                    || part.is_some_and(|part| one.consent.items.contains(part))
            })
            .copied()
            .collect();
        if about_it.is_empty() {
            // Who spoke of some items did not speak of the whole.
            return (part.is_none() && !mine.is_empty()).then_some(Err(NotCovered::SomeItemsOnly));
        }
        let (own, given): (Vec<_>, Vec<_>) = about_it
            .into_iter()
            .partition(|one| one.consent.giver.is("self"));
        let own = (!own.is_empty()).then(|| self.decided(own));
        let child = self.case.is_a_child(subject, self.today);
        Some(match own {
            Some(Ok(number)) if child && !self.protects => {
                let guardians = given
                    .into_iter()
                    .filter(|one| one.consent.giver.is("guardian"))
                    .collect();
                match self.answer_for(subject, guardians) {
                    None => Err(NotCovered::GuardianNotAsked),
                    Some(Err(why)) => Err(why),
                    Some(Ok(guardians)) => Ok([vec![number], guardians].concat()),
                }
            }
            Some(Ok(number)) => Ok(vec![number]),
            // What the person said about this no longer holds, or never spoke of it.
            Some(Err(
                silent @ (NotCovered::NotAsked | NotCovered::NotToday | NotCovered::OtherRecipient),
            )) => match self.answer_for(subject, given) {
                None => Err(silent),
                Some(answer) => answer,
            },
            Some(Err(why)) => Err(why),
            None => match self.answer_for(subject, given) {
                None => Err(NotCovered::NotAsked),
                Some(answer) => answer,
            },
        })
    }

    /// What those who answer for somebody say, together.
    fn answer_for(
        &self,
        subject: PersonId,
        given: Vec<&'a RecordedConsent>,
    ) -> Option<Result<Vec<u32>, NotCovered>> {
        let mut by_giver: BTreeMap<_, Vec<&RecordedConsent>> = BTreeMap::new();
        let purpose = given.first()?.consent.purpose.clone();
        for one in given {
            by_giver.entry(giver(one)).or_default().push(one);
        }
        let decide: Vec<Result<&RecordedConsent, NotCovered>> = by_giver
            .into_values()
            .map(|answers| self.deciding(answers))
            .collect();
        let answers: Vec<Result<u32, NotCovered>> = decide
            .iter()
            .map(|one| one.and_then(|recorded| self.holds(recorded)))
            .collect();
        let yes: Vec<u32> = answers.iter().filter_map(|one| one.ok()).collect();
        let against = answers.iter().find_map(|answer| match answer {
            Err(why) if why.is_objection() || *why == NotCovered::LessIdentity => Some(*why),
            _ => None,
        });
        Some(match (yes.is_empty(), against) {
            (false, Some(_)) => {
                let resolved = self
                    .case
                    .resolved()
                    .iter()
                    .find(|one| one.subject == subject && one.purpose == purpose);
                // The answer that stands must be one of those that disagree about this, here: it
                // decides nothing it does not speak of, and none comes back that was replaced.
                let stands = resolved.and_then(|one| {
                    let among = decide.iter().filter_map(|one| one.ok());
                    among.into_iter().find(|other| other.number == one.stands)
                });
                match stands {
                    Some(stands) => self.holds(stands).map(|number| vec![number]),
                    None => Err(NotCovered::Disagree),
                }
            }
            (false, None) => Ok(yes),
            (true, Some(against)) => Err(against),
            (true, None) => Err(answers.into_iter().find_map(Result::err)?),
        })
    }

    /// What the answers of one person, or of one who answers for somebody, say: the number of the
    /// consent that covers it.
    fn decided(&self, answers: Vec<&'a RecordedConsent>) -> Result<u32, NotCovered> {
        self.holds(self.deciding(answers)?)
    }

    /// Which of the answers of one person decides.
    fn deciding(
        &self,
        answers: Vec<&'a RecordedConsent>,
    ) -> Result<&'a RecordedConsent, NotCovered> {
        // That somebody was not asked is no answer, and replaces none.
        let said = |one: &&RecordedConsent| !one.consent.answer.is("not-asked");
        if !answers.iter().any(said) {
            return Err(NotCovered::NotAsked);
        }
        let (mut general, mut named, mut other) = (None, None, false);
        for recorded in answers.into_iter().filter(|one| said(one)) {
            if recorded.consent.recipient.trim().is_empty() {
                general = Some(recorded);
            } else if same_recipient(&recorded.consent.recipient, self.recipient) {
                named = Some(recorded);
            } else {
                other = true;
            }
        }
        match (named, general) {
            // Someone who said yes to one recipient and later no to all said no.
            (Some(named), Some(general))
                if general.number > named.number && !is_yes(&general.consent) =>
            {
                Ok(general)
            }
            (Some(named), _) => Ok(named),
            (None, Some(general)) => Ok(general),
            (None, None) if other => Err(NotCovered::OtherRecipient),
            (None, None) => Err(NotCovered::NotAsked),
        }
    }

    /// Whether one answer covers the use today.
    fn holds(&self, recorded: &RecordedConsent) -> Result<u32, NotCovered> {
        let consent = &recorded.consent;
        if recorded.ended.is_some() {
            return Err(NotCovered::GiverAccused);
        }
        match consent.answer.as_str() {
            "yes" | "cannot-ask" => {}
            "no" => return Err(NotCovered::SaidNo),
            "ask-again" => return Err(NotCovered::AskAgain),
            _ => return Err(NotCovered::NotAsked),
        }
        // A newer or foreign program may have written the day into the answer itself.
        if recorded.withdrawn.is_some() || consent.withdrawn.is_some() {
            return Err(NotCovered::Withdrawn);
        }
        if !was_forewarned(consent) {
            return Err(NotCovered::NotForewarned);
        }
        if !consent.kept.is_empty() {
            return Err(NotCovered::NotUnderstood);
        }
        if consent.answer.is("cannot-ask") {
            if self.case.was_reached(recorded) {
                return Err(NotCovered::PersonReached);
            }
            if recorded.seconded.is_none() {
                return Err(NotCovered::SecondMissing);
            }
            if self.today.day_number() >= i64::from(stand_in_ends(recorded)) {
                return Err(NotCovered::StandInOver);
            }
        }
        if consent.giver.is("guardian") {
            match self.case.age_of(consent.subject, self.today) {
                Age::Child => {}
                Age::Grown => return Err(NotCovered::OfAge),
                Age::Unknown => return Err(NotCovered::AgeNotTold),
            }
        }
        if consent.first_day.is_some_and(|first| self.today < first)
            || consent.last_day.is_some_and(|last| self.today > last)
        {
            return Err(NotCovered::NotToday);
        }
        // The list is in order: each level shows more than the one before.
        if consent
            .identity
            .code()
            .is_none_or(|allowed| allowed < self.identity)
        {
            return Err(NotCovered::LessIdentity);
        }
        Ok(recorded.number)
    }
}

impl NotCovered {
    /// Whether somebody is against it: then no other ground takes the place of a yes.
    fn is_objection(self) -> bool {
        matches!(
            self,
            Self::SaidNo | Self::AskAgain | Self::Withdrawn | Self::Disagree | Self::NotUnderstood
        )
    }
}

/// Whether two names are of one recipient, however they were typed: in capitals or not, with one
/// space or two, with accents in one piece or in two.
pub(crate) fn same_recipient(one: &str, other: &str) -> bool {
    let folded = |name: &str| -> String {
        let words: Vec<&str> = name.split_whitespace().collect();
        words.join(" ").nfkc().collect::<String>().to_lowercase()
    };
    folded(one) == folded(other)
}

/// A letter to someone outside. It cannot be built without [`Covered`].
#[derive(Debug)]
pub struct Communication<'a> {
    covered: Covered<'a>,
    kind: Code<Communications>,
    to: Text,
    body: Text,
    day: Date,
    dispatch: Option<Dispatch>,
    receipt: Text,
}

impl<'a> Communication<'a> {
    /// Puts a letter together: covered, for this kind of letter, towards this recipient.
    pub fn new(
        covered: Covered<'a>,
        kind: Code<Communications>,
        to: impl Into<Text>,
        body: impl Into<Text>,
        day: Date,
    ) -> Result<Self, CannotCommunicate> {
        let (to, body) = (to.into(), body.into());
        if to.is_blank() || body.is_blank() {
            return Err(CannotCommunicate::NothingWritten);
        }
        if !serves(kind, covered.purpose()) {
            return Err(CannotCommunicate::OtherPurpose);
        }
        if !same_recipient(covered.recipient(), &to) {
            return Err(CannotCommunicate::OtherRecipient);
        }
        if covered.is_confined() && !CONFINED_LETTERS.contains(&kind.as_str()) {
            return Err(CannotCommunicate::OnlyUrgent);
        }
        Ok(Self {
            covered,
            kind,
            to,
            body,
            day,
            dispatch: None,
            receipt: Text::default(),
        })
    }

    /// Says how it left, and what shows that it did: the number of a receipt, who took it.
    #[must_use]
    pub fn dispatched(self, how: Dispatch, receipt: impl Into<Text>) -> Self {
        Self {
            dispatch: Some(how),
            receipt: receipt.into(),
            ..self
        }
    }

    /// To whom.
    pub fn to(&self) -> &Text {
        &self.to
    }

    /// What it says.
    pub fn body(&self) -> &Text {
        &self.body
    }

    /// The day on it.
    pub fn day(&self) -> Date {
        self.day
    }

    /// What kind of letter.
    pub fn kind(&self) -> Code<Communications> {
        self.kind
    }

    /// What covers it.
    pub fn covered(&self) -> &Covered<'a> {
        &self.covered
    }

    /// What it may show of its case.
    pub fn contents(&self) -> Contents<'_, 'a> {
        Contents::of(&self.covered)
    }
}

/// Records that a letter is sent. `case` is the case as it is now: it may be another than the one
/// the letter was written from, if something was decided between the preview and the sending.
/// Consent is asked for once more there, on the day of the stamp.
pub fn communicate(
    case: &Case,
    communication: &Communication<'_>,
    stamp: Stamp,
) -> Result<Entry, CannotCommunicate> {
    let covered = &communication.covered;
    if covered.case.id() != case.id() {
        return Err(CannotCommunicate::OtherCase);
    }
    let mut sent = Communicated {
        kind: communication.kind.into(),
        purpose: covered.purpose.into(),
        to: communication.to.clone(),
        body: communication.body.clone(),
        consents: Vec::new(),
        ground: None,
        identity: covered.identity.into(),
        day: communication.day,
        items: covered.items.clone(),
        dispatch: communication.dispatch,
        receipt: communication.receipt.clone(),
    };
    if case.is_recused(&stamp.by) {
        return Err(CannotCommunicate::Recused);
    }
    // What it rests on now, which need not be what it rested on when it was written.
    let now = may_communicate(case, &sent, &stamp)?;
    sent.consents = now.consents;
    sent.ground = now.ground;
    Entry::written(stamp, Some(case.id()), sent.into()).map_err(|_| CannotCommunicate::TooLong)
}

pub(crate) fn may_communicate<'a>(
    case: &'a Case,
    sent: &Communicated,
    stamp: &Stamp,
) -> Result<Covered<'a>, CannotCommunicate> {
    let known = |kind: &Term<Communications>| kind.code();
    let (Some(kind), Some(purpose), Some(identity), Some(today)) = (
        known(&sent.kind),
        sent.purpose.code(),
        sent.identity.code(),
        stamp.at.date(),
    ) else {
        return Err(CannotCommunicate::NoLongerCovered);
    };
    if !serves(kind, purpose) {
        return Err(CannotCommunicate::OtherPurpose);
    }
    if kind.as_str() == "press-release" && case.response_block(stamp.at.day).is_err() {
        return Err(CannotCommunicate::ReplyMissing);
    }
    if is_set_aside(case) {
        return Err(CannotCommunicate::SetAside);
    }
    let leaving = sent.leaving(stamp);
    leaving
        .map_or(Ok(None), |leaving| case.may_leave(leaving))
        .map_err(|_| CannotCommunicate::BelowGrade)?;
    let now = case
        .covers_items(purpose, &sent.to, &sent.items, identity, today)
        .map_err(|_| CannotCommunicate::NoLongerCovered)?;
    if now.confined && !CONFINED_LETTERS.contains(&kind.as_str()) {
        return Err(CannotCommunicate::OnlyUrgent);
    }
    let public = [
        "media",
        "public-anonymous",
        "public-named",
        "un-public-report",
    ];
    let allowed = match sent.dispatch {
        Some(Dispatch::Public) => public.contains(&purpose.as_str()) && !now.confined,
        Some(Dispatch::PlainEmail) => !now.confined,
        _ => true,
    };
    if !allowed {
        return Err(CannotCommunicate::NotThisWay);
    }
    // Counting names nobody.
    if !sent.purpose.is("statistics") && case.foresight(&sent.to, identity, stamp.at.day).is_none()
    {
        return Err(CannotCommunicate::NotForeseen);
    }
    Ok(now)
}

/// Whether a kind of letter serves a purpose.
fn serves(kind: Code<Communications>, purpose: Code<Purposes>) -> bool {
    purposes_served(kind).contains(&purpose.as_str())
}

/// The purposes a kind of letter serves: consent to one of them is needed for it.
pub fn purposes_served(kind: Code<Communications>) -> &'static [&'static str] {
    match kind.as_str() {
        "urgent-appeal" | "allegation-letter" | "other-letter" | "joint-letter"
        | "wgeid-humanitarian" | "wgad-opinion" => &["un-special-procedures", "un-confidential"],
        "company-letter" | "platform-escalation" | "export-control-notice" => {
            &["company-transmission", "state-transmission"]
        }
        "individual-complaint" | "presidency-good-offices" => &["un-confidential"],
        "reprisals-submission" => &["reprisals-sg-report", "un-confidential"],
        "upr-submission" | "shadow-report" => &["un-public-report"],
        "nhri-complaint" => &["nhri"],
        "regional-complaint" => &["regional-mechanism"],
        "prosecutor-complaint" => &["court-or-prosecutor"],
        "press-release" => &["media", "public-anonymous", "public-named"],
        "sdg-data-return" => &["statistics"],
        _ => &[],
    }
}
