//! Corroboration: how many independent origins back a content and how many deny it, on whom all of that depends, and why the numbers are no
//! surer than they are.

use super::cut::{SmallestCut, on_every_way, smallest_cut};
use super::independence::{Independence, Range, independence};
use super::record::{Hands, Record, Way};
use super::support::{Backed, Support, support};
use crate::graph::Node;
use crate::model::{Content, EntityId, LinkRelation};
use std::collections::BTreeSet;

/// What counts beyond what always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reckoning {
    /// Sources that belong to one organization are one origin.
    pub by_organization: bool,
    /// Contents that support this one are counted too, apart.
    pub with_support: bool,
}

/// What is known of who stands behind a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corroboration {
    /// The content.
    pub content: Content,
    /// Every claim that counts, or that does not and why.
    pub support: Support,
    /// Who backs it.
    pub backing: Independence,
    /// Who denies it.
    pub denying: Independence,
    /// Who backs it or a content that is stated to support it; nothing where that was not asked for.
    pub with_support: Option<Independence>,
    /// The carriers through whom every way of its backing goes, from the inside outwards.
    pub links: Vec<EntityId>,
    /// The fewest sources and carriers without whom nothing backs it.
    pub cut: SmallestCut,
}

/// Counts who stands behind a content. Linear in the chains of its claims, but for the cut, which is bounded.
pub fn corroborate(record: &Record<'_>, content: Content, how: Reckoning) -> Corroboration {
    let support = support(record, content);
    let backing = independence(record, &support.backing, how.by_organization);
    let denying = independence(record, &support.denying, how.by_organization);
    let with_support = how.with_support.then(|| {
        let all = supporting(record, content, &support);
        independence(record, &all, how.by_organization)
    });
    let ways: Vec<Hands> = ways_of(&support.backing).map(|way| record.hands(way)).collect();
    let links = links(record, &support.backing, &ways);
    let cut = smallest_cut(&ways);
    Corroboration { content, support, backing, denying, with_support, links, cut }
}

/// How many independent origins back a content: the same number as in [`corroborate`], and nothing else.
pub fn independent(record: &Record<'_>, content: Content, how: Reckoning) -> Range {
    independence(record, &support(record, content).backing, how.by_organization).range
}

/// Every way of some claims.
pub(super) fn ways_of(claims: &[Backed]) -> impl Iterator<Item = Way> + '_ {
    claims.iter().flat_map(|backed| backed.ways.iter().copied())
}

/// Who carries every way, or speaks on some and carries all others.
fn links(record: &Record<'_>, claims: &[Backed], ways: &[Hands]) -> Vec<EntityId> {
    let mut common = on_every_way(ways);
    if common.is_empty() {
        return common;
    }
    let mut carriers: BTreeSet<EntityId> = BTreeSet::new();
    for way in ways_of(claims) {
        carriers.extend(record.carriers(way));
        if common.iter().all(|hand| carriers.contains(hand)) {
            return common;
        }
    }
    common.retain(|hand| carriers.contains(hand));
    common
}

/// The backing claims of a content and of all that is stated to support it, directly or through others.
fn supporting(record: &Record<'_>, content: Content, own: &Support) -> Vec<Backed> {
    let graph = record.graph();
    let mut all = own.backing.clone();
    let mut seen = BTreeSet::from([graph.same.content(content)]);
    let mut waiting = vec![content];
    while let Some(supported) = waiting.pop() {
        for member in graph.same.contents(supported) {
            for link in graph.links.of_proposition(member.proposition) {
                if let (Node::Content(left), LinkRelation::Supports) = (link.left, link.relation)
                    && link.right == Node::Content(member)
                    && seen.insert(graph.same.content(left))
                {
                    all.extend(support(record, left).backing);
                    waiting.push(left);
                }
            }
        }
    }
    all.sort_by_key(|backed| backed.claim);
    all.dedup_by_key(|backed| backed.claim);
    all
}
