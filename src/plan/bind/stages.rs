//! The pipeline: every column and part is found before anything runs, every comparison is between things that compare.

use super::super::logical::{ColumnSource, Question, SlotKind};
use super::super::query::{Aggregate, Base, ColumnKind, Field, Operand, Output, Stage, Test};
use super::super::reasoned::{Reasoned, column_meant, columns};
use super::lookup::{number, point};
use super::{Binder, Refused, refuse};
use crate::diag::{Code, Diagnostic};
use crate::model::fold;
use crate::syntax::ast::{
    self, AggregateKind, CommandVerb, CompareOp, Expr, FieldBase, FieldRef, StageKind, Term, TestKind, Word,
};
use std::sync::Arc;

/// The columns of the rows at one step of the pipeline.
pub(super) struct Columns {
    columns: Vec<(String, ColumnKind)>,
    /// Whether the rows are still solutions, so that variables without a column can be reached.
    solutions: bool,
    /// Each label with where its claim appeared.
    claims: Vec<(super::SlotId, super::SlotId)>,
}

impl Columns {
    pub(super) fn of_question(question: &Question, binder: &Binder<'_>) -> Columns {
        let columns = question.columns.iter().map(|shown| {
            let kind = match shown.source {
                ColumnSource::Slot(slot) => binder.slot_kind(slot),
                ColumnSource::When(_) => ColumnKind::Time,
                ColumnSource::Via(..) => ColumnKind::Chain,
                ColumnSource::Hedge(..) => ColumnKind::Text,
                ColumnSource::Answer => ColumnKind::YesNo,
            };
            (shown.name.clone(), kind)
        });
        Columns { columns: columns.collect(), solutions: true, claims: question.counted.clone() }
    }

    pub(super) fn of_reason(verb: CommandVerb, reasoned: &Reasoned) -> Columns {
        let columns = columns(verb, reasoned.reckoning.with_support).into_iter();
        Columns::of_values(columns.map(|(name, kind)| (name.to_string(), kind)).collect())
    }

    /// The one column that a verb can work on: of contents and claims the first content, of claims those of the only claim sentence.
    pub(super) fn only(&self, fits: impl Fn(ColumnKind) -> bool, verb: CommandVerb) -> Option<Field> {
        if let ([(claim, appearance)], true, false) = (
            &self.claims[..],
            fits(ColumnKind::Claim),
            fits(ColumnKind::Content) || verb == CommandVerb::Impact,
        ) {
            return Some(Field { base: Base::Slot(*claim, Some(*appearance)), part: None });
        }
        let place = |kind: ColumnKind| self.columns.iter().position(|(_, known)| *known == kind);
        let content = place(ColumnKind::Content).filter(|_| fits(ColumnKind::Content));
        let mut fitting = (0..).zip(&self.columns).filter(|(_, (_, kind))| fits(*kind)).map(|(at, _)| at);
        let at = content.or_else(|| match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        })?;
        Some(Field { base: Base::Column(at), part: None })
    }

    fn of_values(columns: Vec<(String, ColumnKind)>) -> Columns {
        Columns { columns, solutions: false, claims: Vec::new() }
    }
}

