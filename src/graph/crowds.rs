//! Claims that came by very many ways, with these ways by document: whoever records another looks at those of its document and not at all of
//! them. Nothing here is in a file; it is made again when it is asked for.

use crate::model::{AppearanceId, ClaimId, DocumentId};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// From so many ways on they are kept by document.
const MANY: usize = 64;

/// A few ways.
pub(super) type Ways = SmallVec<[AppearanceId; 4]>;

/// The ways of some claims, by claim and document.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowds(HashMap<ClaimId, HashMap<DocumentId, Ways>>);

impl Crowds {
    /// The ways of a claim in a document, in the order recorded. `all` are those of the claim; `document_of` tells where each came out.
    pub(super) fn ways_in(
        &mut self,
        claim: ClaimId,
        document: DocumentId,
        all: impl Iterator<Item = AppearanceId>,
        document_of: impl Fn(AppearanceId) -> DocumentId,
    ) -> Ways {
        if !self.0.contains_key(&claim) {
            let mut all = all;
            let few: SmallVec<[AppearanceId; MANY]> = all.by_ref().take(MANY).collect();
            if few.len() < MANY {
                return few.into_iter().filter(|way| document_of(*way) == document).collect();
            }
            let crowd = self.0.entry(claim).or_default();
            for way in few.into_iter().chain(all) {
                crowd.entry(document_of(way)).or_default().push(way);
            }
        }
        self.0.get(&claim).and_then(|crowd| crowd.get(&document)).cloned().unwrap_or_default()
    }

    /// Notes another way of a claim.
    pub(super) fn add(&mut self, claim: ClaimId, way: AppearanceId, document: DocumentId) {
        if let Some(crowd) = self.0.get_mut(&claim) {
            crowd.entry(document).or_default().push(way);
        }
    }

    /// Notes that a way was replaced by another in the same document.
    pub(super) fn replace(
        &mut self,
        claim: ClaimId,
        (old, new): (AppearanceId, AppearanceId),
        document: DocumentId,
    ) {
        let ways = self.0.get_mut(&claim).and_then(|crowd| crowd.get_mut(&document));
        ways.into_iter().flatten().filter(|way| **way == old).for_each(|way| *way = new);
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
