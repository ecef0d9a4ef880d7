//! Which of two values comes first.

use super::{Evaluator, Value};
use crate::model::{EntityId, fold};
use std::cmp::Ordering;

impl Evaluator<'_> {
    /// Which of two known values comes first: names and texts by their letters whatever their case and accents, claims as they were
    /// recorded, times by their first moment.
    pub(super) fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let graph = self.graph;
        match (a, b) {
            (Value::Time(a), Value::Time(b)) => (a.from, a.to).cmp(&(b.from, b.to)),
            (Value::Claim(a), Value::Claim(b)) => {
                (a.claim, a.hop.some(), a.hop).cmp(&(b.claim, b.hop.some(), b.hop))
            }
            (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
            _ => match (number(a), number(b)) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => {
                    let (text_a, text_b) = (super::text(graph, a), super::text(graph, b));
                    fold(&text_a).cmp(&fold(&text_b)).then_with(|| text_a.cmp(&text_b)).then_with(|| {
                        match (a, b) {
                            (Value::Entity(a), Value::Entity(b)) => a.cmp(b),
                            _ => Ordering::Equal,
                        }
                    })
                }
            },
        }
    }

    /// Whether nothing is known: nor of a claim that came without carriers how it came.
    pub(super) fn is_unknown(&self, value: &Value) -> bool {
        match value {
            Value::Nothing => true,
            Value::Chain(chain) => self.hops(chain.claim, chain.appearance).is_empty(),
            Value::List(values) => values.is_empty(),
            _ => false,
        }
    }

    /// Whether a value is neither more nor less than others of its kind: unknown, or a grade that says that it cannot be judged.
    pub(super) fn is_unranked(&self, value: &Value) -> bool {
        matches!(value, Value::Grade(grade) if !grade.is_judged()) || self.is_unknown(value)
    }

    /// For sorting: what is unknown comes last, upwards and downwards.
    pub(super) fn sorts(&self, a: &Value, b: &Value, descending: bool) -> Ordering {
        match (self.is_unranked(a), self.is_unranked(b)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if descending => self.compare(b, a),
            (false, false) => self.compare(a, b),
        }
    }

    /// Whether a value is one of these entities, or has one among it.
    pub(super) fn is_one_of(&self, value: &Value, entities: &[EntityId]) -> bool {
        match value {
            Value::Entity(entity) => entities.contains(&self.graph.same.entity(*entity)),
            Value::List(values) => values.iter().any(|value| self.is_one_of(value, entities)),
            Value::Chain(chain) => self.hops(chain.claim, chain.appearance).into_iter().any(|hop| {
                let mut party = self.graph.entities.party(self.graph.chains.source(hop));
                party.any(|entity| entities.contains(&self.graph.same.entity(entity)))
            }),
            _ => false,
        }
    }
}

/// The number that a value is.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Count(number) => Some(*number as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}
