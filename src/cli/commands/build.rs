//! `dixit build`: files into a snapshot.

use super::super::args::Build;
use super::super::output::replace;
use super::super::progress::Bar;
use super::super::tables::{Input, inputs};
use super::super::terminal::now;
use super::super::{Status, end_on_interrupt, interrupted, writing};
use super::reporter;
use crate::db::{Database, StoreError, is_snapshot};
use crate::diag::Code;
use clap::ArgMatches;
use std::path::Path;

pub(in crate::cli) fn build(args: &Build, matches: &ArgMatches) -> Status {
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
    end_on_interrupt(db.cancel());
    let mut wrong = false;
    let inputs = match inputs(&args.files, &args.maps, matches, reporter) {
        Ok(inputs) => inputs,
        Err(status) => return status,
    };
    if let Some(path) = &args.rejects
        && let Some(why) = unfit_for_rejects(path, &inputs)
    {
        reporter.file(Code::FileWrite, path, "write", why);
        return Status::Usage;
    }
    if let Some(old) = &args.onto
        && !is_snapshot(old).unwrap_or(true)
    {
        let why = "it is no snapshot; name it among the files to build from";
        reporter.file(Code::Foreign, old, "read", why);
        return Status::Usage;
    }
    let old = args.onto.iter().map(|path| Input::plain(path));
    for input in old.chain(inputs) {
        match input.load(&mut db, args.max_errors, args.rejects.is_some()) {
            Err(error) => return input.unreadable(reporter, &error),
            Ok(loaded) => {
                reporter.loaded(&input, &loaded, true);
                reporter.counts(&input, &loaded);
                wrong |= loaded.errors() > 0;
                if let Some(path) = args.rejects.as_ref().filter(|_| input.is_mapped())
                    && let Err(error) = replace(path, |out| out.write_all(&loaded.rejects))
                {
                    if interrupted() {
                        reporter.note("stopped: nothing was written");
                        return Status::Interrupted;
                    }
                    reporter.unwritten(path, &error);
                    return Status::Usage;
                }
                if loaded.gave_up {
                    reporter.note("nothing was written: --max-errors N allows more");
                    return Status::Wrong;
                }
            }
        }
    }
    let told = Bar::writing(&args.output);
    let saved = writing(|| db.save(&args.output));
    drop(told);
    if let Err(error) = saved {
        if matches!(error, StoreError::Stopped) {
            reporter.note("stopped: nothing was written");
            return Status::Interrupted;
        }
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

/// Why refused rows cannot be kept in a file.
fn unfit_for_rejects(path: &Path, inputs: &[Input]) -> Option<&'static str> {
    let there = path.canonicalize().ok();
    let is_input = there.is_some() && inputs.iter().any(|input| input.path.canonicalize().ok() == there);
    match inputs.iter().filter(|input| input.is_mapped()).count() {
        _ if is_input => Some("it is one of the files to build from; choose another name"),
        1 => None,
        0 => Some("no table is read through a mapping, and only rows of one are kept"),
        _ => Some("it takes the rows of one table: build from them one after the other"),
    }
}
