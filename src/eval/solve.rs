//! Solutions: trying the steps of a plan one inside the other, then putting what was found into its defined order.

use super::claim::{Then, claim_of};
use super::{Evaluator, Flow, Halt, Stopped, UNBOUND};
use crate::plan::{ColumnSource, Order, Question, SlotId, SlotKind, Step, StepKind};

/// Solutions of a question, in order: rows of cells, one for each slot.
#[derive(Debug, Default)]
pub(super) struct Solutions {
    /// How many cells a row has.
    pub width: usize,
    /// The rows, one after another.
    pub cells: Vec<u64>,
    /// Whether there is any; a question without slots has rows without cells.
    pub any: bool,
}

impl Evaluator<'_> {
    /// Every solution of a question, each once, in order.
    pub(super) fn solutions(
        &self,
        question: &Question,
        order: &Order,
        one_is_enough: bool,
    ) -> Result<Solutions, Stopped> {
        self.set_slots(&question.slots);
        let width = question.slots.len().max(1);
        let limit = self.options.max_solutions;
        let mut cells: Vec<u64> = Vec::new();
        let mut row = vec![UNBOUND; width];
        let flow = self.steps(&order.steps, &mut row, &mut |row| {
            if cells.len() / width >= limit {
                return Flow::Break(Halt::Stopped(Stopped::Limit(limit)));
            }
            cells.extend_from_slice(row);
            if one_is_enough { Flow::Break(Halt::Enough) } else { Flow::Continue(()) }
        });
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        Ok(self.sorted(question, &Solutions { width, any: !cells.is_empty(), cells }))
    }

    /// By when the claims were said, then as they were recorded, then by the values shown. Solutions that differ in nothing shown and in no
    /// claim are one: that of the chain published first.
    fn sorted(&self, question: &Question, solutions: &Solutions) -> Solutions {
        let width = solutions.width;
        let shown: Vec<usize> = question
            .columns
            .iter()
            .filter_map(|column| match column.source {
                ColumnSource::Slot(slot) => Some(usize::from(slot.0)),
                _ => None,
            })
            .collect();
        let cell = |row: &[u64], slot: SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
        let said = |row: &[u64]| -> Vec<(i64, u64)> {
            let of = |claim: SlotId| {
                let claim = cell(row, claim);
                (self.said(claim_of(claim)).map_or(i64::MAX, |time| time.from), claim)
            };
            question.counted.iter().map(|(claim, _)| of(*claim)).collect()
        };
        let ranks = self.interned.borrow().ranks();
        let values = |row: &[u64]| -> Vec<u64> {
            let ranked = shown.iter().map(|at| {
                let cell = row.get(*at).copied().unwrap_or(UNBOUND);
                let kind = question.slots.get(*at).map_or(SlotKind::Entity, |slot| slot.kind);
                ranks.of(kind, cell)
            });
            ranked.collect()
        };
        let rank = |row: &[u64]| -> Vec<(i64, u64)> {
            question.counted.iter().map(|(_, seen)| self.rank(cell(row, *seen))).collect()
        };
        let mut keyed: Vec<_> = solutions
            .cells
            .chunks_exact(width)
            .enumerate()
            .map(|(at, row)| (said(row), values(row), rank(row), at))
            .collect();
        keyed.sort_unstable();
        keyed.dedup_by(|next, kept| next.0 == kept.0 && next.1 == kept.1);
        let mut cells = Vec::with_capacity(keyed.len() * width);
        for (.., at) in keyed {
            cells.extend_from_slice(solutions.cells.get(at * width..(at + 1) * width).unwrap_or(&[]));
        }
        Solutions { width, any: solutions.any, cells }
    }

    /// Every row that passes all of these steps.
    pub(super) fn steps(&self, steps: &[Step], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let Some((step, rest)) = steps.split_first() else { return then(row) };
        let mut next = |row: &mut Vec<u64>| {
            self.count(step.id);
            self.steps(rest, row, then)
        };
        match &step.kind {
            StepKind::Claim(pattern) => self.claims(pattern, row, &mut next),
            StepKind::Link(link) => self.link(link, row, &mut next),
            StepKind::IsA(isa) => self.isa(isa, row, &mut next),
            StepKind::Rating(rating) => self.rating(rating, row, &mut next),
            StepKind::Rule { rule, args } => self.rule(*rule, args, row, &mut next),
            StepKind::Fixed { slot, values } => {
                let open = [(*slot, values.clone())];
                Self::fill_slots(&open, row, &mut next)
            }
            StepKind::Any(parts) => {
                for part in parts {
                    self.steps(&part.steps, row, &mut next)?;
                }
                Flow::Continue(())
            }
            StepKind::Not(inner) => {
                if self.holds(inner, row)? {
                    Flow::Continue(())
                } else {
                    next(row)
                }
            }
        }
    }

    /// Whether any row passes; slots that stand only in there are as before afterwards.
    fn holds(&self, order: &Order, row: &[u64]) -> std::ops::ControlFlow<Halt, bool> {
        let mut inside = row.to_vec();
        match self.steps(&order.steps, &mut inside, &mut |_| Flow::Break(Halt::Enough)) {
            Flow::Continue(()) => std::ops::ControlFlow::Continue(false),
            Flow::Break(Halt::Enough) => std::ops::ControlFlow::Continue(true),
            Flow::Break(halt) => std::ops::ControlFlow::Break(halt),
        }
    }

    fn count(&self, step: usize) {
        if let Some(found) = self.found.get(step) {
            found.set(found.get() + 1);
        }
    }
}
