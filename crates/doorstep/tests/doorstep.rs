//! The doorstep between a browser without script and a relay, both real, and relays that misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use carry::http;
use envelope::board::EpochShape;
use envelope::keys::RelaySecret;
use envelope::notice::{KeyList, NoticeBody, next_root_hash};
use envelope::{Day, Epoch, MailboxId, Period, Posting, Receipt, hash};
use open::{CredentialSecret, DeskSecret, IntakeSecret, OpenedLetter, Reporter, RootSecret};
use seal::words::{WordList, Words};
use seal::{Master, SealedBy};

const MAILBOX: MailboxId = MailboxId([21; 16]);
/// Seed of the key of relays that are acted.
const ACTOR: [u8; 32] = [6; 32];

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// An invented office with fixed keys, whose relay has this one.
struct Office {
    root: RootSecret,
    credential: CredentialSecret,
    intake: IntakeSecret,
    notice: Vec<u8>,
}

impl Office {
    fn at(relay: &RelaySecret) -> Self {
        let today = Day::of_unix_seconds(now());
        let (root, desk) = (
            RootSecret::from_seed(&[1; 32]),
            DeskSecret::from_seed(&[2; 32]),
        );
        let credential = CredentialSecret::from_seed(&[4; 32]);
        let week = Period::of(today, 7);
        let intake = IntakeSecret::from_seed(week, &[5; 32]);
        let body = NoticeBody {
            sequence: 1,
            mailbox: MAILBOX,
            name: "Invented Office".to_owned(),
            languages: vec!["en".to_owned()],
            relays: vec![],
            root: root.public(),
            next_root: next_root_hash(&RootSecret::from_seed(&[7; 32]).public()),
            first_day: today.minus(1),
            last_day: today.plus(20),
            first_period: week.number() - 20,
            period_days: 7,
            grace_days: 28,
            relay_key: relay.public(),
            epoch_seconds: 21_600,
            shape: EpochShape {
                leaves: 64,
                cells: 16,
            },
            keys: KeyList {
                intake: vec![(week, hash(intake.public().as_ref()))],
                voice: vec![],
                desks: vec![desk.public()],
                credentials: vec![(week, credential.public())],
            },
            site: [0; 32],
        };
        let notice = open::sign_notice(&body, &root, &[&desk]);
        Self {
            root,
            credential,
            intake,
            notice,
        }
    }

    fn open(&self, letter: &[u8]) -> OpenedLetter {
        open::letter(letter, &MAILBOX, std::slice::from_ref(&self.intake)).unwrap()
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

fn once_it_listens(address: SocketAddr) -> SocketAddr {
    while TcpStream::connect(address).is_err() {
        std::thread::yield_now();
    }
    address
}

/// A doorstep in this process before a relay.
fn doorstep_before(relay: SocketAddr, office: &Office) -> SocketAddr {
    let address = free_address();
    let root: String = office
        .root
        .public()
        .0
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let settings = format!(
        "listen = \"{address}\"\nrelay = \"http://{relay}\"\noffice_root = \"{root}\"\n[limits]\nworkers = 2\n"
    );
    let settings = doorstep::settings::Settings::parse(&settings, "doorstep.toml").unwrap();
    std::thread::spawn(move || doorstep::serve::run(&settings));
    once_it_listens(address)
}

/// A real relay, its office and a doorstep before it, for the tests that need nothing else.
struct Street {
    relay: SocketAddr,
    doorstep: SocketAddr,
    office: Office,
    _folder: tempfile::TempDir,
}

fn street() -> &'static Street {
    static STREET: OnceLock<Street> = OnceLock::new();
    STREET.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let init = ["temoin-relay", "init", "--folder", store.to_str().unwrap()];
        assert_eq!(relay::run(init.map(Into::into)), relay::Ending::Done);
        let seed: [u8; 32] = std::fs::read(store.join("relay.key"))
            .unwrap()
            .try_into()
            .unwrap();
        let office = Office::at(&RelaySecret::from_seed(&seed));
        let root: String = office
            .root
            .public()
            .0
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let address = free_address();
        let settings =
            format!("listen = \"{address}\"\nfolder = \"store\"\noffice_root = \"{root}\"\n");
        let settings =
            relay::settings::Settings::parse(&settings, "relay.toml", folder.path()).unwrap();
        std::thread::spawn(move || relay::serve::run(&settings));
        once_it_listens(address);
        let client = http::Relay::new(&format!("http://{address}")).unwrap();
        client.put_notice(&office.notice).unwrap();
        client
            .put_key(office.intake.period(), office.intake.public().as_ref())
            .unwrap();
        let doorstep = doorstep_before(address, &office);
        Street {
            relay: address,
            doorstep,
            office,
            _folder: folder,
        }
    })
}

