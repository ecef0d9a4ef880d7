//! The command line, as its users run it: what is asked and told, in which order, where it goes, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Came {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Came {
    pub(crate) fn expect(self, status: i32) -> Came {
        assert_eq!(self.status, Some(status), "{self:#?}");
        self
    }

    /// Standard output below the head of the columns.
    fn rows(&self) -> Vec<&str> {
        self.out.lines().skip(1).collect()
    }
}

/// The program in a folder, with nothing of the environment that changes what it writes.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dixit"));
    command
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("SOURCE_DATE_EPOCH", "1764806400");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(folder: &TempDir, args: &[&str]) -> Came {
    told(folder, args, b"")
}

/// A run with something on standard input.
pub(crate) fn told(folder: &TempDir, args: &[&str], input: &[u8]) -> Came {
    let mut child = program(folder.path()).args(args).stdin(Stdio::piped()).spawn().unwrap();
    // Who does not read its input ends it early; that is its own affair.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Came { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const FACTS: &str = "\
Anna said \"the dam leaks\" about Dam on 2025-12-01 via Reuters.
Bea denied \"the dam leaks\" about Dam on 2025-12-02.
";

#[test]
fn a_question_is_answered_and_nothing_else_is_written() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let came = run(&folder, &["-c", "who said what about Dam | show who, what", "a.dixit"]).expect(0);
    assert_eq!(came.out, "who\twhat\nAnna\tthe dam leaks\nBea\tnot the dam leaks\n");
    assert_eq!(came.err, "");
}

#[test]
fn colours_are_asked_for_and_refused() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let is_coloured = |vars: &[(&str, &str)], more: &[&str]| {
        let ask = ["--format", "table", "-c", "who said what", "a.dixit"];
        let output = program(folder.path()).envs(vars.iter().copied()).args(ask).args(more).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    let (forced, refused) = (("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1"));
    assert!(!is_coloured(&[], &[]) && is_coloured(&[forced], &[]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "0")], &[]) && !is_coloured(&[forced, refused], &[]));
    assert!(
        is_coloured(&[refused], &["--color", "always"]) && !is_coloured(&[forced], &["--color", "never"])
    );
}

#[test]
fn what_is_told_and_kept_nowhere_is_mentioned() {
    let folder = folder(&[]);
    let tell = "Anna said \"x\".";
    assert!(run(&folder, &["-c", tell]).expect(0).err.contains("--write"));
    assert_eq!(run(&folder, &["-c", tell, "-c", "who said what | count"]).expect(0).err, "");
    assert_eq!(run(&folder, &["--write", "g.dixg", "-c", tell]).expect(0).err, "");
}

#[test]
fn every_exit_status_means_one_thing() {
    let folder = folder(&[("a.dixit", FACTS), ("bad.dixit", "Anna sayd \"x\".\nAnna said \"y\".\n")]);
    for (status, args) in [
        (0, &["-c", "who said what?", "a.dixit"][..]),
        (0, &["-c", "Anna denied what?", "a.dixit"]),
        (0, &["a.dixit"]),
        (0, &["--help"]),
        (0, &["--version"]),
        (0, &["explain-error", "e106"]),
        (1, &["-c", "who sayd what?", "a.dixit"]),
        (1, &["-c", "who said | what", "a.dixit"]),
        (1, &["--strict", "-c", "Zed said what?", "a.dixit"]),
        (1, &["-c", "who said what?", "bad.dixit"]),
        (1, &["check", "bad.dixit"]),
        (2, &["--no-such-option"]),
        (2, &["--param", "nonsense", "a.dixit"]),
        (2, &["-c", "who said what?", "none.dixit"]),
        (2, &["-f", "none.dixit", "a.dixit"]),
        (2, &["-c", "who said what?", "."]),
        (2, &["build", "a.dixit"]),
        (2, &["info", "a.dixit"]),
        (2, &["explain-error", "E999"]),
        (3, &["--fail-if-empty", "-c", "Anna denied what?", "a.dixit"]),
        (3, &["--fail-if-empty", "-c", "Anna denied anything and Bea denied anything?", "a.dixit"]),
        (3, &["--fail-if-empty", "-c", "Anna denied what?", "-c", "who said what?", "a.dixit"]),
        (0, &["--fail-if-empty", "-c", "Anna said anything and Bea denied anything?", "a.dixit"]),
    ] {
        let came = run(&folder, args);
        assert_eq!(came.status, Some(status), "{args:?} {came:#?}");
        assert_eq!(came.err.is_empty(), status == 0 || status == 3, "{args:?} {came:#?}");
    }
}

