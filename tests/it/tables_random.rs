//! Random tables: what a row becomes is what the sentence would have become, nothing falls over, and the counts add up.

use crate::syntax::{fixed, meaning};
use crate::tables::{load, told};
use dixit::db::Database;
use dixit::syntax::{format_source, parse, print_sentence, quoted};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::fmt::Write as _;

/// A name as it may stand in brackets.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Z][a-z]{1,3}".prop_map(String::from),
        1 => "[a-zA-ZÀ-ſа-яა-ჰ一-丐 .,;:\"'$#?!<>(){}_0-9-]{1,12}".prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
    ]
    .prop_filter("a name", |text| !text.is_empty())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[PQR]".prop_map(String::from),
        1 => "[a-z\"\\\\\n\t,;$.«“”é ]{1,14}".prop_map(|text| text.trim().to_string()),
    ]
    .prop_filter("a text", |text| !text.is_empty())
}

#[derive(Debug, Clone)]
struct Row {
    who: Vec<String>,
    what: String,
    about: Option<String>,
    day: Option<u8>,
    via: Option<String>,
}

fn row() -> impl Strategy<Value = Row> {
    let who = vec(name().prop_filter("one of a list", |text| !text.contains('/')), 0..3);
    (who, text(), option::of(name()), option::of(1..28u8), option::of(name()))
        .prop_map(|(who, what, about, day, via)| Row { who, what, about, day, via })
}

/// The same as a sentence of the language; nothing where nobody is told to speak, which a sentence cannot leave away.
fn sentence(row: &Row) -> String {
    let mut who: Vec<String> = Vec::new();
    for one in row.who.iter().map(|who| format!("[{who}]")) {
        if !who.contains(&one) {
            who.push(one);
        }
    }
    let mut out = format!("{} said {}", who.join(", "), quoted(&row.what));
    let parts = [
        row.about.as_ref().map(|about| format!(" about [{about}]")),
        row.day.map(|day| format!(" on 2026-01-{day:02}")),
        row.via.as_ref().map(|via| format!(" via [{via}]")),
    ];
    parts.into_iter().flatten().for_each(|part| out.push_str(&part));
    out + ".\n"
}

fn csv_of(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["who", "what", "about", "day", "via"]).unwrap();
    for row in rows {
        let day = row.day.map_or(String::new(), |day| format!("{day:02}.1.2026"));
        let (about, via) = (row.about.clone().unwrap_or_default(), row.via.clone().unwrap_or_default());
        writer.write_record([&row.who.join("/"), &row.what, &about, &day, &via]).unwrap();
    }
    writer.into_inner().unwrap()
}

fn json_of(rows: &[Row]) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        let day = row.day.map(|day| format!("{day:02}.1.2026"));
        let line = serde_json::json!({ "who": row.who, "what": row.what, "about": row.about, "day": day, "via": row.via });
        writeln!(out, "{line}").unwrap();
    }
    out.into_bytes()
}

proptest! {
    #![proptest_config(fixed(200))]

    #[test]
    fn a_row_becomes_what_its_sentence_becomes(rows in vec(row().prop_filter("somebody", |row| !row.who.is_empty()), 0..8)) {
        let sentences: String = rows.iter().map(sentence).collect();
        let mut db = Database::new(0);
        let loaded = db.load_text(sentences.clone(), u64::MAX);
        prop_assert_eq!(loaded.refused(), 0, "{}\n{:?}", sentences, loaded.problems);
        let statement = "$who split \"/\" said $what about $about on $day as date \"DD.M.YYYY\" via $via.";
        let (graph, report) = load(&format!("from csv: {statement}"), csv_of(&rows));
        prop_assert_eq!(&report.rows.refused, &vec![]);
        prop_assert_eq!((report.rows.read, report.rows.added), (loaded.read, loaded.added));
        prop_assert_eq!(told(&graph), told(db.graph()), "{}", sentences);
        let (graph, report) = load(&format!("from jsonl: {}", statement.replace(" split \"/\"", "")), json_of(&rows));
        prop_assert_eq!(&report.rows.refused, &vec![]);
        prop_assert_eq!(told(&graph), told(db.graph()), "{}", sentences);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        pieces in vec(prop_oneof![
            Just(b"who,what,n,".to_vec()), Just(b"\"".to_vec()), Just(b",".to_vec()), Just(b"\n".to_vec()), Just(b"\r".to_vec()),
            Just(b"\xFF\xFE".to_vec()), Just(b"{\"who\":".to_vec()), Just(b"}".to_vec()), Just(b"[".to_vec()), Just(b";".to_vec()),
            Just(b"#".to_vec()), Just(b"\\".to_vec()), vec(any::<u8>(), 0..4), Just(b"Anna".to_vec()), Just(b"2026-01-01".to_vec()),
        ], 0..40),
    ) {
        let bytes = pieces.concat();
        let of_cells = "$1 split \";\" said $2 about $3 on $4 via each $3 split \";\" {n: $2}. when $1 is known: $1 is also $2. $3 is in $1.";
        for mapping in [
            format!("from csv: {of_cells}"),
            format!("from csv header none: {of_cells}"),
            format!("from tsv separator \";\" header none comment \"#\" escape \"\\\\\": {of_cells}"),
            format!("from csv quote none skip 1 encoding \"utf-16le\" header none: {of_cells}"),
            "from jsonl: $who said $what about $who.x.".into(),
        ] {
            let mapping = dixit::formats::table::Mapping::parse(&mapping).unwrap();
            let mut graph = dixit::graph::Graph::new();
            let context = dixit::formats::dixit::Context::new(0, dixit::formats::dixit::Params::new());
            let came = dixit::formats::table::read(&mut graph, &context, &mapping, &bytes[..], u64::MAX, true).unwrap();
            if let dixit::formats::table::Outcome::Read(report) = came {
                let rows = &report.rows;
                prop_assert_eq!(rows.read, rows.taken + report.passed + rows.refused.len() as u64);
                prop_assert_eq!(rows.refused.is_empty(), report.rejects.is_empty());
                prop_assert!(rows.refused.windows(2).all(|two| two[0].line <= two[1].line), "{:?}", rows.refused);
            }
        }
    }
}

#[test]
fn mappings_are_printed_as_they_are_read() {
    let source = "-- events
define verb opposed as said.
from csv separator \";\" quote none escape \"\\\\\" comment \"#\" encoding \"utf-16\" header none skip 3 empty \"None\", \"-\":
    when $label is \"a\", \"b\" and $[n m] >= 2 and $\"x [y]\" is unknown and $l is not \"c\":
    document $url by $paper on $day as day titled $title {language: $lang}.
#$id: $who split \";\", Anna told to $whom that possibly $what about each $about split \"|\" on $d as date \"DD/MM/YYYY\" for $a..$b
    via $paper (noted, $when as month) source $url if not $c with deaths between $low and $high people with [x y] >= $n % {p: $a.b}.
$who said $what between $a and $b as year.
$a is in $b as $c for $d. $a is $b of $c. $a is person also $b, id $c split \" \". $a same as $b. $a rates $b as $c about $d.
$paper wrote that (#$id: $1 said $2).
";
    let formatted = format_source(source).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(format_source(&formatted).unwrap(), formatted);
    let (before, after) = (parse(source).sentences, parse(&formatted).sentences);
    assert_eq!(before.iter().map(meaning).collect::<Vec<_>>(), after.iter().map(meaning).collect::<Vec<_>>());
    for sentence in &before {
        let printed = print_sentence(sentence);
        assert_eq!(meaning(&parse(&printed).sentences[0]), meaning(sentence), "{printed}");
    }
}
