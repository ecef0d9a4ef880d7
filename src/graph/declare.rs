//! Everything that is stated beside claims: documents, kinds, names, affiliations, links, withdrawals, ratings, verbs, rules. Like claims,
//! a declaration is checked whole before anything is added.

use super::check::Refusal;
use super::column::MAX_TEXT;
use super::draft::{
    DocumentDraft, Draft, FactDraft, FactValue, FieldDraft, FigureDraft, Hashes, Mention, TimeDraft, What,
};
use super::entities::{Affiliation, NameRole};
use super::propositions::{Fact, Terms};
use super::statements::{Link, Node, Rating};
use super::{Classes, Graph};
use crate::model::{
    ClaimId, Content, DefineError, DocumentId, EntityId, EntityKind, Figure, LinkRelation, StringId, TimeId,
    VerbId,
};

impl Graph {
    /// Records what is known of a document. Tells which details disagree with what was known; those are left as they were.
    pub fn record_document(
        &mut self,
        draft: &DocumentDraft<'_>,
    ) -> Result<(DocumentId, Vec<&'static str>), Refusal> {
        self.check_document(draft)?;
        Ok(self.add_document(draft))
    }

    /// Records of a document what [`Graph::check_document`] does not refuse.
    pub(crate) fn add_document(&mut self, draft: &DocumentDraft<'_>) -> (DocumentId, Vec<&'static str>) {
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
        (document, disagreeing)
    }

    /// The entity of a name, made if there is none: for declarations.
    pub fn declare(&mut self, mention: &Mention<'_>) -> Result<EntityId, Refusal> {
        self.check_name(&Mention { unnamed: false, ..*mention })?;
        Ok(self.add_name(mention))
    }

    /// The same for a name that [`Graph::check_name`] does not refuse.
    pub(crate) fn add_name(&mut self, mention: &Mention<'_>) -> EntityId {
        self.entity(&Mention { unnamed: false, ..*mention }, 0)
    }

    /// The same for somebody who is only described, and told by a tag.
    pub(crate) fn add_subject(&mut self, mention: &Mention<'_>) -> EntityId {
        self.entity(mention, 0)
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
        self.check_alias(alias)?;
        let own = self.same.entities(entity);
        if own.iter().any(|one| self.entities.is_called(*one, alias)) {
            return Ok(());
        }
        let bare: Vec<EntityId> = self
            .entities
            .with_name(alias)
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
        if !self.entities.has_external_id(entity, id) && id.len() <= MAX_TEXT {
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

    /// The content of a text with exactly the terms of a draft, if it is known. Several may share the text.
    pub fn find_content(&self, draft: &Draft<'_>) -> Option<Content> {
        let What::Text { text, negated } = draft.what else { return None };
        let interval = draft.time.map(|time| time.time);
        let proposition = self.propositions.find(text, &self.known_terms(draft)?, interval, &self.times)?;
        Some(Content { proposition, negated })
    }

    /// The terms of a draft but for the time, where all that they name is known.
    fn known_terms(&self, draft: &Draft<'_>) -> Option<Terms> {
        let mut terms = Terms { modality: draft.modality, ..Terms::default() };
        if let Some((text, negated)) = draft.condition {
            let proposition = self.propositions.find(text, &Terms::default(), None, &self.times)?;
            terms.condition = Some(Content { proposition, negated });
        }
        for FigureDraft { what, bound, unit } in &draft.figures {
            let unit = if unit.is_empty() { StringId::NONE } else { self.strings.find(unit)? };
            terms.figures.push(Figure { what: self.strings.find(what)?, bound: *bound, unit });
        }
        for FactDraft { attribute, value } in &draft.facts {
            let (entity, text) = match value {
                FactValue::Entity(mention) => (self.recorded_as(mention)?, StringId::NONE),
                FactValue::Text(text) => (EntityId::NONE, self.strings.find(text)?),
            };
            terms.facts.push(Fact { attribute: self.strings.find(attribute)?, entity, text });
        }
        Some(terms)
    }

    /// The same, made if there is none, of a draft that [`Graph::check`] does not refuse: for links. Without a text there is nothing to make.
    pub(crate) fn add_content(&mut self, draft: &Draft<'_>) -> Option<Content> {
        self.content(draft, Hashes::of(draft), &[])
    }

    /// States a relation; false where it was stated already.
    pub fn link(&mut self, link: &Link) -> bool {
        let added = self.links.push(link);
        if added && link.relation == LinkRelation::SameAs {
            self.same.join(link.left, link.right);
            self.entities.forget_known();
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
        self.entities.forget_known();
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
