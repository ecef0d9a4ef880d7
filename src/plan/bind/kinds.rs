//! What each variable must hold, told from every place where it stands, before anything is looked up.

use super::super::logical::SlotKind;
use super::{Refused, refuse};
use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{
    Adjunct, Arg, Claim, ConditionValue, ContentValue, DefineRule, FieldValue, GradeTerm, IsWhat, Label,
    Link, LinkEnd, MeasureTest, Pattern, RatedThing, Relation, RoleTerm, SourceRef, Term, TimeExpr,
    TimeValue, Who, Word,
};
use std::collections::BTreeMap;

/// The kinds of the variables of one question or rule.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    known: BTreeMap<String, (SlotKind, Span)>,
    uses: BTreeMap<String, usize>,
}

/// What a place allows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// One kind.
    Only(SlotKind),
    /// Either of two; the first where nothing else tells.
    Either(SlotKind, SlotKind),
    /// What the other end of `same as` is.
    SameAs(usize),
    /// Whatever a parameter of a rule is.
    Any,
}

#[derive(Debug)]
struct Use<'a> {
    word: &'a Word,
    place: Place,
    /// Whether it is an end of `same as`, where things are taken as they stand.
    exact: bool,
}

/// What the parameters of each rule hold, as far as it is known.
type Params = BTreeMap<String, Vec<Option<SlotKind>>>;

impl Kinds {
    /// The kinds of the variables of a question.
    pub(super) fn infer(pattern: &Pattern, rules: &Rules) -> Refused<Kinds> {
        let mut uses = Uses { found: Vec::new(), params: &rules.params };
        uses.pattern(pattern);
        solve(&uses.found, &[])
    }

    /// The kinds of the variables of a rule.
    pub(super) fn of_rule(rule: &DefineRule, rules: &Rules) -> Refused<Kinds> {
        infer_rule(rule, &rules.params)
    }

    /// What a variable holds, where that is known.
    pub(super) fn of(&self, name: &str) -> Option<SlotKind> {
        self.known.get(name).map(|(kind, _)| *kind)
    }

    /// Whether a parameter of a rule stands in several places of its body.
    pub(super) fn is_shared_inside(&self, name: &str) -> bool {
        self.uses.get(name).is_some_and(|uses| *uses > 2)
    }

    /// Whether a variable stands in several places.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.uses.get(name).is_some_and(|uses| *uses > 1)
    }
}

fn infer_rule(rule: &DefineRule, params: &Params) -> Refused<Kinds> {
    let mut uses = Uses { found: Vec::new(), params };
    for param in &rule.params {
        uses.found.push(Use { word: param, place: Place::Any, exact: false });
    }
    uses.pattern(&rule.body);
    let known: Vec<Option<SlotKind>> = params.get(&rule.name.text).cloned().unwrap_or_default();
    solve(&uses.found, &known)
}

/// The rules that a question may name, and what their parameters hold.
#[derive(Debug, Default)]
pub struct Rules {
    all: Vec<DefineRule>,
    params: Params,
}

impl Rules {
    /// These rules. What their parameters hold is found by going over them until nothing more comes out.
    pub fn new(all: Vec<DefineRule>) -> Self {
        let mut params = Params::new();
        for _ in 0..=all.len() {
            let before = params.clone();
            for rule in &all {
                let Ok(kinds) = infer_rule(rule, &before) else { continue };
                let of_rule = rule.params.iter().map(|param| kinds.of(&param.text)).collect();
                params.insert(rule.name.text.clone(), of_rule);
            }
            if params == before {
                break;
            }
        }
        Rules { all, params }
    }

    /// Each of them.
    pub fn all(&self) -> &[DefineRule] {
        &self.all
    }
}

