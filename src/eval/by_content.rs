//! Counting by content alone, where all sentences were gone over for all contents. `?a: anyone asserted ?c and ?d: anyone denied ?c | summarize
//! count distinct ?a, count distinct ?d by ?c` has its counts when they were (`least.rs`). With alternatives (`anyone said ?c about Kyiv and
//! (… or …) | summarize count distinct ?o by ?c`) what is counted of a content lies together (`ready.rs`). Neither solutions nor groups of them
//! are made.

use super::fillings::Grouped;
use super::groups::{Group, Half, narrow, widen};
use super::joined::{Counted, Plan};
use super::least::{GROUPS_PER_THREAD, first_seen};
use super::ready::Ready;
use super::scan::scaled;
use super::{Evaluator, Stopped, UNBOUND, Value};
use crate::plan::{Question, SlotId, SlotKind, Step, StepKind};
use crate::threads::{by_who_is_free, threads_for};
use smallvec::SmallVec;
use std::sync::Arc;

/// Alternatives, of each what it filled and where in its rows those things stand that are counted, and of which kind they are.
pub(super) type Readies = SmallVec<[(Arc<Ready>, SmallVec<[Half; 4]>); 2]>;

/// So many contents are counted in one go.
const IN_ONE_GO: usize = scaled(1 << 12);

/// What was counted of some contents.
#[derive(Default)]
struct Found {
    /// The content's first claim, and the content.
    met: Vec<(u128, u32)>,
    /// What was counted of each, one after another.
    counts: Vec<u64>,
    /// How many rows there were.
    rows: u64,
}

