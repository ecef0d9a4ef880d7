//! What a question may take: it is given up with a clear error, the graph stays as it was, and the next question is answered. No test here
//! waits: a limit of no time is over at the first look at the clock.

use crate::cli::run;
use dixit::db::{Database, Limits};
use dixit::diag::Code;
use dixit::eval::MOST_SOLUTIONS;
use std::time::Duration;
use tempfile::TempDir;

const CLAIMS: &str = "Anna said \"x\".\nBorys denied \"x\".\nAnna said \"y\" via Reuters.\n";

/// Every verb, and questions of other shapes.
const QUESTIONS: &[&str] = &[
    "who said what?",
    "anyone said anything?",
    "who said what | count",
    "who said what | sort by who | take 1",
    "who said what | summarize count by who",
    "trace \"x\"",
    "corroborate \"x\"",
    "weakest \"x\"",
    "conflicts",
    "circular",
    "timeline",
    "figures",
    "silence of Anna",
    "impact of retracting Anna",
    "reliance of Reuters",
    "changes from 2024-01-01 to 2025-01-01",
    "explain who said what?",
];

fn told() -> Database {
    let mut db = Database::new(0);
    let loaded = db.load_text(CLAIMS.into(), 10);
    assert_eq!(loaded.errors(), 0, "{loaded:?}");
    db
}

fn limited(time: Option<Duration>, solutions: usize) -> Limits {
    Limits { time, solutions }
}

#[test]
fn a_question_without_time_is_given_up_and_the_graph_stays() {
    let mut db = told();
    let folder = TempDir::new().unwrap();
    let saved = |db: &mut Database| {
        let path = folder.path().join("g.dixg");
        db.save(&path).unwrap();
        std::fs::read(path).unwrap()
    };
    let before = saved(&mut db);
    for question in QUESTIONS {
        let answered = db.ask(question).unwrap_or_else(|wrong| panic!("{question}: {wrong:?}"));
        db.set_limits(limited(Some(Duration::ZERO), MOST_SOLUTIONS));
        let wrong = db.ask(question).unwrap_err();
        assert_eq!(wrong.len(), 1, "{question}");
        assert_eq!(wrong[0].code, Code::Limit, "{question}");
        assert!(wrong[0].message.contains("longer than the 0 s it may"), "{question}: {wrong:?}");
        assert!(wrong[0].help.iter().any(|help| help.contains("more time")), "{question}: {wrong:?}");
        db.set_limits(Limits::default());
        assert_eq!(db.ask(question).unwrap(), answered, "{question}");
    }
    assert!(saved(&mut db) == before);
}

#[test]
fn a_time_beyond_all_clocks_is_no_limit() {
    let mut db = told();
    db.set_limits(limited(Some(Duration::MAX), MOST_SOLUTIONS));
    assert_eq!(db.ask("who said what?").unwrap().rows.len(), 3);
}

#[test]
fn solutions_are_counted() {
    let mut db = told();
    db.set_limits(limited(None, 1));
    let wrong = db.ask("who said what?").unwrap_err();
    assert_eq!(wrong[0].code, Code::Limit);
    assert!(wrong[0].message.contains("more than 1 solutions"), "{wrong:?}");
    assert!(wrong[0].help.iter().any(|help| help.contains("narrow it")), "{wrong:?}");
    db.set_limits(limited(None, 3));
    assert_eq!(db.ask("who said what?").unwrap().rows.len(), 3);
}

#[test]
fn the_command_line_gives_a_question_up_and_goes_on_if_told() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.dixit"), CLAIMS).unwrap();
    let came = run(&folder, &["--timeout", "0", "-c", "who said what?", "a.dixit"]).expect(1);
    assert!(came.err.contains("E224") && came.err.contains("longer than the 0 s"), "{}", came.err);
    assert_eq!(came.out, "");
    let ask = ["-c", "who said what?", "-c", "who denied what?", "a.dixit"];
    let came = run(&folder, &[&["--max-solutions", "1", "--keep-going"], &ask[..]].concat()).expect(1);
    assert!(came.err.contains("E224") && came.out.contains("Borys"), "{came:?}");
    run(&folder, &[&["--timeout", "600", "--max-solutions", "3"], &ask[..]].concat()).expect(0);
    for wrong in ["-1", "soon", "NaN", "inf", ""] {
        let came = run(&folder, &["--timeout", wrong, "-c", "who said what?", "a.dixit"]).expect(2);
        assert!(came.err.contains("--timeout"), "{}", came.err);
    }
}
