//! Tables for people: as wide as the terminal, text wrapped inside its column, numbers to the right.

use super::Style;
use super::safe::{shown, width, wrapped};
use crate::eval::{Rows, Value, carriers, text};
use crate::graph::Graph;
use std::borrow::Cow;
use std::io::{self, Write};

/// Between two columns.
const GAP: usize = 2;

/// What a column is narrowed to at most where there is not enough room, and where there is not enough room for that either.
const NARROW: usize = 8;
const NARROWEST: usize = 3;

pub(super) fn write(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    if rows.columns.is_empty() {
        return Ok(());
    }
    let all = rows.len();
    let count = style.max_rows.map_or(all, |most| all.min(most));
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(count)
        .map(|row| row.iter().map(|value| shown(&cell(graph, value)).into_owned()).collect())
        .collect();
    let right: Vec<bool> = (0..rows.columns.len()).map(|at| is_number(rows.iter().take(count), at)).collect();
    let heads: Vec<String> = rows.columns.iter().map(|head| shown(head).into_owned()).collect();
    let widths = widths(&heads, &cells, style.width);
    line(out, &heads, &widths, &right, style.color.then_some(BOLD))?;
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    writeln!(out, "{}", rule.join(&"─".repeat(GAP)))?;
    for row in &cells {
        line(out, row, &widths, &right, None)?;
    }
    let told = match (all, count) {
        (0, _) => "no rows".to_string(),
        (1, 1) => "1 row".into(),
        (all, count) if count < all => format!("{count} of {all} rows; .last shows all of them"),
        (all, _) => format!("{all} rows"),
    };
    writeln!(out, "{}", faint(&told, style.color))
}

const BOLD: anstyle::Style = anstyle::Style::new().bold();

/// A text that should stand back.
pub(super) fn faint(text: &str, color: bool) -> String {
    let faint = anstyle::Style::new().dimmed();
    if color { format!("{faint}{text}{faint:#}") } else { text.into() }
}

/// A value as people read it: with arrows between carriers, and the owner of a hedge.
pub(super) fn cell<'g>(graph: &'g Graph, value: &'g Value) -> Cow<'g, str> {
    match value {
        Value::Chain(chain) => {
            let way = carriers(graph, chain).join(" → ");
            match chain.chains {
                0 | 1 => Cow::Owned(way),
                2 => Cow::Owned(format!("{way} (+1 chain)")),
                more => Cow::Owned(format!("{way} (+{} chains)", more - 1)),
            }
        }
        Value::Hedge { word, owner } if owner.is_some() => {
            Cow::Owned(format!("{} ({})", graph.strings.get(*word), graph.entities.name(*owner)))
        }
        value => text(graph, value),
    }
}

fn is_number<'r>(mut rows: impl Iterator<Item = &'r [Value]>, at: usize) -> bool {
    let mut any = false;
    let numbers = rows.all(|row| match row.get(at) {
        Some(Value::Count(_) | Value::Number(_)) => {
            any = true;
            true
        }
        Some(Value::Nothing) => true,
        _ => false,
    });
    numbers && any
}

/// As wide as the widest cell, all of them no wider than the terminal: the widest give way first.
fn widths(heads: &[String], cells: &[Vec<String>], terminal: Option<usize>) -> Vec<usize> {
    let mut widths: Vec<usize> = heads.iter().map(|head| width(head)).collect();
    for row in cells {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let Some(terminal) = terminal else { return widths };
    let room = terminal.saturating_sub(GAP * (widths.len().saturating_sub(1))).max(widths.len());
    let least = if room / widths.len().max(1) < NARROW { NARROWEST } else { NARROW };
    // The widest is brought down to the second widest, then both further, until all fit.
    while widths.iter().sum::<usize>() > room {
        let Some(most) = widths.iter().copied().max().filter(|most| *most > least) else { break };
        let second = widths.iter().copied().filter(|width| *width < most).max().unwrap_or(0).max(least);
        let wide = widths.iter().filter(|width| **width == most).count();
        let over = widths.iter().sum::<usize>() - room;
        let step = (over.div_ceil(wide)).min(most - second).max(1);
        for width in widths.iter_mut().filter(|width| **width == most) {
            *width -= step;
        }
    }
    widths
}

fn line(
    out: &mut impl Write,
    cells: &[String],
    widths: &[usize],
    right: &[bool],
    style: Option<anstyle::Style>,
) -> io::Result<()> {
    let wrapped: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| wrapped(cell, *width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut line = String::new();
        for (column, (lines, wide)) in wrapped.iter().zip(widths).enumerate() {
            let part = lines.get(at).map_or("", String::as_str);
            let pad = " ".repeat(wide.saturating_sub(width(part)));
            if column > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            if right.get(column).copied().unwrap_or(false) {
                line.push_str(&pad);
                line.push_str(part);
            } else {
                line.push_str(part);
                line.push_str(&pad);
            }
        }
        let line = line.trim_end();
        match style {
            Some(style) => writeln!(out, "{style}{line}{style:#}")?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}
