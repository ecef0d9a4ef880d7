//! Alternatives that begin with a sentence: `… or anyone said ?c via ?o source ?d and …`. Where that sentence shares nothing but a content with
//! what was found before, the claims of all these contents are gone over once; of alternatives that begin alike, once for all. What follows it
//! is tried once for each way to fill what it names, and what each content is filled with is kept, each once: of a claim among alternatives
//! nothing else is ever seen.

use super::claim::Then;
use super::fillings::Fillings;
use super::groups::{fits, narrow, widen};
use super::scan::{Sentence, is_shareable, scaled};
use super::ways::{Added, Beginning, Ending, Half, Named, Ways, named_in};
use super::{Evaluator, Flow, Halt, NOTHING, Stopped, UNBOUND};
use crate::plan::{
    ClaimPattern, ContentTest, Order, Question, SlotId, SlotKind, SlotSet, Step, StepKind, names_of_claim,
    names_of_steps,
};
use crate::threads::{by_who_is_free, in_threads, threads_for};
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// As many rows are worth a thread.
const ROWS_PER_THREAD: usize = scaled(1 << 16);

/// As many ways to fill what follows are worth a thread, and as many are tried in one go.
const WAYS_PER_THREAD: usize = scaled(1 << 13);
const WAYS_IN_ONE_GO: usize = scaled(1 << 12);

/// Each thread sorts so many parts, more or less: they are not alike.
const PARTS_PER_THREAD: usize = 8;

/// A row is sorted as one number: so many half cells fit into that.
const WIDEST: usize = 4;

/// For so many contents of a part there is room from the start.
const FEW_CONTENTS: usize = 256;

/// What an alternative fills its slots with, for each content.
#[derive(Debug)]
pub(super) struct Ready {
    /// The slot of the content.
    content: SlotId,
    /// The other slots.
    pub(super) slots: SmallVec<[Half; 4]>,
    /// As many contents are of a part.
    share: u32,
    /// Rows of contents, in ascending order.
    parts: Vec<Part>,
}

/// The rows of some contents.
#[derive(Debug, Default)]
struct Part {
    contents: Vec<u32>,
    /// Where the cells of each content end; before the first, nothing.
    ends: Vec<usize>,
    /// What the other slots hold, row by row; a cell where there are none.
    cells: Vec<u32>,
}

impl Ready {
    /// The rows of a content, each of as many half cells as there are slots, at least one.
    pub(super) fn rows(&self, content: u64) -> &[u32] {
        let content = narrow(SlotKind::Content, content);
        let part = self.parts.get((content / self.share.max(1)) as usize);
        part.and_then(|part| part.rows(content)).unwrap_or(&[])
    }

    /// How many half cells a row has.
    pub(super) fn width(&self) -> usize {
        self.slots.len().max(1)
    }

    fn weight(&self) -> usize {
        self.parts.iter().map(Part::weight).sum()
    }
}

impl Part {
    /// Rows as numbers, of each the content in the highest half.
    fn of(mut rows: Vec<u128>, slots: usize) -> Part {
        rows.sort_unstable();
        rows.dedup();
        let few = rows.len().min(FEW_CONTENTS);
        let mut part = Part {
            contents: Vec::with_capacity(few),
            ends: Vec::with_capacity(few + 1),
            cells: Vec::with_capacity(rows.len() * slots.max(1)),
        };
        part.ends.push(0);
        for row in rows {
            // The lowest half cell first.
            let halves: [u32; 4] = bytemuck::cast(row.to_le());
            let content = u32::from_le(halves.get(slots).copied().unwrap_or(0));
            if part.contents.last() != Some(&content) {
                part.contents.push(content);
                part.ends.push(part.cells.len());
            }
            part.cells.extend(halves.iter().take(slots).rev().map(|half| u32::from_le(*half)));
            if slots == 0 {
                // A row without other cells is there all the same.
                part.cells.push(0);
            }
            if let Some(end) = part.ends.last_mut() {
                *end = part.cells.len();
            }
        }
        part
    }

    fn rows(&self, content: u32) -> Option<&[u32]> {
        let at = self.contents.binary_search(&content).ok()?;
        self.cells.get(*self.ends.get(at)?..*self.ends.get(at + 1)?)
    }

