//! `cargo xtask bench post`: the figures of `docs/performance.md`, defined there.
//!
//! Standard output is one JSON object and nothing else (with `--json`); what could not be measured
//! is `null` with a reason beside it, and the exit is 1.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use carry::symbols::{Frames, Gathered, Shown as Screen};
use envelope::keys::RelayKey;
use envelope::{Epoch, Leaf, Receipt};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde_json::{Map, Value};

use crate::broken::{Broken, Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::line::Line;
use crate::load::{self, Ending};
use crate::office::{Epochs, Office, Postings, SEED, Writer, report};
use crate::place::{self, Folder, Profile};
use crate::served::Served;
use crate::slow::{self, Errand};
use crate::{broken_line, interrupt, journeys, machine, million, readers, upload, wire};

/// How long and how often.
#[derive(Clone, Copy)]
struct Plan {
    rounds: usize,
    warm_up: Duration,
    measured: Duration,
    /// Letters sealed beforehand; a round that has posted them all posts them again under new nonces.
    letters: usize,
    calls: usize,
    profile: Profile,
    idle: Duration,
    /// Longer than the load, so that its letters are listed soon after the kill.
    epoch_seconds: u32,
    /// Reports over a line that loses packets: enough of them for a 95th of a hundred.
    lossy: usize,
    /// Bytes of the file that is sent in pieces.
    upload: u64,
    /// Letters stored when the relay starts, for what it holds in memory.
    million: usize,
    /// Cells stored within thirty days, for what readers cost.
    stored: &'static [(u32, &'static str)],
}

/// The parts of the bench, in order; `--only` takes one.
const PARTS: [&str; 10] = [
    "seal", "idle", "posting", "upload", "million", "pages", "screen", "slow", "pieces", "readers",
];

const FULL: Plan = Plan {
    rounds: 5,
    warm_up: Duration::from_secs(3),
    measured: Duration::from_secs(15),
    letters: 300_000,
    calls: 2_000,
    profile: Profile::Release,
    idle: Duration::from_secs(10),
    epoch_seconds: 20,
    lossy: 20,
    upload: 100 << 20,
    million: 1_000_000,
    stored: &[(10_000, "10k"), (1_000_000, "1m")],
};

const QUICK: Plan = Plan {
    rounds: 3,
    warm_up: Duration::from_millis(500),
    measured: Duration::from_secs(2),
    letters: 60_000,
    calls: 500,
    profile: Profile::Release,
    idle: Duration::from_secs(10),
    epoch_seconds: 4,
    lossy: 5,
    upload: 100 << 20,
    million: 100_000,
    stored: &[(10_000, "10k")],
};

/// Fields the issue that asked for this bench names, whatever else it tells.
const PROMISED: [&str; 17] = [
    "landing_bytes",
    "script_bytes",
    "kit_bytes",
    "report_cpu_ms",
    "upload_mb_per_s",
    "upload_growth_mb",
    "million_mb",
    "reader_cpu_ms_10k",
    "reader_cpu_ms_1m",
    "tags_bytes_month_10k",
    "tags_bytes_month_1m",
    "slow_link_landing_s",
    "slow_link_report_s",
    "slow_link_answer_s",
    "slow_link_report_5_percent_lost_p95_s",
    "pieces_resent_ratio",
    "qr_16k_s",
];

impl Plan {
    fn epochs(self) -> Epochs {
        Epochs {
            seconds: self.epoch_seconds,
            leaves: 1_024,
            cells: 32,
        }
    }
}

