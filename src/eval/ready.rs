//! Alternatives that begin with a sentence: `… or anyone said ?c via ?o source ?d and …`. Where that sentence shares nothing but a content with
//! what was found before, the claims of all these contents are gone over once. What follows it is tried once for each way to fill what it
//! names, and what each content is filled with is kept, each once: of a claim among alternatives nothing else is ever seen.

use super::claim::Then;
use super::least::Fillings;
use super::scan::{Sentence, in_threads, is_shareable, scaled, threads};
use super::{Evaluator, Flow, Halt, NOTHING, Stopped, UNBOUND};
use crate::plan::{
    ContentTest, Order, Question, SlotId, SlotSet, Step, StepKind, names_of_claim, names_of_steps,
};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::Arc;

/// As many rows are worth a thread.
const ROWS_PER_THREAD: usize = scaled(1 << 14);

/// As many ways to fill what follows are worth a thread.
const WAYS_PER_THREAD: usize = scaled(1 << 11);

/// What an alternative fills its slots with, for each content.
#[derive(Debug)]
pub(super) struct Ready {
    /// The slot of the content.
    content: SlotId,
    /// The other slots.
    slots: SmallVec<[SlotId; 4]>,
    /// Rows, some contents each.
    parts: Vec<Part>,
}

/// The rows of some contents.
#[derive(Debug, Default)]
struct Part {
    /// Of each content its rows.
    rows: HashMap<u64, Range<usize>>,
    /// What the other slots hold, row by row.
    cells: Vec<u64>,
}

/// What slots hold that steps name.
type Named = SmallVec<[u64; 2]>;

impl Ready {
    /// Every row of an alternative: the content, then what the other slots hold. The rows of each content come together, each once.
    fn of(content: SlotId, slots: SmallVec<[SlotId; 4]>, found: &[Vec<u64>]) -> Ready {
        let width = slots.len() + 1;
        let many: usize = found.iter().map(|rows| rows.len() / width).sum();
        let parts = threads(many, ROWS_PER_THREAD);
        let part = |at: usize| {
            let all = found.iter().flat_map(|rows| rows.chunks_exact(width));
            let rows = all.filter(|row| part_of(row.first().copied().unwrap_or(NOTHING), parts) == at);
            Part::of(rows, width, many / parts)
        };
        Ready { content, slots, parts: in_threads((0..parts).collect(), part) }
    }

    /// The rows of a content.
    fn rows(&self, content: u64) -> &[u64] {
        let part = self.parts.get(part_of(content, self.parts.len()));
        part.and_then(|part| part.cells.get(part.rows.get(&content)?.clone())).unwrap_or(&[])
    }

    fn weight(&self) -> usize {
        let of_part =
            |part: &Part| size_of_val(&part.cells[..]) + part.rows.len() * size_of::<(u64, Range<usize>)>();
        self.parts.iter().map(of_part).sum()
    }
}

/// The part of a content.
fn part_of(content: u64, parts: usize) -> usize {
    (content.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % parts.max(1)
}

impl Part {
    fn of<'r>(all: impl Iterator<Item = &'r [u64]>, width: usize, about: usize) -> Part {
        let mut rows: Vec<&[u64]> = Vec::with_capacity(about);
        rows.extend(all);
        rows.sort_unstable();
        rows.dedup();
        let mut part = Part { rows: HashMap::new(), cells: Vec::with_capacity(rows.len() * (width - 1)) };
        for alike in rows.chunk_by(|a, b| a.first() == b.first()) {
            let start = part.cells.len();
            // A row without other cells is there all the same.
            alike.iter().for_each(|row| part.cells.extend_from_slice(row.get(1..).unwrap_or(&[])));
            if width == 1 {
                part.cells.push(NOTHING);
            }
            let content = alike.first().and_then(|row| row.first()).copied().unwrap_or(NOTHING);
            part.rows.insert(content, start..part.cells.len());
        }
        part
    }
}

