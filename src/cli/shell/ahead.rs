//! Ctrl-D that was typed while an answer came. Until the next line is read the terminal takes it for the end of a line, and hands it on as a zero
//! byte, which is also what Ctrl-Space sends: so only one that is there when a line begins to be read is meant so.

use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, KeyEvent, RepeatCount};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was typed before is read at once; this is long enough for a machine that is busy.
const AT_ONCE: Duration = Duration::from_millis(300);

/// When the line began to be read.
#[derive(Debug, Clone)]
pub(super) struct Ahead(Arc<Mutex<Instant>>);

impl Ahead {
    pub(super) fn new() -> Ahead {
        Ahead(Arc::new(Mutex::new(Instant::now())))
    }

    /// The key that such a Ctrl-D comes as.
    pub(super) fn key() -> KeyEvent {
        KeyEvent::ctrl('@')
    }

    /// A line begins to be read.
    pub(super) fn begin(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

impl ConditionalEventHandler for Ahead {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let began = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_meant = context.line().is_empty() && began.elapsed() < AT_ONCE;
        Some(if is_meant { Cmd::EndOfFile } else { Cmd::Noop })
    }
}