/// The figures of posting.
pub(crate) fn post(flags: &[&str]) -> Try<()> {
    let known = ["--json", "--quick", "--inner", "--only"];
    let strange = |flag: &&&str| !known.contains(flag) && !PARTS.contains(flag);
    if let Some(other) = flags.iter().find(strange) {
        return stop(format!(
            "unknown: {other}. Try: cargo xtask bench post [--json] [--quick] [--only {}]",
            PARTS.join(" | ")
        ));
    }
    interrupt::watch()?;
    if !flags.contains(&"--inner") {
        return as_release(flags);
    }
    let plan = if flags.contains(&"--quick") {
        QUICK
    } else {
        FULL
    };
    let parts: Vec<&str> = match flags.contains(&"--only") {
        true => flags
            .iter()
            .filter(|f| PARTS.contains(f))
            .copied()
            .collect(),
        false => PARTS.to_vec(),
    };
    let mut figures = Figures::default();
    measure(plan, &parts, &mut figures)?;
    if parts.len() == PARTS.len() {
        figures.what_nobody_measured();
    }
    figures.told(flags.contains(&"--json"))
}

/// For the gate: one short round of the unoptimised relay. Its speed is no figure, only told.
pub(crate) fn smoke() -> Try<String> {
    let plan = Plan {
        letters: 6_000,
        calls: 0,
        profile: Profile::Dev,
        rounds: 1,
        warm_up: Duration::from_millis(200),
        measured: Duration::from_secs(1),
        idle: Duration::ZERO,
        epoch_seconds: 3,
        lossy: 0,
        upload: 0,
        million: 0,
        stored: &[],
    };
    let folder = Folder::on_disk("bench-smoke")?;
    machine::store_fs(folder.path())?;
    let office = Office::of_seed(SEED);
    let relay_key = envelope::keys::RelaySecret::from_seed(&[7; 32]).public();
    let notice = office.notice(relay_key, "http://127.0.0.1", plan.epochs());
    let writer = Writer::of(&office, office.intake_key(&notice)?);
    let postings = Postings::sealed(&writer, plan.letters)?;
    let seen = one_round(plan, &office, &postings, folder.path(), 64)?;
    if seen.lost > 0 {
        return stop(format!(
            "{} acknowledged letters are not listed as promised",
            seen.lost
        ));
    }
    Ok(format!(
        "{:.0} a second unoptimised, none lost",
        seen.per_second
    ))
}

/// The load maker itself is optimised too, or it would measure itself.
fn as_release(flags: &[&str]) -> Try<()> {
    place::build(&["xtask", "relay"], Profile::Release)?;
    let mut command = place::command("xtask", Profile::Release);
    command.args(["bench", "post", "--inner"]).args(flags);
    let ended = child::run("the bench", &mut command, Shown::Yes)?;
    if ended.ok {
        Ok(())
    } else {
        stop("the bench did not measure everything; see above")
    }
}

/// What was found, in order, and what was not.
#[derive(Default)]
pub(crate) struct Figures {
    found: Map<String, Value>,
    missing: Vec<String>,
}

impl Figures {
    /// With what machine and commit they are of.
    pub(crate) fn described() -> Self {
        Self {
            found: machine::description(),
            missing: Vec::new(),
        }
    }

