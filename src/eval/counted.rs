//! Counting in batches: the most common summaries of one sentence, counts of claims and of distinct things by one or two of its slots, over
//! however many claims. No solution is kept, and no value is made but of the groups that are shown.

use super::groups::{Clock, Group, Groups, fits, narrow, widen};
use super::scan::Sentence;
use super::solve::Solutions;
use super::stream::Shape;
use super::table::Table;
use super::{Evaluator, Flow, Rows, Stopped, UNBOUND, Value};
use crate::plan::{Aggregate, AggregateKind, Question, SlotKind};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::{iter, mem};

/// A slot and what it holds.
type Half = (usize, SlotKind);

/// What is counted.
enum Count {
    /// The claims of a group.
    Claims,
    /// The different things in a slot, by its place among those.
    Distinct(usize),
}

/// What one thread found.
struct Tally<'g> {
    groups: Groups<'g>,
    /// For each slot whose different things are counted: the pairs of a group and a thing.
    pairs: Vec<Groups<'g>>,
    /// One row, for tests.
    table: Table,
    /// The bytes that the groups were seen to hold.
    held: usize,
}

/// A group to be shown.
struct Kept {
    group: Group,
    /// What is counted of it.
    counts: SmallVec<[u64; 2]>,
    /// What its first solution shows, and by what it is summarized there.
    shown: SmallVec<[u64; 4]>,
    by: SmallVec<[u64; 2]>,
}

