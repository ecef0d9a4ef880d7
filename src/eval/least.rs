//! Sentences of which one claim is enough. `anyone asserted ?c and anyone denied ?c` has as many solutions as there are pairs of claims, and
//! shows each content once: of a sentence whose claim nothing else names, only the one that sorts first can ever be seen. It is looked up
//! once for each filling of the slots that the sentence shares.

use super::claim::Then;
use super::{Evaluator, Flow};
use crate::plan::{
    Base, ClaimPattern, ContentTest, Field, Node, Operand, Order, Query, Question, SlotId, Stage, StepKind,
    Test, names,
};
use std::collections::HashMap;

/// A claim and where it appeared, as cells.
type Seen = (u64, u64);

/// For each step that one claim is enough for: the slots that it shares, and what was found for their fillings.
#[derive(Debug, Default)]
pub(super) struct Least {
    /// Whether rows show no claim: then of those that show the same only the one that sorts first is kept, as they are found.
    pub(super) merges: bool,
    steps: HashMap<usize, Vec<SlotId>>,
    known: HashMap<(usize, Vec<u64>), Option<Seen>>,
}

impl Least {
    /// The steps of a question of which one claim is enough: it has several sentences, its rows show no claim and count none.
    pub(super) fn of(query: &Query, question: &Question, order: &Order) -> Least {
        if question.counted.len() < 2 || !shows_no_claim(query, question) {
            return Least::default();
        }
        let mut steps = HashMap::new();
        for step in &order.steps {
            let StepKind::Claim(pattern) = &step.kind else { continue };
            let named = question.slots.get(usize::from(pattern.claim.0)).is_none_or(|slot| slot.variable);
            let about_speech = matches!(
                pattern.content,
                ContentTest::Claim(..) | ContentTest::ClaimSlot(..) | ContentTest::Speech(..)
            );
            if named || about_speech {
                continue;
            }
            let (all, _) = names(&Node::Claim(pattern.clone()));
            let own = [pattern.claim, pattern.appearance];
            steps.insert(step.id, all.into_iter().filter(|slot| !own.contains(slot)).collect());
        }
        Least { merges: true, steps, known: HashMap::new() }
    }
}

impl Evaluator<'_> {
    /// The rows of a claim step: only the first, where that is enough and all that the sentence shares is filled.
    pub(super) fn claims_needed(
        &self,
        step: usize,
        pattern: &ClaimPattern,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let shared: Option<Vec<u64>> = {
            let least = self.least.borrow();
            let slots = least.steps.get(&step);
            slots.and_then(|slots| slots.iter().map(|slot| Self::held(row, *slot)).collect())
        };
        let Some(shared) = shared else { return self.claims(pattern, row, then) };
        let key = (step, shared);
        let known = self.least.borrow().known.get(&key).copied();
        let found = match known {
            Some(found) => found,
            None => {
                let found = self.first_claim(pattern, row)?;
                self.least.borrow_mut().known.insert(key, found);
                found
            }
        };
        match found {
            None => Flow::Continue(()),
            Some((claim, appearance)) => {
                let open: super::lists::Open = [(pattern.claim, claim), (pattern.appearance, appearance)]
                    .into_iter()
                    .map(|(slot, value)| (slot, smallvec::smallvec![value]))
                    .collect();
                Self::fill_slots(&open, row, then)
            }
        }
    }

    /// The claim that sorts first among those that fit, with where it appeared.
    fn first_claim(
        &self,
        pattern: &ClaimPattern,
        row: &mut Vec<u64>,
    ) -> std::ops::ControlFlow<super::Halt, Option<Seen>> {
        let mut first: Option<((i64, u64), (i64, u64))> = None;
        let flow = self.claims(pattern, row, &mut |row| {
            let cell = |slot: SlotId| row.get(usize::from(slot.0)).copied().unwrap_or(super::UNBOUND);
            let found = (self.said_key(cell(pattern.claim)), self.rank(cell(pattern.appearance)));
            if first.is_none_or(|first| found < first) {
                first = Some(found);
            }
            Flow::Continue(())
        });
        match flow {
            Flow::Break(halt) => std::ops::ControlFlow::Break(halt),
            Flow::Continue(()) => std::ops::ControlFlow::Continue(
                first.map(|((_, claim), (_, appearance))| (claim, appearance)),
            ),
        }
    }
}

/// Whether the pipeline, up to where it shows other columns, reads no claim and counts none.
fn shows_no_claim(query: &Query, question: &Question) -> bool {
    let reads_claim = |field: &Field| match field.base {
        Base::Slot(slot, _) => question.counted.iter().any(|(claim, seen)| [*claim, *seen].contains(&slot)),
        Base::Column(at) => question
            .columns
            .get(at)
            .is_none_or(|column| !matches!(column.source, crate::plan::ColumnSource::Slot(_))),
    };
    if question.columns.iter().any(|column| !matches!(column.source, crate::plan::ColumnSource::Slot(_))) {
        return false;
    }
    for stage in &query.stages {
        match stage {
            Stage::Show(outputs) => return !outputs.iter().any(|output| reads_claim(&output.field)),
            Stage::Where(test) if reads(test, &reads_claim) => return false,
            Stage::Sort(keys) if keys.iter().any(|(field, _)| reads_claim(field)) => return false,
            Stage::Where(_) | Stage::Sort(_) | Stage::Take(_) | Stage::Skip(_) => {}
            Stage::Count { .. } | Stage::Summarize { .. } | Stage::Reason(_) => return false,
        }
    }
    true
}

fn reads(test: &Test, is_read: &dyn Fn(&Field) -> bool) -> bool {
    let operand = |operand: &Operand| matches!(operand, Operand::Field(field) if is_read(field));
    match test {
        Test::All(parts) | Test::Any(parts) => parts.iter().any(|part| reads(part, is_read)),
        Test::Not(inner) => reads(inner, is_read),
        Test::Known(field, _) => is_read(field),
        Test::In(field, operands) => is_read(field) || operands.iter().any(operand),
        Test::Compare(field, _, other) => is_read(field) || operand(other),
    }
}
