//! How many independent origins stand behind some claims, as a range with its reasons.
//!
//! An origin is who commits, not who carries: ten outlets that carry one speaker are one origin. Distinct named speakers are distinct
//! origins. Who speaks jointly is one. Who was told by another origin, and which outlet has it from another by its own account, adds none.
//! A source without a name, and an outlet that speaks in its own voice without saying whence, may be any of the others: they count for the
//! most, and not for the least. Nothing here weighs how credible anybody is.

use super::record::{Hands, Record, Way};
use super::support::Backed;
use crate::graph::Party;
use crate::model::{ClaimId, DocumentId, EntityId, EntityKind};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet};

/// From how many to how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// The least that the record allows.
    pub min: u64,
    /// The most that it allows.
    pub max: u64,
}

/// What an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OriginKind {
    /// Somebody or something with a name, who speaks for itself.
    Named,
    /// An outlet in its own voice: whom it has it from is not said.
    OwnVoice,
    /// A source without a name.
    Unnamed,
}

/// One who commits, or several who do so together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who.
    pub members: Hands,
    /// What it is.
    pub kind: OriginKind,
    /// Its claims: its witnesses.
    pub claims: Vec<ClaimId>,
    /// Why it adds nothing to others, where it does not.
    pub from: Vec<Dependence>,
}

/// Why one origin rests on another, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dependence {
    /// It was told so by the other, in this claim.
    Told {
        /// The other.
        by: usize,
        /// In which claim.
        claim: ClaimId,
    },
    /// Its own publication attributes it to the other, in this claim.
    Attributes {
        /// The other.
        to: usize,
        /// Which claim of the other it carries.
        claim: ClaimId,
    },
    /// All that it published of it cites a document or source that has it from the other.
    Cites {
        /// The other.
        source: usize,
        /// Which document cites.
        document: DocumentId,
    },
}

impl Dependence {
    /// The place of the origin that it rests on.
    pub fn on(self) -> usize {
        match self {
            Dependence::Told { by, .. } => by,
            Dependence::Attributes { to, .. } => to,
            Dependence::Cites { source, .. } => source,
        }
    }
}

/// Who stands behind some claims, and how many of them are independent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Independence {
    /// The origins, in the order recorded.
    pub origins: Vec<Origin>,
    /// How many of them are independent.
    pub range: Range,
    /// The organizations by which origins were joined, where that was asked for.
    pub organizations: Vec<EntityId>,
}

/// Counts the independent origins of some claims. Linear in their chains, but for the listeners, citations and outlets in their own voice
/// that give reason to look whether one rests on another.
pub fn independence(record: &Record<'_>, claims: &[Backed], by_organization: bool) -> Independence {
    let speakers: Vec<Hands> = claims.iter().map(|backed| record.speakers(backed.claim)).collect();
    let mut groups = Groups::of(&speakers);
    let mut organizations = Vec::new();
    if by_organization {
        organizations = groups.join_by_organization(record);
    }
    let mut origins: Vec<Origin> = Vec::new();
    let mut place_of: BTreeMap<EntityId, usize> = BTreeMap::new();
    let mut places: Vec<usize> = Vec::with_capacity(claims.len());
    for (backed, spoke) in claims.iter().zip(&speakers) {
        if record.must_stop() {
            break;
        }
        let leader = groups.leader(spoke.first().copied().unwrap_or(EntityId::NONE));
        let at = *place_of.entry(leader).or_insert(origins.len());
        if at == origins.len() {
            let (members, kind, from) = (Hands::new(), OriginKind::Unnamed, Vec::new());
            origins.push(Origin { members, kind, claims: Vec::new(), from });
        }
        if let Some(origin) = origins.get_mut(at) {
            origin.claims.push(backed.claim);
            for one in spoke {
                if !origin.members.contains(one) {
                    origin.members.push(*one);
                }
            }
        }
        places.push(at);
    }
    for origin in &mut origins {
        let kinds = origin.members.iter().map(|member| kind_of(record, *member));
        origin.kind = kinds.min().unwrap_or(OriginKind::Unnamed);
    }
    if origins.len() > 1 {
        let place = |entity: EntityId| place_of.get(&groups.leader(entity)).copied();
        for (at, dependence) in dependences(record, claims, &places, &origins, &place) {
            if let Some(origin) = origins.get_mut(at) {
                origin.from.push(dependence);
            }
        }
    }
    let range = count(&origins);
    Independence { origins, range, organizations }
}

/// What a speaker is as an origin.
pub fn kind_of(record: &Record<'_>, entity: EntityId) -> OriginKind {
    let graph = record.graph();
    if graph.entities.is_unnamed(entity) {
        return OriginKind::Unnamed;
    }
    if is_outlet(record, entity) { OriginKind::OwnVoice } else { OriginKind::Named }
}

