//! From a hash to the rows that may have it: an open-addressing table of row numbers that a file can hold as it is, and what was
//! added since. It stores no keys: the caller compares.

use super::section::{Section, prefer_huge_pages};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The hash under which everything is indexed. Files depend on it: it never changes within a format version.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// A hash so wide that what has the same is taken for the same.
pub fn wide_hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

/// A hash of some numbers, for identities made of ids.
pub(super) fn hash_numbers(numbers: &[u64]) -> u64 {
    xxh3_64(bytemuck::cast_slice(numbers))
}

/// Slot value for none.
const EMPTY: u32 = u32::MAX;

/// Rows by hash. Several rows may share a key; all are found.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// A power of two of slots, or none; probed linearly from the hash's low bits.
    slots: Section<u32>,
    recent: Recent,
}

/// What was added: the lower halves of the hashes with the rows, probed as the base is.
#[derive(Debug, Clone, Default)]
struct Recent {
    /// A power of two of slots, or none; one that is empty has [`EMPTY`] for its row.
    slots: Vec<(u32, u32)>,
    count: usize,
}

impl Recent {
    /// Every row under this half of a hash.
    fn rows(&self, half: u32) -> impl Iterator<Item = u32> + '_ {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = half as usize;
        let slots = std::iter::from_fn(move || {
            let slot = self.slots.get(at & mask).filter(|slot| slot.1 != EMPTY);
            at = at.wrapping_add(1);
            slot
        });
        slots.filter(move |slot| slot.0 == half).map(|slot| slot.1)
    }

    fn add(&mut self, half: u32, row: u32) {
        let slots = size(self.count + 1);
        if self.slots.len() < slots {
            self.move_to(Vec::with_capacity(slots), slots);
        }
        self.put(half, row);
        self.count += 1;
    }

    /// Puts a row into a slot, of which one is empty.
    fn put(&mut self, half: u32, row: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = half as usize & mask;
        while self.slots.get(at).is_some_and(|slot| slot.1 != EMPTY) {
            at = (at + 1) & mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (half, row);
        }
    }

    /// Moves to as many slots, for which there is room.
    fn move_to(&mut self, mut room: Vec<(u32, u32)>, slots: usize) {
        prefer_huge_pages(&mut room);
        room.resize(slots, (0, EMPTY));
        let before = std::mem::replace(&mut self.slots, room);
        before.into_iter().filter(|slot| slot.1 != EMPTY).for_each(|(half, row)| self.put(half, row));
    }
}

impl Index {
    /// An index over the section of a file; nothing where it is no power of two in size, or has no empty slot.
    pub fn over(slots: Section<u32>) -> Option<Self> {
        (slots.len() == 0 || slots.len().is_power_of_two())
            .then(|| Index { slots, recent: Recent::default() })
    }

    /// The section for a file. Only whole after [`Index::fold_in`].
    pub fn slots(&self) -> &Section<u32> {
        &self.slots
    }

