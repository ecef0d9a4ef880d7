//! Sentences of which one claim is enough. `anyone asserted ?c and anyone denied ?c` has as many solutions as there are pairs of claims, and
//! shows each content once: of a sentence whose claim nothing else names, only the one that sorts first can ever be seen. It is looked up
//! once for each filling of the slots that the sentence shares.

use super::claim::Then;
use super::contents::Contents;
use super::fillings::{Fillings, Grouped};
use super::groups::{Group, in_order};
use super::lists::Open;
use super::ready::Ready;
use super::scan::{Sentence, is_shareable, scaled};
use super::{Evaluator, Flow, Stopped, UNBOUND};
use crate::model::{ClaimId, ClaimRef};
use crate::plan::{
    AggregateKind, Base, ClaimPattern, ContentTest, Field, Order, Query, Question, SlotId, Stage, Step,
    StepKind, Test, claim_cell, names_of_claim,
};
use crate::threads::{in_threads, threads_for};
use hashbrown::HashMap;
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// A claim as a cell, and how many claims fit. Where it appeared nobody asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    claim: u64,
    /// When it was said; the largest number where that is not known.
    said: i64,
    /// How many claims fit.
    pub claims: u64,
}

impl Seen {
    /// Where it stands among others.
    pub(super) fn rank(&self) -> (i64, u64) {
        (self.said, self.claim)
    }
}

/// A step and what the slots that it shares hold.
type Filling = (usize, SmallVec<[u64; 2]>);

/// The bytes of one filling and what was found for it.
const KNOWN: usize = size_of::<(Filling, Option<Seen>)>();

/// As many groups of claims are worth a thread.
pub(super) const GROUPS_PER_THREAD: usize = scaled(1 << 11);

/// For each step that one claim is enough for: the slots that it shares, and what was found for their fillings.
#[derive(Debug, Default, Clone)]
pub(super) struct Least {
    /// Whether rows show no claim: then of those that show the same only the one that sorts first is kept, as they are found.
    pub(super) merges: bool,
    /// Whether the claims of the first step are counted in the end, so that what was found of it is kept.
    pub(super) counts: bool,
    pub(super) steps: HashMap<usize, Vec<SlotId>>,
    known: HashMap<Filling, Option<Seen>>,
    /// Of steps that share nothing but a content and were gone over ahead: what was found for each content.
    ahead: HashMap<usize, Ahead>,
    /// Of steps that ask that something does not hold: for which contents of a slot it does.
    held: HashMap<usize, Held>,
    /// Of alternatives, by the sentences that they begin with, what they fill for each content.
    pub(super) ready: HashMap<usize, Arc<Ready>>,
}

/// A slot, and what was found for the contents in it.
type Ahead = (SlotId, Arc<HashMap<u64, Seen>>);

/// A slot, and the contents in it.
type Held = (SlotId, Arc<Contents>);

impl Least {
    /// The steps of a question of which one claim is enough: it has several steps, its rows show no claim and count none.
    pub(super) fn of(query: &Query, question: &Question, order: &Order) -> Least {
        let is_enough = match question.counted.len() {
            0 => false,
            // With one sentence that counts, rows stand for claims until something else is shown.
            1 => order.steps.len() > 1 && shows_at_once(query) && shows_no_claim(query, question),
            _ => shows_no_claim(query, question),
        };
        if !is_enough {
            return Least::default();
        }
        Least::over(order, |claim| question.slots.get(usize::from(claim.0)).is_none_or(|slot| slot.variable))
    }

    /// The steps of an order whose claims nothing else names.
    pub(super) fn over(order: &Order, is_named: impl Fn(SlotId) -> bool) -> Least {
        let mut steps: HashMap<usize, Vec<SlotId>> = HashMap::default();
        for step in &order.steps {
            let StepKind::Claim(pattern) = &step.kind else { continue };
            if is_named(pattern.claim) || pattern.content.is_speech() {
                continue;
            }
            let all = names_of_claim(pattern);
            let own = [pattern.claim, pattern.appearance];
            steps.insert(step.id, all.iter().filter(|slot| !own.contains(slot)).collect());
        }
        Least { merges: true, steps, ..Least::default() }
    }

