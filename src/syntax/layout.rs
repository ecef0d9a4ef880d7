//! Whole source texts in canonical form, comments kept: a sentence a line, long ones wrapped where their parts begin.

use super::ast::SentenceKind;
use super::print::mapping_head;
use super::{parse, print_sentence, split};
use crate::diag::{Diagnostic, Span};
use unicode_width::UnicodeWidthStr;

/// The widest line, in columns, where a sentence can be wrapped.
const WIDTH: usize = 110;

/// What stands before the further lines of a sentence.
const INDENT: &str = "    ";

/// The words at which a long sentence may go on in the next line.
const BREAKS: &[&str] = &[
    "about", "on", "in", "before", "after", "between", "for", "first", "last", "directly", "via", "source",
    "if", "with", "titled", "citing", "by", "also", "and", "or", "as", "{", "|", "that",
];

/// A text in canonical form; the same again gives the same. A text with anything that does not parse is left alone: everything wrong with it
/// is told instead.
pub fn format_source(source: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(source);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    let pieces = split(source);
    let mut out = String::with_capacity(source.len());
    let mut comments = pieces.comments.iter().copied().peekable();
    let mut end = 0;
    for (piece, sentence) in pieces.pieces.iter().zip(&parsed.sentences) {
        // Comments before it, and those inside it, which move before it.
        while let Some(comment) = comments.next_if(|comment| comment.start < piece.span.end) {
            let before = comment.start < piece.span.start;
            place(&mut out, source, &mut end, comment, if before { comment.start } else { piece.span.start });
            out.push_str(comment.of(source).trim_end());
        }
        place(&mut out, source, &mut end, piece.span, piece.span.start);
        let mut printed = print_sentence(sentence);
        // Either mark ends a question; whoever wrote the plainer one keeps it.
        if piece.end == Some(';') && printed.ends_with('?') {
            printed.pop();
            printed.push(';');
        }
        // The statement of a mapping begins a line, as those behind it do.
        let mut rest = printed.as_str();
        if let SentenceKind::Mapping(mapping) = &sentence.kind {
            let head = mapping_head(mapping);
            rest = printed.strip_prefix(&head).map_or(rest, str::trim_start);
            out.extend([&head, "\n"]);
        }
        out.push_str(&wrapped(rest));
        end = piece.span.end;
    }
    for comment in comments {
        place(&mut out, source, &mut end, comment, comment.start);
        out.push_str(comment.of(source).trim_end());
    }
    if !out.is_empty() {
        out.push('\n');
    }
    Ok(out)
}

/// What stands between what was written last and what comes now: nothing new on the same line for a comment, else a line break and, where
/// the source has one or more, an empty line.
fn place(out: &mut String, source: &str, end: &mut usize, next: Span, start: usize) {
    let between = source.get(*end..start).unwrap_or("");
    *end = (*end).max(next.end);
    if out.is_empty() {
        return;
    }
    let breaks = between.matches('\n').count();
    if breaks == 0 && next.of(source).starts_with("--") && next.start == start {
        out.push(' ');
        return;
    }
    out.push_str(if breaks > 1 { "\n\n" } else { "\n" });
}

/// A sentence in lines of at most `WIDTH` characters, broken before the last part that would not fit.
pub fn wrapped(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len() + 16);
    let mut width = 0;
    for part in parts(sentence) {
        // A text over several lines stands in the line that it begins in, and leaves off in its own last one.
        let own = part.trim_end().split('\n').next().unwrap_or("").width();
        if width > 0 && width + own > WIDTH && width > INDENT.len() {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(INDENT);
            width = INDENT.len();
        }
        out.push_str(part);
        width = match part.rsplit_once('\n') {
            Some((_, last)) => last.width(),
            None => width + part.width(),
        };
    }
    out
}

/// Whether a line may begin with the text in quotes that follows this: behind a verb or in a list, not behind what belongs to it.
fn may_begin_with_a_text(before: &str) -> bool {
    let word = last_word(before);
    before.ends_with(' ')
        && !word.ends_with(':')
        && !BREAKS.contains(&word)
        && (word.ends_with(',')
            || word.len() > 1 && word.starts_with(char::is_lowercase) && !BEFORE_TEXTS.contains(&word))
}

/// What belongs to the text behind it.
const BEFORE_TEXTS: &[&str] = &[
    "not",
    "id",
    "json",
    "because",
    "has",
    "contains",
    "starts",
    "matches",
    "trace",
    "corroborate",
    "weakest",
    "retracting",
    "document",
];

fn last_word(text: &str) -> &str {
    text.trim_end().rsplit(' ').next().unwrap_or("")
}

/// A sentence in parts, each beginning where a line may; nothing inside quotes, brackets and addresses is taken apart.
fn parts(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut close: Option<&str> = None;
    let mut at = 0;
    while let Some(rest) = sentence.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.chars().next().map_or(1, char::len_utf8);
        match close {
            Some("\"") if rest.starts_with('\\') => {
                at += length
                    + rest.get(length..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                continue;
            }
            Some(mark) if rest.starts_with(mark) => {
                at += mark.len();
                close = None;
                continue;
            }
            None if rest.starts_with('"') => {
                if may_begin_with_a_text(sentence.get(start..at).unwrap_or("")) {
                    parts.extend(sentence.get(start..at));
                    start = at;
                }
                let mark = if rest.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
                close = Some(mark);
                at += mark.len();
                continue;
            }
            None if rest.starts_with('[') => close = Some("]"),
            None if rest.starts_with('<') && !rest.starts_with("< ") && !rest.starts_with("<=") => {
                close = Some(">");
            }
            None if at > start && sentence.get(..at).is_some_and(|before| before.ends_with(' ')) => {
                let word = rest.split([' ', ')']).next().unwrap_or("");
                let before = last_word(sentence.get(start..at).unwrap_or(""));
                let goes_with = word == "via" && matches!(before, "first" | "last" | "directly");
                if (BREAKS.contains(&word) || word.starts_with('{')) && !goes_with {
                    parts.extend(sentence.get(start..at));
                    start = at;
                }
            }
            Some(_) | None => {}
        }
        at += length;
    }
    parts.extend(sentence.get(start..));
    parts
}
