//! Whether a text can stand in a sentence as it is, without brackets or quotes.

use super::grammar::{Grammar, Rule};
use pest::Parser;

/// Whether a text is a plain word of the language, as units are.
pub fn is_word(text: &str) -> bool {
    matches(Rule::ident, text)
}

/// Whether a text can be a key in braces without quotes.
pub fn is_key(text: &str) -> bool {
    matches(Rule::field_key, text)
}

/// Whether a text is a verb.
pub fn is_verb(text: &str) -> bool {
    matches(Rule::verb, text)
}

fn matches(rule: Rule, text: &str) -> bool {
    Grammar::parse(rule, text).is_ok_and(|pairs| pairs.as_str().len() == text.len())
}
