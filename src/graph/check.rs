//! Everything that can refuse what is to be recorded, looked at before anything is added. Nothing is written here.

use super::Graph;
use super::column::MAX_TEXT;
use super::draft::{DocumentDraft, Draft, FactValue, FieldDraft, Mention, TimeDraft, What};
use super::entities::Party;
use super::index::hash_bytes;
use super::record::{UNSTATED, unnamed_identity};
use crate::model::{ClaimId, ClaimRef, EntityId, EntityKind, fold};

/// Why a draft was refused. The graph is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A name fits several entities.
    Ambiguous {
        /// The name.
        name: String,
        /// What it could be, as [`Graph::entity_references`] tells it.
        candidates: Vec<String>,
    },
    /// The id belongs to another claim.
    IdTaken(String),
    /// A text is longer than any field may be.
    TooLong(&'static str),
    /// There is no room for more.
    Full,
}

/// The most rows of any kind: numbers above stand for *none* and for groups.
const MAX_ROWS: usize = (1 << 31) - 2;

fn fits(text: &str, what: &'static str) -> Result<(), Refusal> {
    if text.len() > MAX_TEXT { Err(Refusal::TooLong(what)) } else { Ok(()) }
}

fn time_fits(time: Option<&TimeDraft<'_>>) -> Result<(), Refusal> {
    fits(time.and_then(|time| time.written).unwrap_or(""), "the wording of a time")
}

fn field_fits(field: &FieldDraft<'_>) -> Result<(), Refusal> {
    fits(field.key, "the key of a field")?;
    fits(&field.value, "a field")
}

