//! Rows for other programs and for documents: csv, tsv, Markdown, a cell a line.

use super::Style;
use super::safe::shown;
use super::table::cell;
use crate::eval::{Part, Rows, Value, text};
use crate::graph::Graph;
use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::ControlFlow;

/// The text of a cell for another program: as it is, but where a terminal would read it first.
fn plain<'g>(graph: &'g Graph, value: &'g Value, style: Style) -> Cow<'g, str> {
    let text = text(graph, value);
    if style.width.is_some() { Cow::Owned(shown(&text).into_owned()) } else { text }
}

/// So many bytes are written at once: whoever interrupts need not wait for more.
const PIECE: usize = 1 << 13;

/// Writes all rows: `write` gets those of a part with their places. Where there are many, several threads do so.
pub(super) fn write_rows(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    write: impl Fn(Part<'_>, &mut Vec<u8>) -> io::Result<()> + Sync,
) -> io::Result<()> {
    let mut written = Ok(());
    let made = |part: Part<'_>| {
        let mut bytes = Vec::new();
        write(part, &mut bytes).map(|()| bytes)
    };
    rows.read(graph, made, |part| {
        written = match part {
            Ok(bytes) => bytes.chunks(PIECE).try_for_each(|piece| out.write_all(piece)),
            Err(error) => Err(std::mem::replace(error, io::ErrorKind::Other.into())),
        };
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written
}

pub(super) fn csv(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    let mut heads = csv::Writer::from_writer(&mut *out);
    heads.write_record(&rows.columns)?;
    heads.flush()?;
    drop(heads);
    write_rows(out, graph, rows, |mut part, out| {
        let mut writer = csv::Writer::from_writer(out);
        part.try_for_each(|(_, row)| {
            row.iter().try_for_each(|value| writer.write_field(plain(graph, value, style).as_bytes()))?;
            writer.write_record(None::<&[u8]>)
        })?;
        writer.flush()
    })
}

pub(super) fn tsv(out: &mut impl Write, graph: &Graph, rows: &Rows, style: Style) -> io::Result<()> {
    let heads: Vec<Cow<'_, str>> = rows.columns.iter().map(|head| escaped(Cow::Borrowed(head))).collect();
    writeln!(out, "{}", heads.join("\t"))?;
    write_rows(out, graph, rows, |part, out| {
        for (_, row) in part {
            for (at, value) in row.iter().enumerate() {
                out.extend_from_slice(if at == 0 { b"" } else { b"\t" });
                out.extend_from_slice(escaped(plain(graph, value, style)).as_bytes());
            }
            out.push(b'\n');
        }
        Ok(())
    })
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
    write_rows(out, graph, rows, |mut part, out| {
        part.try_for_each(|(_, row)| {
            let cells: Vec<String> = row.iter().map(|value| escaped(&cell(graph, value))).collect();
            writeln!(out, "| {} |", cells.join(" | "))
        })
    })
}

pub(super) fn line(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    write_rows(out, graph, rows, |mut part, out| {
        part.try_for_each(|(at, row)| {
            out.extend_from_slice(if at == 0 { b"" } else { b"\n" });
            let mut cells = rows.columns.iter().zip(row);
            cells.try_for_each(|(head, value)| writeln!(out, "{head}: {}", shown(&cell(graph, value))))
        })
    })
}