impl Binder<'_> {
    pub(super) fn slot_kind(&self, slot: super::SlotId) -> ColumnKind {
        match self.slots.get(usize::from(slot.0)).map(|slot| slot.kind) {
            Some(SlotKind::Content) => ColumnKind::Content,
            Some(SlotKind::Claim) => ColumnKind::Claim,
            Some(SlotKind::Appearance) => ColumnKind::Chain,
            Some(SlotKind::Time) => ColumnKind::Time,
            Some(SlotKind::Document) => ColumnKind::Document,
            Some(SlotKind::Figure) => ColumnKind::Figure,
            Some(SlotKind::Text | SlotKind::Kind | SlotKind::Grade) => ColumnKind::Text,
            Some(SlotKind::Entity) | None => ColumnKind::Entity,
        }
    }

    pub(super) fn stages(&mut self, stages: &[ast::Stage], mut columns: Columns) -> Refused<Vec<Stage>> {
        let mut bound = Vec::with_capacity(stages.len());
        for stage in stages {
            bound.push(self.stage(stage, &mut columns)?);
        }
        Ok(bound)
    }

    fn stage(&mut self, stage: &ast::Stage, columns: &mut Columns) -> Refused<Stage> {
        Ok(match &stage.kind {
            StageKind::Where(expr) => Stage::Where(self.expr(expr, columns)?),
            StageKind::Show(shown) => {
                let mut heads = Vec::new();
                let mut outputs = Vec::new();
                for one in shown {
                    outputs.push(self.output(&one.field, one.name.as_ref(), columns, &mut heads)?);
                }
                *columns = Columns::of_values(heads);
                Stage::Show(outputs)
            }
            StageKind::Count { distinct, by } => {
                let distinct = distinct.as_ref().map(|field| self.value(field, columns)).transpose()?;
                let mut heads = Vec::new();
                let by = self.groups(by, columns, &mut heads)?;
                heads.push(("count".into(), ColumnKind::Number));
                *columns = Columns::of_values(heads);
                Stage::Count { distinct: distinct.map(|(field, _)| field), by }
            }
            StageKind::Summarize { aggregates, by } => {
                let mut heads = Vec::new();
                let by = self.groups(by, columns, &mut heads)?;
                let mut bound = Vec::new();
                for aggregate in aggregates {
                    bound.push(self.aggregate(aggregate, columns, &mut heads)?);
                }
                *columns = Columns::of_values(heads);
                Stage::Summarize { aggregates: bound, by }
            }
            StageKind::Sort(keys) => {
                let keys = keys.iter().map(|key| Ok((self.value(&key.field, columns)?.0, key.descending)));
                Stage::Sort(keys.collect::<Refused<_>>()?)
            }
            StageKind::Take(word) => Stage::Take(self.rows(word)?),
            StageKind::Skip(word) => Stage::Skip(self.rows(word)?),
            StageKind::Reason { verb, target, manner } => {
                self.reason_stage(*verb, target.as_ref(), manner, stage.span, columns)?
            }
        })
    }

    /// A number of rows.
    fn rows(&self, word: &Word) -> Refused<usize> {
        let text = match word.text.strip_prefix('$') {
            Some(name) => self.param(&Word { text: name.into(), span: word.span })?.to_string(),
            None => word.text.clone(),
        };
        text.parse().or_else(|_| {
            refuse(
                Code::BadNumber,
                word.span,
                format!("`{text}` is no number of rows"),
                "write a whole number, as 10",
            )
        })
    }

    fn output(
        &mut self,
        field: &FieldRef,
        name: Option<&Word>,
        columns: &Columns,
        heads: &mut Vec<(String, ColumnKind)>,
    ) -> Refused<Output> {
        let (bound, kind) = self.value(field, columns)?;
        let name = name.map_or_else(|| default_name(field), |word| word.text.clone());
        heads.push((name.clone(), kind));
        Ok(Output { name, field: bound })
    }

    fn groups(
        &mut self,
        by: &[FieldRef],
        columns: &Columns,
        heads: &mut Vec<(String, ColumnKind)>,
    ) -> Refused<Vec<Output>> {
        by.iter().map(|field| self.output(field, None, columns, heads)).collect()
    }

    fn aggregate(
        &mut self,
        aggregate: &ast::Aggregate,
        columns: &Columns,
        heads: &mut Vec<(String, ColumnKind)>,
    ) -> Refused<Aggregate> {
        let field = aggregate.field.as_ref().map(|field| self.value(field, columns)).transpose()?;
        let kind = match (aggregate.kind, &field) {
            (AggregateKind::Count | AggregateKind::CountDistinct, _) => ColumnKind::Number,
            (AggregateKind::List, _) => ColumnKind::List,
            (_, Some((_, kind))) => *kind,
            (_, None) => ColumnKind::Text,
        };
        let name = match (&aggregate.name, &aggregate.field) {
            (Some(word), _) => word.text.clone(),
            (None, Some(field)) => format!("{}_{}", aggregate_word(aggregate.kind), default_name(field)),
            (None, None) => "count".into(),
        };
        heads.push((name.clone(), kind));
        Ok(Aggregate { name, kind: aggregate.kind, field: field.map(|(field, _)| field) })
    }

    /// Finds a column or a part of one.
    pub(super) fn value(&self, field: &FieldRef, columns: &Columns) -> Refused<(Field, ColumnKind)> {
        let (base, kind) = self.base(field, columns)?;
        match &field.field {
            None => Ok((Field { base, part: None }, kind)),
            Some(word) => {
                let (part, kind) = self.part(kind, word)?;
                Ok((Field { base, part: Some(part) }, kind))
            }
        }
    }

    fn base(&self, field: &FieldRef, columns: &Columns) -> Refused<(Base, ColumnKind)> {
        let name = match &field.base {
            FieldBase::Var(name) | FieldBase::Column(name) => name,
        };
        if columns.solutions
            && let FieldBase::Var(_) = field.base
            && let Some(slot) = self.variables.get(name)
        {
            let appearance = columns.claims.iter().find(|(claim, _)| claim == slot).map(|(_, seen)| *seen);
            return Ok((Base::Slot(*slot, appearance), self.slot_kind(*slot)));
        }
        let named = |wanted: &str| columns.columns.iter().position(|(known, _)| known == wanted);
        if let Some(at) = named(name).or_else(|| named(column_meant(name))) {
            // The claim that a question shows keeps the way it was found by.
            let base = match (columns.solutions, &columns.claims[..]) {
                (true, [(claim, appearance)]) if name == "claim" => Base::Slot(*claim, Some(*appearance)),
                _ => Base::Column(at),
            };
            return Ok((base, columns.columns.get(at).map_or(ColumnKind::Text, |(_, kind)| *kind)));
        }
        let known: Vec<&str> = columns.columns.iter().map(|(name, _)| name.as_str()).collect();
        let mark = if matches!(field.base, FieldBase::Var(_)) { "?" } else { "" };
        let mut diagnostic = Diagnostic::error(
            Code::UnknownColumn,
            field.span,
            format!("there is no column `{mark}{name}` here"),
        );
        let similar =
            known.iter().find(|known| strsim::damerau_levenshtein(known, name) <= 1 + name.len() / 4);
        if let Some(similar) = similar {
            diagnostic = diagnostic.help(format!("did you mean {similar}?"));
        }
        Err(Box::new(diagnostic.help(format!("the columns here are {}", known.join(", ")))))
    }

    fn expr(&mut self, expr: &Expr, columns: &Columns) -> Refused<Test> {
        Ok(match expr {
            Expr::And(parts) => Test::All(self.exprs(parts, columns)?),
            Expr::Or(parts) => Test::Any(self.exprs(parts, columns)?),
            Expr::Not(inner) => Test::Not(Box::new(self.expr(inner, columns)?)),
            Expr::Test(test) => self.test(test, columns)?,
        })
    }

    fn exprs(&mut self, parts: &[Expr], columns: &Columns) -> Refused<Vec<Test>> {
        parts.iter().map(|part| self.expr(part, columns)).collect()
    }

    fn test(&mut self, test: &ast::Test, columns: &Columns) -> Refused<Test> {
        let (field, kind) = self.value(&test.field, columns)?;
        Ok(match &test.kind {
            TestKind::Known(known) => Test::Known(field, *known),
            TestKind::In(values) => {
                let mut bound = Vec::with_capacity(values.len());
                for value in values {
                    bound.push(self.operand(value, kind, CompareOp::Equal, test, columns)?);
                }
                Test::In(field, bound)
            }
            TestKind::Compare(op, operand) => {
                let bound = self.operand(operand, kind, *op, test, columns)?;
                Test::Compare(field, *op, bound)
            }
        })
    }

    /// What a field is compared with, where the two compare.
    fn operand(
        &mut self,
        operand: &ast::Operand,
        kind: ColumnKind,
        op: CompareOp,
        test: &ast::Test,
        columns: &Columns,
    ) -> Refused<Operand> {
        let incomparable = |other: &str| {
            refuse(
                Code::BadComparison,
                test.span,
                format!("{} cannot be compared with {other} so", kind.noun()),
                suggestion(kind),
            )
        };
        let textual =
            matches!(op, CompareOp::Has | CompareOp::Contains | CompareOp::Starts | CompareOp::Matches);
        let ordered = !textual && !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if textual && matches!(kind, ColumnKind::Number | ColumnKind::Time | ColumnKind::YesNo) {
            return incomparable("a text");
        }
        if ordered && !matches!(kind, ColumnKind::Number | ColumnKind::Time | ColumnKind::Text) {
            return incomparable("less and more");
        }
        match operand {
            ast::Operand::Text(word) => Self::text_operand(&word.text, word, kind, op, &incomparable),
            ast::Operand::Term(Term::Param(word)) => {
                let text = self.param(word)?.to_string();
                match kind {
                    ColumnKind::Entity | ColumnKind::Chain if !textual => {
                        Ok(Operand::Entity(self.entities_of_param(word)?))
                    }
                    ColumnKind::Number => Ok(Operand::Number(number(&text, word.span)?)),
                    ColumnKind::Time => {
                        let time = crate::model::Time::parse_any(&text);
                        time.map(Operand::Time).or_else(|error| {
                            refuse(
                                Code::BadTime,
                                word.span,
                                format!("${}: {error}", word.text),
                                "give it as 2025-12-01",
                            )
                        })
                    }
                    _ => Self::text_operand(&text, word, kind, op, &incomparable),
                }
            }
            ast::Operand::Date(word) => match kind {
                ColumnKind::Time => Ok(Operand::Time(point(word)?)),
                // A year reads as a date and may be meant as a number.
                ColumnKind::Number => Ok(Operand::Number(number(&word.text, word.span)?)),
                ColumnKind::Text => Ok(Operand::Text(fold(&word.text).into_owned())),
                _ => incomparable("a date"),
            },
            ast::Operand::Number(word) => match kind {
                ColumnKind::Number => Ok(Operand::Number(number(&word.text, word.span)?)),
                ColumnKind::Text => Ok(Operand::Text(fold(&word.text).into_owned())),
                // A bare year.
                ColumnKind::Time if word.text.len() == 4 => Ok(Operand::Time(point(word)?)),
                _ => incomparable("a number"),
            },
            ast::Operand::Claim(word) => match kind {
                ColumnKind::Claim => Ok(Operand::Claim(self.claim_of(word)?)),
                _ => incomparable("a claim"),
            },
            ast::Operand::Term(Term::Name(name)) => match kind {
                ColumnKind::Entity | ColumnKind::Chain | ColumnKind::List => {
                    Ok(Operand::Entity(self.entities(name, true)?))
                }
                ColumnKind::Text => Ok(Operand::Text(fold(&name.text).into_owned())),
                _ => incomparable("a name"),
            },
            ast::Operand::Term(Term::Var(word)) => {
                let base = FieldBase::Var(word.text.clone());
                let field = FieldRef { base, field: None, span: word.span };
                let (field, other) = self.value(&field, columns)?;
                if other == kind { Ok(Operand::Field(field)) } else { incomparable(other.noun()) }
            }
            ast::Operand::Field(field) => self.field_operand(field, kind, columns, &incomparable),
            ast::Operand::Term(_) => incomparable("a blank"),
        }
    }

    fn text_operand(
        text: &str,
        word: &Word,
        kind: ColumnKind,
        op: CompareOp,
        incomparable: &dyn Fn(&str) -> Refused<Operand>,
    ) -> Refused<Operand> {
        if matches!(kind, ColumnKind::Number | ColumnKind::Time | ColumnKind::YesNo | ColumnKind::Claim) {
            return incomparable("a text");
        }
        if op != CompareOp::Matches {
            return Ok(Operand::Text(fold(text).into_owned()));
        }
        let pattern = regex::RegexBuilder::new(&without_marks(text))
            .case_insensitive(true)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 21)
            .nest_limit(64)
            .build();
        match pattern {
            Ok(pattern) => Ok(Operand::Pattern(Arc::new(pattern))),
            Err(error) => {
                let message = match error {
                    regex::Error::CompiledTooBig(_) => "this pattern grows too large".to_string(),
                    other => {
                        let told = other.to_string();
                        format!("this pattern cannot be read: {}", told.lines().last().unwrap_or("").trim())
                    }
                };
                refuse(Code::BadPattern, word.span, message, "`contains` looks for plain text")
            }
        }
    }

    /// Another column, or a bare word such as `yes` or `quote`.
    fn field_operand(
        &self,
        field: &FieldRef,
        kind: ColumnKind,
        columns: &Columns,
        incomparable: &dyn Fn(&str) -> Refused<Operand>,
    ) -> Refused<Operand> {
        if let (FieldBase::Column(word), None) = (&field.base, &field.field) {
            match (kind, word.as_str()) {
                (ColumnKind::YesNo, "yes" | "no") => return Ok(Operand::YesNo(word == "yes")),
                (ColumnKind::YesNo, _) => return incomparable("anything but yes and no"),
                (ColumnKind::Text, _) if columns.columns.iter().all(|(name, _)| name != word) => {
                    return Ok(Operand::Text(fold(word).into_owned()));
                }
                _ => {}
            }
        }
        let (bound, other) = self.value(field, columns)?;
        if other == kind { Ok(Operand::Field(bound)) } else { incomparable(other.noun()) }
    }
}

