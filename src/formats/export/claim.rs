//! Claims as sentences: one for each way in which a claim appeared.

use super::declared::{key, pair};
use crate::graph::{Graph, Hop, Party};
use crate::model::{
    AppearanceId, Basis, Bound, ClaimFlags, ClaimId, ClaimRef, Commitment, EntityId, HopId, Lexicon,
    Modality, PropositionId, TimeId, Verb, fold,
};
use crate::syntax::quoted;
use std::io;

/// Every claim in the order recorded.
pub(super) fn all(graph: &Graph) -> impl Iterator<Item = ClaimId> + use<> {
    (0..graph.claims.len() as u32).map(ClaimId)
}

/// A claim by its id.
pub(super) fn claim_id(graph: &Graph, claim: ClaimRef) -> String {
    crate::syntax::claim_id(&graph.claim_id(claim))
}

/// An entity so that its name finds it again: with its qualifier where the name is not enough.
pub(super) fn named(graph: &Graph, entity: EntityId) -> String {
    let name = graph.entities.name(entity);
    let qualifier = graph.entities.qualifier(entity).map(|id| graph.strings.get(id));
    if qualifier.is_none() && !graph.entities.is_unnamed(entity) {
        let others = graph.entities.with_name(&fold(name));
        if others.iter().filter(|other| !graph.entities.is_unnamed(**other)).nth(1).is_some() {
            return crate::syntax::name(name, Some(""));
        }
    }
    if graph.entities.is_unnamed(entity) && qualifier.is_none() {
        return format!("[{name}]");
    }
    crate::syntax::name(name, qualifier)
}

fn list(graph: &Graph, party: Party) -> String {
    graph.entities.party(party).map(|entity| named(graph, entity)).collect::<Vec<_>>().join(", ")
}

/// A time with its expression as written.
pub(super) fn timed(graph: &Graph, id: TimeId) -> Option<String> {
    let known = graph.times.written(id)?;
    let mut out = known.time.to_string();
    if known.written.is_some() {
        let from = known.anchor.map(|anchor| format!(" from {}", crate::model::Time::day_of(anchor)));
        out += &format!(" ({}{})", quoted(graph.strings.get(known.written)), from.unwrap_or_default());
    }
    Some(out)
}

/// The sentences of a claim, each given on its own.
pub(super) fn sentences(
    graph: &Graph,
    claim: ClaimId,
    each: &mut dyn FnMut(String) -> io::Result<()>,
) -> io::Result<()> {
    let mut ways: Vec<AppearanceId> = graph.claims.appearances(claim).collect();
    if ways.is_empty() {
        ways.push(AppearanceId::NONE);
    }
    for way in ways {
        each(sentence(graph, claim, way))?;
    }
    Ok(())
}

/// One act of a sentence that is being put together from the inside outwards.
struct Act {
    head: String,
    adjuncts: Vec<String>,
    braces: String,
}

impl Act {
    fn text(&self) -> String {
        let mut out = self.head.clone();
        self.adjuncts.iter().for_each(|adjunct| out += &format!(" {adjunct}"));
        out + &self.braces
    }
}

fn sentence(graph: &Graph, claim: ClaimId, way: AppearanceId) -> String {
    let (outermost, document) = graph.chains.appearance(way);
    let mut act = innermost(graph, claim);
    for hop in graph.chains.outwards(outermost) {
        let Some(known) = graph.chains.hop(hop) else { continue };
        let own_id = graph.chains.id(claim.0, hop);
        if own_id.is_none() && is_plain(graph, &known) {
            act.adjuncts.push(via(graph, &known));
        } else {
            act = around(graph, &act, &known, own_id);
        }
    }
    if document.is_some() {
        act.adjuncts.push(format!("source {}", key(graph, document)));
    }
    act.text() + "."
}

/// Whether a hop can be told with `via`.
fn is_plain(graph: &Graph, hop: &Hop) -> bool {
    let one = hop.source.one().is_some_and(|source| !graph.entities.is_unnamed(source));
    one && hop.listener == Party::NONE && !hop.negated
}

fn cue(verb: &Verb) -> &str {
    if verb.word.is_empty() { "reported" } else { &verb.word }
}

fn via(graph: &Graph, hop: &Hop) -> String {
    let mut details = Vec::new();
    if hop.verb != Lexicon::RELAY {
        details.push(cue(graph.lexicon.verb(hop.verb)).to_string());
    }
    if hop.basis == Basis::Inferred {
        details.push("inferred".into());
    }
    details.extend(timed(graph, hop.time));
    if hop.hedge.is_some() {
        details.push(graph.strings.get(hop.hedge).into());
    }
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    format!("via {}{details}", list(graph, hop.source))
}

