//! Answers: rows of values under named columns. Drawing them is none of its business.

use super::Value;
use super::scan::scaled;
use crate::graph::{Graph, Worded};
use crate::threads::in_turn;
use std::ops::ControlFlow;
use std::slice::ChunksExact;

/// From so many rows with contents on it pays to bring near what they say,
const MANY: usize = scaled(1 << 12);

/// and so many at once.
const AHEAD: usize = 32;

/// So many rows are a part of an answer that others may work on; of fewer than some parts nobody else would be done sooner.
const PART: usize = scaled(1 << 10);
const PARTS: usize = 4;

/// Some rows of an answer, in order, each with its place among all. What they say is brought near before it is read.
#[derive(Debug)]
pub struct Part<'r> {
    graph: &'r Graph,
    rows: ChunksExact<'r, Value>,
    /// The place of the next row.
    at: usize,
    /// Before which place what rows say was brought near; nothing where that does not pay.
    near: Option<usize>,
}

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

    /// All rows, for who reads what their cells say. `read` goes over the rows of a part, each part in whichever thread is free; `take` gets
    /// what it made of each part, in order and in this thread, and may break off.
    pub fn read<D: Send>(
        &self,
        graph: &Graph,
        read: impl Fn(Part<'_>) -> D + Sync,
        mut take: impl FnMut(&mut D) -> ControlFlow<()>,
    ) {
        let width = self.columns.len().max(1);
        let first = self.cells.get(..width).unwrap_or(&[]);
        let pays = self.len() >= MANY && first.iter().any(|cell| matches!(cell, Value::Content(_)));
        let size = if self.len() < PARTS * PART { self.len().max(1) } else { PART };
        let mut parts = self.cells.chunks(width * size).zip((0..).step_by(size)).map(|(cells, at)| Part {
            graph,
            rows: cells.chunks_exact(width),
            at,
            near: pays.then_some(at),
        });
        if size == PART {
            in_turn(|| parts.next(), read, take);
        } else {
            let _ = parts.map(read).try_for_each(|mut part| take(&mut part));
        }
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

impl<'r> Iterator for Part<'r> {
    type Item = (usize, &'r [Value]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.near == Some(self.at) {
            let next = self.rows.clone().take(AHEAD);
            self.graph.bring_near(next.flatten().filter_map(worded));
            self.near = Some(self.at + AHEAD);
        }
        let row = self.rows.next()?;
        self.at += 1;
        Some((self.at - 1, row))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
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
