//! Reports that somebody of the office took down: what was told to a person, or read out of a file
//! that somebody brought. What was brought is kept as evidence, byte by byte; all of it is taken
//! down, or nothing. (decision 0064)

use casework::{CannotTakeIn, CaseId, Leaf, Taken, ToldByHand};
use papers::brought::{Brought, CannotRead, Noticed};
use papers::chat::DayOrder;
use rand_core::CryptoRng;
use record::vocabulary::Channels;
use record::{Date, Language, MediaKind, Origin, Report, Term};
use seal::{Attachment, CHUNK_BYTES, ContentHash, FileId};
use std::collections::BTreeSet;
use vault::{AnnouncedFile, Failed, FileStanding, HeldPiece, Writing};

use crate::desk::{CannotDecide, Desk, Ledger};
use crate::hex;

/// So many files go with one report.
const MOST_FILES: usize = 100;

/// So many bytes of files are kept at once for several reports: 256 MiB.
const MOST_KEPT: usize = 256 << 20;

/// What is to be taken down.
pub(crate) struct ByHand<'a> {
    /// The number of the case it belongs to; a new one without it.
    pub(crate) case: Option<u64>,
    /// How it came.
    pub(crate) channel: Term<Channels>,
    /// What was typed; its narrative is left aside where a file is read.
    pub(crate) report: Report,
    /// The day on which it was told.
    pub(crate) told_on: Option<Date>,
    /// Who took it down, when that was not whoever enters it.
    pub(crate) by: &'a str,
    /// For the office alone.
    pub(crate) note: &'a str,
    /// Files that were brought.
    pub(crate) files: &'a [Vec<u8>],
    /// Whether what stands in them is to be read into the report.
    pub(crate) reads: bool,
    /// How the dates of a chat are written, if somebody knows.
    pub(crate) order: Option<DayOrder>,
}

/// What became of it.
#[derive(Debug, Default)]
pub(crate) struct TakenIn {
    /// The case of the last report that was taken down.
    pub(crate) case: u64,
    /// How many reports were.
    pub(crate) new: usize,
    /// How many were here before.
    pub(crate) known: usize,
    /// What was not as expected in the files.
    pub(crate) noticed: BTreeSet<Noticed>,
}

/// Why nothing was taken down.
#[derive(Debug)]
pub(crate) enum CannotTakeDown {
    /// Casework refuses, or the vault could not be written.
    Decide(CannotDecide),
    /// No file reads as a message or a chat.
    Read(CannotRead),
    /// A chat or a mailbox, and others beside it: whose they are is not known.
    Mixed,
    /// More than the office takes for one report.
    TooLarge {
        /// What it takes, by its settings.
        mebibytes: u32,
    },
    /// More files than go with one report.
    TooManyFiles,
    /// Something was typed of one person, and several messages were brought.
    TypedForSeveral,
}

