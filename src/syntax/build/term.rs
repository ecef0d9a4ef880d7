//! Names, texts, times and the other small things that sentences are made of.

use super::super::ast::{FieldPair, FieldValue, Name, Quantifier, Term, TimeExpr, TimeValue, Who, Word};
use super::super::grammar::Rule;
use super::{At, Children};
use pest::iterators::Pair;

/// The text of a pair as it stands.
pub(super) fn word(pair: &Pair<'_, Rule>, at: At) -> Word {
    Word { text: pair.as_str().trim_end().into(), span: at.span(pair) }
}

/// The text of a pair without the mark in front: `?x`, `$x`.
pub(super) fn marked(pair: &Pair<'_, Rule>, at: At) -> Word {
    Word { text: pair.as_str().chars().skip(1).collect(), span: at.span(pair) }
}

/// The name of a column without its mark, brackets and quotes. In an ordinary sentence it is a parameter's.
pub(super) fn column_name(pair: &Pair<'_, Rule>, at: At) -> Word {
    let text = pair.as_str().trim_end();
    let text = text.strip_prefix('$').unwrap_or(text);
    let text = match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inner) => inner.trim().to_string(),
        None if text.starts_with(['"', '“', '«', '„']) => unquoted(text),
        None => text.into(),
    };
    Word { text, span: at.span(pair) }
}

/// A column by its name, in its whole place.
pub(super) fn column(pair: &Pair<'_, Rule>, at: At) -> Word {
    let inner = if pair.as_rule() == Rule::filled { pair.clone().into_inner().next() } else { None };
    let name =
        inner.unwrap_or_else(|| pair.clone()).into_inner().find(|part| part.as_rule() == Rule::slot_name);
    let text = name.map_or_else(String::new, |name| column_name(&name, at).text);
    Word { text, span: at.span(pair) }
}

/// A quoted text, or a column in its place.
pub(super) fn string_or_column(pair: &Pair<'_, Rule>, at: At) -> Word {
    if pair.as_rule() == Rule::filled { column(pair, at) } else { string(pair, at) }
}

/// A word, or a column in its place.
pub(super) fn word_or_column(pair: &Pair<'_, Rule>, at: At) -> Word {
    if pair.as_rule() == Rule::filled { column(pair, at) } else { word(pair, at) }
}

/// A name, or a column in its place.
pub(super) fn name_or_column(pair: &Pair<'_, Rule>, at: At) -> Name {
    if pair.as_rule() != Rule::filled {
        return name(pair, at);
    }
    let Word { text, span } = column(pair, at);
    Name { text, qualifier: None, bracketed: true, span }
}

/// An id without `#` and brackets.
pub(super) fn claim_id(pair: &Pair<'_, Rule>, at: At) -> Word {
    let text = pair.as_str().trim_start_matches('#').trim_start_matches('[').trim_end_matches(']');
    Word { text: text.into(), span: at.span(pair) }
}

/// An address without its angles.
pub(super) fn url(pair: &Pair<'_, Rule>, at: At) -> Word {
    Word { text: pair.as_str().trim_start_matches('<').trim_end_matches('>').into(), span: at.span(pair) }
}

/// A quoted text without its quotes; in straight quotes, escapes are resolved.
pub(super) fn string(pair: &Pair<'_, Rule>, at: At) -> Word {
    Word { text: unquoted(pair.as_str()), span: at.span(pair) }
}

