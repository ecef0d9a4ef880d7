//! Sentences beside which others parse that say something else: `said not that` without its `not`, `refused to comment` with a listener called
//! Comment. Each is told what keeps its sense, before anything else can mend it into another.

use super::words::{KEYWORDS, Look, Words, stages, write};
use crate::diag::{Code, Diagnostic, Span};

/// The words between which verbs of several words stand together.
const PARTICLES: &[&str] =
    &["for", "on", "to", "out", "against", "of", "off", "up", "down", "with", "in", "into", "back", "at"];

fn told(code: Code, span: Span, message: impl Into<String>, fixed: &str, part: &str) -> Diagnostic {
    Diagnostic::error(code, span, message).help(write(fixed, part))
}

/// Where the sentence ends: behind the last token that is no end mark.
fn end(words: &Words<'_>) -> Option<usize> {
    words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))
}

/// `said not that "P"`
pub(super) fn not_before_that(words: &Words<'_>) -> Option<Diagnostic> {
    let at = (1..words.tokens.len()).find(|at| words.text(*at) == "not" && words.text(at + 1) == "that")?;
    let span = words.between(at, at + 1)?;
    let fixed = words.with(span, "that not")?;
    Some(told(Code::MisplacedWord, span, "`not` stands behind `that`", &fixed, "that not"))
}

/// `According to Reuters, Anna said "P".`
pub(super) fn according_to(words: &Words<'_>) -> Option<Diagnostic> {
    let opens = words.text(0).eq_ignore_ascii_case("according") && words.text(1) == "to";
    let comma = (3..words.tokens.len()).find(|at| words.text(*at) == ",").filter(|_| opens)?;
    let carrier = words.slice(words.between(2, comma - 1)?);
    let last = end(words).filter(|last| *last > comma)?;
    let stated = words.between(comma + 1, last)?;
    let fixed = format!("{} via {carrier}{}", words.slice(stated), words.text.get(stated.end..)?.trim());
    let message = "who carried it stands behind it, after `via`";
    words
        .fits(&fixed)
        .then(|| told(Code::MisplacedWord, words.between(0, 1).unwrap_or(stated), message, &fixed, "via …"))
}

/// `called for "P"`, `refused to comment`
pub(super) fn verb_of_several_words(words: &Words<'_>) -> Option<Diagnostic> {
    let verb = words.verb()?;
    let is_word = |at: usize| words.look(at) == Some(Look::Lower);
    // Up to the end, or to where the sentence goes on.
    let last = end(words)?;
    let goes_on =
        |at: &usize| *at == last || matches!(words.text(*at + 1), "about" | "on" | "in" | "via" | "to");
    let run = (verb..=last).take_while(|at| is_word(*at)).filter(goes_on).last();
    let to_the_end = run.filter(|at| *at > verb + 1 && PARTICLES.contains(&words.text(verb + 1)));
    let before_what = is_word(verb + 1)
        && PARTICLES.contains(&words.text(verb + 1))
        && (words.look(verb + 2) == Some(Look::Quoted) || words.text(verb + 2) == "that");
    // `said to` wants somebody who is spoken to.
    if matches!(words.text(verb), "said" | "told" | "wrote") {
        return None;
    }
    let last = to_the_end.or(before_what.then_some(verb + 1))?;
    let span = words.between(verb, last)?;
    let joined = words.slice(span).split_whitespace().collect::<Vec<_>>().join("-");
    let fixed = words.with(span, &joined)?;
    Some(told(Code::Syntax, span, "a verb is one word", &fixed, &joined))
}

/// `Anna apparently said "P"`, `Anna said apparently "P"`
pub(super) fn hedge_in_own_words(words: &Words<'_>) -> Option<Diagnostic> {
    let is_hedge = |at: &usize| {
        let word = words.text(*at);
        words.look(*at) == Some(Look::Lower) && word.ends_with("ly") && !KEYWORDS.contains(&word)
    };
    let at = (1..words.tokens.len()).find(is_hedge)?;
    let hedge = words.tokens.get(at)?;
    let last = words.tokens.get(end(words).filter(|last| *last > at)?)?;
    let behind = format!(" {{hedge: \"{}\"}}", hedge.text);
    let fixed = words.with_all(&[(hedge.span, ""), (Span::new(last.span.end, last.span.end), &behind)])?;
    let message = format!("`{}` is no hedge of the language: others are told in braces", hedge.text);
    let fixed = fixed.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(told(Code::MisplacedWord, hedge.span, message, &fixed, &behind))
}

