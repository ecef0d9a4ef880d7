//! The logical form of a question: what must hold, over numbered slots, with every name and verb resolved. It says nothing of order: the
//! parts of an `and` hold together, in whichever order they are tried.

use crate::diag::Span;
use crate::graph::Node as Thing;
use crate::model::{
    Basis, Bound, ClaimRef, Content, DocumentId, EntityId, EntityKind, Grade, LinkRelation, Time,
};
use crate::syntax::ast::{Quantifier, TimeOp, ViaPosition};
use std::sync::Arc;

/// A slot of a solution: a variable or a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u16);

/// What a slot can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// An entity.
    Entity,
    /// A proposition or its negation; or nothing, for an act without content.
    Content,
    /// A claim or a relay.
    Claim,
    /// Where a claim appeared.
    Appearance,
    /// When something was said.
    Time,
    /// A document.
    Document,
    /// A figure of a proposition, by its place among them.
    Figure,
    /// A text: a role, the value of a field.
    Text,
    /// A kind of entity.
    Kind,
    /// A grade.
    Grade,
}

/// A slot: its name and what it can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// As the column is headed: `who`, `what`, `a`.
    pub name: String,
    /// What it can hold.
    pub kind: SlotKind,
    /// Where it is first named in the question.
    pub span: Span,
    /// Whether the question names it in several places: then contents that are one by `same as` are one value.
    pub shared: bool,
    /// Whether it is a variable that the question names, and not a blank or one of our own.
    pub variable: bool,
}

/// A question, bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its slots.
    pub slots: Arc<Vec<Slot>>,
    /// What must hold.
    pub body: Node,
    /// Its columns before any stage.
    pub columns: Arc<Vec<Shown>>,
    /// The claims whose combinations `count` counts, each with its appearance: those of sentences that are neither negated nor one of
    /// several alternatives.
    pub counted: Vec<(SlotId, SlotId)>,
    /// The recursive rules that it names.
    pub rules: Arc<Vec<BoundRule>>,
}

impl Question {
    /// The slots that are columns.
    pub fn shown_slots(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().filter_map(|column| match column.source {
            ColumnSource::Slot(slot) => Some(usize::from(slot.0)),
            _ => None,
        })
    }
}

/// A recursive rule, over slots of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundRule {
    /// Its name.
    pub name: String,
    /// Its slots.
    pub slots: Vec<Slot>,
    /// Which of them are its parameters, in order.
    pub params: Vec<SlotId>,
    /// What must hold.
    pub body: Node,
}

/// A column and where its values come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its head.
    pub name: String,
    /// Where its values come from.
    pub source: ColumnSource,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnSource {
    /// A slot.
    Slot(SlotId),
    /// When the claim in a slot was said.
    When(SlotId),
    /// The chain by which the claim came: the claim's slot and its appearance's.
    Via(SlotId, SlotId),
    /// The hedge nearest to the content.
    Hedge(SlotId, SlotId),
    /// Whether there was any solution.
    Answer,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// All of them.
    All(Vec<Node>),
    /// At least one of them.
    Any(Vec<Node>),
    /// No solution of this.
    Not(Box<Node>),
    /// A claim.
    Claim(Arc<ClaimPattern>),
    /// A link.
    Link(LinkPattern),
    /// What an entity is or belongs to.
    IsA(IsAPattern),
    /// A grade.
    Rating(RatingPattern),
    /// A recursive rule, by its place among the rules, over these slots.
    Rule {
        /// Which.
        rule: usize,
        /// Its arguments.
        args: Vec<SlotId>,
    },
    /// A slot holds one of these values: a constant given to a rule.
    Fixed {
        /// The slot.
        slot: SlotId,
        /// The values, as solutions hold them.
        values: Vec<u64>,
    },
}

/// Who may stand somewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum EntityTest {
    /// Anyone, without a column.
    Anyone,
    /// One of these, in ascending order.
    OneOf(Vec<EntityId>),
    /// Whoever this slot holds, perhaps of a kind.
    Slot(SlotId, Option<EntityKind>),
}

/// Some tests and how they are meant together: all where nothing is said.
#[derive(Debug, Clone, PartialEq)]
pub struct ListTest {
    /// How.
    pub quantifier: Quantifier,
    /// Each.
    pub terms: Vec<EntityTest>,
}

