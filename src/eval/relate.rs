//! Links, memberships, roles, names and grades.

use super::claim::{Then, claim_of, content_of};
use super::lists::{Open, Values};
use super::{Evaluator, Flow, NOTHING, UNBOUND};
use crate::graph::{Affiliation, Graph, Link, Node as Thing, Targets};
use crate::model::{DocumentId, EntityId, EntityKind, LinkRelation, PropositionId, Time, Truth, fold};
use crate::plan::{
    ContentTest, EndTest, EntityTest, IsAPattern, LinkPattern, Order, RatedTest, RatingPattern, SlotId,
    SlotKind, Step, StepKind, claim_cell, content_cell,
};
use hashbrown::HashSet;
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeSet;

/// The claim steps of whose contents only those matter that stand in a link, as a later step asks.
pub(super) fn linked_steps(graph: &Graph, order: &Order) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    if graph.same.has_contents() {
        return found;
    }
    for (at, step) in order.steps.iter().enumerate() {
        let StepKind::Claim(pattern) = &step.kind else { continue };
        let ContentTest::Slot(content) = pattern.content else { continue };
        let asks = |later: &Step| matches!(&later.kind, StepKind::Link(link) if link.linked().any(|slot| slot == content));
        if order.steps.iter().skip(at).any(asks) {
            found.insert(step.id);
        }
    }
    found
}