/// `citing B and C`, `citing B, C`
pub(super) fn several_cited(words: &Words<'_>) -> Option<Diagnostic> {
    let citing = (1..words.tokens.len()).find(|at| words.text(*at) == "citing")?;
    let joins = (citing + 2..words.tokens.len()).filter(|at| matches!(words.text(*at), "and" | "," | "via"));
    let joins: Vec<Span> = joins.filter_map(|at| Some(words.tokens.get(at)?.span)).collect();
    let changes: Vec<(Span, &str)> = joins.iter().map(|span| (*span, " citing")).collect();
    let fixed = words.with_all(&changes).filter(|_| !changes.is_empty())?;
    let message = "each source that is cited has its own `citing`, the outermost first";
    Some(told(Code::MisplacedWord, *joins.first()?, message, &fixed, "citing … citing …"))
}

/// `# a comment`, `// a comment`, `/* a comment */`
pub(super) fn comment(words: &Words<'_>) -> Option<Diagnostic> {
    let (first, second) = (words.tokens.first()?, words.tokens.get(1)?);
    let beside = first.span.end == second.span.start;
    let is_comment = match first.text {
        "#" => !beside,
        "/" => beside && matches!(second.text, "/" | "*"),
        _ => false,
    };
    is_comment.then(|| {
        let span = if first.text == "#" { first.span } else { first.span.to(second.span) };
        Diagnostic::error(Code::Syntax, span, "comments begin with `--` here")
            .help("write -- before the comment")
    })
}

/// `Anna said that Boris said "P".`
pub(super) fn speech_without_brackets(words: &Words<'_>) -> Option<Diagnostic> {
    let that = (1..words.tokens.len()).find(|at| words.text(*at) == "that")?;
    let inner = words.between(that + 1, end(words).filter(|last| *last > that + 1)?)?;
    let bracketed = format!("({})", words.slice(inner));
    let fixed = words.with(inner, &bracketed)?;
    let message = "speech about speech stands in round brackets";
    Some(told(Code::Syntax, inner, message, &fixed, &bracketed))
}

/// `Anna is a person.`, `Anna is the mayor of Velga.`, `Anna is in Velga as mayor.`
pub(super) fn kind_or_role(words: &Words<'_>) -> Option<Diagnostic> {
    let is = (1..words.tokens.len()).find(|at| words.text(*at) == "is")?;
    let is_article = |at: usize| matches!(words.text(at), "a" | "an" | "the");
    if is_article(is + 1) {
        let article = words.tokens.get(is + 1)?.span;
        if let Some(fixed) = words.with(article, "") {
            let fixed = fixed.split_whitespace().collect::<Vec<_>>().join(" ");
            return Some(told(
                Code::MisplacedWord,
                article,
                "kinds have no article",
                &fixed,
                "it without the article",
            ));
        }
    }
    let as_role = (is + 1..words.tokens.len()).find(|at| words.text(*at) == "as");
    if let Some(role) = as_role.and_then(|at| words.tokens.get(at + 1)).filter(|one| one.look == Look::Lower)
    {
        let fix = format!("[{}]", role.text);
        let fixed = words.with(role.span, &fix)?;
        return Some(told(Code::UnbracketedName, role.span, "a role stands in brackets", &fixed, &fix));
    }
    let first = if is_article(is + 1) { is + 2 } else { is + 1 };
    let of = (first + 1..words.tokens.len()).find(|at| matches!(words.text(*at), "of" | "in"))?;
    let (role, group) = (words.between(first, of - 1)?, words.between(of + 1, end(words)?)?);
    let fix = format!("in {} as [{}]", words.slice(group), words.slice(role));
    let span = words.between(is + 1, end(words)?)?;
    let fixed = words.with(span, &fix).filter(|_| words.look(first) == Some(Look::Lower))?;
    Some(told(Code::MisplacedWord, span, "who has a role is in a group, as that", &fixed, &fix))
}

