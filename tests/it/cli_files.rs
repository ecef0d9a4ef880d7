//! The commands that make files and look at them: `build`, `info`, `check`, `fmt`, `export`.

use super::cli::{folder, run, told};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/peace-talks.dixit");
const QUESTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/questions.dixit");

fn read(folder: &tempfile::TempDir, name: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(name)).unwrap()
}

#[test]
fn a_graph_goes_around_through_every_form() {
    let folder = folder(&[]);
    let count =
        ["-c", "who said what | count", "-c", "who said what via Reuters | show who, what, via, hedge"];
    let asked = |file: &str| run(&folder, &[&count[..], &[file]].concat()).expect(0).out;
    let wanted = asked(SAMPLE);
    let built = run(&folder, &["build", SAMPLE, "-o", "a.dixg"]).expect(0);
    assert_eq!(built.out, "");
    assert!(built.err.contains("75 statements read, 75 taken, 0 refused"), "{}", built.err);
    assert_eq!(asked("a.dixg"), wanted);
    run(&folder, &["check", "a.dixg"]).expect(0);

    // The same input at the same time is the same file, and a snapshot may be replaced.
    run(&folder, &["build", SAMPLE, "-o", "b.dixg"]).expect(0);
    run(&folder, &["build", "a.dixg", "-o", "b.dixg"]).expect(0);
    run(&folder, &["build", SAMPLE, "-o", "b.dixg"]).expect(0);
    assert!(read(&folder, "a.dixg") == read(&folder, "b.dixg"));

    for form in ["dixit", "jsonl"] {
        let file = format!("x.{form}");
        assert_eq!(run(&folder, &["export", "a.dixg", "--to", form, "-o", &file]).expect(0).out, "");
        let direct = run(&folder, &["export", "a.dixg", "--to", form]).expect(0);
        assert!(direct.out.as_bytes() == read(&folder, &file));
        assert_eq!(asked(&file), wanted, "{form}");
    }
    run(&folder, &["fmt", "x.dixit"]).expect(0);
    assert_eq!(asked("x.dixit"), wanted);
}

#[test]
fn what_a_snapshot_holds_is_told() {
    let folder = folder(&[]);
    run(&folder, &["build", SAMPLE, "-o", "a.dixg"]).expect(0);
    let text = run(&folder, &["info", "a.dixg"]).expect(0).out;
    assert!(
        text.contains("  claims\n") && text.contains("language 1") && text.contains("sections"),
        "{text}"
    );
    let json = run(&folder, &["info", "a.dixg", "--format", "json"]).expect(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["counts"]["claims"].as_u64() > Some(20));
    assert_eq!(json["bytes"].as_u64(), Some(read(&folder, "a.dixg").len() as u64));
}

#[test]
fn a_damaged_snapshot_is_not_taken() {
    let folder = folder(&[]);
    run(&folder, &["build", SAMPLE, "-o", "a.dixg"]).expect(0);
    let mut bytes = read(&folder, "a.dixg");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(folder.path().join("a.dixg"), &bytes).unwrap();
    for args in [&["check", "a.dixg"][..], &["-c", "who said what?", "a.dixg"], &["export", "a.dixg"]] {
        let came = run(&folder, args).expect(2);
        assert!(came.out.is_empty() && came.err.contains("E303"), "{came:#?}");
    }
}

#[test]
fn every_bad_line_is_told_and_the_others_are_taken() {
    let rows = "{\"speaker\":\"Anna\",\"proposition\":\"x\"}\nnot json\n\n{\"speeker\":\"Anna\"}\n{\"speaker\":\"Bea\",\"proposition\":\"y\"}\n";
    let folder = folder(&[("r.jsonl", rows)]);
    let came = run(&folder, &["build", "r.jsonl", "-o", "g.dixg"]).expect(1);
    assert!(came.err.contains("r.jsonl:2:") && came.err.contains("r.jsonl:4:"), "{}", came.err);
    assert!(
        came.err.contains("4 lines read, 2 taken, 2 refused") && came.err.contains("2 claims"),
        "{}",
        came.err
    );
    assert!(folder.path().join("g.dixg").exists());
    let came = run(&folder, &["build", "r.jsonl", "-o", "h.dixg", "--max-errors", "1"]).expect(1);
    assert!(came.err.contains("gave up") && came.err.contains("--max-errors"), "{}", came.err);
    assert!(!folder.path().join("h.dixg").exists());
}

