//! The corpus of `tests/cases`: every case through the same doors as users, in several ways that must agree.

use crate::oracle::{self, Params, World};
use dixit::db::{Database, Outcome};
use dixit::diag::{Diagnostic, Severity};
use dixit::eval::text;
use dixit::syntax::ast::{DefineRule, SentenceKind};
use dixit::syntax::parse;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// When things are recorded: 2025-12-04.
pub(crate) const NOW: i64 = 1_764_806_400;

/// One case of the corpus.
#[derive(Debug, Default, Clone)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) place: String,
    loads: Vec<PathBuf>,
    pub(crate) strict: bool,
    pub(crate) params: Vec<(String, String)>,
    facts: String,
    ask: String,
    rows: Option<Vec<String>>,
    errors: Option<Vec<String>>,
    warnings: Option<Vec<String>>,
}

/// What a case came to, in the same words as the corpus.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Came {
    rows: Option<Vec<String>>,
    errors: Vec<String>,
    warnings: Vec<String>,
}

pub(crate) fn all_cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("tests/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "case"))
        .collect();
    files.sort();
    files.iter().flat_map(|file| read_cases(root, file)).collect()
}

fn read_cases(root: &Path, file: &Path) -> Vec<Case> {
    let source = std::fs::read_to_string(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let mut cases: Vec<Case> = Vec::new();
    let mut section = "";
    for (number, line) in source.lines().enumerate() {
        if line.starts_with("# ") || line.is_empty() {
            continue;
        }
        if let Some(title) = line.strip_prefix("=== ") {
            section = "";
            let place = format!("{name}:{}", number + 1);
            cases.push(Case { title: title.into(), place, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().unwrap_or_else(|| panic!("{name}: text before the first case"));
        if let Some(head) = line.strip_prefix("--- ") {
            section = match head {
                "facts" | "ask" | "rows" | "error" | "warnings" => head,
                other => panic!("{}: no section {other}", case.place),
            };
            match section {
                "rows" => case.rows = Some(Vec::new()),
                "error" => case.errors = Some(Vec::new()),
                "warnings" => case.warnings = Some(Vec::new()),
                _ => {}
            }
            continue;
        }
        match section {
            "facts" => {
                case.facts.push_str(line);
                case.facts.push('\n');
            }
            "ask" => {
                case.ask.push_str(line);
                case.ask.push('\n');
            }
            "rows" => case.rows.as_mut().unwrap().push(cells(line)),
            "error" => case.errors.as_mut().unwrap().push(line.trim().into()),
            "warnings" => case.warnings.as_mut().unwrap().push(line.trim().into()),
            _ => match line.split_once(' ') {
                Some(("load", path)) => case.loads.push(root.join(path.trim())),
                Some(("param", pair)) => {
                    let (name, value) = pair.split_once('=').unwrap();
                    case.params.push((name.trim().into(), value.trim().into()));
                }
                None if line == "strict" => case.strict = true,
                _ => panic!("{}: what is `{line}`?", case.place),
            },
        }
    }
    cases
}

/// A row with its cells trimmed.
fn cells(line: &str) -> String {
    line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ")
}

fn told(diagnostic: &Diagnostic, source: &str) -> String {
    format!("{} {}", diagnostic.code.id(), diagnostic.span.of(source))
}

/// Loads what a case brings.
pub(crate) fn load(case: &Case, came: &mut Came) -> Database {
    let mut db = Database::new(NOW);
    for (name, value) in &case.params {
        db.set_param(name, value);
    }
    db.set_strict(case.strict);
    for path in &case.loads {
        let loaded = db.load(path, u64::MAX).unwrap();
        assert_eq!(loaded.refused(), 0, "{}", path.display());
    }
    if !case.facts.is_empty() {
        let loaded = db.load_text(case.facts.clone(), u64::MAX);
        db.end_document();
        for problem in &loaded.problems {
            if let dixit::db::Problem::Sentence(diagnostic) = problem {
                let list = if diagnostic.severity == Severity::Error {
                    &mut came.errors
                } else {
                    &mut came.warnings
                };
                list.push(told(diagnostic, &case.facts));
            }
        }
    }
    db
}

/// Asks what a case asks.
pub(crate) fn ask(db: &mut Database, case: &Case, optimize: bool, came: &mut Came) {
    let parsed = parse(&case.ask);
    came.errors.extend(parsed.diagnostics.iter().map(|diagnostic| told(diagnostic, &case.ask)));
    for sentence in &parsed.sentences {
        let outcome = if matches!(sentence.kind, SentenceKind::Ask(_)) {
            db.answer_with(sentence, optimize).map(Outcome::Answered)
        } else {
            db.run(sentence, &case.ask)
        };
        match outcome {
            Err(diagnostic) => came.errors.push(told(&diagnostic, &case.ask)),
            Ok(Outcome::Recorded(_)) => {}
            Ok(Outcome::Answered(answer)) => {
                came.warnings.extend(answer.warnings.iter().map(|diagnostic| told(diagnostic, &case.ask)));
                let mut rows = vec![answer.rows.columns.join(" | ")];
                for row in answer.rows.iter() {
                    let each: Vec<_> = row.iter().map(|value| text(db.graph(), value)).collect();
                    rows.push(each.join(" | "));
                }
                came.rows = Some(rows);
            }
        }
    }
}

/// What differs between what a case says and what it came to.
fn difference(case: &Case, came: &Came) -> Option<String> {
    let mut out = String::new();
    let none = Vec::new();
    let errors = case.errors.as_ref().unwrap_or(&none);
    if *errors != came.errors {
        let _ = writeln!(out, "  errors said: {errors:?}\n  errors came: {:?}", came.errors);
    }
    if case.errors.is_none() && case.rows != came.rows {
        let show = |rows: &Option<Vec<String>>| {
            rows.as_ref().map_or("    (no rows at all)".into(), |rows| {
                rows.iter().map(|row| format!("    {row}")).collect::<Vec<_>>().join("\n")
            })
        };
        let _ = writeln!(out, "  rows said:\n{}\n  rows came:\n{}", show(&case.rows), show(&came.rows));
    }
    if let Some(warnings) = &case.warnings
        && *warnings != came.warnings
    {
        let _ = writeln!(out, "  warnings said: {warnings:?}\n  warnings came: {:?}", came.warnings);
    }
    (!out.is_empty()).then(|| format!("{} {}\n{out}", case.place, case.title))
}

/// Runs the whole corpus in one way and reports every case that differs.
pub(crate) fn run(mode: &str, each: impl Fn(&Case) -> Option<Came>) {
    let cases = all_cases();
    assert!(cases.len() > 500);
    let differing: Vec<String> = cases.iter().filter_map(|case| difference(case, &each(case)?)).collect();
    assert!(
        differing.is_empty(),
        "{mode}: {} of {} cases differ\n{}",
        differing.len(),
        cases.len(),
        differing.join("\n")
    );
}

#[test]
fn cases_as_they_are() {
    run("as is", |case| {
        let mut came = Came::default();
        let mut db = load(case, &mut came);
        ask(&mut db, case, true, &mut came);
        Some(came)
    });
}

#[test]
fn cases_unoptimised() {
    run("unoptimised", |case| {
        let mut came = Came::default();
        let mut db = load(case, &mut came);
        ask(&mut db, case, false, &mut came);
        Some(came)
    });
}

#[test]
fn cases_after_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.dixg");
    run("reloaded", |case| {
        let mut came = Came::default();
        let mut db = load(case, &mut came);
        db.save(&path).unwrap();
        let mut again = Database::new(NOW);
        for (name, value) in &case.params {
            again.set_param(name, value);
        }
        again.set_strict(case.strict);
        again.load(&path, 0).unwrap();
        ask(&mut again, case, true, &mut came);
        Some(came)
    });
}

/// The rules that a graph holds.
pub(crate) fn rules(db: &Database) -> Vec<DefineRule> {
    let sentences = db.graph().rules().flat_map(|rule| parse(rule).sentences);
    let rules = sentences.filter_map(|sentence| match sentence.kind {
        SentenceKind::DefineRule(rule) => Some(rule),
        _ => None,
    });
    rules.collect()
}

// Errors in questions, warnings and reasoning verbs are none of the oracle's business.
#[test]
fn cases_by_the_oracle() {
    run("by the oracle", |case| {
        if case.errors.is_some() {
            return None;
        }
        let mut came = Came::default();
        let mut db = load(case, &mut came);
        for sentence in &parse(&case.ask).sentences {
            if let SentenceKind::Ask(ask) = &sentence.kind {
                let params: Params = case.params.iter().cloned().collect();
                let rows = oracle::answer(&World::of(db.graph()), &rules(&db), &params, NOW, ask)?;
                came.rows = Some(rows.iter().map(|row| row.join(" | ")).collect());
            } else {
                db.run(sentence, &case.ask).unwrap();
            }
        }
        came.warnings = case.warnings.clone().unwrap_or_default();
        Some(came)
    });
}