    /// The bytes of all that was found.
    pub(super) fn weight(&self) -> usize {
        let contents: usize = self.held.values().map(|(_, contents)| contents.weight()).sum();
        let ahead: usize = self.ahead.values().map(|(_, found)| found.len() * size_of::<(u64, Seen)>()).sum();
        self.known.len() * KNOWN + contents + ahead
    }

    /// Whether what a step asks not to hold does for this row, where that was worked out.
    pub(super) fn holds(&self, step: usize, row: &[u64]) -> Option<bool> {
        let (slot, contents) = self.held.get(&step)?;
        row.get(usize::from(slot.0)).map(|content| contents.has(*content))
    }

    /// Whether a step was gone over ahead, and only those groups were left that pass it, each once.
    pub(super) fn is_settled(&self, step: &Step) -> bool {
        self.ahead.contains_key(&step.id) || self.held.contains_key(&step.id)
    }

    /// Whether it is known of a step what it finds for a row, since it was gone over ahead.
    fn is_ahead(&self, step: usize, row: &[u64]) -> bool {
        let slot = self.ahead.get(&step).map(|(slot, _)| usize::from(slot.0));
        slot.and_then(|slot| row.get(slot)).is_some_and(|content| *content != UNBOUND)
    }

    /// What was found of a step for a row.
    pub(super) fn seen(&self, step: usize, row: &[u64]) -> Option<Seen> {
        if let Some((slot, found)) = self.ahead.get(&step) {
            return row.get(usize::from(slot.0)).and_then(|content| found.get(content)).copied();
        }
        let slots = self.steps.get(&step)?.iter();
        let cells = slots.map(|slot| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND));
        self.known.get(&(step, cells.collect())).copied().flatten()
    }
}

