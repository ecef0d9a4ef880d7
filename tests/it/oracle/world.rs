//! The graph as plain lists of plain structs, read once through its public API. It holds no index and answers nothing.

use dixit::graph::{Graph, Node, Party};
use dixit::model::{
    Basis, ClaimId, ClaimRef, DocumentId, EntityId, EntityKind, Figure, Grade, HopId, Lexicon, LinkRelation,
    PropositionId, StringId, Time, TimeId, VerbId, fold,
};
use std::collections::BTreeMap;

/// Everything a question can be asked about.
#[derive(Debug)]
pub(crate) struct World {
    pub entities: Vec<Entity>,
    pub propositions: Vec<Proposition>,
    pub claims: Vec<Claim>,
    pub documents: Vec<Document>,
    pub links: Vec<(Thing, LinkRelation, Thing)>,
    pub affiliations: Vec<Affiliation>,
    pub ratings: Vec<Rating>,
    pub lexicon: Lexicon,
}

/// A content: a proposition by its place, or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Content {
    pub at: usize,
    pub not: bool,
}

/// A claim, or a relay of it by its hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Act {
    pub claim: usize,
    pub hop: Option<u32>,
}

/// An end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Content(Content),
    Act(Act),
    Entity(usize),
    Document(usize),
}

#[derive(Debug)]
pub(crate) struct Entity {
    pub name: String,
    /// Every name of it and of whatever is the same.
    pub names: Vec<String>,
    pub ids: Vec<String>,
    pub kinds: Vec<EntityKind>,
    pub own_names: Vec<String>,
    pub unnamed: bool,
    pub qualifier: Option<String>,
    /// The first recorded of those that are the same.
    pub one: usize,
}

#[derive(Debug)]
pub(crate) struct Proposition {
    pub text: String,
    pub subjects: Vec<usize>,
    pub condition: Option<Content>,
    pub time: Option<Time>,
    pub modality: &'static str,
    pub language: Option<String>,
    pub figures: Vec<(String, Figure, Option<String>)>,
    /// Attribute, value as entity, value as text.
    pub facts: Vec<(String, Option<usize>, Option<String>)>,
    /// The first recorded of those that are the same, and whether it is its opposite.
    pub one: Content,
}

#[derive(Debug)]
pub(crate) struct Claim {
    pub id: String,
    pub sources: Vec<usize>,
    pub verb: VerbId,
    pub content: Option<Content>,
    pub listeners: Vec<usize>,
    pub said: Option<Time>,
    pub hedge: Option<String>,
    pub verbatim: bool,
    /// Known and free fields in braces.
    pub fields: BTreeMap<String, String>,
    pub void_at: Option<i64>,
    pub recorded: i64,
    /// Where it came out; nothing where it was recorded on its own.
    pub appearances: Vec<Appearance>,
    /// Every relay of it, by number.
    pub relays: Vec<u32>,
    pub one: usize,
}

/// One way in which a claim came out.
#[derive(Debug, Clone)]
pub(crate) struct Appearance {
    pub number: u32,
    /// From the speaker outwards.
    pub hops: Vec<Hop>,
    pub document: Option<usize>,
    pub published: Option<Time>,
    pub recorded: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Hop {
    pub number: u32,
    pub id: Option<String>,
    pub sources: Vec<usize>,
    pub verb: VerbId,
    pub listeners: Vec<usize>,
    pub time: Option<Time>,
    pub hedge: Option<String>,
    pub inferred: bool,
    pub negated: bool,
}

#[derive(Debug)]
pub(crate) struct Document {
    pub key: String,
    pub outlet: Option<usize>,
    pub title: Option<String>,
    pub language: Option<String>,
    pub published: Option<Time>,
    pub cites: Vec<Thing>,
}

#[derive(Debug)]
pub(crate) struct Affiliation {
    pub member: usize,
    pub group: Option<usize>,
    pub role: Option<String>,
    pub period: Option<Time>,
    pub is_membership: bool,
}

#[derive(Debug)]
pub(crate) struct Rating {
    pub assessor: usize,
    pub what: Thing,
    pub grade: Grade,
    pub about: Vec<usize>,
    pub period: Option<Time>,
}

impl World {
    pub(crate) fn of(graph: &Graph) -> World {
        let links: Vec<_> = graph.links.iter().map(|l| (thing(l.left), l.relation, thing(l.right))).collect();
        let read = Reader { graph, same: Same::of(&links) };
        let entities = (0..graph.entities.len() as u32).map(|at| read.entity(EntityId(at))).collect();
        let propositions = (0..graph.propositions.len() as u32).map(|at| read.proposition(PropositionId(at)));
        let propositions = propositions.collect();
        let claims = (0..graph.claims.len() as u32).map(|at| read.claim(ClaimId(at))).collect();
        let documents = (0..graph.documents.len() as u32).map(|at| read.document(DocumentId(at))).collect();
        let affiliations = graph.entities.all_affiliations().map(|known| Affiliation {
            member: read.one(known.member),
            group: known.group.some().map(|group| read.one(group)),
            role: read.text(known.role),
            period: read.time(known.period),
            is_membership: known.is_membership,
        });
        let ratings = graph.ratings.iter().map(|known| Rating {
            assessor: read.one(known.assessor),
            what: match known.what {
                Node::Entity(entity) => Thing::Entity(read.one(entity)),
                other => thing(other),
            },
            grade: known.grade,
            about: known.about.iter().map(|topic| read.one(*topic)).collect(),
            period: read.time(known.period),
        });
        World {
            entities,
            propositions,
            claims,
            documents,
            affiliations: affiliations.collect(),
            ratings: ratings.collect(),
            lexicon: graph.lexicon.clone(),
            links,
        }
    }

