//! `cargo xtask test`: everything that has to hold before work is handed on. Steps are independent;
//! a step that fails does not hide what the later ones would have told.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::broken::{Broken, Try, stop};
use crate::child::{self, Shown};
use crate::place::{self, Profile};
use crate::{interrupt, journeys, kill, link, planted, vectors};

/// A clean run should not take longer: who waits longer no longer runs it.
const BUDGET: Duration = Duration::from_secs(40 * 60);

/// What a step counted, with a sentence for its last line.
pub(crate) struct Counted {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// What was seen, in one line. Further ones that begin with [`NOT_SEEN`] name each claim that
    /// did not hold.
    pub(crate) told: String,
}

/// What a line about a claim that did not hold begins with, a journey's and a test's.
pub(crate) const NOT_SEEN: &str = "NOT SEEN";

impl Counted {
    /// One claim, which held.
    pub(crate) fn one(told: impl Into<String>) -> Self {
        Self {
            passed: 1,
            failed: 0,
            told: told.into(),
        }
    }
}

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Try<Counted>,
}

const STEPS: [Step; 25] = [
    Step {
        name: "format",
        what: "cargo fmt",
        run: format,
    },
    Step {
        name: "clippy",
        what: "lints, warnings denied",
        run: clippy,
    },
    Step {
        name: "rust",
        what: "cargo test: every crate, the rehearsal and the rules of the house",
        run: rust,
    },
    Step {
        name: "docs",
        what: "cargo doc, broken links denied",
        run: docs,
    },
    Step {
        name: "deny",
        what: "bans, licences, sources",
        run: deny,
    },
    Step {
        name: "man",
        what: "completions and manual pages",
        run: man,
    },
    Step {
        name: "npm",
        what: "npm ci from the lock file",
        run: npm,
    },
    Step {
        name: "types",
        what: "tsc",
        run: types,
    },
    Step {
        name: "script",
        what: "the script's own claims, and its size",
        run: script,
    },
    Step {
        name: "reproducible",
        what: "script and site, built twice: the same bytes",
        run: twice,
    },
    Step {
        name: "vectors",
        what: "both languages read what both sealed",
        run: both,
    },
    Step {
        name: "browsers",
        what: "Chromium and Firefox ESR are there",
        run: browsers,
    },
    Step {
        name: "page-firefox",
        what: "the page alone, every way a relay can fail",
        run: page_firefox,
    },
    Step {
        name: "journey-firefox",
        what: "the whole journey, every page by axe and by keyboard",
        run: journey_firefox,
    },
    Step {
        name: "levels-firefox",
        what: "old, bare and careful browsers, script off",
        run: levels_firefox,
    },
    Step {
        name: "kit-firefox",
        what: "the kit by stick, drop point and copied board, no network",
        run: kit_firefox,
    },
    Step {
        name: "page-chromium",
        what: "the same in Chromium",
        run: page_chromium,
    },
    Step {
        name: "journey-chromium",
        what: "the same in Chromium",
        run: journey_chromium,
    },
    Step {
        name: "levels-chromium",
        what: "the same in Chromium",
        run: levels_chromium,
    },
    Step {
        name: "kit-chromium",
        what: "the same in Chromium",
        run: kit_chromium,
    },
    Step {
        name: "weight",
        what: "bytes on the socket",
        run: weight,
    },
    Step {
        name: "link",
        what: "the slow link of the benches, made and cleaned up",
        run: slow_link,
    },
    Step {
        name: "planted",
        what: "planted words in wire, files and memory",
        run: planted_words,
    },
    Step {
        name: "kill",
        what: "kill -9 under load",
        run: killed,
    },
    Step {
        name: "bench",
        what: "the load maker, in short: something is accepted, nothing is lost",
        run: bench,
    },
];

/// The names of the steps.
pub(crate) fn list() -> Try<()> {
    for step in &STEPS {
        println!("{:<18} {}", step.name, step.what);
    }
    Ok(())
}

