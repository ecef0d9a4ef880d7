//! Checks of who stands behind something: origins and what they rest on, what falls, what it hangs on, on whom somebody rests.

use super::{Checked, Refuted, Verifier, must};
use crate::graph::{Node, Party};
use crate::model::{Act, ClaimId, ClaimRef, DocumentId, EntityId};
use crate::reason::corroborate::Corroboration;
use crate::reason::impact::{Affected, Effect, Hinge, Weakness};
use crate::reason::independence::{Dependence, Independence, Origin, OriginKind};
use crate::reason::record::{Retracted, Way};
use crate::reason::reliance::Reliance;
use std::collections::BTreeSet;

impl Verifier<'_> {
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
}
