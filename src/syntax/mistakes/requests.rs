//! What people write who ask as they would ask a person, or another program: requests, stages behind the end, columns behind a comma,
//! names of several words.

use super::words::{KEYWORDS, Look, Words, stages, write};
use crate::diag::{Code, Diagnostic, Span};

/// `who said what? | show who`: the part behind the question mark is what stands here.
pub(super) fn behind_the_end(words: &Words<'_>) -> Option<Diagnostic> {
    let bar = words.tokens.first().filter(|token| token.text == "|")?;
    let message = "this stage has no question: the end mark before it ended that";
    let stage = words.text.trim().trim_end_matches(['.', '?', ';']);
    Some(
        Diagnostic::error(Code::Syntax, bar.span, message)
            .help(format!("put the `?` behind the last stage, or leave it away: who said what {stage}")),
    )
}

/// `help`, `exit`; the point of `.mode csv`
pub(super) fn of_the_shell(words: &Words<'_>) -> Option<Diagnostic> {
    let [token] = &words.tokens[..] else { return None };
    if token.text == "." {
        let message = "this full stop has no sentence before it";
        let help = "commands with a point, as .mode csv, are for the shell; outside it there are options, as --format csv";
        return Some(Diagnostic::error(Code::Syntax, token.span, message).help(help));
    }
    let command = match token.text.to_lowercase().as_str() {
        "help" | "man" => ".help",
        "exit" | "quit" | "bye" | "q" => ".quit",
        "examples" | "example" | "tutorial" => ".examples",
        "names" | "tables" => ".names",
        "verbs" => ".verbs",
        _ => return None,
    };
    let message = format!("`{}` is no sentence; in the shell it is a command", token.text);
    Some(Diagnostic::error(Code::Syntax, token.span, message).help(format!("write {command} in the shell")))
}

/// `how many claims about Dam`, `list all claims`, `show who said what`
pub(super) fn request(words: &Words<'_>) -> Option<Diagnostic> {
    let first = words.tokens.first()?;
    let lower = first.text.to_lowercase();
    let counts = lower == "count" || (lower == "how" && matches!(words.text(1), "many" | "often"));
    let asks =
        ["list", "find", "get", "give", "tell", "show", "display", "search", "print", "fetch", "please"];
    if !counts && !asks.contains(&lower.as_str()) {
        return None;
    }
    let end = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    let adjunct = |at: &usize| {
        matches!(words.text(*at), "about" | "via" | "on" | "in" | "after" | "before" | "between")
    };
    let part = |from: usize| words.between(from, end).map(|span| words.slice(span).to_string());
    // Either a question stands behind the request, or only what it is about does.
    let whole = (1..=end).find_map(|from| part(from).filter(|part| words.fits(part)));
    let narrowed = || {
        let part = (1..=end).find(adjunct).and_then(part)?;
        Some(format!("who said what {part}")).filter(|question| words.fits(question))
    };
    let question = whole.or_else(narrowed).unwrap_or_else(|| "who said what".into());
    let counted = if counts { format!("{question} | count") } else { question };
    let message = "a question has the words of a statement in their order, and blanks: who, what, when";
    Some(Diagnostic::error(Code::MisplacedWord, first.span, message).help(write(&counted, "who said what")))
}

/// `why did Reuters say that?`, `how do we know that "the dam leaks"?`
pub(super) fn why(words: &Words<'_>) -> Option<Diagnostic> {
    let first = words.tokens.first()?;
    let is_why = first.text.eq_ignore_ascii_case("why")
        || first.text.eq_ignore_ascii_case("how") && !matches!(words.text(1), "many" | "often" | "much");
    let said =
        words.tokens.iter().find(|token| token.look == Look::Quoted).map_or("\"…\"", |token| token.text);
    let message =
        format!("`{}` is no blank: the record tells who said what, and how it came here", first.text);
    let help =
        format!("write trace {said} for the way it came, or corroborate {said} for who stands behind it");
    is_why.then(|| Diagnostic::error(Code::MisplacedWord, first.span, message).help(help))
}

/// `what has Anna said about Dam?`
pub(super) fn what_has(words: &Words<'_>) -> Option<Diagnostic> {
    let asked = words.tokens.first().filter(|token| matches!(token.text, "what" | "What"))?;
    let helper = words.tokens.get(1).filter(|token| matches!(token.text, "has" | "have" | "had"))?;
    let verb = words.names_end(2);
    let speaker = words.slice(words.between(2, verb.checked_sub(1).filter(|last| *last > 1)?)?);
    let said = words.tokens.get(verb)?;
    let rest = words.text.get(said.span.end..)?;
    let fixed = format!("{speaker} {} what{rest}", said.text);
    words.fits(&fixed).then(|| {
        let message = "a question has the words of a statement in their order, and blanks";
        Diagnostic::error(Code::MisplacedWord, asked.span.to(helper.span), message)
            .help(write(&fixed, "Putin said what about Ukraine?"))
    })
}

