//! The record that reasoning looks at: a graph as far as it is seen, perhaps without what is supposed to be retracted. It tells by which
//! ways a claim reached us, and in whose hands it was on each.

use super::stop::Stop;
use crate::graph::{Graph, Node, Party, Sight};
use crate::model::{
    Act, AppearanceId, ClaimFlags, ClaimId, ClaimRef, Commitment, Content, DocumentId, EntityId, HopId,
    LinkRelation, Mode, PropositionId, Time, Truth,
};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

/// Whoever had a claim in hand on its way, from its speakers outwards; each once, as it stands for itself by `same as`.
pub type Hands = SmallVec<[EntityId; 6]>;

/// One way by which a claim reached us. This is what a witness consists of: anyone can look it up in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// The claim.
    pub claim: ClaimId,
    /// Where it appeared; none where it was recorded on its own.
    pub appearance: AppearanceId,
}

/// What is supposed not to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retracted {
    /// Sources and carriers, as they stand for themselves: nothing that they said or carried, and no document of theirs.
    pub entities: BTreeSet<EntityId>,
    /// Documents: nothing by way of them.
    pub documents: BTreeSet<DocumentId>,
    /// Claims, and relays of claims: nothing by way of them.
    pub claims: BTreeSet<ClaimRef>,
}

/// A record to reason about. It is cheap to copy; what it had to look up once, others share.
#[derive(Debug, Clone, Copy)]
pub struct Record<'g> {
    /// The graph, as far as it is seen.
    pub sight: Sight<'g>,
    /// What is supposed not to be there.
    without: Option<&'g Retracted>,
    withdrawn: &'g Withdrawn,
    stop: Stop<'g>,
}

/// Which claims were taken back or put right, by which other claim, and which documents. Read from the links once for a whole question.
#[derive(Debug, Default)]
pub struct Withdrawn {
    claims: BTreeMap<ClaimId, Vec<ClaimId>>,
    documents: BTreeMap<DocumentId, Vec<ClaimId>>,
    /// Of each claim that takes back, which ones.
    by: BTreeMap<ClaimId, Vec<ClaimId>>,
    /// The acts of taking back on a proposition, as it stands for itself: looked for when they are first needed.
    acts: RwLock<BTreeMap<PropositionId, Arc<[ClaimId]>>>,
}

impl Withdrawn {
    /// Reads the links of a graph that take back or put right. Linear in those.
    pub fn of(graph: &Graph) -> Self {
        let mut withdrawn = Withdrawn::default();
        for link in graph.links.of_relations(&[LinkRelation::Retracts, LinkRelation::Corrects]) {
            let Node::Claim(by) = link.left else { continue };
            match link.right {
                // Taking back a relay takes back what its carrier did, not what was said.
                Node::Claim(claim) if !claim.is_relay() => {
                    for one in graph.same.claims(claim.claim) {
                        withdrawn.claims.entry(one).or_default().push(by.claim);
                        withdrawn.by.entry(by.claim).or_default().push(one);
                    }
                }
                Node::Document(document) => {
                    let published = graph.chains.by_document(document).iter();
                    let claims =
                        published.flat_map(|one| graph.claims.by_appearance(AppearanceId(one)).iter());
                    withdrawn.by.entry(by.claim).or_default().extend(claims.map(ClaimId));
                    withdrawn.documents.entry(document).or_default().push(by.claim);
                }
                _ => {}
            }
        }
        withdrawn
    }
}

/// How a claim stands to a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    /// Its speaker commits to the content, as certain or probable.
    Backs,
    /// Its speaker commits to the opposite, as certain or probable.
    Denies,
    /// Its speaker asserts it or the opposite with a hedge that leaves it open.
    LeavesOpen,
    /// It takes the content back.
    TakesBack,
    /// It is another act: a promise, a demand, a question, a doubt, a label.
    None,
}

impl<'g> Record<'g> {
    /// A record as far as it is seen.
    pub fn new(sight: Sight<'g>, withdrawn: &'g Withdrawn) -> Self {
        Record { sight, without: None, withdrawn, stop: Stop::default() }
    }

    /// The same record, with a sign to stop: what runs then ends early, and its answer is worth nothing.
    #[must_use]
    pub fn until(self, stop: Stop<'g>) -> Self {
        Record { stop, ..self }
    }

    /// Whether to stop: to be asked in every loop that may be long.
    pub fn must_stop(&self) -> bool {
        self.stop.now().is_some()
    }

    /// Counts things that are kept until the answer is there, by their sizes: to be called in loops that keep many.
    pub fn keeps<T>(&self, things: usize) {
        self.stop.keeps(things * size_of::<T>());
    }

    /// The same record as if this were not there.
    #[must_use]
    pub fn without(self, retracted: &'g Retracted) -> Self {
        Record { without: Some(retracted), ..self }
    }

