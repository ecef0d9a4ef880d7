//! One writer at a time: a lock that the system holds for this process and gives back when it ends, however it ends. Readers never look
//! at it.

#[cfg(unix)]
use super::disk::Stamp;
use super::{StoreError, beside};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How much of a lock file is read to tell who holds it.
const MOST_TOLD: u64 = 200;

/// The right to write a snapshot and its journal, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a snapshot.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where another process, or another database of this one, holds it.
    pub(super) fn take(snapshot: &Path) -> Result<Lock, StoreError> {
        let path = beside(snapshot, ".lock");
        let failed = |source| StoreError::Io { action: "lock", path: snapshot.to_path_buf(), source };
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Locked { path: snapshot.to_path_buf(), by: told(&mut file) });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever held it before may have taken the file away between our opening and locking it: then ours is nobody's lock.
            let mut lock = Lock { file, path: path.clone() };
            #[cfg(unix)]
            if !lock.is_there() {
                continue;
            }
            // That it cannot be told who holds it is no reason not to write.
            let _ = lock.tell();
            return Ok(lock);
        }
    }

    /// Whether the file of its name is the one that is locked.
    #[cfg(unix)]
    fn is_there(&self) -> bool {
        Stamp::at(&self.path).ok() == self.file.metadata().ok().map(|known| Stamp::of(&known))
    }

    fn tell(&mut self) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        let since = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        write!(self.file, "process {} since {since}", std::process::id())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Taken away while it is still held; elsewhere than on Unix the file stays, and does no harm.
        #[cfg(unix)]
        if self.is_there() {
            let _ = std::fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

/// Who holds the lock, as far as the file says.
fn told(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(MOST_TOLD).read_to_string(&mut text) {
        Ok(_) if !text.is_empty() => text,
        Err(error) if error.kind() == ErrorKind::InvalidData => "somebody".into(),
        _ => "another process".into(),
    }
}
