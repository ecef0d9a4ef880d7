//! The documents are true: every `console` block of README and `docs/` is run and its output compared, every `dixit` block parses, and
//! one that is a mapping is a good one.

use std::path::{Path, PathBuf};
use std::process::Command;

fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md")];
    let folder =
        std::fs::read_dir(root.join("docs")).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.extend(folder.filter(|path| path.extension().is_some_and(|e| e == "md")));
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The fenced blocks of a kind, each with the line that it begins at.
fn blocks(text: &str, kind: &str) -> Vec<(usize, String)> {
    let all = all_blocks(text).into_iter();
    all.filter(|(info, ..)| info.split(' ').next() == Some(kind)).map(|(_, at, block)| (at, block)).collect()
}

/// Every fenced block: what stands behind its fence, the line that it begins at, its text.
fn all_blocks(text: &str) -> Vec<(String, usize, String)> {
    let mut found = Vec::new();
    let mut inside: Option<(String, usize, String)> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut inside, line.trim_end().strip_prefix("```")) {
            (None, Some(info)) => inside = Some((info.to_string(), at + 1, String::new())),
            (Some(_), Some(_)) => found.extend(inside.take()),
            (Some((_, _, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The words of a command line, as a shell reads them that knows single and double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What the commands of a block print, as the block should show it.
fn run(block: &str, folder: &Path) -> String {
    let mut shown = String::new();
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("$ ") else { continue };
        shown.push_str(line);
        shown.push('\n');
        let mut command = command.to_string();
        // A command goes on behind a backslash.
        while let Some(open) = command.strip_suffix('\\') {
            let next = lines.next().unwrap_or_default();
            shown.push_str(next);
            shown.push('\n');
            command = format!("{open}{next}");
        }
        let all = words(&command);
        assert_eq!(all.first().map(String::as_str), Some("dixit"), "{line}");
        let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
            .args(&all[1..])
            .current_dir(folder)
            .env("SOURCE_DATE_EPOCH", "1764806400")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        shown.push_str(&String::from_utf8(output.stdout).unwrap());
    }
    shown
}

/// A folder that looks like the repository, so that what examples write does not stay.
fn workplace() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    for entry in std::fs::read_dir(root.join("samples")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join("samples").join(path.file_name().unwrap())).unwrap();
    }
    folder
}

#[test]
fn what_the_documents_show_is_what_happens() {
    let mut wrong = Vec::new();
    let mut ran = 0;
    for (path, text) in documents() {
        let folder = workplace();
        // A block with a name is a file that the commands of the document read.
        for (info, _, block) in all_blocks(&text) {
            if let Some((_, name)) = info.split_once(' ') {
                std::fs::write(folder.path().join(name), block).unwrap();
            }
        }
        for (line, block) in blocks(&text, "console") {
            ran += 1;
            let came = run(&block, folder.path());
            if came.trim_end() != block.trim_end() {
                wrong.push(format!("{}:{line}\nshown:\n{block}\ncame:\n{came}", path.display()));
            }
        }
    }
    assert!(ran > 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_documents_write_is_of_the_language() {
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        for (line, block) in blocks(&text, "dixit") {
            for found in dixit::syntax::parse(&block).diagnostics {
                let at = found.span.of(&block);
                wrong.push(format!("{}:{line}: {} at `{at}`", path.display(), found.message));
            }
            if block.contains("from csv") || block.contains("from jsonl") {
                let found = dixit::formats::table::Mapping::parse(&block).err().unwrap_or_default();
                wrong.extend(
                    found.iter().map(|found| format!("{}:{line}: {}", path.display(), found.message)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
