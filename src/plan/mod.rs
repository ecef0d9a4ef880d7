//! From a question as written to a question that can be answered: names, verbs, dates, variables and columns are resolved, and what cannot be
//! answered safely is refused before it runs (`bind`); the sentences are put into an order (`optimize`); and both are told in plain words.
//!
//! This room reads the graph to look things up and to estimate; it never walks it for answers, and knows nothing of how they are found.

mod bind;
mod logical;
mod optimize;
mod query;
mod reading;
mod reasoned;
mod slots;

pub use crate::syntax::ast::{AggregateKind, CompareOp, Quantifier, TimeOp, ViaPosition};
pub use bind::{Bound, Rules, Scope, Template, bind, names, names_of_claim};
pub use logical::{
    BoundRule, Chain, ClaimPattern, ColumnSource, ContentTest, DocumentTest, EndTest, EntityTest, FieldKey,
    FieldTest, FigureTest, IsAPattern, LinkPattern, ListTest, Node, Question, RatedTest, RatingPattern,
    Shown, Slot, SlotId, SlotKind, TimeOperand, TimeTest, ViaTest, claim_cell, content_cell,
};
pub use optimize::{Known, Order, Step, StepKind, names_of_steps, optimize};
pub use query::{
    Aggregate, Base, ColumnKind, Field, KnownPart, Operand, Output, PARTS, Part, Query, Source, Stage, Test,
};
pub use reading::{reading, step_text};
pub use reasoned::{Reasoned, Verb, columns as reasoned_columns};
pub use slots::SlotSet;
