//! Claims are recorded here, by draft. A draft is checked whole before anything is added, so what is refused leaves the graph as it was.

use super::chains::Hop;
use super::check::Refusal;
use super::draft::{Draft, FactValue, Hashes, HopDraft, Mention, TimeDraft, What};
use super::entities::NameRole;
use super::index::{hash_bytes, hash_numbers};
use super::propositions::{Fact, Terms};
use super::small::WrittenTime;
use super::statements::Batch;
use super::{Graph, claims::Identity};
use crate::model::{
    Cardinality, ClaimId, ClaimRef, Content, DocumentId, EntityId, EntityKind, Figure, HopId, Lexicon,
    StringId, TimeId, fold, is_plural,
};
use smallvec::SmallVec;

/// Most lists of a claim have one member or two.
type Few<T> = SmallVec<[T; 4]>;

/// What recording a draft led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The outermost speech act of the draft.
    pub claim: ClaimRef,
    /// Whether anything was added: a claim, or a new way in which a known one appeared.
    pub added: bool,
}

/// The wording under which a source that the text leaves unstated is kept.
pub(super) const UNSTATED: &str = "an unstated source";

impl Graph {
    /// Notes that what is recorded from now on came from `name` at `second`.
    pub fn begin_batch(&mut self, name: &str, second: i64) {
        self.batch_since(self.rows(), name, second);
    }

    /// How many claims and appearances there are.
    pub fn rows(&self) -> (usize, usize) {
        (self.claims.len(), self.chains.appearances())
    }

    /// Notes the same of what was recorded since there were so many rows.
    pub fn batch_since(&mut self, rows: (usize, usize), name: &str, second: i64) {
        let name = self.strings.intern(name);
        self.log.push(Batch {
            at: second,
            first_claim: ClaimId(rows.0 as u32),
            first_appearance: rows.1 as u32,
            name,
        });
    }

    /// Records a claim with its chain. Everything that is known already is found, not added again.
    pub fn record(&mut self, draft: &Draft<'_>) -> Result<Recorded, Refusal> {
        self.check(draft)?;
        Ok(self.add(draft))
    }

