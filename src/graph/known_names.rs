//! Names that were resolved a moment ago, letter by letter as written: a load mentions the same few again and again. Only a shortcut: whatever
//! could make a name mean something else empties it, and what is not here is looked up as ever.

use super::draft::Mention;
use super::index::hash_bytes;
use crate::model::EntityId;
use hashbrown::HashTable;

/// How many are kept before it is emptied: bounds its memory, whatever is loaded.
const MOST: usize = 1 << 20;

/// Exact spellings with the one entity that each means.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownNames {
    names: HashTable<(u64, Box<str>, EntityId)>,
    /// The same by the numbers of names that have one.
    numbered: Vec<EntityId>,
}

impl KnownNames {
    /// Whom a name without a qualifier means.
    #[inline]
    pub(super) fn get(&self, mention: &Mention<'_>) -> Option<EntityId> {
        if let Some(number) = mention.number {
            return self.numbered.get(number as usize).copied().filter(|entity| entity.is_some());
        }
        if self.names.is_empty() {
            return None;
        }
        let name = mention.name;
        let hash = hash_bytes(name.as_bytes());
        let (.., entity) = self.names.find(hash, |known| known.0 == hash && *known.1 == *name)?;
        Some(*entity)
    }

    pub(super) fn add(&mut self, mention: &Mention<'_>, entity: EntityId) {
        if let Some(number) = mention.number.map(|number| number as usize).filter(|number| *number < MOST) {
            if self.numbered.len() <= number {
                self.numbered.resize(number + 1, EntityId::NONE);
            }
            if let Some(slot) = self.numbered.get_mut(number) {
                *slot = entity;
            }
            return;
        }
        if self.names.len() >= MOST {
            self.names.clear();
        }
        let name = mention.name;
        let hash = hash_bytes(name.as_bytes());
        if self.names.find(hash, |known| known.0 == hash && *known.1 == *name).is_none() {
            self.names.insert_unique(hash, (hash, name.into(), entity), |known| known.0);
        }
    }

    pub(super) fn clear(&mut self) {
        self.names.clear();
        self.numbered.clear();
    }
}
