//! Numbers for names, given where there is time for it, so that whoever records a name need not look for it again. Nothing here knows what a
//! name means.

use super::convert::Told;
use crate::graph::{Mention, hash_bytes};
use hashbrown::HashTable;
use smallvec::SmallVec;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};

/// How many names get numbers: bounds the memory, whatever is read. The others are looked for as ever.
const MOST: usize = 1 << 20;

/// A spelling. Most are so short that they lie in the table itself, where they are compared.
type Spelling = SmallVec<[u8; 24]>;

/// Exact spellings with their numbers, in the order in which they were met, for all threads that parse.
#[derive(Debug, Default)]
pub(super) struct Numbers(Mutex<HashTable<Known>>);

#[derive(Debug)]
struct Known {
    hash: u64,
    number: u32,
    name: Spelling,
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
        // All places are read before any name is compared: then memory is waited for once and not for each.
        let near = mentions.iter().map(|(hash, _)| known.find(*hash, |one| one.hash == *hash).is_some());
        black_box(near.fold(false, |all, one| all ^ one));
        for (hash, mention) in mentions {
            mention.number = number(&mut known, hash, mention);
        }
    }
}

fn number(known: &mut HashTable<Known>, hash: u64, mention: &Mention<'_>) -> Option<u32> {
    let name = mention.name.as_bytes();
    if let Some(found) = known.find(hash, |one| one.hash == hash && *one.name == *name) {
        return Some(found.number);
    }
    let number = known.len();
    (number < MOST).then(|| {
        let new = Known { hash, number: number as u32, name: name.into() };
        known.insert_unique(hash, new, |one| one.hash);
        number as u32
    })
}
