//! Habits from elsewhere: dates as one's country writes them, other query languages, separators in numbers.

use super::words::Words;
use crate::diag::{Code, Diagnostic, Span};
use regex::Regex;
use std::sync::LazyLock;

/// The first place outside quotes that a pattern matches.
fn find(words: &Words<'_>, pattern: &LazyLock<Option<Regex>>) -> Option<Span> {
    let outside = words.outside_quotes();
    let found = pattern.as_ref()?.find(&outside)?;
    Some(Span::new(found.start(), found.end()))
}

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?";
    Regex::new(&format!(
        r"\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b|\b\d{{4}}/\d{{1,2}}/\d{{1,2}}\b|\b{month} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? {month} \d{{4}}\b|\b\d{{2}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b"
    ))
    .ok()
});

/// `12/01/2025`, `01.12.2025`, `December 1, 2025`
pub(super) fn date(words: &Words<'_>) -> Option<Diagnostic> {
    let span = find(words, &DATE)?;
    let written = words.slice(span);
    let mut diagnostic = Diagnostic::error(
        Code::DateForm,
        span,
        format!("`{written}` is read differently in different countries"),
    );
    if written.starts_with(char::is_alphabetic) || written.contains(' ') {
        diagnostic.message = format!("`{written}` is no date of the language");
    }
    for fix in iso(written) {
        diagnostic = diagnostic.help(format!("write {fix}"));
    }
    if diagnostic.help.is_empty() {
        diagnostic = diagnostic.help("write year, month, day: 2025-12-01");
    }
    Some(diagnostic)
}

/// What a date may mean, in the one form that means one thing.
fn iso(written: &str) -> Vec<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> =
        written.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts[..] else { return Vec::new() };
    let number = |part: &str| part.trim_end_matches(char::is_alphabetic).parse::<u32>().ok();
    let month = |part: &str| {
        let start: String = part.to_lowercase().chars().take(3).collect();
        MONTHS.iter().position(|known| *known == start).map(|at| at as u32 + 1)
    };
    let day = |y: u32, m: u32, d: u32| {
        let y = if y < 100 { 2000 + y } else { y };
        ((1..=12).contains(&m) && (1..=31).contains(&d)).then(|| format!("{y:04}-{m:02}-{d:02}"))
    };
    let of = |y: Option<u32>, m: Option<u32>, d: Option<u32>| day(y?, m?, d?);
    let found = if month(a).is_some() {
        vec![of(number(c), month(a), number(b))]
    } else if month(b).is_some() {
        vec![of(number(c), month(b), number(a))]
    } else if a.len() == 4 {
        vec![of(number(a), number(b), number(c))]
    } else if written.contains('.') {
        vec![of(number(c), number(b), number(a))]
    } else if a.len() == 2 && c.len() == 2 {
        vec![of(number(a), number(b), number(c))]
    } else {
        vec![of(number(c), number(a), number(b)), of(number(c), number(b), number(a))]
    };
    let mut found: Vec<String> = found.into_iter().flatten().collect();
    found.dedup();
    found
}

static THOUSANDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b\d{1,3}(?:[,_]\d{3})+\b|\b\d{1,3}(?: \d{3})+\b").ok());

/// `1,200,000`
pub(super) fn thousands(words: &Words<'_>) -> Option<Diagnostic> {
    let span = find(words, &THOUSANDS)?;
    let written = words.slice(span);
    let plain: String = written.chars().filter(char::is_ascii_digit).collect();
    words.with(span, &plain)?;
    let message = format!("`{written}`: numbers are written without separators");
    Some(Diagnostic::error(Code::BadNumber, span, message).help(format!("write {plain}")))
}

/// What people type who come from another language, and what it is called here.
const OTHER: &[(&str, &str)] = &[
    ("SELECT", "who said what about Pokrovsk | show who, what"),
    ("MATCH", "who said what about Pokrovsk?"),
    ("PREFIX", "who said what about Pokrovsk?"),
    ("CONSTRUCT", "who said what about Pokrovsk?"),
    ("INSERT", "Putin said \"…\" about Ukraine."),
    ("CREATE", "Putin said \"…\" about Ukraine."),
    ("MERGE", "Putin said \"…\" about Ukraine."),
    ("UPDATE", "void #c7 because \"…\"."),
    ("DELETE", "void #c7 because \"…\"."),
    ("DROP", "void #c7 because \"…\"."),
    ("WITH", "define relays(?x, ?y) as (…)."),
    ("FROM", "who said what?"),
];

/// `SELECT … FROM …`, `MATCH (n) RETURN n`
pub(super) fn other_language(words: &Words<'_>) -> Option<Diagnostic> {
    let first = words.tokens.first()?;
    let upper = first.text.to_uppercase();
    let (_, here) = OTHER.iter().find(|(word, _)| *word == upper)?;
    let shouted = first.text == upper;
    let from = words
        .tokens
        .iter()
        .any(|token| matches!(token.text, "FROM" | "from" | "RETURN" | "return" | "VALUES" | "*"));
    (shouted || from).then(|| {
        let message = format!("`{}` is of another query language: here one asks in sentences", first.text);
        Diagnostic::error(Code::Syntax, first.span, message).help(format!("write {here}"))
    })
}

/// Signs and phrases of other languages, each with what stands for it here.
const SIGNS: &[(&str, &str)] = &[
    ("==", "="),
    ("<>", "!="),
    ("&&", "and"),
    ("||", "or"),
    ("ORDER BY", "| sort by"),
    ("order by", "| sort by"),
    ("GROUP BY", "| count by"),
    ("group by", "| count by"),
    ("LIMIT", "| take"),
    ("limit", "| take"),
    ("WHERE", "| where"),
    ("AND", "and"),
    ("OR", "or"),
    ("NOT", "not"),
];

/// `==`, `LIMIT 5`, `ORDER BY`
pub(super) fn operator(words: &Words<'_>) -> Option<Diagnostic> {
    let outside = words.outside_quotes();
    SIGNS.iter().find_map(|(sign, here)| {
        let at = outside.find(sign)?;
        let span = Span::new(at, at + sign.len());
        let fixed = words.with(span, here)?;
        let shown = if fixed.len() <= 100 { fixed.as_str() } else { here };
        let message = format!("`{sign}` is written `{here}` here");
        Some(Diagnostic::error(Code::Misspelt, span, message).help(format!("write {shown}")))
    })
}
