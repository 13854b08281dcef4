//! The threat model and the account of soundness name their tests, and each one exists.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::path::{Path, PathBuf};

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every source file below a path, or the file itself.
fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        let source = path
            .extension()
            .is_some_and(|e| e == "rs" || e == "mjs" || e == "ts");
        if path.is_dir() || source {
            found.extend(sources(&path));
        }
    }
    found
}

/// Each `file: name` of a text stands where it says.
fn is_there(claim: &str, text: &str) {
    let (file, name) = claim.split_once(": ").unwrap();
    let path = house().join(file);
    assert!(
        path.exists(),
        "{file} is named in {text} and does not exist"
    );
    let found = sources(&path)
        .iter()
        .any(|source| std::fs::read_to_string(source).unwrap().contains(name));
    assert!(found, "{claim} is named in {text} and does not exist");
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_row_of_the_threat_model_names_a_test_that_exists_or_says_unanswered() {
    let text = std::fs::read_to_string(house().join("docs/threat-model.md")).unwrap();
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| attacker"))
        .collect();
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let kept_by = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let claims: Vec<&str> = quoted(kept_by)
            .filter(|claim| claim.contains(": "))
            .collect();
        assert!(
            !claims.is_empty() || kept_by.contains("*unanswered*"),
            "no test and not called unanswered: {row}"
        );
        for claim in claims {
            is_there(claim, "the threat model");
        }
    }
}

#[test]
fn every_goal_called_sound_names_a_model_or_a_test_that_exists() {
    let text = std::fs::read_to_string(house().join("docs/soundness.md")).unwrap();
    let goals: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| ["))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(goals.len() > 15, "{}", goals.len());
    for goal in goals {
        let [tick, what, models, tests] = goal[..] else {
            panic!("a goal has four parts: {goal:?}");
        };
        for model in quoted(models) {
            let file = house().join("models").join(model).with_extension("vp");
            assert!(file.is_file(), "{what}: there is no model {model}");
        }
        let mut tested = 0;
        for claim in quoted(tests).filter(|claim| claim.contains(": ")) {
            is_there(claim, "docs/soundness.md");
            tested += 1;
        }
        let sound = tested > 0 || quoted(models).next().is_some();
        assert!(
            sound || tick == "[ ]",
            "ticked, and nothing speaks for it: {what}"
        );
    }
}