/// A claim looked for.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked of the sentence by itself")]
pub struct ClaimPattern {
    /// Holds the claim or relay.
    pub claim: SlotId,
    /// Holds where it appeared.
    pub appearance: SlotId,
    /// The id that the sentence gives, where it gives one.
    pub id: Option<ClaimRef>,
    /// Who speaks.
    pub sources: ListTest,
    /// The verb as asked, for telling how it was understood.
    pub verb: Arc<str>,
    /// The verbs that fit, by id.
    pub verbs: Arc<[bool]>,
    /// Whether an assertion of a negation fits too: the question asks for denials.
    pub denials: bool,
    /// Whether a label without a truth value fits: not where an assertion is asked for.
    pub labels: bool,
    /// Who listens.
    pub listeners: Option<ListTest>,
    /// What is said.
    pub content: ContentTest,
    /// Whether the sentence asks for a denial: then its figures are those of what is denied.
    pub denied: bool,
    /// The hedge of the speaker, by its word.
    pub hedge: Option<String>,
    /// Whether it must be the exact words.
    pub verbatim: bool,
    /// What it is about.
    pub about: Vec<ListTest>,
    /// When it was said.
    pub said: Vec<TimeTest>,
    /// The time spoken of.
    pub period: Vec<TimeTest>,
    /// How it came.
    pub chain: Chain,
    /// What it depends on.
    pub condition: Option<ContentTest>,
    /// Its figures.
    pub figures: Vec<FigureTest>,
    /// What stands in braces.
    pub fields: Vec<FieldTest>,
    /// Where it stands in the question.
    pub span: Span,
}

/// What may be said.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentTest {
    /// Anything or nothing, without a column.
    Open,
    /// Something, without a column.
    Anything,
    /// One of these contents.
    OneOf(Vec<Content>),
    /// What this slot holds.
    Slot(SlotId),
    /// The negation of what this slot holds.
    NegatedSlot(SlotId),
    /// Any negation: the content is negative.
    Negative,
    /// This claim or relay; the flag asks for its denial.
    Claim(ClaimRef, bool),
    /// The claim or relay that this slot holds; the flag asks for its denial.
    ClaimSlot(SlotId, bool),
    /// A claim found by its own pattern; the flag asks for its denial.
    Speech(Box<ClaimPattern>, bool),
}

impl ContentTest {
    /// Whether it asks for speech about speech.
    pub fn is_speech(&self) -> bool {
        matches!(self, ContentTest::Claim(..) | ContentTest::ClaimSlot(..) | ContentTest::Speech(..))
    }
}

/// How a time must stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTest {
    /// Within, before or after.
    pub op: TimeOp,
    /// What it is compared with.
    pub time: TimeOperand,
}

/// What a time is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeOperand {
    /// This time.
    Fixed(Time),
    /// The time that a slot holds; `on` fills it.
    Slot(SlotId),
}

/// How a claim must have come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chain {
    /// The hops that its chain must have, from the speaker outwards.
    pub via: Vec<ViaTest>,
    /// The hops that it must have anywhere.
    pub also: Vec<ViaTest>,
    /// The document.
    pub document: Option<DocumentTest>,
}

impl Chain {
    /// Whether any way will do.
    pub fn asks_nothing(&self) -> bool {
        !self.has_hops() && self.document.is_none()
    }

    /// Whether it asks for any hop.
    pub fn has_hops(&self) -> bool {
        !(self.via.is_empty() && self.also.is_empty())
    }
}

/// A hop that a chain must have.
#[derive(Debug, Clone, PartialEq)]
pub struct ViaTest {
    /// Where.
    pub position: ViaPosition,
    /// Who.
    pub who: ListTest,
    /// Its hedge, by its word.
    pub hedge: Option<String>,
    /// Marked or inferred.
    pub basis: Option<Basis>,
    /// When.
    pub time: Option<Time>,
    /// The verbs that fit, by id; empty for any.
    pub verbs: Vec<bool>,
}

/// The document that a claim must have appeared in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentTest {
    /// This one; nothing where no document has that key.
    One(Option<DocumentId>),
    /// The one that a slot holds.
    Slot(SlotId),
}