#[test]
fn standard_input_is_a_batch_and_its_end_ends_a_sentence() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let came =
        told(&folder, &["a.dixit"], b"Cem said \"x\" about Dam. who said what about Dam | count").expect(0);
    assert_eq!(came.out, "count\n3\n");
    let came = told(&folder, &["-f", "-", "a.dixit"], b"who said anything about Dam | count").expect(0);
    assert_eq!(came.out, "count\n2\n");
    assert_eq!(told(&folder, &[], b"").expect(0).out, "");
    assert_eq!(told(&folder, &["--format", "json"], b"").expect(0).out, "[]\n");
}

#[test]
fn sentences_and_batches_run_in_the_order_given() {
    let batch = "who said anything | count; Cem said \"z\".";
    let folder = folder(&[("b.dixit", batch), ("c.dixit", "Dan said \"w\".")]);
    let count = "who said anything | count";
    let came =
        run(&folder, &["-c", "Anna said \"x\".", "-f", "b.dixit", "-c", count, "-f", "c.dixit", "-c", count])
            .expect(0);
    assert_eq!(came.out, "count\n1\n\ncount\n2\n\ncount\n3\n");
}

#[test]
fn the_first_error_stops_unless_told_to_go_on() {
    let folder =
        folder(&[("a.dixit", FACTS), ("bad.dixit", "Anna sayd \"x\". Cem sayd \"y\". Cem said \"z\".")]);
    let questions = [
        "-c",
        "who said what | count. who sayd what? who said what | count",
        "-c",
        "who denied anything | show who",
    ];
    let stopped = run(&folder, &[&questions[..], &["a.dixit"]].concat()).expect(1);
    assert_eq!(stopped.out, "");
    let went = run(&folder, &[&["--keep-going"], &questions[..], &["a.dixit"]].concat()).expect(1);
    assert_eq!(went.out, "count\n2\n\nwho\nBea\n");
    assert!(went.err.contains("E113") && went.err.contains("E201"), "{}", went.err);

    // Errors of files are all told, and nothing is asked of half a graph.
    let files = ["-c", "who said what?", "none.dixit", "bad.dixit", "a.dixit"];
    let stopped = run(&folder, &files).expect(2);
    assert_eq!((stopped.out.as_str(), stopped.err.matches("E201").count()), ("", 2));
    assert!(stopped.err.contains("there is no such file") && stopped.err.contains("--keep-going"));
    let went = run(&folder, &[&["--keep-going"], &files[..]].concat()).expect(2);
    assert_eq!(went.rows().len(), 3);
    run(&folder, &["--keep-going", "-c", "who said what?", "bad.dixit"]).expect(1);
}

#[test]
fn errors_for_programs_are_one_object_a_line() {
    let folder = folder(&[
        ("a.dixit", FACTS),
        ("bad.dixit", "Ъ said \"x\".\n  Anna sayd \"x\".\n"),
        ("r.jsonl", "{\"date\":\"12/01/2025\"}\n7\n"),
    ]);
    let ask = ["--errors", "json", "-c", "who said what?"];
    let came = run(&folder, &[&ask[..], &["bad.dixit", "r.jsonl", "none", "a.dixit"]].concat()).expect(2);
    let told: Vec<serde_json::Value> =
        came.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<&str> = told.iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["E201", "E217", "E305", "E301"], "{}", came.err);
    let first = &told[0];
    assert_eq!(
        (&first["file"], &first["line"], &first["column"]),
        (&"bad.dixit".into(), &2.into(), &8.into())
    );
    assert_eq!((&first["start"], &first["end"]), (&20.into(), &24.into()));
    assert_eq!(first["severity"], "error");
    assert_eq!(told.last().unwrap()["severity"], "note");
    let build = run(&folder, &["build", "--errors", "json", "a.dixit", "r.jsonl", "-o", "g.dixg"]).expect(1);
    assert!(
        build.err.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "{}",
        build.err
    );
}

#[test]
fn parameters_stand_for_values() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let ask = "who said anything about $about after $since | show who";
    let given = ["--param", "since=2025-12-01", "--param", "$about=Dam", "-c", ask, "a.dixit"];
    assert_eq!(run(&folder, &given).expect(0).out, "who\nBea\n");
    assert!(run(&folder, &["-c", ask, "a.dixit"]).expect(1).err.contains("E209"));
}

