//! Recursive rules that end with themselves: `origin(?d, ?r)` is the document that `?d` cites where that cites none, or an origin of one that it
//! cites. Only one argument changes on the way. What holds for a value of it, a place, is what holds there at once, and what holds for the
//! places that it leads to. Each place is looked at once, and places that lead to each other hold the same.

use super::claim::Then;
use super::scan::scaled;
use super::{Evaluator, Flow, Halt, NOTHING, Stopped, UNBOUND};
use crate::plan::{BoundRule, Node, Order, SlotId, Step, StepKind};
use hashbrown::HashMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use smallvec::SmallVec;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// So many rows of a set are looked at before it is asked for more: whoever looks at them may walk on.
const IN_ONE_GO: usize = scaled(64);

/// So many places that lead one to the next are worked out on the way back; beyond, or in a circle, all that are met are looked at together.
const DEEPEST: usize = scaled(64);

/// The rows of a rule for each place.
#[derive(Debug)]
pub(super) struct Walk {
    /// Which of the arguments changes.
    at: usize,
    /// The order in which the rule is tried; nothing before it was asked for.
    order: Option<Arc<Order>>,
    /// Whether it turned out to be no walk: the rule asks for itself before its end, or before the argument that changes is known.
    strays: bool,
    /// How many places there can be, where they are numbers that are given one after another.
    numbers: Option<usize>,
    marks: Marks,
    /// The rows of each set; the first has none.
    sets: Vec<Range<usize>>,
    /// What the other arguments hold, row by row.
    cells: Vec<u64>,
    /// How many cells a row has: one where there are no other arguments.
    width: usize,
    /// A row to try the rule with.
    row: Vec<u64>,
}

/// Some cells, mostly few.
type Few = SmallVec<[u64; 4]>;

/// How far places are.
#[derive(Debug)]
enum Marks {
    Few(HashMap<u64, Mark>),
    /// By the numbers of the places, where these are given one after another and many were met: zero for nothing, odd for one that is met.
    Numbers(Vec<u32>),
}

/// Of as many numbers one has to be met for places to be marked by them.
const SPARSE: usize = scaled(16);

impl Marks {
    fn get(&self, place: u64) -> Option<Mark> {
        match self {
            Marks::Few(marks) => marks.get(&place).copied(),
            Marks::Numbers(marks) => match marks.get(place as usize).copied()? {
                0 => None,
                mark if mark % 2 == 1 => Some(Mark::Met(mark / 2)),
                mark => Some(Mark::Done(mark / 2 - 1)),
            },
        }
    }

    /// Marks a place. `numbers` tells how many there can be, where they are numbers.
    fn set(&mut self, place: u64, mark: Mark, numbers: Option<usize>) {
        match self {
            Marks::Few(marks) => {
                marks.insert(place, mark);
                if let Some(numbers) = numbers.filter(|numbers| numbers / SPARSE < marks.len()) {
                    let known = std::mem::take(marks);
                    *self = Marks::Numbers(vec![0; numbers]);
                    known.into_iter().for_each(|(place, mark)| self.set(place, mark, None));
                }
            }
            Marks::Numbers(marks) => {
                if let Some(known) = marks.get_mut(place as usize) {
                    *known = match mark {
                        Mark::Met(at) => 2 * at + 1,
                        Mark::Done(set) => 2 * set + 2,
                    };
                }
            }
        }
    }

    fn weight(&self) -> usize {
        match self {
            Marks::Few(marks) => marks.len() * size_of::<(u64, Mark)>(),
            Marks::Numbers(marks) => size_of_val(&marks[..]),
        }
    }
}

/// How far a place is.
#[derive(Debug, Clone, Copy)]
enum Mark {
    /// It is met on this walk, and stands here among those that are.
    Met(u32),
    /// This set holds for it.
    Done(u32),
}

/// A place that is met on a walk.
#[derive(Debug)]
struct Met {
    place: u64,
    /// What holds at once.
    found: Few,
    /// The sets that hold where it leads to, of places that were done before.
    sets: SmallVec<[u32; 4]>,
}

/// A rule whose places are being looked at: where it asks for itself, the place is noted.
#[derive(Debug)]
pub(super) struct Walking {
    rule: usize,
    /// Which of its arguments changes.
    at: usize,
    next: Few,
    strays: bool,
}

impl Walk {
    /// The walk over a rule, if it is one: where it asks for itself, all arguments but one are handed on as they are.
    /// So many places are expected.
    pub(super) fn over(rule: usize, bound: &BoundRule, expected: usize) -> Option<Walk> {
        let mut changes: SmallVec<[bool; 4]> = bound.params.iter().map(|_| false).collect();
        note_changes(rule, &bound.params, &bound.body, &mut changes);
        let at = changes.iter().position(|changes| *changes)?;
        (changes.iter().filter(|changes| **changes).count() == 1).then(|| Walk {
            at,
            order: None,
            strays: false,
            numbers: None,
            marks: Marks::Few(HashMap::with_capacity(expected)),
            sets: vec![Range::default()],
            cells: Vec::new(),
            width: (bound.params.len() - 1).max(1),
            row: vec![UNBOUND; bound.slots.len().max(1)],
        })
    }