    /// The content that stands for this one.
    pub(crate) fn meant(&self, content: Content) -> Content {
        let one = self.propositions[content.at].one;
        Content { at: one.at, not: one.not != content.not }
    }

    /// A content as a negation: as it is worded, else by the first that is the same and is worded so; `stated` by a `same as`.
    pub(crate) fn negation(&self, content: Content, stated: bool) -> Option<Content> {
        if content.not {
            return Some(content);
        }
        let named = |negation: &Content| {
            let end = Thing::Content(*negation);
            let same = |relation: &LinkRelation| *relation == LinkRelation::SameAs;
            self.links.iter().any(|(left, relation, right)| same(relation) && [left, right].contains(&&end))
        };
        let all = (0..self.propositions.len()).map(|at| Content { at, not: true });
        let mut same = all.filter(|other| self.meant(*other) == self.meant(content));
        same.find(|other| !stated || named(other))
    }

    /// The hop of a relay, by its number.
    pub(crate) fn hop(&self, act: Act) -> Option<&Hop> {
        let all = self.claims[act.claim].appearances.iter().flat_map(|appearance| &appearance.hops);
        all.into_iter().find(|hop| Some(hop.number) == act.hop)
    }

    /// A claim or relay as it is written in a sentence.
    pub(crate) fn act_text(&self, act: Act) -> String {
        let id = self.act_id(act);
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || "_-~".contains(c));
        if plain { format!("#{id}") } else { format!("#[{id}]") }
    }

    fn act_id(&self, act: Act) -> String {
        let claim = &self.claims[act.claim];
        let base = if claim.id.is_empty() { format!("_{}", act.claim + 1) } else { claim.id.clone() };
        let Some(hop) = act.hop else { return base };
        let own = self.hop(act).and_then(|hop| hop.id.clone());
        let place = claim.relays.iter().position(|relay| *relay == hop).unwrap();
        own.unwrap_or_else(|| format!("{base}~{}", place + 1))
    }

    /// Every claim and relay.
    pub(crate) fn acts(&self) -> Vec<Act> {
        let mut acts = Vec::new();
        for (claim, known) in self.claims.iter().enumerate() {
            acts.push(Act { claim, hop: None });
            acts.extend(known.relays.iter().map(|hop| Act { claim, hop: Some(*hop) }));
        }
        acts
    }

    /// The claim or relay of an id.
    pub(crate) fn act_of(&self, id: &str) -> Option<Act> {
        self.acts().into_iter().find(|act| self.act_id(*act) == id)
    }
}

fn thing(node: Node) -> Thing {
    match node {
        Node::Content(content) => {
            Thing::Content(Content { at: content.proposition.index(), not: content.negated })
        }
        Node::Claim(claim) => Thing::Act(act(claim)),
        Node::Entity(entity) => Thing::Entity(entity.index()),
        Node::Document(document) => Thing::Document(document.index()),
    }
}

