//! The shell: lines are read until a sentence is whole, then asked or told; lines that begin with a point are commands of the shell itself.
//!
//! Reading lines is rustyline's; what a line does is here, as a function of the line, so that it can be tested without a terminal.

mod ahead;
mod complete;
mod dot;
mod examples;
mod help;
mod highlight;
mod line;
mod names;
mod pager;
mod settings;
mod stage;

use super::Status;
use super::run::Run;
use super::terminal;
use ahead::Ahead;
use complete::{Editing, Vocabulary};
use line::{Flow, Shell};
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor, EventHandler};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::Ordering;

const PROMPT: &str = "dixit> ";

/// Reads and runs lines until the user leaves.
pub(super) fn run(run: Run, reads_settings: bool) -> Status {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .max_history_size(5000)
        .map(rustyline::config::Builder::build);
    let vocabulary = Rc::new(RefCell::new(Vocabulary::default()));
    let color = run.color;
    let mut shell = Shell::new(run, vocabulary.clone());
    if let Some(path) = settings::file().filter(|_| reads_settings) {
        settings::read(&mut shell, &path);
    }
    let editor = config.and_then(Editor::<Editing, DefaultHistory>::with_config);
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => {
            super::report::line(&format!("error: the terminal cannot be read: {error}"));
            return Status::Usage;
        }
    };
    editor.set_helper(Some(Editing::new(vocabulary, color)));
    let ahead = Ahead::new();
    editor.bind_sequence(Ahead::key(), EventHandler::Conditional(Box::new(ahead.clone())));
    let history = history_file();
    if let Some(path) = &history {
        // That there is none yet is no error, nor that it cannot be kept.
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = editor.load_history(path);
    }
    super::report::line(&shell.greeting());
    let mut warned = false;
    loop {
        ahead.begin();
        match editor.readline(PROMPT) {
            Ok(text) => {
                warned = false;
                if text.trim().is_empty() {
                    continue;
                }
                for entry in line::entries(&text) {
                    let _ = editor.add_history_entry(entry);
                }
                if let Some(path) = &history {
                    let _ = editor.append_history(path);
                }
                // What came too late for the question before stops no other.
                super::INTERRUPTED.store(false, Ordering::Relaxed);
                shell.run.database().cancel().store(false, Ordering::Relaxed);
                let flow = shell.line(&text);
                // What stopped a question does not stop the shell.
                super::INTERRUPTED.store(false, Ordering::Relaxed);
                if flow == Flow::Quit {
                    break;
                }
            }
            // What was being typed is abandoned and stays to be seen.
            Err(ReadlineError::Interrupted)
                if editor.helper().is_some_and(|editing| editing.typing.replace(false)) => {}
            Err(ReadlineError::Interrupted) if warned => break,
            Err(ReadlineError::Interrupted) => {
                super::report::line("(Ctrl-C again or Ctrl-D leaves)");
                warned = true;
            }
            Err(ReadlineError::Eof) => {
                if shell.leave() == Flow::Quit {
                    break;
                }
            }
            Err(error) => {
                super::report::line(&format!("error: {error}"));
                break;
            }
        }
    }
    Status::Fine
}

/// Where the history is kept: the place that the XDG base directories name for the state of programs.
fn history_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))
        .or_else(|| set("LOCALAPPDATA"))?;
    Some(state.join("dixit").join("history"))
}

/// The width of the terminal, and how many rows of a table it is given at once.
fn style(color: bool) -> crate::render::Style {
    let width = terminal::width();
    crate::render::Style { width, color, max_rows: width.map(|_| 40) }
}
