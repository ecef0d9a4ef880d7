//! How a graph shows its columns to a file format: one walk over all of them by name, the same for writing and reading.
//! It knows no bytes of any file; `store` implements [`Visit`].

use super::column::{Column, Sparse, Texts};
use super::index::Index;
use super::postings::{Lists, Postings};
use bytemuck::Pod;

/// Receives every part of a graph, always in the same order. A writer reads the parts, a reader fills them.
pub trait Visit {
    /// A column of numbers.
    fn column<T: Pod>(&mut self, name: &str, column: &mut Column<T>);
    /// A column of texts.
    fn texts(&mut self, name: &str, texts: &mut Texts);
    /// A column that most rows leave empty.
    fn sparse<T: Pod>(&mut self, name: &str, sparse: &mut Sparse<T>);
    /// A relation.
    fn postings(&mut self, name: &str, postings: &mut Postings);
    /// Lists whose order matters.
    fn lists(&mut self, name: &str, lists: &mut Lists);
    /// An index.
    fn index(&mut self, name: &str, index: &mut Index);
}
