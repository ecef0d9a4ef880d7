//! Where claims came out, which of that the question may see, and whether a chain has the hops asked for.

use super::lists::{Open, Values};
use super::{Evaluator, UNBOUND};
use crate::graph::Party;
use crate::model::{AppearanceId, ClaimId, ClaimRef, DocumentId, EntityId, HopId, StringId, Truth, fold};
use crate::plan::{
    Chain as Wanted, DocumentTest, EntityTest, ListTest, Quantifier, SlotId, ViaPosition, ViaTest,
};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::sync::Arc;

/// What slots hold.
pub(super) type Filled = Vec<(SlotId, u64)>;

/// How chains meet the tests of sentences: by where the tests stand and the outermost hop.
pub(super) type Met = HashMap<(usize, HopId), Arc<[Filled]>>;

/// Who is known to have carried a claim.
pub(super) struct Carriers {
    /// One of these.
    pub who: Vec<EntityId>,
    /// Where in the chain.
    pub place: Place,
}

/// Where in a chain a carrier stands.
pub(super) enum Place {
    /// Anywhere.
    Any,
    /// Next to the speaker.
    First,
    /// Outermost.
    Last,
    /// Directly outside one of these.
    After(Vec<EntityId>),
}

/// One way in which the chain tests of a sentence are met: the appearance, and what open slots then hold.
pub(super) struct Way {
    pub appearance: AppearanceId,
    pub slots: Filled,
}

