//! Runs the target `tell`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::tell(bytes));
