//! Mappings, and the columns of a sentence.

use super::super::ast::{
    Column, DateAs, DateUnit, Mapping, Order, TableKind, TablePart, Told, ToldWhat, ValueTest, ValueTestKind,
    Word,
};
use super::super::grammar::Rule;
use super::super::words::is_key;
use super::term::{column_name, string, word};
use super::{At, Children, document_head, fact};
use crate::diag::Span;
use pest::iterators::{Pair, Pairs};

pub(super) fn mapping(pair: Pair<'_, Rule>, at: At) -> Option<Mapping> {
    let start = at.span(&pair).start;
    let mut children = Children::of(pair);
    children.has(Rule::FROM);
    let kind = children.next()?;
    let mut end = at.span(&kind).end;
    let kind = match kind.as_rule() {
        Rule::CSV => TableKind::Csv,
        Rule::TSV => TableKind::Tsv,
        _ => TableKind::Jsonl,
    };
    let mut parts = Vec::new();
    while let Some(part) = children.take(Rule::table_part) {
        end = at.span(&part).end;
        parts.push(table_part(part, at)?);
    }
    let first = children.next()?;
    let first = match first.as_rule() {
        Rule::guarded => guarded(first, at)?,
        _ => Told { guard: Vec::new(), what: told_what(first, at)? },
    };
    Some(Mapping { kind, parts, first, span: Span::new(start, end) })
}

fn table_part(pair: Pair<'_, Rule>, at: At) -> Option<TablePart> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let what = children.next()?.as_rule();
    let values: Vec<Pair<'_, Rule>> = children.0.collect();
    let first = values.first()?;
    Some(match what {
        Rule::SEPARATOR => TablePart::Separator(string(first, at)),
        Rule::QUOTE if first.as_rule() == Rule::NONE => TablePart::Quote(None, span),
        Rule::QUOTE => TablePart::Quote(Some(string(first, at)), span),
        Rule::ESCAPE => TablePart::Escape(string(first, at)),
        Rule::REMARK => TablePart::Comment(string(first, at)),
        Rule::ENCODING => TablePart::Encoding(string(first, at)),
        Rule::HEADER => TablePart::NoHeader(span),
        Rule::SKIP => TablePart::Skip(word(first, at)),
        _ => TablePart::Empty(values.iter().map(|value| string(value, at)).collect(), span),
    })
}

pub(super) fn guarded(pair: Pair<'_, Rule>, at: At) -> Option<Told> {
    let mut children = Children::of(pair);
    let tests = children.take(Rule::guard)?.into_inner().filter(|pair| pair.as_rule() == Rule::value_test);
    let guard = tests.map(|test| value_test(test, at)).collect::<Option<_>>()?;
    Some(Told { guard, what: told_what(children.next()?, at)? })
}

fn told_what(pair: Pair<'_, Rule>, at: At) -> Option<ToldWhat> {
    match pair.as_rule() {
        Rule::fact => fact(pair, at).map(ToldWhat::Fact),
        // Only a head is told of a row; its document ends with the row.
        Rule::document => document_head(pair.into_inner().next()?, at).map(ToldWhat::Document),
        _ => None,
    }
}

fn value_test(pair: Pair<'_, Rule>, at: At) -> Option<ValueTest> {
    let mut children = Children::of(pair);
    let column = column_name(&children.take(Rule::slot_name)?, at);
    let test = children.next()?;
    let kind = match test.as_rule() {
        Rule::is_known => ValueTestKind::Known(test.into_inner().last()?.as_rule() == Rule::KNOWN),
        Rule::is_one => {
            let not = test.clone().into_inner().any(|pair| pair.as_rule() == Rule::NOT);
            let values = test.into_inner().filter(|pair| pair.as_rule() == Rule::string);
            ValueTestKind::OneOf { not, values: values.map(|value| string(&value, at)).collect() }
        }
        _ => {
            let mut parts = Children::of(test);
            let order = match parts.take(Rule::order_op)?.as_str() {
                "=" => Order::Equal,
                "!=" => Order::NotEqual,
                "<" => Order::Less,
                "<=" => Order::AtMost,
                ">" => Order::More,
                _ => Order::AtLeast,
            };
            ValueTestKind::Number(order, word(&parts.take(Rule::number)?, at))
        }
    };
    Some(ValueTest { column, kind })
}

/// Every place of a sentence that a column fills, in order.
pub(super) fn columns(pairs: Pairs<'_, Rule>, at: At) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut filled = false;
    for pair in pairs.flatten() {
        match pair.as_rule() {
            Rule::filled => filled = true,
            Rule::slot => columns.push(column(pair, at, std::mem::take(&mut filled))?),
            _ => {}
        }
    }
    Some(columns)
}

fn column(pair: Pair<'_, Rule>, at: At, filled: bool) -> Option<Column> {
    let span = at.span(&pair);
    let (mut name, mut each, mut split, mut date) = (None, false, None, None);
    let mut parts = Children::of(pair);
    while let Some(part) = parts.next() {
        match part.as_rule() {
            Rule::EACH => each = true,
            Rule::slot_name => {
                name = Some((column_name(&part, at), is_key(part.as_str().get(1..)?)));
            }
            Rule::string => split = Some(string(&part, at)),
            Rule::dated_as => {
                let (mut unit, mut form): (_, Option<Word>) = (DateUnit::Given, None);
                for child in part.into_inner() {
                    match child.as_rule() {
                        Rule::DAY => unit = DateUnit::Day,
                        Rule::MONTH => unit = DateUnit::Month,
                        Rule::YEAR => unit = DateUnit::Year,
                        Rule::string => form = Some(string(&child, at)),
                        _ => {}
                    }
                }
                date = Some(DateAs { unit, form });
            }
            _ => {}
        }
    }
    let (name, plain) = name?;
    let is_param = plain && !filled && !each && split.is_none() && date.is_none();
    Some(Column { name: name.text, span, each, split, date, is_param })
}
