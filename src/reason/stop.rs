//! When to give a question up: somebody said so, or its time is over. It decides nothing about what is given up and tells nobody.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// What ends a question before its answer. It is cheap to copy and to ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stop<'a> {
    /// Setting this ends it.
    pub cancel: Option<&'a AtomicBool>,
    /// It may run until then.
    pub until: Option<Instant>,
}

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody said so.
    Cancelled,
    /// The time is over.
    Late,
}

impl Stop<'_> {
    /// Whether to stop now, and why.
    pub fn now(&self) -> Option<Why> {
        if self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Some(Why::Cancelled);
        }
        self.until.is_some_and(|until| Instant::now() >= until).then_some(Why::Late)
    }
}
