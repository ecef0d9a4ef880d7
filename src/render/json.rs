//! Answers as JSON. A value has one form wherever it stands: a name, a text, `{"not": text}`, an ISO time, a list of carriers.

use super::flat::write_rows;
use super::safe::printed;
use crate::eval::{Rows, Value, carriers, text};
use crate::graph::Graph;
use crate::model::Content;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};

/// One answer of an array: the question, its columns, its rows.
pub(super) fn answer(out: &mut impl Write, graph: &Graph, question: &str, rows: &Rows) -> io::Result<()> {
    let keys = keys(rows, &["chains"]);
    write!(out, "{{\"question\": {}, \"columns\": {}", printed(&json!(question)), printed(&json!(keys)))?;
    if !rows.reading.is_empty() {
        write!(out, ", \"reading\": {}", printed(&json!(rows.reading)))?;
    }
    write!(out, ", \"rows\": [")?;
    write_rows(out, graph, rows, |mut part, out| {
        part.try_for_each(|(at, row)| {
            out.extend_from_slice(if at == 0 { b"\n  " } else { b",\n  " });
            write_row(out, graph, &keys, row, None)
        })
    })?;
    write!(out, "{}]}}", if rows.is_empty() { "" } else { "\n" })
}

/// A row a line; `question` is the number of the question, where there are several.
pub(super) fn lines(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    question: Option<usize>,
) -> io::Result<()> {
    let keys = keys(rows, if question.is_some() { &["question", "chains"] } else { &["chains"] });
    write_rows(out, graph, rows, |mut part, out| {
        part.try_for_each(|(_, row)| {
            write_row(out, graph, &keys, row, question)?;
            writeln!(out)
        })
    })
}

/// The keys of the columns. No object has a key twice: the second column of a name, and one of a name that has a meaning here, gets a
/// number, as `what_2`.
fn keys(rows: &Rows, taken: &[&str]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(rows.columns.len());
    for column in &rows.columns {
        let is_free = |key: &str| !taken.contains(&key) && !keys.iter().any(|known| known == key);
        let numbered = (2..).map(|number| format!("{column}_{number}"));
        let key = if is_free(column) {
            Some(column.clone())
        } else {
            numbered.into_iter().find(|key| is_free(key))
        };
        keys.extend(key);
    }
    keys
}

/// One row, its keys in the order of the columns. Where a claim came by several chains, `chains` says by how many.
fn write_row(
    out: &mut impl Write,
    graph: &Graph,
    keys: &[String],
    row: &[Value],
    question: Option<usize>,
) -> io::Result<()> {
    let mut comma = "";
    let mut pair = |out: &mut dyn Write, key: &str, value: &Json| {
        write!(out, "{comma}{}: {}", printed(&json!(key)), printed(value))?;
        comma = ", ";
        io::Result::Ok(())
    };
    out.write_all(b"{")?;
    if let Some(question) = question {
        pair(out, "question", &json!(question))?;
    }
    for (key, cell) in keys.iter().zip(row) {
        pair(out, key, &value(graph, cell))?;
    }
    let chains = row.iter().find_map(|cell| match cell {
        Value::Chain(chain) if chain.chains > 1 => Some(chain.chains),
        _ => None,
    });
    if let Some(chains) = chains {
        pair(out, "chains", &json!(chains))?;
    }
    out.write_all(b"}")
}

/// A value as JSON.
fn value(graph: &Graph, cell: &Value) -> Json {
    match cell {
        Value::Nothing => Json::Null,
        Value::YesNo(on) => Json::Bool(*on),
        Value::Count(number) => json!(number),
        Value::Number(number) => self::number(*number),
        Value::Content(content) => content_json(graph, *content),
        Value::Chain(chain) => json!(carriers(graph, chain)),
        Value::List(values) => Json::Array(values.iter().map(|one| value(graph, one)).collect()),
        other => Json::String(text(graph, other).into_owned()),
    }
}

/// A number, without a fraction where it has none.
fn number(number: f64) -> Json {
    let whole = number.fract() == 0.0 && number.abs() < 9e15;
    if whole { json!(number as i64) } else { json!(number) }
}

fn content_json(graph: &Graph, content: Content) -> Json {
    let propositions = &graph.propositions;
    let text = propositions.text(content.proposition);
    let said = if text.is_empty() {
        let topics = propositions.subjects(content.proposition).map(|entity| graph.entities.name(entity));
        json!({ "about": topics.collect::<Vec<&str>>() })
    } else {
        Json::from(text)
    };
    let condition = propositions.condition(content.proposition);
    if !content.negated && condition.is_none() {
        return said;
    }
    let mut object = Map::new();
    object.insert(if content.negated { "not" } else { "text" }.into(), said);
    object.extend(condition.map(|condition| ("if".to_string(), content_json(graph, condition))));
    Json::Object(object)
}