/// Whether somebody is an outlet: declared one, as by a document that names it as its outlet, or of no declared kind and seen carrying. Who
/// only denies or doubts what others said carries nothing.
pub fn is_outlet(record: &Record<'_>, entity: EntityId) -> bool {
    let graph = record.graph();
    graph.same.entities(entity).into_iter().any(|one| match graph.entities.kind(one) {
        EntityKind::Outlet => true,
        EntityKind::Unknown => record.has_carried(one),
        _ => false,
    })
}

/// Of the origins that an outlet cites at once, how many are kept: first those that cite nobody themselves.
const MOST_CITED: usize = 64;

/// Finds which origins rest on which others.
fn dependences(
    record: &Record<'_>,
    claims: &[Backed],
    places: &[usize],
    origins: &[Origin],
    place: &dyn Fn(EntityId) -> Option<usize>,
) -> BTreeSet<(usize, Dependence)> {
    let graph = record.graph();
    let mut found: BTreeSet<(usize, Dependence)> = BTreeSet::new();
    // Told: somebody who backs it said it to somebody else who does.
    for (backed, by) in claims.iter().zip(places.iter().copied()) {
        if record.must_stop() {
            break;
        }
        let listener = graph.claims.listener(backed.claim);
        if listener == Party::NONE {
            continue;
        }
        for told in record.members(listener).filter_map(place) {
            let own = origins.get(told).map_or(&[][..], |origin| &origin.claims);
            if by != told && !own.iter().any(|own| record.certainly_after(backed.claim, *own)) {
                found.insert((told, Dependence::Told { by, claim: backed.claim }));
            }
        }
    }
    // An outlet in its own voice, which elsewhere says or shows whom it has it from.
    let outlets: Vec<usize> =
        (0..origins.len()).filter(|at| origins.get(*at).is_some_and(is_own_voice)).collect();
    if outlets.is_empty() {
        return found;
    }
    // Of each the ways on which it published the content itself; where others quote it, what they cite says nothing of it.
    let mut own: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
    for (backed, at) in claims.iter().zip(places) {
        if record.must_stop() {
            break;
        }
        if let Some(origin) = origins.get(*at).filter(|origin| is_own_voice(origin)) {
            let itself = |way: &&Way| record.carriers(**way).iter().all(|one| origin.members.contains(one));
            let mut ways = backed.ways.iter().filter(itself).copied().peekable();
            if ways.peek().is_some() {
                own.entry(*at).or_default().extend(ways);
            }
        }
    }
    let quoted: Vec<usize> = outlets.into_iter().filter(|at| !own.contains_key(at)).collect();
    attributions(record, claims, places, &quoted, place, &mut found);
    citations(record, claims, places, origins, &own, &mut found);
    found
}

fn is_own_voice(origin: &Origin) -> bool {
    origin.kind == OriginKind::OwnVoice
}

/// Outlets that only others quote, and that themselves publish it as somebody else's.
fn attributions(
    record: &Record<'_>,
    claims: &[Backed],
    places: &[usize],
    quoted: &[usize],
    place: &dyn Fn(EntityId) -> Option<usize>,
    found: &mut BTreeSet<(usize, Dependence)>,
) {
    if quoted.is_empty() {
        return;
    }
    for (backed, to) in claims.iter().zip(places.iter().copied()) {
        if record.must_stop() {
            break;
        }
        for publisher in backed.ways.iter().flat_map(|way| record.publishers(*way)) {
            if let Some(at) = place(publisher).filter(|at| *at != to && quoted.contains(at)) {
                found.insert((at, Dependence::Attributes { to, claim: backed.claim }));
            }
        }
    }
}

