//! Words that will be read, brought into the nearest memory for many things at once: in a large graph they lie far apart, and one after the other
//! each would be waited for. Nothing here changes what is read.

use super::Graph;
use super::column::Texts;
use crate::model::{ClaimId, PropositionId};
use smallvec::SmallVec;
use std::hint::black_box;

/// Something that has words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worded {
    /// The id of a claim.
    Claim(ClaimId),
    /// The text of a proposition.
    Proposition(PropositionId),
}

impl Graph {
    /// Brings the words of some things near.
    pub(crate) fn bring_near(&self, things: impl Iterator<Item = Worded>) {
        let mut places: SmallVec<[(&Texts, usize); 64]> = SmallVec::new();
        let mut last = None;
        for thing in things.filter(|thing| last.replace(*thing) != Some(*thing)) {
            places.push(match thing {
                Worded::Claim(claim) => (self.claims.ids(), claim.index()),
                Worded::Proposition(proposition) => (self.propositions.texts(), proposition.index()),
            });
        }
        black_box(places.iter().fold(0, |all, (texts, row)| all ^ texts.near(*row)));
        black_box(places.iter().fold(0, |all, (texts, row)| all ^ texts.touch(*row)));
    }
}
