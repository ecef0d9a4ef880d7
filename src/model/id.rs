//! A number type per kind of node, so that a claim is never taken for an entity. They carry no meaning beyond the order
//! in which things were recorded.

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Stands for *none* in columns; no node ever has it.
            pub const NONE: $name = $name(u32::MAX);

            /// The row in this kind's columns.
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// Whether this is a node at all.
            pub const fn is_some(self) -> bool {
                self.0 != u32::MAX
            }

            /// The node, unless this stands for none.
            pub const fn some(self) -> Option<$name> {
                if self.is_some() { Some(self) } else { None }
            }
        }
    )+};
}

ids! {
    /// Anyone or anything that can speak, be spoken to, be spoken about, or publish.
    EntityId,
    /// What is claimed, apart from who claims it.
    PropositionId,
    /// One speech act.
    ClaimId,
    /// One relay in a chain: a speech act about the speech act before it.
    HopId,
    /// Where a claim appeared: a chain of hops, and a document.
    AppearanceId,
    /// Where claims were published.
    DocumentId,
    /// A time as written and resolved.
    TimeId,
    /// An interned small text: a hedge, a unit, a role, a key.
    StringId,
    /// A cue verb.
    VerbId,
}
