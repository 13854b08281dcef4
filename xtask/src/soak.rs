//! `cargo xtask soak`: the long runs, before an issue is resolved, and a dated report of them.

use std::fmt::Write;
use std::time::Instant;

use crate::broken::{Broken, Try, While, stop};
use crate::child::{self, Shown};
use crate::place::{self, Profile};
use crate::{interrupt, kill, machine, office};

/// One run: its name, and what it tells.
type Run = (&'static str, Box<dyn Fn() -> Try<String>>);

/// Runs them all, or those whose names contain one of the words. With `--short` each is a fiftieth,
/// to see that it still works.
pub(crate) fn run(flags: &[&str]) -> Try<()> {
    let short = flags.contains(&"--short");
    let words: Vec<String> = flags
        .iter()
        .filter(|flag| **flag != "--short")
        .map(|word| {
            word.to_lowercase()
                .replace(|c: char| !c.is_alphanumeric(), "")
        })
        .collect();
    let mut runs = runs(short);
    let all = runs.len();
    runs.retain(|(name, _)| {
        words.is_empty()
            || words
                .iter()
                .any(|word| name.to_lowercase().contains(word.as_str()))
    });
    if runs.is_empty() {
        return stop("no long run has such a name; without a word all of them run");
    }
    interrupt::watch()?;
    let begin = Instant::now();
    let mut report = heading(short);
    if runs.len() < all {
        // Writing to a `String` cannot fail.
        let _written = writeln!(report, "\n{} of {all} runs, by name.", runs.len());
    }
    let mut failed = Vec::new();
    for (name, work) in runs {
        println!("== {name}");
        let started = Instant::now();
        let done = work();
        if interrupt::asked() {
            return stop("ended before the end; no report was written");
        }
        let minutes = started.elapsed().as_secs_f64() / 60.0;
        let told = match done {
            Ok(told) => told,
            Err(Broken(why)) => {
                failed.push(name);
                format!("**FAILED**: {why}")
            }
        };
        println!("{told}\n{minutes:.1} min");
        // Writing to a `String` cannot fail.
        let _written = write!(report, "\n## {name}\n{minutes:.1} minutes.\n\n{told}\n");
    }
    let _written = write!(
        report,
        "\n{:.0} minutes in all; {}.\n",
        begin.elapsed().as_secs_f64() / 60.0,
        if failed.is_empty() {
            "nothing failed".to_owned()
        } else {
            format!("failed: {}", failed.join(", "))
        }
    );
    let day = envelope::Day::of_unix_seconds(office::now());
    let folder = if short {
        place::target().join("reports")
    } else {
        place::root().join("docs/reports")
    };
    std::fs::create_dir_all(&folder).doing(|| format!("making {}", folder.display()))?;
    // Runs picked by name do not write over the report of all.
    let picked: String = words.iter().map(|word| format!("-{word}")).collect();
    let file = folder.join(format!("soak-{day}{picked}.md"));
    std::fs::write(&file, report).doing(|| format!("writing {}", file.display()))?;
    println!("\n{}", file.display());
    if failed.is_empty() {
        Ok(())
    } else {
        stop(format!("failed: {}", failed.join(", ")))
    }
}

fn heading(short: bool) -> String {
    let day = envelope::Day::of_unix_seconds(office::now());
    let mut text = format!("# Soak of {day}\n\n");
    if short {
        text.push_str("Short runs: what they show is only that the long ones would start.\n\n");
    }
    for (name, value) in machine::description() {
        let _written = writeln!(text, "- {name}: {value}");
    }
    text
}

fn runs(short: bool) -> Vec<Run> {
    let kills = if short { 20 } else { 1_000 };
    let cases = if short { "256" } else { "10000" };
    let mut runs: Vec<Run> = vec![
        (
            "The relay killed with kill -9 under load",
            Box::new(move || {
                place::build(&["relay"], Profile::Release)?;
                let seen = kill::relay(kills, Profile::Release)?;
                seen.holds()?;
                Ok(seen.told())
            }),
        ),
        (
            "Properties, with many cases each",
            Box::new(move || properties(cases)),
        ),
        (
            "Bytes nobody wrote, into every decoder",
            Box::new(move || crate::decoders::long(if short { 20_000 } else { 5_000_000 })),
        ),
    ];
    runs.push((
        "Peers side by side",
        Box::new(move || crate::peers::side_by_side(short)),
    ));
    if !short {
        runs.push((
            "Every door, ten minutes of libFuzzer each",
            Box::new(|| crate::fuzz::long(600)),
        ));
        runs.push((
            "Over a Tor network of its own",
            Box::new(crate::onion::journey),
        ));
        runs.push(("Symbolic models", Box::new(crate::prove::all)));
        runs.push(("Bench of posting, beside a bare server", Box::new(bench)));
        runs.push(("cargo-deny", Box::new(deny)));
        runs.push((
            "Packages, on an empty Debian",
            Box::new(crate::deb::on_a_clean_machine),
        ));
    }
    runs
}

fn properties(cases: &str) -> Try<String> {
    let mut command = place::cargo();
    command
        .args(["test", "--workspace", "--locked", "--quiet"])
        .env("PROPTEST_CASES", cases);
    child::must("cargo test", &mut command, Shown::No)?;
    Ok(format!(
        "every test of the workspace, {cases} cases a property"
    ))
}

fn bench() -> Try<String> {
    let mut command = place::cargo();
    command.args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--",
        "bench",
        "post",
    ]);
    let ended = child::run("the bench", &mut command, Shown::No)?;
    let figures = format!("```\n{}```", ended.said);
    if ended.ok { Ok(figures) } else { stop(figures) }
}

/// Installed below the target folder, which takes minutes: the reason why the gate goes without.
fn deny() -> Try<String> {
    let tools = place::target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        let mut install = place::cargo();
        install
            .args(["install", "--locked", "cargo-deny", "--root"])
            .arg(&tools);
        child::must("cargo install cargo-deny", &mut install, Shown::No)?;
    }
    let mut command = std::process::Command::new(program);
    command
        .args(["--offline", "check", "bans", "licenses", "sources"])
        .current_dir(place::root());
    child::must("cargo deny", &mut command, Shown::No)?;
    Ok("Bans, licences and sources: no objection.".to_owned())
}
