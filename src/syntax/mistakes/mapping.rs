//! Mistakes in mappings of tables: the head, the columns, the guards.

use super::words::{Look, Words, write};
use crate::diag::{Code, Diagnostic, Span};

/// What may stand in the head of a mapping.
const PARTS: &[&str] =
    &["separator", "quote", "escape", "comment", "encoding", "header", "skip", "empty", "none"];

/// What they are called elsewhere, and here.
const OTHER_PARTS: &[(&str, &str)] = &[
    ("delimiter", "separator"),
    ("sep", "separator"),
    ("delim", "separator"),
    ("separated", "separator"),
    ("quotes", "quote"),
    ("quotechar", "quote"),
    ("charset", "encoding"),
    ("codepage", "encoding"),
    ("headers", "header"),
    ("head", "header"),
    ("null", "empty"),
    ("na", "empty"),
    ("comments", "comment"),
    ("lines", "skip"),
];

/// Whether a sentence is meant as the head of a mapping.
pub(super) fn is_meant(words: &Words<'_>) -> bool {
    words.text(0).eq_ignore_ascii_case("from")
        && (matches!(words.text(1), "csv" | "tsv" | "jsonl") || words.text.contains('$'))
}

/// What stands before the colon of a mapping.
pub(super) fn head(words: &Words<'_>) -> Option<Diagnostic> {
    if !is_meant(words) {
        return None;
    }
    let kind = words.tokens.get(1)?;
    if !matches!(kind.text, "csv" | "tsv" | "jsonl") {
        let message = format!("`{}` is no kind of table that is known", kind.text);
        return Some(wrong(kind.span, message, "a table is csv, tsv or jsonl: write from csv: …"));
    }
    let colon = words.tokens.iter().position(|token| token.text == ":");
    let end = colon.unwrap_or(words.tokens.len());
    for at in 2..end {
        let Some(word) = words.tokens.get(at) else { break };
        match word.look {
            Look::Lower if PARTS.contains(&word.text) => {}
            Look::Quoted | Look::Digits => {}
            Look::Mark if word.text == "," => {}
            Look::Lower => {
                let known =
                    OTHER_PARTS.iter().find(|(other, _)| *other == word.text).map(|(_, known)| *known);
                let near =
                    PARTS.iter().copied().find(|part| strsim::damerau_levenshtein(part, word.text) <= 2);
                let message = format!("`{}` says nothing of the form of a table", word.text);
                let help = match known.or(near) {
                    Some(part) => format!("did you mean `{part}`?"),
                    None => format!("it has {}", PARTS.get(..8).unwrap_or(PARTS).join(", ")),
                };
                return Some(wrong(word.span, message, help));
            }
            _ if colon.is_none() => {
                let before = Span::new(words.tokens.get(at - 1)?.span.end, word.span.start);
                let fixed = words
                    .with(before, ": ")
                    .map_or_else(|| "write from csv: …".into(), |fixed| write(&fixed, ": …"));
                return Some(wrong(word.span, "the head of a mapping ends with a colon", fixed));
            }
            _ => break,
        }
    }
    let last = words.tokens.last()?;
    (last.text == "?").then(|| wrong(last.span, "a mapping asks nothing", "end it with `.`"))
}

/// How columns are written: `$Source Office`, `split ;`, `as date DD/MM/YYYY`, `when $a = "x"`.
pub(super) fn column(words: &Words<'_>) -> Option<Diagnostic> {
    if !words.text.contains('$') {
        return None;
    }
    (0..words.tokens.len()).find_map(|at| {
        let token = words.tokens.get(at)?;
        let next = words.tokens.get(at + 1)?;
        if token.text == "split" && next.look != Look::Quoted {
            let message = "what separates the parts of a list stands in quotes";
            return Some(wrong(next.span, message, "write split \";\""));
        }
        if matches!(token.text, "date" | "day" | "month" | "year")
            && words.text(at.checked_sub(1)?) == "as"
            && matches!(next.look, Look::Capital | Look::Digits)
        {
            let end = (at + 1..words.tokens.len())
                .take_while(|at| {
                    matches!(words.look(*at), Some(Look::Capital | Look::Digits))
                        || matches!(words.text(*at), "/" | "-")
                })
                .last()?;
            let span = words.between(at + 1, end)?;
            let fixed = format!("write as {} \"{}\"", token.text, words.slice(span));
            return Some(wrong(span, "the form of a date stands in quotes", fixed));
        }
        if !token.text.starts_with('$') || token.look != Look::Marked {
            return None;
        }
        if next.text == "=" && words.look(at + 2) == Some(Look::Quoted) {
            let fixed = words.with(next.span, "is")?;
            return Some(wrong(
                next.span,
                "texts are tested with `is`, numbers with `=`",
                write(&fixed, "is"),
            ));
        }
        // A name of several words.
        let last = (at + 1..words.tokens.len())
            .take_while(|at| matches!(words.look(*at), Some(Look::Capital | Look::Lower | Look::Digits)))
            .find_map(|last| {
                let span = words.between(at, last)?;
                let name = format!("$[{}]", words.slice(span).trim_start_matches('$'));
                Some((span, words.with(span, &name)?, name))
            });
        let (span, fixed, name) = last?;
        Some(wrong(span, "a column of several words stands in brackets", write(&fixed, &name)))
    })
}

fn wrong(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::Syntax, span, message).help(help)
}
