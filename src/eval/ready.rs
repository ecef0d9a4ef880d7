//! Alternatives that begin with a sentence: `… or anyone said ?c via ?o source ?d and …`. Where that sentence shares nothing but a content with
//! what was found before, the claims of all these contents are gone over once. What follows it is tried once for each way to fill what it
//! names, and what each content is filled with is kept, each once: of a claim among alternatives nothing else is ever seen.

use super::claim::Then;
use super::least::Fillings;
use super::scan::{Sentence, in_threads, is_shareable, scaled, threads};
use super::{Evaluator, Flow, Halt, NOTHING, Stopped, UNBOUND};
use crate::plan::{
    ContentTest, Order, Question, SlotId, SlotKind, SlotSet, Step, StepKind, names_of_claim, names_of_steps,
};
use hashbrown::HashMap;
use smallvec::{SmallVec, smallvec};
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

/// What was found of a sentence: rows of a content and of what it fills.
struct Found {
    rows: Vec<Vec<u64>>,
    width: usize,
}

impl Found {
    fn all(&self) -> impl Iterator<Item = &[u64]> {
        self.rows.iter().flat_map(|rows| rows.chunks_exact(self.width))
    }

    fn len(&self) -> usize {
        self.rows.iter().map(|rows| rows.len() / self.width).sum()
    }
}

/// What steps fill slots with, for each way to fill those that they name.
struct Ways {
    index: Index,
    /// Where the cells of each way end; before the first, nothing.
    ends: Vec<usize>,
    cells: Vec<u64>,
}

/// Where each way stands.
enum Index {
    /// By the number that its only slot holds; [`NOWHERE`] where it was not found.
    Numbers(Vec<u32>),
    /// By what its slots hold.
    Named(HashMap<Named, u32>),
}

const NOWHERE: u32 = u32::MAX;

fn named_in<'r>(row: &'r [u64], asked: &'r [usize]) -> impl Iterator<Item = u64> + 'r {
    asked.iter().map(|at| row.get(*at).copied().unwrap_or(UNBOUND))
}

impl Index {
    /// The ways that were found, each once and in order, and where each stands. `numbers` tells how many there can be, where they are few.
    fn of(found: &Found, asked: &[usize], numbers: Option<usize>) -> (Index, Vec<Named>) {
        let met = |numbers: usize| {
            let mut is_met = vec![false; numbers];
            for number in found.all().flat_map(|row| named_in(row, asked)) {
                *is_met.get_mut(usize::try_from(number).ok()?)? = true;
            }
            Some(is_met)
        };
        if let Some(is_met) = numbers.and_then(met) {
            let mut all: Vec<Named> = Vec::new();
            let places = is_met.into_iter().zip(0..).map(|(is_met, number)| {
                if is_met {
                    all.push(smallvec![number]);
                }
                if is_met { all.len() as u32 - 1 } else { NOWHERE }
            });
            return (Index::Numbers(places.collect()), all);
        }
        let mut all: Vec<Named> = found.all().map(|row| named_in(row, asked).collect()).collect();
        all.sort_unstable();
        all.dedup();
        (Index::Named(all.iter().cloned().zip(0..).collect()), all)
    }
}