/// A hop told as speech about speech.
fn around(graph: &Graph, inner: &Act, hop: &Hop, id: Option<&str>) -> Act {
    let label = id.map(|id| format!("{}: ", crate::syntax::claim_id(id))).unwrap_or_default();
    let mut head = format!("{label}{} {}", list(graph, hop.source), cue(graph.lexicon.verb(hop.verb)));
    if hop.listener != Party::NONE {
        head += &format!(" to {}", list(graph, hop.listener));
    }
    head += " that ";
    if hop.hedge.is_some() {
        head += &format!("{} ", graph.strings.get(hop.hedge));
    }
    if hop.negated {
        head += "not ";
    }
    head += &format!("({})", inner.text());
    let adjuncts = timed(graph, hop.time).into_iter().map(|time| format!("on {time}")).collect();
    Act { head, adjuncts, braces: String::new() }
}

fn innermost(graph: &Graph, claim: ClaimId) -> Act {
    let claims = &graph.claims;
    let verb = graph.lexicon.verb(claims.verb(claim));
    let flags = claims.flags(claim);
    let own = claims.id(claim);
    let label = if own.is_empty() { String::new() } else { format!("{}: ", crate::syntax::claim_id(own)) };
    let mut head = format!("{label}{} {}", list(graph, claims.source(claim)), cue(verb));
    if claims.listener(claim) != Party::NONE {
        head += &format!(" to {}", list(graph, claims.listener(claim)));
    }
    let mut act = Act { head, adjuncts: Vec::new(), braces: String::new() };
    let mut pairs: Vec<String> = Vec::new();
    let hedge = claims.hedge(claim);
    let hedge = hedge.is_some().then(|| graph.strings.get(hedge));
    if let Some(content) = claims.content(claim) {
        let proposition = content.proposition;
        let text = graph.propositions.text(proposition);
        if !text.is_empty() {
            act.head += &hedge.map(|hedge| format!(" {hedge}")).unwrap_or_default();
            act.head += if content.negated == verb.negative { " " } else { " that not " };
            act.head += &quoted(text);
            act.head += if flags.verbatim() { " verbatim" } else { "" };
        }
        about(graph, proposition, &mut act.adjuncts, &mut pairs);
    }
    if let Some(said) = timed(graph, claims.said(claim)) {
        act.adjuncts.push(format!("on {said}"));
    }
    let mode = flags.mode();
    if mode != ClaimFlags::default().mode() {
        pairs.push(format!("mode: {}", mode.word()));
    }
    if flags.commitment() != hedge.map_or(ClaimFlags::default().commitment(), Commitment::of_hedge) {
        pairs.push(format!("commitment: {}", flags.commitment().word()));
    }
    if flags.basis() != Basis::Marked {
        pairs.push(format!("basis: {}", flags.basis().word()));
    }
    if flags.repeated() {
        pairs.push("repeated: yes".into());
    }
    if flags.translated() {
        pairs.push("translated: yes".into());
    }
    if claims.medium(claim).is_some() {
        pairs.push(format!("medium: {}", quoted(graph.strings.get(claims.medium(claim)))));
    }
    pairs.extend(graph.fields.of_claim(claim).map(|(key, kind, value)| pair(graph, key, kind, value)));
    if !pairs.is_empty() {
        act.braces = format!(" {{{}}}", pairs.join(", "));
    }
    act
}

/// What a sentence says of its proposition.
fn about(graph: &Graph, proposition: PropositionId, adjuncts: &mut Vec<String>, pairs: &mut Vec<String>) {
    let propositions = &graph.propositions;
    let topics: Vec<String> = propositions.subjects(proposition).map(|topic| named(graph, topic)).collect();
    if !topics.is_empty() {
        adjuncts.push(format!("about {}", topics.join(", ")));
    }
    if let Some(period) = timed(graph, propositions.time(proposition)) {
        adjuncts.push(format!("for {period}"));
    }
    if let Some(condition) = propositions.condition(proposition) {
        let not = if condition.negated { "not " } else { "" };
        adjuncts.push(format!("if {not}{}", quoted(propositions.text(condition.proposition))));
    }
    for figure in propositions.figures(proposition) {
        let unit =
            figure.unit.some().map(|unit| format!(" [{}]", graph.strings.get(unit))).unwrap_or_default();
        adjuncts.push(format!("with [{}] {}{unit}", graph.strings.get(figure.what), bound(&figure.bound)));
    }
    for fact in propositions.facts(proposition) {
        let value = match fact.entity.some() {
            Some(entity) => named(graph, entity),
            None => quoted(graph.strings.get(fact.text)),
        };
        adjuncts.push(format!("with [{}] = {value}", graph.strings.get(fact.attribute)));
    }
    if propositions.modality(proposition) != Modality::Actual {
        pairs.push(format!("modality: {}", propositions.modality(proposition).word()));
    }
    let language = propositions.language(proposition);
    if language.is_some() {
        pairs.push(format!("language: {}", quoted(graph.strings.get(language))));
    }
}

/// A bound as it is typed; a plain number needs its `=`.
fn bound(bound: &Bound) -> String {
    let written = bound.written();
    if written.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        format!("= {written}")
    } else {
        written
    }
}

/// A hop's number, for rows.
pub(super) fn hops(graph: &Graph, way: AppearanceId) -> Vec<HopId> {
    graph.chains.outwards(graph.chains.appearance(way).0)
}