    /// The graph.
    pub fn graph(&self) -> &'g Graph {
        self.sight.graph
    }

    /// The entities of a party, as they stand for themselves.
    pub fn members(&self, party: Party) -> impl Iterator<Item = EntityId> + 'g {
        let graph = self.graph();
        graph.entities.party(party).map(|one| graph.same.entity(one))
    }

    /// Who speaks in a claim, as they stand for themselves, each once.
    pub fn speakers(&self, claim: ClaimId) -> Hands {
        let mut speakers = Hands::new();
        for one in self.members(self.graph().claims.source(claim)) {
            if !speakers.contains(&one) {
                speakers.push(one);
            }
        }
        speakers
    }

    /// What a claim does, and how far its speaker commits.
    pub fn act(&self, claim: ClaimId) -> (Act, Commitment) {
        let claims = &self.graph().claims;
        (self.graph().lexicon.verb(claims.verb(claim)).act, claims.flags(claim).commitment())
    }

    /// How a claim stands to a content.
    pub fn stance(&self, claim: ClaimId, content: Content) -> Stance {
        let graph = self.graph();
        let Some(said) = graph.claims.content(claim) else { return Stance::None };
        let (said, asked) = (graph.same.content(said), graph.same.content(content));
        if said.proposition != asked.proposition {
            return Stance::None;
        }
        let (act, commitment) = self.act(claim);
        let flags: ClaimFlags = graph.claims.flags(claim);
        match act {
            Act::Retract if said == asked => Stance::TakesBack,
            _ if !act.is_under(Act::Assert) || flags.mode() == Mode::Label => Stance::None,
            _ if !matches!(commitment, Commitment::Certain | Commitment::Probable) => Stance::LeavesOpen,
            _ if said == asked => Stance::Backs,
            _ => Stance::Denies,
        }
    }

    /// Every claim on record with this content or its negation, in the order recorded.
    pub fn claims_on(&self, content: Content) -> Vec<ClaimId> {
        let graph = self.graph();
        let members = graph.same.contents(content);
        let all = members.iter().flat_map(|member| graph.claims.by_content(member.proposition).iter());
        let mut found: Vec<ClaimId> =
            all.map(ClaimId).filter(|claim| self.sight.is_on_record(*claim)).collect();
        if members.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The ways by which a claim reached us, the earliest published first: those that carry it and that nothing retracted. None where it is
    /// not on record.
    pub fn ways(&self, claim: ClaimId) -> Vec<Way> {
        if !self.sight.is_on_record(claim) || self.is_retracted(claim) {
            return Vec::new();
        }
        let seen = self.sight.appearances(claim, |hop| self.graph().chains.carries(hop));
        let seen = seen.into_iter().filter(|appearance| self.is_open(claim, *appearance));
        seen.map(|appearance| Way { claim, appearance }).collect()
    }

    /// The ways of a claim and of all that are the same as it.
    pub fn ways_of_same(&self, claim: ClaimId) -> Vec<Way> {
        let same = &self.graph().same;
        if !same.has_claims() {
            return self.ways(claim);
        }
        same.claims(claim).into_iter().flat_map(|one| self.ways(one)).collect()
    }

    fn is_retracted(&self, claim: ClaimId) -> bool {
        let Some(without) = self.without else { return false };
        (!without.claims.is_empty() && without.claims.contains(&ClaimRef::of(claim)))
            || (!without.entities.is_empty()
                && self.members(self.graph().claims.source(claim)).any(|one| without.entities.contains(&one)))
    }

    /// Whether nothing on this way was retracted, and its document was not taken back.
    fn is_open(&self, claim: ClaimId, appearance: AppearanceId) -> bool {
        let document = || self.graph().chains.document(appearance);
        let taken_back =
            !self.withdrawn.documents.is_empty() && self.document_taken_back(document()).is_some();
        !taken_back && self.is_left(claim, appearance)
    }

    /// Whether nothing on this way is supposed not to be there.
    fn is_left(&self, claim: ClaimId, appearance: AppearanceId) -> bool {
        let graph = self.graph();
        let Some(without) = self.without else { return true };
        let (outermost, document) = graph.chains.appearance(appearance);
        let outlet = graph.documents.outlet(document).some().map(|outlet| graph.same.entity(outlet));
        if without.documents.contains(&document)
            || outlet.is_some_and(|outlet| without.entities.contains(&outlet))
        {
            return false;
        }
        graph.chains.inwards(outermost).all(|hop| {
            !without.claims.contains(&ClaimRef { claim, hop })
                && !self.members(graph.chains.source(hop)).any(|one| without.entities.contains(&one))
        })
    }

    /// The claim by which a document was taken back by the outlet that published it, where one stands. Whose outlet is not known nobody takes
    /// back.
    pub fn document_taken_back(&self, document: DocumentId) -> Option<ClaimId> {
        let outlet = self.graph().same.entity(self.graph().documents.outlet(document).some()?);
        let may = |by: &ClaimId| self.speakers(*by).contains(&outlet);
        self.withdrawn.documents.get(&document)?.iter().copied().find(|by| may(by) && self.stands(*by))
    }

    /// The document by which a claim would have reached us, had it not been taken back, with what took it back.
    pub fn document_lost(&self, claim: ClaimId) -> Option<(DocumentId, ClaimId)> {
        if !self.sight.is_on_record(claim) || self.is_retracted(claim) {
            return None;
        }
        let seen = self.sight.appearances(claim, |hop| self.graph().chains.carries(hop)).into_iter();
        let documents =
            seen.filter(|one| self.is_left(claim, *one)).map(|one| self.graph().chains.document(one));
        documents.into_iter().find_map(|document| Some((document, self.document_taken_back(document)?)))
    }

    /// The claim by which another was taken back or put right, where one stands: one that is linked to it so, of one of its own speakers or
    /// of a carrier through whose hands it came on every way; or an act by which its own speakers take the same content back, unless the
    /// claim certainly came after that. What anybody else says against it is a contradiction and takes nothing back.
    pub fn taken_back(&self, claim: ClaimId) -> Option<ClaimId> {
        let linked = self.withdrawn.claims.get(&claim).into_iter().flatten().copied();
        let mut linked =
            linked.filter(|by| *by != claim && self.stands(*by) && self.may_take_back(*by, claim));
        linked.next().or_else(|| {
            let content = self.graph().claims.content(claim)?;
            let acts = self.acts_of_taking_back(content);
            acts.iter().copied().find(|by| {
                *by != claim
                    && self.stance(*by, content) == Stance::TakesBack
                    && self.speakers(*by) == self.speakers(claim)
                    && self.stands(*by)
                    && !self.certainly_after(claim, *by)
            })
        })
    }

    /// The acts of taking a content or its opposite back, whether they are seen or not.
    fn acts_of_taking_back(&self, content: Content) -> Arc<[ClaimId]> {
        let graph = self.graph();
        let proposition = graph.same.content(content).proposition;
        if let Some(known) =
            self.withdrawn.acts.read().unwrap_or_else(PoisonError::into_inner).get(&proposition)
        {
            return known.clone();
        }
        let members = graph.same.contents(content).into_iter();
        let claims = members.flat_map(|one| graph.claims.by_content(one.proposition).iter()).map(ClaimId);
        let acts: Arc<[ClaimId]> = claims.filter(|claim| self.act(*claim).0 == Act::Retract).collect();
        self.withdrawn.acts.write().unwrap_or_else(PoisonError::into_inner).insert(proposition, acts.clone());
        acts
    }

    /// Whether a claim was certainly said after another.
    pub fn certainly_after(&self, claim: ClaimId, other: ClaimId) -> bool {
        match (self.said(claim), self.said(other)) {
            (Some(one), Some(other)) => one.after(&other) == Truth::Certain,
            _ => false,
        }
    }

    /// Every claim that these said, carried or published, and all that came out in these documents, as far as postings tell: some may not be
    /// on record.
    pub(super) fn claims_through(
        &self,
        entities: impl Iterator<Item = EntityId>,
        documents: impl Iterator<Item = DocumentId>,
    ) -> BTreeSet<ClaimId> {
        let graph = self.graph();
        let mut claims: BTreeSet<ClaimId> = BTreeSet::new();
        let mut appearances: BTreeSet<AppearanceId> = BTreeSet::new();
        let mut documents: BTreeSet<DocumentId> = documents.collect();
        let mut hops: Vec<HopId> = Vec::new();
        for entity in entities.flat_map(|entity| graph.same.entities(entity)) {
            claims.extend(graph.claims.by_source(entity).iter().map(ClaimId));
            hops.extend(graph.chains.by_source(entity).iter().map(HopId));
            documents.extend(graph.documents.by_outlet(entity).iter().map(DocumentId));
        }
        let mut seen: BTreeSet<HopId> = hops.iter().copied().collect();
        while let Some(hop) = hops.pop() {
            appearances.extend(graph.chains.by_hop(hop).iter().map(AppearanceId));
            hops.extend(graph.chains.by_parent(hop).iter().map(HopId).filter(|outer| seen.insert(*outer)));
        }
        for document in documents {
            appearances.extend(graph.chains.by_document(document).iter().map(AppearanceId));
        }
        for appearance in appearances {
            claims.extend(graph.claims.by_appearance(appearance).iter().map(ClaimId));
        }
        claims
    }

    fn may_take_back(&self, by: ClaimId, claim: ClaimId) -> bool {
        let speakers = self.speakers(by);
        let is_one = |hand: &EntityId| speakers.contains(hand);
        self.speakers(claim).iter().any(is_one) || {
            let ways = self.ways_of_same(claim);
            !ways.is_empty() && ways.iter().all(|way| self.carriers(*way).iter().any(is_one))
        }
    }

    /// The claims that this one takes back or puts right.
    pub(super) fn takes_back(&self, claim: ClaimId) -> impl Iterator<Item = ClaimId> + 'g {
        self.withdrawn.by.get(&claim).into_iter().flatten().copied()
    }

    /// Whether a claim is seen and some way of it is left. Looks at no document that was taken back, for its taking back is such a claim.
    fn stands(&self, claim: ClaimId) -> bool {
        self.sight.is_on_record(claim) && !self.is_retracted(claim) && {
            let seen = self.sight.appearances(claim, |hop| self.graph().chains.carries(hop));
            seen.into_iter().any(|appearance| self.is_left(claim, appearance))
        }
    }

    /// Whether somebody carried anything that is seen, on a way that passes it on. That its document was taken back since changes nothing. Ends
    /// at the first such thing.
    pub(super) fn has_carried(&self, entity: EntityId) -> bool {
        let chains = &self.graph().chains;
        chains.by_source(entity).iter().map(HopId).any(|carried| {
            let mut waiting = vec![carried];
            while let Some(hop) = waiting.pop().filter(|_| !self.must_stop()) {
                if chains.carries(hop) {
                    if chains.by_hop(hop).iter().any(|one| self.came_out(AppearanceId(one))) {
                        return true;
                    }
                    waiting.extend(chains.by_parent(hop).iter().map(HopId));
                }
            }
            false
        })
    }

    fn came_out(&self, appearance: AppearanceId) -> bool {
        let graph = self.graph();
        let claims = || graph.claims.by_appearance(appearance).iter().map(ClaimId);
        graph.chains.carries(graph.chains.outermost_hop(appearance))
            && self.sight.sees(appearance)
            && claims().any(|claim| {
                self.sight.is_on_record(claim) && !self.is_retracted(claim) && self.is_left(claim, appearance)
            })
    }

    /// In whose hands a claim was on a way: its speakers, its carriers from the inside outwards, who published it.
    pub fn hands(&self, way: Way) -> Hands {
        let mut hands = self.speakers(way.claim);
        self.carriers_into(way, &mut hands);
        hands
    }

    /// The carriers of a way, from the inside outwards, with who published it.
    pub fn carriers(&self, way: Way) -> Hands {
        let mut hands = Hands::new();
        self.carriers_into(way, &mut hands);
        hands
    }

    /// Who had a claim on a way together, from its speakers outwards: those of each hop, then who published it.
    pub fn parties(&self, way: Way) -> Vec<Hands> {
        let graph = self.graph();
        let (outermost, document) = graph.chains.appearance(way.appearance);
        let mut parties = vec![self.speakers(way.claim)];
        let hops = graph.chains.outwards(outermost).into_iter();
        parties.extend(hops.map(|hop| self.members(graph.chains.source(hop)).collect::<Hands>()));
        let outlet = graph.documents.outlet(document).some();
        parties.extend(outlet.map(|outlet| Hands::from_slice(&[graph.same.entity(outlet)])));
        parties
    }

    /// Who brought a claim out on a way: who published its document, or else the outermost carrier.
    pub fn publishers(&self, way: Way) -> Hands {
        let graph = self.graph();
        let (outermost, document) = graph.chains.appearance(way.appearance);
        match graph.documents.outlet(document).some() {
            Some(outlet) => Hands::from_slice(&[graph.same.entity(outlet)]),
            None => self.members(graph.chains.source(outermost)).collect(),
        }
    }

    fn carriers_into(&self, way: Way, hands: &mut Hands) {
        let graph = self.graph();
        let (outermost, document) = graph.chains.appearance(way.appearance);
        let hops: SmallVec<[HopId; 6]> = graph.chains.inwards(outermost).collect();
        let outlet = graph.documents.outlet(document).some().map(|outlet| graph.same.entity(outlet));
        let carriers = hops.iter().rev().flat_map(|hop| self.members(graph.chains.source(*hop)));
        for one in carriers.chain(outlet) {
            if !hands.contains(&one) {
                hands.push(one);
            }
        }
    }

    /// When a claim was said, as far as that is known: not after the first publication that is seen, where nothing else is.
    pub fn said(&self, claim: ClaimId) -> Option<Time> {
        let graph = self.graph();
        graph.times.get(graph.claims.said(claim)).or_else(|| {
            let first = self.ways(claim).into_iter().find_map(|way| self.sight.published(way.appearance))?;
            Some(Time { from: i64::MIN, to: first.to })
        })
    }
}
