//! The step of the gate that plants words: a real browser, a real relay, a recorder between them.

use std::time::Duration;

use crate::broken::{Try, stop};
use crate::gate::Counted;
use crate::journeys;
use crate::place::Profile;
use crate::plant::{self, Pattern};
use crate::stage::{Stage, Wanted};
use crate::wire;

/// Words that stand in no list, page or program. Accents and a script of its own, so that every
/// encoding of them differs from the plain one.
const PLANTED: [&str; 4] = [
    "Quokkafenster am Zollhaus",
    "Évêchéplâtre septante-douze",
    "Мирабель-Ключевой-Брод",
    "+000 5550 17431 kazoo",
];
/// Sent in the clear on purpose: it must be found, or the search itself is blind.
const CONTROL: &str = "control-gnu-semaphore-9371";

/// Writes a report in Chromium and looks for its words everywhere but in the browser.
pub(crate) fn check() -> Try<Counted> {
    let stage = Stage::set(Wanted {
        epoch_seconds: 2,
        doorstep: false,
        recorded: true,
        samples: false,
        figures: false,
        profile: Profile::Dev,
    })?;
    let Some(proxy) = &stage.proxy else {
        return stop("the recorder is not there");
    };
    let words = journeys::plant(&stage, &PLANTED)?;
    if words.len() < 7 {
        return stop("the reporter's words were not shown");
    }
    // The words together, as the script joins them and as somebody would send them; each alone is
    // in the public list, which the page fetches.
    let joined = [
        words.join(" "),
        words.join("-"),
        words.join(","),
        words.concat(),
    ];
    let mut patterns: Vec<Pattern> = PLANTED.iter().flat_map(|text| plant::forms(text)).collect();
    patterns.extend(joined.iter().flat_map(|text| plant::forms(text)));

    // The search can see: a control sent in the clear is found on the wire and in memory.
    let control = plant::forms(CONTROL);
    let path = format!("/{CONTROL}");
    let answered = wire::ask(proxy.address, "GET", &path, &[], &[]);
    if answered.is_err() {
        return stop("the control was not answered");
    }
    // Everything written up to now has passed, and an epoch has closed over it.
    std::thread::sleep(Duration::from_secs(3));
    let capture = proxy.capture();
    if plant::found(&capture, &control).is_none() {
        return stop("the control was not found on the wire: the search is blind");
    }
    let posted = plant::forms("POST /letters");
    if plant::found(&capture, &posted).is_none() {
        return stop("no letter passed the recorder");
    }
    let memory = plant::memory(stage.relay.id())?;
    let name = plant::forms("/board/newest");
    if plant::found(&memory, &name).is_none() {
        return stop("the relay's memory does not hold what it must: the search is blind");
    }

    if let Some(pattern) = plant::found(&capture, &patterns) {
        return stop(format!("a planted word crossed the wire {}", pattern.form));
    }
    if let Some(pattern) = plant::found(&memory, &patterns) {
        return stop(format!(
            "a planted word is in the relay's memory {}",
            pattern.form
        ));
    }
    if let Some(file) = plant::in_files(&stage.relay_folder(), &patterns)? {
        return stop(format!("a planted word is in a file of the relay: {file}"));
    }
    Ok(Counted {
        passed: 3,
        failed: 0,
        told: format!(
            "{} patterns in none of {} kB of wire, {} MB of memory, {} files",
            patterns.len(),
            capture.len() / 1_024,
            memory.len() / (1 << 20),
            crate::place::files_below(&stage.relay_folder())?.len()
        ),
    })
}