impl CannotTakeDown {
    /// The sentence for the caseworker.
    pub(crate) fn sentence(&self, language: Language) -> String {
        let (en, fr) = match self {
            Self::Decide(refused) => return refused.sentence(language),
            Self::Read(refused) => return refused.sentence(language),
            Self::Mixed => (
                "bring one chat or mailbox at a time, so that it is known which pictures belong to it".to_owned(),
                "apportez une seule conversation ou boîte de courriels à la fois, pour savoir quelles images en font partie".to_owned(),
            ),
            Self::TooLarge { mebibytes } => (
                format!("the files together are larger than {mebibytes} MiB; bring fewer, or raise “attachments_mb”"),
                format!("les fichiers dépassent ensemble {mebibytes} Mio ; apportez-en moins, ou augmentez « attachments_mb »"),
            ),
            Self::TooManyFiles => (
                format!("one report takes {MOST_FILES} files at most; bring fewer"),
                format!("un signalement accepte {MOST_FILES} fichiers au plus ; apportez-en moins"),
            ),
            Self::TypedForSeveral => (
                "there are several messages in it, and they may be of several people: contact, safety, language, place, day and who told it would stand on each of them, whoever wrote it. Leave these empty and write what you were told beside it into your note, or bring one message at a time".to_owned(),
                "il contient plusieurs messages, peut-être de plusieurs personnes : contact, sécurité, langue, lieu, jour et auteur figureraient sur chacun, quel que soit son auteur. Laissez ces champs vides et inscrivez dans votre note ce qui vous a été dit en plus, ou apportez un message à la fois".to_owned(),
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl From<Failed> for CannotTakeDown {
    fn from(failed: Failed) -> Self {
        Self::Decide(failed.into())
    }
}

impl From<CannotTakeIn> for CannotTakeDown {
    fn from(refused: CannotTakeIn) -> Self {
        Self::Decide(refused.into())
    }
}

/// One report on its way into the log, with what is kept beside it.
struct Ready<'a> {
    report: Report,
    told_on: Option<Date>,
    files: Vec<&'a [u8]>,
}

impl Desk {
    /// Takes down what somebody told or brought: all of it, or nothing.
    ///
    /// # Errors
    /// [`CannotTakeDown`]: nothing was taken down.
    pub(crate) fn take_down(
        &mut self,
        told: &ByHand<'_>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<TakenIn, CannotTakeDown> {
        let read = if told.reads {
            let today = self.ledger.stamp(now).at.date();
            read(told.files, told.order, today.ok_or(CannotTakeIn::NotYet)?)?
        } else {
            Read::default()
        };
        let mut taken = TakenIn::default();
        for one in read.messages.iter().map(|(_, one)| one) {
            taken.noticed.extend(one.noticed.iter().copied());
        }
        if read.messages.len() > 1 && tells_of_one(told) {
            return Err(CannotTakeDown::TypedForSeveral);
        }
        let ready = ready(told, &read);
        if ready.iter().any(|one| one.files.len() > MOST_FILES) {
            return Err(CannotTakeDown::TooManyFiles);
        }
        // Each chat keeps the export it came in: many out of a large one would fill the disk.
        let kept = ready.iter().flat_map(|one| &one.files);
        if ready.len() > 1 && kept.map(|file| file.len()).sum::<usize>() > MOST_KEPT {
            return Err(CannotTakeDown::Mixed);
        }
        let joins = match told.case {
            Some(number) => {
                let case = self.case(number).ok_or(CannotDecide::NoSuchCase);
                Some(case.map_err(CannotTakeDown::Decide)?.id())
            }
            None => None,
        };
        let Self { vault, ledger, .. } = self;
        let done = vault.write(|w| {
            for one in ready {
                match ledger.take_one_down(w, told, joins, one, now, rng) {
                    Ok(number) => {
                        taken.case = number;
                        taken.new += 1;
                    }
                    Err(CannotTakeDown::Decide(refused))
                        if refused == CannotTakeIn::AlreadyTakenDown.into() && told.reads =>
                    {
                        taken.known += 1;
                    }
                    Err(refused) => return Err(refused),
                }
            }
            match taken.new {
                // Every one of them was here before: that is to be said, not passed over.
                0 => Err(CannotTakeIn::AlreadyTakenDown.into()),
                _ => Ok(()),
            }
        });
        if done.is_err() {
            self.reload()?;
        }
        done.map(|()| taken)
    }
}

/// The messages and chats of the files that were brought, and which files are none.
#[derive(Default)]
struct Read {
    /// Each with the place of its file.
    messages: Vec<(usize, Brought)>,
    /// Places of files that are kept beside the one that was read.
    others: Vec<usize>,
}

fn read(files: &[Vec<u8>], order: Option<DayOrder>, latest: Date) -> Result<Read, CannotTakeDown> {
    let mut read = Read::default();
    let mut refused = None;
    for (place, file) in files.iter().enumerate() {
        match papers::brought::read(file, order, latest) {
            Ok(messages) => {
                let messages = messages.into_iter().map(|one| (place, one));
                read.messages.extend(messages);
            }
            Err(why) => {
                // A picture beside a chat is no chat; a broken export is not to be passed over.
                if !matches!(why, CannotRead::NotRecognised | CannotRead::Empty) {
                    return Err(CannotTakeDown::Read(why));
                }
                refused.get_or_insert(why);
                read.others.push(place);
            }
        }
    }
    match (read.messages.len(), refused) {
        (0, why) => Err(CannotTakeDown::Read(why.unwrap_or(CannotRead::Empty))),
        (2.., Some(_)) => Err(CannotTakeDown::Mixed),
        _ => Ok(read),
    }
}

/// Whether something was typed that is true of one person's words and not of anybody else's. The
/// narrative is left aside where a file is read, and the note is the office's own.
fn tells_of_one(told: &ByHand<'_>) -> bool {
    let of_nobody = Report {
        narrative: told.report.narrative.clone(),
        channel: told.report.channel.clone(),
        when: record::When {
            precision: told.report.when.precision.clone(),
            ..record::When::default()
        },
        ..Report::default()
    };
    told.told_on.is_some() || told.report != of_nobody
}

fn ready<'a>(told: &ByHand<'a>, read: &'a Read) -> Vec<Ready<'a>> {
    if read.messages.is_empty() {
        return vec![Ready {
            report: told.report.clone(),
            told_on: told.told_on,
            files: told.files.iter().map(Vec::as_slice).collect(),
        }];
    }
    let mut all = Vec::with_capacity(read.messages.len());
    for (place, one) in &read.messages {
        let file = told.files.get(*place).map(Vec::as_slice);
        let original = file.and_then(|file| file.get(one.original.clone()));
        let original = original.unwrap_or_default();
        let others = read
            .others
            .iter()
            .filter_map(|place| told.files.get(*place));
        let enclosed = one.enclosed.iter().map(|file| file.bytes.as_slice());
        // The same message out of two mailboxes is one message, however each kept it.
        let known_by = if one.is_mail {
            envelope::hash(&papers::mail::unkept(original))
        } else {
            envelope::hash(original)
        };
        let report = Report {
            narrative: one.report.narrative.clone(),
            contact: joined(&told.report.contact, &one.report.contact),
            origin: Origin {
                set: "file".to_owned(),
                id: hex::show(&known_by),
                ..Origin::default()
            },
            ..told.report.clone()
        };
        all.push(Ready {
            report,
            told_on: told.told_on.or(one.told_on),
            files: std::iter::once(original)
                .chain(enclosed)
                .chain(others.map(Vec::as_slice))
                .collect(),
        });
    }
    all
}

/// What was typed and what the file says, each on a line of its own.
fn joined(typed: &str, read: &str) -> String {
    match (typed.trim(), read.trim()) {
        (typed, "") => typed.to_owned(),
        ("", read) => read.to_owned(),
        (typed, read) => format!("{typed}\n{read}"),
    }
}

impl Ledger {
    fn take_one_down(
        &mut self,
        w: &Writing<'_>,
        told: &ByHand<'_>,
        joins: Option<CaseId>,
        one: Ready<'_>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<u64, CannotTakeDown> {
        let mut name = [0; 16];
        rng.fill_bytes(&mut name);
        let files: Vec<&[u8]> = one.files.into_iter().filter(|f| !f.is_empty()).collect();
        let mut under = [0; 32];
        rng.fill_bytes(&mut under);
        let content = ToldByHand {
            case: joins.unwrap_or(CaseId(name)),
            report: one.report,
            channel: told.channel.clone(),
            taken: Taken {
                told_on: one.told_on,
                by: told.by.into(),
                originals: (!files.is_empty()).then_some(Leaf(under)),
                note: told.note.into(),
            },
        };
        let entry = casework::take_down(&self.office, content, self.stamp(now))?;
        self.keep(w, under, &files, rng)?;
        let number = self.enter(w, entry)?;
        number.ok_or(CannotTakeDown::Decide(CannotDecide::NoSuchCase))
    }

    /// Keeps files as they are, each whole and in the pieces in which files of letters lie.
    fn keep(
        &self,
        w: &Writing<'_>,
        under: [u8; 32],
        files: &[&[u8]],
        rng: &mut impl CryptoRng,
    ) -> Result<(), CannotTakeDown> {
        let mebibytes = self.settings.attachments_mb;
        let bytes: usize = files.iter().map(|file| file.len()).sum();
        if bytes as u64 > u64::from(mebibytes) << 20 {
            return Err(CannotTakeDown::TooLarge { mebibytes });
        }
        for (place, file) in (0..).zip(files) {
            let mut content = ContentHash::new();
            content.take(file);
            let kind = MediaKind::of_first_bytes(file.get(..16).unwrap_or(file));
            let announced = Attachment::of(content, FileId::draw(rng), kind)
                .map_err(|_| CannotTakeDown::TooLarge { mebibytes })?;
            for (number, chunk) in (0..).zip(file.chunks(CHUNK_BYTES)) {
                let piece = HeldPiece {
                    number,
                    count: announced.pieces,
                    length: u32::try_from(chunk.len()).unwrap_or(u32::MAX),
                    hash: envelope::hash(chunk),
                };
                w.put_piece(&announced.file.0, &piece, chunk)?;
            }
            w.put_attachment(&AnnouncedFile {
                leaf: under,
                place,
                file: announced.file.0,
                announced: announced.encode(),
                standing: FileStanding::Complete,
                arrived: announced.full_pieces(),
                refused: 0,
            })?;
        }
        Ok(())
    }
}
