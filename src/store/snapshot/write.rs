//! Writing a snapshot: into a temporary file beside the target, synced, renamed over it, and the folder synced. At no moment is the
//! target half written.

use super::super::StoreError;
use super::codec::{self, ALIGNMENT, Directory, Entry, FORMAT_VERSION, PRELUDE, Prelude};
use crate::graph::{CHUNK, Column, Graph, Index, Lists, Postings, Sparse, Texts, Visit, checksum};
use crate::model::LEXICON_VERSION;
use bytemuck::Pod;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The version of the language that snapshots carry.
const LANGUAGE_VERSION: u32 = 1;

/// Saves a graph, after folding everything into its base, unless `stop` is set before the file stands in its place. On any error the file at
/// `path` is as before.
pub fn save(graph: &mut Graph, path: &Path, stop: &AtomicBool) -> Result<(), StoreError> {
    let failed = |action| move |source| StoreError::Io { action, path: path.to_path_buf(), source };
    let go_on = || if stop.load(Ordering::SeqCst) { Err(StoreError::Stopped) } else { Ok(()) };
    graph.fold_in();
    go_on()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .prefix(".dixit-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(failed("make a temporary file beside"))?;
    let written = write_all(graph, temporary.as_file_mut(), stop);
    go_on()?;
    written.map_err(failed("write"))?;
    // What a damaged file lost may not be lost for good.
    super::read::sound(graph)?;
    keep_permissions(path, temporary.as_file());
    temporary.as_file().sync_all().map_err(failed("sync"))?;
    go_on()?;
    temporary.persist(path).map_err(|error| failed("replace")(error.error))?;
    sync_folder(folder).map_err(failed("sync the folder of"))
}

/// Temporary files are private; a snapshot has the permissions of the file it replaces, or those of any new file.
fn keep_permissions(path: &Path, file: &File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::metadata(path)
            .map_or_else(|_| std::fs::Permissions::from_mode(0o644), |metadata| metadata.permissions());
        // A file system without permissions is no reason not to save.
        let _ = file.set_permissions(permissions);
    }
    #[cfg(not(unix))]
    let _ = (path, file);
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn write_all(graph: &mut Graph, file: &mut File, stop: &AtomicBool) -> std::io::Result<()> {
    let mut writer = Writer {
        out: BufWriter::with_capacity(1 << 20, file),
        at: PRELUDE as u64,
        sections: Vec::new(),
        sums: Vec::new(),
        chunk: Vec::with_capacity(CHUNK),
        stop,
        failed: None,
    };
    writer.out.write_all(&[0; PRELUDE])?;
    graph.visit(&mut writer);
    if let Some(error) = writer.failed {
        return Err(error);
    }
    if !writer.chunk.is_empty() {
        writer.sums.push(checksum(&writer.chunk));
    }
    let sums: &[u8] = bytemuck::cast_slice(&writer.sums);
    writer.out.write_all(sums)?;
    let directory = Directory {
        language: LANGUAGE_VERSION,
        lexicon: LEXICON_VERSION,
        sums_start: writer.at,
        sums_checksum: checksum(sums),
        sections: writer.sections,
    };
    writer.at += sums.len() as u64;
    let bytes = codec::encode_directory(&directory).map_err(std::io::Error::other)?;
    writer.out.write_all(&bytes)?;
    let prelude = Prelude {
        format: FORMAT_VERSION,
        reserved: 0,
        directory_start: writer.at,
        directory_length: bytes.len() as u64,
        directory_checksum: checksum(&bytes),
        file_length: writer.at + bytes.len() as u64,
        checksum: 0,
    };
    let prelude = codec::encode_prelude(prelude).map_err(std::io::Error::other)?;
    writer.out.seek(SeekFrom::Start(0))?;
    writer.out.write_all(&prelude)?;
    writer.out.flush()
}

struct Writer<'f> {
    out: BufWriter<&'f mut File>,
    at: u64,
    sections: Vec<Entry>,
    /// The checksums of the chunks before the one that is being filled.
    sums: Vec<u64>,
    chunk: Vec<u8>,
    stop: &'f AtomicBool,
    failed: Option<std::io::Error>,
}

impl Writer<'_> {
    fn section<'t, T: Pod>(&mut self, name: &str, runs: impl IntoIterator<Item = &'t [T]>) {
        if self.failed.is_some() {
            return;
        }
        let start = self.at;
        let written = runs.into_iter().try_for_each(|numbers| {
            self.at += size_of_val(numbers) as u64;
            self.bytes(bytemuck::cast_slice(numbers))
        });
        let length = self.at - start;
        let padding = length.next_multiple_of(ALIGNMENT) - length;
        self.failed = written.and_then(|()| self.bytes(&[0; ALIGNMENT as usize][..padding as usize])).err();
        self.sections.push(Entry { name: name.into(), start, length });
        self.at += padding;
    }

    fn bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        // Often enough that stopping takes no time that anybody notices.
        bytes.chunks(1 << 24).try_for_each(|some| {
            if self.stop.load(Ordering::SeqCst) {
                return Err(std::io::Error::other("stopped"));
            }
            self.some(some)
        })
    }

    fn some(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rest.len().min(CHUNK - self.chunk.len()));
            if some.len() == CHUNK {
                self.sums.push(checksum(some));
            } else {
                self.chunk.extend_from_slice(some);
                if self.chunk.len() == CHUNK {
                    self.sums.push(checksum(&self.chunk));
                    self.chunk.clear();
                }
            }
            rest = more;
        }
        self.out.write_all(bytes)
    }
}

impl Visit for Writer<'_> {
    fn column<T: Pod>(&mut self, name: &str, column: &mut Column<T>) {
        self.section(name, column.runs());
    }

    fn texts(&mut self, name: &str, texts: &mut Texts) {
        let (bytes, blocks, ends) = texts.parts();
        self.section(&format!("{name}.bytes"), bytes.runs());
        self.section(&format!("{name}.blocks"), blocks.runs());
        self.section(&format!("{name}.ends"), ends.runs());
    }

    fn sparse<T: Pod>(&mut self, name: &str, sparse: &mut Sparse<T>) {
        let (rows, values) = sparse.parts();
        self.section(&format!("{name}.rows"), rows.runs());
        self.section(&format!("{name}.values"), values.runs());
    }

    fn postings(&mut self, name: &str, postings: &mut Postings) {
        let (offsets, targets) = postings.parts();
        self.section(&format!("{name}.offsets"), [offsets.as_slice()]);
        self.section(&format!("{name}.targets"), [targets.as_slice()]);
    }

    fn lists(&mut self, name: &str, lists: &mut Lists) {
        let (ends, items) = lists.parts();
        self.section(&format!("{name}.ends"), ends.runs());
        self.section(&format!("{name}.items"), items.runs());
    }

    fn index(&mut self, name: &str, index: &mut Index) {
        self.section(&format!("{name}.slots"), [index.slots().as_slice()]);
    }
}
