//! Filling the slots of a sentence for claims that passed its tests. Nearly every claim appeared once, was said by one, and has many of one
//! thing at most, topics or carriers: its rows are written straight. The others have every way to fill their slots worked out.

use super::lists::Values;
use super::said::is_within;
use super::scan::Scan;
use super::{Evaluator, Flow, UNBOUND};
use crate::graph::{ClaimRow, Party};
use crate::model::{AppearanceId, ClaimId, ClaimRef, EntityId, EntityKind};
use crate::plan::{
    ClaimPattern, ContentTest, DocumentTest, EntityTest, ListTest, Quantifier, SlotId, ViaPosition,
    claim_cell,
};
use smallvec::SmallVec;

/// What a slot is filled with.
#[derive(Clone, Copy)]
pub(super) enum Fill {
    Content {
        negated: bool,
        shared: bool,
    },
    Source(Option<EntityKind>),
    Listener(Option<EntityKind>),
    About(Option<EntityKind>),
    /// Who carried it: each way by which it came fills that.
    Carrier,
    /// Where it appeared.
    Document,
}

impl Evaluator<'_> {
    /// What fills each slot of a sentence, where the columns tell all that it asks for.
    pub(super) fn fills(&self, pattern: &ClaimPattern) -> Option<SmallVec<[(usize, Fill); 4]>> {
        let is_plain = pattern.hedge.is_none()
            && pattern.period.is_empty()
            && pattern.condition.is_none()
            && pattern.figures.is_empty()
            && pattern.fields.is_empty()
            && pattern.said.iter().all(is_within)
            && !matches!(pattern.chain.document, Some(DocumentTest::One(_)));
        if !is_plain {
            return None;
        }
        let mut fills: SmallVec<[(usize, Fill); 4]> = SmallVec::new();
        let mut add = |slot: SlotId, fill: Fill| {
            let at = usize::from(slot.0);
            let is_first = fills.iter().all(|(known, _)| *known != at);
            fills.push((at, fill));
            is_first.then_some(())
        };
        match pattern.content {
            ContentTest::Slot(slot) => {
                add(slot, Fill::Content { negated: false, shared: self.is_shared(slot) })?;
            }
            ContentTest::NegatedSlot(slot) => {
                add(slot, Fill::Content { negated: true, shared: self.is_shared(slot) })?;
            }
            _ => {}
        }
        if let Some(DocumentTest::Slot(slot)) = pattern.chain.document {
            add(slot, Fill::Document)?;
        }
        let mut of_list = |list: &ListTest, fill: fn(Option<EntityKind>) -> Fill| match &list.terms[..] {
            [EntityTest::Slot(slot, kind)] if list.quantifier != Quantifier::None => add(*slot, fill(*kind)),
            terms => terms.iter().all(|term| !matches!(term, EntityTest::Slot(..))).then_some(()),
        };
        of_list(&pattern.sources, Fill::Source)?;
        if let Some(listeners) = &pattern.listeners {
            of_list(listeners, Fill::Listener)?;
        }
        for list in &pattern.about {
            of_list(list, Fill::About)?;
        }
        for via in pattern.chain.via.iter().chain(&pattern.chain.also) {
            of_list(&via.who, |_| Fill::Carrier)?;
        }
        Some(fills)
    }
}

/// What the chain of a claim has to do with its rows.
#[derive(Clone, Copy)]
pub(super) enum Chained<'q> {
    /// Nothing.
    No,
    /// Each of its carriers fills this slot.
    Carriers(usize),
    /// Any of these must have carried it, or none.
    Through(&'q ListTest),
    /// It lets them through or not.
    Lets,
    /// Anything else.
    Otherwise,
}

impl<'q> Chained<'q> {
    pub(super) fn of(pattern: &'q ClaimPattern) -> Self {
        let tests = || pattern.chain.via.iter().chain(&pattern.chain.also);
        let is_slot = |term: &EntityTest| matches!(term, EntityTest::Slot(..));
        let names_slot = tests().any(|via| via.who.terms.iter().any(is_slot));
        let otherwise = if names_slot { Chained::Otherwise } else { Chained::Lets };
        let mut all = tests();
        match (all.next(), all.next()) {
            (Some(via), None)
                if via.position == ViaPosition::Any
                    && via.hedge.is_none()
                    && via.basis.is_none()
                    && via.time.is_none()
                    && via.verbs.is_empty() =>
            {
                let is_named = via.who.terms.iter().all(|term| matches!(term, EntityTest::OneOf(_)));
                match (via.who.quantifier, &via.who.terms[..]) {
                    (Quantifier::Any | Quantifier::All, [EntityTest::Slot(slot, None)]) => {
                        Chained::Carriers(usize::from(slot.0))
                    }
                    (Quantifier::All, [_, _, ..]) => otherwise,
                    _ if is_named => Chained::Through(&via.who),
                    _ => otherwise,
                }
            }
            (None, _) => Chained::No,
            _ => otherwise,
        }
    }
}

