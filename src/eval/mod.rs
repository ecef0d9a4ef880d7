//! Answering a bound question over a graph: trying its sentences in the planned order, then doing to the rows what the pipeline says.
//!
//! A solution is a row of numbers, one for each slot of the question; nothing is turned into a value before it has to be. This room
//! resolves no name and draws nothing. The order of everything it returns is defined.

mod by_content;
mod candidates;
mod chain;
mod claim;
mod compare;
mod contents;
mod counted;
mod distinct;
mod fill;
mod fillings;
mod groups;
mod held;
mod hop;
mod interned;
mod joined;
mod kept;
mod least;
mod lists;
mod order;
mod part;
mod ready;
mod reason;
mod relate;
mod rows;
mod rule;
mod said;
mod scan;
mod shown;
mod solve;
mod stage;
mod stream;
mod table;
mod text;
mod value;
mod walk;
mod ways;
mod words;

pub use candidates::FoundBy;
pub use kept::Kept;
pub use rows::{Part, Rows, Shape};
pub use text::{carriers, claim_text, text, words};
pub use value::{Chain, Value};

use crate::graph::{Cut, Graph, Sight};
use crate::plan::{ColumnSource, Known, Order, Query, Slot, SlotId, SlotKind, Source, Stage, optimize};
use crate::reason::{Stop, Why};
use interned::Interned;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use table::Table;
use words::Texts;

/// The solutions that a question may have where nobody says otherwise.
pub const MOST_SOLUTIONS: usize = 50_000_000;

/// How a question is answered.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Setting this stops the question.
    pub cancel: Option<&'a AtomicBool>,
    /// Grows by every claim and row that is looked at, in steps.
    pub looked_at: Option<&'a AtomicU64>,
    /// The question may run until then.
    pub until: Option<Instant>,
    /// The most solutions before the pipeline.
    pub max_solutions: usize,
    /// The most bytes that it may keep beside the graph; nothing for as many as there are.
    pub max_bytes: Option<usize>,
    /// Whether to put sentences in order and use postings; without, everything is tried as written. Answers are the same.
    pub optimize: bool,
    /// What earlier answers to the same question over the same graph left, and this one leaves.
    pub kept: Option<&'a Kept>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            cancel: None,
            looked_at: None,
            until: None,
            max_solutions: MOST_SOLUTIONS,
            max_bytes: None,
            optimize: true,
            kept: None,
        }
    }
}

impl<'a> Options<'a> {
    /// What ends the question before its answer.
    fn stop(&self) -> Stop<'a> {
        Stop { cancel: self.cancel, until: self.until, room: None }
    }
}

/// Why a question was not answered to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// It was cancelled.
    #[error("stopped")]
    Cancelled,
    /// It took longer than allowed.
    #[error("this question took longer than it may")]
    Late,
    /// It has more solutions than allowed.
    #[error("this question has more than {0} solutions")]
    Limit(usize),
    /// It would keep more bytes than allowed.
    #[error("this question keeps more than {0} bytes of memory")]
    Memory(usize),
    /// It would set more pairs of claims against each other than allowed.
    #[error(transparent)]
    Pairs(#[from] crate::reason::TooMany),
}

/// An answer, with what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Executed {
    /// The rows.
    pub rows: Rows,
    /// The order in which sentences were tried; nothing for a command.
    pub order: Option<Order>,
    /// How many rows each step of that order found, by its number.
    pub found: Vec<u64>,
    /// By which posting each step found its claims; nothing where it looked for none.
    pub found_by: Vec<Option<FoundBy>>,
}

/// Why a walk over solutions ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Halt {
    /// What was looked for was found.
    Enough,
    /// The question was stopped.
    Stopped(Stopped),
}

type Flow = std::ops::ControlFlow<Halt>;

/// What came out, for a walk that ends where the question was stopped.
fn or_halt<T>(came: Result<T, Stopped>) -> std::ops::ControlFlow<Halt, T> {
    match came {
        Ok(came) => std::ops::ControlFlow::Continue(came),
        Err(stopped) => std::ops::ControlFlow::Break(Halt::Stopped(stopped)),
    }
}

/// After so many looks it is asked whether to stop.
const EVERY: u32 = 1024;

/// A slot that holds nothing yet.
const UNBOUND: u64 = u64::MAX;

/// A slot that holds the nothing that an act without content says.
const NOTHING: u64 = u64::MAX - 1;

/// One question being answered.
struct Evaluator<'a> {
    graph: &'a Graph,
    sight: Sight<'a>,
    options: Options<'a>,
    interned: RefCell<Interned>,
    rules: RefCell<rule::Rules<'a>>,
    /// The rule that is walked over.
    walking: RefCell<Option<walk::Walking>>,
    least: RefCell<least::Least>,
    /// How the chains of a sentence's claims meet its tests, by where the sentence stands and the outermost hop.
    chains_met: RefCell<chain::Met>,
    /// Of slots that hold contents, the propositions to which tests on their texts lead, in ascending order.
    texts: RefCell<Arc<Texts>>,
    /// The slots that are being filled.
    slots: Cell<&'a [Slot]>,
    /// Whether claims count that are only spoken about.
    alleged: Cell<bool>,
    /// Whether the steps that are tried are those of the question, and not of a rule: only of these rows are counted, and something may have
    /// been found ahead.
    is_own: Cell<bool>,
    found: Vec<Cell<u64>>,
    /// For each step, by what its claims were found.
    found_by: Vec<Cell<Option<FoundBy>>>,
    /// The bytes that it keeps.
    held: held::Held,
    /// The claim steps of whose contents only those matter that stand in a link.
    linked: RefCell<BTreeSet<usize>>,
    /// The step that is being tried.
    trying: Cell<usize>,
    ticks: Cell<u32>,
}

