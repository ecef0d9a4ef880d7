//! Sentences of the wrong shape: something unclosed, an end mark that says the opposite, a missing bar, a word in the wrong place.

use super::words::{KEYWORDS, Look, STAGES, Token, Words};
use crate::diag::{Code, Diagnostic, Span};

/// A parenthesis or brace that is never closed, or closed without being opened.
pub(super) fn unclosed(words: &Words<'_>) -> Option<Diagnostic> {
    let mut open: Vec<&Token<'_>> = Vec::new();
    for token in words.tokens.iter().filter(|token| token.look == Look::Mark) {
        match token.text {
            "(" | "{" => open.push(token),
            ")" | "}" => {
                let opening = if token.text == ")" { "(" } else { "{" };
                match open.pop() {
                    Some(last) if last.text == opening => {}
                    Some(last) => return Some(never_closed(last)),
                    None => {
                        let message = format!("this `{}` closes nothing", token.text);
                        let help = format!("take it out, or write `{opening}` where it begins");
                        return Some(Diagnostic::error(Code::Unclosed, token.span, message).help(help));
                    }
                }
            }
            _ => {}
        }
    }
    open.first().map(|token| never_closed(token))
}

fn never_closed(token: &Token<'_>) -> Diagnostic {
    let close = if token.text == "(" { ")" } else { "}" };
    Diagnostic::error(Code::Unclosed, token.span, format!("this `{}` is never closed", token.text))
        .help(format!("write `{close}` where it ends"))
}

/// `Peskov did not say`, `didn't say`, `not said`, `never said`: three different things.
pub(super) fn did_not_say(words: &Words<'_>) -> Option<Diagnostic> {
    let negation = words.tokens.windows(2).enumerate().find_map(|(at, pair)| {
        let [first, second] = pair else { return None };
        let plain = |token: &Token<'_>| token.look == Look::Lower && !KEYWORDS.contains(&token.text);
        let contracted = ["didn't", "didn’t", "doesn't", "doesn’t", "hasn't", "hasn’t", "won't", "won’t"];
        match first.text {
            "did" | "does" | "has" | "do" if second.text == "not" => {
                let verb = words.tokens.get(at + 2).filter(|token| plain(token))?;
                Some((first.span.start, *verb))
            }
            "not" | "never" if plain(second) && at > 0 => {
                let name = words.tokens.get(at - 1)?;
                let after_a_name = matches!(name.look, Look::Capital | Look::Marked)
                    || matches!(name.text, "who" | "anyone");
                after_a_name.then_some((first.span.start, *second))
            }
            word if contracted.contains(&word) && plain(second) => Some((first.span.start, *second)),
            _ => None,
        }
    })?;
    let (start, verb) = negation;
    let span = Span::new(start, verb.span.end);
    let subject = words.text.get(..start).unwrap_or("").trim();
    let subject = if subject.is_empty() || subject.len() > 60 { "Peskov" } else { subject };
    let message = format!("`{}` could mean three things", words.slice(span));
    Some(
        Diagnostic::error(Code::NotSaid, span, message)
            .help(format!("that it is not so: {subject} said that not \"…\""))
            .help(format!("that there is no record of it: not ({subject} said \"…\")"))
            .help(format!("that there was no answer: {subject} declined-to-say \"…\"")),
    )
}

/// `was told by`, `was said by`, `has said`
pub(super) fn passive(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.windows(2).find_map(|pair| {
        let [first, second] = pair else { return None };
        let helper = matches!(first.text, "was" | "were" | "been" | "has" | "have" | "had" | "is" | "being");
        let verb = second.look == Look::Lower
            && second.text.ends_with(['d', 't', 'n'])
            && !KEYWORDS.contains(&second.text);
        if !helper || !verb || first.text == "is" && second.text.len() < 4 {
            return None;
        }
        let span = Span::new(first.span.start, second.span.end);
        if matches!(first.text, "has" | "have" | "had") {
            words.with(Span::new(first.span.start, second.span.start), "")?;
        } else if first.text == "is" && words.tokens.iter().all(|token| token.text != "by") {
            return None;
        }
        let message = format!(
            "the language has no `{}`: verbs stand in the simple past, with the speaker in front",
            words.slice(span)
        );
        Some(
            Diagnostic::error(Code::MisplacedWord, span, message)
                .help("write who said what to whom: Peskov told Putin \"…\""),
        )
    })
}

/// `who said what.`
pub(super) fn question_with_a_full_stop(words: &Words<'_>) -> Option<Diagnostic> {
    let stop = words.tokens.last().filter(|token| token.text == ".")?;
    let fixed = words.with(stop.span, "?")?;
    let message = "a full stop records a statement, and this is a question";
    let short = if fixed.len() <= 100 { fixed.as_str() } else { "…?" };
    Some(Diagnostic::error(Code::WrongEnd, stop.span, message).help(format!("end it with `?`: {short}")))
}

/// `who said what show who`
pub(super) fn missing_bar(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().enumerate().skip(1).find_map(|(at, token)| {
        let after_a_bar = words.tokens.get(at - 1).is_some_and(|before| before.text == "|");
        if !STAGES.contains(&token.text) || after_a_bar {
            return None;
        }
        let place = Span::new(token.span.start, token.span.start);
        let fixed = words.with(place, "| ");
        // A second bar may be missing further on.
        let rest = words.text.get(..token.span.start).unwrap_or("");
        let begins = fixed.is_some() || words.fits(&format!("{}?", rest.trim_end()));
        begins.then(|| {
            let message = format!("`{}` begins a stage and needs a bar before it", token.text);
            let shown =
                fixed.filter(|fixed| fixed.len() <= 100).unwrap_or_else(|| format!("| {} …", token.text));
            Diagnostic::error(Code::MissingBar, token.span, message).help(format!("write {shown}"))
        })
    })
}

