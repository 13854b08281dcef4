//! Reports sent for real: to a relay over a line that breaks, and by a folder that a courier
//! takes on.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod scene;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use carry::http;
use envelope::keys::RelaySecret;
use envelope::notice::Notice;
use envelope::{Day, Posting, Token, TokenList};
use open::{Opened, Reassembly};
use rand_core::SeedableRng;
use record::Report;
use relay::settings::Settings;
use scene::{MAILBOX, Scene, temoin_report};
use seal::words::{WordList, Words};
use seal::{CannotSeal, Master};
use temoin_report::files::{CannotTake, Metadata, Ready};
use temoin_report::pieces;
use temoin_report::sending::{Signer, deliver};

/// A relay in this process, with its real store and its real HTTP, and the office behind it.
struct Running {
    address: SocketAddr,
    scene: Scene,
    _folder: tempfile::TempDir,
}

/// One for all tests of this file: it takes letters of all of them, and each looks for its own.
fn running() -> &'static Running {
    static RUNNING: OnceLock<Running> = OnceLock::new();
    RUNNING.get_or_init(|| running_with(""))
}

/// One of its own, with more lines in its settings.
fn running_with(more: &str) -> Running {
    {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let init = ["temoin-relay", "init", "--folder", store.to_str().unwrap()];
        assert_eq!(relay::run(init.map(Into::into)), relay::Ending::Done);
        let seed: [u8; 32] = std::fs::read(store.join("relay.key"))
            .unwrap()
            .try_into()
            .unwrap();
        let scene = Scene::on(Day::of_unix_seconds(now()), RelaySecret::from_seed(&seed));
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let settings = format!(
            "listen = \"{address}\"\nfolder = \"store\"\noffice_root = \"{}\"\n{more}",
            scene.root_hex()
        );
        let settings = Settings::parse(&settings, "relay.toml", folder.path()).unwrap();
        std::thread::spawn(move || relay::serve::run(&settings));
        while TcpStream::connect(address).is_err() {
            std::thread::yield_now();
        }
        let client = http::Relay::new(&format!("http://{address}")).unwrap();
        client.put_notice(&scene.notice).unwrap();
        for key in &scene.intake {
            client.put_key(key.period(), key.public().as_ref()).unwrap();
        }
        Running {
            address,
            scene,
            _folder: folder,
        }
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

impl Running {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The office puts something to its relay.
    fn puts(&self, path: &str, body: &[u8]) {
        let week = self.scene.intake[0].period();
        let credential = &self.scene.credential;
        let header = open::signed_request(credential, week, &MAILBOX, now(), "PUT", path, body);
        let mut line = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: x\r\nTemoin-Office: {header}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        line.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    }

    /// What the office finds in the letters labelled `marked`: each narrative as often
    /// as it arrived.
    fn collected(&self, marked: &str) -> Vec<String> {
        let client = http::Relay::new(&self.url()).unwrap();
        let week = self.scene.intake[0].period();
        let sign = |method: &str, path: &str, body: &[u8]| {
            open::signed_request(
                &self.scene.credential,
                week,
                &MAILBOX,
                now(),
                method,
                path,
                body,
            )
        };
        let mut narratives = Vec::new();
        let mut after = 0;
        loop {
            let batch = client.letters_after(after, &sign).unwrap();
            let Some(last) = batch.last() else { break };
            after = last.position;
            for collected in &batch {
                let opened = open::posted(&collected.letter, &MAILBOX, &self.scene.intake);
                let Opened::Letter(opened) = opened.unwrap() else {
                    continue;
                };
                if opened.report().labels == [marked] {
                    narratives.push(opened.report().narrative.clone());
                }
            }
        }
        narratives.sort();
        narratives
    }
}

impl Running {
    /// The file that a report with this narrative announces, put together as an office does, and
    /// how many letters brought its pieces.
    fn file_of(&self, narrative: &str) -> (Vec<u8>, usize) {
        let client = http::Relay::new(&self.url()).unwrap();
        let week = self.scene.intake[0].period();
        let sign = |method: &str, path: &str, body: &[u8]| {
            let by = &self.scene.credential;
            open::signed_request(by, week, &MAILBOX, now(), method, path, body)
        };
        let (mut announced, mut pieces, mut after) = (None, Vec::new(), 0);
        loop {
            let batch = client.letters_after(after, &sign).unwrap();
            let Some(last) = batch.last() else { break };
            after = last.position;
            for one in &batch {
                match open::posted(&one.letter, &MAILBOX, &self.scene.intake).unwrap() {
                    Opened::Letter(letter) if letter.report().narrative == narrative => {
                        let [only] = letter.attachments() else {
                            panic!("one file was announced")
                        };
                        announced = Some(*only);
                    }
                    Opened::Letter(_) => {}
                    Opened::Piece(piece) => pieces.push(piece),
                }
            }
        }
        let announced = announced.unwrap();
        pieces.retain(|piece| piece.fits(&announced).is_ok());
        let letters = pieces.len();
        pieces.sort_by_key(open::OpenedPiece::number);
        pieces.dedup_by_key(|piece| piece.number());
        let mut whole = Reassembly::of(&announced);
        let mut file = Vec::new();
        for piece in pieces.iter().filter(|piece| !piece.chunk().is_empty()) {
            whole.take(piece.chunk()).unwrap();
            file.extend_from_slice(piece.chunk());
        }
        whole.end().unwrap();
        (file, letters)
    }
}

/// A line that breaks: of three connections one dies in the middle of what is sent, one before the
/// answer comes back, and one holds.
fn breaking_line(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for (number, near) in listener.incoming().enumerate() {
            let (mut near, mut far) = (near.unwrap(), TcpStream::connect(to).unwrap());
            let mut asked = Vec::new();
            let whole = loop {
                let mut some = [0; 1_024];
                let n = near.read(&mut some).unwrap();
                asked.extend_from_slice(&some[..n]);
                if n == 0 || is_whole(&asked) {
                    break asked.len();
                }
            };
            let sent = if number % 3 == 0 { whole / 2 } else { whole };
            far.write_all(&asked[..sent]).unwrap();
            if number % 3 == 0 {
                far.shutdown(Shutdown::Both).unwrap();
                continue;
            }
            let mut answer = vec![0; 4_096];
            let n = far.read(&mut answer).unwrap();
            if number % 3 == 2 {
                near.write_all(&answer[..n]).unwrap();
            }
        }
    });
    address
}

