//! The language as text: what is printed is read again as the same, and nothing that anyone can type makes it fall over.

use crate::syntax_claims::sentence;
use dixit::diag::Diagnostic;
use dixit::syntax::ast::{Sentence, SentenceKind};
use dixit::syntax::{format_source, is_complete, is_lost, parse, print_sentence, split};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// The same cases in every run, and no files beside the sources.
pub(crate) fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A tree without its places, and without the brackets that a name did not need.
pub(crate) fn meaning(sentence: &Sentence) -> String {
    static PLACES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"Span \{ start: \d+, end: \d+ \}|bracketed: (true|false)").unwrap());
    let mut sentence = sentence.clone();
    // Where parameters stand follows from the tree.
    sentence.columns.retain(|column| !column.is_param);
    PLACES.replace_all(&format!("{sentence:?}"), "_").into_owned()
}

/// What the sentences of a text mean.
pub(crate) fn meanings(source: &str) -> Vec<String> {
    parse(source).sentences.iter().map(meaning).collect()
}

/// Everything that reads a text, none of which may fall over; what is told must point into the text.
fn read_in_every_way(source: &str) {
    let within = |d: &Diagnostic| {
        d.span.start <= d.span.end
            && source.get(d.span.start..d.span.end).is_some()
            && d.labels.iter().all(|l| source.get(l.span.start..l.span.end).is_some())
    };
    let pieces = split(source);
    assert!(pieces.diagnostics.iter().all(within), "{source:?}");
    assert!(pieces.pieces.iter().all(|p| source.get(p.span.start..p.span.end).is_some()), "{source:?}");
    let parsed = parse(source);
    assert!(parsed.diagnostics.iter().all(within), "{source:?}: {:?}", parsed.diagnostics);
    assert_eq!(
        parsed.sentences.len() + parsed.diagnostics.len(),
        pieces.pieces.len() + pieces.diagnostics.len()
    );
    is_complete(source);
    is_lost(source);
    if let Ok(formatted) = format_source(source) {
        assert_eq!(meanings(&formatted), meanings(source), "{source:?} -> {formatted:?}");
        assert_eq!(parse(&formatted).comments.len(), parsed.comments.len(), "{source:?}");
        assert_eq!(format_source(&formatted).as_ref(), Ok(&formatted), "{source:?}");
    }
}

/// Every beginning of a sentence that breaks off between two words, quotes and brackets closed.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    ends.filter_map(|at| text.get(..at)).filter(|text| split(text).diagnostics.is_empty())
}

