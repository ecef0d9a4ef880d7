//! The order in which sentences are tried: at each step the one that is estimated to leave the fewest rows, given what is bound by then.
//! The order changes the cost of an answer and never the answer.

use super::bind::{Slots, names, names_of_claim, slots};
use super::logical::{
    ClaimPattern, ContentTest, DocumentTest, EndTest, EntityTest, IsAPattern, LinkPattern, ListTest, Node,
    RatingPattern, SlotId,
};
use super::slots::SlotSet;
use crate::graph::Graph;
use crate::syntax::ast::Quantifier;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sentences in the order in which they are tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its number in the whole plan.
    pub id: usize,
    /// What is tried.
    pub kind: StepKind,
    /// How many rows it is estimated to find for each row before it.
    pub estimate: f64,
}

/// What a step tries.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// A claim.
    Claim(Arc<ClaimPattern>),
    /// A link.
    Link(LinkPattern),
    /// What an entity is or belongs to.
    IsA(IsAPattern),
    /// A grade.
    Rating(RatingPattern),
    /// A recursive rule.
    Rule {
        /// Which.
        rule: usize,
        /// Its arguments.
        args: Vec<SlotId>,
    },
    /// A slot takes each of these values.
    Fixed {
        /// The slot.
        slot: SlotId,
        /// The values.
        values: Vec<u64>,
    },
    /// Each of these in turn.
    Any(Vec<Order>),
    /// No row of this.
    Not(Order),
}

/// Every slot that these steps name.
pub fn names_of_steps(steps: &[Step]) -> SlotSet {
    let mut all = SlotSet::default();
    for step in steps {
        match &step.kind {
            StepKind::Claim(pattern) => all.add(&names_of_claim(pattern)),
            StepKind::Link(link) => all.add(&names(&Node::Link(link.clone())).0),
            StepKind::IsA(isa) => all.add(&names(&Node::IsA(isa.clone())).0),
            StepKind::Rating(rating) => all.add(&names(&Node::Rating(rating.clone())).0),
            StepKind::Rule { args, .. } => args.iter().for_each(|arg| all.insert(*arg)),
            StepKind::Fixed { slot, .. } => all.insert(*slot),
            StepKind::Any(parts) => parts.iter().for_each(|part| all.add(&names_of_steps(&part.steps))),
            StepKind::Not(inner) => all.add(&names_of_steps(&inner.steps)),
        }
    }
    all
}

/// What is known of slots before any sentence is tried.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Those that are filled.
    pub filled: SlotSet,
    /// How many contents those can hold whose texts are tested.
    pub texts: BTreeMap<SlotId, usize>,
}

/// Orders a question of which this is known. Without `reorder`, sentences stay as written, but for what they need bound before.
pub fn optimize(graph: &Graph, body: &Node, known: Known, reorder: bool) -> Order {
    let mut planner = Planner { graph, reorder, steps: 0, texts: known.texts, linked: BTreeMap::new() };
    planner.order(body, &known.filled)
}

struct Planner<'g> {
    graph: &'g Graph,
    reorder: bool,
    steps: usize,
    texts: BTreeMap<SlotId, usize>,
    /// Of the contents that a slot may hold, which part at most stands in a link that is asked for beside.
    linked: BTreeMap<SlotId, f64>,
}

