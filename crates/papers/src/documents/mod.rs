//! Documents that leave: what a letter or a package shows of its case, in the order in which its
//! recipient asks.
//!
//! A [`Document`] is built from a [`Communication`] or a [`Package`] and reads nothing but what these
//! show, so that nothing can be written that is not covered. How sure the office is, and what it did
//! not verify, goes into every one; a question nobody answered says so. What people wrote freely is
//! gone through once more: names that may not be shown are removed from it, visibly. The writers make
//! bytes of it, always the same of the same document. (decision 0061)

mod docx;
mod draft;
mod order;
#[cfg(feature = "pdf")]
mod pdf;
mod texts;
mod written;

use std::fmt;

use casework::{Communication, Package};
use record::vocabulary::Communications;
use record::{Code, Language};

pub use docx::{CannotWrite, docx};
pub use order::Section;
#[cfg(feature = "pdf")]
pub use pdf::{CannotPrint, Fonts, pdf};
pub use texts::DocumentLanguage;
pub use written::text;

use crate::redaction::{CannotRemove, Mask, Passage};

/// An organisation that submits, as it is named to the recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// How it can be reached about this.
    pub contact: String,
}

/// A file that goes along. It is listed only if it is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Its content hash.
    pub content: [u8; 32],
    /// What it is called to the recipient.
    pub title: String,
}

/// Who submits, in which language, with which files.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'s> {
    /// The language of the document.
    pub language: DocumentLanguage,
    /// Those who submit, the one that answers questions first.
    pub offices: &'s [Office],
    /// The files that go along.
    pub enclosures: &'s [Enclosure],
}

/// Why no document is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotDocument {
    /// No organisation submits it. The United Nations take nothing that is anonymous.
    NobodySubmits,
    /// There is no such place in it.
    NoSuchPlace,
    /// What was to be removed is not there.
    NothingRemoved(CannotRemove),
}

impl CannotDocument {
    /// What to do, in a language.
    pub const fn sentence(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::NobodySubmits => (
                "name the organisation that submits this; a submission without one is not considered",
                "indiquez l’organisation qui présente ces informations ; sans elle, la communication n’est pas examinée",
            ),
            Self::NoSuchPlace => (
                "the document has no such place; look at it again",
                "le document n’a pas cet endroit ; relisez-le",
            ),
            Self::NothingRemoved(why) => return why.sentence(language),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }
}

impl fmt::Display for CannotDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence(Language::English))
    }
}

impl std::error::Error for CannotDocument {}

/// A document that may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    language: DocumentLanguage,
    title: String,
    chapters: Vec<Chapter>,
}

/// A part of a document under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    section: Option<Section>,
    heading: &'static str,
    rows: Vec<Row>,
}

/// A line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A heading below the chapter's.
    Subheading(String),
    /// A text that answers no question of the form.
    Paragraph(Passage),
    /// A question of the form, and its answer.
    Answer {
        /// The question.
        question: &'static str,
        /// The answer.
        answer: Passage,
    },
}

/// Where in a document something is to be removed: which chapter, and which of its rows, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The chapter.
    pub chapter: usize,
    /// The row.
    pub row: usize,
    /// Which part of what is left of it, and why.
    pub mask: Mask,
}

impl Chapter {
    /// Which part of the form it answers; none for the closing lines.
    pub fn section(&self) -> Option<Section> {
        self.section
    }

