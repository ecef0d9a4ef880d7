//! Answers of reasoning as rows of values, one function for each verb, in the columns that `plan` tells.

use super::super::{Chain, Rows, Stopped, Value};
use super::told;
use crate::model::{AppearanceId, ClaimId, ClaimRef, Content, EntityId};
use crate::plan::Reasoned;
use crate::reason::{
    self, Between, Circle, Corroboration, Hinge, OriginKind, Reckoning, Record, Retracted, SilenceKind, Way,
    kind_of,
};

pub(super) fn corroboration(record: &Record<'_>, found: &Corroboration, rows: &mut Rows) {
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
    let more = supporting.into_iter().flat_map(|range| [Value::Count(range.min), Value::Count(range.max)]);
    rows.push(row.into_iter().chain(more));
}

pub(super) fn weakest(record: &Record<'_>, content: Content, rows: &mut Rows) {
    let found = reason::weakest(record, content);
    let claims = list(found.backing.iter().map(|backed| claim_value(backed.claim)).collect());
    let speaks = |hand| found.backing.iter().any(|backed| record.speakers(backed.claim).contains(&hand));
    for hinge in found.hinges {
        let (kind, hinge) = match hinge {
            Hinge::Hand(hand) => (if speaks(hand) { "source" } else { "carrier" }, Value::Entity(hand)),
            Hinge::Document(document) => ("document", Value::Document(document)),
            Hinge::Claim(claim) => ("claim", claim_value(claim)),
        };
        rows.push([Value::Content(content), Value::Text(kind.into()), hinge, claims.clone()]);
    }
}

pub(super) fn conflicts(
    record: &Record<'_>,
    claims: &[ClaimId],
    reasoned: &Reasoned,
    most: usize,
    rows: &mut Rows,
) -> Result<(), Stopped> {
    let sides = reasoned.sides.as_ref().map(|(one, other)| (&one[..], &other[..]));
    let found = reason::conflicts(record, claims, Between { sides }, most)?;
    for one in found {
        rows.push([
            claim_value(one.a),
            speakers(record, one.a),
            content_of(record, one.a),
            claim_value(one.b),
            speakers(record, one.b),
            content_of(record, one.b),
            Value::Text(one.kind.word().into()),
            Value::Text(one.comparable.word().into()),
            told::list(one.reasons.iter().map(|reason| told::conflict(record, &one, *reason)).collect()),
        ]);
    }
    Ok(())
}

pub(super) fn circular(record: &Record<'_>, claims: &[ClaimId], everywhere: bool, rows: &mut Rows) {
    for circle in reason::circular(record, claims, everywhere) {
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
                [Value::Content(content), Value::Text("confirmation".into()), entities(&hands), list(claims)]
            }
            Circle::Citation(documents) => {
                let documents = documents.into_iter().map(Value::Document).collect();
                [Value::Nothing, Value::Text("citation".into()), list(documents), Value::Nothing]
            }
        });
    }
}

pub(super) fn timeline(record: &Record<'_>, claims: &[ClaimId], reasoned: &Reasoned, rows: &mut Rows) {
    for event in reason::timeline(record, claims, reasoned.clock) {
        let change = event.change;
        rows.push([
            event.when.map_or(Value::Nothing, Value::Time),
            speakers(record, event.claim),
            content_of(record, event.claim),
            change.map_or(Value::Nothing, |change| Value::Text(change.kind.word().into())),
            claim_value(event.claim),
            change.map_or(Value::Nothing, |change| claim_value(change.from)),
        ]);
    }
}

pub(super) fn figures(record: &Record<'_>, claims: &[ClaimId], rows: &mut Rows) {
    for claimed in reason::figures(record, claims) {
        rows.push([
            Value::Word(claimed.what),
            Value::Figure(claimed.proposition, claimed.place),
            speakers(record, claimed.claim),
            record.said(claimed.claim).map_or(Value::Nothing, Value::Time),
            content_of(record, claimed.claim),
            claim_value(claimed.claim),
            Value::Text(claimed.fits.word().into()),
            told::fit(record, claimed.fits).map_or(Value::Nothing, |told| Value::Text(told.into())),
        ]);
    }
}

pub(super) fn silence(record: &Record<'_>, claims: &[ClaimId], whom: &[EntityId], rows: &mut Rows) {
    for silent in reason::silence(record, claims, whom) {
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

pub(super) fn impact(record: &Record<'_>, retracted: &Retracted, rows: &mut Rows) {
    for one in reason::impact(record, retracted) {
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
            one.left.first().map_or(Value::Nothing, |way| way_value(*way, one.left.len())),
        ]);
    }
}

fn way_value(way: Way, ways: usize) -> Value {
    let chains = if way.appearance == AppearanceId::NONE { 0 } else { ways as u32 };
    Value::Chain(Chain { claim: ClaimRef::of(way.claim), appearance: way.appearance, chains })
}

/// How many claims are named where there may be very many.
const SUCH_AS: usize = 3;

pub(super) fn reliance(record: &Record<'_>, who: EntityId, rows: &mut Rows) {
    let found = reason::reliance(record, who);
    let counted = |claims: &[ClaimId]| {
        let such_as = claims.iter().take(SUCH_AS).copied().map(claim_value).collect();
        let share = Value::Number(told::share(claims.len(), found.claims));
        [Value::Count(claims.len() as u64), share, list(such_as)]
    };
    for (on, claims) in &found.rests_on {
        let kind = match kind_of(record, *on) {
            _ if *on == found.who => "itself",
            OriginKind::Named => "named",
            OriginKind::OwnVoice => "outlet",
            OriginKind::Unnamed => "unnamed",
        };
        let row = [Value::Entity(found.who), Value::Entity(*on), Value::Text(kind.into()), Value::Nothing];
        rows.push(row.into_iter().chain(counted(claims)));
    }
    let contents = [("only unnamed", &found.only_unnamed), ("own voice", &found.own_voice)];
    for (kind, contents) in contents {
        for (content, claims) in contents {
            let what = Value::Content(*content);
            let row = [Value::Entity(found.who), Value::Nothing, Value::Text(kind.into()), what];
            rows.push(row.into_iter().chain(counted(claims)));
        }
    }
}

pub(super) fn changes(
    before: &Record<'_>,
    after: &Record<'_>,
    claims: &[ClaimId],
    how: Reckoning,
    rows: &mut Rows,
) {
    for one in reason::changes(before, after, claims, how) {
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

fn speakers(record: &Record<'_>, claim: ClaimId) -> Value {
    entities(&record.speakers(claim))
}

fn content_of(record: &Record<'_>, claim: ClaimId) -> Value {
    record.graph().claims.content(claim).map_or(Value::Nothing, Value::Content)
}

fn claim_value(claim: ClaimId) -> Value {
    Value::Claim(ClaimRef::of(claim))
}

fn entities(entities: &[EntityId]) -> Value {
    list(entities.iter().copied().map(Value::Entity).collect())
}

pub(super) fn list(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Nothing } else { Value::List(values.into()) }
}
