//! Opening a snapshot: prelude, directory and checksums are read, the columns are the file's own pages. A file that is cut, flipped or
//! foreign is an error that names the section, at the latest when what is damaged is asked for.

use super::super::StoreError;
use super::super::journal::Identity;
use super::codec::{self, ALIGNMENT, Directory, Entry, FORMAT_VERSION, MARK, PRELUDE, Prelude};
use crate::graph::{
    Column, FileBytes, FileMap, Graph, Index, Lists, OpenFile, Postings, Section, Sparse, Sums, Texts, Visit,
    checksum,
};
use crate::model::{LANGUAGE_VERSION, LEXICON_VERSION};
use bytemuck::Pod;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What a snapshot file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Its format.
    pub format: u32,
    /// The version of its language.
    pub language: u32,
    /// The version of its built-in lexicon.
    pub lexicon: u32,
    /// Its length in bytes.
    pub length: u64,
    /// Its sections in the order of the file.
    pub sections: Vec<SectionInfo>,
}

/// One section of a snapshot file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionInfo {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
}

/// Whether a file begins like a snapshot.
pub fn is_snapshot(path: &Path) -> std::io::Result<bool> {
    let mut mark = [0u8; MARK.len()];
    let mut read = 0;
    let mut file = fs::File::open(path)?;
    while read < mark.len() {
        match file.read(&mut mark[read..])? {
            0 => return Ok(false),
            n => read += n,
        }
    }
    Ok(mark == MARK)
}

/// Whether these are the first bytes of a snapshot.
pub fn begins_snapshot(start: &[u8]) -> bool {
    start.starts_with(&MARK)
}

/// Opens a snapshot. Its columns are the file's own pages: nothing is read before it is needed, and each chunk is checked when it is first
/// touched. [`Graph::damage`] tells what was found not to match.
pub(in crate::store) fn open(path: &Path) -> Result<(Arc<Graph>, Identity), StoreError> {
    let File { handle, map, identity, directory, sums, groups } = load(path)?;
    let file = FileBytes::guarded(map, PRELUDE..sums.start, sums, groups)
        .ok_or_else(|| damaged("the checksums", "there are not as many as chunks"))?;
    // Shared from the beginning: with all its columns it is too large to be handed on.
    let mut shared = Arc::new(Graph::new());
    let graph = Arc::make_mut(&mut shared);
    let sections = directory.sections.iter();
    let is_large = identity.length > LARGE;
    let mut reader = Reader { file: &file, handle, is_large, sections, failed: None };
    graph.visit(&mut reader);
    if let Some(error) = reader.failed {
        return Err(error);
    }
    if let Some(extra) = reader.sections.next() {
        return Err(damaged(&extra.name, "it does not belong to this format"));
    }
    let starts = directory.sections.into_iter().map(|entry| (entry.start as usize, entry.name));
    graph.file = Some(OpenFile { bytes: file, sections: starts.collect() });
    graph.opened().map_err(|section| damaged(section, "it does not fit the rest"))?;
    sound(graph)?;
    Ok((shared, identity))
}

/// In smaller files sections share their chunks, and damage is nearly always noticed before anything is asked.
const LARGE: u64 = 1 << 20;

/// Which snapshot a file is.
pub(in crate::store) fn identity(path: &Path) -> Result<Identity, StoreError> {
    let failed = |source| StoreError::Io { action: "read", path: path.to_path_buf(), source };
    let prelude = prelude(&start(&mut fs::File::open(path).map_err(failed)?).map_err(failed)?)?;
    Ok(Identity { length: prelude.file_length, checksum: prelude.checksum })
}

/// Refuses a graph that was answered from by damaged bytes.
pub fn sound(graph: &Graph) -> Result<(), StoreError> {
    graph.damage().map_or(Ok(()), |section| Err(damaged(section, CHECKSUM)))
}

/// Checks every byte of a snapshot, and that its parts fit each other. Linear in the file.
pub fn verify(path: &Path) -> Result<(), StoreError> {
    let (mut graph, _) = open(path)?;
    if let Some(file) = &graph.file {
        file.bytes.verify();
    }
    sound(&graph)?;
    let mut fit = Fit { wrong: None };
    Arc::make_mut(&mut graph).visit(&mut fit);
    fit.note("hops.id_hop", graph.chains.ids_are_sound());
    fit.note("propositions.alike", graph.propositions.alike_are_sound());
    fit.note("propositions.words", graph.propositions.words_are_sound());
    fit.note("claims.rows", graph.claims.ways_are_sound(&graph.chains));
    fit.note("claims.by_source.said", graph.claims.times_are_sound());
    fit.wrong.map_or(Ok(()), |section| Err(damaged(&section, "its rows do not fit each other")))
}

