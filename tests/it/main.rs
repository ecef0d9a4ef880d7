//! The tests, through the same doors as users.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking"
)]

mod cases;
mod cli;
mod cli_files;
mod cli_tables;
mod day;
mod docs;
mod draw;
mod dump;
mod export;
mod fmt;
mod fuzz;
mod golden;
mod journal;
#[cfg(unix)]
mod kill;
mod library;
mod limits;
mod many;
mod mistakes;
mod onto;
mod oracle;
mod packed;
#[cfg(unix)]
mod progress;
mod random;
mod reasoning;
mod render;
mod rows;
mod rows_random;
mod samples;
#[cfg(unix)]
mod screens;
#[cfg(unix)]
mod shell;
mod syntax;
mod syntax_asks;
mod syntax_claims;
mod syntax_mistakes;
mod syntax_words;
mod tables;
mod tables_random;
mod tidy;
