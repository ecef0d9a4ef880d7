//! Reasoning verbs done to rows: the values they work on are collected, `reason` answers, and its answers become rows of values. Nothing is
//! concluded here.

mod told;
mod trace;

use super::distinct::Distinct;
use super::table::Table;
use super::{Evaluator, Rows, Stopped, Value};
use crate::graph::{Cut, Node, Sight};
use crate::model::{AppearanceId, ClaimId, ClaimRef, Content, EntityId};
use crate::plan::{Reasoned, Verb, reasoned_columns};
use crate::reason::{
    Between, Circle, Corroboration, OriginKind, Record, Retracted, SilenceKind, Way, Weak, Withdrawn,
    changes, circular, conflicts, corroborate, figures, impact, kind_of, reliance, silence, timeline,
    weakest,
};

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

impl Evaluator<'_> {
    /// These things, in a column of their own.
    pub(super) fn things(&self, things: &[Node]) -> Table {
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

    /// Does a reasoning verb to the values of a field.
    pub(super) fn reasoned(&self, table: &Table, reasoned: &Reasoned) -> Result<Table, Stopped> {
        let heads = reasoned_columns(reasoned.verb, reasoned.reckoning.with_support);
        let mut rows = Rows::with_columns(heads.into_iter().map(|(head, _)| head));
        let things = self.collected(table, reasoned);
        let withdrawn = Withdrawn::of(self.graph);
        let record = Record::new(self.sight, &withdrawn).until(self.options.cancel);
        let mut claims: Vec<ClaimId> =
            things.claims.iter().filter(|claim| !claim.is_relay()).map(|claim| claim.claim).collect();
        claims.sort_unstable();
        claims.dedup();
        match reasoned.verb {
            Verb::Trace => {
                rows.shape = super::Shape::Tree;
                self.trace_each(&things, &record, &mut rows);
            }
            Verb::Corroborate => {
                for content in &things.contents {
                    self.check()?;
                    let found = corroborate(&record, *content, reasoned.reckoning);
                    self.corroboration(&record, &found, &mut rows);
                }
            }
            Verb::Weakest => {
                for content in &things.contents {
                    self.check()?;
                    self.weakest(&record, *content, &mut rows);
                }
            }
            Verb::Conflicts => self.conflicts(&record, &claims, reasoned, &mut rows)?,
            Verb::Circular => self.circular(&record, &claims, reasoned.everywhere, &mut rows),
            Verb::Timeline => self.timeline(&record, &claims, reasoned, &mut rows),
            Verb::Figures => self.figures(&record, &claims, &mut rows),
            Verb::Silence => self.silence(&record, &claims, &reasoned.whom, &mut rows),
            Verb::Impact => self.impact(&record, &things, &mut rows),
            Verb::Reliance => {
                for who in &things.entities {
                    self.check()?;
                    self.reliance(&record, *who, &mut rows);
                }
            }
            Verb::Changes => self.changes(&withdrawn, &claims, reasoned, &mut rows),
        }
        self.check()?;
        Ok(Table::of_rows(rows))
    }

    fn collected(&self, table: &Table, reasoned: &Reasoned) -> Things {
        let mut things = Things::default();
        let mut seen = Distinct::default();
        for row in &table.order {
            let value = self.value(table, *row, reasoned.field);
            match value {
                Value::List(values) => {
                    values
                        .iter()
                        .for_each(|value| self.collect(value, reasoned.verb, &mut seen, &mut things));
                }
                value => self.collect(&value, reasoned.verb, &mut seen, &mut things),
            }
        }
        things
    }

    fn collect(&self, value: &Value, verb: Verb, seen: &mut Distinct, things: &mut Things) {
        let on_contents = matches!(verb, Verb::Corroborate | Verb::Weakest);
        let of_claim;
        let value = match value {
            Value::Claim(claim) if on_contents => {
                let Some(content) = self.graph.claims.content(claim.claim) else { return };
                of_claim = Value::Content(self.graph.same.content(content));
                &of_claim
            }
            Value::Content(content) => {
                of_claim = Value::Content(self.graph.same.content(*content));
                &of_claim
            }
            value => value,
        };
        if !seen.place(|key| self.key(value, key)).1 {
            return;
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
    }

    fn corroboration(&self, record: &Record<'_>, found: &Corroboration, rows: &mut Rows) {
        let claims = found.support.backing.iter().chain(&found.support.denying);
        let claims = claims.map(|backed| claim_value(backed.claim)).collect::<Vec<_>>();
        let (backing, denying) = (found.backing.range, found.denying.range);
        let row = [
            Value::Content(found.content),
            Value::Count(backing.min),
            Value::Count(backing.max),
            Value::Count(denying.min),
            Value::Count(denying.max),
            entities(&found.links),
            entities(&found.cut.hands),
            told::list(told::corroboration(record, found)),
            list(claims),
        ];
        let supporting = found.with_support.as_ref().map(|more| more.range);
        let more =
            supporting.into_iter().flat_map(|range| [Value::Count(range.min), Value::Count(range.max)]);
        rows.push(row.into_iter().chain(more));
    }

    fn weakest(&self, record: &Record<'_>, content: Content, rows: &mut Rows) {
        for weak in weakest(record, content) {
            let (kind, on) = match weak {
                Weak::Hand(hand) => {
                    let speaks = corroborated_by(record, content, hand);
                    (if speaks { "source" } else { "carrier" }, Value::Entity(hand))
                }
                Weak::Document(document) => ("document", Value::Document(document)),
                Weak::Claim(claim) => ("claim", claim_value(claim)),
            };
            rows.push([Value::Content(content), Value::Text(kind.into()), on]);
        }
    }

    fn conflicts(
        &self,
        record: &Record<'_>,
        claims: &[ClaimId],
        reasoned: &Reasoned,
        rows: &mut Rows,
    ) -> Result<(), Stopped> {
        let sides = reasoned.sides.as_ref().map(|(one, other)| (&one[..], &other[..]));
        let most = MOST_PAIRS.min(self.options.max_solutions);
        let found = conflicts(record, claims, Between { sides }, most).map_err(|_| Stopped::Pairs(most))?;
        for one in found {
            rows.push([
                claim_value(one.a),
                self.speakers(record, one.a),
                self.content_of(one.a),
                claim_value(one.b),
                self.speakers(record, one.b),
                self.content_of(one.b),
                Value::Text(one.kind.word().into()),
                Value::Text(one.comparable.word().into()),
                told::list(one.reasons.iter().map(|reason| told::conflict(record, &one, *reason)).collect()),
            ]);
        }
        Ok(())
    }

    fn circular(&self, record: &Record<'_>, claims: &[ClaimId], everywhere: bool, rows: &mut Rows) {
        for circle in circular(record, claims, everywhere) {
            rows.push(match circle {
                Circle::Confirmation { content, steps } => {
                    let mut claims: Vec<Value> = Vec::new();
                    for step in &steps {
                        let claim = claim_value(step.way.claim);
                        if !claims.contains(&claim) {
                            claims.push(claim);
                        }
                    }
                    let hands: Vec<EntityId> = steps.iter().map(|step| step.who).collect();
                    [
                        Value::Content(content),
                        Value::Text("confirmation".into()),
                        entities(&hands),
                        list(claims),
                    ]
                }
                Circle::Citation(documents) => {
                    let documents = documents.into_iter().map(Value::Document).collect();
                    [Value::Nothing, Value::Text("citation".into()), list(documents), Value::Nothing]
                }
            });
        }
    }

    fn timeline(&self, record: &Record<'_>, claims: &[ClaimId], reasoned: &Reasoned, rows: &mut Rows) {
        for event in timeline(record, claims, reasoned.clock) {
            let change = event.change;
            rows.push([
                event.when.map_or(Value::Nothing, Value::Time),
                self.speakers(record, event.claim),
                self.content_of(event.claim),
                change.map_or(Value::Nothing, |change| Value::Text(change.kind.word().into())),
                claim_value(event.claim),
                change.map_or(Value::Nothing, |change| claim_value(change.from)),
            ]);
        }
    }

    fn figures(&self, record: &Record<'_>, claims: &[ClaimId], rows: &mut Rows) {
        for claimed in figures(record, claims) {
            rows.push([
                Value::Word(claimed.what),
                Value::Figure(claimed.proposition, claimed.place),
                self.speakers(record, claimed.claim),
                record.said(claimed.claim).map_or(Value::Nothing, Value::Time),
                self.content_of(claimed.claim),
                claim_value(claimed.claim),
                Value::Text(claimed.fits.word().into()),
                told::fit(record, claimed.fits).map_or(Value::Nothing, |told| Value::Text(told.into())),
            ]);
        }
    }

    fn silence(&self, record: &Record<'_>, claims: &[ClaimId], whom: &[EntityId], rows: &mut Rows) {
        for silent in silence(record, claims, whom) {
            let (claim, spoke) = match silent.kind {
                SilenceKind::Refused(claim) => (Some(claim), None),
                SilenceKind::Asked(claim, spoke) => (Some(claim), spoke),
                SilenceKind::Nothing => (None, None),
            };
            let when = claim.and_then(|claim| record.said(claim));
            rows.push([
                Value::Entity(silent.who),
                Value::Text(silent.kind.word().into()),
                claim.map_or(Value::Nothing, claim_value),
                when.map_or(Value::Nothing, Value::Time),
                spoke.map_or(Value::Nothing, claim_value),
            ]);
        }
    }

    fn impact(&self, record: &Record<'_>, things: &Things, rows: &mut Rows) {
        let mut retracted = Retracted::default();
        for thing in &things.retracted {
            match thing {
                Node::Claim(claim) => retracted.add_claim(record, *claim),
                Node::Entity(entity) => retracted.add_entity(record, *entity),
                Node::Document(document) => retracted.add_document(*document),
                Node::Content(_) => {}
            }
        }
        for one in impact(record, &retracted) {
            let count = |number: usize| Value::Count(number as u64);
            rows.push([
                one.content.map_or(Value::Nothing, Value::Content),
                claim_value(one.claim),
                Value::Text(one.effect.word().into()),
                Value::Count(one.before.min),
                Value::Count(one.after.min),
                Value::Count(one.before.max),
                Value::Count(one.after.max),
                count(one.ways_before),
                count(one.left.len()),
                one.left.first().map_or(Value::Nothing, |way| self.way(*way, one.left.len())),
            ]);
        }
    }

    fn way(&self, way: Way, ways: usize) -> Value {
        let chains = if way.appearance == AppearanceId::NONE { 0 } else { ways as u32 };
        Value::Chain(super::Chain { claim: ClaimRef::of(way.claim), appearance: way.appearance, chains })
    }

    fn reliance(&self, record: &Record<'_>, who: EntityId, rows: &mut Rows) {
        let found = reliance(record, who);
        let share = |claims: usize| Value::Number(told::share(claims, found.claims));
        for (on, claims) in &found.rests_on {
            let kind = match kind_of(record, *on) {
                _ if *on == found.who => "itself",
                OriginKind::Named => "named",
                OriginKind::OwnVoice => "outlet",
                OriginKind::Unnamed => "unnamed",
            };
            let claims = claims.len();
            let (kind, count) = (Value::Text(kind.into()), Value::Count(claims as u64));
            rows.push([
                Value::Entity(found.who),
                Value::Entity(*on),
                kind,
                Value::Nothing,
                count,
                share(claims),
            ]);
        }
        let contents = [("only unnamed", &found.only_unnamed), ("own voice", &found.own_voice)];
        for (kind, contents) in contents {
            for (content, claims) in contents {
                let (kind, count) = (Value::Text(kind.into()), Value::Count(claims.len() as u64));
                let what = Value::Content(*content);
                rows.push([Value::Entity(found.who), Value::Nothing, kind, what, count, share(claims.len())]);
            }
        }
    }

    fn changes(&self, withdrawn: &Withdrawn, claims: &[ClaimId], reasoned: &Reasoned, rows: &mut Rows) {
        let Some((from, to)) = reasoned.period else { return };
        let record = |until: i64| {
            let cut = match self.sight.cut {
                Cut::None => Cut::Published(until),
                Cut::Published(seen) => Cut::Published(until.min(seen)),
                Cut::Recorded(seen) => Cut::Recorded(until.min(seen)),
            };
            Record::new(Sight::new(self.graph, cut), withdrawn).until(self.options.cancel)
        };
        for one in changes(&record(from), &record(to), claims, reasoned.reckoning) {
            rows.push([
                Value::Content(one.content),
                Value::Text(one.kind.word().into()),
                Value::Count(one.backing.0.min),
                Value::Count(one.backing.0.max),
                Value::Count(one.backing.1.min),
                Value::Count(one.backing.1.max),
                Value::Count(one.denying.0.min),
                Value::Count(one.denying.1.min),
                list(one.claims.into_iter().map(claim_value).collect()),
            ]);
        }
    }

    fn speakers(&self, record: &Record<'_>, claim: ClaimId) -> Value {
        entities(&record.speakers(claim))
    }

    fn content_of(&self, claim: ClaimId) -> Value {
        self.graph.claims.content(claim).map_or(Value::Nothing, Value::Content)
    }
}

/// Whether somebody is a source of a content, and does not only carry it.
fn corroborated_by(record: &Record<'_>, content: Content, hand: EntityId) -> bool {
    let backing = crate::reason::support(record, content).backing;
    backing.iter().any(|backed| record.speakers(backed.claim).contains(&hand))
}

fn claim_value(claim: ClaimId) -> Value {
    Value::Claim(ClaimRef::of(claim))
}

fn entities(entities: &[EntityId]) -> Value {
    list(entities.iter().copied().map(Value::Entity).collect())
}

fn list(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Nothing } else { Value::List(values.into()) }
}
