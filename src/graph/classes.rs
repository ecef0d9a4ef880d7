//! What is one by `same as`: entities, contents, claims. Derived from the links, so that withdrawing a link takes a merge apart again;
//! no row ever changes for it.

use super::statements::{Links, Node};
use crate::model::{ClaimId, Content, EntityId, LinkRelation, PropositionId};
use std::collections::{BTreeMap, BTreeSet};

/// The classes of things that are one. Each class is represented by its member recorded first.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    entities: Class,
    propositions: Class,
    claims: Class,
    /// Propositions whose negation was said to be the same as another content.
    negated: BTreeSet<u32>,
}

/// Rows that are one, with a sign: a content may be the same as the negation of another.
#[derive(Debug, Clone, Default)]
struct Class {
    /// Of each member, its representative and whether it is the opposite of it.
    of: BTreeMap<u32, (u32, bool)>,
    members: BTreeMap<u32, Vec<u32>>,
}

impl Class {
    #[inline]
    fn representative(&self, row: u32) -> (u32, bool) {
        if self.of.is_empty() { (row, false) } else { self.of.get(&row).copied().unwrap_or((row, false)) }
    }

    fn members(&self, row: u32) -> Vec<u32> {
        let representative = self.representative(row).0;
        self.members.get(&representative).cloned().unwrap_or_else(|| vec![row])
    }

    fn join(&mut self, a: u32, b: u32, opposite: bool) {
        let ((a, flip_a), (b, flip_b)) = (self.representative(a), self.representative(b));
        if a == b {
            return;
        }
        let (keep, give) = (a.min(b), a.max(b));
        let flip = flip_a ^ flip_b ^ opposite;
        let given = self.members.remove(&give).unwrap_or_else(|| vec![give]);
        for member in &given {
            let before = self.of.get(member).is_some_and(|(_, flipped)| *flipped);
            self.of.insert(*member, (keep, before ^ flip));
        }
        let members = self.members.entry(keep).or_insert_with(|| vec![keep]);
        self.of.entry(keep).or_insert((keep, false));
        members.extend(given);
        members.sort_unstable();
    }
}

impl Classes {
    pub(super) fn of(links: &Links) -> Self {
        let mut classes = Classes::default();
        for link in links.of_relations(&[LinkRelation::SameAs]) {
            classes.join(link.left, link.right);
        }
        classes
    }

    pub(super) fn join(&mut self, left: Node, right: Node) {
        match (left, right) {
            (Node::Entity(a), Node::Entity(b)) => self.entities.join(a.0, b.0, false),
            (Node::Content(a), Node::Content(b)) => {
                self.propositions.join(a.proposition.0, b.proposition.0, a.negated != b.negated);
                self.negated.extend([a, b].iter().filter(|end| end.negated).map(|end| end.proposition.0));
            }
            (Node::Claim(a), Node::Claim(b)) if !a.is_relay() && !b.is_relay() => {
                self.claims.join(a.claim.0, b.claim.0, false);
            }
            _ => {}
        }
    }

    /// The entity that stands for this one.
    #[inline]
    pub fn entity(&self, entity: EntityId) -> EntityId {
        EntityId(self.entities.representative(entity.0).0)
    }

    /// Every entity that is this one, itself included, in ascending order.
    pub fn entities(&self, entity: EntityId) -> Vec<EntityId> {
        self.entities.members(entity.0).into_iter().map(EntityId).collect()
    }

    /// The content that stands for this one.
    #[inline]
    pub fn content(&self, content: Content) -> Content {
        let (proposition, flip) = self.propositions.representative(content.proposition.0);
        Content { proposition: PropositionId(proposition), negated: content.negated ^ flip }
    }

    /// Every content that is this one, itself included, in the order of propositions.
    pub fn contents(&self, content: Content) -> Vec<Content> {
        let meant = self.content(content);
        let members = self.propositions.members(content.proposition.0).into_iter();
        members
            .map(|row| {
                let positive = Content { proposition: PropositionId(row), negated: false };
                Content { negated: self.content(positive).negated != meant.negated, ..positive }
            })
            .collect()
    }

    /// A content as a negation: itself where it is worded so, else the first that is one with it and is. `stated` asks for one that a
    /// `same as` names with its *not*: of two opposites each is the negation of the other, and one alone was called so.
    pub fn as_negation(&self, content: Content, stated: bool) -> Option<Content> {
        if content.negated || !self.has_contents() {
            return content.negated.then_some(content);
        }
        let is_one = |one: &Content| one.negated && (!stated || self.negated.contains(&one.proposition.0));
        self.contents(content).into_iter().find(is_one)
    }

    /// Whether any entities are one.
    #[inline]
    pub fn has_entities(&self) -> bool {
        !self.entities.of.is_empty()
    }

    /// Whether any contents are one.
    pub fn has_contents(&self) -> bool {
        !self.propositions.of.is_empty()
    }

    /// Whether a content is one with any other.
    #[inline]
    pub fn is_joined(&self, content: Content) -> bool {
        self.has_contents() && self.propositions.of.contains_key(&content.proposition.0)
    }

    /// Whether any claims are one.
    pub fn has_claims(&self) -> bool {
        !self.claims.of.is_empty()
    }

    /// The claim that stands for this one.
    #[inline]
    pub fn claim(&self, claim: ClaimId) -> ClaimId {
        ClaimId(self.claims.representative(claim.0).0)
    }

    /// Every claim that is this one, itself included, in ascending order.
    pub fn claims(&self, claim: ClaimId) -> Vec<ClaimId> {
        self.claims.members(claim.0).into_iter().map(ClaimId).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn opposites_of_opposites_agree() {
        let mut class = Class::default();
        class.join(5, 7, true);
        class.join(7, 9, true);
        class.join(2, 9, false);
        assert_eq!(class.representative(5), class.representative(9));
        assert_ne!(class.representative(5).1, class.representative(7).1);
        assert_eq!(class.members(7), [2, 5, 7, 9]);
        assert_eq!(class.representative(3), (3, false));
    }
}
