//! Room for what a long load will still bring, taken at once when it is known how much that may be: columns that grow by doubling copy all
//! they hold again and again, and touch twice the memory they need. Nothing here is needed for anything but speed.

use super::Graph;
use super::column::{Column, Sparse, Texts};
use super::index::Index;
use super::layout::Visit;
use super::postings::{Lists, Postings};
use super::section::prefer_huge_pages;
use bytemuck::Pod;

/// How much was in each part that grows when a load began.
pub(crate) struct Begun(Vec<usize>);

impl Begun {
    pub(crate) fn now(graph: &mut Graph) -> Begun {
        let mut counted = Vec::new();
        graph.visit(&mut Parts(|count, _: &mut dyn FnMut(usize)| counted.push(count)));
        Begun(counted)
    }

    /// Makes room for as many times what was added since. Where there is none to be had, parts grow as they always do.
    pub(crate) fn expect(&self, graph: &mut Graph, times: f64) {
        let mut before = self.0.iter();
        graph.visit(&mut Parts(|count: usize, expect: &mut dyn FnMut(usize)| {
            let added = count.saturating_sub(before.next().copied().unwrap_or(0));
            expect((added as f64 * times) as usize);
        }));
    }
}

/// Is told of each part that grows, in the order of the columns, how much it holds, and may make room for some more.
struct Parts<F>(F);

impl<F: FnMut(usize, &mut dyn FnMut(usize))> Parts<F> {
    fn run<T>(&mut self, run: &mut Vec<T>) {
        // Memory that nobody touches costs nothing.
        self.0(run.len(), &mut |more| {
            if run.try_reserve_exact(more).is_ok() {
                prefer_huge_pages(run);
            }
        });
    }
}

impl<F: FnMut(usize, &mut dyn FnMut(usize))> Visit for Parts<F> {
    fn column<T: Pod>(&mut self, _: &str, column: &mut Column<T>) {
        self.run(column.tail_mut());
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
            self.run(waiting);
        }
    }

    fn lists(&mut self, name: &str, lists: &mut Lists) {
        let (ends, items) = lists.parts_mut();
        self.column(name, ends);
        self.column(name, items);
    }

    fn index(&mut self, _: &str, index: &mut Index) {
        self.0(index.recent(), &mut |more| index.expect(more));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_for_what_grew() {
        let (mut before, mut grown) = (Column::default(), Column::default());
        (0..100u32).for_each(|row| before.push(row));
        (0..10u32).for_each(|row| grown.push(row));
        let mut columns = |begun: Begun, times: f64| {
            let mut counts = begun.0.iter();
            let mut parts = Parts(|count: usize, expect: &mut dyn FnMut(usize)| {
                expect(((count - counts.next().unwrap()) as f64 * times) as usize);
            });
            parts.column("", &mut before);
            parts.column("", &mut grown);
        };
        columns(Begun(vec![100, 0]), 1000.0);
        assert!(grown.tail_mut().capacity() >= 10_010 && before.tail_mut().capacity() < 1000);
    }
}
