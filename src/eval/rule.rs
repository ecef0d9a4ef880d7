//! Recursive rules, worked out as far as they are asked: a goal is a rule with what is known of its arguments, and its rows are kept for the
//! length of the question. Goals that rest on each other are gone over until none of them finds anything new; only those whose own goals grew
//! are gone over again. This is what is known as tabling.

use super::claim::Then;
use super::kept::{Kept, Walks};
use super::walk::Walk;
use super::{Evaluator, Flow, Halt, Stopped, UNBOUND};
use crate::plan::{BoundRule, Known, Node, Order, SlotId, optimize};
use hashbrown::{HashMap, HashSet};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What each argument of a rule holds; [`UNBOUND`] where it may be anything.
type Args = SmallVec<[u64; 4]>;

/// A rule, by its place among the rules, and what is asked of it.
type Goal = (usize, Args);

/// What was found for a goal.
#[derive(Debug, Default)]
struct Answers {
    rows: Arc<Vec<Args>>,
    known: HashSet<Args>,
    /// The goals that were gone over while this one was not at its end, by their places.
    resting: Vec<usize>,
    /// Whether it is to be gone over.
    waits: bool,
    /// Whether nothing more can come.
    is_done: bool,
}

/// Goals of rules that rest on each other, being worked out.
#[derive(Debug)]
struct Work {
    component: usize,
    /// The goal that is being gone over.
    at: usize,
    agenda: Vec<usize>,
    met: Vec<usize>,
}

/// Whether a rule can be walked over.
#[derive(Debug, Default)]
pub(super) enum Asked {
    /// Nobody asked.
    #[default]
    Never,
    /// It is none, or it is being gone on with.
    No,
    Walk(Box<Walk>),
}

impl Asked {
    /// The bytes of its places and of their rows.
    pub(super) fn weight(&self) -> usize {
        if let Asked::Walk(walk) = self { walk.weight() } else { 0 }
    }
}

/// The recursive rules of a question, and what is known of their rows.
#[derive(Debug, Default)]
pub(super) struct Rules<'q> {
    rules: &'q [BoundRule],
    /// For each rule, which of those that rest on each other it belongs to.
    component: Vec<usize>,
    /// The order in which a rule is tried where these of its arguments are known.
    orders: HashMap<(usize, SmallVec<[bool; 4]>), Arc<Order>>,
    /// The walk over each rule, once it was asked for.
    walks: Walks<'q>,
    /// As many places are expected on a walk.
    expected: usize,
    places: HashMap<Goal, usize>,
    goals: Vec<(Goal, Answers)>,
    /// What is being worked out, each for the sake of the one before.
    work: Vec<Work>,
    /// How many rows there are in all.
    rows: usize,
}

impl<'q> Rules<'q> {
    /// The rules of a question, with what was kept of their walks.
    pub(super) fn new(rules: &'q [BoundRule], kept: Option<&'q Kept>) -> Self {
        let walks = Walks::with(kept);
        if rules.len() < 2 {
            return Rules { rules, component: vec![0; rules.len()], walks, ..Rules::default() };
        }
        let mut needs: DiGraph<(), ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = rules.iter().map(|_| needs.add_node(())).collect();
        for (rule, node) in rules.iter().zip(&nodes) {
            let mut named = Vec::new();
            rules_in(&rule.body, &mut named);
            for other in named.into_iter().filter_map(|other| nodes.get(other)) {
                needs.add_edge(*node, *other, ());
            }
        }
        let mut component = vec![0; rules.len()];
        for (at, members) in kosaraju_scc(&needs).into_iter().enumerate() {
            for member in members {
                if let Some(place) = component.get_mut(member.index()) {
                    *place = at;
                }
            }
        }
        Rules { rules, component, walks, ..Rules::default() }
    }

    /// The same rules, of whose rows nothing is known. As many places are expected on a walk.
    pub(super) fn anew(&self, expected: usize) -> Self {
        let (component, walks) = (self.component.clone(), self.walks.anew());
        Rules { rules: self.rules, component, walks, expected, ..Rules::default() }
    }

    /// The bytes of the goals and of their rows.
    pub(super) fn weight(&self) -> usize {
        self.goals.len() * size_of::<(Goal, Answers)>() + self.rows * size_of::<Args>() + self.walks.weight()
    }

