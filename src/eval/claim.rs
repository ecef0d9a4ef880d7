//! The claims of a sentence: each that may fit is tested, cheap tests first.

use super::fill::Chained;
use super::lists::{Open, Values};
use super::said::Within;
use super::{Evaluator, Flow, NOTHING, UNBOUND, or_halt};
use crate::model::{
    Act, AppearanceId, ClaimFlags, ClaimId, ClaimRef, Content, HopId, Mode, PropositionId, Time, Truth,
    VerbId, fold,
};
use crate::plan::{
    ClaimPattern, ContentTest, FieldKey, FieldTest, FigureTest, SlotId, TimeOp, TimeOperand, TimeTest,
    claim_cell, content_cell,
};
use smallvec::{SmallVec, smallvec};

/// What is done with each row found.
pub(super) type Then<'t> = &'t mut dyn FnMut(&mut Vec<u64>) -> Flow;

impl Evaluator<'_> {
    /// Every row in which a claim of the record fits the sentence.
    pub(super) fn claims(&self, pattern: &ClaimPattern, row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        if let ContentTest::Claim(..) | ContentTest::ClaimSlot(..) | ContentTest::Speech(..) = pattern.content
        {
            return self.relays(pattern, row, then);
        }
        let known = pattern.id.map(claim_cell).or(Self::held(row, pattern.claim));
        if let Some(known) = known {
            let claim = claim_of(known);
            if claim.is_relay() || !Self::is_open(pattern, known, row) {
                return Flow::Continue(());
            }
            return self.claim(pattern, claim.claim, row, then);
        }
        if !self.may_be_about(pattern, row) {
            return Flow::Continue(());
        }
        for claim in or_halt(self.candidates(pattern, row))?.iter() {
            self.tick()?;
            self.claim(pattern, claim, row, then)?;
        }
        Flow::Continue(())
    }

    /// Whether a content that is known has the topics asked for: told once, and not claim by claim.
    pub(super) fn may_be_about(&self, pattern: &ClaimPattern, row: &[u64]) -> bool {
        let ContentTest::Slot(slot) = pattern.content else { return true };
        let Some(held) = Self::held(row, slot).filter(|held| *held != NOTHING) else { return true };
        if pattern.about.is_empty() || !self.options.optimize {
            return true;
        }
        let topics = self.topics_of(content_of(held));
        pattern.about.iter().all(|list| self.list(list, &topics, row, &mut Open::new()))
    }

    fn is_open(pattern: &ClaimPattern, cell: u64, row: &[u64]) -> bool {
        Self::held(row, pattern.claim).is_none_or(|held| held == cell)
    }

    /// Every row in which this claim fits the sentence.
    pub(super) fn claim(
        &self,
        pattern: &ClaimPattern,
        claim: ClaimId,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let graph = self.graph;
        let known = graph.claims.row(claim);
        let (flags, content) = (known.flags(), known.content());
        if !self.verb_fits(pattern, known.verb(), content)
            || !pattern.labels && flags.mode() == Mode::Label
            || pattern.verbatim && !flags.verbatim()
            || !self.sight.is_on_record(claim)
        {
            return Flow::Continue(());
        }
        if !pattern.said.is_empty() && !Within::of(pattern).may_be(graph.times.get(known.said())) {
            return Flow::Continue(());
        }
        let mut open = Open::new();
        if !self.content_fits(&pattern.content, content, row, &mut open) {
            return Flow::Continue(());
        }
        let sources = self.canonical(graph.entities.party(known.source()));
        if !self.list(&pattern.sources, &sources, row, &mut open) {
            return Flow::Continue(());
        }
        if let Some(listeners) = &pattern.listeners {
            let members = self.canonical(graph.entities.party(graph.claims.listener(claim)));
            if !self.list(listeners, &members, row, &mut open) {
                return Flow::Continue(());
            }
        }
        if let Some(hedge) = &pattern.hedge {
            let own = known.hedge();
            if !own.is_some() || fold(graph.strings.get(own)) != fold(hedge) {
                return Flow::Continue(());
            }
        }
        if !self.topics_fit(pattern, content, row, &mut open)
            || !self.fields_fit(&pattern.fields, claim, flags, content, row, &mut open)
            || !self.said_fits(pattern, ClaimRef::of(claim), row, &mut open)
        {
            return Flow::Continue(());
        }
        self.fill(pattern, ClaimRef::of(claim), open, row, then)
    }

    /// Fills the open slots of a sentence in every way that its claim and its chain allow.
    pub(super) fn fill(
        &self,
        pattern: &ClaimPattern,
        claim: ClaimRef,
        mut all: Open,
        row: &mut Vec<u64>,
        then: Then<'_>,
    ) -> Flow {
        let known = all.len();
        let mut one_way = |appearance: AppearanceId, slots: &[(SlotId, u64)], row: &mut Vec<u64>| {
            all.truncate(known);
            all.extend(slots.iter().map(|(slot, value)| (*slot, smallvec![*value])));
            all.push((pattern.claim, smallvec![claim_cell(claim)]));
            all.push((pattern.appearance, smallvec![u64::from(appearance.0)]));
            Self::fill_slots(&all, row, then)
        };
        if pattern.chain.asks_nothing() {
            return match self.first_appearance(claim) {
                Some(appearance) => one_way(appearance, &[], row),
                None => Flow::Continue(()),
            };
        }
        if let Some((appearance, document)) = self.only_way(claim, &pattern.chain, row) {
            let Some(document) = document else { return Flow::Continue(()) };
            if !pattern.chain.has_hops() {
                return one_way(appearance, &document, row);
            }
            let (outermost, _) = self.graph.way(claim.claim, appearance);
            match Chained::of(pattern) {
                Chained::Carriers(at) => {
                    let mut filled: SmallVec<[(SlotId, u64); 2]> = document.into();
                    filled.push((SlotId(at as u16), UNBOUND));
                    for carrier in self.carried(outermost) {
                        filled.last_mut().into_iter().for_each(|(_, cell)| *cell = carrier);
                        one_way(appearance, &filled, row)?;
                    }
                    return Flow::Continue(());
                }
                Chained::Through(who) => {
                    let hops = self.graph.chains.inwards(outermost);
                    let carriers = hops.map(|hop| self.graph.chains.source(hop));
                    let came = self.came_through(who, carriers);
                    return if came { one_way(appearance, &document, row) } else { Flow::Continue(()) };
                }
                _ => {}
            }
            for carriers in self.met_whole(&pattern.chain, outermost).iter() {
                one_way(appearance, &[&document[..], carriers].concat(), row)?;
                if document.is_empty() && carriers.is_empty() {
                    break;
                }
            }
            return Flow::Continue(());
        }
        for way in self.ways(claim, &pattern.chain, row) {
            one_way(way.appearance, &way.slots, row)?;
        }
        Flow::Continue(())
    }

    /// Every way to fill slots with their values; a slot named twice must hold one value.
    pub(super) fn fill_slots(open: &[(SlotId, Values)], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        // Nearly always each has one value, and these need no way of their own.
        let mut filled: SmallVec<[SlotId; 8]> = SmallVec::new();
        let mut fits = true;
        for (slot, values) in open {
            match (Self::held(row, *slot), &values[..]) {
                (Some(held), _) => fits &= values.contains(&held),
                (None, [only]) => {
                    Self::put(row, *slot, *only);
                    filled.push(*slot);
                }
                (None, _) => {}
            }
        }
        let all_single = open.iter().all(|(_, values)| values.len() == 1);
        let flow = match (fits, all_single) {
            (false, _) => Flow::Continue(()),
            (true, true) => then(row),
            (true, false) => Self::fill_each_way(open, row, then),
        };
        for slot in filled {
            Self::put(row, slot, UNBOUND);
        }
        flow
    }

    fn fill_each_way(open: &[(SlotId, Values)], row: &mut Vec<u64>, then: Then<'_>) -> Flow {
        let Some(((slot, values), rest)) = open.split_first() else { return then(row) };
        let at = usize::from(slot.0);
        if let Some(held) = Self::held(row, *slot) {
            return if values.contains(&held) {
                Self::fill_each_way(rest, row, then)
            } else {
                Flow::Continue(())
            };
        }
        let mut flow = Flow::Continue(());
        for value in values {
            if let Some(cell) = row.get_mut(at) {
                *cell = *value;
            }
            flow = Self::fill_each_way(rest, row, then);
            if flow.is_break() {
                break;
            }
        }
        if let Some(cell) = row.get_mut(at) {
            *cell = super::UNBOUND;
        }
        flow
    }

    fn verb_fits(&self, pattern: &ClaimPattern, verb: VerbId, content: Option<Content>) -> bool {
        if pattern.verbs.get(verb.index()).copied().unwrap_or(false) {
            return true;
        }
        // Asked for denials: an assertion of a negation is one, whatever its verb.
        pattern.denials
            && self.graph.lexicon.verb(verb).act.is_under(Act::Assert)
            && content.is_some_and(|content| {
                matches!(pattern.content, ContentTest::OneOf(_)) || self.denies(&pattern.content, content)
            })
    }

    /// Whether a content is a negation, as a sentence asks for one: of what other sentences tell too it may be one in any other words.
    pub(super) fn denies(&self, asked: &ContentTest, content: Content) -> bool {
        if !self.graph.same.has_contents() {
            return content.negated;
        }
        let shared = matches!(asked, ContentTest::NegatedSlot(slot) if self.is_shared(*slot));
        self.graph.same.as_negation(content, !shared).is_some()
    }

    pub(super) fn content_fits(
        &self,
        test: &ContentTest,
        content: Option<Content>,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        let same = |content: Content| self.graph.same.content(content);
        match test {
            ContentTest::Open => true,
            ContentTest::Anything => content.is_some(),
            ContentTest::Negative => content.is_some_and(|content| self.denies(test, content)),
            ContentTest::OneOf(wanted) => content.is_some_and(|content| wanted.contains(&same(content))),
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) => {
                let negated = matches!(test, ContentTest::NegatedSlot(_));
                match self.content_value(content, negated, self.is_shared(*slot)) {
                    Some(value) => Self::take(*slot, value, row, open),
                    None => false,
                }
            }
            ContentTest::Claim(..) | ContentTest::ClaimSlot(..) | ContentTest::Speech(..) => false,
        }
    }

    /// What a slot holds of a content: where it must be a negation, what is negated.
    pub(super) fn content_value(&self, content: Option<Content>, negated: bool, shared: bool) -> Option<u64> {
        let Some(content) = content else { return (!shared && !negated).then_some(NOTHING) };
        let same = &self.graph.same;
        let content = if negated { same.as_negation(content, !shared)?.flipped() } else { content };
        Some(content_cell(if shared { same.content(content) } else { content }))
    }

    /// Whether a slot holds a value, or may.
    pub(super) fn take(slot: SlotId, value: u64, row: &[u64], open: &mut Open) -> bool {
        match Self::held(row, slot) {
            Some(held) => held == value,
            None => {
                open.push((slot, smallvec![value]));
                true
            }
        }
    }

    /// Topics, time spoken of, condition and figures: what a sentence says of the proposition.
    pub(super) fn topics_fit(
        &self,
        pattern: &ClaimPattern,
        content: Option<Content>,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        if pattern.about.is_empty()
            && pattern.period.is_empty()
            && pattern.condition.is_none()
            && pattern.figures.is_empty()
        {
            return true;
        }
        let graph = self.graph;
        let Some(content) = content else { return false };
        let proposition = content.proposition;
        if !pattern.about.is_empty() {
            let topics = self.topics_of(content);
            if !pattern.about.iter().all(|list| self.list(list, &topics, row, open)) {
                return false;
            }
        }
        let period = graph.times.get(graph.propositions.time(proposition));
        if !pattern.period.iter().all(|test| self.time_fits(test, period, None, row, open)) {
            return false;
        }
        if let Some(test) = &pattern.condition {
            let condition = graph.propositions.condition(proposition);
            if condition.is_none() || !self.content_fits(test, condition, row, open) {
                return false;
            }
        }
        // From a denial nothing follows for how much it is: it leaves all other values open.
        let follows = pattern.denied || !content.negated;
        let fits = |test: &FigureTest, open: &mut Open| match test {
            FigureTest::Follows { .. } if !follows => false,
            _ => self.figure_fits(test, proposition, row, open),
        };
        pattern.figures.iter().all(|test| fits(test, open))
    }

    fn figure_fits(
        &self,
        test: &FigureTest,
        proposition: PropositionId,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        let graph = self.graph;
        let is = |id: crate::model::StringId, wanted: &str| fold(graph.strings.get(id)) == wanted;
        let unit_fits = |id: crate::model::StringId, unit: &Option<String>| match unit {
            Some(unit) => id.is_some() && is(id, unit),
            None => true,
        };
        match test {
            FigureTest::Follows { what, bound, unit } => {
                graph.propositions.figures(proposition).any(|figure| {
                    is(figure.what, what) && unit_fits(figure.unit, unit) && figure.bound.implies(bound)
                })
            }
            FigureTest::Slot { what, slot, unit } => {
                let mut values = Values::new();
                for (at, figure) in graph.propositions.figures(proposition).enumerate() {
                    if is(figure.what, what) && unit_fits(figure.unit, unit) {
                        values.extend(self.interned.borrow_mut().figure(graph, proposition, at as u32));
                    }
                }
                Self::take_one(*slot, values, row, open)
            }
            FigureTest::Entity { attribute, value } => {
                let facts =
                    graph.propositions.facts(proposition).filter(|fact| is(fact.attribute, attribute));
                let members = self.canonical(facts.filter_map(|fact| fact.entity.some()));
                !members.is_empty() && self.one(value, &members, row, open)
            }
            FigureTest::Text { attribute, value } => graph
                .propositions
                .facts(proposition)
                .filter(|fact| is(fact.attribute, attribute))
                .any(|fact| fact.text.is_some() && is(fact.text, value)),
        }
    }

    /// Whether a slot holds one of some values, or may.
    pub(super) fn take_one(slot: SlotId, values: Values, row: &[u64], open: &mut Open) -> bool {
        match Self::held(row, slot) {
            Some(held) => values.contains(&held),
            None => {
                let any = !values.is_empty();
                open.push((slot, values));
                any
            }
        }
    }

    /// When it was said. A claim of unknown date was said no later than it was published.
    pub(super) fn said_fits(
        &self,
        pattern: &ClaimPattern,
        claim: ClaimRef,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        if pattern.said.is_empty() {
            return true;
        }
        let said = self.said(claim);
        let latest = if said.is_some() {
            None
        } else {
            let published =
                self.appearances_of(claim).into_iter().filter_map(|seen| self.sight.published(seen));
            published.map(|time| time.to).min()
        };
        pattern.said.iter().all(|test| self.time_fits(test, said, latest, row, open))
    }

    /// When a claim or relay was said.
    pub(super) fn said(&self, claim: ClaimRef) -> Option<Time> {
        let time = if claim.is_relay() {
            self.graph.chains.hop(claim.hop)?.time
        } else {
            self.graph.claims.said(claim.claim)
        };
        self.graph.times.get(time)
    }

    /// Whether a time certainly stands so. `latest` bounds one that is unknown.
    fn time_fits(
        &self,
        test: &TimeTest,
        time: Option<Time>,
        latest: Option<i64>,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        let wanted = match test.time {
            TimeOperand::Fixed(wanted) => wanted,
            TimeOperand::Slot(slot) => {
                let on = matches!(test.op, TimeOp::On | TimeOp::In);
                let held = Self::held(row, slot);
                if on {
                    let Some(time) = time else { return false };
                    let cell = self.interned.borrow_mut().time(time);
                    return Self::take(slot, cell, row, open);
                }
                match held.and_then(|held| self.interned.borrow().time_of(held)) {
                    Some(wanted) => wanted,
                    None => return false,
                }
            }
        };
        let truth = match (test.op, time) {
            (TimeOp::Before, None) => return latest.is_some_and(|latest| latest <= wanted.from),
            (_, None) => return false,
            (TimeOp::On | TimeOp::In | TimeOp::Between, Some(time)) => time.within(&wanted),
            (TimeOp::Before, Some(time)) => time.before(&wanted),
            (TimeOp::After, Some(time)) => time.after(&wanted),
        };
        truth == Truth::Certain
    }

    fn fields_fit(
        &self,
        tests: &[FieldTest],
        claim: ClaimId,
        flags: ClaimFlags,
        content: Option<Content>,
        row: &[u64],
        open: &mut Open,
    ) -> bool {
        tests.iter().all(|test| {
            let Some(known) = self.field(&test.key, claim, flags, content) else { return false };
            match &test.value {
                Ok(wanted) => fold(&known) == wanted.as_str(),
                Err(slot) => {
                    let cell = self.interned.borrow_mut().text(&known);
                    Self::take(*slot, cell, row, open)
                }
            }
        })
    }

    /// A field in braces, as text.
    fn field(
        &self,
        key: &FieldKey,
        claim: ClaimId,
        flags: ClaimFlags,
        content: Option<Content>,
    ) -> Option<String> {
        let graph = self.graph;
        let yes_no = |on: bool| Some(if on { "yes" } else { "no" }.to_string());
        let text = |id: crate::model::StringId| id.is_some().then(|| graph.strings.get(id).to_string());
        match key {
            FieldKey::Mode => Some(flags.mode().word().into()),
            FieldKey::Medium => text(graph.claims.medium(claim)),
            FieldKey::Modality => Some(graph.propositions.modality(content?.proposition).word().into()),
            FieldKey::Commitment => Some(flags.commitment().word().into()),
            FieldKey::Basis => Some(flags.basis().word().into()),
            FieldKey::Repeated => yes_no(flags.repeated()),
            FieldKey::Translated => yes_no(flags.translated()),
            FieldKey::Hedge => text(graph.claims.hedge(claim)),
            FieldKey::Language => text(graph.propositions.language(content?.proposition)),
            FieldKey::Free(wanted) => {
                let key = graph.strings.find(wanted)?;
                let mut of_claim = graph.fields.of_claim(claim);
                of_claim.find(|(known, ..)| *known == key).map(|(_, _, value)| value.to_string())
            }
        }
    }
}

/// The content of a cell.
pub(super) fn content_of(cell: u64) -> Content {
    Content { proposition: PropositionId((cell >> 1) as u32), negated: cell & 1 != 0 }
}

/// The claim of a cell.
pub(super) fn claim_of(cell: u64) -> ClaimRef {
    ClaimRef { claim: ClaimId((cell >> 32) as u32), hop: HopId(cell as u32) }
}
