//! Relations as sorted lists of row numbers: for each source row its targets. The base is two flat runs (offsets and targets);
//! what was added since stands in a small overflow until it is folded in. Reading merges both; nothing here knows what is related.

use super::column::{Column, View};
use super::section::{Section, prefer_huge_pages};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// For each source row, its targets in ascending order, each once.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    /// One more than there are source rows in the base; empty for none.
    offsets: Section<u32>,
    targets: Section<u32>,
    overflow: HashMap<u32, Vec<u32>>,
    added: usize,
    /// While much is loaded at once: pairs not yet readable, waiting for [`Postings::fold_in`].
    deferred: Option<Vec<(u32, u32)>>,
}

/// The targets of one source row: two sorted runs without a common member.
#[derive(Debug, Clone, Copy, Default)]
pub struct Targets<'a> {
    settled: &'a [u32],
    recent: &'a [u32],
}

impl<'a> Targets<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.settled.len() + self.recent.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether `target` is among them. Logarithmic.
    pub fn contains(&self, target: u32) -> bool {
        self.settled.binary_search(&target).is_ok() || self.recent.binary_search(&target).is_ok()
    }

    /// Adds all of them, in ascending order.
    #[inline]
    pub fn copy_to(&self, out: &mut Vec<u32>) {
        if self.recent.is_empty() {
            out.extend_from_slice(self.settled);
        } else {
            out.extend(self.iter());
        }
    }

    /// All of them in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + use<'a> {
        let Targets { mut settled, mut recent } = *self;
        std::iter::from_fn(move || {
            let (first, rest) = match (settled.split_first(), recent.split_first()) {
                (Some((a, _)), Some((b, rest))) if b < a => (b, (settled, rest)),
                (Some((a, rest)), _) => (a, (rest, recent)),
                (None, Some((b, rest))) => (b, (settled, rest)),
                (None, None) => return None,
            };
            (settled, recent) = rest;
            Some(*first)
        })
    }
}

impl Postings {
    /// Postings over the two sections of a file; nothing where they do not fit each other: where the last of the offsets, which is `last`, is
    /// not how many targets there are.
    pub fn over(offsets: Section<u32>, targets: Section<u32>, last: u32) -> Option<Self> {
        (last as usize == targets.len()).then_some(Postings { offsets, targets, ..Postings::default() })
    }

    /// The base alone, which is shared.
    pub(super) fn base(&self) -> Self {
        Postings { offsets: self.offsets.clone(), targets: self.targets.clone(), ..Postings::default() }
    }

    /// The two sections for a file. Only whole after [`Postings::fold_in`].
    pub fn parts(&self) -> (&Section<u32>, &Section<u32>) {
        (&self.offsets, &self.targets)
    }

