//! Sets of slots, as bits: a question has a handful of slots, and which of them are filled is asked at every step of planning it. Iterates in
//! ascending order. It knows nothing of what slots hold.

use super::logical::SlotId;

const BITS: usize = u64::BITS as usize;

/// A set of slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotSet {
    /// The first slots: mostly there are no others.
    low: u64,
    high: Vec<u64>,
}

impl SlotSet {
    /// Adds a slot.
    #[inline]
    pub fn insert(&mut self, slot: SlotId) {
        let (at, bit) = (usize::from(slot.0) / BITS, 1 << (usize::from(slot.0) % BITS));
        match at.checked_sub(1) {
            None => self.low |= bit,
            Some(at) => {
                self.widen(at + 1);
                self.high.iter_mut().skip(at).take(1).for_each(|word| *word |= bit);
            }
        }
    }

    /// Whether it has a slot.
    #[inline]
    pub fn contains(&self, slot: SlotId) -> bool {
        let word = match (usize::from(slot.0) / BITS).checked_sub(1) {
            None => self.low,
            Some(at) => self.high.get(at).copied().unwrap_or(0),
        };
        word >> (usize::from(slot.0) % BITS) & 1 == 1
    }

    fn widen(&mut self, words: usize) {
        if words > self.high.len() {
            self.high.resize(words, 0);
        }
    }

    /// Adds all slots of another.
    pub fn add(&mut self, other: &SlotSet) {
        self.low |= other.low;
        self.widen(other.high.len());
        self.high.iter_mut().zip(&other.high).for_each(|(word, more)| *word |= more);
    }

    /// Leaves the slots that another has too.
    pub fn keep(&mut self, other: &SlotSet) {
        self.low &= other.low;
        self.high.truncate(other.high.len());
        self.high.iter_mut().zip(&other.high).for_each(|(word, kept)| *word &= kept);
    }

    /// Takes out all slots of another.
    pub fn remove(&mut self, other: &SlotSet) {
        self.low &= !other.low;
        self.high.iter_mut().zip(&other.high).for_each(|(word, gone)| *word &= !gone);
    }

    /// Its slots, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = SlotId> + '_ {
        std::iter::once(&self.low).chain(&self.high).enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(SlotId((at * BITS) as u16 + bit as u16))
            })
        })
    }
}

impl Extend<SlotId> for SlotSet {
    fn extend<I: IntoIterator<Item = SlotId>>(&mut self, slots: I) {
        slots.into_iter().for_each(|slot| self.insert(slot));
    }
}

impl FromIterator<SlotId> for SlotSet {
    fn from_iter<I: IntoIterator<Item = SlotId>>(slots: I) -> Self {
        let mut set = SlotSet::default();
        set.extend(slots);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_as_those_of_a_tree() {
        let set = |slots: &[u16]| slots.iter().copied().map(SlotId).collect::<SlotSet>();
        let list = |set: &SlotSet| set.iter().map(|slot| slot.0).collect::<Vec<_>>();
        let (mut some, others) = (set(&[200, 3, 64, 3, 0]), set(&[64, 5]));
        assert_eq!(list(&some), [0, 3, 64, 200]);
        assert!(some.contains(SlotId(200)) && !some.contains(SlotId(201)) && !others.contains(SlotId(4000)));
        some.add(&others);
        assert_eq!(list(&some), [0, 3, 5, 64, 200]);
        let mut kept = some.clone();
        kept.keep(&others);
        assert_eq!(list(&kept), [5, 64]);
        some.remove(&others);
        assert_eq!(list(&some), [0, 3, 200]);
    }
}