/// `who said what has "dam"?`: only a stage tests.
pub(super) fn test_without_where(words: &Words<'_>) -> Option<Diagnostic> {
    let tests = ["has", "contains", "starts", "matches", "like"];
    let before_bars = words.tokens.iter().take_while(|token| token.text != "|");
    let at = before_bars.map(|token| token.text).position(|text| tests.contains(&text))?;
    let (column, test) = (words.tokens.get(at.checked_sub(1)?)?, words.tokens.get(at)?);
    let meant = if test.text == "like" { "contains" } else { test.text };
    let asked = match column.text {
        "anything" => "what",
        "anyone" => "who",
        blank => blank,
    };
    let behind = format!("| where {asked} {meant}");
    let fixed = words.with_all(&[(column.span, asked), (test.span, &behind)])?;
    let message = format!("`{}` is a test, and tests stand behind `| where`", test.text);
    Some(Diagnostic::error(Code::MisplacedWord, test.span, message).help(write(&fixed, &behind)))
}

/// How many words in lower case a name may go on with.
const MOST_LOWER: usize = 3;

/// `Army commanders told Putin that "P"`, `The mayor said "P"`
pub(super) fn name_of_lower_words(words: &Words<'_>) -> Option<Diagnostic> {
    let lower = |at: usize| words.look(at) == Some(Look::Lower) && !KEYWORDS.contains(&words.text(at));
    (0..words.tokens.len()).filter(|at| words.look(*at) == Some(Look::Capital)).find_map(|first| {
        let lasts = (first + 1..=first + MOST_LOWER).take_while(|at| lower(*at));
        lasts.into_iter().find_map(|last| {
            let span = words.between(first, last)?;
            let bracketed = format!("[{}]", words.slice(span));
            let fixed = words.with(span, &bracketed)?;
            let message = format!("a name with a word in lower case needs brackets: `{}`", words.slice(span));
            Some(Diagnostic::error(Code::UnbracketedName, span, message).help(write(&fixed, &bracketed)))
        })
    })
}

/// `who said what, when`: columns are chosen behind a bar.
pub(super) fn columns_behind_a_comma(words: &Words<'_>) -> Option<Diagnostic> {
    let at = words.tokens.iter().position(|token| token.text == ",")?;
    let comma = words.tokens.get(at)?;
    let before = words.text.get(..comma.span.start)?.trim_end();
    let blank = |text: &str| {
        matches!(text, "who" | "whom" | "what" | "when" | "via" | "hedge") || text.starts_with('?')
    };
    let shown: Vec<&str> =
        words.tokens.iter().take(at).map(|token| token.text).filter(|text| blank(text)).collect();
    let end = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    let rest = words.slice(words.between(at + 1, end)?);
    let fixed = format!("{before} | show {}, {rest}", shown.join(", "));
    (!shown.is_empty() && words.fits(&fixed)).then(|| {
        let message = "the columns of an answer are chosen by a stage";
        Diagnostic::error(Code::MissingBar, comma.span, message).help(write(&fixed, "| show who, when"))
    })
}

/// `| sort when descending`, `| count who`
pub(super) fn stage_without_by(words: &Words<'_>) -> Option<Diagnostic> {
    (1..words.tokens.len()).find_map(|at| {
        let stage =
            words.tokens.get(at).filter(|token| matches!(token.text, "sort" | "count" | "summarize"))?;
        if words.text(at - 1) != "|" || words.text(at + 1) == "by" {
            return None;
        }
        let by = format!("{} by", stage.text);
        let mut changes = vec![(stage.span, by.as_str())];
        for token in words.tokens.iter().skip(at + 1) {
            match token.text {
                "descending" => changes.push((token.span, "desc")),
                "ascending" => changes.push((token.span, "asc")),
                _ => {}
            }
        }
        let fixed = words.with_all(&changes)?;
        let message = format!("`{}` is written `{by}` here", stage.text);
        Some(Diagnostic::error(Code::Misspelt, stage.span, message).help(write(&fixed, &by)))
    })
}

/// `| sort by when descending`
pub(super) fn order_in_full(words: &Words<'_>) -> Option<Diagnostic> {
    words.tokens.iter().find_map(|token| {
        let short = match token.text {
            "descending" => "desc",
            "ascending" => "asc",
            _ => return None,
        };
        let fixed = words.with(token.span, short)?;
        let message = format!("`{}` is written `{short}` here", token.text);
        Some(Diagnostic::error(Code::Misspelt, token.span, message).help(write(&fixed, short)))
    })
}

