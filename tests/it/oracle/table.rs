//! From solutions to rows in their defined order, and from rows to the cells that are shown.

use super::Oracle;
use super::columns::{Column, Counted, Mentions};
use super::solve::Row;
use super::value::{Seen, Value};
use super::world::Act;
use dixit::syntax::ast::{Pattern, Stage};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Rows on their way through the pipeline.
#[derive(Debug)]
pub(super) struct Table {
    pub heads: Vec<String>,
    pub lines: Vec<Line>,
    /// The claim sentences that the rows are made of; nothing once they are made of values.
    pub counted: Vec<Counted>,
}

/// One row: its cells, and what it was made of, as long as that is known.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub cells: Vec<Value>,
    pub row: Option<Row>,
}

impl Oracle<'_> {
    pub(super) fn answer(&self, pattern: &Pattern, stages: &[Stage]) -> Vec<Vec<String>> {
        let mentions = Mentions::of(pattern);
        let rows = self.solve(pattern, &Row::default());
        let mut table = self.table(&mentions, rows);
        for stage in stages {
            table = self.stage(table, &stage.kind);
        }
        let mut shown = self.visible(&table);
        let yes_or_no = matches!(mentions.heads()[..], [(_, Column::Answer)]) && table.heads == ["answer"];
        if yes_or_no && shown.is_empty() {
            shown.push(Line { cells: vec![Value::YesNo(false)], row: None });
        }
        let mut out = vec![table.heads.clone()];
        out.extend(shown.iter().map(|line| line.cells.iter().map(|cell| self.world.text(cell)).collect()));
        out
    }

    fn table(&self, mentions: &Mentions, rows: Vec<Row>) -> Table {
        let heads = mentions.heads();
        let counted = mentions.counted.clone();
        let names = heads.iter().map(|(name, _)| name.clone()).collect();
        let mut lines: Vec<Line> = rows
            .into_iter()
            .map(|row| Line {
                cells: heads.iter().map(|(_, column)| self.cell(column, &row)).collect(),
                row: Some(row),
            })
            .collect();
        // What differs in nothing but the way it came by is one: by the way published first.
        let slots: Vec<usize> =
            (0..heads.len()).filter(|at| matches!(heads[*at].1, Column::Slot(_))).collect();
        lines.sort_by(|a, b| self.default_order(&counted, &slots, a, b));
        let mut known = BTreeSet::new();
        lines.retain(|line| {
            let cells = slots.iter().map(|at| format!("{:?}", line.cells[*at]));
            let acts = seen(&counted, line).into_iter().map(|seen| format!("{:?}", seen.act));
            known.insert(cells.chain(acts).collect::<Vec<_>>())
        });
        Table { heads: names, lines, counted }
    }

    /// By when claims were said, unknown last; then as they were recorded; then by what is shown; then by when they were published.
    fn default_order(&self, counted: &[Counted], slots: &[usize], a: &Line, b: &Line) -> Ordering {
        let claims = |line: &Line| -> Vec<(i64, Act)> {
            let said = |act: Act| self.world.said(act).map_or(i64::MAX, |time| time.from);
            seen(counted, line).into_iter().map(|seen| (said(seen.act), seen.act)).collect()
        };
        let ways = |line: &Line| -> Vec<(i64, Option<u32>)> {
            let all = seen(counted, line).into_iter();
            let appearance = all.map(|seen| Some(&self.world.claims[seen.act.claim].appearances[seen.by?]));
            appearance
                .map(|way| {
                    let published = way.and_then(|way| way.published);
                    (published.map_or(i64::MAX, |time| time.from), way.map(|way| way.number))
                })
                .collect()
        };
        let values = || {
            let pairs = slots.iter().map(|at| self.world.recorded_order(&a.cells[*at], &b.cells[*at]));
            pairs.fold(Ordering::Equal, Ordering::then)
        };
        claims(a).cmp(&claims(b)).then_with(values).then_with(|| ways(a).cmp(&ways(b)))
    }

    fn cell(&self, column: &Column, row: &Row) -> Value {
        let seen = |place: &usize| row.seen.get(place).copied();
        let cell = match column {
            Column::Slot(slot) => row.vars.get(slot).cloned(),
            Column::When(place) => seen(place).and_then(|seen| self.world.said(seen.act)).map(Value::Time),
            Column::Via(place) => seen(place).map(Value::Chain),
            Column::Hedge(place) => {
                seen(place).and_then(|seen| self.world.hedge(seen)).map(|(word, _)| Value::Text(word))
            }
            Column::Act(place) => seen(place).map(|seen| Value::Act(seen.act)),
            Column::Answer => Some(Value::YesNo(true)),
        };
        cell.unwrap_or(Value::Nothing)
    }

    /// The rows as shown: a row per claim where one is asked for, otherwise nothing twice.
    pub(super) fn visible(&self, table: &Table) -> Vec<Line> {
        let mut known = BTreeSet::new();
        let per_claim = table.counted.len() == 1 || table.lines.iter().all(|line| line.row.is_none());
        let new = |line: &&Line| per_claim || known.insert(self.line_key(&line.cells));
        table.lines.iter().filter(new).cloned().collect()
    }

    pub(super) fn line_key(&self, cells: &[Value]) -> Vec<String> {
        cells.iter().map(|cell| self.world.key(cell)).collect()
    }
}

/// What the counted sentences found in a row.
pub(super) fn seen(counted: &[Counted], line: &Line) -> Vec<Seen> {
    let Some(row) = &line.row else { return Vec::new() };
    counted.iter().map(|(place, _)| row.seen[place]).collect()
}
