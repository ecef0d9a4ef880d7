//! `dixit fmt`: files in their canonical form, each replaced whole or left as it is.

use super::super::args::{Errors, Fmt};
use super::super::output::replace;
use super::super::{Status, input, report};
use super::reporter;
use crate::render::SourceText;
use crate::syntax::format_source;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub(in crate::cli) fn fmt(args: &Fmt) -> Status {
    args.files.iter().fold(Status::Fine, |status, path| status.or_worse(one(path, args.check)))
}

fn one(path: &Path, check: bool) -> Status {
    let reporter = reporter(Errors::Text);
    let Some(source) = input::text(path, reporter) else { return Status::Usage };
    let name = input::name(path);
    let formatted = match format_source(&source) {
        Ok(formatted) => formatted,
        Err(problems) => {
            let source = SourceText::new(&name, &source);
            problems.iter().for_each(|problem| reporter.diagnostic(&source, problem));
            report::line(&format!("{name}: left as it is"));
            return Status::Wrong;
        }
    };
    if check {
        if formatted == source {
            return Status::Fine;
        }
        report::line(&format!("{name}: would change"));
        return Status::Wrong;
    }
    let (target, written) = if input::is_standard(path) {
        (Path::new("standard output"), std::io::stdout().lock().write_all(formatted.as_bytes()))
    } else if formatted == source {
        return Status::Fine;
    } else {
        (path, replace(path, |out| out.write_all(formatted.as_bytes())))
    };
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            reporter.unwritten(target, &error);
            Status::Usage
        }
        _ => Status::Fine,
    }
}
