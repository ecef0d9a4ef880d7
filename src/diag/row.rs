//! What is wrong with one row of a file that holds no sentences.

use super::Code;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line, counted from 1.
    pub line: u64,
    /// The stable code.
    pub code: Code,
    /// What is wrong, in plain words.
    pub message: String,
    /// What to do instead.
    pub help: String,
}
