//! Terms, times and fields of a statement as drafts. Blanks are refused here: a statement has none.

use super::{Context, Refused, refuse};
use crate::diag::Code;
use crate::graph::{FieldDraft, FieldKind, Mention, TimeDraft};
use crate::model::{Time, is_unnamed};
use crate::syntax::ast::{FieldPair, FieldValue, Name, Term, TimeExpr, TimeValue, Word};
use std::borrow::Cow;

/// Somebody named as topic, group or outlet: never unnamed.
pub(super) fn mention<'a>(term: &'a Term, context: &'a Context) -> Refused<Mention<'a>> {
    match term {
        Term::Name(name) => Ok(named(name)),
        Term::Param(word) => Ok(Mention::named(param(word, context)?)),
        _ => refuse(
            Code::BlankInStatement,
            term.span(),
            "a statement has no blanks",
            "name it, or end the sentence with `?` to ask",
        ),
    }
}

/// Somebody who speaks or listens: described rather than named where the words say so. An empty qualifier says that it is a name.
pub(super) fn speaker<'a>(term: &'a Term, context: &'a Context) -> Refused<Mention<'a>> {
    let mut mention = mention(term, context)?;
    if let Term::Name(name) = term {
        let a_name = name.qualifier.as_deref() == Some("");
        mention.unnamed = name.bracketed && !a_name && is_unnamed(&name.text);
    }
    Ok(mention)
}

pub(super) fn named(name: &Name) -> Mention<'_> {
    Mention { name: &name.text, qualifier: name.qualifier.as_deref(), ..Mention::default() }
}

pub(super) fn param<'a>(word: &Word, context: &'a Context) -> Refused<&'a str> {
    match context.params.get(&word.text) {
        Some(value) => Ok(value),
        None => refuse(
            Code::UnknownParameter,
            word.span,
            format!("the parameter ${} has no value", word.text),
            format!("give it one with --param {}=…", word.text),
        ),
    }
}

fn point(word: &Word) -> Refused<Time> {
    Time::parse(&word.text).or_else(|error| {
        refuse(Code::BadTime, word.span, error.to_string(), "write a day of the calendar, as 2025-12-01")
    })
}

/// The interval of a time, without a blank.
pub(super) fn interval(expr: &TimeExpr, context: &Context) -> Refused<Time> {
    match &expr.value {
        TimeValue::Point(word) => point(word),
        TimeValue::Range(first, last) => {
            let first = first.as_ref().map(point).transpose()?;
            let last = last.as_ref().map(point).transpose()?;
            Time::range(first, last).or_else(|error| {
                refuse(Code::BadTime, expr.span, error.to_string(), "put the earlier date first")
            })
        }
        TimeValue::Today => Ok(context.today),
        TimeValue::Yesterday => Ok(Time::day_of(context.today.from - 1)),
        TimeValue::Param(word) => {
            let value = param(word, context)?;
            Time::parse_any(value).or_else(|error| {
                refuse(Code::BadTime, word.span, format!("${}: {error}", word.text), "give it as 2025-12-01")
            })
        }
        TimeValue::Var(word) => refuse(
            Code::BlankInStatement,
            word.span,
            "a statement has no blanks",
            "write the date, or leave it away",
        ),
    }
}

/// A time with its expression as written; the anchor is the one written with it.
pub(super) fn time<'a>(expr: &'a TimeExpr, context: &Context) -> Refused<TimeDraft<'a>> {
    let anchor = match &expr.anchor {
        Some(word) => Some(point(word)?.from),
        None => None,
    };
    let written = expr.written.as_ref().map(|word| word.text.as_str());
    Ok(TimeDraft { time: interval(expr, context)?, written, anchor })
}

/// The free fields among some pairs.
pub(super) fn fields<'a>(
    pairs: impl Iterator<Item = &'a FieldPair>,
    context: &'a Context,
) -> Refused<Vec<FieldDraft<'a>>> {
    let field = |pair: &'a FieldPair| {
        let (kind, value) = match &pair.value {
            FieldValue::Date(word) => (FieldKind::Date, Cow::from(&word.text)),
            FieldValue::Number(word) => (FieldKind::Number, Cow::from(&word.text)),
            FieldValue::Text(word) => (FieldKind::Text, Cow::from(&word.text)),
            FieldValue::Json(word) => json(word)?,
            FieldValue::Ident(word) => (FieldKind::Word, Cow::from(&word.text)),
            FieldValue::Name(name) => (FieldKind::Name, Cow::from(&name.text)),
            FieldValue::Param(word) => (FieldKind::Text, param(word, context)?.into()),
            FieldValue::Var(word) => {
                return refuse(
                    Code::BlankInStatement,
                    word.span,
                    "a statement has no blanks",
                    "write the value",
                );
            }
        };
        Ok(FieldDraft { key: &pair.key.text, kind, value })
    };
    pairs.map(field).collect()
}

/// A value of another program: what it is decides its kind.
fn json(word: &Word) -> Refused<(FieldKind, Cow<'_, str>)> {
    let text = word.text.trim();
    match serde_json::from_str(text) {
        Ok(serde_json::Value::String(plain)) => Ok((FieldKind::Text, plain.into())),
        Ok(serde_json::Value::Number(_)) => Ok((FieldKind::Number, text.into())),
        Ok(_) => Ok((FieldKind::Json, text.into())),
        Err(error) => {
            let message = format!("this is no JSON: {error}");
            let help = "write it as JSON, or without `json` as a text";
            refuse(Code::BadValue, word.span, message, help)
        }
    }
}
