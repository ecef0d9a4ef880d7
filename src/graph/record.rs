//! Everything that writes: claims by draft, declarations, links, withdrawals. A draft is checked whole before anything is added, so
//! what is refused leaves the graph as it was.

use super::chains::Hop;
use super::column::MAX_TEXT;
use super::draft::{Draft, FactValue, HopDraft, Mention, TimeDraft, What};
use super::entities::{NameRole, Party};
use super::index::{hash_bytes, hash_numbers};
use super::propositions::{Fact, Terms};
use super::small::WrittenTime;
use super::statements::Batch;
use super::{Graph, claims::Identity};
use crate::model::{
    AppearanceId, Cardinality, ClaimId, ClaimRef, Content, DocumentId, EntityId, EntityKind, Figure, HopId,
    Lexicon, StringId, TimeId, fold, is_plural,
};

/// What recording a draft led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The outermost speech act of the draft.
    pub claim: ClaimRef,
    /// Whether anything was added: a claim, or a new way in which a known one appeared.
    pub added: bool,
}

/// Why a draft was refused. The graph is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A name fits several entities.
    Ambiguous {
        /// The name.
        name: String,
        /// What it could be, each as it would be written to choose it.
        candidates: Vec<String>,
    },
    /// The id belongs to another claim.
    IdTaken(String),
    /// A text is longer than any field may be.
    TooLong(&'static str),
    /// There is no room for more.
    Full,
}

/// The wording under which a source that the text leaves unstated is kept.
const UNSTATED: &str = "an unstated source";

/// The most rows of any kind: numbers above stand for *none* and for groups.
const MAX_ROWS: usize = (1 << 31) - 2;

impl Graph {
    /// Notes that what is recorded from now on came from `name` at `second`.
    pub fn begin_batch(&mut self, name: &str, second: i64) {
        let name = self.strings.intern(name);
        self.log.push(Batch {
            at: second,
            first_claim: ClaimId(self.claims.len() as u32),
            first_appearance: self.chains.appearances() as u32,
            name,
        });
    }

    /// The entity that a name means when something is recorded: none yet, one, or an ambiguity.
    pub fn find_entity(&self, mention: &Mention<'_>) -> Result<Option<EntityId>, Refusal> {
        let mut found = self.named_so(mention);
        for entity in &mut found {
            *entity = self.same.entity(*entity);
        }
        found.sort_unstable();
        found.dedup();
        self.the_one(mention, found)
    }

    /// The same before any merge: for stating and withdrawing a merge. Whoever was first recorded under the name goes before whoever
    /// is also called so.
    pub fn find_unmerged(&self, mention: &Mention<'_>) -> Result<Option<EntityId>, Refusal> {
        let found = self.named_so(mention);
        let folded = fold(mention.name);
        let first: Vec<EntityId> =
            found.iter().copied().filter(|entity| fold(self.entities.name(*entity)) == folded).collect();
        self.the_one(mention, if first.is_empty() { found } else { first })
    }

    fn named_so(&self, mention: &Mention<'_>) -> Vec<EntityId> {
        self.choose(self.entities.named(&fold(mention.name)), mention.qualifier)
    }

