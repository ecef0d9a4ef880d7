//! Counting over several sentences without keeping their solutions. `?a: anyone asserted ?c and ?d: anyone denied ?c | summarize count
//! distinct ?a, count distinct ?d by ?c` has as many solutions as there are pairs of claims, but what it counts is told by each sentence
//! alone: how many claims of it fit what the sentences share. The pairs are never made. Where other things are counted than claims, each is
//! noted once for each group as solutions are found.

use super::groups::{Groups, every, fits, narrow};
use super::least::Least;
use super::stream::{Shape, plain_slot};
use super::{Evaluator, Flow, Halt, Rows, Stopped, UNBOUND, Value};
use crate::plan::{AggregateKind, Order, Question, SlotId, SlotKind, SlotSet, StepKind, names_of_steps};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// What an aggregate counts.
enum Counted {
    /// The claims of this step.
    Claims(usize),
    /// The different things in a slot, by its place among those of which such are counted.
    Things(usize),
}

/// A slot and what it holds.
type Half = (usize, SlotKind);

/// How a question of several sentences is counted.
struct Plan {
    /// By which slots it is summarized.
    by: SmallVec<[Half; 2]>,
    /// What each aggregate counts.
    counted: Vec<Counted>,
    /// The slots of which different things are counted.
    things: Vec<Half>,
}

/// By what a group sorts: its claims, then what its first solution shows.
type Rank = (SmallVec<[(i64, u64); 2]>, SmallVec<[u64; 4]>);

/// What slots hold by which is summarized.
type Key = SmallVec<[u64; 2]>;

/// What one thread found.
struct Tally {
    places: HashMap<Key, usize>,
    /// Of each group its first solution.
    groups: Vec<(Rank, Vec<u64>)>,
    /// For each slot of which different things are counted: the pairs of a group and a thing.
    pairs: Vec<Groups<'static>>,
    /// The group of the last solution: mostly the next one is of it too, and of the same claims.
    last: Option<(Key, usize)>,
    claims: SmallVec<[u64; 2]>,
    said: SmallVec<[(i64, u64); 2]>,
    /// How many solutions there were since the pairs were weighed, and what they weighed.
    unweighed: usize,
    held: usize,
}

/// After so many solutions pairs are weighed again.
const UNWEIGHED: usize = 1024;

impl<'a> Evaluator<'a> {
    /// The groups of a question of several sentences as rows; nothing where what is counted is not told by each sentence alone.
    pub(super) fn joined(
        &self,
        question: &'a Question,
        order: &Order,
        shape: &Shape<'_>,
    ) -> Result<Option<Rows>, Stopped> {
        let Some(plan) = self.counted_apart(question, order, shape) else { return Ok(None) };
        self.set_slots(&question.slots);
        if plan.counted.iter().any(|one| matches!(one, Counted::Claims(_))) {
            self.least.replace(Least::over(order, |_| false));
        }
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let make = |claims| Tally::new(plan.things.len(), claims);
        let (mut found, flow) = self.steps_from_groups(question, order, make, |worker, tally, row| {
            worker.tally(question, &plan, &shown, tally, row)
        })?;
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        let mut many: Vec<HashMap<usize, u64>> = plan.things.iter().map(|_| HashMap::new()).collect();
        let mut all = found.drain(..);
        let Some(mut tally) = all.next() else { return Ok(None) };
        for other in all {
            self.check()?;
            tally.join(other);
        }
        for (many, pairs) in many.iter_mut().zip(std::mem::take(&mut tally.pairs)) {
            for pair in Groups::joined(vec![pairs], every) {
                *many.entry((pair.key >> 32) as usize).or_default() += 1;
            }
        }
        let mut groups: Vec<((Rank, Vec<u64>), usize)> = tally.groups.into_iter().zip(0..).collect();
        groups.sort_unstable();
        let heads = shape.by.iter().map(|output| &output.name);
        let mut rows = Rows::with_columns(heads.chain(shape.aggregates.iter().map(|one| &one.name)));
        for ((_, row), at) in &groups {
            rows.cells.extend(
                plan.by
                    .iter()
                    .map(|(at, kind)| self.of_cell(*kind, row.get(*at).copied().unwrap_or(UNBOUND))),
            );
            let is_counted = |step: usize| plan.counted.iter().any(|one| matches!(one, Counted::Claims(of) if *of == step));
            for step in order.steps.iter().filter(|step| is_counted(step.id)) {
                self.count_again(step, row)?;
            }
            let least = self.least.borrow();
            rows.cells.extend(plan.counted.iter().map(|one| {
                Value::Count(match one {
                    Counted::Claims(step) => least.seen(*step, row).map_or(0, |seen| seen.claims),
                    Counted::Things(thing) => many.get(*thing).and_then(|many| many.get(at)).copied().unwrap_or(0),
                })
            }));
        }
        Ok(Some(rows))
    }