/// Runs the steps whose names contain one of the words; all of them without a word.
pub(crate) fn run(words: &[&str]) -> Try<()> {
    interrupt::watch()?;
    let begin = Instant::now();
    let wanted: Vec<&Step> = STEPS
        .iter()
        .filter(|step| words.is_empty() || words.iter().any(|word| step.name.contains(word)))
        .collect();
    if wanted.is_empty() {
        return stop("no step has such a name; `cargo xtask test --list` tells them");
    }
    let mut seen = Seen::default();
    let mut beside: Option<Beside> = None;
    for step in wanted {
        // Of a whole run, one browser walks while the other does: each waits most of its time.
        if words.is_empty() && step.name.ends_with(FIREFOX) {
            if beside.is_none() {
                beside = Some(Beside::begin());
            }
            continue;
        }
        if let Some(walks) = beside.take_if(|_| !step.name.ends_with(CHROMIUM)) {
            seen.take_in("firefox", &walks.end());
        }
        println!("\n== {}: {}", step.name, step.what);
        let started = Instant::now();
        let done = (step.run)();
        if interrupt::asked() {
            // Whatever walks beside is ended by the same wish, and waited for.
            drop(beside.map(Beside::end));
            return stop("ended before the end");
        }
        seen.take_in(
            step.name,
            &Done {
                minutes: started.elapsed().as_secs_f64() / 60.0,
                counted: done,
            },
        );
    }
    if let Some(walks) = beside {
        seen.take_in("firefox", &walks.end());
    }
    let Seen {
        passed,
        failed,
        table,
        missing,
    } = seen;
    println!("\nMinutes per step:");
    for line in table {
        println!("{line}");
    }
    // Again at the end, where a reader of a long log looks first.
    for line in missing {
        println!("{line}");
    }
    let took = begin.elapsed();
    println!("{:>13.1} min  in all", took.as_secs_f64() / 60.0);
    if took > BUDGET && words.is_empty() {
        println!(
            "\n!!!! THE GATE TOOK {:.0} MINUTES. Its budget is {}. Make a step shorter, or move it to \
             `cargo xtask soak`. !!!!",
            took.as_secs_f64() / 60.0,
            BUDGET.as_secs() / 60
        );
    }
    println!("\n{passed} passed, {failed} failed");
    if failed > 0 {
        return stop("the gate is closed: see the steps marked FAILED above");
    }
    if passed == 0 {
        return stop("nothing was tested");
    }
    Ok(())
}

/// What a step took, and what came of it.
struct Done {
    minutes: f64,
    counted: Try<Counted>,
}

/// What the steps have told so far.
#[derive(Default)]
struct Seen {
    passed: u64,
    failed: u64,
    table: Vec<String>,
    missing: Vec<String>,
}

impl Seen {
    fn take_in(&mut self, name: &str, done: &Done) {
        let (mark, told) = match &done.counted {
            Ok(counted) => {
                self.passed += counted.passed;
                self.failed += counted.failed;
                let mark = if counted.failed == 0 { "ok" } else { "FAILED" };
                (mark, counted.told.as_str())
            }
            Err(Broken(why)) => {
                self.failed += 1;
                println!("{why}");
                ("FAILED", why.as_str())
            }
        };
        let minutes = done.minutes;
        let first = told.lines().next().unwrap_or_default();
        let short: String = first.chars().take(150).collect();
        println!("== {name}: {mark}, {minutes:.1} min. {short}");
        self.missing
            .extend(not_seen(told).map(|line| format!("{name}: {line}")));
        self.table
            .push(format!("{mark:<7}{minutes:>6.1} min  {name:<18} {short}"));
    }
}

/// What the names of the walks end with.
const FIREFOX: &str = "-firefox";
const CHROMIUM: &str = "-chromium";

/// The walks in Firefox, done by a second run of this program while this one goes on. What it says is
/// shown whole, after its end: two walks line by line would be read as one.
struct Beside(Option<JoinHandle<Done>>);

impl Beside {
    fn begin() -> Self {
        println!("\n-- beside: the walks in Firefox, told after those in Chromium");
        Self(Some(std::thread::spawn(|| {
            let started = Instant::now();
            let counted = Self::walk();
            Done {
                minutes: started.elapsed().as_secs_f64() / 60.0,
                counted,
            }
        })))
    }

