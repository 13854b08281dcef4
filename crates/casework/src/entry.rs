//! The log of an office's decisions: what one entry is, and its bytes.
//!
//! An entry is never changed and never taken back; what turns out otherwise is a new entry. Its
//! bytes are kept exactly as they came, so that a kind or a field of a newer release survives a
//! desk that does not know it.
//!
//! Bytes: a CBOR map. 0 version, 1 position, 2 day, 3 second, 4 author, 5 case (absent when the
//! entry belongs to none), 6 kind, 7 content.
//!
//! Absent: signing, sealing and ordering the log of a team; whoever keeps the log does that.

use std::fmt;

use minicbor::decode::{self, Decoder};
use record::vocabulary::{Channels, Communications, IdentityLevels, Purposes, Urgencies};
use record::{
    Act, ActId, Assessment, Consent, Date, Event, Ground, Item, Language, Person, PersonId, Report,
    Source, Term,
};

use crate::duty::{Assigned, HandedOver, RecusalEnded, Recused, TaskDone, TaskSet};
use crate::field::{Field, Writer, Written, choices, content, fixed};
use crate::follow::{
    CheckedIn, CommitmentRecorded, DeadlineSet, FollowedUp, HelpRecorded, LawRecorded,
    NotTransmitted, RemedyRecorded, ResponseRecorded, StepRecorded,
};
use crate::grade::{ExceptionAgreed, ExceptionProposed, GradeSet};
use crate::public::Published;
use crate::sending::{Foreseen, ReceiptNoted};
use crate::state::State;
use crate::taken::TakenDown;
use crate::text::Text;
use crate::translation::{Translated, TranslationReviewed};

/// The version of an entry's encoding that this release writes and the newest it reads.
pub const VERSION: u64 = 1;
/// The longest entry in bytes: the largest report and room for what stands around it.
pub const MAX_LEN: usize = record::MAX_LEN + 4096;

/// A case, named by sixteen bytes that nobody can guess and two desks find alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(pub [u8; 16]);

impl CaseId {
    /// The name of the case that a letter opens, so that two desks that open the same letter open
    /// the same case.
    pub fn of_leaf(leaf: Leaf) -> Self {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(leaf.0) {
            *to = from;
        }
        Self(id)
    }

    /// Reads the 32 hexadecimal digits that [`fmt::Display`] writes.
    pub fn read(text: &str) -> Option<Self> {
        let mut id = [0; 16];
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (at, to) in id.iter_mut().enumerate() {
            *to = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(id))
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The leaf of a letter on the relay's board: what the outside knows it by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf(pub [u8; 32]);

/// A conversation: the signing key that a reporter's words bring back every time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conversation(pub [u8; 32]);

macro_rules! names {
    ($($name:ident $length:literal)*) => {
        $(
            // A log line that names a case or a conversation would betray one.
            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(stringify!($name))
                }
            }

            impl Field for $name {
                fn absent() -> Option<Self> {
                    None
                }
                fn is_absent(&self) -> bool {
                    false
                }
                fn write(&self, to: &mut Writer) -> Written {
                    to.bytes(&self.0).map(drop)
                }
                fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
                    fixed::<$length>(from).map(Self)
                }
            }
        )*
    };
}
names!(CaseId 16 Leaf 32 Conversation 32);

/// When an entry was made, by the desk's clock: a day since 1970-01-01 and a second of it, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub day: u32,
    /// The second of the day.
    pub second: u32,
}

impl Moment {
    /// The day of the calendar.
    pub fn date(self) -> Option<Date> {
        Date::of_day_number(self.day)
    }
}

/// Who made an entry: the short code of a person, a slash, the short code of a desk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author(String);

impl Author {
    /// An author, if both codes are short and plain: 1 to 24 lower-case letters, digits, hyphens.
    pub fn new(person: &str, desk: &str) -> Option<Self> {
        let plain = |code: &str| {
            (1..=24).contains(&code.len())
                && code
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        (plain(person) && plain(desk)).then(|| Self(format!("{person}/{desk}")))
    }

    /// Reads `person/desk`.
    pub fn read(text: &str) -> Option<Self> {
        let (person, desk) = text.split_once('/')?;
        Self::new(person, desk)
    }

    /// The person. Two desks of one person are one person.
    pub fn person(&self) -> &str {
        self.0.split_once('/').map_or("", |(person, _)| person)
    }

    /// The desk.
    pub fn desk(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, desk)| desk)
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Field for Author {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.str(&self.0).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        Self::read(from.str()?).ok_or_else(|| decode::Error::message("not an author"))
    }
}

