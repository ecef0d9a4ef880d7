//! Binding: every name, verb, date, variable and column of a question is resolved against the graph and the rules. The result depends on
//! the question and the graph only, never on the order of sentences in the question.

mod adjunct;
mod claim;
mod kinds;
mod lookup;
mod part;
mod pattern;
mod reason;
mod relate;
mod rules;
mod safety;
mod stages;
mod template;
mod terms;

pub use kinds::Rules;
pub(crate) use safety::{Slots, slots};
pub use safety::{names, names_of_claim};
pub use template::Template;

use super::logical::{BoundRule, ColumnSource, Node, Question, Shown, Slot, SlotId, SlotKind};
use super::query::{Query, Source, Stage};
use crate::diag::{Code, Diagnostic, Span};
use crate::graph::{Cut, Graph};
use crate::model::Time;
use crate::syntax::ast::{Ask, AskBody, Clock, Pattern};
use kinds::Kinds;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands around a question.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'g> {
    /// The graph that is asked.
    pub graph: &'g Graph,
    /// The rules that may be named.
    pub rules: &'g Rules,
    /// Values of `$parameters`, as text.
    pub params: &'g BTreeMap<String, String>,
    /// What `today` means.
    pub today: Time,
    /// Whether a name that nobody has is an error.
    pub strict: bool,
}

/// A bound question with what deserves a look.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The question.
    pub query: Query,
    /// Names that nobody has, names found through another script.
    pub warnings: Vec<Diagnostic>,
}

type Refused<T> = Result<T, Box<Diagnostic>>;

fn refuse<T>(code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) -> Refused<T> {
    Err(Box::new(Diagnostic::error(code, span, message).help(help)))
}

/// The most slots of a question: with rules unfolded, far beyond what a person writes.
const MAX_SLOTS: usize = 4096;

/// Binds a question with its pipeline.
pub fn bind(ask: &Ask, scope: Scope<'_>) -> Refused<Bound> {
    let mut binder = Binder::new(scope);
    let cut = cut_of(&mut binder, ask)?;
    let (source, stages) = bind_body(&mut binder, ask)?;
    Ok(Bound {
        query: Query { cut, source, stages: Arc::new(stages), explain: ask.explain },
        warnings: binder.warnings,
    })
}

/// Which part of the record a question looks at.
fn cut_of(binder: &mut Binder<'_>, ask: &Ask) -> Refused<Cut> {
    let Some(as_of) = &ask.as_of else { return Ok(Cut::None) };
    let until = binder.interval(&as_of.time)?.to;
    Ok(if as_of.clock == Clock::Published { Cut::Published(until) } else { Cut::Recorded(until) })
}

/// What a question asks for, and what is done with that.
fn bind_body(binder: &mut Binder<'_>, ask: &Ask) -> Refused<(Source, Vec<Stage>)> {
    match &ask.body {
        AskBody::Pattern(pattern) => {
            let question = binder.question(pattern)?;
            let stages = binder.stages(&ask.stages, stages::Columns::of_question(&question, binder))?;
            Ok((Source::Pattern(question), stages))
        }
        AskBody::Command(command) => {
            let (source, first, columns) = binder.command(command)?;
            let mut stages = vec![first];
            stages.extend(binder.stages(&ask.stages, columns)?);
            Ok((source, stages))
        }
    }
}

/// The state of binding one question.
struct Binder<'g> {
    scope: Scope<'g>,
    slots: Vec<Slot>,
    /// The variables in sight, by name: those of the question, or of the rule that is being unfolded.
    variables: BTreeMap<String, SlotId>,
    /// What each variable in sight must hold, from every place where it stands.
    kinds: Kinds,
    /// The columns, in the order named; the chain and time of a claim may be asked for by `via` and `when`.
    columns: Vec<Shown>,
    /// The blanks used so far, each once.
    blanks: BTreeMap<String, Span>,
    /// The positive claim sentences: the slots of claim and appearance.
    claims: Vec<(SlotId, SlotId)>,
    /// How deep in `not` the binder is.
    negations: usize,
    /// How deep in `or` the binder is.
    alternatives: usize,
    /// The rules that are being unfolded.
    unfolding: Vec<String>,
    /// The recursive rules met.
    rules: Vec<BoundRule>,
    warnings: Vec<Diagnostic>,
    /// Where values of parameters stand, where the question is bound without them.
    holes: Option<template::Holes>,
}

impl<'g> Binder<'g> {
    fn new(scope: Scope<'g>) -> Self {
        Binder {
            scope,
            slots: Vec::new(),
            variables: BTreeMap::new(),
            kinds: Kinds::default(),
            columns: Vec::new(),
            blanks: BTreeMap::new(),
            claims: Vec::new(),
            negations: 0,
            alternatives: 0,
            unfolding: Vec::new(),
            rules: Vec::new(),
            warnings: Vec::new(),
            holes: None,
        }
    }

