//! The inside of a letter: the field's words and rules as pure data.
//!
//! Here stand what a person told ([`Report`]), what an office makes of it (event, act, person,
//! consent, source, assessment), what figures may count ([`Fact`]), the words for all of it
//! ([`vocabulary`]), and their encoding in bytes, of which every record has exactly one.
//!
//! Imperfect testimony is never refused: what is not quite as expected is kept as it came, and
//! becomes a [`Remark`].
//!
//! **Absent**: files, sockets, clock, randomness, printing, logging, and every decision about a
//! case. Nothing a person told appears in a `Debug` text.

mod assessment;
mod cbor;
mod consent;
mod country;
mod date;
pub mod draft;
mod event;
mod fact;
mod follow;
mod language;
mod measure;
mod media;
mod part;
mod person;
mod remark;
mod report;
pub mod text;
pub mod vocabulary;

pub use assessment::{Assessment, Source, SourceId};
pub use cbor::{MAX_DEPTH, MAX_ENTRIES, MAX_LEN, Malformed};
pub use consent::{Consent, Forewarning, Ground, Item};
pub use country::Country;
pub use date::Date;
pub use event::{
    Act, ActId, ActLink, Cooperation, Event, EventId, EventLink, Involvement, TechnologyUse,
    VictimOfAct,
};
pub use fact::{Fact, Period, Place, Span};
pub use follow::{
    Commitment, CommitmentId, Help, HelpId, Remedy, RemedyId, Response, ResponseId, Step, StepId,
};
pub use language::FormLanguage;
pub use measure::{Law, LawId, Legality, Restriction};
pub use media::MediaKind;
pub use part::{Kept, NotARecord, TooLarge};
pub use person::{Person, PersonId, Trait};
pub use remark::{Remark, Seen};
pub use report::{
    AnswerAsTold, ConsentAsTold, Helping, NotAReport, Origin, PerpetratorsAsTold, Report,
    SourceAsTold, VERSION, VictimAsTold, When, Where,
};
pub use vocabulary::{Code, Entry, Language, Term, Vocabulary};
