//! `dixit fmt`: files in their canonical form, each replaced whole or left as it is.

use super::super::Status;
use super::super::args::{Errors, Fmt};
use super::super::report;
use super::super::run::replace;
use super::reporter;
use crate::syntax::format_source;
use std::io::{Read, Write};
use std::path::Path;

pub(in crate::cli) fn fmt(args: &Fmt) -> Status {
    let reporter = reporter(Errors::Text);
    let mut status = Status::Fine;
    for path in &args.files {
        let standard_input = path == Path::new("-");
        let bytes = if standard_input {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(path)
        };
        let source = match bytes.map(String::from_utf8) {
            Ok(Ok(source)) => source,
            Ok(Err(_)) => {
                reporter.file(path, "read", "it is not UTF-8");
                status = Status::Usage;
                continue;
            }
            Err(error) => {
                reporter.file(path, "read", &error.to_string());
                status = Status::Usage;
                continue;
            }
        };
        match format_source(&source) {
            Err(problems) => {
                let name = path.display().to_string();
                problems.iter().for_each(|problem| reporter.diagnostic(&name, &source, problem));
                report::line(&format!("{name}: left as it is"));
                status = worse(status, Status::Wrong);
            }
            Ok(formatted) if standard_input => {
                if let Err(error) = std::io::stdout().lock().write_all(formatted.as_bytes())
                    && error.kind() != std::io::ErrorKind::BrokenPipe
                {
                    reporter.file(Path::new("standard output"), "write to", &error.to_string());
                    status = Status::Usage;
                }
            }
            Ok(formatted) if formatted == source => {}
            Ok(_) if args.check => {
                report::line(&format!("{}: would change", path.display()));
                status = worse(status, Status::Wrong);
            }
            Ok(formatted) => {
                if let Err(error) = replace(path, formatted.as_bytes()) {
                    reporter.file(path, "write", &error.to_string());
                    status = Status::Usage;
                }
            }
        }
    }
    status
}

fn worse(a: Status, b: Status) -> Status {
    if a as u8 > b as u8 { a } else { b }
}