    fn weight(&self) -> usize {
        size_of_val(&self.contents[..]) + size_of_val(&self.ends[..]) + size_of_val(&self.cells[..])
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
        let mut all: Vec<Beginning<'_>> = Vec::new();
        for part in parts {
            self.look_into_part(question, (&before, &elsewhere), part, grouped, &mut all)?;
        }
        for beginning in &all {
            for ending in &beginning.endings {
                self.end_with(beginning, ending)?;
            }
            self.let_go(beginning.weight());
        }
        Ok(())
    }

    fn look_into_part<'p>(
        &self,
        question: &Question,
        (before, elsewhere): (&SlotSet, &SlotSet),
        part: &'p Order,
        grouped: &Fillings,
        all: &mut Vec<Beginning<'p>>,
    ) -> Result<(), Stopped> {
        let Some((Step { id, kind: StepKind::Claim(pattern), .. }, rest)) = part.steps.split_first() else {
            return Ok(());
        };
        let ContentTest::Slot(content) = pattern.content else { return Ok(()) };
        let Some(at) = grouped.content_at(content) else { return Ok(()) };
        let is_variable =
            |slot: SlotId| question.slots.get(usize::from(slot.0)).is_none_or(|slot| slot.variable);
        let own = [pattern.claim, pattern.appearance, content];
        let names = names_of_claim(pattern);
        let follows = names_of_steps(rest);
        // What nobody sees outside of this alternative need not be kept.
        let is_seen = |slot: &SlotId| is_variable(*slot) || elsewhere.contains(*slot);
        let asked_of = |filled: &[Half]| -> SmallVec<[usize; 4]> {
            filled
                .iter()
                .zip(1..)
                .filter(|((slot, _), _)| follows.contains(*slot))
                .map(|(_, at)| at)
                .collect()
        };
        let alike = all.iter().enumerate().find_map(|(at, one)| {
            let filled = one.filled_as(pattern)?;
            (asked_of(&filled) == one.asked).then_some((at, filled))
        });
        let known = alike.as_ref().map(|(at, _)| *at);
        let filled: SmallVec<[Half; 4]> = alike.map_or_else(
            || names.iter().filter(|slot| !own.contains(slot)).map(|slot| self.half_of(slot)).collect(),
            |(_, filled)| filled,
        );
        let seen = filled.iter().copied().zip(1..);
        let seen = seen.filter(|((slot, _), _)| is_seen(slot) && !follows.contains(*slot));
        let (mut slots, seen): (SmallVec<[Half; 4]>, SmallVec<[usize; 4]>) = seen.unzip();
        slots.extend(follows.iter().filter(is_seen).map(|slot| self.half_of(slot)));
        if is_variable(pattern.claim)
            || !Self::is_over_claims(pattern)
            || filled.iter().map(|(slot, _)| *slot).chain(follows.iter()).any(|slot| before.contains(slot))
            || own.iter().any(|slot| follows.contains(*slot))
            || !is_shareable(&question.slots)
            || !filled
                .iter()
                .chain(&slots)
                .all(|(_, kind)| *kind != SlotKind::Claim && fits(self.graph, *kind))
            || slots.len() >= WIDEST
        {
            return Ok(());
        }
        let known = match known {
            Some(known) => known,
            None => {
                let filled = (content, filled.clone(), asked_of(&filled));
                all.push(self.beginning(question, pattern, filled, (grouped, at))?);
                all.len() - 1
            }
        };
        let Some(beginning) = all.get_mut(known) else { return Ok(()) };
        self.found_by_contents(*id);
        self.count_many(*id, beginning.len() as u64);
        let named = beginning.asked.iter().filter_map(|at| filled.get(*at - 1)).copied();
        let named: SmallVec<[Half; 4]> = named.collect();
        let more = slots.get(seen.len()..).unwrap_or(&[]);
        let added = self.ways_on(question, rest, &named, &beginning.ways, more)?;
        match beginning.endings.iter_mut().find(|one| one.seen == seen && one.slots == slots) {
            Some(known) => {
                known.steps.push(*id);
                known.added.push(added);
            }
            None => {
                let ending = Ending { steps: smallvec![*id], seen, slots, added: vec![added] };
                beginning.endings.push(ending);
            }
        }
        Ok(())
    }

    fn half_of(&self, slot: SlotId) -> Half {
        (slot, self.kind_of(slot))
    }

    /// Every row of a sentence over the claims of the contents in the slot at this place of what was found before.
    fn beginning<'p>(
        &self,
        question: &Question,
        pattern: &'p ClaimPattern,
        (content, filled, asked): (SlotId, SmallVec<[Half; 4]>, SmallVec<[usize; 4]>),
        (grouped, at): (&Fillings, usize),
    ) -> Result<Beginning<'p>, Stopped> {
        let candidates = self.claims_of(grouped, at);
        let width = question.slots.len().max(1);
        let sentence = Sentence { step: usize::MAX, pattern, slots: &question.slots };
        let kept = [(content, SlotKind::Content)].into_iter().chain(filled.iter().copied());
        let kept: SmallVec<[(usize, SlotKind); 4]> =
            kept.map(|(slot, kind)| (usize::from(slot.0), kind)).collect();
        let rows = self.scanned(sentence, &candidates, Vec::new, |worker, found: &mut Vec<u32>, rows| {
            for row in rows.chunks_exact(width) {
                let half =
                    |(at, kind): &(usize, SlotKind)| narrow(*kind, row.get(*at).copied().unwrap_or(UNBOUND));
                found.extend(kept.iter().map(half));
            }
            worker.holds_on(rows.len() / width * kept.len() * size_of::<u32>())
        })?;
        let mut beginning = Beginning { pattern, filled, rows, asked, ways: Vec::new(), endings: Vec::new() };
        beginning.ways = beginning.met(self.few_numbers(&beginning));
        self.hold(beginning.ways.len() * size_of::<(Named, usize)>())?;
        Ok(beginning)
    }

    /// How many numbers the only cell may hold that is named by what follows, where these are not many more than there are rows.
    fn few_numbers(&self, beginning: &Beginning<'_>) -> Option<usize> {
        let [at] = beginning.asked[..] else { return None };
        let (_, kind) = beginning.filled.get(at - 1)?;
        self.numbers(*kind).filter(|numbers| *numbers <= 16 * beginning.len())
    }

    /// For each way to fill some slots, what steps fill other slots with.
    fn ways_on(
        &self,
        question: &Question,
        rest: &[Step],
        slots: &[Half],
        ways: &[Named],
        added: &[Half],
    ) -> Result<Added, Stopped> {
        let threads = threads_for(ways.len(), WAYS_PER_THREAD);
        let expected = ways.len().min(WAYS_IN_ONE_GO);
        let workers = (0..threads).map(|_| self.worker_with_rules(expected)).collect();
        let work = ways.chunks(WAYS_IN_ONE_GO).collect();
        let tried = by_who_is_free(work, workers, |worker: &mut Evaluator<'_>, ways: &[Named]| {
            let mut row = vec![UNBOUND; question.slots.len().max(1)];
            let mut found = Added { ends: Vec::with_capacity(ways.len()), cells: Vec::new() };
            for named in ways {
                worker.look()?;
                // Where one way on is enough, what it filled stands there still.
                row.fill(UNBOUND);
                for ((slot, kind), half) in slots.iter().zip(named) {
                    Self::put(&mut row, *slot, widen(*kind, *half));
                }
                let flow = worker.steps(rest, &mut row, &mut |row| {
                    if added.is_empty() {
                        found.cells.push(0);
                        return Flow::Break(Halt::Enough);
                    }
                    let held = |slot: SlotId| Self::held(row, slot).unwrap_or(UNBOUND);
                    found.cells.extend(added.iter().map(|(slot, kind)| narrow(*kind, held(*slot))));
                    worker.holds_on(added.len() * size_of::<u32>())
                });
                if let Flow::Break(Halt::Stopped(stopped)) = flow {
                    return Err(stopped);
                }
                found.ends.push(found.cells.len());
            }
            let counts: Vec<u64> = worker.found.iter().map(|rows| rows.replace(0)).collect();
            Ok((found, counts))
        });
        let mut all = Added { ends: Vec::with_capacity(ways.len()), cells: Vec::new() };
        for tried in tried {
            let (found, counts) = tried?;
            counts.iter().enumerate().for_each(|(step, rows)| self.count_many(step, *rows));
            all.ends.extend(found.ends.iter().map(|end| all.cells.len() + end));
            all.cells.extend(found.cells);
        }
        Ok(all)
    }

    /// Goes on every way from each row of a sentence: the content, what is still seen of what the sentence filled, and what was added to that.
    fn end_with(&self, beginning: &Beginning<'_>, ending: &Ending) -> Result<(), Stopped> {
        let limit = self.options.max_solutions;
        let ContentTest::Slot(content) = beginning.pattern.content else { return Ok(()) };
        let ways = Ways::of(beginning, ending, self.few_numbers(beginning));
        let Some((ways, cells)) = ways else { return Err(Stopped::Limit(limit)) };
        let threads = threads_for(beginning.len(), ROWS_PER_THREAD);
        let parts = if threads > 1 { threads * PARTS_PER_THREAD } else { 1 };
        // A content is a proposition or its negation.
        let share = (2 * self.graph.propositions.len() / parts + 1) as u32;
        let (asked, width) = (&beginning.asked, ending.width());
        let work = beginning.rows.iter().map(|rows| (self.worker(), rows)).collect();
        let whole = in_threads(work, |(worker, rows): (Evaluator<'_>, &Vec<u32>)| {
            let mut whole: Vec<Vec<u128>> = vec![Vec::new(); parts];
            let mut many = 0;
            // Rows of one claim come one after another and mostly name the same.
            let (mut last, mut more): (&[u32], &[u32]) = (&[], &[]);
            for row in rows.chunks_exact(beginning.filled.len() + 1) {
                worker.look()?;
                if last.is_empty() || !named_in(row, asked).eq(named_in(last, asked)) {
                    (last, more) = (row, ways.on(named_in(row, asked), &cells));
                }
                let rows = more.chunks_exact(width.max(1));
                many += rows.len();
                worker.hold(rows.len() * size_of::<u128>())?;
                if many > limit {
                    return Err(Stopped::Limit(limit));
                }
                let part = row.first().and_then(|content| whole.get_mut((content / share) as usize));
                let Some(part) = part else { continue };
                let start = row.first().into_iter().chain(ending.seen.iter().filter_map(|at| row.get(*at)));
                let start = start.fold(0, |all, half| all << 32 | u128::from(*half));
                part.extend(rows.map(|more| {
                    more.iter().take(width).fold(start, |all, half| all << 32 | u128::from(*half))
                }));
            }
            Ok((whole, many))
        });
        let mut rows: Vec<Vec<Vec<u128>>> = vec![Vec::new(); parts];
        let mut held = 0;
        for one in whole {
            let (whole, many) = one?;
            held += many * size_of::<u128>();
            rows.iter_mut().zip(whole).for_each(|(alike, part)| alike.push(part));
        }
        let parts = by_who_is_free(rows, vec![(); threads], |(), alike| {
            let mut alike = alike.into_iter();
            let mut first = alike.next().unwrap_or_default();
            alike.for_each(|mut more| first.append(&mut more));
            Part::of(first, ending.slots.len())
        });
        self.let_go(held);
        let ready = |parts: Vec<Part>| Ready { content, slots: ending.slots.clone(), share, parts };
        // The first of the alternatives has the rows of all.
        let mut least = self.least.borrow_mut();
        for step in ending.steps.iter().skip(1) {
            least.ready.insert(*step, Arc::new(ready(Vec::new())));
        }
        let ready = ready(parts);
        self.hold(ready.weight())?;
        least.ready.extend(ending.steps.first().map(|step| (*step, Arc::new(ready))));
        Ok(())
    }

    /// How many numbers a slot of a kind may hold, where what it holds are numbers that are given one after another.
    pub(super) fn numbers(&self, kind: SlotKind) -> Option<usize> {
        match kind {
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
        let is_open = ready.slots.iter().all(|(slot, _)| Self::held(row, *slot).is_none());
        (is_open && Self::held(row, ready.content).is_some()).then(|| ready.clone())
    }

    /// Every row of an alternative that was gone over for all contents.
    pub(super) fn rows_ready(&self, ready: &Ready, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let cells = ready.rows(Self::held(row, ready.content).unwrap_or(NOTHING));
        let mut flow = Flow::Continue(());
        for cells in cells.chunks_exact(ready.width()) {
            self.tick()?;
            for ((slot, kind), half) in ready.slots.iter().zip(cells) {
                Self::put(row, *slot, widen(*kind, *half));
            }
            flow = then(row);
            if flow.is_break() {
                break;
            }
        }
        for (slot, _) in &ready.slots {
            Self::put(row, *slot, UNBOUND);
        }
        flow
    }
}
