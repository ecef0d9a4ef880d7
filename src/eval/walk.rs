//! Recursive rules that end with themselves: `origin(?d, ?r)` is the document that `?d` cites where that cites none, or an origin of one that it
//! cites. Only one argument changes on the way. What holds for a value of it, a place, is what holds there at once, and what holds for the
//! places that it leads to. Each place is looked at once, and places that lead to each other hold the same.

use super::claim::Then;
use super::{Evaluator, Flow, Halt, NOTHING, Stopped, UNBOUND};
use crate::plan::{BoundRule, Node, Order, SlotId, Step, StepKind};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// The rows of a rule for each place.
#[derive(Debug)]
pub(super) struct Walk {
    /// Which of the arguments changes.
    at: usize,
    /// The order in which the rule is tried; nothing before it was asked for.
    order: Option<Arc<Order>>,
    /// Whether it turned out to be no walk: the rule asks for itself before the argument that changes is known.
    strays: bool,
    /// The place asked for last, and which of the sets holds for it.
    last: Option<(u64, u32)>,
    marks: HashMap<u64, Mark>,
    sets: Vec<Range<usize>>,
    /// What the other arguments hold, row by row.
    cells: Vec<u64>,
    /// How many cells a row has: one where there are no other arguments.
    width: usize,
}

/// How far a place is.
#[derive(Debug, Clone, Copy)]
enum Mark {
    /// It is being looked at, and stands here among those that are.
    Open(u32),
    /// This set holds for it.
    Done(u32),
}

/// A place that is not at its end: those that it leads to may lead back to it, or to one before it.
#[derive(Debug)]
struct Open {
    place: u64,
    /// The first of the open places that it is known to lead to.
    low: u32,
    /// What holds at once.
    found: SmallVec<[u64; 4]>,
    /// The sets that hold where it leads to.
    sets: SmallVec<[u32; 4]>,
}

/// The places that an open one leads to, and how many of them were followed.
#[derive(Debug)]
struct Path {
    open: u32,
    next: SmallVec<[u64; 4]>,
    followed: usize,
}

/// A rule whose places are being looked at: where it asks for itself, the place is noted.
#[derive(Debug)]
pub(super) struct Walking {
    rule: usize,
    /// Which of its arguments changes.
    at: usize,
    next: SmallVec<[u64; 4]>,
    strays: bool,
}

impl Walk {
    /// The walk over a rule, if it is one: where it asks for itself, all arguments but one are handed on as they are.
    pub(super) fn over(rule: usize, bound: &BoundRule) -> Option<Walk> {
        let mut changes: SmallVec<[bool; 4]> = bound.params.iter().map(|_| false).collect();
        note_changes(rule, &bound.params, &bound.body, &mut changes);
        let at = changes.iter().position(|changes| *changes)?;
        (changes.iter().filter(|changes| **changes).count() == 1).then(|| Walk {
            at,
            order: None,
            strays: false,
            last: None,
            marks: HashMap::new(),
            sets: Vec::new(),
            cells: Vec::new(),
            width: (bound.params.len() - 1).max(1),
        })
    }

    /// The bytes of the places and of their rows.
    pub(super) fn weight(&self) -> usize {
        self.marks.len() * size_of::<(u64, Mark)>()
            + size_of_val(&self.sets[..])
            + size_of_val(&self.cells[..])
    }

    /// The rows of a set.
    fn rows(&self, set: u32) -> &[u64] {
        let cells = self.sets.get(set as usize).and_then(|cells| self.cells.get(cells.clone()));
        cells.unwrap_or(&[])
    }

    /// What holds where this was found, and where these sets hold.
    fn joined(&mut self, found: &[u64], sets: &[u32]) -> u32 {
        if let ([], [only]) = (found, sets) {
            return *only;
        }
        let start = self.cells.len();
        if sets.is_empty() && found.len() <= self.width {
            self.cells.extend_from_slice(found);
        } else {
            let all = sets.iter().map(|set| self.rows(*set)).chain([found]);
            let mut rows: Vec<SmallVec<[u64; 2]>> =
                all.flat_map(|cells| cells.chunks_exact(self.width)).map(SmallVec::from_slice).collect();
            rows.sort_unstable();
            rows.dedup();
            rows.iter().for_each(|row| self.cells.extend_from_slice(row));
        }
        self.sets.push(start..self.cells.len());
        (self.sets.len() - 1) as u32
    }
}

/// Notes which arguments a rule does not hand on as they are, wherever it asks for itself.
fn note_changes(rule: usize, params: &[SlotId], node: &Node, changes: &mut [bool]) {
    match node {
        Node::All(parts) | Node::Any(parts) => {
            parts.iter().for_each(|part| note_changes(rule, params, part, changes));
        }
        Node::Not(inner) => note_changes(rule, params, inner, changes),
        Node::Rule { rule: other, args } if *other == rule => {
            let pairs = changes.iter_mut().zip(args.iter().zip(params));
            pairs.for_each(|(changes, (arg, param))| *changes |= arg != param);
        }
        _ => {}
    }
}