fn is_whole(request: &[u8]) -> bool {
    let Some(head) = request.windows(4).position(|w| w == b"\r\n\r\n") else {
        return false;
    };
    let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
    let length = text.split("content-length: ").nth(1);
    let length: usize = length.map_or(0, |l| l.split("\r\n").next().unwrap().parse().unwrap());
    request.len() >= head + 4 + length
}

#[test]
fn twenty_reports_over_a_line_that_breaks_arrive_once_each() {
    let running = running();
    let scene = &running.scene;
    let notice = Notice::verify(&scene.notice, &scene.root.public(), scene.today).unwrap();
    let week = scene.intake[0].period();
    let key = notice
        .intake_key(week, scene.intake[0].public().as_ref())
        .unwrap();
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(now());
    let line = breaking_line(running.address);
    let signer = Signer {
        relay: &scene.body.relay_key,
        mailbox: &MAILBOX,
        newest: None,
        ask_newest: &|| None,
    };
    let (mut posted, mut waits, mut leaves) = (0, 0, BTreeSet::new());
    let mut sealed = Vec::new();
    for number in 0..20 {
        let report = Report {
            labels: vec!["x-breaking".to_owned()],
            narrative: format!("report {number:02}"),
            ..Report::default()
        };
        let letter =
            seal::letter(&report, None, None, seal::SealedBy::Native, &key, &mut rng).unwrap();
        // A new client each time: no connection is kept.
        let client = http::Relay::new(&format!("http://{line}")).unwrap();
        let mut post = |bytes: &[u8]| {
            posted += 1;
            client.post_letter(bytes)
        };
        let receipt = deliver(
            letter.posting(),
            letter.leaf(),
            signer,
            &mut post,
            &mut |_| waits += 1,
        );
        leaves.insert(receipt.unwrap().leaf());
        sealed.push(letter);
    }
    assert!(
        posted >= 3 * 20 - 2 && waits > 0,
        "the line did not break: {posted} postings"
    );
    assert_eq!(leaves.len(), 20);
    // The whole file once more, as after a crash: the relay knows every letter.
    let client = http::Relay::new(&running.url()).unwrap();
    for letter in &sealed {
        assert!(client.post_letter(letter.posting()).unwrap().repeat);
    }
    let expected: Vec<String> = (0..20)
        .map(|number| format!("report {number:02}"))
        .collect();
    assert_eq!(running.collected("x-breaking"), expected);
}

