//! Putting very many things in order, in runs that are sorted one by one and then merged, so that a question can be stopped between them. A
//! comparison may look up and fold texts; no more of them are made between two looks than take a moment.

use super::scan::scaled;
use super::{Evaluator, Stopped};
use std::cmp::Ordering;

/// How many things are sorted at once where numbers are compared, and where texts may be; more at once takes less.
pub(super) const BY_NUMBERS: usize = scaled(1 << 17);
pub(super) const BY_VALUES: usize = scaled(1 << 12);

impl Evaluator<'_> {
    /// Sorts by an order in which no two are equal, so many at once.
    pub(super) fn put_in_order<T: Copy>(
        &self,
        all: &mut [T],
        run: usize,
        compare: impl Fn(&T, &T) -> Ordering,
    ) -> Result<(), Stopped> {
        let spare = if all.len() > run { all.len().div_ceil(2) * size_of::<T>() } else { 0 };
        self.hold(spare)?;
        in_runs(all, run, &mut Vec::new(), &compare, &|| self.check())?;
        self.let_go(spare);
        Ok(())
    }

    /// The first of all by such an order of values, sorted.
    pub(super) fn first_in_order<T: Copy>(
        &self,
        all: Vec<T>,
        wanted: usize,
        compare: impl Fn(&T, &T) -> Ordering,
    ) -> Result<Vec<T>, Stopped> {
        let mut kept = first(all, wanted, &compare, &|| self.check())?;
        self.put_in_order(&mut kept, BY_VALUES, compare)?;
        Ok(kept)
    }
}

/// The first of all, in any order: of those so far, some more at a time.
fn first<T: Copy>(
    all: Vec<T>,
    wanted: usize,
    compare: &impl Fn(&T, &T) -> Ordering,
    look: &impl Fn() -> Result<(), Stopped>,
) -> Result<Vec<T>, Stopped> {
    if wanted >= all.len() {
        return Ok(all);
    }
    let Some(last) = wanted.checked_sub(1) else { return Ok(Vec::new()) };
    let mut kept = Vec::new();
    for some in all.chunks(wanted.max(BY_VALUES)) {
        look()?;
        kept.extend_from_slice(some);
        if wanted < kept.len() {
            kept.select_nth_unstable_by(last, compare);
            kept.truncate(wanted);
        }
    }
    Ok(kept)
}

fn in_runs<T: Copy>(
    all: &mut [T],
    run: usize,
    spare: &mut Vec<T>,
    compare: &impl Fn(&T, &T) -> Ordering,
    look: &impl Fn() -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    if all.len() <= run {
        look()?;
        all.sort_unstable_by(compare);
        return Ok(());
    }
    let middle = all.len() / 2;
    let (left, right) = all.split_at_mut(middle);
    in_runs(left, run, spare, compare, look)?;
    in_runs(right, run, spare, compare, look)?;
    // What is in order already, as most is that was recorded in order, is not moved.
    if let (Some(last), Some(first)) = (left.last(), right.first())
        && compare(first, last).is_lt()
    {
        spare.clear();
        spare.extend_from_slice(left);
        merge(spare, all, middle, compare, look)?;
    }
    Ok(())
}

/// Merges what was taken from the front with what stands from `right` on, into the front.
fn merge<T: Copy>(
    left: &[T],
    all: &mut [T],
    mut right: usize,
    compare: &impl Fn(&T, &T) -> Ordering,
    look: &impl Fn() -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let (mut taken, mut at) = (0, 0);
    while taken < left.len() {
        look()?;
        for _ in 0..BY_VALUES {
            let Some(one) = left.get(taken) else { break };
            let before = all.get(right).copied().filter(|other| compare(other, one).is_lt());
            if let Some(place) = all.get_mut(at) {
                *place = before.unwrap_or(*one);
            }
            right += usize::from(before.is_some());
            taken += usize::from(before.is_none());
            at += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as random as they need to be, each with its place.
    fn numbers(count: u64) -> Vec<(u64, usize)> {
        (0..count).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57).zip(0..).collect()
    }

    #[test]
    fn runs_that_are_merged_come_out_as_if_sorted_at_once() {
        for count in [0, 1, 4, 5, 9, 64, 1000, 1023] {
            let mut wanted = numbers(count);
            wanted.sort_unstable();
            let mut sorted = numbers(count);
            in_runs(&mut sorted, 4, &mut Vec::new(), &Ord::cmp, &|| Ok(())).unwrap();
            assert_eq!(sorted, wanted);
            for most in [0, 1, 3, 4, 100, 2000] {
                let mut kept = first(numbers(count), most, &Ord::cmp, &|| Ok(())).unwrap();
                kept.sort_unstable();
                assert_eq!(kept, wanted[..most.min(wanted.len())], "{count} {most}");
            }
        }
    }

    #[test]
    fn no_more_is_compared_after_it_was_stopped() {
        let compared = std::cell::Cell::new(0);
        let compare = |a: &(u64, usize), b: &(u64, usize)| {
            compared.set(compared.get() + 1);
            a.cmp(b)
        };
        // Whenever it is said, it is heard before many more were compared.
        for moment in [0, 1, 100, 5000] {
            compared.set(0);
            let look = || if compared.get() >= moment { Err(Stopped::Cancelled) } else { Ok(()) };
            let came = in_runs(&mut numbers(1000), 4, &mut Vec::new(), &compare, &look);
            assert_eq!(came, Err(Stopped::Cancelled));
            assert!(compared.get() < moment + 100, "{moment} {}", compared.get());
            compared.set(0);
            assert_eq!(first(numbers(2000), 10, &compare, &look), Err(Stopped::Cancelled));
            assert!(compared.get() < moment + 100, "{moment} {}", compared.get());
        }
    }
}