/// What stands on every entry: its place in the log, when, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The place in the log, from 0.
    pub position: u64,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Author,
}

/// One decision, and its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    stamp: Stamp,
    case: Option<CaseId>,
    what: What,
    bytes: Vec<u8>,
}

impl Entry {
    /// Writes a decision down. Only the functions of this room that decide do.
    pub(crate) fn written(stamp: Stamp, case: Option<CaseId>, what: What) -> Result<Self, TooLong> {
        let bytes = write(&stamp, case, &what).map_err(|_| TooLong)?;
        if bytes.len() > MAX_LEN {
            return Err(TooLong);
        }
        Ok(Self {
            stamp,
            case,
            what,
            bytes,
        })
    }

    /// Its place in the log.
    pub fn position(&self) -> u64 {
        self.stamp.position
    }

    /// When it was made.
    pub fn at(&self) -> Moment {
        self.stamp.at
    }

    /// Who made it.
    pub fn by(&self) -> &Author {
        &self.stamp.by
    }

    /// The case it belongs to.
    pub fn case(&self) -> Option<CaseId> {
        self.case
    }

    /// What was decided.
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Its bytes, to be stored as they are.
    pub fn encode(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads an entry that was stored.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotAnEntry> {
        if bytes.len() > MAX_LEN {
            return Err(NotAnEntry::Damaged);
        }
        let version = version(bytes).map_err(|_| NotAnEntry::Damaged)?;
        if version != VERSION {
            return Err(NotAnEntry::TooNew { version });
        }
        let (stamp, case, what) = read(bytes).map_err(|_| NotAnEntry::Damaged)?;
        Ok(Self {
            stamp,
            case,
            what,
            bytes: bytes.to_vec(),
        })
    }

    pub(crate) fn into_parts(self) -> (Stamp, Option<CaseId>, What) {
        (self.stamp, self.case, self.what)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry {} ({:?})", self.stamp.position, self.what.kind())
    }
}

/// What was to be decided is too long to be stored; make it shorter or divide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is too long to be stored; make it shorter or divide it")
    }
}

impl std::error::Error for TooLong {}

/// Why stored bytes are not an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnEntry {
    /// Cut or altered: restore it from a backup.
    Damaged,
    /// Written by a newer release: update, then open it again.
    TooNew {
        /// The version it names.
        version: u64,
    },
}

impl fmt::Display for NotAnEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => {
                f.write_str("an entry of the log is damaged; restore it from a backup")
            }
            Self::TooNew { version } => write!(
                f,
                "an entry of the log has version {version} and this release reads {VERSION}; update, then open it again"
            ),
        }
    }
}

impl std::error::Error for NotAnEntry {}

fn write(
    stamp: &Stamp,
    case: Option<CaseId>,
    what: &What,
) -> Result<Vec<u8>, minicbor::encode::Error<std::convert::Infallible>> {
    let mut to = Writer::new(Vec::new());
    to.map(7 + u64::from(case.is_some()))?;
    to.u32(0)?.u64(VERSION)?;
    to.u32(1)?.u64(stamp.position)?;
    to.u32(2)?.u32(stamp.at.day)?;
    to.u32(3)?.u32(stamp.at.second)?;
    to.u32(4)?;
    stamp.by.write(&mut to)?;
    if let Some(case) = case {
        to.u32(5)?;
        case.write(&mut to)?;
    }
    to.u32(6)?.u32(what.kind().number())?;
    to.u32(7)?;
    what.write_content(&mut to)?;
    Ok(to.into_writer())
}

fn version(bytes: &[u8]) -> Result<u64, decode::Error> {
    let mut from = Decoder::new(bytes);
    from.map()?;
    match from.u32()? {
        0 => from.u64(),
        _ => Err(decode::Error::message("no version")),
    }
}