fn unquoted(text: &str) -> String {
    let long = text.strip_prefix("\"\"\"").and_then(|t| t.strip_suffix("\"\"\""));
    match (long, text.strip_prefix('"').and_then(|t| t.strip_suffix('"'))) {
        (Some(raw), _) => raw.into(),
        (None, Some(escaped)) => unescape(escaped),
        (None, None) => {
            let mut chars = text.chars();
            chars.next();
            chars.next_back();
            chars.as_str().into()
        }
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(c @ ('"' | '\\')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}

/// A name, bare or in brackets.
pub(super) fn name(pair: &Pair<'_, Rule>, at: At) -> Name {
    let text = pair.as_str();
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let (plain, qualifier) = match inner {
        None => (text, None),
        Some(inner) => match inner.rsplit_once('|') {
            Some((plain, qualifier)) => (plain, Some(one_blank(qualifier))),
            None => (inner, None),
        },
    };
    Name { text: one_blank(plain), qualifier, bracketed: inner.is_some(), span: at.span(pair) }
}

fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn term(pair: Pair<'_, Rule>, at: At) -> Option<Term> {
    let inner = match pair.as_rule() {
        Rule::term => pair.into_inner().next()?,
        _ => pair,
    };
    Some(match inner.as_rule() {
        Rule::var => Term::Var(marked(&inner, at)),
        Rule::slot => Term::Param(column(&inner, at)),
        Rule::who_blank => Term::Who(at.span(&inner)),
        Rule::whom => Term::Whom(at.span(&inner)),
        Rule::ANYONE => Term::Anyone(at.span(&inner)),
        Rule::bracketed | Rule::bare => Term::Name(name(&inner, at)),
        Rule::which => {
            let span = at.span(&inner);
            let kind = inner.into_inner().find(|pair| pair.as_rule() == Rule::ident)?;
            Term::Which { kind: word(&kind, at), span }
        }
        _ => return None,
    })
}

pub(super) fn who(pair: Pair<'_, Rule>, at: At) -> Option<Who> {
    let span = at.span(&pair);
    let mut quantifier = None;
    let mut terms = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::quantifier => {
                quantifier = Some(match child.into_inner().next()?.as_rule() {
                    Rule::ANY_ => Quantifier::Any,
                    Rule::ALL => Quantifier::All,
                    _ => Quantifier::None,
                });
            }
            _ => terms.push(term(child, at)?),
        }
    }
    Some(Who { quantifier, terms, span })
}

/// One term where a list could stand.
pub(super) fn alone(term: Term) -> Who {
    Who { quantifier: None, span: term.span(), terms: vec![term] }
}

pub(super) fn time(pair: Pair<'_, Rule>, at: At) -> Option<TimeExpr> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let value = children.next()?;
    let value = match value.as_rule() {
        Rule::date | Rule::year => TimeValue::Point(word(&value, at)),
        Rule::TODAY => TimeValue::Today,
        Rule::YESTERDAY => TimeValue::Yesterday,
        Rule::slot => TimeValue::Param(column(&value, at)),
        Rule::filled_range => {
            let mut points = value.into_inner().map(|point| column(&point, at));
            TimeValue::Range(points.next(), points.next())
        }
        Rule::var => TimeValue::Var(marked(&value, at)),
        Rule::range => {
            let open_start = value.as_str().starts_with("..");
            let mut points = value.into_inner().map(|point| word(&point, at));
            let first = if open_start { None } else { points.next() };
            TimeValue::Range(first, points.next())
        }
        _ => return None,
    };
    let (written, anchor) = written(&mut children, at);
    Some(TimeExpr { span, value, written, anchor })
}

/// The expression that a source had for a time, and what it was resolved against.
pub(super) fn written(children: &mut Children<'_>, at: At) -> (Option<Word>, Option<Word>) {
    let (mut written, mut anchor) = (None, None);
    for child in children.take(Rule::written).into_iter().flat_map(Pair::into_inner) {
        match child.as_rule() {
            Rule::string => written = Some(string(&child, at)),
            Rule::date => anchor = Some(word(&child, at)),
            _ => {}
        }
    }
    (written, anchor)
}

pub(super) fn field_pairs(pair: Pair<'_, Rule>, at: At) -> Option<Vec<FieldPair>> {
    pair.into_inner().map(|pair| field_pair(pair, at)).collect()
}

fn field_pair(pair: Pair<'_, Rule>, at: At) -> Option<FieldPair> {
    let mut children = pair.into_inner();
    let key = children.next()?;
    let key = if key.as_rule() == Rule::string { string(&key, at) } else { word(&key, at) };
    let value = children.next()?;
    let value = match value.as_rule() {
        Rule::date => FieldValue::Date(word(&value, at)),
        Rule::number => FieldValue::Number(word(&value, at)),
        Rule::string => FieldValue::Text(string(&value, at)),
        Rule::json => FieldValue::Json(string(&value.into_inner().last()?, at)),
        Rule::ident => FieldValue::Ident(word(&value, at)),
        Rule::bracketed | Rule::bare => FieldValue::Name(name(&value, at)),
        Rule::var => FieldValue::Var(marked(&value, at)),
        Rule::slot => FieldValue::Param(column(&value, at)),
        _ => return None,
    };
    Some(FieldPair { key, value })
}
