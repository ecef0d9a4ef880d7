//! Counting without keeping: where a question of one sentence goes on with a count or a summary, each solution is put into its group as it is
//! found, and never into an order of all. The groups come out in the order in which sorted solutions would have met them.

use super::claim::content_of;
use super::distinct::Distinct;
use super::order::BY_NUMBERS;
use super::scan::Sentence;
use super::solve::Solutions;
use super::table::Table;
use super::{Evaluator, Flow, Halt, NOTHING, Rows, Stopped, UNBOUND, Value, or_halt};
use crate::graph::hash_bytes;
use crate::model::EntityId;
use crate::plan::{
    Aggregate, AggregateKind, Base, ColumnSource, Field, Order, Output, Question, SlotKind, Stage, Step,
    StepKind, Test, content_cell,
};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// The solutions that are alike in what they are summarized by, in columns: there may be as many groups as claims.
#[derive(Default)]
struct Groups {
    places: Places,
    /// What each is summarized by: values, or cells where these stand for themselves.
    values: Vec<Value>,
    cells: Vec<[u64; 2]>,
    /// Of the solution that sorts first: when its claim was said and which that is, and the values that it shows.
    first: Vec<(i64, u64)>,
    shown: Vec<u64>,
    /// The claim that was counted last.
    claim: Vec<u64>,
    found: Vec<Found>,
}

/// Where the group of a key is.
enum Places {
    /// Keys of one or two numbers.
    Numbers(HashTable<([u64; 2], usize)>),
    /// Any other.
    Keys(Distinct),
}

impl Default for Places {
    fn default() -> Self {
        Places::Keys(Distinct::default())
    }
}

/// What an aggregate came to so far.
enum Found {
    Count(u64),
    Distinct(Box<Distinct>),
    Best(Value),
}

/// A pipeline that begins with tests and goes on with an aggregate.
pub(super) struct Shape<'q> {
    /// The tests.
    pub tests: Vec<&'q Test>,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// What they are for each of.
    pub by: &'q [Output],
    /// The order that follows, and how many rows of it are wanted: where it is by counts alone, the others are never made.
    pub best: Option<(Vec<(usize, bool)>, usize)>,
    /// How many stages that is.
    stages: usize,
}

