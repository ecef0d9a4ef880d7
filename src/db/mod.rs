//! The database that library users and the command line hold: one graph with what stands around it, asked and told in sentences.
//!
//! It joins the rooms and decides nothing of its own. It draws nothing and prints nothing.

mod bound;
#[cfg(test)]
mod crashes;
mod durable;
mod explain;
mod limits;
mod load;
mod readers;
mod source;

pub use crate::formats::dixit::Params;
pub use crate::store::{Cut, SnapshotInfo, StoreError, inspect, is_snapshot, journaled, verify};
pub use durable::{Recovered, Unreplayed};
pub use limits::Limits;
pub use load::{FileKind, LoadError, Loaded, Problem};
pub use readers::{Reader, Readers};
pub use source::{Progress, detect, ending};

use crate::diag::{Code, Diagnostic, Span};
use crate::eval::{self, Options, Rows};
use crate::formats::dixit::Context;
use crate::graph::{Graph, Recorded};
use crate::plan::{self, Bound, Rules, Scope};
use crate::store;
use crate::syntax::ast::{Ask, Sentence, SentenceKind};
use crate::syntax::{names_rules, parse};
use durable::Durable;
use explain::explained;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// The words of the parts that values have: `?k.date`, `who.kind`.
pub fn parts() -> impl Iterator<Item = &'static str> {
    plan::PARTS.iter().map(|(_, word, ..)| *word)
}

/// A graph of claims that can be asked and told.
#[derive(Debug)]
pub struct Database {
    /// Shared with readers, for whom it stays as it is: what is told next is told to a copy.
    graph: Arc<Graph>,
    context: Context,
    strict: bool,
    limits: Limits,
    cancel: Arc<AtomicBool>,
    /// The rules of the graph as they were parsed last, with the texts that they were parsed from.
    parsed: Mutex<(Vec<String>, Arc<Rules>)>,
    progress: Arc<Progress>,
    /// The snapshot that is written, where one is.
    durable: Option<Durable>,
    /// The snapshots that were loaded or saved, the last one last.
    seen: Vec<store::Seen>,
    /// Where readers find what was last told.
    readers: Option<Readers>,
}

/// A question that was parsed once, to be answered again and again with other values for its `$names`. It belongs to no database.
///
/// The first time that it is asked of a graph, all that does not depend on those values is bound, and kept as long as the graph stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    ask: Ask,
    span: Span,
    bound: bound::Kept,
}

/// What a sentence came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A statement: what was recorded.
    Recorded(Told),
    /// A question: its answer.
    Answered(Answer),
}

/// What a statement came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// Its claims, where it made any.
    pub claims: Vec<Recorded>,
    /// Whether anything was added to the graph.
    pub added: bool,
    /// What deserves a look.
    pub warnings: Vec<Diagnostic>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Its rows.
    pub rows: Rows,
    /// What deserves a look: names that nobody has, and the like.
    pub warnings: Vec<Diagnostic>,
}

impl Prepared {
    /// Parses one question.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with spans in its text; also where it is a statement, or not one sentence.
    pub fn new(question: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut parsed = parse(question);
        if !parsed.diagnostics.is_empty() {
            return Err(parsed.diagnostics);
        }
        let whole = Span::new(0, question.len());
        match (parsed.sentences.pop(), parsed.sentences.is_empty()) {
            (Some(Sentence { kind: SentenceKind::Ask(ask), span, .. }), true) => {
                Ok(Prepared { ask, span, bound: bound::Kept::default() })
            }
            (Some(sentence), true) => Err(vec![asks_nothing(sentence.span)]),
            _ => Err(vec![Diagnostic::error(Code::Syntax, whole, "this is not one question")]),
        }
    }
}

impl Database {
    /// An empty database. `now`, in seconds since 1970, is when things are recorded and what `today` means.
    pub fn new(now: i64) -> Self {
        Database {
            graph: Arc::default(),
            context: Context::new(now, Params::new()),
            strict: false,
            limits: Limits::default(),
            cancel: Arc::default(),
            parsed: Mutex::default(),
            progress: Arc::default(),
            durable: None,
            seen: Vec::new(),
            readers: None,
        }
    }

