//! Journeys in a real browser, driven by node with `puppeteer-core` from `reporter/journeys/`.
//!
//! What a journey needs to know of the stage is handed over in the environment as JSON; what it
//! saw comes back as lines, the last of them `N passed, N failed`.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::broken::{Try, While, stop};
use crate::child::{self, Ended, Shown};
use crate::gate::{Counted, NOT_SEEN};
use crate::place::{self, Folder, Profile};
use crate::stage::{Stage, Wanted};
use crate::wire;

/// Both browsers, installed if this is Debian and we may.
pub(crate) fn browsers() -> Try<String> {
    let missing: Vec<&str> = [
        (
            "chromium",
            &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
            ][..],
        ),
        ("firefox-esr", &["firefox-esr", "firefox"][..]),
    ]
    .iter()
    .filter(|(_, names)| !names.iter().any(|name| on_path(name)))
    .map(|(package, _)| *package)
    .collect();
    if missing.is_empty() {
        return Ok("both are installed".to_owned());
    }
    let said = missing.join(" and ");
    if !on_path("apt-get") {
        return stop(format!(
            "{said} missing: install both browsers, then run the gate again"
        ));
    }
    println!("installing {said}");
    for arguments in [
        vec!["update", "-q"],
        [
            &["install", "-y", "-q", "--no-install-recommends"],
            missing.as_slice(),
        ]
        .concat(),
    ] {
        let mut command = as_root("apt-get");
        command
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        let ended = child::run("apt-get", &mut command, Shown::No)?;
        if !ended.ok {
            return stop(format!(
                "{said} could not be installed:\n{}\nInstall with: sudo apt-get install {}",
                ended.said,
                missing.join(" ")
            ));
        }
    }
    Ok(format!("{said} installed now"))
}

fn on_path(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// As root already, or by `sudo` if it asks nothing.
fn as_root(program: &str) -> Command {
    if rustix::process::geteuid().is_root() {
        Command::new(program)
    } else {
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        command
    }
}

/// Runs one journey file with what it has to know.
fn run(file: &str, stage: &Value, shown: Shown) -> Try<Ended> {
    place::node_modules()?;
    let mut command = place::node()?;
    command
        .arg(format!("journeys/{file}"))
        .current_dir(place::reporter())
        .env("TEMOIN_STAGE", stage.to_string());
    child::run(file, &mut command, shown)
}

/// Reads the last line.
fn counted(ended: &Ended) -> Try<Counted> {
    let last = ended
        .said
        .lines()
        .rev()
        .find(|line| line.contains(" passed, "))
        .unwrap_or_default();
    let numbers: Vec<u64> = last
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    match numbers.as_slice() {
        [passed, failed, ..] if *passed > 0 && (ended.ok || *failed > 0) => Ok(Counted {
            passed: *passed,
            failed: *failed,
            told: std::iter::once(last)
                .chain(ended.said.lines().filter(|line| line.starts_with(NOT_SEEN)))
                .collect::<Vec<_>>()
                .join("\n"),
        }),
        _ => stop("the journey did not come to its end"),
    }
}

/// What a journey may know of a stage.
fn known(stage: &Stage, browser: &str) -> Value {
    json!({
        "browser": browser,
        "reporter": stage.reporter,
        "desk": stage.desk_link,
        "public": stage.public,
        "doorstep": stage.doorstep_url,
        "epochSeconds": stage.epoch_seconds,
        "figures": stage.figures_folder(),
        "passphrase": Stage::passphrase(),
    })
}

/// The page alone, against a relay invented in script that fails in every way.
pub(crate) fn page(browser: &str) -> Try<Counted> {
    browsers()?;
    let script = place::script()?;
    let folder = Folder::temporary("page")?;
    let site = folder.join("site");
    // The office of the script's own checks.
    let mut asking = place::node()?;
    asking
        .args(["check/run.mjs", "office-hex"])
        .current_dir(place::reporter());
    let said = child::must(
        "asking for the office of the checks",
        &mut asking,
        Shown::No,
    )?
    .said;
    let names: Vec<&str> = said.split_whitespace().collect();
    let mut writing = place::cargo();
    writing
        .args([
            "run",
            "--quiet",
            "--package",
            "pages",
            "--example",
            "write_site",
            "--",
        ])
        .arg(script.join("reporter.js"))
        .arg(place::root().join("crates/seal/words"))
        .arg(&site)
        .args(&names)
        .arg("https://doorstep.example.org/");
    child::must("writing the site of the checks", &mut writing, Shown::No)?;
    let executable = executable(browser)?;
    let mut command = place::node()?;
    command
        .args(["check/run.mjs", "journey"])
        .arg(&site)
        .arg(executable)
        .current_dir(place::reporter());
    let ended = child::run("the page's journey", &mut command, Shown::Yes)?;
    let seen = ended
        .said
        .lines()
        .filter(|line| line.starts_with("seen"))
        .count();
    let missed: Vec<&str> = ended
        .said
        .lines()
        .filter(|line| line.starts_with(NOT_SEEN))
        .collect();
    if missed.is_empty() && (!ended.ok || seen == 0) {
        return stop("the page's journey stopped; see above");
    }
    Ok(Counted {
        passed: seen as u64,
        failed: missed.len() as u64,
        told: format!("{seen} steps seen\n{}", missed.join("\n")),
    })
}

fn executable(browser: &str) -> Try<String> {
    let names: &[&str] = if browser == "firefox" {
        &["firefox-esr", "firefox"]
    } else {
        &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ]
    };
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = names
        .iter()
        .flat_map(|name| std::env::split_paths(&paths).map(move |folder| folder.join(name)))
        .find(|path| path.is_file());
    match found {
        Some(path) => Ok(path.to_string_lossy().into_owned()),
        None => stop(format!("{browser} is not installed")),
    }
}