fn solve(uses: &[Use<'_>], params: &[Option<SlotKind>]) -> Refused<Kinds> {
    let mut kinds = Kinds::default();
    for found in uses.iter().filter(|found| !found.exact) {
        *kinds.uses.entry(found.word.text.clone()).or_default() += 1;
    }
    for (found, kind) in uses.iter().zip(params) {
        if let Some(kind) = kind {
            kinds.settle(found.word, *kind)?;
        }
    }
    for found in uses {
        if let Place::Only(kind) = found.place {
            kinds.settle(found.word, kind)?;
        }
    }
    // Two rounds: what one `same as` tells may settle another.
    for last in [false, false, true] {
        for (at, found) in uses.iter().enumerate() {
            match found.place {
                Place::Either(first, second) => match kinds.of(&found.word.text) {
                    None if last => kinds.settle(found.word, first)?,
                    Some(known) if known != first && known != second => kinds.settle(found.word, first)?,
                    _ => {}
                },
                Place::SameAs(other) => {
                    let other = uses.get(other).filter(|_| other != at);
                    match other.and_then(|other| kinds.of(&other.word.text)) {
                        Some(kind) => kinds.settle(found.word, kind)?,
                        None if last && kinds.of(&found.word.text).is_none() => {
                            kinds.settle(found.word, SlotKind::Entity)?;
                        }
                        None => {}
                    }
                }
                Place::Only(_) | Place::Any => {}
            }
        }
    }
    Ok(kinds)
}

impl Kinds {
    fn settle(&mut self, word: &Word, kind: SlotKind) -> Refused<()> {
        match self.known.get(&word.text) {
            Some((known, first)) if *known != kind => Err(Box::new(
                Diagnostic::error(
                    Code::KindClash,
                    word.span,
                    format!("?{} cannot be {} here: it is {} elsewhere", word.text, noun(kind), noun(*known)),
                )
                .label(*first, format!("{} here", noun(*known)))
                .help("give the two different names"),
            )),
            Some(_) => Ok(()),
            None => {
                self.known.insert(word.text.clone(), (kind, word.span));
                Ok(())
            }
        }
    }
}

/// What a slot holds, in plain words.
pub(super) fn noun(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Entity => "somebody or something",
        SlotKind::Content => "what is said",
        SlotKind::Claim => "a claim",
        SlotKind::Appearance => "an appearance",
        SlotKind::Time => "a time",
        SlotKind::Document => "a document",
        SlotKind::Figure => "a figure",
        SlotKind::Text => "a text",
        SlotKind::Kind => "a kind",
        SlotKind::Grade => "a grade",
    }
}

struct Uses<'a, 'p> {
    found: Vec<Use<'a>>,
    params: &'p Params,
}

