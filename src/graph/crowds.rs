//! Very many of what hangs on one thing, kept so that whoever records another need not look at all of them: ways of a claim by what two must
//! share to differ in their cues alone, anything else as sets. Nothing here is in a file; it is made again when it is asked for.

use crate::model::{AppearanceId, ClaimId};
use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;
use std::hash::Hash;

/// From so many on they are kept here.
const MANY: usize = 64;

/// What hangs on things that have very many of it.
#[derive(Debug, Clone)]
pub(super) struct Sets<T>(HashMap<u32, HashSet<T>>);

impl<T> Default for Sets<T> {
    fn default() -> Self {
        Sets(HashMap::new())
    }
}

impl<T: Eq + Hash> Sets<T> {
    /// Whether something is to be added to what hangs on a thing already, which is `all`: it is not among that.
    pub(super) fn is_new(&mut self, thing: u32, one: T, mut all: impl Iterator<Item = T>) -> bool {
        if let Some(set) = self.0.get_mut(&thing) {
            return set.insert(one);
        }
        let few: SmallVec<[T; MANY]> = all.by_ref().take(MANY).collect();
        if few.len() < MANY {
            return !few.contains(&one);
        }
        let mut set: HashSet<T> = few.into_iter().chain(all).collect();
        let is_new = set.insert(one);
        self.0.insert(thing, set);
        is_new
    }
}

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
