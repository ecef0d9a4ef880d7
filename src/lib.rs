//! An embedded knowledge graph of attributed claims: who said what, to whom, by way of whom, and how do we know?
//!
//! Programs hold a [`db::Database`]: it loads files and snapshots, is told statements and asked questions, both as sentences. Questions are
//! prepared once and answered with other values each time; any number of threads may ask, also while one thread tells.
//!
//! ```
//! use dixit::db::{Database, Params, Prepared};
//! use dixit::eval::text;
//! use dixit::syntax::parse;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut db = Database::new(1_764_806_400);
//! // What is told from here on is on disk before `run` comes back.
//! db.write_to(&folder.path().join("notes.dixg"))?;
//! let statement = "Anna Brandt said \"the bridge is open\" about Bridge on 2025-12-01 via Reuters.";
//! db.run(&parse(statement).sentences[0], statement).map_err(|wrong| wrong.message)?;
//!
//! // Readers have the graph as it is now, for as long as they like.
//! let reader = db.reader();
//! let question = Prepared::new("who said what about $place via ?outlet | show who, what, ?outlet").map_err(|_| "a question")?;
//! let rows = std::thread::spawn(move || {
//!     let params = Params::from([("place".into(), "Bridge".into())]);
//!     let answer = reader.query(&question, &params, None)?;
//!     let cells = answer.rows.iter().flatten().map(|value| text(reader.graph(), value).into_owned());
//!     Ok::<Vec<String>, Box<dixit::diag::Diagnostic>>(cells.collect())
//! });
//! let rows = rows.join().map_err(|_| "the thread")?.map_err(|wrong| wrong.message)?;
//! assert_eq!(rows, ["Anna Brandt", "the bridge is open", "Reuters"]);
//! # Ok(())
//! # }
//! ```
//!
//! The rooms of the crate, each with what it makes of what (all of it in `docs/architecture.md`):
//!
//! | Room | From | To |
//! |---|---|---|
//! | [`syntax`] | a text | sentences as trees, with their places |
//! | [`formats`] | sentences, JSON lines, tables | drafts of claims; a graph as text again |
//! | [`graph`] | drafts | columns and postings |
//! | [`store`] | a graph | a snapshot and its journal, and back |
//! | [`plan`] | a question as a tree | a question bound to a graph, in order |
//! | [`eval`] | a bound question | rows of values |
//! | [`mod@reason`] | a graph | what follows from who carried what |
//! | [`render`] | rows, diagnostics | text and drawings |
//! | [`db`] | all of these | the database that programs hold |
//! | [`cli`] | arguments and keys | the program |
//!
//! What several threads share is in a room of its own, `threads`.

// The generated parser names it: pest is used without what looks for the end of the stack at each rule, since the splitter bounds nesting.
extern crate alloc;

pub mod cli;
pub mod db;
pub mod diag;
pub mod eval;
pub mod formats;
pub mod graph;
pub mod model;
pub mod plan;
pub mod reason;
pub mod render;
pub mod store;
pub mod syntax;
mod threads;
