//! The steps of the pipeline.

use super::compare::number;
use super::distinct::Distinct;
use super::table::{ColumnsRead, Table};
use super::{Evaluator, Rows, Stopped, Value};
use crate::model::{Time, Truth, fold};
use crate::plan::{Aggregate, AggregateKind, Base, CompareOp, Field, Operand, Output, Stage, Test};
use std::cmp::Ordering;
use std::sync::Arc;

/// The rows of one group.
struct Group {
    values: Vec<Value>,
    rows: Vec<usize>,
}

impl Evaluator<'_> {
    /// Does one step, before these.
    pub(super) fn stage<'q>(
        &self,
        table: Table<'q>,
        stage: &Stage,
        later: &[Stage],
    ) -> Result<Table<'q>, Stopped> {
        Ok(match stage {
            Stage::Where(test) => self.passing(table, test)?,
            Stage::Show(outputs) => match self.shown_in_runs(&table, outputs)? {
                Some(shown) => shown,
                None => self.show(&table, outputs)?,
            },
            Stage::Count { distinct, by } => self.summarize(&table, &[Aggregate::counting(*distinct)], by)?,
            Stage::Summarize { aggregates, by } => self.summarize(&table, aggregates, by)?,
            Stage::Sort(keys) => self.sort(table, keys, usize::MAX)?,
            Stage::Take(rows) => self.page(table, 0..*rows)?,
            Stage::Skip(rows) => self.page(table, *rows..usize::MAX)?,
            Stage::Reason(reasoned) => self.reasoned(&table, reasoned, &ColumnsRead::by(later))?,
        })
    }

    /// Orders the rows, of which only the first are needed. What is equal keeps the order that it had.
    pub(super) fn sort<'q>(
        &self,
        mut table: Table<'q>,
        keys: &[(Field, bool)],
        needed: usize,
    ) -> Result<Table<'q>, Stopped> {
        self.hold(table.order.len() * (keys.len() * size_of::<Value>() + size_of::<usize>()))?;
        let mut values: Vec<Value> = Vec::with_capacity(table.order.len() * keys.len());
        for row in &table.order {
            self.look()?;
            values.extend(keys.iter().map(|(field, _)| self.value(&table, *row, *field)));
        }
        let of = |at: usize| values.get(at * keys.len()..(at + 1) * keys.len()).unwrap_or(&[]);
        let compare = |a: &usize, b: &usize| {
            let pairs = of(*a).iter().zip(of(*b)).zip(keys);
            let mut orders = pairs.map(|((a, b), (_, descending))| self.sorts(a, b, *descending));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal).then(a.cmp(b))
        };
        let places = self.first_in_order((0..table.order.len()).collect(), needed, compare)?;
        table.order = places.into_iter().filter_map(|at| table.order.get(at).copied()).collect();
        Ok(table)
    }

    /// Some of the rows that are shown, with every solution behind them.
    fn page<'q>(&self, mut table: Table<'q>, wanted: std::ops::Range<usize>) -> Result<Table<'q>, Stopped> {
        if !table.is_distinct() {
            let end = wanted.end.min(table.order.len());
            table.order = table.order.get(wanted.start..end).unwrap_or(&[]).to_vec();
            return Ok(table);
        }
        let mut known = Distinct::default();
        let mut order = Vec::new();
        for row in &table.order {
            let (place, _) = self.place(&mut known, |key| self.shown_key(&table, *row, key))?;
            if wanted.contains(&place) {
                order.push(*row);
            }
        }
        table.order = order;
        Ok(table)
    }

    fn shown_key(&self, table: &Table<'_>, row: usize, key: &mut Vec<u8>) {
        for at in 0..table.width() {
            self.key(&self.value(table, row, Field { base: Base::Column(at), part: None }), key);
        }
    }

    fn show(&self, table: &Table<'_>, outputs: &[Output]) -> Result<Table<'static>, Stopped> {
        let mut rows = Rows::with_columns(outputs.iter().map(|output| output.name.as_str()));
        let mut seen = Distinct::default();
        let mut values: Vec<Value> = Vec::with_capacity(outputs.len());
        for row in &table.order {
            values.extend(outputs.iter().map(|output| self.value(table, *row, output.field)));
            if self.place(&mut seen, |key| values.iter().for_each(|value| self.key(value, key)))?.1 {
                self.hold_values(&values)?;
                rows.push(values.drain(..));
            }
            values.clear();
        }
        Ok(Table::of_rows(rows))
    }

    fn summarize(
        &self,
        table: &Table<'_>,
        aggregates: &[Aggregate],
        by: &[Output],
    ) -> Result<Table<'static>, Stopped> {
        let heads = by.iter().map(|output| &output.name).chain(aggregates.iter().map(|one| &one.name));
        let mut rows = Rows::with_columns(heads.map(String::as_str));
        let mut places = Distinct::default();
        let mut groups: Vec<Group> = Vec::new();
        let mut values: Vec<Value> = Vec::with_capacity(by.len());
        for row in &table.order {
            values.extend(by.iter().map(|output| self.value(table, *row, output.field)));
            let (at, is_new) =
                self.place(&mut places, |key| values.iter().for_each(|value| self.key(value, key)))?;
            self.hold(size_of::<usize>())?;
            if is_new {
                self.hold_values(&values)?;
                self.hold(size_of::<Group>())?;
                groups.push(Group { values: values.clone(), rows: Vec::new() });
            }
            values.clear();
            if let Some(group) = groups.get_mut(at) {
                group.rows.push(*row);
            }
        }
        // Over everything there is one group, also when it is empty.
        if by.is_empty() && groups.is_empty() {
            groups.push(Group { values: Vec::new(), rows: Vec::new() });
        }
        for group in groups {
            let found = aggregates.iter().map(|one| self.aggregate(table, &group.rows, one));
            let found: Vec<Value> = found.collect::<Result<_, _>>()?;
            self.hold_values(&found)?;
            rows.push(group.values.into_iter().chain(found));
        }
        Ok(Table::of_rows(rows))
    }

    fn aggregate(&self, table: &Table<'_>, rows: &[usize], aggregate: &Aggregate) -> Result<Value, Stopped> {
        let Some(field) = aggregate.field else { return self.count_claims(table, rows).map(Value::Count) };
        let values =
            rows.iter().map(|row| self.value(table, *row, field)).filter(|value| !self.is_unknown(value));
        Ok(match aggregate.kind {
            AggregateKind::Count => Value::Count(values.count() as u64),
            AggregateKind::CountDistinct => {
                let mut seen = Distinct::default();
                for value in values {
                    self.place(&mut seen, |key| self.key(&value, key))?;
                }
                self.let_go(seen.weight());
                Value::Count(seen.len() as u64)
            }
            AggregateKind::Min => values
                .filter(|value| !self.is_unranked(value))
                .reduce(|a, b| if self.compare(&b, &a).is_lt() { b } else { a })
                .unwrap_or(Value::Nothing),
            AggregateKind::Max => values
                .filter(|value| !self.is_unranked(value))
                .reduce(|a, b| if self.compare(&b, &a).is_gt() { b } else { a })
                .unwrap_or(Value::Nothing),
            AggregateKind::List => {
                let mut seen = Distinct::default();
                let mut distinct: Vec<Value> = Vec::new();
                for value in values {
                    if self.place(&mut seen, |key| self.key(&value, key))?.1 {
                        distinct.push(value);
                    }
                }
                self.let_go(seen.weight());
                Value::List(distinct.into())
            }
        })
    }

    /// How many claims rows are of; where they are no longer of claims, how many rows.
    fn count_claims(&self, table: &Table<'_>, rows: &[usize]) -> Result<u64, Stopped> {
        let mut seen = Distinct::default();
        if table.has_claims() {
            for row in rows {
                self.place(&mut seen, |key| self.claims_key(table, *row, key))?;
            }
        } else if table.is_distinct() {
            for row in rows {
                self.place(&mut seen, |key| self.shown_key(table, *row, key))?;
            }
        } else {
            return Ok(rows.len() as u64);
        }
        self.let_go(seen.weight());
        Ok(seen.len() as u64)
    }

    /// Whether a row passes. What is unknown fails every test but the one for that.
    pub(super) fn passes(&self, table: &Table<'_>, row: usize, test: &Test) -> bool {
        match test {
            Test::All(parts) => parts.iter().all(|part| self.passes(table, row, part)),
            Test::Any(parts) => parts.iter().any(|part| self.passes(table, row, part)),
            Test::Not(inner) => !self.passes(table, row, inner),
            Test::Known(field, known) => self.is_unknown(&self.value(table, row, *field)) != *known,
            Test::In(field, operands) => {
                let value = self.value(table, row, *field);
                operands.iter().any(|operand| self.compares(table, row, &value, CompareOp::Equal, operand))
            }
            Test::Compare(field, CompareOp::Equal, Operand::YesNo(wanted))
                if let Some(hedged) = self.hedged(table, row, *field) =>
            {
                hedged == *wanted
            }
            Test::Compare(field, op, operand) => {
                let value = self.value(table, row, *field);
                self.compares(table, row, &value, *op, operand)
            }
        }
    }

    fn compares(
        &self,
        table: &Table<'_>,
        row: usize,
        value: &Value,
        op: CompareOp,
        operand: &Operand,
    ) -> bool {
        let is_missing =
            |value: &Value| if is_order(op) { self.is_unranked(value) } else { self.is_unknown(value) };
        if is_missing(value) {
            return false;
        }
        let equal_or_not = |equal: bool| match op {
            CompareOp::Equal => equal,
            CompareOp::NotEqual => !equal,
            _ => false,
        };
        match operand {
            Operand::Time(time) => matches!(value, Value::Time(known) if times(known, op, time)),
            Operand::Number(wanted) => {
                number(value).is_some_and(|known| ordered(known.total_cmp(wanted), op))
            }
            Operand::YesNo(wanted) => matches!(value, Value::YesNo(known) if equal_or_not(known == wanted)),
            Operand::Claim(claim) => equal_or_not(self.is_same(value, &Value::Claim(*claim))),
            Operand::Entity(entities) => equal_or_not(self.is_one_of(value, entities)),
            Operand::Text(wanted) => match value {
                Value::List(values) if matches!(op, CompareOp::NotEqual) => {
                    !values.iter().any(|value| self.text_passes(value, CompareOp::Equal, wanted))
                }
                Value::List(values) => values.iter().any(|value| self.text_passes(value, op, wanted)),
                value => self.text_passes(value, op, wanted),
            },
            Operand::Pattern(pattern) => match value {
                Value::List(values) => values.iter().any(|value| pattern.is_match(&self.folded(value))),
                value => pattern.is_match(&self.folded(value)),
            },
            Operand::Field(field) => {
                let other = self.value(table, row, *field);
                if is_missing(&other) {
                    return false;
                }
                match (value, &other, op) {
                    (_, _, CompareOp::Equal | CompareOp::NotEqual) => {
                        equal_or_not(self.is_same(value, &other))
                    }
                    (Value::Time(known), Value::Time(other), _) => times(known, op, other),
                    (_, _, CompareOp::Has | CompareOp::Contains | CompareOp::Starts | CompareOp::Matches) => {
                        self.text_passes(value, op, &self.folded(&other))
                    }
                    _ => ordered(self.compare(value, &other), op),
                }
            }
        }
    }

    /// The text of a value for looking into it, folded: of a content its words, without sign and condition.
    fn folded(&self, value: &Value) -> String {
        let text: Arc<str> = match value {
            Value::Content(content) => self.graph.propositions.text(content.proposition).into(),
            value => super::text(self.graph, value).into(),
        };
        fold(&text).into_owned()
    }

    fn text_passes(&self, value: &Value, op: CompareOp, wanted: &str) -> bool {
        let known = match (op, value) {
            // Equal is as a whole: with its sign.
            (CompareOp::Equal | CompareOp::NotEqual, Value::Content(content)) if content.negated => {
                return op == CompareOp::NotEqual;
            }
            (CompareOp::Equal | CompareOp::NotEqual, Value::Entity(entity)) => {
                let all = self.graph.same.entities(*entity);
                let called = all
                    .iter()
                    .any(|one| self.graph.entities.names(*one).any(|(name, _)| fold(name) == wanted));
                return called == (op == CompareOp::Equal);
            }
            _ => self.folded(value),
        };
        match op {
            CompareOp::Has => has(&known, wanted),
            CompareOp::Contains => known.contains(wanted),
            CompareOp::Starts => known.starts_with(wanted),
            CompareOp::Matches => false,
            _ => ordered(known.as_str().cmp(wanted), op),
        }
    }
}

