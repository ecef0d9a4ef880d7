//! A set of contents, for telling of very many whether they are among those found. Where few claims were looked at it is a table of hashes, else
//! a bit for every content there is.

use super::scan::MANY;
use crate::graph::Graph;
use hashbrown::HashSet;

/// Contents, as cells.
#[derive(Debug)]
pub(super) enum Contents {
    Few(HashSet<u64>),
    Marked(Vec<u64>),
}

impl Contents {
    /// None yet, of so many claims.
    pub(super) fn of(graph: &Graph, claims: usize) -> Self {
        // A content is a proposition or its negation.
        let all = 2 * graph.propositions.len();
        if claims < MANY {
            Contents::Few(HashSet::new())
        } else {
            Contents::Marked(vec![0; all.div_ceil(64)])
        }
    }

    /// Adds one.
    #[inline]
    pub(super) fn add(&mut self, content: u64) {
        match self {
            Contents::Few(set) => _ = set.insert(content),
            Contents::Marked(words) => {
                if let Some(word) = words.get_mut((content / 64) as usize) {
                    *word |= 1 << (content % 64);
                }
            }
        }
    }

    /// Whether it has one.
    #[inline]
    pub(super) fn has(&self, content: u64) -> bool {
        match self {
            Contents::Few(set) => set.contains(&content),
            Contents::Marked(words) => {
                words.get((content / 64) as usize).is_some_and(|word| word >> (content % 64) & 1 == 1)
            }
        }
    }

    /// Adds all of another one of the same claims.
    pub(super) fn join(&mut self, other: Contents) {
        match (self, other) {
            (Contents::Few(set), Contents::Few(more)) => set.extend(more),
            (Contents::Marked(words), Contents::Marked(more)) => {
                words.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
            }
            _ => {}
        }
    }

    /// The bytes that it holds.
    pub(super) fn weight(&self) -> usize {
        match self {
            Contents::Few(set) => set.allocation_size(),
            Contents::Marked(words) => size_of_val(&words[..]),
        }
    }
}