/// Looks whether the rows of each part are in order and within it.
struct Fit {
    wrong: Option<String>,
}

impl Fit {
    fn note(&mut self, name: &str, fits: bool) {
        if !fits {
            self.wrong.get_or_insert_with(|| name.into());
        }
    }
}

impl Visit for Fit {
    fn column<T: Pod>(&mut self, _: &str, _: &mut Column<T>) {}

    fn texts(&mut self, name: &str, texts: &mut Texts) {
        self.note(name, texts.is_sound());
    }

    fn sparse<T: Pod>(&mut self, name: &str, sparse: &mut Sparse<T>) {
        let (rows, values) = sparse.parts();
        self.note(name, rows.len() == values.len() && rows.iter().is_sorted_by(|a, b| a < b));
    }

    fn postings(&mut self, name: &str, postings: &mut Postings) {
        self.note(name, postings.is_sound(MOST_ROWS));
    }

    fn lists(&mut self, name: &str, lists: &mut Lists) {
        self.note(name, lists.is_sound(MOST_ROWS));
    }

    fn index(&mut self, name: &str, index: &mut Index) {
        self.note(name, index.is_sound(MOST_ROWS));
    }
}

/// Numbers of rows are smaller than this.
const MOST_ROWS: usize = u32::MAX as usize;

/// What a snapshot file says of itself, without its sections being read.
pub fn inspect(path: &Path) -> Result<SnapshotInfo, StoreError> {
    let File { map, directory, .. } = load(path)?;
    let sections =
        directory.sections.into_iter().map(|entry| SectionInfo { name: entry.name, length: entry.length });
    Ok(SnapshotInfo {
        format: FORMAT_VERSION,
        language: directory.language,
        lexicon: directory.lexicon,
        length: map.bytes().len() as u64,
        sections: sections.collect(),
    })
}

fn damaged(section: &str, why: &'static str) -> StoreError {
    StoreError::Damaged { section: section.into(), why }
}

/// A snapshot file, its sections not looked at yet.
struct File {
    handle: fs::File,
    map: FileMap,
    identity: Identity,
    directory: Directory,
    /// Where the checksums of its chunks stand.
    sums: Range<usize>,
    /// Those of their groups.
    groups: Vec<u64>,
}

/// As much of a file as a prelude is long.
fn start(file: &mut fs::File) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(PRELUDE);
    file.take(PRELUDE as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// The prelude that these bytes are.
fn prelude(start: &[u8]) -> Result<Prelude, StoreError> {
    if !start.starts_with(&MARK) {
        return Err(StoreError::Foreign);
    }
    let prelude = codec::decode_prelude(start);
    if prelude.is_some()
        && let Some(found) = codec::format_of(start).filter(|format| *format > FORMAT_VERSION)
    {
        return Err(StoreError::Newer { found });
    }
    prelude.ok_or_else(|| damaged("the prelude", CHECKSUM))
}

fn load(path: &Path) -> Result<File, StoreError> {
    let failed = |source| StoreError::Io { action: "read", path: path.to_path_buf(), source };
    let mut handle = fs::File::open(path).map_err(failed)?;
    let prelude = prelude(&start(&mut handle).map_err(failed)?)?;
    let map = FileMap::open(&handle).map_err(failed)?;
    if prelude.file_length != map.bytes().len() as u64 {
        return Err(damaged("the prelude", "the file is not as long as it says: it was cut or added to"));
    }
    let bytes = part(&map, "the directory", prelude.directory_start, prelude.directory_length)?;
    if checksum(bytes) != prelude.directory_checksum {
        return Err(damaged("the directory", CHECKSUM));
    }
    let directory =
        codec::decode_directory(bytes).ok_or_else(|| damaged("the directory", "it cannot be read"))?;
    if directory.lexicon > LEXICON_VERSION {
        return Err(StoreError::NewerWords { what: "lexicon" });
    }
    if directory.language > LANGUAGE_VERSION {
        return Err(StoreError::NewerWords { what: "language" });
    }
    let mut at = PRELUDE as u64;
    for entry in &directory.sections {
        let stop = entry.start.saturating_add(entry.length);
        if entry.start != at {
            return Err(damaged(&entry.name, "it does not stand where it should"));
        }
        at = stop.checked_next_multiple_of(ALIGNMENT).unwrap_or(u64::MAX);
    }
    let length = prelude.directory_start.checked_sub(directory.sums_start);
    let Some(length) = length.filter(|_| at == directory.sums_start) else {
        return Err(damaged("the checksums", "they do not stand where they should"));
    };
    // Only those of the groups are read here: what stands in a chunk is checked by them when it is first touched.
    let (chunks, groups) = Sums::of(&(PRELUDE..at as usize));
    let sums = at..at.saturating_add((chunks * size_of::<u64>()) as u64);
    if length != ((chunks + groups) * size_of::<u64>()) as u64 {
        return Err(damaged("the checksums", "there are not as many as chunks"));
    }
    let bytes = part(&map, "the checksums", sums.end, (groups * size_of::<u64>()) as u64)?;
    if checksum(bytes) != directory.groups_checksum {
        return Err(damaged("the checksums", CHECKSUM));
    }
    let groups = bytes.as_chunks().0.iter().map(|sum| u64::from_le_bytes(*sum)).collect();
    let sums = sums.start as usize..sums.end as usize;
    let identity = Identity { length: prelude.file_length, checksum: prelude.checksum };
    Ok(File { handle, map, identity, directory, sums, groups })
}

const CHECKSUM: &str = "its checksum does not match";

fn part<'f>(map: &'f FileMap, name: &str, start: u64, length: u64) -> Result<&'f [u8], StoreError> {
    let bounds = usize::try_from(start).ok().zip(usize::try_from(start.saturating_add(length)).ok());
    bounds
        .and_then(|(start, end)| map.bytes().get(start..end))
        .ok_or_else(|| damaged(name, "it does not lie within the file"))
}

