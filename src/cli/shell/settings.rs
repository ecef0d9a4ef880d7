//! The settings of the shell: what `.set` shows and changes, and the file in which they may stand. A setting is also a command of its own
//! where it is changed often.

use super::super::args::bytes;
use super::super::report;
use super::dot;
use super::line::Shell;
use super::pager::Paging;
use crate::db::Limits;
use crate::eval::MOST_SOLUTIONS;
use crate::render::Format;
use bytesize::ByteSize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Each setting with what it may be.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("mode", "table, csv, tsv, json, jsonl, markdown, line, dot or svg"),
    ("timer", "on or off"),
    ("echo", "on or off"),
    ("hints", "on or off"),
    ("pager", "on, off or auto"),
    ("timeout", "seconds after which a question is given up, or off"),
    ("solutions", "the most solutions of a question before its pipeline"),
    ("memory", "the most memory that a question keeps beside the graph, as 500MB, or off"),
];

/// `.set`, `.set NAME`, `.set NAME VALUE`
pub(super) fn set(shell: &mut Shell, rest: &str) {
    let (name, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if name.is_empty() {
        let lines =
            SETTINGS.iter().map(|(name, what)| format!("{name:<10} {:<9}  {what}\n", shown(shell, name)));
        return dot::say(shell.paging, &lines.collect::<Vec<_>>().concat());
    }
    let Some((name, what)) = SETTINGS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
        return report::line(&format!("error: there is no setting {name}; there are {}", known.join(", ")));
    };
    let value = value.trim();
    if !value.is_empty() && change(shell, name, value).is_none() {
        return report::line(&format!("error: {name} is {what}"));
    }
    report::line(&format!("{name} is {}", shown(shell, name)));
}

fn shown(shell: &Shell, name: &str) -> String {
    let switch = |on: bool| if on { "on" } else { "off" }.to_string();
    let limits = shell.run.database().limits();
    match name {
        "mode" => shell.run.format.word().into(),
        "timer" => switch(shell.timer),
        "echo" => switch(shell.echo),
        "hints" => switch(shell.vocabulary.borrow().hints),
        "pager" => shell.paging.word().into(),
        "timeout" => limits.time.map_or_else(|| "off".into(), |time| time.as_secs_f64().to_string()),
        "memory" => limits.memory.map_or_else(|| "off".into(), |most| ByteSize(most as u64).to_string()),
        _ => limits.solutions.to_string(),
    }
}

/// Changes a setting; nothing where this is no value of it.
fn change(shell: &mut Shell, name: &str, value: &str) -> Option<()> {
    let switch = || match value {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    };
    let limits = shell.run.database().limits();
    match name {
        "mode" => shell.run.format = Format::from_word(value)?,
        "timer" => shell.timer = switch()?,
        "echo" => shell.echo = switch()?,
        "hints" => shell.vocabulary.borrow_mut().hints = switch()?,
        "pager" => shell.paging = Paging::from_word(value)?,
        "timeout" => {
            let time = match value {
                "off" => None,
                seconds => Some(Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?),
            };
            shell.run.database_mut().set_limits(Limits { time, ..limits });
        }
        "memory" => {
            let memory = if value == "off" { None } else { Some(bytes(value).ok()?) };
            shell.run.database_mut().set_limits(Limits { memory, ..limits });
        }
        _ => {
            let solutions = if value == "off" { MOST_SOLUTIONS } else { value.parse().ok()? };
            shell.run.database_mut().set_limits(Limits { solutions, ..limits });
        }
    }
    Some(())
}

/// Where settings stand that hold whenever the shell opens: commands of the shell, one a line.
pub(super) fn file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".config")))
        .or_else(|| set("APPDATA"))?;
    Some(folder.join("dixit").join("init"))
}

/// Runs the settings of a file; that there is none is no error.
pub(super) fn read(shell: &mut Shell, path: &Path) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => return report::line(&format!("error: cannot read {}: {error}", path.display())),
    };
    for (number, line) in (1..).zip(text.lines()).map(|(number, line)| (number, line.trim())) {
        if line.is_empty() || line.starts_with("--") {
            continue;
        }
        let rest = line.strip_prefix(".set ").map(str::trim);
        let (name, value) = rest.unwrap_or("").split_once(char::is_whitespace).unwrap_or(("", ""));
        let is_setting = SETTINGS.iter().any(|(known, _)| *known == name);
        if !is_setting || change(shell, name, value.trim()).is_none() {
            report::line(&format!("{}:{number}: this is no setting: {line}", path.display()));
        }
    }
}