impl Evaluator<'_> {
    /// The rows of a question that is told by contents alone: the first sentence shares a content and nothing else, by which is summarized.
    /// Nothing where it is another, or where something of it was not gone over.
    pub(super) fn counted_by_content(
        &self,
        question: &Question,
        plan: &Plan,
        grouped: &Grouped<'_>,
    ) -> Result<Option<Vec<Value>>, Stopped> {
        let [(content, SlotKind::Content)] = plan.by[..] else { return Ok(None) };
        if !grouped.fillings.is_by(content) || self.graph.same.has_contents() {
            return Ok(None);
        }
        match self.readies(question, plan, grouped, content) {
            Some(readies) => self.counted_where_ready(grouped, &readies).map(Some),
            None => self.counted_as_found(question, plan, grouped, content),
        }
    }

    /// What alternatives filled, where nothing else follows the first sentence, all of them were gone over, and each fills all that is counted.
    fn readies(
        &self,
        question: &Question,
        plan: &Plan,
        grouped: &Grouped<'_>,
        content: usize,
    ) -> Option<Readies> {
        let [Step { kind: StepKind::Any(parts), .. }] = grouped.rest else { return None };
        // Solutions sort by the claims that count: here only by those of the first sentence.
        let sorts_by_first = matches!(question.counted[..], [(claim, _)] if claim == grouped.pattern.claim);
        if !sorts_by_first || plan.things.len() != plan.counted.len() {
            return None;
        }
        let mut row = vec![UNBOUND; question.slots.len()];
        Self::put(&mut row, SlotId(content as u16), 0);
        let ready = parts.iter().map(|part| {
            let ready = self.ready(part, &row)?;
            let place = |(thing, kind): &Half| {
                let at = ready.slots.iter().position(|(slot, _)| usize::from(slot.0) == *thing)?;
                Some((at, *kind))
            };
            let places = plan.things.iter().map(place).collect::<Option<_>>()?;
            Some((ready, places))
        });
        ready.collect()
    }

    /// For each content that any alternative has rows for: the content and how many different things of each kind these have, in the order in
    /// which sorted solutions would have met them.
    fn counted_where_ready(&self, grouped: &Grouped<'_>, readies: &Readies) -> Result<Vec<Value>, Stopped> {
        let things = readies.first().map_or(0, |(_, places)| places.len());
        // In the order in which their rows lie.
        let mut groups: Vec<&Group> = grouped.fillings.groups.iter().collect();
        self.hold(size_of_val(&groups[..]) + groups.len() * (size_of::<(u128, u32)>() + 8 * things))?;
        groups.sort_unstable_by_key(|group| group.key);
        let workers = (0..threads_for(groups.len(), GROUPS_PER_THREAD)).map(|_| self.worker()).collect();
        let work = groups.chunks(IN_ONE_GO).collect();
        let all = by_who_is_free(work, workers, |worker: &mut Evaluator<'_>, groups| {
            worker.count_contents(groups, readies, things)
        });
        let mut met: Vec<(u128, u32, usize)> = Vec::with_capacity(groups.len());
        let mut counts: Vec<u64> = Vec::with_capacity(groups.len() * things);
        for one in all {
            let one = one?;
            grouped.rest.iter().for_each(|step| self.count_many(step.id, one.rows));
            let before = met.len();
            met.extend(one.met.iter().zip(before..).map(|((met, content), at)| (*met, *content, at)));
            counts.extend(one.counts);
        }
        self.check()?;
        met.sort_unstable();
        let mut cells = Vec::with_capacity(met.len() * (1 + things));
        for (_, content, at) in met {
            cells.push(self.of_cell(SlotKind::Content, widen(SlotKind::Content, content)));
            let counts = counts.get(at * things..(at + 1) * things).unwrap_or(&[]);
            cells.extend(counts.iter().copied().map(Value::Count));
        }
        Ok(cells)
    }

    /// For each content that is left: the content, and how many claims each counted sentence has of it, in the same order; nothing where that
    /// was not found already.
    fn counted_as_found(
        &self,
        question: &Question,
        plan: &Plan,
        grouped: &Grouped<'_>,
        content: usize,
    ) -> Result<Option<Vec<Value>>, Stopped> {
        let least = self.least.borrow();
        let first = question.counted.first().map(|(claim, _)| *claim);
        let Some((sorts, _)) = grouped.steps().find(|(_, claim)| Some(*claim) == first) else {
            return Ok(None);
        };
        let counted: Option<Vec<usize>> = plan.counted.iter().map(Counted::claims).collect();
        let Some(counted) = counted.filter(|_| grouped.rest.iter().all(|step| least.is_settled(step))) else {
            return Ok(None);
        };
        let groups = &grouped.fillings.groups;
        let limit = self.options.max_solutions;
        if groups.len() > limit {
            return Err(Stopped::Limit(limit));
        }
        let mut row = vec![UNBOUND; content + 1];
        let mut seen = |step: usize, group: &Group| {
            Self::put(&mut row, SlotId(content as u16), widen(SlotKind::Content, group.key as u32));
            if step == grouped.step { Some(first_seen(group)) } else { least.seen(step, &row) }
        };
        self.hold(groups.len() * size_of::<(Option<(i64, u64)>, usize)>())?;
        let mut order = Vec::with_capacity(groups.len());
        for (at, group) in groups.iter().enumerate() {
            self.look()?;
            order.push((seen(sorts, group).map(|seen| seen.rank()), at));
        }
        order.sort_unstable();
        self.check()?;
        let mut cells = Vec::with_capacity(groups.len() * (1 + counted.len()));
        for group in order.iter().filter_map(|(_, at)| groups.get(*at)) {
            self.look()?;
            cells.push(self.of_cell(SlotKind::Content, widen(SlotKind::Content, group.key as u32)));
            for step in &counted {
                cells.push(Value::Count(seen(*step, group).map_or(0, |seen| seen.claims)));
            }
        }
        grouped.rest.iter().for_each(|step| self.count_many(step.id, groups.len() as u64));
        Ok(Some(cells))
    }

    fn count_contents(&self, groups: &[&Group], readies: &Readies, things: usize) -> Result<Found, Stopped> {
        let limit = self.options.max_solutions;
        let mut found = Found::default();
        let mut met: Vec<Vec<u32>> = vec![Vec::new(); things];
        for group in groups {
            self.look()?;
            let content = group.key as u32;
            let before = found.rows;
            for (ready, places) in readies {
                for row in ready.rows(widen(SlotKind::Content, content)).chunks_exact(ready.width()) {
                    found.rows += 1;
                    for (met, (place, kind)) in met.iter_mut().zip(places) {
                        let thing = row
                            .get(*place)
                            .map_or(u32::MAX, |thing| narrow(*kind, self.meant(*kind, widen(*kind, *thing))));
                        // Nothing is no thing.
                        if thing < u32::MAX - 1 {
                            met.push(thing);
                        }
                    }
                }
            }
            if found.rows == before {
                continue;
            }
            if found.met.len() >= limit {
                return Err(Stopped::Limit(limit));
            }
            found.met.push((group.met(), content));
            for met in &mut met {
                met.sort_unstable();
                met.dedup();
                found.counts.push(met.len() as u64);
                met.clear();
            }
        }
        Ok(found)
    }
}