    fn walk() -> Try<Counted> {
        let program = place::ThisProgram::copied()?;
        let mut command = std::process::Command::new(program.path());
        command.args(["test", FIREFOX]);
        let ended = child::run("the walks in Firefox", &mut command, Shown::No)?;
        println!("{}", ended.said);
        let (passed, failed) = totals(&ended.said).unwrap_or_default();
        if !ended.ok && failed == 0 || passed == 0 {
            return stop("the walks in Firefox did not end well; see above");
        }
        let missing = ended
            .said
            .lines()
            .filter_map(|line| line.split_once(": ").map(|(_, rest)| rest))
            .filter(|rest| rest.starts_with(NOT_SEEN));
        Ok(Counted {
            passed,
            failed,
            told: std::iter::once(format!("{passed} seen in its walks, {failed} not seen"))
                .chain(missing.map(str::to_owned))
                .collect::<Vec<_>>()
                .join("\n"),
        })
    }

    fn end(mut self) -> Done {
        let walks = self.0.take().map(JoinHandle::join);
        walks.and_then(Result::ok).unwrap_or_else(|| Done {
            minutes: 0.0,
            counted: stop("the walks in Firefox panicked"),
        })
    }
}

impl Drop for Beside {
    /// Dropped before its end, because a step panicked: the walks end too, and leave nothing running.
    fn drop(&mut self) {
        if let Some(walks) = self.0.take() {
            interrupt::ask();
            let _ended = walks.join();
        }
    }
}

/// The last line of a run: so many passed, so many failed.
fn totals(said: &str) -> Option<(u64, u64)> {
    said.lines().rev().find_map(|line| {
        let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
        Some((passed.parse().ok()?, failed.parse().ok()?))
    })
}

/// Whether the house is built without a network: what is not vendored was fetched by the build.
fn cargo(arguments: &[&str]) -> std::process::Command {
    let mut command = place::cargo();
    command.args(arguments);
    command
}

fn format() -> Try<Counted> {
    let mut command = cargo(&["fmt", "--all", "--", "--check"]);
    child::must("cargo fmt", &mut command, Shown::No)?;
    Ok(Counted::one("as rustfmt writes it"))
}

fn clippy() -> Try<Counted> {
    let mut command = cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]);
    child::must("cargo clippy", &mut command, Shown::Yes)?;
    Ok(Counted::one("no warning"))
}

fn rust() -> Try<Counted> {
    // The binaries first: some tests start them.
    place::build(
        &["relay", "doorstep", "temoin", "temoin-report", "xtask"],
        Profile::Dev,
    )?;
    let mut command = cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    let ended = child::run("cargo test", &mut command, Shown::Yes)?;
    let (mut passed, mut failed) = (0, 0);
    for line in ended.said.lines() {
        let Some(rest) = line.strip_prefix("test result: ") else {
            continue;
        };
        let number = |what: &str| -> u64 {
            rest.split(what)
                .next()
                .and_then(|before| before.split_whitespace().next_back())
                .and_then(|n| n.parse().ok())
                .unwrap_or(0)
        };
        passed += number(" passed");
        failed += number(" failed");
    }
    if !ended.ok && failed == 0 {
        return stop("cargo test did not end well; see above");
    }
    let named = ended.said.lines().filter_map(|line| {
        let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
        Some(format!("{NOT_SEEN}: {name}"))
    });
    Ok(Counted {
        passed,
        failed,
        told: std::iter::once(format!("{passed} tests of Rust passed, {failed} failed"))
            .chain(named)
            .collect::<Vec<_>>()
            .join("\n"),
    })
}

fn docs() -> Try<Counted> {
    let mut command = cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
        "--quiet",
    ]);
    command.env(
        "RUSTDOCFLAGS",
        "-D rustdoc::broken_intra_doc_links -D rustdoc::invalid_html_tags -A rustdoc::private_intra_doc_links",
    );
    child::must("cargo doc", &mut command, Shown::Yes)?;
    Ok(Counted::one("no link leads nowhere"))
}

