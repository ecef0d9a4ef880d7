//! Times the questions of `benches/README.md` on a snapshot, warm and in process: each is prepared once, then answered with its parameters
//! again and again. Every row is made and the text of every cell is looked up, as a program that prints them would. Prints one JSON object a
//! line. It judges nothing; `benches/peers` compares rows and times with other engines.
//!
//! `cargo bench --bench questions -- GRAPH.dixg PARAMS.json [--repeats 7] [--seconds 20] [--question Q1] [--level rare]`, with the parameters
//! that `benches/peers/generate.py` wrote.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring program: it prints, and stops at whatever is missing"
)]

use dixit::db::{Database, Params, Prepared};
use dixit::eval::{Part, Rows, text};
use dixit::graph::Graph;
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

const LEVELS: &[&str] = &["rare", "medium", "hot"];
const HOT: &[&str] = &["hot"];

// As the program has it where it is built so.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A question: its name, its sentence, the levels that it is asked at, and the columns by which answers are compared with others.
struct Question(&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// `$place` is a place, `$speaker` a speaker, `$text` a text, `$inner` and `$outer` are outlets, `$window` and `$as_of` times.
const QUESTIONS: &[Question] = &[
    Question(
        "Q1",
        "?k: who said what about $place when | show ?k, who, ?k.cue, what, when, ?k.outlet",
        LEVELS,
        &["k", "who", "cue", "what", "when", "outlet"],
    ),
    Question(
        "Q2",
        "?k: $speaker said what in $window | show ?k, ?k.cue, what, when",
        LEVELS,
        &["k", "cue", "what", "when"],
    ),
    Question(
        "Q3",
        "?k: who said what about $place when via $inner directly via $outer
            | show ?k, who, ?k.cue, what, when, ?k.outlet",
        LEVELS,
        &["k", "who", "cue", "what", "when", "outlet"],
    ),
    Question(
        "Q4",
        "trace $text | show claim, depth, who, document",
        HOT,
        &["claim", "depth", "who", "document"],
    ),
    Question("Q5", "anyone asserted ?c about $place and anyone denied ?c", LEVELS, &["c"]),
    Question(
        "Q5n",
        "?a: anyone asserted ?c about $place and ?d: anyone denied ?c
            | summarize count distinct ?a as asserted, count distinct ?d as denied by ?c",
        LEVELS,
        &["c", "asserted", "denied"],
    ),
    Question(
        "Q5c",
        "?a: anyone asserted ?c about $place and ?c contradicts ?d and ?b: anyone asserted ?d
            | summarize count distinct ?a as asserted, count distinct ?b as against by ?c, ?d",
        LEVELS,
        &["c", "d", "asserted", "against"],
    ),
    Question(
        "Q6",
        "?k: who said what about $place | where ?k.hedged = yes | summarize count as n by who
            | sort by n desc | take 20",
        LEVELS,
        &["n"],
    ),
    Question(
        "Q7",
        "who said anything about ?y | summarize count as n by who, ?y | sort by n desc | take 50",
        HOT,
        &["n"],
    ),
    Question(
        "Q8",
        "anyone said ?c about $place via ?o | summarize count distinct ?o as outlets by ?c",
        LEVELS,
        &["c", "outlets"],
    ),
    Question(
        "Q8o",
        "anyone said ?c about $place and rests-on(?c, ?r, ?o)
            | summarize count distinct ?r as origins, count distinct ?o as outlets by ?c",
        LEVELS,
        &["c", "origins", "outlets"],
    ),
    Question(
        "Q9",
        "as of $as_of ?k: who said what about $place when | show ?k, who, ?k.cue, what, when, ?k.outlet",
        LEVELS,
        &["k", "who", "cue", "what", "when", "outlet"],
    ),
    Question(
        "Q10",
        "anyone said ?c about $place and not (anyone said ?c via none of $inner) | show ?c",
        LEVELS,
        &["c"],
    ),
];

/// What was asked for on the command line.
struct Asked {
    repeats: usize,
    seconds: f64,
    question: Option<String>,
    level: Option<String>,
}

fn main() {
    let mut files: Vec<String> = Vec::new();
    let mut asked = Asked { repeats: 7, seconds: 20.0, question: None, level: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--repeats" => asked.repeats = arguments.next().and_then(|n| n.parse().ok()).unwrap(),
            "--seconds" => asked.seconds = arguments.next().and_then(|n| n.parse().ok()).unwrap(),
            "--question" => asked.question = arguments.next(),
            "--level" => asked.level = arguments.next(),
            _ => files.push(argument),
        }
    }
    let [graph, params] = &files[..] else {
        eprintln!(
            "usage: questions GRAPH.dixg PARAMS.json [--repeats N] [--seconds N] [--question Q1] [--level rare]"
        );
        return;
    };
    let params: Value = serde_json::from_str(&std::fs::read_to_string(params).unwrap()).unwrap();
    let mut db = Database::new(0);
    let begin = Instant::now();
    db.load(Path::new(graph), 0).unwrap();
    println!("{}", json!({ "open_ms": milliseconds(begin) }));
    for question in QUESTIONS.iter().filter(|one| asked.question.as_deref().is_none_or(|only| only == one.0))
    {
        for level in question.2.iter().filter(|one| asked.level.as_deref().is_none_or(|only| only == **one)) {
            println!("{}", timed(&db, question, level, &params, &asked));
        }
    }
    println!("{}", json!({ "peak": peak() }));
}

