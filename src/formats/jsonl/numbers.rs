//! Numbers for names, given where there is time for it, so that whoever records a name need not look for it again. Nothing here knows what a
//! name means.

use super::convert::Told;
use crate::graph::{Index, Mention, hash_bytes};
use smallvec::SmallVec;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};

/// How many names get numbers: bounds the memory, whatever is read. The others are looked for as ever.
const MOST: usize = 1 << 20;

/// A spelling. Most are so short that they lie in the table itself, where they are compared.
type Spelling = SmallVec<[u8; 24]>;

/// Exact spellings, for all threads that parse: each has the number that tells when it was met.
#[derive(Debug, Default)]
pub(super) struct Numbers(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    names: Vec<Spelling>,
    by_hash: Index,
}

impl Numbers {
    /// Gives every name of what some rows tell its number.
    pub(super) fn give<'t, 'a: 't>(&self, told: impl Iterator<Item = &'t mut Told<'a>>) {
        let mut mentions = Vec::new();
        for Told { draft, document, .. } in told {
            let carriers =
                draft.hops.iter_mut().flat_map(|hop| hop.sources.iter_mut().chain(&mut hop.listeners));
            let people = draft.sources.iter_mut().chain(&mut draft.listeners).chain(&mut draft.subjects);
            let outlet = document.as_mut().and_then(|document| document.outlet.as_mut());
            // Who is only described is somebody else each time.
            let named = people.chain(carriers).chain(outlet).filter(|mention| mention.is_plain());
            mentions.extend(named.map(|mention| (hash_bytes(mention.name.as_bytes()), mention)));
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // All places are read before any name, and all names before any is compared: then memory is waited for once and not for each.
        let near: Vec<_> = mentions.iter().map(|(hash, _)| known.by_hash.near(*hash)).collect();
        let names = near.iter().flatten().filter_map(|number| known.names.get(*number as usize));
        black_box(names.fold(0, |all, name| all ^ name.len()));
        for (hash, mention) in mentions {
            mention.number = known.number(hash, mention);
        }
    }
}

impl Known {
    fn number(&mut self, hash: u64, mention: &Mention<'_>) -> Option<u32> {
        let name = mention.name.as_bytes();
        let is_it = |number: u32| self.names.get(number as usize).is_some_and(|known| **known == *name);
        if let Some(found) = self.by_hash.find(hash, is_it) {
            return Some(found);
        }
        let number = self.names.len();
        (number < MOST).then(|| {
            self.names.push(name.into());
            self.by_hash.add(hash, number as u32);
            number as u32
        })
    }
}
