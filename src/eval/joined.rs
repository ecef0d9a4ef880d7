//! Counting over several sentences without keeping their solutions. `?a: anyone asserted ?c and ?d: anyone denied ?c | summarize count
//! distinct ?a, count distinct ?d by ?c` has as many solutions as there are pairs of claims, but what it counts is told by each sentence
//! alone: how many claims of it fit what the sentences share. The pairs are never made. Where other things are counted than claims, each is
//! noted once for each group as solutions are found.

use super::groups::{Half, fits, narrow};
use super::least::Least;
use super::stream::{Shape, plain_slot};
use super::{Evaluator, Flow, Halt, Rows, Stopped, UNBOUND, Value};
use crate::plan::{AggregateKind, Order, Question, SlotId, SlotKind, SlotSet, StepKind, names_of_steps};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// What an aggregate counts.
pub(super) enum Counted {
    /// The claims of this step.
    Claims(usize),
    /// The different things in a slot, by its place among those of which such are counted.
    Things(usize),
}

impl Counted {
    /// The step whose claims are counted, if such are.
    pub(super) fn claims(&self) -> Option<usize> {
        if let Counted::Claims(step) = self { Some(*step) } else { None }
    }
}

/// How a question of several sentences is counted.
pub(super) struct Plan {
    /// By which slots it is summarized.
    pub(super) by: SmallVec<[Half; 2]>,
    /// What each aggregate counts.
    pub(super) counted: Vec<Counted>,
    /// The slots of which different things are counted.
    pub(super) things: Vec<Half>,
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
    /// For each slot of which different things are counted: those of each group.
    things: Vec<Things>,
    /// The group of the last solution: mostly the next one is of it too, and of the same claims.
    last: Option<(Key, usize)>,
    claims: SmallVec<[u64; 2]>,
    said: SmallVec<[(i64, u64); 2]>,
    /// What the things weighed when they were weighed last.
    held: usize,
}

