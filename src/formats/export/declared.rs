//! Everything that is stated beside claims: verbs, rules, kinds and documents before them; names, affiliations, links, grades and
//! withdrawals after them, when everything they speak of is there.

use super::claim::{claim_id, named, timed};
use crate::graph::{FieldKind, Graph, Link, NameRole, Node};
use crate::model::{DocumentId, EntityId, EntityKind, LinkRelation, StringId};
use crate::syntax::quoted;
use std::io;

type Each<'e> = &'e mut dyn FnMut(String) -> io::Result<()>;

/// What claims rest on.
pub(super) fn before(graph: &Graph, each: Each<'_>) -> io::Result<()> {
    for verb in graph.lexicon.defined() {
        let Some(parent) = verb.parent else { continue };
        let parent = graph.lexicon.verb(parent);
        let negative = if verb.negative && !parent.negative { " negative" } else { "" };
        each(format!("define verb {} as {}{negative}.", verb.word, parent.word))?;
    }
    for rule in graph.rules() {
        each(rule.to_string())?;
    }
    for entity in entities(graph) {
        if graph.entities.kind(entity) != EntityKind::Unknown {
            each(format!("{} is {}.", named(graph, entity), graph.entities.kind(entity).word()))?;
        }
    }
    let documents = (0..graph.documents.len() as u32).map(DocumentId);
    for document in documents.clone() {
        each(head(graph, document))?;
    }
    if documents.len() > 0 {
        each("end document.".into())?;
    }
    Ok(())
}

fn entities(graph: &Graph) -> impl Iterator<Item = EntityId> + '_ {
    (0..graph.entities.len() as u32).map(EntityId).filter(|entity| !graph.entities.is_unnamed(*entity))
}

/// A document by its address or its own name.
pub(super) fn key(graph: &Graph, document: DocumentId) -> String {
    let key = graph.documents.key(document);
    if graph.documents.is_address(document) { format!("<{key}>") } else { quoted(key) }
}

fn head(graph: &Graph, document: DocumentId) -> String {
    let documents = &graph.documents;
    let mut out = format!("document {}", key(graph, document));
    if let Some(outlet) = documents.outlet(document).some() {
        out += &format!(" by {}", named(graph, outlet));
    }
    if let Some(published) = timed(graph, documents.published(document)) {
        out += &format!(" on {published}");
    }
    for cited in documents.cites_documents(document).iter() {
        out += &format!(" citing {}", key(graph, DocumentId(cited)));
    }
    for cited in documents.cites_sources(document).iter() {
        out += &format!(" citing {}", named(graph, EntityId(cited)));
    }
    if !documents.title(document).is_empty() {
        out += &format!(" titled {}", quoted(documents.title(document)));
    }
    let mut pairs = Vec::new();
    let language = documents.language(document);
    if language.is_some() {
        pairs.push(format!("language: {}", quoted(graph.strings.get(language))));
    }
    if let Some(retrieved) = graph.times.get(documents.retrieved(document)) {
        pairs.push(format!("retrieved: {}", quoted(&retrieved.to_string())));
    }
    pairs.extend(graph.fields.of_document(document).map(|(key, kind, value)| pair(graph, key, kind, value)));
    if !pairs.is_empty() {
        out += &format!(" {{{}}}", pairs.join(", "));
    }
    out + "."
}

/// A free field in braces.
pub(super) fn pair(graph: &Graph, key: StringId, kind: FieldKind, value: &str) -> String {
    let key = graph.strings.get(key);
    let bare = key.starts_with(char::is_alphabetic) && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    let key = if bare { key.to_string() } else { quoted(key) };
    let value = match kind {
        FieldKind::Text => quoted(value),
        FieldKind::Json => format!("json {}", quoted(value)),
        FieldKind::Name => format!("[{value}]"),
        FieldKind::Number if value.contains(['e', 'E', '+']) => format!("json {}", quoted(value)),
        FieldKind::Number | FieldKind::Date | FieldKind::Word => value.to_string(),
    };
    format!("{key}: {value}")
}

/// What is stated of things that claims made.
pub(super) fn after(graph: &Graph, each: Each<'_>) -> io::Result<()> {
    for entity in entities(graph) {
        let others = graph.entities.names(entity).filter(|(_, role)| *role != NameRole::First);
        let mut also: Vec<String> = others.map(|(name, _)| quoted(name)).collect();
        also.extend(graph.entities.external_ids(entity).map(|id| format!("id {}", quoted(id))));
        if !also.is_empty() {
            each(format!("{} is also {}.", named(graph, entity), also.join(", ")))?;
        }
    }
    for known in graph.entities.all_affiliations() {
        let mut out = format!("{} is", named(graph, known.member));
        let role = known.role.some().map(|role| format!("[{}]", graph.strings.get(role)));
        match (known.is_membership, known.group.some()) {
            (true, Some(group)) => {
                out += &format!(" in {}", named(graph, group));
                out += &role.map_or(String::new(), |role| format!(" as {role}"));
            }
            (_, group) => {
                out += &format!(" {}", role.unwrap_or_default());
                out += &group.map_or(String::new(), |group| format!(" of {}", named(graph, group)));
            }
        }
        if let Some(period) = timed(graph, known.period) {
            out += &format!(" for {period}");
        }
        each(out + ".")?;
    }
    for row in 0..graph.links.len() {
        let Some(stated) = graph.links.stated(row) else { continue };
        let link = link(graph, &stated);
        each(format!("{link}."))?;
        if let Some(reason) = graph.links.void_reason(row) {
            each(format!("void {link} because {}.", quoted(graph.strings.get(reason))))?;
        }
    }
    for rating in graph.ratings.iter() {
        let mut out = format!(
            "{} rates {} as {}",
            named(graph, rating.assessor),
            end(graph, rating.what),
            rating.grade.word()
        );
        if !rating.about.is_empty() {
            let topics: Vec<String> = rating.about.iter().map(|topic| named(graph, *topic)).collect();
            out += &format!(" about {}", topics.join(", "));
        }
        if let Some(period) = timed(graph, rating.period) {
            out += &format!(" for {period}");
        }
        each(out + ".")?;
    }
    for claim in (0..graph.claims.len() as u32).map(crate::model::ClaimId) {
        if let Some((reason, _)) = graph.claims.void(claim) {
            let id = claim_id(graph, crate::model::ClaimRef::of(claim));
            each(format!("void {id} because {}.", quoted(graph.strings.get(reason))))?;
        }
    }
    Ok(())
}

fn link(graph: &Graph, link: &Link) -> String {
    let relation = match link.relation {
        LinkRelation::SameAs => "same as",
        other => other.word(),
    };
    format!("{} {relation} {}", end(graph, link.left), end(graph, link.right))
}

fn end(graph: &Graph, node: Node) -> String {
    match node {
        Node::Content(content) => {
            let not = if content.negated { "not " } else { "" };
            format!("{not}{}", quoted(graph.propositions.text(content.proposition)))
        }
        Node::Claim(claim) => claim_id(graph, claim),
        Node::Entity(entity) => named(graph, entity),
        Node::Document(document) => key(graph, document),
    }
}
