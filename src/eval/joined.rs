//! Counting the claims of several sentences for each way to join them. `?a: anyone asserted ?c and ?d: anyone denied ?c | summarize count
//! distinct ?a, count distinct ?d by ?c` has as many solutions as there are pairs of claims, but what it counts is told by each sentence
//! alone: how many claims of it fit what the sentences share. The pairs are never made.

use super::least::Least;
use super::stream::{Shape, plain_slot};
use super::{Evaluator, Flow, Halt, Rows, Stopped, UNBOUND, Value};
use crate::plan::{
    AggregateKind, Node, Order, Question, SlotId, SlotKind, SlotSet, StepKind, names, names_of_claim,
};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// By which slots is summarized, and the claims of which steps are counted.
type ToldAlone = (SmallVec<[(usize, SlotKind); 2]>, Vec<usize>);

/// By what a group sorts: its claims, then what its first solution shows.
type Rank = (SmallVec<[(i64, u64); 2]>, SmallVec<[u64; 4]>);

impl<'a> Evaluator<'a> {
    /// The groups of a question of several sentences as rows; nothing where what is counted is not told by each sentence alone.
    pub(super) fn joined(
        &self,
        question: &'a Question,
        order: &Order,
        shape: &Shape<'_>,
    ) -> Result<Option<Rows>, Stopped> {
        let Some((by, counted)) = self.told_alone(question, order, shape) else { return Ok(None) };
        self.set_slots(&question.slots);
        self.least.replace(Least::over(order, |_| false));
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let mut places: HashMap<SmallVec<[u64; 2]>, usize> = HashMap::default();
        // Of each group its first solution.
        let mut groups: Vec<(Rank, Vec<u64>)> = Vec::new();
        let limit = self.options.max_solutions;
        let flow = self.steps_from_groups(question, order, &mut |row| {
            let cell = |at: usize| row.get(at).copied().unwrap_or(UNBOUND);
            let claims = question.counted.iter().map(|(claim, _)| self.said_key(cell(usize::from(claim.0))));
            let rank: Rank = (claims.collect(), shown.iter().map(|at| cell(*at)).collect());
            let key = by.iter().map(|(at, kind)| self.meant(*kind, cell(*at))).collect();
            let next = groups.len();
            if next > limit {
                return Flow::Break(Halt::Stopped(Stopped::Limit(limit)));
            }
            let at = *places.entry(key).or_insert(next);
            match groups.get_mut(at) {
                Some((known, _)) if *known <= rank => {}
                Some((known, first)) => {
                    *known = rank;
                    first.clone_from(row);
                }
                None => {
                    let key = size_of::<(SmallVec<[u64; 2]>, usize)>();
                    self.holds_on(key + size_of::<(Rank, Vec<u64>)>() + size_of_val(&row[..]))?;
                    groups.push((rank, row.clone()));
                }
            }
            Flow::Continue(())
        })?;
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        groups.sort_unstable();
        let heads = shape.by.iter().map(|output| &output.name);
        let mut rows = Rows::with_columns(heads.chain(shape.aggregates.iter().map(|one| &one.name)));
        for (_, row) in &groups {
            rows.cells.extend(
                by.iter().map(|(at, kind)| self.of_cell(*kind, row.get(*at).copied().unwrap_or(UNBOUND))),
            );
            for step in order.steps.iter().filter(|step| counted.contains(&step.id)) {
                self.count_again(step, row)?;
            }
            let least = self.least.borrow();
            let claims = |step: &usize| least.seen(*step, row).map_or(0, |seen| seen.claims);
            rows.cells.extend(counted.iter().map(|step| Value::Count(claims(step))));
        }
        Ok(Some(rows))
    }

    /// By which slots a question is summarized, and the claims of which step each aggregate counts, where each step of which claims are counted
    /// shares no slot but these, and every slot is a number that stands for itself.
    fn told_alone(&self, question: &Question, order: &Order, shape: &Shape<'_>) -> Option<ToldAlone> {
        let is_number = |kind| !matches!(kind, SlotKind::Text | SlotKind::Time | SlotKind::Figure);
        if !self.options.optimize
            || question.counted.len() < 2
            || !shape.tests.is_empty()
            || shape.by.is_empty()
            || self.graph.same.has_claims()
            || !question.slots.iter().all(|slot| is_number(slot.kind))
        {
            return None;
        }
        let by = shape.by.iter().map(|output| plain_slot(question, output.field));
        let by: SmallVec<[(usize, SlotKind); 2]> = by.collect::<Option<_>>()?;
        let is_by = |slot: &SlotId| by.iter().any(|(at, _)| *at == usize::from(slot.0));
        // Nothing but its own sentence may name a claim: any other kind of step might.
        let named: Vec<Option<SlotSet>> = order
            .steps
            .iter()
            .map(|step| match &step.kind {
                StepKind::Claim(pattern) => Some(names_of_claim(pattern)),
                StepKind::Link(link) => Some(names(&Node::Link(link.clone())).0),
                _ => None,
            })
            .collect();
        let named_in = |slot: SlotId| {
            let named = named.iter().filter(|all| all.as_ref().is_none_or(|all| all.contains(slot)));
            named.count()
        };
        for (claim, appearance) in &question.counted {
            if named_in(*claim) != 1 || named_in(*appearance) > 1 || is_by(claim) {
                return None;
            }
        }
        let mut counted = Vec::new();
        for aggregate in &shape.aggregates {
            let (at, kind) = plain_slot(question, aggregate.field?)?;
            if aggregate.kind != AggregateKind::CountDistinct || kind != SlotKind::Claim {
                return None;
            }
            let step = order.steps.iter().zip(&named).find_map(|(step, all)| {
                let (StepKind::Claim(pattern), Some(all)) = (&step.kind, all) else { return None };
                let is_its = usize::from(pattern.claim.0) == at && Self::is_over_claims(pattern);
                let own = [pattern.claim, pattern.appearance];
                let is_alone = all.iter().all(|slot| own.contains(&slot) || is_by(&slot));
                (is_its && is_alone).then_some(step.id)
            })?;
            counted.push(step);
        }
        Some((by, counted))
    }
}