fn reports(folder: &Path, marked: &str, count: usize) -> String {
    let file = folder.join("reports.jsonl");
    let lines: String = (0..count)
        .map(|n| format!("{{\"labels\":[\"{marked}\"],\"narrative\":\"told {n}\"}}\n"))
        .collect();
    std::fs::write(&file, lines).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_crowded_relay_is_worked_for_and_a_full_one_takes_a_letter_with_a_code() {
    // Sixteen letters, or anything after their bytes are used up.
    let running = running_with("[limits]\nletters_per_epoch = 16\npuzzle_bits = 9\n");
    let (url, root) = (running.url(), running.scene.root_hex());
    let folder = tempfile::tempdir().unwrap();
    let file = reports(folder.path(), "x-crowd", 16);
    let (code, out, err) = temoin_report(["send", &file, "--relay", &url, "--root", &root]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("sent 16 of 16"), "{out}");
    assert!(err.contains("many letters come to this relay"), "{err}");

    // The office gives out a list and one code of it, on paper.
    let tokens: Vec<Token> = (0..1_024u16)
        .map(|n| {
            let mut token = [3; 16];
            token[..2].copy_from_slice(&n.to_be_bytes());
            Token(token)
        })
        .collect();
    let list = [
        &1u32.to_be_bytes()[..],
        &TokenList::of(&tokens).unwrap().to_bytes(),
    ]
    .concat();
    running.puts("/office/tokens", &list);
    let paper = tokens[77].code().to_lowercase();
    let file = reports(folder.path(), "x-code", 1);
    let send = |more: &[&str]| {
        let usual = ["send", &file, "--relay", &url, "--root", &root];
        temoin_report(usual.iter().chain(more).copied())
    };
    let (code, _, err) = send(&[]);
    assert_eq!(code, 4, "full, and said: {err}");
    assert!(
        err.contains("cannot take letters now and kept nothing"),
        "{err}"
    );
    let (code, _, err) = send(&["--code", "aaaa-bbbb"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("not an introduction code"), "{err}");
    let (code, _, err) = send(&["--code", &paper]);
    assert_eq!(code, 0, "{err}");
    let (code, _, _) = send(&["--code", &paper]);
    assert_eq!(code, 4, "a code serves one letter");
    assert_eq!(running.collected("x-code"), ["told 0"]);
}

#[test]
fn a_file_is_sent_and_the_office_opens_each_report_under_one_conversation() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    let file = reports(folder.path(), "x-file", 3);
    let (code, out, err) = temoin_report([
        "send",
        &file,
        "--relay",
        &running.url(),
        "--root",
        &running.scene.root_hex(),
        "--words",
        "fr",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("sent 3 of 3") && out.contains("mailbox: "),
        "{out}"
    );
    // Nine numbered words were shown.
    assert!(out.contains("\n  9  ") && !out.contains("\n 10  "), "{out}");
    assert_eq!(running.collected("x-file"), ["told 0", "told 1", "told 2"]);
}

/// The numbered words that a program's output shows, into a file; and what they give in the office.
fn shown_words(out: &str, list: WordList, file: &Path) -> Master {
    let words: Vec<&str> = out
        .lines()
        .filter_map(|line| line.trim_start().split_once("  "))
        .filter(|(number, _)| number.parse::<u8>().is_ok())
        .map(|(_, word)| word)
        .collect();
    std::fs::write(file, words.join(" ")).unwrap();
    let words = Words::read(list, &words.join(" ")).unwrap();
    Master::of(&words, &MAILBOX)
}

/// A conversation that was begun: a file with its words, and what they give.
fn begun(running: &Running, folder: &Path, marked: &str) -> (String, Master) {
    let file = reports(folder, marked, 1);
    let (url, root) = (running.url(), running.scene.root_hex());
    let (code, out, err) = temoin_report([
        "send", &file, "--relay", &url, "--root", &root, "--words", "en",
    ]);
    assert_eq!(code, 0, "{err}");
    let at = folder.join("old-words");
    let master = shown_words(&out, WordList::English, &at);
    (at.to_str().unwrap().to_owned(), master)
}

impl Running {
    /// Every report at the relay, as the office opens it.
    fn letters(&self) -> Vec<open::OpenedLetter> {
        let client = http::Relay::new(&self.url()).unwrap();
        let week = self.scene.intake[0].period();
        let sign = |method: &str, path: &str, body: &[u8]| {
            let credential = &self.scene.credential;
            open::signed_request(credential, week, &MAILBOX, now(), method, path, body)
        };
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let batch = client.letters_after(after, &sign).unwrap();
            let Some(last) = batch.last() else {
                break found;
            };
            after = last.position;
            for collected in &batch {
                let opened = open::posted(&collected.letter, &MAILBOX, &self.scene.intake);
                if let Ok(Opened::Letter(opened)) = opened {
                    found.push(*opened);
                }
            }
        }
    }

    /// Those that change the words of `old`.
    fn changes_of(&self, old: &Master) -> Vec<open::OpenedLetter> {
        let mut found = self.letters();
        let pinned = open::Pinned {
            signing_key: old.signing_secret().public(),
            reply_key: old.reply_secret().public(),
        };
        found.retain(|opened| opened.handover().is_some() && pinned.continues(opened.reporter()));
        found
    }
}

#[test]
fn new_words_are_drawn_shown_and_handed_over_and_the_same_ones_again_if_need_be() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    let (old_file, old) = begun(running, folder.path(), "x-change");
    let (url, root) = (running.url(), running.scene.root_hex());
    let text = folder.path().join("text");
    std::fs::write(&text, "Somebody saw my paper.").unwrap();
    let change = |more: &[&str]| {
        let all = [
            "new-words",
            "--relay",
            &url,
            "--root",
            &root,
            "--words-file",
            &old_file,
        ];
        temoin_report(all.into_iter().chain(more.iter().copied()))
    };
    let (code, out, err) = change(&["--words", "fr", "--text", text.to_str().unwrap()]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("The old words still open what was sent"),
        "{out}"
    );
    let new_file = folder.path().join("new-words");
    let new = shown_words(&out, WordList::French, &new_file);
    let changes = running.changes_of(&old);
    assert_eq!(changes.len(), 1);
    let to = changes[0].handover().unwrap().to_pin();
    assert_eq!(to.signing_key, new.signing_secret().public());
    assert!(to.reply_key == new.reply_secret().public());
    assert_eq!(changes[0].report().narrative, "Somebody saw my paper.");

    // A try of which nobody knows whether it arrived is made again, to the same words.
    let (code, out, err) = change(&["--again-file", new_file.to_str().unwrap()]);
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("\n  1  "), "nothing is drawn");
    let changes = running.changes_of(&old);
    assert_eq!(changes.len(), 2);
    let again = changes[1].handover().unwrap().to_pin();
    assert_eq!(again.signing_key, new.signing_secret().public());
    assert!(
        changes[1].report().narrative.is_empty(),
        "nothing has to be told"
    );

    let (code, _, err) = change(&["--again-file", &old_file]);
    assert_eq!(code, 3, "{err}");
    let spelled = std::fs::read_to_string(&new_file).unwrap();
    std::fs::write(&text, spelled.replace(' ', " of the ")).unwrap();
    let (code, _, err) = change(&[
        "--again-file",
        new_file.to_str().unwrap(),
        "--text",
        text.to_str().unwrap(),
    ]);
    assert_eq!(code, 3, "the new words stand in the text");
    assert!(err.contains("words-inside"), "{err}");
    assert_eq!(running.changes_of(&old).len(), 2);
}