impl Graph {
    /// Refuses a claim that cannot be recorded.
    pub fn check(&self, draft: &Draft<'_>) -> Result<(), Refusal> {
        let names = |names: &[Mention<'_>]| names.iter().try_for_each(|name| self.check_name(name));
        names(&draft.sources)?;
        names(&draft.listeners)?;
        names(&draft.subjects)?;
        for hop in &draft.hops {
            names(&hop.sources)?;
            names(&hop.listeners)?;
        }
        for fact in &draft.facts {
            if let FactValue::Entity(mention) = &fact.value {
                self.check_name(mention)?;
            }
        }
        check_texts(draft)?;
        self.check_room()?;
        let hash = |id: &str| draft.hashes.map_or_else(|| hash_bytes(id.as_bytes()), |hashes| hashes.id);
        if let Some(id) = draft.id
            && let Some(known) = self.find_claim_by(id, hash(id))
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

    /// Refuses a document that cannot be recorded.
    pub fn check_document(&self, draft: &DocumentDraft<'_>) -> Result<(), Refusal> {
        fits(draft.key, "an address")?;
        fits(draft.title.unwrap_or(""), "a title")?;
        fits(draft.language.unwrap_or(""), "a language")?;
        draft.cites_documents.iter().try_for_each(|key| fits(key, "an address"))?;
        time_fits(draft.published.as_ref())?;
        time_fits(draft.retrieved.as_ref())?;
        draft.fields.iter().try_for_each(field_fits)?;
        self.check_room()?;
        let named = |mention: &Mention<'_>| self.check_name(&Mention { unnamed: false, ..*mention });
        draft.outlet.iter().chain(&draft.cites_sources).try_for_each(named)
    }

    /// Refuses a name that is too long or fits several entities.
    pub fn check_name(&self, mention: &Mention<'_>) -> Result<(), Refusal> {
        if mention.qualifier.is_none() && !mention.unnamed && self.entities.known(mention).is_some() {
            return Ok(());
        }
        fits(mention.name, "a name")?;
        fits(mention.qualifier.unwrap_or(""), "a name")?;
        if mention.unnamed { Ok(()) } else { self.find_entity(mention).map(|_| ()) }
    }

    /// Refuses a further name that is too long.
    pub fn check_alias(&self, alias: &str) -> Result<(), Refusal> {
        fits(alias, "a name")
    }

    fn check_room(&self) -> Result<(), Refusal> {
        let most = [
            self.claims.len(),
            self.entities.len(),
            self.chains.hops(),
            self.propositions.len(),
            self.documents.len(),
        ];
        if most.iter().any(|rows| *rows > MAX_ROWS - 1000) { Err(Refusal::Full) } else { Ok(()) }
    }

    /// Whether two names, stated one behind the other, mean one entity: known already or new.
    pub fn would_be_one(&self, first: &Mention<'_>, second: &Mention<'_>) -> bool {
        if first.unnamed || second.unnamed {
            return first.unnamed
                && second.unnamed
                && unnamed_identity(first, 0) == unnamed_identity(second, 0);
        }
        match (self.fitting(first).first(), self.fitting(second).first()) {
            (Some(first), Some(second)) => first == second,
            (None, None) => {
                let qualified = |qualifier: &str| fold(qualifier) == fold(first.qualifier.unwrap_or(""));
                fold(first.name) == fold(second.name) && second.qualifier.is_none_or(qualified)
            }
            _ => false,
        }
    }

    /// The entity that a name means when something is recorded: none yet, one, or an ambiguity.
    pub fn find_entity(&self, mention: &Mention<'_>) -> Result<Option<EntityId>, Refusal> {
        self.the_one(mention, &self.fitting(mention))
    }

    /// Every entity that a name fits, each class by its first member, in the order recorded.
    pub(super) fn fitting(&self, mention: &Mention<'_>) -> Vec<EntityId> {
        let mut found = self.named_so(mention);
        for entity in &mut found {
            *entity = self.same.entity(*entity);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The same before any merge: for stating and withdrawing a merge. Whoever was first recorded under the name goes before whoever
    /// is also called so.
    pub fn find_unmerged(&self, mention: &Mention<'_>) -> Result<Option<EntityId>, Refusal> {
        if mention.unnamed {
            return Ok(self.entities.unnamed_with_identity(unnamed_identity(mention, 0)));
        }
        let found = self.named_so(mention);
        let folded = fold(mention.name);
        let first: Vec<EntityId> =
            found.iter().copied().filter(|entity| fold(self.entities.name(*entity)) == folded).collect();
        self.the_one(mention, if first.is_empty() { &found } else { &first })
    }

    /// The entity as which a name is recorded, if there is one: of those that are one whoever was first recorded under it, so that a
    /// merge can be taken apart again, and it does not matter whether it was stated before or after.
    pub fn recorded_as(&self, mention: &Mention<'_>) -> Option<EntityId> {
        let one = self.fitting(mention).first().copied()?;
        if !self.same.has_entities() {
            return Some(one);
        }
        let folded = fold(mention.name);
        let mut found = self.named_so(mention);
        found.retain(|entity| self.same.entity(*entity) == one);
        let first = found.iter().find(|entity| fold(self.entities.name(**entity)) == folded);
        first.or(found.first()).copied()
    }

    fn named_so(&self, mention: &Mention<'_>) -> Vec<EntityId> {
        if let Some(wanted) = mention.qualifier.map(fold)
            && !wanted.is_empty()
            && self.entities.is_crowded(mention.name)
        {
            let own = self.entities.qualified(mention.name, &wanted, |id| self.strings.get(id));
            if !own.is_empty() || EntityKind::from_word(&wanted).is_none() {
                return own;
            }
        }
        self.choose(self.entities.named(mention.name), mention.qualifier)
    }

    fn the_one(&self, mention: &Mention<'_>, found: &[EntityId]) -> Result<Option<EntityId>, Refusal> {
        match found {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(Refusal::Ambiguous {
                name: mention.name.into(),
                candidates: self.entity_references(found),
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

    /// Some entities as each would be written to choose it, and how many others there are where these are many.
    pub fn entity_references(&self, entities: &[EntityId]) -> Vec<String> {
        const MOST: usize = 10;
        let (named, others) =
            entities.split_at(if entities.len() > MOST { MOST - 1 } else { entities.len() });
        let named = named.iter().map(|entity| self.entity_reference(*entity));
        let others = (!others.is_empty()).then(|| format!("one of {} others", others.len()));
        named.chain(others).collect()
    }

    /// An entity as it would be written to choose it: `[Georgia|country]`.
    pub fn entity_reference(&self, entity: EntityId) -> String {
        let name = self.entities.name(entity);
        match self.entities.qualifier(entity) {
            Some(qualifier) => format!("[{name}|{}]", self.strings.get(qualifier)),
            None if self.entities.with_name(name).len() > 1 => format!("[{name}|]"),
            None => format!("[{name}]"),
        }
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
            mentions.iter().all(|mention| people.iter().any(|entity| known_as(*entity, mention)))
                && people.iter().all(|entity| mentions.iter().any(|mention| known_as(*entity, mention)))
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
}

/// The texts of a claim that are no names.
fn check_texts(draft: &Draft<'_>) -> Result<(), Refusal> {
    if let What::Text { text, .. } = draft.what {
        fits(text, "the text of the proposition")?;
    }
    let texts = [
        (draft.id, "an id"),
        (draft.hedge, "a hedge"),
        (draft.medium, "a medium"),
        (draft.language, "a language"),
        (draft.condition.map(|(text, _)| text), "a condition"),
        (draft.document.map(|(key, _)| key), "an address"),
    ];
    texts.into_iter().try_for_each(|(text, what)| fits(text.unwrap_or(""), what))?;
    for figure in &draft.figures {
        fits(figure.what, "what a figure counts")?;
        fits(figure.unit, "a unit")?;
    }
    for fact in &draft.facts {
        fits(fact.attribute, "an attribute")?;
        if let FactValue::Text(text) = fact.value {
            fits(text, "a fact")?;
        }
    }
    for hop in &draft.hops {
        fits(hop.id.unwrap_or(""), "an id")?;
        fits(hop.hedge.unwrap_or(""), "a hedge")?;
        time_fits(hop.time.as_ref())?;
    }
    time_fits(draft.said.as_ref())?;
    time_fits(draft.time.as_ref())?;
    draft.fields.iter().try_for_each(field_fits)
}
