//! Drift: where a claim, on its way, was told otherwise than nearer to its speaker: a hedge gained or lost, a figure changed, a scope
//! widened. Found between versions of one utterance: claims of the same speakers that may be of the same time, on the same words or the same
//! measure, of which one came by a way that the other's way goes on from, or whose document the other's cites.

use super::contradict::measure;
use super::record::{Hands, Record, Stance, Way};
use crate::model::{
    ClaimId, Commitment, Content, DocumentId, EntityId, Figure, HopId, Modality, PropositionId, StringId,
    fold,
};
use hashbrown::HashMap;
use std::collections::BTreeSet;

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

/// Looks for versions of claims. What it found for the words of one content it keeps for the next claim on the same words, and for the
/// figures of a speaker for the next claim of his.
#[derive(Debug, Default)]
pub struct Versions {
    /// The words, folded, whose claims are known.
    words: Option<String>,
    /// The proposition that was asked about last, which has these words.
    proposition: Option<PropositionId>,
    on_words: Ways,
    /// The speakers whose figures are known.
    measured: BTreeSet<EntityId>,
    with_figures: Ways,
}

/// Claims by their first speaker and a way on which they came: by its carriers, and by its document.
#[derive(Debug, Default)]
struct Ways {
    by_carriers: HashMap<(EntityId, Hands), Vec<ClaimId>>,
    by_document: HashMap<(EntityId, DocumentId), Vec<ClaimId>>,
}

impl Ways {
    fn add(&mut self, record: &Record<'_>, claim: ClaimId) {
        let speakers = record.speakers(claim);
        let Some(first) = speakers.first().copied() else { return };
        for way in record.ways(claim) {
            self.by_carriers.entry((first, record.carriers(way))).or_default().push(claim);
            let document = record.graph().chains.document(way.appearance);
            if document.is_some() {
                self.by_document.entry((first, document)).or_default().push(claim);
            }
        }
    }

    /// The claims of a speaker that stand nearer to him than a way: it goes on from theirs, or its document cites theirs.
    fn nearer(&self, record: &Record<'_>, first: EntityId, way: Way, found: &mut Vec<ClaimId>) {
        let carriers = record.carriers(way);
        for length in 0..carriers.len() {
            let inner: Hands = carriers.iter().take(length).copied().collect();
            found.extend(self.by_carriers.get(&(first, inner)).into_iter().flatten());
        }
        let document = record.graph().chains.document(way.appearance);
        for cited in record.graph().documents.cites_documents(document).iter().map(DocumentId) {
            found.extend(self.by_document.get(&(first, cited)).into_iter().flatten());
        }
    }
}

impl Versions {
    /// How a claim, as it came by a way, differs from versions of it that stand nearer to its speaker. Logarithmic, once the claims on the
    /// same words are known, and where it has figures, all that its speaker said.
    pub fn drift(&mut self, record: &Record<'_>, way: Way) -> Vec<Drift> {
        let graph = record.graph();
        let claim = way.claim;
        let Some(content) = graph.claims.content(claim) else { return Vec::new() };
        let speakers = record.speakers(claim);
        let Some(first) = speakers.first().copied() else { return Vec::new() };
        let mut versions: Vec<ClaimId> = Vec::new();
        self.learn_words(record, content);
        self.on_words.nearer(record, first, way, &mut versions);
        if graph.propositions.figures(content.proposition).next().is_some() {
            self.learn_figures(record, first);
            self.with_figures.nearer(record, first, way, &mut versions);
        }
        versions.sort_unstable();
        versions.dedup();
        let mut drifts: Vec<Drift> = Vec::new();
        for version in versions.into_iter().filter(|other| *other != claim) {
            if !is_version(record, claim, content, version) || record.speakers(version) != speakers {
                continue;
            }
            for drift in between(record, version, claim) {
                if !drifts.contains(&drift) {
                    drifts.push(drift);
                }
            }
        }
        drifts
    }

    fn learn_words(&mut self, record: &Record<'_>, content: Content) {
        if self.proposition.replace(content.proposition) == Some(content.proposition) {
            return;
        }
        let graph = record.graph();
        let words = fold(graph.propositions.text(content.proposition)).into_owned();
        if self.words.as_ref() == Some(&words) {
            return;
        }
        self.on_words = Ways::default();
        for proposition in graph.propositions.with_text(&words) {
            for claim in graph.claims.by_content(proposition).iter().map(ClaimId) {
                if record.must_stop() {
                    return;
                }
                self.on_words.add(record, claim);
            }
        }
        self.words = Some(words);
    }

    fn learn_figures(&mut self, record: &Record<'_>, first: EntityId) {
        if !self.measured.insert(first) {
            return;
        }
        let graph = record.graph();
        for one in graph.same.entities(first) {
            for claim in graph.claims.by_source(one).iter().map(ClaimId) {
                if record.must_stop() {
                    return;
                }
                let content = graph.claims.content(claim);
                if content.is_some_and(|one| graph.propositions.figures(one.proposition).next().is_some()) {
                    self.with_figures.add(record, claim);
                }
            }
        }
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

/// Whether one figure became another: they are of one measure, the one is gone and the other is new; or only one of these is so, and nothing
/// of the measure is both gone and new. What stayed is no change of what stands beside it.
fn is_changed(record: &Record<'_>, then: (Figure, &[Figure]), now: (Figure, &[Figure])) -> bool {
    let is_same = |one: &Figure, other: &Figure| measure(record, one) == measure(record, other);
    if !is_same(&then.0, &now.0) {
        return false;
    }
    let is_in = |one: &Figure, all: &[Figure]| {
        all.iter().any(|other| is_same(one, other) && one.bound == other.bound)
    };
    let missing =
        |all: &[Figure], from: &[Figure]| all.iter().any(|one| is_same(one, &then.0) && !is_in(one, from));
    let (gone, new) = (!is_in(&then.0, now.1), !is_in(&now.0, then.1));
    match (missing(then.1, now.1), missing(now.1, then.1)) {
        (true, true) => gone && new,
        _ => gone || new,
    }
}

fn between(record: &Record<'_>, version: ClaimId, claim: ClaimId) -> Vec<Drift> {
    let graph = record.graph();
    let (Some(then), Some(now)) = (graph.claims.content(version), graph.claims.content(claim)) else {
        return Vec::new();
    };
    let mut drifts = Vec::new();
    let hedge = graph.claims.hedge(version);
    let asserts = record.stance(claim, now) == Stance::Backs && record.act(claim).1 == Commitment::Certain;
    if hedge.is_some() && !graph.claims.hedge(claim).is_some() && asserts {
        drifts.push(Drift::HedgeLost(hedge, version));
    }
    if !hedge.is_some() && graph.claims.hedge(claim).is_some() {
        drifts.push(Drift::HedgeGained(graph.claims.hedge(claim)));
    }
    let propositions = &graph.propositions;
    let (figures_then, figures_now): (Vec<Figure>, Vec<Figure>) =
        (propositions.figures(then.proposition).collect(), propositions.figures(now.proposition).collect());
    for one in &figures_then {
        for other in &figures_now {
            if is_changed(record, (*one, &figures_then), (*other, &figures_now)) {
                drifts.push(Drift::FigureChanged(version, *one, *other));
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
