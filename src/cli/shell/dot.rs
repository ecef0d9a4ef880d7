//! The commands of the shell, each a word behind a point.

use super::super::output::{is_taken, replace};
use super::super::tables::Input;
use super::super::{commands, input, report};
use super::help;
use super::line::{Flow, Shell};
use super::pager::Paging;
use super::settings;
use crate::db::is_snapshot;
use crate::formats::export as formats;
use crate::render::{Format, Style, shown};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Each command with what stands after it and what it does, in the order in which help shows them.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    (".help", "[TOPIC]", "what can be written; .help verbs, .help about, .help stages …"),
    (".examples", "[N]", "examples to learn from; with a number, run that one"),
    (".verbs", "[BEGIN]", "the verbs known, by act"),
    (".names", "[BEGIN]", "the names in the graph"),
    (".open", "FILE", "load a file beside what is here"),
    (".save", "FILE.dixg", "save the graph as a snapshot"),
    (".read", "FILE", "run a file of statements and questions"),
    (".import", "[MAPPING] FILE", "load a file, a table through its mapping"),
    (".export", "[!] FILE", "write the graph as .dixit or .jsonl; with ! in place of a file that is there"),
    (".draw", "WHAT", "draw a claim as #c1, a name, timeline NAME, or a question"),
    (".mode", "FORMAT", "table, csv, tsv, json, jsonl, markdown or line"),
    (".output", "[!] FILE|off", "write answers to a file; with ! in place of one that is there"),
    (".timer", "on|off", "tell how long answers take"),
    (".pager", "on|off|auto", "show answers through $PAGER: auto where they are taller than the screen"),
    (".hints", "on|off", "show how what is typed may go on; Right takes it"),
    (".echo", "on|off", "tell how each question is understood"),
    (".set", "[NAME [VALUE]]", "the settings; .set timeout 10"),
    (".last", "", "the last answer again, all of it"),
    (".quit", "", "leave"),
];

/// How many names are shown at once.
const MOST_NAMES: usize = 200;

pub(super) fn command(shell: &mut Shell, line: &str) -> Flow {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim().trim_matches('"');
    match word {
        ".quit" | ".exit" | ".q" => return shell.leave(),
        ".help" | ".h" => help::topic(rest),
        ".examples" => examples(shell, rest),
        ".verbs" => verbs(shell, rest),
        ".names" => names(shell, rest),
        ".open" => open(shell, rest),
        ".save" => save(shell, rest),
        ".import" => import(shell, line.strip_prefix(word).unwrap_or("").trim()),
        ".export" => export(shell, rest),
        ".set" => settings::set(shell, rest),
        ".read" => read(shell, rest),
        ".draw" => draw(shell, line.strip_prefix(word).unwrap_or("").trim()),
        ".mode" => match Format::from_word(rest) {
            Some(format) => shell.run.format = format,
            None => {
                let known: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
                report::line(&format!("error: write .mode and one of {}", known.join(", ")));
            }
        },
        ".output" => output(shell, rest),
        ".timer" => switch(&mut shell.timer, word, rest),
        ".pager" => match Paging::from_word(rest) {
            Some(paging) => shell.paging = paging,
            None if rest.is_empty() => report::line(&format!(".pager is {}", shell.paging.word())),
            None => report::line("error: write .pager on, .pager off or .pager auto"),
        },
        ".hints" => switch(&mut shell.vocabulary.borrow_mut().hints, word, rest),
        ".echo" => switch(&mut shell.echo, word, rest),
        ".last" => match shell.last.take() {
            Some((question, rows)) => {
                let style = Style { max_rows: None, ..super::style(shell.run.color) };
                shell.show(&question, &rows, style);
                shell.last = Some((question, rows));
            }
            None => report::line("nothing was asked yet"),
        },
        other => {
            let near =
                COMMANDS.iter().map(|(name, ..)| (strsim::damerau_levenshtein(name, other), *name)).min();
            let hint = match near {
                Some((distance, name)) if distance <= 2 => format!("did you mean {name}?"),
                _ => ".help lists them".into(),
            };
            report::line(&format!("error: there is no command {other}: {hint}"));
        }
    }
    Flow::Continue
}

