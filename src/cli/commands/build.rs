//! `dixit build`: files into a snapshot.

use super::super::Status;
use super::super::args::Build;
use super::super::terminal::now;
use super::reporter;
use crate::db::{Database, is_snapshot};
use crate::diag::Code;

pub(in crate::cli) fn build(args: &Build) -> Status {
    let reporter = reporter(args.errors);
    if args.output.exists() && !is_snapshot(&args.output).unwrap_or(false) {
        let why = "it is there and is no snapshot; choose another name, or take it away";
        reporter.file(Code::FileWrite, &args.output, "write", why);
        return Status::Usage;
    }
    // Better told now than after an hour of reading.
    let folder = args.output.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        reporter.file(Code::FileWrite, &args.output, "write", "there is no such folder; make it first");
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
                    reporter.note("nothing was written: --max-errors N allows more");
                    return Status::Wrong;
                }
            }
        }
    }
    if let Err(error) = db.save(&args.output) {
        reporter.file(Code::FileWrite, &args.output, "write", &error.to_string());
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
    reporter.note(&told);
    if wrong { Status::Wrong } else { Status::Fine }
}
