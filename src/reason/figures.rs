//! Figures: what is claimed of each measure, as intervals; which of them fit together and who stands outside; and which cannot be compared,
//! with the reason. No figure is averaged, and none is preferred for who gave it.

use super::contradict::measure;
use super::record::{Record, Stance};
use crate::model::{Bound, ClaimId, Commitment, Modality, PropositionId, StringId, Time};
use std::collections::{BTreeMap, BTreeSet};

/// One figure that somebody claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The claim.
    pub claim: ClaimId,
    /// Its proposition.
    pub proposition: PropositionId,
    /// Which of the figures of that.
    pub place: u32,
    /// What is measured, as recorded first.
    pub what: StringId,
    /// What is measured, folded: what figures of one measure share.
    pub measure: String,
    /// In which unit, folded; empty for none.
    pub unit: String,
    /// The values that fit.
    pub bound: Bound,
    /// How it stands to the others of its measure.
    pub fits: Fit,
}

/// How a figure stands to the others of its measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It holds the values on which the most speakers agree.
    Core,
    /// It excludes them.
    Outlier,
    /// Several groups of as many speakers agree on different values; this figure is of one of them or of none.
    Split,
    /// It cannot be compared with the others.
    Incomparable(Why),
}

impl Fit {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            Fit::Core => "core",
            Fit::Outlier => "outlier",
            Fit::Split => "split",
            Fit::Incomparable(_) => "incomparable",
        }
    }
}

/// Why a figure cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is in another unit than most of its measure.
    OtherUnit,
    /// It is only approximate, so that no value is excluded.
    Approximate,
    /// Its content is denied, which leaves all other values open.
    Denied,
    /// It holds on a condition.
    Condition,
    /// It is of another time than most of its measure.
    OtherTime,
    /// It tells what is to come, may be, or is wanted.
    Modality,
    /// Its speaker does not commit to it.
    Uncommitted,
    /// It was taken back or put right, by this claim.
    TakenBack(ClaimId),
}

/// Compares the figures of some claims: by measure, then by their lowest value, then in the order recorded. Sorting apart, linear in them.
pub fn figures(record: &Record<'_>, claims: &[ClaimId]) -> Vec<Claimed> {
    let graph = record.graph();
    let mut all: Vec<(Claimed, Option<Time>)> = Vec::new();
    for claim in claims.iter().copied() {
        let Some(content) = graph.claims.content(claim) else { continue };
        if record.ways(claim).is_empty() {
            continue;
        }
        let time = graph.times.get(graph.propositions.time(content.proposition));
        for (place, figure) in (0..).zip(graph.propositions.figures(content.proposition)) {
            let (measure, unit) = measure(record, &figure);
            let fits = alone(record, claim, figure.bound.about).map_or(Fit::Core, Fit::Incomparable);
            let (proposition, bound) = (content.proposition, figure.bound);
            let what = figure.what;
            all.push((Claimed { claim, proposition, place, what, measure, unit, bound, fits }, time));
        }
    }
    let mut by_measure: BTreeMap<String, Vec<(Claimed, Option<Time>)>> = BTreeMap::new();
    for (claimed, time) in all {
        by_measure.entry(claimed.measure.clone()).or_default().push((claimed, time));
    }
    let mut figures = Vec::new();
    for mut group in by_measure.into_values() {
        let unit =
            most_common(group.iter().filter(|(one, _)| one.fits == Fit::Core).map(|(one, _)| &one.unit));
        let comparable =
            group.iter().filter(|(one, _)| one.fits == Fit::Core && Some(&one.unit) == unit.as_ref());
        let time = most_common(comparable.map(|(_, time)| time));
        for (claimed, about) in &mut group {
            if claimed.fits != Fit::Core {
                continue;
            }
            if Some(&claimed.unit) != unit.as_ref() {
                claimed.fits = Fit::Incomparable(Why::OtherUnit);
            } else if let (Some(Some(most)), Some(this)) = (time, *about)
                && !this.overlaps(&most)
            {
                claimed.fits = Fit::Incomparable(Why::OtherTime);
            }
        }
        let mut group: Vec<Claimed> = group.into_iter().map(|(claimed, _)| claimed).collect();
        let first = group.iter().map(|one| one.what).min();
        group.iter_mut().for_each(|one| one.what = first.unwrap_or(one.what));
        agree(record, &mut group);
        group.sort_by(|a, b| {
            let low = a.bound.low.total_cmp(&b.bound.low).then(a.bound.high.total_cmp(&b.bound.high));
            low.then(a.claim.cmp(&b.claim)).then(a.place.cmp(&b.place))
        });
        figures.extend(group);
    }
    figures
}

