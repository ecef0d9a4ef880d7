//! Tracing: the chains by which a claim came out, as one tree. Chains that share their outer hops share their branch.

use crate::graph::Graph;
use crate::model::{AppearanceId, ClaimRef, DocumentId, HopId};
use smallvec::SmallVec;

/// One act of a trace, in the order in which the tree is read: the outermost act first, what it rests on below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traced {
    /// The relay, or at the end of each branch the claim itself.
    pub act: ClaimRef,
    /// How far inside: 0 for an outermost act.
    pub depth: u32,
    /// The appearance that the branch came from.
    pub appearance: AppearanceId,
    /// Where an outermost act was published; none further inside.
    pub document: DocumentId,
}

/// The tree of everyone who carried a claim, over these of its appearances, in their order. Linear in the length of all their chains.
pub fn trace(graph: &Graph, claim: ClaimRef, appearances: &[AppearanceId]) -> Vec<Traced> {
    let mut tree: Vec<Traced> = Vec::new();
    let mut path: SmallVec<[HopId; 8]> = SmallVec::new();
    for appearance in appearances {
        let (outermost, document) = graph.way(claim.claim, *appearance);
        let chain: SmallVec<[HopId; 8]> =
            graph.chains.inwards(outermost).take_while(|hop| *hop != claim.hop).collect();
        // A branch is shared where the outer hops are the same acts in the same document.
        let same_document =
            tree.iter().rfind(|act| act.depth == 0).is_some_and(|act| act.document == document);
        let shared =
            if same_document { path.iter().zip(&chain).take_while(|(a, b)| a == b).count() } else { 0 };
        for (depth, hop) in chain.iter().enumerate().skip(shared) {
            tree.push(Traced {
                act: ClaimRef { claim: claim.claim, hop: *hop },
                depth: depth as u32,
                appearance: *appearance,
                document: if depth == 0 { document } else { DocumentId::NONE },
            });
        }
        tree.push(Traced {
            act: claim,
            depth: chain.len() as u32,
            appearance: *appearance,
            document: if chain.is_empty() { document } else { DocumentId::NONE },
        });
        path = chain;
    }
    tree
}