    /// The targets of a source row.
    #[inline]
    pub fn get(&self, source: u32) -> Targets<'_> {
        let at = source as usize;
        let settled = match self.offsets.range(at, at.saturating_add(2)) {
            Some([start, end]) => self.targets.range(*start as usize, *end as usize).unwrap_or(&[]),
            _ => &[],
        };
        let recent = if self.overflow.is_empty() {
            &[][..]
        } else {
            self.overflow.get(&source).map_or(&[][..], Vec::as_slice)
        };
        Targets { settled, recent }
    }

    /// How many targets a source row has; none of them is looked at.
    pub fn count(&self, source: u32) -> usize {
        let at = source as usize;
        let settled = match self.offsets.range(at, at.saturating_add(2)) {
            Some([start, end]) => end.saturating_sub(*start) as usize,
            _ => 0,
        };
        settled + self.overflow.get(&source).map_or(0, Vec::len)
    }

    /// The targets of a source row in the base, and what a column holds beside them; nothing where it does not go that far.
    pub(super) fn beside<'a>(
        &'a self,
        source: u32,
        column: &'a Column<u32>,
    ) -> Option<(&'a [u32], &'a [u32])> {
        let at = source as usize;
        let [start, end] = self.offsets.range(at, at.saturating_add(2))? else { return None };
        let (start, end) = (*start as usize, *end as usize);
        Some((self.targets.range(start, end)?, column.view(false).run(start, end)?))
    }

    /// Relates a source row to a target; a relation that is there already stays as it is.
    pub fn add(&mut self, source: u32, target: u32) {
        if let Some(waiting) = &mut self.deferred {
            waiting.push((source, target));
            return;
        }
        if self.get(source).contains(target) {
            return;
        }
        let recent = self.overflow.entry(source).or_default();
        match recent.last() {
            Some(last) if *last > target => {
                let at = recent.partition_point(|t| *t < target);
                recent.insert(at, target);
            }
            _ => recent.push(target),
        }
        self.added += 1;
    }

    /// From now on only notes what is added, for a load that folds in at its end (`true`); or makes it readable (`false`).
    pub fn defer(&mut self, on: bool) {
        if on {
            self.deferred.get_or_insert_default();
        } else if let Some(waiting) = self.deferred.take() {
            for (source, target) in waiting {
                self.add(source, target);
            }
        }
    }

    /// What waits for [`Postings::fold_in`].
    pub(super) fn waiting_mut(&mut self) -> Option<&mut Vec<(u32, u32)>> {
        self.deferred.as_mut()
    }

    /// Whether what is added is only noted until [`Postings::fold_in`].
    pub fn is_deferred(&self) -> bool {
        self.deferred.is_some()
    }

    /// How many relations stand in the overflow.
    pub fn recent(&self) -> usize {
        self.added
    }

    /// One more than the last source row that has targets.
    pub fn sources(&self) -> usize {
        let recent = self.overflow.keys().max().map_or(0, |last| *last as usize + 1);
        recent.max(self.offsets.len().saturating_sub(1))
    }

    /// How many relations there are.
    pub fn len(&self) -> usize {
        self.targets.len() + self.added
    }

    /// Builds the base at once from pairs, by counting: linear, and twice over the pairs.
    pub fn from_pairs<I: Iterator<Item = (u32, u32)>>(sources: usize, pairs: impl Fn() -> I) -> Self {
        let mut offsets = vec![0u32; sources + 1];
        prefer_huge_pages(&mut offsets);
        for (source, _) in pairs() {
            if let Some(count) = offsets.get_mut(source as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for offset in &mut offsets {
            sum += *offset;
            *offset = sum;
        }
        let mut next = offsets.clone();
        let mut targets = vec![0u32; offsets[sources] as usize];
        prefer_huge_pages(&mut targets);
        for (source, target) in pairs() {
            if (source as usize) < sources {
                let at = &mut next[source as usize];
                targets[*at as usize] = target;
                *at += 1;
            }
        }
        drop(next);
        let (offsets, targets) = sorted_once(offsets, targets);
        Postings { offsets: offsets.into(), targets: targets.into(), ..Postings::default() }
    }

    /// Makes the overflow part of the base, which then has at least `sources` rows. The lists that nothing was added to are copied as they are.
    pub fn fold_in(&mut self, sources: usize) {
        let mut added = self.deferred.take().unwrap_or_default();
        let overflow = std::mem::take(&mut self.overflow);
        self.added = 0;
        let sources = sources.max(self.offsets.len().saturating_sub(1));
        if self.targets.len() == 0 && !added.is_empty() {
            let known = || {
                overflow.iter().flat_map(|(source, list)| list.iter().map(move |target| (*source, *target)))
            };
            *self = Postings::from_pairs(sources, || known().chain(added.iter().copied()));
            return;
        }
        for (source, list) in overflow {
            added.extend(list.into_iter().map(|target| (source, target)));
        }
        added.sort_unstable();
        if !added.is_empty() || self.offsets.len().saturating_sub(1) < sources {
            *self = self.merged(&added, sources);
        }
    }

    /// The base with some pairs, which are sorted.
    fn merged(&self, added: &[(u32, u32)], sources: usize) -> Self {
        let (known, settled) = (self.offsets.as_slice(), self.targets.as_slice());
        let end_of = |source: usize| known.get(source + 1).or(known.last()).copied().unwrap_or(0);
        let mut offsets = Vec::with_capacity(sources + 1);
        offsets.push(0);
        let mut targets: Vec<u32> = Vec::with_capacity(settled.len() + added.len());
        // How much of the base stands in `targets`.
        let mut copied = 0;
        for of_one in added.chunk_by(|a, b| a.0 == b.0) {
            let source = of_one.first().map_or(0, |pair| pair.0) as usize;
            if source >= sources {
                break;
            }
            let shift = (targets.len() as u32).wrapping_sub(copied as u32);
            offsets.extend((offsets.len() - 1..source).map(|before| end_of(before).wrapping_add(shift)));
            let start = if source == 0 { 0 } else { end_of(source - 1) as usize };
            targets.extend_from_slice(settled.get(copied..start).unwrap_or(&[]));
            // In a file made on purpose lists may overlap: nothing is copied twice.
            let from = start.max(copied);
            copied = from.max(end_of(source) as usize);
            let mut own = settled.get(from..copied).unwrap_or(&[]).iter().copied().peekable();
            let first = targets.len();
            for (_, target) in of_one {
                while let Some(before) = own.next_if(|known| known <= target) {
                    targets.push(before);
                }
                if targets.get(first..).and_then(<[u32]>::last) != Some(target) {
                    targets.push(*target);
                }
            }
            targets.extend(own);
            offsets.push(targets.len() as u32);
        }
        let shift = (targets.len() as u32).wrapping_sub(copied as u32);
        offsets.extend((offsets.len() - 1..sources).map(|before| end_of(before).wrapping_add(shift)));
        let targets = if added.is_empty() {
            self.targets.clone()
        } else {
            targets.extend_from_slice(settled.get(copied..).unwrap_or(&[]));
            targets.into()
        };
        Postings { offsets: offsets.into(), targets, ..Postings::default() }
    }

    /// Whether offsets ascend and every target is below `targets`. Reads everything.
    pub fn is_sound(&self, targets: usize) -> bool {
        let (offsets, all) = (self.offsets.as_slice(), self.targets.as_slice());
        offsets.first().is_none_or(|first| *first == 0)
            && offsets.windows(2).all(|pair| {
                pair[0] <= pair[1]
                    && all.get(pair[0] as usize..pair[1] as usize).is_some_and(|list| {
                        list.windows(2).all(|two| two[0] < two[1])
                            && list.last().is_none_or(|t| (*t as usize) < targets)
                    })
            })
    }
}

/// Sorts each list and drops repeated targets.
fn sorted_once(mut offsets: Vec<u32>, mut targets: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let mut write = 0;
    let mut start = 0;
    for offset in offsets.iter_mut().skip(1) {
        let end = *offset as usize;
        let list = &mut targets[start..end];
        if !list.is_sorted() {
            list.sort_unstable();
        }
        let first = write;
        for read in start..end {
            if write == first || targets[write - 1] != targets[read] {
                targets[write] = targets[read];
                write += 1;
            }
        }
        start = end;
        *offset = write as u32;
    }
    targets.truncate(write);
    (offsets, targets)
}

/// For each row a list whose order matters, such as the subjects of a proposition. Rows are added at the end; what is added to a
/// row later stands behind what it had.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    ends: Column<u32>,
    items: Column<u32>,
    later: BTreeMap<u32, Vec<u32>>,
}