/// Outlets all of whose own documents on it cite others who have it.
fn citations(
    record: &Record<'_>,
    claims: &[Backed],
    places: &[usize],
    origins: &[Origin],
    own: &BTreeMap<usize, Vec<Way>>,
    found: &mut BTreeSet<(usize, Dependence)>,
) {
    let graph = record.graph();
    let document = |way: &Way| graph.chains.document(way.appearance);
    // Who is cited at all: a small part of all who have it.
    let cites = |way: &Way| {
        !graph.documents.cites_documents(document(way)).is_empty()
            || !graph.documents.cites_sources(document(way)).is_empty()
    };
    let citing: Vec<(usize, &Vec<Way>)> =
        own.iter().filter(|(_, ways)| ways.iter().all(cites)).map(|(at, ways)| (*at, ways)).collect();
    let mut by_document: BTreeMap<DocumentId, BTreeSet<usize>> = BTreeMap::new();
    let mut by_source: BTreeMap<EntityId, BTreeSet<usize>> = BTreeMap::new();
    for way in citing.iter().flat_map(|(_, ways)| *ways) {
        let cited = graph.documents.cites_documents(document(way)).iter();
        by_document.extend(cited.map(|cited| (DocumentId(cited), BTreeSet::new())));
        let cited = graph.documents.cites_sources(document(way)).iter();
        by_source.extend(cited.map(|cited| (graph.same.entity(EntityId(cited)), BTreeSet::new())));
    }
    if by_document.is_empty() && by_source.is_empty() {
        return;
    }
    for (backed, at) in claims.iter().zip(places) {
        if record.must_stop() {
            break;
        }
        for way in &backed.ways {
            if let Some(origins) = by_document.get_mut(&document(way)) {
                origins.insert(*at);
            }
            for hand in record.hands(*way) {
                if let Some(origins) = by_source.get_mut(&hand) {
                    origins.insert(*at);
                }
            }
        }
    }
    for (at, ways) in citing {
        let mut dependences: BTreeSet<Dependence> = BTreeSet::new();
        let every = ways.iter().all(|way| {
            let citing = document(way);
            let documents = graph.documents.cites_documents(citing).iter().map(DocumentId);
            let documents =
                documents.filter(|cited| *cited != citing).filter_map(|cited| by_document.get(&cited));
            let sources = graph.documents.cites_sources(citing).iter();
            let sources = sources.filter_map(|cited| by_source.get(&graph.same.entity(EntityId(cited))));
            let cited: BTreeSet<usize> =
                documents.chain(sources).flatten().copied().filter(|source| *source != at).collect();
            let cites_too = |source: &usize| origins.get(*source).is_some_and(is_own_voice);
            let (last, first): (Vec<usize>, Vec<usize>) = cited.iter().copied().partition(cites_too);
            let kept = first.into_iter().chain(last).take(MOST_CITED);
            dependences.extend(kept.map(|source| Dependence::Cites { source, document: citing }));
            !cited.is_empty()
        });
        if every {
            found.extend(dependences.into_iter().map(|dependence| (at, dependence)));
        }
    }
}

/// How many are independent: of the origins that rest on nobody, all at the most, those with a name at the least. Origins that rest on each
/// other in a circle are one.
fn count(origins: &[Origin]) -> Range {
    let unnamed = |origin: &Origin| origin.kind != OriginKind::Named;
    let range = |named: u64, other: u64| Range { min: named.max(u64::from(other > 0)), max: named + other };
    if origins.iter().all(|origin| origin.from.is_empty()) {
        let other = origins.iter().filter(|origin| unnamed(origin)).count() as u64;
        return range(origins.len() as u64 - other, other);
    }
    let mut rests_on: DiGraph<(), ()> = DiGraph::new();
    for _ in origins {
        rests_on.add_node(());
    }
    for (at, origin) in origins.iter().enumerate() {
        for dependence in &origin.from {
            rests_on.add_edge(NodeIndex::new(at), NodeIndex::new(dependence.on()), ());
        }
    }
    let (mut named, mut other) = (0, 0);
    for circle in kosaraju_scc(&rests_on) {
        let rests_outside = circle.iter().any(|at| rests_on.neighbors(*at).any(|on| !circle.contains(&on)));
        if rests_outside {
            continue;
        }
        let has_name = circle.iter().any(|at| origins.get(at.index()).is_some_and(|one| !unnamed(one)));
        if has_name { named += 1 } else { other += 1 }
    }
    range(named, other)
}

/// Speakers joined into origins. Each is led by its first member.
#[derive(Debug, Default)]
pub(super) struct Groups {
    above: BTreeMap<EntityId, EntityId>,
}

impl Groups {
    /// The speakers of some claims: who speak jointly are joined.
    pub(super) fn of(claims: &[Hands]) -> Groups {
        let mut groups = Groups::default();
        for spoke in claims {
            for one in spoke {
                groups.join(*spoke.first().unwrap_or(one), *one);
            }
        }
        groups
    }

    pub(super) fn leader(&self, entity: EntityId) -> EntityId {
        let mut at = entity;
        while let Some(above) = self.above.get(&at).filter(|above| **above != at) {
            at = *above;
        }
        at
    }

    fn join(&mut self, a: EntityId, b: EntityId) {
        self.above.entry(a).or_insert(a);
        self.above.entry(b).or_insert(b);
        let (a, b) = (self.leader(a), self.leader(b));
        if a != b {
            self.above.insert(a.max(b), a.min(b));
        }
    }

