//! Claims as JSON, one object a line: the form in which other programs hand over claims. `docs/jsonl.md` is its reference.
//!
//! Each bad line is reported with its number and costs only itself. Unknown keys are refused, so that a misspelt one is never lost.

mod batch;
mod convert;
mod read;
mod row;

pub use batch::MAX_LINE;
pub use read::{Report, read};
