//! `docs/openapi.json` against the running program: each status it names is met with the headers it
//! promises, and nothing else is answered.

use std::collections::BTreeSet;

use envelope::keys::RelaySecret;
use envelope::{CELL_BYTES, NONCE_BYTES, SizeClass};
use rand_core::SeedableRng;
use relay::{FolderShelf, Limits, Relay};
use serde_json::Value;

use super::{Answer, Connection, House, office, posting_of, sample};

/// What the program was heard to answer: path of the document, method, status.
struct Document {
    value: Value,
    heard: BTreeSet<(String, String, String)>,
}

impl Document {
    fn read() -> Self {
        Self {
            value: serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap(),
            heard: BTreeSet::new(),
        }
    }

    fn paths(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.value["paths"].as_object().unwrap().iter()
    }

    /// The path of the document that names a path as asked: the one with the fewest gaps.
    fn named(&self, asked: &str) -> Option<String> {
        let asked = asked.split('?').next().unwrap();
        let fits = |template: &str| {
            let (template, asked): (Vec<&str>, Vec<&str>) =
                (template.split('/').collect(), asked.split('/').collect());
            template.len() == asked.len()
                && template.iter().zip(&asked).all(|(template, asked)| {
                    match template.split_once('{') {
                        Some((before, _)) => asked.starts_with(before),
                        None => template == asked,
                    }
                })
        };
        self.paths()
            .map(|(template, _)| template)
            .filter(|template| fits(template))
            .min_by_key(|template| template.matches('{').count())
            .cloned()
    }

    /// Holds one answer against what is written of it.
    fn hold(&mut self, method: &str, asked: &str, answer: &Answer) {
        let status = answer.status.to_string();
        let path = self.named(asked).unwrap();
        let operation = &self.value["paths"][&path][method.to_lowercase()];
        let written = &operation["responses"][&status];
        assert!(
            !written.is_null(),
            "{method} {asked}: {status} is not written"
        );
        for (name, header) in written["headers"].as_object().unwrap() {
            let said = answer.headers.get(name);
            if said.is_none() && header["required"] == false {
                continue;
            }
            let said = said.unwrap_or_else(|| panic!("{method} {asked} {status}: no {name}"));
            let schema = &header["schema"];
            let among = |value: &Value| value == said.as_str();
            match (&schema["const"], schema["enum"].as_array()) {
                (Value::Null, None) => assert!(said.parse::<u64>().is_ok(), "{asked}: {said}"),
                (Value::Null, Some(values)) => assert!(values.iter().any(among), "{asked}: {said}"),
                (value, _) => assert!(among(value), "{method} {asked} {status}: {name} {said}"),
            }
        }
        if let Some(kind) = answer.headers.get("content-type") {
            let content = &written["content"];
            assert!(
                !content[kind].is_null(),
                "{method} {asked} {status}: {kind}"
            );
        }
        self.heard.insert((path, method.to_owned(), status));
    }

    /// Whatever is written and was not heard, but for what only a failing disk brings.
    fn unheard(&self) -> Vec<String> {
        let mut unheard = Vec::new();
        for (path, operations) in self.paths() {
            for (method, operation) in operations.as_object().unwrap() {
                let Some(responses) = operation["responses"].as_object() else {
                    continue;
                };
                for (status, response) in responses {
                    let heard = (path.clone(), method.to_uppercase(), status.clone());
                    if !self.heard.contains(&heard) && response["x-not-reached"].is_null() {
                        unheard.push(format!("{method} {path} {status}"));
                    }
                }
            }
        }
        unheard
    }
}

/// A stranger asks.
fn ask(
    document: &mut Document,
    line: &mut Connection,
    method: &str,
    path: &str,
    body: &[u8],
) -> u16 {
    let answer = line.ask(method, path, "", body);
    document.hold(method, path, &answer);
    answer.status
}

/// The office asks.
fn told(
    document: &mut Document,
    line: &mut Connection,
    method: &str,
    path: &str,
    body: &[u8],
) -> u16 {
    let answer = office(line, method, path, body);
    document.hold(method, path, &answer);
    answer.status
}

/// A browser without script sends files.
fn send_form(document: &mut Document, line: &mut Connection, path: &str, files: &[&[u8]]) -> u16 {
    let answer = line.ask("POST", path, super::FORM, &super::form_of(files));
    document.hold("POST", path, &answer);
    answer.status
}

