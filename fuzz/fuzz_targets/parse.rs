//! Runs the target `parse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::parse(bytes));