impl Evaluator<'_> {
    /// The groups of a sentence as rows; nothing where this way is none for it.
    pub(super) fn counted(
        &self,
        question: &Question,
        sentence: Sentence<'_>,
        shape: &Shape<'_>,
        by: &[Half],
    ) -> Result<Option<Rows>, Stopped> {
        let mut things: Vec<Half> = Vec::new();
        let Some(counts) = self.counts_of(question, shape, by, &mut things) else { return Ok(None) };
        self.trying.set(sentence.step);
        let candidates = self.candidates(sentence.pattern, &vec![UNBOUND; question.slots.len().max(1)])?;
        let clock = Clock::new(self.graph, candidates.len() >= super::scan::MANY);
        let width = question.slots.len().max(1);
        let graph = self.graph;
        let make = || Tally {
            groups: Groups::new(&clock, candidates.len()),
            pairs: things.iter().map(|_| Groups::new(&clock, candidates.len())).collect(),
            table: one_row(question),
            held: 0,
        };
        let found = self.scanned(sentence, &candidates, make, |worker, tally, rows| {
            if !shape.tests.is_empty() {
                // Hedges are what is tested most; read for all at once they do not wait for each other.
                for row in rows.chunks_exact(width) {
                    std::hint::black_box(graph.claims.hedge(crate::model::ClaimId(claim_at(sentence, row))));
                }
            }
            for row in rows.chunks_exact(width) {
                if !worker.all_pass(&mut tally.table, row, shape) {
                    continue;
                }
                let (key, claim) = (worker.key_of(by, row), claim_at(sentence, row));
                tally.groups.add(key, claim);
                for (thing, pairs) in things.iter().zip(&mut tally.pairs) {
                    let value = worker.half(*thing, row);
                    if value < u32::MAX - 1 {
                        pairs.add(key << 32 | u64::from(value), claim);
                    }
                }
            }
            if worker.is_counting() {
                let groups = iter::once(&tally.groups).chain(&tally.pairs);
                let before = mem::replace(&mut tally.held, groups.map(Groups::weight).sum());
                worker.holds_on(tally.held.saturating_sub(before))?;
            }
            Flow::Continue(())
        })?;
        let (mut groups, mut pairs) = (Vec::new(), Vec::new());
        for tally in found {
            groups.push(tally.groups);
            pairs.push(tally.pairs);
        }
        let groups = Groups::joined(groups);
        let distinct: Vec<HashMap<u64, u64>> = (0..things.len())
            .map(|at| {
                let of_thread = pairs.iter_mut().filter_map(|pairs| {
                    let taken = pairs.get_mut(at)?;
                    Some(std::mem::replace(taken, Groups::new(&clock, 0)))
                });
                let mut many: HashMap<u64, u64> = HashMap::new();
                for pair in Groups::joined(of_thread.collect()) {
                    *many.entry(pair.key >> 32).or_default() += 1;
                }
                many
            })
            .collect();
        let count = |group: &Group, count: &Count| match count {
            Count::Claims => group.claims,
            Count::Distinct(at) => {
                distinct.get(*at).and_then(|many| many.get(&group.key)).copied().unwrap_or(0)
            }
        };
        let column = |group: &Group, column: usize| counts.get(column).map_or(0, |one| count(group, one));
        let kept = wanted(groups, shape, column).into_iter().map(|group| Kept {
            group,
            counts: counts.iter().map(|one| count(&group, one)).collect(),
            shown: SmallVec::new(),
            by: SmallVec::new(),
        });
        self.hold(kept.len() * size_of::<Kept>())?;
        let kept = self.first_rows(question, sentence, shape, by, kept.collect())?;
        let heads = shape.by.iter().map(|output| &output.name);
        let mut rows = Rows::with_columns(heads.chain(shape.aggregates.iter().map(|one| &one.name)));
        if by.is_empty() && kept.is_empty() {
            // Over everything there is one group, also when it is empty.
            rows.cells.extend(counts.iter().map(|_| Value::Count(0)));
        }
        for one in kept {
            rows.cells.extend(one.by.iter().zip(by).map(|(cell, (_, kind))| self.of_cell(*kind, *cell)));
            rows.cells.extend(one.counts.into_iter().map(Value::Count));
        }
        Ok(Some(rows))
    }

    /// What each aggregate counts, with the slots of which different things are; nothing where any is something else.
    fn counts_of(
        &self,
        question: &Question,
        shape: &Shape<'_>,
        by: &[Half],
        things: &mut Vec<Half>,
    ) -> Option<SmallVec<[Count; 2]>> {
        let mut of = |aggregate: &Aggregate| match (aggregate.kind, aggregate.field) {
            (AggregateKind::Count, None) => Some(Count::Claims),
            (AggregateKind::CountDistinct, Some(field)) if by.len() < 2 => {
                things.push(super::stream::plain_slot(question, field)?);
                Some(Count::Distinct(things.len() - 1))
            }
            _ => None,
        };
        let counts = shape.aggregates.iter().map(&mut of).collect::<Option<_>>()?;
        by.iter().chain(things.iter()).all(|(_, kind)| fits(self.graph, *kind)).then_some(counts)
    }

    /// Whether a row passes the tests that come before the aggregate.
    fn all_pass(&self, table: &mut Table, row: &[u64], shape: &Shape<'_>) -> bool {
        shape.tests.is_empty() || {
            table.set_row(row);
            shape.tests.iter().all(|test| self.passes(table, 0, test))
        }
    }

    fn half(&self, (at, kind): Half, row: &[u64]) -> u32 {
        narrow(kind, self.meant(kind, row.get(at).copied().unwrap_or(UNBOUND)))
    }

    /// The key of a row by these slots.
    #[inline]
    pub(super) fn key_of(&self, by: &[Half], row: &[u64]) -> u64 {
        by.iter().fold(0, |key, half| key << 32 | u64::from(self.half(*half, row)))
    }

    /// Puts the groups into the order in which sorted solutions would have met them, or that of their counts where that was asked for. What
    /// their first solutions hold is looked at again: of each only one claim is.
    fn first_rows(
        &self,
        question: &Question,
        sentence: Sentence<'_>,
        shape: &Shape<'_>,
        by: &[Half],
        mut kept: Vec<Kept>,
    ) -> Result<Vec<Kept>, Stopped> {
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let is_told = shown.iter().all(|slot| by.iter().any(|(at, _)| at == slot))
            && !(self.graph.same.has_contents() && by.iter().any(|(_, kind)| *kind == SlotKind::Content));
        if is_told {
            for one in &mut kept {
                let halves = by.iter().enumerate().map(|(at, (_, kind))| {
                    widen(*kind, (one.group.key >> (32 * (by.len() - 1 - at))) as u32)
                });
                one.by = halves.collect();
                let cell =
                    |slot: &usize| by.iter().position(|(at, _)| at == slot).and_then(|at| one.by.get(at));
                one.shown = shown.iter().filter_map(cell).copied().collect();
            }
        } else {
            let places: HashMap<(u64, u32), usize> =
                kept.iter().enumerate().map(|(at, one)| ((one.group.key, one.group.first), at)).collect();
            let candidates =
                super::candidates::Candidates::of(kept.iter().map(|one| one.group.first).collect());
            let width = question.slots.len().max(1);
            let mut table = one_row(question);
            let mut batches = self.rescanned(sentence, &candidates)?;
            for row in batches.iter_mut().flat_map(|rows| rows.chunks_exact(width)) {
                let place = places.get(&(self.key_of(by, row), claim_at(sentence, row)));
                let Some(one) = place.and_then(|at| kept.get_mut(*at)) else { continue };
                let cells = |slots: &[usize]| -> SmallVec<[u64; 4]> {
                    slots.iter().map(|at| row.get(*at).copied().unwrap_or(UNBOUND)).collect()
                };
                let here = cells(&shown);
                let is_first = one.by.len() < by.len() || one.shown.is_empty() || here < one.shown;
                if is_first && self.all_pass(&mut table, row, shape) {
                    one.shown = here;
                    one.by = by.iter().map(|(at, _)| row.get(*at).copied().unwrap_or(UNBOUND)).collect();
                }
            }
        }
        kept.sort_unstable_by(|a, b| {
            by_counts(a, b, shape, |one, column| one.counts.get(column).copied().unwrap_or(0))
                .then_with(|| (a.group.said, a.group.first).cmp(&(b.group.said, b.group.first)))
                .then_with(|| a.shown.cmp(&b.shown))
        });
        if let Some((_, wanted)) = &shape.best {
            kept.truncate(*wanted);
        }
        Ok(kept)
    }
}

