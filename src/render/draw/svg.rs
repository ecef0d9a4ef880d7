//! Drawings as SVG, laid out in layers (Sugiyama's method, by the crate `rust-sugiyama`) and drawn without any outside program. The same
//! answer gives the same bytes.

use super::super::safe::{width, wrapped};
use super::{Diagram, Line, Thing};
use crate::eval::Rows;
use crate::graph::Graph;
use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

/// How many things are laid out. Nobody reads more at once, and laying out takes more than linear time.
const MOST: usize = 500;

/// How wide a label is, in characters, and in how many lines it is cut.
const WIDTH: usize = 28;
const LINES: usize = 6;

/// Sizes in pixels.
const CHARACTER: f64 = 7.0;
const LINE: f64 = 15.0;
const PADDING: f64 = 10.0;
const SPACING: f64 = 64.0;
const MARGIN: f64 = 20.0;

/// A thing with its place: the middle of its box.
struct Placed {
    x: f64,
    y: f64,
    wide: f64,
    high: f64,
    lines: Vec<String>,
}

/// An answer as one drawing.
pub(crate) fn write(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let diagram = Diagram::of(graph, rows);
    let things = diagram.things.len();
    if things == 0 {
        return note(out, "Nothing to draw: this answer holds no claims.");
    }
    if things > MOST {
        let told = format!(
            "{things} things are too many for one drawing, which holds {MOST}: narrow the question, or take dot."
        );
        return note(out, &told);
    }
    let (placed, wide, high) = placed(&diagram, graph);
    open(out, wide, high)?;
    for edge in &diagram.edges {
        if let (Some(from), Some(to)) = (placed.get(edge.0), placed.get(edge.1)) {
            line(out, from, to, edge.2, &diagram.edge_labels(edge))?;
        }
    }
    for (thing, place) in diagram.things.iter().zip(&placed) {
        shape(out, thing, place)?;
    }
    writeln!(out, "</svg>")
}

pub(super) fn open(out: &mut impl Write, wide: f64, high: f64) -> io::Result<()> {
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.0}\" height=\"{high:.0}\" viewBox=\"0 0 {wide:.0} {high:.0}\" \
         font-family=\"sans-serif\" font-size=\"12\">"
    )?;
    writeln!(
        out,
        "<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>"
    )?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>")
}

/// A drawing that only says something.
fn note(out: &mut impl Write, text: &str) -> io::Result<()> {
    let wide = width(text) as f64 * CHARACTER + 2.0 * MARGIN;
    open(out, wide, LINE + 2.0 * MARGIN)?;
    writeln!(out, "<text x=\"{MARGIN:.0}\" y=\"{:.0}\">{}</text>", MARGIN + LINE, escaped(text))?;
    writeln!(out, "</svg>")
}

/// Lays everything out: parts that hang together side by side.
fn placed(diagram: &Diagram, graph: &Graph) -> (Vec<Placed>, f64, f64) {
    let mut placed: Vec<Placed> = (0..diagram.things.len())
        .map(|at| {
            let mut lines = wrapped(&diagram.label(graph, at), WIDTH);
            if lines.len() > LINES {
                lines.truncate(LINES);
                if let Some(last) = lines.last_mut() {
                    last.push_str(" …");
                }
            }
            let widest = lines.iter().map(|line| width(line)).max().unwrap_or(0);
            let wide = widest as f64 * CHARACTER + 2.0 * PADDING;
            let high = lines.len() as f64 * LINE + PADDING;
            Placed { x: 0.0, y: 0.0, wide, high, lines }
        })
        .collect();
    let vertices: Vec<(u32, (f64, f64))> =
        (0..).zip(&placed).map(|(at, place)| (at, (place.wide, place.high))).collect();
    // Between two things one edge is laid out, and none from a thing to itself.
    let edges: BTreeSet<(u32, u32)> = diagram
        .edges
        .iter()
        .map(|(from, to, _)| (*from as u32, *to as u32))
        .filter(|(a, b)| a != b)
        .collect();
    let once = |edge: &&(u32, u32)| edge.0 < edge.1 || !edges.contains(&(edge.1, edge.0));
    let edges: Vec<(u32, u32)> = edges.iter().filter(once).copied().collect();
    let config = Config { vertex_spacing: SPACING, ..Config::default() };
    let mut parts: Vec<BTreeMap<usize, (f64, f64)>> = from_vertices_and_edges(&vertices, &edges, &config)
        .into_iter()
        .map(|(places, ..)| places.into_iter().collect())
        .collect();
    parts.sort_by_key(|part| part.keys().next().copied());
    let (mut left, mut highest) = (MARGIN, 0.0_f64);
    for part in parts {
        let sizes =
            |at: &usize| placed.get(*at).map_or((0.0, 0.0), |place| (place.wide / 2.0, place.high / 2.0));
        let edge = |pick: &dyn Fn(&usize, &(f64, f64)) -> f64| {
            part.iter().map(|(at, place)| pick(at, place)).fold(f64::INFINITY, f64::min)
        };
        let (first_x, first_y) =
            (edge(&|at, place| place.0 - sizes(at).0), edge(&|at, place| place.1 - sizes(at).1));
        let last_x = -edge(&|at, place| -(place.0 + sizes(at).0));
        let last_y = -edge(&|at, place| -(place.1 + sizes(at).1));
        for (at, (x, y)) in &part {
            if let Some(place) = placed.get_mut(*at) {
                (place.x, place.y) = (left + x - first_x, MARGIN + y - first_y);
            }
        }
        left += last_x - first_x + SPACING;
        highest = highest.max(last_y - first_y);
    }
    (placed, left - SPACING + MARGIN, highest + 2.0 * MARGIN)
}

