//! Long loads: how far they are is told on a terminal and nowhere else, and Ctrl-C leaves nothing half written.

use super::cli::run;
use super::shell::Terminal;
use dixit::db::{Database, LoadError, StoreError};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

/// A folder with a file that takes a while.
fn long() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for n in 0..300_000 {
        let _ = writeln!(
            text,
            r#"{{"id":"c{n}","speaker":"S{}","proposition":"p {n}","subjects":"T{}"}}"#,
            n % 9973,
            n % 77
        );
    }
    std::fs::write(folder.path().join("long.jsonl"), text).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_terminal_tells_how_far_a_build_is_and_ctrl_c_leaves_nothing_behind() {
    let folder = long();
    std::fs::write(folder.path().join("a.dixit"), "Anna said \"x\".").unwrap();
    run(&folder, &["build", "a.dixit", "-o", "g.dixg"]).expect(0);
    let old = std::fs::read(folder.path().join("g.dixg")).unwrap();

    let mut build = Terminal::start(folder.path(), &["build", "long.jsonl", "-o", "g.dixg"]);
    let before = build.until("left");
    assert!(before.contains("long.jsonl") && before.contains('%') && before.contains("MB/s"), "{before:?}");
    build.interrupt();
    assert_eq!(build.ended(), Some(130));
    assert_eq!(names(folder.path()), ["a.dixit", "g.dixg", "long.jsonl"]);
    assert!(std::fs::read(folder.path().join("g.dixg")).unwrap() == old);

    // Elsewhere nothing of it is written.
    let came = run(&folder, &["build", "long.jsonl", "-o", "g.dixg"]).expect(0);
    assert!(
        !came.err.contains("left") && !came.err.contains("looked at") && came.err.lines().count() == 2,
        "{}",
        came.err
    );
    an_export_is_stopped_in_the_middle(&folder);
}

/// The file that was there stays as it was, and nothing beside it.
fn an_export_is_stopped_in_the_middle(folder: &TempDir) {
    std::fs::write(folder.path().join("out.jsonl"), "mine").unwrap();
    let before = names(folder.path());
    let args = ["export", "--to", "jsonl", "g.dixg", "--force", "-o", "out.jsonl"];
    let mut export = Terminal::start(folder.path(), &args);
    export.until("writing");
    export.interrupt();
    export.until("stopped: nothing was written");
    assert_eq!(export.ended(), Some(130));
    let mut shell = Terminal::start(folder.path(), &["g.dixg"]);
    shell.until("dixit> ");
    shell.press(".export ! out.jsonl\r");
    shell.until("writing");
    shell.interrupt();
    shell.until("stopped: nothing was written");
    assert_eq!(std::fs::read_to_string(folder.path().join("out.jsonl")).unwrap(), "mine");
    shell.press("who said what | count\r");
    shell.until("300000");
    shell.until("dixit> ");
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
    // The shell has a history beside it.
    let names = names(folder.path());
    assert!(names.iter().filter(|name| *name != "state").eq(&before), "{names:?}");
}

#[test]
fn a_terminal_tells_of_a_question_that_takes_long_and_ctrl_c_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for n in 0..20_000 {
        let _ = writeln!(text, "S{n} said \"p {n}\".");
    }
    std::fs::write(folder.path().join("a.dixit"), text).unwrap();
    // As many solutions as there are pairs of claims, of which none is left.
    let pairs = "?a: anyone said ?c and ?b: anyone said ?d | where ?a = ?b and ?a.cue = \"denied\" | count";
    let mut asked = Terminal::start(folder.path(), &["-c", pairs, "a.dixit"]);
    let told = asked.until("looked at");
    assert!(told.contains("answering"), "{told:?}");
    asked.until("Ctrl-C stops it");
    asked.interrupt();
    assert_eq!(asked.ended(), Some(130));

    let mut shell = Terminal::start(folder.path(), &["a.dixit"]);
    shell.until("dixit> ");
    shell.press(&format!("{pairs}\r"));
    shell.until("looked at");
    shell.interrupt();
    shell.until("stopped\n");
    let after = shell.until("dixit> ");
    assert!(!after.contains("stopped") && !after.contains("E224"), "{after:?}");
}

#[test]
fn a_load_and_a_save_are_stopped_as_questions_are() {
    let folder = long();
    let path = folder.path().join("g.dixg");
    let mut db = Database::new(0);
    db.cancel().store(true, Ordering::Relaxed);
    assert!(matches!(db.load(&folder.path().join("long.jsonl"), 0), Err(LoadError::Stopped)));
    db.load_text("Anna said \"x\".".into(), 0);
    db.cancel().store(true, Ordering::Relaxed);
    assert!(matches!(db.save(&path), Err(StoreError::Stopped)));
    assert_eq!(names(folder.path()), ["long.jsonl"]);
    // Whatever was stopped clears it.
    db.save(&path).unwrap();
    let count = db.ask("who said what | count").unwrap();
    assert_eq!(count.rows.len(), 1);
}

#[test]
fn a_save_that_is_stopped_in_the_middle_takes_away_what_it_began() {
    let folder = long();
    let mut db = Database::new(0);
    db.load(&folder.path().join("long.jsonl"), 0).unwrap();
    let (stop, path) = (db.cancel(), folder.path().join("g.dixg"));
    let mut stopped = 0;
    for wait in 0..40 {
        let came = std::thread::scope(|scope| {
            scope.spawn(|| {
                // Until it has begun, and a little longer each time.
                while names(folder.path()).len() < 2 {
                    std::thread::yield_now();
                }
                std::thread::sleep(std::time::Duration::from_micros(100 * wait));
                stop.store(true, Ordering::SeqCst);
            });
            db.save(&path)
        });
        match came {
            Ok(()) => {
                db.cancel().store(false, Ordering::Relaxed);
                dixit::db::verify(&path).unwrap();
                std::fs::remove_file(&path).unwrap();
            }
            Err(StoreError::Stopped) => stopped += 1,
            Err(other) => panic!("{other}"),
        }
        assert_eq!(names(folder.path()), ["long.jsonl"]);
    }
    assert!(stopped > 0);
}