fn read(bytes: &[u8]) -> Result<(Stamp, Option<CaseId>, What), decode::Error> {
    let mut from = Decoder::new(bytes);
    let length = from
        .map()?
        .ok_or_else(|| decode::Error::message("a map without a length"))?;
    let (mut position, mut day, mut second) = (None, None, None);
    let (mut by, mut case): (Option<Author>, Option<CaseId>) = (None, None);
    let (mut kind, mut content) = (None, None);
    for _ in 0..length {
        match from.u32()? {
            1 => position = Some(from.u64()?),
            2 => day = Some(from.u32()?),
            3 => second = Some(from.u32()?),
            4 => by = Some(Field::read(&mut from)?),
            5 => case = Some(Field::read(&mut from)?),
            6 => kind = Some(from.u32()?),
            7 => {
                let start = from.position();
                from.skip()?;
                content = bytes.get(start..from.position());
            }
            _ => from.skip()?,
        }
    }
    if from.position() != bytes.len() {
        return Err(decode::Error::message("something follows the end"));
    }
    let missing = || decode::Error::message("an entry without one of its parts");
    let stamp = Stamp {
        position: position.ok_or_else(missing)?,
        at: Moment {
            day: day.ok_or_else(missing)?,
            second: second.ok_or_else(missing)?,
        },
        by: by.ok_or_else(missing)?,
    };
    let what = What::read_content(
        kind.ok_or_else(missing)?,
        &mut Decoder::new(content.ok_or_else(missing)?),
    );
    Ok((stamp, case, what))
}

/// Declares the kinds: number, name, code, and what a history says of it.
macro_rules! kinds {
    ($($(#[$told:meta])* $number:literal $kind:ident $code:literal $en:literal $fr:literal,)*) => {
        /// What was decided.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum What {
            $($(#[$told])* $kind($kind),)*
            /// A decision of a kind this release does not know; its bytes are kept.
            Unknown {
                /// The number of the kind.
                kind: u32,
            },
        }

        /// The kinds of decisions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$told])* $kind,)*
            /// A kind of a newer release.
            Unknown(u32),
        }

        impl Kind {
            /// The number that stands in the bytes.
            pub const fn number(self) -> u32 {
                match self {
                    $(Self::$kind => $number,)*
                    Self::Unknown(number) => number,
                }
            }

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)*
                    Self::Unknown(_) => "unknown",
                }
            }

            /// What a history says of it.
            pub const fn label(self, language: Language) -> &'static str {
                let (en, fr) = match self {
                    $(Self::$kind => ($en, $fr),)*
                    Self::Unknown(_) => ("A decision of a newer release", "Une décision d’une version plus récente"),
                };
                match language {
                    Language::English => en,
                    Language::French => fr,
                }
            }
        }

        impl What {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)*
                    Self::Unknown { kind } => Kind::Unknown(*kind),
                }
            }

            fn write_content(&self, to: &mut Writer) -> Written {
                match self {
                    $(Self::$kind(content) => content.write(to),)*
                    // Never made here, only read, and what was read keeps its bytes.
                    Self::Unknown { .. } => to.null().map(drop),
                }
            }

            /// A content that cannot be read holds something newer; it is kept like a kind that
            /// is not known, and decides nothing here.
            fn read_content(kind: u32, from: &mut Decoder<'_>) -> Self {
                let read: Option<Self> = match kind {
                    $($number => <$kind as Field>::read(from).ok().map(Self::$kind),)*
                    _ => None,
                };
                read.unwrap_or(Self::Unknown { kind })
            }
        }

        $(
            impl From<$kind> for What {
                fn from(content: $kind) -> Self {
                    Self::$kind(content)
                }
            }
        )*
    };
}

