//! What the first sentence of a question finds where one claim of it is enough: groups of claims, one for each filling of the slots that it
//! shares with other sentences. Which sentences these are, and what is done with the groups, is told in `least.rs`.

use super::candidates::Candidates;
use super::claim::content_of;
use super::groups::{Clock, Group, Groups, Half, every, fits, narrow, widen};
use super::scan::{MANY, Sentence, scaled};
use super::{Evaluator, Flow, NOTHING, Stopped, UNBOUND};
use crate::model::Content;
use crate::plan::{ClaimPattern, SlotId, SlotKind, Step, StepKind};
use smallvec::SmallVec;
use std::sync::Arc;

/// From so many claims on first step is gone over in one go.
const FEW: usize = scaled(8);

/// A first step with what it found.
pub(super) struct Grouped<'o> {
    pub(super) step: usize,
    pub(super) pattern: &'o ClaimPattern,
    /// The steps behind it.
    pub(super) rest: &'o [Step],
    pub(super) fillings: Fillings,
}

impl Grouped<'_> {
    /// All steps that ask for claims, with the slots of these.
    pub(super) fn steps(&self) -> impl Iterator<Item = (usize, SlotId)> {
        let later = self.rest.iter().filter_map(|step| match &step.kind {
            StepKind::Claim(pattern) => Some((step.id, pattern.claim)),
            _ => None,
        });
        [(self.step, self.pattern.claim)].into_iter().chain(later)
    }
}

/// The fillings of what a step shares.
pub(super) struct Fillings {
    /// The slots that it shares, and what they hold.
    pub(super) slots: SmallVec<[Half; 2]>,
    /// A group of claims for each filling.
    pub(super) groups: Vec<Group>,
    /// The claims that were gone over.
    candidates: Arc<Candidates>,
}

impl Fillings {
    /// What the slots hold.
    pub(super) fn cells(&self, group: &Group) -> SmallVec<[u64; 2]> {
        let halves = self.slots.iter().rev().enumerate();
        let mut cells: SmallVec<[u64; 2]> =
            halves.map(|(at, (_, kind))| widen(*kind, (group.key >> (32 * at)) as u32)).collect();
        cells.reverse();
        cells
    }

    /// Whether this slot, one for contents, is all that is shared.
    pub(super) fn is_by(&self, slot: usize) -> bool {
        self.slots[..] == [(slot, SlotKind::Content)]
    }

    /// Where a slot stands among those that are shared, if it is for contents.
    pub(super) fn content_at(&self, slot: SlotId) -> Option<usize> {
        let is_it = |(at, kind): &Half| *at == usize::from(slot.0) && *kind == SlotKind::Content;
        self.slots.iter().position(is_it)
    }

    /// What the slot at this place holds in a group.
    pub(super) fn held(&self, group: &Group, at: usize) -> u64 {
        let after = self.slots.len().saturating_sub(at + 1);
        self.slots.get(at).map_or(NOTHING, |(_, kind)| widen(*kind, (group.key >> (32 * after)) as u32))
    }

    /// The contents of all groups in the slot at this place.
    fn contents(&self, at: usize) -> impl Iterator<Item = Content> + '_ {
        let held = self.groups.iter().map(move |group| self.held(group, at));
        held.filter(|held| *held < NOTHING).map(content_of)
    }
}

impl Evaluator<'_> {
    /// The claims of the contents of all groups, in the slot at this place: where the step went over all claims of its topics, and mostly found
    /// what it looked for, those are as good as any and need not be put together.
    pub(super) fn claims_of(&self, grouped: &Fillings, at: usize) -> Arc<Candidates> {
        let found: u64 = grouped.groups.iter().map(|group| group.claims).sum();
        let own = &grouped.candidates;
        if own.met.is_some() && 2 * found >= own.len() as u64 && !self.graph.same.has_contents() {
            return own.clone();
        }
        Arc::new(self.claims_of_contents(grouped.contents(at)))
    }

    /// The fillings of what a step shares, in no particular order; nothing where this way is none for it. Without candidates it
    /// goes over those of the sentence itself.
    pub(super) fn fillings(
        &self,
        sentence: Sentence<'_>,
        candidates: Option<Arc<Candidates>>,
    ) -> Result<Option<Fillings>, Stopped> {
        let pattern = sentence.pattern;
        let Some(slots) = self.least.borrow().steps.get(&sentence.step).cloned() else { return Ok(None) };
        let kinds: SmallVec<[Half; 2]> = slots
            .iter()
            .map(|slot| {
                let at = usize::from(slot.0);
                (at, sentence.slots.get(at).map_or(SlotKind::Text, |slot| slot.kind))
            })
            .collect();
        let is_plain = kinds.len() <= 2
            && kinds.iter().all(|(_, kind)| fits(self.graph, *kind))
            && pattern.id.is_none()
            && pattern.chain.asks_nothing();
        if !is_plain || !self.options.optimize {
            return Ok(None);
        }
        self.trying.set(sentence.step);
        let own = self.candidates(pattern, &vec![UNBOUND; sentence.slots.len().max(1)])?;
        let candidates = match candidates {
            Some(given) if given.len() <= own.len() => {
                self.found_by_contents(sentence.step);
                given
            }
            _ => Arc::new(own),
        };
        if candidates.len() < FEW {
            return Ok(None);
        }
        let clock = Clock::new(self.graph, candidates.len() >= MANY);
        let width = sentence.slots.len().max(1);
        let uncounted = Sentence { step: usize::MAX, ..sentence };
        let half = |(at, kind): &(usize, SlotKind), row: &[u64]| {
            narrow(*kind, row.get(*at).copied().unwrap_or(UNBOUND))
        };
        let make = || Groups::new(Some(&clock), candidates.len());
        let found = self.scanned(uncounted, &candidates, make, |_, groups, rows| {
            for row in rows.chunks_exact(width) {
                let key = kinds.iter().fold(0, |key, one| key << 32 | u64::from(half(one, row)));
                let claim =
                    row.get(usize::from(pattern.claim.0)).map_or(u32::MAX, |cell| (cell >> 32) as u32);
                groups.add(key, claim);
            }
            Flow::Continue(())
        })?;
        self.hold(found.iter().map(Groups::weight).sum())?;
        Ok(Some(Fillings { slots: kinds, groups: Groups::joined(found, every), candidates }))
    }
}
