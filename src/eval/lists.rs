//! Testing the members of a party or the topics of a content against a list, and what that leaves open.

use super::{Evaluator, UNBOUND};
use crate::model::{Content, EntityId};
use crate::plan::{EntityTest, ListTest, Quantifier, SlotId};
use smallvec::SmallVec;

/// The values that open slots may take: each slot one of its values.
pub(super) type Open = SmallVec<[(SlotId, Values); 4]>;

/// A few values: nearly always one, so that nothing is allocated for them.
pub(super) type Values = SmallVec<[u64; 3]>;

impl Evaluator<'_> {
    /// Whether a slot holds something.
    #[inline]
    pub(super) fn held(row: &[u64], slot: SlotId) -> Option<u64> {
        row.get(usize::from(slot.0)).copied().filter(|value| *value != UNBOUND)
    }

    /// Sets what a slot holds.
    #[inline]
    pub(super) fn put(row: &mut [u64], slot: SlotId, value: u64) {
        if let Some(cell) = row.get_mut(usize::from(slot.0)) {
            *cell = value;
        }
    }

    /// The topics of a content and of all that is one with it.
    pub(super) fn topics_of(&self, content: Content) -> Values {
        let propositions = &self.graph.propositions;
        if !self.graph.same.is_joined(content) {
            return self.canonical(propositions.subjects(content.proposition));
        }
        let all = self.graph.same.contents(content).into_iter();
        self.canonical(all.flat_map(|one| propositions.subjects(one.proposition)))
    }

    /// Those of some entities, as they stand for themselves by `same as`.
    pub(super) fn canonical(&self, entities: impl Iterator<Item = EntityId>) -> Values {
        let mut all = Values::new();
        for entity in entities {
            let entity = u64::from(self.graph.same.entity(entity).0);
            if !all.contains(&entity) {
                all.push(entity);
            }
        }
        all
    }

    /// Whether an entity is of the kind a test wants.
    pub(super) fn is_of(&self, entity: u64, kind: Option<crate::model::EntityKind>) -> bool {
        let is_of = |kind| {
            self.graph
                .same
                .entities(EntityId(entity as u32))
                .into_iter()
                .any(|one| self.graph.entities.kind(one) == kind)
        };
        kind.is_none_or(is_of)
    }

    /// Whether members pass a test; an open slot may take any of them.
    pub(super) fn one(&self, test: &EntityTest, members: &[u64], row: &[u64], open: &mut Open) -> bool {
        match test {
            EntityTest::Anyone => !members.is_empty(),
            // In ascending order, and for a description as many as were ever described so.
            EntityTest::OneOf(wanted) => {
                members.iter().any(|member| wanted.binary_search(&EntityId(*member as u32)).is_ok())
            }
            EntityTest::Slot(slot, kind) => match Self::held(row, *slot) {
                Some(held) => members.contains(&held) && self.is_of(held, *kind),
                None => {
                    let fitting: Values =
                        members.iter().copied().filter(|member| self.is_of(*member, *kind)).collect();
                    let any = !fitting.is_empty();
                    open.push((*slot, fitting));
                    any
                }
            },
        }
    }

    /// Whether members pass a list.
    pub(super) fn list(&self, list: &ListTest, members: &[u64], row: &[u64], open: &mut Open) -> bool {
        match list.quantifier {
            Quantifier::All => list.terms.iter().all(|term| self.one(term, members, row, open)),
            Quantifier::Any if list.terms.len() == 1 => {
                list.terms.iter().all(|term| self.one(term, members, row, open))
            }
            // A slot among several, or under `none of`, is filled before: it opens nothing.
            Quantifier::Any => list.terms.iter().any(|term| self.one(term, members, row, &mut Open::new())),
            Quantifier::None => !list.terms.iter().any(|term| self.one(term, members, row, &mut Open::new())),
        }
    }
}