    /// Its heading.
    pub fn heading(&self) -> &'static str {
        self.heading
    }

    /// Its lines.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Document {
    /// The document of a letter: what its form asks, and what the office wrote.
    ///
    /// # Errors
    /// When no organisation submits it.
    pub fn of_letter(
        letter: &Communication<'_>,
        submission: &Submission<'_>,
    ) -> Result<Self, CannotDocument> {
        let draft = draft::Draft {
            contents: letter.contents(),
            kind: Some(letter.kind()),
            to: letter.to(),
            day: letter.day(),
            body: letter.body(),
        };
        draft.written(submission)
    }

    /// The document of a package: the material itself, in a general order.
    ///
    /// # Errors
    /// When no organisation submits it.
    pub fn of_package(
        package: &Package<'_>,
        submission: &Submission<'_>,
    ) -> Result<Self, CannotDocument> {
        let draft = draft::Draft {
            contents: package.contents(),
            kind: None,
            to: package.to(),
            day: package.covered().day(),
            body: "",
        };
        draft.written(submission)
    }

    /// Its language.
    pub fn language(&self) -> DocumentLanguage {
        self.language
    }

    /// What it is.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its parts, in the order in which its recipient asks.
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// The document without more of it. Masks name bytes of what is left of a row
    /// ([`Passage::kept`]) as it stands before any of them is applied.
    ///
    /// # Errors
    /// When one of them names no part of the document. Then nothing is removed.
    pub fn without(&self, removals: &[Removal]) -> Result<Self, CannotDocument> {
        let mut document = self.clone();
        for (chapter, part) in document.chapters.iter_mut().enumerate() {
            for (row, line) in part.rows.iter_mut().enumerate() {
                let here = |removal: &&Removal| removal.chapter == chapter && removal.row == row;
                let masks = removals.iter().filter(here);
                let masks: Vec<Mask> = masks.map(|removal| removal.mask.clone()).collect();
                if masks.is_empty() {
                    continue;
                }
                let (Row::Paragraph(passage)
                | Row::Answer {
                    answer: passage, ..
                }) = line
                else {
                    return Err(CannotDocument::NoSuchPlace);
                };
                *passage = passage
                    .cut(&masks)
                    .map_err(CannotDocument::NothingRemoved)?;
            }
        }
        let is_there = |removal: &Removal| {
            let chapter = self.chapters.get(removal.chapter);
            chapter.is_some_and(|chapter| removal.row < chapter.rows.len())
        };
        match removals.iter().all(is_there) {
            true => Ok(document.with_legend()),
            false => Err(CannotDocument::NoSuchPlace),
        }
    }

    /// Every question with its answer, for a form that is filled in field by field. What answers no
    /// question stands under its heading.
    pub fn questions(&self) -> Vec<(String, String)> {
        let mut questions = Vec::new();
        for chapter in &self.chapters {
            let mut heading = chapter.heading.to_owned();
            for row in &chapter.rows {
                match row {
                    Row::Subheading(below) => heading = format!("{} · {below}", chapter.heading),
                    Row::Paragraph(passage) => {
                        questions.push((heading.clone(), passage.reading(self.language)));
                    }
                    Row::Answer { question, answer } => {
                        questions.push((
                            format!("{heading} · {question}"),
                            answer.reading(self.language),
                        ));
                    }
                }
            }
        }
        questions
    }

    /// Whether anything was removed from what people wrote.
    pub fn has_removals(&self) -> bool {
        let rows = self.chapters.iter().flat_map(|chapter| &chapter.rows);
        rows.filter_map(Row::passage)
            .any(|passage| passage.removed().next().is_some())
    }

    /// Says at the end what `[…]` means, once, where there is one.
    fn with_legend(mut self) -> Self {
        let legend = self.language.texts().masks;
        let said = self.chapters.last();
        if self.has_removals() && said.is_some_and(|last| last.section.is_some()) {
            self.chapters.push(Chapter {
                section: None,
                heading: "[…]",
                rows: vec![Row::Paragraph(legend.into())],
            });
        }
        self
    }
}

impl Row {
    /// What people wrote in it.
    fn passage(&self) -> Option<&Passage> {
        match self {
            Self::Subheading(_) => None,
            Self::Paragraph(passage)
            | Self::Answer {
                answer: passage, ..
            } => Some(passage),
        }
    }
}

/// The title of a document.
fn title(language: DocumentLanguage, kind: Option<Code<Communications>>) -> String {
    kind.map_or_else(
        || language.texts().title_package.to_owned(),
        |kind| language.code(kind),
    )
}
