//! A claim as a sentence: the way in which it appeared, from the speaker outwards.

use super::naming::{Naming, bracketed, document};
use crate::graph::{Hop, Party};
use crate::model::{
    AppearanceId, Basis, Bound, ClaimFlags, ClaimId, Commitment, Content, Lexicon, Modality, PropositionId,
    Verb,
};
use crate::syntax::{claim_id, is_word, name, quoted};

/// The hedges that have a place of their own in a sentence; others go in braces.
const HEDGES: &[&str] = &["allegedly", "reportedly", "possibly", "probably"];

/// Words that mean something else where a hop has its cue.
const NO_CUES: &[&str] =
    &["allegedly", "reportedly", "possibly", "probably", "inferred", "marked", "today", "yesterday"];

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

/// A claim as it appeared in one way, with so many of its topics.
pub(super) fn sentence(naming: &Naming<'_>, claim: ClaimId, way: AppearanceId, topics: usize) -> String {
    let graph = naming.graph;
    let (outermost, published) = graph.chains.appearance(way);
    let mut act = innermost(naming, claim, topics);
    for hop in graph.chains.outwards(outermost) {
        let Some(known) = graph.chains.hop(hop) else { continue };
        let own_id = naming.relay(claim, hop);
        if own_id.is_none() && is_plain(naming, &known) {
            act.adjuncts.push(via(naming, &known));
        } else {
            act = around(naming, &act, &known, own_id);
        }
    }
    if published.is_some() {
        act.adjuncts.push(format!("source {}", document(graph, published)));
    }
    act.text() + "."
}

/// Whether a hop is told with `via`: whoever denies, doubts or has no name is told as speech about speech.
fn is_plain(naming: &Naming<'_>, hop: &Hop) -> bool {
    let verb = naming.graph.lexicon.verb(hop.verb);
    let named = naming.party(hop.source).all(|source| !naming.graph.entities.is_unnamed(source));
    let inferred = hop.basis == Basis::Inferred;
    named
        && hop.listener == Party::NONE
        && !hop.negated
        && (inferred || verb.act.carries() && !NO_CUES.contains(&verb.word.as_str()))
}

fn cue(verb: &Verb) -> &str {
    if verb.word.is_empty() { "reported" } else { &verb.word }
}

fn via(naming: &Naming<'_>, hop: &Hop) -> String {
    let mut details = Vec::new();
    if hop.verb != Lexicon::RELAY {
        details.push(cue(naming.graph.lexicon.verb(hop.verb)).to_string());
    }
    details.extend(naming.time(hop.time));
    if hop.hedge.is_some() {
        details.push(naming.text(hop.hedge).into());
    }
    if hop.basis == Basis::Inferred {
        details.push("inferred".into());
    }
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    format!("via {}{details}", naming.topics(naming.party(hop.source)))
}

/// A hop told as speech about speech.
fn around(naming: &Naming<'_>, inner: &Act, hop: &Hop, id: Option<&str>) -> Act {
    let label = id.map(|id| format!("{}: ", claim_id(id))).unwrap_or_default();
    let verb = cue(naming.graph.lexicon.verb(hop.verb));
    let mut head = format!("{label}{} {verb}", naming.speakers(hop.source));
    if hop.listener != Party::NONE {
        head += &format!(" to {}", naming.speakers(hop.listener));
    }
    head += " that ";
    if hop.hedge.is_some() {
        head += &format!("{} ", naming.text(hop.hedge));
    }
    if hop.negated {
        head += "not ";
    }
    head += &format!("({})", inner.text());
    let adjuncts = naming.time(hop.time).into_iter().map(|time| format!("on {time}")).collect();
    Act { head, adjuncts, braces: String::new() }
}