#[test]
fn nothing_that_is_no_snapshot_is_overwritten_by_one() {
    let folder = folder(&[("a.dixit", "Anna said \"x\"."), ("notes.dixg", "my notes")]);
    for target in ["a.dixit", "notes.dixg", ".", "none/g.dixg"] {
        let came = run(&folder, &["build", "a.dixit", "-o", target]).expect(2);
        assert!(came.err.contains("E302"), "{target}: {}", came.err);
    }
    assert_eq!(
        (read(&folder, "a.dixit"), read(&folder, "notes.dixg")),
        (b"Anna said \"x\".".into(), b"my notes".into())
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_export_replaces_a_file_only_where_that_is_asked_for() {
    let folder = folder(&[("a.dixit", "Anna said \"x\"."), ("notes.txt", "my notes"), ("empty.jsonl", "")]);
    for target in ["a.dixit", "notes.txt", "."] {
        let came = run(&folder, &["export", "a.dixit", "-o", target]).expect(2);
        assert!(came.err.contains("E302") && came.err.contains("--force"), "{target}: {}", came.err);
    }
    assert_eq!(read(&folder, "notes.txt"), b"my notes");
    run(&folder, &["export", "a.dixit", "-o", "empty.jsonl", "--to", "jsonl"]).expect(0);
    run(&folder, &["export", "a.dixit", "-o", "notes.txt", "--force"]).expect(0);
    assert_eq!(read(&folder, "notes.txt"), b"language 1.\nAnna said \"x\".\n");
}

#[test]
fn files_that_are_no_text_are_refused_with_the_place() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("latin.dixit"), b"M\xFCller said \"x\".").unwrap();
    for args in [
        &["check", "latin.dixit"][..],
        &["fmt", "latin.dixit"],
        &["-f", "latin.dixit"],
        &["-c", "who said what?", "latin.dixit"],
        &["build", "latin.dixit", "-o", "g.dixg"],
    ] {
        let came = run(&folder, args).expect(2);
        assert!(
            came.err.contains("E115") && came.err.contains("byte 2 is not UTF-8"),
            "{args:?} {}",
            came.err
        );
    }
    assert!(told(&folder, &[], b"M\xFCller").expect(2).err.contains("standard input"));
    for args in [&["check", "."][..], &["fmt", "."], &["-f", "."], &["export", "."]] {
        assert!(run(&folder, args).expect(2).err.contains("it is a folder"), "{args:?}");
    }
}

#[test]
fn checking_tells_all_that_is_wrong_and_asks_nothing() {
    let facts = "Anna said \"x\".\nAnna sayd \"y\".\nBea said \"z\n";
    let questions =
        "who slammed what?\nwho said what | show nobody?\nZed said what after $since?\nZed said what?\n";
    let verbs = "define verb slammed as asserted.";
    let folder = folder(&[("a.dixit", facts), ("q.dixit", questions), ("v.dixit", verbs)]);
    let came = run(&folder, &["check", "a.dixit"]).expect(1);
    assert!(came.out.is_empty() && came.err.contains("2 errors, 0 warnings"), "{}", came.err);
    // What the questions need may stand in a later file; a parameter comes when they are asked.
    let came = run(&folder, &["check", "q.dixit", "v.dixit"]).expect(1);
    assert!(came.err.contains("1 errors, 0 warnings") && came.err.contains("E219"), "{}", came.err);
    std::fs::write(folder.path().join("a.dixit"), "Anna said \"x\".").unwrap();
    let came = run(&folder, &["check", "q.dixit", "v.dixit", "a.dixit"]).expect(1);
    assert!(came.err.contains("1 errors, 1 warnings") && came.err.contains("W401"), "{}", came.err);
    // What lacks its full stop is a question, and perhaps was to be none.
    std::fs::write(folder.path().join("a.dixit"), "Anna said \"x\".\nwho said what;\nAnna said \"y\"")
        .unwrap();
    let came = run(&folder, &["check", "a.dixit"]).expect(0);
    assert!(came.err.contains("0 errors, 1 warnings") && came.err.contains("a.dixit:3:1"), "{}", came.err);
    assert!(run(&folder, &["check", "nowhere.dixit"]).expect(2).err.contains("1 errors, 0 warnings"));
    // Rows and questions of the samples are checked as far as they can be.
    assert!(!run(&folder, &["check", SAMPLE, QUESTIONS]).err.contains("W407"));
}

