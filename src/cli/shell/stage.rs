//! What may stand behind a bar: the stages, and in each the columns of its question, tests and small words. Told from the words before the
//! place, so that half a question is enough.

use crate::syntax::ast::CommandVerb;

const STAGES: &[&str] = &["where", "show", "count", "summarize", "sort by", "take", "skip"];
const TESTS: &[&str] = &[
    "=",
    "!=",
    "has",
    "contains",
    "starts",
    "matches",
    "in (",
    "is known",
    "is unknown",
    "<",
    "<=",
    ">",
    ">=",
];
const AGGREGATES: &[&str] = &["count", "count distinct", "min", "max", "list"];

/// What a question shows beside its blanks.
const ALWAYS: &[&str] = &["when", "via", "hedge", "claim"];

/// What fits at a place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fitting {
    pub words: Vec<String>,
    /// Whether a name fits too.
    pub names: bool,
}

/// What fits behind a sentence that breaks off in a stage, `typed` being the word there; nothing where it has none.
pub(super) fn fitting(sentence: &str, typed: &str) -> Option<Fitting> {
    let parts = apart(sentence);
    let [question @ .., stage] = &parts[..] else { return None };
    if question.is_empty() {
        return None;
    }
    let words = tokens(stage);
    let columns = columns(question);
    if let Some((value, _)) = typed.split_once('.') {
        let parts = crate::db::parts().map(|part| format!("{value}.{part}"));
        return Some(Fitting { words: parts.collect(), names: false });
    }
    let of = |words: &[&str]| words.iter().map(|word| (*word).to_string()).collect();
    let [first, .., last] = &words[..] else {
        let Some(first) = words.first() else {
            let words = STAGES.iter().chain(&CommandVerb::WORDS).map(|word| (*word).to_string()).collect();
            return Some(Fitting { words, names: false });
        };
        return Some(Fitting {
            words: match *first {
                "where" => [columns, of(&["not ("])].concat(),
                "sort" => of(&["by"]),
                "count" => of(&["by", "distinct"]),
                "summarize" => of(AGGREGATES),
                "take" | "skip" => Vec::new(),
                _ => columns,
            },
            names: false,
        });
    };
    let is_column = |word: &str| columns.iter().any(|column| column == word.split('.').next().unwrap_or(""));
    let begins_value = matches!(*last, "," | "by" | "distinct" | "min" | "max" | "list" | "(");
    let compares = matches!(*last, "=" | "!=");
    let names = compares
        || *first == "where" && begins_value
        || matches!(*last, "of" | "about" | "between" | "retracting")
        || CommandVerb::WORDS.contains(first) && matches!(*last, "and" | "," | "by");
    let words = match *first {
        _ if compares => columns,
        "where" if matches!(*last, "and" | "or" | "(") => [columns, of(&["not ("])].concat(),
        "where" if is_column(last) => of(TESTS),
        "where" => of(&["and", "or"]),
        "summarize" if *last == "," && !words.contains(&"by") => of(AGGREGATES),
        _ if begins_value => columns,
        "show" => of(&["as"]),
        "sort" => of(&["desc", "asc"]),
        "count" => of(&["by"]),
        "summarize" => of(&["as", "by"]),
        "take" | "skip" => Vec::new(),
        _ => columns,
    };
    Some(Fitting { words, names })
}

/// The question and its stages, apart at the bars that stand in no name and no quote.
fn apart(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut closes) = (0, None);
    for (at, c) in sentence.char_indices() {
        match (closes, c) {
            (None, '[') => closes = Some(']'),
            (None, '"') => closes = Some('"'),
            (None, '“') => closes = Some('”'),
            (None, '|') => {
                parts.extend(sentence.get(from..at));
                from = at + 1;
            }
            (Some(close), c) if c == close => closes = None,
            _ => {}
        }
    }
    parts.extend(sentence.get(from..));
    parts
}

