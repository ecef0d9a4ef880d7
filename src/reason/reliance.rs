//! Reliance: on whom the claims of a source or outlet rest, in numbers; which of its contents rest on unnamed sources alone; and what it says
//! in its own voice.

use super::independence::{OriginKind, kind_of};
use super::record::{Record, Stance};
use crate::model::{Act, ClaimId, Content, EntityId};
use std::collections::{BTreeMap, BTreeSet};

/// What a source or outlet rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reliance {
    /// Who.
    pub who: EntityId,
    /// How many claims it said or carried.
    pub claims: usize,
    /// From whom it has them directly, with these claims; the most claims first. A claim that came by several ways may stand with several;
    /// what it says in its own voice stands with itself.
    pub rests_on: Vec<(EntityId, Vec<ClaimId>)>,
    /// Contents for which every speaker that it carries is unnamed, with these claims.
    pub only_unnamed: Vec<(Content, Vec<ClaimId>)>,
    /// Contents that it states itself and has from nobody that it names.
    pub own_voice: Vec<(Content, Vec<ClaimId>)>,
}

/// Tells on whom a source or outlet rests. Linear in the chains of all that it said, carried and published.
pub fn reliance(record: &Record<'_>, who: EntityId) -> Reliance {
    let graph = record.graph();
    let who = graph.same.entity(who);
    let mut rests_on: BTreeMap<EntityId, Vec<ClaimId>> = BTreeMap::new();
    let mut by_content: BTreeMap<Content, Vec<ClaimId>> = BTreeMap::new();
    // Claims that are the same are one: by whom each was counted already.
    let mut counted: BTreeSet<(Option<EntityId>, ClaimId)> = BTreeSet::new();
    let mut told: BTreeSet<(Content, ClaimId)> = BTreeSet::new();
    for claim in record.claims_through([who].into_iter(), [].into_iter()) {
        if record.must_stop() {
            break;
        }
        let mut from: BTreeSet<EntityId> = BTreeSet::new();
        let speakers = record.speakers(claim);
        for way in record.ways(claim) {
            if speakers.contains(&who) {
                from.insert(who);
                continue;
            }
            // Who act jointly have it from all who stand directly inside.
            let parties = record.parties(way);
            let inside =
                parties.iter().position(|party| party.contains(&who)).and_then(|at| at.checked_sub(1));
            from.extend(inside.and_then(|at| parties.get(at)).into_iter().flatten());
        }
        if from.is_empty() {
            continue;
        }
        let class = graph.same.claim(claim);
        counted.insert((None, class));
        for one in from {
            if counted.insert((Some(one), class)) {
                rests_on.entry(one).or_default().push(claim);
            }
        }
        // Who takes something back does not state it.
        if let Some(content) = graph.claims.content(claim)
            && record.stance(claim, content) != Stance::TakesBack
            && told.insert((graph.same.content(content), class))
        {
            by_content.entry(graph.same.content(content)).or_default().push(claim);
        }
    }
    let count = counted.iter().filter(|(on, _)| on.is_none()).count();
    let mut rests_on: Vec<(EntityId, Vec<ClaimId>)> = rests_on.into_iter().collect();
    rests_on.sort_by_key(|(one, claims)| (std::cmp::Reverse(claims.len()), *one));
    let every = |claims: &[ClaimId], fits: &dyn Fn(EntityId) -> bool| {
        claims.iter().all(|claim| record.speakers(*claim).iter().all(|one| fits(*one)))
    };
    let is_unnamed = |one| one != who && kind_of(record, one) == OriginKind::Unnamed;
    let mut reliance =
        Reliance { who, claims: count, rests_on, only_unnamed: Vec::new(), own_voice: Vec::new() };
    for (content, claims) in by_content {
        if every(&claims, &is_unnamed) {
            reliance.only_unnamed.push((content, claims));
        } else if every(&claims, &|one| one == who) {
            let states = |claim: &ClaimId| record.act(*claim).0.is_under(Act::Assert);
            let stated: Vec<ClaimId> = claims.into_iter().filter(states).collect();
            if !stated.is_empty() {
                reliance.own_voice.push((content, stated));
            }
        }
    }
    reliance
}