    /// Joins all who belong to one organization, directly or through others; tells the organizations that joined any.
    fn join_by_organization(&mut self, record: &Record<'_>) -> Vec<EntityId> {
        let speakers: Vec<EntityId> = self.above.keys().copied().collect();
        let mut first_of: BTreeMap<EntityId, EntityId> = BTreeMap::new();
        let mut joined = BTreeSet::new();
        for speaker in speakers {
            for organization in organizations_of(record, speaker) {
                match first_of.get(&organization).copied() {
                    None => {
                        first_of.insert(organization, speaker);
                    }
                    Some(first) => {
                        if self.leader(first) != self.leader(speaker) {
                            joined.insert(organization);
                        }
                        self.join(first, speaker);
                    }
                }
            }
        }
        joined.into_iter().collect()
    }
}

/// An entity and everything that it is a member of, directly or through others.
fn organizations_of(record: &Record<'_>, entity: EntityId) -> BTreeSet<EntityId> {
    let graph = record.graph();
    let mut found = BTreeSet::from([entity]);
    let mut waiting = vec![entity];
    while let Some(one) = waiting.pop() {
        for member in graph.same.entities(one) {
            for affiliation in graph.entities.affiliations(member) {
                let group = graph.same.entity(affiliation.group);
                if affiliation.is_membership && affiliation.group.is_some() && found.insert(group) {
                    waiting.push(group);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn origin(kind: OriginKind, from: Vec<usize>) -> Origin {
        let from = from.into_iter().map(|by| Dependence::Told { by, claim: ClaimId(0) }).collect();
        Origin { members: Hands::new(), kind, claims: Vec::new(), from }
    }

    /// Origins that reach each other, by trying every step; then the least number of these whose removal leaves nobody who rests on
    /// anything that still stands.
    fn by_every_cut(origins: &[Origin]) -> Range {
        let n = origins.len();
        let mut reaches = vec![vec![false; n]; n];
        for (at, row) in reaches.iter_mut().enumerate() {
            let mut waiting = vec![at];
            while let Some(one) = waiting.pop() {
                for on in origins[one].from.iter().map(|dependence| dependence.on()) {
                    if !row[on] {
                        row[on] = true;
                        waiting.push(on);
                    }
                }
            }
        }
        let one = |a: usize, b: usize| a == b || reaches[a][b] && reaches[b][a];
        let class: Vec<usize> = (0..n).map(|a| (0..n).find(|b| one(a, *b)).unwrap()).collect();
        let classes: BTreeSet<usize> = class.iter().copied().collect();
        let rests_on = |c: usize| -> BTreeSet<usize> {
            let all = (0..n).filter(|a| class[*a] == c);
            all.flat_map(|a| origins[a].from.iter().map(|d| class[d.on()])).filter(|on| *on != c).collect()
        };
        let stands_without = |gone: &BTreeSet<usize>| {
            // What stands is found by adding whoever stands by itself or on what stands, until nothing is added.
            let mut standing: BTreeSet<usize> = BTreeSet::new();
            loop {
                let more: Vec<usize> = classes
                    .iter()
                    .copied()
                    .filter(|c| !gone.contains(c) && !standing.contains(c))
                    .filter(|c| {
                        rests_on(*c).is_empty() || rests_on(*c).iter().any(|on| standing.contains(on))
                    })
                    .collect();
                if more.is_empty() {
                    return !standing.is_empty();
                }
                standing.extend(more);
            }
        };
        let all: Vec<usize> = classes.iter().copied().collect();
        let smallest = |may_go: &dyn Fn(usize) -> bool| {
            (0..1_u32 << all.len())
                .map(|mask| (0..all.len()).filter(|bit| mask & 1 << bit != 0).map(|bit| all[bit]).collect())
                .filter(|gone: &BTreeSet<usize>| gone.iter().all(|c| may_go(*c)) && !stands_without(gone))
                .map(|gone| gone.len() as u64)
                .min()
                .unwrap()
        };
        let max = smallest(&|_| true);
        // At the least, whoever has no name among those that rest on nobody is somebody else who is there already.
        let named = |c: usize| (0..n).any(|a| class[a] == c && origins[a].kind == OriginKind::Named);
        let roots = classes.iter().filter(|c| rests_on(**c).is_empty());
        let min = (roots.filter(|c| named(**c)).count() as u64).max(u64::from(n > 0));
        Range { min, max }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn independence_is_the_smallest_cut(
            kinds in proptest::collection::vec(0_u8..3, 1..7),
            edges in proptest::collection::vec((0_usize..7, 0_usize..7), 0..8),
        ) {
            let n = kinds.len();
            let origins: Vec<Origin> = kinds.iter().enumerate().map(|(at, kind)| {
                let kind = [OriginKind::Named, OriginKind::OwnVoice, OriginKind::Unnamed][usize::from(*kind)];
                let from = edges.iter().filter(|(a, b)| a % n == at && b % n != at).map(|(_, b)| b % n);
                origin(kind, from.collect())
            }).collect();
            prop_assert_eq!(count(&origins), by_every_cut(&origins));
        }
    }
}
