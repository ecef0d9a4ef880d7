//! Traces as rows: who carried a claim, from the documents it appeared in down to its speaker.

use super::{Evaluator, Rows, Shape, Value};
use crate::model::{ClaimId, ClaimRef};
use crate::plan::{KnownPart as P, Traced};
use crate::reason::trace;

/// The columns of a trace, which scripts may rely on.
const COLUMNS: [&str; 9] = ["claim", "depth", "who", "act", "cue", "date", "hedge", "basis", "document"];

impl Evaluator<'_> {
    /// The trees of some claims and contents, one after another.
    pub(super) fn trace(&self, traced: &[Traced]) -> Rows {
        let mut rows = Rows { shape: Shape::Tree, ..Rows::with_columns(COLUMNS) };
        for one in traced {
            for claim in self.claims_behind(*one) {
                let appearances = self.appearances_of(claim);
                for step in trace(self.graph, claim, &appearances) {
                    let part = |part| {
                        self.part(
                            &Value::Claim(step.act),
                            Some(step.appearance),
                            crate::plan::Part::Known(part),
                        )
                    };
                    let own_hedge = match part(P::Hedge) {
                        Value::Hedge { word, owner } if !owner.is_some() => Value::Hedge { word, owner },
                        _ => Value::Nothing,
                    };
                    let document = match step.document.some() {
                        Some(document) => Value::Document(document),
                        None => Value::Nothing,
                    };
                    rows.push([
                        Value::Claim(step.act),
                        Value::Count(step.depth.into()),
                        part(P::Speakers),
                        part(P::Act),
                        part(P::Cue),
                        part(P::Date),
                        own_hedge,
                        part(P::Basis),
                        document,
                    ]);
                }
            }
        }
        rows
    }

    /// The claims that hold a content, or its negation where that is what was asked; in the order recorded.
    fn claims_behind(&self, traced: Traced) -> Vec<ClaimRef> {
        match traced {
            Traced::Claim(claim) => {
                if self.sight.is_on_record(claim.claim) {
                    vec![claim]
                } else {
                    Vec::new()
                }
            }
            Traced::Content(content) => {
                let graph = self.graph;
                let mut found: Vec<ClaimId> = Vec::new();
                for member in graph.same.contents(content) {
                    let claims = graph.claims.by_content(member.proposition).iter().map(ClaimId);
                    found.extend(claims.filter(|claim| {
                        graph.claims.content(*claim) == Some(member) && self.sight.is_on_record(*claim)
                    }));
                }
                found.sort_unstable();
                found.dedup();
                found
                    .into_iter()
                    .map(ClaimRef::of)
                    .filter(|claim| !self.appearances_of(*claim).is_empty())
                    .collect()
            }
        }
    }
}
