//! Files to be loaded: opened, unpacked where they are packed, and watched while they are read: how far that is, and whether it is to stop.

use super::FileKind;
use crate::formats::packed::{ENDINGS, Unpacked};
use crate::store;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How much of a file is read at once: little enough that it is still in the cache of a core when it is taken apart.
const AT_ONCE: usize = 1 << 18;

/// The longest text of sentences, in bytes: they are read whole.
const MAX_TEXT: u64 = 1 << 30;

/// The same where it is packed: few bytes may hold any number of them.
const MAX_PACKED_TEXT: u64 = 1 << 28;

/// How far a load is, or a question, to be looked at from any thread.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// How many bytes of the file were read, as they are on disk; of a question, how many claims and rows were looked at so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How many bytes the file has; zero where that is not known, and for a question.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Which share of the file was read, where its length is known.
    pub(super) fn share(&self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| self.done() as f64 / total as f64)
    }

    /// Something else begins; what it counts.
    pub(super) fn begin(&self, total: u64) -> &AtomicU64 {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        &self.done
    }
}

/// A file whose reading is counted, and ends with an error where it is to stop.
pub(super) struct Watched {
    file: File,
    progress: Arc<Progress>,
    cancel: Arc<AtomicBool>,
}

impl Read for Watched {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(io::Error::other("it was stopped"));
        }
        let count = self.file.read(out)?;
        self.progress.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// What is inside a file.
pub(super) type Content = BufReader<Unpacked<BufReader<Watched>>>;

/// Opens a file to be read.
pub(super) fn open(path: &Path, progress: &Arc<Progress>, cancel: &Arc<AtomicBool>) -> io::Result<Content> {
    let file = File::open(path)?;
    progress.begin(file.metadata().map_or(0, |known| known.len()));
    let watched = Watched { file, progress: progress.clone(), cancel: cancel.clone() };
    let unpacked = Unpacked::new(BufReader::with_capacity(AT_ONCE, watched))?;
    Ok(BufReader::with_capacity(AT_ONCE, unpacked))
}

/// Reads a file whole; how many mebibytes that may be, where it is more.
pub(super) fn whole(content: Content) -> io::Result<Result<Vec<u8>, u64>> {
    let most = if content.get_ref().is_packed() { MAX_PACKED_TEXT } else { MAX_TEXT };
    let mut bytes = Vec::new();
    content.take(most + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > most { Err(most >> 20) } else { Ok(bytes) })
}

/// How the name of a file ends, in lower case: `csv` in `a.CSV` and in `a.csv.gz`.
pub fn ending(path: &Path) -> String {
    let lower =
        |path: &Path| path.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase());
    let last = lower(path);
    match path.file_stem() {
        Some(stem) if ENDINGS.contains(&last.as_str()) => lower(Path::new(stem)),
        _ => last,
    }
}

/// What kind of file this is: by its first bytes, then by its name.
pub fn detect(path: &Path) -> io::Result<FileKind> {
    let mut start = Vec::with_capacity(START);
    let unpacked = Unpacked::new(BufReader::with_capacity(START, File::open(path)?))?;
    // What is damaged further on is told when it is read.
    let begun = unpacked.take(START as u64).read_to_end(&mut start);
    let is_snapshot = store::begins_snapshot(&start);
    match ending(path).as_str() {
        _ if is_snapshot => return Ok(FileKind::Snapshot),
        "dixg" => return Ok(FileKind::Snapshot),
        "jsonl" | "ndjson" => return Ok(FileKind::Jsonl),
        "dixit" => return Ok(FileKind::Dixit),
        "csv" | "tsv" | "tab" => return Ok(FileKind::Table),
        _ => {}
    }
    begun?;
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(if first == Some(&b'{') { FileKind::Jsonl } else { FileKind::Dixit })
}

/// Whether a file begins like one that is packed.
pub(super) fn is_packed(path: &Path) -> io::Result<bool> {
    Ok(Unpacked::new(BufReader::new(File::open(path)?))?.is_packed())
}

/// How many bytes tell what kind of file it is.
const START: usize = 4096;
