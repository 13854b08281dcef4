//! A drop point as it is run: a letter handed in over HTTP, carried by a stick to another one, and
//! passed on over a line that comes and goes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

#[path = "../src/sample.rs"]
mod sample;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use carry::http::{CannotPost, Relay};
use envelope::keys::RelaySecret;

const PROGRAM: &str = env!("CARGO_BIN_EXE_temoin-relay");

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A program that listens; ended by its id when it goes.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    fn ask(&self, request: &[u8]) -> String {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn drop_command(folder: &Path, notice: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["drop", "--folder", folder.to_str().unwrap()])
        .args(["--root", &hex(&sample::root().0)])
        .args(["--notice", notice.to_str().unwrap()])
        .args(more);
    command
}

fn done(command: &mut Command) -> (i32, String) {
    let out = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        out.status.code().unwrap(),
        text(out.stdout) + &text(out.stderr),
    )
}

#[test]
fn whoever_runs_a_drop_point_without_a_line_is_told_that_letters_are_not_yet_with_the_office() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let key = sample::secret().public();
    let notice = sample::sign(&sample::body_on(1, now(), key));
    std::fs::write(path("notice"), &notice).unwrap();
    let letter = sample::posting_in(sample::week_of(now()), envelope::SizeClass::FourKiB, 1);
    std::fs::create_dir(path("stick")).unwrap();
    std::fs::write(path("stick/A.BIN"), &letter).unwrap();
    let stick = path("stick");
    let (code, said) = done(&mut drop_command(
        &path("kept"),
        &path("notice"),
        &["--take", stick.to_str().unwrap()],
    ));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 taken in"), "{said}");
    assert!(said.contains("not yet with the office"), "{said}");
    let told = path("told");
    let mut listening = drop_command(&path("kept"), &path("notice"), &["--listen", "127.0.0.1:0"]);
    listening.stderr(std::fs::File::create(&told).unwrap());
    let running = Running::start(&mut listening);
    // An answer comes after what is told at the start.
    let page = running.ask(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(page.contains("pas encore au bureau"), "{page}");
    let told = std::fs::read_to_string(&told).unwrap();
    assert!(told.contains("--give"), "{told}");
}

#[test]
fn a_letter_goes_from_one_drop_point_by_stick_to_another_and_by_line_to_the_relay() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let store = path("store");
    let (code, said) =
        done(Command::new(PROGRAM).args(["init", "--folder", store.to_str().unwrap()]));
    assert_eq!(code, 0, "{said}");
    let seed: [u8; 32] = std::fs::read(store.join("relay.key"))
        .unwrap()
        .try_into()
        .unwrap();
    let key = RelaySecret::from_seed(&seed).public();
    let notice = sample::sign(&sample::body_on(1, now(), key));
    std::fs::write(path("notice"), &notice).unwrap();
    std::fs::write(
        path("relay.toml"),
        format!(
            "listen = \"127.0.0.1:0\"\nfolder = \"store\"\noffice_root = \"{}\"\n",
            hex(&sample::root().0)
        ),
    )
    .unwrap();
    let letter = sample::posting_in(sample::week_of(now()), envelope::SizeClass::FourKiB, 1);

    // Handed in where there is no line, by a program and by a plain form.
    let near = Running::start(&mut drop_command(
        &path("near"),
        &path("notice"),
        &["--listen", "127.0.0.1:0"],
    ));
    let handed = Relay::new(&near.url).unwrap().post_letter(&letter);
    // It is not a receipt, and no client takes it for one.
    assert_eq!(
        handed,
        Err(CannotPost::Trouble(carry::http::Trouble::Strange(202)))
    );
    let body = [
        &b"--b\r\ncontent-disposition: form-data; name=\"letter\"; filename=\"A.BIN\"\r\n\r\n"[..],
        &letter,
        b"\r\n--b--\r\n",
    ]
    .concat();
    let head = format!(
        "POST /letters HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let answer = near.ask(&[head.as_bytes(), &body].concat());
    assert!(
        answer.starts_with("HTTP/1.1 202")
            && answer.contains("1 kept here, not yet with the office; 0 not taken"),
        "{answer}"
    );
    let page = near.ask(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(
        page.contains("is not yet with the office") && page.contains("default-src 'none'"),
        "{page}"
    );
    for unknown in [
        "/board/newest",
        "/office/notice",
        "/../etc/passwd",
        "/letters",
    ] {
        let answer = near.ask(
            format!("GET {unknown} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
    drop(near);

    // Carried on.
    let stick = path("stick");
    let (code, said) = done(&mut drop_command(
        &path("near"),
        &path("notice"),
        &["--give", stick.to_str().unwrap()],
    ));
    assert_eq!(
        (code, said.as_str()),
        (0, "letters: 1 written onto the stick; they stay here too\n")
    );
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let far = |line: &str| {
        done(&mut drop_command(
            &path("far"),
            &path("notice"),
            &["--take", stick.to_str().unwrap(), "--forward", line],
        ))
    };
    let (code, said) = far(&format!("http://{nobody}"));
    assert_eq!(code, 4, "{said}");
    assert!(
        said.contains("1 taken in") && said.contains("1 stay until the line holds"),
        "{said}"
    );
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 0);

    // And passed on, once; the same letter from the first drop point is the same letter.
    let relay = Running::start(Command::new(PROGRAM).args([
        "serve",
        "--settings",
        path("relay.toml").to_str().unwrap(),
    ]));
    Relay::new(&relay.url).unwrap().put_notice(&notice).unwrap();
    let (code, said) = far(&relay.url);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("1 signed for by the office's relay"),
        "{said}"
    );
    assert_eq!(
        carry::folder::read_letters(&path("far")).unwrap().count(),
        0
    );
    let (code, said) = done(&mut drop_command(
        &path("near"),
        &path("notice"),
        &["--forward", &relay.url],
    ));
    assert_eq!(code, 0, "{said}");
    assert!(
        Relay::new(&relay.url)
            .unwrap()
            .post_letter(&letter)
            .unwrap()
            .repeat
    );
}
