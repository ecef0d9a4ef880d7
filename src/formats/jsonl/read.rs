//! Recording a file of rows, each counted.

use super::super::dixit::{self, Context, Params};
use super::batch::{AllReady, Parser, Reading, Ready};
use super::convert::{self, Told, Wrong, wrong};
use crate::diag::{Code, Diagnostic, RowProblem};
use crate::graph::{Begun, Graph, Mention, Refusal};
use crate::syntax::parse;
use crate::threads::in_turn;
use std::io::BufRead;
use std::ops::ControlFlow;

/// After how many rows it is known well enough what a row brings.
const MANY: u64 = 1 << 14;

/// After which share of a file it is known well enough how many rows will come.
const FIRST: f64 = 0.05;

/// How many times what is expected there is room for: what was read is ahead of what was recorded.
const GENEROUS: f64 = 1.1;

/// What reading a file came to. Blank lines do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines read.
    pub read: u64,
    /// Lines taken: recorded, or known already.
    pub taken: u64,
    /// Lines that added something to the graph.
    pub added: u64,
    /// What was wrong with the others, in order.
    pub refused: Vec<RowProblem>,
    /// Whether reading ended early, because more lines were wrong than allowed.
    pub gave_up: bool,
}

/// Why a file could not be read to its end. What stands before that is in the graph.
#[derive(Debug)]
pub struct Broken {
    /// How many lines before that were taken.
    pub taken: u64,
    /// What the reader said.
    pub error: std::io::Error,
}

/// Reads every row into a graph, until more than `max_errors` are wrong. Only the reader itself can fail; what is wrong with a line is in
/// the report. `share` tells which share of the input was read so far, where that is known: room for the rest is made when there is much.
/// Lines are read and parsed by other threads while this one records, and by this one too where there is nothing to record yet.
pub fn read(
    graph: &mut Graph,
    input: impl BufRead + Send,
    max_errors: u64,
    share: impl Fn() -> Option<f64>,
) -> Result<Report, Broken> {
    // The names of this file get numbers of their own.
    graph.number_names();
    let report = read_on(graph, input, max_errors, share);
    graph.number_names();
    report
}

