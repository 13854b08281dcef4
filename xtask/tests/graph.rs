//! The crate graph is the security argument. It is read from cargo and compared with the table in
//! ARCHITECTURE.md; nothing here lists a crate twice.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let out = Command::new(cargo)
        // Not `--offline`: what only other systems link is not here yet on a fresh machine.
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

type Edges = BTreeMap<String, BTreeSet<String>>;

/// The table's rows: room, and the rooms it may use. `None` is everything.
fn table() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches('`').to_owned();
        if name.ends_with('/') {
            continue;
        }
        let may = match cells[2] {
            "everything" => None,
            "–" => Some(BTreeSet::new()),
            list => Some(list.split(',').map(|one| one.trim().to_owned()).collect()),
        };
        rows.insert(name, may);
    }
    rows
}

/// What each of our packages uses of ours, build- and dev-dependencies apart.
fn edges(metadata: &Value) -> Edges {
    let ours: BTreeSet<&str> = ours(metadata)
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    ours_by_name(metadata, |dependency| {
        dependency["kind"].is_null() && ours.contains(dependency["name"].as_str().unwrap())
    })
}

fn ours(metadata: &Value) -> impl Iterator<Item = &Value> {
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().filter(|p| p["source"].is_null())
}

fn ours_by_name(metadata: &Value, keep: impl Fn(&Value) -> bool) -> Edges {
    ours(metadata)
        .map(|package| {
            let uses = package["dependencies"].as_array().unwrap().iter();
            let uses = uses.filter(|d| keep(d));
            (
                package["name"].as_str().unwrap().to_owned(),
                uses.map(|d| d["name"].as_str().unwrap().to_owned())
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn every_room_stands_in_the_table_and_uses_only_what_its_row_allows() {
    let (edges, table) = (edges(&metadata()), table());
    let rooms: BTreeSet<&String> = edges.keys().collect();
    let rows: BTreeSet<&String> = table.keys().collect();
    assert_eq!(
        rooms, rows,
        "ARCHITECTURE.md and the workspace name other rooms"
    );
    for (room, uses) in &edges {
        if let Some(may) = &table[room] {
            let forbidden: Vec<&String> = uses.difference(may).collect();
            assert!(
                forbidden.is_empty(),
                "{room} uses {forbidden:?}, its row does not say so"
            );
        }
    }
}

/// Everything a package links, ours and foreign, through normal dependencies alone.
fn linked(metadata: &Value, from: &str) -> BTreeSet<String> {
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["id"].as_str().unwrap(), p["name"].as_str().unwrap()))
        .collect();
    let begin = ours(metadata).find(|p| p["name"] == from).unwrap();
    let mut open = vec![begin["id"].as_str().unwrap()];
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !found.insert(names[id].to_owned()) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"].is_null()) {
                open.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    found
}

#[test]
fn the_relay_links_no_room_that_could_open_or_seal_anything() {
    let linked = linked(&metadata(), "relay");
    assert!(linked.contains("envelope"), "the walk itself is broken");
    for room in [
        "record", "seal", "open", "casework", "vault", "desk", "temoin",
    ] {
        assert!(!linked.contains(room), "temoin-relay links {room}");
    }
}

#[test]
fn the_native_reporter_and_the_doorstep_link_no_office_software() {
    let metadata = metadata();
    for binary in ["temoin-report", "doorstep"] {
        let linked = linked(&metadata, binary);
        assert!(linked.contains("seal"), "the walk itself is broken");
        for room in [
            "open", "casework", "vault", "desk", "temoin", "relay", "rusqlite",
        ] {
            assert!(!linked.contains(room), "{binary} links {room}");
        }
    }
}

#[test]
fn the_figures_cannot_reach_what_a_person_told() {
    let linked = linked(&metadata(), "figures");
    for room in ["casework", "vault", "seal", "open", "envelope"] {
        assert!(!linked.contains(room), "figures links {room}");
    }
}

#[test]
fn every_dependency_is_pinned_once_and_says_what_it_is_for() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = text.split("[workspace.dependencies]").nth(1).unwrap();
    let section = section.split("\n[").next().unwrap();
    let mut explained = false;
    let mut rooms = true;
    for line in section.lines() {
        if line.starts_with('#') {
            (explained, rooms) = (true, false);
        } else if line.trim().is_empty() {
            explained = false;
        } else if !rooms {
            assert!(explained, "no comment says what this is for: {line}");
        }
    }
    for package in ours(&metadata()) {
        let manifest = package["manifest_path"].as_str().unwrap();
        let text = std::fs::read_to_string(manifest).unwrap();
        for line in text.lines().map(str::trim) {
            let versioned = line.starts_with(|c: char| c.is_ascii_lowercase())
                && (line.contains("version = \"") || line.contains(" = \"") && line.contains('.'))
                && line.split('=').next().unwrap().trim() != "license"
                && line.split('=').next().unwrap().trim() != "path"
                && line.split('=').next().unwrap().trim() != "description";
            assert!(!versioned, "{manifest} pins a version of its own: {line}");
        }
    }
}

#[test]
fn everything_linked_comes_from_the_one_registry_under_a_licence_we_may_use() {
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let allowed: BTreeSet<&str> = deny
        .split("allow = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .collect();
    assert!(allowed.contains("MIT"), "deny.toml is read wrongly");
    let banned: Vec<&str> = deny
        .split("crate = \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if package["source"].is_null() {
            continue;
        }
        let source = package["source"].as_str().unwrap();
        assert!(
            source.starts_with("registry+"),
            "{name} comes from {source}"
        );
        assert!(!banned.contains(&name), "{name} is banned");
        // Some packages name no licence but a file; there is none such among ours.
        let licence = package["license"].as_str().unwrap_or("");
        assert!(may_use(licence, &allowed), "{name}: {licence:?}");
    }
}

/// Whether an SPDX expression can be satisfied: alternatives of conjunctions, brackets of one level.
fn may_use(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let one = |text: &str| {
        let text = text.trim().trim_matches(|c| c == '(' || c == ')').trim();
        allowed.contains(text)
    };
    let all_of = |text: &str| text.split(" AND ").all(|part| part.split(" OR ").any(one));
    // `(MIT OR Apache-2.0) AND X` is a conjunction of alternatives, `MIT OR Apache-2.0` an
    // alternative of conjunctions, `A/B` the old way to write `A OR B`.
    let text = expression.replace('/', " OR ");
    if text.contains('(') {
        all_of(&text)
    } else {
        text.split(" OR ").any(all_of)
    }
}

#[test]
fn a_licence_expression_is_read_as_it_is_meant() {
    let allowed = BTreeSet::from(["MIT", "Unicode-3.0"]);
    assert!(may_use("MIT OR GPL-3.0", &allowed));
    assert!(may_use("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(may_use("MIT/Apache-2.0", &allowed));
    assert!(!may_use("GPL-3.0", &allowed));
    assert!(!may_use("MIT AND GPL-3.0", &allowed));
    assert!(!may_use("(MIT OR Apache-2.0) AND OpenSSL", &allowed));
    assert!(!may_use("", &allowed));
}
