//! Diagnostics for people, drawn with their source, and for programs, one JSON object each.

use super::Style;
use super::safe::{printed, shown, width_of, wrapped};
use super::source::{SourceText, floor};
use crate::diag::{Diagnostic, RowProblem, Severity, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

/// How much of the source is shown before and behind a place in it, in bytes: what lies further away is not even looked at.
const AROUND: usize = 1000;

/// How wide a diagnostic is where it goes to no terminal: its line of the source, not its prose, which stays as it is.
const WIDE: usize = 140;

/// What is left of any terminal, however narrow, for a line of the source and for prose.
const NARROWEST: usize = 20;

/// A diagnostic with the line it is about and what to do instead, ending in a line break. On a terminal its prose is wrapped between words;
/// a line of the source never is: of a long one, what stands around the place is shown.
pub fn diagnostic(source: &SourceText<'_>, diagnostic: &Diagnostic, style: Style) -> String {
    let (line, column) = source.position(diagnostic.span.start);
    let gutter = (line + source_lines(&source.text, diagnostic.span) - 1).to_string().len() + 3;
    let room = style.width.unwrap_or(WIDE).saturating_sub(gutter).max(NARROWEST);
    let shown_part = Part::of(&source.text, diagnostic.span, room);
    let mut snippet = Snippet::source(shown_part.text.as_str()).line_start(line);
    snippet = snippet.annotation(AnnotationKind::Primary.span(shown_part.place(diagnostic.span)));
    let labels = diagnostic.labels.iter().filter(|label| shown_part.holds(label.span));
    for label in labels {
        let text = shown(&label.text).into_owned();
        snippet = snippet.annotation(AnnotationKind::Context.span(shown_part.place(label.span)).label(text));
    }
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let head = format!("{}[{}]: ", severity(diagnostic.severity), diagnostic.code.id()).len();
    let message = prose(&diagnostic.message, head, style.width);
    let margin = gutter - 2 + "= help: ".len();
    let help: Vec<String> = diagnostic.help.iter().map(|help| prose(help, margin, style.width)).collect();
    let name = shown(&source.name);
    if !name.is_empty() {
        snippet = snippet.path(name.as_ref());
    }
    let mut group = level.primary_title(message.as_str()).id(diagnostic.code.id()).element(snippet);
    for text in &help {
        group = group.element(Level::HELP.message(text.as_str()));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let mut drawn = renderer.term_width(room + gutter).render(&[group]);
    // Where the line is cut, the column was counted from the cut.
    let counted = SourceText::new("", &shown_part.text).position(shown_part.place(diagnostic.span).start).1;
    if counted != column {
        drawn = drawn.replacen(&format!(":{line}:{counted}"), &format!(":{line}:{column}"), 1);
    }
    drawn.push('\n');
    drawn
}

/// Prose as it is told behind so many columns: in lines that fit, where there is a terminal.
fn prose(text: &str, behind: usize, wide: Option<usize>) -> String {
    let text = shown(text);
    wide.map_or_else(
        || text.clone().into_owned(),
        |wide| wrapped(&text, wide.saturating_sub(behind).max(NARROWEST)).join("\n"),
    )
}

/// How many lines a span is over.
fn source_lines(source: &str, span: Span) -> usize {
    span.of(source).matches('\n').count() + 1
}

/// The part of a source that is shown, without control characters.
struct Part {
    text: String,
    /// Which bytes of the source it is.
    from: usize,
    to: usize,
    /// How many bytes stand before them that are not of the source.
    before: usize,
}

impl Part {
    /// The lines that hold a span; of a long line what is around the span's beginning, in so many columns.
    fn of(source: &str, span: Span, room: usize) -> Part {
        let at = floor(source, span.start);
        let end = floor(source, span.end.max(at));
        let first = floor(source, at.saturating_sub(AROUND));
        let before = source.get(first..at).and_then(|before| before.rfind('\n'));
        let line_start = before.map(|found| first + found + 1).or((first == 0).then_some(0));
        let last = floor(source, end.min(at + AROUND) + AROUND);
        let behind = source.get(end..last).and_then(|behind| behind.find('\n'));
        let line_end = behind.map(|found| end + found).or((last == source.len()).then_some(last));
        let mut from = line_start.unwrap_or(first);
        let mut to = line_end.unwrap_or(last).max(from);
        let is_one_line = !source.get(from..to).unwrap_or("").contains('\n');
        let (before, behind) = (source.get(from..at).unwrap_or(""), source.get(at..to).unwrap_or(""));
        let is_whole =
            (Some(from), Some(to)) == (line_start, line_end) && columns(before) + columns(behind) <= room;
        if is_one_line && !is_whole {
            // Two columns are for the marks of what is left out. Before the place is what is not needed behind it, and at least a third.
            let room = room.saturating_sub(2);
            let needed = columns(behind).min(room - room / 3);
            from = at - fitting(before.chars().rev(), room - needed);
            to = at + fitting(behind.chars(), room - columns(source.get(from..at).unwrap_or("")));
        }
        let mark = |cut: bool| if is_one_line && cut { "…" } else { "" };
        let before = mark(line_start.is_none_or(|start| from > start));
        let behind = mark(line_end.is_none_or(|end| to < end));
        let text = format!("{before}{}{behind}", cleaned(source.get(from..to).unwrap_or("")));
        Part { text, from, to, before: before.len() }
    }

    /// Where something of the source stands in what is shown of it.
    fn place(&self, span: Span) -> std::ops::Range<usize> {
        let inside = |at: usize| (self.before + at.saturating_sub(self.from)).min(self.text.len());
        let (from, to) = (inside(span.start), inside(span.end.min(self.to)));
        floor(&self.text, from)..floor(&self.text, to).max(floor(&self.text, from))
    }

    /// Whether something of the source is shown.
    fn holds(&self, span: Span) -> bool {
        span.start >= self.from && span.end <= self.to
    }
}

/// The columns that a line of the source takes.
fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// A tab is drawn as four blanks.
fn column(c: char) -> usize {
    if c == '\t' { 4 } else { width_of(c) }
}

/// How many bytes of these characters are so many columns wide at most.
fn fitting(chars: impl Iterator<Item = char>, room: usize) -> usize {
    let mut left = room;
    let mut bytes = 0;
    for c in chars {
        let Some(rest) = left.checked_sub(column(c)) else { break };
        left = rest;
        bytes += c.len_utf8();
    }
    bytes
}

/// The same bytes without control characters, so that places stay where they are.
fn cleaned(text: &str) -> String {
    let clean = |c: char| -> String {
        if c.is_control() && c != '\n' && c != '\t' { " ".repeat(c.len_utf8()) } else { c.into() }
    };
    text.chars().map(clean).collect()
}

/// A diagnostic as one line of JSON: lines and columns count from 1, columns in characters; `start` and `end` are bytes.
pub fn diagnostic_json(source: &SourceText<'_>, diagnostic: &Diagnostic) -> String {
    let (line, column) = source.position(diagnostic.span.start);
    let (end_line, end_column) = source.position(diagnostic.span.end);
    let label = |label: &crate::diag::Label| {
        let (line, column) = source.position(label.span.start);
        json!({ "line": line, "column": column, "start": label.span.start, "end": label.span.end, "text": label.text })
    };
    printed(&json!({
        "severity": severity(diagnostic.severity),
        "code": diagnostic.code.id(),
        "message": diagnostic.message,
        "file": source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": diagnostic.span.start,
        "end": diagnostic.span.end,
        "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
        "help": diagnostic.help,
    }))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What is wrong with a row, as one line.
pub fn row_problem(name: &str, problem: &RowProblem) -> String {
    let RowProblem { line, code, message, help } = problem;
    let help = if help.is_empty() { String::new() } else { format!(" ({})", shown(help)) };
    format!("error[{}]: {}:{line}: {}{help}\n", code.id(), shown(name), shown(message))
}

/// The same as one line of JSON.
pub fn row_problem_json(name: &str, problem: &RowProblem) -> String {
    let RowProblem { line, code, message, help } = problem;
    let help: Vec<&String> = Some(help).filter(|help| !help.is_empty()).into_iter().collect();
    let id = code.id();
    printed(
        &json!({ "severity": "error", "code": id, "message": message, "file": name, "line": line, "help": help }),
    )
}
