//! `cargo xtask prove`: the symbolic models of `models/`, run by Verifpal, and each property broken
//! once on purpose to see that the model would have told.
//!
//! A query says above itself what is expected: `holds` (no attack within the bound), `replayed` (holds
//! within one session; across two, the same bytes are believed twice, and what that means stands
//! beside it), or `broken` (an attack must be found: the exchange can end, or a limit we name). A file
//! of `models/broken` names a model, the lines it bends and the queries that must then fail. A query
//! that holds and that nothing breaks is refused: it might hold because nothing happens in its model.
//!
//! What a run shows is that Verifpal found no attack within two sessions a principal, and no more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::broken::{Broken, Try, While, stop};
use crate::child::{self, Shown};
use crate::interrupt;
use crate::place::{self, Folder};

/// The tool, and the version whose verdicts were looked at.
const VERSION: &str = "1.6.7";

/// A model that takes longer is a model nobody runs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs every model and every breakage; a line each.
pub(crate) fn prove() -> Try<()> {
    interrupt::watch()?;
    println!("{}", all()?);
    Ok(())
}

/// The same, for the report of the long runs.
pub(crate) fn all() -> Try<String> {
    let program = installed()?;
    let models = models()?;
    let mut queries = 0;
    for model in models.values() {
        model.as_expected(&program)?;
        queries += model.queries.len();
        println!(
            "{:<12} {} queries as expected",
            model.name,
            model.queries.len()
        );
    }
    let mut unbroken: Vec<(String, String)> = models
        .values()
        .flat_map(|model| {
            let held = model
                .queries
                .iter()
                .filter(|q| q.expected != Expected::Attack);
            held.map(|q| (model.name.clone(), q.text.clone()))
        })
        .collect();
    let breakages = breakages()?;
    for breakage in &breakages {
        breakage.is_found(&program, &models)?;
        unbroken
            .retain(|(model, query)| *model != breakage.model || !breakage.breaks.contains(query));
        println!("{:<12} found: {}", breakage.model, breakage.name);
    }
    if let Some((model, query)) = unbroken.first() {
        return stop(format!(
            "{model}: “{query}” holds, and nothing in models/broken shows that it could fail"
        ));
    }
    Ok(format!(
        "Verifpal {VERSION}: {} models, {queries} queries as expected at one session and at two; {} \
         breakages, each found. No attack within that bound is what this says.",
        models.len(),
        breakages.len()
    ))
}

/// What a query must come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// No attack, at one session and at two.
    Holds,
    /// No attack at one session; at two, only what repeating old bytes does.
    Replayed,
    /// An attack, at both.
    Attack,
}

struct Query {
    text: String,
    expected: Expected,
}

struct Model {
    name: String,
    source: String,
    queries: Vec<Query>,
}

/// One way to spoil a model.
struct Breakage {
    name: String,
    model: String,
    breaks: Vec<String>,
    /// A line as it stands, and what stands there instead.
    changes: Vec<(String, Vec<String>)>,
}

impl Model {
    fn read(path: &Path) -> Try<Self> {
        let name = stem(path);
        let source =
            std::fs::read_to_string(path).doing(|| format!("reading {}", path.display()))?;
        let Some((_, asked)) = source.split_once("queries[") else {
            return stop(format!("{name}: asks nothing"));
        };
        let mut queries = Vec::new();
        let mut expected = None;
        for line in asked.lines().map(str::trim) {
            if let Some(said) = line.strip_prefix("// ") {
                expected = match said.split_once(':') {
                    Some(("holds", _)) => Some(Expected::Holds),
                    Some(("replayed", _)) => Some(Expected::Replayed),
                    Some(("broken", _)) => Some(Expected::Attack),
                    // A sentence that goes on.
                    _ => expected,
                };
            } else if line.contains("? ") {
                let Some(expected) = expected.take() else {
                    return stop(format!("{name}: “{line}” says not what is expected of it"));
                };
                queries.push(Query {
                    text: line.to_owned(),
                    expected,
                });
            }
        }
        if !queries.iter().any(|q| q.expected == Expected::Attack) {
            return stop(format!("{name}: no query shows that the exchange can end"));
        }
        Ok(Self {
            name,
            source,
            queries,
        })
    }

