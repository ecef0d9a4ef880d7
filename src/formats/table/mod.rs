//! Tables as they come: rows of CSV, TSV and foreign JSON lines, told through a mapping, which is a statement whose blanks the columns
//! fill. `docs/tables.md` is its reference.
//!
//! A mapping is parsed and bound once. Each row fills its statements, which then go the way of all sentences: they are checked, all of them,
//! and only then recorded. A value is never read as language. No column of the graph is touched here.

mod cell;
mod csv;
mod date;
mod dialect;
mod fill;
mod input;
mod json;
mod mapping;
mod read;
mod value;

pub use dialect::Dialect;
pub use mapping::Mapping;
pub use read::{Outcome, Report, read};

use crate::diag::{Code, Diagnostic, Span};

/// The longest row, in bytes.
pub const MAX_ROW: usize = 16 << 20;

/// Why a row is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong {
    code: Code,
    message: String,
    help: String,
    /// Where in the mapping, where that is to blame.
    at: Option<Span>,
}

impl Wrong {
    fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Wrong { code, message: message.into(), help: help.into(), at: None }
    }
}

/// What is wrong with a mapping.
type Refused<T> = Result<T, Box<Diagnostic>>;