#[test]
fn names_that_were_folded_into_one_are_counted() {
    let folder = folder(&[
        ("a.dixit", "Anna said \"x\".\nANNA said \"y\".\nBoris said \"y\".\n"),
        (
            "b.jsonl",
            "{\"speaker\":\"anna\",\"proposition\":\"z\"}\n{\"speaker\":\"BORIS\",\"proposition\":\"z\"}\n",
        ),
    ]);
    let came = run(&folder, &["build", "a.dixit", "b.jsonl", "-o", "g.dixg"]).expect(0);
    assert!(came.err.contains(
        "a.dixit: 3 statements read, 3 taken, 0 refused; 1 name was spelled otherwise than before\n"
    ));
    assert!(
        came.err.contains(
            "b.jsonl: 2 lines read, 2 taken, 0 refused; 2 names were spelled otherwise than before\n"
        )
    );
}

#[test]
fn formatting_replaces_what_it_understands_and_leaves_the_rest() {
    let loose = "Anna   said \"x\"   about Dam .\n";
    let folder = folder(&[("a.dixit", loose), ("bad.dixit", "Anna   said   \"x\n")]);
    let checked = run(&folder, &["fmt", "--check", "a.dixit"]).expect(1);
    assert!(checked.err.contains("a.dixit: would change") && read(&folder, "a.dixit") == loose.as_bytes());
    let bad = run(&folder, &["fmt", "a.dixit", "bad.dixit"]).expect(1);
    assert!(bad.err.contains("E102") && bad.err.contains("bad.dixit: left as it is"), "{}", bad.err);
    assert_eq!(read(&folder, "bad.dixit"), b"Anna   said   \"x\n");
    let canonical = "Anna said \"x\" about Dam.\n";
    assert_eq!(String::from_utf8(read(&folder, "a.dixit")).unwrap(), canonical);
    run(&folder, &["fmt", "--check", "a.dixit"]).expect(0);
    assert_eq!(told(&folder, &["fmt", "-"], loose.as_bytes()).expect(0).out, canonical);
    let checked = told(&folder, &["fmt", "-", "--check"], loose.as_bytes()).expect(1);
    assert_eq!((checked.out.as_str(), checked.err.as_str()), ("", "standard input: would change\n"));
}

#[test]
fn a_snapshot_can_be_added_to() {
    let folder =
        folder(&[("more.dixit", "Cem said \"x\" about Dam via Reuters. #19a: Nobody said \"y\".\n")]);
    run(&folder, &["build", SAMPLE, "-o", "old.dixg"]).expect(0);
    let old = read(&folder, "old.dixg");
    // What cannot be told is refused here as there; the rest is added, and the old file stays.
    let came = run(&folder, &["build", "--onto", "old.dixg", "more.dixit", "-o", "new.dixg"]).expect(1);
    assert!(came.err.contains("2 statements read, 1 taken, 1 refused"), "{}", came.err);
    assert!(read(&folder, "old.dixg") == old);
    run(&folder, &["build", SAMPLE, "more.dixit", "-o", "both.dixg"]).expect(1);
    let export = |file: &str| run(&folder, &["export", file]).expect(0).out;
    assert_eq!(export("new.dixg"), export("both.dixg"));
    assert_ne!(export("new.dixg"), export("old.dixg"));
    // In its own place.
    run(&folder, &["build", "--onto", "old.dixg", "more.dixit", "-o", "old.dixg"]).expect(1);
    assert_eq!(export("old.dixg"), export("both.dixg"));
    run(&folder, &["check", "old.dixg"]).expect(0);
    let came = run(&folder, &["build", "--onto", "more.dixit", SAMPLE, "-o", "x.dixg"]);
    assert!(came.status == Some(2) && came.err.contains("it is no snapshot"), "{came:#?}");
    let came = run(&folder, &["build", "--onto", "none.dixg", SAMPLE, "-o", "x.dixg"]);
    assert_eq!(came.status, Some(2), "{came:#?}");
    assert!(!folder.path().join("x.dixg").exists());
}
