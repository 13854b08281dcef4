//! The page's script and the office's site, built twice, from two places and in two zones: the same
//! bytes, or a published digest would say nothing. Files are compared by name and content, dates of
//! files are not part of what anyone is served.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::broken::{Try, While, stop};
use crate::child::{self, Shown};
use crate::place::{self, Folder};

/// What may differ between two machines and must not show.
struct Surroundings {
    zone: &'static str,
    language: &'static str,
}

const HERE: Surroundings = Surroundings {
    zone: "UTC",
    language: "C.UTF-8",
};
const THERE: Surroundings = Surroundings {
    zone: "Pacific/Auckland",
    language: "C",
};

/// Builds both and compares; how many files were the same.
pub(crate) fn check() -> Try<u64> {
    place::node_modules()?;
    let folder = Folder::temporary("twice")?;
    let scripts = [folder.join("script"), folder.join("elsewhere/script")];
    let sites = [folder.join("site"), folder.join("elsewhere/site")];
    let copy = folder.join("elsewhere/reporter");
    copied(&copy)?;
    let [first, second] = &scripts;
    script(&place::reporter(), first, &HERE)?;
    script(&copy, second, &THERE)?;
    for ((script, out), around) in scripts.iter().zip(&sites).zip([&HERE, &THERE]) {
        site(script, out, around)?;
    }
    let [first_site, second_site] = &sites;
    Ok(same(first, second)? + same(first_site, second_site)?)
}

/// The sources of the script at another place; its packages are linked to.
fn copied(to: &Path) -> Try<()> {
    let from = place::reporter();
    let mut files = place::files_below(&from.join("src"))?;
    let beside = std::fs::read_dir(&from).doing(|| format!("reading {}", from.display()))?;
    for entry in beside {
        let path = entry
            .doing(|| format!("reading {}", from.display()))?
            .path();
        if path.is_file() {
            files.push(path);
        }
    }
    for file in files {
        let place = to.join(file.strip_prefix(&from).unwrap_or(&file));
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).doing(|| format!("making {}", parent.display()))?;
        }
        std::fs::copy(&file, &place).doing(|| format!("copying {}", file.display()))?;
    }
    std::os::unix::fs::symlink(from.join("node_modules"), to.join("node_modules"))
        .doing(|| "linking the packages".to_owned())
}

fn script(sources: &Path, out: &Path, around: &Surroundings) -> Try<()> {
    let mut command = place::node()?;
    command.arg("build.mjs").arg(out).current_dir(sources);
    child::must(
        "building the script",
        within(&mut command, around),
        Shown::No,
    )?;
    Ok(())
}

fn site(script: &Path, out: &Path, around: &Surroundings) -> Try<()> {
    let mut command = place::cargo();
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "pages",
            "--example",
            "write_site",
            "--",
        ])
        .arg(script.join("reporter.js"))
        .arg(place::root().join("crates/seal/words"))
        .arg(out)
        .args(["11".repeat(32), "22".repeat(16)]);
    child::must("writing the site", within(&mut command, around), Shown::No)?;
    Ok(())
}

fn within<'a>(command: &'a mut Command, around: &Surroundings) -> &'a mut Command {
    command
        .env("TZ", around.zone)
        .env("LC_ALL", around.language)
}

/// The number of files, if both folders hold the same.
fn same(one: &Path, other: &Path) -> Try<u64> {
    let names = |folder: &Path| -> Try<Vec<PathBuf>> {
        let files = place::files_below(folder)?;
        let names = files
            .iter()
            .filter_map(|file| file.strip_prefix(folder).ok());
        Ok(names.map(Path::to_path_buf).collect())
    };
    let (here, there) = (names(one)?, names(other)?);
    if here.is_empty() || here != there {
        return stop("two builds did not write files of the same names");
    }
    let mut count = 0;
    for name in here {
        let read = |folder: &Path| {
            let file = folder.join(&name);
            std::fs::read(&file).doing(|| format!("reading {}", file.display()))
        };
        if read(one)? != read(other)? {
            return stop(format!("{}: two builds, two files", name.display()));
        }
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn one_byte_or_one_name_of_difference_is_seen() {
        let folder = Folder::temporary("same").unwrap();
        let (one, other) = (folder.join("one"), folder.join("other"));
        for (base, bytes) in [(&one, b"same"), (&other, b"same")] {
            std::fs::create_dir_all(base.join("in")).unwrap();
            std::fs::write(base.join("in/page"), bytes).unwrap();
        }
        assert!(same(&one, &other).is_ok_and(|n| n == 1));
        std::fs::write(other.join("in/page"), b"Same").unwrap();
        assert!(same(&one, &other).is_err());
        std::fs::write(other.join("in/page"), b"same").unwrap();
        std::fs::write(other.join("more"), b"").unwrap();
        assert!(same(&one, &other).is_err());
    }
}