    /// The graph, to be read.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// What time it is, in seconds since 1970, from now on.
    pub fn set_now(&mut self, now: i64) {
        self.context.set_now(now);
    }

    /// Gives `$name` a value.
    pub fn set_param(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.context.params.insert(name.into(), value.into());
    }

    /// Makes a name that nobody has an error rather than a warning.
    pub fn set_strict(&mut self, strict: bool) {
        self.strict = strict;
    }

    /// Whether a name that nobody has is an error.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// What one question may take from now on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// What one question may take.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Setting this from any thread stops the running question, load or save, or the next one where none runs; whichever it stops clears
    /// it.
    pub fn cancel(&self) -> Arc<AtomicBool> {
        self.cancel.clone()
    }

    /// How far the file is that is being loaded, or the question that is being answered.
    pub fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }

    /// Runs one parsed sentence: records a statement, answers a question. `source` is the text it was parsed from. On an error the graph is
    /// as before. Where a snapshot is written, a statement is on disk when this comes back.
    pub fn run(&mut self, sentence: &Sentence, source: &str) -> Result<Outcome, Box<Diagnostic>> {
        if matches!(sentence.kind, SentenceKind::Ask(_)) {
            return self.answer(sentence).map(Outcome::Answered);
        }
        self.writable(sentence.span)?;
        let told = durable::record(Arc::make_mut(&mut self.graph), &mut self.context, sentence, source)?;
        self.sound(sentence.span).inspect_err(|_| self.close())?;
        self.note(sentence.span.of(source), sentence.span)?;
        Ok(Outcome::Recorded(Told { claims: told.claims, added: told.added, warnings: told.warnings }))
    }

    /// Answers one parsed question.
    pub fn answer(&self, sentence: &Sentence) -> Result<Answer, Box<Diagnostic>> {
        self.answer_with(sentence, true)
    }

    /// Answers one parsed question, without putting it in order and without postings where `optimize` is off: slower, and the same answer.
    pub fn answer_with(&self, sentence: &Sentence, optimize: bool) -> Result<Answer, Box<Diagnostic>> {
        let SentenceKind::Ask(ask) = &sentence.kind else {
            return Err(Box::new(asks_nothing(sentence.span)));
        };
        let bound = self.bind(ask)?;
        self.answer_bound(bound, sentence.span, optimize)
    }

    /// Answers a bound question, which the database's own sign may stop.
    fn answer_bound(&self, bound: Bound, span: Span, optimize: bool) -> Result<Answer, Box<Diagnostic>> {
        let own = Options {
            cancel: Some(&self.cancel),
            looked_at: Some(self.progress.begin(0)),
            optimize,
            ..Options::default()
        };
        let answer = self.executed(bound, span, own);
        self.cancel.store(false, Ordering::Relaxed);
        answer
    }

    fn executed(&self, bound: Bound, span: Span, options: Options<'_>) -> Result<Answer, Box<Diagnostic>> {
        // A time beyond all clocks is none.
        let until = self.limits.time.and_then(|time| Instant::now().checked_add(time));
        let options =
            Options { until, max_solutions: self.limits.solutions, max_bytes: self.limits.memory, ..options };
        let executed = eval::execute(&self.graph, &bound.query, options)
            .map_err(|stopped| Box::new(limits::given_up(stopped, self.limits, span)))?;
        self.sound(span)?;
        let rows =
            if bound.query.explain { explained(&self.graph, &bound.query, &executed) } else { executed.rows };
        Ok(Answer { rows, warnings: bound.warnings })
    }

    /// Refuses what came out of a file that turned out to be damaged on the way.
    fn sound(&self, span: Span) -> Result<(), Box<Diagnostic>> {
        store::sound(&self.graph).map_err(|damaged| {
            let told = Diagnostic::error(Code::Damaged, span, damaged.to_string());
            Box::new(told.help("take the snapshot from where it was copied, or build it again"))
        })
    }

    /// Whether a sentence makes sense here, without answering or recording it; tells what deserves a look.
    pub fn understand(&self, sentence: &Sentence) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        match &sentence.kind {
            SentenceKind::Ask(ask) => Ok(self.bind(ask)?.warnings),
            _ => Ok(Vec::new()),
        }
    }

    /// How a question is understood, in plain words.
    pub fn reading(&self, sentence: &Sentence) -> Option<Vec<String>> {
        let SentenceKind::Ask(ask) = &sentence.kind else { return None };
        let bound = self.bind(ask).ok()?;
        Some(plan::reading(&self.graph, &bound.query))
    }

    fn bind(&self, ask: &Ask) -> Result<Bound, Box<Diagnostic>> {
        self.bind_with(ask, &self.context.params)
    }

    fn bind_with(&self, ask: &Ask, params: &Params) -> Result<Bound, Box<Diagnostic>> {
        let rules = self.rules_of(ask);
        plan::bind(ask, self.scope(&rules, params))
    }

    fn scope<'a>(&'a self, rules: &'a Rules, params: &'a Params) -> Scope<'a> {
        Scope { graph: &self.graph, rules, params, today: self.context.today, strict: self.strict }
    }

    /// The rules that a question may name. To parse them may take longer than all the rest.
    fn rules_of(&self, ask: &Ask) -> Arc<Rules> {
        if names_rules(ask) { self.rules() } else { Arc::default() }
    }

    /// The rules defined here. Each was parsed when it was recorded; they are parsed again only when they are others.
    fn rules(&self) -> Arc<Rules> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.graph.rules().eq(parsed.0.iter().map(String::as_str)) {
            let sentences = self.graph.rules().flat_map(|rule| parse(rule).sentences);
            let rules = sentences.filter_map(|sentence| match sentence.kind {
                SentenceKind::DefineRule(rule) => Some(rule),
                _ => None,
            });
            let rules = Arc::new(Rules::new(rules.collect()));
            *parsed = (self.graph.rules().map(str::to_string).collect(), rules);
        }
        parsed.1.clone()
    }

    /// Answers one question, given as text.
    pub fn ask(&self, question: &str) -> Result<Answer, Vec<Diagnostic>> {
        let prepared = Prepared::new(question)?;
        let bound = self.bind(&prepared.ask).map_err(|diagnostic| vec![*diagnostic])?;
        self.answer_bound(bound, prepared.span, true).map_err(|diagnostic| vec![*diagnostic])
    }

    /// Answers a prepared question; `params` are the values of its `$names`. Any number of threads may ask at once. What stops a running
    /// question is `cancel`, where one is given.
    pub fn query(
        &self,
        question: &Prepared,
        params: &Params,
        cancel: Option<&AtomicBool>,
    ) -> Result<Answer, Box<Diagnostic>> {
        let (bound, kept) = self.bind_prepared(question, params)?;
        self.executed(bound, question.span, Options { cancel, kept: kept.as_deref(), ..Options::default() })
    }

    /// Ends the document in force, as the end of a file does.
    pub fn end_document(&mut self) {
        self.context.end_document();
        self.note_document_ended();
    }

    /// Whether everything read so far of an opened snapshot was as it was written.
    pub fn damage(&self) -> Result<(), StoreError> {
        store::sound(&self.graph)
    }

    /// Saves the graph as a snapshot, whole or not at all. The one that is written is compacted.
    ///
    /// # Errors
    ///
    /// What the disk says; where somebody else writes that snapshot; where it was loaded here and is another one since.
    pub fn save(&mut self, path: &Path) -> Result<(), StoreError> {
        if self.writes().is_some_and(|own| path.canonicalize().is_ok_and(|path| path == own)) {
            return self.compact();
        }
        let saved = store::save(Arc::make_mut(&mut self.graph), path, &self.seen, &self.cancel);
        if matches!(saved, Err(StoreError::Stopped)) {
            self.cancel.store(false, Ordering::Relaxed);
        }
        self.seen.push(saved?);
        Ok(())
    }

    fn begin_batch(&mut self, name: &str) {
        let now = self.context.now;
        self.graph_mut().begin_batch(name, now);
    }

    fn graph_mut(&mut self) -> &mut Graph {
        Arc::make_mut(&mut self.graph)
    }
}

fn asks_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongEnd, span, "this is a statement and asks nothing")
        .help("end a question with `?`")
}