impl Evaluator<'_> {
    /// The rows of a claim step: only the first, where that is enough and all that the sentence shares is filled.
    pub(super) fn claims_needed(
        &self,
        step: usize,
        pattern: &ClaimPattern,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        if !self.is_own.get() {
            return self.claims(pattern, row, then);
        }
        if self.least.borrow().is_ahead(step, row) {
            let seen = self.least.borrow().seen(step, row);
            return seen.map_or(Flow::Continue(()), |seen| Self::with_claim(pattern, seen, row, then));
        }
        let shared: Option<SmallVec<[u64; 2]>> = {
            let least = self.least.borrow();
            let slots = least.steps.get(&step);
            slots.and_then(|slots| slots.iter().map(|slot| Self::held(row, *slot)).collect())
        };
        let Some(shared) = shared else {
            return self.claims(pattern, row, then);
        };
        if !self.may_be_about(pattern, row) {
            return Flow::Continue(());
        }
        let key = (step, shared);
        let known = self.least.borrow().known.get(&key).copied();
        let found = match known {
            Some(found) => found,
            None => {
                let found = self.first_claim(pattern, row)?;
                self.holds_on(KNOWN)?;
                self.least.borrow_mut().known.insert(key, found);
                found
            }
        };
        match found {
            None => Flow::Continue(()),
            Some(seen) => Self::with_claim(pattern, seen, row, then),
        }
    }

    /// Sees to it that the claims of a step are counted for what it shares in this row: a first step that finds few was gone over claim by
    /// claim.
    pub(super) fn count_again(&self, step: &Step, row: &[u64]) -> Result<(), Stopped> {
        let StepKind::Claim(pattern) = &step.kind else { return Ok(()) };
        let Some(slots) = self.least.borrow().steps.get(&step.id).cloned() else { return Ok(()) };
        if self.least.borrow().is_ahead(step.id, row) {
            return Ok(());
        }
        let mut shared = vec![UNBOUND; row.len()];
        let mut cells: SmallVec<[u64; 2]> = SmallVec::new();
        for slot in slots {
            let cell = Self::held(row, slot).unwrap_or(UNBOUND);
            cells.push(cell);
            Self::put(&mut shared, slot, cell);
        }
        let key = (step.id, cells);
        if self.least.borrow().known.contains_key(&key) {
            return Ok(());
        }
        self.trying.set(step.id);
        match self.first_claim(pattern, &mut shared) {
            std::ops::ControlFlow::Continue(found) => {
                self.least.borrow_mut().known.insert(key, found);
                Ok(())
            }
            std::ops::ControlFlow::Break(super::Halt::Stopped(stopped)) => Err(stopped),
            std::ops::ControlFlow::Break(super::Halt::Enough) => Ok(()),
        }
    }

    fn with_claim(pattern: &ClaimPattern, seen: Seen, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let mut open = Open::new();
        open.push((pattern.claim, smallvec![seen.claim]));
        Self::fill_slots(&open, row, then)
    }

    /// The claim that sorts first among those that fit, and how many there are.
    fn first_claim(
        &self,
        pattern: &ClaimPattern,
        row: &mut Vec<u64>,
    ) -> std::ops::ControlFlow<super::Halt, Option<Seen>> {
        let mut first: Option<(i64, u64)> = None;
        let (mut claims, mut last) = (0, UNBOUND);
        let flow = self.claims(pattern, row, &mut |row| {
            let claim = row.get(usize::from(pattern.claim.0)).copied().unwrap_or(UNBOUND);
            let found = self.said_key(claim);
            if first.is_none_or(|first| found < first) {
                first = Some(found);
            }
            claims += u64::from(last != claim);
            last = claim;
            Flow::Continue(())
        });
        let seen = |(said, claim)| Seen { claim, said, claims };
        match flow {
            Flow::Break(halt) => std::ops::ControlFlow::Break(halt),
            Flow::Continue(()) => std::ops::ControlFlow::Continue(first.map(seen)),
        }
    }

    /// What the first step of a question finds, where one claim of it is enough and it finds many: it is gone over once, and so are later steps
    /// about the contents that it found.
    pub(super) fn groups_of<'o>(
        &self,
        question: &Question,
        order: &'o Order,
    ) -> Result<Option<Grouped<'o>>, Stopped> {
        let Some((Step { id, kind: StepKind::Claim(pattern), .. }, rest)) = order.steps.split_first() else {
            return Ok(None);
        };
        let sentence = Sentence { step: *id, pattern, slots: &question.slots };
        let Some(mut fillings) = self.fillings(sentence, None)? else { return Ok(None) };
        self.count_many(*id, fillings.groups.len() as u64);
        for next in rest {
            self.look_ahead(question, next, &mut fillings)?;
            self.look_for_none(question, next, &mut fillings)?;
            self.look_into(question, order, next, &fillings)?;
        }
        Ok(Some(Grouped { step: *id, pattern, rest, fillings }))
    }

    /// Every row of all steps. Those behind a first one that was grouped are tried once for each filling of what it shares. Threads may share
    /// the fillings: each takes its rows into one that `make` makes.
    pub(super) fn steps_from_groups<S: Send>(
        &self,
        question: &Question,
        order: &Order,
        grouped: Option<Grouped<'_>>,
        make: impl Fn() -> S + Sync,
        each: impl Fn(&Evaluator<'_>, &mut S, &[u64]) -> Flow + Sync,
    ) -> (Vec<S>, Flow) {
        let Some(Grouped { step, pattern, rest, fillings: mut grouped }) = grouped else {
            let mut row = vec![UNBOUND; question.slots.len().max(1)];
            let mut taken = make();
            let flow = self.steps(&order.steps, &mut row, &mut |row| each(self, &mut taken, row));
            return (vec![taken], flow);
        };
        grouped.groups = in_order(&grouped.groups);
        let sentence = Sentence { step, pattern, slots: &question.slots };
        let part = |worker: &Evaluator<'_>, groups: &[Group]| {
            let mut taken = make();
            let flow =
                worker.steps_from(sentence, rest, &grouped, groups, &mut |row| each(worker, &mut taken, row));
            (taken, flow)
        };
        let threads = threads_for(grouped.groups.len(), GROUPS_PER_THREAD);
        if threads < 2 || !is_shareable(&question.slots) {
            let (taken, flow) = part(self, &grouped.groups);
            return (vec![taken], flow);
        }
        let share = grouped.groups.len().div_ceil(threads);
        let work = grouped.groups.chunks(share).map(|groups| (self.worker_alike(), groups)).collect();
        let found = in_threads(work, |(worker, groups)| {
            let (taken, flow) = part(&worker, groups);
            (taken, flow, worker.found, worker.least.into_inner())
        });
        let mut all = Vec::with_capacity(found.len());
        let mut ended = Flow::Continue(());
        for (taken, flow, found, least) in found {
            found.iter().enumerate().for_each(|(step, rows)| self.count_many(step, rows.get()));
            if least.counts {
                self.least.borrow_mut().known.extend(least.known);
            }
            all.push(taken);
            if flow.is_break() {
                ended = flow;
                break;
            }
        }
        (all, ended)
    }

    /// Every row of the steps behind the first, for each of some groups that the first found.
    fn steps_from(
        &self,
        Sentence { step, pattern, slots }: Sentence<'_>,
        rest: &[Step],
        grouped: &Fillings,
        groups: &[Group],
        then: Then<'_>,
    ) -> Flow {
        let mut row = vec![UNBOUND; slots.len().max(1)];
        let counts = self.least.borrow().counts;
        for group in groups {
            self.tick()?;
            let seen = first_seen(group);
            let cells = grouped.cells(group);
            for ((at, _), cell) in grouped.slots.iter().zip(&cells) {
                if let Some(place) = row.get_mut(*at) {
                    *place = *cell;
                }
            }
            if counts {
                self.holds_on(KNOWN)?;
                self.least.borrow_mut().known.insert((step, cells), Some(seen));
            }
            Self::with_claim(pattern, seen, &mut row, &mut |row| self.steps(rest, row, then))?;
        }
        Flow::Continue(())
    }

    /// A worker with rules of its own, which counts the rows of steps.
    pub(super) fn worker_with_rules(&self, expected: usize) -> Evaluator<'_> {
        let mut worker = self.worker();
        worker.rules = std::cell::RefCell::new(self.rules.borrow().anew(expected));
        worker.found = vec![std::cell::Cell::new(0); self.found.len()];
        worker
    }

    /// The same, which also knows what was found of steps before.
    fn worker_alike(&self) -> Evaluator<'_> {
        let mut worker = self.worker_with_rules(0);
        worker.least.clone_from(&self.least);
        worker
    }

    /// Where a later step shares nothing but a content with the first, goes over its claims too, and leaves the fillings that it has any for.
    fn look_ahead(&self, question: &Question, next: &Step, grouped: &mut Fillings) -> Result<(), Stopped> {
        let StepKind::Claim(pattern) = &next.kind else { return Ok(()) };
        let shared = self.least.borrow().steps.get(&next.id).cloned();
        let Some([only]) = shared.as_deref() else { return Ok(()) };
        let Some(at) = grouped.content_at(*only) else { return Ok(()) };
        let candidates = self.claims_of(grouped, at);
        let sentence = Sentence { step: next.id, pattern, slots: &question.slots };
        let Some(found) = self.fillings(sentence, Some(candidates))? else { return Ok(()) };
        let all = found.groups.iter().map(|group| (found.held(group, 0), first_seen(group)));
        let by_content: HashMap<u64, Seen> = all.collect();
        self.hold(by_content.len() * size_of::<(u64, Seen)>())?;
        let mut groups = std::mem::take(&mut grouped.groups);
        groups.retain(|group| by_content.contains_key(&grouped.held(group, at)));
        grouped.groups = groups;
        self.least.borrow_mut().ahead.insert(next.id, (*only, Arc::new(by_content)));
        Ok(())
    }

    /// Where a later step asks that a sentence which shares nothing but a content with the first finds no claim, goes over the claims of all
    /// these contents in one go, and leaves the fillings that it has none for.
    fn look_for_none(&self, question: &Question, next: &Step, grouped: &mut Fillings) -> Result<(), Stopped> {
        let StepKind::Not(inner) = &next.kind else { return Ok(()) };
        let [Step { id, kind: StepKind::Claim(pattern), .. }] = &inner.steps[..] else { return Ok(()) };
        let all = names_of_claim(pattern);
        let own = [pattern.claim, pattern.appearance];
        let shared: SmallVec<[SlotId; 2]> = all.iter().filter(|slot| !own.contains(slot)).collect();
        let [only] = shared[..] else { return Ok(()) };
        let Some(at) = grouped.content_at(only) else { return Ok(()) };
        if !matches!(pattern.content, ContentTest::Slot(slot) if slot == only) || pattern.id.is_some() {
            return Ok(());
        }
        let candidates = self.claims_of(grouped, at);
        let sentence = Sentence { step: *id, pattern, slots: &question.slots };
        let (width, content) = (question.slots.len().max(1), usize::from(only.0));
        let none = || Contents::of(self.graph, candidates.len());
        let found = self.scanned(
            sentence,
            &candidates,
            || None,
            |worker, found: &mut Option<Contents>, rows| {
                let before = found.as_ref().map_or(0, Contents::weight);
                let found = found.get_or_insert_with(none);
                rows.chunks_exact(width).filter_map(|row| row.get(content)).for_each(|one| found.add(*one));
                worker.holds_on(found.weight() - before)
            },
        )?;
        let mut contents = none();
        self.hold(contents.weight())?;
        for more in found.into_iter().flatten() {
            let before = contents.weight();
            let weight = more.weight();
            contents.join(more);
            self.hold(contents.weight() - before)?;
            self.let_go(weight);
        }
        let mut groups = std::mem::take(&mut grouped.groups);
        groups.retain(|group| !contents.has(grouped.held(group, at)));
        grouped.groups = groups;
        self.least.borrow_mut().held.insert(next.id, (only, Arc::new(contents)));
        Ok(())
    }
}

