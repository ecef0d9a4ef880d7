//! Counting in batches: the most common summaries of one sentence, counts of claims and of distinct things by one or two of its slots, over
//! however many claims. No solution is kept, and no value is made but of the groups that are shown.

use super::candidates::Candidates;
use super::groups::{Clock, Group, Groups, Half, every, fits, narrow, widen};
use super::order::BY_NUMBERS;
use super::scan::Sentence;
use super::solve::Solutions;
use super::stream::Shape;
use super::table::Table;
use super::{Evaluator, Flow, Rows, Stopped, UNBOUND, Value};
use crate::model::AppearanceId;
use crate::plan::{Aggregate, AggregateKind, Question, SlotKind};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::hint::black_box;
use std::{iter, mem};

/// What is counted.
enum Count {
    /// The claims of a group.
    Claims,
    /// The different things in a slot, by its place among those.
    Distinct(usize),
}

/// What one thread found.
struct Tally<'g, 'q> {
    groups: Groups<'g>,
    /// For each slot whose different things are counted: the pairs of a group and a thing.
    pairs: Vec<Groups<'g>>,
    /// One row, for tests; nothing where there are none.
    table: Option<Table<'q>>,
    /// The bytes that the groups were seen to hold.
    held: usize,
}

/// A group to be shown.
struct Kept {
    group: Group,
    /// What is counted of it.
    counts: SmallVec<[u64; 2]>,
}

/// What slots hold.
type Cells = SmallVec<[u64; 2]>;

