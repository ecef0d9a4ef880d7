//! A database whose statements are written down before they are acknowledged: what is noted, when it is made to stay, and how it comes
//! back. How it lies on disk is the business of `store`.

use super::{Database, Params};
use crate::diag::{Code, Diagnostic, Span};
use crate::formats::dixit::{self, Context, Document};
use crate::graph::Graph;
use crate::model::EntityId;
use crate::store::{self, Cut, Entry, Journaled, Opened, Seen, StoreError, Writer};
use crate::syntax::ast::Sentence;
use crate::syntax::parse;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What the log calls statements that come one by one.
const TYPED: &str = "typed in";

/// As much as this is waited for at once, in bytes of statements.
const MOST_PENDING: usize = 1 << 20;

/// A journal is not long before it has so many bytes,
const LONG: u64 = 4 << 20;

/// and is long at the latest with so many,
const LONGEST: u64 = 64 << 20;

/// and else where its snapshot is not so many times as long.
const SHORTER: u64 = 16;

/// What a journal gave back on opening.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovered {
    /// How many statements were in the journal and not in the snapshot.
    pub statements: usize,
    /// What its end held that was never acknowledged, and is cut off.
    pub cut: Option<Cut>,
}

/// The writing side of a database.
#[derive(Debug)]
pub(super) struct Durable {
    writer: Writer,
    /// What happened since the last commit.
    pending: Vec<Entry>,
    pending_bytes: usize,
    /// Whether the journal, with what is pending, knows that somebody writes.
    began: bool,
    /// What the journal knows of the time and of `$names`; nothing before anything was noted.
    clock: Option<i64>,
    params: Params,
    /// Whether statements wait for a commit.
    batches: bool,
    closed: bool,
}

impl Durable {
    /// Notes a statement, with what has changed around it.
    fn told(&mut self, text: &str, context: &Context) {
        if !std::mem::replace(&mut self.began, true) {
            self.push(Entry::Began);
        }
        if self.clock != Some(context.now) {
            self.push(Entry::Clock(context.now));
            self.clock = Some(context.now);
        }
        for (name, value) in &context.params {
            if self.params.get(name) != Some(value) {
                self.push(Entry::Param { name: name.clone(), value: value.clone() });
                self.params.insert(name.clone(), value.clone());
            }
        }
        self.push(Entry::Told(text.into()));
    }

    fn push(&mut self, entry: Entry) {
        self.pending_bytes += entry.weight();
        self.pending.push(entry);
    }

    /// Whether what happened is more than the journal takes.
    fn overflows(&self) -> bool {
        !self.closed && !self.writer.has_room(self.pending_bytes)
    }

