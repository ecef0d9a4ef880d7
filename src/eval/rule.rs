//! Recursive rules: their rows, found by going over them until nothing new comes out.

use super::claim::Then;
use super::{Evaluator, Flow, Halt, Stopped, UNBOUND};
use crate::plan::{BoundRule, Node, SlotId, optimize};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a rule: every combination of arguments for which it holds, with where each value stands.
#[derive(Debug, Default)]
pub(super) struct Relation {
    rows: Vec<Vec<u64>>,
    known: BTreeSet<Vec<u64>>,
    /// For each argument, the rows of each value.
    by_value: Vec<BTreeMap<u64, Vec<usize>>>,
}

impl Relation {
    fn add(&mut self, row: Vec<u64>) -> bool {
        if !self.known.insert(row.clone()) {
            return false;
        }
        self.by_value.resize_with(row.len(), BTreeMap::new);
        for (index, value) in self.by_value.iter_mut().zip(&row) {
            index.entry(*value).or_default().push(self.rows.len());
        }
        self.rows.push(row);
        true
    }
}

impl Evaluator<'_> {
    /// Works out the rows of every rule, those that others rest on first.
    pub(super) fn relations(&mut self, rules: &[BoundRule]) -> Result<(), Stopped> {
        self.rules = rules.iter().map(|_| Relation::default()).collect();
        let mut needs: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = (0..rules.len()).map(|at| needs.add_node(at)).collect();
        for (rule, node) in rules.iter().zip(&nodes) {
            let mut named = Vec::new();
            rules_in(&rule.body, &mut named);
            for other in named.into_iter().filter_map(|other| nodes.get(other)) {
                needs.add_edge(*node, *other, ());
            }
        }
        // A component comes after those that it needs.
        for component in kosaraju_scc(&needs) {
            let mut members: Vec<usize> =
                component.into_iter().filter_map(|node| needs.node_weight(node).copied()).collect();
            members.sort_unstable();
            loop {
                let mut grew = false;
                for at in &members {
                    let Some(rule) = rules.get(*at) else { continue };
                    let found = self.rule_rows(rule)?;
                    if let Some(relation) = self.rules.get_mut(*at) {
                        for row in found {
                            grew |= relation.add(row);
                        }
                    }
                }
                if !grew {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The rows of a rule as far as the rows of rules are known.
    fn rule_rows(&self, rule: &BoundRule) -> Result<BTreeSet<Vec<u64>>, Stopped> {
        self.set_slots(&rule.slots);
        let order = optimize(self.graph, &rule.body, self.options.optimize);
        let mut found = BTreeSet::new();
        let mut row = vec![UNBOUND; rule.slots.len().max(1)];
        let limit = self.options.max_solutions;
        let flow = self.steps(&order.steps, &mut row, &mut |row| {
            let cell = |slot: &SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
            found.insert(rule.params.iter().map(cell).collect());
            if found.len() > limit {
                Flow::Break(Halt::Stopped(Stopped::Limit(limit)))
            } else {
                Flow::Continue(())
            }
        });
        match flow {
            Flow::Break(Halt::Stopped(stopped)) => Err(stopped),
            _ => Ok(found),
        }
    }

    /// Every row in which a rule holds.
    pub(super) fn rule(&self, rule: usize, args: &[SlotId], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let Some(relation) = self.rules.get(rule) else { return Flow::Continue(()) };
        // The argument whose value has the fewest rows.
        let mut best: Option<&Vec<usize>> = None;
        for (index, arg) in relation.by_value.iter().zip(args) {
            if let Some(held) = Self::held(row, *arg) {
                let Some(rows) = index.get(&held) else { return Flow::Continue(()) };
                if best.is_none_or(|least| rows.len() < least.len()) {
                    best = Some(rows);
                }
            }
        }
        let mut fill = |known: &Vec<u64>| {
            self.tick()?;
            let open: super::lists::Open =
                args.iter().copied().zip(known.iter().map(|value| smallvec::smallvec![*value])).collect();
            Self::fill_slots(&open, row, then)
        };
        match best {
            Some(rows) => rows.iter().filter_map(|at| relation.rows.get(*at)).try_for_each(&mut fill),
            None => relation.rows.iter().try_for_each(&mut fill),
        }
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