#[test]
fn whoever_is_not_done_yet_is_not_told_of_mistakes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = 0;
    for folder in ["samples", "tests/cases"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            // A case has lines of its own around its sentences; what parses is a sentence.
            for sentence in parse(&source).sentences {
                for text in beginnings(sentence.span.of(&source)) {
                    assert!(!is_lost(text), "{text}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

#[test]
fn what_nothing_can_mend_is_lost() {
    for lost in [
        "show me all claims",
        "who said what about dam",
        "SELECT * FROM claims",
        "who said \"x",
        "who said what about [Bank of",
        "who said what | limit 5",
        "Anna said \"x\". who said what about dam",
    ] {
        assert!(is_lost(lost), "{lost}");
    }
    for open in [
        "",
        "Anna",
        "Anna said \"\"\"x",
        "Anna said “x",
        "who said what about",
        "Anna said \"x\"",
        "who sayd what |",
        "-- x",
    ] {
        assert!(!is_lost(open), "{open}");
    }
}

/// Pieces of sentences, and what stands between.
const PIECES: &[&str] = &[
    "Anna",
    "Boris",
    "[Bank of America]",
    "who",
    "Who",
    "what",
    "whom",
    "which outlet",
    "anyone",
    "anything",
    "?x",
    "$x",
    "#c7",
    "#c7:",
    "said",
    "told",
    "denied",
    "noted",
    "is",
    "in",
    "also",
    "rates",
    "same as",
    "that",
    "not",
    "to",
    "about",
    "on",
    "2025-12-01",
    "2025..",
    "..2025",
    "12/01/2025",
    "via",
    "first",
    "directly",
    "source",
    "<https://a.b/c>",
    "if",
    "with",
    "deaths > 5 people",
    "(",
    ")",
    "{",
    "}",
    "{mode: quote}",
    "|",
    "where",
    "show",
    "count",
    "sort by",
    "take 3",
    "and",
    "or",
    ",",
    ".",
    "?",
    ";",
    ":",
    "\"",
    "\"x\"",
    "“",
    "”",
    "\"\"\"",
    "[",
    "]",
    "<",
    ">",
    "=",
    "--",
    "\n",
    "document",
    "from csv:",
    "when $x is \"x\":",
    "each $[x y] split \";\"",
    "$1 as day",
    "$a..$b",
    "define",
    "void",
    "because",
    "explain",
    "as of",
    "language 1.",
    "SELECT",
    "was",
    "did",
    "has",
    "==",
    "&&",
    "1,200,000",
    "\\",
    "é",
    "平",
    "\u{301}",
];

proptest! {
    #![proptest_config(fixed(1500))]

    #[test]
    fn what_is_printed_is_read_again_as_the_same(sentence in sentence()) {
        let printed = print_sentence(&sentence);
        let parsed = parse(&printed);
        prop_assert_eq!(&parsed.diagnostics, &vec![], "{}", printed);
        let again: Vec<String> = parsed.sentences.iter().map(meaning).collect();
        prop_assert_eq!(again, vec![meaning(&sentence)], "{}", printed);
        prop_assert_eq!(print_sentence(&parsed.sentences[0]), printed);
    }
}

proptest! {
    #![proptest_config(fixed(400))]

    #[test]
    fn random_text_is_read_or_refused(text in any::<String>()) {
        read_in_every_way(&text);
    }

    #[test]
    fn random_words_are_read_or_refused(words in vec(select(PIECES), 0..14)) {
        read_in_every_way(&words.join(" "));
        read_in_every_way(&words.concat());
    }

    #[test]
    fn sentences_with_a_mistake_are_read_or_refused(
        sentences in vec(sentence(), 1..4),
        places in vec((any::<Index>(), 0..4usize, select(PIECES)), 1..4),
    ) {
        let source: Vec<String> = sentences.iter().map(print_sentence).collect();
        let mut source = source.join("\n");
        for (place, what, piece) in places {
            let ends: Vec<usize> = source.char_indices().map(|(at, _)| at).collect();
            if ends.is_empty() {
                break;
            }
            let at = *place.get(&ends);
            match what {
                0 => drop(source.remove(at)),
                1 => source.insert_str(at, piece),
                2 => source.truncate(at),
                _ => {
                    let rest = source.split_off(at);
                    source = rest + &source;
                }
            }
        }
        read_in_every_way(&source);
    }
}

/// What must come back, whatever it comes back with: what takes more than linear time here never ends.
fn at_once(what: &str, source: &str) {
    let parsed = parse(source);
    assert!(!parsed.diagnostics.is_empty(), "{what}");
    assert!(is_complete(source) || !source.is_empty());
    assert!(format_source(source).is_err(), "{what}");
}

#[test]
fn hostile_sentences_are_refused_at_once() {
    let deep = |open: &str, inside: &str, close: &str, depth: usize| {
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    at_once("unclosed brackets", &"[".repeat(500));
    at_once("unclosed brackets on lines", &"[a\n".repeat(500));
    at_once("unclosed parentheses", &"(".repeat(500));
    at_once("nested parentheses", &deep("(", "A said \"x\"", ")", 10_000));
    at_once("ten megabytes", &format!("Anna said \"{}\".", "x".repeat(10_000_000)));
    at_once("ten megabytes of words", &"who said what ".repeat(700_000));
    at_once("a mebibyte of words", &"who said what ".repeat(74_000));
    at_once("a mebibyte of addresses", &"<a ".repeat(349_000));
    at_once("many words", &"and ".repeat(2_000));
    at_once("many names", &"Bank of America ".repeat(500));
    at_once("many lower-case names", &format!("who said what about {}?", "von der ".repeat(900)));
    at_once("many near-keywords", &format!("who said what {}?", "abuot ".repeat(1_300)));
    at_once("unquoted words", &format!("Anna said that {}.", "the bridge is open ".repeat(400)));
    for (what, open, close) in [
        ("speech to", "A said to B that (", ")"),
        ("speech", "A said that (", ")"),
        ("told", "A told B (", ")"),
        ("groups", "(", ")"),
        ("denials", "not (", ")"),
    ] {
        at_once(what, &format!("{}?", deep(open, "A said \"x\" oops", close, 95)));
        at_once(what, &format!("{}?", deep(open, "A said \"x\"", close, 120)));
    }
    at_once("tests", &format!("who said what | where {}", deep("(", "who = ", ")", 95)));
}

#[test]
fn deep_sentences_are_read() {
    for (open, inside, close) in
        [("A said that (", "A said \"x\"", ")"), ("(", "A said \"x\"", ")"), ("not (", "A said \"x\"", ")")]
    {
        let source = format!("{}{inside}{}?", open.repeat(99), close.repeat(99));
        assert_eq!(parse(&source).diagnostics, [], "{open}");
        assert_eq!(meanings(&format_source(&source).unwrap()), meanings(&source));
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_sentence() {
    let source = "\u{feff}Anna said \"x\". \u{feff}";
    assert_eq!(parse("\u{feff}who said what?").diagnostics, []);
    assert_eq!(format_source("\u{feff}Anna  said \"x\".").unwrap(), "Anna said \"x\".\n");
    read_in_every_way(source);
}

#[test]
fn every_sample_question_parses() {
    for name in ["questions", "harbour-questions"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(format!("{name}.dixit"));
        let parsed = parse(&std::fs::read_to_string(path).unwrap());
        assert_eq!(parsed.diagnostics, []);
        let asked = parsed.sentences.iter().filter(|s| matches!(s.kind, SentenceKind::Ask(_)));
        assert!(asked.count() > 8);
    }
}
