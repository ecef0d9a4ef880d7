//! The tree of one sentence: text and spans as written. It resolves nothing: no name is looked up, no date is
//! computed, no verb is known here. Spans are bytes of the whole source text the sentence was split from.

mod claim;
mod mapping;
mod question;

pub use claim::*;
pub use mapping::*;
pub use question::*;

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
    /// The places that a parameter fills, or in a mapping a column, in order.
    pub columns: Vec<Column>,
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
    /// `from csv: …`: how a table is read.
    Mapping(Mapping),
    /// `when $label is "…": …`: a statement told of some rows of a table.
    Guarded(Told),
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
    /// A content by its text and its terms, perhaps negated.
    Content {
        /// `not` before it.
        not: bool,
        /// The text.
        text: Word,
        /// What else makes it the content that it is.
        terms: ContentTerms,
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

/// What makes several contents of one text: `"10 died" with dead = 10`, `"they meet" {modality: prospective}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContentTerms {
    /// `for`, `if` and `with`, in the order written.
    pub adjuncts: Vec<Adjunct>,
    /// `{modality: …}`.
    pub fields: Vec<FieldPair>,
}

impl ContentTerms {
    /// Whether none is written.
    pub fn is_empty(&self) -> bool {
        self.adjuncts.is_empty() && self.fields.is_empty()
    }
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