fn line(out: &mut impl Write, from: &Placed, to: &Placed, kind: Line, labels: &[String]) -> io::Result<()> {
    let (start, end) = (border(from, to), border(to, from));
    let dashes =
        if kind == Line::Dashed { " stroke-dasharray=\"5 4\" marker-start=\"url(#to)\"" } else { "" };
    writeln!(
        out,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#555\" marker-end=\"url(#to)\"{dashes}/>",
        start.0, start.1, end.0, end.1
    )?;
    if labels.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = labels.iter().flat_map(|label| wrapped(label, WIDTH)).collect();
    let (x, y) = (f64::midpoint(start.0, end.0), f64::midpoint(start.1, end.1));
    texts(out, x, y, &lines, 10.0, "#333", true)
}

/// Where the line from the middle of a box to that of another leaves it.
fn border(of: &Placed, towards: &Placed) -> (f64, f64) {
    let (dx, dy) = (towards.x - of.x, towards.y - of.y);
    if dx == 0.0 && dy == 0.0 {
        return (of.x + of.wide / 2.0, of.y);
    }
    let along = |half: f64, step: f64| if step == 0.0 { f64::INFINITY } else { half / step.abs() };
    let part = along(of.wide / 2.0, dx).min(along(of.high / 2.0, dy));
    (of.x + dx * part, of.y + dy * part)
}

fn shape(out: &mut impl Write, thing: &Thing, place: &Placed) -> io::Result<()> {
    let (x, y) = (place.x - place.wide / 2.0, place.y - place.high / 2.0);
    let (round, fill) = match thing {
        Thing::Hands(_) => (12.0, "#e8f0fa"),
        Thing::Content(_) => (0.0, "#fdf6e3"),
        Thing::Document(_) => (3.0, "#eee"),
    };
    writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{round:.0}\" fill=\"{fill}\" stroke=\"#888\"/>",
        place.wide, place.high
    )?;
    texts(out, place.x, place.y, &place.lines, 12.0, "#000", false)
}

/// Lines of text around a middle.
fn texts(
    out: &mut impl Write,
    x: f64,
    y: f64,
    lines: &[String],
    size: f64,
    color: &str,
    halo: bool,
) -> io::Result<()> {
    let step = size * LINE / 12.0;
    let first = y - step * (lines.len() as f64 - 1.0) / 2.0 + size / 3.0;
    let mut spans = String::new();
    for (at, line) in lines.iter().enumerate() {
        let line_y = first + step * at as f64;
        let _ = write!(spans, "<tspan x=\"{x:.1}\" y=\"{line_y:.1}\">{}</tspan>", escaped(line));
    }
    let open = format!("<text text-anchor=\"middle\" font-size=\"{size:.0}\"");
    // The line under a label is covered by the label in white; not every viewer knows another way.
    if halo {
        writeln!(out, "{open} fill=\"#fff\" stroke=\"#fff\" stroke-width=\"4\">{spans}</text>")?;
    }
    writeln!(out, "{open} fill=\"{color}\">{spans}</text>")
}

/// A text as XML. Control characters, which XML does not allow, are shown as what they are before it comes here.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
