//! A run of numbers that is either owned or lent by a file held in memory. Nothing here knows what the numbers mean; nothing
//! is decoded when a lent run is read.

use bytemuck::Pod;
use std::sync::Arc;

/// The bytes of a file, aligned for every number type that a section may hold.
#[derive(Debug, Clone)]
pub struct FileBytes(Arc<Vec<u64>>);

impl FileBytes {
    /// Takes the words of a file; the file's length must have been rounded up to whole words.
    pub fn new(words: Vec<u64>) -> Self {
        FileBytes(Arc::new(words))
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

/// A run of numbers: owned, or a part of a file.
#[derive(Debug, Clone)]
pub struct Section<T>(Source<T>);

#[derive(Debug, Clone)]
enum Source<T> {
    Owned(Vec<T>),
    Lent { file: FileBytes, start: usize, end: usize },
}

impl<T> Default for Section<T> {
    fn default() -> Self {
        Section(Source::Owned(Vec::new()))
    }
}

impl<T: Pod> Section<T> {
    /// Bytes `start..end` of a file; nothing where they do not lie in it, are not aligned or are no whole numbers.
    pub fn lent(file: &FileBytes, start: usize, end: usize) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(file.bytes().get(start..end)?).ok()?;
        Some(Section(Source::Lent { file: file.clone(), start, end }))
    }

    /// The numbers.
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Source::Owned(numbers) => numbers,
            // Alignment and length were checked when it was lent.
            Source::Lent { file, start, end } => bytemuck::cast_slice(&file.bytes()[*start..*end]),
        }
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Source::Owned(numbers) => numbers.len(),
            Source::Lent { start, end, .. } => (end - start) / size_of::<T>(),
        }
    }

    /// The numbers for changing; a lent run is copied first.
    pub fn to_mut(&mut self) -> &mut Vec<T> {
        if let Source::Lent { .. } = self.0 {
            self.0 = Source::Owned(self.as_slice().to_vec());
        }
        match &mut self.0 {
            Source::Owned(numbers) => numbers,
            Source::Lent { .. } => unreachable!("a lent section was just copied"),
        }
    }
}

impl<T> From<Vec<T>> for Section<T> {
    fn from(numbers: Vec<T>) -> Self {
        Section(Source::Owned(numbers))
    }
}