impl Street {
    /// The one letter whose contact is `marked`.
    fn opened(&self, marked: &str) -> OpenedLetter {
        let client = http::Relay::new(&format!("http://{}", self.relay)).unwrap();
        let sign = |method: &str, path: &str, body: &[u8]| {
            let week = self.office.intake.period();
            open::signed_request(
                &self.office.credential,
                week,
                &MAILBOX,
                now(),
                method,
                path,
                body,
            )
        };
        let letters = client.letters_after(0, &sign).unwrap();
        let mut marked: Vec<OpenedLetter> = letters
            .iter()
            .map(|collected| self.office.open(&collected.letter))
            .filter(|letter| letter.report().contact == marked)
            .collect();
        assert_eq!(marked.len(), 1);
        marked.remove(0)
    }
}

/// What a browser shows: status, head and page.
fn ask(doorstep: SocketAddr, request: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(doorstep).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), page.to_owned())
}

fn look(doorstep: SocketAddr, address: &str, languages: &str) -> (u16, String, String) {
    ask(
        doorstep,
        &format!("GET {address} HTTP/1.1\r\nhost: x\r\naccept-language: {languages}\r\n\r\n"),
    )
}

fn send(doorstep: SocketAddr, form: &str) -> (u16, String, String) {
    ask(
        doorstep,
        &format!(
            "POST /?en HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ),
    )
}

#[test]
fn a_story_typed_without_script_reaches_the_office_sealed_and_marked() {
    let street = street();
    let form = "narrative=They+came+at+night.&acts=threat&where=&contact=mark-plain&words=no";
    let (status, _, page) = send(street.doorstep, form);
    assert_eq!(status, 200);
    assert!(
        page.contains("Your letter has arrived") && page.contains("no answer"),
        "{page}"
    );
    let letter = street.opened("mark-plain");
    assert_eq!(letter.sealed_by(), SealedBy::Doorstep);
    assert!(matches!(letter.reporter(), Reporter::NoWords));
    let report = letter.report();
    assert_eq!(report.narrative, "They came at night.");
    assert_eq!(
        (report.language.as_str(), report.channel.as_str()),
        ("en", "doorstep")
    );
    assert_eq!(report.acts[0].as_str(), "threat");
}

#[test]
fn words_are_shown_once_and_are_those_that_signed_the_letter() {
    let street = street();
    let (status, _, page) = send(street.doorstep, "narrative=x&contact=mark-words&words=yes");
    assert_eq!(status, 200);
    let list = page
        .split_once("drawn-words")
        .unwrap()
        .1
        .split_once("</ol>")
        .unwrap()
        .0;
    let shown: Vec<&str> = list
        .split("<li")
        .skip(1)
        .map(|item| item.split(['>', '<']).nth(1).unwrap())
        .collect();
    let words = Words::read(WordList::English, &shown.join(" ")).unwrap();
    let master = Master::of(&words, &MAILBOX);
    let name = master.mailbox_name();
    assert!(page.contains(&format!("{} {}", name.0, name.1)), "{page}");
    assert!(page.contains("Answers cannot be read here yet"), "{page}");
    let letter = street.opened("mark-words");
    match letter.reporter() {
        Reporter::Words { signing_key, .. } => {
            assert_eq!(*signing_key, master.signing_secret().public());
        }
        Reporter::NoWords => panic!("the letter is not signed"),
    }
}

#[test]
fn the_page_warns_before_anything_is_typed_and_speaks_the_visitors_language() {
    let doorstep = street().doorstep;
    let (status, _, page) = look(doorstep, "/", "sw, fr-CD;q=0.8, en");
    assert_eq!(status, 200);
    assert!(
        page.contains("lang=\"fr\"") && page.contains("Invented Office"),
        "{page}"
    );
    let (_, _, page) = look(doorstep, "/?en", "fr");
    let warning = page
        .find("Whoever runs this server could keep your words")
        .unwrap();
    let better = page
        .find("Better, if you can: the page with script")
        .unwrap();
    assert!(warning < better && better < page.find("<form").unwrap());
    assert!(page.contains("Answers cannot be read here yet"));
    assert!(!page.contains("<script"));
}

#[test]
fn every_answer_forbids_keeping_guessing_telling_and_framing() {
    let doorstep = street().doorstep;
    let answers = [
        look(doorstep, "/", ""),
        look(doorstep, "/health", ""),
        look(doorstep, "/elsewhere", ""),
        send(doorstep, "words=yes"),
        send(doorstep, &format!("narrative={}", "x".repeat(64 * 1_024))),
        ask(doorstep, "DELETE / HTTP/1.1\r\nhost: x\r\n\r\n"),
    ];
    assert_eq!(
        answers.each_ref().map(|(status, ..)| *status),
        [200, 200, 404, 400, 413, 404]
    );
    for (_, head, _) in &answers {
        for line in [
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none';",
            "frame-ancestors 'none'",
        ] {
            assert!(head.contains(line), "{line} is missing in {head}");
        }
        for name in ["set-cookie", "server:", "date:"] {
            assert!(!head.contains(name), "{head}");
        }
    }
    assert!(
        answers[3].2.contains("Nothing was written"),
        "{}",
        answers[3].2
    );
    assert!(
        answers[4].2.contains("Too long for one letter"),
        "{}",
        answers[4].2
    );
}

/// A relay that shows a true notice and answers letters as a test wants.
struct Actor {
    address: SocketAddr,
    office: Office,
    secret: RelaySecret,
    /// Postings as they arrive.
    arrived: Receiver<Vec<u8>>,
    /// What each is answered, in order.
    replies: Sender<Reply>,
}

enum Reply {
    /// These bytes under this status.
    Bytes(u16, Vec<u8>),
    /// A true receipt for what was posted.
    Receipt,
}

fn actor() -> Actor {
    let secret = RelaySecret::from_seed(&ACTOR);
    let office = Office::at(&secret);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, arrived) = channel();
    let (replies, given) = channel::<Reply>();
    let given = Arc::new(Mutex::new(given));
    let (notice, key) = (office.notice.clone(), office.intake.public().to_vec());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, tell, given) = (stream.unwrap(), tell.clone(), Arc::clone(&given));
            let (notice, key) = (notice.clone(), key.clone());
            std::thread::spawn(move || {
                while let Some((head, body)) = request(&mut stream) {
                    let (status, answer) = if head.starts_with("POST") {
                        let receipt = receipt(&body);
                        tell.send(body).unwrap();
                        match given.lock().unwrap().recv().unwrap() {
                            Reply::Bytes(status, answer) => (status, answer),
                            Reply::Receipt => (201, receipt),
                        }
                    } else if head.contains("/office/notice") {
                        (200, notice.clone())
                    } else if head.contains("/office/keys/") {
                        (200, key.clone())
                    } else {
                        (404, vec![])
                    };
                    let head = format!(
                        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n",
                        answer.len()
                    );
                    stream
                        .write_all(&[head.as_bytes(), &answer].concat())
                        .unwrap();
                }
            });
        }
    });
    Actor {
        address,
        office,
        secret,
        arrived,
        replies,
    }
}

