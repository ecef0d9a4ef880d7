//! Answers as JSON. A value has one form wherever it stands: a name, a text, `{"not": text}`, an ISO time, a list of carriers.

use crate::eval::{Rows, Value, carriers, text};
use crate::graph::Graph;
use crate::model::Content;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};

/// One answer of an array: the question, its columns, its rows.
pub(super) fn answer(out: &mut impl Write, graph: &Graph, question: &str, rows: &Rows) -> io::Result<()> {
    write!(out, "{{\"question\": {}, \"columns\": {}", json!(question), json!(rows.columns))?;
    if !rows.reading.is_empty() {
        write!(out, ", \"reading\": {}", json!(rows.reading))?;
    }
    write!(out, ", \"rows\": [")?;
    for (at, row) in rows.iter().enumerate() {
        out.write_all(if at == 0 { b"\n  " } else { b",\n  " })?;
        write_row(out, graph, rows, row, None)?;
    }
    write!(out, "{}]}}", if rows.is_empty() { "" } else { "\n" })
}

/// A row a line.
pub(super) fn lines(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    question: Option<usize>,
) -> io::Result<()> {
    for row in rows.iter() {
        write_row(out, graph, rows, row, question)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One row, its keys in the order of the columns.
fn write_row(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    row: &[Value],
    question: Option<usize>,
) -> io::Result<()> {
    let mut first = true;
    let mut pair = |out: &mut dyn Write, key: &str, value: &Json| {
        let comma = if std::mem::replace(&mut first, false) { "" } else { ", " };
        write!(out, "{comma}{}: {value}", Json::from(key))
    };
    out.write_all(b"{")?;
    if let Some(question) = question {
        pair(out, "question", &json!(question))?;
    }
    let mut chains = None;
    for (head, cell) in rows.columns.iter().zip(row) {
        if let Value::Chain(chain) = cell
            && chain.chains > 1
        {
            chains = Some(chain.chains);
        }
        pair(out, head, &value(graph, cell))?;
    }
    if let Some(chains) = chains
        && rows.column("chains").is_none()
    {
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
        Value::Number(number) => json!(number),
        Value::Content(content) => content_json(graph, *content),
        Value::Chain(chain) => json!(carriers(graph, chain)),
        Value::List(values) => Json::Array(values.iter().map(|one| value(graph, one)).collect()),
        other => Json::String(text(graph, other).into_owned()),
    }
}

fn content_json(graph: &Graph, content: Content) -> Json {
    let propositions = &graph.propositions;
    let text = propositions.text(content.proposition);
    let condition = propositions.condition(content.proposition);
    if text.is_empty() {
        let topics: Vec<&str> =
            propositions.subjects(content.proposition).map(|entity| graph.entities.name(entity)).collect();
        return json!({ "about": topics });
    }
    if !content.negated && condition.is_none() {
        return Json::String(text.into());
    }
    let mut object = Map::new();
    object.insert(if content.negated { "not" } else { "text" }.into(), Json::String(text.into()));
    if let Some(condition) = condition {
        object.insert("if".into(), content_json(graph, condition));
    }
    Json::Object(object)
}
