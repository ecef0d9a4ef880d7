//! Running sentences: loading files, then asking and telling, in the order given.

use super::args::{Options, Piece};
use super::output::Output;
use super::progress::Bar;
use super::report::Reporter;
use super::{Status, input, interrupted, tables, terminal};
use crate::db::{Database, Limits, Outcome, StoreError, Told};
use crate::diag::{Code, Diagnostic};
use crate::render::{Format, SourceText, Style, Writer};
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::{Parsed, claim_id, parse};
use clap::ArgMatches;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

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
    /// What is to be printed once it is on disk, where that was asked for.
    acks: Option<String>,
    committed: Instant,
    /// How many statements were told that no question looked at yet.
    unasked: usize,
}

/// No statement waits longer than this for the disk while others come.
const MOST_WAITING: Duration = Duration::from_millis(200);

/// Where answers go.
type Answers = Writer<BufWriter<Output>>;

/// Sentences to run.
pub(super) enum Source {
    /// Read already.
    Read(Read),
    /// Standard input, each sentence when it is whole.
    AsItComes,
}

/// Sentences with the text they come from.
pub(super) struct Read {
    source: SourceText<'static>,
    parsed: Parsed,
}

impl Source {
    /// How many answers there will be; more than one where that is not known.
    fn questions(&self) -> usize {
        let Source::Read(read) = self else { return 2 };
        read.parsed.sentences.iter().filter(|one| matches!(one.kind, SentenceKind::Ask(_))).count()
    }
}

impl Run {
    /// Loads the files. What is wrong in them is reported; without `--keep-going` nothing is asked of a graph that lacks something.
    pub(super) fn open(options: &Options, matches: &ArgMatches, interactive: bool) -> Result<Run, Status> {
        let color = terminal::colored(options.color, &io::stdout());
        let reporter =
            Reporter { errors: options.errors, color: terminal::colored(options.color, &io::stderr()) };
        let mut db = Database::new(terminal::now());
        db.set_strict(options.strict);
        db.set_limits(Limits {
            time: options.timeout,
            solutions: options.max_solutions,
            memory: options.memory,
        });
        for (name, value) in &options.params {
            db.set_param(name, value);
        }
        if let Some(path) = &options.writing.write {
            match db.write_to(path) {
                Ok(recovered) => reporter.cut(path, recovered.cut.as_ref()),
                Err(error) => {
                    reporter.unreadable(path, &error);
                    return Err(Status::Usage);
                }
            }
            db.set_batches(options.writing.batch);
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
            acks: options.writing.ack.then(String::new),
            committed: Instant::now(),
            unasked: 0,
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
            match source(piece, self.acks.is_some(), self.reporter) {
                Some(source) => sources.push(source),
                None if self.keep_going => self.so_far = Status::Usage,
                None => return Err(Status::Usage),
            }
        }
        Ok(sources)
    }

    /// Runs sentences and batch files in order. Stops at the first error unless told to go on.
    pub(super) fn all(&mut self, sources: &[Source]) -> Status {
        let questions: usize = sources.iter().map(Source::questions).sum();
        let style = Style { width: terminal::width(), color: self.color, max_rows: None };
        let out = BufWriter::new(Output(io::stdout()));
        let mut answers = Writer::new(out, self.format, style, questions > 1);
        let mut status = self.so_far;
        for source in sources {
            let came = match source {
                Source::Read(read) => self.source(read, &mut answers),
                Source::AsItComes => self.standard_input(&mut answers),
            };
            match came {
                Ok(came) => {
                    status = status.or_worse(came);
                    if self.stops_at(came) {
                        break;
                    }
                }
                Err(error) => return self.unwritten(&error),
            }
        }
        if self.unasked > 0 && self.db.writes().is_none() && status == Status::Fine {
            self.reporter.note("what was told last is kept nowhere, and nothing was asked of it: --write GRAPH.dixg keeps it");
        }
        match answers.finish() {
            Ok(_) => status,
            Err(error) => self.unwritten(&error),
        }
    }

