//! Traces as trees and plans as steps, for people.

use super::Style;
use super::safe::{shown, width};
use super::table::{cell, faint};
use crate::eval::{Rows, Value, words};
use crate::graph::Graph;
use crate::model::Content;
use std::io::{self, Write};

/// A trace: a branch for each document, the speaker at its end.
pub(super) fn write(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    let column = |name: &str| rows.column(name);
    let depths: Vec<u64> = rows.iter().map(|row| number(row, column("depth"))).collect();
    let mut last_claim = None;
    for (at, row) in rows.iter().enumerate() {
        let of = |name: &str| {
            column(name)
                .and_then(|at| row.get(at))
                .map(|value| shown(&cell(graph, value)).into_owned())
                .unwrap_or_default()
        };
        if let Some(Value::Claim(claim)) = column("claim").and_then(|at| row.get(at))
            && depths.get(at) == Some(&0)
            && last_claim != Some(claim.claim)
        {
            if last_claim.is_some() {
                writeln!(out)?;
            }
            last_claim = Some(claim.claim);
            if let Some(content) = graph.claims.content(claim.claim) {
                let condition = graph.propositions.condition(content.proposition);
                let on = condition.map_or_else(String::new, |on| format!(" if {}", quoted(graph, on)));
                writeln!(out, "{}{on}", quoted(graph, content))?;
            }
        }
        let mut told = vec![of("who"), of("cue")];
        told.extend(Some(of("hedge")).filter(|hedge| !hedge.is_empty()));
        told.extend(Some(of("date")).filter(|date| !date.is_empty()).map(|date| format!("on {date}")));
        told.extend(Some(of("basis")).filter(|basis| basis == "inferred").map(|_| "(inferred)".into()));
        told.extend(Some(of("document")).filter(|key| !key.is_empty()).map(|key| format!("in {key}")));
        told.extend(Some(of("drift")).filter(|drift| !drift.is_empty()).map(|drift| format!("[{drift}]")));
        let claim = Some(of("claim")).filter(|claim| !claim.is_empty());
        let claim = claim.map_or_else(String::new, |claim| format!("  {}", faint(&claim, style.color)));
        writeln!(out, "{}{}{claim}", branch(&depths, at), told.join(" "))?;
    }
    let told = if rows.is_empty() { "nobody here carried that" } else { return Ok(()) };
    writeln!(out, "{}", faint(told, style.color))
}

/// What was said, in quotes, without what it depends on.
fn quoted(graph: &Graph, content: Content) -> String {
    let words = words(graph, content.proposition);
    let not = if content.negated { "not " } else { "" };
    if graph.propositions.text(content.proposition).is_empty() {
        format!("{not}{}", shown(&words))
    } else {
        format!("{not}“{}”", shown(&words))
    }
}

fn number(row: &[Value], at: Option<usize>) -> u64 {
    match at.and_then(|at| row.get(at)) {
        Some(Value::Count(number)) => *number,
        _ => 0,
    }
}

/// The lines before a row of a tree: whether its branch, and those around it, go on below.
fn branch(depths: &[u64], at: usize) -> String {
    let depth = depths.get(at).copied().unwrap_or(0);
    let goes_on = |level: u64| {
        let below = depths.get(at + 1..).unwrap_or(&[]);
        below.iter().take_while(|depth| **depth >= level).any(|depth| *depth == level)
    };
    let mut out = String::new();
    for level in 1..depth {
        out.push_str(if goes_on(level) { "│  " } else { "   " });
    }
    if depth > 0 {
        out.push_str(if goes_on(depth) { "├─ " } else { "└─ " });
    }
    out
}

/// A plan: the reading first, then each step with what it was estimated to find and found.
pub(super) fn write_plan(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    for line in &rows.reading {
        writeln!(out, "{}", shown(line))?;
    }
    if !rows.reading.is_empty() {
        writeln!(out)?;
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|value| shown(&cell(graph, value)).into_owned()).collect())
        .collect();
    let step = cells.iter().filter_map(|row| row.first()).map(|step| width(step)).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{}",
        faint(&format!("{:step$}  {:10}  {:>9}  {:>9}", "step", "by", "estimated", "found"), style.color)
    )?;
    for row in &cells {
        let of = |at: usize| row.get(at).map_or("", String::as_str);
        let pad = " ".repeat(step.saturating_sub(width(of(0))));
        writeln!(out, "{}{pad}  {:10}  {:>9}  {:>9}", of(0), of(1), of(2), of(3))?;
    }
    Ok(())
}
