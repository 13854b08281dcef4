//! What a person wrote to an office, as told (protocol §4.1): the inside of a letter.
//!
//! A report is never refused for what it says. Bytes that are not one deterministic record are
//! ([`NotAReport`]), because nobody writes such bytes by telling a story; everything else (a day
//! that does not exist, a word from no list, a field of an unexpected kind) is kept as it came and
//! becomes a [`Remark`](crate::Remark) beside the report, from [`Report::remarks`].
//!
//! Absent: any judgement. What is told here is an allegation, and the person who writes need not
//! be the victim, the source, or the one who will submit it anywhere.

use std::fmt;

use crate::cbor::{self, Malformed};
use crate::date::Date;
use crate::part::{self, Kept, NotARecord, keys};
use crate::vocabulary::{
    Acts, AgeBands, Answers, Channels, DatePrecisions, Helping as HelpingAnswers, IdentityLevels,
    Perpetrators, Purposes, ReporterRelations, SourceTypes, Term, Urgencies, Victims, WordsStates,
};

/// The version of the report's encoding that this release writes and the newest it reads.
pub const VERSION: u64 = part::VERSION;

/// What a person wrote, as told. Every field may be empty; [`Default`] is the empty report.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The language it is written in, as a BCP 47 tag.
    pub language: String,
    /// What happened, in the person's own words.
    pub narrative: String,
    /// When.
    pub when: When,
    /// Where.
    pub place: Where,
    /// What was done, as chosen from the list.
    pub acts: Vec<Term<Acts>>,
    /// Who was attacked.
    pub victims: Vec<VictimAsTold>,
    /// Who is said to have done it.
    pub perpetrators: PerpetratorsAsTold,
    /// Who is writing.
    pub relation: Term<ReporterRelations>,
    /// For someone who writes for another person.
    pub helping: Helping,
    /// What may be done with it, as answered while writing. Advice to the desk: only a consent that
    /// a caseworker records is one.
    pub consents: Vec<ConsentAsTold>,
    /// What must not be done, and what is feared.
    pub safety: String,
    /// How the person may be reached, besides a reply by the words.
    pub contact: String,
    /// How urgent it is.
    pub urgency: Term<Urgencies>,
    /// Where more can be found.
    pub sources: Vec<SourceAsTold>,
    /// Labels a data set gave it.
    pub labels: Vec<String>,
    /// How it reached the office.
    pub channel: Term<Channels>,
    /// The data set it comes from, for reports taken from one.
    pub origin: Origin,
    /// The writer's age, when it was told: a child says so.
    pub age: Term<AgeBands>,
    /// A code the office gave the writer beforehand, by which a colleague in the field is known. As
    /// typed: it proves no more than that its writer has heard it.
    pub code: String,
    /// What the person says about their own words.
    pub words: Term<WordsStates>,
    /// Answers to questions of the office's own.
    pub asked: Vec<AnswerAsTold>,
    /// What this release could not read.
    pub kept: Kept,
}

/// When it happened, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct When {
    /// In the person's words.
    pub told: String,
    /// The first day, `YYYY-MM-DD` when it can be read.
    pub first: String,
    /// The last day, if it lasted.
    pub last: String,
    /// How precise that is.
    pub precision: Term<DatePrecisions>,
    /// What this release could not read.
    pub kept: Kept,
}

impl When {
    /// The first day, if the calendar has it.
    pub fn first_day(&self) -> Option<Date> {
        Date::read(&self.first)
    }

    /// The last day, if the calendar has it.
    pub fn last_day(&self) -> Option<Date> {
        Date::read(&self.last)
    }
}

/// Where it happened, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Where {
    /// In the person's words.
    pub told: String,
    /// The country, two letters of ISO 3166.
    pub country: String,
    /// The first tier below: province, region, state.
    pub admin1: String,
    /// The second tier below: district, town.
    pub admin2: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// A person or group that was attacked, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct VictimAsTold {
    /// In the person's words.
    pub told: String,
    /// What kind of defender, relative or group.
    pub groups: Vec<Term<Victims>>,
    /// At least how many.
    pub least: Option<u32>,
    /// How many, as well as it is known.
    pub best: Option<u32>,
    /// At most how many.
    pub most: Option<u32>,
    /// Where there are many: who may speak for them, as told. Never taken as their consent.
    pub speaks: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// Who is said to have done it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PerpetratorsAsTold {
    /// In the person's words.
    pub told: String,
    /// What kind of actors.
    pub codes: Vec<Term<Perpetrators>>,
    /// What this release could not read.
    pub kept: Kept,
}

