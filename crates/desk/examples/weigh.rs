//! What a desk with many cases costs: the invented office of `cargo xtask bench desk`, and one look
//! at it. Each look is a process of its own, so that nothing is warm but the disk's cache.
//!
//! ```text
//! weigh make FOLDER CASES     an office of so many cases, three acts each, out of a published seed
//! weigh look FOLDER CASES     opens it, asks for the pages and the searches below
//! weigh fold FOLDER           throws the index away, and opens it: read the whole log, answer a search
//! weigh unlock FOLDER         opens a vault under a passphrase as strong as an office's
//! weigh collect FOLDER N      an office whose relay hands it N letters in one visit
//! ```
//! Each prints lines of a name and a number. What they mean stands in `docs/performance.md`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "an example that measures reads the clock, prints, and stops at the first thing that is wrong"
)]

use std::path::Path;
use std::time::Instant;

use casework::{CaseId, code_act, code_event};
use desk::settings::OfficeSettings;
use desk::{Asked, Cost, Desk, House, Passphrase, Post, Request, Response, Unreachable};
use envelope::Day;
use envelope::notice::Notice;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use record::{Act, Event, Report};
use seal::SealedBy;

/// Every office of the bench is drawn from this.
const SEED: u64 = 20_261_201;
/// The last day of the invented office; the pages are asked for on it.
const NOW: u64 = 20_779 * 86_400 + 43_200;
/// Days over which its cases came.
const DAYS: u64 = 730;
/// Cases written in one change of the vault.
const AT_ONCE: usize = 500;
const ACTS: usize = 3;
const HOST: &str = "127.0.0.1:1";

/// What is typed into the search: common and rare words, two at once, a beginning, accents left out,
/// writing without spaces, a number, and what is nowhere.
const TYPED: [&str; 12] = [
    "police",
    "office morning",
    "telephone camera",
    "neigh",
    "arrete",
    "convoque avocat",
    "المكتب",
    "上午",
    "сотрудники",
    "matter-77",
    "matter-150 march",
    "kryptonite",
];

/// Lists that are asked for; a case and its order of days come between.
const LISTS: [&str; 9] = [
    "/",
    "/?show=mine",
    "/?show=due",
    "/?show=answered",
    "/?show=open",
    "/?show=ended",
    "/?show=open&country=CD",
    "/?show=open&act=beating",
    "/office",
];

const TOLD: [&str; 6] = [
    "Three people in plain clothes came to the office in the morning, showed no paper, took two telephones and a camera and told everyone to stay silent. A neighbour saw the car.",
    "She was stopped after the march and asked for her telephone. The police kept it for nine days and gave it back with another battery.",
    "Il a été arrêté devant le tribunal, puis convoqué deux fois sans avocat. Son ordinateur n’a pas été rendu.",
    "جاء ثلاثة أشخاص إلى المكتب في الصباح وأخذوا الهواتف ولم يظهروا أي ورقة.",
    "三名男子上午来到办公室，没有出示任何文件，拿走了两部手机和一台相机。",
    "Утром в офис пришли сотрудники в штатском, забрали телефоны и никому ничего не объяснили.",
];
const COUNTRIES: [&str; 8] = ["CD", "FR", "EG", "CN", "RU", "MX", "KE", "PH"];
const KINDS: [&str; 2] = ["arbitrary-detention", "beating"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", folder, cases] => make(Path::new(folder), cases.parse().unwrap()),
        ["look", folder, cases] => look(Path::new(folder), cases.parse().unwrap()),
        ["fold", folder] => fold(Path::new(folder)),
        ["unlock", folder] => unlock(Path::new(folder)),
        ["collect", folder, letters] => collect(Path::new(folder), letters.parse().unwrap()),
        _ => panic!("weigh make|look|fold|unlock|collect FOLDER [NUMBER]"),
    }
}

fn passphrase() -> Passphrase {
    Passphrase::new("bench")
}

fn founded(folder: &Path, cost: Cost, now: u64, rng: &mut ChaCha20Rng) -> desk::Founded {
    let text = format!(
        "name = \"Bench\"\nlanguages = [\"en\"]\nrelays = [\"http://127.0.0.1:1\"]\nrelay_key = \"{}\"\n",
        "ab".repeat(32)
    );
    let settings = OfficeSettings::read(&text).unwrap();
    Desk::create(folder, &text, settings, &passphrase(), cost, now, rng).unwrap()
}