/// Asks until the repeats or the seconds are used up. The first answer is not timed, but compared, and counts where it alone took the seconds.
fn timed(db: &Database, question: &Question, level: &str, params: &Value, asked: &Asked) -> Value {
    let Question(name, sentence, _, compared) = question;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let values = Params::from([
        ("place".into(), text(&params["place"][level])),
        ("speaker".into(), text(&params["speaker"][level])),
        ("inner".into(), text(&params["inner"])),
        ("outer".into(), text(&params["outer"])),
        ("text".into(), text(&params["text"])),
        ("window".into(), format!("{}..{}", text(&params["from"]), text(&params["to"]))),
        ("as_of".into(), text(&params["as_of"])),
    ]);
    let wrong = |told: String| json!({ "question": name, "level": level, "error": told });
    let prepared = match Prepared::new(sentence) {
        Ok(prepared) => prepared,
        Err(told) => return wrong(format!("{told:?}")),
    };
    let mut found: Option<(usize, u64)> = None;
    let (mut answers, mut times): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let start = Instant::now();
    // What takes no time is asked more often, to be told apart from noise.
    let wanted = |asks: usize, spent: f64| {
        // Once at least: comparing the first answer may have taken all the seconds.
        asks == 0 || (asks < asked.repeats || (spent < 0.1 && asks < 5000)) && spent <= asked.seconds
    };
    while found.is_none() || wanted(times.len(), start.elapsed().as_secs_f64()) {
        let begin = Instant::now();
        let answer = match db.query(&prepared, &values, None) {
            Ok(answer) => answer,
            Err(told) => return wrong(told.message.clone()),
        };
        let answered = milliseconds(begin);
        let read = touched(db.graph(), &answer.rows);
        let whole = milliseconds(begin);
        assert!(read > 0 || answer.rows.is_empty(), "rows without a letter");
        let is_first = found.is_none();
        found.get_or_insert_with(|| (answer.rows.len(), checksum(db.graph(), &answer.rows, compared)));
        if !is_first || whole > asked.seconds * 1e3 {
            answers.push(answered);
            times.push(whole);
        }
    }
    let (rows, sum) = found.unwrap_or_default();
    let least = times.iter().copied().min_by(f64::total_cmp);
    json!({
        "question": name, "level": level, "rows": rows, "sum": sum, "median_ms": median(&times), "min_ms": least,
        "without_texts_ms": median(&answers), "times": times,
    })
}

/// How long all texts of an answer are: each of them has been looked up.
fn touched(graph: &Graph, rows: &Rows) -> usize {
    let mut sum = 0;
    let long =
        |part: Part<'_>| part.flat_map(|(_, row)| row).map(|cell| text(graph, cell).len()).sum::<usize>();
    rows.read(graph, long, |long| {
        sum += *long;
        ControlFlow::Continue(())
    });
    sum
}

/// A sum over rows in any order, over these columns; `peers/common.py` forms the same. Relays count as their claim.
fn checksum(graph: &Graph, rows: &Rows, compared: &[&str]) -> u64 {
    let columns: Vec<usize> = compared.iter().map(|column| rows.column(column).unwrap()).collect();
    let mut sum = 0_u64;
    for row in rows.iter() {
        let cells = columns.iter().map(|at| text(graph, &row[*at]));
        let cells: Vec<String> = cells
            .map(
                |cell| {
                    if cell.starts_with('#') { cell.split('~').next().unwrap().into() } else { cell.into() }
                },
            )
            .collect();
        sum = sum.wrapping_add(crc32(cells.join("\t").as_bytes()).into());
    }
    sum
}

/// The checksum of zlib, which Python has too.
fn crc32(bytes: &[u8]) -> u32 {
    let one = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, one)
}

/// The most memory that this process held, in bytes, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn median(times: &[f64]) -> Option<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

fn milliseconds(begin: Instant) -> f64 {
    (begin.elapsed().as_secs_f64() * 1e9).round() / 1e6
}