/// The claim of a row.
fn claim_at(sentence: Sentence<'_>, row: &[u64]) -> u32 {
    row.get(usize::from(sentence.pattern.claim.0)).map_or(u32::MAX, |claim| (claim >> 32) as u32)
}

fn one_row(question: &Question) -> Table {
    let width = question.slots.len().max(1);
    let solutions = Solutions { width, cells: vec![UNBOUND; width], any: true };
    Table::of_solutions(question, solutions, false)
}

/// How two groups stand by the counts that are asked for first; equal where none are.
fn by_counts<G>(a: &G, b: &G, shape: &Shape<'_>, count: impl Fn(&G, usize) -> u64) -> Ordering {
    let Some((keys, _)) = &shape.best else { return Ordering::Equal };
    let mut orders = keys.iter().map(|(column, descending)| {
        let order = count(a, *column).cmp(&count(b, *column));
        if *descending { order.reverse() } else { order }
    });
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The groups that may be among those that are wanted: by their counts alone, with all that are equal to the last.
fn wanted(mut groups: Vec<Group>, shape: &Shape<'_>, count: impl Fn(&Group, usize) -> u64) -> Vec<Group> {
    let Some((_, wanted)) = &shape.best else { return groups };
    if *wanted == 0 {
        groups.clear();
    }
    if *wanted < groups.len()
        && let Some(last) = wanted.checked_sub(1)
    {
        groups.select_nth_unstable_by(last, |a, b| by_counts(a, b, shape, &count));
        if let Some(last) = groups.get(last).copied() {
            groups.retain(|one| by_counts(one, &last, shape, &count).is_le());
        }
    }
    groups
}
