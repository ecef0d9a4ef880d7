//! Groups of solutions by one or two numbers: how many claims each has, and which of these sorts first. Keys are spread over parts by their
//! hash, and a part takes in what waits for it in one go, so that its table stays in the nearest memory. Where most solutions are a
//! group of their own, a table would be looked into in vain: there all wait, and are sorted at the end. Nothing depends on a hash's
//! order: whoever takes the groups sorts them.

use super::scan::{PER_THREAD, scaled};
use super::{NOTHING, UNBOUND};
use crate::graph::{ClaimColumns, Graph, Intervals};
use crate::model::ClaimId;
use crate::plan::{SlotKind, content_cell};
use crate::threads::{in_threads, threads_for};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// How many parts there are from so many rows on, where there are more than a few: powers of two.
const PARTS: [(usize, usize); 3] =
    [(1024, 4 * scaled(1 << 20)), (256, 2 * scaled(1 << 18)), (64, scaled(1 << 14))];

/// So many rows wait at most, in all parts together and in each.
const WAITING: usize = 128 * scaled(1 << 12);
const MOST_WAITING: usize = scaled(1 << 11);

/// Solutions with one key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// The key.
    pub key: u64,
    /// How many claims there are.
    pub claims: u64,
    /// When the one that sorts first was said; the largest number where that is not known.
    pub said: i64,
    /// And which it is.
    pub first: u32,
    last: u32,
}

impl Group {
    /// Adds a solution; those of one claim come one after another.
    #[inline]
    fn add(&mut self, said: i64, claim: u32) {
        self.claims += u64::from(self.last != claim);
        self.last = claim;
        if (said, claim) < (self.said, self.first) {
            (self.said, self.first) = (said, claim);
        }
    }

    /// Where it stands among others by its first claim: when that was said, then which it is.
    pub(super) fn met(&self) -> u128 {
        let said = (self.said as u64) ^ (1 << 63);
        u128::from(said) << 32 | u128::from(self.first)
    }
}

/// Leaves all groups.
pub(super) fn every(groups: Vec<Group>) -> Vec<Group> {
    groups
}

/// Puts groups into the order in which their first claims were said; those of one claim by their keys.
pub(super) fn in_order(groups: &[Group]) -> Vec<Group> {
    // Plain numbers are sorted much faster than groups.
    let mut order: Vec<u128> =
        groups.iter().zip(0_u32..).map(|(group, at)| group.met() << 32 | u128::from(at)).collect();
    order.sort_unstable();
    let mut sorted: Vec<Group> =
        order.into_iter().filter_map(|at| groups.get(at as u32 as usize).copied()).collect();
    for alike in sorted.chunk_by_mut(|a, b| a.met() == b.met()).filter(|alike| alike.len() > 1) {
        alike.sort_unstable_by_key(|group| group.key);
    }
    sorted
}

/// Groups in parts.
pub(super) struct Groups<'g> {
    /// Where nobody asks which claim of a group sorts first, none.
    clock: Option<&'g Clock<'g>>,
    /// So many rows are taken into a part at once.
    waiting: usize,
    /// Whether parts may wait to be sorted: with fewer rows their tables are fast enough.
    sorts: bool,
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    waiting: Vec<Waiting>,
    /// Whether all wait until they are sorted.
    sorts: bool,
    groups: Vec<Group>,
    places: HashTable<u32>,
}

/// A solution on its way into its group.
struct Waiting {
    key: u64,
    said: i64,
    claim: u32,
}

/// When claims were said.
pub(super) struct Clock<'g> {
    columns: ClaimColumns<'g>,
    times: Intervals<'g>,
}

impl<'g> Clock<'g> {
    /// `whole` tells that very many will be asked for.
    pub(super) fn new(graph: &'g Graph, whole: bool) -> Self {
        Clock { columns: graph.claims.columns(whole), times: graph.times.intervals(whole) }
    }

    #[inline]
    fn said(&self, claim: u32) -> i64 {
        self.times.start(self.columns.row(ClaimId(claim)).said()).unwrap_or(i64::MAX)
    }
}

impl<'g> Groups<'g> {
    /// None yet; about so many rows will come.
    pub(super) fn new(clock: Option<&'g Clock<'g>>, rows: usize) -> Self {
        let parts = PARTS.iter().find(|(_, from)| rows >= *from).map_or(1, |(parts, _)| *parts);
        let waiting = (WAITING / parts).clamp(2, MOST_WAITING);
        let sorts = PARTS.first().is_some_and(|(most, _)| parts == *most);
        Groups { clock, waiting, sorts, parts: (0..parts).map(|_| Part::default()).collect() }
    }

    /// Adds a solution. Those of one claim come one after another, and no other thread has any of them.
    #[inline]
    pub(super) fn add(&mut self, key: u64, claim: u32) {
        // There is a power of two of them.
        let at = (hash(key) >> 40) as usize & (self.parts.len() - 1);
        if let Some(part) = self.parts.get_mut(at) {
            part.waiting.push(Waiting { key, said: self.clock.map_or(0, |clock| clock.said(claim)), claim });
            if part.waiting.len() >= self.waiting && !part.sorts {
                part.sorts = self.sorts && part.groups.is_empty() && part.is_spread();
                if !part.sorts {
                    part.take_in();
                }
            }
        }
    }

    /// The bytes that all of them hold.
    pub(super) fn weight(&self) -> usize {
        let of_part = |part: &Part| {
            part.waiting.capacity() * size_of::<Waiting>()
                + part.groups.capacity() * size_of::<Group>()
                + part.places.allocation_size()
        };
        self.parts.iter().map(of_part).sum()
    }

