//! Solutions: trying the steps of a plan one inside the other, then putting what was found into its defined order.

use super::claim::{Then, claim_of};
use super::lists::Values;
use super::order::BY_NUMBERS;
use super::scan::Sentence;
use super::{Evaluator, Flow, Halt, Stopped, UNBOUND};
use crate::plan::{Order, Question, SlotId, SlotKind, Step, StepKind};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::cmp::Ordering;

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

/// Solutions of which those that show the same are one.
struct Merged<'q> {
    question: &'q Question,
    width: usize,
    limit: usize,
    shown: SmallVec<[usize; 4]>,
}

/// Solutions as they are found.
#[derive(Default)]
struct Kept {
    cells: Vec<u64>,
    /// Where each is, by what it shows.
    places: HashMap<SmallVec<[u64; 4]>, usize>,
}

impl<'a> Evaluator<'a> {
    /// Every solution of a question, each once, in order.
    pub(super) fn solutions(
        &self,
        question: &'a Question,
        order: &Order,
        one_is_enough: bool,
    ) -> Result<Solutions, Stopped> {
        self.set_slots(&question.slots);
        let width = question.slots.len().max(1);
        let limit = self.options.max_solutions;
        if let [Step { id, kind: StepKind::Claim(pattern), .. }] = &order.steps[..]
            && !one_is_enough
            && self.options.optimize
            && Self::is_over_claims(pattern)
        {
            let sentence = Sentence { step: *id, pattern, slots: &question.slots };
            let cells = self.listed(sentence)?;
            return self.sorted(question, &Solutions { width, any: !cells.is_empty(), cells });
        }
        let merges = self.least.borrow().merges;
        let merged = Merged { question, width, limit, shown: question.shown_slots().collect() };
        let (kept, flow) = if merges {
            let grouped = self.groups_of(question, order)?;
            self.steps_from_groups(question, order, grouped, Kept::default, |worker, kept, row| {
                worker.keep_first(&merged, kept, row)
            })
        } else {
            let mut cells: Vec<u64> = Vec::new();
            let flow = self.steps(&order.steps, &mut vec![UNBOUND; width], &mut |row| {
                if cells.len() / width >= limit {
                    return Flow::Break(Halt::Stopped(Stopped::Limit(limit)));
                }
                self.holds_on(size_of_val(&row[..]))?;
                cells.extend_from_slice(row);
                if one_is_enough { Flow::Break(Halt::Enough) } else { Flow::Continue(()) }
            });
            (vec![Kept { cells, ..Kept::default() }], flow)
        };
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        // What several threads found is put together.
        let mut all = kept.into_iter();
        let mut first = all.next().unwrap_or_default();
        for row in all.as_slice().iter().flat_map(|kept| kept.cells.chunks_exact(width)) {
            // Of a question that was stopped meanwhile nothing need be put together.
            self.look()?;
            if let Flow::Break(Halt::Stopped(stopped)) = self.keep_first(&merged, &mut first, row) {
                return Err(stopped);
            }
        }
        let cells = first.cells;
        self.sorted(question, &Solutions { width, any: !cells.is_empty(), cells })
    }

    /// Keeps a solution, and of those that show the same only that which sorts first.
    fn keep_first(&self, merged: &Merged<'_>, kept: &mut Kept, row: &[u64]) -> Flow {
        let Merged { question, width, limit, shown } = merged;
        let values = shown.iter().map(|at| row.get(*at).copied().unwrap_or(UNBOUND)).collect();
        let next = kept.cells.len() / width;
        let at = *kept.places.entry(values).or_insert(next);
        if at < next {
            if let Some(known) = kept.cells.get_mut(at * width..(at + 1) * width)
                && self.is_before(question, row, known)
            {
                known.copy_from_slice(row);
            }
            return Flow::Continue(());
        }
        if next >= *limit {
            return Flow::Break(Halt::Stopped(Stopped::Limit(*limit)));
        }
        self.holds_on(size_of_val(row) + size_of::<(SmallVec<[u64; 4]>, usize)>())?;
        kept.cells.extend_from_slice(row);
        Flow::Continue(())
    }

