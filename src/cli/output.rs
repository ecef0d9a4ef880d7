//! Writing answers and files: standard output that stops when the user says so, files that are replaced whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Standard output, or a file that is being written. After Ctrl-C nothing more is written, as if its reader had gone away: what is long
/// ends at once.
pub(super) struct Output<W = io::Stdout>(pub W);

impl<W: Write> Write for Output<W> {
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
/// After Ctrl-C the file is as it was, and nothing stays beside it.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let known = std::fs::metadata(path).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        let device = std::fs::OpenOptions::new().write(true).open(path)?;
        let mut out = BufWriter::new(Output(device));
        return write(&mut out).and_then(|()| out.flush());
    }
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dixit-").suffix(".tmp");
    // Temporary files are private; a new file is as open as the system makes new files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    super::writing(|| {
        let file = builder.tempfile_in(folder)?;
        let mut out = BufWriter::new(Output(file));
        write(&mut out)?;
        let Output(file) = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Some(known) = known {
            std::fs::set_permissions(file.path(), known.permissions())?;
        }
        file.as_file().sync_all()?;
        if super::interrupted() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        file.persist(&target).map_err(|error| error.error)?;
        Ok(())
    })
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
        replace(&path, |out| out.write_all(b"one")).unwrap();
        replace(&path, |out| out.write_all(b"two")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(folder.path(), |out| out.write_all(b"x")).is_err());
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
        replace(&link, |out| out.write_all(b"two")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        replace(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
