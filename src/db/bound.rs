//! What a prepared question keeps of its last binding: all but the values of its `$names`, and what its rules came to.

use super::{Database, Params, Prepared};
use crate::diag::Diagnostic;
use crate::eval;
use crate::graph::Graph;
use crate::model::Time;
use crate::plan::{self, Bound, Template};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// What was bound last, and for which state of which graph. Copies of a question share nothing, and are equal whatever they keep.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Option<Entry>>);

#[derive(Debug, Clone)]
struct Entry {
    /// A graph that is told anything is moved or copied before: this leads to it no longer then.
    graph: Weak<Graph>,
    today: Time,
    strict: bool,
    /// Nothing where the question has to be bound anew for other values.
    template: Option<Arc<Template>>,
    /// What answers leave to the next; nothing where rules depend on the values.
    rules: Option<Arc<eval::Kept>>,
}

impl Clone for Kept {
    fn clone(&self) -> Self {
        Kept::default()
    }
}

impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Database {
    /// Binds a prepared question with these values; also what earlier answers left for this one.
    pub(super) fn bind_prepared(
        &self,
        question: &Prepared,
        params: &Params,
    ) -> Result<(Bound, Option<Arc<eval::Kept>>), Box<Diagnostic>> {
        let ask = &question.ask;
        let (template, rules) = self.template(question, params);
        let bound = match template {
            // What follows only looks values up, which names no rule.
            Some(template) => template.bind(ask, self.scope(&plan::Rules::default(), params)),
            None => self.bind_with(ask, params),
        };
        Ok((bound?, rules))
    }

    /// The template of a question for this graph as it is, with what answers left, made where none is kept.
    fn template(
        &self,
        question: &Prepared,
        params: &Params,
    ) -> (Option<Arc<Template>>, Option<Arc<eval::Kept>>) {
        let (today, strict) = (self.context.today, self.strict);
        let mut kept = question.bound.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = &*kept
            && std::ptr::eq(entry.graph.as_ptr(), Arc::as_ptr(&self.graph))
            && (entry.today, entry.strict) == (today, strict)
        {
            return (entry.template.clone(), entry.rules.clone());
        }
        let rules = self.rules_of(&question.ask);
        let template = Template::of(&question.ask, self.scope(&rules, params)).map(Arc::new);
        let rules = template.as_ref().filter(|template| template.has_own_rules()).map(|_| Arc::default());
        *kept = Some(Entry {
            graph: Arc::downgrade(&self.graph),
            today,
            strict,
            template: template.clone(),
            rules: rules.clone(),
        });
        (template, rules)
    }
}
