//! The few operations on files that durable writing is made of. All of them pass here, so that tests can write them down, lose those that
//! were never synced, or let any of them fail. Nothing here knows what is in a file.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One operation, as it is about to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op<'a> {
    /// A new, empty file.
    Create(&'a Path),
    /// Bytes from a place on.
    Write(&'a Path, u64, &'a [u8]),
    /// The file cut to a length.
    Cut(&'a Path, u64),
    /// The content of a file made to stay.
    Sync(&'a Path),
    /// A file that takes the place of another.
    Rename(&'a Path, &'a Path),
    /// A file taken away.
    Remove(&'a Path),
    /// The names in a folder made to stay.
    SyncFolder(&'a Path),
}

type Watch = dyn Fn(Op<'_>) -> io::Result<()> + Send + Sync;

/// The disk. What watches it sees each operation before it is done, and an error of it fails the operation.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    watch: Option<Arc<Watch>>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("watched", &self.watch.is_some()).finish()
    }
}

impl Disk {
    #[cfg(test)]
    pub(crate) fn watched(watch: impl Fn(Op<'_>) -> io::Result<()> + Send + Sync + 'static) -> Disk {
        Disk { watch: Some(Arc::new(watch)) }
    }

    fn passes(&self, op: Op<'_>) -> io::Result<()> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch(op))
    }

    /// A file that was not there before. Whatever a crash left under this name goes first.
    pub(super) fn create(&self, path: &Path) -> io::Result<Written> {
        if path.symlink_metadata().is_ok() {
            self.remove(path)?;
        }
        self.passes(Op::Create(path))?;
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Written { file, path: path.into(), at: 0, disk: self.clone() })
    }

    /// A file that is there, to be written on from `at`.
    pub(super) fn append(&self, path: &Path, at: u64) -> io::Result<Written> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(Written { file, path: path.into(), at, disk: self.clone() })
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.passes(Op::Rename(from, to))?;
        std::fs::rename(from, to)
    }

    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        self.passes(Op::Remove(path))?;
        std::fs::remove_file(path)
    }

    /// Makes the names in the folder of a file stay. Systems that cannot open a folder do so by themselves.
    pub(super) fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.passes(Op::SyncFolder(folder))?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Written {
    pub file: File,
    path: PathBuf,
    at: u64,
    disk: Disk,
}

impl Written {
    /// Makes everything written so far stay.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.disk.passes(Op::Sync(&self.path))?;
        self.file.sync_data()
    }

    /// The same file for another thread, which may bring to the disk what was written while this one writes on. That promises nothing: only
    /// [`Written::sync`] does.
    pub(super) fn beside(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives it the permissions of another file, where that is there.
    pub(super) fn permit_as(&self, other: &Path) {
        if let Ok(known) = std::fs::metadata(other) {
            // A file system without permissions is no reason not to write.
            let _ = self.file.set_permissions(known.permissions());
        }
    }

    /// The file has another name now.
    pub(super) fn renamed(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// Cuts the file, and goes on writing there.
    pub(super) fn cut(&mut self, length: u64) -> io::Result<()> {
        self.disk.passes(Op::Cut(&self.path, length))?;
        self.file.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.disk.passes(Op::Write(&self.path, self.at, bytes)) {
            // A disk that is full takes some of it.
            self.at += self.file.write(bytes.get(..bytes.len() / 2).unwrap_or(&[]))? as u64;
            return Err(error);
        }
        let count = self.file.write(bytes)?;
        self.at += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Written {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

/// Which file it is and how long: what tells whether somebody put another in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    #[cfg(unix)]
    number: (u64, u64),
}

impl Stamp {
    pub(super) fn of(known: &std::fs::Metadata) -> Stamp {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Stamp {
            length: known.len(),
            #[cfg(unix)]
            number: (known.dev(), known.ino()),
        }
    }

    pub(super) fn length(self) -> u64 {
        self.length
    }

    pub(super) fn at(path: &Path) -> io::Result<Stamp> {
        std::fs::metadata(path).map(|known| Stamp::of(&known))
    }
}
