//! Parts of values: the date of a claim, the text of a content, the month of a time.

use super::{Evaluator, Value};
use crate::graph::Party;
use crate::model::{
    AppearanceId, ClaimFlags, ClaimRef, Commitment, Content, DocumentId, EntityId, EntityKind, StringId,
    Time, TimeId, Truth,
};
use crate::plan::{KnownPart, Part};
use std::sync::Arc;

impl Evaluator<'_> {
    /// A part of a value. `appearance` is the way by which a claim was found, where that is known.
    pub(super) fn part(&self, value: &Value, appearance: Option<AppearanceId>, part: Part) -> Value {
        match (value, part) {
            (Value::Claim(claim), Part::Free(key)) => {
                let found = self.graph.fields.of_claim(claim.claim).find(|(known, ..)| *known == key);
                found.map_or(Value::Nothing, |(_, _, value)| Value::Text(value.into()))
            }
            (Value::Claim(claim), Part::Known(part)) => {
                let first = || self.appearances_of(*claim).first().copied().unwrap_or(AppearanceId::NONE);
                self.part_of_claim(*claim, appearance.unwrap_or_else(first), part)
            }
            (Value::Entity(entity), Part::Known(part)) => self.part_of_entity(*entity, part),
            (Value::Content(content), Part::Known(part)) => self.part_of_content(*content, part),
            (Value::Document(document), Part::Known(part)) => self.part_of_document(*document, part),
            (Value::Time(time), Part::Known(part)) => part_of_time(time, part),
            (Value::Figure(proposition, place), Part::Known(part)) => {
                let Some(figure) = self.graph.propositions.figures(*proposition).nth(*place as usize) else {
                    return Value::Nothing;
                };
                let finite =
                    |number: f64| if number.is_finite() { Value::Number(number) } else { Value::Nothing };
                match part {
                    KnownPart::Low => finite(figure.bound.low),
                    KnownPart::High => finite(figure.bound.high),
                    _ => word(figure.unit),
                }
            }
            _ => Value::Nothing,
        }
    }

    fn part_of_claim(&self, claim: ClaimRef, appearance: AppearanceId, part: KnownPart) -> Value {
        let graph = self.graph;
        let claims = &graph.claims;
        let hop = if claim.is_relay() { graph.chains.hop(claim.hop) } else { None };
        let flags = || if hop.is_some() { ClaimFlags::default() } else { claims.flags(claim.claim) };
        let verb = || hop.map_or_else(|| claims.verb(claim.claim), |hop| hop.verb);
        let source = || hop.map_or_else(|| claims.source(claim.claim), |hop| hop.source);
        let listener = || hop.map_or_else(|| claims.listener(claim.claim), |hop| hop.listener);
        let document = || graph.way(claim.claim, appearance).1;
        let content = || claims.content(claim.claim);
        match part {
            KnownPart::Date => self.said(claim).map_or(Value::Nothing, Value::Time),
            KnownPart::Published => {
                let all = self.appearances_of(claim);
                let first = all.into_iter().find_map(|seen| self.sight.published(seen));
                first.map_or(Value::Nothing, Value::Time)
            }
            KnownPart::Recorded => match graph.log.recorded(claim.claim) {
                Some(second) => Value::Time(Time { from: second, to: second.saturating_add(1) }),
                None => Value::Nothing,
            },
            KnownPart::Speakers => self.party(source()),
            KnownPart::Listeners => self.party(listener()),
            KnownPart::Act => Value::Text(self.interned.borrow_mut().act(graph, verb())),
            KnownPart::Cue => Value::Text(self.interned.borrow_mut().cue(graph, verb())),
            KnownPart::What => content().map_or(Value::Nothing, Value::Content),
            KnownPart::Topics => content().map_or(Value::Nothing, |content| self.topics(content)),
            KnownPart::Condition => {
                let condition =
                    content().and_then(|content| graph.propositions.condition(content.proposition));
                condition.map_or(Value::Nothing, Value::Content)
            }
            KnownPart::Via => self.chain(claim, appearance),
            KnownPart::Hops => Value::Count(self.hops(claim, appearance).len() as u64),
            KnownPart::Chains => Value::Count(self.chains(claim).into()),
            KnownPart::Hedge => self.hedge_value(claim, appearance),
            KnownPart::Hedged => Value::YesNo(self.is_hedged(claim, appearance)),
            KnownPart::HedgedBy => self
                .hedge(claim, appearance)
                .map_or(Value::Nothing, |(_, owner)| Value::Entity(graph.same.entity(owner))),
            KnownPart::Commitment => {
                // A relay commits to what it passes on: that it was said.
                let commitment = match hop {
                    Some(hop) if hop.hedge.is_some() => Commitment::of_hedge(graph.strings.get(hop.hedge)),
                    _ => flags().commitment(),
                };
                Value::Text(commitment.word().into())
            }
            KnownPart::Joint => Value::YesNo(graph.entities.party(source()).nth(1).is_some()),
            KnownPart::Mode => Value::Text(flags().mode().word().into()),
            KnownPart::Verbatim => Value::YesNo(flags().verbatim()),
            KnownPart::Repeated => Value::YesNo(flags().repeated()),
            KnownPart::Translated => Value::YesNo(flags().translated()),
            KnownPart::Medium => word(claims.medium(claim.claim)),
            KnownPart::Basis => {
                let basis = hop.map_or_else(|| flags().basis(), |hop| hop.basis);
                Value::Text(basis.word().into())
            }
            KnownPart::Document => document().some().map_or(Value::Nothing, Value::Document),
            KnownPart::Outlet => self.part_of_document(document(), KnownPart::Publisher),
            _ => Value::Nothing,
        }
    }

    fn part_of_entity(&self, entity: EntityId, part: KnownPart) -> Value {
        let entities = &self.graph.entities;
        match part {
            KnownPart::Name => Value::Text(entities.name(entity).into()),
            KnownPart::Kind => {
                let kind = if self.graph.same.has_entities() {
                    self.kinds_of(entity.0.into()).first().copied()
                } else {
                    Some(entities.kind(entity)).filter(|kind| *kind != EntityKind::Unknown)
                };
                kind.map_or(Value::Nothing, Value::Kind)
            }
            KnownPart::Names => {
                let mut names: Vec<Value> = Vec::new();
                for one in self.graph.same.entities(entity) {
                    for (name, _) in entities.names(one) {
                        let name = Value::Text(name.into());
                        if !names.contains(&name) {
                            names.push(name);
                        }
                    }
                }
                Value::List(names.into())
            }
            KnownPart::Unnamed => Value::YesNo(entities.is_unnamed(entity)),
            _ => Value::Nothing,
        }
    }

    fn part_of_content(&self, content: Content, part: KnownPart) -> Value {
        let propositions = &self.graph.propositions;
        let proposition = content.proposition;
        match part {
            KnownPart::Text => match propositions.text(proposition) {
                "" => Value::Nothing,
                text => Value::Text(text.into()),
            },
            KnownPart::Negated => Value::YesNo(content.negated),
            KnownPart::Subjects => self.topics(content),
            KnownPart::If => propositions.condition(proposition).map_or(Value::Nothing, Value::Content),
            KnownPart::Modality => Value::Text(propositions.modality(proposition).word().into()),
            KnownPart::Language => word(propositions.language(proposition)),
            KnownPart::For => self.time(propositions.time(proposition)),
            _ => Value::Nothing,
        }
    }

    fn part_of_document(&self, document: DocumentId, part: KnownPart) -> Value {
        let documents = &self.graph.documents;
        if !document.is_some() {
            return Value::Nothing;
        }
        match part {
            KnownPart::Address => Value::Text(documents.key(document).into()),
            KnownPart::Title => match documents.title(document) {
                "" => Value::Nothing,
                title => Value::Text(title.into()),
            },
            KnownPart::Publisher => match documents.outlet(document).some() {
                Some(outlet) => Value::Entity(self.graph.same.entity(outlet)),
                None => Value::Nothing,
            },
            KnownPart::PublishedOn => self.time(documents.published(document)),
            KnownPart::Retrieved => self.time(documents.retrieved(document)),
            KnownPart::Tongue => word(documents.language(document)),
            _ => Value::Nothing,
        }
    }

    fn topics(&self, content: Content) -> Value {
        Self::list_of(&self.topics_of(content))
    }

    fn party(&self, party: Party) -> Value {
        let members = self.canonical(self.graph.entities.party(party));
        Self::list_of(&members)
    }

    fn list_of(entities: &super::lists::Values) -> Value {
        if entities.is_empty() {
            return Value::Nothing;
        }
        let entity = |entity: &u64| Value::Entity(EntityId(*entity as u32));
        Value::List(match &entities[..] {
            // Nearly always; of a list of any length two allocations are made.
            [only] => Arc::new([entity(only)]),
            all => all.iter().map(entity).collect(),
        })
    }

    fn time(&self, time: TimeId) -> Value {
        self.graph.times.get(time).map_or(Value::Nothing, Value::Time)
    }
}

fn word(id: StringId) -> Value {
    if id.is_some() { Value::Word(id) } else { Value::Nothing }
}

/// The day, month or year within which a time lies for certain.
fn part_of_time(time: &Time, part: KnownPart) -> Value {
    let day = Time::day_of(time.from).to_string();
    let text = match part {
        KnownPart::Day => day.as_str(),
        KnownPart::Month => day.get(..7).unwrap_or(""),
        KnownPart::Year => day.get(..4).unwrap_or(""),
        _ => "",
    };
    match Time::parse(text) {
        Ok(whole) if time.within(&whole) == Truth::Certain => Value::Time(whole),
        _ => Value::Nothing,
    }
}
