//! What is claimed, with its sign.

use super::PropositionId;
use super::vocabulary::vocabulary;

vocabulary! {
    /// How a proposition stands to the world.
    Modality {
        /// It is or was so.
        Actual = 0 "actual",
        /// It is to come.
        Prospective = 1 "prospective",
        /// It may be so.
        Possible = 2 "possible",
        /// It is wanted.
        Desired = 3 "desired",
        /// It must be done.
        Obligated = 4 "obligated",
    }
}

/// A proposition or its negation: what a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Content {
    /// The proposition.
    pub proposition: PropositionId,
    /// Whether the content is its negation.
    pub negated: bool,
}

impl Content {
    /// The opposite content.
    #[must_use]
    pub const fn flipped(self) -> Content {
        Content { proposition: self.proposition, negated: !self.negated }
    }
}
