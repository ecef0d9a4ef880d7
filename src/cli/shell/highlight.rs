//! Colours for a line while it is typed. Told from its words alone, so that half a sentence has colours too.

use super::complete::{Vocabulary, is_other_word};
use crate::syntax::ast::CommandVerb;
use anstyle::{AnsiColor, Style};

/// Words that mean something in the language, wherever they stand.
pub(super) const KEYWORDS: &[&str] = &[
    "about",
    "after",
    "all",
    "allegedly",
    "also",
    "and",
    "any",
    "anyone",
    "anything",
    "as",
    "asc",
    "because",
    "before",
    "between",
    "by",
    "cites",
    "citing",
    "contains",
    "contradicts",
    "corrects",
    "count",
    "define",
    "desc",
    "directly",
    "distinct",
    "document",
    "end",
    "exactly",
    "explain",
    "first",
    "for",
    "has",
    "if",
    "in",
    "inferred",
    "is",
    "known",
    "language",
    "last",
    "list",
    "marked",
    "matches",
    "max",
    "min",
    "negative",
    "none",
    "not",
    "of",
    "on",
    "or",
    "possibly",
    "probably",
    "rates",
    "recorded",
    "reportedly",
    "retracting",
    "retracts",
    "same",
    "show",
    "skip",
    "sort",
    "source",
    "starts",
    "summarize",
    "supports",
    "take",
    "that",
    "titled",
    "to",
    "today",
    "unknown",
    "verb",
    "verbatim",
    "via",
    "void",
    "what",
    "when",
    "where",
    "which",
    "who",
    "whom",
    "with",
    "yesterday",
];

/// A piece of a line and how it looks.
fn piece(rest: &str, vocabulary: &Vocabulary) -> (usize, Style) {
    let plain = Style::new();
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    let Some(first) = rest.chars().next() else { return (0, plain) };
    let until = |close: char| {
        let inside = rest.get(first.len_utf8()..).unwrap_or("");
        inside.find(close).map_or(rest.len(), |at| first.len_utf8() + at + close.len_utf8())
    };
    let word = |from: usize| {
        let inside = rest.get(from..).unwrap_or("");
        from + inside
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’')))
            .unwrap_or(inside.len())
    };
    match first {
        '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), Style::new().dimmed()),
        '"' => (until('"'), color(AnsiColor::Green)),
        '“' => (until('”'), color(AnsiColor::Green)),
        '«' => (until('»'), color(AnsiColor::Green)),
        '[' => (until(']'), Style::new().bold()),
        '<' if rest.get(1..).is_some_and(|rest| rest.starts_with(char::is_alphabetic)) => {
            (until('>'), color(AnsiColor::Green))
        }
        '?' | '$' if word(1) > 1 => (word(1), color(AnsiColor::Cyan)),
        '#' if word(1) > 1 => (word(1), color(AnsiColor::Yellow)),
        '|' => (1, Style::new().bold()),
        first if first.is_ascii_digit() => {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.')))
                .unwrap_or(rest.len());
            (end, color(AnsiColor::Magenta))
        }
        first if first.is_alphabetic() => {
            let length = word(0);
            let text = rest.get(..length).unwrap_or("");
            let lower = text.to_lowercase();
            let means = |word: &str| KEYWORDS.contains(&word) || CommandVerb::WORDS.contains(&word);
            let style = if means(&lower) {
                color(AnsiColor::Blue)
            } else if first.is_lowercase() && !vocabulary.is_verb(text) && !is_other_word(text) {
                Style::new().underline()
            } else if first.is_lowercase() {
                plain
            } else {
                Style::new().bold()
            };
            (length, style)
        }
        first => (first.len_utf8(), plain),
    }
}

/// A line with colours.
pub(super) fn line(line: &str, vocabulary: &Vocabulary) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(line.len() * 2);
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, style) = piece(rest, vocabulary);
        let text = rest.get(..length.max(1)).unwrap_or(rest);
        if style == Style::new() {
            out.push_str(text);
        } else {
            let _ = write!(out, "{style}{text}{style:#}");
        }
        at += text.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_add_nothing_but_colours() {
        let vocabulary = Vocabulary::default();
        for text in ["who said \"x", "习近平 said ?x", "a --", "[x", "# $ ? | <", "..", "“Покров"]
        {
            let mut plain = String::new();
            let mut inside = false;
            for c in line(text, &vocabulary).chars() {
                match c {
                    '\u{1b}' => inside = true,
                    'm' if inside => inside = false,
                    c if !inside => plain.push(c),
                    _ => {}
                }
            }
            assert_eq!(plain, text);
        }
    }
}
