//! Words and signs of other languages, each with what stands for it here: of SQL, of programming, of plain English.

use super::words::{Look, Words, write};
use crate::diag::{Code, Diagnostic, Span};

/// What people write, and what it is called here. Tried only where the sentence does not parse, and told only where it then does.
const PHRASES: &[(&str, &str)] = &[
    ("==", "="),
    ("<>", "!="),
    ("=<", "<="),
    ("=>", ">="),
    ("≠", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("≈", "~"),
    ("&&", "and"),
    ("||", "or"),
    ("&", "and"),
    ("AND", "and"),
    ("OR", "or"),
    ("NOT", "not"),
    ("ORDER BY", "| sort by"),
    ("SORT", "| sort by"),
    ("GROUP BY", "| count by"),
    ("COUNT GROUP BY", "| count by"),
    ("SHOW DISTINCT", "| show"),
    ("LIMIT", "| take"),
    ("TOP", "| take"),
    ("HEAD", "| take"),
    ("OFFSET", "| skip"),
    ("WHERE", "| where"),
    ("FILTER", "| where"),
    ("HAVING", "| where"),
    ("SELECT", "| show"),
    ("RETURN", "| show"),
    ("DISTINCT", "| show"),
    ("asof", "as of"),
    ("impact retracting", "impact of retracting"),
    ("impact of", "impact of retracting"),
    ("impact", "impact of retracting"),
    ("timeline", "timeline of"),
    ("silence", "silence of"),
    ("reliance", "reliance of"),
    ("contradictions", "conflicts"),
    ("is not unknown", "is known"),
    ("is not known", "is unknown"),
    ("is not null", "is known"),
    ("is not empty", "is known"),
    ("is null", "is unknown"),
    ("is empty", "is unknown"),
    ("is not", "!="),
    ("is", "="),
    ("equals", "="),
    ("like", "contains"),
    ("includes", "contains"),
    ("starts with", "starts"),
    ("since", "after"),
    ("until", "before"),
    ("till", "before"),
    ("during", "in"),
    ("according to", "via"),
    ("through", "via"),
    ("from", "via"),
    ("by", "via"),
    ("regarding", "about"),
    ("concerning", "about"),
    ("on", "about"),
    ("unless", "if not"),
];

/// `==`, `LIMIT 5`, `since 2025`
pub(super) fn of_other_languages(words: &Words<'_>) -> Option<Diagnostic> {
    let found = occurrences(words);
    let alone = found.iter().find_map(|one| Some((one, words.with(one.span, &one.meant)?)));
    let (first, fixed) = match alone {
        Some(alone) => alone,
        None => {
            let all: Vec<(Span, &str)> = found.iter().map(|one| (one.span, one.meant.as_str())).collect();
            (found.first()?, words.with_all(&all).filter(|_| found.len() > 1)?)
        }
    };
    let written = words.slice(first.span);
    let message = format!("`{written}` is written `{}` here", first.meant);
    Some(Diagnostic::error(Code::Misspelt, first.span, message).help(write(&fixed, &first.meant)))
}

/// `where who like "Put%"`
pub(super) fn like(words: &Words<'_>) -> Option<Diagnostic> {
    let is_like =
        |at: &usize| words.text(*at).eq_ignore_ascii_case("like") && words.look(at + 1) == Some(Look::Quoted);
    let at = (0..words.tokens.len()).find(is_like)?;
    let pattern = words.tokens.get(at + 1).filter(|token| token.text.contains('%'))?;
    let begins = !pattern.text.trim_start_matches('"').starts_with('%');
    let meant = if begins { "starts" } else { "contains" };
    let span = words.tokens.get(at)?.span;
    let fixed = words.with_all(&[(span, meant), (pattern.span, &pattern.text.replace('%', ""))])?;
    let message = format!("`{}` is written `{meant}` here, and without `%`", words.text(at));
    Some(Diagnostic::error(Code::Misspelt, span, message).help(write(&fixed, meant)))
}

/// `with deaths != 5`, `who != Anna said what`: only a test can deny.
pub(super) fn unequal(words: &Words<'_>) -> Option<Diagnostic> {
    let at = (0..words.tokens.len())
        .take_while(|at| words.text(*at) != "|")
        .find(|at| until(words, *at, "!=").is_some())?;
    let message = "`!=` is a test, and tests stand behind `| where`";
    Some(
        Diagnostic::error(Code::MisplacedWord, words.between(at, at + 1)?, message)
            .help("write who said what | where who != Anna"),
    )
}

struct Occurrence {
    span: Span,
    meant: String,
}

/// Every phrase that the sentence holds outside quotes, in order, none over another.
fn occurrences(words: &Words<'_>) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.tokens.len() {
        let longest = PHRASES
            .iter()
            .filter_map(|(phrase, meant)| Some((until(words, at, phrase)?, *phrase, *meant)))
            .max_by_key(|(until, ..)| *until);
        let Some((until, _, meant)) = longest else {
            at += 1;
            continue;
        };
        let behind_a_bar = at.checked_sub(1).is_some_and(|before| words.text(before) == "|");
        let meant = if behind_a_bar { meant.trim_start_matches("| ") } else { meant };
        if let Some(span) = words.between(at, until - 1).filter(|span| words.slice(*span) != meant) {
            found.push(Occurrence { span, meant: meant.into() });
        }
        at = until;
    }
    found
}

