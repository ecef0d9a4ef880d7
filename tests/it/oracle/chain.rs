//! By which ways a claim came, and whether a way is as a sentence asks: carriers and documents.

use super::claim::each;
use super::lookup::folded;
use super::solve::Row;
use super::value::{Seen, Value};
use super::world::{Act, Appearance, Hop};
use super::{Cut, Oracle};
use dixit::model::{Time, Truth};
use dixit::syntax::ast::{Adjunct, Claim, HopDetails, Quantifier, SourceRef, Via, ViaPosition, Who};

impl Oracle<'_> {
    /// The appearances of an act that the question sees, the earliest published first. Those that do not pass a claim on count only
    /// where speech is spoken about.
    pub(super) fn appearances(&self, act: Act, alleged: bool) -> Vec<Option<usize>> {
        let all = &self.world.claims[act.claim].appearances;
        if all.is_empty() {
            // Recorded on its own: nowhere published.
            return if matches!(self.cut, Cut::Published(_)) { Vec::new() } else { vec![None] };
        }
        let mut seen: Vec<usize> = (0..all.len())
            .filter(|at| {
                let appearance = &all[*at];
                let concerns = match act.hop {
                    Some(_) => appearance.hops.iter().any(|hop| Some(hop.number) == act.hop),
                    None => alleged || appearance.hops.iter().all(|hop| self.carries(hop)),
                };
                concerns && self.sees(appearance)
            })
            .collect();
        seen.sort_by_key(|at| {
            let published = all[*at].published;
            (published.map_or((i64::MAX, i64::MAX), |time| (time.from, time.to)), all[*at].number)
        });
        seen.into_iter().map(Some).collect()
    }

    /// Whether a relay passes on what it is about: it may not deny it, ask for it or doubt it.
    pub(super) fn carries(&self, hop: &Hop) -> bool {
        !hop.negated && self.world.lexicon.verb(hop.verb).act.carries()
    }

    fn sees(&self, appearance: &Appearance) -> bool {
        match self.cut {
            Cut::None => true,
            Cut::Published(until) => appearance.published.is_some_and(|time| time.to <= until),
            Cut::Recorded(until) => appearance.recorded <= until,
        }
    }

    /// When an act was first published, as far as the question sees.
    pub(super) fn published(&self, act: Act, alleged: bool) -> Option<Time> {
        let all = self.appearances(act, alleged).into_iter().flatten();
        all.filter_map(|at| self.world.claims[act.claim].appearances[at].published).min_by_key(|time| time.to)
    }

    /// By how many different chains an act came.
    pub(super) fn chains(&self, act: Act) -> usize {
        let all = self.appearances(act, false).into_iter();
        let chains = all.map(|by| self.world.carriers(Seen { act, by }));
        let numbers = chains.filter_map(|hops| hops.last().map(|hop| hop.number));
        super::world::distinct(numbers).len()
    }

    /// Every row that follows where the way of an act is as asked.
    pub(super) fn chain(&self, asked: &Claim, seen: Seen, row: &Row) -> Vec<Row> {
        let hops = self.world.carriers(seen);
        let document = seen.by.and_then(|by| self.world.claims[seen.act.claim].appearances[by].document);
        self.chain_over(asked, &hops, document, row)
    }

    /// The same for hops given.
    pub(super) fn chain_over(
        &self,
        asked: &Claim,
        hops: &[&Hop],
        document: Option<usize>,
        row: &Row,
    ) -> Vec<Row> {
        let mut rows = vec![row.clone()];
        let mut vias = Vec::new();
        for adjunct in &asked.adjuncts {
            match adjunct {
                Adjunct::Source(source) => rows = each(&rows, |row| self.source(source, document, row)),
                // `via` alone is a blank for the whole chain.
                Adjunct::Via(Via { who: None, details, .. }) if *details == HopDetails::default() => {}
                Adjunct::Via(via) => vias.push(via),
                _ => {}
            }
        }
        // Carried by all of them is carried by each, in any order.
        let (all_of, in_order): (Vec<&Via>, Vec<&Via>) = vias.into_iter().partition(|via| {
            via.who.as_ref().is_some_and(|who| who.quantifier == Some(Quantifier::All) && who.terms.len() > 1)
        });
        rows = each(&rows, |row| self.vias(&in_order, hops, 0, row));
        for via in all_of {
            let who = via.who.as_ref().unwrap();
            for term in &who.terms {
                let one = Who { quantifier: None, terms: vec![term.clone()], span: who.span };
                let one = Via { who: Some(one), position: ViaPosition::Any, ..via.clone() };
                rows = each(&rows, |row| self.vias(&[&one], hops, 0, row));
            }
        }
        rows
    }

    /// Meets hop tests in order, each outside the one before; hops between may be skipped unless the position says otherwise.
    fn vias(&self, asked: &[&Via], hops: &[&Hop], next: usize, row: &Row) -> Vec<Row> {
        let Some((via, rest)) = asked.split_first() else { return vec![row.clone()] };
        let allowed = |at: &usize| match via.position {
            ViaPosition::Any => *at >= next,
            ViaPosition::First => *at == 0,
            ViaPosition::Last => at + 1 == hops.len(),
            ViaPosition::Directly => *at == next,
        };
        let places: Vec<usize> = (0..hops.len()).filter(allowed).collect();
        let none_of = via.who.as_ref().filter(|who| who.quantifier == Some(Quantifier::None));
        if let Some(who) = none_of {
            // No hop there is by any of them; but there is a hop at all.
            let any_of = Who { quantifier: Some(Quantifier::Any), ..who.clone() };
            let any_of = Via { who: Some(any_of), ..(*via).clone() };
            let some = places.iter().any(|at| !self.hop(&any_of, hops[*at], row).is_empty());
            return if some || hops.is_empty() { Vec::new() } else { self.vias(rest, hops, next, row) };
        }
        let mut found = Vec::new();
        for at in places.into_iter().filter(|at| *at >= next) {
            for row in self.hop(via, hops[at], row) {
                found.extend(self.vias(rest, hops, at + 1, &row));
            }
        }
        found
    }

    fn hop(&self, asked: &Via, hop: &Hop, row: &Row) -> Vec<Row> {
        let details = &asked.details;
        let wrong_basis = details.inferred != details.marked && details.inferred != hop.inferred;
        let verb_fits = details.verb.as_ref().is_none_or(|verb| self.verb_fits(verb, false, hop.verb));
        let hedge_fits = details
            .hedge
            .as_ref()
            .is_none_or(|wanted| hop.hedge.as_ref().is_some_and(|own| folded(own) == folded(&wanted.text)));
        let time_fits = details.time.as_ref().is_none_or(|wanted| {
            hop.time.is_some_and(|time| time.within(&self.interval(wanted)) == Truth::Certain)
        });
        if wrong_basis || !verb_fits || !hedge_fits || !time_fits {
            return Vec::new();
        }
        match &asked.who {
            None => vec![row.clone()],
            Some(who) => self.list(who, &hop.sources, true, row),
        }
    }

    fn source(&self, asked: &SourceRef, document: Option<usize>, row: &Row) -> Vec<Row> {
        let Some(document) = document else { return Vec::new() };
        let is = |key: &str| self.world.documents[document].key == key;
        let passes = match asked {
            SourceRef::Url(word) | SourceRef::Named(word) => is(&word.text),
            SourceRef::Param(word) => is(&self.param(word)),
            SourceRef::Var(word) => {
                let slot = format!("?{}", word.text);
                return self.bind_slot(row, &slot, Value::Document(document)).into_iter().collect();
            }
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }
}
