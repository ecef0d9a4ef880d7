//! What is stated beside claims, as sentences: names, documents, affiliations, links, grades, withdrawals.

use super::claim;
use super::naming::{Naming, address, bracketed, document};
use crate::graph::{Affiliation, Link, NameRole, Node, Rating};
use crate::model::{ClaimRef, DocumentId, EntityId, EntityKind, LinkRelation, Verb, fold};
use crate::syntax::quoted;

/// How a claim is called in a sentence about it.
pub(super) type CallClaim<'c> = &'c dyn Fn(ClaimRef) -> String;

pub(super) fn verb(naming: &Naming<'_>, verb: &Verb) -> Option<String> {
    let parent = naming.graph.lexicon.verb(verb.parent?);
    let negative = if verb.negative && !parent.negative { " negative" } else { "" };
    Some(format!("define verb {} as {}{negative}.", verb.word, parent.word))
}

/// The further names of an entity by which nobody else could be meant: they can be told at once.
fn own_aliases<'n, 'g>(
    naming: &'n Naming<'g>,
    entity: EntityId,
) -> impl Iterator<Item = &'g str> + use<'n, 'g> {
    let names = naming.graph.entities.names(entity);
    names
        .filter(|(_, role)| *role == NameRole::Alias)
        .map(|(name, _)| name)
        .filter(move |name| is_own(naming, entity, name))
}

/// Whether nobody else has a name.
fn is_own(naming: &Naming<'_>, entity: EntityId, name: &str) -> bool {
    let entities = &naming.graph.entities;
    entities.with_name(name).iter().all(|other| *other == entity || entities.is_unnamed(*other))
}

/// The other spellings of names that can be told at once.
pub(super) fn own_spellings<'n, 'g>(
    naming: &'n Naming<'g>,
    entity: EntityId,
) -> impl Iterator<Item = &'g str> + use<'n, 'g> {
    let first = naming.graph.entities.name(entity);
    let names = naming.graph.entities.names(entity);
    names
        .filter(|(_, role)| *role == NameRole::Spelling)
        .map(|(name, _)| name)
        .filter(move |name| fold(name) == fold(first) || is_own(naming, entity, name))
}

/// The further names of all entities that somebody else has too, in the order recorded.
pub(super) fn shared_names<'n, 'g>(
    naming: &'n Naming<'g>,
) -> impl Iterator<Item = (EntityId, &'g str, NameRole)> + use<'n, 'g> {
    let entities = &naming.graph.entities;
    entities.all_names().filter_map(move |(text, entity)| {
        let role = entities.names(entity).find(|(name, _)| *name == text).map(|(_, role)| role)?;
        let told = match role {
            NameRole::First => true,
            NameRole::Alias => is_own(naming, entity, text),
            NameRole::Spelling => fold(text) == fold(entities.name(entity)) || is_own(naming, entity, text),
        };
        (!told).then_some((entity, text, role))
    })
}

/// Whether anything is to be said of an entity itself.
pub(super) fn has_statement(naming: &Naming<'_>, entity: EntityId) -> bool {
    let entities = &naming.graph.entities;
    entities.kind(entity) != EntityKind::Unknown
        || entities.external_ids(entity).next().is_some()
        || own_aliases(naming, entity).next().is_some()
}

/// What an entity is and is called.
pub(super) fn entity(naming: &Naming<'_>, entity: EntityId) -> String {
    let entities = &naming.graph.entities;
    let kind = entities.kind(entity);
    let mut also: Vec<String> = own_aliases(naming, entity).map(quoted).collect();
    also.extend(entities.external_ids(entity).map(|id| format!("id {}", quoted(id))));
    let mut out = format!("{} is", naming.speaker(entity));
    if kind != EntityKind::Unknown {
        out += &format!(" {}", kind.word());
    }
    if !also.is_empty() {
        out += &format!(" also {}", also.join(", "));
    }
    out + "."
}

/// An entity by another name of its own, which says that this is one.
pub(super) fn also(naming: &Naming<'_>, entity: EntityId, text: &str, role: NameRole) -> String {
    let (named, other) = match role {
        NameRole::Alias => (naming.named(entity), text),
        _ => (naming.spelled(entity, text), naming.graph.entities.name(entity)),
    };
    format!("{named} is also {}.", quoted(other))
}

