//! The snapshot file: a fixed prelude, the columns of a graph as raw little-endian sections, and a directory at the end. Opening
//! decodes nothing. The bytes are drawn in `docs/file-format.md`.

mod codec;
mod read;
mod write;

pub use codec::FORMAT_VERSION;
pub use read::{SectionInfo, SnapshotInfo, begins_snapshot, inspect, is_snapshot, sound, verify};
pub(super) use read::{identity, open};
pub(super) use write::{Unfinished, write};

#[cfg(target_endian = "big")]
compile_error!(
    "snapshot sections are little-endian and are used as they stand: big-endian machines are not supported"
);

#[cfg(test)]
mod tests {
    use super::super::{StoreError, save};
    use super::*;
    use crate::graph::{Draft, Graph, Mention, What};
    use crate::model::{ClaimId, Lexicon};
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    fn sample() -> Graph {
        let mut graph = Graph::new();
        graph.begin_batch("test", 0);
        let said = graph.lexicon.find("said").unwrap_or(Lexicon::RELAY);
        let draft = Draft {
            id: Some("c1"),
            sources: [Mention::named("Ann")].into(),
            what: What::Text { text: "the tower leans", negated: true },
            subjects: [Mention::named("Pisa")].into(),
            document: Some(("https://example.org/1", true)),
            ..Draft::of(said)
        };
        graph.record(&draft).unwrap();
        graph
    }

    fn told(graph: &Graph, claim: ClaimId) -> (String, String, bool) {
        let content = graph.claims.content(claim);
        let text = content.map(|content| graph.propositions.text(content.proposition));
        let mut speakers = graph.entities.party(graph.claims.source(claim));
        let name = speakers.next().map(|one| graph.entities.name(one));
        let negated = content.is_some_and(|content| content.negated);
        (text.unwrap_or_default().into(), name.unwrap_or_default().into(), negated)
    }

    #[test]
    fn what_is_saved_opens_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.dixg"), folder.path().join("b.dixg"));
        save(&mut sample(), &a, &[], &AtomicBool::default()).unwrap();
        let (mut opened, _) = open(&a).unwrap();
        assert_eq!(opened.claims.len(), 1);
        assert_eq!(opened.claims.by_id("c1").map(|c| opened.claims.flags(c).negated()), Some(true));
        save(Arc::make_mut(&mut opened), &b, &[], &AtomicBool::default()).unwrap();
        assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.dixg");
        save(&mut sample(), &path, &[], &AtomicBool::default()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let damaged = folder.path().join("b.dixg");
        let known = Some(told(&sample(), ClaimId(0)));
        for cut in 0..whole.len() {
            std::fs::write(&damaged, &whole[..cut]).unwrap();
            assert!(verify(&damaged).is_err(), "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            std::fs::write(&damaged, &bytes).unwrap();
            match verify(&damaged) {
                Err(StoreError::Damaged { section, .. }) => assert!(!section.is_empty()),
                Err(_) => {}
                Ok(()) => panic!("a flipped byte at {at} went unnoticed"),
            }
            // Without looking at everything first: an error, or what was written.
            if let Ok((graph, _)) = open(&damaged) {
                let told = graph.claims.by_id("c1").map(|claim| told(&graph, claim));
                assert!(sound(&graph).is_err() || told == known, "{at}: {told:?}");
            }
        }
    }
}
