//! Who stands behind a content: the claims that back it, deny it, leave it open or were taken back, each with the ways by which it came.
//! It counts nothing.

use super::record::{Record, Stance, Way};
use crate::model::{ClaimId, Content};

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
}

/// Collects who stands behind a content, in the order recorded. Linear in the chains of its claims.
pub fn support(record: &Record<'_>, content: Content) -> Support {
    support_of(record, content, &record.claims_on(content))
}

/// The same, where the claims on the content are known already.
pub(super) fn support_of(record: &Record<'_>, content: Content, claims: &[ClaimId]) -> Support {
    let mut support = Support::default();
    let takes_back = |claim: &ClaimId| {
        record.stance(*claim, content) == Stance::TakesBack
            || record.stance(*claim, content.flipped()) == Stance::TakesBack
    };
    let taking: Vec<ClaimId> = claims.iter().copied().filter(takes_back).collect();
    for claim in claims.iter().copied() {
        let stance = record.stance(claim, content);
        if !matches!(stance, Stance::Backs | Stance::Denies | Stance::LeavesOpen) {
            continue;
        }
        let ways = record.ways(claim);
        if ways.is_empty() {
            continue;
        }
        if let Some(by) = taken_back(record, claim, &taking) {
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

/// What took a claim back: a claim that is linked to it so, or an act of its own speakers by which they take the same content back, unless
/// the claim certainly came after that.
fn taken_back(record: &Record<'_>, claim: ClaimId, taking: &[ClaimId]) -> Option<ClaimId> {
    if let Some(by) = record.taken_back(claim) {
        return Some(by);
    }
    let content = record.graph().claims.content(claim)?;
    taking.iter().copied().find(|by| {
        record.stance(*by, content) == Stance::TakesBack
            && record.speakers(*by) == record.speakers(claim)
            && !record.ways(*by).is_empty()
            && !certainly_after(record, claim, *by)
    })
}

/// Whether a claim was certainly said after another.
pub(super) fn certainly_after(record: &Record<'_>, claim: ClaimId, other: ClaimId) -> bool {
    match (record.said(claim), record.said(other)) {
        (Some(one), Some(other)) => one.after(&other) == crate::model::Truth::Certain,
        _ => false,
    }
}
