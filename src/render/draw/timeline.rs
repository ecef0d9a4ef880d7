//! A timeline drawn: days one below the other, with who said what on each. As text for a terminal, and as SVG.

use super::super::safe::{shown, width, wrapped};
use super::svg::{escaped, open};
use crate::eval::{Rows, Value, text};
use crate::graph::Graph;
use std::io::{self, Write};

/// How wide lines are where no terminal tells, and in a picture.
const WIDTH: usize = 100;

/// The most that is drawn into a picture.
const MOST: usize = 200;

/// Sizes of a picture, in its units.
const LINE: f64 = 17.0;
const LEFT: f64 = 110.0;
const CHARACTER: f64 = 7.0;

/// What was said, on one day or at no known time.
struct Day {
    when: String,
    /// Each with what it changes, where it changes anything.
    said: Vec<(String, bool)>,
}

/// Whether an answer is in the order of time.
pub(in crate::render) fn is_timeline(rows: &Rows) -> bool {
    ["when", "who", "what", "change"].iter().all(|name| rows.column(name).is_some())
}

fn days(graph: &Graph, rows: &Rows) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for row in rows.iter() {
        let cell = |name: &str| {
            let value = rows.column(name).and_then(|at| row.get(at)).unwrap_or(&Value::Nothing);
            shown(&text(graph, value)).into_owned()
        };
        let when = match cell("when") {
            known if known.is_empty() => "no date".to_string(),
            known => known,
        };
        let change = cell("change");
        let told = |word: &str| if word.is_empty() { String::new() } else { format!(" [{word}]") };
        let claim = cell("claim");
        let claim = if claim.is_empty() { claim } else { format!(" {claim}") };
        let said = (format!("{}: {}{}{claim}", cell("who"), cell("what"), told(&change)), !change.is_empty());
        match days.last_mut() {
            Some(day) if day.when == when => day.said.push(said),
            _ => days.push(Day { when, said: vec![said] }),
        }
    }
    days
}

/// A timeline as text.
pub(in crate::render) fn write(
    out: &mut impl Write,
    graph: &Graph,
    rows: &Rows,
    wide: Option<usize>,
) -> io::Result<()> {
    let days = days(graph, rows);
    if days.is_empty() {
        return writeln!(out, "nothing to draw: nobody said anything");
    }
    let column = days.iter().map(|day| width(&day.when)).max().unwrap_or(0);
    let room = wide.unwrap_or(WIDTH).saturating_sub(column + 4).max(24);
    for day in &days {
        for (number, (said, changes)) in day.said.iter().enumerate() {
            let when = if number == 0 { day.when.as_str() } else { "" };
            let mark = if *changes { '◆' } else { '●' };
            let pad = " ".repeat(column - width(when));
            for (at, line) in wrapped(said, room).iter().enumerate() {
                if at == 0 {
                    writeln!(out, "{when}{pad} {mark} {line}")?;
                } else {
                    writeln!(out, "{:column$} │ {line}", "")?;
                }
            }
        }
    }
    Ok(())
}

/// A timeline as SVG. No more than [`MOST`] things are drawn; the rest is counted.
pub(in crate::render) fn svg(out: &mut impl Write, graph: &Graph, rows: &Rows) -> io::Result<()> {
    let days = days(graph, rows);
    let all: usize = days.iter().map(|day| day.said.len()).sum();
    let mut shapes = String::new();
    let mut y = LINE;
    let mut left = MOST;
    for day in &days {
        if left == 0 {
            break;
        }
        shapes += &text_at(LEFT - 16.0, y + 4.0, "end", "#555", &day.when);
        for (said, changes) in day.said.iter().take(left) {
            let fill = if *changes { "#c0392b" } else { "#2c6fbb" };
            shapes += &format!("<circle cx=\"{LEFT:.0}\" cy=\"{y:.0}\" r=\"4\" fill=\"{fill}\"/>\n");
            for line in wrapped(said, WIDTH) {
                shapes += &text_at(LEFT + 14.0, y + 4.0, "start", "#000", &line);
                y += LINE;
            }
        }
        left = left.saturating_sub(day.said.len());
        y += LINE / 2.0;
    }
    if all > MOST {
        shapes += &text_at(LEFT + 14.0, y + 4.0, "start", "#555", &format!("and {} more", all - MOST));
        y += LINE;
    }
    open(out, LEFT + 30.0 + WIDTH as f64 * CHARACTER, y + LINE)?;
    writeln!(out, "<line x1=\"{LEFT:.0}\" y1=\"8\" x2=\"{LEFT:.0}\" y2=\"{y:.0}\" stroke=\"#bbb\"/>")?;
    writeln!(out, "{shapes}</svg>")
}

fn text_at(x: f64, y: f64, anchor: &str, color: &str, text: &str) -> String {
    format!(
        "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\" fill=\"{color}\">{}</text>\n",
        escaped(text)
    )
}
