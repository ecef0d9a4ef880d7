//! dixit
pub mod cli;
pub mod db;
pub mod diag;
pub mod eval;
pub mod formats;
pub mod graph;
pub mod model;
pub mod plan;
pub mod reason;
pub mod render;
pub mod store;
pub mod syntax;
