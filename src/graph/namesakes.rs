//! Very many of one name, found by what tells them apart and not gone through one by one. Only a shortcut: nothing here is in a file, and it is
//! made when it is first asked for.

use super::index::{hash_bytes, hash_numbers};
use crate::model::fold;
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows of names by name and qualifier, both folded.
#[derive(Debug, Default)]
pub(super) struct Namesakes(Mutex<Known>);

#[derive(Debug, Clone, Default)]
struct Known {
    /// How many rows of names were looked at: more are only ever added.
    rows: usize,
    by_both: HashMap<u64, SmallVec<[u32; 1]>>,
}

impl Namesakes {
    /// The rows that may have this name and this qualifier. `rows` is how many rows there are, `both` tells the name of one and the qualifier
    /// of whose it is, if that has one.
    pub(super) fn rows<'g>(
        &self,
        name: &str,
        qualifier: &str,
        rows: usize,
        both: impl Fn(usize) -> Option<(&'g str, &'g str)>,
    ) -> SmallVec<[u32; 1]> {
        let key = |name: &str, qualifier: &str| {
            hash_numbers(&[name, qualifier].map(|text| hash_bytes(fold(text).as_bytes())))
        };
        let mut known = self.known();
        while known.rows < rows {
            let row = known.rows;
            if let Some((name, qualifier)) = both(row) {
                known.by_both.entry(key(name, qualifier)).or_default().push(row as u32);
            }
            known.rows += 1;
        }
        known.by_both.get(&key(name, qualifier)).cloned().unwrap_or_default()
    }

    /// Whoever panicked while holding it left rows that are right, and maybe not all.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Namesakes {
    fn clone(&self) -> Self {
        Namesakes(Mutex::new(self.known().clone()))
    }
}