struct Reader<'f> {
    file: &'f FileBytes,
    handle: fs::File,
    is_large: bool,
    sections: std::slice::Iter<'f, Entry>,
    failed: Option<StoreError>,
}

impl Reader<'_> {
    /// The next section, which must have this name.
    fn section<T: Pod>(&mut self, name: &str, part: &str) -> Section<T> {
        let Some(entry) = self.sections.next().filter(|e| e.name.strip_prefix(name) == Some(part)) else {
            self.fail(&format!("{name}{part}"), "it is missing");
            return Section::default();
        };
        let (start, end) = (entry.start as usize, (entry.start + entry.length) as usize);
        Section::lent(self.file, start, end).unwrap_or_else(|| {
            self.fail(&entry.name, "it holds no whole numbers");
            Section::default()
        })
    }

    /// The last number of the next section, as it stands in a large file. It is read past the map, where it would bring in a page and have a
    /// whole chunk checked, for every relation of a graph that is opened. A question that comes to it has it checked.
    fn peek(&mut self) -> Option<u32> {
        let entry = self.sections.as_slice().first().filter(|_| self.is_large)?;
        let last = entry.length.checked_sub(size_of::<u32>() as u64)?;
        let mut number = [0; size_of::<u32>()];
        self.handle.seek(SeekFrom::Start(entry.start + last)).ok()?;
        self.handle.read_exact(&mut number).ok()?;
        Some(u32::from_le_bytes(number))
    }

    fn fail(&mut self, section: &str, why: &'static str) {
        self.failed.get_or_insert_with(|| damaged(section, why));
    }
}

impl Visit for Reader<'_> {
    fn column<T: Pod>(&mut self, name: &str, column: &mut Column<T>) {
        *column = Column::over(self.section(name, ""));
    }

    fn texts(&mut self, name: &str, texts: &mut Texts) {
        *texts = Texts::over(
            self.section(name, ".bytes"),
            self.section(name, ".blocks"),
            self.section(name, ".ends"),
        );
    }

    fn sparse<T: Pod>(&mut self, name: &str, sparse: &mut Sparse<T>) {
        *sparse = Sparse::over(self.section(name, ".rows"), self.section(name, ".values"));
    }

    fn postings(&mut self, name: &str, postings: &mut Postings) {
        let last = self.peek();
        let offsets: Section<u32> = self.section(name, ".offsets");
        let targets = self.section(name, ".targets");
        let last = last.or_else(|| offsets.get(offsets.len().checked_sub(1)?));
        match Postings::over(offsets, targets, last.unwrap_or(0)) {
            Some(whole) => *postings = whole,
            None => self.fail(name, "its two sections do not fit each other"),
        }
    }

    fn lists(&mut self, name: &str, lists: &mut Lists) {
        *lists = Lists::over(self.section(name, ".ends"), self.section(name, ".items"));
    }

    fn index(&mut self, name: &str, index: &mut Index) {
        match Index::over(self.section(name, ".slots")) {
            Some(whole) => *index = whole,
            None => self.fail(name, "its size is not a power of two"),
        }
    }
}
