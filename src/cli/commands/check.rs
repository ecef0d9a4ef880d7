//! `dixit check`: every error of every file, and everything that deserves a look.

use super::super::Status;
use super::super::args::Check;
use super::super::tables::inputs;
use super::super::terminal::now;
use super::{Reporter, reporter};
use crate::db::{Database, FileKind, LoadError, Problem, is_snapshot, verify};
use crate::diag::{Code, Diagnostic, Severity};
use crate::render::SourceText;
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::parse;
use clap::ArgMatches;

/// How many errors and how many warnings.
#[derive(Default)]
struct Counts {
    errors: usize,
    warnings: usize,
}

pub(in crate::cli) fn check(args: &Check, matches: &ArgMatches) -> Status {
    let reporter = reporter(args.errors);
    let mut db = Database::new(now());
    let mut status = Status::Fine;
    let mut counts = Counts::default();
    let mut texts = Vec::new();
    let inputs = match inputs(&args.files, &args.maps, matches, reporter) {
        Ok(inputs) => inputs,
        Err(status) => return status,
    };
    for input in inputs {
        let path = &input.path;
        let verified = if is_snapshot(path).unwrap_or(false) { verify(path) } else { Ok(()) };
        match verified.map_err(LoadError::from).and_then(|()| input.load(&mut db, u64::MAX, false)) {
            Err(error) => {
                counts.errors += if let LoadError::Unfit(found) = &error { found.len() } else { 1 };
                status = status.or_worse(input.unreadable(reporter, &error));
            }
            Ok(mut loaded) => {
                // That questions are not answered while loading is what is wanted here.
                let skipped = |problem: &Problem| matches!(problem, Problem::Sentence(found) if found.code == Code::QuestionSkipped);
                loaded.problems.retain(|problem| !skipped(problem));
                reporter.loaded(&input, &loaded, true);
                reporter.counts(&input, &loaded);
                counts.errors += loaded.errors();
                counts.warnings += loaded.problems.len() - loaded.errors();
                if loaded.kind == FileKind::Dixit && loaded.questions > 0 {
                    texts.push((path.display().to_string(), loaded.source));
                }
            }
        }
    }
    // Questions are not answered, but they must make sense once everything is there, whichever file it is in.
    for (name, source) in &texts {
        questions(&db, &SourceText::new(name, source), reporter, &mut counts);
    }
    reporter.note(&format!("{} errors, {} warnings", counts.errors, counts.warnings));
    status.or_worse(if counts.errors > 0 { Status::Wrong } else { Status::Fine })
}

fn questions(db: &Database, source: &SourceText<'_>, reporter: Reporter, counts: &mut Counts) {
    // Without any data every name is unknown, which says nothing of the questions.
    let empty = db.graph().claims.len() == 0;
    for sentence in &parse(&source.text).sentences {
        if let Some(found) = unended(sentence, &source.text) {
            reporter.diagnostic(source, &found);
            counts.warnings += 1;
        }
        let found = match db.understand(sentence) {
            Ok(warnings) => warnings,
            Err(error) => vec![*error],
        };
        for found in found {
            let excused = found.code == Code::UnknownParameter || (empty && found.code == Code::UnknownName);
            if excused {
                continue;
            }
            reporter.diagnostic(source, &found);
            match found.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
            }
        }
    }
}

/// A question without a question mark that would be a statement with a full stop: it may well be one.
fn unended(sentence: &Sentence, source: &str) -> Option<Diagnostic> {
    let text = sentence.span.of(source).trim_end();
    let told = format!("{}.", text.trim_end_matches(';').trim_end());
    let is_statement = || {
        let parsed = parse(&told);
        // What else is wrong with it is no matter here: only that it has no blanks.
        let mut scratch = Database::new(0);
        let tells = |sentence: &Sentence| {
            !matches!(sentence.kind, SentenceKind::Ask(_))
                && !matches!(scratch.run(sentence, &told), Err(found) if found.code == Code::BlankInStatement)
        };
        parsed.diagnostics.is_empty() && parsed.sentences.iter().all(tells)
    };
    let asks = matches!(sentence.kind, SentenceKind::Ask(_)) && !text.ends_with('?');
    (asks && is_statement()).then(|| {
        let message = "this asks and tells nothing: no full stop ends it";
        Diagnostic::warning(Code::QuestionSkipped, sentence.span, message)
            .help("end it with `.` where it is a statement, with `?` where it asks")
    })
}
