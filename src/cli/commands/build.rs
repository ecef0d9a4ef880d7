//! `dixit build`: files into a snapshot.

use super::super::Status;
use super::super::args::Build;
use super::super::report;
use super::super::terminal::now;
use super::reporter;
use crate::db::{Database, is_snapshot};

pub(in crate::cli) fn build(args: &Build) -> Status {
    let reporter = reporter(args.errors);
    if args.output.exists() && !is_snapshot(&args.output).unwrap_or(false) {
        reporter.file(
            &args.output,
            "write",
            "it is there and is no snapshot; choose another name, or take it away",
        );
        return Status::Usage;
    }
    let mut db = Database::new(now());
    let mut wrong = false;
    for path in &args.files {
        match db.load(path, args.max_errors) {
            Err(error) => {
                reporter.unreadable(path, &error);
                return Status::Usage;
            }
            Ok(loaded) => {
                reporter.loaded(path, &loaded, true);
                reporter.counts(path, &loaded);
                wrong |= loaded.refused() > 0;
                if loaded.gave_up {
                    report::line("nothing was written: --max-errors N allows more");
                    return Status::Wrong;
                }
            }
        }
    }
    if let Err(error) = db.save(&args.output) {
        report::line(&format!("error: {error}"));
        return Status::Usage;
    }
    let graph = db.graph();
    let told = format!(
        "{}: {} claims, {} propositions, {} entities, {} documents",
        args.output.display(),
        graph.claims.len(),
        graph.propositions.len(),
        graph.entities.len(),
        graph.documents.len()
    );
    report::line(&told);
    if wrong { Status::Wrong } else { Status::Fine }
}
