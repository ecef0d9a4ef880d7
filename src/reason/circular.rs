//! Circles: outlets that have the same content from one another, so that a claim returns as its own confirmation, and documents that cite
//! each other round. A circle proves nothing about the content; it shows that these carriers are no reason to believe it more.

use super::record::{Record, Way};
use crate::model::{ClaimId, Content, DocumentId, EntityId};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Circle {
    /// Each of these has the content from the next, and the last from the first.
    Confirmation {
        /// The content.
        content: Content,
        /// Each with how it is known that it has it from the next.
        steps: Vec<Step>,
    },
    /// Each of these documents cites the next, and the last the first.
    Citation(Vec<DocumentId>),
}

/// Somebody has something from somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// Who.
    pub who: EntityId,
    /// From whom.
    pub from: EntityId,
    /// The way on which it shows.
    pub way: Way,
    /// The citing document, where it is a citation that shows it.
    pub document: DocumentId,
}

/// Finds the circles that some claims are part of: one for each group of hands that all have a content from each other, a shortest one
/// through the hand recorded first. With `everywhere`, documents that cite each other are found also where no claim is known of them. Linear
/// in the chains and citations looked at.
pub fn circular(record: &Record<'_>, claims: &[ClaimId], everywhere: bool) -> Vec<Circle> {
    let graph = record.graph();
    let mut by_content: BTreeMap<Content, Vec<ClaimId>> = BTreeMap::new();
    let mut documents: BTreeSet<DocumentId> = BTreeSet::new();
    for claim in claims {
        if let Some(content) = graph.claims.content(*claim) {
            by_content.entry(graph.same.content(content)).or_default().push(*claim);
            record.keeps::<(Content, ClaimId)>(1);
        }
        let ways = record.ways(*claim).into_iter();
        documents.extend(ways.filter_map(|way| graph.chains.document(way.appearance).some()));
    }
    let mut circles = Vec::new();
    for (content, claims) in by_content {
        if record.must_stop() {
            break;
        }
        confirmations(record, content, &claims, &mut circles);
    }
    if everywhere {
        documents.extend((0..graph.documents.len() as u32).map(DocumentId));
    }
    citations(record, documents, &mut circles);
    circles
}

/// Who has a content from whom, on every way of these claims.
fn steps(record: &Record<'_>, claims: &[ClaimId]) -> BTreeMap<(EntityId, EntityId), Step> {
    let graph = record.graph();
    let ways: Vec<Way> = claims.iter().flat_map(|claim| record.ways(*claim)).collect();
    record.keeps::<Way>(ways.len());
    let mut found = BTreeMap::new();
    // Who published it where: what a citation can lead to.
    let mut published: BTreeMap<DocumentId, BTreeSet<EntityId>> = BTreeMap::new();
    let mut all_hands: BTreeSet<EntityId> = BTreeSet::new();
    for way in &ways {
        if record.must_stop() {
            break;
        }
        let (outermost, document) = graph.chains.appearance(way.appearance);
        let mut inner: Vec<EntityId> = record.speakers(way.claim).to_vec();
        all_hands.extend(&inner);
        let outlet = graph.documents.outlet(document).some();
        let hops = graph.chains.outwards(outermost);
        let carriers = hops.iter().map(|hop| record.members(graph.chains.source(*hop)).collect());
        for outer in carriers.chain(outlet.map(|outlet| vec![graph.same.entity(outlet)])) {
            for (who, from) in outer.iter().flat_map(|who| inner.iter().map(move |from| (*who, *from))) {
                let step = Step { who, from, way: *way, document: DocumentId::NONE };
                found.entry((who, from)).or_insert(step);
            }
            all_hands.extend(&outer);
            inner = outer;
        }
        if document.is_some() {
            published.entry(document).or_default().extend(inner);
        }
    }
    for way in &ways {
        if record.must_stop() {
            break;
        }
        let document = graph.chains.document(way.appearance);
        let (Some(document), Some(citing)) = (document.some(), published.get(&document)) else { continue };
        let cited = graph.documents.cites_documents(document).iter().map(DocumentId);
        let mut sources: BTreeSet<EntityId> =
            cited.filter_map(|cited| published.get(&cited)).flatten().copied().collect();
        let named =
            graph.documents.cites_sources(document).iter().map(|one| graph.same.entity(EntityId(one)));
        sources.extend(named.filter(|one| all_hands.contains(one)));
        for (who, from) in citing.iter().flat_map(|who| sources.iter().map(move |from| (*who, *from))) {
            found.entry((who, from)).or_insert(Step { who, from, way: *way, document });
        }
    }
    found.retain(|(who, from), _| who != from);
    record.keeps::<((EntityId, EntityId), Step)>(found.len());
    found
}