/// Told by someone who writes for another person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Helping {
    /// Whether that person knows.
    pub knows: Term<HelpingAnswers>,
    /// What this release could not read.
    pub kept: Kept,
}

/// One answer about what may be done, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConsentAsTold {
    /// For what.
    pub purpose: Term<Purposes>,
    /// The answer.
    pub answer: Term<Answers>,
    /// How much of the identity may be shown.
    pub identity: Term<IdentityLevels>,
    /// What this release could not read.
    pub kept: Kept,
}

/// A place where more can be found, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SourceAsTold {
    /// What kind of source.
    pub kind: Term<SourceTypes>,
    /// Where: an address, a title, a name.
    pub found: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// An answer to a question that one office asks, as told.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AnswerAsTold {
    /// What the office calls its question.
    pub question: String,
    /// The answer, in the person's words.
    pub told: String,
    /// What this release could not read.
    pub kept: Kept,
}

/// The data set a report was taken from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The name of the data set.
    pub set: String,
    /// The report's identifier in it.
    pub id: String,
    /// What this release could not read.
    pub kept: Kept,
}

// Protocol §4.1. Key 0 is the version and is written by `encode`.
keys!(Report {
    1 language 2 narrative 3 when 4 place 5 acts 6 victims 7 perpetrators 8 relation 9 helping
    10 consents 11 safety 12 contact 13 urgency 14 sources 15 labels 16 channel 17 origin
    18 age 19 code 20 words 21 asked
});
keys!(When { 0 told 1 first 2 last 3 precision });
keys!(Where { 0 told 1 country 2 admin1 3 admin2 });
keys!(VictimAsTold { 0 told 1 groups 2 least 3 best 4 most 5 speaks });
keys!(PerpetratorsAsTold { 0 told 1 codes });
keys!(Helping { 0 knows });
keys!(ConsentAsTold { 0 purpose 1 answer 2 identity });
keys!(SourceAsTold { 0 kind 1 found });
keys!(AnswerAsTold { 0 question 1 told });
keys!(Origin { 0 set 1 id });

impl Report {
    /// Writes the report: always the same bytes for the same report.
    ///
    /// Cuts nothing. A report larger than [`MAX_LEN`](crate::MAX_LEN), or with a list longer than
    /// [`MAX_ENTRIES`](crate::MAX_ENTRIES), is written too, and no reader will take it: [`Report::remarks`]
    /// says so before it is sealed.
    pub fn encode(&self) -> Vec<u8> {
        part::versioned(self.entries())
    }

    /// Reads a report from bytes of unknown origin.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotAReport> {
        let item = part::check_versioned(bytes)?;
        let mut report = Self::from_map(item).ok_or(NotAReport::Unversioned)?;
        report.kept.0.remove(&cbor::uint(0));
        Ok(report)
    }
}

/// Why bytes are not a report. Never because of what a report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAReport {
    /// Not one deterministic record within the bounds; keep the bytes and tell the sender.
    Malformed(Malformed),
    /// A sound record, but not a report: it does not begin with a version.
    Unversioned,
    /// Written by a newer release: update, then open it again.
    TooNew {
        /// The version it names.
        version: u64,
    },
}

impl fmt::Display for NotAReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(how) => write!(f, "these bytes are not a report: {how}; keep them and tell whoever sent them"),
            Self::Unversioned => f.write_str("this record is not a report: it names no version; keep it and tell whoever sent it"),
            Self::TooNew { version } => write!(f, "this report has version {version} and this release reads up to {VERSION}; update, then open it again"),
        }
    }
}

impl std::error::Error for NotAReport {}

impl From<NotARecord> for NotAReport {
    fn from(why: NotARecord) -> Self {
        match why {
            NotARecord::Malformed(how) => Self::Malformed(how),
            NotARecord::Unversioned => Self::Unversioned,
            NotARecord::TooNew { version } => Self::TooNew { version },
        }
    }
}
