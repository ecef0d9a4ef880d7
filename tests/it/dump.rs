//! A graph as text, number by number: two graphs with the same dump answer everything alike.

use dixit::graph::{Graph, Hop, Node, Party};
use dixit::model::{AppearanceId, ClaimId, DocumentId, EntityId, HopId, PropositionId, StringId, TimeId};
use dixit::syntax::{parse, print_sentence};
use std::fmt::Write as _;

/// Everything that is recorded, but for the log: entities, propositions, documents, hops, claims, and what is stated of them.
pub(crate) fn dump(graph: &Graph) -> String {
    let mut out = String::new();
    let dump = Dump::of(graph);
    for verb in graph.lexicon.defined() {
        let _ = writeln!(out, "verb {verb:?}");
    }
    for rule in graph.rules() {
        // Rules are kept as they were typed.
        let canonical: Vec<String> = parse(rule).sentences.iter().map(print_sentence).collect();
        let _ = writeln!(out, "rule {canonical:?}");
    }
    for entity in (0..graph.entities.len() as u32).map(EntityId) {
        let _ = writeln!(out, "{}", dump.entity(entity));
    }
    for proposition in (0..graph.propositions.len() as u32).map(PropositionId) {
        let _ = writeln!(out, "{}", dump.proposition(proposition));
    }
    for document in (0..graph.documents.len() as u32).map(DocumentId) {
        let _ = writeln!(out, "{}", dump.document(document));
    }
    for hop in &dump.hops {
        let _ = writeln!(out, "{}", dump.hop(*hop));
    }
    for claim in (0..graph.claims.len() as u32).map(ClaimId) {
        let _ = writeln!(out, "{}", dump.claim(claim));
    }
    for (id, claim, hop) in graph.chains.ids() {
        let _ = writeln!(out, "relay #{id} of {claim} is {:?}", dump.number(hop));
    }
    for known in graph.entities.all_affiliations() {
        let (role, period) = (dump.string(known.role), dump.time(known.period));
        let _ =
            writeln!(out, "{:?} in {:?} {role} {period} {}", known.member, known.group, known.is_membership);
    }
    for row in 0..graph.links.len() {
        let reason = graph.links.void_reason(row).map(|reason| graph.strings.get(reason));
        let _ = writeln!(out, "link {:?} void {reason:?}", graph.links.stated(row));
    }
    for rating in graph.ratings.iter() {
        let what: Node = rating.what;
        let period = dump.time(rating.period);
        let _ = writeln!(
            out,
            "rating {:?} {what:?} {} {:?} {period}",
            rating.assessor,
            rating.grade.word(),
            rating.about
        );
    }
    out
}

/// A graph with the hops and ways that claims have: those that became known with their cues leave others behind.
struct Dump<'g> {
    graph: &'g Graph,
    hops: Vec<HopId>,
    ways: Vec<AppearanceId>,
}

impl<'g> Dump<'g> {
    fn of(graph: &'g Graph) -> Self {
        let claims = (0..graph.claims.len() as u32).map(ClaimId);
        let mut ways: Vec<_> = claims.flat_map(|claim| graph.claims.appearances(claim)).collect();
        ways.sort_unstable();
        ways.dedup();
        let inwards = |way: &AppearanceId| graph.chains.inwards(graph.chains.appearance(*way).0);
        let mut hops: Vec<_> = ways.iter().flat_map(inwards).collect();
        hops.sort_unstable();
        hops.dedup();
        Dump { graph, hops, ways }
    }

    fn number(&self, hop: HopId) -> Option<usize> {
        self.hops.iter().position(|known| *known == hop)
    }

    fn string(&self, id: StringId) -> String {
        if id.is_some() { format!("{:?}", self.graph.strings.get(id)) } else { "-".into() }
    }

    fn time(&self, id: TimeId) -> String {
        match self.graph.times.written(id) {
            Some(known) => {
                format!(
                    "{}..{}{}{:?}",
                    known.time.from,
                    known.time.to,
                    self.string(known.written),
                    known.anchor
                )
            }
            None => "-".into(),
        }
    }

    fn party(&self, party: Party) -> Vec<u32> {
        self.graph.entities.party(party).map(|entity| entity.0).collect()
    }