/// Writes to standard output; a reader that went away is none of our errors.
pub(super) fn say(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn switch(setting: &mut bool, word: &str, rest: &str) {
    match rest {
        "on" => *setting = true,
        "off" => *setting = false,
        "" => *setting = !*setting,
        _ => return report::line(&format!("error: write {word} on or {word} off")),
    }
    report::line(&format!("{word} is {}", if *setting { "on" } else { "off" }));
}

fn examples(shell: &mut Shell, rest: &str) {
    if rest.is_empty() {
        for (at, (sentence, told)) in help::EXAMPLES.iter().enumerate() {
            say(&format!("{:>3}  {sentence}\n     {told}\n", at + 1));
        }
        return report::line(".examples N runs one of them");
    }
    match rest.parse::<usize>().ok().and_then(|number| help::EXAMPLES.get(number.checked_sub(1)?)) {
        Some((sentence, _)) => {
            report::line(sentence);
            shell.sentences(sentence, "");
        }
        None => report::line(&format!("error: there are examples 1 to {}", help::EXAMPLES.len())),
    }
}

fn verbs(shell: &Shell, begin: &str) {
    let lexicon = &shell.run.database().graph().lexicon;
    for act in crate::model::Act::ALL {
        let of_act = lexicon.verbs().filter(|(_, verb)| verb.act == *act).map(|(_, verb)| verb.word.as_str());
        let words: Vec<&str> = of_act.filter(|word| word.starts_with(begin)).collect();
        if !words.is_empty() {
            say(&format!("{}: {}\n", act.word(), words.join(", ")));
        }
    }
}

fn names(shell: &Shell, begin: &str) {
    let vocabulary = shell.vocabulary.borrow();
    let mut found = vocabulary.names.starting(begin);
    for name in found.by_ref().take(MOST_NAMES) {
        say(&format!("{}\n", shown(name)));
    }
    let more = found.count();
    if more > 0 {
        report::line(&format!("and {more} more: .names BEGIN narrows them"));
    }
}

fn open(shell: &mut Shell, rest: &str) {
    if rest.is_empty() {
        return report::line("error: write .open and a file");
    }
    load(shell, &Input::plain(Path::new(rest)));
}

fn load(shell: &mut Shell, input: &Input) {
    match input.load(shell.run.database_mut(), u64::MAX, false) {
        Ok(loaded) => {
            shell.run.reporter.loaded(input, &loaded, true);
            shell.run.reporter.counts(input, &loaded);
            // A snapshot may have taken the place of an empty graph.
            shell.last = None;
            shell.vocabulary.borrow_mut().update(shell.run.database());
        }
        Err(error) => {
            input.unreadable(shell.run.reporter, &error);
        }
    }
}

fn import(shell: &mut Shell, rest: &str) {
    let words = shlex::split(rest).unwrap_or_default();
    match &words[..] {
        [file] => load(shell, &Input::plain(Path::new(file))),
        [mapping, file] => {
            if let Ok(input) = Input::mapped(Path::new(file), Path::new(mapping), shell.run.reporter) {
                load(shell, &input);
            }
        }
        _ => {
            let help = "write .import and a file, or a mapping and a table; quote names with blanks";
            report::line(&format!("error: {help}"));
        }
    }
}

fn export(shell: &mut Shell, rest: &str) {
    let told = rest.strip_prefix('!').map(|path| path.trim().trim_matches('"'));
    let path = Path::new(told.unwrap_or(rest));
    let graph = shell.run.database().graph();
    let mut bytes = Vec::new();
    let written = match path.extension().and_then(|ending| ending.to_str()) {
        _ if told.is_none() && is_taken(path) => {
            let help = format!("choose another name, or write .export ! {rest} to replace it");
            return report::line(&format!("error: {rest} is there already; {help}"));
        }
        Some("dixit") => formats::dixit(graph, &mut bytes),
        Some("jsonl") => formats::jsonl(graph, &mut bytes),
        _ => return report::line("error: write .export and a file that ends in .dixit or .jsonl"),
    };
    let damage = shell.run.database().damage().map_err(std::io::Error::other);
    match written.and(damage).and_then(|()| replace(path, &bytes)) {
        Ok(()) => report::line(&format!("exported to {}", path.display())),
        Err(error) => report::line(&format!("error: cannot write {}: {error}", path.display())),
    }
}

fn save(shell: &mut Shell, rest: &str) {
    let written = shell.run.database().writes().map(Path::to_path_buf);
    let path = match &written {
        Some(written) if rest.is_empty() => written,
        None if rest.is_empty() => {
            return report::line("error: write .save and a file, as .save news.dixg");
        }
        _ => Path::new(rest),
    };
    if path.exists() && !is_snapshot(path).unwrap_or(false) {
        return report::line(&format!("error: {rest} is there and is no snapshot; choose another name"));
    }
    match shell.run.database_mut().save(path) {
        Ok(()) => {
            (shell.unsaved, shell.warned) = (0, 0);
            report::line(&format!("saved to {}", path.display()));
        }
        Err(error) => report::line(&format!("error: {error}")),
    }
}

fn draw(shell: &mut Shell, what: &str) {
    if what.is_empty() {
        return report::line("error: write .draw and a claim as #c1, a name, timeline NAME, or a question");
    }
    let question = commands::question(what);
    match shell.run.database().ask(&question) {
        Err(problems) => {
            problems.iter().for_each(|problem| shell.run.reporter.diagnostic("", &question, problem));
        }
        Ok(answer) => {
            for warning in &answer.warnings {
                shell.run.reporter.diagnostic("", &question, warning);
            }
            shell.draw(what, answer.rows);
        }
    }
}

fn read(shell: &mut Shell, rest: &str) {
    if rest.is_empty() {
        return report::line("error: write .read and a file");
    }
    if let Some(text) = input::text(Path::new(rest), shell.run.reporter) {
        shell.sentences(&text, rest);
        shell.run.database_mut().end_document();
    }
}

fn output(shell: &mut Shell, rest: &str) {
    match rest {
        "" | "off" => {
            shell.output = None;
            report::line("answers go to the terminal");
        }
        path => {
            let told = path.strip_prefix("!").map(|path| path.trim().trim_matches('"'));
            let path = told.unwrap_or(path);
            if told.is_none() && is_taken(Path::new(path)) {
                let help = format!("choose another name, or write .output ! {path} to replace it");
                return report::line(&format!("error: {path} is there already; {help}"));
            }
            match File::create(path) {
                Ok(file) => {
                    shell.output = Some(file);
                    report::line(&format!("answers go to {path}"));
                }
                Err(error) => report::line(&format!("error: cannot write {path}: {error}")),
            }
        }
    }
}
