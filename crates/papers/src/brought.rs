//! What somebody brings to the office in a file of their own: an e-mail, a mailbox, a chat. Each
//! message or chat becomes a report of the one kind, with its channel, beside the bytes it was read
//! from.
//!
//! Nothing is decided here and nothing is lost: what cannot be read is [`Noticed`] in words, and the
//! original keeps it. A day that a file writes in a way that could mean two days stays as it is
//! written.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use record::{Date, Language, Report};

use crate::chat::{self, DayOrder};
use crate::mail;

/// No mailbox is longer: 64 MiB.
pub const LONGEST_MAIL: usize = 64 << 20;
/// No chat is longer: 32 MiB. In memory it takes several times as much.
pub const LONGEST_CHAT: usize = 32 << 20;
/// No file gives more reports at once.
pub const MOST_BROUGHT: usize = 500;
/// The longest narrative that is put into a report; the original has the rest.
pub const LONGEST_NARRATIVE: usize = 160 << 10;
/// The longest line of a report besides: a subject, a name with an address.
const LONGEST_LINE: usize = 2 << 10;

/// One message or chat of a file.
pub struct Brought {
    /// Its place in the file, from 1.
    pub number: usize,
    /// What it says.
    pub report: Report,
    /// Where its bytes stand in the file: they are kept as they are.
    pub original: Range<usize>,
    /// The day on which it was written, as its own clock and program tell it.
    pub told_on: Option<Date>,
    /// Files that came inside it.
    pub enclosed: Vec<Enclosed>,
    /// Whether it is a message of its own: then [`mail::unkept`] of its bytes says whether it is here
    /// already. Else its bytes do.
    pub is_mail: bool,
    /// What was not quite as expected; never a reason to leave it out.
    pub noticed: BTreeSet<Noticed>,
}

/// A file inside a message.
pub struct Enclosed {
    /// The media type its sender's program wrote, in small letters. Nobody looked at the bytes.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

// What a person told, and the names of files, stay out of logs and failed assertions.
impl fmt::Debug for Brought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Brought {} ({:?})", self.number, self.noticed)
    }
}

impl fmt::Debug for Enclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enclosed({} bytes)", self.bytes.len())
    }
}

/// Reads a file of whatever kind it shows itself to be. `order` says how the dates of a chat are
/// written, if somebody knows. No message is said to be told after `latest`.
///
/// # Errors
/// [`CannotRead`]: nothing was read, and the bytes are as they were.
pub fn read(
    file: &[u8],
    order: Option<DayOrder>,
    latest: Date,
) -> Result<Vec<Brought>, CannotRead> {
    // Where the sun rises earlier than here, a day may have begun that is not yet ours.
    let tomorrow = u32::try_from(latest.day_number() + 1).ok();
    let tomorrow = tomorrow.and_then(Date::of_day_number).unwrap_or(latest);
    let mut all = read_as_shown(file, order, tomorrow)?;
    for one in &mut all {
        // The clock of a sender is the sender's: a day to come is no reason to leave a message out.
        if one.told_on.is_some_and(|day| day > latest) {
            one.told_on = None;
            one.noticed.insert(Noticed::DayToCome);
        }
    }
    Ok(all)
}

fn read_as_shown(
    file: &[u8],
    order: Option<DayOrder>,
    latest: Date,
) -> Result<Vec<Brought>, CannotRead> {
    check_size(file, LONGEST_MAIL)?;
    if file.starts_with(b"PK\x03\x04") {
        return Err(CannotRead::Archive);
    }
    let begins = file.iter().find(|byte| !byte.is_ascii_whitespace());
    if file.starts_with(b"From ") {
        mail::mailbox(file)
    } else if matches!(begins, Some(b'{' | b'[')) && chat::is_json(file) {
        chat::json(file)
    } else if mail::is_message(file) {
        mail::message(file).map(|one| vec![one])
    } else {
        match chat::lines(file, order, latest) {
            Err(CannotRead::NotAChat) => Err(CannotRead::NotRecognised),
            read => read.map(|one| vec![one]),
        }
    }
}

pub(crate) fn check_size(file: &[u8], longest: usize) -> Result<(), CannotRead> {
    if file.is_empty() {
        Err(CannotRead::Empty)
    } else if file.len() > longest {
        Err(CannotRead::TooLong {
            mebibytes: longest >> 20,
        })
    } else {
        Ok(())
    }
}

/// A text that fits into a report; what is cut is noticed.
pub(crate) fn narrative(mut text: String, noticed: &mut BTreeSet<Noticed>) -> String {
    if text.len() > LONGEST_NARRATIVE {
        noticed.insert(Noticed::Cut);
        text.truncate(text.floor_char_boundary(LONGEST_NARRATIVE));
        text.push('…');
    }
    text
}

/// A line that fits into a report beside the narrative.
pub(crate) fn short(mut text: String, noticed: &mut BTreeSet<Noticed>) -> String {
    if text.len() > LONGEST_LINE {
        noticed.insert(Noticed::Cut);
        text.truncate(text.floor_char_boundary(LONGEST_LINE));
        text.push('…');
    }
    text
}