/// The words of a part, commas and brackets alone.
fn tokens(part: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for mut word in part.split_whitespace() {
        while let Some(at) = word.find([',', '(', ')', ':']) {
            let (before, rest) = word.split_at(at);
            let (mark, rest) = rest.split_at(1);
            tokens.extend([before, mark].into_iter().filter(|token| !token.is_empty()));
            word = rest;
        }
        tokens.extend(Some(word).filter(|word| !word.is_empty()));
    }
    tokens
}

/// The columns that a question has after its stages, and its variables as long as these may be used.
fn columns(parts: &[&str]) -> Vec<String> {
    let [question, stages @ ..] = parts else { return Vec::new() };
    let mut columns: Vec<String> = Vec::new();
    let mut add = |word: &str| {
        if !columns.iter().any(|known| known == word) {
            columns.push(word.to_string());
        }
    };
    let words = tokens(question);
    for (at, word) in words.iter().enumerate() {
        let is_blank = matches!(*word, "who" | "whom" | "what" | "when");
        let is_kind = at.checked_sub(1).and_then(|before| words.get(before)) == Some(&"which");
        if is_blank || is_kind || word.starts_with('?') && word.len() > 1 {
            add(word);
        }
    }
    ALWAYS.iter().for_each(|word| add(word));
    for stage in stages {
        let words = tokens(stage);
        if let Some(("show" | "count" | "summarize", _)) =
            words.split_first().map(|(first, rest)| (*first, rest))
        {
            columns = made(&words);
        }
    }
    columns
}

/// The columns that a stage makes: each item by the name behind its `as`, else by its last word.
fn made(words: &[&str]) -> Vec<String> {
    let counts = words.first() == Some(&"count");
    let head = |word: &str| word.rsplit('.').next().unwrap_or(word).trim_start_matches('?').to_string();
    let mut columns = Vec::new();
    if counts {
        columns.push("count".to_string());
    }
    let from = if counts { words.iter().position(|word| *word == "by").unwrap_or(words.len()) } else { 0 };
    let items = words.get(from + 1..).unwrap_or(&[]).split(|word| matches!(*word, "," | "by"));
    for item in items {
        let name = match item {
            [.., "as", name] => (*name).to_string(),
            [aggregate @ ("min" | "max" | "list" | "count"), .., of] => format!("{aggregate}_{}", head(of)),
            [.., last] => head(last),
            [] => continue,
        };
        columns.push(name);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(sentence: &str) -> String {
        fitting(sentence, "").map_or_else(|| "-".into(), |fitting| fitting.words.join(" "))
    }

    #[test]
    fn a_stage_is_offered_what_it_takes() {
        assert_eq!(words("who said what about [a|b] "), "-");
        assert!(words("who said what | ").starts_with("where show count"));
        assert_eq!(words("who told whom ?c | show "), "who whom ?c when via hedge claim");
        assert_eq!(words("who said what | show who, what "), "as");
        assert_eq!(words("who said what | sort by "), "who what when via hedge claim");
        assert_eq!(words("who said what | count by who | sort by "), "count who");
        assert_eq!(words("who said what | count by who | sort by count "), "desc asc");
        assert_eq!(words("which outlet said what | where "), "outlet what when via hedge claim not (");
        assert_eq!(words("who said what | where what "), TESTS.join(" "));
        assert_eq!(words("who said what | summarize "), "count count distinct min max list");
        assert_eq!(words("who said what | summarize min "), "who what when via hedge claim");
        let made = "?k: who said what | summarize count as n, min ?k.date, list what by who | take 3 | show ";
        assert_eq!(words(made), "n min_date list_what who");
        assert_eq!(words("who said ?c | trace "), "who ?c when via hedge claim");
        assert_eq!(words("who said what | take "), "");
        assert!(fitting("who said what | where who = ", "").is_some_and(|fitting| fitting.names));
        assert!(!fitting("who said what | sort by ", "").is_some_and(|fitting| fitting.names));
        let parts = fitting("?k: who said what | show ", "?k.da").unwrap_or_default().words;
        assert!(parts.contains(&"?k.date".to_string()) && parts.contains(&"?k.published".to_string()));
    }
}
