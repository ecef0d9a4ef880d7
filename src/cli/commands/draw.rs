//! `dixit draw`: a claim with the ways it came, what is said about a name, a timeline, or any answer, as a drawing.

use super::super::args::{Draw, DrawForm};
use super::super::output::{Output, is_taken, replace};
use super::super::tables::Input;
use super::super::terminal;
use super::super::{Status, stop_on_interrupt};
use super::reporter;
use crate::db::{Answer, Database};
use crate::diag::{Code, Diagnostic};
use crate::eval::Rows;
use crate::render::{Drawing, SourceText, draw as drawn};
use crate::syntax::{is_complete, name, parse};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The most claims about a name that are drawn.
const MOST_ABOUT: usize = 40;

pub(in crate::cli) fn draw(args: &Draw) -> Status {
    let reporter = reporter(args.errors);
    if let Some(path) = args.output.as_ref().filter(|path| !args.force && is_taken(path)) {
        reporter.file(
            Code::FileWrite,
            path,
            "write",
            "it is there already; choose another name, or write --force",
        );
        return Status::Usage;
    }
    let mut db = Database::new(terminal::now());
    let mut status = Status::Fine;
    for path in &args.files {
        let input = Input::plain(path);
        match input.load(&mut db, u64::MAX, false) {
            Ok(loaded) => {
                reporter.loaded(&input, &loaded, false);
                status = status.or_worse(if loaded.errors() > 0 { Status::Wrong } else { Status::Fine });
            }
            Err(error) => status = status.or_worse(input.unreadable(reporter, &error)),
        }
    }
    if status != Status::Fine {
        return status;
    }
    stop_on_interrupt(db.cancel());
    let (question, answer) = asked(&mut db, &args.what);
    let question = SourceText::new("", question);
    let answer = match answer {
        Ok(answer) => answer,
        Err(problems) => {
            problems.iter().for_each(|problem| reporter.diagnostic(&question, problem));
            return Status::Wrong;
        }
    };
    answer.warnings.iter().for_each(|warning| reporter.diagnostic(&question, warning));
    let form = args.form.map_or_else(|| by_ending(args.output.as_deref()), DrawForm::drawing);
    let mut bytes = Vec::new();
    let remark = match picture(&mut bytes, &db, &args.what, answer.rows, form, terminal::width()) {
        Ok(remark) => remark,
        Err(error) => {
            reporter.unwritten(Path::new("the drawing"), &error);
            return Status::Usage;
        }
    };
    if let Some(remark) = remark {
        reporter.note(&remark);
    }
    let written = match &args.output {
        Some(path) => replace(path, |out| out.write_all(&bytes)),
        None => BufWriter::new(Output(io::stdout())).write_all(&bytes),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            reporter.unwritten(args.output.as_deref().unwrap_or(Path::new("standard output")), &error);
            Status::Usage
        }
        _ => Status::Fine,
    }
}

/// The question behind what is to be drawn, and its answer. Nobody draws a name that nobody has: it is an error here.
pub(in crate::cli) fn asked(db: &mut Database, what: &str) -> (String, Result<Answer, Vec<Diagnostic>>) {
    let question = question(what);
    let was_strict = db.is_strict();
    db.set_strict(true);
    let mut answer = db.ask(&question);
    db.set_strict(was_strict);
    for problem in answer.as_mut().err().into_iter().flatten() {
        if problem.code == Code::UnknownNameStrict && problem.help.is_empty() {
            problem
                .help
                .push("no name here is like it; in the shell .names lists those that there are".into());
        }
    }
    (question, answer)
}

/// Draws an answer; what there is to be said of it beside.
pub(in crate::cli) fn picture(
    mut out: &mut dyn Write,
    db: &Database,
    what: &str,
    mut rows: Rows,
    form: Drawing,
    wide: Option<usize>,
) -> io::Result<Option<String>> {
    let (count, columns) = (rows.iter().count(), rows.columns.len());
    let left = if is_a_name(what) { count.saturating_sub(MOST_ABOUT) } else { 0 };
    rows.cells.drain(..left * columns);
    drawn(&mut out, db.graph(), &rows, form, wide)?;
    Ok(match what.trim() {
        _ if left > 0 => Some(format!(
            "the last {MOST_ABOUT} claims are drawn, and {left} are not: ask a question that has fewer"
        )),
        name if count == 0 && is_a_name(name) => Some(format!(
            "nobody said anything about {name}; '{name} said what' draws what was said by {name}"
        )),
        _ => None,
    })
}

/// The question behind what is to be drawn: a claim's id, `timeline` and a name, a name, or a question as it is.
fn question(what: &str) -> String {
    let what = what.trim();
    let called = |text: &str| match text.trim().split_once('|') {
        Some((text, qualifier)) => name(text.trim(), Some(qualifier.trim())),
        None if text.trim().starts_with('[') => text.trim().to_string(),
        None => name(text.trim(), None),
    };
    match what.strip_prefix("timeline ") {
        _ if what.starts_with('#') && !what.contains(' ') => format!("trace {what}"),
        Some(text) if !asks(what) => format!("timeline about {}", called(text)),
        None if is_a_name(what) => format!("who said what about {}", called(what)),
        _ => what.to_string(),
    }
}

fn is_a_name(what: &str) -> bool {
    let what = what.trim();
    !what.starts_with('#') && !what.starts_with("timeline ") && !asks(what)
}

/// Whether this is a question, or was meant to be one.
fn asks(what: &str) -> bool {
    let parsed = parse(what);
    let begins =
        ["who ", "what ", "?", "$", "anyone ", "trace ", "timeline of", "timeline about", "timeline by"];
    (parsed.diagnostics.is_empty() && is_complete(what) && !parsed.sentences.is_empty())
        || begins.iter().any(|begin| what.starts_with(begin))
        || what.contains(" | ")
}

fn by_ending(path: Option<&Path>) -> Drawing {
    match path.and_then(|path| path.extension()).and_then(|ending| ending.to_str()) {
        Some("svg") => Drawing::Svg,
        Some("dot" | "gv") => Drawing::Dot,
        _ => Drawing::Text,
    }
}
