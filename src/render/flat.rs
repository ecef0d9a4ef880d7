//! Rows for other programs and for documents: csv, tsv, Markdown, a cell a line.

use super::Style;
use super::safe::shown;
use super::table::cell;
use crate::eval::{Rows, Value, text};
use crate::graph::Graph;
use std::borrow::Cow;
use std::io::{self, Write};

/// The text of a cell for another program: as it is, but where a terminal would read it first.
fn plain<'g>(graph: &'g Graph, value: &'g Value, style: Style) -> Cow<'g, str> {
    let text = text(graph, value);
    if style.width.is_some() { Cow::Owned(shown(&text).into_owned()) } else { text }
}

pub(super) fn csv(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&rows.columns)?;
    for row in rows.near(graph) {
        for value in row {
            writer.write_field(plain(graph, value, style).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

pub(super) fn tsv(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    let heads: Vec<Cow<'_, str>> = rows.columns.iter().map(|head| escaped(Cow::Borrowed(head))).collect();
    writeln!(out, "{}", heads.join("\t"))?;
    for row in rows.near(graph) {
        let cells: Vec<Cow<'_, str>> = row.iter().map(|value| escaped(plain(graph, value, style))).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// A cell without tabs and line breaks: `\\t`, `\\n`, `\\r`, and `\\\\` for a backslash.
fn escaped(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.contains(['\t', '\n', '\r', '\\']) {
        let cell = cell.replace('\\', "\\\\").replace('\t', "\\t");
        Cow::Owned(cell.replace('\n', "\\n").replace('\r', "\\r"))
    } else {
        cell
    }
}

pub(super) fn markdown(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let escaped = |cell: &str| {
        let cell = cell.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
        shown(&cell).into_owned()
    };
    let heads: Vec<String> = rows.columns.iter().map(|head| escaped(head)).collect();
    writeln!(out, "| {} |", heads.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(heads.len()))?;
    for row in rows.iter() {
        let cells: Vec<String> = row.iter().map(|value| escaped(&cell(graph, value))).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

pub(super) fn line(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (head, value) in rows.columns.iter().zip(row) {
            writeln!(out, "{head}: {}", shown(&cell(graph, value)))?;
        }
    }
    Ok(())
}