/// `#c1 Anna said "P".`
pub(super) fn id_without_a_colon(words: &Words<'_>) -> Option<Diagnostic> {
    let id = words.tokens.first().filter(|token| token.text.starts_with('#'))?;
    let fixed = words.with(Span::new(id.span.end, id.span.end), ":")?;
    let message = "the id of a statement stands before a colon";
    Some(Diagnostic::error(Code::Syntax, id.span, message).help(write(&fixed, &format!("{}:", id.text))))
}

/// `who said what as of yesterday`
pub(super) fn as_of_behind(words: &Words<'_>) -> Option<Diagnostic> {
    let at = (1..words.tokens.len())
        .find(|at| words.text(*at) == "as" && matches!(words.text(*at + 1), "of" | "recorded"))?;
    let end = words.tokens.iter().rposition(|token| !matches!(token.text, "." | "?" | ";"))?;
    let stop = (at..=end).find(|at| words.text(*at) == "|").map_or(end, |bar| bar - 1);
    let cut = words.between(at, stop)?;
    let before = words.text.get(..cut.start)?.trim();
    let rest = words.text.get(cut.end..)?;
    let fixed = format!("{} {before}{rest}", words.slice(cut));
    words.fits(&fixed).then(|| {
        let message = format!("`{}` stands in front of a question", words.slice(cut));
        Diagnostic::error(Code::MisplacedWord, cut, message)
            .help(write(&fixed, "as of 2025-12-01 who said what"))
    })
}

/// `not Anna said "P".`: three different things.
pub(super) fn not_in_front(words: &Words<'_>) -> Option<Diagnostic> {
    let not = words.tokens.first().filter(|token| matches!(token.text, "not" | "Not"))?;
    let stated = words.text.get(not.span.end..)?.trim();
    let verb = words.verb()?;
    let speaker = words.slice(words.between(1, verb.checked_sub(1).filter(|last| *last > 0)?)?);
    if !words.fits(stated) || stages().any(|stage| stage == words.text(1)) {
        return None;
    }
    let said = words.text(verb);
    let told = stated.trim_end_matches(['.', '?', ';']);
    let message = "`not` in front of a sentence could mean two things";
    Some(
        Diagnostic::error(Code::NotSaid, not.span, message)
            .help(format!("that it is not so: {speaker} {said} that not \"…\""))
            .help(format!("to ask whether there is no record of it: not ({told})")),
    )
}

/// `| summarize sum deaths by who`
pub(super) fn aggregate_that_is_none(words: &Words<'_>) -> Option<Diagnostic> {
    let summarizes = words.tokens.iter().any(|token| token.text == "summarize");
    let is_none = |text: &str| {
        ["sum", "avg", "average", "mean", "median", "total"].iter().any(|one| one.eq_ignore_ascii_case(text))
    };
    let found = words.tokens.iter().find(|token| summarizes && is_none(token.text))?;
    let message = format!("there is no `{}` here", found.text);
    Some(
        Diagnostic::error(Code::Syntax, found.span, message)
            .help("what is summarized is `count`, `count distinct`, `min`, `max` or `list`")
            .help("what figures come to is told by `figures`; sums of an answer are made elsewhere, from --format csv"),
    )
}

/// `| show *`, `| show all`
pub(super) fn show_everything(words: &Words<'_>) -> Option<Diagnostic> {
    let at = (1..words.tokens.len()).find(|at| words.text(*at) == "show" && words.text(at - 1) == "|")?;
    matches!(words.text(at + 1), "*" | "all" | "everything").then_some(())?;
    let span = words.between(at - 1, at + 1)?;
    let fixed = words.with(span, "")?;
    let message = "without this stage all columns are shown that the question has";
    Some(Diagnostic::error(Code::Syntax, span, message).help(write(&fixed, "it without this stage")))
}

/// `delete #h1.`
pub(super) fn delete(words: &Words<'_>) -> Option<Diagnostic> {
    let asks = ["delete", "remove", "drop", "erase", "undo"]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(words.text(0)));
    let id = words.tokens.get(1).filter(|token| asks && token.text.starts_with('#'))?;
    let message = "nothing is deleted: a claim is withdrawn, with a reason, and is gone from all answers";
    Some(
        Diagnostic::error(Code::Syntax, words.tokens.first()?.span, message)
            .help(format!("write void {} because \"…\".", id.text)),
    )
}
