//! `dixit check`: every error of every file, and everything that deserves a look.

use super::super::Status;
use super::super::args::Check;
use super::super::report;
use super::super::terminal::now;
use super::reporter;
use crate::db::{Database, Problem};
use crate::diag::Severity;

pub(in crate::cli) fn check(args: &Check) -> Status {
    let reporter = reporter(args.errors);
    let mut db = Database::new(now());
    let mut status = Status::Fine;
    let (mut errors, mut warnings) = (0, 0);
    for path in &args.files {
        match db.load(path, u64::MAX) {
            Err(error) => {
                reporter.unreadable(path, &error);
                status = Status::Usage;
            }
            Ok(loaded) => {
                reporter.loaded(path, &loaded, true);
                reporter.counts(path, &loaded);
                errors += loaded.refused();
                let is_warning = |problem: &&Problem| matches!(problem, Problem::Sentence(found) if found.severity == Severity::Warning);
                warnings += loaded.problems.iter().filter(is_warning).count();
                // Questions in a file are not answered here, but they must make sense.
                errors += questions(&db, &loaded.source, &path.display().to_string(), reporter);
            }
        }
    }
    report::line(&format!("{errors} errors, {warnings} warnings"));
    match status {
        Status::Fine if errors > 0 => Status::Wrong,
        other => other,
    }
}

fn questions(db: &Database, source: &str, name: &str, reporter: super::Reporter) -> usize {
    let parsed = crate::syntax::parse(source);
    let mut wrong = 0;
    for sentence in &parsed.sentences {
        if let Err(error) = db.understand(sentence)
            && error.code != crate::diag::Code::UnknownParameter
        {
            reporter.diagnostic(name, source, &error);
            wrong += 1;
        }
    }
    wrong
}