impl<'q> Evaluator<'q> {
    /// The table after the first stages of a pipeline, and how many stages that were; nothing where it has to be made stage by stage.
    pub(super) fn streamed(
        &self,
        question: &'q Question,
        order: &Order,
        stages: &[Stage],
    ) -> Result<Option<(Table<'q>, usize)>, Stopped> {
        let Some(shape) = shape(stages) else { return Ok(None) };
        if !self.is_one_sentence(question, order) {
            let rows = self.joined(question, order, &shape)?;
            return Ok(rows.map(|rows| {
                // What was found is sorted still, where that is asked for.
                (Table::of_rows(rows), shape.tests.len() + 1)
            }));
        }
        self.set_slots(&question.slots);
        let width = question.slots.len().max(1);
        let shown: SmallVec<[usize; 4]> = question.shown_slots().collect();
        let claim_at = question.counted.first().map_or(0, |(claim, _)| usize::from(claim.0));
        let mut groups = Groups::default();
        let numbers = by_numbers(question, shape.by);
        if let [Step { id, kind: StepKind::Claim(pattern), .. }] = &order.steps[..]
            && let Some(by) = if shape.by.is_empty() { Some(SmallVec::new()) } else { numbers.clone() }
            && Self::is_over_claims(pattern)
        {
            let sentence = Sentence { step: *id, pattern, slots: &question.slots };
            if let Some(rows) = self.counted(question, sentence, &shape, &by)? {
                return Ok(Some((Table::of_rows(rows), shape.stages)));
            }
        }
        let solutions = Solutions { width, cells: vec![UNBOUND; width], any: true };
        let mut table = Table::of_solutions(question, solutions, false);
        if numbers.is_some() {
            groups.places = Places::Numbers(HashTable::new());
        }
        let mut values: Vec<Value> = Vec::with_capacity(shape.by.len());
        let reads_table = !shape.tests.is_empty() || shape.aggregates.iter().any(|one| one.field.is_some());
        let flow = self.steps(&order.steps, &mut vec![UNBOUND; width], &mut |row| {
            let cell = |at: usize| row.get(at).copied().unwrap_or(UNBOUND);
            if reads_table || numbers.is_none() {
                table.set_row(row);
            }
            if !shape.tests.iter().all(|test| self.passes(&table, 0, test)) {
                return Flow::Continue(());
            }
            let next = groups.first.len();
            let (at, is_new) = match (&mut groups.places, &numbers) {
                (Places::Numbers(places), Some(slots)) => {
                    let mut key = [UNBOUND; 2];
                    for (part, (at, kind)) in key.iter_mut().zip(slots) {
                        *part = self.meant(*kind, cell(*at));
                    }
                    let entry = places.entry(
                        hash_bytes(bytemuck::bytes_of(&key)),
                        |(known, _)| *known == key,
                        |(known, _)| hash_bytes(bytemuck::bytes_of(known)),
                    );
                    match entry {
                        Entry::Occupied(known) => (known.get().1, false),
                        Entry::Vacant(free) => {
                            free.insert((key, next));
                            (next, true)
                        }
                    }
                }
                (Places::Keys(places), _) => {
                    values.extend(shape.by.iter().map(|output| self.value(&table, 0, output.field)));
                    let write = |key: &mut Vec<u8>| values.iter().for_each(|value| self.key(value, key));
                    or_halt(self.place(places, write))?
                }
                (Places::Numbers(_), None) => return Flow::Continue(()),
            };
            let claim = cell(claim_at);
            let order = self.said_key(claim);
            if is_new {
                if let Some(slots) = &numbers {
                    let mut cells = [UNBOUND; 2];
                    cells.iter_mut().zip(slots).for_each(|(part, (at, _))| *part = cell(*at));
                    groups.cells.push(cells);
                }
                let parts = (size_of::<[u64; 2]>() * 3, size_of_val(&shown[..]) + size_of::<u64>());
                let found = shape.aggregates.len() * size_of::<Found>();
                self.holds_on(parts.0 + parts.1 + found)?;
                or_halt(self.hold_values(&values))?;
                groups.values.append(&mut values);
                groups.first.push(order);
                groups.shown.extend(shown.iter().map(|at| cell(*at)));
                groups.claim.push(UNBOUND);
                groups.found.extend(shape.aggregates.iter().map(Found::of));
            }
            if !is_new
                && let Some(first) = groups.first.get_mut(at)
                && order <= *first
                && let Some(known) = groups.shown.get_mut(at * shown.len()..(at + 1) * shown.len())
            {
                let here = || shown.iter().map(|at| cell(*at));
                if order < *first || here().lt(known.iter().copied()) {
                    *first = order;
                    known.iter_mut().zip(here()).for_each(|(known, here)| *known = here);
                    // What is one by `same as` reads as the solution that sorts first has it.
                    if let (Some(slots), Some(cells)) = (&numbers, groups.cells.get_mut(at)) {
                        cells.iter_mut().zip(slots).for_each(|(part, (at, _))| *part = cell(*at));
                    }
                    let many = shape.by.len();
                    if let Some(known) = groups.values.get_mut(at * many..(at + 1) * many) {
                        known
                            .iter_mut()
                            .zip(&mut values)
                            .for_each(|(known, here)| std::mem::swap(known, here));
                    }
                }
            }
            values.clear();
            // All solutions of one claim come one after another.
            let counted = groups.claim.get_mut(at).map(|last| std::mem::replace(last, claim));
            let many = shape.aggregates.len();
            let found = groups.found.get_mut(at * many..(at + 1) * many).unwrap_or(&mut []);
            for (aggregate, found) in shape.aggregates.iter().zip(found) {
                self.add(aggregate, found, &table, counted == Some(claim))?;
            }
            Flow::Continue(())
        });
        if let Flow::Break(Halt::Stopped(stopped)) = flow {
            return Err(stopped);
        }
        let heads = shape.by.iter().map(|output| &output.name);
        let heads = heads.chain(shape.aggregates.iter().map(|one| &one.name));
        let mut rows = Rows::with_columns(heads.map(String::as_str));
        if shape.by.is_empty() && groups.first.is_empty() {
            // Over everything there is one group, also when it is empty.
            groups.first.push((0, 0));
            groups.found.extend(shape.aggregates.iter().map(Found::of));
        }
        let (by, many) = (shape.by.len(), shape.aggregates.len());
        for at in groups.order(self, &shape, shown.len())? {
            match &numbers {
                Some(slots) => {
                    let cells = groups.cells.get(at).into_iter().flatten().zip(slots);
                    rows.cells.extend(cells.map(|(cell, (_, kind))| self.of_cell(*kind, *cell)));
                }
                None => {
                    let values = groups.values.get_mut(at * by..(at + 1) * by).into_iter().flatten();
                    rows.cells.extend(values.map(std::mem::take));
                }
            }
            let found = groups.found.get_mut(at * many..(at + 1) * many).into_iter().flatten();
            rows.cells.extend(found.map(|found| std::mem::replace(found, Found::Count(0)).value()));
        }
        Ok(Some((Table::of_rows(rows), shape.stages)))
    }

