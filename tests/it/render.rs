//! Answers as text: each format, what reaches a terminal, and diagnostics.

use crate::cases::NOW;
use dixit::db::{Database, Problem};
use dixit::diag::{Code, Diagnostic, RowProblem, Span};
use dixit::eval::{Rows, Shape, Value};
use dixit::render::{
    Format, SourceText, Style, Writer, diagnostic, diagnostic_json, row_problem, row_problem_json,
};
use unicode_width::UnicodeWidthStr;

const FACTS: &str = r#"
#a: Anna said "the dam leaks" about Dam on 2025-12-01 via Wire via Post source <https://a.example/1>.
#a: Anna said "the dam leaks" about Dam on 2025-12-01 via Radio.
#b: Bea, Anna denied "the dam leaks" about Dam if "it rains" on 2025-11-24..2025-11-30 via Post (allegedly).
#c: 洪渡舟 said "港口封锁了 and nobody knows for how long" about [Łódź port] with ships > 12 vessels.
#d: Cid declined-to-comment about Dam, [Łódź port].
"#;

fn database(facts: &str) -> Database {
    let mut db = Database::new(NOW);
    let loaded = db.load_text(facts.into(), u64::MAX);
    assert_eq!(loaded.refused(), 0, "{:?}", loaded.problems);
    db
}

