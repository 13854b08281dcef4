//! A document as plain text.

use super::{Document, Row};

/// Writes plain text: UTF-8, a line end after each line, always the same of the same document.
pub fn text(document: &Document) -> Vec<u8> {
    let language = document.language();
    let mut out = String::new();
    line(&mut out, &document.title().to_uppercase());
    for chapter in document.chapters() {
        line(&mut out, "");
        if !chapter.heading().is_empty() {
            line(&mut out, chapter.heading());
            line(&mut out, &"=".repeat(chapter.heading().chars().count()));
        }
        for row in chapter.rows() {
            match row {
                Row::Subheading(heading) => {
                    line(&mut out, "");
                    line(&mut out, &format!("— {heading}"));
                }
                Row::Paragraph(passage) => {
                    line(&mut out, "");
                    line(&mut out, &indented(&passage.reading(language)));
                }
                Row::Answer { question, answer } => {
                    let asked = language.asked(question);
                    let answer = indented(&answer.reading(language));
                    line(&mut out, &format!("{asked}{}", answer.trim_start()));
                }
            }
        }
    }
    out.into_bytes()
}

/// What somebody wrote, each line moved in: it cannot be taken for a heading of the document, which
/// begins at the margin.
fn indented(text: &str) -> String {
    let lines = text.split('\n').map(|line| match line.trim().is_empty() {
        true => String::new(),
        false => format!("    {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn line(out: &mut String, text: &str) {
    // A line end of another system is one line end.
    out.push_str(&text.replace("\r\n", "\n"));
    out.push('\n');
}