impl Lists {
    /// Lists over the two sections of a file.
    pub fn over(ends: Section<u32>, items: Section<u32>) -> Self {
        Lists { ends: Column::over(ends), items: Column::over(items), later: BTreeMap::new() }
    }

    pub(super) fn parts_mut(&mut self) -> (&mut Column<u32>, &mut Column<u32>) {
        (&mut self.ends, &mut self.items)
    }

    /// The two sections for a file. Only whole after [`Lists::fold_in`].
    pub fn parts(&self) -> (&Column<u32>, &Column<u32>) {
        (&self.ends, &self.items)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a row.
    pub fn push(&mut self, items: impl IntoIterator<Item = u32>) -> u32 {
        for item in items {
            self.items.push(item);
        }
        self.ends.push(self.items.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// Adds an item to the end of a row that is there already.
    pub fn extend(&mut self, row: u32, item: u32) {
        self.later.entry(row).or_default().push(item);
    }

    /// The first item of a row, to have it in the cache.
    pub fn touch(&self, row: u32) -> u32 {
        self.get(row).next().unwrap_or(0)
    }

    /// The items of a row, in order.
    pub fn get(&self, row: u32) -> impl Iterator<Item = u32> + use<'_> {
        self.view(false).get(row)
    }

    /// The lists for reading many of them; see [`Column::view`].
    pub fn view(&self, whole: bool) -> ListsView<'_> {
        ListsView { ends: self.ends.view(whole), items: self.items.view(whole), later: &self.later }
    }

    /// Makes everything part of the base.
    pub fn fold_in(&mut self) {
        if !self.later.is_empty() {
            let mut whole = Lists::default();
            // In a file made on purpose lists may overlap: no more is copied than there is.
            let mut left = self.items.len() + self.later.values().map(Vec::len).sum::<usize>();
            for row in 0..self.len() as u32 {
                let before = whole.items.len();
                whole.push(self.get(row).take(left));
                left -= whole.items.len() - before;
            }
            *self = whole;
        }
        self.ends.fold_in();
        self.items.fold_in();
    }

    /// Whether rows ascend, end where the items end, and every item is below `items`. Reads everything.
    pub fn is_sound(&self, items: usize) -> bool {
        self.ends.flat().is_sorted()
            && self.ends.len().checked_sub(1).and_then(|last| self.ends.get(last)).unwrap_or(0) as usize
                == self.items.len()
            && self.items.iter().all(|item| (item as usize) < items)
    }
}

/// Lists for reading many of them.
#[derive(Debug, Clone, Copy)]
pub struct ListsView<'a> {
    ends: View<'a, u32>,
    items: View<'a, u32>,
    later: &'a BTreeMap<u32, Vec<u32>>,
}

