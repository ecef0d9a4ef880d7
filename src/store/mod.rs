//! Graphs on disk: snapshots, and the journal of what was told since one was saved. Disk structures are not domain structures: this room
//! copies whole columns and knows none of their meaning, and `graph` knows nothing of files.
//!
//! A file on disk is only ever replaced whole, by rename; only a journal grows at its end. To change a format: give it a new version
//! number, keep reading the old ones, add a file of the new one under `tests/golden/`, and draw the bytes in `docs/file-format.md`.

mod disk;
mod journal;
mod lock;
mod snapshot;
mod writer;

pub use journal::{Cut, Entry, Identity, Journaled};
pub use snapshot::{
    FORMAT_VERSION, SectionInfo, SnapshotInfo, begins_snapshot, inspect, is_snapshot, sound, verify,
};
pub use writer::{Writer, save};

#[cfg(test)]
pub(crate) use disk::{Disk, Op};

use crate::graph::Graph;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often a reader looks again while writers put new snapshots in the place of the one it opened.
const LOOKS: usize = 100;

/// A snapshot as it was when it was opened or saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    path: PathBuf,
    identity: Identity,
}

/// A graph as it lies on disk.
#[derive(Debug)]
pub struct Opened {
    /// The snapshot. Its columns are the file's own pages.
    pub graph: Arc<Graph>,
    /// Which that is.
    pub seen: Seen,
    /// What was told since it was saved, to be replayed.
    pub journaled: Journaled,
}

/// Opens a snapshot with its journal, and changes neither. What a writer does meanwhile is seen whole or not at all.
pub fn open(path: &Path) -> Result<Opened, StoreError> {
    let path = real(path);
    let (mut looks, mut unfinished) = (0, None);
    loop {
        let (graph, identity) = snapshot::open(&path)?;
        let journaled = journal::read(&path, identity);
        looks += 1;
        // Another snapshot in its place means that its journal may be gone or another's; and an end that is just being written is another, or
        // whole, at the next look.
        let cut = journaled.as_ref().ok().and_then(|journaled| journaled.cut.clone());
        let is_moving = cut.is_some() && cut != unfinished;
        unfinished = cut;
        if looks < LOOKS && (is_moving || snapshot::identity(&path)? != identity) {
            continue;
        }
        return Ok(Opened { graph, seen: Seen { path, identity }, journaled: journaled? });
    }
}

/// How many statements stand in the journal of a snapshot and not in it.
pub fn journaled(path: &Path) -> Result<usize, StoreError> {
    open(path).map(|opened| opened.journaled.statements())
}

/// The file behind any links: its journal and its lock stand beside it, whatever it is called by.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        // One that is not there yet is in a folder that is.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let called = folder.canonicalize().ok().zip(path.file_name());
        called.map_or_else(|| path.to_path_buf(), |(folder, name)| folder.join(name))
    })
}

/// The file of the same name with something behind it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}

/// Why a graph cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a snapshot at all.
    #[error("this is not a dixit snapshot: it does not begin with the mark of one")]
    Foreign,
    /// A snapshot of a later format.
    #[error(
        "this snapshot has format {found}, and this program reads up to {FORMAT_VERSION}: use a newer dixit"
    )]
    Newer {
        /// The format it has.
        found: u32,
    },
    /// A snapshot in a later language or lexicon, or a later journal.
    #[error("this snapshot uses a newer {what} than this program: use a newer dixit")]
    NewerWords {
        /// Language, lexicon or journal.
        what: &'static str,
    },
    /// Somebody asked to stop; no file was changed.
    #[error("stopped")]
    Stopped,
    /// Bytes that are not as they were written.
    #[error("the snapshot is damaged in {section}: {why}")]
    Damaged {
        /// The section, or the part of the file before any section.
        section: String,
        /// What does not fit.
        why: &'static str,
    },
    /// Bytes of a journal that are not as they were written, before others that are.
    #[error(
        "the journal {} is damaged at byte {at}, and {statements} whole statements are sure: copy it away, then `dixit compact --before-damage` keeps these",
        path.display()
    )]
    JournalDamaged {
        /// The journal.
        path: PathBuf,
        /// Where the damage begins.
        at: u64,
        /// How many whole statements there are before it, or behind a damaged header.
        statements: usize,
    },
    /// A journal with statements that goes on from another snapshot.
    #[error(
        "the journal {} goes on from another snapshot than the one beside it: put back the snapshot that it belongs to, or move it away",
        path.display()
    )]
    JournalForeign {
        /// The journal.
        path: PathBuf,
    },
    /// A journal without its snapshot.
    #[error("{} is not there, but its journal is: put the snapshot back, or move the journal away", path.display())]
    SnapshotGone {
        /// Where the snapshot should be.
        path: PathBuf,
    },
    /// A snapshot that is to be replaced while its journal holds statements.
    #[error(
        "{} has {statements} statements in its journal that are in no snapshot: fold them in first, with `dixit compact`",
        path.display()
    )]
    Unfolded {
        /// The snapshot.
        path: PathBuf,
        /// How many statements there are.
        statements: usize,
    },
    /// Somebody else writes.
    #[error("{by} writes it; readers go on, and one writer at a time writes")]
    Locked {
        /// The snapshot.
        path: PathBuf,
        /// Who, as far as that is known.
        by: String,
    },
    /// A file that is not the one that was opened.
    #[error("{} was replaced or changed by somebody else: nothing was written", path.display())]
    Replaced {
        /// The file.
        path: PathBuf,
    },
    /// Something could not be written before.
    #[error("nothing is written any more, because something could not be: open the graph again")]
    Closed,
}
