//! A question in plain words, as it was understood.

use super::optimize::Step;
use super::query::Query;
use crate::graph::Graph;

/// x
pub fn reading(_: &Graph, _: &Query) -> Vec<String> {
    Vec::new()
}
/// x
pub fn step_text(_: &Graph, _: &Query, _: &Step) -> String {
    String::new()
}
