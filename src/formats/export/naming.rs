//! How things are called in an export, so that whoever reads it finds the same things again.

use crate::graph::{FieldKind, Graph, Party};
use crate::model::{ClaimId, EntityId, EntityKind, HopId, StringId, Time, TimeId, fold, is_unnamed};
use crate::syntax::{is_key, name, quoted};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The keys in braces that mean something of their own; a free field of the same name is told as JSON.
const KNOWN_KEYS: &[&str] =
    &["mode", "modality", "commitment", "basis", "repeated", "translated", "medium", "language", "hedge"];

/// A graph with what is looked up for every sentence.
pub(super) struct Naming<'g> {
    pub graph: &'g Graph,
    /// Tags for sources without a name that several sentences speak of.
    tags: BTreeMap<EntityId, String>,
    /// The explicit ids of relays, by claim and hop.
    relays: HashMap<(u32, HopId), &'g str>,
}

impl<'g> Naming<'g> {
    pub(super) fn of(graph: &'g Graph) -> Self {
        let mut naming = Naming::of_names(graph);
        naming.relays = graph.chains.ids().map(|(id, claim, hop)| ((claim, hop), id)).collect();
        naming.tags = naming.tags();
        naming
    }

    /// The same where nobody without a name and no relay is told of: nothing is looked up before.
    pub(super) fn of_names(graph: &'g Graph) -> Self {
        Naming { graph, tags: BTreeMap::new(), relays: HashMap::new() }
    }

    /// Without a tag every mention of an unnamed source is one of its own, so those that come again need one. It is made of what tells
    /// them apart here, lest it meet the tag of another graph.
    fn tags(&self) -> BTreeMap<EntityId, String> {
        let entities = &self.graph.entities;
        let mut listeners: BTreeMap<EntityId, u32> = BTreeMap::new();
        for hop in (0..self.graph.chains.hops() as u32).map(HopId) {
            let party = self.graph.chains.hop(hop).map_or(Party::NONE, |hop| hop.listener);
            entities.party(party).for_each(|one| *listeners.entry(one).or_default() += 1);
        }
        let all = (0..entities.len() as u32).map(EntityId).filter(|one| self.is_untagged(*one));
        // What is stated of somebody is a sentence of its own. And what stands behind a bar would be read as a tag.
        let stated = |one: EntityId| {
            u32::from(entities.kind(one) != EntityKind::Unknown)
                + entities.affiliations(one).count() as u32
                + u32::from(entities.name(one).contains('|'))
        };
        let listens = |one: EntityId| listeners.get(&one).copied().unwrap_or(0);
        let again = all.filter(|one| stated(*one) > 0 || self.places(*one) + listens(*one) > 1);
        let claims = (0..self.graph.claims.len() as u32).map(ClaimId);
        let alike = claims.flat_map(|claim| self.alike(claim));
        let tag = |one| (one, format!("u{:x}", entities.unnamed_identity(one).unwrap_or(0)));
        again.chain(alike).map(tag).collect()
    }

    /// Those in the several ways of a claim who would be taken for each other.
    fn alike(&self, claim: ClaimId) -> Vec<EntityId> {
        let (claims, chains) = (&self.graph.claims, &self.graph.chains);
        if claims.appearances(claim).nth(1).is_none() {
            return Vec::new();
        }
        let hops = claims.appearances(claim).flat_map(|way| chains.inwards(chains.outermost_hop(way)));
        let people = hops.filter_map(|hop| chains.hop(hop)).flat_map(|hop| [hop.source, hop.listener]);
        let unnamed: BTreeSet<EntityId> =
            people.flat_map(|party| self.party(party)).filter(|one| self.is_untagged(*one)).collect();
        let wording = |one: &EntityId| fold(self.graph.entities.name(*one));
        let shared =
            |one: &EntityId| unnamed.iter().any(|other| other != one && wording(other) == wording(one));
        unnamed.iter().copied().filter(shared).collect()
    }

    /// In how many sentences an unnamed source would be mentioned; more than one are not counted exactly.
    fn places(&self, entity: EntityId) -> u32 {
        let (claims, chains) = (&self.graph.claims, &self.graph.chains);
        let acts = claims.by_source(entity).iter().chain(claims.by_listener(entity).iter());
        let told: u32 = acts.map(|claim| self.times_told(ClaimId(claim))).sum();
        let carried = chains.by_source(entity).iter().map(|hop| {
            let ways = chains.by_hop(HopId(hop));
            let shared =
                ways.iter().any(|way| claims.by_appearance(crate::model::AppearanceId(way)).len() > 1);
            1 + u32::from(shared || ways.len() + chains.by_parent(HopId(hop)).len() > 1)
        });
        told + carried.sum::<u32>()
    }

