//! `relay::form`, for libFuzzer.
#![no_main]

#[path = "../doors/relay.rs"]
#[allow(dead_code, reason = "each target opens one door of its room")]
mod relay;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| relay::form(bytes));
