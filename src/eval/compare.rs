//! When two values are the same, and which comes first.

use super::{Evaluator, Value};
use crate::model::{ClaimRef, EntityId, fold};
use std::cmp::Ordering;

/// What makes a value itself, for grouping and for leaving out what is there already.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Nothing,
    Number(u64),
    Id(u8, u64),
    Time(i64, i64),
    Text(String),
    List(Vec<Key>),
}

impl Evaluator<'_> {
    /// What makes a value itself: things that are one by `same as` are one.
    pub(super) fn key(&self, value: &Value) -> Key {
        let same = &self.graph.same;
        match value {
            Value::Nothing => Key::Nothing,
            Value::YesNo(on) => Key::Id(0, u64::from(*on)),
            Value::Count(number) => Key::Number((*number as f64).to_bits()),
            Value::Number(number) => Key::Number(number.to_bits()),
            Value::Entity(entity) => Key::Id(1, same.entity(*entity).0.into()),
            Value::Content(content) => Key::Id(2, crate::plan::content_cell(same.content(*content))),
            Value::Claim(claim) => {
                let meant = ClaimRef { claim: same.claim(claim.claim), ..*claim };
                Key::Id(3, crate::plan::claim_cell(meant))
            }
            Value::Document(document) => Key::Id(4, document.0.into()),
            Value::Time(time) => Key::Time(time.from, time.to),
            Value::Kind(kind) => Key::Text(kind.word().into()),
            Value::Grade(grade) => Key::Text(grade.word().into()),
            Value::Word(word) => Key::Text(self.graph.strings.get(*word).into()),
            Value::Text(text) => Key::Text(text.to_string()),
            Value::List(values) => Key::List(values.iter().map(|value| self.key(value)).collect()),
            Value::Chain(_) | Value::Hedge { .. } | Value::Figure(..) => {
                Key::Text(super::text(self.graph, value).into_owned())
            }
        }
    }

    pub(super) fn key_of(&self, values: &[Value]) -> Vec<Key> {
        values.iter().map(|value| self.key(value)).collect()
    }

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

    /// For sorting: what is unknown comes last, upwards and downwards.
    pub(super) fn sorts(&self, a: &Value, b: &Value, descending: bool) -> Ordering {
        match (a.is_nothing(), b.is_nothing()) {
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
