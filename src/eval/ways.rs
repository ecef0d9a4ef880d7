//! Alternatives that begin with the same sentence, as `ready` goes over them: the rows of that sentence, and on which ways they go on. It looks
//! nothing up and tries nothing.

use super::scan::scaled;
use crate::plan::{ClaimPattern, DocumentTest, SlotId, SlotKind};
use hashbrown::HashMap;
use smallvec::{SmallVec, smallvec};

/// A slot and what it holds.
pub(super) type Half = (SlotId, SlotKind);

/// A sentence with which alternatives begin.
pub(super) struct Beginning<'p> {
    pub pattern: &'p ClaimPattern,
    /// What it fills, beside the content.
    pub filled: SmallVec<[Half; 4]>,
    /// Its rows, in runs: the content, then what it fills.
    pub rows: Vec<Vec<u32>>,
    /// Which cells of a row are named by what follows.
    pub asked: SmallVec<[usize; 4]>,
    /// What these hold, each once and in order.
    pub ways: Vec<Named>,
    pub endings: Vec<Ending>,
}

/// How alternatives go on that fill the same.
pub(super) struct Ending {
    /// Their first steps.
    pub steps: SmallVec<[usize; 2]>,
    /// Which cells of a row are seen behind them as they are.
    pub seen: SmallVec<[usize; 4]>,
    /// What they fill: what is seen, then what is added.
    pub slots: SmallVec<[Half; 4]>,
    /// What each of them adds.
    pub added: Vec<Added>,
}

/// What is added on each way, row by row; a cell where there is nothing to add.
pub(super) struct Added {
    /// Where the cells of each way end.
    pub ends: Vec<usize>,
    pub cells: Vec<u32>,
}

/// What slots hold that steps name.
pub(super) type Named = SmallVec<[u32; 4]>;

pub(super) fn named_in<'r>(row: &'r [u32], asked: &'r [usize]) -> impl Iterator<Item = u32> + 'r {
    asked.iter().map(|at| row.get(*at).copied().unwrap_or(u32::MAX))
}

impl Beginning<'_> {
    pub(super) fn all(&self) -> impl Iterator<Item = &[u32]> {
        self.rows.iter().flat_map(|rows| rows.chunks_exact(self.filled.len() + 1))
    }

    pub(super) fn len(&self) -> usize {
        self.rows.iter().map(|rows| rows.len() / (self.filled.len() + 1)).sum()
    }

    pub(super) fn weight(&self) -> usize {
        self.rows.iter().map(|rows| size_of_val(&rows[..])).sum()
    }

    /// What another sentence fills, in the same order, where it asks for the same: but for the slots of its claim and of the document, of which
    /// each fills its own.
    pub(super) fn filled_as(&self, other: &ClaimPattern) -> Option<SmallVec<[Half; 4]>> {
        let mut same = other.clone();
        (same.claim, same.appearance, same.span) =
            (self.pattern.claim, self.pattern.appearance, self.pattern.span);
        let mut filled = self.filled.clone();
        if let (Some(DocumentTest::Slot(own)), Some(DocumentTest::Slot(theirs))) =
            (&self.pattern.chain.document, &mut same.chain.document)
        {
            filled.iter_mut().filter(|(slot, _)| slot == own).for_each(|(slot, _)| *slot = *theirs);
            *theirs = *own;
        }
        (same == *self.pattern).then_some(filled)
    }

    /// What the cells hold that are named by what follows, each once and in order. `numbers` tells how many there can be, where they are few.
    pub(super) fn met(&self, numbers: Option<usize>) -> Vec<Named> {
        if self.asked.is_empty() {
            return if self.len() > 0 { vec![Named::new()] } else { Vec::new() };
        }
        let marked = |numbers: usize| {
            let mut is_met = vec![false; numbers];
            for number in self.all().flat_map(|row| named_in(row, &self.asked)) {
                *is_met.get_mut(number as usize)? = true;
            }
            Some(is_met)
        };
        if let Some(is_met) = numbers.and_then(marked) {
            let met = is_met.into_iter().zip(0..).filter(|(is_met, _)| *is_met);
            return met.map(|(_, number)| smallvec![number]).collect();
        }
        let mut all: Vec<Named> = self.all().map(|row| named_in(row, &self.asked).collect()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Ending {
    /// How many cells of a row are added.
    pub(super) fn width(&self) -> usize {
        self.slots.len() - self.seen.len()
    }
}

impl Added {
    pub(super) fn on(&self, way: usize) -> &[u32] {
        let start = way.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let cells = start.zip(self.ends.get(way)).map(|(start, end)| *start..*end);
        cells.and_then(|cells| self.cells.get(cells)).unwrap_or(&[])
    }
}

/// What is added for what cells hold.
pub(super) enum Ways<'b> {
    /// By the number that the only cell holds.
    Numbers(Vec<Span>),
    /// Where there are few, in the order of what they hold.
    Few(&'b [Named], Vec<Span>),
    /// By what they hold.
    Named(HashMap<&'b [u32], Span>),
}

/// Among so many ways one is found sooner by halves than by a table that has to be made.
const FEW_WAYS: usize = scaled(256);

/// Where cells stand, and how many; of a single one, the cell itself, so that one place less has to be read.
pub(super) type Span = (u32, u32);

impl<'b> Ways<'b> {
    /// With all cells; nothing where these are too many.
    pub(super) fn of(
        beginning: &'b Beginning<'_>,
        ending: &Ending,
        numbers: Option<usize>,
    ) -> Option<(Ways<'b>, Vec<u32>)> {
        let all = &beginning.ways;
        let mut ways = match numbers {
            Some(numbers) => Ways::Numbers(vec![(0, 0); numbers]),
            None if all.len() <= FEW_WAYS => Ways::Few(all, Vec::with_capacity(all.len())),
            None => Ways::Named(HashMap::with_capacity(all.len())),
        };
        let mut cells: Vec<u32> = Vec::new();
        for (at, named) in all.iter().enumerate() {
            let start = cells.len();
            ending.added.iter().for_each(|added| cells.extend_from_slice(added.on(at)));
            let span = match cells.get(start..) {
                Some([only]) => (*only, 1),
                more => (u32::try_from(start).ok()?, u32::try_from(more.map_or(0, <[u32]>::len)).ok()?),
            };
            match &mut ways {
                Ways::Numbers(spans) => {
                    if let Some(place) = named.first().and_then(|number| spans.get_mut(*number as usize)) {
                        *place = span;
                    }
                }
                Ways::Few(_, spans) => spans.push(span),
                Ways::Named(spans) => _ = spans.insert(named, span),
            }
        }
        Some((ways, cells))
    }

    /// What is added for this, row by row.
    pub(super) fn on<'w>(&'w self, mut named: impl Iterator<Item = u32>, cells: &'w [u32]) -> &'w [u32] {
        let span = match self {
            Ways::Numbers(spans) => named.next().and_then(|number| spans.get(number as usize)),
            Ways::Few(ways, spans) => {
                let named: Named = named.collect();
                ways.binary_search(&named).ok().and_then(|at| spans.get(at))
            }
            Ways::Named(spans) => spans.get(&named.collect::<Named>()[..]),
        };
        match span {
            Some((only, 1)) => std::slice::from_ref(only),
            Some((start, many)) => {
                let start = *start as usize;
                cells.get(start..start + *many as usize).unwrap_or(&[])
            }
            None => &[],
        }
    }
}
