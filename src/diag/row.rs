//! What is wrong with one row of a file that holds no sentences.

use super::Code;

/// Of a text longer than this a message holds the beginning and the end.
const LONG: usize = 600;

/// A text as it stands in a message: what a value, a key or a name of a stranger makes longer than anybody reads is left out in the middle.
pub(crate) fn brief(text: String) -> String {
    if text.len() <= LONG {
        return text;
    }
    let start = text.floor_char_boundary(LONG / 2);
    let end = text.ceil_char_boundary(text.len() - LONG / 2);
    format!("{}…{}", text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""))
}

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
