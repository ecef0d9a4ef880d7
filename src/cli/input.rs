//! Reading texts: files, and standard input where a file is called `-`.

use super::report::Reporter;
use crate::syntax::{MAX_SENTENCE, is_complete};
use std::io::{self, BufRead, Read, StdinLock};
use std::path::Path;

/// Whether this stands for standard input.
pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a file is called in messages.
pub(super) fn name(path: &Path) -> String {
    if is_standard(path) { "standard input".into() } else { path.display().to_string() }
}

/// The text of a file; nothing where it cannot be read, which is told.
pub(super) fn text(path: &Path, reporter: Reporter) -> Option<String> {
    let bytes = if is_standard(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let name = name(path);
    match bytes.map(String::from_utf8) {
        Ok(Ok(text)) => Some(text),
        Ok(Err(error)) => {
            reporter.not_utf8(Path::new(&name), error.utf8_error().valid_up_to() + 1);
            None
        }
        Err(error) => {
            reporter.unread(Path::new(&name), &error);
            None
        }
    }
}

/// Standard input, taken apart into texts that hold whole sentences as soon as these are there.
pub(super) struct Lines {
    input: StdinLock<'static>,
    /// How many lines were read.
    read: usize,
}

impl Lines {
    pub(super) fn standard() -> Lines {
        Lines { input: io::stdin().lock(), read: 0 }
    }

    /// The next lines that are whole sentences, with what they are called; empty at the end. Nothing where they cannot be read, which is
    /// told.
    pub(super) fn next(&mut self, reporter: Reporter) -> Option<(String, String)> {
        let name = format!("standard input (from line {})", self.read + 1);
        let mut bytes = Vec::new();
        loop {
            // One byte more than a sentence may have, so that a longer one is seen to be.
            let most = (MAX_SENTENCE + 1).saturating_sub(bytes.len()) as u64;
            let count = match (&mut self.input).take(most).read_until(b'\n', &mut bytes) {
                Ok(count) => count,
                Err(error) => {
                    reporter.unread(Path::new("standard input"), &error);
                    return None;
                }
            };
            self.read += usize::from(bytes.ends_with(b"\n"));
            let may_end = matches!(bytes.trim_ascii_end().last(), Some(b'.' | b'?' | b';'));
            if count == 0 || bytes.len() > MAX_SENTENCE {
                break;
            }
            if may_end && std::str::from_utf8(&bytes).is_ok_and(is_complete) {
                break;
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => Some((name, text)),
            Err(error) => {
                reporter.not_utf8(Path::new(&name), error.utf8_error().valid_up_to() + 1);
                None
            }
        }
    }
}
