//! Traces as rows: who carried a claim, from the documents it appeared in down to its speaker, and where it was told otherwise.

use super::super::{Evaluator, Rows, Value};
use super::{Things, told};
use crate::model::{ClaimId, ClaimRef, Content};
use crate::plan::{KnownPart as P, Part};
use crate::reason::{Record, Versions, Way, hop_drift, trace};

impl Evaluator<'_> {
    /// The trees of some claims and contents, one after another.
    pub(super) fn trace_each(&self, things: &Things, record: &Record<'_>, rows: &mut Rows) {
        let mut versions = Versions::default();
        for claim in things.claims.iter().copied().filter(|claim| self.sight.is_on_record(claim.claim)) {
            self.trace(claim, record, &mut versions, rows);
        }
        for claim in things.contents.iter().flat_map(|content| self.claims_behind(*content)) {
            self.trace(claim, record, &mut versions, rows);
        }
    }

    fn trace(&self, claim: ClaimRef, record: &Record<'_>, versions: &mut Versions, rows: &mut Rows) {
        let appearances = self.appearances_of(claim);
        for step in trace(self.graph, claim, &appearances) {
            if record.is_cancelled() {
                return;
            }
            let part = |part| self.part(&Value::Claim(step.act), Some(step.appearance), Part::Known(part));
            let own_hedge = match part(P::Hedge) {
                Value::Hedge { word, owner } if !owner.is_some() => Value::Hedge { word, owner },
                _ => Value::Nothing,
            };
            let document = match step.document.some() {
                Some(document) => Value::Document(document),
                None => Value::Nothing,
            };
            let drift: Vec<_> = if step.act.is_relay() {
                hop_drift(record, step.act.claim, step.act.hop).into_iter().collect()
            } else {
                versions.drift(record, Way { claim: step.act.claim, appearance: step.appearance })
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
                told::list(drift.into_iter().map(|drift| told::drift(record, drift)).collect()),
            ]);
        }
    }

    /// The claims that hold a content, in the order recorded.
    fn claims_behind(&self, content: Content) -> Vec<ClaimRef> {
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
        found.into_iter().map(ClaimRef::of).filter(|claim| !self.appearances_of(*claim).is_empty()).collect()
    }
}
