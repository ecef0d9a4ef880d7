//! Who stands behind a content: the claims that back it, deny it, leave it open or were taken back, each with the ways by which it came.
//! It counts nothing.

use super::record::{Record, Stance, Way};
use crate::model::{ClaimId, Content, DocumentId};

/// A claim that counts, with the ways by which it reached us: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backed {
    /// The claim.
    pub claim: ClaimId,
    /// The ways, the earliest published first.
    pub ways: Vec<Way>,
}

/// How claims stand to a content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Support {
    /// The claims whose speakers commit to it.
    pub backing: Vec<Backed>,
    /// The claims whose speakers commit to the opposite.
    pub denying: Vec<Backed>,
    /// Claims that assert it or the opposite with a hedge that leaves it open; they count for neither.
    pub open: Vec<ClaimId>,
    /// Claims that were taken back, each with what took it back; they count no longer.
    pub taken_back: Vec<(ClaimId, ClaimId)>,
    /// Claims that came only in documents that were taken back, each with one of these and with what took it back.
    pub documents_lost: Vec<(ClaimId, DocumentId, ClaimId)>,
}

/// Collects who stands behind a content, in the order recorded. Linear in the chains of its claims.
pub fn support(record: &Record<'_>, content: Content) -> Support {
    let mut support = Support::default();
    for claim in record.claims_on(content) {
        let stance = record.stance(claim, content);
        if !matches!(stance, Stance::Backs | Stance::Denies | Stance::LeavesOpen) {
            continue;
        }
        let ways = record.ways(claim);
        if ways.is_empty() {
            let lost = record.document_lost(claim);
            support.documents_lost.extend(lost.map(|(document, by)| (claim, document, by)));
            continue;
        }
        if let Some(by) = record.taken_back(claim) {
            support.taken_back.push((claim, by));
            continue;
        }
        match stance {
            Stance::Backs => support.backing.push(Backed { claim, ways }),
            Stance::Denies => support.denying.push(Backed { claim, ways }),
            _ => support.open.push(claim),
        }
    }
    support
}