impl<'a> ListsView<'a> {
    /// The items of a row as they stand in memory; nothing where they do not stand together.
    #[inline]
    pub fn run(self, row: u32) -> Option<&'a [u32]> {
        let at = row as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1)? };
        let end = self.ends.get(at)?;
        if self.later.is_empty() { self.items.run(start as usize, end as usize) } else { None }
    }

    /// The items of a row, in order.
    #[inline]
    pub fn get(self, row: u32) -> impl Iterator<Item = u32> + use<'a> {
        let items = self.items;
        let at = row as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).unwrap_or(0) };
        let end = self.ends.get(at).unwrap_or(start);
        let later = if self.later.is_empty() { None } else { self.later.get(&row) };
        // A file may say anything, so a row ends where the items do.
        (start..end).map_while(move |at| items.get(at as usize)).chain(later.into_iter().flatten().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_overflow_and_folding_agree() {
        let pairs = [(0, 5), (2, 1), (0, 3), (2, 1), (0, 5), (3, 9)];
        let mut built = Postings::from_pairs(4, || pairs.iter().copied());
        let mut added = Postings::default();
        for (source, target) in pairs {
            added.add(source, target);
        }
        built.add(1, 4);
        built.add(0, 4);
        added.add(1, 4);
        added.add(0, 4);
        let expected = [vec![3, 4, 5], vec![4], vec![1], vec![9], vec![]];
        for round in 0..2 {
            for (source, list) in expected.iter().enumerate() {
                assert_eq!(built.get(source as u32).iter().collect::<Vec<_>>(), *list, "{round}");
                assert_eq!(added.get(source as u32).iter().collect::<Vec<_>>(), *list, "{round}");
            }
            built.fold_in(5);
            added.fold_in(5);
            assert!(built.is_sound(10) && !built.is_sound(9) && built.recent() == 0);
        }
    }
}
