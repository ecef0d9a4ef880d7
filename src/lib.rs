//! dixit
pub mod diag;
pub mod graph;
pub mod model;
pub mod store;
