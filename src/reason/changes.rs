//! What changed between two states of the record: which contents are new, which gained or lost, and which more or fewer deny.

use super::corroborate::Reckoning;
use super::independence::{Range, independence};
use super::record::Record;
use super::support::support;
use crate::model::{Act, ClaimId, Content};
use std::collections::BTreeSet;

/// What became of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The content.
    pub content: Content,
    /// How it changed.
    pub kind: ChangedKind,
    /// How many independent origins backed it, and how many do.
    pub backing: (Range, Range),
    /// How many denied it, and how many do.
    pub denying: (Range, Range),
    /// The claims on it that are new.
    pub claims: Vec<ClaimId>,
}

/// How a content changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangedKind {
    /// Nobody had said anything of it.
    New,
    /// More origins back it.
    Gained,
    /// Fewer origins back it.
    Lost,
    /// As many back it, and more deny it.
    Contested,
    /// As many back it, and fewer deny it.
    Eased,
    /// New claims assert it or the opposite, and the numbers are as before.
    Repeated,
    /// New claims only ask, doubt, take back or the like, and the numbers are as before.
    Mentioned,
}

impl ChangedKind {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            ChangedKind::New => "new",
            ChangedKind::Gained => "gained",
            ChangedKind::Lost => "lost",
            ChangedKind::Contested => "contested",
            ChangedKind::Eased => "eased",
            ChangedKind::Repeated => "repeated",
            ChangedKind::Mentioned => "mentioned",
        }
    }
}

/// Compares two states of one graph on the contents of some claims, in the order of contents; those that did not change are left out. A
/// content and its negation are told apart where somebody backs them. Linear in the chains of these claims.
pub fn changes(before: &Record<'_>, after: &Record<'_>, claims: &[ClaimId], how: Reckoning) -> Vec<Changed> {
    let graph = after.graph();
    let contents: BTreeSet<Content> = claims
        .iter()
        .filter_map(|claim| graph.claims.content(*claim))
        .map(|content| Content { negated: false, ..graph.same.content(content) })
        .collect();
    let mut changed = Vec::new();
    for content in contents {
        if after.must_stop() {
            break;
        }
        let known: Vec<ClaimId> = on_record(before, content);
        let now: Vec<ClaimId> = on_record(after, content);
        // A claim that is the same as one which was out is not new.
        let was_out: BTreeSet<ClaimId> = known.iter().map(|claim| graph.same.claim(*claim)).collect();
        let mut new: Vec<ClaimId> = now.clone();
        new.retain(|claim| !was_out.contains(&graph.same.claim(*claim)));
        let counts = |record: &Record<'_>| {
            let support = support(record, content);
            let backing = independence(record, &support.backing, how.by_organization).range;
            (backing, independence(record, &support.denying, how.by_organization).range)
        };
        let (was, is) = (counts(before), counts(after));
        // What only denies is told as the negation that it states.
        let unbacked = is.0 == Range::default() && was.0 == Range::default();
        let negated = unbacked && (was.1, is.1) != (Range::default(), Range::default());
        let (was, is) = if negated { ((was.1, was.0), (is.1, is.0)) } else { (was, is) };
        let kind = match () {
            () if known.is_empty() && !now.is_empty() => ChangedKind::New,
            () if more(is.0, was.0) => ChangedKind::Gained,
            () if more(was.0, is.0) => ChangedKind::Lost,
            () if more(is.1, was.1) => ChangedKind::Contested,
            () if more(was.1, is.1) => ChangedKind::Eased,
            () if new.iter().any(|claim| after.act(*claim).0.is_under(Act::Assert)) => ChangedKind::Repeated,
            () if !new.is_empty() => ChangedKind::Mentioned,
            () => continue,
        };
        new.sort_unstable();
        let content = Content { negated, ..content };
        let (backing, denying) = ((was.0, is.0), (was.1, is.1));
        after.keeps::<Changed>(1);
        after.keeps::<ClaimId>(new.len());
        changed.push(Changed { content, kind, backing, denying, claims: new });
    }
    changed
}

fn on_record(record: &Record<'_>, content: Content) -> Vec<ClaimId> {
    record.claims_on(content).into_iter().filter(|claim| !record.ways(*claim).is_empty()).collect()
}

/// Whether one range tells of more than another: at the least, or else at the most.
fn more(one: Range, other: Range) -> bool {
    (one.min, one.max) > (other.min, other.max)
}
