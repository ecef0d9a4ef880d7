//! Which claims may fit a sentence: those of the shortest posting that it names. Nothing is tested here.

use super::claim::content_of;
use super::{Evaluator, NOTHING};
use crate::model::{Content, EntityId, HopId, PropositionId};
use crate::plan::{ClaimPattern, ContentTest, DocumentTest, EntityTest, ListTest, Quantifier};

impl Evaluator<'_> {
    /// The claims that may fit, by the shortest posting that the sentence names; nothing where every claim may.
    pub(super) fn candidates(&self, pattern: &ClaimPattern, row: &[u64]) -> Option<Vec<u32>> {
        if !self.options.optimize {
            return None;
        }
        let graph = self.graph;
        let mut best: Option<(usize, Vec<(Path, u32)>)> = None;
        let mut consider = |paths: Option<Vec<(Path, u32)>>| {
            let Some(paths) = paths else { return };
            let size = paths.iter().map(|(path, id)| self.path_len(*path, *id)).sum();
            if best.as_ref().is_none_or(|(least, _)| size < *least) {
                best = Some((size, paths));
            }
        };
        for term in all_terms(&pattern.sources) {
            consider(self.paths(Path::Source, &term, row));
        }
        if let Some(list) = &pattern.listeners {
            for term in all_terms(list) {
                consider(self.paths(Path::Listener, &term, row));
            }
        }
        for list in &pattern.about {
            for term in all_terms(list) {
                consider(self.paths(Path::About, &term, row));
            }
        }
        for carriers in Self::carriers(&pattern.chain, row) {
            consider(Some(self.classes(Path::Carrier, &carriers)));
        }
        if let Some(DocumentTest::One(document)) = pattern.chain.document {
            consider(Some(document.map(|document| (Path::Document, document.0)).into_iter().collect()));
        }
        let contents: Option<Vec<Content>> = match &pattern.content {
            ContentTest::OneOf(contents) => Some(contents.clone()),
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) => Self::held(row, *slot)
                .map(|held| if held == NOTHING { Vec::new() } else { vec![content_of(held)] }),
            _ => None,
        };
        consider(contents.map(|contents| {
            let all = contents.into_iter().flat_map(|content| graph.same.contents(content));
            let mut rows: Vec<(Path, u32)> =
                all.map(|content| (Path::Content, content.proposition.0)).collect();
            rows.sort_unstable_by_key(|(_, id)| *id);
            rows.dedup();
            rows
        }));
        let (_, paths) = best?;
        let mut found = Vec::new();
        for (path, id) in &paths {
            self.follow(*path, *id, &mut found);
        }
        if paths.len() > 1
            || paths.iter().any(|(path, _)| matches!(path, Path::Carrier | Path::Document | Path::About))
        {
            found.sort_unstable();
            found.dedup();
        }
        Some(found)
    }

    fn paths(&self, path: Path, term: &EntityTest, row: &[u64]) -> Option<Vec<(Path, u32)>> {
        match term {
            EntityTest::Anyone => None,
            EntityTest::OneOf(found) => Some(self.classes(path, found)),
            EntityTest::Slot(slot, _) => {
                Self::held(row, *slot).map(|held| self.classes(path, &[EntityId(held as u32)]))
            }
        }
    }

    fn classes(&self, path: Path, entities: &[EntityId]) -> Vec<(Path, u32)> {
        let mut all: Vec<u32> = entities
            .iter()
            .flat_map(|entity| self.graph.same.entities(*entity))
            .map(|entity| entity.0)
            .collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|id| (path, id)).collect()
    }

    fn path_len(&self, path: Path, id: u32) -> usize {
        let graph = self.graph;
        match path {
            Path::Source => graph.claims.by_source(EntityId(id)).len(),
            Path::Listener => graph.claims.by_listener(EntityId(id)).len(),
            Path::Content => graph.claims.by_content(PropositionId(id)).len(),
            Path::About => {
                let about = graph.propositions.about(EntityId(id));
                // Beyond a few the exact number costs more than it saves.
                let exact = about
                    .iter()
                    .take(64)
                    .map(|p| graph.claims.by_content(PropositionId(p)).len())
                    .sum::<usize>();
                exact + about.len().saturating_sub(64)
            }
            Path::Carrier => {
                let hops = graph.chains.by_source(EntityId(id)).len();
                hops.saturating_mul(1 + graph.claims.len() / (graph.chains.hops() + 1))
            }
            Path::Document => graph.chains.by_document(crate::model::DocumentId(id)).len(),
        }
    }

    fn follow(&self, path: Path, id: u32, out: &mut Vec<u32>) {
        let graph = self.graph;
        match path {
            Path::Source => out.extend(graph.claims.by_source(EntityId(id)).iter()),
            Path::Listener => out.extend(graph.claims.by_listener(EntityId(id)).iter()),
            Path::Content => out.extend(graph.claims.by_content(PropositionId(id)).iter()),
            Path::About => {
                for proposition in graph.propositions.about(EntityId(id)).iter() {
                    out.extend(graph.claims.by_content(PropositionId(proposition)).iter());
                }
            }
            Path::Document => {
                for appearance in graph.chains.by_document(crate::model::DocumentId(id)).iter() {
                    out.extend(graph.claims.by_appearance(crate::model::AppearanceId(appearance)).iter());
                }
            }
            Path::Carrier => {
                let mut left: Vec<u32> = graph.chains.by_source(EntityId(id)).iter().collect();
                let mut seen = std::collections::BTreeSet::new();
                while let Some(hop) = left.pop() {
                    if !seen.insert(hop) {
                        continue;
                    }
                    for appearance in graph.chains.by_hop(HopId(hop)).iter() {
                        out.extend(graph.claims.by_appearance(crate::model::AppearanceId(appearance)).iter());
                    }
                    left.extend(graph.chains.by_parent(HopId(hop)).iter());
                }
            }
        }
    }
}

/// A posting that claims are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    Source,
    Listener,
    About,
    Content,
    Carrier,
    Document,
}

/// The terms that must all hold; those of a list of which one must hold lead nowhere by themselves.
fn all_terms(list: &ListTest) -> Vec<EntityTest> {
    match list.quantifier {
        Quantifier::All => list.terms.clone(),
        Quantifier::Any => {
            let each = list.terms.iter().map(|term| match term {
                EntityTest::OneOf(found) => Some(found.clone()),
                _ => None,
            });
            match each.collect::<Option<Vec<_>>>() {
                Some(found) => vec![EntityTest::OneOf(found.concat())],
                None if list.terms.len() == 1 => list.terms.clone(),
                None => Vec::new(),
            }
        }
        Quantifier::None => Vec::new(),
    }
}
