//! The commands beside asking: each reads its files, does one thing, and ends in an exit status.

mod build;
mod check;
mod compact;
mod draw;
mod explain_error;
mod export;
mod fmt;
mod info;
mod setup;

pub(super) use build::build;
pub(super) use check::check;
pub(super) use compact::compact;
pub(super) use draw::{asked, draw, picture};
pub(super) use explain_error::explain_error;
pub(super) use export::export;
pub(super) use fmt::fmt;
pub(super) use info::info;
pub(super) use setup::{completions, man};

use super::args::{Color, Errors};
use super::report::Reporter;
use super::terminal::colored;

fn reporter(errors: Errors) -> Reporter {
    Reporter { errors, color: colored(Color::Auto, &std::io::stderr()) }
}
