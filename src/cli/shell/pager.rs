//! Long answers through a pager: nothing is paged that fits on the screen, and an answer is never kept back when there is no pager.

use super::super::output::Output;
use super::super::report;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

/// When answers are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    Always,
    Never,
    /// Where an answer is taller than the screen.
    Auto,
}

impl Paging {
    pub(super) fn from_word(word: &str) -> Option<Paging> {
        match word {
            "on" => Some(Paging::Always),
            "off" => Some(Paging::Never),
            "auto" => Some(Paging::Auto),
            _ => None,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Paging::Always => "on",
            Paging::Never => "off",
            Paging::Auto => "auto",
        }
    }
}

/// What an answer is written to: kept while it may still fit on the screen, then handed to the pager as it comes.
#[derive(Debug)]
pub(super) struct Paged {
    kept: Vec<u8>,
    lines: usize,
    /// How many lines fit on the screen.
    height: usize,
    pager: Option<Child>,
    /// Whether it goes straight to the screen.
    straight: bool,
}

impl Paged {
    /// `height` is that of the terminal; nothing where there is none.
    pub(super) fn new(paging: Paging, height: Option<usize>) -> Paged {
        // The prompt needs a line of its own.
        let fits = height.unwrap_or(usize::MAX).saturating_sub(2);
        let height = if paging == Paging::Always { 0 } else { fits };
        Paged {
            kept: Vec::new(),
            lines: 0,
            height,
            pager: None,
            straight: paging == Paging::Never || height == usize::MAX - 2,
        }
    }

    /// Shows what is left.
    pub(super) fn finish(self) -> io::Result<()> {
        let mut out = Output(io::stdout());
        out.write_all(&self.kept)?;
        out.flush()
    }

    /// Starts the pager, which is given all that was kept; without one, all goes to the screen.
    fn start(&mut self) -> io::Result<()> {
        match pager() {
            Ok(child) => self.pager = Some(child),
            Err(why) => {
                report::line(&format!("no pager: {why}; .pager off shows answers without one"));
                self.straight = true;
            }
        }
        let kept = std::mem::take(&mut self.kept);
        self.write_all(&kept)
    }
}

impl Drop for Paged {
    /// Waits until the user has seen enough, also where he did before all of it was shown.
    fn drop(&mut self) {
        if let Some(mut pager) = self.pager.take() {
            drop(pager.stdin.take());
            let _ = pager.wait();
        }
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.straight {
            return Output(io::stdout()).write(bytes);
        }
        if let Some(pager) = &mut self.pager {
            if super::super::interrupted() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            return pager.stdin.as_mut().map_or(Ok(bytes.len()), |input| input.write(bytes));
        }
        self.kept.extend_from_slice(bytes);
        self.lines += bytes.split(|byte| *byte == b'\n').count() - 1;
        if self.lines > self.height {
            self.start()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The pager that the user has chosen, split as a shell would.
fn pager() -> Result<Child, String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let chosen = set("DIXIT_PAGER").or_else(|| set("PAGER")).unwrap_or_else(|| "less".into());
    let words = shlex::split(&chosen).ok_or_else(|| format!("`{chosen}` has an open quote"))?;
    let [program, args @ ..] = &words[..] else { return Err("it has no name".into()) };
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped());
    // Colours as colours, and no screen of its own for what is short.
    if set("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    command.spawn().map_err(|error| format!("{chosen}: {error}"))
}
