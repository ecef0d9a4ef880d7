//! Claims as written: who, what, and everything that can follow. Shared by statements and questions.

use super::Word;
use crate::diag::Span;

/// One claim sentence: in a statement what is recorded, in a question what is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The whole sentence part.
    pub span: Span,
    /// `#id:` or `?k:` in front.
    pub label: Option<Label>,
    /// Who speaks.
    pub who: Who,
    /// `exactly`: the cue alone, nothing under it.
    pub exactly: bool,
    /// The verb as written.
    pub verb: Word,
    /// Who is spoken to.
    pub listener: Option<Listener>,
    /// What is said.
    pub content: Option<Content>,
    /// Everything after, in the order written.
    pub adjuncts: Vec<Adjunct>,
    /// `{key: value}`.
    pub fields: Vec<FieldPair>,
}

/// What stands before the colon of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// `#c7:`
    Id(Word),
    /// `?k:`
    Var(Word),
}

/// Some terms, and how they are meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    /// `any of`, `all of`, `none of`, or nothing: speaking jointly, or all topics of a list.
    pub quantifier: Option<Quantifier>,
    /// One or more.
    pub terms: Vec<Term>,
    /// All of it.
    pub span: Span,
}

/// How a list is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one of them.
    Any,
    /// Every one of them.
    All,
    /// Not one of them.
    None,
}

/// One entity, or a blank for one.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// `Vladimir Putin`, `[Bank of America]`, `[Georgia|country]`.
    Name(Name),
    /// `?x`
    Var(Word),
    /// `$x`
    Param(Word),
    /// `who`
    Who(Span),
    /// `whom`
    Whom(Span),
    /// `which outlet`: a blank for entities of a kind.
    Which {
        /// The kind.
        kind: Word,
        /// All of it.
        span: Span,
    },
    /// `anyone`
    Anyone(Span),
}

impl Term {
    /// Where it stood.
    pub fn span(&self) -> Span {
        match self {
            Term::Name(name) => name.span,
            Term::Var(word) | Term::Param(word) => word.span,
            Term::Who(span) | Term::Whom(span) | Term::Anyone(span) | Term::Which { span, .. } => *span,
        }
    }
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name, without brackets and qualifier, runs of blanks made one.
    pub text: String,
    /// What stands behind `|` in brackets, perhaps empty.
    pub qualifier: Option<String>,
    /// Whether it stood in brackets.
    pub bracketed: bool,
    /// Where it stood, brackets included.
    pub span: Span,
}

/// Who is spoken to.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// Whether `to` introduced it.
    pub to: bool,
    /// Who.
    pub who: Who,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// All of it, `that` included.
    pub span: Span,
    /// A hedge before the content belongs to the speaker.
    pub hedge: Option<Word>,
    /// `not` before the content.
    pub not: bool,
    /// The content itself.
    pub value: ContentValue,
    /// `verbatim` behind it: these are the exact words.
    pub verbatim: bool,
}

/// The content itself.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentValue {
    /// `"…"`
    Text(Word),
    /// `?c`
    Var(Word),
    /// `$c`
    Param(Word),
    /// `what`
    What(Span),
    /// `anything`
    Anything(Span),
    /// `#c7`: speech about a claim that is known by id.
    Claim(Word),
    /// `( … )`: speech about speech.
    Speech(Box<Claim>),
}

/// What can follow the body of a claim, in any order.
#[derive(Debug, Clone, PartialEq)]
pub enum Adjunct {
    /// `about A, B`
    About(Who),
    /// `on`, `in`, `before`, `after`, `between`: when it was said.
    Said {
        /// Which of the words.
        op: TimeOp,
        /// The time.
        time: TimeExpr,
        /// All of it.
        span: Span,
    },
    /// `when`: a blank for when it was said.
    When(Span),
    /// `for`: the time spoken of.
    For(TimeExpr),
    /// `via`: a hop.
    Via(Via),
    /// `source <url>`, `source ?d`: the document.
    Source(SourceRef),
    /// `if "…"`: the condition.
    If(Condition),
    /// `with deaths > 5 people`: a figure, or a fact where the value is a name or text.
    With(Measure),
}

