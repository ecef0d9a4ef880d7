//! How much a question may take before it is given up. It measures nothing: the evaluator looks at the clock and counts.

use crate::diag::{Code, Diagnostic, Span};
use crate::eval::{MOST_SOLUTIONS, Stopped};
use bytesize::ByteSize;
use std::time::Duration;

/// What one question may take. The graph is the same after a question that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run; nothing for as long as it takes.
    pub time: Option<Duration>,
    /// The most solutions before the pipeline, of a rule, and of what is set against each other.
    pub solutions: usize,
    /// The most bytes of memory that it may keep beside the graph, as `docs/command-line.md` tells; nothing for as many as there are.
    pub memory: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { time: None, solutions: MOST_SOLUTIONS, memory: None }
    }
}

/// Why there is no answer, and what to do about it.
pub(super) fn given_up(stopped: Stopped, limits: Limits, span: Span) -> Diagnostic {
    let message = match (stopped, limits.time) {
        (Stopped::Late, Some(time)) => {
            format!("this question took longer than the {} s it may", time.as_secs_f64())
        }
        (Stopped::Memory(most), _) => {
            format!("this question keeps more than the {} of memory that it may", ByteSize(most as u64))
        }
        _ => stopped.to_string(),
    };
    let diagnostic = Diagnostic::error(Code::Limit, span, message);
    match stopped {
        Stopped::Late => {
            diagnostic.help("narrow it, by a name or a time, or allow it more time with --timeout")
        }
        Stopped::Limit(_) => diagnostic
            .help("narrow it, ask for fewer sentences at once, or allow it more with --max-solutions"),
        Stopped::Memory(_) => diagnostic
            .help("narrow it, count or take a few instead of showing all, or allow it more with --memory"),
        Stopped::Cancelled | Stopped::Pairs(_) => diagnostic,
    }
}
