//! `cargo xtask fuzz`: libFuzzer on every door of `fuzz/doors`, beginning with the bytes of `vectors/`
//! and the samples of the house. Needs a nightly compiler, which no other part of the house does; a
//! run without one fails and says so, since what did not run found nothing.
//!
//! The gate tries the same doors with bent bytes, in `crates/rehearsal/tests/hostile_bytes.rs`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::broken::{Broken, Try, While, stop};
use crate::child::{self, Shown};
use crate::{interrupt, place};

/// Inputs longer than this teach a door nothing new; the second size class still fits.
const LONGEST: &str = "40000";

/// What was asked for.
struct Asked<'a> {
    seconds: u64,
    pure: bool,
    targets: Vec<&'a str>,
}

/// Runs the targets whose names are given, or all.
pub(crate) fn run(words: &[&str]) -> Try<()> {
    interrupt::watch()?;
    let mut asked = Asked {
        seconds: 60,
        pure: false,
        targets: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--pure" => asked.pure = true,
            "--seconds" => {
                let Some(seconds) = words.next().and_then(|n| n.parse().ok()) else {
                    return stop("--seconds takes a number");
                };
                asked.seconds = seconds;
            }
            target if !target.starts_with('-') => asked.targets.push(target),
            _ => return stop("fuzz knows --seconds N, --pure and the names of fuzz/targets"),
        }
    }
    println!("{}", all(&asked)?);
    Ok(())
}

/// Every target for so many seconds, for the report of the long runs.
pub(crate) fn long(seconds: u64) -> Try<String> {
    all(&Asked {
        seconds,
        pure: false,
        targets: Vec::new(),
    })
}

fn all(asked: &Asked<'_>) -> Try<String> {
    nightly()?;
    let tools = tool()?;
    let targets = targets(asked)?;
    let mut told = String::new();
    let mut found = Vec::new();
    for target in &targets {
        match one(target, asked, &tools) {
            Ok(inputs) => {
                let line = format!(
                    "{target}: {inputs} inputs in {} s, nothing found",
                    asked.seconds
                );
                println!("{line}");
                // Writing to a `String` cannot fail.
                let _written = writeln!(told, "- {line}");
            }
            Err(Broken(why)) => {
                if interrupt::asked() {
                    return stop("asked to end");
                }
                println!("{why}");
                found.push(why);
            }
        }
    }
    if found.is_empty() {
        Ok(told)
    } else {
        stop(found.join("\n"))
    }
}

/// Runs one target; how many inputs it took.
fn one(target: &str, asked: &Asked<'_>, tools: &Path) -> Try<u64> {
    let base = place::target().join("fuzz");
    let corpus = base.join("corpus").join(target);
    seed(target, &corpus)?;
    let mut command = fuzz(tools);
    command
        .args(["run", "--fuzz-dir", "fuzz", "--target-dir"])
        .arg(&base);
    if asked.pure {
        command.arg("--no-default-features");
    }
    command
        .arg(target)
        .arg(&corpus)
        .arg("--")
        .arg(format!("-max_total_time={}", asked.seconds))
        .arg(format!("-max_len={LONGEST}"))
        .args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    let log = base.join(format!("{target}.log"));
    let writing = || format!("writing {}", log.display());
    command.stderr(File::create(&log).doing(writing)?);
    let ended = child::run(target, &mut command, Shown::No)?;
    let said = std::fs::read(&log).doing(|| format!("reading {}", log.display()))?;
    let said = String::from_utf8_lossy(&said);
    if !ended.ok {
        return stop(format!(
            "{target}: found something, or was not built; see {} and fuzz/artifacts/{target}",
            log.display()
        ));
    }
    let inputs = said
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .and_then(|number| number.trim().parse().ok());
    match inputs {
        Some(inputs) if inputs > 0 => Ok(inputs),
        _ => stop(format!(
            "{target}: no input was tried; see {}",
            log.display()
        )),
    }
}

/// The targets asked for; those that exist.
fn targets(asked: &Asked<'_>) -> Try<Vec<String>> {
    let there: BTreeSet<String> = place::files_below(&place::root().join("fuzz/targets"))?
        .iter()
        .filter_map(|path| path.file_stem())
        .map(|stem| stem.to_string_lossy().into_owned())
        .collect();
    if let Some(unknown) = asked.targets.iter().find(|t| !there.contains(**t)) {
        return stop(format!("there is no target {unknown} in fuzz/targets"));
    }
    if asked.targets.is_empty() {
        let pure = |name: &String| {
            let source = place::root().join(format!("fuzz/targets/{name}.rs"));
            let rooms = ["doors/sealed.rs", "doors/team.rs"];
            std::fs::read_to_string(source)
                .is_ok_and(|text| rooms.iter().any(|room| text.contains(room)))
        };
        Ok(there
            .into_iter()
            .filter(|t| !asked.pure || pure(t))
            .collect())
    } else {
        Ok(asked.targets.iter().map(|t| (*t).to_owned()).collect())
    }
}

