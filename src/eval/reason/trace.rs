//! Traces as rows: who carried a claim, from the documents it appeared in down to its speaker, and where it was told otherwise.

use super::super::scan::{in_threads, scaled, threads};
use super::super::table::ColumnsRead;
use super::super::{Evaluator, Rows, Stopped, Value};
use super::{Things, told};
use crate::model::{ClaimId, ClaimRef, Content};
use crate::plan::{KnownPart as P, Part};
use crate::reason::{Record, Versions, Way, hop_drift, trace};

/// As many claims are worth a thread.
const CLAIMS_PER_THREAD: usize = scaled(1 << 10);

/// Which columns somebody reads.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each column")]
struct Wanted {
    who: bool,
    act: bool,
    cue: bool,
    date: bool,
    hedge: bool,
    basis: bool,
    drift: bool,
}

impl Evaluator<'_> {
    /// The trees of some claims and contents, one after another. Of very many, several threads make theirs.
    pub(super) fn trace_each(
        &self,
        things: &Things,
        record: &Record<'_>,
        read: &ColumnsRead,
        rows: &mut Rows,
    ) -> Result<(), Stopped> {
        let seen = things.claims.iter().copied().filter(|claim| self.sight.is_on_record(claim.claim));
        let behind = things.contents.iter().flat_map(|content| self.claims_behind(*content));
        let claims: Vec<ClaimRef> = seen.chain(behind).collect();
        let wanted = |head: &str| rows.column(head).is_some_and(|at| read.has(at));
        let wanted = Wanted {
            who: wanted("who"),
            act: wanted("act"),
            cue: wanted("cue"),
            date: wanted("date"),
            hedge: wanted("hedge"),
            basis: wanted("basis"),
            drift: wanted("drift"),
        };
        let all = |worker: &Evaluator<'_>, claims: &[ClaimRef], rows: &mut Rows| {
            let mut versions = Versions::default();
            claims.iter().try_for_each(|claim| {
                worker.growing(rows, |rows| worker.trace(*claim, record, wanted, &mut versions, rows))
            })
        };
        let threads = threads(claims.len(), CLAIMS_PER_THREAD);
        if threads < 2 {
            return all(self, &claims, rows);
        }
        let work = claims.chunks(claims.len().div_ceil(threads)).map(|claims| (self.worker(), claims));
        for found in in_threads(work.collect(), |(worker, claims)| {
            let mut rows = Rows::with_columns([""; 0]);
            all(&worker, claims, &mut rows)?;
            Ok::<_, Stopped>(rows.cells)
        }) {
            rows.cells.append(&mut found?);
        }
        Ok(())
    }

    fn trace(
        &self,
        claim: ClaimRef,
        record: &Record<'_>,
        wanted: Wanted,
        versions: &mut Versions,
        rows: &mut Rows,
    ) {
        let appearances = self.appearances_of(claim);
        for step in trace(self.graph, claim, &appearances) {
            if record.must_stop() {
                return;
            }
            let part = |is_wanted, part| {
                let part = || self.part(&Value::Claim(step.act), Some(step.appearance), Part::Known(part));
                if is_wanted { part() } else { Value::Nothing }
            };
            let own_hedge = match part(wanted.hedge, P::Hedge) {
                Value::Hedge { word, owner } if !owner.is_some() => Value::Hedge { word, owner },
                _ => Value::Nothing,
            };
            let document = match step.document.some() {
                Some(document) => Value::Document(document),
                None => Value::Nothing,
            };
            let drift: Vec<_> = if !wanted.drift {
                Vec::new()
            } else if step.act.is_relay() {
                hop_drift(record, step.act.claim, step.act.hop).into_iter().collect()
            } else {
                versions.drift(record, Way { claim: step.act.claim, appearance: step.appearance })
            };
            rows.push([
                Value::Claim(step.act),
                Value::Count(step.depth.into()),
                part(wanted.who, P::Speakers),
                part(wanted.act, P::Act),
                part(wanted.cue, P::Cue),
                part(wanted.date, P::Date),
                own_hedge,
                part(wanted.basis, P::Basis),
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
