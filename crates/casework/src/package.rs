//! Material of a case that goes to someone outside, and everything that ever went.
//!
//! A [`Package`] shows of its case what is covered and nothing else: whoever writes it to a file
//! reads it from here. (decision 0054)

use record::vocabulary::{IdentityLevels, Purposes};
use record::{
    Act, ActLink, Code, Cooperation, Date, Involvement, Item, Kept, Language, Legality, Person,
    PersonId, TechnologyUse,
};

use crate::case::Case;
use crate::cover::{Covered, is_set_aside, same_recipient};
use crate::entry::{Entry, Moment, PackageSent, Stamp};
use crate::field::refusals;
use crate::text::Text;

refusals! {
    /// Why nothing is handed over.
    CannotSend {
        /// No recipient.
        NobodyNamed
            "name the recipient first"
            "indiquez d’abord à qui cela est remis",
        /// Covered for another recipient.
        OtherRecipient
            "the consent was looked up for another recipient; look it up for this one"
            "le consentement a été vérifié pour un autre destinataire ; vérifiez-le pour celui-ci",
        /// The purpose keeps it in the office.
        StaysInside
            "this consent is for use within the office or for counting; ask for the one that is needed"
            "ce consentement vaut pour un usage interne ou pour le comptage ; demandez celui qu’il faut",
        /// It is for everyone.
        PublishInstead
            "this consent is for publishing; make a public page, with the reply of those accused"
            "ce consentement vaut pour une publication ; faites-en une page publique, avec la réponse des personnes mises en cause",
        /// The person cannot be asked.
        OnlyUrgent
            "for someone who cannot be asked, only an urgent appeal or the humanitarian procedure for the disappeared may be sent, as a letter"
            "quand il est impossible de consulter la personne, seuls un appel urgent ou la procédure humanitaire pour les personnes disparues peuvent être transmis, par lettre",
        /// Another case.
        OtherCase
            "this was put together from another case; open it there"
            "ces éléments viennent d’un autre dossier ; ouvrez-les là",
        /// No longer covered at the moment of handing over.
        NoLongerCovered
            "consent does not cover this at the moment of handing over; nothing may leave"
            "au moment de la remise, le consentement ne couvre pas cet usage ; rien ne doit sortir",
        /// A duplicate, or unfounded.
        SetAside
            "the case is a duplicate or was found to be unfounded; nothing is handed over of it"
            "le dossier est un doublon ou a été jugé non fondé ; rien n’en est remis",
        /// Not sure enough for the UN or a State.
        BelowGrade
            "the case is below the grade your office set for the UN and States; have it assessed and reviewed, or let two people decide on an exception"
            "le dossier n’atteint pas le niveau que votre bureau exige pour l’ONU et les États ; faites-le évaluer et relire, ou décidez d’une exception à deux",
        /// Whoever decides stands back from it.
        Recused
            "you stand back from this case; a colleague must decide this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit en décider",
        /// Too long.
        TooLong
            "this is too long to be stored; shorten the note"
            "ce texte est trop long pour être enregistré ; raccourcissez la note",
    }
}

/// Material for someone outside. It cannot be built without [`Covered`].
#[derive(Debug)]
pub struct Package<'a> {
    covered: Covered<'a>,
    to: Text,
}

/// A person as a package shows them: never more than was allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The number in the case.
    pub id: PersonId,
    person: &'a Person,
    identity: Code<IdentityLevels>,
}

// A name must not reach a log.
impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shown({})", self.id.0)
    }
}

impl<'a> Shown<'a> {
    /// What the person is called: nothing, a number, initials, or the names.
    pub fn called(&self) -> Vec<String> {
        match self.identity.as_str() {
            "pseudonym" => vec![format!("P{}", self.id.0)],
            "initials" => self
                .person
                .names
                .first()
                .map(|name| initials(name))
                .into_iter()
                .collect(),
            "full-name" | "full-name-and-contact" => self.person.names.clone(),
            _ => Vec::new(),
        }
    }

    /// How the person may be reached, where that was allowed too.
    pub fn contact(&self) -> Option<&'a str> {
        (self.identity.as_str() == "full-name-and-contact").then_some(self.person.contact.as_str())
    }
}

fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .map(|first| format!("{}.", first.to_uppercase()))
        .collect()
}

impl<'a> Package<'a> {
    /// Puts material together for a recipient, of whatever is covered.
    pub fn new(covered: Covered<'a>, to: impl Into<Text>) -> Result<Self, CannotSend> {
        let to = to.into();
        if to.is_blank() {
            return Err(CannotSend::NobodyNamed);
        }
        if !same_recipient(covered.recipient(), &to) {
            return Err(CannotSend::OtherRecipient);
        }
        leaves(&covered)?;
        Ok(Self { covered, to })
    }

    /// To whom.
    pub fn to(&self) -> &Text {
        &self.to
    }

