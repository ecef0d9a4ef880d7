//! The words of the field as types: ids, acts and verbs, times, quantities, names, and the small vocabularies of claims,
//! propositions, entities and documents.
//!
//! This room depends on nothing else in the crate and holds no collection of anything: where claims live is `graph`'s
//! business. To add a value to a vocabulary: add it to its enum here and to `docs/data-model.md`; numbers once given
//! are written in files and never change meaning.

mod act;
mod claim;
mod entity;
mod id;
mod lexicon;
mod name;
mod proposition;
mod quantity;
mod relation;
mod time;
mod vocabulary;

pub use act::Act;
pub use claim::{Basis, ClaimFlags, ClaimRef, Commitment, Mode};
pub use entity::{Cardinality, EntityKind, Grade};
pub use id::{AppearanceId, ClaimId, DocumentId, EntityId, HopId, PropositionId, StringId, TimeId, VerbId};
pub use lexicon::{DefineError, LEXICON_VERSION, Lexicon, Verb};
pub use name::{fold, folds_to, is_plural, is_unnamed, script_key};
pub use proposition::{Content, Modality};
pub use quantity::{Bound, Figure, exact};
pub use relation::LinkRelation;
pub use time::{Time, TimeError, Truth};

/// The version of the language that this program reads; snapshots and journals carry it.
pub const LANGUAGE_VERSION: u32 = 1;
