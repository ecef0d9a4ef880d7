//! Questions as written: joined sentences, reasoning verbs, and the pipeline.

use super::{Adjunct, Claim, IsA, Link, LinkEnd, Rating, Term, TimeExpr, Who, Word};
use crate::diag::Span;

/// Sentences joined.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// All of them.
    And(Vec<Pattern>),
    /// At least one of them.
    Or(Vec<Pattern>),
    /// `not ( … )`: no record that.
    Not(Box<Pattern>, Span),
    /// A claim.
    Claim(Claim),
    /// A link.
    Link(Link),
    /// An is-sentence.
    IsA(IsA),
    /// A grade.
    Rating(Rating),
    /// A named pattern.
    Call(Call),
}

/// `relays(?x, Reuters)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The rule.
    pub name: Word,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// All of it.
    pub span: Span,
}

/// An argument of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// An entity, variable, parameter or blank.
    Term(Term),
    /// A content by its text.
    Text(Word),
    /// A claim by id.
    Claim(Word),
    /// A date.
    Date(Word),
    /// A number.
    Number(Word),
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// `explain` in front.
    pub explain: bool,
    /// `as of`, `as recorded on`.
    pub as_of: Option<AsOf>,
    /// What is asked.
    pub body: AskBody,
    /// What is done with the rows.
    pub stages: Vec<Stage>,
}

/// Which record a question looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct AsOf {
    /// The published clock, or the recorded one.
    pub clock: Clock,
    /// Up to and including this time.
    pub time: TimeExpr,
}

/// The clocks a record can be cut at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// `as of`
    Published,
    /// `as recorded on`
    Recorded,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one in a question")]
pub enum AskBody {
    /// Sentences with blanks.
    Pattern(Pattern),
    /// A reasoning verb.
    Command(Command),
}

/// A reasoning verb and what it works on: one thing, or the claims that its scope chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// All of it.
    pub span: Span,
    /// Which.
    pub verb: CommandVerb,
    /// What it works on, where it works on one thing.
    pub target: Option<LinkEnd>,
    /// `of`: whose claims, or on whom.
    pub of: Option<Who>,
    /// What narrows it: `about`, times, `via`.
    pub adjuncts: Vec<Adjunct>,
    /// How it reckons.
    pub manner: Box<Manner>,
}

/// How a reasoning verb reckons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manner {
    /// `between A and B`: whose claims are set against whose.
    pub sides: Option<(Term, Term)>,
    /// `from DATE to DATE`
    pub period: Option<(TimeExpr, TimeExpr)>,
    /// `by organization`: the sources of one are one.
    pub by_organization: bool,
    /// `by published`: which clock orders.
    pub by_clock: Option<Word>,
    /// `with support`: supporting contents are counted too, apart.
    pub with_support: bool,
}

/// The reasoning verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandVerb {
    /// Who carried it, as a tree.
    Trace,
    /// How many independent origins back it.
    Corroborate,
    /// On which single hand, document or claim it hangs.
    Weakest,
    /// What contradicts what.
    Conflicts,
    /// Who has it from each other in a circle.
    Circular,
    /// In the order of time.
    Timeline,
    /// What is claimed of each measure.
    Figures,
    /// Who refused, who was asked, who is on record with nothing.
    Silence,
    /// What falls if this is retracted.
    Impact,
    /// On whom somebody's claims rest.
    Reliance,
    /// What changed between two dates.
    Changes,
}

impl CommandVerb {
    /// Every one.
    pub const ALL: [CommandVerb; 11] = [
        CommandVerb::Trace,
        CommandVerb::Corroborate,
        CommandVerb::Weakest,
        CommandVerb::Conflicts,
        CommandVerb::Circular,
        CommandVerb::Timeline,
        CommandVerb::Figures,
        CommandVerb::Silence,
        CommandVerb::Impact,
        CommandVerb::Reliance,
        CommandVerb::Changes,
    ];

