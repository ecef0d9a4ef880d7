//! Runs the target `journal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::journal(bytes));
