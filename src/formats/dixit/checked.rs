//! Statements in two steps, for rows that make several: first whether each would be recorded, then recording it. The check adds nothing.

use super::claim;
use super::declare;
use super::{Context, Outcome, Refused, document, document_draft, refused};
use crate::graph::Graph;
use crate::syntax::ast::{Fact, ToldWhat};

/// Whether a statement would be recorded as the graph is now. Of withdrawals only the sentence itself is known to be right.
pub fn check(graph: &Graph, context: &Context, what: &ToldWhat) -> Refused<()> {
    match what {
        ToldWhat::Document(head) => {
            let draft = document_draft(context, head)?;
            graph.check_document(&draft).map_err(|refusal| refused(refusal, head.key.span))
        }
        ToldWhat::Fact(Fact::Claim(stated)) => claim::check(graph, context, stated),
        ToldWhat::Fact(Fact::IsA(isa)) => declare::check_isa(graph, context, isa),
        ToldWhat::Fact(Fact::Link(link)) => declare::check_link(graph, context, link),
        ToldWhat::Fact(Fact::Rating(rating)) => declare::check_rating(graph, context, rating),
        ToldWhat::Fact(Fact::Void(_)) => Ok(()),
    }
}

/// Records a statement, without a look at what may be doubtful. A document is in force from then on.
pub fn tell(graph: &mut Graph, context: &mut Context, what: &ToldWhat) -> Refused<Outcome> {
    match what {
        ToldWhat::Document(head) => document(graph, context, head),
        ToldWhat::Fact(Fact::Claim(stated)) => claim::tell(graph, context, stated),
        ToldWhat::Fact(Fact::IsA(isa)) => declare::isa(graph, context, isa),
        ToldWhat::Fact(Fact::Link(link)) => declare::link(graph, context, link),
        ToldWhat::Fact(Fact::Rating(rating)) => declare::rating(graph, context, rating),
        ToldWhat::Fact(Fact::Void(void)) => declare::void(graph, context, void),
    }
}
