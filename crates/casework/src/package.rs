//! Material of a case that goes to someone outside, and everything that ever went.
//!
//! A [`Package`] shows of its case what is covered and nothing else: whoever writes it to a file
//! reads it from here. (decision 0054)

use record::vocabulary::{IdentityLevels, Purposes};
use record::{Act, Code, Date, Item, Language};

use crate::case::Case;
use crate::contents::{Contents, Shown};
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
        /// Nobody wrote down what may come of it.
        NotForeseen
            "first write down who else knows each detail, what reaction is likely and who was warned: for this recipient, within the last fourteen days"
            "notez d’abord qui d’autre connaît chaque détail, quelle réaction est probable et qui a été prévenu : pour ce destinataire, au cours des quatorze derniers jours",
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

    /// What it shows of its case.
    pub fn contents(&self) -> Contents<'_, 'a> {
        Contents::of(&self.covered)
    }

    /// The acts in it: [`Contents::acts`].
    pub fn acts(&self) -> impl Iterator<Item = Act> {
        self.contents().acts()
    }

    /// The people in it: [`Contents::people`].
    pub fn people(&self) -> impl Iterator<Item = Shown<'a>> {
        self.contents().people()
    }

    /// What was told in it: [`Contents::narratives`].
    pub fn narratives(&self) -> impl Iterator<Item = &'a str> {
        self.contents().narratives()
    }

    /// Whether an attachment is in it, by its content hash.
    pub fn has_attachment(&self, content: [u8; 32]) -> bool {
        self.contents().has_attachment(content)
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
    if case.foresight(&sent.to, identity, stamp.at.day).is_none() {
        return Err(CannotSend::NotForeseen);
    }
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
