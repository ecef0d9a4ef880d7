//! Links, is-sentences and grades.

use super::super::logical::{
    EndTest, EntityTest, IsAPattern, LinkPattern, Node, RatedTest, RatingPattern, SlotKind,
};
use super::kinds::expect;
use super::{Binder, Refused, refuse};
use crate::diag::Code;
use crate::graph::Node as Thing;
use crate::model::{Grade, LinkRelation, fold};
use crate::syntax::ast::{
    Also, GradeTerm, IsA, IsWhat, Link, LinkEnd, RatedThing, Rating, Relation, RoleTerm, Term, TimeExpr,
};

impl Binder<'_> {
    pub(super) fn link(&mut self, link: &Link) -> Refused<Node> {
        let relation = match link.relation {
            Relation::Contradicts => LinkRelation::Contradicts,
            Relation::Supports => LinkRelation::Supports,
            Relation::SameAs => LinkRelation::SameAs,
            Relation::Retracts => LinkRelation::Retracts,
            Relation::Corrects => LinkRelation::Corrects,
            Relation::Cites => LinkRelation::Cites,
        };
        let left = self.end(&link.left)?;
        let right = self.end(&link.right)?;
        Ok(Node::Link(LinkPattern { relation, left, right }))
    }

    fn end(&mut self, end: &LinkEnd) -> Refused<EndTest> {
        Ok(match end {
            LinkEnd::Content { not, text, terms } => {
                let contents = self.contents_with(text, *not, terms)?;
                EndTest::OneOf(contents.into_iter().map(Thing::Content).collect())
            }
            LinkEnd::Claim(id) => EndTest::OneOf(vec![Thing::Claim(self.claim_of(id)?)]),
            LinkEnd::Document(word) => {
                let found = self.graph().documents.find(&word.text);
                EndTest::OneOf(found.into_iter().map(Thing::Document).collect())
            }
            LinkEnd::What(span) => EndTest::Slot(self.blank("what", "what", SlotKind::Content, *span)?),
            LinkEnd::Term(Term::Var(word)) => {
                EndTest::Slot(self.variable(&word.text, SlotKind::Entity, word.span)?)
            }
            LinkEnd::Term(term) => match self.subject(term)? {
                EntityTest::OneOf(entities) => {
                    EndTest::OneOf(entities.into_iter().map(Thing::Entity).collect())
                }
                EntityTest::Slot(slot, _) => EndTest::Slot(slot),
                EntityTest::Anyone => {
                    return refuse(
                        Code::BadValue,
                        term.span(),
                        "`anyone` cannot stand at the end of a link",
                        "write a variable, as ?x",
                    );
                }
            },
        })
    }

    pub(super) fn isa(&mut self, isa: &IsA) -> Refused<Node> {
        let who = self.subject(&isa.who)?;
        let mut parts = Vec::new();
        match &isa.what {
            IsWhat::Kind(kind) => {
                parts.push(IsAPattern::Kind { who: who.clone(), kind: Self::kind(kind)? });
            }
            IsWhat::KindVar(word) => {
                let slot = self.variable(&word.text, SlotKind::Kind, word.span)?;
                if let Some(known) = self.slots.get(usize::from(slot.0)) {
                    expect(known.kind, SlotKind::Kind, word)?;
                }
                parts.push(IsAPattern::KindSlot { who: who.clone(), slot });
            }
            IsWhat::In { group, role, time } => {
                let group = self.term(group, false)?;
                let role = role.as_ref().map(|role| fold(&role.text).into_owned());
                parts.push(IsAPattern::In {
                    who: who.clone(),
                    group,
                    role,
                    time: self.period(time.as_ref())?,
                });
            }
            IsWhat::Role { role, of, time } => {
                let (role, slot) = match role {
                    RoleTerm::Role(name) => (Some(fold(&name.text).into_owned()), None),
                    RoleTerm::Var(word) => {
                        (None, Some(self.variable(&word.text, SlotKind::Text, word.span)?))
                    }
                };
                let of = of.as_ref().map(|of| self.term(of, false)).transpose()?;
                let time = self.period(time.as_ref())?;
                parts.push(IsAPattern::Role { who: who.clone(), role, slot, of, time });
            }
            IsWhat::Named => {}
        }
        if !isa.also.is_empty() {
            let names = isa.also.iter().map(|also| match also {
                Also::Alias(word) => fold(&word.text).into_owned(),
                Also::Id(word) => word.text.clone(),
            });
            parts.push(IsAPattern::Named { who, names: names.collect() });
        }
        let mut nodes: Vec<Node> = parts.into_iter().map(Node::IsA).collect();
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) })
    }

    fn period(&mut self, time: Option<&TimeExpr>) -> Refused<Option<crate::model::Time>> {
        time.map(|time| self.interval(time)).transpose()
    }

    pub(super) fn rating(&mut self, rating: &Rating) -> Refused<Node> {
        let assessor = self.subject(&rating.assessor)?;
        let what = match &rating.what {
            RatedThing::Claim(id) => RatedTest::Claim(self.claim_of(id)?),
            RatedThing::Source(Term::Var(word)) if self.kinds.of(&word.text) == Some(SlotKind::Claim) => {
                RatedTest::ClaimSlot(self.variable(&word.text, SlotKind::Claim, word.span)?)
            }
            RatedThing::Source(term) => RatedTest::Source(self.subject(term)?),
        };
        let is_source = matches!(what, RatedTest::Source(_));
        let (grade, slot) = match &rating.grade {
            GradeTerm::Var(word) => (None, Some(self.variable(&word.text, SlotKind::Grade, word.span)?)),
            GradeTerm::Grade(word) => match Grade::from_word(&word.text) {
                Some(grade) if grade.is_reliability() == is_source => (Some(grade), None),
                _ => {
                    let help =
                        if is_source { "a source is graded A to F" } else { "a claim is graded 1 to 6" };
                    let message = format!("`{}` is no grade for this", word.text);
                    return refuse(Code::BadValue, word.span, message, help);
                }
            },
        };
        let about = rating.about.as_ref().map(|about| self.list(about, false)).transpose()?;
        let time = self.period(rating.time.as_ref())?;
        Ok(Node::Rating(RatingPattern { assessor, what, grade, slot, about, time }))
    }
}