fn deny() -> Try<Counted> {
    let there = std::process::Command::new("cargo-deny")
        .arg("--version")
        .output()
        .is_ok_and(|out| out.status.success());
    if !there {
        // Installing it takes longer than several steps together; what it would tell of licences,
        // bans and sources is told by a test of ours, read from the same deny.toml.
        let mut command = cargo(&[
            "test",
            "--package",
            "xtask",
            "--test",
            "graph",
            "--locked",
            "everything_linked",
        ]);
        child::must("the check of ours", &mut command, Shown::No)?;
        return Ok(Counted::one(
            "cargo-deny is not installed: licences, bans and sources by xtask/tests/graph.rs alone",
        ));
    }
    let mut command = cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"]);
    child::must("cargo deny", &mut command, Shown::Yes)?;
    Ok(Counted::one("cargo-deny has no objection"))
}

fn man() -> Try<Counted> {
    let folder = place::Folder::temporary("man")?;
    crate::manual::write(Some(&folder.path().to_string_lossy()))?;
    Ok(Counted::one("written, none empty"))
}

fn npm() -> Try<Counted> {
    place::clean_node_modules()?;
    Ok(Counted::one("as the lock file says"))
}

fn in_reporter(what: &str, arguments: &[&str]) -> Try<child::Ended> {
    place::node_modules()?;
    let mut command = std::process::Command::new("npm");
    command
        .args(["run", "--silent"])
        .args(arguments)
        .current_dir(place::reporter());
    child::must(what, &mut command, Shown::Yes)
}

fn types() -> Try<Counted> {
    in_reporter("tsc", &["types"])?;
    Ok(Counted::one("the types hold"))
}

fn script() -> Try<Counted> {
    let ended = in_reporter("the script's claims", &["test"])?;
    // Node's own runner tells its count in one line, whatever it decorates it with.
    let count = |what: &str| {
        ended.said.lines().find_map(|line| {
            let (_, number) = line.split_once(what)?;
            number.trim().parse::<u64>().ok()
        })
    };
    let Some(passed) = count(" pass ").filter(|n| *n > 0) else {
        return stop("the script's claims were not counted: none ran");
    };
    place::script()?;
    Ok(Counted {
        passed,
        failed: count(" fail ").unwrap_or(0),
        told: format!("{passed} claims hold, the script is within its budget"),
    })
}

fn twice() -> Try<Counted> {
    let files = crate::reproducible::check()?;
    Ok(Counted::one(format!(
        "{files} files of script and site, the same from two places"
    )))
}

fn both() -> Try<Counted> {
    vectors::checked().map(Counted::one)
}

fn browsers() -> Try<Counted> {
    journeys::browsers().map(Counted::one)
}

/// A walk through a real browser; where it only waited in vain, one more walk from nothing.
///
/// Two programs race on a busy machine, and nobody can hold them still. So a walk of which every
/// missed claim is one that never came is walked again, and the second must hold whole. What the
/// first did not see is told at the end of the gate all the same: who reads it twice for the same
/// claim has found a fault, not a busy machine. Whatever else is seen, a word that was left behind or
/// a program that stopped, closes the gate at once.
fn walked(walk: fn(&str) -> Try<Counted>, browser: &str) -> Try<Counted> {
    let first = walk(browser)?;
    let missed: Vec<&str> = not_seen(&first.told).collect();
    if first.failed == 0 || !missed.iter().all(|line| waited_in_vain(line)) || missed.is_empty() {
        return Ok(first);
    }
    println!("-- once more, from nothing");
    let mut second = walk(browser).unwrap_or_else(|Broken(why)| Counted {
        passed: 0,
        failed: 1,
        told: why,
    });
    let (head, rest) = second.told.split_once('\n').unwrap_or((&second.told, ""));
    let mut told = vec![format!("{head} AT THE SECOND WALK"), rest.to_owned()];
    told.extend(
        missed
            .iter()
            .map(|line| format!("{line} (at the first walk)")),
    );
    second.told = told.join("\n");
    Ok(second)
}