    /// Prints them; an error if one that was to be measured was not.
    pub(crate) fn told(self, json: bool) -> Try<()> {
        if json {
            println!("{}", Value::Object(self.found));
        } else {
            for (name, value) in &self.found {
                println!("{name:<32} {value}");
            }
        }
        match self.missing.is_empty() {
            true => Ok(()),
            false => stop(format!("not measured: {}", self.missing.join(", "))),
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.found.insert(name.to_owned(), value.into());
    }

    /// Median, least and most of the rounds.
    pub(crate) fn rounds(&mut self, name: &str, values: &[f64]) {
        match machine::spread(values) {
            Some((median, least, most)) => {
                self.set(name, rounded(median));
                self.set(&format!("{name}_min"), rounded(least));
                self.set(&format!("{name}_max"), rounded(most));
            }
            None => self.missing(name, "no round was measured"),
        }
    }

    /// A field that was promised and that no part has set is null, never absent.
    fn what_nobody_measured(&mut self) {
        for name in PROMISED {
            if !self.found.contains_key(name) {
                self.missing(name, "no part of this bench measures it");
            }
        }
    }

    pub(crate) fn missing(&mut self, name: &str, why: &str) {
        self.set(name, Value::Null);
        self.set(&format!("{name}_reason"), why);
        self.missing.push(format!("{name} ({why})"));
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn measure(plan: Plan, parts: &[&str], figures: &mut Figures) -> Try<()> {
    let folder = Folder::on_disk("bench")?;
    let store_fs = machine::store_fs(folder.path())?;
    figures.found = machine::description();
    figures.set("rounds", plan.rounds);
    figures.set("store_fs", store_fs);
    figures.set("seed", SEED);
    let wanted = |part: &str| parts.contains(&part);

    let office = Office::of_seed(SEED);
    let relay_key = envelope::keys::RelaySecret::from_seed(&[7; 32]).public();
    let notice = office.notice(relay_key, "http://127.0.0.1", plan.epochs());
    let writer = Writer::of(&office, office.intake_key(&notice)?);
    if wanted("seal") {
        sealing(plan, &office, &writer, figures)?;
    }
    if wanted("idle") {
        idle(plan, &office, folder.path(), figures)?;
    }
    if wanted("posting") {
        eprintln!("sealing {} letters", plan.letters);
        let postings = Postings::sealed(&writer, plan.letters)?;
        figures.set("letters", postings.len());
        figures.set("letters_sha256", postings.checksum());
        posting(plan, &office, &postings, folder.path(), figures)?;
    }
    if wanted("upload") {
        uploading(plan, &office, folder.path(), figures)?;
    }
    if wanted("million") {
        a_million(plan, figures)?;
    }
    if wanted("pages") {
        pages(figures);
    }
    if wanted("screen") {
        screen(plan, figures)?;
    }
    if wanted("slow") {
        slow_link(plan, figures)?;
    }
    if wanted("pieces") {
        pieces(plan, figures)?;
    }
    if wanted("readers") {
        readers_cost(plan, figures)?;
    }
    Ok(())
}

/// `seal_us`, `open_us`: one thread, a report to the bytes of the 4 KiB class and back.
fn sealing(plan: Plan, office: &Office, writer: &Writer, figures: &mut Figures) -> Try<()> {
    let (mut seal_us, mut open_us) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        eprintln!("seal and open, round {} of {}", round + 1, plan.rounds);
        let base = (round * plan.calls) as u64;
        let reports: Vec<_> = (0..plan.calls as u64).map(|n| report(base + n)).collect();
        let begin = Instant::now();
        let mut letters = Vec::with_capacity(plan.calls);
        for (number, report) in (base..).zip(&reports) {
            letters.push(writer.letter_of(report, number)?);
        }
        seal_us.push(micros(begin.elapsed(), plan.calls));
        if letters.iter().any(|letter| letter.letter().len() != 4_096) {
            return stop("a bench letter is not of the smallest class");
        }
        let begin = Instant::now();
        for (letter, report) in letters.iter().zip(&reports) {
            match open::letter(letter.letter(), &office.mailbox, &office.intake) {
                Ok(opened) if opened.report().narrative == report.narrative => {}
                _ => return stop("a bench letter does not open to its report"),
            }
        }
        open_us.push(micros(begin.elapsed(), plan.calls));
    }
    figures.rounds("seal_us", &seal_us);
    figures.rounds("open_us", &open_us);
    Ok(())
}

fn micros(time: Duration, calls: usize) -> f64 {
    time.as_secs_f64() * 1e6 / calls as f64
}

/// `idle_mb`: every server process of one office, ten seconds after its start.
fn idle(plan: Plan, office: &Office, base: &Path, figures: &mut Figures) -> Try<()> {
    let mut rounds = Vec::new();
    for round in 0..plan.rounds.min(5) {
        eprintln!("idle memory, round {} of {}", round + 1, plan.rounds);
        let folder = base.join(format!("idle-{round}"));
        std::fs::create_dir(&folder).doing(|| "making a folder".to_owned())?;
        let mut served = Served::new(office, plan.profile, &folder, plan.epochs())?;
        served.kill();
        served.start()?;
        std::thread::sleep(plan.idle);
        if let Some(id) = served.id() {
            rounds.push(machine::pss_mb(id)?);
        }
    }
    figures.rounds("idle_mb", &rounds);
    Ok(())
}

/// Everything that is measured under load. The relay and the bare server take turns.
fn posting(
    plan: Plan,
    office: &Office,
    postings: &Postings,
    base: &Path,
    figures: &mut Figures,
) -> Try<()> {
    let mut lost_and_doubled = 0;
    let (mut cpu_ms, mut bare_cpu_ms) = (Vec::new(), Vec::new());
    for connections in [1, 4, 64] {
        // Goals are set for 64; the others wait for the disk, and a third of the time shows that.
        let plan = match connections {
            64 => plan,
            _ => Plan {
                warm_up: plan.warm_up / 3,
                measured: plan.measured / 3,
                ..plan
            },
        };
        let (mut durable, mut bare, mut ratio) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..plan.rounds {
            eprintln!(
                "{connections} senders, round {} of {}",
                round + 1,
                plan.rounds
            );
            let folder = base.join(format!("post-{connections}-{round}"));
            std::fs::create_dir(&folder).doing(|| "making a folder".to_owned())?;
            let seen = one_round(plan, office, postings, &folder, connections)?;
            std::fs::remove_dir_all(&folder).doing(|| "removing a folder".to_owned())?;
            lost_and_doubled += seen.lost;
            durable.push(seen.per_second);
            if connections == 64 {
                cpu_ms.push(seen.cpu_ms);
                let (against, its_cpu_ms) = bare_round(plan, postings, connections)?;
                bare.push(against);
                bare_cpu_ms.push(its_cpu_ms);
                ratio.push(seen.per_second / against);
            }
        }
        figures.rounds(&format!("reports_per_s_{connections}"), &durable);
        if connections == 64 {
            figures.rounds("bare_per_s_64", &bare);
            figures.rounds("reports_ratio_of_bare", &ratio);
            figures.rounds("report_cpu_ms", &cpu_ms);
            figures.rounds("bare_cpu_ms", &bare_cpu_ms);
        }
    }
    figures.set("lost", lost_and_doubled);
    Ok(())
}

struct Round {
    per_second: f64,
    cpu_ms: f64,
    lost: usize,
}

fn one_round(
    plan: Plan,
    office: &Office,
    postings: &Postings,
    folder: &Path,
    connections: usize,
) -> Try<Round> {
    let mut served = Served::new(office, plan.profile, folder, plan.epochs())?;
    let Some(id) = served.id() else {
        return stop("the relay is not running");
    };
    let before = machine::cpu_seconds(id)?;
    let counted = load::timed(
        served.address,
        connections,
        postings,
        plan.warm_up,
        plan.measured,
    )?;
    let cpu = machine::cpu_seconds(id)? - before;
    served.kill();
    if !counted.refused.is_empty() {
        return stop(format!("the relay refused letters: {:?}", counted.refused));
    }
    ended_well(counted.ending)?;

    // `lost`: what was acknowledged must be listed after the kill, once, where it was promised.
    served.start()?;
    let promised = promises(office, served.key, postings, &counted.acknowledged)?;
    let last = promised.iter().map(|(_, epoch)| *epoch).max();
    let last = last.unwrap_or(Epoch(0));
    let patience = Duration::from_secs(u64::from(plan.epoch_seconds) + 60);
    served.until_closed(last, patience)?;
    let mut listed: HashMap<Leaf, Vec<Epoch>> = HashMap::new();
    for number in 0..=last.0 {
        for leaf in served.listed(Epoch(number))?.0 {
            listed.entry(leaf).or_default().push(Epoch(number));
        }
    }
    let wrong = promised
        .iter()
        .filter(|(leaf, epoch)| listed.get(leaf) != Some(&vec![*epoch]))
        .count();
    Ok(Round {
        per_second: counted.per_second,
        cpu_ms: cpu * 1e3 / counted.acknowledged.len().max(1) as f64,
        lost: wrong,
    })
}

/// What the receipts promise, each checked; with all cores, since there are hundreds of thousands.
fn promises(
    office: &Office,
    key: RelayKey,
    postings: &Postings,
    acknowledged: &[(usize, Vec<u8>)],
) -> Try<Vec<(Leaf, Epoch)>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = acknowledged.len().div_ceil(workers).max(1);
    let parts: Vec<Option<Vec<(Leaf, Epoch)>>> = std::thread::scope(|scope| {
        let running: Vec<_> = acknowledged
            .chunks(share)
            .map(|some| {
                scope.spawn(move || {
                    some.iter()
                        .map(|(number, receipt)| {
                            let leaf = postings.leaf(*number)?;
                            let held = Receipt::verify(receipt, leaf, &office.mailbox, &key);
                            Some((leaf, held.ok()?.epoch()))
                        })
                        .collect()
                })
            })
            .collect();
        running
            .into_iter()
            .map(|one| one.join().unwrap_or_default())
            .collect()
    });
    let mut promised = Vec::with_capacity(acknowledged.len());
    for part in parts {
        let Some(part) = part else {
            return stop("a receipt does not hold");
        };
        promised.extend(part);
    }
    Ok(promised)
}

fn ended_well(ending: Ending) -> Try<()> {
    match ending {
        Ending::Told => Ok(()),
        Ending::NothingLeft => stop("no letter was sealed beforehand"),
        Ending::ServerGone => stop("the server broke every connection"),
    }
}

/// Answers a second of the bare server, and its CPU for one.
fn bare_round(plan: Plan, postings: &Postings, connections: usize) -> Try<(f64, f64)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let program = place::ThisProgram::copied()?;
    let mut server = Child::start(
        "the bare server",
        Command::new(program.path())
            .arg("bare-server")
            .arg(threads.to_string()),
    )?;
    let url = server.line_after("listening on", Duration::from_secs(10))?;
    let address: SocketAddr = wire::address_of(&url)?;
    let counted = load::timed(address, connections, postings, plan.warm_up, plan.measured)?;
    let cpu = machine::cpu_seconds(server.id())?;
    ended_well(counted.ending)?;
    let answers = counted.acknowledged.len().max(1);
    Ok((counted.per_second, cpu * 1e3 / answers as f64))
}

