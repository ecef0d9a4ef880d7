//! Drawings in the DOT language of Graphviz, for whoever lays them out elsewhere. Only text: nothing is laid out here.

use super::super::safe::wrapped;
use super::{Diagram, Line, Thing};
use crate::eval::Rows;
use crate::graph::Graph;
use std::io::{self, Write};

/// How wide a label is, in characters.
const WIDTH: usize = 30;

/// An answer as a `digraph`.
pub(crate) fn write(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let diagram = Diagram::of(graph, rows);
    writeln!(out, "digraph dixit {{")?;
    writeln!(out, "  rankdir=TB;")?;
    writeln!(out, "  node [fontname=\"sans-serif\", fontsize=11];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=9];")?;
    for (at, thing) in diagram.things.iter().enumerate() {
        let shape = match thing {
            Thing::Hands(_) => "ellipse",
            Thing::Content(_) => "box",
            Thing::Document(_) => "note",
        };
        writeln!(out, "  n{at} [shape={shape}, label={}];", quoted_lines(&[diagram.label(graph, at)]))?;
    }
    for edge in &diagram.edges {
        let (from, to, line) = edge;
        let style = if *line == Line::Dashed { ", style=dashed, dir=both" } else { "" };
        writeln!(out, "  n{from} -> n{to} [label={}{style}];", quoted_lines(&diagram.edge_labels(edge)))?;
    }
    writeln!(out, "}}")
}

/// Texts in quotes, each on lines of its own.
fn quoted_lines(texts: &[String]) -> String {
    let lines = texts.iter().flat_map(|text| wrapped(text, WIDTH));
    let lines: Vec<String> = lines.map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}