fn pick<'a>(from: &[&'a str], rng: &mut ChaCha20Rng) -> &'a str {
    let at = rng.next_u32() as usize % from.len();
    from.get(at).copied().unwrap()
}

/// An invented report of everyday length; its number makes it one of its own.
fn report(number: usize, rng: &mut ChaCha20Rng) -> Report {
    let mut report = Report::default();
    report.language.push_str("en");
    report.narrative = format!(
        "Sample, invented for a measurement, matter-{number}. {} {}",
        pick(&TOLD, rng),
        pick(&TOLD, rng)
    );
    report.place.country = pick(&COUNTRIES, rng).to_owned();
    report.place.told = format!("District {}", rng.next_u32() % 400);
    report
}

fn make(folder: &Path, cases: usize) {
    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    let begin = Instant::now();
    let mut desk = founded(folder, Cost::REHEARSAL, NOW - DAYS * 86_400, &mut rng).desk;
    let mut written = 0;
    while written < cases {
        let share = AT_ONCE.min(cases - written);
        let now = NOW - DAYS * 86_400 + DAYS * 86_400 * written as u64 / cases as u64;
        let reports = (written..written + share)
            .map(|number| report(number, &mut rng))
            .collect();
        desk.import(reports, false, now, &mut rng).unwrap();
        let new: Vec<CaseId> = (written..written + share)
            .filter_map(|number| Some(desk.case(number as u64 + 1)?.id()))
            .collect();
        for step in 0..=ACTS {
            desk.decide_for_all(now, |office, stamp| {
                (stamp.position..)
                    .zip(&new)
                    .map(|(position, id)| {
                        let mut stamp = stamp.clone();
                        stamp.position = position;
                        let case = office.case(*id).unwrap();
                        match step {
                            0 => {
                                let event = Event {
                                    id: case.next_event(),
                                    title: format!("Event of {}", pick(&COUNTRIES, &mut rng)),
                                    ..Event::default()
                                };
                                code_event(case, event, stamp)
                            }
                            _ => {
                                let act = Act {
                                    id: case.next_act(),
                                    event: case.events().next().unwrap().id,
                                    kind: pick(&KINDS, &mut rng).into(),
                                    ..Act::default()
                                };
                                code_act(case, act, stamp)
                            }
                        }
                    })
                    .collect()
            })
            .unwrap();
        }
        written += share;
    }
    assert!(desk.office().misfits().is_empty());
    let chain = desk.vault().read().check_chain().unwrap().unwrap();
    tell("entries", chain.entries as f64);
    tell("make_s", begin.elapsed().as_secs_f64());
}

fn look(folder: &Path, cases: usize) {
    let begin = Instant::now();
    let desk = Desk::unlock(folder, &passphrase()).unwrap();
    tell("open_s", begin.elapsed().as_secs_f64());
    tell("rss_open_mb", pss_mb());
    for typed in TYPED {
        let begin = Instant::now();
        let found = desk.search(typed).unwrap();
        tell("search_ms", milliseconds(begin));
        assert!(
            !(typed == "police" && found.is_empty()),
            "nothing is indexed"
        );
    }
    let house = House::new(desk, HOST.to_owned(), || NOW);
    let link = house.new_link();
    let query = link.split_once('?').unwrap().1.to_owned();
    let entered = house.answer(&asked("GET", "/", &query, ""));
    let cookie = entered.cookies.first().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let mut pages: Vec<String> = LISTS.iter().map(|&list| list.to_owned()).collect();
    for at in [1, cases / 2 + 1, cases] {
        pages.push(format!("/case/{at}"));
        pages.push(format!("/case/{at}/timeline"));
    }
    let mut token = String::new();
    for page in &pages {
        let (path, query) = page.split_once('?').unwrap_or((page, ""));
        let question = asked("GET", path, query, &cookie);
        let begin = Instant::now();
        let answered = house.answer(&question);
        told_page(page, milliseconds(begin), answered.status);
        let body = String::from_utf8(answered.body).unwrap();
        if let Some((_, rest)) = body.split_once("name=\"token\" value=\"") {
            token = rest.split('"').next().unwrap().to_owned();
        }
    }
    for typed in TYPED {
        let mut question = asked("POST", "/search", "", &cookie);
        question.origin = Some(format!("http://{HOST}"));
        question.body = format!("token={token}&typed={}", typed.replace(' ', "+")).into_bytes();
        let begin = Instant::now();
        let answered = house.answer(&question);
        told_page("/search", milliseconds(begin), answered.status);
    }
    tell("rss_mb", pss_mb());
}

