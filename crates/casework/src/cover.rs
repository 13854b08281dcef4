//! Whether a use is covered, and what may then leave.
//!
//! [`Covered`] is the proof. It borrows the case, so the case cannot change while anyone holds it:
//! a withdrawal ends every proof, and it must be asked for again.

use record::vocabulary::{Communications, IdentityLevels, Purposes};
use record::{Code, Date, PersonId, Term};

use crate::case::{Case, RecordedConsent};
use crate::consent::WITHOUT_ASKING;
use crate::entry::{Communicated, Entry, Stamp};
use crate::field::refusals;
use crate::state::State;
use crate::text::Text;

/// Proof that consent, or another recorded ground, covers one use on one day. Only
/// [`Case::covers`] makes one.
#[derive(Debug)]
pub struct Covered<'a> {
    case: &'a Case,
    purpose: Code<Purposes>,
    recipient: Text,
    identity: Code<IdentityLevels>,
    today: Date,
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
            "le consentement n’est pas valable aujourd’hui ; redemandez-le",
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
        /// No longer covered at the moment of sending.
        NoLongerCovered
            "consent does not cover this at the moment of sending; nothing was sent"
            "au moment de l’envoi, le consentement ne couvre pas cet usage ; rien n’a été transmis",
        /// Below the grade the office asks for, and no exception.
        BelowGrade
            "the case is below the grade your office set for the UN and States; have it assessed and reviewed, or let two people decide on an exception"
            "le dossier n’atteint pas le degré que votre bureau exige pour l’ONU et les États ; faites-le évaluer et relire, ou décidez d’une exception à deux",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "vous êtes en retrait de ce dossier ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "the letter is too long to be stored; shorten it"
            "la lettre est trop longue pour être enregistrée ; raccourcissez-la",
    }
}

impl Case {
    /// Whether a use is covered: this purpose, towards this recipient (empty if the purpose names
    /// one well enough, as counting does), showing so much of the identity, today.
    ///
    /// Of each person who was asked, the newest answer counts; an answer that names the recipient
    /// counts before one that does not; and one person's no is never outvoted, nor replaced by
    /// another ground. A public source or a death covers what [`record_ground`](crate::record_ground)
    /// allows, where nobody objected.
    pub fn covers(
        &self,
        purpose: Code<Purposes>,
        recipient: &str,
        identity: Code<IdentityLevels>,
        today: Date,
    ) -> Result<Covered<'_>, NotCovered> {
        if self.state() == State::Erased {
            return Err(NotCovered::CaseErased);
        }
        let about: Vec<&RecordedConsent> = self
            .consents()
            .iter()
            .filter(|recorded| recorded.consent.purpose.is(purpose.as_str()))
            .collect();
        let mut subjects: Vec<PersonId> = about
            .iter()
            .map(|recorded| recorded.consent.subject)
            .collect();
        subjects.sort();
        subjects.dedup();

        let mut consents = Vec::new();
        let mut open = None;
        for subject in subjects {
            let of_subject = |recorded: &&&RecordedConsent| recorded.consent.subject == subject;
            match answer_of(
                about.iter().filter(of_subject).copied(),
                recipient,
                identity,
                today,
            ) {
                Ok(number) => consents.push(number),
                Err(
                    objection @ (NotCovered::SaidNo | NotCovered::AskAgain | NotCovered::Withdrawn),
                ) => return Err(objection),
                Err(shortfall) => open = open.or(Some(shortfall)),
            }
        }
        if open.is_none() && !consents.is_empty() {
            return Ok(Covered {
                case: self,
                purpose,
                recipient: recipient.into(),
                identity,
                today,
                consents,
                ground: None,
            });
        }
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
            Some(recorded) => Ok(Covered {
                case: self,
                purpose,
                recipient: recipient.into(),
                identity,
                today,
                consents: Vec::new(),
                ground: Some(recorded.number),
            }),
            None => Err(open.unwrap_or(NotCovered::NotAsked)),
        }
    }
}

/// What one person's answers say about a use: the number of the consent that covers it.
fn answer_of<'a>(
    answers: impl Iterator<Item = &'a RecordedConsent>,
    recipient: &str,
    identity: Code<IdentityLevels>,
    today: Date,
) -> Result<u32, NotCovered> {
    let (mut general, mut named, mut other) = (None, None, false);
    for recorded in answers {
        if recorded.consent.recipient.trim().is_empty() {
            general = Some(recorded);
        } else if same_recipient(&recorded.consent.recipient, recipient) {
            named = Some(recorded);
        } else {
            other = true;
        }
    }
    let decides = match (named, general) {
        // Someone who said yes to one recipient and later no to all said no.
        (Some(named), Some(general))
            if general.number > named.number && !general.consent.answer.is("yes") =>
        {
            general
        }
        (Some(named), _) => named,
        (None, Some(general)) => general,
        (None, None) if other => return Err(NotCovered::OtherRecipient),
        (None, None) => return Err(NotCovered::NotAsked),
    };
    let consent = &decides.consent;
    match consent.answer.as_str() {
        "yes" => {}
        "no" => return Err(NotCovered::SaidNo),
        "ask-again" => return Err(NotCovered::AskAgain),
        _ => return Err(NotCovered::NotAsked),
    }
    if decides.withdrawn.is_some() {
        return Err(NotCovered::Withdrawn);
    }
    if consent.first_day.is_some_and(|first| today < first)
        || consent.last_day.is_some_and(|last| today > last)
    {
        return Err(NotCovered::NotToday);
    }
    if !consent.items.is_empty() {
        return Err(NotCovered::SomeItemsOnly);
    }
    // The list is in order: each level shows more than the one before.
    if consent
        .identity
        .code()
        .is_none_or(|allowed| allowed < identity)
    {
        return Err(NotCovered::LessIdentity);
    }
    Ok(decides.number)
}

fn same_recipient(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// A letter to someone outside. It cannot be built without [`Covered`].
#[derive(Debug)]
pub struct Communication<'a> {
    covered: Covered<'a>,
    kind: Code<Communications>,
    to: Text,
    body: Text,
    day: Date,
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
        Ok(Self {
            covered,
            kind,
            to,
            body,
            day,
        })
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
}

/// Records that a letter is sent. Consent is asked for once more, on the day of the stamp.
pub fn communicate(
    communication: Communication<'_>,
    stamp: Stamp,
) -> Result<Entry, CannotCommunicate> {
    let case = communication.covered.case;
    let sent = Communicated {
        kind: communication.kind.into(),
        purpose: communication.covered.purpose.into(),
        to: communication.to,
        body: communication.body,
        consents: communication.covered.consents,
        ground: communication.covered.ground,
        identity: communication.covered.identity.into(),
        day: communication.day,
    };
    may_communicate(case, &sent, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotCommunicate::Recused);
    }
    Entry::written(stamp, Some(case.id()), sent.into()).map_err(|_| CannotCommunicate::TooLong)
}

pub(crate) fn may_communicate(
    case: &Case,
    sent: &Communicated,
    stamp: &Stamp,
) -> Result<(), CannotCommunicate> {
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
    case.may_leave(purpose, &sent.to)
        .map_err(|_| CannotCommunicate::BelowGrade)?;
    match case.covers(purpose, &sent.to, identity, today) {
        Ok(_) => Ok(()),
        Err(_) => Err(CannotCommunicate::NoLongerCovered),
    }
}

/// Whether a kind of letter serves a purpose.
fn serves(kind: Code<Communications>, purpose: Code<Purposes>) -> bool {
    let purposes: &[&str] = match kind.as_str() {
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
    };
    purposes.contains(&purpose.as_str())
}
