//! Drift: where a claim, on its way, was told otherwise than nearer to its speaker: a hedge gained or lost, a figure changed, a scope
//! widened. Found between versions of one utterance: claims of the same speakers that may be of the same time, on the same words or the same
//! measure, of which one came by a way that the other's way goes on from, or whose document the other's cites.

use super::contradict::measure;
use super::record::{Record, Way};
use crate::model::{ClaimId, Commitment, Content, Figure, HopId, Modality, StringId, fold};

/// How something was told otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drift {
    /// A carrier adds this hedge, where nobody inside had one.
    HedgeGained(StringId),
    /// The speaker's hedge is missing; the claim that has it.
    HedgeLost(StringId, ClaimId),
    /// A figure differs: what it was, in that claim, and what it is.
    FigureChanged(ClaimId, Figure, Figure),
    /// The condition is gone that the claim had.
    ConditionLost(ClaimId),
    /// It is told of a longer time, or of none, than in that claim.
    TimeWidened(ClaimId),
    /// What was to come, possible or wanted in that claim is told as a fact.
    ToldAsFact(ClaimId, Modality),
}

/// What a carrier did to the hedge of what it carries.
pub fn hop_drift(record: &Record<'_>, claim: ClaimId, hop: HopId) -> Option<Drift> {
    let chains = &record.graph().chains;
    let hedge = chains.hedge(hop);
    let inside = chains.parent(hop);
    let hedged_inside = record.graph().claims.hedge(claim).is_some()
        || chains.inwards(inside).any(|inner| chains.hedge(inner).is_some());
    (hedge.is_some() && !hedged_inside).then_some(Drift::HedgeGained(hedge))
}

/// How a claim, as it came by a way, differs from versions of it that stand nearer to its speaker. Linear in what its speakers said.
pub fn claim_drift(record: &Record<'_>, way: Way) -> Vec<Drift> {
    let graph = record.graph();
    let claim = way.claim;
    let mut drifts: Vec<Drift> = Vec::new();
    let Some(content) = graph.claims.content(claim) else { return drifts };
    let speakers = record.speakers(claim);
    let Some(first) = speakers.first() else { return drifts };
    let mut versions: Vec<ClaimId> = graph
        .same
        .entities(*first)
        .into_iter()
        .flat_map(|one| graph.claims.by_source(one).iter())
        .map(ClaimId)
        .filter(|other| *other != claim && is_version(record, claim, content, *other))
        .filter(|other| record.speakers(*other) == speakers && is_nearer(record, *other, way))
        .collect();
    versions.sort_unstable();
    versions.dedup();
    for version in versions {
        for drift in between(record, version, claim) {
            if !drifts.contains(&drift) {
                drifts.push(drift);
            }
        }
    }
    drifts
}

/// Whether two claims may be one utterance, told twice.
fn is_version(record: &Record<'_>, claim: ClaimId, content: Content, other: ClaimId) -> bool {
    let graph = record.graph();
    let Some(told) = graph.claims.content(other) else { return false };
    let time = |claim| graph.times.get(graph.claims.said(claim));
    let apart = matches!((time(claim), time(other)), (Some(a), Some(b)) if !a.overlaps(&b));
    if apart || content.negated != told.negated {
        return false;
    }
    let text = |content: Content| fold(graph.propositions.text(content.proposition));
    content.proposition == told.proposition
        || text(content) == text(told)
        || graph.propositions.figures(content.proposition).any(|one| {
            let mine = measure(record, &one);
            graph.propositions.figures(told.proposition).any(|other| measure(record, &other) == mine)
        })
}

/// Whether another claim came by a way that this one goes on from, or this one's document cites that of the other.
fn is_nearer(record: &Record<'_>, other: ClaimId, way: Way) -> bool {
    let graph = record.graph();
    let carriers = record.carriers(way);
    let (_, document) = graph.chains.appearance(way.appearance);
    record.ways(other).into_iter().any(|inner| {
        let (_, published) = graph.chains.appearance(inner.appearance);
        let inner = record.carriers(inner);
        inner.len() < carriers.len() && carriers.starts_with(&inner)
            || published.is_some() && graph.documents.cites_documents(document).contains(published.0)
    })
}

fn between(record: &Record<'_>, version: ClaimId, claim: ClaimId) -> Vec<Drift> {
    let graph = record.graph();
    let (Some(then), Some(now)) = (graph.claims.content(version), graph.claims.content(claim)) else {
        return Vec::new();
    };
    let mut drifts = Vec::new();
    let hedge = graph.claims.hedge(version);
    let commitment = |claim| record.act(claim).1;
    if hedge.is_some() && !graph.claims.hedge(claim).is_some() && commitment(claim) == Commitment::Certain {
        drifts.push(Drift::HedgeLost(hedge, version));
    }
    if !hedge.is_some() && graph.claims.hedge(claim).is_some() {
        drifts.push(Drift::HedgeGained(graph.claims.hedge(claim)));
    }
    let propositions = &graph.propositions;
    for one in propositions.figures(then.proposition) {
        for other in propositions.figures(now.proposition) {
            if measure(record, &one) == measure(record, &other) && one.bound != other.bound {
                drifts.push(Drift::FigureChanged(version, one, other));
            }
        }
    }
    if propositions.condition(then.proposition).is_some() && propositions.condition(now.proposition).is_none()
    {
        drifts.push(Drift::ConditionLost(version));
    }
    let time = |content: Content| graph.times.get(propositions.time(content.proposition));
    let widened = match (time(then), time(now)) {
        (Some(_), None) => true,
        (Some(then), Some(now)) => now.from <= then.from && now.to >= then.to && now != then,
        (None, _) => false,
    };
    if widened {
        drifts.push(Drift::TimeWidened(version));
    }
    let modality = propositions.modality(then.proposition);
    if modality != Modality::Actual && propositions.modality(now.proposition) == Modality::Actual {
        drifts.push(Drift::ToldAsFact(version, modality));
    }
    drifts
}