    /// What a cell stands for by `same as`.
    pub(super) fn meant(&self, kind: SlotKind, cell: u64) -> u64 {
        match kind {
            SlotKind::Content if cell != UNBOUND && cell != NOTHING => {
                content_cell(self.graph.same.content(content_of(cell)))
            }
            SlotKind::Entity if cell != UNBOUND => self.graph.same.entity(EntityId(cell as u32)).0.into(),
            _ => cell,
        }
    }

    /// Whether solutions are those of a single sentence, each claim once for each way to fill its slots, and in an order that needs no values.
    fn is_one_sentence(&self, question: &Question, order: &Order) -> bool {
        let [step] = &order.steps[..] else { return false };
        let StepKind::Claim(pattern) = &step.kind else { return false };
        let by_number = |at: usize| {
            let kind = question.slots.get(at).map(|slot| slot.kind);
            !matches!(kind, Some(SlotKind::Text | SlotKind::Time | SlotKind::Figure))
        };
        self.options.optimize
            && !pattern.content.is_speech()
            && question.counted.len() == 1
            && !self.graph.same.has_claims()
            && question.shown_slots().all(by_number)
    }

    fn add(&self, aggregate: &Aggregate, found: &mut Found, table: &Table<'_>, is_counted: bool) -> Flow {
        let Some(field) = aggregate.field else {
            if let Found::Count(count) = found {
                *count += u64::from(!is_counted);
            }
            return Flow::Continue(());
        };
        let value = self.value(table, 0, field);
        if self.is_unknown(&value) {
            return Flow::Continue(());
        }
        match found {
            Found::Count(count) => *count += 1,
            Found::Distinct(seen) => {
                or_halt(self.place(seen, |key| self.key(&value, key)))?;
            }
            Found::Best(_) if self.is_unranked(&value) => {}
            Found::Best(best) => {
                let better = best.is_nothing()
                    || if aggregate.kind == AggregateKind::Min {
                        self.compare(&value, best).is_lt()
                    } else {
                        self.compare(&value, best).is_gt()
                    };
                if better {
                    *best = value;
                }
            }
        }
        Flow::Continue(())
    }
}