impl Planner<'_> {
    fn order(&mut self, node: &Node, before: &SlotSet) -> Order {
        let mut nodes: Vec<&Node> = Vec::new();
        flatten(node, &mut nodes);
        let linked = self.links(&nodes);
        let outside = std::mem::replace(&mut self.linked, linked);
        let order = self.order_of(nodes, before);
        self.linked = outside;
        order
    }

    fn order_of(&mut self, nodes: Vec<&Node>, before: &SlotSet) -> Order {
        if let [only] = nodes[..] {
            // Most questions have one sentence, and nothing to choose.
            let estimate = self.estimate(only, before);
            return Order { steps: vec![self.step(only, estimate, before)] };
        }
        let mut bound = before.clone();
        let mut bindable = before.clone();
        let mut steps = Vec::with_capacity(nodes.len());
        // Each with what it needs filled before.
        let mut left: Vec<(&Node, Slots)> = nodes.into_iter().map(|node| (node, slots(node))).collect();
        left.iter().for_each(|(_, slots)| bindable.add(&slots.bound));
        while !left.is_empty() {
            let ready =
                |needed: &SlotSet| needed.iter().all(|slot| bound.contains(slot) || !bindable.contains(slot));
            let mut next: Option<(usize, f64)> = None;
            for (at, (node, _)) in left.iter().enumerate().filter(|(_, (_, slots))| ready(&slots.needed)) {
                let estimate = self.estimate(node, &bound);
                if next.is_none_or(|(_, least)| self.reorder && estimate < least) {
                    next = Some((at, estimate));
                }
            }
            let (at, estimate) = next.unwrap_or((0, 0.0));
            let (node, slots) = left.remove(at);
            let step = self.step(node, estimate, &bound);
            bound.add(&slots.bound);
            steps.push(step);
        }
        Order { steps }
    }

    /// Of which slots these ask for a link, and of which part of all contents any tells: claims of others are passed over.
    fn links(&self, nodes: &[&Node]) -> BTreeMap<SlotId, f64> {
        let mut linked = BTreeMap::new();
        if self.graph.same.has_contents() {
            return linked;
        }
        for node in nodes {
            let Node::Link(link) = node else { continue };
            let ends = 2.0 * self.graph.links.count(link.relation) as f64;
            let part = (ends / (self.graph.propositions.len() as f64 + 1.0)).min(1.0);
            for slot in link.linked() {
                let least: &mut f64 = linked.entry(slot).or_insert(1.0);
                *least = least.min(part);
            }
        }
        linked
    }

    fn step(&mut self, node: &Node, estimate: f64, bound: &SlotSet) -> Step {
        let id = self.steps;
        self.steps += 1;
        let kind = match node {
            Node::Claim(pattern) => StepKind::Claim(pattern.clone()),
            Node::Link(link) => StepKind::Link(link.clone()),
            Node::IsA(isa) => StepKind::IsA(isa.clone()),
            Node::Rating(rating) => StepKind::Rating(rating.clone()),
            Node::Rule { rule, args } => StepKind::Rule { rule: *rule, args: args.clone() },
            Node::Fixed { slot, values } => StepKind::Fixed { slot: *slot, values: values.clone() },
            Node::Any(parts) => StepKind::Any(parts.iter().map(|part| self.order(part, bound)).collect()),
            Node::Not(inner) => StepKind::Not(self.order(inner, bound)),
            Node::All(_) => StepKind::Any(vec![self.order(node, bound)]),
        };
        Step { id, kind, estimate }
    }

    fn estimate(&self, node: &Node, bound: &SlotSet) -> f64 {
        let entities = self.graph.entities.len() as f64;
        match node {
            Node::Claim(pattern) => self.claims(pattern, bound),
            Node::Fixed { values, .. } => values.len() as f64,
            Node::Not(_) => 1.0,
            Node::Any(parts) => parts.iter().map(|part| self.estimate(part, bound)).sum(),
            Node::All(parts) => {
                // What only refuses rows leads to none.
                let leads = parts.iter().filter(|part| !matches!(part, Node::Not(_)));
                leads.map(|part| self.estimate(part, bound)).reduce(f64::min).unwrap_or(1.0)
            }
            Node::Link(link) => {
                let is_known = |end: &EndTest| match end {
                    EndTest::OneOf(_) => true,
                    EndTest::Slot(slot) => bound.contains(*slot),
                };
                let all = self.graph.links.count(link.relation) as f64;
                // Of all links each leads to looking for something else: more work than for a claim that one list gives.
                if is_known(&link.left) || is_known(&link.right) { all.min(4.0) } else { 4.0 * all }
            }
            Node::Rating(_) => self.graph.ratings.len() as f64,
            Node::IsA(isa) => match isa {
                IsAPattern::Kind { who, .. }
                | IsAPattern::KindSlot { who, .. }
                | IsAPattern::Named { who, .. } => Self::known(who, bound).unwrap_or(entities),
                IsAPattern::In { who, group, .. } => {
                    let known = Self::known(who, bound).or(Self::known(group, bound)).map(|n| n * 4.0);
                    known.unwrap_or(entities)
                }
                IsAPattern::Role { who, of, .. } => {
                    let of = of.as_ref().and_then(|of| Self::known(of, bound));
                    Self::known(who, bound).or(of).map_or(entities, |n| n * 2.0)
                }
            },
            Node::Rule { args, .. } => {
                if args.iter().any(|arg| bound.contains(*arg)) {
                    8.0
                } else {
                    // All its rows, and more work for each than for a claim.
                    4.0 * (self.graph.claims.len() + self.graph.documents.len()) as f64
                }
            }
        }
    }

    /// How many entities a test lets through, where it is not anyone.
    fn known(test: &EntityTest, bound: &SlotSet) -> Option<f64> {
        match test {
            EntityTest::OneOf(found) => Some(found.len() as f64),
            EntityTest::Slot(slot, _) if bound.contains(*slot) => Some(1.0),
            _ => None,
        }
    }

    fn claims(&self, pattern: &ClaimPattern, bound: &SlotSet) -> f64 {
        let graph = self.graph;
        let all = graph.claims.len() as f64;
        if pattern.id.is_some() || bound.contains(pattern.claim) {
            return 1.0;
        }
        let per_entity = all / (graph.entities.len() as f64 + 1.0) + 1.0;
        let per_content = all / (graph.propositions.len() as f64 + 1.0) + 1.0;
        let mut least = all;
        let mut consider = |rows: Option<f64>| least = least.min(rows.unwrap_or(f64::INFINITY));
        let list =
            |list: &ListTest, rows: &dyn Fn(crate::model::EntityId) -> f64, average: f64| -> Option<f64> {
                if list.quantifier == Quantifier::None {
                    return None;
                }
                let each = list.terms.iter().map(|term| match term {
                    EntityTest::OneOf(found) => Some(found.iter().map(|entity| rows(*entity)).sum()),
                    EntityTest::Slot(slot, _) if bound.contains(*slot) => Some(average),
                    _ => None,
                });
                if list.quantifier == Quantifier::Any { each.sum() } else { each.flatten().reduce(f64::min) }
            };
        consider(list(&pattern.sources, &|entity| graph.claims.by_source(entity).len() as f64, per_entity));
        if let Some(listeners) = &pattern.listeners {
            consider(list(listeners, &|entity| graph.claims.by_listener(entity).len() as f64, per_entity));
        }
        let linked = match pattern.content {
            ContentTest::Slot(slot) => self.linked.get(&slot).copied().unwrap_or(1.0),
            _ => 1.0,
        };
        for about in &pattern.about {
            // To look whether a content stands in a link is little work.
            let rows = |entity| {
                let contents = graph.propositions.about(entity).len() as f64;
                if linked < 1.0 { contents * (per_content * linked + 0.1) } else { contents * per_content }
            };
            consider(list(about, &rows, per_entity));
        }
        for via in &pattern.chain.via {
            let per_hop = all / (graph.chains.hops() as f64 + 1.0) + 1.0;
            let rows = |entity| graph.chains.by_source(entity).len() as f64 * per_hop;
            consider(list(&via.who, &rows, per_entity));
        }
        if let Some(DocumentTest::One(document)) = pattern.chain.document {
            consider(Some(document.map_or(0.0, |document| graph.chains.by_document(document).len() as f64)));
        }
        consider(match &pattern.content {
            ContentTest::OneOf(contents) => {
                Some(contents.iter().map(|c| graph.claims.by_content(c.proposition).len() as f64).sum())
            }
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) if bound.contains(*slot) => {
                Some(per_content)
            }
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) => {
                self.texts.get(slot).map(|contents| *contents as f64 * per_content)
            }
            ContentTest::Claim(..) => Some(2.0),
            ContentTest::ClaimSlot(slot, _) if bound.contains(*slot) => Some(2.0),
            ContentTest::Speech(inner, _) => Some(2.0 * self.claims(inner, bound)),
            _ => None,
        });
        least
    }
}

fn flatten<'n>(node: &'n Node, out: &mut Vec<&'n Node>) {
    match node {
        Node::All(parts) => parts.iter().for_each(|part| flatten(part, out)),
        other => out.push(other),
    }
}
