//! A mapping: parsed, and checked once as far as that goes without a table. Every statement of it is tried with sample values by the recorder
//! itself, so that what is wrong with it is told before any row is read.

use super::cell::Test;
use super::date::Form;
use super::dialect::{Dialect, refuse};
use super::fill::fill;
use super::value::{Sample, Slot};
use super::{Refused, Wrong};
use crate::diag::{Code, Diagnostic, Span};
use crate::formats::dixit::{self, Context, Params};
use crate::graph::Graph;
use crate::syntax::ast::{
    Adjunct, Claim, Column, ContentValue, Fact, Sentence, SentenceKind, TableKind, Told, ToldWhat, Word,
};
use crate::syntax::{outside_a_mapping, parse};

/// How the rows of a table become statements.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub(super) source: String,
    pub(super) dialect: Dialect,
    /// Where it says how a table is written.
    pub(super) head: Span,
    /// What is recorded before the first row: verbs and the like.
    pub(super) setup: Vec<Sentence>,
    pub(super) rows: Vec<RowStatement>,
    /// The columns used, each once, where it is first named.
    pub(super) columns: Vec<Word>,
}

/// A statement told of a row.
#[derive(Debug, Clone)]
pub(super) struct RowStatement {
    pub(super) guard: Vec<Test>,
    pub(super) what: ToldWhat,
    pub(super) slots: Vec<Slot>,
}

impl Mapping {
    /// Reads a mapping from the text of its file. Everything wrong with it is told.
    pub fn parse(source: &str) -> Result<Mapping, Vec<Diagnostic>> {
        let parsed = parse(source);
        let mut problems = parsed.diagnostics;
        let mut mapping: Option<Mapping> = None;
        let mut setup = Vec::new();
        for sentence in parsed.sentences {
            if (mapping.is_some() || matches!(sentence.kind, SentenceKind::Mapping(_)))
                && let Some(quoted) = quoted_column(source, sentence.span)
            {
                let column = quoted.of(source).trim_matches('"');
                let found =
                    Diagnostic::error(Code::QuotedName, quoted, "in quotes this is a text and no column");
                problems.push(found.help(format!("write {column}")));
            }
            let taken = match &mut mapping {
                Some(mapping) => mapping.row(sentence),
                None => match sentence.kind {
                    SentenceKind::Mapping(ref head) => Dialect::of(head).and_then(|dialect| {
                        let setup = std::mem::take(&mut setup);
                        let made = mapping.insert(Mapping {
                            source: source.into(),
                            dialect,
                            head: head.span,
                            setup,
                            rows: Vec::new(),
                            columns: Vec::new(),
                        });
                        made.tell(head.first.clone(), &sentence.columns)
                    }),
                    _ => before(&sentence).map(|()| setup.push(sentence)),
                },
            };
            if let Err(found) = taken {
                problems.push(*found);
            }
        }
        let Some(mapping) = mapping else {
            if problems.is_empty() {
                let message = "this file has no mapping, which begins as `from csv: …`";
                let help = "write how a row is told: from csv: $who said $what on $date.";
                problems.push(Diagnostic::error(Code::NoMapping, Span::default(), message).help(help));
            }
            return Err(problems);
        };
        if problems.is_empty() {
            problems = mapping.tried();
        }
        problems.sort_by_key(|found| found.span);
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }

    /// The text of its file, which the spans of what is wrong with it are of.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How its tables are written.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// A sentence behind the head.
    fn row(&mut self, sentence: Sentence) -> Refused<()> {
        match sentence.kind {
            SentenceKind::Guarded(told) => self.tell(told, &sentence.columns),
            SentenceKind::Fact(fact) => {
                self.tell(Told { guard: Vec::new(), what: ToldWhat::Fact(fact) }, &sentence.columns)
            }
            SentenceKind::Document(head) => {
                self.tell(Told { guard: Vec::new(), what: ToldWhat::Document(head) }, &sentence.columns)
            }
            SentenceKind::Mapping(head) => refuse(
                Code::MisplacedWord,
                head.span,
                "this file has a second mapping",
                "keep each mapping in a file of its own; further statements of a row follow without `from`",
            ),
            SentenceKind::Ask(_) => question(sentence.span),
            _ => refuse(
                Code::MisplacedWord,
                sentence.span,
                "this is told once, and here every sentence is told of each row",
                "put it before `from …`",
            ),
        }
    }

    fn tell(&mut self, told: Told, columns: &[Column]) -> Refused<()> {
        if let ToldWhat::Fact(Fact::Void(void)) = &told.what {
            let help = "withdraw it in a file of statements";
            return refuse(Code::MisplacedWord, void.reason.span, "a row cannot withdraw anything", help);
        }
        let mut slots = Vec::with_capacity(columns.len());
        for column in columns {
            slots.push(self.slot(column)?);
        }
        let guard = told.guard.iter().map(|test| Test::of(test, self.cell(&test.column))).collect();
        self.rows.push(RowStatement { guard, what: told.what, slots });
        Ok(())
    }

    fn slot(&mut self, column: &Column) -> Refused<Slot> {
        if let Some(split) = column.split.as_ref().filter(|split| split.text.is_empty()) {
            return refuse(Code::BadValue, split.span, "nothing separates nothing", "write split \";\"");
        }
        let date = match &column.date {
            None => None,
            Some(date) => {
                let form = match &date.form {
                    None => None,
                    Some(word) => match Form::parse(&word.text) {
                        Ok(form) => Some(form),
                        Err(why) => {
                            let message = format!("this is no form of dates: {why}");
                            return refuse(
                                Code::DateForm,
                                word.span,
                                message,
                                "write it as DD/MM/YYYY or D MMM YYYY hh:mm",
                            );
                        }
                    },
                };
                Some((date.unit, form))
            }
        };
        let cell = self.cell(&Word { text: column.name.clone(), span: column.span });
        let split = column.split.as_ref().map(|split| split.text.clone());
        Ok(Slot { span: column.span, name: column.name.clone(), cell, each: column.each, split, date })
    }

