//! Answers as drawings: the claims of an answer with who has them from whom. What is drawn is what the rows show: a trace with every way,
//! a claim with the way in its row, else who said it; a circle, a contradiction, on whom somebody rests. Nothing is looked up beyond that.

mod dot;
mod svg;
mod timeline;
mod tree;

pub(super) use dot::write as dot;
pub(super) use svg::write as svg;
pub(super) use timeline::{is_timeline, svg as timeline_svg, write as timeline_text};
pub(super) use tree::write as tree;

use super::safe::shown;
use crate::eval::{Chain, Rows, Shape, Value, claim_text, text, words};
use crate::graph::{Graph, Party};
use crate::model::{
    AppearanceId, ClaimId, ClaimRef, Content, DocumentId, EntityId, HopId, StringId, TimeId, VerbId,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Something drawn, with what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    /// Speakers or carriers who act together.
    Hands(Vec<EntityId>),
    /// What is said.
    Content(Content),
    /// Where it came out.
    Document(DocumentId),
}

/// How one thing leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    /// Has it from, says, publishes.
    Solid,
    /// Contradicts.
    Dashed,
}

/// Things and how they lead to each other, each once, in the order in which the rows first name them. Somebody stands once for all acts that
/// came by the same ways, and so leads to nothing that did not come by each way that leads to him.
#[derive(Debug, Default)]
struct Diagram {
    things: Vec<Thing>,
    /// Of each thing the act that it stands for, where it stands for one.
    acts: Vec<Option<ClaimRef>>,
    places: BTreeMap<(Thing, Option<ClaimRef>), usize>,
    edges: Vec<(usize, usize, Line)>,
    labels: BTreeMap<(usize, usize, Line), Vec<String>>,
}

/// Something that leads to another thing, and what stands at the edge.
type Lead<'a> = (usize, &'a [String]);

/// How many labels of an edge are written before the rest is counted.
const LABELS: usize = 3;

impl Diagram {
    fn of(graph: &Graph, rows: &Rows) -> Diagram {
        let mut diagram = Diagram::default();
        if rows.shape == Shape::Tree {
            diagram.trace(graph, rows);
        } else {
            for row in rows.iter() {
                diagram.row(graph, rows, row);
            }
        }
        diagram.joined()
    }

    fn thing(&mut self, thing: Thing) -> usize {
        self.place(thing, None)
    }

    fn place(&mut self, thing: Thing, act: Option<ClaimRef>) -> usize {
        let next = self.things.len();
        let at = *self.places.entry((thing.clone(), act)).or_insert(next);
        if at == next {
            self.things.push(thing);
            self.acts.push(act);
        }
        at
    }

    /// Who does an act.
    fn act(&mut self, graph: &Graph, act: ClaimRef) -> usize {
        let members = graph.entities.party(source(graph, act));
        let members: BTreeSet<EntityId> = members.map(|member| graph.same.entity(member)).collect();
        self.place(Thing::Hands(members.into_iter().collect()), Some(act))
    }

