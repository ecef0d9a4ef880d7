//! One claim sentence: who, which verb, to whom, what.

use super::super::logical::{Chain, ClaimPattern, ContentTest, EntityTest, ListTest, Node, SlotId, SlotKind};
use super::{Binder, Refused, refuse, safety};
use crate::diag::{Code, Span};
use crate::syntax::ast::{Claim, Content, ContentValue, Label, Quantifier, Word};
use std::sync::Arc;

impl Binder<'_> {
    /// A claim sentence. `all of A, B` are as many sentences, which share everything else.
    pub(super) fn claim(&mut self, claim: &Claim) -> Refused<Node> {
        let apart = claim.who.quantifier == Some(Quantifier::All) && claim.who.terms.len() > 1;
        let counted = self.negations == 0 && self.alternatives == 0 && self.unfolding.is_empty();
        let pattern = self.claim_pattern(claim, counted)?;
        if !apart {
            return Ok(Node::Claim(Arc::new(pattern)));
        }
        // What the sentences share stands in each of them.
        for slot in safety::names_of_claim(&pattern).iter() {
            self.share(slot);
        }
        let mut each = Vec::with_capacity(pattern.sources.terms.len());
        for (at, source) in pattern.sources.terms.iter().enumerate() {
            let mut one = pattern.clone();
            one.sources.terms = vec![source.clone()];
            if at > 0 {
                (one.claim, one.appearance) = self.claim_slots(None, claim.span)?;
                if counted {
                    self.claims.push((one.claim, one.appearance));
                }
            }
            each.push(Node::Claim(Arc::new(one)));
        }
        Ok(Node::All(each))
    }

    /// The slots of a claim and of its appearance.
    fn claim_slots(&mut self, label: Option<&Word>, span: Span) -> Refused<(SlotId, SlotId)> {
        let claim = match label {
            None => self.slot("claim", SlotKind::Claim, span)?,
            Some(word) => match self.variables.get(&word.text) {
                Some(slot) => *slot,
                None => {
                    // The label names the claim, which has its column already.
                    let slot = self.slot(&word.text, SlotKind::Claim, word.span)?;
                    self.variables.insert(word.text.clone(), slot);
                    if let Some(slot) = self.slots.get_mut(usize::from(slot.0)) {
                        slot.variable = true;
                    }
                    slot
                }
            },
        };
        Ok((claim, self.slot("via", SlotKind::Appearance, span)?))
    }

    pub(super) fn claim_pattern(&mut self, claim: &Claim, counted: bool) -> Refused<ClaimPattern> {
        let (label, id) = match &claim.label {
            Some(Label::Var(word)) => (Some(word), None),
            Some(Label::Id(word)) => (None, Some(self.claim_of(word)?)),
            None => (None, None),
        };
        let (slot, appearance) = self.claim_slots(label, claim.span)?;
        if counted {
            self.claims.push((slot, appearance));
        }
        let sources = self.list(&claim.who, true)?;
        let verbs = self.verbs(&claim.verb, claim.exactly)?;
        let listeners = match &claim.listener {
            None => None,
            Some(listener) => {
                let takes = self.graph().lexicon.find(&claim.verb.text);
                let takes = takes.is_none_or(|verb| self.graph().lexicon.verb(verb).takes_listener);
                if !listener.to && !takes && !is_blank(&listener.who) {
                    return refuse(
                        Code::NoListener,
                        listener.who.span,
                        format!("`{}` takes no listener without `to`", claim.verb.text),
                        "write `to` before whom it was said, or `about` before what it was about",
                    );
                }
                Some(self.list(&listener.who, true)?)
            }
        };
        let mut pattern = ClaimPattern {
            claim: slot,
            appearance,
            id,
            sources,
            verb: if claim.exactly {
                format!("exactly {}", claim.verb.text).into()
            } else {
                claim.verb.text.as_str().into()
            },
            verbs: verbs.fit.into(),
            denials: verbs.denials,
            labels: verbs.labels,
            listeners,
            content: ContentTest::Open,
            denied: verbs.negative != claim.content.as_ref().is_some_and(|content| content.not),
            hedge: None,
            verbatim: false,
            about: Vec::new(),
            said: Vec::new(),
            period: Vec::new(),
            chain: Chain::default(),
            condition: None,
            figures: Vec::new(),
            fields: Vec::new(),
            span: claim.span,
        };
        if let Some(content) = &claim.content {
            pattern.hedge = content.hedge.as_ref().map(|hedge| hedge.text.clone());
            pattern.verbatim = content.verbatim;
            pattern.content = self.content(content, verbs.negative, counted)?;
        } else if verbs.negative {
            pattern.content = ContentTest::Open;
        }
        for adjunct in &claim.adjuncts {
            self.adjunct(adjunct, &mut pattern)?;
        }
        for pair in &claim.fields {
            let test = self.field(pair)?;
            pattern.fields.push(test);
        }
        Ok(pattern)
    }

    fn content(&mut self, content: &Content, flips: bool, counted: bool) -> Refused<ContentTest> {
        let negated = flips != content.not;
        Ok(match &content.value {
            ContentValue::Text(word) => ContentTest::OneOf(self.contents(&word.text, negated)),
            ContentValue::Param(word) => {
                let text = self.param(word)?.to_string();
                ContentTest::OneOf(self.contents(&text, negated))
            }
            ContentValue::Var(word) => {
                let slot = self.variable(&word.text, SlotKind::Content, word.span)?;
                if self.slots.get(usize::from(slot.0)).is_some_and(|slot| slot.kind == SlotKind::Claim) {
                    ContentTest::ClaimSlot(slot, negated)
                } else if negated {
                    ContentTest::NegatedSlot(slot)
                } else {
                    ContentTest::Slot(slot)
                }
            }
            ContentValue::What(span) if content.not => {
                let slot = self.blank("what", "what", SlotKind::Content, *span)?;
                if flips { ContentTest::Slot(slot) } else { ContentTest::NegatedSlot(slot) }
            }
            ContentValue::What(span) => {
                ContentTest::Slot(self.blank("what", "what", SlotKind::Content, *span)?)
            }
            ContentValue::Anything(_) if content.not && !flips => ContentTest::Negative,
            ContentValue::Anything(_) => ContentTest::Anything,
            ContentValue::Claim(id) => ContentTest::Claim(self.claim_of(id)?, negated),
            ContentValue::Speech(inner) => {
                let inner = self.claim_pattern(inner, counted)?;
                ContentTest::Speech(Box::new(inner), negated)
            }
        })
    }
}

fn is_blank(who: &crate::syntax::ast::Who) -> bool {
    use crate::syntax::ast::Term;
    who.terms.iter().all(|term| matches!(term, Term::Whom(_) | Term::Who(_)))
}

/// One test, alone in its list.
pub(super) fn alone(test: EntityTest) -> ListTest {
    ListTest { quantifier: Quantifier::All, terms: vec![test] }
}
