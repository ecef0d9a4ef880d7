//! What may be seen of the record: all of it, what was published by a time, or what was recorded by one. Everything that answers looks
//! through this, so that `as of` means the same everywhere. It decides nothing about relays that deny or doubt; who asks does.

use super::Graph;
use crate::model::{AppearanceId, ClaimId, DocumentId, HopId, Time};

/// Which part of the record is looked at, up to the end of a time: the first second that is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// All of it.
    #[default]
    None,
    /// What was published by then.
    Published(i64),
    /// What was recorded by then.
    Recorded(i64),
}

/// A graph, as far as it may be seen.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'g> {
    /// The graph.
    pub graph: &'g Graph,
    /// Which part of it.
    pub cut: Cut,
    has_voids: bool,
    /// The first claim and the first appearance that were recorded too late.
    unseen: (ClaimId, AppearanceId),
}

impl<'g> Sight<'g> {
    /// A graph up to a cut.
    pub fn new(graph: &'g Graph, cut: Cut) -> Self {
        let unseen = match cut {
            Cut::Recorded(until) => {
                let later = graph.log.batches().find(|batch| batch.at >= until);
                let appearance =
                    later.map_or(AppearanceId::NONE, |batch| AppearanceId(batch.first_appearance));
                (graph.log.claims_before(until), appearance)
            }
            Cut::None | Cut::Published(_) => (ClaimId::NONE, AppearanceId::NONE),
        };
        Sight { graph, cut, has_voids: graph.claims.has_voids(), unseen }
    }

    /// Whether the record, as far as it is seen, has this claim: it was recorded by then and not withdrawn since.
    #[inline]
    pub fn is_on_record(&self, claim: ClaimId) -> bool {
        if claim >= self.unseen.0 {
            return false;
        }
        if self.has_voids
            && let Some((_, at)) = self.graph.claims.void(claim)
        {
            return matches!(self.cut, Cut::Recorded(until) if at >= until);
        }
        true
    }

    /// When an appearance was published.
    pub fn published(&self, appearance: AppearanceId) -> Option<Time> {
        let document = self.graph.chains.document(appearance);
        if document.is_some() { self.graph.times.get(self.graph.documents.published(document)) } else { None }
    }

    /// Whether an appearance is seen.
    #[inline]
    pub fn sees(&self, appearance: AppearanceId) -> bool {
        match self.cut {
            Cut::None => true,
            Cut::Published(until) => self.published(appearance).is_some_and(|time| time.to <= until),
            Cut::Recorded(_) => appearance < self.unseen.1,
        }
    }

    /// Whether a document is seen. The log does not know when a document was recorded.
    pub fn sees_document(&self, document: DocumentId) -> bool {
        match self.cut {
            Cut::None | Cut::Recorded(_) => true,
            Cut::Published(until) => {
                let published = self.graph.times.get(self.graph.documents.published(document));
                published.is_some_and(|time| time.to <= until)
            }
        }
    }

    /// The appearances of a claim that are seen and whose outermost hop is wanted, the earliest published first. A claim recorded on its
    /// own has one that is none, unless only what was published is seen.
    pub fn appearances(&self, claim: ClaimId, wanted: impl Fn(HopId) -> bool) -> Vec<AppearanceId> {
        let mut all = self.graph.claims.appearances(claim).peekable();
        if all.peek().is_none() {
            return match self.cut {
                Cut::Published(_) => Vec::new(),
                _ => vec![AppearanceId::NONE],
            };
        }
        let mut seen: Vec<AppearanceId> = all
            .filter(|appearance| {
                wanted(self.graph.chains.outermost_hop(*appearance)) && self.sees(*appearance)
            })
            .collect();
        if seen.len() > 1 {
            seen.sort_by_cached_key(|appearance| {
                let time = self.published(*appearance);
                (time.map_or((i64::MAX, i64::MAX), |time| (time.from, time.to)), *appearance)
            });
        }
        seen
    }
}
