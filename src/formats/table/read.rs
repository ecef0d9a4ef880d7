//! Reading a table: row by row, each within a limit, each counted. A row is told whole or not at all.

use super::cell::Cell;
use super::csv::{Next, Rows};
use super::fill::fill;
use super::json::{Lines, cells, keys};
use super::mapping::Mapping;
use super::value::{RowValues, shortened};
use super::{MAX_ROW, Wrong};
use crate::diag::{Code, Diagnostic, RowProblem, brief};
use crate::formats::dixit::{self, Context};
use crate::formats::jsonl;
use crate::graph::Graph;
use crate::model::fold;
use crate::syntax::ast::{Adjunct, Also, Claim, Fact, IsA, Label, TableKind, Term, ToldWhat};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Read};

/// What reading a table came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// As for JSON lines. A row that was passed over is read, and neither taken nor refused.
    pub rows: jsonl::Report,
    /// Rows of which no statement spoke.
    pub passed: u64,
    /// Columns that no row had: the mapping is to blame.
    pub unseen: Vec<Diagnostic>,
    /// The refused rows as they stand in the table, below what stands above its first row; empty where none was refused.
    pub rejects: Vec<u8>,
}

/// How reading a table went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Row by row.
    Read(Report),
    /// The mapping does not fit the table: nothing was recorded.
    Unfit(Vec<Diagnostic>),
}

/// What is gathered while rows are told.
struct Told<'m> {
    mapping: &'m Mapping,
    context: Context,
    report: Report,
    /// Declarations told already, which tell nothing new.
    known: HashSet<u128>,
    keep: bool,
    max_errors: u64,
}

/// Reads a table into a graph, until more than `max_errors` rows are wrong; `keep` keeps those as they are. Only the reader itself can fail.
pub fn read(
    graph: &mut Graph,
    context: &Context,
    mapping: &Mapping,
    input: impl Read,
    max_errors: u64,
    keep: bool,
) -> io::Result<Outcome> {
    let mut context = context.clone();
    context.end_document();
    let mut told =
        Told { mapping, context, report: Report::default(), known: HashSet::new(), keep, max_errors };
    let began = match mapping.dialect.kind {
        TableKind::Jsonl => told.lines(graph, input)?,
        TableKind::Csv | TableKind::Tsv => told.cells(graph, input)?,
    };
    Ok(match began {
        Ok(()) => Outcome::Read(told.report),
        Err(problems) => Outcome::Unfit(problems),
    })
}