/// The first solution of a group: what it shows, and by what it is summarized there.
struct First {
    shown: SmallVec<[u64; 4]>,
    by: Cells,
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
        let width = question.slots.len().max(1);
        let seen = usize::from(sentence.pattern.appearance.0);
        let whole = candidates.len() >= super::scan::MANY;
        let tests_hedges = !shape.tests.is_empty() && self.graph.chains.has_hedges();
        let clock = Clock::new(self.graph, whole);
        let make = || Tally {
            groups: Groups::new(Some(&clock), candidates.len()),
            pairs: things.iter().map(|_| Groups::new(None, candidates.len())).collect(),
            table: row_to_test(question, shape),
            held: 0,
        };
        let found = self.scanned(sentence, &candidates, make, |worker, tally, rows| {
            if tests_hedges {
                // Read for all at once they do not wait for each other.
                let ways = rows.chunks_exact(width).filter_map(|row| row.get(seen));
                let hops = ways.map(|way| self.graph.chains.outermost_hop(AppearanceId(*way as u32)).0);
                black_box(hops.fold(0, |all, hop| all ^ hop));
            }
            for row in rows.chunks_exact(width) {
                if !worker.all_pass(tally.table.as_mut(), row, shape) {
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
        // Where claims alone are counted each part knows its best.
        let groups = Groups::joined(groups, |groups| {
            if things.is_empty() { wanted(groups, shape, |group, _| group.claims) } else { groups }
        });
        let distinct: Vec<HashMap<u64, u64>> = (0..things.len())
            .map(|at| {
                let of_thread = pairs.iter_mut().filter_map(|pairs| {
                    let taken = pairs.get_mut(at)?;
                    Some(std::mem::replace(taken, Groups::new(None, 0)))
                });
                let mut many: HashMap<u64, u64> = HashMap::new();
                for pair in Groups::joined(of_thread.collect(), every) {
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
        let kept = wanted(groups, shape, column).into_iter();
        let kept: Vec<Kept> = kept
            .map(|group| Kept { group, counts: counts.iter().map(|one| count(&group, one)).collect() })
            .collect();
        self.hold(kept.len() * size_of::<(Kept, usize, Cells)>())?;
        let order = self.ordered(question, sentence, shape, by, &kept)?;
        let heads = shape.by.iter().map(|output| &output.name);
        let mut rows = Rows::with_columns(heads.chain(shape.aggregates.iter().map(|one| &one.name)));
        if by.is_empty() && kept.is_empty() {
            // Over everything there is one group, also when it is empty.
            rows.cells.extend(counts.iter().map(|_| Value::Count(0)));
        }
        for (at, cells) in order {
            rows.cells.extend(cells.iter().zip(by).map(|(cell, (_, kind))| self.of_cell(*kind, *cell)));
            rows.cells
                .extend(kept.get(at).into_iter().flat_map(|one| &one.counts).copied().map(Value::Count));
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
    fn all_pass(&self, table: Option<&mut Table<'_>>, row: &[u64], shape: &Shape<'_>) -> bool {
        let Some(table) = table else { return true };
        table.set_row(row);
        shape.tests.iter().all(|test| self.passes(table, 0, test))
    }

    fn half(&self, (at, kind): Half, row: &[u64]) -> u32 {
        narrow(kind, self.meant(kind, row.get(at).copied().unwrap_or(UNBOUND)))
    }

    /// The key of a row by these slots.
    #[inline]
    pub(super) fn key_of(&self, by: &[Half], row: &[u64]) -> u64 {
        by.iter().fold(0, |key, half| key << 32 | u64::from(self.half(*half, row)))
    }

    /// The groups that are wanted, in the order in which sorted solutions would have met them, or that of their counts where that was asked
    /// for; with each what its first solution holds of what is summarized by.
    fn ordered(
        &self,
        question: &Question,
        sentence: Sentence<'_>,
        shape: &Shape<'_>,
        by: &[Half],
        kept: &[Kept],
    ) -> Result<Vec<(usize, Cells)>, Stopped> {
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let shows_key = shown.iter().all(|slot| by.iter().any(|(at, _)| at == slot));
        let key_tells =
            !(self.graph.same.has_contents() && by.iter().any(|(_, kind)| *kind == SlotKind::Content));
        let counts = |(_, at): &(u128, usize), column: usize| {
            kept.get(*at).and_then(|one| one.counts.get(column)).copied().unwrap_or(0)
        };
        let mut order: Vec<(u128, usize)> =
            kept.iter().enumerate().map(|(at, one)| (one.group.met(), at)).collect();
        self.put_in_order(&mut order, BY_NUMBERS, |a, b| by_counts(a, b, shape, counts).then(a.cmp(b)))?;
        // One claim may be the first of several groups; then what they show decides.
        let alike =
            |a: &(u128, usize), b: &(u128, usize)| a.0 == b.0 && by_counts(a, b, shape, counts).is_eq();
        let cells_of = |at: usize| -> Cells {
            let key = kept.get(at).map_or(0, |one| one.group.key);
            let halves = by.iter().rev().enumerate();
            let mut cells: Cells =
                halves.map(|(at, (_, kind))| widen(*kind, (key >> (32 * at)) as u32)).collect();
            cells.reverse();
            cells
        };
        let mut firsts: HashMap<usize, First> = HashMap::new();
        if key_tells && shows_key {
            let place = |slot: &usize| by.iter().position(|(at, _)| at == slot);
            for (_, at) in order.chunk_by(alike).filter(|run| run.len() > 1).flatten() {
                let cells = cells_of(*at);
                let shown = shown.iter().filter_map(|slot| cells.get(place(slot)?).copied()).collect();
                firsts.insert(*at, First { shown, by: cells });
            }
        } else {
            let runs = order.chunk_by(alike).filter(|run| !key_tells || run.len() > 1);
            let unsure: Vec<usize> = runs.flatten().map(|(_, at)| *at).collect();
            firsts = self.first_solutions(question, sentence, shape, by, (kept, &unsure))?;
        }
        if !firsts.is_empty() {
            for run in order.chunk_by_mut(alike).filter(|run| run.len() > 1) {
                run.sort_by(|(_, a), (_, b)| {
                    firsts.get(a).map(|first| &first.shown).cmp(&firsts.get(b).map(|first| &first.shown))
                });
            }
        }
        let wanted = shape.best.as_ref().map_or(usize::MAX, |(_, wanted)| *wanted);
        let order = order.into_iter().take(wanted);
        Ok(order
            .map(|(_, at)| (at, firsts.remove(&at).map_or_else(|| cells_of(at), |first| first.by)))
            .collect())
    }

    /// What the first solutions of some groups hold, which is looked at again: of each group only one claim is.
    fn first_solutions(
        &self,
        question: &Question,
        sentence: Sentence<'_>,
        shape: &Shape<'_>,
        by: &[Half],
        (kept, unsure): (&[Kept], &[usize]),
    ) -> Result<HashMap<usize, First>, Stopped> {
        let mut firsts: HashMap<usize, First> = HashMap::new();
        if unsure.is_empty() {
            return Ok(firsts);
        }
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let groups = || unsure.iter().filter_map(|at| kept.get(*at).map(|one| (*at, one.group)));
        let places: HashMap<(u64, u32), usize> =
            groups().map(|(at, group)| ((group.key, group.first), at)).collect();
        let candidates = Candidates::of(groups().map(|(_, group)| group.first).collect());
        let width = question.slots.len().max(1);
        let mut table = row_to_test(question, shape);
        let mut batches = self.rescanned(sentence, &candidates)?;
        for row in batches.iter_mut().flat_map(|rows| rows.chunks_exact(width)) {
            let Some(at) = places.get(&(self.key_of(by, row), claim_at(sentence, row))) else { continue };
            let cell = |at: &usize| row.get(*at).copied().unwrap_or(UNBOUND);
            let here: SmallVec<[u64; 4]> = shown.iter().map(cell).collect();
            let is_first = firsts.get(at).is_none_or(|known| here < known.shown);
            if is_first && self.all_pass(table.as_mut(), row, shape) {
                firsts.insert(*at, First { shown: here, by: by.iter().map(|(at, _)| cell(at)).collect() });
            }
        }
        Ok(firsts)
    }
}

/// The claim of a row.
fn claim_at(sentence: Sentence<'_>, row: &[u64]) -> u32 {
    row.get(usize::from(sentence.pattern.claim.0)).map_or(u32::MAX, |claim| (claim >> 32) as u32)
}

/// A table for one row at a time; nothing where nothing is tested.
fn row_to_test<'q>(question: &'q Question, shape: &Shape<'_>) -> Option<Table<'q>> {
    let width = question.slots.len().max(1);
    let solutions = || Solutions { width, cells: vec![UNBOUND; width], any: true };
    (!shape.tests.is_empty()).then(|| Table::of_solutions(question, solutions(), false))
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
    let Some((keys, wanted)) = &shape.best else { return groups };
    let Some(last) = wanted.checked_sub(1) else { return Vec::new() };
    if *wanted >= groups.len() {
        return groups;
    }
    if let [(column, descending)] = keys[..] {
        // Plain numbers are sifted much faster than groups.
        let rank = |group: &Group| {
            let count = count(group, column);
            if descending { u64::MAX - count } else { count }
        };
        let mut ranks: Vec<u64> = groups.iter().map(rank).collect();
        let last = *ranks.select_nth_unstable(last).1;
        groups.retain(|group| rank(group) <= last);
        return groups;
    }
    groups.select_nth_unstable_by(last, |a, b| by_counts(a, b, shape, &count));
    if let Some(last) = groups.get(last).copied() {
        groups.retain(|one| by_counts(one, &last, shape, &count).is_le());
    }
    groups
}