    /// What covers it.
    pub fn covered(&self) -> &Covered<'a> {
        &self.covered
    }

    /// The acts in it. Where no names may be shown, whoever is said to have done them has none, and
    /// what was written freely about an act is left out: it may name anybody.
    pub fn acts(&self) -> impl Iterator<Item = Act> {
        let acts = self.covered.case().acts();
        acts.filter(|act| self.covered.has(&Item::Act(act.id)))
            .map(|act| as_covered(&self.covered, act))
    }

    /// The people in it whom an answer speaks of, each as they may be shown. Where no identity may
    /// be shown there are none.
    pub fn people(&self) -> impl Iterator<Item = Shown<'a>> {
        let identity = self.covered.identity();
        let people = self.covered.case().people();
        people
            .filter(move |_| identity.as_str() != "none")
            .filter(|person| self.covered.speaks_of(person.id))
            .map(move |person| Shown {
                id: person.id,
                person,
                identity,
            })
    }

    /// What was told in the person's own words, where that is in it: it names whoever it names, so
    /// where no names may be shown it must have been asked for by itself.
    pub fn narratives(&self) -> impl Iterator<Item = &'a str> {
        let letters = self.covered.case().letters().iter();
        letters
            .filter(|_| {
                shows_names(&self.covered) || self.covered.items().contains(&Item::Narrative)
            })
            .filter(|_| self.covered.has(&Item::Narrative))
            .filter_map(|letter| letter.report.as_ref().ok())
            .map(|report| report.narrative.as_str())
            .filter(|told| !told.trim().is_empty())
    }

    /// Whether an attachment is in it, by its content hash.
    pub fn has_attachment(&self, content: [u8; 32]) -> bool {
        self.covered.has(&Item::Attachment(content))
    }
}

/// An act as it may be shown: with the names in it only where full names are covered.
pub(crate) fn as_covered(covered: &Covered<'_>, act: &Act) -> Act {
    if shows_names(covered) {
        act.clone()
    } else {
        without_names(act)
    }
}

/// Whether full names may be shown.
fn shows_names(covered: &Covered<'_>) -> bool {
    matches!(
        covered.identity().as_str(),
        "full-name" | "full-name-and-contact"
    )
}

/// An act without anybody's name and without whatever was written freely, which may hold one.
fn without_names(act: &Act) -> Act {
    let involvements = act.involvements.iter().map(|part| Involvement {
        name: String::new(),
        grounds: String::new(),
        person: None,
        kept: Kept::default(),
        ..part.clone()
    });
    let technologies = act.technologies.iter().map(|used| TechnologyUse {
        operator: String::new(),
        kept: Kept::default(),
        ..used.clone()
    });
    let chain = act.chain.iter().map(|link| ActLink {
        grounds: String::new(),
        kept: Kept::default(),
        ..link.clone()
    });
    let cooperation = act.cooperation.iter().map(|one| Cooperation {
        grounds: String::new(),
        kept: Kept::default(),
        ..one.clone()
    });
    Act {
        involvements: involvements.collect(),
        technologies: technologies.collect(),
        chain: chain.collect(),
        cooperation: cooperation.collect(),
        legality: Legality {
            reasons: String::new(),
            kept: Kept::default(),
            ..act.legality.clone()
        },
        note: String::new(),
        kept: Kept::default(),
        ..act.clone()
    }
}

fn leaves(covered: &Covered<'_>) -> Result<(), CannotSend> {
    if matches!(
        covered.purpose().as_str(),
        "documentation-internal" | "statistics"
    ) {
        return Err(CannotSend::StaysInside);
    }
    if matches!(
        covered.purpose().as_str(),
        "public-anonymous" | "public-named"
    ) {
        return Err(CannotSend::PublishInstead);
    }
    if covered.is_confined() {
        return Err(CannotSend::OnlyUrgent);
    }
    Ok(())
}

/// Records that material is handed over. `case` is the case as it is now: consent is asked for once
/// more there, on the day of the stamp.
pub fn send_package(
    case: &Case,
    package: &Package<'_>,
    note: impl Into<Text>,
    stamp: Stamp,
) -> Result<Entry, CannotSend> {
    let covered = &package.covered;
    if covered.case().id() != case.id() {
        return Err(CannotSend::OtherCase);
    }
    let mut sent = PackageSent {
        purpose: covered.purpose().into(),
        to: package.to.clone(),
        items: covered.items().to_vec(),
        identity: covered.identity().into(),
        consents: Vec::new(),
        ground: None,
        day: stamp.at.date().ok_or(CannotSend::NoLongerCovered)?,
        note: note.into(),
    };
    let now = may_send_package(case, &sent, &stamp)?;
    if case.is_recused(&stamp.by) {
        return Err(CannotSend::Recused);
    }
    sent.consents = now.consents().to_vec();
    sent.ground = now.ground();
    Entry::written(stamp, Some(case.id()), sent.into()).map_err(|_| CannotSend::TooLong)
}

