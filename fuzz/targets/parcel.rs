//! `carried::parcel`, for libFuzzer.
#![no_main]

#[path = "../doors/carried.rs"]
#[allow(dead_code, reason = "each target opens one door of its room")]
mod carried;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| carried::parcel(bytes));