/// Why a figure cannot be compared with any.
fn alone(record: &Record<'_>, claim: ClaimId, about: bool) -> Option<Why> {
    let graph = record.graph();
    let content = graph.claims.content(claim)?;
    let stance = record.stance(claim, content);
    if let Some(by) = record.taken_back(claim) {
        return Some(Why::TakenBack(by));
    }
    match () {
        () if content.negated => Some(Why::Denied),
        () if graph.propositions.condition(content.proposition).is_some() => Some(Why::Condition),
        () if graph.propositions.modality(content.proposition) != Modality::Actual => Some(Why::Modality),
        () if !matches!(stance, Stance::Backs | Stance::LeavesOpen)
            || record.act(claim).1 == Commitment::Uncommitted =>
        {
            Some(Why::Uncommitted)
        }
        () if about => Some(Why::Approximate),
        () => None,
    }
}

fn most_common<'a, T: Ord + Clone + 'a>(values: impl Iterator<Item = &'a T>) -> Option<T> {
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    // Of equally common ones the least, so that the answer does not depend on the order of recording.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(value, _)| value.clone())
}

/// Finds the values on which the most speakers agree, and tells each figure how it stands to them. Between two neighbouring ends of bounds
/// nothing changes, so that only these ends and the gaps between them are looked at.
fn agree(record: &Record<'_>, group: &mut [Claimed]) {
    let comparable: Vec<&Claimed> = group.iter().filter(|one| one.fits == Fit::Core).collect();
    let mut ends: Vec<f64> = comparable
        .iter()
        .flat_map(|one| [one.bound.low, one.bound.high])
        .filter(|end| end.is_finite())
        .collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut points: Vec<f64> = Vec::new();
    for (at, end) in ends.iter().enumerate() {
        points.push(*end);
        if let Some(next) = ends.get(at + 1) {
            points.push(end / 2.0 + next / 2.0);
        }
    }
    points.extend(ends.first().map(|first| first - 1.0));
    points.extend(ends.last().map(|last| last + 1.0));
    let holds = |point: f64| -> Vec<usize> {
        let places = comparable.iter().enumerate();
        places.filter(|(_, one)| within(point, &one.bound)).map(|(at, _)| at).collect()
    };
    let mut most = 0;
    let mut best: Vec<BTreeSet<usize>> = Vec::new();
    for point in points {
        if record.is_cancelled() {
            return;
        }
        let held: BTreeSet<usize> = holds(point).into_iter().collect();
        let speakers: BTreeSet<_> = held
            .iter()
            .filter_map(|at| comparable.get(*at))
            .flat_map(|one| record.speakers(one.claim))
            .collect();
        if speakers.len() > most {
            most = speakers.len();
            best.clear();
        }
        // Of groups that agree on the same values, the larger one says all.
        if speakers.len() == most && most > 0 && !best.iter().any(|known| held.is_subset(known)) {
            best.retain(|known| !known.is_subset(&held));
            best.push(held);
        }
    }
    let is_split = best.len() > 1;
    for (at, one) in group.iter_mut().filter(|one| one.fits == Fit::Core).enumerate() {
        let is_in = best.iter().any(|held| held.contains(&at));
        one.fits = match (is_split, is_in) {
            (true, _) => Fit::Split,
            (false, true) => Fit::Core,
            (false, false) => Fit::Outlier,
        };
    }
}

fn within(point: f64, bound: &Bound) -> bool {
    (point > bound.low || point >= bound.low && !bound.low_open)
        && (point < bound.high || point <= bound.high && !bound.high_open)
}