/// The whole journey: write, seal, collect, open, reply, read, verify, publish.
pub(crate) fn whole(stage: &Stage, browser: &str) -> Try<Counted> {
    let known = known(stage, browser);
    let walked = counted(&run("whole.mjs", &known, Shown::Yes)?)?;
    if walked.failed > 0 {
        return Ok(walked);
    }
    stage.publish_figures()?;
    let read = counted(&run("public.mjs", &known, Shown::Yes)?)?;
    Ok(Counted {
        passed: walked.passed + read.passed,
        failed: walked.failed + read.failed,
        told: format!("{}\n{}", walked.told, read.told),
    })
}

/// The whole journey with the reporter behind an onion, in the browser that can trust one.
pub(crate) fn over_tor(stage: &Stage, onion: &str, socks: SocketAddr) -> Try<Counted> {
    let mut known = known(stage, "firefox");
    if let Some(known) = known.as_object_mut() {
        known.insert("reporter".to_owned(), json!(format!("{onion}/")));
        known.insert("socks".to_owned(), json!(socks.port()));
    }
    counted(&run("whole.mjs", &known, Shown::Yes)?)
}

/// Every page and state of the house in one browser, script on and off.
pub(crate) fn all_pages(browser: &str) -> Try<Counted> {
    browsers()?;
    let mut stage = Stage::set(Wanted {
        epoch_seconds: 2,
        doorstep: true,
        recorded: false,
        samples: true,
        figures: false,
        profile: Profile::Dev,
    })?;
    let first = whole(&stage, browser)?;
    stage.reopen_desk()?;
    let second = counted(&run("pages.mjs", &known(&stage, browser), Shown::Yes)?)?;
    let all = [first, second];
    let passed = all.iter().map(|one| one.passed).sum();
    let failed = all.iter().map(|one| one.failed).sum();
    Ok(Counted {
        passed,
        failed,
        told: std::iter::once(format!("{passed} seen, {failed} not seen"))
            .chain(all.iter().map(|one| one.told.clone()))
            .collect::<Vec<_>>()
            .join("\n"),
    })
}

/// What works in old, bare and careful browsers: the rows of `docs/reach.md`.
pub(crate) fn levels(browser: &str) -> Try<Counted> {
    browsers()?;
    let stage = Stage::set(Wanted {
        epoch_seconds: 2,
        // There to be seen that nobody is led to it unasked.
        doorstep: true,
        recorded: false,
        samples: false,
        figures: false,
        profile: Profile::Dev,
    })?;
    let known = with_kit(&stage, browser)?;
    let on = counted(&run("levels.mjs", &known, Shown::Yes)?)?;
    let off = counted(&run("off.mjs", &known, Shown::Yes)?)?;
    let (passed, failed) = (on.passed + off.passed, on.failed + off.failed);
    Ok(Counted {
        passed,
        failed,
        told: format!(
            "{passed} seen, {failed} not seen\n{}\n{}",
            on.told, off.told
        ),
    })
}

/// By stick and drop point, as `docs/kit.md` says on its one page.
pub(crate) fn kit(browser: &str) -> Try<Counted> {
    browsers()?;
    let stage = Stage::set(Wanted {
        epoch_seconds: 2,
        doorstep: false,
        recorded: false,
        samples: false,
        figures: false,
        profile: Profile::Dev,
    })?;
    counted(&run("kit.mjs", &with_kit(&stage, browser)?, Shown::Yes)?)
}

/// What a journey may know that also seals and carries without the page.
fn with_kit(stage: &Stage, browser: &str) -> Try<Value> {
    let mut known = known(stage, browser);
    if let (Some(known), Value::Object(more)) = (known.as_object_mut(), stage.kit()?) {
        known.extend(more);
    }
    Ok(known)
}

