//! `sealed::mail`, for libFuzzer.
#![no_main]

#[path = "../doors/sealed.rs"]
#[allow(dead_code, reason = "each target opens one door of its room")]
mod sealed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealed::mail(bytes));
