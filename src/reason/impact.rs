//! What a retraction would do: which claims would no longer reach us, which contents would lose support, and what would stand, with the ways
//! that are left; and its reverse, on which single hand, document or claim a content hangs. Both are found by supposing the thing away, so
//! that they mean what building the graph without it would.

use super::corroborate::{Reckoning, independent, ways_of};
use super::cut::on_every_way;
use super::independence::Range;
use super::record::{Hands, Record, Retracted, Way};
use super::support::{Backed, support};
use crate::model::{ClaimId, ClaimRef, Content, DocumentId, EntityId};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// No way is left by which it would have reached us.
    Falls,
    /// It is left, and fewer independent origins back its content.
    Weakens,
    /// It is left, and as many back its content as before.
    Stands,
}

impl Effect {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            Effect::Falls => "falls",
            Effect::Weakens => "weakens",
            Effect::Stands => "stands",
        }
    }
}

/// What becomes of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// What it says; nothing for an act without content.
    pub content: Option<Content>,
    /// The claim.
    pub claim: ClaimId,
    /// What becomes of it.
    pub effect: Effect,
    /// How many independent origins back its content.
    pub before: Range,
    /// And how many would.
    pub after: Range,
    /// How many ways it came by.
    pub ways_before: usize,
    /// The ways that would be left, the earliest published first.
    pub left: Vec<Way>,
}

/// Tells what retracting something would do: each claim that came through it, and each other claim on the same contents. In the order
/// recorded. Linear in the chains of these claims.
pub fn impact<'g>(record: &Record<'g>, retracted: &'g Retracted) -> Vec<Affected> {
    let graph = record.graph();
    let after = record.without(retracted);
    let touched = touched(record, retracted);
    let mut contents: BTreeSet<Content> = BTreeSet::new();
    let mut claims: BTreeSet<ClaimId> = BTreeSet::new();
    for claim in touched {
        // Posting lists may name more than the ways by which a claim counts.
        let came_back = record.taken_back(claim) != after.taken_back(claim);
        if record.ways(claim) == after.ways(claim) && !came_back {
            continue;
        }
        for one in graph.same.claims(claim) {
            claims.insert(one);
            record.keeps::<Affected>(1);
            if let Some(content) = graph.claims.content(one) {
                contents.insert(Content { negated: false, ..graph.same.content(content) });
            }
        }
    }
    let mut ranges: BTreeMap<Content, (Range, Range)> = BTreeMap::new();
    for content in contents {
        if record.must_stop() {
            break;
        }
        let before = claims.len();
        claims.extend(record.claims_on(content));
        record.keeps::<Affected>(claims.len() - before);
        for side in [content, content.flipped()] {
            let how = Reckoning::default();
            ranges.insert(side, (independent(record, side, how), independent(&after, side, how)));
        }
    }
    // Claims that are the same are one, and reached us by the ways of all; the first of them that did stands for it.
    let classes: BTreeSet<ClaimId> = claims.into_iter().map(|claim| graph.same.claim(claim)).collect();
    let affected = classes.into_iter().filter_map(|class| {
        let (ways, left) = (record.ways_of_same(class), after.ways_of_same(class));
        let claim = ways.first()?.claim;
        let content = graph.claims.content(claim);
        let class = content.map(|content| graph.same.content(content));
        let (before, now) = class.and_then(|class| ranges.get(&class).copied()).unwrap_or_default();
        let effect = match () {
            () if left.is_empty() => Effect::Falls,
            () if now.min < before.min || now.max < before.max => Effect::Weakens,
            () => Effect::Stands,
        };
        let ways_before = ways.len();
        Some(Affected { content, claim, effect, before, after: now, ways_before, left })
    });
    affected.collect()
}

/// The claims that may have come through what is retracted.
fn touched(record: &Record<'_>, retracted: &Retracted) -> BTreeSet<ClaimId> {
    let (entities, documents) = (retracted.entities.iter().copied(), retracted.documents.iter().copied());
    let mut claims = record.claims_through(entities, documents);
    claims.extend(retracted.claims.iter().map(|claim| claim.claim));
    // Whatever a retracted claim took back stands again.
    let taken_back: Vec<ClaimId> = claims.iter().flat_map(|claim| record.takes_back(*claim)).collect();
    claims.extend(taken_back);
    claims
}

/// On which single things all backing of a content hangs, with that backing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// The content.
    pub content: Content,
    /// Without any of these nothing would back it: hands from the inside outwards, then the document, then the claim.
    pub hinges: Vec<Hinge>,
    /// The claims that back it, with every way by which they came.
    pub backing: Vec<Backed>,
}

/// Something on which all backing of a content hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hinge {
    /// A source or carrier.
    Hand(EntityId),
    /// A document.
    Document(DocumentId),
    /// A claim.
    Claim(ClaimId),
}

/// Tells on which single things the backing of a content hangs. Linear in the chains of its claims.
pub fn weakest(record: &Record<'_>, content: Content) -> Weakness {
    let graph = record.graph();
    let backing = support(record, content).backing;
    let ways: Vec<Hands> = ways_of(&backing).map(|way| record.hands(way)).collect();
    let mut hinges: Vec<Hinge> = on_every_way(&ways).into_iter().map(Hinge::Hand).collect();
    let documents: BTreeSet<DocumentId> =
        ways_of(&backing).map(|way| graph.chains.document(way.appearance)).collect();
    if let (1, Some(document)) = (documents.len(), documents.first().and_then(|document| document.some())) {
        hinges.push(Hinge::Document(document));
    }
    let claims: BTreeSet<ClaimId> = backing.iter().map(|backed| graph.same.claim(backed.claim)).collect();
    if let (1, Some(claim)) = (claims.len(), claims.first()) {
        hinges.push(Hinge::Claim(*claim));
    }
    Weakness { content, hinges, backing }
}

impl Retracted {
    /// Supposes a source or carrier away.
    pub fn add_entity(&mut self, record: &Record<'_>, entity: EntityId) {
        self.entities.insert(record.graph().same.entity(entity));
    }

    /// Supposes a document away.
    pub fn add_document(&mut self, document: DocumentId) {
        self.documents.insert(document);
    }

    /// Supposes a claim away, with all that are the same; or one relay of it.
    pub fn add_claim(&mut self, record: &Record<'_>, claim: ClaimRef) {
        if claim.is_relay() {
            self.claims.insert(claim);
        } else {
            let same = record.graph().same.claims(claim.claim);
            self.claims.extend(same.into_iter().map(ClaimRef::of));
        }
    }
}
