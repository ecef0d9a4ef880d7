//! The tree of one sentence: text and spans as written. It resolves nothing: no name is looked up, no date is
//! computed, no verb is known here. Spans are bytes of the whole source text the sentence was split from.

use crate::diag::Span;

/// A piece of text and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text, without its marks (`?`, `$`, `#`, quotes, brackets).
    pub text: String,
    /// Where it stood, marks included.
    pub span: Span,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// The sentence without surrounding blanks and comments, its end mark included.
    pub span: Span,
    /// What it is.
    pub kind: SentenceKind,
}

/// What a sentence is.
#[derive(Debug, Clone, PartialEq)]
pub enum SentenceKind {
    /// `language 1.`
    Language(Word),
    /// `define verb slammed as asserted negative.`
    DefineVerb(DefineVerb),
    /// `define relays(?x, ?y) as ….`
    DefineRule(DefineRule),
    /// `document <url> by UNN on 2025-12-02 citing Reuters titled "…".`
    Document(DocumentHead),
    /// `end document.`
    EndDocument,
    /// A statement, to be recorded.
    Fact(Fact),
    /// A question.
    Ask(Ask),
}

/// A new cue verb under a known one.
#[derive(Debug, Clone, PartialEq)]
pub struct DefineVerb {
    /// The new verb.
    pub verb: Word,
    /// The verb or act it is a kind of.
    pub parent: Word,
    /// Whether it flips its content, as `denied` does.
    pub negative: bool,
}

/// A named pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct DefineRule {
    /// The name.
    pub name: Word,
    /// Its parameters, all variables, without `?`.
    pub params: Vec<Word>,
    /// What it stands for.
    pub body: Pattern,
}

/// The head of a document in force.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentHead {
    /// Its address (`<url>`) or its own name (`"…"`).
    pub key: Word,
    /// Whether the key was an address.
    pub is_url: bool,
    /// Who published it.
    pub outlet: Option<Term>,
    /// When it was published.
    pub published: Option<TimeExpr>,
    /// What it cites, from the outermost inwards.
    pub citing: Vec<Cited>,
    /// Its title.
    pub title: Option<Word>,
    /// Free fields; `language` and `retrieved` are known.
    pub fields: Vec<FieldPair>,
}

/// Something that a document cites.
#[derive(Debug, Clone, PartialEq)]
pub enum Cited {
    /// An outlet or anyone else, by name.
    Source(Term),
    /// Another document, by address.
    Document(Word),
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// Somebody said something.
    Claim(Claim),
    /// Two contents, claims or entities are related.
    Link(Link),
    /// What an entity is, belongs to, or is also called.
    IsA(IsA),
    /// Somebody graded a source or a claim.
    Rating(Rating),
    /// A claim is withdrawn from the record, which keeps it.
    Void(Void),
}

/// `void #c7 because "…"` or `void Putin same as Путін because "…"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Void {
    /// What is withdrawn.
    pub what: Voided,
    /// Why.
    pub reason: Word,
}

/// What `void` withdraws.
#[derive(Debug, Clone, PartialEq)]
pub enum Voided {
    /// A claim, by id.
    Claim(Word),
    /// A link, with both its ends.
    Link(Link),
}

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
    /// A bare lower-case word: `prospective`, `yes`.
    Ident(Word),
    /// A name.
    Name(Name),
    /// `?x`
    Var(Word),
    /// `$x`
    Param(Word),
}

/// A relation between two things of a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// All of it.
    pub span: Span,
    /// The left end.
    pub left: LinkEnd,
    /// The relation.
    pub relation: Relation,
    /// The right end.
    pub right: LinkEnd,
}

/// The relations that can be stated and asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Contents that cannot both hold.
    Contradicts,
    /// One content backs another.
    Supports,
    /// The same content, claim or entity.
    SameAs,
    /// A claim takes back a claim or a document.
    Retracts,
    /// A claim puts another right.
    Corrects,
    /// A document cites a document or a source.
    Cites,
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkEnd {
    /// A content by its text, perhaps negated.
    Content {
        /// `not` before it.
        not: bool,
        /// The text.
        text: Word,
    },
    /// A claim by id.
    Claim(Word),
    /// A document by address.
    Document(Word),
    /// An entity, a variable, a parameter or a blank.
    Term(Term),
    /// `what`
    What(Span),
}

/// What an entity is, belongs to, or is also called.
#[derive(Debug, Clone, PartialEq)]
pub struct IsA {
    /// All of it.
    pub span: Span,
    /// Who.
    pub who: Term,
    /// What is said of it.
    pub what: IsWhat,
    /// Other names and ids.
    pub also: Vec<Also>,
}

/// What is said of an entity.
#[derive(Debug, Clone, PartialEq)]
pub enum IsWhat {
    /// `is person`
    Kind(Word),
    /// `is ?k`: a blank for the kind.
    KindVar(Word),
    /// `is in Kremlin as [spokesman] for 2012..2025`: membership, which is transitive.
    In {
        /// The group.
        group: Term,
        /// As what.
        role: Option<Name>,
        /// When.
        time: Option<TimeExpr>,
    },
    /// `is [son-in-law] of Trump`, `is [spokesman]`: a role, which is not membership.
    Role {
        /// The role, or a blank for it.
        role: RoleTerm,
        /// Of whom.
        of: Option<Term>,
        /// When.
        time: Option<TimeExpr>,
    },
    /// Only `is also "…"`.
    Named,
}

/// A role, or a blank for one.
#[derive(Debug, Clone, PartialEq)]
pub enum RoleTerm {
    /// `[spokesman]`
    Role(Name),
    /// `?r of`
    Var(Word),
}

/// Another name or an id elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Also {
    /// `also "Путин"`
    Alias(Word),
    /// `also id "Q7747"` or `also id <https://…>`
    Id(Word),
}

/// `[Desk A] rates Reuters B about Ukraine for 2025`, `[Desk A] rates #c7 2`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// All of it.
    pub span: Span,
    /// Who grades.
    pub assessor: Term,
    /// What is graded.
    pub what: RatedThing,
    /// `A`..`F` for a source, `1`..`6` for a claim, or a blank.
    pub grade: GradeTerm,
    /// On which topics.
    pub about: Option<Who>,
    /// For which period.
    pub time: Option<TimeExpr>,
}

/// What is graded.
#[derive(Debug, Clone, PartialEq)]
pub enum RatedThing {
    /// A source (reliability).
    Source(Term),
    /// A claim (credibility).
    Claim(Word),
}

/// A grade, or a blank for one.
#[derive(Debug, Clone, PartialEq)]
pub enum GradeTerm {
    /// As written.
    Grade(Word),
    /// `?g`
    Var(Word),
}

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
pub enum AskBody {
    /// Sentences with blanks.
    Pattern(Pattern),
    /// A reasoning verb.
    Command(Command),
}

/// A reasoning verb and what it works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// All of it.
    pub span: Span,
    /// Which.
    pub verb: CommandVerb,
    /// What it works on, where it works on one thing.
    pub target: Option<LinkEnd>,
    /// What narrows it: `about`, times, `via`.
    pub adjuncts: Vec<Adjunct>,
}

/// The reasoning verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandVerb {
    /// Who carried it, as a tree.
    Trace,
    /// How many independent origins back it.
    Corroborate,
    /// What contradicts what.
    Conflicts,
    /// In the order of time.
    Timeline,
    /// What falls if this is retracted.
    Impact,
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
        /// The variable, or `what`; nothing where the question has only one content.
        target: Option<FieldRef>,
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
