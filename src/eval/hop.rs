//! Speech about speech: a sentence whose content is a claim is met by the relays of that claim.

use super::claim::{Then, claim_of};
use super::lists::Open;
use super::{Evaluator, Flow};
use crate::model::{Act, ClaimRef, HopId, fold};
use crate::plan::{Chain, ClaimPattern, ContentTest, claim_cell};
use smallvec::smallvec;

impl Evaluator<'_> {
    /// Every row in which a relay fits the sentence.
    pub(super) fn relays(&self, pattern: &ClaimPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        match &pattern.content {
            ContentTest::Claim(claim, denied) => self.relays_of(pattern, *claim, *denied, row, then),
            ContentTest::ClaimSlot(slot, denied) => match Self::held(row, *slot) {
                Some(held) => self.relays_of(pattern, claim_of(held), *denied, row, then),
                None => {
                    for claim in 0..self.graph.claims.len() as u32 {
                        let claim = crate::model::ClaimId(claim);
                        if !self.sight.is_on_record(claim) {
                            continue;
                        }
                        let relays = self.graph.relays(claim).into_iter().map(|hop| ClaimRef { claim, hop });
                        for inner in std::iter::once(ClaimRef::of(claim)).chain(relays) {
                            self.tick()?;
                            let open = [(*slot, smallvec![claim_cell(inner)])];
                            Self::fill_slots(&open, row, &mut |row| {
                                self.relays_of(pattern, inner, *denied, row, then)
                            })?;
                        }
                    }
                    Flow::Continue(())
                }
            },
            ContentTest::Speech(inner, denied) if inner.chain.has_hops() => {
                // The chain asked for inside reaches from the claim to this relay, and no further.
                let mut alone = inner.as_ref().clone();
                alone.chain = Chain { document: alone.chain.document, ..Chain::default() };
                self.spoken_about(&alone, row, &mut |row| match Self::held(row, inner.claim) {
                    Some(held) => {
                        self.relays_through(pattern, claim_of(held), &inner.chain, *denied, row, then)
                    }
                    None => Flow::Continue(()),
                })
            }
            ContentTest::Speech(inner, denied) => {
                self.spoken_about(inner, row, &mut |row| match Self::held(row, inner.claim) {
                    Some(held) => self.relays_of(pattern, claim_of(held), *denied, row, then),
                    None => Flow::Continue(()),
                })
            }
            _ => Flow::Continue(()),
        }
    }

    /// The same as [`Evaluator::claims`], but also for claims that nobody passes on: they are spoken about, not said here.
    fn spoken_about(&self, pattern: &ClaimPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let before = self.alleged.replace(true);
        let flow = self.claims(pattern, row, &mut |row| {
            let inside = self.alleged.replace(before);
            let flow = then(row);
            self.alleged.set(inside);
            flow
        });
        self.alleged.set(before);
        flow
    }

    /// Every relay of a claim, or of a relay, that fits the sentence.
    fn relays_of(
        &self,
        pattern: &ClaimPattern,
        inner: ClaimRef,
        denied: bool,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let graph = self.graph;
        for hop in graph.relays(inner.claim) {
            self.tick()?;
            if graph.chains.parent(hop) == inner.hop {
                self.relay(pattern, ClaimRef { claim: inner.claim, hop }, denied, row, then)?;
            }
        }
        Flow::Continue(())
    }

    /// Every relay that fits the sentence, of a claim or relay that came to it by carriers as wanted.
    fn relays_through(
        &self,
        pattern: &ClaimPattern,
        inner: ClaimRef,
        wanted: &Chain,
        denied: bool,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let chains = &self.graph.chains;
        for hop in self.graph.relays(inner.claim) {
            self.tick()?;
            let carriers = self.carriers_between(inner.hop, chains.parent(hop));
            if carriers.is_empty() || !chains.carries(chains.parent(hop)) {
                continue;
            }
            for slots in self.met(wanted, &carriers, row) {
                let open: Open = slots.into_iter().map(|(slot, value)| (slot, smallvec![value])).collect();
                let relay = ClaimRef { claim: inner.claim, hop };
                Self::fill_slots(&open, row, &mut |row| self.relay(pattern, relay, denied, row, then))?;
            }
        }
        Flow::Continue(())
    }

    fn relay(
        &self,
        pattern: &ClaimPattern,
        relay: ClaimRef,
        denied: bool,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let graph = self.graph;
        let Some(hop) = graph.chains.hop(relay.hop) else { return Flow::Continue(()) };
        let verb = graph.lexicon.verb(hop.verb);
        let denies = verb.negative != hop.negated;
        let fits = pattern.verbs.get(hop.verb.index()).copied().unwrap_or(false)
            || pattern.denials && denies && verb.act.is_under(Act::Assert);
        if !fits || denies != denied || pattern.verbatim || !self.sight.is_on_record(relay.claim) {
            return Flow::Continue(());
        }
        if let Some(known) = pattern.id.map(claim_cell).or(Self::held(row, pattern.claim))
            && known != claim_cell(relay)
        {
            return Flow::Continue(());
        }
        let mut open = Open::new();
        let sources = self.canonical(graph.entities.party(hop.source));
        if !self.list(&pattern.sources, &sources, row, &mut open) {
            return Flow::Continue(());
        }
        if let Some(listeners) = &pattern.listeners {
            let members = self.canonical(graph.entities.party(hop.listener));
            if !self.list(listeners, &members, row, &mut open) {
                return Flow::Continue(());
            }
        }
        if let Some(hedge) = &pattern.hedge
            && (!hop.hedge.is_some() || fold(graph.strings.get(hop.hedge)) != fold(hedge))
        {
            return Flow::Continue(());
        }
        let content = graph.claims.content(relay.claim);
        if !pattern.fields.is_empty()
            || !self.topics_fit(pattern, content, row, &mut open)
            || !self.said_fits(pattern, relay, row, &mut open)
        {
            return Flow::Continue(());
        }
        self.fill(pattern, relay, open, row, then)
    }

    /// Whether a relay of this claim is open to be found: one that passes it on, or any where the sentence speaks about speech.
    pub(super) fn counts(&self, hop: HopId) -> bool {
        self.alleged.get() || self.graph.chains.carries(hop)
    }
}
