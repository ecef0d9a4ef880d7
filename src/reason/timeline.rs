//! Timelines: claims in the order of a clock, and where a speaker changed position, with the two claims that show it. A change is told only
//! where it is certain which claim came first.

use super::contradict::{contradiction, declared_against, measure};
use super::record::{Hands, Record, Stance};
use crate::model::{Act, ClaimId, Commitment, Content, Time, Truth};
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

/// By which clock events are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// When it was said.
    #[default]
    Said,
    /// When it was first published.
    Published,
    /// When it was recorded here.
    Recorded,
    /// The time spoken of.
    Period,
}

/// One claim on a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The claim.
    pub claim: ClaimId,
    /// When, by the clock chosen; nothing where nothing is known.
    pub when: Option<Time>,
    /// How its speaker's position stands to an earlier one.
    pub change: Option<Change>,
}

/// How a position stands to an earlier one of the same speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// The earlier claim; for an unordered change the other one.
    pub from: ClaimId,
}

/// How a position changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// To the opposite, or taken back.
    Reversal,
    /// To the same with less commitment.
    Softening,
    /// To the same with more commitment.
    Hardening,
    /// Not at all.
    Repetition,
    /// It changed, and which was first is not known.
    Unordered,
}

impl ChangeKind {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            ChangeKind::Reversal => "reversal",
            ChangeKind::Softening => "softening",
            ChangeKind::Hardening => "hardening",
            ChangeKind::Repetition => "repetition",
            ChangeKind::Unordered => "unordered",
        }
    }
}

/// Puts claims on a timeline: by their times, what is not known last, then in the order recorded.
pub fn timeline(record: &Record<'_>, claims: &[ClaimId], clock: Clock) -> Vec<Event> {
    let claims = &first_of_same(record, claims)[..];
    let mut changes = changes(record, claims);
    record.keeps::<Event>(claims.len());
    let mut events: Vec<Event> = claims
        .iter()
        .copied()
        .filter(|claim| !record.ways(*claim).is_empty())
        .map(|claim| Event { claim, when: when(record, claim, clock), change: changes.remove(&claim) })
        .collect();
    events.sort_by_key(|event| (event.when.map_or((true, 0, 0), |time| key(&time)), event.claim));
    events
}

/// Of claims that are the same the one that was said first, as far as that is known.
fn first_of_same(record: &Record<'_>, claims: &[ClaimId]) -> Vec<ClaimId> {
    let same = &record.graph().same;
    let mut claims: Vec<ClaimId> = claims.to_vec();
    if same.has_claims() {
        claims.retain(|claim| !record.ways(*claim).is_empty());
        claims.sort_by_cached_key(|claim| {
            (same.claim(*claim), record.said(*claim).map_or((true, 0, 0), |time| key(&time)), *claim)
        });
        claims.dedup_by_key(|claim| same.claim(*claim));
        claims.sort_unstable();
    }
    claims
}

/// What has a beginning stands at its beginning, what has only an end at its end.
fn key(time: &Time) -> (bool, i64, i64) {
    (false, if time.from == Time::OPEN_START { time.to } else { time.from }, time.to)
}

fn when(record: &Record<'_>, claim: ClaimId, clock: Clock) -> Option<Time> {
    let graph = record.graph();
    match clock {
        Clock::Said => record.said(claim),
        Clock::Published => {
            record.ways(claim).into_iter().find_map(|way| record.sight.published(way.appearance))
        }
        Clock::Recorded => {
            let second = graph.log.recorded(claim)?;
            Some(Time { from: second, to: second.saturating_add(1) })
        }
        Clock::Period => graph.times.get(graph.propositions.time(graph.claims.content(claim)?.proposition)),
    }
}

/// What a claim's speaker holds: to which side he leans, and how firmly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    /// The content that he leans to, as it stands for itself.
    side: Content,
    firm: Firm,
}

/// How firmly a speaker holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Firm {
    /// He doubts it, and asserts nothing.
    Doubted,
    /// He took the opposite back, and asserts nothing.
    OppositeTakenBack,
    /// He asserts it, with this commitment: what is certain is listed first, and is the firmest.
    Asserted(Reverse<Commitment>),
}

fn position(record: &Record<'_>, claim: ClaimId) -> Option<Position> {
    let content = record.graph().claims.content(claim)?;
    let side = record.graph().same.content(content);
    let (act, commitment) = record.act(claim);
    match record.stance(claim, content) {
        Stance::Backs | Stance::LeavesOpen | Stance::Denies => {
            Some(Position { side, firm: Firm::Asserted(Reverse(commitment)) })
        }
        Stance::TakesBack => Some(Position { side: side.flipped(), firm: Firm::OppositeTakenBack }),
        Stance::None if act == Act::Doubt => Some(Position { side, firm: Firm::Doubted }),
        Stance::None => None,
    }
}