    fn entity(&self, entity: EntityId) -> String {
        let entities = &self.graph.entities;
        let mut names: Vec<_> = entities.names(entity).collect();
        names[1..].sort_by_key(|(name, _)| *name);
        let mut ids: Vec<_> = entities.external_ids(entity).collect();
        ids.sort_unstable();
        let unnamed = entities.is_unnamed(entity).then(|| entities.cardinality(entity));
        let qualifier = entities.qualifier(entity).map(|id| self.string(id));
        // A tag that an export gave, so that the same one is meant again.
        let qualifier =
            qualifier.filter(|tag| unnamed.is_none() || !(tag.starts_with("\"u") && tag.len() > 12));
        let kind = entities.kind(entity).word();
        let same = self.graph.same.entity(entity).0;
        format!("e{} {kind} {names:?} {qualifier:?} {unnamed:?} {ids:?} ={same}", entity.0)
    }

    fn proposition(&self, at: PropositionId) -> String {
        let all = &self.graph.propositions;
        let subjects: Vec<_> = all.subjects(at).map(|one| one.0).collect();
        let figures: Vec<_> = all
            .figures(at)
            .map(|one| format!("{} {:?} {}", self.string(one.what), one.bound, self.string(one.unit)))
            .collect();
        let facts: Vec<_> = all
            .facts(at)
            .map(|one| format!("{} {:?} {}", self.string(one.attribute), one.entity, self.string(one.text)))
            .collect();
        let (time, language) = (self.time(all.time(at)), self.string(all.language(at)));
        format!(
            "p{} {:?} {} {:?} {time} {language} {subjects:?} {figures:?} {facts:?}",
            at.0,
            all.text(at),
            all.modality(at).word(),
            all.condition(at)
        )
    }

    fn document(&self, at: DocumentId) -> String {
        let all = &self.graph.documents;
        let mut sources: Vec<u32> = all.cites_sources(at).iter().collect();
        let mut documents: Vec<u32> = all.cites_documents(at).iter().collect();
        sources.sort_unstable();
        documents.sort_unstable();
        let (published, retrieved) = (self.time(all.published(at)), self.time(all.retrieved(at)));
        let fields: Vec<_> = self
            .graph
            .fields
            .of_document(at)
            .map(|(key, kind, value)| (self.string(key), kind, value))
            .collect();
        format!(
            "d{} {:?} {} {:?} {published} {retrieved} {:?} {} {documents:?} {sources:?} {fields:?}",
            at.0,
            all.key(at),
            all.is_address(at),
            all.outlet(at),
            all.title(at),
            self.string(all.language(at))
        )
    }

    fn hop(&self, at: HopId) -> String {
        let Some(hop) = self.graph.chains.hop(at) else { return String::new() };
        let Hop { parent, source, verb, listener, time, hedge, basis, negated, carries } = hop;
        format!(
            "h{:?} {:?} {:?} {} {:?} {} {} {} {negated} {carries}",
            self.number(at),
            self.number(parent),
            self.party(source),
            self.graph.lexicon.verb(verb).word,
            self.party(listener),
            self.time(time),
            self.string(hedge),
            basis.word()
        )
    }

    fn claim(&self, at: ClaimId) -> String {
        let all = &self.graph.claims;
        let way = |way: AppearanceId| {
            let (hop, document) = self.graph.chains.appearance(way);
            let number = self.ways.iter().position(|known| *known == way);
            format!("{number:?}: {:?} {document:?}", self.number(hop))
        };
        let ways: Vec<_> = all.appearances(at).map(way).collect();
        let fields: Vec<_> = self
            .graph
            .fields
            .of_claim(at)
            .map(|(key, kind, value)| (self.string(key), kind, value))
            .collect();
        let void = all.void(at).map(|(reason, _)| self.string(reason));
        format!(
            "c{} {:?} {:?} {} {:?} {:?} {} {} {:?} {} {ways:?} {fields:?} {void:?}",
            at.0,
            all.id(at),
            self.party(all.source(at)),
            self.graph.lexicon.verb(all.verb(at)).word,
            all.content(at),
            all.flags(at),
            self.time(all.said(at)),
            self.string(all.hedge(at)),
            self.party(all.listener(at)),
            self.string(all.medium(at))
        )
    }
}
