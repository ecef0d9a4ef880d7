//! A day of somebody who uses it: files come in, questions are asked, something is corrected and saved, the machine stops in the middle of
//! work, and all of it is handed on. Each step is looked at before the next.

use crate::cli::{folder, program, run, told};
use std::io::Write;
use std::process::Stdio;

const MORNING: &str = "\
document \"https://unn.ua/news/1\" by UNN on 2025-12-02.
#m1: [Army commanders] told Putin that \"Russian troops took Pokrovsk\" about Pokrovsk via Reuters.
";

const ROWS: &str = r#"{"id":"r1","speaker":"Zelensky","act":"denied","proposition":"Russian troops took Pokrovsk","subjects":["Pokrovsk"],"date":"2025-12-01"}
{"id":"r2","speaker":"Kyiv Post","act":"said","proposition":"Vovchansk holds","subjects":["Vovchansk"]}
{"id":"r3","speaker":"Kyiv Post","act":
"#;

const TABLE: &str = "who;what;place;day\nDeepState;Pokrovsk is contested;Pokrovsk;02.12.2025\nDeepState;It fell;Pokrovsk;31.02.2025\n";

#[test]
fn a_day() {
    let folder = folder(&[("morning.dixit", MORNING), ("rows.jsonl", ROWS), ("map.csv", TABLE)]);
    let map = "from csv separator \";\": $who said $what about $place on $day as date \"DD.MM.YYYY\".\n";
    std::fs::write(folder.path().join("map.dixit"), map).unwrap();

    // Import: what is wrong is told with its line, the rest is in, the counts add up.
    let args = [
        "build",
        "morning.dixit",
        "rows.jsonl",
        "--map",
        "map.dixit",
        "map.csv",
        "--rejects",
        "bad.csv",
        "-o",
        "day.dixg",
    ];
    let came = run(&folder, &args).expect(1);
    for count in [
        "morning.dixit: 2 statements read, 2 taken, 0 refused",
        "rows.jsonl: 3 lines read, 2 taken, 1 refused",
        "map.csv: 2 rows read, 1 taken, 1 refused",
    ] {
        assert!(came.err.contains(count), "{came:#?}");
    }
    assert!(
        std::fs::read_to_string(folder.path().join("bad.csv"))
            .unwrap()
            .ends_with("DeepState;It fell;Pokrovsk;31.02.2025\n")
    );

    // Ask.
    let ask = |question: &str| run(&folder, &["day.dixg", "--format", "csv", "-c", question]).expect(0).out;
    assert_eq!(ask("who said what about Vovchansk | show who, claim"), "who,claim\nKyiv Post,#r2\n");
    assert_eq!(
        ask("who asserted what about Pokrovsk | show who"),
        "who\nZelensky\nDeepState\nArmy commanders\n"
    );

    // Correct, and note what came by telephone. Each line is there once it is acknowledged.
    let corrections =
        "void #r2 because \"an old tweet\".\n#n1: Anna Brandt said \"the road is cut\" about Pokrovsk.\n";
    let came = told(&folder, &["--write", "day.dixg", "--ack"], corrections.as_bytes()).expect(0);
    assert_eq!(came.out, "noted\n#n1\n");
    assert_eq!(ask("who said what about Vovchansk | show who, claim"), "who,claim\n");

    // Save.
    run(&folder, &["compact", "day.dixg"]).expect(0);
    assert!(!folder.path().join("day.dixg.journal").exists());

    // The machine stops while somebody writes: in the journal stands half a sentence.
    let mut child =
        program(folder.path()).args(["--write", "day.dixg", "--ack"]).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.as_mut().unwrap(), "#n2: Anna Brandt said \"the bridge stands\" about Pokrovsk.")
        .unwrap();
    let mut acked = [0; 4];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut acked).unwrap();
    assert_eq!(&acked, b"#n2\n");
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = folder.path().join("day.dixg.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes.extend(b"\x1aREC\x50\0\0\0half of a sentence");
    std::fs::write(&journal, bytes).unwrap();

    // Recover: what was acknowledged is there, what was not is told.
    let came = run(&folder, &["day.dixg", "-c", "Anna Brandt said what | show claim"]).expect(0);
    assert_eq!(came.out, "claim\n#n1\n#n2\n");
    assert!(came.err.contains("W410") && came.err.contains("half of a sentence"), "{came:#?}");
    run(&folder, &["compact", "day.dixg"]).expect(0);
    assert_eq!(
        run(&folder, &["check", "day.dixg"]).expect(0).err.lines().last(),
        Some("0 errors, 0 warnings")
    );

    // Hand on: in either form it is the same graph again.
    for (form, name) in [("dixit", "out.dixit"), ("jsonl", "out.jsonl")] {
        run(&folder, &["export", "day.dixg", "--to", form, "-o", name]).expect(0);
        let question = "who asserted what about Pokrovsk | show who, what, claim";
        let again = run(&folder, &[name, "--format", "csv", "-c", question]).expect(0).out;
        assert_eq!(again, ask(question), "{form}");
        assert!(again.contains("Anna Brandt,the bridge stands,#n2"), "{again}");
    }
}
