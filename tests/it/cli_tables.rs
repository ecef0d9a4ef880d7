//! Tables on the command line: which mapping holds for which file, what is told, what is kept.

use super::cli::{folder, run};

const MAPPING: &str = "from csv: $who said $what on $day.";
const TABLE: &str = "who,what,day\nAnna,P,2026-01-01\nBea,Q,2026-02-30\nClara,,\nDora,R,\n";

#[test]
fn a_map_holds_for_the_tables_behind_it() {
    let folder = folder(&[
        ("a.dixit", MAPPING),
        ("b.dixit", "from tsv header none: $1 denied $2."),
        ("j.dixit", "from jsonl: $name said $text."),
        ("one.csv", "who,what,day\nAnna,P,2026-01-01\n"),
        ("two.txt", "Bea\tQ\n"),
        ("three.jsonl", "{\"name\":\"Clara\",\"text\":\"R\"}\n"),
        ("own.jsonl", "{\"speaker\":\"Dora\",\"proposition\":\"S\"}\n"),
        ("facts.dixit", "Emma said \"T\"."),
    ]);
    let files = ["own.jsonl", "--map", "a.dixit", "one.csv", "facts.dixit", "--map", "b.dixit", "two.txt"];
    let args =
        [&files[..], &["--map", "j.dixit", "three.jsonl", "-c", "who said what | show who, what"]].concat();
    let came = run(&folder, &args).expect(0);
    assert_eq!(came.out, "who\twhat\nAnna\tP\nDora\tS\nEmma\tT\nBea\tnot Q\nClara\tR\n");
    let built = run(&folder, &["build", "one.csv", "--map", "a.dixit", "-o", "g.dixg"]).expect(2);
    assert!(built.err.contains("E311") && built.err.contains("with --map"), "{}", built.err);
    run(&folder, &["build", "--map", "a.dixit", "one.csv", "-o", "g.dixg"]).expect(0);
    // A snapshot needs none, and another kind of table another one.
    let came =
        run(&folder, &["--map", "b.dixit", "g.dixg", "two.txt", "-c", "who said what | count"]).expect(0);
    assert_eq!(came.out, "count\n2\n");
    let came = run(&folder, &["check", "--map", "a.dixit", "own.jsonl"]).expect(2);
    assert!(came.err.contains("reads another kind of table"), "{}", came.err);
    let exported = run(&folder, &["export", "--map", "a.dixit", "one.csv"]).expect(0);
    assert!(exported.out.contains("Anna said \"P\" on 2026-01-01."), "{}", exported.out);
}

#[test]
fn refused_rows_are_told_counted_and_kept() {
    let folder = folder(&[("m.dixit", MAPPING), ("t.csv", TABLE)]);
    let came = run(&folder, &["build", "--map", "m.dixit", "t.csv", "-o", "g.dixg", "--rejects", "bad.csv"])
        .expect(1);
    assert!(came.err.contains("error[E217]: t.csv:3: $day:"), "{}", came.err);
    assert!(came.err.contains("t.csv: 4 rows read, 2 taken, 1 refused, 1 passed over"), "{}", came.err);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("bad.csv"), "who,what,day\nBea,Q,2026-02-30\n");
    // Mended, they come in by the same mapping; then nothing is kept.
    std::fs::write(folder.path().join("mended.csv"), read("bad.csv").replace("02-30", "02-28")).unwrap();
    run(
        &folder,
        &["build", "g.dixg", "--map", "m.dixit", "mended.csv", "-o", "h.dixg", "--rejects", "bad.csv"],
    )
    .expect(0);
    assert_eq!(read("bad.csv"), "");
    assert_eq!(run(&folder, &["h.dixg", "-c", "who said what | count"]).expect(0).out, "count\n3\n");

    let came =
        run(&folder, &["build", "--map", "m.dixit", "t.csv", "-o", "x.dixg", "--max-errors", "0"]).expect(1);
    assert!(came.err.contains("gave up") && !folder.path().join("x.dixg").exists(), "{}", came.err);
    for rejects in ["t.csv", "m.dixit/x"] {
        let args = ["build", "--map", "m.dixit", "t.csv", "-o", "x.dixg", "--rejects", rejects];
        assert!(run(&folder, &args).expect(2).err.contains("E302"), "{rejects}");
    }
    assert_eq!(read("t.csv"), TABLE);
    let json = run(&folder, &["check", "--errors", "json", "--map", "m.dixit", "t.csv"]).expect(1);
    assert!(json.err.contains("\"code\":\"E217\"") && json.err.contains("\"line\":3"), "{}", json.err);
}

#[test]
fn a_mapping_is_checked_alone_and_against_a_table() {
    let folder = folder(&[
        ("m.dixit", MAPPING),
        ("bad.dixit", "from csv:\n$who sayd $what."),
        ("t.csv", "Who,what,day\n"),
    ]);
    assert!(run(&folder, &["check", "--map", "m.dixit"]).expect(0).err.contains("0 errors"));
    let came = run(&folder, &["check", "--map", "bad.dixit"]).expect(1);
    assert!(came.err.contains("E201") && came.err.contains("bad.dixit:2:6"), "{}", came.err);
    let came = run(&folder, &["check", "--map", "m.dixit", "t.csv"]).expect(1);
    assert!(came.err.contains("E310") && came.err.contains("did you mean $Who?"), "{}", came.err);
    assert!(came.err.contains("m.dixit:1:11"), "{}", came.err);
    run(&folder, &["check", "--map", "none.dixit"]).expect(2);
    run(&folder, &["check"]).expect(2);
    // As a file of statements it records nothing.
    let came = run(&folder, &["m.dixit", "-c", "who said what?"]).expect(1);
    assert!(came.err.contains("E226") && came.err.contains("--map"), "{}", came.err);
}