impl Told<'_> {
    /// Records what the mapping tells once.
    fn begin(&mut self, graph: &mut Graph) -> Result<(), Vec<Diagnostic>> {
        let source = &self.mapping.source;
        let told = self
            .mapping
            .setup
            .iter()
            .map(|sentence| dixit::record(graph, &mut self.context, sentence, source));
        let wrong: Vec<Diagnostic> = told.filter_map(|told| told.err().map(|found| *found)).collect();
        self.context.end_document();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn cells(&mut self, graph: &mut Graph, input: impl Read) -> io::Result<Result<(), Vec<Diagnostic>>> {
        let mapping = self.mapping;
        let mut rows = match Rows::open(input, &mapping.dialect)? {
            Ok(rows) => rows,
            Err(Wrong { code, message, help, .. }) => {
                let found = Diagnostic::error(code, mapping.head, message).help(help);
                return Ok(Err(vec![found]));
            }
        };
        let mut places: Option<Vec<usize>> = None;
        loop {
            let next = rows.next()?;
            if places.is_none() {
                // Without a head line the first row tells how many columns there are.
                let ended = matches!(next, Next::End);
                match self.places(
                    &rows.header,
                    if ended && rows.header.is_empty() { usize::MAX } else { rows.width() },
                ) {
                    Ok(found) => places = Some(found),
                    Err(problems) => return Ok(Err(problems)),
                }
                if let Err(problems) = self.begin(graph) {
                    return Ok(Err(problems));
                }
            }
            let came = match next {
                Next::End => return Ok(Ok(())),
                Next::Bad(wrong) => Err(wrong),
                Next::Row => {
                    let places = places.as_deref().unwrap_or(&[]);
                    let cells: Result<Vec<Cell<'_>>, Wrong> = places
                        .iter()
                        .enumerate()
                        .map(|(at, place)| self.cell(at, rows.cell(*place), rows.is_decoded))
                        .collect();
                    cells.and_then(|cells| self.row(graph, &cells))
                }
            };
            if let Some(wrong) = self.count(came) {
                let above = self.above(&rows.above, rows.is_decoded);
                self.keep(above, || rows.raw());
                if self.refuse(rows.line(), wrong) {
                    return Ok(Ok(()));
                }
            }
        }
    }

    fn lines(&mut self, graph: &mut Graph, input: impl Read) -> io::Result<Result<(), Vec<Diagnostic>>> {
        let mapping = self.mapping;
        if let Err(problems) = self.begin(graph) {
            return Ok(Err(problems));
        }
        let mut lines = Lines::open(input, &mapping.dialect)?;
        let names: Vec<&str> = mapping.columns.iter().map(|column| column.text.as_str()).collect();
        let mut seen = vec![false; names.len()];
        let mut first: Option<Vec<u8>> = None;
        loop {
            let came = match lines.next()? {
                Next::End => break,
                Next::Bad(wrong) => Err(wrong),
                Next::Row => {
                    let cells = cells(lines.raw(), &names, &mapping.dialect.empty, &mut seen);
                    if cells.is_ok() && first.is_none() {
                        first = Some(lines.raw().to_vec());
                    }
                    cells.and_then(|cells| self.row(graph, &cells))
                }
            };
            if let Some(wrong) = self.count(came) {
                let above = self.above(&lines.above, lines.is_decoded);
                self.keep(above, || lines.raw().to_vec());
                if self.refuse(lines.line, wrong) {
                    return Ok(Ok(()));
                }
            }
        }
        // A key may be rare, so only what no row at all has is a mistake.
        if let Some(first) = first {
            let known = keys(&first);
            let unseen = seen.iter().enumerate().filter(|(_, seen)| !**seen);
            self.report.unseen = unseen.filter_map(|(at, _)| mapping.unseen(at, &known)).collect();
        }
        Ok(Ok(()))
    }

    /// Where in a row each column of the mapping stands.
    fn places(&self, header: &[String], width: usize) -> Result<Vec<usize>, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut places = Vec::new();
        for (at, column) in self.mapping.columns.iter().enumerate() {
            let mut named = (0..header.len()).filter(|place| header.get(*place) == Some(&column.text));
            let by_number = || {
                let number: usize = column.text.parse().ok()?;
                (1..=width).contains(&number).then(|| number - 1)
            };
            match (named.next(), named.next()) {
                (Some(place), None) => places.push(place),
                (Some(first), Some(second)) => {
                    let message = format!("the table has several columns `{}`", column.text);
                    let help = format!("name it by its number: ${} or ${}", first + 1, second + 1);
                    problems.push(Diagnostic::error(Code::NoColumn, column.span, message).help(help));
                }
                (None, _) => match by_number() {
                    Some(place) => places.push(place),
                    None if header.is_empty() => {
                        let message = format!(
                            "there is no column `{}` in a table of {width} columns without names",
                            column.text
                        );
                        let found = Diagnostic::error(Code::NoColumn, column.span, message);
                        problems.push(found.help("name columns by their number, as $1"));
                    }
                    None => problems.extend(self.mapping.unseen(at, header)),
                },
            }
        }
        if problems.is_empty() { Ok(places) } else { Err(problems) }
    }

    fn cell<'r>(&self, at: usize, bytes: &'r [u8], is_decoded: bool) -> Result<Cell<'r>, Wrong> {
        let name = || self.mapping.columns.get(at).map_or("", |column| column.text.as_str());
        match std::str::from_utf8(bytes) {
            Ok(text) if is_decoded && text.contains('\u{FFFD}') => {
                let message = format!(
                    "${}: `{}` holds bytes that mean nothing in this encoding",
                    name(),
                    shortened(text)
                );
                Err(Wrong::new(Code::Encoding, message, "name the encoding that the table has"))
            }
            Ok(text) => Ok(Cell::of(text, &self.mapping.dialect.empty)),
            Err(error) => {
                let message = format!("${}: byte {} is not UTF-8", name(), error.valid_up_to() + 1);
                Err(Wrong::new(
                    Code::Encoding,
                    message,
                    "name the encoding of the table: from csv encoding \"windows-1252\"",
                ))
            }
        }
    }

    /// Tells a row: nothing where no statement spoke of it, else whether it added anything.
    fn row(&mut self, graph: &mut Graph, cells: &[Cell<'_>]) -> Result<Option<bool>, Wrong> {
        let mapping = self.mapping;
        let (mut claims, mut declared, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        let mut spoken = false;
        let mut left = MAX_ROW;
        for (at, row) in mapping.rows.iter().enumerate() {
            if !row.guard.iter().all(|test| cells.get(test.cell).is_some_and(|cell| test.holds(cell))) {
                continue;
            }
            let mut values = RowValues::of(&row.slots, cells, &mapping.dialect.empty, left)?;
            let declares = !matches!(row.what, ToldWhat::Fact(Fact::Claim(_)) | ToldWhat::Document(_));
            for part in 0..values.parts()? {
                values.part = part;
                let key = declares.then(|| values.key(at));
                if key.as_ref().is_some_and(|key| self.known.contains(key)) {
                    spoken = true;
                    continue;
                }
                let Some(filled) = fill(&row.what, &values)? else { continue };
                spoken = true;
                keys.extend(key);
                if declares { declared.push(filled) } else { claims.push(filled) }
            }
            left = values.left.get();
        }
        if !spoken {
            return Ok(None);
        }
        // A single claim is checked whole by being recorded.
        if !(declared.is_empty() && matches!(claims[..], [ToldWhat::Fact(_)])) {
            together(&claims, &declared)?;
            for statement in claims.iter().chain(&declared) {
                dixit::check(graph, &self.context, statement).map_err(|found| self.of_row(*found))?;
            }
        }
        // What is declared of names comes last, and further names at the very end: none of it can take another its meaning then.
        declared.sort_by_key(gives_names);
        let mut added = false;
        let mut told = Ok(());
        for statement in claims.iter().chain(&declared) {
            match dixit::tell(graph, &mut self.context, statement) {
                Ok(outcome) => added |= outcome.added,
                Err(found) => {
                    told = Err(found);
                    break;
                }
            }
        }
        self.context.end_document();
        told.map_err(|found| self.of_row(*found))?;
        self.known.extend(keys);
        Ok(Some(added))
    }

    /// What is wrong with a statement of a row, with the column that it came from.
    fn of_row(&self, found: Diagnostic) -> Wrong {
        let slot = self.mapping.rows.iter().flat_map(|row| &row.slots).find(|slot| slot.span == found.span);
        let message = match slot {
            Some(slot) => format!("${}: {}", slot.name, found.message),
            None => found.message,
        };
        Wrong::new(found.code, message, found.help.into_iter().next().unwrap_or_default())
    }

    /// Counts a row; gives back what is wrong with it.
    fn count(&mut self, came: Result<Option<bool>, Wrong>) -> Option<Wrong> {
        self.report.rows.read += 1;
        match came {
            Ok(Some(added)) => {
                self.report.rows.taken += 1;
                self.report.rows.added += u64::from(added);
                None
            }
            Ok(None) => {
                self.report.passed += 1;
                None
            }
            Err(wrong) => Some(wrong),
        }
    }

    /// Notes a refused row; true where it was one too many.
    fn refuse(&mut self, line: u64, wrong: Wrong) -> bool {
        let Wrong { code, message, help, .. } = wrong;
        self.report.rows.refused.push(RowProblem { line, code, message: brief(message), help: brief(help) });
        let gave_up = self.report.rows.refused.len() as u64 > self.max_errors;
        self.report.rows.gave_up |= gave_up;
        gave_up
    }

    /// What stands above the first row, for the first row that is kept.
    fn above(&self, above: &[u8], is_decoded: bool) -> Vec<u8> {
        if !self.keep || !self.report.rejects.is_empty() {
            return Vec::new();
        }
        // Refused rows of another encoding are kept as UTF-8, which the mark says to whoever reads them again.
        let mark = if is_decoded { &b"\xEF\xBB\xBF"[..] } else { &[] };
        [mark, above].concat()
    }

    fn keep(&mut self, above: Vec<u8>, raw: impl FnOnce() -> Vec<u8>) {
        if !self.keep {
            return;
        }
        let kept = &mut self.report.rejects;
        for part in [above, raw()] {
            kept.extend(part);
            if !kept.is_empty() && !kept.ends_with(b"\n") && !kept.ends_with(b"\xEF\xBB\xBF") {
                kept.push(b'\n');
            }
        }
    }
}

/// Whether two claims of one id say the same.
fn is_one_claim(one: &Claim, other: &Claim) -> bool {
    let own = |adjunct: &&Adjunct| matches!(adjunct, Adjunct::Said { .. } | Adjunct::If(_));
    one.who == other.who
        && one.verb == other.verb
        && one.listener == other.listener
        && one.content == other.content
        && one.adjuncts.iter().filter(own).eq(other.adjuncts.iter().filter(own))
}

/// Whether a statement gives somebody further names.
fn gives_names(statement: &ToldWhat) -> bool {
    matches!(statement, ToldWhat::Fact(Fact::IsA(isa)) if isa.also.iter().any(|also| matches!(also, Also::Alias(_))))
}

/// Refuses what is right alone and not together: one id for two claims, names given to somebody who is given names.
fn together(claims: &[ToldWhat], declared: &[ToldWhat]) -> Result<(), Wrong> {
    let mut ids: BTreeMap<&str, &Claim> = BTreeMap::new();
    for statement in claims {
        let ToldWhat::Fact(Fact::Claim(claim)) = statement else { continue };
        let Some(Label::Id(word)) = &claim.label else { continue };
        // Another way in which a claim came is no other claim.
        let other = ids.insert(&word.text, claim);
        if other.is_some_and(|other| !is_one_claim(claim, other)) {
            let message = format!("#{} would be the id of two claims", word.text);
            let help = "leave it away from all but one statement of the mapping";
            return Err(Wrong::new(Code::Redefinition, message, help));
        }
    }
    let named: Vec<&IsA> = declared
        .iter()
        .filter(|statement| gives_names(statement))
        .filter_map(|statement| if let ToldWhat::Fact(Fact::IsA(isa)) = statement { Some(isa) } else { None })
        .collect();
    if named.len() < 2 {
        return Ok(());
    }
    let names: BTreeSet<_> = named
        .iter()
        .filter_map(|isa| if let Term::Name(name) = &isa.who { Some(fold(&name.text)) } else { None })
        .collect();
    for isa in named {
        let own = if let Term::Name(name) = &isa.who { fold(&name.text) } else { "".into() };
        for also in &isa.also {
            if let Also::Alias(word) = also
                && fold(&word.text) != own
                && names.contains(&fold(&word.text))
            {
                let message =
                    format!("`{}` is another name here, and is given other names itself", word.text);
                return Err(Wrong::new(Code::AmbiguousName, message, "give all names to one of the two"));
            }
        }
    }
    Ok(())
}