    /// The number of a column among those used.
    fn cell(&mut self, column: &Word) -> usize {
        let known = self.columns.iter().position(|known| known.text == column.text);
        known.unwrap_or_else(|| {
            self.columns.push(column.clone());
            self.columns.len() - 1
        })
    }

    /// What the recorder finds wrong with the statements.
    fn tried(&self) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut graph = Graph::new();
        let mut context = Context::new(0, Params::new());
        for sentence in &self.setup {
            // A parameter in them has its value where they are recorded.
            if sentence.columns.is_empty()
                && let Err(found) = dixit::record(&mut graph, &mut context, sentence, &self.source)
            {
                problems.push(*found);
            }
        }
        for statement in &self.rows {
            let sample = Sample(&statement.slots);
            let filled = fill(&statement.what, &sample);
            let found = match filled {
                Err(wrong) => Some(placed(statement, wrong)),
                Ok(None) => None,
                Ok(Some(filled)) => dixit::check(&graph, &context, &filled).err().map(|found| *found),
            };
            problems.extend(found);
        }
        problems
    }

    /// Whether relations may be noted only while rows are read: not where one row looks for those of another.
    pub fn may_defer(&self) -> bool {
        self.rows.iter().all(|row| match &row.what {
            ToldWhat::Fact(Fact::Claim(claim)) => carried_one_by_one(claim, &row.slots),
            _ => true,
        })
    }

    /// What is told of a column that no row had.
    pub(super) fn unseen(&self, at: usize, known: &[String]) -> Option<Diagnostic> {
        let column = self.columns.get(at)?;
        let message = format!("the table has no column `{}`", column.text);
        let found = Diagnostic::error(Code::NoColumn, column.span, message);
        let distance =
            |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &column.text.to_lowercase());
        let nearest = known.iter().filter(|name| !name.is_empty()).min_by_key(|name| distance(name));
        Some(match nearest {
            Some(name) if distance(name) <= 2.max(column.text.chars().count() / 3) => {
                found.help(format!("did you mean {}?", written(name)))
            }
            _ if known.is_empty() => found,
            _ => {
                let mut shown: Vec<String> = known.iter().take(20).map(|name| written(name)).collect();
                if known.len() > shown.len() {
                    shown.push("…".into());
                }
                found.help(format!("it has {}", shown.join(", ")))
            }
        })
    }

    /// Whether a file can be read so, told by its ending.
    pub fn fits(&self, extension: &str) -> bool {
        let is_json = matches!(extension, "jsonl" | "ndjson");
        let is_table = matches!(extension, "csv" | "tsv" | "tab");
        if self.dialect.kind == TableKind::Jsonl { !is_table } else { !is_json }
    }
}

/// What is wrong with a slot, at its place.
fn placed(statement: &RowStatement, wrong: Wrong) -> Diagnostic {
    let span = wrong.at.or(statement.slots.first().map(|slot| slot.span));
    Diagnostic::error(wrong.code, span.unwrap_or_default(), wrong.message).help(wrong.help)
}

/// A column as it is written in a mapping.
fn written(name: &str) -> String {
    let plain =
        name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { format!("${name}") } else { format!("$[{name}]") }
}

/// The first text of a sentence that is nothing but the name of a column.
fn quoted_column(source: &str, sentence: Span) -> Option<Span> {
    let text = sentence.of(source);
    text.match_indices("\"$").find_map(|(at, _)| {
        let inside = text.get(at + 2..)?;
        let length =
            inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|length| *length > 0)?;
        inside.get(length..)?.starts_with('"').then(|| Span::new(at, at + length + 3).shifted(sentence.start))
    })
}

/// A sentence before the head.
fn before(sentence: &Sentence) -> Refused<()> {
    match &sentence.kind {
        SentenceKind::Ask(_) => question(sentence.span),
        SentenceKind::Guarded(_) => refuse(
            Code::MisplacedWord,
            sentence.span,
            "what is told of rows stands behind the head of the mapping",
            "begin with `from csv:` or `from jsonl:`",
        ),
        _ => match sentence.columns.iter().find(|column| !column.is_param) {
            Some(column) => Err(Box::new(outside_a_mapping(column.span))),
            None => Ok(()),
        },
    }
}

fn question(span: Span) -> Refused<()> {
    refuse(Code::WrongEnd, span, "a mapping asks nothing", "end a statement with `.`")
}

fn carried_one_by_one(claim: &Claim, slots: &[Slot]) -> bool {
    let one = |who: &crate::syntax::ast::Who| {
        // Without `each` a column may hold a list, which is a hop of several together.
        let many =
            |span: Span| slots.iter().any(|slot| slot.span == span && slot.split.is_some() && !slot.each);
        who.terms.len() == 1 && !who.terms.iter().any(|term| many(term.span()))
    };
    let carried = claim.adjuncts.iter().all(|adjunct| match adjunct {
        Adjunct::Via(via) => via.who.as_ref().is_none_or(one),
        _ => true,
    });
    carried
        && match claim.content.as_ref().map(|content| &content.value) {
            Some(ContentValue::Speech(inner)) => {
                claim.who.terms.len() == 1 && carried_one_by_one(inner, slots)
            }
            Some(ContentValue::Claim(_)) => false,
            _ => true,
        }
}