/// `define verb ranted.`
pub(super) fn verb_without_a_meaning(words: &Words<'_>) -> Option<Diagnostic> {
    let last = words.tokens.get(end(words)?)?;
    let defines = words.text(0) == "define" && words.text(1) == "verb" && words.look(2) == Some(Look::Lower);
    let fixed = words.with(Span::new(last.span.end, last.span.end), " as asserted").filter(|_| defines)?;
    Some(told(Code::Syntax, last.span, "a verb is defined by one that is known", &fixed, "as asserted"))
}

/// `trace h1`
pub(super) fn id_without_its_mark(words: &Words<'_>) -> Option<Diagnostic> {
    let is_command = stages().any(|stage| stage == words.text(0));
    let id = words
        .tokens
        .iter()
        .find(|token| token.look == Look::Lower && token.text.ends_with(|c: char| c.is_ascii_digit()))?;
    let fix = format!("#{}", id.text);
    let fixed = words.with(id.span, &fix).filter(|_| is_command)?;
    Some(told(Code::Syntax, id.span, "the id of a claim begins with `#`", &fixed, &fix))
}

/// `who is Milo Drach?`
pub(super) fn who_somebody_is(words: &Words<'_>) -> Option<Diagnostic> {
    let last = end(words)?;
    let asks = matches!(words.text(0), "who" | "Who" | "what" | "What") && words.text(1) == "is";
    let is_name = last > 1 && words.names_end(2) == last + 1 && words.look(2) == Some(Look::Capital);
    let name = words.between(2, last).filter(|_| asks && is_name)?;
    let kind = format!("{} is ?kind?", words.slice(name));
    words.fits(&kind).then(|| {
        let message = "what somebody is is asked with a variable";
        told(Code::Syntax, name, message, &kind, &kind)
            .help(format!("of whom somebody is: {} is in ?group?", words.slice(name)))
    })
}

/// `from 2025-12-01 to 2025-12-07`
pub(super) fn from_to(words: &Words<'_>) -> Option<Diagnostic> {
    let is_date = |at: usize| words.look(at) == Some(Look::Digits);
    let at = (0..words.tokens.len()).find(|at| words.text(*at) == "from" && is_date(at + 1))?;
    let (from, to) = (words.tokens.get(at)?, words.tokens.get(at + 2)?);
    let fixed = words.with_all(&[(from.span, "between"), (to.span, "and")])?;
    let span = words.between(at, at + 3)?;
    Some(told(Code::Misspelt, span, "a span of time is `between … and …` here", &fixed, "between … and …"))
}

/// `document "p" by Daily, 2025-12-01.`
pub(super) fn date_behind_a_comma(words: &Words<'_>) -> Option<Diagnostic> {
    let is_it = |at: &usize| words.text(*at) == "," && words.look(at + 1) == Some(Look::Digits);
    let comma = words.tokens.get((1..words.tokens.len()).find(is_it)?)?.span;
    let fixed = words.with(comma, " on")?;
    Some(told(Code::Syntax, comma, "a date stands behind `on`", &fixed, "on"))
}

/// `| where who = Anna or Boris`
pub(super) fn or_between_values(words: &Words<'_>) -> Option<Diagnostic> {
    let test = (0..words.tokens.len()).find(|at| words.text(*at) == "where")?;
    let is_sign =
        |at: &usize| matches!(words.text(*at), "=" | "!=" | "<" | ">" | "has" | "contains" | "starts");
    let sign = (test + 2..words.tokens.len()).find(is_sign)?;
    let or = (sign + 2..words.tokens.len()).find(|at| words.text(*at) == "or")?;
    let again = format!("or {}", words.slice(words.between(test + 1, sign)?));
    let fixed = words.with(words.tokens.get(or)?.span, &again)?;
    let message = "`or` joins tests: each says of what it is";
    Some(told(Code::AndOr, words.tokens.get(or)?.span, message, &fixed, &again))
}
