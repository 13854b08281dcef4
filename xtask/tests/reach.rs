//! `docs/reach.md` says what works where. Each row names its test, and the test is there.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_level_names_a_test_that_exists_or_is_called_missing() {
    let text = std::fs::read_to_string(house().join("docs/reach.md")).unwrap();
    let mut rows = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let heading = lines.peek().is_some_and(|next| next.starts_with("|---"));
        if !line.starts_with("| ") || heading {
            continue;
        }
        rows += 1;
        let test = line.trim_end_matches('|').rsplit('|').next().unwrap();
        let test = test.trim();
        if test == "*missing*" {
            continue;
        }
        let named = test.trim_matches('`').split_once(": ");
        let (file, claim) = named.unwrap_or_else(|| panic!("names no test: {line}"));
        let source = std::fs::read_to_string(house().join(file))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(source.contains(claim), "{file} has no test “{claim}”");
    }
    assert!(rows >= 15, "{rows} rows were read");
}
