//! The threat model names its tests, and each one exists.
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
        let claims: Vec<&str> = kept_by
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|claim| claim.contains(": "))
            .collect();
        assert!(
            !claims.is_empty() || kept_by.contains("*unanswered*"),
            "no test and not called unanswered: {row}"
        );
        for claim in claims {
            let (file, name) = claim.split_once(": ").unwrap();
            let path = house().join(file);
            assert!(
                path.exists(),
                "{file} is named in the threat model and does not exist"
            );
            let found = sources(&path)
                .iter()
                .any(|source| std::fs::read_to_string(source).unwrap().contains(name));
            assert!(
                found,
                "{claim} is named in the threat model and does not exist"
            );
        }
    }
}