fn written(db: &Database, format: Format, style: Style, questions: &[&str]) -> String {
    let mut writer = Writer::new(Vec::new(), format, style, questions.len() > 1);
    for question in questions {
        let answer = db.ask(question).unwrap_or_else(|why| panic!("{question}: {why:?}"));
        writer.answer(db.graph(), question, &answer.rows).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn file(format: Format, questions: &[&str]) -> String {
    written(&database(FACTS), format, Style::default(), questions)
}

/// The rows of the only answer.
fn rows(json: &str) -> Vec<serde_json::Value> {
    let all: serde_json::Value = serde_json::from_str(json).unwrap();
    all[0]["rows"].as_array().unwrap().clone()
}

#[test]
fn json_has_one_form_for_every_value() {
    let text = file(Format::Json, &["who said what about Dam | show who, what, when, via, hedge, claim"]);
    let all = rows(&text);
    let wanted = serde_json::json!([
        {"who": "Bea", "what": {"not": "the dam leaks", "if": "it rains"}, "when": "2025-11-24..2025-11-30", "via": ["Post"], "hedge": "allegedly", "claim": "#b"},
        {"who": "Anna", "what": "the dam leaks", "when": "2025-12-01", "via": ["Wire", "Post"], "hedge": null, "claim": "#a", "chains": 2},
    ]);
    for row in wanted.as_array().unwrap() {
        assert!(all.contains(row), "{text}");
    }
    let text = file(Format::Json, &["who declined-to-comment what | show what, when, via"]);
    assert_eq!(
        rows(&text),
        [serde_json::json!({"what": {"about": ["Dam", "Łódź port"]}, "when": null, "via": []})]
    );
    let text = file(
        Format::Json,
        &["who said what with ships ?n | show ?n", "who said what | count", "Anna said anything?"],
    );
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all[0]["rows"], serde_json::json!([{"n": "> 12 vessels"}]), "{text}");
    assert_eq!(all[1]["rows"], serde_json::json!([{"count": 3}]));
    assert_eq!(
        (&all[1]["question"], &all[1]["columns"]),
        (&"who said what | count".into(), &serde_json::json!(["count"]))
    );
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert_eq!(written(&database(""), Format::Json, Style::default(), &[]), "[]\n");
    let explained = file(Format::Json, &["explain who said what about Dam?"]);
    let all: serde_json::Value = serde_json::from_str(&explained).unwrap();
    assert!(all[0]["reading"][0].as_str().unwrap().starts_with("find "), "{explained}");
}

#[test]
fn lines_of_json_say_which_question_they_answer_where_there_are_several() {
    assert_eq!(file(Format::Jsonl, &["who said what | count"]), "{\"count\": 3}\n");
    assert_eq!(
        file(Format::Jsonl, &["who said what | count", "Anna said anything and Cid said anything?"]),
        "{\"question\": 1, \"count\": 3}\n{\"question\": 2, \"answer\": false}\n"
    );
}

#[test]
fn no_object_has_a_key_twice() {
    let columns = ["n", "n", "n_2", "question", "chains"].map(String::from).to_vec();
    let rows = Rows { columns, cells: (1..=5).map(Value::Count).collect(), ..Rows::default() };
    let db = database("");
    let mut writer = Writer::new(Vec::new(), Format::Jsonl, Style::default(), true);
    writer.answer(db.graph(), "?", &rows).unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!(
        text,
        "{\"question\": 1, \"n\": 1, \"n_2\": 2, \"n_2_2\": 3, \"question_2\": 4, \"chains_2\": 5}\n"
    );
}

#[test]
fn values_separated_by_tabs_and_commas_come_back() {
    let db = database("Anna said \"a\\tb\\n\\\"c\\\", \\\\d\" via Wire, Post via Radio.");
    let asked = ["who said what | show who, what, via", "who said what | count"];
    assert_eq!(
        written(&db, Format::Tsv, Style::default(), &asked),
        "who\twhat\tvia\nAnna\ta\\tb\\n\"c\", \\\\d\tWire, Post > Radio\n\ncount\n1\n"
    );
    let text = written(&db, Format::Csv, Style::default(), &asked[..1]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(row.iter().collect::<Vec<_>>(), ["Anna", "a\tb\n\"c\", \\d", "Wire, Post > Radio"]);
    assert_eq!(
        written(&db, Format::Markdown, Style::default(), &["who said what | show who, what"]),
        "| who | what |\n| --- | --- |\n| Anna | a b \"c\", \\\\d |\n"
    );
    assert_eq!(
        written(&db, Format::Line, Style::default(), &["who said what | show who, what"]),
        "who: Anna\nwhat: a b⏎\"c\", \\d\n"
    );
}

#[test]
fn tables_are_for_people() {
    let asked =
        ["who said what | show who, what, via, hedge", "who said what | count by who", "Zed said what?"];
    let text = file(Format::Table, &asked);
    let wanted = "\
who     what                                      via                     hedge
──────────────────────────────────────────────────────────────────────────────────────────
Anna    not the dam leaks if it rains             Post                    allegedly (Post)
Bea     not the dam leaks if it rains             Post                    allegedly (Post)
Anna    the dam leaks                             Wire → Post (+1 chain)
洪渡舟  港口封锁了 and nobody knows for how long
4 rows

who     count
─────────────
Anna        2
Bea         1
洪渡舟      1
3 rows

what  when  via  hedge  claim
─────────────────────────────
no rows
";
    assert_eq!(text, wanted, "{text}");
}

#[test]
fn tables_fit_the_terminal() {
    let db = database(FACTS);
    let question = ["who said what | show who, what, when, via, hedge, claim"];
    for width in 30..120 {
        let style = Style { width: Some(width), ..Style::default() };
        let text = written(&db, Format::Table, style, &question);
        for line in text.lines() {
            assert!(line.width() <= width, "{width}\n{text}");
        }
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        assert!(letters(&text) > 200, "{text}");
    }
    let style = Style { width: Some(60), max_rows: Some(2), color: true };
    let text = written(&db, Format::Table, style, &question);
    assert!(text.contains("2 of 4 rows") && text.starts_with("\u{1b}[1mwho"), "{text}");
    assert!(!written(&db, Format::Table, Style::default(), &question).contains('\u{1b}'));
}

#[test]
fn nothing_of_the_data_steers_a_terminal() {
    let facts = "Anna said \"a\u{1b}[31m\u{9b}2J\u{7}\u{202e}b\u{7f}\" via [W\u{1b}]0;x|] source <https://a.example/\u{9b}>.";
    let db = database(&facts.replace("\u{1b}]0;x|]", "\u{1b}x]"));
    for format in Format::ALL {
        let style = Style { width: Some(80), ..Style::default() };
        let text = written(
            &db,
            *format,
            style,
            &["who said what | show who, what, via", "trace \"a\u{1b}[31m\u{9b}2J\u{7}\u{202e}b\u{7f}\""],
        );
        let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || c == '\u{202e}';
        assert!(!text.contains(steers), "{format:?} {text:?}");
    }
    let problem = Diagnostic::error(Code::Syntax, Span::new(2, 4), "a\u{1b}[2J")
        .help("\u{9b}x")
        .label(Span::new(0, 1), "\u{1b}y");
    let texts = [
        diagnostic(&SourceText::new("n\u{1b}[2Jame", "x \u{1b}\u{9b} y"), &problem, Style::default()),
        diagnostic_json(&SourceText::new("n\u{9b}", "x \u{1b}\u{9b} y"), &problem),
    ];
    let row = RowProblem { line: 3, code: Code::BadJson, message: "\u{1b}m".into(), help: "\u{9b}h".into() };
    for text in texts.into_iter().chain([row_problem("\u{1b}n", &row), row_problem_json("\u{9b}n", &row)]) {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn a_trace_is_a_tree() {
    let facts = "\
#a: Anna said \"x\" if not \"y\" on 2025-12-01 via Radio (wrote) via Post (2025-12-02) source <https://a.example/1>.
#a: Anna said \"x\" if not \"y\" on 2025-12-01 via Wire (possibly, inferred).
#b: Bea denied \"x\" if not \"y\".
";
    let text =
        written(&database(facts), Format::Table, Style::default(), &["trace #a", "trace #b", "trace \"z\""]);
    let wanted = "\
“x” if not “y”
Post reported on 2025-12-02 in https://a.example/1  #a~2
└─ Radio wrote  #a~1
   └─ Anna said on 2025-12-01  #a
Wire reported possibly (inferred) [hedge gained: possibly]  #a~3
└─ Anna said on 2025-12-01  #a

not “x” if not “y”
Bea denied  #b

nobody here carried that
";
    assert_eq!(text, wanted, "{text}");
}

#[test]
fn branches_of_a_tree_go_on_where_more_follows() {
    let columns = ["claim", "depth", "who", "act", "cue", "date", "hedge", "basis", "document"];
    let columns: Vec<String> = columns.map(String::from).to_vec();
    let mut rows = Rows { columns, shape: Shape::Tree, ..Rows::default() };
    for (at, depth) in [0, 1, 2, 3, 1, 2, 2, 0].into_iter().enumerate() {
        let text = |text: &str| Value::Text(text.into());
        let nothing = || Value::Nothing;
        rows.cells.extend([nothing(), Value::Count(depth), text(&format!("n{at}")), nothing(), text("said")]);
        rows.cells.extend([nothing(), nothing(), nothing(), nothing()]);
    }
    let db = database("");
    let mut writer = Writer::new(Vec::new(), Format::Table, Style::default(), false);
    writer.answer(db.graph(), "?", &rows).unwrap();
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.split(" said").next().unwrap()).collect();
    let wanted = ["n0", "├─ n1", "│  └─ n2", "│     └─ n3", "└─ n4", "   ├─ n5", "   └─ n6", "n7"];
    assert_eq!(lines, wanted, "{text}");
}

#[test]
fn a_plan_comes_after_its_reading() {
    let text = file(Format::Table, &["explain who said what about Dam?"]);
    let (reading, steps) = text.split_once("\n\n").unwrap();
    assert!(reading.starts_with("find ") && steps.starts_with("step "), "{text}");
    let lines: Vec<usize> = steps.lines().map(UnicodeWidthStr::width).collect();
    assert!(lines.windows(2).all(|two| two[0] == two[1]), "{text}");
}

fn first_problem(source: &str) -> Diagnostic {
    let loaded = Database::new(NOW).load_text(source.into(), u64::MAX);
    match &loaded.problems[0] {
        Problem::Sentence(diagnostic) | Problem::Mapping(diagnostic) => diagnostic.clone(),
        Problem::Row(row) => panic!("{row:?}"),
    }
}

#[test]
fn a_diagnostic_shows_the_place_and_the_fix() {
    let source = "Anna said \"x\".\n  Łukasz sayd \"日本\" about Kyiv.\n";
    let found = first_problem(source);
    let wanted = "\
error[E201]: `sayd` is no verb that is known
 --> a.dixit:2:10
  |
2 |   Łukasz sayd \"日本\" about Kyiv.
  |          ^^^^
  |
  = help: did you mean `said`?
";
    assert_eq!(diagnostic(&SourceText::new("a.dixit", source), &found, Style::default()), wanted);
    let colored = Style { color: true, ..Style::default() };
    assert!(diagnostic(&SourceText::new("a.dixit", source), &found, colored).contains("\u{1b}["));
    let json: serde_json::Value =
        serde_json::from_str(&diagnostic_json(&SourceText::new("a.dixit", source), &found)).unwrap();
    let wanted = serde_json::json!({
        "severity": "error", "code": "E201", "message": "`sayd` is no verb that is known", "file": "a.dixit",
        "line": 2, "column": 10, "end_line": 2, "end_column": 14, "start": 25, "end": 29, "labels": [],
        "help": ["did you mean `said`?"],
    });
    assert_eq!(json, wanted);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let long = "Anna said \"x\". ".repeat(10_000);
    let source = format!("{long}Bea sayd \"y\". {long}");
    let text = diagnostic(&SourceText::new("a.dixit", &source), &first_problem(&source), Style::default());
    let column = long.len() + 5;
    assert!(text.contains(&format!("a.dixit:1:{column}\n")) && text.contains("Bea sayd"), "{text}");
    assert!(text.lines().all(|line| line.width() < 200), "{text}");
}

#[test]
fn prose_is_wrapped_to_a_terminal_and_the_source_is_not() {
    let source = "Anna said \"the dam leaks\" about Dam on 2025-12-01 and Bea denied that \"the dam leaks\" about Dam.";
    let problem =
        Diagnostic::error(Code::Syntax, Span::new(51, 54), "two statements are joined, and each is one")
            .help("write each with its own full stop, as Anna said \"x\". Bea denied \"x\".");
    let told = |width| {
        diagnostic(&SourceText::new("", source), &problem, Style { width: Some(width), ..Style::default() })
    };
    let wanted = "\
error[E101]: two statements are joined,
             and each is one
  |
1 | …025-12-01 and Bea denied that \"the…
  |             ^^^
  |
  = help: write each with its own full
          stop, as Anna said \"x\". Bea
          denied \"x\".
";
    assert_eq!(told(40), wanted, "{}", told(40));
    // Elsewhere it stays one line, for whoever reads it line by line.
    let elsewhere = diagnostic(&SourceText::new("", source), &problem, Style::default());
    assert!(
        elsewhere.contains("joined, and each is one\n") && elsewhere.contains("denied \"x\".\n"),
        "{elsewhere}"
    );
    // Whatever the place and the width, no line is wider, and no mark stands elsewhere than under what it is about.
    let source = format!("Анна said \"習近平 {}\" about Dam.", "long ".repeat(60));
    for width in [30, 47, 80, 200] {
        for start in source.char_indices().map(|(at, _)| at).step_by(3) {
            for length in [1, 5, 60, 500] {
                let end = source.ceil_char_boundary(start + length);
                let problem = Diagnostic::error(Code::Syntax, Span::new(start, end), "odd");
                let text = diagnostic(
                    &SourceText::new("", &source),
                    &problem,
                    Style { width: Some(width), ..Style::default() },
                );
                assert!(text.lines().all(|line| line.width() <= width), "{width} {start} {text}");
                let lines: Vec<&str> = text.lines().collect();
                let marks = lines[3].find('^').unwrap_or_else(|| panic!("{text}"));
                let under = lines[2].char_indices().find(|(at, _)| lines[2][..*at].width() == marks);
                assert_eq!(under.map(|(_, c)| c), source[start..].chars().next(), "{width} {start} {text}");
            }
        }
    }
}

#[test]
fn diagnostics_are_drawn_wherever_they_point() {
    let source = "é\n\u{301}x\r\n日";
    for start in 0..source.len() + 3 {
        for end in start..source.len() + 3 {
            let odd = Diagnostic::warning(Code::UnknownName, Span::new(start, end), "odd")
                .label(Span::new(end, start), "here");
            assert!(
                diagnostic(&SourceText::new("", source), &odd, Style::default())
                    .starts_with("warning[W401]: odd")
            );
            let json: serde_json::Value =
                serde_json::from_str(&diagnostic_json(&SourceText::new("", source), &odd)).unwrap();
            assert_eq!(json["severity"], "warning");
        }
    }
}

#[test]
fn what_is_wrong_with_a_row_is_one_line() {
    let row = RowProblem { line: 7, code: Code::BadJson, message: "not JSON".into(), help: String::new() };
    assert_eq!(row_problem("a.jsonl", &row), "error[E305]: a.jsonl:7: not JSON\n");
    let json: serde_json::Value = serde_json::from_str(&row_problem_json("a.jsonl", &row)).unwrap();
    assert_eq!(
        (&json["line"], &json["help"], &json["file"]),
        (&7.into(), &serde_json::json!([]), &"a.jsonl".into())
    );
}

#[test]
fn chains_are_drawn_for_graphviz() {
    let facts = "\
#a: Anna said \"the \\\"old\\\" bridge\" on 2025-12-01 via Radio (wrote, allegedly) via Post (2025-12-02) source <https://a.example/1>.
#b: Bea denied \"the \\\"old\\\" bridge\".
";
    let text = written(&database(facts), Format::Dot, Style::default(), &["trace #a"]);
    let wanted = r#"digraph dixit {
  rankdir=TB;
  node [fontname="sans-serif", fontsize=11];
  edge [fontname="sans-serif", fontsize=9];
  n0 [shape=ellipse, label="Post"];
  n1 [shape=note, label="https://a.example/1"];
  n2 [shape=ellipse, label="Radio"];
  n3 [shape=ellipse, label="Anna"];
  n4 [shape=box, label="“the \"old\" bridge”"];
  n1 -> n0 [label=""];
  n0 -> n2 [label="reported 2025-12-02"];
  n2 -> n3 [label="wrote allegedly"];
  n3 -> n4 [label="said 2025-12-01 #a"];
}
"#;
    assert_eq!(text, wanted, "{text}");
    let text = written(&database(facts), Format::Dot, Style::default(), &["conflicts"]);
    assert!(text.contains("n1 -> n3 [label=\"negation\", style=dashed, dir=both];"), "{text}");
}

#[test]
fn drawings_are_the_same_every_time_and_nothing_of_the_data_ends_a_tag() {
    let facts = "\
Daily is outlet.
#a: Anna said \"a < b & \\\"c\\\" > d \u{1}\" about Oil via Daily via Daily.
#b: [an official] said \"习近平說了一些很長的話，很長很長很長的話，還要更長更長的話\" about Oil via Weekly via Radio.
#c: Anna denied \"a < b & \\\"c\\\" > d \u{1}\" about Oil on 2025-01-01.
";
    let db = database(facts);
    for question in
        ["who said what", "trace #b", "conflicts", "circular", "reliance of Daily", "who said what | count"]
    {
        let first = written(&db, Format::Svg, Style::default(), &[question]);
        assert_eq!(first, written(&db, Format::Svg, Style::default(), &[question]));
        assert!(first.starts_with("<svg ") && first.ends_with("</svg>\n"), "{first}");
        assert!(!first.contains("a < b") && !first.contains('\u{1}') && !first.contains("NaN"), "{first}");
        // Every tag that is opened is closed, or closes itself.
        let opened = first.matches('<').count() - first.matches("</").count();
        assert_eq!(opened, first.matches("/>").count() + first.matches("</").count(), "{first}");
    }
    let drawn = written(&db, Format::Svg, Style::default(), &["trace #a"]);
    assert!(drawn.contains("“a &lt; b &amp; &quot;c&quot; &gt; d"), "{drawn}");
    assert!(
        written(&db, Format::Svg, Style::default(), &["who said what | count"]).contains("Nothing to draw")
    );
}

#[test]
fn whatever_is_answered_can_be_drawn() {
    for seed in 0..40 {
        let mut db = Database::new(NOW);
        db.load_text(crate::random::statements(seed).join("\n"), u64::MAX);
        for question in [
            "who said what",
            "who said ?c | trace ?c",
            "conflicts",
            "circular",
            "who said ?c | corroborate ?c",
        ] {
            let drawn = written(&db, Format::Svg, Style::default(), &[question]);
            assert!(drawn.ends_with("</svg>\n"), "{question}");
        }
    }
}
