//! Names that are not written as names: in quotes, in lower case, with small words, or joined by `and`.

use super::words::{KEYWORDS, Look, Words, stages, write};
use crate::diag::{Code, Diagnostic, Span};

/// `"Vladimir Putin" said …`, `about "Pokrovsk"`
pub(super) fn quoted(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().enumerate().filter(|(_, token)| token.look == Look::Quoted).find_map(|(at, token)| {
        let name = token.text.trim_matches(|c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»')).trim();
        let after = at.checked_sub(1).and_then(|before| words.tokens.get(before)).map(|before| before.text);
        let place =
            at == 0 || matches!(after, Some("about" | "via" | "to" | "by" | "in" | "," | "of" | "and"));
        let fix = as_name(name);
        let fixed = words.with(token.span, &fix).filter(|_| place && !name.is_empty())?;
        let message = "a name is not written in quotes: quotes are for what was said";
        Some(Diagnostic::error(Code::QuotedName, token.span, message).help(write(&fixed, &fix)))
    })
}

/// A name as it would be written.
fn as_name(name: &str) -> String {
    let bare = name.split(' ').all(|word| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase())
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'))
    });
    if bare { name.into() } else { format!("[{name}]") }
}

/// `about Pokrovsk and Vovchansk`, `Anna or Boris said`
pub(super) fn in_a_list(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().find_map(|token| {
        if !matches!(token.text, "and" | "or" | "&") {
            return None;
        }
        // The comma stands where the blank before the word did, or stands there already.
        let start = words.text.get(..token.span.start)?.trim_end_matches([' ', '\n', ',']).len();
        let fixed = words.with(Span::new(start, token.span.end), ",")?;
        let message = format!("`{}` does not join names: it joins sentences", token.text);
        let mut diagnostic = Diagnostic::error(Code::AndOr, token.span, message);
        diagnostic = if token.text == "or" {
            diagnostic.help("write `any of` before the names and commas between: any of A, B")
        } else {
            diagnostic.help(write(&fixed, ", between them"))
        };
        Some(diagnostic.help("`any of A, B`, `all of A, B` and `none of A, B` say how a list is meant"))
    })
}

/// Words that stand in lower case inside names.
const SMALL: &[&str] = &[
    "of", "the", "de", "la", "le", "du", "des", "del", "della", "von", "van", "der", "den", "di", "da",
    "dos", "for", "and", "in", "on", "al", "el", "bin", "ibn", "y", "e", "und", "zu", "af", "av", "und",
];

/// `Bank of America said …`
pub(super) fn with_a_small_word(words: &Words<'_>) -> Option<Diagnostic> {
    let look = |at: usize| words.tokens.get(at).map(|token| token.look);
    (0..words.tokens.len()).find_map(|first| {
        if look(first) != Some(Look::Capital) || first > 0 && look(first - 1) == Some(Look::Capital) {
            return None;
        }
        // The longest run that parses as one name wins.
        let ends = (first + 1..words.tokens.len().min(first + 8)).take_while(|at| {
            look(*at) == Some(Look::Capital) || words.word(*at).is_some_and(|word| SMALL.contains(&word))
        });
        let ends: Vec<usize> = ends.filter(|at| look(*at) == Some(Look::Capital)).collect();
        ends.into_iter()
            .rev()
            .find_map(|last| bracketed(words, first, last, Code::UnbracketedName, small_word))
    })
}

fn small_word(name: &str) -> String {
    format!("a name with a small word needs brackets: `{name}`")
}

fn lower_case(name: &str) -> String {
    format!("`{name}` begins in lower case and reads as a verb or keyword")
}

fn bracketed(
    words: &Words<'_>,
    first: usize,
    last: usize,
    code: Code,
    message: fn(&str) -> String,
) -> Option<Diagnostic> {
    let span = Span::new(words.tokens.get(first)?.span.start, words.tokens.get(last)?.span.end);
    let name = words.slice(span);
    if !name.contains(' ') && code == Code::UnbracketedName {
        return None;
    }
    let fix = format!("[{name}]");
    let fixed = words.with(span, &fix)?;
    let mut diagnostic = Diagnostic::error(code, span, message(name));
    if code == Code::LowercaseName && !name.contains(' ') {
        let capital = capitalised(name);
        let fixed = words.with(span, &capital).unwrap_or(fixed);
        diagnostic = diagnostic.help(write(&fixed, &capital));
        return Some(diagnostic.help(format!("or {fix}, to keep it in lower case")));
    }
    diagnostic = diagnostic.help(write(&fixed, &fix));
    Some(diagnostic)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const OPENINGS: &[&str] = &[
    "how", "why", "where", "did", "does", "do", "are", "was", "were", "has", "please", "show", "find", "list",
];

/// `putin said …`, `about pokrovsk`, `via von der Leyen`
pub(super) fn in_lower_case(words: &Words<'_>) -> Option<Diagnostic> {
    (0..words.tokens.len()).find_map(|first| {
        let word = words.word(first)?;
        let before =
            first.checked_sub(1).and_then(|before| words.tokens.get(before)).map(|before| before.text);
        let place = first == 0
            || before.is_some_and(|before| {
                matches!(before, "about" | "via" | "to" | "by" | "," | "of" | "in" | "told")
            });
        // What opens an English question is no name.
        let opens = first == 0 && (OPENINGS.contains(&word) || stages().any(|stage| stage == word));
        if !place || opens || KEYWORDS.contains(&word) || words.tokens.get(first)?.look != Look::Lower {
            return None;
        }
        let run = (first..words.tokens.len().min(first + 6)).take_while(|at| {
            words.word(*at).is_some_and(|word| !KEYWORDS.contains(&word) || SMALL.contains(&word))
        });
        let run: Vec<usize> = run.collect();
        // A speaker is followed by its verb, so the shortest fits; elsewhere the longest.
        let mut tries: Vec<usize> = run;
        if first > 0 {
            tries.reverse();
        }
        tries.into_iter().find_map(|last| bracketed(words, first, last, Code::LowercaseName, lower_case))
    })
}

/// `J. D. Vance said …`: the full stop ended the sentence.
pub(super) fn initial(words: &Words<'_>) -> Option<Diagnostic> {
    let [name, stop] = words.tokens[..] else { return None };
    let is_initial = name.look == Look::Capital && name.text.chars().count() <= 3 && stop.text == ".";
    is_initial.then(|| {
        let message = format!("`{}.` ended the sentence here", name.text);
        Diagnostic::error(Code::UnbracketedName, name.span, message)
            .help("a name with full stops needs brackets: [J. D. Vance]")
    })
}
