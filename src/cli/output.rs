//! Writing answers and files: standard output that stops when the user says so, files that are replaced whole or not at all.

use std::io::{self, Write};
use std::path::Path;

/// Standard output. After Ctrl-C nothing more is written, as if its reader had gone away: a long answer ends at once.
pub(super) struct Output(pub io::Stdout);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if super::interrupted() { Err(io::ErrorKind::BrokenPipe.into()) } else { self.0.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether something is there that must not be replaced unasked: whatever it is, it may be somebody's work. An empty file holds none, and
/// a device is no file.
pub(super) fn is_taken(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|known| known.is_dir() || known.is_file() && known.len() > 0)
}

/// Writes to a file whole or not at all: beside it first, then in its place. A link stays one, and devices are written to as they are.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let known = std::fs::metadata(path).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dixit-").suffix(".tmp");
    // Temporary files are private; a new file is as open as the system makes new files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(known) = known {
        std::fs::set_permissions(file.path(), known.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_something_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        assert!(is_taken(folder.path()) && !is_taken(&path));
        std::fs::write(&path, "").unwrap();
        assert!(!is_taken(&path));
        std::fs::write(&path, "x").unwrap();
        assert!(is_taken(&path));
        #[cfg(unix)]
        assert!(!is_taken(Path::new("/dev/null")));
    }

    #[test]
    fn a_file_is_replaced_and_keeps_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(folder.path(), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&path, "one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        replace(&link, b"two").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        replace(Path::new("/dev/null"), b"x").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
