//! What goes to standard error: errors, warnings, counts.

use super::args::{Args, Errors};
use super::tables::Input;
use super::terminal;
use crate::db::{Cut, FileKind, LoadError, Loaded, Problem, StoreError};
use crate::diag::{Code, Diagnostic, Severity};
use crate::render::{
    SourceText, Style, diagnostic, diagnostic_json, row_problem, row_problem_json, shown, wrapped,
};
use clap::CommandFactory;
use serde_json::json;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes to standard error; that it may be closed is no reason to fail.
pub(super) fn text(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one line to standard error, on a terminal wrapped between its words. Nothing of it steers the terminal.
pub(super) fn line(message: &str) {
    let message = shown(message.trim_end());
    let lines = terminal::error_width().map(|width| wrapped(&message, width).join("\n"));
    text(&format!("{}\n", lines.as_deref().unwrap_or(&message)));
}

/// Why the system does not take a file.
pub(super) fn why_not_written(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        _ if path.is_dir() => "it is a folder; name a file in it".into(),
        ErrorKind::NotFound => "there is no such folder".into(),
        ErrorKind::PermissionDenied => "the permissions there do not allow it".into(),
        _ => error.to_string(),
    }
}

/// The command that a name like that of a file was probably meant as: `chek`.
fn command_meant(path: &Path) -> Option<String> {
    let written = path.to_str().filter(|written| written.len() > 2)?;
    let all = Args::command();
    let mut names = all.get_subcommands().map(clap::Command::get_name);
    names.find(|name| strsim::damerau_levenshtein(name, written) == 1).map(String::from)
}

/// How problems are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reporter {
    pub errors: Errors,
    pub color: bool,
}

impl Reporter {
    pub(super) fn diagnostic(self, source: &SourceText<'_>, found: &Diagnostic) {
        match self.errors {
            Errors::Text => {
                let width = terminal::error_width();
                let style = Style { width, color: self.color, ..Style::default() };
                text(&diagnostic(source, found, style));
            }
            Errors::Json => text(&format!("{}\n", diagnostic_json(source, found))),
        }
    }

    /// Something worth knowing that is no error.
    pub(super) fn note(self, message: &str) {
        match self.errors {
            Errors::Text => line(message),
            Errors::Json => text(&format!("{}\n", json!({ "severity": "note", "message": message }))),
        }
    }

    /// A file that cannot be used at all.
    pub(super) fn file(self, code: Code, path: &Path, action: &str, why: &str) {
        let (id, path) = (code.id(), path.display().to_string());
        let message = format!("cannot {action} {path}: {why}");
        match self.errors {
            Errors::Text => line(&format!("error[{id}]: {message}")),
            Errors::Json => {
                let told = json!({ "severity": "error", "code": id, "message": message, "file": path });
                text(&format!("{told}\n"));
            }
        }
    }

    /// A file that the system does not give.
    pub(super) fn unread(self, path: &Path, error: &io::Error) {
        let why = match error.kind() {
            _ if path.is_dir() => "it is a folder; name the files in it".into(),
            ErrorKind::NotFound => match command_meant(path) {
                Some(command) => format!("there is no such file; did you mean `dixit {command}`?"),
                None => "there is no such file".into(),
            },
            ErrorKind::PermissionDenied => "its permissions do not allow it".into(),
            _ => error.to_string(),
        };
        self.file(Code::FileRead, path, "read", &why);
    }

    /// A file that the system does not take.
    pub(super) fn unwritten(self, path: &Path, error: &io::Error) {
        self.file(Code::FileWrite, path, "write", &why_not_written(path, error));
    }

    /// A text that is not one.
    pub(super) fn not_utf8(self, path: &Path, byte: usize) {
        self.file(Code::Encoding, path, "read", &format!("byte {byte} is not UTF-8; save the file as UTF-8"));
    }