impl Evaluator<'_> {
    /// The appearances of a claim that pass it on and that the question sees, the earliest published first. Nothing where the claim is only
    /// spoken about, or was not out by then; a claim recorded on its own has one that is none.
    pub(super) fn appearances(&self, claim: ClaimId) -> Vec<AppearanceId> {
        self.sight.appearances(claim, |hop| self.counts(hop))
    }

    /// The appearance of a claim or relay that was published first, as far as the question sees it.
    pub(super) fn first_appearance(&self, claim: ClaimRef) -> Option<AppearanceId> {
        let mut all = self.graph.claims.appearances(claim.claim);
        match (all.next(), all.next()) {
            (Some(only), None) if !claim.is_relay() => {
                (self.counts(self.graph.way(claim.claim, only).0) && self.sight.sees(only)).then_some(only)
            }
            _ => self.appearances_of(claim).first().copied(),
        }
    }

    /// The appearances of a relay.
    pub(super) fn appearances_of(&self, claim: ClaimRef) -> Vec<AppearanceId> {
        if claim.is_relay() {
            let through = |outermost| self.graph.chains.inwards(outermost).any(|hop| hop == claim.hop);
            self.sight.appearances(claim.claim, through)
        } else {
            self.appearances(claim.claim)
        }
    }

    /// Everyone who carried a claim up to a hop, from the speaker outwards, each once.
    pub(super) fn carried(&self, outermost: HopId) -> SmallVec<[u64; 8]> {
        let mut hops: SmallVec<[HopId; 8]> = self.graph.chains.inwards(outermost).collect();
        hops.reverse();
        let mut carriers: SmallVec<[u64; 8]> = SmallVec::new();
        for hop in hops {
            for carrier in self.party_members(self.graph.chains.source(hop)) {
                if !carriers.contains(&carrier) {
                    carriers.push(carrier);
                }
            }
        }
        carriers
    }

    /// Whether any of these is among some carriers; or that none of them is, where that is asked for, but somebody.
    pub(super) fn came_through(&self, who: &ListTest, carriers: impl Iterator<Item = Party>) -> bool {
        let is_one = |party: Party| {
            let members = self.party_members(party);
            who.terms.iter().any(|term| self.one(term, &members, &[], &mut Open::new()))
        };
        let mut carriers = carriers.peekable();
        let is_carried = carriers.peek().is_some();
        let any = carriers.any(is_one);
        if who.quantifier == Quantifier::None { is_carried && !any } else { any }
    }

    /// The hops of an appearance outside a claim or relay, from there outwards.
    pub(super) fn hops(&self, claim: ClaimRef, appearance: AppearanceId) -> Vec<HopId> {
        let (outermost, _) = self.graph.way(claim.claim, appearance);
        let mut hops: Vec<HopId> =
            self.graph.chains.inwards(outermost).take_while(|hop| *hop != claim.hop).collect();
        hops.reverse();
        hops
    }

    /// The hedge of the speaker, else of the hop nearest to the speaker, and whose it is.
    pub(super) fn hedge(&self, claim: ClaimRef, appearance: AppearanceId) -> Option<(StringId, EntityId)> {
        let graph = self.graph;
        let (own, speaker) = if claim.is_relay() {
            let hop = graph.chains.hop(claim.hop)?;
            (hop.hedge, hop.source)
        } else {
            (graph.claims.hedge(claim.claim), graph.claims.source(claim.claim))
        };
        let first = |party| graph.entities.party(party).next().unwrap_or(EntityId::NONE);
        if own.is_some() {
            return Some((own, first(speaker)));
        }
        let hedging = self.hedging(claim, appearance)?;
        Some((graph.chains.hedge(hedging), first(graph.chains.source(hedging))))
    }

    /// Whether there is one.
    pub(super) fn is_hedged(&self, claim: ClaimRef, appearance: AppearanceId) -> bool {
        let graph = self.graph;
        let own =
            if claim.is_relay() { graph.chains.hedge(claim.hop) } else { graph.claims.hedge(claim.claim) };
        own.is_some() || self.hedging(claim, appearance).is_some()
    }

    /// The hop nearest to the speaker that has a hedge.
    fn hedging(&self, claim: ClaimRef, appearance: AppearanceId) -> Option<HopId> {
        let chains = &self.graph.chains;
        // Mostly no hop has any, and no chain need be looked at.
        let outermost = chains.has_hedges().then(|| self.graph.way(claim.claim, appearance).0)?;
        let hops = chains.inwards(outermost).take_while(|hop| *hop != claim.hop);
        // The innermost hop is the last one on the way inwards.
        hops.filter(|hop| chains.hedge(*hop).is_some()).last()
    }

    /// Where a claim appeared once and no slot of the hop tests is filled: that appearance, with what it fills of the document where it is seen
    /// and in the one that is asked for. It is so with nearly every claim.
    pub(super) fn only_way(
        &self,
        claim: ClaimRef,
        wanted: &Wanted,
        row: &[u64],
    ) -> Option<(AppearanceId, Option<Filled>)> {
        let mut all = self.graph.claims.appearances(claim.claim);
        let (Some(only), None) = (all.next(), all.next()) else { return None };
        if claim.is_relay() || !Self::opens_all(wanted, row) {
            return None;
        }
        let (outermost, document) = self.graph.way(claim.claim, only);
        if !self.counts(outermost) || !self.sight.sees(only) {
            return Some((only, None));
        }
        Some((only, Self::document(wanted.document.as_ref(), document, row)))
    }

    /// Every way in which a claim meets the chain tests of a sentence, the earliest published first. Where no slot is open, the first one.
    pub(super) fn ways(&self, claim: ClaimRef, wanted: &Wanted, row: &[u64]) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        for appearance in self.appearances_of(claim) {
            let (outermost, document) = self.graph.way(claim.claim, appearance);
            let Some(slots) = Self::document(wanted.document.as_ref(), document, row) else { continue };
            let met = if wanted.has_hops() && !claim.is_relay() && Self::opens_all(wanted, row) {
                self.met_whole(wanted, outermost)
            } else {
                self.met(wanted, &self.hops(claim, appearance), row).into()
            };
            for carriers in met.iter() {
                let slots = [&slots[..], carriers].concat();
                if ways.iter().all(|way| way.slots != slots) {
                    ways.push(Way { appearance, slots });
                }
            }
            if ways.last().is_some_and(|way| way.slots.is_empty()) {
                return ways;
            }
        }
        ways
    }

    /// The hops from outside `inner` up to `outermost`, outwards; none where one does not lie within the other.
    pub(super) fn carriers_between(&self, inner: HopId, outermost: HopId) -> Vec<HopId> {
        let mut hops: Vec<HopId> =
            self.graph.chains.inwards(outermost).take_while(|hop| *hop != inner).collect();
        let reached = hops.last().map_or(HopId::NONE, |hop| self.graph.chains.parent(*hop));
        if reached != inner {
            return Vec::new();
        }
        hops.reverse();
        hops
    }

    /// Every way in which the whole chain from the speaker to this hop meets the tests, their slots all open: remembered, as many claims come
    /// by the same chain.
    pub(super) fn met_whole(&self, wanted: &Wanted, outermost: HopId) -> Arc<[Filled]> {
        // A sentence stays where it is as long as its question is answered.
        let key = (std::ptr::from_ref(wanted).addr(), outermost);
        if let Some(known) = self.chains_met.borrow().get(&key) {
            return known.clone();
        }
        let mut hops: Vec<HopId> = self.graph.chains.inwards(outermost).collect();
        hops.reverse();
        let met: Arc<[Filled]> = self.met(wanted, &hops, &[]).into();
        self.chains_met.borrow_mut().insert(key, met.clone());
        met
    }

    /// Whether none of the slots that the hop tests of a sentence name is filled.
    fn opens_all(wanted: &Wanted, row: &[u64]) -> bool {
        let terms = wanted.via.iter().chain(&wanted.also).flat_map(|via| &via.who.terms);
        terms.into_iter().all(|term| match term {
            EntityTest::Slot(slot, _) => Self::held(row, *slot).is_none(),
            _ => true,
        })
    }

    /// Every way in which these hops meet the tests: what open slots then hold.
    pub(super) fn met(&self, wanted: &Wanted, hops: &[HopId], row: &[u64]) -> Vec<Filled> {
        let mut found = Vec::new();
        self.walk(wanted, hops, 0, None, row, &mut Vec::new(), &mut found);
        found
    }

    fn document(test: Option<&DocumentTest>, document: DocumentId, row: &[u64]) -> Option<Filled> {
        match test {
            None => Some(Vec::new()),
            Some(DocumentTest::One(wanted)) => (*wanted == Some(document)).then(Vec::new),
            Some(DocumentTest::Slot(slot)) => {
                let cell = u64::from(document.some()?.0);
                match Self::held(row, *slot) {
                    Some(held) => (held == cell).then(Vec::new),
                    None => Some(vec![(*slot, cell)]),
                }
            }
        }
    }

    /// Meets the hop tests in order; each may skip hops unless its position says otherwise. Then the tests that may be met anywhere.
    #[expect(clippy::too_many_arguments, reason = "the state of one walk")]
    fn walk(
        &self,
        wanted: &Wanted,
        hops: &[HopId],
        test: usize,
        last: Option<usize>,
        row: &[u64],
        slots: &mut Filled,
        found: &mut Vec<Filled>,
    ) {
        let anywhere = test >= wanted.via.len();
        let Some(via) = wanted.via.get(test).or_else(|| wanted.also.get(test - wanted.via.len())) else {
            if !found.contains(slots) {
                found.push(slots.clone());
            }
            return;
        };
        let next = last.map_or(0, |at| at + 1);
        let places: std::ops::Range<usize> = match via.position {
            _ if anywhere => 0..hops.len(),
            ViaPosition::Any => next..hops.len(),
            ViaPosition::First => 0..hops.len().min(1),
            ViaPosition::Last => hops.len().saturating_sub(1)..hops.len(),
            ViaPosition::Directly => next..hops.len().min(next + 1),
        };
        if via.who.quantifier == Quantifier::None {
            let is_one = |members: &Values| {
                via.who.terms.iter().any(|term| self.one(term, members, row, &mut Open::new()))
            };
            let any = places.clone().any(|at| {
                let hop = hops.get(at);
                hop.and_then(|hop| self.carriers_of_fitting(via, *hop)).as_ref().is_some_and(is_one)
            });
            if !any && !hops.is_empty() {
                self.walk(wanted, hops, test + 1, last, row, slots, found);
            }
            return;
        }
        for at in places {
            if !anywhere && last.is_some_and(|last| at <= last) {
                continue;
            }
            let mut open = Open::new();
            let Some(hop) = hops.get(at) else { continue };
            if !self.hop_fits(via, *hop, row, &mut open) {
                continue;
            }
            let depth = slots.len();
            let place = if anywhere { last } else { Some(at) };
            Self::assign(&open, slots, &mut |slots| {
                self.walk(wanted, hops, test + 1, place, row, slots, found);
            });
            slots.truncate(depth);
        }
    }

    /// Every way to fill open slots, beside what other hops filled.
    fn assign(open: &[(SlotId, Values)], slots: &mut Filled, then: &mut dyn FnMut(&mut Filled)) {
        let Some(((slot, values), rest)) = open.split_first() else { return then(slots) };
        match slots.iter().find(|(known, _)| known == slot).map(|(_, value)| *value) {
            Some(value) if values.contains(&value) => Self::assign(rest, slots, then),
            Some(_) => {}
            None => {
                for value in values {
                    let depth = slots.len();
                    slots.push((*slot, *value));
                    Self::assign(rest, slots, then);
                    slots.truncate(depth);
                }
            }
        }
    }

    fn hop_fits(&self, via: &ViaTest, hop: HopId, row: &[u64], open: &mut Open) -> bool {
        let members = self.carriers_of_fitting(via, hop);
        members.is_some_and(|members| self.list(&via.who, &members, row, open))
    }

    /// Who carried a hop, where it fits all else that a test asks.
    fn carriers_of_fitting(&self, via: &ViaTest, hop: HopId) -> Option<Values> {
        let graph = self.graph;
        let known = graph.chains.hop(hop)?;
        if via.basis.is_some_and(|basis| basis != known.basis) {
            return None;
        }
        if !via.verbs.is_empty() && !via.verbs.get(known.verb.index()).copied().unwrap_or(false) {
            return None;
        }
        if let Some(hedge) = &via.hedge
            && (!known.hedge.is_some() || fold(graph.strings.get(known.hedge)) != fold(hedge))
        {
            return None;
        }
        if let Some(time) = &via.time
            && graph.times.get(known.time).is_none_or(|known| known.within(time) != Truth::Certain)
        {
            return None;
        }
        Some(self.canonical(graph.entities.party(known.source)))
    }

    /// The entities that the hop tests of a sentence name for certain, each test alone, with where it stands; for finding claims by their
    /// carriers.
    pub(super) fn carriers(wanted: &Wanted, row: &[u64]) -> Vec<Carriers> {
        let ordered = wanted.via.iter().enumerate().map(|(at, via)| (Some(at), via));
        let tests = ordered.chain(wanted.also.iter().map(|via| (None, via)));
        tests
            .filter_map(|(at, via)| {
                let before = at.and_then(|at| wanted.via.get(at.checked_sub(1)?));
                let place = match (at, via.position) {
                    (None, _) | (_, ViaPosition::Any) => Place::Any,
                    (_, ViaPosition::Last) => Place::Last,
                    (_, ViaPosition::First) | (Some(0), ViaPosition::Directly) => Place::First,
                    (_, ViaPosition::Directly) => before
                        .and_then(|before| Self::carried_by(before, row))
                        .map_or(Place::Any, Place::After),
                };
                Some(Carriers { who: Self::carried_by(via, row)?, place })
            })
            .collect()
    }

    /// The entities that a hop test names for certain.
    fn carried_by(via: &ViaTest, row: &[u64]) -> Option<Vec<EntityId>> {
        if via.who.quantifier == Quantifier::None {
            return None;
        }
        let each = via.who.terms.iter().map(|term| match term {
            EntityTest::OneOf(found) => Some(found.clone()),
            EntityTest::Slot(slot, _) => Self::held(row, *slot).map(|held| vec![EntityId(held as u32)]),
            EntityTest::Anyone => None,
        });
        each.collect::<Option<Vec<_>>>().map(|each| each.concat())
    }

    /// How many different chains a claim came by.
    pub(super) fn chains(&self, claim: ClaimRef) -> u32 {
        let mut chains: Vec<HopId> = self
            .appearances_of(claim)
            .into_iter()
            .map(|appearance| self.graph.chains.outermost_hop(appearance))
            .filter(|hop| hop.is_some() && *hop != claim.hop)
            .collect();
        chains.sort_unstable();
        chains.dedup();
        chains.len() as u32
    }

    /// The rank of an appearance: the earliest published first.
    pub(super) fn rank(&self, cell: u64) -> (i64, u64) {
        if cell == UNBOUND {
            return (i64::MAX, cell);
        }
        (self.sight.published(AppearanceId(cell as u32)).map_or(i64::MAX, |time| time.from), cell)
    }
}