    /// The solutions of a question of one sentence, one after another.
    fn listed(&self, sentence: Sentence<'_>) -> Result<Vec<u64>, Stopped> {
        let width = sentence.slots.len().max(1);
        let limit = self.options.max_solutions;
        self.trying.set(sentence.step);
        let candidates = self.candidates(sentence.pattern, &vec![UNBOUND; width])?;
        let kept = self.scanned(sentence, &candidates, Vec::new, |worker, kept: &mut Vec<u64>, rows| {
            if (kept.len() + rows.len()) / width > limit {
                return Flow::Break(Halt::Stopped(Stopped::Limit(limit)));
            }
            worker.holds_on(size_of_val(rows))?;
            kept.extend_from_slice(rows);
            Flow::Continue(())
        })?;
        let mut kept = kept.into_iter();
        let mut cells = kept.next().unwrap_or_default();
        kept.for_each(|mut more| cells.append(&mut more));
        if cells.len() / width > limit { Err(Stopped::Limit(limit)) } else { Ok(cells) }
    }

    /// By when the claims were said, then as they were recorded, then by the values shown. Solutions that differ in nothing shown and in no
    /// claim are one: that of the chain published first.
    fn sorted(&self, question: &Question, solutions: &Solutions) -> Result<Solutions, Stopped> {
        let width = solutions.width;
        let rows = solutions.cells.len() / width;
        self.has_room(size_of_val(&solutions.cells[..]) + rows * size_of::<((i64, u64), usize)>())?;
        let shown: Vec<usize> = question.shown_slots().collect();
        let cell = |row: &[u64], slot: SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
        let said = |row: &[u64], claim: SlotId| self.said_key(cell(row, claim));
        let ranks = self.interned.borrow().ranks();
        let value = |row: &[u64], at: usize| {
            let kind = question.slots.get(at).map_or(SlotKind::Entity, |slot| slot.kind);
            ranks.of(kind, row.get(at).copied().unwrap_or(UNBOUND))
        };
        let row_of = |at: &usize| solutions.cells.get(at * width..(at + 1) * width).unwrap_or(&[]);
        // Mostly there is one claim, and mostly it decides.
        let (first, others) = match &question.counted[..] {
            [] => (None, &[][..]),
            [(first, _), others @ ..] => (Some(*first), others),
        };
        let mut keyed: Vec<((i64, u64), usize)> = Vec::with_capacity(rows);
        for (at, row) in solutions.cells.chunks_exact(width).enumerate() {
            self.look()?;
            keyed.push((first.map_or((0, 0), |claim| said(row, claim)), at));
        }
        let shows = |a: &[u64], b: &[u64]| {
            let claims = others.iter().map(|(claim, _)| said(a, *claim).cmp(&said(b, *claim)));
            let values = shown.iter().map(|at| value(a, *at).cmp(&value(b, *at)));
            claims.chain(values).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let seen = |a: &[u64], b: &[u64]| {
            let mut ways = question
                .counted
                .iter()
                .map(|(_, seen)| self.rank(cell(a, *seen)).cmp(&self.rank(cell(b, *seen))));
            ways.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        self.put_in_order(&mut keyed, BY_NUMBERS, |(key_a, a), (key_b, b)| {
            key_a.cmp(key_b).then_with(|| {
                let (row_a, row_b) = (row_of(a), row_of(b));
                shows(row_a, row_b).then_with(|| seen(row_a, row_b)).then(a.cmp(b))
            })
        })?;
        keyed.dedup_by(|next, kept| next.0 == kept.0 && shows(row_of(&next.1), row_of(&kept.1)).is_eq());
        let mut cells = Vec::with_capacity(keyed.len() * width);
        for (_, at) in keyed {
            self.look()?;
            cells.extend_from_slice(solutions.cells.get(at * width..(at + 1) * width).unwrap_or(&[]));
        }
        Ok(Solutions { width, any: solutions.any, cells })
    }

    /// Whether a solution sorts before another that shows the same.
    fn is_before(&self, question: &Question, a: &[u64], b: &[u64]) -> bool {
        let cell = |row: &[u64], slot: SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
        let mut claims = question
            .counted
            .iter()
            .map(|(claim, _)| self.said_key(cell(a, *claim)).cmp(&self.said_key(cell(b, *claim))));
        let by_claims = claims.find(|order| order.is_ne());
        by_claims.map_or_else(
            || {
                let mut ways = question
                    .counted
                    .iter()
                    .map(|(_, seen)| self.rank(cell(a, *seen)).cmp(&self.rank(cell(b, *seen))));
                ways.find(|order| order.is_ne()).is_some_and(Ordering::is_lt)
            },
            Ordering::is_lt,
        )
    }

    /// Where a claim stands among others: by when it was said, then as it was recorded.
    pub(super) fn said_key(&self, claim: u64) -> (i64, u64) {
        (self.said(claim_of(claim)).map_or(i64::MAX, |time| time.from), claim)
    }

    /// Every row that passes all of these steps.
    pub(super) fn steps(&self, steps: &[Step], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let Some((step, rest)) = steps.split_first() else { return then(row) };
        let mut next = |row: &mut Vec<u64>| {
            self.count(step.id);
            self.steps(rest, row, then)
        };
        self.trying.set(step.id);
        match &step.kind {
            StepKind::Claim(pattern) => self.claims_needed(step.id, pattern, row, &mut next),
            StepKind::Link(link) => self.link(link, row, &mut next),
            StepKind::IsA(isa) => self.isa(isa, row, &mut next),
            StepKind::Rating(rating) => self.rating(rating, row, &mut next),
            StepKind::Rule { rule, args } => self.rule(*rule, args, row, &mut next),
            StepKind::Fixed { slot, values } => {
                let open = [(*slot, Values::from_slice(values))];
                Self::fill_slots(&open, row, &mut next)
            }
            StepKind::Any(parts) => {
                for part in parts {
                    match self.ready(part, row) {
                        Some(ready) => self.rows_ready(&ready, row, &mut next)?,
                        None => self.steps(&part.steps, row, &mut next)?,
                    }
                }
                Flow::Continue(())
            }
            StepKind::Not(inner) => {
                let known = if self.is_own.get() { self.least.borrow().holds(step.id, row) } else { None };
                let holds = match known {
                    Some(known) => known,
                    None => self.holds(inner, row)?,
                };
                if holds { Flow::Continue(()) } else { next(row) }
            }
        }
    }

    /// Whether any row passes; slots that stand only in there are as before afterwards.
    fn holds(&self, order: &Order, row: &[u64]) -> std::ops::ControlFlow<Halt, bool> {
        if let [Step { kind: StepKind::Link(link), .. }] = &order.steps[..]
            && let Some(is_linked) = self.is_linked(link, row)
        {
            return std::ops::ControlFlow::Continue(is_linked);
        }
        let mut inside = row.to_vec();
        match self.steps(&order.steps, &mut inside, &mut |_| Flow::Break(Halt::Enough)) {
            Flow::Continue(()) => std::ops::ControlFlow::Continue(false),
            Flow::Break(Halt::Enough) => std::ops::ControlFlow::Continue(true),
            Flow::Break(halt) => std::ops::ControlFlow::Break(halt),
        }
    }

    fn count(&self, step: usize) {
        self.count_many(step, 1);
    }

    /// Notes that a step found so many rows.
    pub(super) fn count_many(&self, step: usize, rows: u64) {
        if let Some(found) = self.found.get(step).filter(|_| self.is_own.get()) {
            found.set(found.get() + rows);
        }
    }
}
