//! The steps of a pipeline, resolved: every column found, every value read, every pattern compiled.

use super::logical::{Question, SlotId};
use super::reasoned::Reasoned;
use crate::graph::{Cut, Node as Thing};
use crate::model::{ClaimRef, EntityId, StringId, Time};
use crate::syntax::ast::{AggregateKind, CompareOp};
use std::sync::Arc;

/// A question with all that is done to its rows.
#[derive(Debug, Clone)]
pub struct Query {
    /// Which part of the record it looks at.
    pub cut: Cut,
    /// Where its first rows come from.
    pub source: Source,
    /// What is done with them, in order.
    pub stages: Arc<Vec<Stage>>,
    /// Whether the plan is asked for, with the answer's sizes.
    pub explain: bool,
}

/// Where the first rows come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Sentences with blanks.
    Pattern(Question),
    /// These things, in a column of their own.
    Things(Vec<Thing>),
}

/// A step of the pipeline.
#[derive(Debug, Clone)]
pub enum Stage {
    /// Keeps the rows that pass.
    Where(Test),
    /// Chooses columns and removes duplicate rows.
    Show(Vec<Output>),
    /// Counts claims, or distinct values.
    Count {
        /// Distinct values of this.
        distinct: Option<Field>,
        /// For each of these.
        by: Vec<Output>,
    },
    /// Several aggregates at once.
    Summarize {
        /// The aggregates.
        aggregates: Vec<Aggregate>,
        /// For each of these.
        by: Vec<Output>,
    },
    /// Orders the rows; true for downwards.
    Sort(Vec<(Field, bool)>),
    /// Keeps the first rows.
    Take(usize),
    /// Leaves out the first rows.
    Skip(usize),
    /// Reasons about values.
    Reason(Box<Reasoned>),
}

/// A column made by a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its head.
    pub name: String,
    /// Its values.
    pub field: Field,
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Its head.
    pub name: String,
    /// Which function.
    pub kind: AggregateKind,
    /// Over what; nothing for a plain count.
    pub field: Option<Field>,
}

impl Aggregate {
    /// `count`, or `count distinct` of a field.
    pub fn counting(distinct: Option<Field>) -> Self {
        let kind = if distinct.is_some() { AggregateKind::CountDistinct } else { AggregateKind::Count };
        Aggregate { name: "count".into(), kind, field: distinct }
    }
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// What it starts from.
    pub base: Base,
    /// Which part of that.
    pub part: Option<Part>,
}

/// What a field starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// A column, by its place.
    Column(usize),
    /// A slot that is no column; for a claim with where it appeared.
    Slot(SlotId, Option<SlotId>),
}

/// A test on a row.
#[derive(Debug, Clone)]
pub enum Test {
    /// All of them.
    All(Vec<Test>),
    /// At least one.
    Any(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
    /// Whether anything is known.
    Known(Field, bool),
    /// Equal to one of these.
    In(Field, Vec<Operand>),
    /// A comparison.
    Compare(Field, CompareOp, Operand),
}

impl Stage {
    /// Every field that it reads.
    pub fn fields(&self, note: &mut dyn FnMut(&Field)) {
        let each = |outputs: &[Output], note: &mut dyn FnMut(&Field)| {
            outputs.iter().for_each(|output| note(&output.field));
        };
        match self {
            Stage::Where(test) => test.fields(note),
            Stage::Show(outputs) => each(outputs, note),
            Stage::Count { distinct, by } => {
                distinct.iter().for_each(&mut *note);
                each(by, note);
            }
            Stage::Summarize { aggregates, by } => {
                aggregates.iter().filter_map(|aggregate| aggregate.field.as_ref()).for_each(&mut *note);
                each(by, note);
            }
            Stage::Sort(keys) => keys.iter().for_each(|(field, _)| note(field)),
            Stage::Take(_) | Stage::Skip(_) => {}
            Stage::Reason(reasoned) => note(&reasoned.field),
        }
    }
}

impl Test {
    /// Every field that it reads.
    pub fn fields(&self, note: &mut dyn FnMut(&Field)) {
        let operand = |operand: &Operand, note: &mut dyn FnMut(&Field)| {
            if let Operand::Field(field) = operand {
                note(field);
            }
        };
        match self {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| part.fields(note)),
            Test::Not(inner) => inner.fields(note),
            Test::Known(field, _) => note(field),
            Test::In(field, operands) => {
                note(field);
                operands.iter().for_each(|one| operand(one, note));
            }
            Test::Compare(field, _, other) => {
                note(field);
                operand(other, note);
            }
        }
    }
}

/// What a field is compared with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A time.
    Time(Time),
    /// A number.
    Number(f64),
    /// A text, folded.
    Text(String),
    /// One of these entities; nothing for a name that nobody has.
    Entity(Vec<EntityId>),
    /// A claim.
    Claim(ClaimRef),
    /// `yes` or `no`.
    YesNo(bool),
    /// A regular expression.
    Pattern(Arc<regex::Regex>),
    /// Another field.
    Field(Field),
}

