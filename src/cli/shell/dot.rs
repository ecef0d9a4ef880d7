//! The commands of the shell, each a word behind a point.

use super::super::output::{is_taken, replace};
use super::super::progress::Bar;
use super::super::tables::Input;
use super::super::{commands, input, interrupted, report, terminal, writing};
use super::line::{Flow, Shell};
use super::pager::{Paged, Paging};
use super::settings;
use super::{examples, help};
use crate::db::{StoreError, is_snapshot};
use crate::formats::export as formats;
use crate::render::{Format, SourceText, Style, shown};
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
    (".mode", "FORMAT", "table, csv, tsv, json, jsonl, markdown, line, dot or svg"),
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
        ".help" | ".h" => help::topic(rest, shell.paging),
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

/// Tells something at length: as wide as the terminal, and through the pager as an answer would be. A reader that went away is none of our
/// errors.
pub(super) fn say(paging: Paging, text: &str) {
    let text = terminal::width().map_or_else(|| text.to_string(), |width| wrapped(text, width));
    let mut out = Paged::new(paging, terminal::height());
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.finish());
}

/// Breaks lines between words, and goes on below what stands behind the first wide gap.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let wide = line.trim_start().find("  ");
        let gap = wide.map_or(0, |at| line.len() - line.get(indent + at..).unwrap_or("").trim_start().len());
        let column = line.get(..gap).map_or(0, |before| before.chars().count());
        // What stands too far right, or nowhere, goes on a little behind the beginning.
        let column = if column == 0 || column > width * 2 / 3 { indent + 2 } else { column };
        let mut at = 0;
        for word in line.split_inclusive(' ') {
            let length = word.trim_end().chars().count();
            if at + length > width && at > column {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                out.push_str(&" ".repeat(column));
                at = column;
            }
            out.push_str(word);
            at += word.chars().count();
        }
        out.push('\n');
    }
    out
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
    let examples = examples::examples(shell.run.database().graph());
    if rest.is_empty() {
        let listed = (1..).zip(examples);
        let text = listed
            .map(|(at, (sentence, told))| format!("{at:>3}  {sentence}\n     {told}\n"))
            .collect::<Vec<_>>()
            .concat();
        return say(shell.paging, &format!("{text}.examples N runs one of them\n"));
    }
    match rest.parse::<usize>().ok().and_then(|number| examples.get(number.checked_sub(1)?)) {
        Some((sentence, _)) => {
            report::line(sentence);
            shell.sentences(sentence, "");
        }
        None => report::line(&format!("error: there are examples 1 to {}", examples.len())),
    }
}

fn verbs(shell: &Shell, begin: &str) {
    let lexicon = &shell.run.database().graph().lexicon;
    let mut text = String::new();
    for act in crate::model::Act::ALL {
        let of_act = lexicon.verbs().filter(|(_, verb)| verb.act == *act).map(|(_, verb)| verb.word.as_str());
        let words: Vec<&str> = of_act.filter(|word| word.starts_with(begin)).collect();
        if !words.is_empty() {
            text.push_str(&format!("{}: {}\n", act.word(), words.join(", ")));
        }
    }
    if text.is_empty() {
        return report::line(&format!(
            "no verb begins with {begin}; define verb {begin} as asserted. makes one"
        ));
    }
    say(shell.paging, &text);
}

fn names(shell: &Shell, begin: &str) {
    let vocabulary = shell.vocabulary.borrow();
    let mut found = vocabulary.names.starting(begin);
    let lines = found.by_ref().take(MOST_NAMES).map(|name| format!("{}\n", shown(name)));
    let text = lines.collect::<Vec<_>>().concat();
    say(shell.paging, &text);
    let more = found.count();
    if more > 0 {
        report::line(&format!("and {more} more: .names BEGIN narrows them"));
    } else if text.is_empty() {
        report::line("no name begins so");
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
    let db = shell.run.database();
    let form = match path.extension().and_then(|ending| ending.to_str()) {
        _ if told.is_none() && is_taken(path) => {
            let help = format!("choose another name, or write .export ! {rest} to replace it");
            return report::line(&format!("error: {rest} is there already; {help}"));
        }
        Some("dixit") => formats::dixit,
        Some("jsonl") => formats::jsonl,
        _ => return report::line("error: write .export and a file that ends in .dixit or .jsonl"),
    };
    let bar = Bar::writing(path);
    let written = replace(path, |out| {
        form(db.graph(), out)?;
        db.damage().map_err(std::io::Error::other)
    });
    drop(bar);
    match written {
        Ok(()) => report::line(&format!("exported to {}", path.display())),
        Err(_) if interrupted() => report::line("stopped: nothing was written"),
        Err(error) => {
            let why = report::why_not_written(path, &error);
            report::line(&format!("error: cannot write {}: {why}", path.display()));
        }
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
    let bar = Bar::writing(path);
    let saved = writing(|| shell.run.database_mut().save(path));
    drop(bar);
    match saved {
        Ok(()) => {
            (shell.unsaved, shell.warned) = (0, 0);
            report::line(&format!("saved to {}", path.display()));
        }
        Err(StoreError::Stopped) => report::line("stopped: nothing was written"),
        Err(error) => report::line(&format!("error: {error}")),
    }
}

fn draw(shell: &mut Shell, what: &str) {
    if what.is_empty() {
        return report::line("error: write .draw and a claim as #c1, a name, timeline NAME, or a question");
    }
    let (question, answer) = commands::asked(shell.run.database_mut(), what);
    let question = SourceText::new("", question);
    match answer {
        Err(problems) => {
            problems.iter().for_each(|problem| shell.run.reporter.diagnostic(&question, problem));
        }
        Ok(answer) => {
            for warning in &answer.warnings {
                shell.run.reporter.diagnostic(&question, warning);
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
                Err(error) => {
                    let why = report::why_not_written(Path::new(path), &error);
                    report::line(&format!("error: cannot write {path}: {why}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_as_wide_as_the_terminal() {
        let text = "  .mode FORMAT    table, csv, tsv, json\nAsk in sentences, as you would.\n";
        let narrow = "  .mode FORMAT    table, csv,\n                  tsv, json\nAsk in sentences, as you\n  would.\n";
        assert_eq!(wrapped(text, 30), narrow);
        assert_eq!(wrapped(text, 80), text);
        assert_eq!(wrapped("a", 0), "a\n");
    }
}
