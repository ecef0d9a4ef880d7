//! Names that were resolved a moment ago, letter by letter as written: a load mentions the same few again and again. Only a shortcut: whatever
//! could make a name mean something else empties it, and what is not here is looked up as ever.

use super::index::hash_bytes;
use crate::model::EntityId;
use hashbrown::HashTable;

/// How many are kept before it is emptied: bounds its memory, whatever is loaded.
const MOST: usize = 1 << 20;

/// Exact spellings with the one entity that each means.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownNames {
    names: HashTable<(u64, Box<str>, EntityId)>,
}

impl KnownNames {
    pub(super) fn get(&self, name: &str) -> Option<EntityId> {
        if self.names.is_empty() {
            return None;
        }
        let hash = hash_bytes(name.as_bytes());
        let (.., entity) = self.names.find(hash, |known| known.0 == hash && *known.1 == *name)?;
        Some(*entity)
    }

    pub(super) fn add(&mut self, name: &str, entity: EntityId) {
        if self.names.len() >= MOST {
            self.names.clear();
        }
        let hash = hash_bytes(name.as_bytes());
        if self.names.find(hash, |known| known.0 == hash && *known.1 == *name).is_none() {
            self.names.insert_unique(hash, (hash, name.into(), entity), |known| known.0);
        }
    }

    pub(super) fn clear(&mut self) {
        self.names.clear();
    }
}