    /// A rule.
    pub(super) fn rule(&self, rule: usize) -> Option<&'q BoundRule> {
        self.rules.get(rule)
    }

    /// The walk over a rule; nothing where it cannot be walked over.
    pub(super) fn walk(&mut self, rule: usize) -> Option<&mut Walk> {
        let Rules { rules, component, walks, expected, .. } = self;
        let asked = walks.of(rules.len()).get_mut(rule)?;
        if matches!(asked, Asked::Never) {
            let own = component.get(rule);
            let is_alone = component.iter().filter(|other| Some(*other) == own).count() == 1;
            let walk =
                rules.get(rule).filter(|_| is_alone).and_then(|bound| Walk::over(rule, bound, *expected));
            *asked = walk.map_or(Asked::No, |walk| Asked::Walk(Box::new(walk)));
        }
        if let Asked::Walk(walk) = asked { Some(walk) } else { None }
    }

    /// Takes the walk over a rule, to go on with; until it is put back there is none.
    pub(super) fn take_walk(&mut self, rule: usize) -> Option<Box<Walk>> {
        match std::mem::replace(self.walks.of(self.rules.len()).get_mut(rule)?, Asked::No) {
            Asked::Walk(walk) => Some(walk),
            Asked::Never | Asked::No => None,
        }
    }

    /// Puts a walk back; nothing where it ended before its end.
    pub(super) fn put_walk(&mut self, rule: usize, walk: Option<Box<Walk>>) {
        if let Some(asked) = self.walks.of(self.rules.len()).get_mut(rule) {
            *asked = walk.map_or(Asked::Never, Asked::Walk);
        }
    }

    /// The place of a goal, and whether it is new.
    fn place(&mut self, goal: Goal) -> (usize, bool) {
        if let Some(at) = self.places.get(&goal) {
            return (*at, false);
        }
        let next = self.goals.len();
        self.places.insert(goal.clone(), next);
        self.goals.push((goal, Answers::default()));
        (next, true)
    }

    /// The rows of a goal, where they are all known or it is being worked out for a goal that it may rest on itself; otherwise it is begun.
    fn known_or_begun(&mut self, goal: Goal) -> Result<Arc<Vec<Args>>, usize> {
        let component = self.component.get(goal.0).copied().unwrap_or(0);
        let (at, is_new) = self.place(goal);
        let Some((_, answers)) = self.goals.get_mut(at) else { return Ok(Arc::default()) };
        if answers.is_done {
            return Ok(answers.rows.clone());
        }
        match self.work.last_mut() {
            Some(work) if work.component == component => {
                if !answers.resting.contains(&work.at) {
                    answers.resting.push(work.at);
                }
                if is_new {
                    answers.waits = true;
                    work.agenda.push(at);
                    work.met.push(at);
                }
                Ok(answers.rows.clone())
            }
            _ => {
                answers.waits = true;
                self.work.push(Work { component, at, agenda: vec![at], met: vec![at] });
                Err(at)
            }
        }
    }

    /// The next goal to be gone over: the one met last, so that those that rest on it are mostly gone over once more and not more often.
    fn next(&mut self) -> Option<(usize, Goal)> {
        let work = self.work.last_mut()?;
        work.at = work.agenda.pop()?;
        let (goal, answers) = self.goals.get_mut(work.at)?;
        answers.waits = false;
        Some((work.at, goal.clone()))
    }

    /// Adds rows to a goal; what rests on it is gone over again if any is new.
    fn add(&mut self, at: usize, found: BTreeSet<Args>) {
        let Some((_, answers)) = self.goals.get_mut(at) else { return };
        let before = answers.rows.len();
        let rows = Arc::make_mut(&mut answers.rows);
        rows.extend(found.into_iter().filter(|row| answers.known.insert(row.clone())));
        let grew = rows.len() - before;
        self.rows += grew;
        if grew == 0 {
            return;
        }
        for resting in answers.resting.clone() {
            if let (Some((_, answers)), Some(work)) = (self.goals.get_mut(resting), self.work.last_mut())
                && !std::mem::replace(&mut answers.waits, true)
            {
                work.agenda.push(resting);
            }
        }
    }

    /// Ends the work begun last: of all goals that it met all rows are known.
    fn end(&mut self) {
        for at in self.work.pop().into_iter().flat_map(|work| work.met) {
            if let Some((_, answers)) = self.goals.get_mut(at) {
                answers.is_done = true;
                answers.known = HashSet::default();
                answers.resting = Vec::new();
            }
        }
    }
}

