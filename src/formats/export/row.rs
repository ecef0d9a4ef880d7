//! Claims as rows, where the keys of a row hold all of them.

use super::naming::Naming;
use crate::graph::{FieldKind, Hop, Party};
use crate::model::{
    AppearanceId, Basis, ClaimFlags, ClaimId, Commitment, EntityId, Figure, Lexicon, Modality, Mode,
    StringId, TimeId, is_unnamed,
};
use serde_json::{Map, Value, json};

/// The row of a claim in one way, with so many of its topics; nothing where it needs a sentence.
pub(super) fn row(naming: &Naming<'_>, claim: ClaimId, way: AppearanceId, topics: usize) -> Option<Value> {
    let (graph, claims) = (naming.graph, &naming.graph.claims);
    let (verb, flags) = (graph.lexicon.verb(claims.verb(claim)), claims.flags(claim));
    let mut row = Map::new();
    if !claims.id(claim).is_empty() {
        row.insert("id".into(), claims.id(claim).into());
    }
    row.insert("speaker".into(), names(naming, claims.source(claim))?);
    row.insert("cue".into(), verb.word.as_str().into());
    let content = claims.content(claim)?;
    let propositions = &graph.propositions;
    let proposition = content.proposition;
    let text = propositions.text(proposition);
    let plain_content = !text.is_empty()
        && propositions.modality(proposition) == Modality::Actual
        && !propositions.time(proposition).is_some()
        && !propositions.language(proposition).is_some()
        && propositions.facts(proposition).next().is_none();
    let plain_claim = flags.basis() == Basis::Marked
        && !flags.repeated()
        && !flags.translated()
        && !claims.medium(claim).is_some()
        && flags.verbatim() == (flags.mode() == Mode::Quote);
    if !plain_content || !plain_claim {
        return None;
    }
    row.insert("proposition".into(), text.into());
    if content.negated != verb.negative {
        row.insert("negated".into(), true.into());
    }
    let subjects = propositions.subjects(proposition).take(topics);
    let subjects = subjects.map(|one| found_by_name(naming, one, false)).collect::<Option<Vec<&str>>>()?;
    if !subjects.is_empty() {
        row.insert("subjects".into(), json!(subjects));
    }
    if claims.listener(claim) != Party::NONE {
        row.insert("addressee".into(), names(naming, claims.listener(claim))?);
    }
    appearance(naming, claim, way, &mut row)?;
    if claims.said(claim).is_some() {
        row.insert("date".into(), plain_time(naming, claims.said(claim))?.into());
    }
    let hedge = claims.hedge(claim).some().map(|hedge| naming.text(hedge));
    if let Some(hedge) = hedge {
        row.insert("hedge".into(), hedge.into());
    }
    if flags.commitment() != hedge.map_or(Commitment::Certain, Commitment::of_hedge) {
        return None;
    }
    if flags.mode() != ClaimFlags::default().mode() {
        row.insert("mode".into(), flags.mode().word().into());
    }
    if let Some(condition) = propositions.condition(proposition) {
        if condition.negated {
            return None;
        }
        row.insert("condition".into(), propositions.text(condition.proposition).into());
    }
    let figures: Vec<Value> = propositions.figures(proposition).map(|one| figure(naming, &one)).collect();
    if !figures.is_empty() {
        row.insert("figures".into(), figures.into());
    }
    let mut extra = Map::new();
    for (key, kind, value) in graph.fields.of_claim(claim) {
        let value = match kind {
            FieldKind::Text => Value::from(value),
            FieldKind::Number | FieldKind::Json => {
                let known: Value = serde_json::from_str(value).ok()?;
                let written = known.to_string();
                (written == value).then_some(known)?
            }
            FieldKind::Date | FieldKind::Word | FieldKind::Name => return None,
        };
        extra.insert(naming.text(key).into(), value);
    }
    // Rows keep their fields in the order of the keys.
    let keys: Vec<&str> = graph.fields.of_claim(claim).map(|(key, ..)| naming.text(key)).collect();
    if !keys.is_sorted() {
        return None;
    }
    if !extra.is_empty() {
        row.insert("extra".into(), extra.into());
    }
    Some(row.into())
}