    /// Puts a solution into its group.
    fn tally(
        &self,
        question: &Question,
        plan: &Plan,
        shown: &[usize],
        tally: &mut Tally,
        row: &[u64],
    ) -> Flow {
        let cell = |at: usize| row.get(at).copied().unwrap_or(UNBOUND);
        let claims = || question.counted.iter().map(|(claim, _)| cell(usize::from(claim.0)));
        if !claims().eq(tally.claims.iter().copied()) || tally.said.is_empty() {
            tally.claims = claims().collect();
            tally.said = claims().map(|claim| self.said_key(claim)).collect();
        }
        let rank: Rank = (tally.said.clone(), shown.iter().map(|at| cell(*at)).collect());
        let key = || plan.by.iter().map(|(at, kind)| self.meant(*kind, cell(*at)));
        let at = match &tally.last {
            Some((last, at)) if key().eq(last.iter().copied()) => *at,
            _ => {
                let next = tally.groups.len();
                if next > self.options.max_solutions {
                    return Flow::Break(Halt::Stopped(Stopped::Limit(self.options.max_solutions)));
                }
                let key: Key = key().collect();
                let at = *tally.places.entry(key.clone()).or_insert(next);
                tally.last = Some((key, at));
                at
            }
        };
        match tally.groups.get_mut(at) {
            Some((known, _)) if *known <= rank => {}
            Some((known, first)) => {
                *known = rank;
                first.copy_from_slice(row);
            }
            None => {
                self.holds_on(
                    size_of::<(Key, usize)>() + size_of::<(Rank, Vec<u64>)>() + size_of_val(row),
                )?;
                tally.groups.push((rank, row.to_vec()));
            }
        }
        for ((thing, kind), pairs) in plan.things.iter().zip(&mut tally.pairs) {
            let value = narrow(*kind, self.meant(*kind, cell(*thing)));
            // Nothing is no thing.
            if value < u32::MAX - 1 {
                pairs.add((at as u64) << 32 | u64::from(value), 0);
            }
        }
        tally.unweighed += plan.things.len();
        if tally.unweighed >= UNWEIGHED && self.is_counting() {
            tally.unweighed = 0;
            let before = std::mem::replace(&mut tally.held, tally.pairs.iter().map(Groups::weight).sum());
            self.holds_on(tally.held.saturating_sub(before))?;
        }
        Flow::Continue(())
    }

    /// How a question is counted without keeping its solutions; nothing where it cannot be. Each step of which claims are counted may share no
    /// slot but those by which is summarized, and every slot must be a number that stands for itself.
    fn counted_apart(&self, question: &Question, order: &Order, shape: &Shape<'_>) -> Option<Plan> {
        let is_number = |kind| !matches!(kind, SlotKind::Text | SlotKind::Time | SlotKind::Figure);
        if !self.options.optimize
            || !shape.tests.is_empty()
            || shape.by.is_empty()
            || self.graph.same.has_claims()
            || !question.slots.iter().all(|slot| is_number(slot.kind))
        {
            return None;
        }
        let by = shape.by.iter().map(|output| plain_slot(question, output.field));
        let by: SmallVec<[Half; 2]> = by.collect::<Option<_>>()?;
        let mut things: Vec<Half> = Vec::new();
        let mut counted = Vec::new();
        let mut told_alone = None;
        for aggregate in &shape.aggregates {
            let (at, kind) = plain_slot(question, aggregate.field?)?;
            if aggregate.kind != AggregateKind::CountDistinct {
                return None;
            }
            if kind == SlotKind::Claim {
                let named = told_alone.get_or_insert_with(|| ToldAlone::of(question, order));
                counted.push(Counted::Claims(named.as_ref()?.step(order, &by, at)?));
            } else {
                counted.push(Counted::Things(things.len()));
                things.push((at, kind));
            }
        }
        // Solutions are not kept where one claim of a sentence is enough; where only claims are counted that is seen to.
        let is_enough = told_alone.is_some() || self.least.borrow().merges;
        (is_enough && things.iter().all(|(_, kind)| fits(self.graph, *kind))).then_some(Plan { by, counted, things })
    }
}

