//! The program as it is run: real sockets, a real disk, real signals.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "http/openapi.rs"]
mod openapi;
#[path = "../src/sample.rs"]
mod sample;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use envelope::keys::RelayKey;
use envelope::{Leaf, NONCE_BYTES, Posting, Receipt, SizeClass, puzzle};

const PROGRAM: &str = env!("CARGO_BIN_EXE_temoin-relay");

/// The program reads the system's clock, so its notice has to be of today.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    head: String,
    body: Vec<u8>,
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: &str) -> Self {
        Self(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    fn ask(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.try_ask(method, path, headers, body).unwrap()
    }

    fn try_ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> std::io::Result<Answer> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n"
        );
        let request = [head.as_bytes(), body].concat();
        self.0.get_mut().write_all(&request)?;
        self.answer()
    }

    fn answer(&mut self) -> std::io::Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let headers: HashMap<String, String> = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let status = head[9..12].parse().unwrap();
        let length = headers.get("content-length");
        let mut body = vec![0; length.map_or(0, |l| l.parse().unwrap())];
        self.0.read_exact(&mut body)?;
        Ok(Answer {
            status,
            headers,
            head,
            body,
        })
    }
}

/// A running relay. Dropping it kills it, as `kill -9` would.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(settings: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.arg("serve").arg("--settings").arg(settings);
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address
            .unwrap_or_else(|| panic!("no address: {line:?}"))
            .to_owned();
        Self { child, address }
    }

    fn connect(&self) -> Connection {
        Connection::to(&self.address)
    }

    fn stop(mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

struct House {
    folder: tempfile::TempDir,
    key: RelayKey,
}

impl House {
    fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let made = Command::new(PROGRAM)
            .args(["init", "--folder"])
            .arg(&store)
            .output()
            .unwrap();
        let public = String::from_utf8(made.stdout).unwrap();
        let public = public.trim_end().strip_prefix("relay key ").unwrap();
        assert_eq!(public.len(), 64);
        let mut key = [0; 32];
        for (to, pair) in key.iter_mut().zip(public.as_bytes().chunks(2)) {
            *to = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        let text = format!(
            "listen = \"127.0.0.1:0\"\nfolder = \"store\"\noffice_root = \"{}\"\n{more}",
            hex(&sample::root().0)
        );
        std::fs::write(folder.path().join("relay.toml"), text).unwrap();
        Self {
            folder,
            key: RelayKey(key),
        }
    }

    fn settings(&self) -> std::path::PathBuf {
        self.folder.path().join("relay.toml")
    }

    fn start(&self) -> Running {
        Running::start(&self.settings())
    }

    /// An hour-long epoch, so that no test meets a closing it did not ask for.
    fn notice(&self, sequence: u64) -> Vec<u8> {
        let mut body = sample::body_on(sequence, now(), self.key);
        body.epoch_seconds = 3_600;
        sample::sign(&body)
    }

    fn start_with_notice(&self) -> Running {
        let running = self.start();
        let put = running
            .connect()
            .ask("PUT", "/office/notice", "", &self.notice(1));
        assert_eq!(put.status, 204);
        running
    }
}

fn posting_of(class: SizeClass, n: u32) -> Vec<u8> {
    sample::posting_in(sample::week_of(now()), class, n)
}

fn office(connection: &mut Connection, method: &str, path: &str, body: &[u8]) -> Answer {
    let header = sample::header(method, path, body, now());
    connection.ask(method, path, &format!("Temoin-Office: {header}\r\n"), body)
}

/// Every letter the relay holds, by its leaf.
fn collected(connection: &mut Connection) -> Vec<Leaf> {
    let mut after = 0;
    let mut leaves = Vec::new();
    loop {
        let answer = office(
            connection,
            "GET",
            &format!("/office/letters?after={after}"),
            b"",
        );
        assert_eq!(answer.status, 200);
        let mut rest = answer.body.as_slice();
        if rest.is_empty() {
            return leaves;
        }
        while !rest.is_empty() {
            after = u64::from_be_bytes(rest[..8].try_into().unwrap());
            let length = u32::from_be_bytes(rest[56..60].try_into().unwrap()) as usize;
            leaves.push(Leaf(rest[8..40].try_into().unwrap()));
            rest = &rest[60 + length..];
        }
    }
}

/// The header that answers a relay's demand for one posting.
fn solved(posting: &[u8], demand: &str) -> String {
    let bits = puzzle::bits_of_header(demand).unwrap();
    let leaf = Posting::parse(posting).unwrap().leaf();
    let answer = puzzle::solve(&sample::MAILBOX, &leaf, bits).unwrap();
    format!("Temoin-Puzzle: {}\r\n", answer.header_value())
}

fn token(list: u32, n: u16) -> String {
    format!(
        "Temoin-Token: {}\r\n",
        sample::token(list, n).header_value()
    )
}

#[test]
fn one_connection_posts_letters_of_every_class_and_hears_every_refusal() {
    let house = House::new("");
    let running = house.start_with_notice();
    let mut line = running.connect();
    for (n, class) in (0..).zip(SizeClass::ALL) {
        let sent = posting_of(class, n);
        let first = line.ask("POST", "/letters", "", &sent);
        assert_eq!(first.status, 201);
        let leaf = Posting::parse(&sent).unwrap().leaf();
        let promised = |body: &[u8]| {
            let receipt = Receipt::verify(body, leaf, &sample::MAILBOX, &house.key);
            receipt.unwrap().epoch()
        };
        let again = line.ask("POST", "/letters", "", &sent);
        assert_eq!(again.status, 200);
        assert_eq!(promised(&again.body), promised(&first.body));
    }
    let small = posting_of(SizeClass::FourKiB, 9);
    let mut version = small.clone();
    version[NONCE_BYTES] = 2;
    let dead = sample::posting_in(envelope::Period::Week(1), SizeClass::FourKiB, 1);
    let cases: [(&[u8], u16); 8] = [
        (b"", 400),
        (&small[..4_111], 400),
        (&[&small[..], &[0]].concat(), 400),
        (&vec![1; 262_161], 413),
        (&version, 415),
        (&dead, 410),
        (&vec![1; 900_000], 413),
        (&small, 201),
    ];
    for (body, status) in cases {
        let answer = line.ask("POST", "/letters", "", body);
        assert_eq!(answer.status, status, "{} bytes", body.len());
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
    }
    assert_eq!(collected(&mut line).len(), 5);
    let huge = running
        .connect()
        .ask("POST", "/letters", "", &vec![1; 10 << 20]);
    assert_eq!(huge.status, 413);
    assert!(running.stop().success());
}

/// A form with files, as a browser without script sends it.
fn form_of(files: &[&[u8]]) -> Vec<u8> {
    let mut form = Vec::new();
    for file in files {
        form.extend_from_slice(
            b"--b\r\ncontent-disposition: form-data; name=\"letter\"; filename=\"A.BIN\"\r\n\r\n",
        );
        form.extend_from_slice(file);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(b"--b--\r\n");
    form
}

const FORM: &str = "content-type: multipart/form-data; boundary=b\r\n";

#[test]
fn sealed_files_of_a_plain_form_are_taken_like_postings_and_answered_by_a_page() {
    let house = House::new("");
    let running = house.start_with_notice();
    let mut line = running.connect();
    let letters = [SizeClass::FourKiB, SizeClass::TwoHundredFiftySixKiB].map(|c| posting_of(c, 1));
    let both = form_of(&[&letters[0], &letters[1]]);
    let first = line.ask("POST", "/letters/fr", FORM, &both);
    assert_eq!(
        (first.status, &*first.headers["content-type"]),
        (201, "text/html; charset=utf-8")
    );
    assert_eq!(first.headers["cache-control"], "no-store");
    assert!(first.headers.contains_key("content-security-policy"));
    let page = String::from_utf8(first.body).unwrap();
    assert_eq!(
        page.matches("Cette lettre est arrivée").count(),
        2,
        "{page}"
    );
    // What the page offers is the receipt of protocol §4.2, for these very bytes.
    let mut texts = page.split("<pre dir=\"ltr\">").skip(1);
    for letter in &letters {
        let text = texts.next().unwrap().split("</pre>").next().unwrap();
        let found = carry::blocks::read(text);
        let [carry::blocks::Found::Whole(receipt)] = &found[..] else {
            panic!("{found:?}")
        };
        let leaf = Posting::parse(letter).unwrap().leaf();
        Receipt::verify(receipt, leaf, &sample::MAILBOX, &house.key).unwrap();
    }
    // Once more, with a file that is none and one that is too large: the letters count once.
    let mixed = form_of(&[&letters[0], b"a photo", &vec![1; 300_000], &letters[1]]);
    let again = line.ask("POST", "/letters/en", FORM, &mixed);
    assert_eq!(again.status, 400);
    let page = String::from_utf8(again.body).unwrap();
    assert_eq!(page.matches("had arrived before").count(), 2, "{page}");
    assert_eq!(page.matches("is not a sealed letter").count(), 2, "{page}");
    assert_eq!(collected(&mut line).len(), 2);
    // No form, a form of nothing, one that is cut: the same page, and nothing kept.
    let cut = form_of(&[&posting_of(SizeClass::FourKiB, 9)]);
    for (headers, body) in [("", &cut[..]), (FORM, &form_of(&[])), (FORM, &cut[..3_000])] {
        let answer = line.ask("POST", "/letters/en", headers, body);
        let page = String::from_utf8(answer.body).unwrap();
        assert_eq!((answer.status, page.contains("No whole file")), (400, true));
    }
    let huge = vec![1; 5 << 20];
    assert_eq!(
        running
            .connect()
            .ask("POST", "/letters/en", FORM, &huge)
            .status,
        400
    );
    assert_eq!(
        running
            .connect()
            .ask("POST", "/letters/xx", FORM, &both)
            .status,
        404
    );
    assert_eq!(
        running
            .connect()
            .ask("POST", "/letters/en?a", FORM, &both)
            .status,
        404
    );
    assert_eq!(collected(&mut line).len(), 2);
}

#[test]
fn a_letter_in_chunks_of_unknown_length_is_taken_and_an_endless_one_is_not() {
    let house = House::new("");
    let running = house.start_with_notice();
    let mut line = running.connect();
    let head = "POST /letters HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let sent = posting_of(SizeClass::SixteenKiB, 1);
    let mut request = head.as_bytes().to_vec();
    for part in sent.chunks(1_000) {
        request.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        request.extend_from_slice(part);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    line.0.get_mut().write_all(&request).unwrap();
    assert_eq!(line.answer().unwrap().status, 201);
    line.0.get_mut().write_all(head.as_bytes()).unwrap();
    let part = [&b"10000\r\n"[..], &[7; 0x10000], b"\r\n"].concat();
    // The relay stops reading at the largest class; how far the sender gets is its own affair.
    for _ in 0..5 {
        if line.0.get_mut().write_all(&part).is_err() {
            break;
        }
    }
    assert_eq!(line.answer().unwrap().status, 413);
}

#[test]
fn a_stranger_on_an_office_path_hears_exactly_what_any_unknown_path_says() {
    let house = House::new("");
    let running = house.start_with_notice();
    let unknown = running.connect().ask("GET", "/wp-login.php", "", b"");
    assert_eq!(unknown.status, 404);
    let stale = sample::header("GET", "/office/letters?after=0", b"", now() - 10_000);
    for headers in [
        String::new(),
        format!("Temoin-Office: {stale}\r\n"),
        "Temoin-Office: é\r\n".into(),
    ] {
        for path in [
            "/office/letters?after=0",
            "/office/openings/0",
            "/office/x",
            "/office/",
        ] {
            let answer = running.connect().ask("GET", path, &headers, b"");
            assert_eq!(answer.head, unknown.head, "{path}");
            assert_eq!(answer.body, unknown.body);
        }
        let cells = running
            .connect()
            .ask("POST", "/office/cells", &headers, &[1; 40_960]);
        assert_eq!(
            (cells.head, cells.body),
            (unknown.head.clone(), unknown.body.clone())
        );
    }
    let mut line = running.connect();
    assert_eq!(
        office(&mut line, "POST", "/office/cells", &sample::cell(1)).status,
        204
    );
    let too_many = vec![1; 4_096 * 5];
    assert_eq!(
        office(&mut running.connect(), "POST", "/office/cells", &too_many).status,
        404
    );
}

#[test]
fn a_kit_opened_from_a_file_may_post_and_read_and_a_page_may_do_nothing_else() {
    let house = House::new("doorstep = \"https://door.example.org\"\n");
    let running = house.start_with_notice();
    let mut line = running.connect();
    let preflight = line.ask("OPTIONS", "/letters", "origin: null\r\n", b"");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.headers["access-control-allow-headers"],
        "content-type, temoin-token, temoin-puzzle"
    );
    for path in [
        "/office/notice",
        "/board/newest",
        "/board/days/1",
        "/office/keys/1",
    ] {
        let answer = line.ask("GET", path, "origin: null\r\n", b"");
        assert_eq!(answer.headers["access-control-allow-origin"], "*", "{path}");
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
    let page = line.ask("POST", "/letters/en", FORM, &form_of(&[]));
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(!page.headers.contains_key("access-control-allow-origin"));
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let policy = &page.headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'"));
    // A page may play what it recorded, and nothing from anywhere.
    assert!(policy.contains("; media-src blob:; "));
    assert!(policy.contains("form-action 'self' https://door.example.org;"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    for name in ["etag", "last-modified", "server", "date", "set-cookie"] {
        assert!(!page.headers.contains_key(name), "{name}");
    }
}

#[test]
fn a_site_is_served_once_the_notice_signs_it_and_compressed_on_request() {
    let onion = format!("http://{}.onion", "a2".repeat(28));
    let house = House::new(&format!("site = \"site\"\nonion = \"{onion}\"\n"));
    let site = house.folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    let files: std::collections::BTreeMap<String, Vec<u8>> = [
        ("index.html".to_owned(), b"<p>the form".to_vec()),
        ("index.html.gz".to_owned(), b"\x1f\x8b".to_vec()),
    ]
    .into();
    for (name, bytes) in &files {
        std::fs::write(site.join(name), bytes).unwrap();
    }
    let manifest = relay::site::manifest_of(&files);
    std::fs::write(site.join(relay::site::MANIFEST), &manifest).unwrap();
    let running = house.start();
    let mut line = running.connect();
    assert_eq!(
        line.ask("GET", "/", "", b"").status,
        503,
        "no notice, no site"
    );
    let mut body = sample::body_on(1, now(), house.key);
    body.site = [9; 32];
    assert_eq!(
        line.ask("PUT", "/office/notice", "", &sample::sign(&body))
            .status,
        204
    );
    assert_eq!(
        line.ask("GET", "/", "", b"").status,
        503,
        "another site is signed"
    );
    body.sequence = 2;
    body.site = envelope::hash(&manifest);
    assert_eq!(
        line.ask("PUT", "/office/notice", "", &sample::sign(&body))
            .status,
        204
    );
    let plain = line.ask("GET", "/", "", b"");
    assert_eq!(
        (plain.status, plain.body.as_slice()),
        (200, &b"<p>the form"[..])
    );
    assert_eq!(plain.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(plain.headers["onion-location"], format!("{onion}/"));
    let notice = line.ask("GET", "/office/notice", "", b"");
    assert!(!notice.headers.contains_key("onion-location"));
    let gzip = line.ask("GET", "/", "accept-encoding: br, gzip;q=0.8\r\n", b"");
    assert_eq!(gzip.headers["content-encoding"], "gzip");
    let refused = line.ask("GET", "/", "accept-encoding: gzip;q=0\r\n", b"");
    assert!(!refused.headers.contains_key("content-encoding"));
    assert_eq!(line.ask("GET", "/../store/version", "", b"").status, 404);
}

#[test]
fn the_doctor_ends_with_one_while_something_has_to_be_mended_and_with_three_without_settings() {
    let house = House::new("");
    let doctor = |settings: &Path| {
        let mut command = Command::new(PROGRAM);
        command.arg("doctor").arg("--settings").arg(settings);
        command.output().unwrap()
    };
    let sick = doctor(&house.settings());
    assert_eq!(sick.status.code(), Some(1));
    let said = String::from_utf8(sick.stdout).unwrap();
    assert!(
        said.contains("MEND  the office has not published a notice"),
        "{said}"
    );
    assert!(said.contains("good  core dumps are off"), "{said}");
    let missing = doctor(&house.folder.path().join("none.toml"));
    assert_eq!(missing.status.code(), Some(3));
}

#[test]
fn heads_that_are_too_long_or_broken_end_the_connection_without_harm() {
    let house = House::new("");
    let running = house.start_with_notice();
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    let answer = running.connect().try_ask("GET", "/health", &long, b"");
    assert!(answer.is_err() || answer.is_ok_and(|a| a.status == 431));
    for garbage in [
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/9\r\n\r\n",
    ] {
        let mut line = running.connect();
        line.0.get_mut().write_all(garbage.as_bytes()).unwrap();
        line.0
            .get_mut()
            .shutdown(std::net::Shutdown::Write)
            .unwrap();
        let mut heard = Vec::new();
        line.0.read_to_end(&mut heard).ok();
    }
    assert_eq!(running.connect().ask("GET", "/health", "", b"").status, 204);
}

#[test]
fn a_flood_fills_the_open_lane_and_whoever_was_given_a_token_still_gets_through() {
    let house = House::new("[limits]\nletters_per_epoch = 40\npuzzle_bits = 9\n");
    let running = house.start_with_notice();
    let mut desk = running.connect();
    let put = office(&mut desk, "PUT", "/office/tokens", &sample::token_list(1));
    assert_eq!(put.status, 204);
    // Four strangers post as fast as they can, and work for it when they are asked.
    let strangers: Vec<_> = (0..4u32)
        .map(|stranger| {
            let mut line = running.connect();
            std::thread::spawn(move || {
                let (mut taken, mut asked) = (0, 0);
                for n in 0.. {
                    let sent = posting_of(SizeClass::FourKiB, 1_000 * (stranger + 1) + n);
                    let mut beside = String::new();
                    loop {
                        let answer = line.ask("POST", "/letters", &beside, &sent);
                        if answer.status == 201 {
                            taken += 1;
                            break;
                        }
                        assert_eq!(answer.status, 429);
                        assert!(answer.headers.contains_key("retry-after"));
                        match answer.headers.get("temoin-puzzle") {
                            Some(demand) => beside = solved(&sent, demand),
                            None => return (taken, asked),
                        }
                        asked += 1;
                    }
                }
                (taken, asked)
            })
        })
        .collect();
    let flood: Vec<(u32, u32)> = strangers.into_iter().map(|s| s.join().unwrap()).collect();
    assert_eq!(flood.iter().map(|f| f.0).sum::<u32>(), 40);
    assert!(flood.iter().map(|f| f.1).sum::<u32>() >= 30, "{flood:?}");

    // Now one who was answered. The letter is refused in words, and taken with the token.
    let mut line = running.connect();
    let known = posting_of(SizeClass::FourKiB, 1);
    let refused = line.ask("POST", "/letters", "", &known);
    assert_eq!(refused.status, 429);
    assert!(!refused.body.is_empty());
    let taken = line.ask("POST", "/letters", &token(1, 5), &known);
    assert_eq!(taken.status, 201);
    let leaf = Posting::parse(&known).unwrap().leaf();
    assert!(Receipt::verify(&taken.body, leaf, &sample::MAILBOX, &house.key).is_ok());
    assert_eq!(line.ask("POST", "/letters", "", &known).status, 200);
    // What is spent, unknown or bent is answered, byte for byte, like nothing at all.
    let other = posting_of(SizeClass::FourKiB, 2);
    let bare = line.ask("POST", "/letters", "", &other);
    for header in [
        token(1, 5),
        token(2, 5),
        token(1, 6).to_uppercase(),
        "Temoin-Token: é\r\n".to_owned(),
        "Temoin-Token:\r\n".to_owned(),
        format!("Temoin-Token: {}\r\n", "ab".repeat(2_000)),
        "Temoin-Puzzle: -1\r\n".to_owned(),
        "Temoin-Puzzle: ffffffffffffffff\r\n".to_owned(),
    ] {
        let answer = line.ask("POST", "/letters", &header, &other);
        assert_eq!(
            (&answer.head, &answer.body),
            (&bare.head, &bare.body),
            "{header}"
        );
    }
    drop(running);
    // A kill forgets neither the flood nor the token.
    let running = house.start();
    let mut line = running.connect();
    for beside in [String::new(), token(1, 5)] {
        assert_eq!(line.ask("POST", "/letters", &beside, &other).status, 429);
    }
    assert_eq!(
        line.ask("POST", "/letters", &token(1, 5), &known).status,
        200
    );
    assert_eq!(
        line.ask("POST", "/letters", &token(1, 6), &other).status,
        201
    );
    assert_eq!(collected(&mut line).len(), 42);
}

#[test]
fn who_sends_slowly_or_for_ever_loses_the_seat_and_the_others_are_served() {
    let house = House::new("[limits]\nconnections = 4\nheader_seconds = 1\nbody_seconds = 1\n");
    let running = house.start_with_notice();
    let half = "POST /letters HTTP/1.1\r\nhost: x\r\ncontent-length: 4112\r\n";
    let endless = "POST /letters HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let notice = "PUT /office/notice HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\nx";
    let begun = [
        (half.to_owned(), None),
        (format!("{half}\r\nhalf a letter"), Some(503)),
        (format!("{endless}5\r\nhello\r\n"), Some(503)),
        (notice.to_owned(), Some(503)),
    ];
    let mut slow = Vec::new();
    for (sent, expected) in begun {
        let mut line = running.connect();
        line.0.get_mut().write_all(sent.as_bytes()).unwrap();
        slow.push((line, expected));
    }
    // Every seat is taken; whoever comes now waits for one, and gets it.
    let letter = posting_of(SizeClass::FourKiB, 1);
    let answer = running.connect().ask("POST", "/letters", "", &letter);
    assert_eq!(answer.status, 201);
    for (mut line, expected) in slow {
        let heard = line.answer();
        assert_eq!(heard.as_ref().ok().map(|answer| answer.status), expected);
        let mut rest = Vec::new();
        line.0.read_to_end(&mut rest).ok();
        assert!(rest.is_empty(), "the connection is over");
    }
    assert_eq!(collected(&mut running.connect()).len(), 1);
}

#[test]
fn chunks_that_lie_and_heads_of_many_parts_are_refused_and_nothing_is_kept() {
    let house = House::new("");
    let running = house.start_with_notice();
    let head = "POST /letters HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let many_headers: String = (0..100).map(|n| format!("x-{n}: y\r\n")).collect();
    let bombs = [
        format!("{head}ffffffffffffffff\r\n{}", "z".repeat(100_000)),
        format!("{head}fffffffffffffffff\r\nz"),
        format!("{head}-1\r\nz\r\n0\r\n\r\n"),
        format!("{head}1;{}\r\nz\r\n", "e".repeat(100_000)),
        format!("{head}{}", "1\r\nz\r\n".repeat(263_000)),
        format!("{head}1\r\nz\r\n0\r\n{}\r\n", many_headers),
        format!("{head}zz\r\n\r\n"),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "u".repeat(70_000)),
        format!("GET /health HTTP/1.1\r\nhost: x\r\n{many_headers}\r\n"),
        "POST /letters HTTP/1.1\r\nhost: x\r\ncontent-length: 4112\r\ncontent-length: 5\r\n\r\n"
            .to_owned(),
        "POST /letters HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n"
            .to_owned(),
    ];
    for bomb in bombs {
        let mut line = running.connect();
        // The relay may have stopped reading before all of it is sent.
        line.0.get_mut().write_all(bomb.as_bytes()).ok();
        line.0.get_mut().shutdown(std::net::Shutdown::Write).ok();
        if let Ok(answer) = line.answer() {
            let told = matches!(answer.status, 400 | 404 | 413 | 414 | 431 | 503);
            assert!(told, "{} to {:.80}", answer.status, bomb);
        }
    }
    assert_eq!(running.connect().ask("GET", "/health", "", b"").status, 204);
    assert_eq!(collected(&mut running.connect()).len(), 0);
}

#[test]
fn killed_while_four_senders_post_no_acknowledged_letter_is_lost_and_none_is_doubled() {
    let house = House::new("");
    drop(house.start_with_notice());
    let mut promised: HashMap<Leaf, Vec<u8>> = HashMap::new();
    for round in 0..5u32 {
        let running = house.start();
        let senders: Vec<_> = (0..4u32)
            .map(|sender| {
                let mut line = running.connect();
                std::thread::spawn(move || {
                    let mut heard = Vec::new();
                    for n in 0.. {
                        let id = round * 1_000_000 + sender * 100_000 + n;
                        let sent = posting_of(SizeClass::FourKiB, id);
                        match line.try_ask("POST", "/letters", "", &sent) {
                            Ok(answer) => {
                                assert_eq!(answer.status, 201);
                                let leaf = Posting::parse(&sent).unwrap().leaf();
                                heard.push((leaf, answer.body));
                            }
                            Err(_) => return heard,
                        }
                    }
                    heard
                })
            })
            .collect();
        // The kill comes when so many letters were counted by the relay itself: in mid-stream.
        let mut line = running.connect();
        while collected(&mut line).len() < promised.len() + 40 * (round as usize + 1) {}
        drop(running);
        for sender in senders {
            promised.extend(sender.join().unwrap());
        }
        let running = house.start();
        let mut line = running.connect();
        let mut there = collected(&mut line);
        let held = there.len();
        there.sort_unstable();
        there.dedup();
        assert_eq!(there.len(), held, "a letter is there twice");
        for leaf in promised.keys() {
            assert!(there.binary_search(leaf).is_ok(), "a letter is lost");
        }
        // What was sent last and heard nothing of may be sent again, whatever became of it.
        assert!(held <= promised.len() + 4 * (round as usize + 1));
    }
}

#[test]
fn a_full_disk_answers_503_keeps_nothing_by_half_and_ends_with_the_shortage() {
    let house = House::new("");
    drop(house.start_with_notice());
    let mut limited = Command::new("bash");
    limited
        .args([
            "-c",
            "trap '' XFSZ; ulimit -S -f 12; exec \"$0\" serve --settings \"$1\"",
        ])
        .args([PROGRAM.as_ref(), house.settings().as_os_str()]);
    let running = Running::of(limited);
    let mut line = running.connect();
    let mut stored = 0;
    let full = loop {
        let answer = line.ask(
            "POST",
            "/letters",
            "",
            &posting_of(SizeClass::FourKiB, stored),
        );
        if answer.status != 201 {
            break answer;
        }
        stored += 1;
    };
    assert_eq!(full.status, 503);
    assert!(full.headers.contains_key("retry-after"));
    assert_eq!(stored, 2, "12 KiB hold two letters of 4 KiB and not three");
    assert_eq!(collected(&mut line).len(), 2);
    let segment = house.folder.path().join("store/letters/0");
    assert_eq!(
        std::fs::metadata(&segment).unwrap().len(),
        16 + 2 * (84 + 4_096)
    );
    assert_eq!(
        line.ask("POST", "/letters", "", &posting_of(SizeClass::FourKiB, 0))
            .status,
        200
    );
    let pid = rustix::process::Pid::from_child(&running.child);
    let room = rustix::process::Rlimit {
        current: None,
        maximum: None,
    };
    rustix::process::prlimit(Some(pid), rustix::process::Resource::Fsize, room).unwrap();
    let again = line.ask(
        "POST",
        "/letters",
        "",
        &posting_of(SizeClass::FourKiB, stored),
    );
    assert_eq!(again.status, 201);
    assert_eq!(collected(&mut line).len(), 3);
}

#[test]
fn a_backup_taken_while_the_relay_runs_restores_every_letter_and_waits_for_the_office() {
    let house = House::new("");
    let running = house.start_with_notice();
    let mut line = running.connect();
    for (n, class) in (0..).zip(SizeClass::ALL) {
        assert_eq!(
            line.ask("POST", "/letters", "", &posting_of(class, n))
                .status,
            201
        );
    }
    let before = collected(&mut line);
    let file = house.folder.path().join("backup.tar");
    let store = house.folder.path().join("store");
    let program =
        |arguments: &[&std::ffi::OsStr]| Command::new(PROGRAM).args(arguments).output().unwrap();
    let backup = [
        "backup".as_ref(),
        "--folder".as_ref(),
        store.as_ref(),
        "--to".as_ref(),
        file.as_os_str(),
    ];
    assert!(program(&backup).status.success());
    assert_eq!(
        program(&backup).status.code(),
        Some(3),
        "a backup is not overwritten"
    );
    let listed = Command::new("tar").arg("tf").arg(&file).output();
    if let Ok(listed) = listed {
        assert!(
            String::from_utf8(listed.stdout)
                .unwrap()
                .contains("letters/0\n")
        );
    }
    drop(running);
    let restore = |from: &Path| {
        std::fs::remove_dir_all(&store).unwrap();
        program(&[
            "restore".as_ref(),
            "--from".as_ref(),
            from.as_os_str(),
            "--folder".as_ref(),
            store.as_ref(),
        ])
    };
    // Any bent byte is noticed, and what was unpacked is no store.
    let whole = std::fs::read(&file).unwrap();
    let bent = house.folder.path().join("bent.tar");
    for at in [0, 120, 600, 5_000, whole.len() / 2, whole.len() - 1_030] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&bent, bytes).unwrap();
        assert_eq!(restore(&bent).status.code(), Some(3), "byte {at}");
        let refused = program(&[
            "serve".as_ref(),
            "--settings".as_ref(),
            house.settings().as_os_str(),
        ]);
        assert_eq!(refused.status.code(), Some(3));
    }
    for cut in [0, 511, 700, whole.len() / 2, whole.len() - 2_000] {
        std::fs::write(&bent, &whole[..cut]).unwrap();
        assert_eq!(restore(&bent).status.code(), Some(3), "cut at {cut}");
    }
    assert!(restore(&file).status.success());
    let running = house.start();
    let mut line = running.connect();
    assert_eq!(collected(&mut line), before);
    let letter = posting_of(SizeClass::FourKiB, 77);
    assert_eq!(line.ask("POST", "/letters", "", &letter).status, 503);
    assert_eq!(
        line.ask("PUT", "/office/notice", "", &house.notice(2))
            .status,
        204
    );
    assert_eq!(line.ask("POST", "/letters", "", &letter).status, 201);
    let repeat = posting_of(SizeClass::FourKiB, 0);
    assert_eq!(line.ask("POST", "/letters", "", &repeat).status, 200);
}

#[test]
fn exit_codes_and_files_tell_an_operator_what_happened() {
    let house = House::new("");
    let code = |arguments: &[&str]| {
        let ended = Command::new(PROGRAM)
            .args(arguments)
            .current_dir(house.folder.path())
            .output()
            .unwrap();
        (
            ended.status.code().unwrap(),
            String::from_utf8(ended.stderr).unwrap(),
        )
    };
    assert_eq!(code(&["--version"]).0, 0);
    assert_eq!(code(&["serve"]).0, 2);
    assert_eq!(code(&["dance"]).0, 2);
    assert_eq!(code(&["init", "--folder", "store"]).0, 3);
    let key = house.folder.path().join("store/relay.key");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(key).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let running = house.start();
    let (second, told) = code(&["serve", "--settings", "relay.toml"]);
    assert_eq!(second, 3);
    assert!(told.contains("another temoin-relay runs"), "{told}");
    drop(running);
    std::fs::write(
        house.folder.path().join("store/version"),
        "temoin relay store 9\n",
    )
    .unwrap();
    let (newer, told) = code(&["serve", "--settings", "relay.toml"]);
    assert_eq!(newer, 3);
    assert!(told.contains("update temoin-relay"), "{told}");
    std::fs::write(house.settings(), "listen = 3\n").unwrap();
    let (wrong, told) = code(&["serve", "--settings", "relay.toml"]);
    assert_eq!(wrong, 3);
    assert!(told.contains("relay.toml, line 1:"), "{told}");
}

#[test]
fn root_is_told_once_not_to_run_a_relay_and_runs_none_on_the_store_of_another_account() {
    let house = House::new("");
    let told = house.folder.path().join("stderr");
    let mut command = Command::new(PROGRAM);
    command.arg("serve").arg("--settings").arg(house.settings());
    command.stderr(std::fs::File::create(&told).unwrap());
    assert!(Running::of(command).stop().success());
    let says = std::fs::read_to_string(&told).unwrap();
    // Who is not root is told nothing, and may give no store away.
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&told).unwrap());
    let is_root = owner == 0;
    let warned = says.matches("runs as root").count();
    assert_eq!(warned, usize::from(is_root), "{says}");
    if is_root {
        let store = house.folder.path().join("store");
        std::os::unix::fs::chown(&store, Some(4_242), Some(4_243)).unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg("serve").arg("--settings").arg(house.settings());
        let ended = command.output().unwrap();
        assert_eq!(ended.status.code(), Some(3));
        let says = String::from_utf8(ended.stderr).unwrap();
        assert!(says.contains("systemctl start temoin-relay"), "{says}");
    }
}

#[test]
fn what_is_typed_or_sent_stands_in_nothing_the_program_prints() {
    let house = House::new("");
    let mut command = Command::new(PROGRAM);
    command.arg("serve").arg("--settings").arg(house.settings());
    let told = house.folder.path().join("stderr");
    command.stderr(std::fs::File::create(&told).unwrap());
    let running = Running::of(command);
    let mut line = running.connect();
    let planted =
        "user-agent: quokka-agent\r\nx-forwarded-for: 198.51.100.77\r\nreferer: http://quokka/\r\n";
    assert_eq!(
        line.ask("PUT", "/office/notice", planted, &house.notice(1))
            .status,
        204
    );
    let mut letter = posting_of(SizeClass::FourKiB, 1);
    letter[200..206].copy_from_slice(b"quokka");
    assert_eq!(line.ask("POST", "/letters", planted, &letter).status, 201);
    line.ask("GET", "/quokka?quokka=quokka", planted, b"");
    line.ask("PUT", "/office/notice", planted, b"quokka");
    assert!(running.stop().success());
    let told = std::fs::read_to_string(&told).unwrap();
    let told: Vec<&str> = told
        .lines()
        .filter(|line| !line.contains("runs as root"))
        .collect();
    assert!(told.is_empty(), "{told:?}");
    let mut folders = vec![house.folder.path().join("store")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("198.51.100.77") && !text.contains("quokka-agent"));
            // The letter itself is kept as it came, and nowhere else.
            assert_eq!(
                text.contains("quokka"),
                path.ends_with("letters/0"),
                "{path:?}"
            );
        }
    }
    assert!(files > 3);
}
