//! Named patterns: a rule that does not come back to itself is unfolded where it is named; a recursive one is bound once, over slots of
//! its own.

use super::super::logical::{BoundRule, Node, SlotId, SlotKind};
use super::kinds::{Kinds, expect};
use super::{Binder, Refused, refuse, safety};
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{Arg, Call, DefineRule, Term};
use crate::syntax::{denied_by_itself, is_recursive};
use std::collections::BTreeMap;

impl<'g> Binder<'g> {
    fn rule(&self, call: &Call) -> Refused<&'g DefineRule> {
        let rules = self.scope.rules.all();
        let Some(rule) = rules.iter().find(|rule| rule.name.text == call.name.text) else {
            let similar = rules
                .iter()
                .map(|rule| (strsim::damerau_levenshtein(&rule.name.text, &call.name.text), &rule.name.text))
                .filter(|(distance, _)| *distance <= 2)
                .min();
            let diagnostic = Diagnostic::error(
                Code::UnknownRule,
                call.name.span,
                format!("there is no rule `{}`", call.name.text),
            );
            let help = match similar {
                Some((_, known)) => format!("did you mean {known}?"),
                None => format!("define it first: define {}(?x) as (…).", call.name.text),
            };
            return Err(Box::new(diagnostic.help(help)));
        };
        if rule.params.len() != call.args.len() {
            let params: Vec<String> = rule.params.iter().map(|param| format!("?{}", param.text)).collect();
            return refuse(
                Code::UnknownRule,
                call.name.span,
                format!(
                    "the rule `{}` has {} arguments, and here are {}",
                    call.name.text,
                    rule.params.len(),
                    call.args.len()
                ),
                format!("write {}({})", call.name.text, params.join(", ")),
            );
        }
        Ok(rule)
    }

    pub(super) fn call(&mut self, call: &Call) -> Refused<Node> {
        let rule = self.rule(call)?;
        let kinds = Kinds::of_rule(rule, self.scope.rules)?;
        let mut fixed = Vec::new();
        let mut args = Vec::with_capacity(call.args.len());
        for (param, arg) in rule.params.iter().zip(&call.args) {
            let kind = kinds.of(&param.text).unwrap_or(SlotKind::Entity);
            args.push(self.argument(arg, kind, &mut fixed)?);
        }
        let node = if is_recursive(rule, self.scope.rules.all()) {
            Node::Rule { rule: self.recursive(rule, call)?, args }
        } else {
            self.unfold(rule, call, kinds, &args)?
        };
        if fixed.is_empty() {
            return Ok(node);
        }
        fixed.push(node);
        Ok(Node::All(fixed))
    }

    /// The slot of an argument; a constant is a slot that holds one of its values.
    fn argument(&mut self, arg: &Arg, kind: SlotKind, fixed: &mut Vec<Node>) -> Refused<SlotId> {
        let (span, values): (_, Vec<u64>) = match arg {
            Arg::Term(Term::Var(word)) => {
                let slot = self.variable(&word.text, kind, word.span)?;
                if let Some(known) = self.slots.get(usize::from(slot.0)) {
                    expect(known.kind, kind, word)?;
                }
                return Ok(slot);
            }
            Arg::Term(term) if kind == SlotKind::Entity => match self.subject(term)? {
                super::super::logical::EntityTest::Slot(slot, _) => return Ok(slot),
                super::super::logical::EntityTest::OneOf(found) => {
                    (term.span(), found.into_iter().map(|entity| u64::from(entity.0)).collect())
                }
                super::super::logical::EntityTest::Anyone => return self.slot("anyone", kind, term.span()),
            },
            Arg::Text(word) if kind == SlotKind::Content => {
                let found = self.contents(&word.text, false);
                (word.span, found.into_iter().map(super::super::logical::content_cell).collect())
            }
            Arg::Claim(word) if kind == SlotKind::Claim => {
                (word.span, vec![super::super::logical::claim_cell(self.claim_of(word)?)])
            }
            other => {
                let span = arg_span(other);
                return refuse(
                    Code::KindClash,
                    span,
                    format!("this rule wants {} here", super::kinds::noun(kind)),
                    "write a variable, as ?x",
                );
            }
        };
        let slot = self.slot("", kind, span)?;
        // The values of a text are what stands for all that is the same.
        self.share(slot);
        fixed.push(Node::Fixed { slot, values });
        Ok(slot)
    }

    fn unfold(&mut self, rule: &DefineRule, call: &Call, kinds: Kinds, args: &[SlotId]) -> Refused<Node> {
        let inside: BTreeMap<String, SlotId> =
            rule.params.iter().map(|param| param.text.clone()).zip(args.iter().copied()).collect();
        // What stands in several places inside is compared inside: by what stands for all that is the same.
        for (param, arg) in rule.params.iter().zip(args) {
            if kinds.is_shared_inside(&param.text) {
                self.share(*arg);
            }
        }
        let variables = std::mem::replace(&mut self.variables, inside);
        let outer_kinds = std::mem::replace(&mut self.kinds, kinds);
        self.unfolding.push(rule.name.text.clone());
        let first_own = self.slots.len();
        let body = self.pattern(&rule.body).and_then(|body| {
            let own: Vec<SlotId> = (first_own..self.slots.len()).map(|at| SlotId(at as u16)).collect();
            safety::check_own(&body, &own, &self.slots)?;
            Ok(body)
        });
        let body = body.map_err(|error| in_rule(*error, rule, call));
        self.unfolding.pop();
        self.kinds = outer_kinds;
        self.variables = variables;
        body
    }

    /// The place of a recursive rule, bound on its first mention.
    fn recursive(&mut self, rule: &DefineRule, call: &Call) -> Refused<usize> {
        if let Some(at) = self.rules.iter().position(|bound| bound.name == rule.name.text) {
            return Ok(at);
        }
        if let Some(through) = denied_by_itself(rule, self.scope.rules.all()) {
            return refuse(
                Code::Unstratified,
                call.span,
                format!("`{}` depends on its own negation, through `{through}`", rule.name.text),
                "a rule may come back to itself only outside `not`",
            );
        }
        let at = self.rules.len();
        self.rules.push(BoundRule {
            name: rule.name.text.clone(),
            slots: Vec::new(),
            params: Vec::new(),
            body: Node::Any(Vec::new()),
        });
        let kinds = Kinds::of_rule(rule, self.scope.rules)?;
        let outer = (
            std::mem::take(&mut self.slots),
            std::mem::take(&mut self.variables),
            std::mem::replace(&mut self.kinds, kinds),
            std::mem::take(&mut self.negations),
        );
        self.unfolding.push(rule.name.text.clone());
        let bound = self.recursive_body(rule);
        self.unfolding.pop();
        let slots = std::mem::replace(&mut self.slots, outer.0);
        (self.variables, self.kinds, self.negations) = (outer.1, outer.2, outer.3);
        let (params, body) = bound.map_err(|error| in_rule(*error, rule, call))?;
        if let Some(place) = self.rules.get_mut(at) {
            *place = BoundRule { name: rule.name.text.clone(), slots, params, body };
        }
        Ok(at)
    }

    fn recursive_body(&mut self, rule: &DefineRule) -> Refused<(Vec<SlotId>, Node)> {
        let mut params = Vec::new();
        for param in &rule.params {
            params.push(self.variable(&param.text, SlotKind::Entity, param.span)?);
        }
        let body = self.pattern(&rule.body)?;
        safety::check_bound(&body, &params, &self.slots)?;
        let own: Vec<SlotId> = (params.len()..self.slots.len()).map(|at| SlotId(at as u16)).collect();
        safety::check_own(&body, &own, &self.slots)?;
        Ok((params, body))
    }
}

/// An error inside a rule is told at the place that names the rule: its own place is in another text.
#[expect(clippy::unnecessary_box_returns, reason = "errors travel boxed here")]
fn in_rule(error: Diagnostic, rule: &DefineRule, call: &Call) -> Box<Diagnostic> {
    let message = format!("in the rule `{}`: {}", rule.name.text, error.message);
    Box::new(Diagnostic { message, span: call.span, labels: Vec::new(), ..error })
}

fn arg_span(arg: &Arg) -> crate::diag::Span {
    match arg {
        Arg::Term(term) => term.span(),
        Arg::Text(word) | Arg::Claim(word) | Arg::Date(word) | Arg::Number(word) => word.span,
    }
}