/// The different things of groups. Solutions of one group mostly come one after another: their things are sorted when it ends, and a group that
/// comes again has several runs.
#[derive(Default)]
struct Things {
    /// Those of the group that is at hand.
    open: Vec<u32>,
    /// How many of them are known to be different.
    sorted: usize,
    /// Of each run the group, and where its things end.
    runs: Vec<(usize, usize)>,
    things: Vec<u32>,
}

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
            let mut least = Least::over(order, |_| false);
            least.counts = true;
            self.least.replace(least);
        }
        let heads = shape.by.iter().map(|output| &output.name);
        let mut rows = Rows::with_columns(heads.chain(shape.aggregates.iter().map(|one| &one.name)));
        let grouped = self.groups_of(question, order)?;
        if let Some(grouped) = &grouped
            && let Some(cells) = self.counted_by_content(question, &plan, grouped)?
        {
            rows.cells = cells;
            return Ok(Some(rows));
        }
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let make = || Tally::new(plan.things.len());
        let (found, flow) = self.steps_from_groups(question, order, grouped, make, |worker, tally, row| {
            worker.tally(question, &plan, &shown, tally, row)
        });
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        let mut all = found.into_iter();
        let Some(mut tally) = all.next() else { return Ok(None) };
        for other in all {
            self.check()?;
            tally.join(other);
        }
        tally.end();
        let many: Vec<Vec<u64>> =
            tally.things.iter().map(|things| things.counts(tally.groups.len())).collect();
        let mut groups: Vec<((Rank, Vec<u64>), usize)> = tally.groups.into_iter().zip(0..).collect();
        groups.sort_unstable();
        for ((_, row), at) in &groups {
            rows.cells.extend(
                plan.by
                    .iter()
                    .map(|(at, kind)| self.of_cell(*kind, row.get(*at).copied().unwrap_or(UNBOUND))),
            );
            let is_counted = |step: usize| {
                plan.counted.iter().any(|one| matches!(one, Counted::Claims(of) if *of == step))
            };
            for step in order.steps.iter().filter(|step| is_counted(step.id)) {
                self.count_again(step, row)?;
            }
            let least = self.least.borrow();
            rows.cells.extend(plan.counted.iter().map(|one| {
                Value::Count(match one {
                    Counted::Claims(step) => least.seen(*step, row).map_or(0, |seen| seen.claims),
                    Counted::Things(thing) => {
                        many.get(*thing).and_then(|many| many.get(*at)).copied().unwrap_or(0)
                    }
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
        let key = || plan.by.iter().map(|(at, kind)| self.meant(*kind, cell(*at)));
        let at = match &tally.last {
            Some((last, at)) if key().eq(last.iter().copied()) => *at,
            _ => {
                let next = tally.groups.len();
                if next > self.options.max_solutions {
                    return Flow::Break(Halt::Stopped(Stopped::Limit(self.options.max_solutions)));
                }
                tally.end();
                self.hold_tally(tally)?;
                let key: Key = key().collect();
                let at = *tally.places.entry(key.clone()).or_insert(next);
                tally.last = Some((key, at));
                at
            }
        };
        let here = || shown.iter().map(|at| cell(*at));
        let Tally { groups, said, .. } = tally;
        match groups.get_mut(at) {
            Some((known, first)) => {
                let order = said[..].cmp(&known.0[..]).then_with(|| here().cmp(known.1.iter().copied()));
                if order.is_lt() {
                    *known = (said.clone(), here().collect());
                    first.copy_from_slice(row);
                }
            }
            None => {
                self.holds_on(size_of::<(Key, usize)>() + size_of::<(Rank, Vec<u64>)>() + size_of_val(row))?;
                groups.push(((said.clone(), here().collect()), row.to_vec()));
            }
        }
        for ((thing, kind), things) in plan.things.iter().zip(&mut tally.things) {
            let value = narrow(*kind, self.meant(*kind, cell(*thing)));
            // Nothing is no thing.
            if value < u32::MAX - 1 {
                things.add(value);
            }
        }
        Flow::Continue(())
    }

    fn hold_tally(&self, tally: &mut Tally) -> Flow {
        if !self.is_counting() {
            return Flow::Continue(());
        }
        let before = std::mem::replace(&mut tally.held, tally.things.iter().map(Things::weight).sum());
        self.holds_on(tally.held.saturating_sub(before))
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
        (is_enough && things.iter().all(|(_, kind)| fits(self.graph, *kind))).then_some(Plan {
            by,
            counted,
            things,
        })
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
    /// For so many slots whose different things are counted.
    fn new(things: usize) -> Tally {
        Tally {
            places: HashMap::new(),
            groups: Vec::new(),
            things: (0..things).map(|_| Things::default()).collect(),
            last: None,
            claims: SmallVec::new(),
            said: SmallVec::new(),
            held: 0,
        }
    }

    /// Ends the group that is at hand.
    fn end(&mut self) {
        if let Some((_, at)) = self.last {
            self.things.iter_mut().for_each(|things| things.end(at));
        }
    }

    /// Takes in what another thread found.
    fn join(&mut self, mut other: Tally) {
        self.end();
        other.end();
        self.last = None;
        let mut places: Vec<usize> = vec![0; other.groups.len()];
        let mut groups: Vec<Option<(Rank, Vec<u64>)>> = other.groups.into_iter().map(Some).collect();
        for (key, theirs) in other.places {
            let next = self.groups.len();
            let at = *self.places.entry(key).or_insert(next);
            let here = places.get_mut(theirs).zip(groups.get_mut(theirs));
            let Some((place, Some(group))) = here.map(|(place, group)| (place, group.take())) else {
                continue;
            };
            *place = at;
            match self.groups.get_mut(at) {
                Some(known) if known.0 <= group.0 => {}
                Some(known) => *known = group,
                None => self.groups.push(group),
            }
        }
        for (own, theirs) in self.things.iter_mut().zip(other.things) {
            let before = own.things.len();
            own.things.extend(theirs.things);
            let place = |at: usize| places.get(at).copied().unwrap_or(0);
            own.runs.extend(theirs.runs.into_iter().map(|(at, end)| (place(at), before + end)));
        }
    }
}

impl Things {
    /// Adds a thing of the group at hand.
    fn add(&mut self, thing: u32) {
        if self.open.last() == Some(&thing) {
            return;
        }
        self.open.push(thing);
        // So that a group of very many solutions holds its things not much more than once.
        if self.open.len() > 2 * self.sorted + 1024 {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.open.sort_unstable();
        self.open.dedup();
        self.sorted = self.open.len();
    }

    /// Ends the group at hand.
    fn end(&mut self, group: usize) {
        if self.open.is_empty() {
            return;
        }
        self.sort();
        self.things.append(&mut self.open);
        self.sorted = 0;
        self.runs.push((group, self.things.len()));
    }

    /// The bytes of all that ended.
    fn weight(&self) -> usize {
        size_of_val(&self.things[..]) + size_of_val(&self.runs[..])
    }

    /// How many different things each group has.
    fn counts(&self, groups: usize) -> Vec<u64> {
        let mut counts = vec![0; groups];
        let starts = [0].into_iter().chain(self.runs.iter().map(|(_, end)| *end));
        let mut runs: Vec<(usize, &[u32])> = self
            .runs
            .iter()
            .zip(starts)
            .map(|((group, end), start)| (*group, self.things.get(start..*end).unwrap_or(&[])))
            .collect();
        runs.sort_by_key(|(group, _)| *group);
        for of_group in runs.chunk_by(|a, b| a.0 == b.0) {
            let many = match of_group {
                [(_, only)] => only.len(),
                _ => {
                    let mut all: Vec<u32> =
                        of_group.iter().flat_map(|(_, things)| *things).copied().collect();
                    all.sort_unstable();
                    all.dedup();
                    all.len()
                }
            };
            if let Some(count) = of_group.first().and_then(|(group, _)| counts.get_mut(*group)) {
                *count = many as u64;
            }
        }
        counts
    }
}
