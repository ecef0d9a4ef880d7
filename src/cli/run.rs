//! Running sentences: loading files, then asking and telling, in the order given.

use super::args::{Options, Piece};
use super::output::Output;
use super::report::Reporter;
use super::{Status, input, interrupted, tables, terminal};
use crate::db::{Database, Limits, Outcome};
use crate::diag::Diagnostic;
use crate::render::{Format, Style, Writer};
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::{Parsed, parse};
use clap::ArgMatches;
use std::io::{self, BufWriter, IsTerminal};
use std::path::Path;

/// A database with the settings of one run.
pub(super) struct Run {
    db: Database,
    pub reporter: Reporter,
    pub format: Format,
    pub color: bool,
    keep_going: bool,
    fail_if_empty: bool,
    /// How loading and reading went.
    so_far: Status,
}

/// Where answers go.
type Answers = Writer<BufWriter<Output>>;

/// Sentences to run, with the text and the name they come from.
pub(super) struct Source {
    name: String,
    text: String,
    parsed: Parsed,
}

impl Run {
    /// Loads the files. What is wrong in them is reported; without `--keep-going` nothing is asked of a graph that lacks something.
    pub(super) fn open(options: &Options, matches: &ArgMatches, interactive: bool) -> Result<Run, Status> {
        let color = terminal::colored(options.color, &io::stdout());
        let reporter =
            Reporter { errors: options.errors, color: terminal::colored(options.color, &io::stderr()) };
        let mut db = Database::new(terminal::now());
        db.set_strict(options.strict);
        db.set_limits(Limits { time: options.timeout, solutions: options.max_solutions });
        for (name, value) in &options.params {
            db.set_param(name, value);
        }
        let mut so_far = Status::Fine;
        for input in tables::inputs(&options.files, &options.maps, matches, reporter)? {
            match input.load(&mut db, u64::MAX, false) {
                Ok(loaded) => {
                    reporter.loaded(&input, &loaded, false);
                    let status = if loaded.errors() > 0 { Status::Wrong } else { Status::Fine };
                    so_far = so_far.or_worse(status);
                }
                Err(error) => so_far = so_far.or_worse(input.unreadable(reporter, &error)),
            }
        }
        if so_far != Status::Fine && !options.keep_going && !interactive {
            reporter.note("nothing was asked, because something is missing: --keep-going asks what is there");
            return Err(so_far);
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
            so_far,
        })
    }

    pub(super) fn database(&self) -> &Database {
        &self.db
    }

    pub(super) fn database_mut(&mut self) -> &mut Database {
        &mut self.db
    }

    /// Reads what is to be run, all of it before any of it runs.
    pub(super) fn sources(&mut self, pieces: &[Piece]) -> Result<Vec<Source>, Status> {
        let mut sources = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match source(piece, self.reporter) {
                Some(source) => sources.push(source),
                None if self.keep_going => self.so_far = Status::Usage,
                None => return Err(Status::Usage),
            }
        }
        Ok(sources)
    }

    /// Runs sentences and batch files in order. Stops at the first error unless told to go on.
    pub(super) fn all(&mut self, sources: &[Source]) -> Status {
        let questions: usize = sources.iter().map(|source| questions(&source.parsed)).sum();
        let style = Style { width: terminal::width(), color: self.color, max_rows: None };
        let out = BufWriter::new(Output(io::stdout()));
        let mut answers = Writer::new(out, self.format, style, questions > 1);
        let mut status = self.so_far;
        for source in sources {
            match self.source(source, &mut answers) {
                Ok(came) => {
                    status = status.or_worse(came);
                    if self.stops_at(came) {
                        break;
                    }
                }
                Err(error) => return self.unwritten(&error),
            }
        }
        match answers.finish() {
            Ok(_) => status,
            Err(error) => self.unwritten(&error),
        }
    }

    fn stops_at(&self, status: Status) -> bool {
        match status {
            Status::Fine | Status::Empty => false,
            Status::Wrong | Status::Usage => !self.keep_going,
            Status::Interrupted => true,
        }
    }

    /// A reader that went away is none of our errors.
    fn unwritten(&self, error: &io::Error) -> Status {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Status::Fine;
        }
        self.reporter.unwritten(Path::new("standard output"), error);
        Status::Usage
    }

    fn source(&mut self, source: &Source, answers: &mut Answers) -> io::Result<Status> {
        let mut status = Status::Fine;
        let mut errors = source.parsed.diagnostics.iter().peekable();
        let mut sentences = source.parsed.sentences.iter().peekable();
        // Sentences and errors come in the order of the text.
        loop {
            let next = sentences.peek().map_or(usize::MAX, |sentence| sentence.span.start);
            let came = if interrupted() {
                Status::Interrupted
            } else if let Some(error) = errors.next_if(|error| error.span.start < next) {
                answers.flush()?;
                self.tell(source, error);
                Status::Wrong
            } else if let Some(sentence) = sentences.next() {
                self.sentence(source, sentence, answers)?
            } else {
                break;
            };
            status = status.or_worse(came);
            if self.stops_at(came) {
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
        answers: &mut Answers,
    ) -> io::Result<Status> {
        match self.db.run(sentence, &source.text) {
            Err(error) => {
                answers.flush()?;
                self.tell(source, &error);
                Ok(Status::Wrong)
            }
            Ok(Outcome::Recorded(told)) => {
                told.warnings.iter().for_each(|warning| self.tell(source, warning));
                Ok(Status::Fine)
            }
            Ok(Outcome::Answered(answer)) => {
                answer.warnings.iter().for_each(|warning| self.tell(source, warning));
                answers.answer(self.db.graph(), sentence.span.of(&source.text), &answer.rows)?;
                answers.flush()?;
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

/// Reads one thing to run; nothing where that cannot be, which is told.
fn source(piece: &Piece, reporter: Reporter) -> Option<Source> {
    let (name, text) = match piece {
        Piece::Text(text) => (String::new(), text.clone()),
        Piece::File(path) => (input::name(path), input::text(path, reporter)?),
    };
    let parsed = parse(&text);
    Some(Source { name, text, parsed })
}
