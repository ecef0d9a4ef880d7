//! Graphs on disk: snapshots. Disk structures are not domain structures: this room copies whole columns and knows none of their
//! meaning, and `graph` knows nothing of files.
//!
//! A file on disk is only ever replaced whole, by rename. To change the format: give it a new version number, keep reading the old
//! ones, add a file of the new one under `tests/golden/`, and draw the bytes in `docs/file-format.md`.

mod snapshot;

pub use snapshot::{
    FORMAT_VERSION, SectionInfo, SnapshotInfo, begins_snapshot, inspect, is_snapshot, open, save, sound,
    verify,
};

use std::path::PathBuf;

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
    /// A snapshot in a later language or lexicon.
    #[error("this snapshot uses a newer {what} than this program: use a newer dixit")]
    NewerWords {
        /// Language or lexicon.
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
}
