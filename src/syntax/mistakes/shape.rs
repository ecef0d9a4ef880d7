//! Sentences of the wrong shape: something unclosed, an end mark that says the opposite, a missing bar, a word in the wrong place.

use super::words::{KEYWORDS, Look, Token, Words, stages, write};
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

/// `who said what.`
pub(super) fn question_with_a_full_stop(words: &Words<'_>) -> Option<Diagnostic> {
    let stop = words.tokens.last().filter(|token| token.text == ".")?;
    let fixed = words.with(stop.span, "?")?;
    let message = "a full stop records a statement, and this is a question";
    Some(Diagnostic::error(Code::WrongEnd, stop.span, message).help(write(&fixed, "? at its end")))
}

/// `who said what show who`
pub(super) fn missing_bar(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().enumerate().skip(1).find_map(|(at, token)| {
        let after_a_bar = words.tokens.get(at - 1).is_some_and(|before| before.text == "|");
        if stages().all(|stage| stage != token.text) || after_a_bar {
            return None;
        }
        let place = Span::new(token.span.start, token.span.start);
        let fixed = words.with(place, "| ");
        // A second bar may be missing further on.
        let rest = words.text.get(..token.span.start).unwrap_or("");
        let begins = fixed.is_some() || words.fits(&format!("{}?", rest.trim_end()));
        begins.then(|| {
            let message = format!("`{}` begins a stage and needs a bar before it", token.text);
            let part = format!("| {} …", token.text);
            let help = fixed.map_or_else(|| format!("write {part}"), |fixed| write(&fixed, &part));
            Diagnostic::error(Code::MissingBar, token.span, message).help(help)
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
    "retracting",
    "organization",
    "support",
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
        let known = KEYWORDS.iter().copied().chain(stages()).chain(MEANT.iter().copied());
        let lower = token.text.to_lowercase();
        if token.look != Look::Lower && at > 0 || lower.len() < 3 || known.clone().any(|known| known == lower)
        {
            return None;
        }
        let within = if lower.len() <= 3 { 1 } else { 2 };
        let mut near: Vec<(usize, &str)> = known
            .map(|known| (strsim::damerau_levenshtein(known, &lower), known))
            .filter(|(distance, known)| *distance <= within && known.len() + 1 >= lower.len().min(4))
            .collect();
        near.sort_unstable();
        near.into_iter().find_map(|(_, meant)| {
            let fixed = words.with(token.span, meant)?;
            let message =
                format!("`{}` is no word of the language here: perhaps `{meant}` is meant", token.text);
            Some(Diagnostic::error(Code::Misspelt, token.span, message).help(write(&fixed, meant)))
        })
    })
}

/// `Anna said that the bridge is open.`
pub(super) fn unquoted_content(words: &Words<'_>) -> Option<Diagnostic> {
    let last = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    let verb = words.verb()?;
    let that = (verb + 1..last).find(|at| words.text(*at) == "that");
    let first = that.unwrap_or(verb) + 1;
    // Up to the end, or to where the rest of the sentence goes on: the fewest words that leave a sentence.
    let ends = (first..last).filter(|at| GO_ON.contains(&words.text(at + 1))).chain([last]);
    ends.into_iter().find_map(|end| {
        let said = words.between(first, end)?;
        let plain = |at: usize| match words.look(at) {
            Some(Look::Capital | Look::Lower | Look::Digits) => {
                !matches!(words.text(at), "who" | "whom" | "what" | "anything")
            }
            _ => matches!(words.text(at), "," | "-" | "–" | "—" | "%" | "€" | "$" | ":" | "!" | "'" | "’"),
        };
        // One word alone might be whom a verb speaks of.
        let is_said = matches!(words.text(verb), "said" | "claimed" | "stated" | "denied" | "wrote");
        let is_text = (end > first || is_said) && (first..=end).all(plain);
        let in_lower_case = (first..=end)
            .any(|at| words.look(at) == Some(Look::Lower) && !KEYWORDS.contains(&words.text(at)));
        if !is_text || !in_lower_case {
            return None;
        }
        let quoted = format!("\"{}\"", words.slice(said));
        let fixed = words.with(said, &quoted)?;
        let message = "what was said stands in quotes";
        Some(Diagnostic::error(Code::Syntax, said, message).help(write(&fixed, &quoted)))
    })
}

/// `corroborate the bridge is open`
pub(super) fn unquoted_target(words: &Words<'_>) -> Option<Diagnostic> {
    if !matches!(words.text(0), "trace" | "corroborate" | "weakest") {
        return None;
    }
    let end = (1..words.tokens.len()).find(|at| matches!(words.text(*at), "." | "?" | ";" | "|"));
    let last = end.unwrap_or(words.tokens.len()).checked_sub(1).filter(|last| *last > 1)?;
    let said = words.between(1, last)?;
    let is_text =
        (1..=last).all(|at| matches!(words.look(at), Some(Look::Capital | Look::Lower | Look::Digits)));
    let quoted = format!("\"{}\"", words.slice(said));
    let fixed = words.with(said, &quoted).filter(|_| is_text)?;
    Some(Diagnostic::error(Code::Syntax, said, "what was said stands in quotes").help(write(&fixed, &quoted)))
}

/// The words with which a claim goes on behind its content.
const GO_ON: &[&str] = &[
    "about", "on", "in", "before", "after", "between", "for", "via", "first", "last", "directly", "source",
    "if", "with",
];

/// What stands behind a word with which no sentence ends, as one would write it.
const BEHIND: &[(&str, &str)] = &[
    ("about", "about Pokrovsk"),
    ("via", "via Reuters"),
    ("on", "on 2025-12-01"),
    ("in", "in 2025-12"),
    ("before", "before 2025-12-01"),
    ("after", "after 2025-12-01"),
    ("between", "between 2025-11-01 and 2025-12-01"),
    ("for", "for 2025-12"),
    ("if", "if \"the talks fail\""),
    ("with", "with deaths > 10"),
    ("source", "source <https://example.org/1>"),
    ("and", "and Putin denied what"),
    ("or", "or Putin denied what"),
];

/// `who said what about`: it breaks off.
pub(super) fn breaks_off(words: &Words<'_>) -> Option<Diagnostic> {
    let last = words.tokens.iter().rev().find(|token| !matches!(token.text, "." | "?" | ";"))?;
    let (word, whole) = BEHIND.iter().find(|(word, _)| *word == last.text)?;
    let message = format!("something is missing behind `{word}`");
    Some(Diagnostic::error(Code::Syntax, last.span, message).help(format!("go on, as {whole}")))
}

/// A word that fits elsewhere: without it the sentence parses.
pub(super) fn misplaced(words: &Words<'_>) -> Option<Diagnostic> {
    // A blank asks, and without these the sentence would say something else.
    let blank = |word: &str| {
        matches!(
            word,
            "who"
                | "whom"
                | "what"
                | "which"
                | "anyone"
                | "anything"
                | "is"
                | "not"
                | "or"
                | "and"
                | "to"
                | "for"
                | "by"
                | "none"
        )
    };
    let keywords = words.tokens.iter().filter(|token| KEYWORDS.contains(&token.text) && !blank(token.text));
    keywords.into_iter().find_map(|token| {
        let rest = words.with(token.span, "")?;
        let message = format!("`{}` does not fit here", token.text);
        let help = match token.text {
            "first" | "last" | "directly" => format!("write it before `via`: {0} via Reuters", token.text),
            "verbatim" => "write it behind the quoted text: said \"…\" verbatim".into(),
            "exactly" => "write it before the verb: Anna exactly said \"…\"".into(),
            "allegedly" | "reportedly" | "possibly" | "probably" => {
                format!("write it before the quoted text, or behind a carrier: via UNN ({0})", token.text)
            }
            _ => write(&rest, "it without that word"),
        };
        Some(Diagnostic::error(Code::MisplacedWord, token.span, message).help(help))
    })
}

/// `for 2031-03-18..` with nothing behind it: the two dots are the range, and no end.
pub(super) fn open_range(words: &Words<'_>) -> Option<Diagnostic> {
    (0..words.tokens.len()).find_map(|at| {
        let dots = words.between(at, at + 1).filter(|span| words.slice(*span) == "..")?;
        let before = words.text.get(..dots.end)?;
        let sentence = format!("{before}.");
        (at > 0 && words.look(at - 1) == Some(Look::Digits) && words.fits(&sentence)).then(|| {
            let message = "these two dots leave the range open, and the sentence has no full stop of its own";
            Diagnostic::error(Code::WrongEnd, dots, message).help(write(&sentence, "a third dot"))
        })
    })
}

/// Two sentences without a full stop between, each on its line; or with one and no blank behind it.
pub(super) fn two_sentences(words: &Words<'_>) -> Option<Diagnostic> {
    (1..words.tokens.len()).find_map(|at| {
        let (before, next) = (words.tokens.get(at - 1)?, words.tokens.get(at)?);
        let (first, rest) = (words.text.get(..before.span.end)?, words.text.get(next.span.start..)?);
        let dot = before.text == "." && before.span.end == next.span.start;
        let line = words.slice(Span::new(before.span.end, next.span.start)).contains('\n');
        if dot && words.fits(first) && words.fits(rest) {
            let message = "a blank is missing behind this full stop";
            return Some(
                Diagnostic::error(Code::WrongEnd, before.span, message)
                    .help(format!("write `. {}`", next.text)),
            );
        }
        if !line {
            return None;
        }
        let statement = format!("{first}.");
        let asks = words.tokens.iter().take(at).any(|token| {
            matches!(token.text, "who" | "Who" | "whom" | "what" | "which" | "when" | "anyone" | "anything")
                || token.text.starts_with('?')
        });
        let (ended, mark) = if asks { (format!("{first}?"), '?') } else { (statement, '.') };
        (words.fits(&ended) && words.fits(rest)).then(|| {
            let message = format!("a `{mark}` is missing behind this: the next line begins another sentence");
            let shown = ended.rsplit('\n').next().unwrap_or("").trim();
            Diagnostic::error(Code::WrongEnd, before.span, message)
                .help(write(shown, &format!("{}{mark}", before.text)))
        })
    })
}
