//! How far a long piece of work is, on the last line of the terminal: only where standard error is one, and only after half a second; of a
//! question, after two. It reads nothing but counters, and is gone when the work is done.

use crate::db::Progress;
use crate::render::shown;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What takes less time is told by its outcome alone: a file, a question.
const PATIENCE: Duration = Duration::from_millis(500);
const MORE_PATIENCE: Duration = Duration::from_secs(2);
const BETWEEN: Duration = Duration::from_millis(100);

/// How a line looks: while a file is read whose length is known or not, while what was read is put in order, and while a file is written.
const READING: &str = "{msg}  {bar:20}  {percent} %  {decimal_bytes_per_sec}  {eta} left";
const OF_ANY_LENGTH: &str = "{msg}  {decimal_bytes}  {decimal_bytes_per_sec}";
const ORDERING: &str = "{msg}  read; putting it in order, {elapsed} so far";
const WRITING: &str = "{msg}  writing, {elapsed} so far";
const ANSWERING: &str = "{msg}  {human_pos} claims and rows looked at, {elapsed} so far; Ctrl-C stops it";

/// What stands on the screen.
static DRAWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A line that tells how far something is, as long as this is kept.
#[derive(Debug)]
pub(super) struct Bar {
    /// Ends the thread when it is dropped.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Begins to tell how far a file is that is being read; nothing where nobody sees it.
    pub(super) fn reading(path: &Path, progress: Arc<Progress>) -> Option<Bar> {
        Bar::begin(name(path), PATIENCE, move |bar| {
            let (done, total) = (progress.done(), progress.total());
            bar.set_length(total);
            bar.set_position(done);
            match total {
                0 => OF_ANY_LENGTH,
                _ if done >= total => ORDERING,
                _ => READING,
            }
        })
    }

    /// The same for a file that is being written.
    pub(super) fn writing(path: &Path) -> Option<Bar> {
        Bar::begin(name(path), PATIENCE, |_| WRITING)
    }

    /// The same for a question.
    pub(super) fn answering(progress: Arc<Progress>) -> Option<Bar> {
        Bar::begin("answering".into(), MORE_PATIENCE, move |bar| {
            bar.set_position(progress.done());
            ANSWERING
        })
    }

    fn begin(
        name: String,
        patience: Duration,
        tell: impl Fn(&ProgressBar) -> &'static str + Send + 'static,
    ) -> Option<Bar> {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if dumb || !std::io::stderr().is_terminal() {
            return None;
        }
        let (running, ended) = channel::<()>();
        let draw = move || {
            // It counts from the beginning, so that it knows how fast that is when it is shown.
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()).with_message(name);
            while ended.recv_timeout(BETWEEN) == Err(RecvTimeoutError::Timeout) {
                let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
                bar.set_style(style(tell(&bar)));
                if drawn.is_none() && bar.elapsed() >= patience {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    *drawn = Some(bar.clone());
                }
                bar.tick();
            }
        };
        // Without a thread there is no line, and the work is done all the same.
        let thread = std::thread::Builder::new().spawn(draw).ok()?;
        Some(Bar { running: Some(running), thread: Some(thread) })
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            // A thread that came to grief has nothing more to draw.
            let _ = thread.join();
        }
        clear();
    }
}

/// A file as it is called here.
fn name(path: &Path) -> String {
    shown(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()).into_owned()
}

/// Takes away what stands on the screen.
pub(super) fn clear() {
    if let Some(bar) = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).take() {
        bar.finish_and_clear();
    }
}

/// How the line looks; the plain one of the library where a template is wrong.
fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("━━─")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_right() {
        for template in [READING, OF_ANY_LENGTH, ORDERING, WRITING, ANSWERING] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
