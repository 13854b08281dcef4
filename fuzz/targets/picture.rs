//! `office::picture`, for libFuzzer.
#![no_main]

#[path = "../doors/office.rs"]
#[allow(dead_code, reason = "each target opens one door of its room")]
mod office;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| office::picture(bytes));
