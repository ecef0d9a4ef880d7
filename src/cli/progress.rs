//! How far a long piece of work is, on the last line of the terminal: only where standard error is one, and only after half a second. It
//! reads nothing but counters, and is gone when the work is done.

use super::report::text;
use crate::db::Progress;
use crate::render::shown;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What takes less time is told by its outcome alone.
const PATIENCE: Duration = Duration::from_millis(500);
const BETWEEN: Duration = Duration::from_millis(100);

/// Whether something of it stands on the screen. Whoever draws or clears holds it.
static DRAWN: Mutex<bool> = Mutex::new(false);

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
        let name = name(path);
        Bar::begin(move |elapsed| reading(&name, progress.done(), progress.total(), elapsed))
    }

    /// The same for a file that is being written.
    pub(super) fn writing(path: &Path) -> Option<Bar> {
        let name = name(path);
        Bar::begin(move |elapsed| format!("{name}  writing, {} s so far", elapsed.as_secs()))
    }

    fn begin(line: impl Fn(Duration) -> String + Send + 'static) -> Option<Bar> {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if dumb || !std::io::stderr().is_terminal() {
            return None;
        }
        let (running, ended) = channel::<()>();
        let draw = move || {
            let began = Instant::now();
            let mut wait = PATIENCE;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                draw(&line(began.elapsed()));
                wait = BETWEEN;
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

/// Takes away what stands on the screen.
pub(super) fn clear() {
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::take(&mut *drawn) {
        text("\r\x1b[K");
    }
}

fn draw(line: &str) {
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    let width =
        terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
    // One column is left, so that no terminal goes to the next line.
    let line: String = line.chars().take(width.saturating_sub(1)).collect();
    text(&format!("\r{line}\x1b[K"));
    *drawn = true;
}

/// The name of a file, short enough to leave room.
fn name(path: &Path) -> String {
    const MOST: usize = 30;
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let name = shown(&name).into_owned();
    let length = name.chars().count();
    if length <= MOST { name } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}

/// How far a file is: `claims.jsonl  ━━━━━─────  48 %  52 MB/s  4 s left`.
fn reading(name: &str, done: u64, total: u64, elapsed: Duration) -> String {
    const CELLS: u64 = 20;
    let seconds = elapsed.as_secs_f64().max(0.001);
    let rate = done as f64 / seconds;
    let megabytes = rate / 1e6;
    let speed =
        if megabytes < 10.0 { format!("{megabytes:.1} MB/s") } else { format!("{megabytes:.0} MB/s") };
    if total == 0 {
        return format!("{name}  {:.1} MB  {speed}", done as f64 / 1e6);
    }
    let done = done.min(total);
    if done == total {
        return format!("{name}  read; putting it in order, {} s so far", elapsed.as_secs());
    }
    let full = (u128::from(done) * u128::from(CELLS) / u128::from(total)) as usize;
    let bar = "━".repeat(full) + &"─".repeat(CELLS as usize - full);
    let percent = u128::from(done) * 100 / u128::from(total);
    let left = if rate > 0.0 { left((total - done) as f64 / rate) } else { String::new() };
    format!("{name}  {bar}  {percent} %  {speed}{left}")
}

fn left(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("  {s} s left"),
        (0, m, s) => format!("  {m}:{s:02} left"),
        (h, m, s) => format!("  {h}:{m:02}:{s:02} left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_how_far_how_fast_and_how_long() {
        let line = |done, total, seconds| reading("a.jsonl", done, total, Duration::from_secs(seconds));
        assert_eq!(
            line(100_000_000, 400_000_000, 2),
            "a.jsonl  ━━━━━───────────────  25 %  50 MB/s  6 s left"
        );
        assert_eq!(
            line(1, u64::MAX, 1),
            format!("a.jsonl  {}  0 %  0.0 MB/s  5124095576030431:00:15 left", "─".repeat(20))
        );
        assert_eq!(line(0, 10, 1), format!("a.jsonl  {}  0 %  0.0 MB/s", "─".repeat(20)));
        assert_eq!(line(11, 10, 7), "a.jsonl  read; putting it in order, 7 s so far");
        assert_eq!(line(2_500_000, 0, 1), "a.jsonl  2.5 MB  2.5 MB/s");
        assert_eq!((left(61.2), left(7322.0)), ("  1:02 left".into(), "  2:02:02 left".into()));
    }
}
