//! Sentences that begin the alternatives of a step: `… or anyone said ?c via ?o source ?d and …`. Where they share nothing but a content with
//! what was found before, the claims of all these contents are gone over once, and what each content is filled with is kept, each once: of a
//! claim among alternatives nothing else is ever seen.

use super::claim::Then;
use super::least::Fillings;
use super::scan::Sentence;
use super::{Evaluator, Flow, NOTHING, Stopped, UNBOUND};
use crate::plan::{ClaimPattern, ContentTest, Question, SlotId, Step, StepKind, names_of_claim};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::Arc;

/// What a sentence fills its slots with, for each content.
#[derive(Debug)]
pub(super) struct Ready {
    /// The slot of the content.
    content: SlotId,
    /// The other slots.
    slots: SmallVec<[SlotId; 4]>,
    /// Of each content its rows.
    rows: HashMap<u64, Range<usize>>,
    /// What the other slots hold, row by row.
    cells: Vec<u64>,
}

impl Ready {
    /// Every row of a sentence: the content, then what the other slots hold. The rows of each content come together, each once.
    fn of(content: SlotId, slots: SmallVec<[SlotId; 4]>, found: &[Vec<u64>]) -> Ready {
        let width = slots.len() + 1;
        let all = || found.iter().flat_map(|rows| rows.chunks_exact(width));
        let of = |row: &[u64]| row.first().copied().unwrap_or(NOTHING);
        let mut many: HashMap<u64, usize> = HashMap::new();
        all().for_each(|row| *many.entry(of(row)).or_default() += 1);
        let mut rows: HashMap<u64, Range<usize>> = HashMap::with_capacity(many.len());
        let mut end = 0;
        let mut ordered: Vec<u64> = vec![UNBOUND; all().count() * slots.len()];
        for row in all() {
            let place = rows.entry(of(row)).or_insert_with(|| {
                let start = end;
                end += many.get(&of(row)).copied().unwrap_or(0);
                start..start
            });
            let cells = ordered.get_mut(place.end * slots.len()..(place.end + 1) * slots.len());
            cells.into_iter().for_each(|cells| cells.copy_from_slice(row.get(1..).unwrap_or(&[])));
            place.end += 1;
        }
        let mut ready = Ready { content, slots, rows, cells: Vec::new() };
        let mut each: Vec<&[u64]> = Vec::new();
        for place in ready.rows.values_mut() {
            each.clear();
            each.extend(
                place
                    .clone()
                    .filter_map(|row| ordered.get(row * ready.slots.len()..(row + 1) * ready.slots.len())),
            );
            each.sort_unstable();
            each.dedup();
            let start = ready.cells.len();
            each.iter().for_each(|cells| ready.cells.extend_from_slice(cells));
            *place = start..ready.cells.len();
        }
        ready
    }
}

impl Evaluator<'_> {
    /// Where the alternatives of a step begin with sentences that share nothing but a content with the first step, goes over the claims of all
    /// contents that it found, once for each of these sentences.
    pub(super) fn look_into(
        &self,
        question: &Question,
        next: &Step,
        grouped: &Fillings,
    ) -> Result<(), Stopped> {
        let StepKind::Any(parts) = &next.kind else { return Ok(()) };
        for part in parts {
            let Some(Step { id, kind: StepKind::Claim(pattern), .. }) = part.steps.first() else { continue };
            let ContentTest::Slot(content) = pattern.content else { continue };
            let Some(at) = grouped.content_at(content) else { continue };
            let slots = self.slots.get();
            let is_named = slots.get(usize::from(pattern.claim.0)).is_none_or(|slot| slot.variable);
            if is_named || !Self::is_over_claims(pattern) {
                continue;
            }
            let candidates = self.claims_of(grouped, at);
            let own = [pattern.claim, pattern.appearance, content];
            let named = names_of_claim(pattern);
            let others: SmallVec<[SlotId; 4]> = named.iter().filter(|slot| !own.contains(slot)).collect();
            if others.iter().any(|slot| grouped.has(*slot)) {
                continue;
            }
            let width = question.slots.len().max(1);
            let sentence = Sentence { step: usize::MAX, pattern, slots: &question.slots };
            let found =
                self.scanned(sentence, &candidates, Vec::new, |worker, kept: &mut Vec<u64>, rows| {
                    for row in rows.chunks_exact(width) {
                        let cell = |slot: &SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(UNBOUND);
                        kept.push(cell(&content));
                        kept.extend(others.iter().map(cell));
                    }
                    worker.holds_on(rows.len() / width * (others.len() + 1) * size_of::<u64>())
                })?;
            self.found_by_contents(*id);
            let ready = Ready::of(content, others, &found);
            self.hold(size_of_val(&ready.cells[..]) + ready.rows.len() * size_of::<(u64, Range<usize>)>())?;
            self.least.borrow_mut().ready.insert(*id, Arc::new(ready));
        }
        Ok(())
    }

    /// What was found for a step, where it was gone over for all contents and this row has nothing else of what it fills.
    pub(super) fn ready(&self, step: usize, row: &[u64]) -> Option<Arc<Ready>> {
        let least = self.least.borrow();
        let ready = least.ready.get(&step)?;
        let is_open = ready.slots.iter().all(|slot| Self::held(row, *slot).is_none());
        (is_open && Self::held(row, ready.content).is_some()).then(|| ready.clone())
    }

    /// Every row of a step that was gone over for all contents.
    pub(super) fn rows_ready(
        &self,
        ready: &Ready,
        pattern: &ClaimPattern,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let content = Self::held(row, ready.content).unwrap_or(NOTHING);
        let Some(place) = ready.rows.get(&content) else { return Flow::Continue(()) };
        if ready.slots.is_empty() {
            // It fills nothing, but there is a claim.
            return then(row);
        }
        debug_assert!(Self::held(row, pattern.claim).is_none(), "nothing names the claim of an alternative");
        let mut flow = Flow::Continue(());
        for cells in ready.cells.get(place.clone()).unwrap_or(&[]).chunks_exact(ready.slots.len()) {
            self.tick()?;
            for (slot, cell) in ready.slots.iter().zip(cells) {
                row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|place| *place = *cell);
            }
            flow = then(row);
            if flow.is_break() {
                break;
            }
        }
        for slot in &ready.slots {
            row.iter_mut().skip(usize::from(slot.0)).take(1).for_each(|place| *place = UNBOUND);
        }
        flow
    }
}
