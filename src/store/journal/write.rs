//! Writing a journal: a frame at its end, synced before anybody is told. A journal that could not be written once is not written again:
//! what the disk kept of it is known only to whoever reads it anew.

use super::super::disk::{Disk, Stamp, Written};
use super::super::{StoreError, beside};
use super::read::{Journaled, MAX_JOURNAL};
use super::record::{Entry, HEADER, Identity, MAX_PAYLOAD, encode_frame, encode_header};
use crate::model::LANGUAGE_VERSION;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The journal of a snapshot, open at its end.
#[derive(Debug)]
pub(in crate::store) struct Journal {
    file: Written,
    path: PathBuf,
    of: Identity,
    end: u64,
    /// The snapshot, and what it was when it was opened.
    snapshot: (PathBuf, Stamp),
    failed: bool,
}

impl Journal {
    /// Goes on with what was read of a journal, or begins one. What its end holds unfinished is cut off.
    pub(in crate::store) fn open(
        disk: &Disk,
        snapshot: &Path,
        identity: Identity,
        known: &Journaled,
    ) -> Result<Journal, StoreError> {
        let path = beside(snapshot, ".journal");
        let failed = |source| StoreError::Io { action: "write", path: path.clone(), source };
        let stamp = Stamp::at(snapshot).map_err(failed)?;
        let (file, of, end) = match known.of {
            Some(of) if of == identity || !known.entries.is_empty() => {
                let mut file = disk.append(&path, known.end).map_err(failed)?;
                // Whoever began it may have ended before its name was sure to stay.
                disk.sync_folder_of(&path).map_err(failed)?;
                if known.cut.is_some() {
                    file.cut(known.end).and_then(|()| file.sync()).map_err(failed)?;
                }
                (file, of, known.end)
            }
            _ => (begin(disk, snapshot, identity).map_err(failed)?, identity, HEADER as u64),
        };
        Ok(Journal { file, path, of, end, snapshot: (snapshot.into(), stamp), failed: false })
    }

    /// Writes entries and waits until they are on disk: all of them, or an error and none that is kept.
    pub(in crate::store) fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Closed);
        }
        let written = self.try_append(entries);
        if written.is_err() {
            self.failed = true;
            // Whoever reads it anew finds the end by itself; a clean one spares him the telling.
            let _ = self.file.cut(self.end).and_then(|()| self.file.sync());
        }
        written
    }

    fn try_append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let failed = |source| StoreError::Io { action: "write", path: self.path.clone(), source };
        let (snapshot, stamp) = &self.snapshot;
        if Stamp::at(snapshot).ok() != Some(*stamp) {
            return Err(StoreError::Replaced { path: snapshot.clone() });
        }
        if !self.is_own().map_err(failed)? {
            return Err(StoreError::Replaced { path: self.path.clone() });
        }
        let too_much = || io::Error::new(io::ErrorKind::FileTooLarge, "this is more than is written at once");
        let frame = encode_frame(entries, self.of, self.end).ok_or_else(too_much).map_err(failed)?;
        if self.end + frame.len() as u64 > MAX_JOURNAL {
            return Err(failed(too_much()));
        }
        self.file.write_all(&frame).and_then(|()| self.file.sync()).map_err(failed)?;
        self.end += frame.len() as u64;
        Ok(())
    }

    /// Whether the file of its name is the one that is written here, and as long as it was left.
    pub(in crate::store) fn is_own(&self) -> io::Result<bool> {
        let own = Stamp::of(&self.file.file.metadata()?);
        Ok(Stamp::at(&self.path).ok() == Some(own) && own.length() == self.end)
    }

    /// Whether entries of this weight can be written at once, with room left to note that all was folded into a new snapshot.
    pub(in crate::store) fn has_room(&self, weight: usize) -> bool {
        const SOME: usize = 1 << 10;
        weight + SOME <= MAX_PAYLOAD && self.end + ((weight + SOME) as u64) < MAX_JOURNAL
    }

    /// How many bytes of entries there are.
    pub(in crate::store) fn length(&self) -> u64 {
        self.end - HEADER as u64
    }

    /// Whether nothing more is written, because something could not be.
    pub(in crate::store) fn is_failed(&self) -> bool {
        self.failed
    }

    /// Writes nothing more.
    pub(in crate::store) fn fail(&mut self) {
        self.failed = true;
    }
}

/// A journal that holds nothing yet, in the place of whatever is there: whole from the first moment that it can be seen.
fn begin(disk: &Disk, snapshot: &Path, identity: Identity) -> io::Result<Written> {
    let (path, unfinished) = (beside(snapshot, ".journal"), beside(snapshot, ".journal.tmp"));
    let mut file = disk.create(&unfinished)?;
    // What may not be read in the one may not be read in the other.
    file.permit_as(snapshot);
    file.write_all(&encode_header(identity, LANGUAGE_VERSION)?)?;
    file.sync()?;
    disk.rename(&unfinished, &path)?;
    disk.sync_folder_of(&path)?;
    file.renamed(path);
    Ok(file)
}

/// Copies a damaged journal beside itself, under a name that is free, and leaves of it what is whole.
pub(in crate::store) fn keep_damaged(disk: &Disk, snapshot: &Path, known: &Journaled) -> io::Result<()> {
    let journal = beside(snapshot, ".journal");
    let mut names = (1..).map(|number| match number {
        1 => beside(&journal, ".damaged"),
        more => beside(&journal, &format!(".damaged.{more}")),
    });
    let free = names.find(|name| name.symlink_metadata().is_err());
    let kept = free.ok_or(io::ErrorKind::AlreadyExists)?;
    std::fs::copy(&journal, &kept)?;
    disk.append(&kept, 0)?.sync()?;
    disk.sync_folder_of(&kept)?;
    if let Some(of) = known.of {
        // It may be the header that is damaged.
        disk.append(&journal, 0)?.write_all(&encode_header(of, LANGUAGE_VERSION)?)?;
    }
    let mut journal = disk.append(&journal, known.end)?;
    journal.cut(known.end)?;
    journal.sync()
}