fn read_on(
    graph: &mut Graph,
    input: impl BufRead + Send,
    max_errors: u64,
    share: impl Fn() -> Option<f64>,
) -> Result<Report, Broken> {
    let mut begun = Some(Begun::now(graph));
    let (mut reading, parser) = (Reading::new(input), Parser::new(graph.lexicon.clone()));
    let (mut report, mut broken) = (Report::default(), None);
    in_turn(
        || reading.next(),
        |unparsed| parser.parse(unparsed),
        |batches| {
            for batch in batches.iter().flatten() {
                batch.with_rows(|rows| record_all(graph, rows, max_errors, &mut report));
                if report.gave_up {
                    return ControlFlow::Break(());
                }
            }
            if report.read >= MANY
                && let Some(share) = share().filter(|share| (FIRST..1.0).contains(share))
                && let Some(begun) = begun.take()
            {
                begun.expect(graph, (1.0 / share - 1.0) * GENEROUS);
            }
            broken = batches.pop_if(|last| last.is_err()).and_then(Result::err);
            if broken.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    match broken {
        Some(error) => Err(Broken { taken: report.taken, error }),
        None => Ok(report),
    }
}

/// Records some rows, until more are wrong than allowed.
fn record_all(graph: &mut Graph, rows: &AllReady<'_>, max_errors: u64, report: &mut Report) {
    let ready = rows.iter().filter_map(|(_, ready)| ready.as_ref().ok()?.told.as_ref());
    graph.touch(ready.map(|told| &told.draft));
    for (line, ready) in rows {
        report.read += 1;
        let recorded = match ready {
            Ok(ready) => record(graph, ready),
            Err(wrong) => Err(wrong.clone()),
        };
        match recorded {
            Ok(added) => {
                report.taken += 1;
                report.added += u64::from(added);
            }
            Err(Wrong { code, message, help }) => {
                report.refused.push(RowProblem { line: *line, code, message, help });
                if report.refused.len() as u64 > max_errors {
                    report.gave_up = true;
                    return;
                }
            }
        }
    }
}

fn record(graph: &mut Graph, Ready { row, told }: &Ready<'_>) -> Result<bool, Wrong> {
    // What was told in time needs no look at the row, which another thread wrote.
    match (told, &row.sentence) {
        (Some(told), _) => record_told(graph, told),
        (None, Some(sentence)) => record_sentence(graph, sentence),
        (None, None) => record_told(graph, &convert::told(&graph.lexicon, row)?),
    }
}

/// Records a sentence that stands for a row, for what the keys of a claim cannot hold.
fn record_sentence(graph: &mut Graph, sentence: &str) -> Result<bool, Wrong> {
    let refused = |found: &Diagnostic| {
        let help = found.help.first().cloned().unwrap_or_default();
        let message = format!("{} (`{}`)", found.message, found.span.of(sentence));
        Wrong::new(found.code, message, help)
    };
    let parsed = parse(sentence);
    if let Some(found) = parsed.diagnostics.first() {
        return Err(refused(found));
    }
    let [one] = &parsed.sentences[..] else {
        return if parsed.sentences.is_empty() {
            wrong(Code::BadRow, "there is no sentence in `sentence`", "write one, or leave the line away")
        } else {
            wrong(
                Code::BadRow,
                "there are several sentences in this row",
                "a row is taken whole or not at all: put each sentence on a line of its own",
            )
        };
    };
    let mut context = Context::new(graph.log.batches().last().map_or(0, |batch| batch.at), Params::new());
    // A sentence may ask for relations that rows before it made.
    let deferred = graph.is_deferred();
    graph.undefer();
    let told = dixit::record(graph, &mut context, one, sentence);
    if deferred {
        graph.defer();
    }
    told.map(|told| told.added).map_err(|found| refused(&found))
}

/// Everything is checked before anything is added.
fn record_told(graph: &mut Graph, told: &Told<'_>) -> Result<bool, Wrong> {
    let Told { draft, document, define, names, title, group } = told;
    for name in names {
        graph.check_name(&Mention::named(&name.name)).map_err(refused)?;
    }
    if let Some(group) = group {
        graph.check_name(group).map_err(refused)?;
        if draft.sources.iter().any(|source| graph.would_be_one(source, group)) {
            return wrong(
                Code::Circular,
                format!("`{}` would be a member of itself", group.name),
                "name the group in `speaker_affiliation`",
            );
        }
    }
    if let Some(document) = document {
        graph.check_document(document).map_err(refused)?;
    }
    graph.check(draft).map_err(refused)?;
    // From here on nothing is refused.
    if let Some((word, act)) = *define {
        let _ = graph.define_verb(word, act, false);
    }
    if let Some(document) = document {
        graph.add_document(document);
    }
    let recorded = graph.add(draft);
    // Names mean what they meant before this row gave anybody another one.
    let named: Vec<_> =
        names.iter().map(|name| (graph.add_name(&Mention::named(&name.name)), name)).collect();
    let group = group.map(|group| graph.add_name(&group));
    for (entity, name) in named {
        let entity = graph.same.entity(entity);
        name.ids().iter().for_each(|id| graph.declare_external_id(entity, id));
        for alias in name.aliases() {
            graph.declare_alias(entity, alias).map_err(refused)?;
        }
    }
    if title.is_some() || group.is_some() {
        let speakers: Vec<_> = graph.entities.party(graph.claims.source(recorded.claim.claim)).collect();
        for speaker in speakers {
            graph.declare_affiliation(speaker, group, *title, None, group.is_some());
        }
    }
    Ok(recorded.added)
}

fn refused(refusal: Refusal) -> Wrong {
    let (code, message, help) = match refusal {
        Refusal::Ambiguous { name, candidates } => (
            Code::AmbiguousName,
            format!("`{name}` could be {}", candidates.join(" or ")),
            "give the others another name, or merge them with `same as`".to_string(),
        ),
        Refusal::IdTaken(id) => (
            Code::Redefinition,
            format!("`{id}` is the id of another claim already"),
            "give this claim an id of its own, or leave the id away".into(),
        ),
        Refusal::TooLong(what) => {
            (Code::TooLong, format!("{what} is longer than a mebibyte"), "keep long texts outside".into())
        }
        Refusal::Full => (
            Code::TooLarge,
            "the graph holds as many rows as it can".into(),
            "split the data into several graphs".into(),
        ),
    };
    Wrong::new(code, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(lines: &[u8]) -> (Graph, Report) {
        let mut graph = Graph::new();
        let report = read(&mut graph, lines, 100, || None).unwrap();
        (graph, report)
    }

    #[test]
    fn a_row_becomes_a_claim_with_its_chain() {
        let line = br#"{"id":"u1","speaker":"Ann","cue":"warned","proposition":"the dam leaks","subjects":["Dam","Valley"],"outlets":["Morning Post","Wire"],"document":{"url":"https://example.org/1","date":"2025-01-02","outlet":"Morning Post"},"date":"2025-01-01","hedge":"possibly","extra":{"n":[1,2]}}"#;
        let twice = [&line[..], b"\n\n", &line[..]].concat();
        let (graph, report) = load(&twice);
        assert_eq!((report.read, report.taken, report.added), (2, 2, 1));
        let claim = graph.claims.by_id("u1").unwrap();
        let appearance = graph.claims.appearances(claim).next().unwrap();
        let chain = graph.chains.outwards(graph.chains.outermost_hop(appearance));
        let names: Vec<&str> = chain
            .iter()
            .flat_map(|hop| graph.entities.party(graph.chains.source(*hop)))
            .map(|entity| graph.entities.name(entity))
            .collect();
        assert_eq!(names, ["Wire", "Morning Post"]);
        assert_eq!(graph.propositions.subjects(graph.claims.content(claim).unwrap().proposition).count(), 2);
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let mut text =
            b"\xEF\xBB\xBF{\"speaker\":\"Ann\",\"proposition\":\"x\"}\nnot json\n{\"speeker\":\"Ann\"}\n"
                .to_vec();
        text.extend_from_slice(b"{\"speaker\":\"A\xFF\"}\n{\"speaker\":\"\\ud800\"}\n{\"cue\":\"zzz\"}\n{\"date\":\"12/01/2025\"}\n");
        text.extend_from_slice(b"{\"speaker\":\"Bea\",\"proposition\":\"y\",\"stance\":\"against\"}");
        let (graph, report) = load(&text);
        let codes: Vec<(u64, &str)> = report.refused.iter().map(|p| (p.line, p.code.id())).collect();
        assert_eq!(codes, [(2, "E305"), (3, "E306"), (4, "E115"), (5, "E305"), (6, "E201"), (7, "E217")]);
        assert_eq!((report.read, report.taken), (8, 2));
        assert_eq!(graph.claims.len(), 2);
    }

    #[test]
    fn rows_come_in_their_order_whoever_parsed_them() {
        let is_bad = |at: &u32| at % 1000 == 999;
        let line = |at: u32| match at {
            bad if is_bad(&bad) => "not json\n".to_string(),
            at => {
                format!(r#"{{"id":"u{at}","speaker":"Speaker {}","proposition":"text {at}"}}"#, at % 7) + "\n"
            }
        };
        let text: String = (0..20_000).map(line).collect();
        let (graph, report) = load(text.as_bytes());
        let lines: Vec<u64> = report.refused.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, (1..=20).map(|thousand| thousand * 1000).collect::<Vec<u64>>());
        assert_eq!((report.read, report.taken, report.gave_up), (20_000, 19_980, false));
        let ids = (0..report.taken as u32).map(|row| graph.claims.id(crate::model::ClaimId(row)).to_string());
        assert!(ids.eq((0..20_000).filter(|at| !is_bad(at)).map(|at| format!("u{at}"))));
        let report = read(&mut Graph::new(), text.as_bytes(), 4, || None).unwrap();
        assert_eq!((report.read, report.refused.len(), report.gave_up), (5000, 5, true));
        // Room that is made on the way changes nothing, however wrong the share is.
        for share in [0.0, 0.06, 0.9, 2.0] {
            let mut other = Graph::new();
            let report = read(&mut other, text.as_bytes(), 100, || Some(share)).unwrap();
            let ids = (0..report.taken as u32).map(|row| other.claims.id(crate::model::ClaimId(row)));
            assert!(ids.eq((0..report.taken as u32).map(|row| graph.claims.id(crate::model::ClaimId(row)))));
        }
    }

    #[test]
    fn an_endless_line_is_passed_over() {
        let mut text = vec![b'x'; super::super::MAX_LINE + 10];
        text.extend_from_slice(b"\n{\"speaker\":\"Ann\",\"proposition\":\"x\"}\n");
        let (_, report) = load(&text);
        assert_eq!((report.read, report.taken), (2, 1));
        assert_eq!(report.refused[0].code, Code::TooLong);
    }

    #[test]
    fn sources_that_are_not_named_stay_apart() {
        let (graph, _) = load(
            b"{\"proposition\":\"x\"}\n{\"proposition\":\"y\"}\n{\"speaker\":\"officials\",\"proposition\":\"x\"}\n{\"speaker\":\"officials\",\"proposition\":\"y\"}\n{\"proposition\":\"x\"}",
        );
        assert_eq!((graph.claims.len(), graph.entities.len()), (4, 4));
    }
}