/// A house whose store has one closed epoch, made without waiting for a clock.
fn with_an_epoch() -> (House, Vec<u8>) {
    let house = House::new("site = \"site\"\n[limits]\nletters_per_epoch = 8\n");
    let site = house.folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    let files = [("index.html".to_owned(), b"<p>the form".to_vec())].into();
    std::fs::write(site.join("index.html"), b"<p>the form").unwrap();
    let manifest = relay::site::manifest_of(&files);
    std::fs::write(site.join(relay::site::MANIFEST), &manifest).unwrap();
    let mut body = sample::body_on(1, super::now(), house.key);
    body.epoch_seconds = 3_600;
    body.site = envelope::hash(&manifest);
    let notice = sample::sign(&body);

    let store = house.folder.path().join("store");
    let seed: [u8; 32] = std::fs::read(store.join("relay.key"))
        .unwrap()
        .try_into()
        .unwrap();
    let shelf = std::sync::Arc::new(FolderShelf::open(&store).unwrap());
    let secret = RelaySecret::from_seed(&seed);
    let now = super::now();
    let relay = Relay::open(shelf, secret, sample::root(), Limits::default(), now).unwrap();
    assert_eq!(relay.put_notice(&notice, now).status, 204);
    assert_eq!(
        relay.post(posting_of(SizeClass::FourKiB, 1), now).status,
        201
    );
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
    relay.close_epoch(now, &mut rng).unwrap();
    (house, notice)
}

