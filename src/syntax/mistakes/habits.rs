//! Dates and numbers as one's country writes them.

use super::words::{Words, write};
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
        r"\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b|\b\d{{4}}/\d{{1,2}}/\d{{1,2}}\b|\b\d{{4}}-\d-\d{{1,2}}\b|\b\d{{4}}-\d{{2}}-\d\b|\b{month} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? {month} \d{{4}}\b|\b\d{{2}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}-\d{{1,2}}-\d{{4}}\b"
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
    let begins_with_year = written.split('-').next().is_some_and(|year| year.len() == 4);
    if written.starts_with(char::is_alphabetic) || written.contains(' ') || begins_with_year {
        diagnostic.message = format!("`{written}` is no date of the language");
    }
    for fix in iso(written) {
        let fixed = words.with(span, &fix).unwrap_or_else(|| fix.clone());
        diagnostic = diagnostic.help(write(&fixed, &fix));
    }
    if diagnostic.help.is_empty() {
        diagnostic = diagnostic.help("write year, month, day: 2025-12-01");
    }
    Some(diagnostic)
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What a date may mean, in the one form that means one thing.
fn iso(written: &str) -> Vec<String> {
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
    let fixed = words.with(span, &plain)?;
    let message = format!("`{written}`: numbers are written without separators");
    Some(Diagnostic::error(Code::BadNumber, span, message).help(write(&fixed, &plain)))
}

static WORDS_FOR_DAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
    let day = "(?:last |next |this )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
    let span = "(?:last|next|this|the last) (?:week|month|year|night|summer|winter|spring|autumn)";
    // `may` is a verb as well.
    let small = format!(r"(?i:{month}) \d{{4}}|(?i:{})", month.replace("May|", ""));
    Regex::new(&format!(r"\b(?:{month}(?: \d{{4}})?|{small}|(?i:{day})|{span}|tomorrow|now)\b")).ok()
});

/// `on Monday`, `in December 2025`, `last week`
pub(super) fn day_in_words(words: &Words<'_>) -> Option<Diagnostic> {
    let span = find(words, &WORDS_FOR_DAYS)?;
    let written = words.slice(span);
    let (month, year) = written.split_once(' ').unwrap_or((written, ""));
    let number = MONTHS.iter().position(|known| month.to_lowercase().starts_with(known));
    let (meant, help) = match number {
        Some(at) if year.len() == 4 => {
            let meant = format!("{year}-{:02}", at + 1);
            let help = words.with(span, &meant).map(|fixed| write(&fixed, &meant));
            (meant, help)
        }
        _ => ("2025-12-01".to_string(), None),
    };
    // Proof that a date is what is missing here.
    words.with(span, &meant).or_else(|| words.with(span, &format!("on {meant}")))?;
    let message = format!("`{written}` is no date of the language");
    let help = help.unwrap_or_else(|| {
        "write year, month, day: 2025-12-01; words of the source go behind it: 2025-12-01 (\"Monday\")".into()
    });
    Some(Diagnostic::error(Code::DateForm, span, message).help(help))
}