#[test]
fn a_change_of_words_travels_in_a_folder_like_any_letter() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    running.scene.write_papers(folder.path());
    let (old_file, old) = begun(running, folder.path(), "x-change-by-hand");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let root = running.scene.root_hex();
    let (code, out, err) = temoin_report([
        "new-words",
        "--root",
        &root,
        "--words-file",
        &old_file,
        "--notice",
        &path("notice"),
        "--keys",
        &path("keys"),
        "--to",
        &path("stick"),
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("in force until the office has this letter"),
        "{out}"
    );
    let stick = path("stick");
    let (code, _, err) =
        temoin_report(["post", &stick, "--relay", &running.url(), "--root", &root]);
    assert_eq!(code, 0, "{err}");
    let changes = running.changes_of(&old);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].period(), running.scene.intake[1].period());
}

#[test]
fn a_fingerprint_serves_as_well_as_the_root_and_another_one_is_refused() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    let file = reports(folder.path(), "x-fingerprint", 1);
    let shown = envelope::notice::fingerprint(&running.scene.root.public());
    let sent =
        |root: &str| temoin_report(["send", &file, "--relay", &running.url(), "--root", root]).0;
    assert_eq!(sent(&shown), 0);
    assert_eq!(sent(&shown.replace(' ', "-")), 0);
    let last = if shown.ends_with('0') { "1" } else { "0" };
    assert_eq!(sent(&format!("{}{last}", &shown[..shown.len() - 1])), 3);
    assert_eq!(sent(&"0".repeat(64)), 3);
    assert_eq!(sent("12"), 2);
    assert_eq!(running.collected("x-fingerprint").len(), 2);
}

