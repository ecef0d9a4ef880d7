//! How much a question may take before it is given up. It measures nothing: the evaluator looks at the clock and counts.

use crate::diag::{Code, Diagnostic, Span};
use crate::eval::Stopped;
use std::time::Duration;

/// What one question may take. The graph is the same after a question that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run; nothing for as long as it takes.
    pub time: Option<Duration>,
    /// The most solutions before the pipeline, of a rule, and of what is set against each other.
    pub solutions: usize,
}

impl Limits {
    /// The solutions that a question may have where nobody says otherwise.
    pub const SOLUTIONS: usize = 50_000_000;
}

impl Default for Limits {
    fn default() -> Self {
        Limits { time: None, solutions: Limits::SOLUTIONS }
    }
}

/// Why there is no answer, and what to do about it.
pub(super) fn given_up(stopped: Stopped, limits: Limits, span: Span) -> Diagnostic {
    let took = |time: Duration| format!("this question took longer than the {} s it may", time.as_secs_f64());
    match (stopped, limits.time) {
        (Stopped::Late, Some(time)) => Diagnostic::error(Code::Limit, span, took(time))
            .help("narrow it, by a name or a time, or allow it more time"),
        (Stopped::Limit(most), _) => {
            Diagnostic::error(Code::Limit, span, format!("this question has more than {most} solutions"))
                .help("narrow it, ask for fewer sentences at once, or allow it more solutions")
        }
        _ => Diagnostic::error(Code::Limit, span, stopped.to_string()),
    }
}