#[test]
fn every_format_writes_all_answers() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let ask = ["-c", "who said what about Dam?", "-c", "Anna said anything?", "a.dixit", "--format"];
    let written = |format: &str| run(&folder, &[&ask[..], &[format]].concat()).expect(0).out;
    for format in ["table", "csv", "tsv", "json", "jsonl", "markdown", "line"] {
        let out = written(format);
        assert!(
            out.contains("the dam leaks") && out.ends_with('\n') && !out.contains('\u{1b}'),
            "{format}: {out}"
        );
    }
    let json: serde_json::Value = serde_json::from_str(&written("json")).unwrap();
    assert_eq!(json.as_array().map(Vec::len), Some(2));
    for line in written("jsonl").lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap()["question"].is_number());
    }
    let came =
        run(&folder, &["-c", "who said what; who sayd what?", "a.dixit", "--format", "json"]).expect(1);
    assert!(serde_json::from_str::<serde_json::Value>(&came.out).is_ok(), "{}", came.out);
}

#[test]
fn colours_are_shown_where_asked_for() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let ask = ["-c", "who sayd what?", "a.dixit", "--color"];
    assert!(run(&folder, &[&ask[..], &["always"]].concat()).expect(1).err.contains('\u{1b}'));
    for choice in ["auto", "never"] {
        assert!(!run(&folder, &[&ask[..], &[choice]].concat()).expect(1).err.contains('\u{1b}'));
    }
}

/// So many rows that they fit no pipe.
pub(crate) fn many() -> String {
    let row = |n| format!("{{\"speaker\":\"Person {n}\",\"proposition\":\"sentence {n} of many\"}}");
    (0..4000).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder(&[("m.jsonl", &many())]);
    for format in ["table", "tsv", "json"] {
        let mut child = program(folder.path())
            .args(["--format", format, "-c", "who said what?", "m.jsonl"])
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!line.is_empty());
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
    let mut child = program(folder.path()).args(["export", "m.jsonl"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_question_and_says_so_in_the_status() {
    let folder = folder(&[("m.jsonl", &many())]);
    // Sixteen million pairs take longer than anyone waits.
    let slow = "?a said ?c and ?b said ?d | show ?a, ?b";
    let mut child = program(folder.path())
        .args(["--keep-going", "-c", "who said what | count", "-c", slow, "-c", "who said what?", "m.jsonl"])
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
        .unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), rest.as_str()), (Some(130), "4000\n"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("stopped"));
}

#[test]
fn a_command_that_is_misspelt_is_no_file() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let came = run(&folder, &["chek", "a.dixit", "-c", "who said what | count"]).expect(2);
    assert!(came.err.contains("did you mean `dixit check`?"), "{}", came.err);
    assert!(!run(&folder, &["nothing", "a.dixit"]).err.contains("did you mean"));
}

#[test]
fn a_file_may_be_called_like_a_command() {
    let folder = folder(&[("build", FACTS), ("check", FACTS)]);
    let count = "who said what | count";
    for args in [&["./build", "-c", count][..], &["-c", count, "build"], &["-c", count, "build", "check"]] {
        assert_eq!(run(&folder, args).expect(0).out, "count\n2\n", "{args:?}");
    }
}

#[test]
fn a_batch_runs_in_the_documents_that_it_opens_and_no_longer() {
    let batch = "document <https://example.org/1> by Gazette on 2025-12-03.\nAnna said \"x\".";
    let folder = folder(&[("b.dixit", batch)]);
    let came = run(
        &folder,
        &["-f", "b.dixit", "-c", "Bea said \"y\".", "-c", "who said what via Gazette | show who"],
    );
    assert_eq!(came.expect(0).out, "who\nAnna\n");
}

#[test]
fn shells_and_man_are_told_of_every_command() {
    let folder = folder(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let came = run(&folder, &["completions", shell]).expect(0).out;
        assert!(came.contains("explain-error") && came.contains("keep-going"), "{shell}");
    }
    let page = run(&folder, &["man"]).expect(0).out;
    assert!(page.starts_with(".ie") || page.contains(".TH dixit 1"), "{page}");
    assert!(page.contains("explain\\-error") && page.contains("\\-\\-keep\\-going"), "{page}");
}
