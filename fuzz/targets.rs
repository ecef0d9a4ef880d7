//! What a stranger can hand us, one function for each kind: it takes any bytes and panics only where the program is wrong. libFuzzer runs
//! them (`fuzz_targets/`), and so does `tests/it/fuzz.rs` without it. Nothing here measures time.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a finding is a panic; of the fuzzers' package this is the library"
)]

use dixit::db::{Database, Limits, Prepared, inspect, verify};
use dixit::diag::Diagnostic;
use dixit::formats::dixit::{Context, Params};
use dixit::formats::table::Mapping;
use dixit::formats::{export, jsonl as rows, table as tables};
use dixit::graph::{Graph, Sums, checksum};
use dixit::render;
use dixit::syntax::{MAX_SENTENCE, format_source, is_complete, parse as parsed};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;

/// What takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("parse", parse),
    ("tell", tell),
    ("jsonl", jsonl),
    ("table", table),
    ("mapping", mapping),
    ("snapshot", snapshot),
    ("sealed", sealed),
    ("journal", journal),
    ("question", question),
];

/// When it is, in all of them.
const NOW: i64 = 1_764_547_200;

/// What the small graph holds.
const CLAIMS: &str = "\
document \"https://unn.ua/1\" by UNN on 2025-12-02.
#c1: Anna said \"the dam leaks\" about Dam on 2025-11-30.
#b1: Borys denied that \"the dam leaks\" via Reuters (2025-12-01).
Carl, Dora stated \"the dam costs 30 to 40 USD\" about Dam on 2025-12.
Dam is place.
define verb slammed as asserted.
Carl slammed \"the mayor\" about Mayor via Anna via Reuters.
";

/// What is asked of it whatever the bytes were.
const QUESTIONS: &[&str] = &[
    "who said what about whom?",
    "who said what has \"dam\" | sort by who | take 2",
    "trace \"the dam leaks\"",
    "conflicts",
    "circular",
    "timeline",
];

fn told() -> Database {
    let mut db = Database::new(NOW);
    let loaded = db.load_text(CLAIMS.into(), u64::MAX);
    assert_eq!(loaded.errors(), 0, "{loaded:?}");
    db.set_limits(Limits { time: Some(Duration::from_secs(5)), solutions: 10_000, memory: Some(1 << 28) });
    db
}

/// An error must point into the text it is about, and be drawable.
fn drawn(source: &str, diagnostics: &[Diagnostic]) {
    let text = render::SourceText::new("input", source);
    for diagnostic in diagnostics {
        let span = diagnostic.span;
        assert!(source.get(span.start..span.end).is_some(), "{diagnostic:?} points nowhere");
        assert!(!diagnostic.message.is_empty());
        assert!(
            render::diagnostic(&text, diagnostic, render::Style::default()).contains(diagnostic.code.id())
        );
    }
}

fn asked(db: &Database) {
    for question in QUESTIONS {
        let _ = db.ask(question);
    }
}

/// Sentences are read; those that are right can be written in canonical form, once and for all.
pub fn parse(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = is_complete(text);
    let read = parsed(text);
    drawn(text, &read.diagnostics);
    // Canonical form may be longer than a sentence may be.
    if let Ok(formatted) = format_source(text)
        && formatted.len() < MAX_SENTENCE
    {
        assert_eq!(format_source(&formatted).as_deref(), Ok(formatted.as_str()));
        assert_eq!(parsed(&formatted).sentences.len(), read.sentences.len());
    }
}

/// Sentences are told to an empty graph; the graph can be asked and written out.
pub fn tell(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let mut db = Database::new(NOW);
    db.set_limits(Limits { time: Some(Duration::from_secs(5)), solutions: 10_000, memory: Some(1 << 28) });
    db.load_text(text.into(), u64::MAX);
    asked(&db);
    export::dixit(db.graph(), &mut Vec::new()).unwrap();
    export::jsonl(db.graph(), &mut Vec::new()).unwrap();
}

/// Rows, of which the good ones are taken.
pub fn jsonl(bytes: &[u8]) {
    let mut graph = Graph::new();
    graph.begin_batch("input", NOW);
    let report = rows::read(&mut graph, bytes, u64::MAX, || None).unwrap();
    assert_eq!(report.read, report.taken + report.refused.len() as u64);
}

fn mapped(mapping: &str, bytes: &[u8]) {
    match Mapping::parse(mapping) {
        Err(diagnostics) => drawn(mapping, &diagnostics),
        Ok(read) => {
            let mut graph = Graph::new();
            graph.begin_batch("input", NOW);
            let context = Context::new(NOW, Params::new());
            let _ = tables::read(&mut graph, &context, &read, bytes, u64::MAX, true);
        }
    }
}

/// A table under a mapping that is right.
pub fn table(bytes: &[u8]) {
    mapped("from csv: #$id: $who said $what about $about on $date.", bytes);
}

/// A mapping, and behind the first zero byte the table.
pub fn mapping(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let Ok(source) = str::from_utf8(parts.next().unwrap_or_default()) else { return };
    mapped(source, parts.next().unwrap_or(b"id,who,what,about,date\n1,Anna,x,Oil,2025-01-01\n"));
}

