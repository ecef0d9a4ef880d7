//! A second way to answer questions, by trying everything: straight from the syntax tree and the graph's plain contents, without any
//! plan, index or code of the engine. It is slow and simple, so that a reader can see that it is right. It finds no errors in
//! questions and answers no reasoning verbs.

mod chain;
mod claim;
mod columns;
mod fields;
mod lookup;
mod relate;
mod solve;
mod stages;
mod table;
mod terms;
mod value;
mod world;

use columns::Mentions;
use dixit::model::Time;
use dixit::syntax::ast::{Ask, AskBody, Clock, DefineRule, Pattern, StageKind};
use std::collections::{BTreeMap, BTreeSet};
use value::Value;
pub(crate) use world::World;

/// Values of `$parameters`.
pub(crate) type Params = BTreeMap<String, String>;

/// Which part of the record is looked at: up to the end of a time.
#[derive(Debug, Clone, Copy)]
enum Cut {
    None,
    Published(i64),
    Recorded(i64),
}

/// The state of one question or rule.
#[derive(Debug, Clone)]
struct Oracle<'w> {
    world: &'w World,
    params: &'w Params,
    today: Time,
    cut: Cut,
    /// Variables, with their mark, that stand in several places.
    shared: BTreeSet<String>,
    /// Variables that hold claims.
    acts: BTreeSet<String>,
    /// What is known of the rules.
    relations: BTreeMap<String, Vec<Vec<Value>>>,
}

/// The header and the rows of the answer; nothing for what is not answered here.
pub(crate) fn answer(
    world: &World,
    rules: &[DefineRule],
    params: &Params,
    now: i64,
    ask: &Ask,
) -> Option<Vec<Vec<String>>> {
    let AskBody::Pattern(pattern) = &ask.body else { return None };
    if ask.explain || ask.stages.iter().any(|stage| matches!(stage.kind, StageKind::Reason { .. })) {
        return None;
    }
    let (shared, acts) = (BTreeSet::new(), BTreeSet::new());
    let relations = BTreeMap::new();
    let today = Time::day_of(now);
    let mut oracle = Oracle { world, params, today, cut: Cut::None, shared, acts, relations };
    if let Some(as_of) = &ask.as_of {
        // The last second of that time.
        let until = oracle.interval(&as_of.time).to;
        oracle.cut = match as_of.clock {
            Clock::Published => Cut::Published(until),
            Clock::Recorded => Cut::Recorded(until.saturating_sub(1)),
        };
    }
    oracle.relations(rules, pattern);
    Some(oracle.within(pattern).answer(pattern, &ask.stages))
}

impl Oracle<'_> {
    /// The same inside a pattern, whose variables are its own.
    fn within(&self, pattern: &Pattern) -> Self {
        let mentions = Mentions::of(pattern);
        Oracle { shared: mentions.shared(), acts: mentions.acts, ..self.clone() }
    }
}
