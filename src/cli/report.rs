//! What goes to standard error: errors, warnings, counts.

use super::args::Errors;
use crate::db::{FileKind, LoadError, Loaded, Problem};
use crate::diag::{Diagnostic, Severity};
use crate::render::{diagnostic, diagnostic_json, row_problem, row_problem_json};
use std::io::Write;
use std::path::Path;

/// Writes to standard error; that it may be closed is no reason to fail.
pub(super) fn text(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one line to standard error.
pub(super) fn line(message: &str) {
    text(&format!("{}\n", message.trim_end()));
}

/// How problems are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reporter {
    pub errors: Errors,
    pub color: bool,
}

impl Reporter {
    pub(super) fn diagnostic(self, name: &str, source: &str, found: &Diagnostic) {
        match self.errors {
            Errors::Text => text(&diagnostic(name, source, found, self.color)),
            Errors::Json => line(&diagnostic_json(name, source, found)),
        }
    }

    /// A file that cannot be used at all.
    pub(super) fn file(self, path: &Path, action: &str, why: &str) {
        match self.errors {
            Errors::Text => line(&format!("error: cannot {action} {}: {why}", path.display())),
            Errors::Json => {
                let message = format!("cannot {action} it: {why}");
                let path = path.display().to_string();
                line(
                    &serde_json::json!({ "severity": "error", "file": path, "message": message }).to_string(),
                );
            }
        }
    }

    pub(super) fn unreadable(self, path: &Path, error: &LoadError) {
        let why = match error {
            LoadError::Read(source) if path.is_dir() => format!("it is a folder ({source})"),
            LoadError::Read(source) => source.to_string(),
            other => other.to_string(),
        };
        self.file(path, "read", &why);
    }

    /// Every problem of a loaded file.
    pub(super) fn loaded(self, path: &Path, loaded: &Loaded, warnings: bool) {
        let name = path.display().to_string();
        for problem in &loaded.problems {
            match problem {
                Problem::Sentence(found) if found.severity == Severity::Error || warnings => {
                    self.diagnostic(&name, &loaded.source, found);
                }
                Problem::Sentence(_) => {}
                Problem::Row(found) if self.errors == Errors::Json => line(&row_problem_json(&name, found)),
                Problem::Row(found) => text(&row_problem(&name, found)),
            }
        }
    }

    /// What loading a file came to, in one line.
    pub(super) fn counts(self, path: &Path, loaded: &Loaded) {
        if self.errors == Errors::Json {
            return;
        }
        let what = match loaded.kind {
            FileKind::Dixit => "statements",
            FileKind::Jsonl => "lines",
            FileKind::Snapshot => "claims",
        };
        let (read, taken, refused) = (loaded.read, loaded.taken, loaded.refused());
        let gave_up = if loaded.gave_up { "; gave up there: too much is wrong" } else { "" };
        line(&format!("{}: {read} {what} read, {taken} taken, {refused} refused{gave_up}", path.display()));
    }
}