    /// Every row that may have this hash: first those of the base, then recent ones in ascending order.
    pub fn candidates(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let slots = &self.slots;
        let mask = slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        let mut left = slots.len();
        let settled = std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            left -= 1;
            let row = slots.get(at)?;
            at = (at + 1) & mask;
            (row != EMPTY).then_some(row)
        });
        let mut recent: Vec<u32> = self.recent.rows(hash as u32).collect();
        recent.sort_unstable();
        settled.chain(recent)
    }

    /// The first row with this hash that is the one meant.
    pub fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        if let Some(row) = self.recent.rows(hash as u32).find(|row| is_it(*row)) {
            return Some(row);
        }
        let slots = &self.slots;
        let mask = slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        for _ in 0..slots.len() {
            match slots.get(at) {
                Some(row) if row != EMPTY => {
                    if is_it(row) {
                        return Some(row);
                    }
                }
                _ => return None,
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Whether very many rows may have this hash.
    pub(super) fn is_crowded(&self, hash: u64) -> bool {
        const MANY: usize = 256;
        let mask = self.slots.len().wrapping_sub(1);
        let taken = |at: usize| self.slots.get((hash as usize).wrapping_add(at) & mask) != Some(EMPTY);
        self.recent.rows(hash as u32).nth(MANY).is_some() || self.slots.len() > MANY && (0..MANY).all(taken)
    }

    /// A row that may have this hash, without looking whether it does: to have in the cache what [`Index::find`] will read.
    pub fn near(&self, hash: u64) -> Option<u32> {
        let settled = || self.slots.get(hash as usize & self.slots.len().wrapping_sub(1));
        self.recent.rows(hash as u32).next().or_else(settled).filter(|row| *row != EMPTY)
    }

    /// Adds a row under a hash.
    pub fn add(&mut self, hash: u64, row: u32) {
        self.recent.add(hash as u32, row);
    }

    /// Adds a row under a hash unless one that is meant is there: the row found or added.
    pub fn find_or_add(
        &mut self,
        hash: u64,
        is_it: impl Fn(u32) -> bool,
        add: impl FnOnce() -> u32,
    ) -> (u32, bool) {
        match self.find(hash, is_it) {
            Some(row) => (row, false),
            None => {
                let row = add();
                self.add(hash, row);
                (row, true)
            }
        }
    }

    /// Makes everything part of the base. `rows` tells all rows with their hashes, in ascending order, where the base must grow: the hashes of
    /// what it holds are not known. The outcome is the same whichever way it came about.
    pub fn fold_in(&mut self, rows: impl FnOnce() -> Vec<(u64, u32)>) {
        if self.recent.count == 0 {
            return;
        }
        let mut added = std::mem::take(&mut self.recent).slots;
        added.retain(|slot| slot.1 != EMPTY);
        added.sort_unstable_by_key(|(_, row)| *row);
        let known = self.slots.as_slice();
        let count = known.iter().filter(|row| **row != EMPTY).count() + added.len();
        let slots = if count == added.len() {
            filled(empty(size(count)), &added)
        } else if size(count) == known.len() {
            filled(known.to_vec(), &added)
        } else {
            let rows: Vec<(u32, u32)> = rows().into_iter().map(|(hash, row)| (hash as u32, row)).collect();
            filled(empty(size(rows.len())), &rows)
        };
        self.slots = slots.into();
    }

    /// How many rows were added since the base was made.
    pub(super) fn recent(&self) -> usize {
        self.recent.count
    }

    /// Makes room for some more, if it can.
    pub(super) fn expect(&mut self, more: usize) {
        let slots = size(self.recent.count + more);
        let mut room = Vec::new();
        if self.recent.slots.len() < slots && room.try_reserve_exact(slots).is_ok() {
            self.recent.move_to(room, slots);
        }
    }

    /// Whether rows were added since the base was made.
    pub fn is_settled(&self) -> bool {
        self.recent.count == 0
    }

    /// Whether every slot is empty or below `rows`, and at least one is empty. Reads everything.
    pub fn is_sound(&self, rows: usize) -> bool {
        let slots = self.slots.as_slice();
        slots.is_empty()
            || slots.contains(&EMPTY) && slots.iter().all(|row| *row == EMPTY || (*row as usize) < rows)
    }
}

/// How many slots some rows have: more than there are rows, so that one is always empty.
fn size(rows: usize) -> usize {
    (rows * 3 / 2 + 1).next_power_of_two()
}

fn empty(slots: usize) -> Vec<u32> {
    let mut empty = Vec::with_capacity(slots);
    prefer_huge_pages(&mut empty);
    empty.resize(slots, EMPTY);
    empty
}

/// Slots with some rows more, for which there is room. There are no more slots than the lower half of a hash can tell apart.
fn filled(mut slots: Vec<u32>, rows: &[(u32, u32)]) -> Vec<u32> {
    let mask = slots.len() - 1;
    for (hash, row) in rows {
        let mut at = *hash as usize & mask;
        while slots[at] != EMPTY {
            at = (at + 1) & mask;
        }
        slots[at] = *row;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_rows_of_a_key_before_and_after_rebuilding() {
        let keys = ["a", "b", "a", "c", "a"];
        let hash = |row: u32| hash_bytes(keys[row as usize].as_bytes());
        let mut index = Index::default();
        for row in 0..3 {
            index.add(hash(row), row);
        }
        for _ in 0..2 {
            let rows: Vec<u32> =
                index.candidates(hash_bytes(b"a")).filter(|row| keys[*row as usize] == "a").collect();
            assert_eq!(rows, [0, 2]);
            assert_eq!(index.find(hash_bytes(b"b"), |row| keys[row as usize] == "b"), Some(1));
            assert_eq!(index.find(hash_bytes(b"zz"), |row| keys[row as usize] == "zz"), None);
            index.fold_in(|| (0..3).map(|row| (hash(row), row)).collect());
            assert!(index.is_sound(3) && index.is_settled());
        }
        index.add(hash(4), 4);
        let rows: Vec<u32> =
            index.candidates(hash_bytes(b"a")).filter(|row| keys[*row as usize] == "a").collect();
        assert_eq!(rows, [0, 2, 4]);
    }
}
