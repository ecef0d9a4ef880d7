//! Propositions: text, topics, and what bounds them. Two are one when text (folded), condition, time, modality and figures are.

use super::column::{Column, Sparse, Texts};
use super::index::{Index, hash_bytes, hash_numbers};
use super::layout::Visit;
use super::postings::{Lists, Postings};
use super::small::Times;
use super::words::{Looked, Words};
use crate::model::{
    Bound, Content, EntityId, Figure, Modality, PropositionId, StringId, Time, TimeId, fold, folds_to,
};
use hashbrown::HashMap;
use std::sync::OnceLock;

/// Propositions in columns.
#[derive(Debug, Clone, Default)]
pub struct Propositions {
    text: Texts,
    modality: Column<u8>,
    /// What it depends on: the proposition, doubled, plus one when negated.
    condition: Sparse<u32>,
    /// When it would hold.
    time: Sparse<u32>,
    language: Sparse<u32>,
    subjects: Lists,
    about: Postings,
    /// The first of each text by its hash, those that share a text with an earlier one by that of their terms too.
    index: Index,
    /// Those that share a text, as rings: the first has the last, every other the one before it.
    alike: Sparse<u32>,
    words: Words,
    figure_what: Column<u32>,
    figure_unit: Column<u32>,
    figure_low: Column<f64>,
    figure_high: Column<f64>,
    figure_flags: Column<u8>,
    figures_of: Postings,
    /// In which unit each thing is counted first; made when it is asked for.
    units: OnceLock<HashMap<StringId, StringId>>,
    fact_attribute: Column<u32>,
    /// The entity that is the value, or none.
    fact_entity: Column<u32>,
    /// The text that is the value, or none.
    fact_text: Column<u32>,
    facts_of: Postings,
}

/// An attribute of a proposition's first topic and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Which attribute.
    pub attribute: StringId,
    /// The value, where it is an entity.
    pub entity: EntityId,
    /// The value, where it is a text.
    pub text: StringId,
}

/// Everything that makes a proposition itself, apart from its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    pub modality: Modality,
    pub condition: Option<Content>,
    pub time: TimeId,
    pub figures: Vec<Figure>,
    pub facts: Vec<Fact>,
}

impl Terms {
    /// A hash of a text, of which the hash is known, with these terms and the interval of their time.
    fn hash(&self, text: u64, interval: Option<Time>) -> u64 {
        let condition = self.condition.map_or(u64::MAX, |content| pack(content).into());
        let time = interval.map_or([0, 0, 0], |time| [1, time.from as u64, time.to as u64]);
        let mut numbers = vec![text, self.modality.number().into(), condition, time[0], time[1], time[2]];
        for Figure { what, unit, bound } in &self.figures {
            // Zeros are one, whatever their sign.
            let ends = [bound.low, bound.high].map(|end| (end + 0.0).to_bits());
            numbers.extend([what.0.into(), unit.0.into(), ends[0], ends[1], flags(bound).into()]);
        }
        for Fact { attribute, entity, text } in &self.facts {
            numbers.extend([attribute.0, entity.0, text.0].map(u64::from));
        }
        hash_numbers(&numbers)
    }
}

impl Default for Terms {
    fn default() -> Self {
        Terms {
            modality: Modality::Actual,
            condition: None,
            time: TimeId::NONE,
            figures: Vec::new(),
            facts: Vec::new(),
        }
    }
}

fn pack(content: Content) -> u32 {
    content.proposition.0 << 1 | u32::from(content.negated)
}

/// So many figures are looked at for their units.
const MOST_FIGURES: usize = 10_000;

fn note_unit(units: &mut HashMap<StringId, StringId>, figure: &Figure) {
    if figure.unit.is_some() {
        units.entry(figure.what).or_insert(figure.unit);
    }
}

/// Bit 0: low is excluded; bit 1: high is excluded; bit 2: about.
fn flags(bound: &Bound) -> u8 {
    u8::from(bound.low_open) | u8::from(bound.high_open) << 1 | u8::from(bound.about) << 2
}

impl Propositions {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// The text as first recorded; empty for a bare topic.
    pub fn text(&self, proposition: PropositionId) -> &str {
        self.text.get(proposition.index())
    }

    /// All texts, by proposition.
    pub(super) fn texts(&self) -> &Texts {
        &self.text
    }

    /// How it stands to the world.
    pub fn modality(&self, proposition: PropositionId) -> Modality {
        self.modality.get(proposition.index()).and_then(Modality::from_number).unwrap_or(Modality::Actual)
    }

    /// What it depends on.
    pub fn condition(&self, proposition: PropositionId) -> Option<Content> {
        let packed = self.condition.get(proposition.0)?;
        Some(Content { proposition: PropositionId(packed >> 1), negated: packed & 1 != 0 })
    }

