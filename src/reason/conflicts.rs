//! Conflicts: pairs of claims whose contents contradict, with how, and what speaks against setting them against each other. Nothing is left
//! out because it is doubtful; the doubt stands beside it.

use super::contradict::{ContradictionKind, Doubt, contradiction, declared_against, main_topic, measure};
use super::record::{Record, Stance};
use crate::model::{ClaimId, Commitment, Content, EntityId, fold};
use std::collections::{BTreeMap, BTreeSet};

/// Two claims that contradict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The one recorded first.
    pub a: ClaimId,
    /// The other.
    pub b: ClaimId,
    /// How.
    pub kind: ContradictionKind,
    /// Whether they can be set against each other.
    pub comparable: Comparable,
    /// What speaks against it.
    pub reasons: Vec<ConflictReason>,
}

/// Whether two claims can be set against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparable {
    /// Nothing speaks against it.
    Yes,
    /// Something leaves it open.
    Unclear,
    /// Something forbids it.
    No,
}

impl Comparable {
    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            Comparable::Yes => "yes",
            Comparable::Unclear => "unclear",
            Comparable::No => "no",
        }
    }
}

/// What speaks against setting two claims against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictReason {
    /// Something about their contents.
    Content(Doubt),
    /// The speaker of this one commits less than fully.
    Hedged(ClaimId),
    /// This one was taken back or put right, by that one.
    TakenBack(ClaimId, ClaimId),
    /// They are of the same speakers at different times: a change of position.
    SameSource,
}

/// Whose claims are set against each other: all, or those of some against those of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Between<'a> {
    /// Those of the one side, as they stand for themselves; nothing for everybody.
    pub sides: Option<(&'a [EntityId], &'a [EntityId])>,
}

/// The answer would have more pairs than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {0} pairs of claims contradict: narrow it, as by a topic, a speaker or a time")]
pub struct TooMany(pub usize);

/// Finds every pair among some claims that contradicts, in the order recorded. Work is in the number of contents that share a topic and a
/// measure, and in the number of pairs found, of which no more than `most` are made.
pub fn conflicts(
    record: &Record<'_>,
    claims: &[ClaimId],
    between: Between<'_>,
    most: usize,
) -> Result<Vec<Conflict>, TooMany> {
    let graph = record.graph();
    let mut by_content: BTreeMap<Content, Vec<ClaimId>> = BTreeMap::new();
    for claim in claims.iter().copied() {
        if record.must_stop() {
            break;
        }
        let Some(content) = graph.claims.content(claim) else { continue };
        let stance = record.stance(claim, content);
        if matches!(stance, Stance::Backs | Stance::LeavesOpen) && !record.ways(claim).is_empty() {
            by_content.entry(graph.same.content(content)).or_default().push(claim);
            record.keeps::<(Content, ClaimId)>(1);
        }
    }
    // By both claims, as they stand for themselves.
    let mut found: BTreeMap<(ClaimId, ClaimId), Conflict> = BTreeMap::new();
    for (one, other) in candidates(record, &by_content, most)? {
        let (Some(ones), Some(others)) = (by_content.get(&one), by_content.get(&other)) else { continue };
        for a in ones {
            if record.must_stop() {
                break;
            }
            for b in others {
                let (a, b) = ((*a).min(*b), (*a).max(*b));
                let (one, other) = (graph.same.claim(a), graph.same.claim(b));
                let pair_of = (one.min(other), one.max(other));
                if one == other || found.contains_key(&pair_of) || !between.fits(record, a, b) {
                    continue;
                }
                let Some((kind, doubts)) = pair(record, a, b) else { continue };
                if found.len() >= most {
                    return Err(TooMany(most));
                }
                let reasons = reasons(record, a, b, &doubts);
                let comparable = comparable(&reasons);
                record.keeps::<((ClaimId, ClaimId), Conflict)>(1);
                record.keeps::<ConflictReason>(reasons.len());
                found.insert(pair_of, Conflict { a, b, kind, comparable, reasons });
            }
        }
    }
    Ok(found.into_values().collect())
}