pub(crate) fn may_send_package<'a>(
    case: &'a Case,
    sent: &PackageSent,
    stamp: &Stamp,
) -> Result<Covered<'a>, CannotSend> {
    if sent.to.is_blank() {
        return Err(CannotSend::NobodyNamed);
    }
    let (Some(purpose), Some(identity), Some(today)) =
        (sent.purpose.code(), sent.identity.code(), stamp.at.date())
    else {
        return Err(CannotSend::NoLongerCovered);
    };
    if is_set_aside(case) {
        return Err(CannotSend::SetAside);
    }
    let leaving = sent.leaving(stamp);
    leaving
        .map_or(Ok(None), |leaving| case.may_leave(leaving))
        .map_err(|_| CannotSend::BelowGrade)?;
    let now = case
        .covers_items(purpose, &sent.to, &sent.items, identity, today)
        .map_err(|_| CannotSend::NoLongerCovered)?;
    leaves(&now)?;
    Ok(now)
}

/// As what something went outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// A letter.
    Letter,
    /// Material.
    Package,
    /// A public page.
    Page,
}

/// Something that went outside, and that no withdrawal brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WentOut<'a> {
    /// As what.
    pub what: Outside,
    /// To whom.
    pub to: &'a Text,
    /// The day on it.
    pub day: Date,
    /// When that was recorded.
    pub at: Moment,
    /// For which purpose.
    pub purpose: Option<Code<Purposes>>,
    /// What of the case; empty means the whole case.
    pub items: &'a [Item],
    /// How much of the identity it showed.
    pub identity: Option<Code<IdentityLevels>>,
    /// The consents it rested on.
    pub consents: &'a [u32],
}

impl WentOut<'_> {
    /// What can no longer be taken back of it, and what can still be done.
    pub fn beyond_recall(&self, language: Language) -> &'static str {
        let (en, fr) = match self.purpose.map(|purpose| purpose.as_str()) {
            Some(
                "public-anonymous"
                | "public-named"
                | "un-public-report"
                | "reprisals-sg-report"
                | "media",
            ) => (
                "It is public, or may become so. Ask that it be taken down; copies remain.",
                "C’est public, ou peut le devenir. Demandez le retrait ; des copies resteront.",
            ),
            Some("un-confidential" | "un-special-procedures" | "regional-mechanism" | "nhri") => (
                "They have read it and keep it. Write that consent was withdrawn and ask that they use it no more; what they passed on to a State cannot be taken back.",
                "Le destinataire l’a lu et le conserve. Écrivez que le consentement est retiré et demandez qu’il ne s’en serve plus ; ce qui a été transmis à un État ne peut pas être repris.",
            ),
            Some("state-transmission" | "company-transmission" | "court-or-prosecutor") => (
                "They know it, and nothing takes that back. Think first about who may be in danger now.",
                "Le destinataire le sait, et rien ne peut l’effacer. Pensez d’abord à qui peut être en danger maintenant.",
            ),
            _ => (
                "They have it. Ask that they erase it, and that they say so in writing.",
                "Le destinataire l’a. Demandez qu’il l’efface et qu’il le confirme par écrit.",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl Case {
    /// Everything that went outside, letters, material and public pages, in the order of the days it was recorded.
    pub fn went_out(&self) -> Vec<WentOut<'_>> {
        let letters = self.outgoing().iter().map(|out| WentOut {
            what: Outside::Letter,
            to: &out.sent.to,
            day: out.sent.day,
            at: out.at,
            purpose: out.sent.purpose.code(),
            items: &out.sent.items,
            identity: out.sent.identity.code(),
            consents: &out.sent.consents,
        });
        let packages = self.packages().iter().map(|out| WentOut {
            what: Outside::Package,
            to: &out.package.to,
            day: out.package.day,
            at: out.at,
            purpose: out.package.purpose.code(),
            items: &out.package.items,
            identity: out.package.identity.code(),
            consents: &out.package.consents,
        });
        let pages = self.published().iter().map(|out| WentOut {
            what: Outside::Page,
            to: &out.published.place,
            day: out.published.day,
            at: out.at,
            purpose: out.published.purpose.code(),
            items: &out.published.items,
            identity: out.published.identity.code(),
            consents: &out.published.consents,
        });
        let mut all: Vec<WentOut<'_>> = letters.chain(packages).chain(pages).collect();
        all.sort_by_key(|out| out.at);
        all
    }

    /// What went outside under a consent: what its withdrawal does not bring back.
    pub fn went_out_under(&self, consent: u32) -> Vec<WentOut<'_>> {
        let mut all = self.went_out();
        all.retain(|out| out.consents.contains(&consent));
        all
    }
}