/// `upload_*`: a file in pieces to a fresh relay each round.
fn uploading(plan: Plan, office: &Office, base: &Path, figures: &mut Figures) -> Try<()> {
    let mut seen = Vec::new();
    for round in 0..plan.rounds {
        eprintln!("upload, round {} of {}", round + 1, plan.rounds);
        let folder = base.join(format!("upload-{round}"));
        std::fs::create_dir(&folder).doing(|| "making a folder".to_owned())?;
        let sent = upload::round(
            office,
            plan.profile,
            &folder,
            plan.epochs(),
            plan.upload,
            round as u64,
        )?;
        std::fs::remove_dir_all(&folder).doing(|| "removing a folder".to_owned())?;
        seen.push(sent);
    }
    let mut told = |name: &str, value: &dyn Fn(&upload::Sent) -> f64| {
        let values: Vec<f64> = seen.iter().map(value).collect();
        figures.rounds(name, &values);
    };
    told("upload_mb_per_s", &|sent| sent.mb_per_s);
    told("upload_growth_mb", &|sent| sent.growth_mb);
    told("upload_disk_mb_per_s", &|sent| sent.disk_mb_per_s);
    told("upload_ratio_of_disk", &|sent| {
        sent.mb_per_s / sent.disk_mb_per_s
    });
    told("upload_cpu_ms_per_mb", &|sent| sent.cpu_ms_per_mb);
    Ok(())
}