fn innermost(naming: &Naming<'_>, claim: ClaimId, topics: usize) -> Act {
    let (graph, claims) = (naming.graph, &naming.graph.claims);
    let verb = graph.lexicon.verb(claims.verb(claim));
    let flags = claims.flags(claim);
    let own = claims.id(claim);
    let label = if own.is_empty() { String::new() } else { format!("{}: ", claim_id(own)) };
    let mut head = format!("{label}{} {}", naming.speakers(claims.source(claim)), cue(verb));
    let listener = claims.listener(claim) != Party::NONE;
    if listener {
        head += &format!(" to {}", naming.speakers(claims.listener(claim)));
    }
    let mut act = Act { head, adjuncts: Vec::new(), braces: String::new() };
    let mut pairs: Vec<String> = Vec::new();
    let hedge = claims.hedge(claim).some().map(|hedge| naming.text(hedge));
    let mut told_hedge = None;
    if let Some(content) = claims.content(claim) {
        let text = graph.propositions.text(content.proposition);
        if !text.is_empty() {
            let not = content.negated != verb.negative;
            told_hedge = hedge.filter(|hedge| HEDGES.contains(hedge));
            act.head += if not || told_hedge.is_some() || listener { " that" } else { "" };
            act.head += &told_hedge.map(|hedge| format!(" {hedge}")).unwrap_or_default();
            act.head += if not { " not " } else { " " };
            act.head += &quoted(text);
            act.head += if flags.verbatim() { " verbatim" } else { "" };
        }
        about(naming, content.proposition, topics, &mut act.adjuncts, &mut pairs);
    }
    if let Some(said) = naming.time(claims.said(claim)) {
        act.adjuncts.push(format!("on {said}"));
    }
    if let Some(hedge) = hedge.filter(|_| told_hedge.is_none()) {
        pairs.push(format!("hedge: {}", quoted(hedge)));
    }
    // A hedge says how far the speaker is committed, unless that is said too.
    if flags.commitment() != hedge.map_or(Commitment::Certain, Commitment::of_hedge) {
        pairs.push(format!("commitment: {}", flags.commitment().word()));
    }
    if flags.mode() != ClaimFlags::default().mode() {
        pairs.push(format!("mode: {}", flags.mode().word()));
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
        pairs.push(format!("medium: {}", quoted(naming.text(claims.medium(claim)))));
    }
    pairs.extend(graph.fields.of_claim(claim).map(|(key, kind, value)| naming.pair(key, kind, value)));
    if !pairs.is_empty() {
        act.braces = format!(" {{{}}}", pairs.join(", "));
    }
    act
}

/// What a sentence says of its proposition.
fn about(
    naming: &Naming<'_>,
    proposition: PropositionId,
    topics: usize,
    adjuncts: &mut Vec<String>,
    pairs: &mut Vec<String>,
) {
    let propositions = &naming.graph.propositions;
    let topics = naming.topics(propositions.subjects(proposition).take(topics));
    if !topics.is_empty() {
        adjuncts.push(format!("about {topics}"));
    }
    adjuncts.extend(terms(naming, proposition));
    pairs.extend(modality(naming, proposition));
    if let Some(language) = propositions.language(proposition).some() {
        pairs.push(format!("language: {}", quoted(naming.text(language))));
    }
}

/// A content where a text stands for it: with its terms.
pub(super) fn content(naming: &Naming<'_>, content: Content) -> String {
    let not = if content.negated { "not " } else { "" };
    let mut out = format!("{not}{}", quoted(naming.graph.propositions.text(content.proposition)));
    terms(naming, content.proposition).iter().for_each(|term| out += &format!(" {term}"));
    modality(naming, content.proposition).iter().for_each(|pair| out += &format!(" {{{pair}}}"));
    out
}

/// The terms that stand without braces: the time spoken of, the condition, figures and facts.
fn terms(naming: &Naming<'_>, proposition: PropositionId) -> Vec<String> {
    let propositions = &naming.graph.propositions;
    let mut adjuncts = Vec::new();
    adjuncts.extend(naming.time(propositions.time(proposition)).map(|period| format!("for {period}")));
    if let Some(condition) = propositions.condition(proposition) {
        let not = if condition.negated { "not " } else { "" };
        adjuncts.push(format!("if {not}{}", quoted(propositions.text(condition.proposition))));
    }
    for figure in propositions.figures(proposition) {
        let unit =
            figure.unit.some().map_or_else(String::new, |unit| format!(" {}", self::unit(naming.text(unit))));
        adjuncts.push(format!("with {} {}{unit}", label(naming.text(figure.what)), bound(&figure.bound)));
    }
    for fact in propositions.facts(proposition) {
        let value = match fact.entity.some() {
            Some(entity) => naming.named(entity),
            None => quoted(naming.text(fact.text)),
        };
        adjuncts.push(format!("with {} = {value}", label(naming.text(fact.attribute))));
    }
    adjuncts
}

fn modality(naming: &Naming<'_>, proposition: PropositionId) -> Option<String> {
    let modality = naming.graph.propositions.modality(proposition);
    (modality != Modality::Actual).then(|| format!("modality: {}", modality.word()))
}

/// What is counted, or an attribute.
fn label(label: &str) -> String {
    if is_word(label) { label.into() } else { name(label, None) }
}

fn unit(unit: &str) -> String {
    if is_word(unit) { unit.into() } else { bracketed(unit) }
}

/// A bound as it is typed; a plain number needs its `=`.
fn bound(bound: &Bound) -> String {
    let written = bound.written();
    let plain = written.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if plain { format!("= {written}") } else { written }
}