    /// All groups of several threads, in no particular order. Of each part, once it is whole, `keep` leaves those that are needed.
    pub(super) fn joined(
        mut all: Vec<Groups<'g>>,
        keep: impl Fn(Vec<Group>) -> Vec<Group> + Sync,
    ) -> Vec<Group> {
        if let [Groups { parts, .. }] = &mut all[..]
            && let [only] = &mut parts[..]
        {
            return keep(std::mem::take(only).whole());
        }
        let parts = all.iter().flat_map(|groups| &groups.parts);
        let many = parts.map(|part| part.groups.len() + part.waiting.len()).sum();
        // Part by part, of each thread one.
        let mut parts: Vec<Vec<Part>> = Vec::new();
        for groups in all {
            parts.resize_with(groups.parts.len().max(parts.len()), Vec::new);
            parts.iter_mut().zip(groups.parts).for_each(|(alike, part)| alike.push(part));
        }
        let join = |parts: Vec<Vec<Part>>| -> Vec<Group> {
            let mut joined = Vec::new();
            for alike in parts {
                let one = alike.into_iter().reduce(Part::with).unwrap_or_default();
                joined.append(&mut keep(one.whole()));
            }
            joined
        };
        let each = parts.len().div_ceil(threads_for(many, PER_THREAD)).max(1);
        let mut work: Vec<Vec<Vec<Part>>> = Vec::new();
        while !parts.is_empty() {
            let rest = parts.split_off(each.min(parts.len()));
            work.push(std::mem::replace(&mut parts, rest));
        }
        in_threads(work, join).concat()
    }
}

impl Part {
    /// Whether what waits would be more than half as many groups.
    fn is_spread(&self) -> bool {
        let mut keys: Vec<u64> = self.waiting.iter().map(|row| row.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len() > self.waiting.len() / 2
    }

    /// With what another thread has of it.
    fn with(mut self, mut other: Part) -> Part {
        if self.sorts && other.sorts {
            self.waiting.append(&mut other.waiting);
            return self;
        }
        // The one with a table takes the other in.
        let (mut whole, other) = if self.sorts { (other, self) } else { (self, other) };
        whole.take_in();
        other.whole().into_iter().for_each(|group| whole.join(group));
        whole
    }

    /// All its groups.
    fn whole(mut self) -> Vec<Group> {
        if !self.sorts {
            self.take_in();
            return self.groups;
        }
        self.waiting.sort_unstable_by_key(|row| u128::from(row.key) << 32 | u128::from(row.claim));
        let mut groups: Vec<Group> = Vec::with_capacity(self.waiting.len());
        for Waiting { key, said, claim } in self.waiting {
            match groups.last_mut().filter(|group| group.key == key) {
                Some(group) => group.add(said, claim),
                None => groups.push(Group { key, claims: 1, said, first: claim, last: claim }),
            }
        }
        groups
    }

    fn take_in(&mut self) {
        if self.groups.is_empty() {
            self.groups.reserve(self.waiting.len());
            self.places.reserve(self.waiting.len(), |_| 0);
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        for Waiting { key, said, claim } in waiting.drain(..) {
            match self.place(key) {
                Some(group) => group.add(said, claim),
                None => self.groups.push(Group { key, claims: 1, said, first: claim, last: claim }),
            }
        }
        self.waiting = waiting;
    }

    /// Adds a group of other claims.
    fn join(&mut self, other: Group) {
        match self.place(other.key) {
            Some(group) => {
                group.claims += other.claims;
                if (other.said, other.first) < (group.said, group.first) {
                    (group.said, group.first) = (other.said, other.first);
                }
            }
            None => self.groups.push(other),
        }
    }

    /// The group of a key. Where there is none, its place is taken and the caller pushes it.
    #[inline]
    fn place(&mut self, key: u64) -> Option<&mut Group> {
        let Part { groups, places, .. } = self;
        let key_of = |at: &u32| groups.get(*at as usize).map_or(0, |group| group.key);
        match places.entry(hash(key), |at| key_of(at) == key, |at| hash(key_of(at))) {
            Entry::Occupied(known) => {
                let at = *known.get() as usize;
                groups.get_mut(at)
            }
            Entry::Vacant(free) => {
                let next = groups.len() as u32;
                free.insert(next);
                None
            }
        }
    }
}

/// A slot, by its place, and what it holds.
pub(super) type Half = (usize, SlotKind);

/// Spreads keys: both ends of it are used.
#[inline]
fn hash(key: u64) -> u64 {
    let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// A cell as half a key. Cells of one kind keep apart; see [`fits`].
#[inline]
pub(super) fn narrow(kind: SlotKind, cell: u64) -> u32 {
    match kind {
        SlotKind::Content if cell == NOTHING => u32::MAX - 1,
        SlotKind::Claim if cell != UNBOUND => (cell >> 32) as u32,
        _ => cell as u32,
    }
}

/// The cell of half a key; of a claim, not of a relay.
pub(super) fn widen(kind: SlotKind, half: u32) -> u64 {
    match (kind, half) {
        (_, u32::MAX) => UNBOUND,
        (SlotKind::Content, half) if half == u32::MAX - 1 => NOTHING,
        (SlotKind::Claim, half) => u64::from(half) << 32 | u64::from(u32::MAX),
        (_, half) => half.into(),
    }
}

/// Whether every cell of a kind that stands for itself has a half key of its own.
pub(super) fn fits(graph: &Graph, kind: SlotKind) -> bool {
    match kind {
        SlotKind::Entity | SlotKind::Document | SlotKind::Claim => true,
        SlotKind::Content => {
            let last = crate::model::PropositionId(graph.propositions.len() as u32);
            content_cell(crate::model::Content { proposition: last, negated: true }) < u64::from(u32::MAX - 1)
        }
        _ => false,
    }
}
