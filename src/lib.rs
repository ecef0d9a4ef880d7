//! dixit
pub mod diag;
pub mod formats;
pub mod graph;
pub mod model;
pub mod store;
pub mod syntax;
