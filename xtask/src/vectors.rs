//! `cargo xtask vectors`: both languages read every vector, and each reads what the other sealed a
//! moment ago. The Rust ones are made again from their seeds first: a change shows in `git diff`.

use crate::broken::{Try, While, stop};
use crate::child::{self, Shown};
use crate::place::{self, Folder};

/// Rust writes, script reads; script writes, Rust reads.
pub(crate) fn both_languages() -> Try<()> {
    let mut again = place::cargo();
    again.args(["run", "--package", "rehearsal", "--example", "vectors"]);
    child::must("making the vectors again", &mut again, Shown::No)?;
    let told = checked()?;
    println!("{told}");
    Ok(())
}

/// The folder as it is, read by both; and letters sealed now by the script, opened in Rust.
pub(crate) fn checked() -> Try<String> {
    place::node_modules()?;
    let mut by_script = place::node()?;
    by_script
        .args(["check/run.mjs", "vectors"])
        .current_dir(place::reporter());
    let script = child::must("the script reading the vectors", &mut by_script, Shown::No)?;

    let mut brought = place::node()?;
    brought
        .args(["check/run.mjs", "vectors", "--pure"])
        .current_dir(place::reporter());
    child::must(
        "the script reading the vectors without WebCrypto",
        &mut brought,
        Shown::No,
    )?;

    let fresh = Folder::temporary("vectors")?;
    let mut sealing = place::node()?;
    sealing
        .args(["check/run.mjs", "seal-vectors"])
        .arg(fresh.path())
        .current_dir(place::reporter());
    child::must("the script sealing letters", &mut sealing, Shown::No)?;
    if place::files_below(fresh.path())?.is_empty() {
        return stop("the script sealed nothing");
    }
    // The Rust walker reads subfolders too, so the fresh ones stand beside the kept ones.
    let all = Folder::temporary("all-vectors")?;
    copy(&place::root().join("vectors"), &all.join("kept"))?;
    copy(fresh.path(), &all.join("fresh"))?;
    let mut by_rust = place::cargo();
    by_rust
        .args([
            "test",
            "--quiet",
            "--package",
            "rehearsal",
            "--test",
            "vectors",
        ])
        .env("TEMOIN_VECTORS", all.path());
    child::must("Rust reading the vectors", &mut by_rust, Shown::No)?;

    let kept = place::files_below(&place::root().join("vectors"))?.len();
    let sealed = place::files_below(fresh.path())?.len();
    Ok(format!(
        "{kept} vectors read by both, {sealed} sealed now by the script and opened in Rust; the \
         script says: {}",
        script.said.trim().lines().last().unwrap_or_default()
    ))
}

fn copy(from: &std::path::Path, to: &std::path::Path) -> Try<()> {
    for file in place::files_below(from)? {
        let place = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).doing(|| format!("making {}", parent.display()))?;
        }
        std::fs::copy(&file, &place).doing(|| format!("copying {}", file.display()))?;
    }
    Ok(())
}