/// `million_*`: one store, one start.
fn a_million(plan: Plan, figures: &mut Figures) -> Try<()> {
    let seen = million::stored(plan.million, plan.idle, plan.profile)?;
    figures.set("million_letters", seen.letters);
    figures.set("million_mb", rounded(seen.mb));
    figures.set("million_peak_mb", rounded(seen.peak_mb));
    figures.set("million_start_s", rounded(seen.start_s));
    if seen.letters < 1_000_000 {
        figures.missing(
            "million_mb",
            "a quick run stores fewer than a million letters",
        );
    }
    Ok(())
}

/// `form_bytes`, `report_bytes` and the rest: counted on the socket between a browser and the relay.
fn pages(figures: &mut Figures) {
    match journeys::weigh() {
        Ok(weights) => {
            figures.set("form_bytes", weights.form);
            figures.set("report_bytes", weights.down + weights.up);
            figures.set("report_bytes_down", weights.down);
            figures.set("report_bytes_up", weights.up);
            figures.set("landing_bytes", weights.landing);
            figures.set("script_bytes", weights.script);
            figures.set("kit_bytes", weights.kit);
        }
        Err(Broken(why)) => {
            figures.missing("form_bytes", &why);
            figures.missing("report_bytes", &why);
            figures.missing("landing_bytes", &why);
            figures.missing("script_bytes", &why);
            figures.missing("kit_bytes", &why);
        }
    }
}