/// The first claim of a group.
pub(super) fn first_seen(group: &Group) -> Seen {
    let claim = claim_cell(ClaimRef::of(ClaimId(group.first)));
    Seen { claim, said: group.said, claims: group.claims }
}

/// Whether the pipeline, up to where it shows other columns, reads no claim and counts none.
fn shows_no_claim(query: &Query, question: &Question) -> bool {
    let reads_claim = |field: &Field| match field.base {
        Base::Slot(slot, _) => question.counted.iter().any(|(claim, seen)| [*claim, *seen].contains(&slot)),
        Base::Column(at) => question
            .columns
            .get(at)
            .is_none_or(|column| !matches!(column.source, crate::plan::ColumnSource::Slot(_))),
    };
    for stage in query.stages.iter() {
        match stage {
            Stage::Show(outputs) => return !outputs.iter().any(|output| reads_claim(&output.field)),
            Stage::Where(test) if reads(test, &reads_claim) => return false,
            Stage::Sort(keys) if keys.iter().any(|(field, _)| reads_claim(field)) => return false,
            Stage::Where(_) | Stage::Sort(_) | Stage::Take(_) | Stage::Skip(_) => {}
            // How often a value is met does not matter to these.
            Stage::Count { distinct: Some(field), by } => {
                return !reads_claim(field) && !by.iter().any(|output| reads_claim(&output.field));
            }
            Stage::Summarize { aggregates, by } => {
                let once = aggregates.iter().all(|aggregate| {
                    use AggregateKind::{CountDistinct, Max, Min};
                    matches!(aggregate.kind, CountDistinct | Min | Max)
                        && aggregate.field.is_some_and(|field| !reads_claim(&field))
                });
                return once && !by.iter().any(|output| reads_claim(&output.field));
            }
            Stage::Count { .. } | Stage::Reason(_) => return false,
        }
    }
    question.columns.iter().all(|column| matches!(column.source, crate::plan::ColumnSource::Slot(_)))
}

/// Whether the pipeline chooses columns or summarizes before it does anything but test.
fn shows_at_once(query: &Query) -> bool {
    let mut stages = query.stages.iter().skip_while(|stage| matches!(stage, Stage::Where(_)));
    matches!(stages.next(), Some(Stage::Show(_) | Stage::Count { .. } | Stage::Summarize { .. }))
}

fn reads(test: &Test, is_read: &dyn Fn(&Field) -> bool) -> bool {
    let mut found = false;
    test.fields(&mut |field| found |= is_read(field));
    found
}
