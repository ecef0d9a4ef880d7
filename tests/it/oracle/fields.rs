//! Columns and their parts as stages name them: `who`, `?k.date`, `what.text`.

use super::Oracle;
use super::table::{Line, Table, seen};
use super::value::{Seen, Value};
use super::world::{Act, Content, distinct};
use dixit::model::{Commitment, Time, Truth};
use dixit::syntax::ast::{FieldBase, FieldRef};

impl Oracle<'_> {
    /// The value of a field in a row.
    pub(super) fn value(&self, table: &Table, line: &Line, field: &FieldRef) -> Value {
        let (base, seen) = base(table, line, field);
        match &field.field {
            None => base,
            Some(part) => self.part_of(&base, seen, &part.text).unwrap_or(Value::Nothing),
        }
    }

    fn part_of(&self, value: &Value, seen: Option<Seen>, part: &str) -> Option<Value> {
        match value {
            Value::Act(act) => {
                let first =
                    || Seen { act: *act, by: self.appearances(*act, false).into_iter().next().flatten() };
                self.part_of_act(*act, seen.unwrap_or_else(first), part)
            }
            Value::Entity(entity) => {
                let known = &self.world.entities[*entity];
                match part {
                    "name" => Some(Value::Text(known.name.clone())),
                    "kind" => known.kinds.first().map(|kind| Value::Kind(*kind)),
                    "names" => {
                        let names = distinct(known.names.iter().cloned());
                        Some(Value::List(names.into_iter().map(Value::Text).collect()))
                    }
                    "unnamed" => Some(Value::YesNo(known.unnamed)),
                    _ => panic!("no part {part}"),
                }
            }
            Value::Content(content) => self.part_of_content(*content, part),
            Value::Document(document) => {
                let known = &self.world.documents[*document];
                match part {
                    "address" => Some(Value::Text(known.key.clone())),
                    "title" => known.title.clone().map(Value::Text),

                    "language" => known.language.clone().map(Value::Text),
                    "outlet" => known.outlet.map(Value::Entity),
                    "published" => known.published.map(Value::Time),
                    _ => panic!("no part {part}"),
                }
            }
            Value::Time(time) => part_of_time(*time, part),
            Value::Figure(figure, unit) => match part {
                "low" => Some(figure.bound.low).filter(|low| low.is_finite()).map(Value::Number),
                "high" => Some(figure.bound.high).filter(|high| high.is_finite()).map(Value::Number),
                _ => unit.clone().map(Value::Text),
            },
            Value::Nothing => None,
            other => panic!("no part {part} of {other:?}"),
        }
    }

    fn part_of_act(&self, act: Act, seen: Seen, part: &str) -> Option<Value> {
        let world = self.world;
        let claim = &world.claims[act.claim];
        let hop = world.hop(act);
        let sources = hop.map_or(&claim.sources, |hop| &hop.sources);
        let listeners = hop.map_or(&claim.listeners, |hop| &hop.listeners);
        let verb = world.lexicon.verb(hop.map_or(claim.verb, |hop| hop.verb));
        let document = seen.by.and_then(|by| claim.appearances[by].document);
        let people = |all: &[usize]| {
            (!all.is_empty()).then(|| Value::List(all.iter().map(|one| Value::Entity(*one)).collect()))
        };
        let content = claim.content;
        match part {
            "date" => world.said(act).map(Value::Time),
            "published" => {
                let all = self.appearances(act, false).into_iter().flatten();
                let first =
                    all.filter_map(|by| claim.appearances[by].published).min_by_key(|t| (t.from, t.to));
                first.map(Value::Time)
            }
            "speakers" => people(sources),
            "listeners" => people(listeners),
            "act" => Some(Value::Text(verb.act.word().into())),
            "cue" if verb.word.is_empty() => Some(Value::Text("reported".into())),
            "cue" => Some(Value::Text(verb.word.clone())),
            "what" => content.map(Value::Content),
            "about" | "condition" => content.and_then(|content| self.part_of_content(content, part)),
            "via" => Some(Value::Chain(seen)),
            "hops" => Some(Value::Number(world.carriers(seen).len() as f64)),
            "chains" => Some(Value::Number(self.chains(act) as f64)),
            "hedge" => world.hedge(seen).map(|(word, _)| Value::Text(word)),
            "hedged" => Some(Value::YesNo(world.hedge(seen).is_some())),
            "hedged_by" => world.hedge(seen).map(|(_, owner)| Value::Entity(owner)),
            "commitment" if hop.is_some() => {
                let hedge = hop.and_then(|hop| hop.hedge.as_deref());
                let commitment = hedge.map_or(Commitment::Certain, Commitment::of_hedge);
                Some(Value::Text(commitment.word().into()))
            }
            "joint" => Some(Value::YesNo(sources.len() > 1)),
            "verbatim" => Some(Value::YesNo(hop.is_none() && claim.verbatim)),
            "repeated" | "translated" => Some(Value::YesNo(hop.is_none() && claim.fields[part] == "yes")),
            "document" => document.map(Value::Document),
            "outlet" => document.and_then(|document| world.documents[document].outlet).map(Value::Entity),
            other => claim.fields.get(other).cloned().map(Value::Text),
        }
    }

    fn part_of_content(&self, content: Content, part: &str) -> Option<Value> {
        let known = &self.world.propositions[content.at];
        match part {
            "text" => Some(known.text.clone()).filter(|text| !text.is_empty()).map(Value::Text),
            "negated" => Some(Value::YesNo(content.not)),
            "about" if known.subjects.is_empty() => None,
            "about" => Some(Value::List(known.subjects.iter().map(|one| Value::Entity(*one)).collect())),
            "condition" => known.condition.map(Value::Content),
            "modality" => Some(Value::Text(known.modality.into())),
            "language" => known.language.clone().map(Value::Text),
            "for" => known.time.map(Value::Time),
            _ => panic!("no part {part}"),
        }
    }
}

/// What a field starts from; of a claim also by which way it was found.
fn base(table: &Table, line: &Line, field: &FieldRef) -> (Value, Option<Seen>) {
    let (FieldBase::Var(name) | FieldBase::Column(name)) = &field.base;
    if let (FieldBase::Var(name), Some(row)) = (&field.base, &line.row) {
        let labelled = table.counted.iter().position(|(_, label)| label.as_ref() == Some(name));
        let way = labelled.map(|at| seen(&table.counted, line)[at]);
        if let Some(value) = row.vars.get(&format!("?{name}")) {
            return (value.clone(), way);
        }
    }
    let way = match seen(&table.counted, line)[..] {
        [way] if name == "claim" => Some(way),
        _ => None,
    };
    let at = table.heads.iter().position(|head| head == name);
    let at = at.unwrap_or_else(|| panic!("no column {name} among {:?}", table.heads));
    (line.cells[at].clone(), way)
}

/// The day, month or year within which a time certainly lies.
fn part_of_time(time: Time, part: &str) -> Option<Value> {
    let day = Time::day_of(time.from).to_string();
    let length = match part {
        "day" => 10,
        "month" => 7,
        "year" => 4,
        _ => panic!("no part {part}"),
    };
    let whole = Time::parse(day.get(..length)?).ok()?;
    (time.within(&whole) == Truth::Certain).then_some(Value::Time(whole))
}
