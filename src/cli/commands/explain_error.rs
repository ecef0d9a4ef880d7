//! `dixit explain-error`: what a code means.

use super::super::args::ExplainError;
use super::super::{Status, report, terminal};
use crate::diag::Code;
use crate::render::wrapped;
use std::io::Write;

pub(in crate::cli) fn explain_error(args: &ExplainError) -> Status {
    let wanted = args.code.as_deref().map(str::to_uppercase);
    let codes = Code::ALL.iter().filter(|code| wanted.as_deref().is_none_or(|wanted| wanted == code.id()));
    let told: String = codes.map(|code| explained(*code)).collect();
    if told.is_empty() {
        let code = args.code.as_deref().unwrap_or("");
        report::line(&format!("error: there is no code {code}; dixit explain-error without one lists all"));
        return Status::Usage;
    }
    // A reader that went away is none of our errors.
    let _ = std::io::stdout().write_all(told.as_bytes());
    Status::Fine
}

/// One line, on a terminal wrapped between words.
fn explained(code: Code) -> String {
    let line = format!("{}: {}", code.id(), code.explanation().replace("\n ", " ").trim());
    terminal::width().map_or_else(|| vec![line.clone()], |width| wrapped(&line, width)).join("\n") + "\n"
}
