//! Traces as rows: who carried a claim, from the documents it appeared in down to its speaker, and where it was told otherwise.

use super::super::distinct::Distinct;
use super::super::scan::scaled;
use super::super::table::{ColumnsRead, Table};
use super::super::{Evaluator, Rows, Stopped, Value};
use super::{Things, told};
use crate::model::{AppearanceId, ClaimId, ClaimRef, Content};
use crate::plan::{Base, KnownPart as P, Output, Part, Reasoned, Verb, reasoned_columns};
use crate::reason::{Record, Versions, Way, Withdrawn, hop_drift, trace};
use crate::threads::{in_threads, threads_for};

/// As many claims are worth a thread.
const CLAIMS_PER_THREAD: usize = scaled(1 << 10);

/// What a column of a trace tells.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Claim,
    Depth,
    Part(P),
    Hedge,
    Document,
    Drift,
    /// Nothing: nobody reads it.
    Nothing,
}

impl Told {
    /// What the column with this head tells.
    fn by(head: &str) -> Self {
        match head {
            "claim" => Told::Claim,
            "depth" => Told::Depth,
            "who" => Told::Part(P::Speakers),
            "act" => Told::Part(P::Act),
            "cue" => Told::Part(P::Cue),
            "date" => Told::Part(P::Date),
            "hedge" => Told::Hedge,
            "basis" => Told::Part(P::Basis),
            "document" => Told::Document,
            "drift" => Told::Drift,
            _ => Told::Nothing,
        }
    }
}

