//! Figures: what is claimed of each measure, as intervals; which of them fit together and who stands outside; and which cannot be compared,
//! with the reason. No figure is averaged, and none is preferred for who gave it.

use super::contradict::measure;
use super::independence::Groups;
use super::record::{Hands, Record, Stance};
use crate::model::{Bound, ClaimId, EntityId, Modality, PropositionId, StringId, Time};
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
    Incomparable(NotCompared),
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
pub enum NotCompared {
    /// It is in another unit than most of its measure.
    OtherUnit,
    /// As many of its measure are in another unit.
    UnitTied,
    /// It is only approximate, so that no value is excluded.
    Approximate,
    /// Its content is denied, which leaves all other values open.
    Denied,
    /// It holds on a condition.
    Condition,
    /// It is of another time than most of its measure.
    OtherTime,
    /// As many of its measure are of another time.
    TimeTied,
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
        if record.must_stop() {
            break;
        }
        let Some(content) = graph.claims.content(claim) else { continue };
        if record.ways(claim).is_empty() {
            continue;
        }
        let time = graph.times.get(graph.propositions.time(content.proposition));
        for (place, figure) in (0..).zip(graph.propositions.figures(content.proposition)) {
            let (measure, unit) = measure(record, &figure);
            let fits = alone(record, claim, figure.bound.about).map_or(Fit::Core, Fit::Incomparable);
            record.keeps::<(Claimed, Option<Time>)>(1);
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
        if record.must_stop() {
            break;
        }
        let comparable = group.iter().filter(|(one, _)| one.fits == Fit::Core);
        let units = most_common(comparable.map(|(one, _)| one.unit.clone()));
        let is_of_unit = |one: &Claimed| one.fits == Fit::Core && units[..] == [one.unit.clone()];
        let times =
            most_common(group.iter().filter(|(one, _)| is_of_unit(one)).filter_map(|(_, time)| *time));
        for (claimed, about) in &mut group {
            if claimed.fits != Fit::Core {
                continue;
            }
            let apart = times.iter().filter(|time| about.is_some_and(|about| !about.overlaps(time))).count();
            let why = match () {
                () if !units.contains(&claimed.unit) => NotCompared::OtherUnit,
                () if units.len() > 1 => NotCompared::UnitTied,
                () if apart == 0 => continue,
                () if apart == times.len() => NotCompared::OtherTime,
                () => NotCompared::TimeTied,
            };
            claimed.fits = Fit::Incomparable(why);
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
fn alone(record: &Record<'_>, claim: ClaimId, about: bool) -> Option<NotCompared> {
    let graph = record.graph();
    let content = graph.claims.content(claim)?;
    let stance = record.stance(claim, content);
    if let Some(by) = record.taken_back(claim) {
        return Some(NotCompared::TakenBack(by));
    }
    match () {
        () if content.negated => Some(NotCompared::Denied),
        () if graph.propositions.condition(content.proposition).is_some() => Some(NotCompared::Condition),
        () if graph.propositions.modality(content.proposition) != Modality::Actual => {
            Some(NotCompared::Modality)
        }
        () if stance != Stance::Backs => Some(NotCompared::Uncommitted),
        () if about => Some(NotCompared::Approximate),
        () => None,
    }
}

/// What is the most common: one, or several that are equally so, of which none is preferred.
fn most_common<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().max().copied();
    counts.into_iter().filter(|(_, count)| Some(*count) == most).map(|(value, _)| value).collect()
}

/// Finds the values on which the most speakers agree, and tells each figure how it stands to them. Who speak jointly count once. Between two
/// neighbouring ends of bounds nothing changes, so that only these ends and the gaps between them are looked at, from the least to the greatest.
fn agree(record: &Record<'_>, group: &mut [Claimed]) {
    let comparable: Vec<&Claimed> = group.iter().filter(|one| one.fits == Fit::Core).collect();
    let points = points(&comparable);
    let (mut begins, mut ends) = (vec![Vec::new(); points.len()], vec![Vec::new(); points.len()]);
    for (at, one) in comparable.iter().enumerate() {
        let first = points.partition_point(|point| is_below(*point, &one.bound));
        let behind =
            points.partition_point(|point| is_below(*point, &one.bound) || within(*point, &one.bound));
        begins.get_mut(first).into_iter().for_each(|begins| begins.push(at));
        ends.get_mut(behind).into_iter().for_each(|ends| ends.push(at));
    }
    let spoke: Vec<Hands> = comparable.iter().map(|one| record.speakers(one.claim)).collect();
    let joined = Groups::of(&spoke);
    let leaders: Vec<Option<EntityId>> =
        spoke.iter().map(|spoke| spoke.first().map(|first| joined.leader(*first))).collect();
    let mut held: BTreeSet<usize> = BTreeSet::new();
    let mut speaking: BTreeMap<EntityId, usize> = BTreeMap::new();
    let mut most = 0;
    // The groups of most speakers that were met; two that do not hold each other make a split.
    let mut best: Vec<BTreeSet<usize>> = Vec::new();
    for (begins, ends) in begins.iter().zip(&ends) {
        if record.must_stop() {
            return;
        }
        for at in ends {
            held.remove(at);
            if let Some(speaker) = leaders.get(*at).copied().flatten() {
                let left = speaking.get(&speaker).map_or(0, |left| left.saturating_sub(1));
                if left == 0 {
                    speaking.remove(&speaker)
                } else {
                    speaking.insert(speaker, left)
                };
            }
        }
        for at in begins {
            held.insert(*at);
            if let Some(speaker) = leaders.get(*at).copied().flatten() {
                *speaking.entry(speaker).or_default() += 1;
            }
        }
        if speaking.len() > most {
            most = speaking.len();
            best.clear();
        }
        // Of groups that agree on the same values, the larger one says all.
        if speaking.len() == most
            && most > 0
            && best.len() < 2
            && !best.iter().any(|known| held.is_subset(known))
        {
            best.retain(|known| !known.is_subset(&held));
            best.push(held.clone());
        }
    }
    for (at, one) in group.iter_mut().filter(|one| one.fits == Fit::Core).enumerate() {
        one.fits = match &best[..] {
            [core] if core.contains(&at) => Fit::Core,
            [_] => Fit::Outlier,
            _ => Fit::Split,
        };
    }
}

/// The ends of bounds, the middles between them, and something beyond them, in ascending order.
fn points(comparable: &[&Claimed]) -> Vec<f64> {
    let ends = comparable.iter().flat_map(|one| [one.bound.low, one.bound.high]);
    let mut ends: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut points: Vec<f64> = ends.first().map(|first| first - 1.0).into_iter().collect();
    for (at, end) in ends.iter().enumerate() {
        points.push(*end);
        points.push(ends.get(at + 1).map_or(end + 1.0, |next| end / 2.0 + next / 2.0));
    }
    points
}

/// Whether a point lies before all values that fit.
fn is_below(point: f64, bound: &Bound) -> bool {
    point < bound.low || point <= bound.low && bound.low_open
}

fn within(point: f64, bound: &Bound) -> bool {
    (point > bound.low || point >= bound.low && !bound.low_open)
        && (point < bound.high || point <= bound.high && !bound.high_open)
}