impl Evaluator<'_> {
    /// Every row in which a link fits.
    pub(super) fn link(&self, link: &LinkPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        if link.relation == LinkRelation::SameAs {
            return self.same_as(link, row, then);
        }
        if let Some(cited) = self.citations_of_one(link, row) {
            return self.each_cited(cited, row, then);
        }
        if self.has_no_link(&link.left, row) || self.has_no_link(&link.right, row) {
            return Flow::Continue(());
        }
        let pairs = self.stated(link, row);
        self.pairs(link, pairs, row, then)
    }

    /// Whether a link fits, where that is seen without going over what it fills.
    pub(super) fn is_linked(&self, link: &LinkPattern, row: &[u64]) -> Option<bool> {
        self.citations_of_one(link, row).map(|(documents, _)| documents.iter().next().is_some())
    }

    /// Whether an end is a content that stands in no link: most do not.
    fn has_no_link(&self, test: &EndTest, row: &[u64]) -> bool {
        let EndTest::Slot(slot) = test else { return false };
        let Some(held) = Self::held(row, *slot) else { return false };
        self.options.optimize
            && self.kind_of(*slot) == SlotKind::Content
            && held != NOTHING
            && !self.graph.same.has_contents()
            && self.graph.links.of_proposition(content_of(held).proposition).next().is_none()
    }

    /// Where a document is known and asked what documents it cites, or which cite it: these, and the slot that they fill. It is what recursive
    /// rules ask most.
    fn citations_of_one(&self, link: &LinkPattern, row: &[u64]) -> Option<(Targets<'_>, SlotId)> {
        let (EndTest::Slot(left), EndTest::Slot(right)) = (&link.left, &link.right) else { return None };
        let is_document = |slot| self.kind_of(slot) == SlotKind::Document;
        if link.relation != LinkRelation::Cites
            || !self.options.optimize
            || left == right
            || !is_document(*left)
            || !is_document(*right)
        {
            return None;
        }
        let documents = &self.graph.documents;
        match (Self::held(row, *left), Self::held(row, *right)) {
            (Some(citing), None) => Some((documents.cites_documents(DocumentId(citing as u32)), *right)),
            (None, Some(cited)) => Some((documents.cited_by(DocumentId(cited as u32)), *left)),
            _ => None,
        }
    }

    fn each_cited(
        &self,
        (documents, slot): (Targets<'_>, SlotId),
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let mut flow = Flow::Continue(());
        for document in documents.iter() {
            self.tick()?;
            Self::put(row, slot, document.into());
            flow = then(row);
            if flow.is_break() {
                break;
            }
        }
        Self::put(row, slot, UNBOUND);
        flow
    }

    /// The pairs of things that may fit: where an end is known, those that it is known to be related to.
    fn stated(&self, link: &LinkPattern, row: &[u64]) -> Vec<(Thing, Thing)> {
        let (left, right) = (self.known_end(&link.left, row), self.known_end(&link.right, row));
        let mut pairs: Vec<(Thing, Thing)> = Vec::new();
        let mut add = |known: Link| {
            if known.relation == link.relation {
                pairs.push((known.left, known.right));
                if link.relation.is_symmetric() {
                    pairs.push((known.right, known.left));
                }
            }
        };
        if link.relation == LinkRelation::Cites {
            self.citations(left.as_deref(), right.as_deref(), &mut pairs);
            return pairs;
        }
        let contents = |end: &Option<Vec<Thing>>| {
            let all = end.as_ref()?.iter().map(|thing| match thing {
                Thing::Content(content) => Some(content.proposition),
                _ => None,
            });
            all.collect::<Option<Vec<PropositionId>>>()
        };
        match contents(&left).or_else(|| contents(&right)) {
            Some(mut known) => {
                known.sort_unstable();
                known.dedup();
                let links = &self.graph.links;
                known.into_iter().flat_map(|one| links.of_proposition(one)).for_each(&mut add);
            }
            None => self.graph.links.of_relations(&[link.relation]).for_each(&mut add),
        }
        pairs
    }

    /// Which document cites what, as far as its ends are not known to be others.
    fn citations(&self, left: Option<&[Thing]>, right: Option<&[Thing]>, pairs: &mut Vec<(Thing, Thing)>) {
        let documents = &self.graph.documents;
        let mut citing = |document: DocumentId| {
            let cited = documents.cites_documents(document).iter().map(|to| Thing::Document(DocumentId(to)));
            let sources = documents.cites_sources(document).iter().map(|to| Thing::Entity(EntityId(to)));
            pairs.extend(cited.chain(sources).map(|to| (Thing::Document(document), to)));
        };
        match (left, right) {
            (Some(left), _) => {
                for document in left {
                    if let Thing::Document(document) = document {
                        citing(*document);
                    }
                }
            }
            (None, Some(right)) => {
                for cited in right {
                    let by = match cited {
                        Thing::Document(document) => documents.cited_by(*document),
                        Thing::Entity(entity) => documents.source_cited_by(*entity),
                        Thing::Content(_) | Thing::Claim(_) => continue,
                    };
                    pairs.extend(by.iter().map(|from| (Thing::Document(DocumentId(from)), *cited)));
                }
            }
            (None, None) => (0..documents.len() as u32).map(DocumentId).for_each(citing),
        }
    }

    /// What an end is known to be, each thing with all that are one with it; nothing where it may be anything.
    fn known_end(&self, test: &EndTest, row: &[u64]) -> Option<Vec<Thing>> {
        if !self.options.optimize {
            return None;
        }
        let wanted = match test {
            EndTest::OneOf(wanted) => wanted.clone(),
            EndTest::Slot(slot) => {
                let held = Self::held(row, *slot)?;
                vec![match self.kind_of(*slot) {
                    SlotKind::Content if held != NOTHING => Thing::Content(content_of(held)),
                    SlotKind::Entity => Thing::Entity(EntityId(held as u32)),
                    SlotKind::Document => Thing::Document(DocumentId(held as u32)),
                    SlotKind::Claim => Thing::Claim(claim_of(held)),
                    _ => return None,
                }]
            }
        };
        let same = &self.graph.same;
        let each = wanted.into_iter().flat_map(|thing| match thing {
            Thing::Content(content) => same.contents(content).into_iter().map(Thing::Content).collect(),
            Thing::Entity(entity) => same.entities(entity).into_iter().map(Thing::Entity).collect(),
            other => vec![other],
        });
        Some(each.collect())
    }

    fn same_as(&self, link: &LinkPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        // What is one by any number of links: every ordered pair of different members of a class.
        let mut pairs = Vec::new();
        let stated = self.graph.links.of_relations(&[LinkRelation::SameAs]);
        // Where two contents are one, so are their negations.
        let ends = stated.flat_map(|known| {
            let negation = match known.left {
                Thing::Content(content) => Some(Thing::Content(content.flipped())),
                _ => None,
            };
            std::iter::once(known.left).chain(negation)
        });
        let mut seen = BTreeSet::new();
        for end in ends {
            let members: Vec<Thing> = match end {
                Thing::Entity(entity) => {
                    self.graph.same.entities(entity).into_iter().map(Thing::Entity).collect()
                }
                Thing::Content(content) => {
                    self.graph.same.contents(content).into_iter().map(Thing::Content).collect()
                }
                Thing::Claim(claim) => {
                    let all = self.graph.same.claims(claim.claim).into_iter();
                    all.map(|claim| Thing::Claim(crate::model::ClaimRef::of(claim))).collect()
                }
                Thing::Document(_) => Vec::new(),
            };
            for a in &members {
                for b in &members {
                    self.tick()?;
                    if a != b && seen.insert((*a, *b)) {
                        pairs.push((*a, *b));
                    }
                }
            }
        }
        self.pairs(link, pairs, row, then)
    }

    fn pairs(
        &self,
        link: &LinkPattern,
        pairs: Vec<(Thing, Thing)>,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let exact = link.relation == LinkRelation::SameAs;
        let mut seen: HashSet<[u64; 2]> = HashSet::new();
        for (left, right) in pairs {
            self.tick()?;
            let cells = [self.end_cell(&link.left, left, exact), self.end_cell(&link.right, right, exact)];
            let [Some(left), Some(right)] = cells else { continue };
            if !seen.insert([left, right]) {
                continue;
            }
            let ends = [(&link.left, left), (&link.right, right)].into_iter();
            let open: Open = ends
                .filter_map(|(end, cell)| match end {
                    EndTest::Slot(slot) => Some((*slot, smallvec![cell])),
                    EndTest::OneOf(_) => None,
                })
                .collect();
            Self::fill_slots(&open, row, then)?;
        }
        Flow::Continue(())
    }

    /// What the slot of an end would hold, or zero where the end is named; nothing where this thing cannot stand there. Where the link itself is
    /// about sameness, ends are taken as they stand.
    fn end_cell(&self, test: &EndTest, thing: Thing, exact: bool) -> Option<u64> {
        let same = &self.graph.same;
        let stands = |thing: Thing| match thing {
            Thing::Content(content) => Thing::Content(same.content(content)),
            Thing::Entity(entity) => Thing::Entity(same.entity(entity)),
            other => other,
        };
        match test {
            EndTest::OneOf(wanted) => {
                wanted.iter().any(|wanted| stands(*wanted) == stands(thing)).then_some(0)
            }
            EndTest::Slot(slot) => {
                let shared = self.is_shared(*slot) || matches!(thing, Thing::Entity(_));
                let value = if shared && !exact { stands(thing) } else { thing };
                match (self.kind_of(*slot), value) {
                    (SlotKind::Content, Thing::Content(content)) => Some(content_cell(content)),
                    (SlotKind::Claim, Thing::Claim(claim)) => Some(claim_cell(claim)),
                    (SlotKind::Entity, Thing::Entity(entity)) => Some(entity.0.into()),
                    (SlotKind::Document, Thing::Document(document)) => Some(document.0.into()),
                    _ => None,
                }
            }
        }
    }

    /// The entities that a test leaves possible: those it names, the one its slot holds, or all.
    fn possible(&self, test: &EntityTest, row: &[u64]) -> Vec<u64> {
        match test {
            EntityTest::OneOf(found) => found.iter().map(|entity| u64::from(entity.0)).collect(),
            EntityTest::Slot(slot, _) => match Self::held(row, *slot) {
                Some(held) => vec![held],
                None => self.everyone(),
            },
            EntityTest::Anyone => self.everyone(),
        }
    }

    fn everyone(&self) -> Vec<u64> {
        let all = (0..self.graph.entities.len() as u32).map(EntityId);
        all.filter(|entity| self.graph.same.entity(*entity) == *entity)
            .map(|entity| u64::from(entity.0))
            .collect()
    }

    fn is_known(test: &EntityTest, row: &[u64]) -> bool {
        match test {
            EntityTest::OneOf(_) => true,
            EntityTest::Slot(slot, _) => Self::held(row, *slot).is_some(),
            EntityTest::Anyone => false,
        }
    }

    /// Every row in which an is-sentence holds.
    pub(super) fn isa(&self, isa: &IsAPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        match isa {
            IsAPattern::Kind { who, kind } => {
                self.each(who, row, then, &|entity, _| self.kinds_of(entity).contains(kind).then(Open::new))
            }
            IsAPattern::KindSlot { who, slot } => self.each(who, row, then, &|entity, row| {
                let kinds = self.kinds_of(entity).into_iter().map(|kind| u64::from(kind.number())).collect();
                let mut open = Open::new();
                Self::take_one(*slot, kinds, row, &mut open).then_some(open)
            }),
            IsAPattern::Named { who, names } => self.each(who, row, then, &|entity, _| {
                let all = self.graph.same.entities(EntityId(entity as u32));
                let has = |wanted: &String| {
                    all.iter().any(|one| {
                        self.graph.entities.names(*one).any(|(name, _)| fold(name) == wanted.as_str())
                            || self.graph.entities.external_ids(*one).any(|id| id == wanted)
                    })
                };
                names.iter().all(has).then(Open::new)
            }),
            IsAPattern::In { who, group, role, time } => {
                self.members(who, group, role.as_deref(), time.as_ref(), row, then)
            }
            IsAPattern::Role { who, role, slot, of, time } => {
                self.roles(who, role.as_deref(), *slot, of.as_ref(), time.as_ref(), row, then)
            }
        }
    }

    /// What an entity is, by all that are one with it.
    pub(super) fn kinds_of(&self, entity: u64) -> SmallVec<[EntityKind; 1]> {
        let mut kinds: SmallVec<[EntityKind; 1]> = SmallVec::new();
        for one in self.graph.same.entities(EntityId(entity as u32)) {
            let kind = self.graph.entities.kind(one);
            if kind != EntityKind::Unknown && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// Tries each possible entity of a test.
    fn each(
        &self,
        who: &EntityTest,
        row: &mut Vec<u64>,
        then: Then<'_>,
        test: &dyn Fn(u64, &[u64]) -> Option<Open>,
    ) -> Flow {
        for entity in self.possible(who, row) {
            self.tick()?;
            let Some(mut open) = test(entity, row) else { continue };
            if self.one(who, &[entity], row, &mut open) {
                Self::fill_slots(&open, row, then)?;
            }
        }
        Flow::Continue(())
    }

    fn affiliations(&self, entity: u64) -> impl Iterator<Item = Affiliation> + '_ {
        let all = self.graph.same.entities(EntityId(entity as u32)).into_iter();
        all.flat_map(|one| self.graph.entities.affiliations(one))
    }

    fn held_at(&self, known: &Affiliation, time: Option<&Time>) -> bool {
        time.is_none_or(|time| {
            self.graph.times.get(known.period).is_some_and(|period| time.within(&period) == Truth::Certain)
        })
    }

    fn has_role(&self, known: &Affiliation, role: Option<&str>) -> bool {
        role.is_none_or(|role| known.role.is_some() && fold(self.graph.strings.get(known.role)) == role)
    }

    /// The groups of a member, itself excluded unless it is in a circle; direct ones only where a role is asked.
    fn groups(&self, member: u64, role: Option<&str>, time: Option<&Time>) -> Vec<u64> {
        Self::reach(member, role.is_some(), |at| {
            let steps = self.affiliations(at).filter(|known| {
                known.is_membership && self.held_at(known, time) && self.has_role(known, role)
            });
            self.canonical(steps.map(|known| known.group)).into_vec()
        })
    }

    fn members_of(&self, group: u64, role: Option<&str>, time: Option<&Time>) -> Vec<u64> {
        Self::reach(group, role.is_some(), |at| {
            let all = self.graph.same.entities(EntityId(at as u32)).into_iter();
            let steps = all.flat_map(|one| self.graph.entities.affiliated_with(one)).filter(|known| {
                known.is_membership && self.held_at(known, time) && self.has_role(known, role)
            });
            self.canonical(steps.map(|known| known.member)).into_vec()
        })
    }

    fn reach(from: u64, once: bool, next: impl Fn(u64) -> Vec<u64>) -> Vec<u64> {
        let mut found: Vec<u64> = next(from);
        let mut seen: BTreeSet<u64> = found.iter().copied().collect();
        let mut at = 0;
        while !once && let Some(entity) = found.get(at).copied() {
            for further in next(entity) {
                if seen.insert(further) {
                    found.push(further);
                }
            }
            at += 1;
        }
        found.sort_unstable();
        found
    }

    fn members(
        &self,
        who: &EntityTest,
        group: &EntityTest,
        role: Option<&str>,
        time: Option<&Time>,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let backwards = Self::is_known(group, row) && !Self::is_known(who, row);
        let (from, to) = if backwards { (group, who) } else { (who, group) };
        for start in self.possible(from, row) {
            self.tick()?;
            let ends =
                if backwards { self.members_of(start, role, time) } else { self.groups(start, role, time) };
            let mut open = Open::new();
            if !ends.is_empty()
                && self.one(from, &[start], row, &mut open)
                && self.one(to, &ends, row, &mut open)
            {
                Self::fill_slots(&open, row, then)?;
            }
        }
        Flow::Continue(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one sentence")]
    fn roles(
        &self,
        who: &EntityTest,
        role: Option<&str>,
        slot: Option<SlotId>,
        of: Option<&EntityTest>,
        time: Option<&Time>,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        for entity in self.possible(who, row) {
            for known in self.affiliations(entity).collect::<Vec<_>>() {
                self.tick()?;
                if !known.role.is_some() || !self.has_role(&known, role) || !self.held_at(&known, time) {
                    continue;
                }
                let mut open = Open::new();
                let group: Values = self.canonical(known.group.some().into_iter());
                let of_fits = match of {
                    Some(of) => self.one(of, &group, row, &mut open),
                    // A bare title is also had by who holds it somewhere.
                    None => true,
                };
                let role_fits = slot.is_none_or(|slot| {
                    let cell = self.interned.borrow_mut().text(self.graph.strings.get(known.role));
                    Self::take(slot, cell, row, &mut open)
                });
                if of_fits && role_fits && self.one(who, &[entity], row, &mut open) {
                    Self::fill_slots(&open, row, then)?;
                }
            }
        }
        Flow::Continue(())
    }

    /// Every row in which a grade fits.
    pub(super) fn rating(&self, pattern: &RatingPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        for rating in self.graph.ratings.iter() {
            self.tick()?;
            let mut open = Open::new();
            let what_fits = match (rating.what, &pattern.what) {
                (Thing::Entity(entity), RatedTest::Source(source)) => {
                    let entity = self.canonical(std::iter::once(entity));
                    self.one(source, &entity, row, &mut open)
                }
                (Thing::Claim(claim), RatedTest::Claim(wanted)) => claim == *wanted,
                (Thing::Claim(claim), RatedTest::ClaimSlot(slot)) => {
                    Self::take(*slot, claim_cell(claim), row, &mut open)
                }
                _ => false,
            };
            let grade = u64::from(rating.grade.number());
            let grade_fits = pattern.grade.is_none_or(|wanted| wanted == rating.grade)
                && pattern.slot.is_none_or(|slot| Self::take(slot, grade, row, &mut open));
            let period = self.graph.times.get(rating.period);
            let time_fits = pattern
                .time
                .as_ref()
                .is_none_or(|time| period.is_some_and(|period| time.within(&period) == Truth::Certain));
            if !what_fits || !grade_fits || !time_fits {
                continue;
            }
            if let Some(about) = &pattern.about {
                let topics = self.canonical(rating.about.iter().copied());
                if !self.list(about, &topics, row, &mut open) {
                    continue;
                }
            }
            let assessor = self.canonical(std::iter::once(rating.assessor));
            if self.one(&pattern.assessor, &assessor, row, &mut open) {
                Self::fill_slots(&open, row, then)?;
            }
        }
        Flow::Continue(())
    }
}
