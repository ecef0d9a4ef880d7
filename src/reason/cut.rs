//! On whom everything depends: the hands through which every way goes, and the fewest hands without which no way is left. A way is cut where
//! any hand on it is taken away. Exact, but for a limit on how long it looks; where the limit is met, it says so.

use super::record::Hands;
use crate::model::EntityId;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// The fewest hands whose removal leaves no way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SmallestCut {
    /// Whom to take away, those nearest to the speakers first; nobody where there is no way.
    pub hands: Vec<EntityId>,
    /// Whether fewer cannot do. Otherwise the search was given up, and this many do.
    pub is_smallest: bool,
}

/// How many ways are looked at, over all choices that are tried, before the best found is taken.
const MAX_WORK: usize = 2_000_000;

/// The hands that are on every way, in the order of the first. Linear.
pub fn on_every_way(ways: &[Hands]) -> Vec<EntityId> {
    let Some((first, others)) = ways.split_first() else { return Vec::new() };
    let mut common: Vec<EntityId> = first.to_vec();
    for way in others {
        common.retain(|hand| way.contains(hand));
    }
    common
}

/// Finds the fewest hands whose removal leaves no way: a smallest hitting set. Equal hands are told apart by how near they are to the
/// speakers, then by who was recorded first.
///
/// Ways through one hand only, and hands that others make needless, are settled first, which is nearly always all there is to do; what is
/// left is searched by trying each hand of the shortest way, with the number of ways that share nothing as a lower bound.
pub fn smallest_cut(ways: &[Hands]) -> SmallestCut {
    let mut nearness: BTreeMap<EntityId, usize> = BTreeMap::new();
    for way in ways {
        for (at, hand) in way.iter().enumerate() {
            let nearest = nearness.entry(*hand).or_insert(at);
            *nearest = at.min(*nearest);
        }
    }
    let mut ranked: Vec<EntityId> = nearness.keys().copied().collect();
    ranked.sort_by_key(|hand| (nearness.get(hand).copied(), *hand));
    let rank: BTreeMap<EntityId, u32> = ranked.iter().copied().zip(0..).collect();
    let mut distinct: Vec<Path> = ways
        .iter()
        .map(|way| {
            let mut hands: Path = way.iter().filter_map(|hand| rank.get(hand).copied()).collect();
            hands.sort_unstable();
            hands
        })
        .collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut search = Search { best: None, work: 0 };
    search.go(distinct, Vec::new());
    let mut best = search.best.unwrap_or_default();
    best.sort_unstable();
    SmallestCut {
        hands: best.into_iter().filter_map(|hand| ranked.get(hand as usize).copied()).collect(),
        is_smallest: search.work < MAX_WORK,
    }
}

/// The hands of a way by rank, in ascending order.
type Path = SmallVec<[u32; 6]>;

struct Search {
    best: Option<Vec<u32>>,
    work: usize,
}

impl Search {
    fn go(&mut self, ways: Vec<Path>, mut taken: Vec<u32>) {
        self.work += ways.len();
        let ways = settle(ways, &mut taken);
        let known = self.best.as_ref().map_or(usize::MAX, Vec::len);
        if ways.is_empty() {
            if taken.len() < known {
                self.best = Some(taken);
            }
            return;
        }
        if taken.len() + apart(&ways) >= known || self.work >= MAX_WORK && self.best.is_some() {
            return;
        }
        // The hands of the shortest way, of which one must be taken: first the one that cuts most.
        let Some(shortest) = ways.iter().min_by_key(|way| way.len()).cloned() else { return };
        let cuts = |hand: u32| ways.iter().filter(|way| way.contains(&hand)).count();
        let mut choices: Vec<(std::cmp::Reverse<usize>, u32)> =
            shortest.into_iter().map(|hand| (std::cmp::Reverse(cuts(hand)), hand)).collect();
        choices.sort_unstable();
        for (_, hand) in choices {
            let left = ways.iter().filter(|way| !way.contains(&hand)).cloned().collect();
            let with = taken.iter().copied().chain([hand]).collect();
            self.go(left, with);
        }
    }
}

/// Takes what must be taken, and leaves out hands that another makes needless, until nothing more follows. What is left.
fn settle(mut ways: Vec<Path>, taken: &mut Vec<u32>) -> Vec<Path> {
    loop {
        let mut forced: BTreeSet<u32> = BTreeSet::new();
        for way in &ways {
            if let [only] = way[..] {
                forced.insert(only);
            }
        }
        if !forced.is_empty() {
            ways.retain(|way| !way.iter().any(|hand| forced.contains(hand)));
            taken.extend(forced);
        }
        let needless = needless(&ways);
        if needless.is_empty() {
            return ways;
        }
        for way in &mut ways {
            way.retain(|hand| !needless.contains(hand));
        }
        ways.sort_unstable();
        ways.dedup();
    }
}

/// The hands each of whose ways goes through another hand too, which then does as well. Of two on the same ways the first stays.
fn needless(ways: &[Path]) -> BTreeSet<u32> {
    let mut on: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, way) in ways.iter().enumerate() {
        for hand in way {
            on.entry(*hand).or_default().push(at);
        }
    }
    let mut needless = BTreeSet::new();
    for (hand, places) in &on {
        let Some(way) = places.first().and_then(|at| ways.get(*at)) else { continue };
        let replaced = way.iter().any(|other| {
            let Some(others) = on.get(other).filter(|_| other != hand && !needless.contains(other)) else {
                return false;
            };
            (others.len() > places.len() || others.len() == places.len() && other < hand)
                && places.iter().all(|at| ways.get(*at).is_some_and(|way| way.contains(other)))
        });
        if replaced {
            needless.insert(*hand);
        }
    }
    needless
}

/// At least so many hands are needed: the number of ways that share no hand, taken one after another.
fn apart(ways: &[Path]) -> usize {
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    let mut count = 0;
    for way in ways {
        if way.iter().all(|hand| !seen.contains(hand)) {
            seen.extend(way);
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn the_cut_is_the_smallest_of_all(ways in proptest::collection::vec(
            proptest::collection::btree_set(0_u32..8, 1..5), 0..9,
        )) {
            let ways: Vec<Hands> = ways.iter().map(|way| way.iter().map(|hand| EntityId(*hand)).collect()).collect();
            let cut = smallest_cut(&ways);
            prop_assert!(cut.is_smallest);
            prop_assert!(ways.iter().all(|way| way.iter().any(|hand| cut.hands.contains(hand))));
            let smallest = (0_u32..256)
                .filter(|mask| ways.iter().all(|way| way.iter().any(|hand| mask & 1 << hand.0 != 0)))
                .map(u32::count_ones).min();
            prop_assert_eq!(Some(cut.hands.len() as u32), smallest);
            let alone: Vec<EntityId> = (0..8).map(EntityId)
                .filter(|hand| !ways.is_empty() && ways.iter().all(|way| way.contains(hand))).collect();
            let mut common = on_every_way(&ways);
            common.sort_unstable();
            prop_assert_eq!(common, alone);
        }
    }
}
