//! Drift: where a claim, on its way, was told otherwise than nearer to its speaker: a hedge gained or lost, a figure changed, a scope
//! widened. Found between versions of one utterance: claims of the same speakers that may be of the same time, on the same words or the same
//! measure, of which one came by a way that the other's way goes on from, or whose document the other's cites.

use super::contradict::measure;
use super::record::{Record, Way};
use crate::model::{ClaimId, Commitment, Content, EntityId, Figure, HopId, Modality, StringId, fold};
use std::collections::BTreeMap;

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

/// All in which two claims on the same words can differ: claims of one shape show no drift.
type Shape = (Content, StringId, Commitment);

fn shape(record: &Record<'_>, claim: ClaimId, content: Content) -> Shape {
    (content, record.graph().claims.hedge(claim), record.act(claim).1)
}

/// Versions of a claim, each with how the claim differs from it.
type Differing = Vec<(ClaimId, Vec<Drift>)>;

/// Looks for versions of claims. What it found for the words of one content it keeps for the next claim on the same words.
#[derive(Debug, Default)]
pub struct Versions {
    /// The words, folded, whose claims are known.
    words: Option<String>,
    by_speaker: BTreeMap<EntityId, BTreeMap<Shape, Vec<ClaimId>>>,
    /// The claim that was asked about last, with what differs from each of its versions.
    last: Option<(ClaimId, Differing)>,
}

impl Versions {
    /// How a claim, as it came by a way, differs from versions of it that stand nearer to its speaker. For claims with figures linear in what
    /// their speakers said, else in the claims on the same words.
    pub fn drift(&mut self, record: &Record<'_>, way: Way) -> Vec<Drift> {
        if self.last.as_ref().is_none_or(|(claim, _)| *claim != way.claim) {
            self.last = Some((way.claim, self.differing(record, way.claim)));
        }
        let mut drifts: Vec<Drift> = Vec::new();
        let differing = self.last.iter().flat_map(|(_, differing)| differing);
        for (_, found) in differing.filter(|(version, _)| is_nearer(record, *version, way)) {
            for drift in found {
                if !drifts.contains(drift) {
                    drifts.push(*drift);
                }
            }
        }
        drifts
    }

    /// The versions of a claim that differ from it, in the order recorded, with how.
    fn differing(&mut self, record: &Record<'_>, claim: ClaimId) -> Differing {
        let graph = record.graph();
        let Some(content) = graph.claims.content(claim) else { return Vec::new() };
        let speakers = record.speakers(claim);
        let Some(first) = speakers.first() else { return Vec::new() };
        self.learn(record, content);
        let shape = shape(record, claim, content);
        let others = self.by_speaker.get(first).into_iter().flatten().filter(|(other, _)| **other != shape);
        let mut versions: Vec<ClaimId> = others.flat_map(|(_, claims)| claims.iter().copied()).collect();
        if graph.propositions.figures(content.proposition).next().is_some() {
            let own = graph.same.entities(*first).into_iter();
            versions.extend(own.flat_map(|one| graph.claims.by_source(one).iter()).map(ClaimId));
        }
        versions.sort_unstable();
        versions.dedup();
        versions
            .into_iter()
            .filter(|other| *other != claim && is_version(record, claim, content, *other))
            .filter(|other| record.speakers(*other) == speakers)
            .map(|other| (other, between(record, other, claim)))
            .filter(|(_, drifts)| !drifts.is_empty())
            .collect()
    }

    /// Collects the claims on the same words, by their first speaker.
    fn learn(&mut self, record: &Record<'_>, content: Content) {
        let graph = record.graph();
        let words = fold(graph.propositions.text(content.proposition)).into_owned();
        if self.words.as_ref() == Some(&words) {
            return;
        }
        self.by_speaker.clear();
        for proposition in graph.propositions.with_text(&words) {
            for claim in graph.claims.by_content(proposition).iter().map(ClaimId) {
                let speakers = record.speakers(claim);
                if let (Some(first), Some(said)) = (speakers.first(), graph.claims.content(claim)) {
                    let of_speaker = self.by_speaker.entry(*first).or_default();
                    of_speaker.entry(shape(record, claim, said)).or_default().push(claim);
                }
            }
        }
        self.words = Some(words);
    }
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
