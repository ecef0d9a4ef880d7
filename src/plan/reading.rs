//! A question in plain words, as it was understood: for `explain`, and for whoever wants to be sure.

use super::logical::{
    ClaimPattern, ContentTest, DocumentTest, EndTest, EntityTest, FieldKey, FigureTest, IsAPattern,
    LinkPattern, ListTest, Node, Question, RatedTest, RatingPattern, Slot, SlotId, TimeOperand, TimeTest,
    ViaTest,
};
use super::optimize::{Step, StepKind};
use super::query::{Query, Source, Stage};
use crate::graph::Cut;
use crate::graph::{Graph, Node as Thing};
use crate::model::{ClaimRef, Content, EntityId, Time};
use crate::syntax::ast::{AggregateKind, Quantifier, TimeOp, ViaPosition};

/// How a question was understood, a line for each part.
pub fn reading(graph: &Graph, query: &Query) -> Vec<String> {
    let mut lines = Vec::new();
    match &query.source {
        Source::Things(things) => {
            let words = Words { graph, slots: &[] };
            let named: Vec<String> = things.iter().map(|thing| words.thing(thing)).collect();
            lines.push(if named.is_empty() {
                "nothing that the record knows".into()
            } else {
                format!("start from {}", named.join(" and "))
            });
        }
        Source::Pattern(question) => {
            let words = Words { graph, slots: &question.slots };
            lines.push(format!("find {}", words.node(&question.body)));
            let heads: Vec<&str> = question.columns.iter().map(|column| column.name.as_str()).collect();
            lines.push(format!("show {}", heads.join(", ")));
            lines.extend(verbs(graph, &question.body));
        }
    }
    let end = |until: i64| {
        let last = until.saturating_sub(1);
        let day = Time::day_of(last);
        if day.to == until { format!("the end of {day}") } else { Time { from: last, to: until }.to_string() }
    };
    match query.cut {
        Cut::None => {}
        Cut::Published(until) => {
            lines.push(format!("looking only at what was published by {}", end(until)));
        }
        Cut::Recorded(until) => {
            lines.push(format!("looking only at what was recorded by {}", end(until)));
        }
    }
    lines.extend(query.stages.iter().map(stage));
    let sorted = query.stages.iter().any(|stage| matches!(stage, Stage::Sort(_)));
    if matches!(query.source, Source::Pattern(_)) && !sorted {
        lines.push("in the order of when it was said, then of recording".into());
    }
    lines
}

/// What a step of a plan tries, in plain words.
pub fn step_text(graph: &Graph, query: &Query, step: &Step) -> String {
    let none = Vec::new();
    let slots = match &query.source {
        Source::Pattern(question) => &question.slots,
        Source::Things(_) => &none,
    };
    let words = Words { graph, slots };
    match &step.kind {
        StepKind::Claim(pattern) => words.claim(pattern),
        StepKind::Link(link) => words.link(link),
        StepKind::IsA(isa) => words.isa(isa),
        StepKind::Rating(rating) => words.rating(rating),
        StepKind::Rule { rule, args } => words.rule(rule_name(query, *rule), args),
        StepKind::Fixed { slot, values } => format!("{} is one of {} given", words.slot(*slot), values.len()),
        StepKind::Any(_) => "either of".into(),
        StepKind::Not(_) => "no record that".into(),
    }
}

fn rule_name(query: &Query, rule: usize) -> &str {
    match &query.source {
        Source::Pattern(Question { rules, .. }) => {
            rules.get(rule).map_or("a rule", |rule| rule.name.as_str())
        }
        Source::Things(_) => "a rule",
    }
}

/// How many verbs are named at most.
const SHOWN: usize = 8;

/// What the verbs of a question cover, where that is more than the word says.
fn verbs(graph: &Graph, node: &Node) -> Vec<String> {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().flat_map(|part| verbs(graph, part)).collect(),
        Node::Not(inner) => verbs(graph, inner),
        Node::Claim(pattern) => {
            let fitting =
                graph.lexicon.verbs().filter(|(id, _)| pattern.verbs.get(id.index()) == Some(&true));
            let words: Vec<&str> = fitting.map(|(_, verb)| verb.word.as_str()).collect();
            if words.len() < 2 {
                return Vec::new();
            }
            let more = words.len().saturating_sub(SHOWN);
            let shown = words.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let denials = if pattern.denials { "; and any assertion of a negation" } else { "" };
            vec![format!("`{}` covers {shown}{more}{denials}", pattern.verb)]
        }
        _ => Vec::new(),
    }
}

