//! Drawings as text for a terminal: whoever nobody has anything from begins a tree, what is reached a second time is not drawn again.

use super::super::safe::{width, wrapped};
use super::{Diagram, Line};
use crate::eval::Rows;
use crate::graph::Graph;
use std::io::{self, Write};

/// How wide lines are where no terminal tells.
const WIDTH: usize = 100;

/// The narrowest that a text becomes, however deep it stands.
const NARROWEST: usize = 24;

/// Deeper than this nothing is drawn: no screen shows it.
const DEEPEST: usize = 64;

/// An answer as trees.
pub(in crate::render) fn write(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    wide: Option<usize>,
) -> io::Result<()> {
    let diagram = Diagram::of(graph, rows);
    let mut trees = Trees {
        graph,
        wide: wide.unwrap_or(WIDTH),
        drawn: vec![false; diagram.things.len()],
        from: vec![Vec::new(); diagram.things.len()],
        diagram: &diagram,
    };
    let mut reached = vec![false; diagram.things.len()];
    for (at, (from, to, _)) in diagram.edges.iter().enumerate() {
        if let (Some(edges), true) = (trees.from.get_mut(*from), from != to) {
            edges.push(at);
        }
        if let Some(reached) = reached.get_mut(*to) {
            *reached |= from != to;
        }
    }
    if diagram.things.is_empty() {
        return writeln!(out, "nothing to draw: this answer holds no claims");
    }
    // Then whatever only leads in circles.
    let roots = (0..reached.len()).filter(|at| !reached.get(*at).copied().unwrap_or(true));
    for root in roots.chain(0..diagram.things.len()) {
        if !trees.drawn.get(root).copied().unwrap_or(true) {
            trees.tree(out, root, "", "", "", 0)?;
        }
    }
    Ok(())
}

struct Trees<'a> {
    graph: &'a Graph,
    diagram: &'a Diagram,
    wide: usize,
    drawn: Vec<bool>,
    /// The edges that leave each thing.
    from: Vec<Vec<usize>>,
}

impl Trees<'_> {
    /// Draws a thing behind `first`, and all it leads to behind `rest`; `by` is how it was led to.
    fn tree(
        &mut self,
        out: &mut impl Write,
        at: usize,
        first: &str,
        rest: &str,
        by: &str,
        depth: usize,
    ) -> io::Result<()> {
        let again = self.drawn.get(at).copied().unwrap_or(true);
        let leads = self.from.get(at).cloned().unwrap_or_default();
        let label = self.diagram.label(self.graph, at);
        let mut text = if by.is_empty() { label } else { format!("{by}: {label}") };
        if again && !leads.is_empty() {
            text.push_str(" (see above)");
        } else if !leads.is_empty() && depth >= DEEPEST {
            text.push_str(" …");
        }
        let room = self.wide.saturating_sub(width(rest)).max(NARROWEST);
        let goes_on = if again || leads.is_empty() { "  " } else { "│ " };
        for (number, line) in wrapped(&text, room).iter().enumerate() {
            let before = if number == 0 { first.to_string() } else { format!("{rest}{goes_on}") };
            writeln!(out, "{before}{line}")?;
        }
        if again || depth >= DEEPEST {
            return Ok(());
        }
        if let Some(drawn) = self.drawn.get_mut(at) {
            *drawn = true;
        }
        let last = leads.len().saturating_sub(1);
        for (number, edge) in leads.into_iter().enumerate() {
            let Some((from, to, line)) = self.diagram.edges.get(edge).copied() else { continue };
            let (branch, under) = if number == last { ("└", "   ") } else { ("├", "│  ") };
            let arrow = if line == Line::Dashed { "╌" } else { "─" };
            let by = self.diagram.edge_labels(&(from, to, line)).join("; ");
            self.tree(
                out,
                to,
                &format!("{rest}{branch}{arrow} "),
                &format!("{rest}{under}"),
                &by,
                depth + 1,
            )?;
        }
        Ok(())
    }
}
