//! `team::inside`, for libFuzzer.
#![no_main]

#[path = "../doors/team.rs"]
#[allow(dead_code, reason = "each target opens one door of its room")]
mod team_doors;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| team_doors::inside(bytes));
