//! Reports of a file: taken into the office, or counted as they stand.

use std::path::Path;

use desk::Desk;
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