impl Between<'_> {
    fn fits(&self, record: &Record<'_>, a: ClaimId, b: ClaimId) -> bool {
        let Some((one, other)) = self.sides else { return true };
        let is_by =
            |claim, side: &[EntityId]| record.speakers(claim).iter().any(|speaker| side.contains(speaker));
        is_by(a, one) && is_by(b, other) || is_by(a, other) && is_by(b, one)
    }
}

fn pair(record: &Record<'_>, a: ClaimId, b: ClaimId) -> Option<(ContradictionKind, Vec<Doubt>)> {
    let claims = &record.graph().claims;
    contradiction(record, claims.content(a)?, claims.content(b)?)
}

/// Contents as they stand for themselves, each with a wording of it.
type Wordings = Vec<(Content, Content)>;

/// The pairs of contents that may contradict.
fn candidates(
    record: &Record<'_>,
    by_content: &BTreeMap<Content, Vec<ClaimId>>,
    most: usize,
) -> Result<BTreeSet<(Content, Content)>, TooMany> {
    let graph = record.graph();
    let mut pairs = BTreeSet::new();
    let mut by_measure: BTreeMap<String, Wordings> = BTreeMap::new();
    let mut by_words: BTreeMap<String, Wordings> = BTreeMap::new();
    let mut by_attribute: BTreeMap<(Option<EntityId>, String), Wordings> = BTreeMap::new();
    for (content, claims) in by_content {
        if !content.negated && by_content.contains_key(&content.flipped()) {
            pairs.insert((*content, content.flipped()));
        }
        let against = declared_against(record, *content).into_iter();
        pairs.extend(against.filter(|other| by_content.contains_key(other)).map(|other| (*content, other)));
        // Figures, conditions and the like are those of each wording, not of the class.
        let wordings: BTreeSet<Content> =
            claims.iter().filter_map(|claim| graph.claims.content(*claim)).collect();
        for wording in wordings {
            let words = fold(graph.propositions.text(wording.proposition)).into_owned();
            by_words.entry(words).or_default().push((*content, wording));
            if wording.negated {
                continue;
            }
            for figure in graph.propositions.figures(wording.proposition) {
                by_measure.entry(measure(record, &figure).0).or_default().push((*content, wording));
            }
            for fact in graph.propositions.facts(wording.proposition) {
                let attribute = fold(graph.strings.get(fact.attribute)).into_owned();
                by_attribute
                    .entry((main_topic(record, wording), attribute))
                    .or_default()
                    .push((*content, wording));
            }
        }
    }
    for group in by_measure.values().chain(by_attribute.values()).chain(by_words.values()) {
        for (at, (class, wording)) in group.iter().enumerate() {
            if record.must_stop() {
                break;
            }
            if pairs.len() > most {
                return Err(TooMany(most));
            }
            let before = pairs.len();
            for (other_class, other) in group.iter().skip(at + 1) {
                if class != other_class && contradiction(record, *wording, *other).is_some() {
                    pairs.insert((*class, *other_class));
                }
            }
            record.keeps::<(Content, Content)>(pairs.len() - before);
        }
    }
    Ok(pairs)
}

fn reasons(record: &Record<'_>, a: ClaimId, b: ClaimId, doubts: &[Doubt]) -> Vec<ConflictReason> {
    let mut reasons: Vec<ConflictReason> = doubts.iter().copied().map(ConflictReason::Content).collect();
    for claim in [a, b] {
        if record.act(claim).1 != Commitment::Certain {
            reasons.push(ConflictReason::Hedged(claim));
        }
        if let Some(by) = record.taken_back(claim) {
            reasons.push(ConflictReason::TakenBack(claim, by));
        }
    }
    if record.speakers(a) == record.speakers(b) {
        reasons.push(ConflictReason::SameSource);
    }
    reasons
}

fn comparable(reasons: &[ConflictReason]) -> Comparable {
    let weighs = |reason: &ConflictReason| match reason {
        ConflictReason::Content(doubt) if doubt.forbids() => Comparable::No,
        ConflictReason::TakenBack(..) => Comparable::No,
        ConflictReason::Content(_) | ConflictReason::Hedged(_) => Comparable::Unclear,
        ConflictReason::SameSource => Comparable::Yes,
    };
    reasons.iter().map(weighs).max().unwrap_or(Comparable::Yes)
}
