//! What was met before: rows by what makes their values themselves. Each is kept as its key, one behind the other, so that a million of them
//! cost one allocation and no pointers. Places are numbered as met; nothing depends on a hash's order.

use super::{Evaluator, Stopped, Value};
use crate::graph::hash_bytes;
use crate::model::ClaimRef;
use crate::plan::{claim_cell, content_cell};
use hashbrown::HashTable;

/// The bytes that each key takes beside its own.
const KEY: usize = size_of::<(usize, u64, usize)>();

/// Keys, each once.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    bytes: Vec<u8>,
    /// Where each key ends.
    ends: Vec<usize>,
    places: HashTable<(u64, usize)>,
}

impl Distinct {
    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes that it holds.
    pub(super) fn weight(&self) -> usize {
        self.bytes.len() + self.ends.len() * KEY
    }

    /// The place of the key that `write` adds, and whether it is new.
    fn place(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> (usize, bool) {
        let start = self.bytes.len();
        write(&mut self.bytes);
        let Distinct { bytes, ends, places } = self;
        let (known, key) = bytes.split_at(start);
        let hash = hash_bytes(key);
        let of = |place: usize| {
            let from = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
            ends.get(place).and_then(|end| known.get(from..*end))
        };
        if let Some((_, place)) =
            places.find(hash, |(other, place)| *other == hash && of(*place) == Some(key))
        {
            let place = *place;
            bytes.truncate(start);
            return (place, false);
        }
        let place = ends.len();
        places.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        ends.push(bytes.len());
        (place, true)
    }
}

impl Evaluator<'_> {
    /// The place of a key among others, and whether it is new; a new one is kept.
    pub(super) fn place(
        &self,
        among: &mut Distinct,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(usize, bool), Stopped> {
        self.look()?;
        let before = among.bytes.len();
        let (place, is_new) = among.place(write);
        if is_new {
            self.hold(among.bytes.len() - before + KEY)?;
        }
        Ok((place, is_new))
    }

    /// Writes what makes a value itself: things that are one by `same as` are one, and so is what reads the same. Keys of different values
    /// differ, also one behind the other.
    pub(super) fn key(&self, value: &Value, out: &mut Vec<u8>) {
        let same = &self.graph.same;
        let number = |out: &mut Vec<u8>, kind: u8, number: u64| {
            out.push(kind);
            out.extend_from_slice(&number.to_le_bytes());
        };
        let text = |out: &mut Vec<u8>, text: &str| {
            out.push(7);
            out.extend_from_slice(&(text.len() as u64).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        };
        match value {
            Value::Nothing => out.push(0),
            Value::YesNo(on) => number(out, 1, u64::from(*on)),
            Value::Count(count) => number(out, 2, (*count as f64).to_bits()),
            Value::Number(value) => number(out, 2, value.to_bits()),
            Value::Entity(entity) => number(out, 3, same.entity(*entity).0.into()),
            Value::Content(content) => number(out, 4, content_cell(same.content(*content))),
            Value::Claim(claim) => {
                number(out, 5, claim_cell(ClaimRef { claim: same.claim(claim.claim), ..*claim }));
            }
            Value::Document(document) => number(out, 6, document.0.into()),
            Value::Time(time) => {
                number(out, 8, time.from as u64);
                out.extend_from_slice(&time.to.to_le_bytes());
            }
            Value::Kind(kind) => text(out, kind.word()),
            Value::Grade(grade) => text(out, grade.word()),
            Value::Word(word) => text(out, self.graph.strings.get(*word)),
            Value::Text(known) => text(out, known),
            Value::List(values) => {
                number(out, 9, values.len() as u64);
                values.iter().for_each(|value| self.key(value, out));
            }
            Value::Chain(_) | Value::Hedge { .. } | Value::Figure(..) => {
                text(out, &super::text(self.graph, value));
            }
        }
    }

    /// Whether two values are the same.
    pub(super) fn is_same(&self, a: &Value, b: &Value) -> bool {
        let mut keys = Vec::new();
        self.key(a, &mut keys);
        let first = keys.len();
        self.key(b, &mut keys);
        let (a, b) = keys.split_at(first);
        a == b
    }
}
