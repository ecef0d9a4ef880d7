//! Rows on their way through the pipeline: solutions as long as that will do, values from then on.

use super::claim::{claim_of, content_of};
use super::distinct::Distinct;
use super::solve::Solutions;
use super::{Chain, Evaluator, NOTHING, Rows, Stopped, UNBOUND, Value};
use crate::model::{AppearanceId, ClaimRef, DocumentId, EntityId, EntityKind, Grade};
use crate::plan::{
    Base, ColumnSource, Field, KnownPart, Part, Question, SlotId, SlotKind, Stage, claim_cell,
};
use std::collections::BTreeSet;

/// Rows on their way.
#[derive(Debug)]
pub(super) struct Table<'q> {
    /// What the rows are made of.
    pub body: Body<'q>,
    /// Which rows there are, in order, by their place in the body.
    pub order: Vec<usize>,
}

/// Which columns of a table are read by what comes after it, or shown in the end.
#[derive(Debug)]
pub(super) struct ColumnsRead(Option<BTreeSet<usize>>);

impl ColumnsRead {
    /// Those that some stages read.
    pub(super) fn by(stages: &[Stage]) -> Self {
        let mut read = BTreeSet::new();
        for stage in stages {
            stage.fields(&mut |field| {
                if let Base::Column(at) = field.base {
                    read.insert(at);
                }
            });
            if !matches!(stage, Stage::Where(_) | Stage::Sort(_) | Stage::Take(_) | Stage::Skip(_)) {
                return ColumnsRead(Some(read));
            }
        }
        ColumnsRead(None)
    }

    /// Whether a column is read.
    pub(super) fn has(&self, column: usize) -> bool {
        self.0.as_ref().is_none_or(|read| read.contains(&column))
    }
}

/// What rows are made of.
#[derive(Debug)]
pub(super) enum Body<'q> {
    /// Solutions of a question.
    Solutions {
        /// The cells.
        solutions: Solutions,
        /// The question.
        question: &'q Question,
    },
    /// Values.
    Values(Rows),
}

impl<'q> Table<'q> {
    pub(super) fn of_solutions(question: &'q Question, solutions: Solutions, yes_or_no: bool) -> Self {
        let rows = if yes_or_no { 1 } else { solutions.cells.len() / solutions.width.max(1) };
        Table { body: Body::Solutions { solutions, question }, order: (0..rows).collect() }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        match &self.body {
            Body::Solutions { question, .. } => question.columns.len(),
            Body::Values(rows) => rows.columns.len(),
        }
    }

    /// Whether rows that show the same are shown once: those that are not of one claim each.
    pub(super) fn is_distinct(&self) -> bool {
        matches!(&self.body, Body::Solutions { question, .. } if question.counted.len() != 1)
    }

    /// Makes this the only solution.
    pub(super) fn set_row(&mut self, row: &[u64]) {
        if let Body::Solutions { solutions, .. } = &mut self.body {
            solutions.cells.clear();
            solutions.cells.extend_from_slice(row);
        }
    }

    /// Whether the rows are of claims still.
    pub(super) fn has_claims(&self) -> bool {
        matches!(&self.body, Body::Solutions { question, .. } if !question.counted.is_empty())
    }

    pub(super) fn of_rows(rows: Rows) -> Self {
        Table { order: (0..rows.len()).collect(), body: Body::Values(rows) }
    }
}

