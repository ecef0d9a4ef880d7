//! Loading files of any kind into a database: what kind a file is, and what reading it came to.

use super::Database;
use super::durable::{self, Unreplayed};
use super::source::{self, detect};
use crate::diag::{Code, Diagnostic, RowProblem, Severity};
use crate::formats::table::{self, Mapping, Outcome};
use crate::formats::{dixit, export, jsonl};
use crate::graph::Graph;
use crate::model::ClaimRef;
use crate::store::{self, Cut, StoreError};
use crate::syntax::ast::{Sentence, SentenceKind};
use crate::syntax::{Piece, Pieces, parse, parse_piece, split};
use crate::threads::in_turn;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The kinds of files that can be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Sentences.
    Dixit,
    /// A claim as JSON on each line.
    Jsonl,
    /// A snapshot.
    Snapshot,
    /// A table, read through a mapping.
    Table,
}

/// How many sentences of a text are worth other threads.
const MANY: usize = 1 << 12;

/// How many of them are parsed in one go.
const IN_ONE_GO: usize = 1 << 8;

/// What loading a file came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// What kind of file it was.
    pub kind: FileKind,
    /// The text that the spans of problems are of; empty for rows and snapshots.
    pub source: String,
    /// Statements, rows or claims read.
    pub read: u64,
    /// Of these, how many were taken: recorded, or known already.
    pub taken: u64,
    /// Of these, how many added something.
    pub added: u64,
    /// What was wrong or deserves a look, in the order of the file.
    pub problems: Vec<Problem>,
    /// How many questions were passed over.
    pub questions: u64,
    /// How many rows no statement of a mapping spoke of.
    pub passed: u64,
    /// How many names came in another spelling that folds to one that was known, as `ANNA` beside `Anna`.
    pub spellings: usize,
    /// Whether reading ended early, because more was wrong than allowed.
    pub gave_up: bool,
    /// The refused rows as they were, where that was asked for.
    pub rejects: Vec<u8>,
    /// What the end of a snapshot's journal holds that was never acknowledged, and is left out.
    pub cut: Option<Cut>,
}

/// One thing that was wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// In a text.
    Sentence(Diagnostic),
    /// In the mapping of a table: its spans are of the mapping's text.
    Mapping(Diagnostic),
    /// In a row.
    Row(RowProblem),
}

impl Loaded {
    fn of(kind: FileKind) -> Self {
        Loaded {
            kind,
            source: String::new(),
            read: 0,
            taken: 0,
            added: 0,
            problems: Vec::new(),
            questions: 0,
            passed: 0,
            spellings: 0,
            gave_up: false,
            rejects: Vec::new(),
            cut: None,
        }
    }

    /// How many sentences or rows were not taken.
    pub fn refused(&self) -> usize {
        let is_error = |problem: &&Problem| match problem {
            Problem::Sentence(diagnostic) => diagnostic.severity == Severity::Error,
            Problem::Mapping(_) => false,
            Problem::Row(_) => true,
        };
        self.problems.iter().filter(is_error).count()
    }

    /// How much was wrong: what was not taken, and what is wrong with a mapping.
    pub fn errors(&self) -> usize {
        self.refused() + self.problems.iter().filter(|problem| matches!(problem, Problem::Mapping(_))).count()
    }
}

/// Why a file could not be loaded at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file system refused.
    #[error("cannot read it: {0}")]
    Read(#[from] std::io::Error),
    /// The file could not be read to its end.
    #[error("{error}; {taken} rows before that were taken")]
    Broken {
        /// How many rows were taken before.
        taken: u64,
        /// What the system said, or what is wrong with what is packed.
        error: std::io::Error,
    },
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
    /// A text that is not UTF-8.
    #[error("byte {0} is not UTF-8: save the file as UTF-8")]
    Encoding(usize),
    /// More sentences than are read at once.
    #[error(
        "sentences are read whole, and this is more than {0} mebibytes of them: split the file, or export it as JSON lines"
    )]
    TooLong(u64),
    /// A packed snapshot.
    #[error("a snapshot is opened as it lies on disk: unpack it first")]
    Packed,
    /// A table without a mapping.
    #[error("a table is read through a mapping: name its file before it, with --map")]
    NoMapping,
    /// A mapping that reads another kind of table.
    #[error(
        "the mapping before it reads another kind of table: put this file before --map, or behind a mapping of its own"
    )]
    OtherMapping,
    /// A mapping that does not fit the table.
    #[error("the mapping does not fit this table")]
    Unfit(Vec<Diagnostic>),
    /// A snapshot that cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A journal that cannot be replayed.
    #[error(transparent)]
    Replay(#[from] Unreplayed),
    /// A graph that holds something where it is to become another.
    #[error("there is something in the graph already: a snapshot to be written is opened first")]
    NotEmpty,
}