/// Frames a second a screen shows, as the kit does unless told otherwise.
const FRAMES_PER_SECOND: f64 = 3.0;

/// `qr_16k_s`: a letter of 16 KiB from screen to camera, half of the frames lost at random; the
/// median of a hundred showings for each round. Seconds are frames shown, at three a second.
fn screen(plan: Plan, figures: &mut Figures) -> Try<()> {
    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    let mut letter = vec![0; envelope::NONCE_BYTES + envelope::SizeClass::SixteenKiB.bytes()];
    rng.fill_bytes(&mut letter);
    let frames = Frames::of(&letter)
        .map_err(|why| Broken(format!("the letter cannot be shown: {why:?}")))?;
    let mut medians = Vec::new();
    for _ in 0..plan.rounds {
        let mut showings = Vec::new();
        for _ in 0..100 {
            showings.push(frames_until_whole(&frames, &mut rng)? / FRAMES_PER_SECOND);
        }
        medians.extend(machine::spread(&showings).map(|(median, _, _)| median));
    }
    figures.rounds("qr_16k_s", &medians);
    Ok(())
}

fn frames_until_whole(frames: &Frames, rng: &mut ChaCha20Rng) -> Try<f64> {
    let mut screen = Screen::default();
    for seed in 0..10_000 {
        if rng.next_u32() & 1 == 0 {
            continue;
        }
        match screen.take(&frames.frame(seed)) {
            Ok(Gathered::Whole(_)) => return Ok(f64::from(seed + 1)),
            Ok(_) => {}
            Err(why) => return stop(format!("a frame was refused: {why:?}")),
        }
    }
    stop("ten thousand frames were not enough")
}

/// `slow_link_*`: at 50 kbit/s and 400 ms there and back, in a browser. (`docs/reach.md`)
fn slow_link(plan: Plan, figures: &mut Figures) -> Try<()> {
    let names = ["landing", "report", "answer"].map(|what| format!("slow_link_{what}_s"));
    let office = match slow::Slow::office(plan.profile) {
        Ok(office) => office,
        Err(Broken(why)) if interrupt::asked() => return stop(why),
        Err(Broken(why)) => {
            for name in names {
                figures.missing(&name, &why);
            }
            return Ok(());
        }
    };
    for (errand, name) in [Errand::Landing, Errand::Report, Errand::Answer]
        .into_iter()
        .zip(&names)
    {
        match office.walk(errand, Line::SLOW, plan.rounds) {
            Ok(waits) => {
                figures.rounds(name, &waits.took);
                figures.rounds(&name.replace("_s", "_bytes"), &waits.bytes);
            }
            Err(Broken(why)) => figures.missing(name, &why),
        }
    }
    // A twentieth lost each way; the wait that one in twenty exceeds.
    let name = "slow_link_report_5_percent_lost_p95_s";
    match office.walk(Errand::Report, Line::SLOW.losing(50, 1), plan.lossy) {
        Ok(waits) => match machine::of_a_hundred(&waits.took, 95) {
            Some(wait) => figures.set(name, rounded(wait)),
            None => figures.missing(name, "no round was walked"),
        },
        Err(Broken(why)) => figures.missing(name, &why),
    }
    Ok(())
}