impl Ways {
    /// What is filled where the slots hold this, row by row; a cell where there is nothing to fill.
    fn of(&self, mut named: impl Iterator<Item = u64>) -> &[u64] {
        let at = match &self.index {
            Index::Numbers(places) => named.next().and_then(|number| places.get(number as usize)),
            Index::Named(places) => places.get(&named.collect::<Named>()),
        };
        let Some(at) = at.filter(|at| **at != NOWHERE).map(|at| *at as usize) else { return &[] };
        let cells = self.ends.get(at).zip(self.ends.get(at + 1)).map(|(start, end)| *start..*end);
        cells.and_then(|cells| self.cells.get(cells)).unwrap_or(&[])
    }
}

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
        let found = Found { rows: found, width: filled.len() + 1 };
        self.found_by_contents(*id);
        self.count_many(*id, found.len() as u64);
        // What nobody sees outside of this alternative need not be kept.
        let is_seen = |slot: &SlotId| is_variable(*slot) || elsewhere.contains(*slot);
        let added: SmallVec<[SlotId; 4]> =
            follows.iter().filter(|slot| !filled.contains(slot)).filter(is_seen).collect();
        let places = |is_wanted: &dyn Fn(&SlotId) -> bool| -> SmallVec<[usize; 4]> {
            filled.iter().zip(1..).filter(|(slot, _)| is_wanted(slot)).map(|(_, at)| at).collect()
        };
        let (asked, seen) = (places(&|slot| follows.contains(*slot)), places(&is_seen));
        let slot_at = |at: &usize| filled.get(*at - 1).copied();
        let named: SmallVec<[SlotId; 4]> = asked.iter().filter_map(slot_at).collect();
        let ways = self.ways_on(question, rest, (&named, &asked), &added, &found)?;
        let whole = self.went_on(&found, &ways, (&asked, &seen), added.len())?;
        let slots = seen.iter().filter_map(slot_at).chain(added.iter().copied()).collect();
        let ready = Ready::of(content, slots, &whole);
        self.hold(ready.weight())?;
        self.let_go(found.rows.iter().chain(&whole).map(|rows| size_of_val(&rows[..])).sum());
        self.least.borrow_mut().ready.insert(*id, Arc::new(ready));
        Ok(())
    }

    /// Rows that went on every way: the content, what is still seen of what the sentence filled, and what was added to that.
    fn went_on(
        &self,
        found: &Found,
        ways: &Ways,
        (asked, seen): (&[usize], &[usize]),
        added: usize,
    ) -> Result<Vec<Vec<u64>>, Stopped> {
        let limit = self.options.max_solutions;
        let wide = 1 + seen.len() + added;
        let work = found.rows.iter().map(|rows| (self.worker(), rows)).collect();
        let whole = in_threads(work, |(worker, rows): (Evaluator<'_>, &Vec<u64>)| {
            let mut whole: Vec<u64> = Vec::new();
            for row in rows.chunks_exact(found.width) {
                worker.look()?;
                let cells = ways.of(named_in(row, asked));
                let many = cells.len() / added.max(1);
                worker.hold(many * wide * size_of::<u64>())?;
                if whole.len() / wide + many > limit {
                    return Err(Stopped::Limit(limit));
                }
                for more in cells.chunks_exact(added.max(1)) {
                    whole.extend(row.first());
                    whole.extend(seen.iter().filter_map(|at| row.get(*at)));
                    whole.extend(more.iter().take(added));
                }
            }
            Ok(whole)
        });
        whole.into_iter().collect()
    }

    /// For each way to fill some slots, which stand at `asked` in what was found, what steps fill other slots with.
    fn ways_on(
        &self,
        question: &Question,
        rest: &[Step],
        (slots, asked): (&[SlotId], &[usize]),
        added: &[SlotId],
        found: &Found,
    ) -> Result<Ways, Stopped> {
        let places = match slots {
            [only] => self.numbers(*only).filter(|numbers| *numbers <= 16 * found.len()),
            _ => None,
        };
        let (index, all) = Index::of(found, asked, places);
        let each = all.len().div_ceil(threads(all.len(), WAYS_PER_THREAD)).max(1);
        let work = all.chunks(each).map(|ways| (self.worker_with_rules(), ways)).collect();
        let tried = in_threads(work, |(worker, ways): (Evaluator<'_>, &[Named])| {
            let mut row = vec![UNBOUND; question.slots.len().max(1)];
            let (mut cells, mut ends): (Vec<u64>, Vec<usize>) = (Vec::new(), Vec::new());
            for named in ways {
                worker.look()?;
                for (slot, value) in slots.iter().zip(named) {
                    Self::put(&mut row, *slot, *value);
                }
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
                ends.push(cells.len());
            }
            Ok((cells, ends, worker.found))
        });
        self.hold(all.len() * size_of::<(Named, usize)>())?;
        let (mut cells, mut ends): (Vec<u64>, Vec<usize>) = (Vec::new(), vec![0]);
        for tried in tried {
            let (more, more_ends, counts) = tried?;
            counts.iter().enumerate().for_each(|(step, rows)| self.count_many(step, rows.get()));
            ends.extend(more_ends.iter().map(|end| cells.len() + end));
            cells.extend(more);
        }
        Ok(Ways { index, ends, cells })
    }

    /// How many numbers a slot may hold, where what it holds are numbers that are given one after another.
    fn numbers(&self, slot: SlotId) -> Option<usize> {
        match self.kind_of(slot) {
            SlotKind::Document => Some(self.graph.documents.len()),
            SlotKind::Entity => Some(self.graph.entities.len()),
            _ => None,
        }
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
                Self::put(row, *slot, *cell);
            }
            flow = then(row);
            if flow.is_break() {
                break;
            }
        }
        for slot in &ready.slots {
            Self::put(row, *slot, UNBOUND);
        }
        flow
    }
}