    /// Ends with the program. What was only read is not put away piece by piece: the system takes it back at once.
    pub(super) fn end(self) {
        if self.db.writes().is_none() {
            std::mem::forget(self);
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

    /// Runs what comes on standard input, each sentence when its last line is there.
    fn standard_input(&mut self, answers: &mut Answers) -> io::Result<Status> {
        let mut lines = input::Lines::standard();
        let mut status = Status::Fine;
        loop {
            let Some((name, text)) = lines.next(self.reporter) else {
                return Ok(status.or_worse(Status::Usage));
            };
            if text.is_empty() {
                break;
            }
            self.db.set_now(terminal::now());
            let parsed = parse(&text);
            let source = SourceText::new(name, text);
            let came = self.sentences(&Read { source, parsed }, answers)?;
            status = status.or_worse(came);
            if self.stops_at(came) {
                break;
            }
        }
        self.db.end_document();
        Ok(status.or_worse(self.commit(answers)?))
    }

    fn source(&mut self, read: &Read, answers: &mut Answers) -> io::Result<Status> {
        let status = self.sentences(read, answers)?;
        self.db.end_document();
        Ok(status.or_worse(self.commit(answers)?))
    }

    fn sentences(&mut self, read: &Read, answers: &mut Answers) -> io::Result<Status> {
        let mut status = Status::Fine;
        let mut errors = read.parsed.diagnostics.iter().peekable();
        let mut sentences = read.parsed.sentences.iter().peekable();
        // Sentences and errors come in the order of the text.
        loop {
            let next = sentences.peek().map_or(usize::MAX, |sentence| sentence.span.start);
            let came = if interrupted() {
                Status::Interrupted
            } else if let Some(error) = errors.next_if(|error| error.span.start < next) {
                answers.flush()?;
                self.tell(read, error);
                Status::Wrong
            } else if let Some(sentence) = sentences.next() {
                self.sentence(read, sentence, answers)?
            } else {
                break;
            };
            status = status.or_worse(came);
            if self.stops_at(came) {
                break;
            }
        }
        Ok(status)
    }

    /// Waits until everything told is on disk, and tells so.
    fn commit(&mut self, answers: &mut Answers) -> io::Result<Status> {
        self.committed = Instant::now();
        if let Err(error) = self.db.commit() {
            self.acks.iter_mut().for_each(String::clear);
            return Ok(self.unkept(&error));
        }
        self.acknowledge(answers)?;
        if self.db.journal_is_long()
            && let Err(error) = self.db.compact()
        {
            return Ok(self.unkept(&error));
        }
        Ok(Status::Fine)
    }

    fn unkept(&self, error: &StoreError) -> Status {
        let path = self.db.writes().unwrap_or(Path::new(""));
        self.reporter.file(Code::NotWritten, path, "write", &error.to_string());
        Status::Usage
    }

    /// Prints what is on disk by now.
    fn acknowledge(&mut self, answers: &mut Answers) -> io::Result<()> {
        match &mut self.acks {
            Some(acks) if !acks.is_empty() => {
                answers.flush()?;
                let mut out = Output(io::stdout());
                out.write_all(std::mem::take(acks).as_bytes())?;
                out.flush()
            }
            _ => Ok(()),
        }
    }

    /// What a statement came to, to be told when it is on disk.
    fn recorded(&mut self, told: &Told, answers: &mut Answers) -> io::Result<Status> {
        if let Some(acks) = &mut self.acks {
            let graph = self.db.graph();
            let ids = told.claims.iter().map(|made| claim_id(&graph.claim_id(made.claim)));
            let ids = ids.collect::<Vec<_>>().join(" ");
            acks.push_str(if ids.is_empty() { "noted" } else { &ids });
            acks.push('\n');
        }
        if !self.db.commit_is_due() && self.committed.elapsed() < MOST_WAITING {
            return Ok(Status::Fine);
        }
        self.commit(answers)
    }

    fn sentence(&mut self, read: &Read, sentence: &Sentence, answers: &mut Answers) -> io::Result<Status> {
        let asks = matches!(sentence.kind, SentenceKind::Ask(_));
        let bar = asks.then(|| Bar::answering(self.db.progress()));
        let came = self.db.run(sentence, &read.source.text);
        drop(bar);
        match came {
            Err(error) => {
                answers.flush()?;
                self.tell(read, &error);
                Ok(Status::Wrong)
            }
            Ok(Outcome::Recorded(told)) => {
                self.unasked += 1;
                told.warnings.iter().for_each(|warning| self.tell(read, warning));
                self.recorded(&told, answers)
            }
            Ok(Outcome::Answered(answer)) => {
                self.unasked = 0;
                answer.warnings.iter().for_each(|warning| self.tell(read, warning));
                answers.answer(self.db.graph(), sentence.span.of(&read.source.text), &answer.rows)?;
                answers.flush()?;
                let empty = self.fail_if_empty && answer.rows.is_negative();
                Ok(if empty { Status::Empty } else { Status::Fine })
            }
        }
    }

    fn tell(&self, read: &Read, diagnostic: &Diagnostic) {
        self.reporter.diagnostic(&read.source, diagnostic);
    }
}

/// Reads one thing to run; nothing where that cannot be, which is told.
fn source(piece: &Piece, as_it_comes: bool, reporter: Reporter) -> Option<Source> {
    let (name, text) = match piece {
        Piece::Text(text) => (String::new(), text.clone()),
        Piece::File(path) if as_it_comes && input::is_standard(path) => return Some(Source::AsItComes),
        Piece::File(path) => (input::name(path), input::text(path, reporter)?),
    };
    let parsed = parse(&text);
    Some(Source::Read(Read { source: SourceText::new(name, text), parsed }))
}
