//! The threat model and the account of soundness name their tests, and each one exists; French is
//! spaced as French is.
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

/// What stands between quotes in a Rust source: its texts, without comments and characters.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'', 'r']) {
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(raw) = ["r#\"", "r\""].iter().find(|raw| rest.starts_with(**raw)) {
            let end = if raw.len() == 3 { "\"#" } else { "\"" };
            let (text, after) = rest[raw.len()..].split_once(end).unwrap();
            found.push(text.to_owned());
            rest = after;
        } else if rest.starts_with('"') {
            let mut end = 1;
            while !rest[end..].starts_with('"') {
                end += if rest[end..].starts_with('\\') { 2 } else { 1 };
                end = rest.ceil_char_boundary(end);
            }
            found.push(rest[1..end].to_owned());
            rest = &rest[end + 1..];
        } else if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') {
            // A character, which may be a quote.
            let after = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            let end = rest[after..]
                .find('\'')
                .map_or(rest.len(), |at| after + at + 1);
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
    found
}

/// Whether a text is French: by its accents or its small words.
fn is_french(text: &str) -> bool {
    const SMALL: [&str; 16] = [
        "le", "la", "les", "des", "du", "un", "une", "est", "ou", "pas", "vous", "ce", "cette",
        "dans", "pour", "que",
    ];
    // Spanish shares small words with French, and has some that French does not.
    const SPANISH: [&str; 7] = ["el", "los", "una", "esta", "este", "del", "puede"];
    let words = || text.split(|c: char| !c.is_alphabetic());
    let spanish = text.contains(['á', 'í', 'ó', 'ú', 'ñ', '¿', '¡'])
        || words().any(|word| SPANISH.contains(&word));
    let accented = text.chars().any(|c| "àâçéèêëîïôûùœÀÇÉÈ".contains(c));
    !spanish && (accented || words().filter(|word| SMALL.contains(word)).count() > 1)
}

/// Where a French text lacks the space that does not break: before `: ; ? !` and inside « ».
fn badly_spaced(text: &str) -> Option<String> {
    const SPACES: [char; 2] = ['\u{a0}', '\u{202f}'];
    let signs: Vec<char> = text.chars().collect();
    let around = |at: usize| -> String {
        signs[at.saturating_sub(25)..signs.len().min(at + 8)]
            .iter()
            .collect()
    };
    for (at, sign) in signs.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| signs[at]);
        let after = signs.get(at + 1);
        let wrong = match sign {
            // Not the sign of an address, an hour, a path, a format or an escape.
            ':' | ';' | '?' | '!' => {
                let ends = after.is_none_or(|c| c.is_whitespace() || "*»)".contains(*c));
                ends && before.is_some_and(|c| {
                    !SPACES.contains(&c) && (c == ' ' || c.is_alphabetic() || "’»)*`".contains(c))
                })
            }
            '«' => after.is_none_or(|c| !SPACES.contains(c)),
            '»' => before.is_none_or(|c| !SPACES.contains(&c)),
            _ => false,
        };
        if wrong {
            return Some(around(at));
        }
    }
    None
}

/// A page of a guide without its code and its links.
fn prose(page: &str) -> String {
    let mut out = String::new();
    for (n, fence) in page.split("```").enumerate() {
        if n % 2 == 1 {
            continue;
        }
        for (n, code) in fence.split('`').enumerate() {
            // A letter in the place of the code, so that what follows it has something before it.
            out.push_str(if n % 2 == 1 { "x" } else { code });
        }
    }
    out
}

#[test]
fn every_french_text_a_person_reads_is_spaced_as_french_is() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for source in sources(&house().join("crates")) {
        // Texts that a test invents are nobody's.
        let path = source.to_string_lossy().into_owned();
        if !path.contains("/src/") || path.ends_with("tests.rs") || !path.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(&source).unwrap();
        // The folder of another language quotes as it does.
        let other = ["/ar/", "/es/", "/ru/", "/zh/"]
            .iter()
            .any(|own| path.contains(own));
        // A text in two languages has a line for each.
        let literals = literals(&text);
        for literal in literals
            .iter()
            .flat_map(|l| l.split("\\n"))
            .filter(|_| !other)
        {
            if is_french(literal) || path.contains("/texts/fr/") {
                read += 1;
                wrong.extend(badly_spaced(literal).map(|at| format!("{path}: {at}")));
            }
        }
    }
    let mut guides = vec![
        house().join("README.fr.md"),
        house().join("crates/relay/src/drop_point.html"),
    ];
    for entry in std::fs::read_dir(house().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".fr.md") {
            guides.push(path);
        }
    }
    for guide in guides {
        let text = prose(&std::fs::read_to_string(&guide).unwrap());
        for line in text.lines().filter(|line| is_french(line)) {
            read += 1;
            wrong.extend(badly_spaced(line).map(|at| format!("{}: {at}", guide.display())));
        }
    }
    assert!(read > 1_200, "only {read} French texts were found");
    assert!(
        wrong.is_empty(),
        "{} texts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_space_that_is_missing_or_breaks_is_seen() {
    for text in [
        "Qui ?",
        "Qui?",
        "« Qui\u{a0}»",
        "«\u{a0}Qui »",
        "Voici : un",
        "`a` ; b",
    ] {
        assert!(badly_spaced(text).is_some(), "{text}");
    }
    for text in [
        "Qui\u{a0}?",
        "«\u{202f}Qui\u{202f}»",
        "à 10:30, https://a.b",
        "Voici\u{a0}:\nun",
    ] {
        assert_eq!(badly_spaced(text), None, "{text}");
    }
    let source = "say(\"one\", \"l’\\\"un\\\" é\"); // \"no\"\n'\"'; r#\"three\"#";
    assert_eq!(literals(source), ["one", "l’\\\"un\\\" é", "three"]);
}
