//! Views of the graph with petgraph's `visit` traits, so that its algorithms do the graph theory. Views only borrow; they hold nothing.

use super::Graph;
use crate::model::{DocumentId, HopId};
use petgraph::visit::{
    GraphBase, GraphRef, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, NodeCount, NodeIndexable,
    Visitable,
};
use petgraph::{Directed, Direction, visit::GraphProp};
use std::collections::HashSet;

/// Documents, with an edge from each to every document that it cites.
#[derive(Debug, Clone, Copy)]
pub struct CitationView<'g>(pub &'g Graph);

/// Hops, with an edge from each to the hop that it relays.
#[derive(Debug, Clone, Copy)]
pub struct HopView<'g>(pub &'g Graph);

macro_rules! view {
    ($view:ident, $id:ident, $count:expr, $out:expr, $into:expr) => {
        impl GraphBase for $view<'_> {
            type NodeId = $id;
            type EdgeId = ($id, $id);
        }

        impl GraphRef for $view<'_> {}

        impl GraphProp for $view<'_> {
            type EdgeType = Directed;
        }

        impl NodeCount for $view<'_> {
            fn node_count(&self) -> usize {
                $count(self.0)
            }
        }

        impl NodeIndexable for $view<'_> {
            fn node_bound(&self) -> usize {
                self.node_count()
            }

            fn to_index(&self, node: $id) -> usize {
                node.index()
            }

            fn from_index(&self, at: usize) -> $id {
                $id(at as u32)
            }
        }

        impl Visitable for $view<'_> {
            // A question reaches a small part of a big graph: a set costs what is reached, a bitmap what there is.
            type Map = HashSet<$id>;

            fn visit_map(&self) -> Self::Map {
                HashSet::new()
            }

            fn reset_map(&self, map: &mut Self::Map) {
                map.clear();
            }
        }

        impl<'g> IntoNeighbors for $view<'g> {
            type Neighbors = Box<dyn Iterator<Item = $id> + 'g>;

            fn neighbors(self, node: $id) -> Self::Neighbors {
                $out(self.0, node)
            }
        }

        impl<'g> IntoNeighborsDirected for $view<'g> {
            type NeighborsDirected = Box<dyn Iterator<Item = $id> + 'g>;

            fn neighbors_directed(self, node: $id, direction: Direction) -> Self::NeighborsDirected {
                match direction {
                    Direction::Outgoing => $out(self.0, node),
                    Direction::Incoming => $into(self.0, node),
                }
            }
        }

        impl<'g> IntoNodeIdentifiers for $view<'g> {
            type NodeIdentifiers = Box<dyn Iterator<Item = $id> + 'g>;

            fn node_identifiers(self) -> Self::NodeIdentifiers {
                Box::new((0..self.node_count() as u32).map($id))
            }
        }
    };
}

fn cited<'g>(graph: &'g Graph, document: DocumentId) -> Box<dyn Iterator<Item = DocumentId> + 'g> {
    Box::new(graph.documents.cites_documents(document).iter().map(DocumentId))
}

fn citing<'g>(graph: &'g Graph, document: DocumentId) -> Box<dyn Iterator<Item = DocumentId> + 'g> {
    Box::new(graph.documents.cited_by(document).iter().map(DocumentId))
}

fn relayed<'g>(graph: &'g Graph, hop: HopId) -> Box<dyn Iterator<Item = HopId> + 'g> {
    Box::new(graph.chains.parent(hop).some().into_iter())
}

fn relaying<'g>(graph: &'g Graph, hop: HopId) -> Box<dyn Iterator<Item = HopId> + 'g> {
    Box::new(graph.chains.by_parent(hop).iter().map(HopId))
}

view!(CitationView, DocumentId, |graph: &Graph| graph.documents.len(), cited, citing);
view!(HopView, HopId, |graph: &Graph| graph.chains.hops(), relayed, relaying);

#[cfg(test)]
mod tests {
    use super::*;
    use petgraph::algo::{kosaraju_scc, toposort};

    #[test]
    fn petgraph_finds_a_circle_of_citation() {
        let mut graph = Graph::new();
        let documents: Vec<DocumentId> =
            ["a", "b", "c", "d"].iter().map(|key| graph.declare_document(key, true)).collect();
        for (from, to) in [(0, 1), (1, 2), (2, 0), (3, 0)] {
            graph.documents.cite_document(documents[from], documents[to]);
        }
        let mut circles = kosaraju_scc(CitationView(&graph));
        circles.retain(|component| component.len() > 1);
        assert_eq!(circles.len(), 1);
        assert_eq!(circles[0].len(), 3);
        assert!(toposort(HopView(&graph), None).is_ok());
    }
}
