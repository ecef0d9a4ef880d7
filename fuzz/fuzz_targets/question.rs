//! Runs the target `question`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::question(bytes));
