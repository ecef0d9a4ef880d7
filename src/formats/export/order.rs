//! The order in which a graph is told: everything gets the number again that it has, whatever was first mentioned where. Numbers order
//! answers and are part of ids, so this is what makes an export answer like the graph it came from.
//!
//! Statements wait in lists, each in its own order. One is told as soon as all that it would be the first to mention is next in number.

use super::declared::{has_head, has_statement, own_spellings, shared_names};
use super::naming::Naming;
use crate::graph::{Affiliation, Link, NameRole, Node, Party, Rating};
use crate::model::{AppearanceId, ClaimId, ClaimRef, DocumentId, EntityId, LinkRelation, PropositionId};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// One statement, not yet in words.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement<'g> {
    Verb(usize),
    Rule(&'g str),
    Entity(EntityId),
    Name(EntityId, &'g str, NameRole),
    Head(DocumentId),
    /// A claim in one way, with so many of its topics.
    Claim(ClaimId, AppearanceId, usize),
    Affiliation(Affiliation),
    Rating(Rating),
    Link(usize),
    VoidLink(usize),
    VoidClaim(ClaimId),
}

/// What a statement may be the first to mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Entity(u32),
    Proposition(u32),
    Document(u32),
    Hop(u32),
    Claim(u32),
    Appearance(u32),
}

impl Thing {
    fn table(self) -> usize {
        match self {
            Thing::Entity(_) => 0,
            Thing::Proposition(_) => 1,
            Thing::Document(_) => 2,
            Thing::Hop(_) => 3,
            Thing::Claim(_) => 4,
            Thing::Appearance(_) => 5,
        }
    }

    fn number(self) -> u32 {
        match self {
            Thing::Entity(n)
            | Thing::Proposition(n)
            | Thing::Document(n)
            | Thing::Hop(n)
            | Thing::Claim(n)
            | Thing::Appearance(n) => n,
        }
    }

    fn with_number(self, n: u32) -> Thing {
        match self {
            Thing::Entity(_) => Thing::Entity(n),
            Thing::Proposition(_) => Thing::Proposition(n),
            Thing::Document(_) => Thing::Document(n),
            Thing::Hop(_) => Thing::Hop(n),
            Thing::Claim(_) => Thing::Claim(n),
            Thing::Appearance(_) => Thing::Appearance(n),
        }
    }
}

/// What was mentioned so far: of each table everything before a number, and some ahead of it.
#[derive(Debug, Clone, Default)]
struct Made {
    next: [u32; 6],
    ahead: BTreeSet<Thing>,
}

impl Made {
    fn has(&self, thing: Thing) -> bool {
        thing.number() < self.next[thing.table()] || self.ahead.contains(&thing)
    }

    fn add(&mut self, thing: Thing) {
        let next = &mut self.next[thing.table()];
        if thing.number() > *next {
            self.ahead.insert(thing);
        } else if thing.number() == *next {
            *next += 1;
            while self.ahead.remove(&thing.with_number(*next)) {
                *next += 1;
            }
        }
    }

    /// Whether things mentioned in this order get their numbers; else what has to be mentioned before.
    fn fits(&self, things: &[Thing]) -> Result<(), Thing> {
        let mut next = self.next;
        for thing in things {
            let next = &mut next[thing.table()];
            while self.ahead.contains(&thing.with_number(*next)) {
                *next += 1;
            }
            if thing.number() == *next {
                *next += 1;
            } else if thing.number() > *next && !self.ahead.contains(thing) {
                return Err(thing.with_number(*next));
            }
        }
        Ok(())
    }
}

type Tell<'t, 'g> = &'t mut dyn FnMut(&Statement<'g>) -> io::Result<()>;

/// A list of statements, of which only the first can be told.
struct List<'n, 'g> {
    rest: Box<dyn Iterator<Item = Statement<'g>> + 'n>,
    head: Option<Statement<'g>>,
}

