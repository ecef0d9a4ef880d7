//! Values that do not fit a cell of a solution: texts, times and figures, each kept once for the length of a question.

use crate::graph::Graph;
use crate::model::{Figure, PropositionId, Time, VerbId};
use crate::plan::SlotKind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values by number.
#[derive(Debug, Default)]
pub(super) struct Interned {
    texts: Vec<Arc<str>>,
    by_text: BTreeMap<Arc<str>, u64>,
    times: Vec<Time>,
    by_time: BTreeMap<(i64, i64), u64>,
    figures: Vec<(PropositionId, u32, Figure)>,
    /// Of each verb its word and that of its act, once they were asked for.
    verbs: Vec<Option<(Arc<str>, Arc<str>)>>,
}

impl Interned {
    /// The bytes of it all.
    pub(super) fn weight(&self) -> usize {
        let texts: usize = self.texts.iter().map(|text| text.len() + 2 * size_of::<(Arc<str>, u64)>()).sum();
        let times = self.times.len() * size_of::<(Time, (i64, i64), u64)>();
        texts + times + size_of_val(&self.figures[..])
    }

    /// A verb as it is shown.
    pub(super) fn cue(&mut self, graph: &Graph, verb: VerbId) -> Arc<str> {
        self.words(graph, verb).0
    }

    /// The act of a verb, as it is shown.
    pub(super) fn act(&mut self, graph: &Graph, verb: VerbId) -> Arc<str> {
        self.words(graph, verb).1
    }

    fn words(&mut self, graph: &Graph, verb: VerbId) -> (Arc<str>, Arc<str>) {
        if self.verbs.len() <= verb.index() {
            self.verbs.resize(verb.index() + 1, None);
        }
        let made = || {
            let known = graph.lexicon.verb(verb);
            let cue = if known.word.is_empty() { "reported" } else { known.word.as_str() };
            (cue.into(), known.act.word().into())
        };
        self.verbs.get_mut(verb.index()).map_or_else(made, |slot| slot.get_or_insert_with(made).clone())
    }

    pub(super) fn text(&mut self, text: &str) -> u64 {
        if let Some(known) = self.by_text.get(text) {
            return *known;
        }
        let (number, text): (u64, Arc<str>) = (self.texts.len() as u64, text.into());
        self.texts.push(text.clone());
        self.by_text.insert(text, number);
        number
    }

    pub(super) fn time(&mut self, time: Time) -> u64 {
        let number = self.times.len() as u64;
        let known = *self.by_time.entry((time.from, time.to)).or_insert(number);
        if known == number {
            self.times.push(time);
        }
        known
    }

    /// A figure; one with the same bound and unit is the same.
    pub(super) fn figure(&mut self, graph: &Graph, proposition: PropositionId, place: u32) -> Option<u64> {
        let figure = graph.propositions.figures(proposition).nth(place as usize)?;
        let same = |(_, _, known): &(PropositionId, u32, Figure)| {
            known.bound == figure.bound && known.unit == figure.unit
        };
        let at = self.figures.iter().position(same).unwrap_or_else(|| {
            self.figures.push((proposition, place, figure));
            self.figures.len() - 1
        });
        Some(at as u64)
    }

    /// Where each value stands among its like, so that the order in which they were met shows nowhere.
    pub(super) fn ranks(&self) -> Ranks {
        let mut ranks = Ranks {
            texts: vec![0; self.texts.len()],
            times: vec![0; self.times.len()],
            figures: vec![0; self.figures.len()],
        };
        for (rank, at) in self.by_text.values().enumerate() {
            ranks.texts[*at as usize] = rank as u64;
        }
        for (rank, at) in self.by_time.values().enumerate() {
            ranks.times[*at as usize] = rank as u64;
        }
        let mut order: Vec<usize> = (0..self.figures.len()).collect();
        order.sort_by(|a, b| {
            let bound = |at: &usize| self.figures[*at].2.bound;
            let (a, b) = (bound(a), bound(b));
            a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high))
        });
        for (rank, at) in order.into_iter().enumerate() {
            ranks.figures[at] = rank as u64;
        }
        ranks
    }

    pub(super) fn text_of(&self, number: u64) -> Option<Arc<str>> {
        self.texts.get(number as usize).cloned()
    }

    pub(super) fn time_of(&self, number: u64) -> Option<Time> {
        self.times.get(number as usize).copied()
    }

    pub(super) fn figure_of(&self, number: u64) -> Option<(PropositionId, u32)> {
        self.figures.get(number as usize).map(|(proposition, place, _)| (*proposition, *place))
    }
}

/// Where each interned value stands among its like.
#[derive(Debug)]
pub(super) struct Ranks {
    texts: Vec<u64>,
    times: Vec<u64>,
    figures: Vec<u64>,
}

impl Ranks {
    pub(super) fn of(&self, kind: SlotKind, cell: u64) -> u64 {
        let ranks = match kind {
            SlotKind::Text => &self.texts,
            SlotKind::Time => &self.times,
            SlotKind::Figure => &self.figures,
            _ => return cell,
        };
        ranks.get(cell as usize).copied().unwrap_or(cell)
    }
}