impl Database {
    /// Loads a file of any kind into the graph, beside what it holds. What is wrong with single sentences or rows is in the report; no more
    /// than `max_errors` of them are gone through.
    pub fn load(&mut self, path: &Path, max_errors: u64) -> Result<Loaded, LoadError> {
        self.commit()?;
        let names = self.graph.entities.name_rows();
        let came = self.load_file(path, max_errors).map(|loaded| self.spelled_since(names, loaded));
        self.loaded(came)
    }

    /// Counts what a file spelled otherwise than it was known. A snapshot that came as it is was counted when it was built.
    fn spelled_since(&self, names: usize, loaded: Loaded) -> Loaded {
        let spellings = match loaded.kind {
            FileKind::Snapshot => 0,
            _ => self.graph.entities.spellings_since(names),
        };
        Loaded { spellings, ..loaded }
    }

    fn load_file(&mut self, path: &Path, max_errors: u64) -> Result<Loaded, LoadError> {
        let kind = detect(path)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match kind {
            FileKind::Snapshot => self.load_snapshot(path, &name),
            FileKind::Jsonl => {
                self.begin_batch(&name);
                let content = self.content(path)?;
                self.load_rows(content, max_errors)
            }
            FileKind::Table => Err(LoadError::NoMapping),
            FileKind::Dixit => {
                let source = text(self.whole(path)?)?;
                self.begin_batch(&name);
                let loaded = self.record_text(source, max_errors, false);
                self.end_document();
                Ok(loaded)
            }
        }
    }

    /// Loads a table through a mapping. A refused row costs only itself, and is kept as it was where `keep` says so.
    pub fn load_table(
        &mut self,
        path: &Path,
        mapping: &Mapping,
        max_errors: u64,
        keep: bool,
    ) -> Result<Loaded, LoadError> {
        self.commit()?;
        let names = self.graph.entities.name_rows();
        let came = self.load_rows_of_table(path, mapping, max_errors, keep);
        let came = came.map(|loaded| self.spelled_since(names, loaded));
        self.loaded(came)
    }

    fn load_rows_of_table(
        &mut self,
        path: &Path,
        mapping: &Mapping,
        max_errors: u64,
        keep: bool,
    ) -> Result<Loaded, LoadError> {
        let input = self.content(path)?;
        self.begin_batch(
            &path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        );
        let defer = mapping.may_defer();
        let before = self.graph.claims.len();
        if defer {
            self.graph_mut().defer();
        }
        let read =
            table::read(Arc::make_mut(&mut self.graph), &self.context, mapping, input, max_errors, keep);
        if defer {
            self.settle(before);
        }
        let report = match read.map_err(|error| self.broken(0, error))? {
            Outcome::Read(report) => report,
            Outcome::Unfit(problems) => return Err(LoadError::Unfit(problems)),
        };
        let rows = report.rows;
        let problems = rows.refused.into_iter().map(Problem::Row);
        Ok(Loaded {
            read: rows.read,
            taken: rows.taken,
            added: rows.added,
            gave_up: rows.gave_up,
            passed: report.passed,
            rejects: report.rejects,
            problems: problems.chain(report.unseen.into_iter().map(Problem::Mapping)).collect(),
            ..Loaded::of(FileKind::Table)
        })
    }

    /// Records every statement of a text. Its questions are passed over and counted. Where a snapshot is written, the statements stay from
    /// the next [`Database::commit`] on.
    pub fn load_text(&mut self, source: String, max_errors: u64) -> Loaded {
        let loaded = self.record_text(source, max_errors, true);
        // What is not sure to stay yet is shown once it is.
        if self.durable.is_none() {
            self.publish();
        }
        loaded
    }

