//! Reading texts: files, and standard input where a file is called `-`.

use super::report::Reporter;
use std::io::{self, Read};
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
