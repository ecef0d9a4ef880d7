//! What pest's error means to a person: the place, and what would have fitted there in the nouns of the language.

use super::grammar::Rule;
use crate::diag::{Code, Diagnostic, Span};
use pest::error::{Error, ErrorVariant, InputLocation};

/// How far the grammar came.
pub(super) fn place(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The diagnostic of a failed parse of one sentence.
pub(super) fn explain(text: &str, error: &Error<Rule>) -> Diagnostic {
    let start = place(error).min(text.len());
    let found = word_at(text, start);
    let span = Span::new(start, start + found.len());
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => nouns(positives),
        ErrorVariant::CustomError { message } => message.clone(),
    };
    let here = if found.is_empty() {
        "the sentence ends too early".to_string()
    } else {
        format!("`{found}` does not fit here")
    };
    let message = if expected.is_empty() { here } else { format!("{here}: expected {expected}") };
    let diagnostic = Diagnostic::error(Code::Syntax, span, message);
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => {
            match positives.iter().find_map(|rule| example(*rule)) {
                Some(example) => diagnostic.help(example),
                None => diagnostic,
            }
        }
        ErrorVariant::CustomError { .. } => diagnostic,
    }
}

/// How to write what would have fitted, where one example tells it.
fn example(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::BECAUSE => "write void #c7 because \"a mistake\".",
        Rule::date | Rule::year => "write a date as 2025-12-01, 2025-12 or 2025",
        Rule::number => "write a number with digits: 5 or 0.5",
        Rule::verb => "write a verb in lower case: said, told, denied",
        Rule::url => "write an address in angles: <https://example.org/1>",
        _ => return None,
    })
}

/// The word, or the one character, that stands at a place.
fn word_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or("");
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    let end = if end == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { end };
    rest.get(..end).unwrap_or("")
}

/// What would have fitted, in words, the most telling first, five at most.
fn nouns(rules: &[Rule]) -> String {
    let mut words: Vec<&str> = rules.iter().filter_map(|rule| noun(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    let shown = words.len().min(5);
    let mut text = words.get(..shown).unwrap_or(&[]).join(", ");
    if words.len() > shown {
        text.push_str(", …");
    }
    text
}

/// The noun of a rule; nothing for rules that are only there for the grammar's own shape.
fn noun(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::term | Rule::who | Rule::name | Rule::bare | Rule::bracketed | Rule::capital => "a name",
        Rule::content | Rule::string => "a quoted text",
        Rule::verb => "a verb",
        Rule::time | Rule::date | Rule::year | Rule::range => "a date",
        Rule::number => "a number",
        Rule::claim_id => "a claim id",
        Rule::var => "a variable",
        Rule::url => "an address in < >",
        Rule::field | Rule::field_word | Rule::slot | Rule::slot_name => "a column",
        Rule::guarded => "when",
        Rule::SPLIT => "split",
        Rule::expr | Rule::test => "a test",
        Rule::operand | Rule::json => "a value",
        Rule::stage => "a stage behind |",
        Rule::about => "about",
        Rule::via => "via",
        Rule::said => "on or in",
        Rule::EOI => "the end of the sentence",
        Rule::compare_op | Rule::measure_op | Rule::equals => "a comparison",
        Rule::WHERE | Rule::SHOW | Rule::COUNT | Rule::SUMMARIZE | Rule::SORT | Rule::TAKE | Rule::SKIP => {
            "a stage such as where, show or count"
        }
        Rule::BY => "by",
        Rule::OF => "of",
        Rule::AS => "as",
        Rule::AND => "and",
        Rule::BECAUSE => "because",
        Rule::TO => "to",
        Rule::pattern | Rule::claim => "a sentence",
        _ => return None,
    })
}
