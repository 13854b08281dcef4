//! A document as an Office Open XML file (ISO/IEC 29500), for text processors.
//!
//! It names no author, no program and no day but the one in the letter, and the same document gives
//! the same bytes. Nothing in it is hidden: no comments, no earlier versions, no properties.

use std::fmt;
use std::io::Cursor;

use docx_rs::{AlignmentType, Docx, Paragraph, Run, RunFonts, Style, StyleType};

use super::{Document, Row};

/// The properties of a document that has none.
const NO_PROPERTIES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#,
);

/// The file could not be put together: try again, and if it happens again, write another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotWrite;

impl fmt::Display for CannotWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file could not be put together; write it in another form")
    }
}

impl std::error::Error for CannotWrite {}

/// Writes an Office Open XML file.
///
/// # Errors
/// When the file cannot be put together.
pub fn docx(document: &Document) -> Result<Vec<u8>, CannotWrite> {
    let language = document.language();
    let mut sheet = Sheet {
        docx: with_styles(Docx::new()),
        paragraphs: 0,
    };
    sheet.paragraph(&[(document.title(), false)], Some("Title"));
    for chapter in document.chapters() {
        if !chapter.heading().is_empty() {
            sheet.paragraph(&[(chapter.heading(), false)], Some("Heading1"));
        }
        for row in chapter.rows() {
            match row {
                Row::Subheading(heading) => sheet.paragraph(&[(heading, false)], Some("Heading2")),
                Row::Paragraph(passage) => {
                    sheet.paragraph(&[(&passage.reading(language), false)], None);
                }
                Row::Answer { question, answer } => {
                    let asked = language.asked(question);
                    sheet.paragraph(&[(&asked, true), (&answer.reading(language), false)], None);
                }
            }
        }
    }
    let mut package = sheet.docx.build();
    package.doc_props.core = NO_PROPERTIES.as_bytes().to_vec();
    let mut bytes = Cursor::new(Vec::new());
    package.pack(&mut bytes).map_err(|_| CannotWrite)?;
    Ok(bytes.into_inner())
}

struct Sheet {
    docx: Docx,
    paragraphs: u32,
}

impl Sheet {
    fn paragraph(&mut self, runs: &[(&str, bool)], style: Option<&str>) {
        // The library numbers paragraphs with one counter for the whole program: another document that
        // is being written meanwhile would be seen in these.
        self.paragraphs = self.paragraphs.saturating_add(1);
        let mut paragraph = Paragraph::new().id(format!("{:08x}", self.paragraphs));
        paragraph = match style {
            Some(style) => paragraph.style(style),
            None => paragraph.align(AlignmentType::Start),
        };
        for (text, strong) in runs {
            for (number, line) in text.lines().enumerate() {
                let mut run = Run::new();
                if number > 0 {
                    run = run.add_break(docx_rs::BreakType::TextWrapping);
                }
                run = run.add_text(line);
                paragraph = paragraph.add_run(if *strong { run.bold() } else { run });
            }
        }
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_paragraph(paragraph);
    }
}

fn with_styles(docx: Docx) -> Docx {
    // Fonts that every text processor has or replaces; none is embedded.
    let fonts = RunFonts::new()
        .ascii("Arial")
        .hi_ansi("Arial")
        .cs("Arial")
        .east_asia("SimSun");
    let heading = |id: &str, name: &str, size: usize| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .size(size)
            .bold()
    };
    docx.default_fonts(fonts)
        .default_size(22)
        .add_style(heading("Title", "Title", 36))
        .add_style(heading("Heading1", "heading 1", 28))
        .add_style(heading("Heading2", "heading 2", 24))
}
