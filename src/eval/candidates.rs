//! Which claims may fit a sentence: those of the shortest posting that it names. Nothing is tested here.

use super::chain::Place;
use super::claim::content_of;
use super::scan::scaled;
use super::{Evaluator, NOTHING, Stopped};
use crate::model::{ClaimId, Content, EntityId, HopId, PropositionId};
use crate::plan::{ClaimPattern, ContentTest, DocumentTest, EntityTest, ListTest, Quantifier};
use std::ops::Range;

/// So few claims are as good as none.
const FEW: usize = 16;

impl Evaluator<'_> {
    /// The claims that may fit, by the shortest posting that the sentence names.
    pub(super) fn candidates(&self, pattern: &ClaimPattern, row: &[u64]) -> Result<Candidates, Stopped> {
        let Some((paths, met)) = self.shortest(pattern, row) else {
            self.note(FoundBy::AllClaims);
            return Ok(Candidates { claims: Claims::All(self.graph.claims.len() as u32), met: None });
        };
        if let Some((path, _)) = paths.first() {
            self.note(FoundBy::of(*path, pattern, row));
        }
        let mut found = Vec::new();
        let said = if pattern.said.is_empty() {
            None
        } else {
            self.said_of(pattern, paths.iter().map(|(path, id)| self.path_len(*path, *id)).sum())
        };
        for (path, id) in &paths {
            match (path, &said) {
                (Path::Source, Some(said)) => {
                    self.graph.claims.copy_said_by(EntityId(*id), |time| said.may_be(time), &mut found);
                }
                _ => self.follow(*path, *id, &mut found),
            }
        }
        // What one posting holds of claims is in order, each once; what other postings lead to is not.
        if !matches!(paths[..], [] | [(Path::Source | Path::Listener | Path::Content, _)]) {
            found = each_once(found, self.graph.claims.len());
        }
        self.has_room(size_of_val(&found[..]))?;
        Ok(Candidates { claims: Claims::These(found), met })
    }

    /// Notes by what the claims of the step that is being tried were found first.
    fn note(&self, by: FoundBy) {
        if let Some(place) = self.found_by.get(self.trying.get()).filter(|_| self.is_own.get())
            && place.get().is_none()
        {
            place.set(Some(by));
        }
    }

    /// Notes that the claims of a step were found by contents that a step before it found.
    pub(super) fn found_by_contents(&self, step: usize) {
        if let Some(place) = self.found_by.get(step) {
            place.set(Some(FoundBy::Content));
        }
    }

    /// The shortest posting that a sentence names, and which list of topics it meets; nothing where it names none.
    fn shortest(&self, pattern: &ClaimPattern, row: &[u64]) -> Option<Way> {
        if !self.options.optimize {
            return None;
        }
        let graph = self.graph;
        // A content that is known has few claims mostly, and then nothing else is worth a look.
        if let ContentTest::Slot(slot) = pattern.content
            && let Some(held) = Self::held(row, slot).filter(|held| *held != NOTHING)
            && !graph.same.has_contents()
            && let Content { proposition, .. } = content_of(held)
            && graph.claims.by_content(proposition).len() <= FEW
        {
            return Some((vec![(Path::Content, proposition.0)], None));
        }
        let mut best: Option<(usize, Vec<(Path, u32)>)> = None;
        let mut met = None;
        let least =
            |best: &Option<(usize, Vec<(Path, u32)>)>| best.as_ref().map_or(usize::MAX, |best| best.0);
        let consider = |best: &mut Option<(usize, Vec<(Path, u32)>)>, paths: Option<Vec<(Path, u32)>>| {
            let Some(paths) = paths else { return false };
            let size = paths.iter().map(|(path, id)| self.path_len(*path, *id)).sum();
            let is_best = size < least(best);
            if is_best {
                *best = Some((size, paths));
            }
            is_best
        };
        for term in all_terms(&pattern.sources) {
            consider(&mut best, self.paths(Path::Source, &term, row));
        }
        if let Some(list) = &pattern.listeners {
            for term in all_terms(list) {
                consider(&mut best, self.paths(Path::Listener, &term, row));
            }
        }
        for (at, list) in pattern.about.iter().enumerate() {
            for term in all_terms(list) {
                if consider(&mut best, self.paths(Path::About, &term, row)) {
                    // Alone, a topic that is named is all that its list asks for.
                    let is_all = list.terms.len() == 1 && matches!(term, EntityTest::OneOf(_));
                    met = is_all.then_some(at);
                }
            }
        }
        if let Some(DocumentTest::One(document)) = pattern.chain.document
            && consider(
                &mut best,
                Some(document.map(|document| (Path::Document, document.0)).into_iter().collect()),
            )
        {
            met = None;
        }
        let contents: Option<Vec<Content>> = match &pattern.content {
            ContentTest::OneOf(contents) => Some(contents.clone()),
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) => match Self::held(row, *slot) {
                Some(held) if held == NOTHING => Some(Vec::new()),
                Some(held) => Some(vec![content_of(held)]),
                None if !self.is_own.get() => None,
                None => self.texts.borrow().get(slot).map(|rows| {
                    let proposition =
                        |row: &u32| Content { proposition: PropositionId(*row), negated: false };
                    rows.iter().map(proposition).collect()
                }),
            },
            _ => None,
        };
        let by_content = contents.map(|contents| {
            let all = contents.into_iter().flat_map(|content| graph.same.contents(content));
            let mut rows: Vec<(Path, u32)> =
                all.map(|content| (Path::Content, content.proposition.0)).collect();
            rows.sort_unstable_by_key(|(_, id)| *id);
            rows.dedup();
            rows
        });
        if consider(&mut best, by_content) {
            met = None;
        }
        for carriers in Self::carriers(&pattern.chain, row) {
            let known = self.classes(Path::Hop, &carriers.who);
            let all: usize = known.iter().map(|(_, id)| graph.chains.by_source(EntityId(*id)).len()).sum();
            // Hops are looked at one by one: not where there are more of them than claims found already.
            if least(&best) > all && consider(&mut best, Some(self.hops_of(&known, &carriers.place))) {
                met = None;
            }
        }
        best.map(|(_, paths)| (paths, met))
    }

    /// The claims of some contents and of all that are one with them.
    pub(super) fn claims_of_contents(&self, contents: impl Iterator<Item = Content>) -> Candidates {
        let mut found = Vec::new();
        let mut propositions: Vec<u32> = if self.graph.same.has_contents() {
            let all = contents.flat_map(|content| self.graph.same.contents(content));
            all.map(|one| one.proposition.0).collect()
        } else {
            contents.map(|content| content.proposition.0).collect()
        };
        // In their order their claims stand near each other.
        propositions.sort_unstable();
        propositions.dedup();
        for proposition in propositions {
            self.follow(Path::Content, proposition, &mut found);
        }
        Candidates { claims: Claims::These(each_once(found, self.graph.claims.len())), met: None }
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
            Path::Hop | Path::Outermost => 1 + graph.claims.len() / (graph.chains.hops() + 1),
            Path::Document => graph.chains.by_document(crate::model::DocumentId(id)).len(),
        }
    }

    fn follow(&self, path: Path, id: u32, out: &mut Vec<u32>) {
        let graph = self.graph;
        match path {
            Path::Source => graph.claims.by_source(EntityId(id)).copy_to(out),
            Path::Listener => graph.claims.by_listener(EntityId(id)).copy_to(out),
            Path::Content => graph.claims.by_content(PropositionId(id)).copy_to(out),
            Path::About => {
                let linked = self.is_own.get() && self.linked.borrow().contains(&self.trying.get());
                let matters = |proposition: &u32| {
                    !linked || graph.links.of_proposition(PropositionId(*proposition)).next().is_some()
                };
                let about = graph.propositions.about(EntityId(id));
                if !linked {
                    // About as many as contents have otherwise, so that growing does not copy all that was found.
                    out.reserve(about.len() * graph.claims.len() / (graph.propositions.len() + 1));
                }
                for proposition in about.iter().filter(matters).map(PropositionId) {
                    let content = Content { proposition, negated: false };
                    if !graph.same.is_joined(content) {
                        graph.claims.by_content(proposition).copy_to(out);
                        continue;
                    }
                    for one in graph.same.contents(content) {
                        graph.claims.by_content(one.proposition).copy_to(out);
                    }
                }
            }
            Path::Document => {
                for appearance in graph.chains.by_document(crate::model::DocumentId(id)).iter() {
                    graph.claims.by_appearance(crate::model::AppearanceId(appearance)).copy_to(out);
                }
            }
            Path::Outermost => self.came_out_by(HopId(id), out),
            Path::Hop => {
                // Each hop is about one other, so that none is met twice.
                let mut left = vec![id];
                while let Some(hop) = left.pop() {
                    self.came_out_by(HopId(hop), out);
                    left.extend(graph.chains.by_parent(HopId(hop)).iter());
                }
            }
        }
    }

    /// The claims whose outermost hop this is.
    fn came_out_by(&self, hop: HopId, out: &mut Vec<u32>) {
        for appearance in self.graph.chains.by_hop(hop).iter() {
            self.graph.claims.by_appearance(crate::model::AppearanceId(appearance)).copy_to(out);
        }
    }

    /// The hops that these entities carried at a place of the chain.
    fn hops_of(&self, known: &[(Path, u32)], place: &Place) -> Vec<(Path, u32)> {
        let graph = self.graph;
        let path = if matches!(place, Place::Last) { Path::Outermost } else { Path::Hop };
        let inner: Option<Vec<u32>> = match place {
            Place::After(inner) => {
                Some(self.classes(Path::Hop, inner).into_iter().map(|(_, entity)| entity).collect())
            }
            _ => None,
        };
        let stands = |hop: HopId| {
            let parent = graph.chains.parent(hop);
            match (place, &inner) {
                (Place::First, _) => !parent.is_some(),
                (Place::After(_), Some(inner)) => {
                    let mut party = graph.entities.party(graph.chains.source(parent));
                    parent.is_some() && party.any(|one| inner.binary_search(&one.0).is_ok())
                }
                _ => true,
            }
        };
        let hops = known.iter().flat_map(|(_, entity)| graph.chains.by_source(EntityId(*entity)).iter());
        hops.filter(|hop| stands(HopId(*hop))).map(|hop| (path, hop)).collect()
    }
}

