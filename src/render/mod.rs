//! Answers and diagnostics as text: tables and trees for people, csv, tsv, json and the like for programs. The only room that draws.
//!
//! It decides nothing about what is answered and prints nothing itself: it writes to whatever it is given. To add a format: a line in
//! `Format`, a function in a file of its own, a case in the tests of the command line.

mod diagnostic;
mod draw;
mod flat;
mod json;
mod safe;
mod source;
mod table;
mod tree;

pub use diagnostic::{diagnostic, diagnostic_json, row_problem, row_problem_json};
pub use safe::{shown, wrapped};
pub use source::SourceText;

use crate::eval::{Rows, Shape, Value};
use crate::graph::Graph;
use std::io::{self, Write};

/// The forms in which answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// Comma-separated.
    Csv,
    /// Tab-separated; tabs and line breaks in cells as `\t` and `\n`.
    Tsv,
    /// One array over all answers.
    Json,
    /// A row a line.
    Jsonl,
    /// A table in Markdown.
    Markdown,
    /// A cell a line.
    Line,
    /// A drawing, in the language of Graphviz.
    Dot,
    /// A drawing, laid out.
    Svg,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Format] = &[
        Format::Table,
        Format::Csv,
        Format::Tsv,
        Format::Json,
        Format::Jsonl,
        Format::Markdown,
        Format::Line,
        Format::Dot,
        Format::Svg,
    ];

    /// Its name, as on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Markdown => "markdown",
            Format::Line => "line",
            Format::Dot => "dot",
            Format::Svg => "svg",
        }
    }

    /// The format of a name.
    pub fn from_word(word: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.word() == word)
    }
}

/// How something is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// As text, for a terminal.
    Text,
    /// As a picture.
    Svg,
    /// For Graphviz to lay out.
    Dot,
}

/// Draws an answer: a timeline in the order of time, all else by who has it from whom. Text is as wide as `wide` says.
pub fn draw(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    drawing: Drawing,
    wide: Option<usize>,
) -> io::Result<()> {
    match drawing {
        Drawing::Text if draw::is_timeline(rows) => draw::timeline_text(out, graph, rows, wide),
        Drawing::Text => draw::tree(out, graph, rows, wide),
        Drawing::Svg if draw::is_timeline(rows) => draw::timeline_svg(out, graph, rows),
        Drawing::Svg => draw::svg(out, graph, rows),
        Drawing::Dot => draw::dot(out, graph, rows),
    }
}

/// What the place is like that is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// How many columns of characters it has; nothing for a file.
    pub width: Option<usize>,
    /// Whether colours are wanted.
    pub color: bool,
    /// The most rows of a table; nothing for all.
    pub max_rows: Option<usize>,
}

/// Writes answers one after another in one format.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    format: Format,
    style: Style,
    /// Whether more than one answer will come: then rows of `jsonl` say which they are of.
    several: bool,
    answers: usize,
}

/// A plan for formats that have room for rows only: the lines of its reading first, each in the first column.
fn reading_as_rows(rows: &Rows) -> Rows {
    let rest = rows.columns.len().saturating_sub(1);
    let lines = rows.reading.iter().flat_map(|line| {
        std::iter::once(Value::Text(line.as_str().into())).chain(std::iter::repeat_n(Value::Nothing, rest))
    });
    let cells = lines.chain(rows.cells.iter().cloned()).collect();
    Rows { columns: rows.columns.clone(), cells, shape: rows.shape, reading: Vec::new() }
}

impl<W: Write> Writer<W> {
    /// A writer; `several` says that more than one answer may come.
    pub fn new(out: W, format: Format, style: Style, several: bool) -> Self {
        Writer { out, format, style, several, answers: 0 }
    }

    /// Writes one answer. `question` is the text that was asked.
    pub fn answer(&mut self, graph: &Graph, question: &str, rows: &Rows) -> io::Result<()> {
        let first = self.answers == 0;
        self.answers += 1;
        if !first && !matches!(self.format, Format::Json | Format::Jsonl) {
            writeln!(self.out)?;
        }
        let with_reading;
        let rows = if rows.reading.is_empty() || matches!(self.format, Format::Table | Format::Json) {
            rows
        } else {
            with_reading = reading_as_rows(rows);
            &with_reading
        };
        let out = &mut self.out;
        match self.format {
            Format::Table => match rows.shape {
                Shape::Table => table::write(out, graph, rows, self.style),
                Shape::Tree => tree::write(out, graph, rows, self.style),
                Shape::Plan => tree::write_plan(out, graph, rows, self.style),
            },
            Format::Csv => flat::csv(out, graph, rows, self.style),
            Format::Tsv => flat::tsv(out, graph, rows, self.style),
            Format::Markdown => flat::markdown(out, graph, rows),
            Format::Line => flat::line(out, graph, rows),
            Format::Dot => draw::dot(out, graph, rows),
            Format::Svg => draw::svg(out, graph, rows),
            Format::Json => {
                out.write_all(if first { b"[\n" } else { b",\n" })?;
                json::answer(out, graph, question, rows)
            }
            Format::Jsonl => json::lines(out, graph, rows, self.several.then_some(self.answers)),
        }
    }

    /// Ends what has an end, and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        if self.format == Format::Json {
            self.out.write_all(if self.answers == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    /// Sends on what was written so far.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
