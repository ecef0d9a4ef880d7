//! Writing: a snapshot put in the place of another, and the one writer of a snapshot with its journal. At every moment of either, what a
//! crash leaves is a whole snapshot with everything that was acknowledged in it or in its journal.

use super::disk::Disk;
use super::journal::{self, Entry, Identity, Journal, Journaled};
use super::lock::Lock;
use super::snapshot::{self, Unfinished};
use super::{Opened, Seen, StoreError, beside, real};
use crate::graph::Graph;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Saves a graph, after folding everything into its base, unless `stop` is set before the file stands in its place. On any error the file at
/// `path` is as before, or the new one is in its place and only that it stays there is not sure. `seen` are the snapshots that the graph was
/// made from.
///
/// # Errors
///
/// Also where somebody writes that snapshot just now, where its journal holds statements, and where it is not the one that was seen: all that
/// would be lost.
pub fn save(graph: &mut Graph, path: &Path, seen: &[Seen], stop: &AtomicBool) -> Result<Seen, StoreError> {
    let (path, disk) = (real(path), Disk::default());
    let _lock = match Lock::take(&path) {
        // Not every file system has locks, and saving did without for long.
        Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::Unsupported => None,
        taken => Some(taken?),
    };
    let was = seen.iter().rev().find(|one| one.path == path);
    if was.is_some_and(|was| snapshot::identity(&path).is_ok_and(|now| now != was.identity)) {
        return Err(StoreError::Replaced { path });
    }
    let journal = beside(&path, ".journal");
    if journal.exists() {
        let known = match snapshot::identity(&path) {
            Ok(identity) => journal::read(&path, identity)?,
            Err(error) if path.exists() => return Err(error),
            Err(_) => return Err(StoreError::SnapshotGone { path }),
        };
        let statements = known.statements();
        if statements > 0 {
            return Err(StoreError::Unfolded { path, statements });
        }
    }
    let unfinished = snapshot::write(graph, &path, &disk, stop)?;
    if journal.exists() {
        // It holds nothing that is not in the old snapshot, and would not fit the new one.
        disk.remove(&journal)
            .and_then(|()| disk.sync_folder_of(&journal))
            .map_err(|source| StoreError::Io { action: "take away", path: journal, source })?;
    }
    let identity = snapshot::identity(unfinished.path())?;
    unfinished.take_place(&path, &disk)?;
    Ok(Seen { path, identity })
}

/// The one writer of a snapshot and of its journal.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    path: PathBuf,
    disk: Disk,
    /// Given back last, when everything else is done.
    _lock: Lock,
}

impl Writer {
    /// Opens a snapshot to be written, an empty one where there is none, with what its journal holds. What a crash left unfinished is taken
    /// away.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where somebody writes it already; everything that is wrong with the snapshot or its journal.
    pub fn open(path: &Path) -> Result<(Writer, Opened), StoreError> {
        Writer::open_on(Disk::default(), path, false)
    }

    /// The same, with the statements before the first damage of the journal where it is damaged; that journal stays beside the new one, with
    /// `.damaged` behind its name.
    pub fn open_before_damage(path: &Path) -> Result<(Writer, Opened), StoreError> {
        Writer::open_on(Disk::default(), path, true)
    }

    pub(crate) fn open_on(
        disk: Disk,
        path: &Path,
        before_damage: bool,
    ) -> Result<(Writer, Opened), StoreError> {
        let path = real(path);
        let lock = Lock::take(&path)?;
        let failed = |action| {
            let path = path.clone();
            move |source| StoreError::Io { action, path, source }
        };
        for ending in [".tmp", ".journal.tmp"] {
            let left = beside(&path, ending);
            if left.exists() {
                disk.remove(&left).map_err(failed("take away what was left beside"))?;
            }
        }
        if !path.exists() {
            if beside(&path, ".journal").exists() {
                return Err(StoreError::SnapshotGone { path });
            }
            snapshot::write(&mut Graph::new(), &path, &disk, &AtomicBool::new(false))?
                .take_place(&path, &disk)?;
        }
        let (graph, identity) = snapshot::open(&path)?;
        let (damage, journaled) = journal::parts(&path, identity)?;
        let journal = match damage {
            None => Journal::open(&disk, &path, identity, &journaled)?,
            Some(_) if before_damage => {
                journal::keep_damaged(&disk, &path, &journaled)
                    .map_err(failed("keep the damaged journal of"))?;
                Journal::open(&disk, &path, identity, &journaled)?
            }
            Some(damage) => return Err(damage),
        };
        let seen = Seen { path: path.clone(), identity };
        Ok((Writer { journal, path, disk, _lock: lock }, Opened { graph, seen, journaled }))
    }

    /// Writes down what happened and waits until it is on disk: all of it, or an error and nothing that is kept. After an error nothing more
    /// is written.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.journal.append(entries)
    }

    /// Puts a new snapshot of this graph, which holds everything that was written down, in the place of the old one, and begins a new
    /// journal. Gives the graph as the new snapshot has it. On an error the old snapshot and its journal are as before, or the new snapshot
    /// is in its place.
    pub fn fold(&mut self, graph: &mut Graph, stop: &AtomicBool) -> Result<Arc<Graph>, StoreError> {
        if self.journal.is_failed() {
            return Err(StoreError::Closed);
        }
        let unfinished = snapshot::write(graph, &self.path, &self.disk, stop)?;
        // No snapshot takes the place of a good one before it was seen to open.
        let (folded, identity) = snapshot::open(unfinished.path())?;
        self.journal.append(&[Entry::Folded(identity)])?;
        self.put(unfinished, identity).inspect_err(|_| self.journal.fail())?;
        Ok(folded)
    }

    fn put(&mut self, unfinished: Unfinished, identity: Identity) -> Result<(), StoreError> {
        unfinished.take_place(&self.path, &self.disk)?;
        self.journal = Journal::open(&self.disk, &self.path, identity, &Journaled::default())?;
        Ok(())
    }

    /// Whether entries of this weight can be written down at once; otherwise they have to go into a new snapshot.
    pub fn has_room(&self, weight: usize) -> bool {
        self.journal.has_room(weight)
    }

    /// How many bytes of entries the journal holds.
    pub fn journal_length(&self) -> u64 {
        self.journal.length()
    }

    /// The snapshot that is written.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A journal that holds nothing is of no use to anybody, unless somebody put another in its place.
        if self.journal.length() == 0 && !self.journal.is_failed() && self.journal.is_own().unwrap_or(false) {
            let _ = self.disk.remove(&beside(&self.path, ".journal"));
        }
    }
}