/// What kind of value a column or part holds, as far as it is known before running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Entities.
    Entity,
    /// Contents.
    Content,
    /// Claims.
    Claim,
    /// Documents.
    Document,
    /// Times.
    Time,
    /// Chains.
    Chain,
    /// Hedges and any other texts.
    Text,
    /// Counts and numbers.
    Number,
    /// Yes or no.
    YesNo,
    /// Figures.
    Figure,
    /// Lists.
    List,
}

impl ColumnKind {
    /// In plain words, for messages.
    pub fn noun(self) -> &'static str {
        match self {
            ColumnKind::Entity => "a name",
            ColumnKind::Content => "a content",
            ColumnKind::Claim => "a claim",
            ColumnKind::Document => "a document",
            ColumnKind::Time => "a time",
            ColumnKind::Chain => "a chain",
            ColumnKind::Text => "a text",
            ColumnKind::Number => "a number",
            ColumnKind::YesNo => "yes or no",
            ColumnKind::Figure => "a figure",
            ColumnKind::List => "a list",
        }
    }
}

/// A part of a value, written behind a point: `?k.date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One that is always there.
    Known(KnownPart),
    /// A free field of a claim, by its interned key.
    Free(StringId),
}

macro_rules! parts {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal of $base:ident gives $kind:ident,)+) => {
        /// The parts that values have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum KnownPart { $($(#[doc = $doc])+ $variant,)+ }

        /// Every part: its word, what it is a part of, and the kind of its values.
        pub const PARTS: &[(KnownPart, &str, ColumnKind, ColumnKind)] =
            &[$((KnownPart::$variant, $word, ColumnKind::$base, ColumnKind::$kind),)+];
    };
}

parts! {
    /// When it was said.
    Date = "date" of Claim gives Time,
    /// When it was first published.
    Published = "published" of Claim gives Time,
    /// When it was recorded.
    Recorded = "recorded" of Claim gives Time,
    /// Who speaks.
    Speakers = "speakers" of Claim gives List,
    /// Who listens.
    Listeners = "listeners" of Claim gives List,
    /// The act.
    Act = "act" of Claim gives Text,
    /// The verb as written.
    Cue = "cue" of Claim gives Text,
    /// What is said.
    What = "what" of Claim gives Content,
    /// What it is about.
    Topics = "about" of Claim gives List,
    /// What it depends on.
    Condition = "condition" of Claim gives Content,
    /// How it came.
    Via = "via" of Claim gives Chain,
    /// How many carried it on the way shown.
    Hops = "hops" of Claim gives Number,
    /// By how many ways it came.
    Chains = "chains" of Claim gives Number,
    /// The hedge nearest to the content.
    Hedge = "hedge" of Claim gives Text,
    /// Whether anyone hedges on the way shown.
    Hedged = "hedged" of Claim gives YesNo,
    /// Whose hedge it is.
    HedgedBy = "hedged_by" of Claim gives Entity,
    /// How far the speaker commits.
    Commitment = "commitment" of Claim gives Text,
    /// Whether several speak as one.
    Joint = "joint" of Claim gives YesNo,
    /// How the words are given.
    Mode = "mode" of Claim gives Text,
    /// Whether these are the exact words.
    Verbatim = "verbatim" of Claim gives YesNo,
    /// Whether it was said more than once.
    Repeated = "repeated" of Claim gives YesNo,
    /// Whether the words are translated.
    Translated = "translated" of Claim gives YesNo,
    /// On or at what it was said.
    Medium = "medium" of Claim gives Text,
    /// Marked or inferred.
    Basis = "basis" of Claim gives Text,
    /// Where it appeared.
    Document = "document" of Claim gives Document,
    /// Who published that.
    Outlet = "outlet" of Claim gives Entity,
    /// The name.
    Name = "name" of Entity gives Text,
    /// What it is.
    Kind = "kind" of Entity gives Text,
    /// All its names.
    Names = "names" of Entity gives List,
    /// Whether it is described rather than named.
    Unnamed = "unnamed" of Entity gives YesNo,
    /// The text without sign and condition.
    Text = "text" of Content gives Text,
    /// Whether it is a negation.
    Negated = "negated" of Content gives YesNo,
    /// What it is about.
    Subjects = "about" of Content gives List,
    /// What it depends on.
    If = "condition" of Content gives Content,
    /// How it stands to the world.
    Modality = "modality" of Content gives Text,
    /// The language of the text.
    Language = "language" of Content gives Text,
    /// The time spoken of.
    For = "for" of Content gives Time,
    /// The address or name.
    Address = "address" of Document gives Text,
    /// The title.
    Title = "title" of Document gives Text,
    /// Who published it.
    Publisher = "outlet" of Document gives Entity,
    /// When it was published.
    PublishedOn = "published" of Document gives Time,
    /// The language it is in.
    Tongue = "language" of Document gives Text,
    /// When it was retrieved.
    Retrieved = "retrieved" of Document gives Time,
    /// The day within which it lies.
    Day = "day" of Time gives Time,
    /// The month within which it lies.
    Month = "month" of Time gives Time,
    /// The year within which it lies.
    Year = "year" of Time gives Time,
    /// The least value that fits.
    Low = "low" of Figure gives Number,
    /// The greatest value that fits.
    High = "high" of Figure gives Number,
    /// The unit.
    Unit = "unit" of Figure gives Text,
}