    fn record_text(&mut self, source: String, max_errors: u64, by_itself: bool) -> Loaded {
        let mut loaded = Loaded::of(FileKind::Dixit);
        let Pieces { pieces, diagnostics: mut problems, .. } = split(&source);
        let mut errors = problems.len() as u64;
        loaded.read = errors;
        let mut first_question = None;
        let parse_some = |some: &[Piece]| some.iter().map(|piece| parse_piece(&source, piece)).collect();
        let record = if by_itself { durable::record } else { dixit::record };
        let mut record_some = |parsed: &mut Vec<Result<Sentence, Box<Diagnostic>>>| {
            for sentence in &*parsed {
                if let Ok(Sentence { kind: SentenceKind::Ask(_), span, .. }) = sentence {
                    loaded.questions += 1;
                    first_question.get_or_insert(*span);
                    continue;
                }
                if errors > max_errors {
                    loaded.gave_up = true;
                    return ControlFlow::Break(());
                }
                loaded.read += 1;
                let recorded = sentence.as_ref().map_err(Clone::clone).and_then(|sentence| {
                    let graph = Arc::make_mut(&mut self.graph);
                    let told = record(graph, &mut self.context, sentence, &source)?;
                    Ok((told, sentence.span))
                });
                match recorded {
                    Ok((told, span)) => {
                        loaded.taken += 1;
                        loaded.added += u64::from(told.added);
                        problems.extend(told.warnings);
                        if by_itself {
                            self.wait(span.of(&source));
                        }
                    }
                    Err(diagnostic) => {
                        errors += 1;
                        problems.push(*diagnostic);
                    }
                }
            }
            ControlFlow::Continue(())
        };
        let mut all = pieces.chunks(IN_ONE_GO);
        if pieces.len() > MANY {
            in_turn(|| all.next(), parse_some, record_some);
        } else {
            let _ = all.try_for_each(|some| record_some(&mut parse_some(some)));
        }
        if loaded.questions > 0 {
            let message = format!("{} questions here are not answered while loading", loaded.questions);
            let help = "run the file with -f to have them answered";
            let first = first_question.unwrap_or_default();
            let mut skipped = Diagnostic::warning(Code::QuestionSkipped, first, message).help(help);
            if !first.of(&source).trim_end().ends_with('?') {
                skipped = skipped.help("where it is a statement, end it with a full stop");
            }
            problems.push(skipped);
        }
        problems.sort_by_key(|diagnostic| diagnostic.span);
        loaded.problems = problems.into_iter().map(Problem::Sentence).collect();
        loaded.source = source;
        loaded
    }

    /// Ends a load of which relations were only noted. To put all in order costs as much as there is; to add a few to much costs less.
    fn settle(&mut self, before: usize) {
        const FEW: usize = 64;
        let added = self.graph.claims.len() - before;
        if added.saturating_mul(FEW) < before {
            self.graph_mut().undefer();
        } else {
            self.graph_mut().fold_in();
        }
    }

    fn content(&self, path: &Path) -> Result<source::Content, LoadError> {
        source::open(path, &self.progress, &self.cancel).map_err(|error| self.unread(error))
    }

    fn whole(&self, path: &Path) -> Result<Vec<u8>, LoadError> {
        source::whole(self.content(path)?).map_err(|error| self.unread(error))?.map_err(LoadError::TooLong)
    }

    /// Why nothing was read: somebody asked to stop, or the system refused.
    fn unread(&self, error: std::io::Error) -> LoadError {
        if self.cancel.swap(false, Ordering::Relaxed) { LoadError::Stopped } else { LoadError::Read(error) }
    }

    /// Why reading ended before the end.
    fn broken(&self, taken: u64, error: std::io::Error) -> LoadError {
        match self.unread(error) {
            LoadError::Read(error) if taken > 0 => LoadError::Broken { taken, error },
            other => other,
        }
    }