    /// Reads what will be read to find what some drafts tell of, for all of them at once: then memory is waited for once and not for each.
    pub(crate) fn touch<'d, 'a: 'd>(&self, drafts: impl Iterator<Item = &'d Draft<'a>>) {
        let drafts: Vec<_> = drafts.filter_map(|draft| Some((draft, draft.hashes?))).collect();
        let near = drafts.iter().map(|(draft, hashes)| {
            let names = draft.sources.iter().chain(&draft.listeners).chain(&draft.subjects);
            let known = names.filter(|name| self.entities.known(name).is_some()).count() as u32;
            // An id is new as a rule: there is no text to compare it with.
            let new = self.claims.touch(hashes.id).is_none();
            let (text, key) = (self.propositions.touch(hashes.text), self.documents.touch(hashes.document));
            let said = draft.said.and_then(|said| self.times.touch(said.time)).unwrap_or(0);
            (known ^ u32::from(new) ^ said, text, key)
        });
        let near: Vec<_> = near.collect();
        let first = near.iter().map(|(read, proposition, document)| {
            let text = proposition.map_or(0, |row| self.propositions.touch_row(row));
            let key = document.map_or(0, |row| self.documents.touch_row(row));
            (read ^ text ^ key, document.map(|row| self.chains.touch(row)))
        });
        let first: Vec<_> = first.collect();
        let ways = first.iter().map(|(read, latest)| {
            let way = latest.map(|latest| self.chains.appearance(latest));
            read ^ way.map_or(0, |(hop, document)| hop.0 ^ document.0)
        });
        std::hint::black_box(ways.fold(0, |all, one| all ^ one));
        self.touch_hops(drafts.iter().map(|(draft, _)| &draft.hops[..]).collect());
    }

    /// The same for chains: of all of them who carried them first, then of all who carried that, and so on.
    fn touch_hops(&self, chains: Vec<&[HopDraft<'_>]>) {
        let mut inside: Vec<_> = chains.into_iter().map(|hops| (HopId::NONE, hops)).collect();
        while !inside.is_empty() {
            let outwards = inside.into_iter().filter_map(|(parent, hops)| {
                let (HopDraft { sources, .. }, rest) = hops.split_first()?;
                let [source] = &sources[..] else { return None };
                Some((self.chains.touch_hop(parent, self.entities.known(source)?)?, rest))
            });
            inside = outwards.collect();
        }
    }

    /// Records what [`Graph::check`] does not refuse.
    pub(crate) fn add(&mut self, draft: &Draft<'_>) -> Recorded {
        let hashes = draft.hashes.unwrap_or_else(|| Hashes::of(draft));
        let document = draft.document.map_or(DocumentId::NONE, |(key, is_address)| {
            self.documents.intern_by(key, hashes.document, is_address)
        });
        let scope = Graph::scope(draft, hashes, document);
        let (claim, mut inner, mut added) = match draft.what {
            What::Speech(target) => (target.claim, target.hop, false),
            _ => {
                let (claim, added) = self.record_claim(draft, hashes, scope);
                (claim, HopId::NONE, added)
            }
        };
        for (at, hop) in draft.hops.iter().enumerate() {
            inner = self.record_hop(hop, inner, [scope, at as u64], claim);
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
            self.fields.set_of_claim(claim, key, field.kind, &field.value);
        }
        Recorded { claim: ClaimRef { claim, hop: inner }, added }
    }

    /// What an unnamed source is told apart by: the id of its claim, or else everything that the claim is made of.
    fn scope(draft: &Draft<'_>, hashes: Hashes, document: DocumentId) -> u64 {
        if draft.id.is_some() {
            return hashes.id;
        }
        let (text, negated) = match draft.what {
            What::Text { negated, .. } => (hashes.text, negated),
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

    fn record_claim(&mut self, draft: &Draft<'_>, hashes: Hashes, scope: u64) -> (ClaimId, bool) {
        let subjects: Few<EntityId> = draft.subjects.iter().map(|mention| self.entity(mention, 0)).collect();
        let content = self.content(draft, hashes, &subjects);
        if let Some(known) = draft.id.and_then(|id| self.claims.with_id(id, hashes.id)) {
            return (known, false);
        }
        // Only who is described is told apart by it.
        let slot = |mention: &Mention<'_>, kind: u64, at: usize| {
            if mention.unnamed { hash_numbers(&[scope, kind, at as u64]) } else { 0 }
        };
        let unstated = [Mention { name: UNSTATED, unnamed: true, ..Mention::default() }];
        let mentions = if draft.sources.is_empty() { &unstated[..] } else { &draft.sources };
        let sources: Few<EntityId> = mentions
            .iter()
            .enumerate()
            .map(|(at, mention)| self.entity(mention, slot(mention, 1, at)))
            .collect();
        let listeners: Few<EntityId> = draft
            .listeners
            .iter()
            .enumerate()
            .map(|(at, mention)| self.entity(mention, slot(mention, 2, at)))
            .collect();
        let said = draft.said.map_or(TimeId::NONE, |said| self.time(&said));
        let identity = Identity {
            source: self.entities.intern_party(&sources),
            verb: draft.verb,
            content,
            listener: self.entities.intern_party(&listeners),
            mode: draft.flags.mode(),
            said,
        };
        if draft.id.is_none()
            && let Some(known) = self.claims.find(&identity, &sources, &listeners)
        {
            return (known, false);
        }
        let hedge = draft.hedge.map_or(StringId::NONE, |hedge| self.strings.intern(hedge));
        let medium = draft.medium.map_or(StringId::NONE, |medium| self.strings.intern(medium));
        let id = draft.id.unwrap_or("");
        (self.claims.push((id, hashes.id), &identity, draft.flags, hedge, medium, &sources, &listeners), true)
    }

    /// What a draft says, found or made.
    pub(super) fn content(
        &mut self,
        draft: &Draft<'_>,
        hashes: Hashes,
        subjects: &[EntityId],
    ) -> Option<Content> {
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
        let proposition = self.propositions.intern_by(text, hashes.text, &terms, subjects, &self.times);
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
        let identity = unnamed_identity(mention, scope);
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
            && let Some(known) = self.entities.known(mention)
        {
            return known;
        }
        // Ambiguity was refused before anything was added: whoever has the name too since then is no older.
        match self.recorded_as(mention) {
            Some(known) => {
                if self.entities.has_room_for_spellings(known)
                    && !self.entities.is_called(known, mention.name)
                {
                    self.entities.push_name(known, mention.name, NameRole::Spelling);
                }
                if mention.qualifier.is_none() {
                    self.entities.set_known(mention, known);
                }
                known
            }
            None => {
                let qualifier = mention.qualifier.filter(|q| !q.is_empty()).map(|q| self.strings.intern(q));
                self.entities.push(mention.name, qualifier, None)
            }
        }
    }

    pub(super) fn time(&mut self, draft: &TimeDraft<'_>) -> TimeId {
        let written = draft.written.map_or(StringId::NONE, |text| self.strings.intern(text));
        self.times.intern(WrittenTime { time: draft.time, written, anchor: draft.anchor })
    }

    fn record_hop(&mut self, draft: &HopDraft<'_>, parent: HopId, scope: [u64; 2], claim: ClaimId) -> HopId {
        if let Some(known) = draft.id.and_then(|id| self.chains.by_id(id)) {
            return known.1;
        }
        let slot = |mention: &Mention<'_>, kind: u64, at: usize| {
            if mention.unnamed { hash_numbers(&[hash_numbers(&scope), kind, at as u64]) } else { 0 }
        };
        let mut people = |mentions: &[Mention<'_>], kind: u64| -> Few<EntityId> {
            let slots = mentions.iter().enumerate();
            slots.map(|(at, mention)| self.entity(mention, slot(mention, kind, at))).collect()
        };
        let (sources, listeners) = (people(&draft.sources, 1), people(&draft.listeners, 2));
        // `reported` is what `via` means: only another cue tells more.
        let is_plain = draft.verb == Lexicon::RELAY || Some(draft.verb) == self.lexicon.find("reported");
        let verb = if is_plain { Lexicon::RELAY } else { draft.verb };
        let hop = Hop {
            parent,
            source: self.entities.intern_party(&sources),
            verb,
            listener: self.entities.intern_party(&listeners),
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

    /// Adds a way in which a claim appeared, unless it is known; a chain known without its cues gets them.
    fn attach(&mut self, claim: ClaimId, hop: HopId, document: DocumentId) -> bool {
        let appearance = self.chains.intern_appearance(hop, document);
        let way = (appearance, hop, document);
        let known = self.claims.appearances_beside(claim, appearance, &self.chains);
        if known.contains(&appearance) {
            return false;
        }
        for old in known {
            let (old_hop, old_document) = self.chains.appearance(old);
            if old_document == document && old_hop.is_some() && hop.is_some() {
                match self.cue_difference(old_hop, hop) {
                    Some(CueDifference::OldTellsMore) => return false,
                    Some(CueDifference::NewTellsMore) => {
                        self.claims.replace_appearance(claim, old, way, &self.chains);
                        return false;
                    }
                    None => {}
                }
            }
        }
        self.claims.add_appearance(claim, way, &self.chains);
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

/// What tells who is only described from others: the wording, with the tag, or with what `scope` stands for.
pub(super) fn unnamed_identity(mention: &Mention<'_>, scope: u64) -> u64 {
    let wording = hash_bytes(fold(mention.name).as_bytes());
    match mention.qualifier {
        Some(tag) => hash_numbers(&[wording, hash_bytes(fold(tag).as_bytes()), 1]),
        None => hash_numbers(&[wording, scope, 0]),
    }
}