/// A figure or fact that the proposition must have.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureTest {
    /// A figure from which this bound follows.
    Follows {
        /// What is counted, folded.
        what: String,
        /// The bound asked for.
        bound: Bound,
        /// The unit, folded; nothing where none is asked for.
        unit: Option<String>,
    },
    /// A figure, shown in a slot.
    Slot {
        /// What is counted, folded.
        what: String,
        /// The slot.
        slot: SlotId,
        /// The unit, folded; nothing where none is asked for.
        unit: Option<String>,
    },
    /// A fact with an entity as value.
    Entity {
        /// Which attribute, folded.
        attribute: String,
        /// Its value.
        value: EntityTest,
    },
    /// A fact with a text as value.
    Text {
        /// Which attribute, folded.
        attribute: String,
        /// Its value, folded.
        value: String,
    },
}

/// A link looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkPattern {
    /// The relation.
    pub relation: LinkRelation,
    /// The left end.
    pub left: EndTest,
    /// The right end.
    pub right: EndTest,
}

impl LinkPattern {
    /// The slots of contents that have to stand in a link of it: those of others need not be looked at. Everything is one with itself.
    pub fn linked(&self) -> impl Iterator<Item = SlotId> + '_ {
        let ends = if self.relation == LinkRelation::SameAs { None } else { Some([&self.left, &self.right]) };
        ends.into_iter().flatten().filter_map(|end| match end {
            EndTest::Slot(slot) => Some(*slot),
            EndTest::OneOf(_) => None,
        })
    }
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq)]
pub enum EndTest {
    /// One of these.
    OneOf(Vec<Thing>),
    /// What a slot holds.
    Slot(SlotId),
}

/// What must stand in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldTest {
    /// Which field.
    pub key: FieldKey,
    /// Its value as text, folded; or a slot that shows it.
    pub value: Result<String, SlotId>,
}

/// A field in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKey {
    /// How it was said.
    Mode,
    /// Where or on what.
    Medium,
    /// How the proposition stands to the world.
    Modality,
    /// How far the speaker commits.
    Commitment,
    /// Marked or inferred.
    Basis,
    /// Said more than once.
    Repeated,
    /// Translated.
    Translated,
    /// The language of the text.
    Language,
    /// The hedge of the speaker.
    Hedge,
    /// Any other, by its key.
    Free(String),
}

/// What an entity must be or belong to.
#[derive(Debug, Clone, PartialEq)]
pub enum IsAPattern {
    /// Of a kind.
    Kind {
        /// Who.
        who: EntityTest,
        /// Which kind.
        kind: EntityKind,
    },
    /// Of a kind, which a slot shows.
    KindSlot {
        /// Who.
        who: EntityTest,
        /// The slot.
        slot: SlotId,
    },
    /// A member, directly or through others.
    In {
        /// Who.
        who: EntityTest,
        /// Of what.
        group: EntityTest,
        /// As what, folded.
        role: Option<String>,
        /// When, certainly.
        time: Option<Time>,
    },
    /// In a role.
    Role {
        /// Who.
        who: EntityTest,
        /// Which role, folded; nothing where a slot shows it.
        role: Option<String>,
        /// A slot for the role.
        slot: Option<SlotId>,
        /// Of whom; nothing for a bare title.
        of: Option<EntityTest>,
        /// When, certainly.
        time: Option<Time>,
    },
    /// Also called so, folded.
    Named {
        /// Who.
        who: EntityTest,
        /// The names, folded, and ids as written.
        names: Vec<String>,
    },
}

/// A grade looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingPattern {
    /// Who grades.
    pub assessor: EntityTest,
    /// What is graded.
    pub what: RatedTest,
    /// Which grade; nothing where a slot shows it.
    pub grade: Option<Grade>,
    /// A slot for the grade.
    pub slot: Option<SlotId>,
    /// On which topics.
    pub about: Option<ListTest>,
    /// For which period, certainly.
    pub time: Option<Time>,
}

/// What may be graded.
#[derive(Debug, Clone, PartialEq)]
pub enum RatedTest {
    /// A source.
    Source(EntityTest),
    /// This claim or relay.
    Claim(ClaimRef),
    /// The claim or relay that this slot holds.
    ClaimSlot(SlotId),
}

/// A content as a solution holds it.
pub fn content_cell(content: Content) -> u64 {
    u64::from(content.proposition.0) << 1 | u64::from(content.negated)
}

/// A claim as a solution holds it.
pub fn claim_cell(claim: ClaimRef) -> u64 {
    u64::from(claim.claim.0) << 32 | u64::from(claim.hop.0)
}
