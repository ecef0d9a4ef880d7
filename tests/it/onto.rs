//! Adding files to a snapshot: the same comes of it, to the byte, as if everything had been built at once.

use super::cli::{folder, run};
use super::dump::dump;
use super::random::statements;
use super::rows_random::some_row;
use super::syntax::fixed;
use dixit::db::Database;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const SAMPLES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/samples/peace-talks.dixit"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/samples/harbour.dixit"),
];

fn saved(db: &mut Database, path: &Path) -> Vec<u8> {
    db.save(path).unwrap();
    std::fs::read(path).unwrap()
}

/// The snapshot of all files at once, and the one to which each was added in turn.
fn both_ways(folder: &Path, files: &[PathBuf]) -> (Vec<u8>, Vec<u8>) {
    let mut once = Database::new(0);
    let (path, mut added) = (folder.join("added.dixg"), Vec::new());
    for (at, file) in files.iter().enumerate() {
        once.load(file, u64::MAX).unwrap();
        let mut db = Database::new(0);
        if at > 0 {
            db.load(&path, u64::MAX).unwrap();
        }
        db.load(file, u64::MAX).unwrap();
        added = saved(&mut db, &path);
        assert_eq!(dixit::db::verify(&path).map_err(|error| error.to_string()), Ok(()));
    }
    (saved(&mut once, &folder.join("once.dixg")), added)
}

/// The sections that are not the same in two snapshots.
fn differing(one: &Path, two: &Path) -> Vec<String> {
    let sections = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        let mut at = 64;
        let each = dixit::db::inspect(path).unwrap().sections.into_iter().map(|section| {
            let start = at;
            at = (start + section.length as usize).next_multiple_of(64);
            (section.name, bytes[start..start + section.length as usize].to_vec())
        });
        each.collect::<Vec<_>>()
    };
    let pairs = sections(one).into_iter().zip(sections(two));
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("{} {:?} {:?}", a.0, a.1, b.1)).collect()
}

fn files(folder: &Path, texts: &[(String, &str)]) -> Vec<PathBuf> {
    let write = |(at, (text, ending)): (usize, &(String, &str))| {
        let path = folder.join(format!("{at}.{ending}"));
        std::fs::write(&path, text).unwrap();
        path
    };
    texts.iter().enumerate().map(write).collect()
}

/// Claims that share their people, places, documents and chains with others, some without an id, some of them told before.
fn rows(from: usize, to: usize) -> String {
    let mut text = String::new();
    for n in from..to {
        let id = if n % 3 == 0 { String::new() } else { format!("\"id\":\"row-{n}\",") };
        let _ = writeln!(
            text,
            r#"{{{id}"speaker":"S{}","proposition":"p {}","subjects":["T{}","T{}"],"outlets":["O{}","O{}"],"document":{{"url":"https://e.example/{}","outlet":"O{}","date":"2025-01-0{}"}},"date":"2025-01-0{}","extra":{{"n":{n}}}}}"#,
            n % 97,
            n % 501,
            n % 31,
            n * 7 % 53,
            n % 5,
            n % 11,
            n % 301,
            n % 5,
            n % 9 + 1,
            n % 9 + 1,
        );
    }
    text
}

#[test]
fn what_is_added_to_much_or_to_little_is_as_if_built_at_once() {
    let jsonl = |from, to| (rows(from, to), "jsonl");
    for parts in [
        [jsonl(0, 4000), jsonl(3500, 5000), jsonl(5000, 5001)],
        // Few beside much, which is not put in order before the end.
        [jsonl(0, 5000), jsonl(4990, 5020), jsonl(5010, 5040)],
        [jsonl(0, 3), jsonl(2, 6000), (String::new(), "jsonl")],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (once, added) = both_ways(folder.path(), &files(folder.path(), &parts));
        assert!(once == added, "{} and {} bytes", once.len(), added.len());
    }
}

#[test]
fn what_several_said_without_a_content_is_found_again() {
    let folder = folder(&[]);
    let joint = || ("Ann, Bob refused.\nBob, Ann declined-to-comment about Dam.\n".to_string(), "dixit");
    let files = files(folder.path(), &[joint(), joint()]);
    let (once, added) = both_ways(folder.path(), &files);
    assert_eq!(once, added);
}

#[test]
fn sentences_and_tables_are_added_too() {
    let folder = folder(&[
        ("a.jsonl", &rows(0, 500)),
        ("t.csv", "who;what\nS1;p 7\nDora;the dam sings\n"),
        ("map.dixit", "from csv separator \";\": $who said $what about T1."),
    ]);
    let all = ["a.jsonl", SAMPLES[0], SAMPLES[1], "--map", "map.dixit", "t.csv"];
    run(&folder, &[&["build", "-o", "once.dixg"], &all[..]].concat()).expect(0);
    run(&folder, &["build", "-o", "old.dixg", "a.jsonl", SAMPLES[0]]).expect(0);
    let came = run(
        &folder,
        &["build", "--onto", "old.dixg", "-o", "new.dixg", SAMPLES[1], "--map", "map.dixit", "t.csv"],
    );
    assert!(came.expect(0).err.contains("old.dixg: "));
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("once.dixg") == read("new.dixg"));
}

#[test]
fn the_old_graph_is_replaced_whole_or_not_at_all() {
    let folder =
        folder(&[("a.dixit", "Anna said \"x\"."), ("b.dixit", "Bea said \"y\"."), ("bad.jsonl", "{}\n{]\n")]);
    let read = || std::fs::read(folder.path().join("g.dixg")).unwrap();
    run(&folder, &["build", "a.dixit", "-o", "g.dixg"]).expect(0);
    let old = read();
    for (args, why) in [
        (&["b.dixit", "--onto", "a.dixit", "-o", "n.dixg"][..], "it is no snapshot"),
        (&["b.dixit", "--onto", "none.dixg", "-o", "n.dixg"], "there is no such file"),
        (&["b.dixit", "--onto", "g.dixg", "-o", "a.dixit"], "it is there and is no snapshot"),
        (&["bad.jsonl", "--max-errors", "0", "--onto", "g.dixg", "-o", "g.dixg"], "gave up"),
    ] {
        let came = run(&folder, &[&["build"], args].concat());
        assert!(came.status != Some(0) && came.err.contains(why), "{args:?} {}", came.err);
        assert!(read() == old && !folder.path().join("n.dixg").exists());
    }
    run(&folder, &["build", "b.dixit", "--onto", "g.dixg", "-o", "g.dixg"]).expect(0);
    assert_eq!(run(&folder, &["g.dixg", "-c", "who said what | show who"]).expect(0).out, "who\nAnna\nBea\n");
}

proptest! {
    #![proptest_config(fixed(60))]

    #[test]
    fn random_rows_and_sentences_may_come_in_any_number_of_parts(
        parts in vec(vec(some_row(), 1..12), 2..4),
        seed in any::<u64>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut texts: Vec<_> = parts.iter().map(|rows| (rows.join("\n"), "jsonl")).collect();
        texts.insert(1, (statements(seed).join("\n"), "dixit"));
        let (once, added) = both_ways(folder.path(), &files(folder.path(), &texts));
        if once != added {
            let (once, added) = (folder.path().join("once.dixg"), folder.path().join("added.dixg"));
            let dumped = |path: &Path| {
                let mut db = Database::new(0);
                db.load(path, 0).unwrap();
                dump(db.graph())
            };
            prop_assert_eq!(dumped(&once), dumped(&added));
            prop_assert!(false, "the same, in other bytes: {:?}", differing(&once, &added));
        }
    }
}
