//! Everything that writes: claims by draft, declarations, links, withdrawals. A draft is checked whole before anything is added, so
//! what is refused leaves the graph as it was.

use super::chains::Hop;
use super::column::MAX_TEXT;
use super::draft::{DocumentDraft, Draft, FactValue, FieldDraft, HopDraft, Mention, TimeDraft, What};
use super::entities::{Affiliation, NameRole, Party};
use super::index::{hash_bytes, hash_numbers};
use super::propositions::{Fact, Terms};
use super::small::WrittenTime;
use super::statements::{Batch, Link, Node, Rating};
use super::{Classes, Graph, claims::Identity};
use crate::model::{
    AppearanceId, Cardinality, ClaimId, ClaimRef, Content, DefineError, DocumentId, EntityId, EntityKind, Figure, HopId,
    Lexicon, LinkRelation, PropositionId, StringId, TimeId, VerbId, fold, is_plural,
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
        let folded = fold(mention.name);
        let mut found: Vec<EntityId> = self.entities.with_name(&folded);
        found.retain(|entity| !self.entities.is_unnamed(*entity));
        found = self.choose(found, mention.qualifier);
        for entity in &mut found {
            *entity = self.same.entity(*entity);
        }
        found.sort_unstable();
        found.dedup();
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
        let document = draft.document.map_or(DocumentId::NONE, |(key, is_address)| {
            self.documents.intern(key, is_address)
        });
        let scope = self.scope(draft, document);
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
        if inner.is_some() || document.is_some() {
            added |= self.attach(claim, inner, document);
        }
        for field in &draft.fields {
            let key = self.strings.intern(field.key);
            self.fields.set_of_claim(claim, key, field.kind, field.value);
        }
        Ok(Recorded { claim: ClaimRef { claim, hop: inner }, added })
    }

    fn check(&self, draft: &Draft<'_>) -> Result<(), Refusal> {
        let hop_names = draft.hops.iter().flat_map(|hop| hop.sources.iter().chain(&hop.listeners));
        let fact_names = draft.facts.iter().filter_map(|fact| match &fact.value {
            FactValue::Entity(mention) => Some(mention),
            FactValue::Text(_) => None,
        });
        let names = draft.sources.iter().chain(&draft.listeners).chain(&draft.subjects).chain(hop_names).chain(fact_names);
        for mention in names {
            if mention.name.len() > MAX_TEXT {
                return Err(Refusal::TooLong("a name"));
            }
            if !mention.unnamed {
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
                || self.find_claim(id).is_some_and(|known| !known.is_relay() || !self.is_relay_of(known, draft))
        });
        clash.map_or(Ok(()), |id| Err(Refusal::IdTaken(id.into())))
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
    fn scope(&self, draft: &Draft<'_>, document: DocumentId) -> u64 {
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
        let listeners: Vec<EntityId> =
            draft.listeners.iter().enumerate().map(|(at, mention)| self.entity(mention, slot(2, at))).collect();
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
            let bare = Terms {
                modality: crate::model::Modality::Actual,
                condition: None,
                time: TimeId::NONE,
                figures: Vec::new(),
                facts: Vec::new(),
            };
            Content { proposition: self.propositions.intern(text, &bare, &[]), negated }
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
        let proposition = self.propositions.intern(text, &terms, subjects);
        if let Some(language) = draft.language {
            let language = self.strings.intern(language);
            self.propositions.set_language(proposition, language);
        }
        Some(Content { proposition, negated })
    }

    /// The entity of a mention, made if there is none. `scope` tells unnamed ones apart.
    fn entity(&mut self, mention: &Mention<'_>, scope: u64) -> EntityId {
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
        // Ambiguity was refused before anything was added.
        match self.find_entity(mention) {
            Ok(Some(known)) => {
                let spelled = self.same.entities(known).into_iter().any(|one| {
                    self.entities.names(one).any(|(name, _)| name == mention.name)
                });
                if !spelled {
                    self.entities.push_name(known, mention.name, NameRole::Spelling);
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

    fn time(&mut self, draft: &TimeDraft<'_>) -> TimeId {
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

    /// Records what is known of a document. Tells which details disagree with what was known; those are left as they were.
    pub fn record_document(&mut self, draft: &DocumentDraft<'_>) -> Result<(DocumentId, Vec<&'static str>), Refusal> {
        if draft.key.len() > MAX_TEXT || draft.title.is_some_and(|title| title.len() > MAX_TEXT) {
            return Err(Refusal::TooLong("an address or title"));
        }
        for mention in draft.outlet.iter().chain(&draft.cites_sources) {
            self.find_entity(mention)?;
        }
        let document = self.documents.intern(draft.key, draft.is_address);
        let mut disagreeing = Vec::new();
        if let Some(outlet) = &draft.outlet {
            let outlet = self.entity(&Mention { unnamed: false, ..*outlet }, 0);
            if self.entities.kind(outlet) == EntityKind::Unknown {
                self.entities.set_kind(outlet, EntityKind::Outlet);
            }
            if !self.documents.set_outlet(document, outlet) {
                disagreeing.push("outlet");
            }
        }
        if let Some(published) = &draft.published {
            let time = self.time(published);
            if !self.documents.set_published(document, time) {
                disagreeing.push("date");
            }
        }
        if let Some(retrieved) = &draft.retrieved {
            let time = self.time(retrieved);
            if !self.documents.set_retrieved(document, time) {
                disagreeing.push("retrieved");
            }
        }
        if let Some(title) = draft.title.filter(|title| !title.is_empty())
            && !self.documents.set_title(document, title)
        {
            disagreeing.push("title");
        }
        if let Some(language) = draft.language {
            let language = self.strings.intern(language);
            if !self.documents.set_language(document, language) {
                disagreeing.push("language");
            }
        }
        for key in &draft.cites_documents {
            let cited = self.documents.intern(key, true);
            self.documents.cite_document(document, cited);
        }
        for source in &draft.cites_sources {
            let source = self.entity(&Mention { unnamed: false, ..*source }, 0);
            self.documents.cite_source(document, source);
        }
        for FieldDraft { key, kind, value } in &draft.fields {
            let key = self.strings.intern(key);
            self.fields.set_of_document(document, key, *kind, value);
        }
        Ok((document, disagreeing))
    }

    /// The entity of a name, made if there is none: for declarations.
    pub fn declare(&mut self, mention: &Mention<'_>) -> Result<EntityId, Refusal> {
        if mention.name.len() > MAX_TEXT {
            return Err(Refusal::TooLong("a name"));
        }
        self.find_entity(mention)?;
        Ok(self.entity(&Mention { unnamed: false, ..*mention }, 0))
    }

    /// Says what an entity is. False where it is known to be something else; then nothing changes.
    pub fn declare_kind(&mut self, entity: EntityId, kind: EntityKind) -> bool {
        let known = self.entities.kind(entity);
        if known == EntityKind::Unknown {
            self.entities.set_kind(entity, kind);
        }
        known == EntityKind::Unknown || known == kind
    }

    /// Gives an entity another name. An entity that so far was nothing but that name becomes one with it, by a link that can be
    /// withdrawn.
    pub fn declare_alias(&mut self, entity: EntityId, alias: &str) -> Result<(), Refusal> {
        if alias.len() > MAX_TEXT {
            return Err(Refusal::TooLong("a name"));
        }
        let folded = fold(alias);
        let own = self.same.entities(entity);
        if own.iter().any(|one| self.entities.names(*one).any(|(name, _)| name == alias)) {
            return Ok(());
        }
        let bare: Vec<EntityId> = self
            .entities
            .with_name(&folded)
            .into_iter()
            .filter(|other| {
                !own.contains(other)
                    && !self.entities.is_unnamed(*other)
                    && self.entities.kind(*other) == EntityKind::Unknown
                    && self.entities.qualifier(*other).is_none()
                    && self.entities.external_ids(*other).next().is_none()
                    && self.entities.names(*other).all(|(_, role)| role != NameRole::Alias)
            })
            .collect();
        self.entities.push_name(entity, alias, NameRole::Alias);
        for other in bare {
            self.link(&Link {
                left: Node::Entity(entity),
                relation: LinkRelation::SameAs,
                right: Node::Entity(other),
            });
        }
        Ok(())
    }

    /// Gives an entity an id elsewhere.
    pub fn declare_external_id(&mut self, entity: EntityId, id: &str) {
        let known = self.entities.external_ids(entity).any(|known| known == id);
        if !known && id.len() <= MAX_TEXT {
            self.entities.push_external_id(entity, id);
        }
    }

    /// Says with whom an entity is affiliated.
    pub fn declare_affiliation(
        &mut self,
        member: EntityId,
        group: Option<EntityId>,
        role: Option<&str>,
        period: Option<TimeDraft<'_>>,
        is_membership: bool,
    ) {
        let role = role.map_or(StringId::NONE, |role| self.strings.intern(role));
        let period = period.map_or(TimeId::NONE, |period| self.time(&period));
        let group = group.unwrap_or(EntityId::NONE);
        self.entities.push_affiliation(Affiliation { member, group, role, period, is_membership });
    }

    /// The proposition of a bare text, made if there is none: for links between contents. A text that several propositions
    /// share means the one recorded first.
    pub fn declare_proposition(&mut self, text: &str) -> Result<PropositionId, Refusal> {
        if text.len() > MAX_TEXT {
            return Err(Refusal::TooLong("the text of the proposition"));
        }
        if let Some(known) = self.propositions.with_text(&fold(text)).first() {
            return Ok(*known);
        }
        let bare = Terms {
            modality: crate::model::Modality::Actual,
            condition: None,
            time: TimeId::NONE,
            figures: Vec::new(),
            facts: Vec::new(),
        };
        Ok(self.propositions.intern(text, &bare, &[]))
    }

    /// States a relation; false where it was stated already.
    pub fn link(&mut self, link: &Link) -> bool {
        let added = self.links.push(link);
        if added && link.relation == LinkRelation::SameAs {
            self.same.join(link.left, link.right);
        }
        match (link.relation, link.left, link.right) {
            (LinkRelation::Cites, Node::Document(a), Node::Document(b)) => self.documents.cite_document(a, b),
            (LinkRelation::Cites, Node::Document(a), Node::Entity(b)) => self.documents.cite_source(a, b),
            _ => {}
        }
        added
    }

    /// The document of a key, made if there is none.
    pub fn declare_document(&mut self, key: &str, is_address: bool) -> DocumentId {
        self.documents.intern(key, is_address)
    }

    /// Withdraws a link; false where none was stated.
    pub fn void_link(&mut self, link: &Link, reason: &str) -> bool {
        let Some(row) = self.links.find(link) else { return false };
        let reason = self.strings.intern(reason);
        self.links.set_void(row, reason);
        self.same = Classes::of(&self.links);
        true
    }

    /// Withdraws a claim from the record, which keeps it.
    pub fn void_claim(&mut self, claim: ClaimId, reason: &str, second: i64) {
        let reason = self.strings.intern(reason);
        self.claims.set_void(claim, reason, second);
    }

    /// Records a grade; false where it was given already.
    pub fn rate(&mut self, rating: &Rating) -> bool {
        self.ratings.push(rating)
    }

    /// Interns a time for a rating.
    pub fn declare_time(&mut self, time: &TimeDraft<'_>) -> TimeId {
        self.time(time)
    }

    /// Adds a cue verb to the lexicon.
    pub fn define_verb(&mut self, word: &str, parent: &str, negative: bool) -> Result<VerbId, DefineError> {
        let before = self.lexicon.len();
        let verb = self.lexicon.define(word, parent, negative)?;
        if self.lexicon.len() > before {
            let mark = if negative { "negative" } else { "" };
            self.verbs.push(&format!("{word}\t{parent}\t{mark}"));
        }
        Ok(verb)
    }

    /// Adds a rule by the text of its sentence; false where it is there already.
    pub fn define_rule(&mut self, sentence: &str) -> bool {
        let known = self.rules.iter().any(|rule| rule == sentence);
        if !known {
            self.rules.push(sentence);
        }
        !known
    }
}

/// How two chains that differ only in their cues differ.
enum CueDifference {
    OldTellsMore,
    NewTellsMore,
}
