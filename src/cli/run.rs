//! Running sentences: loading files, then asking and telling, in the order given.

use super::Status;
use super::args::{Options, Piece};
use super::report::Reporter;
use super::terminal;
use crate::db::{Database, Outcome};
use crate::diag::Diagnostic;
use crate::render::{Format, Style, Writer};
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::{Parsed, parse};
use std::io::{self, BufWriter, IsTerminal, Read, Stdout, Write};
use std::path::Path;

/// A database with the settings of one run.
pub(super) struct Run {
    db: Database,
    pub reporter: Reporter,
    pub format: Format,
    pub color: bool,
    keep_going: bool,
    fail_if_empty: bool,
}

/// Sentences to run, with the text and the name they come from.
struct Source {
    name: String,
    text: String,
    parsed: Parsed,
}

impl Run {
    /// Loads the files. What is wrong in them is reported; without `--keep-going` nothing is asked of a graph that lacks something.
    pub(super) fn open(options: &Options, interactive: bool) -> Result<Run, Status> {
        let color = terminal::colored(options.color, &io::stdout());
        let reporter =
            Reporter { errors: options.errors, color: terminal::colored(options.color, &io::stderr()) };
        let mut db = Database::new(terminal::now());
        db.set_strict(options.strict);
        for (name, value) in &options.params {
            db.set_param(name, value);
        }
        let mut wrong = false;
        for path in &options.files {
            match db.load(path, u64::MAX) {
                Ok(loaded) => {
                    reporter.loaded(path, &loaded, false);
                    wrong |= loaded.refused() > 0;
                }
                Err(error) => {
                    reporter.unreadable(path, &error);
                    if !(options.keep_going || interactive) {
                        return Err(Status::Usage);
                    }
                    wrong = true;
                }
            }
        }
        if wrong && !options.keep_going && !interactive {
            super::report::line(
                "nothing was asked, because something was refused: --keep-going asks what is there",
            );
            return Err(Status::Wrong);
        }
        let default = if io::stdout().is_terminal() { Format::Table } else { Format::Tsv };
        let format = options.format.map_or(default, super::args::FormatArg::format);
        Ok(Run {
            db,
            reporter,
            format,
            color,
            keep_going: options.keep_going,
            fail_if_empty: options.fail_if_empty,
        })
    }

    pub(super) fn database(&self) -> &Database {
        &self.db
    }

    pub(super) fn database_mut(&mut self) -> &mut Database {
        &mut self.db
    }

    /// Runs sentences and batch files in order. Stops at the first error unless told to go on.
    pub(super) fn pieces(&mut self, pieces: &[Piece]) -> Status {
        let mut sources = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match source(piece) {
                Ok(source) => sources.push(source),
                Err((name, why)) => {
                    self.reporter.file(Path::new(&name), "read", &why);
                    return Status::Usage;
                }
            }
        }
        let questions: usize = sources.iter().map(|source| questions(&source.parsed)).sum();
        let style = Style { width: terminal::width(), color: self.color, max_rows: None };
        let out = BufWriter::new(io::stdout());
        let mut writer = Writer::new(out, self.format, style, questions > 1);
        let mut status = Status::Fine;
        for source in &sources {
            match self.source(source, &mut writer) {
                Ok(Status::Fine) => {}
                Ok(Status::Empty) => status = if status == Status::Fine { Status::Empty } else { status },
                Ok(other) => {
                    status = other;
                    if !self.keep_going {
                        break;
                    }
                }
                Err(error) => return self.unwritten(&error),
            }
        }
        match writer.finish() {
            Ok(_) => status,
            Err(error) => self.unwritten(&error),
        }
    }

    /// A reader that went away is none of our errors.
    fn unwritten(&self, error: &io::Error) -> Status {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Status::Fine;
        }
        self.reporter.file(Path::new("standard output"), "write to", &error.to_string());
        Status::Usage
    }

    fn source(&mut self, source: &Source, writer: &mut Writer<BufWriter<Stdout>>) -> io::Result<Status> {
        let mut status = Status::Fine;
        let mut errors = source.parsed.diagnostics.iter().peekable();
        for sentence in &source.parsed.sentences {
            // Errors come in the order of the text.
            while let Some(error) = errors.next_if(|error| error.span.start < sentence.span.start) {
                writer.flush()?;
                self.tell(source, error);
                status = Status::Wrong;
                if !self.keep_going {
                    return Ok(status);
                }
            }
            match self.sentence(source, sentence, writer)? {
                Status::Empty if status == Status::Fine => status = Status::Empty,
                Status::Fine | Status::Empty => {}
                other => {
                    status = other;
                    if !self.keep_going || super::INTERRUPTED.load(std::sync::atomic::Ordering::Relaxed) {
                        return Ok(status);
                    }
                }
            }
        }
        for error in errors {
            self.tell(source, error);
            status = Status::Wrong;
            if !self.keep_going {
                break;
            }
        }
        self.db.end_document();
        Ok(status)
    }

    fn sentence(
        &mut self,
        source: &Source,
        sentence: &Sentence,
        writer: &mut Writer<BufWriter<Stdout>>,
    ) -> io::Result<Status> {
        match self.db.run(sentence, &source.text) {
            Err(error) => {
                writer.flush()?;
                self.tell(source, &error);
                Ok(Status::Wrong)
            }
            Ok(Outcome::Recorded(told)) => {
                told.warnings.iter().for_each(|warning| self.tell(source, warning));
                Ok(Status::Fine)
            }
            Ok(Outcome::Answered(answer)) => {
                answer.warnings.iter().for_each(|warning| self.tell(source, warning));
                writer.answer(self.db.graph(), sentence.span.of(&source.text), &answer.rows)?;
                writer.flush()?;
                let empty = self.fail_if_empty && answer.rows.is_negative();
                Ok(if empty { Status::Empty } else { Status::Fine })
            }
        }
    }

    fn tell(&self, source: &Source, diagnostic: &Diagnostic) {
        self.reporter.diagnostic(&source.name, &source.text, diagnostic);
    }
}

fn questions(parsed: &Parsed) -> usize {
    parsed.sentences.iter().filter(|sentence| matches!(sentence.kind, SentenceKind::Ask(_))).count()
}

/// Reads one thing to run.
fn source(piece: &Piece) -> Result<Source, (String, String)> {
    let (name, text) = match piece {
        Piece::Text(text) => (String::new(), text.clone()),
        Piece::File(path) => {
            let name = path.display().to_string();
            let bytes = if name == "-" {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            } else {
                std::fs::read(path)
            };
            let bytes = bytes.map_err(|error| (name.clone(), error.to_string()))?;
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to() + 1;
                (name.clone(), format!("byte {at} is not UTF-8: save the file as UTF-8"))
            })?;
            (if name == "-" { "standard input".into() } else { name }, text)
        }
    };
    let parsed = parse(&text);
    Ok(Source { name, text, parsed })
}

/// Writes to a file whole or not at all: beside it first, then in its place.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(known) = std::fs::metadata(path) {
        std::fs::set_permissions(file.path(), known.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