    /// A new journal begins, which knows nothing yet.
    fn begin(&mut self, document: Option<Document>) {
        (self.pending, self.pending_bytes) = (Vec::new(), 0);
        (self.began, self.clock, self.params) = (false, None, Params::new());
        if let Some(Document { key, is_url, outlet, citing }) = document {
            let (outlet, citing) = (outlet.map(|one| one.0), citing.iter().map(|one| one.0).collect());
            self.push(Entry::Began);
            self.push(Entry::Document { key, is_url, outlet, citing });
            self.began = true;
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        // What stands around statements is nothing without one.
        if self.pending.iter().any(|entry| matches!(entry, Entry::Told(_))) {
            if self.closed {
                return Err(StoreError::Closed);
            }
            let pending = std::mem::take(&mut self.pending);
            self.pending_bytes = 0;
            self.writer.append(&pending).inspect_err(|_| self.closed = true)?;
        }
        Ok(())
    }
}

/// Records a statement that comes by itself. One that is refused leaves no trace.
pub(super) fn record(
    graph: &mut Graph,
    context: &mut Context,
    sentence: &Sentence,
    source: &str,
) -> Result<dixit::Outcome, Box<Diagnostic>> {
    let before = graph.rows();
    let told = dixit::record(graph, context, sentence, source)?;
    graph.batch_since(before, TYPED, context.now);
    Ok(told)
}

/// A statement of a journal that is refused now.
#[derive(Debug, thiserror::Error)]
#[error("the journal holds a statement that is refused: `{statement}`: {why}")]
pub struct Unreplayed {
    /// The statement.
    pub statement: String,
    /// Why.
    pub why: String,
}

/// Does again what a journal tells. Linear in the journal.
pub(super) fn replay(graph: &mut Graph, journaled: &Journaled) -> Result<Recovered, Unreplayed> {
    let mut context = Context::new(0, Params::new());
    for entry in &journaled.entries {
        match entry {
            Entry::Began => context = Context::new(context.now, Params::new()),
            Entry::Clock(now) => context.set_now(*now),
            Entry::Param { name, value } => {
                context.params.insert(name.clone(), value.clone());
            }
            Entry::Document { key, is_url, outlet, citing } => {
                let citing = citing.iter().map(|one| EntityId(*one)).collect();
                let outlet = outlet.map(EntityId);
                let document = Document { key: key.clone(), is_url: *is_url, outlet, citing };
                context.go_on_with(document, graph);
            }
            Entry::DocumentEnded => context.end_document(),
            Entry::Folded(_) => {}
            Entry::Told(statement) => {
                let refused = |why: &Diagnostic| Unreplayed {
                    statement: statement.chars().take(200).collect(),
                    why: why.message.clone(),
                };
                let parsed = parse(statement);
                if let Some(wrong) = parsed.diagnostics.first() {
                    return Err(refused(wrong));
                }
                for sentence in &parsed.sentences {
                    record(graph, &mut context, sentence, statement).map_err(|why| refused(&why))?;
                }
            }
        }
    }
    Ok(Recovered { statements: journaled.statements(), cut: journaled.cut.clone() })
}

/// Opens a snapshot with what its journal holds.
pub(super) fn open(path: &Path) -> Result<(Arc<Graph>, Seen, Recovered), super::LoadError> {
    let Opened { mut graph, seen, journaled } = store::open(path)?;
    let recovered = replay(Arc::make_mut(&mut graph), &journaled)?;
    Ok((graph, seen, recovered))
}

impl Database {
    /// Makes this the one database that writes a snapshot, an empty one where there is none: every statement is in its journal, and that on
    /// disk, before [`Database::run`] comes back. Files that are loaded are saved at once. The database must hold nothing yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where somebody writes it already; whatever is wrong with the snapshot or its journal. Nothing is changed then.
    pub fn write_to(&mut self, path: &Path) -> Result<Recovered, super::LoadError> {
        self.written(|| Writer::open(path))
    }

    /// The same, with the statements before the first damage of the journal where it is damaged. That journal is kept beside it, with
    /// `.damaged` behind its name.
    pub fn write_before_damage(&mut self, path: &Path) -> Result<Recovered, super::LoadError> {
        self.written(|| Writer::open_before_damage(path))
    }

    pub(super) fn written(
        &mut self,
        open: impl FnOnce() -> Result<(Writer, Opened), StoreError>,
    ) -> Result<Recovered, super::LoadError> {
        if !self.is_empty() {
            return Err(super::LoadError::NotEmpty);
        }
        let (writer, Opened { mut graph, journaled, .. }) = open()?;
        let recovered = replay(Arc::make_mut(&mut graph), &journaled)?;
        self.graph = graph;
        self.durable = Some(Durable {
            writer,
            pending: Vec::new(),
            pending_bytes: 0,
            began: false,
            clock: None,
            params: Params::new(),
            batches: false,
            closed: false,
        });
        Ok(recovered)
    }

    /// The snapshot that is written, where one is.
    pub fn writes(&self) -> Option<&Path> {
        self.durable.as_ref().map(|durable| durable.writer.path())
    }

    /// Lets statements wait for a [`Database::commit`], so that many are made to stay at once.
    pub fn set_batches(&mut self, batches: bool) {
        if let Some(durable) = &mut self.durable {
            durable.batches = batches;
        }
    }

    /// Whether statements wait for no commit, or so much waits that it is time for one.
    pub fn commit_is_due(&self) -> bool {
        self.durable.as_ref().is_none_or(|durable| !durable.batches || durable.pending_bytes > MOST_PENDING)
    }