fn confirmations(record: &Record<'_>, content: Content, claims: &[ClaimId], circles: &mut Vec<Circle>) {
    let steps = steps(record, claims);
    if steps.len() < 2 {
        return;
    }
    let edges: Vec<(EntityId, EntityId)> = steps.keys().copied().collect();
    for circle in shortest_circles(&edges) {
        let next = circle.iter().cycle().skip(1);
        let steps = circle.iter().zip(next).filter_map(|(who, from)| steps.get(&(*who, *from)).copied());
        circles.push(Circle::Confirmation { content, steps: steps.collect() });
    }
}

fn citations(record: &Record<'_>, documents: BTreeSet<DocumentId>, circles: &mut Vec<Circle>) {
    let graph = record.graph();
    let mut edges = BTreeSet::new();
    let mut waiting: Vec<DocumentId> = documents.iter().copied().collect();
    let mut seen = documents;
    while let Some(document) = waiting.pop() {
        for cited in graph.documents.cites_documents(document).iter().map(DocumentId) {
            if record.sight.sees_document(document) && record.sight.sees_document(cited) {
                edges.insert((document, cited));
            }
            if seen.insert(cited) {
                waiting.push(cited);
            }
        }
    }
    let edges: Vec<(DocumentId, DocumentId)> = edges.into_iter().collect();
    circles.extend(shortest_circles(&edges).into_iter().map(Circle::Citation));
}

/// Of each group of nodes that all reach each other, a shortest circle through its first node; in the order of these. A node that leads to
/// itself is a circle of one. Linear in the edges, for each group that there is.
fn shortest_circles<N: Copy + Ord>(edges: &[(N, N)]) -> Vec<Vec<N>> {
    let nodes: BTreeSet<N> = edges.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let nodes: Vec<N> = nodes.into_iter().collect();
    let place = |node: &N| NodeIndex::new(nodes.binary_search(node).unwrap_or(0));
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(nodes.len(), edges.len());
    for _ in &nodes {
        graph.add_node(());
    }
    // Neighbours come latest first: added backwards, they come in order.
    for (from, to) in edges.iter().rev() {
        graph.add_edge(place(from), place(to), ());
    }
    let mut circles = Vec::new();
    for group in kosaraju_scc(&graph) {
        let Some(first) = group.iter().min().copied() else { continue };
        if group.len() == 1 && !graph.contains_edge(first, first) {
            continue;
        }
        let inside: BTreeSet<NodeIndex> = group.into_iter().collect();
        let mut before: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut waiting = VecDeque::from([first]);
        'search: while let Some(at) = waiting.pop_front() {
            for next in graph.neighbors(at) {
                if inside.contains(&next) && !before.contains_key(&next) {
                    before.insert(next, at);
                    if next == first {
                        break 'search;
                    }
                    waiting.push_back(next);
                }
            }
        }
        let mut circle = vec![first];
        let mut at = before.get(&first).copied();
        while let Some(node) = at.filter(|node| *node != first) {
            circle.push(node);
            at = before.get(&node).copied();
        }
        if let Some(rest) = circle.get_mut(1..) {
            rest.reverse();
        }
        circles.push(circle.into_iter().filter_map(|node| nodes.get(node.index()).copied()).collect());
    }
    circles.sort();
    circles
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn circles_are_those_that_a_naive_search_finds(
            edges in proptest::collection::btree_set((0_u8..7, 0_u8..7), 0..14),
        ) {
            let edges: Vec<(u8, u8)> = edges.into_iter().collect();
            let reaches = |from: u8| {
                let mut seen = BTreeSet::new();
                let mut waiting = vec![from];
                while let Some(at) = waiting.pop() {
                    waiting.extend(edges.iter().filter(|(a, _)| *a == at).map(|(_, b)| *b).filter(|b| seen.insert(*b)));
                }
                seen
            };
            let round: BTreeSet<u8> = (0..7).filter(|node| reaches(*node).contains(node)).collect();
            let first = |node: u8| (0..7).find(|other| round.contains(other)
                && (*other == node || reaches(node).contains(other) && reaches(*other).contains(&node)));
            let wanted: BTreeSet<u8> = round.iter().filter_map(|node| first(*node)).collect();
            let found = shortest_circles(&edges);
            prop_assert_eq!(found.iter().map(|circle| circle[0]).collect::<BTreeSet<u8>>(), wanted.clone());
            prop_assert_eq!(found.len(), wanted.len());
            for circle in found {
                let next = circle.iter().cycle().skip(1);
                prop_assert!(circle.iter().zip(next).all(|(a, b)| edges.contains(&(*a, *b))));
                // No way back to the first is shorter.
                let mut layer = BTreeSet::from([circle[0]]);
                for _ in 1..circle.len() {
                    layer = layer.iter().flat_map(|at| edges.iter().filter(move |(a, _)| a == at).map(|(_, b)| *b)).collect();
                    prop_assert!(!layer.contains(&circle[0]));
                }
            }
        }
    }
}
