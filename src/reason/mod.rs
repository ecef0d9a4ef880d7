//! Reasoning about attribution over a graph: who carried what. Every answer is made of acts that the graph holds, so that anyone can follow
//! it back; nothing here scores truth.
//!
//! This room reads the graph and returns plain data; it knows no question and draws nothing.

mod trace;

pub use trace::{Traced, trace};
