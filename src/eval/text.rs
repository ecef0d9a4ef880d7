//! The text of a value as other programs read it: a cell of tab-separated output, and what `where` looks into.

use super::{Chain, Value};
use crate::graph::Graph;
use crate::model::{ClaimRef, Content, EntityId, PropositionId, StringId};
use std::borrow::Cow;

/// Most numbers that are shown are small.
const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The text of a value; empty for nothing. Names as first recorded, `not TEXT`, `TEXT if CONDITION`, ISO times, carriers from the speaker
/// outwards joined by ` > `, lists joined by `; `.
pub fn text<'g>(graph: &'g Graph, value: &'g Value) -> Cow<'g, str> {
    match value {
        Value::Nothing => Cow::Borrowed(""),
        Value::YesNo(on) => Cow::Borrowed(if *on { "yes" } else { "no" }),
        Value::Count(number) => match DIGITS.get(*number as usize) {
            Some(digit) => Cow::Borrowed(digit),
            None => Cow::Owned(number.to_string()),
        },
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Entity(entity) => Cow::Borrowed(graph.entities.name(*entity)),
        Value::Content(content) => content_text(graph, *content),
        Value::Claim(claim) => Cow::Owned(claim_text(graph, *claim)),
        Value::Document(document) => Cow::Borrowed(graph.documents.key(*document)),
        Value::Time(time) => Cow::Owned(time.to_string()),
        Value::Chain(chain) => Cow::Owned(carriers(graph, chain).join(" > ")),
        Value::Hedge { word, .. } | Value::Word(word) => Cow::Borrowed(graph.strings.get(*word)),
        Value::Figure(proposition, place) => Cow::Owned(figure(graph, *proposition, *place)),
        Value::Kind(kind) => Cow::Borrowed(kind.word()),
        Value::Grade(grade) => Cow::Borrowed(grade.word()),
        Value::Text(text) => Cow::Borrowed(text),
        Value::List(values) => {
            if let [only] = &values[..] {
                return text(graph, only);
            }
            let each: Vec<Cow<'_, str>> = values.iter().map(|value| text(graph, value)).collect();
            Cow::Owned(each.join("; "))
        }
    }
}

/// A claim by its id, as it is written in a sentence.
pub fn claim_text(graph: &Graph, claim: ClaimRef) -> String {
    let mut out = String::with_capacity(24);
    out.push('#');
    graph.write_claim_id(claim, &mut out);
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'~');
    if !out.bytes().skip(1).all(is_plain) {
        out.insert(1, '[');
        out.push(']');
    }
    out
}

/// The words of a content without its sign and condition: its text, or what it is about.
pub fn words(graph: &Graph, proposition: PropositionId) -> Cow<'_, str> {
    let text = graph.propositions.text(proposition);
    if !text.is_empty() {
        return Cow::Borrowed(text);
    }
    let topics: Vec<&str> =
        graph.propositions.subjects(proposition).map(|entity| graph.entities.name(entity)).collect();
    Cow::Owned(format!("(about {})", topics.join(", ")))
}

fn content_text(graph: &Graph, content: Content) -> Cow<'_, str> {
    let words = words(graph, content.proposition);
    let condition = graph.propositions.condition(content.proposition);
    if !content.negated && condition.is_none() {
        return words;
    }
    let not = if content.negated { "not " } else { "" };
    match condition {
        None => Cow::Owned(format!("{not}{words}")),
        // A condition holds no other condition.
        Some(condition) => {
            let if_not = if condition.negated { "not " } else { "" };
            let condition = graph.propositions.text(condition.proposition);
            Cow::Owned(format!("{not}{words} if {if_not}{condition}"))
        }
    }
}

/// Who carried a claim on a way, from the speaker outwards; joint carriers as one.
pub fn carriers(graph: &Graph, chain: &Chain) -> Vec<String> {
    let (outermost, _) = graph.way(chain.claim.claim, chain.appearance);
    let mut names: Vec<String> = graph
        .chains
        .inwards(outermost)
        .take_while(|hop| *hop != chain.claim.hop)
        .map(|hop| {
            let party = graph.entities.party(graph.chains.source(hop));
            let members: Vec<&str> =
                party.map(|entity: EntityId| graph.entities.name(graph.same.entity(entity))).collect();
            members.join(", ")
        })
        .collect();
    names.reverse();
    names
}

fn figure(graph: &Graph, proposition: PropositionId, place: u32) -> String {
    let Some(figure) = graph.propositions.figures(proposition).nth(place as usize) else {
        return String::new();
    };
    let unit: StringId = figure.unit;
    if unit.is_some() {
        format!("{} {}", figure.bound.written(), graph.strings.get(unit))
    } else {
        figure.bound.written()
    }
}
