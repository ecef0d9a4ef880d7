//! What a line of the shell does.

use super::super::progress::Bar;
use super::super::run::Run;
use super::super::{commands, interrupted, report, terminal};
use super::complete::Vocabulary;
use super::pager::{Paged, Paging};
use super::{dot, style};
use crate::db::Outcome;
use crate::eval::Rows;
use crate::render::{Drawing, Format, SourceText, Style, Writer};
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::{parse, split};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;
use std::time::Instant;

/// The help that a line asks for: `?`, `? topic`, and what people write who do not know yet how commands look here.
fn asked_help(line: &str) -> Option<&str> {
    match line.trim_end_matches(';') {
        "?" | "help" => Some(""),
        _ => line.strip_prefix("? ").map(str::trim),
    }
}

/// Whether somebody wants to leave who writes no point before a command.
fn is_farewell(line: &str) -> bool {
    matches!(line.trim_end_matches(';'), "quit" | "exit")
}

/// Whether a text is for the shell itself and no sentence.
pub(super) fn is_own(text: &str) -> bool {
    let line = text.trim();
    line.starts_with('.') || asked_help(line).is_some() || is_farewell(line)
}

/// A text as the history keeps it: each sentence by itself, however many were pasted; as it is where something in it is none.
pub(super) fn entries(text: &str) -> Vec<&str> {
    let pieces = split(text);
    let is_whole = pieces.diagnostics.is_empty() && pieces.comments.is_empty() && pieces.pieces.len() > 1;
    if is_own(text) || !is_whole {
        return vec![text];
    }
    pieces.pieces.iter().map(|piece| piece.span.of(text)).collect()
}

/// Whether the shell goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Continue,
    Quit,
}

/// The state of the shell.
pub(super) struct Shell {
    pub run: Run,
    pub vocabulary: Rc<RefCell<Vocabulary>>,
    pub timer: bool,
    pub echo: bool,
    pub paging: Paging,
    pub output: Option<File>,
    /// The last answer, with its question.
    pub last: Option<(String, Rows)>,
    /// How many facts were told that are in no file yet.
    pub unsaved: usize,
    /// Of how many of these the user was told on leaving.
    pub warned: usize,
}

impl Shell {
    pub(super) fn new(run: Run, vocabulary: Rc<RefCell<Vocabulary>>) -> Self {
        vocabulary.borrow_mut().update(run.database());
        Shell {
            run,
            vocabulary,
            timer: false,
            echo: false,
            paging: Paging::Auto,
            output: None,
            last: None,
            unsaved: 0,
            warned: 0,
        }
    }

    pub(super) fn greeting(&self) -> String {
        let graph = self.run.database().graph();
        let (version, claims) = (env!("CARGO_PKG_VERSION"), graph.claims.len());
        let what = match claims {
            0 => "an empty graph".to_string(),
            1 => "1 claim".into(),
            claims => format!("{claims} claims"),
        };
        let what = match self.run.database().writes() {
            Some(path) => format!("{what}, written to {}", path.display()),
            None => what,
        };
        format!("dixit {version}: {what}. Ask: who said what? `.help` helps, `.examples` shows.")
    }

    /// Runs one line, which may hold several sentences.
    pub(super) fn line(&mut self, text: &str) -> Flow {
        let trimmed = text.trim();
        if let Some(topic) = asked_help(trimmed) {
            super::help::topic(topic, self.paging);
            return Flow::Continue;
        }
        if is_farewell(trimmed) {
            return self.leave();
        }
        if trimmed.starts_with('.') && trimmed.len() > 1 {
            return dot::command(self, trimmed);
        }
        self.sentences(text, "");
        Flow::Continue
    }

    /// Runs the sentences of a text; `name` is the file it comes from.
    pub(super) fn sentences(&mut self, text: &str, name: &str) {
        let parsed = parse(text);
        let source = SourceText::new(name, text);
        let mut errors = parsed.diagnostics.iter().peekable();
        for sentence in &parsed.sentences {
            while let Some(error) = errors.next_if(|error| error.span.start < sentence.span.start) {
                self.run.reporter.diagnostic(&source, error);
            }
            self.sentence(sentence, &source);
            if interrupted() {
                self.commit();
                return report::line("stopped");
            }
        }
        errors.for_each(|error| self.run.reporter.diagnostic(&source, error));
        self.commit();
        self.vocabulary.borrow_mut().update(self.run.database());
    }