impl Scan<'_> {
    /// Every row of some claims that passed.
    pub(super) fn fill_each(
        &self,
        worker: &Evaluator<'_>,
        fills: &[(usize, Fill)],
        claims: &[(ClaimId, ClaimRow)],
        rows: &mut Vec<u64>,
    ) -> Flow {
        let mut row = vec![UNBOUND; self.width];
        for one in claims {
            if self.fill_straight(worker, fills, one, &mut row, rows).is_some() {
                continue;
            }
            if self.pattern.chain.document.is_none() {
                self.fill(worker, fills, one, &mut row, rows);
                continue;
            }
            let mut open = vec![UNBOUND; self.width];
            worker.claim(self.pattern, one.0, &mut open, &mut |row| {
                rows.extend_from_slice(row);
                Flow::Continue(())
            })?;
        }
        Flow::Continue(())
    }

    /// Every row of a claim, where nothing about it is unusual; else nothing, and no row is added.
    #[inline]
    fn fill_straight(
        &self,
        worker: &Evaluator<'_>,
        fills: &[(usize, Fill)],
        &(claim, known): &(ClaimId, ClaimRow),
        row: &mut [u64],
        rows: &mut Vec<u64>,
    ) -> Option<()> {
        let same = &worker.graph.same;
        let only = self.columns.only_appearance(claim, &known)?;
        let passed_on = worker.alleged.get() || known.is_passed_on();
        let content = known.content();
        if !passed_on || !worker.sight.sees(only) || content.is_none() && !self.pattern.about.is_empty() {
            return Some(());
        }
        set(row, usize::from(self.pattern.claim.0), claim_cell(ClaimRef::of(claim)));
        set(row, usize::from(self.pattern.appearance.0), only.0.into());
        let mut topics: (usize, &[u32]) = (usize::MAX, &[]);
        for (at, fill) in fills {
            match fill {
                Fill::Content { negated, shared } => match worker.content_value(content, *negated, *shared) {
                    Some(value) => set(row, *at, value),
                    None => return Some(()),
                },
                Fill::Source(None) => {
                    set(row, *at, same.entity(known.source().one()?).0.into());
                }
                Fill::About(None) if same.is_joined(content?) => return None,
                Fill::About(None) => match self.subjects.run(content?.proposition.0)? {
                    [] => return Some(()),
                    [topic] => set(row, *at, same.entity(EntityId(*topic)).0.into()),
                    all if topics.1.is_empty() && !same.has_entities() => topics = (*at, all),
                    _ => return None,
                },
                Fill::Carrier if matches!(self.chained, Chained::Carriers(_)) => {}
                Fill::Document => match known.document() {
                    document if document.is_some() => set(row, *at, document.0.into()),
                    _ => return Some(()),
                },
                Fill::Listener(_) | Fill::Source(_) | Fill::About(_) | Fill::Carrier => return None,
            }
        }
        match self.chained {
            Chained::No => rows_of(topics, row, rows),
            Chained::Lets => {
                if !worker.met_whole(&self.pattern.chain, known.hop()).is_empty() {
                    rows_of(topics, row, rows);
                }
            }
            Chained::Through(who) => {
                if worker.came_through(who, self.hops.carriers(known.hop())) {
                    rows_of(topics, row, rows);
                }
            }
            Chained::Carriers(at) => {
                let mut carriers: SmallVec<[u64; 8]> = SmallVec::new();
                for source in self.hops.carriers(known.hop()) {
                    let carrier = same.entity(source.one()?).0.into();
                    if !carriers.contains(&carrier) {
                        carriers.push(carrier);
                    }
                }
                for carrier in carriers.iter().rev() {
                    set(row, at, *carrier);
                    rows_of(topics, row, rows);
                }
            }
            Chained::Otherwise => return None,
        }
        Some(())
    }

    /// Every row of a claim that passed: its slots filled in every way.
    fn fill(
        &self,
        worker: &Evaluator<'_>,
        fills: &[(usize, Fill)],
        &(claim, known): &(ClaimId, ClaimRow),
        row: &mut [u64],
        rows: &mut Vec<u64>,
    ) {
        let only = self.columns.only_appearance(claim, &known);
        let wants_hops = self.pattern.chain.has_hops();
        let seen = match only {
            Some(only) => {
                let passed_on = worker.alleged.get() || known.is_passed_on();
                (passed_on && worker.sight.sees(only)).then_some(only)
            }
            None if wants_hops => None,
            None => worker.first_appearance(ClaimRef::of(claim)),
        };
        if seen.is_none() && (only.is_some() || !wants_hops) {
            return;
        }
        set(row, usize::from(self.pattern.claim.0), claim_cell(ClaimRef::of(claim)));
        set(row, usize::from(self.pattern.appearance.0), seen.map_or(UNBOUND, |seen| seen.0.into()));
        let content = known.content();
        if content.is_none() && !self.pattern.about.is_empty() {
            return;
        }
        // Nearly always each slot has one value; the others wait.
        let mut waiting: SmallVec<[(usize, Values); 2]> = SmallVec::new();
        for (at, fill) in fills {
            let values = match fill {
                Fill::Content { negated, shared } => match worker.content_value(content, *negated, *shared) {
                    Some(value) => Values::from_slice(&[value]),
                    None => return,
                },
                Fill::Source(None) => worker.party_members(known.source()),
                Fill::Source(kind) => worker.party_of_kind(known.source(), *kind),
                Fill::Listener(kind) => worker.party_of_kind(worker.graph.claims.listener(claim), *kind),
                Fill::About(kind) => {
                    let mut topics = content.map_or_else(Values::new, |content| self.topics(worker, content));
                    topics.retain(|topic| worker.is_of(*topic, *kind));
                    topics
                }
                Fill::Carrier | Fill::Document => continue,
            };
            match values[..] {
                [] => return,
                [only] => set(row, *at, only),
                _ => waiting.push((*at, values)),
            }
        }
        if !wants_hops {
            every_way(&waiting, row, rows);
            return;
        }
        let mut way = |appearance: AppearanceId, carriers: &[(SlotId, u64)]| {
            let appearance = (self.pattern.appearance, u64::from(appearance.0));
            for (slot, value) in carriers.iter().chain([&appearance]) {
                set(row, usize::from(slot.0), *value);
            }
            every_way(&waiting, row, rows);
        };
        match seen {
            Some(only) => {
                let met = worker.met_whole(&self.pattern.chain, known.hop());
                let all = if met.first().is_some_and(Vec::is_empty) { 1 } else { met.len() };
                met.iter().take(all).for_each(|carriers| way(only, carriers));
            }
            None => {
                let ways = worker.ways(ClaimRef::of(claim), &self.pattern.chain, &[]);
                ways.iter().for_each(|one| way(one.appearance, &one.slots));
            }
        }
    }
}