    fn graph(&self) -> &'g Graph {
        self.scope.graph
    }

    fn question(&mut self, pattern: &Pattern) -> Refused<Question> {
        self.kinds = Kinds::infer(pattern, self.scope.rules)?;
        let body = self.pattern(pattern)?;
        self.finished(body)
    }

    /// The question of a bound body, with its columns.
    fn finished(&mut self, body: Node) -> Refused<Question> {
        let mut columns = std::mem::take(&mut self.columns);
        safety::check(&body, &self.slots, &columns)?;
        // No content without its attribution: one claim sentence brings when, how and which.
        if let [(claim, appearance)] = self.claims[..] {
            let implicit = [
                ("when", ColumnSource::When(claim)),
                ("via", ColumnSource::Via(claim, appearance)),
                ("hedge", ColumnSource::Hedge(claim, appearance)),
                ("claim", ColumnSource::Slot(claim)),
            ];
            for (name, source) in implicit {
                if columns.iter().all(|column| column.name != name) {
                    columns.push(Shown { name: name.into(), source });
                }
            }
        } else if columns.is_empty() {
            columns.push(Shown { name: "answer".into(), source: ColumnSource::Answer });
        }
        Ok(Question {
            slots: Arc::new(self.slots.clone()),
            body,
            columns: Arc::new(columns),
            counted: self.claims.clone(),
            rules: Arc::new(std::mem::take(&mut self.rules)),
        })
    }

    /// A new slot.
    fn slot(&mut self, name: &str, kind: SlotKind, span: Span) -> Refused<SlotId> {
        if self.slots.len() >= MAX_SLOTS {
            return refuse(
                Code::TooLong,
                span,
                "this question unfolds to too many parts",
                "ask it in several questions",
            );
        }
        let id = SlotId(self.slots.len() as u16);
        self.slots.push(Slot { name: name.into(), kind, span, shared: false, variable: false });
        Ok(id)
    }

    /// Lets a slot stand in several places: it holds what stands for all that is the same.
    fn share(&mut self, slot: SlotId) {
        if let Some(slot) = self.slots.get_mut(usize::from(slot.0)) {
            slot.shared = true;
        }
    }

    /// The slot of a variable; its first mention outside `not` makes it a column, unless it is of a rule.
    fn variable(&mut self, name: &str, kind: SlotKind, span: Span) -> Refused<SlotId> {
        let slot = match self.variables.get(name) {
            Some(slot) => *slot,
            None => {
                let kind = self.kinds.of(name).unwrap_or(kind);
                let slot = self.slot(name, kind, span)?;
                self.variables.insert(name.into(), slot);
                if let Some(slot) = self.slots.get_mut(usize::from(slot.0)) {
                    slot.shared = self.kinds.is_shared(name);
                    slot.variable = self.unfolding.is_empty();
                }
                slot
            }
        };
        if self.negations == 0 && self.unfolding.is_empty() && kind != SlotKind::Appearance {
            self.column(name, ColumnSource::Slot(slot));
        }
        Ok(slot)
    }

    fn column(&mut self, name: &str, source: ColumnSource) {
        if self.columns.iter().all(|column| column.source != source) {
            self.columns.push(Shown { name: name.into(), source });
        }
    }

    /// The slot of a blank such as `who`, which may stand once in a question and never under `not`.
    fn blank(&mut self, word: &str, column: &str, kind: SlotKind, span: Span) -> Refused<SlotId> {
        if !self.unfolding.is_empty() {
            return self.slot(column, kind, span);
        }
        if self.negations > 0 {
            let other = if kind == SlotKind::Content { "anything" } else { "anyone" };
            return refuse(
                Code::UnsafeVariable,
                span,
                format!("`{word}` under `not` asks for what is not there"),
                format!("write `{other}`, or a variable that stands outside too"),
            );
        }
        if let Some(first) = self.blanks.insert(word.into(), span) {
            return Err(Box::new(
                Diagnostic::error(
                    Code::RepeatedBlank,
                    span,
                    format!("`{word}` stands twice in this question"),
                )
                .label(first, "the first one")
                .help("name the two: ?a, ?b"),
            ));
        }
        let slot = self.slot(column, kind, span)?;
        self.column(column, ColumnSource::Slot(slot));
        Ok(slot)
    }

    fn body(&mut self, pattern: &Pattern, negated: bool) -> Refused<Node> {
        self.negations += usize::from(negated);
        let body = self.pattern(pattern);
        self.negations -= usize::from(negated);
        body
    }
}
