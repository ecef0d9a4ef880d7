//! Numbers for names, given where there is time for it, so that whoever records a name need not look for it again. Nothing here knows what a
//! name means.

use crate::graph::{DocumentDraft, Draft, Mention, hash_bytes};
use hashbrown::HashTable;

/// How many names get numbers: bounds the memory, whatever is read. The others are looked for as ever.
const MOST: usize = 1 << 20;

/// Exact spellings with their numbers, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    names: HashTable<(u64, Box<str>, u32)>,
}

impl Numbers {
    /// Gives every name of a draft its number.
    pub(super) fn give<'a>(&mut self, draft: &mut Draft<'a>, document: Option<&mut DocumentDraft<'a>>) {
        let carriers = draft.hops.iter_mut().flat_map(|hop| hop.sources.iter_mut().chain(&mut hop.listeners));
        let people = draft.sources.iter_mut().chain(&mut draft.listeners).chain(&mut draft.subjects);
        let outlet = document.and_then(|document| document.outlet.as_mut());
        let mut before = Mention::default();
        for mention in people.chain(carriers).chain(outlet) {
            // The outlet of a document is mostly who carried it there.
            let is_same = Mention { number: None, ..before } == Mention { kind: before.kind, ..*mention };
            if is_same {
                mention.number = before.number;
            } else {
                self.number(mention);
            }
            before = *mention;
        }
    }

    fn number(&mut self, mention: &mut Mention<'_>) {
        // Who is only described is somebody else each time.
        if mention.unnamed || mention.qualifier.is_some() {
            return;
        }
        let name = mention.name;
        let hash = hash_bytes(name.as_bytes());
        let known = self.names.find(hash, |known| known.0 == hash && *known.1 == *name).map(|known| known.2);
        mention.number = known.or_else(|| {
            let next = self.names.len();
            (next < MOST).then(|| {
                self.names.insert_unique(hash, (hash, name.into(), next as u32), |known| known.0);
                next as u32
            })
        });
    }
}
