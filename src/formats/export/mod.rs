//! A graph as text: sentences, or rows, that build the same graph again, number by number. What the log holds, when things were recorded,
//! is not exported: whoever builds again records again.
//!
//! Nothing is read here. To export something new: a statement in `order.rs` with what it mentions, and its words in `claim.rs` or
//! `declared.rs`.

mod claim;
mod declared;
mod naming;
mod order;
mod row;

use crate::graph::Graph;
use crate::model::{ClaimRef, Content};
use crate::syntax::{claim_id, parse, print_sentence, quoted, wrapped};
use naming::Naming;
use order::Statement;
use std::io::{self, Write};

/// Writes a graph as sentences, in canonical layout. Linear in the graph.
pub fn dixit(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "language {}.", crate::model::LANGUAGE_VERSION)?;
    let naming = Naming::of(graph);
    let own = |claim: ClaimRef| claim_id(&graph.claim_id(claim));
    let mut in_document = false;
    order::all(&naming, &mut |statement| {
        let is_head = matches!(statement, Statement::Head(_));
        if in_document && !is_head {
            writeln!(out, "end document.")?;
        }
        in_document = is_head;
        words(&naming, statement, &own).iter().try_for_each(|sentence| writeln!(out, "{}", wrapped(sentence)))
    })
}

/// Writes a graph as rows, a JSON object a line. What the keys of a claim cannot hold is a row with a `sentence`, so that nothing is lost.
pub fn jsonl(graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
    let naming = Naming::of(graph);
    let own = |claim: ClaimRef| claim_id(&graph.claim_id(claim));
    order::all(&naming, &mut |statement| {
        let row = match statement {
            Statement::Claim(claim, way, topics) => row::row(&naming, *claim, *way, *topics),
            _ => None,
        };
        if let Some(row) = row {
            return writeln!(out, "{row}");
        }
        let sentences = words(&naming, statement, &own);
        sentences
            .iter()
            .try_for_each(|sentence| writeln!(out, "{}", serde_json::json!({ "sentence": sentence })))
    })
}

/// A content as it is written at the end of a link: with its terms.
pub(super) fn content(graph: &Graph, content: Content) -> String {
    claim::content(&Naming::of_names(graph), content)
}

/// Tells a graph sentence by sentence, for recording it into another where its numbers mean nothing: `call` says what its claims are
/// called there, `tell` is given each sentence and, where it is a claim, the outermost act of it here.
pub fn tell(
    graph: &Graph,
    call: &dyn Fn(ClaimRef) -> String,
    tell: &mut dyn FnMut(&str, Option<ClaimRef>) -> io::Result<()>,
) -> io::Result<()> {
    let naming = Naming::of(graph);
    let called = |claim: ClaimRef| claim_id(&call(claim));
    order::all(&naming, &mut |statement| {
        let act = match statement {
            Statement::Claim(claim, way, _) => {
                Some(ClaimRef { claim: *claim, hop: graph.chains.outermost_hop(*way) })
            }
            _ => None,
        };
        words(&naming, statement, &called).iter().try_for_each(|sentence| tell(sentence, act))?;
        // What follows is in no document.
        if matches!(statement, Statement::Head(_)) { tell("end document.", None) } else { Ok(()) }
    })
}

/// The sentences of a statement: one, and for a link that came with a name that too.
fn words(naming: &Naming<'_>, statement: &Statement<'_>, call: declared::CallClaim<'_>) -> Vec<String> {
    let graph = naming.graph;
    let one = match statement {
        Statement::Verb(at) => graph.lexicon.defined().get(*at).and_then(|verb| declared::verb(naming, verb)),
        Statement::Rule(rule) => parse(rule).sentences.first().map(print_sentence),
        Statement::Entity(entity) => Some(declared::entity(naming, *entity)),
        Statement::Name(entity, name, role) => Some(declared::also(naming, *entity, name, *role)),
        Statement::Head(document) => Some(declared::head(naming, *document)),
        Statement::Claim(claim, way, topics) => Some(claim::sentence(naming, *claim, *way, *topics)),
        Statement::Affiliation(known) => Some(declared::affiliation(naming, known)),
        Statement::Rating(rating) => Some(declared::rating(naming, rating, call)),
        Statement::Link(row) => {
            let Some(link) = graph.links.stated(*row) else { return Vec::new() };
            let mut both = Vec::from_iter(declared::alias_of_link(naming, &link));
            both.push(declared::link(naming, &link, call) + ".");
            return both;
        }
        Statement::VoidLink(row) => {
            graph.links.stated(*row).zip(graph.links.void_reason(*row)).map(|(link, reason)| {
                let link = declared::link(naming, &link, call);
                format!("void {link} because {}.", quoted(naming.text(reason)))
            })
        }
        Statement::VoidClaim(claim) => graph.claims.void(*claim).map(|(reason, _)| {
            format!("void {} because {}.", call(ClaimRef::of(*claim)), quoted(naming.text(reason)))
        }),
    };
    one.into_iter().collect()
}
