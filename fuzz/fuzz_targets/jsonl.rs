//! Runs the target `jsonl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::jsonl(bytes));