fn request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_string();
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1);
            let length: usize =
                length.map_or(0, |l| l.split("\r\n").next().unwrap().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some((head, bytes[end + 4..].to_vec()));
            }
        }
        let mut some = [0; 4_096];
        let n = stream.read(&mut some).ok()?;
        if n == 0 {
            return None;
        }
        bytes.extend_from_slice(&some[..n]);
    }
}

/// The receipt of the acted relay for a posting.
fn receipt(posting: &[u8]) -> Vec<u8> {
    let leaf = Posting::parse(posting).unwrap().leaf();
    let secret = RelaySecret::from_seed(&ACTOR);
    signed(leaf, &secret)
}

fn signed(leaf: envelope::Leaf, secret: &RelaySecret) -> Vec<u8> {
    let rng = &mut rand_core::UnwrapErr(getrandom::SysRng);
    let receipt = Receipt::sign(leaf, Epoch(0), &MAILBOX, secret, rng);
    receipt.to_bytes().to_vec()
}

const STORY: &str = "narrative=line+one%0D%0Aline+%3Ctwo%3E&acts=threat&words=no";

/// What was typed stands in the page, to be sent again.
fn gives_back_the_story(page: &str) -> bool {
    page.contains("line one\r\nline &lt;two&gt;</textarea>")
        && page.contains("name=\"acts\" value=\"threat\"")
}

