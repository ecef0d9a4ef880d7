//! Tests on texts that lead to contents: `where what has "dam"` need not look into the text of every claim. Nothing is decided here: the tests
//! are put to what was found all the same.

use crate::graph::{Graph, Looked};
use crate::plan::{
    Base, ColumnSource, CompareOp, Field, KnownPart, Operand, Part, Query, Question, SlotId, SlotKind, Stage,
    Test,
};
use std::collections::BTreeMap;

/// Of slots the propositions to which their tests lead, in ascending order.
pub(super) type Texts = BTreeMap<SlotId, Vec<u32>>;

/// The propositions to which the tests lead that are put to the solutions before anything else.
pub(super) fn texts(graph: &Graph, query: &Query, question: &Question) -> Texts {
    let mut found = Texts::new();
    for stage in query.stages.iter() {
        let Stage::Where(test) = stage else { break };
        all_of(test, &mut |test| {
            let Some((slot, looked, wanted)) = looked_for(test, question) else { return };
            let Some(rows) = graph.propositions.with_words(looked, wanted) else { return };
            let known = found.get_mut(&slot);
            match known {
                Some(known) => known.retain(|row| rows.binary_search(row).is_ok()),
                None => _ = found.insert(slot, rows),
            }
        });
    }
    found
}

/// Every test that must pass.
fn all_of(test: &Test, then: &mut dyn FnMut(&Test)) {
    match test {
        Test::All(parts) => parts.iter().for_each(|part| all_of(part, then)),
        other => then(other),
    }
}

/// The content whose text a test looks into, and for what.
fn looked_for<'t>(test: &'t Test, question: &Question) -> Option<(SlotId, Looked, &'t str)> {
    let Test::Compare(Field { base, part }, op, Operand::Text(wanted)) = test else { return None };
    let looked = match op {
        CompareOp::Has => Looked::Whole,
        CompareOp::Contains => Looked::Part,
        CompareOp::Starts => Looked::Start,
        _ => return None,
    };
    let slot = match base {
        Base::Slot(slot, _) => *slot,
        Base::Column(at) => match question.columns.get(*at)?.source {
            ColumnSource::Slot(slot) => slot,
            _ => return None,
        },
    };
    let is_text = matches!(part, None | Some(Part::Known(KnownPart::Text)));
    let is_content = question.slots.get(usize::from(slot.0))?.kind == SlotKind::Content;
    (is_text && is_content).then_some((slot, looked, wanted))
}
