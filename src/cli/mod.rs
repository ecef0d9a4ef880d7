//! The command line: arguments, commands, the shell. The only room that prints.
//!
//! Standard output carries answers only; everything else goes to standard error. Every command ends in one of the exit statuses below. To
//! add a command: a variant in `args.rs`, a file under `commands/`, a test in `tests/it/cli_files.rs`.

mod args;
mod commands;
mod input;
mod output;
mod progress;
mod report;
mod run;
mod shell;
mod tables;
mod terminal;

use args::{Args, Command, Later, Options, Piece};
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// All went well, also without rows.
    Fine = 0,
    /// A sentence or some data was wrong.
    Wrong = 1,
    /// The command line was wrong, or a file could not be read or written.
    Usage = 2,
    /// No rows, and that was asked to be told.
    Empty = 3,
    /// Stopped by the user.
    Interrupted = 130,
}

impl Status {
    /// The one of two that matters more: what stopped it, then what could not be read, then what was wrong, then what was empty.
    fn or_worse(self, other: Status) -> Status {
        let weight = |status| match status {
            Status::Fine => 0,
            Status::Empty => 1,
            Status::Wrong => 2,
            Status::Usage => 3,
            Status::Interrupted => 4,
        };
        if weight(other) > weight(self) { other } else { self }
    }
}

/// Whether the user asked to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    let command = Args::command();
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version go to standard output and are no error.
            let status = if error.use_stderr() { Status::Usage } else { Status::Fine };
            return if error.print().is_err() { exit(Status::Fine) } else { exit(status) };
        }
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => {
            report::text(&format!("{error}\n"));
            return exit(Status::Usage);
        }
    };
    let own = matches.subcommand().map_or(&matches, |(_, own)| own);
    let status = match args.command {
        Some(Command::Build(Later(build))) => commands::build(&build, own),
        Some(Command::Compact(Later(compact))) => commands::compact(&compact),
        Some(Command::Draw(Later(draw))) => commands::draw(&draw),
        Some(Command::Info(Later(info))) => commands::info(&info),
        Some(Command::Check(Later(check))) => commands::check(&check, own),
        Some(Command::Fmt(Later(fmt))) => commands::fmt(&fmt),
        Some(Command::Export(Later(export))) => commands::export(&export, own),
        Some(Command::ExplainError(Later(explain))) => commands::explain_error(&explain),
        Some(Command::Completions(Later(completions))) => commands::completions(&completions),
        Some(Command::Man) => commands::man(),
        None => ask(&args.options, &matches),
    };
    exit(if interrupted() { Status::Interrupted } else { status })
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

/// Loads the files, then runs what was given: sentences, batch files, standard input, or the shell.
fn ask(options: &Options, matches: &ArgMatches) -> Status {
    let pieces = args::pieces(options, matches);
    let interactive = pieces.is_empty() && std::io::stdin().is_terminal();
    let mut run = match run::Run::open(options, matches, interactive) {
        Ok(run) => run,
        Err(status) => return status,
    };
    if interactive {
        stop_on_interrupt(run.database().cancel());
        return shell::run(run, !options.opening.no_init);
    }
    let pieces = if pieces.is_empty() { vec![Piece::File("-".into())] } else { pieces };
    match run.sources(&pieces) {
        Ok(sources) => {
            // Until here Ctrl-C simply ends the program.
            stop_at_signal(run.database().cancel());
            let status = run.all(&sources);
            run.end();
            status
        }
        Err(status) => status,
    }
}

/// Whether a file is being written that may not be left beside the one that it is to become.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Does what writes a file, and lets Ctrl-C wait until it was stopped and has taken away what it began.
fn writing<T>(write: impl FnOnce() -> T) -> T {
    WRITING.store(true, Ordering::SeqCst);
    let came = write();
    WRITING.store(false, Ordering::SeqCst);
    came
}

/// Ctrl-C ends the program at once as long as nothing is half written; what is being written is stopped, and then the program ends.
fn end_on_interrupt(stop: Arc<AtomicBool>) {
    let handler = move || {
        // Either whoever begins to write sees this, or it is seen here that something is being written.
        stop.store(true, Ordering::SeqCst);
        INTERRUPTED.store(true, Ordering::SeqCst);
        if !WRITING.load(Ordering::SeqCst) {
            progress::clear();
            std::process::exit(i32::from(Status::Interrupted as u8));
        }
    };
    // Without the handler Ctrl-C still ends the program, at once.
    let _ = ctrlc::set_handler(handler);
}

/// The first Ctrl-C stops the running question, the second the program, unless a file is being written, which sees the first.
fn stop_on_interrupt(cancel: Arc<AtomicBool>) {
    let handler = move || {
        cancel.store(true, Ordering::SeqCst);
        if INTERRUPTED.swap(true, Ordering::SeqCst) && !WRITING.load(Ordering::SeqCst) {
            std::process::exit(i32::from(Status::Interrupted as u8));
        }
    };
    // Without the handler Ctrl-C still ends the program, at once.
    let _ = ctrlc::set_handler(handler);
}

/// The same for a program that only answers and ends: all of it is done where the signal arrives. A thread that waits for it would take longer
/// to start than a short question to be answered.
#[cfg(unix)]
fn stop_at_signal(cancel: Arc<AtomicBool>) {
    use signal_hook::consts::SIGINT;
    use signal_hook::flag::{register, register_conditional_shutdown};
    // In this order: whether it is the second is asked before the first is noted. Without a handler Ctrl-C still ends the program, at once.
    let second = register_conditional_shutdown(SIGINT, i32::from(Status::Interrupted as u8), &INTERRUPTED);
    let _ = second.and_then(|_| register(SIGINT, cancel)).and_then(|_| register(SIGINT, &INTERRUPTED));
}

#[cfg(not(unix))]
fn stop_at_signal(cancel: Arc<AtomicBool>) {
    stop_on_interrupt(cancel);
}
