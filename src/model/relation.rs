//! The relations that can be stated between contents, claims, documents and entities.

use super::vocabulary::vocabulary;

vocabulary! {
    /// How two things are related by statement.
    LinkRelation {
        /// Contents that cannot both hold. Symmetric.
        Contradicts = 0 "contradicts",
        /// One content backs another.
        Supports = 1 "supports",
        /// The same content, claim or entity. Symmetric and transitive.
        SameAs = 2 "same as",
        /// A claim takes back a claim or a document.
        Retracts = 3 "retracts",
        /// A claim puts another right.
        Corrects = 4 "corrects",
        /// A document cites a document or a source.
        Cites = 5 "cites",
    }
}

impl LinkRelation {
    /// Whether it holds both ways.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, LinkRelation::Contradicts | LinkRelation::SameAs)
    }
}