    pub(super) fn unreadable(self, path: &Path, error: &LoadError) {
        match error {
            LoadError::Read(error) | LoadError::Store(StoreError::Io { source: error, .. }) => {
                self.unread(path, error);
            }
            LoadError::Broken { .. } => self.file(Code::FileRead, path, "read", &error.to_string()),
            LoadError::Stopped => self.note(&format!("{}: stopped", path.display())),
            LoadError::NotEmpty | LoadError::NoMapping | LoadError::OtherMapping | LoadError::Unfit(_) => {
                self.file(Code::NoMapping, path, "read", &error.to_string());
            }
            LoadError::TooLong(_) => self.file(Code::TooLarge, path, "read", &error.to_string()),
            LoadError::Packed => self.file(Code::Foreign, path, "read", &error.to_string()),
            LoadError::Encoding(byte) => self.not_utf8(path, *byte),
            LoadError::Store(damage @ StoreError::Damaged { .. }) => {
                self.file(Code::Damaged, path, "read", &damage.to_string());
            }
            LoadError::Store(locked @ StoreError::Locked { .. }) => {
                self.file(Code::Locked, path, "write", &locked.to_string());
            }
            LoadError::Store(
                error @ (StoreError::JournalDamaged { .. }
                | StoreError::JournalForeign { .. }
                | StoreError::SnapshotGone { .. }),
            ) => self.file(Code::Journal, path, "open", &error.to_string()),
            LoadError::Replay(_) => self.file(Code::Journal, path, "open", &error.to_string()),
            LoadError::Store(other) => self.file(Code::Foreign, path, "read", &other.to_string()),
        }
    }

    /// What the end of a journal holds that nobody was told was kept.
    pub(super) fn cut(self, path: &Path, cut: Option<&Cut>) {
        let Some(Cut { at, length, text: lost }) = cut else { return };
        let (id, path) = (Code::JournalCut.id(), path.display().to_string());
        let readable = if lost.is_empty() { String::new() } else { format!("; it begins “{lost}”") };
        let message = format!(
            "the journal of {path} ends in {length} bytes, from byte {at} on, that were never finished: they are left out{readable}"
        );
        match self.errors {
            Errors::Text => line(&format!("warning[{id}]: {message}")),
            Errors::Json => {
                let told = json!({ "severity": "warning", "code": id, "message": message, "file": path });
                text(&format!("{told}\n"));
            }
        }
    }

    /// Every problem of a loaded file.
    pub(super) fn loaded(self, input: &Input, loaded: &Loaded, warnings: bool) {
        self.cut(&input.path, loaded.cut.as_ref());
        let name = input.path.display().to_string();
        let source = SourceText::new(&name, &loaded.source);
        for problem in &loaded.problems {
            match problem {
                Problem::Sentence(found) if found.severity == Severity::Error || warnings => {
                    self.diagnostic(&source, found);
                }
                Problem::Sentence(_) => {}
                Problem::Mapping(found) => input.mapping_diagnostic(self, found),
                Problem::Row(found) if self.errors == Errors::Json => {
                    text(&format!("{}\n", row_problem_json(&name, found)));
                }
                Problem::Row(found) => line(&row_problem(&name, found)),
            }
        }
    }

    /// What loading a file came to, in one line.
    pub(super) fn counts(self, input: &Input, loaded: &Loaded) {
        let what = match loaded.kind {
            FileKind::Dixit => "statements",
            FileKind::Jsonl => "lines",
            FileKind::Snapshot => "claims",
            FileKind::Table => "rows",
        };
        let (read, taken, refused) = (loaded.read, loaded.taken, loaded.refused());
        let passed = match loaded.kind {
            FileKind::Table => format!(", {} passed over", loaded.passed),
            _ => String::new(),
        };
        let spelled = match loaded.spellings {
            0 => String::new(),
            1 => "; 1 name was spelled otherwise than before".into(),
            many => format!("; {many} names were spelled otherwise than before"),
        };
        let gave_up = if loaded.gave_up { "; gave up there: too much is wrong" } else { "" };
        self.note(&format!(
            "{}: {read} {what} read, {taken} taken, {refused} refused{passed}{spelled}{gave_up}",
            input.path.display()
        ));
    }
}
