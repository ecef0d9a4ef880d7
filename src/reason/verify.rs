//! Checks answers: walks the graph itself, claim by claim and link by link, and accepts a witness only where everything it rests on is there.
//! It shares no code with what it checks beyond the columns of the graph, so that a mistake would have to be made twice. Slow and simple: it
//! goes over all links for each content, and over every step of every way.

use super::changes::Changed;
use super::circular::{Circle, Step};
use super::conflicts::Conflict;
use super::contradict::ContradictionKind;
use super::corroborate::Corroboration;
use super::figures::{Claimed, Fit};
use super::impact::{Affected, Effect, Hinge, Weakness};
use super::independence::{Dependence, Independence, Origin, OriginKind};
use super::record::{Retracted, Way};
use super::reliance::Reliance;
use super::silence::{Silence, SilenceKind};
use super::timeline::{ChangeKind, Event};
use crate::graph::{Cut, Node, Party, Sight};
use crate::model::{
    Act, AppearanceId, Bound, ClaimId, ClaimRef, Commitment, Content, DocumentId, EntityId, EntityKind,
    LinkRelation, Mode, StringId, Time, Truth, fold,
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

    /// A corroboration: every claim commits, every way is there, origins and their dependence are as the graph has them, the numbers follow
    /// from these, and links and cut are on the ways.
    pub fn corroboration(&self, found: &Corroboration) -> Checked {
        let sides = [
            (&found.support.backing, found.content, &found.backing),
            (&found.support.denying, found.content.flipped(), &found.denying),
        ];
        for (claims, content, independence) in sides {
            for backed in claims {
                self.commits(backed.claim, content)?;
                must(!backed.ways.is_empty(), || "a claim counts that did not reach us".into())?;
                backed.ways.iter().try_for_each(|way| self.way(*way))?;
            }
            let counted: Vec<ClaimId> =
                independence.origins.iter().flat_map(|origin| origin.claims.iter().copied()).collect();
            let (sorted, distinct) = (counted.len(), counted.iter().collect::<BTreeSet<_>>().len());
            must(sorted == distinct && sorted == claims.len(), || "claims and origins do not match".into())?;
            self.independence(independence)?;
        }
        let ways = || found.support.backing.iter().flat_map(|backed| backed.ways.iter().copied());
        for link in &found.links {
            must(ways().all(|way| self.is_on(way, *link)), || "a link is not on every way".into())?;
        }
        let cut = |way: Way| found.cut.hands.iter().any(|hand| self.is_on(way, *hand));
        must(ways().all(cut), || "a way is left after the cut".into())?;
        for hand in &found.cut.hands {
            let others = || found.cut.hands.iter().filter(|other| *other != hand);
            let needed = ways().any(|way| !others().any(|other| self.is_on(way, *other)));
            must(needed, || "the cut has more than it needs".into())?;
        }
        Ok(())
    }

    fn independence(&self, found: &Independence) -> Checked {
        let graph = self.sight.graph;
        for origin in &found.origins {
            for claim in &origin.claims {
                let speaks = |member: EntityId| self.party_has(graph.claims.source(*claim), member);
                must(origin.members.iter().any(|member| speaks(*member)), || {
                    format!("claim {} is of another origin", claim.0)
                })?;
            }
            let kind = origin.members.iter().map(|member| self.kind(*member)).min();
            must(kind == Some(origin.kind), || "an origin is told to be what it is not".into())?;
            for dependence in &origin.from {
                let on = found.origins.get(dependence.on());
                let on = on.ok_or_else(|| Refuted("an origin rests on none of these".into()))?;
                self.dependence(*dependence, origin, on)?;
            }
        }
        // Counted again by walking: an origin that rests on others adds nothing, unless all that it rests on come back to it.
        let all = &found.origins;
        let reach = |from: usize| {
            let mut seen = BTreeSet::from([from]);
            let mut waiting = vec![from];
            while let Some(at) = waiting.pop() {
                for on in all.get(at).into_iter().flat_map(|origin| &origin.from).map(|one| one.on()) {
                    if seen.insert(on) {
                        waiting.push(on);
                    }
                }
            }
            seen
        };
        let reached: Vec<BTreeSet<usize>> = (0..all.len()).map(reach).collect();
        let comes_back = |at: usize| {
            let all_of = reached.get(at).into_iter().flatten();
            all_of.clone().all(|on| reached.get(*on).is_some_and(|from| from.contains(&at)))
        };
        let roots: BTreeSet<&BTreeSet<usize>> =
            (0..all.len()).filter(|at| comes_back(*at)).filter_map(|at| reached.get(at)).collect();
        let has_name = |root: &BTreeSet<usize>| {
            root.iter().any(|at| all.get(*at).is_some_and(|origin| origin.kind == OriginKind::Named))
        };
        let named = roots.iter().filter(|root| has_name(root)).count() as u64;
        let max = roots.len() as u64;
        let min = if named == 0 && max > 0 { 1 } else { named };
        must((found.range.min, found.range.max) == (min, max), || {
            format!("counted {}..{} where the record has {min}..{max}", found.range.min, found.range.max)
        })
    }

    fn dependence(&self, dependence: Dependence, who: &Origin, on: &Origin) -> Checked {
        let graph = self.sight.graph;
        let among =
            |party: Party, members: &[EntityId]| members.iter().any(|one| self.party_has(party, *one));
        let holds = match dependence {
            Dependence::Told { claim, .. } => {
                self.claim(claim)?;
                among(graph.claims.source(claim), &on.members)
                    && among(graph.claims.listener(claim), &who.members)
            }
            Dependence::Attributes { claim, .. } => {
                self.claim(claim)?;
                let carried = graph.claims.appearances(claim).any(|appearance| {
                    let (outermost, document) = graph.chains.appearance(appearance);
                    let outlet = graph.documents.outlet(document);
                    among(graph.chains.source(outermost), &who.members)
                        || who.members.iter().any(|one| outlet.is_some() && self.is_entity(outlet, *one))
                });
                carried && among(graph.claims.source(claim), &on.members)
            }
            Dependence::Cites { document, .. } => {
                let (documents, sources) = self.cited(document);
                // Each document in which it published it itself cites somebody; in this one it did.
                let own = who.claims.iter().flat_map(|claim| self.ways_of(*claim)).filter(|way| {
                    let (outermost, document) = graph.chains.appearance(way.appearance);
                    let outlet = graph.documents.outlet(document);
                    let itself =
                        |one: EntityId| who.members.iter().any(|member| self.is_entity(one, *member));
                    let mut hands = graph
                        .chains
                        .inwards(outermost)
                        .flat_map(|hop| graph.entities.party(graph.chains.source(hop)));
                    hands.all(itself) && outlet.some().is_none_or(itself)
                });
                let of = |way: &Way| graph.chains.document(way.appearance);
                let cites = |cited: DocumentId| {
                    let is_it = |one: &Dependence| matches!(*one, Dependence::Cites { document, .. } if document == cited);
                    who.from.iter().any(is_it)
                };
                let every: Vec<Way> = own.collect();
                every.iter().any(|way| of(way) == document)
                    && every.iter().all(|way| cites(of(way)))
                    && on.claims.iter().any(|claim| {
                        self.ways_of(*claim).any(|way| {
                            let published = graph.chains.document(way.appearance);
                            documents.contains(&published) || sources.iter().any(|one| self.is_on(way, *one))
                        })
                    })
            }
        };
        must(holds, || "an origin does not rest on another as was told".into())
    }

    /// A conflict: both claims are on record, and their contents contradict in the way told.
    pub fn conflict(&self, found: &Conflict) -> Checked {
        let graph = self.sight.graph;
        self.claim(found.a)?;
        self.claim(found.b)?;
        let (Some(a), Some(b)) = (graph.claims.content(found.a), graph.claims.content(found.b)) else {
            return Err(Refuted("a claim says nothing".into()));
        };
        let holds = self.contradict(a, b, found.kind);
        must(holds, || format!("claims {} and {} do not contradict so", found.a.0, found.b.0))
    }

    /// Whether two contents contradict in a way.
    fn contradict(&self, a: Content, b: Content, kind: ContradictionKind) -> bool {
        let graph = self.sight.graph;
        let (ones, others) = (self.same(Node::Content(a)), self.same(Node::Content(b)));
        match kind {
            ContradictionKind::Negation => {
                let (one, other) = (a.proposition, b.proposition);
                let (figures, facts) =
                    (|of| graph.propositions.figures(of), |of| graph.propositions.facts(of));
                ones.contains(&Node::Content(b.flipped()))
                    || a.negated != b.negated
                        && fold(graph.propositions.text(one)) == fold(graph.propositions.text(other))
                        && figures(one).eq(figures(other))
                        && facts(one).eq(facts(other))
            }
            ContradictionKind::Declared => graph.links.iter().any(|link| {
                link.relation == LinkRelation::Contradicts
                    && (ones.contains(&link.left) && others.contains(&link.right)
                        || ones.contains(&link.right) && others.contains(&link.left))
            }),
            ContradictionKind::Figures => graph.propositions.figures(a.proposition).any(|one| {
                graph.propositions.figures(b.proposition).any(|other| {
                    let touch = |high: &Bound, low: &Bound| {
                        high.high < low.low || high.high <= low.low && (high.high_open || low.low_open)
                    };
                    let apart = touch(&one.bound, &other.bound) || touch(&other.bound, &one.bound);
                    self.is_text(one.what, other.what) && (apart || !self.is_text(one.unit, other.unit))
                })
            }),
            ContradictionKind::Fact => graph.propositions.facts(a.proposition).any(|one| {
                graph.propositions.facts(b.proposition).any(|other| {
                    let is_value = self.is_text(one.text, other.text)
                        && (one.entity == other.entity
                            || one.entity.is_some()
                                && other.entity.is_some()
                                && self.is_entity(one.entity, other.entity));
                    self.is_text(one.attribute, other.attribute) && !is_value
                })
            }),
        }
    }

    /// A circle: every step is on a way or in a citation, and the last leads to the first.
    pub fn circle(&self, circle: &Circle) -> Checked {
        let graph = self.sight.graph;
        match circle {
            Circle::Confirmation { content, steps } => {
                let same = self.same(Node::Content(*content));
                let next = steps.iter().cycle().skip(1);
                for (step, next) in steps.iter().zip(next) {
                    must(step.from == next.who, || "the circle is open".into())?;
                    let said = graph.claims.content(step.way.claim).map(Node::Content);
                    must(said.is_some_and(|said| same.contains(&said)), || {
                        "a claim says something else".into()
                    })?;
                    self.step(*step)?;
                }
                must(!steps.is_empty(), || "there is no circle".into())
            }
            Circle::Citation(documents) => {
                let next = documents.iter().cycle().skip(1);
                for (document, next) in documents.iter().zip(next) {
                    let cites = graph.documents.cites_documents(*document).contains(next.0);
                    must(cites, || "a document does not cite the next".into())?;
                }
                must(!documents.is_empty(), || "there is no circle".into())
            }
        }
    }

    fn step(&self, step: Step) -> Checked {
        self.way(step.way)?;
        let graph = self.sight.graph;
        if step.document.is_some() {
            let (documents, sources) = self.cited(step.document);
            let leads = sources.iter().any(|one| self.is_entity(*one, step.from))
                || documents.iter().any(|cited| self.published(*cited, step.from));
            let is_its = graph.chains.document(step.way.appearance) == step.document
                && self.published(step.document, step.who);
            return must(leads && is_its, || "a document does not cite the next".into());
        }
        must(self.is_outside(step.way, step.who, step.from), || "nobody has it from the next so".into())
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

    /// An event: its claim is on record, and a change is against an earlier claim of a speaker that they share, where order was told.
    pub fn event(&self, event: &Event) -> Checked {
        let graph = self.sight.graph;
        self.claim(event.claim)?;
        let Some(change) = event.change else { return Ok(()) };
        self.claim(change.from)?;
        let speakers = graph.entities.party(graph.claims.source(event.claim));
        let mut shared = speakers.filter(|one| self.party_has(graph.claims.source(change.from), *one));
        must(shared.next().is_some(), || "a change between different speakers".into())?;
        if let (Some(now), Some(then)) =
            (graph.claims.content(event.claim), graph.claims.content(change.from))
        {
            let same = self.same(Node::Content(then));
            let is_one = same.contains(&Node::Content(now)) || same.contains(&Node::Content(now.flipped()));
            let may = matches!(change.kind, ChangeKind::Reversal | ChangeKind::Unordered);
            let kinds = [ContradictionKind::Declared, ContradictionKind::Figures, ContradictionKind::Fact];
            let against = may && kinds.iter().any(|kind| self.contradict(now, then, *kind));
            must(is_one || against, || "a change between different contents".into())?;
        }
        self.change(event.claim, change.from, change.kind)?;
        let said = |claim| graph.times.get(graph.claims.said(claim));
        let ordered = match (said(event.claim), said(change.from)) {
            (Some(now), Some(then)) => certainly_before(&then, &now),
            _ => true,
        };
        must(ordered || matches!(change.kind, ChangeKind::Unordered | ChangeKind::Repetition), || {
            "a change against a claim that is not certainly earlier".into()
        })
    }

    /// A change of position is of the kind told: what is held of one content has grown, or shrunk, or is the same, or is the opposite.
    fn change(&self, now: ClaimId, then: ClaimId, kind: ChangeKind) -> Checked {
        let graph = self.sight.graph;
        let act = |claim| graph.lexicon.verb(graph.claims.verb(claim)).act;
        let weight = |claim| match (act(claim), graph.claims.flags(claim).commitment()) {
            (Act::Doubt, _) => 0,
            (Act::Retract, _) => 1,
            (_, Commitment::Uncommitted) => 2,
            (_, Commitment::Possible) => 3,
            (_, Commitment::Probable) => 4,
            (_, Commitment::Certain) => 5,
        };
        let said = |claim| graph.claims.content(claim).map(Node::Content);
        let (Some(content), Some(before)) = (said(now), said(then)) else { return Ok(()) };
        let same = self.same(content);
        let flips = (act(now) == Act::Retract) != (act(then) == Act::Retract);
        let (is_same, is_doubt) =
            (same.contains(&before) != flips, (weight(now) == 0) != (weight(then) == 0));
        let along = is_same || is_doubt;
        let fits = match kind {
            ChangeKind::Reversal => !along,
            ChangeKind::Repetition => along && weight(now) == weight(then),
            ChangeKind::Softening => along && weight(now) < weight(then),
            ChangeKind::Hardening => along && weight(now) > weight(then),
            ChangeKind::Unordered => true,
        };
        must(fits, || format!("the change of claim {} is not {}", now.0, kind.word()))
    }

    /// What becomes of a claim: the ways that are left touch nothing retracted, and a claim that falls has none that would.
    pub fn affected(&self, found: &Affected, retracted: &Retracted) -> Checked {
        let graph = self.sight.graph;
        let is_cut = |way: Way| {
            let (outermost, document) = graph.chains.appearance(way.appearance);
            retracted.entities.iter().any(|entity| self.is_on(way, *entity))
                || retracted.documents.contains(&document)
                || retracted.claims.contains(&ClaimRef::of(way.claim))
                || graph
                    .chains
                    .inwards(outermost)
                    .any(|hop| retracted.claims.contains(&ClaimRef { claim: way.claim, hop }))
        };
        let same = self.same_claims(found.claim);
        // What took a document back may be what is retracted.
        for way in &found.left {
            self.came(*way)?;
            must(same.contains(&way.claim), || "a way is left of another claim".into())?;
            must(!is_cut(*way), || "a way is left that goes through what was retracted".into())?;
        }
        must((found.effect == Effect::Falls) == found.left.is_empty(), || "it falls and stands".into())?;
        if found.effect == Effect::Falls {
            let mut open = same.iter().flat_map(|one| self.ways_of(*one)).filter(|way| !is_cut(*way));
            must(open.next().is_none(), || format!("claim {} has a way left", found.claim.0))?;
        }
        Ok(())
    }

    /// On what a content hangs: the claims commit to it, their ways are there, and each thing told is on all of them.
    pub fn weakness(&self, found: &Weakness) -> Checked {
        let graph = self.sight.graph;
        for backed in &found.backing {
            self.commits(backed.claim, found.content)?;
            must(!backed.ways.is_empty(), || "a claim counts that did not reach us".into())?;
            backed.ways.iter().try_for_each(|way| self.way(*way))?;
        }
        for hinge in &found.hinges {
            let is_on = |way: &Way| match *hinge {
                Hinge::Hand(hand) => self.is_on(*way, hand),
                Hinge::Document(document) => graph.chains.document(way.appearance) == document,
                Hinge::Claim(claim) => self
                    .same(Node::Claim(ClaimRef::of(claim)))
                    .contains(&Node::Claim(ClaimRef::of(way.claim))),
            };
            let mut ways = found.backing.iter().flat_map(|backed| &backed.ways);
            must(ways.all(is_on), || "a way is left without what it hangs on".into())?;
        }
        must(found.hinges.is_empty() || !found.backing.is_empty(), || "nothing hangs on it".into())
    }

    /// Whom claims rest on: each is its own, or came by a way on which it stands directly outside of them; and what it says in its own voice
    /// it asserts itself.
    pub fn reliance(&self, found: &Reliance) -> Checked {
        let graph = self.sight.graph;
        for (on, claims) in &found.rests_on {
            for claim in claims {
                let speaks = self.party_has(graph.claims.source(*claim), found.who);
                let rests =
                    |way: Way| if speaks { *on == found.who } else { self.is_outside(way, found.who, *on) };
                let mut same = self.same_claims(*claim).into_iter().filter(|one| claims.contains(one));
                must(same.nth(1).is_none(), || format!("claim {} is counted twice", claim.0))?;
                must(self.ways_of(*claim).any(rests), || format!("claim {} does not rest on them", claim.0))?;
            }
        }
        for (content, claims) in found.only_unnamed.iter().chain(&found.own_voice) {
            let same = self.same(Node::Content(*content));
            for claim in claims {
                let said = graph.claims.content(*claim).map(Node::Content);
                must(said.is_some_and(|said| same.contains(&said)), || "a claim says something else".into())?;
            }
        }
        for claim in found.own_voice.iter().flat_map(|(_, claims)| claims) {
            let act = graph.lexicon.verb(graph.claims.verb(*claim)).act;
            let states = self.party_has(graph.claims.source(*claim), found.who) && act.is_under(Act::Assert);
            must(states, || format!("claim {} is no statement of its own", claim.0))?;
        }
        Ok(())
    }

    /// What changed: its new claims are on record now, say that or the opposite, and were not out before.
    pub fn changed(&self, found: &Changed, before: &Verifier<'_>) -> Checked {
        let graph = self.sight.graph;
        let same = self.same(Node::Content(found.content));
        let opposite = self.same(Node::Content(found.content.flipped()));
        for claim in &found.claims {
            self.claim(*claim)?;
            let said = graph.claims.content(*claim).map(Node::Content);
            let fits = said.is_some_and(|said| same.contains(&said) || opposite.contains(&said));
            must(fits, || "a claim says something else".into())?;
            must(before.ways_of(*claim).next().is_none(), || "a new claim was out before".into())?;
        }
        Ok(())
    }

    /// A figure is its proposition's, and those that agree have a value in common.
    pub fn figures(&self, found: &[Claimed]) -> Checked {
        let graph = self.sight.graph;
        for one in found {
            self.claim(one.claim)?;
            let mut figures = graph.propositions.figures(one.proposition);
            let figure = figures.nth(one.place as usize);
            must(figure.is_some_and(|figure| figure.bound == one.bound), || "a figure is not there".into())?;
        }
        for one in found.iter().filter(|one| one.fits == Fit::Core) {
            let others = found.iter().filter(|other| other.fits == Fit::Core && other.measure == one.measure);
            for other in others {
                let apart = one.bound.high < other.bound.low || other.bound.high < one.bound.low;
                must(!apart, || "figures that agree exclude each other".into())?;
            }
        }
        Ok(())
    }

    /// A silence: the refusal or question is there; who is on record with nothing said nothing in these claims.
    pub fn silence(&self, found: &Silence, claims: &[ClaimId]) -> Checked {
        let graph = self.sight.graph;
        let act = |claim| graph.lexicon.verb(graph.claims.verb(claim)).act;
        match found.kind {
            SilenceKind::Refused(claim) => {
                self.claim(claim)?;
                let refuses =
                    act(claim) == Act::Refuse && self.party_has(graph.claims.source(claim), found.who);
                must(refuses, || "nobody refused so".into())
            }
            SilenceKind::Asked(claim, _) => {
                self.claim(claim)?;
                let asked = act(claim) == Act::Ask && self.party_has(graph.claims.listener(claim), found.who);
                must(asked, || "nobody was asked so".into())
            }
            SilenceKind::Nothing => {
                let speaks = |claim: &&ClaimId| {
                    act(**claim).is_speech() && self.party_has(graph.claims.source(**claim), found.who)
                };
                let spoke = claims.iter().filter(speaks).any(|claim| self.ways_of(*claim).next().is_some());
                must(!spoke, || "somebody spoke who is told to be on record with nothing".into())
            }
        }
    }
}

fn certainly_before(one: &Time, other: &Time) -> bool {
    one.before(other) == Truth::Certain
}
