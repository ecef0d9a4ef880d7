//! Showing and testing very many rows: values are made column by column, so that reads do not wait for each other, and by several threads
//! where there are enough rows. What is shown and kept is the same, in the same order, as row by row.

use super::scan::PER_THREAD;
use super::table::{Body, Table};
use super::{Evaluator, Rows, Stopped, Value};
use crate::plan::{Base, ColumnSource, Field, Output, SlotId, SlotKind, Test};
use crate::threads::{in_threads, threads_for};

/// How many rows are made in one go.
const RUN: usize = 1024;

impl Evaluator<'_> {
    /// The rows of a table that show these; nothing where some of them may show the same.
    pub(super) fn shown_in_runs(
        &self,
        table: &Table<'_>,
        outputs: &[Output],
    ) -> Result<Option<Table<'static>>, Stopped> {
        if !self.tells_rows_apart(table, outputs) {
            return Ok(None);
        }
        let width = outputs.len();
        self.has_room(table.order.len() * width * size_of::<Value>())?;
        let made = self.in_parts(&table.order, true, |worker, part| {
            let mut cells = vec![Value::Nothing; part.len() * width];
            for (rows, cells) in part.chunks(RUN).zip(cells.chunks_mut(RUN * width)) {
                worker.looked_at(RUN as u64)?;
                for (at, output) in outputs.iter().enumerate() {
                    for (row, place) in rows.iter().zip(cells.iter_mut().skip(at).step_by(width)) {
                        *place = worker.value(table, *row, output.field);
                    }
                }
                worker.hold_values(cells)?;
            }
            Ok(cells)
        })?;
        let mut rows = Rows::with_columns(outputs.iter().map(|output| output.name.as_str()));
        let mut made = made.into_iter();
        rows.cells = made.next().unwrap_or_default();
        rows.cells.reserve_exact(made.as_slice().iter().map(Vec::len).sum());
        made.for_each(|mut more| rows.cells.append(&mut more));
        Ok(Some(Table::of_rows(rows)))
    }

    /// The rows of a table that pass a test.
    pub(super) fn passing<'q>(&self, mut table: Table<'q>, test: &Test) -> Result<Table<'q>, Stopped> {
        let order = std::mem::take(&mut table.order);
        let kept = self.in_parts(&order, !has_numbered(&table), |worker, part| {
            let mut passing: Vec<usize> = Vec::new();
            for row in part {
                worker.look()?;
                if worker.passes(&table, *row, test) {
                    passing.push(*row);
                }
            }
            Ok(passing)
        })?;
        table.order = kept.concat();
        Ok(table)
    }

    /// Does the same with each part of some rows, by as many threads as they are worth; gives what came out in the order of the parts.
    fn in_parts<R: Send>(
        &self,
        rows: &[usize],
        is_shareable: bool,
        job: impl Fn(&Evaluator<'_>, &[usize]) -> Result<R, Stopped> + Sync,
    ) -> Result<Vec<R>, Stopped> {
        let threads = if is_shareable { threads_for(rows.len(), PER_THREAD) } else { 1 };
        if threads < 2 {
            return Ok(vec![job(self, rows)?]);
        }
        let parts = rows.chunks(rows.len().div_ceil(threads));
        let work: Vec<_> = parts.map(|part| (self.worker(), part)).collect();
        in_threads(work, |(worker, part)| job(&worker, part)).into_iter().collect()
    }

    /// Whether no two solutions show the same: each shows its claim, and all in which solutions of one claim differ.
    fn tells_rows_apart(&self, table: &Table<'_>, outputs: &[Output]) -> bool {
        let Body::Solutions { question, .. } = &table.body else { return false };
        let (columns, [(claim, _)]) = (&question.columns, &question.counted[..]) else { return false };
        let slot_of = |field: &Field| match (field.base, field.part) {
            (Base::Slot(slot, _), None) => Some(slot),
            (Base::Column(at), None) => match columns.get(at)?.source {
                ColumnSource::Slot(slot) => Some(slot),
                _ => None,
            },
            _ => None,
        };
        let is_shown = |slot: &SlotId| outputs.iter().any(|output| slot_of(&output.field) == Some(*slot));
        let mut slots = columns.iter().filter_map(|column| match column.source {
            ColumnSource::Slot(slot) => Some(slot),
            _ => None,
        });
        !outputs.is_empty()
            && !self.graph.same.has_claims()
            && !has_numbered(table)
            && is_shown(claim)
            && slots.all(|slot| is_shown(&slot))
    }
}

/// Whether solutions hold texts, times or figures, by numbers that one evaluator alone knows.
fn has_numbered(table: &Table<'_>) -> bool {
    let Body::Solutions { question, .. } = &table.body else { return false };
    question.slots.iter().any(|slot| matches!(slot.kind, SlotKind::Text | SlotKind::Time | SlotKind::Figure))
}