#[inline]
fn set(row: &mut [u64], at: usize, value: u64) {
    if let Some(cell) = row.get_mut(at) {
        *cell = value;
    }
}

/// Adds a row for each of some topics; where there are none, the row as it is.
#[inline]
fn rows_of((at, topics): (usize, &[u32]), row: &mut [u64], rows: &mut Vec<u64>) {
    if topics.is_empty() {
        rows.extend_from_slice(row);
    }
    for topic in topics {
        set(row, at, (*topic).into());
        rows.extend_from_slice(row);
    }
}

/// Adds a row for every way to fill these slots.
fn every_way(waiting: &[(usize, Values)], row: &mut [u64], rows: &mut Vec<u64>) {
    let Some(((at, values), rest)) = waiting.split_first() else {
        rows.extend_from_slice(row);
        return;
    };
    for value in values {
        set(row, *at, *value);
        every_way(rest, row, rows);
    }
}

impl Evaluator<'_> {
    /// The members of a party, as they stand for themselves.
    #[inline]
    pub(super) fn party_members(&self, party: Party) -> Values {
        match party.one() {
            Some(one) if one.is_some() => Values::from_slice(&[self.graph.same.entity(one).0.into()]),
            _ => self.canonical(self.graph.entities.party(party)),
        }
    }

    /// Those of a kind.
    fn party_of_kind(&self, party: Party, kind: Option<EntityKind>) -> Values {
        let mut members = self.party_members(party);
        if kind.is_some() {
            members.retain(|member| self.is_of(*member, kind));
        }
        members
    }
}
