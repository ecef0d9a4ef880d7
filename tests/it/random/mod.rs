//! Random questions over random graphs: the engine, with and without its optimizer, must answer each as the oracle does.

mod citing;
mod counting;
mod dice;
mod graph;
mod question;

use crate::cases::{NOW, rules};
use crate::oracle::{self, Params, World};
use dice::Dice;
use dixit::db::{Database, Problem};
use dixit::diag::{Code, Severity};
use dixit::eval::text;
use dixit::syntax::ast::{Fact, SentenceKind};
use dixit::syntax::parse;
use graph::PEOPLE;
use question::Question;

/// How many graphs, and how many questions over each.
const GRAPHS: u64 = 30;
const QUESTIONS: usize = 40;

/// An answer: its header and its rows.
type Rows = Vec<Vec<String>>;

fn load(statements: &[String]) -> Result<Database, String> {
    let mut db = Database::new(NOW);
    let loaded = db.load_text(statements.join("\n"), u64::MAX);
    db.end_document();
    let refused = loaded.problems.iter().find(|problem| match problem {
        Problem::Sentence(diagnostic) => {
            // That two are the same may follow already.
            diagnostic.severity == Severity::Error && diagnostic.code != Code::Circular
        }
        Problem::Row(_) | Problem::Mapping(_) => true,
    });
    refused.map_or(Ok(db), |problem| Err(format!("{problem:?}")))
}

fn by_oracle(db: &Database, world: &World, question: &str) -> Rows {
    let parsed = parse(question);
    assert!(parsed.diagnostics.is_empty(), "{question}: {:?}", parsed.diagnostics);
    let [sentence] = &parsed.sentences[..] else { panic!("{question}: not one sentence") };
    let SentenceKind::Ask(ask) = &sentence.kind else { panic!("{question}: no question") };
    oracle::answer(world, &rules(db), &Params::new(), NOW, ask).unwrap()
}

fn by_engine(db: &Database, question: &str, optimize: bool) -> Result<Rows, String> {
    let sentence = &parse(question).sentences[0];
    let answer = db
        .answer_with(sentence, optimize)
        .map_err(|error| format!("{} {}", error.code.id(), error.message))?;
    let mut rows = vec![answer.rows.columns.clone()];
    rows.extend(
        answer.rows.iter().map(|row| row.iter().map(|value| text(db.graph(), value).into()).collect()),
    );
    Ok(rows)
}

/// What is wrong with the answer to a question, if anything.
fn fault(statements: &[String], question: &str) -> Option<String> {
    let db = load(statements).ok()?;
    let said = by_oracle(&db, &World::of(db.graph()), question);
    for optimize in [true, false] {
        let mode = if optimize { "engine" } else { "engine, unoptimised" };
        match by_engine(&db, question, optimize) {
            Err(error) => return Some(format!("{mode} refuses: {error}")),
            Ok(came) if came != said => return Some(format!("oracle: {said:?}\n{mode}: {came:?}")),
            Ok(_) => {}
        }
    }
    None
}

/// The same fault with as few statements as will do.
fn smallest(mut statements: Vec<String>, question: &str) -> Vec<String> {
    let mut at = statements.len();
    while at > 0 {
        at -= 1;
        if statements[at].starts_with("define") {
            continue;
        }
        let without: Vec<String> =
            statements.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, s)| s.clone()).collect();
        if fault(&without, question).is_some() {
            statements = without;
        }
    }
    statements
}

/// Both ways of the engine must say what the oracle said; if not, it is told of as few statements as will do.
fn assert_said(db: &Database, statements: &[String], question: &str, said: &Rows) {
    for optimize in [true, false] {
        if by_engine(db, question, optimize).as_ref() != Ok(said) {
            let fewest = smallest(statements.to_vec(), question);
            let fault = fault(&fewest, question).unwrap_or_default();
            panic!("{}\n{question}\n{fault}", fewest.join("\n"));
        }
    }
}

/// A question over a graph, if possible one with an answer.
fn asked(dice: &mut Dice, db: &Database, world: &World) -> (Question, Rows) {
    let one = |dice: &mut Dice| {
        let question = question::question(dice);
        let rows = by_oracle(db, world, &question.text());
        (question, rows)
    };
    let mut found = one(dice);
    for _ in 0..2 {
        if found.1.len() == 1 {
            found = one(dice);
        }
    }
    found
}