/// What a speaker said so far, where later claims look for it.
#[derive(Default)]
struct Past {
    /// By proposition, as it stands for itself.
    by_content: BTreeMap<Content, Vec<ClaimId>>,
    by_measure: BTreeMap<String, Vec<ClaimId>>,
}

/// Each claim's change against the latest earlier one of the same speakers on the same or a contradicting content.
fn changes(record: &Record<'_>, claims: &[ClaimId]) -> BTreeMap<ClaimId, Change> {
    let graph = record.graph();
    let mut by_speakers: BTreeMap<Hands, Vec<ClaimId>> = BTreeMap::new();
    for claim in claims.iter().copied() {
        if record.must_stop() {
            break;
        }
        if position(record, claim).is_some() && !record.ways(claim).is_empty() {
            let mut speakers = record.speakers(claim);
            speakers.sort_unstable();
            by_speakers.entry(speakers).or_default().push(claim);
            record.keeps::<(ClaimId, Change)>(1);
        }
    }
    let mut changes = BTreeMap::new();
    for mut own in by_speakers.into_values() {
        own.sort_by_cached_key(|claim| (record.said(*claim).map_or((true, 0, 0), |time| key(&time)), *claim));
        own.dedup();
        let mut past = Past::default();
        for claim in own {
            if record.must_stop() {
                break;
            }
            let Some(content) = graph.claims.content(claim) else { continue };
            if let Some(change) = change(record, claim, content, &past) {
                changes.insert(claim, change);
            }
            let class = Content { negated: false, ..graph.same.content(content) };
            past.by_content.entry(class).or_default().push(claim);
            for figure in graph.propositions.figures(content.proposition).filter(|_| !content.negated) {
                past.by_measure.entry(measure(record, &figure).0).or_default().push(claim);
            }
        }
    }
    changes
}

fn change(record: &Record<'_>, claim: ClaimId, content: Content, past: &Past) -> Option<Change> {
    let graph = record.graph();
    let class = Content { negated: false, ..graph.same.content(content) };
    let against = declared_against(record, content).into_iter();
    let keys = [class].into_iter().chain(against.map(|one| Content { negated: false, ..one }));
    let mut lists: Vec<&Vec<ClaimId>> = keys.filter_map(|key| past.by_content.get(&key)).collect();
    for figure in graph.propositions.figures(content.proposition).filter(|_| !content.negated) {
        lists.extend(past.by_measure.get(&measure(record, &figure).0));
    }
    let mut unordered: Option<Change> = None;
    let mut latest: Option<(Change, i64)> = None;
    for list in lists {
        // The latest first: what is told is the change against the last word before this one.
        for from in list.iter().rev().copied() {
            let Some(kind) = kind(record, claim, from) else { continue };
            let (Some(now), Some(then)) = (record.said(claim), record.said(from)) else {
                if kind == ChangeKind::Repetition {
                    unordered.get_or_insert(Change { kind, from });
                } else {
                    unordered = Some(Change { kind: ChangeKind::Unordered, from });
                }
                continue;
            };
            if now.after(&then) == Truth::Certain {
                if latest.is_none_or(|(_, to)| then.to > to) {
                    latest = Some((Change { kind, from }, then.to));
                }
                break;
            }
            if kind == ChangeKind::Repetition {
                unordered.get_or_insert(Change { kind, from });
            } else {
                unordered = Some(Change { kind: ChangeKind::Unordered, from });
            }
        }
    }
    latest.map(|(change, _)| change).or(unordered)
}

/// How one position stands to an earlier one; nothing where they are not about the same.
fn kind(record: &Record<'_>, claim: ClaimId, from: ClaimId) -> Option<ChangeKind> {
    let graph = record.graph();
    let (now, then) = (position(record, claim)?, position(record, from)?);
    if now.side.proposition != then.side.proposition {
        let (content, before) = (graph.claims.content(claim)?, graph.claims.content(from)?);
        let assert = [now, then].iter().all(|one| matches!(one.firm, Firm::Asserted(_)));
        let against = assert && contradiction(record, content, before).is_some();
        return against.then_some(ChangeKind::Reversal);
    }
    // A doubt is less than anything else on either side; only another doubt is opposite to it.
    let doubts = [now, then].iter().filter(|one| one.firm == Firm::Doubted).count();
    Some(match now.firm.cmp(&then.firm) {
        _ if now.side != then.side && doubts != 1 => ChangeKind::Reversal,
        Ordering::Equal => ChangeKind::Repetition,
        Ordering::Less => ChangeKind::Softening,
        Ordering::Greater => ChangeKind::Hardening,
    })
}
