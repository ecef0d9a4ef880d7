//! The tests, through the same doors as users.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod docs;
mod samples;
mod tidy;
