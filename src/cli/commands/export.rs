//! `dixit export`: a graph as text that builds the same graph again.

use super::super::args::{Errors, Export, ExportForm};
use super::super::output::{is_taken, replace};
use super::super::progress::Bar;
use super::super::tables::inputs;
use super::super::terminal::now;
use super::super::{Status, end_on_interrupt, interrupted};
use super::reporter;
use crate::db::Database;
use crate::diag::Code;
use crate::formats::export::{dixit, jsonl};
use clap::ArgMatches;
use std::io::Write;
use std::path::Path;

pub(in crate::cli) fn export(args: &Export, matches: &ArgMatches) -> Status {
    let reporter = reporter(Errors::Text);
    if let Some(path) = args.output.as_ref().filter(|path| !args.force && is_taken(path)) {
        let why = "it is there already; choose another name, or replace it with --force";
        reporter.file(Code::FileWrite, path, "write", why);
        return Status::Usage;
    }
    let mut db = Database::new(now());
    end_on_interrupt(db.cancel());
    let mut wrong = false;
    let inputs = match inputs(&args.files, &args.maps, matches, reporter) {
        Ok(inputs) => inputs,
        Err(status) => return status,
    };
    for input in inputs {
        match input.load(&mut db, u64::MAX, false) {
            Ok(loaded) => {
                reporter.loaded(&input, &loaded, false);
                wrong |= loaded.errors() > 0;
            }
            Err(error) => return input.unreadable(reporter, &error),
        }
    }
    let write = |out: &mut dyn Write| {
        match args.to {
            ExportForm::Dixit => dixit(db.graph(), out),
            ExportForm::Jsonl => jsonl(db.graph(), out),
        }?;
        db.damage().map_err(std::io::Error::other)
    };
    let (target, written) = match &args.output {
        None => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            (Path::new("standard output"), write(&mut out).and_then(|()| out.flush()))
        }
        Some(path) => {
            let told = Bar::writing(path);
            let written = replace(path, write);
            drop(told);
            (path.as_path(), written)
        }
    };
    match written {
        Err(_) if interrupted() => {
            reporter.note("stopped: nothing was written");
            Status::Interrupted
        }
        Ok(()) if wrong => Status::Wrong,
        Ok(()) => Status::Fine,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Status::Fine,
        Err(error) => {
            reporter.unwritten(target, &error);
            Status::Usage
        }
    }
}
