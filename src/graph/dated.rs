//! Claims by who said them, with the time of each beside it: of a speaker's claims, which lie all over, those of some days are found without a
//! look at the others. It knows neither times nor claims, only their numbers.

use super::column::Column;
use super::layout::Visit;
use super::postings::{Postings, Targets};

/// Postings with a number beside each target of the base.
#[derive(Debug, Clone, Default)]
pub(super) struct Dated {
    postings: Postings,
    said: Column<u32>,
}

impl Dated {
    pub(super) fn get(&self, source: u32) -> Targets<'_> {
        self.postings.get(source)
    }

    pub(super) fn add(&mut self, source: u32, target: u32) {
        self.postings.add(source, target);
    }

    pub(super) fn defer(&mut self, on: bool) {
        self.postings.defer(on);
    }

    /// Adds the targets of a source row whose number fits, in ascending order; `said` tells that of what is not in the base yet.
    pub(super) fn copy_fitting(
        &self,
        source: u32,
        fits: impl Fn(u32) -> bool,
        said: impl Fn(u32) -> u32,
        out: &mut Vec<u32>,
    ) {
        let targets = self.postings.get(source);
        match self.postings.beside(source, &self.said) {
            Some((settled, times)) if settled.len() == targets.len() => {
                let both = settled.iter().zip(times);
                out.extend(both.filter(|(_, time)| fits(**time)).map(|(target, _)| *target));
            }
            _ => out.extend(targets.iter().filter(|target| fits(said(*target)))),
        }
    }

    pub(super) fn visit(&mut self, name: &str, v: &mut impl Visit) {
        v.postings(name, &mut self.postings);
        v.column(&format!("{name}.said"), &mut self.said);
    }

    /// Makes what was added part of the base.
    pub(super) fn fold_in(&mut self, sources: usize, said: impl Fn(u32) -> u32) {
        let before = self.postings.base();
        self.postings.fold_in(sources);
        let (_, targets) = self.postings.parts();
        if targets.len() == self.said.len() {
            return;
        }
        // What stands there already is not asked for again: of a large graph to which little is added most lists stay as they are.
        let mut times: Vec<u32> = Vec::with_capacity(targets.len());
        for source in 0..self.postings.sources() as u32 {
            let all = self.postings.get(source);
            let (settled, known) = before.beside(source, &self.said).unwrap_or_default();
            if times.len() > targets.len() {
                // Lists of a file made on purpose that overlap.
                break;
            }
            if settled.len() == all.len() {
                times.extend_from_slice(known);
                continue;
            }
            let mut known = settled.iter().zip(known).peekable();
            times.extend(all.iter().map(|target| {
                let there = known.next_if(|(settled, _)| **settled == target);
                there.map_or_else(|| said(target), |(_, time)| *time)
            }));
        }
        self.said = Column::over(times.into());
    }

    /// Whether there are as many numbers as targets in the base.
    pub(super) fn is_whole(&self) -> bool {
        self.postings.parts().1.len() == self.said.len()
    }

    /// Whether beside each target of the base stands what `said` tells of it. Reads everything.
    pub(super) fn is_sound(&self, said: impl Fn(u32) -> u32) -> bool {
        let (_, targets) = self.postings.parts();
        self.said.iter().eq(targets.as_slice().iter().map(|target| said(*target)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_some_times_are_found_before_and_after_folding() {
        let said = |claim: u32| claim % 3;
        let mut dated = Dated::default();
        for (source, claim) in [(0, 1), (2, 2), (2, 5), (2, 6), (0, 8)] {
            dated.add(source, claim);
        }
        let of = |dated: &Dated, source, time| {
            let mut found = Vec::new();
            dated.copy_fitting(source, |one| one == time, said, &mut found);
            found
        };
        for _ in 0..2 {
            assert_eq!(
                [of(&dated, 2, 2), of(&dated, 2, 0), of(&dated, 1, 2), of(&dated, 9, 2)],
                [vec![2, 5], vec![6], vec![], vec![]]
            );
            dated.fold_in(3, said);
            assert!(dated.is_whole() && dated.is_sound(said) && !dated.is_sound(|claim| claim % 2));
        }
        dated.add(2, 11);
        dated.add(2, 4);
        assert_eq!([of(&dated, 2, 2), of(&dated, 2, 1)], [vec![2, 5, 11], vec![4]]);
        dated.fold_in(3, said);
        assert_eq!([of(&dated, 2, 2), of(&dated, 2, 1)], [vec![2, 5, 11], vec![4]]);
        assert!(dated.is_whole() && dated.is_sound(said));
    }
}
