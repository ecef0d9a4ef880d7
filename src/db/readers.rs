//! Readers beside a writer: each has the graph as it was at one moment, for as long as it likes. Nothing is copied for them but what was
//! told since the graph was opened or saved; nobody waits for anybody.

use super::{Answer, Database, Params, Prepared};
use crate::diag::Diagnostic;
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

/// A database as it was at one moment: what is told later is not in it. It may be sent to other threads, and cloned at no cost.
#[derive(Debug, Clone)]
pub struct Reader(Arc<Database>);

impl Reader {
    /// The graph, to be read.
    pub fn graph(&self) -> &Graph {
        self.0.graph()
    }

    /// Answers one question, given as text.
    pub fn ask(&self, question: &str) -> Result<Answer, Vec<Diagnostic>> {
        self.0.ask(question)
    }

    /// Answers a prepared question; `params` are the values of its `$names`, and `cancel` stops it from another thread.
    pub fn query(
        &self,
        question: &Prepared,
        params: &Params,
        cancel: Option<&AtomicBool>,
    ) -> Result<Answer, Box<Diagnostic>> {
        self.0.query(question, params, cancel)
    }
}

/// Where the threads beside a writer find what was last told: everything that was acknowledged, and nothing else.
#[derive(Debug, Clone)]
pub struct Readers(Arc<RwLock<Reader>>);

impl Readers {
    /// The database as it is now. Constant.
    pub fn latest(&self) -> Reader {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Database {
    /// The database as it is now, for readers. Constant; the next statement then costs a copy of what was told since the graph was opened or
    /// saved.
    pub fn reader(&self) -> Reader {
        let parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Reader(Arc::new(Database {
            graph: self.graph.clone(),
            context: self.context.clone(),
            strict: self.strict,
            limits: self.limits,
            cancel: Arc::default(),
            parsed: parsed.into(),
            progress: Arc::default(),
            durable: None,
            seen: Vec::new(),
            readers: None,
        }))
    }

    /// A place where readers find the database as it was after the last statement, or, where statements wait for a commit, after the last
    /// commit.
    pub fn readers(&mut self) -> Readers {
        let reader = self.reader();
        self.readers.get_or_insert_with(|| Readers(Arc::new(RwLock::new(reader)))).clone()
    }

    /// Shows readers what was told.
    pub(super) fn publish(&mut self) {
        match &self.readers {
            // Only this database looks at it any more.
            Some(readers) if Arc::strong_count(&readers.0) == 1 => self.readers = None,
            Some(readers) => {
                let reader = self.reader();
                *readers.0.write().unwrap_or_else(PoisonError::into_inner) = reader;
            }
            None => {}
        }
    }
}