    /// Makes everything told so far stay: in the journal, or, where it is more than that takes, in a new snapshot. Without a snapshot that is
    /// written there is nothing to do.
    ///
    /// # Errors
    ///
    /// What the disk says. Then the graph is again as it is on disk, and nothing more is told to it before it is opened anew.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if let Some(durable) = &mut self.durable {
            let committed = if durable.overflows() {
                self.fold().inspect_err(|_| self.close())
            } else {
                durable.commit()
            };
            committed.inspect_err(|_| self.restore())?;
        }
        self.publish();
        Ok(())
    }

    /// Puts a new snapshot with everything told in the place of the one that is written, and begins a new journal.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        self.commit()?;
        self.fold()?;
        self.publish();
        Ok(())
    }

    fn fold(&mut self) -> Result<(), StoreError> {
        let Some(durable) = &mut self.durable else { return Ok(()) };
        let folded = durable.writer.fold(Arc::make_mut(&mut self.graph), &self.cancel);
        if matches!(folded, Err(StoreError::Stopped)) {
            self.cancel.store(false, Ordering::Relaxed);
        }
        self.graph = folded?;
        durable.begin(self.context.document());
        Ok(())
    }

    /// Whether the journal is so long that whoever opens the graph waits for it: time to compact.
    pub fn journal_is_long(&self) -> bool {
        self.durable.as_ref().is_some_and(|durable| {
            let (journal, path) = (durable.writer.journal_length(), durable.writer.path());
            let snapshot = std::fs::metadata(path).map_or(0, |known| known.len());
            journal > (snapshot / SHORTER).clamp(LONG, LONGEST)
        })
    }

    /// Refuses a statement that could not be written down.
    pub(super) fn writable(&self, span: Span) -> Result<(), Box<Diagnostic>> {
        match &self.durable {
            Some(durable) if durable.closed => Err(unwritten(&StoreError::Closed, span)),
            _ => Ok(()),
        }
    }

    /// Notes a statement that was recorded, and makes it stay unless it is to wait.
    pub(super) fn note(&mut self, statement: &str, span: Span) -> Result<(), Box<Diagnostic>> {
        self.wait(statement);
        match &self.durable {
            None => self.publish(),
            Some(durable) if durable.batches => {}
            Some(_) => return self.commit().map_err(|error| unwritten(&error, span)),
        }
        Ok(())
    }

    /// Notes a statement that was recorded, to stay from the next commit on.
    pub(super) fn wait(&mut self, statement: &str) {
        if let Some(durable) = &mut self.durable {
            durable.told(statement, &self.context);
        }
    }

    pub(super) fn note_document_ended(&mut self) {
        if let Some(durable) = &mut self.durable
            && durable.began
        {
            durable.push(Entry::DocumentEnded);
        }
    }

    /// After a load: a file is not written down sentence by sentence, but saved with the rest at once. What was not loaded whole is not
    /// there.
    pub(super) fn loaded<T>(&mut self, came: Result<T, super::LoadError>) -> Result<T, super::LoadError> {
        if self.durable.is_some() {
            match &came {
                Ok(_) => self.compact().inspect_err(|_| self.restore())?,
                Err(_) => self.restore(),
            }
        }
        self.publish();
        came
    }

    /// Nothing more is told to a graph that is not as it is on disk.
    pub(super) fn close(&mut self) {
        if let Some(durable) = &mut self.durable {
            durable.closed = true;
        }
    }

    /// Takes the graph as it is on disk. Where that cannot be, nothing more is told to it.
    fn restore(&mut self) {
        let Some(durable) = &mut self.durable else { return };
        match open(durable.writer.path()) {
            Ok((graph, ..)) => {
                self.graph = graph;
                self.context.end_document();
                self.note_document_ended();
            }
            Err(_) => durable.closed = true,
        }
    }
}

/// The diagnostic of a statement that could not be written down.
#[expect(clippy::unnecessary_box_returns, reason = "errors travel boxed here")]
fn unwritten(error: &StoreError, span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::NotWritten, span, format!("this was not kept: {error}"))
            .help("what was acknowledged before is on disk; make room or mend it, and open the graph again"),
    )
}