    fn load_rows(
        &mut self,
        input: impl std::io::BufRead + Send,
        max_errors: u64,
    ) -> Result<Loaded, LoadError> {
        self.graph_mut().defer();
        let before = self.graph.claims.len();
        let progress = self.progress.clone();
        let report = jsonl::read(self.graph_mut(), input, max_errors, || progress.share());
        self.settle(before);
        let report = report.map_err(|broken| self.broken(broken.taken, broken.error))?;
        let mut loaded = Loaded::of(FileKind::Jsonl);
        (loaded.read, loaded.taken, loaded.added) = (report.read, report.taken, report.added);
        loaded.gave_up = report.gave_up;
        loaded.problems = report.refused.into_iter().map(Problem::Row).collect();
        Ok(loaded)
    }

    /// Into an empty graph a snapshot comes as it is; into another it is told in sentences, so that what is known already stays one.
    fn load_snapshot(&mut self, path: &Path, name: &str) -> Result<Loaded, LoadError> {
        let (opened, seen, recovered) = match durable::open(path) {
            Err(LoadError::Store(StoreError::Foreign)) if source::is_packed(path)? => {
                return Err(LoadError::Packed);
            }
            opened => opened?,
        };
        let mut loaded = Loaded::of(FileKind::Snapshot);
        let claims = opened.claims.len() as u64;
        (loaded.read, loaded.taken, loaded.added) = (claims, claims, claims);
        loaded.cut = recovered.cut;
        self.seen.push(seen);
        if self.is_empty() {
            self.graph = opened;
        } else {
            self.begin_batch(name);
            self.merge(&opened, &mut loaded)?;
        }
        Ok(loaded)
    }

    pub(super) fn is_empty(&self) -> bool {
        let graph = &self.graph;
        graph.claims.len() + graph.entities.len() + graph.documents.len() + graph.propositions.len() == 0
            && graph.lexicon.defined().is_empty()
            && graph.rules().next().is_none()
    }

    fn merge(&mut self, other: &Graph, loaded: &mut Loaded) -> std::io::Result<()> {
        let before = self.graph.claims.len();
        let mut refused = 0;
        // What each claim and relay there is called here.
        let called: RefCell<BTreeMap<ClaimRef, String>> = RefCell::default();
        let call = |claim: ClaimRef| called.borrow().get(&claim).cloned().unwrap_or_default();
        export::tell(other, &call, &mut |sentence, act| {
            let parsed = parse(sentence);
            let mut problems = parsed.diagnostics;
            for one in &parsed.sentences {
                match dixit::record(Arc::make_mut(&mut self.graph), &mut self.context, one, sentence) {
                    Ok(told) => {
                        if let (Some(there), [here]) = (act, &told.claims[..]) {
                            called.borrow_mut().extend(same_acts(other, there, &self.graph, here.claim));
                        }
                    }
                    Err(diagnostic) => problems.push(*diagnostic),
                }
            }
            if !problems.is_empty() {
                refused += u64::from(act.is_some());
                let at = loaded.source.len();
                loaded.source.extend([sentence, "\n"]);
                loaded
                    .problems
                    .extend(problems.into_iter().map(|found| Problem::Sentence(found.shifted(at))));
            }
            Ok(())
        })?;
        store::sound(other).map_err(std::io::Error::other)?;
        self.end_document();
        loaded.taken = loaded.read.saturating_sub(refused);
        loaded.added = (self.graph.claims.len() - before) as u64;
        Ok(())
    }
}

/// A claim of one graph with its relays, each by what it is called in another, where it was told.
fn same_acts(there: &Graph, act: ClaimRef, here: &Graph, told: ClaimRef) -> Vec<(ClaimRef, String)> {
    let outwards = |graph: &Graph, act: ClaimRef| {
        let relays = graph.chains.outwards(act.hop).into_iter().map(move |hop| ClaimRef { hop, ..act });
        std::iter::once(ClaimRef::of(act.claim)).chain(relays).collect::<Vec<_>>()
    };
    let pairs = outwards(there, act).into_iter().zip(outwards(here, told));
    pairs.map(|(there, told)| (there, here.claim_id(told))).collect()
}

/// The text of a file.
fn text(bytes: Vec<u8>) -> Result<String, LoadError> {
    String::from_utf8(bytes).map_err(|error| LoadError::Encoding(error.utf8_error().valid_up_to() + 1))
}
