//! `dixit explain-error`: what a code means.

use super::super::Status;
use super::super::args::ExplainError;
use super::super::report;
use crate::diag::Code;
use std::io::Write;

pub(in crate::cli) fn explain_error(args: &ExplainError) -> Status {
    let wanted = args.code.to_uppercase();
    let Some(code) = Code::ALL.iter().find(|code| code.id() == wanted) else {
        report::line(&format!("error: there is no code {}: codes look like E106 and W401", args.code));
        return Status::Usage;
    };
    // One paragraph, as the terminal breaks it.
    let explained = code.explanation().replace("\n ", " ");
    let told = writeln!(std::io::stdout(), "{}: {}", code.id(), explained.trim());
    // A reader that went away is none of our errors.
    let _ = told;
    Status::Fine
}