/// Whether a rule asks for itself only at the ends of an order.
fn ends_in_itself(rule: usize, order: &Order) -> bool {
    let Some((last, before)) = order.steps.split_last() else { return true };
    !before.iter().any(|step| asks_for(rule, step))
        && match &last.kind {
            StepKind::Rule { .. } => true,
            StepKind::Any(parts) => parts.iter().all(|part| ends_in_itself(rule, part)),
            _ => !asks_for(rule, last),
        }
}

fn asks_for(rule: usize, step: &Step) -> bool {
    match &step.kind {
        StepKind::Rule { rule: other, .. } => *other == rule,
        StepKind::Any(parts) => parts.iter().flat_map(|part| &part.steps).any(|step| asks_for(rule, step)),
        StepKind::Not(inner) => inner.steps.iter().any(|step| asks_for(rule, step)),
        _ => false,
    }
}

impl Evaluator<'_> {
    /// Notes where a rule leads to, if it is that rule that is walked over.
    pub(super) fn leads_on(&self, rule: usize, args: &[SlotId], row: &[u64]) -> Option<Flow> {
        let mut walking = self.walking.borrow_mut();
        let walking = walking.as_mut().filter(|walking| walking.rule == rule)?;
        for (at, arg) in args.iter().enumerate() {
            match Self::held(row, *arg) {
                Some(held) if at == walking.at => walking.next.push(held),
                None if at != walking.at => {}
                _ => {
                    walking.strays = true;
                    return Some(Flow::Break(Halt::Enough));
                }
            }
        }
        Some(Flow::Continue(()))
    }

    /// Tries every row in which a rule holds that can be walked over; otherwise, it tells that it cannot.
    pub(super) fn walked(
        &self,
        rule: usize,
        args: &[SlotId],
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> ControlFlow<Halt, bool> {
        let Some((at, set)) = self.holds_at(rule, args, row)? else { return ControlFlow::Continue(false) };
        let others = || args.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, arg)| *arg);
        let open: SmallVec<[SlotId; 4]> = others().filter(|arg| Self::held(row, *arg).is_none()).collect();
        for nth in 0.. {
            self.tick()?;
            let mut fits = true;
            {
                let mut rules = self.rules.borrow_mut();
                let Some(walk) = rules.walk(rule) else { break };
                let start = nth * walk.width;
                let Some(cells) = walk.rows(set).get(start..start + walk.width) else { break };
                for (slot, value) in others().zip(cells) {
                    if let Some(cell) = row.get_mut(usize::from(slot.0)) {
                        fits &= *cell == UNBOUND || *cell == *value;
                        *cell = if *cell == UNBOUND { *value } else { *cell };
                    }
                }
            }
            let flow = if fits { then(row) } else { Flow::Continue(()) };
            for slot in &open {
                row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|cell| *cell = UNBOUND);
            }
            flow?;
        }
        ControlFlow::Continue(true)
    }

    /// Which argument of a rule changes, and the set that holds for what it holds here; nothing where the rule is no walk.
    fn holds_at(&self, rule: usize, args: &[SlotId], row: &[u64]) -> ControlFlow<Halt, Option<(usize, u32)>> {
        let mut rules = self.rules.borrow_mut();
        let Some(walk) = rules.walk(rule).filter(|walk| !walk.strays) else {
            return ControlFlow::Continue(None);
        };
        let at = walk.at;
        let Some(place) = args.get(at).and_then(|arg| Self::held(row, *arg)) else {
            return ControlFlow::Continue(None);
        };
        if let Some((_, set)) = walk.last.filter(|(last, _)| *last == place) {
            return ControlFlow::Continue(Some((at, set)));
        }
        if let Some(Mark::Done(set)) = walk.marks.get(&place).copied() {
            walk.last = Some((place, set));
            return ControlFlow::Continue(Some((at, set)));
        }
        let Some((mut walk, bound)) = rules.take_walk(rule).zip(rules.rule(rule)) else {
            return ControlFlow::Continue(None);
        };
        drop(rules);
        let order = walk.order.take().unwrap_or_else(|| {
            let known = bound.params.iter().enumerate().map(|(place, _)| place == at).collect();
            self.order_of(rule, bound, known)
        });
        walk.strays = !ends_in_itself(rule, &order);
        if walk.strays {
            self.rules.borrow_mut().put_walk(rule, walk);
            return ControlFlow::Continue(None);
        }
        let began = Walking { rule, at, next: SmallVec::new(), strays: false };
        let before = self.walking.replace(Some(began));
        let ended = self.apart(bound, || self.walk_from(&mut walk, bound, &order, place));
        // Rows of its sets may be on their way, also where it strays.
        walk.strays = self.walking.replace(before).is_some_and(|walking| walking.strays);
        walk.order = Some(order);
        let strays = walk.strays;
        walk.last = if let ControlFlow::Continue(set) = ended { Some((place, set)) } else { None };
        self.rules.borrow_mut().put_walk(rule, walk);
        if strays {
            return ControlFlow::Continue(None);
        }
        ControlFlow::Continue(Some((at, ended?)))
    }

    /// Goes on from a place until all is known that it leads to, and tells the set that holds for it. Places that lead to each other are found
    /// in one pass, as Tarjan does it (Depth-first search and linear graph algorithms, 1972).
    fn walk_from(
        &self,
        walk: &mut Walk,
        rule: &BoundRule,
        order: &Order,
        from: u64,
    ) -> ControlFlow<Halt, u32> {
        let mut row = vec![UNBOUND; rule.slots.len().max(1)];
        let mut open: SmallVec<[Open; 4]> = SmallVec::new();
        let mut paths: SmallVec<[Path; 4]> = SmallVec::new();
        paths.push(self.opened(walk, rule, order, from, &mut open, &mut row)?);
        let limit = self.options.max_solutions;
        while let Some(path) = paths.last_mut() {
            self.tick()?;
            if let Some(place) = path.next.get(path.followed).copied() {
                path.followed += 1;
                match (walk.marks.get(&place), open.get_mut(path.open as usize)) {
                    (Some(Mark::Done(set)), Some(here)) => here.leads_to(*set),
                    (Some(Mark::Open(earlier)), Some(here)) => here.low = here.low.min(*earlier),
                    _ => paths.push(self.opened(walk, rule, order, place, &mut open, &mut row)?),
                }
                continue;
            }
            let at = path.open;
            paths.pop();
            let low = open.get(at as usize).map_or(at, |here| here.low);
            let before = paths.last().map(|path| path.open as usize);
            if low < at {
                // It leads back to one before it: they will end together.
                let before = before.and_then(|before| open.get_mut(before));
                before.into_iter().for_each(|here| here.low = here.low.min(low));
                continue;
            }
            let ended = open.drain(at as usize..);
            let mut found: SmallVec<[u64; 4]> = SmallVec::new();
            let mut sets: SmallVec<[u32; 4]> = SmallVec::new();
            let mut places: SmallVec<[u64; 4]> = SmallVec::new();
            for one in ended {
                found.extend_from_slice(&one.found);
                sets.extend_from_slice(&one.sets);
                places.push(one.place);
            }
            sets.sort_unstable();
            sets.dedup();
            let held = walk.cells.len();
            let set = walk.joined(&found, &sets);
            self.let_go(size_of_val(&found[..]));
            self.holds_on((walk.cells.len() - held) * size_of::<u64>())?;
            if walk.cells.len() / walk.width > limit {
                return ControlFlow::Break(Halt::Stopped(Stopped::Limit(limit)));
            }
            for place in places {
                walk.marks.insert(place, Mark::Done(set));
            }
            match before.and_then(|before| open.get_mut(before)) {
                Some(here) => here.leads_to(set),
                None => return ControlFlow::Continue(set),
            }
        }
        ControlFlow::Continue(0)
    }

    /// Looks at a place: what holds there at once, and where it leads to.
    fn opened(
        &self,
        walk: &mut Walk,
        rule: &BoundRule,
        order: &Order,
        place: u64,
        open: &mut SmallVec<[Open; 4]>,
        row: &mut Vec<u64>,
    ) -> ControlFlow<Halt, Path> {
        self.holds_on(size_of::<(u64, Mark)>())?;
        let at = walk.at;
        if let Some(cell) = rule.params.get(at).and_then(|param| row.get_mut(usize::from(param.0))) {
            *cell = place;
        }
        let mut found: SmallVec<[u64; 4]> = SmallVec::new();
        self.steps(&order.steps, row, &mut |row| {
            let others = rule.params.iter().enumerate().filter(|(place, _)| *place != at);
            let before = found.len();
            found.extend(others.map(|(_, param)| Self::held(row, *param).unwrap_or(UNBOUND)));
            if found.len() == before {
                found.push(NOTHING);
            }
            self.holds_on(size_of_val(found.get(before..).unwrap_or(&[])))
        })?;
        let mut walking = self.walking.borrow_mut();
        let next = walking.as_mut().map(|walking| std::mem::take(&mut walking.next)).unwrap_or_default();
        let here = open.len() as u32;
        walk.marks.insert(place, Mark::Open(here));
        open.push(Open { place, low: here, found, sets: SmallVec::new() });
        ControlFlow::Continue(Path { open: here, next, followed: 0 })
    }
}

impl Open {
    fn leads_to(&mut self, set: u32) {
        if self.sets.last() != Some(&set) {
            self.sets.push(set);
        }
    }
}
