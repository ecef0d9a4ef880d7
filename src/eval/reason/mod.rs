//! Reasoning verbs done to rows: the values they work on are collected, `reason` answers, and its answers become rows of values. Nothing is
//! concluded here.

mod rows;
mod told;
mod trace;

use super::distinct::Distinct;
use super::table::{ColumnsRead, Table};
use super::{Evaluator, Rows, Stopped, Value};
use crate::graph::{Cut, Node, Sight};
use crate::model::{ClaimId, ClaimRef, Content, EntityId};
use crate::plan::{Reasoned, Verb, reasoned_columns};
use crate::reason::{Record, Retracted, Withdrawn, corroborate};

/// The most pairs of claims that are set against each other.
const MOST_PAIRS: usize = 1_000_000;

/// What a verb works on, each once, in the order of the rows.
#[derive(Default)]
struct Things {
    contents: Vec<Content>,
    claims: Vec<ClaimRef>,
    entities: Vec<EntityId>,
    retracted: Vec<Node>,
}

impl Things {
    /// All of them supposed away.
    fn retracted(&self, record: &Record<'_>) -> Retracted {
        let mut retracted = Retracted::default();
        for thing in &self.retracted {
            match thing {
                Node::Claim(claim) => retracted.add_claim(record, *claim),
                Node::Entity(entity) => retracted.add_entity(record, *entity),
                Node::Document(document) => retracted.add_document(*document),
                Node::Content(_) => {}
            }
        }
        retracted
    }
}