impl Groups {
    /// The groups in the order in which sorted solutions would have met them; where the best by their counts are wanted, these.
    fn order(
        &self,
        evaluator: &Evaluator<'_>,
        shape: &Shape<'_>,
        shown: usize,
    ) -> Result<Vec<usize>, Stopped> {
        let shown_of = |at: usize| self.shown.get(at * shown..(at + 1) * shown);
        let met = |a: &usize, b: &usize| {
            let firsts = self.first.get(*a).cmp(&self.first.get(*b));
            firsts.then_with(|| shown_of(*a).cmp(&shown_of(*b)))
        };
        let mut order: Vec<usize> = (0..self.first.len()).collect();
        let Some((keys, wanted)) = &shape.best else {
            evaluator.put_in_order(&mut order, BY_NUMBERS, |a, b| met(a, b).then(a.cmp(b)))?;
            return Ok(order);
        };
        let count = |at: usize, column: usize| {
            let found = self.found.get(at * shape.aggregates.len() + column);
            found.map_or(0, |found| match found {
                Found::Count(count) => *count,
                Found::Distinct(seen) => seen.len() as u64,
                Found::Best(_) => 0,
            })
        };
        let best = |a: &usize, b: &usize| {
            let mut orders = keys.iter().map(|(column, descending)| {
                let order = count(*a, *column).cmp(&count(*b, *column));
                if *descending { order.reverse() } else { order }
            });
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal).then_with(|| met(a, b))
        };
        evaluator.first_in_order(order, *wanted, |a, b| best(a, b).then(a.cmp(b)))
    }
}

/// The slots of what is summarized by, where these are one or two numbers that stand for themselves.
fn by_numbers(question: &Question, by: &[Output]) -> Option<SmallVec<[(usize, SlotKind); 2]>> {
    if by.is_empty() || by.len() > 2 {
        return None;
    }
    by.iter().map(|output| plain_slot(question, output.field)).collect()
}

/// The slot of a field, where that is a number that stands for itself.
pub(super) fn plain_slot(question: &Question, field: Field) -> Option<(usize, SlotKind)> {
    let slot = match (field.base, field.part) {
        (Base::Slot(slot, _), None) => slot,
        (Base::Column(at), None) => match question.columns.get(at)?.source {
            ColumnSource::Slot(slot) => slot,
            _ => return None,
        },
        _ => return None,
    };
    let kind = question.slots.get(usize::from(slot.0))?.kind;
    let plain = matches!(kind, SlotKind::Entity | SlotKind::Content | SlotKind::Document | SlotKind::Claim);
    plain.then_some((usize::from(slot.0), kind))
}

impl Found {
    fn of(aggregate: &Aggregate) -> Found {
        match aggregate.kind {
            AggregateKind::CountDistinct => Found::Distinct(Box::default()),
            AggregateKind::Min | AggregateKind::Max => Found::Best(Value::Nothing),
            AggregateKind::Count | AggregateKind::List => Found::Count(0),
        }
    }

    fn value(self) -> Value {
        match self {
            Found::Count(count) => Value::Count(count),
            Found::Distinct(seen) => Value::Count(seen.len() as u64),
            Found::Best(best) => best,
        }
    }
}

/// The tests and the aggregate with which a pipeline begins, where it does. A list needs the order of all.
fn shape(stages: &[Stage]) -> Option<Shape<'_>> {
    let tests: Vec<&Test> = stages
        .iter()
        .map_while(|stage| if let Stage::Where(test) = stage { Some(test) } else { None })
        .collect();
    let stages_before = tests.len();
    let (aggregates, by) = match stages.get(stages_before)? {
        Stage::Count { distinct, by } => (vec![Aggregate::counting(*distinct)], by),
        Stage::Summarize { aggregates, by } => (aggregates.clone(), by),
        _ => return None,
    };
    if aggregates.iter().any(|one| one.kind == AggregateKind::List) {
        return None;
    }
    let best = match stages.get(stages_before + 1..) {
        Some([Stage::Sort(keys), Stage::Take(wanted), ..]) => {
            let by_count = |(field, descending): &(Field, bool)| match (field.base, field.part) {
                (Base::Column(at), None) => {
                    let column = at.checked_sub(by.len())?;
                    let counts = matches!(
                        aggregates.get(column)?.kind,
                        AggregateKind::Count | AggregateKind::CountDistinct
                    );
                    counts.then_some((column, *descending))
                }
                _ => None,
            };
            let keys: Option<Vec<(usize, bool)>> = keys.iter().map(by_count).collect();
            keys.map(|keys| (keys, *wanted))
        }
        _ => None,
    };
    let stages = stages_before + if best.is_some() { 3 } else { 1 };
    Some(Shape { tests, aggregates, by, best, stages })
}