/// Answers a question.
pub fn execute(graph: &Graph, query: &Query, options: Options<'_>) -> Result<Executed, Stopped> {
    let mut evaluator = Evaluator {
        graph,
        sight: Sight::new(graph, query.cut),
        options,
        interned: RefCell::default(),
        rules: RefCell::default(),
        walking: RefCell::default(),
        least: RefCell::default(),
        chains_met: RefCell::default(),
        texts: RefCell::default(),
        slots: Cell::new(&[]),
        alleged: Cell::new(false),
        is_own: Cell::new(true),
        found: Vec::new(),
        found_by: Vec::new(),
        held: held::Held::default(),
        linked: RefCell::default(),
        trying: Cell::new(usize::MAX),
        ticks: Cell::new(0),
    };
    evaluator.check()?;
    let mut stages = &query.stages[..];
    let (mut table, order) = match &query.source {
        Source::Things(things) => (evaluator.things(things), None),
        Source::Pattern(question) => {
            // What is kept counts for no question: where memory is limited, nothing is.
            let is_kept = query.cut == Cut::None && options.max_bytes.is_none() && options.optimize;
            let kept = options.kept.filter(|_| is_kept);
            evaluator.rules = RefCell::new(rule::Rules::new(&question.rules, kept));
            let texts = if options.optimize { words::texts(graph, query, question) } else { Texts::new() };
            let known = Known {
                texts: texts.iter().map(|(slot, rows)| (*slot, rows.len())).collect(),
                ..Known::default()
            };
            evaluator.texts = RefCell::new(Arc::new(texts));
            let order = optimize(graph, &question.body, known, options.optimize);
            evaluator.found = vec![Cell::new(0); count_steps(&order)];
            evaluator.found_by = vec![Cell::new(None); evaluator.found.len()];
            // A plain yes or no needs one solution; a stage may ask for all of them.
            let one_is_enough = query.stages.is_empty()
                && matches!(question.columns[..], [ref only] if only.source == ColumnSource::Answer);
            if options.optimize {
                evaluator.linked = RefCell::new(relate::linked_steps(graph, &order));
                evaluator.least = RefCell::new(least::Least::of(query, question, &order));
            }
            let table = match evaluator.streamed(question, &order, &query.stages)? {
                Some((table, done)) => {
                    stages = query.stages.get(done..).unwrap_or(&[]);
                    table
                }
                None => {
                    let solutions = evaluator.solutions(question, &order, one_is_enough)?;
                    Table::of_solutions(question, solutions, one_is_enough)
                }
            };
            (table, Some(order))
        }
    };
    while let [stage, later @ ..] = stages {
        evaluator.check()?;
        evaluator.settle(&table)?;
        stages = later;
        table = match (stage, later) {
            (Stage::Sort(keys), [Stage::Take(rows), ..]) if !table.is_distinct() => {
                evaluator.sort(table, keys, *rows)?
            }
            (Stage::Reason(reasoned), [Stage::Show(outputs), behind @ ..])
                if let Some(shown) = evaluator.trace_shown(&table, reasoned, outputs)? =>
            {
                stages = behind;
                shown
            }
            _ => evaluator.stage(table, stage, later)?,
        };
    }
    evaluator.settle(&table)?;
    let rows = evaluator.rows(table)?;
    let found = evaluator.found.iter().map(Cell::get).collect();
    let found_by = evaluator.found_by.iter().map(Cell::get).collect();
    Ok(Executed { rows, order, found, found_by })
}

fn count_steps(order: &Order) -> usize {
    use crate::plan::StepKind;
    let inside = |step: &crate::plan::Step| match &step.kind {
        StepKind::Any(parts) => parts.iter().map(count_steps).sum(),
        StepKind::Not(inner) => count_steps(inner),
        _ => 0,
    };
    order.steps.iter().map(|step| 1 + inside(step)).sum()
}

impl<'a> Evaluator<'a> {
    /// Whether the question was stopped.
    fn check(&self) -> Result<(), Stopped> {
        match self.stop().now() {
            Some(Why::Cancelled) => Err(Stopped::Cancelled),
            Some(Why::Late) => Err(Stopped::Late),
            Some(Why::Full(most)) => Err(Stopped::Memory(most)),
            None => Ok(()),
        }
    }

    /// Whether a slot is named in several places.
    fn is_shared(&self, slot: SlotId) -> bool {
        self.slots.get().get(usize::from(slot.0)).is_some_and(|slot| slot.shared)
    }

    /// What a slot holds.
    fn kind_of(&self, slot: SlotId) -> SlotKind {
        self.slots.get().get(usize::from(slot.0)).map_or(SlotKind::Entity, |slot| slot.kind)
    }

    /// Sets the slots that are being filled.
    fn set_slots(&self, slots: &'a [Slot]) {
        self.slots.set(slots);
    }

    /// To be called in every loop: looks now and then whether the question was stopped.
    #[inline]
    fn look(&self) -> Result<(), Stopped> {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        if ticks.is_multiple_of(EVERY) { self.looked_at(u64::from(EVERY)) } else { Ok(()) }
    }

    /// So many claims or rows were looked at: is it time to stop?
    fn looked_at(&self, many: u64) -> Result<(), Stopped> {
        if let Some(looked_at) = self.options.looked_at {
            looked_at.fetch_add(many, Ordering::Relaxed);
        }
        self.check()
    }

    /// The same, for walks.
    #[inline]
    fn tick(&self) -> Flow {
        or_halt(self.look())
    }
}