impl Evaluator<'_> {
    /// These things, in a column of their own.
    pub(super) fn things(&self, things: &[Node]) -> Table<'static> {
        let mut rows = Rows::with_columns(["what"]);
        for thing in things {
            rows.push([match thing {
                Node::Content(content) => Value::Content(self.graph.same.content(*content)),
                Node::Claim(claim) => Value::Claim(*claim),
                Node::Entity(entity) => Value::Entity(self.graph.same.entity(*entity)),
                Node::Document(document) => Value::Document(*document),
            }]);
        }
        Table::of_rows(rows)
    }

    /// Does a reasoning verb to the values of a field. Of a trace, columns that nobody reads are left empty: some take long to work out.
    pub(super) fn reasoned(
        &self,
        table: &Table<'_>,
        reasoned: &Reasoned,
        read: &ColumnsRead,
    ) -> Result<Table<'static>, Stopped> {
        let heads = reasoned_columns(reasoned.verb, reasoned.reckoning.with_support);
        let mut rows = Rows::with_columns(heads.into_iter().map(|(head, _)| head));
        let things = self.collected(table, reasoned)?;
        let withdrawn = Withdrawn::of(self.graph);
        let record = Record::new(self.sight, &withdrawn).until(self.stop());
        let mut claims: Vec<ClaimId> =
            things.claims.iter().filter(|claim| !claim.is_relay()).map(|claim| claim.claim).collect();
        // Of those that are the same the rows hold one; these verbs look at all of them.
        let looks_at_all =
            matches!(reasoned.verb, Verb::Circular | Verb::Conflicts | Verb::Timeline | Verb::Changes);
        if looks_at_all && self.graph.same.has_claims() {
            claims = claims.into_iter().flat_map(|claim| self.graph.same.claims(claim)).collect();
            claims.retain(|claim| self.sight.is_on_record(*claim));
        }
        claims.sort_unstable();
        claims.dedup();
        match reasoned.verb {
            Verb::Trace => {
                rows.shape = super::Shape::Tree;
                self.trace_each(&things, &record, read, &mut rows)?;
            }
            Verb::Corroborate => {
                for content in &things.contents {
                    self.check()?;
                    let found = corroborate(&record, *content, reasoned.reckoning);
                    self.growing(&mut rows, |rows| rows::corroboration(&record, &found, rows))?;
                }
            }
            Verb::Weakest => {
                for content in &things.contents {
                    self.check()?;
                    self.growing(&mut rows, |rows| rows::weakest(&record, *content, rows))?;
                }
            }
            Verb::Conflicts => rows::conflicts(
                &record,
                &claims,
                reasoned,
                MOST_PAIRS.min(self.options.max_solutions),
                &mut rows,
            )?,
            Verb::Circular => {
                self.growing(&mut rows, |rows| rows::circular(&record, &claims, reasoned.everywhere, rows))?;
            }
            Verb::Timeline => {
                self.growing(&mut rows, |rows| rows::timeline(&record, &claims, reasoned, rows))?;
            }
            Verb::Figures => self.growing(&mut rows, |rows| rows::figures(&record, &claims, rows))?,
            Verb::Silence => {
                self.growing(&mut rows, |rows| rows::silence(&record, &claims, &reasoned.whom, rows))?;
            }
            Verb::Impact => {
                self.growing(&mut rows, |rows| rows::impact(&record, &things.retracted(&record), rows))?;
            }
            Verb::Reliance => {
                for who in &things.entities {
                    self.check()?;
                    self.growing(&mut rows, |rows| rows::reliance(&record, *who, rows))?;
                }
            }
            Verb::Changes => {
                let (from, to) = reasoned.period.unwrap_or_default();
                let (before, after) = (self.record_by(from, &withdrawn), self.record_by(to, &withdrawn));
                rows::changes(&before, &after, &claims, reasoned.reckoning, &mut rows);
            }
        }
        self.check()?;
        Ok(Table::of_rows(rows))
    }

    /// Adds rows, and counts what they take.
    pub(super) fn growing(&self, rows: &mut Rows, add: impl FnOnce(&mut Rows)) -> Result<(), Stopped> {
        let before = rows.cells.len();
        add(rows);
        self.hold_values(rows.cells.get(before..).unwrap_or(&[]))
    }

    fn collected(&self, table: &Table<'_>, reasoned: &Reasoned) -> Result<Things, Stopped> {
        let mut things = Things::default();
        let mut seen = Distinct::default();
        for row in &table.order {
            let value = self.value(table, *row, reasoned.field);
            match value {
                Value::List(values) => {
                    for value in values.iter() {
                        self.collect(value, reasoned.verb, &mut seen, &mut things)?;
                    }
                }
                value => self.collect(&value, reasoned.verb, &mut seen, &mut things)?,
            }
        }
        Ok(things)
    }

    fn collect(
        &self,
        value: &Value,
        verb: Verb,
        seen: &mut Distinct,
        things: &mut Things,
    ) -> Result<(), Stopped> {
        let on_contents = matches!(verb, Verb::Corroborate | Verb::Weakest);
        let of_claim;
        let value = match value {
            Value::Claim(claim) if on_contents => {
                let Some(content) = self.graph.claims.content(claim.claim) else { return Ok(()) };
                of_claim = Value::Content(self.graph.same.content(content));
                &of_claim
            }
            Value::Content(content) => {
                of_claim = Value::Content(self.graph.same.content(*content));
                &of_claim
            }
            value => value,
        };
        if !self.place(seen, |key| self.key(value, key))?.1 {
            return Ok(());
        }
        match value {
            Value::Content(content) => things.contents.push(*content),
            Value::Claim(claim) => {
                things.claims.push(*claim);
                things.retracted.push(Node::Claim(*claim));
            }
            Value::Entity(entity) => {
                things.entities.push(*entity);
                things.retracted.push(Node::Entity(*entity));
            }
            Value::Document(document) => things.retracted.push(Node::Document(*document)),
            _ => {}
        }
        self.hold(size_of::<(ClaimRef, Node)>())
    }

    /// The record as it stood by a moment, by the clock of the question.
    fn record_by<'r>(&'r self, until: i64, withdrawn: &'r Withdrawn) -> Record<'r>
    where
        Self: 'r,
    {
        let cut = match self.sight.cut {
            Cut::None => Cut::Published(until),
            Cut::Published(seen) => Cut::Published(until.min(seen)),
            Cut::Recorded(seen) => Cut::Recorded(until.min(seen)),
        };
        Record::new(Sight::new(self.graph, cut), withdrawn).until(self.stop())
    }
}
