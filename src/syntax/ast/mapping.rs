//! Mappings as written: how the rows of a table become statements, and the columns that fill them.

use super::{DocumentHead, Fact, Word};
use crate::diag::Span;

/// `from csv separator ";": …`: how a table is read, with the first statement that is told of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The kind of table.
    pub kind: TableKind,
    /// What is said of its form, in the order written.
    pub parts: Vec<TablePart>,
    /// The first statement.
    pub first: Told,
    /// The head, without the statement.
    pub span: Span,
}

/// The kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// Cells between commas, or another separator.
    Csv,
    /// Cells between tabs.
    Tsv,
    /// A JSON object on each line.
    Jsonl,
}

/// One thing said of the form of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum TablePart {
    /// `separator ";"`
    Separator(Word),
    /// `quote "'"`, or `quote none`, which has no word.
    Quote(Option<Word>, Span),
    /// `escape "\\"`
    Escape(Word),
    /// `comment "#"`
    Comment(Word),
    /// `encoding "windows-1252"`
    Encoding(Word),
    /// `header none`
    NoHeader(Span),
    /// `skip 2`
    Skip(Word),
    /// `empty "None", "-"`
    Empty(Vec<Word>, Span),
}

/// A statement told of a row, perhaps only of some rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What must hold of the row; all of it.
    pub guard: Vec<ValueTest>,
    /// What is told.
    pub what: ToldWhat,
}

/// What is told of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum ToldWhat {
    /// A statement.
    Fact(Fact),
    /// The document of the statements behind it, as far as the row goes.
    Document(DocumentHead),
}

/// A test of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueTest {
    /// The column.
    pub column: Word,
    /// What its value must be.
    pub kind: ValueTestKind,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueTestKind {
    /// `is known`, `is unknown`: whether there is one.
    Known(bool),
    /// `is "a", "b"`, `is not "a", "b"`.
    OneOf {
        /// `not`
        not: bool,
        /// The values.
        values: Vec<Word>,
    },
    /// `> 5`
    Number(Order, Word),
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
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
}

/// A place in a statement that a column fills. The tree holds the column's name at its span, as it holds any other word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, without its mark.
    pub name: String,
    /// All of it.
    pub span: Span,
    /// `each`: the statement is told once for each part.
    pub each: bool,
    /// `split ";"`
    pub split: Option<Word>,
    /// `as date "DD/MM/YYYY"`
    pub date: Option<DateAs>,
    /// Whether a parameter of an ordinary sentence may look and stand so.
    pub is_param: bool,
}

/// How a date is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateAs {
    /// How much of it counts.
    pub unit: DateUnit,
    /// Its form; nothing for ISO 8601.
    pub form: Option<Word>,
}

/// How much of a date counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateUnit {
    /// As much as is given.
    Given,
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}
