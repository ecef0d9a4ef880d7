//! `dixit info`: what a snapshot holds.

use super::super::Status;
use super::super::args::{Errors, Info, InfoForm};
use super::reporter;
use crate::db::{Database, inspect, journaled};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

pub(in crate::cli) fn info(args: &Info) -> Status {
    let reporter = reporter(Errors::Text);
    let info = match inspect(&args.file) {
        Ok(info) => info,
        Err(error) => {
            reporter.unreadable(&args.file, &error.into());
            return Status::Usage;
        }
    };
    let journaled = match journaled(&args.file) {
        Ok(journaled) => journaled,
        Err(error) => {
            reporter.unreadable(&args.file, &error.into());
            return Status::Usage;
        }
    };
    let mut db = Database::new(0);
    if let Err(error) = db.load(&args.file, 0) {
        reporter.unreadable(&args.file, &error);
        return Status::Usage;
    }
    let graph = db.graph();
    let counts: [(&str, usize); 9] = [
        ("claims", graph.claims.len()),
        ("propositions", graph.propositions.len()),
        ("entities", graph.entities.len()),
        ("documents", graph.documents.len()),
        ("hops", graph.chains.hops()),
        ("appearances", graph.chains.appearances()),
        ("links", graph.links.len()),
        ("ratings", graph.ratings.len()),
        ("rules", graph.rules().count()),
    ];
    let text = if args.json || args.format == InfoForm::Json {
        let sections =
            info.sections.iter().map(|section| json!({ "name": section.name, "bytes": section.length }));
        let counts: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(name, count)| ((*name).to_string(), json!(count))).collect();
        let all = json!({
            "file": args.file.display().to_string(),
            "bytes": info.length,
            "format": info.format,
            "language": info.language,
            "lexicon": info.lexicon,
            "journaled": journaled,
            "counts": counts,
            "sections": sections.collect::<Vec<_>>(),
        });
        format!("{all:#}\n")
    } else {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{}: {} bytes, format {}, language {}, lexicon {}\n",
            args.file.display(),
            info.length,
            info.format,
            info.language,
            info.lexicon
        );
        for (name, count) in counts {
            let _ = writeln!(text, "{count:>12}  {name}");
        }
        if journaled > 0 {
            let _ =
                writeln!(text, "\n{journaled} statements are in the journal: dixit compact folds them in");
        }
        let _ = writeln!(text, "\nsections, in bytes");
        for section in info.sections.iter().filter(|section| section.length > 0) {
            let _ = writeln!(text, "{:>12}  {}", section.length, section.name);
        }
        text
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            reporter.unwritten(Path::new("standard output"), &error);
            Status::Usage
        }
        _ => Status::Fine,
    }
}
