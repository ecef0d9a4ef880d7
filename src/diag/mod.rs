//! Diagnostics as data: what went wrong, where, and what to do instead.
//!
//! Every layer reports through [`Diagnostic`]; only `render` draws one, only `cli` prints it. This room knows
//! nothing of the language or the graph. To add an error: add a [`Code`] in `codes.rs`, then build a diagnostic
//! with it where the mistake is found.

mod codes;
mod diagnostic;
mod row;
mod span;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use row::RowProblem;
pub(crate) use row::brief;
pub use span::Span;