    /// Waits until all that a text told is on disk, where statements wait for that together.
    fn commit(&mut self) {
        let db = self.run.database_mut();
        let kept = db.commit().and_then(|()| if db.journal_is_long() { db.compact() } else { Ok(()) });
        if let Err(error) = kept {
            report::line(&format!("error: not kept: {error}"));
        }
    }

    fn sentence(&mut self, sentence: &Sentence, source: &SourceText<'_>) {
        if self.echo
            && let Some(reading) = self.run.database().reading(sentence)
        {
            reading.iter().for_each(|line| report::line(&format!("-- {line}")));
        }
        let begin = Instant::now();
        // A shell may stay open over midnight.
        self.run.database_mut().set_now(terminal::now());
        let asks = matches!(sentence.kind, SentenceKind::Ask(_));
        let bar = asks.then(|| Bar::answering(self.run.database().progress()));
        let came = self.run.database_mut().run(sentence, &source.text);
        drop(bar);
        match came {
            // That it was stopped is told once, of all that stood on the line.
            Err(_) if interrupted() => {}
            Err(error) => self.run.reporter.diagnostic(source, &error),
            Ok(Outcome::Recorded(told)) => {
                told.warnings.iter().for_each(|warning| self.run.reporter.diagnostic(source, warning));
                let graph = self.run.database().graph();
                let ids: Vec<String> = told
                    .claims
                    .iter()
                    .map(|claim| crate::syntax::claim_id(&graph.claim_id(claim.claim)))
                    .collect();
                let known = if told.added { "" } else { " (known already)" };
                let what =
                    if ids.is_empty() { "noted".into() } else { format!("recorded as {}", ids.join(", ")) };
                report::line(&format!("{what}{known}"));
                // What comes from a file is in that file.
                let is_kept = !source.name.is_empty() || self.run.database().writes().is_some();
                self.unsaved += usize::from(told.added && !is_kept);
            }
            Ok(Outcome::Answered(answer)) => {
                let took = begin.elapsed();
                answer.warnings.iter().for_each(|warning| self.run.reporter.diagnostic(source, warning));
                let question = sentence.span.of(&source.text).to_string();
                self.show(&question, &answer.rows, style(self.run.color));
                if self.timer {
                    report::line(&format!("{:.3} ms", took.as_secs_f64() * 1000.0));
                }
                self.last = Some((question, answer.rows));
            }
        }
    }

    /// Writes an answer to where answers go.
    pub(super) fn show(&mut self, question: &str, rows: &Rows, style: Style) {
        let graph = self.run.database().graph();
        let format = self.run.format;
        let written = match &mut self.output {
            Some(file) => write(BufWriter::new(file), format, Style::default(), graph, question, rows),
            None => {
                let mut out = BufWriter::new(Paged::new(self.paging, terminal::height()));
                write(&mut out, format, style, graph, question, rows)
                    .and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error)?.finish())
            }
        };
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            report::line(&format!("error: the answer cannot be written: {error}"));
        }
    }

    /// Draws an answer to where answers go.
    pub(super) fn draw(&mut self, what: &str, rows: Rows) {
        let db = self.run.database();
        let drawn = |out: &mut dyn Write, wide| commands::picture(out, db, what, rows, Drawing::Text, wide);
        let drawn = match &mut self.output {
            Some(file) => drawn(&mut BufWriter::new(file), None),
            None => {
                let mut out = BufWriter::new(Paged::new(self.paging, terminal::height()));
                drawn(&mut out, terminal::width()).and_then(|remark| {
                    out.into_inner().map_err(io::IntoInnerError::into_error)?.finish().map(|()| remark)
                })
            }
        };
        match drawn {
            Ok(remark) => remark.iter().for_each(|remark| report::line(remark)),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => report::line(&format!("error: the drawing cannot be written: {error}")),
        }
    }

    /// Leaves, unless there is something to be lost that was not told of yet.
    pub(super) fn leave(&mut self) -> Flow {
        if self.unsaved == self.warned {
            return Flow::Quit;
        }
        self.warned = self.unsaved;
        let facts =
            if self.unsaved == 1 { "1 fact is".to_string() } else { format!("{} facts are", self.unsaved) };
        report::line(&format!("{facts} in no file: .save FILE.dixg keeps them, .quit again leaves without"));
        Flow::Continue
    }
}

fn write(
    out: impl Write,
    format: Format,
    style: Style,
    graph: &crate::graph::Graph,
    question: &str,
    rows: &Rows,
) -> io::Result<()> {
    let mut writer = Writer::new(out, format, style, false);
    writer.answer(graph, question, rows)?;
    writer.finish().map(|_| ())
}
