//! `dixit completions` and `dixit man`: what a shell and `man` are told, made from the arguments themselves.

use super::super::Status;
use super::super::args::{Args, Completions};
use super::super::report;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::{self, Write};

/// Writes completions for a shell.
pub(in crate::cli) fn completions(args: &Completions) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "dixit", &mut script);
    write(&script)
}

/// Writes the manual page.
pub(in crate::cli) fn man() -> Status {
    match page() {
        Ok(page) => write(page.as_bytes()),
        Err(error) => failed(&error),
    }
}

/// One page for all: the commands with their options are sections of it, and no pages of their own that nobody has.
fn page() -> io::Result<String> {
    let mut command = Args::command();
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    writeln!(page, ".SH COMMANDS")?;
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".SS {}\n{}\n.PP", plain(command.get_name()), plain(&about))?;
        let man = Man::new(command.clone());
        let (mut usage, mut options) = (Vec::new(), Vec::new());
        man.render_synopsis_section(&mut usage)?;
        if command.get_arguments().count() > 0 {
            man.render_options_section(&mut options)?;
        }
        // Both begin with a heading of their own.
        for part in [usage, options] {
            let lines = part.split_inclusive(|byte| *byte == b'\n');
            lines.filter(|line| !line.starts_with(b".SH ")).for_each(|line| page.extend_from_slice(line));
        }
    }
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = examples.trim_start_matches("Examples:\n");
    writeln!(page, ".SH EXAMPLES\n.nf\n{}\n.fi", plain(examples))?;
    String::from_utf8(page).map_err(io::Error::other)
}

/// A text as roff takes it for what it is.
fn plain(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    text.lines()
        .map(|line| if line.starts_with('.') { format!("\\&{line}") } else { line.into() })
        .collect::<Vec<_>>()
        .join("\n")
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