impl<'n, 'g> List<'n, 'g> {
    fn of(mut rest: impl Iterator<Item = Statement<'g>> + 'n) -> Self {
        let head = rest.next();
        List { rest: Box::new(rest), head }
    }

    fn take(&mut self) -> Option<Statement<'g>> {
        std::mem::replace(&mut self.head, self.rest.next())
    }
}

/// Places in the array of lists.
const CLAIMS: usize = 2;
const LATER: usize = 3;
const LINKS: usize = 6;

/// Tells every statement of a graph.
pub(super) fn all<'g>(naming: &Naming<'g>, tell: Tell<'_, 'g>) -> io::Result<()> {
    let graph = naming.graph;
    for at in 0..graph.lexicon.defined().len() {
        tell(&Statement::Verb(at))?;
    }
    graph.rules().try_for_each(|rule| tell(&Statement::Rule(rule)))?;
    Telling::of(naming).all(tell)?;
    shared_names(naming).try_for_each(|(entity, name, role)| tell(&Statement::Name(entity, name, role)))?;
    for row in 0..graph.links.len() {
        if graph.links.void_reason(row).is_some() {
            tell(&Statement::VoidLink(row))?;
        }
    }
    let claims = (0..graph.claims.len() as u32).map(ClaimId);
    let mut void = claims.filter(|claim| graph.claims.void(*claim).is_some());
    void.try_for_each(|claim| tell(&Statement::VoidClaim(claim)))
}

struct Telling<'n, 'g> {
    naming: &'n Naming<'g>,
    made: Made,
    lists: [List<'n, 'g>; 7],
    /// The next way of each claim that was told and has more, with those after it.
    later: BTreeMap<(AppearanceId, ClaimId), std::vec::IntoIter<AppearanceId>>,
    /// Propositions of which some topics came later than the claims told, each with one of these claims.
    unfinished: BTreeMap<PropositionId, (ClaimId, AppearanceId)>,
}

impl<'n, 'g> Telling<'n, 'g> {
    fn of(naming: &'n Naming<'g>) -> Self {
        let graph = naming.graph;
        let entities = (0..graph.entities.len() as u32).map(EntityId);
        let named = entities.flat_map(move |entity| {
            let states = has_statement(naming, entity);
            let spellings = own_spellings(naming, entity);
            let spellings = spellings.map(move |name| Statement::Name(entity, name, NameRole::Spelling));
            states.then_some(Statement::Entity(entity)).into_iter().chain(spellings)
        });
        let documents = (0..graph.documents.len() as u32).map(DocumentId);
        let heads = documents.filter(move |document| has_head(naming, *document)).map(Statement::Head);
        let claims = (0..graph.claims.len() as u32).map(ClaimId).map(move |claim| {
            let first = graph.claims.appearances(claim).next().unwrap_or(AppearanceId::NONE);
            Statement::Claim(claim, first, 0)
        });
        let lists = [
            List::of(named),
            List::of(heads),
            List::of(claims),
            List::of(std::iter::empty()),
            List::of(graph.entities.all_affiliations().map(Statement::Affiliation)),
            List::of(graph.ratings.iter().map(Statement::Rating)),
            List::of((0..graph.links.len()).map(Statement::Link)),
        ];
        let mut made = Made::default();
        // The way of nobody in no document is there from the start.
        made.add(Thing::Appearance(0));
        replaced(naming).into_iter().for_each(|thing| made.add(thing));
        Telling { naming, made, lists, later: BTreeMap::new(), unfinished: BTreeMap::new() }
    }

    fn all(mut self, tell: Tell<'_, 'g>) -> io::Result<()> {
        loop {
            let ready = (0..self.lists.len()).find_map(|at| {
                let statement = self.head(at)?;
                let things = self.fitting(&statement).ok().filter(|_| !self.merges(&statement))?;
                Some((at, statement, things))
            });
            match ready {
                Some((at, statement, things)) => {
                    tell(&statement)?;
                    self.told(at, &statement, &things);
                }
                None if !self.unblock(tell)? => break,
                None => {}
            }
        }
        // Those that nothing else mentions any more.
        let graph = self.naming.graph;
        let entities = (0..graph.entities.len() as u32).map(Thing::Entity);
        let documents = (0..graph.documents.len() as u32).map(Thing::Document);
        entities.chain(documents).try_for_each(|thing| self.mention(thing, tell))?;
        // Telling a claim again adds nothing but the topics.
        self.unfinished
            .values()
            .try_for_each(|(claim, way)| tell(&Statement::Claim(*claim, *way, self.topics(*claim))))
    }

