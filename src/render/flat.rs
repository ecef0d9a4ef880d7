//! Rows for other programs and for documents: csv, tsv, Markdown, a cell a line.

use super::safe::shown;
use super::table::cell;
use crate::eval::{Rows, text};
use crate::graph::Graph;
use std::io::{self, Write};

pub(super) fn csv(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&rows.columns)?;
    for row in rows.iter() {
        writer.write_record(row.iter().map(|value| text(graph, value).into_owned()))?;
    }
    writer.flush()
}

pub(super) fn tsv(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let heads: Vec<String> = rows.columns.iter().map(|head| escaped(head)).collect();
    writeln!(out, "{}", heads.join("\t"))?;
    for row in rows.iter() {
        let cells: Vec<String> = row.iter().map(|value| escaped(&text(graph, value))).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

fn escaped(cell: &str) -> String {
    if cell.contains(['\t', '\n', '\r', '\\']) {
        cell.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
    } else {
        cell.into()
    }
}

pub(super) fn markdown(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let escaped = |cell: &str| cell.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
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
