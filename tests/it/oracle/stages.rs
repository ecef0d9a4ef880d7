//! The pipeline: each stage done on the rows as they stand.

use super::Oracle;
use super::lookup::{folded, number};
use super::table::{Line, Table, seen};
use super::value::Value;
use dixit::model::{Time, Truth};
use dixit::syntax::ast::{
    Aggregate, AggregateKind, CompareOp, Expr, FieldBase, FieldRef, Operand, StageKind, Term, Test, TestKind,
    Word,
};
use std::cmp::Ordering;
use std::collections::BTreeSet;

impl Oracle<'_> {
    pub(super) fn stage(&self, mut table: Table, stage: &StageKind) -> Table {
        match stage {
            StageKind::Where(expr) => {
                let lines = std::mem::take(&mut table.lines);
                table.lines = lines.into_iter().filter(|line| self.passes(&table, line, expr)).collect();
                table
            }
            StageKind::Show(shown) => {
                let name = |field: &FieldRef, name: Option<&Word>| {
                    name.map_or_else(|| head(field), |n| n.text.clone())
                };
                let heads = shown.iter().map(|one| name(&one.field, one.name.as_ref())).collect();
                let mut known = BTreeSet::new();
                let lines = table.lines.iter().map(|line| Line {
                    cells: shown.iter().map(|one| self.value(&table, line, &one.field)).collect(),
                    row: None,
                });
                let lines = lines.filter(|line| known.insert(self.line_key(&line.cells))).collect();
                Table { heads, lines, counted: Vec::new() }
            }
            StageKind::Count { distinct, by } => {
                let kind =
                    if distinct.is_some() { AggregateKind::CountDistinct } else { AggregateKind::Count };
                let count = (kind, distinct.as_ref(), "count".to_string());
                self.groups(&table, &[count], by)
            }
            StageKind::Summarize { aggregates, by } => {
                let all = aggregates.iter().map(|one| (one.kind, one.field.as_ref(), aggregate_head(one)));
                self.groups(&table, &all.collect::<Vec<_>>(), by)
            }
            StageKind::Sort(keys) => {
                let mut lines = table.lines.clone();
                lines.sort_by(|a, b| {
                    let orders = keys.iter().map(|key| {
                        let (a, b) = (self.value(&table, a, &key.field), self.value(&table, b, &key.field));
                        self.world.sorts(&a, &b, key.descending)
                    });
                    orders.fold(Ordering::Equal, Ordering::then)
                });
                Table { lines, ..table }
            }
            StageKind::Take(word) => {
                let rows = self.rows(word);
                self.page(table, 0..rows)
            }
            StageKind::Skip(word) => {
                let rows = self.rows(word);
                self.page(table, rows..usize::MAX)
            }
            StageKind::Reason { .. } => unreachable!("not answered here"),
        }
    }

    fn rows(&self, word: &Word) -> usize {
        let text = match word.text.strip_prefix('$') {
            Some(name) => &self.params[name],
            None => &word.text,
        };
        text.parse().unwrap()
    }

    /// Some of the rows that are shown, with everything that stands behind them.
    fn page(&self, table: Table, wanted: std::ops::Range<usize>) -> Table {
        if table.counted.len() == 1 || table.lines.iter().all(|line| line.row.is_none()) {
            let lines = table.lines.into_iter().enumerate().filter(|(at, _)| wanted.contains(at));
            return Table { lines: lines.map(|(_, line)| line).collect(), ..table };
        }
        let mut known: Vec<Vec<String>> = Vec::new();
        let mut lines = Vec::new();
        for line in table.lines {
            let key = self.line_key(&line.cells);
            let place = known.iter().position(|other| *other == key).unwrap_or(known.len());
            if place == known.len() {
                known.push(key);
            }
            if wanted.contains(&place) {
                lines.push(line);
            }
        }
        Table { lines, ..table }
    }

    fn groups(
        &self,
        table: &Table,
        aggregates: &[(AggregateKind, Option<&FieldRef>, String)],
        by: &[FieldRef],
    ) -> Table {
        let mut groups: Vec<(Vec<Value>, Vec<&Line>)> = Vec::new();
        if by.is_empty() {
            groups.push((Vec::new(), Vec::new()));
        }
        for line in &table.lines {
            let values: Vec<Value> = by.iter().map(|field| self.value(table, line, field)).collect();
            let key = self.line_key(&values);
            match groups.iter_mut().find(|(known, _)| self.line_key(known) == key) {
                Some((_, lines)) => lines.push(line),
                None => groups.push((values, vec![line])),
            }
        }
        let mut heads: Vec<String> = by.iter().map(head).collect();
        heads.extend(aggregates.iter().map(|(.., head)| head.clone()));
        let lines = groups.into_iter().map(|(mut cells, lines)| {
            let found =
                aggregates.iter().map(|(kind, field, _)| self.aggregate(table, &lines, *kind, *field));
            cells.extend(found);
            Line { cells, row: None }
        });
        Table { heads, lines: lines.collect(), counted: Vec::new() }
    }

    fn aggregate(
        &self,
        table: &Table,
        lines: &[&Line],
        kind: AggregateKind,
        field: Option<&FieldRef>,
    ) -> Value {
        let Some(field) = field else { return Value::Number(self.count(table, lines) as f64) };
        let values = lines.iter().map(|line| self.value(table, line, field));
        let mut values: Vec<Value> = values.filter(|value| !self.world.is_unknown(value)).collect();
        if matches!(kind, AggregateKind::Min | AggregateKind::Max) {
            values.retain(|value| !self.world.is_unranked(value));
        }
        let mut known = BTreeSet::new();
        let world = self.world;
        match kind {
            AggregateKind::Count => Value::Number(values.len() as f64),
            AggregateKind::CountDistinct => Value::Number(
                values.iter().map(|value| world.key(value)).collect::<BTreeSet<_>>().len() as f64,
            ),
            AggregateKind::Min => {
                values.into_iter().min_by(|a, b| world.compare(a, b)).unwrap_or(Value::Nothing)
            }
            // Of several the first.
            AggregateKind::Max => {
                values.into_iter().rev().max_by(|a, b| world.compare(a, b)).unwrap_or(Value::Nothing)
            }
            AggregateKind::List => {
                values.retain(|value| known.insert(world.key(value)));
                Value::List(values)
            }
        }
    }

    /// How many claims some rows are of, or combinations of claims; of rows that are of none, how many are shown.
    fn count(&self, table: &Table, lines: &[&Line]) -> usize {
        let keys = lines.iter().map(|line| {
            let found = seen(&table.counted, line).into_iter();
            let acts: Vec<String> = found.map(|seen| self.world.key(&Value::Act(seen.act))).collect();
            if acts.is_empty() { self.line_key(&line.cells) } else { acts }
        });
        keys.collect::<BTreeSet<_>>().len()
    }

    fn passes(&self, table: &Table, line: &Line, expr: &Expr) -> bool {
        match expr {
            Expr::And(parts) => parts.iter().all(|part| self.passes(table, line, part)),
            Expr::Or(parts) => parts.iter().any(|part| self.passes(table, line, part)),
            Expr::Not(inner) => !self.passes(table, line, inner),
            Expr::Test(test) => self.test(table, line, test),
        }
    }

    /// What is missing fails every test but the one for that.
    fn test(&self, table: &Table, line: &Line, test: &Test) -> bool {
        let value = self.value(table, line, &test.field);
        match &test.kind {
            TestKind::Known(known) => self.world.is_unknown(&value) != *known,
            _ if self.world.is_unknown(&value) => false,
            TestKind::In(operands) => {
                operands.iter().any(|one| self.compares(table, line, &value, CompareOp::Equal, one))
            }
            TestKind::Compare(op, operand) => self.compares(table, line, &value, *op, operand),
        }
    }

    fn compares(&self, table: &Table, line: &Line, value: &Value, op: CompareOp, operand: &Operand) -> bool {
        let differs = op == CompareOp::NotEqual;
        if is_order(op) && self.world.is_unranked(value) {
            return false;
        }
        match operand {
            Operand::Date(word) => match value {
                Value::Time(known) => times(*known, op, Time::parse(&word.text).unwrap()),
                Value::Number(known) => ordered(known.total_cmp(&number(&word.text)), op),
                other => self.text_passes(other, op, &word.text),
            },
            Operand::Number(word) => match value {
                Value::Number(known) => ordered(known.total_cmp(&number(&word.text)), op),
                Value::Time(known) => times(*known, op, Time::parse(&word.text).unwrap()),
                other => self.text_passes(other, op, &word.text),
            },
            Operand::Text(word) => self.text_passes(value, op, &word.text),
            Operand::Claim(id) => {
                let wanted = Value::Act(self.world.act_of(&id.text).unwrap());
                (self.world.key(value) == self.world.key(&wanted)) != differs
            }
            Operand::Term(Term::Var(word)) => {
                let base = FieldBase::Var(word.text.clone());
                let other = FieldRef { base, field: None, span: word.span };
                self.same_kind(value, op, &self.value(table, line, &other))
            }
            Operand::Term(term) => {
                let text = match term {
                    Term::Name(name) => name.text.clone(),
                    Term::Param(word) => self.param(word),
                    _ => panic!("a blank in a test"),
                };
                match value {
                    Value::Entity(_) | Value::Chain(_) | Value::List(_) => {
                        self.is_one_of(value, &self.constant(term, true)) != differs
                    }
                    Value::Time(known) => times(*known, op, Time::parse_any(&text).unwrap()),
                    Value::Number(known) => ordered(known.total_cmp(&number(&text)), op),
                    other => self.text_passes(other, op, &text),
                }
            }
            Operand::Field(field) => match (&field.base, &field.field, value) {
                (FieldBase::Column(word), None, Value::YesNo(known)) if word == "yes" || word == "no" => {
                    (*known == (word == "yes")) != differs
                }
                (FieldBase::Column(word), None, Value::Text(_) | Value::Kind(_) | Value::Grade(_))
                    if !table.heads.contains(word) =>
                {
                    self.text_passes(value, op, word)
                }
                _ => self.same_kind(value, op, &self.value(table, line, field)),
            },
        }
    }

    fn same_kind(&self, value: &Value, op: CompareOp, other: &Value) -> bool {
        let world = self.world;
        match (value, other, op) {
            (_, other, _) if world.is_unknown(other) => false,
            (_, other, op) if is_order(op) && world.is_unranked(other) => false,
            (_, _, CompareOp::Equal) => world.key(value) == world.key(other),
            (_, _, CompareOp::NotEqual) => world.key(value) != world.key(other),
            (Value::Time(known), Value::Time(other), _) => times(*known, op, *other),
            (_, _, CompareOp::Has | CompareOp::Contains | CompareOp::Starts | CompareOp::Matches) => {
                self.text_passes(value, op, &self.words(other))
            }
            _ => ordered(world.compare(value, other), op),
        }
    }

    /// Whether a value is one of some entities, or was carried by one, or has one in it.
    fn is_one_of(&self, value: &Value, wanted: &[usize]) -> bool {
        match value {
            Value::Entity(entity) => wanted.contains(&self.world.entities[*entity].one),
            Value::List(all) => all.iter().any(|one| self.is_one_of(one, wanted)),
            Value::Chain(seen) => {
                let hops = self.world.carriers(*seen);
                hops.iter().any(|hop| hop.sources.iter().any(|source| wanted.contains(source)))
            }
            _ => false,
        }
    }

    /// The text that `has` and its kin look into: of a content its words, without sign and condition.
    fn words(&self, value: &Value) -> String {
        match value {
            Value::Content(content) => self.world.propositions[content.at].text.clone(),
            other => self.world.text(other),
        }
    }

    fn text_passes(&self, value: &Value, op: CompareOp, wanted: &str) -> bool {
        if let Value::List(all) = value {
            return if op == CompareOp::NotEqual {
                all.iter().all(|one| self.text_passes(one, op, wanted))
            } else {
                all.iter().any(|one| self.text_passes(one, op, wanted))
            };
        }
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        match value {
            // Equal is as a whole: with its sign.
            Value::Content(content) if equality && content.not => return op == CompareOp::NotEqual,
            Value::Entity(entity) if equality => {
                let names = &self.world.entities[*entity].names;
                let called = names.iter().any(|name| folded(name) == folded(wanted));
                return called == (op == CompareOp::Equal);
            }
            _ => {}
        }
        let known = folded(&self.words(value));
        let wanted_folded = folded(wanted);
        match op {
            CompareOp::Has => has(&known, &wanted_folded),
            CompareOp::Contains => known.contains(&wanted_folded),
            CompareOp::Starts => known.starts_with(&wanted_folded),
            CompareOp::Matches => {
                let pattern = regex::RegexBuilder::new(wanted).case_insensitive(true).build().unwrap();
                pattern.is_match(&known)
            }
            _ => ordered(known.cmp(&wanted_folded), op),
        }
    }
}

