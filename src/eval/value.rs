//! Values of answers: references into the graph and plain numbers, never formatted text.

use crate::model::{
    AppearanceId, ClaimRef, Content, DocumentId, EntityId, EntityKind, Grade, PropositionId, StringId, Time,
};
use std::sync::Arc;

/// One cell of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing is known: it fails every test but `is unknown`.
    #[default]
    Nothing,
    /// `yes` or `no`.
    YesNo(bool),
    /// A number of things.
    Count(u64),
    /// A number.
    Number(f64),
    /// Somebody or something, shown by its name.
    Entity(EntityId),
    /// What is claimed.
    Content(Content),
    /// A claim or a relay, shown by its id.
    Claim(ClaimRef),
    /// A document, shown by its address or name.
    Document(DocumentId),
    /// When.
    Time(Time),
    /// By which way a claim came.
    Chain(Chain),
    /// A hedge and whose it is.
    Hedge {
        /// The word.
        word: StringId,
        /// Who hedges; none for the speaker.
        owner: EntityId,
    },
    /// A figure of a proposition, by its place among its figures.
    Figure(PropositionId, u32),
    /// A kind of entity.
    Kind(EntityKind),
    /// A grade.
    Grade(Grade),
    /// An interned text.
    Word(StringId),
    /// Any other text.
    Text(Arc<str>),
    /// Several values, in a defined order.
    List(Arc<[Value]>),
}

/// The way by which a claim came: the relays of one of its appearances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// The claim, or the relay outside which the way begins.
    pub claim: ClaimRef,
    /// Which appearance; none where it was recorded on its own.
    pub appearance: AppearanceId,
    /// How many chains it came by, this one included; zero for none.
    pub chains: u32,
}

impl Value {
    /// Whether nothing is known.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Value::Nothing)
    }
}