    /// A claim with an id is found by it, whoever is said to have spoken.
    fn times_told(&self, claim: ClaimId) -> u32 {
        if self.graph.claims.id(claim).is_empty() {
            self.graph.claims.appearances(claim).take(2).count().max(1) as u32
        } else {
            1
        }
    }

    fn is_untagged(&self, entity: EntityId) -> bool {
        self.graph.entities.is_unnamed(entity) && self.graph.entities.qualifier(entity).is_none()
    }

    pub(super) fn is_tagged(&self, entity: EntityId) -> bool {
        self.tags.contains_key(&entity)
    }

    pub(super) fn party(&self, party: Party) -> impl Iterator<Item = EntityId> + '_ {
        self.graph.entities.party(party)
    }

    /// The explicit id of a relay of a claim.
    pub(super) fn relay(&self, claim: ClaimId, hop: HopId) -> Option<&'g str> {
        self.relays.get(&(claim.0, hop)).copied()
    }

    /// Whether a named entity needs its qualifier, also an empty one, to be told from others of this name.
    fn qualifier(&self, entity: EntityId, spelled: &str) -> Option<&str> {
        let entities = &self.graph.entities;
        let own = entities.qualifier(entity).map(|id| self.graph.strings.get(id));
        own.or_else(|| {
            let others = entities.with_name(spelled);
            let named = others.iter().filter(|other| !entities.is_unnamed(**other)).count();
            (named > 1).then_some("")
        })
    }

    /// An entity as topic, group or outlet, where it always is a name.
    pub(super) fn named(&self, entity: EntityId) -> String {
        self.spelled(entity, self.graph.entities.name(entity))
    }

    /// A named entity by another of its names.
    pub(super) fn spelled(&self, entity: EntityId, spelled: &str) -> String {
        name(spelled, self.qualifier(entity, spelled))
    }

    /// An entity that speaks or listens: described or named.
    pub(super) fn speaker(&self, entity: EntityId) -> String {
        let entities = &self.graph.entities;
        let text = entities.name(entity);
        if !entities.is_unnamed(entity) {
            let named = self.named(entity);
            // A name that reads as a description says with an empty qualifier that it is one.
            return if named.starts_with('[') && self.qualifier(entity, text).is_none() && is_unnamed(text) {
                name(text, Some(""))
            } else {
                named
            };
        }
        let own = entities.qualifier(entity).map(|id| self.graph.strings.get(id));
        match own.or_else(|| self.tags.get(&entity).map(String::as_str)) {
            Some(tag) => name(text, Some(tag)),
            None => format!("[{text}]"),
        }
    }

    pub(super) fn topics(&self, topics: impl Iterator<Item = EntityId>) -> String {
        topics.map(|one| self.named(one)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn speakers(&self, party: Party) -> String {
        self.party(party).map(|one| self.speaker(one)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn text(&self, id: StringId) -> &'g str {
        self.graph.strings.get(id)
    }

    /// A time with its expression as written.
    pub(super) fn time(&self, id: TimeId) -> Option<String> {
        let known = self.graph.times.written(id)?;
        let mut out = known.time.to_string();
        if known.written.is_some() {
            let from = known.anchor.map(|anchor| format!(" from {}", Time::day_of(anchor)));
            out += &format!(" ({}{})", quoted(self.text(known.written)), from.unwrap_or_default());
        }
        Some(out)
    }

    /// A free field as a pair in braces.
    pub(super) fn pair(&self, key: StringId, kind: FieldKind, value: &str) -> String {
        let key = self.text(key);
        let json = |json: &str| format!("json {}", quoted(json));
        let value = match kind {
            FieldKind::Json => json(value),
            FieldKind::Text if KNOWN_KEYS.contains(&key) => json(&serde_json::Value::from(value).to_string()),
            FieldKind::Number if KNOWN_KEYS.contains(&key) || value.contains(['e', 'E']) => json(value),
            FieldKind::Text => quoted(value),
            FieldKind::Name => name(value, None),
            FieldKind::Number | FieldKind::Date | FieldKind::Word => value.to_string(),
        };
        format!("{}: {value}", if is_key(key) { key.to_string() } else { quoted(key) })
    }
}

/// A name where only one in brackets can stand.
pub(super) fn bracketed(text: &str) -> String {
    // What stands behind the last bar would be read as a qualifier.
    if text.contains('|') { format!("[{text}|]") } else { format!("[{text}]") }
}

/// An address, also of a document that is known by a name of its own.
pub(super) fn address(graph: &Graph, document: crate::model::DocumentId) -> String {
    format!("<{}>", graph.documents.key(document))
}

/// A document where its name may stand as well.
pub(super) fn document(graph: &Graph, document: crate::model::DocumentId) -> String {
    if graph.documents.is_address(document) {
        address(graph, document)
    } else {
        quoted(graph.documents.key(document))
    }
}
