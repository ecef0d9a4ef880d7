//! Checks answers: walks the graph itself, claim by claim and link by link, and accepts a witness only where everything it rests on is there.
//! It shares no code with what it checks beyond the columns of the graph, so that a mistake would have to be made twice. Slow and simple: it
//! goes over all links for each content, and over every step of every way.

mod origins;
mod positions;

use super::independence::OriginKind;
use super::record::Way;
use crate::graph::{Cut, Node, Party, Sight};
use crate::model::{
    Act, AppearanceId, ClaimId, ClaimRef, Commitment, Content, DocumentId, EntityId, EntityKind,
    LinkRelation, Mode, StringId, fold,
};
use std::collections::BTreeSet;

/// Why an answer was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refuted(pub String);

type Checked<T = ()> = Result<T, Refuted>;

fn must(holds: bool, what: impl Fn() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Refuted(what())) }
}

/// A checker over one graph, as far as it is seen.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'g> {
    sight: Sight<'g>,
}

impl<'g> Verifier<'g> {
    /// A checker.
    pub fn new(sight: Sight<'g>) -> Self {
        Verifier { sight }
    }

    /// Everything that is the same as a node by links, itself included; contents with the sign under which they are.
    fn same(&self, node: Node) -> BTreeSet<Node> {
        let flipped = |node: Node| match node {
            Node::Content(content) => Node::Content(content.flipped()),
            other => other,
        };
        let mut found = BTreeSet::from([node]);
        loop {
            let before = found.len();
            for link in self.sight.graph.links.iter().filter(|link| link.relation == LinkRelation::SameAs) {
                for (one, other) in [(link.left, link.right), (link.right, link.left)] {
                    if found.contains(&one) {
                        found.insert(other);
                    }
                    if found.contains(&flipped(one)) {
                        found.insert(flipped(other));
                    }
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// Every claim that is the same as one.
    fn same_claims(&self, claim: ClaimId) -> Vec<ClaimId> {
        let same = self.same(Node::Claim(ClaimRef::of(claim))).into_iter();
        let claims = same.filter_map(|node| match node {
            Node::Claim(claim) if !claim.is_relay() => Some(claim.claim),
            _ => None,
        });
        claims.collect()
    }

    fn is_text(&self, one: StringId, other: StringId) -> bool {
        let text = |id: StringId| fold(self.sight.graph.strings.get(id));
        one == other || one.is_some() && other.is_some() && text(one) == text(other)
    }

    fn is_entity(&self, one: EntityId, other: EntityId) -> bool {
        self.same(Node::Entity(one)).contains(&Node::Entity(other))
    }

    fn party_has(&self, party: Party, entity: EntityId) -> bool {
        self.sight.graph.entities.party(party).any(|member| self.is_entity(member, entity))
    }

    /// A claim is there, was not withdrawn, and was recorded in time.
    pub fn claim(&self, claim: ClaimId) -> Checked {
        let graph = self.sight.graph;
        must(claim.index() < graph.claims.len(), || format!("there is no claim {}", claim.0))?;
        let recorded = graph.log.recorded(claim);
        let void = graph.claims.void(claim).map(|(_, at)| at);
        let holds = match self.sight.cut {
            Cut::Recorded(until) => recorded.is_none_or(|at| at < until) && void.is_none_or(|at| at >= until),
            Cut::None | Cut::Published(_) => void.is_none(),
        };
        must(holds, || format!("claim {} is not on record", claim.0))
    }

    /// A way is one of its claim's, passes it on at every hop, was out in time, and its document was not taken back.
    pub fn way(&self, way: Way) -> Checked {
        self.came(way)?;
        let document = self.sight.graph.chains.document(way.appearance);
        must(!self.is_taken_back(document), || {
            format!("the document of a way of claim {} was taken back", way.claim.0)
        })
    }

    /// Whether who published a document took it back, by a claim that is there.
    fn is_taken_back(&self, document: DocumentId) -> bool {
        let graph = self.sight.graph;
        let outlet = graph.documents.outlet(document);
        graph.links.iter().any(|link| {
            let Node::Claim(by) = link.left else { return false };
            matches!(link.relation, LinkRelation::Retracts | LinkRelation::Corrects)
                && link.right == Node::Document(document)
                && outlet.is_some()
                && self.party_has(graph.claims.source(by.claim), outlet)
                && self.all_ways(by.claim).any(|way| self.came(way).is_ok())
        })
    }

    /// The same as for [`Verifier::way`], whatever became of its document.
    fn came(&self, way: Way) -> Checked {
        self.claim(way.claim)?;
        let graph = self.sight.graph;
        let mut all = graph.claims.appearances(way.claim);
        if !way.appearance.is_some() {
            let open = !matches!(self.sight.cut, Cut::Published(_));
            return must(all.next().is_none() && open, || {
                format!("claim {} did not come without a way", way.claim.0)
            });
        }
        must(all.any(|one| one == way.appearance), || format!("claim {} did not come so", way.claim.0))?;
        let (outermost, document) = graph.chains.appearance(way.appearance);
        for hop in graph.chains.inwards(outermost) {
            let hop = graph.chains.hop(hop).ok_or_else(|| Refuted("a hop is missing".into()))?;
            let act = graph.lexicon.verb(hop.verb).act;
            let passes = matches!(act, Act::Assert | Act::Report | Act::Confirm | Act::Warn | Act::Predict);
            must(passes && !hop.negated, || format!("a hop of claim {} does not carry it", way.claim.0))?;
        }
        if let Cut::Published(until) = self.sight.cut {
            let published = graph.times.get(graph.documents.published(document));
            must(published.is_some_and(|time| time.to <= until), || "a way was not out by then".into())?;
        }
        Ok(())
    }

    /// Whether somebody had the claim in hand on a way.
    fn is_on(&self, way: Way, hand: EntityId) -> bool {
        self.party_has(self.sight.graph.claims.source(way.claim), hand) || self.carries(way, hand)
    }

    /// Whether somebody carried or published the claim on a way.
    fn carries(&self, way: Way, hand: EntityId) -> bool {
        let graph = self.sight.graph;
        let (outermost, document) = graph.chains.appearance(way.appearance);
        let outlet = graph.documents.outlet(document);
        graph.chains.inwards(outermost).any(|hop| self.party_has(graph.chains.source(hop), hand))
            || outlet.is_some() && self.is_entity(outlet, hand)
    }

    /// Every way of a claim, and that of one which came without any.
    fn all_ways(&self, claim: ClaimId) -> impl Iterator<Item = Way> + '_ {
        let unpublished = Way { claim, appearance: AppearanceId::NONE };
        let published = self.sight.graph.claims.appearances(claim);
        published.map(move |appearance| Way { claim, appearance }).chain([unpublished])
    }

    /// Every way of a claim that counts.
    fn ways_of(&self, claim: ClaimId) -> impl Iterator<Item = Way> + '_ {
        self.all_ways(claim).filter(|way| self.way(*way).is_ok())
    }

    /// What somebody is as an origin.
    fn kind(&self, who: EntityId) -> OriginKind {
        let graph = self.sight.graph;
        let is_one = |entity: &EntityId| self.is_entity(who, *entity);
        let mut kinds = (0..graph.entities.len() as u32).map(EntityId).filter(is_one);
        let has_carried = || {
            let mut ways = (0..graph.claims.len() as u32).flat_map(|claim| self.all_ways(ClaimId(claim)));
            ways.any(|way| self.came(way).is_ok() && self.carries(way, who))
        };
        let is_outlet = kinds.any(|one| match graph.entities.kind(one) {
            EntityKind::Outlet => true,
            EntityKind::Unknown => has_carried(),
            _ => false,
        });
        match () {
            () if graph.entities.is_unnamed(who) => OriginKind::Unnamed,
            () if is_outlet => OriginKind::OwnVoice,
            () => OriginKind::Named,
        }
    }

    /// The documents and the sources that a document cites.
    fn cited(&self, document: DocumentId) -> (Vec<DocumentId>, Vec<EntityId>) {
        let documents = &self.sight.graph.documents;
        let cited = documents.cites_documents(document).iter().map(DocumentId).collect();
        (cited, documents.cites_sources(document).iter().map(EntityId).collect())
    }

    /// Whether somebody brought a document out: its outlet, or without one the outermost hand of a claim in it.
    fn published(&self, document: DocumentId, who: EntityId) -> bool {
        let graph = self.sight.graph;
        let outlet = graph.documents.outlet(document);
        let appearances = graph.chains.by_document(document);
        outlet.is_some() && self.is_entity(outlet, who)
            || appearances.iter().map(AppearanceId).any(|appearance| {
                let outermost = graph.chains.outermost_hop(appearance);
                let speaks = |claim| self.party_has(graph.claims.source(ClaimId(claim)), who);
                if outermost.is_some() {
                    self.party_has(graph.chains.source(outermost), who)
                } else {
                    graph.claims.by_appearance(appearance).iter().any(speaks)
                }
            })
    }

    /// A claim's speaker commits to a content.
    fn commits(&self, claim: ClaimId, content: Content) -> Checked {
        let graph = self.sight.graph;
        let said = graph.claims.content(claim).ok_or_else(|| Refuted("a claim says nothing".into()))?;
        must(self.same(Node::Content(content)).contains(&Node::Content(said)), || {
            format!("claim {} says something else", claim.0)
        })?;
        let act = graph.lexicon.verb(graph.claims.verb(claim)).act;
        let flags = graph.claims.flags(claim);
        let asserts =
            matches!(act, Act::Assert | Act::Deny | Act::Confirm | Act::Report | Act::Predict | Act::Warn);
        let commits = matches!(flags.commitment(), Commitment::Certain | Commitment::Probable);
        must(asserts && commits && flags.mode() != Mode::Label, || {
            format!("the speaker of claim {} does not commit to it", claim.0)
        })
    }

    /// Whether on a way somebody stands directly outside somebody else: speaker, hops from the inside outwards, who published.
    fn is_outside(&self, way: Way, who: EntityId, from: EntityId) -> bool {
        let graph = self.sight.graph;
        let (outermost, document) = graph.chains.appearance(way.appearance);
        let mut parties: Vec<Party> = vec![graph.claims.source(way.claim)];
        let mut hops: Vec<Party> =
            graph.chains.inwards(outermost).map(|hop| graph.chains.source(hop)).collect();
        hops.reverse();
        parties.extend(hops);
        let outlet = graph.documents.outlet(document);
        let pairs = parties.iter().zip(parties.iter().skip(1));
        let mut within =
            pairs.clone().map(|(inner, outer)| self.party_has(*outer, who) && self.party_has(*inner, from));
        let published = outlet.is_some()
            && self.is_entity(outlet, who)
            && parties.last().is_some_and(|last| self.party_has(*last, from));
        within.any(|holds| holds) || published
    }
}
