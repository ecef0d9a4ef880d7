//! When two contents contradict each other, and what speaks against comparing them. Four kinds: one negates the other; somebody stated that
//! they contradict; their figures exclude each other; they give one thing two values. Wording is never compared.

use super::record::Record;
use crate::graph::Node;
use crate::model::{Bound, Content, EntityId, Figure, LinkRelation, StringId, fold};
use std::collections::BTreeSet;

/// How two contents contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContradictionKind {
    /// One is the negation of the other.
    Negation,
    /// It is stated that they contradict.
    Declared,
    /// Of the same measure they give figures that exclude each other.
    Figures,
    /// They give one attribute of one thing two values.
    Fact,
}

impl ContradictionKind {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            ContradictionKind::Negation => "negation",
            ContradictionKind::Declared => "declared",
            ContradictionKind::Figures => "figures",
            ContradictionKind::Fact => "fact",
        }
    }
}

/// What speaks against comparing two contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// One holds on a condition, the other without it or on another.
    Condition,
    /// They are about times that have nothing in common.
    OtherTimes,
    /// They are about times of which a part is common.
    TimesOverlap,
    /// Their figures are in different units.
    OtherUnits,
    /// Only one of them says for when.
    TimeUnknown,
    /// One tells what is, the other what is to come, may be, or is wanted.
    Modality,
    /// They are not mainly about the same.
    OtherTopic,
    /// A figure is only approximate.
    Approximate,
    /// The attribute may have several values at once.
    SeveralValues,
}

impl Doubt {
    /// Whether this forbids comparing them, rather than leaving it open.
    pub const fn forbids(self) -> bool {
        matches!(self, Doubt::Condition | Doubt::OtherTimes | Doubt::OtherUnits)
    }
}

/// How two contents contradict, if they do: the first kind that fits, with everything that speaks against comparing them.
pub fn contradiction(record: &Record<'_>, a: Content, b: Content) -> Option<(ContradictionKind, Vec<Doubt>)> {
    let graph = record.graph();
    let (one, other) = (graph.same.content(a), graph.same.content(b));
    let mut doubts = doubts(record, a, b);
    let kind = if one.proposition == other.proposition {
        if one.negated == other.negated {
            return None;
        }
        ContradictionKind::Negation
    } else if same_words(record, a, b) {
        ContradictionKind::Negation
    } else if declared(record, a, b) {
        ContradictionKind::Declared
    } else if let Some(more) = by_figures(record, a, b) {
        doubts.extend(more);
        ContradictionKind::Figures
    } else if by_facts(record, a, b) {
        doubts.insert(Doubt::SeveralValues);
        ContradictionKind::Fact
    } else {
        return None;
    };
    Some((kind, doubts.into_iter().collect()))
}

/// The contents that are stated to contradict one, as they stand for themselves.
pub(super) fn declared_against(record: &Record<'_>, content: Content) -> BTreeSet<Content> {
    let graph = record.graph();
    let mut found = BTreeSet::new();
    for member in graph.same.contents(content) {
        for link in graph.links.of_proposition(member.proposition) {
            if link.relation != LinkRelation::Contradicts {
                continue;
            }
            if let (Node::Content(left), Node::Content(right)) = (link.left, link.right) {
                if left == member {
                    found.insert(graph.same.content(right));
                }
                if right == member {
                    found.insert(graph.same.content(left));
                }
            }
        }
    }
    found
}

fn declared(record: &Record<'_>, a: Content, b: Content) -> bool {
    declared_against(record, a).contains(&record.graph().same.content(b))
}

/// What speaks against comparing, apart from figures and facts.
fn doubts(record: &Record<'_>, a: Content, b: Content) -> BTreeSet<Doubt> {
    let propositions = &record.graph().propositions;
    let mut doubts = BTreeSet::new();
    let condition = |content: Content| {
        propositions.condition(content.proposition).map(|one| record.graph().same.content(one))
    };
    if condition(a) != condition(b) {
        doubts.insert(Doubt::Condition);
    }
    let time = |content: Content| record.graph().times.get(propositions.time(content.proposition));
    match (time(a), time(b)) {
        (Some(one), Some(other)) if !one.overlaps(&other) => {
            doubts.insert(Doubt::OtherTimes);
        }
        (Some(one), Some(other)) if one != other => {
            doubts.insert(Doubt::TimesOverlap);
        }
        (Some(_), None) | (None, Some(_)) => {
            doubts.insert(Doubt::TimeUnknown);
        }
        _ => {}
    }
    if propositions.modality(a.proposition) != propositions.modality(b.proposition) {
        doubts.insert(Doubt::Modality);
    }
    doubts
}