fn opened(path: &Path) {
    let _ = inspect(path);
    let sound = verify(path);
    let mut db = Database::new(NOW);
    db.set_limits(Limits { time: Some(Duration::from_secs(5)), solutions: 10_000, memory: Some(1 << 28) });
    if db.load(path, u64::MAX).is_ok() {
        asked(&db);
        let _ = export::dixit(db.graph(), &mut Vec::new());
        let _ = db.damage();
        return;
    }
    // What cannot be opened is not sound; a journal is not looked at by `verify`.
    assert!(sound.is_err() || path.with_file_name("g.dixg.journal").exists());
}

/// Any bytes as a snapshot.
pub fn snapshot(bytes: &[u8]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("g.dixg");
    fs::write(&path, bytes).unwrap();
    opened(&path);
}

/// A snapshot as it was written, and its journal.
fn written() -> &'static (Vec<u8>, Vec<u8>) {
    static WRITTEN: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("g.dixg");
        told().save(&path).unwrap();
        let mut db = Database::new(NOW);
        db.write_to(&path).unwrap();
        let loaded =
            db.load_text("Dora said \"it rains\" about Dam.\nErik denied that \"it rains\".\n".into(), 0);
        assert_eq!(loaded.errors(), 0, "{loaded:?}");
        db.commit().unwrap();
        (fs::read(&path).unwrap(), fs::read(path.with_extension("dixg.journal")).unwrap())
    })
}

/// Bytes changed as the input says: every four bytes are a place, in two, and two bytes for it.
fn patched(bytes: &mut [u8], input: &[u8]) {
    for patch in input.chunks_exact(4) {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) * 2 % bytes.len().max(1);
        bytes.iter_mut().skip(at).zip(&patch[2..]).for_each(|(byte, new)| *byte = *new);
    }
}

fn number(bytes: &[u8], at: usize) -> usize {
    let number = bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn put(bytes: &mut [u8], at: usize, number: u64) {
    bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
}

/// A snapshot changed where its columns stand, with every checksum made right again: what a file says that somebody wrote on purpose.
/// The places of the checksums are those of `docs/file-format.md`.
pub fn sealed(input: &[u8]) {
    let mut bytes = written().0.clone();
    let directory = number(&bytes, 16);
    let sums = number(&bytes, directory + 8);
    patched(&mut bytes[64..sums], input);
    let mut all = Sums::from(64);
    all.add(&bytes[64..sums]);
    let (chunks, groups) = all.finish();
    chunks.iter().chain(&groups).enumerate().for_each(|(row, sum)| put(&mut bytes, sums + 8 * row, *sum));
    let sum = checksum(&bytes[sums + 8 * chunks.len()..directory]);
    put(&mut bytes, directory + 16, sum);
    let sum = checksum(&bytes[directory..directory + number(&bytes, 24)]);
    put(&mut bytes, 32, sum);
    let sum = checksum(&bytes[..48]);
    put(&mut bytes, 48, sum);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("g.dixg");
    fs::write(&path, bytes).unwrap();
    opened(&path);
}

/// A snapshot with a journal that was changed or cut: nothing is told but what was written. The first byte says whether the rest is
/// the journal itself.
pub fn journal(input: &[u8]) {
    let (snapshot, right) = written();
    let Some((how, rest)) = input.split_first() else { return };
    let bytes = if how % 2 == 0 {
        rest.to_vec()
    } else {
        let mut bytes = right.clone();
        patched(&mut bytes, rest);
        bytes.truncate(bytes.len() - usize::from(how / 2) * bytes.len() / 256);
        bytes
    };
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("g.dixg");
    fs::write(&path, snapshot).unwrap();
    fs::write(path.with_extension("dixg.journal"), bytes).unwrap();
    opened(&path);
    let mut db = Database::new(NOW);
    if db.write_to(&path).is_ok() {
        let claims = db.graph().claims.len();
        db.load_text("Fay said \"z\".".into(), 0);
        db.commit().unwrap();
        drop(db);
        let mut again = Database::new(NOW);
        again.load(&path, 0).unwrap();
        assert_eq!(again.graph().claims.len(), claims + 1);
    }
}

/// A question to a small graph: the same answer whatever order it is worked out in.
pub fn question(bytes: &[u8]) {
    static TOLD: OnceLock<Database> = OnceLock::new();
    let db = TOLD.get_or_init(told);
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Err(diagnostics) = Prepared::new(text) {
        return drawn(text, &diagnostics);
    }
    let read = parsed(text);
    for sentence in &read.sentences {
        let answers = [true, false].map(|optimize| db.answer_with(sentence, optimize));
        match &answers {
            // How it is worked out is told differently, of course.
            [Ok(first), Ok(other)] if !text.contains("explain") => assert_eq!(first, other, "{text}"),
            [Err(wrong), _] | [_, Err(wrong)] => drawn(text, std::slice::from_ref(wrong)),
            _ => {}
        }
    }
}
