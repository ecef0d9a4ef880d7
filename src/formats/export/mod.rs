//! A graph as text: sentences, or rows, that build the same graph again. What the log holds, when things were recorded, is not exported:
//! whoever builds again records again.
//!
//! Numbers are kept by order: claims without an id come out in the order in which they are numbered.

mod claim;
mod declared;
mod row;

use crate::graph::Graph;
use std::io::{self, Write};

/// Writes a graph as sentences. Linear in the graph.
pub fn dixit(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "language {}.", super::dixit::LANGUAGE_VERSION)?;
    let mut each = |sentence: String| writeln!(out, "{sentence}");
    declared::before(graph, &mut each)?;
    for claim in claim::all(graph) {
        claim::sentences(graph, claim, &mut each)?;
    }
    declared::after(graph, &mut each)
}

/// Writes a graph as rows, a JSON object a line. What the keys of a claim cannot hold is a row with a `sentence`, so that nothing is lost.
pub fn jsonl(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let write = |out: &mut dyn Write, sentence: String| {
        writeln!(out, "{}", serde_json::json!({ "sentence": sentence }))
    };
    declared::before(graph, &mut |sentence| write(out, sentence))?;
    for claim in claim::all(graph) {
        match row::row(graph, claim) {
            Some(row) => writeln!(out, "{row}")?,
            None => claim::sentences(graph, claim, &mut |sentence| write(out, sentence))?,
        }
    }
    declared::after(graph, &mut |sentence| write(out, sentence))
}
