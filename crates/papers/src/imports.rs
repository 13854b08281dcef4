//! Reading what others published into reports.
//!
//! An imported report is a *public report*: the ground for using it is that it was public, never a
//! consent nobody gave. That is recorded by the office, not invented here.

use std::fmt;

use record::{Origin, Remark, Report, SourceAsTold, When, Where, draft};
use serde::Deserialize;

/// No file is longer: 256 MiB.
pub const LONGEST_FILE: usize = 256 << 20;

/// A format a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One report a line, as JSON in plain words.
    Reports,
    /// The incidents published by 2020PB.
    Incidents2020pb,
}

impl Format {
    /// The format of a name on a command line.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "reports" => Some(Self::Reports),
            "2020pb" => Some(Self::Incidents2020pb),
            _ => None,
        }
    }
}

/// Why a file gives no reports at all. Nothing of it was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotImport {
    /// Longer than 256 MiB: cut it into several files.
    TooLong,
    /// Not in this format; mend this place and import again.
    NotThisFormat {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was expected, without a word of the file.
        what: String,
    },
}

impl fmt::Display for CannotImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("The file is longer than 256 MiB. Cut it into several."),
            Self::NotThisFormat { line, column, what } => write!(
                f,
                "Line {line}, column {column}: {what}. Nothing was imported; mend this place and import again."
            ),
        }
    }
}

impl std::error::Error for CannotImport {}

/// One report of a file, with where it stood and what was noticed.
#[derive(Clone)]
pub struct Imported {
    /// Line, or number in the list, from 1.
    pub number: usize,
    /// The report.
    pub report: Report,
    /// What was not quite as expected; never a reason to leave it out.
    pub remarks: Vec<Remark>,
}

/// Reads a whole file, or nothing of it.
///
/// # Errors
/// [`CannotImport`] names the place.
pub fn read(format: Format, file: &[u8]) -> Result<Vec<Imported>, CannotImport> {
    if file.len() > LONGEST_FILE {
        return Err(CannotImport::TooLong);
    }
    match format {
        Format::Reports => reports(file),
        Format::Incidents2020pb => incidents_2020pb(file),
    }
}

fn reports(file: &[u8]) -> Result<Vec<Imported>, CannotImport> {
    draft::read_lines(file)
        .map(|(number, read)| match read {
            Ok((report, remarks)) => Ok(Imported {
                number,
                report,
                remarks,
            }),
            Err(refused) => {
                let column = match &refused {
                    draft::NotADraft::NotJson { column, .. } => *column,
                    _ => 1,
                };
                let what = refused.to_string();
                Err(CannotImport::NotThisFormat {
                    line: number,
                    column,
                    what,
                })
            }
        })
        .collect()
}

/// The published file: only the parts that are read.
#[derive(Deserialize)]
struct IncidentFile {
    data: Vec<Incident>,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    date_text: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    url: String,
}

fn incidents_2020pb(file: &[u8]) -> Result<Vec<Imported>, CannotImport> {
    let file: IncidentFile =
        serde_json::from_slice(file).map_err(|error| CannotImport::NotThisFormat {
            line: error.line(),
            column: error.column(),
            // The library's own text may quote the file; its kind does not.
            what: match error.classify() {
                serde_json::error::Category::Syntax => "this is not JSON".to_owned(),
                serde_json::error::Category::Eof => "the file ends too early".to_owned(),
                _ => "a field is missing or of another kind".to_owned(),
            },
        })?;
    let numbered = (1..).zip(file.data);
    Ok(numbered
        .map(|(number, incident)| {
            let report = incident.report();
            let remarks = report.remarks();
            Imported {
                number,
                report,
                remarks,
            }
        })
        .collect())
}

impl Incident {
    fn report(self) -> Report {
        let narrative = if self.description.trim().is_empty() {
            self.name
        } else {
            format!("{}\n\n{}", self.name, self.description)
        };
        let dated = !self.date.is_empty();
        Report {
            language: "en".to_owned(),
            narrative,
            when: When {
                told: if self.date_text == self.date {
                    String::new()
                } else {
                    self.date_text
                },
                first: self.date,
                precision: if dated {
                    "day".into()
                } else {
                    "unknown".into()
                },
                ..When::default()
            },
            place: Where {
                told: self.city,
                country: "US".to_owned(),
                admin1: self.state,
                ..Where::default()
            },
            sources: self
                .links
                .into_iter()
                .filter(|link| !link.url.is_empty())
                .map(|link| SourceAsTold {
                    kind: "open-source-online".into(),
                    found: link.url,
                    ..SourceAsTold::default()
                })
                .collect(),
            labels: self.tags,
            channel: "import".into(),
            origin: Origin {
                set: "2020pb".to_owned(),
                id: self.id,
                ..Origin::default()
            },
            ..Report::default()
        }
    }
}