/// Whether a text has a phrase with no letter or digit of another word beside it.
fn has(text: &str, phrase: &str) -> bool {
    let in_word = |a: Option<char>, b: Option<char>| {
        a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
    };
    let stands_alone = |at: usize| {
        let (before, after) = (&text[..at], &text[at + phrase.len()..]);
        !in_word(before.chars().next_back(), phrase.chars().next())
            && !in_word(phrase.chars().next_back(), after.chars().next())
    };
    !phrase.is_empty() && text.match_indices(phrase).any(|(at, _)| stands_alone(at))
}

fn ordered(order: Ordering, op: CompareOp) -> bool {
    match op {
        CompareOp::Equal => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::AtMost => order.is_le(),
        CompareOp::More => order.is_gt(),
        CompareOp::AtLeast => order.is_ge(),
        _ => false,
    }
}

/// Whether a time certainly stands so to another; it is another where they cannot meet.
fn times(known: Time, op: CompareOp, other: Time) -> bool {
    match op {
        CompareOp::Equal => known.within(&other) == Truth::Certain,
        CompareOp::NotEqual => known.within(&other) == Truth::Never,
        CompareOp::Less => known.before(&other) == Truth::Certain,
        CompareOp::AtMost => known.to <= other.to,
        CompareOp::More => known.after(&other) == Truth::Certain,
        CompareOp::AtLeast => known.from >= other.from,
        _ => false,
    }
}

fn head(field: &FieldRef) -> String {
    let (FieldBase::Var(name) | FieldBase::Column(name)) = &field.base;
    field.field.as_ref().map_or_else(|| name.clone(), |part| part.text.clone())
}

fn aggregate_head(aggregate: &Aggregate) -> String {
    let word = match aggregate.kind {
        AggregateKind::Count | AggregateKind::CountDistinct => "count",
        AggregateKind::Min => "min",
        AggregateKind::Max => "max",
        AggregateKind::List => "list",
    };
    match (&aggregate.name, &aggregate.field) {
        (Some(name), _) => name.text.clone(),
        (None, Some(field)) => format!("{word}_{}", head(field)),
        (None, None) => word.into(),
    }
}

fn is_order(op: CompareOp) -> bool {
    matches!(op, CompareOp::Less | CompareOp::AtMost | CompareOp::More | CompareOp::AtLeast)
}