#[test]
fn letters_sealed_without_a_line_travel_in_a_folder_and_arrive_once() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    running.scene.write_papers(folder.path());
    let file = reports(folder.path(), "x-folder", 4);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let root = running.scene.root_hex();
    let (code, out, err) = temoin_report([
        "send",
        &file,
        "--notice",
        &path("notice"),
        "--keys",
        &path("keys"),
        "--root",
        &root,
        "--to",
        &path("stick"),
    ]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let postings: Vec<Vec<u8>> = carry::folder::read_letters(Path::new(&path("stick")))
        .unwrap()
        .map(|found| found.unwrap().posting)
        .collect();
    assert_eq!(postings.len(), 4);
    for posting in &postings {
        // What travels by hand is sealed to the key that lives long enough.
        assert_eq!(
            Posting::parse(posting).unwrap().period(),
            running.scene.intake[1].period()
        );
    }
    let copy = tempfile::tempdir().unwrap();
    for (n, posting) in postings.iter().enumerate() {
        std::fs::write(copy.path().join(format!("{n}.bin")), posting).unwrap();
    }
    let post =
        |stick: &str| temoin_report(["post", stick, "--relay", &running.url(), "--root", &root]);
    for stick in [&path("stick"), copy.path().to_str().unwrap()] {
        let (code, out, err) = post(stick);
        assert_eq!(code, 0, "{err}");
        assert!(out.starts_with("4 letters were sent"), "{out}");
        assert_eq!(std::fs::read_dir(stick).unwrap().count(), 0);
    }
    assert_eq!(running.collected("x-folder").len(), 4);
}

