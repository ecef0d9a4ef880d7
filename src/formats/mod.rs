//! Files of claims in their several forms. Every form hands its claims to the graph as drafts, by name; none touches a column.
//!
//! A wrong sentence or row is reported with its place and costs only itself. To add a form: a module here, a line in the detection of
//! file kinds, and a page in `docs/`.

pub mod dixit;
pub mod export;
pub mod jsonl;
pub mod packed;
pub mod table;
