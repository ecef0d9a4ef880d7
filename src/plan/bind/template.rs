//! Questions that are asked again and again with other values for their `$names`: what does not depend on these is bound once. A value may stand
//! for whom a claim sentence names, or for a time; with a value anywhere else a question is bound anew each time.

use super::{Binder, Bound, Refused, Scope, bind_body, cut_of};
use crate::diag::Diagnostic;
use crate::model::{EntityId, Time};
use crate::plan::logical::{ClaimPattern, ContentTest, EntityTest, ListTest, Node, TimeOperand};
use crate::plan::query::{Query, Source};
use crate::syntax::ast::{Ask, TimeExpr, Word};
use std::cell::Cell;
use std::sync::Arc;

/// A question bound but for the values of its `$names`.
#[derive(Debug)]
pub struct Template {
    /// The question, with a stand-in for each value.
    query: Query,
    /// Where values stand, in the order in which they are looked up.
    holes: Vec<Hole>,
    /// What deserves a look whatever the values.
    warnings: Vec<Diagnostic>,
}

/// Where a value stands.
#[derive(Debug)]
pub(super) struct Hole {
    given: Given,
    /// How many warnings come before those about the value.
    warned: usize,
}

#[derive(Debug)]
enum Given {
    Who(Word),
    When(TimeExpr),
}

/// A looked-up value.
enum Value {
    Who(Vec<EntityId>),
    When(Time),
}

/// Questions have fewer values than this.
const MOST: u32 = 1 << 10;

/// No graph has as many entities as that one stood here.
const FIRST: u32 = u32::MAX - 2 * MOST;

/// The values of a question that is bound without them.
#[derive(Debug, Default)]
pub(super) struct Holes {
    holes: Vec<Hole>,
    /// Whether a value stands where none may.
    spoiled: Cell<bool>,
}

impl Holes {
    /// Notes that a value was asked for that has no hole.
    pub(super) fn spoil(&self) {
        self.spoiled.set(true);
    }
}

impl Binder<'_> {
    /// The stand-in for whom a value names, where the question is bound without values.
    pub(super) fn hole_for_whom(&mut self, word: &Word) -> Option<Vec<EntityId>> {
        let warned = self.warnings.len();
        let holes = &mut self.holes.as_mut()?.holes;
        let stand_in = EntityId(FIRST + holes.len() as u32 % MOST);
        holes.push(Hole { given: Given::Who(word.clone()), warned });
        Some(vec![stand_in])
    }

    /// The stand-in for a time that is a value, where the question is bound without values.
    pub(super) fn hole_for_time(&mut self, expr: &TimeExpr) -> Option<Time> {
        let warned = self.warnings.len();
        let holes = &mut self.holes.as_mut()?.holes;
        let stand_in = stand_in_for_time(holes.len() as u32);
        holes.push(Hole { given: Given::When(expr.clone()), warned });
        Some(stand_in)
    }
}

/// A time that is none: it ends long before it begins.
fn stand_in_for_time(hole: u32) -> Time {
    Time { from: i64::MAX - 1, to: i64::MIN + 1 + i64::from(hole) }
}

impl Template {
    /// A question bound but for its values; nothing where one of them stands where that cannot be, or where the question is refused.
    pub fn of(ask: &Ask, scope: Scope<'_>) -> Option<Template> {
        let mut binder = Binder::new(scope);
        binder.holes = Some(Holes::default());
        let (source, stages) = bind_body(&mut binder, ask).ok()?;
        let Holes { holes, spoiled } = binder.holes.take()?;
        let query =
            Query { cut: crate::graph::Cut::None, source, stages: Arc::new(stages), explain: ask.explain };
        let template = Template { query, holes, warnings: binder.warnings };
        let is_whole = !spoiled.get() && template.holes.len() < MOST as usize && template.has_all();
        is_whole.then_some(template)
    }

    /// The question with these values.
    ///
    /// # Errors
    ///
    /// A name that could be several, a date that is none, a parameter without a value.
    pub fn bind(&self, ask: &Ask, scope: Scope<'_>) -> Refused<Bound> {
        let mut binder = Binder::new(scope);
        let cut = cut_of(&mut binder, ask)?;
        let mut values: Vec<Value> = Vec::with_capacity(self.holes.len());
        let mut told = 0;
        for Hole { given, warned } in &self.holes {
            binder.warnings.extend(self.warnings.get(told..*warned).into_iter().flatten().cloned());
            told = *warned;
            values.push(match given {
                Given::Who(word) => Value::Who(binder.entities_of_param(word)?),
                Given::When(expr) => Value::When(binder.interval(expr)?),
            });
        }
        binder.warnings.extend(self.warnings.get(told..).into_iter().flatten().cloned());
        let mut query = self.query.clone();
        query.cut = cut;
        fill(&mut query, &mut |at| values.get(at));
        Ok(Bound { query, warnings: binder.warnings })
    }

