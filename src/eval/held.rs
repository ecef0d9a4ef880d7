//! What a question keeps in memory, counted where it grows: cells of solutions, values, keys, groups and answers of rules, each by its size.
//! Pages of the graph are not counted, nor what an allocator adds; the same question over the same graph comes to the same count on each
//! machine but for how many threads share it. Where nobody set a limit, nothing is counted.

use super::table::{Body, Table};
use super::{Evaluator, Flow, Rows, Stopped, Value, or_halt};
use crate::reason::Stop;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that a question keeps, shared by its threads.
pub(super) type Held = Arc<AtomicUsize>;

impl Evaluator<'_> {
    /// Whether memory is counted at all.
    #[inline]
    pub(super) fn is_counting(&self) -> bool {
        self.options.max_bytes.is_some()
    }

    /// To be called before so many bytes more are kept.
    #[inline]
    pub(super) fn hold(&self, bytes: usize) -> Result<(), Stopped> {
        let Some(most) = self.options.max_bytes else { return Ok(()) };
        let before = self.held.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > most { Err(Stopped::Memory(most)) } else { Ok(()) }
    }

    /// The same, for walks.
    #[inline]
    pub(super) fn holds_on(&self, bytes: usize) -> Flow {
        or_halt(self.hold(bytes))
    }

    /// So many bytes are kept no longer.
    pub(super) fn let_go(&self, bytes: usize) {
        if self.is_counting() {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    /// What ends the question before its answer, what is kept among it.
    pub(super) fn stop(&self) -> Stop<'_> {
        Stop { room: self.options.max_bytes.map(|most| (&*self.held, most)), ..self.options.stop() }
    }

    /// Whether there is room for so many bytes that are needed for a moment.
    pub(super) fn has_room(&self, bytes: usize) -> Result<(), Stopped> {
        self.hold(bytes)?;
        self.let_go(bytes);
        Ok(())
    }

    /// Values that are kept.
    pub(super) fn hold_values(&self, values: &[Value]) -> Result<(), Stopped> {
        if self.is_counting() { self.hold(values.iter().map(weight).sum()) } else { Ok(()) }
    }

    /// Between two steps of a pipeline: what is left is the table, the names made for it, and what rules and first claims were found to be.
    pub(super) fn settle(&self, table: &Table<'_>) -> Result<(), Stopped> {
        if !self.is_counting() {
            return Ok(());
        }
        let body = match &table.body {
            Body::Solutions { solutions, .. } => size_of_val(&solutions.cells[..]),
            Body::Values(rows) => weight_of(rows),
        };
        self.held.store(0, Ordering::Relaxed);
        let found = self.rules.borrow().weight() + self.least.borrow().weight();
        self.hold(body + size_of_val(&table.order[..]) + self.interned.borrow().weight() + found)
    }
}

fn weight_of(rows: &Rows) -> usize {
    rows.cells.iter().map(weight).sum()
}

/// The bytes of a value, with those that it points to.
fn weight(value: &Value) -> usize {
    let pointed = match value {
        Value::Text(text) => text.len(),
        Value::List(values) => values.iter().map(weight).sum(),
        _ => 0,
    };
    size_of::<Value>() + pointed
}