    /// What a statement mentions, where all of it would get its number; else what has to be mentioned before.
    fn fitting(&self, statement: &Statement<'g>) -> Result<Vec<Thing>, Thing> {
        let things = self.things(statement);
        if let Statement::Name(entity, _, NameRole::Spelling) = statement
            && !self.made.has(Thing::Entity(entity.0))
        {
            // Whoever is mentioned first by another spelling would have it as first name.
            return Err(Thing::Entity(self.made.next[0]));
        }
        // What is stated of a claim finds it; it makes none.
        let claims = match statement {
            Statement::Rating(rating) => [claim(rating.what), None],
            Statement::Link(row) => {
                self.link(*row).map_or([None; 2], |link| [claim(link.left), claim(link.right)])
            }
            _ => [None; 2],
        };
        for ClaimRef { claim, hop } in claims.into_iter().flatten() {
            let parts = [Some(Thing::Claim(claim.0)), hop.some().map(|hop| Thing::Hop(hop.0))];
            if let Some(missing) = parts.into_iter().flatten().find(|part| !self.made.has(*part)) {
                return Err(missing.with_number(self.made.next[missing.table()]));
            }
        }
        self.made.fits(&things).map(|()| things)
    }

    fn link(&self, row: usize) -> Option<Link> {
        self.naming.graph.links.stated(row)
    }

    /// Whether a link makes two entities one, so that names mean something else from there on.
    fn merges(&self, statement: &Statement<'g>) -> bool {
        let Statement::Link(row) = statement else { return false };
        let is_entity = |link: &Link| matches!(link.left, Node::Entity(_));
        self.link(*row).is_some_and(|link| link.relation == LinkRelation::SameAs && is_entity(&link))
    }

    /// Mentions a thing of which nothing else is left, where that can be done.
    fn mention(&mut self, thing: Thing, tell: Tell<'_, 'g>) -> io::Result<()> {
        let stated = match thing {
            _ if self.made.has(thing) => return Ok(()),
            Thing::Entity(entity) if !self.naming.graph.entities.is_unnamed(EntityId(entity)) => {
                let name = self.naming.graph.entities.name(EntityId(entity));
                Some(Statement::Name(EntityId(entity), name, NameRole::First))
            }
            Thing::Document(document) => Some(Statement::Head(DocumentId(document))),
            _ => None,
        };
        if let Some(stated) = stated
            && let Ok(things) = self.fitting(&stated)
        {
            tell(&stated)?;
            things.into_iter().for_each(|thing| self.made.add(thing));
        }
        self.made.add(thing);
        Ok(())
    }