    fn as_expected(&self, program: &Path) -> Try<()> {
        for sessions in ["1", "2"] {
            let found = attacked(program, &self.name, &self.source, sessions)?;
            if found.len() != self.queries.len() {
                return stop(format!(
                    "{}: {} queries asked, {} answered",
                    self.name,
                    self.queries.len(),
                    found.len()
                ));
            }
            for (query, attack) in self.queries.iter().zip(found) {
                let wanted = match query.expected {
                    Expected::Holds => false,
                    Expected::Replayed => sessions == "2",
                    Expected::Attack => true,
                };
                if attack != wanted {
                    return stop(format!(
                        "{}, {sessions} session(s): “{}”: {}. See `verifpal verify models/{}.vp`",
                        self.name,
                        query.text,
                        if attack {
                            "an attack was found"
                        } else {
                            "no attack was found where one must be"
                        },
                        self.name
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Breakage {
    fn read(path: &Path) -> Try<Self> {
        let text = std::fs::read_to_string(path).doing(|| format!("reading {}", path.display()))?;
        let mut breakage = Self {
            name: stem(path),
            model: String::new(),
            breaks: Vec::new(),
            changes: Vec::new(),
        };
        for line in text.lines() {
            if let Some(model) = line.strip_prefix("model ") {
                model.clone_into(&mut breakage.model);
            } else if let Some(query) = line.strip_prefix("breaks ") {
                breakage.breaks.push(query.to_owned());
            } else if let Some(was) = line.strip_prefix("- ") {
                breakage.changes.push((was.to_owned(), Vec::new()));
            } else if let Some(becomes) = line.strip_prefix("+ ")
                && let Some((_, lines)) = breakage.changes.last_mut()
            {
                lines.push(becomes.to_owned());
            } else if !line.starts_with("//") {
                return stop(format!("{}: “{line}” means nothing", breakage.name));
            }
        }
        if breakage.breaks.is_empty() || breakage.changes.is_empty() {
            return stop(format!("{}: changes or breaks nothing", breakage.name));
        }
        Ok(breakage)
    }

    /// The model with its lines bent.
    fn spoilt(&self, model: &Model) -> Try<String> {
        let mut lines: Vec<String> = model.source.lines().map(str::to_owned).collect();
        for (was, becomes) in &self.changes {
            let at: Vec<usize> = (0..lines.len())
                .filter(|i| lines.get(*i).is_some_and(|line| line.trim() == was))
                .collect();
            let [at] = at.as_slice() else {
                return stop(format!(
                    "{}: “{was}” stands {} times in {}, not once",
                    self.name,
                    at.len(),
                    self.model
                ));
            };
            lines.splice(*at..=*at, becomes.iter().cloned());
        }
        Ok(lines.join("\n") + "\n")
    }

    fn is_found(&self, program: &Path, models: &BTreeMap<String, Model>) -> Try<()> {
        let Some(model) = models.get(&self.model) else {
            return stop(format!("{}: there is no model {}", self.name, self.model));
        };
        let spoilt = self.spoilt(model)?;
        for query in &self.breaks {
            let at = model.queries.iter().position(|q| q.text == *query);
            let Some((at, asked)) = at.and_then(|at| model.queries.get(at).map(|q| (at, q))) else {
                return stop(format!(
                    "{}: {} does not ask “{query}”",
                    self.name, self.model
                ));
            };
            if asked.expected == Expected::Attack {
                return stop(format!("{}: “{query}” is broken without it", self.name));
            }
            // At one session, where whatever is not marked broken held.
            let found = attacked(program, &self.name, &spoilt, "1")?;
            if found.get(at) != Some(&true) {
                return stop(format!(
                    "{}: “{query}” still holds; the model would not have told",
                    self.name
                ));
            }
        }
        Ok(())
    }
}

/// For each query in order, whether Verifpal found an attack. An error of the model, a check that
/// cannot succeed even without an attacker among them, is an error here.
fn attacked(program: &Path, name: &str, source: &str, sessions: &str) -> Try<Vec<bool>> {
    let folder = Folder::temporary("model")?;
    let file = folder.join("model.vp");
    std::fs::write(&file, source).doing(|| format!("writing {}", file.display()))?;
    let mut process = std::process::Command::new(program)
        .args(["verify", "--result-code", "--quiet", "--color", "never"])
        .args(["--sessions", sessions])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .doing(|| "starting Verifpal".to_owned())?;
    let begin = Instant::now();
    let status = loop {
        match process.try_wait().doing(|| format!("waiting for {name}"))? {
            Some(status) => break status,
            None if interrupt::asked() || begin.elapsed() > PATIENCE => {
                // Already gone is as good.
                let _gone = process.kill();
                let _reaped = process.wait();
                return stop(format!(
                    "{name}: asked to end, or longer than {} s",
                    PATIENCE.as_secs()
                ));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let said = match process.stdout.take() {
        Some(out) => std::io::read_to_string(out).doing(|| format!("reading of {name}"))?,
        None => String::new(),
    };
    if !status.success() {
        return stop(format!("{name}: Verifpal does not take this model"));
    }
    verdicts(said.trim()).ok_or_else(|| Broken(format!("{name}: “{}” is no verdict", said.trim())))
}

/// `c0a1`: a letter for each query's kind, then 1 for an attack.
fn verdicts(code: &str) -> Option<Vec<bool>> {
    code.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [b'a' | b'c' | b'e' | b'f' | b'u', b'0'] => Some(false),
            [b'a' | b'c' | b'e' | b'f' | b'u', b'1'] => Some(true),
            _ => None,
        })
        .collect()
}

/// Built below the target folder once, which takes some minutes.
fn installed() -> Try<PathBuf> {
    let tools = place::target().join("tools");
    let program = tools.join("bin/verifpal");
    if !program.is_file() {
        println!(
            "Verifpal {VERSION} is built first, into {}",
            tools.display()
        );
        let mut install = place::cargo();
        install
            .args(["install", "verifpal", "--version", VERSION])
            // It asks for a newer compiler than ours out of custom; it builds with ours.
            .args(["--locked", "--ignore-rust-version", "--root"])
            .arg(&tools);
        child::must("cargo install verifpal", &mut install, Shown::No)?;
    }
    Ok(program)
}

fn models() -> Try<BTreeMap<String, Model>> {
    let found = files("models", "vp")?;
    let models: Try<Vec<Model>> = found.iter().map(|path| Model::read(path)).collect();
    Ok(models?.into_iter().map(|m| (m.name.clone(), m)).collect())
}

fn breakages() -> Try<Vec<Breakage>> {
    let found = files("models/broken", "txt")?;
    found.iter().map(|path| Breakage::read(path)).collect()
}

fn files(folder: &str, ending: &str) -> Try<Vec<PathBuf>> {
    let base = place::root().join(folder);
    let mut found = place::files_below(&base)?;
    found.retain(|path| path.extension().is_some_and(|e| e == ending));
    if found.is_empty() {
        return stop(format!("{} is empty", base.display()));
    }
    Ok(found)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_query_says_what_is_expected_and_every_property_has_its_breakage() {
        let models = models().unwrap();
        let breakages = breakages().unwrap();
        for breakage in &breakages {
            breakage
                .spoilt(models.get(&breakage.model).unwrap())
                .unwrap();
        }
        for model in models.values() {
            for query in model
                .queries
                .iter()
                .filter(|q| q.expected != Expected::Attack)
            {
                assert!(
                    breakages
                        .iter()
                        .any(|b| b.model == model.name && b.breaks.contains(&query.text)),
                    "{}: {}",
                    model.name,
                    query.text
                );
            }
        }
    }

    #[test]
    fn a_verdict_is_read_for_each_query_and_anything_else_is_none() {
        assert_eq!(verdicts("c0a1u0"), Some(vec![false, true, false]));
        for wrong in ["c", "c2", "x0", "c0 a1", "error"] {
            assert_eq!(verdicts(wrong), None, "{wrong}");
        }
    }
}