#[test]
fn without_a_receipt_of_the_offices_relay_nothing_is_called_sent() {
    let actor = actor();
    let doorstep = doorstep_before(actor.address, &actor.office);
    for (status, body) in [
        (201, vec![1; envelope::RECEIPT_BYTES]),
        (201, b"thank you".to_vec()),
        (200, signed(envelope::Leaf([9; 32]), &actor.secret)),
        (204, vec![]),
        (400, vec![]),
        (500, vec![]),
    ] {
        actor.replies.send(Reply::Bytes(status, body)).unwrap();
        let (shown, _, page) = send(doorstep, STORY);
        assert_eq!(shown, 502, "after {status}");
        assert!(
            page.contains("Not sent") && gives_back_the_story(&page),
            "{page}"
        );
    }
    for status in [429, 503] {
        actor.replies.send(Reply::Bytes(status, vec![])).unwrap();
        let (shown, _, page) = send(doorstep, STORY);
        assert_eq!(shown, 503);
        assert!(
            page.contains("Too many at once") && gives_back_the_story(&page),
            "{page}"
        );
    }
}

#[test]
fn a_relay_that_wants_a_newer_key_gets_a_letter_sealed_anew() {
    let actor = actor();
    let doorstep = doorstep_before(actor.address, &actor.office);
    let browser = std::thread::spawn(move || send(doorstep, STORY));
    let first = actor.arrived.recv().unwrap();
    actor.replies.send(Reply::Bytes(410, vec![])).unwrap();
    let second = actor.arrived.recv().unwrap();
    assert!(first != second);
    actor.replies.send(Reply::Receipt).unwrap();
    let (status, _, page) = browser.join().unwrap();
    assert_eq!(status, 200, "{page}");
}

#[test]
fn beyond_its_workers_a_visitor_is_told_at_once_and_the_others_arrive() {
    let actor = actor();
    let doorstep = doorstep_before(actor.address, &actor.office);
    let two: Vec<_> = (0..2)
        .map(|_| std::thread::spawn(move || send(doorstep, STORY)))
        .collect();
    // Both workers hold a letter that the relay has and has not answered.
    let held: Vec<Vec<u8>> = (0..2).map(|_| actor.arrived.recv().unwrap()).collect();
    let (status, head, page) = send(doorstep, STORY);
    assert_eq!(status, 503);
    assert!(head.contains("retry-after"), "{head}");
    assert!(
        page.contains("Too many at once") && gives_back_the_story(&page),
        "{page}"
    );
    // Who only looks is not turned away.
    assert_eq!(look(doorstep, "/", "").0, 200);
    for _ in &held {
        actor.replies.send(Reply::Receipt).unwrap();
    }
    for visitor in two {
        let (status, _, page) = visitor.join().unwrap();
        assert_eq!(status, 200, "{page}");
    }
}

#[test]
fn while_the_relay_is_away_the_page_says_so_and_keeps_nothing() {
    let office = Office::at(&RelaySecret::from_seed(&ACTOR));
    let doorstep = doorstep_before(free_address(), &office);
    let (status, _, page) = look(doorstep, "/?fr", "");
    assert_eq!(status, 503);
    assert!(page.contains("Non envoyée"), "{page}");
    let (status, _, page) = send(doorstep, STORY);
    assert_eq!(status, 502);
    assert!(gives_back_the_story(&page), "{page}");
}

#[test]
fn a_relay_of_another_root_gets_no_letter() {
    let actor = actor();
    let other = Office {
        root: RootSecret::from_seed(&[99; 32]),
        ..Office::at(&actor.secret)
    };
    let doorstep = doorstep_before(actor.address, &other);
    assert_eq!(send(doorstep, STORY).0, 502);
    assert!(actor.arrived.try_recv().is_err());
}

#[test]
fn the_doorstep_carries_nothing_that_opens_letters_and_no_relay() {
    let manifest = include_str!("../Cargo.toml");
    let (carried, _) = manifest.split_once("[dev-dependencies]").unwrap();
    for room in ["open", "relay", "vault", "casework", "desk", "temoin"] {
        assert!(!carried.contains(&format!("\n{room} =")), "{room}");
    }
}
