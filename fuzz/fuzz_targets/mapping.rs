//! Runs the target `mapping`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::mapping(bytes));