    /// When it would hold.
    pub fn time(&self, proposition: PropositionId) -> TimeId {
        self.time.get(proposition.0).map_or(TimeId::NONE, TimeId)
    }

    /// The language of its text.
    pub fn language(&self, proposition: PropositionId) -> StringId {
        self.language.get(proposition.0).map_or(StringId::NONE, StringId)
    }

    /// What it is about, in the order recorded.
    pub fn subjects(&self, proposition: PropositionId) -> impl Iterator<Item = EntityId> + '_ {
        self.subjects.get(proposition.0).map(EntityId)
    }

    /// What each is about, for reading that of many propositions; see [`Column::view`].
    pub fn all_subjects(&self, whole: bool) -> super::postings::ListsView<'_> {
        self.subjects.view(whole)
    }

    /// Every proposition about an entity.
    pub fn about(&self, entity: EntityId) -> super::Targets<'_> {
        self.about.get(entity.0)
    }

    /// Its figures.
    pub fn figures(&self, proposition: PropositionId) -> impl Iterator<Item = Figure> + '_ {
        self.figures_of.get(proposition.0).iter().filter_map(|row| self.figure(row as usize))
    }

    fn figure(&self, row: usize) -> Option<Figure> {
        let flags = self.figure_flags.get(row)?;
        Some(Figure {
            what: StringId(self.figure_what.get(row)?),
            unit: StringId(self.figure_unit.get(row)?),
            bound: Bound {
                low: self.figure_low.get(row)?,
                high: self.figure_high.get(row)?,
                low_open: flags & 1 != 0,
                high_open: flags & 2 != 0,
                about: flags & 4 != 0,
            },
        })
    }

    /// Its facts: attributes of its first topic.
    pub fn facts(&self, proposition: PropositionId) -> impl Iterator<Item = Fact> + '_ {
        self.facts_of.get(proposition.0).iter().filter_map(|row| {
            let at = row as usize;
            Some(Fact {
                attribute: StringId(self.fact_attribute.get(at)?),
                entity: EntityId(self.fact_entity.get(at)?),
                text: StringId(self.fact_text.get(at)?),
            })
        })
    }

    /// A unit in which `what` is counted somewhere, looked for among the figures recorded first.
    pub fn unit_of(&self, what: StringId) -> Option<StringId> {
        let units = self.units.get_or_init(|| {
            let mut units = HashMap::new();
            let first = (0..self.figure_what.len().min(MOST_FIGURES)).filter_map(|row| self.figure(row));
            first.for_each(|figure| note_unit(&mut units, &figure));
            units
        });
        units.get(&what).copied()
    }

    /// Every proposition whose text folds to this folded text, whatever bounds it, in the order recorded.
    pub fn with_text(&self, folded: &str) -> Vec<PropositionId> {
        let mut found: Vec<PropositionId> = self.alike(folded).collect();
        found.sort_unstable();
        found
    }

    /// The same, the first before the last, and from that back: to look at a few of what may be very many.
    pub fn alike(&self, folded: &str) -> impl Iterator<Item = PropositionId> + '_ {
        let first = self.index.find(hash_bytes(folded.as_bytes()), |row| {
            let text = self.text.get(row as usize);
            !text.is_empty() && folds_to(text, folded) && !self.is_another(row)
        });
        first.into_iter().flat_map(|first| self.ring(first))
    }

    /// Whether it shares its text with an earlier one.
    fn is_another(&self, row: u32) -> bool {
        self.alike.get(row).is_some_and(|next| next < row)
    }

    /// The first of a text and all others of it, the last of them first.
    fn ring(&self, first: u32) -> impl Iterator<Item = PropositionId> + '_ {
        let mut next = self.alike.get(first);
        let others = std::iter::from_fn(move || {
            // It goes on downwards only, so a damaged one still ends.
            let row = next.filter(|row| *row > first)?;
            next = self.alike.get(row).filter(|before| *before < row);
            Some(row)
        });
        std::iter::once(first).chain(others).map(PropositionId)
    }

    /// Whether those that are said to share a text do, and of each but the first the one before it is said. Reads all of them.
    pub fn alike_are_sound(&self) -> bool {
        let text = |row: u32| fold(self.text.get(row as usize));
        self.alike.iter().all(|(row, next)| {
            next != row
                && (next as usize) < self.len()
                && (next < row || self.is_another(next))
                && self.alike.get(next).is_some()
                && text(row) == text(next)
        })
    }

    /// Propositions among which is every one whose text has what is looked for, both folded, in ascending order; nothing where that would be
    /// too many to be worth it. See [`Words::rows_with`].
    pub fn with_words(&self, looked: Looked, wanted: &str) -> Option<Vec<u32>> {
        self.words.rows_with(looked, wanted, self.len())
    }

    /// Whether the words of the texts are in order. Reads all of them.
    pub fn words_are_sound(&self) -> bool {
        self.words.is_sound(self.len())
    }

    fn has_terms(
        &self,
        proposition: PropositionId,
        terms: &Terms,
        interval: Option<Time>,
        times: &Times,
    ) -> bool {
        let bare = terms.condition.is_none() && terms.figures.is_empty() && terms.facts.is_empty();
        let time = self.time(proposition);
        self.modality(proposition) == terms.modality
            && (time.is_some() && time == terms.time || times.get(time) == interval)
            && self.condition(proposition) == terms.condition
            && (bare
                && self.figures_of.get(proposition.0).is_empty()
                && self.facts_of.get(proposition.0).is_empty()
                || self.figures(proposition).eq(terms.figures.iter().copied())
                    && self.facts(proposition).eq(terms.facts.iter().copied()))
    }

    /// The proposition of this text and these terms, if there is one. `interval` is that of their time, which need not be known.
    pub(super) fn find(
        &self,
        text: &str,
        terms: &Terms,
        interval: Option<Time>,
        times: &Times,
    ) -> Option<PropositionId> {
        let hash = hash_bytes(fold(text).as_bytes());
        self.search(text, hash, terms, interval, times).1.map(PropositionId)
    }

    /// Of a text the first row, and the one that has these terms.
    fn search(
        &self,
        text: &str,
        hash: u64,
        terms: &Terms,
        interval: Option<Time>,
        times: &Times,
    ) -> (Option<u32>, Option<u32>) {
        let is_text = |row: u32| {
            !text.is_empty() && self.text.is(row as usize, text) || {
                let known = self.text.get(row as usize);
                !known.is_empty() && fold(known) == fold(text)
            }
        };
        let has_terms = |row: u32| self.has_terms(PropositionId(row), terms, interval, times);
        let first = self.index.find(hash, |row| is_text(row) && !self.is_another(row));
        let found = first.and_then(|first| {
            if has_terms(first) {
                return Some(first);
            }
            self.alike.get(first)?;
            self.index.find(terms.hash(hash, interval), |row| is_text(row) && has_terms(row))
        });
        (first, found)
    }

    /// The proposition of this text and these terms, made if there is none.
    pub(super) fn intern(
        &mut self,
        text: &str,
        terms: &Terms,
        subjects: &[EntityId],
        times: &Times,
    ) -> PropositionId {
        self.intern_by(text, hash_bytes(fold(text).as_bytes()), terms, subjects, times)
    }

    /// Reads what will be read to find the proposition of a text.
    pub(super) fn touch(&self, hash: u64) -> Option<u32> {
        self.index.near(hash)
    }

    /// The same for what will be compared there.
    pub(super) fn touch_row(&self, row: u32) -> u32 {
        let columns = u32::from(self.modality.get(row as usize).unwrap_or(0)) ^ self.subjects.touch(row);
        columns ^ u32::from(self.text.touch(row as usize))
    }

    /// The same where the hash of the folded text is known.
    pub(super) fn intern_by(
        &mut self,
        text: &str,
        hash: u64,
        terms: &Terms,
        subjects: &[EntityId],
        times: &Times,
    ) -> PropositionId {
        let interval = times.get(terms.time);
        match self.search(text, hash, terms, interval, times) {
            (_, Some(row)) => {
                for subject in subjects {
                    self.add_subject(PropositionId(row), *subject);
                }
                PropositionId(row)
            }
            (Some(first), None) => {
                let last = self.alike.get(first).unwrap_or(first);
                let another = self.push(text, terms.hash(hash, interval), terms, subjects);
                self.alike.set(another.0, last);
                self.alike.set(first, another.0);
                another
            }
            (None, None) => self.push(text, hash, terms, subjects),
        }
    }

    /// The content of an act that has topics and no text.
    pub(super) fn intern_topic(&mut self, subjects: &[EntityId]) -> PropositionId {
        let numbers: Vec<u64> = subjects.iter().map(|e| u64::from(e.0)).collect();
        let hash = hash_numbers(&numbers);
        let found = self.index.find(hash, |row| {
            self.text.get(row as usize).is_empty() && self.subjects.get(row).eq(subjects.iter().map(|e| e.0))
        });
        found.map_or_else(|| self.push("", hash, &Terms::default(), subjects), PropositionId)
    }

    fn push(&mut self, text: &str, hash: u64, terms: &Terms, subjects: &[EntityId]) -> PropositionId {
        let row = self.text.push(text) as u32;
        self.index.add(hash, row);
        self.modality.push(terms.modality.number());
        if let Some(condition) = terms.condition {
            self.condition.set(row, pack(condition));
        }
        if terms.time.is_some() {
            self.time.set(row, terms.time.0);
        }
        for figure in &terms.figures {
            let at = self.figure_what.len() as u32;
            if let Some(units) = self.units.get_mut().filter(|_| (at as usize) < MOST_FIGURES) {
                note_unit(units, figure);
            }
            self.figure_what.push(figure.what.0);
            self.figure_unit.push(figure.unit.0);
            self.figure_low.push(figure.bound.low);
            self.figure_high.push(figure.bound.high);
            self.figure_flags.push(flags(&figure.bound));
            self.figures_of.add(row, at);
        }
        for fact in &terms.facts {
            let at = self.fact_attribute.len() as u32;
            self.fact_attribute.push(fact.attribute.0);
            self.fact_entity.push(fact.entity.0);
            self.fact_text.push(fact.text.0);
            self.facts_of.add(row, at);
        }
        let mut once: Vec<u32> = Vec::with_capacity(subjects.len());
        for subject in subjects {
            if !once.contains(&subject.0) {
                once.push(subject.0);
                self.about.add(subject.0, row);
            }
        }
        self.subjects.push(once);
        PropositionId(row)
    }

    fn add_subject(&mut self, proposition: PropositionId, subject: EntityId) {
        if !self.subjects.get(proposition.0).any(|known| known == subject.0) {
            self.subjects.extend(proposition.0, subject.0);
            self.about.add(subject.0, proposition.0);
        }
    }

    pub(super) fn set_language(&mut self, proposition: PropositionId, language: StringId) {
        if self.language.get(proposition.0).is_none() {
            self.language.set(proposition.0, language.0);
        }
    }
    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.texts("propositions.text", &mut self.text);
        v.column("propositions.modality", &mut self.modality);
        v.sparse("propositions.condition", &mut self.condition);
        v.sparse("propositions.time", &mut self.time);
        v.sparse("propositions.language", &mut self.language);
        v.lists("propositions.subjects", &mut self.subjects);
        v.postings("propositions.about", &mut self.about);
        v.index("propositions.index", &mut self.index);
        v.sparse("propositions.alike", &mut self.alike);
        self.words.visit("propositions.words", v);
        v.column("figures.what", &mut self.figure_what);
        v.column("figures.unit", &mut self.figure_unit);
        v.column("figures.low", &mut self.figure_low);
        v.column("figures.high", &mut self.figure_high);
        v.column("figures.flags", &mut self.figure_flags);
        v.postings("figures.of", &mut self.figures_of);
        v.column("facts.attribute", &mut self.fact_attribute);
        v.column("facts.entity", &mut self.fact_entity);
        v.column("facts.text", &mut self.fact_text);
        v.postings("facts.of", &mut self.facts_of);
    }

    pub(super) fn defer(&mut self, on: bool) {
        self.about.defer(on);
    }

    pub(super) fn fold_in(&mut self, entities: usize, times: &Times) {
        let propositions = self.len();
        self.words.cover(&self.text);
        self.text.fold_in();
        self.modality.fold_in();
        self.condition.fold_in();
        self.time.fold_in();
        self.language.fold_in();
        self.subjects.fold_in();
        self.about.fold_in(entities);
        self.alike.fold_in();
        for column in [&mut self.figure_what, &mut self.figure_unit, &mut self.fact_attribute] {
            column.fold_in();
        }
        self.figure_low.fold_in();
        self.figure_high.fold_in();
        self.figure_flags.fold_in();
        self.figures_of.fold_in(propositions);
        self.fact_entity.fold_in();
        self.fact_text.fold_in();
        self.facts_of.fold_in(propositions);
        let mut index = std::mem::take(&mut self.index);
        index.fold_in(|| (0..propositions as u32).map(|row| (self.hash_of(row, times), row)).collect());
        self.index = index;
    }

    fn hash_of(&self, row: u32, times: &Times) -> u64 {
        match self.text.get(row as usize) {
            "" => hash_numbers(&self.subjects.get(row).map(u64::from).collect::<Vec<_>>()),
            text => {
                let hash = hash_bytes(fold(text).as_bytes());
                if !self.is_another(row) {
                    return hash;
                }
                let terms = self.terms(PropositionId(row));
                terms.hash(hash, times.get(terms.time))
            }
        }
    }

    fn terms(&self, proposition: PropositionId) -> Terms {
        Terms {
            modality: self.modality(proposition),
            condition: self.condition(proposition),
            time: self.time(proposition),
            figures: self.figures(proposition).collect(),
            facts: self.facts(proposition).collect(),
        }
    }
}
