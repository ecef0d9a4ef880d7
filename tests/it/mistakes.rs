//! The mistakes that people make most, each with the whole of what they are told: `tests/mistakes/likely.txt`, read and judged by people. A
//! sentence stands behind `> `, what comes of it below. `RECORD_MISTAKES=1` writes the list anew, to be read again.

use crate::cli::folder;
use crate::cli::told;
use std::path::{Path, PathBuf};

fn list() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/likely.txt")
}

const FACTS: &str = "Anna Brandt said \"the dam leaks\" about Dam on 2025-12-01 via Reuters.\n";

/// What the user is told who writes this sentence.
fn comes_of(sentence: &str) -> String {
    let folder = folder(&[("a.dixit", FACTS)]);
    let came = told(&folder, &["a.dixit", "--color", "never"], sentence.as_bytes());
    came.err.replace(" --> standard input:", " --> ").trim_end().to_string()
}

#[test]
fn each_likely_mistake_is_told_in_plain_words_with_a_way_out() {
    let recorded = std::fs::read_to_string(list()).unwrap();
    let sentences: Vec<&str> = recorded.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    assert!(sentences.len() >= 60, "{}", sentences.len());
    let blocks = sentences.iter().map(|sentence| format!("> {sentence}\n{}\n", comes_of(sentence)));
    let now = blocks.collect::<Vec<_>>().join("\n");
    if std::env::var_os("RECORD_MISTAKES").is_some() {
        std::fs::write(list(), now).unwrap();
        return;
    }
    for block in now.split("\n\n") {
        let code = block.split(['[', ']']).nth(1).unwrap_or("");
        let known = dixit::diag::Code::ALL.iter().any(|one| one.id() == code);
        assert!(known || block.starts_with("> ["), "no code: {block}");
        assert!(block.contains("= help: "), "no way out: {block}");
    }
    assert!(now == recorded, "recorded:\n{recorded}\nnow:\n{now}");
}