/// Whether a text has a word or phrase: nothing of a word stands directly before or after it.
fn has(text: &str, phrase: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, found)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
            let (first, last) = (phrase.chars().next(), phrase.chars().next_back());
            !(is_word(before) && is_word(first) || is_word(after) && is_word(last))
        })
}

/// Whether a comparison asks which of two is more.
fn is_order(op: CompareOp) -> bool {
    matches!(op, CompareOp::Less | CompareOp::AtMost | CompareOp::More | CompareOp::AtLeast)
}

fn ordered(order: Ordering, op: CompareOp) -> bool {
    match op {
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::AtMost => order.is_le(),
        CompareOp::More => order.is_gt(),
        CompareOp::AtLeast => order.is_ge(),
        CompareOp::Has | CompareOp::Contains | CompareOp::Starts | CompareOp::Matches => false,
    }
}

/// Whether a time certainly stands so to another.
fn times(known: &Time, op: CompareOp, other: &Time) -> bool {
    match op {
        CompareOp::Equal => known.within(other) == Truth::Certain,
        CompareOp::NotEqual => !known.overlaps(other),
        CompareOp::Less => known.before(other) == Truth::Certain,
        CompareOp::AtMost => known.to <= other.to,
        CompareOp::More => known.after(other) == Truth::Certain,
        CompareOp::AtLeast => known.from >= other.from,
        CompareOp::Has | CompareOp::Contains | CompareOp::Starts | CompareOp::Matches => false,
    }
}
