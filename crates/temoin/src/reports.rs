//! Reports of a file: taken into the office, or counted as they stand.

use std::path::Path;

use desk::{Desk, ReleaseTerms};
use figures::{PeriodSize, PlaceSize, ReleaseId};
use papers::imports::{self, Format};
use vault::Passphrase;

use crate::ending::Unfinished;
use crate::files;
use crate::office::{now, randomness};

fn format(name: &str) -> Result<Format, Unfinished> {
    Format::named(name).ok_or_else(|| {
        Unfinished::refused(format!(
            "there is no format \"{name}\"; see `temoin import --help`"
        ))
    })
}

/// `temoin import`
pub(crate) fn import(
    file: &Path,
    name: &str,
    public_source: bool,
    folder: &Path,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let format = format(name)?;
    let read = imports::read(format, &files::read(file)?).map_err(Unfinished::refused)?;
    let mut desk = Desk::unlock(folder, passphrase)?;
    let reports = read.into_iter().map(|imported| imported.report).collect();
    // What a project published is public by nature; of a file of reports, a person says so.
    let public = public_source || format == Format::Incidents2020pb;
    let (new, known) = desk.import(reports, public, now(), &mut randomness())?;
    Ok(format!("{new} new cases, {known} were imported before"))
}

/// `temoin figures`
pub(crate) fn figures(
    folder: &Path,
    to: &Path,
    release: Option<&str>,
    period: &str,
    place: &str,
    passphrase: &Passphrase,
) -> Result<String, Unfinished> {
    let mut desk = Desk::unlock(folder, passphrase)?;
    let now = now();
    let today = desk
        .today(now)
        .map(|day| day.to_string())
        .unwrap_or_default();
    let terms = ReleaseTerms {
        release: ReleaseId::new(release.unwrap_or(&today)).map_err(Unfinished::refused)?,
        period: match period {
            "month" => PeriodSize::Month,
            "year" => PeriodSize::Year,
            _ => PeriodSize::Quarter,
        },
        place: match place {
            "country" => PlaceSize::Country,
            _ => PlaceSize::FirstTier,
        },
    };
    let published = desk.release(&terms, to, now).map_err(Unfinished::refused)?;
    Ok(format!(
        "release {}: {} acts, {} numbers withheld, in {}",
        published.release(),
        published.total(),
        published.withheld(),
        to.display()
    ))
}

/// `temoin count`
pub(crate) fn count(file: &Path, name: &str) -> Result<String, Unfinished> {
    let read = imports::read(format(name)?, &files::read(file)?).map_err(Unfinished::refused)?;
    Ok(lines(papers::labels_by_first_tier(
        read.iter().map(|imported| &imported.report),
    )))
}

/// `temoin count --folder`
pub(crate) fn count_cases(folder: &Path, passphrase: &Passphrase) -> Result<String, Unfinished> {
    let desk = Desk::unlock(folder, passphrase)?;
    let letters = desk.office().cases().flat_map(|case| case.letters());
    let reports = letters.filter_map(|letter| letter.report.as_ref().ok());
    Ok(lines(papers::labels_by_first_tier(reports)))
}

fn lines(counted: papers::LabelsByPlace) -> String {
    let mut out = String::from("label,admin1,reports");
    for ((label, place), reports) in counted {
        out.push_str(&format!("\n{},{},{reports}", field(&label), field(&place)));
    }
    out
}

/// A field of a CSV line (RFC 4180), made safe to show.
fn field(text: &str) -> String {
    let shown = record::text::shown(text);
    if shown.contains([',', '"', '\n']) {
        format!("\"{}\"", shown.replace('"', "\"\""))
    } else {
        shown.into_owned()
    }
}
