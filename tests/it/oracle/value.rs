//! Values of answers: what they are shown as, when two are one, and which comes first. It knows no question.

use super::world::{Act, Content, World};
use dixit::model::{EntityKind, Figure, Grade, Time, fold};
use std::cmp::Ordering;

/// What a blank or a column holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Nothing,
    YesNo(bool),
    Number(f64),
    Entity(usize),
    Content(Content),
    Act(Act),
    Document(usize),
    Time(Time),
    Chain(Seen),
    Figure(Figure, Option<String>),
    Kind(EntityKind),
    Grade(Grade),
    Text(String),
    List(Vec<Value>),
}

/// A claim or relay, and by which of its claim's appearances it was found; nothing for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub act: Act,
    pub by: Option<usize>,
}

impl World {
    /// What stands for a value: the first recorded of those that are the same.
    pub(crate) fn canonical(&self, value: &Value) -> Value {
        match value {
            Value::Entity(entity) => Value::Entity(self.entities[*entity].one),
            Value::Content(content) => Value::Content(self.meant(*content)),
            Value::Act(act) => Value::Act(Act { claim: self.claims[act.claim].one, ..*act }),
            Value::List(all) => Value::List(all.iter().map(|value| self.canonical(value)).collect()),
            other => other.clone(),
        }
    }

    /// Two values are one where their keys are equal.
    pub(crate) fn key(&self, value: &Value) -> String {
        match self.canonical(value) {
            value @ (Value::Entity(_) | Value::Content(_) | Value::Act(_) | Value::Document(_)) => {
                format!("{value:?}")
            }
            Value::List(all) => all.iter().map(|one| self.key(one) + ";").collect(),
            Value::Number(number) => format!("number {number}"),
            value => self.text(&value),
        }
    }

    /// The text of a value in a cell.
    pub(crate) fn text(&self, value: &Value) -> String {
        match value {
            Value::Nothing => String::new(),
            Value::YesNo(true) => "yes".into(),
            Value::YesNo(false) => "no".into(),
            Value::Number(number) => number.to_string(),
            Value::Entity(entity) => self.entities[*entity].name.clone(),
            Value::Content(content) => self.content_text(*content),
            Value::Act(act) => self.act_text(*act),
            Value::Document(document) => self.documents[*document].key.clone(),
            Value::Time(time) => time.to_string(),
            Value::Chain(seen) => {
                let names = self.carriers(*seen).into_iter().map(|hop| self.party_text(&hop.sources));
                names.collect::<Vec<_>>().join(" > ")
            }
            Value::Figure(figure, None) => figure.bound.written(),
            Value::Figure(figure, Some(unit)) => format!("{} {unit}", figure.bound.written()),
            Value::Kind(kind) => kind.word().into(),
            Value::Grade(grade) => grade.word().into(),
            Value::Text(text) => text.clone(),
            Value::List(all) => all.iter().map(|one| self.text(one)).collect::<Vec<_>>().join("; "),
        }
    }

    fn party_text(&self, party: &[usize]) -> String {
        party.iter().map(|one| self.entities[*one].name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn content_text(&self, content: Content) -> String {
        let known = &self.propositions[content.at];
        let words = if known.text.is_empty() {
            format!("(about {})", self.party_text(&known.subjects))
        } else {
            known.text.clone()
        };
        let words = if content.not { format!("not {words}") } else { words };
        match known.condition {
            None => words,
            Some(condition) => format!("{words} if {}", self.content_text(condition)),
        }
    }

    /// Whether nothing is known: nor how a claim came that came without carriers.
    pub(crate) fn is_unknown(&self, value: &Value) -> bool {
        match value {
            Value::Nothing => true,
            Value::Chain(seen) => self.carriers(*seen).is_empty(),
            Value::List(all) => all.is_empty(),
            _ => false,
        }
    }

    /// Whether a value is neither more nor less than others: unknown, or a grade for what cannot be judged.
    pub(crate) fn is_unranked(&self, value: &Value) -> bool {
        matches!(value, Value::Grade(Grade::F | Grade::Six)) || self.is_unknown(value)
    }

    /// The hops outside an act on the way it was found by, from it outwards.
    pub(crate) fn carriers(&self, seen: Seen) -> Vec<&super::world::Hop> {
        let Some(by) = seen.by else { return Vec::new() };
        let hops = &self.claims[seen.act.claim].appearances[by].hops;
        let inside = hops.iter().position(|hop| Some(hop.number) == seen.act.hop).map_or(0, |at| at + 1);
        hops[inside..].iter().collect()
    }

    /// The hedge of the speaker, else of the hop nearest to him, and whose it is.
    pub(crate) fn hedge(&self, seen: Seen) -> Option<(String, usize)> {
        let claim = &self.claims[seen.act.claim];
        let (own, speaker) = match self.hop(seen.act) {
            Some(hop) => (&hop.hedge, &hop.sources),
            None => (&claim.hedge, &claim.sources),
        };
        let hops = self.carriers(seen).into_iter().map(|hop| (&hop.hedge, &hop.sources));
        let mut all = std::iter::once((own, speaker)).chain(hops);
        all.find_map(|(hedge, sources)| Some((hedge.clone()?, sources[0])))
    }

    /// When an act was said.
    pub(crate) fn said(&self, act: Act) -> Option<Time> {
        match self.hop(act) {
            Some(hop) => hop.time,
            None => self.claims[act.claim].said,
        }
    }

    /// For `sort by`: what is unknown comes last either way.
    pub(crate) fn sorts(&self, a: &Value, b: &Value, descending: bool) -> Ordering {
        match (self.is_unranked(a), self.is_unranked(b)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ if descending => self.compare(b, a),
            _ => self.compare(a, b),
        }
    }

    /// Which of two known values comes first: texts by their letters, claims as recorded, times by their first moment.
    pub(crate) fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
            (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
            (Value::Time(a), Value::Time(b)) => (a.from, a.to).cmp(&(b.from, b.to)),
            (Value::Act(a), Value::Act(b)) => a.cmp(b),
            _ => {
                let (a_text, b_text) = (self.text(a), self.text(b));
                let letters = fold(&a_text).cmp(&fold(&b_text)).then_with(|| a_text.cmp(&b_text));
                letters.then_with(|| match (a, b) {
                    (Value::Entity(a), Value::Entity(b)) => a.cmp(b),
                    _ => Ordering::Equal,
                })
            }
        }
    }

    /// The order of rows where none is asked: things as they were recorded, texts by their letters, figures by their bounds.
    pub(crate) fn recorded_order(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Entity(a), Value::Entity(b)) | (Value::Document(a), Value::Document(b)) => a.cmp(b),
            (Value::Content(a), Value::Content(b)) => a.cmp(b),
            (Value::Kind(a), Value::Kind(b)) => a.cmp(b),
            (Value::Grade(a), Value::Grade(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Figure(a, _), Value::Figure(b, _)) => {
                let (a, b) = (a.bound, b.bound);
                a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high))
            }
            _ => self.sorts(a, b, false),
        }
    }
}
