//! The peers side by side, in one run: the one peer that a package registry holds whole, OnionShare
//! in receive mode, and our relay, given the same reports by the same sender on the same machine.
//!
//! GlobaLeaks, SecureDrop and Hush Line are in no registry we reach; what was measured of them once
//! stands in `docs/performance.md` with its date and is not measured again here.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::office::{Epochs, Office, SEED, Writer};
use crate::place::{self, Folder, Profile};
use crate::served::Served;
use crate::{interrupt, machine, wire};

/// The version whose behaviour is known here.
const ONIONSHARE: &str = "onionshare-cli==2.7";
const SENDERS: usize = 4;

/// How long and how often.
#[derive(Clone, Copy)]
struct Plan {
    rounds: usize,
    idle: Duration,
    measured: Duration,
    /// More than the faster server takes in one round.
    letters: usize,
}

/// One server's medians.
struct Seen {
    name: &'static str,
    idle_mb: f64,
    per_second: f64,
    cpu_ms: f64,
    refused: usize,
}

/// Measures both, the rounds in turn, and tells them in a table.
pub(crate) fn side_by_side(short: bool) -> Try<String> {
    let plan = if short {
        Plan {
            rounds: 1,
            idle: Duration::from_secs(1),
            measured: Duration::from_secs(2),
            letters: 20_000,
        }
    } else {
        Plan {
            rounds: 5,
            idle: Duration::from_secs(10),
            measured: Duration::from_secs(15),
            letters: 150_000,
        }
    };
    let program = onionshare()?;
    place::build(&["relay"], Profile::Release)?;
    let office = Office::of_seed(SEED);
    let relay_key = envelope::keys::RelaySecret::from_seed(&[7; 32]).public();
    let epochs = Epochs {
        seconds: 60,
        leaves: 1_024,
        cells: 32,
    };
    let notice = office.notice(relay_key, "http://127.0.0.1", epochs);
    let writer = Writer::of(&office, office.intake_key(&notice)?);
    let mut postings = Vec::with_capacity(plan.letters);
    for number in 0..plan.letters as u64 {
        postings.push(writer.letter(number)?.posting().to_vec());
    }

    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        theirs.push(their_round(plan, &program)?);
        let folder = Folder::on_disk("peers")?;
        machine::store_fs(folder.path())?;
        let served = Served::new(&office, Profile::Release, folder.path(), epochs)?;
        let id = served.id().map_or_else(|| stop("no relay runs"), Ok)?;
        let idle_mb = idle(plan, id)?;
        // A new store each round, so each round may begin with the first letter.
        let next = AtomicUsize::new(0);
        let load = load(plan, id, || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match postings.get(at) {
                Some(posting) => sent(served.address, "/letters", OCTETS, posting, 201),
                None => Sent::NothingLeft,
            }
        })?;
        ours.push((idle_mb, load));
    }
    Ok(table(&[
        medians("OnionShare 2.7, receive mode, text", &theirs)?,
        medians("Temoin, sealed letter of 4 KiB, synced", &ours)?,
    ]))
}

const OCTETS: &str = "application/octet-stream";

/// Installed below the target folder, in a Python environment of its own.
fn onionshare() -> Try<PathBuf> {
    let folder = place::target().join("tools/onionshare");
    let program = folder.join("bin/onionshare-cli");
    if !program.is_file() {
        child::must(
            "python3 -m venv (Debian: python3-venv)",
            Command::new("python3").args(["-m", "venv"]).arg(&folder),
            Shown::No,
        )?;
        child::must(
            "pip install",
            Command::new(folder.join("bin/pip")).args(["install", "--quiet", ONIONSHARE]),
            Shown::No,
        )?;
    }
    Ok(program)
}

fn their_round(plan: Plan, program: &Path) -> Try<(f64, Load)> {
    let folder = Folder::on_disk("onionshare")?;
    let mut command = Command::new(program);
    command
        .args(["--receive", "--local-only", "--public", "--data-dir"])
        .arg(folder.path().join("received"))
        .env("HOME", folder.path());
    let mut child = Child::start("onionshare-cli", &mut command)?;
    let port = child.line_after("http://127.0.0.1:", Duration::from_secs(60))?;
    let address: SocketAddr = format!("127.0.0.1:{port}")
        .parse()
        .doing(|| "reading OnionShare's address".to_owned())?;
    let idle_mb = idle(plan, child.id())?;
    let body = form(&"x".repeat(2_000));
    let kind = "multipart/form-data; boundary=report";
    let load = load(plan, child.id(), || {
        sent(address, "/upload", kind, &body, 302)
    })?;
    child.end();
    Ok((idle_mb, load))
}

/// A form with the one field that its page has for a text.
fn form(text: &str) -> Vec<u8> {
    format!(
        "--report\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n--report--\r\n"
    )
    .into_bytes()
}

fn idle(plan: Plan, id: u32) -> Try<f64> {
    std::thread::sleep(plan.idle);
    machine::pss_mb(id)
}

enum Sent {
    Taken,
    Refused,
    NothingLeft,
}

/// One report on a connection of its own, as a browser's form would be sent.
fn sent(to: SocketAddr, path: &str, kind: &str, body: &[u8], taken: u16) -> Sent {
    match wire::ask(to, "POST", path, &[("content-type", kind)], body) {
        Ok(answer) if answer.status == taken => Sent::Taken,
        _ => Sent::Refused,
    }
}

struct Load {
    per_second: f64,
    cpu_ms: f64,
    refused: usize,
}

/// [`SENDERS`] senders for the measured time; what the server's process used for each report.
fn load(plan: Plan, id: u32, send: impl Fn() -> Sent + Sync) -> Try<Load> {
    let (taken, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let cpu = machine::cpu_seconds(id)?;
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                while begin.elapsed() < plan.measured && !interrupt::asked() {
                    match send() {
                        Sent::Taken => taken.fetch_add(1, Ordering::Relaxed),
                        Sent::Refused => refused.fetch_add(1, Ordering::Relaxed),
                        Sent::NothingLeft => break,
                    };
                }
            });
        }
    });
    let seconds = begin.elapsed().as_secs_f64();
    let cpu = machine::cpu_seconds(id)? - cpu;
    let taken = taken.into_inner();
    if taken == 0 {
        return stop("not one report was taken");
    }
    Ok(Load {
        per_second: taken as f64 / seconds,
        cpu_ms: cpu * 1_000.0 / taken as f64,
        refused: refused.into_inner(),
    })
}

fn medians(name: &'static str, rounds: &[(f64, Load)]) -> Try<Seen> {
    let median = |of: &dyn Fn(&(f64, Load)) -> f64| {
        let values: Vec<f64> = rounds.iter().map(of).collect();
        machine::spread(&values).map_or_else(|| stop("no round was measured"), |s| Ok(s.0))
    };
    Ok(Seen {
        name,
        idle_mb: median(&|(idle, _)| *idle)?,
        per_second: median(&|(_, load)| load.per_second)?,
        cpu_ms: median(&|(_, load)| load.cpu_ms)?,
        refused: rounds.iter().map(|(_, load)| load.refused).sum(),
    })
}

fn table(seen: &[Seen]) -> String {
    let mut text = format!(
        "{SENDERS} senders, a connection for each report; medians of the rounds, in turn.\n\n\
         | | idle, MB PSS | reports a second | server CPU a report, ms | refused |\n\
         |---|---|---|---|---|\n"
    );
    for one in seen {
        text.push_str(&format!(
            "| {} | {:.1} | {:.0} | {:.2} | {} |\n",
            one.name, one.idle_mb, one.per_second, one.cpu_ms, one.refused
        ));
    }
    text
}