/// `A and B or C`
pub(super) fn mixed_and_or(words: &Words<'_>) -> Option<Diagnostic> {
    let mut first: Vec<Option<&Token<'_>>> = vec![None];
    let mut between = 0;
    for token in &words.tokens {
        match (token.look, token.text) {
            (Look::Mark, "(") => first.push(None),
            (Look::Mark, ")") => {
                first.pop();
            }
            (Look::Mark, "|") => {
                if let Some(last) = first.last_mut() {
                    *last = None;
                }
            }
            (_, "between") => between += 1,
            (_, "and") if between > 0 => between -= 1,
            (_, "and" | "or") => {
                let known = first.last_mut()?;
                match known {
                    Some(before) if before.text != token.text => {
                        let message =
                            "`and` and `or` stand side by side, and it is not said which binds first";
                        return Some(
                            Diagnostic::error(Code::AndOr, token.span, message)
                                .label(before.span, format!("`{}` here", before.text))
                                .help("put the part that belongs together in brackets: (A and B) or C"),
                        );
                    }
                    Some(_) => {}
                    None => *known = Some(token),
                }
            }
            _ => {}
        }
    }
    None
}

/// Everything that may be meant by a misspelt word.
const MEANT: &[&str] = &[
    "declined-to-say",
    "document",
    "language",
    "citing",
    "titled",
    "define",
    "explain",
    "timeline",
    "conflicts",
    "impact",
    "retracting",
    "distinct",
    "matches",
    "contains",
    "starts",
    "because",
    "void",
    "known",
    "unknown",
    "today",
    "yesterday",
    "inferred",
    "marked",
    "recorded",
    "desc",
    "asc",
    "list",
    "end",
];

/// `abuot`, `shwo`
pub(super) fn misspelt(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().enumerate().find_map(|(at, token)| {
        let known = KEYWORDS.iter().chain(STAGES).chain(MEANT);
        let lower = token.text.to_lowercase();
        if token.look != Look::Lower && at > 0
            || lower.len() < 3
            || known.clone().any(|known| *known == lower)
        {
            return None;
        }
        let within = if lower.len() <= 3 { 1 } else { 2 };
        let mut near: Vec<(usize, &str)> = known
            .map(|known| (strsim::damerau_levenshtein(known, &lower), *known))
            .filter(|(distance, known)| *distance <= within && known.len() + 1 >= lower.len().min(4))
            .collect();
        near.sort_unstable();
        near.into_iter().find_map(|(_, meant)| {
            let fixed = words.with(token.span, meant)?;
            let message = format!("`{}` is no word of the language here", token.text);
            let shown = if fixed.len() <= 100 { fixed } else { meant.into() };
            Some(
                Diagnostic::error(Code::Misspelt, token.span, message)
                    .help(format!("did you mean `{meant}`? {shown}")),
            )
        })
    })
}

/// `Anna said that the bridge is open.`
pub(super) fn unquoted_content(words: &Words<'_>) -> Option<Diagnostic> {
    let last = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    let verb = words.tokens.iter().position(|token| {
        token.look == Look::Lower && !KEYWORDS.contains(&token.text) && token.span.start > 0
    })?;
    let first = verb + if words.word(verb + 1) == Some("that") { 2 } else { 1 };
    let from = words.tokens.get(first)?.span.start;
    // The words up to the end, or up to where the rest of the sentence goes on.
    (first..=last).rev().find_map(|end| {
        let span = Span::new(from, words.tokens.get(end)?.span.end);
        let said = words.slice(span);
        if said.contains(['"', '“', '«', '„']) || end == first {
            return None;
        }
        let fixed = words.with(span, &format!("\"{said}\""))?;
        let message = "what was said stands in quotes";
        let shown = if fixed.len() <= 120 { fixed } else { "\"…\"".into() };
        Some(Diagnostic::error(Code::Syntax, span, message).help(format!("write {shown}")))
    })
}

/// A word that fits elsewhere: without it the sentence parses.
pub(super) fn misplaced(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().filter(|token| KEYWORDS.contains(&token.text)).find_map(|token| {
        let rest = words.with(token.span, "")?;
        let message = format!("`{}` does not fit here", token.text);
        let help = match token.text {
            "first" | "last" | "directly" => {
                format!("`{0}` stands before `via`: {0} via Reuters", token.text)
            }
            "verbatim" => "`verbatim` stands behind the quoted text".into(),
            "exactly" => "`exactly` stands before the verb: Anna exactly said \"…\"".into(),
            "allegedly" | "reportedly" | "possibly" | "probably" => {
                format!(
                    "`{0}` stands before the quoted text, or in a hop's brackets: via UNN ({0})",
                    token.text
                )
            }
            _ => format!("without it: {}", rest.split_whitespace().collect::<Vec<_>>().join(" ")),
        };
        Some(Diagnostic::error(Code::MisplacedWord, token.span, message).help(help))
    })
}