#[test]
fn a_receipt_is_checked_against_its_letter_without_asking_anybody() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    running.scene.write_papers(folder.path());
    let file = reports(folder.path(), "x-receipt", 2);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let root = running.scene.root_hex();
    let (code, _, err) = temoin_report([
        "send",
        &file,
        "--notice",
        &path("notice"),
        "--keys",
        &path("keys"),
        "--root",
        &root,
        "--to",
        &path("stick"),
    ]);
    assert_eq!(code, 0, "{err}");
    let relay = carry::http::Relay::new(&running.url()).unwrap();
    let mut letters = Vec::new();
    for found in carry::folder::read_letters(Path::new(&path("stick"))).unwrap() {
        let found = found.unwrap();
        let receipt = relay.post_letter(&found.posting).unwrap().receipt;
        letters.push((found.file.to_str().unwrap().to_owned(), receipt));
    }
    let check = |letter: &str, receipt: &[u8]| {
        std::fs::write(path("receipt"), receipt).unwrap();
        temoin_report([
            "receipt",
            letter,
            &path("receipt"),
            "--notice",
            &path("notice"),
            "--root",
            &root,
        ])
    };
    let (code, out, err) = check(&letters[0].0, &letters[0].1);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("has signed that it keeps this letter"),
        "{out}"
    );
    // Copied from the page as text, with what stood around it.
    let text = format!(
        "Receipt:\n{}\n",
        carry::blocks::lines(&letters[0].1).join("\n")
    );
    assert_eq!(check(&letters[0].0, text.as_bytes()).0, 0);
    // Another letter's, a bent one, none at all.
    let mut bent = letters[0].1.clone();
    *bent.last_mut().unwrap() ^= 1;
    for receipt in [&letters[1].1[..], &bent, b"thank you"] {
        let (code, _, err) = check(&letters[0].0, receipt);
        assert_eq!(code, 3);
        assert!(err.contains("do not count the letter as sent"), "{err}");
    }
    assert_eq!(check(&path("notice"), &letters[0].1).0, 3);
}

#[test]
fn each_way_to_fail_has_its_own_exit_code_and_nothing_typed_is_repeated() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let root = running.scene.root_hex();
    let send =
        |file: &str, relay: &str| temoin_report(["send", file, "--relay", relay, "--root", &root]);

    let (code, _, err) = send(&path("empty", "\n\n"), &running.url());
    assert_eq!(code, 3, "{err}");
    let bad = path(
        "bad",
        "{\"narrative\":\"x-bad\"}\n{\"narrative\": SECRET}\n",
    );
    let (code, _, err) = send(&bad, &running.url());
    assert_eq!(code, 3, "{err}");
    assert!(
        err.contains("line 2: not-a-report") && !err.contains("SECRET"),
        "{err}"
    );
    let words = path(
        "words",
        "{\"narrative\":\"acid acorn acre acts afar affix aged agent agile\"}",
    );
    let (code, _, err) = send(&words, &running.url());
    assert_eq!(code, 3, "{err}");
    assert!(
        err.contains("line 1: words-inside") && !err.contains("acorn"),
        "{err}"
    );
    let marked = path(
        "marked",
        "{\"labels\":[\"x-marked\"],\"narrative\":\"a\\u0007b\"}",
    );
    let (code, _, err) = send(&marked, &running.url());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("line 1: control-characters"), "{err}");
    assert_eq!(running.collected("x-marked"), ["a\u{7}b"]);

    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(send(&marked, &format!("http://{nobody}")).0, 4);
    assert_eq!(temoin_report(["send", &marked, "--root", &root]).0, 2);
    assert_eq!(temoin_report(["sing"]).0, 2);
    assert_eq!(temoin_report(["--help"]).0, 0);
    assert_eq!(send("/no/such/file", &running.url()).0, 3);
}