/// Something in a file that was not quite as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Noticed {
    /// Longer than a report: its end is in the original alone.
    Cut,
    /// The writing names an encoding that nobody here knows.
    UnknownCharset,
    /// Some bytes are no letters in the encoding the file names.
    NotItsCharset,
    /// Its transfer encoding is broken.
    BrokenEncoding,
    /// Parts within parts, deeper than is read.
    TooDeep,
    /// More parts than are read.
    TooManyParts,
    /// There was only a text with markup; what it showed is here without it.
    OnlyMarkup,
    /// Its days could mean two days.
    DaysNotSure,
    /// It names pictures or recordings that are not in the file.
    FilesElsewhere,
    /// It is encrypted, for a key this desk does not have.
    Encrypted,
    /// The day it gives is still to come.
    DayToCome,
    /// It came in several versions, and one of them is not here.
    OtherVersion,
    /// Answers to it would go to another address than its sender's.
    AnswersElsewhere,
    /// Some messages hold what is not read here.
    NotRead,
    /// Signs stand before words that are not plainly those of whoever sent them.
    Signs,
    /// Lines of text: who wrote what is as sure as the look of a line.
    LinesOfText,
    /// Who sent it is what it says of itself.
    SenderClaimed,
}

impl Noticed {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Cut,
        Self::UnknownCharset,
        Self::NotItsCharset,
        Self::BrokenEncoding,
        Self::TooDeep,
        Self::TooManyParts,
        Self::OnlyMarkup,
        Self::DaysNotSure,
        Self::FilesElsewhere,
        Self::Encrypted,
        Self::DayToCome,
        Self::OtherVersion,
        Self::AnswersElsewhere,
        Self::NotRead,
        Self::Signs,
        Self::LinesOfText,
        Self::SenderClaimed,
    ];

    /// The sentence for the caseworker.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::Cut => (
                "It is longer than a report may be: its end stands in the original alone.",
                "Le texte dépasse la taille d’un signalement : la fin ne figure que dans l’original.",
            ),
            Self::UnknownCharset => (
                "It names an encoding of its letters that is not known here. If the text looks wrong, read the original.",
                "L’encodage indiqué est inconnu ici. Si le texte paraît abîmé, lisez l’original.",
            ),
            Self::NotItsCharset => (
                "Some of its bytes are no letters in the encoding it names; � stands in their place. The original has them.",
                "Certains octets ne correspondent à aucune lettre dans l’encodage indiqué ; � les remplace. L’original les contient.",
            ),
            Self::BrokenEncoding => (
                "A part was damaged on the way and is kept as it came.",
                "Une partie est arrivée abîmée ; elle est gardée telle quelle.",
            ),
            Self::TooDeep => (
                "Messages lie within messages deeper than is read here. The rest stands in the original.",
                "Des messages sont imbriqués plus profondément que ce qui est lu ici. Le reste figure dans l’original.",
            ),
            Self::TooManyParts => (
                "It has more parts than are read here. The rest stands in the original.",
                "Il y a plus de parties que ce qui est lu ici. Le reste figure dans l’original.",
            ),
            Self::OnlyMarkup => (
                "The message was a small web page; its words are shown without their layout.",
                "Le message était une petite page web ; ses mots sont affichés sans leur mise en page.",
            ),
            Self::DaysNotSure => (
                "Its days can be read in two ways (3/4 is the third of April or the fourth of March), or in none: they are left as they are written. Find out which holds, and write it into the notes of the case.",
                "Ses dates se lisent de deux façons (3/4 : le 3 avril ou le 4 mars), ou d’aucune : elles sont laissées telles quelles. Vérifiez laquelle est la bonne, et inscrivez-la dans les notes du dossier.",
            ),
            Self::FilesElsewhere => (
                "It speaks of pictures or recordings that are not in the file. Bring them as well.",
                "Il mentionne des images ou des enregistrements qui ne sont pas dans le fichier. Apportez-les aussi.",
            ),
            Self::Encrypted => (
                "It is encrypted. Open it in the program that has its key, and take down what it says.",
                "Le message est chiffré. Ouvrez-le avec le programme qui en possède la clé, puis consignez ce qu’il dit.",
            ),
            Self::DayToCome => (
                "The day it gives is still to come here: it was written where that day has begun, by a clock that is wrong, or somebody changed the day. It was left out; the original has it.",
                "Le jour indiqué n’est pas encore venu ici : le message a été écrit là où ce jour a déjà commencé, l’horloge de l’expéditeur est fausse, ou quelqu’un a changé la date. Ce jour a été laissé de côté ; l’original le contient.",
            ),
            Self::OtherVersion => (
                "The message came in several versions that differ in their words. One is here; read the others in the original.",
                "Le message est arrivé en plusieurs versions dont les mots diffèrent. L’une est ici ; lisez les autres dans l’original.",
            ),
            Self::AnswersElsewhere => (
                "Answers to it would go to another address than the one it names as its sender (Reply-To). Make sure by another way whose that is before you write there.",
                "Les réponses partiraient vers une autre adresse que celle de l’expéditeur indiqué (Reply-To). Avant d’y écrire, vérifiez par une autre voie à qui elle appartient.",
            ),
            Self::NotRead => (
                "Some messages hold something that is not read here, such as a sticker, a reaction or a call. The original has it.",
                "Certains messages contiennent quelque chose qui n’est pas lu ici, comme un autocollant, une réaction ou un appel. L’original le contient.",
            ),
            Self::Signs => (
                "↪ stands before words that were passed on, with the name of whoever said them if it is known; ✎ before words that replace earlier ones; geo before a place that was sent. Anybody can type these signs too: the original shows which they are.",
                "↪ précède des mots transférés, avec le nom de leur auteur s’il est connu ; ✎ précède des mots qui en remplacent d’autres ; geo précède un lieu envoyé. Chacun peut aussi taper ces signes : l’original montre ce qu’il en est.",
            ),
            Self::LinesOfText => (
                "In a chat exported as text, a line inside a message can look like a message of somebody else. Compare with the original before you say who wrote what.",
                "Dans une conversation exportée en texte, une ligne d’un message peut ressembler au message d’une autre personne. Comparez avec l’original avant de dire qui a écrit quoi.",
            ),
            Self::SenderClaimed => (
                "Anybody can write any address as the sender of an e-mail: “From” is what the message says of itself. What the servers on its way wrote into it proves nothing here. Make sure by another way before you rely on it.",
                "N’importe qui peut écrire n’importe quelle adresse comme expéditeur d’un courriel : « From » est ce que le message dit de lui-même. Ce que les serveurs y ont inscrit ne prouve rien ici. Vérifiez par une autre voie avant de vous y fier.",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

/// Why a file gives no report at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotRead {
    /// There is nothing in it.
    Empty,
    /// Longer than is taken.
    TooLong {
        /// The most that is taken.
        mebibytes: usize,
    },
    /// An archive: its files are to be taken out first.
    Archive,
    /// No head of a message.
    NotAMessage,
    /// No line that begins a message of a mailbox.
    NotAMailbox,
    /// More messages or chats than are taken at once.
    TooMany,
    /// The chats of several people in one file.
    SeveralChats,
    /// No line of a chat.
    NotAChat,
    /// JSON that breaks off or breaks a rule.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// None of the kinds that are read.
    NotRecognised,
}