/// How a time constrains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeOp {
    /// Within it.
    On,
    /// Within it; the same as `on`, as English wants it for months and years.
    In,
    /// Before it begins.
    Before,
    /// After it ends.
    After,
    /// From the begin of one to the end of another; written as one range here.
    Between,
}

/// A time as written.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeExpr {
    /// All of it.
    pub span: Span,
    /// The point, range or blank.
    pub value: TimeValue,
    /// The expression as the source had it: `("last week")`.
    pub written: Option<Word>,
    /// What that expression was resolved against: `("last week" from 2025-12-02)`.
    pub anchor: Option<Word>,
}

/// The value of a time.
#[derive(Debug, Clone, PartialEq)]
pub enum TimeValue {
    /// `2025`, `2025-12`, `2025-12-01`, `2025-12-01T14:30Z`
    Point(Word),
    /// `a..b`, `a..`, `..b`, and `between a and b`.
    Range(Option<Word>, Option<Word>),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `$since`
    Param(Word),
    /// `?t`
    Var(Word),
}

/// One hop of a chain, from the speaker outwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Via {
    /// `first`, `last`, `directly`, or anywhere.
    pub position: ViaPosition,
    /// Who carried it; nothing for `via` alone, a blank for the whole chain.
    pub who: Option<Who>,
    /// What stands in its parentheses.
    pub details: HopDetails,
    /// All of it.
    pub span: Span,
}

/// Where in the chain a hop must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViaPosition {
    /// Anywhere after the hop named before.
    Any,
    /// Next to the speaker.
    First,
    /// Outermost.
    Last,
    /// Next to the hop named before (or the speaker), none between.
    Directly,
}

/// What is said of a hop in parentheses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HopDetails {
    /// The hop's own hedge.
    pub hedge: Option<Word>,
    /// The text leaves this hop unmarked; a reader inferred it.
    pub inferred: bool,
    /// The text marks this hop (the default; in a question it asks for marked ones).
    pub marked: bool,
    /// When the hop was said or published.
    pub time: Option<TimeExpr>,
    /// The cue verb, when it is not `reported`.
    pub verb: Option<Word>,
}

/// The document.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceRef {
    /// `<url>`
    Url(Word),
    /// `"name"`
    Named(Word),
    /// `?d`
    Var(Word),
    /// `$d`
    Param(Word),
}

/// The *if* of a content.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// `not` before it.
    pub not: bool,
    /// What must hold.
    pub value: ConditionValue,
    /// All of it.
    pub span: Span,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionValue {
    /// `"…"`
    Text(Word),
    /// `?c`
    Var(Word),
    /// `$c`
    Param(Word),
    /// `anything`: any condition at all.
    Anything(Span),
}

/// A figure or a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is counted or which attribute.
    pub what: Name,
    /// The bound, value or blank.
    pub test: MeasureTest,
    /// The unit.
    pub unit: Option<Word>,
    /// All of it.
    pub span: Span,
}

/// What a measure says or asks.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureTest {
    /// `> 1200000`; `~ 50` is about fifty.
    Number(MeasureOp, Word),
    /// `between 5 and 10`
    Between(Word, Word),
    /// `= Klitschko`: a fact with an entity as value.
    Entity(Term),
    /// `= "…"`: a fact with text as value.
    Text(Word),
    /// `?n`: a blank.
    Var(Word),
    /// `> $n`
    Param(MeasureOp, Word),
}

/// How a figure is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureOp {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `~`
    About,
}

/// `key: value` in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPair {
    /// The key.
    pub key: Word,
    /// The value.
    pub value: FieldValue,
}

/// A value in braces.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// A date as written.
    Date(Word),
    /// A number as written.
    Number(Word),
    /// Quoted text.
    Text(Word),
    /// `json "[1, 2]"`: a value of another program, as JSON.
    Json(Word),
    /// A bare lower-case word: `prospective`, `yes`.
    Ident(Word),
    /// A name.
    Name(Name),
    /// `?x`
    Var(Word),
    /// `$x`
    Param(Word),
}