/// Bytes on the socket.
pub(crate) struct Weights {
    /// The landing page in English, compressed, headers included.
    pub(crate) landing: u64,
    /// The sealing script, compressed, headers included.
    pub(crate) script: u64,
    /// The kit with six languages inside, compressed, headers included.
    pub(crate) kit: u64,
    /// From the relay, until a field of the form takes text.
    pub(crate) form: u64,
    /// From the relay, until the receipt shows.
    pub(crate) down: u64,
    /// To the relay, until the receipt shows.
    pub(crate) up: u64,
}

/// Weighs the form and a report with a fresh profile in Chromium.
pub(crate) fn weigh() -> Try<Weights> {
    browsers()?;
    let mut stage = Stage::set(Wanted {
        epoch_seconds: 2,
        doorstep: false,
        recorded: true,
        samples: false,
        figures: false,
        profile: Profile::Dev,
    })?;
    // The desk's own traffic goes through the recorder as well; what is weighed is a reporter's.
    stage.desk.end();
    let Some(proxy) = &stage.proxy else {
        return stop("the recorder is not there");
    };
    let relay = wire::address_of(&stage.reporter)?;
    let landing = heaviest_landing(relay)?;
    let script = script_bytes(relay)?;
    let kit = kit_bytes(relay)?;
    let (down, up) = (proxy.down(), proxy.up());
    // The journey stops where something is to be weighed, says so, and goes on when told.
    let gate = Folder::temporary("weigh")?;
    let mut known = known(&stage, "chromium");
    if let Some(map) = known.as_object_mut() {
        map.insert("gate".to_owned(), json!(gate.path()));
    }
    place::node_modules()?;
    let mut command = place::node()?;
    command
        .arg("journeys/weigh.mjs")
        .current_dir(place::reporter())
        .env("TEMOIN_STAGE", known.to_string());
    let patience = Duration::from_secs(120);
    let mut walking = child::Child::start("weigh.mjs", &mut command)?;
    walking.line_after("the form takes text", patience)?;
    let form = proxy.down() - down;
    let go = gate.join("go-on");
    std::fs::write(&go, "").doing(|| format!("writing {}", go.display()))?;
    walking.line_after("the receipt shows", patience)?;
    Ok(Weights {
        landing,
        script,
        kit,
        form,
        down: proxy.down() - down,
        up: proxy.up() - up,
    })
}

/// A file as a browser fetches it.
fn compressed(relay: SocketAddr, path: &str) -> Try<wire::Answer> {
    let accepts = [("accept-encoding", "gzip")];
    wire::ask(relay, "GET", path, &accepts, &[]).doing(|| format!("fetching {path}"))
}

fn bytes_of(answer: &wire::Answer) -> u64 {
    (answer.head.len() + 4 + answer.body.len()) as u64
}

/// The landing page in whichever language it is heaviest, of those the office speaks.
fn heaviest_landing(relay: SocketAddr) -> Try<u64> {
    let mut heaviest = 0;
    for language in ["ar", "zh", "en", "fr", "ru", "es"] {
        let page = compressed(relay, &format!("/{language}/index.html"))?;
        if page.status == 200 {
            heaviest = heaviest.max(bytes_of(&page));
        }
    }
    match heaviest {
        0 => stop("the relay serves no landing page"),
        bytes => Ok(bytes),
    }
}

fn kit_bytes(relay: SocketAddr) -> Try<u64> {
    let kit = compressed(relay, "/kit.html")?;
    if kit.status == 200 {
        Ok(bytes_of(&kit))
    } else {
        stop(format!("the relay answers {} to /kit.html", kit.status))
    }
}

/// The script the form names, alone.
fn script_bytes(relay: SocketAddr) -> Try<u64> {
    let form = wire::ask(relay, "GET", "/en/form.html", &[], &[])
        .doing(|| "fetching the form".to_owned())?;
    let page = String::from_utf8_lossy(&form.body);
    let named = page
        .split('"')
        .find(|part| part.contains("page-") && part.ends_with(".js"))
        .map(|name| name.trim_start_matches("../"));
    let Some(name) = named else {
        return stop("the form names no script");
    };
    let script = compressed(relay, &format!("/{name}"))?;
    match script.status {
        200 => Ok(bytes_of(&script)),
        other => stop(format!("the relay answered {other} to the form's script")),
    }
}

/// Writes a report with these texts in Chromium; the reporter's words come back.
pub(crate) fn plant(stage: &Stage, texts: &[&str]) -> Try<Vec<String>> {
    browsers()?;
    let mut known = known(stage, "chromium");
    if let Some(map) = known.as_object_mut() {
        map.insert("planted".to_owned(), json!(texts));
    }
    let ended = run("plant.mjs", &known, Shown::No)?;
    if !ended.ok {
        return stop(format!(
            "the journey that plants did not end well:\n{}",
            ended.said
        ));
    }
    let words = ended.line_after("words")?;
    Ok(words.split_whitespace().map(str::to_owned).collect())
}
