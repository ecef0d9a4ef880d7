//! What is kept of recursive rules from one answer to the next, of a question that is asked again and again over a graph as it is: where a walk
//! led from the places that were met. Only what is small is kept, and only where the question looks at all of the graph.

use super::rule::Asked;
use std::sync::{Mutex, PoisonError};

/// The most bytes that are kept.
const MOST: usize = 4 << 20;

/// The walks of a question's rules, of which one answer at a time goes on with what was kept: others begin anew. Whoever holds this sees to it
/// that it is handed to answers of one question over one graph alone, whose rules do not depend on its parameters.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<Asked>>);

/// The walk over each rule, once it was asked for.
#[derive(Debug, Default)]
pub(super) struct Walks<'q> {
    all: Vec<Asked>,
    kept: Option<&'q Kept>,
}

impl<'q> Walks<'q> {
    pub(super) fn with(kept: Option<&'q Kept>) -> Self {
        Walks { all: Vec::new(), kept }
    }

    /// For another thread of the same answer.
    pub(super) fn anew(&self) -> Self {
        Walks::with(self.kept)
    }

    /// Those of as many rules: first what was kept.
    pub(super) fn of(&mut self, rules: usize) -> &mut [Asked] {
        if self.all.is_empty() {
            if let Some(Kept(kept)) = self.kept {
                self.all = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
            }
            self.all.resize_with(rules, Asked::default);
        }
        &mut self.all
    }

    /// The bytes of their places and rows.
    pub(super) fn weight(&self) -> usize {
        self.all.iter().map(Asked::weight).sum()
    }
}

impl Drop for Walks<'_> {
    fn drop(&mut self) {
        if let Some(Kept(kept)) = self.kept
            && !self.all.is_empty()
            && self.weight() <= MOST
        {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = std::mem::take(&mut self.all);
        }
    }
}