/// Whether more is known of a document than its key.
pub(super) fn has_head(naming: &Naming<'_>, document: DocumentId) -> bool {
    let documents = &naming.graph.documents;
    documents.outlet(document).is_some()
        || documents.published(document).is_some()
        || documents.retrieved(document).is_some()
        || documents.language(document).is_some()
        || !documents.title(document).is_empty()
        || !documents.cites_documents(document).is_empty()
        || !documents.cites_sources(document).is_empty()
        || naming.graph.fields.of_document(document).next().is_some()
}

pub(super) fn head(naming: &Naming<'_>, at: DocumentId) -> String {
    let documents = &naming.graph.documents;
    let mut out = format!("document {}", document(naming.graph, at));
    if let Some(outlet) = documents.outlet(at).some() {
        out += &format!(" by {}", naming.named(outlet));
    }
    if let Some(published) = naming.time(documents.published(at)) {
        out += &format!(" on {published}");
    }
    for cited in documents.cites_documents(at).iter() {
        out += &format!(" citing {}", address(naming.graph, DocumentId(cited)));
    }
    for cited in documents.cites_sources(at).iter() {
        out += &format!(" citing {}", naming.named(EntityId(cited)));
    }
    if !documents.title(at).is_empty() {
        out += &format!(" titled {}", quoted(documents.title(at)));
    }
    let mut pairs = Vec::new();
    if let Some(language) = documents.language(at).some() {
        pairs.push(format!("language: {}", quoted(naming.text(language))));
    }
    if let Some(retrieved) = naming.graph.times.get(documents.retrieved(at)) {
        pairs.push(format!("retrieved: {}", quoted(&retrieved.to_string())));
    }
    let free = naming.graph.fields.of_document(at);
    pairs.extend(free.map(|(key, kind, value)| naming.pair(key, kind, value)));
    if !pairs.is_empty() {
        out += &format!(" {{{}}}", pairs.join(", "));
    }
    out + "."
}

pub(super) fn affiliation(naming: &Naming<'_>, known: &Affiliation) -> String {
    let mut out = format!("{} is", naming.speaker(known.member));
    let role = known.role.some().map(|role| bracketed(naming.text(role)));
    let group = known.group.some().map(|group| naming.named(group));
    match (known.is_membership, group) {
        (true, Some(group)) => {
            out += &format!(" in {group}");
            out += &role.map_or(String::new(), |role| format!(" as {role}"));
        }
        (_, group) => {
            out += &format!(" {}", role.unwrap_or_default());
            out += &group.map_or(String::new(), |group| format!(" of {group}"));
        }
    }
    if let Some(period) = naming.time(known.period) {
        out += &format!(" for {period}");
    }
    out + "."
}

pub(super) fn rating(naming: &Naming<'_>, rating: &Rating, call: CallClaim<'_>) -> String {
    let what = end(naming, rating.what, call);
    let mut out = format!("{} rates {what} as {}", naming.speaker(rating.assessor), rating.grade.word());
    if !rating.about.is_empty() {
        out += &format!(" about {}", naming.topics(rating.about.iter().copied()));
    }
    if let Some(period) = naming.time(rating.period) {
        out += &format!(" for {period}");
    }
    out + "."
}

/// A link without its full stop.
pub(super) fn link(naming: &Naming<'_>, link: &Link, call: CallClaim<'_>) -> String {
    format!("{} {} {}", end(naming, link.left, call), link.relation.word(), end(naming, link.right, call))
}

/// The name under which one entity was declared to be the other, where their being one comes from there.
pub(super) fn alias_of_link(naming: &Naming<'_>, link: &Link) -> Option<String> {
    let (Node::Entity(left), LinkRelation::SameAs, Node::Entity(right)) =
        (link.left, link.relation, link.right)
    else {
        return None;
    };
    let entities = &naming.graph.entities;
    let folded = fold(entities.name(right));
    let mut names = entities.names(left);
    let alias = names.find(|(name, role)| *role == NameRole::Alias && fold(name) == folded)?;
    Some(also(naming, left, alias.0, NameRole::Alias))
}

fn end(naming: &Naming<'_>, node: Node, call: CallClaim<'_>) -> String {
    match node {
        Node::Content(content) => claim::content(naming, content),
        Node::Claim(claim) => call(claim),
        Node::Entity(entity) => naming.speaker(entity),
        Node::Document(document) => address(naming.graph, document),
    }
}
