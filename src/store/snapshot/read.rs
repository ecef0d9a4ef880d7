//! Opening a snapshot: every checksum is verified, then the columns are the file's own bytes. A file that is cut, flipped or foreign is
//! an error that names the section.

use super::super::StoreError;
use super::codec::{self, ALIGNMENT, Directory, Entry, FORMAT_VERSION, MARK, PRELUDE};
use crate::graph::{Column, FileBytes, Graph, Index, Lists, Postings, Section, Sparse, Texts, Visit};
use crate::model::LEXICON_VERSION;
use bytemuck::Pod;
use std::fs::File;
use std::io::Read;
use std::path::Path;

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
    let mut file = File::open(path)?;
    while read < mark.len() {
        match file.read(&mut mark[read..])? {
            0 => return Ok(false),
            n => read += n,
        }
    }
    Ok(mark == MARK)
}

/// Opens a snapshot whole, every checksum verified. Linear in the file.
pub fn open(path: &Path) -> Result<Graph, StoreError> {
    let (file, directory) = load(path)?;
    for entry in &directory.sections {
        let bytes = section_bytes(&file, entry)?;
        if codec::checksum(bytes) != entry.checksum {
            return Err(damaged(&entry.name, "its checksum does not match"));
        }
    }
    let mut graph = Graph::new();
    let mut reader = Reader { file: &file, sections: directory.sections.iter(), failed: None };
    graph.visit(&mut reader);
    if let Some(error) = reader.failed {
        return Err(error);
    }
    if let Some(extra) = reader.sections.next() {
        return Err(damaged(&extra.name, "it does not belong to this format"));
    }
    graph.opened().map_err(|section| damaged(section, "it does not fit the rest"))?;
    Ok(graph)
}

/// What a snapshot file says of itself, without its sections being read.
pub fn inspect(path: &Path) -> Result<SnapshotInfo, StoreError> {
    let (file, directory) = load(path)?;
    let sections =
        directory.sections.into_iter().map(|entry| SectionInfo { name: entry.name, length: entry.length });
    Ok(SnapshotInfo {
        format: FORMAT_VERSION,
        language: directory.language,
        lexicon: directory.lexicon,
        length: file.length as u64,
        sections: sections.collect(),
    })
}

fn damaged(section: &str, why: &'static str) -> StoreError {
    StoreError::Damaged { section: section.into(), why }
}

struct Loaded {
    bytes: FileBytes,
    /// Of the file; the bytes are rounded up to whole words.
    length: usize,
}

impl Loaded {
    fn bytes(&self) -> &[u8] {
        self.bytes.bytes().get(..self.length).unwrap_or(&[])
    }
}

fn load(path: &Path) -> Result<(Loaded, Directory), StoreError> {
    let failed = |source| StoreError::Io { action: "read", path: path.to_path_buf(), source };
    let mut handle = File::open(path).map_err(failed)?;
    let length = usize::try_from(handle.metadata().map_err(failed)?.len())
        .map_err(|_| failed(std::io::Error::from(std::io::ErrorKind::FileTooLarge)))?;
    let mut start = [0u8; PRELUDE];
    let known = length.min(PRELUDE);
    handle.read_exact(&mut start[..known]).map_err(failed)?;
    if !start.starts_with(&MARK) {
        return Err(StoreError::Foreign);
    }
    match codec::format_of(&start) {
        Some(format)
            if format > FORMAT_VERSION && known == PRELUDE && codec::decode_prelude(&start).is_some() =>
        {
            return Err(StoreError::Newer { found: format });
        }
        _ => {}
    }
    let prelude = codec::decode_prelude(start.get(..known).unwrap_or(&[]))
        .ok_or_else(|| damaged("the prelude", "its checksum does not match"))?;
    if prelude.file_length != length as u64 {
        return Err(damaged("the prelude", "the file is not as long as it says: it was cut or added to"));
    }
    let mut words = vec![0u64; length.div_ceil(8)];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[..known].copy_from_slice(&start[..known]);
    handle.read_exact(&mut bytes[known..length]).map_err(failed)?;
    let file = Loaded { bytes: FileBytes::new(words), length };
    let entry = Entry {
        name: "the directory".into(),
        start: prelude.directory_start,
        length: prelude.directory_length,
        checksum: prelude.directory_checksum,
    };
    let bytes = section_bytes(&file, &entry)?;
    if codec::checksum(bytes) != entry.checksum {
        return Err(damaged("the directory", "its checksum does not match"));
    }
    let directory =
        codec::decode_directory(bytes).ok_or_else(|| damaged("the directory", "it cannot be read"))?;
    if directory.lexicon > LEXICON_VERSION {
        return Err(StoreError::NewerWords { what: "lexicon" });
    }
    if directory.language > 1 {
        return Err(StoreError::NewerWords { what: "language" });
    }
    check_padding(&file, &directory, prelude.directory_start)?;
    Ok((file, directory))
}

/// Sections follow each other, with zeros between: so that no byte of the file is outside every checksum.
fn check_padding(file: &Loaded, directory: &Directory, end: u64) -> Result<(), StoreError> {
    let mut at = PRELUDE as u64;
    for entry in &directory.sections {
        let stop = entry.start.saturating_add(entry.length);
        let next = stop.checked_next_multiple_of(ALIGNMENT).unwrap_or(u64::MAX);
        let padding = file.bytes().get(stop as usize..next as usize);
        if entry.start != at || padding.is_none_or(|padding| padding.iter().any(|b| *b != 0)) {
            return Err(damaged(&entry.name, "it does not stand where it should"));
        }
        at = next;
    }
    if at == end { Ok(()) } else { Err(damaged("the directory", "it does not stand where it should")) }
}

fn section_bytes<'f>(file: &'f Loaded, entry: &Entry) -> Result<&'f [u8], StoreError> {
    let bounds =
        usize::try_from(entry.start).ok().zip(usize::try_from(entry.start.saturating_add(entry.length)).ok());
    bounds
        .and_then(|(start, end)| file.bytes().get(start..end))
        .ok_or_else(|| damaged(&entry.name, "it does not lie within the file"))
}

struct Reader<'f> {
    file: &'f Loaded,
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
        Section::lent(&self.file.bytes, start, end).unwrap_or_else(|| {
            self.fail(&entry.name, "it holds no whole numbers");
            Section::default()
        })
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
        let (offsets, targets) = (self.section(name, ".offsets"), self.section(name, ".targets"));
        match Postings::over(offsets, targets) {
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
