//! Reasons in plain words. They name who and which claim, so that each can be looked up.

use super::super::{Value, claim_text};
use crate::model::{ClaimId, ClaimRef, EntityId, StringId};
use crate::reason::{
    Conflict, ConflictReason, Corroboration, Dependence, Doubt, Drift, Fit, Independence, NotCompared,
    Origin, OriginKind, Record, Way,
};

/// How many are named before the rest is counted.
const NAMED: usize = 3;

/// Texts as a list; nothing for none.
pub(super) fn list(texts: Vec<String>) -> Value {
    super::rows::list(texts.into_iter().map(|text| Value::Text(text.into())).collect())
}

/// A part of a whole, in hundredths.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 * 100.0 / whole as f64).round() / 100.0 }
}

/// Why the numbers of a corroboration are what they are.
pub(super) fn corroboration(record: &Record<'_>, found: &Corroboration) -> Vec<String> {
    let mut told = Vec::new();
    let ways: usize = found.support.backing.iter().map(|backed| backed.ways.len()).sum();
    if let ([origin], true) = (&found.backing.origins[..], ways > 1) {
        told.push(format!("{ways} ways lead back to {}", members(record, origin)));
    }
    origins(record, &found.backing, &mut told);
    origins(record, &found.denying, &mut told);
    for claim in &found.support.open {
        told.push(format!("{} leaves it open and counts for neither", id(record, *claim)));
    }
    for (claim, by) in &found.support.taken_back {
        told.push(format!("{} was taken back or put right by {}", id(record, *claim), id(record, *by)));
    }
    for (claim, document, by) in &found.support.documents_lost {
        let key = record.graph().documents.key(*document);
        told.push(format!("{} came only in {key}, which {} took back", id(record, *claim), id(record, *by)));
    }
    if !found.cut.is_smallest {
        told.push("fewer sources and carriers than these might do; the search was given up".into());
    }
    told
}

fn origins(record: &Record<'_>, found: &Independence, told: &mut Vec<String>) {
    let several = found.origins.len() > 1;
    let of_kind = |kind: OriginKind| -> Vec<String> {
        let all = found.origins.iter().filter(|origin| origin.kind == kind && origin.from.is_empty());
        all.map(|origin| members(record, origin)).collect()
    };
    let own = of_kind(OriginKind::OwnVoice);
    if !own.is_empty() {
        let speak = if own.len() == 1 { "speaks in its own voice" } else { "speak in their own voice" };
        let open = if several { "and may have it from another of these" } else { "and names no source" };
        told.push(format!("{} {speak} {open}", named(&own)));
    }
    let unnamed = of_kind(OriginKind::Unnamed);
    if !unnamed.is_empty() && several {
        let have = if unnamed.len() == 1 { "has no name and may be" } else { "have no name and may each be" };
        told.push(format!("{} {have} another of these", named(&unnamed)));
    }
    for origin in &found.origins {
        for dependence in &origin.from {
            told.extend(found.origins.get(dependence.on()).map(|on| rests(record, origin, on, *dependence)));
        }
        if origin.members.len() > 1 && found.organizations.is_empty() {
            told.push(format!("{} spoke jointly and count once", members(record, origin)));
        }
    }
    for organization in &found.organizations {
        told.push(format!("those who belong to {} count once", name(record, *organization)));
    }
}

/// Why one origin rests on another. Of several who are joined, those are named whose act it was.
fn rests(record: &Record<'_>, origin: &Origin, on: &Origin, dependence: Dependence) -> String {
    let graph = record.graph();
    let among = |origin: &Origin, all: &[EntityId]| -> Vec<&str> {
        let some = origin.members.iter().filter(|one| all.contains(one));
        some.map(|one| name(record, *one)).collect()
    };
    let by_way = |origin: &Origin, fits: &dyn Fn(Way) -> bool| {
        let claims = origin.claims.iter().copied();
        let fitting = claims.filter(|claim| record.ways(*claim).into_iter().any(fits));
        among(origin, &fitting.flat_map(|claim| record.speakers(claim)).collect::<Vec<_>>()).join(" and ")
    };
    match dependence {
        Dependence::Told { claim, .. } => {
            let listeners: Vec<EntityId> = record.members(graph.claims.listener(claim)).collect();
            let (told, by) = (among(origin, &listeners), among(on, &record.speakers(claim)).join(" and "));
            let was = if told.len() > 1 { "were" } else { "was" };
            format!("{} {was} told so by {by} in {}", told.join(" and "), id(record, claim))
        }
        Dependence::Attributes { claim, .. } => {
            let ways = record.ways(claim).into_iter();
            let publishers: Vec<EntityId> = ways.flat_map(|way| record.publishers(way)).collect();
            let (who, by) = (among(origin, &publishers), among(on, &record.speakers(claim)).join(" and "));
            format!("{} has it from {by} by its own account in {}", who.join(" and "), id(record, claim))
        }
        Dependence::Cites { document, .. } => {
            let documents = graph.documents.cites_documents(document);
            let sources = graph.documents.cites_sources(document).iter();
            let sources: Vec<EntityId> = sources.map(|one| graph.same.entity(EntityId(one))).collect();
            let of = |way: Way| graph.chains.document(way.appearance);
            let who = by_way(origin, &|way| of(way) == document);
            let cited = by_way(on, &|way| {
                documents.contains(of(way).0) || record.hands(way).iter().any(|one| sources.contains(one))
            });
            format!("{who} cites {cited} in {}", graph.documents.key(document))
        }
    }
}

