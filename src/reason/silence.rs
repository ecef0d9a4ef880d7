//! Silence, in three kinds that are never mixed: who refused to speak, who was asked, and who is on record with nothing. The last says only
//! that this record holds nothing; it is no fact about the world.

use super::record::Record;
use crate::model::{Act, ClaimId, EntityId};
use std::collections::BTreeSet;

/// One silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Who.
    pub who: EntityId,
    /// Which kind.
    pub kind: SilenceKind,
}

/// A kind of silence, with the claim that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SilenceKind {
    /// Refused to speak, in this claim.
    Refused(ClaimId),
    /// Was asked, in this claim; and spoke afterwards, or at a time that is not known to be before, in that one.
    Asked(ClaimId, Option<ClaimId>),
    /// Nothing is on record, though it was asked or asked about.
    Nothing,
}

impl SilenceKind {
    /// As a word.
    pub const fn word(&self) -> &'static str {
        match self {
            SilenceKind::Refused(_) => "refused",
            SilenceKind::Asked(..) => "asked",
            SilenceKind::Nothing => "nothing",
        }
    }
}

/// Tells who is silent, as far as these claims show, which are all that is on record of some matter. `whom` are those of whom it is asked,
/// as they stand for themselves; where nobody is named it is asked of all who were asked. First the refusals, then who was asked, then who is
/// on record with nothing. Linear in the claims, but for what those who were asked said.
pub fn silence(record: &Record<'_>, claims: &[ClaimId], whom: &[EntityId]) -> Vec<Silence> {
    let graph = record.graph();
    let wanted = |who: &EntityId| whom.is_empty() || whom.contains(who);
    let on_record: Vec<ClaimId> =
        claims.iter().copied().filter(|claim| !record.ways(*claim).is_empty()).collect();
    record.keeps::<ClaimId>(on_record.len());
    let mut found = Vec::new();
    let mut speaking: BTreeSet<EntityId> = BTreeSet::new();
    let mut asked: BTreeSet<EntityId> = BTreeSet::new();
    for claim in on_record.iter().copied() {
        let act = record.act(claim).0;
        let speakers = record.speakers(claim);
        if act.is_speech() {
            speaking.extend(&speakers);
        }
        if act == Act::Refuse {
            let refused = speakers.iter().copied().filter(wanted);
            found.extend(refused.map(|who| Silence { who, kind: SilenceKind::Refused(claim) }));
        }
        if act == Act::Ask {
            asked.extend(record.members(graph.claims.listener(claim)));
        }
    }
    for claim in on_record.iter().copied().filter(|claim| record.act(*claim).0 == Act::Ask) {
        if record.must_stop() {
            break;
        }
        let listeners: BTreeSet<EntityId> = record.members(graph.claims.listener(claim)).collect();
        for who in listeners.into_iter().filter(wanted) {
            let answers = |other: &ClaimId| {
                record.act(*other).0.is_speech()
                    && record.speakers(*other).contains(&who)
                    && !record.certainly_after(claim, *other)
            };
            let answer = on_record.iter().copied().find(answers);
            found.push(Silence { who, kind: SilenceKind::Asked(claim, answer) });
        }
    }
    let of_whom: BTreeSet<EntityId> = if whom.is_empty() { asked } else { whom.iter().copied().collect() };
    let nothing = of_whom.into_iter().filter(|who| !speaking.contains(who));
    found.extend(nothing.map(|who| Silence { who, kind: SilenceKind::Nothing }));
    found
}
