//! Room for what a long load will still bring, taken at once when it is known how much that may be: columns that grow by doubling copy all
//! they hold again and again, and touch twice the memory they need. Nothing here is needed for anything but speed.

use super::Graph;
use super::column::{Column, Sparse, Texts};
use super::index::Index;
use super::layout::Visit;
use super::postings::{Lists, Postings};
use bytemuck::Pod;

/// How much was in each part that grows when a load began.
pub(crate) struct Begun(Vec<usize>);

impl Begun {
    pub(crate) fn now(graph: &mut Graph) -> Begun {
        let mut counted = Vec::new();
        graph.visit(&mut Parts(|part: &mut dyn Grows| counted.push(part.count())));
        Begun(counted)
    }

    /// Makes room for as many times what was added since. Where there is none to be had, parts grow as they always do.
    pub(crate) fn expect(&self, graph: &mut Graph, times: f64) {
        let mut counted = self.0.iter();
        graph.visit(&mut Parts(|part: &mut dyn Grows| {
            let added = part.count().saturating_sub(counted.next().copied().unwrap_or(0));
            part.expect((added as f64 * times) as usize);
        }));
    }
}

/// A part that grows while much is loaded.
pub(super) trait Grows {
    /// How much it holds.
    fn count(&self) -> usize;
    /// Makes room for some more, if it can.
    fn expect(&mut self, more: usize);
}

impl<T> Grows for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn expect(&mut self, more: usize) {
        // Memory that nobody touches costs nothing.
        let _ = self.try_reserve_exact(more);
    }
}

/// Does something with each part that grows, in the order of the columns.
struct Parts<F>(F);

impl<F: FnMut(&mut dyn Grows)> Visit for Parts<F> {
    fn column<T: Pod>(&mut self, _: &str, column: &mut Column<T>) {
        self.0(column.tail_mut());
    }

    fn texts(&mut self, name: &str, texts: &mut Texts) {
        let (bytes, blocks, ends) = texts.parts_mut();
        self.column(name, bytes);
        self.column(name, blocks);
        self.column(name, ends);
    }

    fn sparse<T: Pod>(&mut self, name: &str, sparse: &mut Sparse<T>) {
        let (rows, values) = sparse.parts_mut();
        self.column(name, rows);
        self.column(name, values);
    }

    fn postings(&mut self, _: &str, postings: &mut Postings) {
        if let Some(waiting) = postings.waiting_mut() {
            self.0(waiting);
        }
    }

    fn lists(&mut self, name: &str, lists: &mut Lists) {
        let (ends, items) = lists.parts_mut();
        self.column(name, ends);
        self.column(name, items);
    }

    fn index(&mut self, _: &str, index: &mut Index) {
        self.0(index.recent_mut());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_for_what_grew() {
        let mut column = Column::default();
        (0..10u32).for_each(|row| column.push(row));
        let mut counted = Vec::new();
        Parts(|part: &mut dyn Grows| counted.push(part.count())).column("", &mut column);
        Parts(|part: &mut dyn Grows| part.expect(1000)).column("", &mut column);
        assert_eq!(counted, [10]);
        assert!(column.tail_mut().capacity() >= 1010);
    }
}