fn act(claim: ClaimRef) -> Act {
    Act { claim: claim.claim.index(), hop: claim.hop.some().map(|hop| hop.0) }
}

/// Which things are the same, by going over the links until nothing more follows.
struct Same {
    entities: BTreeMap<usize, usize>,
    propositions: BTreeMap<usize, Content>,
    claims: BTreeMap<usize, usize>,
}

impl Same {
    fn of(links: &[(Thing, LinkRelation, Thing)]) -> Same {
        let mut same =
            Same { entities: BTreeMap::new(), propositions: BTreeMap::new(), claims: BTreeMap::new() };
        loop {
            let mut changed = false;
            for (left, relation, right) in links {
                if *relation != LinkRelation::SameAs {
                    continue;
                }
                match (*left, *right) {
                    (Thing::Entity(a), Thing::Entity(b)) => changed |= lower(&mut same.entities, a, b),
                    (Thing::Act(a), Thing::Act(b)) => changed |= lower(&mut same.claims, a.claim, b.claim),
                    (Thing::Content(a), Thing::Content(b)) => {
                        let opposite = a.not != b.not;
                        let (one_a, one_b) = (same.content(a.at), same.content(b.at));
                        let first = if one_b.at < one_a.at {
                            one_b
                        } else {
                            Content { at: one_a.at, not: one_a.not != opposite }
                        };
                        if one_a.at != one_b.at {
                            // `first` is what the right end means; the left end means its opposite or itself.
                            same.propositions.insert(b.at, first);
                            same.propositions
                                .insert(a.at, Content { at: first.at, not: first.not != opposite });
                            changed = true;
                        }
                    }
                    _ => {}
                }
            }
            if !changed {
                return same;
            }
        }
    }

    fn content(&self, at: usize) -> Content {
        self.propositions.get(&at).copied().unwrap_or(Content { at, not: false })
    }
}

/// Makes both stand for the lower of what they stand for; true where that changed anything.
fn lower(one: &mut BTreeMap<usize, usize>, a: usize, b: usize) -> bool {
    let of = |at: usize| one.get(&at).copied().unwrap_or(at);
    let (one_a, one_b) = (of(a), of(b));
    let first = one_a.min(one_b);
    one.insert(a, first);
    one.insert(b, first);
    one_a != one_b
}

struct Reader<'g> {
    graph: &'g Graph,
    same: Same,
}

