//! A file of reports, read whole before anything is sent.
//!
//! Nothing is sent from a file with a line that could not arrive: half a file sent and half not
//! is what a person notices last. What is merely imperfect is remarked by line number and code,
//! and never with a word of the report.

use envelope::SizeClass;
use record::draft::{self, NotADraft};
use record::{Remark, Report, Term};
use seal::words::Words;

use crate::words::WordsEye;

/// A file of reports larger than this is to be divided.
pub const MOST_BYTES: u64 = 256 * 1_024 * 1_024;

/// What a letter holds beside its report, at most: keys, signature, hashes.
const BESIDE_THE_REPORT: usize = 1_536;

/// A report and where it stood.
pub struct Listed {
    /// Line of the file, from 1.
    pub line: usize,
    /// The report.
    pub report: Report,
}

/// Why a line is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotSendable {
    /// Not a report; mend the line.
    NotADraft(NotADraft),
    /// No letter holds it; write it as two.
    TooLarge,
    /// Somebody's words seem to stand in it; take them out.
    WordsInside,
}

/// What a file of reports holds.
#[derive(Default)]
pub struct ReportFile {
    /// What can be sent, in order.
    pub reports: Vec<Listed>,
    /// What a sender should know of them, by line.
    pub remarks: Vec<(usize, Remark)>,
    /// What cannot, by line.
    pub refused: Vec<(usize, NotSendable)>,
}

/// Whether words inside a report keep it from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordsInside {
    /// It is not sent.
    Refuse,
    /// The person saw it and wants to send it all the same.
    Accept,
}

impl ReportFile {
    /// Reads a file, from a line on. `known` are words of the person, looked for in the texts.
    #[must_use]
    pub fn read(file: &[u8], from: usize, known: Option<&Words>, inside: WordsInside) -> Self {
        let eye = (inside == WordsInside::Refuse).then(|| WordsEye::new(known));
        let mut read = Self::default();
        for (line, draft) in draft::read_lines(file).filter(|(line, _)| *line >= from) {
            let (report, remarks) = match draft {
                Ok(draft) => draft,
                Err(refused) => {
                    read.refused.push((line, NotSendable::NotADraft(refused)));
                    continue;
                }
            };
            read.remarks
                .extend(remarks.into_iter().map(|remark| (line, remark)));
            match check(&report, eye.as_ref()) {
                Ok(()) => read.reports.push(Listed { line, report }),
                Err(refused) => read.refused.push((line, refused)),
            }
        }
        read
    }

    /// One report with a story told in plain text.
    #[must_use]
    pub fn of_story(
        language: &str,
        story: &str,
        known: Option<&Words>,
        inside: WordsInside,
    ) -> Self {
        let report = Report {
            language: language.to_owned(),
            narrative: story.trim().to_owned(),
            channel: Term::told("native"),
            ..Report::default()
        };
        let eye = (inside == WordsInside::Refuse).then(|| WordsEye::new(known));
        let remarks = report
            .remarks()
            .into_iter()
            .map(|remark| (1, remark))
            .collect();
        match check(&report, eye.as_ref()) {
            Ok(()) => Self {
                reports: vec![Listed { line: 1, report }],
                remarks,
                refused: vec![],
            },
            Err(refused) => Self {
                reports: vec![],
                remarks,
                refused: vec![(1, refused)],
            },
        }
    }

    /// Whether the file holds no report at all, good or bad.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty() && self.refused.is_empty()
    }
}

fn check(report: &Report, eye: Option<&WordsEye>) -> Result<(), NotSendable> {
    let encoded = report.encode();
    // What the office's desk could not read again would be lost there, sealed and acknowledged.
    let holds = SizeClass::holding(encoded.len() + BESIDE_THE_REPORT).is_some();
    if !holds || Report::decode(&encoded).is_err() {
        return Err(NotSendable::TooLarge);
    }
    match eye {
        Some(eye) if eye.sees_words_in(report) => Err(NotSendable::WordsInside),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use record::Seen;

    fn read(file: &str) -> ReportFile {
        ReportFile::read(file.as_bytes(), 1, None, WordsInside::Refuse)
    }

    #[test]
    fn each_report_keeps_the_number_of_its_line() {
        let file = read("{\"narrative\":\"one\"}\n\n  \r\n{\"narrative\":\"two\"}\r\n");
        let lines: Vec<usize> = file.reports.iter().map(|r| r.line).collect();
        assert_eq!(lines, [1, 4]);
        assert_eq!(file.reports[1].report.narrative, "two");
        let later = ReportFile::read(b"{}\n{}\n{}", 3, None, WordsInside::Refuse);
        assert_eq!(later.reports[0].line, 3);
    }

    #[test]
    fn an_empty_file_is_known_as_one() {
        assert!(read("").is_empty());
        assert!(read("\n \n\t\n").is_empty());
        assert!(!read("{").is_empty());
    }

    #[test]
    fn a_word_of_ten_megabytes_is_refused_by_its_line_and_the_others_are_read() {
        let huge = "x".repeat(10_000_000);
        let file = read(&format!(
            "{{\"narrative\":\"a\"}}\n{{\"narrative\":\"{huge}\"}}\n{{\"narrative\":\"b\"}}"
        ));
        assert_eq!(file.reports.len(), 2);
        assert_eq!(
            file.refused,
            [(2, NotSendable::NotADraft(NotADraft::TooLong))]
        );
    }

    #[test]
    fn a_report_no_letter_holds_is_refused_and_the_largest_that_fits_can_be_sealed() {
        let telling = |bytes: usize| read(&format!("{{\"narrative\":\"{}\"}}", "x".repeat(bytes)));
        assert_eq!(telling(262_144).refused, [(1, NotSendable::TooLarge)]);
        assert_eq!(telling(259_000).reports.len(), 1);
    }

    #[test]
    fn control_characters_and_turned_direction_are_remarked_and_sent_as_they_came() {
        let file = read("{\"narrative\":\"a\\u0000b\\u202Ec\"}");
        let seen: Vec<Seen> = file.remarks.iter().map(|(_, remark)| remark.seen).collect();
        assert!(seen.contains(&Seen::ControlCharacters), "{seen:?}");
        assert!(seen.contains(&Seen::TurnedDirection), "{seen:?}");
        assert_eq!(file.reports[0].report.narrative, "a\0b\u{202E}c");
    }

    #[test]
    fn words_inside_a_report_keep_it_back_until_the_person_insists() {
        let line = "{\"safety\":\"acid acorn acre acts afar affix aged agent agile\"}";
        assert_eq!(read(line).refused, [(1, NotSendable::WordsInside)]);
        let insisted = ReportFile::read(line.as_bytes(), 1, None, WordsInside::Accept);
        assert_eq!(insisted.reports.len(), 1);
    }

    #[test]
    fn deep_nesting_and_random_bytes_are_refused_or_kept_and_never_break_anything() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep).refused.len(), 1);
        assert_eq!(read(&format!("{{\"victims\":{deep}}}")).refused.len(), 1);
        let noise: Vec<u8> = (0..40_000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        let file = ReportFile::read(&noise, 1, None, WordsInside::Refuse);
        assert!(file.reports.is_empty());
    }
}