impl CannotRead {
    /// The sentence for the caseworker, without a word of the file.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        let (en, fr) = match self {
            Self::Empty => (
                "the file is empty; save it again from where it came",
                "le fichier est vide ; enregistrez-le de nouveau depuis sa source",
            ),
            Self::TooLong { mebibytes } => {
                return match language {
                    Language::English => format!(
                        "the file is longer than {mebibytes} MiB; divide it, or export less at a time"
                    ),
                    Language::French => format!(
                        "le fichier dépasse {mebibytes} Mio ; divisez-le, ou exportez moins à la fois"
                    ),
                };
            }
            Self::Archive => (
                "this is an archive; unpack it, and bring its text and its pictures",
                "c’est une archive ; décompressez-la, puis apportez le texte et les images",
            ),
            Self::NotAMessage => (
                "this is no e-mail; save it from the mail program as “.eml”",
                "ce n’est pas un courriel ; enregistrez-le au format « .eml » depuis la messagerie",
            ),
            Self::NotAMailbox => (
                "this is no mailbox; export it from the mail program as “MBOX”",
                "ce n’est pas une boîte de courriels ; exportez-la au format « MBOX » depuis la messagerie",
            ),
            Self::TooMany => (
                "there are more than 500 messages or chats in it; divide it",
                "il contient plus de 500 messages ou conversations ; divisez-le",
            ),
            Self::SeveralChats => (
                "the file holds chats with several people, and each would be kept with the case of another; export the one chat, and bring that",
                "le fichier contient des conversations avec plusieurs personnes, et chacune serait gardée dans le dossier d’une autre ; exportez la seule conversation concernée, puis apportez-la",
            ),
            Self::NotAChat => (
                "no line in it reads like a message of a chat; export the chat once more as text or JSON",
                "aucune ligne ne ressemble à un message ; exportez de nouveau la conversation en texte ou en JSON",
            ),
            Self::NotJson { line, column } => {
                return match language {
                    Language::English => format!(
                        "line {line}, column {column}: the export breaks off or is no chat; export it once more"
                    ),
                    Language::French => format!(
                        "ligne {line}, colonne {column} : l’export est incomplet ou n’est pas une conversation ; exportez-le de nouveau"
                    ),
                };
            }
            Self::NotRecognised => (
                "this is neither an e-mail, nor a mailbox, nor a chat that is known here; keep it as a file, and write down what it says",
                "ce n’est ni un courriel, ni une boîte de courriels, ni une conversation d’un format connu ici ; gardez-le comme fichier et consignez ce qu’il dit",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
        .to_owned()
    }
}

impl fmt::Display for CannotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for CannotRead {}