impl<'a> Uses<'a, '_> {
    fn add(&mut self, word: &'a Word, place: Place) {
        self.found.push(Use { word, place, exact: false });
    }

    fn term(&mut self, term: &'a Term) {
        if let Term::Var(word) = term {
            self.add(word, Place::Only(SlotKind::Entity));
        }
    }

    fn who(&mut self, who: &'a Who) {
        for term in &who.terms {
            self.term(term);
        }
    }

    fn time(&mut self, time: &'a TimeExpr) {
        if let TimeValue::Var(word) = &time.value {
            self.add(word, Place::Only(SlotKind::Time));
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::And(parts) | Pattern::Or(parts) => parts.iter().for_each(|part| self.pattern(part)),
            Pattern::Not(inner, _) => self.pattern(inner),
            Pattern::Claim(claim) => self.claim(claim),
            Pattern::Link(link) => self.link(link),
            Pattern::IsA(isa) => {
                self.term(&isa.who);
                match &isa.what {
                    IsWhat::KindVar(word) => self.add(word, Place::Only(SlotKind::Kind)),
                    IsWhat::In { group, time, .. } => {
                        self.term(group);
                        time.iter().for_each(|time| self.time(time));
                    }
                    IsWhat::Role { role, of, time } => {
                        if let RoleTerm::Var(word) = role {
                            self.add(word, Place::Only(SlotKind::Text));
                        }
                        of.iter().for_each(|of| self.term(of));
                        time.iter().for_each(|time| self.time(time));
                    }
                    IsWhat::Kind(_) | IsWhat::Named => {}
                }
            }
            Pattern::Rating(rating) => {
                self.term(&rating.assessor);
                match (&rating.what, &rating.grade) {
                    // Letters grade sources and digits claims; where the grade is asked for, other places tell which is meant.
                    (RatedThing::Source(Term::Var(word)), GradeTerm::Grade(grade)) => {
                        let is_claim = grade.text.starts_with(|c: char| c.is_ascii_digit());
                        let kind = if is_claim { SlotKind::Claim } else { SlotKind::Entity };
                        self.add(word, Place::Only(kind));
                    }
                    (RatedThing::Source(Term::Var(word)), _) => {
                        self.add(word, Place::Either(SlotKind::Entity, SlotKind::Claim));
                    }
                    (RatedThing::Source(source), _) => self.term(source),
                    (RatedThing::Claim(_), _) => {}
                }
                if let GradeTerm::Var(word) = &rating.grade {
                    self.add(word, Place::Only(SlotKind::Grade));
                }
                rating.about.iter().for_each(|about| self.who(about));
            }
            Pattern::Call(call) => {
                let params = self.params;
                for (at, arg) in call.args.iter().enumerate() {
                    if let Arg::Term(Term::Var(word)) = arg {
                        let kind = params
                            .get(&call.name.text)
                            .and_then(|of_rule| of_rule.get(at).copied())
                            .flatten();
                        self.add(word, kind.map_or(Place::Any, Place::Only));
                    }
                }
            }
        }
    }

    fn link(&mut self, link: &'a Link) {
        let (left, right) = match link.relation {
            Relation::Contradicts | Relation::Supports => {
                (Place::Only(SlotKind::Content), Place::Only(SlotKind::Content))
            }
            Relation::Retracts | Relation::Corrects => {
                (Place::Only(SlotKind::Claim), Place::Either(SlotKind::Claim, SlotKind::Document))
            }
            Relation::Cites => {
                (Place::Only(SlotKind::Document), Place::Either(SlotKind::Document, SlotKind::Entity))
            }
            Relation::SameAs => (same_as(&link.right), same_as(&link.left)),
        };
        let place_of =
            |end: &'a LinkEnd| if let LinkEnd::Term(Term::Var(word)) = end { Some(word) } else { None };
        let at = self.found.len();
        match (place_of(&link.left), place_of(&link.right)) {
            (Some(a), Some(b)) if link.relation == Relation::SameAs => {
                self.add(a, Place::SameAs(at + 1));
                self.add(b, Place::SameAs(at));
            }
            (a, b) => {
                a.into_iter().for_each(|word| self.add(word, left));
                b.into_iter().for_each(|word| self.add(word, right));
            }
        }
        for end in self.found.iter_mut().skip(at) {
            end.exact = link.relation == Relation::SameAs;
        }
    }

    fn claim(&mut self, claim: &'a Claim) {
        if let Some(Label::Var(word)) = &claim.label {
            self.add(word, Place::Only(SlotKind::Claim));
        }
        self.who(&claim.who);
        claim.listener.iter().for_each(|listener| self.who(&listener.who));
        match claim.content.as_ref().map(|content| &content.value) {
            Some(ContentValue::Var(word)) => {
                self.add(word, Place::Either(SlotKind::Content, SlotKind::Claim));
            }
            Some(ContentValue::Speech(inner)) => self.claim(inner),
            _ => {}
        }
        for adjunct in &claim.adjuncts {
            self.adjunct(adjunct);
        }
        for pair in &claim.fields {
            if let FieldValue::Var(word) = &pair.value {
                self.add(word, Place::Only(SlotKind::Text));
            }
        }
    }

    fn adjunct(&mut self, adjunct: &'a Adjunct) {
        match adjunct {
            Adjunct::About(who) => self.who(who),
            Adjunct::Said { time, .. } | Adjunct::For(time) => self.time(time),
            Adjunct::Via(via) => via.who.iter().for_each(|who| self.who(who)),
            Adjunct::Source(SourceRef::Var(word)) => self.add(word, Place::Only(SlotKind::Document)),
            Adjunct::If(condition) => {
                if let ConditionValue::Var(word) = &condition.value {
                    self.add(word, Place::Only(SlotKind::Content));
                }
            }
            Adjunct::With(measure) => match &measure.test {
                MeasureTest::Var(word) => self.add(word, Place::Only(SlotKind::Figure)),
                MeasureTest::Entity(term) => self.term(term),
                _ => {}
            },
            Adjunct::Source(_) | Adjunct::When(_) => {}
        }
    }
}

/// What the end opposite to this one must be.
fn same_as(other: &LinkEnd) -> Place {
    Place::Only(match other {
        LinkEnd::Content { .. } | LinkEnd::What(_) => SlotKind::Content,
        LinkEnd::Claim(_) => SlotKind::Claim,
        LinkEnd::Document(_) => SlotKind::Document,
        LinkEnd::Term(_) => SlotKind::Entity,
    })
}

/// Refuses a variable in a place that wants another kind.
pub(super) fn expect(kind: SlotKind, wanted: SlotKind, word: &Word) -> Refused<()> {
    if kind == wanted {
        return Ok(());
    }
    refuse(
        Code::KindClash,
        word.span,
        format!("?{} is {} and cannot be {} here", word.text, noun(kind), noun(wanted)),
        "give the two different names",
    )
}