impl Reader<'_> {
    fn one(&self, entity: EntityId) -> usize {
        self.same.entities.get(&entity.index()).copied().unwrap_or(entity.index())
    }

    fn text(&self, id: StringId) -> Option<String> {
        id.some().map(|id| self.graph.strings.get(id).to_string())
    }

    fn time(&self, id: TimeId) -> Option<Time> {
        id.some().and_then(|id| self.graph.times.get(id))
    }

    fn party(&self, party: Party) -> Vec<usize> {
        distinct(self.graph.entities.party(party).map(|entity| self.one(entity)))
    }

    fn entity(&self, entity: EntityId) -> Entity {
        let known = &self.graph.entities;
        let own_names = |entity| known.names(entity).map(|(name, _)| name.to_string());
        let all = (0..known.len() as u32).map(EntityId).filter(|other| self.one(*other) == self.one(entity));
        let all: Vec<EntityId> = all.collect();
        let kinds = all.iter().map(|one| known.kind(*one)).filter(|kind| *kind != EntityKind::Unknown);
        Entity {
            name: known.name(entity).into(),
            names: all.iter().flat_map(|one| own_names(*one)).collect(),
            ids: all.iter().flat_map(|one| known.external_ids(*one)).map(str::to_string).collect(),
            kinds: distinct(kinds),
            own_names: own_names(entity).collect(),
            unnamed: known.is_unnamed(entity),
            qualifier: known.qualifier(entity).map(|id| fold(self.graph.strings.get(id)).into_owned()),
            one: self.one(entity),
        }
    }

    fn proposition(&self, at: PropositionId) -> Proposition {
        let known = &self.graph.propositions;
        let figures = known
            .figures(at)
            .map(|figure| (self.graph.strings.get(figure.what).to_string(), figure, self.text(figure.unit)));
        let facts = known.facts(at).map(|fact| {
            let entity = fact.entity.some().map(|entity| self.one(entity));
            (self.graph.strings.get(fact.attribute).to_string(), entity, self.text(fact.text))
        });
        // What is said of the topics of one content holds for all that are the same.
        let one_with = (0..known.len() as u32).map(PropositionId);
        let one = self.same.content(at.index()).at;
        let one_with = one_with.filter(|other| self.same.content(other.index()).at == one);
        Proposition {
            text: known.text(at).into(),
            subjects: distinct(one_with.flat_map(|at| known.subjects(at)).map(|entity| self.one(entity))),
            condition: known
                .condition(at)
                .map(|content| Content { at: content.proposition.index(), not: content.negated }),
            time: self.time(known.time(at)),
            modality: known.modality(at).word(),
            language: self.text(known.language(at)),
            figures: figures.collect(),
            facts: facts.collect(),
            one: self.same.content(at.index()),
        }
    }

    fn claim(&self, claim: ClaimId) -> Claim {
        let graph = self.graph;
        let known = &graph.claims;
        let flags = known.flags(claim);
        let content = known
            .content(claim)
            .map(|content| Content { at: content.proposition.index(), not: content.negated });
        let yes_no = |on: bool| if on { "yes" } else { "no" };
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (key, _, value) in graph.fields.of_claim(claim) {
            fields.entry(graph.strings.get(key).into()).or_insert_with(|| value.into());
        }
        let own = [
            ("mode", flags.mode().word()),
            ("commitment", flags.commitment().word()),
            ("basis", flags.basis().word()),
            ("repeated", yes_no(flags.repeated())),
            ("translated", yes_no(flags.translated())),
        ];
        fields.extend(own.map(|(key, value)| (key.to_string(), value.to_string())));
        fields.extend(self.text(known.medium(claim)).map(|medium| ("medium".to_string(), medium)));
        let appearances: Vec<Appearance> = known
            .appearances(claim)
            .map(|appearance| {
                let (outermost, document) = graph.chains.appearance(appearance);
                let hops = graph.chains.outwards(outermost);
                let later = graph.log.batches().filter(|batch| batch.first_appearance <= appearance.0);
                Appearance {
                    number: appearance.0,
                    hops: hops.into_iter().map(|hop| self.hop(claim, hop)).collect(),
                    document: document.some().map(DocumentId::index),
                    published: document.some().and_then(|d| self.time(graph.documents.published(d))),
                    recorded: later.last().map_or(0, |batch| batch.at),
                }
            })
            .collect();
        let mut relays: Vec<u32> = appearances.iter().flat_map(|a| &a.hops).map(|hop| hop.number).collect();
        relays.sort_unstable();
        relays.dedup();
        Claim {
            id: known.id(claim).into(),
            sources: self.party(known.source(claim)),
            verb: known.verb(claim),
            content,
            listeners: self.party(known.listener(claim)),
            said: self.time(known.said(claim)),
            hedge: self.text(known.hedge(claim)),
            verbatim: flags.verbatim(),
            fields,
            void_at: known.void(claim).map(|(_, at)| at),
            recorded: graph.log.recorded(claim).unwrap_or(0),
            appearances,
            relays,
            one: self.same.claims.get(&claim.index()).copied().unwrap_or(claim.index()),
        }
    }

    fn hop(&self, claim: ClaimId, at: HopId) -> Hop {
        let hop = self.graph.chains.hop(at).unwrap();
        Hop {
            number: at.0,
            id: self.graph.chains.id(claim.0, at).map(str::to_string),
            sources: self.party(hop.source),
            verb: hop.verb,
            listeners: self.party(hop.listener),
            time: self.time(hop.time),
            hedge: self.text(hop.hedge),
            inferred: hop.basis == Basis::Inferred,
            negated: hop.negated,
        }
    }

    fn document(&self, document: DocumentId) -> Document {
        let known = &self.graph.documents;
        let documents = known.cites_documents(document).iter().map(|at| Thing::Document(at as usize));
        let sources = known.cites_sources(document).iter().map(|at| Thing::Entity(self.one(EntityId(at))));
        Document {
            key: known.key(document).into(),
            outlet: known.outlet(document).some().map(|outlet| self.one(outlet)),
            title: Some(known.title(document).to_string()).filter(|title| !title.is_empty()),
            language: known.language(document).some().map(|id| self.graph.strings.get(id).to_string()),
            published: self.time(known.published(document)),
            cites: documents.chain(sources).collect(),
        }
    }
}

/// Each once, in the order met.
pub(crate) fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}