/// `pieces_*`: a file over a line that loses a tenth and breaks twenty times.
fn pieces(plan: Plan, figures: &mut Figures) -> Try<()> {
    let name = "pieces_resent_ratio";
    let errand = match broken_line::Errand::prepared(plan.profile) {
        Ok(errand) => errand,
        Err(Broken(why)) if interrupt::asked() => return stop(why),
        Err(Broken(why)) => {
            figures.missing(name, &why);
            return Ok(());
        }
    };
    let (mut resent, mut took, mut breaks) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        eprintln!(
            "a file over a broken line, round {} of {}",
            round + 1,
            plan.rounds
        );
        match errand.round(round as u64) {
            Ok(seen) => {
                resent.push(seen.resent);
                took.push(seen.took_s);
                breaks.push(seen.breaks as f64);
            }
            Err(Broken(why)) if interrupt::asked() => return stop(why),
            Err(Broken(why)) => {
                // A file that did not arrive is no ratio.
                figures.missing(name, &why);
                return Ok(());
            }
        }
    }
    figures.rounds(name, &resent);
    figures.rounds("pieces_s", &took);
    figures.rounds("pieces_breaks", &breaks);
    Ok(())
}

/// `reader_cpu_ms_*`, `tags_bytes_month_*`: what a thousand readers cost the relay, and what each
/// of them fetches to look through a month.
fn readers_cost(plan: Plan, figures: &mut Figures) -> Try<()> {
    for (cells, name) in plan.stored {
        match readers::cost(*cells, plan.profile) {
            Ok(cost) => {
                figures.set(&format!("reader_cpu_ms_{name}"), rounded(cost.cpu_ms));
                figures.set(&format!("tags_bytes_month_{name}"), cost.tags_bytes);
                figures.set(&format!("reader_cells_{name}"), cost.cells);
            }
            Err(Broken(why)) if interrupt::asked() => return stop(why),
            Err(Broken(why)) => {
                figures.missing(&format!("reader_cpu_ms_{name}"), &why);
                figures.missing(&format!("tags_bytes_month_{name}"), &why);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_not_measured_is_null_with_its_reason() {
        let mut figures = Figures::default();
        figures.rounds("seal_us", &[]);
        assert_eq!(figures.found.get("seal_us"), Some(&Value::Null));
        assert_eq!(
            figures.found.get("seal_us_reason"),
            Some(&json!("no round was measured"))
        );
        assert_eq!(figures.missing.len(), 1);
    }

    #[test]
    fn a_promised_field_that_nobody_measured_is_null_and_a_measured_one_stays() {
        let mut figures = Figures::default();
        figures.set("qr_16k_s", 9.5);
        figures.what_nobody_measured();
        assert_eq!(figures.found.get("qr_16k_s"), Some(&json!(9.5)));
        assert_eq!(figures.found.get("kit_bytes"), Some(&Value::Null));
        assert_eq!(figures.missing.len(), PROMISED.len() - 1);
    }

    #[test]
    fn a_figure_is_the_median_with_its_least_and_its_most() {
        let mut figures = Figures::default();
        figures.rounds("x", &[5.0, 1.0, 4.0, 2.0, 3.0]);
        assert_eq!(figures.found.get("x"), Some(&json!(3.0)));
        assert_eq!(figures.found.get("x_min"), Some(&json!(1.0)));
        assert_eq!(figures.found.get("x_max"), Some(&json!(5.0)));
    }
}
