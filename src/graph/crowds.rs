//! Claims that came by very many ways, with these ways by what two must share to differ in their cues alone: whoever records another looks
//! at those and not at all of them. Nothing here is in a file; it is made again when it is asked for.

use crate::model::{AppearanceId, ClaimId};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// From so many ways on they are kept by what they share.
const MANY: usize = 64;

/// A few ways.
pub(super) type Ways = SmallVec<[AppearanceId; 4]>;

/// The ways of some claims, by claim and by a hash of what they share.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowds(HashMap<ClaimId, HashMap<u64, Ways>>);

impl Crowds {
    /// Of all ways of a claim, in the order recorded, those that may share with `way` what `shared` tells a hash of: all of them where they
    /// are few.
    pub(super) fn ways_beside(
        &mut self,
        claim: ClaimId,
        way: AppearanceId,
        all: impl Iterator<Item = AppearanceId>,
        shared: impl Fn(AppearanceId) -> u64,
    ) -> Ways {
        if !self.0.contains_key(&claim) {
            let mut all = all;
            let few: SmallVec<[AppearanceId; MANY]> = all.by_ref().take(MANY).collect();
            if few.len() < MANY {
                return few.into_iter().collect();
            }
            let crowd = self.0.entry(claim).or_default();
            for way in few.into_iter().chain(all) {
                crowd.entry(shared(way)).or_default().push(way);
            }
        }
        self.0.get(&claim).and_then(|crowd| crowd.get(&shared(way))).cloned().unwrap_or_default()
    }

    /// Notes another way of a claim, with the hash of what it shares.
    pub(super) fn add(&mut self, claim: ClaimId, way: AppearanceId, shared: impl FnOnce() -> u64) {
        if let Some(crowd) = self.0.get_mut(&claim) {
            crowd.entry(shared()).or_default().push(way);
        }
    }

    /// Notes that a way was replaced by another that shares as much.
    pub(super) fn replace(
        &mut self,
        claim: ClaimId,
        (old, new): (AppearanceId, AppearanceId),
        shared: impl FnOnce() -> u64,
    ) {
        let ways = self.0.get_mut(&claim).and_then(|crowd| crowd.get_mut(&shared()));
        ways.into_iter().flatten().filter(|way| **way == old).for_each(|way| *way = new);
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
