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
    Limits { time, solutions, ..Limits::default() }
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

/// Claims enough that every kind of question keeps more than a little.
fn many_told() -> Database {
    let mut text = String::from("Dam is place.\n");
    for at in 0..300 {
        let (who, day) = (at % 40, 1 + at % 28);
        text += &format!(
            "#c{at}: [Speaker {who}] said \"text {}\" about Dam, [Place {}] via [Outlet {}] on 2025-03-{day:02}.\n",
            at % 90,
            at % 60,
            at % 7
        );
    }
    for at in 0..90 {
        text += &format!("#d{at}: [Denier {}] denied \"text {at}\".\n", at % 9);
    }
    text += "define agrees(?x, ?y) as (?x said ?c and ?y said ?c) or (agrees(?x, ?m) and agrees(?m, ?y)).\n";
    let mut db = Database::new(0);
    let loaded = db.load_text(text, 10);
    assert_eq!(loaded.errors(), 0, "{loaded:?}");
    db
}

/// Each keeps something else: solutions, values, keys, groups, pairs, rows of reasoning.
const KEEPING: &[&str] = &[
    "who said what about Dam?",
    "?k: who said what about whom when | show ?k, who, what, when, whom",
    "?k: who said what about whom | show who, ?k.cue, whom",
    "who said what about Dam | show who, when",
    "who said what | sort by what, who | take 3",
    "who said what | sort by what",
    "who said what | where who.name contains \"1\"",
    "anyone said ?c about whom and anyone denied ?c | take 100",
    "anyone asserted ?c and anyone denied ?c",
    "?a: anyone asserted ?c and ?d: anyone denied ?c | summarize count distinct ?a, count distinct ?d by ?c",
    "who said what about whom | count by who, whom",
    "who said what | summarize count distinct what by who",
    "who said what | summarize list what by who",
    "who said what when | summarize min when, count by who.name",
    "who said what about whom | summarize count distinct whom.name by who",
    "who said what via whom | show whom",
    "agrees([Speaker 1], ?y)",
    "who said what | trace",
    "who said what | corroborate",
    "who said what | weakest",
    "timeline about Dam",
    "conflicts about Dam",
    "impact of retracting [Outlet 1]",
];

#[test]
fn memory_is_counted() {
    let mut db = many_told();
    for question in KEEPING {
        let answered = db.ask(question).unwrap_or_else(|wrong| panic!("{question}: {wrong:?}"));
        let with = |db: &mut Database, memory| {
            db.set_limits(Limits { memory: Some(memory), ..Limits::default() });
            db.ask(question)
        };
        let wrong = with(&mut db, 1000).expect_err(question);
        assert_eq!(wrong[0].code, Code::Limit, "{question}");
        assert!(wrong[0].message.contains("1000 B of memory"), "{question}: {wrong:?}");
        assert!(wrong[0].help.iter().any(|help| help.contains("--memory")), "{question}: {wrong:?}");
        // What it keeps is about the rows that it has; a thousand times as much is more than enough.
        assert_eq!(with(&mut db, 1_000_000).expect(question), answered, "{question}");
        db.set_limits(Limits::default());
    }
    // What one question kept is free for the next.
    db.set_limits(Limits { memory: Some(1_000_000), ..Limits::default() });
    for _ in 0..100 {
        db.ask("who said what about Dam?").unwrap();
    }
}

/// The least memory with which a question is answered.
fn least(db: &mut Database, question: &str) -> usize {
    let (mut not, mut enough) = (0, 1 << 24);
    while enough - not > 1 {
        let middle = usize::midpoint(not, enough);
        db.set_limits(Limits { memory: Some(middle), ..Limits::default() });
        *if db.ask(question).is_ok() { &mut enough } else { &mut not } = middle;
    }
    db.set_limits(Limits::default());
    enough
}

#[test]
fn what_rules_hold_is_counted_behind_the_first_stage_too() {
    let mut db = Database::new(0);
    let mut text =
        String::from("define within(?x, ?y) as (?x is in ?y) or (within(?x, ?z) and within(?z, ?y)).\n");
    for at in 0..300 {
        text += &format!("[Member {at}] is in [Body {}].\n", at % 7);
    }
    assert_eq!(db.load_text(text, 10).errors(), 0);
    // The same rows, with and without a rule, and then much wider ones.
    let parts = ["name", "names", "kind"].map(|part| format!("?x.{part} as x_{part}, ?y.{part} as y_{part}"));
    let wide = format!("show ?x, ?y, {}", parts.join(", "));
    let (plain, by_rule) = (format!("?x is in ?y | {wide}"), format!("within(?x, ?y) | {wide}"));
    assert_eq!(db.ask(&plain).unwrap().rows.len(), db.ask(&by_rule).unwrap().rows.len());
    let (plain, by_rule) = (least(&mut db, &plain), least(&mut db, &by_rule));
    assert!(by_rule >= plain + 300 * 2 * size_of::<u64>(), "{plain} and {by_rule}");
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
    let came = run(&folder, &[&["--memory", "40B"], &ask[..]].concat()).expect(1);
    assert!(came.err.contains("E224") && came.err.contains("more than the 40 B"), "{}", came.err);
    run(&folder, &[&["--memory", "1MiB"], &ask[..]].concat()).expect(0);
    for wrong in ["-1", "much", "", "1e400"] {
        let came = run(&folder, &[&["--memory", wrong], &ask[..]].concat()).expect(2);
        assert!(came.err.contains("--memory"), "{}", came.err);
    }
    for wrong in ["-1", "soon", "NaN", "inf", ""] {
        let came = run(&folder, &["--timeout", wrong, "-c", "who said what?", "a.dixit"]).expect(2);
        assert!(came.err.contains("--timeout"), "{}", came.err);
    }
}

#[test]
fn the_marks_of_contents_are_counted_when_they_are_made() {
    let question = "anyone said ?c about Dam and not (anyone said ?c via Reuters) | show ?c";
    let [few, many] = [0, 8000].map(|more| {
        let mut db = Database::new(0);
        let mut text = String::new();
        for at in 0..8 {
            text += &format!("A said \"text {at}\" about Dam. B said \"text {}\" via Reuters.\n", at / 2);
        }
        // Contents that nobody here asks for: each takes two bits of the marks all the same.
        (0..more).for_each(|at| text += &format!("A said \"other {at}\".\n"));
        assert_eq!(db.load_text(text, 10).errors(), 0);
        assert_eq!(db.ask(question).unwrap().rows.len(), 4);
        least(&mut db, question)
    });
    assert!(many >= few + 8000 * 2 / 8, "{few} and {many}");
}
