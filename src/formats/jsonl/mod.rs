//! Claims as JSON, one object a line: the form in which other programs hand over claims. `docs/jsonl.md` is its reference.
//!
//! Each bad line is reported with its number and costs only itself: it leaves the graph as it was. Unknown keys are refused, so that a misspelt one is never lost.

mod batch;
mod convert;
mod numbers;
mod read;
mod row;
mod strict;

pub use batch::MAX_LINE;
pub use read::{Broken, Report, read};
