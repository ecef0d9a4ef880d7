//! Claims as rows, where the keys of a row hold all of them.

use super::claim::hops;
use crate::graph::{FieldKind, Graph, Hop, Party};
use crate::model::{
    AppearanceId, Basis, ClaimFlags, ClaimId, Commitment, EntityId, Lexicon, Modality, Mode, TimeId, fold,
    is_unnamed,
};
use serde_json::{Map, Value, json};

/// The row of a claim; nothing where it needs a sentence.
pub(super) fn row(graph: &Graph, claim: ClaimId) -> Option<Value> {
    let claims = &graph.claims;
    let (verb, flags) = (graph.lexicon.verb(claims.verb(claim)), claims.flags(claim));
    let mut row = Map::new();
    if !claims.id(claim).is_empty() {
        row.insert("id".into(), claims.id(claim).into());
    }
    row.insert("speaker".into(), names(graph, claims.source(claim), true)?);
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
    let topics: Option<Vec<&str>> =
        propositions.subjects(proposition).map(|one| found_by_name(graph, one, false)).collect();
    let topics = topics?;
    if !topics.is_empty() {
        row.insert("subjects".into(), json!(topics));
    }
    if claims.listener(claim) != Party::NONE {
        row.insert("addressee".into(), names(graph, claims.listener(claim), true)?);
    }
    way(graph, claim, &mut row)?;
    if claims.said(claim).is_some() {
        row.insert("date".into(), plain_time(graph, claims.said(claim))?.into());
    }
    let hedge = claims.hedge(claim);
    let hedge = hedge.is_some().then(|| graph.strings.get(hedge));
    if let Some(hedge) = hedge {
        row.insert("hedge".into(), hedge.into());
    }
    if flags.commitment() != hedge.map_or(ClaimFlags::default().commitment(), Commitment::of_hedge) {
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
    let figures: Vec<Value> =
        propositions.figures(proposition).map(|figure| self::figure(graph, &figure)).collect();
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
        extra.insert(graph.strings.get(key).into(), value);
    }
    if !extra.is_empty() {
        row.insert("extra".into(), extra.into());
    }
    Some(row.into())
}

/// How it appeared: outlets from the outermost inwards, and the address of the document.
fn way(graph: &Graph, claim: ClaimId, row: &mut Map<String, Value>) -> Option<()> {
    let ways: Vec<AppearanceId> = graph.claims.appearances(claim).collect();
    let [way] = ways[..] else { return ways.is_empty().then_some(()) };
    let mut outlets = Vec::new();
    for hop in hops(graph, way) {
        let known = graph.chains.hop(hop)?;
        let plain = Hop {
            parent: known.parent,
            source: known.source,
            verb: Lexicon::RELAY,
            listener: Party::NONE,
            time: TimeId::NONE,
            hedge: crate::model::StringId::NONE,
            basis: Basis::Marked,
            negated: false,
            carries: known.carries,
        };
        if known != plain || graph.chains.id(claim.0, hop).is_some() {
            return None;
        }
        outlets.push(found_by_name(graph, known.source.one()?, false)?);
    }
    // An outlet that also speaks would be taken for the speaker.
    let speaker = graph.claims.source(claim).one().map(|one| graph.entities.name(one));
    if outlets.first().copied() == speaker && speaker.is_some() {
        return None;
    }
    outlets.reverse();
    if !outlets.is_empty() {
        row.insert("outlets".into(), json!(outlets));
    }
    let (_, document) = graph.chains.appearance(way);
    if document.is_some() {
        if !graph.documents.is_address(document) {
            return None;
        }
        row.insert("document".into(), json!({ "url": graph.documents.key(document) }));
    }
    Some(())
}

fn names(graph: &Graph, party: Party, speaks: bool) -> Option<Value> {
    let names: Option<Vec<&str>> =
        graph.entities.party(party).map(|one| found_by_name(graph, one, speaks)).collect();
    match &names?[..] {
        [one] => Some(json!(one)),
        several => Some(json!(several)),
    }
}

/// The name of an entity, where a row that gives it finds the same entity again.
fn found_by_name(graph: &Graph, entity: EntityId, speaks: bool) -> Option<&str> {
    let name = graph.entities.name(entity);
    let unnamed = graph.entities.is_unnamed(entity);
    let described = speaks && is_unnamed(name);
    let named = graph.entities.with_name(&fold(name));
    let several =
        !unnamed && named.iter().filter(|other| !graph.entities.is_unnamed(**other)).nth(1).is_some();
    (unnamed == described && !several && graph.entities.qualifier(entity).is_none()).then_some(name)
}

fn plain_time(graph: &Graph, id: TimeId) -> Option<String> {
    let known = graph.times.written(id)?;
    (!known.written.is_some()).then(|| known.time.to_string())
}

fn figure(graph: &Graph, figure: &crate::model::Figure) -> Value {
    let bound = figure.bound;
    let (low, high) = (bound.low.is_finite(), bound.high.is_finite());
    #[expect(clippy::float_cmp, reason = "bounds are the numbers as written, never computed")]
    let (op, value) = match (low, high) {
        _ if bound.about => ("~", json!(bound.low)),
        (true, true) if bound.low == bound.high => ("=", json!(bound.low)),
        (true, true) => ("between", json!([bound.low, bound.high])),
        (true, false) => (if bound.low_open { ">" } else { ">=" }, json!(bound.low)),
        (false, _) => (if bound.high_open { "<" } else { "<=" }, json!(bound.high)),
    };
    let mut out = Map::new();
    out.insert("what".into(), graph.strings.get(figure.what).into());
    out.insert("op".into(), op.into());
    out.insert("value".into(), value);
    if figure.unit.is_some() {
        out.insert("unit".into(), graph.strings.get(figure.unit).into());
    }
    out.into()
}