#[test]
fn each_status_of_the_document_is_answered_and_no_other() {
    let document = &mut Document::read();
    let paths: Vec<String> = document.paths().map(|(path, _)| path.clone()).collect();
    let key = format!("/office/keys/{}", sample::week_of(super::now()).number());
    let large = vec![1; 70_000];

    // A relay that knows no office yet.
    let new = House::new("site = \"site\"\n");
    let running = new.start();
    let line = &mut running.connect();
    assert_eq!(ask(document, line, "GET", "/office/notice", b""), 404);
    assert_eq!(ask(document, line, "GET", "/board/newest", b""), 404);
    assert_eq!(ask(document, line, "GET", "/", b""), 503);
    assert_eq!(running.stop().code(), Some(0));

    let (house, notice) = with_an_epoch();
    // A store that was restored waits for its office: letters come again later.
    let restored = house.folder.path().join("store/restored");
    std::fs::write(&restored, b"").unwrap();
    let running = house.start();
    let letter = posting_of(SizeClass::FourKiB, 2);
    let status = ask(
        document,
        &mut running.connect(),
        "POST",
        "/letters",
        &letter,
    );
    assert_eq!(status, 503);
    let line = &mut running.connect();
    assert_eq!(send_form(document, line, "/letters/ar", &[&letter]), 503);
    assert!(running.stop().success());
    std::fs::remove_file(&restored).unwrap();

    let running = house.start();
    let line = &mut running.connect();
    // Letters.
    assert_eq!(ask(document, line, "OPTIONS", "/letters", b""), 204);
    let other_version = {
        let mut other = posting_of(SizeClass::FourKiB, 3);
        other[NONCE_BYTES] = 2;
        other
    };
    let dead = sample::posting_in(envelope::Period::Week(1), SizeClass::FourKiB, 1);
    for (body, status) in [
        (letter.clone(), 201),
        (letter.clone(), 200),
        (vec![1; 10], 400),
        (vec![1; 262_161], 413),
        (dead.clone(), 410),
        (other_version.clone(), 415),
    ] {
        assert_eq!(ask(document, line, "POST", "/letters", &body), status);
    }
    // The same by a form, whose letter leaves the lane crowded.
    for (body, status) in [
        (posting_of(SizeClass::FourKiB, 20), 201),
        (letter, 200),
        (vec![1; 10], 400),
        (vec![1; 262_161], 413),
        (dead, 410),
        (other_version, 415),
        (posting_of(SizeClass::FourKiB, 4), 429),
    ] {
        let sent = send_form(document, line, "/letters/en", &[&body]);
        assert_eq!(sent, status);
    }
    assert_eq!(send_form(document, line, "/letters/de", &[b"x"]), 404);
    for n in 4..10 {
        let body = posting_of(SizeClass::FourKiB, n);
        let asked = line.ask("POST", "/letters", "", &body);
        assert_eq!(asked.status, 429);
        document.hold("POST", "/letters", &asked);
        let solved = super::solved(&body, &asked.headers["temoin-puzzle"]);
        let taken = line.ask("POST", "/letters", &solved, &body);
        assert_eq!(taken.status, 201);
        document.hold("POST", "/letters", &taken);
    }
    let full = line.ask("POST", "/letters", "", &posting_of(SizeClass::FourKiB, 10));
    assert!(full.status == 429 && !full.headers.contains_key("temoin-puzzle"));
    document.hold("POST", "/letters", &full);
    // What anyone may fetch.
    let today = envelope::Day::of_unix_seconds(super::now()).0;
    for (path, there) in [
        ("/office/notice".to_owned(), None),
        ("/board/newest".to_owned(), None),
        (
            format!("/board/days/{}", today - 1),
            Some("/board/days/4294967295"),
        ),
        (
            format!("/board/tens/{}", today / 10),
            Some("/board/tens/429496729"),
        ),
        ("/board/0/manifest".to_owned(), Some("/board/9/manifest")),
        ("/board/0/leaves".to_owned(), Some("/board/9/leaves")),
        ("/board/0/tags".to_owned(), Some("/board/9/tags")),
        ("/board/0/cells-0".to_owned(), Some("/board/0/cells-9")),
    ] {
        assert_eq!(ask(document, line, "GET", &path, b""), 200, "{path}");
        if let Some(missing) = there {
            assert_eq!(ask(document, line, "GET", missing, b""), 404, "{missing}");
        }
        if path.starts_with("/board/") {
            assert_eq!(ask(document, line, "GET", &path, b"x"), 413, "{path}");
        }
    }
    assert_eq!(ask(document, line, "GET", "/health", b""), 204);
    assert_eq!(ask(document, line, "GET", "/leave", b""), 200);
    assert_eq!(ask(document, line, "GET", "/", b""), 200);
    assert_eq!(ask(document, line, "GET", "/nothing", b""), 404);
    // The notice and the keys it vouches for.
    let mut same_number = sample::body_on(1, super::now(), house.key);
    same_number.epoch_seconds = 1_800;
    for (body, status) in [
        (&notice[..], 204),
        (b"rubbish", 400),
        (&sample::sign(&same_number), 409),
        (&large, 413),
    ] {
        assert_eq!(ask(document, line, "PUT", "/office/notice", body), status);
    }
    assert_eq!(ask(document, line, "GET", &key, b""), 404);
    assert_eq!(ask(document, line, "PUT", &key, &sample::intake_key()), 204);
    assert_eq!(ask(document, line, "PUT", &key, b"another"), 400);
    assert_eq!(ask(document, line, "PUT", &key, &large), 413);
    assert_eq!(ask(document, line, "GET", &key, b""), 200);
    assert_eq!(ask(document, line, "GET", &key, b"x"), 413);
    // The office, and strangers in its place.
    let cells = vec![1; CELL_BYTES];
    let (tokens, older) = (sample::token_list(2), sample::token_list(1));
    let many: Vec<u8> = (0..=sample::CELLS)
        .flat_map(|n| sample::cell(u8::try_from(n).unwrap() + 9))
        .collect();
    for (method, path, body, status) in [
        ("GET", "/office/letters?after=0", &b""[..], 200),
        ("POST", "/office/collected?upto=0", b"", 204),
        ("GET", "/office/openings/0", b"", 200),
        ("GET", "/office/openings/9", b"", 404),
        ("PUT", "/office/tokens", &tokens, 204),
        ("PUT", "/office/tokens", &tokens[1..], 400),
        ("PUT", "/office/tokens", &older, 409),
        ("POST", "/office/cells", &cells, 204),
        ("POST", "/office/cells", &cells[1..], 400),
        ("POST", "/office/cells", &many[CELL_BYTES..], 429),
    ] {
        assert_eq!(told(document, line, method, path, body), status, "{path}");
        let stranger = ask(document, &mut running.connect(), method, path, body);
        assert_eq!(stranger, 404, "{path}");
    }
    assert_eq!(document.unheard(), Vec::<String>::new());

    // Every other method on every path, and paths of nobody's, are unknown.
    let unknown = line.ask("GET", "/nothing", "", b"");
    for template in paths
        .iter()
        .map(String::as_str)
        .chain(["/office/x", "/letters/1", "/board"])
    {
        let path = template.replace("{period}", "1").replace("{epoch}", "0");
        let path = path.replace("{day}", "1").replace("{page}", "0");
        let path = path.replace("{language}", "en");
        let written = &document.value["paths"][template];
        for method in [
            "GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "WONDER",
        ] {
            if written[method.to_lowercase()].is_null() && (method, template) != ("GET", "/letters")
            {
                let answer = running.connect().ask(method, &path, "", b"");
                assert_eq!(answer.status, 404, "{method} {path}");
                assert_eq!(answer.body, unknown.body, "{method} {path}");
            }
        }
    }
}