fn suggestion(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Entity => "compare it with a name: who = Putin",
        ColumnKind::Content => "test its text: what has \"peace\"",
        ColumnKind::Claim => "compare it with an id: claim = #c7",
        ColumnKind::Document => "test its address: ?d contains \"reuters.com\"",
        ColumnKind::Time => "compare it with a date: when >= 2025-12-01",
        ColumnKind::Chain => "compare it with a carrier: via = Reuters",
        ColumnKind::Text => "compare it with a text: = \"…\"",
        ColumnKind::Number => "compare it with a number: > 2",
        ColumnKind::YesNo => "compare it with yes or no: = yes",
        ColumnKind::Figure => "compare its low or high: ?n.low > 10",
        ColumnKind::List => "look for a part of it: has \"…\"",
    }
}

fn default_name(field: &FieldRef) -> String {
    match (&field.field, &field.base) {
        (Some(part), _) => part.text.clone(),
        (None, FieldBase::Var(name) | FieldBase::Column(name)) => name.clone(),
    }
}

fn aggregate_word(kind: AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Count | AggregateKind::CountDistinct => "count",
        AggregateKind::Min => "min",
        AggregateKind::Max => "max",
        AggregateKind::List => "list",
    }
}

/// A pattern without diacritics; its case stays, for `\S` is not `\s`.
fn without_marks(pattern: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    if pattern.is_ascii() {
        pattern.into()
    } else {
        pattern.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
    }
}