kinds! {
    /// A case begins.
    1 CaseOpened "case-opened" "Case opened" "Dossier ouvert",
    /// A later letter of the same conversation.
    2 LetterAdded "letter-added" "Another letter arrived" "Nouvelle lettre reçue",
    /// A letter that could not be read, or was nothing.
    3 LetterUnreadable "letter-unreadable" "A letter could not be read" "Une lettre n’a pas pu être lue",
    /// The reporter was told that the letter was opened.
    4 Acknowledged "acknowledged" "Receipt sent" "Accusé de réception envoyé",
    /// An answer to the reporter.
    5 Replied "replied" "Answer sent" "Réponse envoyée",
    /// How urgent it is, as a person judged.
    6 Triaged "triaged" "Urgency set" "Urgence évaluée",
    /// A person or group, set down or corrected.
    7 PersonRecorded "person-recorded" "Person recorded" "Personne enregistrée",
    /// An event, set down or corrected.
    8 EventCoded "event-coded" "Event coded" "Événement codé",
    /// An act, set down or corrected.
    9 ActCoded "act-coded" "Act coded" "Acte codé",
    /// An answer about consent.
    10 ConsentRecorded "consent-recorded" "Consent recorded" "Consentement enregistré",
    /// A ground other than consent.
    11 GroundRecorded "ground-recorded" "Other ground recorded" "Autre fondement enregistré",
    /// A consent was taken back.
    12 ConsentWithdrawn "consent-withdrawn" "Consent withdrawn" "Consentement retiré",
    /// A source, set down or corrected.
    13 SourceRecorded "source-recorded" "Source recorded" "Source enregistrée",
    /// A reasoned finding.
    14 Assessed "assessed" "Assessment recorded" "Évaluation enregistrée",
    /// A second person looked at a finding.
    15 Reviewed "reviewed" "Assessment reviewed" "Évaluation relue",
    /// An act may be called verified.
    16 Verified "verified" "Act verified" "Acte vérifié",
    /// A note for the office alone.
    17 NoteAdded "note-added" "Note added" "Note ajoutée",
    /// The case moved on.
    18 StateChanged "state-changed" "State changed" "État modifié",
    /// A closed case was opened again.
    19 Reopened "reopened" "Case reopened" "Dossier rouvert",
    /// Something of the case went to someone outside.
    20 Communicated "communicated" "Sent to someone outside" "Transmis à l’extérieur",
    /// The content of the case was erased.
    21 Erased "erased" "Case erased" "Dossier effacé",
    /// An answer nobody said was read was posted once more.
    22 Reposted "reposted" "Answer posted again" "Réponse publiée de nouveau",
    /// Nothing goes back to the reporter any more.
    23 AnswersStopped "answers-stopped" "Answers stopped" "Réponses arrêtées",
    /// Answers go back again.
    24 AnswersResumed "answers-resumed" "Answers taken up again" "Réponses reprises",
    /// A letter changed the words of the conversation.
    25 WordsChanged "words-changed" "Words changed by a letter" "Mots changés par une lettre",
    /// A colleague leads the case.
    30 Assigned "assigned" "Case assigned" "Dossier attribué",
    /// It passed to another colleague.
    31 HandedOver "handed-over" "Case handed over" "Dossier transmis à une autre personne",
    /// A colleague stands back from it.
    32 Recused "recused" "A colleague stands back" "Déport d’une personne du bureau",
    /// And no longer.
    33 RecusalEnded "recusal-ended" "A colleague no longer stands back" "Fin du déport d’une personne du bureau",
    /// The grade for letters to the UN and States.
    34 GradeSet "grade-set" "Grade for the UN and States set" "Niveau exigé pour l’ONU et les États fixé",
    /// A letter must go below the grade, one person says.
    35 ExceptionProposed "exception-proposed" "Exception to the grade asked for" "Exception au niveau exigé demandée",
    /// And another agrees.
    36 ExceptionAgreed "exception-agreed" "Exception to the grade agreed" "Exception au niveau exigé approuvée",
    /// An answer came, or none did.
    37 ResponseRecorded "response-recorded" "Answer of a State or a company recorded" "Réponse d’un État ou d’une entreprise enregistrée",
    /// A step towards those responsible.
    38 StepRecorded "step-recorded" "Step of accountability recorded" "Étape de la reddition de comptes enregistrée",
    /// What repairs the harm.
    39 RemedyRecorded "remedy-recorded" "Remedy recorded" "Réparation enregistrée",
    /// Help that was given.
    40 HelpRecorded "help-recorded" "Help recorded" "Aide enregistrée",
    /// What a State or a company said it would do.
    41 CommitmentRecorded "commitment-recorded" "Commitment recorded" "Engagement enregistré",
    /// Someone looked in after a letter went out.
    42 CheckedIn "checked-in" "Looked in after a letter" "Prise de nouvelles après une lettre",
    /// Something is to be done.
    43 TaskSet "task-set" "Task set" "Tâche créée",
    /// It was done.
    44 TaskDone "task-done" "Task done" "Tâche faite",
    /// Until when an answer is awaited, and a letter confidential.
    45 DeadlineSet "deadline-set" "Deadline set" "Délai fixé",
    /// A law or an order.
    46 LawRecorded "law-recorded" "Law or order recorded" "Loi ou mesure enregistrée",
    /// Nothing goes to the State or the company, for someone’s safety.
    47 NotTransmitted "not-transmitted" "Kept from the State, for safety" "Non transmis à l’État, par sécurité",
    /// Someone looked at the case again.
    48 FollowedUp "followed-up" "Looked at again" "Dossier réexaminé",
    /// Something of the case was made public.
    49 Published "published" "Made public" "Rendu public",
    /// A second person stands by an answer that was given for someone who cannot be asked.
    50 ConsentSeconded "consent-seconded" "Second person agreed: the person cannot be asked" "Deuxième accord : impossible de consulter la personne",
    /// Someone who could not be asked was reached.
    51 PersonReached "person-reached" "Person reached" "Personne jointe",
    /// Those who answer for someone did not agree, and a person decided which answer stands.
    52 DisagreementResolved "disagreement-resolved" "Disagreement of relatives resolved" "Désaccord entre proches tranché",
    /// What is to become of what was used before a withdrawal.
    53 ErasureChosen "erasure-chosen" "Erase or keep: chosen" "Effacer ou conserver : choix fait",
    /// Material of the case was handed to someone outside.
    54 PackageSent "package-sent" "Material sent to someone outside" "Éléments transmis à l’extérieur",
    /// Somebody of the office took a report down: a visit, a call, a paper, an e-mail, a chat.
    55 TakenDown "taken-down" "Report taken down" "Signalement consigné",
    /// A report in another language.
    56 Translated "translated" "Translation added" "Traduction ajoutée",
    /// Somebody who did not make a translation looked at it.
    57 TranslationReviewed "translation-reviewed" "Translation reviewed" "Traduction relue",
    /// What was thought of before something goes outside.
    58 Foreseen "foreseen" "Risks weighed before sending" "Risques pesés avant l’envoi",
    /// What shows that a letter left.
    59 ReceiptNoted "receipt-noted" "Receipt of a letter noted" "Récépissé d’une lettre noté",
}