    /// The bytes of the places and of their rows.
    pub(super) fn weight(&self) -> usize {
        self.marks.weight() + size_of_val(&self.sets[..]) + size_of_val(&self.cells[..])
    }

    fn mark(&mut self, place: u64, mark: Mark) {
        self.marks.set(place, mark, self.numbers);
    }

    /// The rows of a set.
    fn rows(&self, set: u32) -> &[u64] {
        let cells = self.sets.get(set as usize).and_then(|cells| self.cells.get(cells.clone()));
        cells.unwrap_or(&[])
    }

    /// What holds where this was found, and where these sets hold.
    fn joined(&mut self, found: &[u64], sets: &[u32]) -> u32 {
        match (found, sets) {
            ([], []) => return 0,
            ([], [only]) => return *only,
            _ => {}
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
        let mut next = 0;
        loop {
            let some: Few = {
                let mut rules = self.rules.borrow_mut();
                let Some(walk) = rules.walk(rule) else { break };
                let rows = walk.rows(set);
                let rows = rows.get(next..rows.len().min(next + IN_ONE_GO * walk.width)).unwrap_or(&[]);
                Few::from_slice(rows)
            };
            if some.is_empty() {
                break;
            }
            next += some.len();
            for cells in some.chunks_exact((args.len() - 1).max(1)) {
                self.tick()?;
                let mut fits = true;
                for (slot, value) in others().zip(cells) {
                    match Self::held(row, slot) {
                        Some(held) => fits &= held == *value,
                        None => Self::put(row, slot, *value),
                    }
                }
                let flow = if fits { then(row) } else { Flow::Continue(()) };
                open.iter().for_each(|slot| Self::put(row, *slot, UNBOUND));
                flow?;
            }
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
        if let Some(Mark::Done(set)) = walk.marks.get(place) {
            return ControlFlow::Continue(Some((at, set)));
        }
        let Some((mut walk, bound)) = rules.take_walk(rule).zip(rules.rule(rule)) else {
            return ControlFlow::Continue(None);
        };
        drop(rules);
        let order = walk.order.get_or_insert_with(|| {
            let known = bound.params.iter().enumerate().map(|(place, _)| place == at).collect();
            let order = self.order_of(rule, bound, known);
            walk.strays = !ends_in_itself(rule, &order);
            let slot = bound.params.get(at).and_then(|param| bound.slots.get(usize::from(param.0)));
            walk.numbers = slot.and_then(|slot| self.numbers(slot.kind));
            order
        });
        let order = order.clone();
        let mut ended = ControlFlow::Continue(0);
        if !walk.strays {
            let began = Walking { rule, at, next: SmallVec::new(), strays: false };
            let before = self.walking.replace(Some(began));
            ended = self.apart(bound, || self.walk_from(&mut walk, bound, &order, place));
            walk.strays = self.walking.replace(before).is_some_and(|walking| walking.strays);
        }
        // Rows of its sets may be on their way, also where it strays. What was stopped half way nobody may go on with.
        let strays = walk.strays;
        let is_whole = strays || ended.is_continue();
        self.rules.borrow_mut().put_walk(rule, is_whole.then_some(walk));
        if strays { ControlFlow::Continue(None) } else { ControlFlow::Continue(Some((at, ended?))) }
    }

    /// Works out what holds for all places that a place leads to, and tells the set that holds for this one.
    fn walk_from(
        &self,
        walk: &mut Walk,
        rule: &BoundRule,
        order: &Order,
        from: u64,
    ) -> ControlFlow<Halt, u32> {
        let mut way: SmallVec<[u64; 8]> = SmallVec::new();
        if let Some(set) = self.work_out(walk, (rule, order), from, &mut way)? {
            return ControlFlow::Continue(set);
        }
        let mut met: Vec<Met> = Vec::new();
        let mut paths: DiGraph<(), ()> = DiGraph::new();
        self.meet(walk, from, &mut met, &mut paths)?;
        let mut next = 0;
        while let Some(place) = met.get(next).map(|here| here.place) {
            self.tick()?;
            let (found, leads) = self.look_at(walk, rule, order, place)?;
            let mut sets: SmallVec<[u32; 4]> = SmallVec::new();
            for place in leads {
                let to = match walk.marks.get(place) {
                    Some(Mark::Done(set)) => {
                        sets.push(set);
                        continue;
                    }
                    Some(Mark::Met(at)) => at,
                    None => self.meet(walk, place, &mut met, &mut paths)?,
                };
                paths.add_edge(NodeIndex::new(next), NodeIndex::new(to as usize), ());
            }
            if let Some(here) = met.get_mut(next) {
                (here.found, here.sets) = (found, sets);
            }
            next += 1;
        }
        // Those first that lead to no others: what holds where a place leads to is known by then.
        for alike in kosaraju_scc(&paths) {
            self.tick()?;
            let (mut found, mut sets) = (Few::new(), SmallVec::new());
            for at in &alike {
                let Some(here) = met.get(at.index()) else { continue };
                found.extend_from_slice(&here.found);
                sets.extend_from_slice(&here.sets);
                let leads = paths.neighbors(*at).filter_map(|to| met.get(to.index()));
                sets.extend(leads.filter_map(|to| match walk.marks.get(to.place) {
                    Some(Mark::Done(set)) => Some(set),
                    _ => None,
                }));
            }
            let set = self.joined_set(walk, &found, sets)?;
            for here in alike.iter().filter_map(|at| met.get(at.index())) {
                walk.mark(here.place, Mark::Done(set));
            }
        }
        ControlFlow::Continue(match walk.marks.get(from) {
            Some(Mark::Done(set)) => set,
            _ => 0,
        })
    }

    /// Works out what holds for a place and all that it leads to, one after the other; nothing where that goes too deep or in a circle. `way` has
    /// the places that are not at their ends.
    fn work_out(
        &self,
        walk: &mut Walk,
        (rule, order): (&BoundRule, &Order),
        place: u64,
        way: &mut SmallVec<[u64; 8]>,
    ) -> ControlFlow<Halt, Option<u32>> {
        self.tick()?;
        self.holds_on(size_of::<(u64, Mark)>() + size_of::<Range<usize>>())?;
        way.push(place);
        let (found, leads) = self.look_at(walk, rule, order, place)?;
        let mut sets: SmallVec<[u32; 4]> = SmallVec::new();
        for lead in leads {
            let set = match walk.marks.get(lead) {
                Some(Mark::Done(set)) => Some(set),
                None if way.len() < DEEPEST && !way.contains(&lead) => {
                    self.work_out(walk, (rule, order), lead, way)?
                }
                _ => None,
            };
            let Some(set) = set else { return ControlFlow::Continue(None) };
            sets.push(set);
        }
        let set = self.joined_set(walk, &found, sets)?;
        walk.mark(place, Mark::Done(set));
        way.pop();
        ControlFlow::Continue(Some(set))
    }

    /// The set that holds where this was found, and where these sets hold.
    fn joined_set(
        &self,
        walk: &mut Walk,
        found: &[u64],
        mut sets: SmallVec<[u32; 4]>,
    ) -> ControlFlow<Halt, u32> {
        sets.sort_unstable();
        sets.dedup();
        let held = walk.cells.len();
        let set = walk.joined(found, &sets);
        self.let_go(size_of_val(found));
        self.holds_on((walk.cells.len() - held) * size_of::<u64>())?;
        let limit = self.options.max_solutions;
        if walk.cells.len() / walk.width > limit {
            return ControlFlow::Break(Halt::Stopped(Stopped::Limit(limit)));
        }
        ControlFlow::Continue(set)
    }

    /// Adds a place to those that are met.
    fn meet(
        &self,
        walk: &mut Walk,
        place: u64,
        met: &mut Vec<Met>,
        paths: &mut DiGraph<(), ()>,
    ) -> ControlFlow<Halt, u32> {
        self.holds_on(size_of::<(u64, Mark)>() + size_of::<Range<usize>>())?;
        let at = met.len() as u32;
        met.push(Met { place, found: SmallVec::new(), sets: SmallVec::new() });
        paths.add_node(());
        walk.mark(place, Mark::Met(at));
        ControlFlow::Continue(at)
    }

    /// Looks at a place: what holds there at once, and where it leads to.
    fn look_at(
        &self,
        walk: &mut Walk,
        rule: &BoundRule,
        order: &Order,
        place: u64,
    ) -> ControlFlow<Halt, (Few, Few)> {
        let mut found: Few = SmallVec::new();
        let Walk { at, width, row, .. } = walk;
        if let Some(param) = rule.params.get(*at) {
            Self::put(row, *param, place);
        }
        self.steps(&order.steps, row, &mut |row| {
            let others = rule.params.iter().enumerate().filter(|(place, _)| place != at);
            found.extend(others.map(|(_, param)| Self::held(row, *param).unwrap_or(UNBOUND)));
            if rule.params.len() == 1 {
                found.push(NOTHING);
            }
            self.holds_on(*width * size_of::<u64>())
        })?;
        let mut walking = self.walking.borrow_mut();
        let leads = walking.as_mut().map(|walking| std::mem::take(&mut walking.next)).unwrap_or_default();
        ControlFlow::Continue((found, leads))
    }
}