impl Evaluator<'_> {
    /// The trees of some claims and contents, one after another, under all columns. Those that nobody reads are left empty: some take long to
    /// work out.
    pub(super) fn trace_each(
        &self,
        things: &Things,
        record: &Record<'_>,
        read: &ColumnsRead,
        rows: &mut Rows,
    ) -> Result<(), Stopped> {
        let heads = rows.columns.iter().enumerate();
        let told: Vec<Told> =
            heads.map(|(at, head)| if read.has(at) { Told::by(head) } else { Told::Nothing }).collect();
        rows.cells = self.traces(things, record, &told, false)?;
        Ok(())
    }

    /// The trees with these columns alone, as the stage behind a trace shows them; nothing where two acts might show the same.
    pub(in super::super) fn trace_shown(
        &self,
        table: &Table<'_>,
        reasoned: &Reasoned,
        outputs: &[Output],
    ) -> Result<Option<Table<'static>>, Stopped> {
        let heads = reasoned_columns(reasoned.verb, reasoned.reckoning.with_support);
        let told = outputs.iter().map(|output| match (output.field.base, output.field.part) {
            (Base::Column(at), None) => heads.get(at).map(|(head, _)| Told::by(head)),
            _ => None,
        });
        let Some(told) = told.collect::<Option<Vec<Told>>>() else { return Ok(None) };
        if reasoned.verb != Verb::Trace || !told.contains(&Told::Claim) || self.graph.same.has_claims() {
            return Ok(None);
        }
        let things = self.collected(table, reasoned)?;
        let is_claims = things.contents.is_empty() && !things.claims.iter().any(|claim| claim.is_relay());
        if !is_claims && !things.claims.is_empty() {
            return Ok(None);
        }
        let withdrawn = Withdrawn::of(self.graph);
        let record = Record::new(self.sight, &withdrawn).until(self.options.stop());
        let mut rows = Rows::with_columns(outputs.iter().map(|output| output.name.as_str()));
        rows.cells = self.traces(&things, &record, &told, true)?;
        self.check()?;
        Ok(Some(Table::of_rows(rows)))
    }

    /// The cells of all trees; where that is asked for, of rows of one claim that show the same only the first. Of very many claims, several
    /// threads make theirs.
    fn traces(
        &self,
        things: &Things,
        record: &Record<'_>,
        told: &[Told],
        each_once: bool,
    ) -> Result<Vec<Value>, Stopped> {
        let mut asked = things.claims.clone();
        if self.graph.same.has_claims() {
            // Of those that are the same every way is shown.
            let all_of = |claim: ClaimRef| {
                if claim.is_relay() {
                    return vec![claim];
                }
                self.graph.same.claims(claim.claim).into_iter().map(ClaimRef::of).collect()
            };
            asked = asked.into_iter().flat_map(all_of).collect();
        }
        let seen = asked.into_iter().filter(|claim| self.sight.is_on_record(claim.claim));
        let behind = things.contents.iter().flat_map(|content| self.claims_behind(*content));
        let claims: Vec<ClaimRef> = seen.chain(behind).collect();
        let all = |worker: &Evaluator<'_>, claims: &[ClaimRef]| {
            let mut versions = Versions::default();
            // Most came by one carrier: two acts.
            let mut cells: Vec<Value> = Vec::with_capacity(2 * told.len() * claims.len());
            for claim in claims {
                let before = cells.len();
                let appearances = worker.appearances_of(*claim);
                worker.trace(*claim, &appearances, record, told, &mut versions, &mut cells);
                if each_once && appearances.len() > 1 {
                    worker.each_row_once(&mut cells, before, told.len())?;
                }
                worker.hold_values(cells.get(before..).unwrap_or(&[]))?;
            }
            Ok::<_, Stopped>(cells)
        };
        let threads = threads_for(claims.len(), CLAIMS_PER_THREAD);
        if threads < 2 {
            return all(self, &claims);
        }
        let work = claims.chunks(claims.len().div_ceil(threads)).map(|claims| (self.worker(), claims));
        let mut found = in_threads(work.collect(), |(worker, claims)| all(&worker, claims)).into_iter();
        let mut cells = found.next().unwrap_or_else(|| Ok(Vec::new()))?;
        for more in found {
            cells.append(&mut more?);
        }
        Ok(cells)
    }

    fn trace(
        &self,
        claim: ClaimRef,
        appearances: &[AppearanceId],
        record: &Record<'_>,
        told: &[Told],
        versions: &mut Versions,
        cells: &mut Vec<Value>,
    ) {
        for step in trace(self.graph, claim, appearances) {
            if record.must_stop() {
                return;
            }
            let part = |part| self.part(&Value::Claim(step.act), Some(step.appearance), Part::Known(part));
            cells.extend(told.iter().map(|told| match told {
                Told::Claim => Value::Claim(step.act),
                Told::Depth => Value::Count(step.depth.into()),
                Told::Part(known) => part(*known),
                Told::Hedge => match part(P::Hedge) {
                    Value::Hedge { word, owner } if !owner.is_some() => Value::Hedge { word, owner },
                    _ => Value::Nothing,
                },
                Told::Document => step.document.some().map_or(Value::Nothing, Value::Document),
                Told::Drift => {
                    let drift: Vec<_> = if step.act.is_relay() {
                        hop_drift(record, step.act.claim, step.act.hop).into_iter().collect()
                    } else {
                        versions.drift(record, Way { claim: step.act.claim, appearance: step.appearance })
                    };
                    told::list(drift.into_iter().map(|drift| told::drift(record, drift)).collect())
                }
                Told::Nothing => Value::Nothing,
            }));
        }
    }

    /// Of the rows behind a place, so wide, leaves of those that show the same the first.
    fn each_row_once(&self, cells: &mut Vec<Value>, from: usize, width: usize) -> Result<(), Stopped> {
        let mut seen = Distinct::default();
        let rows = cells.split_off(from);
        for row in rows.chunks_exact(width.max(1)) {
            if self.place(&mut seen, |key| row.iter().for_each(|value| self.key(value, key)))?.1 {
                cells.extend_from_slice(row);
            }
        }
        self.let_go(seen.weight());
        Ok(())
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
        found.into_iter().map(ClaimRef::of).collect()
    }
}
