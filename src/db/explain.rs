//! `explain`: the question as it was understood, and its plan with what each step was estimated to find and found.

use crate::eval::{Executed, Rows, Shape, Value};
use crate::graph::Graph;
use crate::plan::{Order, Query, StepKind, reading, step_text};

/// The columns of a plan.
const COLUMNS: [&str; 4] = ["step", "by", "estimated", "found"];

/// The plan of a question as rows.
pub(super) fn explained(graph: &Graph, query: &Query, executed: &Executed) -> Rows {
    let mut rows = Rows { shape: Shape::Plan, reading: reading(graph, query), ..Rows::with_columns(COLUMNS) };
    if let Some(order) = &executed.order {
        steps(graph, query, order, 0, executed, &mut rows);
    }
    let answered = executed.rows.len() as u64;
    rows.push([Value::Text("answer".into()), Value::Nothing, Value::Nothing, Value::Count(answered)]);
    rows
}

fn steps(graph: &Graph, query: &Query, order: &Order, depth: usize, executed: &Executed, rows: &mut Rows) {
    for step in &order.steps {
        let text = format!("{}{}", "  ".repeat(depth), step_text(graph, query, step));
        let found = executed.found.get(step.id).copied().unwrap_or(0);
        let by = executed.found_by.get(step.id).copied().flatten();
        let by = by.map_or(Value::Nothing, |by| Value::Text(by.word().into()));
        let estimated = Value::Count(step.estimate.ceil() as u64);
        rows.push([Value::Text(text.into()), by, estimated, Value::Count(found)]);
        match &step.kind {
            StepKind::Any(parts) => {
                for part in parts {
                    steps(graph, query, part, depth + 1, executed, rows);
                }
            }
            StepKind::Not(inner) => steps(graph, query, inner, depth + 1, executed, rows),
            _ => {}
        }
    }
}