/// What speaks against setting two claims against each other.
pub(super) fn conflict(record: &Record<'_>, conflict: &Conflict, reason: ConflictReason) -> String {
    match reason {
        ConflictReason::Hedged(claim) => {
            format!("{} is only {}", id(record, claim), record.act(claim).1.word())
        }
        ConflictReason::TakenBack(claim, by) => {
            format!("{} was taken back or put right by {}", id(record, claim), id(record, by))
        }
        ConflictReason::SameSource => {
            "both are of the same source: its timeline tells which was first".into()
        }
        ConflictReason::Content(doubt) => match doubt {
            Doubt::Condition => format!("one holds only on a condition: {}", conditions(record, conflict)),
            Doubt::OtherTimes => "they speak of different times".into(),
            Doubt::TimesOverlap => "their times have only a part in common".into(),
            Doubt::OtherUnits => "their figures are in different units".into(),
            Doubt::TimeUnknown => "only one of them says for when".into(),
            Doubt::Modality => "one tells what is, the other what is to come, may be or is wanted".into(),
            Doubt::OtherTopic => "they are not mainly about the same".into(),
            Doubt::Approximate => "a figure is only approximate".into(),
            Doubt::SeveralValues => "the attribute may have several values at once".into(),
        },
    }
}

fn conditions(record: &Record<'_>, conflict: &Conflict) -> String {
    let graph = record.graph();
    let of = |claim: ClaimId| {
        let content = graph.claims.content(claim)?;
        let condition = graph.propositions.condition(content.proposition)?;
        let not = if condition.negated { "not " } else { "" };
        Some(format!("{} if {not}“{}”", id(record, claim), graph.propositions.text(condition.proposition)))
    };
    [of(conflict.a), of(conflict.b)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Why a figure cannot be compared, or that nothing is agreed on.
pub(super) fn fit(record: &Record<'_>, fit: Fit) -> Option<String> {
    Some(match fit {
        Fit::Core | Fit::Outlier => return None,
        Fit::Split => "as many speakers agree on other values".into(),
        Fit::Incomparable(why) => match why {
            NotCompared::OtherUnit => "in another unit than most".into(),
            NotCompared::UnitTied => "as many are in another unit".into(),
            NotCompared::Approximate => "only approximate, so that it excludes nothing".into(),
            NotCompared::Denied => "denied, which leaves all other values open".into(),
            NotCompared::Condition => "on a condition".into(),
            NotCompared::OtherTime => "of another time than most".into(),
            NotCompared::TimeTied => "as many are of another time".into(),
            NotCompared::Modality => "of what is to come, may be or is wanted".into(),
            NotCompared::Uncommitted => "its speaker does not commit to it".into(),
            NotCompared::TakenBack(by) => format!("taken back or put right by {}", id(record, by)),
        },
    })
}

/// How something was told otherwise than nearer to its speaker.
pub(super) fn drift(record: &Record<'_>, drift: Drift) -> String {
    let strings = &record.graph().strings;
    match drift {
        Drift::HedgeGained(hedge) => format!("hedge gained: {}", strings.get(hedge)),
        Drift::HedgeLost(hedge, version) => {
            format!("hedge lost: {} in {}", strings.get(hedge), id(record, version))
        }
        Drift::FigureChanged(version, then, now) => {
            let unit = |unit: StringId| {
                if unit.is_some() { format!(" {}", strings.get(unit)) } else { String::new() }
            };
            format!(
                "figure changed: {} {}{} in {}, {}{} here",
                strings.get(then.what),
                then.bound.written(),
                unit(then.unit),
                id(record, version),
                now.bound.written(),
                unit(now.unit)
            )
        }
        Drift::ConditionLost(version) => {
            format!("scope widened: on a condition in {}", id(record, version))
        }
        Drift::TimeWidened(version) => {
            format!("scope widened: of a shorter time in {}", id(record, version))
        }
        Drift::ToldAsFact(version, modality) => {
            format!("told as a fact: {} in {}", modality.word(), id(record, version))
        }
    }
}

fn members(record: &Record<'_>, origin: &Origin) -> String {
    let names: Vec<&str> = origin.members.iter().map(|member| name(record, *member)).collect();
    names.join(" and ")
}

/// The first few, and how many more.
fn named(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
    match (shown.split_last(), names.len().saturating_sub(NAMED)) {
        (Some((last, [])), 0) => (*last).to_string(),
        (Some((last, first)), 0) => format!("{} and {last}", first.join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn name<'g>(record: &Record<'g>, entity: EntityId) -> &'g str {
    record.graph().entities.name(entity)
}

fn id(record: &Record<'_>, claim: ClaimId) -> String {
    claim_text(record.graph(), ClaimRef::of(claim))
}