/// What each step names, where claims are told by their own sentences alone: any other kind of step might name them.
struct ToldAlone(Vec<Option<SlotSet>>);

impl ToldAlone {
    fn of(question: &Question, order: &Order) -> Option<ToldAlone> {
        let named = order.steps.iter().map(|step| match &step.kind {
            StepKind::Claim(_) | StepKind::Link(_) => Some(names_of_steps(std::slice::from_ref(step))),
            _ => None,
        });
        let named: Vec<Option<SlotSet>> = named.collect();
        let named_in = |slot: SlotId| {
            named.iter().filter(|all| all.as_ref().is_none_or(|all| all.contains(slot))).count()
        };
        let is_alone = |(claim, seen): &(SlotId, SlotId)| named_in(*claim) == 1 && named_in(*seen) <= 1;
        (question.counted.len() > 1 && question.counted.iter().all(is_alone)).then_some(ToldAlone(named))
    }

    /// The step of the claims in a slot, where it shares no slot but those by which is summarized.
    fn step(&self, order: &Order, by: &[Half], claim: usize) -> Option<usize> {
        let is_by = |slot: SlotId| by.iter().any(|(at, _)| *at == usize::from(slot.0));
        order.steps.iter().zip(&self.0).find_map(|(step, all)| {
            let (StepKind::Claim(pattern), Some(all)) = (&step.kind, all) else { return None };
            let own = [pattern.claim, pattern.appearance];
            let is_its = usize::from(pattern.claim.0) == claim && Evaluator::is_over_claims(pattern);
            let is_alone = all.iter().all(|slot| own.contains(&slot) || is_by(slot));
            (is_its && is_alone && !is_by(pattern.claim)).then_some(step.id)
        })
    }
}

impl Tally {
    /// For so many slots whose different things are counted; about so many solutions will come.
    fn new(things: usize, solutions: usize) -> Tally {
        Tally {
            places: HashMap::new(),
            groups: Vec::new(),
            pairs: (0..things).map(|_| Groups::new(None, solutions)).collect(),
            last: None,
            claims: SmallVec::new(),
            said: SmallVec::new(),
            unweighed: 0,
            held: 0,
        }
    }

    /// Takes in what another thread found.
    fn join(&mut self, other: Tally) {
        let mut places: Vec<usize> = vec![0; other.groups.len()];
        let mut groups: Vec<Option<(Rank, Vec<u64>)>> = other.groups.into_iter().map(Some).collect();
        for (key, theirs) in other.places {
            let next = self.groups.len();
            let at = *self.places.entry(key).or_insert(next);
            places.iter_mut().skip(theirs).take(1).for_each(|place| *place = at);
            let Some(group) = groups.get_mut(theirs).and_then(Option::take) else { continue };
            match self.groups.get_mut(at) {
                Some(known) if known.0 <= group.0 => {}
                Some(known) => *known = group,
                None => self.groups.push(group),
            }
        }
        for (own, pairs) in self.pairs.iter_mut().zip(other.pairs) {
            for pair in Groups::joined(vec![pairs], every) {
                let at = places.get((pair.key >> 32) as usize).copied().unwrap_or(0);
                own.add((at as u64) << 32 | pair.key & u64::from(u32::MAX), 0);
            }
        }
    }
}