fn not_seen(told: &str) -> impl Iterator<Item = &str> {
    told.lines().filter(|line| line.starts_with(NOT_SEEN))
}

/// Whether a missed claim is one that never came, as the journeys and the driver say it.
fn waited_in_vain(line: &str) -> bool {
    [
        "never came",
        "never showed",
        "never said",
        "TimeoutError",
        "timed out",
    ]
    .iter()
    .any(|said| line.contains(said))
}

fn page_chromium() -> Try<Counted> {
    walked(journeys::page, "chromium")
}

fn page_firefox() -> Try<Counted> {
    walked(journeys::page, "firefox")
}

fn journey_chromium() -> Try<Counted> {
    walked(journeys::all_pages, "chromium")
}

fn journey_firefox() -> Try<Counted> {
    walked(journeys::all_pages, "firefox")
}

fn levels_chromium() -> Try<Counted> {
    walked(journeys::levels, "chromium")
}

fn levels_firefox() -> Try<Counted> {
    walked(journeys::levels, "firefox")
}

fn kit_chromium() -> Try<Counted> {
    walked(journeys::kit, "chromium")
}

fn kit_firefox() -> Try<Counted> {
    walked(journeys::kit, "firefox")
}

fn weight() -> Try<Counted> {
    let weights = journeys::weigh()?;
    let told = format!(
        "form {} of {} bytes, whole report {} bytes down and {} up",
        weights.form, FORM_BUDGET, weights.down, weights.up
    );
    let within =
        weights.form <= FORM_BUDGET && weights.down <= DOWN_BUDGET && weights.up <= UP_BUDGET;
    if within {
        Ok(Counted::one(told))
    } else {
        stop(format!("over budget: {told}"))
    }
}

/// Bytes until a field takes text, sealing included: up to the moment at which the page says so. What
/// it fetches next (the list of words) is in the whole report's bytes.
const FORM_BUDGET: u64 = 44_000;
/// Bytes down and up until the receipt shows. The study's goal is 64,000 down; the list of words,
/// which everyone fetches alike, is what goes beyond it.
const DOWN_BUDGET: u64 = 78_000;
const UP_BUDGET: u64 = 20_000;

/// Only root may make network namespaces; others are told that nothing was looked at.
fn slow_link() -> Try<Counted> {
    match link::possible() {
        Ok(()) => link::check().map(Counted::one),
        Err(Broken(why)) => Ok(Counted {
            passed: 0,
            failed: 0,
            told: format!("NOT CHECKED: {why}"),
        }),
    }
}

fn planted_words() -> Try<Counted> {
    planted::check()
}

fn killed() -> Try<Counted> {
    place::build(&["relay"], Profile::Dev)?;
    let seen = kill::relay(50, Profile::Dev)?;
    seen.holds()?;
    Ok(Counted::one(seen.told()))
}

fn bench() -> Try<Counted> {
    place::build(&["relay"], Profile::Dev)?;
    crate::bench::smoke().map(Counted::one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_totals_of_a_run_are_its_last_count() {
        let said =
            "3 passed, 0 failed\njourney-firefox: NOT SEEN: a page\n\n100 passed, 2 failed\n";
        assert_eq!(totals(said), Some((100, 2)));
        assert_eq!(totals("ended before the end"), None);
    }

    #[test]
    fn each_walk_is_made_in_both_browsers_and_firefox_begins_first() {
        let walks = |ending: &'static str| -> Vec<(usize, &str)> {
            STEPS
                .iter()
                .enumerate()
                .filter_map(|(at, step)| Some((at, step.name.strip_suffix(ending)?)))
                .collect()
        };
        let (firefox, chromium) = (walks(FIREFOX), walks(CHROMIUM));
        let names = |of: &[(usize, &'static str)]| -> Vec<&str> {
            of.iter().map(|(_, name)| *name).collect()
        };
        assert_eq!(names(&firefox), names(&chromium));
        assert!(
            firefox
                .iter()
                .all(|(at, _)| chromium.iter().all(|(other, _)| at < other))
        );
    }
}
