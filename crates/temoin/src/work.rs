//! What an office does from the command line: collect, import, count, back up, restore.

use std::fs;
use std::path::Path;

use desk::{CannotCollect, Desk};
use papers::imports::{self, Format};
use record::{Language, Report};
use vault::{Cost, Passphrase, Sheet};

use crate::ending::{Outcome, Stopped};
use crate::{now, office, passphrase, system_randomness};

/// `temoin collect`.
pub(crate) fn collect(folder: &Path, passphrase: &Passphrase) -> Outcome {
    let mut desk = office::unlock(folder, passphrase)?;
    let mut post = office::relay(&desk)?;
    let collected = desk
        .collect(now(), &mut post, &mut system_randomness())
        .map_err(|why| {
            if why == CannotCollect::Unreachable {
                Stopped::unreachable(why)
            } else {
                Stopped::failed(why)
            }
        })?;
    let mut lines = vec![format!(
        "{} new cases, {} letters of known conversations, {} that could not be read; {} cells posted, {} epochs checked",
        collected.new_cases,
        collected.joined,
        collected.unreadable,
        collected.cells_posted,
        collected.epochs_checked
    )];
    for alarm in desk.alarms(now()).map_err(Stopped::failed)? {
        lines.push(format!("! {}", alarm.what(Language::English)));
        lines.push(format!("  {}", alarm.advice(Language::English)));
    }
    Ok(lines)
}

/// Reads a file of reports.
fn reports(file: &Path, format: Format) -> Result<(Vec<Report>, Vec<String>), Stopped> {
    let bytes = fs::read(file).map_err(|_| {
        Stopped::refused(format!(
            "{}: cannot be read; check its name and rights",
            file.display()
        ))
    })?;
    let imported = imports::read(format, &bytes).map_err(Stopped::refused)?;
    let mut remarks = Vec::new();
    let mut read = Vec::with_capacity(imported.len());
    for one in imported {
        for remark in one.remarks {
            remarks.push(format!(
                "{}: {}",
                one.number,
                remark.sentence(Language::English)
            ));
        }
        read.push(one.report);
    }
    Ok((read, remarks))
}

/// `temoin import`.
pub(crate) fn import(
    file: &Path,
    format: Format,
    folder: &Path,
    passphrase: &Passphrase,
) -> Outcome {
    let (reports, mut lines) = reports(file, format)?;
    let mut desk = office::unlock(folder, passphrase)?;
    let (new, known) = desk
        .import(reports, now(), &mut system_randomness())
        .map_err(Stopped::failed)?;
    lines.push(format!(
        "{new} reports became cases; {known} were there before or could not be taken in"
    ));
    Ok(lines)
}

/// `temoin convert`: a data set as lines that `temoin-report` sends.
pub(crate) fn convert(file: &Path, format: Format) -> Outcome {
    let (reports, _) = reports(file, format)?;
    Ok(reports.iter().map(record::draft::write).collect())
}

/// `temoin count`: labels by first tier, of a file or of everything the office received.
pub(crate) fn count_file(file: &Path, format: Format) -> Outcome {
    let (reports, _) = reports(file, format)?;
    Ok(counted(&reports))
}

/// The same of an office's letters.
pub(crate) fn count_office(folder: &Path, passphrase: &Passphrase) -> Outcome {
    let desk = office::unlock(folder, passphrase)?;
    let reports: Vec<Report> = received(&desk).collect();
    Ok(counted(&reports))
}

fn received(desk: &Desk) -> impl Iterator<Item = Report> {
    desk.cases()
        .flat_map(|(_, case)| case.letters())
        .filter_map(|letter| letter.report.clone().ok())
}

fn counted(reports: &[Report]) -> Vec<String> {
    let shown = |text: &str| record::text::line(text, 200);
    papers::labels_by_first_tier(reports)
        .iter()
        .map(|((label, place), n)| format!("{}\t{}\t{n}", shown(label), shown(place)))
        .collect()
}

/// `temoin backup`.
pub(crate) fn back_up(folder: &Path, to: &Path, passphrase: &Passphrase) -> Outcome {
    let desk = office::unlock(folder, passphrase)?;
    let sealed = desk
        .back_up(to, now(), &mut system_randomness())
        .map_err(Stopped::failed)?;
    let mut lines = vec![format!("sheet {}", sealed.sheet.groups().as_str())];
    lines.push(
        "Print these groups and keep them apart from the file: without them it opens to nobody."
            .to_owned(),
    );
    if let Some(day) = sealed.destroy_by {
        let day = envelope::Day(day);
        lines.push(format!(
            "Destroy sheet and file by {day} (UTC): a key in them is due then."
        ));
    }
    Ok(lines)
}

/// `temoin restore`.
pub(crate) fn restore(
    from: &Path,
    folder: &Path,
    sheet: Option<&Path>,
    passphrase: &Passphrase,
) -> Outcome {
    let groups = match sheet {
        Some(path) => fs::File::open(path).and_then(passphrase::first_line),
        None => passphrase::typed("The groups of the sheet: "),
    };
    let groups = groups.map_err(|_| {
        Stopped::refused(
            "the sheet could not be read; type its groups, or name a file with --sheet",
        )
    })?;
    let sheet = Sheet::read(groups.trim())
        .map_err(|_| Stopped::refused("these groups are not a sheet; compare them once more"))?;
    let today = envelope::Day::of_unix_seconds(now()).0;
    let vault = vault::restore(
        from,
        &sheet,
        folder,
        passphrase,
        Cost::STRONG,
        today,
        &mut system_randomness(),
    )
    .map_err(Stopped::refused)?;
    let desk = Desk::over(vault).map_err(Stopped::refused)?;
    Ok(vec![
        format!(
            "{} cases restored; what was due since the backup is destroyed",
            desk.cases().count()
        ),
        "Bring root.temoin back from its safe place to sign a notice.".to_owned(),
    ])
}