    fn the_one(&self, mention: &Mention<'_>, found: Vec<EntityId>) -> Result<Option<EntityId>, Refusal> {
        match found[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Refusal::Ambiguous {
                name: mention.name.into(),
                candidates: found.into_iter().map(|entity| self.entity_reference(entity)).collect(),
            }),
        }
    }

    /// Those of some entities that a qualifier chooses: by their own qualifier, else by kind. Without one, all of them.
    pub fn choose(&self, found: Vec<EntityId>, qualifier: Option<&str>) -> Vec<EntityId> {
        let Some(wanted) = qualifier else { return found };
        let wanted = fold(wanted);
        let own = |entity: &EntityId| self.entities.qualifier(*entity).map_or("", |q| self.strings.get(q));
        let by_qualifier: Vec<EntityId> = found.iter().copied().filter(|e| fold(own(e)) == wanted).collect();
        if !by_qualifier.is_empty() || wanted.is_empty() {
            return by_qualifier;
        }
        found.into_iter().filter(|e| self.entities.kind(*e).word() == wanted).collect()
    }

    /// An entity as it would be written to choose it: `[Georgia|country]`.
    pub fn entity_reference(&self, entity: EntityId) -> String {
        let name = self.entities.name(entity);
        match self.entities.qualifier(entity) {
            Some(qualifier) => format!("[{name}|{}]", self.strings.get(qualifier)),
            None if self.entities.with_name(&fold(name)).len() > 1 => format!("[{name}|]"),
            None => format!("[{name}]"),
        }
    }

    /// Records a claim with its chain. Everything that is known already is found, not added again.
    pub fn record(&mut self, draft: &Draft<'_>) -> Result<Recorded, Refusal> {
        self.check(draft)?;
        let document = draft
            .document
            .map_or(DocumentId::NONE, |(key, is_address)| self.documents.intern(key, is_address));
        let scope = Graph::scope(draft, document);
        let (claim, mut inner, mut added) = match draft.what {
            What::Speech(target) => (target.claim, target.hop, false),
            _ => {
                let (claim, added) = self.record_claim(draft, scope);
                (claim, HopId::NONE, added)
            }
        };
        for (at, hop) in draft.hops.iter().enumerate() {
            inner = self.record_hop(hop, inner, hash_numbers(&[scope, at as u64]), claim);
        }
        // A claim without appearances was recorded on its own. Once it has others, that is a way like them.
        let known = !added && self.claims.appearances(claim).next().is_some();
        if inner.is_some() || document.is_some() {
            if !added && !known {
                self.attach(claim, HopId::NONE, DocumentId::NONE);
            }
            added |= self.attach(claim, inner, document);
        } else if known {
            added |= self.attach(claim, inner, document);
        }
        for field in &draft.fields {
            let key = self.strings.intern(field.key);
            self.fields.set_of_claim(claim, key, field.kind, field.value);
        }
        Ok(Recorded { claim: ClaimRef { claim, hop: inner }, added })
    }

    /// Whether a draft would be recorded.
    pub fn check(&self, draft: &Draft<'_>) -> Result<(), Refusal> {
        let hop_names = draft.hops.iter().flat_map(|hop| hop.sources.iter().chain(&hop.listeners));
        let fact_names = draft.facts.iter().filter_map(|fact| match &fact.value {
            FactValue::Entity(mention) => Some(mention),
            FactValue::Text(_) => None,
        });
        let names = draft
            .sources
            .iter()
            .chain(&draft.listeners)
            .chain(&draft.subjects)
            .chain(hop_names)
            .chain(fact_names);
        for mention in names {
            if mention.name.len() > MAX_TEXT {
                return Err(Refusal::TooLong("a name"));
            }
            if !mention.unnamed && !self.is_known(mention) {
                self.find_entity(mention)?;
            }
        }
        if let What::Text { text, .. } = draft.what
            && text.len() > MAX_TEXT
        {
            return Err(Refusal::TooLong("the text of the proposition"));
        }
        if draft.fields.iter().any(|field| field.value.len() > MAX_TEXT) {
            return Err(Refusal::TooLong("a field"));
        }
        let most = [self.claims.len(), self.entities.len(), self.chains.hops(), self.propositions.len()];
        if most.iter().any(|rows| *rows > MAX_ROWS - 1000) {
            return Err(Refusal::Full);
        }
        if let Some(id) = draft.id
            && let Some(known) = self.find_claim(id)
            && (known.is_relay() || !self.is_same_claim(known.claim, draft))
        {
            return Err(Refusal::IdTaken(id.into()));
        }
        let clash = draft.hops.iter().filter_map(|hop| hop.id).find(|id| {
            draft.id == Some(id)
                || self
                    .find_claim(id)
                    .is_some_and(|known| !known.is_relay() || !self.is_relay_of(known, draft))
        });
        clash.map_or(Ok(()), |id| Err(Refusal::IdTaken(id.into())))
    }

    /// Whether a name was resolved a moment ago, so that it is not ambiguous.
    pub(super) fn is_known(&self, mention: &Mention<'_>) -> bool {
        mention.qualifier.is_none() && self.entities.known(mention.name).is_some()
    }

    fn is_relay_of(&self, relay: ClaimRef, draft: &Draft<'_>) -> bool {
        match draft.what {
            What::Speech(target) => target.claim == relay.claim,
            _ => match draft.id {
                Some(id) => self.claims.by_id(id) == Some(relay.claim),
                None => self.is_same_claim(relay.claim, draft),
            },
        }
    }

    /// Whether a draft says what a known claim says: the same people, by the same verb, the same content.
    fn is_same_claim(&self, claim: ClaimId, draft: &Draft<'_>) -> bool {
        let known_as = |entity: EntityId, mention: &Mention<'_>| {
            let folded = fold(mention.name);
            self.same
                .entities(entity)
                .into_iter()
                .any(|one| self.entities.names(one).any(|(name, _)| fold(name) == folded))
        };
        let same_people = |party: Party, mentions: &[Mention<'_>]| {
            let people: Vec<EntityId> = self.entities.party(party).collect();
            people.len() == mentions.len()
                && mentions.iter().all(|mention| people.iter().any(|entity| known_as(*entity, mention)))
        };
        let unstated = [Mention { name: UNSTATED, unnamed: true, ..Mention::default() }];
        let sources = if draft.sources.is_empty() { &unstated[..] } else { &draft.sources };
        let content = self.claims.content(claim);
        let same_content = match (content, &draft.what) {
            (Some(content), What::Text { text, negated }) => {
                let known = self.propositions.condition(content.proposition);
                content.negated == *negated
                    && fold(self.propositions.text(content.proposition)) == fold(text)
                    && known.map(|c| (fold(self.propositions.text(c.proposition)), c.negated))
                        == draft.condition.map(|(text, negated)| (fold(text), negated))
            }
            (Some(content), What::Nothing) => self.propositions.text(content.proposition).is_empty(),
            (None, What::Nothing) => true,
            _ => false,
        };
        let said = self.times.get(self.claims.said(claim));
        self.claims.verb(claim) == draft.verb
            && same_content
            && said == draft.said.map(|said| said.time)
            && same_people(self.claims.source(claim), sources)
            && same_people(self.claims.listener(claim), &draft.listeners)
    }

    /// What an unnamed source is told apart by: the id of its claim, or else everything that the claim is made of.
    fn scope(draft: &Draft<'_>, document: DocumentId) -> u64 {
        if let Some(id) = draft.id {
            return hash_bytes(id.as_bytes());
        }
        let (text, negated) = match draft.what {
            What::Text { text, negated } => (hash_bytes(fold(text).as_bytes()), negated),
            What::Speech(target) => (hash_numbers(&[target.claim.0.into(), target.hop.0.into()]), true),
            What::Nothing => (0, false),
        };
        let name_hash = |mention: &Mention<'_>| hash_bytes(fold(mention.name).as_bytes());
        let hops = draft.hops.iter().flat_map(|hop| hop.sources.iter().map(name_hash));
        let listeners = draft.listeners.iter().map(name_hash);
        let subjects = if text == 0 { draft.subjects.iter().map(name_hash).collect() } else { Vec::new() };
        let said = draft.said.map_or((0, 0), |said| (said.time.from as u64, said.time.to as u64));
        let mut numbers = vec![
            text,
            negated.into(),
            draft.verb.0.into(),
            draft.flags.mode().number().into(),
            said.0,
            said.1,
            document.0.into(),
            draft.condition.map_or(0, |(text, _)| hash_bytes(fold(text).as_bytes())),
        ];
        numbers.extend(hops.chain(listeners).chain(subjects));
        hash_numbers(&numbers)
    }

    fn record_claim(&mut self, draft: &Draft<'_>, scope: u64) -> (ClaimId, bool) {
        let subjects: Vec<EntityId> = draft.subjects.iter().map(|mention| self.entity(mention, 0)).collect();
        let content = self.content(draft, &subjects);
        if let Some(known) = draft.id.and_then(|id| self.claims.by_id(id)) {
            return (known, false);
        }
        let slot = |kind: u64, at: usize| hash_numbers(&[scope, kind, at as u64]);
        let unstated = [Mention { name: UNSTATED, unnamed: true, ..Mention::default() }];
        let mentions = if draft.sources.is_empty() { &unstated[..] } else { &draft.sources };
        let sources: Vec<EntityId> =
            mentions.iter().enumerate().map(|(at, mention)| self.entity(mention, slot(1, at))).collect();
        let listeners: Vec<EntityId> = draft
            .listeners
            .iter()
            .enumerate()
            .map(|(at, mention)| self.entity(mention, slot(2, at)))
            .collect();
        let said = draft.said.map_or(TimeId::NONE, |said| self.time(&said));
        let identity = Identity {
            source: self.party(&sources),
            verb: draft.verb,
            content,
            listener: self.party(&listeners),
            mode: draft.flags.mode(),
            said,
        };
        if draft.id.is_none() {
            let same_party = |a: Party, b: Party| {
                a == b || a.is_joint() && b.is_joint() && self.entities.party(a).eq(self.entities.party(b))
            };
            if let Some(known) = self.claims.find(&identity, same_party) {
                return (known, false);
            }
        }
        let hedge = draft.hedge.map_or(StringId::NONE, |hedge| self.strings.intern(hedge));
        let medium = draft.medium.map_or(StringId::NONE, |medium| self.strings.intern(medium));
        let id = draft.id.unwrap_or("");
        (self.claims.push(id, &identity, draft.flags, hedge, medium, &sources, &listeners), true)
    }

    fn content(&mut self, draft: &Draft<'_>, subjects: &[EntityId]) -> Option<Content> {
        let What::Text { text, negated } = draft.what else {
            return (!subjects.is_empty())
                .then(|| Content { proposition: self.propositions.intern_topic(subjects), negated: false });
        };
        let condition = draft.condition.map(|(text, negated)| {
            let bare = Terms::default();
            Content { proposition: self.propositions.intern(text, &bare, &[], &self.times), negated }
        });
        let time = draft.time.map_or(TimeId::NONE, |time| self.time(&time));
        let figures = draft.figures.iter().map(|figure| Figure {
            what: self.strings.intern(figure.what),
            bound: figure.bound,
            unit: if figure.unit.is_empty() { StringId::NONE } else { self.strings.intern(figure.unit) },
        });
        let figures: Vec<Figure> = figures.collect();
        let facts = draft.facts.iter().map(|fact| {
            let attribute = self.strings.intern(fact.attribute);
            match &fact.value {
                FactValue::Entity(mention) => {
                    Fact { attribute, entity: self.entity(mention, 0), text: StringId::NONE }
                }
                FactValue::Text(text) => {
                    Fact { attribute, entity: EntityId::NONE, text: self.strings.intern(text) }
                }
            }
        });
        let facts: Vec<Fact> = facts.collect();
        let terms = Terms { modality: draft.modality, condition, time, figures, facts };
        let proposition = self.propositions.intern(text, &terms, subjects, &self.times);
        if let Some(language) = draft.language {
            let language = self.strings.intern(language);
            self.propositions.set_language(proposition, language);
        }
        Some(Content { proposition, negated })
    }

    /// The entity of a mention, made if there is none. `scope` tells unnamed ones apart.
    pub(super) fn entity(&mut self, mention: &Mention<'_>, scope: u64) -> EntityId {
        let entity = if mention.unnamed { self.unnamed(mention, scope) } else { self.named(mention) };
        if let Some(kind) = mention.kind
            && self.entities.kind(entity) == EntityKind::Unknown
        {
            self.entities.set_kind(entity, kind);
        }
        entity
    }

    fn unnamed(&mut self, mention: &Mention<'_>, scope: u64) -> EntityId {
        let wording = hash_bytes(fold(mention.name).as_bytes());
        let identity = match mention.qualifier {
            Some(tag) => hash_numbers(&[wording, hash_bytes(fold(tag).as_bytes()), 1]),
            None => hash_numbers(&[wording, scope, 0]),
        };
        if let Some(known) = self.entities.unnamed_with_identity(identity) {
            return known;
        }
        let last = mention.name.split_whitespace().next_back().unwrap_or("");
        let cardinality = if mention.name == UNSTATED {
            Cardinality::Unknown
        } else if is_plural(last) {
            Cardinality::Several
        } else {
            Cardinality::One
        };
        let qualifier = mention.qualifier.map(|tag| self.strings.intern(tag));
        self.entities.push(mention.name, qualifier, Some((cardinality, identity)))
    }

    fn named(&mut self, mention: &Mention<'_>) -> EntityId {
        if mention.qualifier.is_none()
            && let Some(known) = self.entities.known(mention.name)
        {
            return known;
        }
        // Ambiguity was refused before anything was added.
        match self.find_entity(mention) {
            Ok(Some(known)) => {
                let spelled = self
                    .same
                    .entities(known)
                    .into_iter()
                    .any(|one| self.entities.names(one).any(|(name, _)| name == mention.name));
                if !spelled {
                    self.entities.push_name(known, mention.name, NameRole::Spelling);
                }
                if mention.qualifier.is_none() {
                    self.entities.set_known(mention.name, known);
                }
                known
            }
            _ => {
                let qualifier = mention.qualifier.filter(|q| !q.is_empty()).map(|q| self.strings.intern(q));
                self.entities.push(mention.name, qualifier, None)
            }
        }
    }

    fn party(&mut self, members: &[EntityId]) -> Party {
        match members {
            [] => Party::NONE,
            [one] => Party::of(*one),
            several => self.entities.push_party(several.to_vec()),
        }
    }

    pub(super) fn time(&mut self, draft: &TimeDraft<'_>) -> TimeId {
        let written = draft.written.map_or(StringId::NONE, |text| self.strings.intern(text));
        self.times.intern(WrittenTime { time: draft.time, written, anchor: draft.anchor })
    }

    fn record_hop(&mut self, draft: &HopDraft<'_>, parent: HopId, scope: u64, claim: ClaimId) -> HopId {
        if let Some(known) = draft.id.and_then(|id| self.chains.by_id(id)) {
            return known.1;
        }
        let mut people = |mentions: &[Mention<'_>], kind: u64| -> Vec<EntityId> {
            let slots = mentions.iter().enumerate();
            slots.map(|(at, mention)| self.entity(mention, hash_numbers(&[scope, kind, at as u64]))).collect()
        };
        let (sources, listeners) = (people(&draft.sources, 1), people(&draft.listeners, 2));
        // `reported` is what `via` means: only another cue tells more.
        let plain = self.lexicon.find("reported");
        let verb = if Some(draft.verb) == plain { Lexicon::RELAY } else { draft.verb };
        let hop = Hop {
            parent,
            source: self.shared_party(&sources),
            verb,
            listener: self.shared_party(&listeners),
            time: draft.time.map_or(TimeId::NONE, |time| self.time(&time)),
            hedge: draft.hedge.map_or(StringId::NONE, |hedge| self.strings.intern(hedge)),
            basis: draft.basis,
            negated: draft.negated,
            carries: self.chains.carries(parent) && self.lexicon.verb(verb).act.carries() && !draft.negated,
        };
        match draft.id {
            None => self.chains.intern_hop(&hop, &sources),
            Some(id) => {
                let hop = self.chains.push_hop(&hop, &sources);
                self.chains.push_id(id, claim.0, hop);
                hop
            }
        }
    }

    /// The party of some members, found again where they spoke together before: hops are compared by number.
    fn shared_party(&mut self, members: &[EntityId]) -> Party {
        let [first, _, ..] = members else { return self.party(members) };
        let mut sorted = members.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let known = self.chains.by_source(*first).iter().find_map(|hop| {
            let party = self.chains.source(HopId(hop));
            self.entities.party(party).eq(sorted.iter().copied()).then_some(party)
        });
        known.unwrap_or_else(|| self.party(&sorted))
    }

    /// Adds a way in which a claim appeared, unless it is known; a chain known without its cues gets them.
    fn attach(&mut self, claim: ClaimId, hop: HopId, document: DocumentId) -> bool {
        let appearance = self.chains.intern_appearance(hop, document);
        let known: Vec<AppearanceId> = self.claims.appearances(claim).collect();
        if known.contains(&appearance) {
            return false;
        }
        for old in known {
            let (old_hop, old_document) = self.chains.appearance(old);
            if old_document == document && old_hop.is_some() && hop.is_some() {
                match self.cue_difference(old_hop, hop) {
                    Some(CueDifference::OldTellsMore) => return false,
                    Some(CueDifference::NewTellsMore) => {
                        self.claims.replace_appearance(claim, old, appearance);
                        return false;
                    }
                    None => {}
                }
            }
        }
        self.claims.add_appearance(claim, appearance);
        true
    }

    fn cue_difference(&self, old: HopId, new: HopId) -> Option<CueDifference> {
        let (old, new) = (self.chains.outwards(old), self.chains.outwards(new));
        if old.len() != new.len() {
            return None;
        }
        let mut more = CueDifference::OldTellsMore;
        for (old, new) in old.into_iter().zip(new) {
            let (old, new) = (self.chains.hop(old)?, self.chains.hop(new)?);
            if old != (Hop { parent: old.parent, verb: old.verb, ..new }) {
                return None;
            }
            match (old.verb, new.verb) {
                (a, b) if a == b => {}
                (_, Lexicon::RELAY) => {}
                (Lexicon::RELAY, _) => more = CueDifference::NewTellsMore,
                _ => return None,
            }
        }
        Some(more)
    }
}

/// How two chains that differ only in their cues differ.
enum CueDifference {
    OldTellsMore,
    NewTellsMore,
}
