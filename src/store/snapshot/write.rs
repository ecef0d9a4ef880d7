//! Writing a snapshot: into a temporary file beside the target, synced, renamed over it, and the folder synced. At no moment is the
//! target half written.

use super::super::disk::{Disk, Written};
use super::super::{StoreError, beside};
use super::codec::{self, ALIGNMENT, Directory, Entry, FORMAT_VERSION, PRELUDE, Prelude};
use crate::graph::{Column, Graph, Index, Lists, Postings, Sparse, Sums, Texts, Visit, checksum};
use crate::model::{LANGUAGE_VERSION, LEXICON_VERSION};
use bytemuck::Pod;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// After how many bytes those written so far are brought to the disk.
const MUCH: usize = 1 << 26;

/// How much is written in one go. A file system may cache what comes at once as one huge page, and would map all of it wherever a question
/// touches any of it later.
const AT_ONCE: usize = 1 << 18;

/// A snapshot beside its target, whole and synced. It is taken away again where nobody puts it in its place.
#[derive(Debug)]
pub(in crate::store) struct Unfinished {
    path: PathBuf,
    is_put: bool,
}

impl Unfinished {
    pub(in crate::store) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it in the place of its target, for good.
    pub(in crate::store) fn take_place(mut self, target: &Path, disk: &Disk) -> Result<(), StoreError> {
        let failed = |action| move |source| StoreError::Io { action, path: target.to_path_buf(), source };
        disk.rename(&self.path, target).map_err(failed("replace"))?;
        self.is_put = true;
        disk.sync_folder_of(target).map_err(failed("sync the folder of"))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_put {
            // What cannot be taken away now is so by the next who writes.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes a graph beside `target`, after folding everything into its base, unless `stop` is set meanwhile.
pub(in crate::store) fn write(
    graph: &mut Graph,
    target: &Path,
    disk: &Disk,
    stop: &AtomicBool,
) -> Result<Unfinished, StoreError> {
    let failed = |action| move |source| StoreError::Io { action, path: target.to_path_buf(), source };
    let go_on = || if stop.load(Ordering::SeqCst) { Err(StoreError::Stopped) } else { Ok(()) };
    graph.fold_in();
    go_on()?;
    let path = beside(target, ".tmp");
    let mut file = disk.create(&path).map_err(failed("make a temporary file beside"))?;
    let unfinished = Unfinished { path, is_put: false };
    // Before there is anything to be read in it.
    file.permit_as(target);
    let written = write_syncing(graph, &mut file, stop);
    go_on()?;
    written.map_err(failed("write"))?;
    // What a damaged file lost may not be lost for good.
    super::read::sound(graph)?;
    file.sync().map_err(failed("sync"))?;
    go_on()?;
    Ok(unfinished)
}

/// Writes everything, while another thread brings to the disk what was written so far: then there is little left to wait for at the end.
fn write_syncing(graph: &mut Graph, file: &mut Written, stop: &AtomicBool) -> std::io::Result<()> {
    let beside = file.beside()?;
    let (much, written) = sync_channel(1);
    // What it is told of the disk here is told to nobody again.
    let synced = std::thread::spawn(move || written.into_iter().try_for_each(|()| beside.sync_data()));
    // Where this fails, nobody waits for the disk: somebody may have asked to stop.
    write_all(graph, file, stop, much)?;
    synced.join().unwrap_or_else(|panicked| resume_unwind(panicked))
}

fn write_all(
    graph: &mut Graph,
    file: &mut Written,
    stop: &AtomicBool,
    much: SyncSender<()>,
) -> std::io::Result<()> {
    let mut writer = Writer {
        out: BufWriter::with_capacity(AT_ONCE, file),
        at: PRELUDE as u64,
        sections: Vec::new(),
        sums: Sums::from(PRELUDE),
        stop,
        much,
        unsynced: 0,
        failed: None,
    };
    writer.out.write_all(&[0; PRELUDE])?;
    graph.visit(&mut writer);
    if let Some(error) = writer.failed {
        return Err(error);
    }
    let (sums, groups) = writer.sums.finish();
    let (sums, groups): (&[u8], &[u8]) = (bytemuck::cast_slice(&sums), bytemuck::cast_slice(&groups));
    writer.out.write_all(sums)?;
    writer.out.write_all(groups)?;
    let directory = Directory {
        language: LANGUAGE_VERSION,
        lexicon: LEXICON_VERSION,
        sums_start: writer.at,
        groups_checksum: checksum(groups),
        sections: writer.sections,
    };
    writer.at += (sums.len() + groups.len()) as u64;
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
    out: BufWriter<&'f mut Written>,
    at: u64,
    sections: Vec<Entry>,
    sums: Sums,
    stop: &'f AtomicBool,
    /// Told when much more was written.
    much: SyncSender<()>,
    /// How many bytes were written since.
    unsynced: usize,
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
        bytes.chunks(AT_ONCE).try_for_each(|some| {
            if self.stop.load(Ordering::SeqCst) {
                return Err(std::io::Error::other("stopped"));
            }
            self.sums.add(some);
            self.out.write_all(some)?;
            self.unsynced += some.len();
            if self.unsynced >= MUCH {
                self.unsynced = 0;
                // Where it is told already, or nobody listens any more, that is told at the end.
                let _ = self.much.try_send(());
            }
            Ok(())
        })
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
