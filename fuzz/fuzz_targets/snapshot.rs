//! Runs the target `snapshot`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::snapshot(bytes));
