//! Diagnostics for people, drawn with their source, and for programs, one JSON object each.

use super::safe::{printed, shown};
use crate::diag::{Diagnostic, RowProblem, Severity, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

/// How much of the source is shown around a place, in bytes: enough for any line a person wrote.
const AROUND: usize = 400;

/// A diagnostic with the line it is about and what to do instead, ending in a line break.
pub fn diagnostic(name: &str, source: &str, diagnostic: &Diagnostic, color: bool) -> String {
    let (window, start) = window(source, diagnostic.span);
    let clean = cleaned(window);
    let line = source.get(..start).unwrap_or("").matches('\n').count() + 1;
    let place = |span: Span| {
        let inside = |at: usize| at.saturating_sub(start).min(clean.len());
        let (from, to) = (inside(span.start), inside(span.end));
        floor(&clean, from)..floor(&clean, to).max(floor(&clean, from))
    };
    let mut snippet = Snippet::source(clean.as_str()).line_start(line);
    snippet = snippet.annotation(AnnotationKind::Primary.span(place(diagnostic.span)));
    let labels = diagnostic.labels.iter().map(|label| (label.span, shown(&label.text)));
    for (span, text) in labels.filter(|(span, _)| span.start >= start && span.end <= start + clean.len()) {
        snippet = snippet.annotation(AnnotationKind::Context.span(place(span)).label(text.into_owned()));
    }
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = shown(&diagnostic.message);
    let help: Vec<String> = diagnostic.help.iter().map(|help| shown(help).into_owned()).collect();
    let name = shown(name);
    if !name.is_empty() {
        snippet = snippet.path(name.as_ref());
    }
    let mut group = level.primary_title(message.as_ref()).id(diagnostic.code.id()).element(snippet);
    for text in &help {
        group = group.element(Level::HELP.message(text.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut drawn = renderer.render(&[group]);
    // Where the line is cut, the column was counted from the cut.
    let counted = position(window, diagnostic.span.start.saturating_sub(start)).1;
    let (line, column) = position(source, diagnostic.span.start);
    if counted != column {
        drawn = drawn.replacen(&format!(":{line}:{counted}"), &format!(":{line}:{column}"), 1);
    }
    drawn.push('\n');
    drawn
}

/// The lines that hold a span, cut to what is near it, and where they begin in the source.
fn window(source: &str, span: Span) -> (&str, usize) {
    let at = span.start.min(source.len());
    let end = span.end.clamp(at, source.len());
    let line_start = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1);
    let line_end =
        source.get(end..).and_then(|after| after.find('\n')).map_or(source.len(), |found| end + found);
    let start = floor(source, line_start.max(at.saturating_sub(AROUND)));
    let stop = floor(source, line_end.min(end.min(at + AROUND) + AROUND));
    (source.get(start..stop.max(start)).unwrap_or(""), start)
}

/// The last place where a character begins, at or before this byte.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The same bytes without control characters, so that places stay where they are.
fn cleaned(text: &str) -> String {
    let clean = |c: char| -> String {
        if c.is_control() && c != '\n' && c != '\t' { " ".repeat(c.len_utf8()) } else { c.into() }
    };
    text.chars().map(clean).collect()
}

/// A diagnostic as one line of JSON: lines and columns count from 1, columns in characters; `start` and `end` are bytes.
pub fn diagnostic_json(name: &str, source: &str, diagnostic: &Diagnostic) -> String {
    let (line, column) = position(source, diagnostic.span.start);
    let (end_line, end_column) = position(source, diagnostic.span.end);
    let label = |label: &crate::diag::Label| {
        let (line, column) = position(source, label.span.start);
        json!({ "line": line, "column": column, "start": label.span.start, "end": label.span.end, "text": label.text })
    };
    printed(&json!({
        "severity": severity(diagnostic.severity),
        "code": diagnostic.code.id(),
        "message": diagnostic.message,
        "file": name,
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

fn position(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..floor(source, at)).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    (before.matches('\n').count() + 1, before.get(line_start..).unwrap_or("").chars().count() + 1)
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