#[test]
fn a_clock_far_from_the_board_is_asked_about_and_an_old_notice_is_refused() {
    let running = running();
    let folder = tempfile::tempdir().unwrap();
    let old = Scene::on(
        running.scene.today.minus(60),
        RelaySecret::from_seed(&[9; 32]),
    );
    old.write_papers(folder.path());
    let file = reports(folder.path(), "x-old", 1);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (code, _, err) = temoin_report([
        "send",
        &file,
        "--notice",
        &path("notice"),
        "--keys",
        &path("keys"),
        "--root",
        &old.root_hex(),
        "--to",
        &path("out"),
    ]);
    assert_eq!(code, 3);
    assert!(err.contains("the office’s notice ended on"), "{err}");
    assert_eq!(std::fs::read_dir(path("out")).unwrap().count(), 0);
}

#[test]
fn the_program_carries_no_office_software_and_no_relay() {
    let manifest = include_str!("../Cargo.toml");
    let (carried, _) = manifest.split_once("[dev-dependencies]").unwrap();
    for room in ["open", "relay", "vault", "casework", "desk", "doorstep"] {
        assert!(!carried.contains(&format!("\n{room} =")), "{room}");
    }
}

#[derive(Debug)]
struct Stopped;

impl From<CannotTake> for Stopped {
    fn from(_: CannotTake) -> Self {
        Self
    }
}

impl From<CannotSeal> for Stopped {
    fn from(_: CannotSeal) -> Self {
        Self
    }
}

#[test]
fn a_file_arrives_whole_over_a_line_that_breaks_and_every_piece_once() {
    let office = running();
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..=250).cycle().take(9 * seal::CHUNK_BYTES - 5).collect();
    let path = folder.path().join("film");
    std::fs::write(&path, &bytes).unwrap();
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(8);
    let ready = Ready::take(&path, Metadata::Strip, &mut rng).ok().unwrap();
    let scene = &office.scene;
    let notice = Notice::verify(&scene.notice, &scene.root.public(), scene.today).unwrap();
    let week = &scene.intake[0];
    let key = notice
        .intake_key(week.period(), week.public().as_ref())
        .unwrap();
    let client = http::Relay::new(&format!("http://{}", breaking_line(office.address))).unwrap();
    let relay = scene.relay.public();
    let send = |letter: &seal::SealedLetter| {
        let signer = Signer {
            relay: &relay,
            mailbox: &MAILBOX,
            newest: None,
            ask_newest: &|| None,
        };
        let mut post = |bytes: &[u8]| client.post_letter(bytes);
        let sent = deliver(
            letter.posting(),
            letter.leaf(),
            signer,
            &mut post,
            &mut |_| {},
        );
        sent.map(drop).map_err(|_| Stopped)
    };
    let report = Report {
        narrative: "with a film".to_owned(),
        ..Report::default()
    };
    let files = [*ready.announced()];
    let by = seal::SealedBy::Native;
    let letter = seal::letter_with_files(&report, &files, None, None, by, &key, &mut rng).unwrap();
    send(&letter).unwrap();

    // The line is given up once in the middle: what arrived is not sent again.
    let mut arrived = BTreeSet::new();
    let left = std::sync::atomic::AtomicU32::new(4);
    let rng = || rand_core::UnwrapErr(getrandom::SysRng);
    let stopped = pieces::send(
        &ready,
        &key,
        2,
        &mut arrived,
        rng,
        |letter| match left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) {
            1..=4 => send(letter),
            _ => Err(Stopped),
        },
        |_| {},
    );
    assert!(stopped.is_err());
    assert_eq!(arrived.len(), 4);
    let mut told = Vec::new();
    pieces::send(&ready, &key, 2, &mut arrived, rng, send, |n| told.push(n)).unwrap();
    assert_eq!(told, [5, 6, 7, 8, 9, 10]);
    let (file, letters) = office.file_of("with a film");
    assert_eq!(file, bytes);
    assert_eq!(letters, 10, "nine pieces and one of padding, each once");
}

