//! Rules: kept as the text of their sentence, once it is known that they have a defined meaning beside the others.

use super::{Outcome, Refused, refuse};
use crate::diag::{Code, Span};
use crate::graph::Graph;
use crate::syntax::ast::{DefineRule, SentenceKind};
use crate::syntax::{denied_by_itself, parse, print_sentence};

pub(super) fn define(graph: &mut Graph, rule: &DefineRule, sentence: &str) -> Refused<Outcome> {
    let known: Vec<_> = graph.rules().flat_map(|known| parse(known).sentences).collect();
    let same_name = known.iter().find(
        |known| matches!(&known.kind, SentenceKind::DefineRule(other) if other.name.text == rule.name.text),
    );
    if let Some(other) = same_name {
        let own: Vec<String> = parse(sentence).sentences.iter().map(print_sentence).collect();
        if own != [print_sentence(other)] {
            return refuse(
                Code::Redefinition,
                rule.name.span,
                format!("`{}` is a rule already, with another meaning", rule.name.text),
                "choose another name",
            );
        }
        return Ok(Outcome::default());
    }
    let mut all: Vec<DefineRule> = known
        .into_iter()
        .filter_map(|known| if let SentenceKind::DefineRule(other) = known.kind { Some(other) } else { None })
        .collect();
    all.push(rule.clone());
    if let Some(through) = denied_by_itself(rule, &all) {
        let last = rule.params.last().map_or(rule.name.span.end, |param| param.span.end + 1);
        return refuse(
            Code::Unstratified,
            Span::new(rule.name.span.start, last),
            format!(
                "this rule would depend on its own negation, through `{through}`, and have no defined answer"
            ),
            "a rule may come back to itself only outside `not`",
        );
    }
    let added = graph.define_rule(sentence);
    Ok(Outcome { added, ..Outcome::default() })
}