    /// The first statement of a list, a claim with as many topics as can be mentioned now.
    fn head(&self, list: usize) -> Option<Statement<'g>> {
        let head = match self.later.keys().next() {
            Some((way, claim)) if list == LATER => Statement::Claim(*claim, *way, 0),
            _ => self.lists.get(list)?.head.clone()?,
        };
        Some(match head {
            Statement::Claim(claim, way, _) => Statement::Claim(claim, way, self.topics(claim)),
            other => other,
        })
    }

    fn told(&mut self, list: usize, statement: &Statement<'g>, things: &[Thing]) {
        things.iter().for_each(|thing| self.made.add(*thing));
        let mut more = Vec::new().into_iter();
        if list == LATER {
            more = self.later.pop_first().map_or(more, |(_, more)| more);
        } else if let Some(list) = self.lists.get_mut(list) {
            list.take();
            if let Statement::Claim(claim, way, _) = statement {
                let ways = self.naming.graph.claims.appearances(*claim);
                more = ways.skip(usize::from(way.is_some())).collect::<Vec<_>>().into_iter();
            }
        }
        let Statement::Claim(claim, way, topics) = statement else { return };
        if let Some(next) = more.next() {
            self.later.insert((next, *claim), more);
        }
        let graph = self.naming.graph;
        if let Some(content) = graph.claims.content(*claim) {
            if graph.propositions.subjects(content.proposition).nth(*topics).is_some() {
                self.unfinished.insert(content.proposition, (*claim, *way));
            } else {
                self.unfinished.remove(&content.proposition);
            }
        }
    }

    /// Makes way where nothing is next in number. False at the end.
    fn unblock(&mut self, tell: Tell<'_, 'g>) -> io::Result<bool> {
        let lists = [CLAIMS, LATER, LINKS, 5, 4, 1, 0];
        let blocked = lists.into_iter().find_map(|list| {
            let statement = self.head(list)?;
            let missing = self.fitting(&statement).err()?;
            Some((statement, missing))
        });
        // A merge waits until all that came before it is told: until something behind it is needed, or nothing else is left.
        if let Some(merge) = self.head(LINKS).filter(|head| self.merges(head))
            && blocked.as_ref().is_none_or(|(_, missing)| self.comes_with_links(*missing))
        {
            let things = self.things(&merge);
            tell(&merge)?;
            self.told(LINKS, &merge, &things);
            return Ok(true);
        }
        match blocked {
            Some((_, missing)) => self.mention(missing, tell).map(|()| true),
            None => Ok(false),
        }
    }

    /// Whether one of the links that are left mentions a thing.
    fn comes_with_links(&self, thing: Thing) -> bool {
        let Some(Statement::Link(first)) = self.head(LINKS) else { return false };
        let mut rest = first..self.naming.graph.links.len();
        rest.any(|row| self.things(&Statement::Link(row)).contains(&thing))
    }

    /// How many topics of a claim can be mentioned now. Those that later claims added come with them.
    fn topics(&self, claim: ClaimId) -> usize {
        let graph = self.naming.graph;
        let Some(content) = graph.claims.content(claim) else { return 0 };
        let subjects = graph.propositions.subjects(content.proposition);
        if graph.propositions.text(content.proposition).is_empty() {
            return subjects.count();
        }
        let mut things = Vec::new();
        let fits = subjects.take_while(|subject| {
            things.push(Thing::Entity(subject.0));
            self.made.fits(&things).is_ok()
        });
        fits.count()
    }

    /// What a statement mentions, in the order in which it is recorded. A damaged file may name what no table holds: nobody waits for that.
    fn things(&self, statement: &Statement<'g>) -> Vec<Thing> {
        let graph = self.naming.graph;
        let mut out = self.named_things(statement);
        out.retain(|thing| {
            let rows = match thing {
                Thing::Entity(_) => graph.entities.len(),
                Thing::Proposition(_) => graph.propositions.len(),
                Thing::Document(_) => graph.documents.len(),
                Thing::Hop(_) => graph.chains.hops(),
                Thing::Claim(_) => graph.claims.len(),
                Thing::Appearance(_) => graph.chains.appearances(),
            };
            (thing.number() as usize) < rows
        });
        out
    }

    fn named_things(&self, statement: &Statement<'g>) -> Vec<Thing> {
        let graph = self.naming.graph;
        let mut out = Vec::new();
        match statement {
            Statement::Verb(_) | Statement::Rule(_) | Statement::VoidLink(_) | Statement::VoidClaim(_) => {}
            Statement::Entity(entity) | Statement::Name(entity, ..) => out.push(Thing::Entity(entity.0)),
            Statement::Head(document) => {
                let documents = &graph.documents;
                out.push(Thing::Document(document.0));
                out.extend(documents.outlet(*document).some().map(|outlet| Thing::Entity(outlet.0)));
                out.extend(documents.cites_documents(*document).iter().map(Thing::Document));
                out.extend(documents.cites_sources(*document).iter().map(Thing::Entity));
            }
            Statement::Claim(claim, way, topics) => self.of_claim(*claim, *way, *topics, &mut out),
            Statement::Affiliation(known) => {
                out.push(Thing::Entity(known.member.0));
                out.extend(known.group.some().map(|group| Thing::Entity(group.0)));
            }
            Statement::Rating(rating) => {
                out.push(Thing::Entity(rating.assessor.0));
                self.of_node(rating.what, &mut out);
                out.extend(rating.about.iter().map(|topic| Thing::Entity(topic.0)));
            }
            Statement::Link(row) => {
                if let Some(link) = graph.links.stated(*row) {
                    self.of_node(link.left, &mut out);
                    self.of_node(link.right, &mut out);
                }
            }
        }
        out
    }

    fn of_claim(&self, claim: ClaimId, way: AppearanceId, topics: usize, out: &mut Vec<Thing>) {
        let graph = self.naming.graph;
        let people = |party: Party| self.naming.party(party).map(|one| Thing::Entity(one.0));
        let (outermost, document) = graph.chains.appearance(way);
        out.extend(document.some().map(|document| Thing::Document(document.0)));
        if let Some(content) = graph.claims.content(claim) {
            let at: PropositionId = content.proposition;
            let propositions = &graph.propositions;
            out.extend(propositions.subjects(at).take(topics).map(|topic| Thing::Entity(topic.0)));
            self.of_content(at, out);
        }
        out.extend(people(graph.claims.source(claim)));
        out.extend(people(graph.claims.listener(claim)));
        out.push(Thing::Claim(claim.0));
        for hop in graph.chains.outwards(outermost) {
            let Some(known) = graph.chains.hop(hop) else { continue };
            out.extend(people(known.source));
            out.extend(people(known.listener));
            out.push(Thing::Hop(hop.0));
        }
        out.extend(way.some().map(|way| Thing::Appearance(way.0)));
    }

    /// A proposition, and before it what its terms mention.
    fn of_content(&self, at: PropositionId, out: &mut Vec<Thing>) {
        let propositions = &self.naming.graph.propositions;
        out.extend(propositions.condition(at).map(|other| Thing::Proposition(other.proposition.0)));
        let values = propositions.facts(at).filter_map(|fact| fact.entity.some());
        out.extend(values.map(|value| Thing::Entity(value.0)));
        out.push(Thing::Proposition(at.0));
    }

    fn of_node(&self, node: Node, out: &mut Vec<Thing>) {
        match node {
            Node::Content(content) => self.of_content(content.proposition, out),
            Node::Claim(_) => {}
            Node::Entity(entity) => out.push(Thing::Entity(entity.0)),
            Node::Document(document) => out.push(Thing::Document(document.0)),
        }
    }
}

fn claim(node: Node) -> Option<ClaimRef> {
    if let Node::Claim(claim) = node { Some(claim) } else { None }
}

/// The ways and hops that no claim has any more, because they became known with their cues.
fn replaced(naming: &Naming<'_>) -> Vec<Thing> {
    let (claims, chains) = (&naming.graph.claims, &naming.graph.chains);
    let mut hops = vec![false; chains.hops()];
    let mut ways = vec![false; chains.appearances()];
    for way in (0..claims.len() as u32).flat_map(|claim| claims.appearances(ClaimId(claim))) {
        if let Some(seen) = ways.get_mut(way.index()).filter(|seen| !**seen) {
            *seen = true;
            let inwards = chains.inwards(chains.outermost_hop(way));
            inwards.for_each(|hop| hops.get_mut(hop.index()).into_iter().for_each(|seen| *seen = true));
        }
    }
    let unseen = |seen: Vec<bool>| (0u32..).zip(seen).filter(|(_, seen)| !seen).map(|(at, _)| at);
    unseen(hops).map(Thing::Hop).chain(unseen(ways).map(Thing::Appearance)).collect()
}