/// How it appeared: outlets from the outermost inwards, and the address of the document.
fn appearance(
    naming: &Naming<'_>,
    claim: ClaimId,
    way: AppearanceId,
    row: &mut Map<String, Value>,
) -> Option<()> {
    let graph = naming.graph;
    let (outermost, document) = graph.chains.appearance(way);
    let mut outlets = Vec::new();
    for hop in graph.chains.outwards(outermost) {
        let known = graph.chains.hop(hop)?;
        let plain = Hop {
            parent: known.parent,
            source: known.source,
            verb: Lexicon::RELAY,
            listener: Party::NONE,
            time: TimeId::NONE,
            hedge: StringId::NONE,
            basis: Basis::Marked,
            negated: false,
            carries: known.carries,
        };
        if known != plain || naming.relay(claim, hop).is_some() {
            return None;
        }
        outlets.push(found_by_name(naming, known.source.one()?, false)?);
    }
    // The innermost outlet would be taken for the speaker where it is of that name, and not for a hop.
    let speaker = graph.claims.source(claim).one().map(|one| graph.entities.name(one));
    if speaker.is_some() && outlets.first().copied() == speaker {
        return None;
    }
    outlets.reverse();
    if !outlets.is_empty() {
        row.insert("outlets".into(), json!(outlets));
    }
    if document.is_some() {
        if !graph.documents.is_address(document) {
            return None;
        }
        row.insert("document".into(), json!({ "url": graph.documents.key(document) }));
    }
    Some(())
}

fn names(naming: &Naming<'_>, party: Party) -> Option<Value> {
    let names =
        naming.party(party).map(|one| found_by_name(naming, one, true)).collect::<Option<Vec<&str>>>()?;
    match &names[..] {
        [one] => Some(json!(one)),
        several => Some(json!(several)),
    }
}

/// The name of an entity, where a row that gives it finds the same entity again.
fn found_by_name<'g>(naming: &Naming<'g>, entity: EntityId, speaks: bool) -> Option<&'g str> {
    let entities = &naming.graph.entities;
    let name = entities.name(entity);
    let unnamed = entities.is_unnamed(entity);
    if unnamed != (speaks && is_unnamed(name)) || entities.qualifier(entity).is_some() {
        return None;
    }
    if unnamed {
        return (!naming.is_tagged(entity)).then_some(name);
    }
    let others = entities.with_name(name);
    (others.iter().filter(|other| !entities.is_unnamed(**other)).count() < 2).then_some(name)
}

fn plain_time(naming: &Naming<'_>, id: TimeId) -> Option<String> {
    let known = naming.graph.times.written(id)?;
    (!known.written.is_some()).then(|| known.time.to_string())
}

fn figure(naming: &Naming<'_>, figure: &Figure) -> Value {
    let bound = figure.bound;
    // A whole number as one: all that are kept are within what 64 bits hold.
    let number = |value: f64| if value.fract() == 0.0 { json!(value as i64) } else { json!(value) };
    let (low, high) = (bound.low.is_finite(), bound.high.is_finite());
    #[expect(clippy::float_cmp, reason = "bounds are the numbers as written, never computed")]
    let (op, value) = match (low, high) {
        _ if bound.about => ("~", number(bound.low)),
        (true, true) if bound.low == bound.high => ("=", number(bound.low)),
        (true, true) => ("between", json!([number(bound.low), number(bound.high)])),
        (true, false) => (if bound.low_open { ">" } else { ">=" }, number(bound.low)),
        (false, _) => (if bound.high_open { "<" } else { "<=" }, number(bound.high)),
    };
    let mut out = Map::new();
    out.insert("what".into(), naming.text(figure.what).into());
    out.insert("op".into(), op.into());
    out.insert("value".into(), value);
    if figure.unit.is_some() {
        out.insert("unit".into(), naming.text(figure.unit).into());
    }
    out.into()
}
