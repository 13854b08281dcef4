//! Rules of the house that neither the compiler nor clippy keeps.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Folders of the crates, by name.
fn rooms() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .collect();
    found.push(root().join("xtask"));
    found.sort();
    found
}

fn name(room: &Path) -> String {
    room.file_name().unwrap().to_string_lossy().into_owned()
}

/// The pure rooms as ARCHITECTURE.md names them.
fn pure() -> Vec<String> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let named = text.split("Pure rooms (`").nth(1).unwrap();
    let named = named.split('`').next().unwrap();
    named.split_whitespace().map(str::to_owned).collect()
}

fn sources(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![below.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn exactly_the_pure_rooms_are_held_to_the_rules_of_pure_rooms() {
    let pure = pure();
    assert!(
        pure.contains(&"record".to_owned()),
        "ARCHITECTURE.md is read wrongly"
    );
    for room in rooms() {
        let released = room.join("clippy.toml").is_file();
        let is_pure = pure.contains(&name(&room));
        assert_eq!(released, !is_pure, "{}: see clippy.toml", name(&room));
    }
    for rule in [
        "SystemTime::now",
        "Instant::now",
        "getrandom",
        "std::fs",
        "std::net",
    ] {
        assert!(
            read(&root().join("clippy.toml")).contains(rule),
            "{rule} is not forbidden"
        );
    }
}

#[test]
fn a_pure_room_neither_waits_nor_links_what_touches_the_world() {
    // Clippy keeps clock, files, sockets and printing out; these it cannot see.
    for room in rooms().iter().filter(|room| pure().contains(&name(room))) {
        for file in sources(&room.join("src")) {
            // A file of tests is compiled for tests alone.
            if file.ends_with("tests.rs") {
                continue;
            }
            let text = read(&file);
            for word in ["async fn", "async move", ".await", "clippy::disallowed"] {
                let inside_a_test = |at: usize| text[..at].contains("#[cfg(test)]");
                let found = text.find(word).filter(|at| !inside_a_test(*at));
                assert!(found.is_none(), "{}: {word}", file.display());
            }
        }
        let manifest = read(&room.join("Cargo.toml"));
        let normal = manifest.split("[dev-dependencies]").next().unwrap();
        for world in [
            "tokio",
            "hyper",
            "axum",
            "ureq",
            "rusqlite",
            "getrandom",
            "rustix",
            "tempfile",
        ] {
            let linked = normal.lines().any(|line| line.starts_with(world));
            assert!(!linked, "{} links {world}", name(room));
        }
    }
}

#[test]
fn every_crate_and_every_file_of_rust_begins_by_saying_what_it_is_for() {
    for room in rooms() {
        for part in ["src", "tests", "examples"] {
            for file in sources(&room.join(part)) {
                let text = read(&file);
                let first = text.lines().next().unwrap_or("");
                let said = first.starts_with("//!")
                    || file.file_name().is_some_and(|n| n == "main.rs") && text.contains("//!")
                    // A compile-fail case is one claim; its comment says which.
                    || first.starts_with("//");
                assert!(
                    said,
                    "{} does not begin with what it is for",
                    file.display()
                );
            }
        }
    }
}

/// Files the project consists of, as git knows them.
fn tracked() -> Vec<PathBuf> {
    let out = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "this test reads the list of files from git"
    );
    let text = String::from_utf8(out.stdout).unwrap();
    let files: Vec<PathBuf> = text
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(|name| root().join(name))
        .filter(|path| path.is_file())
        .collect();
    assert!(files.len() > 50, "git lists only {} files", files.len());
    files
}

#[test]
fn no_file_names_a_place_where_it_was_written_or_fetched() {
    // Spelled in parts, so that this file does not find itself.
    let forbidden: Vec<String> = [
        ["/wo", "rk/"],
        ["/tmp/", "brief"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["registry.", "npmjs"],
        ["static.", "crates.io"],
        ["index.", "crates.io"],
        ["files.", "pythonhosted"],
        ["deb.", "debian.org"],
        ["cargo-target", "-"],
    ]
    .iter()
    .map(|parts| parts.concat())
    .collect();
    for file in tracked() {
        // Pictures and data of others hold what they hold.
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        if file.starts_with(root().join("tests/data")) {
            continue;
        }
        for word in &forbidden {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let words: Vec<String> = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["place", "holder"],
    ]
    .iter()
    .map(|parts| parts.concat())
    .collect();
    let code = |path: &Path| {
        path.extension()
            .is_some_and(|e| ["rs", "ts", "mjs", "toml", "sh"].iter().any(|x| e == *x))
    };
    for file in tracked().iter().filter(|path| code(path)) {
        if file.ends_with("clippy.toml") {
            continue;
        }
        let text = read(file);
        for (number, line) in text.lines().enumerate() {
            for word in &words {
                let letter_follows = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric());
                // An input's hint is an attribute of HTML, and `for nowhere` is another word.
                let other = |rest: &str| letter_follows(rest) || rest.starts_with(['=', ':']);
                assert!(
                    line.split(word.as_str()).skip(1).all(other),
                    "{}:{}: {word}",
                    file.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn every_decision_has_the_number_of_its_file() {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(root().join("docs/decisions")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let number = name.split('-').next().unwrap().to_owned();
        assert!(number.len() == 4 && number.parse::<u16>().is_ok(), "{name}");
        assert!(read(&path).starts_with(&format!("# {number} ")), "{name}");
        numbers.push(number);
    }
    // A number may be left out; two decisions never share one, since the code cites it.
    numbers.sort();
    let among = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), among, "one number, two decisions");
}

#[test]
fn the_protocol_names_every_label_and_version_the_code_has() {
    let text = read(&root().join("docs/protocol.md"));
    let labels = read(&root().join("crates/envelope/src/labels.rs"));
    let mut seen = 0;
    for label in labels
        .split('"')
        .filter(|part| part.starts_with("temoin/1/"))
    {
        assert!(
            text.contains(&format!("`{label}`")),
            "{label} is not in docs/protocol.md"
        );
        seen += 1;
    }
    assert!(seen > 10, "labels.rs is read wrongly");
}