/// Good bytes to begin with. What a former run found interesting stays beside them.
fn seed(target: &str, corpus: &Path) -> Try<()> {
    std::fs::create_dir_all(corpus).doing(|| format!("making {}", corpus.display()))?;
    let root = place::root();
    let mut seeds = vec![vec![0]];
    for file in place::files_below(&root.join("vectors"))? {
        let kind = file.parent().and_then(Path::file_name).unwrap_or_default();
        let wanted: &[&str] = match target {
            "letter_inside" | "posting" | "parcel" => &["letter", "handover", "leaf"],
            "words" => &["words"],
            "team_item" | "team_inside" => &["team-log"],
            "team_snapshot" => &["team-snapshot"],
            _ => &[target],
        };
        if !wanted.iter().any(|name| kind == *name) {
            continue;
        }
        let text =
            std::fs::read_to_string(&file).doing(|| format!("reading {}", file.display()))?;
        let values = text.lines().filter_map(|line| line.split_once(": "));
        seeds.extend(values.filter_map(|(_, value)| place::from_hex(value)));
    }
    let samples: &[&str] = match target {
        "relay_settings" => &["crates/relay/relay.sample.toml"],
        "office_settings" => &["crates/desk/office.sample.toml"],
        "doorstep_settings" => &["crates/doorstep/doorstep.sample.toml"],
        "entry" => &["crates/casework/tests/entries.txt"],
        "draft" | "import" => &["xtask/samples/letters.jsonl"],
        "mail" => &["xtask/samples/message.eml", "xtask/samples/mailbox.mbox"],
        "chat" => &[
            "xtask/samples/chat.txt",
            "xtask/samples/chat-telegram.json",
            "xtask/samples/chat-signal.json",
            "xtask/samples/chat-signal-cli.json",
        ],
        "picture" => &[
            "crates/desk/src/pictures/code.jpg",
            "crates/desk/src/pictures/legible.jpg",
            "crates/desk/src/pictures/legible.png",
        ],
        _ => &[],
    };
    for sample in samples {
        let file = root.join(sample);
        let bytes = std::fs::read(&file).doing(|| format!("reading {}", file.display()))?;
        if target == "entry" {
            let text = String::from_utf8_lossy(&bytes);
            let lines = text.lines().filter_map(|line| line.split_once(": "));
            seeds.extend(lines.filter_map(|(_, value)| place::from_hex(value)));
            continue;
        }
        if !["picture", "mail"].contains(&target) {
            seeds.extend(bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        }
        seeds.push(bytes);
    }
    if target == "relay_routes" {
        seeds.extend(REQUESTS.map(|request| request.as_bytes().to_vec()));
        seeds.push(token_list());
    }
    if target == "relay_form" {
        seeds.push(b"multipart/form-data; boundary=b\n--b\r\ncontent-disposition: form-data; name=\"letter\"; filename=\"A.BIN\"\r\n\r\nsealed\r\n--b\r\n\r\n\r\n--b--\r\n".to_vec());
    }
    if target == "doorstep_form" {
        seeds.push(b"narrative=They+came+at+night.&words=yes&kind=%C3%A9&when=2026-11-02".to_vec());
    }
    for (number, bytes) in seeds.iter().enumerate() {
        let file = corpus.join(format!("seed-{number}"));
        std::fs::write(&file, bytes).doing(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

/// Requests as the door of the routes reads them: method and path, office header, body.
const REQUESTS: [&str; 12] = [
    "GET /health\n\n",
    "GET /office/notice\n\n",
    "PUT /office/notice\n\n\u{0}",
    "GET /office/keys/2968\n\n",
    "PUT /office/keys/2968\n\nkey",
    "GET /board/newest\n\n",
    "GET /board/0/manifest\n\n",
    "GET /board/days/20780\n\n",
    "GET /office/letters?after=0\nsign\n",
    "POST /office/collected?upto=0\nsign\n",
    "GET /office/openings/0\nsign\n",
    "POST /office/cells\nsign\n\u{1}",
];

/// A list of posting tokens as a desk puts it: its number, and hashes in ascending order.
fn token_list() -> Vec<u8> {
    let mut request = b"PUT /office/tokens\nsign\n".to_vec();
    request.extend([0; 4]);
    for number in (0_u32..).take(envelope::token::TOKENS_PER_LIST) {
        request.extend(number.to_be_bytes());
        request.extend([0; 28]);
    }
    request
}

/// Whether a nightly compiler is to be had.
fn nightly() -> Try<()> {
    let there = Command::new("cargo")
        .args(["+nightly", "--version"])
        .env_remove("CARGO")
        .output()
        .is_ok_and(|out| out.status.success());
    if there {
        Ok(())
    } else {
        stop("fuzzing needs a nightly compiler and did NOT run: rustup toolchain install nightly")
    }
}

/// `cargo +nightly fuzz`, with the tool that was built below the target folder.
fn fuzz(tools: &Path) -> Command {
    let mut paths = vec![tools.join("bin")];
    if let Some(path) = std::env::var_os("PATH") {
        paths.extend(std::env::split_paths(&path));
    }
    let mut command = Command::new("cargo");
    command
        .args(["+nightly", "fuzz"])
        .env_remove("CARGO")
        .current_dir(place::root());
    if let Ok(path) = std::env::join_paths(paths) {
        command.env("PATH", path);
    }
    command
}

/// Built once below the target folder, which takes some minutes.
fn tool() -> Try<PathBuf> {
    let tools = place::target().join("tools");
    if !tools.join("bin/cargo-fuzz").is_file() {
        let mut install = place::cargo();
        install
            .args(["install", "--locked", "cargo-fuzz", "--root"])
            .arg(&tools);
        child::must("cargo install cargo-fuzz", &mut install, Shown::No)?;
    }
    Ok(tools)
}