impl<'q> Evaluator<'q> {
    /// Every row in which a rule holds.
    pub(super) fn rule(&self, rule: usize, args: &[SlotId], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        if let Some(flow) = self.leads_on(rule, args, row) {
            return flow;
        }
        if self.options.optimize && self.walked(rule, args, row, then)? {
            return Flow::Continue(());
        }
        // Unoptimized, all rows of a rule are worked out, whatever is asked of it.
        let asked = |arg: &SlotId| Self::held(row, *arg).filter(|_| self.options.optimize);
        let goal: Args = args.iter().map(|arg| asked(arg).unwrap_or(UNBOUND)).collect();
        let before = row.clone();
        for known in self.answers((rule, goal))?.iter() {
            self.tick()?;
            let mut fits = true;
            for (arg, value) in args.iter().zip(known) {
                if let Some(cell) = row.get_mut(usize::from(arg.0)) {
                    fits &= *cell == UNBOUND || *cell == *value;
                    *cell = *value;
                }
            }
            if fits {
                then(row)?;
            }
            row.copy_from_slice(&before);
        }
        Flow::Continue(())
    }

    /// The rows of a goal: all of them, or those that are known by now where it is being worked out.
    fn answers(&self, goal: Goal) -> ControlFlow<Halt, Arc<Vec<Args>>> {
        let begun = match self.rules.borrow_mut().known_or_begun(goal) {
            Ok(rows) => return ControlFlow::Continue(rows),
            Err(begun) => begun,
        };
        loop {
            let next = self.rules.borrow_mut().next();
            let Some((at, (rule, args))) = next else { break };
            let found = self.rule_rows(rule, &args)?;
            let mut rules = self.rules.borrow_mut();
            rules.add(at, found);
            if rules.rows > self.options.max_solutions {
                return ControlFlow::Break(Halt::Stopped(Stopped::Limit(self.options.max_solutions)));
            }
        }
        let mut rules = self.rules.borrow_mut();
        rules.end();
        ControlFlow::Continue(
            rules.goals.get(begun).map(|(_, answers)| answers.rows.clone()).unwrap_or_default(),
        )
    }

    /// The rows of a goal as far as the rows of its own goals are known.
    fn rule_rows(&self, at: usize, args: &Args) -> ControlFlow<Halt, BTreeSet<Args>> {
        let Some(rule) = self.rules.borrow().rules.get(at) else {
            return ControlFlow::Continue(BTreeSet::new());
        };
        let order = self.order_of(at, rule, args.iter().map(|arg| *arg != UNBOUND).collect());
        let mut row = vec![UNBOUND; rule.slots.len().max(1)];
        for (param, arg) in rule.params.iter().zip(args) {
            if let Some(place) = row.get_mut(usize::from(param.0)) {
                *place = *arg;
            }
        }
        let mut found = BTreeSet::new();
        let limit = self.options.max_solutions;
        let flow = self.apart(rule, || {
            self.steps(&order.steps, &mut row, &mut |row| {
                let cell = |slot: &SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
                if found.insert(rule.params.iter().map(cell).collect()) {
                    self.holds_on(size_of::<Args>())?;
                }
                if found.len() > limit {
                    Flow::Break(Halt::Stopped(Stopped::Limit(limit)))
                } else {
                    Flow::Continue(())
                }
            })
        });
        match flow {
            Flow::Break(Halt::Stopped(stopped)) => ControlFlow::Break(Halt::Stopped(stopped)),
            _ => ControlFlow::Continue(found),
        }
    }

    /// The order in which a rule is tried where these of its arguments are known.
    pub(super) fn order_of(&self, at: usize, rule: &BoundRule, known: SmallVec<[bool; 4]>) -> Arc<Order> {
        let mut rules = self.rules.borrow_mut();
        let order = rules.orders.entry((at, known)).or_insert_with_key(|(_, known)| {
            let given = rule.params.iter().zip(known).filter(|(_, known)| **known);
            let known = Known { filled: given.map(|(param, _)| *param).collect(), ..Known::default() };
            Arc::new(optimize(self.graph, &rule.body, known, self.options.optimize))
        });
        order.clone()
    }

    /// Does something over the slots of a rule. Steps in there have no numbers in the question's plan: they are not counted, and nothing of them
    /// was found ahead.
    pub(super) fn apart<T>(&self, rule: &'q BoundRule, work: impl FnOnce() -> T) -> T {
        let before = (self.slots.replace(&rule.slots), self.is_own.replace(false));
        let came = work();
        self.slots.set(before.0);
        self.is_own.set(before.1);
        came
    }
}

fn rules_in(node: &Node, out: &mut Vec<usize>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| rules_in(part, out)),
        Node::Not(inner) => rules_in(inner, out),
        Node::Rule { rule, .. } => out.push(*rule),
        _ => {}
    }
}