#[test]
fn a_file_sealed_into_a_folder_is_posted_from_it_and_a_picture_loses_its_place() {
    let office = running();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let picture = [
        &[0xff, 0xd8, 0xff, 0xe1, 0, 12][..],
        b"4.32S15.31",
        &[0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9],
    ]
    .concat();
    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, &picture).unwrap();
    let text = folder.path().join("text");
    std::fs::write(&text, "with a photo").unwrap();
    let root = office.scene.root_hex();
    let (url, out_) = (office.url(), out.to_str().unwrap());
    let (code, _, told) = temoin_report([
        "write",
        "--text",
        text.to_str().unwrap(),
        "--attach",
        photo.to_str().unwrap(),
        "--root",
        &root,
        "--relay",
        &url,
        "--to",
        out_,
    ]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("was taken out"), "{told}");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 2);
    let (code, said, told) = temoin_report(["post", out_, "--root", &root, "--relay", &url]);
    assert_eq!(code, 0, "{told}");
    assert!(said.starts_with("2 letters"), "{said}");
    let (file, letters) = office.file_of("with a photo");
    assert_eq!(letters, 1);
    assert_eq!(file, [0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 0xff, 0xd9]);
}

#[test]
fn a_voice_without_a_word_is_a_letter_and_nothing_at_all_is_none() {
    let office = running_with("");
    let folder = tempfile::tempdir().unwrap();
    let (voice, text) = (folder.path().join("voice"), folder.path().join("text"));
    std::fs::write(&voice, b"OggS and what was said").unwrap();
    std::fs::write(&text, "\n").unwrap();
    let (root, url) = (office.scene.root_hex(), office.url());
    let write = |with: &[&str]| {
        let text = text.to_str().unwrap();
        let all = ["write", "--text", text, "--root", &root, "--relay", &url];
        temoin_report([&all, with].concat())
    };
    let (code, _, told) = write(&[]);
    assert_ne!(code, 0, "{told}");
    assert!(told.contains("Nothing was written"), "{told}");
    let (code, _, told) = write(&["--attach", voice.to_str().unwrap()]);
    assert_eq!(code, 0, "{told}");
    let (file, _) = office.file_of("");
    assert_eq!(file, b"OggS and what was said");
    assert!(!told.contains("nothing-told"), "{told}");
    // Without a text being named, and from a file of reports.
    let voice = voice.to_str().unwrap();
    let (code, _, told) =
        temoin_report(["write", "--attach", voice, "--root", &root, "--relay", &url]);
    assert_eq!(code, 0, "{told}");
    let listed = folder.path().join("reports.jsonl");
    std::fs::write(&listed, "{\"attach\":[\"voice\"]}").unwrap();
    let listed = listed.to_str().unwrap();
    let (code, _, told) = temoin_report(["send", listed, "--root", &root, "--relay", &url]);
    assert_eq!(code, 0, "{told}");
    let silent = |opened: &open::OpenedLetter| opened.attachments().len() == 1;
    assert_eq!(office.letters().iter().filter(|one| silent(one)).count(), 3);
}

#[test]
fn nothing_of_a_report_leaves_when_one_of_its_files_cannot_go() {
    let office = running();
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports.jsonl");
    let line = "{\"narrative\":\"kept back\",\"labels\":[\"kept back\"],\"attach\":[\"missing\"]}";
    std::fs::write(&reports, line).unwrap();
    let (code, _, told) = temoin_report([
        "send",
        reports.to_str().unwrap(),
        "--root",
        &office.scene.root_hex(),
        "--relay",
        &office.url(),
    ]);
    assert_eq!(code, 3, "{told}");
    assert!(told.contains("cannot be read"), "{told}");
    assert!(office.collected("kept back").is_empty());
}