    /// Whether it has recursive rules that are the same whatever the values.
    pub fn has_own_rules(&self) -> bool {
        match &self.query.source {
            Source::Pattern(question) => {
                !question.rules.is_empty() && !question.rules.iter().any(|rule| node_has_hole(&rule.body))
            }
            Source::Things(_) => false,
        }
    }

    /// Whether every hole is found in the question.
    fn has_all(&self) -> bool {
        let mut found = vec![false; self.holes.len()];
        fill(&mut self.query.clone(), &mut |at| {
            found.iter_mut().skip(at).take(1).for_each(|found| *found = true);
            None
        });
        found.into_iter().all(|found| found)
    }
}

/// Tells what stands in a hole.
type Fill<'f, 'v> = &'f mut dyn FnMut(usize) -> Option<&'v Value>;

/// Puts values in place of what stands in for them.
fn fill(query: &mut Query, value: Fill<'_, '_>) {
    if let Source::Pattern(question) = &mut query.source {
        fill_node(&mut question.body, value);
        // What has no hole is shared by all questions that are made of this, here and below.
        if question.rules.iter().any(|rule| node_has_hole(&rule.body)) {
            let rules = Arc::make_mut(&mut question.rules);
            rules.iter_mut().for_each(|rule| fill_node(&mut rule.body, value));
        }
    }
}

fn fill_node(node: &mut Node, value: Fill<'_, '_>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter_mut().for_each(|part| fill_node(part, value)),
        Node::Not(inner) => fill_node(inner, value),
        Node::Claim(pattern) => {
            if has_hole(pattern) {
                fill_claim(Arc::make_mut(pattern), value);
            }
        }
        Node::Rating(rating) => rating.about.iter_mut().for_each(|about| fill_list(about, value)),
        Node::Link(_) | Node::IsA(_) | Node::Rule { .. } | Node::Fixed { .. } => {}
    }
}

fn node_has_hole(node: &Node) -> bool {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().any(node_has_hole),
        Node::Not(inner) => node_has_hole(inner),
        Node::Claim(pattern) => has_hole(pattern),
        Node::Rating(rating) => rating.about.iter().any(list_has_hole),
        Node::Link(_) | Node::IsA(_) | Node::Rule { .. } | Node::Fixed { .. } => false,
    }
}

fn has_hole(pattern: &ClaimPattern) -> bool {
    let hops = pattern.chain.via.iter().chain(&pattern.chain.also).map(|hop| &hop.who);
    let mut lists =
        [&pattern.sources].into_iter().chain(&pattern.listeners).chain(&pattern.about).chain(hops);
    let mut times = pattern.said.iter().chain(&pattern.period);
    lists.any(list_has_hole)
        || times.any(|test| matches!(test.time, TimeOperand::Fixed(time) if hole_of_time(time).is_some()))
        || matches!(&pattern.content, ContentTest::Speech(inner, _) if has_hole(inner))
}

fn list_has_hole(list: &ListTest) -> bool {
    list.terms.iter().any(|term| matches!(term, EntityTest::OneOf(ids) if hole_of_whom(ids).is_some()))
}

fn fill_claim(pattern: &mut ClaimPattern, value: Fill<'_, '_>) {
    fill_list(&mut pattern.sources, value);
    pattern.listeners.iter_mut().for_each(|listeners| fill_list(listeners, value));
    if let ContentTest::Speech(inner, _) = &mut pattern.content {
        fill_claim(inner, value);
    }
    pattern.about.iter_mut().for_each(|about| fill_list(about, value));
    for test in pattern.said.iter_mut().chain(&mut pattern.period) {
        if let TimeOperand::Fixed(time) = &mut test.time
            && let Some(Value::When(given)) = hole_of_time(*time).and_then(&mut *value)
        {
            *time = *given;
        }
    }
    for hop in pattern.chain.via.iter_mut().chain(&mut pattern.chain.also) {
        fill_list(&mut hop.who, value);
    }
}

fn fill_list(list: &mut ListTest, value: Fill<'_, '_>) {
    for term in &mut list.terms {
        if let EntityTest::OneOf(ids) = term
            && let Some(Value::Who(given)) = hole_of_whom(ids).and_then(&mut *value)
        {
            ids.clone_from(given);
        }
    }
}

fn hole_of_whom(ids: &[EntityId]) -> Option<usize> {
    match ids {
        [EntityId(id)] => id.checked_sub(FIRST).filter(|hole| *hole < MOST).map(|hole| hole as usize),
        _ => None,
    }
}

fn hole_of_time(time: Time) -> Option<usize> {
    let hole = u32::try_from(time.to.checked_sub(i64::MIN + 1)?).ok()?;
    (time == stand_in_for_time(hole)).then_some(hole as usize)
}
