//! Taking in what arrives.

use record::vocabulary::Channels;
use record::{Report, Term};

use crate::entry::{
    CaseId, CaseOpened, Conversation, Entry, Leaf, Letter, LetterAdded, LetterUnreadable,
    ReportBytes, SealedBy, Stamp, Unreadable,
};
use crate::field::refusals;
use crate::office::Office;

/// A report that arrived, and how.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What it says.
    pub report: Report,
    /// How it came.
    pub came: Came,
}

/// How a report came.
#[derive(Clone, Debug)]
pub enum Came {
    /// Sealed, through the relay or a courier, and opened by this desk.
    Sealed {
        /// Its leaf.
        leaf: Leaf,
        /// What sealed it.
        sealed_by: SealedBy,
        /// The key that signed it, once its signature was checked; none if no words were taken.
        conversation: Option<Conversation>,
        /// The day of the last answer its writer had read.
        acknowledges: Option<u32>,
        /// The epoch of the newest manifest its writer had seen, if this desk knows it.
        saw_epoch: Option<u64>,
        /// The words it hands over to, once their signature was checked.
        hands_over: Option<Conversation>,
    },
    /// From a file of reports.
    Imported {
        /// A new name: sixteen random bytes.
        case: CaseId,
    },
}

refusals! {
    /// Why a report is not taken in.
    CannotTakeIn {
        /// The same leaf again.
        AlreadyTaken
            "this letter was already taken in; nothing needs to be done"
            "cette lettre a déjà été enregistrée ; il n’y a rien à faire",
        /// The same report of the same data set again.
        AlreadyImported
            "this report of this data set was already imported; nothing needs to be done"
            "ce signalement de ce jeu de données a déjà été importé ; il n’y a rien à faire",
        /// The same message of the same file again.
        AlreadyTakenDown
            "this message was already taken down; nothing needs to be done"
            "ce message a déjà été consigné ; il n’y a rien à faire",
        /// The name is taken.
        NameTaken
            "a case of this name is already there; draw a new name"
            "un dossier porte déjà ce nom ; tirez un nouveau nom",
        /// No list of channels has this word.
        UnknownChannel
            "choose how it came from the list"
            "choisissez dans la liste la voie d’arrivée",
        /// It claims a leaf or words, as only a sealed letter has them.
        LooksSealed
            "a report that was taken down has no words; only a sealed letter has"
            "un signalement consigné n’a pas de mots ; seule une lettre scellée en a",
        /// The case it is to join was erased.
        CaseErased
            "this case was erased; take the report down as a new one"
            "ce dossier a été effacé ; consignez le signalement comme nouveau",
        /// Whoever takes it down stands back from the case.
        Recused
            "you stand back from this case; a colleague must enter this"
            "votre déport de ce dossier est enregistré ; une ou un collègue doit saisir ceci",
        /// Told on a day to come.
        NotYet
            "the day on which it was told is still to come; look at the year"
            "le jour indiqué n’est pas encore venu ; vérifiez l’année",
        /// No word and no file.
        NothingTold
            "write down what was told, or bring a file"
            "consignez ce qui a été dit, ou apportez un fichier",
        /// Larger than any report.
        TooLong
            "the report is larger than the largest letter; divide it"
            "le signalement dépasse la plus grande lettre ; divisez-le",
    }
}

/// Takes a report in: it opens a case, or joins the case of its conversation.
///
/// Never judges it. A report from the same words as an open or closed case belongs to that case.
pub fn intake(office: &Office, arrival: Arrival, stamp: Stamp) -> Result<Entry, CannotTakeIn> {
    let report = arrival.report;
    let (case, letter) = match arrival.came {
        Came::Sealed {
            leaf,
            sealed_by,
            conversation,
            acknowledges,
            saw_epoch,
            hands_over,
        } => {
            let unread = office.unread().iter().any(|unread| unread.leaf == leaf);
            let case = CaseId::of_leaf(leaf);
            if (office.knows(leaf) && !unread) || office.case(case).is_some() {
                return Err(CannotTakeIn::AlreadyTaken);
            }
            let letter = Letter {
                leaf: Some(leaf),
                report: ReportBytes::of(&report),
                channel: channel_of(&report, sealed_by),
                sealed_by: Some(sealed_by),
                conversation,
                acknowledges,
                saw_epoch,
                hands_over,
            };
            let known = conversation.and_then(|key| office.case_of_conversation(key));
            if let Some(known) = known {
                return Entry::written(stamp, Some(known.id()), LetterAdded { letter }.into())
                    .map_err(|_| CannotTakeIn::TooLong);
            }
            (case, letter)
        }
        Came::Imported { case } => {
            if !report.origin.is_empty() && office.case_of_origin(&report.origin).is_some() {
                return Err(CannotTakeIn::AlreadyImported);
            }
            (case, plain(&report, Term::told("import")))
        }
    };
    if office.case(case).is_some() {
        return Err(CannotTakeIn::NameTaken);
    }
    Entry::written(stamp, Some(case), CaseOpened { letter }.into())
        .map_err(|_| CannotTakeIn::TooLong)
}

/// Records that a letter became no case. The letter's bytes stay where they are.
pub fn unreadable(
    office: &Office,
    leaf: Leaf,
    why: Unreadable,
    stamp: Stamp,
) -> Result<Entry, CannotTakeIn> {
    if office.knows(leaf) {
        return Err(CannotTakeIn::AlreadyTaken);
    }
    Entry::written(stamp, None, LetterUnreadable { leaf, why }.into())
        .map_err(|_| CannotTakeIn::TooLong)
}

fn plain(report: &Report, channel: Term<Channels>) -> Letter {
    Letter {
        leaf: None,
        report: ReportBytes::of(report),
        channel,
        sealed_by: None,
        conversation: None,
        acknowledges: None,
        saw_epoch: None,
        hands_over: None,
    }
}

/// What sealed a letter is known; what the report says of its channel is only told.
fn channel_of(report: &Report, sealed_by: SealedBy) -> Term<Channels> {
    match sealed_by {
        SealedBy::Page => Term::told("page"),
        SealedBy::Doorstep => Term::told("doorstep"),
        SealedBy::Kit => Term::told("kit"),
        SealedBy::Native if report.channel.entry().is_some() => report.channel.clone(),
        SealedBy::Native => Term::told("native"),
    }
}
