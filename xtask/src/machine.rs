//! What machine a figure was measured on, read from the kernel.

use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::broken::{Try, While, stop};
use crate::place;

/// `commit`, `dirty`, `cpu`, `cores`, `kernel`.
pub(crate) fn description() -> Map<String, Value> {
    let git = |arguments: &[&str]| {
        Command::new("git")
            .args(arguments)
            .current_dir(place::root())
            .output()
            .ok()
            .filter(|out| out.status.success())
            .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    let cpu = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")
        .ok()
        .map(|text| text.trim().to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut out = Map::new();
    out.insert("commit".to_owned(), json!(git(&["rev-parse", "HEAD"])));
    out.insert(
        "dirty".to_owned(),
        json!(git(&["status", "--porcelain"]).map(|text| !text.is_empty())),
    );
    out.insert("cpu".to_owned(), json!(cpu));
    out.insert("cores".to_owned(), json!(cores));
    out.insert("kernel".to_owned(), json!(kernel));
    out
}

/// The kind of file system a folder is on; one in memory is refused, because syncing to it means
/// nothing.
pub(crate) fn store_fs(folder: &Path) -> Try<String> {
    let real = folder
        .canonicalize()
        .doing(|| format!("finding {}", folder.display()))?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo")
        .doing(|| "reading the mounts".to_owned())?;
    let kind = mounts
        .lines()
        .filter_map(|line| {
            let (before, after) = line.split_once(" - ")?;
            let at = before.split(' ').nth(4)?;
            let kind = after.split(' ').next()?;
            real.starts_with(at).then(|| (at.len(), kind.to_owned()))
        })
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind);
    match kind.as_deref() {
        None => stop(format!("no mount holds {}", real.display())),
        Some("tmpfs" | "ramfs") => stop(format!(
            "{} is in memory; durable figures need a disk: set CARGO_TARGET_DIR to a folder on one",
            real.display()
        )),
        Some(kind) => Ok(kind.to_owned()),
    }
}

/// Proportional memory of a process, in binary megabytes.
pub(crate) fn pss_mb(id: u32) -> Try<f64> {
    let path = format!("/proc/{id}/smaps_rollup");
    let text = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    let kilobytes: Option<f64> = text
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok());
    match kilobytes {
        Some(kilobytes) => Ok(kilobytes / 1_024.0),
        None => stop(format!("no Pss in {path}")),
    }
}

/// The most memory a process ever held, or held since [`forget_peak`], in binary megabytes.
pub(crate) fn peak_mb(id: u32) -> Try<f64> {
    let path = format!("/proc/{id}/status");
    let text = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    let kilobytes: Option<f64> = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok());
    match kilobytes {
        Some(kilobytes) => Ok(kilobytes / 1_024.0),
        None => stop(format!("no VmHWM in {path}")),
    }
}

/// From now on the peak counts from what the process holds now.
pub(crate) fn forget_peak(id: u32) -> Try<()> {
    let path = format!("/proc/{id}/clear_refs");
    std::fs::write(&path, "5").doing(|| format!("writing {path}"))
}

/// CPU seconds a process has used, user and system, its ended children included.
pub(crate) fn cpu_seconds(id: u32) -> Try<f64> {
    let path = format!("/proc/{id}/stat");
    let text = std::fs::read_to_string(&path).doing(|| format!("reading {path}"))?;
    // Fields are counted after the name, which may itself hold spaces.
    let ticks: f64 = text
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().skip(11).take(4))
        .into_iter()
        .flatten()
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    // Linux counts in hundredths on every machine we know of.
    Ok(ticks / 100.0)
}

/// Median, least and most.
pub(crate) fn spread(values: &[f64]) -> Option<(f64, f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.get(sorted.len() / 2)?;
    let median = if sorted.len().is_multiple_of(2) {
        let below = sorted.get((sorted.len() / 2).checked_sub(1)?)?;
        f64::midpoint(*below, *middle)
    } else {
        *middle
    };
    Some((median, *sorted.first()?, *sorted.last()?))
}

/// The least value that so many of a hundred do not exceed: the nearest rank.
pub(crate) fn of_a_hundred(values: &[f64], hundredths: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * hundredths).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_twenty_waits_one_is_longer_than_the_95th_of_a_hundred() {
        let waits: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!(of_a_hundred(&waits, 95), Some(19.0));
        assert_eq!(of_a_hundred(&[7.0], 95), Some(7.0));
        assert_eq!(of_a_hundred(&[], 95), None);
    }
}