/// Whether two contents give figures of one measure that exclude each other, and what speaks against comparing these. Negated contents give
/// no figures.
fn by_figures(record: &Record<'_>, a: Content, b: Content) -> Option<Vec<Doubt>> {
    let propositions = &record.graph().propositions;
    if a.negated || b.negated || !share_a_topic(record, a, b) {
        return None;
    }
    let mut found: Vec<Vec<Doubt>> = Vec::new();
    for one in propositions.figures(a.proposition) {
        for other in propositions.figures(b.proposition) {
            if !same_text(record, one.what, other.what) {
                continue;
            }
            let mut doubts = Vec::new();
            if !same_text(record, one.unit, other.unit) {
                doubts.push(Doubt::OtherUnits);
            } else if !exclude(&one.bound, &other.bound) {
                continue;
            }
            if one.bound.about || other.bound.about {
                doubts.push(Doubt::Approximate);
            }
            if main_topic(record, a) != main_topic(record, b) {
                doubts.push(Doubt::OtherTopic);
            }
            found.push(doubts);
        }
    }
    // Of several such pairs the one that can best be compared shows the contradiction, in whichever order they are written.
    found.into_iter().min_by_key(|doubts| (doubts.iter().any(|doubt| doubt.forbids()), doubts.len()))
}

/// Whether two lists hold the same, in whichever order.
fn are_equal<T: PartialEq>(some: &[T], others: &[T]) -> bool {
    some.len() == others.len() && some.iter().all(|one| others.contains(one))
}

/// Whether one content has the words of the other and says the opposite, if for another time, on another condition or in another mode.
fn same_words(record: &Record<'_>, a: Content, b: Content) -> bool {
    let propositions = &record.graph().propositions;
    let (one, other) = (a.proposition, b.proposition);
    a.negated != b.negated
        && fold(propositions.text(one)) == fold(propositions.text(other))
        && are_equal(
            &propositions.figures(one).collect::<Vec<_>>(),
            &propositions.figures(other).collect::<Vec<_>>(),
        )
        && are_equal(
            &propositions.facts(one).collect::<Vec<_>>(),
            &propositions.facts(other).collect::<Vec<_>>(),
        )
}

fn by_facts(record: &Record<'_>, a: Content, b: Content) -> bool {
    let graph = record.graph();
    if a.negated || b.negated || main_topic(record, a) != main_topic(record, b) {
        return false;
    }
    graph.propositions.facts(a.proposition).any(|one| {
        graph.propositions.facts(b.proposition).any(|other| {
            let entity = |one: EntityId| one.some().map(|one| graph.same.entity(one));
            let values = (entity(one.entity), entity(other.entity));
            same_text(record, one.attribute, other.attribute)
                && match values {
                    (None, None) => !same_text(record, one.text, other.text),
                    (one, other) => one != other,
                }
        })
    })
}

/// The first thing that a content is about.
pub(super) fn main_topic(record: &Record<'_>, content: Content) -> Option<EntityId> {
    let graph = record.graph();
    graph.propositions.subjects(content.proposition).next().map(|topic| graph.same.entity(topic))
}

fn share_a_topic(record: &Record<'_>, a: Content, b: Content) -> bool {
    let graph = record.graph();
    let topics: Vec<EntityId> =
        graph.propositions.subjects(a.proposition).map(|topic| graph.same.entity(topic)).collect();
    graph.propositions.subjects(b.proposition).any(|topic| topics.contains(&graph.same.entity(topic)))
}

fn same_text(record: &Record<'_>, a: StringId, b: StringId) -> bool {
    let strings = &record.graph().strings;
    a == b || a.is_some() && b.is_some() && fold(strings.get(a)) == fold(strings.get(b))
}

/// Whether no value lies within both bounds.
pub(super) fn exclude(a: &Bound, b: &Bound) -> bool {
    let below = |a: &Bound, b: &Bound| a.high < b.low || a.high <= b.low && (a.high_open || b.low_open);
    below(a, b) || below(b, a)
}

/// The measure and unit of a figure, folded: what two figures must share to be of one kind.
pub(super) fn measure(record: &Record<'_>, figure: &Figure) -> (String, String) {
    let strings = &record.graph().strings;
    let text = |id: StringId| if id.is_some() { fold(strings.get(id)).into_owned() } else { String::new() };
    (text(figure.what), text(figure.unit))
}
