//! When to give a question up: somebody said so, its time is over, or it keeps more than it may. It decides nothing about what is given up
//! and tells nobody.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

/// What ends a question before its answer. It is cheap to copy and to ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stop<'a> {
    /// Setting this ends it.
    pub cancel: Option<&'a AtomicBool>,
    /// It may run until then.
    pub until: Option<Instant>,
    /// The bytes that are kept for it, and the most that may be.
    pub room: Option<(&'a AtomicUsize, usize)>,
}

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody said so.
    Cancelled,
    /// The time is over.
    Late,
    /// More is kept than may be.
    Full(usize),
}

impl Stop<'_> {
    /// Whether to stop now, and why.
    pub fn now(&self) -> Option<Why> {
        if self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Some(Why::Cancelled);
        }
        if let Some((kept, most)) = self.room
            && kept.load(Ordering::Relaxed) > most
        {
            return Some(Why::Full(most));
        }
        self.until.is_some_and(|until| Instant::now() >= until).then_some(Why::Late)
    }

    /// Counts what is kept from now on.
    pub fn keeps(&self, bytes: usize) {
        if let Some((kept, _)) = self.room {
            kept.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}