choices! {
    /// What sealed a letter (protocol §4).
    SealedBy {
        /// The reporter's page, or nothing was said.
        0 Page "page" "The reporter’s page" "La page de signalement",
        /// A native program.
        1 Native "native" "A program on the reporter’s machine" "Un programme sur l’appareil de la personne",
        /// The doorstep, which could have read it.
        2 Doorstep "doorstep" "The doorstep, which could have read it" "La page sans script, qui aurait pu la lire",
        /// The kit.
        3 Kit "kit" "The kit" "Le kit",
    }
    /// Why a letter is no case.
    Unreadable {
        /// No key here opens it.
        1 NoKey "no-key" "No key of this desk opens it" "Aucune clé de ce poste ne l’ouvre",
        /// Altered or cut.
        2 Damaged "damaged" "Damaged on the way" "Endommagée en chemin",
        /// Its signature is not by the key it brings.
        3 Forged "forged" "Its signature does not hold" "Sa signature n’est pas valable",
        /// Of a newer version.
        4 TooNew "too-new" "Written by a newer release" "Écrite par une version plus récente",
        /// No letter inside.
        5 Malformed "malformed" "There is no letter inside" "Ne contient pas de lettre",
        /// A letter that says nothing; a person looked.
        6 Junk "junk" "It says nothing" "Sans contenu utile",
    }
}

choices! {
    /// How a letter left the office.
    Dispatch {
        /// Through the recipient's own form on the web.
        1 Portal "portal" "The recipient’s portal" "Le portail du destinataire",
        /// As a file only the recipient can open.
        2 EncryptedFile "encrypted-file" "An encrypted file" "Un fichier chiffré",
        /// From hand to hand.
        3 ByHand "by-hand" "By hand" "Remise en main propre",
        /// On paper, by post.
        4 Post "post" "By post" "Par la poste",
        /// In an e-mail that others on the way can read.
        5 PlainEmail "plain-email" "Plain e-mail, which others on the way can read" "Courriel ordinaire, lisible en chemin par d’autres",
        /// In the press or on a public page.
        6 Public "public" "Made public" "Rendu public",
    }
}

choices! {
    /// What the person wants to become of the material after a withdrawal.
    AfterWithdrawal {
        /// Kept by the office, and not used.
        1 Keep "keep" "Keep it, use nothing" "Conserver, ne rien utiliser",
        /// The case is to be erased.
        2 Erase "erase" "Erase the case" "Effacer le dossier",
    }
}

