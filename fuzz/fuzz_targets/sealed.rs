//! Runs the target `sealed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::sealed(bytes));
