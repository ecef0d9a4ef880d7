//! What stands in the braces of a stated claim. Free fields are kept as they are, whatever they say.

use super::claim::set_once;
use super::resolve::fields;
use super::{Context, Refused, refuse};
use crate::diag::{Code, Span};
use crate::graph::{Draft, What};
use crate::model::{Basis, ClaimFlags, Commitment, Modality, Mode};
use crate::syntax::ast::{Claim, FieldPair, FieldValue, Word};

/// Everything in the braces of a claim: the fields that have a place of their own, and the free ones.
pub(super) fn braces<'a>(claim: &'a Claim, context: &'a Context, draft: &mut Draft<'a>) -> Refused<()> {
    let mut free = Vec::new();
    for pair in &claim.fields {
        if !known_field(pair, draft)? {
            free.push(pair);
        }
    }
    draft.fields = fields(free.into_iter(), context)?;
    if matches!(draft.what, What::Nothing)
        && let Some(pair) =
            claim.fields.iter().find(|pair| matches!(pair.key.text.as_str(), "modality" | "language"))
        && !matches!(pair.value, FieldValue::Json(_))
    {
        return refuse(
            Code::Incomplete,
            pair.key.span,
            format!("`{}` belongs to a text, and there is none", pair.key.text),
            "write what was said in quotes, or leave it away",
        );
    }
    Ok(())
}

/// The value of a field that must be one of some words.
fn word_of<T: Copy>(pair: &FieldPair, all: &[T], word: impl Fn(T) -> &'static str) -> Refused<T> {
    let given = match &pair.value {
        FieldValue::Ident(text) | FieldValue::Text(text) => text.text.as_str(),
        _ => "",
    };
    let found = all.iter().copied().find(|value| word(*value) == given);
    found.map_or_else(
        || {
            let words: Vec<&str> = all.iter().map(|value| word(*value)).collect();
            refuse(
                Code::BadValue,
                value_span(pair),
                format!("`{}` does not take this value", pair.key.text),
                format!("it is one of {}", words.join(", ")),
            )
        },
        Ok,
    )
}

fn value_span(pair: &FieldPair) -> Span {
    match &pair.value {
        FieldValue::Date(word)
        | FieldValue::Number(word)
        | FieldValue::Text(word)
        | FieldValue::Ident(word)
        | FieldValue::Json(word)
        | FieldValue::Var(word)
        | FieldValue::Param(word) => word.span,
        FieldValue::Name(name) => name.span,
    }
}

/// How what is said stands to the world.
pub(super) fn modality(pair: &FieldPair, draft: &mut Draft<'_>) -> Refused<()> {
    draft.modality = word_of(pair, Modality::ALL, Modality::word)?;
    Ok(())
}

fn known_field<'a>(pair: &'a FieldPair, draft: &mut Draft<'a>) -> Refused<bool> {
    let yes_no = || word_of(pair, &[true, false], |on| if on { "yes" } else { "no" });
    let flags: ClaimFlags = draft.flags;
    // A value of another program is never one of ours.
    if matches!(pair.value, FieldValue::Json(_)) {
        return Ok(false);
    }
    match pair.key.text.as_str() {
        "mode" => draft.flags = flags.with_mode(word_of(pair, Mode::ALL, Mode::word)?),
        "modality" => modality(pair, draft)?,
        "commitment" => {
            draft.flags = flags.with_commitment(word_of(pair, Commitment::ALL, Commitment::word)?);
        }
        "basis" => draft.flags = flags.with_basis(word_of(pair, Basis::ALL, Basis::word)?),
        "repeated" => draft.flags = flags.with_repeated(yes_no()?),
        "translated" => draft.flags = flags.with_translated(yes_no()?),
        "medium" | "language" | "hedge" => {
            let (FieldValue::Text(Word { text, .. })
            | FieldValue::Ident(Word { text, .. })
            | FieldValue::Name(crate::syntax::ast::Name { text, .. })) = &pair.value
            else {
                return refuse(
                    Code::BadValue,
                    pair.key.span,
                    "this field holds a text",
                    "write it in quotes",
                );
            };
            match pair.key.text.as_str() {
                "medium" => draft.medium = Some(text),
                "language" => draft.language = Some(text),
                _ => {
                    set_once(&mut draft.hedge, text.as_str(), pair.key.span, "hedge")?;
                    draft.flags = flags.with_commitment(Commitment::of_hedge(text));
                }
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}