    /// Their words, in the same order.
    pub const WORDS: [&'static str; 11] = {
        let mut words = [""; 11];
        let mut at = 0;
        while at < words.len() {
            words[at] = CommandVerb::ALL[at].word();
            at += 1;
        }
        words
    };

    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            CommandVerb::Trace => "trace",
            CommandVerb::Corroborate => "corroborate",
            CommandVerb::Weakest => "weakest",
            CommandVerb::Conflicts => "conflicts",
            CommandVerb::Circular => "circular",
            CommandVerb::Timeline => "timeline",
            CommandVerb::Figures => "figures",
            CommandVerb::Silence => "silence",
            CommandVerb::Impact => "impact",
            CommandVerb::Reliance => "reliance",
            CommandVerb::Changes => "changes",
        }
    }
}

/// One step of the pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// All of it, without the bar.
    pub span: Span,
    /// What it does.
    pub kind: StageKind,
}

/// What a stage does.
#[derive(Debug, Clone, PartialEq)]
pub enum StageKind {
    /// Keeps the rows that pass.
    Where(Expr),
    /// Chooses columns and removes duplicate rows.
    Show(Vec<Shown>),
    /// Counts claims, or distinct values of a field.
    Count {
        /// `distinct FIELD`
        distinct: Option<FieldRef>,
        /// `by FIELD, …`
        by: Vec<FieldRef>,
    },
    /// Several aggregates at once.
    Summarize {
        /// The aggregates.
        aggregates: Vec<Aggregate>,
        /// `by FIELD, …`
        by: Vec<FieldRef>,
    },
    /// Orders the rows.
    Sort(Vec<SortKey>),
    /// Keeps the first rows.
    Take(Word),
    /// Leaves out the first rows.
    Skip(Word),
    /// A reasoning verb on each row's value of a variable.
    Reason {
        /// Which.
        verb: CommandVerb,
        /// The column that it works on; nothing where only one will do.
        target: Option<FieldRef>,
        /// How it reckons.
        manner: Box<Manner>,
    },
}

/// A column to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Which.
    pub field: FieldRef,
    /// `as NAME`
    pub name: Option<Word>,
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which function.
    pub kind: AggregateKind,
    /// Over what; nothing for a plain `count`.
    pub field: Option<FieldRef>,
    /// `as NAME`
    pub name: Option<Word>,
    /// All of it.
    pub span: Span,
}

/// The aggregate functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateKind {
    /// The number of claims.
    Count,
    /// The number of distinct values.
    CountDistinct,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// All distinct values.
    List,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// By what.
    pub field: FieldRef,
    /// `desc`
    pub descending: bool,
}

/// A column, or a field of one: `who`, `?k.date`, `n`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldRef {
    /// The column.
    pub base: FieldBase,
    /// `.field`
    pub field: Option<Word>,
    /// All of it.
    pub span: Span,
}

/// What a field reference starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldBase {
    /// `?x`
    Var(String),
    /// `who`, `what`, `n`: a column by its name.
    Column(String),
}

/// A condition on rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them.
    And(Vec<Expr>),
    /// At least one of them.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// One test.
    Test(Test),
}

/// One test on a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What is tested.
    pub field: FieldRef,
    /// How.
    pub kind: TestKind,
    /// All of it.
    pub span: Span,
}

/// How a field is tested.
#[derive(Debug, Clone, PartialEq)]
pub enum TestKind {
    /// `is known` / `is unknown`
    Known(bool),
    /// `in (a, b)`
    In(Vec<Operand>),
    /// `= 5`, `has "peace"`
    Compare(CompareOp, Operand),
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `has`: a whole word or phrase.
    Has,
    /// `contains`: any part of the text.
    Contains,
    /// `starts`: the beginning of the text.
    Starts,
    /// `matches`: a regular expression.
    Matches,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A date as written.
    Date(Word),
    /// A number as written.
    Number(Word),
    /// Quoted text.
    Text(Word),
    /// A name, variable, parameter.
    Term(Term),
    /// A claim by id.
    Claim(Word),
    /// A field, column, or bare word such as `yes`.
    Field(FieldRef),
}
