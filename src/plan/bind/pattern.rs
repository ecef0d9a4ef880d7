//! Sentences joined by `and`, `or` and `not`.

use super::super::logical::{EntityTest, ListTest, Node, SlotKind};
use super::{Binder, Refused};
use crate::diag::Code;
use crate::model::EntityKind;
use crate::syntax::ast::{Pattern, Quantifier, Term, Who};

impl Binder<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Refused<Node> {
        Ok(match pattern {
            Pattern::And(parts) => Node::All(self.patterns(parts)?),
            Pattern::Or(parts) => {
                self.alternatives += 1;
                let parts = self.patterns(parts);
                self.alternatives -= 1;
                Node::Any(parts?)
            }
            Pattern::Not(inner, _) => Node::Not(Box::new(self.body(inner, true)?)),
            Pattern::Claim(claim) => self.claim(claim)?,
            Pattern::Link(link) => self.link(link)?,
            Pattern::IsA(isa) => self.isa(isa)?,
            Pattern::Rating(rating) => self.rating(rating)?,
            Pattern::Call(call) => self.call(call)?,
        })
    }

    fn patterns(&mut self, parts: &[Pattern]) -> Refused<Vec<Node>> {
        parts.iter().map(|part| self.pattern(part)).collect()
    }

    /// Whom a sentence that is no claim is about: somebody described where a tag says which.
    pub(super) fn subject(&mut self, term: &Term) -> Refused<EntityTest> {
        let tagged =
            matches!(term, Term::Name(name) if name.qualifier.as_ref().is_some_and(|tag| !tag.is_empty()));
        self.term(term, tagged)
    }

    /// Who may stand in a place. `described` lets a phrase such as `[a White House official]` mean everyone so described.
    pub(super) fn term(&mut self, term: &Term, described: bool) -> Refused<EntityTest> {
        Ok(match term {
            Term::Name(name) => EntityTest::OneOf(self.entities(name, described)?),
            Term::Param(word) => EntityTest::OneOf(self.entities_of_param(word)?),
            Term::Anyone(_) => EntityTest::Anyone,
            Term::Var(word) => {
                let slot = self.variable(&word.text, SlotKind::Entity, word.span)?;
                EntityTest::Slot(slot, None)
            }
            Term::Who(span) => EntityTest::Slot(self.blank("who", "who", SlotKind::Entity, *span)?, None),
            Term::Whom(span) => EntityTest::Slot(self.blank("whom", "whom", SlotKind::Entity, *span)?, None),
            Term::Which { kind, span } => {
                let meant = Self::kind(kind)?;
                let word = format!("which {}", kind.text);
                EntityTest::Slot(self.blank(&word, &kind.text, SlotKind::Entity, *span)?, Some(meant))
            }
        })
    }

    pub(super) fn kind(word: &crate::syntax::ast::Word) -> Refused<EntityKind> {
        EntityKind::from_word(&word.text).ok_or_else(|| {
            let known: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.word()).collect();
            Box::new(
                crate::diag::Diagnostic::error(
                    Code::BadValue,
                    word.span,
                    format!("`{}` is no kind of thing", word.text),
                )
                .help(format!("the kinds are {}", known.join(", "))),
            )
        })
    }

    /// A list of terms: all of them where nothing is said.
    pub(super) fn list(&mut self, who: &Who, described: bool) -> Refused<ListTest> {
        let quantifier = who.quantifier.unwrap_or(Quantifier::All);
        let hidden = quantifier == Quantifier::None;
        self.negations += usize::from(hidden);
        let terms = who.terms.iter().map(|term| match term {
            Term::Param(word) if let Some(stand_in) = self.hole_for_whom(word) => {
                Ok(EntityTest::OneOf(stand_in))
            }
            _ => self.term(term, described),
        });
        let terms = terms.collect::<Refused<_>>();
        self.negations -= usize::from(hidden);
        Ok(ListTest { quantifier, terms: terms? })
    }
}
