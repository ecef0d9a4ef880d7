//! Marks that are not those of the language: other quotes, signs of other scripts, characters that nobody sees.

use super::words::{Look, Words, write};
use crate::diag::{Code, Diagnostic, Span};

/// Quotes that the language does not read, opening and closing.
const QUOTES: &[(char, char)] = &[
    ('\'', '\''),
    ('‘', '’'),
    ('’', '’'),
    ('`', '`'),
    ('`', '\''),
    ('”', '”'),
    ('‚', '‘'),
    ('‹', '›'),
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
];

/// `said 'P'`, `said ‘P’`, `said ”P”`
pub(super) fn other_quotes(words: &Words<'_>) -> Option<Diagnostic> {
    let outside = words.outside_quotes();
    QUOTES.iter().find_map(|(open, close)| {
        let start = outside.find(*open)?;
        let from = start + open.len_utf8();
        // The last one: what is said may hold apostrophes.
        let to = outside.get(from..)?.rfind(*close)? + from;
        let span = Span::new(start, to + close.len_utf8());
        let said = words.text.get(from..to)?;
        let quoted = format!("\"{}\"", said.replace('"', "\\\""));
        let fixed = words.with(span, &quoted)?;
        let message = "these are no quotes of the language";
        Some(Diagnostic::error(Code::Syntax, span, message).help(write(&fixed, &quoted)))
    })
}

/// `source https://a.b/c`
pub(super) fn bare_address(words: &Words<'_>) -> Option<Diagnostic> {
    let outside = words.outside_quotes();
    let start = outside.find("https://").or_else(|| outside.find("http://"))?;
    let end = outside.get(start..)?.find(char::is_whitespace).map_or(outside.len(), |at| start + at);
    // What ends the sentence is no part of the address.
    let address = words.text.get(start..end)?.trim_end_matches(['.', ',', ';', '?', '>']);
    let span = Span::new(start, start + address.len());
    let fix = format!("<{address}>");
    let fixed = words.with(span, &fix)?;
    Some(Diagnostic::error(Code::Syntax, span, "an address stands in < >").help(write(&fixed, &fix)))
}

/// What cannot be seen, and would be a part of a word.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
        || c.is_control() && !c.is_whitespace()
}

/// Zero-width blanks, marks of direction, control characters: pasted along.
pub(super) fn hidden(words: &Words<'_>) -> Option<Diagnostic> {
    let outside = words.outside_quotes();
    let all: Vec<(Span, &str)> = outside
        .char_indices()
        .filter(|(_, c)| is_hidden(*c))
        .map(|(at, c)| (Span::new(at, at + c.len_utf8()), ""))
        .collect();
    let (span, _) = *all.first()?;
    let fixed = words.with_all(&all)?;
    let number = words.slice(span).chars().next().map_or(0, u32::from);
    let message = format!("a character that cannot be seen, U+{number:04X}, stands here");
    Some(Diagnostic::error(Code::Syntax, span, message).help(write(&fixed, "it without that character")))
}

/// Marks of other scripts, each with the one that is meant.
const SIGNS: &[(char, &str)] = &[
    ('？', "?"),
    ('؟', "?"),
    ('；', ";"),
    ('؛', ";"),
    ('。', "."),
    ('．', "."),
    ('।', "."),
    ('，', ","),
    ('、', ","),
    ('،', ","),
    ('：', ":"),
    ('（', "("),
    ('）', ")"),
    ('｜', "|"),
    ('＝', "="),
    ('＞', ">"),
    ('＜', "<"),
    ('…', ".."),
    ('–', "-"),
    ('—', "-"),
    ('−', "-"),
];

/// `who said what？`
pub(super) fn of_other_scripts(words: &Words<'_>) -> Option<Diagnostic> {
    let outside = words.outside_quotes();
    let meant = |c: char| SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, meant)| *meant);
    let all: Vec<(Span, &str)> = outside
        .char_indices()
        .filter_map(|(at, c)| Some((Span::new(at, at + c.len_utf8()), meant(c)?)))
        .collect();
    let (span, first) = *all.first()?;
    let fixed = words.with_all(&all)?;
    let message = format!("`{}` is written `{first}` here", words.slice(span));
    Some(Diagnostic::error(Code::Syntax, span, message).help(write(&fixed, first)))
}

/// `said: "P"`, `said, "P"`, `Anna: "P"`
pub(super) fn colon(words: &Words<'_>) -> Option<Diagnostic> {
    (1..words.tokens.len()).find_map(|at| {
        let mark = words.tokens.get(at).filter(|token| matches!(token.text, ":" | ","))?;
        if words.look(at + 1) != Some(Look::Quoted) {
            return None;
        }
        let (fixed, part) = match words.look(at - 1) {
            Some(Look::Lower) => (words.with(mark.span, "")?, "it without the mark"),
            _ => (words.with(mark.span, " said")?, "said \"…\""),
        };
        let message = format!("no `{}` stands before what was said: a verb does", mark.text);
        Some(Diagnostic::error(Code::Syntax, mark.span, message).help(write(&fixed, part)))
    })
}
