//! Canonical text: one sentence a line, comments where they were, and the same meaning as before.

use crate::syntax::meanings;
use dixit::syntax::{format_source, split};
use std::path::Path;

fn comments(source: &str) -> Vec<&str> {
    split(source).comments.iter().map(|comment| comment.of(source).trim_end()).collect()
}

#[test]
fn samples_keep_their_meaning_and_their_comments() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "dixit") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let formatted = format_source(&source).unwrap();
        assert_eq!(meanings(&formatted), meanings(&source), "{}", path.display());
        assert_eq!(comments(&formatted), comments(&source), "{}", path.display());
        assert_eq!(format_source(&formatted).unwrap(), formatted, "{}", path.display());
        assert!(!formatted.contains("\n\n\n"), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 3);
}

#[test]
fn sentences_comments_and_blank_lines_have_their_places() {
    for (source, expected) in [
        ("", ""),
        ("\n\n  \n", ""),
        ("-- only a comment", "-- only a comment\n"),
        ("\n\n-- one  \n\n\n\n-- two\n", "-- one\n\n-- two\n"),
        ("Anna  said \"P\" . Boris said “Q”.", "Anna said \"P\".\nBoris said \"Q\".\n"),
        (
            "Anna said \"P\". -- why\nBoris said \"Q\".--how",
            "Anna said \"P\". -- why\nBoris said \"Q\". --how\n",
        ),
        (
            "Anna said -- really\n \"P\"\n -- about it\n about Oil.",
            "-- really\n-- about it\nAnna said \"P\" about Oil.\n",
        ),
        ("Anna said \"P\". Boris -- hm\n said \"Q\".", "Anna said \"P\".\n-- hm\nBoris said \"Q\".\n"),
        ("Anna said \"P\".\r\n\r\n\r\nBoris said \"Q\".\r\n", "Anna said \"P\".\n\nBoris said \"Q\".\n"),
        ("who said what", "who said what?\n"),
        ("who said what;", "who said what;\n"),
        ("Who said what | count", "who said what | count;\n"),
        ("Anna said \"\"\"two\nlines\"\"\" about Oil.", "Anna said \"\"\"two\nlines\"\"\" about Oil.\n"),
        ("Anna said \"P\" for 2025...", "Anna said \"P\" for 2025...\n"),
        ("Anna said \"P\" for 2025.. .", "Anna said \"P\" for 2025...\n"),
        ("Anna said \"P\" {\"mode\": quote, \"on x\": 5}.", "Anna said \"P\" {mode: quote, \"on x\": 5}.\n"),
        ("[A Jones] said \"P\". [Boris] said \"Q\".", "[A Jones] said \"P\".\nBoris said \"Q\".\n"),
        ("[Who] said \"P\".", "[Who] said \"P\".\n"),
        ("P is [Chair] of Kremlin.", "P is [Chair] of Kremlin.\n"),
    ] {
        assert_eq!(format_source(source).as_deref(), Ok(expected), "{source:?}");
        assert_eq!(format_source(expected).as_deref(), Ok(expected), "{expected:?}");
    }
}

#[test]
fn long_sentences_go_on_where_a_part_begins() {
    let said = "the talks in Geneva produced an updated and improved framework, and more talks will follow";
    let source = format!(
        "#8: [United States of America], Ukraine stated \"{said}\" about [peace plan], Geneva on 2025-11-23 first via Reuters (2025-11-24) {{mode: label}}."
    );
    let expected = format!(
        "#8: [United States of America], Ukraine stated\n    \"{said}\"\n    about [peace plan], Geneva on 2025-11-23 first via Reuters (2025-11-24) {{mode: label}}.\n"
    );
    assert_eq!(format_source(&source).unwrap(), expected);
    let quoted = format!("Anna said \"{} about, via and on\".\n", "words that go on ".repeat(10));
    assert!(format_source(&quoted).unwrap().ends_with("about, via and on\".\n"));
    let wide = format!("洪渡舟 said \"{}\" about Oil.", "海".repeat(60));
    assert_eq!(format_source(&wide).unwrap().lines().count(), 3);
}

#[test]
fn what_does_not_parse_is_left_alone() {
    let problems =
        format_source("Anna said \"P\".\nAnna and Boris said \"Q\".\nwho said what abuot Oil?").unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["E106", "E111"]);
}
