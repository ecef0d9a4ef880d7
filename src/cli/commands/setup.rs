//! `dixit completions` and `dixit man`: what a shell and `man` are told, made from the arguments themselves.

use super::super::Status;
use super::super::args::{Args, Completions};
use super::super::report;
use clap::CommandFactory;
use std::io::{self, Write};

/// Writes completions for a shell.
pub(in crate::cli) fn completions(args: &Completions) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "dixit", &mut script);
    write(&script)
}

/// Writes the manual page.
pub(in crate::cli) fn man() -> Status {
    let mut page = Vec::new();
    match clap_mangen::Man::new(Args::command()).render(&mut page) {
        Ok(()) => write(&page),
        Err(error) => failed(&error),
    }
}

fn write(bytes: &[u8]) -> Status {
    match io::stdout().write_all(bytes) {
        Ok(()) => Status::Fine,
        // A reader that went away is none of our errors.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine,
        Err(error) => failed(&error),
    }
}

fn failed(error: &io::Error) -> Status {
    report::line(&format!("error: {error}"));
    Status::Usage
}
