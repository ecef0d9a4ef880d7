//! Sentences in another order than the language has: the passive, the quote in front, the listener behind, `whom` as the speaker.

use super::words::{KEYWORDS, Look, Words, write};
use crate::diag::{Code, Diagnostic, Span};

/// `Putin was told by Peskov "P"`, `Anna has said "P"`
pub(super) fn passive(words: &Words<'_>) -> Option<Diagnostic> {
    (1..words.tokens.len()).find_map(|at| {
        let helper = words.text(at);
        let perfect = matches!(helper, "has" | "have" | "had");
        let verb = words.tokens.get(at + 1).filter(|verb| {
            let past = verb.text.ends_with(['d', 't', 'n']) || verb.text.ends_with("ing");
            verb.look == Look::Lower && past && !KEYWORDS.contains(&verb.text)
        })?;
        let start = words.tokens.get(at)?.span.start;
        let fixed = if perfect {
            words.with(Span::new(start, verb.span.start), "")?
        } else if matches!(helper, "was" | "were" | "been" | "is" | "are" | "being") {
            active(words, at).or_else(|| (helper != "is" || verb.text.ends_with("ing")).then(String::new))?
        } else {
            return None;
        };
        let span = Span::new(start, verb.span.end);
        let message = format!(
            "the language has no `{}`: verbs stand in the simple past, behind the speaker",
            words.slice(span)
        );
        let example = "Peskov told Putin \"…\"";
        let help = if fixed.is_empty() { format!("write {example}") } else { write(&fixed, example) };
        Some(Diagnostic::error(Code::MisplacedWord, span, message).help(help))
    })
}

/// The sentence with the one behind `by` as its speaker.
fn active(words: &Words<'_>, helper: usize) -> Option<String> {
    let by = (helper + 2..words.tokens.len()).find(|at| words.text(*at) == "by")?;
    let end = words.names_end(by + 1);
    let span = |first: usize, last: usize| words.between(first, last).map(|span| words.slice(span));
    let speaker = span(by + 1, end.checked_sub(1).filter(|last| *last > by)?)?;
    let verb = words.text(helper + 1);
    let one_asked = |subject: &str| {
        if subject.eq_ignore_ascii_case("who") { "whom".to_string() } else { subject.to_string() }
    };
    let subject = one_asked(span(0, helper - 1)?);
    let inside = if by > helper + 2 { format!(" {}", span(helper + 2, by - 1)?) } else { String::new() };
    let rest = words.text.get(words.tokens.get(end - 1)?.span.end..)?;
    let changed = format!("{speaker} {verb} {subject}{inside}{rest}");
    words.fits(&changed).then_some(changed)
}

/// `"P", said Anna`
pub(super) fn quote_in_front(words: &Words<'_>) -> Option<Diagnostic> {
    let quote = words.tokens.first().filter(|token| token.look == Look::Quoted)?;
    let comma = words.text(1) == ",";
    let verb = if comma { 2 } else { 1 };
    let inside = quote.text.get(1..quote.text.len() - 1)?.trim_end_matches(',');
    let end = words.names_end(verb + 1);
    if words.look(verb) != Some(Look::Lower) || end == verb + 1 || KEYWORDS.contains(&words.text(verb)) {
        return None;
    }
    // `"Vladimir Putin" told Peskov` is a quoted speaker.
    if !comma && !inside.contains(' ') && !quote.text.contains(',') {
        return None;
    }
    let speaker = words.slice(words.between(verb + 1, end - 1)?);
    let rest = words.text.get(words.tokens.get(end - 1)?.span.end..)?;
    let changed = format!("{speaker} {} \"{inside}\"{rest}", words.text(verb));
    words.fits(&changed).then(|| {
        let message = "the speaker stands in front, and what was said behind the verb";
        Diagnostic::error(Code::MisplacedWord, quote.span, message).help(write(&changed, "who said \"…\""))
    })
}