/// The bytes of a report (`record`, protocol §4.1), kept exactly.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportBytes(pub(crate) Vec<u8>);

impl ReportBytes {
    /// The bytes of a report.
    pub fn of(report: &Report) -> Self {
        Self(report.encode())
    }

    /// The report, unless a newer release wrote it.
    pub fn report(&self) -> Result<Report, record::NotAReport> {
        Report::decode(&self.0)
    }
}

impl fmt::Debug for ReportBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReportBytes({} bytes)", self.0.len())
    }
}

impl Field for ReportBytes {
    fn absent() -> Option<Self> {
        None
    }
    fn is_absent(&self) -> bool {
        false
    }
    fn write(&self, to: &mut Writer) -> Written {
        to.bytes(&self.0).map(drop)
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        from.bytes().map(|bytes| Self(bytes.to_vec()))
    }
}

content! {
    /// A report as it came.
    Letter {
        /// Its leaf, when it came sealed through the relay.
        0 leaf: Option<Leaf>,
        /// What it says.
        1 report: ReportBytes,
        /// How it came.
        2 channel: Term<Channels>,
        /// What sealed it.
        3 sealed_by: Option<SealedBy>,
        /// The conversation whose words signed it; none if no words were taken.
        4 conversation: Option<Conversation>,
        /// The day of the last answer its writer had read.
        5 acknowledges: Option<u32>,
        /// The epoch of the newest manifest its writer had seen, if this desk knows it.
        6 saw_epoch: Option<u64>,
        /// The words that are to follow those that signed it, when it changes them.
        7 hands_over: Option<Conversation>,
    }
    /// A case begins with a letter, an imported report or a visit.
    CaseOpened {
        /// The first report.
        0 letter: Letter,
    }
    /// A later letter, signed by the same words.
    LetterAdded {
        /// The report.
        0 letter: Letter,
    }
    /// A leaf of the board that is no case.
    LetterUnreadable {
        /// The leaf.
        0 leaf: Leaf,
        /// Why.
        1 why: Unreadable,
    }
    /// Where a reporter's words find one part of an answer.
    Slot {
        /// The day, since 1970-01-01.
        0 day: u32,
        /// The place in the day, 0 to 15.
        1 slot: u16,
    }
    /// An "opened" cell was sealed and queued.
    Acknowledged {
        /// Where it will be found.
        0 slot: Slot,
    }
    /// An answer was sealed and queued.
    Replied {
        /// Its number in the conversation, from 1.
        0 number: u32,
        /// What it says.
        1 text: Text,
        /// Where its parts will be found.
        2 slots: Vec<Slot>,
    }
    /// An answer was sealed and queued once more, word for word, because it leaves the days that
    /// readers look at and no letter says it was read.
    Reposted {
        /// Its number in the conversation.
        0 number: u32,
        /// Where its parts will be found now.
        1 slots: Vec<Slot>,
    }
    /// The words may be in other hands: whatever is said now, somebody else may read.
    AnswersStopped {
        /// How that is known.
        0 reason: Text,
    }
    /// The words are the reporter's alone after all, or new ones were taken.
    AnswersResumed {
        /// How that is known.
        0 reason: Text,
    }
    /// A letter under the words in force handed over to new ones, which signed as well. It tells
    /// nothing of who wrote it.
    WordsChanged {
        /// The letter.
        0 letter: Leaf,
        /// The new words, in force from here on.
        1 to: Conversation,
        /// The case that letters under the new words had opened before; they speak in this one now.
        2 joins: Option<CaseId>,
        /// The words that were given up in that case before these. They are named here too: that
        /// case may be erased.
        3 between: Vec<Conversation>,
    }
    /// Urgency, set by a person.
    Triaged {
        /// How urgent.
        0 urgency: Term<Urgencies>,
        /// Why.
        1 reason: Text,
    }
    /// A person or group of the case. The same number again corrects it.
    PersonRecorded {
        /// Who.
        0 person: Person,
    }
    /// An event. The same number again corrects it.
    EventCoded {
        /// What happened.
        0 event: Box<Event>,
    }
    /// An act. The same number again corrects it, and it must be verified anew.
    ActCoded {
        /// Who did what to whom.
        0 act: Box<Act>,
    }
    /// One answer to one question about consent.
    ConsentRecorded {
        /// Its number in the case, from 1.
        0 number: u32,
        /// The answer.
        1 consent: Box<Consent>,
        /// The signed letter that gave it, when one did.
        2 letter: Option<Leaf>,
    }
    /// A ground other than consent, and why it holds.
    GroundRecorded {
        /// Its number in the case, from 1.
        0 number: u32,
        /// The ground.
        1 ground: Ground,
    }
    /// A consent or a ground stops at once.
    ConsentWithdrawn {
        /// The number of the consent.
        0 consent: u32,
        /// How and why.
        1 reason: Text,
    }
    /// A source. The same number again corrects it.
    SourceRecorded {
        /// The source.
        0 source: Source,
    }
    /// A finding, with its reasons.
    Assessed {
        /// Its number in the case, from 1.
        0 number: u32,
        /// The finding. Its assessor is the entry's author.
        1 assessment: Assessment,
    }
    /// A second look at a finding.
    Reviewed {
        /// The number of the assessment.
        0 assessment: u32,
        /// Whether the reviewer agrees.
        1 agrees: bool,
        /// Why.
        2 reasons: Text,
        /// Whether the assessor reviewed alone, because the office has one person. Always shown.
        3 one_person_office: bool,
    }
    /// An act may be called verified.
    Verified {
        /// The act.
        0 act: ActId,
        /// The assessment this rests on.
        1 assessment: u32,
    }
    /// A note for the office alone.
    NoteAdded {
        /// What it says.
        0 text: Text,
    }
    /// The case moved to another state.
    StateChanged {
        /// The state.
        0 to: State,
        /// Why.
        1 reason: Text,
        /// The case it doubles, when it is a duplicate.
        2 duplicate_of: Option<CaseId>,
        /// Where it was referred to, when it is outside the mandate.
        3 referred_to: Option<Text>,
    }
    /// The case was closed and is open again.
    Reopened {
        /// Why.
        0 reason: Text,
    }
    /// Something of the case went outside.
    Communicated {
        /// What kind of letter.
        0 kind: Term<Communications>,
        /// For which purpose it was covered.
        1 purpose: Term<Purposes>,
        /// To whom.
        2 to: Text,
        /// What it said.
        3 body: Text,
        /// The consent it rested on.
        4 consents: Vec<u32>,
        /// The other ground it rested on.
        5 ground: Option<u32>,
        /// How much of the identity it showed.
        6 identity: Term<IdentityLevels>,
        /// The day on it.
        7 day: Date,
        /// What of the case it was about; empty means the whole case.
        8 items: Vec<Item>,
        /// How it left the office.
        9 dispatch: Option<Dispatch>,
        /// The number of a receipt, or whatever else shows that it left.
        10 receipt: Text,
    }
    /// A second person stands by an answer for someone who cannot be asked.
    ConsentSeconded {
        /// The number of the consent.
        0 consent: u32,
    }
    /// Someone who could not be asked was reached: what others answered for them ends.
    PersonReached {
        /// Who.
        0 subject: PersonId,
        /// How.
        1 how: Text,
    }
    /// Those who answer for someone did not agree.
    DisagreementResolved {
        /// The number of the answer that stands.
        0 stands: u32,
        /// Why.
        1 reason: Text,
    }
    /// After a withdrawal: erase or keep.
    ErasureChosen {
        /// The number of the consent that was withdrawn.
        0 consent: u32,
        /// What was chosen.
        1 choice: AfterWithdrawal,
        /// What was said.
        2 reason: Text,
    }
    /// Material of the case went outside.
    PackageSent {
        /// For which purpose it was covered.
        0 purpose: Term<Purposes>,
        /// To whom.
        1 to: Text,
        /// What of the case it held; empty means the whole case.
        2 items: Vec<Item>,
        /// How much of the identity it showed.
        3 identity: Term<IdentityLevels>,
        /// The consents it rested on.
        4 consents: Vec<u32>,
        /// The other ground it rested on.
        5 ground: Option<u32>,
        /// The day it was handed over.
        6 day: Date,
        /// How it went, and what else is to be known.
        7 note: Text,
    }
    /// Everything in the case was erased.
    Erased {
        /// Why.
        0 reason: Text,
        /// Letters it held, so that none of them is taken in a second time.
        1 leaves: Vec<Leaf>,
        /// The places in the log of its entries, whose content goes. What is gone from any other
        /// place was taken by somebody else.
        2 places: Vec<u64>,
    }
}
