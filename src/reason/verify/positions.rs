//! Checks of how claims stand to each other: contradictions, circles, changes, figures, silence.

use super::{Checked, Refuted, Verifier, must};
use crate::graph::Node;
use crate::model::{Act, Bound, ClaimId, Commitment, Content, LinkRelation, Time, Truth, fold};
use crate::reason::changes::Changed;
use crate::reason::circular::{Circle, Step};
use crate::reason::conflicts::Conflict;
use crate::reason::contradict::ContradictionKind;
use crate::reason::figures::{Claimed, Fit};
use crate::reason::silence::{Silence, SilenceKind};
use crate::reason::timeline::{ChangeKind, Event};
use std::collections::BTreeSet;

impl Verifier<'_> {
    /// A conflict: both claims are on record, and their contents contradict in the way told.
    pub fn conflict(&self, found: &Conflict) -> Checked {
        let graph = self.sight.graph;
        self.claim(found.a)?;
        self.claim(found.b)?;
        let (Some(a), Some(b)) = (graph.claims.content(found.a), graph.claims.content(found.b)) else {
            return Err(Refuted("a claim says nothing".into()));
        };
        let holds = self.contradict(a, b, found.kind);
        must(holds, || format!("claims {} and {} do not contradict so", found.a.0, found.b.0))
    }

    /// Whether two contents contradict in a way.
    fn contradict(&self, a: Content, b: Content, kind: ContradictionKind) -> bool {
        let graph = self.sight.graph;
        let (ones, others) = (self.same(Node::Content(a)), self.same(Node::Content(b)));
        match kind {
            ContradictionKind::Negation => {
                let (one, other) = (a.proposition, b.proposition);
                let figures = |of| {
                    graph.propositions.figures(of).map(|one| format!("{one:?}")).collect::<BTreeSet<_>>()
                };
                let facts =
                    |of| graph.propositions.facts(of).map(|one| format!("{one:?}")).collect::<BTreeSet<_>>();
                ones.contains(&Node::Content(b.flipped()))
                    || a.negated != b.negated
                        && fold(graph.propositions.text(one)) == fold(graph.propositions.text(other))
                        && figures(one) == figures(other)
                        && facts(one) == facts(other)
            }
            ContradictionKind::Declared => graph.links.iter().any(|link| {
                link.relation == LinkRelation::Contradicts
                    && (ones.contains(&link.left) && others.contains(&link.right)
                        || ones.contains(&link.right) && others.contains(&link.left))
            }),
            ContradictionKind::Figures => graph.propositions.figures(a.proposition).any(|one| {
                graph.propositions.figures(b.proposition).any(|other| {
                    let touch = |high: &Bound, low: &Bound| {
                        high.high < low.low || high.high <= low.low && (high.high_open || low.low_open)
                    };
                    let apart = touch(&one.bound, &other.bound) || touch(&other.bound, &one.bound);
                    self.is_text(one.what, other.what) && (apart || !self.is_text(one.unit, other.unit))
                })
            }),
            ContradictionKind::Fact => graph.propositions.facts(a.proposition).any(|one| {
                graph.propositions.facts(b.proposition).any(|other| {
                    let is_value = self.is_text(one.text, other.text)
                        && (one.entity == other.entity
                            || one.entity.is_some()
                                && other.entity.is_some()
                                && self.is_entity(one.entity, other.entity));
                    self.is_text(one.attribute, other.attribute) && !is_value
                })
            }),
        }
    }

    /// A circle: every step is on a way or in a citation, and the last leads to the first.
    pub fn circle(&self, circle: &Circle) -> Checked {
        let graph = self.sight.graph;
        match circle {
            Circle::Confirmation { content, steps } => {
                let same = self.same(Node::Content(*content));
                let next = steps.iter().cycle().skip(1);
                for (step, next) in steps.iter().zip(next) {
                    must(step.from == next.who, || "the circle is open".into())?;
                    let said = graph.claims.content(step.way.claim).map(Node::Content);
                    must(said.is_some_and(|said| same.contains(&said)), || {
                        "a claim says something else".into()
                    })?;
                    self.step(*step)?;
                }
                must(!steps.is_empty(), || "there is no circle".into())
            }
            Circle::Citation(documents) => {
                let next = documents.iter().cycle().skip(1);
                for (document, next) in documents.iter().zip(next) {
                    let cites = graph.documents.cites_documents(*document).contains(next.0);
                    must(cites, || "a document does not cite the next".into())?;
                }
                must(!documents.is_empty(), || "there is no circle".into())
            }
        }
    }

    fn step(&self, step: Step) -> Checked {
        self.way(step.way)?;
        let graph = self.sight.graph;
        if step.document.is_some() {
            let (documents, sources) = self.cited(step.document);
            let leads = sources.iter().any(|one| self.is_entity(*one, step.from))
                || documents.iter().any(|cited| self.published(*cited, step.from));
            let is_its = graph.chains.document(step.way.appearance) == step.document
                && self.published(step.document, step.who);
            return must(leads && is_its, || "a document does not cite the next".into());
        }
        must(self.is_outside(step.way, step.who, step.from), || "nobody has it from the next so".into())
    }

    /// An event: its claim is on record, and a change is against an earlier claim of a speaker that they share, where order was told.
    pub fn event(&self, event: &Event) -> Checked {
        let graph = self.sight.graph;
        self.claim(event.claim)?;
        let Some(change) = event.change else { return Ok(()) };
        self.claim(change.from)?;
        let speakers = graph.entities.party(graph.claims.source(event.claim));
        let mut shared = speakers.filter(|one| self.party_has(graph.claims.source(change.from), *one));
        must(shared.next().is_some(), || "a change between different speakers".into())?;
        if let (Some(now), Some(then)) =
            (graph.claims.content(event.claim), graph.claims.content(change.from))
        {
            let same = self.same(Node::Content(then));
            let is_one = same.contains(&Node::Content(now)) || same.contains(&Node::Content(now.flipped()));
            let may = matches!(change.kind, ChangeKind::Reversal | ChangeKind::Unordered);
            let kinds = [ContradictionKind::Declared, ContradictionKind::Figures, ContradictionKind::Fact];
            let against = may && kinds.iter().any(|kind| self.contradict(now, then, *kind));
            must(is_one || against, || "a change between different contents".into())?;
        }
        self.change(event.claim, change.from, change.kind)?;
        let said = |claim| graph.times.get(graph.claims.said(claim));
        let ordered = match (said(event.claim), said(change.from)) {
            (Some(now), Some(then)) => certainly_before(&then, &now),
            _ => true,
        };
        must(ordered || matches!(change.kind, ChangeKind::Unordered | ChangeKind::Repetition), || {
            "a change against a claim that is not certainly earlier".into()
        })
    }

    /// A change of position is of the kind told: what is held of one content has grown, or shrunk, or is the same, or is the opposite.
    fn change(&self, now: ClaimId, then: ClaimId, kind: ChangeKind) -> Checked {
        let graph = self.sight.graph;
        let act = |claim| graph.lexicon.verb(graph.claims.verb(claim)).act;
        let weight = |claim| match (act(claim), graph.claims.flags(claim).commitment()) {
            (Act::Doubt, _) => 0,
            (Act::Retract, _) => 1,
            (_, Commitment::Uncommitted) => 2,
            (_, Commitment::Possible) => 3,
            (_, Commitment::Probable) => 4,
            (_, Commitment::Certain) => 5,
        };
        let said = |claim| graph.claims.content(claim).map(Node::Content);
        let (Some(content), Some(before)) = (said(now), said(then)) else { return Ok(()) };
        let same = self.same(content);
        let flips = (act(now) == Act::Retract) != (act(then) == Act::Retract);
        let (is_same, is_doubt) =
            (same.contains(&before) != flips, (weight(now) == 0) != (weight(then) == 0));
        let along = is_same || is_doubt;
        let fits = match kind {
            ChangeKind::Reversal => !along,
            ChangeKind::Repetition => along && weight(now) == weight(then),
            ChangeKind::Softening => along && weight(now) < weight(then),
            ChangeKind::Hardening => along && weight(now) > weight(then),
            ChangeKind::Unordered => true,
        };
        must(fits, || format!("the change of claim {} is not {}", now.0, kind.word()))
    }

    /// What changed: its new claims are on record now, say that or the opposite, and were not out before.
    pub fn changed(&self, found: &Changed, before: &Verifier<'_>) -> Checked {
        let graph = self.sight.graph;
        let same = self.same(Node::Content(found.content));
        let opposite = self.same(Node::Content(found.content.flipped()));
        for claim in &found.claims {
            self.claim(*claim)?;
            let said = graph.claims.content(*claim).map(Node::Content);
            let fits = said.is_some_and(|said| same.contains(&said) || opposite.contains(&said));
            must(fits, || "a claim says something else".into())?;
            must(before.ways_of(*claim).next().is_none(), || "a new claim was out before".into())?;
        }
        Ok(())
    }

    /// A figure is its proposition's, and those that agree have a value in common.
    pub fn figures(&self, found: &[Claimed]) -> Checked {
        let graph = self.sight.graph;
        for one in found {
            self.claim(one.claim)?;
            let mut figures = graph.propositions.figures(one.proposition);
            let figure = figures.nth(one.place as usize);
            must(figure.is_some_and(|figure| figure.bound == one.bound), || "a figure is not there".into())?;
        }
        for one in found.iter().filter(|one| one.fits == Fit::Core) {
            let others = found.iter().filter(|other| other.fits == Fit::Core && other.measure == one.measure);
            for other in others {
                let apart = one.bound.high < other.bound.low || other.bound.high < one.bound.low;
                must(!apart, || "figures that agree exclude each other".into())?;
            }
        }
        Ok(())
    }

    /// A silence: the refusal or question is there; who is on record with nothing said nothing in these claims.
    pub fn silence(&self, found: &Silence, claims: &[ClaimId]) -> Checked {
        let graph = self.sight.graph;
        let act = |claim| graph.lexicon.verb(graph.claims.verb(claim)).act;
        match found.kind {
            SilenceKind::Refused(claim) => {
                self.claim(claim)?;
                let refuses =
                    act(claim) == Act::Refuse && self.party_has(graph.claims.source(claim), found.who);
                must(refuses, || "nobody refused so".into())
            }
            SilenceKind::Asked(claim, _) => {
                self.claim(claim)?;
                let asked = act(claim) == Act::Ask && self.party_has(graph.claims.listener(claim), found.who);
                must(asked, || "nobody was asked so".into())
            }
            SilenceKind::Nothing => {
                let speaks = |claim: &&ClaimId| {
                    act(**claim).is_speech() && self.party_has(graph.claims.source(**claim), found.who)
                };
                let spoke = claims.iter().filter(speaks).any(|claim| self.ways_of(*claim).next().is_some());
                must(!spoke, || "somebody spoke who is told to be on record with nothing".into())
            }
        }
    }
}

fn certainly_before(one: &Time, other: &Time) -> bool {
    one.before(other) == Truth::Certain
}