fn stage(stage: &Stage) -> String {
    let names = |outputs: &[super::query::Output]| {
        outputs.iter().map(|output| output.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let each = |by: &[super::query::Output]| {
        if by.is_empty() { String::new() } else { format!(" for each {}", names(by)) }
    };
    match stage {
        Stage::Where(_) => "keep the rows that pass the test".into(),
        Stage::Show(outputs) => format!("show {}, each row once", names(outputs)),
        Stage::Count { distinct: None, by } => format!("count claims{}", each(by)),
        Stage::Count { distinct: Some(_), by } => format!("count distinct values{}", each(by)),
        Stage::Summarize { aggregates, by } => {
            let made = aggregates.iter().map(|one| {
                let kind = match one.kind {
                    AggregateKind::Count => "count",
                    AggregateKind::CountDistinct => "count distinct",
                    AggregateKind::Min => "least",
                    AggregateKind::Max => "greatest",
                    AggregateKind::List => "list",
                };
                format!("{kind} as {}", one.name)
            });
            format!("work out {}{}", made.collect::<Vec<_>>().join(", "), each(by))
        }
        Stage::Sort(keys) => format!("sort by {} keys, what is unknown last", keys.len()),
        Stage::Take(rows) => format!("keep the first {rows}"),
        Stage::Skip(rows) => format!("leave out the first {rows}"),
        Stage::Reason(reasoned) => super::reasoned::told(reasoned.verb).into(),
    }
}

/// Putting things into words.
struct Words<'q> {
    graph: &'q Graph,
    slots: &'q [Slot],
}

impl Words<'_> {
    fn slot(&self, slot: SlotId) -> String {
        match self.slots.get(usize::from(slot.0)) {
            Some(slot) if slot.variable => format!("?{}", slot.name),
            Some(slot) if slot.name == "who" || slot.name == "whom" => "somebody".into(),
            Some(slot) if slot.name == "what" => "something".into(),
            Some(slot) if !slot.name.is_empty() => format!("some {}", slot.name),
            _ => "something given".into(),
        }
    }

    fn node(&self, node: &Node) -> String {
        match node {
            Node::All(parts) => self.joined(parts, ", and "),
            Node::Any(parts) => format!("either {}", self.joined(parts, ", or ")),
            Node::Not(inner) => format!("no record that ({})", self.node(inner)),
            Node::Claim(pattern) => self.claim(pattern),
            Node::Link(link) => self.link(link),
            Node::IsA(isa) => self.isa(isa),
            Node::Rating(rating) => self.rating(rating),
            Node::Rule { args, .. } => self.rule("a rule", args),
            Node::Fixed { slot, values } => format!("{} is one of {} given", self.slot(*slot), values.len()),
        }
    }

    fn joined(&self, parts: &[Node], between: &str) -> String {
        parts.iter().map(|part| self.node(part)).collect::<Vec<_>>().join(between)
    }

    fn entities(&self, entities: &[EntityId]) -> String {
        if entities.is_empty() {
            return "nobody known".into();
        }
        let mut names: Vec<&str> =
            entities.iter().take(4).map(|entity| self.graph.entities.name(*entity)).collect();
        if entities.len() > names.len() {
            names.push("…");
        }
        names.join(" or ")
    }

    fn term(&self, term: &EntityTest) -> String {
        match term {
            EntityTest::Anyone => "anyone".into(),
            EntityTest::OneOf(found) => self.entities(found),
            EntityTest::Slot(slot, None) => self.slot(*slot),
            EntityTest::Slot(_, Some(kind)) => format!("some {}", kind.word()),
        }
    }

    fn list(&self, list: &ListTest) -> String {
        let terms: Vec<String> = list.terms.iter().map(|term| self.term(term)).collect();
        match list.quantifier {
            Quantifier::All => terms.join(" and "),
            Quantifier::Any => format!("any of {}", terms.join(", ")),
            Quantifier::None => format!("none of {}", terms.join(", ")),
        }
    }

    fn content(&self, content: Content) -> String {
        let not = if content.negated { "not " } else { "" };
        format!("{not}“{}”", self.graph.propositions.text(content.proposition))
    }

    fn claim_text(&self, claim: ClaimRef) -> String {
        crate::syntax::claim_id(&self.graph.claim_id(claim))
    }

    fn content_test(&self, test: &ContentTest) -> String {
        match test {
            ContentTest::Open => String::new(),
            ContentTest::Anything => "anything".into(),
            ContentTest::Negative => "that something is not so".into(),
            ContentTest::OneOf(found) => match &found[..] {
                [] => "what nobody here claimed".into(),
                [one, rest @ ..] => {
                    let more =
                        if rest.is_empty() { String::new() } else { format!(" (in {} forms)", found.len()) };
                    format!("{}{more}", self.content(*one))
                }
            },
            ContentTest::Slot(slot) => self.slot(*slot),
            ContentTest::NegatedSlot(slot) => format!("that {} is not so", self.slot(*slot)),
            ContentTest::Claim(claim, denied) => said_of(*denied, &self.claim_text(*claim)),
            ContentTest::ClaimSlot(slot, denied) => said_of(*denied, &self.slot(*slot)),
            ContentTest::Speech(inner, denied) => said_of(*denied, &format!("({})", self.claim(inner))),
        }
    }

    fn claim(&self, pattern: &ClaimPattern) -> String {
        let jointly = if pattern.sources.quantifier == Quantifier::All && pattern.sources.terms.len() > 1 {
            " jointly"
        } else {
            ""
        };
        let mut out = format!("{}{jointly} {}", self.list(&pattern.sources), pattern.verb);
        let mut add = |text: String| {
            if !text.is_empty() {
                out.push(' ');
                out.push_str(&text);
            }
        };
        pattern.listeners.iter().for_each(|list| add(format!("to {}", self.list(list))));
        pattern.hedge.iter().for_each(|hedge| add(format!("({hedge})")));
        add(self.content_test(&pattern.content));
        if pattern.verbatim {
            add("in these very words".into());
        }
        pattern.about.iter().for_each(|list| add(format!("about {}", self.list(list))));
        pattern.said.iter().for_each(|test| add(self.time(test, "said")));
        pattern.period.iter().for_each(|test| add(self.time(test, "speaking of a time")));
        pattern.condition.iter().for_each(|test| add(format!("if {}", self.content_test(test))));
        pattern.figures.iter().for_each(|test| add(self.figure(test)));
        for field in &pattern.fields {
            let value = field.value.as_ref().map_or_else(|slot| self.slot(*slot), Clone::clone);
            add(format!("with {} {value}", field_word(&field.key)));
        }
        pattern.chain.via.iter().chain(&pattern.chain.also).for_each(|via| add(self.via(via)));
        match pattern.chain.document {
            None => {}
            Some(DocumentTest::One(Some(document))) => {
                add(format!("in {}", self.graph.documents.key(document)));
            }
            Some(DocumentTest::One(None)) => add("in a document that is not here".into()),
            Some(DocumentTest::Slot(slot)) => add(format!("in {}", self.slot(slot))),
        }
        out
    }

    fn time(&self, test: &TimeTest, what: &str) -> String {
        let op = match test.op {
            TimeOp::On | TimeOp::In | TimeOp::Between => "certainly within",
            TimeOp::Before => "certainly before",
            TimeOp::After => "certainly after",
        };
        match test.time {
            TimeOperand::Fixed(time) => format!("{what} {op} {time}"),
            TimeOperand::Slot(slot) => format!("{what} {op} {}", self.slot(slot)),
        }
    }

    fn via(&self, via: &ViaTest) -> String {
        let place = match via.position {
            ViaPosition::Any => "",
            ViaPosition::First => ", next to the speaker,",
            ViaPosition::Last => ", outermost,",
            ViaPosition::Directly => ", with none between,",
        };
        let mut details = Vec::new();
        details.extend(via.hedge.clone());
        details.extend(via.basis.map(|basis| basis.word().to_string()));
        details.extend(via.time.map(|time| time.to_string()));
        let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
        format!("carried{place} by {}{details}", self.list(&via.who)).replace(",,", ",")
    }

    fn figure(&self, test: &FigureTest) -> String {
        let in_unit = |unit: &Option<String>| unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
        match test {
            FigureTest::Follows { what, bound, unit } => {
                format!("from which follows {what} {}{}", bound.written(), in_unit(unit))
            }
            FigureTest::Slot { what, slot, unit } => {
                format!("with {what} {}{}", self.slot(*slot), in_unit(unit))
            }
            FigureTest::Entity { attribute, value } => format!("with {attribute} {}", self.term(value)),
            FigureTest::Text { attribute, value } => format!("with {attribute} “{value}”"),
        }
    }

    fn end(&self, end: &EndTest) -> String {
        match end {
            EndTest::Slot(slot) => self.slot(*slot),
            EndTest::OneOf(things) => match things.first() {
                None => "what is not here".into(),
                Some(thing) => self.thing(thing),
            },
        }
    }

    fn thing(&self, thing: &Thing) -> String {
        match thing {
            Thing::Content(content) => self.content(*content),
            Thing::Claim(claim) => self.claim_text(*claim),
            Thing::Entity(entity) => self.graph.entities.name(*entity).into(),
            Thing::Document(document) => self.graph.documents.key(*document).into(),
        }
    }

    fn link(&self, link: &LinkPattern) -> String {
        format!("{} {} {}", self.end(&link.left), link.relation.word(), self.end(&link.right))
    }

    fn isa(&self, isa: &IsAPattern) -> String {
        let at = |time: &Option<Time>| time.map_or(String::new(), |time| format!(" throughout {time}"));
        match isa {
            IsAPattern::Kind { who, kind } => format!("{} is a {}", self.term(who), kind.word()),
            IsAPattern::KindSlot { who, slot } => {
                format!("{} is of kind {}", self.term(who), self.slot(*slot))
            }
            IsAPattern::In { who, group, role, time } => {
                let role = role.as_ref().map_or(String::new(), |role| format!(" as {role}"));
                let through = if role.is_empty() { ", directly or through others" } else { "" };
                format!("{} is in {}{role}{}{through}", self.term(who), self.term(group), at(time))
            }
            IsAPattern::Role { who, role, slot, of, time } => {
                let role = role.clone().or(slot.map(|slot| self.slot(slot))).unwrap_or_default();
                let of = of.as_ref().map_or(String::new(), |of| format!(" of {}", self.term(of)));
                format!("{} is {role}{of}{}", self.term(who), at(time))
            }
            IsAPattern::Named { who, names } => {
                format!("{} is also called {}", self.term(who), names.join(" and "))
            }
        }
    }

    fn rating(&self, rating: &RatingPattern) -> String {
        let what = match &rating.what {
            RatedTest::Source(source) => self.term(source),
            RatedTest::Claim(claim) => self.claim_text(*claim),
            RatedTest::ClaimSlot(slot) => self.slot(*slot),
        };
        let grade = match (rating.grade, rating.slot) {
            (Some(grade), _) => grade.word().to_string(),
            (None, Some(slot)) => self.slot(slot),
            (None, None) => "some grade".into(),
        };
        let about =
            rating.about.as_ref().map_or(String::new(), |about| format!(" about {}", self.list(about)));
        format!("{} rates {what} as {grade}{about}", self.term(&rating.assessor))
    }

    fn rule(&self, name: &str, args: &[SlotId]) -> String {
        let args: Vec<String> = args.iter().map(|arg| self.slot(*arg)).collect();
        format!("{name}({})", args.join(", "))
    }
}

fn said_of(denied: bool, what: &str) -> String {
    if denied { format!("against {what}") } else { format!("that {what}") }
}

fn field_word(key: &FieldKey) -> &str {
    match key {
        FieldKey::Mode => "mode",
        FieldKey::Medium => "medium",
        FieldKey::Modality => "modality",
        FieldKey::Commitment => "commitment",
        FieldKey::Basis => "basis",
        FieldKey::Repeated => "repeated",
        FieldKey::Translated => "translated",
        FieldKey::Language => "language",
        FieldKey::Hedge => "hedge",
        FieldKey::Free(key) => key,
    }
}
