//! Random rows, of texts that are easily lost: each is refused whole, or comes back from every form.

use crate::dump::dump;
use crate::export::lost;
use crate::rows::load;
use crate::syntax::fixed;
use dixit::db::{Database, Problem};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Texts that are easily lost, mixed with any.
fn text() -> impl Strategy<Value = Value> {
    const EASILY_LOST: &[&str] = &[
        "Anna",
        "anna",
        "Ánna",
        "Bank of [x]",
        "a|b",
        "|a",
        "officials",
        "an official",
        "an official|x",
        "Who",
        "who said",
        "a\"b",
        "\"",
        "\"\"\"",
        "a\\",
        "\\n",
        "a\nb",
        "a\n\"",
        "\r",
        "\t",
        "a\u{0}b",
        "\u{1}",
        "\u{85}",
        "\u{2028}",
        "\u{200b}a",
        "\u{feff}a",
        "e\u{301}",
        "\u{301}",
        "<a>",
        "a > b",
        "#1",
        "#[a]",
        "?x",
        "$x",
        "-- x",
        "and",
        "not",
        "a.",
        "a?",
        "2025",
        "2025-12-01",
        "..",
        "1.5",
        "%",
        "percent",
        "m²",
        "json",
        "{a: 1}",
        "a, b",
        "a: b",
        " a  b ",
        "\u{a0}",
        "”",
        "«a»",
        "习近平",
        "https://a.example/1",
        "https://a.example/?q='1'\"",
        "allegedly",
        "possibly",
        "supposedly",
        "mode",
        "hedge",
        "Peskov's",
        "O'Brien",
        "J. D. Vance",
        "the",
        "is",
        "in",
        "via",
        "?",
        "!",
        "~",
        "_",
        "-",
        "'",
        "`",
        "😀",
        "a\u{202e}b",
    ];
    prop_oneof![6 => select(EASILY_LOST).prop_map(String::from), 1 => any::<String>()].prop_map(Value::from)
}

fn some_name() -> impl Strategy<Value = Value> {
    let kind = select(&["person", "outlet", "group", "unknown"][..]);
    let more = (text(), option::of(kind), vec(text(), 0..2), vec(text(), 0..2));
    let object = more.prop_map(|(name, kind, ids, aliases)| {
        let mut object = json!({ "name": name, "kind": kind });
        // A list that is left away and one that is empty are one.
        for (key, list) in [("ids", ids), ("aliases", aliases)] {
            if !list.is_empty() {
                object[key] = list.into();
            }
        }
        object
    });
    prop_oneof![4 => text(), 1 => object]
}

fn some_names() -> impl Strategy<Value = Value> {
    prop_oneof![3 => some_name(), 1 => vec(some_name(), 0..3).prop_map(Value::from)]
}

fn some_number() -> impl Strategy<Value = Value> {
    let written = [
        "1",
        "-0",
        "1.50",
        "0.1",
        "1e3",
        "9007199254740993",
        "9007199254740992",
        "5e-324",
        "0.30000000000000004",
    ];
    select(written.to_vec()).prop_map(|text| serde_json::from_str(text).unwrap())
}

fn some_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text(),
        some_number(),
        Just(json!(null)),
        Just(json!(true)),
        Just(json!({"b": [1, {"a": "\""}], "a": 0.5}))
    ]
}

pub(crate) fn some_row() -> impl Strategy<Value = String> {
    let time = select(
        &[
            "2025",
            "2025-12",
            "2025-12-01..",
            "..2025-12-01T10:00:30Z",
            "2025-12-01T00:00Z",
            "9999",
            "2025-1-1",
        ][..],
    );
    let op = select(&["=", "<", "<=", ">", ">=", "~"][..]);
    let figure = (text(), op, some_number(), option::of(text()))
        .prop_map(|(what, op, value, unit)| json!({ "what": what, "op": op, "value": value, "unit": unit }));
    let document = (text(), option::of(text()), option::of(time.clone()), option::of(some_name())).prop_map(
        |(url, title, date, outlet)| json!({ "url": url, "title": title, "date": date, "outlet": outlet }),
    );
    let act = select(&["say", "denied", "think", "refuse", "ask"][..]);
    let cue = prop_oneof![
        Just("denied".to_string()),
        Just("Told".into()),
        Just("waved away".into()),
        "[a-z -]{1,6}"
    ];
    let stance = select(&["for", "against", "observing"][..]);
    let mode = select(&["quote", "label", "unstated"][..]);
    let who = (
        option::weighted(0.8, some_names()),
        option::weighted(0.2, text()),
        option::weighted(0.2, text()),
        option::weighted(0.3, some_names()),
        any::<bool>(),
    );
    let said = (
        option::weighted(0.9, text()),
        option::weighted(0.3, some_names()),
        option::weighted(0.2, text()),
        vec(figure, 0..2),
        option::weighted(0.3, text()),
        option::weighted(0.3, time),
    );
    let how = (
        option::weighted(0.3, cue),
        option::weighted(0.3, act),
        option::weighted(0.2, stance),
        option::weighted(0.2, mode),
        option::weighted(0.3, text()),
    );
    let from = (
        option::weighted(0.4, some_names()),
        option::weighted(0.4, document),
        vec((text(), some_value()), 0..3),
    );
    (who, said, how, from).prop_map(|(who, said, how, from)| {
        let extra: serde_json::Map<String, Value> =
            from.2.into_iter().filter_map(|(key, value)| Some((key.as_str()?.to_string(), value))).collect();
        json!({
            "speaker": who.0, "speaker_title": who.1, "speaker_affiliation": who.2, "addressee": who.3, "negated": who.4,
            "proposition": said.0, "subjects": said.1, "condition": said.2, "figures": said.3, "hedge": said.4, "date": said.5,
            "cue": how.0, "act": how.1, "stance": how.2, "mode": how.3, "id": how.4,
            "outlets": from.0, "document": from.1, "extra": extra,
        })
        .to_string()
    })
}

proptest! {
    #![proptest_config(fixed(300))]

    #[test]
    fn random_rows_are_refused_whole_or_come_back(rows in vec(some_row(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let (db, loaded) = load(&rows.join("\n"), folder.path());
        let refused: BTreeSet<u64> = loaded.problems.iter().map(|one| match one {
            Problem::Row(row) => row.line,
            Problem::Sentence(_) | Problem::Mapping(_) => 0,
        }).collect();
        // As if those that are refused had never been there.
        let taken: Vec<&str> =
            rows.iter().zip(1..).filter(|(_, line)| !refused.contains(line)).map(|(row, _)| row.as_str()).collect();
        let (only, loaded) = load(&taken.join("\n"), folder.path());
        prop_assert_eq!(loaded.refused(), 0);
        prop_assert_eq!(dump(db.graph()), dump(only.graph()));
        if let Some(why) = lost(db.graph(), folder.path()) {
            prop_assert!(false, "{}\n{}", taken.join("\n"), why);
        }
    }

    #[test]
    fn rows_of_one_file_are_as_if_each_had_its_own(rows in vec(some_row(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        // What is prepared for a whole file, such as what its names mean, must not outlive what a row changes.
        let (together, loaded) = load(&rows.join("\n"), folder.path());
        let mut apart = Database::new(0);
        let mut refused = 0;
        for row in &rows {
            let path = folder.path().join("row.jsonl");
            std::fs::write(&path, row).unwrap();
            refused += apart.load(&path, 1).unwrap().refused();
        }
        prop_assert_eq!(loaded.refused(), refused);
        prop_assert_eq!(dump(together.graph()), dump(apart.graph()));
    }
}
