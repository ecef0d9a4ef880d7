//! Links, is-sentences and grades: every way in which one fits. It tries all that were stated.

use super::Oracle;
use super::claim::each;
use super::lookup::folded;
use super::solve::Row;
use super::value::Value;
use super::world::{Affiliation, Content, Thing, distinct};
use dixit::model::{LinkRelation, Time, Truth};
use dixit::syntax::ast::{
    Also, GradeTerm, IsA, IsWhat, Link, LinkEnd, RatedThing, Rating, Relation, RoleTerm, Term,
};

impl Oracle<'_> {
    pub(super) fn link(&self, asked: &Link, row: &Row) -> Vec<Row> {
        let relation = match asked.relation {
            Relation::Contradicts => LinkRelation::Contradicts,
            Relation::Supports => LinkRelation::Supports,
            Relation::SameAs => LinkRelation::SameAs,
            Relation::Retracts => LinkRelation::Retracts,
            Relation::Corrects => LinkRelation::Corrects,
            Relation::Cites => LinkRelation::Cites,
        };
        let mut pairs = if relation == LinkRelation::SameAs { self.same_pairs() } else { Vec::new() };
        for (left, known, right) in self.world.links.iter().filter(|(_, known, _)| *known == relation) {
            pairs.push((*left, *right));
            if known.is_symmetric() {
                pairs.push((*right, *left));
            }
        }
        if relation == LinkRelation::Cites {
            for (at, document) in self.world.documents.iter().enumerate() {
                pairs.extend(document.cites.iter().map(|cited| (Thing::Document(at), *cited)));
            }
        }
        let exact = relation == LinkRelation::SameAs;
        let fits = |(left, right): (Thing, Thing)| {
            let rows = self.end(&asked.left, left, exact, row);
            each(&rows, |row| self.end(&asked.right, right, exact, row))
        };
        pairs.into_iter().flat_map(fits).collect()
    }

    /// Every two different things that are the same by any number of links; a content also with its sign turned on both sides.
    fn same_pairs(&self) -> Vec<(Thing, Thing)> {
        let world = self.world;
        let mut pairs = Vec::new();
        let stated = world.links.iter().filter(|(_, relation, _)| *relation == LinkRelation::SameAs);
        let both_signs = |end: Thing| match end {
            Thing::Content(a) => vec![end, Thing::Content(Content { not: !a.not, ..a })],
            _ => vec![end],
        };
        let ends = stated.flat_map(|(left, _, right)| [*left, *right]).flat_map(both_signs);
        for start in distinct(ends) {
            let all: Vec<Thing> = match start {
                Thing::Entity(a) => (0..world.entities.len())
                    .filter(|b| world.entities[*b].one == world.entities[a].one)
                    .map(Thing::Entity)
                    .collect(),
                Thing::Content(a) => (0..world.propositions.len())
                    .flat_map(|at| [false, true].map(|not| Content { at, not }))
                    .filter(|b| world.meant(*b) == world.meant(a))
                    .map(Thing::Content)
                    .collect(),
                Thing::Act(a) => world
                    .acts()
                    .into_iter()
                    .filter(|b| b.hop.is_none() && world.claims[b.claim].one == world.claims[a.claim].one)
                    .map(Thing::Act)
                    .collect(),
                Thing::Document(_) => Vec::new(),
            };
            pairs.extend(all.into_iter().filter(|other| *other != start).map(|other| (start, other)));
        }
        pairs
    }

    /// Whether an end of a link fits. Where the question is about sameness itself, ends are taken as they stand.
    fn end(&self, asked: &LinkEnd, known: Thing, exact: bool, row: &Row) -> Vec<Row> {
        let world = self.world;
        let bind = |slot: &str, as_it_stands: bool| {
            let value = match known {
                Thing::Content(content) => Value::Content(content),
                Thing::Act(act) => Value::Act(act),
                Thing::Entity(entity) if as_it_stands => Value::Entity(entity),
                Thing::Entity(entity) => Value::Entity(world.entities[entity].one),
                Thing::Document(document) => Value::Document(document),
            };
            if slot == "what" && !matches!(known, Thing::Content(_)) {
                return Vec::new();
            }
            let stands = |content: Content| world.meant(content) == content;
            if let Thing::Content(content) = known
                && as_it_stands
                && self.shared.contains(slot)
                && !stands(content)
            {
                return Vec::new();
            }
            self.bind_slot(row, slot, value).into_iter().collect()
        };
        let passes = match (asked, known) {
            (LinkEnd::Content { not, text, terms }, Thing::Content(content)) => {
                self.contents_with(text, *not, terms).contains(&world.meant(content))
            }
            (LinkEnd::Claim(id), Thing::Act(act)) => world.act_of(&id.text) == Some(act),
            (LinkEnd::Document(word), Thing::Document(at)) => world.documents[at].key == word.text,
            (LinkEnd::What(_), _) => return bind("what", exact),
            (LinkEnd::Term(Term::Var(word)), _) => return bind(&format!("?{}", word.text), exact),
            (LinkEnd::Term(term), Thing::Entity(entity)) => {
                return self.subject(term, &[world.entities[entity].one], row);
            }
            _ => false,
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }

    pub(super) fn isa(&self, asked: &IsA, row: &Row) -> Vec<Row> {
        let everyone = (0..self.world.entities.len()).filter(|at| self.world.entities[*at].one == *at);
        let mut found = Vec::new();
        for entity in everyone {
            let mut rows = self.subject(&asked.who, &[entity], row);
            rows = each(&rows, |row| self.is_what(&asked.what, entity, row));
            for also in &asked.also {
                let known = &self.world.entities[entity];
                let called = match also {
                    Also::Alias(word) => known.names.iter().any(|name| folded(name) == folded(&word.text)),
                    Also::Id(word) => known.ids.contains(&word.text),
                };
                if !called {
                    rows.clear();
                }
            }
            found.extend(rows);
        }
        found
    }

    fn is_what(&self, asked: &IsWhat, entity: usize, row: &Row) -> Vec<Row> {
        let kinds = &self.world.entities[entity].kinds;
        match asked {
            IsWhat::Named => vec![row.clone()],
            IsWhat::Kind(word) if kinds.iter().any(|kind| kind.word() == word.text) => vec![row.clone()],
            IsWhat::Kind(_) => Vec::new(),
            IsWhat::KindVar(word) => {
                let slot = format!("?{}", word.text);
                kinds.iter().filter_map(|kind| self.bind_slot(row, &slot, Value::Kind(*kind))).collect()
            }
            IsWhat::In { group, role, time } => {
                let time = time.as_ref().map(|time| self.interval(time));
                let role = role.as_ref().map(|role| folded(&role.text));
                let groups = self.groups_of(entity, role.as_deref(), time);
                if groups.is_empty() { Vec::new() } else { self.term(group, &groups, false, row) }
            }
            IsWhat::Role { role, of, time } => {
                let time = time.as_ref().map(|time| self.interval(time));
                let own = self.world.affiliations.iter().filter(|known| known.member == entity);
                let mut found = Vec::new();
                for known in own.filter(|known| held(known, time)) {
                    let Some(title) = &known.role else { continue };
                    let mut rows = match role {
                        RoleTerm::Role(name) if folded(&name.text) == folded(title) => vec![row.clone()],
                        RoleTerm::Role(_) => Vec::new(),
                        RoleTerm::Var(word) => {
                            let slot = format!("?{}", word.text);
                            self.bind_slot(row, &slot, Value::Text(title.clone())).into_iter().collect()
                        }
                    };
                    // A bare title is also had by who holds it somewhere.
                    if let Some(of) = of {
                        let group: Vec<usize> = known.group.into_iter().collect();
                        rows = each(&rows, |row| self.term(of, &group, false, row));
                    }
                    found.extend(rows);
                }
                found
            }
        }
    }

    /// The groups that an entity is in, directly or through others; directly where a role is asked.
    fn groups_of(&self, entity: usize, role: Option<&str>, time: Option<Time>) -> Vec<usize> {
        let direct = |of: usize| {
            let own = self.world.affiliations.iter().filter(move |known| {
                known.member == of
                    && known.is_membership
                    && held(known, time)
                    && role.is_none_or(|role| known.role.as_ref().is_some_and(|own| folded(own) == role))
            });
            own.filter_map(|known| known.group)
        };
        let mut all = distinct(direct(entity));
        while role.is_none() {
            let next = distinct(all.iter().copied().chain(all.iter().flat_map(|group| direct(*group))));
            if next.len() == all.len() {
                break;
            }
            all = next;
        }
        all.sort_unstable();
        all
    }

    pub(super) fn rating(&self, asked: &Rating, row: &Row) -> Vec<Row> {
        let mut found = Vec::new();
        for known in &self.world.ratings {
            let period = asked.time.as_ref().map(|time| self.interval(time));
            let certain = |time: Time| known.period.is_some_and(|own| time.within(&own) == Truth::Certain);
            if !period.is_none_or(certain) {
                continue;
            }
            let mut rows = self.subject(&asked.assessor, &[known.assessor], row);
            rows = each(&rows, |row| match (&asked.what, known.what) {
                (RatedThing::Source(Term::Var(word)), Thing::Act(act)) if self.acts.contains(&word.text) => {
                    self.bind(row, &word.text, Value::Act(act)).into_iter().collect()
                }
                (RatedThing::Source(Term::Var(word)), _) if self.acts.contains(&word.text) => Vec::new(),
                (RatedThing::Source(term), Thing::Entity(entity)) => self.subject(term, &[entity], row),
                (RatedThing::Claim(id), Thing::Act(act)) if self.world.act_of(&id.text) == Some(act) => {
                    vec![row.clone()]
                }
                _ => Vec::new(),
            });
            rows = each(&rows, |row| match &asked.grade {
                GradeTerm::Grade(word) if word.text == known.grade.word() => vec![row.clone()],
                GradeTerm::Grade(_) => Vec::new(),
                GradeTerm::Var(word) => {
                    let slot = format!("?{}", word.text);
                    self.bind_slot(row, &slot, Value::Grade(known.grade)).into_iter().collect()
                }
            });
            if let Some(about) = &asked.about {
                rows = each(&rows, |row| self.list(about, &known.about, false, row));
            }
            found.extend(rows);
        }
        found
    }
}

/// Whether an affiliation certainly held all that time.
fn held(known: &Affiliation, time: Option<Time>) -> bool {
    time.is_none_or(|time| known.period.is_some_and(|period| time.within(&period) == Truth::Certain))
}
