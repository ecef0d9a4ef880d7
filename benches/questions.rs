//! Times the questions of `benches/README.md` on a snapshot, warm and in process: each is prepared once, then answered with its parameters
//! again and again, every row and cell made. Prints one JSON object a line. It checks nothing; `benches/peers` compares rows with other engines.
//!
//! `cargo bench --bench questions -- GRAPH.dixg PARAMS.json [REPEATS]`, with the parameters that `benches/peers/generate.py` wrote.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring program: it prints, and stops at whatever is missing"
)]

use dixit::db::{Database, Params, Prepared};
use std::path::Path;
use std::time::Instant;

/// What is asked, by name. `$p` is a place, `$s` a speaker, `$t` a text, `$a`, `$b` and `$c` outlets.
const QUESTIONS: &[(&str, &str)] = &[
    ("Q1", "?k: who said what about $p when | show who, ?k.cue, what, when, ?k.outlet, ?k"),
    ("Q2", "$s said what in $window"),
    ("Q3", "?k: who said what about $p via $a directly via $b | show who, ?k.cue, what, when, ?k.outlet, ?k"),
    ("Q4", "trace $t"),
    ("Q5", "anyone asserted ?c about $p and anyone denied ?c"),
    (
        "Q6",
        "?k: who said what about $p | where ?k.hedged = yes | summarize count as n by who | sort by n desc | take 20",
    ),
    ("Q7", "who said anything about ?y | summarize count as n by who, ?y | sort by n desc | take 50"),
    ("Q9", "as of $asof ?k: who said what about $p | show who, ?k.cue, what, when, ?k.outlet, ?k"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [graph, params, rest @ ..] = &arguments[..] else {
        eprintln!("usage: questions GRAPH.dixg PARAMS.json [REPEATS] [ONLY]");
        return;
    };
    let repeats: usize = rest.first().and_then(|n| n.parse().ok()).unwrap_or(7);
    let only = rest.get(1);
    let params: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(params).unwrap()).unwrap();
    let mut db = Database::new(0);
    let begin = Instant::now();
    db.load(Path::new(graph), 0).unwrap();
    println!("{}", serde_json::json!({ "open_ms": milliseconds(begin) }));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    for (name, question) in QUESTIONS.iter().filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let prepared = Prepared::new(question).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        let levels: &[&str] = match *name {
            "Q4" | "Q7" => &["hot"],
            _ => &["rare", "medium", "hot"],
        };
        for level in levels {
            let values = Params::from([
                ("p".into(), text(&params["place"][level])),
                ("s".into(), text(&params["speaker"][level])),
                ("t".into(), text(&params["proposition_top"])),
                ("a".into(), text(&params["outlet_top"][0])),
                ("b".into(), text(&params["outlet_top"][1])),
                ("window".into(), format!("{}..{}", text(&params["window"][0]), text(&params["window"][1]))),
                ("asof".into(), text(&params["as_of"])),
            ]);
            let mut times = Vec::new();
            let mut rows = 0;
            while times.len() < repeats {
                let begin = Instant::now();
                let answer =
                    db.query(&prepared, &values, None).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
                rows = answer.rows.len();
                times.push(milliseconds(begin));
            }
            times.sort_by(f64::total_cmp);
            let (median, least) = (times[times.len() / 2], times[0]);
            println!(
                "{}",
                serde_json::json!({ "question": name, "level": level, "rows": rows, "median_ms": median, "min_ms": least })
            );
        }
    }
}

fn milliseconds(begin: Instant) -> f64 {
    (begin.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