fn told_page(page: &str, ms: f64, status: u16) {
    assert_eq!(status, 200, "{page}");
    println!("# {page} {ms:.1}");
    tell("page_ms", ms);
}

fn asked(method: &str, path: &str, query: &str, cookie: &str) -> Asked {
    Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        host: Some(HOST.to_owned()),
        fetch_site: Some("same-origin".to_owned()),
        cookie: Some(cookie.to_owned()),
        ..Asked::default()
    }
}

fn fold(folder: &Path) {
    let mut vault = vault::Vault::open(folder, &passphrase()).unwrap();
    vault.write(|w| w.forget_index()).unwrap();
    drop(vault);
    let begin = Instant::now();
    let desk = Desk::unlock(folder, &passphrase()).unwrap();
    assert!(!desk.search("police").unwrap().is_empty());
    tell("fold_s", begin.elapsed().as_secs_f64());
}

fn unlock(folder: &Path) {
    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    drop(founded(folder, Cost::STRONG, NOW, &mut rng));
    let begin = Instant::now();
    drop(Desk::unlock(folder, &passphrase()).unwrap());
    tell("passphrase_s", begin.elapsed().as_secs_f64());
}

/// A relay in memory that has letters and nothing else: what the desk does with them is measured,
/// and no network.
struct Relay {
    notice: Vec<u8>,
    keys: Vec<(String, Vec<u8>)>,
    /// As the relay hands letters over, one answer after another.
    answers: std::collections::VecDeque<Vec<u8>>,
}

impl Post for Relay {
    fn ask(&mut self, request: &Request) -> Result<Response, Unreachable> {
        let path = request.path.as_str();
        let (status, body) = match (request.method, path) {
            ("PUT", "/office/notice") => {
                self.notice.clone_from(&request.body);
                (204, Vec::new())
            }
            ("PUT", _) => {
                self.keys.push((path.to_owned(), request.body.clone()));
                (204, Vec::new())
            }
            ("GET", "/office/notice") => (200, self.notice.clone()),
            ("GET", _) if path.starts_with("/office/letters") => {
                (200, self.answers.pop_front().unwrap_or_default())
            }
            ("POST", _) => (204, Vec::new()),
            _ => (404, Vec::new()),
        };
        Ok(Response { status, body })
    }
}

fn collect(folder: &Path, letters: usize) {
    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    let desk::Founded { mut desk, root, .. } = founded(folder, Cost::REHEARSAL, NOW, &mut rng);
    let mut relay = Relay {
        notice: Vec::new(),
        keys: Vec::new(),
        answers: std::collections::VecDeque::new(),
    };
    desk.publish(&root, None, false, NOW, &mut relay, &mut rng)
        .unwrap();
    let today = Day::of_unix_seconds(NOW);
    let notice = Notice::verify(&relay.notice, &root.public(), today).unwrap();
    let period = notice.period_for(today).unwrap();
    let path = format!("/office/keys/{}", period.number());
    let (_, public) = relay.keys.iter().find(|(at, _)| *at == path).unwrap();
    let key = notice.intake_key(period, public).unwrap();
    let mut answer = Vec::new();
    for number in 0..letters {
        let told = report(number, &mut rng);
        let sealed = seal::letter(&told, None, None, SealedBy::Native, &key, &mut rng).unwrap();
        answer.extend((number as u64 + 1).to_be_bytes());
        answer.extend(sealed.leaf().0);
        answer.extend(sealed.posting().first_chunk::<16>().unwrap());
        answer.extend(u32::try_from(sealed.letter().len()).unwrap().to_be_bytes());
        answer.extend(sealed.letter());
        // As many as a relay hands over at once.
        if answer.len() > 4 << 20 {
            relay.answers.push_back(std::mem::take(&mut answer));
        }
    }
    relay.answers.push_back(answer);
    let begin = Instant::now();
    let collected = desk.collect(NOW, &mut relay, &mut rng).unwrap();
    tell("collect_s", begin.elapsed().as_secs_f64());
    assert_eq!(collected.new_cases as usize, letters);
}

fn tell(name: &str, value: f64) {
    println!("{name} {value}");
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Proportional memory of this process, in binary megabytes.
fn pss_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes: f64 = line
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap();
    kilobytes / 1_024.0
}
