//! `cargo xtask bench desk`: what a desk with many cases costs, defined in `docs/performance.md`.
//!
//! `crates/desk/examples/weigh.rs` does the work, in a fresh process for each round: it is built
//! and run here, so that whoever types `cargo xtask` for the first time does not wait for a desk.

use std::process::Command;

use crate::bench::Figures;
use crate::broken::{Try, While, stop};
use crate::child::{self, Shown};
use crate::place::{self, Folder};
use crate::{interrupt, machine};

const ROUNDS: usize = 5;
/// Letters that one visit hands over.
const LETTERS: usize = 10_000;
/// Entries for which the issue asks how long they take to fold.
const A_MILLION: f64 = 1_000_000.0;

/// The figures of a desk.
pub(crate) fn desk(flags: &[&str]) -> Try<()> {
    let (cases, json) = asked(flags)?;
    interrupt::watch()?;
    let program = built()?;
    let folder = Folder::on_disk("bench-desk")?;
    let mut figures = Figures::described();
    figures.set("rounds", ROUNDS);
    figures.set("store_fs", machine::store_fs(folder.path())?);
    figures.set("cases", cases);
    let run = |words: &[&str], at: &str, number: Option<usize>| {
        let mut command = Command::new(&program);
        command.args(words).arg(folder.path().join(at));
        command.args(number.map(|number| number.to_string()));
        child::must("weigh", &mut command, Shown::No).map(|ended| ended.said)
    };
    eprintln!("writing an office of {cases} cases");
    let made = run(&["make"], "office", Some(cases))?;
    let entries = first(&made, "entries")?;
    figures.set("entries", entries);
    figures.set("make_s", first(&made, "make_s")?);

    let (mut open, mut pages, mut searches, mut held) = (vec![], vec![], vec![], vec![]);
    for round in 1..=ROUNDS {
        eprintln!("looking at it, {round} of {ROUNDS}");
        let said = run(&["look"], "office", Some(cases))?;
        open.push(first(&said, "open_s")?);
        held.push(first(&said, "rss_mb")?);
        pages.extend(p95(&said, "page_ms"));
        searches.extend(p95(&said, "search_ms"));
    }
    figures.rounds("open_s", &open);
    figures.rounds("page_ms_p95", &pages);
    figures.rounds("search_ms_p95", &searches);
    figures.rounds("rss_mb", &held);

    let strong = run(&["unlock"], "strong", None)?;
    figures.set("passphrase_s", first(&strong, "passphrase_s")?);
    let (mut folds, mut collects) = (vec![], vec![]);
    for round in 1..=ROUNDS {
        eprintln!("folding and collecting, {round} of {ROUNDS}");
        folds.push(first(&run(&["fold"], "office", None)?, "fold_s")?);
        let said = run(&["collect"], &format!("collected-{round}"), Some(LETTERS))?;
        collects.push(first(&said, "collect_s")?);
    }
    figures.rounds("fold_s", &folds);
    match entries >= A_MILLION {
        true => figures.rounds("fold_1m_s", &folds),
        false => figures.missing("fold_1m_s", "the office has fewer entries; see fold_s"),
    }
    figures.rounds("collect_10k_s", &collects);
    figures.told(json)
}

fn asked(flags: &[&str]) -> Try<(usize, bool)> {
    let (mut cases, mut json, mut flags) = (300, false, flags.iter());
    while let Some(flag) = flags.next() {
        match (*flag, flags.as_slice().first()) {
            ("--json", _) => json = true,
            ("--cases", Some(number)) => {
                cases = number
                    .parse()
                    .doing(|| format!("reading the number of cases, {number}"))?;
                flags.next();
            }
            (other, _) => {
                return stop(format!(
                    "unknown: {other}. Try: cargo xtask bench desk [--json] [--cases 300]"
                ));
            }
        }
    }
    match cases {
        0 => stop("an office without cases has nothing to show"),
        _ => Ok((cases, json)),
    }
}

fn built() -> Try<std::path::PathBuf> {
    let mut command = place::cargo();
    command.args(["build", "--release", "-p", "desk", "--example", "weigh"]);
    child::must("cargo build", &mut command, Shown::No)?;
    Ok(place::target().join("release/examples/weigh"))
}

fn all(said: &str, name: &str) -> Vec<f64> {
    said.lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .filter_map(|number| number.parse().ok())
        .collect()
}

fn first(said: &str, name: &str) -> Try<f64> {
    match all(said, name).first() {
        Some(number) => Ok(*number),
        None => stop(format!("no {name} in:\n{said}")),
    }
}

fn p95(said: &str, name: &str) -> Option<f64> {
    machine::of_a_hundred(&all(said, name), 95)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_and_what_is_no_size_is_refused() {
        assert_eq!(asked(&[]).ok(), Some((300, false)));
        let both = ["--cases", "10000", "--json"];
        assert_eq!(asked(&both).ok(), Some((10_000, true)));
        for wrong in [&["--cases"][..], &["--cases", "many"], &["--cases", "0"]] {
            assert!(asked(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_name_that_begins_another_is_not_read_for_it() {
        let said = "rss_open_mb 1\nrss_mb 2\npage_ms 3\npage_ms 4\n";
        assert_eq!(first(said, "rss_mb").ok(), Some(2.0));
        assert_eq!(all(said, "page_ms"), [3.0, 4.0]);
        assert!(first(said, "page").is_err());
    }
}