/// The token behind a phrase that stands at a token: its words in any case, its signs side by side.
fn until(words: &Words<'_>, at: usize, phrase: &str) -> Option<usize> {
    let mut at = at;
    if phrase.starts_with(char::is_alphabetic) {
        for word in phrase.split(' ') {
            words.word(at).filter(|written| written.eq_ignore_ascii_case(word))?;
            at += 1;
        }
        return Some(at);
    }
    let mut end = words.tokens.get(at)?.span.start;
    for sign in phrase.chars() {
        let token =
            words.tokens.get(at).filter(|token| token.look == Look::Mark && token.span.start == end)?;
        token.text.starts_with(sign).then_some(())?;
        end = token.span.end;
        at += 1;
    }
    Some(at)
}

/// The first words of other query languages, each with what one writes here.
const OPENINGS: &[(&str, &str)] = &[
    ("SELECT", "who said what about Pokrovsk | show who, what"),
    ("MATCH", "who said what about Pokrovsk?"),
    ("PREFIX", "who said what about Pokrovsk?"),
    ("CONSTRUCT", "who said what about Pokrovsk?"),
    ("ASK", "Putin said anything about Ukraine?"),
    ("DESCRIBE", "who said what about Pokrovsk?"),
    ("FROM", "who said what about Pokrovsk?"),
    ("INSERT", "Putin said \"…\" about Ukraine."),
    ("CREATE", "Putin said \"…\" about Ukraine."),
    ("MERGE", "Putin said \"…\" about Ukraine."),
    ("UPDATE", "void #c7 because \"…\"."),
    ("DELETE", "void #c7 because \"…\"."),
    ("DROP", "void #c7 because \"…\"."),
    ("WITH", "define relays(?x, ?y) as (anyone said anything via ?y via ?x)."),
];

/// `SELECT … FROM …`, `MATCH (n) RETURN n`
pub(super) fn other_query_language(words: &Words<'_>) -> Option<Diagnostic> {
    if super::mapping::is_meant(words) {
        return None;
    }
    let first = words.tokens.first()?;
    let upper = first.text.to_uppercase();
    let (_, here) = OPENINGS.iter().find(|(word, _)| *word == upper)?;
    let shouted = first.text == upper;
    let foreign = |word: &str| {
        ["from", "return", "values", "into", "*"].iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    (shouted || words.tokens.iter().any(|token| foreign(token.text))).then(|| {
        let message = format!("`{}` is of another query language: here one asks in sentences", first.text);
        Diagnostic::error(Code::Syntax, first.span, message).help(format!("write {here}"))
    })
}
