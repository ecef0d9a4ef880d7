//! Answers: rows of values under named columns. Drawing them is none of its business.

use super::Value;
use super::scan::scaled;
use crate::graph::{Graph, Worded};

/// From so many rows with contents on it pays to bring near what they say,
const MANY: usize = scaled(1 << 12);

/// and so many at once.
const AHEAD: usize = 32;

/// How rows are best drawn for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// As a table.
    #[default]
    Table,
    /// As a tree: the column `depth` tells how far a row is indented.
    Tree,
    /// As the steps of a plan: the column `step` is indented already.
    Plan,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The heads of the columns, in order.
    pub columns: Vec<String>,
    /// Every cell, row by row.
    pub cells: Vec<Value>,
    /// How it is best drawn.
    pub shape: Shape,
    /// The question in plain words, where that was asked for.
    pub reading: Vec<String>,
}

impl Rows {
    /// No rows under these columns.
    pub fn with_columns<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Rows { columns: columns.into_iter().map(Into::into).collect(), ..Rows::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        if self.columns.is_empty() { 0 } else { self.cells.len() / self.columns.len() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether this answers nothing: no rows, or a plain `no`.
    pub fn is_negative(&self) -> bool {
        self.is_empty() || self.cells == [Value::YesNo(false)]
    }

    /// Each row in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.cells.chunks_exact(self.columns.len().max(1))
    }

    /// Each row in order, for who reads what its cells say: of many rows at once that is brought into the nearest memory.
    pub fn near<'r>(&'r self, graph: &'r Graph) -> impl Iterator<Item = &'r [Value]> {
        let width = self.columns.len().max(1);
        let first = self.cells.get(..width).unwrap_or(&[]);
        let pays = self.len() >= MANY && first.iter().any(|cell| matches!(cell, Value::Content(_)));
        self.cells.chunks(width * AHEAD).flat_map(move |some| {
            if pays {
                graph.bring_near(some.iter().filter_map(worded));
            }
            some.chunks_exact(width)
        })
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Adds a row; the caller gives a cell for each column.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.cells.extend(row);
        debug_assert_eq!(self.cells.len() % self.columns.len().max(1), 0);
    }
}

/// What has the words of a value.
fn worded(value: &Value) -> Option<Worded> {
    match value {
        // A relay mostly stands behind its claim, which has been read then.
        Value::Claim(claim) if !claim.is_relay() => Some(Worded::Claim(claim.claim)),
        Value::Content(content) => Some(Worded::Proposition(content.proposition)),
        _ => None,
    }
}