/// `Anna said "P" to Boris`, `who said what to whom?`
pub(super) fn listener_behind(words: &Words<'_>) -> Option<Diagnostic> {
    let verb = words.verb()?;
    (verb + 2..words.tokens.len()).find_map(|to| {
        if words.text(to) != "to" {
            return None;
        }
        let end = words.names_end(to + 1);
        let listener = words.slice(words.between(to + 1, end.checked_sub(1).filter(|last| *last > to)?)?);
        let listener = if listener == "who" { "whom" } else { listener };
        let content = words.slice(words.between(verb + 1, to - 1)?);
        let head = words.text.get(..words.tokens.get(verb)?.span.end)?;
        let rest = words.text.get(words.tokens.get(end - 1)?.span.end..)?;
        let told = format!("{head} to {listener} {content}{rest}");
        words.fits(&told).then(|| {
            let message = "who is spoken to stands before what was said";
            let span = words.tokens.get(to).map_or(Span::default(), |token| token.span);
            Diagnostic::error(Code::MisplacedWord, span, message).help(write(&told, "said to Boris \"…\""))
        })
    })
}

/// `whom said what?`
pub(super) fn whom_speaks(words: &Words<'_>) -> Option<Diagnostic> {
    (0..words.tokens.len()).find_map(|at| {
        let token = words.tokens.get(at).filter(|token| matches!(token.text, "whom" | "Whom"))?;
        let fixed = words.with(token.span, "who")?;
        let message = "`whom` asks who was spoken to: who speaks is asked with `who`";
        Some(Diagnostic::error(Code::MisplacedWord, token.span, message).help(write(&fixed, "who")))
    })
}

/// `not who = Anna`, `and not Anna said "P"`
pub(super) fn not_without_brackets(words: &Words<'_>) -> Option<Diagnostic> {
    let last = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    (0..last).find_map(|at| {
        let not = words.tokens.get(at).filter(|token| token.text == "not")?;
        let joins = |at: &usize| matches!(words.text(*at), "and" | "or" | "|");
        let end = (at + 2..=last).find(joins).map_or(last, |next| next - 1);
        let denied = words.between(at + 1, end)?;
        let whole = format!("not ({})", words.slice(denied));
        let fixed = words.with(not.span.to(denied), &whole)?;
        let message = "what `not` denies stands in brackets";
        Some(Diagnostic::error(Code::MisplacedWord, not.span, message).help(write(&fixed, &whole)))
    })
}

/// `what did Putin say about Ukraine?`, `did Putin say "P"?`
pub(super) fn did(words: &Words<'_>) -> Option<Diagnostic> {
    let at = (0..2).find(|at| words.text(*at).eq_ignore_ascii_case("did"))?;
    let asked = if at == 1 { words.text(0).to_lowercase() } else { String::new() };
    let verb = words.names_end(at + 1);
    let speaker = words.slice(words.between(at + 1, verb.checked_sub(1).filter(|last| *last > at)?)?);
    let past = past(words.word(verb)?);
    let listener = words.names_end(verb + 1);
    let told = if listener > verb + 1 { words.slice(words.between(verb + 1, listener - 1)?) } else { "" };
    let from = words.tokens.get(listener - 1)?.span.end;
    let end =
        words.tokens.last().filter(|last| last.text == "?").map_or(words.text.len(), |last| last.span.start);
    let rest = words.text.get(from..end)?.trim();
    let parts = match asked.as_str() {
        "" => [speaker, &past, told, rest, ""],
        "what" if told.is_empty() => [speaker, &past, "what", rest, ""],
        "what" => [speaker, &past, told, "what", rest],
        "who" | "whom" => [speaker, &past, "whom", rest, ""],
        "when" => [speaker, &past, told, rest, "when"],
        _ => return None,
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let fixed = format!("{}?", parts.join(" "));
    words.fits(&fixed).then(|| {
        let span = words.tokens.get(at).map_or(Span::default(), |token| token.span);
        let message = "a question has the words of a statement in their order, and blanks";
        Diagnostic::error(Code::MisplacedWord, span, message)
            .help(write(&fixed, "Putin said what about Ukraine?"))
    })
}

/// The simple past of a verb, as far as verbs of speech go.
fn past(verb: &str) -> String {
    match verb {
        "say" => "said".into(),
        "tell" => "told".into(),
        "write" => "wrote".into(),
        "deny" => "denied".into(),
        "think" => "thought".into(),
        _ if verb.ends_with('e') => format!("{verb}d"),
        _ => format!("{verb}ed"),
    }
}