/// Claims that may fit, in ascending order.
#[derive(Debug)]
pub(super) struct Candidates {
    claims: Claims,
    /// Which of the lists of topics of the sentence all of them meet.
    pub met: Option<usize>,
}

/// Postings that together lead to all claims that may fit, and which list of topics these meet.
type Way = (Vec<(Path, u32)>, Option<usize>);

#[derive(Debug)]
enum Claims {
    /// All there are, so many.
    All(u32),
    These(Vec<u32>),
}

impl Candidates {
    /// These, in any order.
    pub(super) fn of(mut claims: Vec<u32>) -> Self {
        claims.sort_unstable();
        claims.dedup();
        Candidates { claims: Claims::These(claims), met: None }
    }

    pub(super) fn len(&self) -> usize {
        match &self.claims {
            Claims::All(many) => *many as usize,
            Claims::These(claims) => claims.len(),
        }
    }

    /// Adds some of them, by their places.
    pub(super) fn copy(&self, places: Range<usize>, out: &mut Vec<u32>) {
        match &self.claims {
            Claims::All(many) => out.extend(places.start as u32..(places.end as u32).min(*many)),
            Claims::These(claims) => out.extend_from_slice(claims.get(places).unwrap_or(&[])),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = ClaimId> + '_ {
        let (all, these) = match &self.claims {
            Claims::All(many) => (0..*many, &[][..]),
            Claims::These(claims) => (0..0, &claims[..]),
        };
        all.chain(these.iter().copied()).map(ClaimId)
    }
}

/// Claims in ascending order, each once. Where they are many of all, by marking them among all.
fn each_once(mut claims: Vec<u32>, all: usize) -> Vec<u32> {
    if claims.len() < all / 64 || claims.len() < scaled(64) {
        claims.sort_unstable();
        claims.dedup();
        return claims;
    }
    let mut marks = vec![0_u64; all.div_ceil(64)];
    for claim in &claims {
        if let Some(word) = marks.get_mut(*claim as usize / 64) {
            *word |= 1 << (claim % 64);
        }
    }
    claims.clear();
    for (at, mut word) in (0_u32..).zip(marks) {
        while word != 0 {
            claims.push(at * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    claims
}

/// A posting that claims are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    Source,
    Listener,
    About,
    Content,
    /// Claims that a hop or any outside it carried.
    Hop,
    /// Claims that came out by a hop.
    Outermost,
    Document,
}

/// By what the claims of a sentence were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// By none: all were gone over.
    AllClaims,
    /// By who said it.
    Speaker,
    /// By whom it was said to.
    Listener,
    /// By what it is about.
    Topic,
    /// By what was said.
    Content,
    /// By words of what was said.
    Words,
    /// By who passed it on.
    Carrier,
    /// By where it appeared.
    Document,
}

impl FoundBy {
    /// In a word, for a plan.
    pub fn word(self) -> &'static str {
        match self {
            FoundBy::AllClaims => "all claims",
            FoundBy::Speaker => "speaker",
            FoundBy::Listener => "listener",
            FoundBy::Topic => "topic",
            FoundBy::Content => "content",
            FoundBy::Words => "words",
            FoundBy::Carrier => "carrier",
            FoundBy::Document => "document",
        }
    }

    fn of(path: Path, pattern: &ClaimPattern, row: &[u64]) -> Self {
        match path {
            Path::Source => FoundBy::Speaker,
            Path::Listener => FoundBy::Listener,
            Path::About => FoundBy::Topic,
            Path::Content => match pattern.content {
                ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot)
                    if Evaluator::held(row, slot).is_none() =>
                {
                    FoundBy::Words
                }
                _ => FoundBy::Content,
            },
            Path::Hop | Path::Outermost => FoundBy::Carrier,
            Path::Document => FoundBy::Document,
        }
    }
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