#[test]
fn random_questions_are_answered_as_by_the_oracle() {
    let mut faults: Vec<String> = Vec::new();
    let mut empty = 0;
    for seed in 0..GRAPHS {
        let mut dice = Dice::new(seed);
        let statements = graph::statements(&mut dice);
        let db = load(&statements).unwrap();
        let world = World::of(db.graph());
        for _ in 0..QUESTIONS {
            let (question, said) = asked(&mut dice, &db, &world);
            let question = question.text();
            empty += usize::from(said.len() == 1);
            let right = |optimize: &bool| by_engine(&db, &question, *optimize).as_ref() == Ok(&said);
            if ![true, false].iter().all(right) && faults.len() < 12 {
                let fewest = smallest(statements.clone(), &question);
                let fault = fault(&fewest, &question).unwrap_or_default();
                faults.push(format!("{}\n{question}\n{fault}", fewest.join("\n")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let all = GRAPHS as usize * QUESTIONS;
    assert!(empty * 2 < all, "{empty} of {all} are empty");
}

#[test]
fn random_counts_are_those_of_the_oracle() {
    let mut empty = 0;
    for seed in 0..GRAPHS {
        let mut dice = Dice::new(3_000_000 + seed);
        let statements = graph::statements(&mut dice);
        let db = load(&statements).unwrap();
        let world = World::of(db.graph());
        for _ in 0..QUESTIONS {
            let (mut question, mut said) = (String::new(), Rows::new());
            // If possible one with an answer.
            for _ in 0..4 {
                if said.len() < 2 {
                    question = counting::question(&mut dice);
                    said = by_oracle(&db, &world, &question);
                }
            }
            empty += usize::from(said.len() == 1);
            assert_said(&db, &statements, &question, &said);
        }
    }
    let all = GRAPHS as usize * QUESTIONS;
    assert!(empty * 2 < all, "{empty} of {all} are empty");
}

#[test]
fn rules_over_random_citations_hold_as_by_the_oracle() {
    let mut empty = 0;
    for seed in 0..2 * GRAPHS {
        let mut dice = Dice::new(4_000_000 + seed);
        let statements = citing::statements(&mut dice);
        let db = load(&statements).unwrap();
        let world = World::of(db.graph());
        for _ in 0..QUESTIONS / 2 {
            let question = citing::question(&mut dice);
            let said = by_oracle(&db, &world, &question);
            empty += usize::from(said.len() == 1);
            assert_said(&db, &statements, &question, &said);
        }
    }
    let all = GRAPHS as usize * QUESTIONS;
    assert!(empty * 2 < all, "{empty} of {all} are empty");
}

/// Rows with their columns in the order of the header's names, themselves in order.
fn sorted(rows: &Rows) -> Rows {
    let mut columns: Vec<usize> = (0..rows[0].len()).collect();
    columns.sort_by_key(|at| &rows[0][*at]);
    let mut out: Rows = rows.iter().map(|row| columns.iter().map(|at| row[*at].clone()).collect()).collect();
    out[1..].sort();
    out
}

#[test]
fn the_order_of_sentences_changes_no_answer() {
    for seed in 0..GRAPHS {
        let mut dice = Dice::new(1_000_000 + seed);
        let statements = graph::statements(&mut dice);
        let db = load(&statements).unwrap();
        let world = World::of(db.graph());
        for _ in 0..QUESTIONS / 2 {
            let asked = question::question(&mut dice);
            if asked.parts.len() < 2 {
                continue;
            }
            let asked = Question { stages: String::new(), ..asked };
            let mut turned = asked.clone();
            dice.shuffle(&mut turned.parts);
            let (one, other) = (asked.text(), turned.text());
            assert_eq!(
                sorted(&by_oracle(&db, &world, &one)),
                sorted(&by_oracle(&db, &world, &other)),
                "{}\n{one}\n{other}",
                statements.join("\n")
            );
        }
    }
}

#[test]
fn it_does_not_matter_when_a_merge_is_stated() {
    let is_merge = |line: &String| {
        line.contains("] same as ") || PEOPLE.iter().any(|name| line.starts_with(&format!("{name} same as ")))
    };
    let mut merged = 0;
    for seed in 0..GRAPHS {
        let mut dice = Dice::new(5_000_000 + seed);
        let (mut merges, claims): (Vec<_>, Vec<_>) =
            graph::statements(&mut dice).into_iter().partition(is_merge);
        let (a, b) = dice.two(&["Anna", "Boris", "Daily", "Wire", "Radio"]);
        let merge = format!("{a} same as {b}.");
        merges.retain(|other| *other != merge);
        merges.push(merge);
        let voids = vec![format!("void {a} same as {b} because \"two of them\".")];
        let load = |parts: [&[String]; 3]| load(&parts.concat()).unwrap();
        let (before, after) = (load([&merges, &claims, &[]]), load([&claims, &merges, &[]]));
        let others = &merges[..merges.len() - 1];
        let (apart, alone) = (load([&merges, &claims, &voids]), load([others, &claims, &[]]));
        merged += merges.len();
        for _ in 0..QUESTIONS / 4 {
            let question = Question { stages: " | count".into(), ..question::question(&mut dice) }.text();
            let count = |db: &Database| by_engine(db, &question, true);
            assert_eq!(
                count(&before),
                count(&after),
                "{}\n{question}",
                [&merges[..], &claims].concat().join("\n")
            );
            assert_eq!(
                count(&apart),
                count(&alone),
                "{}\n{question}",
                [&merges[..], &claims, &voids].concat().join("\n")
            );
        }
    }
    assert!(merged > GRAPHS as usize);
}

#[test]
fn every_statement_asked_as_a_question_is_found() {
    for seed in 0..GRAPHS {
        let mut dice = Dice::new(2_000_000 + seed);
        let statements = graph::statements(&mut dice);
        let db = load(&statements).unwrap();
        for line in &statements {
            if !matches!(parse(line).sentences[0].kind, SentenceKind::Fact(Fact::Claim(_))) {
                continue;
            }
            // What is withdrawn is not found, nor what speaks about it; a label asserts nothing, whatever verb carried it.
            let withdrawn = |other: &String| {
                let id = other.strip_prefix("void ").and_then(|rest| rest.split(' ').next());
                id.is_some_and(|id| line.split([' ', ':', '(', '.']).any(|word| word == id))
            };
            // Nor yet speech about what came by others.
            let about_a_chain = line.contains("that (") && line.contains(" via ");
            if statements.iter().any(withdrawn) || line.contains("mode: label") || about_a_chain {
                continue;
            }
            let question = format!("{}?", line.trim_end_matches('.'));
            let rows = by_engine(&db, &question, true).unwrap();
            let found = rows.len() > 1 && rows[1] != ["no"];
            assert!(found, "{}\n{question}", statements.join("\n"));
        }
    }
}

/// The statements of a random graph.
pub(crate) fn statements(seed: u64) -> Vec<String> {
    graph::statements(&mut Dice::new(seed))
}