impl Evaluator<'_> {
    /// The value of a field of a row.
    pub(super) fn value(&self, table: &Table<'_>, row: usize, field: Field) -> Value {
        let (base, appearance) = match (&table.body, field.base) {
            (Body::Values(rows), Base::Column(at)) => {
                let width = rows.columns.len();
                (rows.cells.get(row * width + at).cloned().unwrap_or(Value::Nothing), None)
            }
            (Body::Values(_), Base::Slot(..)) => (Value::Nothing, None),
            (Body::Solutions { question, .. }, Base::Column(at)) => match question.columns.get(at) {
                Some(column) => (self.shown(table, row, &column.source), None),
                None => (Value::Nothing, None),
            },
            (Body::Solutions { solutions, question }, Base::Slot(slot, appearance)) => {
                let cells = cells(solutions, row);
                let kind = question.slots.get(usize::from(slot.0)).map_or(SlotKind::Entity, |slot| slot.kind);
                let appearance = appearance.map(|slot| AppearanceId(cell(cells, slot) as u32));
                (self.of_cell(kind, cell(cells, slot)), appearance)
            }
        };
        match field.part {
            None => base,
            Some(part) => self.part(&base, appearance, part),
        }
    }

    /// Whether the claim of a solution is hedged, where that is what a field asks: it is asked of very many.
    #[inline]
    pub(super) fn hedged(&self, table: &Table<'_>, row: usize, field: Field) -> Option<bool> {
        let Some(Part::Known(KnownPart::Hedged)) = field.part else { return None };
        let (Body::Solutions { solutions, .. }, Base::Slot(slot, Some(seen))) = (&table.body, field.base)
        else {
            return None;
        };
        let cells = cells(solutions, row);
        let (claim, seen) = (cell(cells, slot), cell(cells, seen));
        (claim != UNBOUND).then(|| self.is_hedged(claim_of(claim), AppearanceId(seen as u32)))
    }

    /// The value of a column of a solution.
    fn shown(&self, table: &Table<'_>, row: usize, source: &ColumnSource) -> Value {
        let Body::Solutions { solutions, question } = &table.body else { return Value::Nothing };
        let cells = cells(solutions, row);
        match *source {
            ColumnSource::Answer => Value::YesNo(solutions.any),
            ColumnSource::Slot(slot) => {
                let kind = question.slots.get(usize::from(slot.0)).map_or(SlotKind::Entity, |slot| slot.kind);
                self.of_cell(kind, cell(cells, slot))
            }
            ColumnSource::When(claim) => {
                self.said(claim_of(cell(cells, claim))).map_or(Value::Nothing, Value::Time)
            }
            ColumnSource::Via(claim, appearance) => {
                self.chain(claim_of(cell(cells, claim)), AppearanceId(cell(cells, appearance) as u32))
            }
            ColumnSource::Hedge(claim, appearance) => {
                self.hedge_value(claim_of(cell(cells, claim)), AppearanceId(cell(cells, appearance) as u32))
            }
        }
    }

    /// By which way a claim came, as a value.
    pub(super) fn chain(&self, claim: ClaimRef, appearance: AppearanceId) -> Value {
        Value::Chain(Chain { claim, appearance, chains: self.chains(claim) })
    }

    /// The hedge of a claim on its way, as a value.
    pub(super) fn hedge_value(&self, claim: ClaimRef, appearance: AppearanceId) -> Value {
        match self.hedge(claim, appearance) {
            None => Value::Nothing,
            Some((word, owner)) => {
                let speaker = if claim.is_relay() {
                    self.graph.chains.source(claim.hop)
                } else {
                    self.graph.claims.source(claim.claim)
                };
                let own = self.graph.entities.party(speaker).any(|one| one == owner);
                Value::Hedge { word, owner: if own { EntityId::NONE } else { owner } }
            }
        }
    }

    /// What a cell means.
    pub(super) fn of_cell(&self, kind: SlotKind, cell: u64) -> Value {
        if cell == UNBOUND || cell == NOTHING {
            return Value::Nothing;
        }
        let small = cell as u32;
        match kind {
            SlotKind::Entity => Value::Entity(EntityId(small)),
            SlotKind::Content => Value::Content(content_of(cell)),
            SlotKind::Claim => Value::Claim(claim_of(cell)),
            SlotKind::Document => Value::Document(DocumentId(small)),
            SlotKind::Appearance => Value::Nothing,
            SlotKind::Time => self.interned.borrow().time_of(cell).map_or(Value::Nothing, Value::Time),
            SlotKind::Text => self.interned.borrow().text_of(cell).map_or(Value::Nothing, Value::Text),
            SlotKind::Figure => {
                let known = self.interned.borrow().figure_of(cell);
                known.map_or(Value::Nothing, |(proposition, place)| Value::Figure(proposition, place))
            }
            SlotKind::Kind => EntityKind::from_number(cell as u8).map_or(Value::Nothing, Value::Kind),
            SlotKind::Grade => Grade::from_number(cell as u8).map_or(Value::Nothing, Value::Grade),
        }
    }

    /// Writes the claims of a row, as they stand for themselves by `same as`.
    pub(super) fn claims_key(&self, table: &Table<'_>, row: usize, key: &mut Vec<u8>) {
        let Body::Solutions { solutions, question } = &table.body else { return };
        let cells = cells(solutions, row);
        for (slot, _) in &question.counted {
            let claim = claim_of(cell(cells, *slot));
            let meant = ClaimRef { claim: self.graph.same.claim(claim.claim), ..claim };
            key.extend_from_slice(&claim_cell(meant).to_le_bytes());
        }
    }

    /// The finished rows: nothing shown twice.
    pub(super) fn rows(&self, table: Table<'_>) -> Result<Rows, Stopped> {
        if let Body::Values(rows) = &table.body
            && table.order.iter().copied().eq(0..rows.len())
        {
            let Body::Values(rows) = table.body else { return Ok(Rows::default()) };
            return Ok(rows);
        }
        let width = table.width();
        let mut rows = match &table.body {
            Body::Solutions { question, .. } => {
                Rows::with_columns(question.columns.iter().map(|column| column.name.as_str()))
            }
            Body::Values(before) => {
                Rows { shape: before.shape, ..Rows::with_columns(before.columns.iter().map(String::as_str)) }
            }
        };
        let distinct = table.is_distinct();
        let mut seen = Distinct::default();
        for row in &table.order {
            self.look()?;
            let cells: Vec<Value> = (0..width)
                .map(|at| self.value(&table, *row, Field { base: Base::Column(at), part: None }))
                .collect();
            let write = |key: &mut Vec<u8>| cells.iter().for_each(|value| self.key(value, key));
            if !distinct || self.place(&mut seen, write)?.1 {
                self.hold_values(&cells)?;
                rows.push(cells);
            }
        }
        Ok(rows)
    }
}

fn cells(solutions: &Solutions, row: usize) -> &[u64] {
    solutions.cells.get(row * solutions.width..(row + 1) * solutions.width).unwrap_or(&[])
}

fn cell(cells: &[u64], slot: SlotId) -> u64 {
    cells.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND)
}