impl Evaluator<'_> {
    /// Where the alternatives of a step begin with sentences that share nothing but a content with what was found before, goes over the claims
    /// of all contents that were found, once for each of these sentences.
    pub(super) fn look_into(
        &self,
        question: &Question,
        order: &Order,
        next: &Step,
        grouped: &Fillings,
    ) -> Result<(), Stopped> {
        let StepKind::Any(parts) = &next.kind else { return Ok(()) };
        let mut steps = order.steps.split(|step| step.id == next.id);
        let before = names_of_steps(steps.next().unwrap_or(&[]));
        let mut elsewhere = names_of_steps(steps.next().unwrap_or(&[]));
        elsewhere.extend(question.shown_slots().map(|at| SlotId(at as u16)));
        for part in parts {
            self.look_into_part(question, (&before, &elsewhere), part, grouped)?;
        }
        Ok(())
    }

    fn look_into_part(
        &self,
        question: &Question,
        (before, elsewhere): (&SlotSet, &SlotSet),
        part: &Order,
        grouped: &Fillings,
    ) -> Result<(), Stopped> {
        let Some((Step { id, kind: StepKind::Claim(pattern), .. }, rest)) = part.steps.split_first() else {
            return Ok(());
        };
        let ContentTest::Slot(content) = pattern.content else { return Ok(()) };
        let Some(at) = grouped.content_at(content) else { return Ok(()) };
        let is_variable =
            |slot: SlotId| question.slots.get(usize::from(slot.0)).is_none_or(|slot| slot.variable);
        if is_variable(pattern.claim) || !Self::is_over_claims(pattern) {
            return Ok(());
        }
        let own = [pattern.claim, pattern.appearance, content];
        let filled: SmallVec<[SlotId; 4]> =
            names_of_claim(pattern).iter().filter(|slot| !own.contains(slot)).collect();
        let follows = names_of_steps(rest);
        if filled.iter().copied().chain(follows.iter()).any(|slot| before.contains(slot))
            || own.iter().any(|slot| follows.contains(*slot))
            || !is_shareable(&question.slots)
        {
            return Ok(());
        }
        let candidates = self.claims_of(grouped, at);
        let width = question.slots.len().max(1);
        let sentence = Sentence { step: usize::MAX, pattern, slots: &question.slots };
        let found = self.scanned(sentence, &candidates, Vec::new, |worker, kept: &mut Vec<u64>, rows| {
            for row in rows.chunks_exact(width) {
                let cell = |slot: &SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
                kept.push(cell(&content));
                kept.extend(filled.iter().map(cell));
            }
            worker.holds_on(rows.len() / width * (filled.len() + 1) * size_of::<u64>())
        })?;
        self.found_by_contents(*id);
        self.count_many(*id, found.iter().map(|rows| rows.len() / (filled.len() + 1)).sum::<usize>() as u64);
        // What nobody sees outside of this alternative need not be kept.
        let is_seen = |slot: &SlotId| is_variable(*slot) || elsewhere.contains(*slot);
        let added: SmallVec<[SlotId; 4]> =
            follows.iter().filter(|slot| !filled.contains(slot)).filter(is_seen).collect();
        let asked: SmallVec<[usize; 4]> =
            filled.iter().enumerate().filter(|(_, slot)| follows.contains(**slot)).map(|(at, _)| at).collect();
        let seen: SmallVec<[usize; 4]> =
            filled.iter().enumerate().filter(|(_, slot)| is_seen(slot)).map(|(at, _)| at).collect();
        let ways = self.ways_on(question, rest, &filled, &asked, &added, &found)?;
        let row_of = |row: &[u64], at: usize| row.get(at + 1).copied().unwrap_or(UNBOUND);
        let limit = self.options.max_solutions;
        let work = found.iter().map(|rows| (self.worker(), rows)).collect();
        let whole = in_threads(work, |(worker, rows): (Evaluator<'_>, &Vec<u64>)| {
            let mut whole: Vec<u64> = Vec::new();
            let wide = seen.len() + added.len() + 1;
            for row in rows.chunks_exact(filled.len() + 1) {
                worker.look()?;
                let named: Named = asked.iter().map(|at| row_of(row, *at)).collect();
                let cells = ways.get(&named).map_or(&[][..], |ways| &ways[..]);
                let many = cells.len() / added.len().max(1);
                worker.hold(many * wide * size_of::<u64>())?;
                if whole.len() / wide + many > limit {
                    return Err(Stopped::Limit(limit));
                }
                for more in cells.chunks_exact(added.len().max(1)) {
                    whole.extend(row.first());
                    whole.extend(seen.iter().map(|at| row_of(row, *at)));
                    whole.extend(more.iter().take(added.len()));
                }
            }
            Ok(whole)
        });
        let whole = whole.into_iter().collect::<Result<Vec<_>, Stopped>>()?;
        let slots = seen.iter().filter_map(|at| filled.get(*at)).chain(&added).copied().collect();
        let ready = Ready::of(content, slots, &whole);
        self.hold(ready.weight())?;
        self.let_go(found.iter().chain(&whole).map(|rows| size_of_val(&rows[..])).sum());
        self.least.borrow_mut().ready.insert(*id, Arc::new(ready));
        Ok(())
    }

    /// For each way to fill what steps name (the slots at `asked` among those that are filled), what they fill other slots with, row by row; a
    /// cell where there are none.
    fn ways_on(
        &self,
        question: &Question,
        rest: &[Step],
        filled: &[SlotId],
        asked: &[usize],
        added: &[SlotId],
        found: &[Vec<u64>],
    ) -> Result<HashMap<Named, SmallVec<[u64; 2]>>, Stopped> {
        let rows = found.iter().flat_map(|rows| rows.chunks_exact(filled.len() + 1));
        let named = |row: &[u64]| asked.iter().filter_map(|at| row.get(at + 1)).copied().collect();
        let mut all: Vec<Named> = rows.map(named).collect();
        all.sort_unstable();
        all.dedup();
        let each = all.len().div_ceil(threads(all.len(), WAYS_PER_THREAD)).max(1);
        let work = all.chunks(each).map(|ways| (self.worker_with_rules(), ways)).collect();
        let tried = in_threads(work, |(worker, ways): (Evaluator<'_>, &[Named])| {
            let mut row = vec![UNBOUND; question.slots.len().max(1)];
            let mut came: Vec<SmallVec<[u64; 2]>> = Vec::with_capacity(ways.len());
            for named in ways {
                for (slot, value) in asked.iter().filter_map(|at| filled.get(*at)).zip(named) {
                    row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|cell| *cell = *value);
                }
                let mut cells: SmallVec<[u64; 2]> = SmallVec::new();
                let flow = worker.steps(rest, &mut row, &mut |row| {
                    if added.is_empty() {
                        cells.push(NOTHING);
                        return Flow::Break(Halt::Enough);
                    }
                    cells.extend(added.iter().map(|slot| Self::held(row, *slot).unwrap_or(UNBOUND)));
                    worker.holds_on(size_of_val(added))
                });
                if let Flow::Break(Halt::Stopped(stopped)) = flow {
                    return Err(stopped);
                }
                came.push(cells);
            }
            Ok((came, worker.found))
        });
        let mut ways: HashMap<Named, SmallVec<[u64; 2]>> = HashMap::with_capacity(all.len());
        let mut all = all.into_iter();
        for came in tried {
            let (came, found) = came?;
            found.iter().enumerate().for_each(|(step, rows)| self.count_many(step, rows.get()));
            ways.extend(all.by_ref().zip(came).filter(|(_, cells)| !cells.is_empty()));
        }
        self.hold(ways.len() * size_of::<(Named, SmallVec<[u64; 2]>)>())?;
        Ok(ways)
    }

    /// What was found for an alternative that begins with this step, where that was gone over for all contents and this row has nothing else of
    /// what it fills.
    pub(super) fn ready(&self, part: &Order, row: &[u64]) -> Option<Arc<Ready>> {
        let step = part.steps.first().filter(|_| self.is_own.get())?;
        let least = self.least.borrow();
        let ready = least.ready.get(&step.id)?;
        let is_open = ready.slots.iter().all(|slot| Self::held(row, *slot).is_none());
        (is_open && Self::held(row, ready.content).is_some()).then(|| ready.clone())
    }

    /// Every row of an alternative that was gone over for all contents.
    pub(super) fn rows_ready(&self, ready: &Ready, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let cells = ready.rows(Self::held(row, ready.content).unwrap_or(NOTHING));
        let mut flow = Flow::Continue(());
        for cells in cells.chunks_exact(ready.slots.len().max(1)) {
            self.tick()?;
            for (slot, cell) in ready.slots.iter().zip(cells) {
                row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|place| *place = *cell);
            }
            flow = then(row);
            if flow.is_break() {
                break;
            }
        }
        for slot in &ready.slots {
            row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|place| *place = UNBOUND);
        }
        flow
    }
}