    /// The same with those acts as one thing that are by the same hands and to which the same things lead in the same way.
    fn joined(self) -> Diagram {
        let mut outside: BTreeMap<usize, Vec<Lead<'_>>> = BTreeMap::new();
        for edge in &self.edges {
            let labels = self.labels.get(edge).map_or(&[][..], Vec::as_slice);
            outside.entry(edge.1).or_default().push((edge.0, labels));
        }
        // Relays come before what they rest on: a hop is always recorded after those inside it.
        let outermost_first = |at: &usize| match self.acts.get(*at).copied().flatten() {
            None => (0, Reverse(HopId::NONE)),
            Some(act) if act.is_relay() => (1, Reverse(act.hop)),
            Some(_) => (2, Reverse(HopId::NONE)),
        };
        let mut order: Vec<usize> = (0..self.things.len()).collect();
        order.sort_by_key(outermost_first);
        let mut first_of: BTreeMap<(&Thing, BTreeSet<Lead<'_>>), usize> = BTreeMap::new();
        let mut stands_for: Vec<usize> = (0..self.things.len()).collect();
        for at in order {
            let Some(thing) = self.things.get(at) else { continue };
            let mut leading: BTreeSet<Lead<'_>> = BTreeSet::new();
            if self.acts.get(at).is_some_and(Option::is_some) {
                let outside = outside.get(&at).into_iter().flatten();
                leading
                    .extend(outside.map(|(from, by)| (stands_for.get(*from).copied().unwrap_or(*from), *by)));
            }
            let first = *first_of.entry((thing, leading)).or_insert(at);
            if let Some(stands) = stands_for.get_mut(at) {
                *stands = first;
            }
        }
        let mut joined = Diagram::default();
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        for (thing, first) in self.things.iter().zip(&stands_for) {
            places.entry(*first).or_insert_with(|| {
                joined.things.push(thing.clone());
                joined.things.len() - 1
            });
        }
        let place = |at: usize| stands_for.get(at).and_then(|first| places.get(first)).copied().unwrap_or(at);
        for edge in &self.edges {
            let (from, to) = (place(edge.0), place(edge.1));
            joined.lead(from, to, edge.2, String::new());
            for label in self.labels.get(edge).into_iter().flatten() {
                joined.lead(from, to, edge.2, label.clone());
            }
        }
        joined
    }

    fn content(&mut self, graph: &Graph, content: Content) -> usize {
        self.thing(Thing::Content(graph.same.content(content)))
    }

    fn lead(&mut self, from: usize, to: usize, line: Line, label: String) {
        let key = (from, to, line);
        let labels = self.labels.entry(key).or_insert_with(|| {
            self.edges.push(key);
            Vec::new()
        });
        if !label.is_empty() && !labels.contains(&label) {
            labels.push(label);
        }
    }

    /// A trace: each act leads to what it rests on, the innermost to what is said.
    fn trace(&mut self, graph: &Graph, rows: &Rows) {
        let column = |name: &str| rows.column(name);
        let cell = |row: &[Value], name: &str| column(name).and_then(|at| row.get(at)).cloned();
        let mut path: Vec<(usize, String)> = Vec::new();
        for row in rows.iter() {
            let (Some(Value::Claim(act)), Some(Value::Count(depth))) =
                (cell(row, "claim"), cell(row, "depth"))
            else {
                continue;
            };
            path.truncate(depth as usize);
            let place = self.act(graph, act);
            if let Some((outer, label)) = path.last().cloned() {
                self.lead(outer, place, Line::Solid, label);
            } else if let Some(Value::Document(document)) = cell(row, "document") {
                let document = self.thing(Thing::Document(document));
                self.lead(document, place, Line::Solid, String::new());
            }
            let label = act_label(graph, act);
            if !act.is_relay()
                && let Some(content) = graph.claims.content(act.claim)
            {
                let content = self.content(graph, content);
                let id = claim_text(graph, act);
                self.lead(place, content, Line::Solid, format!("{label} {id}"));
            }
            path.push((place, label));
        }
    }

    fn row(&mut self, graph: &Graph, rows: &Rows, row: &[Value]) {
        let mut claims: Vec<ClaimRef> = Vec::new();
        let mut chain: Option<Chain> = None;
        for value in row {
            match value {
                Value::Claim(claim) => claims.push(*claim),
                Value::Chain(known) => chain = Some(*known),
                Value::List(values) => claims.extend(values.iter().filter_map(|value| match value {
                    Value::Claim(claim) => Some(*claim),
                    _ => None,
                })),
                _ => {}
            }
        }
        let only = claims.len() == 1;
        for claim in &claims {
            let way = chain.filter(|chain| only || chain.claim.claim == claim.claim);
            self.claim(graph, *claim, way);
        }
        let value = |name: &str| rows.column(name).and_then(|at| row.get(at));
        if let (Some(Value::Claim(a)), Some(Value::Claim(b)), Some(kind)) =
            (value("claim_a"), value("claim_b"), value("kind"))
            && let (Some(a), Some(b)) = (graph.claims.content(a.claim), graph.claims.content(b.claim))
        {
            let (a, b) = (self.content(graph, a), self.content(graph, b));
            self.lead(a, b, Line::Dashed, text(graph, kind).into_owned());
        }
        if let Some(Value::List(circle)) = value("circle") {
            let places: Vec<usize> = circle
                .iter()
                .filter_map(|one| match one {
                    Value::Entity(entity) => Some(self.thing(Thing::Hands(vec![*entity]))),
                    Value::Document(document) => Some(self.thing(Thing::Document(*document))),
                    _ => None,
                })
                .collect();
            let next = places.iter().cycle().skip(1);
            for (who, from) in places.iter().zip(next) {
                self.lead(*who, *from, Line::Solid, "has it from".into());
            }
        }
        if let (Some(Value::Entity(who)), Some(Value::Entity(on))) = (value("who"), value("rests_on")) {
            let (who, on) = (self.thing(Thing::Hands(vec![*who])), self.thing(Thing::Hands(vec![*on])));
            let count = value("claims").map_or_else(String::new, |count| text(graph, count).into_owned());
            self.lead(who, on, Line::Solid, count);
        }
        if claims.is_empty() {
            for value in row {
                if let Value::Content(content) = value {
                    self.content(graph, *content);
                }
            }
        }
    }

    /// A claim by one way: who published it leads to who carried it, down to its speaker and what is said.
    fn claim(&mut self, graph: &Graph, claim: ClaimRef, way: Option<Chain>) {
        let appearance = way.map_or(AppearanceId::NONE, |chain| chain.appearance);
        let (outermost, document) = graph.chains.appearance(appearance);
        let mut outer: Option<(usize, String)> =
            document.some().map(|document| (self.thing(Thing::Document(document)), String::new()));
        let hops = graph.chains.inwards(outermost);
        let acts = hops.map(|hop| ClaimRef { claim: claim.claim, hop });
        let inner = if way.is_some() { ClaimRef::of(claim.claim) } else { claim };
        for act in acts.chain([inner]) {
            let place = self.act(graph, act);
            if let Some((from, label)) = outer {
                self.lead(from, place, Line::Solid, label);
            }
            outer = Some((place, act_label(graph, act)));
        }
        if let (Some(content), Some((place, label))) = (graph.claims.content(claim.claim), outer) {
            let content = self.content(graph, content);
            self.lead(place, content, Line::Solid, format!("{label} {}", claim_text(graph, inner)));
        }
    }

    /// What stands at a thing.
    fn label(&self, graph: &Graph, at: usize) -> String {
        match self.things.get(at) {
            None => String::new(),
            Some(Thing::Hands(members)) => {
                let names: Vec<&str> = members.iter().map(|member| graph.entities.name(*member)).collect();
                shown(&names.join(", ")).into_owned()
            }
            Some(Thing::Content(content)) => {
                let not = if content.negated { "not " } else { "" };
                let condition = graph.propositions.condition(content.proposition);
                let on = condition.map_or_else(String::new, |on| {
                    let not = if on.negated { "not " } else { "" };
                    format!(" if {not}“{}”", words(graph, on.proposition))
                });
                shown(&format!("{not}“{}”{on}", words(graph, content.proposition))).into_owned()
            }
            Some(Thing::Document(document)) => {
                let published = graph.times.get(graph.documents.published(*document));
                let on = published.map_or_else(String::new, |time| format!(" ({time})"));
                shown(&format!("{}{on}", graph.documents.key(*document))).into_owned()
            }
        }
    }

    /// What stands at an edge: a few labels, and how many more.
    fn edge_labels(&self, edge: &(usize, usize, Line)) -> Vec<String> {
        let Some(labels) = self.labels.get(edge) else { return Vec::new() };
        let more = labels.len().saturating_sub(LABELS);
        let told = labels.iter().take(LABELS).map(|label| shown(label).into_owned());
        told.chain((more > 0).then(|| format!("{more} more"))).collect()
    }
}

fn source(graph: &Graph, act: ClaimRef) -> Party {
    if act.is_relay() { graph.chains.source(act.hop) } else { graph.claims.source(act.claim) }
}

/// By which cue, to whom, with which hedge, when.
fn act_label(graph: &Graph, act: ClaimRef) -> String {
    let claim: ClaimId = act.claim;
    let (verb, hedge, time): (VerbId, StringId, TimeId) = match graph.chains.hop(act.hop) {
        Some(hop) if act.is_relay() => (hop.verb, hop.hedge, hop.time),
        _ => (graph.claims.verb(claim), graph.claims.hedge(claim), graph.claims.said(claim)),
    };
    let listener = match graph.chains.hop(act.hop) {
        Some(hop) if act.is_relay() => hop.listener,
        _ => graph.claims.listener(claim),
    };
    let cue = graph.lexicon.verb(verb).word.as_str();
    let mut parts = vec![if cue.is_empty() { "reported".to_string() } else { cue.to_string() }];
    let listeners: Vec<&str> =
        graph.entities.party(listener).map(|listener| graph.entities.name(listener)).collect();
    parts.extend((!listeners.is_empty()).then(|| listeners.join(", ")));
    parts.extend(hedge.some().map(|hedge| graph.strings.get(hedge).to_string()));
    parts.extend(graph.times.get(time).map(|time| time.to_string()));
    parts.join(" ")
}
